//! Where an argument of a module comes from: what the host's builder passes, or `_module.args`.

use nixscope_db::{Db, SourceFile};
use nixscope_hir::{ExprId, Symbol};

use super::contexts::in_contexts;
use super::{Resolution, Resolver, What};
use crate::closure::own_place;
use crate::project::Project;

/// Where the argument of a module's function is given its value; `function` is the module's function. Empty
/// for a function that is no module, and for what the module system itself passes.
pub fn resolve_argument(
    db: &dyn Db,
    project: Project,
    source: SourceFile,
    function: ExprId,
    name: Symbol,
) -> Vec<Resolution> {
    in_contexts(db, project, source, None, |resolver| resolver.argument(function, name))
}

impl Resolver<'_, '_> {
    fn argument(&mut self, function: ExprId, name: Symbol) {
        let Some(system) = self.system.clone().filter(|_| self.sites.calls(function)) else { return };
        let host = self.host.clone();
        if let Some(passed) = system.special_args.get(name) {
            let place = own_place(self.ev, passed.place).or_else(|| own_place(self.ev, passed.value.place()));
            if place.is_some() {
                self.push(What::Binding, place, host, false, None);
            }
            return;
        }
        let path = [Symbol::new("_module"), Symbol::new("args"), name];
        for def in system.definitions(self.ev, &path, false).iter().filter(|def| def.unknown.is_none()) {
            for place in self.with_further_places(def.place) {
                self.push(What::Binding, Some(place), host.clone(), false, None);
            }
        }
    }
}
