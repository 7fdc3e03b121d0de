# The borrowed computer in the other studio.
{
  imports = [
    ../common
    ../../home/profiles/painter.nix
  ];

  home.username = "mara";
  home.homeDirectory = "/home/mara";
}
