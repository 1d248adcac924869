//! Names of things inside a run: what they may look like and how they are made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub fn new(text: impl Into<String>) -> Result<Self, String> {
                let text = text.into();
                check(&text)?;
                Ok($name(text))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                $name::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id_type!(
    /// A run: `2026-11-20-lighthouse-7k2f`, or what `new --id` says.
    RunId
);
id_type!(
    /// A beat: the slug of its heading, `int_office_day`, `_2` if repeated.
    BeatId
);
id_type!(
    /// A shot: `s01_010`; scene, then tens, so that `s01_015` fits between.
    ShotId
);
id_type!(
    /// A cue: `v_s01_010_1`, `m_01`.
    CueId
);
id_type!(
    /// A member of the cast or a place in `references.yaml`: `marta`, `lamp_room`.
    RefId
);

/// Ids become file names, so they hold letters, digits, `_` and `-` only.
fn check(text: &str) -> Result<(), String> {
    if text.is_empty() || text.len() > 80 {
        return Err(format!(
            "an id has 1 to 80 characters, `{text}` has {}",
            text.len()
        ));
    }
    match text
        .chars()
        .find(|c| !(c.is_ascii_alphanumeric() || *c == '_' || *c == '-'))
    {
        Some(c) => Err(format!(
            "an id holds letters, digits, `_` and `-`; `{text}` holds `{}`",
            c.escape_debug()
        )),
        None if text.starts_with('-') => Err(format!("an id may not begin with `-`: `{text}`")),
        None => Ok(()),
    }
}

/// Returns text as lower-case ASCII words joined by `joint`, at most `longest` characters, never
/// empty: letters without an ASCII form are kept apart by their code so that names stay distinct.
pub fn slug(text: &str, joint: char, longest: usize) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in text.nfkd() {
        let part = match c {
            'ß' => "ss".to_owned(),
            'ł' | 'Ł' => "l".to_owned(),
            'ø' | 'Ø' => "o".to_owned(),
            'æ' | 'Æ' => "ae".to_owned(),
            'đ' | 'Đ' => "d".to_owned(),
            '\'' | '’' => continue,
            c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase().to_string(),
            c if unicode_normalization::char::is_combining_mark(c) => continue,
            c if c.is_alphanumeric() => format!("{:x}", c as u32),
            _ => {
                gap = true;
                continue;
            }
        };
        if gap && !out.is_empty() {
            out.push(joint);
        }
        gap = false;
        if out.len() + part.len() > longest {
            break;
        }
        out.push_str(&part);
    }
    let out = out.trim_matches(joint).to_owned();
    if out.is_empty() {
        "untitled".to_owned()
    } else {
        out
    }
}

/// Returns `wanted`, or `wanted_2`, `wanted_3`… where it is taken.
pub fn distinct(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(wanted) {
        return wanted.to_owned();
    }
    (2..)
        .map(|n| format!("{wanted}_{n}"))
        .find(|name| !taken(name))
        .unwrap_or_else(|| wanted.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_file_names() {
        assert_eq!(slug("INT. OFFICE - DAY", '_', 60), "int_office_day");
        assert_eq!(slug("  ../../etc  ", '-', 60), "etc");
        assert_eq!(slug("WNĘTRZE. KOŚCIÓŁ", '_', 60), "wnetrze_kosciol");
        assert_eq!(slug("…", '_', 60), "untitled");
        assert!(RunId::new("../up").is_err());
    }
}
