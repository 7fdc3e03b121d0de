//! One option of one host: what sets it, which definition wins, what comes out.

use nixscope_db::Db;
use nixscope_eval::modules::{OptionNode, System};
use nixscope_eval::{Evaluator, Halt, SourcePlace, Value, to_json};
use nixscope_hir::Symbol;
use smol_str::SmolStr;

use crate::closure::own_place;
use crate::host_eval::{declaration, show, show_value};
use crate::index::{Definition, OptionDeclaration};
use crate::outputs::with_flake;
use crate::project::Project;
use crate::queries::host_value;
use crate::secrets;

/// What a value may take to become JSON.
const JSON_STEPS: u64 = 200_000;

/// A value whose JSON is longer than this is not given.
const MAX_JSON: usize = 1 << 20;

/// What is known of one option of one host.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HostOption {
    /// The definitions, in the order of the modules, also those that a condition switches off.
    pub definitions: Vec<HostDefinition>,
    /// The value, printed, where it is known and short.
    pub value: Option<SmolStr>,
    /// Why the value is not known.
    pub unknown: Option<SmolStr>,
    /// The value as JSON text.
    pub json: Option<SmolStr>,
    /// Why there is no JSON of the value.
    pub no_json: Option<SmolStr>,
    /// The declaration, where a module of the repository declares it.
    pub declaration: Option<OptionDeclaration>,
}

/// A definition of an option on one host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HostDefinition {
    /// What every definition has.
    pub definition: Definition,
    /// The value as written, without `mkIf` and its like around it.
    pub written: Option<SourcePlace>,
    /// The condition around it, the innermost where there are several.
    pub condition: Option<SourcePlace>,
}

impl std::ops::Deref for HostDefinition {
    type Target = Definition;

    fn deref(&self) -> &Definition {
        &self.definition
    }
}

/// An option of a host. Re-evaluated when a file of the host's closure changes.
#[salsa::tracked(returns(ref))]
pub fn host_option(
    db: &dyn Db,
    project: Project,
    output: SmolStr,
    host: SmolStr,
    path: SmolStr,
) -> HostOption {
    let names = parse_option_path(&path);
    with_flake(db, project, |ev, flake| {
        let Ok(value) = host_value(ev, project, flake, &output, &host) else { return HostOption::default() };
        let Some(system) = ev.system_of(value) else { return HostOption::default() };
        let defs = system.definitions(ev, &names, true);
        let winners = System::winners(&defs);
        let definitions = defs
            .iter()
            .filter(|def| def.unknown.is_none())
            // What a model sets is not the repository's.
            .filter(|def| def.place.is_none() || own_place(ev, def.place).is_some())
            .map(|def| HostDefinition {
                definition: Definition {
                    path: path.clone(),
                    place: def.place.resolve(ev),
                    priority: def.priority,
                    active: def.active,
                    winning: winners.iter().any(|winner| std::ptr::eq(winner.value, def.value)),
                    value: show(ev, def.value),
                },
                written: def.value.place().resolve(ev),
                condition: def.condition.and_then(|it| it.place().resolve(ev)),
            })
            .collect();
        let mut out = HostOption { definitions, ..HostOption::default() };
        match system.value_at(ev, &names) {
            Ok(Some(value)) => {
                match show_value(ev, value) {
                    Some(shown) => out.value = Some(shown),
                    None => out.unknown = Some("it is not fully known, or too long to show".into()),
                }
                match json(ev, value) {
                    Ok(text) => out.json = Some(text),
                    Err(why) => out.no_json = Some(why),
                }
            }
            Ok(None) => out.unknown = Some("nothing sets or declares it".into()),
            Err(halt) => out.unknown = Some(why(halt)),
        }
        if out.json.is_none() && out.no_json.is_none() {
            out.no_json.clone_from(&out.unknown);
        }
        out.declaration = declared(ev, &system, &names);
        out
    })
}

/// A value as JSON text; else why not. Never with the content of a secret file.
fn json<'h>(ev: &Evaluator<'h>, value: Value<'h>) -> Result<SmolStr, SmolStr> {
    let json = ev.within(JSON_STEPS, || to_json(ev, value)).map_err(why)?;
    if reveals(ev, &json) {
        return Err("it is the content of a secret".into());
    }
    let text = json.to_string();
    if text.len() > MAX_JSON {
        return Err("it is too long to show".into());
    }
    Ok(text.into())
}

fn why(halt: Halt<'_>) -> SmolStr {
    match halt {
        Halt::Unknown(unknown) => format!("{}: {}", unknown.path(), unknown.reason.describe()).into(),
        Halt::Fail(error) => error.message.into(),
    }
}

/// Whether any text in a value is content of a secret file that was read.
fn reveals(ev: &Evaluator<'_>, value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => secrets::reveals(ev, text),
        serde_json::Value::Array(items) => items.iter().any(|item| reveals(ev, item)),
        serde_json::Value::Object(entries) => {
            entries.iter().any(|(name, item)| secrets::reveals(ev, name) || reveals(ev, item))
        }
        serde_json::Value::Number(number) => secrets::reveals(ev, &number.to_string()),
        serde_json::Value::Null | serde_json::Value::Bool(_) => false,
    }
}

/// The declaration of a path: of the option itself, or of one inside an option's submodules.
fn declared<'h>(ev: &Evaluator<'h>, system: &System<'h>, names: &[Symbol]) -> Option<OptionDeclaration> {
    let tree = system.options(ev);
    let outer = tree.declared_prefix(names)?;
    let node = tree.descend(&names[..outer])?;
    let of = |node: &OptionNode<'h>| {
        let place = node.declarations.first()?.place.resolve(ev)?;
        let own = !crate::closure::is_embedded(ev, place.source);
        own.then(|| declaration(ev, names, node))
    };
    if outer == names.len() {
        return of(node);
    }
    let fits = |pattern: &[Symbol]| {
        let pairs = || pattern.iter().zip(names);
        pattern.len() == names.len()
            && pairs().all(|(wanted, got)| matches!(wanted.as_str(), "<name>" | "*") || wanted == got)
    };
    let nested = system.nested_options(ev, node, &names[..outer]);
    nested.iter().find(|(pattern, _)| fits(pattern)).and_then(|(_, node)| of(node))
}

/// Splits `a."b.c".d` into its names.
pub fn parse_option_path(path: &str) -> Vec<Symbol> {
    let mut names = Vec::new();
    let mut current = String::new();
    let mut quoted = false;
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => current.extend(chars.next()),
            '.' if !quoted => names.push(Symbol::new(&std::mem::take(&mut current))),
            c => current.push(c),
        }
    }
    if !current.is_empty() || !names.is_empty() {
        names.push(Symbol::new(&current));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_names_keep_their_dots() {
        let names: Vec<&str> =
            parse_option_path("a.\"b.c\".d").into_iter().map(|name| name.as_str()).collect();
        assert_eq!(names, ["a", "b.c", "d"]);
    }
}
