# The parts of a platform (processor, vendor, kernel, binary interface) and
# the names that are made of them.
lib:
let
  inherit (builtins)
    all
    attrValues
    elem
    elemAt
    head
    length
    mapAttrs
    match
    ;

  inherit (lib.strings) hasPrefix splitString versionAtLeast;
  inherit (lib.types) enum isType mkOptionType;
  inherit (lib.systems.inspect) predicates;

  # Every part knows its kind and its name, which is that of the attribute if
  # it says nothing else.
  parts = kind: mapAttrs (name: part: { inherit name; } // part // { _type = kind; });

  open =
    name: description:
    mkOptionType {
      inherit name description;
      merge = lib.options.mergeOneOption;
    };

  little = significantBytes.littleEndian;
  big = significantBytes.bigEndian;

  cpu = bits: significantByte: family: { inherit bits significantByte family; };
  arm = version: arch: cpu 32 little "arm" // { inherit version arch; };
  arm64 = significantByte: cpu 64 significantByte "arm" // { version = "8"; arch = "armv8-a"; };
  x86 = arch: cpu 32 little "x86" // { inherit arch; };

  inherit
    (parts "significant-byte" {
      bigEndian = { };
      littleEndian = { };
    })
    bigEndian
    littleEndian
    ;

  significantBytes = { inherit bigEndian littleEndian; };

  kernel = format: families: {
    execFormat = format;
    inherit families;
  };

  softFloat = {
    float = "soft";
    eabi = true;
  };
  hardFloat = {
    float = "hard";
    eabi = true;
  };

  # What a name may leave out is `null` here.
  skeleton =
    name:
    let
      words = splitString "-" name;
      word = elemAt words;
      ambiguous = throw "system string '${name}' with ${toString (length words)} components is ambiguous";

      cpuAndKernel = kernel: abi: vendor: {
        cpu = head words;
        inherit kernel abi vendor;
      };

      # Words that are a binary interface, where a kernel could stand.
      bareAbis = [
        "eabi"
        "eabihf"
        "elf"
        "gnu"
      ];
      otherKernels = [
        "cygwin"
        "ghcjs"
        "mmixware"
        "redox"
        "uefi"
      ];
      versionedKernel = match "(freebsd|netbsd|openbsd|genode).*" (word 2) != null;

      byLength = {
        "1" = if name == "avr" then cpuAndKernel "none" "unknown" null else ambiguous;
        "2" =
          if word 1 == "windows" then
            cpuAndKernel "windows" "msvc" null
          else if word 1 == "elf" then
            cpuAndKernel "none" "elf" "unknown"
          else
            cpuAndKernel (word 1) null null;
        "3" =
          if word 1 == "linux" || elem (word 2) bareAbis then
            cpuAndKernel (word 1) (word 2) "unknown"
          else if word 2 == "mingw32" then
            cpuAndKernel "windows" null (word 1)
          else if
            word 1 == "apple"
            || elem (word 2) otherKernels
            || versionedKernel
            || hasPrefix "wasm32" (word 0)
          then
            cpuAndKernel (word 2) null (word 1)
          else
            ambiguous;
        "4" = cpuAndKernel (word 2) (word 3) (word 1);
      };
    in
    byLength.${toString (length words)}
      or (throw "system string '${name}' has invalid number of hyphen-separated components");

  lookUp =
    what: table: name:
    table.${name} or (throw "Unknown ${what}: ${name}");
in
rec {
  inherit significantBytes;

  /** The processors. */
  cpuTypes =
    parts "cpu-type" {
      arm = cpu 32 little "arm";
      armv5tel = arm "5" "armv5t";
      armv6m = arm "6" "armv6-m";
      armv6l = arm "6" "armv6";
      armv7a = arm "7" "armv7-a";
      armv7r = arm "7" "armv7-r";
      armv7m = arm "7" "armv7-m";
      armv7l = arm "7" "armv7";
      armv8a = arm "8" "armv8-a";
      armv8r = arm "8" "armv8-a";
      armv8m = arm "8" "armv8-m";
      aarch64 = arm64 little;
      aarch64_be = arm64 big;

      i386 = x86 "i386";
      i486 = x86 "i486";
      i586 = x86 "i586";
      i686 = x86 "i686";
      x86_64 = cpu 64 little "x86" // { arch = "x86-64"; };

      alpha = cpu 64 little "alpha";
      arc = cpu 32 little "arc";
      avr = {
        bits = 8;
        family = "avr";
      };
      javascript = cpu 32 little "javascript";
      loongarch64 = cpu 64 little "loongarch";
      m68k = cpu 32 big "m68k";
      microblaze = cpu 32 big "microblaze";
      microblazeel = cpu 32 little "microblaze";
      mips = cpu 32 big "mips";
      mipsel = cpu 32 little "mips";
      mips64 = cpu 64 big "mips";
      mips64el = cpu 64 little "mips";
      mmix = cpu 64 big "mmix";
      msp430 = cpu 16 little "msp430";
      or1k = cpu 32 big "or1k";
      powerpc = cpu 32 big "power";
      powerpcle = cpu 32 little "power";
      powerpc64 = cpu 64 big "power";
      powerpc64le = cpu 64 little "power";
      riscv32 = cpu 32 little "riscv";
      riscv64 = cpu 64 little "riscv";
      rx = cpu 32 little "rx";
      s390 = cpu 32 big "s390";
      s390x = cpu 64 big "s390";
      sh4 = cpu 32 little "sh";
      sparc = cpu 32 big "sparc";
      sparc64 = cpu 64 big "sparc";
      vc4 = cpu 32 little "vc4";
      wasm32 = cpu 32 little "wasm";
      wasm64 = cpu 64 little "wasm";
    }
    // {
      arm64 = cpuTypes.aarch64;
    };

  /** The vendors. */
  vendors = parts "vendor" {
    apple = { };
    knuth = { };
    none = { };
    pc = { };
    unknown = { };
    w64 = { };
  };

  /** The formats of programs. */
  execFormats = parts "exec-format" {
    aout = { };
    elf = { };
    macho = { };
    pe = { };
    unknown = { };
    wasm = { };
  };

  /** The families of kernels. */
  kernelFamilies = parts "exec-format" {
    bsd = { };
    darwin = { };
  };

  /** The kernels. */
  kernels =
    let
      inherit (execFormats)
        elf
        macho
        pe
        unknown
        wasm
        ;
      bsd = { inherit (kernelFamilies) bsd; };
      darwin = { inherit (kernelFamilies) darwin; };
    in
    parts "kernel" {
      cygwin = kernel pe { };
      freebsd = kernel elf bsd;
      genode = kernel elf { };
      ghcjs = kernel unknown { };
      ios = kernel macho darwin;
      linux = kernel elf { };
      # Known to the world by the name of what is underneath.
      macos = kernel macho darwin // { name = "darwin"; };
      mmixware = kernel unknown { };
      netbsd = kernel elf bsd;
      none = kernel unknown { };
      openbsd = kernel elf bsd;
      redox = kernel elf { };
      solaris = kernel elf { };
      uefi = kernel pe { };
      wasi = kernel wasm { };
      windows = kernel pe { };
    }
    // {
      darwin = kernels.macos;
      tvos = kernels.ios;
      watchos = kernels.ios;
      win32 = kernels.windows;
    };

  /** The binary interfaces. */
  abis = parts "abi" {
    android = { };
    androideabi.eabi = true;
    eabi = softFloat;
    eabihf = hardFloat;
    elf = { };
    gnu = { };
    gnuabi64.abi = "64";
    gnuabielfv1.abi = "elfv1";
    gnuabielfv2.abi = "elfv2";
    gnuabin32.abi = "n32";
    gnueabi = softFloat;
    gnueabihf = hardFloat;
    msvc = { };
    musl = { };
    muslabi64.abi = "64";
    muslabin32.abi = "n32";
    musleabi = softFloat;
    musleabihf = hardFloat;
    uclibc = { };
    uclibceabi = softFloat;
    uclibceabihf = hardFloat;
    unknown = { };
  };

  /** The types of the parts, for options. */
  types = {
    openCpuType = open "cpu-type" "instruction set architecture name and information";
    openVendor = open "vendor" "vendor for the platform";
    openExecFormat = open "exec-format" "executable container used by the kernel";
    openKernel = open "kernel" "kernel name and information";
    openAbi = open "abi" "binary interface for compiled code and syscalls";
    significantByte = enum (attrValues significantBytes);
    cpuType = enum (attrValues cpuTypes);
    vendor = enum (attrValues vendors);
    execFormat = enum (attrValues execFormats);
    kernelFamily = enum (attrValues kernelFamilies);
    kernel = enum (attrValues kernels);
    abi = enum (attrValues abis);
    parsedPlatform = open "system" "fully parsed representation of llvm- or nix-style platform tuple";
  };

  /**
    True if programs for the second processor run on the first.

    # Type
    ```
    isCompatible :: AttrSet -> AttrSet -> Bool
    ```

    # Example
    ```nix
    lib.systems.parse.isCompatible lib.systems.parse.cpuTypes.x86_64 lib.systems.parse.cpuTypes.i686
    => true
    ```
  */
  isCompatible =
    let
      # What runs the programs of a processor, one step up.
      better = {
        arm = [ "armv5tel" ];
        armv5tel = [ "armv6l" ];
        armv6l = [ "armv7l" ];
        armv6m = [ "armv6l" ];
        armv7l = [
          "armv7a"
          "armv7r"
        ];
        armv7m = [
          "armv7a"
          "armv7r"
        ];
        armv8a = [ "aarch64" ];
        i386 = [ "i486" ];
        i486 = [ "i586" ];
        i586 = [ "i686" ];
        i686 = [ "x86_64" ];
        mips = [ "mips64" ];
        mipsel = [ "mips64el" ];
        powerpc = [ "powerpc64" ];
        powerpcle = [ "powerpc64le" ];
        sparc = [ "sparc64" ];
      };
      runs = machine: program: machine == program || builtins.any (runs machine) (better.${program} or [ ]);
    in
    machine: program: runs machine.name program.name;

  /**
    True for a parsed platform.

    # Type
    ```
    isSystem :: any -> Bool
    ```

    # Example
    ```nix
    lib.systems.parse.isSystem (lib.systems.parse.mkSystemFromString "x86_64-linux")
    => true
    ```
  */
  isSystem = isType "system";

  /**
    A parsed platform of its four parts.

    # Type
    ```
    mkSystem :: { cpu :: AttrSet; vendor :: AttrSet; kernel :: AttrSet; abi :: AttrSet; } -> AttrSet
    ```

    # Example
    ```nix
    builtins.isFunction lib.systems.parse.mkSystem
    => true
    ```
  */
  mkSystem =
    components@{
      cpu,
      vendor,
      kernel,
      abi,
    }:
    assert all (part: part ? _type) (attrValues components);
    components // { _type = "system"; };

  /**
    The names of the parts that the words of a platform's name stand for.

    # Type
    ```
    mkSkeletonFromList :: [String] -> AttrSet
    ```

    # Example
    ```nix
    lib.systems.parse.mkSkeletonFromList [ "x86_64" "linux" ]
    => { cpu = "x86_64"; kernel = "linux"; }
    ```
  */
  mkSkeletonFromList =
    words:
    lib.attrsets.filterAttrs (_: part: part != null) (skeleton (builtins.concatStringsSep "-" words));

  /**
    A parsed platform of the names of its parts; what is missing follows from
    the others.

    # Type
    ```
    mkSystemFromSkeleton :: { cpu :: String; kernel :: String; vendor ? String; abi ? String; } -> AttrSet
    ```

    # Example
    ```nix
    (lib.systems.parse.mkSystemFromSkeleton { cpu = "x86_64"; kernel = "linux"; }).abi.name
    => "gnu"
    ```
  */
  mkSystemFromSkeleton =
    {
      cpu,
      kernel,
      vendor ? null,
      abi ? null,
    }:
    let
      # The kernel of a triple may have a version or an interface behind it.
      bare = match "(darwin|netbsd).*|(.*)e?abi.*" kernel;
      kernelName =
        if bare == null then
          kernel
        else if head bare != null then
          head bare
        else
          elemAt bare 1;

      defaultVendor =
        if predicates.isDarwin parsed then
          "apple"
        else if predicates.isWindows parsed || predicates.isCygwin parsed then
          "pc"
        else
          "unknown";

      defaultAbi =
        if !(predicates.isLinux parsed || predicates.isWindows parsed) then
          "unknown"
        else if predicates.isAarch32 parsed then
          if versionAtLeast (parsed.cpu.version or "0") "6" then "gnueabihf" else "gnueabi"
        else if predicates.isPower64 parsed && predicates.isBigEndian parsed then
          "gnuabielfv1"
        else
          "gnu";

      parsed = {
        cpu = lookUp "CPU type" cpuTypes cpu;
        kernel = lookUp "kernel" kernels kernelName;
        vendor = lookUp "vendor" vendors (if vendor == null then defaultVendor else vendor);
        abi = lookUp "ABI" abis (if abi == null then defaultAbi else abi);
      };
    in
    mkSystem parsed;

  /**
    The parsed platform for a name of two to four words.

    # Type
    ```
    mkSystemFromString :: String -> AttrSet
    ```

    # Example
    ```nix
    (lib.systems.parse.mkSystemFromString "armv7l-unknown-linux-gnueabihf").kernel.name
    => "linux"
    ```
  */
  mkSystemFromString = name: mkSystemFromSkeleton (skeleton name);

  /**
    The name of a kernel, with its version if it has one.

    # Type
    ```
    kernelName :: AttrSet -> String
    ```

    # Example
    ```nix
    lib.systems.parse.kernelName lib.systems.parse.kernels.macos
    => "darwin"
    ```
  */
  kernelName = kernel: kernel.name + toString (kernel.version or "");

  /**
    The name that Apple has for a processor.

    # Type
    ```
    darwinArch :: AttrSet -> String
    ```

    # Example
    ```nix
    lib.systems.parse.darwinArch lib.systems.parse.cpuTypes.aarch64
    => "arm64"
    ```
  */
  darwinArch = cpu: if cpu.name == "aarch64" then "arm64" else cpu.name;

  /**
    The name of a platform in two words, as Nix has it.

    # Type
    ```
    doubleFromSystem :: AttrSet -> String
    ```

    # Example
    ```nix
    lib.systems.parse.doubleFromSystem (lib.systems.parse.mkSystemFromString "x86_64-unknown-linux-musl")
    => "x86_64-linux"
    ```
  */
  doubleFromSystem =
    { cpu, kernel, ... }:
    if kernel.families ? darwin then "${cpu.name}-darwin" else "${cpu.name}-${kernelName kernel}";

  /**
    The name of a platform in three or four words, as compilers have it.

    # Type
    ```
    tripleFromSystem :: AttrSet -> String
    ```

    # Example
    ```nix
    lib.systems.parse.tripleFromSystem (lib.systems.parse.mkSystemFromString "x86_64-linux")
    => "x86_64-unknown-linux-gnu"
    ```
  */
  tripleFromSystem =
    system@{
      cpu,
      vendor,
      kernel,
      abi,
      ...
    }:
    let
      cpuName = if kernel.families ? darwin then darwinArch cpu else cpu.name;
      oldFormat = gnuNetBSDDefaultExecFormat cpu;
      format =
        if kernel.name == "netbsd" && oldFormat != kernel.execFormat then kernel.execFormat.name else "";
      interface = if abi.name == "unknown" then "" else "-${abi.name}";
    in
    assert isSystem system;
    "${cpuName}-${vendor.name}-${kernelName kernel}${format}${interface}";

  /**
    The format of programs that GNU tools take for granted on NetBSD.

    # Type
    ```
    gnuNetBSDDefaultExecFormat :: AttrSet -> AttrSet
    ```

    # Example
    ```nix
    (lib.systems.parse.gnuNetBSDDefaultExecFormat lib.systems.parse.cpuTypes.i686).name
    => "aout"
    ```
  */
  gnuNetBSDDefaultExecFormat =
    cpu:
    let
      old = [
        "arm"
        "m68k"
        "sparc"
        "x86"
      ];
    in
    if cpu.bits == 32 && elem cpu.family old then execFormats.aout else execFormats.elf;

  /**
    The same platform with musl as its C library.

    # Type
    ```
    mkMuslSystem :: AttrSet -> AttrSet
    ```

    # Example
    ```nix
    (lib.systems.parse.mkMuslSystem (lib.systems.parse.mkSystemFromString "x86_64-linux")).abi.name
    => "musl"
    ```
  */
  mkMuslSystem =
    parsed:
    let
      name = builtins.replaceStrings [ "gnu" ] [ "musl" ] parsed.abi.name;
    in
    parsed // { abi = abis.${name} or abis.musl; };
}
