{
  lib,
  buildGoModule,
  fetchurl,
}:
buildGoModule rec {
  pname = "gangway";
  version = "0.9.2";

  src = fetchurl {
    url = "https://dist.harbour.example/gangway-${version}.tar.gz";
    hash = "sha256-jBohu7SgX0M6DvecSNn7N52EXovLefHd7ys0hHzy82w=";
  };

  vendorHash = "sha256-KrOV5ZfhslmJtptRpqVYdMCHWTWVoHhr+mFpYz0eHz8=";
  strictDeps = true;
  nativeBuildInputs = [ makeWrapper ];

  meta = {
    description = "Lets people on board, one at a time";
    homepage = "https://dist.harbour.example/gangway";
    license = lib.licenses.mit;
    mainProgram = "gangway";
  };
}
