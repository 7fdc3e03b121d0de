//! Models that are written in Nix: `crates/eval/nix/models`, embedded in the binary.
//!
//! A model is a function that gives what is known of a flake's outputs. It is called with
//!
//! - `lib`: nixpkgs' library, with `nixosSystem`;
//! - `input`: the unknown input itself, for what the model passes on and does not know;
//! - `rest "lib"`: an output of the input that is not known, even where the model has one of that name;
//! - `isKnown value`: whether a value is known;
//! - `hasUnknownModules config`: whether modules of a configuration are not known;
//! - `inputNamed name`: an input that is known by its name only;
//! - `darwinSystem` and `homeManagerConfiguration`, which make hosts of these kinds.
//!
//! The models of module libraries give modules instead, which say what the library's modules declare.

use nixscope_db::{VfsPath, source};
use nixscope_eval::{
    Attr, Attrs, Builtin, EMBEDDED_ROOT, Eval, Evaluator, Place, Reason, Taint, Thunk, Unknown, UnknownKind,
    Value,
};
use nixscope_hir::Symbol;

use super::systems;
use crate::input_kind::InputKind;

/// The model of a kind of input.
fn file(kind: InputKind) -> Option<&'static str> {
    Some(match kind {
        InputKind::AdiosFlake => "adios-flake.nix",
        InputKind::Blueprint => "blueprint.nix",
        InputKind::Clan => "clan.nix",
        InputKind::Colmena => "colmena.nix",
        InputKind::Den => "den.nix",
        InputKind::EasyHosts => "easy-hosts.nix",
        InputKind::EzConfigs => "ez-configs.nix",
        InputKind::FlakeFile => "flake-file.nix",
        InputKind::FlakeParts => "flake-parts.nix",
        InputKind::FlakeUtils => "flake-utils.nix",
        InputKind::FlakeUtilsPlus => "flake-utils-plus.nix",
        InputKind::Generators => "nixos-generators.nix",
        InputKind::Haumea => "haumea.nix",
        InputKind::ImportTree => "import-tree.nix",
        InputKind::InputPatcher => "flake-input-patcher.nix",
        InputKind::LiteConfig => "lite-config.nix",
        InputKind::NixosUnified => "nixos-unified.nix",
        InputKind::Snowfall => "snowfall.nix",
        InputKind::Darwin
        | InputKind::DeployRs
        | InputKind::ExtraModules
        | InputKind::HomeManager
        | InputKind::Microvm
        | InputKind::Nixpkgs
        | InputKind::Other
        | InputKind::Systems(_) => return None,
    })
}

static IS_KNOWN: Builtin = Builtin {
    name: "isKnown",
    arity: 1,
    run: is_known,
    doc: "`isKnown value`: whether a value is known, as far as its outermost layer.",
};

fn is_known<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    Ok(Value::Bool(!matches!(ev.force(args[0])?, Value::Unknown(_))))
}

static HAS_UNKNOWN_MODULES: Builtin = Builtin {
    name: "hasUnknownModules",
    arity: 1,
    run: has_unknown_modules,
    doc: "`hasUnknownModules config`: whether modules of a configuration are not known.",
};

fn has_unknown_modules<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], _: Place) -> Eval<'h, Value<'h>> {
    let Value::Config(node) = ev.force(args[0])? else { return Ok(Value::Bool(true)) };
    let closure = ev.system(node.system).closure(ev);
    Ok(Value::Bool(!closure.external.is_empty() || !closure.gaps.is_empty()))
}

static REST: Builtin = Builtin {
    name: "rest",
    arity: 2,
    run: rest,
    doc: "`rest input name`: an output of an input, past its model.",
};

fn rest<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let name = ev.force_str(args[1], place)?.text;
    let Value::Unknown(input) = ev.force(args[0])? else { return Ok(Value::Null) };
    // A root of its own, which is no input and so has no model.
    let path = format!("{}.{name}", input.path());
    Ok(Value::Unknown(ev.unknown(&path, input.reason, input.taint, input.place)))
}

static INPUT_NAMED: Builtin = Builtin {
    name: "inputNamed",
    arity: 1,
    run: input_named,
    doc: "`inputNamed name`: an input that is known by its name only, as of another flake.",
};

fn input_named<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let name = ev.force_str(args[0], place)?.text;
    let path = format!("{}{name}", super::INPUT_PREFIX);
    Ok(Value::Unknown(ev.unknown(&path, Reason::Input, Taint::None, args[0].place())))
}

/// An output of an input that is modelled in Nix: none where the model does not have it. What the
/// output has beside what the model says stays unknown.
pub(super) fn output<'h>(
    ev: &Evaluator<'h>,
    kind: InputKind,
    input: &'h Unknown<'h>,
    name: Symbol,
) -> Option<Value<'h>> {
    let Ok(Value::Attrs(outputs)) = load(ev, file(kind)?, input) else { return None };
    let value = ev.force(outputs.get(name)?.value).ok()?;
    Some(match value {
        Value::Attrs(attrs) if attrs.open.is_none() => {
            let kind = UnknownKind::Attr(input, name);
            let open = ev.heap.alloc(Unknown { kind, ..*input });
            Value::Attrs(ev.heap.alloc(Attrs { entries: attrs.entries, open: Some(open) }))
        }
        other => other,
    })
}

/// The result of calling an input, where its model can be called: `inputs.blueprint { … }`.
pub(super) fn call<'h>(
    ev: &Evaluator<'h>,
    kind: InputKind,
    input: &'h Unknown<'h>,
    argument: &'h Thunk<'h>,
) -> Option<Value<'h>> {
    let model = load(ev, file(kind)?, input).ok()?;
    let Value::Attrs(outputs) = model else { return None };
    outputs.get(Symbol::new("__functor"))?;
    ev.apply(model, argument, argument.place()).ok()
}

/// A module of a model, which stands for one of an input's modules.
pub(super) fn module<'h>(
    ev: &Evaluator<'h>,
    file: &str,
    of: &'h Unknown<'h>,
    name: &str,
) -> Option<Value<'h>> {
    // The input that the module was selected from.
    let mut input = of;
    while let UnknownKind::Attr(base, _) = input.kind {
        input = base;
    }
    let Ok(Value::Attrs(modules)) = load(ev, file, input) else { return None };
    ev.force(modules.get(Symbol::new(name))?.value).ok()
}

/// The machines of a hive or a network, as a set of hosts.
///
/// # Errors
/// Where it is no set.
pub(crate) fn hive<'h>(ev: &Evaluator<'h>, hive: &'h Thunk<'h>) -> Eval<'h, &'h Attrs<'h>> {
    let colmena = ev.unknown("inputs.colmena", Reason::Input, Taint::None, Place::NONE);
    let nodes = load(ev, "colmena/hive.nix", colmena)?;
    let nodes = ev.apply(nodes, hive, hive.place())?;
    ev.force_attrs(ev.done_at(nodes, hive.place()), hive.place())
}

/// What a repository without a flake gives, from its `default.nix`, when it is asked for.
pub(crate) fn project<'h>(ev: &Evaluator<'h>, file: &'h Thunk<'h>) -> Eval<'h, &'h Thunk<'h>> {
    let nothing = ev.unknown("inputs.none", Reason::Input, Taint::None, Place::NONE);
    let model = load(ev, "project.nix", nothing)?;
    Ok(ev.delay_call(ev.done(model), file))
}

fn load<'h>(ev: &Evaluator<'h>, file: &str, input: &'h Unknown<'h>) -> Eval<'h, Value<'h>> {
    let path = VfsPath::new(&format!("{EMBEDDED_ROOT}/models/{file}"));
    let input = ev.done(Value::Unknown(input));
    let rest = ev.apply(ev.native(&REST), input, Place::NONE)?;
    let arguments = ev.attrs(vec![
        Attr { name: Symbol::new("input"), place: Place::NONE, value: input },
        ev.attr("lib", super::nixpkgs_lib(ev)),
        ev.attr("rest", rest),
        ev.attr("isKnown", ev.native(&IS_KNOWN)),
        ev.attr("hasUnknownModules", ev.native(&HAS_UNKNOWN_MODULES)),
        ev.attr("inputNamed", ev.native(&INPUT_NAMED)),
        ev.attr("darwinSystem", ev.native(&systems::DARWIN_SYSTEM)),
        ev.attr("homeManagerConfiguration", ev.native(&systems::HOME_CONFIGURATION)),
    ]);
    let function = ev.force(ev.import_file(source(ev.db, &path)))?;
    ev.apply(function, ev.done(arguments), Place::NONE)
}
