//! `.sops.yaml`: which keys a file is encrypted for when it is created.
//!
//! Source: sops' documentation of the configuration file. The first rule whose `path_regex` is found in
//! the file's path, relative to the configuration's directory, holds; a rule without one holds always.

use nixscope_db::{Db, EntryKind, SourceFile, VfsPath};
use nixscope_eval::{PlaceKind, SourcePlace};
use smol_str::SmolStr;

use super::encrypted::recipients;
use super::recipients::Recipient;
use super::tree::Tree;

/// One of the `creation_rules`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SopsRule {
    /// Where the rule stands.
    pub place: SourcePlace,
    /// The expression that a path must match; none for a rule that holds for all.
    pub path_regex: Option<SmolStr>,
    /// The keys it names.
    pub recipients: Vec<Recipient>,
}

/// The rules of a `.sops.yaml`, in order. Re-evaluated when it changes.
#[salsa::tracked(returns(ref))]
pub fn sops_rules(db: &dyn Db, config: SourceFile) -> Vec<SopsRule> {
    let Some(tree) = Tree::yaml(config.text(db).as_str()) else { return Vec::new() };
    let rules = tree.root().and_then(|root| tree.get(root, "creation_rules"));
    let place = |offset| SourcePlace { source: config, kind: PlaceKind::Offset(offset) };
    rules
        .iter()
        .flat_map(|rules| tree.items(*rules))
        .map(|rule| {
            let mut keys = Vec::new();
            recipients(&tree, *rule, Some(config), &mut keys);
            SopsRule {
                place: place(tree.offset(*rule)),
                path_regex: tree.get(*rule, "path_regex").and_then(|it| tree.scalar(it)).map(SmolStr::from),
                recipients: keys,
            }
        })
        .collect()
}

/// The `.sops.yaml` that holds for a file: the nearest in the directories above it, within the project.
pub(crate) fn sops_config(db: &dyn Db, root: &VfsPath, file: &VfsPath) -> Option<SourceFile> {
    let mut directory = file.parent();
    while let Some(at) = directory.filter(|it| it.starts_with(root)) {
        let config = at.join(".sops.yaml");
        if nixscope_db::kind(db, &config) == EntryKind::File {
            return Some(nixscope_db::source(db, &config));
        }
        directory = at.parent();
    }
    None
}

/// The rule of a `.sops.yaml` that holds for a file.
pub(crate) fn sops_rule<'db>(db: &'db dyn Db, config: SourceFile, file: &VfsPath) -> Option<&'db SopsRule> {
    let directory = config.path(db).parent()?;
    let path = file.strip_prefix(&directory)?;
    sops_rules(db, config).iter().find(|rule| match &rule.path_regex {
        Some(pattern) => matches(pattern, path),
        None => true,
    })
}

/// Go's expressions and ours agree in all that rules are made of; one that we cannot read matches nothing.
fn matches(pattern: &str, path: &str) -> bool {
    const MAX_COMPILED: usize = 1 << 20;
    regex::RegexBuilder::new(pattern)
        .size_limit(MAX_COMPILED)
        .build()
        .is_ok_and(|expression| expression.is_match(path))
}
