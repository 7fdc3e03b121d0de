# Reads every topology file of a directory. A leading underscore keeps a file out.
{ lib, directory }:
let
  isTopology =
    name: type: type == "regular" && lib.hasSuffix ".json" name && !lib.hasPrefix "_" name;

  files = lib.filterAttrs isTopology (builtins.readDir directory);

  hosts = lib.mapAttrs' (
    name: _type:
    lib.nameValuePair (lib.removeSuffix ".json" name) (
      builtins.fromJSON (builtins.readFile (directory + "/${name}"))
    )
  ) files;

  publicKeyOf =
    name:
    let
      file = ../../secrets/public_keys/wireguard/${name}.pub;
    in
    if builtins.pathExists file then lib.trim (builtins.readFile file) else null;
in
{
  inherit hosts publicKeyOf;

  # Where a machine is reached over the tunnel.
  addressOf = name: hosts.${name}.wireguard.address;

  hub = lib.findFirst (host: host.role == "hub") null (lib.attrValues hosts);
}
