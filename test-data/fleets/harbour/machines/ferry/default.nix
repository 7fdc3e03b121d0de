# ferry: the timetable in the waiting room.
let
  parts = [
    "display"
    "wireless"
  ];
in
{
  imports = map (part: ./. + "/${part}.nix") parts;

  harbour.tides.window = "Mon 04:00";
}
