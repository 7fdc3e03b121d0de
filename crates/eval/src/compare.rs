//! Equality and order.

use std::cmp::Ordering;

use crate::Evaluator;
use crate::error::{Eval, Halt};
use crate::place::Place;
use crate::value::{Attrs, Value};

impl<'h> Evaluator<'h> {
    /// `left == right`, as Nix compares: functions are never equal, derivations by their output path.
    pub fn equal(&self, left: Value<'h>, right: Value<'h>, place: Place) -> Eval<'h, bool> {
        match (self.settle(left)?, self.settle(right)?) {
            (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) => Err(Halt::Unknown(unknown)),
            (Value::Choice(choice), _) | (_, Value::Choice(choice)) => Err(Halt::Unknown(choice.condition)),
            (Value::Null, Value::Null) => Ok(true),
            (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
            (Value::Int(a), Value::Int(b)) => Ok(a == b),
            (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => Ok(a as f64 == b),
            (Value::Float(a), Value::Float(b)) => Ok(a == b),
            (Value::Str(a), Value::Str(b)) => Ok(a.text == b.text),
            (Value::Path(a), Value::Path(b)) => Ok(a == b),
            (Value::List(a), Value::List(b)) => {
                if let Some(unknown) = self.rest_of(a).or_else(|| self.rest_of(b)) {
                    return Err(Halt::Unknown(unknown));
                }
                if a.items.len() != b.items.len() {
                    return Ok(false);
                }
                for (x, y) in a.items.iter().zip(b.items) {
                    if std::ptr::eq(*x, *y) {
                        continue;
                    }
                    self.step()?;
                    let (x, y) = (self.force(x)?, self.force(y)?);
                    if !self.deeper(|| self.equal(x, y, place))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Value::Attrs(a), Value::Attrs(b)) => self.equal_attrs(a, b, place),
            (Value::Config(node), other) | (other, Value::Config(node)) => {
                let attrs = Value::Attrs(node.to_attrs(self)?);
                match other {
                    Value::Attrs(_) => self.equal(attrs, other, place),
                    _ => Ok(false),
                }
            }
            _ => Ok(false),
        }
    }

    fn equal_attrs(&self, a: &'h Attrs<'h>, b: &'h Attrs<'h>, place: Place) -> Eval<'h, bool> {
        if std::ptr::eq(a, b) {
            return Ok(true);
        }
        if let (Some(x), Some(y)) = (self.derivation_path(a)?, self.derivation_path(b)?) {
            return self.equal(x, y, place);
        }
        if let Some(unknown) = a.open.or(b.open) {
            return Err(Halt::Unknown(unknown));
        }
        if a.entries.len() != b.entries.len() {
            return Ok(false);
        }
        if a.entries.iter().zip(b.entries).any(|(x, y)| x.name != y.name) {
            return Ok(false);
        }
        for (x, y) in a.entries.iter().zip(b.entries) {
            if std::ptr::eq(x.value, y.value) {
                continue;
            }
            // Two values that share much in themselves are compared as often as it occurs.
            self.step()?;
            let (x, y) = (self.force(x.value)?, self.force(y.value)?);
            if !self.deeper(|| self.equal(x, y, place))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn derivation_path(&self, attrs: &'h Attrs<'h>) -> Eval<'h, Option<Value<'h>>> {
        let kind = nixscope_hir::Symbol::new("type");
        let Some(kind) = attrs.get(kind) else { return Ok(None) };
        match self.force(kind.value)? {
            Value::Str(text) if text.text == "derivation" => match attrs.get(self.names.out_path) {
                Some(path) => Ok(Some(self.force(path.value)?)),
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// `left < right`: numbers, strings by bytes, paths, lists element by element.
    pub fn less(&self, left: Value<'h>, right: Value<'h>, place: Place) -> Eval<'h, bool> {
        Ok(self.order(left, right, place)? == Ordering::Less)
    }

    fn order(&self, left: Value<'h>, right: Value<'h>, place: Place) -> Eval<'h, Ordering> {
        match (self.settle(left)?, self.settle(right)?) {
            (Value::Int(a), Value::Int(b)) => Ok(a.cmp(&b)),
            (Value::Str(a), Value::Str(b)) => Ok(a.text.cmp(b.text)),
            (Value::Path(a), Value::Path(b)) => Ok(a.cmp(b)),
            (Value::List(a), Value::List(b)) => {
                for (x, y) in a.items.iter().zip(b.items) {
                    let (x, y) = (self.force(x)?, self.force(y)?);
                    if self.equal(x, y, place)? {
                        continue;
                    }
                    return self.deeper(|| self.order(x, y, place));
                }
                match a.open.or(b.open) {
                    Some(unknown) => Err(Halt::Unknown(unknown)),
                    None => Ok(a.items.len().cmp(&b.items.len())),
                }
            }
            (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) => Err(Halt::Unknown(unknown)),
            (a @ (Value::Int(_) | Value::Float(_)), b @ (Value::Int(_) | Value::Float(_))) => {
                let (a, b) = (self.number(a, place)?, self.number(b, place)?);
                Ok(a.partial_cmp(&b).unwrap_or(Ordering::Greater))
            }
            (a, b) => {
                let message = format!("cannot compare {} with {}", a.describe_type(), b.describe_type());
                Err(self.error(crate::error::ErrorKind::Type, &message, place))
            }
        }
    }
}
