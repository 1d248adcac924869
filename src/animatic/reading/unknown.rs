//! What a shot's words name that the house has no drawing of.

use super::doing::clauses;
use crate::animatic::lexicon::{self, Lexicon};
use crate::film::references::Person;
use crate::film::words::contains_words;

/// Things a text names by an article or an owner that are in no list.
pub(super) fn not_understood(l: &Lexicon, words: &str, cast: &[&Person]) -> Vec<String> {
    let lists = [
        &l.places,
        &l.times,
        &l.weather,
        &l.poses,
        &l.expressions,
        &l.props,
        &l.people,
        &l.clothes,
    ];
    let known = |word: &str| {
        let single = word.strip_suffix('s').unwrap_or(word);
        l.plain.contains(word)
            || l.plain.contains(single)
            || lists.iter().any(|list| {
                let mut all = list.iter().flat_map(|(_, words)| words);
                all.any(|w| contains_words(w, word) || contains_words(w, single))
            })
            || cast
                .iter()
                .any(|p| contains_words(&p.name.to_lowercase(), word))
    };
    // An adjective, a number, a word that leads on.
    let passes = |word: &str| {
        const ENDS: [&str; 12] = [
            "ly", "ed", "ing", "ful", "ous", "ish", "less", "ic", "al", "ive", "est", "ant",
        ];
        word.chars().count() < 3
            || ENDS
                .iter()
                .any(|e| word.ends_with(e) && word.len() > e.len() + 2)
            || word.chars().any(|c| c.is_ascii_digit())
    };
    let mut out: Vec<String> = Vec::new();
    for clause in clauses(words) {
        let tokens: Vec<&str> = clause
            .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'))
            .filter(|w| !w.is_empty())
            .collect();
        for (i, token) in tokens.iter().enumerate() {
            if !(lexicon::DETERMINERS.contains(token) || token.ends_with("'s")) {
                continue;
            }
            // The noun is the last of the words up to one that is known, or that cannot be one.
            let after: Vec<&str> = tokens[i + 1..]
                .iter()
                .take(3)
                .copied()
                .take_while(|w| !lexicon::DETERMINERS.contains(w) && !STOPS.contains(w))
                .collect();
            if after.is_empty() || after.iter().any(|w| known(w)) {
                continue;
            }
            let noun = after.iter().find(|w| !passes(w));
            if let Some(noun) = noun
                && !out.iter().any(|o| o == noun)
            {
                out.push((*noun).to_owned());
            }
        }
    }
    out
}

/// What somebody is said to do in words that are in no list: the word after a name or `she`.
pub(super) fn deeds(l: &Lexicon, words: &str, cast: &[&Person]) -> Vec<String> {
    const SAY_LITTLE: [&str; 24] = [
        "is", "has", "does", "was", "goes", "comes", "turns", "starts", "begins", "gets", "lets",
        "keeps", "makes", "seems", "knows", "wants", "tries", "stops", "sees", "hears", "feels",
        "needs", "says", "tells",
    ];
    let mut out: Vec<String> = Vec::new();
    for clause in clauses(words) {
        let tokens: Vec<&str> = clause
            .split(|c: char| !(c.is_alphanumeric() || c == '-'))
            .filter(|w| !w.is_empty())
            .collect();
        let of_somebody = |w: &str| {
            matches!(w, "he" | "she" | "they" | "who")
                || cast
                    .iter()
                    .any(|p| contains_words(&p.name.to_lowercase(), w))
        };
        let Some(at) = tokens.iter().take(3).position(|w| of_somebody(w)) else {
            continue;
        };
        let Some(verb) = tokens.get(at + 1) else {
            continue;
        };
        let does = verb.len() > 3 && verb.ends_with('s') && !verb.ends_with("ss");
        let known = SAY_LITTLE.contains(verb)
            || !lexicon::hits(&l.poses, clause).is_empty()
            || !lexicon::hits(&l.expressions, clause).is_empty()
            || of_somebody(verb);
        if does && !known && !out.iter().any(|o| o == verb) {
            out.push((*verb).to_owned());
        }
    }
    out
}

/// Words that end the name of a thing.
const STOPS: [&str; 36] = [
    "of", "in", "on", "at", "by", "to", "from", "with", "into", "onto", "over", "under", "behind",
    "beside", "between", "through", "across", "against", "along", "around", "near", "is", "are",
    "was", "were", "has", "have", "had", "that", "which", "who", "where", "when", "for", "up",
    "down",
];
