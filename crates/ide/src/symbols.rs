//! The outline of a file.

use nixscope_db::{Db, SourceFile};
use nixscope_hir::{BindingValue, Bindings, Body, Expr, ExprId, SourceMap, body, source_map};
use nixscope_syntax::TextRange;
use smol_str::SmolStr;

/// What a symbol is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SymbolKind {
    /// An attribute or binding that holds a set.
    Set,
    /// One that holds a function.
    Function,
    /// One that holds a list.
    List,
    /// One that holds a string or path.
    Text,
    /// One that holds a number.
    Number,
    /// One that holds a boolean.
    Boolean,
    /// Any other.
    Value,
}

/// An entry of the outline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DocumentSymbol {
    /// The name as written.
    pub name: SmolStr,
    /// What it holds.
    pub kind: SymbolKind,
    /// The whole binding.
    pub range: TextRange,
    /// The name.
    pub selection: TextRange,
    /// What is inside.
    pub children: Vec<DocumentSymbol>,
}

/// The outline of a file: its bindings, nested as they are.
pub(crate) fn document_symbols(db: &dyn Db, file: SourceFile) -> Vec<DocumentSymbol> {
    let outline = Outline { body: body(db, file), map: source_map(db, file) };
    let mut symbols = Vec::new();
    outline.expr(outline.body.root, &mut symbols);
    symbols
}

struct Outline<'db> {
    body: &'db Body,
    map: &'db SourceMap,
}

impl Outline<'_> {
    fn expr(&self, expr: ExprId, out: &mut Vec<DocumentSymbol>) {
        match &self.body.exprs[expr] {
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => self.bindings(bindings, out),
            Expr::Let { bindings, body } => {
                self.bindings(bindings, out);
                self.expr(*body, out);
            }
            Expr::Lambda(lambda) => self.expr(lambda.body, out),
            Expr::With(_, body) | Expr::Assert(_, body) => self.expr(*body, out),
            Expr::Apply { args, .. } => args.iter().for_each(|arg| self.expr(*arg, out)),
            Expr::Binary(_, left, right) => {
                self.expr(*left, out);
                self.expr(*right, out);
            }
            Expr::List(items) => items.iter().for_each(|item| self.expr(*item, out)),
            _ => {}
        }
    }

    fn bindings(&self, bindings: &Bindings, out: &mut Vec<DocumentSymbol>) {
        for binding in bindings.named.iter() {
            let BindingValue::Expr(value) = binding.value else { continue };
            let mut children = Vec::new();
            self.expr(value, &mut children);
            let selection = self.map.name(binding.place);
            let entry = self.map.entry(binding.place);
            // A merged set has parts outside its first entry; the outline wants nested ranges.
            children.retain(|child| entry.contains_range(child.range));
            out.push(DocumentSymbol {
                name: binding.name.as_str().into(),
                kind: self.kind(value),
                range: entry,
                selection,
                children,
            });
        }
    }

    fn kind(&self, expr: ExprId) -> SymbolKind {
        match &self.body.exprs[expr] {
            Expr::Attrs(_) | Expr::RecAttrs(_) => SymbolKind::Set,
            Expr::Lambda(_) => SymbolKind::Function,
            Expr::List(_) => SymbolKind::List,
            Expr::Str(_) | Expr::Interpolated(_) | Expr::Path(..) | Expr::InterpolatedPath(..) => {
                SymbolKind::Text
            }
            Expr::Int(_) | Expr::Float(_) => SymbolKind::Number,
            Expr::Global(name) if matches!(name.as_str(), "true" | "false") => SymbolKind::Boolean,
            Expr::Let { body, .. } | Expr::With(_, body) | Expr::Assert(_, body) => self.kind(*body),
            _ => SymbolKind::Value,
        }
    }
}
