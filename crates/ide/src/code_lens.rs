//! Code lenses: which hosts a module is in, who sets an option, what a host consists of.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::SourcePlace;
use nixscope_fleet::{HostIndex, Project, fleet};
use nixscope_syntax::{TextRange, TextSize};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// A line of information above a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lens {
    /// What it is about.
    pub range: TextRange,
    /// What it says.
    pub title: String,
    /// The places that it counts: where a module is imported, where an option is set.
    pub places: Vec<(SourceFile, TextRange)>,
}

/// So many names are listed; of more only the number is given.
const MAX_NAMES: usize = 4;

/// The lenses of a file, in the order of the text.
pub(crate) fn lenses(db: &dyn Db, project: Project, file: SourceFile) -> Vec<Lens> {
    let index = fleet(db, project);
    let mut out = Vec::new();
    let mut members: Vec<SmolStr> = Vec::new();
    let mut imports: Vec<SourcePlace> = Vec::new();
    let mut settings: FxHashMap<SourcePlace, Setters> = FxHashMap::default();
    for (host, hosted) in &index.hosts {
        if is_member(hosted, file) {
            members.push(host.name.clone());
            imported(hosted, file, &mut imports);
        }
        options(hosted, file, &host.name, &mut settings);
        if let Some(place) = host.place.filter(|place| place.source == file) {
            out.push(Lens { range: place.range(db), title: host_line(hosted), places: modules(hosted) });
        }
    }
    if !members.is_empty() && *file.path(db) != project.root(db).join("flake.nix") {
        let title = format!("in {}", hosts(&members));
        out.push(Lens { range: TextRange::empty(TextSize::from(0)), title, places: places(db, imports) });
    }
    for (place, setters) in settings {
        let title = match (setters.on.is_empty(), setters.overridden.is_empty()) {
            (true, _) => "set on no host".to_string(),
            (false, true) => format!("set on {}", hosts(&setters.on)),
            (false, false) => {
                format!("set on {}, overridden on {}", hosts(&setters.on), hosts(&setters.overridden))
            }
        };
        out.push(Lens { range: place.range(db), title, places: places(db, setters.places) });
    }
    out.sort_by(|a, b| (a.range.start(), &a.title).cmp(&(b.range.start(), &b.title)));
    out
}

#[derive(Default)]
struct Setters {
    on: Vec<SmolStr>,
    overridden: Vec<SmolStr>,
    places: Vec<SourcePlace>,
}

/// Where a file is imported.
fn imported(index: &HostIndex, file: SourceFile, out: &mut Vec<SourcePlace>) {
    let own = index.modules.iter().filter(|module| module.file == file && !module.inline);
    out.extend(own.filter_map(|module| module.place));
    for nested in &index.nested {
        imported(&nested.index, file, out);
    }
}

/// The beginnings of a host's modules.
fn modules(index: &HostIndex) -> Vec<(SourceFile, TextRange)> {
    let start = TextRange::empty(TextSize::from(0));
    index.modules.iter().filter(|module| !module.inline).map(|module| (module.file, start)).collect()
}

/// Places in the order of files, each once.
fn places(db: &dyn Db, places: Vec<SourcePlace>) -> Vec<(SourceFile, TextRange)> {
    let mut out: Vec<_> = places.into_iter().map(|place| (place.source, place.range(db))).collect();
    out.sort_by(|a, b| (a.0.path(db), a.1.start()).cmp(&(b.0.path(db), b.1.start())));
    out.dedup();
    out
}

fn is_member(index: &HostIndex, file: SourceFile) -> bool {
    let own = index.modules.iter().any(|module| module.file == file && !module.inline);
    own || index.nested.iter().any(|nested| is_member(&nested.index, file))
}

fn options(
    index: &HostIndex,
    file: SourceFile,
    host: &SmolStr,
    settings: &mut FxHashMap<SourcePlace, Setters>,
) {
    for option in index.options.iter().filter(|option| !option.hidden) {
        let Some(place) = option.place.filter(|place| place.source == file) else { continue };
        let setters = settings.entry(place).or_default();
        // Definitions are sorted by path.
        let from = index.definitions.partition_point(|it| it.path < option.path);
        let own = index.definitions[from..].iter().take_while(|it| it.path == option.path);
        let active: Vec<_> = own.filter(|it| it.active != Some(false)).collect();
        setters.places.extend(active.iter().filter_map(|it| it.place));
        if !active.is_empty() && !setters.on.contains(host) {
            setters.on.push(host.clone());
        }
        let beaten = active.iter().any(|it| !it.winning) && active.iter().any(|it| it.winning);
        if beaten && !setters.overridden.contains(host) {
            setters.overridden.push(host.clone());
        }
    }
    for nested in &index.nested {
        options(&nested.index, file, host, settings);
    }
}

fn hosts(names: &[SmolStr]) -> String {
    match names {
        [one] => one.to_string(),
        few if few.len() <= MAX_NAMES => few.join(", "),
        many => format!("{} hosts", many.len()),
    }
}

fn host_line(index: &HostIndex) -> String {
    let count = |number: usize, word: &str| match number {
        1 => format!("1 {word}"),
        number => format!("{number} {word}s"),
    };
    let mut parts = vec![count(index.modules.len(), "module"), count(index.secrets.len(), "secret")];
    if !index.gaps.is_empty() {
        parts.push("not completely known".into());
    }
    parts.join(", ")
}
