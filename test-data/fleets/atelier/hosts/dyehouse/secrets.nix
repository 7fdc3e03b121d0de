{ config, ... }:
{
  sops = {
    defaultSopsFile = ../../secrets/dyehouse.yaml;
    age.sshKeyPaths = [ "/etc/ssh/ssh_host_ed25519_key" ];

    secrets = {
      "queue/token" = { };
      "recipes/key".owner = "colour";
      "recipes/salt".owner = "colour";
    };

    templates."colour.env".content = ''
      QUEUE_TOKEN=${config.sops.placeholder."queue/token"}
    '';
  };
}
