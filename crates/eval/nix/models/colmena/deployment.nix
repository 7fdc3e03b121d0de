# The options that deploy tools add to each machine, those that configurations read.
name:
{ lib, ... }:
let
  inherit (lib) mkOption types;
  option = type: default: description: mkOption { inherit type default description; };
  text = types.nullOr types.str;
in
{
  options.deployment = {
    targetHost = option text name "The host to connect to; `null` where it is not deployed over SSH.";
    targetPort = option (types.nullOr types.int) null "The port to connect to.";
    targetUser = option text "root" "The user to log in as.";
    tags = option (types.listOf types.str) [ ] "Names of groups that the machine is in.";
    allowLocalDeployment = option types.bool false "Whether it may be deployed from itself.";
    buildOnTarget = option types.bool false "Whether it is built on the machine itself.";
    replaceUnknownProfiles = option types.bool true "Whether a profile that is not known is replaced.";
    keys = option (types.attrsOf types.raw) { } "Secrets that are sent to the machine.";
    secrets = option (types.attrsOf types.raw) { } "Secrets that are sent to the machine.";
  };
}
