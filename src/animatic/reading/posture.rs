//! Who lies, sits or drives goes on doing so from shot to shot.

use super::doing::{Doing, doings, rises};
use crate::animatic::lexicon::lexicon;
use crate::film::ids::RefId;
use crate::film::references::{Person, References};
use crate::film::storyboard::{Posture, Shot};
use crate::film::words::contains_any;
use std::collections::BTreeMap;

/// Notes in each shot of a scene how those who are in it are left by the shots before.
pub fn note_postures(shots: &mut [Shot], references: Option<&References>) {
    let l = lexicon();
    let mut held: BTreeMap<RefId, Posture> = BTreeMap::new();
    for shot in shots {
        shot.postures.clone_from(&held);
        shot.postures.retain(|id, _| shot.cast.contains(id));
        let cast: Vec<&Person> = (shot.cast.iter())
            .filter_map(|id| references?.person(id))
            .filter(|p| !p.offscreen)
            .collect();
        if cast.is_empty() {
            continue;
        }
        let words = super::words_of(shot);
        let absent: Vec<&Person> = (references.iter().flat_map(|r| &r.cast))
            .filter(|p| !shot.cast.contains(&p.id))
            .collect();
        for (person, does) in cast.iter().zip(doings(l, &words, &cast, &absent)) {
            let does = Doing {
                pose: of_the_body(does.pose),
                ..does
            };
            if does.rises {
                held.remove(&person.id);
            }
            let up = does.pose.is_some_and(|(_, word)| gets_up(word));
            let interior = (shot.place.as_ref())
                .and_then(|id| references?.place(id))
                .is_none_or(|p| p.interior);
            let pose = (does.pose.map(|(pose, _)| pose))
                .filter(|pose| *pose != "read" || !reads_standing(&words, interior));
            match pose.map(after) {
                Some(After::AsBefore) if up => drop(held.remove(&person.id)),
                Some(After::Is(posture)) => {
                    let before = held.get(&person.id).copied();
                    let seated = at(does.behind.map(|(what, _)| what))
                        // Who reads then is at the table still.
                        .or(before.filter(|p| furniture(*p).is_some() && !takes_a_seat(does.pose)))
                        .filter(|_| posture == Posture::Sit);
                    held.insert(person.id.clone(), seated.unwrap_or(posture));
                }
                Some(After::Up)
                    if !pose.is_some_and(done_seated)
                        || !held.get(&person.id).is_some_and(in_a_car) =>
                {
                    held.remove(&person.id);
                }
                Some(After::Up | After::AsBefore) | None => {}
            }
        }
    }
}

/// Whether who reads does it standing: under the sky, where nothing is said of a seat.
pub(super) fn reads_standing(words: &str, interior: bool) -> bool {
    const SEATS: [&str; 9] = [
        "sits",
        "sitting",
        "seated",
        "bench",
        "chair",
        "blanket",
        "grass",
        "steps",
        "deck chair",
    ];
    !interior && !contains_any(words, &SEATS)
}

/// Whether somebody sits down anew: where, is said with it.
pub(super) fn takes_a_seat(pose: Option<(&str, &str)>) -> bool {
    pose.is_some_and(|(pose, word)| {
        pose == "sit"
            && [
                "sit", "sat", "perch", "settle", "slide", "in a", "in h", "on a", "on the",
            ]
            .iter()
            .any(|w| word.starts_with(w))
    })
}

/// What somebody's body does: who only looks goes on as before.
pub(super) fn of_the_body<'a>(pose: Option<(&'a str, &'a str)>) -> Option<(&'a str, &'a str)> {
    pose.filter(|(pose, word)| *pose != "stand" || rises(word))
}

/// Whether nobody does this sitting, though hands do it.
fn gets_up(word: &str) -> bool {
    [
        "open the",
        "opens the",
        "opening the",
        "pull open",
        "pulls open",
        "knock",
        "unlock",
        "carr",
        "haul",
        "drag",
        "load",
        "hang",
        "hung",
    ]
    .iter()
    .any(|w| word.starts_with(w))
}

/// What a pose leaves somebody in.
enum After {
    Is(Posture),
    /// On their legs.
    Up,
    AsBefore,
}

fn after(pose: &str) -> After {
    match pose {
        "lie" => After::Is(Posture::Lie),
        "abed" | "wake" => After::Is(Posture::InBed),
        "floor" => After::Is(Posture::OnFloor),
        "backseat" => After::Is(Posture::BackSeat),
        "drive" => After::Is(Posture::Drive),
        _ if is_seated(Some(pose)) => After::Is(Posture::Sit),
        "stand" | "walk" | "run" | "climb" | "ride" | "kneel" | "dance" | "fall" | "crouch"
        | "embrace" | "push" | "fight" | "cheer" | "kick" | "crawl" => After::Up,
        _ => After::AsBefore,
    }
}

fn in_a_car(held: &Posture) -> bool {
    matches!(held, Posture::Drive | Posture::BackSeat)
}

/// Whether who sits in a car does this there: `slaps her hand away`.
fn done_seated(pose: &str) -> bool {
    matches!(pose, "fight" | "embrace" | "push" | "cheer" | "kick")
}

/// Whether a pose is one of somebody who sits.
pub(super) fn is_seated(pose: Option<&str>) -> bool {
    pose.is_some_and(|p| matches!(p, "sit" | "type" | "read" | "slump") || p.starts_with("sit_"))
}

/// What hands do that needs no legs, and the same done by somebody who sits.
const SEATED: [(&str, &str); 6] = [
    ("reach", "sit_reach"),
    ("point", "sit_point"),
    ("wave", "sit_wave"),
    ("drink", "sit_drink"),
    ("phone", "sit_phone"),
    ("carry", "sit_carry"),
];

/// Where somebody sits who sits behind a thing.
fn at(behind: Option<&str>) -> Option<Posture> {
    match behind {
        Some("table") => Some(Posture::AtTable),
        Some("desk") => Some(Posture::AtDesk),
        _ => None,
    }
}

/// What somebody sits behind who was left so.
pub(super) fn furniture(held: Posture) -> Option<&'static str> {
    match held {
        Posture::AtTable => Some("table"),
        Posture::AtDesk => Some("desk"),
        _ => None,
    }
}

/// The pose of somebody who was left so, and of whom this is said now: who lies there goes on lying, whatever their
/// hands do. Beside those who walk or run nobody drives.
pub(super) fn kept(held: Option<Posture>, pose: Option<&str>, on_the_move: bool) -> Option<&str> {
    match (held, pose) {
        (
            Some(Posture::Lie),
            None | Some("reach" | "talk" | "point" | "wave" | "drink" | "carry"),
        ) => Some("lie"),
        (Some(Posture::Sit | Posture::AtTable | Posture::AtDesk), pose) => match pose {
            None | Some("talk") => Some("sit"),
            Some(does) => {
                let seated = SEATED.iter().find(|(upper, _)| *upper == does);
                seated.map(|(_, seated)| *seated).or(pose)
            }
        },
        // On the floor, or with a blanket over their legs.
        (
            Some(Posture::OnFloor),
            None | Some("reach" | "talk" | "point" | "wave" | "drink" | "carry" | "slump" | "sit"),
        ) => Some("floor"),
        (
            Some(Posture::InBed),
            None | Some("reach" | "talk" | "point" | "wave" | "drink" | "carry" | "sit" | "read"),
        ) => Some("abed"),
        (Some(Posture::Lie | Posture::InBed), Some("wake")) => Some("abed"),
        (_, Some("wake")) => Some("sit"),
        (Some(Posture::BackSeat), pose)
            if !on_the_move
                && !pose.is_some_and(|p| matches!(after(p), After::Up) && !done_seated(p)) =>
        {
            Some("backseat")
        }
        // Whatever their hands do, the wheel is before them.
        (Some(Posture::Drive), pose)
            if !pose.is_some_and(|p| matches!(after(p), After::Up) && !done_seated(p))
                && (!on_the_move || pose.is_some_and(done_seated)) =>
        {
            Some("drive")
        }
        (_, pose) => pose,
    }
}
