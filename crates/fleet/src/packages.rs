//! The names of packages, read from the source of nixpkgs where it is on this machine.

use nixscope_db::{Db, EntryKind};
use nixscope_hir::{Expr, body};
use smol_str::SmolStr;

use crate::flake::inputs;
use crate::input_kind::InputKind;
use crate::project::Project;

/// The names at the top of the package set, sorted: the directories of `pkgs/by-name`, and the attributes of
/// `pkgs/top-level/all-packages.nix`. Nothing is evaluated for them. Of several channels the one with the usual name counts; empty
/// where none has its source here.
#[salsa::tracked(returns(deref))]
pub fn package_names(db: &dyn Db, project: Project) -> Vec<SmolStr> {
    let mut sources: Vec<_> =
        inputs(db, project).iter().filter(|(_, kind)| *kind == InputKind::Nixpkgs).collect();
    sources.sort_by_key(|(input, _)| input.name != "nixpkgs");
    let Some(root) = sources.into_iter().find_map(|(input, _)| input.source.clone()) else {
        return Vec::new();
    };
    let mut names: Vec<SmolStr> = Vec::new();
    // Source: nixpkgs, `pkgs/by-name/README.md`: `pkgs/by-name/ab/abc/package.nix`.
    let by_name = root.join("pkgs/by-name");
    for (shard, kind) in nixscope_db::list(db, &by_name) {
        if *kind == EntryKind::Directory {
            let packages = nixscope_db::list(db, &by_name.join(shard)).iter();
            let packages = packages.filter(|(_, kind)| *kind == EntryKind::Directory);
            names.extend(packages.map(|(name, _)| SmolStr::from(&**name)));
        }
    }
    let all = nixscope_db::source(db, &root.join("pkgs/top-level/all-packages.nix"));
    let sets = body(db, all).exprs.iter().filter_map(|(_, expr)| match expr {
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => Some(bindings),
        _ => None,
    });
    // The file is a function to a large set.
    if let Some(top) = sets.max_by_key(|bindings| bindings.named.len()) {
        names.extend(top.named.iter().map(|binding| SmolStr::from(binding.name.as_str())));
    }
    names.sort();
    names.dedup();
    names
}
