//! Builtins on numbers.

use nixscope_hir::BinaryOp;

use super::Builtin;
use crate::Evaluator;
use crate::error::{ErrorKind, Eval};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::Value;

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin { name: "add", arity: 2, run: add, doc: "`add a b`: the sum of two numbers." },
    Builtin { name: "sub", arity: 2, run: sub, doc: "`sub a b`: the difference of two numbers." },
    Builtin { name: "mul", arity: 2, run: mul, doc: "`mul a b`: the product of two numbers." },
    Builtin {
        name: "div",
        arity: 2,
        run: div,
        doc: "`div a b`: the quotient of two numbers; of integers an integer.",
    },
    Builtin { name: "lessThan", arity: 2, run: less_than, doc: "`lessThan a b`: `a < b`." },
    Builtin { name: "bitAnd", arity: 2, run: bit_and, doc: "`bitAnd a b`: the bits set in both integers." },
    Builtin {
        name: "bitOr",
        arity: 2,
        run: bit_or,
        doc: "`bitOr a b`: the bits set in one of the integers.",
    },
    Builtin {
        name: "bitXor",
        arity: 2,
        run: bit_xor,
        doc: "`bitXor a b`: the bits set in one integer but not both.",
    },
    Builtin { name: "ceil", arity: 1, run: ceil, doc: "`ceil x`: the next integer that is not smaller." },
    Builtin { name: "floor", arity: 1, run: floor, doc: "`floor x`: the next integer that is not greater." },
];

fn arithmetic<'h>(
    ev: &Evaluator<'h>,
    op: BinaryOp,
    args: &[&'h Thunk<'h>],
    place: Place,
) -> Eval<'h, Value<'h>> {
    let left = ev.settle(ev.force(args[0])?)?;
    let right = ev.settle(ev.force(args[1])?)?;
    ev.arithmetic(op, left, right, place)
}

fn add<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    arithmetic(ev, BinaryOp::Add, args, place)
}

fn sub<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    arithmetic(ev, BinaryOp::Sub, args, place)
}

fn mul<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    arithmetic(ev, BinaryOp::Mul, args, place)
}

fn div<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    arithmetic(ev, BinaryOp::Div, args, place)
}

fn less_than<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    Ok(Value::Bool(ev.less(ev.force(args[0])?, ev.force(args[1])?, place)?))
}

fn bit_and<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    Ok(Value::Int(ev.force_int(args[0], place)? & ev.force_int(args[1], place)?))
}

fn bit_or<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    Ok(Value::Int(ev.force_int(args[0], place)? | ev.force_int(args[1], place)?))
}

fn bit_xor<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    Ok(Value::Int(ev.force_int(args[0], place)? ^ ev.force_int(args[1], place)?))
}

fn ceil<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    round(ev, args, place, f64::ceil)
}

fn floor<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    round(ev, args, place, f64::floor)
}

fn round<'h>(
    ev: &Evaluator<'h>,
    args: &[&'h Thunk<'h>],
    place: Place,
    round: fn(f64) -> f64,
) -> Eval<'h, Value<'h>> {
    /// 2 to the power of 63: the first float that is too large for an integer.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    let value = match ev.settle(ev.force(args[0])?)? {
        int @ Value::Int(_) => return Ok(int),
        value => ev.number(value, place)?,
    };
    let rounded = round(value);
    if (-LIMIT..LIMIT).contains(&rounded) {
        return Ok(Value::Int(rounded as i64));
    }
    Err(ev.error(ErrorKind::Other, &format!("{value} does not fit into an integer"), place))
}
