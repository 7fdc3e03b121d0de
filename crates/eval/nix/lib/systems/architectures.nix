# What processors can do: the instructions they have, and whose programs they
# run.
lib:
let
  inherit (builtins) elem mapAttrs;

  v2 = [
    "sse3"
    "ssse3"
    "sse4_1"
    "sse4_2"
  ];
  v3 = v2 ++ [
    "avx"
    "avx2"
    "fma"
  ];
  v4 = v3 ++ [ "avx512" ];
  bulldozer =
    v2
    ++ [
      "sse4a"
      "aes"
      "avx"
      "fma"
      "fma4"
    ];
  zen = v3 ++ [
    "sse4a"
    "aes"
  ];
  aes = [ "aes" ];

  # The next lower processor or level of each; its programs run too, and those
  # of what is below it.
  below = {
    x86-64 = [ ];
    x86-64-v2 = [ "x86-64" ];
    x86-64-v3 = [ "x86-64-v2" ];
    x86-64-v4 = [ "x86-64-v3" ];
    nehalem = [ "x86-64-v2" ];
    westmere = [ "nehalem" ];
    sandybridge = [ "westmere" ];
    ivybridge = [ "sandybridge" ];
    haswell = [
      "ivybridge"
      "x86-64-v3"
    ];
    broadwell = [ "haswell" ];
    skylake = [ "broadwell" ];
    skylake-avx512 = [
      "skylake"
      "x86-64-v4"
    ];
    cannonlake = [ "skylake-avx512" ];
    icelake-client = [ "cannonlake" ];
    icelake-server = [ "icelake-client" ];
    cascadelake = [ "cannonlake" ];
    cooperlake = [ "cascadelake" ];
    tigerlake = [ "icelake-server" ];
    sapphirerapids = [ "tigerlake" ];
    emeraldrapids = [ "sapphirerapids" ];
    rocketlake = [ "x86-64-v4" ];
    alderlake = [ "skylake" ];
    sierraforest = [ "alderlake" ];
    btver1 = [ "x86-64" ];
    btver2 = [ "x86-64-v2" ];
    bdver1 = [ "x86-64-v2" ];
    bdver2 = [ "x86-64-v2" ];
    bdver3 = [ "x86-64-v2" ];
    bdver4 = [ "x86-64-v3" ];
    znver1 = [ "skylake" ];
    znver2 = [ "znver1" ];
    znver3 = [ "znver2" ];
    znver4 = [
      "znver3"
      "x86-64-v4"
    ];
    znver5 = [ "znver4" ];
    armv8-a = [ ];
    "armv8.1-a" = [ "armv8-a" ];
    "armv8.2-a" = [ "armv8.1-a" ];
    "armv8.3-a" = [ "armv8.2-a" ];
    "armv8.4-a" = [ "armv8.3-a" ];
    "armv8.5-a" = [ "armv8.4-a" ];
    "armv8.6-a" = [ "armv8.5-a" ];
    armv9-a = [ "armv8.5-a" ];
    cortex-a53 = [ "armv8-a" ];
    cortex-a72 = [ "armv8-a" ];
    cortex-a55 = [
      "armv8.2-a"
      "cortex-a53"
      "cortex-a72"
    ];
    cortex-a76 = [
      "armv8.2-a"
      "cortex-a53"
      "cortex-a72"
    ];
    loongarch64 = [ ];
    "la64v1.0" = [ "loongarch64" ];
    "la64v1.1" = [ "la64v1.0" ];
    la464 = [ "la64v1.0" ];
    la664 = [
      "la464"
      "la64v1.1"
    ];
  };

  closure = names: lib.lists.unique (names ++ builtins.concatMap (n: closure below.${n}) names);
in
rec {
  /** The instructions of processors and levels. */
  features = {
    default = [ ];
    x86-64 = [ ];
    x86-64-v2 = v2;
    x86-64-v3 = v3;
    x86-64-v4 = v4;
    nehalem = v2;
    westmere = v2;
    silvermont = v2;
    sandybridge = v2 ++ [ "avx" ];
    ivybridge = v2 ++ [ "avx" ];
    haswell = v3;
    broadwell = v3;
    skylake = v3 ++ aes;
    skylake-avx512 = v4 ++ aes;
    cannonlake = v4 ++ aes;
    icelake-client = v4 ++ aes;
    icelake-server = v4 ++ aes;
    rocketlake = v4 ++ aes;
    cascadelake = v4 ++ aes;
    cooperlake = v4 ++ aes;
    tigerlake = v4 ++ aes;
    alderlake = v3 ++ aes;
    sapphirerapids = v4 ++ aes;
    emeraldrapids = v4 ++ aes;
    sierraforest = v3 ++ aes;
    btver1 = v2;
    btver2 = v2 ++ aes ++ [ "avx" ];
    bdver1 = bulldozer;
    bdver2 = bulldozer;
    bdver3 = bulldozer;
    bdver4 = bulldozer ++ [ "avx2" ];
    znver1 = zen;
    znver2 = zen;
    znver3 = zen;
    znver4 = zen ++ [ "avx512" ];
    znver5 = zen ++ [ "avx512" ];
    loongarch64 = [ "fpu64" ];
    "la64v1.0" = [
      "fpu64"
      "lsx"
    ];
    la464 = [
      "fpu64"
      "lsx"
      "lasx"
    ];
  };

  /** All lower processors and levels of each. */
  inferiors = mapAttrs (_: closure) below // {
    default = [ ];
  };

  /**
    True if the first processor runs the programs of the second.

    # Type
    ```
    canExecute :: String -> String -> Bool
    ```

    # Example
    ```nix
    lib.systems.architectures.canExecute "znver3" "x86-64-v3"
    => true
    ```
  */
  canExecute = machine: program: machine == program || elem program (inferiors.${machine} or [ ]);

  /** Questions about the instructions of a processor. */
  predicates =
    mapAttrs (_: feature: arch: elem feature (features.${arch} or [ ]))
      {
        aesSupport = "aes";
        avx2Support = "avx2";
        avx512Support = "avx512";
        avxSupport = "avx";
        fma4Support = "fma4";
        fmaSupport = "fma";
        lasxSupport = "lasx";
        lsxSupport = "lsx";
        sse3Support = "sse3";
        sse4_1Support = "sse4_1";
        sse4_2Support = "sse4_2";
        sse4_aSupport = "sse4a";
        ssse3Support = "ssse3";
      };
}
