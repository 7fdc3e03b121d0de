//! Writes the files that are generated from the code, or checks them: run by `cargo xtask codegen`.

fn main() {}
