//! What hosts say of themselves, for the lints that compare them.

use nixscope_fleet::{Host, HostClass, HostFacts, HostIndex, Module, host_facts};

use crate::context::FleetContext;

/// A host with all that is known of it.
#[derive(Clone, Copy)]
pub(crate) struct Known<'db> {
    /// The host.
    pub(crate) host: &'db Host,
    /// What it consists of.
    pub(crate) index: &'db HostIndex,
    /// What it says of itself.
    pub(crate) facts: &'db HostFacts,
}

/// The hosts with what they say of themselves.
pub(crate) fn known_hosts<'db>(cx: &FleetContext<'db>) -> Vec<Known<'db>> {
    let FleetContext { db, project, fleet } = *cx;
    let facts = |host: &Host| host_facts(db, project, host.output.clone(), host.name.clone());
    fleet.hosts.iter().map(|(host, index)| Known { host, index, facts: facts(host) }).collect()
}

impl Known<'_> {
    /// Whether it is a machine, not a user's home.
    pub(crate) fn is_machine(&self) -> bool {
        matches!(self.host.class, HostClass::Nixos | HostClass::Darwin)
    }

    /// Whether it is an installer or another image, by its name, or one of many that are generated for each kind of
    /// system.
    pub(crate) fn is_image(&self) -> bool {
        const IMAGES: &[&str] =
            &["iso", "installer", "image", "live", "netboot", "kexec", "bootstrap", "-linux", "-darwin"];
        let name = self.host.name.to_ascii_lowercase();
        self.host.output.starts_with("packages.") || IMAGES.iter().any(|it| name.contains(it))
    }

    /// Whether the modules from outside that it has are of tools that declare options of their own and set nothing
    /// of the system: then what the repository does not set is not set.
    pub(crate) fn knows_all_settings(&self) -> bool {
        !self.facts.incomplete && self.facts.external.iter().all(|it| is_tool(it))
    }

    /// Whether two hosts are one machine seen twice: under another name, as an image, with a variant of its
    /// configuration.
    pub(crate) fn is_variant_of(&self, other: &Known<'_>) -> bool {
        let (a, b) = (self.host.name.as_str(), other.host.name.as_str());
        let files = |it: &Known<'_>| -> Vec<_> {
            let written = |module: &Module| module.place.filter(|_| module.inline);
            it.index.modules.iter().map(|module| (module.file, written(module))).collect()
        };
        self.host.class != other.host.class
            || self.is_image()
            || other.is_image()
            || a.starts_with(b)
            || b.starts_with(a)
            || a.ends_with(b)
            || b.ends_with(a)
            || files(self) == files(other)
    }
}

/// Whether a module from outside declares options of its own and does nothing by itself.
fn is_tool(path: &str) -> bool {
    const TOOLS: &[&str] = &[
        "agenix",
        "catppuccin",
        "disko",
        "home",
        "hyprland",
        "impermanence",
        "lanzaboote",
        "nix-index",
        "nixvim",
        "nur",
        "nvf",
        "ragenix",
        "secrix",
        "sops",
        "spicetify",
        "stylix",
    ];
    // What `nixos-generate-config` imports.
    const GENERATED: &[&str] = &["installer/scan/not-detected.nix", "profiles/qemu-guest.nix"];
    let input = path.strip_prefix("inputs.").and_then(|rest| rest.split('.').next());
    input.is_some_and(|name| name == "nixos-hardware" || TOOLS.iter().any(|tool| name.contains(tool)))
        || GENERATED.iter().any(|end| path.contains(end))
}
