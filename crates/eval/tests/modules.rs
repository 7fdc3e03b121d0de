//! The module system, as nixpkgs has it: order, types, declarations, freeform, errors.

use nixscope_eval::modules::OptionFaultKind;
use nixscope_eval::{Budget, EventKind, Halt, NoModels, Place, embedded_files, evaluate, print_value};
use nixscope_test_fixture::{Fixture, TestDatabase};

/// What an expression of `lib` and `eval` gives; `eval` is the configuration of a list of modules.
fn print(expression: &str) -> String {
    let mut fixture = Fixture::default();
    fixture.files.extend(embedded_files().iter().map(|(path, text)| (path.to_string(), text.to_string())));
    let text = format!(
        "lib: with lib; let eval = modules: (evalModules {{ inherit modules; }}).config; in ({expression})"
    );
    fixture.files.push(("/default.nix".into(), text));
    let db = TestDatabase::new(&fixture);
    evaluate(&db, &NoModels, Budget::default(), |ev| {
        let value = ev
            .import_path("/default.nix", Place::NONE)
            .and_then(|function| ev.apply(function, ev.embedded_lib(), Place::NONE))
            .and_then(|value| print_value(ev, value));
        let warnings: String = ev
            .events()
            .iter()
            .filter_map(|event| match event.kind {
                EventKind::Warning { message } => Some(format!("warning: {message}\n")),
                _ => None,
            })
            .collect();
        let result = match value {
            Ok(text) => text,
            Err(Halt::Unknown(unknown)) => format!("unknown: {}", unknown.path()),
            Err(Halt::Fail(error)) => match error.option {
                Some(fault) => format!("{:?}: {}", fault.kind, error.message),
                None => format!("error: {}", error.message),
            },
        };
        warnings + &result
    })
}

#[track_caller]
fn gives(expression: &str, want: &str) {
    assert_eq!(print(expression), want, "{expression}");
}

#[track_caller]
fn fails(expression: &str, kind: OptionFaultKind, parts: &[&str]) {
    let got = print(expression);
    assert!(got.starts_with(&format!("{kind:?}: ")), "{expression}\n{got}");
    for part in parts {
        assert!(got.contains(part), "{expression}\n{got}\nlacks {part}");
    }
}

#[test]
fn imports_are_merged_before_what_imports_them() {
    gives(
        "let m = name: imports: { inherit imports; names = [ name ]; }; in (eval [
          { options.names = mkOption { type = types.listOf types.str; }; }
          (m \"a\" [ (m \"a1\" [ (m \"a11\" [ ]) ]) (m \"a2\" [ ]) ])
          (m \"b\" [ (m \"b1\" [ ]) ])
        ]).names",
        r#"[ "a11" "b1" "a2" "a1" "b" "a" ]"#,
    );
}

#[test]
fn order_goes_before_the_order_of_modules() {
    gives(
        "(eval [
          { options.l = mkOption { type = types.lines; }; config.l = mkAfter \"last\"; }
          { l = mkBefore \"first\"; }
          { l = \"between\"; }
        ]).l",
        r#""first\nbetween\nlast""#,
    );
}

#[test]
fn a_definition_of_another_type_is_an_error() {
    fails(
        "(eval [ { options.port = mkOption { type = types.port; }; } { _file = \"x.nix\"; port = \"80\"; } ]).port",
        OptionFaultKind::TypeMismatch,
        &["`port' is not of type `16 bit unsigned integer", "- In `x.nix': \"80\""],
    );
}

#[test]
fn a_wrong_element_is_named_by_its_path() {
    fails(
        "(eval [ { options.s = mkOption { type = types.attrsOf types.int; }; config.s = { a = 1; b = true; }; } ]).s.b",
        OptionFaultKind::TypeMismatch,
        &["`s.b' is not of type `signed integer'"],
    );
    gives(
        "(eval [ { options.s = mkOption { type = types.attrsOf types.int; }; config.s = { a = 1; b = true; }; } ]).s.a",
        "1",
    );
}

#[test]
fn definitions_of_one_priority_must_agree() {
    let modules = "[ { options.n = mkOption { type = types.int; }; } { n = 1; } { n = 2; } ]";
    fails(
        &format!("(eval {modules}).n"),
        OptionFaultKind::Conflict,
        &["The option `n' has conflicting definition values:"],
    );
    gives(&format!("(eval ({modules} ++ [ {{ n = mkForce 3; }} ])).n"), "3");
}

#[test]
fn a_read_only_option_is_set_once() {
    fails(
        "(eval [ { options.n = mkOption { type = types.int; readOnly = true; default = 1; }; config.n = 2; } ]).n",
        OptionFaultKind::ReadOnly,
        &["The option `n' is read-only, but it's set multiple times"],
    );
}

#[test]
fn an_option_without_value_says_so_when_it_is_read() {
    fails(
        "(eval [ { options.a.b = mkOption { type = types.int; }; } ]).a.b",
        OptionFaultKind::NoValue,
        &["The option `a.b' was accessed but has no value defined"],
    );
}

#[test]
fn a_default_is_a_definition_of_the_lowest_priority() {
    gives(
        "(eval [ { options.l = mkOption { type = types.listOf types.int; default = [ 1 ]; }; config.l = mkOptionDefault [ 2 ]; } ]).l",
        "[ 1 2 ]",
    );
}

#[test]
fn what_nothing_declares_is_an_error_with_the_nearest_names() {
    fails(
        "(eval [ { options.server.enable = mkOption { }; config.server.enabel = true; } ]).server",
        OptionFaultKind::Undeclared,
        &["The option `server.enabel' does not exist", "Did you mean `server.enable'?"],
    );
    gives(
        "attrNames (eval [ { options.a = mkOption { default = 1; }; config.b = 2; config._module.check = false; } ])",
        r#"[ "a" ]"#,
    );
}

#[test]
fn an_option_in_the_configuration_is_recognised() {
    fails(
        "(eval [ { config.a = mkOption { }; } ]).a",
        OptionFaultKind::Undeclared,
        &["trying to declare an option by placing it into `config' rather than `options'"],
    );
}

#[test]
fn a_freeform_type_takes_the_rest() {
    let free = "{ freeformType = types.attrsOf types.int; options.a = mkOption { default = \"text\"; }; config.b = 2; }";
    gives(&format!("eval [ {free} ]"), r#"{ a = "text"; b = 2; }"#);
    fails(
        &format!("(eval [ {free} {{ c = \"no\"; }} ]).c"),
        OptionFaultKind::TypeMismatch,
        &["`c' is not of type `signed integer'"],
    );
}

#[test]
fn declarations_of_one_option_go_together_or_do_not() {
    gives(
        "(eval [
          { options.e = mkOption { type = types.enum [ \"a\" ]; }; }
          { options.e = mkOption { type = types.enum [ \"b\" ]; }; config.e = \"b\"; }
        ]).e",
        r#""b""#,
    );
    let got = print(
        "(eval [
          { _file = \"one.nix\"; options.e = mkOption { type = types.int; }; }
          { _file = \"two.nix\"; options.e = mkOption { type = types.str; }; config.e = \"b\"; }
        ]).e",
    );
    assert!(got.contains("The option `e' in `one.nix' is already declared in `two.nix'."), "{got}");
}

#[test]
fn options_below_a_submodule_are_options_of_it() {
    gives(
        "eval [
          { options.s = mkOption { type = types.submodule { options.a = mkOption { default = 1; }; }; default = { }; }; }
          { options.s.b = mkOption { default = 2; }; }
        ]",
        "{ s = { a = 1; b = 2; }; }",
    );
}

#[test]
fn a_bare_type_is_no_option() {
    fails(
        "(eval [ { options.a = types.str; config.a = \"x\"; } ]).a",
        OptionFaultKind::Declaration,
        &["expected an option declaration at option path `a` but got an attribute set with type option-type"],
    );
}

#[test]
fn submodules_know_their_name_and_their_shorthand() {
    gives(
        "(eval [ {
          options.s = mkOption { type = types.attrsOf (types.submodule ({ name, ... }: {
            options.config = mkOption { type = types.str; };
            options.label = mkOption { default = \"<${name}>\"; };
          })); };
          config.s.x.config = \"a value\";
        } ]).s",
        r#"{ x = { config = "a value"; label = "<x>"; }; }"#,
    );
}

#[test]
fn lazy_sets_keep_names_and_strict_sets_drop_them() {
    let of = |ty: &str| {
        format!(
            "attrNames (eval [ {{ options.s = mkOption {{ type = types.{ty} types.int; }}; config.s = {{ a = 1; b = mkIf false 2; }}; }} ]).s"
        )
    };
    gives(&of("attrsOf"), r#"[ "a" ]"#);
    gives(&of("lazyAttrsOf"), r#"[ "a" "b" ]"#);
}

#[test]
fn elements_of_lists_have_conditions_of_their_own() {
    gives(
        "(eval [ { options.l = mkOption { type = types.listOf types.int; }; config.l = [ 1 (mkIf false 2) (mkIf true 3) ]; } ]).l",
        "[ 1 3 ]",
    );
}

#[test]
fn a_type_of_ones_own_merges_by_its_own_function() {
    gives(
        "(eval [
          { options.n = mkOption { type = mkOptionType { name = \"sum\"; merge = _: foldl' (n: def: n + def.value) 0; }; }; }
          { n = 1; }
          { n = 2; }
        ]).n",
        "3",
    );
}

#[test]
fn a_module_can_be_disabled_by_its_key() {
    gives(
        "eval [
          { options.n = mkOption { default = 1; }; }
          { key = \"extra\"; config.n = 2; }
          { disabledModules = [ { key = \"extra\"; } ]; }
        ]",
        "{ n = 1; }",
    );
}

#[test]
fn a_class_refuses_modules_of_another() {
    let got = print("(evalModules { class = \"nixos\"; modules = [ { _class = \"darwin\"; } ]; }).config");
    assert!(got.contains("(class: \"darwin\") cannot be imported"), "{got}");
}

#[test]
fn what_is_no_module_is_named() {
    let got = print("eval [ { _type = \"flake\"; } ]");
    assert!(got.contains("Expected a module, but found a value of type \"flake\""), "{got}");
}

#[test]
fn a_renamed_option_leads_to_the_new_one() {
    gives(
        "let c = eval [
          { options.warnings = mkOption { type = types.listOf types.str; default = [ ]; }; }
          { options.new = mkOption { type = types.int; }; }
          (mkRenamedOptionModule [ \"old\" ] [ \"new\" ])
          { old = 4; }
        ]; in [ c.new (length c.warnings) ]",
        "[ 4 1 ]",
    );
}

#[test]
fn an_alias_takes_the_type_of_what_it_stands_for() {
    gives(
        "(evalModules { modules = [
          { options.new = mkOption { type = types.int; }; }
          (mkAliasOptionModule [ \"old\" ] [ \"new\" ])
        ]; }).options.old.type.description",
        r#""signed integer""#,
    );
}

#[test]
fn a_warning_of_the_program_is_an_event() {
    gives("warn \"old\" 1", "warning: old\n1");
}

#[test]
fn options_say_what_is_known_of_them() {
    gives(
        "let o = (evalModules { modules = [
          { options.a = mkOption { type = types.int; default = 1; }; }
          { _file = \"x.nix\"; a = mkForce 2; }
        ]; }).options.a; in [ o.value o.isDefined o.highestPrio o.files o.loc \"${o}\" ]",
        r#"[ 2 true 50 [ "x.nix" ] [ "a" ] "a" ]"#,
    );
}

#[test]
fn a_system_is_the_type_of_an_option_too() {
    gives(
        "let inner = evalModules { modules = [ { options.a = mkOption { default = 1; }; } ]; }; in
         eval [ { options.s = mkOption { inherit (inner) type; }; config.s = { }; } ]",
        "{ s = { a = 1; }; }",
    );
}
