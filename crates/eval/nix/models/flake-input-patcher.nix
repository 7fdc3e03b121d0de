# flake-input-patcher: a flake's inputs with patches. What they give is what they gave before, as far as models know it.
#
# Source: https://github.com/jfly/flake-input-patcher, README.
{ lib, rest, ... }:
{
  lib =
    lib.genAttrs
      [
        "aarch64-darwin"
        "aarch64-linux"
        "x86_64-darwin"
        "x86_64-linux"
      ]
      (_: {
        patch = { unpatchedInputs, ... }: unpatchedInputs;
        fetchpatch = rest "fetchpatch";
      });
}
