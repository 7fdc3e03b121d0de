//! Fixtures: several files in one string, each under a `#- /path` header, with `$0` for the cursor.
//!
//! A literal `$0` is written `$$0`. Text before the first header belongs to `/default.nix`.

use text_size::TextSize;

/// Where a `$0` stood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Marker {
    /// The file's path.
    pub path: String,
    /// The byte offset in the file as it is without the marker.
    pub offset: TextSize,
}

/// Files by path, and the cursors in them.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Fixture {
    /// Path and text, in the order of the string.
    pub files: Vec<(String, String)>,
    /// The cursors, in order.
    pub markers: Vec<Marker>,
}

impl Fixture {
    /// Splits the string into files and takes the markers out.
    pub fn parse(text: &str) -> Fixture {
        let mut fixture = Fixture::default();
        let mut current: Option<(String, String)> = None;
        for line in text.split_inclusive('\n') {
            if let Some(path) = line.strip_prefix("#- ") {
                if let Some(file) = current.take() {
                    fixture.push(file);
                }
                current = Some((path.trim().to_string(), String::new()));
                continue;
            }
            if current.is_none() && line.trim().is_empty() {
                continue;
            }
            let file = current.get_or_insert_with(|| ("/default.nix".into(), String::new()));
            file.1.push_str(line);
        }
        if let Some(file) = current {
            fixture.push(file);
        }
        fixture
    }

    fn push(&mut self, (path, raw): (String, String)) {
        let mut text = String::with_capacity(raw.len());
        let mut rest = raw.as_str();
        while let Some(at) = rest.find('$') {
            text.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("$$0") {
                text.push_str("$0");
                rest = after;
            } else if let Some(after) = rest.strip_prefix("$0") {
                self.markers.push(Marker { path: path.clone(), offset: TextSize::of(text.as_str()) });
                rest = after;
            } else {
                text.push('$');
                rest = &rest[1..];
            }
        }
        text.push_str(rest);
        self.files.push((path, text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_files_and_takes_markers_out() {
        let fixture = Fixture::parse("#- /a.nix\n{ x = $0y; }\n#- /b.nix\n\"$$0 ${z}\"\n");
        assert_eq!(fixture.files[0], ("/a.nix".into(), "{ x = y; }\n".into()));
        assert_eq!(fixture.files[1], ("/b.nix".into(), "\"$0 ${z}\"\n".into()));
        assert_eq!(fixture.markers, [Marker { path: "/a.nix".into(), offset: TextSize::from(6) }]);
    }
}
