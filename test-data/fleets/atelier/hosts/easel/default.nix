# easel: the one with the apple.
{ pkgs, sharedVariables, ... }:
{
  imports = [ ./dock.nix ];

  nixpkgs.hostPlatform = "aarch64-darwin";
  networking.hostName = "easel";
  time.timeZone = sharedVariables.timeZone;
  system.stateVersion = 6;
  system.primaryUser = "mara";

  nix.gc.automatic = true;

  users.users.mara.home = "/Users/mara";

  environment.systemPackages = with pkgs; [
    git
    imagemagick
  ];
}
