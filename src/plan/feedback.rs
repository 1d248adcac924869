//! What a person said about a stage, as far as rules can follow it.
//!
//! The documented instructions (README, "Asking for changes"): shorter, longer, slower, faster,
//! fewer or more shots, closer, wider, a move of the camera, a mood, a look, music or voices louder or
//! quieter, drop; each for the whole, a beat, a shot or a person. What is not among them is returned,
//! never guessed.

use crate::film::shot::{Move, contains_words};
use crate::film::storyboard::{BoardBeat, Shot};

/// What an instruction is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    All,
    Beat(String),
    Shot(String),
    Person(String),
}

impl Target {
    /// Whether a shot is meant.
    pub fn means(&self, beat: &BoardBeat, shot: &Shot) -> bool {
        match self {
            Target::All => true,
            Target::Beat(id) => beat.id.as_ref().is_some_and(|i| i.as_str() == id),
            Target::Shot(id) => shot.name() == id,
            Target::Person(id) => shot.cast.iter().any(|c| c.as_str() == id),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Lengths times this.
    Length(f64),
    /// Exactly this many seconds.
    Seconds(f64),
    FewerShots,
    MoreShots,
    Closer,
    Wider,
    Camera(Move),
    Mood(String),
    Look(String),
    Music(f64),
    Voices(f64),
    Drop,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Instruction {
    pub target: Target,
    pub change: Change,
    /// The words it was read from.
    pub said: String,
}

/// Names that feedback may mention, by id.
#[derive(Debug, Default)]
pub struct Names {
    /// (id, words that name it)
    pub beats: Vec<(String, Vec<String>)>,
    pub shots: Vec<String>,
    pub people: Vec<(String, String)>,
}

/// Words that lead to a mood.
const MOODS: [(&str, &[&str]); 14] = [
    (
        "calm",
        &["calm", "calmer", "quiet mood", "peaceful", "serene"],
    ),
    ("warm", &["warm", "warmer", "cosy", "cozy", "friendly"]),
    (
        "hopeful",
        &[
            "hopeful",
            "optimistic",
            "uplifting",
            "happier",
            "happy",
            "brighter",
        ],
    ),
    (
        "playful",
        &[
            "playful", "funny", "funnier", "lighter", "comic", "cheerful",
        ],
    ),
    ("wonder", &["wonder", "magical", "dreamy", "dreamlike"]),
    (
        "tender",
        &["tender", "romantic", "gentle", "gentler", "softer"],
    ),
    (
        "melancholy",
        &[
            "melancholy",
            "melancholic",
            "sad",
            "sadder",
            "wistful",
            "nostalgic",
        ],
    ),
    (
        "mysterious",
        &["mysterious", "mystery", "eerie", "strange", "stranger"],
    ),
    (
        "tense",
        &[
            "tense",
            "tenser",
            "suspense",
            "suspenseful",
            "nervous",
            "scarier",
        ],
    ),
    ("dark", &["dark", "darker", "grim", "bleak", "gloomy"]),
    ("epic", &["epic", "grand", "heroic", "bigger"]),
    ("urgent", &["urgent", "hectic", "frantic"]),
    ("confident", &["confident", "bold", "bolder", "energetic"]),
    ("neutral", &["neutral", "clinical", "sober", "plain"]),
];

const LOOKS: [(&str, &[&str]); 4] = [
    ("paper", &["paper", "cut paper"]),
    ("noir", &["noir", "black and white", "monochrome"]),
    ("sepia", &["sepia", "old photo", "vintage"]),
    (
        "bright",
        &[
            "bright look",
            "colourful",
            "colorful",
            "saturated",
            "more colour",
            "more color",
        ],
    ),
];

pub fn mood_of(word: &str) -> Option<&'static str> {
    let low = word.to_lowercase();
    MOODS
        .iter()
        .find(|(_, words)| words.contains(&low.as_str()))
        .map(|(m, _)| *m)
}

pub fn moods() -> impl Iterator<Item = &'static str> {
    MOODS.iter().map(|(m, _)| *m)
}

pub fn looks() -> impl Iterator<Item = &'static str> {
    LOOKS.iter().map(|(m, _)| *m)
}

/// Reads feedback. `Err` lists the parts that no rule follows.
pub fn read(text: &str, names: &Names) -> Result<Vec<Instruction>, Vec<String>> {
    let mut out = Vec::new();
    let mut lost = Vec::new();
    let mut target = Target::All;
    for clause in clauses(text) {
        let low = format!(" {} ", clause.to_lowercase().replace(['"', '“', '”'], " "));
        // What must not be, or names what is not there, no rule follows.
        if NEGATIONS.iter().any(|n| has(&low, n)) {
            lost.push(clause);
            continue;
        }
        match target_in(&low, names) {
            Ok(Some(named)) => target = named,
            Ok(None) => {}
            Err(()) => {
                lost.push(clause);
                continue;
            }
        }
        if unknown_word(&low, names) {
            lost.push(clause);
            continue;
        }
        match change_in(&low) {
            Some(change) => out.push(Instruction {
                target: target.clone(),
                change,
                said: clause,
            }),
            None => lost.push(clause),
        }
    }
    if lost.is_empty() && !out.is_empty() {
        Ok(out)
    } else {
        Err(lost)
    }
}

/// Words that carry no wish of their own, and those the instructions are made of.
const KNOWN: &str = "a all an and are as away be beat beats beginning bit calmer camera close closer closeups closeup \
    cut cuts cutting delete dialogue double down drop end ending everything extend far farther fast faster few \
    fewer film first framing further gentle gently half have i in is it its last leave length lengthen less little long \
    longer look loud louder lot lower make makes many mood more much music narration narrator of on opening out \
    pace pacier panel panels picture pictures please prominent quicker quieter remove s scene scenes score second \
    seconds shorten shorter should shot shots slightly slow slower slowly softer speed take tempo than that the them \
    there they this tighten tighter time to too trim twice up ups video voice voices want we whole wider with \
    you would like be";

/// Whether a clause holds a word that neither an instruction nor a name explains: then it says more
/// than a rule understands.
fn unknown_word(low: &str, names: &Names) -> bool {
    let named = |word: &str| {
        let holds = |text: &str| {
            text.to_lowercase()
                .split(|c: char| !c.is_alphanumeric())
                .any(|w| w == word)
        };
        names.shots.iter().any(|s| holds(s))
            || names
                .beats
                .iter()
                .any(|(id, words)| holds(id) || words.iter().any(|w| holds(w)))
            || names
                .people
                .iter()
                .any(|(id, name)| holds(id) || holds(name))
    };
    let listed = |lists: &[(&str, &[&str])], word: &str| {
        lists.iter().any(|(name, words)| {
            *name == word || words.iter().any(|w| w.split(' ').any(|part| part == word))
        })
    };
    low.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .any(|word| {
            !(word.starts_with(|c: char| c.is_ascii_digit())
                || KNOWN.split_whitespace().any(|k| k == word)
                || listed(&MOODS, word)
                || listed(&LOOKS, word)
                || Move::ALL
                    .iter()
                    .flat_map(|m| m.spellings())
                    .any(|s| s.split([' ', '-']).any(|part| part == word))
                || named(word))
        })
}

const NEGATIONS: [&str; 9] = [
    "not", "don't", "don’t", "dont", "never", "no", "without", "isn't", "nor",
];

/// Says what is asked of several at once of each alone: `shots 3 and 5 closer` is `shot 3 closer. shot 5 closer`.
fn spread(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_digit());
    let ends = |w: &str| w.ends_with(['.', ';', ',', '!']);
    let joins = |w: &str| matches!(w.to_lowercase().as_str(), "and" | "&" | "but" | "then");
    let mut out: Vec<String> = Vec::new();
    let mut i = 0;
    while let Some(word) = words.get(i) {
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
            if number(bare) {
                numbers.push(bare);
                at += 1;
                if ends(next) && !next.ends_with(',') {
                    break;
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

fn clauses(text: &str) -> Vec<String> {
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

fn has(text: &str, words: &str) -> bool {
    contains_words(text, words)
}

/// Single words that mean a move of the camera wherever they stand; others do beside the word `camera`.
const MOVES: &str =
    "arc crane dolly handheld orbit pan roll static steadicam tilt tracking truck zoom";

/// The move of the camera a clause asks for.
fn camera_in(low: &str) -> Option<Move> {
    let low = low.replace('-', " ");
    let spelled = Move::ALL.iter().flat_map(|m| {
        let all = m.spellings().iter().map(|s| s.replace('-', " "));
        all.map(move |s| (s, *m))
    });
    spelled
        .filter(|(s, _)| has(&low, s))
        .filter(|(s, _)| {
            s.contains(' ') || has(&low, "camera") || MOVES.split(' ').any(|clear| clear == s)
        })
        .max_by_key(|(s, _)| s.len())
        .map(|(_, m)| m)
}

fn target_in(low: &str, names: &Names) -> Result<Option<Target>, ()> {
    if let Some(id) = names.shots.iter().find(|id| has(low, &id.to_lowercase())) {
        return Ok(Some(Target::Shot(id.clone())));
    }
    for (word, list) in [("shot", true), ("scene", false), ("beat", false)] {
        for plural in [word.to_owned(), format!("{word}s")] {
            if let Some((_, tail)) = low.split_once(&format!("{plural} "))
                && let Ok(n) = tail
                    .split_whitespace()
                    .next()
                    .unwrap_or("")
                    .trim_end_matches(|c: char| !c.is_ascii_digit())
                    .parse::<usize>()
                && n > 0
            {
                let found = if list {
                    names.shots.get(n - 1).map(|s| Target::Shot(s.clone()))
                } else {
                    names
                        .beats
                        .get(n - 1)
                        .map(|(id, _)| Target::Beat(id.clone()))
                };
                return found.map(Some).ok_or(());
            }
        }
    }
    for (place, which) in [
        ("first", 0usize),
        ("last", usize::MAX),
        ("opening", 0),
        ("ending", usize::MAX),
    ] {
        if (has(low, place) && (has(low, "scene") || has(low, "beat")))
            || (place.ends_with("ing") && has(low, &format!("the {place}")))
        {
            let at = which.min(names.beats.len().saturating_sub(1));
            return Ok(names.beats.get(at).map(|(id, _)| Target::Beat(id.clone())));
        }
    }
    if let Some((id, _)) = names.beats.iter().find(|(id, words)| {
        has(low, &id.to_lowercase()) || words.iter().any(|w| has(low, &w.to_lowercase()))
    }) {
        return Ok(Some(Target::Beat(id.clone())));
    }
    Ok(names
        .people
        .iter()
        .find(|(id, name)| has(low, &id.to_lowercase()) || has(low, &name.to_lowercase()))
        .map(|(id, _)| Target::Person(id.clone())))
}

fn change_in(low: &str) -> Option<Change> {
    let much = if has(low, "much") || has(low, "a lot") || has(low, "far") {
        1.8
    } else if has(low, "a bit") || has(low, "a little") || has(low, "slightly") {
        0.5
    } else {
        1.0
    };
    let louder = has(low, "louder") || has(low, "up") || has(low, "more prominent");
    let quieter = has(low, "quieter")
        || has(low, "softer")
        || has(low, "down")
        || has(low, "lower")
        || has(low, "less loud");
    if (has(low, "music") || has(low, "score")) && (louder || quieter) {
        return Some(Change::Music(if louder { 3.0 } else { -3.0 } * much));
    }
    if ["voice", "voices", "narrator", "narration", "dialogue"]
        .iter()
        .any(|w| has(low, w))
        && (louder || quieter)
    {
        return Some(Change::Voices(if louder { 3.0 } else { -3.0 } * much));
    }
    if (has(low, "seconds") || has(low, "second") || has(low, "s long") || has(low, "to"))
        && let (_, Some(seconds)) = crate::film::shot::split_length(low.trim())
    {
        return (0.2..=3600.0)
            .contains(&seconds)
            .then_some(Change::Seconds(seconds));
    }
    for (words, factor) in [
        (&["half as long", "half the length"][..], 0.5),
        (&["twice as long", "double the length"][..], 2.0),
        (
            &[
                "too long", "shorter", "shorten", "tighter", "tighten", "trim",
            ][..],
            1.0 - 0.2 * much,
        ),
        (
            &["too short", "longer", "lengthen", "extend"][..],
            1.0 + 0.25 * much,
        ),
        (
            &[
                "too fast",
                "slower",
                "slow down",
                "calmer pace",
                "more time",
            ][..],
            1.0 + 0.25 * much,
        ),
        (
            &["too slow", "faster", "quicker", "speed up", "pacier"][..],
            1.0 - 0.2 * much,
        ),
    ] {
        if words.iter().any(|w| has(low, w)) {
            return Some(Change::Length(factor));
        }
    }
    if has(low, "fewer shots")
        || has(low, "less shots")
        || has(low, "fewer cuts")
        || has(low, "too many shots")
    {
        return Some(Change::FewerShots);
    }
    if has(low, "more shots") || has(low, "more cuts") || has(low, "too few shots") {
        return Some(Change::MoreShots);
    }
    if ["closer", "tighter framing", "close ups", "closeups"]
        .iter()
        .any(|w| has(low, w))
    {
        return Some(Change::Closer);
    }
    if ["wider", "further away", "farther away"]
        .iter()
        .any(|w| has(low, w))
    {
        return Some(Change::Wider);
    }
    if ["drop", "cut out", "remove", "delete", "leave out"]
        .iter()
        .any(|w| has(low, w))
    {
        return Some(Change::Drop);
    }
    if let Some((look, _)) = LOOKS
        .iter()
        .find(|(look, words)| has(low, look) || words.iter().any(|w| has(low, w)))
    {
        return Some(Change::Look((*look).to_owned()));
    }
    let mood = MOODS
        .iter()
        .find(|(mood, words)| has(low, mood) || words.iter().any(|w| has(low, w)));
    if let Some((mood, _)) = mood {
        return Some(Change::Mood((*mood).to_owned()));
    }
    camera_in(low).map(Change::Camera)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names {
            beats: vec![
                ("ext_pier_dawn".into(), vec!["pier".into()]),
                ("int_cafe".into(), vec!["cafe".into()]),
            ],
            shots: vec!["s01_010".into(), "s01_020".into()],
            people: vec![("greta".into(), "GRETA".into())],
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &[(Target, Change)]) {
        let read = read(text, &names()).unwrap();
        assert_eq!(
            read.into_iter()
                .map(|i| (i.target, i.change))
                .collect::<Vec<_>>(),
            expected,
            "{text}"
        );
    }

    #[test]
    fn what_is_asked_of_several_is_asked_of_each() {
        let shot = |n: usize, change: Change| (Target::Shot(names().shots[n - 1].clone()), change);
        let longer = || Change::Length(1.25);
        check(
            "shots 1 and 2 longer",
            &[shot(1, longer()), shot(2, longer())],
        );
        check(
            "make shots 1, 2 longer",
            &[shot(1, longer()), shot(2, longer())],
        );
        check(
            "drop shots 1 and 2, and the music quieter",
            &[
                shot(1, Change::Drop),
                shot(2, Change::Drop),
                shot(2, Change::Music(-3.0)),
            ],
        );
    }

    #[test]
    fn documented_instructions_are_followed() {
        check("shorter", &[(Target::All, Change::Length(0.8))]);
        check(
            "make the pier scene longer",
            &[(Target::Beat("ext_pier_dawn".into()), Change::Length(1.25))],
        );
        check(
            "sadder, and the music quieter",
            &[
                (Target::All, Change::Mood("melancholy".into())),
                (Target::All, Change::Music(-3.0)),
            ],
        );
        check(
            "shot 2 closer",
            &[(Target::Shot("s01_020".into()), Change::Closer)],
        );
        check(
            "scene 2 to 6 seconds",
            &[(Target::Beat("int_cafe".into()), Change::Seconds(6.0))],
        );
        check("more shots", &[(Target::All, Change::MoreShots)]);
    }

    #[test]
    fn the_camera_is_told_what_to_do() {
        let one = || Target::Shot("s01_010".into());
        for (text, movement) in [
            ("shot 1: push in slowly", Move::PushIn),
            ("shot 1 pans left", Move::PanLeft),
            ("shot 1 should be handheld", Move::Handheld),
            ("the camera stands still in shot 1", Move::Static),
            ("shot 1 should hold still", Move::Static),
            ("shot 1 zoom-out", Move::ZoomOut),
        ] {
            check(text, &[(one(), Change::Camera(movement))]);
        }
        // What only might be a move is none.
        assert!(read("shot 1 lower", &names()).is_err());
        assert!(read("shot 1 follow", &names()).is_err());
    }

    #[test]
    fn what_must_not_be_or_is_not_there_is_refused() {
        for text in [
            "don't make it longer",
            "not shorter",
            "no more shots",
            "shot 9 longer",
            "scene 7 closer",
            "100000 seconds",
        ] {
            assert!(read(text, &names()).is_err(), "{text}");
        }
    }

    #[test]
    fn what_no_rule_follows_is_named() {
        assert_eq!(
            read("shorter, and give Greta a reason to stay", &names()),
            Err(vec!["give Greta a reason to stay".into()])
        );
    }
}
