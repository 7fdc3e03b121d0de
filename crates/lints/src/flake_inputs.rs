//! The inputs of the project's flake as `flake.nix` writes them, with their places.
//!
//! Inputs must be literal (the Nix manual, "Flake inputs"), so they are read, not evaluated. Where they are not, or
//! where a part is computed, nothing is said of them.

use nixscope_db::{EntryKind, SourceFile};
use nixscope_fleet::Lock;
use nixscope_hir::{BindingValue, Bindings, Expr, ExprId, NameId};
use nixscope_syntax::{TextRange, TextSize};

use crate::context::{FileContext, FleetContext};
use crate::names;

/// The flake's own file and what it declares.
pub(crate) struct FlakeInputs<'db> {
    /// The file.
    pub(crate) cx: FileContext<'db>,
    /// The name `inputs`, or that of the first input.
    pub(crate) name: TextRange,
    /// The inputs, in the order of the file.
    pub(crate) inputs: Vec<DeclaredInput<'db>>,
}

/// An input.
pub(crate) struct DeclaredInput<'db> {
    /// Its name.
    pub(crate) name: &'db str,
    /// The name in its declaration.
    pub(crate) place: NameId,
    /// Its URL.
    pub(crate) url: Option<Text<'db>>,
    /// What it follows.
    pub(crate) follows: Option<Text<'db>>,
    /// Whether it is a flake; none where that is computed.
    pub(crate) is_flake: bool,
    /// The value, where it is one set.
    pub(crate) value: Option<ExprId>,
    /// What it says of its own inputs.
    pub(crate) inner: Vec<DeclaredInput<'db>>,
}

/// A literal text with its place.
#[derive(Clone, Copy)]
pub(crate) struct Text<'db> {
    pub(crate) text: &'db str,
    pub(crate) expr: ExprId,
}

/// Inputs of inputs deeper than this are not looked at.
const MAX_DEPTH: u32 = 4;

impl<'db> FlakeInputs<'db> {
    /// What the project's flake declares; none where that is not literal.
    pub(crate) fn read(cx: &FleetContext<'db>) -> Option<FlakeInputs<'db>> {
        let path = cx.project.root(cx.db).join("flake.nix");
        if nixscope_db::kind(cx.db, &path) != EntryKind::File {
            return None;
        }
        let cx = FileContext::new(cx.db, cx.project, nixscope_db::source(cx.db, &path));
        if cx.is_broken() {
            return None;
        }
        let body = cx.body;
        let root = names::bindings(&body.exprs[body.root])?;
        let entry = root.named.iter().find(|it| it.name.as_str() == "inputs")?;
        let BindingValue::Expr(set) = entry.value else { return None };
        let inputs = declared(&cx, literal_set(&body.exprs[set])?, 0)?;
        Some(FlakeInputs { cx, name: cx.map.name(entry.place), inputs })
    }

    /// The lock file beside it; none where there is none that can be read.
    pub(crate) fn lock(&self) -> Option<(SourceFile, &'db Lock)> {
        let db = self.cx.db;
        let path = self.cx.project.root(db).join("flake.lock");
        if nixscope_db::kind(db, &path) != EntryKind::File {
            return None;
        }
        let file = nixscope_db::source(db, &path);
        let lock = nixscope_fleet::flake_lock(db, file);
        lock.has_node(lock.root()).then_some((file, lock))
    }

    /// The input of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&DeclaredInput<'db>> {
        self.inputs.iter().find(|it| it.name == name)
    }
}

fn literal_set(expr: &Expr) -> Option<&Bindings> {
    match expr {
        Expr::Attrs(bindings) if bindings.dynamic.is_empty() && bindings.inherit_from.is_empty() => {
            Some(bindings)
        }
        _ => None,
    }
}

fn declared<'db>(
    cx: &FileContext<'db>,
    bindings: &'db Bindings,
    depth: u32,
) -> Option<Vec<DeclaredInput<'db>>> {
    let mut inputs = Vec::with_capacity(bindings.named.len());
    for binding in &bindings.named {
        let BindingValue::Expr(value) = binding.value else { return None };
        let settings = literal_set(&cx.body.exprs[value])?;
        let of = |name: &str| {
            let setting = settings.named.iter().find(|it| it.name.as_str() == name)?;
            match setting.value {
                BindingValue::Expr(value) => Some(value),
                _ => None,
            }
        };
        let text = |name: &str| {
            let expr = of(name)?;
            match &cx.body.exprs[expr] {
                Expr::Str(text) | Expr::Path(_, text) => Some(Text { text, expr }),
                _ => None,
            }
        };
        let is_false =
            |expr: ExprId| matches!(&cx.body.exprs[expr], Expr::Global(it) if it.as_str() == "false");
        let inner = match of("inputs").filter(|_| depth < MAX_DEPTH) {
            Some(inner) => declared(cx, literal_set(&cx.body.exprs[inner])?, depth + 1)?,
            None => Vec::new(),
        };
        inputs.push(DeclaredInput {
            name: binding.name.as_str(),
            place: binding.place,
            url: text("url").or_else(|| text("path")),
            follows: text("follows"),
            is_flake: !of("flake").is_some_and(is_false),
            value: matches!(&cx.body.exprs[value], Expr::Attrs(_)).then_some(value),
            inner,
        });
    }
    Some(inputs)
}

/// Where the entry of a node's input stands in a lock file.
pub(crate) fn lock_entry(text: &str, node: &str, input: &str) -> TextRange {
    // A node is an object, an input is not: nodes and inputs often have the same names.
    let key = |name: &str, from: usize, object: bool| {
        let quoted = format!("{name:?}");
        let is_key = |at: &usize| {
            let value = text[at + quoted.len()..].trim_start().strip_prefix(':').map(str::trim_start);
            value.is_some_and(|value| value.starts_with('{') == object)
        };
        let found = text[from..].match_indices(&quoted).map(|(at, _)| from + at).find(is_key);
        found.map(|at| (at, quoted.len()))
    };
    let found = key("nodes", 0, true)
        .and_then(|(at, _)| key(node, at, true))
        .and_then(|(at, _)| key(input, at + node.len(), false));
    let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
    match found {
        Some((at, length)) => TextRange::at(size(at), size(length)),
        None => TextRange::at(size(0), text.chars().next().map_or(size(0), TextSize::of)),
    }
}
