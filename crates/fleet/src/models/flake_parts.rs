//! flake-parts: `mkFlake` evaluates a module whose `config.flake` is the outputs.

use nixscope_db::VfsPath;
use nixscope_eval::{
    Attr, Attrs, Builtin, EMBEDDED_ROOT, Eval, Evaluator, Place, Reason, Taint, Thunk, Value,
};
use nixscope_hir::Symbol;

pub(super) static MK_FLAKE: Builtin = Builtin {
    name: "mkFlake",
    arity: 2,
    run: mk_flake,
    doc: "`mkFlake { inputs, specialArgs ? { }, … } module`: a flake's outputs from a module.",
};

fn mk_flake<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let given = ev.force_attrs(args[0], place)?;
    let get = |name: &str| given.get(Symbol::new(name));
    let mut special: Vec<Attr<'h>> = Vec::new();
    if let Some(inputs) = get("inputs") {
        special.push(*inputs);
        let this = ev.delay_select(inputs.value, Symbol::new("self"), inputs.place);
        special.push(Attr { name: Symbol::new("self"), place: inputs.place, value: this });
    }
    special.extend(get("self"));
    if let Some(more) = get("specialArgs") {
        special.extend_from_slice(ev.force_attrs(more.value, place)?.entries);
    }
    special.push(ev.attr("flake-parts-lib", flake_parts_lib(ev)));
    special.push(ev.attr("withSystem", ev.native(&WITH_SYSTEM)));
    special.push(ev.attr("moduleWithSystem", ev.native(&MODULE_WITH_SYSTEM)));
    special.push(ev.attr("lib", super::nixpkgs_lib(ev)));
    let special = match ev.attrs(special) {
        Value::Attrs(attrs) => attrs,
        _ => ev.heap.alloc(Attrs { entries: &[], open: None }),
    };
    let model = ev.path(&format!("{EMBEDDED_ROOT}/models/flake-parts.nix"));
    let modules = ev.done_at(ev.list(&[ev.done(model), args[1]]), place);
    let system = ev.new_system(vec![modules], special, "flake", None);
    let Some(flake) = system.value_at(ev, &[Symbol::new("flake")])? else {
        return Ok(ev.attrs(Vec::new()));
    };
    let flake = ev.as_attrs(flake, place)?;
    // What `perSystem` gives is spread over the outputs; its names are not known here.
    let open = ev.unknown("perSystem", Reason::Package, Taint::None, place);
    Ok(Value::Attrs(ev.heap.alloc(Attrs { entries: flake.entries, open: Some(open) })))
}

static WITH_SYSTEM: Builtin = Builtin {
    name: "withSystem",
    arity: 2,
    run: with_system,
    doc: "`withSystem system f`: calls `f` with the arguments that `perSystem` has for a system.",
};

static MODULE_WITH_SYSTEM: Builtin = Builtin {
    name: "moduleWithSystem",
    arity: 2,
    run: module_with_system,
    doc: "`moduleWithSystem f`: a module whose function also gets the arguments that `perSystem` has.",
};

fn module_with_system<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let function = ev.force(args[0])?;
    let unknown = ev.unknown("withSystem", Reason::Package, Taint::PackageSet, place);
    let module = ev.apply(function, ev.done(Value::Unknown(unknown)), place)?;
    ev.apply(module, args[1], place)
}

/// The arguments of `perSystem`: the platform and the package set are known, the rest is not.
fn with_system<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let open = ev.unknown("withSystem", Reason::Package, Taint::PackageSet, place);
    let system = Attr { name: Symbol::new("system"), place, value: args[0] };
    let known = ev.attrs(vec![
        system,
        ev.attr("pkgs", super::packages::set(ev)),
        ev.attr("lib", super::nixpkgs_lib(ev)),
    ]);
    let arguments = match known {
        Value::Attrs(attrs) => {
            Value::Attrs(ev.heap.alloc(Attrs { entries: attrs.entries, open: Some(open) }))
        }
        other => other,
    };
    let function = ev.force(args[1])?;
    ev.apply(function, ev.done(arguments), place)
}

/// What modules get as `flake-parts-lib`, as far as it is used to import modules.
fn flake_parts_lib<'h>(ev: &Evaluator<'h>) -> Value<'h> {
    static IMPORT_APPLY: Builtin = Builtin {
        name: "importApply",
        arity: 2,
        run: import_apply,
        doc: "`importApply path args`: the module that the function in `path` gives for `args`.",
    };
    let known = ev.attrs(vec![ev.attr("importApply", ev.native(&IMPORT_APPLY))]);
    let open = ev.unknown("flake-parts-lib", Reason::Input, Taint::None, Place::NONE);
    match known {
        Value::Attrs(attrs) => {
            Value::Attrs(ev.heap.alloc(Attrs { entries: attrs.entries, open: Some(open) }))
        }
        other => other,
    }
}

fn import_apply<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let path = ev.force_path(args[0], place)?;
    let function = ev.import_path(VfsPath::new(path.text).as_str(), place)?;
    ev.apply(function, args[1], place)
}
