//! What a clause is about, and how what is said of several is said of each.

use super::{Names, Target};
use crate::film::shot::contains_words as has;

/// Says what is asked of several at once of each alone: `shots 3 and 5 closer` is `shot 3 closer. shot 5 closer`.
fn spread(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_digit());
    let ends = |w: &str| w.ends_with(['.', ';', ',', '!']);
    let joins = |w: &str| matches!(w.to_lowercase().as_str(), "and" | "&" | "but" | "then");
    let mut out: Vec<String> = Vec::new();
    let mut i = 0;
    while let Some(word) = words.get(i) {
        let kind_is_many = word.to_lowercase().ends_with('s');
        let kind = match word.to_lowercase().as_str() {
            "shot" | "shots" => "shot",
            "scene" | "scenes" => "scene",
            "beat" | "beats" => "beat",
            _ => {
                out.push((*word).to_owned());
                i += 1;
                continue;
            }
        };
        let mut numbers = Vec::new();
        let mut at = i + 1;
        while let Some(next) = words.get(at) {
            let bare = next.trim_end_matches([',', '.', ';', '!', ':']);
            let unit = words.get(at + 1).is_some_and(|w| is_unit(w));
            if let (Some((first, last)), true) = (range(bare), kind_is_many) {
                numbers.extend((first..=last).map(|n| n.to_string()));
                at += 1;
            } else if number(bare) && !unit {
                // `shots 2 to 4`: those between as well.
                let until = (words.get(at + 1))
                    .filter(|w| {
                        kind_is_many
                            && matches!(w.to_lowercase().as_str(), "to" | "through" | "-" | "–")
                    })
                    .and_then(|_| words.get(at + 2))
                    .filter(|_| !words.get(at + 3).is_some_and(|w| is_unit(w)))
                    .and_then(|w| {
                        range(&format!(
                            "{bare}-{}",
                            w.trim_end_matches([',', '.', ';', '!', ':'])
                        ))
                    });
                match until {
                    Some((first, last)) => {
                        numbers.extend((first..=last).map(|n| n.to_string()));
                        at += 3;
                    }
                    None => {
                        numbers.push(bare.to_owned());
                        at += 1;
                    }
                }
            } else if joins(next)
                && words
                    .get(at + 1)
                    .is_some_and(|w| number(w.trim_end_matches([',', '.', ';', '!'])))
            {
                at += 1;
            } else {
                break;
            }
            if ends(words[at - 1]) && !words[at - 1].ends_with(',') {
                break;
            }
        }
        if numbers.len() < 2 {
            out.push((*word).to_owned());
            i += 1;
            continue;
        }
        let mut to = at;
        while words.get(to).is_some_and(|w| !joins(w)) {
            to += 1;
            if ends(words[to - 1]) {
                break;
            }
        }
        let rest = words[at..to].join(" ");
        // `Drop shots 3 and 5`: what is asked stands before them.
        let before = out
            .iter()
            .rposition(|w| ends(w) || joins(w))
            .map_or(0, |p| p + 1);
        let asked = match rest.is_empty() {
            true => out.split_off(before).join(" "),
            false => String::new(),
        };
        for n in numbers {
            let one = format!("{asked} {kind} {n} {rest}");
            out.push(format!(
                "{}.",
                one.trim().trim_end_matches(['.', ',', ';', '!'])
            ));
        }
        i = to;
    }
    out.join(" ")
}

pub(super) fn clauses(text: &str) -> Vec<String> {
    let lines: Vec<String> = text.lines().map(spread).collect();
    let mut text = lines.join(". ").replace([';', '!'], ".") + " ";
    for joint in [" and then ", " but ", " and ", ", ", ". "] {
        text = text.replace(joint, "\u{1}");
    }
    text.split('\u{1}')
        .map(|c| c.trim().trim_end_matches(['.', ',']).trim().to_owned())
        .filter(|c| c.chars().any(char::is_alphanumeric))
        .collect()
}

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

/// Places in a row, as words.
const ORDINALS: [&str; 10] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
];

/// Words that make a number a length, and no place in a row.
const UNITS: [&str; 12] = [
    "s", "sec", "secs", "second", "seconds", "min", "minute", "minutes", "frame", "frames", "%",
    "percent",
];

fn is_unit(word: &str) -> bool {
    UNITS.contains(&word.trim_end_matches([',', '.', ';', '!', ':']))
}

/// `2-4`: from and to, of no more than a hundred.
fn range(text: &str) -> Option<(usize, usize)> {
    let (first, last) = text.split_once(['-', '–'])?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (0 < first && first <= last && last - first < 100).then_some((first, last))
}

/// What is counted: shots, or beats, which people call scenes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    Shot,
    Beat,
}

/// Where a clause counts: `shot 3`, `the second scene`, `in 7`. `None` is the last.
fn counts(low: &str) -> Vec<(Counted, Option<usize>)> {
    let tokens: Vec<&str> = low.split_whitespace().collect();
    let number = |at: usize| -> Option<usize> {
        let token = tokens
            .get(at)?
            .trim_end_matches([',', '.', ':', ';', '!', '?']);
        let n = token.parse().ok().filter(|n| *n > 0)?;
        let unit = tokens.get(at + 1).is_some_and(|t| is_unit(t));
        (!unit).then_some(n)
    };
    let mut out = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let word = token.trim_end_matches([',', '.', ':', ';', '!', '?']);
        let what = match word {
            "shot" | "shots" | "panel" | "panels" => Counted::Shot,
            "scene" | "scenes" | "beat" | "beats" => Counted::Beat,
            "in" => {
                out.extend(number(at + 1).map(|n| (Counted::Shot, Some(n))));
                continue;
            }
            _ => continue,
        };
        if let Some(n) = number(at + 1) {
            out.push((what, Some(n)));
            continue;
        }
        let before = at.checked_sub(1).and_then(|b| tokens.get(b).copied());
        match before {
            Some("last" | "final") => out.push((what, None)),
            Some(word) if !token.ends_with('s') => {
                let at = ORDINALS.iter().position(|o| *o == word);
                out.extend(at.map(|n| (what, Some(n + 1))));
            }
            _ => {}
        }
    }
    out.dedup();
    out
}

/// What a clause is about, where it says so.
///
/// # Errors
/// Why it cannot be found, or not be told from others.
pub(super) fn target_in(low: &str, names: &Names) -> Result<Option<Target>, String> {
    if let Some(id) = names.shots.iter().find(|id| has(low, &id.to_lowercase())) {
        return Ok(Some(Target::Shot(id.clone())));
    }
    match counts(low).as_slice() {
        [] if ALL.iter().any(|w| has(low, w)) => return Ok(Some(Target::All)),
        [] => {}
        [(Counted::Shot, n)] => {
            let all = &names.shots;
            let found = all.get(n.unwrap_or(all.len()).wrapping_sub(1));
            let found = found.map(|id| Some(Target::Shot(id.clone())));
            return found.ok_or(format!("there are {} shots", all.len()));
        }
        [(Counted::Beat, n)] => {
            let all = &names.beats;
            let found = all.get(n.unwrap_or(all.len()).wrapping_sub(1));
            let found = found.map(|(id, _)| Some(Target::Beat(id.clone())));
            return found.ok_or(format!("there are {} scenes", all.len()));
        }
        _ => return Err("say one thing of one shot or scene at a time".to_owned()),
    }
    for (word, first) in [("the opening", true), ("the ending", false)] {
        if has(low, word) {
            let beat = if first {
                names.beats.first()
            } else {
                names.beats.last()
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
    // `the whole 45 seconds`: of nothing else.
    if has(low, "the whole") || has(low, "the film") {
        return Ok(Some(Target::All));
    }
    Ok(names
        .people
        .iter()
        .find(|(id, name)| has(low, &id.to_lowercase()) || has(low, &name.to_lowercase()))
        .map(|(id, _)| Target::Person(id.clone())))
}
