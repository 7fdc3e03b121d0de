//! Evaluating one host: its closure, options, definitions and secrets, and the systems inside it.

use std::rc::Rc;

use nixscope_eval::modules::{Def, System, show_option_path};
use nixscope_eval::{Attr, Attrs, Evaluator, Halt, Place, SourcePlace, Thunk, Value, print_value};
use nixscope_hir::Symbol;
use smol_str::SmolStr;

use crate::closure::{closure_data, is_embedded, is_foreign};
use crate::index::{Definition, Gap, HostIndex, Nested, OptionDeclaration};
use crate::outputs::Flake;
use crate::project::Project;
use crate::queries::gap;
use crate::{references, secrets};

/// A default or example that takes more steps than this to evaluate is not shown.
const SHOW_STEPS: u64 = 2_000;

/// Values longer than this are not shown.
const MAX_SHOWN: usize = 200;

pub(crate) fn host_index<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    name: &str,
    value: Value<'h>,
    from: Option<SourcePlace>,
) -> HostIndex {
    let Some(system) = ev.system_of(value) else {
        let mut index = HostIndex::default();
        index.gaps.push(match value {
            Value::Unknown(unknown) => gap(ev, unknown, unknown.place),
            _ => {
                Gap { what: name.into(), why: "it is not the configuration of a system".into(), place: from }
            }
        });
        return index;
    };
    let mut index = system_index(ev, project, flake, name, &system, from);
    index.system = system.platform_name(ev).map(SmolStr::from);
    index.nested = nested(ev, project, flake, name, &system, from);
    index
}

fn system_index<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    name: &str,
    system: &Rc<System<'h>>,
    from: Option<SourcePlace>,
) -> HostIndex {
    let closure = closure_data(ev, system, from);
    let options = declarations(ev, system);
    let (definitions, open_options) = definitions(ev, system, &options);
    let secrets = secrets::declared(ev, project, name, system);
    let reads = references::scan(ev, project, flake, name, system, &secrets);
    HostIndex {
        system: None,
        modules: closure.modules,
        nested: Vec::new(),
        external: closure.external,
        module_args: module_args(ev, system),
        options: options.into_iter().map(|(_, option)| option).collect(),
        definitions,
        open_options,
        secrets,
        public_keys: secrets::host_keys(ev, system),
        references: reads.references,
        secret_reads: reads.secret_reads,
        gaps: closure.gaps,
        problems: closure.problems,
    }
}

/// The names that modules can ask for, beside those that every module has.
fn module_args<'h>(ev: &Evaluator<'h>, system: &System<'h>) -> Vec<SmolStr> {
    let mut names: Vec<SmolStr> = Vec::new();
    for def in system.definitions(ev, &[Symbol::new("_module"), Symbol::new("args")], false) {
        if let Ok(attrs) = ev.force_attrs(def.value, def.place) {
            names.extend(attrs.entries.iter().map(|attr| SmolStr::from(attr.name.as_str())));
        }
    }
    names.extend(system.special_args.entries.iter().map(|attr| SmolStr::from(attr.name.as_str())));
    names.sort();
    names.dedup();
    names
}

/// The options that a system's modules declare, with their paths; sorted.
pub(crate) fn declarations<'h>(
    ev: &Evaluator<'h>,
    system: &System<'h>,
) -> Vec<(Vec<Symbol>, OptionDeclaration)> {
    let tree = system.options(ev);
    let mut out: Vec<(Vec<Symbol>, OptionDeclaration)> = Vec::new();
    tree.visit(&mut Vec::new(), &mut |path, node| {
        let place = node.declarations[0].place.resolve(ev);
        if place.is_some_and(|place| is_foreign(ev, place.source)) {
            return;
        }
        out.push((path.to_vec(), declaration(ev, path, node)));
        for (nested_path, nested) in system.nested_options(ev, node, path) {
            let place = nested.declarations[0].place.resolve(ev);
            if place.is_some_and(|place| !is_foreign(ev, place.source)) {
                let option = declaration(ev, &nested_path, &nested);
                out.push((nested_path, option));
            }
        }
    });
    out.sort_by(|a, b| a.1.path.cmp(&b.1.path));
    out
}

pub(crate) fn declaration<'h>(
    ev: &Evaluator<'h>,
    path: &[Symbol],
    node: &nixscope_eval::modules::OptionNode<'h>,
) -> OptionDeclaration {
    let text = |thunk: &'h Thunk<'h>| match ev.force(thunk) {
        Ok(Value::Str(text)) => Some(SmolStr::from(text.text)),
        _ => None,
    };
    // `literalExpression "…"` and `mdDoc "…"` carry their text.
    let documented = |thunk: &'h Thunk<'h>| match ev.force(thunk) {
        Ok(Value::Attrs(attrs)) => attrs
            .get(Symbol::new("text"))
            .filter(|_| attrs.get(Symbol::new("_type")).is_some())
            .and_then(|it| text(it.value)),
        _ => None,
    };
    let shown =
        |thunk: &'h Thunk<'h>| ev.within(SHOW_STEPS, || documented(thunk).or_else(|| show(ev, thunk)));
    let is = |name: &str, wanted: bool| {
        node.attribute(name)
            .is_some_and(|it| matches!(ev.force(it), Ok(Value::Bool(value)) if value == wanted))
    };
    let type_name = node.attribute("type").and_then(|ty| {
        let attrs = ev.force_attrs(ty, ty.place()).ok()?;
        text(attrs.get(Symbol::new("description"))?.value)
    });
    OptionDeclaration {
        path: show_option_path(path).into(),
        type_name,
        default: node
            .attribute("defaultText")
            .and_then(shown)
            .or_else(|| node.attribute("default").and_then(shown)),
        example: node.attribute("example").and_then(shown),
        description: node.attribute("description").and_then(|it| documented(it).or_else(|| text(it))),
        place: node.declarations[0].place.resolve(ev),
        hidden: is("internal", true) || is("visible", false),
    }
}

/// A value as text, where it is known and short.
pub(crate) fn show<'h>(ev: &Evaluator<'h>, thunk: &'h Thunk<'h>) -> Option<SmolStr> {
    show_value(ev, ev.force(thunk).ok()?)
}

pub(crate) fn show_value<'h>(ev: &Evaluator<'h>, value: Value<'h>) -> Option<SmolStr> {
    let shown = match ev.settle(value).ok()? {
        Value::Unknown(_) | Value::Choice(_) | Value::Lambda(_) | Value::Native(_) | Value::Config(_) => {
            return None;
        }
        Value::Attrs(attrs) if attrs.entries.len() > 8 || attrs.open.is_some() => return None,
        Value::List(list) if list.items.len() > 20 || list.open.is_some() => return None,
        value => print_value(ev, value).ok()?,
    };
    let fits = shown.len() <= MAX_SHOWN && !shown.contains('«');
    (fits && !secrets::reveals(ev, &shown)).then(|| shown.into())
}

/// The definitions of the declared options, and the paths of those that may have others.
fn definitions<'h>(
    ev: &Evaluator<'h>,
    system: &System<'h>,
    options: &[(Vec<Symbol>, OptionDeclaration)],
) -> (Vec<Definition>, Vec<SmolStr>) {
    let (mut known, mut open) = (Vec::new(), Vec::new());
    for (path, option) in options {
        if path.iter().any(|name| matches!(name.as_str(), "<name>" | "*")) {
            continue;
        }
        let defs = system.definitions(ev, path, true);
        if defs.iter().any(|def| def.unknown.is_some()) {
            open.push(option.path.clone());
        }
        known.extend(written(ev, &defs, &option.path));
    }
    (known, open)
}

/// What the repository writes among the definitions of a path, also what a condition switches off.
fn written<'h>(ev: &Evaluator<'h>, defs: &[Def<'h>], shown_path: &SmolStr) -> Vec<Definition> {
    let winners = System::winners(defs);
    let is_winner = |def: &Def<'h>| winners.iter().any(|winner| std::ptr::eq(winner.value, def.value));
    defs.iter()
        .filter(|def| def.unknown.is_none())
        // What a model sets is not the repository's.
        .filter(|def| def.place.resolve(ev).is_none_or(|place| !is_embedded(ev, place.source)))
        .map(|def| Definition {
            path: shown_path.clone(),
            place: def.place.resolve(ev),
            priority: def.priority,
            active: def.active,
            winning: is_winner(def),
            value: None,
        })
        .collect()
}

/// Home-manager users, and what else is a system of its own inside a host.
fn nested<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    host: &str,
    system: &Rc<System<'h>>,
    from: Option<SourcePlace>,
) -> Vec<Nested> {
    let mut out = Vec::new();
    for (kind, name, inner) in nested_systems(ev, system) {
        let index = system_index(ev, project, flake, host, &inner, from);
        out.push(Nested { kind: kind.into(), name: name.as_str().into(), index });
    }
    out
}

/// The systems inside a host, by kind and name.
pub(crate) fn nested_systems<'h>(
    ev: &Evaluator<'h>,
    system: &Rc<System<'h>>,
) -> Vec<(&'static str, Symbol, Rc<System<'h>>)> {
    let mut out = Vec::new();
    let users: Vec<Symbol> = ["home-manager", "users"].map(Symbol::new).into();
    for name in names_at(ev, system, &users) {
        out.push(("home-manager", name, home_manager_user(ev, system, name)));
    }
    for (kind, names, module) in NESTED {
        let all: Vec<Symbol> = names.iter().map(|name| Symbol::new(name)).collect();
        for name in names_at(ev, system, &all) {
            let member = [all.as_slice(), &[name]].concat();
            if let Some(inner) = nested_system(ev, system, &member, module) {
                out.push((*kind, name, inner));
            }
        }
    }
    for (name, path) in VARIANTS {
        let path: Vec<Symbol> = path.iter().map(|name| Symbol::new(name)).collect();
        let lists = module_lists(ev, system, &path);
        if !lists.is_empty() {
            let inner = ev.new_system(lists, system.special_args, system.class, Some(system.id));
            out.push(("variant", Symbol::new(name), inner));
        }
    }
    out
}

/// The option that a nested system is the value of, from its kind and name.
pub(crate) fn nested_path(kind: &str, name: Symbol) -> Vec<Symbol> {
    let option: &[&str] = match kind {
        "home-manager" => &["home-manager", "users"],
        "variant" => match VARIANTS.iter().find(|(known, _)| *known == name.as_str()) {
            Some((_, path)) => return path.iter().map(|name| Symbol::new(name)).collect(),
            None => &[],
        },
        _ => NESTED.iter().find(|(known, ..)| *known == kind).map_or(&[], |(_, path, _)| *path),
    };
    option.iter().map(|name| Symbol::new(name)).chain([name]).collect()
}

/// The system inside a host that a path leads into, with the rest of the path: of `home-manager.users.ida.a.b`,
/// the user's system and `a.b`.
pub(crate) fn into_nested<'h, 'p>(
    ev: &Evaluator<'h>,
    system: &Rc<System<'h>>,
    path: &'p [Symbol],
) -> Option<(Rc<System<'h>>, &'p [Symbol])> {
    let below = |option: &[&str]| {
        let fits =
            path.len() > option.len() && path.iter().zip(option).all(|(name, part)| name.as_str() == *part);
        fits.then(|| path.split_at(option.len() + 1))
    };
    if let Some((_, rest)) = below(&["home-manager", "users"])
        && !rest.is_empty()
    {
        return Some((home_manager_user(ev, system, path[2]), rest));
    }
    for (kind, option, module) in NESTED {
        let Some((member, [first, rest @ ..])) = below(option) else { continue };
        if first.as_str() != *module {
            continue;
        }
        // A microvm's `config` is a system, which has a `config` again.
        let rest = match rest {
            [config, rest @ ..] if *kind == "microvm" && config.as_str() == "config" => rest,
            rest => rest,
        };
        if rest.is_empty() {
            return None;
        }
        return Some((nested_system(ev, system, member, module)?, rest));
    }
    None
}

/// Options whose members are systems: the kind, the option, and where a member has its module.
const NESTED: &[(&str, &[&str], &str)] = &[
    ("container", &["containers"], "config"),
    ("microvm", &["microvm", "vms"], "config"),
    ("specialisation", &["specialisation"], "configuration"),
    ("specialisation", &["specialization"], "configuration"),
];

/// Options that hold what a variant of the host has beside the host's modules.
const VARIANTS: &[(&str, &[&str])] = &[
    ("vm", &["virtualisation", "vmVariant"]),
    ("vm-with-bootloader", &["virtualisation", "vmVariantWithBootLoader"]),
    ("vm-with-disko", &["virtualisation", "vmVariantWithDisko"]),
];

/// The attributes that any definition of a path has, in the order of names.
pub(crate) fn names_at<'h>(ev: &Evaluator<'h>, system: &System<'h>, path: &[Symbol]) -> Vec<Symbol> {
    let mut names: Vec<Symbol> = Vec::new();
    for def in system.definitions(ev, path, false) {
        if def.unknown.is_some() {
            continue;
        }
        if let Ok(attrs) = ev.force_attrs(def.value, def.place) {
            names.extend(attrs.entries.iter().map(|attr| attr.name));
        }
    }
    names.sort_by_key(|name| name.as_str());
    names.dedup();
    names
}

fn home_manager_user<'h>(ev: &Evaluator<'h>, system: &Rc<System<'h>>, user: Symbol) -> Rc<System<'h>> {
    let path = |names: &[&str]| -> Vec<Symbol> { names.iter().map(|name| Symbol::new(name)).collect() };
    let config = ev.done(system.config(ev));
    let own = |name: &str| Attr { name: Symbol::new(name), place: Place::NONE, value: config };
    let more = vec![own("osConfig"), own("nixosConfig"), ev.attr("name", ev.string(user.as_str()))];
    let special = special_args(ev, system, &path(&["home-manager", "extraSpecialArgs"]), more);
    let shared: Vec<&'h Thunk<'h>> = system
        .definitions(ev, &path(&["home-manager", "sharedModules"]), false)
        .iter()
        .filter(|def| def.unknown.is_none())
        .map(|def| def.value)
        .collect();
    let users = [Symbol::new("home-manager"), Symbol::new("users"), user];
    // As home-manager's own module has it: what all users share comes first.
    let mut lists = shared;
    lists.extend(module_lists(ev, system, &users));
    ev.new_system(lists, special, "homeManager", Some(system.id))
}

/// A system that is a member of an option: the one that the configuration itself makes of it, where the
/// module that declares the option is known. What a variant of the host knows of its arguments is the
/// host's; others get the arguments that they are given.
fn nested_system<'h>(
    ev: &Evaluator<'h>,
    system: &Rc<System<'h>>,
    member: &[Symbol],
    module: &str,
) -> Option<Rc<System<'h>>> {
    let below = |name: &str| [member, &[Symbol::new(name)]].concat();
    for name in [module, "nixosConfiguration"] {
        if let Ok(Some(value)) = system.value_at(ev, &below(name))
            && let Some(inner) = ev.system_of(value)
        {
            return Some(inner);
        }
    }
    let mut lists = module_lists(ev, system, &below(module));
    if lists.is_empty() {
        return None;
    }
    if member.first().is_some_and(|name| name.as_str() == "containers") {
        lists.push(container_module(ev));
    }
    let special = match module {
        "configuration" => system.special_args,
        _ => special_args(ev, system, &below("specialArgs"), Vec::new()),
    };
    Some(ev.new_system(lists, special, "nixos", Some(system.id)))
}

/// What NixOS adds to a container's modules. Source: nixpkgs,
/// `nixos/modules/virtualisation/nixos-containers.nix`.
fn container_module<'h>(ev: &Evaluator<'h>) -> &'h Thunk<'h> {
    let boot = ev.attrs(vec![ev.attr("isContainer", Value::Bool(true))]);
    let module = ev.done(ev.attrs(vec![ev.attr("boot", boot)]));
    ev.done(ev.list(&[module]))
}

/// The arguments that the definitions of an option give, and some more.
fn special_args<'h>(
    ev: &Evaluator<'h>,
    system: &System<'h>,
    path: &[Symbol],
    more: Vec<Attr<'h>>,
) -> &'h Attrs<'h> {
    let mut entries: Vec<Attr<'h>> = Vec::new();
    let mut open = None;
    for def in system.definitions(ev, path, false) {
        match ev.force_attrs(def.value, def.place) {
            Ok(attrs) => {
                entries.extend_from_slice(attrs.entries);
                open = open.or(attrs.open);
            }
            Err(Halt::Unknown(unknown)) => open = Some(unknown),
            Err(_) => {}
        }
    }
    entries.extend(more);
    match ev.attrs(entries) {
        Value::Attrs(attrs) => ev.heap.alloc(Attrs { entries: attrs.entries, open }),
        _ => ev.heap.alloc(Attrs { entries: &[], open }),
    }
}

/// The definitions of a path as lists of modules.
fn module_lists<'h>(ev: &Evaluator<'h>, system: &System<'h>, path: &[Symbol]) -> Vec<&'h Thunk<'h>> {
    system
        .definitions(ev, path, false)
        .iter()
        .filter(|def| def.unknown.is_none())
        .map(|def| ev.done_at(ev.list(&[def.value]), def.place))
        .collect()
}
