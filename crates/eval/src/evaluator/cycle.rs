//! Infinite recursion: which values need each other. Nothing is recorded while evaluation goes well; the cycle is read off
//! the computations that the error passes on its way up.

use super::Evaluator;
use crate::heap::Thunk;
use crate::place::Place;

/// The values of a cycle, the one that was found busy last.
#[derive(Default)]
pub(super) struct Cycle {
    /// The address of the thunk that closes the cycle; none where it is closed.
    head: Option<usize>,
    places: Vec<Place>,
}

/// Of a longer cycle, the first values are kept.
const LONGEST: usize = 64;

fn address(thunk: &Thunk<'_>) -> usize {
    std::ptr::from_ref(thunk).addr()
}

impl<'h> Evaluator<'h> {
    pub(super) fn begin_cycle(&self, thunk: &'h Thunk<'h>) {
        *self.cycle.borrow_mut() = Cycle { head: Some(address(thunk)), places: Vec::new() };
    }

    /// The error passes a computation.
    pub(super) fn extend_cycle(&self, thunk: &'h Thunk<'h>) {
        let mut cycle = self.cycle.borrow_mut();
        let Some(head) = cycle.head else { return };
        if !thunk.place.is_none() && cycle.places.len() < LONGEST && cycle.places.last() != Some(&thunk.place)
        {
            cycle.places.push(thunk.place);
        }
        if head == address(thunk) {
            cycle.head = None;
        }
    }

    /// The values of the last infinite recursion: each needs the one before it, and the first one the last.
    pub fn last_cycle(&self) -> Vec<Place> {
        self.cycle.borrow().places.clone()
    }
}
