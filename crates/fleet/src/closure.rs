//! A system's closure as data.

use nixscope_db::SourceFile;
use nixscope_eval::modules::{ModuleClosure, ModuleInstance, ProblemCause, System};
use nixscope_eval::{Attrs, ErrorKind, Evaluator, Place, PlaceKind, SourcePlace, Thunk, Value};
use nixscope_hir::{Body, Expr, ExprId};

use crate::index::{ExternalModule, Gap, Module, Problem, ProblemKind};
use crate::queries::gap;

/// The parts of a closure that the index keeps.
pub(crate) struct ClosureData {
    pub modules: Vec<Module>,
    pub external: Vec<ExternalModule>,
    pub gaps: Vec<Gap>,
    pub problems: Vec<Problem>,
}

/// Whether a file is part of the program itself rather than of the repository.
pub(crate) fn is_embedded(ev: &Evaluator<'_>, file: SourceFile) -> bool {
    ev.is_embedded(file)
}

/// Whether a file is no file of the repository: part of the program, or of an input's source.
pub(crate) fn is_foreign(ev: &Evaluator<'_>, file: SourceFile) -> bool {
    is_embedded(ev, file) || ev.outside(file).is_some()
}

/// The parts of a system's closure. What a model imports has no place in the repository: it is
/// imported `from` where the system comes from.
pub(crate) fn closure_data<'h>(
    ev: &Evaluator<'h>,
    system: &System<'h>,
    from: Option<SourcePlace>,
) -> ClosureData {
    let closure = system.closure(ev);
    let own = |place: Place| own_place(ev, place).or(from);
    let mut modules: Vec<Module> = Vec::with_capacity(closure.modules.len());
    for instance in &closure.modules {
        let written = written_in(ev, instance);
        if written.is_some_and(|file| ev.outside(file).is_some()) || is_wrapper(ev, instance) {
            continue;
        }
        // What is imported by `lib` for the repository stands where it is written.
        let of_repository = |file: &SourceFile| !is_foreign(ev, *file);
        let file = instance.file.filter(of_repository).or(written.filter(of_repository));
        let Some(file) = file else { continue };
        let place = import_place(ev, &closure, instance).or(from);
        let is_handed_on = instance.importer.is_some_and(|outer| is_wrapper(ev, &closure.modules[outer]));
        let is_placed = is_handed_on && !instance.inline && place.is_some();
        let importer = own_importer(ev, &closure, instance.importer).filter(|_| !is_placed);
        // A path that a function of another file makes is imported where the importer's `imports` say so.
        let in_importer = importer.filter(|_| !instance.inline).and_then(|(file, imports)| {
            [place, imports].into_iter().flatten().find(|place| place.source == file)
        });
        let module = Module {
            file,
            place: in_importer.or(place),
            imported_by: match (importer, in_importer.or(place)) {
                (_, Some(place)) if !instance.inline => Some(place.source),
                (Some((file, _)), _) => Some(file),
                (None, place) => place.map(|it| it.source),
            },
            conditional: instance.condition.is_some(),
            inline: instance.inline,
        };
        // A file that is imported twice as a value is one module of the index.
        let known = modules.iter().any(|known| {
            known.file == module.file
                && known.inline == module.inline
                && (!module.inline || known.place == module.place)
        });
        if !known {
            modules.push(module);
        }
    }
    let mut external: Vec<ExternalModule> = Vec::new();
    for import in &closure.external {
        let module = ExternalModule { name: import.module.path().into(), place: own(import.place) };
        if !external.contains(&module) {
            external.push(module);
        }
    }
    for module in known_from_outside(ev, &closure) {
        if !external.contains(&module) {
            external.push(module);
        }
    }
    let mut gaps: Vec<Gap> = closure.gaps.iter().map(|(unknown, place)| gap(ev, unknown, *place)).collect();
    gaps.extend(broken_files(ev, &modules));
    gaps.extend(failed_modules(ev, &closure));
    ClosureData { modules, external, gaps, problems: problems(ev, &closure) }
}

/// The file that a module's code is in. One that another file only mentions, by its name in an input, is
/// inline in that file.
fn written_in<'h>(ev: &Evaluator<'h>, instance: &ModuleInstance<'h>) -> Option<SourceFile> {
    if !instance.inline {
        return instance.file;
    }
    let of_names = |attrs: &Attrs<'_>| attrs.entries.iter().find_map(|attr| attr.place.resolve(ev));
    let of_set = || match ev.force(instance.config.or(instance.options)?) {
        Ok(Value::Attrs(attrs)) => of_names(attrs).map(|place| place.source),
        _ => None,
    };
    instance.function_file().or_else(of_set).or(instance.file)
}

/// Whether a module is what `lib` or a model puts around others to hand them on: `{ imports = [ m ]; }`, with
/// `_file` where it says where they are from. Nobody of the repository has written it.
fn is_wrapper<'h>(ev: &Evaluator<'h>, instance: &ModuleInstance<'h>) -> bool {
    let is_empty = |part: &'h Thunk<'h>| matches!(ev.force(part), Ok(Value::Attrs(attrs)) if attrs.entries.is_empty() && attrs.open.is_none());
    let has_own = instance.function.is_some()
        || [instance.config, instance.options].into_iter().flatten().any(|part| !is_empty(part));
    instance.inline && !has_own && instance.imports.is_some_and(|place| own_place(ev, place).is_none())
}

/// Where a module is imported. A file that a wrapper hands on is imported where the wrapper is, an inline module
/// stands where it is written; what `lib` imports for the repository is where the module around it is.
fn import_place<'h>(
    ev: &Evaluator<'h>,
    closure: &ModuleClosure<'h>,
    instance: &ModuleInstance<'h>,
) -> Option<SourcePlace> {
    let mut place = None;
    let mut at = Some(instance);
    // A module is pushed before what it imports: the way up ends.
    while let Some(it) = at {
        place = own_place(ev, it.place).or(place);
        let outer = it.importer.map(|importer| &closure.modules[importer]).filter(|outer| outer.inline);
        at = outer.filter(|outer| place.is_none() || !instance.inline && is_wrapper(ev, outer));
    }
    place
}

/// The modules of inputs whose sources are here, as far as the repository imports them itself.
fn known_from_outside<'h>(ev: &Evaluator<'h>, closure: &ModuleClosure<'h>) -> Vec<ExternalModule> {
    let foreign = |file: Option<SourceFile>| file.is_some_and(|file| ev.outside(file).is_some());
    let mut found = Vec::new();
    for instance in &closure.modules {
        let importer = instance.importer.and_then(|index| written_in(ev, &closure.modules[index]));
        let Some(name) = written_in(ev, instance).and_then(|file| ev.outside(file)) else { continue };
        if foreign(importer) {
            continue;
        }
        let place = instance.place.resolve(ev);
        let input = name.split('/').next().unwrap_or(&name);
        // As the repository writes it, so that its name does not depend on whether the source is here.
        let written = place.and_then(|place| written_name(ev, place)).and_then(|text| {
            let text = text.strip_prefix("self.").unwrap_or(&text).to_string();
            let full = if text.starts_with("inputs.") { text } else { format!("inputs.{text}") };
            full.strip_prefix(input).is_some_and(|rest| rest.starts_with('.')).then_some(full)
        });
        found.push(ExternalModule { name: written.unwrap_or(name).into(), place });
    }
    found
}

/// A selection as text, where it is names only: `tools.nixosModules.default`.
fn written_name(ev: &Evaluator<'_>, place: SourcePlace) -> Option<String> {
    let PlaceKind::Expr(raw) = place.kind else { return None };
    let body = ev.context(place.source).body;
    selected_names(body, Body::expr_from_raw(raw))
}

fn selected_names(body: &Body, expr: ExprId) -> Option<String> {
    match &body.exprs[expr] {
        Expr::Local { name, .. } | Expr::WithName { name, .. } => Some(name.as_str().to_string()),
        Expr::Select { base, path, .. } => {
            let mut text = selected_names(body, *base)?;
            for attr in path {
                text.push('.');
                text.push_str(attr.as_static()?.as_str());
            }
            Some(text)
        }
        _ => None,
    }
}

/// A place of the repository; one in the embedded library or in a model is none.
pub(crate) fn own_place(ev: &Evaluator<'_>, place: Place) -> Option<SourcePlace> {
    place.resolve(ev).filter(|place| !is_embedded(ev, place.source))
}

/// The file of the repository that imports a module, past the modules of models in between, and where the
/// `imports` stand there.
fn own_importer(
    ev: &Evaluator<'_>,
    closure: &ModuleClosure<'_>,
    mut importer: Option<usize>,
) -> Option<(SourceFile, Option<SourcePlace>)> {
    while let Some(module) = importer.map(|index| &closure.modules[index]) {
        match module.file {
            Some(file) if !is_embedded(ev, file) => {
                return Some((file, module.imports.and_then(|place| own_place(ev, place))));
            }
            _ => importer = module.importer,
        }
    }
    None
}

/// The module files that do not parse: what is behind the error may be anything.
fn broken_files(ev: &Evaluator<'_>, modules: &[Module]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    for module in modules.iter().filter(|module| !ev.is_well_formed(module.file)) {
        let path = module.file.path(ev.db).as_str();
        if !gaps.iter().any(|known| known.what == path) {
            gaps.push(Gap {
                what: path.into(),
                why: "the file has a syntax error".into(),
                place: module.place,
            });
        }
    }
    gaps
}

/// The imports of files that are not there, and the modules that fail: what they would add is not known.
fn failed_modules(ev: &Evaluator<'_>, closure: &ModuleClosure<'_>) -> Vec<Gap> {
    closure
        .problems
        .iter()
        .map(|problem| Gap {
            what: match problem.cause {
                ProblemCause::MissingFile => "missing file".into(),
                ProblemCause::Failed(_) => "a module that fails".into(),
            },
            why: problem.message.into(),
            place: own_place(ev, problem.place),
        })
        .collect()
}

fn problems(ev: &Evaluator<'_>, closure: &ModuleClosure<'_>) -> Vec<Problem> {
    closure
        .problems
        .iter()
        .map(|problem| Problem {
            kind: match problem.cause {
                ProblemCause::MissingFile => ProblemKind::MissingImport,
                ProblemCause::Failed(ErrorKind::InfiniteRecursion) => ProblemKind::InfiniteRecursion,
                ProblemCause::Failed(_) => ProblemKind::Error,
            },
            message: problem.message.into(),
            place: problem.place.resolve(ev),
        })
        .collect()
}

/// A system of one module, for what a flake exports.
pub(crate) fn module_system<'h>(ev: &Evaluator<'h>, module: &'h Thunk<'h>) -> std::rc::Rc<System<'h>> {
    let special = ev.heap.alloc(Attrs { entries: &[], open: None });
    let list = ev.done_at(ev.list(&[module]), module.place());
    ev.new_system(vec![list], special, "export", None)
}

/// The files that a module's value consists of, for what a flake exports.
pub(crate) fn module_files<'h>(ev: &Evaluator<'h>, module: &'h Thunk<'h>) -> Vec<SourceFile> {
    let system = module_system(ev, module);
    closure_data(ev, &system, None).modules.into_iter().filter(|it| !it.inline).map(|it| it.file).collect()
}
