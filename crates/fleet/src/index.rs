//! The index as data: plain, comparable, without places in bytes.

use nixscope_db::{SourceFile, VfsPath};
use nixscope_eval::SourcePlace;
use smol_str::SmolStr;

use crate::flake::LockNode;
use crate::secrets::{Recipient, SecretRules};

/// What kind of system a host is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum HostClass {
    /// NixOS.
    Nixos,
    /// nix-darwin.
    Darwin,
    /// A standalone home-manager configuration.
    HomeManager,
    /// nix-on-droid.
    NixOnDroid,
    /// system-manager, on a distribution of its own.
    SystemManager,
}

/// A host: one configuration among the flake's outputs.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Host {
    /// The attribute's name.
    pub name: SmolStr,
    /// The output it stands in: `nixosConfigurations`, `darwinConfigurations`, …
    pub output: SmolStr,
    /// What kind of system.
    pub class: HostClass,
    /// Where the attribute is written.
    pub place: Option<SourcePlace>,
}

/// Everything known of one host.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HostIndex {
    /// Its system, `x86_64-linux`.
    pub system: Option<SmolStr>,
    /// Its modules, in import order, each once.
    pub modules: Vec<Module>,
    /// Systems inside it: home-manager users, containers.
    pub nested: Vec<Nested>,
    /// Modules from outside the repository.
    pub external: Vec<ExternalModule>,
    /// Names that modules get beside `config`, `options`, `lib` and `pkgs`; sorted.
    pub module_args: Vec<SmolStr>,
    /// Options that modules of the repository declare here; sorted by path.
    pub options: Vec<OptionDeclaration>,
    /// Definitions of those options, and of secrets; sorted by path.
    pub definitions: Vec<Definition>,
    /// Those of the options that something which is not known may define as well; sorted.
    pub open_options: Vec<SmolStr>,
    /// Secrets declared here; sorted by path.
    pub secrets: Vec<SecretDeclaration>,
    /// The public keys that are this host's own, as its configuration says: what its secrets must be
    /// encrypted for.
    pub public_keys: Vec<SmolStr>,
    /// What this host's modules read of other hosts.
    pub references: Vec<HostReference>,
    /// What this host's modules read of secrets.
    pub secret_reads: Vec<SecretRead>,
    /// What could add a module and is not known.
    pub gaps: Vec<Gap>,
    /// What went wrong on the way.
    pub problems: Vec<Problem>,
}

/// A system inside a host.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Nested {
    /// `home-manager`, `container`.
    pub kind: SmolStr,
    /// The user or container.
    pub name: SmolStr,
    /// What it consists of.
    pub index: HostIndex,
}

/// A module of the repository as a host imports it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Module {
    /// The file that holds it.
    pub file: SourceFile,
    /// Where it is imported; for an inline module, where it is written.
    pub place: Option<SourcePlace>,
    /// The file that imports it.
    pub imported_by: Option<SourceFile>,
    /// Whether the import depends on something unknown.
    pub conditional: bool,
    /// Whether it is written in a list instead of a file of its own.
    pub inline: bool,
}

/// A module from outside the repository.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExternalModule {
    /// Its symbolic path, `inputs.agenix.nixosModules.default`.
    pub name: SmolStr,
    /// Where it is imported.
    pub place: Option<SourcePlace>,
}

/// Something unknown that could add to an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// What it is: a symbolic path.
    pub what: SmolStr,
    /// Why it is not known.
    pub why: SmolStr,
    /// Where it came in.
    pub place: Option<SourcePlace>,
}

/// An option's declaration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OptionDeclaration {
    /// Its path: `services.web.port`; names that need quotes have them.
    pub path: SmolStr,
    /// Its type, as nixpkgs describes types: `boolean`, `null or string`.
    pub type_name: Option<SmolStr>,
    /// Its default, printed.
    pub default: Option<SmolStr>,
    /// Its example, printed.
    pub example: Option<SmolStr>,
    /// Its description.
    pub description: Option<SmolStr>,
    /// The name in the declaration.
    pub place: Option<SourcePlace>,
    /// Whether it is marked `internal` or `visible = false`.
    pub hidden: bool,
}

/// A definition of an option.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Definition {
    /// The option's path.
    pub path: SmolStr,
    /// The name in the definition.
    pub place: Option<SourcePlace>,
    /// Its priority; a lower one wins. 100 is a plain definition's.
    pub priority: i64,
    /// Whether its conditions hold; none where that is not known.
    pub active: Option<bool>,
    /// Whether it is among those that make the value.
    pub winning: bool,
    /// The value, printed, where it is short and known.
    pub value: Option<SmolStr>,
}

/// Which tool manages a secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum SecretBackend {
    /// agenix, ragenix, agenix-rekey: `age.secrets`.
    Agenix,
    /// sops-nix: `sops.secrets`.
    Sops,
    /// secrix: `secrix.system.secrets`, `secrix.services.<unit>.secrets`.
    Secrix,
    /// systemd itself: `LoadCredentialEncrypted`, `SetCredentialEncrypted` of a unit.
    Systemd,
    /// clan: the files of `clan.core.vars.generators.<generator>` that are not public.
    Clan,
}

impl SecretBackend {
    /// Whether the tool puts decrypted files below a directory.
    pub(crate) fn decrypts_to(self, directory: &str) -> bool {
        match self {
            SecretBackend::Agenix => directory == "/run/agenix/",
            SecretBackend::Sops => matches!(directory, "/run/secrets/" | "/run/secrets-for-users/"),
            SecretBackend::Secrix | SecretBackend::Systemd | SecretBackend::Clan => false,
        }
    }

    /// The tool's name, as the index prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            SecretBackend::Agenix => "agenix",
            SecretBackend::Sops => "sops-nix",
            SecretBackend::Secrix => "secrix",
            SecretBackend::Systemd => "systemd",
            SecretBackend::Clan => "clan",
        }
    }
}

/// A secret that a host declares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecretDeclaration {
    /// Its name.
    pub name: SmolStr,
    /// The tool.
    pub backend: SecretBackend,
    /// The option path it is declared at: `age.secrets.x`.
    pub path: SmolStr,
    /// The name in the declaration.
    pub place: Option<SourcePlace>,
    /// The encrypted file, where it is known.
    pub file: Option<VfsPath>,
    /// Why the file is not known, where it is not.
    pub unknown_file: Option<SmolStr>,
    /// Whether the file is there; none where the file is not known.
    pub exists: Option<bool>,
    /// Where the file is named.
    pub file_place: Option<SourcePlace>,
    /// The key within a sops file, nested ones with `/` between; none for a whole file, and where it is
    /// not known.
    pub key: Option<SmolStr>,
    /// Who can decrypt it, as far as the configuration itself says so; see [`crate::recipients_of`].
    pub recipients: Vec<Recipient>,
    /// Whether it is not known that the host declares it: a condition on something unknown is around it.
    pub conditional: bool,
}

/// A read of a secret: `config.age.secrets.x…`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SecretRead {
    /// The option path that is read: `age.secrets.x`.
    pub path: SmolStr,
    /// The secret's name; empty where it is computed and not known: then the read may be of any.
    pub name: SmolStr,
    /// The tool.
    pub backend: SecretBackend,
    /// The selection.
    pub place: SourcePlace,
    /// The name in the selection.
    pub name_place: SourcePlace,
    /// Whether the host declares it; none where its declarations are not completely known.
    pub declared: Option<bool>,
}

/// A read of another host's configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HostReference {
    /// The whole selection.
    pub place: SourcePlace,
    /// The name of the host in it, where it is written out.
    pub host_place: Option<SourcePlace>,
    /// The selection as text.
    pub expression: SmolStr,
    /// The host's name; none where it is computed and not known.
    pub host: Option<SmolStr>,
    /// The option path after `config`; empty where the host itself is meant.
    pub path: SmolStr,
    /// The places that define it, the winner first, then the declaration.
    pub targets: Vec<SourcePlace>,
    /// The value, printed, where it is known and short.
    pub value: Option<SmolStr>,
    /// How it came out.
    pub status: ReferenceStatus,
    /// Whether the program says itself what holds where the option is not there (`or`, `?`).
    pub guarded: bool,
}

/// How a reference came out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReferenceStatus {
    /// Definitions in the repository.
    Resolved,
    /// Only an input defines it.
    External,
    /// Nothing sets it; the declaration's default holds.
    Default,
    /// There is no such host.
    MissingHost,
    /// Nothing of the host declares or sets it.
    MissingOption,
    /// The host or the path is computed and not known.
    Dynamic,
}

impl ReferenceStatus {
    /// As the index prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            ReferenceStatus::Resolved => "resolved",
            ReferenceStatus::External => "external",
            ReferenceStatus::Default => "default",
            ReferenceStatus::MissingHost => "missing-host",
            ReferenceStatus::MissingOption => "missing-option",
            ReferenceStatus::Dynamic => "dynamic",
        }
    }
}

/// Something that evaluation found wrong.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// For people.
    pub message: SmolStr,
    /// Where.
    pub place: Option<SourcePlace>,
}

/// The kinds of problem.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ProblemKind {
    /// An imported module is not there.
    MissingImport,
    /// A value that needs itself.
    InfiniteRecursion,
    /// A file from a derivation was needed.
    ImportFromDerivation,
    /// Any other error of the program.
    Error,
}

/// The whole fleet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FleetIndex {
    /// The hosts with what is known of each, in the order of outputs and names.
    pub hosts: Vec<(Host, HostIndex)>,
    /// The flake's inputs.
    pub inputs: Vec<Input>,
    /// Module files that the flake exports: the file and the output, `nixosModules.vpn`.
    pub exports: Vec<(SourceFile, SmolStr)>,
    /// What the flake's own file reads of hosts, outside of modules.
    pub references: Vec<HostReference>,
    /// For whom the repository's rules say that secrets are encrypted.
    pub secret_rules: SecretRules,
    /// What keeps the set of hosts from being known completely.
    pub gaps: Vec<Gap>,
    /// What went wrong outside any host.
    pub problems: Vec<Problem>,
}

/// How an input's source was found.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SourceOrigin {
    /// A directory that the user named.
    Configured,
    /// A relative path: its files are part of the repository.
    Repository,
    /// An absolute path on this machine.
    Disk,
    /// The Nix store.
    Store,
}

/// A flake input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Input {
    /// Its name.
    pub name: SmolStr,
    /// Its URL as `flake.nix` has it, or what it follows.
    pub url: Option<SmolStr>,
    /// The revision that `flake.lock` holds.
    pub rev: Option<SmolStr>,
    /// When the locked revision was made, in seconds since 1970.
    pub last_modified: Option<i64>,
    /// Where its source is in the store once it is fetched: this follows from the lock file's hash.
    pub store_path: Option<SmolStr>,
    /// Where its source is on this machine, with the directory in it that the reference names; none where
    /// it is not here.
    pub source: Option<VfsPath>,
    /// How the source was found.
    pub origin: SourceOrigin,
    /// Whether it is a flake; `flake = false` makes it mere files.
    pub is_flake: bool,
    /// Where it is locked.
    pub node: Option<LockNode>,
    /// Where `flake.nix` declares it.
    pub place: Option<SourcePlace>,
}
