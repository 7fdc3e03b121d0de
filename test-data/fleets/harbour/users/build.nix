{
  users.users.build = {
    isSystemUser = true;
    group = "build";
    description = "Builds for the other machines";
  };
  users.groups.build = { };

  nix.settings.trusted-users = [ "build" ];
}
