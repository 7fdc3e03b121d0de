/** Which flake a file belongs to. */

import * as path from "node:path";

/** The nearest directory with a `flake.nix`, from `directory` upwards. */
export function nearestFlake(directory: string, exists: (file: string) => boolean): string | undefined {
  for (let current = directory; ; ) {
    if (exists(path.join(current, "flake.nix"))) {
      return current;
    }
    const parent = path.dirname(current);
    if (parent === current) {
      return undefined;
    }
    current = parent;
  }
}
