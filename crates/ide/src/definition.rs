//! Go to definition.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::SourcePlace;
use nixscope_fleet::{
    Project, Resolution, What, inputs, resolve_argument, resolve_file, resolve_inherited, resolve_key,
    resolve_selection, resolve_with,
};
use nixscope_hir::{
    BinaryOp, BindingValue, Body, Definition, Expr, ExprId, NameId, ScopeId, ScopeKind, Site, SourceMap,
    Symbol, at_offset, body, resolve, source_map,
};
use nixscope_syntax::{TextRange, TextSize};
use smol_str::SmolStr;

/// What a target is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TargetKind {
    /// A definition of an option.
    Definition,
    /// The declaration of an option.
    Declaration,
    /// A host.
    Host,
    /// A module.
    Module,
    /// A file or directory.
    File,
    /// A binding: an attribute, a `let`.
    Binding,
    /// A function's argument.
    Parameter,
    /// A flake input.
    Input,
    /// A secret's declaration.
    Secret,
    /// A builtin; has no place.
    Builtin,
}

impl TargetKind {
    /// As the JSON prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            TargetKind::Definition => "definition",
            TargetKind::Declaration => "declaration",
            TargetKind::Host => "host",
            TargetKind::Module => "module",
            TargetKind::File => "file",
            TargetKind::Binding => "binding",
            TargetKind::Parameter => "parameter",
            TargetKind::Input => "input",
            TargetKind::Secret => "secret",
            TargetKind::Builtin => "builtin",
        }
    }
}

/// A place to go to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// The file; none for what is outside and not on this machine.
    pub file: Option<SourceFile>,
    /// The name to put the cursor on.
    pub focus: TextRange,
    /// The whole entry around it.
    pub full: TextRange,
    /// The hosts it holds for; empty where it does not depend on the host.
    pub hosts: Vec<SmolStr>,
    /// Whether it makes the value.
    pub winning: bool,
    /// The value as written, shortened, or a line of description.
    pub text: Option<SmolStr>,
    /// The symbolic path of what is outside: `inputs.nixpkgs…`.
    pub external: Option<SmolStr>,
    /// What the text at the question's place was taken for: the part that should be underlined.
    pub origin: Option<TextRange>,
}

/// Where what stands at a place is defined, best first; empty where nothing is known.
pub(crate) fn definition(db: &dyn Db, project: Project, file: SourceFile, offset: TextSize) -> Vec<Target> {
    let cx = Context { db, project, file, body: body(db, file), map: source_map(db, file) };
    let Some(found) = at_offset(cx.body, cx.map, offset) else { return Vec::new() };
    let (origin, mut targets) = match found.site {
        Site::Path(index) => {
            let origin = cx.path_origin(found.expr, index);
            let targets = match cx.builtin_of(found.expr, index) {
                Some(name) => vec![builtin(name)],
                None => cx.targets(resolve_selection(db, project, file, found.expr, index)),
            };
            (origin, targets)
        }
        Site::Name(name) => (Some(cx.map.name(name)), cx.name(found.expr, name)),
        Site::Expr => (Some(cx.map.expr(found.expr)), cx.expr(found.expr)),
    };
    for target in &mut targets {
        target.origin = origin;
    }
    targets
}

/// The declarations of what stands at a place: of an option, its `mkOption`; of anything else, where it
/// is defined.
pub(crate) fn declaration(db: &dyn Db, project: Project, file: SourceFile, offset: TextSize) -> Vec<Target> {
    let found = definition(db, project, file, offset);
    let is_declaration = |target: &Target| target.kind == TargetKind::Declaration;
    if found.iter().any(is_declaration) { found.into_iter().filter(is_declaration).collect() } else { found }
}

/// The types of what stands at a place: of an option, what its declaration gives as `type`.
pub(crate) fn type_definition(
    db: &dyn Db,
    project: Project,
    file: SourceFile,
    offset: TextSize,
) -> Vec<Target> {
    let declared = declaration(db, project, file, offset);
    let of_option = declared.into_iter().filter(|target| target.kind == TargetKind::Declaration);
    let typed = of_option.filter_map(|target| {
        let file = target.file?;
        let (body, map) = (body(db, file), source_map(db, file));
        let types = body.exprs.iter().filter_map(|(_, expr)| match expr {
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => {
                bindings.named.iter().find(|it| it.name.as_str() == "type").map(|it| it.place)
            }
            _ => None,
        });
        // The first `type` inside the declaration is its own: a submodule's come later, or deeper.
        let own = types
            .filter(|place| target.full.contains_range(map.entry(*place)))
            .min_by_key(|place| map.entry(*place).start())?;
        Some(Target { focus: map.name(own), full: map.entry(own), text: None, ..target })
    });
    typed.collect()
}

struct Context<'db> {
    db: &'db dyn Db,
    project: Project,
    file: SourceFile,
    body: &'db Body,
    map: &'db SourceMap,
}

impl Context<'_> {
    /// The text of one name of a selection's path.
    fn path_origin(&self, expr: ExprId, index: usize) -> Option<TextRange> {
        match &self.body.exprs[expr] {
            Expr::Select { path, .. } | Expr::HasAttr { path, .. } => {
                path.get(index).map(|attr| self.map.name(attr.place()))
            }
            _ => None,
        }
    }

    /// The builtin that `builtins.x` names.
    fn builtin_of(&self, expr: ExprId, index: usize) -> Option<Symbol> {
        let Expr::Select { base, path, .. } = &self.body.exprs[expr] else { return None };
        let is_set = matches!(&self.body.exprs[*base], Expr::Global(name) if name.as_str() == "builtins");
        path.first().filter(|_| is_set && index == 0)?.as_static()
    }

    /// A variable, a path, a string that is a path.
    fn expr(&self, expr: ExprId) -> Vec<Target> {
        match resolve(self.body, expr) {
            Some(Definition::Name(name, scope)) => self.binding(name, scope),
            Some(Definition::Global(name)) => vec![builtin(name)],
            Some(Definition::With(_)) => self.targets(resolve_with(self.db, self.project, self.file, expr)),
            Some(Definition::Nowhere) | None => match &self.body.exprs[expr] {
                Expr::Str(text) if self.is_followed(expr) => self.input_named(text).into_iter().collect(),
                Expr::Path(..) | Expr::InterpolatedPath(..) | Expr::Str(_) | Expr::Interpolated(_) => {
                    let found = self.sum_with(expr).map(|sum| self.file_named(sum)).unwrap_or_default();
                    if found.is_empty() { self.file_named(expr) } else { found }
                }
                Expr::Binary(BinaryOp::Add, ..) => self.file_named(expr),
                _ => Vec::new(),
            },
        }
    }

    fn file_named(&self, expr: ExprId) -> Vec<Target> {
        self.targets(resolve_file(self.db, self.project, self.file, expr))
    }

    /// The sum that a text or path is the end of: `inputs.self + /secrets/key.age`.
    fn sum_with(&self, end: ExprId) -> Option<ExprId> {
        let mut sums = self.body.exprs.iter();
        sums.find_map(|(id, expr)| {
            matches!(expr, Expr::Binary(BinaryOp::Add, _, right) if *right == end).then_some(id)
        })
    }

    /// A name of a scope: where it is bound and, for what is inherited or passed in, where that is from.
    fn binding(&self, name: NameId, scope: ScopeId) -> Vec<Target> {
        let kind = match self.body.scopes[scope].kind {
            ScopeKind::Lambda(_) => TargetKind::Parameter,
            _ => TargetKind::Binding,
        };
        let mut targets = vec![self.own(kind, name)];
        if let Some((from, inherited)) = self.inherited_from(name) {
            // What is inherited is defined where it comes from.
            let source = resolve_inherited(self.db, self.project, self.file, from, inherited);
            let mut found = self.targets(source);
            found.append(&mut targets);
            targets = found;
        }
        if kind == TargetKind::Parameter {
            targets.extend(self.flake_input(name, scope));
            targets.extend(self.passed(name, scope));
        }
        targets
    }

    /// Where a module's argument is given its value.
    fn passed(&self, name: NameId, scope: ScopeId) -> Vec<Target> {
        let ScopeKind::Lambda(function) = self.body.scopes[scope].kind else { return Vec::new() };
        let symbol = self.body.names[name];
        self.targets(resolve_argument(self.db, self.project, self.file, function, symbol))
    }

    /// Whether a text is what an input of the flake follows.
    fn is_followed(&self, expr: ExprId) -> bool {
        let is_flake = *self.file.path(self.db) == self.project.root(self.db).join("flake.nix");
        is_flake
            && self.body.exprs.iter().any(|(_, it)| match it {
                Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => bindings
                    .named
                    .iter()
                    .any(|it| it.name.as_str() == "follows" && it.value == BindingValue::Expr(expr)),
                _ => false,
            })
    }

    /// The input that `follows = "name/…"` names.
    fn input_named(&self, text: &str) -> Option<Target> {
        let name = text.split('/').next()?;
        let (input, _) = inputs(self.db, self.project).iter().find(|(input, _)| input.name == name)?;
        Some(self.at_place(TargetKind::Input, input.place?))
    }

    /// A formal argument of the flake's `outputs` is an input.
    fn flake_input(&self, name: NameId, scope: ScopeId) -> Option<Target> {
        let root = self.project.root(self.db);
        let is_flake = *self.file.path(self.db) == root.join("flake.nix");
        if !is_flake || self.body.scopes[scope].parent.is_some() {
            return None;
        }
        let name = self.body.names[name];
        let (input, _) =
            inputs(self.db, self.project).iter().find(|(input, _)| input.name == name.as_str())?;
        Some(self.at_place(TargetKind::Input, input.place?))
    }

    /// The source and name of an inherited binding.
    fn inherited_from(&self, name: NameId) -> Option<(ExprId, Symbol)> {
        self.body.exprs.iter().find_map(|(_, expr)| {
            let (Expr::Attrs(bindings) | Expr::RecAttrs(bindings) | Expr::Let { bindings, .. }) = expr else {
                return None;
            };
            let binding = bindings.named.iter().find(|binding| binding.place == name)?;
            match binding.value {
                BindingValue::InheritFrom(index) => {
                    Some((bindings.inherit_from[index as usize], binding.name))
                }
                _ => None,
            }
        })
    }

    /// A name where it is introduced: an inherited one leads to its source, an option's key to the
    /// option's declaration, any other to itself.
    fn name(&self, expr: ExprId, name: NameId) -> Vec<Target> {
        if let Some((from, inherited)) = self.inherited_from(name) {
            return self.targets(resolve_inherited(self.db, self.project, self.file, from, inherited));
        }
        if let Some(Definition::Name(target, scope)) = resolve(self.body, expr)
            && self.map.expr(expr) == self.map.name(name)
        {
            // `inherit x;`: the variable has the name's own place.
            return self.binding(target, scope);
        }
        let scope = self.body.scopes.iter().find(|(_, scope)| scope.names.iter().any(|(_, it)| *it == name));
        if let Some((scope, it)) = scope
            && matches!(it.kind, ScopeKind::Lambda(_))
        {
            // An argument leads on to what is passed for it.
            let mut targets: Vec<Target> = self.flake_input(name, scope).into_iter().collect();
            targets.extend(self.passed(name, scope));
            targets.push(self.own(TargetKind::Parameter, name));
            return targets;
        }
        let mut option = self.targets(resolve_key(self.db, self.project, self.file, name));
        if option.iter().all(|target| target.file.is_none()) {
            option.insert(0, self.own(TargetKind::Binding, name));
        }
        option
    }

    fn own(&self, kind: TargetKind, name: NameId) -> Target {
        Target {
            kind,
            file: Some(self.file),
            focus: self.map.name(name),
            full: self.map.entry(name),
            hosts: Vec::new(),
            winning: false,
            text: None,
            external: None,
            origin: None,
        }
    }

    fn at_place(&self, kind: TargetKind, place: SourcePlace) -> Target {
        Target {
            kind,
            file: Some(place.source),
            focus: place.range(self.db),
            full: place.entry(self.db),
            hosts: Vec::new(),
            winning: false,
            text: Some(shorten(place, self.db)),
            external: None,
            origin: None,
        }
    }

    fn targets(&self, found: Vec<Resolution>) -> Vec<Target> {
        found.into_iter().map(|it| self.target(it)).collect()
    }

    fn target(&self, it: Resolution) -> Target {
        let kind = match it.what {
            What::Definition => TargetKind::Definition,
            What::Declaration => TargetKind::Declaration,
            What::Host => TargetKind::Host,
            What::Binding | What::External => TargetKind::Binding,
            What::Input => TargetKind::Input,
            What::Secret => TargetKind::Secret,
            What::File(_) => TargetKind::File,
        };
        let mut target = match (it.place, &it.what) {
            (Some(place), _) => self.at_place(kind, place),
            (None, What::File(path)) => {
                let start = TextRange::empty(TextSize::from(0));
                let file = nixscope_db::source(self.db, path);
                Target { file: Some(file), ..blank(kind, start) }
            }
            (None, _) => blank(kind, TextRange::empty(TextSize::from(0))),
        };
        target.hosts = it.hosts;
        target.winning = it.winning;
        target.external = it.external;
        target
    }
}

fn blank(kind: TargetKind, range: TextRange) -> Target {
    Target {
        kind,
        file: None,
        focus: range,
        full: range,
        hosts: Vec::new(),
        winning: false,
        text: None,
        external: None,
        origin: None,
    }
}

fn builtin(name: Symbol) -> Target {
    let bare = name.as_str().trim_start_matches("__");
    let doc = nixscope_eval::builtin_names().find(|(known, _)| *known == bare).map(|(_, doc)| doc.into());
    Target {
        text: doc,
        external: Some(format!("builtins.{bare}").into()),
        ..blank(TargetKind::Builtin, TextRange::default())
    }
}

/// The first line of an entry, for lists of targets. Never of a file that may be a secret.
fn shorten(place: SourcePlace, db: &dyn Db) -> SmolStr {
    let text = place.source.text(db).as_str();
    let range = place.entry(db);
    cut(text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or(""))
}

/// The line that a range begins in, shortened. Nothing of a file that may be a secret.
pub(crate) fn shorten_line(db: &dyn Db, file: SourceFile, range: TextRange) -> SmolStr {
    if !file.path(db).is_nix() {
        return SmolStr::default();
    }
    let text = file.text(db).as_str();
    let start = usize::from(range.start());
    let line_start = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    cut(text.get(line_start..).unwrap_or(""))
}

fn cut(text: &str) -> SmolStr {
    let line = text.lines().next().unwrap_or("").trim();
    match line.char_indices().nth(100) {
        Some((cut, _)) => format!("{}…", &line[..cut]).into(),
        None => line.into(),
    }
}
