//! Options that no module of the repository declares: those of nixpkgs, home-manager and nix-darwin, read
//! from their sources where these are on this machine.
//!
//! Nothing here runs before somebody asks: a fleet's index does not need it.

mod index;
mod tree;

use nixscope_db::Db;
use nixscope_hir::Symbol;

pub use index::{OptionIndex, option_index};
pub use tree::ModuleTree;

use crate::flake::inputs;
use crate::index::{HostClass, Input, OptionDeclaration};
use crate::input_kind::InputKind;
use crate::project::Project;

/// An option that an input declares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExternalOption<'db> {
    /// The input's name.
    pub input: &'db str,
    /// Its declarations, the one that describes it first; at least one. Their places are in files of the
    /// input, so they are shown by absolute path.
    pub declarations: &'db [OptionDeclaration],
}

/// The declaration of an option that a module from outside gives to systems of a class; none where no
/// input whose source is here declares it. Names may be literal where the option has `<name>`.
pub fn external_option<'db>(
    db: &'db dyn Db,
    project: Project,
    class: HostClass,
    path: &[Symbol],
) -> Option<ExternalOption<'db>> {
    lookup(db, project, class, path, |index, path| {
        let found = index.get(path);
        (!found.is_empty()).then_some(found)
    })
    .map(|(input, declarations)| ExternalOption { input, declarations })
}

/// The names that modules from outside have right below a path, for completion; each with its
/// declarations where it is an option and not only a name space.
pub fn external_children<'db>(
    db: &'db dyn Db,
    project: Project,
    class: HostClass,
    path: &[Symbol],
) -> Vec<(&'db str, &'db [OptionDeclaration])> {
    lookup(db, project, class, path, |index, path| {
        let found = index.children(path);
        (!found.is_empty()).then_some(found)
    })
    .map(|(_, found)| found)
    .unwrap_or_default()
}

/// The inputs whose sources are trees of modules for systems of a class. Of several, such as the channels
/// of nixpkgs, the one with the usual name comes first.
pub fn module_trees<'db>(
    db: &'db dyn Db,
    project: Project,
    class: HostClass,
) -> Vec<(&'db Input, ModuleTree<'db>)> {
    let (kind, usual): (InputKind, &[&str]) = match class {
        HostClass::Nixos => (InputKind::Nixpkgs, &["nixpkgs"]),
        HostClass::Darwin => (InputKind::Darwin, &["darwin", "nix-darwin"]),
        HostClass::HomeManager => (InputKind::HomeManager, &["home-manager"]),
        HostClass::NixOnDroid | HostClass::SystemManager => return Vec::new(),
    };
    let mut trees: Vec<(&Input, ModuleTree<'_>)> = inputs(db, project)
        .iter()
        .filter(|(_, of)| *of == kind)
        .filter_map(|(input, _)| Some((input, ModuleTree::find(db, input.source.as_ref()?)?)))
        .filter(|(_, tree)| tree.class(db) == class)
        .collect();
    trees.sort_by_key(|(input, _)| !usual.contains(&input.name.as_str()));
    trees
}

/// Looks a path up in the indexes that hold for a class; what is below `home-manager.users.<name>` is
/// home-manager's.
fn lookup<'db, T>(
    db: &'db dyn Db,
    project: Project,
    class: HostClass,
    path: &[Symbol],
    mut find: impl FnMut(&'db OptionIndex, &[Symbol]) -> Option<T>,
) -> Option<(&'db str, T)> {
    let names: Vec<&str> = path.iter().map(|name| name.as_str()).collect();
    let (class, path) = match names.as_slice() {
        ["home-manager", "users", _, ..] if class != HostClass::HomeManager => {
            (HostClass::HomeManager, &path[3..])
        }
        _ => (class, path),
    };
    module_trees(db, project, class).into_iter().find_map(|(input, tree)| {
        let found = find(option_index(db, tree), path)?;
        Some((input.name.as_str(), found))
    })
}
