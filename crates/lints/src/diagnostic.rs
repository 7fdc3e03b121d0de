//! Findings as plain data: places are files and byte ranges.

use nixscope_db::SourceFile;
use nixscope_syntax::TextRange;
use smol_str::SmolStr;

use crate::lint::{Level, Lint};

/// A finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The lint that found it.
    pub lint: &'static Lint,
    /// How much it matters: the lint's level, unless the check chose another.
    pub level: Level,
    /// What is wrong here and what to do, for people.
    pub message: String,
    /// The file.
    pub file: SourceFile,
    /// Where in it, in bytes.
    pub range: TextRange,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// The hosts it concerns; empty where it concerns the file as such.
    pub hosts: Vec<SmolStr>,
    /// How to mend it.
    pub fix: Option<Fix>,
    /// What editors may show specially.
    pub tags: Vec<Tag>,
}

// Lints are statics, each with a name of its own.
impl PartialEq for Diagnostic {
    fn eq(&self, other: &Diagnostic) -> bool {
        self.lint.name == other.lint.name
            && self.level == other.level
            && self.message == other.message
            && self.file == other.file
            && self.range == other.range
            && self.related == other.related
            && self.hosts == other.hosts
            && self.fix == other.fix
            && self.tags == other.tags
    }
}

impl Eq for Diagnostic {}

impl Diagnostic {
    /// A finding at the lint's own level, without anything more.
    pub fn new(
        lint: &'static Lint,
        file: SourceFile,
        range: TextRange,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            lint,
            level: lint.level,
            message: message.into(),
            file,
            range,
            related: Vec::new(),
            hosts: Vec::new(),
            fix: None,
            tags: Vec::new(),
        }
    }

    /// The same with a fix.
    pub fn with_fix(mut self, fix: Fix) -> Diagnostic {
        self.fix = Some(fix);
        self
    }

    /// The same with a tag.
    pub(crate) fn with_tag(mut self, tag: Tag) -> Diagnostic {
        self.tags.push(tag);
        self
    }

    /// The same with a further place.
    pub fn with_related(
        mut self,
        file: SourceFile,
        range: TextRange,
        message: impl Into<String>,
    ) -> Diagnostic {
        self.related.push(Related { file, range, message: message.into() });
        self
    }
}

/// A further place of a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// The file.
    pub file: SourceFile,
    /// Where in it.
    pub range: TextRange,
    /// What is there.
    pub message: String,
}

/// A change of text that mends a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, as an imperative: "Remove `rec`".
    pub title: String,
    /// Whether it may be applied without looking.
    pub applicability: Applicability,
    /// The changes; they do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that keeps the evaluated configuration.
    pub(crate) fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), applicability: Applicability::Safe, edits }
    }

    /// A fix that may change it.
    pub(crate) fn risky(title: impl Into<String>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), applicability: Applicability::Unsafe, edits }
    }
}

/// How safe a fix is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Applicability {
    /// The evaluated configuration stays the same.
    Safe,
    /// It may change.
    Unsafe,
}

impl Applicability {
    /// As the JSON prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
        }
    }
}

/// One change of one file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// The file.
    pub file: SourceFile,
    /// What is replaced.
    pub range: TextRange,
    /// By what.
    pub new_text: String,
}

/// What editors may show specially.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tag {
    /// Greyed out.
    Unnecessary,
    /// Struck through.
    Deprecated,
}
