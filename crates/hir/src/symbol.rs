//! Interned names.
//!
//! The table is global and only grows: names recur across files and evaluations, and a symbol must
//! compare as an integer. What it holds is bounded by the distinct names ever seen by the process.

use std::fmt;
use std::sync::{LazyLock, OnceLock};

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;

/// An attribute or variable name. Equality is by integer; the order of two symbols is the order in
/// which they were first seen, not the alphabet's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(u32);

const CHUNK: usize = 1 << 12;
const CHUNKS: usize = 1 << 14;

/// Names by id, in pieces that never move, so that reading one takes no lock.
type Chunk = Box<[OnceLock<&'static str>]>;

struct Table {
    ids: DashMap<&'static str, u32, FxBuildHasher>,
    chunks: Box<[OnceLock<Chunk>]>,
    next: std::sync::atomic::AtomicU32,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table {
    ids: DashMap::default(),
    chunks: (0..CHUNKS).map(|_| OnceLock::new()).collect(),
    next: std::sync::atomic::AtomicU32::new(0),
});

impl Symbol {
    /// The symbol of a name.
    pub fn new(name: &str) -> Symbol {
        let table = &*TABLE;
        if let Some(id) = table.ids.get(name) {
            return Symbol(*id);
        }
        let entry = table.ids.entry(Box::leak(name.to_owned().into_boxed_str()));
        match entry {
            dashmap::Entry::Occupied(known) => Symbol(*known.get()),
            dashmap::Entry::Vacant(vacant) => {
                let id = table.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let (chunk, slot) = (id as usize / CHUNK, id as usize % CHUNK);
                let names = table.chunks[chunk % CHUNKS]
                    .get_or_init(|| (0..CHUNK).map(|_| OnceLock::new()).collect());
                // A fresh slot: nobody else was given this id.
                let _ = names[slot].set(vacant.key());
                vacant.insert(id);
                Symbol(id)
            }
        }
    }

    /// The name.
    pub fn as_str(self) -> &'static str {
        let (chunk, slot) = (self.0 as usize / CHUNK, self.0 as usize % CHUNK);
        TABLE.chunks[chunk % CHUNKS].get().and_then(|names| names[slot].get()).copied().unwrap_or("")
    }

    /// The integer behind the symbol, for dense tables.
    pub fn index(self) -> u32 {
        self.0
    }
}

impl From<&str> for Symbol {
    fn from(name: &str) -> Symbol {
        Symbol::new(name)
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
