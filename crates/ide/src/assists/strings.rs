//! The two forms of strings.

use nixscope_syntax::AstNode;
use nixscope_syntax::ast;

use super::{Assist, Context, text};

/// `"a"` to `''a''`.
pub(super) fn to_indented(cx: &Context<'_>) -> Option<Assist> {
    let string: ast::Str = cx.node()?;
    let written = text(&string);
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    // A name has no second form; leading blanks and line breaks mean something else there.
    let in_path = string.syntax().parent().is_some_and(|it| ast::Attrpath::can_cast(it.kind()));
    let strange =
        inner.contains(['\n', '\r']) || inner.starts_with(char::is_whitespace) || inner.contains("''");
    let escapes = inner.replace("\\\"", "").replace("\\\\", "");
    if in_path
        || strange
        || escapes.contains('\\')
        || inner.ends_with('\'')
        || inner.contains("\\\\$")
        || inner.contains("$${")
    {
        return None;
    }
    let plain = inner.replace("\\\"", "\"").replace("\\\\", "\\");
    cx.rewrite(
        "Write as an indented string",
        vec![cx.edit(string.syntax().text_range(), format!("''{plain}''"))],
    )
}

/// `''a''` of one line to `"a"`.
pub(super) fn to_plain(cx: &Context<'_>) -> Option<Assist> {
    let string: ast::Str = cx.node()?;
    let written = text(&string);
    let inner = written.strip_prefix("''")?.strip_suffix("''")?;
    let strange =
        inner.contains(['\n', '\r']) || inner.starts_with(char::is_whitespace) || inner.contains("''");
    // What is interpolated may have quotes of its own.
    if strange || inner.contains("${") {
        return None;
    }
    let plain = inner.replace('\\', "\\\\").replace('"', "\\\"");
    cx.rewrite("Write as a plain string", vec![cx.edit(string.syntax().text_range(), format!("\"{plain}\""))])
}
