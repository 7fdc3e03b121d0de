//! The `config` argument: an attribute set that the module system computes on demand.

use nixscope_hir::Symbol;

use crate::Evaluator;
use crate::error::Eval;
use crate::place::Place;
use crate::value::{Attr, Attrs};

/// A node of a configuration.
pub struct ConfigNode<'h> {
    _marker: std::marker::PhantomData<&'h ()>,
}

impl<'h> ConfigNode<'h> {
    /// The attribute of that name.
    pub fn get(&self, _ev: &Evaluator<'h>, _name: Symbol, _place: Place) -> Eval<'h, Option<Attr<'h>>> {
        Ok(None)
    }

    /// Everything that is known to be set or declared below.
    pub fn to_attrs(&self, ev: &Evaluator<'h>) -> Eval<'h, &'h Attrs<'h>> {
        Ok(ev.heap.alloc(Attrs { entries: &[], open: None }))
    }
}
