{
  imports = [
    ../common/git.nix
    ../../home/profiles/painter.nix
  ];

  home.username = "mara";
  home.homeDirectory = "/Users/mara";
}
