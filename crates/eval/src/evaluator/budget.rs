//! What an evaluation may spend: steps, depth, memory, output.

use super::Evaluator;
use crate::error::{ErrorKind, Eval};
use crate::place::Place;

/// How much an evaluation may do before what is left becomes unknown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Budget {
    /// Expressions evaluated.
    pub steps: u64,
    /// Steps inside steps: a call takes two to four of them.
    pub depth: u32,
    /// Bytes of the heap.
    pub memory: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { steps: 50_000_000, depth: 400_000, memory: 2 << 30 }
    }
}

/// A value that is printed may be as long as this part of the memory budget.
const OUTPUT_SHARE: usize = 16;

impl<'h> Evaluator<'h> {
    /// Runs one level deeper: counts it, and grows the stack where it is nearly used up.
    pub(crate) fn deeper<R>(&self, run: impl FnOnce() -> Eval<'h, R>) -> Eval<'h, R> {
        let depth = self.depth.get();
        if depth > self.budget.depth {
            return Err(self.error(
                ErrorKind::StackOverflow,
                "the calls are nested too deeply (an endless recursion?)",
                Place::NONE,
            ));
        }
        self.depth.set(depth + 1);
        let result = stacker::maybe_grow(128 << 10, 8 << 20, run);
        self.depth.set(depth);
        result
    }

    /// Counts a step; from time to time looks whether the answer is still wanted and affordable.
    #[inline]
    pub(crate) fn step(&self) -> Eval<'h, ()> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps & 0xfff == 0 || steps > self.limit.get() { self.check_budget(steps) } else { Ok(()) }
    }

    #[cold]
    fn check_budget(&self, steps: u64) -> Eval<'h, ()> {
        self.db.unwind_if_revision_cancelled();
        if steps > self.limit.get() || self.heap.allocated() > self.budget.memory {
            self.refusals.set(self.refusals.get() + 1);
            return Err(self.error(ErrorKind::Budget, "the evaluation budget was spent", Place::NONE));
        }
        Ok(())
    }

    /// Fails where a text that is made to be shown or stored is longer than an evaluation's output may be.
    pub(crate) fn room_for_output(&self, bytes: usize) -> Eval<'h, ()> {
        if bytes <= self.budget.memory / OUTPUT_SHARE {
            return self.room_for(bytes);
        }
        Err(self.error(ErrorKind::Budget, "the value is too large to be printed", Place::NONE))
    }

    /// Whether the memory budget has that many bytes left.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        self.heap.allocated().saturating_add(bytes) <= self.budget.memory
    }

    /// Runs a part of the evaluation with a budget of its own, for what is nice to know but may be dear:
    /// a default that is shown to people.
    pub fn within<R>(&self, steps: u64, run: impl FnOnce() -> R) -> R {
        let outer = self.limit.get();
        self.limit.set(outer.min(self.steps.get().saturating_add(steps)));
        let result = run();
        self.limit.set(outer);
        result
    }

    /// Runs a part of the evaluation that has a whole evaluation's steps to spend, whatever was spent before it.
    pub fn afresh<R>(&self, run: impl FnOnce() -> R) -> R {
        let outer = self.limit.get();
        self.limit.set(self.steps.get().saturating_add(self.budget.steps));
        let result = run();
        self.limit.set(outer);
        result
    }

    /// Runs something, and says whether its steps and memory sufficed: what came of it otherwise is not to be kept, for
    /// somebody with more to spend may ask again. Depth is not asked about: what recurses without end does so for everybody.
    pub(crate) fn affords<R>(&self, run: impl FnOnce() -> R) -> (R, bool) {
        let before = self.refusals.get();
        let result = run();
        (result, self.refusals.get() == before)
    }

    /// How many expressions were evaluated so far.
    pub fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// Whether a budget has been spent, so that what is missing in the results is unknown.
    pub fn is_exhausted(&self) -> bool {
        self.steps.get() > self.budget.steps || self.heap.allocated() > self.budget.memory
    }
}
