//! Inlay hints: the value behind a reference to another host, the file behind a computed path, the name
//! of what a long set ends.

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::{HostReference, Project, What, fleet, resolve_file};
use nixscope_hir::{BindingValue, Expr, body, source_map};
use nixscope_syntax::{TextRange, TextSize, line_index};
use smol_str::SmolStr;

/// Which hints are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HintSettings {
    /// The value of a read of another host's option.
    pub values: bool,
    /// The file that a computed path leads to.
    pub paths: bool,
    /// The name of what a set of many lines was bound to, at its end.
    pub binding_ends: bool,
}

impl Default for HintSettings {
    fn default() -> HintSettings {
        HintSettings { values: true, paths: true, binding_ends: true }
    }
}

/// A hint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    /// Where it is shown.
    pub offset: TextSize,
    /// What it says.
    pub label: SmolStr,
    /// More, for who points at it.
    pub tooltip: Option<SmolStr>,
}

/// A set of fewer lines has its beginning in sight.
const LONG: u32 = 25;
/// A longer value is cut.
const MAX_LABEL: usize = 40;

/// The hints of a part of a file, in the order of the text.
pub(crate) fn hints(
    db: &dyn Db,
    project: Project,
    file: SourceFile,
    range: TextRange,
    settings: HintSettings,
) -> Vec<Hint> {
    let mut out = Vec::new();
    if settings.values {
        values(db, project, file, &mut out);
    }
    if settings.paths {
        paths(db, project, file, range, &mut out);
    }
    if settings.binding_ends {
        binding_ends(db, file, &mut out);
    }
    out.retain(|hint| range.contains_inclusive(hint.offset));
    out.sort_by(|a, b| (a.offset, &a.label).cmp(&(b.offset, &b.label)));
    out.dedup();
    out
}

fn values(db: &dyn Db, project: Project, file: SourceFile, out: &mut Vec<Hint>) {
    let index = fleet(db, project);
    let own = index.hosts.iter().flat_map(|(_, index)| &index.references);
    let mut known: Vec<(TextRange, Vec<&HostReference>)> = Vec::new();
    for reference in own.chain(&index.references).filter(|it| it.place.source == file) {
        let range = reference.place.range(db);
        match known.iter_mut().find(|(it, _)| *it == range) {
            Some((_, references)) => references.push(reference),
            None => known.push((range, vec![reference])),
        }
    }
    for (range, references) in known {
        let mut values: Vec<&SmolStr> = references.iter().filter_map(|it| it.value.as_ref()).collect();
        values.sort();
        values.dedup();
        let all_known = references.iter().all(|it| it.value.is_some());
        let label = match values.as_slice() {
            [value] if all_known => format!(" = {}", shorten(value)),
            [_, _, ..] => format!(" = {} values", values.len()),
            _ => continue,
        };
        let lines: Vec<String> = references
            .iter()
            .filter_map(|it| Some(format!("{}: {}", it.host.as_ref()?, it.value.as_ref()?)))
            .collect();
        let tooltip = (values.len() > 1).then(|| lines.join("\n").into());
        out.push(Hint { offset: range.end(), label: label.into(), tooltip });
    }
}

fn paths(db: &dyn Db, project: Project, file: SourceFile, range: TextRange, out: &mut Vec<Hint>) {
    let (body, map) = (body(db, file), source_map(db, file));
    for (id, expr) in body.exprs.iter() {
        if !matches!(expr, Expr::InterpolatedPath(..)) || !range.contains_range(map.expr(id)) {
            continue;
        }
        let mut names: Vec<SmolStr> = resolve_file(db, project, file, id)
            .into_iter()
            .filter_map(|it| match it.what {
                What::File(path) => Some(path.strip_prefix(project.root(db)).unwrap_or(path.as_str()).into()),
                _ => None,
            })
            .collect();
        names.sort();
        names.dedup();
        let label: SmolStr = match names.as_slice() {
            [] => continue,
            [name] => format!(" → {name}").into(),
            names => format!(" → {} files", names.len()).into(),
        };
        let tooltip = (names.len() > 1).then(|| names.join("\n").into());
        out.push(Hint { offset: map.expr(id).end(), label, tooltip });
    }
}

fn binding_ends(db: &dyn Db, file: SourceFile, out: &mut Vec<Hint>) {
    let (body, map, lines) = (body(db, file), source_map(db, file), line_index(db, file));
    let line = |offset| lines.line_col(offset, nixscope_syntax::PositionEncoding::Utf8).line;
    for (_, expr) in body.exprs.iter() {
        let bindings = match expr {
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => bindings,
            Expr::Let { bindings, .. } => bindings,
            _ => continue,
        };
        for binding in bindings.named.iter() {
            let BindingValue::Expr(value) = binding.value else { continue };
            let range = map.expr(value);
            let entry = map.entry(binding.place);
            // `a.b = { … }`: the set that `b` is in has no end of its own.
            if range == entry {
                continue;
            }
            if line(range.end()) >= line(range.start()) + LONG && range.end() <= entry.end() {
                let text = file.text(db).as_str();
                let path = text.get(usize::from(entry.start())..usize::from(range.start())).unwrap_or("");
                let path = path.split('=').next().unwrap_or("").trim();
                let name = if path.is_empty() || path.contains('\n') { binding.name.as_str() } else { path };
                out.push(Hint {
                    offset: entry.end(),
                    label: format!(" {}", shorten(name)).into(),
                    tooltip: None,
                });
            }
        }
    }
}

fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(MAX_LABEL) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line.to_string(),
    }
}
