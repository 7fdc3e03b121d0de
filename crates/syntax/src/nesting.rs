//! A guard against nesting that a recursive parser, or a recursive drop, would not survive, and
//! against texts that the tokenizer needs quadratic time for.
//!
//! The tokenizer is a flat loop, so an upper bound of the tree's depth is counted on its output,
//! before anything recursive runs.

mod skim;

use rnix::SyntaxKind::{self, *};
use rowan::{TextRange, TextSize};

/// Trees deeper than this are refused. The deepest file of the reference repositories has a depth
/// of about a hundred.
pub(crate) const MAX_DEPTH: u32 = 1_000;

/// How many characters the tokenizer may look ahead at in one run of them. A run of twenty thousand
/// characters with a dot after each second one takes it all; code stays a thousand times below.
const MAX_LOOKAHEAD: u64 = 100_000_000;

/// The place where the tree would become deeper than [`MAX_DEPTH`], if there is one.
pub(crate) fn too_deep(text: &str) -> Option<TextRange> {
    if skim::is_surely_shallow(text) {
        return None;
    }
    let mut depth = Depth::default();
    let mut offset = TextSize::from(0);
    for (kind, token) in rnix::tokenize(text) {
        let range = TextRange::at(offset, TextSize::of(token));
        offset = range.end();
        depth.see(kind);
        if depth.total > MAX_DEPTH {
            return Some(range);
        }
    }
    None
}

/// The beginning of a run of names, dots and operators, without a blank, that is so long that the
/// tokenizer, which looks for the end of the run at each of its tokens, would not come to an end.
pub(crate) fn endless_run(text: &str) -> Option<TextRange> {
    let mut rest = text.as_bytes();
    let mut start = 0;
    loop {
        let length = rest.iter().position(|byte| !RUN[usize::from(*byte)]).unwrap_or(rest.len());
        if length > 10_000 {
            let tokens = rest[..length].iter().filter(|byte| !is_name(**byte)).count();
            if length as u64 * tokens as u64 > MAX_LOOKAHEAD {
                let start = TextSize::try_from(start).ok()?;
                return Some(TextRange::at(start, TextSize::from(20)));
            }
        }
        if length == rest.len() {
            return None;
        }
        start += length + 1;
        rest = &rest[length + 1..];
    }
}

/// The characters that the tokenizer passes over where it looks whether a path begins.
const RUN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = is_name(byte as u8) || matches!(byte as u8, b'.' | b'+' | b'-' | b'~' | b'/' | b'<');
        byte += 1;
    }
    table
};

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// What is open at a token. Counts each level of the tree at least once, wrong programs included: what
/// the parser may take for a part of something stays counted.
#[derive(Default)]
struct Depth {
    /// The innermost frame.
    top: Frame,
    /// The frames around it.
    outer: Vec<Frame>,
    after_rec: bool,
    total: u32,
}

/// A bracket, a string, the bindings of a `let`, or the head of a `with` or `assert`; with the levels
/// that the operators, prefixes and applications in it have added so far.
#[derive(Clone, Copy, Default)]
struct Frame {
    kind: FrameKind,
    pending: u32,
    /// Whether what stands side by side is not applied: in lists, strings and `inherit`.
    flat: bool,
    /// Whether an expression may be complete here.
    after_atom: bool,
    /// Whether nothing has begun here yet: at the beginning and after a separator.
    fresh: bool,
    /// Whether an attribute's name is to follow: after a dot or a question mark.
    before_name: bool,
}

impl Frame {
    fn has_bindings(&self) -> bool {
        matches!(self.kind, FrameKind::Brace | FrameKind::Let)
    }
}

#[derive(PartialEq, Eq, Clone, Copy, Default)]
enum FrameKind {
    #[default]
    Root,
    Brace,
    Paren,
    List,
    Interpolation,
    Str,
    Let,
    Head,
}

impl Depth {
    fn see(&mut self, kind: SyntaxKind) {
        // The parser passes over whatever comes between `rec` and the next brace.
        if self.after_rec && kind != TOKEN_L_BRACE {
            return;
        }
        // Before an attribute's name, whatever is none is passed over too; a pattern's default is not.
        if self.top.before_name {
            match kind {
                TOKEN_IDENT | TOKEN_OR | TOKEN_CUR_POS | TOKEN_STRING_START | TOKEN_INTERPOL_START => {
                    self.top.before_name = false
                }
                TOKEN_SEMICOLON | TOKEN_COMMA | TOKEN_REC | TOKEN_ERROR => return,
                TOKEN_R_PAREN | TOKEN_R_BRACK | TOKEN_INTERPOL_END => return,
                _ => {}
            }
        }
        match kind {
            TOKEN_WHITESPACE | TOKEN_COMMENT | TOKEN_STRING_CONTENT => {}
            TOKEN_IDENT | TOKEN_INTEGER | TOKEN_FLOAT | TOKEN_URI | TOKEN_CUR_POS | TOKEN_PATH_ABS
            | TOKEN_PATH_REL | TOKEN_PATH_HOME | TOKEN_PATH_SEARCH => self.atom(),
            TOKEN_L_BRACE => self.open(FrameKind::Brace),
            TOKEN_L_BRACK => self.open(FrameKind::List),
            TOKEN_L_PAREN => self.open(FrameKind::Paren),
            TOKEN_INTERPOL_START => self.open(FrameKind::Interpolation),
            TOKEN_STRING_START => self.open(FrameKind::Str),
            TOKEN_R_BRACE => self.close(FrameKind::Brace),
            TOKEN_R_BRACK => self.close(FrameKind::List),
            TOKEN_R_PAREN => self.close(FrameKind::Paren),
            TOKEN_INTERPOL_END => self.close(FrameKind::Interpolation),
            TOKEN_STRING_END => self.close(FrameKind::Str),
            TOKEN_LET => self.push(FrameKind::Let),
            TOKEN_WITH | TOKEN_ASSERT => self.push(FrameKind::Head),
            TOKEN_IN if self.top.kind == FrameKind::Let => self.join(),
            TOKEN_SEMICOLON if self.top.kind == FrameKind::Head => self.join(),
            TOKEN_SEMICOLON | TOKEN_COMMA if self.top.after_atom => {
                self.forget();
                self.top.after_atom = false;
                if self.top.has_bindings() {
                    self.top.flat = false;
                }
                self.top.fresh = true;
            }
            // Something that is no operand in an operand's place is taken for one.
            TOKEN_SEMICOLON | TOKEN_COMMA | TOKEN_ERROR | TOKEN_ELLIPSIS => self.top.after_atom = true,
            TOKEN_INHERIT if self.top.fresh && self.top.has_bindings() => {
                self.top.fresh = false;
                self.top.flat = true;
            }
            // It begins an operand; the brace that follows is the same one.
            TOKEN_REC => {
                self.atom();
                self.top.after_atom = false;
                self.after_rec = true;
            }
            _ => {
                if self.top.has_bindings() || kind == TOKEN_COLON {
                    self.top.flat = false;
                }
                let begins_operand = matches!(kind, TOKEN_INVERT | TOKEN_SUB | TOKEN_IF);
                self.top.after_atom = !begins_operand && !self.top.after_atom;
                self.top.fresh = false;
                self.top.before_name = matches!(kind, TOKEN_QUESTION | TOKEN_DOT);
                if deepens(kind) {
                    self.deepen();
                }
            }
        }
    }

    /// An operand: an argument where it follows another one.
    fn atom(&mut self) {
        if self.top.after_atom {
            match self.top.flat {
                true => self.forget(),
                false => self.deepen(),
            }
        }
        self.top.after_atom = true;
        self.top.fresh = false;
    }

    fn open(&mut self, kind: FrameKind) {
        self.atom();
        self.push(kind);
    }

    fn push(&mut self, kind: FrameKind) {
        self.after_rec = false;
        self.top.fresh = false;
        self.outer.push(self.top);
        self.top = Frame {
            kind,
            flat: matches!(kind, FrameKind::List | FrameKind::Str),
            // Between parentheses there must be something: a closing one would be taken for it.
            fresh: !matches!(kind, FrameKind::Paren | FrameKind::Interpolation),
            ..Frame::default()
        };
        self.total += 1;
    }

    /// A closing bracket; one that does not belong to the innermost frame, or stands where an operand is
    /// missing, closes nothing.
    fn close(&mut self, kind: FrameKind) {
        if self.top.kind == kind
            && (self.top.after_atom || self.top.fresh)
            && let Some(outer) = self.outer.pop()
        {
            self.total -= 1 + self.top.pending;
            self.top = outer;
        }
        self.top.after_atom = true;
    }

    /// The innermost frame becomes a level of the one around it: the body of a `let` or `with` follows.
    fn join(&mut self) {
        if let Some(outer) = self.outer.pop() {
            let levels = 1 + self.top.pending;
            self.top = outer;
            self.top.pending += levels;
            self.top.after_atom = false;
        }
    }

    /// An expression is complete, and with it the levels that its operators have added.
    fn forget(&mut self) {
        self.total -= std::mem::take(&mut self.top.pending);
    }

    fn deepen(&mut self) {
        self.top.pending += 1;
        self.total += 1;
    }
}

/// Whether each further token of this kind can make the tree one level deeper.
fn deepens(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        TOKEN_COLON
            | TOKEN_IF
            | TOKEN_INVERT
            | TOKEN_SUB
            | TOKEN_OR
            | TOKEN_ADD
            | TOKEN_CONCAT
            | TOKEN_UPDATE
            | TOKEN_MUL
            | TOKEN_DIV
            | TOKEN_AND_AND
            | TOKEN_OR_OR
            | TOKEN_IMPLICATION
            | TOKEN_PIPE_LEFT
            | TOKEN_PIPE_RIGHT
            | TOKEN_QUESTION
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_would_overflow() {
        for unit in [
            "[",
            "(",
            "{a=",
            "!",
            "- ",
            "a: ",
            "if ",
            "let a=1;in ",
            "with a;",
            "\"${",
            "''${",
            "1 + ",
            "a.b or ",
            "f ",
            "f \"x\" ",
            "f ''${x}'' ",
            "f [ ] ",
            "{ } ",
            "[)",
            "(\")\" ",
            "[ ( ] ",
            "1 + , ",
            "(let a = 1; in 1 + ",
            "a ? , ... \\; ",
            "@ ()",
            "rec or ; {}",
        ] {
            let text = unit.repeat(20_000);
            assert!(too_deep(&text).is_some(), "{unit}");
        }
    }

    #[test]
    fn long_is_not_deep() {
        let units = [
            "{ a = x: 1 + 1; } ",
            "a.b or c ",
            "\"${a}${b}\" ",
            "./a ",
            "<a> ",
            "(f a b) ",
            "rec { a.b.c = f 1 2; } ",
            "# ( [ {\n",
            "\" ( [ { \" ",
            "/* \" ( */ 1 ",
            "{ inherit (a) b c d; inherit e; } ",
        ];
        for unit in units {
            assert_eq!(too_deep(&format!("[{}]", unit.repeat(5_000))), None, "{unit}");
        }
        let units = [
            "a = let b = with c; d; in assert e; b; ",
            "a = f b c d; ",
            "inherit a b; ",
            "${a} = 1; ",
            "a = \"${b} ( ${c}\"; ",
            "a = if b then c d else e; ",
        ];
        for unit in units {
            assert_eq!(too_deep(&format!("{{ {} }}", unit.repeat(5_000))), None, "{unit}");
        }
        assert_eq!(too_deep(&format!("{{ inherit (x) {}; }}", "a ".repeat(5_000))), None);
        assert_eq!(too_deep(&format!("{{ {} }}: 1", "a, ".repeat(5_000))), None);
        assert_eq!(too_deep(&format!("''{}''", "${a} b ".repeat(5_000))), None);
    }

    /// No order of tokens makes a tree that is much deeper than what was counted.
    #[test]
    fn bounds_the_depth_of_any_sequence() {
        const TOKENS: &[&str] = &[
            "a ", "1 ", "(", ")", "[", "]", "{", "}", "\"${", "}\"", "\"", "''", "let ", "in ", "with ",
            "; ", ", ", "= ", ": ", "? ", "or ", ".", "! ", "- ", "++ ", "inherit ", "then ", "if ", "else ",
            "rec ", "./a ", "<a> ", "@ ", "... ", "${", "# ", "\n", "/* ", "*/ ", "a:b ", "~ ", "$ ", "'",
            "\\",
        ];
        let mut state: u64 = 7;
        let mut next = |bound: usize| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize % bound
        };
        for _ in 0..ROUNDS {
            let length = 1 + next(7);
            let unit: String = (0..length).map(|_| TOKENS[next(TOKENS.len())]).collect();
            let text = unit.repeat(2_200);
            if endless_run(&text).is_some() || too_deep(&text).is_some() {
                continue;
            }
            let depth =
                stacker::maybe_grow(1 << 20, 256 << 20, || deepest(&rnix::Root::parse(&text).syntax()));
            assert!(depth <= 2_100, "{unit:?} becomes {depth} deep");
        }
    }

    const ROUNDS: usize = 1_000;

    fn deepest(root: &crate::SyntaxNode) -> u32 {
        let (mut depth, mut deepest) = (0, 0);
        for event in root.preorder() {
            match event {
                rowan::WalkEvent::Enter(_) => {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
                rowan::WalkEvent::Leave(_) => depth -= 1,
            }
        }
        deepest
    }

    #[test]
    fn runs_without_a_blank() {
        for unit in ["a.", "1+", "-", "<", "a/", "~"] {
            assert!(endless_run(&format!("{{ }} {}", unit.repeat(50_000))).is_some(), "{unit}");
        }
        assert_eq!(endless_run(&"0123456789abcdef".repeat(100_000)), None);
        assert_eq!(endless_run(&"pkgs.lib.a ".repeat(100_000)), None);
        assert_eq!(endless_run("µ.a"), None);
    }
}
