# The names that are there at the top level too, by the sub-set they come from.
# They are only handed on here: what a name stands for is not looked at.
lib: {
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
