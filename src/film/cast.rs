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
    /// As the action brings them in, where that says more: `DR. AMARA OBI`, who speaks as DR. OBI.
    pub full: String,
    /// The sentence that brings them in, as written.
    pub intro: String,
    /// Whose blood they are said to be when they are brought in: `his daughter SOPHIE`, `DANNY'S FATHER`.
    pub kin: Option<String>,
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

/// Words that say when a scene plays, or how its time lies to the one before.
const TIMES: [&str; 60] = [
    "DAY",
    "NIGHT",
    "DAWN",
    "DUSK",
    "MORNING",
    "AFTERNOON",
    "EVENING",
    "NOON",
    "MIDDAY",
    "MIDNIGHT",
    "SUNSET",
    "SUNDOWN",
    "SUNRISE",
    "DAYBREAK",
    "DAYLIGHT",
    "FIRST LIGHT",
    "MOONLIGHT",
    "LATER",
    "EARLIER",
    "BEFORE",
    "AFTER",
    "AGO",
    "CONTINUOUS",
    "CONTINUING",
    "CONT'D",
    "SAME",
    "SAME TIME",
    "SIMULTANEOUS",
    "MEANWHILE",
    "INTERCUT",
    "MOMENTS LATER",
    "TWILIGHT",
    "MAGIC HOUR",
    "PRESENT",
    "PAST",
    "FUTURE",
    "NOW",
    "THEN",
    "GOLDEN HOUR",
    "BLUE HOUR",
    "TONIGHT",
    "TOMORROW",
    "YESTERDAY",
    "FLASHBACK",
    "FLASH FORWARD",
    "FLASHFORWARD",
    "DREAM",
    "MEMORY",
    "ESTABLISHING",
    "STOCK",
    "SPRING",
    "SUMMER",
    "AUTUMN",
    "FALL",
    "WINTER",
    "CHRISTMAS EVE",
    "O'CLOCK",
    "UNKNOWN",
    "ANY TIME",
    "ANYTIME",
];

/// Whether the end of a heading says when: `TWO WEEKS LATER`, `1945`, `8:15 P.M.`, `DAY (RAIN)`.
fn is_time(tail: &str) -> bool {
    let clock = tail.chars().any(|c| c.is_ascii_digit())
        && tail
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .all(|w| {
                w.bytes().all(|b| b.is_ascii_digit()) || ["A", "P", "M", "AM", "PM"].contains(&w)
            });
    // `SUMMER KITCHEN` is a place, `THE NEXT SUMMER` is a time.
    const AT_THE_END: [&str; 16] = [
        "AFTER", "BEFORE", "NOW", "THEN", "PAST", "FUTURE", "PRESENT", "SAME", "SPRING", "SUMMER",
        "AUTUMN", "FALL", "WINTER", "STOCK", "DREAM", "MEMORY",
    ];
    let last = tail.rsplit(|c: char| !c.is_alphanumeric()).next();
    clock
        || TIMES.iter().any(|t| {
            super::shot::contains_words(tail, t) && (last == Some(*t) || !AT_THE_END.contains(t))
        })
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
    let cut = text
        .rfind(" -")
        .or_else(|| text.rfind("--"))
        .or_else(|| text.rfind('–'))
        .or_else(|| text.rfind('—'));
    let mut time = String::new();
    if let Some(at) = cut {
        let tail = text[at..].trim_matches(|c: char| !c.is_alphanumeric());
        // What follows the dash may be a part of the place: `STATION - GALLEY`.
        if is_time(&tail.to_uppercase()) {
            time = tail.to_uppercase();
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

/// Whether two names are one person's: `CALEB` and `CALEB ROURKE`, `DR. OBI` and `DR. AMARA OBI`, `FATHER` and
/// `DANNY'S FATHER`; not `ANNA` and `ANNA'S MOTHER`, nor `MARTA` and `YOUNG MARTA`.
fn same_person(known: &str, name: &str) -> bool {
    let kin = [
        "FATHER",
        "MOTHER",
        "GRANDFATHER",
        "GRANDMOTHER",
        "DAD",
        "MOM",
        "MUM",
        "BROTHER",
        "SISTER",
        "UNCLE",
        "AUNT",
        "SON",
        "DAUGHTER",
        "WIFE",
        "HUSBAND",
    ];
    if kin.contains(&known) {
        return name == known
            || ["'S ", "’S "]
                .iter()
                .any(|of| name.ends_with(&format!("{of}{known}")));
    }
    let another = ["'S ", "’S "].iter().any(|of| name.contains(of))
        || ["YOUNG ", "LITTLE ", "TEENAGE "]
            .iter()
            .any(|p| name.starts_with(p) != known.starts_with(p));
    // MAYA is not MAYA'S MOTHER.
    let of_hers = ["'S ", "’S "].iter().any(|of| known.contains(of))
        && !name.contains("'S ")
        && !name.contains("’S ");
    (super::shot::contains_words(known, name) && !of_hers)
        || (!another && super::shot::contains_words(name, known))
        || (!another && within(known, name))
        || (!another && !of_hers && within(name, known))
}

/// Whether all words of a name stand in a longer one, the last of both being the same: DR. OBI in DR. AMARA OBI.
/// Titles are no part of it, but may not be of two people: MRS. REED is not PAUL REED.
fn within(short: &str, long: &str) -> bool {
    const TITLES: [&str; 19] = [
        "MR",
        "MRS",
        "MS",
        "MISS",
        "DR",
        "DOCTOR",
        "PROF",
        "PROFESSOR",
        "SIR",
        "LADY",
        "CAPTAIN",
        "CAPT",
        "SGT",
        "SERGEANT",
        "LT",
        "LIEUTENANT",
        "SHERIFF",
        "DETECTIVE",
        "COACH",
    ];
    let parts = |name: &str| -> (Vec<String>, Vec<String>) {
        (name.split(|c: char| !(c.is_alphanumeric() || "'’-".contains(c))))
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .partition(|w| TITLES.contains(&w.as_str()))
    };
    let ((title, short), (other, long)) = (parts(short), parts(long));
    let of_a_sex = |t: &Vec<String>| {
        t.iter()
            .any(|w| matches!(w.as_str(), "MR" | "MRS" | "MS" | "MISS"))
    };
    let titles = title == other
        || (title.is_empty() || other.is_empty()) && !of_a_sex(&title) && !of_a_sex(&other);
    titles
        && !short.is_empty()
        && short.last() == long.last()
        && short.iter().all(|w| long.contains(w))
}

/// Returns the cast in order of appearance.
pub fn cast(script: &Script) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    let mut seen_in_action: BTreeMap<String, String> = BTreeMap::new();
    let mut voice_only: BTreeMap<String, bool> = BTreeMap::new();
    // How often each is she, and he; the sentence after the first one about them says most.
    let mut called: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut kin: BTreeMap<String, String> = BTreeMap::new();
    let mut last_named: Option<String> = None;
    for speech in script.speeches() {
        let name = script::identity(&speech.speaker);
        if name.is_empty() {
            continue;
        }
        let off = script::extensions(&speech.speaker)
            .iter()
            .any(|e| e.starts_with("VO"))
            || is_narrator(&name)
            || is_a_voice(&name)
            || is_everybody(&name);
        voice_only
            .entry(name.clone())
            .and_modify(|v| *v &= off)
            .or_insert(off);
        *counts.entry(name.clone()).or_default() += 1;
        if !members.iter().any(|m| m.name == name) {
            members.push(Member {
                id: String::new(),
                full: name.clone(),
                name,
                intro: String::new(),
                kin: None,
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
                    let known = members.iter_mut().find(|m| same_person(&m.name, &name));
                    if let Some(known) = known {
                        if known.full == known.name && name.len() > known.name.len() {
                            known.full = name;
                        }
                    } else {
                        members.push(Member {
                            id: String::new(),
                            full: name.clone(),
                            name,
                            intro: String::new(),
                            kin: None,
                            called: String::new(),
                            offscreen: false,
                            speeches: 0,
                        });
                    }
                }
                let places: Vec<(usize, &str)> = members
                    .iter()
                    .filter_map(|m| {
                        let named = [&m.name, &m.full]
                            .into_iter()
                            .find(|n| super::shot::contains_words(&upper, n))?;
                        Some((upper.find(named.as_str())?, m.name.as_str()))
                    })
                    .collect();
                if let [(at, name)] = places.as_slice() {
                    let votes = called.entry((*name).to_owned()).or_default();
                    let weight = if seen_in_action.contains_key(*name) {
                        1
                    } else {
                        100
                    };
                    if let Some(next) = all.get(nth + 1) {
                        let nobody = !members
                            .iter()
                            .any(|m| super::shot::contains_words(&next.to_uppercase(), &m.name));
                        match (pronoun(next), own_pronoun(next).filter(|_| nobody)) {
                            (Some(sex), _) => votes[sex] += weight,
                            (None, Some(sex)) => votes[sex] += 1,
                            (None, None) => {}
                        }
                    }
                    // Before the name it is somebody else who is meant: `Below her DARIO waits`.
                    if let Some(sex) = upper.get(at + name.len()..).and_then(own_pronoun) {
                        votes[sex] += 1;
                    }
                }
                let mut in_order = places.clone();
                in_order.sort_unstable();
                for (at, name) in in_order {
                    let whose = upper
                        .get(..at)
                        .and_then(|before| kin_before(before, &members));
                    let whose = match whose {
                        Some(Kin::Named(whose)) => Some(whose),
                        Some(Kin::Theirs) => last_named.clone(),
                        None => None,
                    };
                    if let Some(whose) = whose.filter(|w| w != name) {
                        kin.entry(name.to_owned()).or_insert(whose);
                    }
                    last_named = Some(name.to_owned());
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
                    // `A woman in a torn dress stands there. This is MARGUERITE.`
                    let named_only = [
                        "THIS IS ",
                        "IT IS ",
                        "IT'S ",
                        "HER NAME IS ",
                        "HIS NAME IS ",
                    ]
                    .iter()
                    .any(|s| upper.trim_start().starts_with(s));
                    let told = match (named_only && nth > 0, words) {
                        (true, _) => format!("{} {}", sentence.trim(), all[nth - 1].trim()),
                        (false, words) => words.unwrap_or(sentence).trim().to_owned(),
                    };
                    seen_in_action.entry((*name).to_owned()).or_insert(told);
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
        member.kin = kin.get(&member.name).cloned().or_else(|| {
            // DANNY'S FATHER is Danny's.
            let (whose, what) = member
                .full
                .split_once("'S ")
                .or(member.full.split_once("’S "))?;
            BLOOD.contains(&what).then(|| whose.to_owned())
        });
        member.speeches = counts.get(&member.name).copied().unwrap_or(0);
        member.offscreen = voice_only.get(&member.name).copied().unwrap_or(false)
            && member.intro.is_empty()
            || is_everybody(&member.name);
    }
    members
}

/// Who is of one blood.
const BLOOD: [&str; 12] = [
    "FATHER",
    "MOTHER",
    "SON",
    "DAUGHTER",
    "BROTHER",
    "SISTER",
    "GRANDFATHER",
    "GRANDMOTHER",
    "GRANDSON",
    "GRANDDAUGHTER",
    "TWIN",
    "CHILD",
];

/// Whose kin a name is said to be that follows.
enum Kin {
    Named(String),
    /// His or hers who was named last.
    Theirs,
}

fn kin_before(before: &str, members: &[Member]) -> Option<Kin> {
    let words: Vec<&str> = before.split_whitespace().rev().take(5).collect();
    let at = words
        .iter()
        .take(3)
        .position(|w| BLOOD.contains(&w.trim_matches(',')))?;
    let whose = words.get(at + 1..)?.iter().take(3).copied();
    for word in whose {
        if matches!(word, "HIS" | "HER" | "THEIR") {
            return Some(Kin::Theirs);
        }
        let owner = word.strip_suffix("'S").or(word.strip_suffix("’S"));
        if let Some(owner) = owner {
            let known = members
                .iter()
                .find(|m| super::shot::contains_words(&m.name, owner));
            return known.map(|m| Kin::Named(m.name.clone()));
        }
    }
    None
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

/// Who the one person of a sentence is by what is theirs: `Osei raises a finger to her lips`; not `kisses
/// her`, nor `kisses her hand`, which may be somebody else's.
fn own_pronoun(after_the_name: &str) -> Option<usize> {
    const TOUCHES: [&str; 24] = [
        "kisses", "hugs", "hits", "strokes", "slaps", "touches", "takes", "grabs", "holds",
        "helps", "squeezes", "follows", "watches", "sees", "meets", "catches", "pulls", "pushes",
        "carries", "leads", "at", "beside", "behind", "with",
    ];
    let low = after_the_name.to_lowercase();
    let words: Vec<&str> = low
        .split_inclusive(|c: char| c.is_whitespace())
        .map(str::trim)
        .filter(|w| !w.is_empty())
        .collect();
    let bare = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let mut found = [false; 2];
    for (i, word) in words.iter().enumerate() {
        let sex = match bare(word).as_str() {
            "she" | "herself" => 0,
            "he" | "himself" => 1,
            own @ ("her" | "his") => {
                let ends = word.ends_with(|c: char| !c.is_alphanumeric());
                let somebodys = i > 0 && TOUCHES.contains(&bare(words[i - 1]).as_str());
                let next = words.get(i + 1).map(|w| bare(w)).unwrap_or_default();
                // `gives her a cup`, `looks at her and smiles`: it stands for somebody.
                let object = next.is_empty()
                    || ends
                    || [
                        "a", "an", "the", "and", "to", "as", "in", "on", "up", "down", "back",
                        "away", "from", "into",
                    ]
                    .contains(&next.as_str());
                if somebodys || object {
                    continue;
                }
                usize::from(own == "his")
            }
            _ => continue,
        };
        found[sex] = true;
    }
    match found {
        [true, false] => Some(0),
        [false, true] => Some(1),
        _ => None,
    }
}

/// The words of a name that alone call who bears it, in the name's own letters: `VOSS` of CAPTAIN VOSS, and `CAPTAIN`
/// where no other of `names` is one; never `BROTHER`, `YOUNG` or `MAN`, which others are as well.
pub fn calls<'a>(name: &'a str, names: &[&str]) -> Vec<&'a str> {
    const ANYBODY: [&str; 22] = [
        "THE", "AND", "MAN", "WOMAN", "BOY", "GIRL", "OLD", "YOUNG", "LITTLE", "TEENAGE", "BIG",
        "FIRST", "SECOND", "MRS", "MISS", "BROTHER", "SISTER", "MOTHER", "FATHER", "UNCLE", "AUNT",
        "FRIEND",
    ];
    let shared = |word: &str| {
        names.iter().any(|n| {
            n.to_uppercase() != name.to_uppercase()
                && super::shot::contains_words(&n.to_uppercase(), word)
        })
    };
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|w| {
            let word = w.to_uppercase();
            w.chars().count() > 2 && !ANYBODY.contains(&word.as_str()) && !shared(&word)
        })
        .collect()
}

/// Whether a name is of all who are there, and so of nobody: EVERYONE shouts.
pub fn is_everybody(name: &str) -> bool {
    matches!(
        name,
        "EVERYONE"
            | "EVERYBODY"
            | "ALL"
            | "CROWD"
            | "THE CROWD"
            | "AUDIENCE"
            | "CHORUS"
            | "BOTH"
            | "GUESTS"
            | "CHILDREN"
            | "OTHERS"
    )
}

/// Whether a name is of somebody who is heard from elsewhere: VOICE ON THE PHONE, RADIO VOICE.
pub fn is_a_voice(name: &str) -> bool {
    let has = |word: &str| super::shot::contains_words(name, word);
    let voice = name.ends_with("VOICE")
        || ["VOICE ON ", "VOICE OF ", "VOICE FROM "]
            .iter()
            .any(|w| name.starts_with(w));
    voice && !is_narrator(name)
        || has("ON THE PHONE")
        || has("ON PHONE")
        || has("ON RADIO")
        || has("ON THE RADIO")
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
        } else if aged
            && mark == "("
            && let Some(word) = before.last()
            // `Paul (45)`; not `his grandson (8)`.
            && word.chars().count() > 1
            && word.starts_with(char::is_uppercase)
            && word.chars().skip(1).all(char::is_lowercase)
            && !is_common(word)
        {
            out.push(word.to_uppercase());
        }
    }
    out
}

/// Whether a word with a capital letter names nobody by itself.
fn is_common(word: &str) -> bool {
    matches!(
        word,
        "A" | "An"
            | "The"
            | "He"
            | "She"
            | "They"
            | "His"
            | "Her"
            | "Two"
            | "Three"
            | "Man"
            | "Woman"
            | "Boy"
            | "Girl"
            | "Day"
            | "Night"
            | "Shot"
            | "Scene"
            | "Mother"
            | "Father"
            | "Children"
            | "Child"
    )
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
    fn a_word_of_a_name_calls_one_alone() {
        let all = [
            "BROTHER ANSELM",
            "BROTHER FELIX",
            "CAPTAIN VOSS",
            "YOUNG MARTA",
        ];
        assert_eq!(calls("BROTHER ANSELM", &all), ["ANSELM"]);
        assert_eq!(calls("CAPTAIN VOSS", &all), ["CAPTAIN", "VOSS"]);
        assert_eq!(calls("YOUNG MARTA", &all), ["MARTA"]);
        assert_eq!(calls("CAPTAIN VOSS", &["CAPTAIN LEE"]), ["VOSS"]);
    }

    #[test]
    fn a_pronoun_counts_for_the_one_it_can_mean() {
        let sex = |after: &str| own_pronoun(after);
        assert_eq!(sex(" raises a finger to her lips."), Some(0));
        assert_eq!(sex(" wipes his glasses."), Some(1));
        assert_eq!(sex(" kisses her."), None);
        assert_eq!(sex(" kisses her cheek."), None);
        assert_eq!(sex(" gives her a cup."), None);
        assert_eq!(sex(" looks at her, then wipes his brow."), Some(1));
    }

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
        for (heading, place, time) in [
            ("INT. STATION - GALLEY", "STATION - GALLEY", ""),
            ("INT. STATION - GALLEY - NIGHT", "STATION - GALLEY", "NIGHT"),
            ("INT. OFFICE - TWO WEEKS LATER", "OFFICE", "TWO WEEKS LATER"),
            ("EXT. BERLIN - 1945", "BERLIN", "1945"),
            ("INT. BANK - 8:15 A.M.", "BANK", "8:15 A.M"),
            ("INT. PRISON - CELL 4", "PRISON - CELL 4", ""),
            ("EXT. FARM - SUMMER", "FARM", "SUMMER"),
            (
                "INT. HOTEL - FALL RIVER SUITE",
                "HOTEL - FALL RIVER SUITE",
                "",
            ),
        ] {
            let parts = heading_parts(heading);
            assert_eq!(
                (parts.place.as_str(), parts.time.as_str()),
                (place, time),
                "{heading}"
            );
        }
        assert_eq!(
            p("SNIPER SCOPE POV"),
            (None, "SNIPER SCOPE POV".into(), String::new())
        );
    }
}
