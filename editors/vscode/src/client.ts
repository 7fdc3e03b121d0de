/** The language client: how the server is started, and what passes between it and VS Code. */

import * as vscode from "vscode";
import {
  DidChangeConfigurationNotification,
  LanguageClient,
  RevealOutputChannelOn,
  type LanguageClientOptions,
  type Location,
  type Middleware,
  type Position,
} from "vscode-languageclient/node";

import { SECTION, sectionOf, type ServerSettings } from "./settings";

/** The command that a code lens runs to show the places that it counts. */
export const SHOW_REFERENCES = "nixscope.showReferences";

/** The server's program and how to run it. */
export interface Server {
  readonly command: string;
  readonly env: Record<string, string>;
  readonly cwd: string | undefined;
}

/** The two channels that outlive a restart. */
export interface Channels {
  readonly output: vscode.OutputChannel;
  readonly trace: vscode.OutputChannel;
}

/** A client that is not started yet. `settings` is asked again for every change. */
export function createClient(server: Server, settings: () => ServerSettings, channels: Channels): LanguageClient {
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file", language: "nix" }],
    initializationOptions: settings,
    outputChannel: channels.output,
    traceOutputChannel: channels.trace,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: middleware(settings),
  };
  const client = new LanguageClient(
    SECTION,
    "nixscope",
    {
      command: server.command,
      args: ["--stdio"],
      options: { env: server.env, ...(server.cwd === undefined ? {} : { cwd: server.cwd }) },
    },
    options,
  );
  // The server's code lenses name a command of the editor's, which `extension.ts` registers.
  client.registerFeature({
    fillClientCapabilities: (capabilities) => {
      const experimental = (capabilities.experimental ?? {}) as Record<string, unknown>;
      capabilities.experimental = { ...experimental, commands: { commands: [SHOW_REFERENCES] } };
    },
    initialize: () => undefined,
    getState: () => ({ kind: "static" }),
    clear: () => undefined,
  });
  return client;
}

/** Shows the places that a code lens counts. The arguments are the protocol's: an address, a position, places. */
export async function showReferences(uri: string, position: Position, places: readonly Location[]): Promise<void> {
  const at = (it: Position) => new vscode.Position(it.line, it.character);
  const locations = places.map(
    ({ uri, range }) => new vscode.Location(vscode.Uri.parse(uri), new vscode.Range(at(range.start), at(range.end))),
  );
  await vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(uri), at(position), locations);
}

/** Tells a running server that its configuration changed. */
export async function announceSettings(client: LanguageClient, settings: ServerSettings): Promise<void> {
  if (client.isRunning()) {
    await client.sendNotification(DidChangeConfigurationNotification.type, { settings: { [SECTION]: settings } });
  }
}

function middleware(settings: () => ServerSettings): Middleware {
  // The formatter may be named by the repository's own nixscope.toml: no program of an untrusted repository is run.
  const trusted = <T>(ask: () => T): T | undefined => (vscode.workspace.isTrusted ? ask() : undefined);
  return {
    workspace: {
      // Both directions carry what is set and no defaults, as initializationOptions does.
      configuration: async (params, token, next) => {
        const answers = await next(params, token);
        if (!Array.isArray(answers)) {
          return answers;
        }
        const current = settings();
        return params.items.map(({ section }, index) => {
          const own = section === undefined ? undefined : sectionOf(current, section);
          return own === undefined ? (answers[index] as unknown) : own;
        });
      },
      // `announceSettings` does it, also for a server that did not register for it.
      didChangeConfiguration: () => Promise.resolve(),
    },
    // It tells git about a file.
    executeCommand: (command, args, next) =>
      trusted(() => next(command, args) as vscode.ProviderResult<unknown>) ?? undefined,
    provideDocumentFormattingEdits: (document, options, token, next) => trusted(() => next(document, options, token)),
    provideDocumentRangeFormattingEdits: (document, range, options, token, next) =>
      trusted(() => next(document, range, options, token)),
    provideOnTypeFormattingEdits: (document, position, character, options, token, next) =>
      trusted(() => next(document, position, character, options, token)),
  };
}
