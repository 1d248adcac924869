//! Places: one signature readable as a silhouette, a few supporting shapes, one light, one dark
//! frame in front. The seed varies counts, widths and sides.

mod inner;
mod nature;
mod rooms;
pub(in crate::animatic) mod sets;
mod sky;
mod town;
mod walls;
mod water;

use super::super::book::book;
use super::super::dice::Dice;
use super::paint::{P, Rgb, Sheet};
use super::palette::Palette;
use inner::{neurons, space, vessel};
use nature::{
    dunes, field, forest, ground, hills, ice, mountains, park, path, pitch, plain, reeds, rocks,
};
use rooms::{graphic, room, stage};
pub(super) use sky::falling;
use sky::{sky, weather};
use town::{hall, parapet, road, street, towers, vehicle};
use water::{boat, bridge, harbour, island, lighthouse, river, sea, shore, underwater};

/// The paper a place is built on, back to front.
pub(super) struct Layers {
    pub(super) sky: Sheet,
    pub(super) clouds: Sheet,
    pub(super) far: Sheet,
    pub(super) middle: Sheet,
    pub(super) near: Sheet,
    pub(super) people: Sheet,
    /// The people's eyelids, closed.
    pub(super) lids: Sheet,
    pub(super) fore: Sheet,
}

impl Layers {
    /// The place, without those who are in it and what stands before the camera.
    pub(super) fn place(&mut self) -> [&mut Sheet; 5] {
        [
            &mut self.sky,
            &mut self.clouds,
            &mut self.far,
            &mut self.middle,
            &mut self.near,
        ]
    }

    /// Every sheet there is.
    pub(super) fn all(&mut self) -> [&mut Sheet; 8] {
        [
            &mut self.sky,
            &mut self.clouds,
            &mut self.far,
            &mut self.middle,
            &mut self.near,
            &mut self.people,
            &mut self.lids,
            &mut self.fore,
        ]
    }
}

/// What a place is built from.
pub(super) struct Set<'a> {
    pub(super) w: f32,
    pub(super) palette: &'a Palette,
    pub(super) seed: u64,
    pub(super) time: &'a str,
    pub(super) weather: &'a str,
    pub(super) interior: bool,
    /// Whether nobody is there but who is drawn.
    pub(super) deserted: bool,
    /// Furniture that is drawn with whoever uses it.
    pub(super) in_use: &'a [&'a str],
    /// Whether it is a car that is looked into, and not out of.
    pub(super) aboard: bool,
    /// The ground that its windows look out on; empty for a town.
    pub(super) outlook: &'a str,
    /// Towards the light.
    pub(super) light: P,
    pub(super) horizon: f32,
}

impl Set<'_> {
    fn dice(&self, name: &str) -> Dice {
        Dice::new(self.seed, name)
    }

    fn night(&self) -> bool {
        matches!(self.time, "night" | "blue")
    }

    /// Mixes a colour into the air of a plane.
    fn air(&self, c: Rgb, amount: f32) -> Rgb {
        let amount = if self.weather == "fog" {
            (amount + 0.25).min(0.9)
        } else {
            amount
        };
        c.mix(self.palette.horizon(), amount)
    }
}

/// What a set may be built on.
const GROUNDS: [&str; 28] = [
    "bridge",
    "plain",
    "room",
    "lighthouse",
    "sea",
    "harbour",
    "pitch",
    "river",
    "underwater",
    "ice",
    "forest",
    "mountain",
    "field",
    "desert",
    "park",
    "skyline",
    "road",
    "street",
    "station",
    "vehicle",
    "space",
    "body",
    "neuron",
    "stage",
    "graphic",
    "stairs",
    "office",
    "living",
];

/// Builds a place.
pub(super) fn draw(kind: &str, l: &mut Layers, set: &Set<'_>) {
    match book().sets.get(kind) {
        Some(furnished) if !furnished.ground.is_empty() => {
            sets::ground(l, set, furnished);
            sets::furnish(l, set, furnished);
            if furnished.ground == "room" {
                weather(l, set);
            }
        }
        _ => build(kind, l, set),
    }
}

/// Builds a ground.
fn build(kind: &str, l: &mut Layers, set: &Set<'_>) {
    match kind {
        "lighthouse" if !set.interior => {
            sky(l, set);
            sea(l, set);
            lighthouse(l, set);
            shore(l, set);
            rocks(l, set);
        }
        "sea" => {
            sky(l, set);
            sea(l, set);
            island(l, set);
            if set.seed.is_multiple_of(2) {
                boat(l, set)
            }
            shore(l, set);
            rocks(l, set);
        }
        "harbour" => {
            sky(l, set);
            sea(l, set);
            harbour(l, set);
        }
        "pitch" => {
            sky(l, set);
            pitch(l, set);
        }
        "river" => {
            sky(l, set);
            hills(l, set);
            river(l, set);
            reeds(l, set);
        }
        "bridge" => {
            sky(l, set);
            sea(l, set);
            bridge(l, set);
        }
        "plain" => {
            sky(l, set);
            plain(l, set);
        }
        "underwater" => underwater(l, set),
        "ice" => {
            sky(l, set);
            ice(l, set);
        }
        "forest" => {
            sky(l, set);
            forest(l, set);
        }
        "mountain" => {
            sky(l, set);
            mountains(l, set);
            ground(l, set, set.palette.near.mix(set.palette.mid, 0.4));
            path(l, set);
            rocks(l, set);
        }
        "field" | "desert" => {
            sky(l, set);
            if kind == "desert" {
                dunes(l, set)
            } else {
                field(l, set)
            }
        }
        "park" => {
            sky(l, set);
            hills(l, set);
            park(l, set);
        }
        "skyline" => {
            sky(l, set);
            towers(l, set);
            parapet(l, set);
        }
        "road" => {
            sky(l, set);
            hills(l, set);
            road(l, set);
        }
        "street" => {
            sky(l, set);
            street(l, set);
        }
        "station" => hall(l, set),
        "vehicle" => vehicle(l, set),
        "space" => space(l, set),
        "body" => vessel(l, set),
        "neuron" => neurons(l, set),
        "stage" => stage(l, set),
        "graphic" => graphic(l, set),
        other if set.interior || !matches!(other, "lighthouse") => {
            room(l, set, other);
        }
        _ => {
            sky(l, set);
            street(l, set);
        }
    }
    weather(l, set);
}

/// Draws a thing of the book into a place.
fn thing(sheet: &mut Sheet, set: &Set<'_>, name: &str, at: P, size: f32) {
    if let Some(drawing) = book().drawings.get(name) {
        drawing.draw(sheet, set.palette, set.light, at, size, false);
    }
}

fn full(sheet: &Sheet) -> (f32, f32, f32, f32) {
    sheet.bounds()
}
