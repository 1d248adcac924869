//! Who is in a screenplay and where it plays.

use super::ids::slug;
use super::script::{self, Element, Script};
use serde::Serialize;
use std::collections::BTreeMap;

/// A speaker, or somebody introduced in capitals in the action.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    pub id: String,
    /// In capitals, without extensions.
    pub name: String,
    /// The sentence that brings them in, as written.
    pub intro: String,
    /// How the sentences about them alone call them, `she` or `he`, where they say so.
    pub called: String,
    /// Every speech is a voice-over, and no action names them.
    pub offscreen: bool,
    pub speeches: usize,
}

/// A place, from the headings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Site {
    pub id: String,
    /// `LIGHTHOUSE STAIRS`.
    pub name: String,
    pub interior: bool,
    /// The first words of action there.
    pub description: String,
}

/// What a heading says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadingParts {
    pub interior: Option<bool>,
    pub place: String,
    /// `DAY`, `DAWN`, `LATER`…, empty if it names none.
    pub time: String,
}

/// Takes `INT. OFFICE - DAY`, `EXT. PIER, NIGHT`, `GARDEN --DAY` apart.
pub fn heading_parts(heading: &str) -> HeadingParts {
    let mut text = script::plain(heading).trim().to_owned();
    let upper = text.to_uppercase();
    let mut interior = None;
    for (prefix, inside) in [
        ("INT./EXT", true),
        ("EXT./INT", false),
        ("INT/EXT", true),
        ("EXT/INT", false),
        ("I/E", true),
        ("E/I", false),
        ("INT", true),
        ("EXT", false),
        ("EST", false),
    ] {
        if let Some(rest) = upper.strip_prefix(prefix)
            && rest.starts_with(['.', ' '])
        {
            interior = Some(inside);
            text = text
                .chars()
                .skip(prefix.len())
                .collect::<String>()
                .trim_start_matches(['.', ' '])
                .to_owned();
            break;
        }
    }
    const TIMES: [&str; 22] = [
        "DAY",
        "NIGHT",
        "DAWN",
        "DUSK",
        "MORNING",
        "AFTERNOON",
        "EVENING",
        "NOON",
        "MIDNIGHT",
        "SUNSET",
        "SUNRISE",
        "LATER",
        "CONTINUOUS",
        "SAME",
        "MOMENTS LATER",
        "TWILIGHT",
        "MAGIC HOUR",
        "PRESENT",
        "GOLDEN HOUR",
        "EARLY MORNING",
        "LATE AFTERNOON",
        "BLUE HOUR",
    ];
    let cut = text
        .rfind(" -")
        .or_else(|| text.rfind("--"))
        .or_else(|| text.rfind('–'))
        .or_else(|| text.rfind('—'));
    let mut time = String::new();
    if let Some(at) = cut {
        let tail = text[at..]
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_uppercase();
        if TIMES.iter().any(|t| super::shot::contains_words(&tail, t)) || interior.is_some() {
            time = tail;
            text.truncate(at);
        }
    } else if let Some((place, tail)) = text.clone().rsplit_once([',', '.']) {
        let tail = tail.trim().to_uppercase();
        if TIMES.contains(&tail.as_str()) {
            time = tail;
            text = place.to_owned();
        }
    }
    HeadingParts {
        interior,
        place: text
            .trim_matches(|c: char| c.is_whitespace() || "-–—,.".contains(c))
            .to_owned(),
        time,
    }
}

/// A text's sentences; `DR. OKOYE` does not end one.
fn sentences(text: &str) -> Vec<&str> {
    const TITLES: [&str; 12] = [
        "DR", "MR", "MRS", "MS", "ST", "PROF", "SGT", "LT", "CAPT", "COL", "JR", "SR",
    ];
    let mut out = Vec::new();
    let mut start = 0;
    for (at, mark) in text.match_indices(['.', '!', '?', '\n']) {
        let word = text[start..at].rsplit(char::is_whitespace).next();
        let title = word.is_some_and(|w| TITLES.contains(&w.to_uppercase().as_str()));
        if mark == "." && title {
            continue;
        }
        out.push(&text[start..at + mark.len()]);
        start = at + mark.len();
    }
    out.push(&text[start..]);
    out.retain(|s| !s.is_empty());
    out
}

/// Whether two names are one person's: `CALEB` and `CALEB ROURKE`; not `ANNA` and `ANNA'S MOTHER`, nor
/// `MARTA` and `YOUNG MARTA`.
fn same_person(known: &str, name: &str) -> bool {
    let another = ["'S ", "’S "].iter().any(|of| name.contains(of))
        || ["YOUNG ", "LITTLE ", "TEENAGE "]
            .iter()
            .any(|p| name.starts_with(p) != known.starts_with(p));
    super::shot::contains_words(known, name)
        || (!another && super::shot::contains_words(name, known))
}

/// Returns the cast in order of appearance.
pub fn cast(script: &Script) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    let mut seen_in_action: BTreeMap<String, String> = BTreeMap::new();
    let mut voice_only: BTreeMap<String, bool> = BTreeMap::new();
    // How often each is she, and he; the sentence after the first one about them says most.
    let mut called: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for speech in script.speeches() {
        let name = script::identity(&speech.speaker);
        if name.is_empty() {
            continue;
        }
        let off = script::extensions(&speech.speaker)
            .iter()
            .any(|e| e.starts_with("VO"))
            || is_narrator(&name);
        voice_only
            .entry(name.clone())
            .and_modify(|v| *v &= off)
            .or_insert(off);
        *counts.entry(name.clone()).or_default() += 1;
        if !members.iter().any(|m| m.name == name) {
            members.push(Member {
                id: String::new(),
                name,
                intro: String::new(),
                called: String::new(),
                offscreen: false,
                speeches: 0,
            });
        }
    }
    for element in &script.elements {
        if let Element::Action(text) = element {
            let text = script::plain(text);
            let all = sentences(&text);
            for (nth, sentence) in all.iter().copied().enumerate() {
                let upper = sentence.to_uppercase();
                for name in introduced(sentence) {
                    if !members.iter().any(|m| same_person(&m.name, &name)) {
                        members.push(Member {
                            id: String::new(),
                            name,
                            intro: String::new(),
                            called: String::new(),
                            offscreen: false,
                            speeches: 0,
                        });
                    }
                }
                let places: Vec<(usize, &str)> = members
                    .iter()
                    .filter(|m| super::shot::contains_words(&upper, &m.name))
                    .filter_map(|m| Some((upper.find(&m.name)?, m.name.as_str())))
                    .collect();
                if let [(_, name)] = places.as_slice() {
                    let votes = called.entry((*name).to_owned()).or_default();
                    let weight = if seen_in_action.contains_key(*name) {
                        1
                    } else {
                        100
                    };
                    if let Some(sex) = all.get(nth + 1).and_then(|next| pronoun(next)) {
                        votes[sex] += weight;
                    }
                    if let Some(sex) = own_pronoun(sentence) {
                        votes[sex] += 1;
                    }
                }
                for (at, name) in &places {
                    // What is said of somebody ends where the next one is named.
                    let end = places
                        .iter()
                        .map(|p| p.0)
                        .filter(|p| p > at && upper.get(*at..*p).is_some_and(|t| t.contains('(')))
                        .min()
                        .unwrap_or(upper.len());
                    // Upper case may be longer than what was written: then the whole sentence.
                    let words = if upper.len() == sentence.len() {
                        sentence.get(if places.len() > 1 { *at } else { 0 }..end)
                    } else {
                        None
                    };
                    seen_in_action
                        .entry((*name).to_owned())
                        .or_insert_with(|| words.unwrap_or(sentence).trim().to_owned());
                }
            }
        }
    }
    let mut taken: Vec<String> = Vec::new();
    for member in &mut members {
        member.id = super::ids::distinct(&slug(&member.name, '_', 40), |id| {
            taken.iter().any(|t| t == id)
        });
        taken.push(member.id.clone());
        member.intro = seen_in_action
            .get(&member.name)
            .cloned()
            .unwrap_or_default();
        member.called = match called.get(&member.name) {
            Some([she, he]) if she > he => "she".to_owned(),
            Some([she, he]) if he > she => "he".to_owned(),
            _ => String::new(),
        };
        member.speeches = counts.get(&member.name).copied().unwrap_or(0);
        member.offscreen =
            voice_only.get(&member.name).copied().unwrap_or(false) && member.intro.is_empty();
    }
    members
}

/// Whom a sentence begins with: 0 for she, 1 for he.
fn pronoun(sentence: &str) -> Option<usize> {
    let first = sentence.split_whitespace().next()?.to_lowercase();
    match first.as_str() {
        "she" | "her" => Some(0),
        "he" | "his" => Some(1),
        _ => None,
    }
}

/// Who the one person of a sentence is by what is theirs: `Osei raises a finger to her lips`.
fn own_pronoun(sentence: &str) -> Option<usize> {
    let low = sentence.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| super::shot::contains_words(&low, w));
    match (
        has(&["her", "herself", "she"]),
        has(&["his", "himself", "he"]),
    ) {
        (true, false) => Some(0),
        (false, true) => Some(1),
        _ => None,
    }
}

pub fn is_narrator(name: &str) -> bool {
    matches!(
        name,
        "NARRATOR" | "NARRATION" | "VOICE" | "VOICE OVER" | "VOICEOVER" | "VO"
    )
}

/// Names in capitals followed by an age or description in brackets: `MARTA (70), a small woman`.
fn introduced(sentence: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, mark) in sentence.match_indices(['(', ',']) {
        let before: Vec<&str> = sentence[..at].split_whitespace().collect();
        let inside = sentence[at + 1..].split(')').next().unwrap_or("");
        // `MARTA (45)`, and as often `MARTA, 45, in a coat`.
        let years: String = inside
            .trim_start()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let aged = if mark == "," {
            years.parse::<u32>().is_ok_and(|n| (1..=110).contains(&n))
        } else {
            inside.chars().next().is_some_and(|c| c.is_ascii_digit())
                || inside.contains('s') && inside.chars().any(|c| c.is_ascii_digit())
        };
        let mut name: Vec<&str> = before
            .iter()
            .rev()
            .take_while(|w| {
                w.chars().all(|c| c.is_uppercase() || ".'’-".contains(c))
                    && w.chars().any(char::is_uppercase)
            })
            .take(3)
            .copied()
            .collect();
        name.reverse();
        while name.first().is_some_and(|w| ["A", "AN", "THE"].contains(w)) {
            name.remove(0);
        }
        if aged && !name.is_empty() {
            out.push(name.join(" "));
        }
    }
    out
}

/// Returns the places in order of appearance, one for each name and side of the wall.
pub fn sites(script: &Script) -> Vec<Site> {
    let mut out: Vec<Site> = Vec::new();
    for scene in script.scenes() {
        let Some(heading) = scene.heading else {
            continue;
        };
        let parts = heading_parts(heading);
        let name = if parts.place.is_empty() {
            heading.to_owned()
        } else {
            parts.place
        };
        let interior = parts.interior.unwrap_or(false);
        if out
            .iter()
            .any(|s| s.name.eq_ignore_ascii_case(&name) && s.interior == interior)
        {
            continue;
        }
        let description = scene
            .elements
            .iter()
            .find_map(|e| match e {
                Element::Action(t) => {
                    Some(script::plain(t).lines().next().unwrap_or("").to_owned())
                }
                _ => None,
            })
            .unwrap_or_default();
        let id = super::ids::distinct(&slug(&name, '_', 40), |id| out.iter().any(|s| s.id == id));
        out.push(Site {
            id,
            name,
            interior,
            description,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_come_apart() {
        let p = |h: &str| {
            let p = heading_parts(h);
            (p.interior, p.place, p.time)
        };
        assert_eq!(
            p("INT. LIGHTHOUSE STAIRS - CONTINUOUS"),
            (Some(true), "LIGHTHOUSE STAIRS".into(), "CONTINUOUS".into())
        );
        assert_eq!(
            p("EXT.  GARDEN --DAY"),
            (Some(false), "GARDEN".into(), "DAY".into())
        );
        assert_eq!(
            p("INT. KITCHEN, DAY"),
            (Some(true), "KITCHEN".into(), "DAY".into())
        );
        assert_eq!(
            p("SNIPER SCOPE POV"),
            (None, "SNIPER SCOPE POV".into(), String::new())
        );
    }
}
