//! Inlay hints: the value behind a reference to another host, the file behind a computed path, the name
//! of what a long set ends.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::SourcePlace;
use nixscope_fleet::{Draft, HostReference, Project, What, fleet, function_shapes, resolve_file};
use nixscope_hir::{BindingValue, Expr, ExprId, body, source_map};
use nixscope_syntax::ast::{self, HasEntry};
use nixscope_syntax::{AstNode, TextRange, TextSize, line_index};
use smol_str::SmolStr;

use crate::module_text::ModuleText;

/// Which hints are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HintSettings {
    /// The value of a read of another host's option.
    pub values: bool,
    /// The file that a computed path leads to.
    pub paths: bool,
    /// The name of what a set of many lines was bound to, at its end.
    pub binding_ends: bool,
    /// What an option's default comes to, where it is computed.
    pub defaults: bool,
    /// The name of the argument that a number, a text or the like is passed for.
    pub parameters: bool,
}

impl Default for HintSettings {
    fn default() -> HintSettings {
        HintSettings { values: true, paths: true, binding_ends: true, defaults: true, parameters: false }
    }
}

/// A hint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    /// Where it is shown.
    pub offset: TextSize,
    /// What it says.
    pub label: SmolStr,
    /// More, for who points at it.
    pub tooltip: Option<SmolStr>,
}

/// A set of fewer lines has its beginning in sight.
const LONG: u32 = 25;
/// A longer value is cut.
const MAX_LABEL: usize = 40;

/// The hints of a part of a file, in the order of the text.
pub(crate) fn hints(
    db: &dyn Db,
    project: Project,
    file: SourceFile,
    range: TextRange,
    settings: HintSettings,
) -> Vec<Hint> {
    let mut out = Vec::new();
    if settings.values {
        values(db, project, file, &mut out);
    }
    if settings.paths {
        paths(db, project, file, range, &mut out);
    }
    if settings.binding_ends {
        binding_ends(db, file, &mut out);
    }
    if settings.defaults {
        defaults(db, project, file, &mut out);
    }
    if settings.parameters {
        parameters(db, project, file, range, &mut out);
    }
    out.retain(|hint| range.contains_inclusive(hint.offset));
    out.sort_by(|a, b| (a.offset, &a.label).cmp(&(b.offset, &b.label)));
    out.dedup();
    out
}

fn values(db: &dyn Db, project: Project, file: SourceFile, out: &mut Vec<Hint>) {
    let index = fleet(db, project);
    let own = index.hosts.iter().flat_map(|(_, index)| &index.references);
    let mut known: Vec<(TextRange, Vec<&HostReference>)> = Vec::new();
    for reference in own.chain(&index.references).filter(|it| it.place.source == file) {
        let range = reference.place.range(db);
        match known.iter_mut().find(|(it, _)| *it == range) {
            Some((_, references)) => references.push(reference),
            None => known.push((range, vec![reference])),
        }
    }
    for (range, references) in known {
        let mut values: Vec<&SmolStr> = references.iter().filter_map(|it| it.value.as_ref()).collect();
        values.sort();
        values.dedup();
        let all_known = references.iter().all(|it| it.value.is_some());
        let label = match values.as_slice() {
            [value] if all_known => format!(" = {}", shorten(value)),
            [_, _, ..] => format!(" = {} values", values.len()),
            _ => continue,
        };
        let lines: Vec<String> = references
            .iter()
            .filter_map(|it| Some(format!("{}: {}", it.host.as_ref()?, it.value.as_ref()?)))
            .collect();
        let tooltip = (values.len() > 1).then(|| lines.join("\n").into());
        out.push(Hint { offset: range.end(), label: label.into(), tooltip });
    }
}

fn paths(db: &dyn Db, project: Project, file: SourceFile, range: TextRange, out: &mut Vec<Hint>) {
    let (body, map) = (body(db, file), source_map(db, file));
    for (id, expr) in body.exprs.iter() {
        if !matches!(expr, Expr::InterpolatedPath(..)) || !range.contains_range(map.expr(id)) {
            continue;
        }
        let mut names: Vec<SmolStr> = resolve_file(db, project, file, id)
            .into_iter()
            .filter_map(|it| match it.what {
                What::File(path) => Some(path.strip_prefix(project.root(db)).unwrap_or(path.as_str()).into()),
                _ => None,
            })
            .collect();
        names.sort();
        names.dedup();
        let label: SmolStr = match names.as_slice() {
            [] => continue,
            [name] => format!(" → {name}").into(),
            names => format!(" → {} files", names.len()).into(),
        };
        let tooltip = (names.len() > 1).then(|| names.join("\n").into());
        out.push(Hint { offset: map.expr(id).end(), label, tooltip });
    }
}

fn binding_ends(db: &dyn Db, file: SourceFile, out: &mut Vec<Hint>) {
    let (body, map, lines) = (body(db, file), source_map(db, file), line_index(db, file));
    let line = |offset| lines.line_col(offset, nixscope_syntax::PositionEncoding::Utf8).line;
    for (_, expr) in body.exprs.iter() {
        let bindings = match expr {
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => bindings,
            Expr::Let { bindings, .. } => bindings,
            _ => continue,
        };
        for binding in bindings.named.iter() {
            let BindingValue::Expr(value) = binding.value else { continue };
            let range = map.expr(value);
            let entry = map.entry(binding.place);
            // `a.b = { … }`: the set that `b` is in has no end of its own.
            if range == entry {
                continue;
            }
            if line(range.end()) >= line(range.start()) + LONG && range.end() <= entry.end() {
                let text = file.text(db).as_str();
                let path = text.get(usize::from(entry.start())..usize::from(range.start())).unwrap_or("");
                let path = path.split('=').next().unwrap_or("").trim();
                let name = if path.is_empty() || path.contains('\n') { binding.name.as_str() } else { path };
                out.push(Hint {
                    offset: entry.end(),
                    label: format!(" {}", shorten(name)).into(),
                    tooltip: None,
                });
            }
        }
    }
}

/// What computed defaults of options come to on the hosts.
fn defaults(db: &dyn Db, project: Project, file: SourceFile, out: &mut Vec<Hint>) {
    let Some(module) = ModuleText::of(db, file) else { return };
    let mut known: Vec<(SourcePlace, Vec<SmolStr>)> = Vec::new();
    for (_, index) in &fleet(db, project).hosts {
        let all = std::iter::once(index).chain(index.nested.iter().map(|nested| &nested.index));
        for option in all.flat_map(|index| &index.options) {
            let (Some(place), Some(default)) = (option.place, &option.default) else { continue };
            if place.source != file {
                continue;
            }
            match known.iter_mut().find(|(it, _)| *it == place) {
                Some((_, values)) if values.contains(default) => {}
                Some((_, values)) => values.push(default.clone()),
                None => known.push((place, vec![default.clone()])),
            }
        }
    }
    for (place, values) in known {
        let Some(ast::Expr::Apply(apply)) = module.value_at(place.range(db)) else { continue };
        let Some(ast::Expr::AttrSet(set)) = apply.argument() else { continue };
        let own = set
            .attrpath_values()
            .find(|it| it.attrpath().is_some_and(|path| path.syntax().text() == "default"));
        let Some(written) = own.and_then(|it| it.value()) else { continue };
        // What is written out needs no second form.
        let is_computed = matches!(
            written,
            ast::Expr::Select(_)
                | ast::Expr::Apply(_)
                | ast::Expr::BinOp(_)
                | ast::Expr::IfElse(_)
                | ast::Expr::UnaryOp(_)
                | ast::Expr::LetIn(_)
                | ast::Expr::Ident(_)
        ) || matches!(&written, ast::Expr::Str(it) if it.syntax().text().to_string().contains("${"));
        let label = match values.as_slice() {
            [value] if written.syntax().text() != value.as_str() => format!(" = {}", shorten(value)),
            [_, _, ..] => format!(" = {} values", values.len()),
            _ => continue,
        };
        if is_computed {
            let offset = written.syntax().text_range().end();
            out.push(Hint { offset, label: label.into(), tooltip: None });
        }
    }
}

/// So many calls have their functions looked at.
const MAX_CALLS: usize = 200;

/// The names of the arguments that literals are passed for.
fn parameters(db: &dyn Db, project: Project, file: SourceFile, range: TextRange, out: &mut Vec<Hint>) {
    let (body, map) = (body(db, file), source_map(db, file));
    let is_literal = |expr: &ExprId| match &body.exprs[*expr] {
        Expr::Int(_) | Expr::Float(_) | Expr::Str(_) | Expr::Interpolated(_) => true,
        Expr::Global(name) => matches!(name.as_str(), "true" | "false" | "null"),
        _ => false,
    };
    let calls: Vec<(ExprId, &[ExprId])> = body
        .exprs
        .iter()
        .filter_map(|(id, expr)| match expr {
            Expr::Apply { function, args } => {
                let wanted =
                    args.len() > 1 && args.iter().any(is_literal) && range.contains_range(map.expr(id));
                wanted.then_some((*function, &**args))
            }
            _ => None,
        })
        .take(MAX_CALLS)
        .collect();
    let functions: Vec<ExprId> = calls.iter().map(|(function, _)| *function).collect();
    let shapes = function_shapes(db, project, Draft { file, body }, &functions);
    for ((_, args), shape) in calls.into_iter().zip(shapes) {
        // The arguments of builtins have no names.
        let Some(shape) = shape.filter(|shape| shape.builtin.is_none()) else { continue };
        for (arg, parameter) in args.iter().zip(&shape.parameters) {
            // A name of one letter says less than the place.
            if is_literal(arg) && parameter.len() > 1 && !parameter.starts_with('{') {
                let offset = map.expr(*arg).start();
                out.push(Hint { offset, label: format!("{parameter}: ").into(), tooltip: None });
            }
        }
    }
}

fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(MAX_LABEL) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line.to_string(),
    }
}
