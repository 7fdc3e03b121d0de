//! Reading the fleet's index: every system of every host, and one finding for a place that several
//! hosts share.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::SourcePlace;
use nixscope_fleet::{FleetIndex, HostIndex, HostReference, HostSettings, ReferenceStatus, host_settings};
use nixscope_syntax::TextRange;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::context::FleetContext;
use crate::diagnostic::{Diagnostic, Edit, Fix};

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

/// What every host sets of the options that lints of security look at, with its name.
pub(crate) fn settings<'db>(
    cx: &FleetContext<'db>,
) -> impl Iterator<Item = (&'db SmolStr, &'db HostSettings)> {
    let (db, project) = (cx.db, cx.project);
    cx.fleet.hosts.iter().map(move |(host, _)| {
        (&host.name, host_settings(db, project, host.output.clone(), host.name.clone()))
    })
}

/// Whether a host is an installation medium, as far as its name and the modules say that it gets from nixpkgs.
pub(crate) fn is_installer(cx: &FleetContext<'_>, host: &str) -> bool {
    let mut words = host.split(|c: char| !c.is_ascii_alphanumeric());
    if words.any(|word| ["iso", "installer", "install", "live", "netboot", "kexec"].contains(&word)) {
        return true;
    }
    let indices = cx.fleet.hosts.iter().filter(|(it, _)| it.name == host).map(|(_, index)| index);
    let mut names = indices.flat_map(|index| &index.external).map(|it| it.name.as_str());
    names
        .any(|it| ["installer", "installation-", "iso-image", "netboot"].iter().any(|mark| it.contains(mark)))
}

/// Whether a place is in a file of the repository.
pub(crate) fn is_own(cx: &FleetContext<'_>, place: SourcePlace) -> bool {
    place.source.path(cx.db).starts_with(cx.project.root(cx.db))
}

/// Every reference to another host, with the host that reads it; none for what the flake's own file
/// reads outside of its hosts.
pub(crate) fn references(fleet: &FleetIndex) -> Vec<(Option<&SmolStr>, &HostReference)> {
    let of_hosts = systems(fleet)
        .into_iter()
        .flat_map(|(host, index)| index.references.iter().map(move |it| (Some(host), it)));
    of_hosts.chain(fleet.references.iter().map(|it| (None, it))).collect()
}

/// The references that came out like that and that the program does not guard itself, with the host that reads
/// and the name of the one that is read.
pub(crate) fn failed_references(
    fleet: &FleetIndex,
    status: ReferenceStatus,
) -> impl Iterator<Item = (Option<&SmolStr>, &HostReference, &SmolStr)> {
    references(fleet)
        .into_iter()
        .filter(move |(_, it)| it.status == status && !it.guarded)
        .filter_map(|(reader, it)| Some((reader, it, it.host.as_ref()?)))
}

/// Stands in a message for "on web and db", until it is known which hosts share the finding.
pub(crate) const HOSTS: &str = "\0";

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

    /// The findings, in the order in which they came; the hosts of each sorted. A [`HOSTS`] in a message gives
    /// way to them.
    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        let mut found = self.found;
        for finding in &mut found {
            finding.hosts.sort();
            if finding.message.contains(HOSTS) {
                finding.message = finding.message.replace(HOSTS, &on_hosts(&finding.hosts));
            }
        }
        found
    }
}

/// The findings of hosts, one for each place and message.
pub(crate) fn merged<'a>(found: impl IntoIterator<Item = (&'a SmolStr, Diagnostic)>) -> Vec<Diagnostic> {
    let mut merged = Merged::default();
    found.into_iter().for_each(|(host, finding)| merged.add(Some(host), finding));
    merged.finish()
}

/// Findings of one lint, one for each place: what a function writes for many (`mkSecret`) is said of the first, and how
/// many more there are.
pub(crate) fn folded(found: Vec<Diagnostic>, noun: &str) -> Vec<Diagnostic> {
    let mut out: Vec<(Diagnostic, usize)> = Vec::new();
    let mut known: FxHashMap<(SourceFile, TextRange), usize> = FxHashMap::default();
    for finding in found {
        let index = *known.entry((finding.file, finding.range)).or_insert(out.len());
        match out.get_mut(index) {
            None => out.push((finding, 0)),
            Some((first, more)) => {
                *more += 1;
                first.hosts.extend(finding.hosts);
                first.hosts.sort();
                first.hosts.dedup();
            }
        }
    }
    let said = |(mut finding, more): (Diagnostic, usize)| {
        if more > 0 {
            let plural = if more == 1 { "" } else { "s" };
            finding.message.push_str(&format!("; and {more} more {noun}{plural} that this line is for"));
        }
        finding
    };
    out.into_iter().map(said).collect()
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
    let written = written(db, place)?;
    let edit = Edit { file: place.source, range: place.range(db), new_text: written.replace(from, to) };
    is_written(db, place, from).then(|| Fix::risky(format!("Write `{to}`"), vec![edit]))
}

/// Whether a name is written out at a place, with or without quotes.
pub(crate) fn is_written(db: &dyn Db, place: SourcePlace, name: &str) -> bool {
    written(db, place).is_some_and(|written| written.trim_matches('"') == name)
}

/// The text at a place.
pub(crate) fn written(db: &dyn Db, place: SourcePlace) -> Option<&str> {
    let range = place.range(db);
    place.source.text(db).as_str().get(usize::from(range.start())..usize::from(range.end()))
}
