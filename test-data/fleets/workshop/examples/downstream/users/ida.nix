{
  workshop.users.ida = {
    fullName = "Ida Solberg";
    keys = [ (builtins.readFile ../secrets/ida.pub) ];
    maker = true;
  };
}
