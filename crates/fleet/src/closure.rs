//! A system's closure as data.

use nixscope_db::SourceFile;
use nixscope_eval::modules::{ModuleClosure, ProblemCause, System};
use nixscope_eval::{Attrs, ErrorKind, Evaluator, Thunk};

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
    file.path(ev.db).as_str().starts_with(nixscope_eval::EMBEDDED_ROOT)
}

pub(crate) fn closure_data<'h>(ev: &Evaluator<'h>, system: &System<'h>) -> ClosureData {
    let closure = system.closure(ev);
    let mut modules: Vec<Module> = Vec::with_capacity(closure.modules.len());
    for instance in &closure.modules {
        let Some(file) = instance.file.filter(|file| !is_embedded(ev, *file)) else { continue };
        let imported_by = instance.importer.and_then(|index| closure.modules[index].file);
        let module = Module {
            file,
            place: instance.place.resolve(ev),
            imported_by: imported_by.or_else(|| instance.place.resolve(ev).map(|it| it.source)),
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
        let module = ExternalModule { name: import.module.path().into(), place: import.place.resolve(ev) };
        if !external.contains(&module) {
            external.push(module);
        }
    }
    let mut gaps: Vec<Gap> = closure.gaps.iter().map(|(unknown, place)| gap(ev, unknown, *place)).collect();
    gaps.extend(broken_files(ev, &modules));
    gaps.extend(missing_files(ev, &closure));
    ClosureData { modules, external, gaps, problems: problems(ev, &closure) }
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

/// The imports of files that are not there.
fn missing_files(ev: &Evaluator<'_>, closure: &ModuleClosure<'_>) -> Vec<Gap> {
    closure
        .problems
        .iter()
        .filter(|problem| problem.cause == ProblemCause::MissingFile)
        .map(|problem| Gap {
            what: "missing file".into(),
            why: problem.message.into(),
            place: problem.place.resolve(ev),
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

/// The files that a module's value consists of, for what a flake exports.
pub(crate) fn module_files<'h>(ev: &Evaluator<'h>, module: &'h Thunk<'h>) -> Vec<SourceFile> {
    let special = ev.heap.alloc(Attrs { entries: &[], open: None });
    let list = ev.done_at(ev.list(&[module]), module.place());
    let system = ev.new_system(vec![list], special, "export", None);
    closure_data(ev, &system).modules.into_iter().filter(|it| !it.inline).map(|it| it.file).collect()
}
