{
  imports = [
    ../common
    ../../home/profiles/painter.nix
    ../../home/profiles/writer.nix
  ];

  home.username = "mara";
  home.homeDirectory = "/home/mara";
}
