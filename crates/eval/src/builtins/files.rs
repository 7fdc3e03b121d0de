//! Builtins on paths and files. They read through the database only.

use nixscope_db::{EntryKind, FileText, VfsPath};
use nixscope_hir::Symbol;

use super::Builtin;
use super::control::readable_path;
use crate::Evaluator;
use crate::error::{ErrorKind, Eval, Halt};
use crate::evaluator::EventKind;
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, ContextItem, Reason, Taint, Value};

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "pathExists",
        arity: 1,
        run: path_exists,
        doc: "`pathExists path`: whether there is something at the path.",
    },
    Builtin { name: "readFile", arity: 1, run: read_file, doc: "`readFile path`: the file's text." },
    Builtin {
        name: "readDir",
        arity: 1,
        run: read_dir,
        doc: "`readDir path`: a set of the names in the directory, each with its type.",
    },
    Builtin {
        name: "readFileType",
        arity: 1,
        run: read_file_type,
        doc: "`readFileType path`: \"regular\", \"directory\", \"symlink\" or \"unknown\".",
    },
    Builtin {
        name: "path",
        arity: 1,
        run: path,
        doc: "`path { path; name ? …; filter ? …; recursive ? …; sha256 ? …; }`: the path, to be copied to the store.",
    },
    Builtin {
        name: "filterSource",
        arity: 2,
        run: filter_source,
        doc: "`filterSource f path`: the path, to be copied to the store without what `f` is false of.",
    },
    Builtin {
        name: "toPath",
        arity: 1,
        run: to_path,
        doc: "`toPath s`: an absolute path, made regular, as a string.",
    },
    Builtin {
        name: "storePath",
        arity: 1,
        run: store_path,
        doc: "`storePath path`: a path that is in the store already.",
    },
    Builtin {
        name: "findFile",
        arity: 2,
        run: find_file,
        doc: "`findFile paths name`: the first path of a list of `{ prefix; path; }` that has the name; what `<name>` does with `nixPath`.",
    },
    Builtin {
        name: "toFile",
        arity: 2,
        run: to_file,
        doc: "`toFile name s`: the store path of a file that holds the text.",
    },
];

/// The text of a file.
pub(super) fn read<'h>(
    ev: &Evaluator<'h>,
    builtin: &'static str,
    path: &'h str,
    place: Place,
) -> Eval<'h, &'h str> {
    let path = VfsPath::new(path);
    let source = nixscope_db::source(ev.db, &path);
    match source.text(ev.db) {
        FileText::Text(text) => {
            ev.event(EventKind::ReadFile { path: ev.heap.str(path.as_str()) }, place);
            ev.remember_text(text, source);
            Ok(text)
        }
        FileText::Unreadable(why) => match nixscope_db::kind(ev.db, &path) {
            EntryKind::Missing => Err(ev.missing_file(&path, place)),
            _ => Err(ev.error(ErrorKind::File, &format!("cannot read {path}: {why}"), place)),
        },
        FileText::Encrypted => {
            Err(Halt::Unknown(ev.unknown(path.as_str(), Reason::Encrypted, Taint::None, place)))
        }
        // There is something, but not text of a size that is kept.
        FileText::NotUtf8(_) | FileText::TooLarge(_) => {
            let name = format!("builtins.{builtin} {path}");
            Err(Halt::Unknown(ev.unknown(&name, Reason::Failed, Taint::None, place)))
        }
    }
}

fn read_file<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let path = readable_path(ev, "readFile", args[0], place)?;
    let text = read(ev, "readFile", path, place)?;
    Ok(ev.string_in(text, &[]))
}

fn path_exists<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let path = readable_path(ev, "pathExists", args[0], place)?;
    let must_be_directory = path.ends_with('/') || path.ends_with("/.");
    Ok(Value::Bool(match nixscope_db::kind(ev.db, &VfsPath::new(path)) {
        EntryKind::Missing => false,
        EntryKind::Directory => true,
        EntryKind::File | EntryKind::Symlink | EntryKind::Other => !must_be_directory,
    }))
}

fn type_text(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::File => "regular",
        EntryKind::Directory => "directory",
        EntryKind::Symlink => "symlink",
        EntryKind::Missing | EntryKind::Other => "unknown",
    }
}

fn read_dir<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let path = VfsPath::new(readable_path(ev, "readDir", args[0], place)?);
    match nixscope_db::kind(ev.db, &path) {
        EntryKind::Directory => {}
        EntryKind::Missing => return Err(ev.missing_file(&path, place)),
        _ => return Err(ev.error(ErrorKind::File, &format!("{path} is not a directory"), place)),
    }
    let names = nixscope_db::list(ev.db, &path);
    let mut entries: Vec<Attr<'h>> = names
        .iter()
        .map(|(name, kind)| Attr {
            name: Symbol::new(name),
            place,
            value: ev.done_at(ev.string_in(type_text(*kind), &[]), place),
        })
        .collect();
    entries.sort_unstable_by_key(|attr| attr.name);
    Ok(ev.attrs_sorted(&entries, None))
}

fn read_file_type<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let path = VfsPath::new(readable_path(ev, "readFileType", args[0], place)?);
    let kind = nixscope_db::kind(ev.db, &path);
    if kind == EntryKind::Missing {
        return Err(ev.missing_file(&path, place));
    }
    // What a path names says where a link leads; only its directory says that it is one.
    let is_link = path.parent().is_some_and(|parent| {
        let name = path.as_str().rsplit('/').next().unwrap_or_default();
        let names = nixscope_db::list(ev.db, &parent);
        names.iter().any(|(known, kind)| **known == *name && *kind == EntryKind::Symlink)
    });
    Ok(ev.string_in(type_text(if is_link { EntryKind::Symlink } else { kind }), &[]))
}

/// A path as what will be its copy in the store: the store path needs the content's hash, so the text
/// stays that of the source, and the context says that it is copied.
fn copied<'h>(ev: &Evaluator<'h>, path: &'h str) -> Value<'h> {
    let context = ev.heap.slice(&[ContextItem::Path(path)]);
    ev.string_in(path, context)
}

fn path<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let set = ev.force(args[0])?;
    let name = Symbol::new("path");
    match ev.get_attr(set, name, place)? {
        Some(attr) => {
            let path = ev.force_path(attr.value, attr.place)?.text;
            if let Ok(Some(filter)) = ev.get_attr(set, Symbol::new("filter"), place) {
                check_filter(ev, filter.value, path, place)?;
            }
            Ok(copied(ev, path))
        }
        None => Err(ev.missing_attribute(set, name, place)),
    }
}

fn filter_source<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let path = ev.force_path(args[1], place)?.text;
    check_filter(ev, args[0], path, place)?;
    Ok(copied(ev, path))
}

/// Calls the filter of a path for one thing below it, so that a filter that is none is seen. What it says does not matter:
/// nothing is copied.
fn check_filter<'h>(ev: &Evaluator<'h>, filter: &'h Thunk<'h>, path: &'h str, place: Place) -> Eval<'h, ()> {
    let unless_unknown = |halt| match halt {
        Halt::Unknown(_) => Ok(()),
        error => Err(error),
    };
    let function = match ev.force_function(filter, place) {
        Ok(function) => function,
        Err(halt) => return unless_unknown(halt),
    };
    let directory = VfsPath::new(path);
    let Some((name, kind)) = nixscope_db::list(ev.db, &directory).first() else { return Ok(()) };
    let below = ev.heap.str(directory.join(name).as_str());
    let args = [ev.done(ev.string_in(below, &[])), ev.done(ev.string_in(type_text(*kind), &[]))];
    let verdict = ev.apply_all(function, &args, place)?;
    ev.force_bool(ev.done(verdict), place).map(|_| ()).or_else(unless_unknown)
}

fn to_path<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let path = ev.force_path(args[0], place)?;
    let normal = VfsPath::new(path.text);
    Ok(ev.string_in(ev.heap.str(normal.as_str()), path.context))
}

fn store_path<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let path = ev.force_path(args[0], place)?;
    let normal = VfsPath::new(path.text);
    let store = VfsPath::new("/nix/store");
    if normal == store || !normal.starts_with(&store) {
        return Err(ev.error(ErrorKind::Other, &format!("{normal} is not in the Nix store"), place));
    }
    match nixscope_db::kind(ev.db, &normal) {
        EntryKind::Missing => {
            Err(Halt::Unknown(ev.unknown(normal.as_str(), Reason::Impure, Taint::None, place)))
        }
        _ => Ok(copied(ev, path.text)),
    }
}

fn find_file<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let list = ev.force_list(args[0], place)?;
    let wanted = ev.force_str(args[1], place)?.text;
    let mut unknown = list.open;
    for item in list.items {
        match find_in(ev, item, wanted, place) {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => {}
            Err(Halt::Unknown(it)) => unknown = unknown.or(Some(it)),
            Err(error) => return Err(error),
        }
    }
    match unknown {
        Some(_) => ev.search_path(wanted, place),
        None if wanted.starts_with("nix/") => ev.search_path(wanted, place),
        None => Err(ev.not_in_search_path(wanted, place)),
    }
}

fn find_in<'h>(
    ev: &Evaluator<'h>,
    item: &'h Thunk<'h>,
    wanted: &str,
    place: Place,
) -> Eval<'h, Option<Value<'h>>> {
    let set = ev.force(item)?;
    let prefix = match ev.get_attr(set, Symbol::new("prefix"), place)? {
        Some(attr) => ev.force_str(attr.value, place)?.text,
        None => "",
    };
    let name = Symbol::new("path");
    let Some(attr) = ev.get_attr(set, name, place)? else {
        return Err(ev.missing_attribute(set, name, place));
    };
    let value = ev.force(attr.value)?;
    let base = ev.coerce(value, crate::Coercion::Addition, place)?.text;
    Ok(if base.starts_with('/') { ev.find_below(prefix, base, wanted) } else { None })
}

fn to_file<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let name = ev.force_str(args[0], place)?;
    let text = ev.force_str(args[1], place)?;
    let mut references = Vec::new();
    for item in text.context {
        match item {
            ContextItem::Path(path) => references.push(*path),
            _ => {
                let message = "files made by toFile may not refer to derivations";
                return Err(ev.error(ErrorKind::Other, message, place));
            }
        }
    }
    let mut kind = String::from("text");
    for reference in references {
        kind.push(':');
        kind.push_str(reference);
    }
    let path = super::hashes::store_path(&kind, &super::hashes::sha256(text.text), name.text);
    let path = ev.heap.str(&path);
    let context = ev.heap.slice(&[ContextItem::Path(path)]);
    Ok(ev.string_in(path, context))
}
