/**
 * From the editor's settings to the server's configuration.
 *
 * Which settings are the server's is read from package.json: those between the two `$generated` markers, which
 * `cargo xtask codegen` writes. A new configuration key of the server needs no change here.
 */

/** The server's configuration, in the shape of `initializationOptions`. */
export type ServerSettings = Record<string, unknown>;

/** What this file needs of package.json. */
export interface Manifest {
  contributes: { configuration: readonly { title: string; properties?: Record<string, unknown> }[] };
}

/** What this file needs of VS Code's `WorkspaceConfiguration`, opened at `nixscope`. */
export interface Settings {
  get(key: string): unknown;
  inspect(
    key: string,
  ): { globalValue?: unknown; workspaceValue?: unknown; workspaceFolderValue?: unknown } | undefined;
}

export const SECTION = "nixscope";
const GENERATED_START = "$generated-start";
const GENERATED_END = "$generated-end";

/** The names of the server's settings, without the leading `nixscope.`. */
export function serverKeys(manifest: Manifest): string[] {
  const categories = manifest.contributes.configuration;
  const start = categories.findIndex(({ title }) => title === GENERATED_START);
  const end = categories.findIndex(({ title }) => title === GENERATED_END);
  if (start < 0 || end < start) {
    throw new Error(`package.json: the markers ${GENERATED_START} and ${GENERATED_END} are missing`);
  }
  return categories
    .slice(start, end)
    .flatMap(({ properties }) => Object.keys(properties ?? {}))
    .map((name) => name.slice(SECTION.length + 1));
}

/**
 * The server's settings that somebody has set, as a nested object.
 *
 * A default is left out: the server has the same defaults, and a default that is sent would hide what
 * `nixscope.toml` says.
 */
export function serverSettings(
  keys: readonly string[],
  settings: Settings,
  expand: (text: string) => string,
): ServerSettings {
  const result: ServerSettings = {};
  for (const key of keys) {
    const places = settings.inspect(key);
    const isSet =
      places?.globalValue !== undefined ||
      places?.workspaceValue !== undefined ||
      places?.workspaceFolderValue !== undefined;
    // `get`, not the values of `inspect`: it merges objects, and honours what an untrusted workspace may not set.
    const value = isSet ? settings.get(key) : undefined;
    if (value !== undefined && value !== null) {
      setPath(result, key.split("."), expandStrings(value, expand));
    }
  }
  return result;
}

/** The answer to one item of a `workspace/configuration` request; `undefined` where the section is not ours. */
export function sectionOf(settings: ServerSettings, section: string): unknown {
  const [first, ...rest] = section.split(".");
  if (first !== SECTION) {
    return undefined;
  }
  let value: unknown = settings;
  for (const name of rest) {
    value = isObject(value) ? value[name] : undefined;
  }
  // The protocol has null, not nothing, for a section that is not set.
  return value ?? null;
}

function setPath(target: ServerSettings, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path;
  if (name === undefined) {
    return;
  }
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = target[name];
  const next: ServerSettings = isObject(inner) ? inner : {};
  target[name] = next;
  setPath(next, rest, value);
}

function expandStrings(value: unknown, expand: (text: string) => string): unknown {
  if (typeof value === "string") {
    return expand(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => expandStrings(item, expand));
  }
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, expandStrings(item, expand)]));
  }
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
