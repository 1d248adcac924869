//! The YAML files people edit: read strictly, all problems with their place, written readably.

use crate::diagnostic::{Exit, Failure, Problem, nearest};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The number every artifact carries.
///
/// 1: the first.
pub const SCHEMA: u32 = 1;

/// Reads a document: duplicate keys, unknown keys, `.nan` and `.inf` are refused; a schema newer
/// than ours is exit 12.
pub fn read<T: DeserializeOwned>(text: &str, file: &str) -> Result<T, Failure> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // The common case needs no second reading: our schema, and no number that is none.
    let ours = text
        .lines()
        .any(|l| l.trim_end() == format!("schema: {SCHEMA}"));
    let low = |needle: &str| {
        text.as_bytes()
            .windows(4)
            .any(|w| w.eq_ignore_ascii_case(needle.as_bytes()))
    };
    if ours
        && !low(".nan")
        && !low(".inf")
        && let Ok(read) = serde_yaml::from_str(text)
    {
        return Ok(read);
    }
    let tree: serde_yaml::Value =
        serde_yaml::from_str(text).map_err(|e| located(&e, text, file))?;
    if tree.is_null() {
        return Err(Failure::new(Exit::Invalid, "the file is empty")
            .at(file, 1, 1)
            .hint("undo the edit, or `greenlight restore` an earlier version"));
    }
    if let Some(schema) = tree.get("schema").and_then(serde_yaml::Value::as_u64)
        && schema > u64::from(SCHEMA)
    {
        return Err(Failure::new(
            Exit::Newer,
            format!("written by a newer greenlight (schema {schema}, this one knows {SCHEMA})"),
        )
        .at(file, line_of(text, "schema"), 1)
        .hint("use that version, or a newer one"));
    }
    finite(&tree, &mut Vec::new()).map_err(|path| {
        let key = path.last().cloned().unwrap_or_default();
        Failure::new(
            Exit::Invalid,
            format!("`{}` is not a finite number", path.join(".")),
        )
        .at(file, line_of(text, &key), 1)
    })?;
    let tree = upgrade(tree);
    match tree {
        Some(upgraded) => serde_yaml::from_value(upgraded).map_err(|e| located(&e, text, file)),
        None => serde_yaml::from_str(text).map_err(|e| located(&e, text, file)),
    }
}

/// Brings an older document up to [`SCHEMA`], one step a version; `None` if it is current. A file
/// written by hand without a `schema` is taken as current.
fn upgrade(tree: serde_yaml::Value) -> Option<serde_yaml::Value> {
    let mut tree = tree;
    let map = tree.as_mapping_mut()?;
    let key = serde_yaml::Value::from("schema");
    if map.get(&key).and_then(serde_yaml::Value::as_u64) == Some(u64::from(SCHEMA)) {
        return None;
    }
    map.insert(key, serde_yaml::Value::from(SCHEMA));
    Some(tree)
}

fn located(error: &serde_yaml::Error, text: &str, file: &str) -> Failure {
    let (line, column) = error.location().map_or((0, 0), |l| (l.line(), l.column()));
    let full = error
        .to_string()
        .replace("expected f64", "expected a number")
        .replace("expected u32", "expected a whole number");
    let message = full.split(" at line ").next().unwrap_or(&full).to_owned();
    // "unknown field `x`, expected one of `a`, `b`": the nearest known name is the hint.
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let mut line = line;
    let mut hint = None;
    if message.contains("unknown field") && names.len() > 1 {
        hint =
            nearest(names[0], names[1..].iter().copied()).map(|n| format!("did you mean `{n}`?"));
        if line == 0 {
            line = line_of(text, names[0]);
        }
    }
    let short = message
        .split(", expected one of")
        .next()
        .unwrap_or(&message)
        .to_owned();
    // What stands in the file may be long, or none of our business.
    let short = match short.char_indices().nth(160) {
        Some((at, _)) => format!("{}…", &short[..at]),
        None => short,
    };
    let problem = Problem {
        message: short,
        place: None,
        hint: hint.or_else(|| Some("correct the line; the last good version is kept".to_owned())),
    };
    Failure::of(Exit::Invalid, vec![problem.at(file, line, column)])
}

fn finite(tree: &serde_yaml::Value, path: &mut Vec<String>) -> Result<(), Vec<String>> {
    match tree {
        serde_yaml::Value::Number(n) if n.as_f64().is_some_and(|f| !f.is_finite()) => {
            Err(path.clone())
        }
        serde_yaml::Value::Sequence(items) => items.iter().enumerate().try_for_each(|(i, item)| {
            path.push(i.to_string());
            let r = finite(item, path);
            path.pop();
            r
        }),
        serde_yaml::Value::Mapping(map) => map.iter().try_for_each(|(k, v)| {
            path.push(k.as_str().unwrap_or("?").to_owned());
            let r = finite(v, path);
            path.pop();
            r
        }),
        _ => Ok(()),
    }
}

/// The first line that holds `word`, counted from one; zero if none does.
pub fn line_of(text: &str, word: &str) -> usize {
    text.lines()
        .position(|l| l.contains(word))
        .map_or(0, |p| p + 1)
}

/// Writes a document as people like to read it: beats and shots set apart by an empty line.
pub fn write<T: Serialize>(value: &T) -> anyhow::Result<String> {
    let plain = serde_yaml::to_string(value)?;
    let mut out = String::with_capacity(plain.len() + 64);
    let mut previous = String::new();
    for line in plain.lines() {
        let item =
            line.trim_start().starts_with("- id:") || line.trim_start().starts_with("- title:");
        if item && !previous.trim_end().ends_with(':') && !previous.is_empty() {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        previous = line.to_owned();
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::film::outline::Outline;

    const GOOD: &str =
        "schema: 1\ntitle: T\nmood: calm\nbeats:\n  - id: a\n    title: A\n    seconds: 4\n";

    #[test]
    fn problems_have_a_place() {
        let check = |text: &str, line: usize, part: &str| {
            let e = read::<Outline>(text, "outline.yaml").unwrap_err();
            let p = &e.problems[0];
            assert!(p.message.contains(part), "{e}");
            assert_eq!(p.place.as_ref().unwrap().line, line, "{e}");
        };
        assert!(read::<Outline>(GOOD, "o").is_ok());
        check(
            &GOOD.replace("seconds", "second"),
            7,
            "unknown field `second`",
        );
        check(
            &GOOD.replace("mood: calm", "mood: calm\nmood: dark"),
            1,
            "duplicate",
        );
        check(
            &GOOD.replace("seconds: 4", "seconds: .nan"),
            7,
            "not a finite number",
        );
        check("schema: 1\ntitle: [", 3, "");
        assert_eq!(
            read::<Outline>(&GOOD.replace("schema: 1", "schema: 9"), "o")
                .unwrap_err()
                .exit,
            Exit::Newer
        );
        assert!(read::<Outline>(&GOOD.replace("schema: 1\n", ""), "o").is_ok());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let outline: Outline = read(GOOD, "o").unwrap();
        assert_eq!(
            read::<Outline>(&write(&outline).unwrap(), "o").unwrap(),
            outline
        );
    }
}
