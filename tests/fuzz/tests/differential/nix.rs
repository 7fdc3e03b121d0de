//! The real Nix, many programs at a time.

use std::process::{Command, Stdio};

use crate::{Outcome, Outcomes, as_json, as_printed, normal};

pub(crate) struct Nix {
    pub(crate) version: String,
    directory: tempfile::TempDir,
}

impl Nix {
    /// None, and says so, where it is not installed.
    pub(crate) fn find() -> Option<Nix> {
        let Ok(output) = Command::new("nix-instantiate").arg("--version").output() else {
            println!("skipped: nix-instantiate is not installed");
            return None;
        };
        let text = String::from_utf8_lossy(&output.stdout);
        let version = text.split_whitespace().last().unwrap_or_default().to_string();
        let directory = tempfile::tempdir().expect("a directory for the programs");
        Some(Nix { version, directory })
    }

    pub(crate) fn is_newer_than(&self, major: u32, minor: u32) -> bool {
        let mut parts = self.version.split('.').map_while(|part| part.parse::<u32>().ok());
        (parts.next(), parts.next()) > (Some(major), Some(minor))
    }

    /// The value of each program.
    pub(crate) fn evaluate(&self, programs: &[String]) -> Vec<Outcomes> {
        let printed = self.all(programs.iter().map(|program| as_printed(program)));
        let json = self.all(programs.iter().map(|program| as_json(program)));
        printed.into_iter().zip(json).map(|(printed, json)| Outcomes { printed, json }).collect()
    }

    /// What each file prints. Nix stops at the first that fails: what comes after it is run again.
    fn all(&self, texts: impl Iterator<Item = String>) -> Vec<Outcome> {
        let mut files = Vec::new();
        for (index, text) in texts.enumerate() {
            let path = self.directory.path().join(format!("{index}.nix"));
            std::fs::write(&path, text).expect("a program is written");
            files.push(path);
        }
        let mut outcomes = Vec::new();
        while outcomes.len() < files.len() {
            let output = Command::new("timeout")
                .args(["20", "nix-instantiate", "--eval", "--strict"])
                .args(&files[outcomes.len()..])
                // No store is needed, and none may be there.
                .env("NIX_STORE_DIR", self.directory.path().join("store"))
                .env("NIX_STATE_DIR", self.directory.path().join("state"))
                .env("NIX_REMOTE", "dummy://")
                .stdin(Stdio::null())
                .output()
                .expect("nix-instantiate runs");
            let text = String::from_utf8_lossy(&output.stdout);
            // A value is one line.
            let values = text.lines().take(files.len() - outcomes.len());
            outcomes.extend(values.map(|line| Outcome::Value(normal(line))));
            if outcomes.len() < files.len() {
                let error = String::from_utf8_lossy(&output.stderr);
                let line = error.lines().find(|line| line.starts_with("error")).unwrap_or(error.trim());
                outcomes.push(match output.status.code() {
                    Some(1) => Outcome::Error(line.to_string()),
                    // Too long, or it crashed.
                    _ => Outcome::Open,
                });
            }
        }
        outcomes
    }
}
