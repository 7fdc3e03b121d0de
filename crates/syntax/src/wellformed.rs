//! Whether a file parses, for those who must not run again at every edit of it.

use nixscope_db::{Db, SourceFile};

use crate::parse;

/// Whether a file has no syntax error. Equal after nearly every edit, unlike the tree.
#[salsa::tracked(returns(copy))]
pub fn is_well_formed(db: &dyn Db, source: SourceFile) -> bool {
    parse(db, source).errors().is_empty()
}
