//! Options of modules from outside, where their sources are on this machine.

use nixscope_eval::modules::System;
use nixscope_hir::Symbol;

use super::{CandidateKind, Look};
use crate::external::{external_children, external_option};
use crate::index::{HostClass, OptionDeclaration};

impl<'h> Look<'_, 'h> {
    /// The names right below a path that modules from outside declare.
    pub(super) fn outside(&mut self, system: &System<'h>, path: &[Symbol]) {
        let Some(class) = class_of(system) else { return };
        for (name, declarations) in external_children(self.ev.db, self.project, class, path) {
            // Where any name may stand there is none to offer.
            if matches!(name, "<name>" | "*") {
                continue;
            }
            let option = declarations.first();
            if option.is_none_or(|it| !it.hidden) {
                let place = option.and_then(|it| it.place);
                self.push(name, CandidateKind::External, place, option.cloned());
            }
        }
    }

    /// The declaration of an option that a module from outside declares.
    pub(super) fn declared_outside(&self, system: &System<'h>, path: &[Symbol]) -> Option<OptionDeclaration> {
        let found = external_option(self.ev.db, self.project, class_of(system)?, path)?;
        found.declarations.first().cloned()
    }
}

/// The class of a system's modules from outside; none where no source lists such modules.
pub(crate) fn class_of(system: &System<'_>) -> Option<HostClass> {
    match system.class {
        "nixos" => Some(HostClass::Nixos),
        "darwin" => Some(HostClass::Darwin),
        "homeManager" => Some(HostClass::HomeManager),
        _ => None,
    }
}
