//! One call of `evalModules`.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use nixscope_hir::Symbol;
use rustc_hash::FxHashMap;

use super::closure::{self, Closure};
use super::config::ConfigNode;
use super::options::{self, OptionNode};
use crate::Evaluator;
use crate::error::Eval;
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, Attrs, Reason, Taint, Unknown, Value};

/// Names a system within one evaluation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SystemId(pub(crate) u32);

/// One call of `evalModules`.
pub struct System<'h> {
    /// Its name in this evaluation.
    pub id: SystemId,
    /// Its modules as they were given: thunks of lists.
    pub modules: Vec<&'h Thunk<'h>>,
    /// Its `specialArgs`.
    pub special_args: &'h Attrs<'h>,
    /// What it is: `nixos`, `darwin`, `homeManager`, `submodule`.
    pub class: &'h str,
    /// The system it is nested in.
    pub parent: Option<SystemId>,
    /// Further modules that are plain configuration: the definitions of a submodule.
    pub(crate) inline: Vec<(&'h Thunk<'h>, Place)>,
    closure: OnceCell<Rc<Closure<'h>>>,
    options: OnceCell<Rc<OptionNode<'h>>>,
    collecting: Cell<bool>,
    pub(crate) values: RefCell<FxHashMap<Vec<Symbol>, &'h Thunk<'h>>>,
}

impl<'h> System<'h> {
    /// Its modules, in the order of import.
    pub fn closure(&self, ev: &Evaluator<'h>) -> Rc<Closure<'h>> {
        if let Some(known) = self.closure.get() {
            return known.clone();
        }
        if self.collecting.replace(true) {
            // `imports` that depend on `config`: Nix recurses endlessly here.
            return Rc::new(Closure::default());
        }
        let closure = Rc::new(closure::collect(ev, self));
        self.collecting.set(false);
        self.closure.get_or_init(|| closure).clone()
    }

    /// Whether its closure is being collected: then nothing of its configuration is known yet.
    pub(crate) fn is_collecting(&self) -> bool {
        self.collecting.get()
    }

    /// The options that its modules declare.
    pub fn options(&self, ev: &Evaluator<'h>) -> Rc<OptionNode<'h>> {
        if let Some(known) = self.options.get() {
            return known.clone();
        }
        let tree = Rc::new(options::collect(ev, &self.closure(ev)));
        if self.is_collecting() {
            return tree;
        }
        self.options.get_or_init(|| tree).clone()
    }

    /// Whether every module is known: then what nothing declares does not exist.
    pub fn is_complete(&self, ev: &Evaluator<'h>) -> bool {
        let closure = self.closure(ev);
        closure.external.is_empty() && closure.gaps.is_empty() && self.class == "submodule"
    }

    /// Its `config`.
    pub fn config(&self, ev: &Evaluator<'h>) -> Value<'h> {
        Value::Config(ev.heap.alloc(ConfigNode { system: self.id, path: &[] }))
    }

    /// A module argument: what a module's function gets for a formal of that name.
    pub fn argument(&self, ev: &Evaluator<'h>, name: Symbol, place: Place) -> &'h Thunk<'h> {
        match name.as_str() {
            "config" => return ev.done(self.config(ev)),
            "options" => {
                let id = ev.done(Value::Int(i64::from(self.id.0)));
                return ev.delay_native(options::argument, &[id], name, place);
            }
            _ => {}
        }
        if let Some(attr) = self.special_args.get(name) {
            return match name.as_str() {
                "lib" => ev.delay_native(known_lib, &[attr.value], name, place),
                _ => attr.value,
            };
        }
        if name.as_str() == "lib" {
            return ev.embedded_lib();
        }
        let id = ev.done(Value::Int(i64::from(self.id.0)));
        ev.delay_native(module_arg, &[id], name, place)
    }
}

/// A library that a host is given. One that is unknown (`pkgs.lib` of a package set with overlays) is
/// at least nixpkgs' library; what else it has stays unknown.
fn known_lib<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let unknown = match ev.force(args[0])? {
        Value::Unknown(unknown) => unknown,
        known => return Ok(known),
    };
    let lib = ev.force_attrs(ev.embedded_lib(), Place::NONE)?;
    Ok(Value::Attrs(ev.heap.alloc(Attrs { entries: lib.entries, open: Some(unknown) })))
}

/// `config._module.args.<name>`, or what every system has.
fn module_arg<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], name: Symbol) -> Eval<'h, Value<'h>> {
    let Some(Value::Int(id)) = args[0].peek() else { return Ok(Value::Null) };
    let system = ev.system(SystemId(id as u32));
    let path = [Symbol::new("_module"), Symbol::new("args"), name];
    let defs = system.definitions(ev, &path, false);
    if !defs.is_empty() {
        return system.merge_untyped(ev, &path, &defs);
    }
    let unknown: &'h Unknown<'h> = match name.as_str() {
        "pkgs" => return Ok(ev.packages(&system)),
        "name" if system.class == "submodule" => {
            ev.unknown("name", Reason::Argument, Taint::None, Place::NONE)
        }
        other => ev.unknown(other, Reason::Argument, Taint::None, Place::NONE),
    };
    Ok(Value::Unknown(unknown))
}

impl<'h> Evaluator<'h> {
    /// A new system.
    pub fn new_system(
        &self,
        modules: Vec<&'h Thunk<'h>>,
        special_args: &'h Attrs<'h>,
        class: &'h str,
        parent: Option<SystemId>,
    ) -> Rc<System<'h>> {
        self.new_system_with(modules, special_args, class, parent, Vec::new())
    }

    pub(crate) fn new_system_with(
        &self,
        modules: Vec<&'h Thunk<'h>>,
        special_args: &'h Attrs<'h>,
        class: &'h str,
        parent: Option<SystemId>,
        inline: Vec<(&'h Thunk<'h>, Place)>,
    ) -> Rc<System<'h>> {
        let mut systems = self.systems.borrow_mut();
        let id = SystemId(systems.len() as u32);
        let system = Rc::new(System {
            id,
            modules,
            special_args,
            class,
            parent,
            inline,
            closure: OnceCell::new(),
            options: OnceCell::new(),
            collecting: Cell::new(false),
            values: RefCell::default(),
        });
        systems.push(system.clone());
        system
    }

    /// The system of that name.
    pub fn system(&self, id: SystemId) -> Rc<System<'h>> {
        self.systems.borrow()[id.0 as usize].clone()
    }

    /// The embedded library, shared by the whole evaluation.
    pub fn embedded_lib(&self) -> &'h Thunk<'h> {
        let path = nixscope_db::VfsPath::new(crate::LIB_PATH);
        self.import_file(nixscope_db::source(self.db, &path))
    }

    /// The package set of a system: unknown, but for what describes the platform.
    pub(crate) fn packages(&self, _system: &System<'h>) -> Value<'h> {
        Value::Unknown(self.unknown("pkgs", Reason::Package, Taint::PackageSet, Place::NONE))
    }

    /// The set that `evalModules` and its wrappers give.
    pub fn system_value(&self, system: &System<'h>, more: Vec<Attr<'h>>) -> Value<'h> {
        let mut entries = vec![
            self.attr("config", system.config(self)),
            self.attr("_type", self.string("configuration")),
            self.attr("class", self.string(system.class)),
            self.attr(
                "options",
                Value::Unknown(self.unknown("options", Reason::Argument, Taint::None, Place::NONE)),
            ),
        ];
        let id = self.done(Value::Int(i64::from(system.id.0)));
        let extend =
            crate::value::Native { builtin: &super::api::EXTEND_MODULES, args: self.heap.slice(&[id]) };
        entries.push(self.attr("extendModules", Value::Native(self.heap.alloc(extend))));
        entries.push(self.attr("pkgs", self.packages(system)));
        entries.extend(more);
        self.attrs(entries)
    }

    /// The system that a value made by [`Evaluator::system_value`] stands for.
    pub fn system_of(&self, value: Value<'h>) -> Option<Rc<System<'h>>> {
        let Value::Attrs(attrs) = value else { return None };
        let config = attrs.get(Symbol::new("config"))?;
        match self.force(config.value).ok()? {
            Value::Config(node) if node.path.is_empty() => Some(self.system(node.system)),
            _ => None,
        }
    }
}
