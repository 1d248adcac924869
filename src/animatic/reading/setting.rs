//! Where and when a shot plays, in what weather and light; and what those who are there stand on.

use super::people::Company;
use super::place::{elsewhere, ground_of, named_place, on_its_side, place_kind, seen_elsewhere};
use super::things::VEHICLES;
use super::verbs::in_a_name;
use super::{Around, Made, Page};
use crate::animatic::lexicon::{self, Lexicon, lexicon};
use crate::film::heading::heading_parts;
use crate::film::shot::View;
use crate::film::storyboard::{BoardBeat, Shot};
use crate::film::words::{contains_any, contains_words};

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

/// The kind of place a shot is at, and whether that is inside.
pub(super) fn place(
    beat: &BoardBeat,
    shot: &Shot,
    around: &Around<'_>,
    words: &str,
    made: &mut Made,
) -> (String, bool) {
    let sheet = (shot.place.as_ref()).and_then(|id| around.references?.place(id));
    let parts = heading_parts(&beat.heading);
    let interior = sheet.map_or_else(|| parts.interior.unwrap_or(false), |p| p.interior);
    let told = || {
        let (kind, by) = (
            sheet.map_or_else(
                || place_kind(&all_words(beat, shot), interior),
                |p| on_its_side(&p.kind, p.interior),
            ),
            named_place(&beat.heading, around.context).map_or("", |(_, word)| word),
        );
        (kind, by, interior)
    };
    let far = seen_elsewhere(&shot.prompt, shot.view == Some(View::Pov), interior);
    let (kind, by, interior) = match (elsewhere(&shot.prompt), far) {
        // Below the surface there is no room.
        (Some(("deep_sea", word)), _) => {
            let pool = told().0.starts_with("pool");
            let kind = if pool { "pool_below" } else { "deep_sea" };
            (kind.to_owned(), word, false)
        }
        (Some((kind, word)), _) => (on_its_side(kind, interior), word, interior),
        (None, Some((kind, word, inside))) => (on_its_side(kind, inside), word, inside),
        (None, None) => told(),
    };
    // What is seen through the window is outside, where nothing is told of inside besides.
    let alone = words
        .trim()
        .trim_end_matches(['.', '!', '?'])
        .find(['.', '!', '?'])
        .is_none();
    let out = [
        "through the window",
        "through a window",
        "outside the window",
        "out the window",
        "out of the window",
    ];
    let (kind, interior) = match on_its_side(&kind, false) {
        around if interior && alone && out.iter().any(|w| words.trim_start().starts_with(w)) => {
            (around, false)
        }
        _ => (kind, interior),
    };
    // Whoever is on the stairs of a house is on them; whose boots are heard there is not seen.
    let heard = [
        "boots on the",
        "footsteps on the",
        "voices on the",
        "feet on the",
    ];
    let on_stairs = contains_any(
        words,
        &[
            "stairs",
            "staircase",
            "stairwell",
            "bottom step",
            "lowest step",
            "top step",
            "the steps",
        ],
    ) && !contains_any(words, &heard);
    let kind = match kind.as_str() {
        "hallway" | "corridor" | "living" | "plain_room" | "lobby" if on_stairs && interior => {
            "stairs".to_owned()
        }
        _ => kind,
    };
    made.note(format!("place {kind}"), by);
    (kind, interior)
}

/// What a heading and a shot say, in lower case.
fn all_words(beat: &BoardBeat, shot: &Shot) -> String {
    format!("{} {}", beat.heading, shot.prompt).to_lowercase()
}

/// The weather at a kind of place: as the shot says, else, under the sky, as its scene does.
pub(super) fn weather(
    beat: &BoardBeat,
    shot: &Shot,
    around: &Around<'_>,
    (kind, interior): (&str, bool),
    made: &mut Made,
) -> String {
    let (l, all, context) = (
        lexicon(),
        all_words(beat, shot),
        around.context.to_lowercase(),
    );
    let ground = ground_of(kind);
    // No rain falls below the sea, in a vessel or between the stars.
    if is_over(&all)
        || is_over(&context)
        || matches!(ground, "underwater" | "space" | "body" | "neuron")
    {
        return String::new();
    }
    let found = weather_of(l, &all).or_else(|| weather_of(l, &context).filter(|_| !interior));
    let Some((weather, word)) = found else {
        return String::new();
    };
    // No rain falls on ice.
    let weather = match (weather, ground) {
        ("storm" | "rain", "ice") => "snow",
        (weather, _) => weather,
    };
    made.note(format!("weather {weather}"), word);
    weather.to_owned()
}

/// The time of day of a shot: its heading's, else that of the scene before.
pub(super) fn time(beat: &BoardBeat, shot: &Shot, around: &Around<'_>, made: &mut Made) -> String {
    let time = named_time(&beat.heading)
        .or_else(|| Some(around.time.to_owned()).filter(|t| !t.is_empty()))
        .unwrap_or_else(|| time_of_day(&beat.heading, &shot.prompt));
    made.note(format!("time {time}"), &heading_parts(&beat.heading).time);
    time
}

/// How a shot is lit, where its words say so.
pub(super) fn light(words: &str, made: &mut Made) -> String {
    let light = lexicon::find(&lexicon().lights, words).or_else(|| {
        let dark = words
            .split(['.', '!', ';'])
            .any(|s| matches!(s.trim(), "dark" | "it is dark" | "it's dark"));
        dark.then_some(("almost_dark", "dark"))
    });
    let Some((light, word)) = light else {
        return String::new();
    };
    made.note(format!("light {light}"), word);
    light.to_owned()
}

/// Whether a text is about a boat, as those on it tell it.
fn is_afloat(text: &str) -> bool {
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
}

/// The kind of place that those who are there see around them: at sea their boat, on a bridge its deck. What they are
/// on is no thing beside them.
pub(super) fn seen_from_within(
    page: &Page<'_>,
    company: &Company,
    props: &mut Vec<String>,
) -> String {
    let (kind, words) = (page.kind.as_str(), page.words.as_str());
    if ground_of(kind) == "space" {
        // Ships of space.
        for prop in props.iter_mut() {
            if matches!(
                prop.as_str(),
                "ship" | "boat" | "warship" | "cargo" | "rowboat"
            ) {
                "spaceship".clone_into(prop);
            }
        }
        props.retain(|p| p != "machine");
        return kind.to_owned();
    }
    let someone = !company.people.is_empty() || company.crowd.is_some();
    let ashore = contains_any(
        words,
        &[
            "shore", "beach", "cliff", "cliffs", "rocks", "sand", "island", "pier",
        ],
    );
    match kind {
        // At sea people are in their boat, not on the shore.
        "sea" | "open_water"
            if !page.interior
                && someone
                && !ashore
                && (is_afloat(words) || is_afloat(&page.around.context.to_lowercase())) =>
        {
            props.retain(|p| !matches!(p.as_str(), "boat" | "rowboat" | "ship"));
            "boat_deck".to_owned()
        }
        // On a bridge one stands on its deck, and sees it from there.
        "bridge" if someone || props.iter().any(|p| VEHICLES.contains(&p.as_str())) => {
            "bridge_deck".to_owned()
        }
        _ => kind.to_owned(),
    }
}

/// The weather a text names; a snow plough is none.
fn weather_of<'a>(l: &'a Lexicon, text: &str) -> Option<(&'a str, &'a str)> {
    (lexicon::hits(&l.weather, text).into_iter())
        .filter(|hit| !in_a_name(l, text, hit))
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
