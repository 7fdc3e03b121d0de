{
  lib,
  stdenv,
  fetchurl,
}:
stdenv.mkDerivation (finalAttrs: {
  pname = "hem";
  version = "0.3.1";

  src = fetchurl {
    url = "https://code.atelier.example/hem/hem-${finalAttrs.version}.tar.gz";
    hash = "sha256-zsftp1wfdU0hNGTEzQxAwHlXuhNyuJRXZvI5i+1UVHM=";
  };

  strictDeps = true;
  nativeBuildInputs = [ installShellFiles ];

  meta = {
    description = "Cuts pictures to the size of the paper";
    homepage = "https://code.atelier.example/hem";
    license = lib.licenses.mit;
    mainProgram = "hem";
  };
})
