//! Document links: paths to files that are there, and the pages of flake inputs.

use nixscope_db::{Db, EntryKind, SourceFile, VfsPath};
use nixscope_fleet::{Project, inputs};
use nixscope_hir::{BindingValue, Expr, PathBase, body, source_map};
use nixscope_syntax::TextRange;

/// Where a link leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkTarget {
    /// A file; a directory is its `default.nix`.
    File(VfsPath),
    /// A page.
    Url(String),
}

/// A link in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The text that is the link.
    pub range: TextRange,
    /// Where it leads.
    pub target: LinkTarget,
}

/// The links of a file. Nothing is evaluated: a computed path has a hint and a definition instead.
pub(crate) fn links(db: &dyn Db, project: Project, file: SourceFile) -> Vec<Link> {
    let (body, map) = (body(db, file), source_map(db, file));
    let Some(directory) = file.path(db).parent() else { return Vec::new() };
    let mut out = Vec::new();
    for (id, expr) in body.exprs.iter() {
        let Expr::Path(PathBase::File, text) = expr else { continue };
        let mut target = directory.join(text);
        if nixscope_db::kind(db, &target) == EntryKind::Directory {
            target = target.join("default.nix");
        }
        if nixscope_db::kind(db, &target) == EntryKind::File {
            out.push(Link { range: map.expr(id), target: LinkTarget::File(target) });
        }
    }
    if *file.path(db) == project.root(db).join("flake.nix") {
        let known: Vec<String> = inputs(db, project)
            .iter()
            .filter_map(|(input, _)| input.url.as_ref().map(ToString::to_string))
            .collect();
        for (_, expr) in body.exprs.iter() {
            let (Expr::Attrs(bindings) | Expr::RecAttrs(bindings)) = expr else { continue };
            for binding in bindings.named.iter() {
                let BindingValue::Expr(value) = binding.value else { continue };
                let Expr::Str(text) = &body.exprs[value] else { continue };
                let is_input = binding.name.as_str() == "url" || known.iter().any(|url| url == text.as_str());
                if let Some(page) = page_of(text).filter(|_| is_input) {
                    out.push(Link { range: map.expr(value), target: LinkTarget::Url(page) });
                }
            }
        }
    }
    out.sort_by_key(|link| link.range.start());
    out
}

/// The page of a flake reference.
///
/// Source: the Nix manual, "Flake references".
fn page_of(url: &str) -> Option<String> {
    let url = url.strip_prefix("git+").or_else(|| url.strip_prefix("tarball+")).unwrap_or(url);
    if url.starts_with("https://") || url.starts_with("http://") {
        return Some(url.split(['?', '#']).next().unwrap_or(url).to_string());
    }
    let (kind, rest) = url.split_once(':')?;
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let mut parts = rest.splitn(3, '/');
    let (owner, repository) = (parts.next()?, parts.next()?);
    let tree = |site: &str, word: &str, rev: Option<&str>| match rev {
        Some(rev) => format!("https://{site}/{owner}/{repository}/{word}/{rev}"),
        None => format!("https://{site}/{owner}/{repository}"),
    };
    if owner.is_empty() || repository.is_empty() {
        return None;
    }
    match kind {
        "github" => Some(tree("github.com", "tree", parts.next())),
        "gitlab" => Some(tree("gitlab.com", "-/tree", parts.next())),
        "sourcehut" => Some(format!("https://git.sr.ht/{owner}/{repository}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_pages() {
        for (url, page) in [
            ("github:NixOS/nixpkgs/nixos-25.11", Some("https://github.com/NixOS/nixpkgs/tree/nixos-25.11")),
            ("github:a/b?dir=c", Some("https://github.com/a/b")),
            ("sourcehut:~a/b", Some("https://git.sr.ht/~a/b")),
            ("git+https://example.org/a.git?ref=main", Some("https://example.org/a.git")),
            ("path:./sub", None),
            ("nixpkgs", None),
            ("git+ssh://git@example.org/a", None),
        ] {
            assert_eq!(page_of(url).as_deref(), page, "{url}");
        }
    }
}
