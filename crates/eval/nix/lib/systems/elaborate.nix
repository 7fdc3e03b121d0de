# Everything that follows from the name of a platform. The result refers to
# itself: what is given overrides what would follow, and the rest follows from
# that.
lib: systemOrArgs:
let
  inherit (builtins)
    all
    elem
    head
    mapAttrs
    replaceStrings
    ;

  inherit (lib.strings) hasSuffix optionalString removeSuffix;
  inherit (lib.systems) architectures inspect parse;

  given = lib.systems.systemToAttrs systemOrArgs;

  args = removeAttrs given [
    "_withoutFunctions"
    "parsed"
    "system"
  ];

  # The value of the first pair whose condition holds.
  firstOf =
    default: pairs:
    let
      found = builtins.filter head pairs;
    in
    if found == [ ] then default else builtins.elemAt (head found) 1;

  cpuName = final.parsed.cpu.name;
  kernelName = final.parsed.kernel.name;

  rustGiven = args.rust or args.rustc or { };

  final =
    derived
    // mapAttrs (_: question: question final.parsed) inspect.predicates
    // mapAttrs (_: question: question (final.gcc.arch or "default")) architectures.predicates
    // args
    // {
      inherit rust;
    };

  # The program that runs programs of this platform on the one of `pkgs`.
  selectEmulator =
    pkgs:
    let
      host = pkgs.stdenv.hostPlatform;
      wine = (pkgs.winePackagesFor "wine${toString final.parsed.cpu.bits}").minimal;
    in
    if host.canExecute final then
      lib.meta.getExe (pkgs.writeShellScriptBin "exec" ''exec "$@"'')
    else
      firstOf null [
        [
          final.isWindows
          "${wine}/bin/wine"
        ]
        [
          (final.isLinux && host.isLinux && final.qemuArch != null)
          "${pkgs.qemu-user}/bin/qemu-${final.qemuArch}"
        ]
        [
          final.isWasi
          "${pkgs.wasmtime}/bin/wasmtime"
        ]
        [
          final.isGhcjs
          "${pkgs.nodejs-slim}/bin/node"
        ]
        [
          final.isMmix
          "${pkgs.mmixware}/bin/mmix"
        ]
      ];

  derived = {
    _withoutFunctions = removeAttrs final (lib.systems.functionNames ++ [ "_withoutFunctions" ]);

    parsed = parse.mkSystemFromString (args.config or given.system);
    system = parse.doubleFromSystem final.parsed;
    config = parse.tripleFromSystem final.parsed;

    canExecute =
      platform:
      final.isAndroid == platform.isAndroid
      && parse.isCompatible final.parsed.cpu platform.parsed.cpu
      && final.parsed.kernel == platform.parsed.kernel
      && (
        final.parsed.cpu != platform.parsed.cpu
        || !(platform ? gcc.arch)
        || (final ? gcc.arch && architectures.canExecute final.gcc.arch platform.gcc.arch)
      );

    emulatorAvailable = pkgs: selectEmulator pkgs != null;
    staticEmulatorAvailable =
      pkgs: final.emulatorAvailable pkgs && (final.isLinux || final.isWasi || final.isMmix);
    emulator =
      pkgs:
      if final.emulatorAvailable pkgs then
        selectEmulator pkgs
      else
        throw "Don't know how to run ${final.config} executables.";

    libc = firstOf "native/impure" [
      [ final.isDarwin "libSystem" ]
      [ final.isMsvc "ucrt" ]
      [ final.isMinGW "msvcrt" ]
      [ final.isCygwin "cygwin" ]
      [ final.isWasi "wasilibc" ]
      [ final.isWasm null ]
      [ final.isRedox "relibc" ]
      [ final.isMusl "musl" ]
      [ final.isUClibc "uclibc" ]
      [ final.isAndroid "bionic" ]
      [ final.isLinux "glibc" ]
      [ final.isFreeBSD "fblibc" ]
      [ final.isOpenBSD "oblibc" ]
      [ final.isNetBSD "nblibc" ]
      [ final.isAvr "avrlibc" ]
      [ final.isGhcjs null ]
      [ final.isNone "newlib" ]
    ];
    libDir =
      if !final.isLinux then
        null
      else if final.isx86_64 || final.isMips64 || final.isPower64 then
        "lib64"
      else
        "lib";

    useLLVM = final.isFreeBSD || final.isOpenBSD;
    linker = firstOf "bfd" [
      [ final.useLLVM "lld" ]
      [ final.isDarwin "cctools" ]
    ];

    isStatic = final.isWasi || final.isRedox;
    hasSharedLibraries =
      !final.isStatic
      && builtins.any (question: final.${question}) [
        "isAndroid"
        "isCygwin"
        "isDarwin"
        "isFreeBSD"
        "isGnu"
        "isMinGW"
        "isMusl"
        "isNetBSD"
        "isOpenBSD"
        "isSunOS"
        "isWasm"
        "isWindows"
      ];
    extensions = {
      executable = if final.isWindows || final.isCygwin then ".exe" else "";
      staticLibrary = if final.isWindows then ".lib" else ".a";
      library =
        if final.isStatic then final.extensions.staticLibrary else final.extensions.sharedLibrary;
    }
    // lib.attrsets.optionalAttrs final.hasSharedLibraries {
      sharedLibrary = firstOf ".so" [
        [ final.isDarwin ".dylib" ]
        [ (final.isWindows || final.isCygwin) ".dll" ]
      ];
    };

    useAndroidPrebuilt = false;
    useiOSPrebuilt = false;
    androidNdkVersion = null;
    androidSdkVersion = null;

    uname = {
      system =
        {
          cygwin = "CYGWIN_NT";
          darwin = "Darwin";
          freebsd = "FreeBSD";
          genode = "Genode";
          linux = "Linux";
          netbsd = "NetBSD";
          openbsd = "OpenBSD";
          redox = "Redox";
          wasi = "Wasi";
          windows = "Windows";
        }
        .${kernelName} or null;
      processor = firstOf cpuName [
        [ final.isPower64 "ppc64${optionalString final.isLittleEndian "le"}" ]
        [ final.isPower "ppc${optionalString final.isLittleEndian "le"}" ]
        [ final.isMips64 "mips64" ]
        [ final.isDarwin final.darwinArch ]
      ];
      # Not known before the machine runs.
      release = null;
    };

    gcc = (lib.systems.platforms.select final).gcc or { };
    rustc = { };

    linuxArch = firstOf cpuName [
      [ final.isAarch32 "arm" ]
      [ final.isAarch64 "arm64" ]
      [ final.isx86_32 "i386" ]
      [ final.isx86_64 "x86_64" ]
      [ final.isMicroBlaze "microblaze" ]
      [ final.isMips "mips" ]
      [ final.isPower "powerpc" ]
      [ final.isRiscV "riscv" ]
      [ final.isSh4 "sh" ]
      [ final.isS390 "s390" ]
      [ final.isLoongArch64 "loongarch" ]
    ];
    ubootArch = firstOf final.linuxArch [
      [ final.isx86_32 "x86" ]
      [ final.isMips64 "mips64" ]
    ];
    qemuArch = firstOf final.uname.processor [
      [ final.isAarch32 "arm" ]
      [ final.isAarch64 "aarch64${optionalString final.isBigEndian "_be"}" ]
      [ (final.isS390 && !final.isS390x) null ]
      [ final.isx86_64 "x86_64" ]
      [ final.isx86 "i386" ]
      [ final.isMips64n32 "mipsn32${optionalString final.isLittleEndian "el"}" ]
      [ final.isMips64 "mips64${optionalString final.isLittleEndian "el"}" ]
    ];
    efiArch = firstOf cpuName [
      [ final.isx86_32 "ia32" ]
      [ final.isx86_64 "x64" ]
      [ final.isAarch32 "arm" ]
      [ final.isAarch64 "aa64" ]
    ];

    darwinArch = parse.darwinArch final.parsed.cpu;
    darwinMinVersion = "14.0";
    darwinMinVersionVariable = firstOf null [
      [ final.isMacOS "MACOSX_DEPLOYMENT_TARGET" ]
      [ final.isiOS "IPHONEOS_DEPLOYMENT_TARGET" ]
    ];
    darwinPlatform = firstOf null [
      [ final.isMacOS "macos" ]
      [ final.isiOS "ios" ]
    ];
    darwinSdkVersion = final.sdkVer or "14.4";

    go = {
      GOARCH =
        {
          aarch64 = "arm64";
          arm = "arm";
          armv5tel = "arm";
          armv6l = "arm";
          armv7l = "arm";
          i686 = "386";
          loongarch64 = "loong64";
          mips = "mips";
          mips64el = "mips64le";
          mipsel = "mipsle";
          powerpc64 = "ppc64";
          powerpc64le = "ppc64le";
          riscv64 = "riscv64";
          s390x = "s390x";
          wasm32 = "wasm";
          x86_64 = "amd64";
        }
        .${cpuName} or null;
      GOOS = if final.isWasi then "wasip1" else kernelName;
      GOARM =
        let
          version = final.parsed.cpu.version or "";
        in
        optionalString (elem version [
          "5"
          "6"
          "7"
        ]) version;
    };

    node = {
      arch = firstOf null [
        [ final.isAarch "arm${optionalString final.is64bit "64"}" ]
        [ final.isMips32 "mips${optionalString final.isLittleEndian "el"}" ]
        [ (final.isMips64 && final.isLittleEndian) "mips64el" ]
        [ final.isPower "ppc${optionalString final.is64bit "64"}" ]
        [ final.isx86_64 "x64" ]
        [ final.isx86_32 "ia32" ]
        [ final.isS390x "s390x" ]
        [ final.isRiscV64 "riscv64" ]
        [ final.isLoongArch64 "loong64" ]
      ];
      platform = firstOf null [
        [ final.isAndroid "android" ]
        [ final.isDarwin "darwin" ]
        [ final.isFreeBSD "freebsd" ]
        [ final.isLinux "linux" ]
        [ final.isOpenBSD "openbsd" ]
        [ final.isSunOS "sunos" ]
        [ (final.isWindows || final.isCygwin) "win32" ]
      ];
    };

    nim = {
      cpu = firstOf null [
        [ final.isAarch "arm${optionalString final.is64bit "64"}" ]
        [ final.isAlpha "alpha" ]
        [ final.isAvr "avr" ]
        [ final.isMsp430 "msp430" ]
        [ final.isSparc "sparc" ]
        [ final.isMips "mips${optionalString final.is64bit "64"}" ]
        [ final.isPower "powerpc${optionalString final.is64bit "64"}" ]
        [ final.isRiscV64 "riscv64" ]
        [ final.isx86_32 "i386" ]
        [ final.isx86_64 "amd64" ]
      ];
      os = firstOf null [
        [ final.isAndroid "Android" ]
        [ final.isDarwin "MacOSX" ]
        [ final.isFreeBSD "FreeBSD" ]
        [ final.isGenode "Genode" ]
        [ final.isLinux "Linux" ]
        [ final.isNetBSD "NetBSD" ]
        [ final.isNone "Standalone" ]
        [ final.isOpenBSD "OpenBSD" ]
        [ final.isWindows "Windows" ]
      ];
    };
  };

  rust = rustGiven // {
    platform = rustGiven.platform or { } // {
      arch =
        rustGiven.platform.arch or (firstOf cpuName [
          [ final.isAarch32 "arm" ]
          [ final.isMips64 "mips64" ]
          [ final.isPower64 "powerpc64" ]
        ]);
      os =
        rustGiven.platform.os or (firstOf kernelName [
          [ final.isDarwin "macos" ]
          [ (final.isWasm && !final.isWasi) "unknown" ]
        ]);
      target-family =
        rustGiven.platform.target-family or (
          lib.lists.optional final.isUnix "unix"
          ++ lib.lists.optional final.isWindows "windows"
          ++ lib.lists.optional final.isWasm "wasm"
        );
      vendor =
        let
          vendor = final.parsed.vendor.name;
        in
        rustGiven.platform.vendor or (if vendor == "w64" then "pc" else vendor);
    };
    rustcTargetSpec =
      let
        cpu =
          rustGiven.platform.arch or {
            armv5tel = "armv5te";
            armv6l = "arm";
            armv7a = "armv7";
            armv7l = "armv7";
            riscv32 = "riscv32gc";
            riscv64 = "riscv64gc";
          }
          .${cpuName} or cpuName;
        abi = final.parsed.abi.name;
        abiName = if final.isPower64 && lib.strings.hasPrefix "gnuabielfv" abi then "gnu" else abi;
        triple = "${cpu}-${final.rust.platform.vendor}-${kernelName}${
          optionalString (abi != "unknown") "-${abiName}"
        }";
      in
      rustGiven.rustcTargetSpec or rustGiven.config or rustGiven.rustcTarget or (
        if final.isWasi then "${cpu}-wasip1" else triple
      );
    cargoShortTarget =
      let
        spec = final.rust.rustcTargetSpec;
      in
      if hasSuffix ".json" spec then removeSuffix ".json" (baseNameOf spec) else spec;
    rustcTarget = rustGiven.rustcTarget or final.rust.cargoShortTarget;
    cargoEnvVarTarget = replaceStrings [ "-" ] [ "_" ] (
      lib.strings.toUpper final.rust.cargoShortTarget
    );
    isNoStdTarget = builtins.any (part: lib.strings.hasInfix part final.rust.rustcTarget) [
      "-none"
      "nvptx"
      "switch"
      "-uefi"
    ];
  };

  # Names of interfaces that could mean two different ones.
  ambiguous = {
    android = final.isAarch32;
    gnu = final.isAarch32 || (final.isPower64 && final.isBigEndian);
  };
in
if ambiguous.${final.parsed.abi.name} or false then
  throw "The ABI \"${final.parsed.abi.name}\" is ambiguous for ${cpuName}; name the full one, such as \"gnueabihf\"."
else
  assert all (name: !(args ? ${name})) [ "linux-kernel" ];
  assert !final.useAndroidPrebuilt || final.isAndroid;
  final
