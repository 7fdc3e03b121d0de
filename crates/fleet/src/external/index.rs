//! The option index of a tree of modules: every declaration, by path.

use std::collections::BTreeMap;

use nixscope_db::{Db, SourceFile};
use nixscope_hir::Symbol;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::tree::{ModuleTree, listed_file, module_list};
use crate::host_eval::declarations;
use crate::index::OptionDeclaration;
use crate::option::parse_option_path;

/// The options that a tree of modules declares.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OptionIndex {
    /// The declarations, sorted by path; those of one option in the order of the modules, but one that
    /// describes the option before one that only adds to it.
    declarations: Vec<OptionDeclaration>,
    root: Node,
}

/// A name space of options.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Node {
    children: BTreeMap<SmolStr, Node>,
    /// Where the declarations of the option at this very path begin.
    start: u32,
    /// The number of its declarations; 0 where it is a name space only.
    count: u32,
}

/// The options of one module file of a tree, with those of the modules that it imports; without a file, of
/// the modules that stand in the list itself. Evaluated without a configuration: what a declaration takes
/// from `config` or `pkgs` is unknown.
#[salsa::tracked(returns(ref))]
pub(crate) fn module_options<'db>(
    db: &'db dyn Db,
    tree: ModuleTree<'db>,
    file: Option<SourceFile>,
) -> Vec<OptionDeclaration> {
    tree.evaluate(db, |ev, loaded| {
        let modules = match file {
            Some(file) => vec![ev.done(ev.path(file.path(db).as_str()))],
            None => {
                let mut modules = loaded.modules(ev).unwrap_or_default();
                modules.retain(|item| listed_file(ev, item).is_none());
                modules
            }
        };
        let system = loaded.system(ev, &modules);
        declarations(ev, &system).into_iter().map(|(_, declaration)| declaration).collect()
    })
}

/// The option index of a tree. Built on first use, on every core; it depends on files of the tree only,
/// and these have a durability that no edit of the workspace touches.
#[salsa::tracked(returns(ref))]
pub fn option_index<'db>(db: &'db dyn Db, tree: ModuleTree<'db>) -> OptionIndex {
    let list = module_list(db, tree);
    let inline = list.has_inline.then_some(None);
    let files = list.files.iter().map(|path| Some(nixscope_db::source(db, path)));
    let modules: Vec<Option<SourceFile>> = files.chain(inline).collect();
    // The answers are only looked up below: what this query reads must be recorded on this thread.
    let fork = Fork(db.fork());
    // In a scope, since a short list would be gone through on this thread, which has a handle already.
    rayon::scope(|_| {
        modules.par_iter().with_max_len(4).for_each_with(fork, |fork, file| {
            module_options(&*fork.0, tree, *file);
        });
    });
    let all = modules.iter().flat_map(|file| module_options(db, tree, *file));
    OptionIndex::new(all.cloned().collect())
}

/// A handle of the database for another thread.
struct Fork(Box<dyn Db>);

impl Clone for Fork {
    fn clone(&self) -> Fork {
        Fork(self.0.fork())
    }
}

impl OptionIndex {
    fn new(mut declarations: Vec<OptionDeclaration>) -> OptionIndex {
        let mut known = FxHashSet::default();
        declarations.retain(|it| known.insert((it.path.clone(), it.place)));
        let adds_only = |it: &OptionDeclaration| it.description.is_none() && it.default.is_none();
        declarations.sort_by(|a, b| a.path.cmp(&b.path).then(adds_only(a).cmp(&adds_only(b))));
        let mut root = Node::default();
        let mut start = 0;
        for same in declarations.chunk_by(|a, b| a.path == b.path) {
            let mut node = &mut root;
            for name in parse_option_path(&same[0].path) {
                node = node.children.entry(name.as_str().into()).or_default();
            }
            (node.start, node.count) = (start, same.len() as u32);
            start += node.count;
        }
        OptionIndex { declarations, root }
    }

    /// Every declaration, sorted by path.
    pub fn declarations(&self) -> &[OptionDeclaration] {
        &self.declarations
    }

    /// The declarations of an option, the one that describes it first; empty where there is no such
    /// option. Names stand for themselves or for the `<name>` and `*` of submodules.
    pub fn get(&self, path: &[Symbol]) -> &[OptionDeclaration] {
        &self.declarations[self.root.descend(path).map_or(0..0, Node::range)]
    }

    /// The names right below a path, each with its declarations where it is an option itself. `<name>` and
    /// `*` are among them where any name may stand.
    pub fn children(&self, path: &[Symbol]) -> Vec<(&str, &[OptionDeclaration])> {
        let Some(node) = self.root.descend(path) else { return Vec::new() };
        let declarations = |node: &Node| &self.declarations[node.range()];
        node.children.iter().map(|(name, node)| (name.as_str(), declarations(node))).collect()
    }

    /// Whether the path is an option, lies inside one whose type says nothing of its inside, or is a name
    /// space of options.
    pub fn knows(&self, path: &[Symbol]) -> bool {
        (0..=path.len()).rev().any(|length| match self.root.descend(&path[..length]) {
            Some(node) => length == path.len() || node.count > 0,
            None => false,
        })
    }
}

impl Node {
    fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.count) as usize
    }

    fn descend(&self, path: &[Symbol]) -> Option<&Node> {
        let Some((name, rest)) = path.split_first() else { return Some(self) };
        let literal = self.children.get(name.as_str()).and_then(|node| node.descend(rest));
        literal.or_else(|| {
            self.children
                .iter()
                .filter(|(name, _)| name.starts_with('<') || *name == "*")
                .find_map(|(_, node)| node.descend(rest))
        })
    }
}
