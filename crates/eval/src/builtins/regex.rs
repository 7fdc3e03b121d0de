//! `match` and `split`: POSIX extended regular expressions as Nix has them.
//!
//! Nix uses `std::regex` on bytes; an expression is translated into the syntax of the `regex` crate,
//! which also works on bytes here. Of several matches at one position Nix takes the longest, the crate
//! the first alternative; only `split` with alternatives that are prefixes of each other can tell.

use std::rc::Rc;

use regex::bytes::{Regex, RegexBuilder};

use super::Builtin;
use crate::Evaluator;
use crate::error::{ErrorKind, Eval};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::Value;

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "match",
        arity: 2,
        run: run_match,
        doc: "`match regex s`: the groups' texts if the POSIX extended regular expression matches all of `s`, else null.",
    },
    Builtin {
        name: "split",
        arity: 2,
        run: run_split,
        doc: "`split regex s`: the texts between the matches and, between those, lists of the groups' texts.",
    },
];

impl<'h> Evaluator<'h> {
    fn regex(&self, pattern: &'h str, whole: bool, place: Place) -> Eval<'h, Rc<Regex>> {
        let known = self.regexes.borrow().get(&(pattern, whole)).cloned();
        let compiled = match known {
            Some(known) => known,
            None => {
                let compiled = compile(pattern, whole).map(Rc::new);
                self.regexes.borrow_mut().insert((pattern, whole), compiled.clone());
                compiled
            }
        };
        compiled.ok_or_else(|| {
            self.error(ErrorKind::Other, &format!("invalid regular expression {pattern:?}"), place)
        })
    }

    /// The texts of the groups of a match; null for a group that took no part.
    fn groups(&self, text: &'h str, captures: &regex::bytes::Captures<'_>, place: Place) -> Value<'h> {
        let items: Vec<_> = captures
            .iter()
            .skip(1)
            .map(|group| {
                let value = match group {
                    Some(group) => self.string_in(self.part(text, group.start(), group.end()), &[]),
                    None => Value::Null,
                };
                self.done_at(value, place)
            })
            .collect();
        self.list(&items)
    }
}

fn run_match<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let pattern = ev.force_str(args[0], place)?;
    let regex = ev.regex(pattern.text, true, place)?;
    let text = ev.force_str(args[1], place)?.text;
    if regex.captures_len() == 1 {
        return Ok(if regex.is_match(text.as_bytes()) { ev.list(&[]) } else { Value::Null });
    }
    Ok(match regex.captures(text.as_bytes()) {
        Some(captures) => ev.groups(text, &captures, place),
        None => Value::Null,
    })
}

fn run_split<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let pattern = ev.force_str(args[0], place)?;
    let regex = ev.regex(pattern.text, false, place)?;
    let subject = ev.force_str(args[1], place)?;
    let text = subject.text;
    let piece = |start, end| ev.done_at(ev.string_in(ev.part(text, start, end), subject.context), place);
    let mut items = Vec::new();
    let (mut copied, mut search) = (0, 0);
    while search <= text.len() {
        let Some(captures) = regex.captures_at(text.as_bytes(), search) else { break };
        let Some(whole) = captures.get(0) else { break };
        items.push(piece(copied, whole.start()));
        items.push(ev.done_at(ev.groups(text, &captures, place), place));
        copied = whole.end();
        search = if whole.is_empty() { whole.end() + 1 } else { whole.end() };
    }
    if items.is_empty() {
        return Ok(ev.list(&[ev.done_at(Value::Str(subject), place)]));
    }
    items.push(piece(copied, text.len()));
    Ok(ev.list(&items))
}

fn compile(pattern: &str, whole: bool) -> Option<Regex> {
    let translated = Translator::new(pattern.as_bytes()).run()?;
    let translated = match whole {
        true => format!("^(?:{translated})$"),
        false => translated,
    };
    RegexBuilder::new(&translated).unicode(false).dot_matches_new_line(true).build().ok()
}

struct Translator<'a> {
    pattern: &'a [u8],
    at: usize,
    out: String,
    /// Where in `out` the open groups start.
    groups: Vec<usize>,
    /// Where in `out` the atom starts that a quantifier would apply to, and whether it has one.
    atom: Option<(usize, bool)>,
}

impl<'a> Translator<'a> {
    fn new(pattern: &'a [u8]) -> Translator<'a> {
        Translator { pattern, at: 0, out: String::new(), groups: Vec::new(), atom: None }
    }

    fn peek(&self) -> Option<u8> {
        self.pattern.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn run(mut self) -> Option<String> {
        while let Some(byte) = self.next() {
            let start = self.out.len();
            match byte {
                b'(' => {
                    self.groups.push(start);
                    self.out.push('(');
                    self.atom = None;
                }
                b')' => {
                    let start = self.groups.pop()?;
                    self.out.push(')');
                    self.atom = Some((start, false));
                }
                b'|' | b'^' | b'$' => {
                    self.out.push(char::from(byte));
                    self.atom = None;
                }
                b'*' | b'+' | b'?' => self.quantify(&char::from(byte).to_string())?,
                b'{' => {
                    let bounds = self.bounds()?;
                    self.quantify(&bounds)?;
                }
                b'.' => {
                    self.out.push('.');
                    self.atom = Some((start, false));
                }
                b'[' => {
                    self.bracket()?;
                    self.atom = Some((start, false));
                }
                b'\\' => {
                    let escaped = self.next().filter(|byte| b".[\\()*+?{|^$".contains(byte))?;
                    self.literal(escaped);
                    self.atom = Some((start, false));
                }
                byte => {
                    self.literal(byte);
                    self.atom = Some((start, false));
                }
            }
        }
        self.groups.is_empty().then_some(self.out)
    }

    fn literal(&mut self, byte: u8) {
        if byte.is_ascii_alphanumeric() {
            self.out.push(char::from(byte));
        } else {
            self.out.push_str(&format!("\\x{byte:02x}"));
        }
    }

    /// A quantifier on the last atom. On a quantified one it must not read as "lazy".
    fn quantify(&mut self, quantifier: &str) -> Option<()> {
        let (start, quantified) = self.atom?;
        if quantified {
            self.out.insert_str(start, "(?:");
            self.out.push(')');
        }
        self.out.push_str(quantifier);
        self.atom = Some((start, true));
        Some(())
    }

    /// `{n}`, `{n,}` or `{n,m}` after its brace.
    fn bounds(&mut self) -> Option<String> {
        let low = self.digits()?;
        let text = match self.eat(b',') {
            false => format!("{{{low}}}"),
            true => match self.digits() {
                Some(high) => format!("{{{low},{high}}}"),
                None => format!("{{{low},}}"),
            },
        };
        self.eat(b'}').then_some(text)
    }

    fn digits(&mut self) -> Option<u32> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        std::str::from_utf8(self.pattern.get(start..self.at)?).ok()?.parse().ok()
    }

    /// A bracket expression after its `[`. A backslash means itself here.
    fn bracket(&mut self) -> Option<()> {
        self.out.push('[');
        if self.eat(b'^') {
            self.out.push('^');
        }
        let start = self.at;
        // Whether a range cannot start here: after a range or class.
        let mut closed = false;
        loop {
            let first = self.at == start;
            let byte = self.next()?;
            let from = match byte {
                b']' if !first => break,
                b'[' if matches!(self.peek(), Some(b':')) => {
                    self.class()?;
                    closed = true;
                    continue;
                }
                b'[' if matches!(self.peek(), Some(b'.' | b'=')) => self.collating()?,
                b'-' if closed && self.peek() != Some(b']') => return None,
                byte => byte,
            };
            closed = false;
            let range =
                self.peek() == Some(b'-') && self.pattern.get(self.at + 1).is_some_and(|it| *it != b']');
            if !range {
                self.out.push_str(&format!("\\x{from:02x}"));
                continue;
            }
            self.at += 1;
            let to = match self.next()? {
                b'[' if matches!(self.peek(), Some(b'.' | b'=')) => self.collating()?,
                b'[' if matches!(self.peek(), Some(b':')) => return None,
                byte => byte,
            };
            if to < from {
                return None;
            }
            self.out.push_str(&format!("\\x{from:02x}-\\x{to:02x}"));
            closed = true;
        }
        self.out.push(']');
        Some(())
    }

    /// `[:alpha:]` after its bracket.
    fn class(&mut self) -> Option<()> {
        let name = self.delimited(b':')?.to_ascii_lowercase();
        let class = match name.as_str() {
            "w" => "word",
            "d" => "digit",
            "s" => "space",
            name @ ("alnum" | "alpha" | "blank" | "cntrl" | "digit" | "graph" | "lower" | "print"
            | "punct" | "space" | "upper" | "xdigit") => name,
            _ => return None,
        };
        self.out.push_str(&format!("[:{class}:]"));
        Some(())
    }

    /// `[.x.]` or `[=x=]` after its bracket: the one character.
    fn collating(&mut self) -> Option<u8> {
        let delimiter = self.peek()?;
        let name = self.delimited(delimiter)?;
        match name.as_bytes() {
            [byte] => Some(*byte),
            _ => None,
        }
    }

    /// The text between two delimiters, before a closing bracket.
    fn delimited(&mut self, delimiter: u8) -> Option<String> {
        self.at += 1;
        let start = self.at;
        while self.pattern.get(self.at..self.at + 2)? != [delimiter, b']'] {
            self.at += 1;
        }
        let name = std::str::from_utf8(self.pattern.get(start..self.at)?).ok()?.to_string();
        self.at += 2;
        Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> Option<bool> {
        compile(pattern, true).map(|regex| regex.is_match(text.as_bytes()))
    }

    #[test]
    fn what_nix_accepts() {
        for (pattern, text) in [
            ("[[.a.]]", "a"),
            ("[[=a=]]", "a"),
            ("[a-]", "-"),
            ("[-a]", "-"),
            ("()", ""),
            ("a||b", "a"),
            ("[\\n]", "n"),
            ("a**", "aa"),
            ("a++", "aa"),
            ("a+?", ""),
            ("\\\\", "\\"),
            ("}", "}"),
            ("]", "]"),
            ("[[:alnum:]_.-]+", "a-_."),
            ("[+--]", ","),
            ("(^a)", "a"),
            ("[[:w:]]", "a"),
            ("[\\w]", "w"),
            ("a|", ""),
            ("|a", ""),
            ("\\$\\^\\|\\{\\.", "$^|{."),
            ("[]a]+", "]a"),
            ("[^]a]+", "bc"),
            ("x{2,}", "xxx"),
            ("a.b", "a\nb"),
            ("..", "é"),
            ("[&~-]+", "&&--~~"),
        ] {
            assert_eq!(matches(pattern, text), Some(true), "{pattern} {text}");
        }
    }

    #[test]
    fn what_nix_rejects() {
        for pattern in [
            "a\\-b",
            "\\d",
            "a\\]",
            "a{",
            "{",
            "*a",
            "a|*b",
            "(*a)",
            "a{,3}",
            "a\\}",
            "\\/",
            "[z-a]",
            "[a-z-9]",
            ")",
            "\\n",
            "[a",
            "(a",
            "a{1",
            "[[:foo:]]",
            "\\<a",
            "a\\",
            "x{3,2}",
            "^*",
            "+",
            "?",
            "[a-[:digit:]]",
        ] {
            assert_eq!(matches(pattern, "a"), None, "{pattern}");
        }
    }
}
