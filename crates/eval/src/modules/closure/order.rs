//! The order in which modules are merged, and which of them are left when some are disabled.
//!
//! nixpkgs walks the imports breadth first, each key once, and merges definitions in the reverse of
//! that: what a module imports comes before what it says itself.

use std::collections::VecDeque;

use super::{Closure, Disabled, Import};
use crate::Evaluator;
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, Value};

/// Every import that was followed.
#[derive(Default)]
pub(in crate::modules) struct Graph<'h> {
    nodes: Vec<Node<'h>>,
    /// The modules of the system's own lists.
    roots: Vec<usize>,
}

struct Node<'h> {
    name: &'h str,
    key: &'h str,
    disabled: bool,
    imports: Vec<(usize, Place)>,
}

/// A graph that is asked for as a value has at most this many nodes: modules that are imported again
/// and again appear each time.
const MAX_NODES: usize = 20_000;

impl<'h> Graph<'h> {
    /// A module that was imported for the first time.
    pub(super) fn first(&mut self, index: usize, name: &'h str, key: &'h str, import: Import<'h>) {
        self.nodes.push(Node { name, key, disabled: false, imports: Vec::new() });
        self.again(index, import);
    }

    /// A further import of a module.
    pub(super) fn again(&mut self, index: usize, import: Import<'h>) {
        match import.importer {
            None => self.roots.push(index),
            Some(importer) => {
                if let Some(node) = self.nodes.get_mut(importer) {
                    node.imports.push((index, import.place));
                }
            }
        }
    }

    /// The graph as `evalModules` gives it: `[ { key; file; imports; disabled; } ]`.
    pub(in crate::modules) fn value(&self, ev: &Evaluator<'h>) -> Value<'h> {
        let mut budget = MAX_NODES;
        let roots: Vec<&'h Thunk<'h>> =
            self.roots.iter().map(|index| ev.done(self.node(ev, *index, &mut budget, 0))).collect();
        ev.list(&roots)
    }

    fn node(&self, ev: &Evaluator<'h>, index: usize, budget: &mut usize, depth: u32) -> Value<'h> {
        *budget = budget.saturating_sub(1);
        let node = &self.nodes[index];
        let mut imports: Vec<&'h Thunk<'h>> = Vec::new();
        if depth < super::MAX_IMPORT_DEPTH {
            for (import, _) in &node.imports {
                if *budget > 0 {
                    imports.push(ev.done(self.node(ev, *import, budget, depth + 1)));
                }
            }
        }
        let entries: Vec<Attr<'h>> = vec![
            ev.attr("key", ev.string(node.key)),
            ev.attr("file", ev.string(node.name)),
            ev.attr("disabled", Value::Bool(node.disabled)),
            ev.attr("imports", ev.list(&imports)),
        ];
        ev.attrs(entries)
    }
}

/// Takes disabled modules out, with what only they import, and gives each of the others its rank.
pub(super) fn arrange<'h>(ev: &Evaluator<'h>, closure: &mut Closure<'h>, disabled: &Disabled<'h>) {
    if !disabled.is_empty() {
        for (node, module) in closure.graph.nodes.iter_mut().zip(&closure.modules) {
            node.disabled = disabled.contains(ev, module);
        }
    }
    let walked = breadth_first(&closure.graph);
    for (turn, index) in walked.iter().rev().enumerate() {
        closure.modules[*index].rank = turn;
    }
    if walked.len() < closure.modules.len() {
        keep(closure, &walked);
    }
}

fn breadth_first(graph: &Graph<'_>) -> Vec<usize> {
    let mut seen = vec![false; graph.nodes.len()];
    let mut walked = Vec::with_capacity(graph.nodes.len());
    let mut queue: VecDeque<usize> = graph.roots.iter().copied().collect();
    while let Some(index) = queue.pop_front() {
        if graph.nodes[index].disabled || std::mem::replace(&mut seen[index], true) {
            continue;
        }
        walked.push(index);
        queue.extend(graph.nodes[index].imports.iter().map(|(index, _)| *index));
    }
    walked
}

/// Keeps the modules that were reached, each with the first of its importers that was reached too.
fn keep(closure: &mut Closure<'_>, reached: &[usize]) {
    let mut alive = vec![false; closure.modules.len()];
    for index in reached {
        alive[*index] = true;
    }
    for index in 0..closure.modules.len() {
        let importer = closure.modules[index].importer;
        if !alive[index] || closure.graph.roots.contains(&index) && importer.is_none() {
            continue;
        }
        if importer.is_none_or(|importer| alive[importer]) {
            continue;
        }
        let other =
            closure.graph.nodes.iter().enumerate().filter(|(node, _)| alive[*node]).find_map(|(node, it)| {
                Some((node, it.imports.iter().find(|(import, _)| *import == index)?.1))
            });
        closure.modules[index].importer = other.map(|(node, _)| node);
        if let Some((_, place)) = other {
            closure.modules[index].place = place;
        }
    }
    let mut new_index: Vec<usize> = Vec::with_capacity(alive.len());
    let mut kept = 0;
    for alive in &alive {
        new_index.push(kept);
        kept += usize::from(*alive);
    }
    let mut index = 0;
    closure.modules.retain_mut(|module| {
        module.importer = module.importer.map(|importer| new_index[importer]);
        index += 1;
        alive[index - 1]
    });
}
