//! Go to definition.

use nixscope_ide::{Target, VfsPath};

use crate::lines::Point;
use crate::snapshot::{Cancellable, Snapshot};

/// Where what stands at a point is defined, best first.
pub(crate) fn definition(snapshot: &Snapshot, path: &VfsPath, at: Point) -> Cancellable<Vec<Target>> {
    let Some(file) = snapshot.nix_file(path) else { return Ok(Vec::new()) };
    snapshot.analysis.definition(file, snapshot.offset(file, at)?)
}
