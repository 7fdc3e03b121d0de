//! Aligned columns for people.

/// Rows of cells, aligned to the left; numbers to the right.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table that begins with a row of titles.
    pub(crate) fn new(titles: &[&str]) -> Table {
        Table { rows: vec![titles.iter().map(ToString::to_string).collect()] }
    }

    /// A table without titles.
    pub(crate) fn untitled() -> Table {
        Table::default()
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The table as text, each line indented.
    pub(crate) fn render(&self, indent: &str) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|it| length(it)).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        let mut out = String::new();
        for row in &self.rows {
            let mut line = indent.to_string();
            for (cell, width) in row.iter().zip(&widths) {
                let space = " ".repeat(width - length(cell));
                let is_number = !cell.is_empty() && cell.bytes().all(|it| it.is_ascii_digit());
                let (before, after) = if is_number { (space.as_str(), "") } else { ("", space.as_str()) };
                line.push_str(before);
                line.push_str(cell);
                line.push_str(after);
                line.push_str("  ");
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}

fn length(cell: &str) -> usize {
    cell.chars().count()
}

/// One line, not longer than `width` characters, without control characters.
pub(crate) fn clip(text: &str, width: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean = line.replace(|c: char| c.is_control(), "\u{fffd}");
    if clean.chars().count() <= width {
        return clean;
    }
    clean.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn aligns() {
        let mut table = Table::new(&["host", "modules"]);
        table.row(vec!["µ".into(), "7".into()]);
        table.row(vec!["lighthouse".into(), "120".into()]);
        expect![[r#"
              host        modules
              µ                 7
              lighthouse      120
        "#]]
        .assert_eq(&table.render(""));
        assert_eq!(clip("a  b\nc", 9), "a b c");
        assert_eq!(clip("abcdef", 4), "abc…");
    }
}
