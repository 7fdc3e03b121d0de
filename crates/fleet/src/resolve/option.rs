//! What an option of a host stands for: its definitions, its declaration, or the secret that it is.

use std::rc::Rc;

use nixscope_eval::modules::{System, show_option_path};
use nixscope_eval::{Place, PlaceKind, SourcePlace};
use nixscope_hir::{Body, Symbol};
use smol_str::SmolStr;

use super::{Resolver, What};
use crate::closure::own_place;
use crate::host_eval::into_nested;
use crate::secrets::{secret_at, secret_path};

/// A key with more definitions than this is a name space.
const MAX_DEFINITIONS_OF_KEY: usize = 16;

impl<'h> Resolver<'_, 'h> {
    /// An option of a system: its definitions, the winners first, and its declaration; in the other
    /// order where the question came from a definition.
    pub(super) fn option(
        &mut self,
        system: &Rc<System<'h>>,
        host: Option<SmolStr>,
        path: &[Symbol],
        from_definition: bool,
    ) {
        if self.meant.is_none()
            && let Some((inner, rest)) = into_nested(self.ev, system, path)
            && inner.definitions(self.ev, rest, true).iter().any(|def| def.unknown.is_none())
        {
            return self.option(&inner, host, rest, from_definition);
        }
        if self.takes_name(system.class, path) {
            return;
        }
        if let Some((_, len, _)) = secret_at(path)
            && len <= path.len()
        {
            return self.secret(system, host, &secret_path(&path[..len]));
        }
        let declarations = self.declarations(system, path);
        match from_definition {
            true => self.push_declarations(system, host, path, &declarations),
            false => self.push_definitions(system, host, path, declarations),
        }
    }

    /// Where an option is declared, here or outside; of a name space, the first declaration below it.
    fn declarations(&self, system: &System<'h>, path: &[Symbol]) -> Vec<SourcePlace> {
        let own = |place: Place| own_place(self.ev, place);
        let options = system.options(self.ev);
        let mut declarations: Vec<SourcePlace> = Vec::new();
        match options.descend(path) {
            Some(node) if node.declarations.is_empty() => node.visit(&mut Vec::new(), &mut |_, node| {
                let first = node.declarations.first().and_then(|decl| own(decl.place));
                declarations.extend(first.filter(|_| declarations.is_empty()));
            }),
            Some(node) => declarations.extend(node.declarations.iter().filter_map(|decl| own(decl.place))),
            None => declarations.extend(self.nested_declaration(system, path)),
        }
        match declarations.is_empty() {
            true => self.declared_outside(system, path),
            false => declarations,
        }
    }

    fn push_declarations(
        &mut self,
        system: &System<'h>,
        host: Option<SmolStr>,
        path: &[Symbol],
        declarations: &[SourcePlace],
    ) {
        for place in declarations {
            self.push(What::Declaration, Some(*place), host.clone(), true, None);
        }
        if declarations.is_empty() {
            // It is declared outside: what is here are the definitions, which are one place each, unless the key
            // only begins the paths of many options.
            let defs = system.definitions(self.ev, path, true);
            if defs.len() <= MAX_DEFINITIONS_OF_KEY {
                self.push_definitions(system, host.clone(), path, Vec::new());
            }
            self.push_external(host, path);
        }
    }

    fn push_definitions(
        &mut self,
        system: &System<'h>,
        host: Option<SmolStr>,
        path: &[Symbol],
        declarations: Vec<SourcePlace>,
    ) {
        let all = system.definitions(self.ev, path, true);
        let (off, defs): (Vec<_>, Vec<_>) =
            all.into_iter().filter(|def| def.unknown.is_none()).partition(|def| def.active == Some(false));
        let nowhere = defs.is_empty() && off.is_empty() && declarations.is_empty();
        let winners = System::winners(&defs);
        for def in winners.iter().chain(&defs) {
            let winning = winners.iter().any(|winner| std::ptr::eq(winner.value, def.value));
            for place in self.with_further_places(def.place) {
                self.push(What::Definition, Some(place), host.clone(), winning, None);
            }
        }
        // What a condition switches off on this host is still a place to look at; where nothing else
        // defines the option, the first.
        let declarations: Vec<_> = declarations.iter().map(|place| (What::Declaration, *place)).collect();
        let off = off.iter().flat_map(|def| self.with_further_places(def.place));
        let off: Vec<_> = off.map(|place| (What::Definition, place)).collect();
        let (first, second) = if defs.is_empty() { (off, declarations) } else { (declarations, off) };
        for (what, place) in first.into_iter().chain(second) {
            self.push(what, Some(place), host.clone(), false, None);
        }
        if nowhere && system.options(self.ev).descend(path).is_none() {
            self.push_external(host, path);
        }
    }

    fn push_external(&mut self, host: Option<SmolStr>, path: &[Symbol]) {
        let path = format!("config.{}", show_option_path(path));
        self.push(What::External, None, host, false, Some(path.into()));
    }

    /// The declaration of an option inside a submodule: `services.x.<name>.port`.
    fn nested_declaration(&self, system: &System<'h>, path: &[Symbol]) -> Option<SourcePlace> {
        let options = system.options(self.ev);
        let prefix = options.declared_prefix(path)?;
        let node = options.descend(&path[..prefix])?;
        let nested = system.nested_options(self.ev, node, &path[..prefix]);
        let fits = |pattern: &[Symbol]| {
            pattern.len() == path.len()
                && pattern
                    .iter()
                    .zip(path)
                    .all(|(wanted, got)| wanted == got || matches!(wanted.as_str(), "<name>" | "*"))
        };
        let (_, node) = nested.into_iter().find(|(pattern, _)| fits(pattern))?;
        own_place(self.ev, node.declarations.first()?.place)
    }

    fn secret(&mut self, system: &Rc<System<'h>>, host: Option<SmolStr>, path: &[Symbol]) {
        let mut systems = vec![system.clone()];
        systems.extend(system.parent.map(|parent| self.ev.system(parent)));
        for system in systems {
            for def in system.definitions(self.ev, path, false) {
                if def.unknown.is_some() {
                    continue;
                }
                for place in self.with_further_places(def.place) {
                    self.push(What::Secret, Some(place), host.clone(), true, None);
                }
            }
        }
    }

    /// A binding's place, and those of its further pieces: `a.b = 1; a.c = 2;` defines `a` twice.
    pub(super) fn with_further_places(&self, place: Place) -> Vec<SourcePlace> {
        let Some(place) = own_place(self.ev, place) else { return Vec::new() };
        let mut places = vec![place];
        if let PlaceKind::Name(raw) = place.kind {
            let map = nixscope_hir::source_map(self.ev.db, place.source);
            let further = map.further_places().iter().filter(|(first, _)| Body::raw_name(*first) == raw);
            places.extend(further.map(|(_, more)| SourcePlace {
                source: place.source,
                kind: PlaceKind::Name(Body::raw_name(*more)),
            }));
        }
        places
    }
}
