{
  lib,
  rustPlatform,
  fetchurl,
}:
rustPlatform.buildRustPackage (finalAttrs: {
  pname = "swatch";
  version = "2.1.0";

  src = fetchurl {
    url = "https://code.atelier.example/swatch/swatch-${finalAttrs.version}.tar.gz";
    hash = "sha256-YSbaq8ezul2bWIetIh2Em07mmSVCUYx8ps1aCzCDMd8=";
  };

  cargoHash = "sha256-YC7ZQmwwJRzTuFcZ5IihBMlnSLaiHPCQhtWVazrNgzs=";
  strictDeps = true;

  meta = {
    description = "Mixes colours and renders them";
    homepage = "https://code.atelier.example/swatch";
    license = lib.licenses.mit;
    mainProgram = "swatch";
  };
})
