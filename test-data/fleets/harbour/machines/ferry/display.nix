{ lib, pkgs, ... }:
let
  timetable = https://timetable.harbour.example/board;
in
{
  services.cage = {
    enable = true;
    user = "kiosk";
    program = "${lib.getExe pkgs.firefox} --kiosk ${timetable}";
  };

  users.users.kiosk.isNormalUser = true;
}
