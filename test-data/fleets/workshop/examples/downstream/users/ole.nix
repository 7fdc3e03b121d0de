{
  workshop.users.ole = {
    fullName = "Ole Nygard";
    keys = [ (builtins.readFile ../secrets/ole.pub) ];
  };

  environment.etc."registry-token".text = builtins.readFile ../secrets/registry-token;
}
