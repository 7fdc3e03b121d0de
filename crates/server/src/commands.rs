//! The commands that actions and lenses name, and what the server does when it is asked to carry one out.

use std::path::Path;

use nixscope_ide::VfsPath;
use serde_json::Value;
use tower_lsp::lsp_types::{Location, ShowDocumentParams, Url};

use crate::client::ClientFeatures;
use crate::snapshot::Snapshot;
use crate::uris::path_of;

/// Tells git about a file. Argument: the file's address.
pub(crate) const TRACK: &str = "nixscope.track";
/// Shows a list of places. Arguments: a document's address, a position in it, the places. A client that can show a list
/// does it itself; for another one the server opens the first place.
pub(crate) const SHOW_REFERENCES: &str = "nixscope.showReferences";

/// The commands that the server carries out for a client.
pub(crate) fn offered(client: &ClientFeatures) -> Vec<String> {
    let mut commands = vec![TRACK.to_string()];
    if client.shows_documents && !client.shows_references {
        commands.push(SHOW_REFERENCES.to_string());
    }
    commands
}

/// The address that [`TRACK`] is about.
pub(crate) fn tracked_file(arguments: &[Value]) -> Option<&str> {
    arguments.first()?.as_str()
}

/// Tells git about a file of the snapshot's flake, and gives the file.
///
/// # Errors
/// Why it was not done, for people.
pub(crate) fn track(snapshot: &Snapshot, uri: &str) -> Result<VfsPath, String> {
    let path = path_of(uri);
    let root = snapshot.analysis.root();
    if !path.starts_with(&root) {
        return Err(format!("{path} is not a file of the flake"));
    }
    nixscope_git::track(Path::new(path.as_str())).map_err(|why| format!("{why:#}"))?;
    Ok(path)
}

/// The first of the places that [`SHOW_REFERENCES`] lists, as a request to the client.
pub(crate) fn first_place(arguments: &[Value]) -> Option<ShowDocumentParams> {
    let places: Vec<Location> = serde_json::from_value(arguments.get(2)?.clone()).ok()?;
    let Location { uri, range } = places.into_iter().next()?;
    Some(ShowDocumentParams {
        uri: Url::parse(uri.as_str()).ok()?,
        external: None,
        take_focus: Some(true),
        selection: Some(range),
    })
}
