//! Hover.

mod option;
mod things;

use std::fmt::Write as _;

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::{Project, key_option_path, selection_path, unknown_of, value_of};
use nixscope_hir::{
    Body, Definition, Expr, ExprId, Site, SourceMap, Symbol, at_offset, body, resolve, source_map,
};
use nixscope_syntax::{TextRange, TextSize};

use crate::definition::{TargetKind, definition};

/// What stands at a place, for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// Markdown.
    pub markdown: String,
    /// What it is about.
    pub range: TextRange,
}

/// What stands at a place; none where there is nothing to say.
pub(crate) fn hover(db: &dyn Db, project: Project, file: SourceFile, offset: TextSize) -> Option<Hover> {
    let cx = Context { db, project, file, body: body(db, file), map: source_map(db, file) };
    let found = at_offset(cx.body, cx.map, offset)?;
    let (range, markdown) = match found.site {
        Site::Path(index) => {
            let place = match &cx.body.exprs[found.expr] {
                Expr::Select { path, .. } | Expr::HasAttr { path, .. } => path.get(index)?.place(),
                _ => return None,
            };
            (cx.map.name(place), cx.selection(found.expr, index, offset))
        }
        Site::Name(name) => (cx.map.name(name), cx.key(name, offset)),
        Site::Expr => (cx.map.expr(found.expr), cx.expr(found.expr, offset)),
    };
    markdown.map(|markdown| Hover { markdown, range })
}

struct Context<'db> {
    db: &'db dyn Db,
    project: Project,
    file: SourceFile,
    body: &'db Body,
    map: &'db SourceMap,
}

impl Context<'_> {
    fn selection(&self, expr: ExprId, index: usize, offset: TextSize) -> Option<String> {
        if let Some(doc) = self.library_function(expr, index) {
            return Some(doc);
        }
        let targets = definition(self.db, self.project, self.file, offset);
        // A secret is an option too, and more than that.
        let is_secret = targets.iter().any(|target| target.kind == TargetKind::Secret);
        if !is_secret
            && let Some((host, path)) = selection_path(self.db, self.project, self.file, expr, index)
        {
            return Some(self.option(&path, host.as_deref()));
        }
        let mut text = self.targets(&targets)?;
        let whole = matches!(&self.body.exprs[expr], Expr::Select { path, .. } if index + 1 == path.len());
        if whole {
            self.value(expr, &mut text);
        }
        Some(text)
    }

    fn key(&self, name: nixscope_hir::NameId, offset: TextSize) -> Option<String> {
        let range = self.map.name(name);
        if let Some(input) = self.input_at(range) {
            return Some(input);
        }
        let targets = definition(self.db, self.project, self.file, offset);
        let is_secret = targets.iter().any(|target| target.kind == TargetKind::Secret);
        // The same keys outside any module are no options.
        if !is_secret
            && let Some(path) = key_option_path(self.db, self.project, self.file, name)
            && !self.hosts_with(self.file).is_empty()
        {
            return Some(self.option(&path, None));
        }
        self.targets(&targets)
    }

    fn expr(&self, expr: ExprId, offset: TextSize) -> Option<String> {
        match resolve(self.body, expr) {
            Some(Definition::Global(name)) => self.builtin(name),
            Some(_) => {
                let targets = definition(self.db, self.project, self.file, offset);
                let mut text = self.targets(&targets)?;
                self.value(expr, &mut text);
                Some(text)
            }
            None => match &self.body.exprs[expr] {
                Expr::Path(..) | Expr::InterpolatedPath(..) | Expr::Str(_) => {
                    let targets = definition(self.db, self.project, self.file, offset);
                    self.targets(&targets)
                }
                _ => None,
            },
        }
    }

    /// The value of an expression, or why it is not known.
    fn value(&self, expr: ExprId, text: &mut String) {
        if let Some(value) = value_of(self.db, self.project, self.file, expr) {
            let _ = write!(text, "\n\n```nix\n{value}\n```");
        } else if let Some((path, why)) = unknown_of(self.db, self.project, self.file, expr) {
            let _ = write!(text, "\n\nits value is not known: `{path}`: {why}");
        }
    }

    fn builtin(&self, name: Symbol) -> Option<String> {
        let bare = name.as_str().trim_start_matches("__");
        let (_, doc) = nixscope_eval::builtin_names().find(|(known, _)| *known == bare)?;
        Some(format!("builtin\n\n{doc}"))
    }

    /// `builtins.x`: the documentation of the builtin.
    fn library_function(&self, expr: ExprId, index: usize) -> Option<String> {
        let Expr::Select { base, path, .. } = &self.body.exprs[expr] else { return None };
        let is_builtins =
            matches!(&self.body.exprs[*base], Expr::Global(name) if name.as_str() == "builtins");
        if !is_builtins || index != 0 {
            return None;
        }
        self.builtin(path[0].as_static()?)
    }

    fn place_text(&self, place: nixscope_eval::SourcePlace) -> String {
        let path = place.source.path(self.db);
        let shown = path.strip_prefix(self.project.root(self.db)).unwrap_or(path.as_str());
        let lines = nixscope_syntax::line_index(self.db, place.source);
        let at = lines.line_col(place.range(self.db).start(), nixscope_syntax::PositionEncoding::Utf32);
        format!("{shown}:{}", at.line + 1)
    }
}
