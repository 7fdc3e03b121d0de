//! Evaluating expressions.

use nixscope_db::{EntryKind, VfsPath};
use nixscope_hir::{BindingValue, Bindings, Expr, ExprId, PathBase, StrPart, Symbol};

use super::Evaluator;
use crate::coerce::Coercion;
use crate::error::{ErrorKind, Eval, Halt};
use crate::heap::{Env, Thunk};
use crate::place::Place;
use crate::value::{Attr, Closure, Reason, Taint, Unknown, Value};

impl<'h> Evaluator<'h> {
    /// The value of an expression. Never [`Halt::Unknown`].
    pub fn eval(&self, env: &'h Env<'h>, expr: ExprId) -> Eval<'h, Value<'h>> {
        let result = self.eval_strict(env, expr);
        self.catch_unknown(result)
    }

    fn eval_strict(&self, env: &'h Env<'h>, id: ExprId) -> Eval<'h, Value<'h>> {
        self.step()?;
        match &env.file.body.exprs[id] {
            Expr::Int(value) => Ok(Value::Int(*value)),
            Expr::Str(text) => Ok(self.string_in(text.as_str(), &[])),
            Expr::Local { up, slot, .. } => self.force(self.local(env, *up, *slot)),
            Expr::Apply { function, args } => {
                let place = self.place_of(env, id);
                let function = self.eval_strict(env, *function)?;
                self.apply_many(env, function, args, place)
            }
            Expr::Select { base, path, default } => self.select_path(env, *base, path, *default),
            Expr::Lambda(lambda) => {
                let place = self.place_of(env, id);
                Ok(Value::Lambda(self.heap.alloc(Closure { env, lambda, place })))
            }
            Expr::Let { bindings, body } => {
                let env = self.recursive_env(env, bindings);
                self.deeper(|| self.eval_strict(env, *body))
            }
            Expr::Binary(op, left, right) => self.binary(env, *op, *left, *right, self.place_of(env, id)),
            Expr::Unary(op, operand) => self.unary(env, *op, *operand, self.place_of(env, id)),
            Expr::If(condition, then, otherwise) => {
                let place = self.place_of(env, id);
                match self.truth(env, *condition, place)? {
                    Ok(true) => self.eval_strict(env, *then),
                    Ok(false) => self.eval_strict(env, *otherwise),
                    Err(unknown) => Ok(self.unknown_branch(env, unknown, *then, *otherwise)),
                }
            }
            other => self.eval_other(env, id, other),
        }
    }

    /// Both branches of a condition that is not known.
    #[inline(never)]
    fn unknown_branch(
        &self,
        env: &'h Env<'h>,
        condition: &'h Unknown<'h>,
        then: ExprId,
        otherwise: ExprId,
    ) -> Value<'h> {
        let alternatives = [self.delay(env, then), self.delay(env, otherwise)];
        self.branch(condition, &alternatives)
    }

    /// The expressions that recursion seldom goes through. What they need on the stack is so not part of the frame of those
    /// that it does go through.
    #[inline(never)]
    fn eval_other(&self, env: &'h Env<'h>, id: ExprId, expr: &'h Expr) -> Eval<'h, Value<'h>> {
        match expr {
            Expr::Float(value) => Ok(Value::Float(*value)),
            Expr::Interpolated(parts) => self.interpolate(env, parts, self.place_of(env, id)),
            Expr::Path(base, text) => Ok(self.path_literal(env, *base, text)),
            Expr::InterpolatedPath(base, parts) => {
                self.interpolate_path(env, *base, parts, self.place_of(env, id))
            }
            Expr::SearchPath(name) => self.search_path(name, self.place_of(env, id)),
            Expr::Global(name) | Expr::WithName { name, .. } | Expr::Unresolved(name)
                if let Some(scope) = env.file.scope
                    && let Some(found) =
                        self.get_attr(self.force(scope)?, *name, self.place_of(env, id))? =>
            {
                self.force(found.value)
            }
            Expr::Global(name) => Ok(self.global(*name, self.place_of(env, id))),
            Expr::WithName { name, withs } => self.with_name(env, *name, withs, self.place_of(env, id)),
            Expr::Unresolved(name) => Err(self.error(
                ErrorKind::UndefinedVariable,
                &format!("nothing defines the name `{name}`"),
                self.place_of(env, id),
            )),
            Expr::HasAttr { base, path } => self.has_path(env, *base, path),
            Expr::Attrs(bindings) => {
                self.plain_attrs(env, bindings).inspect(|it| self.note_origin(env, id, *it))
            }
            Expr::RecAttrs(bindings) => {
                self.recursive_attrs(env, bindings).inspect(|it| self.note_origin(env, id, *it))
            }
            Expr::List(items) => {
                let items = self.heap.slice_with(items.len(), |index| self.delay(env, items[index]));
                Ok(self.list_in(items))
            }
            Expr::With(namespace, body) => {
                let env = self.with_env(env, self.delay(env, *namespace));
                self.eval_strict(env, *body)
            }
            Expr::Assert(condition, body) => {
                let place = self.place_of(env, *condition);
                match self.truth(env, *condition, place)? {
                    // What cannot be known is taken to hold: the repository evaluates somewhere.
                    Ok(true) | Err(_) => self.eval_strict(env, *body),
                    Ok(false) => Err(self.error(ErrorKind::Assertion, "this assertion is false", place)),
                }
            }
            Expr::CurPos => Ok(self.position(self.place_of(env, id))),
            // A hole; and what `eval_strict` evaluates.
            _ => {
                let place = self.place_of(env, id);
                Err(Halt::Unknown(self.unknown("syntax error", Reason::Failed, Taint::None, place)))
            }
        }
    }

    /// The environment inside a `with`.
    pub(super) fn with_env(&self, env: &'h Env<'h>, namespace: &'h Thunk<'h>) -> &'h Env<'h> {
        let slots = self.heap.slots(1, namespace);
        self.heap.env(Env { parent: Some(env), file: env.file, slots })
    }

    /// A thunk of an expression; literals and variables need no new one.
    pub fn delay(&self, env: &'h Env<'h>, id: ExprId) -> &'h Thunk<'h> {
        let place = self.place_of(env, id);
        let done = match &env.file.body.exprs[id] {
            Expr::Int(value) => Value::Int(*value),
            Expr::Float(value) => Value::Float(*value),
            Expr::Str(text) => self.string_in(text.as_str(), &[]),
            Expr::Local { up, slot, .. } => return self.local(env, *up, *slot),
            Expr::Path(base, text) => self.path_literal(env, *base, text),
            Expr::Lambda(lambda) => Value::Lambda(self.heap.alloc(Closure { env, lambda, place })),
            _ => return self.heap.thunk(Thunk::expr(env, id)),
        };
        self.heap.thunk(Thunk::done(done, place))
    }

    /// Where an expression stands.
    pub fn place_of(&self, env: &'h Env<'h>, id: ExprId) -> Place {
        Place::expr(env.file.index, id)
    }

    fn local(&self, env: &'h Env<'h>, up: u32, slot: u32) -> &'h Thunk<'h> {
        let mut env = env;
        for _ in 0..up {
            match env.parent {
                Some(parent) => env = parent,
                None => break,
            }
        }
        match env.slots.cells().get(slot as usize) {
            Some(cell) => cell.get(),
            // Only where a file changed its shape under a running evaluation, which salsa forbids.
            None => self.done(Value::Null),
        }
    }

    fn with_name(&self, env: &'h Env<'h>, name: Symbol, withs: &[u32], place: Place) -> Eval<'h, Value<'h>> {
        let mut unknown = None;
        for up in withs {
            let mut with_env = env;
            for _ in 0..*up {
                match with_env.parent {
                    Some(parent) => with_env = parent,
                    None => break,
                }
            }
            let Some(namespace) = with_env.slots.cells().first() else { continue };
            let namespace = self.force(namespace.get())?;
            match self.get_attr(namespace, name, place) {
                Ok(Some(found)) => {
                    let value = self.force(found.value);
                    self.note_selection(&found);
                    return value;
                }
                Ok(None) => {}
                Err(Halt::Unknown(it)) => {
                    unknown.get_or_insert(it);
                }
                Err(error) => return Err(error),
            }
        }
        match unknown {
            Some(unknown) => self.select_unknown(unknown, name, place),
            None => Err(self.error(
                ErrorKind::UndefinedVariable,
                &format!("nothing defines the name `{name}`: no `with` around it has it"),
                place,
            )),
        }
    }

    fn path_literal(&self, env: &'h Env<'h>, base: PathBase, text: &str) -> Value<'h> {
        match base {
            PathBase::Root => self.path(text),
            PathBase::File => self.path(&format!("{}/{text}", env.file.directory)),
            PathBase::Home => match self.models.machine().environment.get("HOME") {
                Some(home) => self.path(&format!("{home}/{text}")),
                None => Value::Unknown(self.unknown("~", Reason::Impure, Taint::None, Place::NONE)),
            },
        }
    }

    fn interpolate_path(
        &self,
        env: &'h Env<'h>,
        base: PathBase,
        parts: &'h [StrPart],
        place: Place,
    ) -> Eval<'h, Value<'h>> {
        let mut text = String::new();
        match base {
            PathBase::Root => {}
            PathBase::File => text.push_str(env.file.directory),
            PathBase::Home => match self.models.machine().environment.get("HOME") {
                Some(home) => text.push_str(home),
                None => return Ok(Value::Unknown(self.unknown("~", Reason::Impure, Taint::None, place))),
            },
        }
        text.push('/');
        for part in parts {
            match part {
                StrPart::Text(part) => text.push_str(part),
                StrPart::Expr(expr) => {
                    let value = self.eval_strict(env, *expr)?;
                    let part = self.coerce(value, Coercion::Addition, place)?;
                    text.push_str(part.text);
                }
            }
        }
        Ok(self.path(&text))
    }

    fn interpolate(&self, env: &'h Env<'h>, parts: &'h [StrPart], place: Place) -> Eval<'h, Value<'h>> {
        let mut text = String::new();
        let mut context = Vec::new();
        for part in parts {
            match part {
                StrPart::Text(part) => text.push_str(part),
                StrPart::Expr(expr) => {
                    let value = self.eval(env, *expr)?;
                    let part = self.coerce(value, Coercion::Interpolation, place)?;
                    self.room_for(text.len() + part.text.len())?;
                    text.push_str(part.text);
                    context.extend_from_slice(part.context);
                }
            }
        }
        Ok(self.string_with(&text, context))
    }

    /// `<name>`, by the machine's search path or by a model.
    pub(crate) fn search_path(&self, name: &str, place: Place) -> Eval<'h, Value<'h>> {
        let entries = self.models.machine().search_path.as_deref();
        for entry in entries.unwrap_or_default() {
            if let Some(found) = self.find_below(&entry.prefix, entry.path.as_str(), name) {
                return Ok(found);
            }
        }
        if let Some(value) = self.models.search_path(self, name) {
            return Ok(value);
        }
        // Nix has some files of its own below `<nix/…>`.
        if entries.is_some() && !name.starts_with("nix/") {
            return Err(self.not_in_search_path(name, place));
        }
        Ok(Value::Unknown(self.unknown(&format!("<{name}>"), Reason::Impure, Taint::None, place)))
    }

    /// What a name of the search path stands for by one entry of it; none where nothing is there.
    pub(crate) fn find_below(&self, prefix: &str, base: &str, name: &str) -> Option<Value<'h>> {
        let rest = crate::machine::below_prefix(prefix, name)?;
        let path = VfsPath::new(base).join(rest);
        match nixscope_db::kind(self.db, &path) {
            EntryKind::Missing => None,
            _ => Some(self.path(path.as_str())),
        }
    }

    /// The error that `tryEval` catches where a search path does not have a name.
    pub(crate) fn not_in_search_path(&self, name: &str, place: Place) -> Halt<'h> {
        let message = format!("nothing in the search path has the name `{name}`");
        self.error(ErrorKind::Throw, &message, place)
    }

    pub(super) fn recursive_env(&self, env: &'h Env<'h>, bindings: &'h Bindings) -> &'h Env<'h> {
        let nothing = self.nothing();
        let slots = self.heap.slots(bindings.named.len(), nothing);
        let inner = self.heap.env(Env { parent: Some(env), file: env.file, slots });
        let sources: Vec<&'h Thunk<'h>> =
            bindings.inherit_from.iter().map(|from| self.delay_fresh(inner, *from)).collect();
        for (slot, binding) in inner.slots.cells().iter().zip(bindings.named.iter()) {
            slot.set(match binding.value {
                BindingValue::Expr(expr) => self.delay_fresh(inner, expr),
                BindingValue::Inherit(expr) => self.delay(env, expr),
                BindingValue::InheritFrom(index) => {
                    let place = Place::name(env.file.index, binding.place);
                    self.delay_select(sources[index as usize], binding.name, place)
                }
            });
        }
        inner
    }

    /// Like [`Evaluator::delay`], but never the thunk of a slot, which may not be filled yet.
    fn delay_fresh(&self, env: &'h Env<'h>, id: ExprId) -> &'h Thunk<'h> {
        match &env.file.body.exprs[id] {
            Expr::Local { .. } => self.heap.thunk(Thunk::expr(env, id)),
            _ => self.delay(env, id),
        }
    }

    fn nothing(&self) -> &'h Thunk<'h> {
        self.heap.thunk(Thunk::done(Value::Null, Place::NONE))
    }

    fn plain_attrs(&self, env: &'h Env<'h>, bindings: &'h Bindings) -> Eval<'h, Value<'h>> {
        let sources: Vec<&'h Thunk<'h>> =
            bindings.inherit_from.iter().map(|from| self.delay(env, *from)).collect();
        let mut entries: Vec<Attr<'h>> = Vec::with_capacity(bindings.named.len() + bindings.dynamic.len());
        for binding in bindings.named.iter() {
            let place = Place::name(env.file.index, binding.place);
            let value = match binding.value {
                BindingValue::Expr(expr) | BindingValue::Inherit(expr) => self.delay(env, expr),
                BindingValue::InheritFrom(index) => {
                    self.delay_select(sources[index as usize], binding.name, place)
                }
            };
            entries.push(Attr { name: binding.name, place, value });
        }
        self.finish_attrs(env, bindings, entries)
    }

    fn recursive_attrs(&self, env: &'h Env<'h>, bindings: &'h Bindings) -> Eval<'h, Value<'h>> {
        let inner = self.recursive_env(env, bindings);
        let mut entries: Vec<Attr<'h>> = Vec::with_capacity(bindings.named.len());
        for (binding, slot) in bindings.named.iter().zip(inner.slots.cells()) {
            let place = Place::name(env.file.index, binding.place);
            entries.push(Attr { name: binding.name, place, value: slot.get() });
        }
        // `__overrides` replaces attributes and, unlike `//`, what the others see of them.
        if let Some(overrides) = entries.iter().find(|attr| attr.name == self.names.overrides) {
            let overrides = self.force_attrs(overrides.value, overrides.place)?;
            for attr in overrides.entries {
                match entries.iter_mut().zip(inner.slots.cells()).find(|(known, _)| known.name == attr.name) {
                    Some((known, slot)) => {
                        slot.set(attr.value);
                        *known = *attr;
                    }
                    None => entries.push(*attr),
                }
            }
        }
        self.finish_attrs(inner, bindings, entries)
    }

    /// Adds the attributes with computed names and sorts.
    fn finish_attrs(
        &self,
        env: &'h Env<'h>,
        bindings: &'h Bindings,
        mut entries: Vec<Attr<'h>>,
    ) -> Eval<'h, Value<'h>> {
        let mut open = None;
        for (name, place, value) in bindings.dynamic.iter() {
            let place = Place::name(env.file.index, *place);
            let name = self.eval(env, *name)?;
            let name = match self.settle(name)? {
                // `${null} = …` is no attribute at all.
                Value::Null => continue,
                Value::Unknown(unknown) => {
                    open = Some(unknown);
                    continue;
                }
                value => match self.coerce(value, Coercion::Interpolation, place) {
                    Ok(text) => Symbol::new(text.text),
                    Err(Halt::Unknown(unknown)) => {
                        open = Some(unknown);
                        continue;
                    }
                    Err(error) => return Err(error),
                },
            };
            if entries.iter().any(|known| known.name == name) {
                let message = format!("the attribute `{name}` is defined twice in this set");
                return Err(self.error(ErrorKind::Other, &message, place));
            }
            entries.push(Attr { name, place, value: self.delay(env, *value) });
        }
        entries.sort_unstable_by_key(|attr| attr.name);
        Ok(self.attrs_sorted(&entries, open))
    }

    /// `{ file, line, column }`, as `__curPos` and `unsafeGetAttrPos` give it.
    pub(crate) fn position(&self, place: Place) -> Value<'h> {
        let Some(resolved) = place.resolve(self) else { return Value::Null };
        let range = resolved.range(self.db);
        let lines = nixscope_syntax::line_index(self.db, resolved.source);
        let at = lines.line_col(range.start(), nixscope_syntax::PositionEncoding::Utf8);
        let path = resolved.source.path(self.db);
        self.attrs(vec![
            self.attr("file", self.string(path.as_str())),
            self.attr("line", Value::Int(i64::from(at.line) + 1)),
            self.attr("column", Value::Int(i64::from(at.column) + 1)),
        ])
    }
}
