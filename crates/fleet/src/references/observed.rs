//! What functions over hosts read: `map (host: host.config.…) (attrValues nixosConfigurations)`.
//!
//! Such a function's argument is not known where it stands, only where it is called. So the files that
//! have such functions are evaluated once more, in one evaluation for all of them, while the calls of
//! these functions are recorded; then their selections are looked at in the environment of each call.

use std::cell::OnceCell;

use nixscope_db::{Db, SourceFile};
use nixscope_eval::{Attrs, Evaluator, Sites};
use nixscope_hir::{BindingValue, Body, Expr, ExprId, Symbol};
use rustc_hash::FxHashSet;

use super::{FileScan, HostSets, Reads};
use crate::host_sets::may_hold_hosts;
use crate::index::{HostReference, ReferenceStatus};
use crate::outputs::{Flake, with_flake};
use crate::project::Project;
use crate::queries::hosts;
use crate::resolve::{Context, contexts, observe, uncalled_lambda};
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
        let mut references: Vec<HostReference> = Vec::new();
        for file in files.into_iter().take(MAX_FILES) {
            for context in contexts(ev, project, flake, file, MAX_CONTEXTS) {
                let found = ev.within(FILE_STEPS, || in_context(ev, project, flake, file, &context));
                references.extend(found);
            }
        }
        let mut seen = FxHashSet::default();
        references.retain(|it| {
            let known = it.status != ReferenceStatus::Dynamic;
            known && seen.insert((it.place, it.host.clone(), it.path.clone()))
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

fn in_context<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    source: SourceFile,
    context: &Context<'h>,
) -> Vec<HostReference> {
    let file = ev.context(source);
    let body = file.body;
    let mut by_function: Vec<(ExprId, Vec<Selection<'h>>)> = Vec::new();
    for selection in selections(body) {
        let Some(function) = uncalled_lambda(body, selection.expr, &context.called) else { continue };
        match by_function.iter_mut().find(|(known, _)| *known == function) {
            Some((_, selections)) => selections.push(selection),
            None => by_function.push((function, vec![selection])),
        }
    }
    let functions: Vec<ExprId> = by_function.iter().map(|(function, _)| *function).collect();
    let calls = observe(ev, file, context, &functions);
    // Only now: which hosts there are may itself depend on what was evaluated.
    let hosts = HostSets::of(ev, project, flake);
    let system = context.system.clone().unwrap_or_else(|| {
        let special = ev.heap.alloc(Attrs { entries: &[], open: None });
        ev.new_system(Vec::new(), special, "flake", None)
    });
    let mut reads = Reads::default();
    for (function, env) in calls {
        let mut called = context.called.clone();
        called.push((function, env));
        let mut scan = FileScan {
            ev,
            hosts: &hosts,
            system: &system,
            secrets: &[],
            sites: Sites::new(ev, file, called),
            parents: OnceCell::new(),
            reads: &mut reads,
        };
        let of_function = by_function.iter().filter(|(known, _)| *known == function);
        for selection in of_function.flat_map(|(_, selections)| selections) {
            scan.selection(body, selection);
        }
    }
    reads.references
}
