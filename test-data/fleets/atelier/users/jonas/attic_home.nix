{
  imports = [
    ../common/git.nix
    ../../home/profiles/presenter.nix
  ];

  home.username = "jonas";
  home.homeDirectory = "/home/jonas";
}
