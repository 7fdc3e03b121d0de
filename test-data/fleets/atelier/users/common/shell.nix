{ pkgs, ... }:
let
  greeting = pkgs.writeShellScript "greeting" ''
    echo "The kettle is on."
  '';

  # Read back, so that it can be put into a file of our own.
  greetingText = builtins.readFile greeting;

  # Only called: nothing is built for that at evaluation.
  palette = pkgs.writeShellScript "palette" ''
    exec ${pkgs.imagemagick}/bin/magick "$1" -unique-colors txt:-
  '';
in
{
  home.file.".local/bin/greeting" = {
    executable = true;
    text = greetingText;
  };

  programs.fish = {
    enable = true;
    shellAliases.palette = "${palette}";
  };
}
