//! Refactorings: changes of form that keep the meaning, offered at a place.

mod attributes;
mod bindings;
mod inherits;
mod names;
mod strings;

use nixscope_db::{Db, SourceFile};
use nixscope_hir::{Body, SourceMap, body, source_map};
use nixscope_lints::Edit;
use nixscope_syntax::{AstNode, NixLanguage, SyntaxNode, TextRange, parse};

/// What sort of refactoring one is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AssistKind {
    /// A name takes the place of an expression.
    Extract,
    /// An expression takes the place of a name.
    Inline,
    /// The same in another form.
    Rewrite,
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
pub(crate) fn assists(db: &dyn Db, file: SourceFile, range: TextRange) -> Vec<Assist> {
    let parsed = parse(db, file);
    let root = parsed.syntax();
    if !parsed.errors().is_empty() || range.end() > root.text_range().end() {
        return Vec::new();
    }
    let cx = Context { file, range, root, body: body(db, file), map: source_map(db, file) };
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
    ];
    offers.iter().filter_map(|offer| offer(&cx)).collect()
}

struct Context<'a> {
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
        let element = match self.range.is_empty() {
            // Between two tokens the one that is a word counts.
            true => {
                let tokens = self.root.token_at_offset(self.range.start());
                let word = tokens
                    .clone()
                    .find(|token| token.text().starts_with(|c: char| c.is_alphanumeric() || c == '_'));
                word.or_else(|| tokens.right_biased()).and_then(|token| token.parent())
            }
            false => {
                let found = self.root.covering_element(self.range);
                found.as_node().cloned().or_else(|| found.parent())
            }
        };
        element.into_iter().flat_map(|node| node.ancestors())
    }

    fn edit(&self, range: TextRange, new_text: impl Into<String>) -> Edit {
        Edit { file: self.file, range, new_text: new_text.into() }
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
fn is_identifier(text: &str) -> bool {
    const KEYWORDS: &[&str] = &["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"];
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || "_-'".contains(c))
        && !KEYWORDS.contains(&text)
}
