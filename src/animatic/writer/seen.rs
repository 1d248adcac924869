//! Who and what is seen in a shot, by its words: who is named, whom a pronoun means, what is looked at from near.

use crate::animatic::casting;
use crate::animatic::lexicon::{self, lexicon};
use crate::animatic::reading;
use crate::film::cast;
use crate::film::ids::RefId;
use crate::film::kin::is_somebodys;
use crate::film::references::{Age, Person, References, Sex};
use crate::film::shot::POINTS;
use crate::film::words::{contains_any, contains_words, places_of, theirs};

/// Whose shoulder the camera looks over: `OVER MARTA'S SHOULDER`.
pub(super) fn over_shoulder(
    references: Option<&References>,
    words: &str,
    here: &[RefId],
) -> Option<RefId> {
    let low = words.to_lowercase();
    let (_, rest) = low.split_once("over ")?;
    let (whose, _) = rest.split_once("shoulder")?;
    if whose.len() > 40 {
        return None;
    }
    // The shoulder is theirs who are there; `his` is whoever he was last, and is not who is looked at.
    let whose = whose.trim().trim_end_matches("'s").trim_end_matches("’s");
    let seen = rest.split_once("shoulder").map_or("", |(_, seen)| seen);
    let seen = company(references, seen, here);
    (company(references, whose, here).into_iter().next())
        .or_else(|| last_called(references?, whose, here, &seen))
}

/// Who was last `his` or `her`, of those who are there and are not named besides.
fn last_called(
    references: &References,
    pronoun: &str,
    here: &[RefId],
    besides: &[RefId],
) -> Option<RefId> {
    let sex = match pronoun {
        "his" => Sex::Man,
        "her" => Sex::Woman,
        _ => return None,
    };
    let is = |id: &&RefId| references.person(id).is_some_and(|p| p.look.sex == sex);
    let mut those = here.iter().rev().filter(|id| !besides.contains(id));
    those.find(is).cloned()
}

/// Who of the cast the words name. Whose cap or room it is need not be there, unless they are already: `here`.
pub(super) fn company(references: Option<&References>, words: &str, here: &[RefId]) -> Vec<RefId> {
    let Some(references) = references else {
        return Vec::new();
    };
    let upper = words.to_uppercase();
    let names: Vec<&str> = references.cast.iter().map(|p| p.name.as_str()).collect();
    let mut found: Vec<(usize, RefId)> = references
        .cast
        .iter()
        .filter(|p| !p.offscreen)
        .filter_map(|p| {
            let name = p.name.to_uppercase();
            let of_name = name.contains(' ');
            let calls = cast::calls(&name, &names);
            let at = std::iter::once(name.as_str())
                // A first or last name alone names its person, unless it is a common word.
                .chain(
                    calls
                        .into_iter()
                        .filter(|w| of_name && (w.len() > 3 || capitalised(words, w))),
                )
                .find_map(|w| place_of_name(&upper, w, here.contains(&p.id)))?;
            Some((at, p.id.clone()))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, id)| id).take(7).collect()
}

/// Whether a word (in capitals) stands in a text with a capital letter.
fn capitalised(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .any(|w| w.starts_with(char::is_uppercase) && w.to_uppercase() == word)
}

/// Where a text in capitals names somebody who is there: not where only what is theirs is named, unless that is a
/// part of them.
fn place_of_name(upper: &str, name: &str, is_here: bool) -> Option<usize> {
    const OF_A_BODY: [&str; 30] = [
        "ARM",
        "ARMS",
        "BACK",
        "BODY",
        "BREATH",
        "CHEEK",
        "CHEST",
        "EAR",
        "EXPRESSION",
        "EYE",
        "EYES",
        "FACE",
        "FEET",
        "FINGER",
        "FINGERS",
        "FIST",
        "FOREHEAD",
        "GAZE",
        "HAIR",
        "HAND",
        "HANDS",
        "HEAD",
        "KNEES",
        "LAP",
        "LEGS",
        "LIPS",
        "MOUTH",
        "SHOULDER",
        "SHOULDERS",
        "SMILE",
    ];
    places_of(upper, name)
        // `Neither of them is Nora.`
        .filter(|at| {
            let before = upper[..*at].trim_end();
            ![
                "NEITHER OF THEM IS",
                "NONE OF THEM IS",
                "NO SIGN OF",
                "WITHOUT",
                "BUT NOT",
            ]
            .iter()
            .any(|w| before.ends_with(w))
        })
        .find(|at| {
            let Some(theirs) = theirs(&upper[at + name.len()..]) else {
                return true;
            };
            let mut next = theirs.split(|c: char| !c.is_alphanumeric()).take(2);
            // Danny's father is somebody else.
            let kin = theirs
                .split(|c: char| !c.is_alphanumeric())
                .next()
                .is_some_and(is_somebodys);
            (is_here && !kin) || next.any(|w| OF_A_BODY.contains(&w))
        })
}

pub(super) fn pronoun(words: &str) -> bool {
    let low = words.to_lowercase();
    [
        "he", "she", "his", "her", "they", "him", "them", "their", "both", "himself", "herself",
    ]
    .iter()
    .any(|p| contains_words(&low, p))
}

/// Whether words begin with somebody by a pronoun alone.
pub(super) fn begins_with_pronoun(words: &str) -> bool {
    let first = words
        .split(|c: char| !c.is_alphanumeric())
        .find(|w| !w.is_empty());
    first.is_some_and(|w| {
        matches!(
            w.to_lowercase().as_str(),
            "he" | "she" | "they" | "his" | "her" | "their" | "both"
        )
    })
}

/// Whether words say how many of those who were seen they mean: `the two of them`.
pub(super) fn of_them(words: &str) -> bool {
    let low = words.to_lowercase();
    [
        "the two of them",
        "both of them",
        "the three of them",
        "all of them",
    ]
    .iter()
    .any(|w| low.contains(w))
}

/// Through whose eyes a shot looks: `POV HELEN:`, `HELEN'S POV`.
pub(super) fn viewer(
    references: Option<&References>,
    words: &str,
    here: &[RefId],
) -> Option<RefId> {
    let (before, after) = words.split_once("POV")?;
    let pronoun = before.trim().to_lowercase();
    if let Some(id) =
        references.and_then(|r| last_called(r, &pronoun, here, &company(references, after, here)))
    {
        return Some(id);
    }
    let whose = before
        .trim()
        .trim_end_matches(['S', 's'])
        .trim_end_matches(['\'', '’']);
    let named = after.split_once(POINTS).map_or("", |(named, _)| named);
    [whose, named]
        .into_iter()
        .filter(|text| text.len() <= 40)
        .find_map(|text| company(references, text, &[]).into_iter().next())
}

/// Whether `she` or `he` in a text can mean somebody.
pub(super) fn may_be_meant(references: Option<&References>, words: &str, id: &RefId) -> bool {
    let low = words.to_lowercase();
    let has = |list: &[&str]| contains_any(&low, list);
    let sex = references
        .and_then(|r| r.person(id))
        .map(|p| (p.look.sex, p.look.drawn_as.is_some()));
    match (
        has(&["she", "her", "herself"]),
        has(&["he", "him", "his"]),
        sex,
    ) {
        (_, _, None | Some((_, true))) => true,
        (true, false, Some((sex, _))) => sex == Sex::Woman,
        (false, true, Some((sex, _))) => sex == Sex::Man,
        _ => true,
    }
}

/// Brings in whom `she` or `him` means, where nobody who is named can be meant: who was seen last of that sex; and
/// those who are `they` at the head of it.
pub(super) fn meant(
    references: Option<&References>,
    words: &str,
    known: &[RefId],
    company: &mut Vec<RefId>,
) {
    let Some(references) = references else { return };
    let low = words.to_lowercase();
    let all = [
        "they ",
        "both ",
        "the two of them",
        "the three of them",
        "all three ",
        "the whole family",
        "the family ",
    ];
    if all.iter().any(|w| low.starts_with(w)) {
        let many = if low.contains("family") {
            3
        } else {
            how_many(words).max(2)
        };
        let mut those: Vec<RefId> = (known.iter().rev())
            .filter(|id| !company.contains(id))
            .take(many)
            .cloned()
            .collect();
        those.reverse();
        those.append(company);
        those.truncate(3);
        *company = those;
        return;
    }
    if low.starts_with("the children ") || low.starts_with("the kids ") {
        let children = (references.cast.iter())
            .filter(|p| p.look.age == Age::Child && !p.offscreen && !company.contains(&p.id))
            .map(|p| p.id.clone())
            .collect::<Vec<_>>();
        company.extend(children);
        company.truncate(3);
        return;
    }
    // `The boy` is the one who was seen.
    for (called, sex, ages) in CALLED {
        let whole = contains_words(&low, called);
        let theirs = low
            .find(called)
            .is_some_and(|at| low[at + called.len()..].starts_with(['\'', '’']));
        let mut fits = known.iter().filter(|id| {
            references
                .person(id)
                .is_some_and(|p| p.look.sex == sex && ages.contains(&p.look.age))
        });
        if let (true, false, Some(id), None) = (whole, theirs, fits.next(), fits.next())
            && !company.contains(id)
            && company.len() < 3
        {
            company.push(id.clone());
        }
    }
    let those = those_of(references, &low, known);
    if those.len() > 1 {
        company.retain(|c| !those.contains(c));
        company.splice(0..0, those);
        company.truncate(3);
        return;
    }
    if company.is_empty() || of_a_stranger(words) {
        return;
    }
    let has = |list: &[&str]| contains_any(&low, list);
    // `next to her mother`: who was seen here, and can be hers.
    for (kin, sex, older) in KIN {
        let theirs = ["her", "his"].iter().any(|p| {
            let said = format!("{p} {kin}");
            let at = low.find(&said).filter(|_| contains_words(&low, &said));
            // Her father's hat is there without him.
            at.is_some_and(|at| !low[at + said.len()..].starts_with(['\'', '’']))
        });
        if !theirs || company.len() > 2 {
            continue;
        }
        let subject = references.person(&company[0]).map(|p| p.look.age as u8);
        let fits = |id: &&RefId| {
            !company.contains(id)
                && references.person(id).is_some_and(|p| {
                    let grown = matches!(p.look.age, Age::Adult | Age::Old);
                    p.look.sex == sex
                        && older == (Some(p.look.age as u8) > subject)
                        && (grown || !older)
                })
        };
        if let Some(id) = known.iter().rev().find(fits).cloned() {
            company.push(id);
        }
    }
    let sex_of = |id: &RefId| references.person(id).map(|p| p.look.sex);
    for (sex, pronouns) in [(Sex::Woman, ["she", "her"]), (Sex::Man, ["he", "him"])] {
        if !has(&pronouns) || company.len() > 2 || company.iter().any(|c| sex_of(c) == Some(sex)) {
            continue;
        }
        let last = known
            .iter()
            .rev()
            .find(|k| sex_of(k) == Some(sex) && !company.contains(k));
        let begins = pronouns.contains(&low.split_whitespace().next().unwrap_or_default());
        match last {
            Some(id) if begins => company.insert(0, id.clone()),
            Some(id) => company.push(id.clone()),
            None => {}
        }
    }
}

/// How one of the cast is called by what they are.
const CALLED: [(&str, Sex, &[Age]); 4] = [
    ("the boy", Sex::Man, &[Age::Child]),
    ("the girl", Sex::Woman, &[Age::Child]),
    ("the old man", Sex::Man, &[Age::Old]),
    ("the old woman", Sex::Woman, &[Age::Old]),
];

/// What somebody is to somebody: she or he, and whether older.
const KIN: [(&str, Sex, bool); 6] = [
    ("mother", Sex::Woman, true),
    ("father", Sex::Man, true),
    ("grandmother", Sex::Woman, true),
    ("grandfather", Sex::Man, true),
    ("daughter", Sex::Woman, false),
    ("son", Sex::Man, false),
];

/// Whom `the two men`, `the women` or `the couple` at the head of a text mean, of those who were seen.
fn those_of(references: &References, low: &str, known: &[RefId]) -> Vec<RefId> {
    // `TWO SHOT: The women sit.`
    let told = low
        .split_once(POINTS)
        .map_or(low, |(lead, rest)| if lead.len() < 24 { rest } else { low });
    let mut first = told
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty());
    let led = first.next();
    let mut word = first.next().unwrap_or_default();
    // `Two small figures on the beach`: those who were there, if they are two.
    if led == Some("two") && matches!(word, "tiny" | "small" | "distant" | "little") {
        word = first.next().unwrap_or_default();
        let fits = |p: &Person| casting::is_among(word, &p.look);
        let all: Vec<RefId> = (known.iter())
            .filter(|id| references.person(id).is_some_and(fits))
            .cloned()
            .collect();
        return if all.len() == 2 { all } else { Vec::new() };
    }
    let Some("the" | "both") = led else {
        return Vec::new();
    };
    let counted = ["two", "three"].iter().position(|w| *w == word);
    let counted = counted.map(|n| n + 2);
    if counted.is_some() {
        word = first.next().unwrap_or_default();
    }
    let fits = |p: &Person| casting::is_among(word, &p.look);
    let many = match word {
        "couple" | "lovers" | "pair" => 2,
        _ => counted.unwrap_or(3),
    };
    // Sisters are those whom the film is about, not who served them last.
    if matches!(word, "sisters" | "brothers" | "couple" | "lovers") {
        return (references.cast.iter())
            .filter(|p| known.contains(&p.id) && fits(p))
            .take(counted.unwrap_or(2))
            .map(|p| p.id.clone())
            .collect();
    }
    let mut out: Vec<RefId> = (known.iter().rev())
        .filter(|id| references.person(id).is_some_and(fits))
        .take(many)
        .cloned()
        .collect();
    out.reverse();
    out
}

/// Whether somebody holds somebody in their arms who is named by a pronoun alone.
pub(super) fn embraces(words: &str) -> bool {
    let low = words.to_lowercase();
    ["hugs", "embraces", "kisses", "holds"].iter().any(|verb| {
        let object = |p: &&str| contains_words(&low, &format!("{verb} {p}"));
        ["him", "her", "them", "each other"].iter().any(object)
    })
}

/// How many a text means that names nobody: `they`, `the three of them`.
pub(super) fn how_many(words: &str) -> usize {
    let low = words.to_lowercase();
    let has = |w: &&str| contains_words(&low, w);
    // `She hands him the cup`.
    if ["she", "her"].iter().any(has) && ["he", "him"].iter().any(has) {
        return 2;
    }
    if ["three of them", "all three", "all of them"]
        .iter()
        .any(&has)
    {
        3
    } else if ["they", "them", "their", "both", "two of them"]
        .iter()
        .any(has)
    {
        2
    } else {
        1
    }
}

/// Whether words begin with somebody who has no name: `An old woman stares at them`.
pub(super) fn of_a_stranger(words: &str) -> bool {
    let begins = words.len() - words.trim_start().len();
    (reading::strangers(lexicon(), words, &[]).first()).is_some_and(|s| s.at == begins)
}

/// What is said of a shot that looks at one thing or face from near: `keys on the table` of `CLOSE ON keys on the table`.
fn close_on(low: &str) -> Option<&str> {
    const BEGINS: [&str; 20] = [
        "close on",
        "close-up of",
        "close-up on",
        "close up of",
        "close up on",
        "closeup of",
        "close up",
        "close-up",
        "closeup",
        "tight on",
        "extreme close-up of",
        "extreme close up of",
        "extreme close-up on",
        "extreme close up on",
        "extreme close-up",
        "extreme close up",
        "ecu",
        "detail of",
        "macro of",
        "insert",
    ];
    let rest = BEGINS.iter().find_map(|b| low.strip_prefix(b))?;
    // Ecuador is no ECU, and who inserts a key no insert.
    if rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    Some(rest.trim_start_matches([' ', '-', '–', '—', ':']))
}

/// Whose face a shot looks at from near: `CLOSE ON Delia`, `CLOSE ON DELIA'S FACE`.
pub(super) fn close_on_face(references: &References, words: &str) -> Option<RefId> {
    let low = words.to_lowercase();
    let rest = close_on(&low)?;
    let names: Vec<&str> = references.cast.iter().map(|p| p.name.as_str()).collect();
    let named = |p: &&Person| {
        let name = p.name.to_lowercase();
        let mut called = cast::calls(&name, &names);
        called.push(&name);
        called.iter().any(|call| {
            rest.strip_prefix(call).is_some_and(|after| {
                let after = after.trim_start_matches(['\'', '’']);
                after.is_empty()
                    || after.starts_with(['.', ',', ':', ';'])
                    || ["s face", "s eyes", " face"]
                        .iter()
                        .any(|w| after.starts_with(w))
            })
        })
    };
    references.cast.iter().find(named).map(|p| p.id.clone())
}

/// What a shot that is `CLOSE ON the keys` is about, if it is a thing.
pub(super) fn close_on_thing(words: &str) -> Option<&'static str> {
    let low = words.to_lowercase();
    let rest = close_on(&low)?;
    let first = rest.split(['.', '!', '?']).next().unwrap_or_default();
    let lexicon = lexicon();
    let hands = ["hand", "hands", "fingers"];
    let lead: String = first
        .split_whitespace()
        .take(4)
        .collect::<Vec<_>>()
        .join(" ");
    if contains_any(&lead, &hands) {
        // Whatever they hold is seen with them.
        let held = lexicon::things(lexicon, first).into_iter().next();
        return Some(held.map_or("resting hand", |hit| hit.kind));
    }
    let looked_at = |words: &[&str]| contains_any(&lead, words);
    if looked_at(&["foot", "feet", "bare feet", "toes", "slippers"]) {
        return Some("near feet");
    }
    if looked_at(&["shirt", "blouse", "collar", "sleeve"]) {
        return Some("near shirt");
    }
    let thing = lexicon::things(lexicon, first).into_iter().next()?;
    // Zadie's phone is a thing, Zadie with a phone or reading a letter is not; and so is nobody's face.
    // Her hand that steals a cake is seen with the cake.
    let before = &first[..thing.at];
    let has = |words: &[&str]| contains_any(before, words);
    let hand = has(&["hand", "hands", "finger", "fingers", "fist", "palm"]);
    let does = !hand && !lexicon::hits(&lexicon.poses, before).is_empty();
    let of_it = before.split_whitespace().count() <= 4 && !before.contains(" with ");
    let face = has(&["face", "eyes", "eye", "mouth", "smile"]);
    (of_it && !face && !does).then_some(thing.kind)
}
