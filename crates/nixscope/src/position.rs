//! `FILE:LINE:COLUMN` on the command line, and the answers about such a place.

use std::ffi::OsStr;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use nixscope_db::{EntryKind, FileText};
use nixscope_ide::{Analysis, Cancellable, SourceFile, TextSize, VfsPath};
use nixscope_project::absolute;
use nixscope_report::Places;
use serde::Serialize;

use crate::cli::{InputArgs, ListFormat, PlaceArgs};
use crate::output::{Report, to_json};
use crate::session::{Overrides, Session};

/// A place in a file of an opened project.
pub(crate) struct Asked {
    pub(crate) session: Session,
    pub(crate) analysis: Analysis,
    pub(crate) file: SourceFile,
    pub(crate) offset: TextSize,
}

impl Asked {
    /// Opens the project of the file and finds the offset of the place.
    pub(crate) fn open(argument: &OsStr, inputs: &InputArgs) -> Result<Asked> {
        let (path, line, column) = split(argument)?;
        let absolute = absolute(&path)?;
        let text =
            absolute.to_str().ok_or_else(|| anyhow!("{}: the path is not UTF-8 text", path.display()))?;
        let vfs_path = VfsPath::new(text);
        if path.is_dir() {
            bail!("{}: this is a directory; a place is FILE:LINE:COLUMN", path.display());
        }
        let session =
            Session::open(Some(&path), &Overrides { inputs: &inputs.inputs, ..Overrides::default() })?;
        let analysis = session.host.analysis();
        let file = analysis.file(&vfs_path);
        let offset = analysis
            .run(|db| {
                if nixscope_db::kind(db, &vfs_path) != EntryKind::File {
                    bail!("not a regular file");
                }
                match file.text(db) {
                    FileText::Text(text) => offset(text, line, column),
                    FileText::Encrypted => bail!("encrypted"),
                    FileText::NotUtf8(at) => {
                        bail!("not UTF-8 text: the byte at offset {at} belongs to no character")
                    }
                    FileText::TooLarge(size) => bail!("{size} bytes are too many for a Nix file"),
                    FileText::Unreadable(why) => bail!("cannot be read: {why}"),
                }
            })
            .map_err(|_| anyhow!("the analysis was stopped"))?
            .with_context(|| path.display().to_string())?;
        Ok(Asked { session, analysis, file, offset })
    }
}

/// What every answer with targets is, as JSON.
#[derive(Serialize)]
struct Output<T> {
    schema: u32,
    targets: Vec<T>,
}

/// Runs a command that answers with places: asks, converts each, and prints all.
pub(crate) fn targets<T, J: Serialize>(
    args: &PlaceArgs,
    ask: impl Fn(&Asked) -> Cancellable<Vec<T>>,
    convert: impl Fn(&Places<'_>, T) -> J,
    human: impl Fn(&J) -> String,
) -> Result<Report> {
    let asked = Asked::open(&args.place, &args.inputs)?;
    let stopped = |_| anyhow!("the analysis was stopped");
    let found = ask(&asked).map_err(stopped)?;
    let root = asked.session.root();
    let targets: Vec<J> = asked
        .analysis
        .run(|db| {
            let places = Places::new(db, root);
            found.into_iter().map(|it| convert(&places, it)).collect()
        })
        .map_err(stopped)?;
    let text = match args.format {
        ListFormat::Json => to_json(&Output { schema: 1, targets })?,
        ListFormat::Human if targets.is_empty() => "nothing is known of this place\n".to_string(),
        ListFormat::Human => targets.iter().map(human).collect(),
    };
    std::mem::forget(asked);
    Ok(Report::text(text))
}

fn split(argument: &OsStr) -> Result<(PathBuf, u32, u32)> {
    let shown = argument.to_string_lossy();
    let parts: Option<(&str, u32, u32)> = (|| {
        let mut parts = argument.to_str()?.rsplitn(3, ':');
        let column = parts.next()?.parse().ok()?;
        let line = parts.next()?.parse().ok()?;
        let file = parts.next().filter(|it| !it.is_empty())?;
        Some((file, line, column))
    })();
    let (file, line, column) = parts.ok_or_else(|| {
        anyhow!("{shown}: this is no place; expected FILE:LINE:COLUMN, for example hosts/web.nix:12:5")
    })?;
    Ok((PathBuf::from(file), line, column))
}

/// The byte offset of a line and column, both from one; the column after the last character is in the
/// file too.
fn offset(text: &str, line: u32, column: u32) -> Result<TextSize> {
    if line == 0 || column == 0 {
        bail!("lines and columns are counted from 1");
    }
    let mut start = 0;
    let mut current = 1;
    while current < line {
        match text[start..].find('\n') {
            Some(at) => start += at + 1,
            None => bail!("there is no line {line}: the file has {current}"),
        }
        current += 1;
    }
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let content = text[start..end].trim_end_matches('\r');
    let wanted = usize::try_from(column - 1).unwrap_or(usize::MAX);
    let mut ends = content.char_indices().map(|(at, _)| at).chain(std::iter::once(content.len()));
    let within = ends.nth(wanted).ok_or_else(|| {
        anyhow!(
            "there is no column {column} in line {line}: the line has {} characters",
            content.chars().count()
        )
    })?;
    TextSize::try_from(start + within).context("the file is too large")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a\nµ𝄞x\r\nend";
        let at = |line, column| offset(text, line, column).map(u32::from).map_err(|it| it.to_string());
        assert_eq!(at(1, 1), Ok(0));
        assert_eq!(at(2, 3), Ok(8));
        assert_eq!(at(2, 4), Ok(9));
        assert_eq!(at(2, 5), Err("there is no column 5 in line 2: the line has 3 characters".into()));
        assert_eq!(at(3, 4), Ok(14));
        assert_eq!(at(4, 1), Err("there is no line 4: the file has 3".into()));
        assert!(at(0, 1).is_err());
    }

    #[test]
    fn a_path_may_hold_colons() {
        assert_eq!(split(OsStr::new("a:b.nix:3:4")).unwrap(), (PathBuf::from("a:b.nix"), 3, 4));
        for bad in ["a.nix", "a.nix:3", ":3:4", "a.nix:x:1", "a.nix:-1:1"] {
            assert!(split(OsStr::new(bad)).is_err(), "{bad}");
        }
    }
}
