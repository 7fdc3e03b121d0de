//! `prefer-override-attrs`: `override` used to change a derivation's attributes.

use nixscope_hir::{Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix};
use crate::edits::replace;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::names::bindings;

pub(super) static LINT: Lint = Lint {
    name: "prefer-override-attrs",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`override` used to change a derivation's attributes",
    page: r#"
`override` changes the arguments of the function that makes the package, `overrideAttrs` the attributes of the
derivation that it makes. A package whose function has no argument `patches` refuses it in `override`.

## Example

```nix
{ pkgs, ... }:
{
  environment.systemPackages = [
    (pkgs.hello.override { patches = [ ./greeting.patch ]; }) # error
  ];
}
```

## Use instead

```nix
{ pkgs, ... }:
{
  environment.systemPackages = [
    (pkgs.hello.overrideAttrs { patches = [ ./greeting.patch ]; })
  ];
}
```

## When it is fine

A few packages do have an argument of such a name.

## Source

The nixpkgs manual, ["Overriding"](https://nixos.org/manual/nixpkgs/stable/#chap-overrides).
"#,
    check: Check::Exprs(&[ExprKind::Apply], check),
};

/// Attributes of derivations that are hardly ever arguments of a package's function.
const ATTRIBUTES: &[&str] = &[
    "buildPhase",
    "cargoHash",
    "cmakeFlags",
    "configureFlags",
    "configurePhase",
    "doCheck",
    "installPhase",
    "mesonFlags",
    "meta",
    "nativeBuildInputs",
    "patches",
    "postFixup",
    "postInstall",
    "postPatch",
    "preBuild",
    "preConfigure",
    "preFixup",
    "preInstall",
    "prePatch",
    "src",
    "vendorHash",
];

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Apply { function, args } = &cx.body.exprs[id] else { return };
    let Expr::Select { path, default: None, .. } = &cx.body.exprs[*function] else { return };
    let [.., last] = path.as_ref() else { return };
    if last.as_static().is_none_or(|it| it.as_str() != "override") {
        return;
    }
    // Also `override (old: { … })`.
    let Some(mut set) = args.first().copied() else { return };
    if let Expr::Lambda(lambda) = &cx.body.exprs[set] {
        set = lambda.body;
    }
    let Some(bindings) = bindings(&cx.body.exprs[set]).filter(|it| it.dynamic.is_empty()) else { return };
    let Some(attribute) = bindings.named.iter().find(|it| ATTRIBUTES.contains(&it.name.as_str())) else {
        return;
    };
    let name = attribute.name;
    let range = cx.name_range(last.place());
    let message = format!("`{name}` is an attribute of the derivation: `overrideAttrs` changes it");
    let finding = Diagnostic::new(&LINT, cx.file, range, message).with_related(
        cx.file,
        cx.name_range(attribute.place),
        "this attribute",
    );
    let all = bindings.named.iter().all(|it| ATTRIBUTES.contains(&it.name.as_str()));
    found.push(match all {
        true => {
            finding.with_fix(Fix::risky("Use `overrideAttrs`", vec![replace(cx, range, "overrideAttrs")]))
        }
        false => finding,
    });
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn arguments_are_fine() {
        check(&super::LINT, "{ pkgs }: pkgs.nerdfonts.override { fonts = [ ]; }\n", expect![""]);
        check(
            &super::LINT,
            "{ pkgs }: pkgs.hello.override { src = 1; ${\"a\"} = 2; }\n",
            expect![[r#"
            1:22 `override` hint: `src` is an attribute of the derivation: `overrideAttrs` changes it
                at 1:33 `src`: this attribute
        "#]],
        );
        check(
            &super::LINT,
            "{ pkgs }: pkgs.hello.override { src = 1; gui = false; }\n",
            expect![[r#"
            1:22 `override` hint: `src` is an attribute of the derivation: `overrideAttrs` changes it
                at 1:33 `src`: this attribute
        "#]],
        );
    }
}
