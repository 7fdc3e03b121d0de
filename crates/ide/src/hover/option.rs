//! Hover over an option: what it is, and what it comes to on each host that the file belongs to.

use std::fmt::Write as _;

use nixscope_fleet::{
    Host, HostDefinition, HostOption, OptionDeclaration, external_option, host_option, hosts,
    parse_option_path,
};
use smol_str::SmolStr;

use super::Context;

/// At most this many hosts get a line in the table of an option's values.
const MAX_HOST_LINES: usize = 12;

/// At most this many definitions are named on a line.
const MAX_SETTERS: usize = 3;

impl Context<'_> {
    /// An option on one host, or on those that have the file as a module. Other hosts are not evaluated.
    pub(super) fn option(&self, path: &SmolStr, only: Option<&str>) -> String {
        let meant: Vec<&Host> = match only {
            Some(only) => hosts(self.db, self.project).hosts.iter().filter(|it| it.name == only).collect(),
            None => self.hosts_with(self.file),
        };
        let on = |host: &Host| -> &HostOption {
            host_option(self.db, self.project, host.output.clone(), host.name.clone(), path.clone())
        };
        let shown: Vec<(&Host, &HostOption)> =
            meant.iter().take(MAX_HOST_LINES).map(|host| (*host, on(host))).collect();
        let mut text = format!("option `{path}`");
        let declared = shown.iter().find_map(|(_, option)| option.declaration.as_ref());
        match (declared, meant.first()) {
            (Some(declared), _) => describe(&mut text, declared),
            (None, Some(host)) => {
                let names = parse_option_path(path);
                match external_option(self.db, self.project, host.class, &names) {
                    Some(found) => {
                        if let Some(first) = found.declarations.first() {
                            describe(&mut text, first);
                        }
                        let _ = write!(text, "\n\ndeclared by the input `{}`", found.input);
                    }
                    None => text.push_str("  \nnot declared in this repository"),
                }
            }
            (None, None) => text.push_str("  \nnot declared in this repository"),
        }
        if shown.is_empty() {
            return text;
        }
        text.push_str("\n\n| host | value | set by |\n| --- | --- | --- |\n");
        for (host, option) in &shown {
            let _ = writeln!(text, "| {} | {} | {} |", host.name, value(option), self.setters(option));
        }
        if meant.len() > shown.len() {
            let _ = writeln!(text, "| … | {} more hosts | |", meant.len() - shown.len());
        }
        text
    }

    /// Who sets an option on a host: the winners in bold, then those that lose.
    fn setters(&self, option: &HostOption) -> String {
        let counts = |it: &&HostDefinition| it.active != Some(false) && it.place.is_some();
        let mut definitions: Vec<&HostDefinition> = option.definitions.iter().filter(counts).collect();
        definitions.sort_by_key(|it| (!it.winning, it.priority));
        let mut out: Vec<String> = definitions
            .iter()
            .take(MAX_SETTERS)
            .filter_map(|it| {
                let place = self.place_text(it.place?);
                let sure = if it.active.is_none() { " if its condition holds" } else { "" };
                Some(if it.winning { format!("**{place}**{sure}") } else { format!("{place}{sure}") })
            })
            .collect();
        if definitions.len() > MAX_SETTERS {
            out.push(format!("{} more", definitions.len() - MAX_SETTERS));
        }
        if out.is_empty() { "nothing here".into() } else { out.join(", ") }
    }
}

fn describe(text: &mut String, option: &OptionDeclaration) {
    if let Some(type_name) = &option.type_name {
        let _ = write!(text, "  \ntype: {type_name}");
    }
    if let Some(default) = &option.default {
        let _ = write!(text, "  \ndefault: `{default}`");
    }
    if let Some(description) = &option.description {
        let _ = write!(text, "\n\n{}", description.trim());
    }
}

fn value(option: &HostOption) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    match (&option.value, &option.unknown) {
        (Some(value), _) => format!("`{}`", cell(value)),
        (None, Some(why)) => format!("unknown: {}", cell(option.no_json.as_ref().unwrap_or(why))),
        (None, None) => "unknown".into(),
    }
}
