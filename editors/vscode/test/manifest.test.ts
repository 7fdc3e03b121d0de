import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";

import language from "../language-configuration.json";
import lock from "../package-lock.json";
import manifest from "../package.json";

const properties = manifest.contributes.configuration.flatMap((category) =>
  Object.entries((category.properties ?? {}) as Record<string, { markdownDescription?: string; default?: unknown }>),
);

describe("package.json", () => {
  test("every setting has a description and a default", () => {
    for (const [name, schema] of properties) {
      assert.match(name, /^nixscope\./);
      assert.ok(schema.markdownDescription, name);
      assert.notEqual(schema.default, undefined, name);
    }
  });

  test("what starts a program is restricted in an untrusted workspace", () => {
    const names = properties.map(([name]) => name);
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    for (const name of restricted) {
      assert.ok(names.includes(name), name);
    }
    // `searchPath` names directories to read, as `NIX_PATH` does: it starts nothing.
    for (const name of names.filter((name) => /command$|\.path$|env$/i.test(name))) {
      assert.ok(restricted.includes(name), name);
    }
  });

  test("every command is registered", () => {
    const source = readFileSync("src/extension.ts", "utf8");
    for (const { command } of manifest.contributes.commands) {
      assert.ok(source.includes(`registerCommand("${command}"`), command);
    }
  });

  test("the files that it names are there", () => {
    for (const file of [
      ...manifest.contributes.languages.map(({ configuration }) => configuration),
      ...manifest.contributes.grammars.map(({ path }) => path),
    ]) {
      assert.ok(existsSync(file), file);
    }
  });

  test("the lock file names no registry", () => {
    for (const [name, entry] of Object.entries(lock.packages)) {
      assert.ok(!("resolved" in entry), name);
    }
  });
});

describe("language-configuration.json", () => {
  const rules = language.indentationRules;
  const increase = new RegExp(rules.increaseIndentPattern);
  const next = new RegExp(rules.indentNextLinePattern);
  const decrease = new RegExp(rules.decreaseIndentPattern);

  test("an open bracket, `let` and an open string indent what follows", () => {
    for (const line of ["{ pkgs, ... }: {", "  imports = [", "let", "  x = let", "script = ''", "{ # why", "(", "{ config, lib }: let # x"]) {
      assert.match(line, increase);
    }
    for (const line of ["  a = 1;", "# {", "  inherit (x) outlet;", "  x = [ ];", "in"]) {
      assert.doesNotMatch(line, increase);
    }
  });

  test("an assignment and `then` indent one line", () => {
    for (const line of ["  services.x =", "if a then", "else"]) {
      assert.match(line, next);
    }
    for (const line of ["  a == ", "  x = 1;", "# x ="]) {
      assert.doesNotMatch(line, next);
    }
  });

  test("a closing bracket, `in` and the end of a string take it back", () => {
    for (const line of ["  }", "];", ")", "in", "in {", "  '';"]) {
      assert.match(line, decrease);
    }
    for (const line of ["  inherit x;", "  ''text", "a = 1;"]) {
      assert.doesNotMatch(line, decrease);
    }
  });

  test("a word is a Nix identifier", () => {
    const word = new RegExp(language.wordPattern, "g");
    assert.deepEqual("services.foo-bar.x' + 1.5".match(word), ["services", "foo-bar", "x'", "1.5"]);
  });
});
