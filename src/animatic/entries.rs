//! Kinds and the words that lead to them, found in a text without trying every word on it.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::OnceLock;

/// A list of (kind, words) in the file's order.
#[derive(Debug, Default)]
pub struct Entries {
    list: Vec<(String, Vec<String>)>,
    /// Where words stand in the list, by their first run of letters: made when something is looked for.
    index: OnceLock<HashMap<String, Vec<Place>>>,
}

/// Of a word in the list: its kind's number, and its own.
type Place = (usize, usize);

impl Deref for Entries {
    type Target = [(String, Vec<String>)];

    fn deref(&self) -> &Self::Target {
        &self.list
    }
}

impl From<Vec<(String, Vec<String>)>> for Entries {
    fn from(list: Vec<(String, Vec<String>)>) -> Entries {
        Entries {
            list,
            index: OnceLock::new(),
        }
    }
}

/// A word found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit<'a> {
    pub at: usize,
    pub kind: &'a str,
    pub word: &'a str,
}

impl Entries {
    /// The list, to be changed.
    pub(super) fn change(&mut self) -> &mut Vec<(String, Vec<String>)> {
        self.index = OnceLock::new();
        &mut self.list
    }

    pub(super) fn into_list(self) -> Vec<(String, Vec<String>)> {
        self.list
    }

    fn index(&self) -> &HashMap<String, Vec<Place>> {
        self.index.get_or_init(|| {
            let mut index: HashMap<String, Vec<Place>> = HashMap::new();
            for (k, (_, words)) in self.list.iter().enumerate() {
                for (w, word) in words.iter().enumerate() {
                    index.entry(run(word).to_owned()).or_default().push((k, w));
                }
            }
            index
        })
    }

    /// Every word of the list in a text (lower case), wherever it stands whole; not in any order.
    fn all<'a>(&'a self, text: &str) -> Vec<(Hit<'a>, Place)> {
        let index = self.index();
        let mut out = Vec::new();
        let mut before: Option<char> = None;
        for (at, c) in text.char_indices() {
            let begins = !before.is_some_and(char::is_alphanumeric);
            before = Some(c);
            if !begins {
                continue;
            }
            let rest = &text[at..];
            for place in index.get(run(rest)).into_iter().flatten() {
                let (kind, words) = &self.list[place.0];
                let word = words[place.1].as_str();
                let whole = rest
                    .strip_prefix(word)
                    .is_some_and(|after| !after.chars().next().is_some_and(char::is_alphanumeric));
                if whole {
                    out.push((Hit { at, kind, word }, *place));
                }
            }
        }
        out
    }
}

/// The letters and figures a text begins with.
fn run(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric());
    &text[..end.unwrap_or(text.len())]
}

/// Finds the kind with the longest word in `text` (lower case); the earlier kind wins a tie.
pub fn find<'a>(entries: &'a Entries, text: &str) -> Option<(&'a str, &'a str)> {
    (entries.all(text).into_iter())
        .min_by_key(|(hit, place)| (Reverse(hit.word.len()), *place))
        .map(|(hit, _)| (hit.kind, hit.word))
}

/// Finds the kind whose word ends last in a name; the longer word wins a tie.
pub fn last<'a>(entries: &'a Entries, name: &str) -> Option<(&'a str, &'a str)> {
    (entries.all(name).into_iter())
        .max_by_key(|(hit, place)| (hit.at + hit.word.len(), hit.word.len(), *place))
        .map(|(hit, _)| (hit.kind, hit.word))
}

/// Finds the first kind, in the text's own order, that has a word in it.
pub fn first<'a>(entries: &'a Entries, text: &str) -> Option<(&'a str, &'a str)> {
    hits(entries, text)
        .into_iter()
        .next()
        .map(|hit| (hit.kind, hit.word))
}

/// Finds every word in a text, in the text's own order; of words that overlap the longest counts.
pub fn hits<'a>(entries: &'a Entries, text: &str) -> Vec<Hit<'a>> {
    let mut all = entries.all(text);
    all.sort_by_key(|(hit, place)| (hit.at, Reverse(hit.word.len()), *place));
    let mut end = 0;
    all.into_iter()
        .map(|(hit, _)| hit)
        .filter(|hit| {
            let free = hit.at >= end;
            if free {
                end = hit.at + hit.word.len();
            }
            free
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::film::words::contains_words;
    use proptest::prelude::*;

    fn some() -> Entries {
        let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect();
        Entries::from(vec![
            (
                "a".to_owned(),
                words(&["tea", "tea cup", "o'clock", "t-shirt", "café"]),
            ),
            (
                "b".to_owned(),
                words(&["cup", "cup of tea", "tea", "shirt"]),
            ),
        ])
    }

    #[test]
    fn the_longest_and_the_earliest_count() {
        let e = some();
        let found = |text: &str| {
            let all = hits(&e, text);
            all.iter()
                .map(|h| (h.at, h.kind, h.word))
                .collect::<Vec<_>>()
        };
        assert_eq!(found("a tea cup"), [(2, "a", "tea cup")]);
        assert_eq!(
            found("a cup of tea, tea"),
            [(2, "b", "cup of tea"), (14, "a", "tea")]
        );
        assert_eq!(found("teas, cups"), []);
        assert_eq!(find(&e, "tea"), Some(("a", "tea")));
        assert_eq!(last(&e, "tea cup"), Some(("a", "tea cup")));
        assert_eq!(last(&e, "café tea"), Some(("b", "tea")));
    }

    proptest! {
        /// What is found by the index is what is there.
        #[test]
        fn nothing_is_missed(text in "(tea|cup|of|t-shirt|shirt|café|caféx|o'clock|[ ,.'-]){0,12}") {
            let e = some();
            for (kind, words) in e.iter() {
                for word in words {
                    let all = e.all(&text);
                    let found = all.iter().any(|(h, _)| h.kind == kind && h.word == word);
                    prop_assert_eq!(found, contains_words(&text, word), "{} in {}", word, text);
                }
            }
        }
    }
}
