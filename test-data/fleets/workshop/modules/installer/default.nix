{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.workshop.installer;

  install = pkgs.writeShellApplication {
    name = "workshop-install";
    text = ''
      # The host is an argument, so there is nothing to look up in here:
      # nixos-install --flake .#nixosConfigurations.example.config
      nixos-install --flake "$1#$2"
    '';
  };
in
{
  options.workshop.installer.enable = lib.mkEnableOption "the installer";

  config = lib.mkIf cfg.enable {
    environment.systemPackages = [ install ];

    users.users.installer = {
      isNormalUser = true;
      extraGroups = [ "wheel" ];
      password = "not-a-real-password";
    };
  };
}
