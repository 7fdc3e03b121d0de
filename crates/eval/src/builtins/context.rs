//! Builtins on the contexts of strings.

use nixscope_hir::Symbol;

use super::Builtin;
use crate::Evaluator;
use crate::error::{ErrorKind, Eval};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, ContextItem, Value};

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "hasContext",
        arity: 1,
        run: has_context,
        doc: "`hasContext s`: whether the string refers to store paths.",
    },
    Builtin {
        name: "getContext",
        arity: 1,
        run: get_context,
        doc: "`getContext s`: the store paths a string refers to, each with `path`, `allOutputs` or `outputs`.",
    },
    Builtin {
        name: "appendContext",
        arity: 2,
        run: append_context,
        doc: "`appendContext s context`: the string with references added, in the form `getContext` gives.",
    },
    Builtin {
        name: "unsafeDiscardStringContext",
        arity: 1,
        run: discard_context,
        doc: "`unsafeDiscardStringContext s`: the string without its references.",
    },
    Builtin {
        name: "unsafeDiscardOutputDependency",
        arity: 1,
        run: discard_output_dependency,
        doc: "`unsafeDiscardOutputDependency s`: references to a derivation with its whole closure become plain ones.",
    },
    Builtin {
        name: "addDrvOutputDependencies",
        arity: 1,
        run: add_output_dependencies,
        doc: "`addDrvOutputDependencies s`: a plain reference to a derivation becomes one to its whole closure.",
    },
];

fn has_context<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    Ok(Value::Bool(!ev.force_str(args[0], place)?.context.is_empty()))
}

fn discard_context<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let text = ev.text(args[0], place)?;
    Ok(ev.string_in(text.text, &[]))
}

fn discard_output_dependency<'h>(
    ev: &Evaluator<'h>,
    args: &[&'h Thunk<'h>],
    place: Place,
) -> Eval<'h, Value<'h>> {
    let text = ev.text(args[0], place)?;
    let plain = text.context.iter().map(|item| match *item {
        ContextItem::Derivation(path) => ContextItem::Path(path),
        item => item,
    });
    Ok(ev.string_with(text.text, plain.collect()))
}

fn add_output_dependencies<'h>(
    ev: &Evaluator<'h>,
    args: &[&'h Thunk<'h>],
    place: Place,
) -> Eval<'h, Value<'h>> {
    let text = ev.text(args[0], place)?;
    let item = match text.context {
        [ContextItem::Path(path)] if path.ends_with(".drv") => ContextItem::Derivation(path),
        [item @ ContextItem::Derivation(_)] => *item,
        _ => {
            let message = "addDrvOutputDependencies needs a string that refers to one derivation";
            return Err(ev.error(ErrorKind::Other, message, place));
        }
    };
    Ok(ev.string_with(text.text, vec![item]))
}

fn get_context<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let text = ev.text(args[0], place)?;
    let mut entries: Vec<Attr<'h>> = Vec::new();
    let mut paths: Vec<&'h str> = text
        .context
        .iter()
        .map(|item| match *item {
            ContextItem::Path(path) | ContextItem::Derivation(path) | ContextItem::Output(path, _) => path,
        })
        .collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let mut parts = Vec::new();
        let mut outputs = Vec::new();
        for item in text.context {
            match *item {
                ContextItem::Path(it) if it == path => parts.push(ev.attr("path", Value::Bool(true))),
                ContextItem::Derivation(it) if it == path => {
                    parts.push(ev.attr("allOutputs", Value::Bool(true)));
                }
                ContextItem::Output(it, output) if it == path => {
                    outputs.push(ev.done(ev.string_in(output, &[])));
                }
                _ => {}
            }
        }
        if !outputs.is_empty() {
            parts.push(ev.attr("outputs", ev.list(&outputs)));
        }
        entries.push(ev.attr(path, ev.attrs(parts)));
    }
    Ok(ev.attrs(entries))
}

fn append_context<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let text = ev.force_str(args[0], place)?;
    let more = ev.force_attrs(args[1], place)?;
    let mut context = text.context.to_vec();
    for attr in more.entries {
        let path = ev.heap.str(attr.name.as_str());
        // The text of a copied source is its own path here: any absolute path can be in the store.
        if !path.starts_with('/') {
            let message = format!("{path:?} is not a path in the store");
            return Err(ev.error(ErrorKind::Other, &message, attr.place.or(place)));
        }
        let parts = ev.force_attrs(attr.value, place)?;
        let flag = |name: &str| match parts.get(Symbol::new(name)) {
            Some(flag) => ev.force_bool(flag.value, place),
            None => Ok(false),
        };
        if flag("path")? {
            context.push(ContextItem::Path(path));
        }
        if flag("allOutputs")? {
            context.push(ContextItem::Derivation(path));
        }
        if let Some(outputs) = parts.get(Symbol::new("outputs")) {
            for output in ev.exact_list(outputs.value, place)? {
                context.push(ContextItem::Output(path, ev.force_str(output, place)?.text));
            }
        }
    }
    Ok(ev.string_with(text.text, context))
}
