//! What a check has at hand.

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::{FleetIndex, Project};
use nixscope_hir::{Body, ExprId, NameId, SourceMap};
use nixscope_syntax::{Parse, SyntaxNode, TextRange, TextSize};

use crate::outline::{Outline, outline};

/// One file, for the lints that look at one file by itself.
#[derive(Clone, Copy)]
pub struct FileContext<'db> {
    /// The database.
    pub db: &'db dyn Db,
    /// The project the file belongs to.
    pub project: Project,
    /// The file.
    pub file: SourceFile,
    /// Its text.
    pub text: &'db str,
    /// Its tree.
    pub parse: &'db Parse,
    /// Its expressions.
    pub body: &'db Body,
    /// Their places.
    pub map: &'db SourceMap,
    /// Which of them holds which.
    pub outline: &'db Outline,
}

impl<'db> FileContext<'db> {
    /// Reads what the checks of one file need.
    pub fn new(db: &'db dyn Db, project: Project, file: SourceFile) -> FileContext<'db> {
        FileContext {
            db,
            project,
            file,
            text: file.text(db).as_str(),
            parse: nixscope_syntax::parse(db, file),
            body: nixscope_hir::body(db, file),
            map: nixscope_hir::source_map(db, file),
            outline: outline(db, file),
        }
    }

    /// The tree's root.
    pub fn syntax(&self) -> SyntaxNode {
        self.parse.syntax()
    }

    /// The text of a range.
    pub fn slice(&self, range: TextRange) -> &'db str {
        self.text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or("")
    }

    /// Where an expression stands.
    pub fn range(&self, expr: ExprId) -> TextRange {
        self.map.expr(expr)
    }

    /// Whether Nix would not even read the file.
    pub fn is_broken(&self) -> bool {
        !self.parse.errors().is_empty()
    }

    /// The range of an expression with the parentheses around it.
    pub fn outer_range(&self, expr: ExprId) -> TextRange {
        let mut range = self.range(expr);
        loop {
            let before = self.text.get(..usize::from(range.start())).unwrap_or("");
            let after = self.text.get(usize::from(range.end())..).unwrap_or("");
            let (head, tail) = (before.trim_end(), after.trim_start());
            if !head.ends_with('(') || !tail.starts_with(')') {
                return range;
            }
            let start = TextSize::of(head) - TextSize::from(1);
            let end = range.end() + TextSize::of(after) - TextSize::of(tail) + TextSize::from(1);
            range = TextRange::new(start, end);
        }
    }

    /// Where a name stands.
    pub fn name_range(&self, name: NameId) -> TextRange {
        self.map.name(name)
    }
}

/// The fleet, for the lints that need several files or hosts.
#[derive(Clone, Copy)]
pub struct FleetContext<'db> {
    /// The database.
    pub db: &'db dyn Db,
    /// The project.
    pub project: Project,
    /// What is known of it.
    pub fleet: &'db FleetIndex,
}
