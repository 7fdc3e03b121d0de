//! Definitions whose priority stands against no other definition.

use nixscope_db::SourceFile;
use nixscope_eval::{PlaceKind, SourcePlace};
use nixscope_fleet::{Definition, HostIndex};
use nixscope_hir::{BindingValue, Body, Expr, ExprId};
use nixscope_syntax::TextRange;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::context::{FileContext, FleetContext, is_generated};
use crate::diagnostic::Fix;
use crate::edits::replace;
use crate::fleet::{is_own, systems};
use crate::names;

/// A priority, and how it is written.
pub(crate) struct Override {
    /// The function of nixpkgs' `lib`.
    pub(crate) function: &'static str,
    /// What it gives, also to who writes `mkOverride`; a lower one wins.
    pub(crate) priority: i64,
    /// Whether another definition of the option is why the priority is needed.
    pub(crate) stands_against: fn(&Definition) -> bool,
}

/// A definition that would come out the same without its priority, on every host that has it.
pub(crate) struct Needless {
    /// The file.
    pub(crate) file: SourceFile,
    /// The function and what it is called with, but for the value.
    pub(crate) range: TextRange,
    /// The option.
    pub(crate) path: SmolStr,
    /// The hosts that have the definition; sorted.
    pub(crate) hosts: Vec<SmolStr>,
    /// Writes the value alone.
    pub(crate) fix: Fix,
}

/// The needless priorities of a kind. Only options that the repository alone declares are looked at: what others
/// define of theirs is not known.
pub(crate) fn needless(cx: &FleetContext<'_>, wanted: &Override) -> Vec<Needless> {
    let mut known: FxHashMap<SourcePlace, Option<(SmolStr, Vec<SmolStr>)>> = FxHashMap::default();
    for (host, index) in &cx.fleet.hosts {
        collect(cx, &host.name, index, wanted, &mut known);
    }
    // What another host's modules define may come together with it one day: it was foreseen.
    for definition in systems(cx.fleet).into_iter().flat_map(|(_, index)| &index.definitions) {
        if (wanted.stands_against)(definition) && definition.priority != wanted.priority {
            known.retain(|place, it| {
                let Some((path, _)) = it else { return false };
                *path != definition.path || definition.place == Some(*place)
            });
        }
    }
    let lone = known.into_iter().filter_map(|(place, it)| Some((place, it?)));
    let mut out: Vec<Needless> = lone
        .filter(|(place, _)| !cx.fleet.exports.iter().any(|(file, _)| *file == place.source))
        .filter(|(place, _)| !is_generated(place.source.text(cx.db).as_str()))
        .filter_map(|(place, (path, mut hosts))| {
            hosts.sort();
            hosts.dedup();
            let (range, fix) = written(cx, place, wanted)?;
            Some(Needless { file: place.source, range, path, hosts, fix })
        })
        .collect();
    out.sort_by_key(|it| (it.file.path(cx.db).clone(), it.range.start()));
    out
}

/// Notes a system's definitions by place; none where a host needs the priority.
fn collect(
    cx: &FleetContext<'_>,
    host: &SmolStr,
    index: &HostIndex,
    wanted: &Override,
    known: &mut FxHashMap<SourcePlace, Option<(SmolStr, Vec<SmolStr>)>>,
) {
    for alike in index.definitions.chunk_by(|a, b| a.path == b.path) {
        let is_certain = index.gaps.is_empty()
            && index.open_options.binary_search(&alike[0].path).is_err()
            && is_of_the_repository(index, &alike[0].path);
        for definition in alike.iter().filter(|it| it.priority == wanted.priority) {
            let Some(place) = definition.place.filter(|it| is_own(cx, *it)) else { continue };
            let others = || alike.iter().filter(|it| it.place != definition.place);
            // One place may be several definitions: those of a helper, or of a module that is imported with
            // arguments.
            let is_once = alike.iter().filter(|it| it.place == definition.place).count() == 1;
            let is_needless = is_certain && is_once && !others().any(wanted.stands_against);
            let entry = known.entry(place).or_insert_with(|| Some((definition.path.clone(), Vec::new())));
            match entry {
                Some((path, hosts)) if is_needless && *path == definition.path => hosts.push(host.clone()),
                entry => *entry = None,
            }
        }
    }
    // A variant of the host, or a specialisation, overrides what the host itself defines.
    let variants = ["specialisation", "variant"];
    for nested in index.nested.iter().filter(|it| !variants.contains(&it.kind.as_str())) {
        collect(cx, host, &nested.index, wanted, known);
    }
}

/// Whether an option is declared here alone. One whose type can be declared in parts may have others elsewhere.
fn is_of_the_repository(index: &HostIndex, path: &str) -> bool {
    let mut declared = index.options.iter().filter(|it| it.path == path);
    declared.next().is_some_and(|option| {
        option.type_name.as_ref().is_some_and(|it| !it.contains("submodule") && !it.contains("attribute set"))
    })
}

/// Where the function stands, and the edit that takes it away; none where the value is not its argument.
fn written(cx: &FleetContext<'_>, place: SourcePlace, wanted: &Override) -> Option<(TextRange, Fix)> {
    let PlaceKind::Name(raw) = place.kind else { return None };
    let cx = FileContext::new(cx.db, cx.project, place.source);
    let name = Body::name_from_raw(raw);
    let binding = |expr: &Expr| match expr {
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => {
            bindings.named.iter().find(|it| it.place == name).map(|it| it.value)
        }
        _ => None,
    };
    let Some(BindingValue::Expr(call)) = cx.body.exprs.iter().find_map(|(_, expr)| binding(expr)) else {
        return None;
    };
    let (function, args) = names::applied(cx.body, call)?;
    let value: ExprId = match (function.library()?, args) {
        (name, [value]) if name == wanted.function => *value,
        ("mkOverride", [_, value]) => *value,
        _ => return None,
    };
    let whole = cx.range(call);
    let range = TextRange::new(whole.start(), cx.outer_range(value).start());
    let text = cx.slice(range);
    let title = format!("Remove `{}`", text.trim());
    // Parentheses around the argument go with the function.
    let edit = replace(&cx, whole, cx.slice(cx.range(value)));
    let range = TextRange::at(range.start(), nixscope_syntax::TextSize::of(text.trim_end()));
    let lost = TextRange::new(whole.start(), cx.range(value).start());
    (!crate::edits::may_hold_comment(&cx, lost)).then(|| (range, Fix::safe(title, vec![edit])))
}
