//! A directory for one test, and the program run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A directory with some files.
pub(crate) struct Project {
    directory: TempDir,
}

/// What a run of the program gave.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    /// Files in the fixtures' notation: each under a `#- /path` header.
    pub(crate) fn new(fixture: &str) -> Project {
        let project = Project { directory: tempfile::tempdir().unwrap() };
        for (path, text) in nixscope_test_fixture::Fixture::parse(fixture).files {
            project.write(&path, text.as_bytes());
        }
        project
    }

    /// The absolute path of a file.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name.trim_start_matches('/'))
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs the program in the directory; the directory's own name is replaced in what it says.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        let mut run = run_in(self.directory.path(), args);
        let here = self.directory.path().to_str().unwrap();
        run.stdout = run.stdout.replace(here, "$DIR");
        run.stderr = run.stderr.replace(here, "$DIR");
        run
    }

    /// Runs the program, which must print JSON.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let args = [args, &["--format", "json"]].concat();
        let run = self.run(&args);
        serde_json::from_str(&run.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", run.stdout, run.stderr))
    }
}

/// Runs the program in a directory.
pub(crate) fn run_in(directory: &Path, args: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_nixscope"))
        .args(args)
        .current_dir(directory)
        .env_remove("GITHUB_WORKSPACE")
        .env_remove("CI_PROJECT_DIR")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A file of the repository.
pub(crate) fn repository(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name).canonicalize().unwrap()
}

/// A small flake with one host and one finding.
pub(crate) const FLAKE: &str = r#"#- /flake.nix
{
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./web.nix ];
    };
  };
}
#- /web.nix
{ config, ... }:
{
  # µ: columns count characters
  /* µ */ environment.etc.feed.text = https://example.org/feed;
}
"#;
