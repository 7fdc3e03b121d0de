//! Signature help: what the function takes whose argument is being written.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::PlaceKind;
use nixscope_fleet::{Project, function_shape};
use nixscope_hir::{Body, Expr, ExprId, describe};
use nixscope_syntax::TextSize;

use crate::completion::draft::{CURSOR, mend};
use crate::docs::doc_comment;

/// A function's arguments, one of which is being written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// The call as text: `lib.mapAttrs f set`.
    pub label: String,
    /// The arguments' places in the label, in bytes.
    pub parameters: Vec<(usize, usize)>,
    /// Which one is being written.
    pub active: usize,
    /// What the function does, as Markdown.
    pub documentation: Option<String>,
}

/// The function whose argument stands, or could stand, at a place.
pub(crate) fn signature(
    db: &dyn Db,
    project: Project,
    file: SourceFile,
    offset: TextSize,
) -> Option<Signature> {
    let mended = mend(file.text(db).as_str(), offset)?;
    let body = &mended.body;
    let (function, active) = call_around(body)?;
    let shape = function_shape(db, project, mended.draft(file), function)?;
    if active >= shape.parameters.len() {
        return None;
    }
    let mut label = describe(body, function);
    let mut parameters = Vec::new();
    for parameter in &shape.parameters {
        label.push(' ');
        let start = label.len();
        label.push_str(parameter);
        parameters.push((start, label.len()));
    }
    let documentation = match (shape.builtin, shape.place) {
        (Some(name), _) => {
            nixscope_eval::builtin_names().find(|(known, _)| *known == name).map(|(_, doc)| doc.to_string())
        }
        // The draft's own places are not the file's.
        (None, Some(place)) if place.source != file => match place.kind {
            PlaceKind::Expr(_) => doc_comment(db, place.source, place.range(db).start()),
            _ => None,
        },
        _ => None,
    };
    Some(Signature { label, parameters, active, documentation })
}

/// The innermost call with the cursor in one of its arguments: the function, and which argument.
fn call_around(body: &Body) -> Option<(ExprId, usize)> {
    let cursor = body.exprs.iter().find_map(|(id, expr)| match expr {
        Expr::Local { name, .. } | Expr::Unresolved(name) | Expr::WithName { name, .. } => {
            (name.as_str() == CURSOR).then_some(id)
        }
        Expr::Str(text) if text.contains(CURSOR) => Some(id),
        Expr::Select { path, .. } => {
            path.iter().any(|it| it.as_static().is_some_and(|it| it.as_str() == CURSOR)).then_some(id)
        }
        _ => None,
    })?;
    body.exprs.iter().find_map(|(_, expr)| match expr {
        Expr::Apply { function, args } => {
            args.iter().position(|arg| *arg == cursor).map(|index| (*function, index))
        }
        _ => None,
    })
}
