//! What the module system says is wrong with the hosts' options, for the lints that report it.

use nixscope_db::SourceFile;
use nixscope_eval::SourcePlace;
use nixscope_fleet::{
    Host, HostProblems, OptionProblem, OptionProblemKind, ProblemDefinition, host_problems,
};
use nixscope_syntax::TextRange;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::is_own;
use crate::lint::{Level, Lint};

/// The problems of every host.
pub(crate) fn problems<'db>(cx: &FleetContext<'db>) -> impl Iterator<Item = (&'db Host, &'db HostProblems)> {
    let FleetContext { db, project, fleet } = *cx;
    fleet
        .hosts
        .iter()
        .map(move |(host, _)| (host, host_problems(db, project, host.output.clone(), host.name.clone())))
}

/// The problems of one kind with the options of every host.
pub(crate) fn option_problems<'db>(
    cx: &FleetContext<'db>,
    kind: OptionProblemKind,
) -> impl Iterator<Item = (&'db Host, &'db OptionProblem)> {
    problems(cx).flat_map(move |(host, all)| {
        all.options.iter().filter(move |it| it.kind == kind).map(move |it| (host, it))
    })
}

/// A place, where it lies in the repository.
pub(crate) fn own_range(cx: &FleetContext<'_>, place: SourcePlace) -> Option<(SourceFile, TextRange)> {
    is_own(cx, place).then(|| (place.source, place.range(cx.db)))
}

/// Where a definition is to be shown: at its value, which is what is wrong with it, else at its name.
pub(crate) fn shown_at(
    cx: &FleetContext<'_>,
    definition: &ProblemDefinition,
) -> Option<(SourceFile, TextRange)> {
    let value = definition.value.and_then(|it| own_range(cx, it));
    let name = definition.name.and_then(|it| own_range(cx, it));
    match (value, name) {
        // A value that is written elsewhere (a binding, another file) is not where it is set.
        (Some(value), Some(name)) if value.0 != name.0 => Some(name),
        (value, name) => value.or(name),
    }
}

/// A finding about an option. Of a part of the system that is off it is a hint: it fails as soon as something reads
/// the option.
pub(crate) fn option_finding(
    lint: &'static Lint,
    problem: &OptionProblem,
    (file, range): (SourceFile, TextRange),
    message: String,
) -> Diagnostic {
    let mut finding = Diagnostic::new(lint, file, range, message);
    if problem.off {
        finding.level = Level::Hint;
    }
    finding
}

/// The finding with the place where the option is declared, if that is in the repository.
pub(crate) fn declared_here(
    cx: &FleetContext<'_>,
    problem: &OptionProblem,
    finding: Diagnostic,
) -> Diagnostic {
    match problem.declared_at.and_then(|it| own_range(cx, it)) {
        Some((file, range)) => finding.with_related(file, range, "declared here"),
        None => finding,
    }
}

/// The option as people would say it: "`services.web.port`", "`services.web.port` of `home-manager.users.ada`".
pub(crate) fn option_name(problem: &OptionProblem) -> String {
    match &problem.within {
        Some(within) => format!("`{}` of `{within}`", problem.path),
        None => format!("`{}`", problem.path),
    }
}
