//! Rename, over the whole fleet: only what is proven to be the same thing, or nothing at all.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::{PlaceKind, SourcePlace};
use nixscope_fleet::{Mention, Project, fleet, hosts, parse_option_path};
use nixscope_hir::{Body, Expr, ExprId, NameId, Symbol, body};
use nixscope_lints::Edit;
use nixscope_syntax::{TextRange, TextSize};

use crate::mentions::{bare, binding_at};
use crate::references::{Use, uses};
use crate::thing::{Thing, thing_at};

/// What may be renamed at a place: the text that is replaced, and what it says now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Renamable {
    /// The name at the place.
    pub range: TextRange,
    /// The name as it is.
    pub name: String,
}

/// Why something is not renamed, for people.
pub type Refusal = String;

/// Whether what stands at a place can be renamed.
///
/// # Errors
/// Why not.
pub(crate) fn prepare_rename(
    db: &dyn Db,
    project: Project,
    file: SourceFile,
    offset: TextSize,
) -> Result<Renamable, Refusal> {
    let (thing, range) = thing_at(db, project, file, offset).ok_or("there is no name here")?;
    may_be_renamed(db, project, &thing)?;
    let range = bare(file.text(db).as_str(), range);
    let name = file.text(db).as_str().get(usize::from(range.start())..usize::from(range.end()));
    Ok(Renamable { range, name: name.unwrap_or_default().to_string() })
}

/// The edits that give what stands at a place another name, everywhere.
///
/// # Errors
/// Why it cannot be done completely.
pub(crate) fn rename(
    db: &dyn Db,
    project: Project,
    file: SourceFile,
    offset: TextSize,
    new_name: &str,
) -> Result<Vec<Edit>, Refusal> {
    let (thing, _) = thing_at(db, project, file, offset).ok_or("there is no name here")?;
    may_be_renamed(db, project, &thing)?;
    let attribute = !matches!(thing, Thing::Local(..));
    let written = written_name(new_name, attribute)?;
    match &thing {
        Thing::Local(file, name) => captures(db, *file, *name, new_name)?,
        _ => taken(db, project, &thing, new_name)?,
    }
    let all = uses(db, project, &thing, None);
    let files = project.files(db);
    for it in &all {
        let path = it.place.source.path(db);
        if files.binary_search(path).is_err() {
            return Err(format!("{path} uses it and is not a Nix file of this repository"));
        }
        if !it.certain {
            let at = shown(db, project, it.place);
            return Err(format!("at {at} the name stands for more than one thing"));
        }
    }
    let mut edits: Vec<Edit> = Vec::new();
    for it in &all {
        for (file, range, new_text) in replace(db, project, &thing, it, &written)? {
            if !edits.iter().any(|edit| edit.file == file && edit.range == range) {
                edits.push(Edit { file, range, new_text });
            }
        }
    }
    edits.sort_by(|a, b| {
        let key = |it: &Edit| (it.file.path(db).clone(), it.range.start(), it.range.end());
        key(a).cmp(&key(b))
    });
    Ok(edits)
}

fn shown(db: &dyn Db, project: Project, place: SourcePlace) -> String {
    let path = place.source.path(db);
    let lines = nixscope_syntax::line_index(db, place.source);
    let at = lines.line_col(place.range(db).start(), nixscope_syntax::PositionEncoding::Utf32);
    format!("{}:{}", path.strip_prefix(project.root(db)).unwrap_or(path.as_str()), at.line + 1)
}

fn may_be_renamed(db: &dyn Db, project: Project, thing: &Thing) -> Result<(), Refusal> {
    match thing {
        Thing::Local(file, name) => {
            // The formal arguments of a module, and of `outputs`, are names that others pass.
            let body = body(db, *file);
            let is_formal = body.exprs.iter().any(|(_, expr)| {
                matches!(expr, Expr::Lambda(lambda)
                    if lambda.formals.iter().flatten().any(|formal| formal.place == *name))
            });
            if is_formal {
                let named = body.names[*name];
                return Err(format!("who calls this function passes `{named}` by its name"));
            }
            Ok(())
        }
        Thing::Attribute(_, places) => {
            let inside = |place: &SourcePlace| project.files(db).binary_search(place.source.path(db)).is_ok();
            match places.iter().all(|it| inside(it) && matches!(it.kind, PlaceKind::Name(_))) {
                true => Ok(()),
                false => Err("it is defined outside the Nix files of this repository".into()),
            }
        }
        Thing::Option(options) => {
            let index = fleet(db, project);
            let declared = |path: &str| {
                index.hosts.iter().any(|(_, index)| {
                    let nested = index.nested.iter().flat_map(|it| it.index.options.iter());
                    index.options.iter().chain(nested).any(|option| option.path == path)
                })
            };
            match options.iter().find(|it| !declared(&it.path)) {
                None => Ok(()),
                Some(option) => Err(format!("`{}` is not declared in this repository", option.path)),
            }
        }
        Thing::Host(_) => Ok(()),
        Thing::Input(name) => Err(format!("`{name}` is an input: its name is in flake.lock too")),
        Thing::File(path) => Err(format!("{path} is a file: move it, and its imports follow")),
        Thing::Outside(_, path) => Err(format!("`{path}` is not defined in this repository")),
        Thing::Builtin(name) => Err(format!("`{name}` is a builtin")),
    }
}

/// The name as it is written: with quotes where it needs them and can have them.
fn written_name(name: &str, attribute: bool) -> Result<String, Refusal> {
    const KEYWORDS: &[&str] = &["assert", "else", "if", "in", "inherit", "let", "rec", "then", "with", "or"];
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let plain = starts && chars.all(|c| c.is_ascii_alphanumeric() || "_-'".contains(c));
    if plain && !KEYWORDS.contains(&name) {
        return Ok(name.to_string());
    }
    if !attribute || name.is_empty() || name.contains(['\n', '\r']) {
        return Err(format!("`{name}` is not a name that Nix accepts here"));
    }
    Ok(format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "\\${")))
}

/// Refuses a name that an attribute of the same set, an option of the same name space, or another host
/// already has.
fn taken(db: &dyn Db, project: Project, thing: &Thing, new_name: &str) -> Result<(), Refusal> {
    let new_symbol = Symbol::new(new_name);
    let refuse = |what: &str| Err(format!("{what} `{new_name}` already"));
    match thing {
        Thing::Attribute(_, places) => {
            for place in places {
                let PlaceKind::Name(raw) = place.kind else { continue };
                let beside = binding_at(body(db, place.source), Body::name_from_raw(raw));
                if beside.is_some_and(|(_, it)| it.named.iter().any(|it| it.name == new_symbol)) {
                    return refuse(&format!("the set at {} has", shown(db, project, *place)));
                }
            }
            Ok(())
        }
        Thing::Option(options) => {
            for option in options {
                let mut path = parse_option_path(&option.path);
                path.pop();
                path.push(new_symbol);
                let is_below = |it: &str| parse_option_path(it).starts_with(&path);
                for (host, index) in &fleet(db, project).hosts {
                    let nested = index.nested.iter().map(|it| &it.index);
                    let mut all = std::iter::once(index).chain(nested);
                    let known = all.any(|it| {
                        it.options.iter().any(|it| is_below(&it.path))
                            || it.definitions.iter().any(|it| is_below(&it.path))
                    });
                    if known {
                        return refuse(&format!("beside it {} has", host.name));
                    }
                }
            }
            Ok(())
        }
        Thing::Host(name) => {
            let all = &hosts(db, project).hosts;
            let outputs: Vec<_> = all.iter().filter(|it| it.name == *name).map(|it| &it.output).collect();
            match all.iter().find(|it| it.name == new_name && outputs.contains(&&it.output)) {
                Some(host) => refuse(&format!("{} has", host.output)),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Refuses a name that would mean something else at one of the uses, or that something else already has.
fn captures(db: &dyn Db, file: SourceFile, name: NameId, new_name: &str) -> Result<(), Refusal> {
    let body = body(db, file);
    let new_symbol = nixscope_hir::Symbol::new(new_name);
    let Some((own, _)) = body.scopes.iter().find(|(_, scope)| scope.names.iter().any(|(_, it)| *it == name))
    else {
        return Ok(());
    };
    if body.scopes[own].names.iter().any(|(it, _)| *it == new_symbol) {
        return Err(format!("`{new_name}` is already bound beside it"));
    }
    let within = |mut scope: Option<nixscope_hir::ScopeId>| {
        let mut between = Vec::new();
        while let Some(id) = scope {
            if id == own {
                return Some(between);
            }
            between.push(id);
            scope = body.scopes[id].parent;
        }
        None
    };
    for (id, expr) in body.exprs.iter() {
        let Some(between) = within(body.scope_of(id)) else { continue };
        let refers = matches!(nixscope_hir::resolve(body, id), Some(nixscope_hir::Definition::Name(it, _)) if it == name);
        let hidden =
            between.iter().any(|scope| body.scopes[*scope].names.iter().any(|(it, _)| *it == new_symbol));
        if refers && hidden {
            return Err(format!("`{new_name}` means something else where it is used"));
        }
        let other = match expr {
            Expr::Local { name, .. }
            | Expr::Global(name)
            | Expr::Unresolved(name)
            | Expr::WithName { name, .. } => *name,
            _ => continue,
        };
        if other == new_symbol && !hidden {
            return Err(format!("`{new_name}` is used here and would mean another thing"));
        }
    }
    Ok(())
}

type Replacement = (SourceFile, TextRange, String);

/// What becomes of one use.
fn replace(
    db: &dyn Db,
    project: Project,
    thing: &Thing,
    it: &Use,
    written: &str,
) -> Result<Vec<Replacement>, Refusal> {
    let file = it.place.source;
    let range = it.place.range(db);
    if range.is_empty() {
        return Err(format!(
            "{} gives it its name in a way that is not written out",
            shown(db, project, it.place)
        ));
    }
    if let Some(inherit) = inherit_around(db, file, range) {
        return split_inherit(db, thing, it, &inherit, range, written);
    }
    if let PlaceKind::Expr(raw) = it.place.kind {
        let body = body(db, file);
        let variable = |id: ExprId| {
            matches!(body.exprs[id], Expr::Local { .. } | Expr::WithName { .. } | Expr::Global(_))
        };
        if !variable(Body::expr_from_raw(raw)) {
            return Err(format!("{} computes the name", shown(db, project, it.place)));
        }
        if written.starts_with('"') {
            return Err(format!("at {} only a plain name can stand", shown(db, project, it.place)));
        }
    }
    Ok(vec![(file, range, written.to_string())])
}

/// An `inherit` and what it has.
struct Inherit {
    entry: TextRange,
    names: usize,
    from: Option<String>,
}

/// The `inherit` that a name stands in.
fn inherit_around(db: &dyn Db, file: SourceFile, name: TextRange) -> Option<Inherit> {
    use nixscope_syntax::{AstNode, ast};
    let root = nixscope_syntax::parse(db, file).syntax();
    let node = root.covering_element(name);
    let node = node.as_node().cloned().or_else(|| node.parent())?;
    let inherit = node.ancestors().take(4).find_map(ast::Inherit::cast)?;
    // What is inherited from is an expression like any other.
    let from = inherit.from();
    if from.as_ref().is_some_and(|it| it.syntax().text_range().contains_range(name)) {
        return None;
    }
    let source = from.map(|it| it.syntax().text().to_string());
    Some(Inherit { entry: inherit.syntax().text_range(), names: inherit.attrs().count(), from: source })
}

/// `inherit (a) x;` with `a.x` renamed is `x = a.y;`; with the attribute that it makes renamed, `y = a.x;`.
fn split_inherit(
    db: &dyn Db,
    thing: &Thing,
    it: &Use,
    inherit: &Inherit,
    name: TextRange,
    written: &str,
) -> Result<Vec<Replacement>, Refusal> {
    let file = it.place.source;
    let text = file.text(db).as_str();
    let old = text.get(usize::from(name.start())..usize::from(name.end())).unwrap_or_default().to_string();
    let makes = matches!((it.mention, thing), (Some(Mention::Key(_)), _) | (None, Thing::Local(..)))
        && !is_variable(db, it);
    let (key, value) = if makes { (written, old.as_str()) } else { (old.as_str(), written) };
    let binding = match &inherit.from {
        Some(from) => {
            let base = from.trim_start_matches('(').trim_end_matches(')').trim();
            let plain = base.chars().all(|c| c.is_ascii_alphanumeric() || "_-'.".contains(c));
            match plain {
                true => format!("{key} = {base}.{value};"),
                false => format!("{key} = {from}.{value};"),
            }
        }
        None => format!("{key} = {value};"),
    };
    if inherit.names == 1 {
        return Ok(vec![(file, inherit.entry, binding)]);
    }
    let before = text.get(..usize::from(name.start())).unwrap_or_default();
    let blank = before.len() - before.trim_end().len();
    let removed = TextRange::new(name.start() - TextSize::try_from(blank).unwrap_or_default(), name.end());
    Ok(vec![
        (file, removed, String::new()),
        (file, TextRange::empty(inherit.entry.end()), format!(" {binding}")),
    ])
}

/// Whether a use is the variable of `inherit x;` rather than the attribute that it makes.
fn is_variable(db: &dyn Db, it: &Use) -> bool {
    let PlaceKind::Name(raw) = it.place.kind else { return true };
    let body = body(db, it.place.source);
    binding_at(body, Body::name_from_raw(raw)).is_none()
}
