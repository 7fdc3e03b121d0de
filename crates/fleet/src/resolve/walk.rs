//! From a base along names to what the last one stands for: an attribute, a host, an input, an option, something outside.

use nixscope_eval::modules::{System, show_option_path};
use nixscope_eval::{Attrs, Halt, Place, SourcePlace, Taint, Thunk, Value};
use nixscope_hir::{AttrName, Expr, ExprId, Symbol, withs_around};
use smol_str::SmolStr;

use super::contexts::MAX_HOSTS;
use super::{Name, Resolver, What};
use crate::closure::own_place;
use crate::flake::inputs;
use crate::queries::hosts;

impl<'h> Resolver<'_, 'h> {
    /// Follows names from a base; what the last one stands for is the answer.
    pub(super) fn walk(&mut self, base: ExprId, at: ExprId, names: &[Name<'_>]) {
        let Ok(value) = self.sites.value(base) else { return };
        let mut values = vec![(value, None::<Symbol>)];
        for (index, name) in names.iter().enumerate() {
            let last = index + 1 == names.len();
            let symbol = match name {
                Name::Plain(symbol) => Ok(*symbol),
                Name::Attr(attr) => {
                    let env = self.sites.env(at);
                    self.ev.attr_name(env, attr, Place::NONE)
                }
            };
            let mut next = Vec::new();
            for (value, came_from) in values {
                self.step(value, came_from, &symbol, last, &names[index..], &mut next);
            }
            values = next;
            if values.len() > MAX_HOSTS * 4 {
                values.truncate(MAX_HOSTS * 4);
            }
        }
    }

    /// Follows a name through the `with`s around it, the innermost first: what has it, or may have it, ends the search.
    pub(super) fn through_withs(&mut self, variable: ExprId) {
        let body = self.sites.file().body;
        let Expr::WithName { name, .. } = &body.exprs[variable] else { return };
        let said = |resolver: &Self| {
            resolver.found.len() + resolver.meant.as_ref().map_or(0, |options| options.len())
        };
        let before = said(self);
        for namespace in withs_around(body, variable) {
            self.walk(namespace, namespace, &[Name::Plain(*name)]);
            if said(self) > before {
                return;
            }
        }
    }

    fn step(
        &mut self,
        value: Value<'h>,
        came_from: Option<Symbol>,
        name: &Result<Symbol, Halt<'h>>,
        last: bool,
        rest: &[Name<'_>],
        next: &mut Vec<(Value<'h>, Option<Symbol>)>,
    ) {
        let settled = self.ev.settle(value).unwrap_or(value);
        let Ok(name) = name else {
            // A computed name that is not known: any attribute, where they are systems.
            if let Value::Attrs(attrs) = settled {
                let systems = attrs.entries.iter().filter_map(|attr| {
                    let value = self.ev.force(attr.value).ok()?;
                    self.ev.system_of(value).map(|_| (value, Some(attr.name)))
                });
                next.extend(systems);
            }
            return;
        };
        if let Some(system) = self.ev.system_of(settled) {
            let host = came_from.or_else(|| self.host_name(&system));
            if name.as_str() == "config" {
                if last {
                    let place = self.host_place(host);
                    self.push(What::Host, place, host.map(|it| it.as_str().into()), false, None);
                }
                next.push((system.config(self.ev), host));
                return;
            }
        }
        if let Value::Config(node) = settled {
            let system = self.ev.system(node.system);
            let mut path = node.path.to_vec();
            path.push(*name);
            let owner = came_from
                .map(|it| SmolStr::from(it.as_str()))
                .or_else(|| self.host_name(&system).map(|it| it.as_str().into()))
                .or_else(|| self.host.clone());
            if last {
                return self.option(&system, owner, &path, false);
            }
            // Names are enough from here on: the rest of the path is the option's.
            if let Some(full) = self.full_path(&path, &rest[1..]) {
                return self.option(&system, owner, &full, false);
            }
            return;
        }
        match self.ev.get_attr(settled, *name, Place::NONE) {
            Ok(Some(attr)) => {
                let forced = self.ev.force(attr.value);
                if last {
                    self.attribute(
                        settled,
                        *name,
                        [attr.place, attr.value.place()],
                        forced.as_ref().ok().copied(),
                    );
                }
                if let Ok(value) = forced {
                    next.push((value, Some(*name).filter(|_| self.ev.system_of(value).is_some())));
                }
            }
            Err(Halt::Unknown(unknown)) => {
                let Ok(value) = self.ev.select_unknown(unknown, *name, Place::NONE) else { return };
                if last && let Value::Unknown(unknown) = value {
                    self.outside(unknown.path(), unknown.taint);
                }
                next.push((value, None));
            }
            _ => {}
        }
    }

    /// The host and option path that a selection reads, where it reads a configuration.
    pub(super) fn option_path(
        &mut self,
        base: ExprId,
        at: ExprId,
        path: &[AttrName],
    ) -> Option<(Option<SmolStr>, SmolStr)> {
        let mut value = self.sites.value(base).ok()?;
        let mut host = None;
        for (index, attr) in path.iter().enumerate() {
            if let Value::Config(node) = value {
                // A set of modules that is no host, and no part of one, has options of its own.
                let own = self
                    .system
                    .as_ref()
                    .is_some_and(|it| it.id == node.system || it.parent == Some(node.system));
                if host.is_none() && !own {
                    host = Some(SmolStr::from(self.host_name(&self.ev.system(node.system))?.as_str()));
                }
                let rest: Vec<Name<'_>> = path[index..].iter().map(Name::Attr).collect();
                let full = self.full_path(node.path, &rest)?;
                return Some((host, show_option_path(&full).into()));
            }
            let env = self.sites.env(at);
            let name = self.ev.attr_name(env, attr, Place::NONE).ok()?;
            let settled = self.ev.settle(value).ok()?;
            if let Some(system) = self.ev.system_of(settled) {
                host = self.host_name(&system).map(|name| SmolStr::from(name.as_str()));
            }
            value = self.ev.force(self.ev.get_attr(settled, name, Place::NONE).ok()??.value).ok()?;
        }
        None
    }

    fn full_path(&mut self, prefix: &[Symbol], rest: &[Name<'_>]) -> Option<Vec<Symbol>> {
        let mut path = prefix.to_vec();
        for name in rest {
            match name {
                Name::Plain(symbol) => path.push(*symbol),
                Name::Attr(attr) => match attr.as_static() {
                    Some(symbol) => path.push(symbol),
                    None => {
                        let AttrName::Dynamic(expr, _) = attr else { return None };
                        let env = self.sites.env(*expr);
                        path.push(self.ev.attr_name(env, attr, Place::NONE).ok()?);
                    }
                },
            }
        }
        Some(path)
    }

    fn outside(&mut self, path: String, _taint: Taint) {
        // `inputs.nixpkgs` itself is declared in the flake.
        let input = path
            .strip_prefix("inputs.")
            .and_then(|rest| inputs(self.ev.db, self.project).iter().find(|(input, _)| input.name == rest));
        match input {
            Some((input, _)) => self.push(What::Input, input.place, None, false, None),
            None => {
                // An option that only a module from outside declares is an unknown of this name.
                let class = self.system.as_ref().map(|system| system.class);
                if let (Some(class), Some(option)) = (class, path.strip_prefix("config."))
                    && self.takes_name(class, &crate::option::parse_option_path(option))
                {
                    return;
                }
                self.push(What::External, None, None, false, Some(path.into()));
            }
        }
    }

    /// An attribute of a set that the program makes.
    ///
    /// `places` are those of its name and of its value.
    fn attribute(
        &mut self,
        set: Value<'h>,
        name: Symbol,
        [of_name, of_value]: [Place; 2],
        value: Option<Value<'h>>,
    ) {
        let place = of_name.or(of_value);
        let is = |thunk: &'h Thunk<'h>| match (self.ev.force(thunk), set) {
            (Ok(Value::Attrs(a)), Value::Attrs(b)) => std::ptr::eq(a, b),
            _ => false,
        };
        if is(self.flake.inputs) {
            let input =
                inputs(self.ev.db, self.project).iter().find(|(input, _)| input.name == name.as_str());
            if let Some((input, _)) = input {
                return self.push(What::Input, input.place, None, false, None);
            }
        }
        if is(self.flake.inputs) && name.as_str() == "self" || value.is_some_and(|value| self.is_flake(value))
        {
            return self.push(
                What::File(self.project.root(self.ev.db).join("flake.nix")),
                None,
                None,
                false,
                None,
            );
        }
        let is_host = value.is_some_and(|value| self.ev.system_of(value).is_some()) || self.is_host_set(set);
        if is_host {
            return self.push(What::Host, place.resolve(self.ev), Some(name.as_str().into()), true, None);
        }
        // What a function of the library made a name of is written where its value is.
        let made = match value {
            Some(Value::Lambda(function)) => function.place,
            _ => Place::NONE,
        };
        let written = [of_name, of_value, made].into_iter().find_map(|place| own_place(self.ev, place));
        match written.or_else(|| place.resolve(self.ev)) {
            Some(place) => self.push(What::Binding, Some(place), None, false, None),
            None => {
                if let Some(Value::Unknown(unknown)) = value {
                    self.outside(unknown.path(), unknown.taint);
                }
            }
        }
    }

    /// Whether a value is the flake itself, or its outputs.
    fn is_flake(&self, value: Value<'h>) -> bool {
        let Value::Attrs(value) = value else { return false };
        [self.flake.this, self.flake.outputs]
            .into_iter()
            .any(|it| matches!(it.peek(), Some(Value::Attrs(known)) if std::ptr::eq(known, value)))
    }

    fn is_host_set(&self, set: Value<'h>) -> bool {
        let Value::Attrs(set) = set else { return false };
        let sets = self.flake.host_sets(self.ev, self.project).iter();
        sets.filter_map(|set| set.hosts.ok()).any(|known| std::ptr::eq(known, set))
    }

    /// The name of the host that a system is, among the flake's outputs.
    fn host_name(&self, system: &System<'h>) -> Option<Symbol> {
        let sets = self.flake.host_sets(self.ev, self.project).iter().filter_map(|set| set.hosts.ok());
        sets.flat_map(|set: &'h Attrs<'h>| set.entries)
            .find(|attr| {
                attr.value
                    .peek()
                    .and_then(|value| self.ev.system_of(value))
                    .is_some_and(|it| it.id == system.id)
            })
            .map(|attr| attr.name)
    }

    fn host_place(&self, host: Option<Symbol>) -> Option<SourcePlace> {
        let host = host?;
        let known = hosts(self.ev.db, self.project).hosts.iter().find(|it| it.name == host.as_str())?;
        known.place
    }
}
