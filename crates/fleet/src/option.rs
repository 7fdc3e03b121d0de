//! One option of one host: what sets it, which definition wins, what comes out.

use nixscope_db::Db;
use nixscope_eval::modules::System;
use nixscope_hir::Symbol;
use smol_str::SmolStr;

use crate::host_eval::{show, show_value};
use crate::index::Definition;
use crate::outputs::with_flake;
use crate::project::Project;
use crate::queries::host_value;

/// What is known of one option of one host.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HostOption {
    /// The definitions, in the order of the modules, also those that a condition switches off.
    pub definitions: Vec<Definition>,
    /// The value, printed, where it is known and short.
    pub value: Option<SmolStr>,
    /// Why the value is not known.
    pub unknown: Option<SmolStr>,
}

/// An option of a host. Re-evaluated when a file of the host's closure changes.
#[salsa::tracked(returns(ref))]
pub fn host_option(
    db: &dyn Db,
    project: Project,
    output: SmolStr,
    host: SmolStr,
    path: SmolStr,
) -> HostOption {
    let names = parse_option_path(&path);
    with_flake(db, project, |ev, flake| {
        let Ok(value) = host_value(ev, flake, &output, &host) else { return HostOption::default() };
        let Some(system) = ev.system_of(value) else { return HostOption::default() };
        let defs = system.definitions(ev, &names, true);
        let winners = System::winners(&defs);
        let definitions = defs
            .iter()
            .filter(|def| def.unknown.is_none())
            .map(|def| Definition {
                path: path.clone(),
                place: def.place.resolve(ev),
                priority: def.priority,
                active: def.active,
                winning: winners.iter().any(|winner| std::ptr::eq(winner.value, def.value)),
                value: show(ev, def.value),
            })
            .collect();
        let (value, unknown) = match system.value_at(ev, &names) {
            Ok(Some(value)) => match show_value(ev, value) {
                Some(shown) => (Some(shown), None),
                None => (None, Some("it is not fully known, or too long to show".into())),
            },
            Ok(None) => (None, Some("nothing sets or declares it".into())),
            Err(nixscope_eval::Halt::Unknown(unknown)) => (None, Some(unknown.reason.describe().into())),
            Err(nixscope_eval::Halt::Fail(error)) => (None, Some(error.message.into())),
        };
        HostOption { definitions, value, unknown }
    })
}

/// Splits `a."b.c".d` into its names.
pub fn parse_option_path(path: &str) -> Vec<Symbol> {
    let mut names = Vec::new();
    let mut current = String::new();
    let mut quoted = false;
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => current.extend(chars.next()),
            '.' if !quoted => names.push(Symbol::new(&std::mem::take(&mut current))),
            c => current.push(c),
        }
    }
    if !current.is_empty() || !names.is_empty() {
        names.push(Symbol::new(&current));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_names_keep_their_dots() {
        let names: Vec<&str> =
            parse_option_path("a.\"b.c\".d").into_iter().map(|name| name.as_str()).collect();
        assert_eq!(names, ["a", "b.c", "d"]);
    }
}
