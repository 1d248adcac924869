//! A shot's words become a scene: where, when, what weather, who, doing what.

use super::lexicon::{self, lexicon};
use crate::film::cast::heading_parts;
use crate::film::references::{Look, References};
use crate::film::shot::{Angle, Size, View};
use crate::film::storyboard::{BoardBeat, Shot};

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
    pub prop: Option<String>,
    pub size: Size,
    pub view: Option<View>,
    pub angle: Angle,
}

#[derive(Debug, Clone)]
pub struct Figure {
    pub look: Look,
    pub pose: String,
    pub expression: String,
    /// Faces right.
    pub right: bool,
    pub speaking: bool,
}

/// Returns the place kind a text names, if it names one.
pub fn named_kind(text: &str) -> Option<String> {
    let name = heading_parts(text).place.to_lowercase();
    lexicon::last(&lexicon().places, &name)
        .or_else(|| lexicon::find(&lexicon().places, &text.to_lowercase()))
        .map(|(kind, _)| kind.to_owned())
}

/// Returns the place kind a heading or text names, else a usual one.
pub fn place_kind(text: &str, interior: bool) -> String {
    // Of a name's words the last says what it is: lighthouse stairs are stairs.
    named_kind(text).unwrap_or_else(|| if interior { "living" } else { "street" }.to_owned())
}

/// Returns the time of day that a heading, or else an action, names.
pub fn time_of_day(heading: &str, action: &str) -> String {
    let named = heading_parts(heading).time.to_lowercase();
    lexicon::find(&lexicon().times, &named)
        .or_else(|| lexicon::find(&lexicon().times, &heading.to_lowercase()))
        .or_else(|| lexicon::find(&lexicon().times, &action.to_lowercase()))
        .map_or("day", |(kind, _)| kind)
        .to_owned()
}

/// Reads a shot.
pub fn read(
    beat: &BoardBeat,
    shot: &Shot,
    references: Option<&References>,
    film_mood: &str,
    film_look: &str,
    context: &str,
) -> Scene {
    let l = lexicon();
    let words = shot.prompt.to_lowercase();
    let all = format!("{} {}", beat.heading.to_lowercase(), words);
    let place = shot.place.as_ref().and_then(|id| references?.place(id));
    let parts = heading_parts(&beat.heading);
    let interior = place.map_or_else(|| parts.interior.unwrap_or(false), |p| p.interior);
    let kind = place.map_or_else(|| place_kind(&all, interior), |p| p.kind.clone());
    let weather = lexicon::find(&l.weather, &all)
        .or_else(|| lexicon::find(&l.weather, &context.to_lowercase()).filter(|_| !interior))
        .map_or("", |(kind, _)| kind)
        .to_owned();
    let pose = lexicon::first(&l.poses, &words).map_or("stand", |(kind, _)| kind);
    let feeling = shot
        .lines
        .iter()
        .map(|l| l.delivery.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let expression = lexicon::find(
        &l.expressions,
        &format!("{words} {}", feeling.to_lowercase()),
    )
    .map_or("neutral", |(kind, _)| kind);
    let speaker = shot
        .lines
        .iter()
        .find(|l| l.heard.is_on_screen())
        .map(|l| &l.speaker);
    let mut people: Vec<Figure> = shot
        .cast
        .iter()
        .filter_map(|id| references?.person(id))
        .filter(|p| !p.offscreen)
        .enumerate()
        .map(|(i, p)| Figure {
            look: p.look.clone(),
            pose: if i == 0 {
                pose.to_owned()
            } else {
                partner(pose, i)
            },
            expression: if i == 0 {
                expression.to_owned()
            } else {
                "neutral".to_owned()
            },
            right: i % 2 == 0,
            speaking: speaker == Some(&p.id),
        })
        .collect();
    let crowd = l.people.iter().any(|(k, w)| {
        k == "crowd"
            && w.iter()
                .any(|w| crate::film::shot::contains_words(&words, w))
    });
    let anyone = l.people.iter().any(|(k, w)| {
        k == "anyone"
            && w.iter()
                .any(|w| crate::film::shot::contains_words(&words, w))
    });
    if people.is_empty() && anyone && shot.view != Some(View::Pov) {
        people.push(Figure {
            look: super::casting::look("somebody", &words, 7),
            pose: pose.to_owned(),
            expression: expression.to_owned(),
            right: true,
            speaking: false,
        });
    }
    Scene {
        place: kind,
        interior,
        time: time_of_day(&beat.heading, &shot.prompt),
        weather,
        mood: beat.mood.clone().unwrap_or_else(|| film_mood.to_owned()),
        look: film_look.to_owned(),
        people,
        crowd,
        prop: lexicon::first(&l.props, &words).map(|(kind, _)| kind.to_owned()),
        size: shot.size,
        view: shot.view,
        angle: shot.angle.unwrap_or(Angle::Eye),
    }
}

/// What somebody does beside a person in a pose.
fn partner(pose: &str, at: usize) -> String {
    match pose {
        "sit" | "type" | "read" | "slump" => "sit",
        "walk" | "run" => pose,
        "lie" => "kneel",
        _ if at % 2 == 1 => "talk",
        _ => "crossed",
    }
    .to_owned()
}
