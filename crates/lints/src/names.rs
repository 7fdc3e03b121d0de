//! What a name or selection stands for, as far as the text of one file says: through `let`, `inherit`
//! and `with`, without evaluating anything.

use nixscope_hir::{BinaryOp, BindingValue, Bindings, Body, Expr, ExprId, ScopeId, ScopeKind, Symbol};

/// Followed links (`a = b; b = c; …`) are counted, since a chain may be a circle.
const MAX_LINKS: u32 = 16;

/// What binds a variable of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Bound {
    /// `a = e;` or `inherit a;`
    Expr(ExprId),
    /// `inherit (from) a;`
    From(ExprId, Symbol),
    /// An argument of a function.
    Argument(ExprId, Symbol),
}

/// What binds a variable; none where it is no variable of the file.
pub(crate) fn bound(body: &Body, expr: ExprId) -> Option<Bound> {
    let Expr::Local { name, up, slot } = &body.exprs[expr] else { return None };
    let scope = scope_up(body, body.scope_of(expr)?, *up)?;
    match (body.scopes[scope].kind, &body.exprs[body.scopes[scope].kind.owner()]) {
        (ScopeKind::Lambda(owner), _) => Some(Bound::Argument(owner, *name)),
        (_, Expr::Let { bindings, .. } | Expr::RecAttrs(bindings)) => {
            let binding = bindings.named.get(*slot as usize).filter(|it| it.name == *name)?;
            match binding.value {
                BindingValue::Expr(value) | BindingValue::Inherit(value) => Some(Bound::Expr(value)),
                BindingValue::InheritFrom(index) => {
                    Some(Bound::From(*bindings.inherit_from.get(index as usize)?, *name))
                }
            }
        }
        _ => None,
    }
}

/// The scope that is `up` scopes out.
pub(crate) fn scope_up(body: &Body, mut scope: ScopeId, up: u32) -> Option<ScopeId> {
    for _ in 0..up {
        scope = body.scopes[scope].parent?;
    }
    Some(scope)
}

/// The value behind variables: follows `let`s and plain `inherit`s to the expression that is bound.
pub(crate) fn through(body: &Body, mut expr: ExprId) -> ExprId {
    for _ in 0..MAX_LINKS {
        match bound(body, expr) {
            Some(Bound::Expr(next)) => expr = next,
            _ => break,
        }
    }
    expr
}

/// A selection taken apart: the name it starts from and the attributes selected. `cfg.port` with
/// `cfg = config.services.web` is `config`, `services`, `web`, `port`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Access {
    /// The names, the root's first.
    pub(crate) names: Vec<Symbol>,
    /// The function whose argument the root is.
    pub(crate) argument_of: Option<ExprId>,
}

impl Access {
    /// The names as text, for matching.
    pub(crate) fn parts(&self) -> Vec<&'static str> {
        self.names.iter().map(|it| it.as_str()).collect()
    }
}

/// See [`Access`]; none where a computed name is on the way, or the root is no name.
pub(crate) fn access(body: &Body, expr: ExprId) -> Option<Access> {
    access_within(body, expr, MAX_LINKS)
}

fn access_within(body: &Body, expr: ExprId, links: u32) -> Option<Access> {
    let links = links.checked_sub(1)?;
    let opaque = |name: Symbol| Access { names: vec![name], argument_of: None };
    match &body.exprs[expr] {
        Expr::Global(name) => Some(opaque(*name)),
        Expr::Local { name, .. } => match bound(body, expr)? {
            Bound::Argument(owner, name) => Some(Access { names: vec![name], argument_of: Some(owner) }),
            Bound::Expr(value) => Some(access_within(body, value, links).unwrap_or_else(|| opaque(*name))),
            Bound::From(from, name) => {
                let mut base = access_within(body, from, links)?;
                base.names.push(name);
                Some(base)
            }
        },
        Expr::WithName { name, .. } => {
            let mut base = access_within(body, innermost_with(body, expr)?, links)?;
            base.names.push(*name);
            Some(base)
        }
        Expr::Select { base, path, .. } => {
            let mut base = access_within(body, *base, links)?;
            for attr in path {
                base.names.push(attr.as_static()?);
            }
            Some(base)
        }
        _ => None,
    }
}

/// The namespace of the innermost `with` around an expression.
fn innermost_with(body: &Body, expr: ExprId) -> Option<ExprId> {
    withs(body, expr).next()
}

/// The namespaces of the `with`s around an expression, the innermost first.
pub(crate) fn withs(body: &Body, expr: ExprId) -> impl Iterator<Item = ExprId> {
    std::iter::successors(body.scope_of(expr), |scope| body.scopes[*scope].parent).filter_map(|scope| match (
        body.scopes[scope].kind,
        &body.exprs[body.scopes[scope].kind.owner()],
    ) {
        (ScopeKind::With(_), Expr::With(namespace, _)) => Some(*namespace),
        _ => None,
    })
}

/// A function that everybody knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Known {
    /// A builtin, by its name without prefix.
    Builtin(&'static str),
    /// A function of nixpkgs' `lib`.
    Lib(&'static str),
    /// Something of a package set.
    Pkgs(&'static str),
}

impl Known {
    /// The function's own name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Known::Builtin(name) | Known::Lib(name) | Known::Pkgs(name) => name,
        }
    }

    /// The name, where it is a function of `lib` or a builtin.
    pub(crate) fn library(self) -> Option<&'static str> {
        match self {
            Known::Builtin(name) | Known::Lib(name) => Some(name),
            Known::Pkgs(_) => None,
        }
    }
}

/// The well-known function that an expression names.
pub(crate) fn known(body: &Body, expr: ExprId) -> Option<Known> {
    match &body.exprs[expr] {
        Expr::Global(name) => Some(Known::Builtin(bare(*name))),
        Expr::Select { base, path, .. } => {
            let name = path.last()?.as_static()?;
            // `lib.modules.mkIf`: what stands between does not matter.
            let direct = path.len() == 1;
            if direct && let Some(set) = well_known_set(body, *base, MAX_LINKS) {
                return Some(set.with(name));
            }
            let mut parts = access(body, *base).map(|it| it.names).unwrap_or_default();
            for attr in &path[..path.len() - 1] {
                parts.push(attr.as_static()?);
            }
            set_of_path(&parts).map(|set| set.with(name))
        }
        Expr::WithName { name, .. } => withs(body, expr)
            .find_map(|from| well_known_set(body, from, MAX_LINKS))
            .map(|set| set.with(*name)),
        Expr::Local { name, .. } => match bound(body, expr)? {
            Bound::From(from, name) => well_known_set(body, from, MAX_LINKS).map(|set| set.with(name)),
            Bound::Expr(_) => {
                let target = through(body, expr);
                (target != expr && !matches!(body.exprs[target], Expr::Lambda(_)))
                    .then(|| known(body, target))?
            }
            // A package's file gets its functions one by one.
            Bound::Argument(..) if name.as_str() == "callPackage" => Some(Known::Pkgs("callPackage")),
            Bound::Argument(..) => None,
        },
        _ => None,
    }
}

/// The application's function, where it is a well-known one.
pub(crate) fn applied(body: &Body, expr: ExprId) -> Option<(Known, &[ExprId])> {
    match &body.exprs[expr] {
        Expr::Apply { function, args } => Some((known(body, *function)?, args)),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Builtins,
    Lib,
    Pkgs,
}

impl Set {
    fn with(self, name: Symbol) -> Known {
        match self {
            Set::Builtins => Known::Builtin(name.as_str()),
            Set::Lib => Known::Lib(name.as_str()),
            Set::Pkgs => Known::Pkgs(name.as_str()),
        }
    }
}

fn well_known_set(body: &Body, expr: ExprId, links: u32) -> Option<Set> {
    let links = links.checked_sub(1)?;
    if let Some(set) = access(body, expr).and_then(|it| set_of_path(&it.names)) {
        return Some(set);
    }
    match &body.exprs[expr] {
        // `l = nixpkgs.lib // builtins`
        Expr::Binary(BinaryOp::Update, left, right) => {
            // Both sides are looked into: a chain of such sets must not grow without bound.
            let links = links.saturating_sub(3);
            let left = well_known_set(body, *left, links);
            let right = well_known_set(body, *right, links);
            left.or(right).filter(|set| *set != Set::Pkgs)
        }
        Expr::Local { .. } => match bound(body, expr)? {
            Bound::Expr(value) => well_known_set(body, value, links),
            _ => None,
        },
        _ => None,
    }
}

/// `lib`, `pkgs.lib`, `nixpkgs.lib.strings`, `builtins`, `pkgs`.
fn set_of_path(names: &[Symbol]) -> Option<Set> {
    let last = names.last()?.as_str();
    if names.iter().any(|name| name.as_str() == "lib") {
        return Some(Set::Lib);
    }
    match last {
        "builtins" => Some(Set::Builtins),
        "pkgs" => Some(Set::Pkgs),
        _ => None,
    }
}

fn bare(name: Symbol) -> &'static str {
    let text = name.as_str();
    text.strip_prefix("__").unwrap_or(text)
}

/// The bindings of a set or `let`.
pub(crate) fn bindings(expr: &Expr) -> Option<&Bindings> {
    match expr {
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) | Expr::Let { bindings, .. } => Some(bindings),
        _ => None,
    }
}

/// The name that is spelt most like `wanted`, near enough to be meant.
pub(crate) fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = wanted.chars().count();
    names
        .into_iter()
        .filter(|name| *name != wanted && name.chars().count().abs_diff(length) <= 3)
        .map(|name| (distance(wanted, name), name))
        .filter(|(distance, name)| distance * 3 <= name.chars().count())
        .min_by_key(|(distance, name)| (*distance, *name))
        .map(|(_, name)| name)
}

/// Levenshtein's distance, but two neighbours changed over are one slip.
fn distance(a: &str, b: &str) -> usize {
    let differ: Vec<usize> =
        a.bytes().zip(b.bytes()).enumerate().filter(|(_, (x, y))| x != y).map(|(at, _)| at).collect();
    match differ.as_slice() {
        [one, two]
            if a.len() == b.len()
                && *two == one + 1
                && a.as_bytes()[*one] == b.as_bytes()[*two]
                && a.as_bytes()[*two] == b.as_bytes()[*one] =>
        {
            1
        }
        _ => nixscope_eval::edit_distance(a, b),
    }
}
