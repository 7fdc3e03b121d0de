//! Types with structure, merged natively.

use nixscope_hir::Symbol;

use super::{Merge, PendingMerge, below, force_merge, nested_type, payload, type_name};
use crate::error::{Eval, Halt};
use crate::heap::Thunk;
use crate::modules::definitions::{Def, is_property};
use crate::modules::options::type_tag;
use crate::place::Place;
use crate::value::{Attr, Attrs, Unknown, Value};

/// The names of a set with their places, and what stands for those that are not known.
type Names<'h> = (Vec<(Symbol, Place)>, Option<&'h Unknown<'h>>);

impl<'h> Merge<'_, 'h> {
    /// As a type says, without checking.
    pub(super) fn typed(&self, ty: &'h Attrs<'h>) -> Eval<'h, Value<'h>> {
        if !self.is_library_type(ty) {
            return self.by_function(ty);
        }
        let element = |name: &str| nested_type(self.ev, ty, name);
        match type_name(self.ev, ty) {
            "listOf" | "nonEmptyListOf" => self.list_of(element("elemType")),
            "attrsOf" | "attrsWith" | "loaOf" => self.named(element("elemType")),
            "lazyAttrsOf" => self.lazy_named(element("elemType")),
            "submodule" => self.submodule(ty),
            "nullOr" => {
                let null = |def: &Def<'h>| matches!(self.ev.force(def.value), Ok(Value::Null));
                match self.defs.iter().filter(|def| null(def)).count() {
                    0 => self.as_type(element("elemType")),
                    all if all == self.defs.len() => Ok(Value::Null),
                    // Both: the library says what is wrong with that.
                    _ if self.is_certain() => self.by_function(ty),
                    _ => self.by_shape(),
                }
            }
            "unique" if self.defs.len() == 1 => self.as_type(element("elemType")),
            "either" => self.either(ty, element("left"), element("right")),
            "coercedTo" => self.coerced(ty),
            "attrs" if !self.is_certain() => self.by_shape(),
            "attrs" => self.shallow(),
            "anything" if self.is_set_like() => self.named(Some(ty)),
            "deferredModule" if !self.is_certain() => self.deferred(),
            _ => self.by_function(ty),
        }
    }

    /// By another type, without asking it whether it accepts the definitions.
    fn as_type(&self, ty: Option<&'h Attrs<'h>>) -> Eval<'h, Value<'h>> {
        match ty {
            Some(ty) => self.ev.deeper(|| self.typed(ty)),
            None => self.by_shape(),
        }
    }

    /// Whether every definition is known to count.
    fn is_certain(&self) -> bool {
        self.defs.iter().all(|def| def.active == Some(true))
    }

    /// Whether a type merges as the library says, so that the library's native twin may do it.
    fn is_library_type(&self, ty: &Attrs<'h>) -> bool {
        let Some(merge) = ty.get(Symbol::new("merge")) else { return false };
        let function = match self.ev.force(merge.value) {
            Ok(Value::Attrs(attrs)) => match attrs.get(Symbol::new("v2")) {
                Some(v2) => self.ev.force(v2.value),
                None => return false,
            },
            other => other,
        };
        match function {
            Ok(Value::Lambda(closure)) => closure.env.file().path.starts_with(crate::EMBEDDED_ROOT),
            Ok(Value::Native(_)) => true,
            _ => false,
        }
    }

    /// By the type's own function.
    fn by_function(&self, ty: &'h Attrs<'h>) -> Eval<'h, Value<'h>> {
        if !self.is_certain() && self.defs.len() > 1 {
            return self.by_shape();
        }
        let Some(merge) = ty.get(Symbol::new("merge")) else { return self.by_shape() };
        let function = self.ev.force(merge.value)?;
        let loc = self.ev.path_list(self.system.full_path(self.ev, self.path));
        let defs = self.ev.definition_list(self.defs);
        let place = self.defs[0].place;
        let result = self.ev.apply_all(function, &[loc, defs], place);
        match self.defs.len() {
            1 => result,
            _ => result.map_err(|halt| self.conflict(halt)),
        }
    }

    /// A list: each element checked and merged by itself, when it is asked for.
    fn list_of(&self, element: Option<&'h Attrs<'h>>) -> Eval<'h, Value<'h>> {
        let ev = self.ev;
        let mut items: Vec<&'h Thunk<'h>> = Vec::new();
        let mut open = None;
        for (number, def) in self.defs.iter().enumerate() {
            let value = ev.force(def.value)?;
            let list = ev.list_operand(value, def.place)?;
            open = open.or(list.open);
            let mut own: Vec<&'h Thunk<'h>> = Vec::with_capacity(list.items.len());
            for (index, item) in list.items.iter().enumerate() {
                own.extend(self.element(def, item, element, (number + 1, index + 1)));
            }
            match def.active {
                None => items.extend(self.maybe_items(&own)),
                Some(_) => items.extend(own),
            }
        }
        Ok(ev.open_list(&items, open))
    }

    /// An element of a list, unless its own condition is false.
    fn element(
        &self,
        def: &Def<'h>,
        item: &'h Thunk<'h>,
        ty: Option<&'h Attrs<'h>>,
        (number, index): (usize, usize),
    ) -> Option<&'h Thunk<'h>> {
        let value = match self.ev.force(item) {
            Ok(Value::Unknown(_) | Value::Choice(_)) | Err(Halt::Unknown(_)) => return Some(item),
            Ok(value) => value,
            // It fails when it is asked for.
            Err(Halt::Fail(_)) => return Some(item),
        };
        let tagged = matches!(value, Value::Attrs(attrs) if is_property(type_tag(self.ev, attrs)));
        let own = Def { value: item, place: item.place().or(def.place), explicit_priority: false, ..*def };
        let defs = if tagged { below(self.ev, &own, &[]) } else { vec![own] };
        if defs.is_empty() {
            return None;
        }
        let step = Symbol::new(&format!("[definition {number}-entry {index}]"));
        Some(self.inner(step, defs, ty))
    }

    /// The value of something inside, merged when it is asked for.
    fn inner(&self, name: Symbol, defs: Vec<Def<'h>>, ty: Option<&'h Attrs<'h>>) -> &'h Thunk<'h> {
        let mut path = self.path.to_vec();
        path.push(name);
        self.ev.delay_merge(force_merge, self.system.pending(path, defs, ty))
    }

    /// The names of all definitions, with the places of the first, in any order; and whether there may
    /// be more.
    fn names(&self) -> Eval<'h, Names<'h>> {
        let mut names: rustc_hash::FxHashMap<Symbol, Place> = rustc_hash::FxHashMap::default();
        let mut open = None;
        for def in self.defs {
            match self.ev.force_attrs(def.value, def.place) {
                Ok(attrs) => {
                    open = open.or(attrs.open);
                    for attr in attrs.entries {
                        names.entry(attr.name).or_insert(attr.place);
                    }
                }
                Err(Halt::Unknown(unknown)) => open = Some(unknown),
                Err(error) => return Err(error),
            }
        }
        let mut names: Vec<(Symbol, Place)> = names.into_iter().collect();
        names.sort_unstable_by_key(|(name, _)| *name);
        Ok((names, open))
    }

    /// A set: each name's definitions merged when it is asked for, names without an active one left out.
    pub(super) fn named(&self, element: Option<&'h Attrs<'h>>) -> Eval<'h, Value<'h>> {
        let (names, open) = self.names()?;
        let mut entries: Vec<Attr<'h>> = Vec::with_capacity(names.len());
        for (name, place) in names {
            let defs: Vec<Def<'h>> = self.defs.iter().flat_map(|def| below(self.ev, def, &[name])).collect();
            if defs.is_empty() {
                // Every definition of it has a condition that is false.
                continue;
            }
            if !self.ev.is_lenient() {
                // Whether there is a definition is in the definition: Nix looks, and so may fail.
                for def in &defs {
                    self.ev.force(def.value)?;
                }
            }
            entries.push(Attr { name, place, value: self.inner(name, defs, element) });
        }
        Ok(self.ev.attrs_sorted(&entries, open))
    }

    /// A set whose names do not depend on conditions.
    fn lazy_named(&self, element: Option<&'h Attrs<'h>>) -> Eval<'h, Value<'h>> {
        let (names, open) = self.names()?;
        let mut entries: Vec<Attr<'h>> = Vec::with_capacity(names.len());
        for (name, place) in names {
            let mut path = self.path.to_vec();
            path.push(name);
            let pending = PendingMerge {
                attribute: Some(name),
                ..self.system.pending(path, self.defs.to_vec(), element)
            };
            entries.push(Attr { name, place, value: self.ev.delay_merge(force_merge, pending) });
        }
        Ok(self.ev.attrs_sorted(&entries, open))
    }

    /// Whether every definition is a set that is data, so that sets are merged by their names.
    fn is_set_like(&self) -> bool {
        self.defs.iter().all(|def| match self.ev.force(def.value) {
            Ok(Value::Attrs(attrs)) => {
                attrs.get(self.ev.names.out_path).is_none() && attrs.get(self.ev.names.to_string).is_none()
            }
            Ok(Value::Config(_)) => true,
            _ => false,
        })
    }

    fn either(
        &self,
        ty: &'h Attrs<'h>,
        left: Option<&'h Attrs<'h>>,
        right: Option<&'h Attrs<'h>>,
    ) -> Eval<'h, Value<'h>> {
        for side in [left, right] {
            let Some(side) = side else { return self.by_shape() };
            if self.defs.iter().all(|def| !self.rejects(side, def)) {
                return self.as_type(Some(side));
            }
        }
        match self.is_certain() {
            true => self.by_function(ty),
            false => self.by_shape(),
        }
    }

    fn coerced(&self, ty: &'h Attrs<'h>) -> Eval<'h, Value<'h>> {
        let source = nested_type(self.ev, ty, "coercedType");
        let target = nested_type(self.ev, ty, "finalType");
        let (Some(source), Some(target)) = (source, target) else { return self.by_shape() };
        let function = payload(self.ev, ty, "coerceFunc").ok().flatten();
        let mut coerced: Vec<Def<'h>> = Vec::with_capacity(self.defs.len());
        for def in self.defs {
            let value = match function {
                Some(function) if !self.rejects(source, def) => self.convert(function, source, def),
                _ => def.value,
            };
            coerced.push(Def { value, ..*def });
        }
        Merge { defs: &coerced, ..*self }.as_type(Some(target))
    }

    /// A definition that is of the source type, converted. One that is unknown may be of either.
    fn convert(&self, function: Value<'h>, source: &Attrs<'h>, def: &Def<'h>) -> &'h Thunk<'h> {
        let accepted = source.get(Symbol::new("check")).and_then(|check| {
            let check = self.ev.force(check.value).ok()?;
            match self.ev.apply(check, def.value, def.place) {
                Ok(Value::Bool(accepted)) => Some(accepted),
                _ => None,
            }
        });
        match accepted {
            Some(true) => self.ev.delay_apply(function, def.value),
            _ => def.value,
        }
    }

    fn shallow(&self) -> Eval<'h, Value<'h>> {
        let mut result = self.ev.attrs(Vec::new());
        for def in self.defs {
            let value = self.ev.force(def.value)?;
            result = self.ev.update(result, value, def.place)?;
        }
        Ok(result)
    }

    fn deferred(&self) -> Eval<'h, Value<'h>> {
        let imports: Vec<&'h Thunk<'h>> = self.defs.iter().map(|def| def.value).collect();
        Ok(self.ev.attrs(vec![self.ev.attr("imports", self.ev.list(&imports))]))
    }

    /// Elements of a definition whose condition is unknown.
    pub(super) fn maybe_items(&self, items: &[&'h Thunk<'h>]) -> Vec<&'h Thunk<'h>> {
        let condition = super::conditional::condition(self.ev, self.path, self.defs);
        let maybe =
            |item: &&'h Thunk<'h>| self.ev.done_at(self.ev.choice(condition, &[*item], true), item.place());
        items.iter().map(maybe).collect()
    }
}
