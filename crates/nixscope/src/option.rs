//! `nixscope option`: one option of one host.

use std::fmt::Write;

use anyhow::{Result, anyhow, bail};
use nixscope_eval::edit_distance;
use nixscope_fleet::Host;
use nixscope_report::{DefinitionJson, HostOptionJson, Place, Places, host_option_json};

use crate::cli::{ListFormat, OptionArgs};
use crate::output::{Report, to_json};
use crate::session::Session;
use crate::table::{Table, clip};

/// Runs the command.
pub(crate) fn run(args: &OptionArgs) -> Result<Report> {
    let session = Session::of_flake(&args.flake)?;
    let analysis = session.host.analysis();
    let project = analysis.project();
    let names = nixscope_fleet::parse_option_path(&args.option);
    if names.is_empty() || names.iter().any(|name| name.as_str().is_empty()) {
        bail!(
            "`{}` is no option path; expected names with dots between, for example services.nginx.enable",
            args.option
        );
    }
    let answer = analysis
        .run(|db| {
            let places = Places::new(db, session.root());
            let set = nixscope_fleet::hosts(db, project);
            let host = find(&set.hosts, &args.host).ok_or_else(|| no_such_host(&set.hosts, &args.host))?;
            let path = nixscope_eval::modules::show_option_path(&names);
            let option = nixscope_fleet::host_option(
                db,
                project,
                host.output.clone(),
                host.name.clone(),
                path.as_str().into(),
            );
            let shown = option.value.clone();
            anyhow::Ok((host_option_json(&places, host, path, option), shown))
        })
        .map_err(|_| anyhow!("the analysis was stopped"))?;
    let (output, shown) = answer?;
    let text = match args.format {
        ListFormat::Json => to_json(&output)?,
        ListFormat::Human => human(&output, shown.as_deref()),
    };
    let notes = session.notes();
    std::mem::forget((session, analysis));
    Ok(Report::text(text).with_notes(notes))
}

/// The host of a name, or of an output and a name: `darwinConfigurations.mac`.
fn find<'a>(hosts: &'a [Host], wanted: &str) -> Option<&'a Host> {
    let full = |host: &&Host| {
        wanted.strip_prefix(host.output.as_str()).and_then(|it| it.strip_prefix('.')) == Some(&host.name)
    };
    hosts.iter().find(|host| host.name == wanted).or_else(|| hosts.iter().find(full))
}

fn no_such_host(hosts: &[Host], wanted: &str) -> anyhow::Error {
    let nearest = hosts
        .iter()
        .map(|host| (edit_distance(&wanted.to_lowercase(), &host.name.to_lowercase()), &host.name))
        .filter(|(distance, name)| distance * 2 <= name.chars().count().max(4))
        .min();
    let names: Vec<&str> = hosts.iter().map(|host| host.name.as_str()).collect();
    match nearest {
        Some((_, name)) => anyhow!("there is no host `{wanted}`: did you mean `{name}`?"),
        None if hosts.is_empty() => anyhow!("there is no host `{wanted}`: this flake has no hosts"),
        None => anyhow!("there is no host `{wanted}`; there are {}", clip(&names.join(", "), 200)),
    }
}

fn human(output: &HostOptionJson, shown: Option<&str>) -> String {
    let value = match (shown, &output.unknown) {
        (Some(shown), _) => format!("= {shown}"),
        (None, Some(why)) => format!("is not known: {why}"),
        (None, None) => format!("= {}", output.value),
    };
    let mut out = format!("{} on {} {value}\n", output.path, output.host);
    if output.definitions.is_empty() {
        out.push_str("\nno module of this repository sets it\n");
    } else {
        out.push_str("\nset by\n");
        let winner = output.definitions.iter().find(|it| it.winning).map(|it| it.priority);
        let mut table = Table::untitled();
        for definition in &output.definitions {
            table.row(vec![
                definition.place.as_ref().map_or_else(|| "?".to_string(), at),
                definition.text.as_ref().map_or_else(String::new, |it| clip(it, 60)),
                verdict(definition, winner),
            ]);
        }
        out.push_str(&table.render("  "));
    }
    if let Some(place) = &output.declared_at {
        let _ = write!(out, "\ndeclared at {}", at(place));
        if let Some(name) = &output.type_name {
            let _ = write!(out, ": {}", clip(name, 80));
        }
        if let Some(default) = &output.default {
            let _ = write!(out, ", by default {}", clip(default, 80));
        }
        out.push('\n');
        if let Some(description) = &output.description {
            let _ = writeln!(out, "  {}", clip(description, 200));
        }
    } else if !output.definitions.is_empty() {
        out.push_str("\ndeclared outside this repository\n");
    }
    out
}

/// Whether a definition makes the value, and why or why not.
fn verdict(definition: &DefinitionJson, winner: Option<i64>) -> String {
    let condition = definition.condition.as_deref().map_or_else(String::new, |it| clip(it, 60));
    let priority = match definition.priority {
        50 => "mkForce, priority 50".to_string(),
        100 => "priority 100".to_string(),
        1000 => "mkDefault, priority 1000".to_string(),
        1500 => "mkOptionDefault, priority 1500".to_string(),
        other => format!("priority {other}"),
    };
    match definition.active {
        Some(false) if condition.is_empty() => "off: its condition is false".to_string(),
        Some(false) => format!("off: `{condition}` is false"),
        None if definition.winning && condition.is_empty() => {
            format!("wins if it counts, which is not known ({priority})")
        }
        None if definition.winning => format!("wins if `{condition}`, which is not known ({priority})"),
        _ if definition.winning => match condition.is_empty() {
            true => format!("wins ({priority})"),
            false => format!("wins ({priority}; if `{condition}`)"),
        },
        _ => match winner {
            Some(winner) => format!("loses: {priority}, the winner has {winner}"),
            None => format!("loses: {priority}"),
        },
    }
}

fn at(place: &Place) -> String {
    format!("{}:{}:{}", place.file, place.at.line, place.at.column)
}
