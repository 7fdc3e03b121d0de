//! Evaluating an expression in the middle of a file: what a name or selection stands for there.

use nixscope_hir::{Body, Expr, ExprId, ScopeId, ScopeKind};

use rustc_hash::FxHashMap;

use super::Evaluator;
use crate::error::Eval;
use crate::heap::{Env, FileContext, Slots};
use crate::place::Place;
use crate::value::{Closure, Reason, Taint, Value};

/// Environments of the scopes of one file, made when they are asked for and kept.
pub struct Sites<'a, 'h> {
    ev: &'a Evaluator<'h>,
    file: &'h FileContext<'h>,
    /// Functions that were really called: the expression and the environment of its body.
    called: Vec<(ExprId, &'h Env<'h>)>,
    envs: FxHashMap<ScopeId, &'h Env<'h>>,
}

impl<'a, 'h> Sites<'a, 'h> {
    /// The sites of a file. `called` are functions with the environments of real calls; the arguments
    /// of all others are unknown. Those of other files are left out: a module that says it comes from this
    /// file may be written in another.
    pub fn new(
        ev: &'a Evaluator<'h>,
        file: &'h FileContext<'h>,
        mut called: Vec<(ExprId, &'h Env<'h>)>,
    ) -> Sites<'a, 'h> {
        called.retain(|(_, env)| env.file().source == file.source);
        // A function that was really called was made in an environment that is as real.
        let mut envs = FxHashMap::default();
        for (owner, env) in &called {
            let body = env.file().body;
            for (scope, _, env) in scopes_outwards(body, *owner, env) {
                envs.entry(scope).or_insert(env);
            }
        }
        Sites { ev, file, called, envs }
    }

    /// The file.
    pub fn file(&self) -> &'h FileContext<'h> {
        self.file
    }

    /// The environment that an expression stands in.
    pub fn env(&mut self, expr: ExprId) -> &'h Env<'h> {
        match self.file.body.scope_of(expr) {
            Some(scope) => self.scope_env(scope),
            None => self.ev.top_env(self.file),
        }
    }

    fn scope_env(&mut self, scope: ScopeId) -> &'h Env<'h> {
        if let Some(known) = self.envs.get(&scope) {
            return known;
        }
        let it = &self.file.body.scopes[scope];
        let called = self.called.iter().find(|(owner, _)| *owner == it.kind.owner());
        let env = match called {
            Some((_, env)) => env,
            None => {
                let parent = match it.parent {
                    Some(parent) => self.scope_env(parent),
                    None => self.ev.top_env(self.file),
                };
                self.ev.enter(parent, self.file.body, it.kind, &|_, _| None)
            }
        };
        self.envs.insert(scope, env);
        env
    }

    /// The value of an expression where it stands.
    pub fn value(&mut self, expr: ExprId) -> Eval<'h, Value<'h>> {
        let env = self.env(expr);
        self.ev.eval(env, expr)
    }

    /// Whether a function is among those that were really called.
    pub fn calls(&self, function: ExprId) -> bool {
        self.called.iter().any(|(owner, _)| *owner == function)
    }

    /// Whether an expression stands inside a function that was really called.
    pub fn is_called(&self, expr: ExprId) -> bool {
        let mut scope = self.file.body.scope_of(expr);
        while let Some(id) = scope {
            let it = &self.file.body.scopes[id];
            if self.called.iter().any(|(owner, _)| *owner == it.kind.owner()) {
                return true;
            }
            scope = it.parent;
        }
        false
    }
}

/// The scopes from a function's own outwards, each with its environment.
fn scopes_outwards<'h>(
    body: &'h Body,
    function: ExprId,
    env: &'h Env<'h>,
) -> impl Iterator<Item = (ScopeId, ScopeKind, &'h Env<'h>)> {
    let own = |(_, scope): &(ScopeId, &nixscope_hir::Scope)| scope.kind == ScopeKind::Lambda(function);
    let innermost = body.scopes.iter().find(own).map(|(id, _)| id);
    let scopes = std::iter::successors(innermost, |scope| body.scopes[*scope].parent);
    scopes.zip(env.ancestors()).map(|(scope, env)| (scope, body.scopes[scope].kind, env))
}

/// What opens the scopes from a called function's own outwards, each with its environment.
pub fn outer_environments<'h>(
    body: &'h Body,
    function: ExprId,
    env: &'h Env<'h>,
) -> impl Iterator<Item = (ScopeKind, &'h Env<'h>)> {
    scopes_outwards(body, function, env).map(|(_, kind, env)| (kind, env))
}

/// What the function that opens a scope is called with.
pub type Arguments<'a, 'h> = dyn Fn(ExprId, &'h Closure<'h>) -> Option<&'h crate::Thunk<'h>> + 'a;

impl<'h> Evaluator<'h> {
    /// The environment that an expression stands in. `arguments` says what the functions around it
    /// are called with; where it does not say, the arguments are unknown.
    pub fn env_at(
        &self,
        file: &'h FileContext<'h>,
        expr: ExprId,
        arguments: &Arguments<'_, 'h>,
    ) -> &'h Env<'h> {
        let mut chain: Vec<ScopeId> = Vec::new();
        let mut scope = file.body.scope_of(expr);
        while let Some(id) = scope {
            chain.push(id);
            scope = file.body.scopes[id].parent;
        }
        let mut env = self.top_env(file);
        for scope in chain.into_iter().rev() {
            env = self.enter(env, file.body, file.body.scopes[scope].kind, arguments);
        }
        env
    }

    fn enter(
        &self,
        env: &'h Env<'h>,
        body: &'h Body,
        kind: ScopeKind,
        arguments: &Arguments<'_, 'h>,
    ) -> &'h Env<'h> {
        match (kind, &body.exprs[kind.owner()]) {
            (ScopeKind::Lambda(owner), Expr::Lambda(lambda)) => {
                let place = self.place_of(env, owner);
                let closure = self.heap.alloc(Closure { env, lambda, place });
                let argument = arguments(owner, closure).unwrap_or_else(|| {
                    let name = lambda.arg.map_or("argument", |(name, _)| name.as_str());
                    let unknown = self.unknown(name, Reason::Argument, Taint::None, place);
                    self.done_at(Value::Unknown(unknown), place)
                });
                match self.bind(closure, argument, Place::NONE) {
                    Ok(bound) => bound,
                    Err(_) => {
                        let unknown = self.unknown("argument", Reason::Argument, Taint::None, place);
                        let argument = self.done_at(Value::Unknown(unknown), place);
                        self.bind(closure, argument, Place::NONE).unwrap_or(env)
                    }
                }
            }
            (ScopeKind::Let(_), Expr::Let { bindings, .. })
            | (ScopeKind::Rec(_), Expr::RecAttrs(bindings)) => self.recursive_env(env, bindings),
            (ScopeKind::With(_), Expr::With(namespace, _)) => {
                let namespace = self.delay(env, *namespace);
                self.with_env(env, namespace)
            }
            // A hole where the scope's owner should be: an environment without names stands in.
            _ => self.heap.env(Env { parent: Some(env), file: env.file, slots: Slots::NONE }),
        }
    }
}
