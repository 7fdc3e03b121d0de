//! Files of the program: their contexts, and importing them.

use nixscope_db::{EntryKind, FileText, SourceFile, VfsPath};
use nixscope_hir::{Expr, ExprId, LoweringProblem, body, spine};

use super::{Evaluator, EventKind};
use crate::error::{ErrorKind, Eval, Halt};
use crate::heap::{Env, FileContext, Slots, Thunk};
use crate::place::Place;
use crate::value::{Reason, Taint, Value};

impl<'h> Evaluator<'h> {
    /// The number of a file in this evaluation's places.
    pub(crate) fn file_index(&self, source: SourceFile) -> u32 {
        let mut files = self.files.borrow_mut();
        if let Some(known) = files.iter().rposition(|it| *it == source) {
            return known as u32;
        }
        files.push(source);
        (files.len() - 1) as u32
    }

    /// The context of a Nix file.
    pub fn context(&self, source: SourceFile) -> &'h FileContext<'h> {
        if let Some(known) = self.contexts.borrow().get(&source) {
            return known;
        }
        let path = source.path(self.db);
        let directory = path.parent().map_or("/", |_| "");
        let directory = match path.parent() {
            Some(parent) => self.heap.str(parent.as_str()),
            None => directory,
        };
        let draft = self.drafts.iter().find(|(file, _)| *file == source);
        let body = draft.map_or_else(|| body(self.db, source), |(_, body)| *body);
        let context = self.heap.alloc(FileContext {
            source,
            body,
            end: spine(body).last().unwrap_or(body.root),
            path: self.heap.str(path.as_str()),
            directory,
            index: {
                let mut files = self.files.borrow_mut();
                files.push(source);
                (files.len() - 1) as u32
            },
            scope: None,
        });
        self.contexts.borrow_mut().insert(source, context);
        context
    }

    /// The environment at the top of a file.
    pub fn top_env(&self, file: &'h FileContext<'h>) -> &'h Env<'h> {
        self.heap.env(Env { parent: None, file, slots: Slots::NONE })
    }

    /// The value of a whole file, shared by everything that imports it.
    pub fn import_file(&self, source: SourceFile) -> &'h Thunk<'h> {
        if let Some(known) = self.imports.borrow().get(&source) {
            return known;
        }
        let file = self.context(source);
        let env = self.top_env(file);
        let place = Place::expr(file.index, file.body.root);
        let thunk = match self.refusal(file) {
            Some(halt) => self.failed(halt, place),
            None => self.heap.thunk(Thunk::expr(env, file.body.root)),
        };
        self.imports.borrow_mut().insert(source, thunk);
        thunk
    }

    /// Why Nix evaluates nothing of a file: a syntax error, a pipe operator where that feature is not on, an attribute that is
    /// defined twice, a name that nothing defines.
    /// None where models do not ask for it.
    fn refusal(&self, file: &FileContext<'h>) -> Option<Halt<'h>> {
        if !self.models.refuses_broken_files() {
            return None;
        }
        let parse = nixscope_syntax::parse(self.db, file.source);
        if let Some(error) = parse.errors().first() {
            let place = Place::offset(file.index, error.range.start().into());
            return Some(self.error(ErrorKind::Syntax, &error.message, place));
        }
        if self.models.machine().has_feature("pipe-operators") != Some(true)
            && let Some(range) = parse.pipe_operator()
        {
            let place = Place::offset(file.index, range.start().into());
            return Some(self.error(ErrorKind::Syntax, nixscope_syntax::PIPES_ARE_OFF, place));
        }
        let problems = nixscope_hir::source_map(self.db, file.source).problems();
        if let Some(LoweringProblem::DuplicateAttribute { path, second, .. }) = problems.first() {
            let message = format!("the attribute `{path}` is defined twice in this set");
            return Some(self.error(ErrorKind::Syntax, &message, Place::name(file.index, *second)));
        }
        file.body.exprs.iter().find_map(|(id, expr)| match expr {
            Expr::Unresolved(name) => {
                let message = format!("nothing defines the name `{name}`");
                Some(self.error(ErrorKind::UndefinedVariable, &message, Place::expr(file.index, id)))
            }
            _ => None,
        })
    }

    /// The file that importing a path reads: a directory is its `default.nix`. None where there is
    /// nothing to import.
    pub fn importable(&self, path: &VfsPath) -> Option<SourceFile> {
        let target = match nixscope_db::kind(self.db, path) {
            EntryKind::File => path.clone(),
            EntryKind::Directory => {
                let default = path.join("default.nix");
                match nixscope_db::kind(self.db, &default) {
                    EntryKind::File => default,
                    _ => return None,
                }
            }
            EntryKind::Missing | EntryKind::Symlink | EntryKind::Other => return None,
        };
        Some(nixscope_db::source(self.db, &target))
    }

    /// `import path`.
    ///
    /// # Errors
    /// Where there is no such file, or it is not Nix from the first character.
    pub fn import_path(&self, path: &str, place: Place) -> Eval<'h, Value<'h>> {
        let path = VfsPath::new(path);
        let Some(source) = self.importable(&path) else {
            return Err(self.missing_file(&path, place));
        };
        match source.text(self.db) {
            FileText::Text(_) => {}
            FileText::Encrypted => {
                let unknown = self.unknown(path.as_str(), Reason::Encrypted, Taint::None, place);
                return Ok(Value::Unknown(unknown));
            }
            _ => return Err(self.error(ErrorKind::File, &format!("cannot read {path} as text"), place)),
        }
        let thunk = self.import_file(source);
        self.note_import(source, place);
        let value = self.force(thunk)?;
        if let Value::Attrs(attrs) = value {
            self.origins.borrow_mut().insert(std::ptr::from_ref(attrs), source);
        }
        Ok(value)
    }

    /// Remembers the file that a literal set is the whole content of.
    pub(crate) fn note_origin(&self, env: &'h Env<'h>, expr: ExprId, value: Value<'h>) {
        if let Value::Attrs(attrs) = value
            && expr == env.file.end
        {
            self.origins.borrow_mut().insert(std::ptr::from_ref(attrs), env.file.source);
        }
    }

    /// The file whose whole value a set is, if it was imported.
    pub fn file_of(&self, value: Value<'h>) -> Option<SourceFile> {
        match value {
            Value::Attrs(attrs) => self.origins.borrow().get(&std::ptr::from_ref(attrs)).copied(),
            _ => None,
        }
    }

    /// `scopedImport scope path`: never shared, since each scope gives another value.
    ///
    /// # Errors
    /// Like [`Evaluator::import_path`].
    pub(crate) fn import_scoped(
        &self,
        path: &str,
        scope: &'h Thunk<'h>,
        place: Place,
    ) -> Eval<'h, Value<'h>> {
        let path = VfsPath::new(path);
        let Some(source) = self.importable(&path) else {
            return Err(self.missing_file(&path, place));
        };
        let file = self.heap.alloc(FileContext { scope: Some(scope), ..*self.context(source) });
        let env = self.top_env(file);
        self.deeper(|| self.eval(env, file.body.root))
    }

    /// The error that a file to be imported is not there; noted as an event too.
    pub(crate) fn missing_file(&self, path: &VfsPath, place: Place) -> crate::error::Halt<'h> {
        self.event(EventKind::MissingFile { path: self.heap.str(path.as_str()) }, place);
        let message = match nixscope_db::kind(self.db, path) {
            EntryKind::Directory => format!("the directory {path} has no default.nix"),
            _ => format!("there is no file {path}"),
        };
        self.error(ErrorKind::File, &message, place)
    }

    /// Whether a file parses without an error.
    pub fn is_well_formed(&self, source: SourceFile) -> bool {
        let is_draft = self.drafts.iter().any(|(file, _)| *file == source);
        is_draft || nixscope_syntax::is_well_formed(self.db, source)
    }
}
