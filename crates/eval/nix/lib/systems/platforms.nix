# Settings of the compiler for some kinds of machine.
lib:
let
  gcc = gcc: { inherit gcc; };
  arch = arch: gcc { inherit arch; };
  archFpu = arch: fpu: gcc { inherit arch fpu; };
  archAbi = arch: abi: gcc { inherit arch abi; };
in
rec {
  aarch64-multiplatform = arch "armv8-a";
  apple-m1 = gcc {
    arch = "armv8.3-a+crypto+sha2+aes+crc+fp16+lse+simd+ras+rdm+rcpc";
    cpu = "apple-a13";
  };
  armv5tel-multiplatform = arch "armv5te";
  armv7a-android = gcc {
    arch = "armv7-a";
    float-abi = "softfp";
    fpu = "vfpv3-d16";
  };
  armv7l-hf-multiplatform = archFpu "armv7-a" "vfpv3-d16";
  bluefield2 = arch "armv8-a+fp+simd+crc+crypto";
  fuloong2f_n32 = gcc {
    arch = "loongson2f";
    float = "hard";
    abi = "n32";
  };
  gcc_mips32r2_o32 = archAbi "mips32r2" "32";
  gcc_mips32r6_o32 = archAbi "mips32r6" "32";
  gcc_mips64r2_64 = archAbi "mips64r2" "64";
  gcc_mips64r2_n32 = archAbi "mips64r2" "n32";
  gcc_mips64r6_64 = archAbi "mips64r6" "64";
  gcc_mips64r6_n32 = archAbi "mips64r6" "n32";
  loongarch64-multiplatform = gcc {
    arch = "la64v1.0";
    strict-align = false;
    cmodel = "medium";
  };
  raspberrypi = archFpu "armv6kz" "vfpv2";
  raspberrypi2 = armv7l-hf-multiplatform;

  /**
    The settings for a platform that has none of its own.

    # Type
    ```
    select :: AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.systems.platforms.select (lib.systems.elaborate "aarch64-linux")
    => { gcc = { arch = "armv8-a"; }; }
    ```
  */
  select =
    platform:
    let
      version = platform.parsed.cpu.version or null;
    in
    if platform.isAarch32 && version != null then
      if lib.strings.versionOlder version "6" then
        armv5tel-multiplatform
      else if lib.strings.versionOlder version "7" then
        raspberrypi
      else
        armv7l-hf-multiplatform
    else if platform.isAarch64 then
      if platform.isDarwin then apple-m1 else aarch64-multiplatform
    else if platform.isLoongArch64 then
      loongarch64-multiplatform
    else if platform.parsed.cpu.name == "mipsel" then
      gcc_mips32r2_o32
    else
      { };
}
