//! The way on which values came: through which calls, imports and merges. Recorded only where somebody will read it, since
//! most evaluations do not need it and it costs memory.

use nixscope_db::SourceFile;
use nixscope_hir::{Body, Expr, ExprId};
use rustc_hash::FxHashMap;

use super::Evaluator;
use crate::heap::{Env, Thunk};
use crate::place::Place;
use crate::value::Attr;

/// What an evaluation records of the way of its values.
#[derive(Default)]
pub(crate) struct Trail<'h> {
    /// The environments of calls, and where the calls are.
    calls: FxHashMap<*const Env<'h>, Place>,
    /// The environments in which thunks were computed.
    envs: FxHashMap<*const Thunk<'h>, &'h Env<'h>>,
    /// Where a file is imported first.
    imports: FxHashMap<SourceFile, Place>,
    /// Attributes that `//` put over others: the operator, and the attribute below.
    merged: FxHashMap<*const Thunk<'h>, (Place, Place)>,
    /// Thunks whose value is an attribute of something else, and where that stands.
    selected: FxHashMap<*const Thunk<'h>, Place>,
    /// Where the attribute stands that was selected last.
    last_selected: Option<Place>,
}

/// One step on the way of a value, the nearest first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// It was computed in a function that was called here.
    Call(Place),
    /// It is in a file that is imported here.
    Import(Place),
    /// It was selected from a set or a data file, where it stands here.
    Selected(Place),
    /// It took the place of another.
    Merge {
        /// The operator or call that put it there.
        at: Place,
        /// What it hides.
        over: Place,
    },
}

impl<'h> Evaluator<'h> {
    /// From now on the way of values is recorded.
    pub fn record_trail(&self) {
        self.recording.set(true);
    }

    #[inline]
    pub(crate) fn note_call(&self, env: &'h Env<'h>, place: Place) {
        if self.recording.get() {
            self.trail.borrow_mut().calls.insert(env, place);
        }
    }

    #[inline]
    pub(crate) fn note_env(&self, thunk: &'h Thunk<'h>, env: &'h Env<'h>) {
        if self.recording.get() {
            self.trail.borrow_mut().envs.insert(thunk, env);
        }
    }

    /// An attribute was selected, and its value forced.
    #[inline]
    pub(super) fn note_selection(&self, attr: &Attr<'h>) {
        if self.recording.get() {
            let mut trail = self.trail.borrow_mut();
            let address: *const Thunk<'h> = attr.value;
            let first = trail.selected.get(&address).copied();
            trail.last_selected = Some(first.unwrap_or(attr.place.or(attr.value.place())));
        }
    }

    /// A thunk was computed, by an expression where it is one.
    #[inline]
    pub(super) fn note_computed(&self, thunk: &'h Thunk<'h>, expr: Option<(&'h Body, ExprId)>) {
        if self.recording.get() {
            let mut trail = self.trail.borrow_mut();
            let last = trail.last_selected.take();
            if let Some(place) =
                last.filter(|_| expr.is_none_or(|(body, expr)| ends_in_selection(body, expr)))
            {
                trail.selected.insert(thunk, place);
            }
        }
    }

    pub(crate) fn note_import(&self, file: SourceFile, place: Place) {
        if self.recording.get() {
            self.trail.borrow_mut().imports.entry(file).or_insert(place);
        }
    }

    pub(crate) fn note_merge(&self, below: Attr<'h>, above: Attr<'h>, place: Place) {
        if self.recording.get() {
            let over = below.place.or(below.value.place());
            self.trail.borrow_mut().merged.entry(above.value).or_insert((place, over));
        }
    }

    /// The way of a thunk's value, as far as it was recorded.
    pub fn trail(&self, thunk: &'h Thunk<'h>) -> Vec<Step> {
        /// Ways longer than this are cut: they are recursions.
        const LONGEST: usize = 12;
        let trail = self.trail.borrow();
        let mut steps = Vec::new();
        let address: *const Thunk<'h> = thunk;
        if let Some((at, over)) = trail.merged.get(&address) {
            steps.push(Step::Merge { at: *at, over: *over });
        }
        steps.extend(trail.selected.get(&address).map(|place| Step::Selected(*place)));
        let mut env = trail.envs.get(&address).copied();
        let mut file = env.map(|env| env.file.source).or_else(|| self.source_of(thunk.place()));
        while let Some(inner) = env
            && steps.len() < LONGEST
        {
            let address: *const Env<'h> = inner;
            steps.extend(trail.calls.get(&address).map(|place| Step::Call(*place)));
            env = inner.parent;
        }
        while let Some(place) = file.and_then(|file| trail.imports.get(&file))
            && steps.len() < LONGEST
        {
            steps.push(Step::Import(*place));
            file = self.source_of(*place);
        }
        steps
    }

    fn source_of(&self, place: Place) -> Option<SourceFile> {
        place.resolve(self).map(|it| it.source)
    }
}

/// Whether the last thing that an expression does is to select an attribute.
fn ends_in_selection(body: &Body, mut expr: ExprId) -> bool {
    loop {
        expr = match &body.exprs[expr] {
            Expr::Select { .. } | Expr::WithName { .. } => return true,
            Expr::With(_, inner) | Expr::Assert(_, inner) => *inner,
            Expr::Let { body, .. } => *body,
            _ => return false,
        };
    }
}
