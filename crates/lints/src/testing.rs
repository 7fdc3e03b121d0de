//! Test support: a lint over a fixture, its findings as text.

use std::fmt::Write;
use std::sync::Arc;

use expect_test::Expect;
use nixscope_db::{Db, SourceFile, VfsPath};
use nixscope_eval::{PlaceKind, SourcePlace, embedded_files};
use nixscope_fleet::{
    FleetIndex, Host, HostClass, HostIndex, HostReference, Project, ReferenceStatus, SecretBackend,
    SecretDeclaration,
};
use nixscope_hir::Body;
use nixscope_syntax::{PositionEncoding, TextRange, line_index};
use nixscope_test_fixture::{Fixture, TestDatabase};
use nixscope_vfs::MemoryFileSystem;

use crate::context::{FileContext, FleetContext};
use crate::diagnostic::{Diagnostic, Fix};
use crate::lint::{Check, Lint};
use crate::run::Walk;

/// The first line of a file that git does not have.
const UNTRACKED: &str = "# git does not have this file";

/// A fixture's database and project; the embedded library is readable.
pub(crate) fn load(text: &str) -> (TestDatabase, Project) {
    let fixture = Fixture::parse(text);
    let memory = Arc::new(MemoryFileSystem::default());
    let texts = fixture.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    for (path, text) in texts.chain(embedded_files().iter().copied()) {
        memory.insert_text(VfsPath::new(path), text);
    }
    let db = TestDatabase::over(memory.clone(), memory, Vec::new());
    let in_repository = fixture.files.iter().all(|(path, _)| path.starts_with("/repo/"));
    let root = VfsPath::new(if in_repository { "/repo" } else { "/" });
    let mut files: Vec<VfsPath> =
        fixture.files.iter().map(|(path, _)| VfsPath::new(path)).filter(VfsPath::is_nix).collect();
    files.sort();
    let untracked = fixture.files.iter().filter(|(_, text)| text.starts_with(UNTRACKED));
    let mut untracked: Vec<VfsPath> = untracked.map(|(path, _)| VfsPath::new(path)).collect();
    untracked.sort();
    let project = Project::builder(root, files, Vec::new(), Vec::new()).untracked(untracked).new(&db);
    (db, project)
}

/// What one lint's look at single files finds, in order of path and place.
pub(crate) fn file_findings(db: &dyn Db, project: Project, lint: &'static Lint) -> Vec<Diagnostic> {
    let walk = Walk::of(&[lint]);
    let mut found = Vec::new();
    for path in project.files(db) {
        let mut own = Vec::new();
        walk.run(&FileContext::new(db, project, nixscope_db::source(db, path)), &mut own);
        own.sort_by_key(|it| (it.range.start(), it.range.end()));
        found.extend(own);
    }
    found
}

/// Runs a file lint over a fixture and compares what it says.
#[track_caller]
pub(crate) fn check(lint: &'static Lint, text: &str, expect: Expect) {
    let (db, project) = load(text);
    expect.assert_eq(&render(&db, project, &file_findings(&db, project, lint)));
}

/// What is wrong with the suppressions of a fixture, given everything that the file lints find in it.
pub(crate) fn suppression_findings(db: &dyn Db, project: Project) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for path in project.files(db) {
        let file = nixscope_db::source(db, path);
        let found: Vec<&Diagnostic> = crate::file_diagnostics(db, project, file).iter().collect();
        out.extend(crate::suppression_diagnostics(db, file, &found, |_| true));
    }
    out
}

/// Compares what is wrong with the suppressions of a fixture.
#[track_caller]
pub(crate) fn check_suppressions(text: &str, expect: Expect) {
    let (db, project) = load(text);
    expect.assert_eq(&render(&db, project, &suppression_findings(&db, project)));
}

/// Runs a fleet lint over a fixture's own flake and compares what it says.
#[track_caller]
pub(crate) fn check_fleet(lint: &Lint, text: &str, expect: Expect) {
    let (db, project) = load(text);
    let mut found = Vec::new();
    if let Check::Fleet(check) | Check::Both(_, check) = lint.check {
        check(&FleetContext { db: &db, project, fleet: nixscope_fleet::fleet(&db, project) }, &mut found);
    }
    expect.assert_eq(&render(&db, project, &found));
}

/// A flake whose hosts all have one module, `m.nix`, which gets the inputs.
pub(crate) fn flake(hosts: &[&str], module: &str) -> String {
    let hosts: String = hosts
        .iter()
        .map(|name| {
            format!(
                "    nixosConfigurations.{name} = inputs.nixpkgs.lib.nixosSystem {{\n      \
                 specialArgs = {{ inherit inputs; }};\n      modules = [ ./m.nix ];\n    }};\n"
            )
        })
        .collect();
    format!(
        "#- /repo/flake.nix\n{{\n  inputs.nixpkgs.url = \"github:NixOS/nixpkgs/nixos-25.11\";\n  \
         inputs.strangers.url = \"github:example/strangers\";\n  outputs = inputs: {{\n{hosts}  }};\n}}\n\
         #- /repo/m.nix\n{module}\n"
    )
}

/// Findings as text: place, level, message, further places, and what the fix makes of the lines.
pub(crate) fn render(db: &dyn Db, project: Project, found: &[Diagnostic]) -> String {
    let mut out = String::new();
    for it in found {
        let range = shown(db, project, it.file, it.range);
        let _ = writeln!(out, "{range} {}: {}", it.level.as_str(), it.message);
        if !it.hosts.is_empty() {
            let _ = writeln!(out, "    hosts {}", it.hosts.join(" "));
        }
        for related in &it.related {
            let _ = writeln!(
                out,
                "    at {}: {}",
                shown(db, project, related.file, related.range),
                related.message
            );
        }
        if let Some(fix) = &it.fix {
            let line = fixed_line(db, it, fix);
            let _ = writeln!(out, "    {}: {} => {line}", fix.applicability.as_str(), fix.title);
        }
    }
    out
}

fn shown(db: &dyn Db, project: Project, file: SourceFile, range: TextRange) -> String {
    let lines = line_index(db, file);
    let start = lines.line_col(range.start(), PositionEncoding::Utf8);
    let text = file.text(db).as_str();
    let slice = text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or("");
    let slice: String = slice.split_whitespace().collect::<Vec<_>>().join(" ");
    let path = match project.files(db).len() {
        1 => String::new(),
        _ => format!("{}:", file.path(db).strip_prefix(project.root(db)).unwrap_or("")),
    };
    format!("{path}{}:{} `{slice}`", start.line + 1, start.column + 1)
}

fn fixed_line(db: &dyn Db, it: &Diagnostic, fix: &Fix) -> String {
    let text = it.file.text(db).as_str();
    let fixed = apply(text, it.file, std::slice::from_ref(fix));
    let start = usize::from(it.range.start());
    let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    fixed[from.min(fixed.len())..].lines().next().unwrap_or("").trim().to_string()
}

/// A file's text with fixes applied.
pub(crate) fn apply(text: &str, file: SourceFile, fixes: &[Fix]) -> String {
    let mut edits: Vec<_> =
        fixes.iter().flat_map(|fix| fix.edits.iter()).filter(|it| it.file == file).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start()));
    let mut out = text.to_string();
    for edit in edits {
        out.replace_range(usize::from(edit.range.start())..usize::from(edit.range.end()), &edit.new_text);
    }
    out
}

/// Files, and a fleet's index that a test makes by hand.
pub(crate) struct FleetFixture {
    db: TestDatabase,
    project: Project,
}

impl FleetFixture {
    pub(crate) fn new(text: &str) -> FleetFixture {
        let (db, project) = load(text);
        FleetFixture { db, project }
    }

    /// The first name or expression with that text.
    pub(crate) fn place(&self, text: &str) -> SourcePlace {
        self.find(text).unwrap_or_else(|| panic!("nothing is written `{text}`"))
    }

    fn find(&self, wanted: &str) -> Option<SourcePlace> {
        self.project.files(&self.db).iter().find_map(|path| {
            let source = nixscope_db::source(&self.db, path);
            let (body, map) =
                (nixscope_hir::body(&self.db, source), nixscope_hir::source_map(&self.db, source));
            let text = source.text(&self.db).as_str();
            let is = |range: TextRange| &text[usize::from(range.start())..usize::from(range.end())] == wanted;
            let name = body.names.iter().map(|(id, _)| id).find(|id| is(map.name(*id)));
            let expr = body.exprs.iter().map(|(id, _)| id).find(|id| is(map.expr(*id)));
            let kind = match (name, expr) {
                (Some(name), _) => PlaceKind::Name(Body::raw_name(name)),
                (None, Some(expr)) => PlaceKind::Expr(Body::raw(expr)),
                (None, None) => return None,
            };
            Some(SourcePlace { source, kind })
        })
    }

    /// Hosts of which nothing is known yet.
    pub(crate) fn fleet(&self, hosts: &[&str]) -> FleetIndex {
        let host = |name: &&str| Host {
            name: (*name).into(),
            output: "nixosConfigurations".into(),
            class: HostClass::Nixos,
            place: None,
        };
        FleetIndex {
            hosts: hosts.iter().map(|name| (host(name), HostIndex::default())).collect(),
            ..FleetIndex::default()
        }
    }

    /// Runs a fleet lint and compares what it says.
    #[track_caller]
    pub(crate) fn check(&self, lint: &Lint, fleet: &FleetIndex, expect: Expect) {
        let mut found = Vec::new();
        if let Check::Fleet(check) | Check::Both(_, check) = lint.check {
            check(&FleetContext { db: &self.db, project: self.project, fleet }, &mut found);
        }
        expect.assert_eq(&render(&self.db, self.project, &found));
    }
}

/// A reference to another host.
pub(crate) fn reference(
    fixture: &FleetFixture,
    host: &str,
    path: &str,
    text: &str,
    status: ReferenceStatus,
) -> HostReference {
    HostReference {
        place: fixture.place(text),
        host_place: fixture.find(host),
        expression: text.into(),
        host: Some(host.into()),
        path: path.into(),
        targets: Vec::new(),
        value: None,
        status,
        guarded: false,
    }
}

/// A declared secret of which only the name is known.
pub(crate) fn declaration(backend: SecretBackend, name: &str) -> SecretDeclaration {
    SecretDeclaration {
        name: name.into(),
        backend,
        path: name.into(),
        place: None,
        file: None,
        exists: None,
        unknown_file: None,
        file_place: None,
        key: None,
        recipients: Vec::new(),
        conditional: false,
    }
}
