//! Data files as values: JSON and TOML.
//!
//! Where the text is that of a file, every attribute remembers the offset of its key in it.

use nixscope_hir::Symbol;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Evaluator;
use crate::error::{ErrorKind, Eval, Halt};
use crate::place::Place;
use crate::value::{Attr, Value};

impl<'h> Evaluator<'h> {
    /// Remembers that a text is the whole of a file.
    pub(crate) fn remember_text(&self, text: &'h str, source: nixscope_db::SourceFile) {
        self.texts.borrow_mut().insert(text.as_ptr().addr(), source);
    }

    /// The file whose text this is.
    fn file_of_text(&self, text: &'h str) -> Option<u32> {
        let source = self.texts.borrow().get(&text.as_ptr().addr()).copied()?;
        // A part of the text may begin at the same address.
        (source.text(self.db).as_str().len() == text.len()).then(|| self.file_index(source))
    }

    /// The value of a JSON text.
    pub(crate) fn parse_json(&self, text: &'h str, place: Place) -> Eval<'h, Value<'h>> {
        let mut reader = JsonReader { ev: self, text, at: 0, file: self.file_of_text(text), place };
        if text.starts_with('\u{feff}') {
            reader.at = '\u{feff}'.len_utf8();
        }
        let value = reader.value()?;
        reader.space();
        match reader.at == text.len() {
            true => Ok(value),
            false => Err(reader.fail("nothing more")),
        }
    }

    /// The value of a TOML text.
    pub(crate) fn parse_toml(&self, text: &'h str, place: Place) -> Eval<'h, Value<'h>> {
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let message = format!("invalid TOML: {}", error.message());
                return Err(self.error(ErrorKind::Other, &message, place));
            }
        };
        let reader = TomlReader { ev: self, file: self.file_of_text(text), place };
        reader.table(table.get_ref())
    }
}

/// The place of an offset in a file; none where the text is no file's.
fn offset(file: Option<u32>, at: usize) -> Place {
    match (file, u32::try_from(at)) {
        (Some(file), Ok(at)) => Place::offset(file, at),
        _ => Place::NONE,
    }
}

/// Reads JSON as Nix does: strictly, the last of equal keys counts.
struct JsonReader<'e, 'h> {
    ev: &'e Evaluator<'h>,
    text: &'h str,
    at: usize,
    file: Option<u32>,
    place: Place,
}

impl<'h> JsonReader<'_, 'h> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn eat(&mut self, token: &str) -> bool {
        let found =
            self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(token.as_bytes()));
        if found {
            self.at += token.len();
        }
        found
    }

    fn fail(&self, wanted: &str) -> Halt<'h> {
        let line = self.text.as_bytes().iter().take(self.at).filter(|byte| **byte == b'\n').count() + 1;
        let message = format!("invalid JSON in line {line} of the text: expected {wanted}");
        let place = offset(self.file, self.at).or(self.place);
        self.ev.error(ErrorKind::Other, &message, place)
    }

    fn value(&mut self) -> Eval<'h, Value<'h>> {
        self.space();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => {
                let text = self.string()?;
                Ok(self.ev.string_in(text, &[]))
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ if self.eat("null") => Ok(Value::Null),
            _ if self.eat("true") => Ok(Value::Bool(true)),
            _ if self.eat("false") => Ok(Value::Bool(false)),
            _ => Err(self.fail("a value")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Eval<'h, Value<'h>>) -> Eval<'h, Value<'h>> {
        let ev = self.ev;
        ev.deeper(|| read(self))
    }

    fn object(&mut self) -> Eval<'h, Value<'h>> {
        self.at += 1;
        let mut entries: Vec<Attr<'h>> = Vec::new();
        self.space();
        if self.eat("}") {
            return Ok(self.ev.attrs_sorted(&[], None));
        }
        loop {
            self.ev.step()?;
            self.space();
            let key = offset(self.file, self.at);
            if self.peek() != Some(b'"') {
                return Err(self.fail("a key"));
            }
            let name = Symbol::new(self.string()?);
            self.space();
            if !self.eat(":") {
                return Err(self.fail("`:`"));
            }
            self.space();
            let at = offset(self.file, self.at).or(self.place);
            let value = self.value()?;
            entries.push(Attr { name, place: key, value: self.ev.done_at(value, at) });
            self.space();
            if self.eat("}") {
                return Ok(self.ev.attrs(entries));
            }
            if !self.eat(",") {
                return Err(self.fail("`,` or `}`"));
            }
        }
    }

    fn array(&mut self) -> Eval<'h, Value<'h>> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.eat("]") {
            return Ok(self.ev.list(&[]));
        }
        loop {
            self.ev.step()?;
            self.space();
            let at = offset(self.file, self.at).or(self.place);
            let value = self.value()?;
            items.push(self.ev.done_at(value, at));
            self.space();
            if self.eat("]") {
                return Ok(self.ev.list(&items));
            }
            if !self.eat(",") {
                return Err(self.fail("`,` or `]`"));
            }
        }
    }

    fn digits(&mut self) -> Eval<'h, ()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.fail("a digit")) } else { Ok(()) }
    }

    fn number(&mut self) -> Eval<'h, Value<'h>> {
        let start = self.at;
        self.eat("-");
        if !self.eat("0") {
            self.digits()?;
        }
        let mut float = false;
        if self.eat(".") {
            float = true;
            self.digits()?;
        }
        if self.eat("e") || self.eat("E") {
            float = true;
            if !self.eat("+") {
                self.eat("-");
            }
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        if !float {
            if let Ok(value) = text.parse::<i64>() {
                return Ok(Value::Int(value));
            }
            if text.parse::<u64>().is_ok() {
                return Err(self.fail("an integer of 64 bits with sign"));
            }
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Value::Float(value)),
            _ => Err(self.fail("a number that a float can hold")),
        }
    }

    /// A string; one without escapes is shared with the text.
    fn string(&mut self) -> Eval<'h, &'h str> {
        self.at += 1;
        let start = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let text = self.text.get(start..self.at).unwrap_or_default();
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => break,
                Some(byte) if byte >= 0x20 => self.at += 1,
                _ => return Err(self.fail("the end of a string")),
            }
        }
        let mut out = self.text.get(start..self.at).unwrap_or_default().to_string();
        loop {
            let plain = self.at;
            while self.peek().is_some_and(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            out.push_str(self.text.get(plain..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(self.ev.heap.str(&out));
                }
                Some(b'\\') => {
                    self.at += 1;
                    out.push(self.escape()?);
                }
                _ => return Err(self.fail("the end of a string")),
            }
        }
    }

    fn escape(&mut self) -> Eval<'h, char> {
        let Some(byte) = self.peek() else { return Err(self.fail("an escape")) };
        self.at += 1;
        let c = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.hex()?;
                let code = match unit {
                    0xd800..=0xdbff if self.eat("\\u") => match self.hex()? {
                        low @ 0xdc00..=0xdfff => 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00),
                        _ => return Err(self.fail("the second half of a surrogate pair")),
                    },
                    unit => unit,
                };
                match char::from_u32(code) {
                    Some(c) => c,
                    None => return Err(self.fail("a surrogate pair")),
                }
            }
            _ => return Err(self.fail("an escape")),
        };
        // No string of Nix holds this character.
        if c == '\0' { Err(self.fail("no null character")) } else { Ok(c) }
    }

    fn hex(&mut self) -> Eval<'h, u32> {
        let digits =
            self.text.get(self.at..self.at + 4).filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => Err(self.fail("four hexadecimal digits")),
        }
    }
}

struct TomlReader<'e, 'h> {
    ev: &'e Evaluator<'h>,
    file: Option<u32>,
    place: Place,
}

impl<'h> TomlReader<'_, 'h> {
    fn table(&self, table: &DeTable<'_>) -> Eval<'h, Value<'h>> {
        let mut entries = Vec::with_capacity(table.len());
        for (key, value) in table {
            self.ev.step()?;
            let place = offset(self.file, key.span().start);
            if key.get_ref().contains('\0') {
                return Err(self.fail("a key holds a null character", place));
            }
            let at = offset(self.file, value.span().start).or(self.place);
            let value = self.ev.deeper(|| self.value(value))?;
            entries.push(Attr { name: Symbol::new(key.get_ref()), place, value: self.ev.done_at(value, at) });
        }
        Ok(self.ev.attrs(entries))
    }

    fn value(&self, value: &Spanned<DeValue<'_>>) -> Eval<'h, Value<'h>> {
        let place = offset(self.file, value.span().start).or(self.place);
        Ok(match value.get_ref() {
            DeValue::String(text) if text.contains('\0') => {
                return Err(self.fail("a string holds a null character", place));
            }
            DeValue::String(text) => self.ev.string(text),
            DeValue::Boolean(value) => Value::Bool(*value),
            DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
                Ok(value) => Value::Int(value),
                Err(_) => return Err(self.fail("an integer does not fit into 64 bits", place)),
            },
            DeValue::Float(float) => match float.as_str().parse() {
                Ok(value) => Value::Float(value),
                Err(_) => return Err(self.fail("a float cannot be read", place)),
            },
            DeValue::Datetime(time) => match self.ev.models.machine().has_feature("parse-toml-timestamps") {
                Some(true) => self.timestamp(&time.to_string()),
                _ => return Err(self.fail("Nix has no dates and times", place)),
            },
            DeValue::Array(array) => {
                let mut items = Vec::with_capacity(array.len());
                for item in array {
                    self.ev.step()?;
                    let at = offset(self.file, item.span().start).or(self.place);
                    let value = self.ev.deeper(|| self.value(item))?;
                    items.push(self.ev.done_at(value, at));
                }
                self.ev.list(&items)
            }
            DeValue::Table(table) => self.table(table)?,
        })
    }

    /// A date or time as Nix has it, which pads the parts of a second to three, six or nine digits.
    ///
    /// Source: the Nix manual, "Experimental Features", `parse-toml-timestamps`.
    fn timestamp(&self, text: &str) -> Value<'h> {
        let mut text = text.to_string();
        if let Some(point) = text.find('.') {
            let digits = text[point + 1..].bytes().take_while(u8::is_ascii_digit).count();
            text.insert_str(point + 1 + digits, &"00"[..digits.next_multiple_of(3) - digits]);
        }
        let kind = self.ev.attr("_type", self.ev.string("timestamp"));
        self.ev.attrs(vec![kind, self.ev.attr("value", self.ev.string(&text))])
    }

    fn fail(&self, what: &str, place: Place) -> Halt<'h> {
        self.ev.error(ErrorKind::Other, &format!("invalid TOML: {what}"), place)
    }
}
