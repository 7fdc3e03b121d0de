//! The ways in which a file runs: as a module of each host that has it, as the flake itself, by itself;
//! and, for a place inside a function, the calls of that function.

use std::rc::Rc;

use nixscope_db::{Db, SourceFile};
use nixscope_eval::modules::System;
use nixscope_eval::{Attr, Attrs, Env, Evaluator, FileContext, Place, Reason, Sites, Taint, Thunk, Value};
use nixscope_hir::{Body, Expr, ExprId, ScopeKind, Symbol};
use smol_str::SmolStr;

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
    results: Vec<&'h Thunk<'h>>,
}

impl<'h> Context<'h> {
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
        let mut found: Vec<Resolution> = Vec::new();
        for context in contexts(ev, project, flake, source, MAX_HOSTS) {
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
    for context in contexts(ev, project, flake, source, MAX_HOSTS) {
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

/// The ways in which a file runs, up to a limit: in each host that has it as a module; as the flake; as a
/// function that somebody calls; by itself.
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
            let closure = system.closure(ev);
            let here: Vec<_> = closure.modules.iter().filter(|module| module.is_in(source)).collect();
            if here.is_empty() {
                continue;
            }
            let called = here.iter().filter_map(|module| module.function).collect();
            let results = here.iter().flat_map(|it| it.config.iter().chain(&it.options)).copied().collect();
            out.push(Context { host: Some(host.name.clone()), system: Some(system), called, results });
        }
    }
    if out.is_empty() {
        out.extend(as_function(ev, project, flake, source));
    }
    if out.is_empty() {
        out.push(Context { host: None, system: None, called: Vec::new(), results: Vec::new() });
    }
    out
}

/// A file that is no module but a function: who imports it hands on what it has itself, under the same
/// name. So its arguments are what modules are given by these names, and the flake.
fn as_function<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    source: SourceFile,
) -> Option<Context<'h>> {
    let file = ev.context(source);
    let Expr::Lambda(lambda) = &file.body.exprs[file.body.root] else { return None };
    let wanted: Vec<Symbol> = lambda.formals.as_deref()?.iter().map(|formal| formal.name).collect();
    let of_flake = |name: Symbol| match name.as_str() {
        "self" => Some(flake.this),
        "inputs" => Some(flake.inputs),
        _ => None,
    };
    let mut given: Vec<Attr<'h>> = Vec::new();
    let known = hosts(ev.db, project).hosts.iter().take(MAX_ARGUMENT_HOSTS);
    let systems = known.filter_map(|host| {
        let value = host_value(ev, project, flake, &host.output, &host.name).ok()?;
        ev.system_of(value)
    });
    for system in systems {
        let arguments = wanted.iter().filter_map(|name| system.special_args.get(*name)).copied();
        given = arguments.filter(|argument| argument.name.as_str() != "lib").collect();
        let lib = wanted.iter().find(|name| name.as_str() == "lib");
        let lib = lib.map(|name| (*name, system.argument(ev, *name, "", Place::NONE)));
        given.extend(lib.map(|(name, value)| Attr { name, place: Place::NONE, value }));
        if given.iter().any(|argument| argument.name.as_str() != "lib") {
            break;
        }
    }
    for name in wanted {
        if given.iter().all(|known| known.name != name)
            && let Some(value) = of_flake(name)
        {
            given.push(Attr { name, place: Place::NONE, value });
        }
    }
    if given.iter().all(|argument| argument.name.as_str() == "lib") {
        return None;
    }
    let rest = ev.unknown("argument", Reason::Argument, Taint::None, Place::NONE);
    let Value::Attrs(given) = ev.attrs(given) else { return None };
    let arguments = Attrs { entries: given.entries, open: Some(rest) };
    let arguments = ev.done(Value::Attrs(ev.heap.alloc(arguments)));
    let function = ev.import_file(source);
    let Ok(Value::Lambda(closure)) = ev.force(function) else { return None };
    let env = ev.bind(closure, arguments, Place::NONE).ok()?;
    let called = vec![(file.body.root, env)];
    let results = vec![ev.delay_call(function, arguments)];
    Some(Context { host: None, system: None, called, results })
}

/// So many hosts are asked what their modules are given.
const MAX_ARGUMENT_HOSTS: usize = 8;
