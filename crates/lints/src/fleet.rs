//! Reading the fleet's index: every system of every host, and one finding for a place that several
//! hosts share.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::SourcePlace;
use nixscope_fleet::{FleetIndex, HostIndex, HostReference};
use nixscope_syntax::TextRange;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};

/// Every host's index and those of the systems inside it, with the host's name.
pub(crate) fn systems(fleet: &FleetIndex) -> Vec<(&SmolStr, &HostIndex)> {
    let mut out = Vec::new();
    for (host, index) in &fleet.hosts {
        collect(&host.name, index, &mut out);
    }
    out
}

fn collect<'a>(name: &'a SmolStr, index: &'a HostIndex, out: &mut Vec<(&'a SmolStr, &'a HostIndex)>) {
    out.push((name, index));
    for nested in &index.nested {
        collect(name, &nested.index, out);
    }
}

/// Every reference to another host, with the host that reads it; none for what the flake's own file
/// reads outside of its hosts.
pub(crate) fn references(fleet: &FleetIndex) -> Vec<(Option<&SmolStr>, &HostReference)> {
    let of_hosts = systems(fleet)
        .into_iter()
        .flat_map(|(host, index)| index.references.iter().map(move |it| (Some(host), it)));
    of_hosts.chain(fleet.references.iter().map(|it| (None, it))).collect()
}

/// Findings that hosts share: one for each place and message.
#[derive(Default)]
pub(crate) struct Merged {
    found: Vec<Diagnostic>,
    known: FxHashMap<(SourceFile, TextRange, String), usize>,
}

impl Merged {
    /// Adds a finding of a host, or of the flake as such.
    pub(crate) fn add(&mut self, host: Option<&SmolStr>, finding: Diagnostic) {
        let key = (finding.file, finding.range, finding.message.clone());
        let next = self.found.len();
        let index = *self.known.entry(key).or_insert(next);
        if index == next {
            self.found.push(finding);
        }
        if let (Some(finding), Some(host)) = (self.found.get_mut(index), host)
            && !finding.hosts.contains(host)
        {
            finding.hosts.push(host.clone());
        }
    }

    /// The findings, in the order in which they came; the hosts of each sorted.
    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        let mut found = self.found;
        for finding in &mut found {
            finding.hosts.sort();
        }
        found
    }
}

/// "on web", "on web and db", "on web, db and 3 others".
pub(crate) fn on_hosts(hosts: &[SmolStr]) -> String {
    match hosts {
        [] => String::new(),
        [one] => format!("on {one}"),
        [one, two] => format!("on {one} and {two}"),
        [one, two, three] => format!("on {one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("on {one}, {two} and {} others", rest.len()),
    }
}

/// The fix that writes another name at a place; none where the name is not written out there.
pub(crate) fn rename(db: &dyn Db, place: SourcePlace, from: &str, to: &str) -> Option<Fix> {
    let range = place.range(db);
    let text = place.source.text(db).as_str();
    let written = text.get(usize::from(range.start())..usize::from(range.end()))?;
    (written.trim_matches('"') == from).then(|| Fix {
        title: format!("Write `{to}`"),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { file: place.source, range, new_text: written.replace(from, to) }],
    })
}
