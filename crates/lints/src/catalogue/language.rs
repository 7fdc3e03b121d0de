//! What the text of a file says by itself.

mod bool_comparison;
mod bool_mk_if;
mod bool_simplification;
mod collapsible_let;
mod deprecated_to_path;
mod duplicate_attribute;
mod empty_inherit;
mod empty_let;
mod empty_list_concat;
mod empty_pattern;
mod eta_reduction;
mod import_from_derivation;
mod infinite_recursion;
mod legacy_let;
mod manual_inherit;
mod manual_inherit_from;
mod needless_rec;
mod nix_path_lookup;
mod prefer_override_attrs;
mod rec_attrset;
mod redundant_pattern_bind;
mod repeated_keys;
mod shadowed_builtin;
mod syntax_error;
mod top_level_with;
mod trivial_wrapper;
mod unknown_suppression;
mod unresolved_name;
mod unused_inherit;
mod unused_lambda_arg;
mod unused_let;
mod unused_pattern_name;
mod unused_suppression;
mod unused_with;
mod url_literal;
mod useless_has_attr;
mod useless_parens;

use crate::lint::Lint;

pub(crate) use unknown_suppression::LINT as UNKNOWN_SUPPRESSION;
pub(crate) use unused_suppression::LINT as UNUSED_SUPPRESSION;

/// The lints of this group, sorted by name.
pub(super) static LINTS: &[&Lint] = &[
    &bool_comparison::LINT,
    &bool_mk_if::LINT,
    &bool_simplification::LINT,
    &collapsible_let::LINT,
    &deprecated_to_path::LINT,
    &duplicate_attribute::LINT,
    &empty_inherit::LINT,
    &empty_let::LINT,
    &empty_list_concat::LINT,
    &empty_pattern::LINT,
    &eta_reduction::LINT,
    &import_from_derivation::LINT,
    &infinite_recursion::LINT,
    &legacy_let::LINT,
    &manual_inherit::LINT,
    &manual_inherit_from::LINT,
    &needless_rec::LINT,
    &nix_path_lookup::LINT,
    &prefer_override_attrs::LINT,
    &rec_attrset::LINT,
    &redundant_pattern_bind::LINT,
    &repeated_keys::LINT,
    &shadowed_builtin::LINT,
    &syntax_error::LINT,
    &top_level_with::LINT,
    &trivial_wrapper::LINT,
    &unknown_suppression::LINT,
    &unresolved_name::LINT,
    &unused_inherit::LINT,
    &unused_lambda_arg::LINT,
    &unused_let::LINT,
    &unused_pattern_name::LINT,
    &unused_suppression::LINT,
    &unused_with::LINT,
    &url_literal::LINT,
    &useless_has_attr::LINT,
    &useless_parens::LINT,
];
