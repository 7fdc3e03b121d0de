//! `nixscope eval`: the value of a Nix file.

use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer};
use anyhow::{Context, Result, anyhow, bail};
use nixscope_db::{Db, EntryKind, FileText, SourceFile};
use nixscope_eval::{
    Budget, EMBEDDED_ROOT, ErrorKind, Eval, Evaluator, Halt, LIB_PATH, Models, Place, Thunk, Unknown, Value,
    evaluate, print_value,
};
use nixscope_hir::Symbol;
use nixscope_ide::{TextRange, VfsPath};
use nixscope_project::absolute;

use crate::check::excerpt;
use crate::cli::EvalArgs;
use crate::output::Report;
use crate::places::{Places, embedded_name};
use crate::session::{Overrides, Session};

/// Knows nothing of the outside but nixpkgs' library.
struct LibOnly;

impl Models for LibOnly {
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

/// An error in terms that outlive the evaluation.
struct Problem {
    message: String,
    place: Option<(SourceFile, TextRange)>,
}

/// Runs the command.
pub(crate) fn run(args: &EvalArgs) -> Result<Report> {
    let path = if args.file.is_dir() { args.file.join("default.nix") } else { args.file.clone() };
    let shown = path.display();
    let full = absolute(&path)?;
    let vfs_path = VfsPath::new(full.to_str().ok_or_else(|| anyhow!("{shown}: the path is not UTF-8 text"))?);
    if !path.is_file() {
        bail!("{shown}: there is no such file");
    }
    let session = Session::open(Some(Path::new(vfs_path.as_str())), &Overrides::default())?;
    let analysis = session.host.analysis();
    let file = analysis.file(&vfs_path);
    let paths: Vec<Vec<Symbol>> =
        args.attributes.iter().map(|it| nixscope_fleet::parse_option_path(it)).collect();
    let (text, problem) = analysis
        .run(|db| {
            readable(db, &vfs_path, file).with_context(|| shown.to_string())?;
            let mut text = String::new();
            let problem = values(db, file, &paths, args.json, &mut text).err().map(|problem| {
                let places = Places::new(db, session.root());
                report(&places, &problem)
            });
            anyhow::Ok((text, problem))
        })
        .map_err(|_| anyhow!("the analysis was stopped"))??;
    std::mem::forget((session, analysis));
    let failed = problem.is_some();
    Ok(Report::text(text).with_notes(problem.into_iter().collect()).with_findings(failed))
}

fn readable(db: &dyn Db, path: &VfsPath, file: SourceFile) -> Result<()> {
    if nixscope_db::kind(db, path) != EntryKind::File {
        bail!("not a regular file");
    }
    match file.text(db) {
        FileText::Text(_) => Ok(()),
        FileText::Encrypted => bail!("locked by git-crypt"),
        FileText::NotUtf8(at) => bail!("not UTF-8 text: the byte at offset {at} belongs to no character"),
        FileText::TooLarge(size) => bail!("{size} bytes are too many for a Nix file"),
        FileText::Unreadable(why) => bail!("cannot be read: {why}"),
    }
}

/// Prints the wanted values, a line each, as far as they go.
fn values(
    db: &dyn Db,
    file: SourceFile,
    paths: &[Vec<Symbol>],
    json: bool,
    out: &mut String,
) -> Result<(), Problem> {
    if let Some(error) = nixscope_syntax::parse(db, file).errors().first() {
        return Err(Problem { message: error.message.to_string(), place: Some((file, error.range)) });
    }
    evaluate(db, &LibOnly, Budget::default(), |ev| {
        let whole = [Vec::new()];
        for path in if paths.is_empty() { &whole } else { paths } {
            let printed = at_path(ev, file, path).and_then(|value| match json {
                true => nixscope_eval::to_json(ev, value).map(|it| it.to_string()),
                false => print_value(ev, value),
            });
            let printed = printed.map_err(|halt| problem(ev, halt))?;
            out.push_str(&printed);
            out.push('\n');
        }
        Ok(())
    })
}

fn problem<'h>(ev: &Evaluator<'h>, halt: Halt<'h>) -> Problem {
    let (message, place) = match halt {
        Halt::Fail(error) => (error.message.to_string(), error.place),
        Halt::Unknown(unknown) => {
            (format!("not known: {}: {}", unknown.path(), unknown.reason.describe()), unknown.place)
        }
    };
    Problem { message, place: place.resolve(ev).map(|it| (it.source, it.range(ev.db))) }
}

/// The value at a path below the file's value. Functions on the way are called where they need nothing.
fn at_path<'h>(ev: &Evaluator<'h>, file: SourceFile, path: &[Symbol]) -> Eval<'h, Value<'h>> {
    let thunk = ev.import_file(file);
    let mut place = thunk.place();
    let mut value = call(ev, ev.force(thunk)?, place)?;
    for name in path {
        let next = match (value, name.as_str().parse::<usize>()) {
            (Value::List(list), Ok(index)) => match list.items.get(index) {
                Some(item) => *item,
                None => {
                    let message = format!("there is no element {index}: the list has {}", list.items.len());
                    return Err(ev.error(ErrorKind::MissingAttribute, &message, place));
                }
            },
            _ => ev.delay_select(ev.done_at(value, place), *name, place),
        };
        place = next.place().or(place);
        value = call(ev, ev.force(next)?, place)?;
    }
    Ok(value)
}

/// Applies a function to `{ }` where all that it asks for has defaults.
fn call<'h>(ev: &Evaluator<'h>, value: Value<'h>, place: Place) -> Eval<'h, Value<'h>> {
    match ev.formals(value) {
        Some(formals) if formals.iter().all(|(_, default, _)| *default) => {
            ev.apply(value, ev.done(ev.attrs(Vec::new())), place)
        }
        _ => Ok(value),
    }
}

fn report(places: &Places<'_>, problem: &Problem) -> String {
    let styled = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let own = |it: &&(SourceFile, TextRange)| embedded_name(it.0.path(places.db)).is_none();
    let elements = match problem.place.as_ref().filter(own) {
        Some((file, range)) => excerpt(places, *file, *range, AnnotationKind::Primary, ""),
        None => Vec::new(),
    };
    renderer.render(&[Level::ERROR.primary_title(&problem.message).elements(elements)])
}
