//! What hosts say of themselves to the rest of the fleet: names, addresses, ports, versions. The ground on which
//! lints stand that compare hosts.
//!
//! Most of these options are NixOS's own, which nothing here declares: their values are what the repository's
//! modules define. Something unknown on the way to a value is a fact too, so that nothing is taken for absent
//! that is only not known.

use std::rc::Rc;

use nixscope_eval::modules::System;
use nixscope_eval::{Evaluator, Place, SourcePlace, Thunk, Unknown, Value};
use nixscope_hir::Symbol;
use smol_str::SmolStr;

use crate::closure::own_place;
use crate::host_eval::nested_systems;
use crate::models::symbolic;
use crate::secrets;

/// The options that are looked at; `*` stands for any name, and for the elements of a list.
const PATTERNS: &[&str] = &[
    "networking.hostName",
    "networking.hostId",
    "networking.domain",
    "networking.interfaces.*.ipv4.addresses.*.address",
    "networking.interfaces.*.ipv6.addresses.*.address",
    "networking.wireguard.interfaces.*.ips.*",
    "networking.wg-quick.interfaces.*.address.*",
    "system.stateVersion",
    "home.stateVersion",
    "nix.enable",
    "nix.gc.automatic",
    "programs.nh.clean.enable",
    "fileSystems.*.fsType",
    "boot.supportedFilesystems.*",
    "boot.initrd.supportedFilesystems.*",
    "disko.devices.zpool.*.type",
    "services.*.enable",
    "services.*.port",
    "services.*.listenAddress",
    "services.*.address",
    "services.*.host",
    "services.*.settings.port",
    "services.*.settings.server.http_port",
    "services.*.settings.server.http_addr",
    "services.prometheus.exporters.*.enable",
    "services.prometheus.exporters.*.port",
    "services.prometheus.exporters.*.listenAddress",
    "environment.systemPackages.*",
    "home.packages.*",
    // What opens a port, or lets packets past the firewall.
    "networking.firewall.enable",
    "networking.firewall.allowedTCPPorts.*",
    "networking.firewall.allowedTCPPortRanges.*.from",
    "networking.firewall.allowedTCPPortRanges.*.to",
    "networking.firewall.interfaces.*.allowedTCPPorts.*",
    "networking.firewall.interfaces.*.allowedTCPPortRanges.*.from",
    "networking.firewall.interfaces.*.allowedTCPPortRanges.*.to",
    "networking.firewall.trustedInterfaces.*",
    "networking.firewall.extraCommands",
    "networking.firewall.extraInputRules",
    "networking.nftables.ruleset",
    "networking.nftables.rulesetFile",
    "networking.nftables.tables.*.content",
    "networking.nat.forwardPorts.*.sourcePort",
    "services.openssh.ports.*",
    "services.k3s.enable",
    "services.*.openFirewall",
    "services.prometheus.exporters.*.openFirewall",
    "virtualisation.docker.enable",
    "virtualisation.podman.enable",
    "virtualisation.oci-containers.containers.*.ports.*",
    "containers.*.forwardPorts.*.hostPort",
    // What points at other machines.
    "services.prometheus.scrapeConfigs.*.static_configs.*.targets.*",
    "services.prometheus.alertmanagers.*.static_configs.*.targets.*",
    "services.prometheus.remoteWrite.*.url",
    "services.nginx.virtualHosts.*.locations.*.proxyPass",
    "services.grafana.provision.datasources.settings.datasources.*.url",
    "services.promtail.configuration.clients.*.url",
    "services.restic.backups.*.repository",
    "services.traefik.dynamicConfigOptions.http.services.*.loadBalancer.servers.*.url",
];

/// What is known of one host.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HostFacts {
    /// In the order of the patterns.
    pub facts: Vec<Fact>,
    /// Of the systems inside it: what they are (`home-manager`, `container`), their names, their facts.
    pub nested: Vec<(SmolStr, SmolStr, HostFacts)>,
    /// Whether modules are missing that may say more: a part of the imports is not known, or fails.
    pub incomplete: bool,
    /// The modules from outside, by their symbolic paths.
    pub external: Vec<SmolStr>,
}

/// One value, or that it is not known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    /// The pattern.
    pub pattern: &'static str,
    /// What stands for its `*`s; fewer where the way ends at something unknown.
    pub names: Vec<SmolStr>,
    /// The value.
    pub value: FactValue,
    /// Where it is written.
    pub place: Option<SourcePlace>,
}

/// A value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FactValue {
    /// A text.
    Text(SmolStr),
    /// A number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// A package, by its path: `pkgs.hello`.
    Package(SmolStr),
    /// Null, or a value of another kind.
    Other,
    /// It is not known whether there is a value, or which.
    Unknown,
}

impl HostFacts {
    /// The facts of one pattern.
    pub fn of<'a>(&'a self, pattern: &'a str) -> impl Iterator<Item = &'a Fact> {
        self.facts.iter().filter(move |it| it.pattern == pattern)
    }

    /// Whether nothing of the repository sets the option.
    pub fn lacks(&self, pattern: &str) -> bool {
        !self.incomplete && self.of(pattern).next().is_none()
    }

    /// The one text that an option has.
    pub fn text<'a>(&'a self, pattern: &'a str) -> Option<(&'a SmolStr, Option<SourcePlace>)> {
        let mut facts = self.of(pattern);
        match (facts.next(), facts.next()) {
            (Some(Fact { value: FactValue::Text(text), place, .. }), None) => Some((text, *place)),
            _ => None,
        }
    }

    /// Whether an option is, or may be, on.
    pub fn may_be_on(&self, pattern: &str) -> bool {
        self.of(pattern).any(|it| it.value != FactValue::Bool(false))
    }
}

/// What all facts of a host may take to be evaluated.
const STEPS: u64 = 4_000_000;

/// What those of one pattern may take.
const STEPS_PER_PATTERN: u64 = 400_000;

/// What a host says of itself.
pub(crate) fn facts<'h>(ev: &Evaluator<'h>, system: &Rc<System<'h>>) -> HostFacts {
    ev.within(STEPS, || {
        let mut facts = facts_of(ev, system);
        for (kind, name, inner) in nested_systems(ev, system) {
            facts.nested.push((kind.into(), name.as_str().into(), facts_of(ev, &inner)));
        }
        facts
    })
}

fn facts_of<'h>(ev: &Evaluator<'h>, system: &Rc<System<'h>>) -> HostFacts {
    let closure = system.closure(ev);
    let mut out = HostFacts {
        incomplete: !closure.gaps.is_empty()
            || !closure.problems.is_empty()
            || closure.modules.iter().any(|module| module.condition.is_some()),
        external: closure.external.iter().map(|import| SmolStr::from(import.module.path())).collect(),
        ..HostFacts::default()
    };
    for pattern in PATTERNS {
        let segments: Vec<&str> = pattern.split('.').collect();
        let literal: Vec<Symbol> =
            segments.iter().take_while(|name| **name != "*").map(|name| Symbol::new(name)).collect();
        let mut walk = Walk { ev, pattern, names: Vec::new(), found: &mut out.facts };
        ev.within(STEPS_PER_PATTERN, || {
            let defs = system.definitions(ev, &literal, false);
            if defs.is_empty() {
                return;
            }
            let place = System::winners(&defs).first().map_or(Place::NONE, |def| def.place);
            if defs.iter().any(|def| def.active.is_none() || def.unknown.is_some()) {
                walk.add(FactValue::Unknown, place);
            }
            match system.value_at(ev, &literal) {
                Ok(Some(value)) => walk.value(value, &segments[literal.len()..], place),
                _ => walk.add(FactValue::Unknown, place),
            }
        });
    }
    out
}

struct Walk<'a, 'h> {
    ev: &'a Evaluator<'h>,
    pattern: &'static str,
    names: Vec<SmolStr>,
    found: &'a mut Vec<Fact>,
}

impl<'h> Walk<'_, 'h> {
    fn add(&mut self, value: FactValue, place: Place) {
        let place = own_place(self.ev, place);
        self.found.push(Fact { pattern: self.pattern, names: self.names.clone(), value, place });
    }

    fn thunk(&mut self, thunk: &'h Thunk<'h>, rest: &[&str], place: Place) {
        match self.ev.force(thunk) {
            Ok(value) => self.value(value, rest, place),
            Err(_) => self.add(FactValue::Unknown, place),
        }
    }

    fn value(&mut self, value: Value<'h>, rest: &[&str], place: Place) {
        let value = match value {
            Value::Config(node) => match node.to_attrs(self.ev) {
                Ok(attrs) => Value::Attrs(attrs),
                Err(_) => return self.add(FactValue::Unknown, place),
            },
            value => value,
        };
        match (value, rest) {
            (Value::Unknown(unknown), []) if is_package(unknown) => {
                self.add(FactValue::Package(unknown.path().into()), place);
            }
            (Value::Unknown(_) | Value::Choice(_), _) => self.add(FactValue::Unknown, place),
            // `mkIf` and its like where they are not opened: what becomes of them is not known.
            (Value::Attrs(attrs), _) if attrs.get(Symbol::new("_type")).is_some() => {
                self.add(FactValue::Unknown, place);
            }
            (Value::Attrs(attrs), [name, rest @ ..]) => {
                if attrs.open.is_some() {
                    self.add(FactValue::Unknown, place);
                }
                for attr in attrs.sorted() {
                    if *name == "*" {
                        self.names.push(attr.name.as_str().into());
                        self.thunk(attr.value, rest, attr.place.or(place));
                        self.names.pop();
                    } else if attr.name.as_str() == *name {
                        self.thunk(attr.value, rest, attr.place.or(place));
                    }
                }
            }
            (Value::List(list), ["*", rest @ ..]) => {
                if list.open.is_some() {
                    self.add(FactValue::Unknown, place);
                }
                for (index, item) in list.items.iter().enumerate() {
                    self.names.push(index.to_string().into());
                    self.thunk(item, rest, item.place().or(place));
                    self.names.pop();
                }
            }
            (_, [_, ..]) => {}
            (Value::Str(text), []) if secrets::reveals(self.ev, text.text) => {
                self.add(FactValue::Unknown, place);
            }
            (Value::Str(text), []) => self.add(FactValue::Text(text.text.into()), place),
            (Value::Int(number), []) => self.add(FactValue::Int(number), place),
            (Value::Bool(it), []) => self.add(FactValue::Bool(it), place),
            _ => self.add(FactValue::Other, place),
        }
    }
}

/// Whether an unknown is an attribute of the package set, and not what a function made of one.
fn is_package(unknown: &Unknown<'_>) -> bool {
    let symbolic = symbolic(unknown);
    // `inputs.x.packages.${pkgs.stdenv.hostPlatform.system}` is known by what is not known of it.
    let of_platform = |first: &Symbol| matches!(first.as_str(), "stdenv" | "system" | "hostPlatform");
    let first = symbolic.path.first();
    symbolic.root == "pkgs" && !symbolic.called && first.is_some_and(|first| !of_platform(first))
}
