# What every machine of the harbour has in common.
{
  lib,
  pkgs,
  hostTopology,
  ...
}:
{
  imports = [
    ./users/keeper.nix
    ./users/deploy.nix
  ];

  system.stateVersion = "25.11";
  time.timeZone = "Europe/Lisbon";
  i18n.defaultLocale = "en_GB.UTF-8";

  nix = {
    settings.experimental-features = [
      "nix-command"
      "flakes"
    ];
    gc = {
      automatic = true;
      dates = "weekly";
      options = "--delete-older-than 30d";
    };
  };

  networking = {
    domain = "harbour.example";
    firewall.enable = true;
    useDHCP = lib.mkDefault (!(hostTopology ? lan));
  };

  services.openssh = {
    enable = true;
    ports = [ 1822 ];
    settings = {
      PasswordAuthentication = false;
      PermitRootLogin = "no";
    };
  };

  harbour.tides.enable = lib.mkDefault true;

  environment.systemPackages = with pkgs; [
    curl
    git
    htop
    jq
    tmux
  ];
}
