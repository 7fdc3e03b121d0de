{
  powerManagement.cpuFreqGovernor = "performance";
  services.hardware.openrgb.enable = true;
}
