{
  users.users.deploy = {
    isNormalUser = true;
    description = "Pushes new generations";
    extraGroups = [ "wheel" ];
    openssh.authorizedKeys.keys = [
      (builtins.readFile ../secrets/public_keys/deploy.pub)
    ];
  };

  nix.settings.trusted-users = [ "deploy" ];
}
