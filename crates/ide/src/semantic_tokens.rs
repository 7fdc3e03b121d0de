//! Semantic tokens: what each name of a file is.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::PlaceKind;
use nixscope_fleet::{Project, fleet, hosts, inputs};
use nixscope_hir::{
    BindingValue, Bindings, Body, Expr, NameId, ScopeKind, SourceMap, body, resolve, source_map,
};
use nixscope_syntax::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum TokenKind {
    /// A `let` binding.
    Variable,
    /// An argument.
    Parameter,
    /// An attribute.
    Property,
    /// A binding or attribute that holds a function, and what is called.
    Function,
    /// A name of Nix's own.
    Builtin,
    /// `true`, `false`, `null`.
    Constant,
    /// A host.
    Host,
    /// A flake input.
    Input,
    /// A secret.
    Secret,
    /// An option that the repository declares.
    Option,
}

impl TokenKind {
    /// Every kind, in the order of the legend.
    pub const ALL: &'static [TokenKind] = &[
        TokenKind::Variable,
        TokenKind::Parameter,
        TokenKind::Property,
        TokenKind::Function,
        TokenKind::Builtin,
        TokenKind::Constant,
        TokenKind::Host,
        TokenKind::Input,
        TokenKind::Secret,
        TokenKind::Option,
    ];
}

/// A name and what it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// The name.
    pub range: TextRange,
    /// What it is.
    pub kind: TokenKind,
    /// Whether it is introduced here.
    pub declaration: bool,
    /// Whether nothing uses it.
    pub unused: bool,
}

/// The tokens of a file, in the order of the text. Only the index that is there is read: the names of
/// hosts and inputs, and the places of options and secrets.
pub(crate) fn tokens(db: &dyn Db, project: Project, file: SourceFile) -> Vec<Token> {
    let (body, map) = (body(db, file), source_map(db, file));
    let mut marker = Marker { body, map, out: FxHashMap::default(), used: FxHashSet::default() };
    marker.scopes();
    marker.exprs();
    marker.fleet(db, project, file);
    let mut out: Vec<Token> = marker.out.into_values().filter(|token| !token.range.is_empty()).collect();
    out.sort_by_key(|token| (token.range.start(), token.range.end()));
    // Names do not overlap; where a half-written file makes them, the first stays.
    out.dedup_by(|b, a| b.range.start() < a.range.end());
    out
}

struct Marker<'a> {
    body: &'a Body,
    map: &'a SourceMap,
    out: FxHashMap<TextRange, Token>,
    used: FxHashSet<NameId>,
}

impl Marker<'_> {
    fn mark(&mut self, range: TextRange, kind: TokenKind, declaration: bool) {
        self.out.insert(range, Token { range, kind, declaration, unused: false });
    }

    /// The names that scopes bind, after the variables that use them were counted.
    fn scopes(&mut self) {
        for (id, expr) in self.body.exprs.iter() {
            if let Expr::Local { .. } = expr
                && let Some(nixscope_hir::Definition::Name(name, _)) = resolve(self.body, id)
            {
                self.used.insert(name);
            }
        }
        for (_, scope) in self.body.scopes.iter() {
            let kind = match scope.kind {
                ScopeKind::Lambda(_) => TokenKind::Parameter,
                ScopeKind::Let(_) => TokenKind::Variable,
                ScopeKind::Rec(_) | ScopeKind::With(_) => continue,
            };
            for (name, place) in scope.names.iter() {
                let range = self.map.name(*place);
                self.mark(range, kind, true);
                let unused = !self.used.contains(place) && !name.as_str().starts_with('_');
                if let Some(token) = self.out.get_mut(&range) {
                    token.unused = unused;
                }
            }
        }
    }

    fn exprs(&mut self) {
        for (id, expr) in self.body.exprs.iter() {
            match expr {
                Expr::Local { .. } => {
                    let kind = match resolve(self.body, id) {
                        Some(nixscope_hir::Definition::Name(_, scope)) => {
                            match self.body.scopes[scope].kind {
                                ScopeKind::Lambda(_) => TokenKind::Parameter,
                                ScopeKind::Rec(_) => TokenKind::Property,
                                _ => TokenKind::Variable,
                            }
                        }
                        _ => TokenKind::Variable,
                    };
                    let range = self.map.expr(id);
                    if !self.out.contains_key(&range) {
                        self.mark(range, kind, false);
                    }
                }
                Expr::Global(name) => {
                    let kind = match name.as_str() {
                        "true" | "false" | "null" => TokenKind::Constant,
                        _ => TokenKind::Builtin,
                    };
                    self.mark(self.map.expr(id), kind, false);
                }
                Expr::WithName { .. } => self.mark(self.map.expr(id), TokenKind::Variable, false),
                Expr::Select { base, path, .. } | Expr::HasAttr { base, path } => {
                    let of_builtins =
                        matches!(&self.body.exprs[*base], Expr::Global(name) if name.as_str() == "builtins");
                    for (index, attr) in path.iter().enumerate() {
                        if attr.as_static().is_some() {
                            let builtin = of_builtins && index == 0;
                            let kind = if builtin { TokenKind::Builtin } else { TokenKind::Property };
                            self.mark(self.map.name(attr.place()), kind, false);
                        }
                    }
                }
                Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => self.keys(bindings),
                _ => {}
            }
        }
        // What is called is a function, whatever else it is.
        for (_, expr) in self.body.exprs.iter() {
            let Expr::Apply { function, .. } = expr else { continue };
            let range = match &self.body.exprs[*function] {
                Expr::Select { path, .. } => path.last().map(|attr| self.map.name(attr.place())),
                Expr::Local { .. } | Expr::WithName { .. } => Some(self.map.expr(*function)),
                _ => None,
            };
            if let Some(token) = range.and_then(|range| self.out.get_mut(&range))
                && token.kind != TokenKind::Builtin
            {
                token.kind = TokenKind::Function;
            }
        }
    }

    fn keys(&mut self, bindings: &Bindings) {
        for binding in bindings.named.iter() {
            let is_function = matches!(binding.value, BindingValue::Expr(value)
                if matches!(self.body.exprs[value], Expr::Lambda(_)));
            let kind = if is_function { TokenKind::Function } else { TokenKind::Property };
            let range = self.map.name(binding.place);
            if !self.out.contains_key(&range) {
                self.mark(range, kind, true);
            }
            for (_, more) in self.map.further_places().iter().filter(|(first, _)| *first == binding.place) {
                self.mark(self.map.name(*more), kind, true);
            }
        }
    }

    /// Hosts, inputs, options and secrets, where the index knows their places.
    fn fleet(&mut self, db: &dyn Db, project: Project, file: SourceFile) {
        let mut found: Vec<(PlaceKind, TokenKind)> = Vec::new();
        let mut add = |place: Option<nixscope_eval::SourcePlace>, kind: TokenKind| {
            found.extend(place.filter(|place| place.source == file).map(|place| (place.kind, kind)));
        };
        for host in &hosts(db, project).hosts {
            add(host.place, TokenKind::Host);
        }
        for (input, _) in inputs(db, project) {
            add(input.place, TokenKind::Input);
        }
        let index = fleet(db, project);
        for reference in &index.references {
            add(reference.host_place, TokenKind::Host);
        }
        let mut systems: Vec<&nixscope_fleet::HostIndex> =
            index.hosts.iter().map(|(_, index)| index).collect();
        while let Some(system) = systems.pop() {
            systems.extend(system.nested.iter().map(|nested| &nested.index));
            for option in &system.options {
                add(option.place, TokenKind::Option);
            }
            for definition in &system.definitions {
                add(definition.place, TokenKind::Option);
            }
            for secret in &system.secrets {
                add(secret.place, TokenKind::Secret);
            }
            for read in &system.secret_reads {
                add(Some(read.name_place), TokenKind::Secret);
            }
            for reference in &system.references {
                add(reference.host_place, TokenKind::Host);
            }
        }
        for (place, kind) in found {
            let range = match place {
                PlaceKind::Name(raw) => self.map.name(Body::name_from_raw(raw)),
                _ => continue,
            };
            if let Some(token) = self.out.get_mut(&range) {
                token.kind = kind;
            }
        }
    }
}
