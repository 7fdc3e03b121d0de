/** The language client: how the server is started, and what passes between it and VS Code. */

import * as vscode from "vscode";
import {
  DidChangeConfigurationNotification,
  LanguageClient,
  RevealOutputChannelOn,
  type LanguageClientOptions,
  type Middleware,
} from "vscode-languageclient/node";

import { SECTION, sectionOf, type ServerSettings } from "./settings";

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
  return new LanguageClient(
    SECTION,
    "nixscope",
    {
      command: server.command,
      args: ["--stdio"],
      options: { env: server.env, ...(server.cwd === undefined ? {} : { cwd: server.cwd }) },
    },
    options,
  );
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
    provideDocumentFormattingEdits: (document, options, token, next) => trusted(() => next(document, options, token)),
    provideDocumentRangeFormattingEdits: (document, range, options, token, next) =>
      trusted(() => next(document, range, options, token)),
    provideOnTypeFormattingEdits: (document, position, character, options, token, next) =>
      trusted(() => next(document, position, character, options, token)),
  };
}
