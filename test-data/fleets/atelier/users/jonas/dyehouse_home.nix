{
  imports = [ ../common/git.nix ];

  home.username = "jonas";
  home.homeDirectory = "/home/jonas";
}
