//! From a document's address to its path and back.

use nixscope_ide::VfsPath;
use url::Url;

/// Where documents lie that are no files: unsaved ones, and those of other schemes.
const ELSEWHERE: &str = "/«elsewhere»";

/// The path of a document. What is no file gets a path that no disk has.
pub(crate) fn path_of(uri: &str) -> VfsPath {
    file_path(uri).unwrap_or_else(|| VfsPath::new(&format!("{ELSEWHERE}/{}", uri.replace('/', "∕"))))
}

/// The path of a folder, given by address or, by old clients, by path.
pub(crate) fn folder_of(uri_or_path: &str) -> Option<VfsPath> {
    if uri_or_path.starts_with('/') {
        return Some(VfsPath::new(uri_or_path));
    }
    file_path(uri_or_path)
}

/// The address of a file; none for a path that no disk can have.
pub(crate) fn uri_of(path: &VfsPath) -> Option<String> {
    Url::from_file_path(path.as_str()).ok().map(String::from)
}

fn file_path(uri: &str) -> Option<VfsPath> {
    let url = Url::parse(uri).ok().filter(|url| url.scheme() == "file")?;
    let path = url.to_file_path().ok()?;
    Some(VfsPath::new(path.to_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lead_there_and_back() {
        for (uri, path) in [
            ("file:///a/b.nix", "/a/b.nix"),
            ("file:///a%20b/%C3%A9.nix", "/a b/é.nix"),
            ("file:///a%2Bb/c.nix", "/a+b/c.nix"),
            ("file:///a/../b.nix", "/b.nix"),
        ] {
            assert_eq!(path_of(uri).as_str(), path);
            assert_eq!(path_of(&uri_of(&VfsPath::new(path)).unwrap()).as_str(), path);
        }
    }

    #[test]
    fn other_documents_have_paths_of_their_own() {
        let paths =
            ["untitled:Untitled-1", "untitled:Untitled-2", "git:/a/b.nix", "file:///%FF.nix", "nonsense"];
        for uri in paths {
            assert!(path_of(uri).as_str().starts_with(ELSEWHERE), "{uri}");
            assert_eq!(paths.iter().filter(|other| path_of(other) == path_of(uri)).count(), 1);
        }
        assert_eq!(folder_of("untitled:x"), None);
        assert_eq!(folder_of("/a/b/"), Some(VfsPath::new("/a/b")));
    }
}
