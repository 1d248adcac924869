//! Which words make which picture: data, laid out in `templates/lexicon.yaml`.

use serde::Deserialize;
use std::sync::OnceLock;

/// A list of (kind, words) in the file's order.
pub type Entries = Vec<(String, Vec<String>)>;

#[derive(Debug, Default)]
pub struct Lexicon {
    pub places: Entries,
    pub times: Entries,
    pub weather: Entries,
    pub poses: Entries,
    pub expressions: Entries,
    pub props: Entries,
    pub people: Entries,
    pub clothes: Entries,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    places: serde_yaml::Mapping,
    times: serde_yaml::Mapping,
    weather: serde_yaml::Mapping,
    poses: serde_yaml::Mapping,
    expressions: serde_yaml::Mapping,
    props: serde_yaml::Mapping,
    people: serde_yaml::Mapping,
    clothes: serde_yaml::Mapping,
}

const TEXT: &str = include_str!("../../templates/lexicon.yaml");

fn entries(map: &serde_yaml::Mapping) -> Entries {
    map.iter()
        .filter_map(|(k, v)| {
            let words = v
                .as_sequence()?
                .iter()
                .filter_map(|w| w.as_str().map(str::to_lowercase))
                .collect();
            Some((k.as_str()?.to_owned(), words))
        })
        .collect()
}

/// The built-in lexicon.
pub fn lexicon() -> &'static Lexicon {
    static BUILT_IN: OnceLock<Lexicon> = OnceLock::new();
    BUILT_IN.get_or_init(|| match serde_yaml::from_str::<File>(TEXT) {
        Ok(f) => Lexicon {
            places: entries(&f.places),
            times: entries(&f.times),
            weather: entries(&f.weather),
            poses: entries(&f.poses),
            expressions: entries(&f.expressions),
            props: entries(&f.props),
            people: entries(&f.people),
            clothes: entries(&f.clothes),
        },
        // The file is built in and a test reads it; without words everything is a plain room.
        Err(_) => Lexicon::default(),
    })
}

/// Finds the kind with the longest word in `text` (lower case); the earlier kind wins a tie.
pub fn find<'a>(entries: &'a Entries, text: &str) -> Option<(&'a str, &'a str)> {
    let mut best: Option<(&str, &str)> = None;
    for (kind, words) in entries {
        for word in words {
            if best.is_none_or(|(_, b)| word.len() > b.len())
                && crate::film::shot::contains_words(text, word)
            {
                best = Some((kind, word));
            }
        }
    }
    best
}

/// Finds the kind whose word ends last in a name; the longer word wins a tie.
pub fn last<'a>(entries: &'a Entries, name: &str) -> Option<(&'a str, &'a str)> {
    entries
        .iter()
        .flat_map(|(kind, words)| words.iter().map(move |w| (kind.as_str(), w.as_str())))
        .filter_map(|(kind, word)| {
            let at = name
                .match_indices(word)
                .filter(|(at, _)| boundary(name, *at, word.len()))
                .last()?
                .0;
            Some(((at + word.len(), word.len()), kind, word))
        })
        .max_by_key(|(rank, _, _)| *rank)
        .map(|(_, kind, word)| (kind, word))
}

/// Finds the first kind, in the text's own order, that has a word in it.
pub fn first<'a>(entries: &'a Entries, text: &str) -> Option<(&'a str, &'a str)> {
    entries
        .iter()
        .flat_map(|(kind, words)| words.iter().map(move |w| (kind.as_str(), w.as_str())))
        .filter_map(|(kind, word)| {
            let at = text
                .match_indices(word)
                .find(|(at, _)| boundary(text, *at, word.len()))?
                .0;
            Some((at, std::cmp::Reverse(word.len()), kind, word))
        })
        .min()
        .map(|(_, _, kind, word)| (kind, word))
}

fn boundary(text: &str, at: usize, length: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + length..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

/// Every kind with a word in the text.
pub fn all<'a>(entries: &'a Entries, text: &str) -> Vec<&'a str> {
    entries
        .iter()
        .filter(|(_, words)| {
            words
                .iter()
                .any(|w| crate::film::shot::contains_words(text, w))
        })
        .map(|(kind, _)| kind.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_to_kinds() {
        let l = lexicon();
        assert_eq!(find(&l.places, "int. coffee shop - day").unwrap().0, "cafe");
        assert_eq!(
            find(&l.places, "ext. lighthouse - dawn").unwrap().0,
            "lighthouse"
        );
        assert_eq!(first(&l.poses, "she sits and then runs").unwrap().0, "sit");
        assert_eq!(last(&l.places, "lighthouse stairs").unwrap().0, "stairs");
        assert_eq!(last(&l.places, "harbour cafe").unwrap().0, "cafe");
        assert!(find(&l.weather, "a rainbow").is_none());
    }
}
