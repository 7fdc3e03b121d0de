//! A declaration for an option that is set or read and that nothing declares.

use nixscope_db::SourceFile;
use nixscope_fleet::{
    HostClass, HostIndex, OptionDeclaration, external_option, is_system_namespace, key_option_path,
    parse_option_path, selection_path,
};
use nixscope_hir::{Expr, Site, Symbol, at_offset, body, source_map};
use nixscope_syntax::ast;
use nixscope_syntax::{AstNode, SyntaxNode, TextRange, parse};

use super::{Context, types};
use crate::assists::{Assist, AssistKind};
use crate::module_text::ModuleText;

/// Declares the option at hand, or imports the module that does.
pub(super) fn declare(cx: &Context<'_>, out: &mut Vec<Assist>) {
    let systems = cx.systems_of(cx.file);
    if systems.is_empty() {
        return;
    }
    let Some(wanted) = wanted(cx) else { return };
    if wanted.path.is_empty() || systems.iter().any(|(_, index)| covers(index, &wanted.path)) {
        return;
    }
    let spelt = wanted.names().join(".");
    let elsewhere = declared_elsewhere(cx, &wanted.path);
    for file in &elsewhere {
        out.extend(import(cx, *file, &spelt));
    }
    let symbols: Vec<Symbol> = wanted.path.iter().map(|name| Symbol::new(name)).collect();
    let is_outside = || {
        // What a module from outside may declare is not ours to declare, unless we declare right beside it.
        let is_foreign = match is_system_namespace(&wanted.path[0]) {
            true => beside(cx, &systems, &wanted.path, (wanted.path.len() - 1).max(2)).is_none(),
            false => {
                let has_foreign = systems.iter().any(|(_, index)| !index.external.is_empty());
                has_foreign && beside(cx, &systems, &wanted.path, 1).is_none()
            }
        };
        let classes = [HostClass::Nixos, HostClass::Darwin, HostClass::HomeManager];
        let is_declared =
            |class, end: usize| external_option(cx.db, cx.project, class, &symbols[..=end]).is_some();
        is_foreign || classes.iter().any(|class| (0..symbols.len()).any(|end| is_declared(*class, end)))
    };
    if !elsewhere.is_empty() || is_outside() {
        return;
    }
    out.extend(declaration(cx, &systems, &wanted, &spelt));
}

/// An option that a place names.
struct Wanted {
    path: Vec<String>,
    /// What it is set to there.
    value: Option<ast::Expr>,
}

impl Wanted {
    /// The names as they are written in Nix.
    fn names(&self) -> Vec<String> {
        self.path.iter().map(|name| quoted(name)).collect()
    }
}

fn quoted(name: &str) -> String {
    if crate::assists::is_identifier(name) { name.to_string() } else { format!("\"{name}\"") }
}

fn wanted(cx: &Context<'_>) -> Option<Wanted> {
    let (body, map) = (body(cx.db, cx.file), source_map(cx.db, cx.file));
    let found = at_offset(body, map, cx.range.start())?;
    let names = |path: &str| parse_option_path(path).iter().map(|it| it.as_str().to_string()).collect();
    match found.site {
        Site::Name(name) => {
            let mut path: Vec<String> = names(&key_option_path(cx.db, cx.project, cx.file, name)?);
            let entry = binding(cx, map.name(name))?;
            // The rest of a dotted key belongs to the same option.
            let written = entry.attrpath()?;
            let rest = written.attrs().filter(|it| it.syntax().text_range().start() > map.name(name).start());
            for attr in rest {
                match attr {
                    ast::Attr::Ident(name) => path.push(name.syntax().text().to_string()),
                    _ => return None,
                }
            }
            if !is_of_module(entry.syntax()) {
                return None;
            }
            let value = entry.value()?;
            // Of a set, its attributes are more likely the options.
            if matches!(&value, ast::Expr::AttrSet(set) if ast::HasEntry::entries(set).next().is_some()) {
                return None;
            }
            Some(Wanted { path, value: Some(value) })
        }
        Site::Path(index) => {
            let (Expr::Select { path, .. } | Expr::HasAttr { path, .. }) = &body.exprs[found.expr] else {
                return None;
            };
            // What is read is the whole selection; behind it may come a method of the value.
            if index + 1 != path.len() {
                return None;
            }
            let (host, path) = selection_path(cx.db, cx.project, cx.file, found.expr, index)?;
            host.is_none().then(|| Wanted { path: names(&path), value: None })
        }
        Site::Expr => None,
    }
}

/// Whether an entry is the module's own: on the way to the top are sets and what makes definitions of sets, but no
/// function and no list of values, whose keys are no options.
fn is_of_module(entry: &SyntaxNode) -> bool {
    let mut below = entry.clone();
    for node in entry.ancestors().skip(1) {
        let inner = std::mem::replace(&mut below, node.clone());
        if ast::List::can_cast(node.kind()) || ast::Apply::can_cast(node.kind()) {
            // `mkIf c { … }`, `mkMerge [ { … } ]`.
            let call = node.ancestors().find_map(ast::Apply::cast);
            let called = call.and_then(|it| it.lambda()).map(|it| it.syntax().text().to_string());
            let first = called.as_deref().and_then(|it| it.split_whitespace().next()).unwrap_or("");
            let name = first.rsplit('.').next().unwrap_or("");
            if !matches!(name, "mkIf" | "mkMerge" | "mkDefault" | "mkForce" | "mkOverride") {
                return false;
            }
        } else if let Some(lambda) = ast::Lambda::cast(node.clone()) {
            // The module's own functions stand at the file's top.
            let outer = lambda.syntax().ancestors().skip(1);
            let is_top = outer.into_iter().all(|it| {
                ast::Lambda::can_cast(it.kind())
                    || ast::Root::can_cast(it.kind())
                    || ast::Paren::can_cast(it.kind())
            });
            return is_top;
        } else if let Some(bindings) = ast::LetIn::cast(node) {
            // A binding of a `let` is no definition.
            if bindings.body().is_none_or(|body| *body.syntax() != inner) {
                return false;
            }
        }
    }
    true
}

fn binding(cx: &Context<'_>, name: TextRange) -> Option<ast::AttrpathValue> {
    let root = parse(cx.db, cx.file).syntax();
    let inside = root.text_range().contains_range(name);
    inside.then(|| root.covering_element(name).ancestors().find_map(ast::AttrpathValue::cast))?
}

/// Whether an option at a path, or one around it, is declared.
fn covers(index: &HostIndex, path: &[String]) -> bool {
    index.options.iter().any(|option| {
        let declared = parse_option_path(&option.path);
        let around = declared.len() <= path.len();
        let below = declared.len() > path.len();
        let same = declared.iter().zip(path).all(|(a, b)| a.as_str() == b);
        // Something below the path is declared: the path is a name space.
        same && (around || below)
    })
}

/// The modules of other hosts that declare the option.
fn declared_elsewhere(cx: &Context<'_>, path: &[String]) -> Vec<SourceFile> {
    let mut files: Vec<SourceFile> = Vec::new();
    for (_, index) in cx.systems() {
        for option in &index.options {
            let declared = parse_option_path(&option.path);
            if declared.len() == path.len() && declared.iter().zip(path).all(|(a, b)| a.as_str() == b) {
                files.extend(option.place.map(|place| place.source).filter(|file| is_own(cx, *file)));
            }
        }
    }
    files.sort_by(|a, b| a.path(cx.db).cmp(b.path(cx.db)));
    files.dedup();
    files
}

fn is_own(cx: &Context<'_>, file: SourceFile) -> bool {
    file.path(cx.db).starts_with(cx.project.root(cx.db)) && file.path(cx.db).is_nix()
}

fn import(cx: &Context<'_>, module: SourceFile, option: &str) -> Option<Assist> {
    let path = module.path(cx.db);
    let target = match path.file_name() {
        "default.nix" => path.parent()?,
        _ => path.clone(),
    };
    let edit = ModuleText::of(cx.db, cx.file)?.add_import(&cx.relative(cx.file, &target)?)?;
    Some(Assist {
        title: format!("Import `{}`, which declares `{option}`", cx.shown(path)),
        kind: AssistKind::Mend(Some("unknown-option")),
        edits: vec![edit],
    })
}

/// The declaration of the repository whose path shares the most names with one, at least `least`; of equal ones the
/// last in its file.
fn beside<'a>(
    cx: &Context<'_>,
    systems: &[(&smol_str::SmolStr, &'a HostIndex)],
    path: &[String],
    least: usize,
) -> Option<&'a OptionDeclaration> {
    let shared = |option: &OptionDeclaration| {
        let declared = parse_option_path(&option.path);
        declared.iter().zip(path).take_while(|(a, b)| a.as_str() == *b).count()
    };
    let (_, first) = systems.first()?;
    let everywhere = |option: &&OptionDeclaration| {
        systems.iter().all(|(_, index)| index.options.iter().any(|it| it.place == option.place))
    };
    let own = first.options.iter().filter(|it| it.place.is_some_and(|place| is_own(cx, place.source)));
    let near = own.filter(|it| shared(it) >= least).filter(everywhere);
    near.max_by_key(|it| {
        let place = it.place.map(|place| (place.source.path(cx.db).clone(), place.range(cx.db).start()));
        (shared(it), std::cmp::Reverse(parse_option_path(&it.path).len()), place)
    })
}

fn declaration(
    cx: &Context<'_>,
    systems: &[(&smol_str::SmolStr, &HostIndex)],
    wanted: &Wanted,
    spelt: &str,
) -> Option<Assist> {
    let names = wanted.names();
    if let Some(sibling) = beside(cx, systems, &wanted.path, 1)
        && let Some(place) = sibling.place
        && let Some(module) = ModuleText::of(cx.db, place.source)
    {
        let range = place.range(cx.db);
        let declared: Vec<String> =
            parse_option_path(&sibling.path).iter().map(|name| quoted(name.as_str())).collect();
        let prefix = spelling(&module, range);
        let (prefix, more) = match prefix {
            Some(prefix) => (prefix, Vec::new()),
            None => module.lib_prefix(),
        };
        if let Some(edit) = module.add_beside(range, &declared, &names, &value(wanted, &prefix)) {
            let title = match place.source == cx.file {
                true => format!("Declare the option `{spelt}`"),
                false => format!("Declare the option `{spelt}` in {}", cx.shown(place.source.path(cx.db))),
            };
            let edits = std::iter::once(edit).chain(more).collect();
            return Some(Assist { title, kind: AssistKind::Mend(Some("unknown-option")), edits });
        }
    }
    let module = ModuleText::of(cx.db, cx.file)?;
    let (prefix, mut edits) = module.lib_prefix();
    edits.extend(module.add_declaration(&names, &value(wanted, &prefix))?);
    let title = format!("Declare the option `{spelt}`");
    Some(Assist { title, kind: AssistKind::Mend(Some("unknown-option")), edits })
}

/// How a declaration writes the library: `lib.`, or nothing.
fn spelling(module: &ModuleText, place: TextRange) -> Option<String> {
    let ast::Expr::Apply(apply) = module.value_at(place)? else { return None };
    let function = apply.lambda()?.syntax().text().to_string();
    let function = function.trim();
    ["mkOption", "mkEnableOption"].iter().find_map(|name| function.strip_suffix(name)).map(String::from)
}

/// The lines of a declaration's value.
fn value(wanted: &Wanted, prefix: &str) -> Vec<String> {
    let name = wanted.path.last().map_or("", String::as_str);
    let kind = match &wanted.value {
        Some(value) => types::guess(value, name, prefix),
        None if name == "enable" => format!("{prefix}types.bool"),
        None => format!("{prefix}types.anything"),
    };
    if name == "enable" && kind.ends_with("types.bool") {
        let what = wanted.path.len().checked_sub(2).map_or("this", |at| wanted.path[at].as_str());
        return vec![format!("{prefix}mkEnableOption \"{}\"", what.replace(['"', '\\', '$'], ""))];
    }
    vec![
        format!("{prefix}mkOption {{"),
        format!("  type = {kind};"),
        format!("  description = \"{}.\";", in_words(name)),
        "}".to_string(),
    ]
}

/// `pollInterval` as "Poll interval".
fn in_words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ')) {
        match c {
            '-' | '_' => words.push(' '),
            c if c.is_uppercase() && !words.is_empty() => {
                words.push(' ');
                words.extend(c.to_lowercase());
            }
            c if words.is_empty() => words.extend(c.to_uppercase()),
            c => words.push(c),
        }
    }
    words
}
