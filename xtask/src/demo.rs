//! `cargo xtask demo`: what nixscope says of the fleet that ships with it.

use std::process::Command;

use anyhow::{Result, bail};

use crate::shell::{release_binary, root};

/// The fleet, from the project's root.
const FLEET: &str = "test-data/fleets/harbour";

pub(crate) fn demo() -> Result<()> {
    let nixscope = release_binary()?;
    // The fleet has mistakes on purpose, so `check` ends with 1.
    for (task, expected) in [("fleet", 0), ("check", 1)] {
        println!("\n$ nixscope {task} {FLEET}\n");
        let status = Command::new(&nixscope).current_dir(root()).args([task, FLEET]).status()?;
        if status.code() != Some(expected) {
            bail!("`nixscope {task} {FLEET}` ended with {status}, expected exit status {expected}");
        }
    }
    println!("\nThe mistakes are there on purpose: test-data/fleets/FAULTS.md lists them.");
    println!("The program is {}; try it on a fleet of yours.", nixscope.display());
    Ok(())
}
