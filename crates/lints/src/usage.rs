//! Which names of a file are used: computed once a file, read by every lint of dead code.

use nixscope_db::{Db, SourceFile};
use nixscope_hir::{BindingValue, Body, Expr, ExprId, ScopeId, ScopeKind, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::names::scope_up;
use crate::outline::{Outline, outline};

/// The uses of a file's names and `with`s.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Usage {
    /// The variables that mean a slot of a scope, in order of the arena.
    uses: FxHashMap<(u32, u32), Vec<ExprId>>,
    /// The `with`s that some name may come from.
    withs: FxHashSet<ExprId>,
    /// Pairs of `with`s, the inner one first, that some name may come from either of.
    shared: FxHashSet<(ExprId, ExprId)>,
    /// The variables whose names begin with `_`.
    underscored: FxHashSet<Symbol>,
    /// The slots of `let`s that only dead code uses.
    dead: FxHashSet<(u32, u32)>,
    /// For each expression the slot of the innermost `let` binding that it is a part of.
    inside: Box<[Option<(u32, u32)>]>,
}

/// The uses of a file's names. Recomputed when the file's expressions change, not on an edit of layout.
#[salsa::tracked(returns(ref))]
pub(crate) fn usage(db: &dyn Db, file: SourceFile) -> Usage {
    Usage::of(nixscope_hir::body(db, file), outline(db, file))
}

impl Usage {
    fn of(body: &Body, outline: &Outline) -> Usage {
        let mut usage = Usage::default();
        for (id, expr) in body.exprs.iter() {
            match expr {
                Expr::Local { name, up, slot } => {
                    if name.as_str().starts_with('_') {
                        usage.underscored.insert(*name);
                    }
                    let Some(scope) = body.scope_of(id).and_then(|scope| scope_up(body, scope, *up)) else {
                        continue;
                    };
                    usage.uses.entry((raw(scope), *slot)).or_default().push(id);
                }
                Expr::WithName { withs, .. } => {
                    let scopes = withs.iter().filter_map(|up| scope_up(body, body.scope_of(id)?, *up));
                    let owners: Vec<ExprId> = scopes.map(|scope| body.scopes[scope].kind.owner()).collect();
                    usage.withs.extend(owners.iter().copied());
                    usage.shared.extend(owners.windows(2).map(|pair| (pair[0], pair[1])));
                }
                _ => {}
            }
        }
        usage.inside = inside(body, outline);
        usage.find_dead(body);
        usage
    }

    /// A binding that is only used by bindings nobody uses is dead as well, itself among them.
    fn find_dead(&mut self, body: &Body) {
        let mut slots = Vec::new();
        for (scope, it) in body.scopes.iter() {
            if let ScopeKind::Let(_) = it.kind {
                slots.extend((0..it.names.len() as u32).map(|slot| (raw(scope), slot)));
            }
        }
        let mut alive: FxHashSet<(u32, u32)> = FxHashSet::default();
        // What is alive only grows; each round walks the users of what has become alive.
        let mut users: FxHashMap<(u32, u32), Vec<(u32, u32)>> = FxHashMap::default();
        let mut fresh: Vec<(u32, u32)> = Vec::new();
        for slot in &slots {
            for at in self.uses.get(slot).into_iter().flatten() {
                match self.inside.get(Body::raw(*at) as usize).copied().flatten() {
                    None => fresh.push(*slot),
                    Some(user) => users.entry(user).or_default().push(*slot),
                }
            }
        }
        while let Some(slot) = fresh.pop() {
            if alive.insert(slot) {
                fresh.extend(users.get(&slot).into_iter().flatten());
            }
        }
        self.dead = slots.into_iter().filter(|slot| !alive.contains(slot)).collect();
    }

    /// The variables that mean a slot of a scope.
    pub(crate) fn of_slot(&self, scope: ScopeId, slot: usize) -> &[ExprId] {
        self.uses.get(&(raw(scope), slot as u32)).map_or(&[], Vec::as_slice)
    }

    /// Whether nothing that lives uses a binding of a `let`.
    pub(crate) fn is_dead(&self, scope: ScopeId, slot: usize) -> bool {
        self.dead.contains(&(raw(scope), slot as u32))
    }

    /// Whether no binding but itself uses a binding of a `let`.
    pub(crate) fn is_only_used_by_itself(&self, scope: ScopeId, slot: usize) -> bool {
        let own = Some((raw(scope), slot as u32));
        self.of_slot(scope, slot)
            .iter()
            .all(|at| self.inside.get(Body::raw(*at) as usize).copied().flatten() == own)
    }

    /// Whether an expression is part of a dead binding: removing that removes it too.
    pub(crate) fn is_in_dead_code(&self, expr: ExprId) -> bool {
        let inside = self.inside.get(Body::raw(expr) as usize).copied().flatten();
        inside.is_some_and(|slot| self.dead.contains(&slot))
    }

    /// Whether some variable of the file has a name that begins with `_`.
    pub(crate) fn uses_underscored(&self, name: Symbol) -> bool {
        self.underscored.contains(&name)
    }

    /// Whether some name may come from either of two `with`s, of which the second is the next one around the first.
    pub(crate) fn share_a_name(&self, inner: ExprId, outer: ExprId) -> bool {
        self.shared.contains(&(inner, outer))
    }

    /// Whether some name may come from a `with`.
    pub(crate) fn is_with_used(&self, with: ExprId) -> bool {
        self.withs.contains(&with)
    }
}

fn raw(scope: ScopeId) -> u32 {
    scope.into_raw().into()
}

/// For each expression the innermost `let` binding that it is a part of.
fn inside(body: &Body, outline: &Outline) -> Box<[Option<(u32, u32)>]> {
    let mut values: FxHashMap<ExprId, (u32, u32)> = FxHashMap::default();
    for (scope, it) in body.scopes.iter() {
        let ScopeKind::Let(owner) = it.kind else { continue };
        let Expr::Let { bindings, .. } = &body.exprs[owner] else { continue };
        for (slot, binding) in bindings.named.iter().enumerate() {
            if let BindingValue::Expr(value) | BindingValue::Inherit(value) = binding.value {
                values.insert(value, (raw(scope), slot as u32));
            }
        }
        // `inherit (from) a b;`: the source lives as long as one of its names; as that is rarely asked,
        // it counts as used.
    }
    let mut known: Vec<Option<Option<(u32, u32)>>> = vec![None; body.exprs.len()];
    let mut way = Vec::new();
    for (id, _) in body.exprs.iter() {
        way.clear();
        let mut current = Some(id);
        let mut answer = None;
        while let Some(expr) = current {
            if let Some(done) = known[Body::raw(expr) as usize] {
                answer = done;
                break;
            }
            way.push(expr);
            if let Some(slot) = values.get(&expr) {
                answer = Some(*slot);
                break;
            }
            current = outline.parent(expr);
        }
        for expr in &way {
            known[Body::raw(*expr) as usize] = Some(answer);
        }
    }
    known.into_iter().map(Option::flatten).collect()
}
