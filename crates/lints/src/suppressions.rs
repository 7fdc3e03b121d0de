//! What is wrong with suppression comments themselves: judged when everything else is known.

use nixscope_db::{Db, SourceFile};
use nixscope_syntax::{
    Suppression, SuppressionScope, TextRange, TextSize, malformed_suppressions, parse, suppressions,
};

use crate::catalogue::{UNKNOWN_SUPPRESSION, UNUSED_SUPPRESSION};
use crate::diagnostic::{Diagnostic, Edit, Fix, Tag};
use crate::lint::{Lint, find, nearest};

/// The findings about a file's suppressions, given what was found in the file before any was applied.
/// `judged` says which lints run here as they are meant to: of others nobody knows what they would find.
pub fn suppression_diagnostics(
    db: &dyn Db,
    file: SourceFile,
    found: &[&Diagnostic],
    judged: impl Fn(&'static Lint) -> bool,
) -> Vec<Diagnostic> {
    let mut out: Vec<Diagnostic> = Vec::new();
    let broken = || !parse(db, file).errors().is_empty();
    for it in suppressions(db, file) {
        match find(&it.lint) {
            None => out.push(unknown(file, it)),
            Some(lint) => {
                let used =
                    found.iter().any(|found| found.lint.name == lint.name && it.covers(found.range.start()));
                // Most lints say nothing of a file that cannot be read.
                if !used && judged(lint) && !is_about_suppressions(lint) && !broken() {
                    out.push(unused(db, file, it, lint));
                }
            }
        }
    }
    for range in malformed_suppressions(db, file) {
        let message = "this suppresses nothing: a suppression is `# nixscope: ignore[lint] reason`, or \
                       `# nixscope: ignore-file[lint] reason`";
        out.push(Diagnostic::new(&UNKNOWN_SUPPRESSION, file, *range, message));
    }
    out
}

fn is_about_suppressions(lint: &Lint) -> bool {
    [&UNUSED_SUPPRESSION, &UNKNOWN_SUPPRESSION].iter().any(|it| it.name == lint.name)
}

fn unknown(file: SourceFile, it: &Suppression) -> Diagnostic {
    let name = &it.lint;
    let Some(near) = nearest(name) else {
        let message = format!("there is no lint `{name}`");
        return Diagnostic::new(&UNKNOWN_SUPPRESSION, file, it.range, message);
    };
    let message = format!("there is no lint `{name}`; did you mean `{}`?", near.name);
    let edit = Edit { file, range: it.range, new_text: near.name.into() };
    Diagnostic::new(&UNKNOWN_SUPPRESSION, file, it.range, message)
        .with_fix(Fix::risky(format!("Write `{}`", near.name), vec![edit]))
}

fn unused(db: &dyn Db, file: SourceFile, it: &Suppression, lint: &Lint) -> Diagnostic {
    let message = match it.scope {
        SuppressionScope::File => {
            format!("`{}` finds nothing in this file: remove the suppression", lint.name)
        }
        SuppressionScope::Lines(_) => format!("`{}` finds nothing here: remove the suppression", lint.name),
    };
    let range = without(db, file, it);
    let edit = Edit { file, range, new_text: String::new() };
    Diagnostic::new(&UNUSED_SUPPRESSION, file, it.range, message)
        .with_tag(Tag::Unnecessary)
        .with_fix(Fix::safe("Remove the suppression", vec![edit]))
}

/// The text that goes with a name of a suppression: the name with its comma, or the whole comment.
fn without(db: &dyn Db, file: SourceFile, it: &Suppression) -> TextRange {
    let text = file.text(db).as_str();
    let before = text.get(..usize::from(it.range.start())).unwrap_or("");
    let after = text.get(usize::from(it.range.end())..).unwrap_or("");
    if let Some(rest) = after.trim_start().strip_prefix(',') {
        let rest = rest.trim_start_matches(' ');
        return TextRange::new(it.range.start(), it.range.end() + TextSize::of(after) - TextSize::of(rest));
    }
    if let Some(head) = before.trim_end().strip_suffix(',') {
        return TextRange::new(TextSize::of(head), it.range.end());
    }
    // The only one: the comment goes, with its line where it has one of its own.
    let before = text.get(..usize::from(it.comment.start())).unwrap_or("");
    let after = text.get(usize::from(it.comment.end())..).unwrap_or("");
    let head = before.trim_end_matches([' ', '\t']);
    let starts_line = head.is_empty() || head.ends_with('\n');
    let end = match starts_line && after.starts_with('\n') {
        true => it.comment.end() + TextSize::of('\n'),
        false => it.comment.end(),
    };
    TextRange::new(TextSize::of(head), end)
}
