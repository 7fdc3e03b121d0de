//! The repository's own options, joined over hosts.

use indexmap::IndexMap;
use nixscope_eval::SourcePlace;
use nixscope_fleet::{Definition, FleetIndex, HostIndex, OptionDeclaration};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use smol_str::SmolStr;

use super::{Names, systems};
use crate::places::{Place, Places};

/// An option that a module of the repository declares.
#[derive(Serialize)]
pub struct OptionJson {
    pub path: SmolStr,
    pub r#type: Option<SmolStr>,
    pub default: Option<SmolStr>,
    pub description: Option<SmolStr>,
    pub declared_at: Option<Place>,
    pub hosts: Names,
    pub defined_in: Vec<DefinedInJson>,
}

/// A place that defines an option.
#[derive(Serialize)]
pub struct DefinedInJson {
    pub file: String,
    pub line: u32,
    pub column: u32,
    pub hosts: Names,
}

/// An option is one declaration of one path; two declarations of a path are two options, which two
/// systems of different kinds may have.
type Key<'a> = (&'a str, Option<SourcePlace>);

#[derive(Default)]
struct Joined<'a> {
    declaration: Option<&'a OptionDeclaration>,
    hosts: FxHashSet<&'a SmolStr>,
    defined_in: FxHashMap<SourcePlace, FxHashSet<&'a SmolStr>>,
}

/// Every option with the hosts that have it and the places that define it, sorted by path.
pub(super) fn join(places: &Places<'_>, fleet: &FleetIndex) -> Vec<OptionJson> {
    let mut joined: IndexMap<Key<'_>, Joined<'_>> = IndexMap::new();
    for (host, index) in systems(fleet) {
        add(&mut joined, host, index);
    }
    let mut options: Vec<OptionJson> = joined
        .into_iter()
        .filter_map(|((path, place), joined)| {
            let declaration = joined.declaration?;
            Some(OptionJson {
                path: path.into(),
                r#type: declaration.type_name.clone(),
                default: declaration.default.clone(),
                description: declaration.description.clone(),
                declared_at: place.map(|place| places.of(place)),
                hosts: joined.hosts.into_iter().cloned().collect(),
                defined_in: defined_in(places, joined.defined_in),
            })
        })
        .collect();
    options.sort_by(|a, b| (&a.path, &a.declared_at).cmp(&(&b.path, &b.declared_at)));
    options
}

fn add<'a>(joined: &mut IndexMap<Key<'a>, Joined<'a>>, host: &'a SmolStr, index: &'a HostIndex) {
    let mut by_path: FxHashMap<&str, Vec<Option<SourcePlace>>> = FxHashMap::default();
    for declaration in &index.options {
        let option = joined.entry((&declaration.path, declaration.place)).or_default();
        option.declaration.get_or_insert(declaration);
        option.hosts.insert(host);
        by_path.entry(&declaration.path).or_default().push(declaration.place);
    }
    for definition in &index.definitions {
        let Some(place) = definition.place else { continue };
        let Some((path, declared)) = option_of(&by_path, definition) else { continue };
        for declaration in declared {
            if let Some(option) = joined.get_mut(&(path, *declaration)) {
                option.defined_in.entry(place).or_default().insert(host);
            }
        }
    }
}

/// The option that a definition is for: its path, or the longest beginning of it that is an option's
/// (`services.x.settings.port` defines `services.x.settings`).
fn option_of<'a, 'm>(
    by_path: &'m FxHashMap<&'a str, Vec<Option<SourcePlace>>>,
    definition: &Definition,
) -> Option<(&'a str, &'m [Option<SourcePlace>])> {
    let mut path = definition.path.as_str();
    loop {
        if let Some((path, declared)) = by_path.get_key_value(path) {
            return Some((path, declared));
        }
        path = parent(path)?;
    }
}

/// The path without its last name; a dot within quotes is part of a name.
fn parent(path: &str) -> Option<&str> {
    let mut quoted = false;
    let mut cut = None;
    let mut escaped = false;
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'.' if !quoted => cut = Some(at),
            _ => {}
        }
    }
    cut.map(|at| &path[..at])
}

fn defined_in(
    places: &Places<'_>,
    joined: FxHashMap<SourcePlace, FxHashSet<&SmolStr>>,
) -> Vec<DefinedInJson> {
    let mut all: Vec<DefinedInJson> = joined
        .into_iter()
        .map(|(place, hosts)| {
            let Place { file, at } = places.of(place);
            DefinedInJson {
                file,
                line: at.line,
                column: at.column,
                hosts: hosts.into_iter().cloned().collect(),
            }
        })
        .collect();
    all.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_in_quotes_is_part_of_a_name() {
        assert_eq!(parent("a.b.c"), Some("a.b"));
        assert_eq!(parent(r#"a."x.y""#), Some("a"));
        assert_eq!(parent(r#"a."x\".y".b"#), Some(r#"a."x\".y""#));
        assert_eq!(parent("a"), None);
    }
}
