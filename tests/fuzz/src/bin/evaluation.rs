//! Fuzzes the evaluator with bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| nixscope_fuzz::evaluation(bytes));
