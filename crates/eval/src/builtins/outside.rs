//! Builtins that look outside: the network, the machine. Their results are unknown.

use nixscope_hir::Symbol;

use super::Builtin;
use crate::Evaluator;
use crate::coerce::Coercion;
use crate::error::{ErrorKind, Eval, Halt};
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
    check_download(ev, "fetchurl", args[0], place)?;
    outside(ev, "fetchurl", Reason::Fetch, args, place)
}

fn fetch_tarball<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    check_download(ev, "fetchTarball", args[0], place)?;
    outside(ev, "fetchTarball", Reason::Fetch, args, place)
}

/// What Nix refuses before it downloads: an argument that is neither a string nor a set with `url`, a name that no store
/// path can have.
fn check_download<'h>(
    ev: &Evaluator<'h>,
    builtin: &str,
    argument: &'h Thunk<'h>,
    place: Place,
) -> Eval<'h, ()> {
    let value = ev.force(argument)?;
    let (url, name) = match ev.settle(value)? {
        Value::Attrs(set) => {
            let text = |name: &str| match set.get(Symbol::new(name)) {
                Some(attr) => known(ev.force_str(attr.value, attr.place.or(place))),
                None => Ok(None),
            };
            if set.get(Symbol::new("url")).is_none() && set.open.is_none() {
                return Err(ev.missing_attribute(value, Symbol::new("url"), place));
            }
            (text("url")?, text("name")?)
        }
        value => (known(ev.coerce(value, Coercion::Interpolation, place))?, None),
    };
    let fallback = if builtin == "fetchTarball" { "source" } else { "" };
    let name = match (name, url) {
        (Some(name), _) => name.text,
        (None, Some(_)) if !fallback.is_empty() => fallback,
        (None, Some(url)) => url.text.trim_end_matches('/').rsplit('/').next().unwrap_or_default(),
        (None, None) => return Ok(()),
    };
    if super::derivations::name_is_valid(name) {
        return Ok(());
    }
    let message =
        format!("what {builtin} downloads cannot be called {name:?} in the store: give it a `name`");
    Err(ev.error(ErrorKind::Other, &message, place))
}

/// A part of an argument; none where it is unknown.
fn known<'h, T>(part: Eval<'h, T>) -> Eval<'h, Option<T>> {
    match part {
        Ok(part) => Ok(Some(part)),
        Err(Halt::Unknown(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn fetch_git<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    outside(ev, "fetchGit", Reason::Fetch, args, place)
}

fn fetch_mercurial<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    outside(ev, "fetchMercurial", Reason::Fetch, args, place)
}

fn fetch_tree<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    check_tree(ev, args[0], place)?;
    outside(ev, "fetchTree", Reason::Fetch, args, place)
}

/// What Nix refuses before it fetches a tree: a file that is not named by an absolute path, a negative number.
fn check_tree<'h>(ev: &Evaluator<'h>, argument: &'h Thunk<'h>, place: Place) -> Eval<'h, ()> {
    let value = ev.force(argument)?;
    match ev.settle(value)? {
        Value::Str(url) => match url.text.split_once(':') {
            Some(("file", path)) if !path.starts_with('/') => {
                let message = format!("the file in {:?} must be named by an absolute path", url.text);
                Err(ev.error(ErrorKind::Other, &message, place))
            }
            _ => Ok(()),
        },
        Value::Attrs(set) => {
            for attr in set.sorted() {
                if let Value::Int(number @ ..0) = ev.force(attr.value)? {
                    let message = format!("`{}` cannot be negative: {number}", attr.name);
                    return Err(ev.error(ErrorKind::Other, &message, attr.place.or(place)));
                }
            }
            Ok(())
        }
        Value::Unknown(_) | Value::Choice(_) => Ok(()),
        other => Err(ev.type_error("a set or a string", other, place)),
    }
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
    let name = ev.force_str(args[0], place)?;
    match ev.models.machine().environment.get(name.text) {
        Some(value) => Ok(ev.string(value)),
        None => outside(ev, "getEnv", Reason::Impure, args, place),
    }
}

fn output_of<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    outside(ev, "outputOf", Reason::Derivation, args, place)
}
