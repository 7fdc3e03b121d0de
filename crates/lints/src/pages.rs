//! The lints' pages are tests: what an example marks with `# error` is found and nothing else, what is
//! to be used instead is silent, and the fixes lead from the one to the other.

use nixscope_db::Db;
use nixscope_fleet::{FleetIndex, Project};
use nixscope_syntax::parse;

use crate::context::FleetContext;
use crate::diagnostic::{Diagnostic, Fix};
use crate::lint::{Check, Lint, lints};
use crate::testing::{apply, file_findings, load, render, suppression_findings};

const MARK: &str = "# error";

/// The first `nix` block under a heading.
fn block<'a>(lint: &Lint, page: &'a str, heading: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| {
        panic!("the page of {} has no section `{heading}`", lint.name);
    });
    let (_, rest) = rest.split_once("```nix\n").unwrap_or_else(|| panic!("no code in {}", lint.name));
    rest.split_once("```").map_or(rest, |(code, _)| code)
}

/// What the lint says; none where the fleet's queries answer nothing yet.
fn findings(db: &dyn Db, project: Project, lint: &'static Lint) -> Option<Vec<Diagnostic>> {
    if let Check::Machinery = lint.check {
        // Only what is about suppressions comes from the machinery.
        let mut found = suppression_findings(db, project);
        found.retain(|it| it.lint.name == lint.name);
        return Some(found);
    }
    let mut found = file_findings(db, project, lint);
    if let Check::Fleet(check) = lint.check {
        let fleet: &FleetIndex = nixscope_fleet::fleet(db, project);
        if fleet.hosts.is_empty() {
            return None;
        }
        check(&FleetContext { db, project, fleet }, &mut found);
    }
    Some(found)
}

#[test]
fn examples_say_what_they_mark() {
    for lint in lints() {
        let (db, project) = load(block(lint, lint.page, "Example"));
        let Some(found) = findings(&db, project, lint) else { continue };
        let mut wanted: Vec<(String, usize)> = Vec::new();
        for path in project.files(&db) {
            let text = nixscope_db::source(&db, path).text(&db).as_str();
            let marked = text.lines().enumerate().filter(|(_, line)| line.ends_with(MARK));
            wanted.extend(marked.map(|(line, _)| (path.to_string(), line)));
        }
        let mut got: Vec<(String, usize)> = found
            .iter()
            .map(|it| {
                let text = it.file.text(&db).as_str();
                (it.file.path(&db).to_string(), text[..usize::from(it.range.start())].matches('\n').count())
            })
            .collect();
        got.sort();
        assert_eq!(got, wanted, "{}:\n{}", lint.name, render(&db, project, &found));
    }
}

#[test]
fn what_to_use_instead_is_silent() {
    for lint in lints() {
        let (db, project) = load(block(lint, lint.page, "Use instead"));
        let Some(found) = findings(&db, project, lint) else { continue };
        assert!(found.is_empty(), "{}:\n{}", lint.name, render(&db, project, &found));
        for path in project.files(&db) {
            let source = nixscope_db::source(&db, path);
            assert!(parse(&db, source).errors().is_empty(), "{}: {path} does not parse", lint.name);
        }
    }
}

#[test]
fn fixes_give_what_to_use_instead() {
    for lint in lints() {
        let (db, project) = load(&block(lint, lint.page, "Example").replace(&format!(" {MARK}"), ""));
        let Some(found) = findings(&db, project, lint) else { continue };
        let fixes: Option<Vec<Fix>> = found.iter().map(|it| it.fix.clone()).collect();
        let Some(fixes) = fixes.filter(|it| !it.is_empty()) else { continue };
        let (instead, instead_project) = load(block(lint, lint.page, "Use instead"));
        for (path, other) in project.files(&db).iter().zip(instead_project.files(&instead)) {
            let source = nixscope_db::source(&db, path);
            let fixed = apply(source.text(&db).as_str(), source, &fixes);
            let wanted = nixscope_db::source(&instead, other).text(&instead);
            assert_eq!(fixed, wanted.as_str(), "{}", lint.name);
        }
    }
}
