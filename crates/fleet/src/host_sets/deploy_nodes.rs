//! Hosts that only a node of deploy-rs mentions: `deploy.nodes.<node>.profiles.system.path = activate.nixos (nixosSystem …)`.

use nixscope_eval::modules::SystemId;
use nixscope_eval::{Attr, Attrs, Evaluator, Thunk, UnknownKind, Value};
use nixscope_hir::Symbol;

use super::{HostSetOf, add, class_of};
use crate::index::HostClass;
use crate::outputs::Flake;

/// Adds the systems that nodes activate and that are none of the hosts so far.
pub(super) fn collect<'h>(ev: &Evaluator<'h>, flake: &Flake<'h>, sets: &mut Vec<HostSetOf<'h>>) {
    let Ok(Some(deploy)) = flake.output(ev, "deploy") else { return };
    let Some(nodes) = member(ev, deploy, "nodes") else { return };
    let mut class = HostClass::Nixos;
    let mut entries: Vec<Attr<'h>> = Vec::new();
    for node in nodes.sorted() {
        let profiles = ev.force_attrs(node.value, node.place).ok().and_then(|it| member(ev, it, "profiles"));
        for profile in profiles.into_iter().flat_map(Attrs::sorted) {
            let Ok(profile) = ev.force_attrs(profile.value, profile.place) else { continue };
            let activated = profile.get(Symbol::new("path")).and_then(|path| activated(ev, path.value));
            let Some((value, id, of)) = activated else { continue };
            let is_host = |attr: &Attr<'h>| {
                let known = attr.value.peek().and_then(|value| ev.system_of(value));
                known.is_some_and(|known| known.id == id)
            };
            let hosts = || sets.iter().filter_map(|set| set.hosts.ok()).flat_map(|hosts| hosts.entries);
            if !hosts().any(is_host) && entries.iter().all(|entry| entry.name != node.name) {
                class = of;
                entries.push(Attr { value, ..*node });
            }
        }
    }
    let hosts = ev.heap.alloc(Attrs { entries: ev.heap.slice(&entries), open: None });
    add(ev, sets, "deploy.nodes", class, hosts, flake.output_place(ev, "deploy"));
}

fn member<'h>(ev: &Evaluator<'h>, set: &'h Attrs<'h>, name: &str) -> Option<&'h Attrs<'h>> {
    let attr = set.get(Symbol::new(name))?;
    ev.force_attrs(attr.value, attr.place).ok()
}

/// The system among the arguments of a call whose function is not known.
fn activated<'h>(ev: &Evaluator<'h>, path: &'h Thunk<'h>) -> Option<(&'h Thunk<'h>, SystemId, HostClass)> {
    let Ok(Value::Unknown(unknown)) = ev.force(path) else { return None };
    let mut kind = unknown.kind;
    loop {
        kind = match kind {
            UnknownKind::Root(_) => return None,
            UnknownKind::Attr(base, _) => base.kind,
            UnknownKind::Call(function, argument) => {
                let system = ev.force(argument).ok().and_then(|value| ev.system_of(value));
                if let Some(system) = system {
                    return Some((argument, system.id, class_of(system.class)?));
                }
                function.kind
            }
        };
    }
}
