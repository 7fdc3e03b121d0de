//! What modules say while a host is built, as findings: assertions that fail, warnings.

use nixscope_fleet::{Host, Notice};
use rustc_hash::FxHashMap;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::on_hosts;
use crate::lint::Lint;
use crate::problems::own_range;

/// One finding for each place, with the hosts that it concerns as further places. What stands in a module from
/// outside is reported at the host.
pub(crate) fn report<'a>(
    cx: &FleetContext<'_>,
    lint: &'static Lint,
    what: &str,
    notices: impl Iterator<Item = (&'a Host, &'a Notice)>,
    found: &mut Vec<Diagnostic>,
) {
    let mut known: FxHashMap<_, usize> = FxHashMap::default();
    let mut all: Vec<(Diagnostic, &Notice)> = Vec::new();
    for (host, notice) in notices {
        let at_host = host.place.and_then(|it| own_range(cx, it));
        let own = notice.place.and_then(|it| own_range(cx, it));
        let Some((file, range)) = own.or(at_host) else { continue };
        // At one host several assertions may fail.
        let key = (file, range, own.is_none().then_some(&notice.message));
        let index = *known.entry(key).or_insert_with(|| {
            all.push((Diagnostic::new(lint, file, range, ""), notice));
            all.len() - 1
        });
        let (finding, first) = &mut all[index];
        if finding.hosts.contains(&host.name) {
            continue;
        }
        finding.hosts.push(host.name.clone());
        if let Some((file, range)) = at_host.filter(|_| own.is_some()) {
            let message = match notice.message == first.message {
                true => format!("the host {}", host.name),
                false => format!("the host {}: {}", host.name, line(&notice.message)),
            };
            finding.related.push(crate::Related { file, range, message });
        }
    }
    for (mut finding, notice) in all {
        finding.hosts.sort();
        let within = notice.within.as_ref().map(|it| format!(" (`{it}`)")).unwrap_or_default();
        finding.message = format!("{what} {}{within}: {}", on_hosts(&finding.hosts), line(&notice.message));
        found.push(finding);
    }
}

/// A message on one line, and not too long.
fn line(message: &str) -> String {
    const MAX: usize = 300;
    let mut text = message.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = text.char_indices().nth(MAX) {
        text.truncate(at);
        text.push('…');
    }
    text
}
