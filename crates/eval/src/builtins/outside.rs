//! Builtins that look outside: the network, the machine. Their results are unknown.

use super::Builtin;
use crate::Evaluator;
use crate::error::Eval;
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Reason, Taint, Value};

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "fetchurl",
        arity: 1,
        run: fetchurl,
        doc: "`fetchurl url`: the path of a downloaded file.",
    },
    Builtin {
        name: "fetchTarball",
        arity: 1,
        run: fetch_tarball,
        doc: "`fetchTarball url`: the path of a downloaded and unpacked archive.",
    },
    Builtin {
        name: "fetchGit",
        arity: 1,
        run: fetch_git,
        doc: "`fetchGit { url; … }`: a checkout of a Git repository.",
    },
    Builtin {
        name: "fetchMercurial",
        arity: 1,
        run: fetch_mercurial,
        doc: "`fetchMercurial { url; … }`: a checkout of a Mercurial repository.",
    },
    Builtin {
        name: "fetchTree",
        arity: 1,
        run: fetch_tree,
        doc: "`fetchTree { type; … }`: a source tree of any kind that flakes know.",
    },
    Builtin {
        name: "fetchFinalTree",
        arity: 1,
        run: fetch_final_tree,
        doc: "`fetchFinalTree { type; … }`: `fetchTree` of a locked reference.",
    },
    Builtin {
        name: "fetchClosure",
        arity: 1,
        run: fetch_closure,
        doc: "`fetchClosure { fromStore; fromPath; … }`: a store path from a binary cache.",
    },
    Builtin {
        name: "getFlake",
        arity: 1,
        run: get_flake,
        doc: "`getFlake reference`: the outputs of a flake.",
    },
    Builtin { name: "getEnv", arity: 1, run: get_env, doc: "`getEnv name`: a variable of the environment." },
    Builtin {
        name: "outputOf",
        arity: 2,
        run: output_of,
        doc: "`outputOf reference name`: an output of a derivation that another derivation makes.",
    },
];

/// Calls an unknown function: a model may know better, else the result is unknown.
fn outside<'h>(
    ev: &Evaluator<'h>,
    name: &str,
    reason: Reason,
    args: &[&'h Thunk<'h>],
    place: Place,
) -> Eval<'h, Value<'h>> {
    let function = ev.unknown(&format!("builtins.{name}"), reason, Taint::None, place);
    ev.apply_all(Value::Unknown(function), args, place)
}

fn fetchurl<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    outside(ev, "fetchurl", Reason::Fetch, args, place)
}

fn fetch_tarball<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    outside(ev, "fetchTarball", Reason::Fetch, args, place)
}

fn fetch_git<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    outside(ev, "fetchGit", Reason::Fetch, args, place)
}

fn fetch_mercurial<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    outside(ev, "fetchMercurial", Reason::Fetch, args, place)
}

fn fetch_tree<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    outside(ev, "fetchTree", Reason::Fetch, args, place)
}

fn fetch_final_tree<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    outside(ev, "fetchFinalTree", Reason::Fetch, args, place)
}

fn fetch_closure<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    outside(ev, "fetchClosure", Reason::Fetch, args, place)
}

fn get_flake<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    outside(ev, "getFlake", Reason::Fetch, args, place)
}

fn get_env<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    outside(ev, "getEnv", Reason::Impure, args, place)
}

fn output_of<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    outside(ev, "outputOf", Reason::Derivation, args, place)
}
