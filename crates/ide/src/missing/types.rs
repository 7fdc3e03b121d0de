//! The type of an option, guessed from a value that it is given.

use nixscope_syntax::AstNode;
use nixscope_syntax::ast::{self, LiteralKind};

/// The type that fits a value, in the names of `lib.types`, with `prefix` before each.
pub(crate) fn guess(value: &ast::Expr, name: &str, prefix: &str) -> String {
    let types = format!("{prefix}types.");
    spelt(value, name, &types)
}

fn spelt(value: &ast::Expr, name: &str, types: &str) -> String {
    let compound = |outer: &str, inner: String| match inner.contains(' ') {
        true => format!("{types}{outer} ({inner})"),
        false => format!("{types}{outer} {inner}"),
    };
    match value {
        ast::Expr::Literal(literal) => match literal.kind() {
            LiteralKind::Integer(_) if name.to_ascii_lowercase().ends_with("port") => format!("{types}port"),
            LiteralKind::Integer(_) => format!("{types}int"),
            LiteralKind::Float(_) => format!("{types}float"),
            LiteralKind::Uri(_) => format!("{types}str"),
        },
        ast::Expr::Ident(ident) => match ident.syntax().text().to_string().as_str() {
            "true" | "false" => format!("{types}bool"),
            "null" => compound("nullOr", format!("{types}str")),
            _ => format!("{types}anything"),
        },
        ast::Expr::UnaryOp(it) => match it.operator() {
            Some(ast::UnaryOpKind::Invert) => format!("{types}bool"),
            _ => it.expr().map_or_else(|| format!("{types}int"), |it| spelt(&it, name, types)),
        },
        ast::Expr::HasAttr(_) => format!("{types}bool"),
        ast::Expr::Str(string) => {
            let text = string.syntax().text();
            let lines = text.to_string().starts_with("''") && text.contains_char('\n');
            format!("{types}{}", if lines { "lines" } else { "str" })
        }
        ast::Expr::PathRel(_) | ast::Expr::PathAbs(_) | ast::Expr::PathHome(_) | ast::Expr::PathSearch(_) => {
            format!("{types}path")
        }
        ast::Expr::List(list) => {
            let mut kinds: Vec<String> = list.items().map(|item| spelt(&item, "", types)).collect();
            kinds.dedup();
            match kinds.as_slice() {
                [one] => compound("listOf", one.clone()),
                _ => compound("listOf", format!("{types}anything")),
            }
        }
        ast::Expr::AttrSet(_) => compound("attrsOf", format!("{types}anything")),
        ast::Expr::Lambda(_) => compound("functionTo", format!("{types}anything")),
        ast::Expr::Paren(it) => {
            it.expr().map_or_else(|| format!("{types}anything"), |it| spelt(&it, name, types))
        }
        ast::Expr::BinOp(it) => match it.operator() {
            Some(
                ast::BinOpKind::And
                | ast::BinOpKind::Or
                | ast::BinOpKind::Implication
                | ast::BinOpKind::Equal
                | ast::BinOpKind::NotEqual
                | ast::BinOpKind::Less
                | ast::BinOpKind::LessOrEq
                | ast::BinOpKind::More
                | ast::BinOpKind::MoreOrEq,
            ) => format!("{types}bool"),
            _ => it.lhs().map_or_else(|| format!("{types}anything"), |it| spelt(&it, name, types)),
        },
        // `mkIf c v`, `mkDefault v`: the type is the value's.
        ast::Expr::Apply(apply) => {
            let function = apply.lambda().map(|it| it.syntax().text().to_string()).unwrap_or_default();
            let words: Vec<&str> = function.split_whitespace().collect();
            let called = words.first().map_or("", |it| it.rsplit('.').next().unwrap_or(it));
            match (called, apply.argument()) {
                ("mkIf" | "mkDefault" | "mkForce" | "mkOverride" | "mkBefore" | "mkAfter", Some(value)) => {
                    spelt(&value, name, types)
                }
                _ => format!("{types}anything"),
            }
        }
        ast::Expr::Select(select) => {
            let base = select.expr().map(|it| it.syntax().text().to_string()).unwrap_or_default();
            format!("{types}{}", if base == "pkgs" { "package" } else { "anything" })
        }
        ast::Expr::IfElse(it) => {
            it.body().map_or_else(|| format!("{types}anything"), |it| spelt(&it, name, types))
        }
        _ => format!("{types}anything"),
    }
}
