//! A shot's words become a scene: where, when, what weather, who, doing what, with which things.

mod doing;
mod place;
mod posture;
mod strangers;
mod unknown;
mod wardrobe;

pub use place::{kinds_of_sites, on_its_side, place_kind};
pub use posture::note_postures;
pub use strangers::{MANY, strangers};
pub use wardrobe::note_wardrobe;

use super::lexicon::{self, Lexicon, lexicon};
use crate::film::heading::heading_parts;
use crate::film::references::{Look, Person, References};
use crate::film::shot::{Angle, POINTS, Size, View};
use crate::film::storyboard::{BoardBeat, Posture, Shot};
use crate::film::words::{contains_any, contains_words};
use doing::{doings, is_carried, partner, posed, without_names};
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
    /// More people, behind those.
    pub crowd: Option<Crowd>,
    /// Things, in the order of the words; the first one matters most.
    pub props: Vec<String>,
    /// Their colours, where the words name one: `rrggbb`.
    pub tints: BTreeMap<String, String>,
    /// How much larger they are than usual, where the words say so.
    pub scales: BTreeMap<String, f32>,
    /// How many of them there are, where there is more than one: three squirrels.
    pub counts: BTreeMap<String, usize>,
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

/// People who are many, and alike in some way.
#[derive(Debug, Clone, Default)]
pub struct Crowd {
    /// How many; from [`MANY`] on as many as there is room for.
    pub count: usize,
    /// What is said of one of them, and of the next: `soldier in grey`.
    pub said: Vec<String>,
    /// What they do, where that is said.
    pub pose: Option<String>,
    /// What they have with them.
    pub holds: Vec<String>,
    /// Somebody of the cast who is one of them, and dressed like them.
    pub like: Option<Look>,
    /// They sit round a table.
    pub at_table: bool,
    /// Those of them who are of the cast.
    pub looks: Vec<Look>,
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
    /// Seen from behind.
    pub back: bool,
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

/// The verbs of a shot that made nothing: what somebody does, as far as it is not drawn.
pub fn unread_deeds(shot: &Shot, references: Option<&References>) -> Vec<String> {
    let l = lexicon();
    let words = lexicon::literal(l, &shot.prompt.to_lowercase());
    let cast: Vec<&Person> = references.iter().flat_map(|r| &r.cast).collect();
    unknown::deeds(l, &words, &cast)
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
    let far = place::seen_elsewhere(&shot.prompt, shot.view == Some(View::Pov), interior);
    let (kind, by, interior) = match (elsewhere(&shot.prompt), far) {
        (Some((kind, word)), _) => (on_its_side(kind, interior), word, interior),
        (None, Some((kind, word, inside))) => (on_its_side(kind, inside), word, inside),
        (None, None) => (kind, by, interior),
    };
    // Whoever is on the stairs of a house is on them.
    let on_stairs = contains_any(
        &words,
        &[
            "stairs",
            "staircase",
            "stairwell",
            "bottom step",
            "lowest step",
            "top step",
            "the steps",
        ],
    );
    let kind = match kind.as_str() {
        "hallway" | "corridor" | "living" | "plain_room" | "lobby" if on_stairs && interior => {
            "stairs".to_owned()
        }
        _ => kind,
    };
    note(format!("place {kind}"), by);
    let weather = weather_of(l, &all)
        .or_else(|| weather_of(l, &around.context.to_lowercase()).filter(|_| !interior))
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
    let absent: Vec<&Person> = (references.iter().flat_map(|r| &r.cast))
        .filter(|p| !shot.cast.contains(&p.id))
        .collect();
    let doing = doings(l, &words, &cast, &absent);
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
    let lead = (doing.first().filter(|_| !cast.is_empty()))
        .and_then(|d| d.pose)
        .map(|(pose, _)| pose);
    let mut people: Vec<Figure> = cast
        .iter()
        .zip(&doing)
        .enumerate()
        .map(|(i, (person, does))| {
            let speaking = speaker == Some(&person.id);
            let said = shot.lines.iter().filter(|l| l.speaker == person.id);
            let delivery: String = said.map(|l| l.delivery.to_lowercase() + " ").collect();
            // Who sits down anew does not drive any more, nor lie.
            let held = (shot.postures.get(&person.id).copied())
                .filter(|held| *held != Posture::Drive || !posture::takes_a_seat(does.pose));
            let body = match held {
                Some(_) => posture::of_the_body(does.pose),
                None => does.pose,
            };
            let pose = posture::kept(held, body.map(|(pose, _)| pose), on_the_move);
            // There are no beds under the sky.
            let pose = pose.map(|pose| match pose {
                "abed" if !interior => "floor",
                "wake" => "sit",
                pose => pose,
            });
            Figure {
                look: (shot.wears.get(&person.id)).map_or_else(
                    || person.look.clone(),
                    |worn| super::casting::dressed(&person.look, worn),
                ),
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
                    // What hands do on a table needs one.
                    .or(Some("counter").filter(|_| interior && pose == Some("work")))
                    .or(held
                        .filter(|_| posture::is_seated(pose))
                        .and_then(posture::furniture))
                    .map(str::to_owned),
                holds: does.holds.iter().map(|t| (*t).to_owned()).collect(),
                back: false,
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
    let all_said = |kind: &str| -> Vec<&String> {
        let of_kind = l.people.iter().filter(|(k, _)| k == kind);
        (of_kind.flat_map(|(_, w)| w))
            .filter(|w| contains_words(&words, w))
            .collect()
    };
    // Who is counted stands in front, and whom one sees outside is not in here.
    let outside = interior
        && contains_any(
            &words,
            &[
                "through the window",
                "through a window",
                "through the arch",
                "through the door",
                "outside the window",
            ],
        );
    // Of `POV WATCHMAN: a thief climbs in` the thief is seen.
    let seen = match shot.view {
        Some(View::Pov) => (shot.prompt.split_once(POINTS)).map_or("", |(_, seen)| seen),
        _ => shot.prompt.as_str(),
    };
    let has = |text: &str| -> Vec<String> {
        let things = lexicon::things(l, text);
        things.iter().map(|hit| hit.kind.to_owned()).collect()
    };
    let seen_words = seen.to_lowercase();
    // Of whom there are too many for the front there is a crowd.
    let mut behind: Option<Crowd> = None;
    // Who sits in the stands is there already.
    let in_stands = |at: usize| {
        let sentence = words[at..]
            .split(['.', '!', '?', ';'])
            .next()
            .unwrap_or_default();
        contains_any(
            sentence,
            &["bleachers", "grandstand", "the stands", "terraces"],
        )
    };
    // Who was told of before is meant, not who comes later.
    let before_this = (around.context.find(&shot.prompt)).map_or(around.context, |at| {
        &around.context[..at + shot.prompt.len()]
    });
    let unnamed = strangers::strangers_again(l, seen, &cast, before_this);
    // Where they are too many for the front, all of them are one company.
    let all: usize = people.len() + unnamed.iter().map(|s| s.count).sum::<usize>();
    let one_company = all > 3 && unnamed.len() > 1;
    let alone = people.is_empty() && matches!(unnamed.as_slice(), [one] if one.count == 1);
    // Somebody alone is looked at more closely below.
    for some in unnamed.iter().filter(|_| !alone) {
        let again = ["the ", "his ", "her ", "their "]
            .iter()
            .any(|w| seen_words[some.at..some.end].starts_with(w));
        let before = again
            .then(|| strangers::told_before(l, some, before_this))
            .flatten();
        let (count, said) = match &before {
            // As many as they were, where no number is said now.
            Some(b) if some.count == 4 => (b.count, &b.said),
            Some(b) => (some.count, &b.said),
            None => (some.count, &some.said),
        };
        let rides = strangers::rides(some.noun);
        let own = posed(l, &seen_words, some.end).map(str::to_owned);
        let clause =
            doing::clauses(&seen_words).find(|c| contains_words(c, &seen_words[some.at..some.end]));
        let in_front = match count {
            n if n < 4 && !one_company => n.min(3usize.saturating_sub(people.len())),
            _ => 0,
        };
        if in_stands(words.find(&seen_words[some.at..some.end]).unwrap_or(0)) {
            continue;
        }
        note(format!("somebody, {count}"), &seen_words[some.at..some.end]);
        for _ in 0..in_front {
            let i = people.len();
            people.push(Figure {
                look: super::casting::look(some.noun, said, 7 + i as u64),
                pose: match &own {
                    Some(pose) if !(rides && pose == "walk") => pose.clone(),
                    _ if rides => "ride".to_owned(),
                    _ => partner(lead.unwrap_or("stand"), i),
                },
                expression: "neutral".to_owned(),
                right: i.is_multiple_of(2),
                speaking: false,
                behind: None,
                holds: clause.map_or(Vec::new(), has),
                carried: i == 1 && is_carried(&words, &[some.noun]),
                back: false,
            });
        }
        if count > in_front {
            let more = behind.get_or_insert_with(|| Crowd {
                count: 0,
                said: Vec::new(),
                pose: own.clone(),
                holds: clause.map_or(Vec::new(), has),
                like: None,
                at_table: is_round_a_table(&seen_words[some.end..]),
                looks: Vec::new(),
            });
            more.pose = more.pose.take().or(own.clone());
            more.count = (more.count + count - in_front).min(MANY);
            more.said.extend(std::iter::repeat_n(
                said.clone(),
                (count - in_front).min(12),
            ));
        }
    }
    // Who has no place in front stands behind, as they are.
    if people.len() > 3 {
        let looks: Vec<Look> = people.drain(3..).map(|p| p.look).collect();
        let more = behind.get_or_insert_with(Crowd::default);
        more.count = (more.count + looks.len()).min(MANY);
        more.looks = looks;
    }
    let told =
        |word: &String| (unnamed.iter()).any(|s| contains_words(&seen_words[s.at..s.end], word));
    let empty = contains_any(
        &words,
        &[
            "empty",
            "deserted",
            "abandoned",
            "nobody",
            "no one",
            "not a soul",
        ],
    );
    let crowd = all_said("crowd").into_iter().find(|w| {
        let at = words.find(w.as_str()).unwrap_or(0);
        !outside && !told(w) && !in_stands(at) && !empty
    });
    if let Some(word) = crowd {
        note("crowd".to_owned(), word);
        let one = one_of(word);
        let at = words.find(word.as_str()).unwrap_or(0);
        let alike = |p: &&Person| contains_words(&p.name.to_uppercase(), &one.to_uppercase());
        let few = matches!(
            word.as_str(),
            "everyone"
                | "everybody"
                | "whole staff"
                | "the staff"
                | "whole team"
                | "the team"
                | "whole family"
                | "teams"
                | "team-mates"
                | "teammates"
        );
        behind = Some(Crowd {
            count: if few { 7 } else { MANY },
            said: vec![described_as(&words, word, &one)],
            pose: posed(l, &words, at + word.len()).map(str::to_owned),
            holds: doing::clauses(&words)
                .find(|c| contains_words(c, word))
                .map_or(Vec::new(), has),
            like: references.and_then(|r| Some(r.cast.iter().find(alike)?.look.clone())),
            at_table: is_round_a_table(&words[at..]),
            looks: behind.take().map_or_else(Vec::new, |b| b.looks),
        });
    }
    if people.is_empty()
        && let Some(word) = all_said("anyone")
            .into_iter()
            .find(|w| behind.is_none() && is_there(&seen_words, w))
    {
        note("somebody".to_owned(), word);
        people.push(Figure {
            look: match unnamed.as_slice() {
                [one] => super::casting::look(one.noun, &one.said, 7),
                _ => super::casting::look("somebody", &words, 7),
            },
            pose: match lead.or_else(|| Some(lexicon::first(&l.poses, &words)?.0)) {
                // A rider who crosses the plain rides across it.
                None | Some("walk" | "stand") if strangers::rides(word) => "ride",
                pose => pose.unwrap_or("stand"),
            }
            .to_owned(),
            expression: lexicon::find(&l.expressions, &words)
                .map_or("neutral", |(kind, _)| kind)
                .to_owned(),
            right: true,
            speaking: false,
            behind: doing[0].behind.map(|(what, _)| what.to_owned()),
            holds: has(&seen_words),
            carried: false,
            back: false,
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
    let away = contains_any(
        &words,
        &[
            "back to us",
            "backs to us",
            "back to the camera",
            "back to camera",
            "backs to the camera",
            "from behind",
        ],
    );
    if away {
        people.iter_mut().for_each(|p| p.back = true);
    }
    // The taxi driver drives.
    if interior && kind == "vehicle" && people.iter().all(|p| p.pose != "drive") {
        let driver =
            |name: &str| contains_any(&name.to_lowercase(), &["driver", "cabbie", "chauffeur"]);
        if let Some(i) = cast.iter().position(|p| driver(&p.name))
            && let Some(figure) = people.get_mut(i)
        {
            "drive".clone_into(&mut figure.pose);
        }
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
        // What is dead is not drawn alive, and a chart is the picture itself.
        let dead = l.beings.contains(hit.kind)
            && described(&nameless, hit.at).any(|w| matches!(w, "dead" | "stuffed" | "toy"));
        if dead || (kind == "graphic" && hit.kind == "chart") {
            return false;
        }
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
    // Who sits in a car sees none beside it, and what is seen through a window is not in here.
    if interior && (kind == "vehicle" || outside) {
        things.retain(|h| !VEHICLES.contains(&h.kind));
    }
    // A vehicle has its door on it, and so has a house: none stands free under the sky.
    let of_a_house =
        !interior && !matches!(shot.size, Size::Cu | Size::Bcu | Size::Ecu | Size::Insert);
    let aboard = matches!(
        kind.as_str(),
        "elevator"
            | "airliner"
            | "bus"
            | "train"
            | "subway"
            | "vehicle"
            | "cockpit"
            | "submarine"
            | "module"
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
        .filter_map(|hit| {
            let before = || l.colors.get(shot.colors.get(hit.kind)?).cloned();
            let color = colored(l, &words, hit.at).or_else(before)?;
            Some((hit.kind.to_owned(), color))
        })
        .collect();
    let scales: BTreeMap<String, f32> = things
        .iter()
        .filter_map(|hit| Some((hit.kind.to_owned(), sized(l, &words, hit.at)?)))
        .collect();
    let counts = (things.iter())
        .map(|hit| (hit.kind.to_owned(), lexicon::how_many(&words, hit)))
        .filter(|(kind, n)| *n > 1 && l.beings.contains(kind))
        .collect();
    let hung = (things.iter())
        .filter(|hit| on_a_wall(&words, hit.at))
        .map(|hit| hit.kind.to_owned())
        .collect();
    let light = lexicon::find(&l.lights, &words).or_else(|| {
        let dark = words
            .split(['.', '!', ';'])
            .any(|s| matches!(s.trim(), "dark" | "it is dark" | "it's dark"));
        dark.then_some(("almost_dark", "dark"))
    });
    if let Some((light, word)) = light {
        note(format!("light {light}"), word);
    }
    let mut props: Vec<String> = things.iter().map(|h| h.kind.to_owned()).collect();
    let hand = ["hand", "hands", "fingers"];
    if shot.size == Size::Insert
        && let Some(word) = hand.into_iter().find(|w| contains_words(&words, w))
    {
        note("thing resting hand".to_owned(), word);
        props.push("resting hand".to_owned());
    }
    // From so near a part of somebody, or of what they wear, is what is seen.
    let parts: [(&str, &[&str]); 2] = [
        ("near feet", &["foot", "feet", "toes", "slippers"]),
        ("near shirt", &["shirt", "blouse", "collar", "sleeve"]),
    ];
    if shot.size == Size::Insert && props.is_empty() {
        for (part, said) in parts {
            if let Some(word) = said.iter().find(|w| contains_words(&words, w)) {
                note(format!("thing {part}"), word);
                props.push(part.to_owned());
                people.truncate(usize::from(part == "near shirt"));
                break;
            }
        }
    }
    // Nobody rides on nothing.
    let rides = people.iter().any(|p| p.pose == "ride");
    let on_horses = kind == "frontier"
        || (unnamed.iter()).any(|s| strangers::rides(s.noun))
        || contains_any(&around.context.to_lowercase(), &["horse", "horses", "pony"]);
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
    let mounted = (props.iter()).any(|p| {
        matches!(
            p.as_str(),
            "horse"
                | "bicycle"
                | "motorbike"
                | "cow"
                | "dragon"
                | "car"
                | "donkey"
                | "camel"
                | "elephant"
        )
    });
    if rides && !mounted && (on_horses || contains_words(&words, "horseback")) {
        props.push("horse".to_owned());
    }
    if matches!(kind.as_str(), "body" | "neuron") {
        // Nobody stands in there.
        people.clear();
    }
    // At sea people are in their boat, not on the shore.
    let afloat = |text: &str| {
        contains_any(
            text,
            &[
                "boat",
                "boats",
                "trawler",
                "net",
                "nets",
                "deck",
                "oars",
                "at the wheel",
                "rail",
                "sail",
                "mast",
                "cabin cruiser",
                "dinghy",
            ],
        )
    };
    let ashore = contains_any(
        &words,
        &[
            "shore", "beach", "cliff", "cliffs", "rocks", "sand", "island", "pier",
        ],
    );
    let someone = !people.is_empty() || behind.is_some();
    let kind = match kind.as_str() {
        "sea" | "open_water"
            if !interior
                && someone
                && !ashore
                && afloat(&format!("{words} {}", around.context.to_lowercase())) =>
        {
            props.retain(|p| !matches!(p.as_str(), "boat" | "rowboat" | "ship"));
            "boat_deck".to_owned()
        }
        // Ships of space.
        _ if ground_of(&kind) == "space" => {
            for prop in &mut props {
                if matches!(
                    prop.as_str(),
                    "ship" | "boat" | "warship" | "cargo" | "rowboat"
                ) {
                    "spaceship".clone_into(prop);
                }
            }
            props.retain(|p| p != "machine");
            kind
        }
        _ => kind,
    };
    // On a bridge one stands on its deck, and sees it from there.
    let on_it = !people.is_empty()
        || behind.is_some()
        || props.iter().any(|p| VEHICLES.contains(&p.as_str()));
    let kind = match kind.as_str() {
        "bridge" if on_it => "bridge_deck".to_owned(),
        _ => kind,
    };
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
        crowd: behind,
        props,
        tints,
        scales,
        counts,
        hung,
        light: light.map_or("", |(kind, _)| kind).to_owned(),
        size: shot.size,
        view: shot.view,
        angle: shot.angle.unwrap_or(Angle::Eye),
        unknown,
    };
    (scene, made)
}

/// Whether somebody is told of as being there: not `no rider`, nor a man's shirt.
fn is_there(words: &str, noun: &str) -> bool {
    words.match_indices(noun).any(|(at, _)| {
        let (before, after) = (&words[..at], &words[at + noun.len()..]);
        let whole =
            !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        let denied = before
            .split_whitespace()
            .next_back()
            .is_some_and(|w| matches!(w, "no" | "without" | "nor" | "like" | "not"));
        whole && !denied && !after.starts_with(['\'', '’'])
    })
}

/// One of many with what is said of all: `brother in brown habits` of `two tired brothers in brown habits`.
fn described_as(words: &str, many: &str, one: &str) -> String {
    let Some((_, after)) = words.split_once(many) else {
        return one.to_owned();
    };
    let worn = after.split(['.', ',', ';', '!', '?', '(', ')']).next();
    let worn = worn.unwrap_or_default().trim_start();
    match ["in ", "with ", "wearing ", "of "]
        .iter()
        .any(|w| worn.starts_with(w))
    {
        true => {
            let worn: Vec<&str> = worn.split_whitespace().take(6).collect();
            format!("{one} {}", worn.join(" "))
        }
        false => one.to_owned(),
    }
}

/// Whether people are said to be at a table: `round a long table`.
fn is_round_a_table(after: &str) -> bool {
    let sentence = after
        .split(['.', '!', '?', ';', ':'])
        .next()
        .unwrap_or_default();
    sentence.split_once("table").is_some_and(|(lead, _)| {
        let words: Vec<&str> = lead.split_whitespace().rev().take(5).collect();
        words
            .iter()
            .any(|w| matches!(*w, "round" | "around" | "at"))
    })
}

/// The weather a text names; a snow plough is none.
fn weather_of<'a>(l: &'a Lexicon, text: &str) -> Option<(&'a str, &'a str)> {
    (lexicon::hits(&l.weather, text).into_iter())
        .filter(|hit| !doing::in_a_name(l, text, hit))
        .max_by_key(|hit| (hit.word.len(), std::cmp::Reverse(hit.at)))
        .map(|hit| (hit.kind, hit.word))
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

/// Notes in each shot the colours of its things that were said before, and not here. `said` goes from scene to scene.
pub fn note_colors(shots: &mut [Shot], said: &mut BTreeMap<String, String>) {
    let l = lexicon();
    for shot in shots {
        let words = lexicon::literal(l, &shot.prompt.to_lowercase());
        for hit in lexicon::things(l, &words) {
            // A white vehicle is another than the black one.
            let told = described(&words, hit.at).find(|w| l.colors.contains_key(*w));
            // A paper boat is not the red one.
            let toy = described(&words, hit.at).any(|w| {
                matches!(
                    w,
                    "paper" | "toy" | "model" | "another" | "wooden" | "stuffed"
                )
            });
            if toy || lexicon::is_many(&words, &hit) {
                continue;
            }
            let same = hit.kind.to_owned();
            match (told, said.get(hit.kind)) {
                (Some(color), _) => drop(said.insert(same, color.to_owned())),
                (None, Some(color)) => drop(shot.colors.insert(same, color.clone())),
                (None, None) => {}
            }
        }
    }
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
