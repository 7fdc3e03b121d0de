//! `broken-lock-file`: a `flake.lock` that Nix does not read.

use nixscope_db::{EntryKind, FileText};
use nixscope_fleet::{Dangling, dangling_inputs};
use nixscope_syntax::{TextRange, TextSize};
use serde_json::Value as Json;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::flake_inputs::lock_entry;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "broken-lock-file",
    group: Group::Fleet,
    level: Level::Error,
    since: "0.1.0",
    summary: "a `flake.lock` that is not JSON, lists no inputs, or leads nowhere",
    page: r#"
`flake.lock` is not JSON, has no `nodes`, or has an input that is locked to a node that is not there: half of a
merge conflict, or a file that was cut off. No output of the flake evaluates, and nothing is known of the
revisions of its inputs.

Mend the conflict, or have Nix write the file anew with `nix flake lock`.

## Example

```nix
#- /repo/flake.nix
{ outputs = { self }: { }; }
#- /repo/flake.lock
{ "root": "root", "version": 7
```

## Use instead

```nix
#- /repo/flake.nix
{ outputs = { self }: { }; }
#- /repo/flake.lock
{ "nodes": { "root": { } }, "root": "root", "version": 7 }
```

## Source

The Nix manual, [`nix flake`, "Lock files"](https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#lock-files).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let path = cx.project.root(cx.db).join("flake.lock");
    if nixscope_db::kind(cx.db, &path) != EntryKind::File {
        return;
    }
    let file = nixscope_db::source(cx.db, &path);
    let problem = match file.text(cx.db) {
        FileText::Text(text) => problem(text),
        FileText::NotUtf8(at) => {
            Some((TextRange::default(), format!("it is not UTF-8 text (the byte at offset {at})")))
        }
        FileText::TooLarge(size) => {
            Some((TextRange::default(), format!("it is too large to be read ({} MB)", size >> 20)))
        }
        // Locked with git-crypt: nothing is known of it.
        FileText::Encrypted => None,
        FileText::Unreadable(why) => Some((TextRange::default(), format!("it cannot be read: {why}"))),
    };
    if let Some((range, why)) = problem {
        let message = format!("Nix cannot read this lock file: {why}");
        found.push(Diagnostic::new(&LINT, file, range, message));
        return;
    }
    for Dangling { node, input, target } in dangling_inputs(cx.db, file) {
        let message = format!(
            "Nix cannot read this lock file: the input `{input}` of `{node}` is locked to `{target}`, which is not there"
        );
        found.push(Diagnostic::new(
            &LINT,
            file,
            lock_entry(file.text(cx.db).as_str(), &node, &input),
            message,
        ));
    }
}

/// What is wrong with a lock file's text, and where.
fn problem(text: &str) -> Option<(TextRange, String)> {
    match serde_json::from_str::<Json>(text) {
        Err(error) => {
            let full = error.to_string();
            // The place is shown by itself.
            let why = full.rsplit_once(" at line ").map_or(full.as_str(), |(why, _)| why);
            Some((place(text, error.line(), error.column()), format!("it is not JSON: {why}")))
        }
        Ok(lock) if !lock.get("nodes").is_some_and(Json::is_object) => {
            Some((first_character(text, 0), "it has no `nodes`, which list the inputs".into()))
        }
        Ok(_) => None,
    }
}

/// The character at a line and a column in bytes, both counted from one.
fn place(text: &str, line: usize, column: usize) -> TextRange {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.trim_end().len().saturating_sub(1));
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    first_character(text, at)
}

fn first_character(text: &str, at: usize) -> TextRange {
    let start = TextSize::try_from(at).unwrap_or_default();
    let length = text[at..].chars().next().map_or(TextSize::from(0), TextSize::of);
    TextRange::at(start, length)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    fn fixture(lock: &str) -> String {
        format!(
            "#- /repo/flake.nix\n{{ outputs = {{ self }}: {{ }}; }}\n#- /repo/a.nix\n1\n#- /repo/flake.lock\n{lock}"
        )
    }

    #[test]
    fn says_where_it_is_no_json() {
        check_fleet(
            &super::LINT,
            &fixture("{\n  \"nodes\": {\n<<<<<<< HEAD\n"),
            expect![[r#"
            flake.lock:3:1 `<` error: Nix cannot read this lock file: it is not JSON: key must be a string
        "#]],
        );
        check_fleet(
            &super::LINT,
            &fixture("{ \"nodes\": { \"µ\": {} \n"),
            expect![[r#"
            flake.lock:1:21 `}` error: Nix cannot read this lock file: it is not JSON: EOF while parsing an object
        "#]],
        );
        check_fleet(
            &super::LINT,
            &fixture(""),
            expect![[r#"
            flake.lock:1:1 `` error: Nix cannot read this lock file: it is not JSON: EOF while parsing a value
        "#]],
        );
    }

    #[test]
    fn says_that_nodes_are_missing() {
        check_fleet(
            &super::LINT,
            &fixture("[ 1 ]\n"),
            expect![[r#"
            flake.lock:1:1 `[` error: Nix cannot read this lock file: it has no `nodes`, which list the inputs
        "#]],
        );
    }

    #[test]
    fn a_lock_file_is_fine() {
        check_fleet(&super::LINT, &fixture("{ \"nodes\": { \"root\": {} }, \"version\": 7 }\n"), expect![""]);
    }

    #[test]
    fn says_which_input_leads_nowhere() {
        check_fleet(
            &super::LINT,
            &fixture(
                r#"{ "root": "root", "nodes": {
  "root": { "inputs": { "a": "a", "b": ["a", "lost"] } },
  "a": { "inputs": { "gone": "gone" } }
} }"#,
            ),
            expect![[r#"
                flake.lock:2:35 `"b"` error: Nix cannot read this lock file: the input `b` of `root` is locked to `a/lost`, which is not there
                flake.lock:3:22 `"gone"` error: Nix cannot read this lock file: the input `gone` of `a` is locked to `gone`, which is not there
            "#]],
        );
    }
}
