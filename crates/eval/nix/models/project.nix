# What a repository without a flake gives: the value of its `default.nix`, called without arguments. One that wants arguments
# is something else: a module, or a package.
{ isKnown, ... }:
value:
if !(isKnown value) then
  value
else if builtins.isFunction value then
  let
    arguments = builtins.functionArgs value;
  in
  if arguments != { } && builtins.all (name: arguments.${name}) (builtins.attrNames arguments) then value { } else { }
else if builtins.isAttrs value then
  value
else
  { }
