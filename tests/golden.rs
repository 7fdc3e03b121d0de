//! What the program says of the fleets in `test-data/fleets`, word for word. `UPDATE_EXPECT=1 cargo test -p
//! nixscope-tests --test golden` writes it anew: read the difference, against `FAULTS.md` and each `EXPECTED.md`.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run the program over files")]

use std::path::{Path, PathBuf};
use std::process::Command;

use expect_test::expect_file;
use nixscope_tests::{binary, fleet};

#[test]
fn harbour() {
    agrees("harbour", "harbour", 1);
}

#[test]
fn atelier() {
    agrees("atelier", "atelier", 1);
}

#[test]
fn workshop() {
    agrees("workshop", "workshop", 1);
}

/// A flake inside a flake, whose input is the one around it.
#[test]
fn downstream_of_workshop() {
    agrees("downstream", "workshop/examples/downstream", 1);
}

/// `check` and `fleet`, for people and as JSON.
fn agrees(name: &str, directory: &str, status_of_check: i32) {
    for (command, status) in [("check", status_of_check), ("fleet", 0)] {
        for format in ["human", "json"] {
            let output = run(command, format, directory, status);
            expect_file![golden(&format!("{name}.{command}.{format}.txt"))].assert_eq(&output);
        }
    }
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-data/golden").join(name)
}

/// What a command prints, without what differs from run to run and from machine to machine.
fn run(command: &str, format: &str, directory: &str, status: i32) -> String {
    let path = fleet(directory);
    let output = Command::new(binary())
        .args([command, "--format", format])
        .arg(&path)
        .env("NO_COLOR", "1")
        // Wide enough that no line is folded.
        .env("COLUMNS", "400")
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(status), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "logs are off by default");
    let text = String::from_utf8(output.stdout).expect("output is UTF-8");
    let masked = text.replace(path.to_str().expect("the project's path is UTF-8"), directory);
    // What lies outside the flake, in an input whose source is here, has an absolute path.
    let fleets = fleet("").to_str().expect("the project's path is UTF-8").trim_end_matches('/').to_owned();
    mask_times(&masked.replace(&fleets, "/fleets"))
}

/// Times as `0`: `"elapsed_ms": 41` and `41 ms`.
fn mask_times(text: &str) -> String {
    text.split_inclusive('\n').map(mask_line).collect()
}

fn mask_line(line: &str) -> String {
    if let Some((head, tail)) = line.split_once("\"elapsed_ms\": ") {
        return format!(
            "{head}\"elapsed_ms\": 0{}",
            tail.trim_start_matches(|digit: char| digit.is_ascii_digit())
        );
    }
    match line.split_once(" ms)") {
        Some((head, tail)) => {
            format!("{}0 ms){tail}", head.trim_end_matches(|digit: char| digit.is_ascii_digit()))
        }
        None => line.to_owned(),
    }
}

#[test]
fn times_are_masked() {
    assert_eq!(mask_times("  \"elapsed_ms\": 41,\n"), "  \"elapsed_ms\": 0,\n");
    assert_eq!(mask_times("8 hosts (246 ms); --fix\n"), "8 hosts (0 ms); --fix\n");
}
