{
  imports = [ ../common ];

  home.username = "mara";
  home.homeDirectory = "/home/mara";
}
