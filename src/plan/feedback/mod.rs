//! What a person said about a stage, as far as rules can follow it.
//!
//! The documented instructions (README, "Asking for changes"): shorter, longer, slower, faster,
//! fewer or more shots, closer, wider, a move of the camera, light, larger and smaller things, a mood, a
//! look, music or voices louder or quieter, drop; each for the whole, a beat, a shot or a person. What is
//! not among them is returned with the reason, never guessed.

mod change;
mod target;

use crate::film::numerals;
use crate::film::shot::Move;
use crate::film::storyboard::{BoardBeat, Shot};
use crate::film::time::tidy;
use crate::film::words::contains_words as has;
use change::{LOOKS, MOODS, change_in};
pub use change::{looks, mood_of, moods};
use target::{Counted, clauses, counted, targets_in};

/// What an instruction is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    All,
    Beat(String),
    Shot(String),
    Person(String),
}

impl Target {
    fn id(&self) -> &str {
        match self {
            Target::All => "all of it",
            Target::Beat(id) | Target::Shot(id) | Target::Person(id) => id,
        }
    }

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
    /// So many seconds more, or fewer.
    More(f64),
    FewerShots,
    MoreShots,
    Closer,
    Wider,
    Camera(Move),
    /// Steps lighter, or darker.
    Light(i32),
    /// A thing that the words of a shot name, larger or smaller.
    Scale {
        thing: String,
        grows: bool,
    },
    Mood(String),
    Look(String),
    Music(f64),
    Voices(f64),
    Drop,
}

impl Change {
    /// What a length of `sum` seconds shall be, where seconds were named; half a second is the least.
    pub fn seconds_of(&self, sum: f64) -> Option<f64> {
        match self {
            Change::Seconds(seconds) => Some(*seconds),
            Change::More(more) => Some(tidy((sum + more).max(0.5))),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Instruction {
    pub target: Target,
    pub change: Change,
    /// The words it was read from.
    pub said: String,
}

/// What it was understood as: `s01_020: length × 1.25`.
impl std::fmt::Display for Instruction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: ", self.target.id())?;
        match &self.change {
            Change::Length(factor) => write!(f, "length × {factor}"),
            Change::Seconds(seconds) => write!(f, "{seconds} s"),
            Change::More(seconds) => write!(f, "{seconds:+} s"),
            Change::FewerShots => f.write_str("fewer shots"),
            Change::MoreShots => f.write_str("more shots"),
            Change::Closer => f.write_str("a size closer"),
            Change::Wider => f.write_str("a size wider"),
            Change::Camera(movement) => write!(f, "camera {movement}"),
            Change::Light(steps) if *steps < 0 => f.write_str("darker"),
            Change::Light(_) => f.write_str("brighter"),
            Change::Scale { thing, grows: true } => write!(f, "{thing} larger"),
            Change::Scale { thing, .. } => write!(f, "{thing} smaller"),
            Change::Mood(mood) => write!(f, "mood {mood}"),
            Change::Look(look) => write!(f, "look {look}"),
            Change::Music(db) => write!(f, "music {db:+} dB"),
            Change::Voices(db) => write!(f, "voices {db:+} dB"),
            Change::Drop => f.write_str("taken out"),
        }
    }
}

/// Names that feedback may mention, by id.
#[derive(Debug, Default)]
pub struct Names {
    /// (id, words that name it)
    pub beats: Vec<(String, Vec<String>)>,
    pub shots: Vec<String>,
    /// What each shot shows, in words, in the order of the shots; and its beat.
    pub shows: Vec<(String, String)>,
    pub people: Vec<(String, String)>,
}

/// A part of what was said that no rule follows, and why, where there is more to say than that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    pub said: String,
    pub why: String,
}

/// Reads feedback. `Err` lists the parts that no rule follows.
pub fn read(text: &str, names: &Names) -> Result<Vec<Instruction>, Vec<Lost>> {
    let text = &signed(text);
    let mut out = Vec::new();
    let mut lost = Vec::new();
    let mut about = About {
        targets: vec![Target::All],
        counted: None,
    };
    for clause in clauses(text, names) {
        match follow(&clause, &mut about, names) {
            Ok((targets, change)) => {
                let several = targets.len() > 1;
                out.extend(targets.into_iter().map(|target| Instruction {
                    said: match several {
                        true => of_one(&clause, &target, names),
                        false => clause.clone(),
                    },
                    target,
                    change: change.clone(),
                }));
            }
            Err(why) => lost.push(Lost {
                said: clause.replace('+', " and "),
                why,
            }),
        }
    }
    if lost.is_empty() && !out.is_empty() {
        Ok(out)
    } else {
        Err(lost)
    }
}

/// Decibels with a sign in words: `music +3 dB` is 3 dB louder.
fn signed(text: &str) -> String {
    let mut out: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for at in 0..out.len() {
        let (sign, rest) = match out[at].chars().next() {
            Some('+') => ("louder", out[at][1..].to_owned()),
            Some(c @ ('-' | '−')) => ("quieter", out[at][c.len_utf8()..].to_owned()),
            _ => continue,
        };
        let number = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit() || c == '.');
        // `-3dB,` in one, or `-3 dB,` in two; what comes after it stays.
        let unit = |t: &str| {
            let halves = ["dB", "db", "DB"].iter().find_map(|u| t.split_once(u))?;
            Some((halves.0.to_owned(), halves.1.to_owned()))
        };
        match (unit(&rest), out.get(at + 1).and_then(|t| unit(t))) {
            (Some((amount, tail)), _) if number(&amount) => {
                out[at] = format!("{amount} dB {sign}{tail}");
            }
            (None, Some((before, tail))) if number(&rest) && before.is_empty() => {
                out[at] = rest;
                out[at + 1] = format!("dB {sign}{tail}");
            }
            _ => {}
        }
    }
    out.join(" ")
}

/// What was said of several, as if it had been said of one of them: `s01_010 closer`.
fn of_one(clause: &str, target: &Target, names: &Names) -> String {
    let rest = targets_in(&clause.to_lowercase(), names, None).map(|named| named.rest);
    let rest = rest.unwrap_or_else(|_| clause.to_owned());
    let words = rest
        .split_whitespace()
        .filter(|w| !counted(w) && *w != "the");
    let words = words.collect::<Vec<_>>().join(" ");
    format!("{} {words}", target.id())
}

/// What was spoken of last: what a clause that names nothing is about.
struct About {
    targets: Vec<Target>,
    counted: Option<Counted>,
}

/// What a clause asks for, and of what. What it is about stays for those after it.
fn follow(clause: &str, about: &mut About, names: &Names) -> Result<(Vec<Target>, Change), String> {
    let low = format!(" {} ", clause.to_lowercase().replace(['"', '“', '”'], " "));
    // What must not be, or names what is not there, no rule follows.
    if NEGATIONS.iter().any(|n| has(&low, n)) {
        return Err("say what it shall be".to_owned());
    }
    let named = targets_in(&low, names, about.counted)?;
    let (low, new) = (named.rest, named.targets.is_some());
    if let Some(targets) = named.targets {
        *about = About {
            targets,
            counted: named.counted,
        };
    }
    let thing = scaled(&low, &about.targets, names);
    let wishes_size = ["bigger", "larger", "taller", "smaller", "tinier"];
    let alone = low.split_whitespace().count() == 1;
    if thing.is_none() && !alone && wishes_size.iter().any(|w| has(&low, w)) {
        return Err("the words of what is meant name no such thing".to_owned());
    }
    let rest = match &thing {
        Some((thing, _)) => low.replacen(thing.as_str(), " ", 1),
        None => low.clone(),
    };
    if let Some(word) = unknown_word(&rest, names) {
        return Err(format!("`{word}` leads to none of it"));
    }
    if let Some((thing, grows)) = thing {
        return Ok((about.targets.clone(), Change::Scale { thing, grows }));
    }
    let change = change_in(&low, &about.targets)?.ok_or_else(String::new)?;
    // The music is one piece, whatever was spoken of before it.
    if matches!(change, Change::Music(_)) && !new {
        return Ok((vec![Target::All], change));
    }
    Ok((about.targets.clone(), change))
}

/// A thing that shall be larger or smaller: the longest words of the clause that name something in what its
/// shots show.
fn scaled(low: &str, targets: &[Target], names: &Names) -> Option<(String, bool)> {
    let any = |words: &[&str]| words.iter().any(|w| has(low, w));
    let grows = any(&["bigger", "larger", "taller"]);
    if grows == any(&["smaller", "tinier"]) {
        return None;
    }
    let shown: Vec<String> = (names.shots.iter().zip(&names.shows))
        .filter(|(shot, (beat, _))| {
            targets.iter().any(|target| match target {
                Target::Shot(id) => *shot == id,
                Target::Beat(id) => beat == id,
                Target::All | Target::Person(_) => true,
            })
        })
        .map(|(_, (_, words))| words.to_lowercase())
        .collect();
    let words: Vec<&str> = low.split_whitespace().collect();
    let names_one = |part: &str| {
        let plain = part.split(' ').all(is_known);
        !plain && shown.iter().any(|s| has(s, part))
    };
    let runs = (0..words.len())
        .flat_map(|from| (from..words.len().min(from + 3)).map(move |to| (from, to)));
    runs.map(|(from, to)| words[from..=to].join(" "))
        .filter(|part| {
            part.chars()
                .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\''))
        })
        .map(|part| part.trim_start_matches("the ").to_owned())
        .filter(|part| names_one(part))
        .max_by_key(String::len)
        .map(|thing| (thing, grows))
}

/// Words that carry no wish of their own, and those the instructions are made of.
const KNOWN: &str = "a all an and are as away be beat beats beginning bigger bit by calmer \
    frame frames min minute minutes sec secs \
    camera close closer closeup closeups cut cuts cutting db delete dialogue dimmer double \
    down drop eighth end ending every everything extend far farther fast faster few fewer \
    fifth film final first fourth framing further gentle gently half have i in is it its \
    larger last leave length lengthen less light like little long longer look lot loud louder \
    lower make makes many mood more much music narration narrator ninth of on opening out pace \
    pacier panel panels percent picture pictures please prominent quicker quieter remove s \
    scene scenes score second seconds seventh shorten shorter shot shots should sixth slightly \
    slow slower slowly smaller softer speed take taller tempo tenth than that the them there \
    they thing third this tighten tighter time tinier to too trim twice up ups video voice \
    voices want we whole wider with would you";

fn is_known(word: &str) -> bool {
    KNOWN.split_whitespace().any(|k| k == word) || numerals::of_word(word).is_some()
}

/// A word of a clause that neither an instruction nor a name explains: then it says more than a rule
/// understands.
fn unknown_word<'a>(low: &'a str, names: &Names) -> Option<&'a str> {
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
        .find(|word| {
            let word = *word;
            !(word.starts_with(|c: char| c.is_ascii_digit())
                || is_known(word)
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names() -> Names {
        Names {
            beats: vec![
                ("ext_pier_dawn".into(), vec!["pier".into()]),
                ("int_cafe".into(), vec!["cafe".into()]),
            ],
            shots: vec!["s01_010".into(), "s01_020".into()],
            shows: vec![
                (
                    "ext_pier_dawn".into(),
                    "A dog runs past an old lamp.".into(),
                ),
                ("int_cafe".into(), "Greta holds the old lamp.".into()),
            ],
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
    fn ranges_of_ids_are_all_between_and_no_others() {
        let both: Vec<_> = names()
            .shots
            .into_iter()
            .map(|id| (Target::Shot(id), Change::Length(1.25)))
            .collect();
        check("s01_010-s01_020 longer", &both);
        check("s01_010 to s01_020 longer", &both);
        check("the second to last shot longer", &both[..1]);
        check("the second last shot longer", &both[..1]);
        check("the last shot longer", &both[1..]);
        for wrong in [
            "s01_010-s09_010 longer",
            "s01_010/s01_020 longer",
            "s02 longer",
            "the last shot of the pier longer",
        ] {
            assert!(read(wrong, &names()).is_err(), "{wrong}");
        }
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
                (Target::All, Change::Music(-3.0)),
            ],
        );
        for several in [
            "shots 1 and 2 darker and closer",
            "s01_010 and s01_020 darker, and closer",
            "s01_010 s01_020 darker and closer",
            "the first two shots darker and closer",
            "the last 2 shots darker and closer",
            "shot 1 to 2 darker and closer",
            "shot 1-2 darker and closer",
        ] {
            let each = |change: Change| [shot(1, change.clone()), shot(2, change)];
            let all = [each(Change::Light(-1)), each(Change::Closer)].concat();
            check(several, &all);
        }
        check(
            "shot 1 closer and 2 wider",
            &[shot(1, Change::Closer), shot(2, Change::Wider)],
        );
        check(
            "make shot 1 10% shorter and 2 20% longer",
            &[shot(1, Change::Length(0.9)), shot(2, Change::Length(1.2))],
        );
        check("shot 1 half a second longer", &[shot(1, Change::More(0.5))]);
        check("shot 1 two seconds", &[shot(1, Change::Seconds(2.0))]);
        check("shot 1 seven seconds", &[shot(1, Change::Seconds(7.0))]);
        check("shot 1 a minute", &[shot(1, Change::Seconds(60.0))]);
        check("the music +3 dB", &[(Target::All, Change::Music(3.0))]);
        check(
            "the music -4.5dB, shot 1 closer",
            &[(Target::All, Change::Music(-4.5)), shot(1, Change::Closer)],
        );
        assert!(read("shot 1 less than 5 seconds", &names()).is_err());
        for one in ["the 2nd shot closer", "shot #2 closer", "shot 2: closer"] {
            check(one, &[shot(2, Change::Closer)]);
        }
        let pier = || Target::Beat("ext_pier_dawn".into());
        check(
            "all shots in the pier scene closer",
            &[(pier(), Change::Closer)],
        );
        let greta = Target::Person("greta".into());
        check("every shot of Greta closer", &[(greta, Change::Closer)]);
    }

    proptest! {
        #[test]
        fn whatever_is_said_only_what_is_there_is_meant(
            words in proptest::collection::vec(proptest::sample::select(vec![
                "shot", "shots", "scene", "the", "last", "first", "second", "2", "3", "1-2", "4-2", "and", "to", ",",
                "closer", "darker", "longer", "5s", "5", "seconds", "10", "%", "more", "than", "s01_010", "s01_099",
                "pier", "greta", "music", "quieter", "db", "all", "in", "#1", "+", "1+2", ":", "99999999999999999999",
            ]), 0..12),
        ) {
            for instruction in read(&words.join(" "), &names()).unwrap_or_default() {
                let there = match &instruction.target {
                    Target::All => true,
                    Target::Shot(id) => names().shots.contains(id),
                    Target::Beat(id) => names().beats.iter().any(|(b, _)| b == id),
                    Target::Person(id) => id == "greta",
                };
                prop_assert!(there, "{instruction}");
            }
        }
    }

    #[test]
    fn a_number_that_counts_nothing_is_refused() {
        for text in [
            "s01_099 closer",
            "shots 4-2 closer",
            "the first 3 shots closer",
            "7 closer",
            "shot 2 longer by 2",
            "100 % shorter",
            "10 % more shots",
            "5 seconds with more shots",
            "shot 2 more than 10 seconds",
            "the music 50 dB quieter",
        ] {
            assert!(read(text, &names()).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_measured_is_no_place_in_a_row() {
        let shot = |n: usize, change: Change| (Target::Shot(names().shots[n - 1].clone()), change);
        for text in [
            "shot 2 3 s longer",
            "shot 2 3s longer",
            "shot 2 3 seconds longer",
        ] {
            check(text, &[shot(2, Change::More(3.0))]);
        }
        check("shot 2 5s", &[shot(2, Change::Seconds(5.0))]);
        check(
            "black and white",
            &[(Target::All, Change::Look("noir".into()))],
        );
        check(
            "slow down the narrator",
            &[(Target::All, Change::Length(1.25))],
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
    fn light_size_and_shares_of_a_length() {
        let shot = |n: usize, change: Change| (Target::Shot(names().shots[n - 1].clone()), change);
        let scale = |thing: &str, grows| Change::Scale {
            thing: thing.into(),
            grows,
        };
        check(
            "shots 1 and 2 darker, and the dog in 1 bigger",
            &[
                shot(1, Change::Light(-1)),
                shot(2, Change::Light(-1)),
                shot(1, scale("dog", true)),
            ],
        );
        check(
            "s01_020 much brighter, and the old lamp smaller",
            &[shot(2, Change::Light(2)), shot(2, scale("old lamp", false))],
        );
        check("darker", &[(Target::All, Change::Mood("dark".into()))]);
        check("the lamp larger", &[(Target::All, scale("lamp", true))]);
        check("bigger", &[(Target::All, Change::Mood("epic".into()))]);
        check("shorter by 10 %", &[(Target::All, Change::Length(0.9))]);
        check("20% longer", &[(Target::All, Change::Length(1.2))]);
        check(
            "shot 1 5 seconds, and everything 10 % shorter",
            &[
                shot(1, Change::Seconds(5.0)),
                (Target::All, Change::Length(0.9)),
            ],
        );
        check(
            "scene 2 longer, and the whole film 45 seconds, and the whole shorter",
            &[
                (Target::Beat("int_cafe".into()), Change::Length(1.25)),
                (Target::All, Change::Seconds(45.0)),
                (Target::All, Change::Length(0.8)),
            ],
        );
        for several in [
            "shots 1-2 closer",
            "shots 1 to 2 closer",
            "shots 1 through 2, closer",
        ] {
            check(several, &[shot(1, Change::Closer), shot(2, Change::Closer)]);
        }
        check(
            "scenes 2 to 6 seconds",
            &[(Target::Beat("int_cafe".into()), Change::Seconds(6.0))],
        );
        for said in ["music 4 dB quieter", "music 4dB quieter"] {
            check(said, &[(Target::All, Change::Music(-4.0))]);
        }
        check(
            "Greta louder",
            &[(Target::Person("greta".into()), Change::Voices(3.0))],
        );
        check(
            "hold shot 2 still",
            &[shot(2, Change::Camera(Move::Static))],
        );
        check("shot 2 half as long", &[shot(2, Change::Length(0.5))]);
        check("shot 2 2 seconds longer", &[shot(2, Change::More(2.0))]);
        check(
            "the pier scene 20 seconds",
            &[(Target::Beat("ext_pier_dawn".into()), Change::Seconds(20.0))],
        );
        // The dog is not in that shot.
        assert!(read("the dog in 2 bigger", &names()).is_err());
    }

    #[test]
    fn what_is_counted_in_words_is_meant_and_nothing_else() {
        let beat = |id: &str| Target::Beat(id.into());
        check(
            "make the second scene longer",
            &[(beat("int_cafe"), Change::Length(1.25))],
        );
        check(
            "the last scene shorter",
            &[(beat("int_cafe"), Change::Length(0.8))],
        );
        check(
            "the first shot closer",
            &[(Target::Shot("s01_010".into()), Change::Closer)],
        );
        let why = |text: &str, names: &Names| read(text, names).unwrap_err()[0].why.clone();
        assert_eq!(
            why("the third scene longer", &names()),
            "there are 2 scenes"
        );
        assert!(why("the first shot of the second scene closer", &names()).contains("one shot"));
        let mut twice = names();
        twice
            .beats
            .push(("ext_pier_dusk".into(), vec!["pier".into()]));
        assert_eq!(
            why("the pier scene longer", &twice),
            "several scenes are called so: ext_pier_dawn, ext_pier_dusk"
        );
        check(
            "ext_pier_dawn longer",
            &[(beat("ext_pier_dawn"), Change::Length(1.25))],
        );
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
            Err(vec![Lost {
                said: "give Greta a reason to stay".into(),
                why: "`give` leads to none of it".into(),
            }])
        );
    }
}
