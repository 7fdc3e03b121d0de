//! `phase-without-hooks`: a phase that is replaced without running its hooks.

use nixscope_hir::{BindingValue, Expr, ExprId, StrPart};
use nixscope_syntax::{TextRange, TextSize};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::edits::replace;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::shapes::derivation;

pub(super) static LINT: Lint = Lint {
    name: "phase-without-hooks",
    group: Group::Packages,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a phase that is replaced without `runHook`",
    page: r#"
Setup hooks of other packages, and `preInstall` and the like in an `overrideAttrs`, only run where the phase calls
`runHook`. A phase that is replaced without it drops them silently: `autoPatchelfHook`, `wrapGAppsHook` and
`installShellFiles` users find out at run time.

The fix is unsafe: it makes another derivation.

## Example

```nix
{ stdenv }:
stdenv.mkDerivation {
  pname = "greeter";
  version = "1.0";
  src = ./.;
  installPhase = '' # error
    install -D greeter $out/bin/greeter
  '';
}
```

## Use instead

```nix
{ stdenv }:
stdenv.mkDerivation {
  pname = "greeter";
  version = "1.0";
  src = ./.;
  installPhase = ''
    runHook preInstall
    install -D greeter $out/bin/greeter
    runHook postInstall
  '';
}
```

## Source

The nixpkgs manual, ["Phases"](https://nixos.org/manual/nixpkgs/stable/#sec-stdenv-phases).
"#,
    check: Check::Exprs(&[ExprKind::Apply], check),
};

const PHASES: &[(&str, &str)] = &[
    ("buildPhase", "Build"),
    ("checkPhase", "Check"),
    ("configurePhase", "Configure"),
    ("installCheckPhase", "InstallCheck"),
    ("installPhase", "Install"),
    ("patchPhase", "Patch"),
    ("unpackPhase", "Unpack"),
];

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Some((_, _, bindings)) = derivation(cx, id) else { return };
    for binding in &bindings.named {
        let Some((phase, hook)) = PHASES.iter().find(|(name, _)| *name == binding.name.as_str()) else {
            continue;
        };
        let BindingValue::Expr(value) = binding.value else { continue };
        let Some(text) = script(cx, value) else { continue };
        // `buildPhase = ":";` switches the phase off.
        let is_off = matches!(text.trim(), "" | ":" | "true");
        if is_off || text.contains("runHook") || text.contains("runPhase") {
            continue;
        }
        let message = format!(
            "this `{phase}` never runs the hooks `pre{hook}` and `post{hook}`: begin it with \
             `runHook pre{hook}`, end it with `runHook post{hook}`"
        );
        let mut finding = Diagnostic::new(&LINT, cx.file, cx.name_range(binding.place), message);
        if let Some(edits) = with_hooks(cx, cx.range(value), hook) {
            finding = finding.with_fix(Fix::risky("Run the hooks", edits));
        }
        found.push(finding);
    }
}

/// The script, but for what is interpolated, which must not hold a hook itself.
fn script(cx: &FileContext<'_>, value: ExprId) -> Option<String> {
    match &cx.body.exprs[value] {
        Expr::Str(text) => Some(text.to_string()),
        Expr::Interpolated(parts) => {
            let mut out = String::new();
            for (at, part) in parts.iter().enumerate() {
                match part {
                    StrPart::Text(text) => out.push_str(text),
                    // A part alone on its line may be anything, also a call of the hooks.
                    StrPart::Expr(_) => {
                        let before = out.is_empty() || out.trim_end_matches(' ').ends_with('\n');
                        let after = parts.get(at + 1).is_none_or(
                            |next| matches!(next, StrPart::Text(text) if text.trim_start_matches(' ').starts_with('\n')),
                        );
                        if before && after {
                            return None;
                        }
                        out.push('x');
                    }
                }
            }
            Some(out)
        }
        _ => None,
    }
}

/// The calls as first and last line of an indented string of several lines.
fn with_hooks(cx: &FileContext<'_>, range: TextRange, hook: &str) -> Option<Vec<Edit>> {
    let text = cx.slice(range);
    let inside = text.strip_prefix("''")?.strip_suffix("''")?;
    let (first, rest) = inside.split_once('\n')?;
    let (_, last) = rest.rsplit_once('\n')?;
    if !first.trim().is_empty() || !last.trim().is_empty() {
        return None;
    }
    let line = rest.lines().find(|line| !line.trim().is_empty())?;
    let indent = &line[..line.len() - line.trim_start().len()];
    let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
    let begin = range.start() + size("''".len() + first.len() + 1);
    let end = range.end() - size("''".len() + last.len());
    Some(vec![
        replace(cx, TextRange::empty(begin), format!("{indent}runHook pre{hook}\n")),
        replace(cx, TextRange::empty(end), format!("{indent}runHook post{hook}\n")),
    ])
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn what_may_run_them_is_silent() {
        check(
            &super::LINT,
            "{ stdenv, x }: stdenv.mkDerivation { buildPhase = \":\"; installPhase = x; checkPhase = ''\n  ${x}\n''; patchPhase = \"runHook prePatch\"; }\n",
            expect![""],
        );
        check(&super::LINT, "{ x }: { installPhase = \"cp a b\"; }\n", expect![""]);
    }

    #[test]
    fn with_interpolation() {
        check(
            &super::LINT,
            "{ stdenv, x }: stdenv.mkDerivation (final: { installPhase = \"cp ${x} $out\"; })\n",
            expect![[r#"
                1:46 `installPhase` warning: this `installPhase` never runs the hooks `preInstall` and `postInstall`: begin it with `runHook preInstall`, end it with `runHook postInstall`
            "#]],
        );
    }
}
