//! The ways in which a file runs: as a module of each host that has it, as the flake itself, by itself;
//! and, for a place inside a function, the calls of that function.

use std::rc::Rc;

use nixscope_db::{Db, SourceFile};
use nixscope_eval::modules::System;
use nixscope_eval::{Env, Evaluator, FileContext, Sites};
use nixscope_hir::{Body, Expr, ExprId, ScopeKind};
use smol_str::SmolStr;

use super::{Resolution, Resolver, What};
use crate::host_eval::nested_systems;
use crate::outputs::{Flake, with_flake};
use crate::project::Project;
use crate::queries::{host_value, hosts};

/// A way in which a file runs.
struct Context<'h> {
    host: Option<SmolStr>,
    system: Option<Rc<System<'h>>>,
    called: Vec<(ExprId, &'h Env<'h>)>,
}

/// More hosts than this are not looked at for one place.
pub(super) const MAX_HOSTS: usize = 64;

/// Runs a question in every context of a file and joins the answers.
pub(super) fn in_contexts(
    db: &dyn Db,
    project: Project,
    source: SourceFile,
    at: Option<ExprId>,
    mut ask: impl for<'h> FnMut(&mut Resolver<'_, 'h>),
) -> Vec<Resolution> {
    with_flake(db, project, |ev, flake| {
        let mut found: Vec<Resolution> = Vec::new();
        for context in contexts(ev, project, flake, source) {
            ask_in_context(ev, project, flake, source, &context, at, &mut ask, &mut found);
        }
        found.sort_by_key(|it| !it.winning);
        found
    })
}

/// Runs a question in every context of a file, in an evaluation that is already under way.
pub(super) fn in_each_context<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    source: SourceFile,
    mut ask: impl FnMut(&mut Resolver<'_, 'h>, &Surroundings<'_, 'h>),
) {
    let file = ev.context(source);
    for context in contexts(ev, project, flake, source) {
        let (host, system) = (context.host.clone(), context.system.clone());
        let sites = Sites::new(ev, file, context.called.clone());
        let around = Surroundings { ev, file, context: &context };
        let mut found = Vec::new();
        let meant = Some(Vec::new());
        ask(&mut Resolver { ev, project, flake, host, system, sites, found: &mut found, meant }, &around);
    }
}

/// What stands around the places of a file in one context.
pub(super) struct Surroundings<'a, 'h> {
    ev: &'a Evaluator<'h>,
    file: &'h FileContext<'h>,
    context: &'a Context<'h>,
}

impl<'h> Surroundings<'_, 'h> {
    /// The innermost function around a place, where nobody is known to call it.
    pub(super) fn uncalled(&self, at: ExprId) -> Option<ExprId> {
        uncalled_lambda(self.file.body, at, &self.context.called)
    }

    /// The calls of a function around a place, each with the calls of the context.
    pub(super) fn calls(&self, lambda: ExprId) -> Vec<Vec<(ExprId, &'h Env<'h>)>> {
        let with_context = |env| {
            let mut called = self.context.called.clone();
            called.push((lambda, env));
            called
        };
        observe(self.ev, self.file, self.context, lambda).into_iter().map(with_context).collect()
    }
}

/// Asks in one context; where nothing comes of it, once more with what the functions around the place
/// are really called with.
#[expect(clippy::too_many_arguments, reason = "the parts of one question")]
fn ask_in_context<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    source: SourceFile,
    context: &Context<'h>,
    at: Option<ExprId>,
    ask: &mut impl FnMut(&mut Resolver<'_, 'h>),
    found: &mut Vec<Resolution>,
) {
    let file = ev.context(source);
    let before = found.len();
    let mut run = |called: Vec<(ExprId, &'h Env<'h>)>, found: &mut Vec<Resolution>| {
        let (host, system) = (context.host.clone(), context.system.clone());
        let sites = Sites::new(ev, file, called);
        ask(&mut Resolver { ev, project, flake, host, system, sites, found, meant: None });
    };
    run(context.called.clone(), found);
    // Something outside may be just what an unknown argument looks like.
    if found[before..].iter().any(|it| it.what != What::External) {
        return;
    }
    let Some(lambda) = at.and_then(|at| uncalled_lambda(file.body, at, &context.called)) else { return };
    let mut seen_in_calls = Vec::new();
    for env in observe(ev, file, context, lambda) {
        let mut called = context.called.clone();
        called.push((lambda, env));
        run(called, &mut seen_in_calls);
    }
    if !seen_in_calls.is_empty() {
        found.truncate(before);
        found.append(&mut seen_in_calls);
    }
}

/// More calls of one function than this are not looked at.
const MAX_CALLS: usize = 256;

/// Steps that observing a function's calls may take.
const OBSERVE_STEPS: u64 = 3_000_000;

/// The innermost function around a place that is not known to be called.
fn uncalled_lambda(body: &Body, at: ExprId, called: &[(ExprId, &Env<'_>)]) -> Option<ExprId> {
    let mut scope = body.scope_of(at);
    while let Some(id) = scope {
        let it = &body.scopes[id];
        if let ScopeKind::Lambda(owner) = it.kind {
            let known = called.iter().any(|(known, _)| *known == owner);
            return (!known).then_some(owner);
        }
        scope = it.parent;
    }
    None
}

/// The environments of a function's calls when the file's modules are evaluated.
fn observe<'h>(
    ev: &Evaluator<'h>,
    file: &'h FileContext<'h>,
    context: &Context<'h>,
    lambda: ExprId,
) -> Vec<&'h Env<'h>> {
    let (Expr::Lambda(function), Some(system)) = (&file.body.exprs[lambda], &context.system) else {
        return Vec::new();
    };
    ev.within(OBSERVE_STEPS, || {
        ev.observe_calls(function, MAX_CALLS, || {
            let closure = system.closure(ev);
            for module in closure.modules.iter().filter(|module| module.file == Some(file.source)) {
                for part in module.config.iter().chain(&module.options) {
                    ev.force_what_can_be(part);
                }
            }
        })
    })
}

/// The ways in which a file runs: in each host that has it as a module; as the flake; by itself.
fn contexts<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    source: SourceFile,
) -> Vec<Context<'h>> {
    let mut out: Vec<Context<'h>> = Vec::new();
    if *source.path(ev.db) == project.root(ev.db).join("flake.nix") {
        let called = flake.outputs_function(ev).into_iter().collect();
        out.push(Context { host: None, system: None, called });
    }
    for host in &hosts(ev.db, project).hosts {
        if out.len() >= MAX_HOSTS {
            break;
        }
        let index = crate::queries::host(ev.db, project, host.output.clone(), host.name.clone());
        let holds = |modules: &[crate::index::Module]| modules.iter().any(|module| module.file == source);
        if !holds(&index.modules) && !index.nested.iter().any(|nested| holds(&nested.index.modules)) {
            continue;
        }
        let Ok(value) = host_value(ev, flake, &host.output, &host.name) else { continue };
        let Some(system) = ev.system_of(value) else { continue };
        let inner = nested_systems(ev, &system).into_iter().map(|(_, _, inner)| inner);
        for system in std::iter::once(system.clone()).chain(inner) {
            let closure = system.closure(ev);
            let here: Vec<_> = closure.modules.iter().filter(|module| module.file == Some(source)).collect();
            if here.is_empty() {
                continue;
            }
            let called = here.iter().filter_map(|module| module.function).collect();
            out.push(Context { host: Some(host.name.clone()), system: Some(system), called });
        }
    }
    if out.is_empty() {
        out.push(Context { host: None, system: None, called: Vec::new() });
    }
    out
}
