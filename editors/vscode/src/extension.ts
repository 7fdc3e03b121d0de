/** The extension's entry: it owns the client, restarts it where a setting asks for that, and offers the commands. */

import * as os from "node:os";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import { SHOW_REFERENCES, announceSettings, createClient, showReferences, type Channels, type Server } from "./client";
import { expand, isExecutable, mergeEnv, resolveServer, type Surroundings } from "./executable";
import { showFleet } from "./fleet";
import { SECTION, serverKeys, serverSettings, type Manifest, type ServerSettings } from "./settings";
import { Status } from "./status";

const INSTALLATION = "https://github.com/nixscope/nixscope/blob/main/docs/editors/vscode.md#install";

let extension: Extension | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  extension = new Extension(context);
  await extension.restart();
}

export async function deactivate(): Promise<void> {
  await extension?.stop();
  extension = undefined;
}

class Extension {
  readonly #channels: Channels;
  readonly #status = new Status();
  readonly #keys: readonly string[];
  #client: LanguageClient | undefined;
  /** Starts and stops run one after the other, however fast the settings change. */
  #queue: Promise<void> = Promise.resolve();

  constructor(context: vscode.ExtensionContext) {
    this.#keys = serverKeys(context.extension.packageJSON as Manifest);
    this.#channels = {
      output: vscode.window.createOutputChannel("nixscope"),
      trace: vscode.window.createOutputChannel("nixscope trace"),
    };
    context.subscriptions.push(
      this.#channels.output,
      this.#channels.trace,
      this.#status,
      vscode.commands.registerCommand("nixscope.restartServer", () => this.restart()),
      vscode.commands.registerCommand("nixscope.showOutput", () => {
        this.#channels.output.show();
      }),
      vscode.commands.registerCommand(SHOW_REFERENCES, showReferences),
      vscode.commands.registerCommand("nixscope.showFleet", async () => {
        const server = this.#server();
        if (server !== undefined) {
          await showFleet(server);
        }
      }),
      vscode.workspace.onDidChangeConfiguration(async (event) => {
        if (event.affectsConfiguration("nixscope.server")) {
          await this.restart();
        } else if (event.affectsConfiguration(SECTION) && this.#client !== undefined) {
          await announceSettings(this.#client, this.#settings());
        }
      }),
    );
  }

  /** Starts the server, or stops it and starts it again. */
  restart(): Promise<void> {
    return this.#enqueue(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  stop(): Promise<void> {
    return this.#enqueue(() => this.#stop());
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(work, work);
    return this.#queue;
  }

  async #start(): Promise<void> {
    const server = this.#server();
    if (server === undefined) {
      this.#status.fail();
      return;
    }
    this.#channels.output.appendLine(`Starting ${server.command} --stdio`);
    const client = createClient(server, () => this.#settings(), this.#channels);
    client.onDidChangeState(({ newState }) => {
      this.#status.show(newState);
    });
    this.#client = client;
    try {
      await client.start();
    } catch (error) {
      // The client has shown a message of its own; the channel keeps the reason.
      this.#channels.output.appendLine(`The server did not start: ${String(error)}`);
      this.#status.fail();
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      // A server that has died cannot be stopped in order; the next one is started all the same.
      this.#channels.output.appendLine(`The server did not stop in order: ${String(error)}`);
    }
  }

  /** The server as the settings have it now; where there is none, a message says what to do. */
  #server(): Server | undefined {
    const settings = vscode.workspace.getConfiguration(SECTION);
    const extra = settings.get<Record<string, unknown>>("server.extraEnv") ?? {};
    const env = mergeEnv(process.env, extra);
    const around = surroundings(env);
    const resolution = resolveServer(settings.get<string | null>("server.path"), around);
    if (!resolution.found) {
      this.#channels.output.appendLine(resolution.message);
      void this.#offerHelp(resolution.message);
      return undefined;
    }
    return { command: resolution.path, env, cwd: around.folder };
  }

  async #offerHelp(message: string): Promise<void> {
    const choice = await vscode.window.showErrorMessage(message, "Open settings", "How to install", "Try again");
    switch (choice) {
      case "Open settings":
        await vscode.commands.executeCommand("workbench.action.openSettings", "nixscope.server.path");
        break;
      case "How to install":
        await vscode.env.openExternal(vscode.Uri.parse(INSTALLATION));
        break;
      case "Try again":
        await this.restart();
        break;
    }
  }

  #settings(): ServerSettings {
    const around = surroundings(process.env);
    return serverSettings(this.#keys, vscode.workspace.getConfiguration(SECTION), (text) => expand(text, around));
  }
}

function surroundings(env: Surroundings["env"]): Surroundings {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
  return { platform: process.platform, env, home: os.homedir(), folder: folder?.uri.fsPath, isExecutable };
}
