//! `untracked-import`: an import of a file that git does not have.

use nixscope_db::EntryKind;

use super::missing_import::imported;
use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "untracked-import",
    group: Group::Modules,
    level: Level::Warning,
    since: "0.1.0",
    summary: "an import of a file that git does not have, and that a flake is therefore without",
    page: r#"
A flake in a git repository consists of the files that git knows. A new file that was not added yet is there for the
editor, and not for Nix: the evaluation fails with "No such file or directory", or "Path … is not tracked by Git".

`git add` is enough; there need be no commit. (`git add --intent-to-add` is enough, too.)

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [
        ./web.nix
        ./mail.nix # error
      ];
    };
  };
}
#- /repo/mail.nix
# git does not have this file
{ services.postfix.enable = true; }
#- /repo/web.nix
{ services.nginx.enable = true; }
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [
        ./web.nix
        ./mail.nix
      ];
    };
  };
}
#- /repo/mail.nix
# this file was added
{ services.postfix.enable = true; }
#- /repo/web.nix
{ services.nginx.enable = true; }
```

## When it is fine

Outside of flakes, and where there is no git repository, nothing is reported.

## Source

The Nix manual, ["nix flake"](https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#flake-references), on git
repositories.
"#,
    check: Check::File(check),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    let untracked = cx.project.untracked(cx.db);
    let is_untracked = |path: &_| untracked.binary_search(path).is_ok();
    // What stands in a new file is of no importance before the file itself is there.
    let path = cx.file.path(cx.db);
    let flake = cx.project.root(cx.db).join("flake.nix");
    let is_flake = || nixscope_db::kind(cx.db, &flake) == EntryKind::File && !is_untracked(&flake);
    if untracked.is_empty() || is_untracked(path) || !is_flake() {
        return;
    }
    let Some(directory) = path.parent() else { return };
    for (id, text, _) in imported(cx) {
        let mut target = directory.join(text);
        if nixscope_db::kind(cx.db, &target) == EntryKind::Directory {
            target = target.join("default.nix");
        }
        if is_untracked(&target) {
            let message =
                format!("git does not have `{text}`, so that the flake is without it: `git add` it");
            found.push(Diagnostic::new(&LINT, cx.file, cx.range(id), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn directories_and_chains() {
        check(
            &super::LINT,
            r#"
#- /repo/flake.nix
{ outputs = _: { lib = import ./lib; }; }
#- /repo/lib/default.nix
# git does not have this file
import ./more.nix
#- /repo/lib/more.nix
# git does not have this file
1
"#,
            expect![[r#"
                flake.nix:1:31 `./lib` warning: git does not have `./lib`, so that the flake is without it: `git add` it
            "#]],
        );
    }

    #[test]
    fn only_in_flakes() {
        let text = "#- /repo/default.nix\nimport ./a.nix\n#- /repo/a.nix\n# git does not have this file\n1\n";
        check(&super::LINT, text, expect![""]);
    }
}
