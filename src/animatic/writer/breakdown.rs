//! The breakdown: a script's beats into shots, with sizes and moves by the rules of the trade.

use super::drafts::{Draft, drafts};
use super::seen::{
    begins_with_pronoun, close_on_face, close_on_thing, company, embraces, how_many, may_be_meant,
    meant, of_a_stranger, of_them, over_shoulder, pronoun, viewer,
};
use super::{beats, capital};
use crate::animatic::book::book;
use crate::animatic::lexicon::{self, lexicon};
use crate::animatic::reading;
use crate::film::cast;
use crate::film::handed;
use crate::film::heading::heading_parts;
use crate::film::ids::{BeatId, RefId, ShotId, slug};
use crate::film::outline::Outline;
use crate::film::references::References;
use crate::film::script::{self, Element, Script};
use crate::film::shot::{Angle, Move, Size, Transition, TransitionKind, View};
use crate::film::storyboard::{BoardBeat, Heard, Line, Shot, Subject};

/// What the storyboard is broken down from.
pub struct Material<'a> {
    pub script: &'a Script,
    pub outline: &'a Outline,
    pub references: Option<&'a References>,
    /// Whether a file lies in the run's folder: pictures that were handed in.
    pub lies_there: &'a dyn Fn(&str) -> bool,
    /// Words a minute of the narration.
    pub pace: f64,
}

/// Breaks a script down into beats and shots, with sizes and moves by the rules of the trade.
pub fn breakdown(m: &Material<'_>) -> Vec<BoardBeat> {
    let found = beats(m.script);
    let mut seen_places: Vec<RefId> = Vec::new();
    let mut out = Vec::new();
    // A missing transition is a cut; only told prose, which has no places to cut between, dissolves.
    let told = !m
        .script
        .elements
        .iter()
        .any(|e| matches!(e, Element::Heading { forced: false, .. }));
    let mut before: Vec<RefId> = Vec::new();
    let mut worn = std::collections::BTreeMap::new();
    let mut last_time: Option<String> = None;
    let mut colors = std::collections::BTreeMap::new();
    for (number, text) in found.iter().enumerate() {
        let planned = m
            .outline
            .beats
            .iter()
            .find(|b| b.id.as_ref().is_some_and(|i| i.as_str() == text.id));
        let place = place_of(m.references, &text.title);
        let new_place = place.as_ref().is_none_or(|p| !seen_places.contains(p));
        seen_places.extend(place.clone());
        let drafts = drafts(text.elements);
        let mut shots: Vec<Shot> = Vec::new();
        let mut known: Vec<RefId> = Vec::new();
        let mut last_action = String::new();
        let count = drafts.len();
        for (i, draft) in drafts.iter().enumerate() {
            let words = draft.words();
            let picture = (draft.picture.as_ref()).map(|n| handed::file_of(n, m.lies_there));
            let mut company = company(m.references, &words, &known);
            let lines = spoken(m.references, draft, number + 1, i);
            // Who speaks while one looks through their eyes is not seen.
            let eyes = viewer(m.references, &words, &known);
            let lines: Vec<Line> = (lines.into_iter())
                .map(|mut line| {
                    if line.heard == Heard::OnScreen && eyes.as_ref() == Some(&line.speaker) {
                        line.heard = Heard::OffScreen;
                    }
                    line
                })
                .collect();
            for line in &lines {
                if line.heard == Heard::OnScreen && !company.contains(&line.speaker) {
                    company.insert(0, line.speaker.clone());
                }
            }
            let focus = close_on_thing(&words);
            // Whoever was last seen, here or in the scene before.
            let people = if known.is_empty() { &before } else { &known };
            meant(m.references, &words, people, &mut company);
            // One does not see oneself.
            if let Some(viewer) = &eyes {
                company.retain(|c| c != viewer);
            }
            let over = over_shoulder(m.references, &words, &known);
            if let Some(near) = &over {
                // The one who is seen comes first, the shoulder second.
                company.retain(|c| c != near);
                company.push(near.clone());
            }
            // `A woman waits. None of them speaks`: whom a pronoun means may be told here, and who left with the
            // scene before comes back only by a word that begins with them.
            let strangers_here = !reading::strangers(lexicon(), &words, &[]).is_empty();
            let about_them = pronoun(&words)
                && !of_a_stranger(&words)
                && (begins_with_pronoun(&words)
                    || of_them(&words)
                    || (!strangers_here && !known.is_empty()))
                && !["one of them", "none of them", "some of them"]
                    .iter()
                    .any(|w| words.to_lowercase().starts_with(w));
            // It takes two to embrace: who is not named is whoever else is here.
            if let [alone] = company.as_slice()
                && embraces(&words)
            {
                let other = known.iter().rev().find(|k| *k != alone).cloned();
                company.extend(other);
            }
            // Hands that are looked at are somebody's.
            let of_hands = crate::film::words::contains_any(
                &words.to_lowercase(),
                &["hand", "hands", "fingers"],
            );
            if company.is_empty()
                && (focus.is_none() || of_hands)
                && eyes.is_none()
                && (about_them
                    || lines.iter().any(|l| l.heard != Heard::VoiceOver)
                    || (words.is_empty() && !lines.is_empty()))
            {
                company.extend(
                    people
                        .iter()
                        .rev()
                        // Who is only heard is not seen: the listener is.
                        .filter(|id| lines.iter().all(|l| l.speaker != **id))
                        .filter(|id| may_be_meant(m.references, &words, id))
                        .take(how_many(&words))
                        .cloned(),
                );
            }
            // `CLOSE ON Delia's face` is Delia's, whoever speaks then.
            let faced = m.references.and_then(|r| close_on_face(r, &words));
            if let Some(speaker) = faced.or_else(|| {
                let mut seen = lines.iter().filter(|l| l.heard == Heard::OnScreen);
                seen.next().map(|l| l.speaker.clone())
            }) {
                company.retain(|c| *c != speaker);
                company.insert(0, speaker);
            }
            for id in &company {
                known.retain(|k| k != id);
                known.push(id.clone());
            }
            // Whoever is in a picture that was handed in is there already.
            if picture.is_some() {
                company.clear();
            }
            let prompt = if !words.is_empty() {
                // What was shown from near is not what they do who speak next.
                if focus.is_none() {
                    last_action.clone_from(&words);
                }
                words.clone()
            } else if let Some(file) = &picture {
                let stem = file.rsplit(['/', '.']).nth(1).unwrap_or(file);
                format!("The picture {}.", stem.replace('_', " "))
            } else if let Some(first) = company.first() {
                format!("{} speaks. {}", name_of(m.references, first), last_action)
                    .trim()
                    .to_owned()
            } else if !last_action.is_empty() {
                last_action.clone()
            } else {
                text.title.clone()
            };
            let mut size = focus.map(|_| Size::Insert).or(draft.setup.size).or(draft
                .setup
                .view
                .map(|v| match v {
                    View::Aerial | View::Top => Size::Ews,
                    View::Ots | View::TwoShot => Size::Ms,
                    View::ThreeShot => Size::Mws,
                    View::Pov => Size::Ws,
                }));
            if picture.is_some() {
                size = size.or(Some(Size::Insert));
            }
            if size.is_none() && draft.setup.angle.is_some() {
                size = Some(Size::Fs);
            }
            let previous = shots.last();
            let size = size
                .unwrap_or_else(|| choose_size(draft, &words, i, new_place, &company, previous));
            let mut view = draft.setup.view.or(over
                .as_ref()
                .filter(|_| company.len() > 1)
                .map(|_| View::Ots));
            if view.is_none()
                && words.is_empty()
                && !lines.is_empty()
                && company.len() == 1
                && known.len() > 1
                && size == Size::Ms
                && i % 2 == 1
            {
                view = Some(View::Ots);
                let other = known.iter().rev().find(|k| **k != company[0]).cloned();
                company.extend(other);
            }
            let movement = draft
                .setup
                .movement
                .unwrap_or_else(|| choose_move(size, i, count, &words, previous));
            let last_of_all = number + 1 == found.len() && i + 1 == count;
            let transition = draft.transition.clone().unwrap_or_else(|| {
                if told && i + 1 == count && !last_of_all {
                    Transition {
                        kind: TransitionKind::Dissolve,
                        seconds: 0.7,
                    }
                } else {
                    Transition::CUT
                }
            });
            let source =
                blake3::hash(format!("{}|{}|{:?}", text.title, prompt, draft.lines).as_bytes())
                    .to_hex()[..12]
                    .to_owned();
            shots.push(Shot {
                id: ShotId::new(format!("s{:02}_{:03}", number + 1, (i + 1) * 10)).ok(),
                seconds: draft.seconds(m.pace),
                size,
                view,
                angle: draft.setup.angle.filter(|a| *a != Angle::Eye),
                movement,
                prompt,
                place: place.clone(),
                cast: company,
                postures: Default::default(),
                wears: Default::default(),
                colors: Default::default(),
                lines,
                picture,
                on_screen: draft.on_screen.clone().or_else(|| {
                    // What is written on what is seen from so near is read.
                    let written = size == Size::Insert && draft.picture.is_none();
                    written.then(|| quoted(&words)).flatten()
                }),
                lower_third: draft.lower_third.clone(),
                sound: draft.sound.clone().or_else(|| heard(&words)),
                transition,
                subject: Subject::default(),
                score: None,
                source,
            });
        }
        if !known.is_empty() {
            before = known;
        }
        reading::note_postures(&mut shots, m.references);
        // Whoever changed for the evening is dressed so all evening.
        let time = reading::named_time(&text.title);
        let evening = |t: &Option<String>| matches!(t.as_deref(), Some("dusk" | "blue" | "night"));
        if !goes_on(&text.title)
            && time.is_some()
            && time != last_time
            && !(evening(&time) && evening(&last_time))
        {
            worn.clear();
        }
        last_time = time.or(last_time);
        reading::note_wardrobe(&mut shots, m.references, &mut worn);
        reading::note_colors(&mut shots, &mut colors);
        out.push(BoardBeat {
            id: BeatId::new(text.id.clone()).ok(),
            heading: text.title.clone(),
            mood: planned.and_then(|b| b.mood.clone()),
            chapter: drafts.iter().find_map(|d| d.chapter.clone()),
            shots,
        });
    }
    out
}

/// What a shot says that stands there to be read: `PHONE SCREEN: "He knows."`.
fn quoted(words: &str) -> Option<String> {
    // Six inches (6") are no quotation.
    let from = words.match_indices(['"', '“']).map(|(at, _)| at);
    let from = from
        .into_iter()
        .find(|at| !words[..*at].ends_with(char::is_alphanumeric))?;
    let rest = words[from..].trim_start_matches(['"', '“']);
    let (text, _) = rest.split_once(['"', '”'])?;
    let text = text.trim();
    (text.chars().count() <= 90 && text.chars().any(char::is_alphanumeric)).then(|| text.to_owned())
}

/// Whether a scene goes on from the one before: nobody has changed in between.
fn goes_on(heading: &str) -> bool {
    let time = heading_parts(heading).time;
    ["CONTINUOUS", "CONTINUING", "MOMENTS LATER", "SAME"]
        .iter()
        .any(|w| time.to_uppercase().starts_with(w))
}

fn place_of(references: Option<&References>, heading: &str) -> Option<RefId> {
    let parts = heading_parts(heading);
    let name = if parts.place.is_empty() {
        heading.to_owned()
    } else {
        parts.place
    };
    let places = &references?.places;
    places
        .iter()
        .find(|p| {
            p.name.eq_ignore_ascii_case(&name) && parts.interior.is_none_or(|i| i == p.interior)
        })
        .or_else(|| places.iter().find(|p| p.name.eq_ignore_ascii_case(&name)))
        .map(|p| p.id.clone())
}

fn name_of(references: Option<&References>, id: &RefId) -> String {
    references
        .and_then(|r| r.person(id))
        .map_or_else(|| id.to_string(), |p| capital(&p.name.to_lowercase()))
}

/// What is heard in an action that cannot be silent: `the phone rings`.
fn heard(words: &str) -> Option<String> {
    super::super::composer::effects::kind(words).map(|(_, word)| word.to_owned())
}

fn spoken(references: Option<&References>, draft: &Draft, scene: usize, shot: usize) -> Vec<Line> {
    draft
        .lines
        .iter()
        .enumerate()
        .map(|(k, (speaker, text, how))| {
            let name = script::identity(speaker);
            let person =
                references.and_then(|r| r.cast.iter().find(|p| p.name.eq_ignore_ascii_case(&name)));
            let extensions = script::extensions(speaker);
            let has = |what: &str| extensions.iter().any(|e| e.starts_with(what));
            let heard = if cast::is_a_voice(&name)
                || has("FILTER")
                || has("PHONE")
                || has("ON THE RADIO")
                || has("RADIO")
                || has("ON PHONE")
            {
                Heard::Filtered
            } else if has("VO") || cast::is_narrator(&name) {
                Heard::VoiceOver
            } else if has("OS") || has("OC") || has("OFF") || cast::is_everybody(&name) {
                Heard::OffScreen
            } else {
                Heard::OnScreen
            };
            let id = person.map_or_else(
                || RefId::new(slug(&name, '_', 40)).ok(),
                |p| Some(p.id.clone()),
            );
            Line {
                id: crate::film::ids::CueId::new(format!(
                    "v_s{scene:02}_{:03}_{}",
                    (shot + 1) * 10,
                    k + 1
                ))
                .ok(),
                speaker: id.unwrap_or_else(narrator_id),
                text: text.clone(),
                delivery: how.clone(),
                heard,
            }
        })
        .collect()
}

fn narrator_id() -> RefId {
    // A constant that is an id by its letters.
    RefId::new("narrator").unwrap_or_else(|_| unreachable!("`narrator` is made of letters"))
}

/// Things smaller than this, in heads of a grown person, are looked at from near.
const NEAR: f32 = 2.6;

/// Sizes alternate; a new place opens wide; whoever speaks is near; hands and things are inserts.
fn choose_size(
    draft: &Draft,
    words: &str,
    at: usize,
    new_place: bool,
    company: &[RefId],
    previous: Option<&Shot>,
) -> Size {
    let low = words.to_lowercase();
    // `Two boys kick a ball` is no insert, nor is `three squirrels giggle`.
    let alive = |hit: &lexicon::Hit<'_>| lexicon().beings.contains(hit.kind);
    let things = lexicon::things(lexicon(), &low);
    let somebody = !reading::strangers(lexicon(), words, &[]).is_empty()
        || things
            .first()
            .is_some_and(|hit| alive(hit) && lexicon::is_many(&low, hit));
    if at == 0 && (new_place || draft.lines.is_empty()) {
        // A scene opens wide; a place seen before needs no more than its people.
        return if company.is_empty() && new_place && !somebody {
            Size::Ews
        } else {
            Size::Ws
        };
    }
    // A ship, a horse or a taxi is looked at in its place, a key from near.
    let thing = (things.first())
        .and_then(|hit| book().drawings.get(hit.kind))
        .is_some_and(|drawing| drawing.heads < NEAR)
        && !somebody;
    // Who does something with it is not seen by their face alone.
    let busy = lexicon::hits(&lexicon().poses, &low)
        .iter()
        .any(|hit| !matches!(hit.kind, "stand" | "talk" | "up" | "slump" | "reach"))
        || !things.is_empty()
        || words.contains(" (");
    let mut size = if draft
        .lines
        .iter()
        .any(|l| !cast::is_narrator(&script::identity(&l.0)))
    {
        // Who does something while somebody speaks is seen doing it.
        match (words.is_empty(), company.len()) {
            (false, 2..) => [Size::Ms, Size::Mws][at % 2],
            (false, _) => [Size::Mcu, Size::Ms][at % 2],
            (true, _) => [Size::Mcu, Size::Ms, Size::Cu][at % 3],
        }
    } else if thing && company.is_empty() {
        Size::Insert
    } else if crate::film::words::contains_any(
        &low,
        &["face", "eyes", "tear", "smile", "looks", "stares"],
    ) && !company.is_empty()
        && !busy
    {
        Size::Cu
    } else if company.len() > 1 {
        Size::Ms
    } else if company.is_empty() && somebody {
        [Size::Fs, Size::Ws][at % 2]
    } else if company.is_empty() {
        [Size::Ws, Size::Ews][at % 2]
    } else {
        [Size::Fs, Size::Ms, Size::Mws, Size::Mcu][at % 4]
    };
    // What the whole body does is seen whole.
    const WHOLE: [&str; 9] = [
        "fall", "lie", "kneel", "crouch", "climb", "dance", "embrace", "fight", "run",
    ];
    let whole = !company.is_empty()
        && lexicon::hits(&lexicon().poses, &low)
            .iter()
            .any(|hit| WHOLE.contains(&hit.kind));
    // Who walks, or throws something, by more than a head.
    const MORE: [&str; 8] = [
        "walk", "ride", "kick", "crawl", "push", "throw", "cheer", "play",
    ];
    let more = !company.is_empty()
        && lexicon::hits(&lexicon().poses, &low)
            .iter()
            .any(|hit| MORE.contains(&hit.kind));
    if more && !whole && matches!(size, Size::Mcu | Size::Cu) {
        return match previous.map(|p| p.size) {
            Some(Size::Ms) => Size::Mws,
            _ => Size::Ms,
        };
    }
    if whole && matches!(size, Size::Ms | Size::Mcu | Size::Cu) {
        return match previous.map(|p| p.size) {
            Some(Size::Fs) => Size::Mws,
            _ if !draft.lines.is_empty() => Size::Mws,
            _ => Size::Fs,
        };
    }
    if previous.is_some_and(|p| p.size == size) {
        size = match size {
            Size::Ews => Size::Ws,
            Size::Ws => Size::Fs,
            Size::Fs => Size::Ms,
            Size::Mws => Size::Mcu,
            Size::Ms => Size::Mcu,
            Size::Mcu => Size::Ms,
            Size::Cu => Size::Mcu,
            Size::Bcu | Size::Ecu => Size::Cu,
            Size::Insert => Size::Ms,
        };
    }
    size
}

fn choose_move(size: Size, at: usize, count: usize, words: &str, previous: Option<&Shot>) -> Move {
    let low = words.to_lowercase();
    let moving = crate::film::words::contains_any(
        &low,
        &[
            "walk", "walks", "run", "runs", "crosses", "drives", "rides", "follows",
        ],
    );
    let choice = match size {
        Size::Ews => {
            if at + 1 == count {
                Move::PullOut
            } else {
                Move::PushIn
            }
        }
        Size::Ws | Size::Fs if moving => Move::TruckRight,
        Size::Ws | Size::Fs => [Move::PanRight, Move::PushIn, Move::TruckLeft][at % 3],
        Size::Mws | Size::Ms => [Move::PushIn, Move::Static, Move::TruckRight][at % 3],
        Size::Mcu | Size::Cu => [Move::PushIn, Move::Static][at % 2],
        Size::Bcu | Size::Ecu | Size::Insert => Move::PushIn,
    };
    match previous {
        Some(p) if p.movement == choice && choice != Move::Static => Move::Static,
        _ => choice,
    }
}
