//! Hover over what is no option: hosts, inputs, modules, secrets, functions.

use std::fmt::Write as _;

use nixscope_db::SourceFile;
use nixscope_fleet::{Host, Recipient, fleet, host, host_files, hosts, inputs, recipients_of};
use nixscope_syntax::TextRange;

use super::Context;
use crate::completion::HANDED_ON;
use crate::definition::{Target, TargetKind};
use crate::docs::{doc_comment, of_library};

/// So many names are listed; of more only the number is given.
const MAX_NAMES: usize = 8;

impl Context<'_> {
    /// The hosts that have a file as a module, of their own or of a system inside them.
    pub(super) fn hosts_with(&self, file: SourceFile) -> Vec<&Host> {
        let has = |host: &&Host| {
            host_files(self.db, self.project, host.output.clone(), host.name.clone()).contains(&file)
        };
        hosts(self.db, self.project).hosts.iter().filter(has).collect()
    }

    /// What the first target of a definition says.
    pub(super) fn targets(&self, targets: &[Target]) -> Option<String> {
        let first = targets.first()?;
        if let Some(input) = targets.iter().find(|target| target.kind == TargetKind::Input) {
            return Some(self.input(input.focus).unwrap_or_else(|| "input".into()));
        }
        if let Some(secret) = targets.iter().find(|target| target.kind == TargetKind::Secret)
            && let Some(text) = self.secret(secret)
        {
            return Some(text);
        }
        if let Some(text) = self.library(first) {
            return Some(text);
        }
        let kind = first.kind.as_str();
        let mut text = match (&first.external, &first.text) {
            (Some(external), Some(doc)) => format!("{kind} `{external}`\n\n{doc}"),
            (Some(external), None) => format!("`{external}`\n\noutside this repository"),
            (None, Some(line)) if !line.is_empty() => format!("{kind}\n\n```nix\n{line}\n```"),
            (None, _) => kind.to_string(),
        };
        if let Some(host) = first.hosts.first().filter(|_| first.kind == TargetKind::Host) {
            let _ = write!(text, "\n\n{}", self.host(host));
        }
        let Some(file) = first.file else { return Some(text) };
        if first.kind == TargetKind::Binding
            && let Some(doc) = doc_comment(self.db, file, first.focus.start())
        {
            let _ = write!(text, "\n\n{}", doc.trim());
        }
        if first.kind == TargetKind::File && file.path(self.db).is_nix() {
            let _ = write!(text, "\n\n{}", self.membership(file));
        }
        if file != self.file {
            let _ = write!(text, "\n\n{}", self.shown_path(file));
        }
        // An argument says who passes it.
        if first.kind == TargetKind::Parameter {
            for passed in targets[1..].iter().filter(|it| it.kind == TargetKind::Binding).take(MAX_NAMES) {
                if let (Some(file), Some(line)) = (passed.file, &passed.text) {
                    let _ = write!(text, "\n\npassed by {}:\n\n```nix\n{line}\n```", self.shown_path(file));
                }
            }
        }
        Some(text)
    }

    /// A function of the embedded library that its sub-set hands on.
    fn library(&self, target: &Target) -> Option<String> {
        let file = target.file.filter(|file| file.path(self.db).as_str().ends_with(HANDED_ON))?;
        let range = usize::from(target.focus.start())..usize::from(target.focus.end());
        let name = file.text(self.db).as_str().get(range)?;
        Some(format!("`lib.{name}`\n\n{}", of_library(self.db, name)?.trim()))
    }

    /// A file's path from the root; of the embedded library, whose it is.
    fn shown_path(&self, file: SourceFile) -> String {
        let path = file.path(self.db);
        if path.as_str().starts_with(nixscope_eval::EMBEDDED_ROOT) {
            return "the library of nixpkgs".to_string();
        }
        path.strip_prefix(self.project.root(self.db)).unwrap_or(path.as_str()).to_string()
    }

    fn membership(&self, file: SourceFile) -> String {
        let names: Vec<&str> = self.hosts_with(file).into_iter().map(|host| host.name.as_str()).collect();
        match names.len() {
            0 => "a module of no host".to_string(),
            1 => format!("a module of the host {}", names[0]),
            many if many <= MAX_NAMES => format!("a module of {many} hosts: {}", names.join(", ")),
            many => format!("a module of {many} hosts"),
        }
    }

    /// The input that `flake.nix` declares at a range of this file.
    pub(super) fn input_at(&self, range: TextRange) -> Option<String> {
        let is_flake = *self.file.path(self.db) == self.project.root(self.db).join("flake.nix");
        is_flake.then(|| self.input(range)).flatten()
    }

    fn input(&self, range: TextRange) -> Option<String> {
        let input = inputs(self.db, self.project)
            .iter()
            .map(|(input, _)| input)
            .find(|input| input.place.is_some_and(|it| it.range(self.db) == range))?;
        let mut text = format!("input `{}`", input.name);
        if let Some(url) = &input.url {
            let _ = write!(text, "  \n{url}");
        }
        match &input.rev {
            Some(rev) => {
                let _ = write!(text, "  \nlocked at `{}`", rev.get(..12).unwrap_or(rev));
            }
            None if input.node.is_some() => text.push_str("  \nlocked"),
            None => text.push_str("  \nnot locked"),
        }
        if let Some(seconds) = input.last_modified {
            let _ = write!(text, ", of {}", date(seconds));
        }
        match &input.source {
            Some(source) => {
                let _ = write!(text, "  \nits source is at {source}");
            }
            None => text.push_str("  \nits source is not on this machine"),
        }
        Some(text)
    }

    fn host(&self, name: &str) -> String {
        let Some(it) = hosts(self.db, self.project).hosts.iter().find(|host| host.name == name) else {
            return format!("host `{name}`");
        };
        let index = host(self.db, self.project, it.output.clone(), it.name.clone());
        let system = index.system.as_deref().unwrap_or("system unknown");
        let mut text = format!(
            "host `{name}` ({system}): {} modules, {} options declared, {} secrets",
            index.modules.len(),
            index.options.len(),
            index.secrets.len()
        );
        if let Some(gap) = index.gaps.first() {
            let _ = write!(text, "\n\nnot known completely: `{}`: {}", gap.what, gap.why);
        }
        text
    }

    /// A secret: its file, and who can decrypt it.
    fn secret(&self, target: &Target) -> Option<String> {
        let file = target.file?;
        let index = fleet(self.db, self.project);
        let at = |place: Option<nixscope_eval::SourcePlace>| {
            place.is_some_and(|it| it.source == file && it.range(self.db) == target.focus)
        };
        let mut declared = index.hosts.iter().flat_map(|(_, index)| {
            let nested = index.nested.iter().flat_map(|nested| &nested.index.secrets);
            index.secrets.iter().chain(nested)
        });
        let secret = declared.find(|it| at(it.place))?;
        let mut text = format!("secret `{}` ({})", secret.name, secret.backend.as_str());
        if let Some(path) = &secret.file {
            let shown = path.strip_prefix(self.project.root(self.db)).unwrap_or(path.as_str());
            let there = if secret.exists == Some(false) { ", which is not there" } else { "" };
            let _ = write!(text, "  \nin {shown}{there}");
        }
        let recipients = recipients_of(self.db, index, secret);
        let labels: Vec<_> = recipients.iter().map(Recipient::label).collect();
        match labels.is_empty() {
            true => text.push_str("  \nwho can decrypt it is not known"),
            false => {
                let _ = write!(text, "  \nfor {}", labels.join(", "));
            }
        }
        let on: Vec<&str> = target.hosts.iter().map(|it| it.as_str()).collect();
        if !on.is_empty() {
            let _ = write!(text, "  \ndeclared on {}", on.join(", "));
        }
        Some(text)
    }
}

/// The day of a time in seconds since 1970, in the calendar of Greenwich.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn date(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn days_of_the_calendar() {
        for (seconds, want) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_740_787_200, "2025-03-01"),
            (-1, "1969-12-31"),
        ] {
            assert_eq!(date(seconds), want);
        }
    }
}
