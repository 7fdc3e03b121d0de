//! What repositories without a flake have for inputs: sources that they fetch themselves, mostly through the files that
//! npins, niv and lon write.

use nixscope_eval::{Evaluator, Reason, Taint, Thunk, Value};
use nixscope_hir::Symbol;

use super::INPUT_PREFIX;
use crate::input_kind::{InputKind, by_repository, segments};

/// The result of a builtin that looks outside, by what it is asked for: a source of a project that is known by its
/// name is that project, as an input of a flake would be.
pub(super) fn call<'h>(ev: &Evaluator<'h>, builtin: &str, argument: &'h Thunk<'h>) -> Option<Value<'h>> {
    match builtin {
        "builtins.fetchTarball" | "builtins.fetchGit" | "builtins.fetchTree" => {
            let name = project(&location(ev, argument)?)?;
            let path = format!("{INPUT_PREFIX}{name}");
            Some(Value::Unknown(ev.unknown(&path, Reason::Fetch, Taint::None, argument.place())))
        }
        // Somebody who tries another source sets these: npins, niv and lon look for them.
        "builtins.getEnv" => {
            let name = ev.force_str(argument, argument.place()).ok()?.text;
            let is_override = ["NPINS_OVERRIDE_", "NIV_OVERRIDE_", "LON_OVERRIDE_"];
            is_override.iter().any(|prefix| name.starts_with(prefix)).then(|| ev.string(""))
        }
        _ => None,
    }
}

/// Where something is fetched from.
fn location<'h>(ev: &Evaluator<'h>, argument: &'h Thunk<'h>) -> Option<String> {
    let text = |thunk: &'h Thunk<'h>| match ev.force(thunk) {
        Ok(Value::Str(text)) => Some(text.text.to_string()),
        _ => None,
    };
    let Ok(Value::Attrs(attrs)) = ev.force(argument) else { return text(argument) };
    let get = |name: &str| text(attrs.get(Symbol::new(name))?.value);
    get("url").or_else(|| Some(format!("https://github.com/{}/{}", get("owner")?, get("repo")?)))
}

/// The project that a source is of: `github.com/<owner>/<project>`, and archives of it elsewhere.
fn project(url: &str) -> Option<String> {
    let words: Vec<String> = segments(url).map(str::to_lowercase).collect();
    let names: Vec<&str> = words.iter().map(String::as_str).collect();
    if by_repository(&names) == InputKind::Nixpkgs {
        return Some("nixpkgs".into());
    }
    let host = names.iter().position(|word| word.contains('.'))?;
    let path = names[host + 1..].iter().filter(|word| !matches!(**word, "repos" | "api" | "v1" | "v4"));
    let name = path.copied().nth(1)?;
    (!name.contains("%2f")).then(|| name.to_string())
}

#[cfg(test)]
mod tests {
    use super::project;

    #[test]
    fn archives_are_of_the_project_that_their_address_names() {
        let of = |url: &str| project(url).unwrap_or_default();
        assert_eq!(of("https://github.com/ryantm/agenix/archive/0123.tar.gz"), "agenix");
        assert_eq!(of("https://api.github.com/repos/nix-community/disko/tarball/v1.13.0"), "disko");
        assert_eq!(of("https://git.example.org/someone/tools.git"), "tools");
        assert_eq!(of("https://releases.nixos.org/nixos/unstable/nixos-25.11/nixexprs.tar.xz"), "nixpkgs");
        assert_eq!(of("https://github.com/NixOS/nixpkgs/archive/nixos-25.11.tar.gz"), "nixpkgs");
        assert_eq!(of("https://example.org/tools.tar.gz"), "");
    }
}
