//! What a shot's words name that the house has no drawing of.

use super::verbs::{clauses, handles, verb};
use crate::animatic::lexicon::{self, Lexicon};
use crate::film::references::Person;
use crate::film::words::contains_words;

/// Whether a word is in some list, or a name of those who are there.
fn is_known(l: &Lexicon, word: &str, cast: &[&Person]) -> bool {
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
}

/// Whether a word leads on to a noun: an adjective, a number.
fn passes(word: &str) -> bool {
    const ENDS: [&str; 12] = [
        "ly", "ed", "ing", "ful", "ous", "ish", "less", "ic", "al", "ive", "est", "ant",
    ];
    word.chars().count() < 3
        || ENDS
            .iter()
            .any(|e| word.ends_with(e) && word.len() > e.len() + 2)
        || word.chars().any(|c| c.is_ascii_digit())
}

/// What somebody handles, in a clause whose verb ends at a place, where it is a thing of which there is no drawing:
/// its name, and where it stands.
pub(super) fn object_of<'a>(
    l: &Lexicon,
    clause: &'a str,
    verb: usize,
    cast: &[&Person],
) -> Option<(usize, &'a str)> {
    // Of what nobody can hold: acts, states, and what stands fast.
    const NO_THING: [&str; 8] = [
        "tion", "sion", "ness", "ment", "ity", "ance", "ence", "ship",
    ];
    // What is taken or given, and yet is nothing.
    const ACTS: [&str; 40] = [
        "nap",
        "chance",
        "order",
        "orders",
        "deal",
        "risk",
        "oath",
        "vow",
        "peek",
        "charge",
        "lead",
        "bow",
        "walk",
        "ride",
        "leap",
        "shot",
        "swing",
        "stand",
        "toll",
        "hint",
        "advice",
        "help",
        "hope",
        "blame",
        "credit",
        "thought",
        "attention",
        "care",
        "cue",
        "guess",
        "count",
        "test",
        "course",
        "class",
        "trip",
        "tour",
        "vote",
        "poll",
        "pulse",
        "temperature",
    ];
    const LARGE: [&str; 22] = [
        "railing",
        "rail",
        "windshield",
        "windscreen",
        "engine",
        "hood",
        "trunk",
        "roof",
        "ledge",
        "sill",
        "bonnet",
        "banister",
        "bannister",
        "stage",
        "dashboard",
        "console",
        "machine",
        "hatch",
        "valve",
        "hull",
        "shutter",
        "curtain",
    ];
    let after = clause.get(verb..)?;
    let inner = |c: char| c.is_alphanumeric() || c == '\'' || c == '-';
    let mut tokens = after
        .split(|c: char| !inner(c))
        .filter(|w| !w.is_empty())
        .peekable();
    let ends_verb = clause[..verb].split_whitespace().next_back();
    // The lexicon's verb may end in the article: `take the`.
    let mut led = ends_verb.is_some_and(|w| lexicon::DETERMINERS.contains(&w));
    for _ in 0..3 {
        if led {
            break;
        }
        let word = tokens.next()?;
        led = lexicon::DETERMINERS.contains(&word);
        let between = matches!(
            word,
            "up" | "out" | "off" | "down" | "over" | "her" | "him" | "them" | "open"
        ) || cast
            .iter()
            .any(|p| contains_words(&p.name.to_lowercase(), word));
        if !led && !between {
            return None;
        }
    }
    let words: Vec<&str> = tokens
        .take(3)
        .take_while(|w| !lexicon::DETERMINERS.contains(w) && !STOPS.contains(w))
        .collect();
    let noun = *words
        .iter()
        .find(|w| !passes(w) && !l.colors.contains_key(**w) && !l.sizes.contains_key(**w))?;
    let known = is_known(l, noun, cast);
    // The last of them is the noun: of a tape recorder, the recorder.
    let noun = words
        .last()
        .copied()
        .filter(|w| !known && !is_known(l, w, cast))
        .filter(|w| !w.ends_with("ly"))?;
    let thing = !NO_THING.iter().any(|e| noun.ends_with(e))
        && !LARGE.contains(&noun)
        && !ACTS.contains(&noun)
        && noun.len() > 2;
    let at = noun.as_ptr() as usize - clause.as_ptr() as usize;
    thing.then_some((at, noun))
}

/// The first thing in a text that is handled and of which there is no drawing, and where it stands.
pub(super) fn handled<'a>(
    l: &Lexicon,
    words: &'a str,
    cast: &[&Person],
) -> Option<(usize, &'a str)> {
    clauses(words).find_map(|clause| {
        let hit = verb(l, clause).filter(|hit| handles(hit.kind))?;
        let (at, noun) = object_of(l, clause, hit.at + hit.word.len(), cast)?;
        let start = clause.as_ptr() as usize - words.as_ptr() as usize;
        Some((start + at, noun))
    })
}

/// Things a text names by an article or an owner that are in no list.
pub(super) fn not_understood(l: &Lexicon, words: &str, cast: &[&Person]) -> Vec<String> {
    let known = |word: &str| is_known(l, word, cast);
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
