//! A fleet as text: hosts with their modules, what is inside them, and what they read of each other.

use expect_test::Expect;
use nixscope_eval::SourcePlace;
use nixscope_fleet::fleet;
use nixscope_syntax::{PositionEncoding, line_index};
use nixscope_test_fixture::TestDatabase;

use crate::support::load;

/// A place as `file:line:column`.
pub(crate) fn show(db: &TestDatabase, place: Option<SourcePlace>) -> String {
    let Some(place) = place else { return "-".into() };
    let at = line_index(db, place.source).line_col(place.range(db).start(), PositionEncoding::Utf32);
    format!("{}:{}:{}", place.source.path(db), at.line + 1, at.column + 1)
}

/// Holds a fleet's hosts, modules and references against what is expected.
pub(crate) fn check(fixture: &str, expected: Expect) {
    let (db, project) = load(fixture);
    let index = fleet(&db, project);
    let mut out = String::new();
    for (host, index) in &index.hosts {
        let system = index.system.as_deref().unwrap_or("?");
        out.push_str(&format!("{}.{} ({system}) {}\n", host.output, host.name, show(&db, host.place)));
        for module in &index.modules {
            let flags = match (module.inline, module.conditional) {
                (true, _) => " inline",
                (_, true) => " conditional",
                _ => "",
            };
            out.push_str(&format!("  {} at {}{flags}\n", module.file.path(&db), show(&db, module.place)));
        }
        for module in &index.external {
            out.push_str(&format!("  external {}\n", module.name));
        }
        for nested in &index.nested {
            out.push_str(&format!("  {} {}:", nested.kind, nested.name));
            for module in &nested.index.modules {
                out.push_str(&format!(" {}", module.file.path(&db)));
            }
            out.push('\n');
        }
        for gap in &index.gaps {
            out.push_str(&format!("  gap: {} ({})\n", gap.what, gap.why));
        }
        for problem in &index.problems {
            out.push_str(&format!("  problem: {}\n", problem.message));
        }
        for reference in &index.references {
            let targets: Vec<String> = reference.targets.iter().map(|it| show(&db, Some(*it))).collect();
            let value = reference.value.as_deref().unwrap_or("?");
            out.push_str(&format!(
                "  reads {} [{}] = {value} -> {}\n",
                reference.expression,
                reference.status.as_str(),
                targets.join(" ")
            ));
        }
    }
    for gap in &index.gaps {
        out.push_str(&format!("gap: {} ({})\n", gap.what, gap.why));
    }
    expected.assert_eq(&out);
}
