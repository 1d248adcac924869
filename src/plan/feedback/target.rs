//! What a clause is about: shots and scenes by id, number or name, and people.

use super::{Names, Target};
use crate::film::numerals;
use crate::film::words::contains_words as has;

/// Places in a row, as words and figures.
const ORDINALS: [[&str; 2]; 10] = [
    ["first", "1st"],
    ["second", "2nd"],
    ["third", "3rd"],
    ["fourth", "4th"],
    ["fifth", "5th"],
    ["sixth", "6th"],
    ["seventh", "7th"],
    ["eighth", "8th"],
    ["ninth", "9th"],
    ["tenth", "10th"],
];

/// Words that mean the whole film, whatever was spoken of before.
const ALL: [&str; 7] = [
    "whole film",
    "whole thing",
    "everything",
    "all shots",
    "all scenes",
    "every shot",
    "every scene",
];

/// Words that make a number a measure, and no place in a row.
const UNITS: [&str; 13] = [
    "s", "sec", "secs", "second", "seconds", "min", "minute", "minutes", "frame", "frames", "%",
    "percent", "db",
];

/// More than this are never meant at once.
const MOST: usize = 100;

/// What is counted: shots, or beats, which people call scenes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Shot,
    Beat,
}

impl Counted {
    fn named(word: &str) -> Option<Counted> {
        match bare(word) {
            "shot" | "shots" | "panel" | "panels" => Some(Counted::Shot),
            "scene" | "scenes" | "beat" | "beats" => Some(Counted::Beat),
            _ => None,
        }
    }
}

/// Whether a word says what is counted.
pub(super) fn counted(word: &str) -> bool {
    Counted::named(word).is_some()
}

/// A word without the marks around it.
fn bare(word: &str) -> &str {
    word.trim_start_matches(['#', '('])
        .trim_end_matches([',', '.', ':', ';', '!', '?', ')'])
}

fn is_unit(word: &str) -> bool {
    UNITS.contains(&bare(word))
}

/// Whether a token, with the one after it, measures something: `5s`, `10 %`, `3 dB`.
fn measures(token: &str, next: Option<&str>) -> bool {
    let digits = token.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ':'));
    let number = digits.len() < token.len();
    number && (is_unit(digits) || (bare(digits).is_empty() && next.is_some_and(is_unit)))
        || is_clock(token)
}

/// `1:30`.
fn is_clock(token: &str) -> bool {
    let digits = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit());
    bare(token)
        .split_once(':')
        .is_some_and(|(m, s)| digits(m) && digits(s))
}

/// `3`, `2-4`, `1+3`: the numbers a word tells.
fn numbers(word: &str) -> Option<Vec<usize>> {
    let mut out = Vec::new();
    for part in bare(word).split('+') {
        let (first, last) = part.split_once(['-', '–']).unwrap_or((part, part));
        let first: usize = first.parse().ok()?;
        let last: usize = last.parse().ok()?;
        if first == 0 || last < first || last - first >= MOST {
            return None;
        }
        out.extend(first..=last);
    }
    (out.len() <= MOST).then_some(out)
}

/// Writes numbers that are listed behind `shots` as one word, so that no joint parts them: `shots 3 and 5` is
/// `shots 3+5`, and so are shots by their ids.
fn listed(text: &str, names: &Names) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let joins = |w: &str| matches!(w.to_lowercase().as_str(), "and" | "&" | ",");
    let spans = |w: &str| matches!(w.to_lowercase().as_str(), "to" | "through" | "-" | "–");
    let is_id = |w: &str| {
        names
            .shots
            .iter()
            .any(|id| id.eq_ignore_ascii_case(bare(w)))
    };
    // A number that is not a measure.
    let number = |at: usize| {
        let word = words.get(at)?;
        let measure = measures(bare(word), words.get(at + 1).copied());
        numbers(word).filter(|_| !measure).map(|_| bare(word))
    };
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let ids = is_id(word);
        let counted = Counted::named(word).is_some();
        let begins = counted && word.chars().all(char::is_alphanumeric);
        if !ids && !begins {
            out.push((*word).to_owned());
            at += 1;
            continue;
        }
        // `Shots 3 and 5, closer`: the comma parts nothing.
        let heads = out
            .last()
            .is_none_or(|w| joins(w) || w.ends_with(['.', ',', ';', '!']));
        let mut list = Vec::new();
        if ids {
            list.push(bare(word).to_owned());
        } else {
            out.push((*word).to_owned());
        }
        let mut end = word;
        at += 1;
        loop {
            let joint = usize::from(!list.is_empty() && words.get(at).is_some_and(|w| joins(w)));
            let goes_on = list.is_empty() || joint > 0 || end.ends_with(',');
            let Some(next) = words.get(at + joint).filter(|_| goes_on) else {
                break;
            };
            if ids && is_id(next) {
                list.push(bare(next).to_owned());
                at += joint + 1;
                end = next;
                continue;
            }
            let Some(first) = number(at + joint).filter(|_| !ids) else {
                break;
            };
            at += joint + 1;
            end = next;
            let span = words.get(at).is_some_and(|w| spans(w)) && !end.ends_with(',');
            let last = number(at + 1).filter(|_| span);
            match last.filter(|last| numbers(&format!("{first}-{last}")).is_some()) {
                Some(last) => {
                    list.push(format!("{first}-{last}"));
                    end = &words[at + 1];
                    at += 2;
                }
                None => list.push(first.to_owned()),
            }
            if end.ends_with(['.', ';', '!', ':']) {
                break;
            }
        }
        let mark: String = (end.chars().rev())
            .take_while(|c| matches!(c, ',' | '.' | ';' | '!' | ':'))
            .filter(|c| !(heads && *c == ','))
            .collect();
        match list.is_empty() {
            true => {}
            false => out.push(format!("{}{mark}", list.join("+"))),
        }
    }
    out.join(" ")
}

/// Parts what was said into what is asked one at a time.
pub(super) fn clauses(text: &str, names: &Names) -> Vec<String> {
    let lines: Vec<String> = text.lines().map(|line| listed(line, names)).collect();
    let mut text = lines.join(". ").replace([';', '!'], ".") + " ";
    // A look, and no joint.
    text = text.replace("black and white", "black & white");
    for joint in [" and then ", " but ", " and ", ", ", ". "] {
        text = text.replace(joint, "\u{1}");
    }
    text.split('\u{1}')
        .map(|c| c.trim().trim_end_matches(['.', ',']).trim().to_owned())
        .filter(|c| c.chars().any(char::is_alphanumeric))
        .collect()
}

/// Which of a row is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Which {
    These(Vec<usize>),
    First(usize),
    Last(usize),
    /// The last but so many, counted from 1: the second to last is 2.
    FromEnd(usize),
}

/// Where a clause counts: `shot 3`, `shots 2-4`, `the second scene`, `the last 2 shots`, `in 7`; and which of its
/// words say so. A number alone at its head is of the kind counted before.
fn counts(tokens: &[&str], before: Option<Counted>) -> (Vec<(Counted, Which)>, Vec<usize>) {
    let next_of = |at: usize| tokens.get(at + 1).copied();
    let number = |at: usize| {
        let token = tokens.get(at)?;
        let measure = measures(token, next_of(at));
        numbers(token).filter(|_| !measure)
    };
    let few = |word: &str| {
        let spelled = numerals::of_word(word).and_then(|n| usize::try_from(n).ok());
        let n = word.parse().ok().or(spelled);
        n.filter(|n| (1..=MOST).contains(n))
    };
    let mut out: Vec<(Counted, Which)> = Vec::new();
    let mut used = Vec::new();
    if let (Some(kind), Some(list)) = (before, number(0)) {
        let counted = next_of(0).is_some_and(|w| Counted::named(w).is_some());
        if !counted {
            out.push((kind, Which::These(list)));
            used.push(0);
        }
    }
    for (at, token) in tokens.iter().enumerate() {
        let kind = match (Counted::named(token), bare(token)) {
            (Some(kind), _) => kind,
            (None, "in") => Counted::Shot,
            _ => continue,
        };
        if let Some(list) = number(at + 1) {
            out.push((kind, Which::These(list)));
            used.push(at + 1);
            continue;
        }
        if bare(token) == "in" {
            continue;
        }
        let word = |back: usize| at.checked_sub(back).map(|b| tokens[b]);
        let end = |word: Option<&str>, n: usize| match word {
            Some("last" | "final") => Some(Which::Last(n)),
            Some("first") => Some(Which::First(n)),
            _ => None,
        };
        // `the last two shots`.
        if let Some(which) = word(1).and_then(few).and_then(|n| end(word(2), n)) {
            out.push((kind, which));
            used.extend([at - 2, at - 1]);
        } else if let Some(Which::Last(n)) = end(word(1), 1) {
            // `the second last shot`, `the second to last shot`.
            let to = usize::from(word(2) == Some("to"));
            let ordinal = |word: &str| ORDINALS.iter().position(|o| o.contains(&word));
            match word(2 + to).and_then(ordinal) {
                Some(n) => {
                    out.push((kind, Which::FromEnd(n + 1)));
                    used.extend(at - 2 - to..at);
                }
                None => out.push((kind, Which::Last(n))),
            }
        } else if let Some(word) = word(1).filter(|_| !bare(token).ends_with('s'))
            && let Some(n) = ORDINALS.iter().position(|o| o.contains(&word))
        {
            out.push((kind, Which::These(vec![n + 1])));
            used.push(at - 1);
        }
    }
    out.dedup();
    (out, used)
}

/// What a clause is about, where it says so.
pub(super) struct Named {
    pub(super) targets: Option<Vec<Target>>,
    /// What it counts.
    pub(super) counted: Option<Counted>,
    /// The clause without the words that count.
    pub(super) rest: String,
}

/// Finds what a clause is about.
///
/// # Errors
/// Why it cannot be found, or not be told from others.
pub(super) fn targets_in(
    low: &str,
    names: &Names,
    before: Option<Counted>,
) -> Result<Named, String> {
    let tokens: Vec<&str> = low.split_whitespace().collect();
    let (found, mut used) = counts(&tokens, before);
    let shot = |part: &str| names.shots.iter().find(|id| id.eq_ignore_ascii_case(part));
    let mut ids = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let those: Option<Vec<&String>> = bare(token).split('+').map(shot).collect();
        let (those, words) = match those {
            // `s01_020 to s02_010`, `s01_020-s02_010`: those between as well.
            Some(those) => match (those.as_slice(), tokens.get(at + 1), tokens.get(at + 2)) {
                ([from], Some(&("to" | "through")), Some(to)) => match shot(bare(to)) {
                    Some(to) => (between(from, to, names), 3),
                    None => (those, 1),
                },
                _ => (those, 1),
            },
            None => match bare(token).split_once(['-', '–']) {
                Some((from, to)) => match (shot(from), shot(to)) {
                    (Some(from), Some(to)) => (between(from, to, names), 1),
                    _ => continue,
                },
                None => continue,
            },
        };
        let new = those.into_iter().map(|id| Target::Shot(id.clone()));
        for id in new {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        used.extend(at..at + words);
    }
    for (at, token) in tokens.iter().enumerate() {
        let word = bare(token);
        let known = |part: &str| {
            (names.beats.iter()).any(|(id, words)| {
                id.eq_ignore_ascii_case(part) || words.iter().any(|w| has(&w.to_lowercase(), part))
            }) || (names.people.iter())
                .any(|(id, name)| id.eq_ignore_ascii_case(part) || has(&name.to_lowercase(), part))
        };
        let counted = used.contains(&at) || word.split('+').all(known);
        // `s99_010`, `s02`, `s01_020/s02_010`.
        let shot_like = |part: &str| {
            let digits = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit());
            part.strip_prefix('s')
                .is_some_and(|rest| rest.split('_').all(digits))
        };
        let mut parts = word.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        if !counted && parts.any(shot_like) {
            return Err(format!("there is no shot `{word}`"));
        }
        let figure = word.starts_with(|c: char| c.is_ascii_digit());
        if figure && !counted && !measures(token, tokens.get(at + 1).copied()) {
            return Err(format!("what `{word}` counts is not said"));
        }
    }
    let left = tokens
        .iter()
        .enumerate()
        .filter(|(at, _)| !used.contains(at));
    let left: Vec<&str> = left.map(|(_, token)| *token).collect();
    let named = |targets: Option<Vec<Target>>, counted: Option<Counted>| Named {
        targets,
        counted,
        rest: format!(" {} ", left.join(" ")),
    };
    if !ids.is_empty() {
        return Ok(named(Some(ids), Some(Counted::Shot)));
    }
    match found.as_slice() {
        [] => {}
        [(kind, which)] => {
            // `The last shot of the café` is none of the whole film's.
            let rest = format!(" {} ", left.join(" "));
            let within = left.iter().any(|w| matches!(*w, "of" | "in" | "at"));
            if *kind == Counted::Shot && within && !matches!(beat_in(&rest, names), Ok(None)) {
                return Err("say one thing of one shot or scene at a time".to_owned());
            }
            let targets = in_a_row(*kind, which, names)?;
            return Ok(named(Some(targets), Some(*kind)));
        }
        _ => return Err("say one thing of one shot or scene at a time".to_owned()),
    }
    let one = beat_in(low, names)?.or_else(|| {
        names
            .people
            .iter()
            .find(|(id, name)| has(low, &id.to_lowercase()) || has(low, &name.to_lowercase()))
            .map(|(id, _)| Target::Person(id.clone()))
    });
    // `All shots in the pier scene`: those, and no others.
    let whole = || {
        let all = ALL.iter().any(|w| has(low, w));
        // `The whole 45 seconds`: of nothing else.
        (all || has(low, "the whole") || has(low, "the film")).then_some(Target::All)
    };
    Ok(named(one.or_else(whole).map(|target| vec![target]), None))
}

/// The shots from one to another, both among them.
fn between<'a>(from: &'a String, to: &'a String, names: &'a Names) -> Vec<&'a String> {
    let place = |id: &String| names.shots.iter().position(|s| s == id);
    match (place(from), place(to)) {
        (Some(a), Some(b)) => names.shots[a.min(b)..=a.max(b)].iter().collect(),
        _ => vec![from, to],
    }
}

fn in_a_row(kind: Counted, which: &Which, names: &Names) -> Result<Vec<Target>, String> {
    let (count, what) = match kind {
        Counted::Shot => (names.shots.len(), "shots"),
        Counted::Beat => (names.beats.len(), "scenes"),
    };
    let wrong = || format!("there are {count} {what}");
    let list: Vec<usize> = match which {
        Which::These(list) => list.clone(),
        Which::First(n) => (1..=*n).collect(),
        Which::FromEnd(n) => vec![count.checked_sub(*n).ok_or_else(wrong)? + 1],
        Which::Last(n) => (count.checked_sub(*n).ok_or_else(wrong)? + 1..=count).collect(),
    };
    let one = |n: &usize| match kind {
        Counted::Shot => (names.shots.get(n.wrapping_sub(1))).map(|id| Target::Shot(id.clone())),
        Counted::Beat => {
            (names.beats.get(n.wrapping_sub(1))).map(|(id, _)| Target::Beat(id.clone()))
        }
    };
    let found: Option<Vec<Target>> = list.iter().map(one).collect();
    found.filter(|f| !f.is_empty()).ok_or_else(wrong)
}

/// The scene a clause names.
fn beat_in(low: &str, names: &Names) -> Result<Option<Target>, String> {
    for (word, first) in [("the opening", true), ("the ending", false)] {
        if has(low, word) {
            let beat = match first {
                true => names.beats.first(),
                false => names.beats.last(),
            };
            return Ok(beat.map(|(id, _)| Target::Beat(id.clone())));
        }
    }
    // By id or whole heading, by the name of the place, by a word of it that no other place has.
    let full = |(id, words): &&(String, Vec<String>)| {
        has(low, &id.to_lowercase()) || words.iter().skip(1).any(|w| has(low, &w.to_lowercase()))
    };
    let place = |(_, words): &&(String, Vec<String>)| {
        words.first().is_some_and(|w| has(low, &w.to_lowercase()))
    };
    let word = |(_, words): &&(String, Vec<String>)| {
        words.first().is_some_and(|w| {
            let place = w.to_lowercase();
            place
                .split_whitespace()
                .any(|w| w.chars().count() > 3 && has(low, w))
        })
    };
    for named in [
        names.beats.iter().filter(full).collect::<Vec<_>>(),
        names.beats.iter().filter(place).collect(),
        names.beats.iter().filter(word).collect(),
    ] {
        match named.as_slice() {
            [] => {}
            [(id, _)] => return Ok(Some(Target::Beat(id.clone()))),
            several => {
                let ids: Vec<&str> = several.iter().map(|(id, _)| id.as_str()).collect();
                return Err(format!("several scenes are called so: {}", ids.join(", ")));
            }
        }
    }
    Ok(None)
}
