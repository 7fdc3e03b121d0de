//! Options that modules of an input declare, where its source is on this machine.

use nixscope_eval::SourcePlace;
use nixscope_eval::modules::System;
use nixscope_hir::Symbol;

use super::Resolver;
use crate::candidates::class_of;
use crate::external::external_option;

impl<'h> Resolver<'_, 'h> {
    /// Where modules from outside declare an option.
    pub(super) fn declared_outside(&self, system: &System<'h>, path: &[Symbol]) -> Vec<SourcePlace> {
        let Some(class) = class_of(system) else { return Vec::new() };
        let found = external_option(self.ev.db, self.project, class, path);
        found.into_iter().flat_map(|it| it.declarations).filter_map(|it| it.place).collect()
    }
}
