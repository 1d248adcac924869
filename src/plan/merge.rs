//! Three-way by id and field: what a person changed stays, what was only made is made anew.

use crate::film::retouch::same;
use serde_json::Value;

/// Merges `theirs` (just made) into `mine` (as it stands), given `base` (as it was last made).
/// Maps merge by key, lists of things with an `id` by id, everything else as a whole: a value that
/// differs from `base` in `mine` was changed by a person and stays.
pub fn three_way(base: Option<&Value>, mine: &Value, theirs: &Value) -> Value {
    if base.is_some_and(|b| same(b, mine)) || same(mine, theirs) {
        return theirs.clone();
    }
    if base.is_some_and(|b| same(b, theirs)) {
        return mine.clone();
    }
    match (mine, theirs) {
        (Value::Object(m), Value::Object(t)) => {
            let empty = serde_json::Map::new();
            let b = base.and_then(Value::as_object).unwrap_or(&empty);
            let mut out = serde_json::Map::new();
            for (key, theirs) in t {
                match m.get(key) {
                    Some(mine) => {
                        out.insert(key.clone(), three_way(b.get(key), mine, theirs));
                    }
                    // Taken out by a person, and not changed since: it stays out.
                    None if b.get(key) == Some(theirs) => {}
                    None => {
                        out.insert(key.clone(), theirs.clone());
                    }
                }
            }
            for (key, mine) in m {
                if !t.contains_key(key) && b.get(key) != Some(mine) {
                    out.insert(key.clone(), mine.clone());
                }
            }
            Value::Object(out)
        }
        (Value::Array(m), Value::Array(t)) if keyed(m) && keyed(t) => {
            let none = Vec::new();
            let b = base.and_then(Value::as_array).unwrap_or(&none);
            Value::Array(lists(b, m, t))
        }
        // Things without ids, as many as before: each by its place.
        (Value::Array(m), Value::Array(t))
            if m.len() == t.len() && m.iter().chain(t).all(Value::is_object) =>
        {
            let none = Vec::new();
            let b = base.and_then(Value::as_array).unwrap_or(&none);
            let each = m.iter().zip(t).enumerate();
            Value::Array(each.map(|(i, (m, t))| three_way(b.get(i), m, t)).collect())
        }
        _ => mine.clone(),
    }
}

fn id(item: &Value) -> Option<&str> {
    item.get("id").and_then(Value::as_str)
}

fn keyed(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(|v| id(v).is_some())
}

fn find<'a>(list: &'a [Value], wanted: &str) -> Option<&'a Value> {
    list.iter().find(|v| id(v) == Some(wanted))
}

/// Keeps a person's order and insertions, drops what they deleted, adds what is new where it comes.
fn lists(base: &[Value], mine: &[Value], theirs: &[Value]) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    for item in mine {
        let name = id(item).unwrap_or_default();
        match (find(theirs, name), find(base, name)) {
            (Some(new), old) => out.push(three_way(old, item, new)),
            // Put in by a person, or changed by one.
            (None, None) => out.push(item.clone()),
            (None, Some(old)) if old != item => out.push(item.clone()),
            (None, Some(_)) => {}
        }
    }
    for (at, item) in theirs.iter().enumerate() {
        let name = id(item).unwrap_or_default();
        if find(mine, name).is_some() || find(base, name).is_some() {
            continue;
        }
        let before = theirs[..at]
            .iter()
            .rev()
            .filter_map(id)
            .find_map(|p| out.iter().position(|o| id(o) == Some(p)));
        out.insert(before.map_or(0, |p| p + 1), item.clone());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_persons_changes_stay() {
        let base = json!([{"id":"a","s":1,"p":"x"},{"id":"b","s":2,"p":"y"},{"id":"c","s":1}]);
        let mine = json!([{"id":"b","s":2,"p":"y"},{"id":"mine","s":9},{"id":"a","s":5,"p":"x"}]);
        let theirs = json!([{"id":"a","s":1,"p":"new"},{"id":"b","s":3,"p":"y"},{"id":"c","s":1},{"id":"d","s":4}]);
        assert_eq!(
            three_way(Some(&base), &mine, &theirs),
            json!([{"id":"b","s":3,"p":"y"},{"id":"mine","s":9},{"id":"a","s":5,"p":"new"},{"id":"d","s":4}])
                .as_array()
                .map(|l| {
                    // `d` follows `c`, which a person deleted, so it follows `b`.
                    let mut l = l.clone();
                    let d = l.pop().unwrap();
                    l.insert(1, d);
                    Value::Array(l)
                })
                .unwrap()
        );
        assert_eq!(three_way(Some(&base), &base, &theirs), theirs);
        assert_eq!(three_way(Some(&base), &mine, &base), mine);
    }
}
