{ config, sharedVariables, ... }:
let
  person = sharedVariables.people.${config.home.username};
in
{
  programs.git = {
    enable = true;
    settings = {
      init.defaultBranch = "main";
      user = {
        name = person.fullName;
        email = person.mail;
      };
    };
  };
}
