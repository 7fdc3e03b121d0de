//! The fuzzed functions over bytes that are always the same: a short run of what `cargo xtask fuzz` does for hours, and
//! every input that was ever a finding.
#![expect(clippy::disallowed_methods, reason = "the seeds are on the disk")]

use std::path::{Path, PathBuf};

use fastrand::Rng;
use nixscope_fuzz::{evaluation, program, programs, syntax};

/// How many random inputs each function gets.
const INPUTS: u64 = 150;
const LONGEST: usize = 1500;

#[test]
fn every_finding_comes_to_an_end() {
    let findings = files(&root().join("tests/fuzz/seeds"));
    for path in findings {
        let bytes = std::fs::read(&path).expect("a seed can be read");
        syntax(&bytes);
        evaluation(&bytes);
        programs(&bytes);
    }
}

#[test]
fn random_programs_come_to_an_end() {
    for seed in 0..INPUTS {
        programs(&random(seed));
    }
}

#[test]
fn damaged_files_come_to_an_end() {
    let files: Vec<Vec<u8>> = ["test-data", "crates/eval/nix"]
        .iter()
        .flat_map(|from| files(&root().join(from)))
        .map(|path| std::fs::read(path).expect("a file of the project can be read"))
        .collect();
    for seed in 0..INPUTS {
        let mut rng = Rng::with_seed(seed);
        let mut bytes = files[rng.usize(..files.len())].clone();
        for _ in 0..rng.usize(1..6) {
            damage(&mut bytes, &mut rng, &files);
        }
        syntax(&bytes);
        evaluation(&bytes);
    }
}

#[test]
fn the_same_bytes_are_the_same_program() {
    let bytes = random(1);
    assert_eq!(program(&bytes), program(&bytes));
    assert_eq!(program(&[]), "0");
    let distinct: std::collections::BTreeSet<String> = (0..50).map(|seed| program(&random(seed))).collect();
    assert!(distinct.len() > 45, "the programs differ: {distinct:?}");
}

fn random(seed: u64) -> Vec<u8> {
    let mut rng = Rng::with_seed(seed);
    let len = rng.usize(16..LONGEST);
    std::iter::repeat_with(|| rng.u8(..)).take(len).collect()
}

/// Takes a piece out, puts one twice, puts one of another file, or changes one byte.
fn damage(bytes: &mut Vec<u8>, rng: &mut Rng, others: &[Vec<u8>]) {
    if bytes.is_empty() {
        return;
    }
    let start = rng.usize(..bytes.len());
    let end = rng.usize(start..bytes.len().min(start + 60) + 1).min(bytes.len());
    match rng.u8(..4) {
        0 => drop(bytes.drain(start..end)),
        1 => {
            let piece = bytes[start..end].to_vec();
            bytes.splice(end..end, piece);
        }
        2 => {
            let other = &others[rng.usize(..others.len())];
            let from = rng.usize(..other.len() + 1);
            let to = (from + 40).min(other.len());
            bytes.splice(start..start, other[from..to].iter().copied());
        }
        _ => bytes[start] = rng.choice(*b"{}[]()\"'$;=.:?@/<>~\\\n #a1").unwrap_or(b' '),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files below a directory, in order.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("the directory is there")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    entries.sort();
    let mut found = Vec::new();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|it| it == "nix" || it == "seed") {
            found.push(path);
        }
    }
    found
}
