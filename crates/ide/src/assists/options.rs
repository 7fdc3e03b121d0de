//! Declarations of options: made from values, and written out.

use nixscope_syntax::ast::{self, HasEntry};
use nixscope_syntax::{AstNode, SyntaxNode};

use super::{Assist, Context, text};
use crate::missing::types::guess;

/// `port = 80;` below `options` to `port = lib.mkOption { type = …; default = 80; };`.
pub(super) fn to_mk_option(cx: &Context<'_>) -> Option<Assist> {
    let binding: ast::AttrpathValue = cx
        .ancestors()
        .filter_map(ast::AttrpathValue::cast)
        .find(|it| it.attrpath().is_some_and(|path| path.syntax().text_range().contains_range(cx.range)))?;
    if !is_declaration(&binding) {
        return None;
    }
    let value = binding.value()?;
    let range = value.syntax().text_range();
    let name = text(&binding.attrpath()?.attrs().last()?);
    let indent = cx.indent(binding.syntax().text_range());
    let option = |prefix: &str, kind: String, default: &str, description: &str| {
        let default =
            if default.is_empty() { String::new() } else { format!("{indent}  default = {default};\n") };
        format!(
            "{prefix}mkOption {{\n{indent}  type = {kind};\n{default}{indent}  description = {description};\n{indent}}}"
        )
    };
    if let ast::Expr::Apply(apply) = &value {
        let function = text(&apply.lambda()?);
        if let Some(prefix) = function.trim().strip_suffix("mkEnableOption") {
            let what = text(&apply.argument()?);
            let what = what.strip_prefix('"')?.strip_suffix('"')?.to_string();
            let description = format!("\"Whether to enable {what}.\"");
            let new_text = option(prefix, format!("{prefix}types.bool"), "false", &description);
            return cx.rewrite("Write out as `mkOption`", vec![cx.edit(range, new_text)]);
        }
        if function.contains("mk") {
            return None;
        }
    }
    if matches!(&value, ast::Expr::AttrSet(set) if set.entries().next().is_some()) {
        return None;
    }
    let prefix = spelling(cx);
    let kind = guess(&value, name.trim_matches('"'), &prefix);
    let new_text = option(&prefix, kind, &text(&value), "\"\"");
    cx.rewrite("Write as `mkOption`", vec![cx.edit(range, new_text)])
}

/// Whether a binding stands below `options`, and not inside an option's own declaration.
fn is_declaration(binding: &ast::AttrpathValue) -> bool {
    let mut node: Option<SyntaxNode> = Some(binding.syntax().clone());
    while let Some(at) = node {
        if let Some(it) = ast::AttrpathValue::cast(at.clone()) {
            let mut names = it.attrpath().into_iter().flat_map(|path| path.attrs()).map(|name| text(&name));
            if names.next().as_deref() == Some("options") {
                return it != *binding || names.next().is_some();
            }
        }
        let parent = at.parent();
        // Only sets lie on the way from an option's name to `options`.
        let is_set =
            |it: &SyntaxNode| ast::AttrSet::can_cast(it.kind()) || ast::AttrpathValue::can_cast(it.kind());
        node = parent.filter(is_set);
    }
    false
}

/// How the library is called at a place.
fn spelling(cx: &Context<'_>) -> String {
    let below = cx
        .ancestors()
        .filter_map(ast::With::cast)
        .any(|it| it.namespace().is_some_and(|namespace| text(&namespace) == "lib"));
    if below { String::new() } else { "lib.".to_string() }
}
