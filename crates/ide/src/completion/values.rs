//! The values that an option may have, from what its type says of itself.

use std::fmt::Write as _;

use nixscope_fleet::OptionDeclaration;

/// A value that an option may have.
pub(super) struct Suggestion {
    /// As it is written.
    pub(super) text: String,
    /// The same with places to fill in.
    pub(super) snippet: Option<String>,
}

fn plain(text: &str) -> Suggestion {
    Suggestion { text: text.to_string(), snippet: None }
}

fn filled(text: &str, snippet: &str) -> Suggestion {
    Suggestion { text: text.to_string(), snippet: Some(snippet.to_string()) }
}

/// The values that can be told from an option's type, its default and its example.
///
/// Source: nixpkgs `lib/types.nix`, the types' `description`.
pub(super) fn values(option: &OptionDeclaration) -> Vec<Suggestion> {
    let mut out = Vec::new();
    if let Some(type_name) = &option.type_name {
        of_type(type_name, &mut out);
    }
    for text in [&option.default, &option.example].into_iter().flatten() {
        if !out.iter().any(|known| known.text == text.as_str()) && !text.contains('\n') {
            out.push(plain(text));
        }
    }
    out
}

fn of_type(name: &str, out: &mut Vec<Suggestion>) {
    if let Some(rest) = name.strip_prefix("null or ") {
        out.push(plain("null"));
        return of_type(rest.trim_start_matches('(').trim_end_matches(')'), out);
    }
    if let Some(members) = name.strip_prefix("one of ") {
        return members_of(members, out);
    }
    if let Some((left, right)) = name.split_once(" or ")
        && !left.contains(" of ")
    {
        of_type(left, out);
        return of_type(right.trim_start_matches('(').trim_end_matches(')'), out);
    }
    match name {
        "boolean" => out.extend([plain("true"), plain("false")]),
        "submodule" => out.push(filled("{ }", "{\n  $0\n}")),
        "string" | "single line string" | "strings concatenated with \"\\n\"" => {
            out.push(filled("\"\"", "\"$0\""));
        }
        "absolute path" | "path" | "path in the Nix store" => out.push(filled("./.", "./$0")),
        _ if name.starts_with("list of ") => out.push(filled("[ ]", "[ $0 ]")),
        _ if name.starts_with("attribute set") || name.starts_with("lazy attribute set") => {
            out.push(filled("{ }", "{\n  $0\n}"));
        }
        _ => {}
    }
}

/// `"a", "b"`, `1, 2`: the members of an enumeration.
fn members_of(members: &str, out: &mut Vec<Suggestion>) {
    let mut current = String::new();
    let mut quoted = false;
    for c in members.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                current.push(c);
            }
            ',' if !quoted => out.push(plain(std::mem::take(&mut current).trim())),
            c => current.push(c),
        }
    }
    if !current.trim().is_empty() {
        out.push(plain(current.trim()));
    }
}

/// A definition of an option, with the value to fill in.
pub(super) fn definition(name: &str, option: &OptionDeclaration) -> String {
    let value = match values(option).into_iter().next() {
        Some(first) => first.snippet.unwrap_or_else(|| format!("${{1:{}}}", escape(&first.text))),
        None => "$1".to_string(),
    };
    format!("{} = {value};", escape(name))
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

/// An option's documentation.
pub(super) fn option_markdown(option: &OptionDeclaration) -> String {
    let mut text = format!("option `{}`", option.path);
    for (word, value) in
        [("type", &option.type_name), ("default", &option.default), ("example", &option.example)]
    {
        if let Some(value) = value {
            let mark = if word == "type" { "" } else { "`" };
            let _ = write!(text, "  \n{word}: {mark}{value}{mark}");
        }
    }
    if let Some(description) = &option.description {
        let _ = write!(text, "\n\n{}", description.trim());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(type_name: &str) -> Vec<String> {
        let mut out = Vec::new();
        of_type(type_name, &mut out);
        out.into_iter().map(|it| it.text).collect()
    }

    #[test]
    fn types_say_what_they_hold() {
        assert_eq!(texts("boolean"), ["true", "false"]);
        assert_eq!(texts("one of \"a, b\", \"c\", 3"), ["\"a, b\"", "\"c\"", "3"]);
        assert_eq!(texts("null or boolean"), ["null", "true", "false"]);
        assert_eq!(texts("list of string"), ["[ ]"]);
        assert!(texts("signed integer").is_empty());
    }
}
