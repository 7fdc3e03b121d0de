//! The functions that make hosts: `nixosSystem`, `darwinSystem`, `homeManagerConfiguration`.

use nixscope_eval::modules::GivenPackages;
use nixscope_eval::{
    Attr, Attrs, Builtin, Eval, Evaluator, Halt, List, Place, Thunk, Unknown, UnknownKind, Value,
};
use nixscope_hir::Symbol;

pub(super) static NIXOS_SYSTEM: Builtin = Builtin {
    name: "nixosSystem",
    arity: 1,
    run: nixos_system,
    doc: "`nixosSystem { modules, specialArgs ? { }, system ? null, … }`: a NixOS host.",
};

/// What nixpkgs' flake adds to the library.
pub(super) static LIB_OVERLAY: Builtin = Builtin {
    name: "libOverlay",
    arity: 2,
    run: lib_overlay,
    doc: "The overlay that adds `nixosSystem` to the library.",
};

fn lib_overlay<'h>(ev: &Evaluator<'h>, _: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    Ok(ev.attrs(vec![ev.attr("nixosSystem", ev.native(&NIXOS_SYSTEM))]))
}

pub(super) static DARWIN_SYSTEM: Builtin = Builtin {
    name: "darwinSystem",
    arity: 1,
    run: darwin_system,
    doc: "`darwinSystem { modules, specialArgs ? { }, system ? null, … }`: a nix-darwin host.",
};

pub(super) static HOME_CONFIGURATION: Builtin = Builtin {
    name: "homeManagerConfiguration",
    arity: 1,
    run: home_configuration,
    doc: "`homeManagerConfiguration { pkgs, modules, extraSpecialArgs ? { }, … }`: a standalone home.",
};

static NIX_ON_DROID: Builtin = Builtin {
    name: "nixOnDroidConfiguration",
    arity: 1,
    run: nix_on_droid,
    doc: "`nixOnDroidConfiguration { modules, extraSpecialArgs ? { }, … }`: a nix-on-droid device.",
};

static SYSTEM_MANAGER: Builtin = Builtin {
    name: "makeSystemConfig",
    arity: 1,
    run: system_manager,
    doc: "`makeSystemConfig { modules, specialArgs ? { }, … }`: a host of system-manager.",
};

/// A function that makes hosts, by its name in an input's library.
pub(super) fn builder<'h>(ev: &Evaluator<'h>, path: &[&str], name: &str) -> Option<Value<'h>> {
    let builtin = match (path, name) {
        (["lib"], "nixosSystem") => &NIXOS_SYSTEM,
        (["lib"], "darwinSystem") => &DARWIN_SYSTEM,
        (["lib"], "homeManagerConfiguration") => &HOME_CONFIGURATION,
        (["lib"], "nixOnDroidConfiguration") => &NIX_ON_DROID,
        (["lib"], "makeSystemConfig") => &SYSTEM_MANAGER,
        _ => return None,
    };
    Some(ev.native(builtin))
}

fn nixos_system<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    make(ev, args[0], "nixos", "specialArgs", place)
}

fn darwin_system<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    make(ev, args[0], "darwin", "specialArgs", place)
}

fn home_configuration<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    make(ev, args[0], "homeManager", "extraSpecialArgs", place)
}

fn nix_on_droid<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    make(ev, args[0], "nixOnDroid", "extraSpecialArgs", place)
}

fn system_manager<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    // Its first releases called them `extraSpecialArgs`.
    let given = ev.force_attrs(args[0], place)?;
    let special = match given.get(Symbol::new("extraSpecialArgs")) {
        Some(_) => "extraSpecialArgs",
        None => "specialArgs",
    };
    make(ev, args[0], "systemManager", special, place)
}

/// A host from the arguments of `nixosSystem`, for callers that have them as a thunk.
pub(super) fn nixos<'h>(ev: &Evaluator<'h>, argument: &'h Thunk<'h>) -> Option<Value<'h>> {
    make(ev, argument, "nixos", "specialArgs", argument.place()).ok()
}

fn make<'h>(
    ev: &Evaluator<'h>,
    argument: &'h Thunk<'h>,
    class: &'h str,
    special: &str,
    place: Place,
) -> Eval<'h, Value<'h>> {
    let given = ev.force_attrs(argument, place)?;
    let get = |name: &str| given.get(Symbol::new(name)).map(|attr| attr.value);
    let mut modules: Vec<&'h Thunk<'h>> = Vec::new();
    modules.extend(get("modules"));
    if get("modules").is_none() {
        modules.extend(get("configuration").map(|it| ev.done(ev.list(&[it]))));
        if let Some(unknown) = given.open {
            modules.push(ev.done(Value::Unknown(unknown)));
        }
    }
    modules.extend(get("extraModules"));
    let special_args = match get(special) {
        None => ev.heap.alloc(Attrs { entries: &[], open: None }),
        Some(thunk) => match ev.force_attrs(thunk, place) {
            Ok(attrs) => attrs,
            Err(Halt::Unknown(unknown)) => ev.heap.alloc(Attrs { entries: &[], open: Some(unknown) }),
            Err(error) => return Err(error),
        },
    };
    // `inputs`, `self` and the like of nix-darwin's builder are just special arguments.
    let mut entries: Vec<Attr<'h>> = special_args.entries.to_vec();
    if class == "darwin" {
        entries.extend(given.get(Symbol::new("inputs")));
    }
    // A library that the builder is given is the modules' `lib`. Source: nixpkgs `nixos/lib/eval-config.nix`.
    let lib = Symbol::new("lib");
    if entries.iter().all(|known| known.name != lib) {
        entries.extend(given.get(lib));
    }
    let special_args = match ev.attrs(entries) {
        Value::Attrs(attrs) => ev.heap.alloc(Attrs { entries: attrs.entries, open: special_args.open }),
        _ => special_args,
    };
    let packages = GivenPackages { pkgs: get("pkgs"), system: get("system") };
    let system = ev.new_host(modules, special_args, class, packages);
    Ok(ev.system_value(&system))
}

/// `foreign.nixosConfigurations.x.extendModules { modules = […]; }`: what is known are the modules
/// that are added; the rest is a module from outside.
pub(super) fn extend_unknown<'h>(
    ev: &Evaluator<'h>,
    function: &'h Unknown<'h>,
    argument: &'h Thunk<'h>,
) -> Option<Value<'h>> {
    let given = ev.force_attrs(argument, argument.place()).ok()?;
    // The foreign host, without the `.extendModules` that it is reached through.
    let foreign = match function.kind {
        UnknownKind::Attr(base, _) => base,
        _ => function,
    };
    let unknown_modules = ev.heap.alloc(List { items: &[], open: Some(foreign) });
    let mut modules = vec![ev.done_at(Value::List(unknown_modules), function.place)];
    modules.extend(given.get(Symbol::new("modules")).map(|attr| attr.value));
    let special = ev.heap.alloc(Attrs { entries: &[], open: Some(function) });
    let system = ev.new_system(modules, special, "nixos", None);
    Some(ev.system_value(&system))
}
