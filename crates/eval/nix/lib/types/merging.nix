# Checking and merging in one step: what a type's `merge.v2` is made of.
lib:
let
  inherit (builtins) all filter;
  inherit (lib.options) showDefs showOption;
in
rec {
  # A check that goes with a `merge.v2`; `type // { check = …; }` takes the mark away.
  coherent = check: {
    __functor = _: check;
    isV2MergeCoherent = true;
  };

  # A merge function that takes its arguments in either way.
  merging = v2: {
    __functor =
      self: loc: defs:
      (self.v2 { inherit loc defs; }).value;
    inherit v2;
  };

  # What is wrong with the definitions, at their top level; null if nothing is.
  headError =
    check: defs:
    if all (def: check def.value) defs then
      null
    else
      { message = "Definition values: ${showDefs (filter (def: !(check def.value)) defs)}"; };

  # The result of a type whose check was not replaced behind its back.
  coherently =
    loc: type: result:
    if type.check.isV2MergeCoherent or false then
      result
    else
      throw ''
        The option `${showOption loc}' has a type `${type.description}' that uses
        an ad-hoc `type // { check = ...; }' override, which is incompatible with
        the v2 merge mechanism.

        Please use `lib.types.addCheck` instead of `type // { check }': it adds
        the check to what the type already checks.
      '';

  # Checks and merges, whichever way the type does it.
  checkAndMerge =
    type:
    { loc, defs }:
    if type.merge ? v2 then
      coherently loc type (type.merge.v2 { inherit loc defs; })
    else
      {
        headError = headError type.check defs;
        value = type.merge loc defs;
        valueMeta = { };
      };
}
