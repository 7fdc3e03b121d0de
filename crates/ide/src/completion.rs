//! Completion: what could stand at the cursor, best first.
//!
//! The text is half written, so it is mended first: a name is put at the cursor and the brackets,
//! strings and bindings around it are closed. The mended text is read like any other, and the fleet is
//! asked in it.

pub(crate) mod draft;
mod names;
mod paths;
mod position;
mod values;

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::{Candidate, CandidateKind, Project, Wanted, candidates, inputs};
use nixscope_syntax::{TextRange, TextSize};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use self::draft::Mended;
use self::position::Position;
use crate::docs::doc_comment;

/// What a completion stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum CompletionKind {
    /// A value that the option at hand may have.
    Value,
    /// An option that the repository declares.
    Option,
    /// A name that options begin with, or that is set there.
    Namespace,
    /// A host.
    Host,
    /// A flake input.
    Input,
    /// An argument.
    Argument,
    /// A variable.
    Variable,
    /// An attribute.
    Attribute,
    /// A function.
    Function,
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A builtin.
    Builtin,
    /// A keyword.
    Keyword,
}

/// Where the documentation of a completion is; looked up when somebody looks at the entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Documented {
    /// A builtin.
    Builtin(SmolStr),
    /// A function of the embedded library that its sub-set hands on.
    Library(SmolStr),
    /// An option: as Markdown already.
    Option(String),
    /// A binding, by its name's place.
    Binding(SourceFile, TextSize),
}

/// Something that could stand at the cursor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completion {
    /// What the list shows, and what is typed to find it.
    pub label: SmolStr,
    /// What it stands for.
    pub kind: CompletionKind,
    /// A word beside it: a type, a value.
    pub detail: Option<SmolStr>,
    /// What replaces [`Completion::range`].
    pub insert: String,
    /// The same with places to fill in, in the snippet syntax of editors.
    pub snippet: Option<String>,
    /// The word at the cursor.
    pub range: TextRange,
    /// Its documentation.
    pub documentation: Option<Documented>,
    /// Smaller ones come first.
    pub rank: u8,
}

/// The file of the embedded library that hands names of sub-sets on without looking at them.
pub(crate) const HANDED_ON: &str = "/lib/flat.nix";

/// More are not given; the client is told to ask again.
pub const MAX_COMPLETIONS: usize = 1000;

/// What could stand at a place, best first.
pub(crate) fn completions(
    db: &dyn Db,
    project: Project,
    file: SourceFile,
    offset: TextSize,
) -> Vec<Completion> {
    let text = file.text(db).as_str();
    if let Some(found) = paths::paths(db, file, text, offset) {
        return found;
    }
    let Some(mended) = draft::mend(text, offset) else { return Vec::new() };
    let Some(position) = position::position(&mended) else { return Vec::new() };
    let mut list = List { db, project, file, mended: &mended, out: Vec::new() };
    list.at(position);
    list.out.sort_by(|a, b| (a.rank, a.kind, &a.label).cmp(&(b.rank, b.kind, &b.label)));
    let mut out = list.out;
    let mut seen: FxHashSet<SmolStr> = FxHashSet::default();
    out.retain(|it| seen.insert(it.label.clone()));
    // The client chooses among what it gets; of more than it gets, what has been typed chooses.
    if out.len() > MAX_COMPLETIONS {
        let typed = usize::from(mended.word.start())..usize::from(offset.min(mended.word.end()));
        let typed = text.get(typed).unwrap_or("");
        out.retain(|it| has_in_order(&it.label, typed));
    }
    out.truncate(MAX_COMPLETIONS);
    out
}

/// Whether a name has the typed characters, in this order and of any case.
fn has_in_order(name: &str, typed: &str) -> bool {
    let mut rest = name.chars();
    typed.chars().all(|wanted| rest.any(|it| it.eq_ignore_ascii_case(&wanted)))
}

struct List<'a> {
    db: &'a dyn Db,
    project: Project,
    file: SourceFile,
    mended: &'a Mended,
    out: Vec<Completion>,
}

impl List<'_> {
    fn at(&mut self, position: Position) {
        match position {
            Position::Selection { expr, names: 0 } if self.is_builtins(expr) => self.builtins(0),
            Position::Selection { expr, names } => {
                for it in self.ask(Wanted::After { expr, names }) {
                    self.push_candidate(it, Form::Selected);
                }
            }
            Position::Inherited(from) => {
                for it in self.ask(Wanted::Of(from)) {
                    self.push_candidate(it, Form::Selected);
                }
            }
            Position::Variable { scope, key } => {
                if let Some(key) = key {
                    self.values(key, false);
                }
                self.names(scope);
            }
            Position::Name(scope) => self.names(scope),
            Position::Key { key, call } => {
                self.keys(key);
                if let Some(function) = call {
                    for it in self.ask(Wanted::Formals(function)) {
                        self.push_candidate(it, Form::Key);
                    }
                }
            }
            Position::Formal { outputs } => {
                if outputs {
                    self.push("self", CompletionKind::Argument, 0, None);
                    for (input, _) in inputs(self.db, self.project) {
                        self.push(&input.name, CompletionKind::Input, 0, input.url.clone());
                    }
                } else {
                    for it in self.ask(Wanted::Arguments) {
                        self.push_candidate(it, Form::Selected);
                    }
                }
            }
            Position::Text { key } => {
                if let Some(key) = key {
                    self.values(key, true);
                }
            }
        }
    }

    fn ask(&self, wanted: Wanted) -> Vec<Candidate> {
        candidates(self.db, self.project, self.mended.draft(self.file), wanted)
    }

    fn is_builtins(&self, expr: nixscope_hir::ExprId) -> bool {
        let body = &self.mended.body;
        matches!(&body.exprs[expr], nixscope_hir::Expr::Select { base, .. }
            if matches!(&body.exprs[*base], nixscope_hir::Expr::Global(name) if name.as_str() == "builtins"))
    }

    fn push(
        &mut self,
        name: &str,
        kind: CompletionKind,
        rank: u8,
        detail: Option<SmolStr>,
    ) -> &mut Completion {
        let at = self.out.len();
        self.out.push(Completion {
            label: name.into(),
            kind,
            detail,
            insert: name.to_string(),
            snippet: None,
            range: self.mended.word,
            documentation: None,
            rank,
        });
        &mut self.out[at]
    }

    fn push_candidate(&mut self, it: Candidate, form: Form) {
        let (kind, rank) = match it.kind {
            CandidateKind::Option => (CompletionKind::Option, 0),
            CandidateKind::Host => (CompletionKind::Host, 0),
            CandidateKind::Input => (CompletionKind::Input, 0),
            CandidateKind::Argument => (CompletionKind::Argument, 0),
            CandidateKind::Namespace => (CompletionKind::Namespace, 1),
            CandidateKind::External if it.option.is_some() => (CompletionKind::Option, 2),
            CandidateKind::External => (CompletionKind::Namespace, 2),
            CandidateKind::Set => (CompletionKind::Namespace, 2),
            CandidateKind::Function => (CompletionKind::Function, 1),
            CandidateKind::Attribute => (CompletionKind::Attribute, 1),
        };
        let quoted = match self.mended.quote {
            Some(quote) => position::escaped(&it.name) + quote,
            None => position::quoted(&it.name),
        };
        let documentation = match (&it.option, it.place) {
            (Some(option), _) => Some(Documented::Option(values::option_markdown(option))),
            (None, Some(place)) if place.source.path(self.db).as_str().ends_with(HANDED_ON) => {
                Some(Documented::Library(it.name.clone()))
            }
            (None, Some(place)) if place.source != self.file => {
                Some(Documented::Binding(place.source, place.range(self.db).start()))
            }
            _ => None,
        };
        let bare = form == Form::Key && self.mended.is_bare;
        let snippet = match (&it.option, bare) {
            (Some(option), true) => Some(values::definition(&quoted, option)),
            _ => None,
        };
        let entry = self.push(&it.name, kind, rank, it.detail);
        entry.insert = quoted;
        entry.documentation = documentation;
        entry.snippet = snippet;
    }

    fn keys(&mut self, key: nixscope_hir::NameId) {
        for it in self.ask(Wanted::Keys(key)) {
            self.push_candidate(it, Form::Key);
        }
        for name in self.known_keys(key) {
            self.push(name, CompletionKind::Keyword, 3, None);
        }
    }

    fn values(&mut self, key: nixscope_hir::NameId, quoted: bool) {
        for it in self.ask(Wanted::Values(key)) {
            let Some(option) = it.option else { continue };
            for value in values::values(&option) {
                let inner = value.text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
                let text = match (quoted, inner) {
                    (true, Some(inner)) => inner.to_string(),
                    (true, None) => continue,
                    (false, _) => value.text.clone(),
                };
                let entry = self.push(&text, CompletionKind::Value, 0, None);
                entry.snippet = value.snippet;
                entry.documentation = Some(Documented::Option(values::option_markdown(&option)));
            }
        }
        let body = &self.mended.body;
        // `follows = "…"`: the names of inputs.
        let is_flake = self.file.path(self.db).file_name() == "flake.nix";
        if quoted && is_flake && body.names[key].as_str() == "follows" {
            for (input, _) in inputs(self.db, self.project) {
                self.push(&input.name, CompletionKind::Input, 0, input.url.clone());
            }
        }
    }

    fn builtins(&mut self, rank: u8) {
        for (name, _) in nixscope_eval::builtin_names().filter(|(name, _)| !name.starts_with("__")) {
            let entry = self.push(name, CompletionKind::Builtin, rank, None);
            entry.documentation = Some(Documented::Builtin(name.into()));
        }
    }
}

/// Whether a name is chosen or written as a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Selected,
    Key,
}

/// The documentation of a completion, as Markdown.
pub(crate) fn documentation(db: &dyn Db, project: Project, of: &Documented) -> Option<String> {
    match of {
        Documented::Builtin(name) => nixscope_eval::builtin_names()
            .find(|(known, _)| *known == name.as_str())
            .map(|(_, doc)| doc.to_string()),
        Documented::Library(name) => crate::docs::of_library(db, name),
        Documented::Option(markdown) => Some(markdown.clone()),
        Documented::Binding(file, offset) => doc_comment(db, *file, *offset).or_else(|| {
            // What is inherited is documented where it comes from.
            let source = crate::definition::definition(db, project, *file, *offset).into_iter().next()?;
            doc_comment(db, source.file?, source.focus.start())
        }),
    }
}
