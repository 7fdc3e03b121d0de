//! What is offered at a place: refactorings, which change the form and keep the meaning; and, first, what is missing.

mod attributes;
mod bindings;
mod extract;
mod inherits;
mod json;
mod names;
mod options;
mod strings;

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::Project;
use nixscope_hir::{Body, SourceMap, body, source_map};
use nixscope_lints::Edit;
use nixscope_syntax::{AstNode, NixLanguage, SyntaxNode, TextRange, parse};

use crate::missing::missing;

/// What sort of refactoring one is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AssistKind {
    /// A name takes the place of an expression.
    Extract,
    /// An expression takes the place of a name.
    Inline,
    /// The same in another form.
    Rewrite,
    /// What is missing is made; which lint reports that it is missing.
    Mend(Option<&'static str>),
}

/// A refactoring.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assist {
    /// What it does, as an imperative.
    pub title: String,
    /// What sort it is.
    pub kind: AssistKind,
    /// What it changes; nothing overlaps.
    pub edits: Vec<Edit>,
}

/// The refactorings that are offered for a part of a file. A file that does not parse has none: what is
/// around the place could be something else.
pub(crate) fn assists(db: &dyn Db, project: Project, file: SourceFile, range: TextRange) -> Vec<Assist> {
    if let Some(pasted) = json::pasted(db, file, range) {
        return vec![pasted];
    }
    let parsed = parse(db, file);
    let root = parsed.syntax();
    if !parsed.errors().is_empty() || range.end() > root.text_range().end() {
        return Vec::new();
    }
    let mut out = missing(db, project, file, range);
    let cx = Context { db, project, file, range, root, body: body(db, file), map: source_map(db, file) };
    let offers: &[fn(&Context<'_>) -> Option<Assist>] = &[
        attributes::flatten,
        attributes::pack,
        attributes::quote,
        attributes::unquote,
        strings::to_indented,
        strings::to_plain,
        inherits::to_inherit,
        inherits::from_inherit,
        names::with_to_explicit,
        names::add_to_pattern,
        bindings::inline,
        bindings::extract,
        options::to_mk_option,
        json::to_nix,
        extract::to_file,
        extract::to_module,
    ];
    out.extend(offers.iter().filter_map(|offer| offer(&cx)));
    out
}

struct Context<'a> {
    db: &'a dyn Db,
    project: Project,
    file: SourceFile,
    range: TextRange,
    root: SyntaxNode,
    body: &'a Body,
    map: &'a SourceMap,
}

impl Context<'_> {
    /// The innermost node of a kind around the range.
    fn node<N: AstNode<Language = NixLanguage>>(&self) -> Option<N> {
        self.ancestors().find_map(N::cast)
    }

    fn ancestors(&self) -> impl Iterator<Item = SyntaxNode> + use<> {
        self.ancestors_of(self.range)
    }

    fn ancestors_of(&self, range: TextRange) -> impl Iterator<Item = SyntaxNode> + use<> {
        let element = match range.is_empty() {
            // Between two tokens the one that is a word counts.
            true => {
                let tokens = self.root.token_at_offset(range.start());
                let word = tokens
                    .clone()
                    .find(|token| token.text().starts_with(|c: char| c.is_alphanumeric() || c == '_'));
                word.or_else(|| tokens.right_biased()).and_then(|token| token.parent())
            }
            false => {
                let found = self.root.covering_element(range);
                found.as_node().cloned().or_else(|| found.parent())
            }
        };
        element.into_iter().flat_map(|node| node.ancestors())
    }

    fn edit(&self, range: TextRange, new_text: impl Into<String>) -> Edit {
        Edit { file: self.file, range, new_text: new_text.into() }
    }

    /// The white space that the line of a place begins with.
    fn indent(&self, range: TextRange) -> String {
        let text = self.root.text().to_string();
        let before = text.get(..usize::from(range.start())).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        line.chars().take_while(|c| c.is_whitespace()).collect()
    }

    fn rewrite(&self, title: &str, edits: Vec<Edit>) -> Option<Assist> {
        Some(Assist { title: title.to_string(), kind: AssistKind::Rewrite, edits })
    }
}

/// The text of a node.
fn text(node: &impl AstNode<Language = NixLanguage>) -> String {
    node.syntax().text().to_string()
}

/// Whether a text is a name that needs no quotes.
pub(crate) fn is_identifier(text: &str) -> bool {
    const KEYWORDS: &[&str] = &["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"];
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || "_-'".contains(c))
        && !KEYWORDS.contains(&text)
}
