//! The option that is named at a place, and the hosts for which.

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::{Project, fleet, key_option_path, selection_path};
use nixscope_hir::{Site, at_offset, body, source_map};
use nixscope_syntax::TextSize;
use smol_str::SmolStr;

/// An option as a place of the text names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedOption {
    /// Its path as people write it.
    pub path: SmolStr,
    /// The host whose option is read, else those that have the file as a module.
    pub hosts: Vec<SmolStr>,
}

/// The option that is read or defined at a place; none where no option is named.
pub(crate) fn option_at(
    db: &dyn Db,
    project: Project,
    file: SourceFile,
    offset: TextSize,
) -> Option<NamedOption> {
    let found = at_offset(body(db, file), source_map(db, file), offset)?;
    let (host, path) = match found.site {
        Site::Path(index) => selection_path(db, project, file, found.expr, index)?,
        Site::Name(name) => (None, key_option_path(db, project, file, name)?),
        Site::Expr => return None,
    };
    let hosts = match host {
        Some(host) => vec![host],
        None => {
            let holds = |index: &nixscope_fleet::HostIndex| index.modules.iter().any(|it| it.file == file);
            let hosts = fleet(db, project)
                .hosts
                .iter()
                .filter(|(_, index)| holds(index) || index.nested.iter().any(|nested| holds(&nested.index)));
            hosts.map(|(host, _)| host.name.clone()).collect()
        }
    };
    Some(NamedOption { path, hosts })
}
