//! The text of a module: its set, its imports, and where something new goes.

use nixscope_db::{Db, SourceFile};
use nixscope_lints::Edit;
use nixscope_syntax::ast::{self, HasEntry};
use nixscope_syntax::{AstNode, SyntaxNode, TextRange, TextSize, parse};

/// A module as it is written: a set, with a function and bindings around it.
pub(crate) struct ModuleText {
    file: SourceFile,
    text: String,
    root: SyntaxNode,
    param: Option<ast::Param>,
    below_with_lib: bool,
    set: ast::AttrSet,
}

/// Attributes at the top of a module that are no definitions. Source: nixpkgs, `lib/modules.nix`, `unifyModuleSyntax`.
const STRUCTURE: &[&str] =
    &["_class", "_file", "config", "disabledModules", "freeformType", "imports", "key", "meta", "options"];

impl ModuleText {
    /// A file's text as a module; none where it does not parse or is something else than a set.
    pub(crate) fn of(db: &dyn Db, file: SourceFile) -> Option<ModuleText> {
        let parsed = parse(db, file);
        if !file.path(db).is_nix() || !parsed.errors().is_empty() {
            return None;
        }
        let root = parsed.syntax();
        let mut expr = ast::Root::cast(root.clone())?.expr()?;
        let (mut param, mut below_with_lib) = (None, false);
        let set = loop {
            expr = match expr {
                ast::Expr::Lambda(lambda) => {
                    param = param.or(lambda.param());
                    lambda.body()?
                }
                ast::Expr::With(with) => {
                    below_with_lib |= with.namespace().is_some_and(|it| is_name(it.syntax(), "lib"));
                    with.body()?
                }
                ast::Expr::LetIn(it) => it.body()?,
                ast::Expr::Assert(it) => it.body()?,
                ast::Expr::Paren(it) => it.expr()?,
                ast::Expr::AttrSet(set) => break set,
                _ => return None,
            };
        };
        Some(ModuleText { file, text: root.text().to_string(), root, param, below_with_lib, set })
    }

    /// How the module writes a name of `lib` (`lib.`, or nothing below `with lib;`), and what must be added so that
    /// it can.
    pub(crate) fn lib_prefix(&self) -> (String, Vec<Edit>) {
        if self.below_with_lib {
            return (String::new(), Vec::new());
        }
        let prefix = "lib.".to_string();
        match &self.param {
            Some(ast::Param::IdentParam(param)) => {
                (format!("{}.lib.", param.syntax().text().to_string().trim()), Vec::new())
            }
            Some(ast::Param::Pattern(pattern)) => {
                let named =
                    |entry: ast::PatEntry| entry.ident().is_some_and(|name| name.syntax().text() == "lib");
                if pattern.pat_entries().any(named) {
                    return (prefix, Vec::new());
                }
                let first = pattern.pat_entries().next().map(|it| it.syntax().text_range().start());
                let first = first.or_else(|| pattern.ellipsis_token().map(|it| it.text_range().start()));
                match first {
                    Some(at) => (prefix, vec![self.insert(at, "lib, ")]),
                    // `{ }:` takes nothing that the module system passes: the file is no module yet.
                    None => (prefix, Vec::new()),
                }
            }
            None => {
                let start = ast::Root::cast(self.root.clone()).and_then(|it| it.expr());
                let at = start.map_or(TextSize::from(0), |it| it.syntax().text_range().start());
                (prefix, vec![self.insert(at, "{ lib, ... }:\n")])
            }
        }
    }

    /// Adds a path to the module's imports. None where these are computed, and where they have the path already.
    pub(crate) fn add_import(&self, path: &str) -> Option<Edit> {
        let Some(imports) = self.entry(&self.set, "imports") else {
            return Some(self.first_entry(&self.set, &[format!("imports = [ {path} ];")]));
        };
        let list = imports.value()?.syntax().descendants().find_map(ast::List::cast)?;
        let above = list.syntax().ancestors().skip(1).take_while(|it| it != imports.syntax());
        let is_part =
            |node: SyntaxNode| ast::BinOp::can_cast(node.kind()) || ast::Paren::can_cast(node.kind());
        if !above.into_iter().all(is_part) || list.items().any(|it| it.syntax().text() == path) {
            return None;
        }
        self.add_element(&list, path)
    }

    /// Adds an element at the end of a list.
    pub(crate) fn add_element(&self, list: &ast::List, element: &str) -> Option<Edit> {
        let Some(last) = list.items().last() else {
            return Some(self.insert(list.l_brack_token()?.text_range().end(), &format!(" {element}")));
        };
        let at = last.syntax().text_range();
        let separator = match list.syntax().text().contains_char('\n') {
            true => format!("\n{}", self.indent(at.start())),
            false => " ".to_string(),
        };
        Some(self.insert(at.end(), &format!("{separator}{element}")))
    }

    /// The set of what the module configures: its own, or that of `config`.
    pub(crate) fn definitions(&self) -> Option<ast::AttrSet> {
        match self.entry(&self.set, "config") {
            Some(config) => match config.value()? {
                ast::Expr::AttrSet(set) => Some(set),
                // Behind a condition the definitions would lose it.
                _ => None,
            },
            None => Some(self.set.clone()),
        }
    }

    /// Adds a definition to what the module configures. None where that is computed, or where something else stands
    /// at the path.
    pub(crate) fn add_definition(&self, path: &[String], value: &str) -> Option<Edit> {
        if let Some(config) = self.entry(&self.set, "config") {
            let set = inner_set(config.value()?)?;
            self.is_free(&set, path)?;
            return Some(self.last_entry(&set, &[format!("{} = {value};", path.join("."))]));
        }
        let long = self.is_long();
        let mut full = path.to_vec();
        if long {
            full.insert(0, "config".to_string());
        }
        self.is_free(&self.set, &full)?;
        Some(self.last_entry(&self.set, &[format!("{} = {value};", full.join("."))]))
    }

    /// Adds a declaration below the module's `options`; the lines are those of its value, which has `= ` before and `;`
    /// behind. None where something else stands at the path.
    pub(crate) fn add_declaration(&self, path: &[String], value: &[String]) -> Option<Vec<Edit>> {
        if let Some(options) = self.entry(&self.set, "options") {
            let ast::Expr::AttrSet(set) = options.value()? else { return None };
            self.is_free(&set, path)?;
            return Some(vec![self.last_entry(&set, &bound(&path.join("."), value))]);
        }
        let mut full = path.to_vec();
        full.insert(0, "options".to_string());
        self.is_free(&self.set, &full)?;
        let lines = bound(&full.join("."), value);
        let last_option = self.set.attrpath_values().filter(|it| first_name(it) == "options").last();
        if let Some(last) = last_option {
            return Some(vec![self.after(last.syntax(), &lines)]);
        }
        let mut edits = Vec::new();
        // Beside `options`, what the module configures stands below `config`.
        if !self.is_long() {
            for entry in self.set.entries() {
                match entry {
                    ast::Entry::AttrpathValue(entry) if STRUCTURE.contains(&&*first_name(&entry)) => {}
                    ast::Entry::AttrpathValue(entry) => {
                        edits.push(self.insert(entry.syntax().text_range().start(), "config."));
                    }
                    ast::Entry::Inherit(_) => return None,
                }
            }
        }
        let own = match self.entry(&self.set, "imports") {
            Some(imports) => self.after(imports.syntax(), &lines),
            None => self.first_entry(&self.set, &lines),
        };
        edits.push(own);
        Some(edits)
    }

    /// Adds an entry behind another one, in the same set: `path` from the top of the options, `place` the last name of
    /// the other entry's path and `names` that path. None where the new path does not lead through the same set.
    pub(crate) fn add_beside(
        &self,
        place: TextRange,
        names: &[String],
        path: &[String],
        value: &[String],
    ) -> Option<Edit> {
        let entry = self.entry_named_at(place)?;
        let own: Vec<String> = entry.attrpath()?.attrs().map(|it| it.syntax().text().to_string()).collect();
        let (before, rest): (&[String], &[String]) = match own.len().checked_sub(names.len()) {
            // `options.my.port`: the set is the module's own.
            Some(more) => (&own[..more], path),
            None => {
                let (above, _) = names.split_at(names.len() - own.len());
                (&[], path.strip_prefix(above)?)
            }
        };
        if rest.is_empty() {
            return None;
        }
        let full: Vec<String> = before.iter().chain(rest).cloned().collect();
        let set = entry.syntax().parent().and_then(ast::AttrSet::cast)?;
        self.is_free(&set, &full)?;
        Some(self.after(entry.syntax(), &bound(&full.join("."), value)))
    }

    /// The same for a binding of one name, in a file of bindings: the new one gets the rest of the other's path
    /// (`"a.age".publicKeys`).
    pub(crate) fn add_beside_named(
        &self,
        place: TextRange,
        old: &str,
        new: &str,
        value: &[String],
    ) -> Option<Edit> {
        let entry = self.entry_named_at(place)?;
        let mut path: Vec<String> =
            entry.attrpath()?.attrs().map(|it| it.syntax().text().to_string()).collect();
        let first = path.first_mut().filter(|it| *it == old)?;
        *first = new.to_string();
        // The lines keep the layout that they have there.
        let indent = self.indent(entry.syntax().text_range().start());
        let own = |line: &String| line.strip_prefix(&indent).unwrap_or(line).to_string();
        let lines: Vec<String> = value.iter().map(own).collect();
        Some(self.after(entry.syntax(), &bound(&path.join("."), &lines)))
    }

    /// The text of the value that a name at a place is bound to.
    pub(crate) fn value_at(&self, place: TextRange) -> Option<ast::Expr> {
        self.entry_named_at(place)?.value()
    }

    fn entry_named_at(&self, place: TextRange) -> Option<ast::AttrpathValue> {
        if !self.root.text_range().contains_range(place) {
            return None;
        }
        let node = self.root.covering_element(place);
        node.ancestors()
            .find_map(ast::AttrpathValue::cast)
            .filter(|it| it.attrpath().is_some_and(|path| path.syntax().text_range().contains_range(place)))
    }

    /// Whether definitions stand below `config`.
    fn is_long(&self) -> bool {
        self.set.attrpath_values().any(|it| matches!(&*first_name(&it), "config" | "options"))
    }

    /// The entry that binds one name.
    fn entry(&self, set: &ast::AttrSet, name: &str) -> Option<ast::AttrpathValue> {
        set.attrpath_values().find(|it| it.attrpath().is_some_and(|path| path.syntax().text() == name))
    }

    /// Some where a path can be bound in a set: nothing but sets stand on the way, and nothing at its end.
    fn is_free(&self, set: &ast::AttrSet, path: &[String]) -> Option<()> {
        for entry in set.entries() {
            match entry {
                ast::Entry::Inherit(inherit) => {
                    let mut names = inherit.attrs().map(|it| it.syntax().text().to_string());
                    if names.any(|name| path.first() == Some(&name)) {
                        return None;
                    }
                }
                ast::Entry::AttrpathValue(entry) => {
                    let names: Vec<String> =
                        entry.attrpath()?.attrs().map(|it| it.syntax().text().to_string()).collect();
                    if names.starts_with(path) {
                        return None;
                    }
                    let Some(rest) = path.strip_prefix(&*names) else { continue };
                    match entry.value()? {
                        ast::Expr::AttrSet(inner) => self.is_free(&inner, rest)?,
                        _ => return None,
                    }
                }
            }
        }
        Some(())
    }

    /// Puts lines as a new entry at the beginning of a set.
    fn first_entry(&self, set: &ast::AttrSet, lines: &[String]) -> Edit {
        let range = set.syntax().text_range();
        let open = set.l_curly_token().map_or(range.start(), |it| it.text_range().end());
        if set.syntax().text().contains_char('\n') {
            let indent = match set.entries().next() {
                Some(entry) => self.indent(entry.syntax().text_range().start()),
                None => format!("{}  ", self.indent(range.start())),
            };
            return self.insert(open, &format!("\n{}", indented(lines, &indent)));
        }
        if set.entries().next().is_none() {
            let outer = self.indent(range.start());
            let close = set.r_curly_token().map_or(range.end(), |it| it.text_range().start());
            let new_text = format!("\n{}\n{outer}", indented(lines, &format!("{outer}  ")));
            return Edit { file: self.file, range: TextRange::new(open, close), new_text };
        }
        self.insert(open, &format!(" {}", on_one_line(lines)))
    }

    /// Puts lines as a new entry at the end of a set.
    fn last_entry(&self, set: &ast::AttrSet, lines: &[String]) -> Edit {
        match set.entries().last() {
            Some(last) => self.after(last.syntax(), lines),
            None => self.first_entry(set, lines),
        }
    }

    /// Puts lines as a new entry behind one.
    fn after(&self, entry: &SyntaxNode, lines: &[String]) -> Edit {
        let range = entry.text_range();
        let multiline = entry.parent().is_some_and(|set| set.text().contains_char('\n'));
        let new_text = match multiline {
            true => format!("\n{}", indented(lines, &self.indent(range.start()))),
            false => format!(" {}", on_one_line(lines)),
        };
        self.insert(range.end(), &new_text)
    }

    fn insert(&self, at: TextSize, text: &str) -> Edit {
        Edit { file: self.file, range: TextRange::empty(at), new_text: text.to_string() }
    }

    /// The white space that the line of a place begins with.
    fn indent(&self, at: TextSize) -> String {
        let before = self.text.get(..usize::from(at)).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        line.chars().take_while(|c| c.is_whitespace()).collect()
    }
}

fn is_name(node: &SyntaxNode, name: &str) -> bool {
    node.text() == name
}

fn first_name(entry: &ast::AttrpathValue) -> String {
    let first = entry.attrpath().and_then(|path| path.attrs().next());
    first.map(|it| it.syntax().text().to_string()).unwrap_or_default()
}

/// The set that a value is, behind `mkIf …`, `mkMerge`'s kin, `with` and `let`.
fn inner_set(value: ast::Expr) -> Option<ast::AttrSet> {
    match value {
        ast::Expr::AttrSet(set) => Some(set),
        ast::Expr::Apply(apply) => inner_set(apply.argument()?),
        ast::Expr::Paren(it) => inner_set(it.expr()?),
        ast::Expr::With(it) => inner_set(it.body()?),
        ast::Expr::LetIn(it) => inner_set(it.body()?),
        _ => None,
    }
}

/// The lines of a binding.
fn bound(path: &str, value: &[String]) -> Vec<String> {
    let mut lines = value.to_vec();
    if let Some(first) = lines.first_mut() {
        *first = format!("{path} = {first}");
    }
    if let Some(last) = lines.last_mut() {
        last.push(';');
    }
    lines
}

fn indented(lines: &[String], indent: &str) -> String {
    lines.iter().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
}

fn on_one_line(lines: &[String]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}
