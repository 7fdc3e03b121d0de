//! Builtins that steer evaluation: `import`, `throw`, `seq`, `tryEval`, `trace`, …

use super::Builtin;
use crate::Evaluator;
use crate::coerce::Coercion;
use crate::error::{ErrorKind, Eval, Halt};
use crate::evaluator::EventKind;
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Reason, Taint, Value};

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "import",
        arity: 1,
        run: import,
        doc: "`import path`: the value of the Nix file at `path`; of a directory, of its `default.nix`.",
    },
    Builtin {
        name: "scopedImport",
        arity: 2,
        run: scoped_import,
        doc: "`scopedImport scope path`: imports a file in whose base environment the names of the set `scope` come first.",
    },
    Builtin {
        name: "throw",
        arity: 1,
        run: throw,
        doc: "`throw message`: fails with a message; `tryEval` catches it.",
    },
    Builtin {
        name: "abort",
        arity: 1,
        run: abort,
        doc: "`abort message`: fails with a message; nothing catches it.",
    },
    Builtin { name: "seq", arity: 2, run: seq, doc: "`seq a b`: evaluates `a`, gives `b`." },
    Builtin {
        name: "deepSeq",
        arity: 2,
        run: deep_seq,
        doc: "`deepSeq a b`: evaluates `a` with everything in it, gives `b`.",
    },
    Builtin {
        name: "tryEval",
        arity: 1,
        run: try_eval,
        doc: "`tryEval e`: `{ success; value; }`; catches `throw` and `assert`.",
    },
    Builtin {
        name: "trace",
        arity: 2,
        run: second,
        doc: "`trace message e`: gives `e`; Nix prints the message.",
    },
    Builtin { name: "traceVerbose", arity: 2, run: second, doc: "`traceVerbose message e`: gives `e`." },
    Builtin { name: "warn", arity: 2, run: warn, doc: "`warn message e`: gives `e`; Nix prints a warning." },
    Builtin {
        name: "break",
        arity: 1,
        run: identity,
        doc: "`break e`: gives `e`; Nix stops here when debugging.",
    },
    Builtin {
        name: "addErrorContext",
        arity: 2,
        run: add_error_context,
        doc: "`addErrorContext message e`: gives `e`; adds the message to its errors.",
    },
];

fn warn<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    if let Ok(message) = ev.force_str(args[0], place) {
        ev.event(EventKind::Warning { message: message.text }, place);
    }
    ev.force(args[1])
}

fn add_error_context<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    ev.force(args[1]).map_err(|halt| match ev.force_str(args[0], place) {
        Ok(message) => ev.noted(halt, || message.text.to_string()),
        Err(_) => halt,
    })
}

fn import<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    if let Value::Choice(choice) = ev.force(args[0])? {
        return ev.map_choice(choice, |path| import(ev, &[ev.done_at(path, args[0].place())], place));
    }
    match readable_path(ev, "import", args[0], place) {
        Ok(path) => ev.import_path(path, place),
        Err(Halt::Unknown(file)) => ev.models.import(ev, file).ok_or(Halt::Unknown(file)),
        Err(error) => Err(error),
    }
}

fn scoped_import<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let path = readable_path(ev, "scopedImport", args[1], place)?;
    ev.import_scoped(path, args[0], place)
}

/// The path of a file whose content is needed. One that comes from a derivation would have to be
/// built first: the result is unknown, and the event is noted.
pub(super) fn readable_path<'h>(
    ev: &Evaluator<'h>,
    builtin: &'static str,
    argument: &'h Thunk<'h>,
    place: Place,
) -> Eval<'h, &'h str> {
    let value = ev.force(argument)?;
    let text = match ev.coerce(value, Coercion::Addition, place) {
        Ok(text) => text,
        Err(Halt::Unknown(unknown)) => {
            if unknown.taint == Taint::Derivation {
                ev.event(EventKind::ImportFromDerivation { builtin, what: unknown }, place);
            }
            return Err(Halt::Unknown(unknown));
        }
        Err(error) => return Err(error),
    };
    if text.context.iter().any(|item| !matches!(item, crate::value::ContextItem::Path(_))) {
        let what = ev.unknown(text.text, Reason::Derivation, Taint::Derivation, place);
        ev.event(EventKind::ImportFromDerivation { builtin, what }, place);
        return Err(Halt::Unknown(what));
    }
    if !text.text.starts_with('/') {
        let message = format!("expected an absolute path, found {:?}", text.text);
        return Err(ev.error(ErrorKind::Type, &message, place));
    }
    Ok(text.text)
}

fn throw<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    Err(failure(ev, args[0], ErrorKind::Throw, place))
}

fn abort<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    Err(failure(ev, args[0], ErrorKind::Abort, place))
}

/// An error with a message of the program; what of the message is unknown does not save it.
fn failure<'h>(ev: &Evaluator<'h>, message: &'h Thunk<'h>, kind: ErrorKind, place: Place) -> Halt<'h> {
    let text = ev.force(message).and_then(|value| ev.coerce(value, Coercion::Interpolation, place));
    match text {
        Ok(text) => ev.error(kind, text.text, place),
        Err(Halt::Unknown(unknown)) => ev.error(kind, &format!("(a message with {})", unknown.path()), place),
        Err(error) => error,
    }
}

fn seq<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    ev.force(args[0])?;
    ev.force(args[1])
}

fn deep_seq<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    ev.force_deep(args[0])?;
    ev.force(args[1])
}

fn try_eval<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    let (success, value) = match ev.force(args[0]) {
        Ok(value) => (true, value),
        Err(Halt::Fail(error)) if error.kind.is_catchable() => (false, Value::Bool(false)),
        Err(other) => return Err(other),
    };
    Ok(ev.attrs(vec![ev.attr("success", Value::Bool(success)), ev.attr("value", value)]))
}

fn second<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    ev.force(args[1])
}

fn identity<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    ev.force(args[0])
}
