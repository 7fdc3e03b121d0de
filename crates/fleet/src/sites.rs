//! The places of a file where something is read of a configuration, and whether they are reached.

use nixscope_eval::{Evaluator, PlaceKind, Sites, Value};
use nixscope_hir::{AttrName, BindingValue, Body, Expr, ExprId, NameId, Symbol};

/// Who holds each expression of a file.
pub(crate) struct Parents(Vec<Option<ExprId>>);

impl Parents {
    pub(crate) fn new(body: &Body) -> Parents {
        let mut parents = vec![None; body.exprs.len()];
        for (id, expr) in body.exprs.iter() {
            for_each_child(expr, |child| {
                if let Some(slot) = parents.get_mut(Body::raw(child) as usize) {
                    *slot = Some(id);
                }
            });
        }
        Parents(parents)
    }

    pub(crate) fn of(&self, expr: ExprId) -> Option<ExprId> {
        self.0.get(Body::raw(expr) as usize).copied().flatten()
    }
}

/// Calls `visit` with every direct part of an expression.
pub(crate) fn for_each_child(expr: &Expr, mut visit: impl FnMut(ExprId)) {
    let path = |path: &[AttrName], visit: &mut dyn FnMut(ExprId)| {
        for attr in path {
            if let AttrName::Dynamic(name, _) = attr {
                visit(*name);
            }
        }
    };
    match expr {
        Expr::Interpolated(parts) | Expr::InterpolatedPath(_, parts) => {
            for part in parts {
                if let nixscope_hir::StrPart::Expr(it) = part {
                    visit(*it);
                }
            }
        }
        Expr::Apply { function, args } => {
            visit(*function);
            args.iter().for_each(|arg| visit(*arg));
        }
        Expr::Select { base, path: names, default } => {
            visit(*base);
            path(names, &mut visit);
            default.iter().for_each(|it| visit(*it));
        }
        Expr::HasAttr { base, path: names } => {
            visit(*base);
            path(names, &mut visit);
        }
        Expr::Lambda(lambda) => {
            for formal in lambda.formals.iter().flatten() {
                formal.default.iter().for_each(|it| visit(*it));
            }
            visit(lambda.body);
        }
        Expr::Let { bindings, body } => {
            visit_bindings(bindings, &mut visit);
            visit(*body);
        }
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => visit_bindings(bindings, &mut visit),
        Expr::List(items) => items.iter().for_each(|item| visit(*item)),
        Expr::Binary(_, left, right) => {
            visit(*left);
            visit(*right);
        }
        Expr::Unary(_, operand) => visit(*operand),
        Expr::If(condition, then, otherwise) => {
            visit(*condition);
            visit(*then);
            visit(*otherwise);
        }
        Expr::With(namespace, body) => {
            visit(*namespace);
            visit(*body);
        }
        Expr::Assert(condition, body) => {
            visit(*condition);
            visit(*body);
        }
        _ => {}
    }
}

fn visit_bindings(bindings: &nixscope_hir::Bindings, visit: &mut dyn FnMut(ExprId)) {
    for binding in bindings.named.iter() {
        if let BindingValue::Expr(value) | BindingValue::Inherit(value) = binding.value {
            visit(value);
        }
    }
    for (name, _, value) in bindings.dynamic.iter() {
        visit(*name);
        visit(*value);
    }
    bindings.inherit_from.iter().for_each(|from| visit(*from));
}

/// A selection: `base.a.b`, `base ? a.b`, or one name of `inherit (base) a b`.
pub(crate) struct Selection<'a> {
    /// The whole expression; for an inherited name, what it is inherited from.
    pub expr: ExprId,
    /// What is selected from.
    pub base: ExprId,
    /// The names, with their places.
    pub path: Vec<Step<'a>>,
    /// Whether the program says what holds where it is not there.
    pub guarded: bool,
    /// The name's own place, where it is inherited.
    pub inherited: Option<NameId>,
}

/// One name of a selection.
#[derive(Clone, Copy)]
pub(crate) enum Step<'a> {
    /// As in an attribute path.
    Attr(&'a AttrName),
    /// As in `inherit (e) name`.
    Inherited(Symbol, NameId),
    /// An element of the list that a function like `attrByPath` takes.
    Item(ExprId),
}

impl Step<'_> {
    pub(crate) fn place(&self) -> PlaceKind {
        match self {
            Step::Attr(attr) => PlaceKind::Name(Body::raw_name(attr.place())),
            Step::Inherited(_, place) => PlaceKind::Name(Body::raw_name(*place)),
            Step::Item(item) => PlaceKind::Expr(Body::raw(*item)),
        }
    }
}

/// The parts of a call that selects by a list: `attrByPath [ "a" "b" ] default set` and its like. The list
/// must be written out.
fn selection_by_list<'a>(
    body: &'a Body,
    id: ExprId,
    function: ExprId,
    args: &[ExprId],
) -> Option<Selection<'a>> {
    let (at, guarded) = match callee_name(body, function)? {
        "attrByPath" => (2, true),
        "hasAttrByPath" => (1, true),
        "getAttrFromPath" => (1, false),
        _ => return None,
    };
    let Expr::List(items) = &body.exprs[*args.first()?] else { return None };
    let path: Vec<Step<'a>> = items.iter().map(|item| Step::Item(*item)).collect();
    let base = *args.get(at)?;
    (!path.is_empty()).then_some(Selection { expr: id, base, path, guarded, inherited: None })
}

/// Every selection of a file.
pub(crate) fn selections(body: &Body) -> Vec<Selection<'_>> {
    let mut out = Vec::new();
    for (id, expr) in body.exprs.iter() {
        match expr {
            Expr::Select { base, path, default } => out.push(Selection {
                expr: id,
                base: *base,
                path: path.iter().map(Step::Attr).collect(),
                guarded: default.is_some(),
                inherited: None,
            }),
            Expr::HasAttr { base, path } => out.push(Selection {
                expr: id,
                base: *base,
                path: path.iter().map(Step::Attr).collect(),
                guarded: true,
                inherited: None,
            }),
            Expr::Apply { function, args } => out.extend(selection_by_list(body, id, *function, args)),
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) | Expr::Let { bindings, .. } => {
                for binding in bindings.named.iter() {
                    let BindingValue::InheritFrom(index) = binding.value else { continue };
                    let from = bindings.inherit_from[index as usize];
                    // `inherit (a.b) c` is `a.b.c`: the names of the source come first.
                    let (base, mut path) = match &body.exprs[from] {
                        Expr::Select { base, path, default: None } => {
                            (*base, path.iter().map(Step::Attr).collect())
                        }
                        _ => (from, Vec::new()),
                    };
                    path.push(Step::Inherited(binding.name, binding.place));
                    out.push(Selection {
                        expr: from,
                        base,
                        path,
                        guarded: false,
                        inherited: Some(binding.place),
                    });
                }
            }
            _ => {}
        }
    }
    out
}

/// Whether an expression is evaluated where its file is: true where no condition stands before it,
/// false where a condition is known to be false, none where that is not known.
pub(crate) fn reached<'h>(
    ev: &Evaluator<'h>,
    sites: &mut Sites<'_, 'h>,
    parents: &Parents,
    expr: ExprId,
) -> Option<bool> {
    let body = sites.file().body;
    let mut certain = true;
    let mut child = expr;
    while let Some(parent) = parents.of(child) {
        let condition = match &body.exprs[parent] {
            Expr::If(condition, then, otherwise) if *then == child => Some((*condition, true, *otherwise)),
            Expr::If(condition, then, otherwise) if *otherwise == child => Some((*condition, false, *then)),
            // What another function does with its argument is not followed.
            Expr::Apply { function, .. } if *function != child && !takes_strictly(body, *function) => {
                certain = false;
                None
            }
            Expr::Apply { function, args } if args.first() != Some(&child) && *function != child => {
                let conditional = matches!(
                    callee_name(body, *function),
                    Some("mkIf" | "optional" | "optionals" | "optionalAttrs" | "optionalString" | "mkAssert")
                );
                conditional.then(|| (args[0], true, args[0]))
            }
            Expr::Binary(nixscope_hir::BinaryOp::And, left, right) if *right == child => {
                Some((*left, true, *left))
            }
            Expr::Binary(nixscope_hir::BinaryOp::Or, left, right) if *right == child => {
                Some((*left, false, *left))
            }
            Expr::Binary(nixscope_hir::BinaryOp::Implies, left, right) if *right == child => {
                Some((*left, true, *left))
            }
            // Nothing reads the settings of what is switched off.
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => {
                if is_switched_off(ev, sites, bindings) {
                    certain = false;
                }
                None
            }
            // A binding of a `let` is evaluated if something uses it, which is not followed here.
            Expr::Let { body, .. } if *body != child => {
                certain = false;
                None
            }
            // A function's body runs when it is called; a module's function is.
            Expr::Lambda(_) if !sites.is_called(child) => {
                certain = false;
                None
            }
            _ => None,
        };
        if let Some((condition, wanted, _)) = condition {
            let value = sites.value(condition).and_then(|value| ev.settle(value));
            match value {
                Ok(Value::Bool(value)) if value == wanted => {}
                Ok(Value::Bool(_)) => return Some(false),
                _ => certain = false,
            }
        }
        child = parent;
    }
    certain.then_some(true)
}

/// Whether what is called evaluates its arguments once it is evaluated itself: properties of the module
/// system, and functions of nixpkgs and the language. One that the repository defines may do anything.
fn takes_strictly(body: &Body, function: ExprId) -> bool {
    match &body.exprs[function] {
        Expr::Global(_) => true,
        Expr::Local { name, .. } | Expr::WithName { name, .. } => PROPERTIES.contains(&name.as_str()),
        Expr::Select { base, .. } => {
            let mut base = *base;
            while let Expr::Select { base: inner, .. } = &body.exprs[base] {
                base = *inner;
            }
            matches!(callee_name(body, base), Some("lib" | "pkgs" | "builtins" | "types"))
        }
        _ => false,
    }
}

/// What modules call by its bare name: what the module system takes a definition out of, and conditions.
/// Source: nixpkgs, `lib/modules.nix`, `lib/lists.nix`, `lib/attrsets.nix`, `lib/strings.nix`.
const PROPERTIES: &[&str] = &[
    "mkAfter",
    "mkAssert",
    "mkBefore",
    "mkDefault",
    "mkForce",
    "mkIf",
    "mkImageMediaOverride",
    "mkMerge",
    "mkOptionDefault",
    "mkOrder",
    "mkOverride",
    "mkVMOverride",
    "optional",
    "optionalAttrs",
    "optionalString",
    "optionals",
];

/// Whether a set of settings says `enable = false` beside them.
fn is_switched_off<'h>(
    ev: &Evaluator<'h>,
    sites: &mut Sites<'_, 'h>,
    bindings: &nixscope_hir::Bindings,
) -> bool {
    let enable = bindings.named.iter().find(|binding| binding.name.as_str() == "enable");
    let Some(BindingValue::Expr(value)) = enable.map(|binding| &binding.value) else { return false };
    matches!(sites.value(*value).and_then(|value| ev.settle(value)), Ok(Value::Bool(false)))
}

/// The last name of what is called: `mkIf` of `lib.mkIf`.
pub(crate) fn callee_name(body: &Body, function: ExprId) -> Option<&'static str> {
    match &body.exprs[function] {
        Expr::Local { name, .. }
        | Expr::WithName { name, .. }
        | Expr::Global(name)
        | Expr::Unresolved(name) => Some(name.as_str()),
        Expr::Select { path, .. } => path.last().and_then(|attr| attr.as_static()).map(|name| name.as_str()),
        _ => None,
    }
}
