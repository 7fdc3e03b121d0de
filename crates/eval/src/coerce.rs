//! Values to strings.

use nixscope_db::{EntryKind, VfsPath};

use crate::Evaluator;
use crate::error::{ErrorKind, Eval, Halt};
use crate::place::Place;
use crate::value::{ContextItem, Str, Value};

/// How willingly a value becomes a string.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Coercion {
    /// `"${x}"`, `"a" + x`: strings, paths (copied to the store, so they must be there), sets that say how.
    Interpolation,
    /// `./a + x`, and where a path is wanted: the same, but a path is not copied.
    Addition,
    /// `toString x`: also numbers, booleans, null and lists; a path stays as it is.
    ToString,
}

impl<'h> Evaluator<'h> {
    /// The value as a string.
    ///
    /// A path that is interpolated keeps its own text (its store path cannot be known without
    /// hashing it) and gets a context that says it is copied to the store.
    pub fn coerce(&self, value: Value<'h>, how: Coercion, place: Place) -> Eval<'h, &'h Str<'h>> {
        let value = self.settle(value)?;
        match value {
            Value::Str(text) => Ok(text),
            Value::Path(path) => {
                if how == Coercion::Interpolation {
                    self.must_exist(path, place)?;
                }
                let context: &'h [ContextItem<'h>] = match how {
                    Coercion::ToString => &[],
                    _ => self.heap.slice(&[ContextItem::Path(path)]),
                };
                Ok(self.heap.alloc(Str { text: path, context }))
            }
            Value::Attrs(attrs) => {
                if let Some(to_string) = attrs.get(self.names.to_string) {
                    let function = self.force(to_string.value)?;
                    let text = self.apply(function, self.done(value), place)?;
                    return self.deeper(|| self.coerce(text, how, place));
                }
                if let Some(out_path) = attrs.get(self.names.out_path) {
                    let path = self.force(out_path.value)?;
                    return self.deeper(|| self.coerce(path, how, place));
                }
                match attrs.open {
                    Some(unknown) => Err(Halt::Unknown(unknown)),
                    None => Err(self.not_a_string(value, place)),
                }
            }
            Value::Unknown(unknown) => Err(Halt::Unknown(unknown)),
            Value::Choice(choice) => Err(Halt::Unknown(choice.condition)),
            _ if how != Coercion::ToString => Err(self.not_a_string(value, place)),
            Value::Null | Value::Bool(false) => Ok(self.heap.alloc(Str { text: "", context: &[] })),
            Value::Bool(true) => Ok(self.heap.alloc(Str { text: "1", context: &[] })),
            Value::Int(value) => Ok(self.plain(&value.to_string())),
            Value::Float(value) => Ok(self.plain(&format!("{value:.6}"))),
            Value::List(list) => {
                if let Some(unknown) = list.open {
                    return Err(Halt::Unknown(unknown));
                }
                let mut text = String::new();
                let mut context = Vec::new();
                for (index, item) in list.items.iter().enumerate() {
                    let item = self.force(item)?;
                    let empty_list = matches!(item, Value::List(inner) if inner.items.is_empty());
                    let part = self.deeper(|| self.coerce(item, how, place))?;
                    text.push_str(part.text);
                    context.extend_from_slice(part.context);
                    if index + 1 < list.items.len() && !empty_list {
                        text.push(' ');
                    }
                }
                Ok(self.text_with(&text, context))
            }
            Value::Lambda(_) | Value::Native(_) | Value::Config(_) => Err(self.not_a_string(value, place)),
        }
    }

    /// Fails where a path that is to be copied to the store is not there.
    fn must_exist(&self, path: &str, place: Place) -> Eval<'h, ()> {
        let path = VfsPath::new(path);
        match nixscope_db::kind(self.db, &path) {
            EntryKind::Missing => {
                let message = format!("the path {path}, which becomes part of a string, is not there");
                Err(self.error(ErrorKind::File, &message, place))
            }
            _ => Ok(()),
        }
    }

    fn plain(&self, text: &str) -> &'h Str<'h> {
        self.heap.alloc(Str { text: self.heap.str(text), context: &[] })
    }

    fn not_a_string(&self, value: Value<'h>, place: Place) -> Halt<'h> {
        self.type_error("a string, or what can become one", value, place)
    }

    /// A string with the union of contexts.
    pub(crate) fn string_with(&self, text: &str, context: Vec<ContextItem<'h>>) -> Value<'h> {
        Value::Str(self.text_with(text, context))
    }

    /// See [`Evaluator::string_with`].
    pub(crate) fn text_with(&self, text: &str, mut context: Vec<ContextItem<'h>>) -> &'h Str<'h> {
        context.sort_unstable();
        context.dedup();
        self.heap.alloc(Str { text: self.heap.str(text), context: self.heap.slice(&context) })
    }

    /// The value as a string, strictly: no coercion.
    pub fn force_str(&self, thunk: &'h crate::heap::Thunk<'h>, place: Place) -> Eval<'h, &'h Str<'h>> {
        let value = self.force(thunk)?;
        match self.settle(value)? {
            Value::Str(text) => Ok(text),
            other => Err(self.type_error("a string", other, place)),
        }
    }

    /// The value as an integer.
    pub fn force_int(&self, thunk: &'h crate::heap::Thunk<'h>, place: Place) -> Eval<'h, i64> {
        let value = self.force(thunk)?;
        match self.settle(value)? {
            Value::Int(value) => Ok(value),
            other => Err(self.type_error("an integer", other, place)),
        }
    }

    /// The value as a condition.
    pub fn force_bool(&self, thunk: &'h crate::heap::Thunk<'h>, place: Place) -> Eval<'h, bool> {
        let value = self.force(thunk)?;
        match self.as_truth(value, place)? {
            Ok(value) => Ok(value),
            Err(unknown) => Err(Halt::Unknown(unknown)),
        }
    }

    /// The value as an absolute path: a path, or a string that begins with a slash.
    pub fn force_path(&self, thunk: &'h crate::heap::Thunk<'h>, place: Place) -> Eval<'h, &'h Str<'h>> {
        let value = self.force(thunk)?;
        let text = self.coerce(value, Coercion::Addition, place)?;
        if text.text.starts_with('/') {
            return Ok(text);
        }
        let message = format!("expected an absolute path, found the string {:?}", text.text);
        Err(self.error(ErrorKind::Type, &message, place))
    }
}
