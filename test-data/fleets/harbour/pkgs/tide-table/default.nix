{
  lib,
  stdenv,
  fetchurl,
}:
stdenv.mkDerivation (finalAttrs: {
  pname = "tide-table";
  version = "1.4.0";

  src = fetchurl {
    url = "https://dist.harbour.example/tide-table-${finalAttrs.version}.tar.gz";
    hash = "sha256-ShAxur+jyHobWEWw4tsV1flV1qxaYhTdfm0S9xKdxEo=";
  };

  strictDeps = true;

  meta = {
    description = "Prints the tide table of a gauge";
    homepage = "https://dist.harbour.example/tide-table";
    license = lib.licenses.mit;
    mainProgram = "tide-table";
    platforms = lib.platforms.linux;
  };
})
