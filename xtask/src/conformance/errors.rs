//! Whether two error messages are about the same thing: Nix's, and ours, which has words of its own.
//!
//! A message becomes what it is [about](About): a wrong type with the types, a name that is not there with the name, or one of
//! the things in the table. What is left is the program's own message, of `throw` and `abort`, which must be the same.

/// What an error is about.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum About<'a> {
    /// A value of another type than is needed. An empty type is one that the message does not name.
    Type { wanted: &'a str, found: &'a str },
    /// A name, and what is wrong with it.
    Name(&'static str, &'a str),
    /// One of the things in [`PHRASES`], by its place there.
    Thing(usize),
    /// The text of the program.
    Text(&'a str),
}

/// What only one message is about: Nix's words, and ours.
const PHRASES: &[(&[&str], &[&str])] = &[
    (&["infinite recursion encountered"], &["this value needs itself"]),
    (&["stack overflow; max-call-depth exceeded"], &["nested too deeply"]),
    (&["division by zero"], &["division by zero"]),
    (&["integer overflow in"], &["the integer result does not fit into 64 bits"]),
    (&["is not a directory"], &["is not a directory"]),
    (&["does not exist"], &["is not there", "there is no file"]),
    (&["doesn't represent an absolute path"], &["expected an absolute path"]),
    (&["must use an absolute path"], &["must be named by an absolute path"]),
    (&["invalid regular expression"], &["invalid regular expression"]),
    (&["unknown hash algorithm"], &["unknown hash algorithm"]),
    (
        &["must have exactly one element, but has", "can only act on derivations"],
        &["needs a string that refers to one derivation"],
    ),
    (&["invalid store path name when fetching"], &["what fetchurl downloads cannot be called"]),
    (&["invalid derivation name"], &["a derivation cannot be named"]),
    (
        &["invalid derivation output name", "duplicate derivation output"],
        &["the outputs of this derivation cannot have these names"],
    ),
    (&["cannot have an empty set of outputs"], &["a derivation needs an output"]),
    (&["for 'outputHashMode' attribute"], &["is no mode of hashing an output"]),
    (
        &["called with index", "called on an empty list"],
        &["there is none at", "there is no element at", "the tail of an empty list"],
    ),
    (&["negative value given"], &["cannot be negative", "expected a string, Boolean or natural number"]),
    (&["negative start position"], &["a substring cannot start at"]),
    (&["cannot create list of size"], &["cannot make a list of"]),
    (&["passed to builtins.replaceStrings have different lengths"], &["as many replacements as strings"]),
    (
        &["because it contains null bytes", "input string '  foo"],
        &["null character", "the character with the number 0"],
    ),
    (
        &["outside of Nix integer range", "too large integer"],
        &["expected an integer of 64 bits", "an integer does not fit into 64 bits"],
    ),
    (&["Dates and times are not supported"], &["Nix has no dates and times"]),
    (&["is not equal to", "differs from attribute set", "compare as unequal"], &["this assertion is false"]),
    (
        &["cannot compare"],
        &[
            "cannot compare",
            "the keys of a closure must all have one type",
            "expected a key that can be compared",
        ],
    ),
    (&["experimental Nix feature 'pipe-operators' is disabled"], &["`pipe-operators`, which is not on"]),
    (&["already defined at"], &["is defined twice in this set"]),
    (&["dynamic attributes not allowed in let"], &["a `let` cannot bind a computed name"]),
    (&["dynamic attributes not allowed in inherit"], &["`inherit` takes plain names only"]),
    (&["path has a trailing slash"], &["expected an expression, found `/"]),
];

/// Whether our message is about what Nix's is about.
pub(super) fn agree(theirs: &str, ours: &str) -> bool {
    match (theirs_is_about(theirs), ours_is_about(ours)) {
        (About::Type { wanted, found }, About::Type { wanted: our_wanted, found: our_found }) => {
            wanted == our_wanted && (found.is_empty() || found == our_found)
        }
        (theirs, ours) => theirs == ours,
    }
}

/// The error in an `.err.exp` file: the last one, which the traces before it lead to.
pub(super) fn last_error(text: &str) -> Option<&str> {
    text.lines().rev().find_map(|line| line.trim_start().strip_prefix("error: "))
}

fn theirs_is_about(message: &str) -> About<'_> {
    let types = between(message, "expected ", " but found ")
        .or_else(|| {
            message.strip_prefix("cannot coerce ")?.split_once(" to a string").map(|it| ("a string", it.0))
        })
        .or_else(|| after(message, "` should return a string, but got ").map(|it| ("a string", it)))
        .or_else(|| after(message, "` must return a string, but got ").map(|it| ("a string", it)))
        .or_else(|| after(message, "which is not a function but ").map(|it| ("a function", it)))
        .or_else(|| message.ends_with("requires a function").then_some(("a function", "")))
        .or_else(|| (message == "cannot add a string to an integer").then_some(("a number", "a string")));
    if let Some((wanted, found)) = types {
        return About::Type { wanted: number(wanted), found: found.split(':').next().unwrap_or_default() };
    }
    let names = [
        ("no attribute", "attribute '", "' missing"),
        ("undefined", "undefined variable '", "'"),
        ("surplus", "called with unexpected argument '", "'"),
        ("needed", "called without required argument '", "'"),
    ];
    let text = after(message, "evaluation aborted with the following error message: '")
        .map_or(message, |text| text.trim_end_matches('\''));
    about_name(message, &names).or_else(|| thing(message, |(theirs, _)| theirs)).unwrap_or(About::Text(text))
}

fn ours_is_about(message: &str) -> About<'_> {
    let names = [
        ("no attribute", "there is no attribute `", "`"),
        ("undefined", "nothing defines the name `", "`"),
        ("surplus", "the function takes no argument `", "`"),
        ("needed", "needs an argument `", "`"),
    ];
    if let Some(about) = about_name(message, &names).or_else(|| thing(message, |(_, ours)| ours)) {
        return about;
    }
    let types = message
        .split_once(" is not a function and cannot be called")
        .map(|(found, _)| ("a function", found))
        .or_else(|| between(message, "expected ", ", found "));
    match types {
        Some((wanted, found)) => {
            let wanted = wanted.strip_suffix(", or what can become one").unwrap_or(wanted);
            About::Type { wanted: number(wanted), found }
        }
        None => About::Text(message),
    }
}

/// Nix's arithmetic names the type of the other operand.
fn number(wanted: &str) -> &str {
    if matches!(wanted, "an integer" | "a float") { "a number" } else { wanted }
}

fn thing(
    message: &str,
    side: impl Fn(&'static (&[&str], &[&str])) -> &'static [&'static str],
) -> Option<About<'_>> {
    let is_about = |phrases: &[&str]| phrases.iter().any(|phrase| message.contains(phrase));
    PHRASES.iter().position(|row| is_about(side(row))).map(About::Thing)
}

fn about_name<'a>(message: &'a str, patterns: &[(&'static str, &str, &str)]) -> Option<About<'a>> {
    patterns.iter().find_map(|(what, before, behind)| {
        let (name, _) = after(message, before)?.split_once(behind)?;
        Some(About::Name(what, name))
    })
}

fn after<'a>(message: &'a str, words: &str) -> Option<&'a str> {
    message.split_once(words).map(|(_, rest)| rest)
}

fn between<'a>(message: &'a str, first: &str, second: &str) -> Option<(&'a str, &'a str)> {
    message.strip_prefix(first)?.split_once(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_names_must_be_the_same() {
        assert!(agree("expected a list but found a string: \"foo\"", "expected a list, found a string"));
        assert!(!agree("expected a function but found an integer: 1", "expected a list, found a string"));
        assert!(agree(
            "cannot coerce a set to a string: { }",
            "expected a string, or what can become one, found a set"
        ));
        assert!(agree("attribute 'a' missing", "there is no attribute `a` here; did you mean `b`?"));
        assert!(!agree("attribute 'a' missing", "there is no attribute `b` here"));
        assert!(!agree("undefined variable 'a'", "there is no attribute `a` here"));
    }

    #[test]
    fn the_text_of_the_program_must_be_the_same() {
        assert!(agree("evaluation aborted with the following error message: 'no'", "no"));
        assert!(agree("Uh oh!", "Uh oh!"));
        assert!(!agree("Uh oh!", "expected a list, found a string"));
    }

    #[test]
    fn the_last_error_counts() {
        let text = "error:\n       … while calling\n\n       error: nope\n         at x\n";
        assert_eq!(last_error(text), Some("nope"));
    }
}
