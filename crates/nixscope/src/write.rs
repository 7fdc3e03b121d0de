//! Writing files so that nobody ever sees half of one.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

/// Replaces a file's content in one step; its permissions stay. A link is followed: what it leads to
/// is replaced.
pub(crate) fn write_atomically(path: &Path, content: &[u8]) -> Result<()> {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let failed = || format!("{}: cannot be written", path.display());
    let directory = match real.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".nixscope-");
    let permissions = std::fs::metadata(&real).ok().map(|it| it.permissions());
    #[cfg(unix)]
    if permissions.is_none() {
        use std::os::unix::fs::PermissionsExt;
        // As any program creates a file; the umask takes its part.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(directory).with_context(failed)?;
    file.write_all(content).with_context(failed)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions).with_context(failed)?;
    }
    file.as_file().sync_all().with_context(failed)?;
    file.persist(&real).map_err(|error| error.error).with_context(failed)?;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn keeps_permissions_and_links() {
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("a"), directory.path().join("b"));
        fs::write(&file, "1").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("a", &link).unwrap();
        write_atomically(&link, b"2").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "2");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2);
        assert!(write_atomically(&directory.path().join("no/c"), b"").is_err());
    }
}
