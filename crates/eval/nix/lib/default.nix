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

    inherit (builtins)
      fromJSON
      fromTOML
      getContext
      hasContext
      hashString
      parseDrvName
      placeholder
      toFile
      toJSON
      toString
      toXML
      tryEval
      ;

    /**
      Converts a hash from one encoding to another.

      # Type
      ```
      convertHash :: { hash :: String; hashAlgo ? String; toHashFormat :: String; } -> String
      ```

      # Example
      ```nix
      lib ? convertHash
      => true
      ```
    */
    convertHash = builtins.convertHash or (_: throw "lib.convertHash needs Nix 2.19 or newer");

    inherit (lib.trivial)
      add
      and
      bitAnd
      bitNot
      bitOr
      bitXor
      boolToString
      boolToYesNo
      ceil
      checkListOfEnum
      compare
      concat
      const
      deepSeq
      defaultTo
      div
      flip
      floor
      fromHexString
      functionArgs
      genericClosure
      id
      importJSON
      importTOML
      inNixShell
      inPureEvalMode
      info
      isBool
      isFloat
      isFunction
      isInOldestRelease
      isInt
      lessThan
      mapNullable
      max
      mergeAttrs
      min
      mirrorFunctionArgs
      mod
      mul
      nixpkgsVersion
      oldestSupportedReleaseIsAtLeast
      "or"
      pathExists
      pipe
      readFile
      seq
      setFunctionArgs
      showWarnings
      splitByAndCompare
      sub
      throwIf
      throwIfNot
      toBaseDigits
      toFunction
      toHexString
      version
      warn
      warnIf
      warnIfNot
      xor
      ;

    inherit (lib.fixedPoints)
      composeExtensions
      composeManyExtensions
      converge
      extends
      fix
      fix'
      makeExtensible
      makeExtensibleWithCustomName
      toExtension
      ;

    inherit (lib.attrsets)
      attrByPath
      attrNames
      attrVals
      attrValues
      attrsToList
      cartesianProduct
      catAttrs
      chooseDevOutputs
      collect
      concatMapAttrs
      dontRecurseIntoAttrs
      filterAttrs
      filterAttrsRecursive
      foldAttrs
      foldlAttrs
      genAttrs
      genAttrs'
      getAttr
      getAttrFromPath
      getAttrs
      getBin
      getDev
      getFirstOutput
      getInclude
      getLib
      getMan
      getOutput
      getStatic
      hasAttr
      hasAttrByPath
      intersectAttrs
      isAttrs
      isDerivation
      listToAttrs
      mapAttrs
      mapAttrs'
      mapAttrsRecursive
      mapAttrsRecursiveCond
      mapAttrsToList
      mapAttrsToListRecursive
      mapAttrsToListRecursiveCond
      mapCartesianProduct
      matchAttrs
      mergeAttrsList
      nameValuePair
      optionalAttrs
      overrideExisting
      recurseIntoAttrs
      recursiveUpdate
      recursiveUpdateUntil
      removeAttrs
      setAttrByPath
      showAttrPath
      toDerivation
      updateManyAttrsByPath
      zipAttrs
      zipAttrsWith
      zipAttrsWithNames
      ;

    inherit (lib.lists)
      all
      allUnique
      any
      compareLists
      concatAttrValues
      concatLists
      concatMap
      count
      crossLists
      drop
      dropEnd
      elem
      elemAt
      filter
      findFirst
      findSingle
      flatten
      fold
      foldl
      foldl'
      foldr
      forEach
      genList
      groupBy
      groupBy'
      head
      ifilter0
      imap0
      imap1
      init
      intersectLists
      isList
      last
      length
      listDfs
      map
      mutuallyExclusive
      naturalSort
      optional
      optionals
      partition
      range
      remove
      replaceElemAt
      replicate
      reverseList
      singleton
      sort
      sortOn
      sublist
      subtractLists
      tail
      take
      takeEnd
      toList
      toposort
      unique
      uniqueStrings
      zipLists
      zipListsWith
      ;

    inherit (lib.strings)
      addContextFrom
      appendContext
      cmakeBool
      cmakeFeature
      cmakeOptionType
      concatImapStrings
      concatImapStringsSep
      concatLines
      concatMapAttrsStringSep
      concatMapStrings
      concatMapStringsSep
      concatStrings
      concatStringsSep
      enableFeature
      enableFeatureAs
      escape
      escapeRegex
      escapeShellArg
      escapeShellArgs
      escapeURL
      escapeXML
      fileContents
      fixedWidthNumber
      fixedWidthString
      getName
      getVersion
      hasInfix
      hasPrefix
      hasSuffix
      intersperse
      isStorePath
      isString
      isStringLike
      isValidPosixName
      join
      lowerChars
      makeBinPath
      makeIncludePath
      makeLibraryPath
      makeSearchPath
      makeSearchPathOutput
      match
      mesonBool
      mesonEnable
      mesonOption
      nameFromURL
      optionalString
      removePrefix
      removeSuffix
      replaceString
      replaceStrings
      split
      splitString
      splitStringBy
      stringAsChars
      stringLength
      stringToCharacters
      substring
      toCamelCase
      toInt
      toIntBase10
      toLower
      toSentenceCase
      toShellVar
      toShellVars
      toUpper
      trim
      trimWith
      typeOf
      unsafeDiscardStringContext
      upperChars
      versionAtLeast
      versionOlder
      withFeature
      withFeatureAs
      ;

    inherit (lib.stringsWithDeps)
      fullDepEntry
      noDepEntry
      packEntry
      stringAfter
      textClosureList
      textClosureMap
      ;

    inherit (lib.customisation)
      callPackageWith
      callPackagesWith
      extendDerivation
      extendMkDerivation
      hydraJob
      makeOverridable
      makeScope
      makeScopeWithSplicing
      makeScopeWithSplicing'
      mapCrossIndex
      overrideDerivation
      renameCrossIndexFrom
      renameCrossIndexTo
      ;

    inherit (lib.derivations)
      addDrvOutputDependencies
      lazyDerivation
      optionalDrvAttr
      unsafeDiscardOutputDependency
      warnOnInstantiate
      ;

    inherit (lib.generators) mkLuaInline;

    inherit (lib.meta)
      addMetaAttrs
      appendToName
      dontDistribute
      getExe
      getExe'
      getLicenseFromSpdxId
      getLicenseFromSpdxIdOr
      hiPrio
      hiPrioSet
      licensesSpdx
      lowPrio
      lowPrioSet
      mapDerivationAttrset
      setName
      setPrio
      updateName
      ;

    inherit (lib.filesystem)
      baseNameOf
      dirOf
      hashFile
      isPath
      packagesFromDirectoryRecursive
      pathIsDirectory
      pathIsRegularFile
      pathType
      readDir
      readFileType
      ;

    inherit (lib.sources)
      canCleanSource
      cleanSource
      cleanSourceFilter
      cleanSourceWith
      commitIdFromGitRepo
      filterSource
      pathHasContext
      pathIsGitRepo
      repoRevToName
      revOrTag
      sourceByRegex
      sourceFilesBySuffices
      ;

    inherit (lib.modules)
      applyModuleArgsIfFunction
      dischargeProperties
      doRename
      evalModules
      evalOptionValue
      filterOverrides
      fixMergeModules
      fixupOptionType
      mergeDefinitions
      mergeModules
      mergeModules'
      mergeOptionDecls
      mkAfter
      mkAliasAndWrapDefinitions
      mkAliasDefinitions
      mkAliasOptionModule
      mkAliasOptionModuleMD
      mkAssert
      mkBefore
      mkChangedOptionModule
      mkDefault
      mkDefinition
      mkDerivedConfig
      mkFixStrictness
      mkForce
      mkIf
      mkImageMediaOverride
      mkMerge
      mkMergedOptionModule
      mkOptionDefault
      mkOrder
      mkOverride
      mkRemovedOptionModule
      mkRenamedOptionModule
      mkRenamedOptionModuleWith
      mkVMOverride
      pushDownProperties
      setDefaultModuleLocation
      sortProperties
      unifyModuleSyntax
      ;

    inherit (lib.options)
      getFiles
      getValues
      isOption
      literalExpression
      literalMD
      mdDoc
      mergeDefaultOption
      mergeEqualOption
      mergeOneOption
      mergeUniqueOption
      mkEnableOption
      mkOption
      mkPackageOption
      mkPackageOptionMD
      mkSinkUndeclaredOptions
      optionAttrSetToDocList
      optionAttrSetToDocList'
      scrubOptionValue
      showFiles
      showOption
      showOptionWithDefLocs
      unknownModule
      ;

    inherit (lib.types)
      defaultFunctor
      defaultTypeMerge
      isOptionType
      isType
      mkOptionType
      setType
      ;

    inherit (lib.asserts) assertMsg assertOneOf;

    inherit (lib.debug)
      addErrorContext
      runTests
      testAllTrue
      trace
      traceFnSeqN
      traceIf
      traceSeq
      traceSeqN
      traceVal
      traceValFn
      traceValSeq
      traceValSeqFn
      traceValSeqN
      traceValSeqNFn
      unsafeGetAttrPos
      ;

    inherit (lib.misc)
      checkFlag
      checkReqs
      closePropagation
      condConcat
      defaultMerge
      defaultMergeArg
      fakeHash
      fakeSha256
      fakeSha512
      foldArgs
      getValue
      ifEnable
      imap
      innerClosePropagation
      innerModifySumArgs
      lazyGenericClosure
      maybeAttr
      maybeAttrNullable
      maybeEnv
      mergeAttrBy
      mergeAttrByFunc
      mergeAttrsByFuncDefaults
      mergeAttrsByFuncDefaultsClean
      mergeAttrsConcatenateValues
      mergeAttrsNoOverride
      mergeAttrsWithFunc
      modifySumArgs
      nixType
      nvs
      setAttr
      setAttrMerge
      uniqList
      uniqListExt
      ;

    inherit (lib.versions) compareVersions splitVersion;

    inherit (lib.network.ipv6) mkEUI64Suffix;

    inherit (lib.flakes) flakeRefToString parseFlakeRef;
  }
)
