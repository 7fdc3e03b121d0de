//! Operators.

use nixscope_hir::{BinaryOp, ExprId, UnaryOp};

use super::Evaluator;
use crate::coerce::Coercion;
use crate::error::{ErrorKind, Eval};
use crate::heap::{Env, Thunk};
use crate::place::Place;
use crate::value::{Attr, Attrs, List, Unknown, Value};

/// The common operations on integers; none where they fail.
#[inline]
fn on_integers<'h>(op: BinaryOp, a: i64, b: i64) -> Option<Value<'h>> {
    Some(match op {
        BinaryOp::Add => Value::Int(a.checked_add(b)?),
        BinaryOp::Sub => Value::Int(a.checked_sub(b)?),
        BinaryOp::Mul => Value::Int(a.checked_mul(b)?),
        BinaryOp::Less => Value::Bool(a < b),
        BinaryOp::LessEqual => Value::Bool(a <= b),
        BinaryOp::More => Value::Bool(a > b),
        BinaryOp::MoreEqual => Value::Bool(a >= b),
        _ => return None,
    })
}

impl<'h> Evaluator<'h> {
    pub(super) fn binary(
        &self,
        env: &'h Env<'h>,
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
        place: Place,
    ) -> Eval<'h, Value<'h>> {
        match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::Implies => self.logic(env, op, left, right, place),
            BinaryOp::Update => {
                let left = self.eval(env, left)?;
                let right = self.eval(env, right)?;
                self.update(left, right, place)
            }
            BinaryOp::Concat => {
                let left = self.eval(env, left)?;
                let right = self.eval(env, right)?;
                self.concat(left, right, place)
            }
            BinaryOp::PipeRight => {
                let function = self.eval(env, right)?;
                self.apply(function, self.delay(env, left), place)
            }
            BinaryOp::PipeLeft => {
                let function = self.eval(env, left)?;
                self.apply(function, self.delay(env, right), place)
            }
            BinaryOp::Equal | BinaryOp::NotEqual => {
                let left = self.eval(env, left)?;
                let right = self.eval(env, right)?;
                let equal = self.equal(left, right, place)?;
                Ok(Value::Bool(equal == (op == BinaryOp::Equal)))
            }
            _ => {
                let left = self.eval(env, left)?;
                let right = self.eval(env, right)?;
                if let (Value::Int(a), Value::Int(b)) = (left, right)
                    && let Some(value) = on_integers(op, a, b)
                {
                    return Ok(value);
                }
                self.strict_binary(op, self.settle(left)?, self.settle(right)?, place)
            }
        }
    }

    fn strict_binary(
        &self,
        op: BinaryOp,
        left: Value<'h>,
        right: Value<'h>,
        place: Place,
    ) -> Eval<'h, Value<'h>> {
        match op {
            BinaryOp::Less => Ok(Value::Bool(self.less(left, right, place)?)),
            BinaryOp::More => Ok(Value::Bool(self.less(right, left, place)?)),
            BinaryOp::LessEqual => Ok(Value::Bool(!self.less(right, left, place)?)),
            BinaryOp::MoreEqual => Ok(Value::Bool(!self.less(left, right, place)?)),
            BinaryOp::Add => self.add(left, right, place),
            _ => self.arithmetic(op, left, right, place),
        }
    }

    /// `+`: numbers, strings, paths.
    pub(crate) fn add(&self, left: Value<'h>, right: Value<'h>, place: Place) -> Eval<'h, Value<'h>> {
        match left {
            Value::Int(_) | Value::Float(_) => self.arithmetic(BinaryOp::Add, left, right, place),
            Value::Path(base) => {
                let right = self.coerce(right, Coercion::Addition, place)?;
                Ok(self.path(&format!("{base}{}", right.text)))
            }
            _ => {
                // A path is copied where it is added to a string, not where it is added to what becomes one: `self + /x`.
                let how = match left {
                    Value::Str(_) => Coercion::Interpolation,
                    _ => Coercion::Addition,
                };
                let left = self.coerce(left, how, place)?;
                let right = self.coerce(right, how, place)?;
                self.room_for(left.text.len() + right.text.len())?;
                let text = [left.text, right.text].concat();
                let context = [left.context, right.context].concat();
                Ok(self.string_with(&text, context))
            }
        }
    }

    /// `+ - * /` on numbers; mixed operands become floats.
    pub(crate) fn arithmetic(
        &self,
        op: BinaryOp,
        left: Value<'h>,
        right: Value<'h>,
        place: Place,
    ) -> Eval<'h, Value<'h>> {
        if let (Value::Int(a), Value::Int(b)) = (left, right) {
            let result = match op {
                BinaryOp::Add => a.checked_add(b),
                BinaryOp::Sub => a.checked_sub(b),
                BinaryOp::Mul => a.checked_mul(b),
                _ if b == 0 => return Err(self.error(ErrorKind::Other, "division by zero", place)),
                _ => a.checked_div(b),
            };
            return match result {
                Some(result) => Ok(Value::Int(result)),
                None => {
                    Err(self.error(ErrorKind::Other, "the integer result does not fit into 64 bits", place))
                }
            };
        }
        // As in Nix, the divisor is looked at first.
        if op == BinaryOp::Div && matches!(right, Value::Int(0) | Value::Float(0.0)) {
            return Err(self.error(ErrorKind::Other, "division by zero", place));
        }
        let (a, b) = (self.number(left, place)?, self.number(right, place)?);
        Ok(Value::Float(match op {
            BinaryOp::Add => a + b,
            BinaryOp::Sub => a - b,
            BinaryOp::Mul => a * b,
            _ => a / b,
        }))
    }

    pub(crate) fn number(&self, value: Value<'h>, place: Place) -> Eval<'h, f64> {
        match value {
            Value::Int(value) => Ok(value as f64),
            Value::Float(value) => Ok(value),
            other => Err(self.type_error("a number", other, place)),
        }
    }

    fn logic(
        &self,
        env: &'h Env<'h>,
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
        place: Place,
    ) -> Eval<'h, Value<'h>> {
        let decides = |value: bool| match op {
            BinaryOp::And => !value,
            BinaryOp::Or => value,
            _ => !value,
        };
        let decided = Value::Bool(op != BinaryOp::And);
        match self.truth(env, left, place)? {
            Ok(value) if decides(value) => Ok(decided),
            Ok(_) => match self.truth(env, right, place)? {
                Ok(value) => Ok(Value::Bool(value)),
                Err(unknown) => Ok(Value::Unknown(unknown)),
            },
            // The right side may decide alone: `unknown && false` is false, `unknown || true` is true.
            Err(unknown) => match (op, self.truth(env, right, place)) {
                (BinaryOp::And, Ok(Ok(false))) => Ok(Value::Bool(false)),
                (BinaryOp::Or | BinaryOp::Implies, Ok(Ok(true))) => Ok(Value::Bool(true)),
                _ => Ok(Value::Unknown(unknown)),
            },
        }
    }

    /// A condition: known, or the unknown it depends on.
    pub(super) fn truth(
        &self,
        env: &'h Env<'h>,
        expr: ExprId,
        place: Place,
    ) -> Eval<'h, Result<bool, &'h Unknown<'h>>> {
        let value = self.eval(env, expr)?;
        self.as_truth(value, place)
    }

    /// See [`Evaluator::truth`].
    pub(crate) fn as_truth(&self, value: Value<'h>, place: Place) -> Eval<'h, Result<bool, &'h Unknown<'h>>> {
        match self.settle(value)? {
            Value::Bool(value) => Ok(Ok(value)),
            Value::Unknown(unknown) => Ok(Err(unknown)),
            other => Err(self.type_error("a Boolean", other, place)),
        }
    }

    pub(super) fn unary(
        &self,
        env: &'h Env<'h>,
        op: UnaryOp,
        operand: ExprId,
        place: Place,
    ) -> Eval<'h, Value<'h>> {
        match op {
            UnaryOp::Not => match self.truth(env, operand, place)? {
                Ok(value) => Ok(Value::Bool(!value)),
                Err(unknown) => Ok(Value::Unknown(unknown)),
            },
            UnaryOp::Negate => {
                let value = self.eval(env, operand)?;
                match self.settle(value)? {
                    // To Nix `-x` is `0 - x`: there is no negative zero.
                    Value::Float(value) => Ok(Value::Float(0.0 - value)),
                    value => self.arithmetic(BinaryOp::Sub, Value::Int(0), value, place),
                }
            }
        }
    }

    /// `left // right`.
    pub fn update(&self, left: Value<'h>, right: Value<'h>, place: Place) -> Eval<'h, Value<'h>> {
        let (left, right) = match (self.update_operand(left, place)?, self.update_operand(right, place)?) {
            (Ok(left), Ok(right)) => (left, right),
            (Ok(known), Err(unknown)) | (Err(unknown), Ok(known)) => {
                return Ok(self.attrs_sorted(known.entries, known.open.or(Some(unknown))));
            }
            (Err(unknown), Err(_)) => return Ok(Value::Unknown(unknown)),
        };
        if right.entries.is_empty() && right.open.is_none() {
            return Ok(Value::Attrs(left));
        }
        if left.entries.is_empty() && left.open.is_none() {
            return Ok(Value::Attrs(right));
        }
        let merged = self.merged(left.entries, right.entries, place);
        Ok(self.attrs_sorted(&merged, right.open.or(left.open)))
    }

    /// The attributes of both, by their names. What of the left ones lies between two of the right ones is copied as a whole,
    /// since a few attributes put over many are the common case.
    fn merged(&self, left: &'h [Attr<'h>], right: &'h [Attr<'h>], place: Place) -> Vec<Attr<'h>> {
        let mut merged = Vec::with_capacity(left.len() + right.len());
        let is_sparse = right.len() * 8 < left.len();
        let mut rest = left;
        for above in right {
            let at = match is_sparse {
                true => rest.partition_point(|below| below.name < above.name),
                false => rest.iter().take_while(|below| below.name < above.name).count(),
            };
            merged.extend_from_slice(&rest[..at]);
            rest = &rest[at..];
            match rest.split_first() {
                Some((below, others)) if below.name == above.name => {
                    rest = others;
                    merged.push(self.shadow(*below, *above, place));
                }
                _ => merged.push(*above),
            }
        }
        merged.extend_from_slice(rest);
        merged
    }

    /// The right attribute wins; one that may be absent leaves the left one as an alternative.
    fn shadow(&self, below: Attr<'h>, above: Attr<'h>, place: Place) -> Attr<'h> {
        self.note_merge(below, above, place);
        let Some(Value::Choice(choice)) = above.value.peek() else { return above };
        if !choice.absent {
            return above;
        }
        let mut alternatives = choice.alternatives.to_vec();
        alternatives.push(below.value);
        let value = self.choice(choice.condition, &alternatives, false);
        Attr { value: self.done_at(value, above.value.place()), ..above }
    }

    fn update_operand(
        &self,
        value: Value<'h>,
        place: Place,
    ) -> Eval<'h, Result<&'h Attrs<'h>, &'h Unknown<'h>>> {
        match self.as_attrs(value, place) {
            Ok(attrs) => Ok(Ok(attrs)),
            Err(crate::error::Halt::Unknown(unknown)) => Ok(Err(unknown)),
            Err(error) => Err(error),
        }
    }

    /// `left ++ right`. An unknown operand leaves the list open.
    pub fn concat(&self, left: Value<'h>, right: Value<'h>, place: Place) -> Eval<'h, Value<'h>> {
        let left = self.list_operand(left, place)?;
        let right = self.list_operand(right, place)?;
        if right.items.is_empty() && right.open.is_none() {
            return Ok(Value::List(left));
        }
        if left.items.is_empty() && left.open.is_none() {
            return Ok(Value::List(right));
        }
        self.room_for((left.items.len() + right.items.len()) * size_of::<usize>())?;
        let mut items: Vec<&'h Thunk<'h>> = Vec::with_capacity(left.items.len() + right.items.len());
        items.extend_from_slice(left.items);
        items.extend_from_slice(right.items);
        let items = self.heap.slice(&items);
        Ok(Value::List(self.heap.alloc(List { items, open: left.open.or(right.open) })))
    }

    /// A list, with an unknown taken for a list of which nothing is known.
    pub(crate) fn list_operand(&self, value: Value<'h>, place: Place) -> Eval<'h, &'h List<'h>> {
        match self.as_list(value, place) {
            Ok(list) => Ok(list),
            Err(crate::error::Halt::Unknown(unknown)) => {
                Ok(self.heap.alloc(List { items: &[], open: Some(unknown) }))
            }
            Err(error) => Err(error),
        }
    }
}
