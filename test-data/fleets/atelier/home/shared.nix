# For every user on every computer.
{ sharedVariables, ... }:
{
  programs.home-manager.enable = true;
  home.language.base = sharedVariables.locale;
  home.stateVersion = sharedVariables.stateVersion;
}
