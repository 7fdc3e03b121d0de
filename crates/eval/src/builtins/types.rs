//! Builtins that ask for a value's type.

use super::Builtin;
use crate::Evaluator;
use crate::error::{Eval, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::Value;

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin { name: "isAttrs", arity: 1, run: is_attrs, doc: "`isAttrs x`: whether `x` is a set." },
    Builtin { name: "isBool", arity: 1, run: is_bool, doc: "`isBool x`: whether `x` is a Boolean." },
    Builtin { name: "isFloat", arity: 1, run: is_float, doc: "`isFloat x`: whether `x` is a float." },
    Builtin {
        name: "isFunction",
        arity: 1,
        run: is_function,
        doc: "`isFunction x`: whether `x` is a function.",
    },
    Builtin { name: "isInt", arity: 1, run: is_int, doc: "`isInt x`: whether `x` is an integer." },
    Builtin { name: "isList", arity: 1, run: is_list, doc: "`isList x`: whether `x` is a list." },
    Builtin { name: "isNull", arity: 1, run: is_null, doc: "`isNull x`: whether `x` is null; `x == null`." },
    Builtin { name: "isPath", arity: 1, run: is_path, doc: "`isPath x`: whether `x` is a path." },
    Builtin { name: "isString", arity: 1, run: is_string, doc: "`isString x`: whether `x` is a string." },
    Builtin {
        name: "typeOf",
        arity: 1,
        run: type_of,
        doc: "`typeOf x`: \"int\", \"bool\", \"string\", \"path\", \"null\", \"set\", \"list\", \"lambda\" or \"float\".",
    },
];

/// The name of the type. That of a choice is known if all its alternatives agree.
fn type_name<'h>(ev: &Evaluator<'h>, thunk: &'h Thunk<'h>) -> Eval<'h, &'static str> {
    let value = ev.force(thunk)?;
    let (condition, values) = match value {
        Value::Unknown(unknown) => return Err(Halt::Unknown(unknown)),
        Value::Choice(choice) => (choice.condition, ev.alternatives(choice)),
        value => return Ok(value.type_name()),
    };
    match values.split_first() {
        Some((Value::Unknown(unknown), _)) => Err(Halt::Unknown(unknown)),
        Some((first, rest)) if rest.iter().all(|it| it.type_name() == first.type_name()) => {
            Ok(first.type_name())
        }
        _ => Err(Halt::Unknown(condition)),
    }
}

fn is<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], name: &str) -> Eval<'h, Value<'h>> {
    Ok(Value::Bool(type_name(ev, args[0])? == name))
}

fn is_attrs<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    is(ev, args, "set")
}

fn is_bool<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    is(ev, args, "bool")
}

fn is_float<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    is(ev, args, "float")
}

fn is_function<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    is(ev, args, "lambda")
}

fn is_int<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    is(ev, args, "int")
}

fn is_list<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    is(ev, args, "list")
}

fn is_null<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    is(ev, args, "null")
}

fn is_path<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    is(ev, args, "path")
}

fn is_string<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    is(ev, args, "string")
}

fn type_of<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    Ok(ev.string_in(type_name(ev, args[0])?, &[]))
}
