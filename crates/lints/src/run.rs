//! Running the catalogue: the lints of one file share one walk over its expressions and one over its
//! tree.

use std::sync::LazyLock;

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::Project;
use nixscope_hir::ExprId;
use nixscope_syntax::{SyntaxKind, SyntaxNode};

use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Level, Lint, lints};

/// What the file lints find in one file, in order of place; levels as the lints have them, nothing
/// suppressed yet. Of a file that a program wrote, errors only. Recomputed when the file changes.
#[salsa::tracked(returns(deref), no_eq)]
pub fn file_diagnostics(db: &dyn Db, project: Project, file: SourceFile) -> Vec<Diagnostic> {
    static ALL: LazyLock<Walk> = LazyLock::new(|| Walk::of(lints()));
    let mut found = Vec::new();
    ALL.run(&FileContext::new(db, project, file), &mut found);
    found.sort_by_key(|it| (it.range.start(), it.range.end(), it.lint.name));
    found
}

/// What the fleet lints find, over all files. Recomputed when the fleet's index or the place of
/// something it names changes.
#[salsa::tracked(returns(deref), no_eq)]
pub fn fleet_diagnostics(db: &dyn Db, project: Project) -> Vec<Diagnostic> {
    let cx = FleetContext { db, project, fleet: nixscope_fleet::fleet(db, project) };
    let mut found = Vec::new();
    for lint in lints() {
        if let Check::Fleet(check) | Check::Both(_, check) = lint.check {
            check(&cx, &mut found);
        }
    }
    found.sort_by_key(|it| (it.file.path(db).clone(), it.range.start(), it.range.end(), it.lint.name));
    found
}

type OfFile = fn(&FileContext<'_>, &mut Vec<Diagnostic>);
type OfExpr = fn(&FileContext<'_>, ExprId, &mut Vec<Diagnostic>);
type OfNode = fn(&FileContext<'_>, &SyntaxNode, &mut Vec<Diagnostic>);

/// Which checks want which part of a file.
pub(crate) struct Walk {
    files: Vec<OfFile>,
    /// By [`ExprKind`].
    exprs: [Vec<OfExpr>; ExprKind::COUNT],
    /// By [`SyntaxKind`].
    nodes: Vec<Vec<OfNode>>,
}

impl Walk {
    /// The walk for some lints.
    pub(crate) fn of(lints: &[&Lint]) -> Walk {
        let mut walk = Walk { files: Vec::new(), exprs: Default::default(), nodes: Vec::new() };
        for lint in lints {
            match lint.check {
                Check::File(check) | Check::Both(check, _) => walk.files.push(check),
                Check::Exprs(kinds, check) => {
                    kinds.iter().for_each(|kind| walk.exprs[*kind as usize].push(check));
                }
                Check::Nodes(kinds, check) => {
                    for kind in kinds {
                        let index = *kind as usize;
                        walk.nodes.resize_with(walk.nodes.len().max(index + 1), Vec::new);
                        walk.nodes[index].push(check);
                    }
                }
                Check::Fleet(_) | Check::Machinery => {}
            }
        }
        walk
    }

    /// Runs the checks over a file.
    pub(crate) fn run(&self, cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
        self.walk(cx, found);
        if cx.is_generated() {
            // Nobody mends such a file by hand: only what stops a host is worth telling.
            found.retain(|it| it.lint.level == Level::Error);
        }
    }

    fn walk(&self, cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
        for check in &self.files {
            check(cx, found);
        }
        if cx.is_broken() {
            return;
        }
        for (id, expr) in cx.body.exprs.iter() {
            for check in &self.exprs[ExprKind::of(expr) as usize] {
                check(cx, id, found);
            }
        }
        if self.nodes.is_empty() {
            return;
        }
        for node in cx.syntax().descendants() {
            let kind: SyntaxKind = node.kind();
            for check in self.nodes.get(kind as usize).into_iter().flatten() {
                check(cx, &node, found);
            }
        }
    }
}
