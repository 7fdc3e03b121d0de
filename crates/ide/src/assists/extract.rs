//! Parts of a file that become files of their own, with the arguments that they need.

use nixscope_db::{EntryKind, VfsPath};
use nixscope_hir::{BindingValue, Definition, Expr, NameId, ScopeKind, Symbol, resolve};
use nixscope_lints::Edit;
use nixscope_syntax::ast::{self, HasEntry};
use nixscope_syntax::{AstNode, TextRange, TextSize};

use super::{Assist, AssistKind, Context, text};
use crate::mentions::binding_at;
use crate::module_text::ModuleText;

/// The selected expression to a file of its own: `import ./x.nix { inherit a; }`.
pub(super) fn to_file(cx: &Context<'_>) -> Option<Assist> {
    let range = cx.trimmed();
    if range.is_empty() {
        return None;
    }
    let selected =
        cx.ancestors_of(range).find(|node| node.text_range() == range).and_then(ast::Expr::cast)?;
    // What is short is its own best name.
    let is_large = matches!(
        selected,
        ast::Expr::AttrSet(_)
            | ast::Expr::List(_)
            | ast::Expr::Lambda(_)
            | ast::Expr::LetIn(_)
            | ast::Expr::With(_)
            | ast::Expr::Apply(_)
            | ast::Expr::Paren(_)
            | ast::Expr::IfElse(_)
    );
    let parent = selected.syntax().parent()?;
    if !is_large || ast::Root::can_cast(parent.kind()) || ast::Attrpath::can_cast(parent.kind()) {
        return None;
    }
    let needs = needs(cx, &[range])?;
    let key = ast::AttrpathValue::cast(parent.clone()).and_then(|it| it.attrpath()?.attrs().last());
    let name = key.map(|it| text(&it)).unwrap_or_else(|| "extracted".to_string());
    let path = new_file(cx, &name)?;
    let value = cx.dedented(range);
    let mut names: Vec<&str> = needs.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let written = path.file_name().to_string();
    let (content, call) = match names.is_empty() {
        true => (format!("{value}\n"), format!("import ./{written}")),
        false => (
            format!("{{ {} }}:\n{value}\n", names.join(", ")),
            format!("import ./{written} {{ inherit {}; }}", names.join(" ")),
        ),
    };
    let is_whole = ast::AttrpathValue::can_cast(parent.kind()) || ast::Paren::can_cast(parent.kind());
    let call = if is_whole { call } else { format!("({call})") };
    let edits = vec![cx.edit(range, call), cx.create(&path, content)];
    Some(Assist { title: format!("Extract into `{written}`"), kind: AssistKind::Extract, edits })
}

/// Attributes of a module that say something else than what is configured.
const NOT_CONFIGURED: &[&str] = &["_module", "config", "disabledModules", "imports", "meta", "options"];

/// The selected definitions of a module to a module of their own, which it imports.
pub(super) fn to_module(cx: &Context<'_>) -> Option<Assist> {
    let range = cx.trimmed();
    if range.is_empty() {
        return None;
    }
    let module = ModuleText::of(cx.db, cx.file)?;
    let set = module.definitions()?;
    let entries: Vec<ast::AttrpathValue> =
        set.attrpath_values().filter(|it| range.contains_range(it.syntax().text_range())).collect();
    let (first, last) = (entries.first()?, entries.last()?);
    let covered = first.syntax().text_range().cover(last.syntax().text_range());
    let inherits = set.inherits().any(|it| covered.contains_range(it.syntax().text_range()));
    let path = first.attrpath()?;
    let mut names = path.attrs().map(|it| text(&it)).filter(|it| it != "config");
    let root = names.next()?;
    let heads = entries.iter().filter_map(|it| it.attrpath()?.attrs().next()).map(|it| text(&it));
    // The selection is whole entries, and entries of what is configured.
    if covered != range || inherits || heads.into_iter().any(|it| NOT_CONFIGURED.contains(&it.as_str())) {
        return None;
    }
    let needs = needs(cx, &[range])?;
    let mut arguments: Vec<Symbol> = Vec::new();
    let mut bindings: Vec<(NameId, TextRange)> = Vec::new();
    collect(cx, needs, &mut arguments, &mut bindings)?;
    bindings.sort_by_key(|(_, entry)| entry.start());
    let name = names.next().unwrap_or(root);
    let file = new_file(cx, &name)?;
    arguments.sort_by_key(|name| name.as_str());
    let arguments: Vec<&str> = arguments.iter().map(|name| name.as_str()).collect();
    let pattern = match arguments.is_empty() {
        true => "{ ... }:".to_string(),
        false => format!("{{ {}, ... }}:", arguments.join(", ")),
    };
    let indented = |range: TextRange| format!("  {}", cx.dedented(range).replace('\n', "\n  "));
    let lets = match bindings.is_empty() {
        true => String::new(),
        false => {
            let lines: Vec<String> = bindings.iter().map(|(_, entry)| indented(*entry)).collect();
            format!("let\n{}\nin\n", lines.join("\n"))
        }
    };
    let content = format!("{pattern}\n{lets}{{\n{}\n}}\n", trimmed_lines(&indented(range)));
    let import = module.add_import(&format!("./{}", file.file_name()))?;
    let edits = vec![cx.edit(cx.with_line(range), ""), import, cx.create(&file, content)];
    let title = format!("Extract into the module `{}`", file.file_name());
    Some(Assist { title, kind: AssistKind::Extract, edits })
}

fn trimmed_lines(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The variables that ranges use and that are bound outside of them; none where a `with` outside gives one.
fn needs(cx: &Context<'_>, ranges: &[TextRange]) -> Option<Vec<(Symbol, Definition)>> {
    let inside = |range: TextRange| ranges.iter().any(|it| it.contains_range(range));
    let mut out: Vec<(Symbol, Definition)> = Vec::new();
    for (id, expr) in cx.body.exprs.iter() {
        if !inside(cx.map.expr(id)) {
            continue;
        }
        match (resolve(cx.body, id), expr) {
            (Some(Definition::Name(name, scope)), _) => {
                let owner = cx.map.expr(cx.body.scopes[scope].kind.owner());
                let known = out.iter().any(|(_, it)| *it == Definition::Name(name, scope));
                if !inside(owner) && !known {
                    out.push((cx.body.names[name], Definition::Name(name, scope)));
                }
            }
            (Some(Definition::With(owner)), _) if !inside(cx.map.expr(owner)) => return None,
            _ => {}
        }
    }
    Some(out)
}

/// What a module needs: arguments, and bindings of a `let` with what these need. None where something else is needed.
fn collect(
    cx: &Context<'_>,
    needs_: Vec<(Symbol, Definition)>,
    arguments: &mut Vec<Symbol>,
    bindings: &mut Vec<(NameId, TextRange)>,
) -> Option<()> {
    for (symbol, definition) in needs_ {
        let Definition::Name(name, scope) = definition else { return None };
        match cx.body.scopes[scope].kind {
            // A module's arguments are passed by name.
            ScopeKind::Lambda(function) if function == cx.body.root => {
                let Expr::Lambda(lambda) = &cx.body.exprs[function] else { return None };
                let is_formal =
                    lambda.formals.iter().flatten().any(|it| it.place == name && it.default.is_none());
                if !is_formal {
                    return None;
                }
                if !arguments.contains(&symbol) {
                    arguments.push(symbol);
                }
            }
            ScopeKind::Let(_) => {
                let entry = cx.map.entry(name);
                if bindings.iter().any(|(known, _)| *known == name) {
                    continue;
                }
                let (_, held) = binding_at(cx.body, name)?;
                let binding = held.named.iter().find(|it| it.place == name)?;
                if !matches!(binding.value, BindingValue::Expr(_)) {
                    return None;
                }
                bindings.push((name, entry));
                let further = needs(cx, &[entry])?;
                collect(cx, further, arguments, bindings)?;
            }
            _ => return None,
        }
    }
    Some(())
}

/// A path beside the file where nothing is yet.
fn new_file(cx: &Context<'_>, name: &str) -> Option<VfsPath> {
    let directory = cx.file.path(cx.db).parent()?;
    let kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let stem: String = name.chars().filter(|c| kept(*c)).collect();
    let stem = if stem.is_empty() { "extracted".to_string() } else { stem };
    (1..100).find_map(|number| {
        let path = match number {
            1 => directory.join(&format!("{stem}.nix")),
            number => directory.join(&format!("{stem}-{number}.nix")),
        };
        (nixscope_db::kind(cx.db, &path) == EntryKind::Missing).then_some(path)
    })
}

impl Context<'_> {
    /// What is selected, without white space around it.
    fn trimmed(&self) -> TextRange {
        let all = self.root.text().slice(self.range).to_string();
        let start = self.range.start() + TextSize::of(&all[..all.len() - all.trim_start().len()]);
        let length = TextSize::of(all.trim());
        TextRange::at(start, length)
    }

    fn create(&self, path: &VfsPath, new_text: String) -> Edit {
        Edit { file: nixscope_db::source(self.db, path), range: TextRange::default(), new_text }
    }

    /// The text of a range, its lines moved to the left by the indent of the first. Strings that have several lines
    /// themselves keep theirs: `''` takes off what all lines share.
    fn dedented(&self, range: TextRange) -> String {
        let indent = self.indent(range);
        self.root.text().slice(range).to_string().replace(&format!("\n{indent}"), "\n")
    }

    /// A range with the rest of its lines, where that is white space.
    fn with_line(&self, range: TextRange) -> TextRange {
        let all = self.root.text().to_string();
        let before = all.get(..usize::from(range.start())).unwrap_or("");
        let after = all.get(usize::from(range.end())..).unwrap_or("");
        let blank = before.len() - before.trim_end_matches([' ', '\t']).len();
        let behind = after.len() - after.trim_start_matches([' ', '\t']).len();
        if !after[behind..].starts_with('\n') || !before[..before.len() - blank].ends_with('\n') {
            return range;
        }
        let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
        TextRange::new(range.start() - size(blank), range.end() + size(behind + 1))
    }
}
