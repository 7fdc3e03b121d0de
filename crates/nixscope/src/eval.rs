//! `nixscope eval`: the value of a Nix file.

use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer};
use anyhow::{Context, Result, anyhow, bail};
use nixscope_db::{Db, EntryKind, FileText, SourceFile};
use nixscope_eval::{
    Attr, EMBEDDED_ROOT, ErrorKind, Eval, Evaluator, EventKind, Halt, LIB_PATH, Machine, Models, Place,
    SearchEntry, SourcePlace, Thunk, Unknown, Value, evaluate, print_trace, print_value, to_json_text,
    to_xml,
};
use nixscope_hir::Symbol;
use nixscope_ide::{Evaluation, TextRange, VfsPath};
use nixscope_project::absolute;
use nixscope_report::{Places, embedded_name};

use crate::check::excerpt;
use crate::cli::EvalArgs;
use crate::output::Report;
use crate::session::Session;

/// Knows nothing of the outside but nixpkgs' library and what it is told.
struct LibOnly {
    machine: Machine,
}

impl Models for LibOnly {
    fn machine(&self) -> &Machine {
        &self.machine
    }

    fn refuses_broken_files(&self) -> bool {
        true
    }

    fn select<'h>(&self, _: &Evaluator<'h>, _: &'h Unknown<'h>, _: Symbol) -> Option<Value<'h>> {
        None
    }

    fn call<'h>(&self, _: &Evaluator<'h>, _: &'h Unknown<'h>, _: &'h Thunk<'h>) -> Option<Value<'h>> {
        None
    }

    fn search_path<'h>(&self, ev: &Evaluator<'h>, name: &str) -> Option<Value<'h>> {
        match name.strip_prefix("nixpkgs/lib")? {
            "" => Some(ev.path(LIB_PATH)),
            below => Some(ev.path(&format!("{EMBEDDED_ROOT}/lib/{}", below.strip_prefix('/')?))),
        }
    }
}

/// What to evaluate.
struct Request {
    file: SourceFile,
    /// Where in its value to look; the whole value where there is none.
    paths: Vec<Vec<Symbol>>,
    format: Format,
    arguments: Vec<(Symbol, Argument)>,
}

/// How values are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Nix,
    Json,
    Xml,
    /// As Nix code, with provenance.
    Trace,
}

/// An argument for the functions on the way.
enum Argument {
    /// The value of a file that is on no disk.
    Expression(SourceFile),
    Text(String),
}

/// An error in terms that outlive the evaluation.
struct Problem {
    message: String,
    place: Option<(SourceFile, TextRange)>,
    /// The values that need each other, where that is the error.
    cycle: Vec<SourcePlace>,
    /// What was being done, the innermost first.
    notes: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(args: &EvalArgs) -> Result<Report> {
    let path = if args.file.is_dir() { args.file.join("default.nix") } else { args.file.clone() };
    let shown = path.display();
    let vfs_path = vfs_path(&path)?;
    if !path.is_file() {
        bail!("{shown}: there is no such file");
    }
    let here = vfs_path_of_directory()?;
    let texts: Vec<(Symbol, VfsPath, String)> = pairs(&args.arg)
        .map(|(name, text)| (Symbol::new(name), here.join(&format!("--arg {name}")), text.to_owned()))
        .collect();
    let overlaid = texts.iter().map(|(_, path, text)| (path.clone(), text.clone())).collect();
    let session = Session::open_with_texts(Path::new(vfs_path.as_str()), overlaid)?;
    let analysis = session.host.analysis();
    let expressions = texts.iter().map(|(name, path, _)| (*name, Argument::Expression(analysis.file(path))));
    let strings = pairs(&args.argstr).map(|(name, text)| (Symbol::new(name), Argument::Text(text.into())));
    let request = Request {
        file: analysis.file(&vfs_path),
        paths: args.attributes.iter().map(|it| nixscope_fleet::parse_option_path(it)).collect(),
        format: match args {
            EvalArgs { json: true, .. } => Format::Json,
            EvalArgs { xml: true, .. } => Format::Xml,
            EvalArgs { trace: true, .. } => Format::Trace,
            _ => Format::Nix,
        },
        arguments: expressions.chain(strings).collect(),
    };
    let Evaluation { budget, mut machine } = session.workspace.settings.evaluation.clone();
    if !args.search_path.is_empty() {
        let given = args.search_path.iter().map(|text| SearchEntry::parse(text, &here));
        machine.search_path = Some(given.chain(machine.search_path.into_iter().flatten()).collect());
    }
    let features = args.extra_experimental_features.iter().flat_map(|it| it.split_whitespace());
    machine.experimental_features.get_or_insert_default().extend(features.map(Into::into));
    let models = LibOnly { machine };
    let (text, notes, failed) = analysis
        .run(|db| {
            readable(db, &vfs_path, request.file).with_context(|| shown.to_string())?;
            let mut text = String::new();
            let places = Places::new(db, session.root());
            let (result, mut notes) = evaluate(db, &models, budget, |ev| {
                let result = values(ev, &request, &places, &mut text);
                (result, warnings(ev))
            });
            let failed = result.is_err();
            notes.extend(result.err().map(|problem| report(&places, &problem)));
            anyhow::Ok((text, notes, failed))
        })
        .map_err(|_| anyhow!("the analysis was stopped"))??;
    std::mem::forget((session, analysis));
    Ok(Report::text(text).with_notes(notes).with_findings(failed))
}

fn vfs_path(path: &Path) -> Result<VfsPath> {
    let full = absolute(path)?;
    let text = full.to_str().ok_or_else(|| anyhow!("{}: the path is not UTF-8 text", path.display()))?;
    Ok(VfsPath::new(text))
}

fn vfs_path_of_directory() -> Result<VfsPath> {
    vfs_path(Path::new("."))
}

/// The values of an option that takes a name and something else.
fn pairs(values: &[String]) -> impl Iterator<Item = (&str, &str)> {
    values.chunks_exact(2).map(|pair| (pair[0].as_str(), pair[1].as_str()))
}

fn readable(db: &dyn Db, path: &VfsPath, file: SourceFile) -> Result<()> {
    if nixscope_db::kind(db, path) != EntryKind::File {
        bail!("not a regular file");
    }
    match file.text(db) {
        FileText::Text(_) => Ok(()),
        FileText::Encrypted => bail!("encrypted"),
        FileText::NotUtf8(at) => bail!("not UTF-8 text: the byte at offset {at} belongs to no character"),
        FileText::TooLarge(size) => bail!("{size} bytes are too many for a Nix file"),
        FileText::Unreadable(why) => bail!("cannot be read: {why}"),
    }
}

/// Prints the wanted values, a line each, as far as they go.
fn values(
    ev: &Evaluator<'_>,
    request: &Request,
    places: &Places<'_>,
    out: &mut String,
) -> Result<(), Problem> {
    if request.format == Format::Trace {
        ev.record_trail();
    }
    let expressions = request.arguments.iter().filter_map(|(_, argument)| match argument {
        Argument::Expression(file) => Some(*file),
        Argument::Text(_) => None,
    });
    for file in expressions.chain([request.file]) {
        if let Some(error) = nixscope_syntax::parse(ev.db, file).errors().first() {
            return Err(Problem {
                message: error.message.to_string(),
                place: Some((file, error.range)),
                cycle: Vec::new(),
                notes: Vec::new(),
            });
        }
    }
    let whole = [Vec::new()];
    for path in if request.paths.is_empty() { &whole } else { request.paths.as_slice() } {
        let printed = at_path(ev, request, path).and_then(|thunk| print(ev, request.format, thunk, places));
        out.push_str(&printed.map_err(|halt| problem(ev, halt))?);
        if request.format != Format::Xml {
            out.push('\n');
        }
    }
    Ok(())
}

fn print<'h>(
    ev: &Evaluator<'h>,
    format: Format,
    thunk: &'h Thunk<'h>,
    places: &Places<'_>,
) -> Eval<'h, String> {
    let value = ev.force(thunk)?;
    match format {
        Format::Nix => print_value(ev, value),
        Format::Json => to_json_text(ev, value),
        Format::Xml => to_xml(ev, value),
        Format::Trace => print_trace(ev, thunk, &|place| show(places, place)),
    }
}

/// A place as people read it.
fn show(places: &Places<'_>, place: SourcePlace) -> String {
    let at = places.of(place);
    let file = embedded_name(place.source.path(places.db)).map_or(at.file, |name| format!("<{name}>"));
    format!("{file}:{}:{}", at.at.line, at.at.column)
}

/// What the program warned of.
fn warnings(ev: &Evaluator<'_>) -> Vec<String> {
    let warning = |event: &nixscope_eval::Event<'_>| match event.kind {
        EventKind::Warning { message } => Some(format!("evaluation warning: {message}")),
        _ => None,
    };
    ev.events().iter().filter_map(warning).collect()
}

fn problem<'h>(ev: &Evaluator<'h>, halt: Halt<'h>) -> Problem {
    let (message, place, notes) = match halt {
        Halt::Fail(error) => (error.message.to_string(), error.place, error.notes),
        Halt::Unknown(unknown) => {
            let message = format!("not known: {}: {}", unknown.path(), unknown.reason.describe());
            (message, unknown.place, &[] as &[&str])
        }
    };
    let notes = notes.iter().map(ToString::to_string).collect();
    let cycle = match halt {
        Halt::Fail(error) if error.kind == ErrorKind::InfiniteRecursion => {
            ev.last_cycle().into_iter().filter_map(|place| place.resolve(ev)).collect()
        }
        _ => Vec::new(),
    };
    Problem { message, place: place.resolve(ev).map(|it| (it.source, it.range(ev.db))), cycle, notes }
}

/// The value at a path below the file's value. Functions on the way are called with the arguments that were given.
fn at_path<'h>(ev: &Evaluator<'h>, request: &Request, path: &[Symbol]) -> Eval<'h, &'h Thunk<'h>> {
    let arguments: Vec<Attr<'h>> = request
        .arguments
        .iter()
        .map(|(name, argument)| {
            let value = match argument {
                Argument::Expression(file) => ev.import_file(*file),
                Argument::Text(text) => ev.done(ev.string(text)),
            };
            Attr { name: *name, place: Place::NONE, value }
        })
        .collect();
    let mut thunk = call(ev, ev.import_file(request.file), &arguments)?;
    for name in path {
        let value = ev.force(thunk)?;
        let place = thunk.place();
        let next = match (value, name.as_str().parse::<usize>()) {
            (Value::List(list), Ok(index)) => match list.items.get(index) {
                Some(item) => *item,
                None => {
                    let message = format!("there is no element {index}: the list has {}", list.items.len());
                    return Err(ev.error(ErrorKind::MissingAttribute, &message, place));
                }
            },
            // The attribute's own thunk knows where it comes from.
            (Value::Attrs(attrs), _) if attrs.get(*name).is_some() => {
                attrs.get(*name).map_or(thunk, |attr| attr.value)
            }
            _ => ev.delay_select(thunk, *name, place),
        };
        thunk = call(ev, next, &arguments)?;
    }
    Ok(thunk)
}

/// Calls a function that names its arguments, as `nix-instantiate` does with what it evaluates: with those that were given,
/// all of them if it takes any.
fn call<'h>(ev: &Evaluator<'h>, thunk: &'h Thunk<'h>, given: &[Attr<'h>]) -> Eval<'h, &'h Thunk<'h>> {
    let (function, place) = (ev.force(thunk)?, thunk.place());
    if let Value::Attrs(attrs) = function
        && let Some(functor) = attrs.get(Symbol::new("__functor"))
    {
        let inner = ev.apply(ev.force(functor.value)?, thunk, place)?;
        return call(ev, ev.done_at(inner, place), given);
    }
    let Some(formals) = ev.formals(function) else { return Ok(thunk) };
    let missing = formals
        .iter()
        .find(|(name, has_default, _)| !has_default && !given.iter().any(|argument| argument.name == *name));
    if let Some((name, _, at)) = missing {
        let message = format!("this function needs an argument `{name}`: give it with --arg or --argstr");
        return Err(ev.error(ErrorKind::Arguments, &message, *at));
    }
    let takes_any = ev.takes_any_argument(function);
    let wanted = |argument: &&Attr<'h>| takes_any || formals.iter().any(|it| it.0 == argument.name);
    let arguments = given.iter().filter(wanted).copied().collect();
    let value = ev.apply(function, ev.done(ev.attrs(arguments)), place)?;
    Ok(ev.done_at(value, place))
}

fn report(places: &Places<'_>, problem: &Problem) -> String {
    let styled = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let own = |it: &&(SourceFile, TextRange)| embedded_name(it.0.path(places.db)).is_none();
    let elements = match problem.place.as_ref().filter(own) {
        Some((file, range)) => excerpt(places, *file, *range, AnnotationKind::Primary, ""),
        None => Vec::new(),
    };
    let notes = problem.notes.iter().map(|note| Level::NOTE.message(note.as_str()));
    let title = Level::ERROR.primary_title(&problem.message).elements(elements);
    let error = renderer.render(&[title.elements(notes)]);
    let needs: Vec<String> = problem.cycle.iter().rev().map(|place| show(places, *place)).collect();
    match needs.as_slice() {
        [] | [_] => error,
        // The last one needs the first.
        [first, ..] => format!("{error}\nneeds: {} -> {first}", needs.join(" -> ")),
    }
}
