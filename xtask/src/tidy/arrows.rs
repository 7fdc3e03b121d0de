//! Dependencies between the crates point down only, as `docs/architecture.md` draws them.

use anyhow::{Context, Result};
use serde_json::Value;

use super::Findings;
use crate::shell::{cargo, output};

/// The crates, from the bottom to the top. `project` has the disk and the configuration; it is beside the two above it
/// in the drawing, and they share it.
const LAYERS: &[&str] = &[
    "vfs", "db", "syntax", "hir", "eval", "fleet", "lints", "ide", "git", "report", "project", "server",
    "nixscope",
];

/// The highest crate that test support may know: what is above uses it in its own tests.
const TEST_SUPPORT: &str = "nixscope-test-fixture";
const TEST_SUPPORT_KNOWS: &[&str] = &["vfs", "db"];
/// Packages that are tests as a whole.
const TESTS: &[&str] = &["nixscope-tests", "nixscope-fuzz"];

/// Libraries that only some crates may use.
const RESERVED: &[(&str, &[&str])] = &[
    ("tower-lsp", &["nixscope-server"]),
    ("lsp-types", &["nixscope-server", "nixscope-tests"]),
    ("tokio", &["nixscope-server", "nixscope", "nixscope-tests"]),
    (
        "anyhow",
        &[
            "nixscope-git",
            "nixscope-report",
            "nixscope-server",
            "nixscope",
            "nixscope-tests",
            "xtask",
            "xtask-codegen",
        ],
    ),
    ("clap", &["nixscope", "xtask"]),
    ("rnix", &["nixscope-syntax", "nixscope-hir"]),
];

pub(super) fn check(findings: &mut Findings) -> Result<()> {
    let text = output(cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: Value = serde_json::from_str(&text).context("`cargo metadata` printed no JSON")?;
    findings.problems.extend(violations(&metadata));
    Ok(())
}

fn violations(metadata: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for package in list(&metadata["packages"]) {
        let from = name(package);
        for dependency in list(&package["dependencies"]) {
            let to = name(dependency);
            // Absent for what the crate itself is made of.
            let for_tests = dependency["kind"] == "dev";
            if let Some(problem) = violation(from, to, for_tests) {
                problems.push(problem);
            }
        }
    }
    problems
}

fn violation(from: &str, to: &str, for_tests: bool) -> Option<String> {
    if let Some((_, users)) = RESERVED.iter().find(|(library, _)| *library == to) {
        let allowed = for_tests || users.contains(&from);
        return (!allowed).then(|| format!("{from} must not use {to}: it is for {}", users.join(", ")));
    }
    if to == TEST_SUPPORT {
        let allowed = for_tests || TESTS.contains(&from);
        return (!allowed).then(|| format!("{from} must not use {to}, but for its tests"));
    }
    let below = layer(to)?;
    if from == TEST_SUPPORT {
        let allowed = TEST_SUPPORT_KNOWS.contains(&LAYERS[below]);
        return (!allowed).then(|| format!("{from} must not know {to}: {to} uses it in its tests"));
    }
    if from == "xtask" {
        return Some(format!("xtask must not use {to}: the tasks run while it does not compile"));
    }
    let above = layer(from)?;
    (above <= below).then(|| format!("{from} must not use {to}: the arrows point down"))
}

fn layer(package: &str) -> Option<usize> {
    let short = package.strip_prefix("nixscope-").unwrap_or(package);
    LAYERS.iter().position(|layer| *layer == short)
}

fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::violation;

    #[test]
    fn arrows_point_down() {
        assert_eq!(violation("nixscope-ide", "nixscope-lints", false), None);
        assert_eq!(violation("nixscope", "nixscope-server", false), None);
        assert!(violation("nixscope-eval", "nixscope-fleet", false).is_some());
        assert!(violation("nixscope-eval", "nixscope-fleet", true).is_some());
        assert!(violation("nixscope-lints", "nixscope-project", false).is_some());
    }

    #[test]
    fn test_support_is_for_tests() {
        assert_eq!(violation("nixscope-hir", "nixscope-test-fixture", true), None);
        assert!(violation("nixscope-hir", "nixscope-test-fixture", false).is_some());
        assert!(violation("nixscope-test-fixture", "nixscope-hir", false).is_some());
    }

    #[test]
    fn one_crate_knows_the_protocol() {
        assert_eq!(violation("nixscope-server", "lsp-types", false), None);
        assert!(violation("nixscope-ide", "lsp-types", false).is_some());
    }
}
