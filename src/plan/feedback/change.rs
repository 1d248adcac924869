//! What a clause asks for.

use super::{Change, Target};
use crate::film::numerals;
use crate::film::shot::Move;
use crate::film::words::contains_words as has;

/// Words that lead to a mood.
pub(super) const MOODS: [(&str, &[&str]); 14] = [
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

pub(super) const LOOKS: [(&str, &[&str]); 4] = [
    ("paper", &["paper", "cut paper"]),
    ("noir", &["noir", "black & white", "monochrome"]),
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

/// Single words that mean a move of the camera wherever they stand; others do beside the word `camera`.
const MOVES: &str =
    "arc crane dolly handheld orbit pan roll static steadicam tilt tracking truck zoom";

/// The move of the camera a clause asks for.
fn camera_in(low: &str) -> Option<Move> {
    let low = low.replace('-', " ");
    if has(&low, "hold") && has(&low, "still") {
        return Some(Move::Static);
    }
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

/// Steps of light that a clause asks for; `darker` of a whole film is a mood.
fn light_in(low: &str, of_a_shot: bool) -> Option<i32> {
    let any = |words: &[&str]| words.iter().any(|w| has(low, w));
    let sign = if any(&["dimmer", "less light"]) || (of_a_shot && has(low, "darker")) {
        -1
    } else if any(&["more light"]) || (of_a_shot && any(&["brighter", "lighter"])) {
        1
    } else {
        return None;
    };
    let much = any(&["much", "a lot", "far"]);
    Some(if much { 2 * sign } else { sign })
}

/// `3 dB quieter`: how many.
fn decibels(low: &str) -> Option<f64> {
    let tokens: Vec<&str> = low.split_whitespace().collect();
    let number = |at: usize| -> Option<f64> {
        let token = tokens.get(at)?;
        match token.strip_suffix("db") {
            Some("") => tokens.get(at.checked_sub(1)?)?.parse().ok(),
            Some(beside) => beside.parse().ok(),
            None => None,
        }
    };
    let n = (0..tokens.len()).find_map(number)?;
    (0.0..=40.0).contains(&n).then_some(n)
}

/// `10 % shorter`, `longer by 20 percent`: what lengths are multiplied by.
fn share_in(low: &str) -> Option<f64> {
    let spaced = low.replace('%', " % ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let at = tokens.iter().position(|t| matches!(*t, "%" | "percent"))?;
    let share: f64 = tokens.get(at.checked_sub(1)?)?.parse().ok()?;
    let factor = match (is_longer(low), is_shorter(low)) {
        (true, false) => 1.0 + share / 100.0,
        (false, true) => 1.0 - share / 100.0,
        _ => return None,
    };
    (0.05..=10.0).contains(&factor).then_some(factor)
}

fn is_longer(low: &str) -> bool {
    let words = ["longer", "slower", "lengthen", "extend"];
    words.iter().any(|w| has(low, w)) || by_itself(low, "more")
}

fn is_shorter(low: &str) -> bool {
    let words = ["shorter", "faster", "quicker", "shorten", "trim"];
    words.iter().any(|w| has(low, w)) || by_itself(low, "less")
}

/// `2 seconds more`, but neither `more shots` nor `more than`.
fn by_itself(low: &str, word: &str) -> bool {
    let mut tokens = low.split_whitespace().skip_while(|t| *t != word).skip(1);
    has(low, word) && !matches!(tokens.next(), Some("than" | "shots" | "cuts"))
}

/// Lengths in figures: `half a second longer` is 0.5 seconds longer, `a minute` 1 minute.
fn spelled_out(low: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    for word in low.split_whitespace() {
        if matches!(
            word,
            "second" | "seconds" | "minute" | "minutes" | "frame" | "frames"
        ) {
            let before: Vec<&str> = out.iter().map(String::as_str).collect();
            let (words, figure) = match before[..] {
                [.., "half", "a"] => (2, "0.5".to_owned()),
                [.., "a"] => (1, "1".to_owned()),
                [.., number] => match numerals::of_word(number) {
                    Some(n) => (1, n.to_string()),
                    None => (0, String::new()),
                },
                [] => (0, String::new()),
            };
            if words > 0 {
                out.truncate(out.len() - words);
                out.push(figure);
            }
        }
        out.push(word.to_owned());
    }
    out.join(" ")
}

/// Whether a length in seconds, minutes or frames stands in a clause.
fn has_length(low: &str) -> bool {
    let tokens: Vec<&str> = low.split_whitespace().collect();
    let unit = |w: &str| {
        matches!(
            w,
            "s" | "sec"
                | "secs"
                | "second"
                | "seconds"
                | "min"
                | "minute"
                | "minutes"
                | "frame"
                | "frames"
        )
    };
    tokens.iter().enumerate().any(|(at, token)| {
        let rest = token.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number = rest.len() < token.len();
        let clock = number
            && rest
                .strip_prefix(':')
                .is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()));
        clock
            || number
                && (unit(rest) || rest.is_empty() && tokens.get(at + 1).is_some_and(|t| unit(t)))
    })
}

/// What a clause asks for, if it is among what is followed.
///
/// # Errors
/// Why a measure in it cannot be used.
pub(super) fn change_in(low: &str, targets: &[Target]) -> Result<Option<Change>, String> {
    let of_shots = targets.iter().all(|t| matches!(t, Target::Shot(_)));
    if let Some(steps) = light_in(low, of_shots) {
        return Ok(Some(Change::Light(steps)));
    }
    if low.contains('%') || has(low, "percent") {
        let cuts = has(low, "shots") && (has(low, "more shots") || has(low, "fewer shots"));
        let factor = share_in(low).filter(|_| !cuts);
        let why = "a share is of a length: `10 % longer`, `20 % shorter`";
        return factor
            .map(|f| Some(Change::Length(f)))
            .ok_or(why.to_owned());
    }
    let much = if has(low, "much") || has(low, "a lot") || has(low, "far") {
        1.8
    } else if has(low, "a bit") || has(low, "a little") || has(low, "slightly") {
        0.5
    } else {
        1.0
    };
    let pace = has(low, "slow down") || has(low, "speed up");
    let louder = has(low, "louder") || (has(low, "up") && !pace) || has(low, "more prominent");
    let quieter = has(low, "quieter")
        || has(low, "softer")
        || (has(low, "down") && !pace)
        || has(low, "lower")
        || has(low, "less loud");
    let said = decibels(low);
    let measured = low.split_whitespace().any(|t| t.ends_with("db"));
    if measured && said.is_none() {
        return Err("from 0 to 40 dB, louder or quieter".to_owned());
    }
    let step = said.unwrap_or(3.0 * much) * if louder { 1.0 } else { -1.0 };
    if (has(low, "music") || has(low, "score")) && (louder || quieter) {
        return Ok(Some(Change::Music(step)));
    }
    // Who is louder speaks louder.
    let somebody = targets.iter().all(|t| matches!(t, Target::Person(_)))
        && (has(low, "louder") || has(low, "quieter"));
    let voices = ["voice", "voices", "narrator", "narration", "dialogue"];
    if (somebody || voices.iter().any(|w| has(low, w))) && (louder || quieter) {
        return Ok(Some(Change::Voices(step)));
    }
    let spelled = spelled_out(low);
    let low = spelled.as_str();
    if has_length(low) {
        let bound = [
            "less than",
            "more than",
            "at least",
            "at most",
            "no longer than",
            "no more than",
        ];
        if bound.iter().any(|w| has(low, w)) {
            return Err("say how long it shall be: `5 seconds`, `1 second longer`".to_owned());
        }
        let length = crate::film::shot::split_length(low.trim()).1;
        let why =
            "a length is from 0.2 to 3600 seconds, longer or shorter by as much, or as it shall be";
        let seconds = length.filter(|s| (0.2..=3600.0).contains(s)).ok_or(why)?;
        let other = ["shots", "cuts", "than"];
        if other.iter().any(|w| has(low, &format!("more {w}"))) {
            return Err(why.to_owned());
        }
        return match (is_longer(low), is_shorter(low)) {
            (false, false) => Ok(Some(Change::Seconds(seconds))),
            (true, false) => Ok(Some(Change::More(seconds))),
            (false, true) => Ok(Some(Change::More(-seconds))),
            _ => Err(why.to_owned()),
        };
    }
    Ok(named_change(low, much))
}

/// A change by its words alone.
fn named_change(low: &str, much: f64) -> Option<Change> {
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
