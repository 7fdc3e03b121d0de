import assert from "node:assert/strict";
import { describe, test } from "node:test";

import manifest from "../package.json";
import { sectionOf, serverKeys, serverSettings, type Settings } from "../src/settings";

/** Settings as VS Code gives them: a value that somebody set, or the default. */
function settings(set: Record<string, unknown>, defaults: Record<string, unknown> = {}): Settings {
  return {
    get: (key) => set[key] ?? defaults[key],
    inspect: (key) => (key in set ? { workspaceValue: set[key] } : {}),
  };
}

const same = (text: string): string => text;

describe("serverKeys", () => {
  test("are the settings between the markers, and no others", () => {
    const keys = serverKeys(manifest);
    for (const key of ["lints", "select", "ignore", "secretDirectories", "inputs", "evaluation.maxSteps", "formatter.command"]) {
      assert.ok(keys.includes(key), key);
    }
    for (const key of ["server.path", "server.extraEnv", "trace.server"]) {
      assert.ok(!keys.includes(key), key);
    }
  });

  test("a manifest without the markers is an error", () => {
    assert.throws(() => serverKeys({ contributes: { configuration: [] } }), /generated-start/);
  });
});

describe("serverSettings", () => {
  test("are empty where nothing is set, whatever the defaults", () => {
    const keys = serverKeys(manifest);
    assert.deepEqual(serverSettings(keys, settings({}, { lints: {}, select: [], "evaluation.maxSteps": null }), same), {});
  });

  test("nest at the dots", () => {
    const set = {
      lints: { "bool-mk-if": "error" },
      select: ["repeated-keys"],
      "formatter.command": ["nixfmt"],
      "evaluation.maxSteps": 1000,
      "evaluation.other": true,
    };
    assert.deepEqual(serverSettings(Object.keys(set), settings(set), same), {
      lints: { "bool-mk-if": "error" },
      select: ["repeated-keys"],
      formatter: { command: ["nixfmt"] },
      evaluation: { maxSteps: 1000, other: true },
    });
  });

  test("keep an empty list and false, which somebody has set, and drop null", () => {
    const set = { ignore: [], flag: false, "formatter.command": null };
    assert.deepEqual(serverSettings(Object.keys(set), settings(set), same), { ignore: [], flag: false });
  });

  test("a value that the workspace may not set falls back to what `get` allows", () => {
    const untrusted: Settings = { get: () => null, inspect: () => ({ workspaceValue: ["rm"] }) };
    assert.deepEqual(serverSettings(["formatter.command"], untrusted, same), {});
  });

  test("variables are replaced in every text", () => {
    const set = { inputs: { nixpkgs: "~/nixpkgs" }, "formatter.command": ["~/fmt", "-"], n: 1 };
    const home = (text: string): string => text.replace("~", "/home/me");
    assert.deepEqual(serverSettings(Object.keys(set), settings(set), home), {
      inputs: { nixpkgs: "/home/me/nixpkgs" },
      formatter: { command: ["/home/me/fmt", "-"] },
      n: 1,
    });
  });
});

test("sectionOf answers for the whole, for a part, and not for others", () => {
  const all = { lints: { a: "off" }, evaluation: { maxSteps: 5 } };
  assert.deepEqual(sectionOf(all, "nixscope"), all);
  assert.deepEqual(sectionOf({}, "nixscope"), {});
  assert.equal(sectionOf(all, "nixscope.evaluation.maxSteps"), 5);
  assert.equal(sectionOf(all, "nixscope.select"), null);
  assert.equal(sectionOf(all, "nixscope.lints.a.b"), null);
  assert.equal(sectionOf(all, "editor"), undefined);
});
