//! Parsing that never fails: any text gives a tree and a list of what is wrong with it.

use nixscope_db::{Db, FileText, SourceFile};
use rnix::ast;
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

fn refused(message: String) -> Parse {
    Parse {
        green: empty_tree(),
        errors: Box::new([SyntaxError::new(TextRange::empty(TextSize::from(0)), message)]),
    }
}

fn empty_tree() -> GreenNode {
    rnix::Root::parse("").syntax().green().to_owned()
}
