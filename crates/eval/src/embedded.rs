//! The embedded library: nixpkgs' `lib` as a library of our own, written in Nix.

/// The directory under which the embedded files appear; no disk has it.
pub const EMBEDDED_ROOT: &str = "/«nixscope»";

/// The library's entry point.
pub const LIB_PATH: &str = "/«nixscope»/lib/default.nix";

/// Every embedded file: its path and text.
pub fn embedded_files() -> &'static [(&'static str, &'static str)] {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"))
}
