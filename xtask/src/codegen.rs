//! `cargo xtask codegen`: the generated files. What writes them is a program of its own, `xtask/codegen`, because it
//! is made of nixscope's crates, and the other tasks must not wait for these.

use anyhow::Result;

use crate::shell::{cargo, run};

pub(crate) fn codegen(check: bool) -> Result<()> {
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "xtask-codegen", "--"]);
    if check {
        command.arg("--check");
    }
    run(&mut command)
}
