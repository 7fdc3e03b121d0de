# Platforms to compile for, by a handy name.
lib:
let
  inherit (lib.systems) platforms;
  config = config: { inherit config; };
in
{
  aarch64-android = config "aarch64-unknown-linux-android" // {
    androidSdkVersion = "35";
    androidNdkVersion = "27";
    libc = "bionic";
    useAndroidPrebuilt = false;
    useLLVM = true;
  };
  aarch64-darwin = config "arm64-apple-darwin";
  aarch64-embedded = config "aarch64-none-elf" // {
    libc = "newlib";
  };
  aarch64-freebsd = config "aarch64-unknown-freebsd";
  aarch64-multiplatform = config "aarch64-unknown-linux-gnu";
  aarch64-multiplatform-musl = config "aarch64-unknown-linux-musl";
  arm-embedded = config "arm-none-eabi" // {
    libc = "newlib";
  };
  armhf-embedded = config "arm-none-eabihf" // {
    libc = "newlib";
    gcc = {
      arch = "armv5t";
      fpu = "vfp";
    };
  };
  armv7l-hf-multiplatform = config "armv7l-unknown-linux-gnueabihf";
  avr = config "avr";
  ghcjs = config "javascript-unknown-ghcjs";
  gnu32 = config "i686-unknown-linux-gnu";
  gnu64 = config "x86_64-unknown-linux-gnu";
  i686-embedded = config "i686-elf" // {
    libc = "newlib";
  };
  iphone64 = config "aarch64-apple-ios";
  loongarch64-linux = config "loongarch64-unknown-linux-gnu";
  m68k = config "m68k-unknown-linux-gnu";
  mingw32 = config "i686-w64-mingw32" // {
    libc = "msvcrt";
  };
  mingwW64 = config "x86_64-w64-mingw32" // {
    libc = "msvcrt";
  };
  mips64el-linux-gnuabi64 = config "mips64el-unknown-linux-gnuabi64" // platforms.gcc_mips64r2_64;
  mipsel-linux-gnu = config "mipsel-unknown-linux-gnu" // platforms.gcc_mips32r2_o32;
  musl32 = config "i686-unknown-linux-musl";
  musl64 = config "x86_64-unknown-linux-musl";
  muslpi = config "armv6l-unknown-linux-musleabihf";
  or1k = config "or1k-elf" // {
    libc = "newlib";
  };
  pogoplug4 = config "armv5tel-unknown-linux-gnueabi";
  powernv = config "powerpc64le-unknown-linux-gnu";
  ppc64 = config "powerpc64-unknown-linux-gnuabielfv2";
  raspberryPi = config "armv6l-unknown-linux-gnueabihf";
  remarkable1 = config "armv7l-unknown-linux-gnueabihf";
  remarkable2 = config "armv7l-unknown-linux-gnueabihf";
  riscv32 = config "riscv32-unknown-linux-gnu";
  riscv32-embedded = config "riscv32-none-elf" // {
    libc = "newlib";
  };
  riscv64 = config "riscv64-unknown-linux-gnu";
  riscv64-embedded = config "riscv64-none-elf" // {
    libc = "newlib";
  };
  s390x = config "s390x-unknown-linux-gnu";
  sheevaplug = config "armv5tel-unknown-linux-gnueabi";
  wasi32 = config "wasm32-unknown-wasi" // {
    useLLVM = true;
  };
  x86_64-darwin = config "x86_64-apple-darwin";
  x86_64-embedded = config "x86_64-elf" // {
    libc = "newlib";
  };
  x86_64-freebsd = config "x86_64-unknown-freebsd";
  x86_64-netbsd = config "x86_64-unknown-netbsd";
  x86_64-openbsd = config "x86_64-unknown-openbsd";
}
