# What the source of a package consists of, for `meta.sourceProvenance`.
lib:
builtins.mapAttrs
  (shortName: isSource: {
    inherit shortName isSource;
  })
  {
    fromSource = true;
    binaryBytecode = false;
    binaryFirmware = false;
    binaryNativeCode = false;
    obfuscatedCode = false;
  }
