//! The hash of content as meant, not as typed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// BLAKE3-256, written `b3:<hex>`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint(String);

impl Fingerprint {
    pub fn of_bytes(bytes: &[u8]) -> Fingerprint {
        Fingerprint(format!("b3:{}", blake3::hash(bytes).to_hex()))
    }

    pub fn of_hash(hash: blake3::Hash) -> Fingerprint {
        Fingerprint(format!("b3:{}", hash.to_hex()))
    }

    /// Hashes a value by its canonical JSON: keys sorted, no spacing.
    pub fn of<T: Serialize>(value: &T) -> Fingerprint {
        // Serialising our own plain structs into a value cannot fail but for a map with odd keys,
        // of which there are none; the error text would still be a stable content.
        let tree = serde_json::to_value(value)
            .unwrap_or_else(|e| serde_json::Value::String(e.to_string()));
        Fingerprint::of_bytes(tree.to_string().as_bytes())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn hex(&self) -> &str {
        self.0.trim_start_matches("b3:")
    }

    /// For people: enough digits to tell two apart.
    pub fn short(&self) -> String {
        self.0.chars().take(15).collect()
    }

    /// Whether `typed` names this fingerprint: all of it, or a prefix of 12 hex digits or more.
    pub fn matches(&self, typed: &str) -> bool {
        let hex = typed.trim().trim_start_matches("b3:").to_lowercase();
        hex.len() >= 12 && self.hex().starts_with(&hex)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let hex = text.strip_prefix("b3:").unwrap_or("");
        if hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            Ok(Fingerprint(text))
        } else {
            Err(format!(
                "`{text}` is not a fingerprint (b3: and 64 hex digits)"
            ))
        }
    }
}

impl From<Fingerprint> for String {
    fn from(f: Fingerprint) -> String {
        f.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_order_does_not_matter_and_words_do() {
        let a: serde_json::Value = serde_json::from_str(r#"{"a":1,"b":[1,2]}"#).unwrap();
        let b: serde_json::Value = serde_json::from_str(r#"{ "b":[1,2], "a":1 }"#).unwrap();
        assert_eq!(Fingerprint::of(&a), Fingerprint::of(&b));
        let c: serde_json::Value = serde_json::from_str(r#"{"a":1,"b":[2,1]}"#).unwrap();
        assert_ne!(Fingerprint::of(&a), Fingerprint::of(&c));
        assert!(Fingerprint::of(&a).matches(&Fingerprint::of(&b).short()[..15]));
        assert!(!Fingerprint::of(&a).matches("b3:12"));
    }
}
