//! What a user says of the machine that evaluates, and what of it stays unknown.

use nixscope_eval::{
    Budget, Evaluator, Halt, Machine, Models, Place, SearchEntry, Thunk, Unknown, Value, evaluate,
    print_value,
};
use nixscope_hir::Symbol;
use nixscope_test_fixture::{Fixture, TestDatabase};
use nixscope_vfs::VfsPath;

struct Told(Machine);

impl Models for Told {
    fn machine(&self) -> &Machine {
        &self.0
    }
    fn select<'h>(&self, _: &Evaluator<'h>, _: &'h Unknown<'h>, _: Symbol) -> Option<Value<'h>> {
        None
    }
    fn call<'h>(&self, _: &Evaluator<'h>, _: &'h Unknown<'h>, _: &'h Thunk<'h>) -> Option<Value<'h>> {
        None
    }
}

const FILES: &str = "
#- /x/a.nix
\"a\"
#- /y/b/default.nix
\"b\"
";

fn print(expr: &str, machine: Machine) -> String {
    let fixture = Fixture::parse(&format!("#- /default.nix\n{expr}\n{}", FILES.trim_start()));
    let db = TestDatabase::new(&fixture);
    evaluate(&db, &Told(machine), Budget::default(), |ev| {
        match ev.import_path("/default.nix", Place::NONE).and_then(|value| print_value(ev, value)) {
            Ok(text) => text,
            Err(Halt::Fail(error)) => format!("error: {:?}: {}", error.kind, error.message),
            Err(Halt::Unknown(unknown)) => format!("halted by {}", unknown.path()),
        }
    })
}

fn told(expr: &str) -> String {
    let root = VfsPath::new("/");
    let search_path = ["x", "y=y"].map(|text| SearchEntry::parse(text, &root)).to_vec();
    print(
        expr,
        Machine {
            system: Some("x86_64-linux".into()),
            environment: [("HOME", "/home/a"), ("X", "x")]
                .map(|(name, value)| (name.into(), value.into()))
                .into(),
            search_path: Some(search_path),
            experimental_features: Some([FEATURE.into()].into()),
        },
    )
}

const FEATURE: &str = "parse-toml-timestamps";

/// The parts of a second are padded, and what is below a nanosecond is cut off.
#[test]
fn dates_and_times_are_an_experimental_feature() {
    let expr = r#"map (it: (fromTOML "x = ${it}").x.value) [
      "1979-05-27 07:32:00Z" "1979-05-27T00:32:00.5-07:00" "1979-05-27T07:32:00.1234" "07:32:00.1234567891" "1979-05-27"
    ]"#;
    assert_eq!(
        told(expr),
        "[ \"1979-05-27T07:32:00Z\" \"1979-05-27T00:32:00.500-07:00\" \"1979-05-27T07:32:00.123400\" \
         \"07:32:00.123456789\" \"1979-05-27\" ]"
    );
    assert_eq!(told("(fromTOML \"x = 07:32:00\").x._type"), "\"timestamp\"");
    let off = print("fromTOML \"x = 07:32:00\"", Machine::default());
    assert_eq!(off, "error: Other: invalid TOML: Nix has no dates and times");
}

#[test]
fn what_is_told_is_known() {
    assert_eq!(told("builtins.currentSystem"), "\"x86_64-linux\"");
    assert_eq!(told("builtins.getEnv \"X\""), "\"x\"");
    assert_eq!(told("[ ~/a ~/${\"b\"} ]"), "[ /home/a/a /home/a/b ]");
    assert_eq!(told("import <a.nix> + import <y/b>"), "\"ab\"");
    assert_eq!(told("map (it: it.prefix) builtins.nixPath"), "[ \"\" \"y\" ]");
}

#[test]
fn a_search_path_that_is_told_is_complete() {
    assert_eq!(told("<z>"), "error: Throw: nothing in the search path has the name `z`");
    assert_eq!(told("(builtins.tryEval <z>).success"), "false");
}

#[test]
fn what_is_not_told_is_unknown() {
    let unknown = |expr: &str| {
        let text = print(expr, Machine::default());
        assert!(text.contains("«unknown: ") && text.contains("depends on the machine"), "{expr}: {text}");
    };
    unknown("builtins.currentSystem");
    unknown("builtins.currentTime");
    unknown("builtins.getEnv \"X\"");
    unknown("~/a");
    unknown("<a.nix>");
    unknown("<nixpkgs>");
    unknown("builtins.storePath \"/nix/store/00000000000000000000000000000000-x\"");
    assert!(told("builtins.getEnv \"Y\"").contains("«unknown: "));
}

#[test]
fn a_program_may_have_a_search_path_of_its_own() {
    let path = "__nixPath = [ { path = ./y; } { prefix = \"p\"; path = ./x; } ]";
    assert_eq!(told(&format!("let {path}; in import <b> + import <p/a.nix>")), "\"ba\"");
    assert_eq!(told("let __findFile = path: name: name; in <a/b>"), "\"a/b\"");
}
