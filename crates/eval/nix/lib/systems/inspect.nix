# Questions about a parsed platform. A pattern is a set that must be contained
# in it, or a list of sets of which one must be.
lib:
let
  inherit (builtins)
    any
    attrValues
    concatMap
    filter
    intersectAttrs
    isList
    mapAttrs
    toJSON
    ;

  inherit (lib.attrsets) matchAttrs;
  inherit (lib.lists) toList;

  inherit (lib.systems.parse)
    abis
    cpuTypes
    execFormats
    kernelFamilies
    kernels
    significantBytes
    ;

  family = family: { cpu = { inherit family; }; };
  bits = bits: { cpu = { inherit bits; }; };
  familyBits = family: bits: { cpu = { inherit family bits; }; };
  armVersion = version: {
    cpu = {
      family = "arm";
      inherit version;
    };
  };
  byKernel = name: { kernel = kernels.${name}; };
  byKernelFamily = name: {
    kernel.families.${name} = kernelFamilies.${name};
  };
  byFormat = name: { kernel.execFormat = execFormats.${name}; };
  byAbi = name: { abi = abis.${name}; };
  abiKind = abi: { abi = { inherit abi; }; };
in
rec {
  /** The patterns behind the predicates. */
  patterns = rec {
    is32bit = bits 32;
    is64bit = bits 64;
    isAarch = family "arm";
    isAarch32 = familyBits "arm" 32;
    isAarch64 = familyBits "arm" 64;
    isAbiElfv1 = abiKind "elfv1";
    isAbiElfv2 = [
      (abiKind "elfv2")
      (familyBits "power" 64 // { abi.name = "musl"; })
    ];
    isAlpha = family "alpha";
    isAndroid = map byAbi [
      "android"
      "androideabi"
    ];
    isArc = family "arc";
    isArmv7 = map (cpu: { cpu = { inherit (cpu) arch; }; }) (
      filter (cpu: lib.strings.hasPrefix "armv7" (cpu.arch or "")) (attrValues cpuTypes)
    );
    isAvr = family "avr";
    isBSD = byKernelFamily "bsd";
    isBigEndian.cpu.significantByte = significantBytes.bigEndian;
    isCygwin = byKernel "cygwin";
    isDarwin = byKernelFamily "darwin";
    isEabi.abi.eabi = true;
    isEfi = map armVersion [
      "6"
      "7"
      "8"
    ]
    ++ map family [
      "loongarch"
      "riscv"
      "x86"
    ];
    isElf = byFormat "elf";
    isFreeBSD.kernel.name = "freebsd";
    isGenode = byKernel "genode";
    isGhcjs = byKernel "ghcjs";
    isGnu = map byAbi [
      "gnu"
      "gnuabi64"
      "gnuabielfv1"
      "gnuabielfv2"
      "gnuabin32"
      "gnueabi"
      "gnueabihf"
    ];
    isILP32 = [
      (familyBits "wasm" 32)
    ]
    ++ map abiKind [
      "ilp32"
      "n32"
      "x32"
    ];
    isJavaScript.cpu = cpuTypes.javascript;
    isLinux = byKernel "linux";
    isLittleEndian.cpu.significantByte = significantBytes.littleEndian;
    isLoongArch64 = familyBits "loongarch" 64;
    isM68k = family "m68k";
    isMacOS = byKernel "macos";
    isMacho = byFormat "macho";
    isMicroBlaze = family "microblaze";
    isMinGW = byKernel "windows" // byAbi "gnu";
    isMips = family "mips";
    isMips32 = familyBits "mips" 32;
    isMips64 = familyBits "mips" 64;
    isMips64n32 = familyBits "mips" 64 // abiKind "n32";
    isMips64n64 = familyBits "mips" 64 // abiKind "64";
    isMmix = family "mmix";
    isMsp430 = family "msp430";
    isMsvc = byKernel "windows" // byAbi "msvc";
    isMusl = map byAbi [
      "musl"
      "muslabi64"
      "muslabin32"
      "musleabi"
      "musleabihf"
    ];
    isNetBSD = byKernel "netbsd";
    isNone = byKernel "none";
    isOpenBSD = byKernel "openbsd";
    isOr1k = family "or1k";
    isPE = byFormat "pe";
    isPower = family "power";
    isPower64 = familyBits "power" 64;
    isRedox = byKernel "redox";
    isRiscV = family "riscv";
    isRiscV32 = familyBits "riscv" 32;
    isRiscV64 = familyBits "riscv" 64;
    isRx = family "rx";
    isS390 = family "s390";
    isS390x = familyBits "s390" 64;
    isSh4 = family "sh";
    isSparc = family "sparc";
    isSparc64 = familyBits "sparc" 64;
    isSunOS = byKernel "solaris";
    isUClibc = map byAbi [
      "uclibc"
      "uclibceabi"
      "uclibceabihf"
    ];
    isUefi = [ (byKernel "uefi") ];
    isUnix = [
      isBSD
      isCygwin
      isDarwin
      isLinux
      isRedox
      isSunOS
    ];
    isVc4 = family "vc4";
    isWasi = byKernel "wasi";
    isWasm = family "wasm";
    isWindows = byKernel "windows";
    isi686.cpu = cpuTypes.i686;
    isiOS = byKernel "ios";
    isx86 = family "x86";
    isx86_32 = familyBits "x86" 32;
    isx86_64 = familyBits "x86" 64;
  };

  /**
    True if a platform is contained in a pattern, or in one of several.

    # Type
    ```
    matchAnyAttrs :: (AttrSet | [AttrSet]) -> AttrSet -> Bool
    ```

    # Example
    ```nix
    lib.systems.inspect.matchAnyAttrs [ { a = 1; } { a = 2; } ] { a = 2; b = 3; }
    => true
    ```
  */
  matchAnyAttrs =
    given: if isList given then set: any (pattern: matchAttrs pattern set) given else matchAttrs given;

  /**
    The pattern that asks for both of two patterns.

    # Type
    ```
    patternLogicalAnd :: (AttrSet | [AttrSet]) -> (AttrSet | [AttrSet]) -> [AttrSet]
    ```

    # Example
    ```nix
    lib.systems.inspect.patternLogicalAnd { a = { }; } { b = { }; }
    => [ { a = { }; b = { }; } ]
    ```
  */
  patternLogicalAnd =
    left: right:
    let
      # A part that both patterns name is taken from the right one, and that
      # is right only if they agree on it or have nothing in common in it.
      agreed =
        path: a: b:
        a == b
        || intersectAttrs a b == { }
        || throw "pattern conflict at path ${toString path}:\n  ${toJSON a}\n  ${toJSON b}";
      both = lib.attrsets.recursiveUpdateUntil agreed;
    in
    concatMap (a: map (both a) (toList right)) (toList left);

  /** The questions: functions from a parsed platform to a boolean. */
  predicates = mapAttrs (_: matchAnyAttrs) patterns;

  /** Patterns for elaborated platforms. */
  platformPatterns = {
    isStatic = {
      parsed = { };
      isStatic = true;
    };
  };
}
