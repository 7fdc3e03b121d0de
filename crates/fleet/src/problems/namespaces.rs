//! Name spaces of options: which of them only the repository declares.

use nixscope_eval::modules::System;
use nixscope_eval::{Evaluator, edit_distance};
use nixscope_hir::Symbol;

use super::Search;

impl Search<'_, '_> {
    /// Whether what the repository does not declare at a path does not exist. A host has modules that are
    /// not at hand; they declare options in name spaces of their own.
    pub(super) fn is_own_space(&self, path: &[Symbol]) -> bool {
        let [first, _, ..] = path else { return false };
        // What stands in a list has no name that a reader could look for, and its type may be extended anywhere.
        if path.iter().any(|name| name.as_str().starts_with('[')) {
            return false;
        }
        let tree = self.system.options(self.ev);
        let is_own =
            tree.children.contains_key(first.as_str()) && OUTSIDE.binary_search(&first.as_str()).is_err();
        if is_own && !self.has_foreign_modules() {
            return true;
        }
        // Elsewhere a name is only taken for a slip beside one that it is very like, where an `enable` of the
        // repository stands beside it: nothing else declares that one too.
        let has_enable = |length: usize| {
            let enable = [&path[..length], &[Symbol::new("enable")]].concat();
            tree.descend(&enable)
                .is_some_and(|node| node.declarations.iter().any(|decl| self.is_own(decl.place)))
        };
        (is_own || has_enable(path.len() - 1)) && is_slip(self.ev, &self.system, path)
    }

    /// Whether everything below a name is the repository's.
    pub(super) fn is_own_root(&self, first: Symbol) -> bool {
        let tree = self.system.options(self.ev);
        !is_outside(first) && tree.children.contains_key(first.as_str()) && !self.has_foreign_modules()
    }

    /// Whether modules of other people's repositories, which may declare anything, are among the system's.
    pub(super) fn has_foreign_modules(&self) -> bool {
        let closure = self.system.closure(self.ev);
        closure.external.iter().any(|import| {
            let path = import.module.path();
            let input = path.strip_prefix("inputs.").and_then(|rest| rest.split('.').next());
            !input.is_some_and(|name| PUBLIC.iter().any(|known| name.contains(known)))
        })
    }
}

/// Whether a name that is not declared is very like one that is.
pub(super) fn is_slip<'h>(ev: &Evaluator<'h>, system: &System<'h>, path: &[Symbol]) -> bool {
    let nearest = system.nearest_options(ev, path);
    let pair = path.last().zip(nearest.first().and_then(|it| it.last()));
    pair.is_some_and(|(last, near)| {
        let length = last.as_str().chars().count();
        let distance = edit_distance(last.as_str(), near.as_str());
        length >= 4 && distance <= 2 && distance * 3 <= length
    })
}

fn is_outside(first: Symbol) -> bool {
    is_system_namespace(first.as_str())
}

/// Whether NixOS, nix-darwin, home-manager or a well-known module declares options below a name at the top.
pub fn is_system_namespace(first: &str) -> bool {
    OUTSIDE.binary_search(&first).is_ok()
}

/// What the inputs of well-known modules are called, or have in their names. These declare options in the
/// name spaces that are listed below.
const PUBLIC: &[&str] = &[
    "agenix",
    "catppuccin",
    "chaotic",
    "disko",
    "hardware",
    "home",
    "hyprland",
    "impermanence",
    "jovian",
    "lanzaboote",
    "lix",
    "microvm",
    "niri",
    "nix-darwin",
    "nix-flatpak",
    "nix-index",
    "nix-ld",
    "nix-minecraft",
    "nixarr",
    "nixos-wsl",
    "nixpkgs",
    "nixvim",
    "nur",
    "nvf",
    "plasma",
    "secrix",
    "simple-nixos-mailserver",
    "sops",
    "spicetify",
    "srvos",
    "stylix",
    "vscode-server",
    "wsl",
];

/// The names at the top of NixOS's, nix-darwin's and home-manager's own options, and of well-known
/// modules: what is below them may be declared where it cannot be seen. Sorted.
const OUTSIDE: &[&str] = &[
    "_module",
    "accounts",
    "age",
    "appstream",
    "assertions",
    "boot",
    "catppuccin",
    "clan",
    "colorScheme",
    "console",
    "containers",
    "dconf",
    "deployment",
    "disko",
    "documentation",
    "editorconfig",
    "environment",
    "fileSystems",
    "flake",
    "fonts",
    "gtk",
    "hardware",
    "home",
    "home-manager",
    "homebrew",
    "hydraJobs",
    "i18n",
    "image",
    "jovian",
    "krb5",
    "lanzaboote",
    "launchd",
    "lib",
    "location",
    "manual",
    "meta",
    "microvm",
    "modules",
    "networking",
    "news",
    "nix",
    "nixinate",
    "nixos",
    "nixpkgs",
    "oci",
    "pam",
    "perSystem",
    "power",
    "powerManagement",
    "programs",
    "proxmox",
    "qt",
    "secrets",
    "secrix",
    "security",
    "services",
    "snapraid",
    "sops",
    "sound",
    "specialisation",
    "stylix",
    "swapDevices",
    "system",
    "systemd",
    "systems",
    "targets",
    "time",
    "topology",
    "users",
    "virtualisation",
    "warnings",
    "wayland",
    "wsl",
    "xdg",
    "xresources",
    "xsession",
    "zramSwap",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_outside_are_sorted() {
        assert!(OUTSIDE.is_sorted());
    }
}
