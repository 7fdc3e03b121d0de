//! What an option path of another host comes to.

use std::rc::Rc;

use nixscope_eval::modules::System;
use nixscope_eval::{Evaluator, SourcePlace};
use nixscope_hir::Symbol;
use smol_str::SmolStr;

use crate::closure::{is_embedded, own_place};
use crate::host_eval::{into_nested, show_value};
use crate::index::ReferenceStatus;

/// What an option path of a host comes to.
pub(crate) struct Answer {
    pub targets: Vec<SourcePlace>,
    pub value: Option<SmolStr>,
    pub status: ReferenceStatus,
}

/// Whether a place is in the model of something outside.
fn is_of_a_model(ev: &Evaluator<'_>, place: nixscope_eval::Place) -> bool {
    place.resolve(ev).is_some_and(|place| is_embedded(ev, place.source))
}

/// Looks an option path of a host up: its definitions, its declaration, its value.
pub(crate) fn resolve<'h>(ev: &Evaluator<'h>, system: &Rc<System<'h>>, path: &[Symbol]) -> Answer {
    // What is inside a host has definitions of its own, behind imports of its own.
    if let Some((inner, rest)) = into_nested(ev, system, path) {
        let answer = resolve(ev, &inner, rest);
        if answer.status == ReferenceStatus::Resolved {
            return answer;
        }
    }
    let defs = system.definitions(ev, path, false);
    let known: Vec<_> = defs.iter().filter(|def| def.unknown.is_none()).copied().collect();
    let winners = System::winners(&known);
    let mut targets: Vec<SourcePlace> = Vec::new();
    let mut add = |place: nixscope_eval::Place| {
        if let Some(place) = own_place(ev, place)
            && !targets.contains(&place)
        {
            targets.push(place);
        }
    };
    winners.iter().for_each(|def| add(def.place));
    known.iter().for_each(|def| add(def.place));
    let is_set_here = known.iter().any(|def| !is_of_a_model(ev, def.place));
    let options = system.options(ev);
    let node = options.descend(path);
    for decl in node.iter().flat_map(|node| &node.declarations) {
        add(decl.place);
    }
    let declared = node.is_some_and(|node| !node.declarations.is_empty() || !node.children.is_empty())
        || options.declared_prefix(path).is_some();
    let status = if is_set_here {
        ReferenceStatus::Resolved
    } else if declared {
        ReferenceStatus::Default
    } else if !defs.is_empty() || is_touched(ev, system, path) {
        ReferenceStatus::External
    } else {
        ReferenceStatus::MissingOption
    };
    let value = system.value_at(ev, path).ok().flatten().and_then(|value| show_value(ev, value));
    Answer { targets, value, status }
}

/// Name spaces in which nixpkgs itself gives every system values, whether or not anything sets them.
const ALWAYS_THERE: &[&str] = &[
    "system",
    "boot",
    "networking",
    "users",
    "nix",
    "nixpkgs",
    "environment",
    "time",
    "i18n",
    "fileSystems",
    "lib",
];

/// Whether the host's modules set anything beside a path that they do not set itself: then its service
/// is in use there, and a module from outside gives the value.
fn is_touched<'h>(ev: &Evaluator<'h>, system: &Rc<System<'h>>, path: &[Symbol]) -> bool {
    let Some((_, parent)) = path.split_last() else { return false };
    if parent.first().is_some_and(|root| ALWAYS_THERE.contains(&root.as_str())) {
        return true;
    }
    let outside = !system.closure(ev).gaps.is_empty();
    match parent.len() {
        // `networking.hostName` and the like: a name space, not a service.
        0 | 1 => true,
        _ => outside || !system.definitions(ev, parent, false).is_empty(),
    }
}
