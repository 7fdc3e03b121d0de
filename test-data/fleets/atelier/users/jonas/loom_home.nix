{
  imports = [
    ../common
    ../../home/profiles/writer.nix
  ];

  home.username = "jonas";
  home.homeDirectory = "/home/jonas";
}
