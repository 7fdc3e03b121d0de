//! `substituter-without-key`: a binary cache whose signatures cannot be checked.

use nixscope_db::{EntryKind, SourceFile};
use nixscope_fleet::{HostSettings, Known};
use nixscope_hir::{BindingValue, Body, Expr, ExprId};
use nixscope_syntax::TextRange;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{HOSTS, Merged, settings};
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "substituter-without-key",
    group: Group::Secrets,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a binary cache without a public key, or a key that is none",
    page: r#"
Nix takes nothing from a cache whose signatures it cannot check: without a fitting entry of `trusted-public-keys`, the
cache is asked for every path and never used. A key that is not `NAME:` and 32 bytes in base64 is an error.

A key belongs to a cache by its name (`cache.example.org-1:…`). Names are free, so a cache is reported only where every
key is that of another cache; and since a cache may hand on what cache.nixos.org has signed, it is a hint for all but those of
Cachix, which sign themselves.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /repo/web.nix
{
  nix.settings.substituters = [
    "https://example.cachix.org" # error
  ];
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /repo/web.nix
{
  nix.settings.substituters = [
    "https://example.cachix.org"
  ];
  nix.settings.trusted-public-keys = [
    "example.cachix.org-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
  ];
}
```

## When it is fine

Mirrors of cache.nixos.org have its key; caches on this machine or over SSH, and those with `trusted=1`, need none. None
of these is reported.

## Source

The Nix manual, [`trusted-public-keys`](https://nix.dev/manual/nix/latest/command-ref/conf-file#conf-trusted-public-keys).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for (host, settings) in settings(cx) {
        // nix-darwin writes no settings where something else manages Nix.
        if settings
            .get(&["nix", "enable"])
            .is_some_and(|it| it.winner().is_none_or(|it| it.value.known != Known::Bool(true)))
        {
            continue;
        }
        let lists = Lists::of_host(cx, settings);
        lists.judge(HOSTS).into_iter().for_each(|it| merged.add(Some(host), it));
    }
    found.extend(merged.finish());
    if let Some(lists) = Lists::of_flake(cx) {
        found.extend(lists.judge("in this flake's `nixConfig`"));
    }
}

/// A text with its place.
type Entry = (Option<(SourceFile, TextRange)>, String);

/// The caches and keys of one configuration of Nix.
#[derive(Default)]
struct Lists {
    caches: Vec<Entry>,
    keys: Vec<Entry>,
    /// Whether some keys are not known, or none are needed.
    open: bool,
}

impl Lists {
    fn of_host(cx: &FleetContext<'_>, settings: &HostSettings) -> Lists {
        let mut lists = Lists::default();
        let of = |path: &[&str], open: &mut bool| -> Vec<Entry> {
            let Some(setting) = settings.get(path) else {
                return Vec::new();
            };
            *open |= setting.open || setting.definitions.iter().any(|it| !it.active);
            let winners = setting.definitions.iter().filter(|it| it.winning);
            let mut entries = Vec::new();
            for definition in winners {
                let Known::List(items, complete) = &definition.value.known else {
                    *open = true;
                    continue;
                };
                *open |= !complete;
                for item in items {
                    match item.known.text() {
                        Some(text) => {
                            let place = item.place.map(|it| (it.source, it.range(cx.db)));
                            entries.push((place, text.to_string()));
                        }
                        None => *open = true,
                    }
                }
            }
            entries
        };
        let mut open = false;
        for path in [
            ["nix", "settings", "trusted-public-keys"].as_slice(),
            &["nix", "settings", "extra-trusted-public-keys"],
            &["nix", "binaryCachePublicKeys"],
        ] {
            lists.keys.extend(of(path, &mut open));
        }
        for path in [
            ["nix", "settings", "substituters"].as_slice(),
            &["nix", "settings", "extra-substituters"],
            &["nix", "binaryCaches"],
        ] {
            lists.caches.extend(of(path, &mut false));
        }
        open |= settings.get(&["nix", "settings", "require-sigs"]).is_some();
        lists.open = open;
        lists
    }

    /// The `nixConfig` of the flake itself, which must be literal.
    fn of_flake(cx: &FleetContext<'_>) -> Option<Lists> {
        let path = cx.project.root(cx.db).join("flake.nix");
        if nixscope_db::kind(cx.db, &path) != EntryKind::File {
            return None;
        }
        let file = nixscope_db::source(cx.db, &path);
        let body = nixscope_hir::body(cx.db, file);
        let map = nixscope_hir::source_map(cx.db, file);
        let config = attribute(body, body.root, "nixConfig")?;
        let mut lists = Lists::default();
        for (name, is_key) in [
            ("substituters", false),
            ("extra-substituters", false),
            ("trusted-public-keys", true),
            ("extra-trusted-public-keys", true),
        ] {
            let Some(list) = attribute(body, config, name) else { continue };
            let texts: Vec<(ExprId, &str)> = match &body.exprs[list] {
                Expr::List(items) => items.iter().filter_map(|it| Some((*it, literal(body, *it)?))).collect(),
                _ => literal(body, list).into_iter().map(|text| (list, text)).collect(),
            };
            let is_complete = matches!(&body.exprs[list], Expr::List(items) if items.len() == texts.len())
                || matches!(&body.exprs[list], Expr::Str(_));
            lists.open |= is_key && !is_complete;
            for (id, text) in texts {
                let of_one =
                    text.split_whitespace().map(|word| (Some((file, map.expr(id))), word.to_string()));
                if is_key { lists.keys.extend(of_one) } else { lists.caches.extend(of_one) }
            }
        }
        Some(lists)
    }

    fn judge(&self, whereabouts: &str) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (place, key) in &self.keys {
            let Some((file, range)) = place.filter(|_| !is_key(key)) else { continue };
            let message = "this is no public key of a cache: it should be `NAME:` and 32 bytes in base64, and Nix rejects it";
            found.push(Diagnostic::new(&LINT, file, range, message));
        }
        if self.open {
            return found;
        }
        let names: Vec<&str> = self.keys.iter().map(|(_, key)| key_name(key)).collect();
        let owners: Vec<Option<String>> = self.caches.iter().map(|(_, url)| owner(url)).collect();
        // A key without a cache of its name may be that of any.
        let is_taken =
            |name: &&str| is_nixos(name) || owners.iter().flatten().any(|owner| belongs(name, owner));
        if !names.iter().all(is_taken) {
            return found;
        }
        for ((place, _), owner) in self.caches.iter().zip(&owners) {
            let Some(owner) = owner else { continue };
            if names.iter().any(|name| belongs(name, owner)) {
                continue;
            }
            let Some((file, range)) = place else { continue };
            let message = format!(
                "no public key of the cache `{owner}` is trusted {whereabouts}: Nix asks it and takes nothing from it; \
                 add its `{owner}-1:…` to `trusted-public-keys`"
            );
            let finding = Diagnostic::new(&LINT, *file, *range, message);
            // Any other may hand on what cache.nixos.org has signed.
            let signs_itself = owner.ends_with(".cachix.org");
            found.push(if signs_itself { finding } else { Diagnostic { level: Level::Hint, ..finding } });
        }
        found
    }
}

/// The host of a cache that needs a key of its own.
fn owner(url: &str) -> Option<String> {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let is_mirror = path.contains("nix-channels")
        || ["mirror", "proxy"].iter().any(|word| host.contains(word) || path.contains(word));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split(':').next().unwrap_or(host).trim_end_matches('.');
    let is_local = matches!(host, "localhost" | "127.0.0.1" | "") || host.starts_with('[');
    let needs_none = is_mirror || is_local || is_nixos(host) || query.split('&').any(|it| it == "trusted=1");
    // On a server of many caches, each has a path.
    let path = path.trim_matches('/');
    match needs_none {
        true => None,
        false if path.is_empty() => Some(host.to_ascii_lowercase()),
        false => Some(format!("{}/{path}", host.to_ascii_lowercase())),
    }
}

fn is_nixos(name: &str) -> bool {
    name == "cache.nixos.org" || name.ends_with(".nixos.org")
}

/// Whether a key of that name is that of a cache.
fn belongs(name: &str, owner: &str) -> bool {
    let (host, path) = owner.split_once('/').unwrap_or((owner, ""));
    let name = name.to_ascii_lowercase();
    name == host || path.rsplit('/').next().is_some_and(|last| !last.is_empty() && last == name)
}

/// The name of a key, without its number: `cache.example.org` of `cache.example.org-1:…`.
fn key_name(key: &str) -> &str {
    let name = key.split(':').next().unwrap_or(key);
    match name.rsplit_once('-') {
        Some((stem, number)) if !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit()) => stem,
        _ => name,
    }
}

/// Whether a text is a name and 32 bytes in base64.
fn is_key(text: &str) -> bool {
    let Some((name, key)) = text.trim().split_once(':') else { return false };
    let Some(digits) = key.strip_suffix('=') else { return false };
    !name.is_empty()
        && digits.len() == 43
        && digits.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/'))
}

fn attribute(body: &Body, set: ExprId, name: &str) -> Option<ExprId> {
    let bindings = names::bindings(&body.exprs[set])?;
    let binding = bindings.named.iter().find(|it| it.name.as_str() == name)?;
    match binding.value {
        BindingValue::Expr(value) => Some(value),
        _ => None,
    }
}

fn literal(body: &Body, expr: ExprId) -> Option<&str> {
    match &body.exprs[expr] {
        Expr::Str(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    fn fixture(settings: &str) -> String {
        format!(
            r#"
#- /repo/flake.nix
{{
  nixConfig.extra-substituters = [ "https://flake.example.org" ];
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = {{ self, nixpkgs }}: {{
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {{ modules = [ ./m.nix ]; }};
    nixosConfigurations.db = nixpkgs.lib.nixosSystem {{ modules = [ ./m.nix ]; }};
  }};
}}
#- /repo/m.nix
{{ lib, config, ... }}: {{ {settings} }}
"#
        )
    }

    const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    #[test]
    fn caches_that_no_key_is_of() {
        let caches = r#"nix.settings.substituters = [
            "https://a.example.org/" "https://b.example.org" "https://c.cachix.org" "https://cache.nixos.org"
            "https://mirrors.example.org/nix-channels/store" "https://attic.example.org/own"
            "http://localhost:5000" "ssh://build" "https://trusted.example.org?trusted=1"
        ];"#;
        let keys = format!("nix.settings.trusted-public-keys = [ \"a.example.org-1:{KEY}\" \"own:{KEY}\" ];");
        check_fleet(
            &super::LINT,
            &fixture(&format!("{caches} {keys}")),
            expect![[r#"
                m.nix:2:38 `"https://b.example.org"` hint: no public key of the cache `b.example.org` is trusted on db and web: Nix asks it and takes nothing from it; add its `b.example.org-1:…` to `trusted-public-keys`
                    hosts db web
                m.nix:2:62 `"https://c.cachix.org"` warning: no public key of the cache `c.cachix.org` is trusted on db and web: Nix asks it and takes nothing from it; add its `c.cachix.org-1:…` to `trusted-public-keys`
                    hosts db web
                flake.nix:2:36 `"https://flake.example.org"` hint: no public key of the cache `flake.example.org` is trusted in this flake's `nixConfig`: Nix asks it and takes nothing from it; add its `flake.example.org-1:…` to `trusted-public-keys`
            "#]],
        );
        // A key of another name may be that of any cache.
        let free = keys.replace("own:", "somebody-1:");
        check_fleet(
            &super::LINT,
            &fixture(&format!("{caches} {free}")),
            expect![[r#"
                flake.nix:2:36 `"https://flake.example.org"` hint: no public key of the cache `flake.example.org` is trusted in this flake's `nixConfig`: Nix asks it and takes nothing from it; add its `flake.example.org-1:…` to `trusted-public-keys`
            "#]],
        );
        let unknown = keys.replace("\"own", "config.unknown \"own");
        check_fleet(
            &super::LINT,
            &fixture(&format!("{caches} {unknown}")),
            expect![[r#"
                flake.nix:2:36 `"https://flake.example.org"` hint: no public key of the cache `flake.example.org` is trusted in this flake's `nixConfig`: Nix asks it and takes nothing from it; add its `flake.example.org-1:…` to `trusted-public-keys`
            "#]],
        );
    }

    #[test]
    fn what_is_no_key() {
        let keys = r#"nix.settings.trusted-public-keys = [ "a.example.org-1" "b:short=" ];"#;
        check_fleet(
            &super::LINT,
            &fixture(keys),
            expect![[r#"
                m.nix:1:62 `"a.example.org-1"` warning: this is no public key of a cache: it should be `NAME:` and 32 bytes in base64, and Nix rejects it
                    hosts db web
                m.nix:1:80 `"b:short="` warning: this is no public key of a cache: it should be `NAME:` and 32 bytes in base64, and Nix rejects it
                    hosts db web
                flake.nix:2:36 `"https://flake.example.org"` hint: no public key of the cache `flake.example.org` is trusted in this flake's `nixConfig`: Nix asks it and takes nothing from it; add its `flake.example.org-1:…` to `trusted-public-keys`
            "#]],
        );
    }
}
