//! JSON written as Nix: text that was pasted, a string, a file that is read.

use nixscope_db::{Db, SourceFile};
use nixscope_lints::Edit;
use nixscope_syntax::ast;
use nixscope_syntax::{AstNode, TextRange};
use serde_json::Value;

use super::{Assist, AssistKind, Context, is_identifier, text};

const TITLE: &str = "Write the JSON as Nix";
/// A longer text is a file's.
const MAX_LENGTH: usize = 1 << 20;

/// `builtins.fromJSON ''{"a": 1}''`, the string in it, or a file of JSON that is read, to `{ a = 1; }`.
pub(super) fn to_nix(cx: &Context<'_>) -> Option<Assist> {
    let string: Option<ast::Str> = cx.node();
    let range = cx.range;
    if let Some(apply) = cx.ancestors().filter_map(ast::Apply::cast).find_map(|it| read(cx, &it)) {
        let (range, json) = apply;
        return cx.rewrite(TITLE, vec![cx.edit(range, nix(&json, &cx.indent(range)))]);
    }
    let string = string.filter(|it| it.syntax().text_range().contains_range(range))?;
    let json = compound(&content(&string)?)?;
    let range = string.syntax().text_range();
    cx.rewrite(TITLE, vec![cx.edit(range, nix(&json, &cx.indent(range)))])
}

/// JSON that was pasted: the selected text as it is, which need not be Nix.
pub(super) fn pasted(db: &dyn Db, file: SourceFile, range: TextRange) -> Option<Assist> {
    let all = file.text(db).as_str();
    let json = compound(all.get(usize::from(range.start())..usize::from(range.end()))?)?;
    // What is empty is the same in both.
    let is_empty =
        json.as_object().is_some_and(|it| it.is_empty()) || json.as_array().is_some_and(|it| it.is_empty());
    if is_empty {
        return None;
    }
    let line = all.get(..usize::from(range.start()))?.rsplit('\n').next()?;
    let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
    let edits = vec![Edit { file, range, new_text: nix(&json, &indent) }];
    Some(Assist { title: TITLE.to_string(), kind: AssistKind::Rewrite, edits })
}

/// The call that reads JSON, and what it reads: `fromJSON "…"`, `fromJSON (readFile ./x.json)`, `importJSON ./x.json`.
fn read(cx: &Context<'_>, apply: &ast::Apply) -> Option<(TextRange, Value)> {
    let range = apply.syntax().text_range();
    let called = |apply: &ast::Apply| -> Option<String> {
        let text = text(&apply.lambda()?);
        Some(text.rsplit('.').next()?.trim().to_string())
    };
    let of_file = |path: ast::Expr| -> Option<Value> {
        let ast::Expr::PathRel(path) = path else { return None };
        let written = text(&path);
        let target = cx.file.path(cx.db).parent()?.join(&written);
        let inside = target.starts_with(cx.project.root(cx.db)) && !written.contains("${");
        let is_plain = inside && !nixscope_fleet::is_secret_file(target.as_str());
        compound(nixscope_db::source(cx.db, &target).text(cx.db).as_str()).filter(|_| is_plain)
    };
    let unwrapped = |expr: ast::Expr| match expr {
        ast::Expr::Paren(paren) => paren.expr(),
        other => Some(other),
    };
    let json = match (called(apply)?.as_str(), unwrapped(apply.argument()?)?) {
        ("importJSON", path) => of_file(path)?,
        ("fromJSON", ast::Expr::Str(string)) => compound(&content(&string)?)?,
        ("fromJSON", ast::Expr::Apply(inner)) if called(&inner)? == "readFile" => of_file(inner.argument()?)?,
        _ => return None,
    };
    Some((range, json))
}

/// A string's text; none where something is interpolated.
fn content(string: &ast::Str) -> Option<String> {
    let mut out = String::new();
    for part in string.normalized_parts() {
        match part {
            ast::InterpolPart::Literal(text) => out.push_str(&text),
            ast::InterpolPart::Interpolation(_) => return None,
        }
    }
    Some(out)
}

/// An object or a list; a number alone would be JSON too.
fn compound(text: &str) -> Option<Value> {
    let text = text.trim();
    let begins = text.starts_with(['{', '[']) && text.len() <= MAX_LENGTH;
    begins.then(|| serde_json::from_str(text).ok())?
}

/// A value as Nix writes it, the lines after the first behind an indent.
fn nix(value: &Value, indent: &str) -> String {
    let inner = format!("{indent}  ");
    match value {
        Value::Null => "null".to_string(),
        Value::Bool(it) => it.to_string(),
        Value::Number(number) => spelt(&number.to_string()),
        Value::String(text) => quoted(text),
        Value::Array(items) if items.is_empty() => "[ ]".to_string(),
        Value::Array(items) => {
            let is_short = |it: &Value| !(it.is_array() || it.is_object());
            let written: Vec<String> = items.iter().map(|it| element(nix(it, &inner))).collect();
            let length: usize = written.iter().map(String::len).sum();
            match items.iter().all(is_short) && length <= 60 {
                true => format!("[ {} ]", written.join(" ")),
                false => format!("[\n{inner}{}\n{indent}]", written.join(&format!("\n{inner}"))),
            }
        }
        Value::Object(entries) if entries.is_empty() => "{ }".to_string(),
        Value::Object(entries) => {
            let bindings = entries.iter().map(|(name, value)| {
                let name = if is_identifier(name) { name.clone() } else { quoted(name) };
                format!("{inner}{name} = {};\n", nix(value, &inner))
            });
            format!("{{\n{}{indent}}}", bindings.collect::<String>())
        }
    }
}

/// A negative number in a list would be an operator between two elements.
fn element(text: String) -> String {
    if text.starts_with('-') { format!("({text})") } else { text }
}

/// A number; Nix' have a dot before an exponent.
fn spelt(number: &str) -> String {
    match number.find(['e', 'E']) {
        Some(at) if !number.contains('.') => format!("{}.0{}", &number[..at], &number[at..]),
        _ => number.to_string(),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' if chars.peek() == Some(&'{') => out.push_str("\\$"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
