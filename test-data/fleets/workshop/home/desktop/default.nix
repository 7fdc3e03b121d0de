{ lib, ... }:
{
  programs.foot = {
    enable = true;
    settings.main.font = lib.mkDefault "monospace:size=11";
  };
}
