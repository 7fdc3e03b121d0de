//! The options that a system's modules declare.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use nixscope_hir::Symbol;

use super::closure::Closure;
use super::system::{Setting, System};
use crate::Evaluator;
use crate::error::Halt;
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attrs, Unknown, Value};

/// A node of the tree of options.
#[derive(Default, Clone)]
pub struct OptionNode<'h> {
    /// What is below, by name.
    pub children: BTreeMap<&'static str, OptionNode<'h>>,
    /// The declarations of this very option; several modules may declare parts of one.
    pub declarations: Vec<OptionDecl<'h>>,
    /// Set where there may be further options below that are not known.
    pub open: Option<&'h Unknown<'h>>,
    /// The sets that declare what is below, with the modules they are from.
    pub(super) trees: Vec<(usize, Place, &'h Thunk<'h>)>,
    /// A declaration that is something else: a bare type, above all.
    pub(super) misplaced: Option<(usize, &'h str)>,
    /// The declarations as one.
    pub(super) merged: OnceCell<&'h Attrs<'h>>,
}

/// A declaration: what `mkOption` was given.
#[derive(Clone, Copy)]
pub struct OptionDecl<'h> {
    /// The module's index.
    pub module: usize,
    /// The option's name in the declaration.
    pub place: Place,
    /// `type`, `default`, `description`, …
    pub attrs: &'h Attrs<'h>,
}

/// Trees deeper than this are taken for a recursion.
const MAX_DEPTH: usize = 24;

/// How many options inside one option are listed: types that hold each other have a number of paths
/// that is exponential in the number of types.
const MAX_NESTED: usize = 2_000;

/// The module that declares the module system's own options, where a module's index is asked for.
const INTERNAL: usize = usize::MAX;

pub(super) fn collect<'h>(
    ev: &Evaluator<'h>,
    closure: &Closure<'h>,
    setting: &Setting<'h>,
) -> OptionNode<'h> {
    let mut root = OptionNode::default();
    if let Some(own) = own_options(ev, setting) {
        root.add(ev, INTERNAL, own, Place::NONE, 0);
    }
    for (index, module) in closure.modules.iter().enumerate() {
        if let Some(options) = module.options {
            root.add(ev, index, options, options.place(), 0);
        }
    }
    root
}

/// The module system's own options; none where nixpkgs' modules take part, which are not here as a whole. Only at the top of
/// all options are they for people.
fn own_options<'h>(ev: &Evaluator<'h>, setting: &Setting<'h>) -> Option<&'h Thunk<'h>> {
    if !setting.closed {
        return None;
    }
    let which = if setting.prefix.is_empty() { "ownOptions" } else { "ownOptionsInside" };
    Some(ev.done(ev.library(&["modules", which]).ok()?))
}

/// What the modules declare at a path: sets of options, or options.
pub(super) fn parts_at<'h>(
    ev: &Evaluator<'h>,
    system: &System<'h>,
    path: &[Symbol],
) -> Vec<(usize, Place, &'h Thunk<'h>)> {
    let mut parts: Vec<(usize, Place, &'h Thunk<'h>)> = Vec::new();
    if let Some(own) = own_options(ev, &system.setting) {
        parts.push((INTERNAL, Place::NONE, own));
    }
    let closure = system.closure(ev);
    let modules = closure.modules.iter().enumerate();
    parts.extend(modules.filter_map(|(index, module)| Some((index, Place::NONE, module.options?))));
    for name in path {
        parts = parts
            .into_iter()
            .filter_map(|(module, _, part)| {
                let attrs = ev.force_attrs(part, part.place()).ok()?;
                let attr = attrs.get(*name).filter(|_| type_tag(ev, attrs).is_none())?;
                Some((module, attr.place, attr.value))
            })
            .collect();
    }
    parts
}

impl<'h> OptionNode<'h> {
    pub(super) fn add(
        &mut self,
        ev: &Evaluator<'h>,
        module: usize,
        thunk: &'h Thunk<'h>,
        place: Place,
        depth: usize,
    ) {
        let attrs = match ev.force_attrs(thunk, thunk.place()) {
            Ok(attrs) => attrs,
            Err(Halt::Unknown(unknown)) => {
                self.open = Some(unknown);
                return;
            }
            Err(Halt::Fail(_)) => return,
        };
        match type_tag(ev, attrs) {
            Some("option") => {
                self.declarations.push(OptionDecl { module, place, attrs });
                return;
            }
            // Anything else with a tag is no tree of options.
            Some(tag) => {
                self.misplaced = Some((module, tag));
                return;
            }
            None => self.trees.push((module, place, thunk)),
        }
        if attrs.open.is_some() {
            self.open = attrs.open;
        }
        if depth >= MAX_DEPTH {
            return;
        }
        for attr in attrs.entries {
            let child = self.children.entry(attr.name.as_str()).or_default();
            // What `genAttrs` and its like make stands where they are called, not in the library.
            let is_written = attr.place.resolve(ev).is_some_and(|it| !ev.is_embedded(it.source));
            let place = if is_written { attr.place } else { place };
            child.add(ev, module, attr.value, place, depth + 1);
        }
    }

    /// The node at a path below this one.
    pub fn descend(&self, path: &[Symbol]) -> Option<&OptionNode<'h>> {
        path.iter().try_fold(self, |node, name| node.children.get(name.as_str()))
    }

    /// Whether something is declared at this very path, rightly or not.
    pub(super) fn is_option(&self) -> bool {
        !self.declarations.is_empty() || self.misplaced.is_some()
    }

    /// The longest part of the path that is a declared option, as the number of names.
    pub fn declared_prefix(&self, path: &[Symbol]) -> Option<usize> {
        let mut node = self;
        for (index, name) in path.iter().enumerate() {
            node = node.children.get(name.as_str())?;
            if !node.declarations.is_empty() {
                return Some(index + 1);
            }
        }
        None
    }

    /// Calls `visit` with every declared option and its path, in order.
    pub fn visit<'a>(&'a self, path: &mut Vec<Symbol>, visit: &mut dyn FnMut(&[Symbol], &'a OptionNode<'h>)) {
        if !self.declarations.is_empty() {
            visit(path, self);
        }
        for (name, child) in &self.children {
            path.push(Symbol::new(name));
            child.visit(path, visit);
            path.pop();
        }
    }

    /// The value that the declarations give to one of `mkOption`'s attributes.
    pub fn attribute(&self, name: &str) -> Option<&'h Thunk<'h>> {
        let name = Symbol::new(name);
        self.declarations.iter().rev().find_map(|decl| decl.attrs.get(name)).map(|attr| attr.value)
    }
}

impl<'h> System<'h> {
    /// The options inside an option whose type holds submodules, with their paths: `<name>` stands
    /// for the name of an attribute, `*` for an element of a list.
    pub fn nested_options(
        &self,
        ev: &Evaluator<'h>,
        node: &OptionNode<'h>,
        path: &[Symbol],
    ) -> Vec<(Vec<Symbol>, OptionNode<'h>)> {
        let mut nested = Nested::default();
        if let Some(ty) = super::merge::option_type(ev, node) {
            self.nested_in_type(ev, ty, &mut path.to_vec(), &mut nested);
        }
        nested.options
    }

    fn nested_in_type(
        &self,
        ev: &Evaluator<'h>,
        ty: &'h Attrs<'h>,
        path: &mut Vec<Symbol>,
        nested: &mut Nested<'h>,
    ) {
        // `json = oneOf [ str (attrsOf json) (listOf json) ]` holds itself.
        let is_inside_itself = nested.types.iter().any(|outer| std::ptr::eq(*outer, ty));
        if is_inside_itself || path.len() >= MAX_DEPTH || nested.options.len() >= MAX_NESTED {
            return;
        }
        nested.types.push(ty);
        match super::merge::type_name(ev, ty) {
            "attrsOf" | "lazyAttrsOf" | "attrsWith" => {
                self.nested_in_part(ev, ty, "elemType", Some("<name>"), path, nested)
            }
            "listOf" | "nonEmptyListOf" => self.nested_in_part(ev, ty, "elemType", Some("*"), path, nested),
            "nullOr" | "uniq" | "unique" | "functionTo" => {
                self.nested_in_part(ev, ty, "elemType", None, path, nested)
            }
            "coercedTo" => self.nested_in_part(ev, ty, "finalType", None, path, nested),
            "either" => {
                self.nested_in_part(ev, ty, "left", None, path, nested);
                self.nested_in_part(ev, ty, "right", None, path, nested);
            }
            "submodule" => self.nested_in_submodule(ev, ty, path, nested),
            // A type of somebody's own that holds elements of another, such as home-manager's `dagOf`.
            _ => self.nested_in_part(ev, ty, "elemType", Some("<name>"), path, nested),
        }
        nested.types.pop();
    }

    /// The options in the type that another consists of, a step further where it has names or elements.
    fn nested_in_part(
        &self,
        ev: &Evaluator<'h>,
        ty: &'h Attrs<'h>,
        part: &str,
        step: Option<&str>,
        path: &mut Vec<Symbol>,
        nested: &mut Nested<'h>,
    ) {
        let Some(ty) = super::merge::nested_type(ev, ty, part) else { return };
        path.extend(step.map(Symbol::new));
        self.nested_in_type(ev, ty, path, nested);
        if step.is_some() {
            path.pop();
        }
    }

    fn nested_in_submodule(
        &self,
        ev: &Evaluator<'h>,
        ty: &'h Attrs<'h>,
        path: &[Symbol],
        nested: &mut Nested<'h>,
    ) {
        let Ok(system) = super::merge::submodule_system(ev, self, ty, path, &[]) else { return };
        let tree = system.options(ev);
        let mut found: Vec<(Vec<Symbol>, &OptionNode<'h>)> = Vec::new();
        tree.visit(&mut Vec::new(), &mut |inner, node| {
            // The module system's own options are the same everywhere.
            if inner.first().is_none_or(|name| name.as_str() != "_module") {
                found.push((inner.to_vec(), node));
            }
        });
        // A function that gives the type, as for the partitions of a partition, makes a new one each
        // time: then the declarations are the same.
        let places = || found.iter().flat_map(|(_, node)| &node.declarations).map(|decl| decl.place);
        if places().all(|place| nested.places.contains(&place)) {
            return;
        }
        let around = nested.places.len();
        nested.places.extend(places());
        for (inner, node) in found {
            let mut full = path.to_vec();
            full.extend_from_slice(&inner);
            let copy = OptionNode {
                declarations: node.declarations.clone(),
                open: node.open,
                ..OptionNode::default()
            };
            nested.options.push((full.clone(), copy));
            if let Some(ty) = super::merge::option_type(ev, node) {
                system.nested_in_type(ev, ty, &mut full, nested);
            }
        }
        nested.places.truncate(around);
    }
}

/// A walk through the types inside an option's type.
#[derive(Default)]
struct Nested<'h> {
    /// What was found.
    options: Vec<(Vec<Symbol>, OptionNode<'h>)>,
    /// The types around the one that is looked at.
    types: Vec<&'h Attrs<'h>>,
    /// The declarations in the submodules around it.
    places: Vec<Place>,
}

/// The `_type` of a set, where it is a string.
pub(crate) fn type_tag<'h>(ev: &Evaluator<'h>, attrs: &Attrs<'h>) -> Option<&'h str> {
    let tag = attrs.get(ev.names.kind)?;
    match ev.force(tag.value) {
        Ok(Value::Str(text)) => Some(text.text),
        _ => None,
    }
}

/// An option's path as people write it: names that need quotes have them.
pub fn show_option_path(path: &[Symbol]) -> String {
    let mut out = String::new();
    for name in path {
        if !out.is_empty() {
            out.push('.');
        }
        let text = name.as_str();
        let plain = !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-'<>*".contains(c))
            && !text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '\'');
        match plain {
            true => out.push_str(text),
            false => crate::print::quote(text, &mut out),
        }
    }
    out
}
