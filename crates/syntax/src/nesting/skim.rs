//! A look at the bytes alone, which spares nearly every file the exact count.
//!
//! It reads only what is surely read alike by the tokenizer; at the first thing that is rare and might
//! be something else (a URI, `''` after a name, a keyword in a path), it gives up and the tokens are
//! counted. What it takes for other tokens than there are (paths, numbers), it counts for at
//! least as many levels.

use rnix::SyntaxKind::{self, *};

use super::{Depth, MAX_DEPTH};

/// Whether the tree is surely not deeper than allowed.
pub(super) fn is_surely_shallow(text: &str) -> bool {
    let mut skim = Skim { bytes: text.as_bytes(), at: 0, depth: Depth::default(), inside: Vec::new() };
    skim.run().is_some()
}

struct Skim<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: Depth,
    /// The brackets and strings around, by their first byte: `${` is `$`, `''` is `'`.
    inside: Vec<u8>,
}

impl Skim<'_> {
    /// Reads to the end; none where something is rare or deep.
    fn run(&mut self) -> Option<()> {
        while self.at < self.bytes.len() {
            match self.inside.last() {
                Some(b'"') => self.string()?,
                Some(b'\'') => self.indented_string()?,
                _ => self.code()?,
            }
            if self.depth.total > MAX_DEPTH {
                return None;
            }
        }
        Some(())
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(b' ')
    }

    fn before(&self) -> u8 {
        self.at.checked_sub(1).map_or(b' ', |at| self.bytes[at])
    }

    fn code(&mut self) -> Option<()> {
        let byte = self.bytes[self.at];
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => return self.name(),
            b'0'..=b'9' => {
                self.depth.see(TOKEN_INTEGER);
                self.at += 1;
                self.at += self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                return Some(());
            }
            b'#' => {
                let rest = &self.bytes[self.at..];
                self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                return Some(());
            }
            b'/' if self.peek(1) == b'*' => {
                if !matches!(self.before(), b' ' | b'\t' | b'\n' | b';' | b'{' | b'[' | b'(') {
                    return None;
                }
                self.at += 2;
                let rest = &self.bytes[self.at..];
                self.at += 2 + rest.windows(2).position(|pair| pair == b"*/")?;
                return Some(());
            }
            b'/' if matches!(self.peek(1), b' ' | b'\n') => self.depth.see(TOKEN_DIV),
            b'/' if self.peek(1) == b'/' => {
                if !matches!((self.before(), self.peek(2)), (b' ' | b'\n', b' ' | b'\n' | b'{' | b'(')) {
                    return None;
                }
                self.depth.see(TOKEN_UPDATE);
                self.at += 1;
            }
            b'/' => {
                // What stands before the slash was taken for something else; the path counts by itself.
                self.depth.see(TOKEN_PATH_REL);
                self.depth.see(TOKEN_PATH_REL);
                self.at += 1;
                let rest = self.bytes[self.at..].iter();
                self.at += rest.take_while(|byte| is_path(**byte)).count();
                return Some(());
            }
            b'"' => self.open(byte, TOKEN_STRING_START),
            b'\'' => {
                let opens = self.peek(1) == b'\''
                    && matches!(self.before(), b' ' | b'\t' | b'\n' | b'{' | b'[' | b'(');
                if !opens {
                    return None;
                }
                self.open(byte, TOKEN_STRING_START);
                self.at += 1;
            }
            b'$' if self.peek(1) == b'{' => {
                self.open(byte, TOKEN_INTERPOL_START);
                self.at += 1;
            }
            b'{' => self.open(byte, TOKEN_L_BRACE),
            b'[' => self.open(byte, TOKEN_L_BRACK),
            b'(' => self.open(byte, TOKEN_L_PAREN),
            b'}' => match self.inside.pop()? {
                b'{' => self.depth.see(TOKEN_R_BRACE),
                b'$' => self.depth.see(TOKEN_INTERPOL_END),
                _ => return None,
            },
            b']' => {
                self.inside.pop().filter(|open| *open == b'[')?;
                self.depth.see(TOKEN_R_BRACK);
            }
            b')' => {
                self.inside.pop().filter(|open| *open == b'(')?;
                self.depth.see(TOKEN_R_PAREN);
            }
            b'.' if self.peek(1).is_ascii_digit() => self.depth.see(TOKEN_INTEGER),
            b'.' if self.peek(1) == b'.' && self.peek(2) == b'.' => return self.long(3, TOKEN_ELLIPSIS),
            // In a path it is no selection.
            b'.' if matches!(self.peek(1), b'.' | b'/') => self.depth.see(TOKEN_AT),
            b'.' => self.depth.see(TOKEN_DOT),
            b';' => self.depth.see(TOKEN_SEMICOLON),
            b',' => self.depth.see(TOKEN_COMMA),
            b'=' if self.peek(1) == b'=' => return self.long(2, TOKEN_EQUAL),
            b'=' => self.depth.see(TOKEN_ASSIGN),
            b'@' => self.depth.see(TOKEN_AT),
            // What follows a URI's colon is part of the URI.
            b':' if matches!(self.peek(1), b' ' | b'\t' | b'\r' | b'\n' | b'{' | b'[' | b'(') => {
                self.depth.see(TOKEN_COLON)
            }
            b'+' if self.peek(1) == b'+' => return self.long(2, TOKEN_CONCAT),
            b'+' => self.depth.see(TOKEN_ADD),
            b'-' if self.peek(1) == b'>' => return self.long(2, TOKEN_IMPLICATION),
            b'-' => self.depth.see(TOKEN_SUB),
            b'*' => self.depth.see(TOKEN_MUL),
            b'!' if self.peek(1) == b'=' => return self.long(2, TOKEN_NOT_EQUAL),
            b'!' => self.depth.see(TOKEN_INVERT),
            b'?' => self.depth.see(TOKEN_QUESTION),
            b'&' if self.peek(1) == b'&' => return self.long(2, TOKEN_AND_AND),
            b'|' if self.peek(1) == b'|' => return self.long(2, TOKEN_OR_OR),
            b'|' if self.peek(1) == b'>' => return self.long(2, TOKEN_PIPE_RIGHT),
            b'<' if self.peek(1) == b'|' => return self.long(2, TOKEN_PIPE_LEFT),
            b'<' | b'>' if self.peek(1) == b'=' => return self.long(2, TOKEN_LESS_OR_EQ),
            // `<a>` may both be an argument and have one.
            b'<' | b'>' => self.depth.see(TOKEN_PIPE_LEFT),
            _ => return None,
        }
        self.at += 1;
        Some(())
    }

    /// A token of several characters.
    fn long(&mut self, length: usize, kind: SyntaxKind) -> Option<()> {
        self.depth.see(kind);
        self.at += length;
        Some(())
    }

    fn open(&mut self, byte: u8, kind: SyntaxKind) {
        self.inside.push(byte);
        self.depth.see(kind);
    }

    fn name(&mut self) -> Option<()> {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'\'')))
            .unwrap_or(rest.len());
        let name = &rest[..length];
        let kind = match name {
            b"let" => TOKEN_LET,
            b"in" => TOKEN_IN,
            b"with" => TOKEN_WITH,
            b"assert" => TOKEN_ASSERT,
            b"inherit" => TOKEN_INHERIT,
            b"rec" => TOKEN_REC,
            b"or" => TOKEN_OR,
            b"if" => TOKEN_IF,
            b"then" => TOKEN_THEN,
            b"else" => TOKEN_ELSE,
            _ => TOKEN_IDENT,
        };
        let after = self.peek(length);
        let in_path = matches!(self.before(), b'.' | b'/' | b'+' | b'-' | b'~' | b'0'..=b'9')
            || matches!(after, b'.' | b'/' | b'+' | b':');
        if kind != TOKEN_IDENT && in_path || name.contains(&b'\'') && name.windows(2).any(|it| it == b"''") {
            return None;
        }
        self.depth.see(kind);
        self.at += length;
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        loop {
            match self.bytes.get(self.at)? {
                b'"' => {
                    self.at += 1;
                    self.close_string();
                    return Some(());
                }
                b'\\' => self.at += 2,
                b'$' => {
                    if self.dollar() {
                        return Some(());
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    fn indented_string(&mut self) -> Option<()> {
        loop {
            match self.bytes.get(self.at)? {
                b'\'' if self.peek(1) == b'\'' => match self.peek(2) {
                    b'\'' | b'$' => self.at += 3,
                    b'\\' => self.at += 4,
                    _ => {
                        self.at += 2;
                        self.close_string();
                        return Some(());
                    }
                },
                b'$' => {
                    if self.dollar() {
                        return Some(());
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// A dollar in a string; whether an interpolation begins.
    fn dollar(&mut self) -> bool {
        match self.peek(1) {
            b'$' => self.at += 2,
            b'{' => {
                self.open(b'$', TOKEN_INTERPOL_START);
                self.at += 2;
                return true;
            }
            _ => self.at += 1,
        }
        false
    }

    fn close_string(&mut self) {
        self.inside.pop();
        self.depth.see(TOKEN_STRING_END);
    }
}

fn is_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'+' | b'-' | b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ordinary_code() {
        let text = r#"
# a (comment
{ config, lib, pkgs, ... }:
let
  /* another [ one */
  cfg = config.services.web;
  port = toString (cfg.port + 1);
in
{
  imports = [ ./a.nix ../modules/b.nix <nixpkgs/c.nix> ];
  options.x = lib.mkOption { type = with lib.types; nullOr (listOf str); default = -1.5; };
  config = lib.mkIf (cfg.enable && !cfg.off) {
    a.${cfg.name}.b = "x ${"y ) ${port}"} \" $${ z";
    script = ''
      case "$1" in a) ''${x} ''' ;; esac
      ${lib.concatMapStrings (x: "a${x}") cfg.list}
    '';
    c = if cfg ? d.e then f x else cfg.d or null // { inherit (cfg) a b; };
    d = a -> b || c == d ++ [ (x: y) ];
  };
}
"#;
        assert!(is_surely_shallow(text));
    }

    #[test]
    fn gives_up_on_what_may_be_something_else() {
        for text in ["a:b,", "a''b", "x.let", "~x", "(]", "\"${ ( }\"", "a = b/*", "µ", "f a:b, a"] {
            assert!(!is_surely_shallow(text), "{text}");
        }
    }
}
