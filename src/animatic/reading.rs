//! A shot's words become a scene: where, when, what weather, who, doing what, with which things.

use super::book::book;
use super::lexicon::{self, Lexicon, lexicon};
use crate::film::cast::heading_parts;
use crate::film::references::{Look, Person, References};
use crate::film::shot::{Angle, Size, View, contains_words};
use crate::film::storyboard::{BoardBeat, Shot};
use std::collections::BTreeMap;

/// What the artist draws.
#[derive(Debug, Clone)]
pub struct Scene {
    pub place: String,
    pub interior: bool,
    /// dawn, morning, day, noon, afternoon, dusk, blue, night.
    pub time: String,
    /// rain, storm, snow, fog, wind or nothing.
    pub weather: String,
    pub mood: String,
    pub look: String,
    pub people: Vec<Figure>,
    pub crowd: bool,
    /// Things, in the order of the words; the first one matters most.
    pub props: Vec<String>,
    /// Their colours, where the words name one: `rrggbb`.
    pub tints: BTreeMap<String, String>,
    pub size: Size,
    pub view: Option<View>,
    pub angle: Angle,
    /// Words that were not understood.
    pub unknown: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Figure {
    pub look: Look,
    pub pose: String,
    pub expression: String,
    /// Faces right.
    pub right: bool,
    pub speaking: bool,
    /// What stands between them and the camera: a counter, a desk.
    pub behind: Option<String>,
    /// Things the words give to them.
    pub holds: Vec<String>,
}

/// What a word of a shot made: `pose run`, because of `sprints`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    pub what: String,
    pub word: String,
}

/// Returns the place kind a text names, if it names one.
pub fn named_kind(text: &str) -> Option<String> {
    named_place(text).map(|(kind, _)| kind.to_owned())
}

fn named_place(text: &str) -> Option<(&'static str, &'static str)> {
    let name = heading_parts(text).place.to_lowercase();
    // Of a name's words the last says what it is: lighthouse stairs are stairs.
    lexicon::last(&lexicon().places, &name)
        .or_else(|| lexicon::find(&lexicon().places, &text.to_lowercase()))
}

/// Returns the place kind a heading or text names, else a usual one; a castle has a hall inside, a
/// church a yard outside.
pub fn place_kind(text: &str, interior: bool) -> String {
    let kind =
        named_kind(text).unwrap_or_else(|| if interior { "living" } else { "street" }.to_owned());
    on_its_side(&kind, interior)
}

/// The set that a kind means inside, or outside.
pub fn on_its_side(kind: &str, interior: bool) -> String {
    let set = book().sets.get(kind);
    let side = set.and_then(|s| {
        if interior {
            s.inside.as_ref()
        } else {
            s.outside.as_ref()
        }
    });
    side.cloned().unwrap_or_else(|| kind.to_owned())
}

/// Returns the time of day that a heading names itself.
pub fn named_time(heading: &str) -> Option<String> {
    let named = heading_parts(heading).time.to_lowercase();
    lexicon::find(&lexicon().times, &named)
        .or_else(|| lexicon::find(&lexicon().times, &heading.to_lowercase()))
        .map(|(kind, _)| kind.to_owned())
}

/// Returns the time of day that a heading, or else an action, names.
pub fn time_of_day(heading: &str, action: &str) -> String {
    named_time(heading)
        .or_else(|| {
            lexicon::find(&lexicon().times, &action.to_lowercase()).map(|(kind, _)| kind.to_owned())
        })
        .unwrap_or_else(|| "day".to_owned())
}

/// What a shot is read with.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    pub references: Option<&'a References>,
    pub mood: &'a str,
    pub look: &'a str,
    /// The words of the whole beat.
    pub context: &'a str,
    /// The time of day of the scene before, which goes on where the heading names none.
    pub time: &'a str,
}

/// Reads a shot.
pub fn read(beat: &BoardBeat, shot: &Shot, around: &Around<'_>) -> Scene {
    read_closely(beat, shot, around).0
}

/// Reads a shot, and tells which words made what.
pub fn read_closely(
    beat: &BoardBeat,
    shot: &Shot,
    around: &Around<'_>,
) -> (Scene, Vec<Understood>) {
    let l = lexicon();
    let mut made = Vec::new();
    let mut note = |what: String, word: &str| {
        made.push(Understood {
            what,
            word: word.to_owned(),
        });
    };
    let words = shot.prompt.to_lowercase();
    let all = format!("{} {words}", beat.heading.to_lowercase());
    let references = around.references;
    let place = shot.place.as_ref().and_then(|id| references?.place(id));
    let parts = heading_parts(&beat.heading);
    let interior = place.map_or_else(|| parts.interior.unwrap_or(false), |p| p.interior);
    let kind = place.map_or_else(
        || place_kind(&all, interior),
        |p| on_its_side(&p.kind, p.interior),
    );
    let by = named_place(&beat.heading).map_or("", |(_, word)| word);
    note(format!("place {kind}"), by);
    let weather = lexicon::find(&l.weather, &all).or_else(|| {
        lexicon::find(&l.weather, &around.context.to_lowercase()).filter(|_| !interior)
    });
    if let Some((weather, word)) = weather {
        note(format!("weather {weather}"), word);
    }
    let time = named_time(&beat.heading)
        .or_else(|| Some(around.time.to_owned()).filter(|t| !t.is_empty()))
        .unwrap_or_else(|| time_of_day(&beat.heading, &shot.prompt));
    note(format!("time {time}"), &parts.time);

    let cast: Vec<&Person> = shot
        .cast
        .iter()
        .filter_map(|id| references?.person(id))
        .filter(|p| !p.offscreen)
        .collect();
    let doing = doings(l, &words, &cast);
    for d in &doing {
        if let Some((pose, word)) = d.pose {
            note(format!("pose {pose}"), word);
        }
        if let Some((face, word)) = d.expression {
            note(format!("face {face}"), word);
        }
        if let Some((what, word)) = d.behind {
            note(format!("behind {what}"), word);
        }
    }
    let speaker = shot
        .lines
        .iter()
        .find(|l| l.heard.is_on_screen())
        .map(|l| &l.speaker);
    let lead = doing.first().and_then(|d| d.pose).map(|(pose, _)| pose);
    let mut people: Vec<Figure> = cast
        .iter()
        .zip(&doing)
        .enumerate()
        .map(|(i, (person, does))| {
            let speaking = speaker == Some(&person.id);
            let said = shot.lines.iter().filter(|l| l.speaker == person.id);
            let delivery: String = said.map(|l| l.delivery.to_lowercase() + " ").collect();
            let pose = does.pose.map(|(pose, _)| pose.to_owned());
            Figure {
                look: person.look.clone(),
                pose: pose.unwrap_or_else(|| match (i, lead) {
                    (0, _) | (_, None) if speaking => "talk".to_owned(),
                    (0, _) => "stand".to_owned(),
                    (_, lead) => partner(lead.unwrap_or("stand"), i),
                }),
                expression: lexicon::find(&l.expressions, &delivery)
                    .or(does.expression)
                    .map_or("neutral", |(kind, _)| kind)
                    .to_owned(),
                right: i.is_multiple_of(2),
                speaking,
                behind: does.behind.map(|(what, _)| what.to_owned()),
                holds: does.holds.iter().map(|t| (*t).to_owned()).collect(),
            }
        })
        .collect();
    let says = |kind: &str| {
        l.people
            .iter()
            .filter(|(k, _)| k == kind)
            .flat_map(|(_, w)| w)
            .find(|w| contains_words(&words, w))
    };
    let crowd = says("crowd");
    if let Some(word) = crowd {
        note("crowd".to_owned(), word);
    }
    for (word, count) in others(l, &shot.prompt, &cast) {
        if shot.view == Some(View::Pov) {
            break;
        }
        for _ in 0..count {
            let i = people.len();
            if (1..3).contains(&i) {
                note("somebody".to_owned(), word);
                people.push(Figure {
                    look: super::casting::look(word, word, 7 + i as u64),
                    pose: partner(lead.unwrap_or("stand"), i),
                    expression: "neutral".to_owned(),
                    right: i.is_multiple_of(2),
                    speaking: false,
                    behind: None,
                    holds: Vec::new(),
                });
            }
        }
    }
    if people.is_empty()
        && let Some(word) = says("anyone")
        && shot.view != Some(View::Pov)
    {
        note("somebody".to_owned(), word);
        people.push(Figure {
            look: super::casting::look("somebody", &words, 7),
            pose: lead
                .unwrap_or_else(|| {
                    lexicon::first(&l.poses, &words).map_or("stand", |(pose, _)| pose)
                })
                .to_owned(),
            expression: lexicon::find(&l.expressions, &words)
                .map_or("neutral", |(kind, _)| kind)
                .to_owned(),
            right: true,
            speaking: false,
            behind: doing[0].behind.map(|(what, _)| what.to_owned()),
            holds: Vec::new(),
        });
    }
    // It takes two: who embraces nobody that is drawn holds something.
    if let [alone] = people.as_mut_slice()
        && alone.pose == "embrace"
    {
        alone.pose = "carry".to_owned();
    }
    let place_name = parts.place.to_lowercase();
    let mut things = lexicon::things(l, &words);
    // One stands in the train, not before it; who is a dog holds none.
    things.retain(|hit| {
        let around = (interior && contains_words(&place_name, hit.word))
            // The sky of a place has its own.
            || (!interior && kind != "space" && matches!(hit.kind, "moon" | "star"));
        let is = |p: &&Person| p.look.drawn_as.as_deref() == Some(hit.kind);
        !around && !cast.iter().any(is)
    });
    for hit in &things {
        note(format!("thing {}", hit.kind), hit.word);
    }
    let tints = things
        .iter()
        .filter_map(|hit| Some((hit.kind.to_owned(), colored(l, &words, hit.at)?)))
        .collect();
    let props = things.iter().map(|h| h.kind.to_owned()).collect();
    if matches!(kind.as_str(), "body" | "neuron") {
        // Nobody stands in there.
        people.clear();
    }
    let unknown = not_understood(l, &words, &cast);
    let scene = Scene {
        place: kind,
        interior,
        time,
        weather: weather.map_or("", |(kind, _)| kind).to_owned(),
        mood: beat.mood.clone().unwrap_or_else(|| around.mood.to_owned()),
        look: around.look.to_owned(),
        people,
        crowd: crowd.is_some(),
        props,
        tints,
        size: shot.size,
        view: shot.view,
        angle: shot.angle.unwrap_or(Angle::Eye),
        unknown,
    };
    (scene, made)
}

/// The colour named before a thing: `a large blue umbrella`.
fn colored(l: &Lexicon, words: &str, at: usize) -> Option<String> {
    words[..at]
        .rsplit(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|w| !w.is_empty())
        .take(2)
        .find_map(|w| l.colors.get(w).cloned())
}

/// What somebody does and feels, and the words that say so.
#[derive(Debug, Clone, Default)]
struct Doing<'a> {
    pose: Option<(&'a str, &'a str)>,
    expression: Option<(&'a str, &'a str)>,
    behind: Option<(&'a str, &'a str)>,
    holds: Vec<&'a str>,
}

/// Reads who does what: a clause belongs to the person it names, else to the one before it.
fn doings<'a>(l: &'a Lexicon, words: &str, cast: &[&Person]) -> Vec<Doing<'a>> {
    let mut out = vec![Doing::default(); cast.len().max(1)];
    let mut who: Option<usize> = None;
    // `Nina and Tom sit`: who is named without a verb shares the next one's.
    let mut waiting: Vec<usize> = Vec::new();
    for clause in clauses(words) {
        let named = cast
            .iter()
            .enumerate()
            .filter_map(|(i, p)| Some((mention(clause, p)?, i)))
            .min();
        let all = ["they", "both", "all of them"]
            .iter()
            .any(|w| contains_words(clause, w));
        if let Some((_, i)) = named {
            who = Some(i);
        } else if !cast.is_empty() && of_a_thing(l, clause) {
            // What the cat does, nobody else does.
            continue;
        }
        let pose = posture(l, clause);
        let expression = lexicon::find(&l.expressions, clause);
        let mut whom: Vec<usize> = if all && named.is_none() {
            (0..out.len()).collect()
        } else {
            vec![who.unwrap_or(0)]
        };
        if pose.is_some() {
            whom.append(&mut waiting);
        } else if named.is_some() && clause.split_whitespace().count() <= 3 {
            waiting.extend(who);
        }
        for i in whom {
            let doing = &mut out[i];
            // What somebody does says more than how they got there.
            doing.pose = match (doing.pose, pose) {
                (Some((known, _)), Some(new)) if plain_pose(known) && !plain_pose(new.0) => {
                    Some(new)
                }
                (known, new) => known.or(new),
            };
            doing.expression = doing.expression.or(expression);
            doing.behind = doing.behind.or_else(|| barrier(l, clause));
            if named.is_some() || who.is_some() {
                let things = lexicon::things(l, clause);
                doing.holds.extend(things.iter().map(|hit| hit.kind));
            }
        }
    }
    out
}

/// The pose of a clause; who sleeps in a chair does not lie.
fn posture<'a>(l: &'a Lexicon, clause: &str) -> Option<(&'a str, &'a str)> {
    // `A huge wave breaks`, `the accused`: behind an article a word is no verb, unless it is a thing one
    // does something with.
    let with = |word: &str| {
        matches!(
            word,
            "book"
                | "newspaper"
                | "letter"
                | "phone"
                | "telephone"
                | "bed"
                | "hospital bed"
                | "laptop"
                | "computer"
                | "keyboard"
        )
    };
    let hit = lexicon::hits(&l.poses, clause)
        .into_iter()
        .find(|hit| with(hit.word) || !lexicon::is_noun(clause, hit.at))?;
    let (pose, word) = (hit.kind, hit.word);
    let seat = ["chair", "armchair", "seat", "desk", "table"]
        .iter()
        .any(|w| contains_words(clause, w));
    Some((if pose == "lie" && seat { "slump" } else { pose }, word))
}

/// Whether a clause begins with a thing that does something: `the old cat sleeps`.
fn of_a_thing(l: &Lexicon, clause: &str) -> bool {
    let clause = clause.trim_start();
    let begins = clause.split_whitespace().next();
    begins.is_some_and(|w| matches!(w, "a" | "an" | "the"))
        && (lexicon::things(l, clause).iter())
            .any(|hit| clause[..hit.at].split_whitespace().count() <= 2)
}

/// What a clause says somebody is behind, of what people stand and sit behind.
fn barrier<'a>(l: &'a Lexicon, clause: &str) -> Option<(&'a str, &'a str)> {
    const BARRIERS: [&str; 5] = ["counter", "desk", "table", "judges bench", "stall"];
    let (_, after) = clause.split_once("behind ")?;
    let hit = lexicon::things(l, after).into_iter().next()?;
    (hit.at < 16 && BARRIERS.contains(&hit.kind)).then_some((hit.kind, hit.word))
}

fn plain_pose(pose: &str) -> bool {
    matches!(pose, "stand" | "walk" | "talk")
}

/// People without a name beside those who have one: `two guards`, `an old woman`.
fn others<'a>(l: &'a Lexicon, prompt: &str, cast: &[&Person]) -> Vec<(&'a str, usize)> {
    if cast.is_empty() {
        return Vec::new();
    }
    let words = prompt.to_lowercase();
    let Some((_, nouns)) = l.people.iter().find(|(kind, _)| kind == "anyone") else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for noun in nouns {
        for form in [noun.clone(), format!("{noun}s")] {
            let Some((at, _)) = words.match_indices(&form).find(|(at, f)| {
                contains_words(&words[*at..(*at + f.len()).min(words.len())], &form)
                    && !words[..*at].ends_with(char::is_alphanumeric)
                    && !words[*at + f.len()..].starts_with(char::is_alphanumeric)
            }) else {
                continue;
            };
            let before: Vec<&str> = words[..at]
                .rsplit(|c: char| !(c.is_alphanumeric() || c == ',' || c == '('))
                .filter(|w| !w.is_empty())
                .take(3)
                .collect();
            let counted = before.iter().take(2).find_map(|w| match *w {
                "a" | "an" | "another" => Some(1),
                "two" | "some" | "several" | "three" => Some(2),
                "his" | "her" | "their" if KIN.contains(&noun.as_str()) => Some(1),
                _ => None,
            });
            // `MARTA, a small woman` is Marta, and so is `a girl, MARTA` and `a girl named Marta`.
            let after = words[at + form.len()..].trim_start_matches([',', ' ']);
            let after = (["named ", "called "].iter())
                .find_map(|w| after.strip_prefix(w))
                .unwrap_or(after);
            let named_next = cast.iter().any(|p| mention(after, p) == Some(0));
            let apposed = named_next
                || before.iter().any(|w| w.ends_with(',') || w.contains('('))
                    && cast.iter().any(|p| mention(&words[..at], p).is_some());
            let hers = cast
                .iter()
                .any(|p| contains_words(&p.name.to_lowercase(), noun));
            if let Some(count) = counted.filter(|_| !apposed && !hers) {
                out.push((noun.as_str(), count));
            }
        }
    }
    out
}

/// People who are somebody's: `his mother`.
const KIN: [&str; 8] = [
    "mother",
    "father",
    "grandmother",
    "grandfather",
    "boss",
    "coach",
    "teacher",
    "doctor",
];

fn clauses(text: &str) -> impl Iterator<Item = &str> {
    const JOINTS: [&str; 6] = [" and ", " while ", " as ", " then ", " but ", " to "];
    text.split(['.', ';', ',', '!', '?', ':', '—', '\n'])
        .flat_map(|part| {
            let mut parts = vec![part];
            for joint in JOINTS {
                parts = parts.iter().flat_map(|p| p.split(joint)).collect();
            }
            parts
        })
        .filter(|c| !c.trim().is_empty())
}

/// Where a text names a person.
fn mention(text: &str, person: &Person) -> Option<usize> {
    const NO_NAMES: [&str; 7] = ["the", "old", "young", "and", "mrs", "man", "woman"];
    let name = person.name.to_lowercase();
    let first = text.find(&name).filter(|_| contains_words(text, &name));
    first.or_else(|| {
        name.split(|c: char| !c.is_alphanumeric())
            .filter(|w| w.chars().count() > 2 && !NO_NAMES.contains(w))
            .filter(|w| contains_words(text, w))
            .filter_map(|w| text.find(w))
            .min()
    })
}

/// Things a text names by an article or an owner that are in no list.
fn not_understood(l: &Lexicon, words: &str, cast: &[&Person]) -> Vec<String> {
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
    let known = |word: &str| {
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
    };
    // An adjective, a number, a word that leads on.
    let passes = |word: &str| {
        const ENDS: [&str; 12] = [
            "ly", "ed", "ing", "ful", "ous", "ish", "less", "ic", "al", "ive", "est", "ant",
        ];
        word.chars().count() < 3
            || ENDS
                .iter()
                .any(|e| word.ends_with(e) && word.len() > e.len() + 2)
            || word.chars().any(|c| c.is_ascii_digit())
    };
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

/// Words that end the name of a thing.
const STOPS: [&str; 36] = [
    "of", "in", "on", "at", "by", "to", "from", "with", "into", "onto", "over", "under", "behind",
    "beside", "between", "through", "across", "against", "along", "around", "near", "is", "are",
    "was", "were", "has", "have", "had", "that", "which", "who", "where", "when", "for", "up",
    "down",
];

/// What somebody does beside a person in a pose.
fn partner(pose: &str, at: usize) -> String {
    match pose {
        "sit" | "type" | "read" | "slump" | "drive" | "drink" => "sit",
        "walk" | "run" | "dance" | "climb" | "embrace" => pose,
        "lie" => "kneel",
        _ if at % 2 == 1 => "talk",
        _ => "crossed",
    }
    .to_owned()
}
