//! Hosts below the name of a system: `packages.x86_64-linux.nixosConfigurations.web`, and what
//! `eachDefaultSystem` makes of `nixosConfigurations.web`.

use nixscope_eval::{Attr, Attrs, Evaluator, Value};
use nixscope_hir::Symbol;

use super::{CONFIGURATIONS, HostSetOf, add};
use crate::index::HostClass;
use crate::outputs::Flake;

/// Where `nix build .#nixosConfigurations.web`, and every command that names an installable, looks before
/// it looks at the flake's outputs. Nix manual, "Installables", "Flake output attribute".
const PACKAGES: &[&str] = &["packages", "legacyPackages"];

/// Adds the hosts that are kept among the packages.
pub(super) fn of_packages<'h>(ev: &Evaluator<'h>, flake: &Flake<'h>, sets: &mut Vec<HostSetOf<'h>>) {
    for output in PACKAGES {
        let Ok(Some(systems)) = flake.output(ev, output) else { continue };
        for (name, class) in CONFIGURATIONS {
            for system in by_preference(systems, *class) {
                let Ok(Value::Attrs(packages)) = ev.force(system.value) else { continue };
                let Some(found) = packages.get(Symbol::new(name)) else { continue };
                let Ok(hosts) = ev.force_attrs(found.value, found.place) else { continue };
                add(ev, sets, name, *class, hosts, found.place);
            }
        }
    }
}

/// A set of hosts where some stand one level deeper, by system. Each host is taken once.
pub(super) fn flattened<'h>(ev: &Evaluator<'h>, hosts: &'h Attrs<'h>, class: HostClass) -> &'h Attrs<'h> {
    if !hosts.entries.iter().any(|attr| is_system(attr.name)) {
        return hosts;
    }
    let (systems, mut entries): (Vec<Attr<'h>>, Vec<Attr<'h>>) =
        hosts.entries.iter().partition(|attr| inner(ev, attr).is_some());
    if systems.is_empty() {
        return hosts;
    }
    let mut open = hosts.open;
    for system in by_preference(ev.heap.alloc(Attrs { entries: ev.heap.slice(&systems), open: None }), class)
    {
        let Some(inner) = inner(ev, &system) else { continue };
        open = open.or(inner.open);
        for attr in inner.entries {
            if !entries.iter().any(|it| it.name == attr.name) {
                entries.push(*attr);
            }
        }
    }
    entries.sort_by_key(|attr| attr.name);
    ev.heap.alloc(Attrs { entries: ev.heap.slice(&entries), open })
}

/// The hosts below a system's name; none where a host itself is called so.
fn inner<'h>(ev: &Evaluator<'h>, attr: &Attr<'h>) -> Option<&'h Attrs<'h>> {
    if !is_system(attr.name) {
        return None;
    }
    match ev.force(attr.value) {
        Ok(Value::Attrs(attrs)) if attrs.get(Symbol::new("config")).is_none() => Some(attrs),
        _ => None,
    }
}

/// The entries of a set by system, those first that hosts of a class mostly have.
fn by_preference<'h>(systems: &'h Attrs<'h>, class: HostClass) -> Vec<Attr<'h>> {
    let platform = if class == HostClass::Darwin { "darwin" } else { "linux" };
    let arch = if class == HostClass::Darwin { "aarch64" } else { "x86_64" };
    let mut entries: Vec<Attr<'h>> = systems.sorted().into_iter().copied().collect();
    entries.sort_by_key(|attr| {
        let name = attr.name.as_str();
        (!name.ends_with(platform), !name.starts_with(arch))
    });
    entries
}

/// Whether a name is a system's, as nixpkgs writes those that it is built for.
fn is_system(name: Symbol) -> bool {
    const PROCESSORS: &[&str] =
        &["x86_64", "aarch64", "i686", "armv5tel", "armv6l", "armv7l", "powerpc64le", "riscv64"];
    let parts = name.as_str().split_once('-');
    parts.is_some_and(|(arch, os)| PROCESSORS.contains(&arch) && matches!(os, "linux" | "darwin" | "freebsd"))
}
