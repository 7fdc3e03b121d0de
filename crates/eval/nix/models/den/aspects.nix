# Aspects of den: values from which modules of several classes are taken.
#
# Source: https://den.oeiuwq.com, "Aspects", "Parametric Aspects".
{
  lib,
  rest,
  isKnown,
}:
let
  inherit (builtins)
    attrNames
    catAttrs
    concatMap
    elem
    filter
    functionArgs
    isAttrs
    isFunction
    isList
    isString
    ;

  # A definition without `mkIf` and its like around it.
  open =
    value:
    if !(isKnown value && isAttrs value && value ? _type) then
      [ value ]
    else
      {
        merge = concatMap open value.contents;
        "if" = lib.optionals value.condition (open value.content);
        override = open value.content;
        order = open value.content;
      }
      .${value._type} or [ value ];

  valuesOf = value: if isKnown value && isAttrs value && value ? __values then value.__values else [ value ];

  # Several definitions of one aspect. What is selected from it is merged the same way: an aspect inside it, or the module of a
  # class.
  merge =
    name: definitions:
    let
      values = concatMap valuesOf (concatMap open definitions);
      sets = filter (value: isKnown value && isAttrs value && !(value ? __functor)) values;
      functions = filter (value: isKnown value && !isAttrs value && isFunction value) values;
      inside = path: catAttrs path sets;
      provides = mergeSet name (inside "provides" ++ inside "_");
    in
    if values != [ ] && sets == [ ] && functions == [ ] then
      builtins.head values
    else
      mergeSet name sets
      // {
        inherit name provides;
        _ = provides;
        includes = concatMap (list: list) (inside "includes");
        __values = values;
        __name = name;
        # A factory makes an aspect of its argument; to any other a context says nothing new.
        __functor =
          self: argument: if functions == [ ] then self else merge name (map (function: function argument) functions);
      };

  mergeSet =
    name: sets:
    lib.genAttrs (lib.unique (concatMap attrNames (filter isAttrs sets))) (
      path: merge "${name}/${path}" (catAttrs path sets)
    );

  # Whether a function wants what there is.
  required =
    function:
    let
      arguments = functionArgs function;
    in
    filter (argument: !arguments.${argument}) (attrNames arguments);

  # The modules of a class in an aspect, for a context: what it owns, and what it includes. A function that wants what the
  # context does not have is for another one; `served` are contexts in which functions have been asked before.
  resolveIn =
    {
      class,
      ctx,
      served ? null,
    }:
    root:
    let
      available = ctx // {
        inherit class;
        aspect-chain = [ root ];
      };
      isServed = wanted: served != null && builtins.all (argument: elem argument served) wanted;
      call =
        depth: key: function:
        let
          arguments = functionArgs function;
          wanted = required function;
        in
        if arguments == { } then
          go depth key (function available)
        else if builtins.all (argument: available ? ${argument}) wanted && !(isServed wanted) then
          go depth null (function (builtins.intersectAttrs arguments available))
        else
          [ ];
      classes = lib.genAttrs ([ class ] ++ lib.optional (class == "nixos" || class == "darwin") "os") (_: null);
      # As they are written, so that each keeps its place.
      own =
        key: value:
        let
          modules = builtins.attrValues (builtins.intersectAttrs classes value);
        in
        if key == null || modules == [ ] then
          modules
        else
          [
            {
              key = "den/${class}@${key}";
              imports = modules;
            }
          ];
      go =
        depth: key: value:
        if depth > 60 then
          rest "aspects"
        else if !(isKnown value) then
          value
        else if isList value then
          concatMap (go (depth + 1) null) value
        else if !isAttrs value then
          if isFunction value then call depth key value else [ ]
        else if value ? _type then
          concatMap (go depth key) (open value)
        else if value ? __exactly then
          lib.optionals (value.__exactly == attrNames ctx) (go (depth + 1) null value.aspect)
        else if value ? __fixed then
          resolveIn {
            inherit class;
            ctx = value.__fixed;
          } value.aspect
        else if value ? __values then
          builtins.concatLists (lib.imap0 (at: go depth "${value.__name}/${toString at}") value.__values)
        else if value ? __functor then
          call depth key (value.__functor value)
        else
          own key value ++ concatMap (go (depth + 1) null) (value.includes or [ ]);
    in
    go 0 null root;

  aspect = lib.mkOptionType {
    name = "aspect";
    description = "aspect";
    check = value: isAttrs value || isFunction value || isList value || isString value;
    merge = loc: definitions: merge (lib.concatStringsSep "." loc) (map (it: it.value) definitions);
  };

  # For one context only, not for those that have more.
  exactly = names: aspect: {
    __exactly = names;
    inherit aspect;
  };
in
{
  inherit merge aspect;

  resolve =
    class: ctx: aspect:
    resolveIn { inherit class ctx; } aspect;
  resolveAfter =
    served: class: ctx: aspect:
    resolveIn { inherit class ctx served; } aspect;

  # `den.lib`, as far as aspects are made with it.
  library = {
    parametric = {
      __functor = _: aspect: aspect;
      atLeast = aspect: { inherit (aspect) includes; };
      exactly = aspect: {
        includes = map (include: exactly (required include) include) aspect.includes;
      };
      expands = _: aspect: aspect;
      fixedTo = {
        __functor = _: __fixed: aspect: { inherit __fixed aspect; };
        exactly = __fixed: aspect: { inherit __fixed aspect; };
        atLeast = __fixed: aspect: { inherit __fixed aspect; };
      };
    };
    take = {
      atLeast = function: function;
      upTo = function: function;
      exactly = function: exactly (required function) function;
      unused = _: used: used;
    };
    perHost = exactly [ "host" ];
    perUser = exactly [
      "host"
      "user"
    ];
    perHome = exactly [ "home" ];
    aspects.resolve =
      class: aspect:
      {
        imports = resolveIn {
          inherit class;
          ctx = { };
        } aspect;
      };
  };
}
