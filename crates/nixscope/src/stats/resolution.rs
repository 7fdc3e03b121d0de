//! How much of each kind is resolved, and why the rest is not.

use std::collections::BTreeMap;

use nixscope_eval::SourcePlace;
use nixscope_fleet::{FleetIndex, HostIndex, ProblemKind, ReferenceStatus, SecretDeclaration, recipients_of};
use nixscope_report::{FleetJson, Place, Places};
use serde::Serialize;
use smol_str::SmolStr;

/// One kind of thing that is looked for.
#[derive(Default, Serialize)]
pub(super) struct Resolution {
    pub(super) all: usize,
    pub(super) resolved: usize,
    /// The rest by reason, the most frequent first.
    pub(super) unresolved: Vec<Unresolved>,
}

/// Why some are not resolved.
#[derive(Serialize)]
pub(super) struct Unresolved {
    pub(super) reason: String,
    pub(super) count: usize,
    /// One place where it is so.
    pub(super) example: Option<Place>,
}

/// Imports, definitions of options, references and secrets, counted over all hosts.
pub(super) fn resolutions(
    places: &Places<'_>,
    index: &FleetIndex,
    fleet: &FleetJson,
) -> BTreeMap<&'static str, Resolution> {
    let mut imports = Counter::new(*places);
    let mut options = Counter::new(*places);
    let mut secrets = Counter::new(*places);
    for (_, host) in &index.hosts {
        with_nested(host, &mut |system| {
            imports.system_imports(system);
            options.system_options(system);
            for secret in &system.secrets {
                let known = !recipients_of(places.db, index, secret).is_empty();
                secrets.add(why_not(secret, known).as_deref(), secret.place);
            }
        });
    }
    let mut references = Counter::new(*places);
    for reference in &fleet.cross_host_references {
        let why = match reference.status {
            it if it == ReferenceStatus::Dynamic.as_str() => Some("the host or the path is computed"),
            it if it == ReferenceStatus::MissingHost.as_str() => Some("there is no such host"),
            it if it == ReferenceStatus::MissingOption.as_str() => {
                Some("the host neither declares nor sets the option")
            }
            _ => None,
        };
        references.add_at(why, || Some(reference.from.clone()));
    }
    BTreeMap::from([
        ("imports", imports.finish()),
        ("options", options.finish()),
        ("references", references.finish()),
        ("secrets", secrets.finish()),
    ])
}

fn with_nested(index: &HostIndex, see: &mut impl FnMut(&HostIndex)) {
    see(index);
    index.nested.iter().for_each(|nested| with_nested(&nested.index, see));
}

/// Why a secret is not resolved.
fn why_not(secret: &SecretDeclaration, has_recipients: bool) -> Option<String> {
    match (&secret.file, secret.exists) {
        (None, _) => {
            let why = secret.unknown_file.as_deref().unwrap_or("nothing names it");
            Some(format!("its file is not known: {why}"))
        }
        (_, Some(false)) => Some("its file is not there".into()),
        _ if !has_recipients => Some("its recipients are not known".into()),
        _ => None,
    }
}

struct Counter<'a> {
    places: Places<'a>,
    all: usize,
    reasons: BTreeMap<SmolStr, (usize, Option<Place>)>,
}

impl<'a> Counter<'a> {
    fn new(places: Places<'a>) -> Counter<'a> {
        Counter { places, all: 0, reasons: BTreeMap::new() }
    }

    fn system_imports(&mut self, system: &HostIndex) {
        let known = system.modules.len() + system.external.len();
        (0..known).for_each(|_| self.add(None, None));
        for gap in &system.gaps {
            self.add(Some(&gap.why), gap.place);
        }
        for problem in system.problems.iter().filter(|it| it.kind == ProblemKind::MissingImport) {
            self.add(Some("the file is not there"), problem.place);
        }
    }

    /// A definition is resolved where it is known whether it holds.
    fn system_options(&mut self, system: &HostIndex) {
        for definition in &system.definitions {
            let why = definition.active.is_none().then_some("its condition is not known");
            self.add(why, definition.place);
        }
    }

    fn add(&mut self, why: Option<&str>, place: Option<SourcePlace>) {
        let places = self.places;
        self.add_at(why, || place.map(|place| places.of(place)));
    }

    fn add_at(&mut self, why: Option<&str>, place: impl FnOnce() -> Option<Place>) {
        self.all += 1;
        if let Some(why) = why {
            let (count, example) = self.reasons.entry(why.into()).or_default();
            *count += 1;
            if example.is_none() {
                *example = place();
            }
        }
    }

    fn finish(self) -> Resolution {
        let unresolved: usize = self.reasons.values().map(|(count, _)| count).sum();
        let mut reasons: Vec<Unresolved> = self
            .reasons
            .into_iter()
            .map(|(reason, (count, example))| Unresolved { reason: reason.into(), count, example })
            .collect();
        reasons.sort_by_key(|it| std::cmp::Reverse(it.count));
        Resolution { all: self.all, resolved: self.all - unresolved, unresolved: reasons }
    }
}
