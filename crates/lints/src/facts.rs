//! What hosts say of themselves, for the lints that compare them.

use nixscope_db::SourceFile;
use nixscope_fleet::{Host, HostClass, HostFacts, HostIndex, Module, host_facts};
use nixscope_syntax::TextRange;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::lint::Lint;
use crate::problems::own_range;

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

/// The one text that a machine has for an option, where the repository writes it.
pub(crate) struct Said<'a, 'db> {
    /// Whose it is.
    pub(crate) by: &'a Known<'db>,
    /// The text.
    pub(crate) text: &'db str,
    /// Where it is written: one place may be that of several machines.
    pub(crate) place: (SourceFile, TextRange),
}

/// What the machines say of one option, in the order of the hosts.
pub(crate) fn said<'a, 'db>(
    cx: &FleetContext<'db>,
    hosts: &'a [Known<'db>],
    option: &'static str,
) -> Vec<Said<'a, 'db>> {
    let of_host = |by: &'a Known<'db>| {
        let (text, place) = by.facts.text(option)?;
        Some(Said { by, text, place: own_range(cx, place?)? })
    };
    hosts.iter().filter(|it| it.is_machine()).filter_map(of_host).collect()
}

impl Said<'_, '_> {
    /// Whether two machines, which are not one seen twice, say the same.
    pub(crate) fn is_taken_by(&self, other: &Said<'_, '_>) -> bool {
        self.text == other.text && !self.by.is_variant_of(other.by)
    }

    /// A finding about what another machine says as well, which is shown unless both have it from one place.
    pub(crate) fn twin(
        &self,
        lint: &'static Lint,
        message: String,
        other: &Said<'_, '_>,
        what: &str,
    ) -> Diagnostic {
        let mut finding = Diagnostic::new(lint, self.place.0, self.place.1, message);
        if other.place != self.place {
            let at = format!("the {what} of {}", other.by.host.name);
            finding = finding.with_related(other.place.0, other.place.1, at);
        }
        finding.hosts = vec![self.by.host.name.clone(), other.by.host.name.clone()];
        finding.hosts.sort();
        finding
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
