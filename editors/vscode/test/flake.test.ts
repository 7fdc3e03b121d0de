import assert from "node:assert/strict";
import { test } from "node:test";

import { nearestFlake } from "../src/flake";

test("the nearest flake.nix upwards", () => {
  const files = ["/src/flake.nix", "/src/fleet/flake.nix"];
  const exists = (file: string): boolean => files.includes(file);
  assert.equal(nearestFlake("/src/fleet/hosts/web", exists), "/src/fleet");
  assert.equal(nearestFlake("/src/fleet", exists), "/src/fleet");
  assert.equal(nearestFlake("/src/other", exists), "/src");
  assert.equal(nearestFlake("/elsewhere/x", exists), undefined);
});
