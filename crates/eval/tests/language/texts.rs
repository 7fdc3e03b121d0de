//! Builtins on strings, formats and derivations, with the values that Nix gives.

use crate::check_all;

#[test]
fn strings() {
    check_all(&[
        ("toString 1", r#""1""#),
        ("toString 1.5", r#""1.500000""#),
        ("toString true", r#""1""#),
        ("toString false", r#""""#),
        ("toString null", r#""""#),
        (r#"toString [ 1 [ 2 3 ] [ ] "x" ]"#, r#""1 2 3 x""#),
        ("toString /a/b", r#""/a/b""#),
        (r#"toString { __toString = self: self.name; name = "n"; }"#, r#""n""#),
        (r#"toString { outPath = "/p"; }"#, r#""/p""#),
        (r#"builtins.stringLength "grün""#, "5"),
        (r#"builtins.substring 1 2 "abcd""#, r#""bc""#),
        (r#"builtins.substring 1 (-1) "abcd""#, r#""bcd""#),
        (r#"builtins.substring 10 2 "abcd""#, r#""""#),
        (r#"builtins.substring 2 10 "abcd""#, r#""cd""#),
        (r#"builtins.concatStringsSep ", " [ "a" "b" "c" ]"#, r#""a, b, c""#),
        (r#"builtins.concatStringsSep "," [ ]"#, r#""""#),
        (r#"builtins.replaceStrings [ "a" "b" ] [ "b" "a" ] "abc""#, r#""bac""#),
        (r#"builtins.replaceStrings [ "" ] [ "-" ] "ab""#, r#""-a-b-""#),
        (r#"builtins.replaceStrings [ "oo" "a" ] [ "a" "oo" ] "foobar""#, r#""faboor""#),
        (r#"builtins.replaceStrings [ "a" "" ] [ "x" "-" ] "abc""#, r#""x-b-c-""#),
        (r#"builtins.replaceStrings [ "grün" ] [ "rot" ] "das grüne Gras""#, r#""das rote Gras""#),
        (r#"baseNameOf "/a/b/c""#, r#""c""#),
        (r#"baseNameOf "/a/b/""#, r#""b""#),
        (r#"baseNameOf "c""#, r#""c""#),
        (r#"baseNameOf """#, r#""""#),
        ("baseNameOf /a/b", r#""b""#),
        (r#"dirOf "/a/b/c""#, r#""/a/b""#),
        (r#"dirOf "c""#, r#"".""#),
        (r#"dirOf "/c""#, r#""/""#),
        ("dirOf /a/b/c", "/a/b"),
        (r#"builtins.toPath "/a/../b/./c""#, r#""/b/c""#),
        (r#""${"a"}b${toString 1}""#, r#""ab1""#),
        (r#"builtins.replaceStrings [ "a" ] [ (throw "not needed") ] "bcd""#, r#""bcd""#),
    ]);
}

#[test]
fn regexes() {
    check_all(&[
        (r#"builtins.match "ab" "abc""#, "null"),
        (r#"builtins.match "abc" "abc""#, "[ ]"),
        (r#"builtins.match "a(b)(c)" "abc""#, r#"[ "b" "c" ]"#),
        (r#"builtins.match "[[:space:]]+([[:upper:]]+)[[:space:]]+" "  FOO   ""#, r#"[ "FOO" ]"#),
        (r#"builtins.match "(a)|(b)" "b""#, r#"[ null "b" ]"#),
        (r#"builtins.match "(.*)\\.nix" "default.nix""#, r#"[ "default" ]"#),
        (r#"builtins.match "([^/]*)/(.*)" "owner/repo""#, r#"[ "owner" "repo" ]"#),
        (r#"builtins.match "a\nb" "a\nb""#, "[ ]"),
        (r#"builtins.match "[]a]+" "]a""#, "[ ]"),
        (r#"builtins.split "(a)b" "abc""#, r#"[ "" [ "a" ] "c" ]"#),
        (r#"builtins.split "([ac])" "1a2b3c4""#, r#"[ "1" [ "a" ] "2b3" [ "c" ] "4" ]"#),
        (r#"builtins.split "(a)|([bc])" "abc""#, r#"[ "" [ "a" null ] "" [ null "b" ] "" [ null "c" ] "" ]"#),
        (r#"builtins.split "([[:upper:]]+)" " FOO ""#, r#"[ " " [ "FOO" ] " " ]"#),
        (r#"builtins.split "," "a,b,,c""#, r#"[ "a" [ ] "b" [ ] "" [ ] "c" ]"#),
        (r#"builtins.split "x" "abc""#, r#"[ "abc" ]"#),
        (r#"builtins.split "" "ab""#, r#"[ "" [ ] "a" [ ] "b" [ ] "" ]"#),
        (r#"builtins.split "a*" "abaac""#, r#"[ "" [ ] "" [ ] "b" [ ] "" [ ] "c" [ ] "" ]"#),
        (r#"builtins.split "/" "/a/b/""#, r#"[ "" [ ] "a" [ ] "b" [ ] "" ]"#),
    ]);
}

#[test]
fn versions() {
    check_all(&[
        (r#"builtins.compareVersions "1.0" "2.3""#, "-1"),
        (r#"builtins.compareVersions "2.3" "2.3""#, "0"),
        (r#"builtins.compareVersions "2.3pre1" "2.3""#, "-1"),
        (r#"builtins.compareVersions "2.3.1" "2.3a""#, "1"),
        (r#"builtins.splitVersion "1.2.3-pre4""#, r#"[ "1" "2" "3" "pre" "4" ]"#),
        (r#"builtins.splitVersion "1.2a3""#, r#"[ "1" "2" "a" "3" ]"#),
        (r#"builtins.parseDrvName "nix-0.12pre12876""#, r#"{ name = "nix"; version = "0.12pre12876"; }"#),
        (r#"builtins.parseDrvName "hello-world""#, r#"{ name = "hello-world"; version = ""; }"#),
        (r#"builtins.parseDrvName "a-b-1.0-2""#, r#"{ name = "a-b"; version = "1.0-2"; }"#),
    ]);
}

#[test]
fn hashes() {
    check_all(&[
        (r#"builtins.hashString "md5" """#, r#""d41d8cd98f00b204e9800998ecf8427e""#),
        (r#"builtins.hashString "sha1" "abc""#, r#""a9993e364706816aba3e25717850c26c9cd0d89d""#),
        (
            r#"builtins.hashString "sha256" "abc""#,
            r#""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad""#,
        ),
        (r#"builtins.stringLength (builtins.hashString "sha512" "abc")"#, "128"),
        (r#"builtins.placeholder "out""#, r#""/1rz4g4znpzjwh1xymhjpm42vipw92pr73vdgl6xs1hycac8kf2n9""#),
        (r#"builtins.toFile "x" "hello""#, r#""/nix/store/4g4g9i669dl63abpww0djbl2jxl6bwiz-x""#),
    ]);
}

#[test]
fn formats() {
    check_all(&[
        (
            r#"builtins.toJSON { a = [ 1 2.5 true null "x\n\"" ]; b = { }; }"#,
            r#""{\"a\":[1,2.5,true,null,\"x\\n\\\"\"],\"b\":{}}""#,
        ),
        (r#"builtins.toJSON { outPath = "/x"; other = 1; }"#, r#""\"/x\"""#),
        (r#"builtins.toJSON { __toString = self: "s"; }"#, r#""\"s\"""#),
        ("builtins.toJSON [ 1.0 100000000.0 1.0e-7 0.1 ]", r#""[1.0,100000000.0,1e-07,0.1]""#),
        (
            r#"builtins.fromJSON "{\"a\": [1, 2.5, -3e2, true, null, \"x\\u00e9\\n\"], \"a b\": {}}""#,
            r#"{ a = [ 1 2.5 -300 true null "xé\n" ]; "a b" = { }; }"#,
        ),
        (r#"builtins.fromJSON "{\"a\": 1, \"a\": 2}""#, "{ a = 2; }"),
        (r#"builtins.fromJSON "\"\\ud83d\\ude00\"""#, r#""😀""#),
        (r#"builtins.fromJSON " [ ] ""#, "[ ]"),
        (
            r#"builtins.fromTOML "a = 1\nb = [ 1, 2 ]\n[c]\nd = \"x\"\n[[e]]\nf = 1.5\n[[e]]\nf = 0x1f\n""#,
            r#"{ a = 1; b = [ 1 2 ]; c = { d = "x"; }; e = [ { f = 1.5; } { f = 31; } ]; }"#,
        ),
        (r#"builtins.fromTOML "a.b.c = true\n""#, "{ a = { b = { c = true; }; }; }"),
        (
            r#"builtins.toXML { a = 1; b = [ true "<" ]; f = { x, y ? 1, ... }@args: x; g = z: z; }"#,
            r#""<?xml version='1.0' encoding='utf-8'?>\n<expr>\n  <attrs>\n    <attr name=\"a\">\n      <int value=\"1\" />\n    </attr>\n    <attr name=\"b\">\n      <list>\n        <bool value=\"true\" />\n        <string value=\"&lt;\" />\n      </list>\n    </attr>\n    <attr name=\"f\">\n      <function>\n        <attrspat ellipsis=\"1\" name=\"args\">\n          <attr name=\"x\" />\n          <attr name=\"y\" />\n        </attrspat>\n      </function>\n    </attr>\n    <attr name=\"g\">\n      <function>\n        <varpat name=\"z\" />\n      </function>\n    </attr>\n  </attrs>\n</expr>\n""#,
        ),
    ]);
}

#[test]
fn contexts() {
    check_all(&[
        (r#"builtins.hasContext "a""#, "false"),
        (r#"builtins.getContext "a""#, "{ }"),
        (r#"builtins.unsafeDiscardStringContext "a""#, r#""a""#),
        (r#"builtins.hasContext (builtins.toFile "x" "y")"#, "true"),
        (r#"builtins.attrValues (builtins.getContext (builtins.toFile "x" "y"))"#, "[ { path = true; } ]"),
        (
            r#"let d = args: (derivation ({ name = "n"; system = "s"; builder = "b"; __ignoreNulls = true; } // args)).drvPath;
               in [ (d { x = null; } == d { }) (d { x = 1; } == d { }) ]"#,
            "[ true false ]",
        ),
        (r#"(derivation { name = "n"; system = "s"; builder = "b"; }).type"#, r#""derivation""#),
        (
            r#"(derivation { name = "n"; system = "s"; builder = "b"; outputs = [ "dev" "out" ]; }).outputName"#,
            r#""dev""#,
        ),
        (
            r#"map (x: x.outputName) (derivation { name = "n"; system = "s"; builder = "b"; outputs = [ "dev" "out" ]; }).all"#,
            r#"[ "dev" "out" ]"#,
        ),
        (
            r#"builtins.attrNames (derivation { name = "n"; system = "s"; builder = "b"; })"#,
            r#"[ "all" "builder" "drvAttrs" "drvPath" "name" "out" "outPath" "outputName" "system" "type" ]"#,
        ),
        (
            r#"builtins.attrNames (derivationStrict { name = "n"; system = "s"; builder = "b"; outputs = [ "out" "man" ]; })"#,
            r#"[ "drvPath" "man" "out" ]"#,
        ),
        (r#"builtins.hasContext "${derivation { name = "n"; system = "s"; builder = "b"; }}""#, "true"),
        (
            r#"builtins.attrValues (builtins.getContext "${derivation { name = "n"; system = "s"; builder = "b"; }}")"#,
            r#"[ { outputs = [ "out" ]; } ]"#,
        ),
        (
            r#"builtins.attrValues (builtins.getContext (derivation { name = "n"; system = "s"; builder = "b"; }).drvPath)"#,
            "[ { allOutputs = true; } ]",
        ),
        (
            r#"derivation { name = "n"; system = "s"; builder = "b"; } == derivation { name = "n"; system = "s"; builder = "b"; }"#,
            "true",
        ),
        (
            r#"derivation { name = "n"; system = "s"; builder = "b"; } == derivation { name = "m"; system = "s"; builder = "b"; }"#,
            "false",
        ),
        (
            r#"builtins.substring 0 11 (derivation { name = "n"; system = "s"; builder = "b"; }).outPath"#,
            r#""/nix/store/""#,
        ),
        (r#"(derivation { name = "n"; system = "s"; builder = throw "lazy"; }).name"#, r#""n""#),
    ]);
}

#[test]
fn control() {
    check_all(&[
        (r#"builtins.tryEval (throw "x")"#, "{ success = false; value = false; }"),
        ("builtins.tryEval (assert false; 1)", "{ success = false; value = false; }"),
        ("builtins.tryEval 1", "{ success = true; value = 1; }"),
        ("builtins.seq 1 2", "2"),
        ("builtins.deepSeq { a = [ 1 ]; } 2", "2"),
        (r#"builtins.trace "x" 1"#, "1"),
        (r#"builtins.addErrorContext "x" 1"#, "1"),
        ("let x = [ x ]; in builtins.length x", "1"),
        ("builtins.langVersion", "6"),
        ("builtins ? builtins.builtins", "true"),
        ("builtins.isFunction builtins.derivation", "true"),
        ("__add 1 2", "3"),
    ]);
}
