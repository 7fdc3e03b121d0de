//! Fuzzes the evaluator with programs that a generator makes of the bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| nixscope_fuzz::programs(bytes));
