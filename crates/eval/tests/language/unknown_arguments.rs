//! How each builtin treats an argument that is not known. The table of `docs/builtins.md` is written by this test.

use std::fmt::Write;

use expect_test::expect_file;

use crate::print;

/// A builtin and arguments that it takes, none of them unknown.
const CALLS: &[(&str, &[&str])] = &[
    ("abort", &["\"x\""]),
    ("add", &["1", "2"]),
    (
        "addDrvOutputDependencies",
        &["(derivation { name = \"n\"; builder = \"b\"; system = \"s\"; }).drvPath"],
    ),
    ("addErrorContext", &["\"x\"", "1"]),
    ("all", &["(x: true)", "[ 1 ]"]),
    ("any", &["(x: true)", "[ 1 ]"]),
    ("appendContext", &["\"x\"", "{ }"]),
    ("attrNames", &["{ a = 1; }"]),
    ("attrValues", &["{ a = 1; }"]),
    ("baseNameOf", &["\"/a/b\""]),
    ("bitAnd", &["1", "2"]),
    ("bitOr", &["1", "2"]),
    ("bitXor", &["1", "2"]),
    ("break", &["1"]),
    ("catAttrs", &["\"a\"", "[ { a = 1; } ]"]),
    ("ceil", &["1.5"]),
    ("compareVersions", &["\"1\"", "\"2\""]),
    ("concatLists", &["[ [ 1 ] ]"]),
    ("concatMap", &["(x: [ x ])", "[ 1 ]"]),
    ("concatStringsSep", &["\",\"", "[ \"a\" ]"]),
    (
        "convertHash",
        &["{ hash = \"d41d8cd98f00b204e9800998ecf8427e\"; hashAlgo = \"md5\"; toHashFormat = \"base64\"; }"],
    ),
    ("deepSeq", &["1", "2"]),
    ("derivation", &["{ name = \"n\"; builder = \"b\"; system = \"s\"; }"]),
    ("derivationStrict", &["{ name = \"n\"; builder = \"b\"; system = \"s\"; }"]),
    ("dirOf", &["\"/a/b\""]),
    ("div", &["1", "2"]),
    ("elem", &["1", "[ 2 ]"]),
    ("elemAt", &["[ 1 ]", "0"]),
    ("fetchClosure", &["{ fromStore = \"s\"; }"]),
    ("fetchFinalTree", &["{ type = \"path\"; path = \"/x\"; }"]),
    ("fetchGit", &["\"https://example.org/x\""]),
    ("fetchMercurial", &["\"https://example.org/x\""]),
    ("fetchTarball", &["\"https://example.org/x.tar\""]),
    ("fetchTree", &["{ type = \"path\"; path = \"/x\"; }"]),
    ("fetchurl", &["\"https://example.org/x\""]),
    ("filter", &["(x: true)", "[ 1 ]"]),
    ("filterSource", &["(p: t: true)", "/dir"]),
    ("findFile", &["[ { prefix = \"p\"; path = /dir; } ]", "\"p/x.json\""]),
    ("flakeRefToString", &["{ type = \"indirect\"; id = \"x\"; }"]),
    ("floor", &["1.5"]),
    ("foldl'", &["(a: b: a + b)", "0", "[ 1 ]"]),
    ("fromJSON", &["\"1\""]),
    ("fromTOML", &["\"a = 1\""]),
    ("functionArgs", &["({ a }: a)"]),
    ("genList", &["(x: x)", "2"]),
    ("genericClosure", &["{ startSet = [ { key = 1; } ]; operator = x: [ ]; }"]),
    ("getAttr", &["\"a\"", "{ a = 1; }"]),
    ("getContext", &["\"x\""]),
    ("getEnv", &["\"X\""]),
    ("getFlake", &["\"github:a/b\""]),
    ("groupBy", &["(x: \"g\")", "[ 1 ]"]),
    ("hasAttr", &["\"a\"", "{ a = 1; }"]),
    ("hasContext", &["\"x\""]),
    ("hashFile", &["\"md5\"", "/dir/x.json"]),
    ("hashString", &["\"md5\"", "\"x\""]),
    ("head", &["[ 1 ]"]),
    ("import", &["/dir/x.nix"]),
    ("intersectAttrs", &["{ a = 1; }", "{ a = 2; }"]),
    ("isAttrs", &["1"]),
    ("isBool", &["1"]),
    ("isFloat", &["1"]),
    ("isFunction", &["1"]),
    ("isInt", &["1"]),
    ("isList", &["1"]),
    ("isNull", &["1"]),
    ("isPath", &["1"]),
    ("isString", &["1"]),
    ("length", &["[ 1 ]"]),
    ("lessThan", &["1", "2"]),
    ("listToAttrs", &["[ { name = \"a\"; value = 1; } ]"]),
    ("map", &["(x: 1)", "[ 1 ]"]),
    ("mapAttrs", &["(n: v: 1)", "{ a = 1; }"]),
    ("match", &["\"a\"", "\"a\""]),
    ("mul", &["1", "2"]),
    ("outputOf", &["\"/nix/store/x.drv\"", "\"out\""]),
    ("parseDrvName", &["\"a-1\""]),
    ("parseFlakeRef", &["\"github:a/b\""]),
    ("partition", &["(x: true)", "[ 1 ]"]),
    ("path", &["{ path = /dir; }"]),
    ("pathExists", &["/dir"]),
    ("placeholder", &["\"out\""]),
    ("readDir", &["/dir"]),
    ("readFile", &["/dir/x.json"]),
    ("readFileType", &["/dir"]),
    ("removeAttrs", &["{ a = 1; }", "[ \"b\" ]"]),
    ("replaceStrings", &["[ \"a\" ]", "[ \"b\" ]", "\"a\""]),
    ("scopedImport", &["{ }", "/dir/x.nix"]),
    ("seq", &["1", "2"]),
    ("sort", &["(a: b: a < b)", "[ 2 1 ]"]),
    ("split", &["\"a\"", "\"a\""]),
    ("splitVersion", &["\"1.2\""]),
    ("storePath", &["\"/nix/store/00000000000000000000000000000000-x\""]),
    ("stringLength", &["\"a\""]),
    ("sub", &["1", "2"]),
    ("substring", &["0", "1", "\"a\""]),
    ("tail", &["[ 1 2 ]"]),
    ("throw", &["\"x\""]),
    ("toFile", &["\"n\"", "\"text\""]),
    ("toJSON", &["1"]),
    ("toPath", &["\"/a\""]),
    ("toString", &["1"]),
    ("toXML", &["1"]),
    ("trace", &["\"x\"", "1"]),
    ("traceVerbose", &["\"x\"", "1"]),
    ("tryEval", &["1"]),
    ("typeOf", &["1"]),
    ("unsafeDiscardOutputDependency", &["\"x\""]),
    ("unsafeDiscardStringContext", &["\"x\""]),
    ("unsafeGetAttrPos", &["\"a\"", "{ a = 1; }"]),
    ("warn", &["\"x\"", "1"]),
    ("zipAttrsWith", &["(n: vs: 1)", "[ { a = 1; } ]"]),
];

const FILES: &str = "#- /dir/x.nix\n1\n#- /dir/x.json\n1\n";

/// What a call gives where one argument is unknown.
fn verdict(name: &str, args: &[&str], unknown: usize) -> &'static str {
    let mut call = format!("builtins.{name}");
    for (index, arg) in args.iter().enumerate() {
        let _ = write!(call, " ({})", if index == unknown { "builtins.currentTime" } else { arg });
    }
    let printed = print(&format!("#- /default.nix\n{call}\n{FILES}"));
    match printed.as_str() {
        text if text.starts_with("error: ") || text.starts_with("halted") => "fails",
        text if text.starts_with("«unknown: ") => "unknown",
        text if text.contains("«unknown: ") => "known in part",
        _ => "known",
    }
}

#[test]
fn the_table_of_builtins_is_what_happens() {
    let undocumented: Vec<&str> = nixscope_eval::builtin_names()
        .map(|(name, _)| name)
        .filter(|name| !name.starts_with("__") && !CALLS.iter().any(|(known, _)| known == name))
        .collect();
    assert_eq!(undocumented, Vec::<&str>::new(), "add a call of each");
    let mut text = String::from(
        "# Builtins and what is unknown\n\n\
         What a builtin gives where one of its arguments is unknown and the others are ordinary ones. *Unknown*: the result is\n\
         the unknown. *Known in part*: a list or set, or elements or attributes of it, are unknown. *Known*: the argument does\n\
         not matter for the result. Written by the test that tries it; the rules behind it are in\n\
         [evaluator.md](evaluator.md#unknowns).\n\n\
         | builtin | first argument unknown | second | third |\n| --- | --- | --- | --- |\n",
    );
    for (name, args) in CALLS {
        let mut cells = [""; 3];
        for (index, cell) in cells.iter_mut().enumerate().take(args.len()) {
            *cell = verdict(name, args, index);
        }
        let _ = writeln!(text, "| `{name}` | {} | {} | {} |", cells[0], cells[1], cells[2]);
    }
    expect_file!["../../../../docs/builtins.md"].assert_eq(&text);
}
