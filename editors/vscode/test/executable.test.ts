import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";

import { expand, isExecutable, mergeEnv, resolveServer, type Surroundings } from "../src/executable";

function around(programs: string[], change: Partial<Surroundings> = {}): Surroundings {
  return {
    platform: "linux",
    env: { PATH: "/usr/bin:/opt/bin", TOOLS: "/tools" },
    home: "/home/me",
    folder: "/fleet",
    isExecutable: (file) => programs.includes(file),
    ...change,
  };
}

function found(setting: string | null | undefined, surroundings: Surroundings): string {
  const resolution = resolveServer(setting, surroundings);
  assert.ok(resolution.found, resolution.found ? "" : resolution.message);
  return resolution.path;
}

function message(setting: string | null, surroundings: Surroundings): string {
  const resolution = resolveServer(setting, surroundings);
  assert.ok(!resolution.found);
  return resolution.message;
}

describe("resolveServer", () => {
  test("without a setting, the first nixscope on PATH", () => {
    const both = around(["/usr/bin/nixscope", "/opt/bin/nixscope"]);
    for (const setting of [null, undefined, "", "  "]) {
      assert.equal(found(setting, both), "/usr/bin/nixscope");
    }
    assert.equal(found(null, around(["/opt/bin/nixscope"])), "/opt/bin/nixscope");
  });

  test("a bare name is looked up on PATH", () => {
    assert.equal(found("nixscope-dev", around(["/opt/bin/nixscope-dev", "/fleet/nixscope-dev"])), "/opt/bin/nixscope-dev");
  });

  test("a path is taken as it is, from the first folder where it is relative", () => {
    assert.equal(found("/x/nixscope", around(["/x/nixscope", "/usr/bin/nixscope"])), "/x/nixscope");
    assert.equal(found("./result/bin/nixscope", around(["/fleet/result/bin/nixscope"])), "/fleet/result/bin/nixscope");
  });

  test("variables and the home directory are replaced", () => {
    assert.equal(found("~/bin/nixscope", around(["/home/me/bin/nixscope"])), "/home/me/bin/nixscope");
    assert.equal(found("${workspaceFolder}/n", around(["/fleet/n"])), "/fleet/n");
    assert.equal(found("${env:TOOLS}/n", around(["/tools/n"])), "/tools/n");
  });

  test("Windows has its own separators and extension", () => {
    const windows = around(["C:\\bin\\nixscope.exe"], { platform: "win32", env: { Path: "C:\\Windows;C:\\bin" } });
    assert.equal(found(null, windows), "C:\\bin\\nixscope.exe");
    assert.equal(found("C:\\bin\\nixscope", windows), "C:\\bin\\nixscope.exe");
    assert.equal(found("c:/bin/nixscope.exe", around(["c:\\bin\\nixscope.exe"], { platform: "win32" })), "c:\\bin\\nixscope.exe");
  });

  test("the messages say what to do", () => {
    const nothing = around([]);
    assert.match(message(null, nothing), /`nixscope` is not on PATH\. Install it .* or set `nixscope\.server\.path`/);
    assert.match(message("other", nothing), /`other` is not on PATH\. Correct the setting/);
    assert.match(message("/x/nixscope", nothing), /`\/x\/nixscope`, which is not there or cannot be run\. Correct/);
    assert.match(message("bin/nixscope", around([], { folder: undefined })), /no folder is open\. Use an absolute path/);
    assert.match(message(null, around([], { env: {} })), /not on PATH/);
  });
});

test("expand leaves alone what it does not know", () => {
  assert.equal(expand("a~b ${other} ${workspaceFolder}", { env: {}, home: "/h", folder: undefined }), "a~b ${other} ${workspaceFolder}");
  assert.equal(expand("${env:MISSING}x", { env: {}, home: "/h", folder: undefined }), "x");
});

test("mergeEnv adds, replaces and removes", () => {
  assert.deepEqual(mergeEnv({ A: "1", B: "2", C: undefined }, { B: null, D: 4, A: "one", E: ["no"] }), { A: "one", D: "4" });
});

test("isExecutable wants a file that may be run", { skip: process.platform === "win32" }, () => {
  const directory = mkdtempSync(join(tmpdir(), "nixscope-"));
  try {
    const file = join(directory, "nixscope");
    assert.equal(isExecutable(file), false);
    writeFileSync(file, "");
    chmodSync(file, 0o644);
    assert.equal(isExecutable(file), false);
    chmodSync(file, 0o755);
    assert.equal(isExecutable(file), true);
    assert.equal(isExecutable(directory), false);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
