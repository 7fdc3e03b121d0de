//! A declaration for a secret that is read and not declared, with its rule in `secrets.nix`.

use nixscope_db::{SourceFile, VfsPath};
use nixscope_fleet::{AgenixRule, SecretBackend, SecretDeclaration, SecretRead, parse_option_path};
use nixscope_lints::Edit;
use nixscope_syntax::AstNode;
use smol_str::SmolStr;

use super::Context;
use crate::assists::{Assist, AssistKind, is_identifier};
use crate::module_text::ModuleText;

/// Declares the secret that is read at hand, where a host does not.
pub(super) fn declare(cx: &Context<'_>, out: &mut Vec<Assist>) {
    let systems = cx.systems_of(cx.file);
    let mut reads =
        systems.iter().flat_map(|(host, index)| index.secret_reads.iter().map(move |read| (*host, read)));
    let is_here = |read: &SecretRead| {
        read.declared == Some(false)
            && !read.name.is_empty()
            && cx.touches(read.name_place.range(cx.db))
            && read.name_place.source == cx.file
    };
    let Some((host, read)) = reads.find(|(_, read)| is_here(read)) else { return };
    out.extend(declaration(cx, host, read));
}

fn declaration(cx: &Context<'_>, host: &SmolStr, read: &SecretRead) -> Option<Assist> {
    let quoted = |name: &str| if is_identifier(name) { name.to_string() } else { format!("\"{name}\"") };
    let mut path: Vec<String> = parse_option_path(&read.path).iter().map(|it| quoted(it.as_str())).collect();
    let module = ModuleText::of(cx.db, cx.file)?;
    let model = model(cx, host, read.backend);
    let mut rule = None;
    let value = match read.backend {
        SecretBackend::Agenix | SecretBackend::Secrix => {
            let directory = directory(cx, model)?;
            let file = directory.join(&format!("{}.age", read.name.rsplit('/').next()?));
            if read.backend == SecretBackend::Agenix {
                rule = rule_for(cx, model, &file);
            } else {
                path.push("encrypted".to_string());
            }
            path.push("file".to_string());
            cx.relative(cx.file, &file)?
        }
        // The default file has it, and `.sops.yaml` says for whom.
        SecretBackend::Sops => "{ }".to_string(),
        SecretBackend::Systemd | SecretBackend::Clan => return None,
    };
    let mut edits = vec![module.add_definition(&path, &value)?];
    let title = match &rule {
        Some((_, rules)) => {
            format!("Declare the secret `{}`, with its rule in {}", read.name, cx.shown(rules.path(cx.db)))
        }
        None => format!("Declare the secret `{}`", read.name),
    };
    edits.extend(rule.map(|(edit, _)| edit));
    Some(Assist { title, kind: AssistKind::Mend(Some("secret-undeclared")), edits })
}

/// A secret that is declared already and is the likest: of the same host, else of any.
fn model<'a>(cx: &Context<'a>, host: &str, backend: SecretBackend) -> Option<&'a SecretDeclaration> {
    let all =
        || cx.systems().into_iter().flat_map(|(host, index)| index.secrets.iter().map(move |it| (host, it)));
    let fits = |secret: &SecretDeclaration| secret.backend == backend && secret.file.is_some();
    let own = all().find(|(of, secret)| *of == host && fits(secret));
    own.or_else(|| all().find(|(_, secret)| fits(secret))).map(|(_, secret)| secret)
}

/// Where the file of a new secret goes: beside the model's, else beside the rules, else into `secrets`.
fn directory(cx: &Context<'_>, model: Option<&SecretDeclaration>) -> Option<VfsPath> {
    let beside = model
        .and_then(|it| it.file.as_ref())
        .or_else(|| cx.fleet.secret_rules.agenix.first().map(|it| &it.file));
    match beside {
        Some(file) => file.parent(),
        None => Some(cx.project.root(cx.db).join("secrets")),
    }
}

/// A rule for a new file, behind that of the model and for the same recipients.
fn rule_for(
    cx: &Context<'_>,
    model: Option<&SecretDeclaration>,
    file: &VfsPath,
) -> Option<(Edit, SourceFile)> {
    let rules = &cx.fleet.secret_rules.agenix;
    if rules.iter().any(|rule| rule.file == *file) {
        return None;
    }
    let of_model = |rule: &&AgenixRule| model.is_some_and(|it| it.file.as_ref() == Some(&rule.file));
    let like = rules.iter().find(of_model).or_else(|| rules.last())?;
    let place = like.place?;
    let text = ModuleText::of(cx.db, place.source)?;
    let directory = place.source.path(cx.db).parent()?;
    let name = |file: &VfsPath| {
        file.strip_prefix(&directory).map(|it| format!("\"{}\"", it.trim_start_matches('/')))
    };
    let (old, new) = (name(&like.file)?, name(file)?);
    let range = place.range(cx.db);
    let value = text.value_at(range)?.syntax().text().to_string();
    let lines: Vec<String> = value.lines().map(|line| line.to_string()).collect();
    let edit = text.add_beside_named(range, &old, &new, &lines)?;
    Some((edit, place.source))
}
