# The options that every evaluation of modules has: its own settings. `isInside` says whether it is the value of an option.
lib: isInside:
let
  inherit (lib) types;
  inherit (lib.options) mkOption;
in
{
  _module = {
    args = mkOption {
      type = types.lazyAttrsOf types.raw;
      # Documented once, not again for each submodule.
      ${if isInside then "internal" else null} = true;
      description = "Further arguments that every module gets, beside those that the evaluation is given.";
    };
    check = mkOption {
      type = types.bool;
      internal = true;
      default = true;
      description = "Whether a definition of an option that no module declares is an error.";
    };
    freeformType = mkOption {
      type = types.nullOr types.optionType;
      internal = true;
      default = null;
      description = "The type of all definitions together that have no option of their own.";
    };
    specialArgs = mkOption {
      type = types.raw;
      readOnly = true;
      internal = true;
      description = "The arguments that modules may use in `imports`.";
    };
  };
}
