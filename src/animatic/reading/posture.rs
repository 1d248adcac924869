//! Who lies, sits or drives goes on doing so from shot to shot.

use super::doing::doings;
use crate::animatic::lexicon::{self, lexicon};
use crate::film::ids::RefId;
use crate::film::references::{Person, References};
use crate::film::storyboard::{Posture, Shot};
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
        let words = lexicon::literal(l, &shot.prompt.to_lowercase());
        for (person, does) in cast.iter().zip(doings(l, &words, &cast)) {
            match does.pose.map(|(pose, _)| after(pose)) {
                Some(After::Is(posture)) => drop(held.insert(person.id.clone(), posture)),
                Some(After::Up) => drop(held.remove(&person.id)),
                Some(After::AsBefore) | None => {}
            }
        }
    }
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
        "drive" => After::Is(Posture::Drive),
        "sit" | "type" | "read" | "slump" => After::Is(Posture::Sit),
        "stand" | "walk" | "run" | "climb" | "ride" | "kneel" | "dance" | "fall" | "crouch"
        | "embrace" | "push" | "fight" | "cheer" => After::Up,
        _ => After::AsBefore,
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
        (Some(Posture::Sit), None | Some("talk")) => Some("sit"),
        (Some(Posture::Drive), None | Some("talk")) if !on_the_move => Some("drive"),
        (_, pose) => pose,
    }
}
