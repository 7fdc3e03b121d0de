//! `disabledModules`: files and keys that are taken out of a closure.

use nixscope_db::VfsPath;
use nixscope_hir::Symbol;
use rustc_hash::FxHashSet;

use super::ModuleInstance;
use crate::Evaluator;
use crate::coerce::Coercion;
use crate::heap::Thunk;
use crate::value::Value;

/// What is disabled.
#[derive(Default)]
pub(super) struct Disabled<'h> {
    files: FxHashSet<VfsPath>,
    keys: FxHashSet<&'h str>,
}

impl<'h> Disabled<'h> {
    /// Adds a module's list. Strings that are no absolute path start at `base`, the `modulesPath`.
    pub(super) fn add(
        &mut self,
        ev: &Evaluator<'h>,
        list: &'h Thunk<'h>,
        base: Option<&'h Thunk<'h>>,
        file: &str,
    ) -> Result<(), String> {
        let Ok(list) = ev.force_list(list, list.place()) else { return Ok(()) };
        for item in list.items {
            let Ok(value) = ev.force(item) else { continue };
            if let Value::Attrs(attrs) = value
                && attrs.get(ev.names.out_path).is_none()
                && attrs.get(ev.names.to_string).is_none()
            {
                match attrs.get(Symbol::new("key")) {
                    Some(key) => self.add_text(ev, key.value),
                    None if attrs.open.is_some() => {}
                    None => {
                        return Err(format!(
                            "Module `{file}` contains a disabledModules item that is an attribute set, \
                             presumably a module, that does not have a `key` attribute. This means that \
                             the module system doesn't have any means to identify the module that should \
                             be disabled."
                        ));
                    }
                }
                continue;
            }
            match value {
                Value::Str(text) if !text.text.starts_with('/') => {
                    let base = base.and_then(|base| ev.force_path(base, item.place()).ok());
                    if let Some(base) = base {
                        self.add_path(ev, &format!("{}/{}", base.text, text.text));
                    }
                }
                _ => self.add_text(ev, item),
            }
        }
        Ok(())
    }

    fn add_text(&mut self, ev: &Evaluator<'h>, thunk: &'h Thunk<'h>) {
        let text = match ev.force(thunk) {
            Ok(Value::Path(path)) => Some(*path),
            Ok(value) => ev.coerce(value, Coercion::ToString, thunk.place()).ok().map(|it| it.text),
            Err(_) => None,
        };
        if let Some(text) = text {
            self.keys.insert(text);
            if text.starts_with('/') {
                self.add_path(ev, text);
            }
        }
    }

    fn add_path(&mut self, ev: &Evaluator<'h>, path: &str) {
        let path = VfsPath::new(path);
        let target = ev.importable(&path).map(|source| source.path(ev.db).clone());
        self.files.insert(target.unwrap_or(path));
    }

    /// Whether a module is disabled: by its key, or as the file that it is.
    pub(super) fn contains(&self, ev: &Evaluator<'h>, module: &ModuleInstance<'h>) -> bool {
        let is_file = || {
            // Only a module that was imported by its path has the path for a key.
            !module.inline
                && !module.key.contains(":anon-")
                && module.file.is_some_and(|file| self.files.contains(file.path(ev.db)))
        };
        self.keys.contains(module.key) || is_file()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.keys.is_empty()
    }
}
