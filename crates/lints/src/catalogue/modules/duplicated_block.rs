//! `duplicated-block`: the same definitions in several modules.

use nixscope_db::{Db, SourceFile};
use nixscope_syntax::{NodeOrToken, SyntaxKind, SyntaxNode, TextRange, parse};
use rustc_hash::FxHashMap;

use crate::closure_files::closure_files;
use crate::context::{FleetContext, is_generated};
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};

/// How many nodes of the tree a block has at least.
const NODES: u32 = 30;
/// How many places are named.
const PLACES: usize = 5;

pub(super) static LINT: Lint = Lint {
    name: "duplicated-block",
    group: Group::Modules,
    level: Level::Hint,
    since: "0.1.0",
    summary: "the same definitions written in several modules",
    page: r#"
The same set of definitions stands in several modules of the fleet, but for white space and comments. Whoever changes one of
them has to know of the others. A module that they all import says it once.

Compared are sets of 30 and more syntax nodes, in files that some host imports and that no program wrote.

## Example

```nix
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./db.nix ]; };
  };
}
#- /db.nix
{
  nix = { # error
    gc.automatic = true;
    gc.dates = "weekly";
    optimise.automatic = true;
    settings.auto-optimise-store = true;
    settings.trusted-users = [ "alice" "bob" ];
    settings.experimental-features = [ "nix-command" "flakes" ];
  };
}
#- /web.nix
{
  nix = {
    gc.automatic = true;
    gc.dates = "weekly";
    optimise.automatic = true;
    settings.auto-optimise-store = true;
    settings.trusted-users = [ "alice" "bob" ];
    settings.experimental-features = [ "nix-command" "flakes" ];
  };
  networking.hostName = "web";
}
```

## Use instead

```nix
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./db.nix ]; };
  };
}
#- /common.nix
{
  nix = {
    gc.automatic = true;
    gc.dates = "weekly";
    optimise.automatic = true;
    settings.auto-optimise-store = true;
    settings.trusted-users = [ "alice" "bob" ];
    settings.experimental-features = [ "nix-command" "flakes" ];
  };
}
#- /db.nix
{ imports = [ ./common.nix ]; }
#- /web.nix
{
  imports = [ ./common.nix ];
  networking.hostName = "web";
}
```
"#,
    check: Check::Fleet(check),
};

/// A set of a file that may be found again.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Block {
    hash: u64,
    nodes: u32,
    range: TextRange,
    /// The block around it, by its index.
    parent: Option<u32>,
}

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut places: FxHashMap<(u64, u32), Vec<(SourceFile, &Block)>> = FxHashMap::default();
    let files = closure_files(cx).iter().map(|(file, _)| *file);
    for file in files.clone() {
        for block in blocks(cx.db, file).iter().filter(|it| it.nodes >= NODES) {
            places.entry((block.hash, block.nodes)).or_default().push((file, block));
        }
    }
    let in_several = |block: &Block| {
        let same = places.get(&(block.hash, block.nodes)).map_or(&[][..], Vec::as_slice);
        same.iter().any(|(file, _)| *file != same[0].0)
    };
    for file in files {
        let own = blocks(cx.db, file);
        for block in own.iter().filter(|block| in_several(block)) {
            // The largest is enough, where it is at the same places.
            let around = block.parent.and_then(|parent| own.get(parent as usize));
            let same = &places[&(block.hash, block.nodes)];
            let covered = around.is_some_and(|it| {
                places.get(&(it.hash, it.nodes)).is_some_and(|outer| outer.len() >= same.len())
            });
            // Said once, at the first.
            let is_first = same.first().is_some_and(|(first, it)| *first == file && it.range == block.range);
            if covered || !is_first {
                continue;
            }
            let message = format!(
                "the same {} nodes stand in {} places: a module that they share would say it once",
                block.nodes,
                same.len()
            );
            let mut finding = Diagnostic::new(&LINT, file, first_line(cx.db, file, block.range), message);
            for (other, block) in same.iter().skip(1).take(PLACES) {
                finding = finding.with_related(*other, first_line(cx.db, *other, block.range), "here too");
            }
            found.push(finding);
        }
    }
}

fn first_line(db: &dyn Db, file: SourceFile, range: TextRange) -> TextRange {
    let text = file.text(db).as_str();
    let text = text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or("");
    let line = text.lines().next().unwrap_or("");
    TextRange::at(range.start(), nixscope_syntax::TextSize::of(line))
}

/// The sets of a file. Recomputed with every edit of it; a hash and a size are all that is kept of each.
#[salsa::tracked(returns(deref))]
fn blocks(db: &dyn Db, file: SourceFile) -> Vec<Block> {
    let tree = parse(db, file);
    if !tree.errors().is_empty() || is_generated(file.text(db).as_str()) {
        return Vec::new();
    }
    let mut blocks = Vec::new();
    collect(&tree.syntax(), None, &mut blocks);
    blocks
}

/// Adds the sets below a node; gives the node's hash and size.
fn collect(node: &SyntaxNode, parent: Option<u32>, blocks: &mut Vec<Block>) -> (u64, u32) {
    stacker::maybe_grow(1 << 16, 1 << 20, || {
        let is_set = node.kind() == SyntaxKind::NODE_ATTR_SET;
        let own = is_set.then(|| {
            blocks.push(Block { hash: 0, nodes: 0, range: node.text_range(), parent });
            blocks.len() - 1
        });
        let below = own.map(|it| it as u32).or(parent);
        let mut hash = mix(0xcbf2_9ce4_8422_2325, node.kind() as u64);
        let mut nodes = 1;
        for child in node.children_with_tokens() {
            match child {
                NodeOrToken::Node(child) => {
                    let (inner, size) = collect(&child, below, blocks);
                    hash = mix(hash, inner);
                    nodes += size;
                }
                NodeOrToken::Token(token) => {
                    if matches!(token.kind(), SyntaxKind::TOKEN_WHITESPACE | SyntaxKind::TOKEN_COMMENT) {
                        continue;
                    }
                    for byte in token.text().bytes() {
                        hash = mix(hash, u64::from(byte));
                    }
                    hash = mix(hash, 0x100);
                }
            }
        }
        if let Some(block) = own.and_then(|it| blocks.get_mut(it)) {
            block.hash = hash;
            block.nodes = nodes;
        }
        (hash, nodes)
    })
}

fn mix(hash: u64, value: u64) -> u64 {
    (hash ^ value).wrapping_mul(0x0100_0000_01b3).rotate_left(5)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn the_largest_is_said_once() {
        let block = "services.web = { a = 1; b = 2; c = 3; d = { e = 1; f = 2; g = 3; }; h = 4; };";
        check_fleet(
            &super::LINT,
            &format!(
                "#- /flake.nix\n{{\n  inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";\n  outputs = {{ nixpkgs, ... }}: {{\n    \
                 nixosConfigurations.web = nixpkgs.lib.nixosSystem {{ modules = [ ./a.nix ./b.nix ]; }};\n  }};\n}}\n\
                 #- /a.nix\n{{ {block} x = 1; }}\n#- /b.nix\n{{ {block} # other\n y = 1; }}\n#- /c.nix\n{{ {block} }}\n"
            ),
            expect![[r#"
                a.nix:1:18 `{ a = 1; b = 2; c = 3; d = { e = 1; f = 2; g = 3; }; h = 4; }` hint: the same 33 nodes stand in 2 places: a module that they share would say it once
                    at b.nix:1:18 `{ a = 1; b = 2; c = 3; d = { e = 1; f = 2; g = 3; }; h = 4; }`: here too
            "#]],
        );
    }
}
