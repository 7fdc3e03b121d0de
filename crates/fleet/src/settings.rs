//! What a host sets of the options of nixpkgs that are about security: the ground on which those lints stand.
//!
//! One evaluation for each host looks at all of them. A definition under a condition that is not known, and a
//! value that is not known, are kept as such: whoever judges them stays silent.

use nixscope_eval::modules::{Def, System};
use nixscope_eval::{Evaluator, SourcePlace, Thunk, Value};
use nixscope_hir::Symbol;
use smol_str::SmolStr;

use crate::closure::{is_foreign, own_place};
use crate::secrets;

/// What one host sets, in the order of `WATCHED`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HostSettings {
    /// The options that something sets.
    pub settings: Vec<Setting>,
}

/// An option that a host sets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// The names of its path.
    pub path: Vec<SmolStr>,
    /// The definitions whose conditions hold or are not known, in the order of the modules.
    pub definitions: Vec<SettingDefinition>,
    /// Whether something that is not known may define it as well.
    pub open: bool,
}

/// A definition of such an option.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettingDefinition {
    /// The option's name in the definition; none where the repository does not write it.
    pub name: Option<SourcePlace>,
    /// Its priority; a lower one wins.
    pub priority: i64,
    /// Whether it is known that its conditions hold.
    pub active: bool,
    /// Whether it is among those that make the value.
    pub winning: bool,
    /// The value.
    pub value: SettingValue,
}

/// A value with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettingValue {
    /// Where it is written, if it is in the repository.
    pub place: Option<SourcePlace>,
    /// What it is.
    pub known: Known,
}

/// A value, as far as it is known. Functions and derivations are not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Known {
    /// Not known, or of no interest.
    No,
    /// `null`
    Null,
    /// A bool.
    Bool(bool),
    /// A number.
    Int(i64),
    /// A text, never one that was read from a secret.
    Text(SmolStr),
    /// A list; the flag says whether it is known to its end.
    List(Vec<SettingValue>, bool),
    /// A set; the flag says whether it is known completely.
    Set(Vec<(SmolStr, SettingValue)>, bool),
}

impl HostSettings {
    /// The setting of a path.
    pub fn get(&self, path: &[&str]) -> Option<&Setting> {
        self.settings.iter().find(|it| it.path.iter().eq(path))
    }

    /// The settings whose paths fit a pattern; `*` stands for any name.
    pub fn matching<'a>(&'a self, pattern: &'static [&'static str]) -> impl Iterator<Item = &'a Setting> {
        self.settings.iter().filter(move |it| {
            it.path.len() == pattern.len()
                && it.path.iter().zip(pattern).all(|(name, wanted)| *wanted == "*" || name == wanted)
        })
    }
}

impl Setting {
    /// The definitions that make the value; empty where that is not known.
    pub fn winners(&self) -> impl Iterator<Item = &SettingDefinition> {
        let certain = !self.open && self.definitions.iter().all(|it| it.active || !it.winning);
        self.definitions.iter().filter(move |it| certain && it.winning)
    }

    /// The definition that makes the value of an option that has only one.
    pub fn winner(&self) -> Option<&SettingDefinition> {
        self.winners().next()
    }

    /// The path as options are written.
    pub fn shown_path(&self) -> SmolStr {
        let names: Vec<Symbol> = self.path.iter().map(|name| Symbol::new(name)).collect();
        nixscope_eval::modules::show_option_path(&names).into()
    }
}

impl Known {
    /// The text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Known::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A member of a set.
    pub fn member(&self, name: &str) -> Option<&SettingValue> {
        match self {
            Known::Set(entries, _) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// What is looked at; `*` stands for every name that is defined there.
const WATCHED: &[&[&str]] = &[
    &["age", "identityPaths"],
    &["age", "secrets", "*", "mode"],
    &["age", "secrets", "*", "name"],
    &["age", "secrets", "*", "path"],
    &["networking", "firewall", "allowedTCPPortRanges"],
    &["networking", "firewall", "allowedUDPPortRanges"],
    &["networking", "firewall", "enable"],
    &["networking", "nftables", "ruleset"],
    &["networking", "nftables", "rulesetFile"],
    &["networking", "nftables", "tables"],
    &["nix", "binaryCachePublicKeys"],
    &["nix", "binaryCaches"],
    &["nix", "enable"],
    &["nix", "settings", "extra-substituters"],
    &["nix", "settings", "extra-trusted-public-keys"],
    &["nix", "settings", "require-sigs"],
    &["nix", "settings", "substituters"],
    &["nix", "settings", "trusted-public-keys"],
    &["services", "openssh", "enable"],
    &["services", "openssh", "passwordAuthentication"],
    &["services", "openssh", "permitRootLogin"],
    &["services", "openssh", "settings", "PasswordAuthentication"],
    &["services", "openssh", "settings", "PermitRootLogin"],
    &["services", "prometheus", "exporters", "*", "enable"],
    &["services", "prometheus", "exporters", "*", "listenAddress"],
    &["services", "prometheus", "exporters", "*", "openFirewall"],
    &["sops", "age", "keyFile"],
    &["sops", "age", "sshKeyPaths"],
    &["sops", "gnupg", "home"],
    &["sops", "gnupg", "sshKeyPaths"],
    &["sops", "secrets", "*", "mode"],
    &["sops", "secrets", "*", "name"],
    &["sops", "secrets", "*", "path"],
    &["sops", "templates", "*", "mode"],
    &["systemd", "services", "*", "script"],
    &["systemd", "services", "*", "serviceConfig"],
];

/// What all of it may take to be evaluated.
const STEPS: u64 = 2_000_000;

/// Deeper values are not looked at.
const MAX_DEPTH: u32 = 3;

/// Longer lists and sets are not looked at to their end.
const MAX_ITEMS: usize = 200;

/// Longer texts are not kept.
const MAX_TEXT: usize = 300;

/// What a host sets.
pub(crate) fn settings<'h>(ev: &Evaluator<'h>, system: &System<'h>) -> HostSettings {
    let mut out = HostSettings::default();
    ev.within(STEPS, || {
        for pattern in WATCHED {
            for path in secrets::expand(ev, system, pattern) {
                out.settings.extend(setting(ev, system, &path));
            }
        }
    });
    out
}

fn setting<'h>(ev: &Evaluator<'h>, system: &System<'h>, path: &[Symbol]) -> Option<Setting> {
    let defs = system.definitions(ev, path, false);
    if defs.is_empty() {
        return None;
    }
    let open = defs.iter().any(|def| def.unknown.is_some());
    let known: Vec<Def<'h>> = defs.into_iter().filter(|def| def.unknown.is_none()).collect();
    let winners = System::winners(&known);
    let is_winner = |def: &Def<'h>| winners.iter().any(|winner| std::ptr::eq(winner.value, def.value));
    let definitions = known.iter().map(|def| SettingDefinition {
        name: own(ev, def.place.resolve(ev)),
        priority: def.priority,
        active: def.active == Some(true),
        winning: is_winner(def),
        value: value(ev, def.value, 0),
    });
    Some(Setting {
        path: path.iter().map(|name| SmolStr::from(name.as_str())).collect(),
        definitions: definitions.collect(),
        open,
    })
}

fn own(ev: &Evaluator<'_>, place: Option<SourcePlace>) -> Option<SourcePlace> {
    place.filter(|place| !is_foreign(ev, place.source))
}

fn value<'h>(ev: &Evaluator<'h>, thunk: &'h Thunk<'h>, depth: u32) -> SettingValue {
    let place = own(ev, own_place(ev, thunk.place()));
    let known = match ev.force(thunk).and_then(|value| ev.settle(value)) {
        Ok(value) => known(ev, value, depth),
        Err(_) => Known::No,
    };
    SettingValue { place, known }
}

fn known<'h>(ev: &Evaluator<'h>, it: Value<'h>, depth: u32) -> Known {
    match it {
        Value::Null => Known::Null,
        Value::Bool(it) => Known::Bool(it),
        Value::Int(it) => Known::Int(it),
        Value::Str(text) if text.text.len() <= MAX_TEXT && !secrets::reveals(ev, text.text) => {
            Known::Text(text.text.into())
        }
        Value::List(list) if depth < MAX_DEPTH => {
            let items = list.items.iter().take(MAX_ITEMS).map(|item| value(ev, item, depth + 1)).collect();
            Known::List(items, list.open.is_none() && list.items.len() <= MAX_ITEMS)
        }
        Value::Attrs(attrs) if depth < MAX_DEPTH => {
            let entry = |attr: &nixscope_eval::Attr<'h>| {
                (SmolStr::from(attr.name.as_str()), value(ev, attr.value, depth + 1))
            };
            let entries = attrs.sorted().into_iter().take(MAX_ITEMS).map(entry).collect();
            Known::Set(entries, attrs.open.is_none() && attrs.entries.len() <= MAX_ITEMS)
        }
        _ => Known::No,
    }
}
