//! Names in scope, keywords, and the keys that Nix itself knows.

use nixscope_fleet::{CandidateKind, Wanted};
use nixscope_hir::{BindingValue, Body, Expr, NameId, ScopeId, ScopeKind, global_names};

use super::draft::CURSOR;
use super::{CompletionKind, Documented, Form, List};

const KEYWORDS: &[(&str, &str)] = &[
    ("let", "let\n  $1\nin\n$0"),
    ("if", "if ${1:condition} then $2 else $0"),
    ("with", "with $1; $0"),
    ("assert", "assert $1; $0"),
    ("rec", "rec { $0 }"),
    ("inherit", "inherit $0;"),
];

impl List<'_> {
    /// What a variable may be called: the scopes outwards, then what `with`s give, then Nix's own names.
    pub(super) fn names(&mut self, scope: Option<ScopeId>) {
        let body = &self.mended.body;
        let mut scope = scope;
        let mut found: Vec<(&'static str, CompletionKind, u8)> = Vec::new();
        let mut namespaces = Vec::new();
        let mut distance = 1;
        while let Some(id) = scope {
            let it = &body.scopes[id];
            let kind = match it.kind {
                ScopeKind::Lambda(_) => CompletionKind::Argument,
                _ => CompletionKind::Variable,
            };
            if let (ScopeKind::With(owner), Expr::With(namespace, _)) =
                (it.kind, &body.exprs[it.kind.owner()])
            {
                debug_assert_eq!(owner, it.kind.owner());
                namespaces.push(*namespace);
            }
            found.extend(it.names.iter().map(|(name, _)| (name.as_str(), kind, distance)));
            distance = (distance + 1).min(4);
            scope = it.parent;
        }
        for (name, kind, rank) in found {
            if name != CURSOR && !name.is_empty() {
                self.push(name, kind, rank, None);
            }
        }
        for namespace in namespaces {
            for mut it in self.ask(Wanted::Of(namespace)) {
                if it.kind == CandidateKind::Option {
                    it.kind = CandidateKind::Attribute;
                }
                self.push_candidate(it, Form::Selected);
                if let Some(last) = self.out.last_mut() {
                    last.rank = 5;
                }
            }
        }
        for name in global_names() {
            let kind = match *name {
                "true" | "false" | "null" => CompletionKind::Value,
                _ => CompletionKind::Builtin,
            };
            let entry = self.push(name, kind, 6, None);
            entry.documentation = Some(Documented::Builtin((*name).into()));
        }
        for (keyword, snippet) in KEYWORDS {
            let entry = self.push(keyword, CompletionKind::Keyword, 7, None);
            entry.snippet = Some((*snippet).to_string());
        }
    }

    /// The keys that Nix, or the module system, knows at the place of a key.
    ///
    /// Source: the Nix manual, "Flake format"; nixpkgs `lib/modules.nix` and `lib/options.nix`.
    pub(super) fn known_keys(&self, key: NameId) -> &'static [&'static str] {
        let body = &self.mended.body;
        let Some((holder, path)) = keys_around(body, key) else { return &[] };
        if self.file.path(self.db).file_name() == "flake.nix" && holder == body.root {
            return match path.as_slice() {
                [] => &["description", "inputs", "nixConfig", "outputs"],
                ["inputs", _] => &["flake", "follows", "inputs", "url"],
                ["inputs", _, "inputs", _] => &["follows", "url"],
                ["nixConfig"] => &["bash-prompt", "extra-substituters", "extra-trusted-public-keys"],
                _ => &[],
            };
        }
        let callee = body.exprs.iter().find_map(|(_, expr)| match expr {
            Expr::Apply { function, args } if args.contains(&holder) => match &body.exprs[*function] {
                Expr::Select { path, .. } => path.last()?.as_static().map(|name| name.as_str()),
                Expr::WithName { name, .. } | Expr::Local { name, .. } => Some(name.as_str()),
                _ => None,
            },
            _ => None,
        });
        match (callee, path.as_slice()) {
            (Some("mkOption"), []) => &[
                "apply",
                "default",
                "defaultText",
                "description",
                "example",
                "internal",
                "readOnly",
                "type",
                "visible",
            ],
            (Some("mkDerivation"), []) => &["buildInputs", "nativeBuildInputs", "pname", "src", "version"],
            (None, []) if nixscope_hir::spine(body).last() == Some(holder) => {
                &["config", "disabledModules", "imports", "options"]
            }
            _ => &[],
        }
    }
}

/// The outermost literal set around a key, and the keys from there to it.
fn keys_around(body: &Body, key: NameId) -> Option<(nixscope_hir::ExprId, Vec<&'static str>)> {
    let holder_of = |wanted: &dyn Fn(&nixscope_hir::Binding) -> bool| {
        body.exprs.iter().find_map(|(id, expr)| match expr {
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => {
                bindings.named.iter().find(|it| wanted(it)).map(|it| (id, it.name.as_str()))
            }
            _ => None,
        })
    };
    let (mut holder, _) = holder_of(&|binding| binding.place == key)?;
    let mut path = Vec::new();
    while let Some((outer, name)) = holder_of(&|binding| binding.value == BindingValue::Expr(holder)) {
        path.push(name);
        holder = outer;
    }
    path.reverse();
    Some((holder, path))
}
