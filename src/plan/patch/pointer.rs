//! JSON pointers that may name an element of a list by its id: `/beats/int_office_day/shots/s01_020`.

use serde_json::Value;

/// The same pointer with indices; what names nothing stays as it is.
pub fn by_id(document: &Value, pointer: &str) -> String {
    let mut at = Some(document);
    let mut out = String::new();
    for token in pointer.split('/').skip(1) {
        let list = at.and_then(Value::as_array);
        let found = list.and_then(|l| l.iter().position(|e| e["id"] == token));
        let token = found.map_or_else(|| token.to_owned(), |i| i.to_string());
        at = at.and_then(|v| v.pointer(&format!("/{token}")));
        out.push('/');
        out.push_str(&token);
    }
    out
}
