/** Where the server's program is: pure functions of the settings and the surroundings, without VS Code. */

import { accessSync, constants, statSync } from "node:fs";
import * as path from "node:path";

export const PROGRAM = "nixscope";

export type Variables = Readonly<Record<string, string | undefined>>;

/** What the search for the server depends on. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Variables;
  readonly home: string;
  /** The first folder of the workspace. */
  readonly folder: string | undefined;
  readonly isExecutable: (file: string) => boolean;
}

export type Resolution =
  | { readonly found: true; readonly path: string }
  /** `message` is for people and says what to do. */
  | { readonly found: false; readonly message: string };

/** Finds the server's program: the one that `nixscope.server.path` names, or `nixscope` on PATH. */
export function resolveServer(setting: string | null | undefined, around: Surroundings): Resolution {
  const wanted = expand(setting?.trim() ?? "", around);
  if (wanted === "") {
    return search(PROGRAM, around, `Install it and start the editor where \`${PROGRAM}\` is on PATH, or set \`nixscope.server.path\`.`);
  }
  const os = pathsOf(around);
  if (!wanted.includes("/") && !wanted.includes(os.sep)) {
    return search(wanted, around, "Correct the setting `nixscope.server.path`, or remove it to use the one on PATH.");
  }
  if (!os.isAbsolute(wanted) && around.folder === undefined) {
    return missing(`\`nixscope.server.path\` is relative (\`${wanted}\`), and no folder is open. Use an absolute path.`);
  }
  const file = os.resolve(around.folder ?? "", wanted);
  const found = candidates(file, around).find(around.isExecutable);
  return found === undefined
    ? missing(
        `\`nixscope.server.path\` names \`${file}\`, which is not there or cannot be run. ` +
          `Correct the setting, or remove it to use \`${PROGRAM}\` from PATH.`,
      )
    : { found: true, path: found };
}

/** Replaces a leading `~` and the variables `${workspaceFolder}`, `${userHome}` and `${env:NAME}`. */
export function expand(text: string, around: Pick<Surroundings, "env" | "home" | "folder">): string {
  return text
    .replace(/^~(?=$|[/\\])/, () => around.home)
    .replace(/\$\{(workspaceFolder|userHome|env:([^}]*))\}/g, (whole, name: string, variable: string | undefined) => {
      switch (name) {
        case "workspaceFolder":
          return around.folder ?? whole;
        case "userHome":
          return around.home;
        default:
          return around.env[variable ?? ""] ?? "";
      }
    });
}

/** The environment of the server: the editor's own, changed by `nixscope.server.extraEnv`. */
export function mergeEnv(env: Variables, extra: Readonly<Record<string, unknown>>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) {
      result[name] = value;
    }
  }
  for (const [name, value] of Object.entries(extra)) {
    if (value === null) {
      Reflect.deleteProperty(result, name);
    } else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      result[name] = String(value);
    }
  }
  return result;
}

/** Whether a file of this machine is a program. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function search(program: string, around: Surroundings, advice: string): Resolution {
  const os = pathsOf(around);
  const list = around.env.PATH ?? around.env.Path ?? "";
  const directories = list.split(os.delimiter).filter((directory) => directory !== "");
  const found = directories
    .flatMap((directory) => candidates(os.join(directory, program), around))
    .find(around.isExecutable);
  return found === undefined ? missing(`\`${program}\` is not on PATH. ${advice}`) : { found: true, path: found };
}

/** A program is started without a shell, so on Windows only an `.exe` will do. */
function candidates(file: string, around: Surroundings): string[] {
  const complete = around.platform !== "win32" || file.toLowerCase().endsWith(".exe");
  return complete ? [file] : [`${file}.exe`];
}

function missing(message: string): Resolution {
  return { found: false, message: `The nixscope server could not be started: ${message}` };
}

function pathsOf(around: Surroundings): path.PlatformPath {
  return around.platform === "win32" ? path.win32 : path.posix;
}
