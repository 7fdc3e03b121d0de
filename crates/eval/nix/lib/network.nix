# Network addresses.
lib:
let
  inherit (builtins)
    all
    concatMap
    elemAt
    filter
    genList
    head
    isString
    length
    match
    split
    ;

  inherit (lib.strings) concatMapStringsSep splitString toLower;
  inherit (lib.trivial) bitXor fromHexString toHexString;

  groups = 8;

  # The eight numbers of an address; `::` stands for as many zeros as are
  # missing, and may stand once.
  parse =
    address:
    let
      halves = filter isString (split "::" address);
      groupsOf = half: if half == "" then [ ] else splitString ":" half;
      written = concatMap groupsOf halves;
      zeros = genList (_: "0") (groups - length written);
      compressed = length halves == 2;
      filled =
        if compressed then
          groupsOf (head halves) ++ zeros ++ groupsOf (elemAt halves 1)
        else
          written;
      isGroup = group: match "0*[0-9A-Fa-f]{1,4}" group != null;
      good =
        length halves <= 2
        && (if compressed then length written < groups else length written == groups)
        && all isGroup written;
    in
    if good then
      map fromHexString filled
    else
      throw "${address} is not a valid IPv6 address";
in
{
  /** Addresses of IPv6. */
  ipv6 = {
    /**
      Reads an address, with or without the length of a prefix, into its long
      form and that length.

      # Type
      ```
      fromString :: String -> { address :: String; prefixLength :: Int; }
      ```

      # Example
      ```nix
      lib.network.ipv6.fromString "2001:DB8::ffff/32"
      => { address = "2001:db8:0:0:0:0:0:ffff"; prefixLength = 32; }
      ```
    */
    fromString =
      text:
      let
        parts = splitString "/" text;
        prefixLength = if length parts == 1 then 128 else lib.strings.toInt (elemAt parts 1);
      in
      if length parts > 2 || prefixLength < 1 || prefixLength > 128 then
        throw "${text} is not a valid IPv6 address with a prefix of 1 to 128 bits"
      else
        {
          address = concatMapStringsSep ":" (group: toLower (toHexString group)) (parse (head parts));
          inherit prefixLength;
        };

    /**
      The second half of an IPv6 address for the MAC address of a device.

      # Type
      ```
      mkEUI64Suffix :: String -> String
      ```

      # Example
      ```nix
      lib.network.ipv6.mkEUI64Suffix "66:75:63:6B:20:75"
      => "6475:63ff:fe6b:2075"
      ```
    */
    mkEUI64Suffix =
      mac:
      let
        octet = "([0-9A-Fa-f]{2})";
        octets = match (builtins.concatStringsSep "[-:.]?" (genList (_: octet) 6)) mac;
        o = elemAt octets;
        # One bit of the first octet says whether the address is universal.
        first = toHexString (bitXor 512 (fromHexString (o 0 + o 1)));
      in
      if octets == null then
        throw ''"${mac}" is not a valid MAC address (expected 6 octets of hex digits)''
      else
        toLower "${first}:${o 2}ff:fe${o 3}:${o 4}${o 5}";
  };
}
