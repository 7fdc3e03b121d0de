//! Evaluating a flake's `outputs`.

use std::cell::OnceCell;

use nixscope_db::{Db, EntryKind, SourceFile, VfsPath};
use nixscope_eval::{Attr, Attrs, Eval, Evaluator, Place, Thunk, Value, evaluate_over};
use nixscope_hir::{Body, Symbol};
use smol_str::SmolStr;

use crate::closure::own_place;
use crate::flake::{FlakeSource, inputs, inputs_of};
use crate::host_sets::{self, HostSetOf};
use crate::index::{Input, SourceOrigin};
use crate::input_kind::InputKind;
use crate::models::{FleetModels, runs_from_source};
use crate::project::{Evaluation, Project};

/// Runs something on a project's flake, evaluated in a heap of its own.
pub(crate) fn with_flake<R>(
    db: &dyn Db,
    project: Project,
    run: impl for<'h> FnOnce(&Evaluator<'h>, &Flake<'h>) -> R,
) -> R {
    with_flake_over(db, project, &[], run)
}

/// The same where some files have other bodies than the database says.
pub(crate) fn with_flake_over<R>(
    db: &dyn Db,
    project: Project,
    drafts: &[(SourceFile, &Body)],
    run: impl for<'h> FnOnce(&Evaluator<'h>, &Flake<'h>) -> R,
) -> R {
    with_flake_and_models(db, project, drafts, |ev, flake, _| run(ev, flake))
}

/// The same, with the models, which know what they were asked for.
pub(crate) fn with_flake_and_models<R>(
    db: &dyn Db,
    project: Project,
    drafts: &[(SourceFile, &Body)],
    run: impl for<'h> FnOnce(&Evaluator<'h>, &Flake<'h>, &FleetModels) -> R,
) -> R {
    let inputs = inputs(db, project);
    let Evaluation { budget, machine } = project.evaluation(db);
    let mut models = FleetModels { machine: machine.clone(), ..FleetModels::default() };
    learn_inputs(db, &mut models, "", inputs, 0);
    evaluate_over(db, &models, *budget, drafts, |ev| {
        let flake = Flake::load(ev, project.root(db), None, inputs, "", 0);
        run(ev, &flake, &models)
    })
}

/// Tells the models what the inputs are, also those of inputs whose source is here: `a.inputs.b`.
fn learn_inputs(
    db: &dyn Db,
    models: &mut FleetModels,
    prefix: &str,
    inputs: &[(Input, InputKind)],
    depth: u32,
) {
    for (input, kind) in inputs {
        let name: SmolStr = format!("{prefix}{}", input.name).into();
        if let Some(rev) = &input.rev {
            models.revisions.insert(name.clone(), rev.clone());
        }
        if let Some(source) = input.source.as_ref().filter(|_| input.origin != SourceOrigin::Repository) {
            models.sources.push((name.clone(), source.clone()));
        }
        if input.source.is_some() && depth < MAX_NESTING && runs_from_source(input, *kind) {
            let inner = inner_inputs(db, input, &name);
            learn_inputs(db, models, &format!("{name}.inputs."), &inner, depth + 1);
        }
        models.kinds.insert(name, *kind);
    }
}

/// The inputs of an input whose source is here. The flake that locks the input locks these too.
fn inner_inputs(db: &dyn Db, input: &Input, name: &str) -> Vec<(Input, InputKind)> {
    let Some(root) = &input.source else { return Vec::new() };
    let prefix = format!("{}/", name.replace(".inputs.", "/"));
    inputs_of(db, &FlakeSource { root, prefix: &prefix, node: input.node.as_ref() }, &[])
}

/// A flake under evaluation.
pub(crate) struct Flake<'h> {
    /// `self`: the outputs with `inputs`, `outPath` and the rest.
    pub this: &'h Thunk<'h>,
    /// What `outputs` gives.
    pub outputs: &'h Thunk<'h>,
    /// `inputs`, with `self`.
    pub inputs: &'h Thunk<'h>,
    /// The function `outputs` itself.
    pub function: &'h Thunk<'h>,
    /// The sets of hosts, collected once: a host is recognised by being the same value.
    host_sets: OnceCell<Vec<HostSetOf<'h>>>,
}

/// Flakes of this depth of `path:` inputs are not evaluated further.
const MAX_NESTING: u32 = 4;

impl<'h> Flake<'h> {
    fn load(
        ev: &Evaluator<'h>,
        root: &VfsPath,
        input: Option<&Input>,
        inputs: &[(Input, InputKind)],
        prefix: &str,
        depth: u32,
    ) -> Flake<'h> {
        let source = nixscope_db::source(ev.db, &root.join("flake.nix"));
        let file = ev.import_file(source);
        let function = ev.delay_select(file, Symbol::new("outputs"), Place::NONE);
        // The knot: `self` is made of the outputs, which are called with the inputs, which hold `self`.
        let this = ev.cell();
        let mut entries: Vec<Attr<'h>> = Vec::with_capacity(inputs.len() + 1);
        for (input, kind) in inputs {
            let value = input_value(ev, input, *kind, prefix, depth);
            entries.push(Attr { name: Symbol::new(&input.name), place: Place::NONE, value: ev.done(value) });
        }
        entries.push(Attr { name: Symbol::new("self"), place: Place::NONE, value: this });
        let inputs = ev.done(ev.attrs(entries));
        let outputs = match input.is_none().then(|| project_file(ev, root)).flatten() {
            Some(file) => crate::models::project(ev, file).unwrap_or(file),
            None => ev.delay_call(function, inputs),
        };
        let info = match input {
            Some(input) => source_info(ev, input, root),
            None => vec![ev.attr("outPath", ev.string(root.as_str()))],
        };
        let mut fixed = info.clone();
        fixed.extend([
            Attr { name: Symbol::new("inputs"), place: Place::NONE, value: inputs },
            Attr { name: Symbol::new("outputs"), place: Place::NONE, value: outputs },
            ev.attr("sourceInfo", ev.attrs(info)),
            ev.attr("_type", ev.string("flake")),
        ]);
        let fixed = ev.attrs(fixed);
        ev.set_cell(this, ev.delay_update(outputs, ev.done(fixed)));
        Flake { this, outputs, inputs, function, host_sets: OnceCell::new() }
    }

    /// The attributes of one output, as far as they are known.
    pub(crate) fn output(&self, ev: &Evaluator<'h>, name: &str) -> Eval<'h, Option<&'h Attrs<'h>>> {
        let outputs = ev.force(self.outputs)?;
        match ev.get_attr(outputs, Symbol::new(name), Place::NONE) {
            Ok(Some(attr)) => Ok(Some(ev.force_attrs(attr.value, attr.place)?)),
            Ok(None) => Ok(None),
            Err(nixscope_eval::Halt::Unknown(_)) if matches!(outputs, Value::Attrs(_) | Value::Config(_)) => {
                Ok(None)
            }
            Err(halt) => Err(halt),
        }
    }
}

impl<'h> Flake<'h> {
    /// The sets of hosts, in the order in which the index has them.
    pub(crate) fn host_sets(&self, ev: &Evaluator<'h>, project: Project) -> &[HostSetOf<'h>] {
        // Once for all: however little is left to whoever asks first.
        self.host_sets.get_or_init(|| ev.afresh(|| host_sets::collect(ev, project, self)))
    }

    /// Where an output is written.
    pub(crate) fn output_place(&self, ev: &Evaluator<'h>, name: &str) -> Place {
        let written = match ev.force(self.outputs) {
            Ok(outputs) => match ev.get_attr(outputs, Symbol::new(name), Place::NONE) {
                Ok(Some(attr)) => attr.place.or(attr.value.place()),
                _ => Place::NONE,
            },
            Err(_) => Place::NONE,
        };
        match (own_place(ev, written), ev.force(self.function)) {
            // A model makes it, out of what the function `outputs` gives it.
            (None, Ok(Value::Lambda(function))) => function.place,
            _ => written,
        }
    }
}

/// The file of a repository without a flake that gives what stands for outputs: its `default.nix`, or nilla's.
pub(crate) fn project_file<'h>(ev: &Evaluator<'h>, root: &VfsPath) -> Option<&'h Thunk<'h>> {
    let is_file = |path: &VfsPath| nixscope_db::kind(ev.db, path) == EntryKind::File;
    if is_file(&root.join("flake.nix")) {
        return None;
    }
    let file = ["default.nix", "nilla.nix"].iter().map(|name| root.join(name)).find(is_file)?;
    Some(ev.import_file(nixscope_db::source(ev.db, &file)))
}

/// An input: the flake itself where its source is here and no model is preferred, else an unknown that
/// the models know.
fn input_value<'h>(
    ev: &Evaluator<'h>,
    input: &Input,
    kind: InputKind,
    prefix: &str,
    depth: u32,
) -> Value<'h> {
    let name = format!("{prefix}{}", input.name);
    let unknown = || FleetModels::input(ev, &name);
    let Some(source) = &input.source else { return unknown() };
    if depth >= MAX_NESTING || !runs_from_source(input, kind) {
        return unknown();
    }
    if !input.is_flake || nixscope_db::kind(ev.db, &source.join("flake.nix")) != EntryKind::File {
        return ev.attrs(source_info(ev, input, source));
    }
    let inner = inner_inputs(ev.db, input, &name);
    let flake = Flake::load(ev, source, Some(input), &inner, &format!("{name}.inputs."), depth + 1);
    match ev.force(flake.this) {
        Ok(value) => value,
        Err(_) => unknown(),
    }
}

/// What every source has, whether it is a flake or not.
fn source_info<'h>(ev: &Evaluator<'h>, input: &Input, source: &VfsPath) -> Vec<Attr<'h>> {
    let mut info = vec![ev.attr("outPath", ev.string(source.as_str()))];
    if let Some(rev) = &input.rev {
        info.push(ev.attr("rev", ev.string(rev)));
        info.extend(rev.get(..7).map(|short| ev.attr("shortRev", ev.string(short))));
    }
    info
}

impl<'h> Flake<'h> {
    /// The function `outputs` as it was called: the expression and the environment of its body.
    pub(crate) fn outputs_function(
        &self,
        ev: &Evaluator<'h>,
    ) -> Option<(nixscope_hir::ExprId, &'h nixscope_eval::Env<'h>)> {
        let Ok(Value::Lambda(closure)) = ev.force(self.function) else { return None };
        let env = ev.bind(closure, self.inputs, Place::NONE).ok()?;
        match closure.place.resolve(ev)?.kind {
            nixscope_eval::PlaceKind::Expr(raw) => Some((nixscope_hir::Body::expr_from_raw(raw), env)),
            _ => None,
        }
    }
}
