//! Selecting attributes.

use nixscope_hir::{AttrName, ExprId, Symbol};

use super::Evaluator;
use crate::coerce::Coercion;
use crate::error::{ErrorKind, Eval, Halt};
use crate::heap::{Env, Thunk};
use crate::place::Place;
use crate::value::{Attr, Attrs, List, Taint, Unknown, UnknownKind, Value};

impl<'h> Evaluator<'h> {
    pub(super) fn select_path(
        &self,
        env: &'h Env<'h>,
        base: ExprId,
        path: &'h [AttrName],
        default: Option<ExprId>,
    ) -> Eval<'h, Value<'h>> {
        let mut value = self.eval(env, base)?;
        for attr in path {
            let place = Place::name(env.file.index, attr.place());
            let name = self.attr_name(env, attr, place)?;
            match self.get_attr(value, name, place) {
                Ok(Some(found)) => {
                    value = self.force(found.value)?;
                    self.note_selection(&found);
                    let is_last = path.last().is_some_and(|last| std::ptr::eq(last, attr));
                    if is_last
                        && let Value::Choice(choice) = value
                        && choice.absent
                    {
                        value = match default {
                            Some(default) => {
                                let mut alternatives = choice.alternatives.to_vec();
                                alternatives.push(self.delay(env, default));
                                self.choice(choice.condition, &alternatives, false)
                            }
                            None => self.present(choice)?,
                        };
                    }
                }
                Ok(None) => match default {
                    Some(default) => return self.eval(env, default),
                    None => return Err(self.missing_attribute(value, name, place)),
                },
                Err(Halt::Unknown(unknown)) => {
                    value = self.select_unknown(unknown, name, place)?;
                    if let Some(default) = default
                        && matches!(value, Value::Unknown(_))
                    {
                        return self.unknown_or_default(env, value, path, attr, default);
                    }
                }
                // `a.b or c` where `a` is no set.
                Err(Halt::Fail(error)) if default.is_some() && error.kind == ErrorKind::Type => {
                    return match default {
                        Some(default) => self.eval(env, default),
                        None => Err(Halt::Fail(error)),
                    };
                }
                Err(error) => return Err(error),
            }
        }
        Ok(value)
    }

    /// `unknown.a.b or default`: either what is there or the default.
    fn unknown_or_default(
        &self,
        env: &'h Env<'h>,
        reached: Value<'h>,
        path: &'h [AttrName],
        last: &AttrName,
        default: ExprId,
    ) -> Eval<'h, Value<'h>> {
        let mut value = reached;
        let rest = path.iter().skip_while(|attr| !std::ptr::eq(*attr, last)).skip(1);
        for attr in rest {
            let place = Place::name(env.file.index, attr.place());
            let name = self.attr_name(env, attr, place)?;
            value = match value {
                Value::Unknown(unknown) => self.select_unknown(unknown, name, place)?,
                other => other,
            };
        }
        let Value::Unknown(unknown) = value else { return Ok(value) };
        let alternatives = [self.done(value), self.delay(env, default)];
        Ok(self.choice(unknown, &alternatives, false))
    }

    pub(super) fn has_path(
        &self,
        env: &'h Env<'h>,
        base: ExprId,
        path: &'h [AttrName],
    ) -> Eval<'h, Value<'h>> {
        let mut value = self.eval(env, base)?;
        for (index, attr) in path.iter().enumerate() {
            let place = Place::name(env.file.index, attr.place());
            let name = self.attr_name(env, attr, place)?;
            let found = match self.get_attr(value, name, place) {
                Ok(Some(found)) => found,
                Ok(None) => return Ok(Value::Bool(false)),
                // `1 ? a` is false, and so is looking into what is no set.
                Err(Halt::Fail(error)) if error.kind == ErrorKind::Type => return Ok(Value::Bool(false)),
                Err(other) => return Err(other),
            };
            if index + 1 < path.len() {
                value = self.force(found.value)?;
            } else if let Some(Value::Choice(choice)) = found.value.peek()
                && choice.absent
            {
                return Err(Halt::Unknown(choice.condition));
            }
        }
        Ok(Value::Bool(true))
    }

    /// The name of a path's step; a computed one must be a string.
    pub fn attr_name(&self, env: &'h Env<'h>, attr: &AttrName, place: Place) -> Eval<'h, Symbol> {
        match attr {
            AttrName::Static(name, _) => Ok(*name),
            AttrName::Dynamic(expr, _) => {
                let value = self.eval(env, *expr)?;
                let value = self.settle(value)?;
                Ok(Symbol::new(self.coerce(value, Coercion::Interpolation, place)?.text))
            }
        }
    }

    /// What may be in a list beside its items, where it is not known to be nothing: what is not found among the items
    /// may be there all the same.
    pub(crate) fn rest_of(&self, list: &'h List<'h>) -> Option<&'h Unknown<'h>> {
        list.open.or_else(|| self.extensible.borrow().get(&std::ptr::from_ref(list).cast()).copied())
    }

    /// Looks an attribute up. `Ok(None)` where it is known not to be there; [`Halt::Unknown`] where
    /// that is not known.
    pub fn get_attr(&self, value: Value<'h>, name: Symbol, place: Place) -> Eval<'h, Option<Attr<'h>>> {
        match value {
            Value::Attrs(attrs) => match (attrs.get(name), attrs.open) {
                (Some(attr), _) => Ok(Some(*attr)),
                (None, Some(unknown)) => Err(Halt::Unknown(unknown)),
                (None, None) => match self.extensible.borrow().get(&std::ptr::from_ref(attrs).cast()) {
                    Some(unknown) => Err(Halt::Unknown(unknown)),
                    None => Ok(None),
                },
            },
            Value::Config(node) => node.get(self, name, place),
            Value::Unknown(unknown) => Err(Halt::Unknown(unknown)),
            Value::Choice(choice) => self.get_from_choice(choice, name, place),
            other => Err(self.type_error("a set", other, place)),
        }
    }

    fn get_from_choice(
        &self,
        choice: &'h crate::value::Choice<'h>,
        name: Symbol,
        place: Place,
    ) -> Eval<'h, Option<Attr<'h>>> {
        let mut found: Vec<Attr<'h>> = Vec::new();
        let apart = self.take_apart(choice);
        let mut unknown = if apart.all { None } else { Some(choice.condition) };
        let mut misses = apart.absent;
        for value in apart.values {
            match self.fork(1, || self.get_attr(value, name, place)) {
                Ok(Some(attr)) if found.iter().any(|it| std::ptr::eq(it.value, attr.value)) => {}
                Ok(Some(attr)) => found.push(attr),
                Err(Halt::Unknown(it)) => unknown = Some(it),
                Ok(None) | Err(Halt::Fail(_)) => misses = true,
            }
        }
        match (found.as_slice(), unknown) {
            ([], Some(unknown)) => Err(Halt::Unknown(unknown)),
            ([], None) => Ok(None),
            ([only], None) if !misses => Ok(Some(*only)),
            (all, unknown) => {
                let mut values: Vec<&'h Thunk<'h>> = all.iter().map(|attr| attr.value).collect();
                if let Some(unknown) = unknown {
                    values.push(self.done(self.select_unknown(unknown, name, place)?));
                }
                let value = self.choice(choice.condition, &values, misses);
                Ok(Some(Attr { name, place: all[0].place, value: self.done_at(value, all[0].value.place()) }))
            }
        }
    }

    /// The attribute of an unknown.
    pub fn select_unknown(&self, base: &'h Unknown<'h>, name: Symbol, place: Place) -> Eval<'h, Value<'h>> {
        if base.is_long() {
            return Ok(Value::Unknown(base));
        }
        if let Some(value) = self.models.select(self, base, name) {
            return Ok(value);
        }
        if base.taint == Taint::PackageSet
            && let Some(value) = self.select_platform(base, name)
        {
            return Ok(value);
        }
        let taint = match (base.taint, name.as_str()) {
            (
                Taint::PackageSet,
                "stdenv" | "system" | "config" | "path" | "hostPlatform" | "buildPlatform",
            ) => Taint::None,
            // What describes a package is known when it is evaluated; its files are not.
            (
                Taint::Derivation,
                "version" | "pname" | "name" | "meta" | "passthru" | "system" | "override",
            ) => Taint::None,
            (Taint::PackageSet | Taint::Derivation, _) => Taint::Derivation,
            (Taint::None, _) => Taint::None,
        };
        let kind = UnknownKind::Attr(base, name);
        Ok(Value::Unknown(self.heap.alloc(Unknown { kind, reason: base.reason, taint, place })))
    }

    /// Forces `base.name`, for `inherit (base) name` and the like.
    pub(super) fn force_select(
        &self,
        base: &'h Thunk<'h>,
        name: Symbol,
        place: Place,
    ) -> Eval<'h, Value<'h>> {
        let value = self.force(base)?;
        match self.get_attr(value, name, place) {
            Ok(Some(attr)) => {
                let value = self.force(attr.value)?;
                self.note_selection(&attr);
                match value {
                    Value::Choice(choice) if choice.absent => self.present(choice),
                    value => Ok(value),
                }
            }
            Ok(None) => Err(self.missing_attribute(value, name, place)),
            Err(Halt::Unknown(unknown)) => self.select_unknown(unknown, name, place),
            Err(error) => Err(error),
        }
    }

    /// A choice that may be absent, where the program fails if it is.
    fn present(&self, choice: &'h crate::value::Choice<'h>) -> Eval<'h, Value<'h>> {
        match choice.alternatives {
            [only] => self.force(only),
            alternatives => Ok(self.choice(choice.condition, alternatives, false)),
        }
    }

    pub(crate) fn missing_attribute(&self, value: Value<'h>, name: Symbol, place: Place) -> Halt<'h> {
        let message = match nearest(value, name) {
            Some(nearest) => format!("there is no attribute `{name}` here; did you mean `{nearest}`?"),
            None => format!("there is no attribute `{name}` here"),
        };
        self.error(ErrorKind::MissingAttribute, &message, place)
    }

    /// The value as a set; a choice of sets as one set with attributes that may be absent.
    pub fn force_attrs(&self, thunk: &'h Thunk<'h>, place: Place) -> Eval<'h, &'h Attrs<'h>> {
        let value = self.force(thunk)?;
        self.as_attrs(value, place)
    }

    /// See [`Evaluator::force_attrs`].
    pub fn as_attrs(&self, value: Value<'h>, place: Place) -> Eval<'h, &'h Attrs<'h>> {
        match value {
            Value::Attrs(attrs) => Ok(attrs),
            Value::Config(node) => node.to_attrs(self),
            Value::Choice(choice) => self.merge_attr_choice(choice, place),
            other => Err(self.type_error("a set", other, place)),
        }
    }
}

/// The attribute whose name is most like the one that was looked for.
fn nearest(value: Value<'_>, name: Symbol) -> Option<Symbol> {
    let Value::Attrs(attrs) = value else { return None };
    if attrs.entries.len() > 500 {
        return None;
    }
    let distance = |other: Symbol| edit_distance(name.as_str(), other.as_str());
    attrs
        .entries
        .iter()
        .map(|attr| (distance(attr.name), attr.name))
        .filter(|(distance, other)| *distance * 3 <= other.as_str().len().max(3))
        .min_by_key(|(distance, other)| (*distance, other.as_str()))
        .map(|(_, other)| other)
}

/// Levenshtein's distance in characters.
pub fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row.last().copied().unwrap_or(0)
}
