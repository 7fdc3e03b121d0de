//! What a host's modules read of other hosts and of secrets.
//!
//! Every selection in the files of a host's closure is looked at where it stands: its base is
//! evaluated in the environment of the module's real call, so aliases, helper arguments and computed
//! names are seen through.

mod answer;
mod observed;

use std::cell::OnceCell;
use std::rc::Rc;

use nixscope_db::SourceFile;
use nixscope_eval::modules::{System, show_option_path};
use nixscope_eval::{Attrs, ErrorKind, Evaluator, Halt, Place, PlaceKind, Sites, SourcePlace, Value};
use nixscope_hir::{Body, Expr, ExprId, NameId, Symbol, describe};
use smol_str::SmolStr;

pub(crate) use self::answer::resolve;
pub use self::observed::observed_references;
use crate::closure::is_foreign;
use crate::host_sets::may_hold_hosts;
use crate::index::{HostReference, ReferenceStatus, SecretBackend, SecretDeclaration, SecretRead};
use crate::outputs::Flake;
use crate::project::Project;
use crate::secrets::{secret_at, secret_path};
use crate::sites::{Parents, Selection, Step, reached, selections};

/// What was found.
#[derive(Default)]
pub(crate) struct Reads {
    pub references: Vec<HostReference>,
    pub secret_reads: Vec<SecretRead>,
}

pub(crate) fn scan<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    _host: &str,
    system: &Rc<System<'h>>,
    secrets: &[SecretDeclaration],
) -> Reads {
    let closure = system.closure(ev);
    let hosts = HostSets::of(ev, project, flake);
    let mut reads = Reads::default();
    let mut seen: Vec<SourceFile> = Vec::new();
    let files = closure.modules.iter().flat_map(|it| [it.file, it.function_file()]).flatten();
    for file in files.filter(|file| !is_foreign(ev, *file)) {
        if seen.contains(&file) {
            continue;
        }
        seen.push(file);
        let here = closure.modules.iter().filter(|it| it.is_in(file));
        let whole_file = here.clone().any(|it| !it.inline && it.file == Some(file));
        let called: Vec<_> = here.filter_map(|it| it.function).collect();
        if !whole_file && called.is_empty() {
            continue;
        }
        let mut scan = FileScan {
            ev,
            hosts: &hosts,
            system,
            secrets,
            sites: Sites::new(ev, ev.context(file), called),
            parents: OnceCell::new(),
            reads: &mut reads,
        };
        scan.file(whole_file);
    }
    reads
}

/// What the flake's own file reads of hosts, outside of modules.
pub(crate) fn scan_flake<'h>(ev: &Evaluator<'h>, project: Project, flake: &Flake<'h>) -> Vec<HostReference> {
    let hosts = HostSets::of(ev, project, flake);
    let source = nixscope_db::source(ev.db, &project.root(ev.db).join("flake.nix"));
    let context = ev.context(source);
    let called: Vec<_> = flake.outputs_function(ev).into_iter().collect();
    let special = ev.heap.alloc(Attrs { entries: &[], open: None });
    let system = ev.new_system(Vec::new(), special, "flake", None);
    let mut reads = Reads::default();
    let mut scan = FileScan {
        ev,
        hosts: &hosts,
        system: &system,
        secrets: &[],
        sites: Sites::new(ev, context, called),
        parents: OnceCell::new(),
        reads: &mut reads,
    };
    scan.file(true);
    reads.references
}

/// The sets of hosts among the outputs, to be recognised by identity.
struct HostSets<'h> {
    sets: Vec<&'h Attrs<'h>>,
}

impl<'h> HostSets<'h> {
    fn of(ev: &Evaluator<'h>, project: Project, flake: &Flake<'h>) -> HostSets<'h> {
        let sets = flake.host_sets(ev, project).iter().filter_map(|set| set.hosts.ok()).collect();
        HostSets { sets }
    }

    fn is_host_set(&self, value: Value<'h>) -> Option<&'h Attrs<'h>> {
        let Value::Attrs(attrs) = value else { return None };
        self.sets.iter().copied().find(|set| std::ptr::eq(*set, attrs))
    }

    /// The name of the host whose system this is, among those that were evaluated.
    fn name_of(&self, ev: &Evaluator<'h>, system: &System<'h>) -> Option<Symbol> {
        let attrs = self.sets.iter().flat_map(|set| set.entries.iter());
        attrs
            .filter(|attr| {
                attr.value.peek().and_then(|value| ev.system_of(value)).is_some_and(|it| it.id == system.id)
            })
            .map(|attr| attr.name)
            .next()
    }
}

struct FileScan<'a, 'h> {
    ev: &'a Evaluator<'h>,
    hosts: &'a HostSets<'h>,
    system: &'a Rc<System<'h>>,
    secrets: &'a [SecretDeclaration],
    sites: Sites<'a, 'h>,
    /// Made when the first read has to be judged: most files have none.
    parents: OnceCell<Parents>,
    reads: &'a mut Reads,
}

/// Where a selection has got to.
enum Reached<'h> {
    /// A set of hosts, or something on the way to one.
    Value(Value<'h>),
    /// A host that is there.
    Host(Symbol, Rc<System<'h>>),
    /// A host whose configuration is not known.
    UnknownHost(Symbol),
}

impl<'h> FileScan<'_, 'h> {
    fn file(&mut self, whole_file: bool) {
        let body = self.sites.file().body;
        for selection in selections(body) {
            if !whole_file && !self.sites.is_called(selection.expr) {
                continue;
            }
            self.selection(body, &selection);
        }
        self.decrypted_places(body);
    }

    /// Texts with the place of a decrypted secret: `/run/agenix/x`, in a script for example. Only names
    /// that the host declares are reads: any other may be anything.
    fn decrypted_places(&mut self, body: &'h Body) {
        for (expr, place, name) in crate::secrets::decrypted_places(body) {
            let declared = |it: &&SecretDeclaration| it.name == name && it.backend.decrypts_to(place);
            let Some(secret) = self.secrets.iter().find(declared) else { continue };
            let place = self.place(PlaceKind::Expr(Body::raw(expr)));
            self.reads.secret_reads.push(SecretRead {
                path: secret.path.clone(),
                name: secret.name.clone(),
                backend: secret.backend,
                place,
                name_place: place,
                declared: Some(true),
            });
        }
    }

    fn place(&self, kind: PlaceKind) -> SourcePlace {
        SourcePlace { source: self.sites.file().source, kind }
    }

    fn name_place(&self, name: NameId) -> SourcePlace {
        self.place(PlaceKind::Name(Body::raw_name(name)))
    }

    fn selection(&mut self, body: &'h Body, selection: &Selection<'h>) {
        if !is_plausible_base(body, selection.base) {
            return;
        }
        let Ok(base) = self.sites.value(selection.base) else { return };
        let base = self.ev.settle(base).unwrap_or(base);
        if let Value::Config(node) = base {
            return self.config_read(selection, node.system, node.path.to_vec(), 0);
        }
        let mut at = Reached::Value(base);
        if let Some(system) = self.ev.system_of(base) {
            match self.hosts.name_of(self.ev, &system) {
                Some(name) => at = Reached::Host(name, system),
                None => return,
            }
        } else if !matches!(base, Value::Attrs(_)) {
            return;
        }
        self.walk(selection, at);
    }

    /// Follows the names of a selection to a host, and then to its configuration.
    fn walk(&mut self, selection: &Selection<'h>, start: Reached<'h>) {
        let mut at = start;
        for (index, step) in selection.path.iter().enumerate() {
            let name = self.step_name(selection, *step);
            match at {
                Reached::Value(value) => {
                    if let Some(set) = self.hosts.is_host_set(value) {
                        let Ok(name) = name else {
                            return self.push(selection, None, None, Vec::new(), ReferenceStatus::Dynamic);
                        };
                        at = match set.get(name) {
                            Some(attr) => {
                                match self.ev.force(attr.value).ok().and_then(|it| self.ev.system_of(it)) {
                                    Some(system) => Reached::Host(name, system),
                                    None => Reached::UnknownHost(name),
                                }
                            }
                            None if set.open.is_some() => return,
                            None => {
                                let place = self.place(step.place());
                                return self.push(
                                    selection,
                                    Some(place),
                                    Some(name),
                                    Vec::new(),
                                    ReferenceStatus::MissingHost,
                                );
                            }
                        };
                        continue;
                    }
                    let Ok(name) = name else { return };
                    let Ok(Some(attr)) = self.ev.get_attr(value, name, Place::NONE) else {
                        return;
                    };
                    // Only what can lead to a host is followed: everything else is none of our business.
                    let leads = may_hold_hosts(name.as_str()) || attr.value.peek().is_some() || index < 2;
                    if !leads {
                        return;
                    }
                    let Ok(next) = self.ev.force(attr.value) else { return };
                    at = match self.ev.system_of(next) {
                        Some(system) => match self.hosts.name_of(self.ev, &system) {
                            Some(host) => Reached::Host(host, system),
                            None => return,
                        },
                        None => Reached::Value(next),
                    };
                }
                Reached::Host(host, system) => {
                    let host_place = index.checked_sub(1).map(|at| self.place(selection.path[at].place()));
                    return match name {
                        Ok(name) if name.as_str() == "config" => {
                            self.host_config(selection, host_place, host, &system, Vec::new(), index + 1)
                        }
                        _ => self.push(
                            selection,
                            host_place,
                            Some(host),
                            Vec::new(),
                            ReferenceStatus::Resolved,
                        ),
                    };
                }
                Reached::UnknownHost(host) => {
                    let host_place = index.checked_sub(1).map(|at| self.place(selection.path[at].place()));
                    let mut path = Vec::new();
                    for step in &selection.path[index..] {
                        path.extend(self.step_name(selection, *step).ok());
                    }
                    let path = path.get(1..).unwrap_or_default().to_vec();
                    return self.push(selection, host_place, Some(host), path, ReferenceStatus::External);
                }
            }
        }
        if let Reached::Host(host, _) | Reached::UnknownHost(host) = at {
            let place = selection.path.last().map(|step| self.place(step.place()));
            self.push(selection, place, Some(host), Vec::new(), ReferenceStatus::Resolved);
        }
    }

    fn step_name(&mut self, selection: &Selection<'h>, step: Step<'h>) -> Result<Symbol, Halt<'h>> {
        match step {
            Step::Inherited(name, _) => Ok(name),
            Step::Attr(attr) => {
                let env = self.sites.env(selection.expr);
                self.ev.attr_name(env, attr, Place::NONE)
            }
            Step::Item(item) => {
                let value = self.sites.value(item).and_then(|value| self.ev.settle(value))?;
                match value {
                    Value::Str(text) => Ok(Symbol::new(text.text)),
                    _ => Err(self.ev.error(ErrorKind::Type, "a name must be a string", Place::NONE)),
                }
            }
        }
    }

    /// A read below a `config` value.
    fn config_read(
        &mut self,
        selection: &Selection<'h>,
        system: nixscope_eval::modules::SystemId,
        prefix: Vec<Symbol>,
        from: usize,
    ) {
        let own = system == self.system.id || Some(system) == self.system.parent;
        if !own {
            let target = self.ev.system(system);
            if let Some(host) = self.hosts.name_of(self.ev, &target) {
                self.host_config(selection, None, host, &target, prefix, from);
            }
            return;
        }
        let start = prefix.len();
        let mut path = prefix;
        for step in &selection.path[from..] {
            match self.step_name(selection, *step) {
                Ok(name) => path.push(name),
                Err(_) => {
                    self.computed_secret(selection, &path);
                    break;
                }
            }
        }
        let Some((backend, len, name)) = secret_at(&path) else { return };
        if len <= start {
            return;
        }
        let Some(step) = selection.path.get(from + len - 1 - start) else { return };
        let secret = secret_path(&path[..len]);
        let shown: SmolStr = show_option_path(&secret).into();
        let declared = match self.is_declared(selection, &secret, &shown, system) {
            // clan's own modules declare variables too.
            Some(false) if backend == SecretBackend::Clan => None,
            known => known,
        };
        let read = SecretRead {
            path: shown,
            name: name.as_str().into(),
            backend,
            place: self.selection_place(selection),
            name_place: self.place(step.place()),
            declared,
        };
        self.reads.secret_reads.push(read);
    }

    /// A read of a secret whose name is computed and not known, after the path of a tool's secrets.
    fn computed_secret(&mut self, selection: &Selection<'h>, path: &[Symbol]) {
        let Some(backend) = crate::secrets::secrets_at(path) else { return };
        let place = self.selection_place(selection);
        self.reads.secret_reads.push(SecretRead {
            path: show_option_path(path).into(),
            name: SmolStr::default(),
            backend,
            place,
            name_place: place,
            declared: None,
        });
    }

    fn reached(&mut self, expr: ExprId) -> Option<bool> {
        let body = self.sites.file().body;
        let parents = self.parents.get_or_init(|| Parents::new(body));
        reached(self.ev, &mut self.sites, parents, expr)
    }

    /// Whether the host declares a secret; none where that is not known, or the read not reached.
    fn is_declared(
        &mut self,
        selection: &Selection<'h>,
        path: &[Symbol],
        shown: &SmolStr,
        system: nixscope_eval::modules::SystemId,
    ) -> Option<bool> {
        if system == self.system.id && self.secrets.iter().any(|secret| secret.path == *shown) {
            return Some(true);
        }
        let target = self.ev.system(system);
        let defs = target.definitions(self.ev, path, true);
        if defs.iter().any(|def| def.unknown.is_none() && def.active != Some(false)) {
            return Some(true);
        }
        let may_be =
            defs.iter().any(|def| def.active != Some(false)) || self.has_unclear_names(&target, path);
        let uncertain = may_be || !target.closure(self.ev).gaps.is_empty();
        if selection.guarded || uncertain {
            return None;
        }
        match self.reached(selection.expr) {
            Some(true) => Some(false),
            _ => None,
        }
    }

    /// Whether a set that is defined just above a path has names that are not known: they are computed from what
    /// is unknown, or from what fails.
    fn has_unclear_names(&self, target: &System<'h>, path: &[Symbol]) -> bool {
        let Some((_, set)) = path.split_last() else { return false };
        target.definitions(self.ev, set, true).iter().filter(|def| def.active != Some(false)).any(|def| {
            def.unknown.is_some()
                || match self.ev.force(def.value) {
                    Ok(Value::Attrs(attrs)) => attrs.open.is_some(),
                    Ok(Value::Unknown(_) | Value::Choice(_)) | Err(_) => true,
                    Ok(_) => false,
                }
        })
    }

    /// A read of another host's `config`.
    fn host_config(
        &mut self,
        selection: &Selection<'h>,
        host_place: Option<SourcePlace>,
        host: Symbol,
        system: &Rc<System<'h>>,
        prefix: Vec<Symbol>,
        from: usize,
    ) {
        let mut path = prefix;
        for step in &selection.path[from..] {
            match self.step_name(selection, *step) {
                Ok(name) => path.push(name),
                Err(_) => {
                    return self.push(selection, host_place, Some(host), path, ReferenceStatus::Dynamic);
                }
            }
        }
        if path.is_empty() {
            return self.push(selection, host_place, Some(host), path, ReferenceStatus::Resolved);
        }
        let answer = resolve(self.ev, system, &path);
        let mut status = answer.status;
        if status == ReferenceStatus::MissingOption
            && !selection.guarded
            && self.reached(selection.expr) == Some(false)
        {
            status = ReferenceStatus::External;
        }
        self.push(selection, host_place, Some(host), path, status);
        if let Some(reference) = self.reads.references.last_mut() {
            reference.targets = answer.targets;
            reference.value = answer.value;
        }
    }

    fn push(
        &mut self,
        selection: &Selection<'h>,
        host_place: Option<SourcePlace>,
        host: Option<Symbol>,
        path: Vec<Symbol>,
        status: ReferenceStatus,
    ) {
        let body = self.sites.file().body;
        let mut expression = describe(body, selection.expr);
        if let Some(name) = selection.inherited {
            expression.push_str(&format!(".{}", body.names[name]));
        }
        let reference = HostReference {
            place: self.selection_place(selection),
            host_place,
            expression: expression.into(),
            host: host.map(|host| host.as_str().into()),
            path: show_option_path(&path).into(),
            targets: Vec::new(),
            value: None,
            status,
            guarded: selection.guarded,
        };
        self.reads.references.push(reference);
    }

    fn selection_place(&self, selection: &Selection<'h>) -> SourcePlace {
        match selection.inherited {
            Some(name) => self.name_place(name),
            None => self.place(PlaceKind::Expr(Body::raw(selection.expr))),
        }
    }
}

/// Bases that can lead to a host or a configuration without calling anything.
fn is_plausible_base(body: &Body, base: ExprId) -> bool {
    match &body.exprs[base] {
        Expr::Local { name, .. } => !matches!(name.as_str(), "lib" | "pkgs"),
        Expr::WithName { .. } | Expr::Apply { .. } | Expr::Select { .. } => true,
        _ => false,
    }
}
