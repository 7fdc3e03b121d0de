import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { createOnigScanner, createOnigString, loadWASM } from "vscode-oniguruma";
import { INITIAL, Registry, parseRawGrammar, type IGrammar } from "vscode-textmate";

const GRAMMAR = "syntaxes/nix.tmLanguage.json";

async function load(): Promise<IGrammar> {
  const wasm = readFileSync("node_modules/vscode-oniguruma/release/onig.wasm");
  await loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: () => Promise.resolve(parseRawGrammar(readFileSync(GRAMMAR, "utf8"), GRAMMAR)),
  });
  const grammar = await registry.loadGrammar("source.nix");
  assert.ok(grammar);
  return grammar;
}

const grammar = load();

/** Each piece of the source with its scopes, `source.nix` left out. */
async function tokens(source: string): Promise<{ text: string; scopes: string[] }[]> {
  const nix = await grammar;
  let stack = INITIAL;
  return source.split("\n").flatMap((line) => {
    const result = nix.tokenizeLine(line, stack);
    stack = result.ruleStack;
    return result.tokens.map(({ startIndex, endIndex, scopes }) => ({
      text: line.slice(startIndex, endIndex),
      scopes: scopes.slice(1).map((scope) => scope.replace(/\.nix\b/g, "")),
    }));
  });
}

/** Asserts that the nth piece `text` has a scope. */
async function expect(source: string, text: string, scope: string, nth = 0): Promise<void> {
  const all = await tokens(source);
  const piece = all.filter((token) => token.text.trim() === text)[nth];
  const listing = all.map((token) => `${JSON.stringify(token.text)}: ${token.scopes.join(" ")}`).join("\n");
  assert.ok(piece, `no piece ${text} in\n${listing}`);
  assert.ok(piece.scopes.some((found) => found.split(" ").some((one) => one === scope || one.startsWith(`${scope}.`))), `${text} is not ${scope} in\n${listing}`);
}

/** Asserts that after the source nothing is left open: a name that follows is plain. */
async function expectClosed(source: string): Promise<void> {
  const all = await tokens(`${source}\nzzz`);
  assert.deepEqual(all.at(-1), { text: "zzz", scopes: ["variable.other"] }, source);
}

describe("strings", () => {
  test("interpolation nests, with braces and strings inside", async () => {
    const source = '"a ${f { x = "in ${b} er"; }} c" d';
    await expect(source, "b", "meta.embedded.expression");
    await expect(source, "x", "entity.other.attribute-name");
    await expect(source, "d", "variable.other");
    await expectClosed(source);
  });

  test("escapes of both kinds", async () => {
    await expect('"a\\${b}"', "\\$", "constant.character.escape");
    await expect("''a ''${b} c''", "''$", "constant.character.escape");
    await expect("''a ''' c''", "'''", "constant.character.escape");
    await expect("''a ''\\n c''", "''\\n", "constant.character.escape");
    await expect("''a $${b} c''", "$$", "constant.character.escape");
    await expect("''a $$${b} c''", "b", "meta.embedded.expression");
    for (const source of ['"\\""', "''a '''''", "''\n  a ''${b}\n  ''", '"$"', '"a$$"', "''''", '""']) {
      await expectClosed(source);
    }
  });
});

describe("paths and URIs", () => {
  test("relative, absolute, home and interpolated paths", async () => {
    for (const path of ["./a/b.nix", "../a", "/etc/nixos", "~/x", "a/b"]) {
      await expect(`[ ${path} ]`, path, "string.unquoted.path");
    }
    await expect("[ ./${host}/default.nix ]", "host", "meta.embedded.expression");
    await expect("[ ./${host}/default.nix ]", "/default.nix", "string.unquoted.path");
    await expectClosed("import ./a.nix");
    await expectClosed("./a/${b}");
  });

  test("operators are no paths", async () => {
    await expect("a // b", "//", "keyword.operator.update");
    await expect("a//b", "//", "keyword.operator.update");
    await expect("a / b", "/", "keyword.operator.arithmetic");
    await expect("a/* c */b", "/*", "comment.block");
    await expect("a ++ ./b", "++", "keyword.operator.update");
  });

  test("search paths and bare URLs", async () => {
    await expect("import <nixpkgs/lib> a", "<nixpkgs/lib>", "string.unquoted.search-path");
    await expect("a < b", "<", "keyword.operator.comparison");
    await expect("x = https://example.org/a?b=c;", "https://example.org/a?b=c", "string.unquoted.uri");
  });
});

describe("names", () => {
  test("attributes that are set, in a path of several", async () => {
    const source = 'services.nginx.virtualHosts."a.b".enable = cfg.enable == true;';
    await expect(source, "services", "entity.other.attribute-name");
    await expect(source, "virtualHosts", "entity.other.attribute-name");
    await expect(source, "enable", "entity.other.attribute-name", 0);
    await expect(source, "enable", "variable.other.property", 1);
    await expect(source, "cfg", "variable.other");
    await expect(source, "true", "constant.language");
    await expect("a.${b}.c = 1;", "a", "entity.other.attribute-name");
    await expect("a == b", "a", "variable.other");
  });

  test("parameters", async () => {
    await expect("x: x", "x", "variable.parameter", 0);
    await expect("x: x", "x", "variable.other", 1);
    for (const source of ["{ config, lib, ... }: 1", "{\n  config,\n  lib,\n  ...\n}:\n1", "{ config\n, lib\n, ...\n}: 1"]) {
      await expect(source, "config", source.includes("{ config\n") ? "variable" : "variable.parameter");
      await expect(source, "lib", "variable.parameter");
      await expect(source, "...", "keyword.operator.ellipsis");
    }
    await expect("{ a ? 1, b ? 2 }: 1", "a", "variable.parameter");
    await expect("{ a ? 1, b ? 2 }: 1", "b", "variable.parameter");
    await expect("{ lib }@args: 1", "args", "variable.parameter");
    await expect("args@{ lib }: 1", "args", "variable.parameter");
    await expect("{ lib }@args: 1", "lib", "variable.parameter");
  });

  test("keywords are whole words", async () => {
    await expect("let a = 1; in a", "let", "keyword.other");
    await expect("let a = 1; in a", "in", "keyword.other");
    await expect("if a then b else c", "then", "keyword.control");
    await expect("letter", "letter", "variable.other");
    await expect("in-out", "in-out", "variable.other");
    await expect("a.b or c", "or", "keyword.operator.or");
    await expect("inherit (self) hosts;", "hosts", "entity.other.attribute-name");
    await expect("rec { inherit a }", "}", "punctuation.section.braces.end");
  });

  test("builtins, numbers and constants", async () => {
    await expect("builtins.readFile ./a", "builtins", "support.class.builtins");
    await expect("map f [ 1 2.5 ]", "map", "support.function.builtin");
    await expect("map f [ 1 2.5 ]", "1", "constant.numeric.integer");
    await expect("map f [ 1 2.5 ]", "2.5", "constant.numeric.float");
    await expect("lib.map", "map", "variable.other.property");
    await expect("a |> b", "|>", "keyword.operator.pipe");
  });
});

describe("comments", () => {
  test("line, block and documentation", async () => {
    await expect("a # b", "#", "comment.line");
    await expect("/** x */ a", "/**", "comment.block.documentation");
    await expect("/* x\ny */ a", "a", "variable.other");
    await expectClosed("/**/");
    await expectClosed("/* a **/");
  });

  test("suppressions stand out", async () => {
    await expect("# nixscope: ignore[bool-mk-if, x] why", "nixscope:", "keyword.other.directive");
    await expect("# nixscope: ignore[bool-mk-if, x] why", "bool-mk-if, x", "constant.other.lint");
    await expect("# nixscope: ignore-file[x]", "ignore-file", "keyword.other.directive");
  });
});
