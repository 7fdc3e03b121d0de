//! Fuzzes the parser, positions, suppressions and the lowering with bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| nixscope_fuzz::syntax(bytes));
