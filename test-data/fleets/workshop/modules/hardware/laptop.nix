{ lib, ... }:
{
  powerManagement.cpuFreqGovernor = lib.mkDefault "powersave";
  services.upower.enable = true;
  services.logind.settings.Login.HandleLidSwitch = "suspend";
}
