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
        EntryKind::File | EntryKind::Other => !must_be_directory,
    }))
}

fn type_text(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::File => "regular",
        EntryKind::Directory => "directory",
        // A symlink that leads nowhere.
        EntryKind::Missing => "symlink",
        EntryKind::Other => "unknown",
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
    match nixscope_db::kind(ev.db, &path) {
        EntryKind::Missing => Err(ev.missing_file(&path, place)),
        kind => Ok(ev.string_in(type_text(kind), &[])),
    }
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
        Some(attr) => Ok(copied(ev, ev.force_path(attr.value, attr.place)?.text)),
        None => Err(ev.missing_attribute(set, name, place)),
    }
}

fn filter_source<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    Ok(copied(ev, ev.force_path(args[1], place)?.text))
}

fn to_path<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let path = ev.force_path(args[0], place)?;
    let normal = VfsPath::new(path.text);
    Ok(ev.string_in(ev.heap.str(normal.as_str()), path.context))
}

fn store_path<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let path = ev.force_path(args[0], place)?;
    Ok(copied(ev, path.text))
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
        Some(_) => Ok(ev.search_path(wanted, place)),
        None => {
            let message = format!("the file `{wanted}` was not found in the search path");
            Err(ev.error(ErrorKind::Throw, &message, place))
        }
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
    let rest = match wanted.strip_prefix(prefix) {
        Some(rest) if prefix.is_empty() => rest,
        Some("") => "",
        Some(rest) if rest.starts_with('/') => &rest[1..],
        _ => return Ok(None),
    };
    let name = Symbol::new("path");
    let Some(attr) = ev.get_attr(set, name, place)? else {
        return Err(ev.missing_attribute(set, name, place));
    };
    let value = ev.force(attr.value)?;
    let base = ev.coerce(value, crate::Coercion::Addition, place)?.text;
    if !base.starts_with('/') {
        return Ok(None);
    }
    let path = VfsPath::new(&format!("{base}/{rest}"));
    match nixscope_db::kind(ev.db, &path) {
        EntryKind::Missing => Ok(None),
        _ => Ok(Some(ev.path(path.as_str()))),
    }
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
