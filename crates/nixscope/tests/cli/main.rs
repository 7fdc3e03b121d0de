//! The command line as its users meet it: real processes over directories made for the test.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests make files and run programs")]

mod support;

mod affected;
mod bad_input;
mod check;
mod commands;
mod docs;
mod eval;
mod fixes;
mod fleet;
mod option;
mod schemas;
