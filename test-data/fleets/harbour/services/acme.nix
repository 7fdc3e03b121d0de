# One certificate for the whole domain.
{
  config,
  lib,
  domain,
  ...
}:
{
  secrix.system.secrets.dns-token.encrypted.file = ../secrets/dns-token;

  security.acme = {
    acceptTerms = true;
    defaults.email = "office@${domain}";
    certs.${domain} = {
      domain = "*.${domain}";
      extraDomainNames = [ domain ];
      dnsProvider = "rfc2136";
      environmentFile = config.secrix.system.secrets.dns-token.decrypted.path;
    };
  };

  users.users.nginx.extraGroups = lib.mkIf config.services.nginx.enable [ "acme" ];
}
