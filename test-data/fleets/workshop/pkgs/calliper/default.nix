{
  lib,
  stdenv,
  fetchurl,
}:
stdenv.mkDerivation (finalAttrs: {
  pname = "calliper";
  version = "4.0.1";

  src = fetchurl {
    url = "https://tools.workshop.example/calliper-${finalAttrs.version}.tar.gz";
    hash = "sha256-NIYFMjuJ2Yxa0yHNxEIp0NgI0E5vXsJp9QgpuAc8FfY=";
  };

  strictDeps = true;

  meta = {
    description = "Measures drawings";
    homepage = https://tools.workshop.example/calliper;
    license = lib.licenses.mit;
    mainProgram = "calliper";
  };
})
