//! Keys: from the environment only, never shown, never written.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// A key. It has no `Display`, and `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Reads the variable; `None` where it is not set or empty.
    pub fn from_env(variable: &str) -> Option<Secret> {
        std::env::var(variable)
            .ok()
            .map(|v| v.trim().to_owned())
            .filter(|v| !v.is_empty())
            .map(Secret)
    }

    /// For the header that needs it, and nowhere else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether bytes hold the key as it is.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        let key = self.0.as_bytes();
        // A short one may be there by chance.
        key.len() >= 8 && bytes.windows(key.len()).any(|w| w == key)
    }

    /// The bytes with the key blotted out, each place kept.
    pub fn mask(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let key = self.0.as_bytes();
        let mut from = 0;
        let next = |bytes: &[u8], from: usize| {
            let rest = bytes.get(from..)?;
            Some(from + rest.windows(key.len().max(1)).position(|w| w == key)?)
        };
        while let Some(at) = next(&bytes, from) {
            bytes[at..at + key.len()].fill(b'*');
            from = at + key.len().max(1);
        }
        bytes
    }

    /// Takes the key out of a text that somebody else wrote, also as JSON, addresses and HTML spell it.
    pub fn scrub(&self, text: &str) -> String {
        if self.0.len() < 4 {
            return text.to_owned();
        }
        (self.spellings().iter()).fold(text.to_owned(), |text, key| text.replace(key, "•••"))
    }

    /// The key as it is, and as others may write it.
    fn spellings(&self) -> BTreeSet<String> {
        let key = &self.0;
        let json = serde_json::to_string(key).unwrap_or_default();
        let json = json.trim_matches('"');
        let each = |spell: &dyn Fn(char) -> String| key.chars().map(spell).collect::<String>();
        let percent = |kept: &str, lower: bool| {
            each(&|c| {
                if c.is_ascii_alphanumeric() || kept.contains(c) {
                    return c.to_string();
                }
                let mut bytes = [0; 4];
                let bytes = c.encode_utf8(&mut bytes).bytes();
                let hex = |b| {
                    if lower {
                        format!("%{b:02x}")
                    } else {
                        format!("%{b:02X}")
                    }
                };
                bytes.map(hex).collect()
            })
        };
        BTreeSet::from([
            key.clone(),
            json.to_owned(),
            json.replace('/', "\\/"),
            // Whatever is not ASCII as \u…, as some write JSON.
            each(&|c| match c.is_ascii() {
                true => c.to_string(),
                false => {
                    let mut units = [0; 2];
                    let units = c.encode_utf16(&mut units).iter();
                    units.map(|u| format!("\\u{u:04x}")).collect()
                }
            }),
            percent("-_.~", false),
            percent("-_.~", true),
            percent("-_.~/", false),
            each(&|c| match c {
                '&' => "&amp;".to_owned(),
                '<' => "&lt;".to_owned(),
                '>' => "&gt;".to_owned(),
                '"' => "&quot;".to_owned(),
                '\'' => "&#39;".to_owned(),
                '/' => "&#x2F;".to_owned(),
                c => c.to_string(),
            }),
        ])
    }
}

/// Variables that hold keys: no child process is given them.
static NAMES: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Remembers a variable that holds a key.
pub fn remember(variable: &str) {
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    names.insert(variable.to_owned());
}

/// Takes all keys out of what a child process will see.
pub fn hide(command: &mut Command) {
    for name in NAMES.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        command.env_remove(name);
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(•••)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_key_is_taken_out_however_it_is_spelled() {
        let key = Secret("sk/a+b=ä\"<9".to_owned());
        for text in [
            "sk/a+b=ä\"<9",
            r#"sk/a+b=ä\"<9"#,
            r#"sk\/a+b=ä\"<9"#,
            "sk%2Fa%2Bb%3D%C3%A4%22%3C9",
            "sk%2fa%2bb%3d%c3%a4%22%3c9",
        ] {
            assert_eq!(
                key.scrub(&format!("before {text} after")),
                "before ••• after"
            );
        }
        assert_eq!(key.scrub("sk/a+b"), "sk/a+b");
    }
}
