//! What a function takes: the ground of signature help.

use nixscope_db::Db;
use nixscope_eval::{Evaluator, Sites, SourcePlace, Value};
use nixscope_hir::{Expr, ExprId};
use smol_str::SmolStr;

use super::{Draft, contexts};
use crate::outputs::with_flake_over;
use crate::project::Project;

/// What a function takes, one entry an argument.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FunctionShape {
    /// The arguments as they are written: a name, or a pattern.
    pub parameters: Vec<SmolStr>,
    /// Where the function is written.
    pub place: Option<SourcePlace>,
    /// The builtin that it is.
    pub builtin: Option<&'static str>,
}

/// More arguments than this are not shown.
const MAX_PARAMETERS: usize = 16;

/// What the function takes that an expression of a draft is.
pub fn function_shape(
    db: &dyn Db,
    project: Project,
    draft: Draft<'_>,
    expr: ExprId,
) -> Option<FunctionShape> {
    function_shapes(db, project, draft, &[expr]).into_iter().next().flatten()
}

/// The same of several expressions, in one evaluation.
pub fn function_shapes(
    db: &dyn Db,
    project: Project,
    draft: Draft<'_>,
    exprs: &[ExprId],
) -> Vec<Option<FunctionShape>> {
    with_flake_over(db, project, &[(draft.file, draft.body)], |ev, flake| {
        let mut found: Vec<Option<FunctionShape>> = vec![None; exprs.len()];
        for context in contexts(ev, project, flake, draft.file) {
            let mut sites = Sites::new(ev, ev.context(draft.file), context.called);
            for (expr, found) in exprs.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
                let value = sites.value(*expr).and_then(|value| ev.settle(value)).ok();
                *found = value.and_then(|value| shape(ev, value));
            }
        }
        found
    })
}

fn shape<'h>(ev: &Evaluator<'h>, value: Value<'h>) -> Option<FunctionShape> {
    match value {
        Value::Lambda(closure) => {
            let body = closure.env.file().body;
            let mut lambda = closure.lambda;
            let mut parameters = Vec::new();
            while parameters.len() < MAX_PARAMETERS {
                parameters.push(parameter(lambda));
                match &body.exprs[lambda.body] {
                    Expr::Lambda(next) => lambda = next,
                    _ => break,
                }
            }
            Some(FunctionShape { parameters, place: closure.place.resolve(ev), builtin: None })
        }
        Value::Native(native) => {
            let left = usize::from(native.builtin.arity).saturating_sub(native.args.len());
            let parameters = (1..=left).map(|number| SmolStr::from(format!("arg{number}"))).collect();
            Some(FunctionShape { parameters, place: None, builtin: Some(native.builtin.name) })
        }
        _ => None,
    }
}

fn parameter(lambda: &nixscope_hir::Lambda) -> SmolStr {
    let Some(formals) = &lambda.formals else {
        return lambda.arg.map_or("_", |(name, _)| name.as_str()).into();
    };
    let mut names: Vec<String> = formals
        .iter()
        .map(|formal| match formal.default {
            Some(_) => format!("{} ?", formal.name),
            None => formal.name.to_string(),
        })
        .collect();
    if lambda.open {
        names.push("...".into());
    }
    format!("{{ {} }}", names.join(", ")).into()
}
