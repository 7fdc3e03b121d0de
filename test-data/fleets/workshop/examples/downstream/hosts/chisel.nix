# chisel: fits into a bag.
{
  formFactor = "laptop";
  hardware.cpu = "intel";

  modules = {
    development = true;
    secrets = true;
    virtualisation = true;
  };

  users = [ "ida" ];

  hardwareConfig = ./chisel/hardware.nix;

  extraConfig =
    { config, nixosConfigurations, ... }:
    {
      age.secrets.vpn.file = ../secrets/vpn.age;

      workshop = {
        boot.splash = true;
        networking.wireless = true;
        virtualisation.engine = "podman";
      };

      networking.networkmanager.ensureProfiles.environmentFiles = [ config.age.secrets.vpn.path ];
      environment.etc."measured-by".text = nixosConfigurations.bandsaw.config.networking.hostName;
    };
}
