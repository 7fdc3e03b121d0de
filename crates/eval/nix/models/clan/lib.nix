# The functions of clan-core that services and machines call.
{ lib, rest }:
let
  scopeKey =
    {
      serviceName ? "",
      instanceName ? "",
      roleName ? "",
      machineName ? "",
    }:
    lib.concatStringsSep ":" [
      serviceName
      instanceName
      roleName
      machineName
    ];

  parseScope =
    scope:
    let
      parts = lib.splitString ":" scope;
    in
    {
      serviceName = lib.elemAt parts 0;
      instanceName = lib.elemAt parts 1;
      roleName = lib.elemAt parts 2;
      machineName = lib.elemAt parts 3;
    };
in
rest "lib"
// {
  buildScopeKey = scopeKey;
  inherit parseScope;
  selectExports = wanted: lib.filterAttrs (scope: _: wanted (parseScope scope));
  getExport = scope: exports: exports.${scopeKey scope};

  # The public part of a generated value, which is a file of the repository.
  getPublicValue =
    {
      flake,
      generator,
      file,
      machine ? null,
      default ? throw "there is no public value ${generator}/${file}",
      ...
    }:
    let
      owner = if machine == null then "shared" else "per-machine/${machine}";
      path = "${toString flake}/vars/${owner}/${generator}/${file}/value";
    in
    if builtins.pathExists path then builtins.readFile path else default;
}
