//! The lowered form of one file.

use la_arena::{Arena, Idx, RawIdx};
use smol_str::SmolStr;

use crate::Symbol;

/// An expression of one file.
pub type ExprId = Idx<Expr>;
/// A place of one file that introduces a name: a key of an attribute set or `let`, a formal argument.
pub type NameId = Idx<Symbol>;
/// A scope of one file.
pub type ScopeId = Idx<Scope>;

/// One file's expressions. Equal for texts that differ in layout and comments only.
#[derive(Clone, PartialEq, Debug)]
pub struct Body {
    /// Every expression; children come before their parents.
    pub exprs: Arena<Expr>,
    /// Every place that introduces a name, in order of the text.
    pub names: Arena<Symbol>,
    /// Every scope; parents come before their children.
    pub scopes: Arena<Scope>,
    /// The scope that each expression stands in, by the expression's index.
    pub expr_scopes: Vec<Option<ScopeId>>,
    /// The whole file.
    pub root: ExprId,
}

// Floats compare by value and no lowered literal is a NaN, so equality is an equivalence.
impl Eq for Body {}

impl Body {
    /// The scope an expression stands in; none at the top of the file.
    pub fn scope_of(&self, expr: ExprId) -> Option<ScopeId> {
        self.expr_scopes.get(u32::from(expr.into_raw()) as usize).copied().flatten()
    }

    /// The expression with a raw index, as [`Body::raw`] gave it.
    pub fn expr_from_raw(raw: u32) -> ExprId {
        ExprId::from_raw(RawIdx::from(raw))
    }

    /// The name with a raw index, as [`Body::raw_name`] gave it.
    pub fn name_from_raw(raw: u32) -> NameId {
        NameId::from_raw(RawIdx::from(raw))
    }

    /// An expression's id as an integer.
    pub fn raw(expr: ExprId) -> u32 {
        expr.into_raw().into()
    }

    /// A name's id as an integer.
    pub fn raw_name(name: NameId) -> u32 {
        name.into_raw().into()
    }
}

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub enum Expr {
    /// A hole: the text has a syntax error here.
    Missing,
    /// `1`
    Int(i64),
    /// `1.5`
    Float(f64),
    /// A string without interpolation, also `''…''` and a bare URL.
    Str(SmolStr),
    /// A string with interpolation.
    Interpolated(Box<[StrPart]>),
    /// A path without interpolation, as written and what it is relative to.
    Path(PathBase, SmolStr),
    /// A path with interpolation.
    InterpolatedPath(PathBase, Box<[StrPart]>),
    /// `<nixpkgs>`, without the brackets.
    SearchPath(SmolStr),
    /// A variable bound in this file: `up` environments out, then the slot.
    Local {
        /// The name.
        name: Symbol,
        /// How many environments out.
        up: u32,
        /// Which slot there.
        slot: u32,
    },
    /// A name of Nix's base environment: `true`, `map`, `builtins`, …
    Global(Symbol),
    /// A name that only a surrounding `with` can provide; how many environments out each is, the
    /// innermost first.
    WithName {
        /// The name.
        name: Symbol,
        /// The `with`s around it.
        withs: Box<[u32]>,
    },
    /// A name that nothing provides.
    Unresolved(Symbol),
    /// `f a b`: a function and its arguments.
    Apply {
        /// The function.
        function: ExprId,
        /// One or more.
        args: Box<[ExprId]>,
    },
    /// `a.b.${c} or d`
    Select {
        /// What is selected from.
        base: ExprId,
        /// One or more.
        path: Box<[AttrName]>,
        /// After `or`.
        default: Option<ExprId>,
    },
    /// `a ? b.c`
    HasAttr {
        /// What is looked into.
        base: ExprId,
        /// One or more.
        path: Box<[AttrName]>,
    },
    /// A function.
    Lambda(Box<Lambda>),
    /// `let … in …`
    Let {
        /// The bindings; all in one environment.
        bindings: Box<Bindings>,
        /// After `in`.
        body: ExprId,
    },
    /// `{ … }`
    Attrs(Box<Bindings>),
    /// `rec { … }`
    RecAttrs(Box<Bindings>),
    /// `[ … ]`
    List(Box<[ExprId]>),
    /// An operator with two operands.
    Binary(BinaryOp, ExprId, ExprId),
    /// An operator with one operand.
    Unary(UnaryOp, ExprId),
    /// `if … then … else …`
    If(ExprId, ExprId, ExprId),
    /// `with …; …`
    With(ExprId, ExprId),
    /// `assert …; …`
    Assert(ExprId, ExprId),
    /// `__curPos`
    CurPos,
}

/// A piece of an interpolated string or path.
#[derive(Clone, PartialEq, Debug)]
pub enum StrPart {
    /// Text as it is in the value.
    Text(SmolStr),
    /// `${…}`
    Expr(ExprId),
}

/// What a path literal is relative to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PathBase {
    /// `/a`
    Root,
    /// `./a`, `a/b`: the directory of the file.
    File,
    /// `~/a`
    Home,
}

/// One name of an attribute path.
#[derive(Clone, PartialEq, Debug)]
pub enum AttrName {
    /// `a`, `"a"`; with the expression id of its place, for navigation.
    Static(Symbol, NameId),
    /// `${e}`, `"a${e}"`.
    Dynamic(ExprId, NameId),
}

impl AttrName {
    /// The place where the name is written.
    pub fn place(&self) -> NameId {
        match self {
            AttrName::Static(_, place) | AttrName::Dynamic(_, place) => *place,
        }
    }

    /// The name, where it is written out.
    pub fn as_static(&self) -> Option<Symbol> {
        match self {
            AttrName::Static(name, _) => Some(*name),
            AttrName::Dynamic(..) => None,
        }
    }
}

/// The contents of an attribute set or `let`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Bindings {
    /// Bindings with a written name, each name once; `a.b = 1; a.c = 2;` is one binding `a` whose
    /// value is a set.
    pub named: Box<[Binding]>,
    /// Bindings with a computed name.
    pub dynamic: Box<[(ExprId, NameId, ExprId)]>,
    /// The sources of `inherit (e) …`, in order; in a `rec` or `let` they take the environment's
    /// slots after the named bindings.
    pub inherit_from: Box<[ExprId]>,
}

/// A name and its value.
#[derive(Clone, PartialEq, Debug)]
pub struct Binding {
    /// The name.
    pub name: Symbol,
    /// Where it is written (the first time, for a merged one).
    pub place: NameId,
    /// The value.
    pub value: BindingValue,
}

/// Where a binding's value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BindingValue {
    /// `a = e;`
    Expr(ExprId),
    /// `inherit a;`: the variable, resolved outside the set.
    Inherit(ExprId),
    /// `inherit (e) a;`: the index in [`Bindings::inherit_from`].
    InheritFrom(u32),
}

/// A function.
#[derive(Clone, PartialEq, Debug)]
pub struct Lambda {
    /// `x:`, or the name beside `@`; takes the last slot of the environment.
    pub arg: Option<(Symbol, NameId)>,
    /// The formals of `{ a, b ? c, ... }:`, one slot each; none for a plain `x:`.
    pub formals: Option<Box<[Formal]>>,
    /// Whether the pattern has `...`.
    pub open: bool,
    /// The body.
    pub body: ExprId,
}

/// One formal argument.
#[derive(Clone, PartialEq, Debug)]
pub struct Formal {
    /// Its name.
    pub name: Symbol,
    /// Where it is written.
    pub place: NameId,
    /// After `?`.
    pub default: Option<ExprId>,
}

/// An environment that exists while part of the file is evaluated.
#[derive(Clone, PartialEq, Debug)]
pub struct Scope {
    /// The one around it.
    pub parent: Option<ScopeId>,
    /// What opens it.
    pub kind: ScopeKind,
    /// Its names, one slot each.
    pub names: Box<[(Symbol, NameId)]>,
}

/// What opens a scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeKind {
    /// A function's arguments; the expression is the function.
    Lambda(ExprId),
    /// A `let`.
    Let(ExprId),
    /// A `rec { }`.
    Rec(ExprId),
    /// A `with`; it has no names of its own.
    With(ExprId),
}

impl ScopeKind {
    /// The expression that opens the scope.
    pub fn owner(self) -> ExprId {
        match self {
            ScopeKind::Lambda(it) | ScopeKind::Let(it) | ScopeKind::Rec(it) | ScopeKind::With(it) => it,
        }
    }
}

/// An operator with two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "named as the operators are")]
pub enum BinaryOp {
    Concat,
    Update,
    Add,
    Sub,
    Mul,
    Div,
    And,
    Or,
    Implies,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    More,
    MoreEqual,
    PipeRight,
    PipeLeft,
}

/// An operator with one operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "named as the operators are")]
pub enum UnaryOp {
    Not,
    Negate,
}
