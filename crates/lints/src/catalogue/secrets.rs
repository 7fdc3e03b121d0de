//! What leaks, and what cannot be decrypted.

mod decrypted_secret_committed;
mod firewall_disabled;
mod firewall_wide_open;
mod insecure_url;
mod nix_env_in_script;
mod plaintext_secret;
mod secret_file_missing;
mod secret_path_in_store;
mod secret_read_at_eval;
mod secret_recipient_missing;
mod secret_too_open;
mod secret_undeclared;
mod secret_unused;
mod service_on_all_interfaces;
mod service_runs_as_root;
mod ssh_password_login;
mod substituter_without_key;

use crate::lint::Lint;

/// The lints of this group, sorted by name.
pub(super) static LINTS: &[&Lint] = &[
    &decrypted_secret_committed::LINT,
    &firewall_disabled::LINT,
    &firewall_wide_open::LINT,
    &insecure_url::LINT,
    &nix_env_in_script::LINT,
    &plaintext_secret::LINT,
    &secret_file_missing::LINT,
    &secret_path_in_store::LINT,
    &secret_read_at_eval::LINT,
    &secret_recipient_missing::LINT,
    &secret_too_open::LINT,
    &secret_undeclared::LINT,
    &secret_unused::LINT,
    &service_on_all_interfaces::LINT,
    &service_runs_as_root::LINT,
    &ssh_password_login::LINT,
    &substituter_without_key::LINT,
];
