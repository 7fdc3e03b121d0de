//! What an input is: which of the projects that the models know it comes from.
//!
//! An input is recognised by the repository that its URL or lock entry names, not by what the flake
//! calls it. A fork keeps the repository's name, so the name decides and not the owner.

use serde_json::Value as Json;

use crate::index::Input;

/// What an input is, as far as it is modelled.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum InputKind {
    /// nixpkgs, or a fork or channel of it.
    Nixpkgs,
    /// home-manager.
    HomeManager,
    /// nix-darwin.
    Darwin,
    /// flake-parts.
    FlakeParts,
    /// flake-utils.
    FlakeUtils,
    /// flake-utils-plus.
    FlakeUtilsPlus,
    /// haumea.
    Haumea,
    /// nix-systems/*: a list of systems, which these are.
    Systems(&'static [&'static str]),
    /// clan-core.
    Clan,
    /// colmena.
    Colmena,
    /// deploy-rs.
    DeployRs,
    /// import-tree.
    ImportTree,
    /// snowfall-lib.
    Snowfall,
    /// blueprint.
    Blueprint,
    /// nixos-unified, once nixos-flake.
    NixosUnified,
    /// easy-hosts.
    EasyHosts,
    /// ez-configs.
    EzConfigs,
    /// lite-config.
    LiteConfig,
    /// nixos-generators.
    Generators,
    /// den.
    Den,
    /// flake-file.
    FlakeFile,
    /// flake-input-patcher.
    InputPatcher,
    /// adios-flake.
    AdiosFlake,
    /// microvm.nix.
    Microvm,
    /// nixos-extra-modules.
    ExtraModules,
    /// Anything else.
    Other,
}

/// Repositories by name. Where an input names several, the first row counts.
const REPOSITORIES: &[(&str, InputKind)] = &[
    ("home-manager", InputKind::HomeManager),
    ("nix-darwin", InputKind::Darwin),
    ("flake-parts", InputKind::FlakeParts),
    ("flake-utils-plus", InputKind::FlakeUtilsPlus),
    ("flake-utils", InputKind::FlakeUtils),
    ("haumea", InputKind::Haumea),
    ("clan-core", InputKind::Clan),
    ("colmena", InputKind::Colmena),
    ("deploy-rs", InputKind::DeployRs),
    ("import-tree", InputKind::ImportTree),
    ("blueprint", InputKind::Blueprint),
    ("nixos-unified", InputKind::NixosUnified),
    ("nixos-flake", InputKind::NixosUnified),
    ("easy-hosts", InputKind::EasyHosts),
    ("ez-configs", InputKind::EzConfigs),
    ("lite-config", InputKind::LiteConfig),
    ("nixos-generators", InputKind::Generators),
    ("den", InputKind::Den),
    ("flake-file", InputKind::FlakeFile),
    ("flake-input-patcher", InputKind::InputPatcher),
    ("adios-flake", InputKind::AdiosFlake),
    ("microvm.nix", InputKind::Microvm),
    ("nixos-extra-modules", InputKind::ExtraModules),
    ("nixpkgs", InputKind::Nixpkgs),
    ("nixpkgs.lib", InputKind::Nixpkgs),
    ("nixpkgs-weekly", InputKind::Nixpkgs),
    ("nixexprs.tar.xz", InputKind::Nixpkgs),
];

/// Repositories whose name alone says too little: owner and name.
const OWNED: &[((&str, &str), InputKind)] = &[
    (("snowfallorg", "lib"), InputKind::Snowfall),
    (("snowfallorg", "snowfall-lib"), InputKind::Snowfall),
    (("lnl7", "nix-darwin"), InputKind::Darwin),
];

/// The lists of systems that github.com/nix-systems has.
const SYSTEMS: &[(&str, &[&str])] = &[
    ("default", &["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"]),
    ("default-linux", &["aarch64-linux", "x86_64-linux"]),
    ("default-darwin", &["aarch64-darwin", "x86_64-darwin"]),
    ("aarch64-darwin", &["aarch64-darwin"]),
    ("aarch64-linux", &["aarch64-linux"]),
    ("x86_64-darwin", &["x86_64-darwin"]),
    ("x86_64-linux", &["x86_64-linux"]),
];

/// What inputs are usually called, for one of which neither a URL nor a lock entry is known.
const NAMES: &[(&str, InputKind)] = &[("darwin", InputKind::Darwin), ("snowfall-lib", InputKind::Snowfall)];

/// What an input is, by its node in the lock, or else by its URL.
pub(crate) fn classify(input: &Input, locked: Option<&Json>) -> InputKind {
    let field = |part: &str, name: &str| {
        Some(locked?.get(part)?.get(name)?.as_str().map(str::to_lowercase).unwrap_or_default())
    };
    let mut text = String::new();
    for part in ["locked", "original"] {
        for name in ["owner", "repo", "id", "url"] {
            text.extend(field(part, name).into_iter().flat_map(|it| [it, "/".into()]));
        }
    }
    if text.is_empty() {
        text = input.url.as_deref().unwrap_or("").to_lowercase();
    }
    match text.contains(':') || locked.is_some() {
        true => by_repository(&segments(&text).collect::<Vec<_>>()),
        false if text.is_empty() => by_name(&input.name.to_lowercase()),
        // `nixpkgs/nixos-25.11` names an entry of the registry, `clan-core/nixpkgs` an input to follow.
        false if text.starts_with("nixpkgs/") => InputKind::Nixpkgs,
        false => by_name(text.rsplit('/').next().unwrap_or("")),
    }
}

pub(crate) fn by_repository(words: &[&str]) -> InputKind {
    if let Some([_, list]) = words.windows(2).find(|it| it[0] == "nix-systems") {
        let known = SYSTEMS.iter().find(|(name, _)| name == list);
        return known.map_or(InputKind::Other, |(_, systems)| InputKind::Systems(systems));
    }
    let owned = OWNED.iter().find(|((owner, name), _)| words.windows(2).any(|it| it == [*owner, *name]));
    let named = || REPOSITORIES.iter().find(|(name, _)| words.contains(name)).map(|(_, kind)| *kind);
    let is_channel = words.iter().any(|word| matches!(*word, "channels.nixos.org" | "releases.nixos.org"));
    match owned {
        Some((_, kind)) => *kind,
        None => named().unwrap_or(if is_channel { InputKind::Nixpkgs } else { InputKind::Other }),
    }
}

/// The kind that an input's own name suggests.
pub(crate) fn by_name(name: &str) -> InputKind {
    match REPOSITORIES.iter().chain(NAMES).find(|(known, _)| *known == name) {
        Some((_, kind)) => *kind,
        None if name.starts_with("nixpkgs") => InputKind::Nixpkgs,
        None => InputKind::Other,
    }
}

/// The parts of a flake reference: scheme, host, owner, repository, parameters.
pub(crate) fn segments(url: &str) -> impl Iterator<Item = &str> {
    url.split(['/', ':', '?', '&', '=', '#', '~'])
        .map(|part| part.strip_suffix(".git").unwrap_or(part))
        .filter(|part| !part.is_empty() && *part != ".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flake::blank;

    fn of(name: &str, url: &str) -> InputKind {
        let url = (!url.is_empty()).then(|| url.into());
        classify(&Input { url, ..blank(name.into()) }, None)
    }

    #[test]
    fn an_input_is_what_its_url_names() {
        assert_eq!(of("unstable", "github:NixOS/nixpkgs/nixos-unstable"), InputKind::Nixpkgs);
        assert_eq!(of("n", "https://channels.nixos.org/nixos-unstable/nixexprs.tar.xz"), InputKind::Nixpkgs);
        assert_eq!(of("stable", "nixpkgs/nixos-23.11"), InputKind::Nixpkgs);
        assert_eq!(of("c", "git+https://git.clan.lol/clan/clan-core?ref=main"), InputKind::Clan);
        assert_eq!(of("hm", "git+ssh://git@example.org/mirror/home-manager.git"), InputKind::HomeManager);
        assert_eq!(of("lib", "github:snowfallorg/lib"), InputKind::Snowfall);
        assert_eq!(of("utils", "github:gytis-ivaskevicius/flake-utils-plus"), InputKind::FlakeUtilsPlus);
    }

    #[test]
    fn a_name_that_only_begins_alike_is_another_project() {
        assert_eq!(of("nixpkgs-wayland", "github:nix-community/nixpkgs-wayland"), InputKind::Other);
        assert_eq!(of("nixpkgs", "github:me/dotfiles"), InputKind::Other);
        assert_eq!(of("lib", "github:me/lib"), InputKind::Other);
    }

    #[test]
    fn a_list_of_systems_is_known_by_its_name() {
        let linux: &[&str] = &["aarch64-linux", "x86_64-linux"];
        assert_eq!(of("systems", "github:nix-systems/default-linux"), InputKind::Systems(linux));
        assert_eq!(of("systems", "github:nix-systems/riscv64-linux"), InputKind::Other);
    }

    #[test]
    fn an_input_that_follows_another_is_what_it_follows() {
        assert_eq!(of("n", "clan-core/nixpkgs"), InputKind::Nixpkgs);
        assert_eq!(of("fmt", "clan-core/treefmt-nix"), InputKind::Other);
    }

    #[test]
    fn without_a_url_the_registry_knows_the_name() {
        assert_eq!(of("nixpkgs-unstable", ""), InputKind::Nixpkgs);
        assert_eq!(of("home-manager", ""), InputKind::HomeManager);
        assert_eq!(of("my-modules", ""), InputKind::Other);
    }
}
