//! The semantic tokens that the client has, so that it can be told what changed.

use std::sync::{Arc, Mutex, PoisonError};

use nixscope_ide::VfsPath;
use rustc_hash::FxHashMap;

/// By path, a number and what was sent under it.
type Sent<T> = FxHashMap<VfsPath, (u64, Arc<[T]>)>;

/// What was sent last of each document.
pub(crate) struct TokenCache<T> {
    sent: Mutex<(u64, Sent<T>)>,
}

impl<T> Default for TokenCache<T> {
    fn default() -> TokenCache<T> {
        TokenCache { sent: Mutex::new((0, FxHashMap::default())) }
    }
}

impl<T: Clone> TokenCache<T> {
    /// Remembers what is sent; the id under which the client may refer to it.
    pub(crate) fn remember(&self, path: VfsPath, tokens: &[T]) -> String {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.0 += 1;
        let id = sent.0;
        sent.1.insert(path, (id, tokens.into()));
        id.to_string()
    }

    /// What was sent under an id, if it was the last.
    pub(crate) fn recall(&self, path: &VfsPath, id: &str) -> Option<Arc<[T]>> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, tokens) = sent.1.get(path)?;
        (known.to_string() == id).then(|| tokens.clone())
    }

    /// Forgets a document.
    pub(crate) fn forget(&self, path: &VfsPath) {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).1.remove(path);
    }
}
