//! The ways in which a file runs: as a module of each host that has it, as the flake itself, by itself;
//! and, for a place inside a function, the calls of that function.

use std::rc::Rc;

use nixscope_db::{Db, SourceFile};
use nixscope_eval::modules::System;
use nixscope_eval::{Env, Evaluator, FileContext, Sites, Thunk, outer_environments};
use nixscope_hir::{Body, Expr, ExprId, ScopeKind};
use smol_str::SmolStr;

use super::elsewhere::{as_flake_module, as_function, as_function_of_library, as_lone_module};
use super::{Resolution, Resolver, What};
use crate::host_eval::nested_systems;
use crate::outputs::{Flake, with_flake};
use crate::project::Project;
use crate::queries::{host_files, host_value, hosts};

/// A way in which a file runs.
pub(crate) struct Context<'h> {
    /// The host.
    pub host: Option<SmolStr>,
    /// The system that has the file as a module.
    pub system: Option<Rc<System<'h>>>,
    /// The functions that are known to be called, with the environments of their bodies.
    pub called: Calls<'h>,
    /// What the file gives there: to be evaluated by who wants to see its functions called.
    pub(super) results: Vec<&'h Thunk<'h>>,
}

impl<'h> Context<'h> {
    /// A file about which nothing is known but what it says itself.
    fn by_itself() -> Context<'h> {
        Context { host: None, system: None, called: Vec::new(), results: Vec::new() }
    }

    fn is_bare(&self) -> bool {
        self.system.is_none() && self.called.is_empty() && self.results.is_empty()
    }

    /// A file as it runs in a system that has it as a module.
    pub(super) fn of_system(
        ev: &Evaluator<'h>,
        host: Option<SmolStr>,
        system: Rc<System<'h>>,
        source: SourceFile,
    ) -> Option<Context<'h>> {
        let closure = system.closure(ev);
        let here: Vec<_> = closure.modules.iter().filter(|module| module.is_in(source)).collect();
        if here.is_empty() {
            return None;
        }
        let called = here.iter().filter_map(|module| module.function).collect();
        let results = here.iter().flat_map(|it| it.config.iter().chain(&it.options)).copied().collect();
        Some(Context { host, system: Some(system), called, results })
    }

    /// Whether a function of a file is known to be called, or stands around one that is.
    fn calls(&self, source: SourceFile, function: ExprId) -> bool {
        let sites_of = |(owner, env): &(ExprId, &'h Env<'h>)| {
            let file = env.file();
            file.source == source
                && outer_environments(file.body, *owner, env).any(|(kind, _)| kind.owner() == function)
        };
        self.called.iter().any(sites_of)
    }

    /// Evaluates what the file gives.
    pub(crate) fn evaluate(&self, ev: &Evaluator<'h>) {
        self.results.iter().for_each(|result| ev.force_what_can_be(result));
    }
}

/// Functions with the environments of their bodies.
pub(crate) type Calls<'h> = Vec<(ExprId, &'h Env<'h>)>;

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
        let is_known = |found: &[Resolution]| found.iter().any(|it| it.what != What::External);
        let mut found: Vec<Resolution> = Vec::new();
        let mut is_observed = false;
        let (contexts, calls) = contexts_and_calls(ev, project, flake, source, at);
        for context in contexts {
            if context.host.is_some() {
                ask_in_context(ev, project, flake, source, &context, at, &mut ask, &mut found);
            } else if !is_known(&found) {
                // What hosts say of a place is not said again, only what they do not know. Calls are looked for
                // once: what the flake's outputs call, its modules call too.
                let (at, mut more) = (at.filter(|_| !is_observed), Vec::new());
                ask_in_context(ev, project, flake, source, &context, at, &mut ask, &mut more);
                is_observed = true;
                if is_known(&more) || found.is_empty() {
                    found = more;
                }
            }
        }
        if !is_known(&found) {
            // What makes the list of modules has run by then.
            let mut more = Vec::new();
            for call in calls {
                let sites = Sites::new(ev, ev.context(source), vec![call]);
                let found = &mut more;
                ask(&mut Resolver {
                    ev,
                    project,
                    flake,
                    host: None,
                    system: None,
                    sites,
                    found,
                    meant: None,
                });
            }
            if is_known(&more) {
                found = more;
            }
        }
        found.sort_by_key(|it| !it.winning);
        found
    })
}

/// The contexts of a file, and the calls of the function around a place that finding them took.
fn contexts_and_calls<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    source: SourceFile,
    at: Option<ExprId>,
) -> (Vec<Context<'h>>, Calls<'h>) {
    let body = ev.context(source).body;
    let lambda = at.and_then(|at| uncalled_lambda(body, at, &[]));
    let function = lambda.and_then(|lambda| match &body.exprs[lambda] {
        Expr::Lambda(function) => Some((lambda, &**function)),
        _ => None,
    });
    let Some((lambda, function)) = function else {
        return (contexts_of_places(ev, project, flake, source, MAX_HOSTS), Vec::new());
    };
    let mut contexts = Vec::new();
    let calls = ev.observe_calls(&[function], MAX_HOSTS, || {
        contexts = contexts_of_places(ev, project, flake, source, MAX_HOSTS);
    });
    (contexts, calls.into_iter().map(|(_, env)| (lambda, env)).collect())
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
    for context in contexts_of_places(ev, project, flake, source, MAX_HOSTS) {
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
        observe(self.ev, self.file, self.context, &[lambda])
            .into_iter()
            .map(|(_, env)| with_context(env))
            .collect()
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
    for (_, env) in observe(ev, file, context, &[lambda]) {
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
pub(crate) const MAX_CALLS: usize = 1024;

/// Steps that observing a function's calls may take.
pub(crate) const OBSERVE_STEPS: u64 = 3_000_000;

/// The innermost function around a place that is not known to be called.
pub(crate) fn uncalled_lambda(body: &Body, at: ExprId, called: &[(ExprId, &Env<'_>)]) -> Option<ExprId> {
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

/// The calls of some functions of a file when what it gives is evaluated.
fn observe<'h>(
    ev: &Evaluator<'h>,
    file: &'h FileContext<'h>,
    context: &Context<'h>,
    lambdas: &[ExprId],
) -> Calls<'h> {
    let functions: Vec<_> = lambdas
        .iter()
        .filter_map(|lambda| match &file.body.exprs[*lambda] {
            Expr::Lambda(function) => Some(&**function),
            _ => None,
        })
        .collect();
    if functions.len() != lambdas.len() {
        return Vec::new();
    }
    let calls = ev.within(OBSERVE_STEPS, || ev.observe_calls(&functions, MAX_CALLS, || context.evaluate(ev)));
    calls.into_iter().map(|(function, env)| (lambdas[function], env)).collect()
}

/// The ways in which a file runs, up to a limit: as the flake; in each host that has it as a module; where none
/// has it, as a function that somebody calls, or by itself.
pub(crate) fn contexts<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    source: SourceFile,
    limit: usize,
) -> Vec<Context<'h>> {
    let mut out: Vec<Context<'h>> = Vec::new();
    if *source.path(ev.db) == project.root(ev.db).join("flake.nix") {
        let called = flake.outputs_function(ev).into_iter().collect();
        out.push(Context { host: None, system: None, called, results: vec![flake.outputs] });
    }
    for host in &hosts(ev.db, project).hosts {
        if out.len() >= limit {
            break;
        }
        if !host_files(ev.db, project, host.output.clone(), host.name.clone()).contains(&source) {
            continue;
        }
        let Ok(value) = host_value(ev, project, flake, &host.output, &host.name) else { continue };
        let Some(system) = ev.system_of(value) else { continue };
        let inner = nested_systems(ev, &system).into_iter().map(|(_, _, inner)| inner);
        for system in std::iter::once(system.clone()).chain(inner) {
            out.extend(Context::of_system(ev, Some(host.name.clone()), system, source));
        }
    }
    if out.is_empty() {
        out.extend(as_function(ev, project, flake, source));
    }
    if out.is_empty() {
        out.push(Context::by_itself());
    }
    out
}

/// The same for who asks about a single place: what no host says of it, the modules of which the flake's outputs
/// are made may, or the file as a module by itself.
pub(crate) fn contexts_of_places<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    source: SourceFile,
    limit: usize,
) -> Vec<Context<'h>> {
    let mut out = contexts(ev, project, flake, source, limit);
    out.retain(|context| !context.is_bare());
    out.extend(as_flake_module(ev, flake, source));
    let root = ev.context(source).body.root;
    // The modules that a host has of this file are made by a function. Where no host has it, that was asked above.
    if out.iter().any(|it| it.host.is_some()) && !out.iter().any(|it| it.calls(source, root)) {
        out.extend(as_function(ev, project, flake, source));
    }
    if out.iter().all(|context| context.system.is_none()) {
        out.extend(as_lone_module(ev, project, flake, source));
    }
    if out.is_empty() {
        out.extend(as_function_of_library(ev, source));
    }
    if out.is_empty() {
        out.push(Context::by_itself());
    }
    out
}
