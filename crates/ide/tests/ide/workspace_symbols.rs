//! Workspace symbols.

use expect_test::{Expect, expect};

use crate::support::{load, with_web};

fn check(query: &str, expected: Expect) {
    let (analysis, _) = load(&with_web("$0let helper = 1; in { age.secrets.token.file = ./t.age; }"));
    let mut out = String::new();
    for it in analysis.workspace_symbols(query).expect("not cancelled").iter().take(6) {
        let container = it.container.as_deref().unwrap_or("-");
        out.push_str(&format!("{:?} {} ({container})\n", it.kind, it.name));
    }
    expected.assert_eq(&out);
}

#[test]
fn the_whole_fleet_by_any_part_of_a_name() {
    check(
        "db",
        expect![[r#"
        Host db (nixosConfigurations)
        Module db.nix (-)
    "#]],
    );
    check(
        "mport",
        expect![[r#"
        Option my.port (16 bit unsigned integer; between 0 and 65535 (both inclusive))
    "#]],
    );
    check(
        "token",
        expect![[r#"
        Secret token (agenix)
    "#]],
    );
    check(
        "helper",
        expect![[r#"
        Binding helper (web.nix)
    "#]],
    );
    check(
        "",
        expect![[r#"
        Host db (nixosConfigurations)
        Host web (nixosConfigurations)
        Module db.nix (-)
        Module port.nix (-)
        Module web.nix (-)
        Option my.port (16 bit unsigned integer; between 0 and 65535 (both inclusive))
    "#]],
    );
}
