{ pkgs, ... }:
{
  users.users.keeper = rec {
    isNormalUser = true;
    description = "Keeper of the harbour";
    extraGroups = [
      "wheel"
      "systemd-journal"
    ];
    shell = pkgs.bashInteractive;
    openssh.authorizedKeys.keyFiles = [ ../secrets/public_keys/keeper.pub ];
  };
}
