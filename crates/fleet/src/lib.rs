//! The fleet: what a flake's outputs say of hosts, modules, options, secrets and references.
//!
//! Queries: [`hosts`] evaluates the flake's outputs down to the hosts' names; [`host`] evaluates one
//! host: its module closure, its options, its definitions, its secrets; [`fleet`] joins them. Results
//! hold places as ids, so an edit of layout changes none of them.

mod batches;
mod candidates;
mod closure;
mod deploy;
mod external;
mod facts;
mod flake;
mod formatter;
mod host_eval;
mod host_sets;
mod index;
mod input_kind;
mod inspection;
mod key_path;
mod lock;
mod models;
mod option;
mod outputs;
mod packages;
mod problems;
mod project;
mod queries;
mod reads;
mod recursion;
mod references;
mod resolve;
mod secrets;
mod settings;
mod sites;

pub use candidates::{
    Candidate, CandidateKind, Draft, FunctionShape, Wanted, candidates, function_shape, function_shapes,
};
pub use deploy::{DeployNode, DeployTarget, Deployments, deployments};
pub use external::{
    ExternalOption, ModuleTree, OptionIndex, external_children, external_option, module_trees, option_index,
};
pub use facts::{Fact, FactValue, HostFacts};
pub use flake::{LockNode, inputs};
pub use formatter::flake_formatter;
pub use index::*;
pub use input_kind::InputKind;
pub use inspection::{host_facts, host_problems, host_settings};
pub use lock::{Dangling, Lock, dangling_inputs, input_digests, lock as flake_lock, locked_at};
pub use option::{HostDefinition, HostOption, host_option, parse_option_path};
pub use packages::package_names;
pub use problems::{
    HostProblems, MissingArgument, Notice, OptionProblem, OptionProblemKind, ProblemDefinition,
    RenamedOption, UnsetOption, is_system_namespace,
};
pub use project::{Evaluation, Project};
pub use queries::{HostSet, declared_options, exports, fleet, host, host_files, hosts};
pub use reads::{HostReads, host_reads, says_the_same};
pub use recursion::needs_itself;
pub use references::observed_references;
pub use resolve::mentions::{Meaning, Mention, meanings};
pub use resolve::{
    OptionId, Resolution, What, key_option_path, resolve_argument, resolve_file, resolve_inherited,
    resolve_key, resolve_selection, resolve_with, selection_path, unknown_of, value_of,
};
pub use secrets::{
    AgenixRule, EncryptedFile, Encryption, NamedKeys, OwnKeys, Recipient, SECRET_DIRECTORIES, SecretRules,
    SopsRule, agenix_rules, encrypted_file, is_secret_file, recipients_of, sops_rules,
};
pub use settings::{HostSettings, Known, Setting, SettingDefinition, SettingValue};
