//! The library: `lib/tests/misc.nix` of nixpkgs, once with the library that is embedded in nixscope in place of the real
//! one, once with the real one.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::scratch::Scratch;
use super::{Case, Outcome, Program, first_line, in_parallel};

/// Stands in for `lib/default.nix`: the same library, whose `runTests` says of each test whether it passes.
const STAND_IN: &str = "
let lib = import LIBRARY;
in lib // {
  runTests = tests:
    builtins.mapAttrs (name: test: test.expr == test.expected)
      (removeAttrs tests (builtins.filter (name: builtins.substring 0 4 name != \"test\") (builtins.attrNames tests)));
}
";

const EMBEDDED: &str = "misc.nix, embedded library";
const REAL: &str = "misc.nix, real library";

/// Cases that do not pass, and why.
const KNOWN: &[(&str, &str)] =
    &[("embedded testHasInfixPathStoreDir", STORE), ("real testHasInfixPathStoreDir", STORE)];

const STORE: &str = "looks at the store path of a copied source; nixscope copies nothing, and a path that becomes part of a string \
                     keeps its own text, so that what is read through it is found";

pub(super) fn run(program: &Program, checkout: &Path) -> Result<Outcome> {
    let lib = checkout.join("lib");
    ensure!(lib.join("tests/misc.nix").is_file(), "{}: has no lib/tests/misc.nix", checkout.display());
    let mut cases = Vec::new();
    for (group, directory, library) in [(EMBEDDED, "embedded", "<nixpkgs/lib>"), (REAL, "real", "./real.nix")]
    {
        let scratch = Scratch::new(directory)?;
        scratch.copy(&lib, "lib")?;
        scratch.put("lib/real.nix", &std::fs::read_to_string(lib.join("default.nix"))?)?;
        scratch.put("lib/default.nix", &STAND_IN.replace("LIBRARY", library))?;
        scratch.put("names.nix", "builtins.attrNames (import ./lib/tests/misc.nix)")?;
        let names = program.run(scratch.path(), &["eval", "--json", "names.nix"])?;
        let names: Vec<String> =
            serde_json::from_slice(&names.stdout).with_context(|| first_line(&names.stderr))?;
        cases.extend(in_parallel(&names, |name| {
            let run = program.run(scratch.path(), &["eval", "--json", "lib/tests/misc.nix", name])?;
            let failure = match serde_json::from_slice(&run.stdout) {
                Ok(Value::Bool(true)) => None,
                Ok(Value::Bool(false)) => Some("gives another value".to_owned()),
                _ if run.status.is_none() => Some("takes too long".to_owned()),
                _ => Some(first_line(&run.stderr)),
            };
            Ok(Case { name: format!("{directory} {name}"), group, failure })
        })?);
    }
    Ok(Outcome {
        title: "The library",
        about: "Each test of `lib/tests/misc.nix` is evaluated by itself, once with the embedded library in place of the \
                real one, and once with the real one of the checkout.",
        place: "`lib/tests/misc.nix` of nix-community/nixpkgs.lib, which is `lib` of nixpkgs",
        cases,
        known: KNOWN,
    })
}
