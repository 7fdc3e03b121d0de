//! Folding ranges: what can be folded away.

use nixscope_db::{Db, SourceFile};
use nixscope_syntax::{SyntaxKind, SyntaxNode, TextRange, parse};

/// What is folded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FoldKind {
    /// A set, a list, a `let`, a string.
    Code,
    /// Comments.
    Comment,
    /// A list of imports.
    Imports,
}

/// A part of a file that can be folded; it has more than one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fold {
    /// From its first to its last character.
    pub range: TextRange,
    /// What it is.
    pub kind: FoldKind,
}

/// The folding ranges of a file, in the order of the text.
pub(crate) fn folds(db: &dyn Db, file: SourceFile) -> Vec<Fold> {
    let root = parse(db, file).syntax();
    let mut out = Vec::new();
    // The run of line comments that is being collected.
    let mut comments: Option<TextRange> = None;
    for element in root.descendants_with_tokens() {
        if let Some(token) = element.as_token() {
            match token.kind() {
                SyntaxKind::TOKEN_COMMENT if token.text().starts_with("/*") => {
                    if token.text().contains('\n') {
                        out.push(Fold { range: token.text_range(), kind: FoldKind::Comment });
                    }
                }
                SyntaxKind::TOKEN_COMMENT => {
                    let range = token.text_range();
                    comments = Some(comments.map_or(range, |run| run.cover(range)));
                }
                SyntaxKind::TOKEN_WHITESPACE if token.text().matches('\n').count() < 2 => {}
                _ => end_run(&root, &mut comments, &mut out),
            }
        } else if let Some(node) = element.as_node() {
            out.extend(fold_of(node));
        }
    }
    end_run(&root, &mut comments, &mut out);
    out.sort_by_key(|fold| (fold.range.start(), fold.range.end()));
    out
}

fn end_run(root: &SyntaxNode, run: &mut Option<TextRange>, out: &mut Vec<Fold>) {
    if let Some(range) = run.take()
        && root.text().slice(range).contains_char('\n')
    {
        out.push(Fold { range, kind: FoldKind::Comment });
    }
}

fn fold_of(node: &SyntaxNode) -> Option<Fold> {
    let kind = match node.kind() {
        SyntaxKind::NODE_ATTR_SET
        | SyntaxKind::NODE_LET_IN
        | SyntaxKind::NODE_STRING
        | SyntaxKind::NODE_INHERIT
        | SyntaxKind::NODE_PATTERN
        | SyntaxKind::NODE_PAREN => FoldKind::Code,
        SyntaxKind::NODE_LIST if is_imports(node) => FoldKind::Imports,
        SyntaxKind::NODE_LIST => FoldKind::Code,
        _ => return None,
    };
    let multiline = node.text().contains_char('\n');
    multiline.then(|| Fold { range: node.text_range(), kind })
}

fn is_imports(list: &SyntaxNode) -> bool {
    let binding = list.parent().filter(|it| it.kind() == SyntaxKind::NODE_ATTRPATH_VALUE);
    binding.and_then(|it| it.first_child()).is_some_and(|path| path.text() == "imports")
}
