//! Calls of builtins, by what they give.

use super::{Generator, Kind};

impl Generator<'_> {
    /// A call: text, and in it `%` for an argument of the next kind.
    fn template(&mut self, text: &str, kinds: &[Kind], depth: u32) {
        self.push("(");
        let mut kinds = kinds.iter();
        for (index, part) in text.split('%').enumerate() {
            if index > 0
                && let Some(kind) = kinds.next()
            {
                match kind {
                    Kind::Function(from, to) => self.function(from, to, depth),
                    kind => {
                        self.push("(");
                        self.expr(kind, depth);
                        self.push(")");
                    }
                }
            }
            self.push(part);
        }
        self.push(")");
    }

    pub(super) fn builtin(&mut self, kind: &Kind, depth: u32) {
        let int = || Kind::Int;
        let str = || Kind::Str;
        let bool = || Kind::Bool;
        let any = || Kind::Any;
        let set = || Kind::Attrs(Vec::new());
        let list = |item: Kind| Kind::List(Box::new(item));
        let function = |from: Kind, to: Kind| Kind::Function(Box::new(from), Box::new(to));
        let entries = || list(Kind::Attrs(vec![("name", Kind::Str), ("value", Kind::Any)]));
        let calls: Vec<(&str, Vec<Kind>)> = match kind {
            Kind::Int => vec![
                ("builtins.length %", vec![list(any())]),
                ("builtins.stringLength %", vec![str()]),
                ("builtins.foldl' (a: b: a + b) 0 %", vec![list(int())]),
                ("builtins.add % %", vec![int(), int()]),
                ("builtins.sub % %", vec![int(), int()]),
                ("builtins.mul % %", vec![int(), int()]),
                ("builtins.div % %", vec![int(), int()]),
                ("builtins.bitAnd % %", vec![int(), int()]),
                ("builtins.bitOr % %", vec![int(), int()]),
                ("builtins.bitXor % %", vec![int(), int()]),
                ("builtins.ceil %", vec![Kind::Float]),
                ("builtins.floor %", vec![Kind::Float]),
                ("builtins.compareVersions % %", vec![str(), str()]),
                ("builtins.head %", vec![list(int())]),
                ("builtins.elemAt % 0", vec![list(int())]),
                ("builtins.length (builtins.attrNames %)", vec![set()]),
            ],
            Kind::Float => vec![
                ("% + 0.5", vec![int()]),
                ("builtins.add % 1.5", vec![int()]),
                ("builtins.mul % %", vec![Kind::Float, int()]),
                ("builtins.div % %", vec![int(), Kind::Float]),
                ("builtins.fromJSON \"[1.5, -2e3]\"", vec![]),
            ],
            Kind::Bool => vec![
                ("builtins.elem % %", vec![int(), list(int())]),
                ("builtins.elem % %", vec![str(), list(str())]),
                ("builtins.hasAttr % %", vec![str(), set()]),
                ("builtins.all % %", vec![function(int(), bool()), list(int())]),
                ("builtins.any % %", vec![function(str(), bool()), list(str())]),
                ("builtins.isInt %", vec![any()]),
                ("builtins.isString %", vec![any()]),
                ("builtins.isList %", vec![any()]),
                ("builtins.isAttrs %", vec![any()]),
                ("builtins.isFunction %", vec![any()]),
                ("builtins.isFloat %", vec![any()]),
                ("builtins.isNull %", vec![any()]),
                ("builtins.isBool %", vec![any()]),
                ("builtins.lessThan % %", vec![int(), Kind::Float]),
                ("(builtins.tryEval %).success", vec![any()]),
                ("builtins.match % % == null", vec![str(), str()]),
            ],
            Kind::Str => vec![
                ("builtins.substring % % %", vec![int(), int(), str()]),
                ("builtins.concatStringsSep % %", vec![str(), list(str())]),
                ("toString %", vec![any()]),
                ("toString %", vec![Kind::Float]),
                ("toString %", vec![list(int())]),
                ("builtins.toJSON %", vec![any()]),
                ("builtins.toJSON %", vec![set()]),
                ("builtins.toJSON %", vec![Kind::Float]),
                ("builtins.replaceStrings [ \"a\" \"\" ] [ \"bb\" \"-\" ] %", vec![str()]),
                ("builtins.replaceStrings % [ \"x\" \"y\" ] %", vec![list(str()), str()]),
                ("builtins.typeOf %", vec![any()]),
                ("builtins.hashString \"sha256\" %", vec![str()]),
                ("builtins.hashString \"md5\" %", vec![str()]),
                ("builtins.baseNameOf %", vec![str()]),
                ("builtins.dirOf %", vec![str()]),
                ("toString { __toString = s: %; }", vec![str()]),
                ("\"${{ outPath = %; }}\"", vec![str()]),
                ("builtins.concatStringsSep \",\" (builtins.attrNames %)", vec![set()]),
                ("builtins.unsafeDiscardStringContext %", vec![str()]),
                ("(builtins.parseDrvName %).name", vec![str()]),
                ("builtins.toXML %", vec![any()]),
            ],
            Kind::List(item) => match **item {
                Kind::Int => vec![
                    ("builtins.map % %", vec![function(int(), int()), list(int())]),
                    ("map % %", vec![function(str(), int()), list(str())]),
                    ("builtins.filter % %", vec![function(int(), bool()), list(int())]),
                    ("builtins.sort builtins.lessThan %", vec![list(int())]),
                    ("builtins.sort (a: b: a > b) %", vec![list(int())]),
                    ("builtins.genList % 4", vec![function(int(), int())]),
                    ("builtins.concatLists [ % % ]", vec![list(int()), list(int())]),
                    ("builtins.concatMap % %", vec![function(int(), list(int())), list(int())]),
                    ("(builtins.partition % %).right", vec![function(int(), bool()), list(int())]),
                    ("builtins.tail %", vec![list(int())]),
                    ("builtins.catAttrs \"a\" [ % % ]", vec![set(), set()]),
                ],
                Kind::Str => vec![
                    ("builtins.attrNames %", vec![set()]),
                    ("map toString %", vec![list(int())]),
                    ("builtins.sort builtins.lessThan %", vec![list(str())]),
                    ("builtins.splitVersion %", vec![str()]),
                    ("builtins.filter builtins.isString (builtins.split \"[ab]\" %)", vec![str()]),
                    ("map % %", vec![function(str(), str()), list(str())]),
                    ("builtins.attrNames (builtins.groupBy % %)", vec![function(int(), str()), list(int())]),
                ],
                _ => vec![
                    ("builtins.attrValues %", vec![set()]),
                    ("builtins.split \"(a)|b\" %", vec![str()]),
                    ("builtins.split % %", vec![str(), str()]),
                    ("builtins.match \"(.)(.*)\" %", vec![str()]),
                    ("builtins.match \"([a-z]+)[^0-9]*([0-9]*)\" %", vec![str()]),
                    ("map % %", vec![function(int(), any()), list(int())]),
                    ("map (x: x.name) %", vec![entries()]),
                    (
                        "builtins.genericClosure { startSet = [ { key = %; } ]; operator = x: [ ]; }",
                        vec![int()],
                    ),
                    ("builtins.fromJSON \"[1, 2.5, null, true, {\\\"a\\\": []}]\"", vec![]),
                ],
            },
            Kind::Attrs(_) => vec![
                ("builtins.mapAttrs (n: v: n) %", vec![set()]),
                ("builtins.mapAttrs (n: %) %", vec![function(any(), any()), set()]),
                ("builtins.listToAttrs %", vec![entries()]),
                ("builtins.removeAttrs % [ \"a\" \"x\" ]", vec![set()]),
                ("builtins.removeAttrs % %", vec![set(), list(str())]),
                ("builtins.intersectAttrs % %", vec![set(), set()]),
                ("builtins.parseDrvName %", vec![str()]),
                ("builtins.tryEval %", vec![any()]),
                ("builtins.functionArgs ({ a, b ? 1 }: 1)", vec![]),
                ("builtins.partition % %", vec![function(int(), bool()), list(int())]),
                ("builtins.groupBy % %", vec![function(str(), str()), list(str())]),
                ("builtins.zipAttrsWith (n: vs: vs) [ % % ]", vec![set(), set()]),
                ("builtins.fromTOML \"a = 1\\n[b]\\nc = [1.5, \\\"d\\\"]\"", vec![]),
                ("builtins.fromJSON (builtins.toJSON %)", vec![set()]),
            ],
            _ => return self.own(kind, depth),
        };
        let at = self.below(calls.len());
        let (text, kinds) = &calls[at];
        self.template(text, kinds, depth);
    }
}
