//! Bindings of sets and `let`s: attribute paths become nested sets, and sets that are defined in
//! pieces are merged as Nix merges them.

use indexmap::IndexMap;
use nixscope_syntax::ast::{self, HasEntry};
use nixscope_syntax::{AstNode, TextRange};
use rustc_hash::FxBuildHasher;

use super::Lowering;
use crate::expr::*;
use crate::{LoweringProblem, Symbol};

/// A set under construction.
#[derive(Default)]
struct Draft {
    named: IndexMap<Symbol, Slot, FxBuildHasher>,
    dynamic: Vec<(ast::Attr, TextRange, DraftValue)>,
    inherit_from: Vec<Option<ast::Expr>>,
}

struct Slot {
    place: NameId,
    value: DraftValue,
}

enum DraftValue {
    /// Any expression.
    Expr(Option<ast::Expr>),
    /// A set made by attribute paths, or a literal set that others were merged into.
    Set(Box<Draft>, TextRange),
    /// A literal `rec { }`; what is merged into it becomes part of it.
    Rec(Box<Draft>, TextRange),
    Inherit,
    InheritFrom(u32),
}

impl Lowering {
    /// The bindings of a set that is not recursive.
    pub(super) fn plain_bindings(&mut self, set: &impl HasEntry) -> Bindings {
        let draft = self.draft(set);
        self.finish(draft, None).0
    }

    /// The bindings of a `let` or `rec`, lowered inside their own scope, which stays open; the second
    /// is the scope to go back to.
    pub(super) fn recursive_bindings(
        &mut self,
        set: &impl HasEntry,
        kind: ScopeKind,
    ) -> (Bindings, Option<ScopeId>) {
        let draft = self.draft(set);
        self.finish(draft, Some(kind))
    }

    fn draft(&mut self, set: &impl HasEntry) -> Draft {
        let mut draft = Draft::default();
        self.fill(&mut draft, set);
        draft
    }

    fn fill(&mut self, draft: &mut Draft, set: &impl HasEntry) {
        for entry in set.entries() {
            match entry {
                ast::Entry::Inherit(it) => self.inherit(draft, &it),
                ast::Entry::AttrpathValue(it) => {
                    let Some(path) = it.attrpath() else { continue };
                    let attrs: Vec<ast::Attr> = path.attrs().collect();
                    self.define(draft, &attrs, it.value(), it.syntax().text_range());
                }
            }
        }
    }

    fn inherit(&mut self, draft: &mut Draft, it: &ast::Inherit) {
        let from = it.from().map(|from| {
            draft.inherit_from.push(from.expr());
            (draft.inherit_from.len() - 1) as u32
        });
        for attr in it.attrs() {
            let Some(name) = static_name(&attr) else { continue };
            let place = self.name(name, attr.syntax().text_range(), it.syntax().text_range());
            let value = match from {
                Some(index) => DraftValue::InheritFrom(index),
                None => DraftValue::Inherit,
            };
            if let Some(known) = draft.named.get(&name) {
                self.duplicate(name.as_str(), known.place, place);
            } else {
                draft.named.insert(name, Slot { place, value });
            }
        }
    }

    fn define(&mut self, draft: &mut Draft, attrs: &[ast::Attr], value: Option<ast::Expr>, entry: TextRange) {
        let Some((first, rest)) = attrs.split_first() else { return };
        let Some(name) = static_name(first) else {
            let value = match rest {
                [] => DraftValue::Expr(value),
                _ => {
                    let mut inner = Draft::default();
                    self.define(&mut inner, rest, value, entry);
                    DraftValue::Set(Box::new(inner), entry)
                }
            };
            draft.dynamic.push((first.clone(), entry, value));
            return;
        };
        let place = self.name(name, first.syntax().text_range(), entry);
        if rest.is_empty() {
            self.define_leaf(draft, name, place, value, entry);
            return;
        }
        match draft.named.get_mut(&name) {
            None => {
                let mut inner = Draft::default();
                self.define(&mut inner, rest, value, entry);
                draft.named.insert(name, Slot { place, value: DraftValue::Set(Box::new(inner), entry) });
            }
            Some(slot) => {
                self.map.extra_keys.push((slot.place, place));
                let known = slot.place;
                match self.as_set(&mut slot.value) {
                    Some(inner) => self.define(inner, rest, value, entry),
                    None => self.duplicate(name.as_str(), known, place),
                }
            }
        }
    }

    fn define_leaf(
        &mut self,
        draft: &mut Draft,
        name: Symbol,
        place: NameId,
        value: Option<ast::Expr>,
        _entry: TextRange,
    ) {
        let Some(slot) = draft.named.get_mut(&name) else {
            draft.named.insert(name, Slot { place, value: DraftValue::Expr(value) });
            return;
        };
        // A literal set is merged into what is there, if that is a literal set too.
        let literal = match &value {
            Some(ast::Expr::AttrSet(set)) => Some(set.clone()),
            _ => None,
        };
        let known = slot.place;
        if let (Some(literal), Some(inner)) = (literal, self.as_set(&mut slot.value)) {
            self.map.extra_keys.push((known, place));
            self.fill(inner, &literal);
        } else {
            self.duplicate(name.as_str(), known, place);
        }
    }

    /// Opens a value for merging: a literal set becomes a draft.
    fn as_set<'a>(&mut self, value: &'a mut DraftValue) -> Option<&'a mut Draft> {
        if let DraftValue::Expr(Some(ast::Expr::AttrSet(set))) = value {
            let set = set.clone();
            let range = set.syntax().text_range();
            let draft = Box::new(self.draft(&set));
            *value = match set.rec_token() {
                Some(_) => DraftValue::Rec(draft, range),
                None => DraftValue::Set(draft, range),
            };
        }
        match value {
            DraftValue::Set(draft, _) | DraftValue::Rec(draft, _) => Some(draft),
            _ => None,
        }
    }

    fn duplicate(&mut self, path: &str, first: NameId, second: NameId) {
        let problem = LoweringProblem::DuplicateAttribute { path: path.into(), first, second };
        self.map.problems.push(problem);
    }

    /// Lowers a draft. With a `kind` the values stand in a new scope, which stays open.
    fn finish(&mut self, draft: Draft, kind: Option<ScopeKind>) -> (Bindings, Option<ScopeId>) {
        // What is inherited plainly is looked up outside.
        let inherited: Vec<Option<ExprId>> = draft
            .named
            .iter()
            .map(|(name, slot)| {
                matches!(slot.value, DraftValue::Inherit).then(|| {
                    let variable = self.variable(*name);
                    let range = self.map.name(slot.place);
                    self.alloc(variable, range)
                })
            })
            .collect();
        let outer = match kind {
            Some(kind) => {
                let names = draft.named.iter().map(|(name, slot)| (*name, slot.place)).collect();
                self.open_scope(kind, names)
            }
            None => self.scope,
        };
        let inherit_from = draft.inherit_from.into_iter().map(|from| self.optional(from)).collect();
        let mut named = Vec::with_capacity(draft.named.len());
        for ((name, slot), inherited) in draft.named.into_iter().zip(inherited) {
            let value = match (slot.value, inherited) {
                (DraftValue::InheritFrom(index), _) => BindingValue::InheritFrom(index),
                (_, Some(variable)) => BindingValue::Inherit(variable),
                (value, None) => BindingValue::Expr(self.value(value)),
            };
            named.push(Binding { name, place: slot.place, value });
        }
        let mut dynamic = Vec::with_capacity(draft.dynamic.len());
        for (attr, entry, value) in draft.dynamic {
            match self.attr_name(&attr, entry) {
                AttrName::Dynamic(name, place) => dynamic.push((name, place, self.value(value))),
                AttrName::Static(name, place) => {
                    let value = BindingValue::Expr(self.value(value));
                    named.push(Binding { name, place, value });
                }
            }
        }
        (Bindings { named: named.into(), dynamic: dynamic.into(), inherit_from }, outer)
    }

    fn value(&mut self, value: DraftValue) -> ExprId {
        match value {
            DraftValue::Expr(expr) => self.optional(expr),
            DraftValue::Set(draft, range) => {
                let (bindings, _) = self.finish(*draft, None);
                self.alloc(Expr::Attrs(Box::new(bindings)), range)
            }
            DraftValue::Rec(draft, range) => {
                let id = self.reserve(range);
                let (bindings, outer) = self.finish(*draft, Some(ScopeKind::Rec(id)));
                self.scope = outer;
                self.exprs[id] = Expr::RecAttrs(Box::new(bindings));
                id
            }
            DraftValue::Inherit | DraftValue::InheritFrom(_) => {
                self.alloc(Expr::Missing, TextRange::default())
            }
        }
    }
}

/// The name, where it is written out: `a`, `"a"`, `${"a"}`.
fn static_name(attr: &ast::Attr) -> Option<Symbol> {
    let text = match attr {
        ast::Attr::Ident(it) => return Some(super::ident(it)),
        ast::Attr::Str(it) => it.clone(),
        ast::Attr::Dynamic(it) => match it.expr()? {
            ast::Expr::Str(it) => it,
            _ => return None,
        },
    };
    match crate::strings::pieces(&text).as_slice() {
        [] => Some(Symbol::new("")),
        [crate::strings::Piece::Text(text)] => Some(Symbol::new(text)),
        _ => None,
    }
}
