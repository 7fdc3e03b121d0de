# adios-flake: a flake's outputs from modules for each system, and those that have no system as they are.
#
# Source: the readme of Mic92/adios-flake.
{ rest, ... }:
{
  lib.mkFlake =
    {
      flake ? { },
      ...
    }:
    rest "outputs" // flake;
}
