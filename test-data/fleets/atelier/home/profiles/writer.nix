{ pkgs, ... }:
{
  imports = [ ./base.nix ];

  home.packages = [ pkgs.helix ];
  programs.helix = {
    enable = true;
    settings.editor.soft-wrap.enable = true;
  };
}
