# The pennant: the colour a machine flies, on its console and on the status page.
{ config, lib, ... }:
let
  cfg = config.harbour.pennant;
in
{
  options.harbour.pennant = {
    enable = lib.mkEnableOption "the pennant on the console";

    colour = lib.mkOption {
      type = lib.types.enum [
        "blue"
        "green"
        "red"
        "yellow"
      ];
      default = "blue";
      description = "Colour of the pennant. Yellow is for machines that measure something.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.getty.helpLine = "This machine flies a ${cfg.colour} pennant.";
  };
}
