//! From a lowered file back to its text.

use nixscope_syntax::TextRange;
use smol_str::SmolStr;

use crate::expr::{Body, ExprId, NameId};

/// The places of a [`Body`]'s expressions and names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SourceMap {
    pub(crate) exprs: Vec<TextRange>,
    pub(crate) names: Vec<NamePlace>,
    pub(crate) problems: Vec<LoweringProblem>,
    pub(crate) uris: Vec<TextRange>,
    pub(crate) extra_keys: Vec<(NameId, NameId)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NamePlace {
    pub(crate) name: TextRange,
    pub(crate) entry: TextRange,
}

/// Something that Nix refuses and only lowering sees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LoweringProblem {
    /// The same attribute is defined twice and the two cannot be merged.
    DuplicateAttribute {
        /// The attribute's path as written.
        path: SmolStr,
        /// The first definition.
        first: NameId,
        /// The second.
        second: NameId,
    },
}

impl SourceMap {
    /// The text of an expression, without parentheses around it.
    pub fn expr(&self, expr: ExprId) -> TextRange {
        self.exprs.get(Body::raw(expr) as usize).copied().unwrap_or_default()
    }

    /// The name itself.
    pub fn name(&self, name: NameId) -> TextRange {
        self.names.get(Body::raw_name(name) as usize).map(|it| it.name).unwrap_or_default()
    }

    /// The whole entry that the name belongs to: `a.b = 1;`, `inherit a b;`, `a ? 1`.
    pub fn entry(&self, name: NameId) -> TextRange {
        self.names.get(Body::raw_name(name) as usize).map(|it| it.entry).unwrap_or_default()
    }

    /// What lowering found wrong.
    pub fn problems(&self) -> &[LoweringProblem] {
        &self.problems
    }

    /// The bare URLs of the file (RFC 45).
    pub fn uris(&self) -> &[TextRange] {
        &self.uris
    }

    /// Further places of a merged attribute: `a.b = 1; a.c = 2;` has two places of `a`. Pairs of the
    /// binding's own place and the further one.
    pub fn further_places(&self) -> &[(NameId, NameId)] {
        &self.extra_keys
    }
}
