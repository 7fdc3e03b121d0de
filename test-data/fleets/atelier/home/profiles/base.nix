{ pkgs, ... }:
{
  home.packages = with pkgs; [
    fd
    jq
  ];

  xdg.enable = true;
}
