/**
 * A stand-in for the `vscode` module, enough to start the real language client outside VS Code: what a test looks at is
 * written out, everything else answers every use with nothing.
 */

import Module from "node:module";

type Settings = Record<string, unknown>;
type Listener = (event: unknown) => unknown;

export class Editor {
  /** Values that somebody has set, by full name. */
  readonly settings: Settings = {};
  readonly commands = new Map<string, () => unknown>();
  readonly errors: string[] = [];
  readonly output: string[] = [];
  readonly #configurationListeners: Listener[] = [];

  constructor(
    readonly folder: string,
    private readonly defaults: Settings,
  ) {}

  /** Sets a setting, as a user does, and waits until everybody has heard of it. */
  async set(name: string, value: unknown): Promise<void> {
    this.settings[name] = value;
    const affectsConfiguration = (section: string): boolean => name === section || name.startsWith(`${section}.`);
    await Promise.all(this.#configurationListeners.map((listener) => listener({ affectsConfiguration })));
  }

  /** Loads a bundle whose `require("vscode")` gives this editor. */
  load(file: string): unknown {
    // A bundle copies the properties of a module and keeps its prototype: the prototype is what answers.
    const vscode: unknown = Object.create(this.#module() as object);
    const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
    const original = loader._load;
    loader._load = function (request, ...rest) {
      return request === "vscode" ? vscode : original.call(this, request, ...rest);
    };
    try {
      const require = Module.createRequire(file);
      Reflect.deleteProperty(require.cache, file);
      return require(file);
    } finally {
      loader._load = original;
    }
  }

  #module(): unknown {
    const uri = { scheme: "file", fsPath: this.folder, path: this.folder, toString: () => `file://${this.folder}` };
    const channel = (): unknown =>
      anything({
        append: (text: string) => this.output.push(text),
        appendLine: (text: string) => this.output.push(`${text}\n`),
      });
    return anything({
      version: "1.90.0",
      workspace: anything({
        workspaceFolders: [{ uri, name: "fleet", index: 0 }],
        textDocuments: [],
        notebookDocuments: [],
        isTrusted: true,
        getConfiguration: (section?: string) => this.#configuration(section === undefined ? "" : `${section}.`),
        onDidChangeConfiguration: (listener: Listener) => {
          this.#configurationListeners.push(listener);
          return { dispose: nothing };
        },
      }),
      window: anything({
        createOutputChannel: channel,
        visibleTextEditors: [],
        activeTextEditor: undefined,
        tabGroups: anything({ all: [] }),
        showErrorMessage: (message: string) => {
          this.errors.push(message);
          return Promise.resolve(undefined);
        },
      }),
      commands: anything({
        registerCommand: (name: string, run: () => unknown) => {
          this.commands.set(name, run);
          return { dispose: nothing };
        },
      }),
      env: anything({ appName: "stub", language: "en" }),
      EventEmitter,
    });
  }

  #configuration(prefix: string): unknown {
    return {
      get: (key: string, fallback?: unknown) =>
        this.settings[prefix + key] ?? this.defaults[prefix + key] ?? fallback,
      inspect: (key: string) => ({ workspaceValue: this.settings[prefix + key] }),
    };
  }
}

class EventEmitter {
  readonly #listeners = new Set<Listener>();
  readonly event = (listener: Listener): { dispose: () => void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  fire(event: unknown): void {
    for (const listener of this.#listeners) {
      listener(event);
    }
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

function nothing(): void {
  // What a disposable of the stub does.
}

/** Can be called, constructed, extended and looked into; only `members` are real. */
function anything(members: Record<string, unknown> = {}): unknown {
  const known = new Map(Object.entries(members));
  const base = function (): void {
    // Called as a function or as a constructor.
  };
  return new Proxy(base, {
    get: (target, name, receiver) => {
      if (typeof name === "symbol" || name === "then" || name === "prototype") {
        return Reflect.get(target, name, receiver) as unknown;
      }
      if (!known.has(name)) {
        known.set(name, anything());
      }
      return known.get(name);
    },
    set: (_target, name, value) => {
      known.set(String(name), value);
      return true;
    },
    apply: () => anything(),
  });
}
