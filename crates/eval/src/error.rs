//! Why an evaluation stopped.

use crate::modules::OptionFault;
use crate::place::Place;
use crate::value::Unknown;

/// The result of a step: a value, an error of the program, or an unknown that makes the whole
/// expression unknown.
pub type Eval<'h, T> = Result<T, Halt<'h>>;

/// Why there is no result.
#[derive(Clone, Copy)]
pub enum Halt<'h> {
    /// The program is wrong: Nix would report this error.
    Fail(&'h EvalError<'h>),
    /// The result depends on something unknown. Caught where the expression's evaluation ends, which
    /// gives the unknown as the value.
    Unknown(&'h Unknown<'h>),
}

/// An error of the program.
#[derive(Clone, Copy, Debug)]
pub struct EvalError<'h> {
    /// What kind.
    pub kind: ErrorKind,
    /// For people.
    pub message: &'h str,
    /// Where.
    pub place: Place,
    /// What was being done, the innermost first: the texts of `addErrorContext`.
    pub notes: &'h [&'h str],
    /// Set where the error is about an option.
    pub option: Option<&'h OptionFault<'h>>,
}

/// The kinds of error.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ErrorKind {
    /// `throw`; `tryEval` catches it.
    Throw,
    /// A false `assert`; `tryEval` catches it.
    Assertion,
    /// `abort`.
    Abort,
    /// A value of the wrong type.
    Type,
    /// An attribute that is not there.
    MissingAttribute,
    /// A name that nothing defines.
    UndefinedVariable,
    /// A function called with an argument too many or too few.
    Arguments,
    /// A value that needs itself.
    InfiniteRecursion,
    /// Calls nested too deeply.
    StackOverflow,
    /// A file that is not there or cannot be read.
    File,
    /// A file that is not Nix.
    Syntax,
    /// Anything else: division by zero, a bad regular expression, …
    Other,
    /// A budget was spent; not the program's fault.
    Budget,
}

impl ErrorKind {
    /// Whether `builtins.tryEval` catches it.
    pub fn is_catchable(self) -> bool {
        matches!(self, ErrorKind::Throw | ErrorKind::Assertion)
    }

    /// Whether the thunk may be tried again: the failure depends on who asked.
    pub(crate) fn is_transient(self) -> bool {
        matches!(self, ErrorKind::InfiniteRecursion | ErrorKind::StackOverflow | ErrorKind::Budget)
    }
}
