//! A shot's words become a scene: where, when, what weather, who, doing what, with which things.

mod doing;
mod place;
mod posture;
mod unknown;

pub use place::{kinds_of_sites, on_its_side, place_kind};
pub use posture::note_postures;

use super::lexicon::{self, Lexicon, lexicon};
use crate::film::cast::heading_parts;
use crate::film::references::{Look, Person, References};
use crate::film::shot::{Angle, POINTS, Size, View, contains_words};
use crate::film::storyboard::{BoardBeat, Shot};
use doing::{doings, is_carried, others, partner, posed, without_names};
use place::{elsewhere, ground_of, named_place, outlook};
use std::collections::BTreeMap;
use unknown::not_understood;

/// What the artist draws.
#[derive(Debug, Clone)]
pub struct Scene {
    pub place: String,
    pub interior: bool,
    /// What is seen through the windows of a room: a ground, or nothing.
    pub outlook: String,
    /// dawn, morning, day, noon, afternoon, dusk, blue, night.
    pub time: String,
    /// rain, storm, snow, fog, wind or nothing.
    pub weather: String,
    pub mood: String,
    pub look: String,
    pub people: Vec<Figure>,
    /// Of whom there are many more behind: `soldier`, `villager`, or nobody.
    pub crowd: String,
    /// Somebody of the cast who is one of them, and dressed like them.
    pub crowd_like: Option<Look>,
    /// Things, in the order of the words; the first one matters most.
    pub props: Vec<String>,
    /// Their colours, where the words name one: `rrggbb`.
    pub tints: BTreeMap<String, String>,
    /// How much larger they are than usual, where the words say so.
    pub scales: BTreeMap<String, f32>,
    /// Things that hang on a wall, where the words say so.
    pub hung: Vec<String>,
    /// How it is lit, where the words say so: almost_dark, dim, bright, glaring.
    pub light: String,
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
    /// In somebody's arms.
    pub carried: bool,
}

/// What a word of a shot made: `pose run`, because of `sprints`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    pub what: String,
    pub word: String,
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
    let all = format!("{} {}", beat.heading, shot.prompt).to_lowercase();
    let words = lexicon::literal(l, &shot.prompt.to_lowercase());
    let references = around.references;
    let place = shot.place.as_ref().and_then(|id| references?.place(id));
    let parts = heading_parts(&beat.heading);
    let interior = place.map_or_else(|| parts.interior.unwrap_or(false), |p| p.interior);
    let kind = place.map_or_else(
        || place_kind(&all, interior),
        |p| on_its_side(&p.kind, p.interior),
    );
    let by = named_place(&beat.heading, around.context).map_or("", |(_, word)| word);
    let (kind, by) = match elsewhere(&shot.prompt) {
        Some((kind, word)) => (on_its_side(kind, interior), word),
        None => (kind, by),
    };
    note(format!("place {kind}"), by);
    let weather = lexicon::find(&l.weather, &all)
        .or_else(|| lexicon::find(&l.weather, &around.context.to_lowercase()).filter(|_| !interior))
        .filter(|_| !is_over(&all) && !is_over(&around.context.to_lowercase()));
    // No rain falls below the sea, in a vessel or between the stars.
    let ground = ground_of(&kind);
    let weather = weather.filter(|_| !matches!(ground, "underwater" | "space" | "body" | "neuron"));
    // No rain falls on ice.
    let weather = weather.map(|(kind, word)| match (kind, ground) {
        ("storm" | "rain", "ice") => ("snow", word),
        _ => (kind, word),
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
    // Who walks or runs beside is in no car.
    let on_the_move = (doing.iter().filter_map(|d| d.pose))
        .any(|(pose, _)| !matches!(pose, "sit" | "talk" | "stand" | "drive" | "phone"));
    let lead = doing.first().and_then(|d| d.pose).map(|(pose, _)| pose);
    let mut people: Vec<Figure> = cast
        .iter()
        .zip(&doing)
        .enumerate()
        .map(|(i, (person, does))| {
            let speaking = speaker == Some(&person.id);
            let said = shot.lines.iter().filter(|l| l.speaker == person.id);
            let delivery: String = said.map(|l| l.delivery.to_lowercase() + " ").collect();
            let held = shot.postures.get(&person.id).copied();
            let pose = posture::kept(held, does.pose.map(|(pose, _)| pose), on_the_move);
            Figure {
                look: person.look.clone(),
                pose: pose.map(str::to_owned).unwrap_or_else(|| match (i, lead) {
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
                behind: (does.behind.map(|(what, _)| what))
                    .or(held
                        .filter(|_| posture::is_seated(pose))
                        .and_then(posture::furniture))
                    .map(str::to_owned),
                holds: does.holds.iter().map(|t| (*t).to_owned()).collect(),
                carried: cast.len() > 1 && {
                    let name = person.name.to_lowercase();
                    let names: Vec<&str> = cast.iter().map(|p| p.name.as_str()).collect();
                    let mut called = crate::film::cast::calls(&name, &names);
                    called.push(&name);
                    is_carried(&words, &called)
                },
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
    // Who is counted stands in front, and whom one sees outside is not in here.
    let outside = interior
        && [
            "through the window",
            "through a window",
            "through the arch",
            "through the door",
            "outside the window",
        ]
        .iter()
        .any(|w| contains_words(&words, w));
    let counted = |word: &String| {
        let before = words.split(word.as_str()).next().unwrap_or_default();
        let number = before.split_whitespace().next_back().unwrap_or_default();
        ["two", "three", "four", "five", "six", "seven"].contains(&number)
    };
    let crowd = says("crowd").filter(|w| !outside && !counted(w));
    if let Some(word) = crowd {
        note("crowd".to_owned(), word);
    }
    // Of `POV WATCHMAN: a thief climbs in` the thief is seen.
    let seen = match shot.view {
        Some(View::Pov) => (shot.prompt.split_once(POINTS)).map_or("", |(_, seen)| seen),
        _ => shot.prompt.as_str(),
    };
    let has = |text: &str| -> Vec<String> {
        let things = lexicon::things(l, text);
        things.iter().map(|hit| hit.kind.to_owned()).collect()
    };
    let mut strangers = others(l, seen, &cast);
    // Somebody alone is looked at more closely below.
    if people.is_empty() && strangers.iter().map(|(_, n)| n).sum::<usize>() == 1 {
        strangers.clear();
    }
    for (word, count) in strangers {
        let own = posed(l, &words, word).map(str::to_owned);
        let clause = doing::clauses(&words).find(|c| contains_words(c, word));
        for _ in 0..count {
            let i = people.len();
            if i < 3 {
                note("somebody".to_owned(), word);
                people.push(Figure {
                    look: super::casting::look(word, &described_as(&words, word), 7 + i as u64),
                    pose: (own.clone()).unwrap_or_else(|| partner(lead.unwrap_or("stand"), i)),
                    expression: "neutral".to_owned(),
                    right: i.is_multiple_of(2),
                    speaking: false,
                    behind: None,
                    holds: clause.map_or(Vec::new(), has),
                    carried: i == 1 && is_carried(&words, &[word]),
                });
            }
        }
    }
    if people.is_empty()
        && let Some(word) = says("anyone").filter(|w| contains_words(&seen.to_lowercase(), w))
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
            holds: has(&seen.to_lowercase()),
            carried: false,
        });
    }
    // Past the one who is named the other is looked at.
    if let ([near], Some((whose, _)), Some(View::Ots)) =
        (cast.as_slice(), words.split_once("shoulder"), shot.view)
        && people.len() > 1
        && contains_words(whose, &near.name.to_lowercase())
    {
        people.swap(0, 1);
    }
    // It takes two: who embraces nobody that is drawn holds something.
    if let [one, other, ..] = people.as_mut_slice()
        && (one.pose == "embrace" || other.pose == "embrace")
    {
        for figure in [one, other] {
            figure.pose = "embrace".to_owned();
        }
    }
    if let [alone] = people.as_mut_slice()
        && alone.pose == "embrace"
    {
        alone.pose = "carry".to_owned();
    }
    let place_name = parts.place.to_lowercase();
    // TOM BELL has no bell, and Moose is none.
    let everyone: Vec<&Person> = references.iter().flat_map(|r| &r.cast).collect();
    let nameless = without_names(&words, &everyone);
    let mut things = lexicon::things(l, &nameless);
    // One stands in the train, not before it; who is a dog holds none.
    things.retain(|hit| {
        let around = (interior && contains_words(&place_name, hit.word))
            // The sky of a place has its own.
            || (!interior && kind != "space" && matches!(hit.kind, "moon" | "star"));
        let is = |p: &&Person| p.look.drawn_as.as_deref() == Some(hit.kind);
        !around && !cast.iter().any(is)
    });
    // The car of a train is what one sits in.
    if interior && matches!(kind.as_str(), "train" | "subway") {
        things.retain(|h| h.kind != "car");
    }
    // A vehicle has its door on it, and so has a house: none stands free under the sky.
    let of_a_house =
        !interior && !matches!(shot.size, Size::Cu | Size::Bcu | Size::Ecu | Size::Insert);
    let aboard = matches!(
        kind.as_str(),
        "airliner" | "bus" | "train" | "subway" | "vehicle" | "cockpit" | "submarine" | "module"
    );
    if of_a_house || aboard || things.iter().any(|h| VEHICLES.contains(&h.kind)) {
        things.retain(|h| h.kind != "door");
    }
    // A lamp under the sky is one that is carried.
    for hit in things.iter_mut().filter(|h| h.kind == "lamp" && !interior) {
        hit.kind = "lantern";
    }
    for hit in &things {
        note(format!("thing {}", hit.kind), hit.word);
    }
    let tints = things
        .iter()
        .filter_map(|hit| Some((hit.kind.to_owned(), colored(l, &words, hit.at)?)))
        .collect();
    let scales: BTreeMap<String, f32> = things
        .iter()
        .filter_map(|hit| Some((hit.kind.to_owned(), sized(l, &words, hit.at)?)))
        .collect();
    let hung = (things.iter())
        .filter(|hit| on_a_wall(&words, hit.at))
        .map(|hit| hit.kind.to_owned())
        .collect();
    let light = lexicon::find(&l.lights, &words);
    if let Some((light, word)) = light {
        note(format!("light {light}"), word);
    }
    let mut props: Vec<String> = things.iter().map(|h| h.kind.to_owned()).collect();
    let hand = ["hand", "hands", "fingers"];
    if shot.size == Size::Insert
        && props.is_empty()
        && let Some(word) = hand.into_iter().find(|w| contains_words(&words, w))
    {
        note("thing resting hand".to_owned(), word);
        props.push("resting hand".to_owned());
    }
    // Nobody rides on nothing.
    let rides = people.iter().any(|p| p.pose == "ride");
    let cycles = [
        "cycles",
        "cycling",
        "cycle",
        "pedals",
        "on her bike",
        "on his bike",
    ];
    if rides
        && cycles.iter().any(|w| contains_words(&words, w))
        && props.iter().all(|p| p != "bicycle")
    {
        props.push("bicycle".to_owned());
    }
    if rides && contains_words(&words, "horseback") && !props.iter().any(|p| p == "horse") {
        props.push("horse".to_owned());
    }
    if matches!(kind.as_str(), "body" | "neuron") {
        // Nobody stands in there.
        people.clear();
    }
    let unknown = not_understood(l, &words, &cast);
    let scene = Scene {
        outlook: if interior {
            outlook(&kind, references)
        } else {
            String::new()
        },
        place: kind,
        interior,
        time,
        weather: weather.map_or("", |(kind, _)| kind).to_owned(),
        mood: beat.mood.clone().unwrap_or_else(|| around.mood.to_owned()),
        look: around.look.to_owned(),
        people,
        crowd_like: crowd.and_then(|w| {
            let one = one_of(w).to_uppercase();
            let alike = |p: &&Person| contains_words(&p.name.to_uppercase(), &one);
            Some(references?.cast.iter().find(alike)?.look.clone())
        }),
        crowd: crowd.map_or_else(String::new, |w| one_of(w)),
        props,
        tints,
        scales,
        hung,
        light: light.map_or("", |(kind, _)| kind).to_owned(),
        size: shot.size,
        view: shot.view,
        angle: shot.angle.unwrap_or(Angle::Eye),
        unknown,
    };
    (scene, made)
}

/// Somebody without a name with what is said of them: `brothers in brown habits`, `young waiter`.
fn described_as(words: &str, noun: &str) -> String {
    let Some((before, after)) = words.split_once(noun) else {
        return noun.to_owned();
    };
    let ends = |c: char| matches!(c, '.' | ',' | ';' | '!' | '?' | '(' | ')');
    let lead: Vec<&str> = before
        .rsplit(ends)
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .rev()
        .take(2)
        .filter(|w| !lexicon::DETERMINERS.contains(w))
        .collect();
    let worn = after.strip_prefix('s').unwrap_or(after).split(ends).next();
    let worn = worn.unwrap_or_default().trim_start();
    let worn = match ["in ", "with ", "wearing "]
        .iter()
        .any(|w| worn.starts_with(w))
    {
        true => worn
            .split_whitespace()
            .take(6)
            .collect::<Vec<_>>()
            .join(" "),
        false => String::new(),
    };
    let lead: Vec<&str> = lead.into_iter().rev().collect();
    format!("{} {noun} {worn}", lead.join(" "))
}

/// Whether a text says that the weather has passed: `the rain has stopped`.
fn is_over(text: &str) -> bool {
    ["rain", "snow", "storm", "wind", "fog", "mist"]
        .iter()
        .any(|what| {
            let ends = [
                "has stopped",
                "stops",
                "has ended",
                "is over",
                "has passed",
                "has cleared",
                "clears",
                "lifts",
                "has lifted",
                "has died down",
            ];
            ends.iter()
                .any(|end| contains_words(text, &format!("{what} {end}")))
                || contains_words(text, &format!("after the {what}"))
        })
}

/// One of many: `soldier` of `soldiers`; of a word like `crowd` nobody is one, and so anybody.
fn one_of(many: &str) -> String {
    match many.strip_suffix('s') {
        Some(one) if !one.ends_with('s') => one.to_owned(),
        _ => "passer-by".to_owned(),
    }
}

/// Things with doors of their own.
const VEHICLES: [&str; 12] = [
    "ambulance",
    "bus",
    "car",
    "helicopter",
    "pickup",
    "plane",
    "police car",
    "spaceship",
    "submarine",
    "taxi",
    "train",
    "truck",
];

/// The colour named before a thing: `a large blue umbrella`.
fn colored(l: &Lexicon, words: &str, at: usize) -> Option<String> {
    described(words, at).find_map(|w| l.colors.get(w).cloned())
}

/// How much larger than usual a thing is, by the words before it: `a huge old tree`.
fn sized(l: &Lexicon, words: &str, at: usize) -> Option<f32> {
    described(words, at).find_map(|w| l.sizes.get(w).copied())
}

/// What a sentence says before a place in it.
fn sentence_before(words: &str, at: usize) -> &str {
    let sentence = words[..at].rsplit(['.', '!', '?', ';']).next();
    sentence.unwrap_or_default()
}

/// Whether a thing hangs on a wall: `on the wall, a calendar and a rifle`, `a rifle on the wall`.
fn on_a_wall(words: &str, at: usize) -> bool {
    let walls = ["on the wall", "on a wall", "on the walls"];
    let after = words[at..].split(['.', '!', '?', ';', ',']).next();
    let after: Vec<&str> = after
        .unwrap_or_default()
        .split_whitespace()
        .take(6)
        .collect();
    let after = after.join(" ");
    let before = sentence_before(words, at).trim_start();
    (walls.iter()).any(|w| before.starts_with(w) || contains_words(&after, w))
}

/// The two words before a thing, the nearer one first.
fn described(words: &str, at: usize) -> impl Iterator<Item = &str> {
    sentence_before(words, at)
        .rsplit(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|w| !w.is_empty())
        .take(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::film::wording::{LIGHTS, SIZES};

    #[test]
    fn what_is_said_of_light_and_size_is_understood() {
        let l = lexicon();
        for words in LIGHTS.iter().filter(|w| !w.is_empty()) {
            assert!(
                lexicon::find(&l.lights, &words.to_lowercase()).is_some(),
                "{words}"
            );
        }
        for (pair, word) in SIZES.windows(2).zip(&SIZES[1..]) {
            let size = |w: &str| l.sizes.get(w).copied().unwrap_or(1.0);
            assert!(size(pair[0]) < size(pair[1]), "{word}");
        }
    }
}
