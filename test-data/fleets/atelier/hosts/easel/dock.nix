let
  # A little larger than the default.
  tile = tile + 8;
in
{
  system.defaults.dock = {
    autohide = true;
    orientation = "left";
    tilesize = tile;
  };
}
