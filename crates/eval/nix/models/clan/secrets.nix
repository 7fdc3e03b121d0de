# The secrets that clan-core declares for a machine: what `clan secrets` and `clan vars` keep in the repository.
#
# Source: clan-core, `nixosModules/clanCore/sops.nix` and `nixosModules/clanCore/vars/secret/sops`. The second lists
# what the machine's generators are to make, and takes what is there; a generator may come from a service whose source
# is not known, so here it is what is there, for this machine, that counts.
{ lib, directory }:
machine:
let
  inherit (builtins) pathExists readDir;

  entriesOf = kind: path: if pathExists path then lib.filterAttrs (_: kind) (readDir path) else { };
  directories = entriesOf (kind: kind == "directory");
  entries = entriesOf (_: true);
  namesOf = path: builtins.attrNames (directories path);

  groups = builtins.filter (group: entries "${directory}/sops/groups/${group}/machines" ? ${machine}) (
    namesOf "${directory}/sops/groups"
  );

  # A secret lists who may read it as links to machines and groups.
  isFor =
    path:
    let
      readers = entries "${path}/groups";
    in
    entries "${path}/machines" ? ${machine} || lib.any (group: readers ? ${group}) groups;

  encrypted = path: {
    sopsFile = "${path}/secret";
    format = "binary";
  };

  kept =
    let
      secrets = "${directory}/sops/secrets";
    in
    map (name: lib.nameValuePair name (encrypted "${secrets}/${name}")) (
      builtins.filter (name: isFor "${secrets}/${name}") (namesOf secrets)
    );

  generated =
    owner:
    lib.concatMap (
      generator:
      lib.concatMap (
        file:
        let
          path = "${directory}/vars/${owner}/${generator}/${file}";
        in
        lib.optional (pathExists "${path}/secret" && isFor path) (
          lib.nameValuePair "vars/${owner}/${generator}/${file}" (encrypted path)
        )
      ) (namesOf "${directory}/vars/${owner}/${generator}")
    ) (namesOf "${directory}/vars/${owner}");
in
{
  sops.secrets = lib.listToAttrs (
    kept ++ generated "per-machine/${machine}" ++ generated "shared"
  );
}
