//! Code lenses.

use expect_test::expect;
use nixscope_ide::VfsPath;

use crate::support::{line, load, with_web};

#[test]
fn options_say_who_sets_them_and_hosts_what_they_are() {
    let (analysis, _) = load(&with_web("$0{ my.port = 81; }"));
    let mut out = String::new();
    for path in ["/flake.nix", "/port.nix", "/web.nix"] {
        let file = analysis.file(&VfsPath::new(path));
        for lens in analysis.lenses(file).expect("not cancelled") {
            out.push_str(&format!("{}\n    {}\n", line(&analysis, file, lens.range), lens.title));
            for (file, range) in lens.places {
                out.push_str(&format!("      {}\n", line(&analysis, file, range)));
            }
        }
    }
    expect![[r#"
        /flake.nix: <web> = nixpkgs.lib.nixosSystem { specialArgs = { inherit self; }; modules = [ ./web.nix ./port.nix ]; };
            2 modules, 0 secrets
              /web.nix: <>{ my.port = 81; }
              /port.nix: <>{ lib, config, ... }: { options.my.port = lib.mkOption { type = lib.types.port; default = 80; }; }
        /flake.nix: <db> = nixpkgs.lib.nixosSystem { modules = [ ./db.nix ./port.nix ]; };
            2 modules, 1 secret
              /db.nix: <>{ lib, ... }: { my.port = lib.mkForce 5432; age.secrets.key.file = ./key.age; }
              /port.nix: <>{ lib, config, ... }: { options.my.port = lib.mkOption { type = lib.types.port; default = 80; }; }
        /port.nix: <>{ lib, config, ... }: { options.my.port = lib.mkOption { type = lib.types.port; default = 80; }; }
            in db, web
              /flake.nix: web = nixpkgs.lib.nixosSystem { specialArgs = { inherit self; }; modules = [ ./web.nix <./port.nix> ]; };
              /flake.nix: db = nixpkgs.lib.nixosSystem { modules = [ ./db.nix <./port.nix> ]; };
        /port.nix: { lib, config, ... }: { options.my.<port> = lib.mkOption { type = lib.types.port; default = 80; }; }
            set on db, web
              /db.nix: { lib, ... }: { my.<port> = lib.mkForce 5432; age.secrets.key.file = ./key.age; }
              /web.nix: { my.<port> = 81; }
        /web.nix: <>{ my.port = 81; }
            in web
              /flake.nix: web = nixpkgs.lib.nixosSystem { specialArgs = { inherit self; }; modules = [ <./web.nix> ./port.nix ]; };
    "#]].assert_eq(&out);
}
