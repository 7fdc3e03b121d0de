# The names of all known platforms, and of groups of them.
lib:
let
  inherit (builtins) concatMap filter;
  inherit (lib.systems) parse;
  inherit (lib.systems.inspect) predicates;

  on = kernel: map (cpu: "${cpu}-${kernel}");

  all =
    on "cygwin" [
      "i686"
      "x86_64"
    ]
    ++ on "darwin" [
      "x86_64"
      "aarch64"
    ]
    ++ on "freebsd" [
      "i686"
      "x86_64"
      "aarch64"
    ]
    ++ on "genode" [
      "aarch64"
      "i686"
      "x86_64"
    ]
    ++ on "solaris" [ "x86_64" ]
    ++ on "ghcjs" [ "javascript" ]
    ++ on "linux" [
      "aarch64"
      "arc"
      "armv5tel"
      "armv6l"
      "armv7a"
      "armv7l"
      "i686"
      "loongarch64"
      "m68k"
      "sh4"
      "microblaze"
      "microblazeel"
      "mips"
      "mips64"
      "mips64el"
      "mipsel"
      "powerpc"
      "powerpc64"
      "powerpc64le"
      "riscv32"
      "riscv64"
      "s390"
      "s390x"
      "x86_64"
    ]
    ++ on "mmixware" [ "mmix" ]
    ++ on "netbsd" [
      "aarch64"
      "armv6l"
      "armv7a"
      "armv7l"
      "i686"
      "m68k"
      "mipsel"
      "powerpc"
      "riscv32"
      "riscv64"
      "x86_64"
    ]
    ++ on "none" [
      "aarch64_be"
      "aarch64"
      "arm"
      "armv6l"
      "avr"
      "i686"
      "microblaze"
      "microblazeel"
      "mips"
      "mips64"
      "msp430"
      "or1k"
      "m68k"
      "powerpc"
      "powerpcle"
      "riscv32"
      "riscv64"
      "rx"
      "s390"
      "s390x"
      "vc4"
      "x86_64"
    ]
    ++ on "openbsd" [
      "i686"
      "x86_64"
    ]
    ++ on "redox" [ "x86_64" ]
    ++ on "wasi" [
      "wasm64"
      "wasm32"
    ]
    ++ on "windows" [
      "aarch64"
      "x86_64"
      "i686"
    ]
    ++ on "uefi" [
      "aarch64"
      "x86_64"
    ];

  parsed = map parse.mkSystemFromString all;

  which = pred: map parse.doubleFromSystem (filter pred parsed);
in
{
  inherit all;
  none = [ ];

  aarch = which predicates.isAarch;
  aarch64 = which predicates.isAarch64;
  arc = which predicates.isArc;
  arm = which predicates.isAarch32;
  armv7 = which predicates.isArmv7;
  bigEndian = which predicates.isBigEndian;
  cygwin = which predicates.isCygwin;
  darwin = which predicates.isDarwin;
  embedded = which predicates.isNone;
  freebsd = which predicates.isFreeBSD;
  genode = which predicates.isGenode;
  # Interface by interface, as platforms of one are kept together.
  gnu = concatMap (abi: which (system: predicates.isLinux system && system.abi.name == abi)) [
    "gnu"
    "gnueabi"
    "gnueabihf"
    "gnuabin32"
    "gnuabi64"
    "gnuabielfv1"
    "gnuabielfv2"
  ];
  i686 = which predicates.isi686;
  illumos = which predicates.isSunOS;
  js = which predicates.isJavaScript;
  linux = which predicates.isLinux;
  littleEndian = which predicates.isLittleEndian;
  loongarch64 = which predicates.isLoongArch64;
  m68k = which predicates.isM68k;
  microblaze = which predicates.isMicroBlaze;
  mips = which predicates.isMips;
  mmix = which predicates.isMmix;
  netbsd = which predicates.isNetBSD;
  openbsd = which predicates.isOpenBSD;
  or1k = which predicates.isOr1k;
  power = which predicates.isPower;
  redox = which predicates.isRedox;
  riscv = which predicates.isRiscV;
  riscv32 = which predicates.isRiscV32;
  riscv64 = which predicates.isRiscV64;
  rx = which predicates.isRx;
  s390 = which predicates.isS390;
  s390x = which predicates.isS390x;
  sh4 = which predicates.isSh4;
  uefi = which predicates.isUefi;
  unix = which predicates.isUnix;
  vc4 = which predicates.isVc4;
  wasi = which predicates.isWasi;
  windows = which predicates.isWindows;
  x86 = which predicates.isx86;
  x86_64 = which predicates.isx86_64;
}
