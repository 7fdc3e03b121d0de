//! YAML and JSON as a tree of names and places, for files that describe secrets.
//!
//! The tree lives as long as the query that reads it. Anchors keep their names, since they are what a
//! repository calls its keys; an alias is a reference to its node, not a copy, so that aliases of
//! aliases cost nothing.

use saphyr_parser::{Event, Parser, Span};

/// What a node is.
#[derive(Debug)]
pub(super) enum Node {
    Scalar(String),
    List(Vec<NodeId>),
    /// In the order of the text; what is no plain key is left out.
    Map(Vec<(String, u32, NodeId)>),
    Alias(NodeId),
}

pub(super) type NodeId = usize;

/// One document.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// Byte offsets, by node.
    offsets: Vec<u32>,
    anchors: Vec<Option<String>>,
    root: Option<NodeId>,
}

/// More nodes than this are not read.
const MAX_NODES: usize = 200_000;

/// Deeper than this is not read.
const MAX_DEPTH: usize = 64;

impl Tree {
    /// The first document of a YAML text; what stands before an error is kept where it is whole.
    pub(super) fn yaml(text: &str) -> Option<Tree> {
        Builder::new(text).run()
    }

    /// A JSON text, with the offset 0 for every node.
    pub(super) fn json(text: &str) -> Option<Tree> {
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        let mut tree = Tree::default();
        let root = tree.of_json(value, 0)?;
        tree.root = Some(root);
        Some(tree)
    }

    fn of_json(&mut self, value: serde_json::Value, depth: usize) -> Option<NodeId> {
        if depth > MAX_DEPTH {
            return None;
        }
        let node = match value {
            serde_json::Value::Object(entries) => {
                let mut map = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    map.push((key, 0, self.of_json(value, depth + 1)?));
                }
                Node::Map(map)
            }
            serde_json::Value::Array(items) => {
                let items: Option<Vec<NodeId>> =
                    items.into_iter().map(|item| self.of_json(item, depth + 1)).collect();
                Node::List(items?)
            }
            serde_json::Value::String(text) => Node::Scalar(text),
            other => Node::Scalar(other.to_string()),
        };
        Some(self.push(node, 0, None))
    }

    fn push(&mut self, node: Node, offset: u32, anchor: Option<String>) -> NodeId {
        self.nodes.push(node);
        self.offsets.push(offset);
        self.anchors.push(anchor);
        self.nodes.len() - 1
    }

    pub(super) fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// The node behind any alias.
    fn target(&self, node: NodeId) -> NodeId {
        match self.nodes[node] {
            // An alias is of an anchor before it, so this ends; one step, since an alias has no anchor.
            Node::Alias(target) => target,
            _ => node,
        }
    }

    pub(super) fn scalar(&self, node: NodeId) -> Option<&str> {
        match &self.nodes[self.target(node)] {
            Node::Scalar(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn items(&self, node: NodeId) -> &[NodeId] {
        match &self.nodes[self.target(node)] {
            Node::List(items) => items,
            _ => &[],
        }
    }

    pub(super) fn entries(&self, node: NodeId) -> &[(String, u32, NodeId)] {
        match &self.nodes[self.target(node)] {
            Node::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn get(&self, node: NodeId, key: &str) -> Option<NodeId> {
        self.entries(node).iter().find(|(name, ..)| name == key).map(|(.., value)| *value)
    }

    /// The name of the anchor at a node, or at what an alias stands for.
    pub(super) fn anchor(&self, node: NodeId) -> Option<&str> {
        self.anchors[self.target(node)].as_deref()
    }

    /// Where a node begins, in bytes.
    pub(super) fn offset(&self, node: NodeId) -> u32 {
        self.offsets[node]
    }
}

/// A collection that is not finished.
struct Open {
    map: bool,
    items: Vec<NodeId>,
    /// The keys of a map, and its key that waits for a value.
    keys: Vec<(Option<String>, u32)>,
    waiting: bool,
    offset: u32,
    anchor: usize,
}

struct Builder<'a> {
    text: &'a str,
    /// Byte offsets of the lines.
    lines: Vec<usize>,
    tree: Tree,
    open: Vec<Open>,
    /// Nodes by the parser's numbers of anchors.
    anchors: Vec<Option<NodeId>>,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str) -> Builder<'a> {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(breaks).collect();
        Builder { text, lines, tree: Tree::default(), open: Vec::new(), anchors: Vec::new() }
    }

    fn run(mut self) -> Option<Tree> {
        let mut parser = Parser::new_from_str(self.text);
        while let Some(event) = parser.next_event() {
            let (event, span) = event.ok()?;
            if self.tree.nodes.len() > MAX_NODES || self.open.len() > MAX_DEPTH {
                return None;
            }
            match event {
                Event::Alias(number) => {
                    let target = self.anchors.get(number).copied().flatten()?;
                    let offset = self.offset(span);
                    let node = self.tree.push(Node::Alias(target), offset, None);
                    self.finished(node, None, offset);
                }
                Event::Scalar(value, _, number, _) => {
                    let offset = self.offset(span);
                    let anchor = (number > 0).then(|| self.anchor_name(offset)).flatten();
                    let key = value.to_string();
                    let node = self.tree.push(Node::Scalar(value.into_owned()), offset, anchor);
                    self.remember(number, node);
                    self.finished(node, Some(key), offset);
                }
                Event::SequenceStart(anchor, _) => self.begin(false, anchor, span),
                Event::MappingStart(anchor, _) => self.begin(true, anchor, span),
                Event::SequenceEnd | Event::MappingEnd => self.end()?,
                Event::DocumentEnd | Event::StreamEnd => break,
                _ => {}
            }
        }
        self.tree.root?;
        Some(self.tree)
    }

    fn begin(&mut self, map: bool, anchor: usize, span: Span) {
        let offset = self.offset(span);
        self.open.push(Open { map, items: Vec::new(), keys: Vec::new(), waiting: false, offset, anchor });
    }

    fn end(&mut self) -> Option<()> {
        let open = self.open.pop()?;
        let node = if open.map {
            let keys = open.keys.into_iter().zip(open.items);
            Node::Map(keys.filter_map(|((key, at), value)| Some((key?, at, value))).collect())
        } else {
            Node::List(open.items)
        };
        let anchor = (open.anchor > 0).then(|| self.anchor_name(open.offset)).flatten();
        let id = self.tree.push(node, open.offset, anchor);
        self.remember(open.anchor, id);
        self.finished(id, None, open.offset);
        Some(())
    }

    /// A node is whole: it belongs to the collection around it. `key` is its text, where it can be one.
    fn finished(&mut self, node: NodeId, key: Option<String>, offset: u32) {
        match self.open.last_mut() {
            Some(open) if open.map && !open.waiting => {
                open.keys.push((key, offset));
                open.waiting = true;
            }
            Some(open) => {
                open.items.push(node);
                open.waiting = false;
            }
            None => self.tree.root = self.tree.root.or(Some(node)),
        }
    }

    fn remember(&mut self, number: usize, node: NodeId) {
        if number > 0 && number < MAX_NODES {
            if self.anchors.len() <= number {
                self.anchors.resize(number + 1, None);
            }
            self.anchors[number] = Some(node);
        }
    }

    /// The parser counts characters; everything else counts bytes.
    fn offset(&self, span: Span) -> u32 {
        let line = self.lines.get(span.start.line().saturating_sub(1)).copied().unwrap_or(0);
        let rest = self.text.get(line..).unwrap_or("");
        let column = rest.char_indices().nth(span.start.col()).map_or(rest.len(), |(at, _)| at);
        u32::try_from(line + column).unwrap_or(0)
    }

    /// The name of the anchor in front of a node; the parser only numbers anchors.
    fn anchor_name(&self, offset: u32) -> Option<String> {
        // A node's place is that of its anchor; where a tag comes first, it is the tag's.
        let here = self.text.get(offset as usize..)?;
        let tagged =
            || here.strip_prefix('!')?.split_once(char::is_whitespace)?.1.trim_start().strip_prefix('&');
        let text = here.strip_prefix('&').or_else(tagged)?;
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let name = &text[..end];
        (!name.is_empty()).then(|| name.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_have_names_and_aliases_lead_to_them() {
        let text = "keys:\n  - &web age1web\n  - &Ä-db 'age1db'\nrules:\n  - age: [*web, *Ä-db]\n    x: 1\n";
        let tree = Tree::yaml(text).unwrap();
        let root = tree.root().unwrap();
        let rule = tree.items(tree.get(root, "rules").unwrap())[0];
        let keys = tree.items(tree.get(rule, "age").unwrap());
        let shown: Vec<_> = keys.iter().map(|it| (tree.anchor(*it), tree.scalar(*it))).collect();
        assert_eq!(shown, [(Some("web"), Some("age1web")), (Some("Ä-db"), Some("age1db"))]);
        let (name, at, _) = &tree.entries(root)[1];
        assert_eq!((name.as_str(), &text[*at as usize..*at as usize + 5]), ("rules", "rules"));
    }

    #[test]
    fn hostile_texts_come_to_an_end() {
        let bomb = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n";
        assert!(Tree::yaml(bomb).is_some());
        assert!(Tree::yaml(&"[".repeat(100_000)).is_none());
        assert!(Tree::yaml("a: *nowhere").is_none());
        assert!(Tree::yaml("a: [").is_none());
        assert!(Tree::yaml("").is_none());
    }
}
