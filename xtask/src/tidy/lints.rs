//! A lint is one file, is in the catalogue, and has its page.

use super::{File, Findings};

const CATALOGUE: &str = "crates/lints/src/catalogue/";

pub(super) fn check(files: &[File], findings: &mut Findings) {
    let text = |path: &str| files.iter().find(|file| file.path == path).map_or("", |file| &file.text);
    let reference = text("docs/lints.md");
    for file in files.iter().filter(|file| file.is_rust()) {
        let Some(name) = file.path.strip_prefix(CATALOGUE) else { continue };
        // Helpers may stand beside the lints.
        if !file.text.contains(": Lint = Lint {") {
            continue;
        }
        let Some((group, module)) = name.trim_end_matches(".rs").split_once('/') else {
            findings.problems.push(format!("{}: a lint stands in the directory of its group", file.path));
            continue;
        };
        if !text(&format!("{CATALOGUE}{group}.rs")).contains(&format!("&{module}::LINT")) {
            findings.problems.push(format!("{}: not listed in catalogue/{group}.rs", file.path));
        }
        for lint in names(&file.text) {
            let has_page = reference.lines().any(|line| line.starts_with('#') && line.contains(lint));
            if !has_page {
                let hint = "run `cargo xtask codegen`";
                findings
                    .problems
                    .push(format!("{}: `{lint}` has no page in docs/lints.md: {hint}", file.path));
            }
        }
    }
}

/// The names of the lints that a file declares.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(": Lint = Lint {").filter_map(|(at, _)| {
        let (_, rest) = text[at..].split_once("name: \"")?;
        rest.split('"').next()
    })
}
