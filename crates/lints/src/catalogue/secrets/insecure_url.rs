//! `insecure-url`: binary caches and downloads over plain HTTP.

use nixscope_hir::{BindingValue, Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::names::{self, bindings};
use crate::shapes::last_name;
use crate::target::target;

pub(super) static LINT: Lint = Lint {
    name: "insecure-url",
    group: Group::Secrets,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a binary cache or an unchecked download over plain HTTP",
    page: r#"
Whoever is on the way sees what is fetched, and where no hash or signature is checked, can change it. Addresses of one's own
network are left alone, and so are downloads with a hash.

## Example

```nix
{
  nix.settings.substituters = [
    "http://cache.example.org" # error
  ];
}
```

## Use instead

```nix
{
  nix.settings.substituters = [
    "https://cache.example.org"
  ];
}
```
"#,
    check: Check::Exprs(&[ExprKind::Str], check),
};

const CACHES: &[&str] = &[
    "substituters",
    "extra-substituters",
    "trusted-substituters",
    "extra-trusted-substituters",
    "binaryCaches",
];

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Str(text) = &cx.body.exprs[id] else { return };
    let Some(rest) = text.strip_prefix("http://") else { return };
    if is_own_network(rest) {
        return;
    }
    let message = if is_cache(cx, id) {
        "a binary cache over plain HTTP: who is on the way sees what this host installs"
    } else if is_unchecked_download(cx, id) {
        "this is fetched over plain HTTP and not checked by a hash"
    } else {
        return;
    };
    found.push(Diagnostic::new(&LINT, cx.file, cx.range(id), message));
}

/// Whether an address is of the machine itself or of a private network.
fn is_own_network(rest: &str) -> bool {
    let host = rest.split(['/', ':', '?']).next().unwrap_or("");
    let private = ["127.", "10.", "192.168.", "169.254.", "100."];
    let local = [".local", ".lan", ".home", ".internal", ".home.arpa", ".ts.net", ".localhost", ".onion"];
    let second = host.strip_prefix("172.").and_then(|it| it.split('.').next());
    !host.contains('.')
        || host.starts_with('[')
        || private.iter().any(|it| host.starts_with(it))
        || local.iter().any(|it| host.ends_with(it))
        || second.and_then(|it| it.parse::<u8>().ok()).is_some_and(|it| (16..32).contains(&it))
}

fn is_cache(cx: &FileContext<'_>, id: ExprId) -> bool {
    let Some(list) = cx.outline.parent(id) else { return false };
    matches!(cx.body.exprs[list], Expr::List(_))
        && target(cx, list).and_then(|it| it.last()).is_some_and(|it| CACHES.contains(&it))
}

/// The URL of a builtin fetcher that is given no hash.
fn is_unchecked_download(cx: &FileContext<'_>, id: ExprId) -> bool {
    let Some(parent) = cx.outline.parent(id) else { return false };
    match &cx.body.exprs[parent] {
        Expr::Apply { .. } => names::applied(cx.body, parent)
            .and_then(|(function, _)| function.library())
            .is_some_and(|it| matches!(it, "fetchTarball" | "fetchurl" | "fetchGit")),
        set @ (Expr::Attrs(_) | Expr::RecAttrs(_)) => {
            let Some(bindings) = bindings(set) else { return false };
            let is_url = bindings
                .named
                .iter()
                .any(|it| it.name.as_str() == "url" && it.value == BindingValue::Expr(id));
            let has_hash = bindings.named.iter().any(|it| {
                let name = it.name.as_str();
                matches!(name, "rev" | "narHash") || name.contains("hash") || name.starts_with("sha")
            });
            let fetcher = cx.outline.parent(parent).and_then(|outer| match &cx.body.exprs[outer] {
                Expr::Apply { function, .. } => last_name(cx, *function),
                _ => None,
            });
            is_url
                && !has_hash
                && bindings.dynamic.is_empty()
                && fetcher.is_some_and(|it| it.starts_with("fetch"))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn downloads_without_a_hash() {
        check(
            &super::LINT,
            "[ (builtins.fetchTarball \"http://example.org/a\") (builtins.fetchurl { url = \"http://example.org/a\"; }) ]\n",
            expect![[r#"
                1:26 `"http://example.org/a"` hint: this is fetched over plain HTTP and not checked by a hash
                1:77 `"http://example.org/a"` hint: this is fetched over plain HTTP and not checked by a hash
            "#]],
        );
        check(
            &super::LINT,
            "{ fetchurl }: fetchurl { url = \"http://example.org/a\"; sha256 = \"\"; }\n",
            expect![""],
        );
    }

    #[test]
    fn ones_own_network() {
        check(
            &super::LINT,
            "{ nix.settings.substituters = [ \"http://nas.lan\" \"http://10.0.0.1:5000\" \"http://172.20.1.1\" \"http://cache\" ]; a = \"http://example.org\"; }\n",
            expect![""],
        );
    }
}
