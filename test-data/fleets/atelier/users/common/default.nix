{
  imports = [
    ./git.nix
    ./shell.nix
  ];
}
