//! Go to definition and hover, over fixtures with a cursor.

use expect_test::{Expect, expect};
use nixscope_ide::VfsPath;

use crate::support::{load, with_web};

/// The targets at the cursor: the kind, the place and the line with the focus in brackets.
fn check(fixture: &str, expected: Expect) {
    let (analysis, marker) = load(fixture);
    let file = analysis.file(&VfsPath::new(&marker.path));
    let targets = analysis.definition(file, marker.offset).expect("nothing cancels the question");
    let mut out = String::new();
    for target in targets {
        let Some(file) = target.file else {
            let external = target.external.as_deref().unwrap_or("?");
            out.push_str(&format!("{} outside: {external}\n", target.kind.as_str()));
            continue;
        };
        let text = analysis.text(file);
        let (start, end) = (usize::from(target.focus.start()), usize::from(target.focus.end()));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
        out.push_str(&format!(
            "{}{} {}: {}<{}>{}\n",
            target.kind.as_str(),
            if target.winning { " (wins)" } else { "" },
            analysis.path(file),
            text[line_start..start].trim_start(),
            &text[start..end],
            &text[end..line_end],
        ));
    }
    expected.assert_eq(&out);
}

#[test]
fn another_hosts_option() {
    check(
        &with_web("{ self, ... }: { x = \"db:${toString self.nixosConfigurations.db.config.my.po$0rt}\"; }"),
        expect![[r#"
            definition (wins) /db.nix: { lib, ... }: { my.<port> = lib.mkForce 5432; age.secrets.key.file = ./key.age; }
            declaration /port.nix: { lib, config, ... }: { options.my.<port> = lib.mkOption { type = lib.types.port; default = 80; }; }
        "#]],
    );
}

#[test]
fn a_host() {
    check(
        &with_web("{ self, ... }: { x = self.nixosConfigurations.d$0b.config.my.port; }"),
        expect![[r#"
        host (wins) /flake.nix: <db> = nixpkgs.lib.nixosSystem { modules = [ ./db.nix ./port.nix ]; };
    "#]],
    );
}

#[test]
fn an_option_through_an_alias() {
    check(
        &with_web("{ config, ... }: let cfg = config.my; in { my.port = 1; x = cfg.po$0rt; }"),
        expect![[r#"
            definition (wins) /web.nix: { config, ... }: let cfg = config.my; in { my.<port> = 1; x = cfg.port; }
            declaration /port.nix: { lib, config, ... }: { options.my.<port> = lib.mkOption { type = lib.types.port; default = 80; }; }
        "#]],
    );
}

#[test]
fn a_key_leads_to_the_declaration() {
    check(
        &with_web("{ my = { po$0rt = 8080; }; }"),
        expect![[r#"
        declaration (wins) /port.nix: { lib, config, ... }: { options.my.<port> = lib.mkOption { type = lib.types.port; default = 80; }; }
    "#]],
    );
}

#[test]
fn a_binding_and_an_argument() {
    check(
        &with_web("let answer = 42; in { lib, ... }: { x = ans$0wer; }"),
        expect![[r#"
        binding /web.nix: let <answer> = 42; in { lib, ... }: { x = answer; }
    "#]],
    );
    check(
        &with_web("{ lib, ... }: { x = l$0ib.mkForce 1; }"),
        expect![[r#"
        parameter /web.nix: { <lib>, ... }: { x = lib.mkForce 1; }
    "#]],
    );
}

#[test]
fn a_path() {
    check(
        &with_web("{ imports = [ ./po$0rt.nix ]; }"),
        expect![[r#"
        file /port.nix: <>{ lib, config, ... }: { options.my.port = lib.mkOption { type = lib.types.port; default = 80; }; }
    "#]],
    );
}

#[test]
fn a_parameter_that_is_a_host() {
    check(
        &with_web(
            "{ self, ... }: { x = builtins.mapAttrs (_: host: host.config.my.po$0rt) self.nixosConfigurations; }",
        ),
        expect![[r#"
            definition (wins) /db.nix: { lib, ... }: { my.<port> = lib.mkForce 5432; age.secrets.key.file = ./key.age; }
            declaration /port.nix: { lib, config, ... }: { options.my.<port> = lib.mkOption { type = lib.types.port; default = 80; }; }
        "#]],
    );
}

#[test]
fn what_is_outside_has_no_place() {
    check(
        &with_web("{ networking.host$0Name = \"web\"; }"),
        expect![[r#"
            definition (wins) /web.nix: { networking.<hostName> = "web"; }
            binding outside: config.networking.hostName
        "#]],
    );
    check(
        &with_web("{ x = builtins.read$0File ./a; }"),
        expect![[r#"
        builtin outside: builtins.readFile
    "#]],
    );
}

#[test]
fn hover_has_the_value_on_each_host() {
    let (analysis, marker) = load(&with_web("{ config, ... }: { x = config.my.po$0rt; }"));
    let file = analysis.file(&VfsPath::new(&marker.path));
    let hover = analysis.hover(file, marker.offset).expect("nothing cancels the question");
    expect![[r#"
        option `my.port`  
        type: 16 bit unsigned integer; between 0 and 65535 (both inclusive)  
        default: `80`

        | host | value | set by |
        | --- | --- | --- |
        | web | `80` | nothing here |
    "#]]
    .assert_eq(&hover.map(|hover| hover.markdown).unwrap_or_default());
}

#[test]
fn an_argument_leads_to_who_passes_it() {
    check(
        &with_web("{ self, extra, ... }: { imports = [ { _module.args.extra = 3; } ]; a = ext$0ra; }"),
        expect![[r#"
            parameter /web.nix: { self, <extra>, ... }: { imports = [ { _module.args.extra = 3; } ]; a = extra; }
            binding /web.nix: { self, extra, ... }: { imports = [ { _module.args.<extra> = 3; } ]; a = extra; }
        "#]],
    );
    check(
        &with_web("{ sel$0f, ... }: { a = self; }"),
        expect![[r#"
        binding /flake.nix: web = nixpkgs.lib.nixosSystem { specialArgs = { inherit <self>; }; modules = [ ./web.nix ./port.nix ]; };
        parameter /web.nix: { <self>, ... }: { a = self; }
    "#]],
    );
    // What the module system itself passes is nobody's.
    check(
        &with_web("{ conf$0ig, ... }: { }"),
        expect![[r#"
        parameter /web.nix: { <config>, ... }: { }
    "#]],
    );
}

#[test]
fn an_input_follows_another() {
    check(
        "#- /flake.nix\n{\n  inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";\n  inputs.x.inputs.nixpkgs.follows = \"nix$0pkgs\";\n  outputs = _: { };\n}\n",
        expect![[r#"
            input /flake.nix: inputs.<nixpkgs>.url = "github:NixOS/nixpkgs";
        "#]],
    );
}

#[test]
fn an_option_of_an_input_whose_source_is_here() {
    let nixpkgs = "#- /src/nixpkgs/nixos/modules/module-list.nix\n[ ./feed.nix ]\n\
        #- /src/nixpkgs/nixos/modules/feed.nix\n{ lib, ... }: { options.services.feed.enable = lib.mkEnableOption \"it\"; }\n";
    check(
        &(with_web("{ services.feed.en$0able = true; }") + nixpkgs),
        expect![[r#"
        declaration (wins) /src/nixpkgs/nixos/modules/feed.nix: { lib, ... }: { options.services.feed.<enable> = lib.mkEnableOption "it"; }
    "#]],
    );
    check(
        &(with_web("{ config, ... }: { services.feed.enable = true; a = config.services.feed.ena$0ble; }")
            + nixpkgs),
        expect![[r#"
            definition (wins) /web.nix: { config, ... }: { services.feed.<enable> = true; a = config.services.feed.enable; }
            declaration /src/nixpkgs/nixos/modules/feed.nix: { lib, ... }: { options.services.feed.<enable> = lib.mkEnableOption "it"; }
        "#]],
    );
}

#[test]
fn what_stands_inside_a_computed_name() {
    for module in [
        "{ config, ... }: let cfg = config.my; in { x.${toString cfg.po$0rt}.y = 1; my.port = 1; }",
        "{ config, ... }: let cfg = config.my; in { x.\"p-${toString cfg.po$0rt}\" = 1; my.port = 1; }",
        "{ config, ... }: let cfg = config.my; in { x = config.a.${toString cfg.po$0rt}.b; my.port = 1; }",
    ] {
        let (analysis, marker) = load(&with_web(module));
        let file = analysis.file(&VfsPath::new(&marker.path));
        let targets = analysis.definition(file, marker.offset).expect("nothing cancels the question");
        let texts: Vec<_> = targets.iter().map(|it| (it.kind.as_str(), it.winning)).collect();
        assert_eq!(texts, [("definition", true), ("declaration", false)], "{module}");
    }
    check(
        &with_web("let modifier = \"Mod4\"; in { x.\"${modi$0fier}+a\" = 1; }"),
        expect![[r#"
        binding /web.nix: let <modifier> = "Mod4"; in { x."${modifier}+a" = 1; }
    "#]],
    );
}

#[test]
fn a_name_of_several_withs() {
    check(
        &with_web("{ ... }: with { outer = 1; }; with { inner = 2; }; { a = out$0er; }"),
        expect![[r#"
        binding /web.nix: { ... }: with { <outer> = 1; }; with { inner = 2; }; { a = outer; }
    "#]],
    );
}

#[test]
fn a_key_whose_option_is_declared_outside_leads_to_who_sets_it() {
    check(
        &with_web(
            "{ imports = [ ./two.nix ]; services.feed.urls = [ 1 ]; }\n#- /two.nix\n{ services.feed.ur$0ls = [ 2 ]; }",
        ),
        expect![[r#"
            definition (wins) /web.nix: { imports = [ ./two.nix ]; services.feed.<urls> = [ 1 ]; }
            definition (wins) /two.nix: { services.feed.<urls> = [ 2 ]; }
            binding outside: config.services.feed.urls
        "#]],
    );
}

#[test]
fn a_path_with_a_computed_part_leads_to_every_file() {
    check(
        &with_web(
            "{ imports = map (name: ./parts/${na$0me}.nix) [ \"a\" \"b\" ]; }\n#- /parts/a.nix\n{ }\n#- /parts/b.nix\n{ }",
        ),
        expect![[r#"
            parameter /web.nix: { imports = map (<name>: ./parts/${name}.nix) [ "a" "b" ]; }
        "#]],
    );
    check(
        &with_web(
            "{ imports = map (name: ./parts$0/${name}.nix) [ \"a\" \"b\" ]; }\n#- /parts/a.nix\n{ }\n#- /parts/b.nix\n{ }",
        ),
        expect![[r#"
            file /parts/a.nix: <>{ }
            file /parts/b.nix: <>{ }
        "#]],
    );
    check(
        &with_web("{ self, ... }: { imports = [ (self + /parts$0/a.nix) ]; }\n#- /parts/a.nix\n{ }"),
        expect![[r#"
            file /parts/a.nix: <>{ }
        "#]],
    );
}

#[test]
fn the_flake_itself() {
    check(
        &with_web("{ self, ... }: { a = self.out$0puts; }"),
        expect![[r#"
        file /flake.nix: <>{
    "#]],
    );
    check(
        "#- /flake.nix\n{ outputs = inputs: { a = inputs.se$0lf; }; }\n",
        expect![[r#"
        file /flake.nix: <>{ outputs = inputs: { a = inputs.self; }; }
    "#]],
    );
}

#[test]
fn an_output_that_a_function_names_leads_to_its_file() {
    check(
        &with_web("{ self, ... }: { a = self.b; }").replace(
            "nixosConfigurations = {",
            "nixosModules = nixpkgs.lib.genAttrs [ \"one\" ] (name: import (./. + \"/${name}.nix\"));\n    x = self.nixosModules.o$0ne;\n    nixosConfigurations = {",
        ).replace("#- /port.nix", "#- /one.nix\n{ lib, ... }: { }\n#- /port.nix"),
        expect![[r#"
            binding /one.nix: <{ lib, ... }: { }>
        "#]],
    );
}

#[test]
fn a_module_that_nobody_imports_knows_itself() {
    let lone = "{ }\n#- /lone.nix\n{ config, lib, ... }: let cfg = config.services.lone; in {\n  \
        options.services.lone.port = lib.mkOption { type = lib.types.port; };\n  config.x = cfg.po$0rt;\n}";
    check(
        &with_web(lone),
        expect![[r#"
            declaration /lone.nix: options.services.lone.<port> = lib.mkOption { type = lib.types.port; };
        "#]],
    );
}

const FLAKE_PARTS: &str = r#"
#- /flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } { imports = [ ./hosts.nix ./checks.nix ]; };
}
#- /hosts.nix
{ inputs, ... }: {
  flake.nixosConfigurations.web = inputs.nixpkgs.lib.nixosSystem { modules = [ { networking.hostName = "web"; } ]; };
}
#- /checks.nix
"#;

#[test]
fn a_module_of_the_flakes_outputs() {
    for (module, expected) in [
        (
            "{ self, ... }: { flake.x = self.nixosConfigurations.web.config.networking.host$0Name; }",
            expect![[r#"
                definition (wins) /hosts.nix: flake.nixosConfigurations.web = inputs.nixpkgs.lib.nixosSystem { modules = [ { networking.<hostName> = "web"; } ]; };
            "#]],
        ),
        (
            "{ config, ... }: { flake.x = config.flake.nixosConfigurations.w$0eb; }",
            expect![[r#"
            definition (wins) /hosts.nix: flake.nixosConfigurations.<web> = inputs.nixpkgs.lib.nixosSystem { modules = [ { networking.hostName = "web"; } ]; };
        "#]],
        ),
        (
            "{ inputs, ... }: { flake.x = inputs.nix$0pkgs.lib; }",
            expect![[r#"
            input /flake.nix: inputs.<nixpkgs>.url = "github:NixOS/nixpkgs";
        "#]],
        ),
        (
            "top@{ inputs, ... }: { flake.nixosModules.a = { pkgs, ... }: { x = top.inputs.nix$0pkgs; }; }",
            expect![[r#"
                input /flake.nix: inputs.<nixpkgs>.url = "github:NixOS/nixpkgs";
            "#]],
        ),
    ] {
        check(&format!("{FLAKE_PARTS}{module}\n"), expected);
    }
}
