//! `infinite-recursion`: a binding that needs its own value.

use nixscope_hir::{
    AttrName, BinaryOp, BindingValue, Body, Expr, ExprId, NameId, ScopeKind, StrPart, Symbol,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "infinite-recursion",
    group: Group::Language,
    level: Level::Error,
    since: "0.1.0",
    summary: "a binding that needs its own value",
    page: r#"
In a `let` and in a `rec` set every name is visible in every value, its own included. A value that needs
itself before it is anything stops the evaluation: "infinite recursion encountered".

Only what is certain is reported: names, operators, conditions, functions that are called, sets that are
selected from. What stands in a list, in an attribute or behind a function is needed later, if at all,
and may refer back.

## Example

```nix
let
  cores = 4;
  threads = threads * 2; # error
in
{
  nix.settings = { inherit cores; max-jobs = threads; };
}
```

## Use instead

```nix
let
  cores = 4;
  threads = cores * 2;
in
{
  nix.settings = { inherit cores; max-jobs = threads; };
}
```

## Source

The Nix manual, ["Recursive sets"](https://nix.dev/manual/nix/latest/language/syntax#recursive-sets).
"#,
    check: Check::File(check),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    let graph = Graph::of(cx.body);
    let mut reported: FxHashSet<u32> = FxHashSet::default();
    for mut cycle in graph.cycles() {
        let first =
            (0..cycle.len()).min_by_key(|at| cx.name_range(graph.nodes[cycle[*at].0 as usize].place).start());
        cycle.rotate_left(first.unwrap_or(0));
        // One finding a knot: mending it shows the next.
        if cycle.iter().any(|(node, _)| reported.contains(node)) {
            continue;
        }
        reported.extend(cycle.iter().map(|(node, _)| *node));
        found.push(finding(cx, &graph, &cycle));
    }
}

fn finding(cx: &FileContext<'_>, graph: &Graph, cycle: &[(u32, ExprId)]) -> Diagnostic {
    let node = |at: usize| &graph.nodes[cycle[at].0 as usize];
    let name = node(0).name;
    let range = cx.range(cycle[0].1);
    let message = match cycle.len() {
        1 if is_bound_outside(cx, graph, cycle[0].0) => format!(
            "`{name}` needs its own value: inside `{}` this is not the outer `{name}`; \
             rename one of them, or write `inherit {name};` outside of it",
            keyword(cx, node(0).owner)
        ),
        1 => format!("`{name}` needs its own value, so it can never be computed"),
        _ => {
            let chain: Vec<String> = (1..cycle.len()).map(|at| format!("`{}`", node(at).name)).collect();
            format!(
                "`{name}` needs {}, which needs `{name}`: none of them can ever be computed",
                chain.join(", which needs ")
            )
        }
    };
    let mut finding = Diagnostic::new(&LINT, cx.file, range, message);
    for at in 1..cycle.len() {
        let next = node((at + 1) % cycle.len()).name;
        let message = format!("`{}` needs `{next}` here", node(at).name);
        finding = finding.with_related(cx.file, cx.range(cycle[at].1), message);
    }
    finding
}

fn keyword(cx: &FileContext<'_>, owner: ExprId) -> &'static str {
    if matches!(cx.body.exprs[owner], Expr::RecAttrs(_)) { "rec" } else { "let" }
}

/// Whether a scope further out has the name as well.
fn is_bound_outside(cx: &FileContext<'_>, graph: &Graph, node: u32) -> bool {
    let node = &graph.nodes[node as usize];
    let mut scope = cx.body.scope_of(node.owner);
    while let Some(id) = scope {
        if cx.body.scopes[id].names.iter().any(|(name, _)| *name == node.name) {
            return true;
        }
        scope = cx.body.scopes[id].parent;
    }
    false
}

/// A binding of a `let` or `rec`.
struct Node {
    name: Symbol,
    place: NameId,
    owner: ExprId,
    /// The bindings whose values are needed for this one's, each with the reference.
    needs: Vec<(u32, ExprId)>,
}

struct Graph {
    nodes: Vec<Node>,
}

impl Graph {
    fn of(body: &Body) -> Graph {
        let mut nodes: Vec<Node> = Vec::new();
        let mut first: FxHashMap<ExprId, u32> = FxHashMap::default();
        let recursive = |expr: &Expr| matches!(expr, Expr::Let { .. } | Expr::RecAttrs(_));
        for (owner, expr) in body.exprs.iter().filter(|(_, expr)| recursive(expr)) {
            first.insert(owner, nodes.len() as u32);
            for binding in names::bindings(expr).iter().flat_map(|it| it.named.iter()) {
                nodes.push(Node { name: binding.name, place: binding.place, owner, needs: Vec::new() });
            }
        }
        for (owner, expr) in body.exprs.iter().filter(|(_, expr)| recursive(expr)) {
            let (Some(bindings), Some(start)) = (names::bindings(expr), first.get(&owner)) else { continue };
            for (slot, binding) in bindings.named.iter().enumerate() {
                let value = match binding.value {
                    BindingValue::Expr(value) | BindingValue::Inherit(value) => Some(value),
                    BindingValue::InheritFrom(index) => bindings.inherit_from.get(index as usize).copied(),
                };
                if let (Some(value), Some(node)) = (value, nodes.get_mut(*start as usize + slot)) {
                    needed(body, &first, value, &mut node.needs);
                }
            }
        }
        Graph { nodes }
    }

    /// Circles, each as its nodes with the reference to the next one.
    fn cycles(&self) -> Vec<Vec<(u32, ExprId)>> {
        let mut done = vec![false; self.nodes.len()];
        let mut cycles = Vec::new();
        for start in 0..self.nodes.len() as u32 {
            if done[start as usize] {
                continue;
            }
            // The way from the start: the node, and which of its needs is being followed.
            let mut way: Vec<(u32, usize)> = vec![(start, 0)];
            let mut on_way: FxHashSet<u32> = FxHashSet::from_iter([start]);
            while let Some((node, next)) = way.last_mut() {
                let Some((needed, _)) = self.nodes[*node as usize].needs.get(*next).copied() else {
                    done[*node as usize] = true;
                    on_way.remove(node);
                    way.pop();
                    continue;
                };
                *next += 1;
                if on_way.contains(&needed) {
                    let from = way.iter().position(|(node, _)| *node == needed).unwrap_or(0);
                    let cycle = way[from..]
                        .iter()
                        .map(|(node, next)| (*node, self.nodes[*node as usize].needs[next - 1].1));
                    cycles.push(cycle.collect());
                } else if !done[needed as usize] {
                    on_way.insert(needed);
                    way.push((needed, 0));
                }
            }
        }
        cycles
    }
}

/// Collects the bindings that must be known before an expression is anything at all.
fn needed(body: &Body, first: &FxHashMap<ExprId, u32>, expr: ExprId, out: &mut Vec<(u32, ExprId)>) {
    let mut visit = |expr: ExprId| needed(body, first, expr, out);
    match &body.exprs[expr] {
        Expr::Local { up, slot, .. } => {
            let scope = body.scope_of(expr).and_then(|it| names::scope_up(body, it, *up));
            let Some(scope) = scope else { return };
            if let ScopeKind::Let(owner) | ScopeKind::Rec(owner) = body.scopes[scope].kind
                && let Some(start) = first.get(&owner)
                && names::bindings(&body.exprs[owner]).is_some_and(|it| (*slot as usize) < it.named.len())
            {
                out.push((start + slot, expr));
            }
        }
        Expr::WithName { .. } => {
            let namespace = names::withs(body, expr).next();
            namespace.into_iter().for_each(visit);
        }
        Expr::Interpolated(parts) | Expr::InterpolatedPath(_, parts) => {
            for part in parts {
                if let StrPart::Expr(expr) = part {
                    visit(*expr);
                }
            }
        }
        Expr::Apply { function, .. } => visit(*function),
        Expr::Select { base, path, default } => {
            visit(*base);
            // A default may stand in before a later name is looked at.
            if default.is_none() {
                for attr in path {
                    if let AttrName::Dynamic(name, _) = attr {
                        visit(*name);
                    }
                }
            }
        }
        Expr::HasAttr { base, .. } => visit(*base),
        Expr::Let { body, .. } => visit(*body),
        Expr::Attrs(bindings) => bindings.dynamic.iter().for_each(|(name, ..)| visit(*name)),
        Expr::Binary(op, left, right) => match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::Implies | BinaryOp::PipeLeft => visit(*left),
            BinaryOp::PipeRight => visit(*right),
            _ => {
                visit(*left);
                visit(*right);
            }
        },
        Expr::Unary(_, operand) => visit(*operand),
        Expr::If(condition, ..) => visit(*condition),
        Expr::With(_, body) => visit(*body),
        Expr::Assert(condition, body) => {
            visit(*condition);
            visit(*body);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_value_that_is_itself() {
        check(
            &super::LINT,
            "let a = a; in a\n",
            expect![[r#"
            1:9 `a` error: `a` needs its own value, so it can never be computed
        "#]],
        );
        check(
            &super::LINT,
            "{ a }: rec { a = a; }\n",
            expect![[r#"
            1:18 `a` error: `a` needs its own value: inside `rec` this is not the outer `a`; rename one of them, or write `inherit a;` outside of it
        "#]],
        );
        check(
            &super::LINT,
            "let a = a + 1; in a\n",
            expect![[r#"
            1:9 `a` error: `a` needs its own value, so it can never be computed
        "#]],
        );
        check(
            &super::LINT,
            "let a = a.b or 1; in a\n",
            expect![[r#"
            1:9 `a` error: `a` needs its own value, so it can never be computed
        "#]],
        );
        check(
            &super::LINT,
            "let inherit (lib) lib; in lib\n",
            expect![[r#"
            1:14 `lib` error: `lib` needs its own value, so it can never be computed
        "#]],
        );
        check(
            &super::LINT,
            "let a = \"${a}\"; b = if b then 1 else 2; in a\n",
            expect![[r#"
            1:12 `a` error: `a` needs its own value, so it can never be computed
            1:24 `b` error: `b` needs its own value, so it can never be computed
        "#]],
        );
        check(
            &super::LINT,
            "let a = with a; x; in a\n",
            expect![[r#"
            1:14 `a` error: `a` needs its own value, so it can never be computed
        "#]],
        );
    }

    #[test]
    fn through_others() {
        check(
            &super::LINT,
            "let a = b + 1; b = a; in a\n",
            expect![[r#"
            1:9 `b` error: `a` needs `b`, which needs `a`: none of them can ever be computed
                at 1:20 `a`: `b` needs `a` here
        "#]],
        );
        check(
            &super::LINT,
            "rec { a = b { }; b = c.x; c = let d = a; in d // { }; }\n",
            expect![[r#"
            1:11 `b` error: `a` needs `b`, which needs `c`, which needs `d`, which needs `a`: none of them can ever be computed
                at 1:22 `c`: `b` needs `c` here
                at 1:45 `d`: `c` needs `d` here
                at 1:39 `a`: `d` needs `a` here
        "#]],
        );
    }

    #[test]
    fn what_is_needed_later_may_refer_back() {
        for text in [
            "let a = { b = a; }; in a\n",
            "let a = [ a ]; in a\n",
            "let a = x: a x; in a\n",
            "let a = f a; f = x: 1; in a\n",
            "{ a }: { a = a; }\n",
            "{ a }: rec { inherit a; }\n",
            "let a = if true then 1 else a; in a\n",
            "let a = true || a; in a\n",
            "let pkgs = { inherit pkgs; }; in pkgs\n",
        ] {
            check(&super::LINT, text, expect![""]);
        }
    }
}
