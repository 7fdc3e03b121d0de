# The library that stands in for nixpkgs' `lib`: the same names and the same
# behaviour, in code and words of our own.
#
# Every sub-set is a file that takes the finished library. Nothing is read
# before it is used: the names at the top level only say which sub-set has
# them, so `lib.mkIf` costs the file of the module system and nothing more.
#
# The examples in the doc-comments are evaluated with `lib` in scope, one
# expression on a line and its value on the next.
let
  makeLib =
    contents:
    let
      lib = contents lib // {
        /**
          The library with an overlay on top: a function of the final and the
          previous library that gives what to change.

          # Type
          ```
          extend :: (AttrSet -> AttrSet -> AttrSet) -> AttrSet
          ```

          # Example
          ```nix
          (lib.extend (final: prev: { double = n: 2 * n; })).double 2
          => 4
          ```
        */
        extend = overlay: makeLib (lib.fixedPoints.extends overlay contents);
      };
    in
    lib;
in
makeLib (
  lib:
  let
    load = file: import file lib;
  in
  {
    /** Combinators, logic, numbers, warnings, functions as values. */
    trivial = load ./trivial.nix;

    /** Fixed points and overlays. */
    fixedPoints = load ./fixed-points.nix;

    /** Functions on attribute sets. */
    attrsets = load ./attrsets.nix;

    /** Functions on lists. */
    lists = load ./lists.nix;

    /** Functions on strings. */
    strings = load ./strings.nix;

    /** Texts that are put together in the order of their dependencies. */
    stringsWithDeps = load ./strings-with-deps.nix;

    /** Calling and overriding packages. */
    customisation = load ./customisation.nix;

    /** Derivations as values. */
    derivations = load ./derivations.nix;

    /** The people who maintain packages; none are carried here. */
    maintainers = { };

    /** The teams that maintain packages; none are carried here. */
    teams = { };

    /** The `meta` attributes of packages. */
    meta = load ./meta.nix;

    /** Version numbers. */
    versions = load ./versions.nix;

    /** The module system: definitions and their properties. */
    modules = load ./modules.nix;

    /** Declarations of options, and their documentation. */
    options = load ./options.nix;

    /** The types of options. */
    types = load ./types.nix;

    /** Well-known licences. */
    licenses = load ./licenses.nix;

    /** What the source of a package consists of. */
    sourceTypes = load ./source-types.nix;

    /** Platforms: their names, parts and properties. */
    systems = load ./systems.nix;

    /** Names of platforms, in groups. */
    platforms = lib.systems.doubles;

    /** Command lines from attribute sets. */
    cli = load ./cli.nix;

    /** Values of GVariant, as dconf has them. */
    gvariant = load ./gvariant.nix;

    /** Configuration files of many formats from Nix values. */
    generators = load ./generators.nix;

    /** Assertions with messages. */
    asserts = load ./asserts.nix;

    /** Tracing and testing. */
    debug = load ./debug.nix;

    /** Old functions that are still around. */
    misc = load ./misc.nix;

    /** What functions that fetch sources share. */
    fetchers = load ./fetchers.nix;

    /** Paths as values. */
    path = load ./path.nix;

    /** Reading the file system. */
    filesystem = load ./filesystem.nix;

    /** Sets of files. */
    fileset = load ./fileset.nix;

    /** Source trees and what to leave out of them. */
    sources = load ./sources.nix;

    /** Options of the Linux kernel's configuration. */
    kernel = load ./kernel.nix;

    /** Network addresses. */
    network = load ./network.nix;

    /** References to flakes. */
    flakes = load ./flakes.nix;
  }
  // import ./flat.nix lib
)
