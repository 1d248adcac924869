//! What differs between two documents, by id and field.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// One field that differs; `None` where it is not there.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Change {
    /// `beats.int_office_day.shots.s01_010.seconds`
    pub path: String,
    pub from: Option<Value>,
    pub to: Option<Value>,
}

impl Change {
    /// In a line, for people.
    pub fn line(&self) -> String {
        let show = |v: &Value| match v {
            Value::String(s) => format!("{s:?}"),
            // What came or went whole is told by what it is about.
            Value::Object(all) if all.len() > 3 => ["prompt", "text", "title", "name", "id"]
                .iter()
                .find_map(|k| all.get(*k)?.as_str())
                .map_or_else(|| v.to_string(), |said| format!("{said:?}")),
            other => other.to_string(),
        };
        match (&self.from, &self.to) {
            (Some(a), Some(b)) => format!("{}: {} → {}", self.path, show(a), show(b)),
            (None, Some(b)) => format!("{}: + {}", self.path, show(b)),
            (Some(a), None) => format!("{}: - {}", self.path, show(a)),
            (None, None) => self.path.clone(),
        }
    }
}

/// Lists what differs. Things with an id are compared by id, whatever their place; a changed order
/// is one change.
pub fn by_field(from: &Value, to: &Value) -> Vec<Change> {
    let mut out = Vec::new();
    walk("", Some(from), Some(to), &mut out);
    out
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn id(value: &Value) -> Option<&str> {
    value.get("id").and_then(Value::as_str)
}

fn walk(path: &str, from: Option<&Value>, to: Option<&Value>, out: &mut Vec<Change>) {
    if from == to {
        return;
    }
    match (from, to) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let mut names: Vec<&String> = a.keys().collect();
            names.extend(b.keys().filter(|k| !a.contains_key(*k)));
            for name in names {
                walk(&join(path, name), a.get(name), b.get(name), out);
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b)))
            if a.iter().chain(b).all(|v| id(v).is_some()) =>
        {
            let find =
                |list: &[Value], name: &str| list.iter().find(|v| id(v) == Some(name)).cloned();
            for old in a.iter().filter_map(id) {
                let here = join(path, old);
                walk(&here, find(a, old).as_ref(), find(b, old).as_ref(), out);
            }
            for new in b.iter().filter_map(id) {
                if find(a, new).is_none() {
                    walk(&join(path, new), None, find(b, new).as_ref(), out);
                }
            }
            let order = |list: &[Value], other: &[Value]| -> Vec<String> {
                list.iter()
                    .filter_map(id)
                    .filter(|name| find(other, name).is_some())
                    .map(str::to_owned)
                    .collect()
            };
            let (before, after) = (order(a, b), order(b, a));
            if before != after {
                out.push(Change {
                    path: join(path, "order"),
                    from: Some(before.into()),
                    to: Some(after.into()),
                });
            }
        }
        _ => out.push(Change {
            path: path.to_owned(),
            from: from.cloned(),
            to: to.cloned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn things_are_told_apart_by_id() {
        let a = json!({"beats": [{"id": "x", "s": 1}, {"id": "y", "s": 2}], "mood": "calm"});
        let b = json!({"beats": [{"id": "y", "s": 3}, {"id": "z", "s": 2}], "mood": "calm"});
        let paths: Vec<String> = by_field(&a, &b).into_iter().map(|c| c.path).collect();
        assert_eq!(paths, ["beats.x", "beats.y.s", "beats.z"]);
        assert!(by_field(&a, &a).is_empty());
    }
}
