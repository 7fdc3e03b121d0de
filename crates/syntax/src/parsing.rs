//! Parsing that never fails: any text gives a tree and a list of what is wrong with it.

use std::borrow::Cow;

use nixscope_db::{Db, FileText, SourceFile};
use rnix::{SyntaxKind, ast};
use rowan::ast::AstNode;
use rowan::{GreenNode, TextRange, TextSize};

use crate::errors::{self, SyntaxError};
use crate::{SyntaxNode, nesting, validate};

/// A file's tree. Holds the green tree, which is `Send`; the red root is made on demand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parse {
    green: GreenNode,
    errors: Box<[SyntaxError]>,
}

/// What is wrong with a pipe operator where the feature is not on.
pub const PIPES_ARE_OFF: &str =
    "the pipe operators are an experimental feature of Nix, `pipe-operators`, which is not on";

impl Parse {
    /// The root node, covering every byte of the text that was parsed.
    pub fn syntax(&self) -> SyntaxNode {
        SyntaxNode::new_root(self.green.clone())
    }

    /// The root, typed.
    pub fn root(&self) -> Option<ast::Root> {
        ast::Root::cast(self.syntax())
    }

    /// What Nix would refuse, in order of place.
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// The first pipe operator, `|>` or `<|`: Nix refuses it unless that experimental feature is on.
    pub fn pipe_operator(&self) -> Option<TextRange> {
        let is_pipe = |kind| matches!(kind, SyntaxKind::TOKEN_PIPE_RIGHT | SyntaxKind::TOKEN_PIPE_LEFT);
        let mut tokens = self.syntax().descendants_with_tokens().filter(|it| is_pipe(it.kind()));
        tokens.next().map(|it| it.text_range())
    }
}

/// The tree of a file. Recomputed when the text changes; `no_eq`, because whoever needs to survive an
/// edit reads the lowering instead, and comparing trees costs more than it saves.
#[salsa::tracked(returns(ref), no_eq, lru = 1024)]
pub fn parse(db: &dyn Db, source: SourceFile) -> Parse {
    match source.text(db) {
        FileText::Text(text) => parse_text(text),
        // Nothing is wrong with it, and nothing is known of it.
        FileText::Encrypted => Parse { green: empty_tree(), errors: Box::new([]) },
        FileText::NotUtf8(at) => refused(format!(
            "this file is not UTF-8 text: the byte at offset {at} does not belong to any character"
        )),
        FileText::TooLarge(size) => refused(format!(
            "this file has {} MB: files above {} MB are not read",
            size >> 20,
            nixscope_db::MAX_FILE_SIZE >> 20
        )),
        FileText::Unreadable(why) => refused(format!("this file cannot be read: {why}")),
    }
}

/// The tree of a text that is no file of the database.
pub fn parse_text(text: &str) -> Parse {
    let mended = with_line_feeds(text);
    let text = mended.as_ref();
    if let Some(range) = nesting::endless_run(text) {
        let message =
            "one run of names and operators without a blank, too long to be read: is this Nix code?";
        return Parse { green: empty_tree(), errors: Box::new([SyntaxError::new(range, message)]) };
    }
    if let Some(range) = nesting::too_deep(text) {
        return Parse {
            green: empty_tree(),
            errors: Box::new([SyntaxError::new(
                range,
                format!("nested more than {} levels deep: nothing below is read", nesting::MAX_DEPTH),
            )]),
        };
    }
    // rnix recurses once a level with several frames; its own limit does not count brackets.
    stacker::maybe_grow(1 << 20, 32 << 20, || {
        let parsed = rnix::Root::parse(text);
        let root = parsed.syntax();
        let mut errors = errors::from_rnix(text, parsed.errors());
        if errors.is_empty() {
            validate::validate(&root, &mut errors);
        }
        let green = root.green().to_owned();
        errors.sort_by_key(|error| (error.range.start(), error.range.end()));
        Parse { green, errors: errors.into() }
    })
}

/// The text with the carriage returns that end a line without a line feed turned into line feeds: to Nix
/// they end a comment, to rnix they do not. Those in strings stay, they are part of the value.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_bare = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    if !text.contains('\r') || !(0..bytes.len()).any(is_bare) || nesting::endless_run(text).is_some() {
        return Cow::Borrowed(text);
    }
    let mut mended = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        mended.push(if c == '\r' && is_bare(at) { '\n' } else { c });
    }
    // Both are one byte, and in strings the tokenizer takes them alike: places stay as they are.
    let mut out = String::with_capacity(text.len());
    for (kind, token) in rnix::tokenize(&mended) {
        let original = &text[out.len()..out.len() + token.len()];
        out.push_str(if kind == SyntaxKind::TOKEN_STRING_CONTENT { original } else { token });
    }
    Cow::Owned(out)
}

fn refused(message: String) -> Parse {
    Parse {
        green: empty_tree(),
        errors: Box::new([SyntaxError::new(TextRange::empty(TextSize::from(0)), message)]),
    }
}

fn empty_tree() -> GreenNode {
    rnix::Root::parse("").syntax().green().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_line_end_is_one() {
        for text in [
            "{\r\n  # a comment\r\n  a = 1;\r\n}\r\n",
            "{\r  # a comment\r  a = # b\r  1;\r /* c\r */ }\r",
            "{ a = # b\r 1; c = \"d\re\r\nf\"; g = ''\rh${\"i\r\"}\r''; }",
        ] {
            let parse = parse_text(text);
            assert_eq!(parse.errors(), [], "{text:?}");
            assert_eq!(usize::from(parse.syntax().text_range().len()), text.len(), "{text:?}");
        }
        let kept = parse_text("# a\r\"b\rc\"").syntax().text().to_string();
        assert_eq!(kept, "# a\n\"b\rc\"");
    }

    #[test]
    fn says_what_it_refuses() {
        let run = parse_text(&format!("{{ a = x{}; }}", ".a".repeat(30_000)));
        assert_eq!(run.errors().len(), 1);
        assert_eq!(u32::from(run.errors()[0].range.start()), 6);
        let deep = parse_text(&"f ".repeat(30_000));
        assert!(deep.errors()[0].message.starts_with("nested more than 1000 levels deep"));
    }

    #[test]
    fn many_errors_take_no_longer() {
        for text in [format!("[{}", "; ".repeat(60_000)), format!("{{ {} }}: 1", arguments(40_000))] {
            parse_text(&text);
        }
    }

    fn arguments(count: u32) -> String {
        (0..count).map(|index| format!("a{index}, ")).collect()
    }
}
