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

    /// Takes the key out of a text that somebody else wrote.
    pub fn scrub(&self, text: &str) -> String {
        match self.0.len() {
            0..4 => text.to_owned(),
            _ => text.replace(&self.0, "•••"),
        }
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
