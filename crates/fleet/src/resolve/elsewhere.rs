//! Files that no host has as a module: modules of which the flake's outputs are made, functions that somebody
//! calls, modules that nobody imports.

use nixscope_db::SourceFile;
use nixscope_eval::{Attr, Attrs, Evaluator, Place, Reason, Taint, Value};
use nixscope_hir::{Expr, Symbol};

use super::contexts::Context;
use crate::outputs::Flake;
use crate::project::Project;
use crate::queries::{host_value, hosts};

/// So many hosts are asked what their modules are given.
const MAX_ARGUMENT_HOSTS: usize = 8;

/// A file that is a module of the flake's outputs, as flake-parts makes them.
pub(super) fn as_flake_module<'h>(
    ev: &Evaluator<'h>,
    flake: &Flake<'h>,
    source: SourceFile,
) -> Vec<Context<'h>> {
    // Only what has been asked for made its modules.
    if ev.force(flake.outputs).is_err() {
        return Vec::new();
    }
    let first_of = |class| {
        let systems = ev.systems_of_class(class).into_iter();
        systems.filter_map(|system| Context::of_system(ev, None, system, source)).next()
    };
    ["flake", "perSystem"].into_iter().filter_map(first_of).collect()
}

/// A file that is no module but a function: who imports it hands on what it has itself, under the same
/// name. So its arguments are what modules are given by these names, and the flake.
pub(super) fn as_function<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    source: SourceFile,
) -> Option<Context<'h>> {
    let given = given(ev, project, flake, &formals(ev, source)?);
    let is_told = given.iter().any(|argument| argument.name.as_str() != "lib");
    is_told.then(|| called_with(ev, source, given))?
}

/// A file that is a function of which nothing is known but what `lib` stands for: a package, an overlay.
pub(super) fn as_function_of_library<'h>(ev: &Evaluator<'h>, source: SourceFile) -> Option<Context<'h>> {
    let lib = formals(ev, source)?.into_iter().find(|name| name.as_str() == "lib")?;
    called_with(ev, source, vec![Attr { name: lib, place: Place::NONE, value: ev.embedded_lib() }])
}

fn called_with<'h>(ev: &Evaluator<'h>, source: SourceFile, given: Vec<Attr<'h>>) -> Option<Context<'h>> {
    let file = ev.context(source);
    let rest = ev.unknown("argument", Reason::Argument, Taint::None, Place::NONE);
    let Value::Attrs(given) = ev.attrs(given) else { return None };
    let arguments = Attrs { entries: given.entries, open: Some(rest) };
    let arguments = ev.done(Value::Attrs(ev.heap.alloc(arguments)));
    let function = ev.import_file(source);
    let Ok(Value::Lambda(closure)) = ev.force(function) else { return None };
    let env = ev.bind(closure, arguments, Place::NONE).ok()?;
    let called = vec![(file.body.root, env)];
    let results = vec![ev.delay_call(function, arguments)];
    Some(Context { host: None, system: None, called, results })
}

/// A module that nobody imports, as the only one of a system: what it declares and defines itself is known, and
/// everything else is not. It is given what the modules of hosts are.
pub(super) fn as_lone_module<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    source: SourceFile,
) -> Option<Context<'h>> {
    let formals = formals(ev, source)?;
    let is_module = formals.iter().any(|name| matches!(name.as_str(), "config" | "options"));
    if !is_module {
        return None;
    }
    let Value::Attrs(given) = ev.attrs(given(ev, project, flake, &formals)) else { return None };
    let module = ev.done(ev.path(source.path(ev.db).as_str()));
    let modules = ev.done(ev.list(&[module]));
    let system = ev.new_system(vec![modules], given, "module", None);
    Context::of_system(ev, None, system, source)
}

/// The names of a file's arguments, where it is a function of a set.
fn formals(ev: &Evaluator<'_>, source: SourceFile) -> Option<Vec<Symbol>> {
    let body = ev.context(source).body;
    let Expr::Lambda(lambda) = &body.exprs[body.root] else { return None };
    Some(lambda.formals.as_deref()?.iter().map(|formal| formal.name).collect())
}

/// What modules are given by these names: by the first host that gives any, and by the flake.
fn given<'h>(ev: &Evaluator<'h>, project: Project, flake: &Flake<'h>, wanted: &[Symbol]) -> Vec<Attr<'h>> {
    let of_flake = |name: Symbol| match name.as_str() {
        "self" => Some(flake.this),
        "inputs" => Some(flake.inputs),
        _ => None,
    };
    let mut given: Vec<Attr<'h>> = Vec::new();
    let known = hosts(ev.db, project).hosts.iter().take(MAX_ARGUMENT_HOSTS);
    let systems = known.filter_map(|host| {
        let value = host_value(ev, project, flake, &host.output, &host.name).ok()?;
        ev.system_of(value)
    });
    for system in systems {
        let arguments = wanted.iter().filter_map(|name| system.special_args.get(*name)).copied();
        given = arguments.filter(|argument| argument.name.as_str() != "lib").collect();
        let lib = wanted.iter().find(|name| name.as_str() == "lib");
        let lib = lib.map(|name| (*name, system.argument(ev, *name, "", Place::NONE)));
        given.extend(lib.map(|(name, value)| Attr { name, place: Place::NONE, value }));
        if given.iter().any(|argument| argument.name.as_str() != "lib") {
            break;
        }
    }
    for name in wanted {
        if given.iter().all(|known| known.name != *name)
            && let Some(value) = of_flake(*name)
        {
            given.push(Attr { name: *name, place: Place::NONE, value });
        }
    }
    given
}
