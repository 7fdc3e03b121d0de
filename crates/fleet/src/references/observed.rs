//! What functions over hosts read: `map (host: host.config.…) (attrValues nixosConfigurations)`.
//!
//! Such a function's argument is not known where it stands, only where it is called. So the files that
//! have such functions are evaluated once more, in one evaluation for all of them, while the calls of
//! these functions are recorded; then their selections are looked at in the environment of each call.

use std::cell::OnceCell;
use std::rc::Rc;

use nixscope_db::{Db, SourceFile};
use nixscope_eval::modules::System;
use nixscope_eval::{Attrs, Env, Evaluator, FileContext, Sites};
use nixscope_hir::{BindingValue, Body, Expr, ExprId, Lambda, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{FileScan, HostSets, Reads};
use crate::host_sets::may_hold_hosts;
use crate::index::{HostReference, ReferenceStatus};
use crate::outputs::{Flake, with_flake};
use crate::project::Project;
use crate::queries::hosts;
use crate::resolve::{Context, MAX_CALLS, OBSERVE_STEPS, contexts, uncalled_lambda};
use crate::sites::{Selection, selections};

/// More files than this are not evaluated.
const MAX_FILES: usize = 64;

/// A file is looked at in so many hosts: what it reads of others depends little on its own.
const MAX_CONTEXTS: usize = 2;

/// Steps for one file in one context, beside what seeing its calls takes.
const FILE_STEPS: u64 = 3_000_000;

/// What functions over hosts read, in every file of the project. Re-evaluated when a file that one of
/// them reads changes.
#[salsa::tracked(returns(ref))]
pub fn observed_references(db: &dyn Db, project: Project) -> Vec<HostReference> {
    if hosts(db, project).hosts.is_empty() {
        return Vec::new();
    }
    let sources = project.files(db).iter().map(|path| nixscope_db::source(db, path));
    let files: Vec<SourceFile> = sources.filter(|file| has_functions_over_hosts(db, *file)).collect();
    if files.is_empty() {
        return Vec::new();
    }
    with_flake(db, project, |ev, flake| {
        let seen = Observation::of(ev, project, flake, &files[..files.len().min(MAX_FILES)]);
        // Only now: which hosts there are may itself depend on what was evaluated.
        let hosts = HostSets::of(ev, project, flake);
        let mut references: Vec<HostReference> = Vec::new();
        let modules = module_calls(ev);
        for file in &seen.files {
            references.extend(ev.within(FILE_STEPS, || file.references(ev, &hosts, &modules)));
        }
        let mut seen = FxHashSet::default();
        references.retain(|it| {
            let known = it.status != ReferenceStatus::Dynamic;
            known && seen.insert((it.place, it.host.clone(), it.path.clone()))
        });
        // Which host is looked at first is nothing to rely on. By ids and not by ranges: layout is no concern here.
        references.sort_by_cached_key(|it| {
            (it.place.source.path(db).clone(), it.place.kind, it.host.clone(), it.path.clone())
        });
        references
    })
}

/// Words that a file which looks at several hosts has.
fn is_host_set_word(name: &str) -> bool {
    may_hold_hosts(name) || name == "nodes"
}

/// Whether a file names a set of hosts, and has a function in which something is selected. Depends on the
/// file's body only.
#[salsa::tracked(returns(copy))]
fn has_functions_over_hosts(db: &dyn Db, file: SourceFile) -> bool {
    let body = nixscope_hir::body(db, file);
    names_a_host_set(body) && selections(body).iter().any(|it| uncalled_lambda(body, it.expr, &[]).is_some())
}

fn names_a_host_set(body: &Body) -> bool {
    let word = |name: Symbol| is_host_set_word(name.as_str());
    body.exprs.iter().any(|(_, expr)| match expr {
        Expr::Local { name, .. } | Expr::WithName { name, .. } => word(*name),
        Expr::Select { path, .. } => path.iter().filter_map(|attr| attr.as_static()).any(word),
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) | Expr::Let { bindings, .. } => {
            bindings.named.iter().any(|it| matches!(it.value, BindingValue::InheritFrom(_)) && word(it.name))
        }
        _ => false,
    })
}

/// The calls of functions over hosts.
struct Observation<'h> {
    files: Vec<ObservedFile<'h>>,
}

struct ObservedFile<'h> {
    file: &'h FileContext<'h>,
    contexts: Vec<Context<'h>>,
    functions: Vec<ObservedFunction<'h>>,
}

/// A function, the selections that it is the innermost one around, and the environments of its calls.
struct ObservedFunction<'h> {
    owner: ExprId,
    lambda: &'h Lambda,
    selections: Vec<Selection<'h>>,
    calls: Vec<&'h Env<'h>>,
}

/// The calls of modules' functions, and the system that each is of.
type ModuleCalls<'h> = FxHashMap<*const Env<'h>, Rc<System<'h>>>;

fn module_calls<'h>(ev: &Evaluator<'h>) -> ModuleCalls<'h> {
    let mut calls = FxHashMap::default();
    for system in ev.systems() {
        let closure = system.known_closure();
        let functions = closure.iter().flat_map(|closure| &closure.modules).filter_map(|it| it.function);
        for (_, env) in functions {
            calls.insert(std::ptr::from_ref(env), system.clone());
        }
    }
    calls
}

impl<'h> Observation<'h> {
    /// Evaluates the files where they run. All are watched from the start: what one file needs may already
    /// call the functions of another, and what was evaluated once is not called again.
    fn of(ev: &Evaluator<'h>, project: Project, flake: &Flake<'h>, files: &[SourceFile]) -> Observation<'h> {
        let mut files: Vec<ObservedFile<'h>> =
            files.iter().map(|file| ObservedFile::new(ev, *file)).collect();
        let functions: Vec<&'h Lambda> =
            files.iter().flat_map(|file| file.functions.iter().map(|it| it.lambda)).collect();
        let calls = ev.observe_calls(&functions, MAX_CALLS, || {
            for file in &mut files {
                file.contexts = contexts(ev, project, flake, file.file.source, MAX_CONTEXTS);
            }
            for context in files.iter().flat_map(|file| &file.contexts) {
                ev.within(OBSERVE_STEPS, || context.evaluate(ev));
            }
        });
        let mut all: Vec<&mut ObservedFunction<'h>> =
            files.iter_mut().flat_map(|file| file.functions.iter_mut()).collect();
        for (function, env) in calls {
            all[function].calls.push(env);
        }
        Observation { files }
    }
}

impl<'h> ObservedFile<'h> {
    fn new(ev: &Evaluator<'h>, source: SourceFile) -> ObservedFile<'h> {
        let file = ev.context(source);
        let body = file.body;
        let mut functions: Vec<ObservedFunction<'h>> = Vec::new();
        for selection in selections(body) {
            let Some(owner) = uncalled_lambda(body, selection.expr, &[]) else { continue };
            let Expr::Lambda(lambda) = &body.exprs[owner] else { continue };
            match functions.iter_mut().find(|known| known.owner == owner) {
                Some(known) => known.selections.push(selection),
                None => {
                    let (selections, calls) = (vec![selection], Vec::new());
                    functions.push(ObservedFunction { owner, lambda, selections, calls });
                }
            }
        }
        ObservedFile { file, contexts: Vec::new(), functions }
    }

    fn references(
        &self,
        ev: &Evaluator<'h>,
        hosts: &HostSets<'h>,
        modules: &ModuleCalls<'h>,
    ) -> Vec<HostReference> {
        let special = ev.heap.alloc(Attrs { entries: &[], open: None });
        let flake = ev.new_system(Vec::new(), special, "flake", None);
        let mut reads = Reads::default();
        for function in &self.functions {
            // A module's own function is looked at where the host's modules are.
            let is_known = |context: &Context<'h>| context.called.iter().any(|(it, _)| *it == function.owner);
            if self.contexts.iter().any(is_known) {
                continue;
            }
            for env in &function.calls {
                let around = env.ancestors().find_map(|outer| modules.get(&std::ptr::from_ref(outer)));
                let first = || self.contexts.first().and_then(|context| context.system.as_ref());
                let system = around.or_else(first);
                let mut scan = FileScan {
                    ev,
                    hosts,
                    system: system.unwrap_or(&flake),
                    secrets: &[],
                    sites: Sites::new(ev, self.file, vec![(function.owner, env)]),
                    parents: OnceCell::new(),
                    reads: &mut reads,
                };
                for selection in &function.selections {
                    scan.selection(self.file.body, selection);
                }
            }
        }
        reads.references
    }
}
