//! The program that a flake formats with: its output `formatter`.

use nixscope_db::Db;
use nixscope_eval::{Halt, Value};

use crate::outputs::with_flake;
use crate::project::Project;

/// Packages that format standard input, and how they are called.
///
/// Source: nixpkgs, `pkgs/by-name/ni/nixfmt`, `ni/nixfmt-tree`, `al/alejandra`, `ni/nixpkgs-fmt`; their manuals. A `treefmt` is
/// not among them: which programs it runs is said by files of the repository.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("alejandra", &["alejandra", "--quiet", "-"]),
    ("nixfmt", &["nixfmt"]),
    ("nixfmt-classic", &["nixfmt"]),
    ("nixfmt-rfc-style", &["nixfmt"]),
    ("nixfmt-tree", &["nixfmt"]),
    ("nixpkgs-fmt", &["nixpkgs-fmt"]),
];

/// The command of the formatter that the flake names, for the first of its systems; none where it names none, or one
/// that is not known. Re-evaluated when a file that it is made of changes.
#[salsa::tracked(returns(copy))]
pub fn flake_formatter(db: &dyn Db, project: Project) -> Option<&'static [&'static str]> {
    with_flake(db, project, |ev, flake| {
        let systems = flake.output(ev, "formatter").ok()??;
        systems.sorted().into_iter().find_map(|system| {
            let value = match ev.force(system.value).and_then(|value| ev.settle(value)) {
                Ok(Value::Unknown(unknown)) | Err(Halt::Unknown(unknown)) => unknown,
                _ => return None,
            };
            // `inputs.nixpkgs.legacyPackages.x86_64-linux.nixfmt`: the last name that is a program's.
            let path = value.path();
            let mut names = path.rsplit('.');
            names
                .find_map(|name| PROGRAMS.iter().find(|(known, _)| *known == name))
                .map(|(_, command)| *command)
        })
    })
}
