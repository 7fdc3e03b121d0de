//! The declarations of an option as one: what a second module adds to it, and its type.
//!
//! Source: nixpkgs `lib/modules.nix`, `mergeModules'`, `mergeOptionDecls`, `fixupOptionType`.

use nixscope_hir::Symbol;

use super::faults::{OptionFault, OptionFaultKind};
use super::options::{OptionDecl, OptionNode, show_option_path};
use super::system::System;
use crate::Evaluator;
use crate::error::{Eval, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, Attrs, Value};

impl<'h> System<'h> {
    /// The option as the library merges its declarations, with `type`, `declarations`, `loc` and the
    /// rest.
    ///
    /// # Errors
    /// If the declarations do not go together.
    pub(super) fn merged_declaration(
        &self,
        ev: &Evaluator<'h>,
        node: &OptionNode<'h>,
        path: &[Symbol],
    ) -> Eval<'h, &'h Attrs<'h>> {
        if let Some(known) = node.merged.get() {
            return Ok(known);
        }
        self.check_declarations(ev, node, path)?;
        let full = self.full_path(ev, path);
        let loc = ev.path_list(full);
        let name = Symbol::new("pos");
        let decls: Vec<&'h Thunk<'h>> = self
            .in_order(ev, node)
            .iter()
            .map(|decl| {
                let here = ev.done_at(Value::Null, decl.place);
                let position = ev.delay_native(position_of, &[here], name, decl.place);
                let options = Attr { name: Symbol::new("options"), place: decl.place, value: decl.value };
                let position = Attr { name, place: Place::NONE, value: position };
                ev.done(ev.attrs(vec![ev.attr("_file", ev.string(decl.file)), position, options]))
            })
            .collect();
        let merge = ev.library(&["modules", "mergeOptionDecls"])?;
        let merged = ev.apply_all(merge, &[loc, ev.done(ev.list(&decls))], Place::NONE)?;
        let fixup = ev.library(&["modules", "fixupOptionType"])?;
        let fixed = ev.apply_all(fixup, &[loc, ev.done(merged)], Place::NONE)?;
        let attrs = ev.as_attrs(fixed, Place::NONE)?;
        Ok(node.merged.get_or_init(|| attrs))
    }

    /// The option's type: the declarations' together, where they go together.
    pub(super) fn type_of(
        &self,
        ev: &Evaluator<'h>,
        node: &OptionNode<'h>,
        path: &[Symbol],
    ) -> Eval<'h, Option<&'h Attrs<'h>>> {
        let own = super::merge::option_type(ev, node);
        let plain = node.declarations.len() == 1 && node.children.is_empty() && node.misplaced.is_none();
        let has_modules = own.is_some_and(|ty| {
            ty.get(Symbol::new("getSubModules"))
                .is_some_and(|it| !matches!(ev.force(it.value), Ok(Value::Null)))
        });
        if own.is_some() && plain && !has_modules {
            return Ok(own);
        }
        match self.merged_declaration(ev, node, path) {
            Ok(merged) => match merged.get(Symbol::new("type")) {
                Some(ty) => Ok(ev.force_attrs(ty.value, Place::NONE).ok().or(own)),
                None => Ok(own),
            },
            Err(Halt::Unknown(_)) => Ok(own),
            Err(error) if !ev.is_lenient() => Err(error),
            Err(_) => Ok(own),
        }
    }

    /// What cannot be an option: a bare type, or an option with others below it that its type does not
    /// allow.
    fn check_declarations(&self, ev: &Evaluator<'h>, node: &OptionNode<'h>, path: &[Symbol]) -> Eval<'h, ()> {
        let place = node.declarations.first().map_or(Place::NONE, |decl| decl.place);
        let fault = |message: String| {
            let path = self.full_path(ev, path);
            let fault =
                OptionFault { kind: OptionFaultKind::Declaration, path, expected: None, definitions: &[] };
            Err(ev.option_error(fault, &message, place))
        };
        let shown = || show_option_path(self.full_path(ev, path));
        if let Some((module, tag)) = node.misplaced {
            let name = path.last().map_or("", |name| name.as_str());
            let help = match tag {
                "option-type" => format!(
                    "\n\nWhen declaring an option, you must wrap the type in a `mkOption` call. It should \
                     look somewhat like:\n    {name} = lib.mkOption {{\n      description = ...;\n      type \
                     = <the type you wrote for {name}>;\n      ...\n    }};"
                ),
                _ => String::new(),
            };
            return fault(format!(
                "In module {}: expected an option declaration at option path `{}` but got an attribute set \
                 with type {tag}{help}",
                self.module_name(ev, module),
                shown(),
            ));
        }
        if node.children.is_empty() || node.declarations.is_empty() {
            return Ok(());
        }
        let is_submodule = |decl: &OptionDecl<'h>| {
            let ty = decl.attrs.get(Symbol::new("type")).map(|ty| ev.force_attrs(ty.value, Place::NONE));
            match ty {
                Some(Ok(ty)) => super::merge::type_name(ev, ty) == "submodule",
                Some(Err(Halt::Unknown(_))) => true,
                _ => false,
            }
        };
        if node.declarations.iter().all(is_submodule) {
            return Ok(());
        }
        let ty = super::merge::option_type(ev, node).map(|ty| super::merge::description(ev, ty));
        let below: String = node
            .children
            .keys()
            .map(|name| {
                let module = node.trees.first().map_or(usize::MAX, |(module, ..)| *module);
                let option = format!("{}.{name}", shown());
                format!("\n - option(s) with prefix `{option}' in module `{}'", self.module_name(ev, module))
            })
            .collect();
        fault(format!(
            "The option `{}' in module `{}' would be a parent of the following options, but its type `{}' \
             does not support nested options.{below}",
            shown(),
            self.module_name(ev, node.declarations[0].module),
            ty.unwrap_or("<no description>"),
        ))
    }

    /// The name of a module for messages.
    pub(super) fn module_name(&self, ev: &Evaluator<'h>, module: usize) -> &'h str {
        self.closure(ev).modules.get(module).map_or("lib/modules.nix", |module| module.name)
    }

    /// The declarations and the sets of options below them, in the order of merging.
    fn in_order(&self, ev: &Evaluator<'h>, node: &OptionNode<'h>) -> Vec<Part<'h>> {
        let closure = self.closure(ev);
        let rank = |module: usize| closure.modules.get(module).map_or(0, |module| module.rank);
        let mut parts: Vec<(usize, Part<'h>)> = Vec::new();
        for decl in &node.declarations {
            let value = ev.done(Value::Attrs(decl.attrs));
            let file = self.module_name(ev, decl.module);
            parts.push((rank(decl.module), Part { file, place: decl.place, value }));
        }
        if !node.declarations.is_empty() {
            for (module, place, tree) in &node.trees {
                let file = self.module_name(ev, *module);
                let value = ev.delay_native(tree_as_option, &[tree], ev.names.value, *place);
                parts.push((rank(*module), Part { file, place: *place, value }));
            }
        }
        parts.sort_by_key(|(rank, _)| *rank);
        parts.into_iter().map(|(_, part)| part).collect()
    }
}

/// A part of an option's declaration.
struct Part<'h> {
    file: &'h str,
    place: Place,
    value: &'h Thunk<'h>,
}

/// A set of options inside an option that holds a submodule is one more module of that submodule.
fn tree_as_option<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let tree = Attr { name: Symbol::new("options"), place: args[0].place(), value: args[0] };
    let module = ev.done(ev.attrs(vec![tree]));
    let given = ev.attrs(vec![
        ev.attr("modules", ev.list(&[module])),
        // "What the other declaration says."
        ev.attr("shorthandOnlyDefinesConfig", Value::Null),
    ]);
    let submodule = ev.library(&["types", "submoduleWith"])?;
    let ty = ev.apply(submodule, ev.done(given), Place::NONE)?;
    Ok(ev.attrs(vec![ev.attr("_type", ev.string("option")), ev.attr("type", ty)]))
}

/// Where a declaration is written, which the thunk's place says. It is looked up only when somebody asks,
/// since it changes with the layout of the file.
fn position_of<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    Ok(ev.position(args[0].place()))
}
