//! Changes a YAML text so that it says something else, and leaves all the rest as somebody wrote it:
//! comments, order, quotes, spacing. The result is read back; where it does not say exactly what it
//! should, there is none, and the file must be written anew.

use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};
use std::ops::Range;

/// Returns `text` changed to say `after`; `None` where its layout does not allow it.
pub fn retouch(text: &str, after: &Value) -> Option<String> {
    let root = read(text)?;
    let inside = Hand { text }.node(&root, after)?;
    let out = format!(
        "{}{inside}{}",
        &text[..root.span.start],
        &text[root.span.end..]
    );
    let says: Value = serde_yaml::from_str(&out).ok()?;
    same(&says, after).then_some(out)
}

/// Equal, with `4` and `4.0` the same number.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => x == y || x.as_f64() == y.as_f64(),
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(a, b)| same(a, b))
        }
        (Value::Object(x), Value::Object(y)) => {
            x.len() == y.len() && x.iter().all(|(k, a)| y.get(k).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// A piece of the text and what it says.
struct Node {
    /// Bytes, from its first to behind its last.
    span: Range<usize>,
    value: Value,
    form: Form,
}

enum Form {
    Scalar,
    /// In brackets or braces: changed as a whole.
    Flow,
    /// Keys with where they stand, and what they hold.
    Map(Vec<(Range<usize>, String, Node)>),
    List(Vec<Node>),
}

fn read(text: &str) -> Option<Node> {
    // The parser counts characters.
    let bytes: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain(std::iter::once(text.len()))
        .collect();
    let mut events = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, span) = next.ok()?;
        let (from, to) = (
            *bytes.get(span.start.index())?,
            *bytes.get(span.end.index())?,
        );
        match event {
            Event::Scalar(..)
            | Event::MappingStart(..)
            | Event::MappingEnd
            | Event::SequenceStart(..)
            | Event::SequenceEnd => events.push((event, from..to)),
            Event::Alias(_) => return None,
            Event::DocumentStart(true) => return None,
            _ => {}
        }
    }
    let value: Value = serde_yaml::from_str(text).ok()?;
    let mut at = 0;
    let root = node(text, &events, &mut at, &value)?;
    (at == events.len()).then_some(root)
}

fn node(
    text: &str,
    events: &[(Event<'_>, Range<usize>)],
    at: &mut usize,
    value: &Value,
) -> Option<Node> {
    let (event, span) = events.get(*at)?;
    *at += 1;
    let flow = !span.is_empty();
    match event {
        Event::Scalar(..) => Some(Node {
            value: value.clone(),
            // A block scalar's span ends behind its line break.
            span: span.start..span.start + text[span.clone()].trim_end().len(),
            form: Form::Scalar,
        }),
        Event::MappingStart(..) => {
            let mut entries = Vec::new();
            while !matches!(events.get(*at)?.0, Event::MappingEnd) {
                let (Event::Scalar(name, ..), key) = events.get(*at)? else {
                    return None;
                };
                *at += 1;
                let held = node(text, events, at, value.get(&**name)?)?;
                entries.push((key.clone(), name.to_string(), held));
            }
            let end = events[*at].1.end;
            *at += 1;
            let span = match entries.last() {
                _ if flow => span.start..end,
                Some((key, _, last)) => span.start..last.span.end.max(key.end),
                None => span.clone(),
            };
            Some(Node {
                span,
                value: value.clone(),
                form: if flow { Form::Flow } else { Form::Map(entries) },
            })
        }
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            while !matches!(events.get(*at)?.0, Event::SequenceEnd) {
                items.push(node(text, events, at, value.get(items.len())?)?);
            }
            let end = events[*at].1.end;
            *at += 1;
            let span = match (items.first(), items.last()) {
                _ if flow => span.start..end,
                (Some(first), Some(last)) => {
                    // The parser says where the first item is; the list begins at its dash.
                    let before = text[..first.span.start].trim_end();
                    before.strip_suffix('-')?.len()..last.span.end
                }
                _ => span.clone(),
            };
            Some(Node {
                span,
                value: value.clone(),
                form: if flow { Form::Flow } else { Form::List(items) },
            })
        }
        _ => None,
    }
}

/// The hand that changes one text.
struct Hand<'a> {
    text: &'a str,
}

impl Hand<'_> {
    /// What stands in a node's span, changed to say `after`.
    fn node(&self, node: &Node, after: &Value) -> Option<String> {
        let own = &self.text[node.span.clone()];
        if same(&node.value, after) {
            return Some(own.to_owned());
        }
        match (&node.form, after) {
            (Form::Scalar, Value::Array(_) | Value::Object(_)) => None,
            (Form::Scalar, scalar) if !own.contains('\n') => inline(scalar),
            (Form::Flow, other) => Some(serde_json::to_string(other).ok()?),
            (Form::Map(entries), Value::Object(map)) => self.map(node, entries, map),
            (Form::List(items), Value::Array(list)) if !list.is_empty() => {
                self.list(node, items, list)
            }
            _ => None,
        }
    }

    fn map(
        &self,
        node: &Node,
        entries: &[(Range<usize>, String, Node)],
        after: &Map<String, Value>,
    ) -> Option<String> {
        let indent = self.column(node.span.start);
        let mut out = String::new();
        let mut from = node.span.start;
        let mut kept = false;
        let known = |name: &str| entries.iter().any(|(_, n, _)| n == name);
        // A name comes first, as everywhere.
        if let Some(id) = after.get("id").filter(|_| !known("id")) {
            out.push_str(&format!("id: {}\n{}", inline(id)?, " ".repeat(indent)));
        }
        for (i, (key, name, held)) in entries.iter().enumerate() {
            let next = entries.get(i + 1).map(|e| self.line_start(e.0.start));
            match after.get(name) {
                Some(value) => {
                    if from < key.start {
                        out.push_str(&self.text[from..key.start]);
                    }
                    match self.node(held, value) {
                        Some(text) => {
                            out.push_str(&self.text[key.start..held.span.start]);
                            out.push_str(&text);
                        }
                        None => out.push_str(entry(name, value, indent)?.trim_end()),
                    }
                    from = held.span.end.max(key.end);
                    kept = true;
                }
                // The first entry shares its line with a dash: the next one takes its place.
                None if i == 0 && self.line_start(key.start) != key.start - indent => {
                    return None;
                }
                None => {
                    if from < self.line_start(key.start) {
                        out.push_str(&self.text[from..self.line_start(key.start)]);
                    }
                    from = match next {
                        Some(next) => self.line_end(held.span.end.max(key.end)).min(next),
                        None => held.span.end.max(key.end),
                    };
                    if next.is_none() {
                        let trimmed = out.trim_end().len();
                        out.truncate(trimmed);
                    } else if from == self.line_start(from) {
                        // The line break before the entry is kept, its own goes.
                        let cut = out.trim_end_matches(' ').len();
                        out.truncate(cut);
                    }
                }
            }
        }
        if !kept {
            return None;
        }
        let new = |name: &str| !known(name) && name != "id";
        for (i, (name, value)) in after.iter().filter(|(n, _)| new(n)).enumerate() {
            // Behind the last line, so that a comment at its end stays with it.
            let end = self.line_end(from.max(node.span.end));
            if i == 0 && from < end {
                let rest = &self.text[from..end];
                out.push_str(rest.trim_end_matches('\n'));
                from = end;
            }
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            out.push_str(entry(name, value, indent)?.trim_end());
        }
        if from > node.span.end {
            // The caller goes on behind the span: what was taken beyond it must not come twice.
            let beyond = self.text[node.span.end..from].trim_end_matches('\n');
            if !beyond.trim().is_empty() {
                return None;
            }
        }
        Some(out)
    }

    /// A list as blocks of lines, each item with the comments above it, in the new order.
    fn list(&self, node: &Node, items: &[Node], after: &[Value]) -> Option<String> {
        let first = self.line_start(node.span.start);
        let dash = self.column(node.span.start);
        if self.text[first..first + dash].trim() != "" {
            return None;
        }
        let mut blocks: Vec<Range<usize>> = Vec::new();
        let mut from = node.span.start - self.column(node.span.start);
        for item in items {
            let end = self.line_end(item.span.end);
            blocks.push(from..end);
            from = end;
        }
        let matched = aligned(items, after);
        let mut out = String::new();
        for (value, old) in after.iter().zip(matched) {
            match old {
                Some(i) => {
                    let (block, item) = (&blocks[i], &items[i]);
                    out.push_str(&self.text[block.start..item.span.start]);
                    out.push_str(&self.node(item, value)?);
                    out.push_str(&self.text[item.span.end..block.end]);
                }
                None => {
                    if !out.is_empty() && !out.ends_with('\n') {
                        out.push('\n');
                    }
                    out.push_str(&item(value, dash)?);
                }
            }
            if !out.ends_with('\n') {
                out.push('\n');
            }
        }
        // The span begins behind the indent and ends before the line break.
        let tail = &self.text[node.span.end..blocks.last()?.end];
        if !tail.trim().is_empty() && !out.trim_end_matches('\n').ends_with(tail.trim_end()) {
            return None;
        }
        let out = out.strip_prefix(&" ".repeat(dash)).unwrap_or(&out);
        let cut = out.trim_end_matches('\n');
        Some(
            cut.strip_suffix(tail.trim_end_matches('\n'))
                .unwrap_or(cut)
                .to_owned(),
        )
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |n| n + 1)
    }

    /// Behind the line break of the line that holds `at`.
    fn line_end(&self, at: usize) -> usize {
        self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |n| at + n + 1)
    }

    fn column(&self, at: usize) -> usize {
        at - self.line_start(at)
    }
}

/// For each value, the item it was: by id where there are ids, else by place.
fn aligned(items: &[Node], after: &[Value]) -> Vec<Option<usize>> {
    let id = |v: &Value| v.get("id").and_then(Value::as_str).map(str::to_owned);
    let mut free: Vec<bool> = vec![true; items.len()];
    let mut take = |found: Option<usize>| {
        if let Some(i) = found {
            free[i] = false;
        }
        found
    };
    let by_id = after.iter().any(|v| id(v).is_some());
    after
        .iter()
        .enumerate()
        .map(|(at, value)| {
            if by_id {
                let wanted = id(value);
                let same_id = items.iter().position(|i| id(&i.value) == wanted);
                // An item that was without an id gets one: it is the one in its place.
                let nameless = items
                    .get(at)
                    .filter(|i| id(&i.value).is_none() && like(&i.value, value))
                    .map(|_| at);
                return take(same_id.filter(|_| wanted.is_some()).or(nameless));
            }
            take((at < items.len()).then_some(at))
        })
        .collect()
}

/// Whether two items without a common id share most of what they say.
fn like(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_object(), b.as_object()) else {
        return false;
    };
    let shared = a
        .iter()
        .filter(|(k, v)| b.get(*k).is_some_and(|w| same(v, w)))
        .count();
    shared * 2 >= a.len()
}

fn inline(scalar: &Value) -> Option<String> {
    let text = serde_yaml::to_string(scalar).ok()?;
    let text = text.trim_end_matches('\n');
    if text.contains('\n') {
        return serde_json::to_string(scalar).ok();
    }
    Some(text.to_owned())
}

/// `key: value` with what hangs below it indented.
fn entry(name: &str, value: &Value, indent: usize) -> Option<String> {
    let text = serde_yaml::to_string(&Map::from_iter([(name.to_owned(), value.clone())])).ok()?;
    Some(indented(&text, indent))
}

fn item(value: &Value, indent: usize) -> Option<String> {
    let text = serde_yaml::to_string(&[value]).ok()?;
    Some(format!("{}{}", " ".repeat(indent), indented(&text, indent)))
}

fn indented(text: &str, by: usize) -> String {
    let mut out = String::new();
    for (i, line) in text.split_inclusive('\n').enumerate() {
        if i > 0 && !line.trim().is_empty() {
            out.push_str(&" ".repeat(by));
        }
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const TEXT: &str = "schema: 1  # the first\nbeats:\n  # the beginning\n  - id: a   # first\n    heading: \"A\"\n    shots:\n      - id: s01_010\n        seconds: 4.0  # long\n        prompt: x\n      # the letter\n      - {id: s01_020, seconds: 2}\n\n  - heading: B # mine\n    id: b\n    note: |\n      two\n      lines\n# the end\n";

    fn with(change: impl FnOnce(&mut Value)) -> Option<String> {
        let mut value: Value = serde_yaml::from_str(TEXT).unwrap();
        change(&mut value);
        retouch(TEXT, &value)
    }

    #[test]
    fn only_what_changed_changes() {
        let number = with(|v| v["beats"][0]["shots"][0]["seconds"] = json!(6.0)).unwrap();
        assert_eq!(number, TEXT.replace("4.0  # long", "6.0  # long"));
        let flow = with(|v| v["beats"][0]["shots"][1]["seconds"] = json!(3)).unwrap();
        assert!(
            flow.contains("# the letter") && flow.contains("# mine"),
            "{flow}"
        );
        let gone = with(|v| {
            v["beats"][0]["shots"].as_array_mut().unwrap().remove(0);
        })
        .unwrap();
        assert!(
            !gone.contains("s01_010") && gone.contains("# the letter"),
            "{gone}"
        );
        let moved = with(|v| v["beats"].as_array_mut().unwrap().reverse()).unwrap();
        assert!(moved.find("# mine").unwrap() < moved.find("# first").unwrap());
        let added = with(|v| v["beats"][1]["mood"] = json!("calm")).unwrap();
        assert!(added.contains("    mood: calm\n# the end"), "{added}");
        let two = with(|v| {
            v["beats"][0]["shots"][0]["mood"] = json!("calm");
            v["beats"][0]["shots"][0]["place"] = json!({"id": "pier"});
        })
        .unwrap();
        assert!(
            two.contains("# the letter") && two.contains("# long"),
            "{two}"
        );
        let words = with(|v| v["beats"][0]["heading"] = json!("Yes: no")).unwrap();
        assert!(words.contains("# first"), "{words}");
        let key = with(|v| {
            v["beats"][0]["shots"][0]
                .as_object_mut()
                .unwrap()
                .remove("prompt");
        })
        .unwrap();
        assert_eq!(key, TEXT.replace("        prompt: x\n", ""));
        let new = with(|v| {
            let shot = json!({"id": "s01_015", "seconds": 1});
            v["beats"][0]["shots"]
                .as_array_mut()
                .unwrap()
                .insert(1, shot);
        })
        .unwrap();
        assert!(
            new.contains("# long") && new.contains("      - id: s01_015"),
            "{new}"
        );
    }

    /// Lists whose dashes stand below their key, as our own files have them.
    #[test]
    fn lists_without_indent_are_known() {
        let text = "beats:\n- id: x\n  shots:\n  - id: s1\n    size: W\n  # new\n  - size: C\n    p: m\n\n- id: y\n  n: 1 # one\n";
        let mut value: Value = serde_yaml::from_str(text).unwrap();
        value["beats"][0]["shots"][1]["id"] = json!("s2");
        value["beats"][1]["n"] = json!(2);
        let out = retouch(text, &value).unwrap();
        let wanted = text
            .replace("  - size: C\n", "  - id: s2\n    size: C\n")
            .replace("n: 1 #", "n: 2 #");
        assert_eq!(out, wanted);
        value["beats"].as_array_mut().unwrap().remove(0);
        assert_eq!(
            retouch(text, &value).unwrap(),
            "beats:\n\n- id: y\n  n: 2 # one\n"
        );
    }

    proptest! {
        /// Whatever comes out says just what was asked; comments of untouched lines stay.
        #[test]
        fn it_says_what_it_should(beat in 0usize..2, seconds in 0.1f64..99.0, word in "[a-zA-Z :#'\"-]{1,12}") {
            let mut value: Value = serde_yaml::from_str(TEXT).unwrap();
            value["beats"][beat]["heading"] = json!(word);
            value["beats"][0]["shots"][0]["seconds"] = json!(seconds);
            if let Some(out) = retouch(TEXT, &value) {
                let says: Value = serde_yaml::from_str(&out).unwrap();
                prop_assert!(same(&says, &value));
                prop_assert!(out.contains("# the letter") && out.contains("# the end"));
            }
        }
    }
}
