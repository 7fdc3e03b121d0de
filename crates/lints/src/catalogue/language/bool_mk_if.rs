//! `bool-mk-if`: `mkIf` around a bool, or on a bool.

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::{FleetIndex, Project};
use nixscope_hir::{Expr, ExprId};
use nixscope_syntax::TextRange;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::context::FileContext;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Tag};
use crate::fleet::systems;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;
use crate::target::{Target, target};

pub(super) static LINT: Lint = Lint {
    name: "bool-mk-if",
    group: Group::Language,
    level: Level::Warning,
    since: "0.1.0",
    summary: "`mkIf` that says a bool in a roundabout way",
    page: r#"
`x.enable = lib.mkIf condition true;` says `true` where the condition holds and *nothing* where it does
not: the option's default, or another module's definition, decides then. Nearly always the condition
itself is meant, `x.enable = condition;`. `mkIf true` around a definition does nothing, and what stands
behind `mkIf false` never takes effect.

Reported are options that are known to be bool: those that the repository declares so, and those named
`enable`. An option that may be null as well is left alone.

The fix of the first form is safe only where the option is declared in the repository with the default
`false` and nothing else defines it. Elsewhere the two differ: with another definition the plain one
conflicts where the condition is false.

## Example

```nix
{ config, lib, ... }:
{
  services.printing.enable = lib.mkIf config.services.xserver.enable true; # error
  services.tlp = lib.mkIf true { # error
    enable = true;
  };
}
```

## Use instead

```nix
{ config, lib, ... }:
{
  services.printing.enable = config.services.xserver.enable;
  services.tlp = {
    enable = true;
  };
}
```

## When it is fine

Where the option's default is `true` or computed, and is to stay when the condition does not hold. Say so
with `lib.mkDefault`, or suppress the finding.

## Source

The NixOS manual, ["Option definitions"](https://nixos.org/manual/nixos/stable/#sec-option-definitions-delaying-conditionals).
"#,
    check: Check::File(check),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    for (id, expr) in cx.body.exprs.iter() {
        let Expr::Apply { args, .. } = expr else { continue };
        let [condition, content] = args.as_ref() else { continue };
        let (constant, value) = (as_bool(cx, *condition), as_bool(cx, *content));
        if constant.is_none() && value.is_none() {
            continue;
        }
        let function = names::applied(cx.body, id).and_then(|(function, _)| function.library());
        if function != Some("mkIf") {
            continue;
        }
        match (constant, value) {
            (Some(constant), _) => found.extend(of_constant(cx, id, *content, constant)),
            (None, Some(value)) => found.extend(of_value(cx, id, *condition, value)),
            (None, None) => {}
        }
    }
}

fn as_bool(cx: &FileContext<'_>, expr: ExprId) -> Option<bool> {
    match &cx.body.exprs[expr] {
        Expr::Global(name) if name.as_str() == "true" => Some(true),
        Expr::Global(name) if name.as_str() == "false" => Some(false),
        _ => None,
    }
}

/// `mkIf true x`, `mkIf false x`.
fn of_constant(cx: &FileContext<'_>, id: ExprId, content: ExprId, constant: bool) -> Option<Diagnostic> {
    // Elsewhere (an argument, an element of a list) the set that `mkIf` makes may be wanted as such.
    if !target(cx, id)?.in_module {
        return None;
    }
    let range = cx.range(id);
    // The whole definition may be long: the finding marks the call up to its condition.
    let content_range = cx.outer_range(content);
    let head = TextRange::new(range.start(), content_range.start());
    let trimmed = cx.slice(head).trim_end().len() as u32;
    let marked = TextRange::at(range.start(), trimmed.into());
    if !constant {
        let message = "`mkIf false`: this definition never takes effect. Remove it, or give it a condition";
        let mut finding = Diagnostic::new(&LINT, cx.file, marked, message);
        finding.tags.push(Tag::Unnecessary);
        return Some(finding);
    }
    let message = "`mkIf true` does nothing: the definition always takes effect";
    if has_comment(cx.slice(head)) {
        return Some(Diagnostic::new(&LINT, cx.file, marked, message));
    }
    let fix = Fix {
        title: "Remove `mkIf true`".into(),
        applicability: Applicability::Safe,
        edits: vec![Edit { file: cx.file, range: head, new_text: String::new() }],
    };
    Some(Diagnostic::new(&LINT, cx.file, marked, message).with_fix(fix))
}

/// `mkIf c true`, `mkIf c false`.
fn of_value(cx: &FileContext<'_>, id: ExprId, condition: ExprId, value: bool) -> Option<Diagnostic> {
    let target = target(cx, id)?;
    if !target.in_module
        || target.has(FREE_FORM)
        || target.path.first()?.is_some_and(|it| it.as_str() == "options")
    {
        return None;
    }
    let path = target.option_path();
    let known = path.as_deref().map(|path| knowledge(cx, path, cx.range(id)));
    let is_bool = match known.as_ref().and_then(|it| it.type_name.as_deref()) {
        Some(type_name) => type_name == "boolean",
        None => target.last() == Some("enable"),
    };
    if !is_bool {
        return None;
    }
    let plain = negated(cx, id, condition, value);
    let shown = path.unwrap_or_else(|| shown_path(&target));
    let known = known.unwrap_or_default();
    let is_safe = value && known.is_safe;
    let differs = match (&known.against, value) {
        _ if is_safe => String::new(),
        (Some(_), _) => ". The two differ: another module defines it too".into(),
        (None, true) => {
            ". The two differ where its default is not `false` or another module defines it".into()
        }
        (None, false) => {
            ". The two differ where its default is not `true` or another module defines it".into()
        }
    };
    let message = format!(
        "`{shown}` is left undefined when this condition does not hold: say the condition itself, `= {plain};`{differs}",
        plain = short(&plain),
    );
    let fix = Fix {
        title: format!("Write `{}`", short(&plain)),
        applicability: if is_safe { Applicability::Safe } else { Applicability::Unsafe },
        edits: vec![Edit { file: cx.file, range: cx.range(id), new_text: plain }],
    };
    let mut finding = Diagnostic::new(&LINT, cx.file, cx.range(id), message);
    let (whole, kept) = (cx.range(id), cx.range(condition));
    let head = TextRange::new(whole.start(), kept.start());
    let tail = TextRange::new(kept.end(), whole.end());
    if !has_comment(cx.slice(head)) && !has_comment(cx.slice(tail)) {
        finding.fix = Some(fix);
    }
    if let Some((file, range)) = known.against {
        finding = finding.with_related(file, range, "the other definition");
    }
    Some(finding)
}

/// Whether a text that a fix would take away holds a comment.
fn has_comment(text: &str) -> bool {
    text.contains('#') || text.contains("/*")
}

/// Sets whose attributes are a program's own settings: leaving one out is what `mkIf` is for there.
const FREE_FORM: &[&str] =
    &["settings", "extraSettings", "extraConfig", "extraOptions", "preferences", "policies"];

/// The condition as an expression of its own, or its opposite.
fn negated(cx: &FileContext<'_>, id: ExprId, condition: ExprId, value: bool) -> String {
    let outer = cx.slice(cx.outer_range(condition));
    let inner = cx.slice(cx.range(condition));
    if !value {
        return match &cx.body.exprs[condition] {
            Expr::Unary(nixscope_hir::UnaryOp::Not, _) => {
                inner.trim_start_matches('!').trim_start().to_string()
            }
            _ => format!("!{outer}"),
        };
    }
    // Where the call stood as a whole value, or in parentheses, the condition needs none of its own.
    let is_whole = cx.outline.parent(id).is_some_and(|it| names::bindings(&cx.body.exprs[it]).is_some());
    if is_whole || cx.outer_range(id) != cx.range(id) { inner.to_string() } else { outer.to_string() }
}

fn short(text: &str) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ");
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

fn shown_path(target: &Target) -> String {
    let names = target.path.iter().map(|it| it.map_or("…", |name| name.as_str()));
    names.collect::<Vec<_>>().join(".")
}

/// What the fleet knows of an option.
#[derive(Default)]
struct Knowledge {
    type_name: Option<SmolStr>,
    /// Whether nothing changes when the condition stands for the definition.
    is_safe: bool,
    /// Another definition.
    against: Option<(SourceFile, TextRange)>,
}

/// Options that the repository declares, with what decides whether a definition may be rewritten.
/// Changes when a declaration or definition of a bool does.
#[salsa::tracked(returns(ref))]
fn bool_options(db: &dyn Db, project: Project) -> FxHashMap<SmolStr, OptionFacts> {
    facts(nixscope_fleet::fleet(db, project))
}

/// What is known of an option over all hosts.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
struct OptionFacts {
    type_name: Option<SmolStr>,
    default_is_false: bool,
    definitions: Vec<nixscope_eval::SourcePlace>,
}

fn facts(fleet: &FleetIndex) -> FxHashMap<SmolStr, OptionFacts> {
    let mut facts: FxHashMap<SmolStr, OptionFacts> = FxHashMap::default();
    for (_, index) in systems(fleet) {
        for option in &index.options {
            let entry = facts.entry(option.path.clone()).or_insert_with(|| OptionFacts {
                type_name: option.type_name.clone(),
                default_is_false: true,
                definitions: Vec::new(),
            });
            entry.default_is_false &= option.default.as_deref() == Some("false");
        }
    }
    for (_, index) in systems(fleet) {
        for definition in &index.definitions {
            let Some(entry) = facts.get_mut(&definition.path) else { continue };
            if let Some(place) = definition.place
                && !entry.definitions.contains(&place)
            {
                entry.definitions.push(place);
            }
        }
    }
    facts.retain(|_, it| it.type_name.is_some());
    facts
}

fn knowledge(cx: &FileContext<'_>, path: &str, at: TextRange) -> Knowledge {
    let Some(facts) = bool_options(cx.db, cx.project).get(path) else { return Knowledge::default() };
    let is_this = |place: &&nixscope_eval::SourcePlace| {
        place.source == cx.file && place.entry(cx.db).contains_range(at)
    };
    let this = facts.definitions.iter().any(|place| is_this(&place));
    let other = facts.definitions.iter().find(|place| !is_this(place));
    Knowledge {
        type_name: facts.type_name.clone(),
        is_safe: facts.default_is_false && this && other.is_none(),
        against: other.map(|place| (place.source, place.range(cx.db))),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn on_a_value() {
        check(
            &super::LINT,
            r#"
{ config, lib, ... }:
with lib;
{
  config = mkMerge [
    {
      a.enable = mkIf (config.b || config.c) true;
      b.enable = lib.mkIf config.b false;
      c.enable = mkForce (mkIf (!config.b) false);
      ${config.x}.enable = mkIf config.x true;
    }
  ];
}
"#,
            expect![[r#"
                6:18 `mkIf (config.b || config.c) true` warning: `a.enable` is left undefined when this condition does not hold: say the condition itself, `= config.b || config.c;`. The two differ where its default is not `false` or another module defines it
                    unsafe: Write `config.b || config.c` => a.enable = config.b || config.c;
                7:18 `lib.mkIf config.b false` warning: `b.enable` is left undefined when this condition does not hold: say the condition itself, `= !config.b;`. The two differ where its default is not `true` or another module defines it
                    unsafe: Write `!config.b` => b.enable = !config.b;
                8:27 `mkIf (!config.b) false` warning: `c.enable` is left undefined when this condition does not hold: say the condition itself, `= config.b;`. The two differ where its default is not `true` or another module defines it
                    unsafe: Write `config.b` => c.enable = mkForce (config.b);
                9:28 `mkIf config.x true` warning: `….enable` is left undefined when this condition does not hold: say the condition itself, `= config.x;`. The two differ where its default is not `false` or another module defines it
                    unsafe: Write `config.x` => ${config.x}.enable = config.x;
            "#]],
        );
    }

    #[test]
    fn on_a_condition() {
        check(
            &super::LINT,
            "{ lib, ... }:\nlet inherit (lib) mkIf; in\n{ a = mkIf true [ 1 ]; b = mkIf false { }; c = mkIf true (a // b); }\n",
            expect![[r#"
                3:7 `mkIf true` warning: `mkIf true` does nothing: the definition always takes effect
                    safe: Remove `mkIf true` => { a = [ 1 ]; b = mkIf false { }; c = mkIf true (a // b); }
                3:28 `mkIf false` warning: `mkIf false`: this definition never takes effect. Remove it, or give it a condition
                3:48 `mkIf true` warning: `mkIf true` does nothing: the definition always takes effect
                    safe: Remove `mkIf true` => { a = mkIf true [ 1 ]; b = mkIf false { }; c = (a // b); }
            "#]],
        );
    }

    #[test]
    fn silent_where_the_type_is_not_known() {
        check(
            &super::LINT,
            r#"
{ config, lib, ... }:
{
  wifi.powersave = lib.mkIf config.a false;
  programs.x.settings.enable = lib.mkIf config.a true;
  options.x = { enable = lib.mkIf config.a true; };
  list = [ (lib.mkIf config.a true) ];
  set = lib.mkIf config.a { enable = true; };
  text = lib.mkIf config.a "true";
  f = enable: { inherit enable; };
  g = lib.types.check (lib.mkIf true 1) [ (lib.mkIf false 2) ];
}
"#,
            expect![""],
        );
    }
}
