//! Where a value comes from.

use nixscope_db::SourceFile;
use nixscope_hir::{Body, ExprId, NameId, source_map};
use nixscope_syntax::{TextRange, TextSize};

use crate::Evaluator;

/// The origin of a value or attribute, inside one evaluation: eight bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    file: u32,
    at: u32,
}

const KIND_SHIFT: u32 = 30;
const INDEX: u32 = (1 << KIND_SHIFT) - 1;

/// What a place points at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum PlaceKind {
    /// A name that a Nix file introduces, by its id: survives edits of layout.
    Name(u32),
    /// An expression of a Nix file, by its id.
    Expr(u32),
    /// A byte offset in a data file (JSON, TOML).
    Offset(u32),
}

/// A place that outlives the evaluation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SourcePlace {
    /// The file.
    pub source: SourceFile,
    /// What in it.
    pub kind: PlaceKind,
}

impl Place {
    /// No place: made by a builtin, or by the evaluator.
    pub const NONE: Place = Place { file: u32::MAX, at: 0 };

    pub(crate) fn name(file: u32, name: NameId) -> Place {
        Place { file, at: Body::raw_name(name) & INDEX }
    }

    pub(crate) fn expr(file: u32, expr: ExprId) -> Place {
        Place { file, at: (Body::raw(expr) & INDEX) | (1 << KIND_SHIFT) }
    }

    pub(crate) fn offset(file: u32, offset: u32) -> Place {
        Place { file, at: (offset & INDEX) | (2 << KIND_SHIFT) }
    }

    /// The expression that the place is, where it is one.
    pub(crate) fn expr_id(self) -> Option<ExprId> {
        (self.at >> KIND_SHIFT == 1).then(|| Body::expr_from_raw(self.at & INDEX))
    }

    /// Whether this is no place.
    pub fn is_none(self) -> bool {
        self.file == u32::MAX
    }

    /// The place in terms that outlive the evaluation.
    pub fn resolve(self, ev: &Evaluator<'_>) -> Option<SourcePlace> {
        let source = ev.file_by_index(self.file)?;
        let index = self.at & INDEX;
        let kind = match self.at >> KIND_SHIFT {
            0 => PlaceKind::Name(index),
            1 => PlaceKind::Expr(index),
            _ => PlaceKind::Offset(index),
        };
        Some(SourcePlace { source, kind })
    }

    /// This place, or the other where this is none.
    pub fn or(self, other: Place) -> Place {
        if self.is_none() { other } else { self }
    }
}

impl SourcePlace {
    /// The text at the place: the name, or the expression. Reads the file's source map, so only what
    /// shows places may call it.
    pub fn range(self, db: &dyn nixscope_db::Db) -> TextRange {
        match self.kind {
            PlaceKind::Name(raw) => source_map(db, self.source).name(Body::name_from_raw(raw)),
            PlaceKind::Expr(raw) => source_map(db, self.source).expr(Body::expr_from_raw(raw)),
            PlaceKind::Offset(offset) => TextRange::empty(TextSize::from(offset)),
        }
    }

    /// The whole entry (`a.b = 1;`) where the place is a name, else the same as [`SourcePlace::range`].
    pub fn entry(self, db: &dyn nixscope_db::Db) -> TextRange {
        match self.kind {
            PlaceKind::Name(raw) => source_map(db, self.source).entry(Body::name_from_raw(raw)),
            _ => self.range(db),
        }
    }
}
