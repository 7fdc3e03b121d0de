# What kinds of computers there are, and what each kind starts from.
{ lib }:
let
  desktop = profile: import ../hosts/templates/desktop.nix { inherit profile; };
in
{
  workstation = {
    imports = [ (desktop "workstation") ];
    config.features = {
      development.enable = lib.mkDefault true;
      desktop.enable = lib.mkDefault true;
      backup.enable = lib.mkDefault true;
    };
  };

  laptop = {
    imports = [ (desktop "laptop") ];
    config.features = {
      desktop.enable = lib.mkDefault true;
      printing.enable = lib.mkDefault false;
    };
  };

  server = {
    imports = [ ../hosts/templates/server.nix ];
    config.features.backup.enable = lib.mkDefault true;
  };
}
