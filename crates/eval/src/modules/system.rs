//! One call of `evalModules`.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use nixscope_hir::Symbol;
use rustc_hash::FxHashMap;

use super::closure::{self, Closure};
use super::config::ConfigNode;
use super::options::{self, OptionNode};
use super::platform::{GivenPackages, PlatformSource};
use super::{api, check, value};
use crate::Evaluator;
use crate::error::{ErrorKind, Eval, Halt};
use crate::heap::{RunNative, Thunk};
use crate::place::Place;
use crate::value::{Attr, Attrs, Reason, Taint, Unknown, Value};

/// What Nix tells people who meet an infinite recursion here.
pub(super) const IMPORTS_HINT: &str = "if you get an infinite recursion here, you probably reference `config` in `imports`: import \
     unconditionally, and use `mkEnableOption` and `mkIf` to control what the module does";

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
    /// What else there is to know of the call.
    pub(crate) setting: Setting<'h>,
    closure: OnceCell<Rc<Closure<'h>>>,
    options: OnceCell<Rc<OptionNode<'h>>>,
    collecting: Cell<bool>,
    /// How many collections of the options are under way: a declaration may look at other options.
    building: Cell<u32>,
    pub(crate) values: RefCell<FxHashMap<Vec<Symbol>, &'h Thunk<'h>>>,
    /// The platforms of its packages: where they run, and where they are built.
    pub(super) platforms: [OnceCell<Option<&'h Thunk<'h>>>; 2],
    /// Whether one of them is being looked for.
    pub(super) finding_platform: Cell<bool>,
}

/// What a call of `evalModules` has beside modules and special arguments.
#[derive(Clone, Copy, Default)]
pub(crate) struct Setting<'h> {
    /// Whether no modules but the given ones take part: it is no host, of which nixpkgs has the rest.
    pub closed: bool,
    /// The class that modules may name; none where any will do.
    pub expected_class: Option<&'h str>,
    /// The path of the option that it is the value of.
    pub prefix: &'h [Symbol],
    /// The attribute it is the value of: the argument `name` of a submodule.
    pub name: Option<&'h str>,
    /// What its builder was given of packages.
    pub given: GivenPackages<'h>,
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
        let (closure, whole) = ev.affords(|| Rc::new(closure::collect(ev, self)));
        self.collecting.set(false);
        if !whole {
            return closure;
        }
        self.closure.get_or_init(|| closure).clone()
    }

    /// Its modules, if somebody has asked for them.
    pub fn known_closure(&self) -> Option<Rc<Closure<'h>>> {
        self.closure.get().cloned()
    }

    /// Whether its closure is being collected: then nothing of its configuration is known yet.
    pub(crate) fn is_collecting(&self) -> bool {
        self.collecting.get()
    }

    /// Whether its options are being collected: then a declaration may depend on what is asked for.
    pub(super) fn is_declaring(&self) -> bool {
        self.building.get() > 0
    }

    /// The options that its modules declare.
    pub fn options(&self, ev: &Evaluator<'h>) -> Rc<OptionNode<'h>> {
        if let Some(known) = self.options.get() {
            return known.clone();
        }
        self.building.set(self.building.get() + 1);
        let (tree, whole) = ev.affords(|| Rc::new(options::collect(ev, &self.closure(ev), &self.setting)));
        self.building.set(self.building.get() - 1);
        if !whole || self.is_collecting() || self.is_declaring() {
            return tree;
        }
        self.options.get_or_init(|| tree).clone()
    }

    /// The node of the options at a path. While the options are being collected, of what is there only.
    pub(super) fn option_node(&self, ev: &Evaluator<'h>, path: &[Symbol]) -> OptionNode<'h> {
        let known = match self.is_declaring() {
            false => self.options(ev).descend(path).cloned(),
            true => None,
        };
        known.unwrap_or_else(|| {
            let mut node = OptionNode::default();
            for (module, place, part) in options::parts_at(ev, self, path) {
                node.add(ev, module, part, place, path.len());
            }
            node
        })
    }

    /// Whether every module is known: then what nothing declares does not exist.
    pub fn is_complete(&self, ev: &Evaluator<'h>) -> bool {
        // A class names a kind of system: other parts of it may come from where it is at home.
        let own = !ev.is_lenient() || self.class == "submodule";
        let closure = self.closure(ev);
        closure.external.is_empty() && closure.gaps.is_empty() && self.setting.closed && own
    }

    /// A path of it, from the root of the outermost system.
    pub fn full_path(&self, ev: &Evaluator<'h>, path: &[Symbol]) -> &'h [Symbol] {
        let full: Vec<Symbol> = self.setting.prefix.iter().chain(path).copied().collect();
        ev.heap.slice(&full)
    }

    /// The error that its imports depend on its configuration.
    pub(super) fn recursion(&self, ev: &Evaluator<'h>, place: Place) -> Halt<'h> {
        let error = ev.error(ErrorKind::InfiniteRecursion, "this value needs itself", place);
        ev.noted(error, || IMPORTS_HINT.to_string())
    }

    /// Its `config`.
    pub fn config(&self, ev: &Evaluator<'h>) -> Value<'h> {
        Value::Config(ev.heap.alloc(ConfigNode { system: self.id, path: &[] }))
    }

    /// A module argument: what a module's function gets for a formal of that name. `module` is the
    /// module's key, for messages.
    pub fn argument(&self, ev: &Evaluator<'h>, name: Symbol, module: &'h str, place: Place) -> &'h Thunk<'h> {
        match name.as_str() {
            "config" => return ev.done(self.config(ev)),
            "options" => {
                let id = ev.done(Value::Int(i64::from(self.id.0)));
                return ev.delay_native(value::argument, &[id], name, place);
            }
            "specialArgs" => return ev.done(Value::Attrs(self.special_args)),
            "_class" if self.setting.closed => {
                return ev.done(self.setting.expected_class.map_or(Value::Null, |class| ev.string(class)));
            }
            "_prefix" => return ev.path_list(self.setting.prefix),
            _ => {}
        }
        if let Some(attr) = self.special_args.get(name) {
            return match name.as_str() {
                "lib" => ev.delay_native(known_lib, &[attr.value], name, place),
                _ => attr.value,
            };
        }
        match name.as_str() {
            "lib" => return ev.embedded_lib(),
            "_class" => return ev.done(ev.string(self.class)),
            "specialArgs" => return ev.done(Value::Attrs(self.special_args)),
            _ => {}
        }
        let id = ev.done(Value::Int(i64::from(self.id.0)));
        ev.delay_native(module_arg, &[id, ev.done(ev.string(module))], name, place)
    }
}

/// The class that the modules of a host may name.
fn class_of_host(class: &str) -> Option<&str> {
    matches!(class, "nixos" | "darwin" | "homeManager").then_some(class)
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
    let noted = |halt| {
        let module = match args[1].peek() {
            Some(Value::Str(module)) => module.text,
            _ => "",
        };
        ev.noted(halt, || format!("while evaluating the module argument `{name}' in \"{module}\":"))
    };
    if system.is_collecting() && !ev.is_lenient() {
        return Err(noted(system.recursion(ev, args[0].place())));
    }
    let path = [Symbol::new("_module"), Symbol::new("args"), name];
    let defs = system.definitions(ev, &path, false);
    if !defs.is_empty() {
        return system.merge_untyped(ev, &path, &defs).map_err(noted);
    }
    if let Some(text) = system.setting.name.filter(|_| name.as_str() == "name") {
        return Ok(ev.string(text));
    }
    if system.setting.closed {
        match name.as_str() {
            "extendModules" => return Ok(api::extend_modules_of(ev, &system)),
            "moduleType" => return api::module_type(ev, &system),
            "pkgs" if ev.is_lenient() => {}
            _ if system.is_complete(ev) && !ev.is_lenient() => {
                let config = system.config(ev);
                return Err(noted(ev.missing_attribute(config, name, Place::NONE)));
            }
            _ => {}
        }
    }
    let unknown: &'h Unknown<'h> = match name.as_str() {
        "pkgs" => return Ok(ev.packages(&system)),
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
        let setting = Setting {
            closed: class == "submodule",
            expected_class: class_of_host(class),
            ..Setting::default()
        };
        self.new_system_with(modules, special_args, class, parent, setting)
    }

    /// The system of a host, as the function that makes such hosts was asked for it.
    pub fn new_host(
        &self,
        modules: Vec<&'h Thunk<'h>>,
        special_args: &'h Attrs<'h>,
        class: &'h str,
        given: GivenPackages<'h>,
    ) -> Rc<System<'h>> {
        let setting = Setting { expected_class: class_of_host(class), given, ..Setting::default() };
        self.new_system_with(modules, special_args, class, None, setting)
    }

    pub(crate) fn new_system_with(
        &self,
        modules: Vec<&'h Thunk<'h>>,
        special_args: &'h Attrs<'h>,
        class: &'h str,
        parent: Option<SystemId>,
        setting: Setting<'h>,
    ) -> Rc<System<'h>> {
        let mut systems = self.systems.borrow_mut();
        let id = SystemId(systems.len() as u32);
        let system = Rc::new(System {
            id,
            modules,
            special_args,
            class,
            parent,
            setting,
            closure: OnceCell::new(),
            options: OnceCell::new(),
            collecting: Cell::new(false),
            building: Cell::new(0),
            values: RefCell::default(),
            platforms: Default::default(),
            finding_platform: Cell::new(false),
        });
        systems.push(system.clone());
        system
    }

    /// The system of that name.
    pub fn system(&self, id: SystemId) -> Rc<System<'h>> {
        self.systems.borrow()[id.0 as usize].clone()
    }

    /// The systems that were made so far.
    pub fn systems(&self) -> Vec<Rc<System<'h>>> {
        self.systems.borrow().clone()
    }

    /// The systems of a class that were made so far.
    pub fn systems_of_class(&self, class: &str) -> Vec<Rc<System<'h>>> {
        self.systems.borrow().iter().filter(|system| system.class == class).cloned().collect()
    }

    /// The embedded library, shared by the whole evaluation.
    pub fn embedded_lib(&self) -> &'h Thunk<'h> {
        let path = nixscope_db::VfsPath::new(crate::LIB_PATH);
        self.import_file(nixscope_db::source(self.db, &path))
    }

    /// The package set of a system.
    pub(crate) fn packages(&self, system: &System<'h>) -> Value<'h> {
        self.package_set(Some(PlatformSource::System(system.id)))
    }

    /// The set that `evalModules` and its wrappers give.
    pub fn system_value(&self, system: &System<'h>) -> Value<'h> {
        let id = self.done(Value::Int(i64::from(system.id.0)));
        let delayed = |name: &str, run: RunNative<'h>| {
            let name = Symbol::new(name);
            let value = self.delay_native(run, &[id], name, Place::NONE);
            Attr { name, place: Place::NONE, value }
        };
        let class = match system.setting.closed {
            true => system.setting.expected_class.map_or(Value::Null, |class| self.string(class)),
            false => self.string(system.class),
        };
        let mut entries = vec![
            delayed("config", check::checked_config),
            delayed("options", check::checked_options),
            delayed("_module", check::checked_settings),
            delayed("type", api::type_of),
            delayed("graph", api::graph_of),
            self.attr("_type", self.string("configuration")),
            self.attr("class", class),
            self.attr("extendModules", api::extend_modules_of(self, system)),
        ];
        if !system.setting.closed {
            entries.push(self.attr("pkgs", self.packages(system)));
        }
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

    /// The system that a thunk names by its number.
    pub(super) fn system_arg(&self, args: &[&'h Thunk<'h>]) -> Rc<System<'h>> {
        let id = match args.first().and_then(|it| it.peek()) {
            Some(Value::Int(id)) => id as u32,
            _ => 0,
        };
        self.system(SystemId(id))
    }
}
