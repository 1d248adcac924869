//! The arranging writer: it orders what it was given and never invents.
//!
//! A screenplay becomes beats and shots; a brief's own sentences are shared out over a dramatic
//! shape. Words of dialogue are passed on, byte for byte.

mod breakdown;
mod brief;
mod drafts;
pub mod ear;
pub mod kind;
mod seen;

use crate::film::heading::heading_parts;
use crate::film::ids::{BeatId, distinct, slug};
use crate::film::lines;
use crate::film::outline::{Beat, Outline};
use crate::film::script::{self, Element, Script, is_heading};
use crate::film::time::tidy;
use crate::screenplay::prose;

pub use breakdown::{Material, breakdown};
pub use brief::{Brief, read_brief, script_from_brief};
use drafts::drafts;

/// A beat's scene as it stands in a script: one heading that makes a beat, and what follows it.
pub struct SceneText<'a> {
    pub id: String,
    pub title: String,
    /// From its own heading on; forced headings inside are shots of this beat.
    pub elements: &'a [Element],
}

/// Splits a script into beats. A forced heading without place or time is a shot of the scene it
/// stands in; the first scene of a script always makes a beat.
pub fn beats(script: &Script) -> Vec<SceneText<'_>> {
    let mut starts: Vec<(usize, Option<&str>)> = Vec::new();
    let forced_only = !script
        .elements
        .iter()
        .any(|e| matches!(e, Element::Heading { forced: false, .. }));
    for (i, element) in script.elements.iter().enumerate() {
        if let Element::Heading { text, forced, .. } = element {
            let parts = heading_parts(text);
            let placed = parts.interior.is_some() || !parts.time.is_empty();
            if !*forced || placed || forced_only || starts.is_empty() {
                starts.push((i, Some(text)));
            }
        }
    }
    let first = starts.first().map_or(script.elements.len(), |s| s.0);
    if script.elements[..first].iter().any(Element::is_content) {
        starts.insert(0, (0, None));
    }
    let mut out: Vec<SceneText<'_>> = Vec::new();
    for (k, (at, heading)) in starts.iter().enumerate() {
        let end = starts.get(k + 1).map_or(script.elements.len(), |s| s.0);
        let title = heading.map_or("OPENING".to_owned(), script::plain);
        let id = distinct(&slug(&title, '_', 48), |id| out.iter().any(|b| b.id == id));
        out.push(SceneText {
            id,
            title,
            elements: &script.elements[*at..end],
        });
    }
    out
}

/// Makes the outline of a script that was handed in.
pub fn outline(script: &Script, title: &str, mood: &str, pace: f64) -> Outline {
    let found = beats(script);
    let mut made: Vec<Beat> = Vec::new();
    for beat in &found {
        let drafts = drafts(beat.elements);
        let seconds: f64 = drafts.iter().map(|d| d.seconds(pace)).sum();
        made.push(Beat {
            id: BeatId::new(beat.id.clone()).ok(),
            title: beat.title.clone(),
            summary: summary(beat.elements),
            seconds: tidy(seconds.max(lines::SHORTEST)),
            mood: None,
        });
    }
    let logline = found
        .iter()
        .find_map(|b| Some(summary(b.elements)).filter(|s| !s.is_empty()))
        .unwrap_or_default();
    Outline {
        schema: crate::film::document::SCHEMA,
        title: title.to_owned(),
        logline,
        mood: mood.to_owned(),
        beats: made,
    }
}

fn summary(elements: &[Element]) -> String {
    let text = elements
        .iter()
        .find_map(|e| match e {
            Element::Action(t) if !t.contains(": ") => Some(script::plain(t)),
            Element::Synopsis(t) => Some(t.clone()),
            _ => None,
        })
        .or_else(|| {
            script::speeches(elements)
                .first()
                .and_then(|s| s.parts.first().map(|p| script::plain(&p.1)))
        })
        .unwrap_or_default();
    prose::sentences(&text.split_whitespace().collect::<Vec<_>>().join(" "))
        .into_iter()
        .next()
        .unwrap_or_default()
}

/// The film's mood from its words: the one with most of its words in them, else the template's.
pub fn mood_of(text: &str, usual: &str) -> String {
    const MOODS: [(&str, &[&str]); 6] = [
        (
            "tense",
            &[
                "chase",
                "chases",
                "gun",
                "guns",
                "murder",
                "killer",
                "escape",
                "bomb",
                "heist",
                "vault",
                "robbery",
                "robs",
                "police",
                "siren",
                "sirens",
                "blood",
                "shoots",
                "rifle",
                "revolver",
                "knife",
                "threat",
                "screams",
                "ambulance",
                "boxer",
                "verdict",
            ],
        ),
        (
            "mysterious",
            &[
                "secret",
                "mystery",
                "strange",
                "ghost",
                "vanished",
                "silence",
                "flashlight",
                "footprints",
                "nobody",
                "witch",
                "disappeared",
            ],
        ),
        (
            "melancholy",
            &[
                "last",
                "alone",
                "funeral",
                "goodbye",
                "grief",
                "forty years",
                "retire",
                "coffin",
                "grave",
                "cemetery",
                "widow",
                "mourners",
                "died",
                "dying",
                "tears",
                "weeps",
                "sobs",
                "lonely",
                "hospital",
            ],
        ),
        (
            "playful",
            &[
                "joke", "laugh", "laughs", "prank", "silly", "circus", "giggle", "giggles",
                "grins", "twins", "bounce", "burnt", "costume",
            ],
        ),
        (
            "tender",
            &[
                "love",
                "kiss",
                "kisses",
                "wedding",
                "baby",
                "hug",
                "hugs",
                "embrace",
                "dances",
                "waltz",
                "sweetheart",
                "lullaby",
            ],
        ),
        (
            "wonder",
            &[
                "stars", "planet", "dream", "magic", "fairy", "dragon", "universe", "galaxy",
            ],
        ),
    ];
    let low = text.to_lowercase();
    let hits = |words: &[&str]| {
        let there = |w: &&&str| crate::film::words::contains_words(&low, w);
        words.iter().filter(there).count()
    };
    let enough = if low.len() < 1500 { 1 } else { 2 };
    // Of several with as many, the first.
    let most = (MOODS.iter().rev()).max_by_key(|(_, words)| hits(words));
    if let Some((mood, words)) = most
        && hits(words) >= enough
    {
        return (*mood).to_owned();
    }
    usual.to_owned()
}

/// The same text with a capital first letter.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

/// Cuts a script to an outline's beats: their order, without those taken out, with a scene for each
/// that a person put in. `named` are the ids of the script's own beats, in order.
pub fn arrange(script: &Script, named: &[String], outline: &Outline) -> Option<Script> {
    let found = beats(script);
    let now: Vec<&str> = named.iter().map(String::as_str).collect();
    let wanted: Vec<&str> = outline
        .beats
        .iter()
        .filter_map(|b| b.id.as_ref().map(|i| i.as_str()))
        .collect();
    if now == wanted {
        return None;
    }
    let mut out = Script {
        title_page: script.title_page.clone(),
        elements: Vec::new(),
    };
    for beat in &outline.beats {
        let text = beat
            .id
            .as_ref()
            .and_then(|id| named.iter().position(|n| n == id.as_str()))
            .and_then(|at| found.get(at));
        match text {
            Some(text) => out.elements.extend_from_slice(text.elements),
            None => {
                out.elements.push(Element::Heading {
                    forced: !is_heading(&beat.title),
                    text: beat.title.clone(),
                    number: None,
                });
                let words = if beat.summary.trim().is_empty() {
                    beat.title.clone()
                } else {
                    beat.summary.clone()
                };
                out.elements.push(Element::Action(words));
            }
        }
    }
    Some(out)
}
