//! The module argument `options`, and the attribute of that name of an evaluated system.

use std::collections::BTreeMap;

use nixscope_hir::Symbol;

use super::definitions::Def;
use super::options::{parts_at, type_tag};
use super::system::System;
use crate::Evaluator;
use crate::error::{Eval, Halt};
use crate::heap::{RunNative, Thunk};
use crate::place::Place;
use crate::value::{Attr, Reason, Taint, Value};

/// The module argument `options`: what is declared here, open where modules from outside declare more.
pub(super) fn argument<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let system = ev.system_arg(args);
    if system.is_collecting() {
        // Which options there are is not known before the imports are.
        let unknown = ev.unknown("options", Reason::Argument, Taint::None, args[0].place());
        return match ev.is_lenient() {
            true => Ok(Value::Unknown(unknown)),
            false => Err(system.recursion(ev, args[0].place())),
        };
    }
    ev.force(ev.delay_native(tree_value, &[args[0], ev.path_list(&[])], ev.names.value, Place::NONE))
}

/// What is declared at a path: a set of options, or an option. Each level is looked at only when it is asked
/// for, since a declaration may depend on another.
fn tree_value<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], name: Symbol) -> Eval<'h, Value<'h>> {
    let system = ev.system_arg(args);
    let mut path = path_arg(ev, args)?;
    let rest = ev.unknown("options", Reason::Argument, Taint::None, args[0].place());
    let mut open = if system.is_complete(ev) { None } else { Some(rest) };
    let mut names: BTreeMap<Symbol, Place> = BTreeMap::new();
    for (_, _, part) in parts_at(ev, &system, &path) {
        let attrs = match ev.force_attrs(part, part.place()) {
            Ok(attrs) => attrs,
            Err(Halt::Unknown(unknown)) => {
                open = Some(unknown);
                continue;
            }
            // The check of the whole system reports it.
            Err(Halt::Fail(_)) if ev.is_lenient() => continue,
            Err(error) => return Err(error),
        };
        if type_tag(ev, attrs).is_some() {
            return option_value(ev, args, name);
        }
        open = open.or(attrs.open);
        for attr in attrs.entries {
            names.entry(attr.name).or_insert(attr.place);
        }
    }
    let mut entries: Vec<Attr<'h>> = Vec::with_capacity(names.len());
    for (name, place) in names {
        path.push(name);
        let value = ev.delay_native(tree_value, &[args[0], ev.path_list(&path)], name, place);
        path.pop();
        entries.push(Attr { name, place, value });
    }
    Ok(ev.attrs_sorted(&entries, open))
}

/// An option: what its declarations say, and what is known of its value.
fn option_value<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let system = ev.system_arg(args);
    let path = path_arg(ev, args)?;
    let node = system.option_node(ev, &path);
    let declared = match system.merged_declaration(ev, &node, &path) {
        Ok(merged) => merged.entries.to_vec(),
        Err(Halt::Fail(error)) if !ev.is_lenient() => return Err(Halt::Fail(error)),
        Err(_) => node.declarations.iter().flat_map(|decl| decl.attrs.entries.iter().copied()).collect(),
    };
    let mut entries: Vec<Attr<'h>> = declared;
    let mut add = |name: &str, value: &'h Thunk<'h>| {
        let name = Symbol::new(name);
        entries.retain(|attr| attr.name != name);
        entries.push(Attr { name, place: Place::NONE, value });
    };
    add("loc", ev.path_list(system.full_path(ev, &path)));
    add("value", system.option_thunk(ev, ev.heap.slice(&path)));
    let delayed: [(&str, RunNative<'h>); 7] = [
        ("definitions", definitions),
        ("definitionsWithLocations", definitions_with_locations),
        ("files", files),
        ("isDefined", is_defined),
        ("highestPrio", highest_priority),
        ("valueMeta", value_meta),
        ("__toString", to_string),
    ];
    for (name, run) in delayed {
        add(name, ev.delay_native(run, args, Symbol::new(name), Place::NONE));
    }
    Ok(ev.attrs(entries))
}

fn path_arg<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>]) -> Eval<'h, Vec<Symbol>> {
    let mut path = Vec::new();
    for name in ev.force_list(args[1], Place::NONE)?.items {
        path.push(Symbol::new(ev.force_str(name, Place::NONE)?.text));
    }
    Ok(path)
}

/// The definitions of an option that count, the default among them where nothing else is.
fn winners<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>]) -> Eval<'h, Vec<Def<'h>>> {
    let path = path_arg(ev, args)?;
    let system = ev.system_arg(args);
    let mut defs = system.definitions(ev, &path, false);
    if let Some(unknown) = defs.iter().find_map(|def| def.unknown) {
        return Err(Halt::Unknown(unknown));
    }
    defs.splice(0..0, system.default_definition(ev, &system.option_node(ev, &path)));
    let mut winners = System::winners(&defs);
    system.sort(ev, &mut winners);
    Ok(winners)
}

fn definitions<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let values: Vec<&'h Thunk<'h>> = winners(ev, args)?.iter().map(|def| def.value).collect();
    Ok(ev.list(&values))
}

fn definitions_with_locations<'h>(
    ev: &Evaluator<'h>,
    args: &'h [&'h Thunk<'h>],
    _: Symbol,
) -> Eval<'h, Value<'h>> {
    ev.force(ev.definition_list(&winners(ev, args)?))
}

fn files<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let files: Vec<&'h Thunk<'h>> =
        winners(ev, args)?.iter().map(|def| ev.done(ev.string(def.file))).collect();
    Ok(ev.list(&files))
}

/// Whether an option has a definition that counts.
fn is_defined<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let winners = winners(ev, args)?;
    if !winners.is_empty() && winners.iter().all(|def| def.active.is_none()) {
        return Err(Halt::Unknown(ev.unknown("isDefined", Reason::Condition, Taint::None, Place::NONE)));
    }
    Ok(Value::Bool(!winners.is_empty()))
}

fn highest_priority<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let winners = winners(ev, args)?;
    Ok(Value::Int(winners.first().map_or(super::definitions::DEFAULT_PRIORITY, |def| def.priority)))
}

/// What the merging knows beside the value, as the library's own merging says it.
fn value_meta<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let path = path_arg(ev, args)?;
    let system = ev.system_arg(args);
    let node = system.option_node(ev, &path);
    let ty = match system.type_of(ev, &node, &path)? {
        Some(ty) => ev.done(Value::Attrs(ty)),
        None => ev.done(ev.library(&["types", "unspecified"])?),
    };
    let defs = ev.definition_list(&winners(ev, args)?);
    let loc = ev.path_list(system.full_path(ev, &path));
    let merge = ev.library(&["modules", "mergeDefinitions"])?;
    let mut value = ev.apply_all(merge, &[loc, ty, defs], Place::NONE)?;
    for name in ["checkedAndMerged", "valueMeta"] {
        value = ev.force(ev.delay_select(ev.done(value), Symbol::new(name), Place::NONE))?;
    }
    Ok(value)
}

/// `"${options.a.b}"` is the option's path.
fn to_string<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let path = path_arg(ev, args)?;
    let full = ev.system_arg(args).full_path(ev, &path);
    let shown = ev.done(ev.string(&super::options::show_option_path(full)));
    // `_: shown`
    ev.apply(ev.library(&["trivial", "const"])?, shown, Place::NONE)
}
