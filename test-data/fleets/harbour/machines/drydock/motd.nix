# A banner for whoever logs in.
{ hostname, pkgs, ... }:
let
  banner = pkgs.runCommand "banner" { nativeBuildInputs = [ pkgs.figlet ]; } ''
    figlet ${hostname} > $out
  '';

  text = builtins.readFile banner;
in
{
  users.motd = ''
    ${text}
    Mind the hammers.
  '';
}
