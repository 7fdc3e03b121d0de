# Source trees, what to leave out of them, and where they come from. A
# filtered source is a set with the original path and a filter on top.
lib:
let
  inherit (builtins)
    any
    concatStringsSep
    elem
    elemAt
    filter
    head
    isList
    isString
    length
    match
    readFile
    split
    ;

  inherit (lib.filesystem) pathIsRegularFile;

  inherit (lib.strings)
    escapeRegex
    fileContents
    hasPrefix
    hasSuffix
    removePrefix
    removeSuffix
    ;

  partsOf =
    src:
    if src ? _isLibCleanSourceWith then
      { inherit (src) origSrc filter name; }
    else
      {
        origSrc = src;
        filter = _: _: true;
        name = "source";
      };

  source =
    {
      origSrc,
      filter,
      name,
    }:
    {
      _isLibCleanSourceWith = true;
      inherit origSrc filter name;
      outPath = builtins.path {
        path = origSrc;
        inherit filter name;
      };
    };

  relativeTo = root: path: removePrefix "${toString root}/" (toString path);

  versionControl = [
    ".hg"
    ".jj"
    ".pijul"
    ".svn"
    "CVS"
    "_darcs"
  ];

  # The commit a ref of a Git directory stands for: `value`, or `error`.
  readRef =
    directory: ref:
    let
      absolute = base: path: if hasPrefix "/" path then path else "${toString base}/${path}";
      file = directory + "/${ref}";
      packed = directory + "/packed-refs";
      content = fileContents file;
      symbolic = match "ref: (.*)" content;

      # A work tree or submodule has a file that says where the directory is.
      pointer = match "gitdir: (.*)" (fileContents directory);
      real = absolute (dirOf directory) (head pointer);
      common = removeSuffix "/" (
        if pathIsRegularFile "${real}/commondir" then
          absolute real (fileContents "${real}/commondir")
        else
          real
      );

      found = filter (line: line != null) (
        map (match "([a-z0-9]+) ${escapeRegex ref}") (filter isString (split "\n" (readFile packed)))
      );
    in
    if pathIsRegularFile directory then
      if pointer == null then
        { error = "File contains no gitdir reference: ${toString directory}"; }
      else
        readRef common (removePrefix "${common}/" "${real}/${ref}")
    else if pathIsRegularFile file then
      if symbolic == null then { value = content; } else readRef directory (head symbolic)
    else if pathIsRegularFile packed then
      if found == [ ] then
        { error = "Could not find ${ref} in ${toString packed}"; }
      else
        { value = head (head found); }
    else
      { error = "Not a .git directory: ${toString directory}"; };

  # One component of a glob as a regular expression.
  globRegex =
    glob:
    concatStringsSep "" (
      map (part: if isList part then "[^/]*" else escapeRegex part) (split "[*]+" glob)
    );

  # Whether a path matches a glob, both as lists of components. A directory
  # that could hold matches counts, or nothing below it would be looked at.
  globMatches =
    globs: path: type:
    let
      at =
        g: p:
        let
          glob = elemAt globs g;
          fits = g: match (globRegex (elemAt globs g)) (elemAt path p) != null;
        in
        if p == length path then
          g == length globs || type == "directory" || type == "symlink"
        else if g == length globs then
          false
        else if glob == "**" then
          if g + 1 == length globs then
            true
          else if fits (g + 1) then
            at (g + 1) p
          else
            at g (p + 1)
        else
          fits g && at (g + 1) (p + 1);
    in
    at 0 0;

  componentsOf = path: filter isString (split "/" path);
in
rec {
  inherit (builtins) filterSource;

  /**
    A filter that leaves out version control, backups of editors, object files
    and results of builds.

    # Type
    ```
    cleanSourceFilter :: String -> String -> Bool
    ```

    # Example
    ```nix
    lib.cleanSourceFilter "/a/.git" "directory"
    => false
    lib.cleanSourceFilter "/a/main.c" "regular"
    => true
    ```
  */
  cleanSourceFilter =
    path: type:
    let
      name = baseNameOf path;
    in
    !(
      name == ".git"
      || (type == "directory" && elem name versionControl)
      || (type == "symlink" && hasPrefix "result" name)
      || type == "unknown"
      || match ".*~|([.].*)?[.]sw[a-z]|.*[.]s?o" name != null
    );

  /**
    A source without what `cleanSourceFilter` leaves out.

    # Type
    ```
    cleanSource :: Path -> Source
    ```

    # Example
    ```nix
    (lib.cleanSource /a).origSrc
    => /a
    ```
  */
  cleanSource =
    src:
    cleanSourceWith {
      inherit src;
      filter = cleanSourceFilter;
    };

  /**
    A source with a filter, and with a name for the store. Filters on filtered
    sources add up.

    # Type
    ```
    cleanSourceWith :: { src :: (Path | Source); filter ? (String -> String -> Bool); name ? String; } -> Source
    ```

    # Example
    ```nix
    (lib.cleanSourceWith { src = /a; name = "b"; }).name
    => "b"
    ```
  */
  cleanSourceWith =
    {
      src,
      filter ? _: _: true,
      name ? null,
    }:
    let
      old = partsOf src;
    in
    source {
      inherit (old) origSrc;
      filter = path: type: filter path type && old.filter path type;
      name = if name == null then old.name else name;
    };

  /**
    A source that prints the decisions of its filter.

    # Type
    ```
    trace :: (Path | Source) -> Source
    ```

    # Example
    ```nix
    (lib.sources.trace /a).origSrc
    => /a
    ```
  */
  trace =
    src:
    let
      old = partsOf src;
      shown =
        path: type:
        let
          result = old.filter path type;
        in
        builtins.trace "${old.name}.filter ${path} = ${lib.trivial.boolToString result}" result;
    in
    source (old // { filter = shown; })
    // {
      satisfiesSubpathInvariant = src.satisfiesSubpathInvariant or false;
    };

  /**
    The files of a source whose relative paths match one of several regular
    expressions; their directories must match too.

    # Type
    ```
    sourceByRegex :: (Path | Source) -> [String] -> Source
    ```

    # Example
    ```nix
    (lib.sourceByRegex /a [ ".*[.]py" ]).filter "/a/b.py" "regular"
    => true
    ```
  */
  sourceByRegex =
    src: regexes:
    let
      root = (partsOf src).origSrc;
    in
    cleanSourceWith {
      inherit src;
      filter = path: _: any (regex: match regex (relativeTo root path) != null) regexes;
    };

  /**
    The files of a source with one of several suffixes, and all directories.

    # Type
    ```
    sourceFilesBySuffices :: (Path | Source) -> [String] -> Source
    ```

    # Example
    ```nix
    (lib.sourceFilesBySuffices /a [ ".c" ".h" ]).filter "/a/b.py" "regular"
    => false
    ```
  */
  sourceFilesBySuffices =
    src: suffixes:
    cleanSourceWith {
      inherit src;
      filter =
        path: type: type == "directory" || any (suffix: hasSuffix suffix (baseNameOf path)) suffixes;
    };

  /**
    The files of a source that match one of several globs. `*` is any part of
    a name, `**` any number of directories.

    # Type
    ```
    sourceByGlobs :: (Path | Source) -> [String] -> Source
    ```

    # Example
    ```nix
    (lib.sources.sourceByGlobs /a [ "src/**" ]).filter "/a/src/x/y.c" "regular"
    => true
    ```
  */
  sourceByGlobs =
    src: patterns:
    let
      matchers = map (pattern: globMatches (componentsOf pattern)) patterns;
      root = (partsOf src).origSrc;
    in
    cleanSourceWith {
      inherit src;
      filter =
        path: type:
        let
          parts = componentsOf (relativeTo root path);
        in
        any (matches: matches parts type) matchers;
    };

  /**
    True if a path is the directory of a Git repository.

    # Type
    ```
    pathIsGitRepo :: Path -> Bool
    ```

    # Example
    ```nix
    lib.pathIsGitRepo /does/not/exist
    => false
    ```
  */
  pathIsGitRepo = path: readRef path "HEAD" ? value;

  /**
    The commit that is checked out in a Git repository, by its directory.

    # Type
    ```
    commitIdFromGitRepo :: Path -> String
    ```

    # Example
    ```nix
    builtins.isFunction lib.commitIdFromGitRepo
    => true
    ```
  */
  commitIdFromGitRepo =
    path:
    let
      result = readRef path "HEAD";
    in
    result.value or (throw result.error);

  /**
    True if a string refers to the store.

    # Type
    ```
    pathHasContext :: String -> Bool
    ```

    # Example
    ```nix
    lib.pathHasContext "/a"
    => false
    ```
  */
  pathHasContext = builtins.hasContext;

  /**
    True if a source can be filtered: it is a path that is not in the store
    yet, or filtered already.

    # Type
    ```
    canCleanSource :: any -> Bool
    ```

    # Example
    ```nix
    lib.canCleanSource /a
    => true
    ```
  */
  canCleanSource = src: src ? _isLibCleanSourceWith || !(pathHasContext (toString src));

  /**
    The name of what a URL is about, without the suffixes of archives.

    # Type
    ```
    urlToName :: String -> String
    ```

    # Example
    ```nix
    lib.sources.urlToName "https://example.org/foo/bar.tar.gz"
    => "bar"
    ```
  */
  urlToName =
    url:
    let
      name = baseNameOf (removeSuffix "/" (lib.lists.last (lib.strings.splitString ":" (toString url))));
      strip =
        name:
        let
          found = match "(.*)[.](git|tar|zip|gz|tgz|bz|tbz|bz2|tbz2|lzma|txz|xz|zstd)" name;
        in
        if found == null then name else strip (head found);
    in
    strip name;

  /**
    A short form of a revision: seven digits of a commit, or the number of a
    version.

    # Type
    ```
    shortRev :: String -> String
    ```

    # Example
    ```nix
    lib.sources.shortRev "0123456789abcdef"
    => "0123456"
    lib.sources.shortRev "refs/tags/v1.2"
    => "1.2"
    ```
  */
  shortRev =
    rev:
    let
      name = baseNameOf (toString rev);
      version = match "([A-Za-z]+[-_. ]?)*(v)?([0-9.]+.*)" name;
    in
    if match "[a-f0-9]+" name != null then
      builtins.substring 0 7 name
    else if version != null then
      lib.lists.last version
    else
      name;

  /**
    The tag, or else the revision, or else `HEAD`.

    # Type
    ```
    revOrTag :: (String | null) -> (String | null) -> String
    ```

    # Example
    ```nix
    lib.revOrTag null "v1.0"
    => "v1.0"
    ```
  */
  revOrTag =
    rev: tag:
    if tag != null then
      tag
    else if rev != null then
      rev
    else
      "HEAD";

  /**
    The name of a fetched repository in the store. The kind is "source",
    "versioned" or "full"; the arguments are the URL, the revision and a
    suffix.

    # Type
    ```
    repoRevToName :: String -> String -> (String | null) -> (String | null) -> String
    ```

    # Example
    ```nix
    lib.repoRevToName "full" "https://example.org/foo.git" "v1.0" "x"
    => "foo-1.0-x-source"
    lib.repoRevToName "source" "https://example.org/foo.git" "v1.0" "x"
    => "source"
    ```
  */
  repoRevToName =
    kind:
    let
      optional = part: if part == null then [ ] else [ part ];
      name =
        repo: rev: suffix:
        concatStringsSep "-" (
          [ (urlToName repo) ]
          ++ optional (lib.trivial.mapNullable shortRev rev)
          ++ optional suffix
          ++ [ "source" ]
        );
    in
    {
      source =
        _: _: _:
        "source";
      versioned =
        repo: rev: _:
        name repo rev null;
      full = name;
    }
    .${kind} or (throw "repoRevToName: invalid kind");
}
