import assert from "node:assert/strict";
import { test } from "node:test";

import { nearestFlake } from "../src/flake";

test("the nearest flake.nix upwards", () => {
  const files = ["/work/flake.nix", "/work/fleet/flake.nix"];
  const exists = (file: string): boolean => files.includes(file);
  assert.equal(nearestFlake("/work/fleet/hosts/web", exists), "/work/fleet");
  assert.equal(nearestFlake("/work/fleet", exists), "/work/fleet");
  assert.equal(nearestFlake("/work/other", exists), "/work");
  assert.equal(nearestFlake("/elsewhere/x", exists), undefined);
});
