//! Hover.

use std::fmt::Write as _;

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::{
    FleetIndex, OptionDeclaration, Project, fleet, host_option, inputs, key_option_path, selection_path,
    value_of,
};
use nixscope_hir::{
    Body, Definition, Expr, ExprId, Site, SourceMap, Symbol, at_offset, body, resolve, source_map,
};
use nixscope_syntax::{TextRange, TextSize};
use smol_str::SmolStr;

use crate::definition::{Target, TargetKind, definition};

/// What stands at a place, for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// Markdown.
    pub markdown: String,
    /// What it is about.
    pub range: TextRange,
}

/// At most this many hosts get a line in the table of an option's values.
const MAX_HOST_LINES: usize = 12;

/// What stands at a place; none where there is nothing to say.
pub(crate) fn hover(db: &dyn Db, project: Project, file: SourceFile, offset: TextSize) -> Option<Hover> {
    let cx = Context { db, project, file, body: body(db, file), map: source_map(db, file) };
    let found = at_offset(cx.body, cx.map, offset)?;
    let (range, markdown) = match found.site {
        Site::Path(index) => {
            let place = match &cx.body.exprs[found.expr] {
                Expr::Select { path, .. } | Expr::HasAttr { path, .. } => path.get(index)?.place(),
                _ => return None,
            };
            (cx.map.name(place), cx.selection(found.expr, index, offset))
        }
        Site::Name(name) => (cx.map.name(name), cx.key(name, offset)),
        Site::Expr => (cx.map.expr(found.expr), cx.expr(found.expr, offset)),
    };
    markdown.map(|markdown| Hover { markdown, range })
}

struct Context<'db> {
    db: &'db dyn Db,
    project: Project,
    file: SourceFile,
    body: &'db Body,
    map: &'db SourceMap,
}

impl Context<'_> {
    fn fleet(&self) -> &FleetIndex {
        fleet(self.db, self.project)
    }

    fn selection(&self, expr: ExprId, index: usize, offset: TextSize) -> Option<String> {
        if let Some((host, path)) = selection_path(self.db, self.project, self.file, expr, index) {
            return Some(self.option(&path, host.as_deref()));
        }
        if let Some(doc) = self.library_function(expr, index) {
            return Some(doc);
        }
        let targets = definition(self.db, self.project, self.file, offset);
        let mut text = self.targets(&targets)?;
        let whole = matches!(&self.body.exprs[expr], Expr::Select { path, .. } if index + 1 == path.len());
        if whole && let Some(value) = value_of(self.db, self.project, self.file, expr) {
            let _ = write!(text, "\n\n```nix\n{value}\n```");
        }
        Some(text)
    }

    fn key(&self, name: nixscope_hir::NameId, offset: TextSize) -> Option<String> {
        if let Some(path) = key_option_path(self.db, self.project, self.file, name) {
            let known = self.declaration(&path).is_some()
                || self
                    .fleet()
                    .hosts
                    .iter()
                    .any(|(_, index)| index.definitions.iter().any(|definition| definition.path == path));
            if known {
                return Some(self.option(&path, None));
            }
            return Some(format!("option `{path}`\n\ndeclared outside this repository"));
        }
        let targets = definition(self.db, self.project, self.file, offset);
        self.targets(&targets)
    }

    fn expr(&self, expr: ExprId, offset: TextSize) -> Option<String> {
        match resolve(self.body, expr) {
            Some(Definition::Global(name)) => self.builtin(name),
            Some(_) => {
                let targets = definition(self.db, self.project, self.file, offset);
                let mut text = self.targets(&targets)?;
                if let Some(value) = value_of(self.db, self.project, self.file, expr) {
                    let _ = write!(text, "\n\n```nix\n{value}\n```");
                }
                Some(text)
            }
            None => match &self.body.exprs[expr] {
                Expr::Path(..) | Expr::InterpolatedPath(..) => {
                    let targets = definition(self.db, self.project, self.file, offset);
                    self.targets(&targets)
                }
                _ => None,
            },
        }
    }

    fn builtin(&self, name: Symbol) -> Option<String> {
        let bare = name.as_str().trim_start_matches("__");
        let (_, doc) = nixscope_eval::builtin_names().find(|(known, _)| *known == bare)?;
        Some(format!("builtin\n\n{doc}"))
    }

    /// `builtins.x`: the documentation of the builtin.
    fn library_function(&self, expr: ExprId, index: usize) -> Option<String> {
        let Expr::Select { base, path, .. } = &self.body.exprs[expr] else { return None };
        let is_builtins =
            matches!(&self.body.exprs[*base], Expr::Global(name) if name.as_str() == "builtins");
        if !is_builtins || index != 0 {
            return None;
        }
        self.builtin(path[0].as_static()?)
    }

    fn declaration(&self, path: &str) -> Option<&OptionDeclaration> {
        self.fleet().hosts.iter().find_map(|(_, index)| {
            let own = index.options.iter();
            let nested = index.nested.iter().flat_map(|nested| nested.index.options.iter());
            own.chain(nested).find(|option| option.path == path)
        })
    }

    /// An option: what it is, and what it comes to on each host.
    fn option(&self, path: &SmolStr, only: Option<&str>) -> String {
        let mut text = format!("option `{path}`");
        match self.declaration(path) {
            Some(option) => {
                if let Some(type_name) = &option.type_name {
                    let _ = write!(text, "  \ntype: {type_name}");
                }
                if let Some(default) = &option.default {
                    let _ = write!(text, "  \ndefault: `{default}`");
                }
                if let Some(description) = &option.description {
                    let _ = write!(text, "\n\n{}", description.trim());
                }
            }
            None => text.push_str("  \ndeclared outside this repository"),
        }
        let hosts: Vec<&nixscope_fleet::Host> = self
            .fleet()
            .hosts
            .iter()
            .filter(|(host, index)| match only {
                Some(only) => host.name == only,
                None => index.modules.iter().any(|module| module.file == self.file),
            })
            .map(|(host, _)| host)
            .collect();
        if hosts.is_empty() {
            return text;
        }
        text.push_str("\n\n| host | value | set by |\n| --- | --- | --- |\n");
        for host in hosts.iter().take(MAX_HOST_LINES) {
            self.host_line(&mut text, host, path);
        }
        if hosts.len() > MAX_HOST_LINES {
            let _ = writeln!(text, "| … | {} more hosts | |", hosts.len() - MAX_HOST_LINES);
        }
        text
    }

    fn host_line(&self, text: &mut String, host: &nixscope_fleet::Host, path: &SmolStr) {
        let it = host_option(self.db, self.project, host.output.clone(), host.name.clone(), path.clone());
        let value = match (&it.value, &it.unknown) {
            (Some(value), _) => format!("`{}`", value.replace('|', "\\|").replace('\n', " ")),
            (None, Some(why)) => format!("unknown: {why}"),
            (None, None) => "unknown".into(),
        };
        let winners: Vec<String> = it
            .definitions
            .iter()
            .filter(|definition| definition.winning)
            .filter_map(|definition| Some(self.place_text(definition.place?)))
            .collect();
        let setters = if winners.is_empty() { "nothing here".into() } else { winners.join(", ") };
        let _ = writeln!(text, "| {} | {value} | {setters} |", host.name);
    }

    fn place_text(&self, place: nixscope_eval::SourcePlace) -> String {
        let path = place.source.path(self.db);
        let shown = path.strip_prefix(self.project.root(self.db)).unwrap_or(path.as_str());
        let lines = nixscope_syntax::line_index(self.db, place.source);
        let at = lines.line_col(place.range(self.db).start(), nixscope_syntax::PositionEncoding::Utf32);
        format!("{shown}:{}", at.line + 1)
    }

    /// What the first target of a definition says.
    fn targets(&self, targets: &[Target]) -> Option<String> {
        let first = targets.first()?;
        if let Some(input) = targets.iter().find(|target| target.kind == TargetKind::Input) {
            return Some(self.input(input));
        }
        let kind = first.kind.as_str();
        let mut text = match (&first.external, &first.text) {
            (Some(external), Some(doc)) => format!("{kind} `{external}`\n\n{doc}"),
            (Some(external), None) => format!("`{external}`\n\noutside this repository"),
            (None, Some(line)) if !line.is_empty() => format!("{kind}\n\n```nix\n{line}\n```"),
            (None, _) => kind.to_string(),
        };
        if first.kind == TargetKind::Host
            && let Some(host) = first.hosts.first()
        {
            let _ = write!(text, "\n\n{}", self.host(host));
        }
        if let Some(file) = first.file
            && file != self.file
        {
            let path = file.path(self.db);
            let shown = path.strip_prefix(self.project.root(self.db)).unwrap_or(path.as_str());
            let _ = write!(text, "\n\n{shown}");
        }
        Some(text)
    }

    fn input(&self, target: &Target) -> String {
        let place = target.focus;
        let known = inputs(self.db, self.project)
            .iter()
            .map(|(input, _)| input)
            .find(|input| input.place.is_some_and(|it| it.range(self.db) == place));
        match known {
            Some(input) => {
                let mut text = format!("input `{}`", input.name);
                if let Some(url) = &input.url {
                    let _ = write!(text, "  \n{url}");
                }
                match &input.rev {
                    Some(rev) => {
                        let _ = write!(text, "  \nlocked at `{}`", rev.get(..12).unwrap_or(rev));
                    }
                    None => text.push_str("  \nnot locked"),
                }
                text
            }
            None => "input".into(),
        }
    }

    fn host(&self, name: &str) -> String {
        let Some((host, index)) = self.fleet().hosts.iter().find(|(host, _)| host.name == name) else {
            return format!("host `{name}`");
        };
        let system = index.system.as_deref().unwrap_or("system unknown");
        format!(
            "host `{}` ({system}): {} modules, {} options declared, {} secrets",
            host.name,
            index.modules.len(),
            index.options.len(),
            index.secrets.len()
        )
    }
}
