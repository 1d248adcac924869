//! A shot's words become a scene: where, when, what weather, who, doing what, with which things.

mod counted;
mod doing;
mod people;
mod place;
mod posture;
mod setting;
mod strangers;
mod things;
mod unknown;
mod verbs;
mod wardrobe;

pub use counted::MANY;
pub use place::{kinds_of_sites, on_its_side, place_kind};
pub use posture::note_postures;
pub use setting::{named_time, time_of_day};
pub use strangers::strangers;
pub use things::note_colors;
pub use wardrobe::note_wardrobe;

use super::lexicon::{self, Lexicon, lexicon};
use crate::film::references::{Look, Person, References};
use crate::film::shot::{Angle, Size, View};
use crate::film::storyboard::{BoardBeat, Shot};
use crate::film::words::{contains_any, contains_words};
use place::outlook;
use std::collections::BTreeMap;
use strangers::Strangers;
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
    /// Nobody else is there: empty stands.
    pub deserted: bool,
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

/// What a shot says in lower case: without what it says of the camera, and without pictures of speech.
fn words_of(shot: &Shot) -> String {
    lexicon::literal(lexicon(), &without_framing(&shot.prompt).to_lowercase())
}

/// A shot without the words in capitals that frame it: `WIDE - `, `CLOSE ON `, `LOW ANGLE on `. Over whose shoulder it
/// looks is told by what follows.
fn without_framing(prompt: &str) -> &str {
    const FRAMES: [&str; 16] = [
        "WIDE",
        "CLOSE",
        "CLOSER",
        "TIGHT",
        "ANGLE",
        "SHOT",
        "INSERT",
        "POV",
        "REACTION",
        "MEDIUM",
        "ESTABLISHING",
        "TRACKING",
        "DETAIL",
        "AERIAL",
        "FULL",
        "TWO-SHOT",
    ];
    let mut end = 0;
    let mut framed = false;
    for word in prompt.split_inclusive(' ').take(5) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-');
        // Names may be written in small letters: `Jesse's POV`.
        let point = bare.chars().all(|c| "-–—".contains(c));
        let capitals = !bare.chars().any(char::is_lowercase);
        if !point && !capitals && !framed {
            if !prompt[end..].contains("POV") || end > 0 {
                return prompt;
            }
        } else if !point && !capitals {
            break;
        }
        framed |= FRAMES.contains(&bare);
        end += word.len();
        if framed && (point || word.trim_end().ends_with([':', '–', '—']) || bare == "ON") {
            break;
        }
    }
    // `A SHOT rings out` and MARTA CLOSE frame nothing.
    let (frame, rest) = (prompt[..end].trim_end(), prompt[end..].trim_start());
    let ends = frame.ends_with([':', '.', '-', '–', '—']) || frame.ends_with(" ON");
    let leads = ["on ", "of "].iter().find_map(|w| rest.strip_prefix(w));
    match framed && !rest.is_empty() {
        true if ends => rest,
        true => leads.unwrap_or(prompt),
        false => prompt,
    }
}

/// Reads a shot.
pub fn read(beat: &BoardBeat, shot: &Shot, around: &Around<'_>) -> Scene {
    read_closely(beat, shot, around).0
}

/// The verbs of a shot that made nothing: what somebody does, as far as it is not drawn.
pub fn unread_deeds(shot: &Shot, references: Option<&References>) -> Vec<String> {
    let l = lexicon();
    let words = words_of(shot);
    let cast: Vec<&Person> = references.iter().flat_map(|r| &r.cast).collect();
    unknown::deeds(l, &words, &cast)
}

/// What the words of a shot made, as it is read.
#[derive(Default)]
struct Made(Vec<Understood>);

impl Made {
    fn note(&mut self, what: String, word: &str) {
        self.0.push(Understood {
            what,
            word: word.to_owned(),
        });
    }
}

/// A shot as each part of the reading has it: its words, who is in it, where it plays.
struct Page<'a> {
    l: &'static Lexicon,
    shot: &'a Shot,
    around: &'a Around<'a>,
    /// In lower case, pictures of speech taken out.
    words: String,
    /// Those of the film who are in it and are seen.
    cast: Vec<&'a Person>,
    /// Those of the film who are not in it.
    absent: Vec<&'a Person>,
    /// People without a name, in the words that are seen.
    unnamed: Vec<Strangers<'static>>,
    /// The kind of place.
    kind: String,
    interior: bool,
    /// From within, somebody or something outside is looked at.
    outside: bool,
}

impl<'a> Page<'a> {
    fn open(
        shot: &'a Shot,
        around: &'a Around<'a>,
        words: String,
        (kind, interior): (String, bool),
    ) -> Page<'a> {
        let through = [
            "through the window",
            "through a window",
            "through the arch",
            "through the door",
            "outside the window",
        ];
        let mut page = Page {
            l: lexicon(),
            shot,
            around,
            cast: Vec::new(),
            absent: Vec::new(),
            unnamed: Vec::new(),
            kind,
            interior,
            outside: interior && contains_any(&words, &through),
            words,
        };
        let sheet = |id| around.references?.person(id);
        page.cast = (shot.cast.iter().filter_map(sheet))
            .filter(|p| !p.offscreen)
            .collect();
        page.absent = (page.everyone())
            .filter(|p| !shot.cast.contains(&p.id))
            .collect();
        page.unnamed =
            strangers::strangers_again(page.l, people::seen(&page), &page.cast, page.told_so_far());
        page
    }

    /// All of the film's cast.
    fn everyone(&self) -> impl Iterator<Item = &'a Person> + use<'a> {
        self.around.references.into_iter().flat_map(|r| &r.cast)
    }

    /// What the scene told up to this shot: who was told of before is meant, not who comes later.
    fn told_so_far(&self) -> &'a str {
        let (context, prompt) = (self.around.context, &self.shot.prompt);
        context
            .find(prompt)
            .map_or(context, |at| &context[..at + prompt.len()])
    }

    /// The words of the shot that call people of a kind: `crowd`, `anyone`.
    fn called(&self, kind: &str) -> Vec<&'static str> {
        let of_kind = self.l.people.iter().filter(|(k, _)| k == kind);
        (of_kind.flat_map(|(_, words)| words))
            .map(String::as_str)
            .filter(|w| contains_words(&self.words, w))
            .collect()
    }

    fn things_in(&self, text: &str) -> Vec<String> {
        let things = lexicon::things(self.l, text);
        things.iter().map(|hit| hit.kind.to_owned()).collect()
    }
}

/// Reads a shot, and tells which words made what.
pub fn read_closely(
    beat: &BoardBeat,
    shot: &Shot,
    around: &Around<'_>,
) -> (Scene, Vec<Understood>) {
    let mut made = Made::default();
    let words = words_of(shot);
    let at = setting::place(beat, shot, around, &words, &mut made);
    let weather = setting::weather(beat, shot, around, (&at.0, at.1), &mut made);
    let time = setting::time(beat, shot, around, &mut made);
    let page = Page::open(shot, around, words, at);
    let mut company = people::company(&page, &mut made);
    let mut things = things::things(&page, &beat.heading, &mut company, &mut made);
    let light = setting::light(&page.words, &mut made);
    if matches!(page.kind.as_str(), "body" | "neuron") {
        // Nobody stands in there.
        company.people.clear();
    }
    let unknown = not_understood(page.l, &page.words, &page.cast);
    let interior = page.interior;
    let place = setting::seen_from_within(&page, &company, &mut things.props);
    let scene = Scene {
        outlook: if interior {
            outlook(&place, around.references)
        } else {
            String::new()
        },
        place,
        interior,
        time,
        weather,
        mood: beat.mood.clone().unwrap_or_else(|| around.mood.to_owned()),
        look: around.look.to_owned(),
        people: company.people,
        crowd: company.crowd,
        props: things.props,
        tints: things.tints,
        scales: things.scales,
        counts: things.counts,
        hung: things.hung,
        light,
        size: shot.size,
        view: shot.view,
        angle: shot.angle.unwrap_or(Angle::Eye),
        deserted: people::is_deserted(&page),
        unknown,
    };
    (scene, made.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_the_camera_is_no_part_of_the_scene() {
        for (prompt, expected) in [
            ("WIDE - The girls sit.", "The girls sit."),
            ("WIDE SHOT. The family eats.", "The family eats."),
            ("WIDE SHOT of the alley.", "the alley."),
            ("CLOSE ON Lou's fingers.", "Lou's fingers."),
            ("LOW ANGLE on Danny.", "Danny."),
            ("JESSE'S POV - a bar.", "a bar."),
            ("Jesse's POV - a bar.", "a bar."),
            ("OVER HIS SHOULDER - a girl.", "OVER HIS SHOULDER - a girl."),
            ("A SHOT rings out.", "A SHOT rings out."),
            ("MARTA CLOSE (40) walks.", "MARTA CLOSE (40) walks."),
            ("The boy runs.", "The boy runs."),
        ] {
            assert_eq!(without_framing(prompt), expected, "{prompt}");
        }
    }
}
