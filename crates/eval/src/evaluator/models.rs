//! What an evaluation is told of the world outside the program.

use nixscope_db::VfsPath;
use nixscope_hir::Symbol;

use super::Evaluator;
use crate::heap::Thunk;
use crate::machine::{Machine, UNKNOWN};
use crate::value::{Unknown, Value};

/// What is known of the outside: called when an unknown is selected from or called.
pub trait Models: Sync {
    /// The attribute of an unknown, where it is modelled.
    fn select<'h>(&self, ev: &Evaluator<'h>, base: &'h Unknown<'h>, name: Symbol) -> Option<Value<'h>>;
    /// The result of calling an unknown, where it is modelled.
    fn call<'h>(
        &self,
        ev: &Evaluator<'h>,
        function: &'h Unknown<'h>,
        argument: &'h Thunk<'h>,
    ) -> Option<Value<'h>>;
    /// What importing a file gives that is not here, where that is modelled. Else it is unknown like the file.
    fn import<'h>(&self, _ev: &Evaluator<'h>, _file: &'h Unknown<'h>) -> Option<Value<'h>> {
        None
    }
    /// What is known of a module that is not here, as a module: what it declares and makes of that. The
    /// module stays one from outside all the same.
    fn module<'h>(&self, _ev: &Evaluator<'h>, _module: &'h Unknown<'h>, _class: &str) -> Option<Value<'h>> {
        None
    }
    /// What a file is called that is not the program's own: `inputs.tools/modules/x.nix`.
    fn outside(&self, _path: &VfsPath) -> Option<String> {
        None
    }
    /// Whether a system whose modules have errors is evaluated all the same. Nix stops at a module that
    /// fails and at a definition of something undeclared; an analysis goes on and reports them.
    fn is_lenient(&self) -> bool {
        false
    }
    /// Whether a file that has a mistake anywhere in it has no value, as in Nix, which looks at the whole of it first. An
    /// analysis evaluates the rest.
    fn refuses_broken_files(&self) -> bool {
        false
    }
    /// What is known of the machine that evaluates.
    fn machine(&self) -> &Machine {
        &UNKNOWN
    }
    /// What `<name>` gives where the machine's search path has nothing of that name.
    fn search_path<'h>(&self, _ev: &Evaluator<'h>, _name: &str) -> Option<Value<'h>> {
        None
    }
}

/// No models: every unknown stays one.
pub struct NoModels;

impl Models for NoModels {
    fn select<'h>(&self, _: &Evaluator<'h>, _: &'h Unknown<'h>, _: Symbol) -> Option<Value<'h>> {
        None
    }
    fn call<'h>(&self, _: &Evaluator<'h>, _: &'h Unknown<'h>, _: &'h Thunk<'h>) -> Option<Value<'h>> {
        None
    }
}
