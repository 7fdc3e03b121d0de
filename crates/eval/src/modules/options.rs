//! The options that a system's modules declare.

use std::collections::BTreeMap;

use nixscope_hir::Symbol;

use super::closure::Closure;
use super::system::System;
use crate::Evaluator;
use crate::error::Halt;
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attrs, Unknown, Value};

/// A node of the tree of options.
#[derive(Default)]
pub struct OptionNode<'h> {
    /// What is below, by name.
    pub children: BTreeMap<&'static str, OptionNode<'h>>,
    /// The declarations of this very option; several modules may declare parts of one.
    pub declarations: Vec<OptionDecl<'h>>,
    /// Set where there may be further options below that are not known.
    pub open: Option<&'h Unknown<'h>>,
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

pub(super) fn collect<'h>(ev: &Evaluator<'h>, closure: &Closure<'h>) -> OptionNode<'h> {
    let mut root = OptionNode::default();
    for (index, module) in closure.modules.iter().enumerate() {
        if let Some(options) = module.options {
            root.add(ev, index, options, Place::NONE, 0);
        }
    }
    root
}

impl<'h> OptionNode<'h> {
    fn add(&mut self, ev: &Evaluator<'h>, module: usize, thunk: &'h Thunk<'h>, place: Place, depth: usize) {
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
            Some(_) => return,
            None => {}
        }
        if attrs.open.is_some() {
            self.open = attrs.open;
        }
        if depth >= MAX_DEPTH {
            return;
        }
        for attr in attrs.entries {
            let child = self.children.entry(attr.name.as_str()).or_default();
            child.add(ev, module, attr.value, attr.place, depth + 1);
        }
    }

    /// The node at a path below this one.
    pub fn descend(&self, path: &[Symbol]) -> Option<&OptionNode<'h>> {
        path.iter().try_fold(self, |node, name| node.children.get(name.as_str()))
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
        let mut out = Vec::new();
        if let Some(ty) = super::merge::option_type(ev, node) {
            self.nested_in_type(ev, ty, &mut path.to_vec(), &mut out);
        }
        out
    }

    fn nested_in_type(
        &self,
        ev: &Evaluator<'h>,
        ty: &'h Attrs<'h>,
        path: &mut Vec<Symbol>,
        out: &mut Vec<(Vec<Symbol>, OptionNode<'h>)>,
    ) {
        if path.len() >= MAX_DEPTH {
            return;
        }
        let (step, inner) = match super::merge::type_name(ev, ty) {
            "attrsOf" | "lazyAttrsOf" | "attrsWith" => (Some("<name>"), "elemType"),
            "listOf" | "nonEmptyListOf" => (Some("*"), "elemType"),
            "nullOr" | "uniq" | "unique" | "functionTo" => (None, "elemType"),
            "coercedTo" => (None, "finalType"),
            "either" => {
                for side in ["left", "right"] {
                    if let Some(ty) = super::merge::nested_type(ev, ty, side) {
                        self.nested_in_type(ev, ty, path, out);
                    }
                }
                return;
            }
            "submodule" => {
                let Ok(system) = super::merge::submodule_system(ev, self, ty, path, &[]) else { return };
                let tree = system.options(ev);
                let mut found: Vec<(Vec<Symbol>, &OptionNode<'h>)> = Vec::new();
                tree.visit(&mut Vec::new(), &mut |inner, node| found.push((inner.to_vec(), node)));
                for (inner, node) in found {
                    let mut full = path.clone();
                    full.extend_from_slice(&inner);
                    let copy = OptionNode {
                        children: BTreeMap::new(),
                        declarations: node.declarations.clone(),
                        open: node.open,
                    };
                    out.push((full.clone(), copy));
                    if let Some(ty) = super::merge::option_type(ev, node) {
                        system.nested_in_type(ev, ty, &mut full, out);
                    }
                }
                return;
            }
            _ => return,
        };
        if let Some(ty) = super::merge::nested_type(ev, ty, inner) {
            path.extend(step.map(Symbol::new));
            self.nested_in_type(ev, ty, path, out);
            if step.is_some() {
                path.pop();
            }
        }
    }
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
