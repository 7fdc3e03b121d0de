//! Arguments that modules ask for and that nothing provides.

use nixscope_eval::{PlaceKind, Reason, SourcePlace, Unknown};
use nixscope_hir::{Body, Definition, Expr, NameId, Symbol, resolve};
use smol_str::SmolStr;

use super::Search;
use crate::closure::is_foreign;

/// An argument of a module that the system does not provide.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MissingArgument {
    /// Its name.
    pub name: SmolStr,
    /// The system inside the host.
    pub within: Option<SmolStr>,
    /// The name among the module's arguments.
    pub place: SourcePlace,
    /// Whether something that the system reads needs it.
    pub needed: bool,
    /// Arguments that there are; sorted.
    pub provided: Vec<SmolStr>,
}

impl<'h> Search<'_, 'h> {
    /// What is read of an argument that nothing provides.
    pub(super) fn read_argument(&mut self, unknown: &'h Unknown<'h>) {
        if unknown.reason == Reason::Argument {
            let path = unknown.path();
            let name = path.split(['.', ' ']).next().unwrap_or_default();
            self.arguments.insert(name.into());
        }
    }

    /// The arguments of the repository's modules that the system does not provide. One that is not used does no
    /// harm; a default does not help, since the module system passes every argument.
    pub(super) fn missing_arguments(&mut self) {
        let system = self.system.clone();
        let special = system.special_args;
        if special.open.is_some() || !self.knows_all_modules() || self.has_foreign_modules() {
            return;
        }
        let args = [Symbol::new("_module"), Symbol::new("args")];
        let all = system.definitions(self.ev, &args, true);
        let mut provided: Vec<SmolStr> =
            special.entries.iter().map(|attr| SmolStr::from(attr.name.as_str())).collect();
        for def in &all {
            match self.ev.force_attrs(def.value, def.place) {
                Ok(attrs) if attrs.open.is_none() && def.unknown.is_none() => {
                    provided.extend(attrs.entries.iter().map(|attr| SmolStr::from(attr.name.as_str())));
                }
                _ => return,
            }
        }
        provided.sort();
        provided.dedup();
        for module in &system.closure(self.ev).modules {
            let Some((function, env)) = module.function else { continue };
            let file = env.file();
            if is_foreign(self.ev, file.source) {
                continue;
            }
            let Expr::Lambda(lambda) = &file.body.exprs[function] else { continue };
            for formal in lambda.formals.iter().flat_map(|formals| formals.iter()) {
                let name = formal.name.as_str();
                let is_known = USUAL.contains(&name) || provided.iter().any(|it| it == name);
                if is_known || !is_used(file.body, formal.place) {
                    continue;
                }
                let missing = MissingArgument {
                    name: name.into(),
                    within: self.within.clone(),
                    place: SourcePlace {
                        source: file.source,
                        kind: PlaceKind::Name(Body::raw_name(formal.place)),
                    },
                    needed: self.arguments.contains(name),
                    provided: provided.clone(),
                };
                if !self.found.arguments.contains(&missing) {
                    self.found.arguments.push(missing);
                }
            }
        }
    }
}

/// Whether a variable means the argument: one that is hidden by a `let` of its name is not used.
fn is_used(body: &Body, argument: NameId) -> bool {
    body.exprs.iter().any(|(id, expr)| {
        matches!(expr, Expr::Local { .. })
            && matches!(resolve(body, id), Some(Definition::Name(place, _)) if place == argument)
    })
}

/// What the builders of systems and deploy tools pass without being asked.
const USUAL: &[&str] = &[
    "config",
    "options",
    "lib",
    "pkgs",
    "modulesPath",
    "specialArgs",
    "utils",
    "name",
    "nodes",
    "_class",
    "_prefix",
    "baseModules",
    "extraModules",
    "modules",
    "noUserModules",
    "extendModules",
    "moduleType",
    "osConfig",
    "nixosConfig",
    "darwinConfig",
    "osClass",
    "hmConfig",
    "resources",
    "uids",
    "deploymentName",
    "networkName",
    "inputs'",
    "self'",
];
