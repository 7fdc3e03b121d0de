{ pkgs, ... }:
{
  home.packages = with pkgs; [
    fd
    ripgrep
  ];

  programs.fish.enable = true;
}
