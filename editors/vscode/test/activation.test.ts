import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";

import manifest from "../package.json";
import { Editor } from "./vscode-stub";

interface Bundle {
  activate(context: unknown): Promise<void>;
  deactivate(): Promise<void>;
}

interface Message {
  method?: string;
  id?: number;
  params?: { initializationOptions?: unknown; settings?: unknown };
  result?: unknown;
}

// The bundle that is shipped, its real language client, and a server on real pipes; only the editor is a stub.
describe("the bundle", { skip: process.platform === "win32" }, () => {
  let directory: string;
  let heard: string;
  let editor: Editor;
  let bundle: Bundle;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "nixscope-"));
    heard = join(directory, "heard");
    const server = join(directory, "nixscope");
    writeFileSync(server, `#!/bin/sh\nexec "${process.execPath}" "${resolve("test/fake-server.mjs")}" "$@"\n`);
    chmodSync(server, 0o755);
    const defaults = Object.fromEntries(
      manifest.contributes.configuration
        .flatMap(({ properties }) => Object.entries((properties ?? {}) as Record<string, { default: unknown }>))
        .map(([name, schema]) => [name, schema.default]),
    );
    editor = new Editor(directory, defaults);
    editor.settings["nixscope.server.path"] = "./nixscope";
    editor.settings["nixscope.server.extraEnv"] = { HEARD: heard };
    bundle = editor.load(resolve("dist/extension.js")) as Bundle;
  });

  afterEach(async () => {
    await bundle.deactivate();
    rmSync(directory, { recursive: true });
  });

  const activate = (): Promise<void> =>
    bundle.activate({ subscriptions: [], extension: { packageJSON: manifest } });

  async function until(holds: (message: Message) => boolean, count = 1): Promise<Message> {
    for (const deadline = Date.now() + 10_000; ; ) {
      const text = existsSync(heard) ? readFileSync(heard, "utf8") : "";
      const messages = text.split("\n").slice(0, -1).map((line) => JSON.parse(line) as Message);
      const message = messages.filter(holds)[count - 1];
      if (message !== undefined) {
        return message;
      }
      assert.ok(Date.now() < deadline, `not heard; the server got\n${text}\nthe output is\n${editor.output.join("")}`);
      await new Promise((wake) => setTimeout(wake, 10));
    }
  }

  const method = (name: string) => (message: Message): boolean => message.method === name;

  test("registers the commands of package.json, and the one that lenses run", async () => {
    await activate();
    const shown = manifest.contributes.commands.map(({ command }) => command);
    assert.deepEqual([...editor.commands.keys()].sort(), [...shown, "nixscope.showReferences"].sort());
  });

  test("sends what is set, and nothing else, in each of the three ways", async () => {
    editor.settings["nixscope.lints"] = { "rec-attrset": "off" };
    editor.settings["nixscope.evaluation.maxSteps"] = 9;
    await activate();
    const initial = { lints: { "rec-attrset": "off" }, evaluation: { maxSteps: 9 } };

    const initialize = await until(method("initialize"));
    assert.deepEqual(initialize.params?.initializationOptions, initial);
    const answer = await until((message) => message.id === 1 && message.method === undefined);
    assert.deepEqual(answer.result, [initial, null]);

    await editor.set("nixscope.select", ["repeated-keys"]);
    const change = await until(method("workspace/didChangeConfiguration"));
    assert.deepEqual(change.params?.settings, { nixscope: { ...initial, select: ["repeated-keys"] } });
  });

  test("restarts on the command and when the server's settings change", async () => {
    await activate();
    await until(method("initialized"));
    await editor.commands.get("nixscope.restartServer")?.();
    await until(method("exit"));
    await until(method("initialized"), 2);
    await editor.set("nixscope.server.extraEnv", { HEARD: heard, NIXSCOPE_LOG: "debug" });
    await until(method("initialized"), 3);
    assert.deepEqual(editor.errors, []);
  });

  test("says what to do where there is no server, and starts once there is one", async () => {
    editor.settings["nixscope.server.path"] = "./elsewhere/nixscope";
    await activate();
    assert.equal(editor.errors.length, 1);
    assert.match(editor.errors[0] ?? "", /elsewhere\/nixscope`, which is not there or cannot be run\. Correct the setting/);
    await editor.set("nixscope.server.path", "./nixscope");
    await until(method("initialized"));
  });
});
