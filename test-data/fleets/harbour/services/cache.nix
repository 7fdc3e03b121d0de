# Serves what drydock has built.
{ config, ... }:
{
  secrix.services.nix-serve.secrets.signing-key.encrypted.file = ../secrets/cache-signing-key;

  services.nix-serve = {
    enable = true;
    port = 5000;
    bindAddress = "10.61.0.4";
    secretKeyFile = config.secrix.services.nix-serve.secrets.signing-key.decrypted.path;
  };
}
