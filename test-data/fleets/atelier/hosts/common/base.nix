{
  lib,
  pkgs,
  host,
  hostUsers,
  sharedVariables,
  ...
}:
{
  networking = {
    hostName = host;
    domain = sharedVariables.domain;
    firewall.enable = true;
  };

  time.timeZone = sharedVariables.timeZone;
  i18n.defaultLocale = sharedVariables.locale;
  system.stateVersion = sharedVariables.stateVersion;

  nix = {
    settings.experimental-features = [
      "nix-command"
      "flakes"
    ];
    gc = {
      automatic = true;
      dates = lib.mkDefault "weekly";
    };
  };

  services.openssh = {
    enable = true;
    settings.PasswordAuthentication = false;
  };

  users.users = lib.genAttrs hostUsers (name: {
    isNormalUser = true;
    description = sharedVariables.people.${name}.fullName;
    extraGroups = [ "wheel" ];
    openssh.authorizedKeys.keys = [ (builtins.readFile ../../secrets/${name}.pub) ];
  });

  environment.systemPackages = with pkgs; [
    git
    ripgrep
    wget
  ];
}
