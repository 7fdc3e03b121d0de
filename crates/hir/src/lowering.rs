//! Lowering: syntax to expressions with resolved names.

use la_arena::Arena;
use nixscope_db::{Db, SourceFile};
use nixscope_syntax::ast;
use nixscope_syntax::{AstNode, SyntaxKind, TextRange, parse};
use smol_str::SmolStr;

use crate::Symbol;
use crate::expr::*;
use crate::names::is_global;
use crate::places::{NamePlace, SourceMap};
use crate::strings::{self, Piece};

mod bindings;

/// A file's expressions. Equal after an edit of layout or comments.
#[salsa::tracked(returns(ref))]
pub fn body(db: &dyn Db, source: SourceFile) -> Body {
    lowered(db, source).0.clone()
}

/// The places of a file's expressions. Changes with every edit; only what shows places reads it.
#[salsa::tracked(returns(ref), no_eq)]
pub fn source_map(db: &dyn Db, source: SourceFile) -> SourceMap {
    lowered(db, source).1.clone()
}

#[salsa::tracked(returns(ref), no_eq)]
fn lowered(db: &dyn Db, source: SourceFile) -> (Body, SourceMap) {
    lower(parse(db, source).root())
}

/// Lowers a tree; a missing one is a file that is a hole.
pub fn lower(root: Option<ast::Root>) -> (Body, SourceMap) {
    stacker::maybe_grow(1 << 20, 32 << 20, || {
        let mut lowering = Lowering::default();
        let root = lowering.optional(root.and_then(|root| root.expr()));
        let Lowering { exprs, names, scopes, expr_scopes, mut map, .. } = lowering;
        let mut body = Body { exprs, names, scopes, expr_scopes, root };
        body.exprs.shrink_to_fit();
        body.names.shrink_to_fit();
        body.scopes.shrink_to_fit();
        body.expr_scopes.shrink_to_fit();
        map.exprs.shrink_to_fit();
        map.names.shrink_to_fit();
        (body, map)
    })
}

#[derive(Default)]
struct Lowering {
    exprs: Arena<Expr>,
    names: Arena<Symbol>,
    scopes: Arena<Scope>,
    expr_scopes: Vec<Option<ScopeId>>,
    map: SourceMap,
    scope: Option<ScopeId>,
}

impl Lowering {
    fn alloc(&mut self, expr: Expr, range: TextRange) -> ExprId {
        self.map.exprs.push(range);
        self.expr_scopes.push(self.scope);
        self.exprs.alloc(expr)
    }

    /// Takes an id before the expression's children get theirs, for what opens a scope.
    fn reserve(&mut self, range: TextRange) -> ExprId {
        self.alloc(Expr::Missing, range)
    }

    fn name(&mut self, name: Symbol, place: TextRange, entry: TextRange) -> NameId {
        self.map.names.push(NamePlace { name: place, entry });
        self.names.alloc(name)
    }

    fn open_scope(&mut self, kind: ScopeKind, names: Box<[(Symbol, NameId)]>) -> Option<ScopeId> {
        let outer = self.scope;
        self.scope = Some(self.scopes.alloc(Scope { parent: outer, kind, names }));
        outer
    }

    fn optional(&mut self, expr: Option<ast::Expr>) -> ExprId {
        match expr {
            Some(expr) => self.expr(expr),
            None => self.alloc(Expr::Missing, TextRange::default()),
        }
    }

    fn expr(&mut self, expr: ast::Expr) -> ExprId {
        let range = expr.syntax().text_range();
        match expr {
            ast::Expr::Paren(it) => self.optional(it.expr()),
            ast::Expr::Root(it) => self.optional(it.expr()),
            ast::Expr::Error(_) => self.alloc(Expr::Missing, range),
            ast::Expr::Ident(it) => {
                let name = ident(&it);
                let resolved = self.variable(name);
                self.alloc(resolved, range)
            }
            ast::Expr::Literal(it) => {
                let literal = self.literal(&it);
                self.alloc(literal, range)
            }
            ast::Expr::CurPos(_) => self.alloc(Expr::CurPos, range),
            ast::Expr::Str(it) => self.string(&it),
            ast::Expr::PathAbs(it) => self.path(it.syntax(), PathBase::Root),
            ast::Expr::PathRel(it) => self.path(it.syntax(), PathBase::File),
            ast::Expr::PathHome(it) => self.path(it.syntax(), PathBase::Home),
            ast::Expr::PathSearch(it) => {
                let text = it.syntax().text().to_string();
                let inner = text.trim_start_matches('<').trim_end_matches('>');
                self.search_path(inner, range)
            }
            ast::Expr::List(it) => {
                let items = it.items().map(|item| self.expr(item)).collect();
                self.alloc(Expr::List(items), range)
            }
            ast::Expr::Apply(it) => self.apply(it),
            ast::Expr::Select(it) => {
                let base = self.optional(it.expr());
                let path = self.attrpath(it.attrpath());
                let default = it.default_expr().map(|default| self.expr(default));
                self.alloc(Expr::Select { base, path, default }, range)
            }
            ast::Expr::HasAttr(it) => {
                let base = self.optional(it.expr());
                let path = self.attrpath(it.attrpath());
                self.alloc(Expr::HasAttr { base, path }, range)
            }
            ast::Expr::IfElse(it) => {
                let condition = self.optional(it.condition());
                let then = self.optional(it.body());
                let otherwise = self.optional(it.else_body());
                self.alloc(Expr::If(condition, then, otherwise), range)
            }
            ast::Expr::Assert(it) => {
                let condition = self.optional(it.condition());
                let body = self.optional(it.body());
                self.alloc(Expr::Assert(condition, body), range)
            }
            ast::Expr::With(it) => {
                let id = self.reserve(range);
                let namespace = self.optional(it.namespace());
                let outer = self.open_scope(ScopeKind::With(id), Box::default());
                let body = self.optional(it.body());
                self.scope = outer;
                self.exprs[id] = Expr::With(namespace, body);
                id
            }
            ast::Expr::BinOp(it) => self.binary(&it),
            ast::Expr::UnaryOp(it) => {
                let op = match it.operator() {
                    Some(ast::UnaryOpKind::Invert) => UnaryOp::Not,
                    _ => UnaryOp::Negate,
                };
                let operand = self.optional(it.expr());
                self.alloc(Expr::Unary(op, operand), range)
            }
            ast::Expr::Lambda(it) => self.lambda(&it),
            ast::Expr::LetIn(it) => {
                let id = self.reserve(range);
                let (bindings, outer) = self.recursive_bindings(&it, ScopeKind::Let(id));
                let body = self.optional(it.body());
                self.scope = outer;
                self.exprs[id] = Expr::Let { bindings: Box::new(bindings), body };
                id
            }
            ast::Expr::LegacyLet(it) => self.legacy_let(&it),
            ast::Expr::AttrSet(it) => {
                if it.rec_token().is_some() {
                    let id = self.reserve(range);
                    let (bindings, outer) = self.recursive_bindings(&it, ScopeKind::Rec(id));
                    self.scope = outer;
                    self.exprs[id] = Expr::RecAttrs(Box::new(bindings));
                    id
                } else {
                    let bindings = self.plain_bindings(&it);
                    self.alloc(Expr::Attrs(Box::new(bindings)), range)
                }
            }
        }
    }

    /// `let { …; body = e; }` is `(rec { …; body = e; }).body`.
    fn legacy_let(&mut self, it: &ast::LegacyLet) -> ExprId {
        let range = it.syntax().text_range();
        let id = self.reserve(range);
        let (bindings, outer) = self.recursive_bindings(it, ScopeKind::Rec(id));
        self.scope = outer;
        self.exprs[id] = Expr::RecAttrs(Box::new(bindings));
        let place = self.name(Symbol::new("body"), range, range);
        let path = Box::new([AttrName::Static(Symbol::new("body"), place)]);
        self.alloc(Expr::Select { base: id, path, default: None }, range)
    }

    /// `f a b` is one application with two arguments.
    fn apply(&mut self, it: ast::Apply) -> ExprId {
        let range = it.syntax().text_range();
        let mut arguments = vec![it.argument()];
        let mut function = it.lambda();
        while let Some(ast::Expr::Apply(inner)) = function {
            arguments.push(inner.argument());
            function = inner.lambda();
        }
        let function = self.optional(function);
        let args = arguments.into_iter().rev().map(|argument| self.optional(argument)).collect();
        self.alloc(Expr::Apply { function, args }, range)
    }

    fn binary(&mut self, it: &ast::BinOp) -> ExprId {
        use ast::BinOpKind as Kind;
        let range = it.syntax().text_range();
        let left = self.optional(it.lhs());
        let right = self.optional(it.rhs());
        let op = match it.operator() {
            Some(Kind::Concat) => BinaryOp::Concat,
            Some(Kind::Update) => BinaryOp::Update,
            Some(Kind::Add) => BinaryOp::Add,
            Some(Kind::Sub) => BinaryOp::Sub,
            Some(Kind::Mul) => BinaryOp::Mul,
            Some(Kind::Div) => BinaryOp::Div,
            Some(Kind::And) => BinaryOp::And,
            Some(Kind::Or) => BinaryOp::Or,
            Some(Kind::Implication) => BinaryOp::Implies,
            Some(Kind::Equal) => BinaryOp::Equal,
            Some(Kind::NotEqual) => BinaryOp::NotEqual,
            Some(Kind::Less) => BinaryOp::Less,
            Some(Kind::LessOrEq) => BinaryOp::LessEqual,
            Some(Kind::More) => BinaryOp::More,
            Some(Kind::MoreOrEq) => BinaryOp::MoreEqual,
            Some(Kind::PipeRight) => BinaryOp::PipeRight,
            Some(Kind::PipeLeft) => BinaryOp::PipeLeft,
            None => return self.alloc(Expr::Missing, range),
        };
        self.alloc(Expr::Binary(op, left, right), range)
    }

    fn lambda(&mut self, it: &ast::Lambda) -> ExprId {
        let id = self.reserve(it.syntax().text_range());
        let mut slots: Vec<(Symbol, NameId)> = Vec::new();
        let mut entries: Vec<ast::PatEntry> = Vec::new();
        let mut arg = None;
        let mut has_formals = false;
        let mut open = false;
        match it.param() {
            Some(ast::Param::IdentParam(param)) => {
                if let Some(name) = param.ident() {
                    arg = Some(self.introduce(&name, param.syntax().text_range()));
                }
            }
            Some(ast::Param::Pattern(pattern)) => {
                has_formals = true;
                open = pattern.ellipsis_token().is_some();
                for entry in pattern.pat_entries() {
                    if let Some(name) = entry.ident() {
                        slots.push(self.introduce(&name, entry.syntax().text_range()));
                        entries.push(entry);
                    }
                }
                if let Some(bind) = pattern.pat_bind()
                    && let Some(name) = bind.ident()
                {
                    arg = Some(self.introduce(&name, bind.syntax().text_range()));
                }
            }
            None => {}
        }
        let formal_names: Vec<(Symbol, NameId)> = slots.clone();
        slots.extend(arg);
        let outer = self.open_scope(ScopeKind::Lambda(id), slots.into());
        let formals = has_formals.then(|| {
            let lowered = formal_names.iter().zip(entries).map(|((name, place), entry)| Formal {
                name: *name,
                place: *place,
                default: entry.default().filter(|_| entry.question_token().is_some()).map(|it| self.expr(it)),
            });
            lowered.collect()
        });
        let body = self.optional(it.body());
        self.scope = outer;
        self.exprs[id] = Expr::Lambda(Box::new(Lambda { arg, formals, open, body }));
        id
    }

    fn introduce(&mut self, ident: &ast::Ident, entry: TextRange) -> (Symbol, NameId) {
        let name = crate::lowering::ident(ident);
        (name, self.name(name, ident.syntax().text_range(), entry))
    }

    /// Resolves a name: the scopes of the file first, then the base environment, then the `with`s.
    fn variable(&self, name: Symbol) -> Expr {
        let mut up = 0;
        let mut withs: Vec<u32> = Vec::new();
        let mut scope = self.scope;
        while let Some(id) = scope {
            let it = &self.scopes[id];
            if let ScopeKind::With(_) = it.kind {
                withs.push(up);
            } else if let Some(slot) = it.names.iter().position(|(known, _)| *known == name) {
                return Expr::Local { name, up, slot: slot as u32 };
            }
            up += 1;
            scope = it.parent;
        }
        if is_global(name) {
            Expr::Global(name)
        } else if withs.is_empty() {
            Expr::Unresolved(name)
        } else {
            Expr::WithName { name, withs: withs.into() }
        }
    }

    /// `<name>`, which is `__findFile __nixPath "name"` for a program that binds one of these names.
    fn search_path(&mut self, name: &str, range: TextRange) -> ExprId {
        let used = ["__findFile", "__nixPath"].map(|name| self.variable(Symbol::new(name)));
        if !used.iter().any(|variable| matches!(variable, Expr::Local { .. })) {
            return self.alloc(Expr::SearchPath(name.into()), range);
        }
        let [function, paths] = used.map(|variable| self.alloc(variable, range));
        let name = self.alloc(Expr::Str(name.into()), range);
        self.alloc(Expr::Apply { function, args: [paths, name].into() }, range)
    }

    fn literal(&mut self, it: &ast::Literal) -> Expr {
        let Some(token) = it.syntax().first_token() else { return Expr::Missing };
        match token.kind() {
            SyntaxKind::TOKEN_INTEGER => token.text().parse().map_or(Expr::Missing, Expr::Int),
            SyntaxKind::TOKEN_FLOAT => token.text().parse().map_or(Expr::Missing, Expr::Float),
            SyntaxKind::TOKEN_URI => {
                self.map.uris.push(token.text_range());
                Expr::Str(token.text().into())
            }
            _ => Expr::Missing,
        }
    }

    fn string(&mut self, it: &ast::Str) -> ExprId {
        let range = it.syntax().text_range();
        let lowered = self.string_parts(it);
        self.alloc(lowered, range)
    }

    fn string_parts(&mut self, it: &ast::Str) -> Expr {
        let pieces = strings::pieces(it);
        let mut parts: Vec<StrPart> = pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => StrPart::Text(text.into()),
                Piece::Expr(expr) => StrPart::Expr(self.optional(expr)),
            })
            .collect();
        match parts.as_mut_slice() {
            [] => Expr::Str(SmolStr::default()),
            [StrPart::Text(text)] => Expr::Str(std::mem::take(text)),
            _ => Expr::Interpolated(parts.into()),
        }
    }

    fn path(&mut self, node: &nixscope_syntax::SyntaxNode, base: PathBase) -> ExprId {
        let mut parts: Vec<StrPart> = Vec::new();
        for element in node.children_with_tokens() {
            match element {
                rowan::NodeOrToken::Token(token) => parts.push(StrPart::Text(token.text().into())),
                rowan::NodeOrToken::Node(node) => {
                    let expr = ast::Interpol::cast(node).and_then(|it| it.expr());
                    parts.push(StrPart::Expr(self.optional(expr)));
                }
            }
        }
        if base == PathBase::Home
            && let Some(StrPart::Text(text)) = parts.first_mut()
        {
            *text = text.trim_start_matches('~').into();
        }
        let lowered = match parts.as_mut_slice() {
            [StrPart::Text(text)] => Expr::Path(base, std::mem::take(text)),
            _ => Expr::InterpolatedPath(base, parts.into()),
        };
        self.alloc(lowered, node.text_range())
    }

    fn attrpath(&mut self, path: Option<ast::Attrpath>) -> Box<[AttrName]> {
        let Some(path) = path else { return Box::default() };
        let entry = path.syntax().text_range();
        path.attrs().map(|attr| self.attr_name(&attr, entry)).collect()
    }

    fn attr_name(&mut self, attr: &ast::Attr, entry: TextRange) -> AttrName {
        let range = attr.syntax().text_range();
        let lowered = match attr {
            ast::Attr::Ident(it) => {
                let name = ident(it);
                return AttrName::Static(name, self.name(name, range, entry));
            }
            ast::Attr::Str(it) => self.string_parts(it),
            ast::Attr::Dynamic(it) => match it.expr() {
                // `${"a"}` is the name `a`.
                Some(ast::Expr::Str(it)) => self.string_parts(&it),
                expr => {
                    let expr = self.optional(expr);
                    return AttrName::Dynamic(expr, self.name(Symbol::new(""), range, entry));
                }
            },
        };
        match lowered {
            Expr::Str(text) => {
                let name = Symbol::new(&text);
                AttrName::Static(name, self.name(name, range, entry))
            }
            other => {
                let expr = self.alloc(other, range);
                AttrName::Dynamic(expr, self.name(Symbol::new(""), range, entry))
            }
        }
    }
}

/// The text of an identifier.
pub(crate) fn ident(ident: &ast::Ident) -> Symbol {
    match ident.syntax().first_token() {
        Some(token) => Symbol::new(token.text()),
        None => Symbol::new(""),
    }
}
