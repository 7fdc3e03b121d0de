# Every machine knows the host key of every other one.
{ lib, self, ... }:
let
  hostNames = lib.mapAttrs (name: cfg: cfg.config.networking.hostName) self.nixosConfigurations;

  withKey = lib.filterAttrs (
    _name: machine: (machine.config.secrix.hostPubKey or null) != null
  ) self.nixosConfigurations;
in
{
  programs.ssh.knownHosts = lib.mapAttrs (name: machine: {
    hostNames = [
      hostNames.${name}
      "${hostNames.${name}}.harbour.example"
    ];
    publicKey = machine.config.secrix.hostPubKey;
  }) withKey;
}
