//! What people wear: which clothes words name, in which colour, and somebody in other clothes than before.

use super::{TOPS, distance, hair_said, hash};
use crate::animatic::lexicon::{self, lexicon};
use crate::film::references::Look;
use crate::film::words::{contains_any, contains_words};
use std::collections::BTreeMap;

/// What is worn on a head or around a neck, in a colour that may be said.
pub(super) const HEADGEAR: [&str; 12] = [
    "helmet",
    "hat",
    "cap",
    "beanie",
    "beret",
    "hood",
    "headscarf",
    "scarf",
    "tie",
    "bandana",
    "turban",
    "veil",
];

/// The colour said of any of some nouns: up to three words before one.
pub(super) fn color_of<'a>(
    said: &str,
    nouns: &[&str],
    colors: &'a BTreeMap<String, String>,
) -> Option<&'a str> {
    let tokens: Vec<&str> = said
        .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == ','))
        .filter(|w| !w.is_empty())
        .collect();
    let bare = |w: &str| w.trim_matches(',').to_owned();
    tokens
        .iter()
        .enumerate()
        .filter(|(_, w)| nouns.contains(&bare(w).as_str()))
        .find_map(|(i, _)| {
            let before = || {
                (tokens[..i].iter().rev().take(3))
                    .take_while(|w| !w.ends_with(','))
                    .map(|w| bare(w))
            };
            // A black leather jacket is black.
            let stuff = ["leather", "denim", "corduroy", "tweed", "striped"];
            (before().filter(|w| !stuff.contains(&w.as_str())))
                .find_map(|w| colors.get(&w))
                .or_else(|| before().find_map(|w| colors.get(&w)))
        })
        .map(String::as_str)
}

/// The colour of all that somebody wears: `mourners in black`.
pub(super) fn all_in(said: &str) -> Option<&'static str> {
    let words: Vec<&str> = said.split_whitespace().collect();
    words.windows(2).enumerate().find_map(|(i, pair)| {
        let color = pair[1].trim_end_matches([',', '.', ')']);
        let ends = pair[1] != color
            || words.get(i + 2).is_none_or(|w| {
                matches!(
                    *w,
                    "with" | "and" | "round" | "around" | "at" | "under" | "stand"
                )
            });
        let color = lexicon()
            .colors
            .get(color)
            .filter(|_| pair[0] == "in" && ends)?;
        Some(color.as_str())
    })
}

/// What is worn above: a piece of clothing, else what somebody of that calling wears.
pub(super) fn worn_top(low: &str) -> Option<(&'static str, &'static str)> {
    let callings = |word: &str| {
        let mut nouns = lexicon().people.iter().flat_map(|(_, words)| words);
        nouns.any(|w| w == word)
    };
    let hits = lexicon::hits(&lexicon().clothes, low);
    let longest = |calling: bool| {
        (hits.iter())
            .filter(|h| callings(h.word) == calling)
            .max_by_key(|h| (h.word.len(), std::cmp::Reverse(h.at)))
    };
    longest(false)
        .or_else(|| longest(true))
        .map(|h| (h.kind, h.word))
}

/// What is worn, in more words than there are cuts.
pub(super) fn garments() -> Vec<&'static str> {
    lexicon()
        .clothes
        .iter()
        .flat_map(|(_, words)| words)
        .filter_map(|w| w.split(' ').next_back())
        .chain([
            "shirt",
            "blouse",
            "top",
            "vest",
            "waistcoat",
            "sari",
            "habit",
            "scrubs",
            "pyjamas",
            "clothes",
        ])
        .collect()
}

/// Whether a word names what is worn: a piece of clothing, a hat.
pub fn is_worn(word: &str) -> bool {
    // A captain is no coat.
    let somebody = (lexicon().people.iter()).any(|(_, words)| words.iter().any(|w| w == word));
    !somebody
        && (garments().contains(&word)
            || worn_top(word).is_some_and(|(_, found)| found == word)
            || HEADGEAR.contains(&word)
            || ["glasses", "spectacles", "sunglasses", "slippers", "suits"].contains(&word))
}

/// Somebody in other clothes than on their sheet: `gray hoodie`, `no jacket`. What is not said stays.
pub fn dressed(look: &Look, worn: &str) -> Look {
    let mut out = look.clone();
    for said in worn.to_lowercase().split(',').map(str::trim) {
        if let Some(shed) = said.strip_prefix("no ") {
            let above = [
                "jacket", "coat", "parka", "labcoat", "hoodie", "robe", "apron", "uniform",
            ];
            match shed {
                "glasses" | "spectacles" | "sunglasses" => out.glasses = false,
                "hat" | "cap" | "hood" | "helmet" | "beanie" | "veil" => {
                    "short".clone_into(&mut out.hair)
                }
                // Whoever takes off a scarf keeps the coat on.
                _ if above.contains(&out.top.as_str())
                    && (above.contains(&shed)
                        || worn_top(shed).is_some_and(|(kind, _)| kind == out.top)) =>
                {
                    "shirt".clone_into(&mut out.top);
                    "e0dccf".clone_into(&mut out.top_color);
                }
                _ => {}
            }
            continue;
        }
        let color = color_of(said, &garments(), &lexicon().colors)
            .or_else(|| {
                let last = said.split_whitespace().next_back()?;
                lexicon().colors.get(last).map(String::as_str)
            })
            .or_else(|| livery(said));
        let top = worn_top(said).map(|(kind, _)| kind);
        if let Some(top) = top {
            top.clone_into(&mut out.top);
        }
        let usual = || match top.and_then(usual_color) {
            Some(color) => color.to_owned(),
            // Another than before, so that the change is seen.
            None => {
                let at = hash(said, 7) as usize;
                let tries = (0..TOPS.len()).map(|i| TOPS[(at + i) % TOPS.len()]);
                let other = tries.max_by_key(|c| distance(c, &look.top_color).min(120.0) as u32);
                other.unwrap_or(TOPS[0]).to_owned()
            }
        };
        let whole = top.is_some_and(|t| matches!(t, "jumpsuit" | "robe" | "scrubs"))
            || said.contains("suit")
            || top.is_none() && color.is_some();
        if top.is_some() || color.is_some() {
            out.top_color = color.map_or_else(usual, str::to_owned);
        }
        if whole {
            out.bottom_color.clone_from(&out.top_color);
        }
        if let Some(gear) =
            hair_said(said).filter(|h| matches!(*h, "hat" | "cap" | "hood" | "helmet" | "beanie"))
        {
            gear.clone_into(&mut out.hair);
            if let Some(color) = color_of(said, &HEADGEAR, &lexicon().colors) {
                color.clone_into(&mut out.accent);
            }
        }
        out.glasses |= contains_any(said, &["glasses", "spectacles", "sunglasses"]);
    }
    out
}

/// The colour that those of a calling wear.
pub(super) fn livery(said: &str) -> Option<&'static str> {
    let mut liveries = lexicon().liveries.iter();
    let (_, color) = liveries.find(|(who, _)| contains_words(said, who))?;
    Some(color)
}

/// The colour a cut has where none is said.
pub(super) fn usual_color(cut: &str) -> Option<&'static str> {
    match cut {
        "labcoat" => Some("e4ebe6"),
        "uniform" => Some("2f3f5f"),
        "scrubs" => Some("5f9a96"),
        _ => None,
    }
}

/// Whether clothes without a colour may be those that somebody has on: the jacket of a suit.
pub fn wears_it_already(look: &Look, said: &str) -> bool {
    const OVER_A_SHIRT: [&str; 5] = ["jacket", "parka", "coat", "hoodie", "labcoat"];
    let over = |kind: &str| OVER_A_SHIRT.contains(&kind);
    let alike = |kind: &str| kind == look.top || over(kind) && over(&look.top);
    !said.contains(' ') && worn_top(said).is_some_and(|(kind, _)| alike(kind))
}
