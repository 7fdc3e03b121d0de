final: _prev: {
  studio-grotesk = final.stdenvNoCC.mkDerivation (finalAttrs: {
    pname = "studio-grotesk";
    version = "3.2";

    src = final.fetchurl {
      url = "https://type.atelier.example/grotesk-${finalAttrs.version}.tar.gz";
      hash = "sha256-4NLggMnfI0mYMYJ5CEyQfEP8p55Qq9HvFILZMEfZ+2o=";
    };

    meta = {
      description = "The studio's own typeface";
      homepage = https://type.atelier.example/grotesk;
      license = final.lib.licenses.ofl;
    };
  });
}
