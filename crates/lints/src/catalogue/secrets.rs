//! What leaks, and what cannot be decrypted.

mod insecure_url;
mod nix_env_in_script;
mod plaintext_secret;
mod secret_file_missing;
mod secret_read_at_eval;
mod secret_undeclared;

use crate::lint::Lint;

/// The lints of this group, sorted by name.
pub(super) static LINTS: &[&Lint] = &[
    &insecure_url::LINT,
    &nix_env_in_script::LINT,
    &plaintext_secret::LINT,
    &secret_file_missing::LINT,
    &secret_read_at_eval::LINT,
    &secret_undeclared::LINT,
];
