//! Workspace symbols: hosts, modules, options, secrets and bindings by name, over the whole fleet.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::SourcePlace;
use nixscope_fleet::{FleetIndex, HostIndex, Project, fleet};
use nixscope_hir::{BindingValue, Expr, body, source_map, spine};
use nixscope_syntax::{TextRange, TextSize};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

/// What a symbol of the workspace is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum WorkspaceSymbolKind {
    /// A host.
    Host,
    /// A module: a file that a host imports.
    Module,
    /// An option that the repository declares.
    Option,
    /// A secret.
    Secret,
    /// A binding at the top of a file.
    Binding,
}

/// A symbol of the workspace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorkspaceSymbol {
    /// Its name: an option's is its path, a module's its file.
    pub name: SmolStr,
    /// What it is.
    pub kind: WorkspaceSymbolKind,
    /// The file.
    pub file: SourceFile,
    /// The name in it.
    pub range: TextRange,
    /// What it belongs to.
    pub container: Option<SmolStr>,
}

/// No more are given.
const MAX_SYMBOLS: usize = 512;

/// The symbols that a query's characters occur in, in this order; the best first.
pub(crate) fn workspace_symbols(db: &dyn Db, project: Project, query: &str) -> Vec<WorkspaceSymbol> {
    let mut found: Vec<(u32, WorkspaceSymbol)> = Vec::new();
    let mut seen: FxHashSet<(WorkspaceSymbolKind, SourceFile, TextRange, SmolStr)> = FxHashSet::default();
    each(db, project, &mut |symbol| {
        let Some(score) = score(query, &symbol.name) else { return };
        if seen.insert((symbol.kind, symbol.file, symbol.range, symbol.name.clone())) {
            found.push((score, symbol));
        }
    });
    found.sort_by(|(a, x), (b, y)| {
        (a, x.kind, &x.name, x.file.path(db)).cmp(&(b, y.kind, &y.name, y.file.path(db)))
    });
    found.truncate(MAX_SYMBOLS);
    found.into_iter().map(|(_, symbol)| symbol).collect()
}

fn each(db: &dyn Db, project: Project, give: &mut dyn FnMut(WorkspaceSymbol)) {
    let index: &FleetIndex = fleet(db, project);
    let at = |kind, name: &SmolStr, place: Option<SourcePlace>, container: Option<SmolStr>| {
        let place = place?;
        Some(WorkspaceSymbol {
            name: name.clone(),
            kind,
            file: place.source,
            range: place.range(db),
            container,
        })
    };
    for (host, hosted) in &index.hosts {
        let output = Some(host.output.clone());
        if let Some(symbol) = at(WorkspaceSymbolKind::Host, &host.name, host.place, output) {
            give(symbol);
        }
        of_host(db, project, hosted, &at, give);
    }
    for path in project.files(db) {
        let file = nixscope_db::source(db, path);
        let (body, map) = (body(db, file), source_map(db, file));
        let container = path.strip_prefix(project.root(db)).map(SmolStr::from);
        for expr in spine(body) {
            let bindings = match &body.exprs[expr] {
                Expr::Let { bindings, .. } => bindings,
                Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => bindings,
                _ => continue,
            };
            for binding in bindings.named.iter().filter(|it| matches!(it.value, BindingValue::Expr(_))) {
                give(WorkspaceSymbol {
                    name: binding.name.as_str().into(),
                    kind: WorkspaceSymbolKind::Binding,
                    file,
                    range: map.name(binding.place),
                    container: container.clone(),
                });
            }
        }
    }
}

type At<'a> = dyn Fn(WorkspaceSymbolKind, &SmolStr, Option<SourcePlace>, Option<SmolStr>) -> Option<WorkspaceSymbol>
    + 'a;

fn of_host(
    db: &dyn Db,
    project: Project,
    index: &HostIndex,
    at: &At<'_>,
    give: &mut dyn FnMut(WorkspaceSymbol),
) {
    for module in index.modules.iter().filter(|module| !module.inline) {
        let path = module.file.path(db);
        let name = path.strip_prefix(project.root(db)).unwrap_or(path.as_str());
        give(WorkspaceSymbol {
            name: name.into(),
            kind: WorkspaceSymbolKind::Module,
            file: module.file,
            range: TextRange::empty(TextSize::from(0)),
            container: None,
        });
    }
    for option in &index.options {
        if let Some(symbol) =
            at(WorkspaceSymbolKind::Option, &option.path, option.place, option.type_name.clone())
        {
            give(symbol);
        }
    }
    for secret in &index.secrets {
        let backend = Some(SmolStr::from(secret.backend.as_str()));
        if let Some(symbol) = at(WorkspaceSymbolKind::Secret, &secret.name, secret.place, backend) {
            give(symbol);
        }
    }
    for nested in &index.nested {
        of_host(db, project, &nested.index, at, give);
    }
}

/// How well a name fits a query, smaller is better; none where the query's characters do not occur in it in
/// this order. What fits as a whole, then at the beginning of words, then anywhere.
fn score(query: &str, name: &str) -> Option<u32> {
    if query.is_empty() {
        return Some(0);
    }
    let lower = |text: &str| text.to_lowercase();
    let (query, folded) = (lower(query), lower(name));
    if folded == query {
        return Some(0);
    }
    if let Some(at) = folded.find(&query) {
        let at_word = at == 0 || !folded[..at].ends_with(|c: char| c.is_alphanumeric());
        return Some(if at_word { 1 } else { 2 });
    }
    let mut rest = folded.chars();
    let mut gaps = 0u32;
    for wanted in query.chars().filter(|c| !c.is_whitespace()) {
        let skipped = rest.by_ref().position(|c| c == wanted)?;
        gaps = gaps.saturating_add(u32::from(skipped > 0));
    }
    Some(3 + gaps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_fits_score_lower() {
        let order = ["port", "port.open", "my.port", "export", "p.o.r.t"].map(|name| score("port", name));
        assert!(order.windows(2).all(|pair| pair[0] <= pair[1]), "{order:?}");
        assert_eq!(score("prt", "port"), Some(4));
        assert_eq!(score("trop", "port"), None);
    }
}
