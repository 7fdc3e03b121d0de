//! Random programs: well-scoped Nix expressions that mostly have the types they need, out of bytes.
//!
//! The bytes decide everything, so the same bytes are the same program. Where they end, the shortest choices are made:
//! a prefix of the bytes is a smaller program.

mod builtins;
mod texts;

use arbitrary::Unstructured;

/// What an expression is meant to be. Now and then it is something else, so that errors are compared too.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Kind {
    Any,
    Null,
    Bool,
    Int,
    Float,
    Str,
    List(Box<Kind>),
    /// A set that has at least these attributes.
    Attrs(Vec<(&'static str, Kind)>),
    /// A function from the first to the second.
    Function(Box<Kind>, Box<Kind>),
}

/// The program that the bytes are.
pub fn program(bytes: &[u8]) -> String {
    let mut generator = Generator {
        bytes: Unstructured::new(bytes),
        out: String::new(),
        scope: Vec::new(),
        nodes: 0,
        names: 0,
    };
    generator.expr(&Kind::Any, 0);
    generator.out
}

/// Past this many expressions only leaves are made.
const MOST_NODES: u32 = 120;
const DEEPEST: u32 = 9;

/// Attribute names; some must be quoted.
const ATTRS: &[&str] = &["a", "b", "c", "x", "name", "value", "\"\"", "\"d e\"", "\"1\"", "a'b", "x-y"];

pub(crate) struct Generator<'b> {
    bytes: Unstructured<'b>,
    out: String,
    scope: Vec<(String, Kind)>,
    nodes: u32,
    names: u32,
}

impl Generator<'_> {
    /// A number below `bound`; 0 where the bytes are used up.
    fn below(&mut self, bound: usize) -> usize {
        match bound {
            0 | 1 => 0,
            _ => self.bytes.int_in_range(0..=bound - 1).unwrap_or(0),
        }
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Whether something happens that does once in `every` times.
    fn rarely(&mut self, every: usize) -> bool {
        self.below(every) == every - 1
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn fresh(&mut self) -> String {
        self.names += 1;
        let stem = self.one_of(&["x", "y", "f", "a", "v_", "k'", "l-"]);
        format!("{stem}{}", self.names)
    }

    fn some_kind(&mut self) -> Kind {
        match self.below(9) {
            0 => Kind::Int,
            1 => Kind::Str,
            2 => Kind::Bool,
            3 => Kind::Float,
            4 => Kind::Null,
            5 => Kind::List(Box::new(Kind::Int)),
            6 => Kind::List(Box::new(Kind::Str)),
            7 => Kind::Attrs(Vec::new()),
            _ => Kind::List(Box::new(Kind::Any)),
        }
    }

    /// An expression in parentheses, or one that needs none.
    fn operand(&mut self, kind: &Kind, depth: u32) {
        // Without parentheses the operators around it decide what it means; that is compared too.
        if self.rarely(10) {
            return self.expr(kind, depth);
        }
        self.push("(");
        self.expr(kind, depth);
        self.push(")");
    }

    /// An expression of a kind.
    pub(crate) fn expr(&mut self, kind: &Kind, depth: u32) {
        self.nodes += 1;
        let mut kind = kind.clone();
        if kind == Kind::Any || self.rarely(60) {
            kind = self.some_kind();
        }
        if depth >= DEEPEST || self.nodes >= MOST_NODES || self.bytes.is_empty() {
            return self.leaf(&kind);
        }
        let depth = depth + 1;
        match self.below(16) {
            0..=1 => self.leaf(&kind),
            2 => self.conditional(&kind, depth),
            3 => self.let_in(&kind, depth),
            4 => self.with(&kind, depth),
            5 => self.call(&kind, depth),
            6 => self.select(&kind, depth),
            7 => self.generic(&kind, depth),
            8..=10 => self.builtin(&kind, depth),
            _ => self.own(&kind, depth),
        }
    }

    /// A variable of the kind, if there is one.
    fn variable(&mut self, kind: &Kind) -> Option<String> {
        let fitting: Vec<String> =
            self.scope.iter().filter(|(_, known)| fits(known, kind)).map(|(name, _)| name.clone()).collect();
        if fitting.is_empty() {
            return None;
        }
        let index = self.below(fitting.len());
        fitting.into_iter().nth(index)
    }

    fn leaf(&mut self, kind: &Kind) {
        if self.below(3) > 0
            && let Some(name) = self.variable(kind)
        {
            return self.push(&name);
        }
        match kind {
            Kind::Any | Kind::Null => self.push("null"),
            Kind::Bool => {
                let text = self.one_of(&["true", "false"]);
                self.push(text);
            }
            Kind::Int => {
                let text = self.one_of(&["0", "1", "2", "3", "7", "10", "42", "1000", "(-1)", "(-5)", "007"]);
                self.push(text);
            }
            Kind::Float => {
                let text = self.one_of(&[
                    "1.0",
                    "0.5",
                    "2.25",
                    "1e3",
                    ".5",
                    "1.5e-3",
                    "0.1",
                    "3.0e10",
                    "(-0.25)",
                    "1000000.0",
                    "123456.789",
                    "1.0e-7",
                ]);
                self.push(text);
            }
            Kind::Str => self.plain_string(),
            Kind::List(item) => {
                self.push("[ ");
                for _ in 0..self.below(3) {
                    self.push("(");
                    self.leaf(&item.clone());
                    self.push(") ");
                }
                self.push("]");
            }
            Kind::Attrs(fields) => {
                self.push("{ ");
                for (name, kind) in fields {
                    self.push(&format!("{name} = "));
                    self.leaf(kind);
                    self.push("; ");
                }
                self.push("}");
            }
            Kind::Function(_, result) => {
                let name = self.fresh();
                self.push(&format!("({name}: "));
                self.leaf(result);
                self.push(")");
            }
        }
    }

    fn conditional(&mut self, kind: &Kind, depth: u32) {
        if self.rarely(5) {
            self.push("(assert ");
            self.expr(&Kind::Bool, depth);
            self.push("; ");
            self.expr(kind, depth);
            return self.push(")");
        }
        self.push("(if ");
        self.expr(&Kind::Bool, depth);
        self.push(" then ");
        self.expr(kind, depth);
        self.push(" else ");
        self.expr(kind, depth);
        self.push(")");
    }

    fn let_in(&mut self, kind: &Kind, depth: u32) {
        let outer = self.scope.len();
        let bindings: Vec<(String, Kind)> = (0..=self.below(3))
            .map(|_| {
                let kind = match self.rarely(4) {
                    true => self.function_kind(),
                    false => self.some_kind(),
                };
                (self.fresh(), kind)
            })
            .collect();
        self.push("(let ");
        // In order, but sometimes all see all: then a value may need itself.
        let recursive = self.rarely(12);
        if recursive {
            self.scope.extend(bindings.iter().cloned());
        }
        for (name, kind) in bindings {
            self.push(&format!("{name} = "));
            self.expr(&kind, depth);
            self.push("; ");
            if !recursive {
                self.scope.push((name, kind));
            }
        }
        if self.rarely(6) {
            self.push("inherit (");
            self.expr(&Kind::Attrs(vec![("a", Kind::Int), ("b", Kind::Str)]), depth);
            self.push(") a b; ");
            self.scope.push(("a".into(), Kind::Int));
            self.scope.push(("b".into(), Kind::Str));
        }
        self.push("in ");
        self.expr(kind, depth);
        self.push(")");
        self.scope.truncate(outer);
    }

    fn with(&mut self, kind: &Kind, depth: u32) {
        self.push("(with ");
        let fields = vec![("a", Kind::Int), ("c", kind.clone())];
        self.expr(&Kind::Attrs(fields), depth);
        self.push("; ");
        let outer = self.scope.len();
        // What is bound by a function or `let` around is stronger than `with`, so only new names get these kinds.
        for (name, kind) in [("a", Kind::Int), ("c", kind.clone())] {
            if self.scope.iter().all(|(known, _)| known != name) {
                self.scope.push((name.into(), kind));
            }
        }
        self.expr(kind, depth);
        self.push(")");
        self.scope.truncate(outer);
    }

    fn function_kind(&mut self) -> Kind {
        let (from, to) = (self.some_kind(), self.some_kind());
        Kind::Function(Box::new(from), Box::new(to))
    }

    /// A function: `x: …`, with a pattern where the argument is a set, or a set that can be called.
    pub(crate) fn function(&mut self, from: &Kind, to: &Kind, depth: u32) {
        let outer = self.scope.len();
        let functor = self.rarely(15);
        self.push(if functor { "{ __functor = _: " } else { "(" });
        match from {
            Kind::Attrs(fields) => {
                let whole = self.fresh();
                let (at, before) = (self.rarely(3), self.rarely(2));
                if at && before {
                    self.push(&format!("{whole} @ "));
                }
                self.push("{ ");
                for (name, kind) in fields {
                    if name.starts_with('"') {
                        continue;
                    }
                    self.push(name);
                    if self.rarely(4) {
                        self.push(" ? ");
                        self.expr(kind, depth + 2);
                    }
                    self.push(", ");
                    self.scope.push((name.to_string(), kind.clone()));
                }
                if self.rarely(3) {
                    let (name, kind) = (self.fresh(), self.some_kind());
                    self.push(&format!("{name} ? "));
                    self.expr(&kind, depth + 1);
                    self.push(", ");
                    self.scope.push((name, kind));
                }
                let closed = self.rarely(20);
                self.push(if closed { "}" } else { "... }" });
                if at && !before {
                    self.push(&format!("@{whole}"));
                }
                if at {
                    self.scope.push((whole, Kind::Attrs(Vec::new())));
                }
                self.push(": ");
            }
            _ => {
                let name = self.fresh();
                self.push(&format!("{name}: "));
                self.scope.push((name, from.clone()));
            }
        }
        self.expr(to, depth);
        self.push(if functor { "; }" } else { ")" });
        self.scope.truncate(outer);
    }

    fn call(&mut self, kind: &Kind, depth: u32) {
        let from = match self.below(3) {
            0 => Kind::Attrs(vec![("a", Kind::Int), ("b", Kind::Str)]),
            _ => self.some_kind(),
        };
        self.push("(");
        let wanted = Kind::Function(Box::new(from.clone()), Box::new(kind.clone()));
        match self.variable(&wanted) {
            Some(name) => self.push(&name),
            None => self.function(&from, kind, depth),
        }
        self.push(" (");
        self.expr(&from, depth);
        self.push("))");
    }

    fn select(&mut self, kind: &Kind, depth: u32) {
        let name = self.one_of(ATTRS);
        self.push("(");
        match self.below(4) {
            0 => {
                self.operand(&Kind::Attrs(Vec::new()), depth);
                self.push(&format!(".{name} or "));
                self.operand(kind, depth);
            }
            1 => {
                self.push("{ ");
                self.push(&format!("{name}.b = "));
                self.expr(kind, depth);
                self.push(&format!("; {name}.c = 1; }}.{name}.b"));
            }
            2 => {
                self.push("rec { ");
                let outer = self.scope.len();
                let value = self.some_kind();
                let field = self.fresh();
                self.push(&format!("{field} = "));
                self.expr(&value, depth);
                self.scope.push((field, value));
                self.push(&format!("; {name} = "));
                self.expr(kind, depth);
                self.scope.truncate(outer);
                self.push(&format!("; }}.{name}"));
            }
            _ => {
                self.push("{ ${");
                self.expr(&Kind::Str, depth);
                self.push("} = 1; } // { ");
                self.push(&format!("{name} = "));
                self.expr(kind, depth);
                self.push(&format!("; }}).{}", computed(name)));
                return;
            }
        }
        self.push(")");
    }

    /// What works for every kind.
    fn generic(&mut self, kind: &Kind, depth: u32) {
        let (before, between) = self.one_of(&[
            ("builtins.head [ ", ""),
            ("builtins.elemAt [ 1 ", " ] 1"),
            ("builtins.seq 1 ", ""),
            ("builtins.deepSeq [ { a = 1; } ] ", ""),
            ("(x: x) ", ""),
            ("(builtins.tryEval ", ").value"),
            ("builtins.getAttr \"a\" { a = ", "; }"),
            ("builtins.foldl' (a: b: b) null [ 1 ", " ]"),
            ("builtins.head (builtins.attrValues { a = ", "; })"),
            ("builtins.fromJSON (builtins.toJSON ", ")"),
            ("throw \"", "\""),
        ]);
        self.push("(");
        match before {
            "throw \"" if self.rarely(4) => self.push("throw \"no\""),
            "throw \"" => self.expr(kind, depth),
            "builtins.head [ " => {
                self.push(before);
                self.operand(kind, depth);
                self.push(" (throw \"lazy\") ]");
            }
            _ => {
                self.push(before);
                self.push("(");
                self.expr(kind, depth);
                self.push(")");
                self.push(between);
            }
        }
        self.push(")");
    }

    /// What makes exactly this kind: its operators and literals.
    fn own(&mut self, kind: &Kind, depth: u32) {
        match kind {
            Kind::Any | Kind::Null => self.leaf(kind),
            Kind::Bool => self.boolean(depth),
            Kind::Int => self.arithmetic(&Kind::Int, &["+", "-", "*", "/"], depth),
            Kind::Float => {
                let other = if self.rarely(3) { Kind::Int } else { Kind::Float };
                self.arithmetic(&other, &["+", "-", "*", "/"], depth);
            }
            Kind::Str => self.string(depth),
            Kind::List(item) => {
                if self.rarely(4) {
                    self.operand(kind, depth);
                    self.push(" ++ ");
                    return self.operand(kind, depth);
                }
                self.push("[ ");
                for _ in 0..self.below(4) {
                    self.push("(");
                    self.expr(item, depth);
                    self.push(") ");
                }
                self.push("]");
            }
            Kind::Attrs(fields) => self.attrs(fields, depth),
            Kind::Function(from, to) => self.function(from, to, depth),
        }
    }

    fn arithmetic(&mut self, right: &Kind, operators: &[&str], depth: u32) {
        let left = if *right == Kind::Int && self.rarely(9) { Kind::Float } else { right.clone() };
        if self.rarely(8) {
            self.push("(- ");
            self.operand(&left, depth);
            return self.push(")");
        }
        self.operand(&left, depth);
        let operator = self.one_of(operators);
        self.push(&format!(" {operator} "));
        self.operand(right, depth);
    }

    fn boolean(&mut self, depth: u32) {
        match self.below(6) {
            0 => {
                let kind = self.one_of(&[0, 1, 2]);
                let kind = [Kind::Int, Kind::Str, Kind::Float][kind].clone();
                let operator = self.one_of(&["<", "<=", ">", ">="]);
                self.operand(&kind, depth);
                self.push(&format!(" {operator} "));
                self.operand(&kind, depth);
            }
            1 => {
                let kind = self.some_kind();
                let operator = self.one_of(&["==", "!="]);
                self.operand(&kind, depth);
                self.push(&format!(" {operator} "));
                self.operand(&kind, depth);
            }
            2 => {
                let operator = self.one_of(&["&&", "||", "->"]);
                self.operand(&Kind::Bool, depth);
                self.push(&format!(" {operator} "));
                self.operand(&Kind::Bool, depth);
            }
            3 => {
                self.push("!");
                self.operand(&Kind::Bool, depth);
            }
            4 => {
                let item = if self.rarely(2) { Kind::Int } else { Kind::Str };
                let list = Kind::List(Box::new(item));
                let operator = self.one_of(&["==", "<", "!="]);
                self.operand(&list, depth);
                self.push(&format!(" {operator} "));
                self.operand(&list, depth);
            }
            _ => {
                self.operand(&Kind::Attrs(Vec::new()), depth);
                let (first, second) = (self.one_of(ATTRS), self.one_of(ATTRS));
                match self.rarely(3) {
                    true => self.push(&format!(" ? {first}.{second}")),
                    false => self.push(&format!(" ? {first}")),
                }
            }
        }
    }

    fn attrs(&mut self, fields: &[(&'static str, Kind)], depth: u32) {
        if self.rarely(5) {
            self.operand(&Kind::Attrs(Vec::new()), depth);
            self.push(" // ");
            return self.operand(&Kind::Attrs(fields.to_vec()), depth);
        }
        let recursive = self.rarely(5);
        self.push(if recursive { "rec { " } else { "{ " });
        let outer = self.scope.len();
        let mut used: Vec<&str> = Vec::new();
        for (name, kind) in fields {
            self.push(&format!("{name} = "));
            self.expr(kind, depth);
            self.push("; ");
            used.push(name);
        }
        for _ in 0..self.below(3) {
            let name = self.one_of(ATTRS);
            if used.contains(&name) {
                continue;
            }
            used.push(name);
            match self.below(8) {
                0 if !self.scope.is_empty() && !recursive => {
                    let at = self.below(self.scope.len());
                    let name = self.scope[at].0.clone();
                    if used.iter().all(|used| *used != name) && !ATTRS.contains(&name.as_str()) {
                        self.push(&format!("inherit {name}; "));
                        // The same name twice is a syntax error.
                        break;
                    }
                }
                1 => {
                    self.push(&format!("{name} = {{ a = 1; }}; "));
                    let other = self.one_of(&["b", "c", "a"]);
                    self.push(&format!("{name}.{other} = 2; "));
                }
                2 => {
                    self.push("${");
                    let kind = if self.rarely(4) { Kind::Null } else { Kind::Str };
                    self.expr(&kind, depth);
                    self.push("} = 1; ");
                }
                _ => {
                    let kind = self.some_kind();
                    self.push(&format!("{name} = "));
                    self.expr(&kind, depth);
                    self.push("; ");
                    if recursive && !name.starts_with('"') && self.scope.iter().all(|(it, _)| it != name) {
                        self.scope.push((name.to_string(), kind));
                    }
                }
            }
        }
        self.scope.truncate(outer);
        self.push("}");
    }
}

/// The name as `${"name"}`.
fn computed(name: &str) -> String {
    match name.starts_with('"') {
        true => format!("${{{name}}}"),
        false => format!("${{\"{name}\"}}"),
    }
}

fn fits(known: &Kind, wanted: &Kind) -> bool {
    match (known, wanted) {
        (_, Kind::Any) => true,
        (Kind::Attrs(has), Kind::Attrs(needs)) => needs.iter().all(|need| has.contains(need)),
        (known, wanted) => known == wanted,
    }
}
