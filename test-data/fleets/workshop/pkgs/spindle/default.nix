{
  lib,
  stdenv,
  fetchurl,
}:
stdenv.mkDerivation (finalAttrs: {
  pname = "spindle";
  version = "1.2.0";

  src = fetchurl {
    url = "https://tools.workshop.example/spindle-${finalAttrs.version}.tar.gz";
    hash = "sha256-Xj7vDmu/WhJ9xiL6jqh/fWvOsxniyrPQZkDU/Dgl8DU=";
  };

  strictDeps = true;
  nativeBuildInputs = [ cmake ];

  meta = {
    description = "Turns drawings into paths for the mill";
    homepage = "https://tools.workshop.example/spindle";
    license = lib.licenses.mit;
    mainProgram = "spindle";
  };
})
