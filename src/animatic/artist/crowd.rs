//! Many people: as many as are counted, or a throng.

use super::super::book::book;
use super::super::dice::Dice;
use super::super::reading::{Crowd, MANY};
use super::company::{Company, Stand};
use super::paint::{P, Rgb, rect};
use super::people::{self, Standing};
use super::places::Layers;
use crate::film::references::Look;

/// So many stand beside each other; more stand in two rows.
const A_ROW: usize = 7;

/// Where the nearest row of a throng stands, in thousandths of the picture's height.
const NEAREST: usize = 815;

/// One of them: where, how large, doing what.
struct Spot<'a> {
    nth: usize,
    pose: &'a str,
    at: P,
    u: f32,
    right: bool,
}

impl Company<'_> {
    pub(super) fn crowd(&self, l: &mut Layers, crowd: &Crowd, dice: &mut Dice) {
        if crowd.count >= MANY {
            return self.throng(l, crowd, dice);
        }
        let a_row = if self.wide { A_ROW } else { A_ROW / 2 + 1 };
        let rows: Vec<usize> = match crowd.count {
            n if n <= a_row => vec![n],
            n if n > 3 * A_ROW || n <= 2 * a_row => vec![n - n / 2, n / 2],
            n => vec![n - 2 * (n / 3), n / 3, n / 3],
        };
        let widest = rows.iter().copied().max().unwrap_or(1) as f32;
        let alone = self.scene.people.is_empty();
        let room = self.w * 0.92 / (widest * if alone { 2.5 } else { 2.1 });
        let few = crowd.count <= A_ROW;
        let u = (self.head
            * if alone {
                0.95
            } else if few {
                0.86
            } else {
                0.7
            })
        .clamp(24.0, 120.0)
        .min(room);
        let ground = match self.stand {
            Stand::Feet(y) if alone => y * 1000.0,
            Stand::Feet(y) if few => y * 1000.0 - self.head * 0.5,
            Stand::Feet(y) => (y * 1000.0 - self.head * 1.1).max(640.0 + 5.0 * u),
            // From near they are behind, cut where the frame ends.
            Stand::Crown(y) => y * 1000.0 + 9.4 * u,
        };
        let mut nth = 0;
        for (row, count) in rows.iter().enumerate() {
            let (u, y) = (
                u * (1.0 - 0.1 * (rows.len() - 1 - row) as f32),
                ground - (rows.len() - 1 - row) as f32 * 1.5 * u,
            );
            let step = (self.w * 0.92 / *count as f32).min(u * 3.4);
            let left = self.w / 2.0 - step * (*count as f32 - 1.0) / 2.0;
            let pose = match crowd.pose.as_deref() {
                _ if crowd.at_table => "sit",
                pose => pose.unwrap_or("stand"),
            };
            let seated = people::posed(pose).seated;
            let at_height = if people::sits(pose) {
                y - 1.9 * u
            } else if seated {
                y - 1.7 * u
            } else {
                y
            };
            if people::sits(pose) && !crowd.at_table {
                self.long_bench(l, (left, left + step * (*count as f32 - 1.0)), at_height, u);
            }
            let pairs = crowd.pose.as_deref() == Some("dance") && *count > 1;
            for i in 0..*count {
                let at = (
                    left + step * i as f32 + dice.range(-0.12, 0.12) * step,
                    at_height + dice.range(-4.0, 4.0),
                );
                // Those at the sides look towards the middle, as people round something do; who dances, at their
                // partner.
                let right = if pairs {
                    i % 2 == 0
                } else {
                    at.0 < self.w / 2.0
                };
                let nearer = if pairs {
                    0.32 * (step - 1.9 * u).max(0.0)
                } else {
                    0.0
                };
                let at = (at.0 + if i % 2 == 0 { nearer } else { -nearer }, at.1);
                let pose = match crowd.pose.as_deref() {
                    _ if pairs => "waltz",
                    _ if crowd.at_table => *dice.pick(&["sit", "sit", "sit_point", "sit"]),
                    // Whom each of them holds is not known.
                    Some("stand" | "talk" | "embrace") | None => {
                        *dice.pick(&["stand", "stand", "talk", "crossed"])
                    }
                    Some(pose) => pose,
                };
                let spot = Spot {
                    nth,
                    pose,
                    at,
                    u: u * dice.range(0.95, 1.05),
                    right,
                };
                self.one(l, crowd, &spot, dice);
                nth += 1;
            }
            if crowd.at_table && row + 1 == rows.len() {
                self.long_table(l, (left, left + step * (*count as f32 - 1.0)), y, u);
            }
        }
    }

    /// What a row of people sits behind.
    fn long_table(&self, l: &mut Layers, (x0, x1): (f32, f32), ground: f32, u: f32) {
        let p = self.palette;
        let (x0, x1, top) = (x0 - 1.5 * u, x1 + 1.5 * u, ground - 2.9 * u);
        let wood = Rgb::hex("8a5a3f").times(p.shadow, if p.dark { 0.5 } else { 0.1 });
        for x in [x0 + 0.5 * u, x1 - 0.75 * u] {
            l.near
                .fill(&rect(x, top, 0.25 * u, 2.9 * u), wood.mix(p.ink, 0.3));
        }
        let board = [
            (x0 + 0.4 * u, top - 0.25 * u),
            (x1 - 0.4 * u, top - 0.25 * u),
            (x1, top + 0.35 * u),
            (x0, top + 0.35 * u),
        ];
        l.near.fill(&board, wood);
        l.near.shade(&board, self.light, 0.2 * u, p.shadow, 0.4);
        l.near
            .ink(&board, (0.04 * u).clamp(1.2, 5.0), self.light, p.ink);
    }

    fn one(&self, l: &mut Layers, crowd: &Crowd, spot: &Spot<'_>, dice: &mut Dice) {
        let (nth, u) = (spot.nth, spot.u);
        let look = self.look_of(crowd, nth, dice);
        let mut pale = self.palette.clone();
        pale.light = pale.light.mix(pale.horizon(), 0.2);
        let drawn = people::draw(
            &mut l.near,
            &pale,
            self.light,
            &Standing {
                look: &look,
                pose: spot.pose,
                expression: "neutral",
                at: spot.at,
                u,
                right: spot.right,
                back: false,
                speaking: false,
                hangs: false,
            },
        );
        let small = |name: &&String| {
            book()
                .drawings
                .get(name.as_str())
                .is_some_and(|d| d.heads <= 1.6 || name.as_str() == "umbrella")
        };
        for name in crowd.holds.iter().filter(small).take(1) {
            let Some(thing) = book().drawings.get(name) else {
                continue;
            };
            let at = match name.as_str() {
                "umbrella" if nth % 3 == 2 => continue,
                "umbrella" => (drawn.head.0 + u * 0.3, drawn.head.1 - u * 0.6),
                _ => drawn.near_hand,
            };
            thing.draw(
                &mut l.near,
                &self.tinted(name),
                self.light,
                at,
                thing.heads * u,
                false,
            );
        }
    }

    fn look_of(&self, crowd: &Crowd, nth: usize, dice: &mut Dice) -> Look {
        // In a throng each row counts by itself; those of the cast are in the nearest.
        let of_cast = match crowd.count {
            n if n >= MANY => nth.checked_sub(NEAREST).map(|i| i / 2),
            _ => Some(nth),
        };
        if let Some(look) = of_cast.and_then(|i| crowd.looks.get(i)) {
            return look.clone();
        }
        let said = match crowd.said.as_slice() {
            [] => "passer-by",
            all => all[nth % all.len()].as_str(),
        };
        let noun = said.split(" in ").next().unwrap_or(said);
        let sexed = super::super::casting::is_sexed(noun);
        let said = match (sexed, dice.chance(0.5)) {
            (true, _) => said.to_owned(),
            (false, true) => format!("a woman, {said}"),
            (false, false) => format!("a man, {said}"),
        };
        let look =
            super::super::casting::look(&format!("passer-by {nth}"), &said, dice.next() % 50);
        match &crowd.like {
            Some(like) => Look {
                top: like.top.clone(),
                top_color: like.top_color.clone(),
                bottom_color: like.bottom_color.clone(),
                ..look
            },
            None => look,
        }
    }

    /// What a row of people sits on.
    fn long_bench(&self, l: &mut Layers, (x0, x1): (f32, f32), pelvis: f32, u: f32) {
        let p = self.palette;
        let top = pelvis + 0.28 * u;
        let seat = rect(x0 - 1.2 * u, top, x1 - x0 + 2.4 * u, 0.26 * u);
        for x in [x0 - 0.8 * u, (x0 + x1) / 2.0, x1 + 0.6 * u] {
            l.near
                .fill(&rect(x, top, 0.2 * u, 1.7 * u), p.near.mix(p.ink, 0.5));
        }
        l.near.fill(&seat, p.near.mix(p.ink, 0.3));
    }

    /// As many as there is room for, farther and farther away.
    fn throng(&self, l: &mut Layers, crowd: &Crowd, dice: &mut Dice) {
        let palette = self.palette;
        for (row, y) in [(0.5f32, 720.0f32), (0.68, 760.0), (0.9, NEAREST as f32)] {
            // Where nobody stands before them they need not be so small.
            let least = if self.scene.people.is_empty() {
                56.0
            } else {
                24.0
            };
            let u = self.head.clamp(least, 90.0) * row * 0.62;
            let mut x = -20.0;
            let mut i = 0;
            while x < self.w + 20.0 {
                let idle = ["stand", "walk", "talk", "stand", "crossed", "phone"];
                let pose = match crowd.pose.as_deref() {
                    // Nobody in a throng sits or lies.
                    Some(pose) if !people::posed(pose).seated && dice.chance(0.7) => pose,
                    Some(_) => *dice.pick(&["stand", "talk", "stand"]),
                    None => *dice.pick(&idle),
                };
                let spot = Spot {
                    nth: i + (y as usize),
                    pose,
                    at: (x, y + dice.range(-6.0, 6.0)),
                    u: u * dice.range(0.92, 1.08),
                    right: dice.chance(0.5),
                };
                self.one(l, crowd, &spot, dice);
                x += u * dice.range(2.2, 4.6);
                i += 1;
            }
            let (x0, _, x1, _) = l.near.bounds();
            l.near.gradient(
                &rect(x0, y - u * 8.0, x1 - x0, u * 8.4),
                (0.0, y - u * 8.0),
                (0.0, y + u * 0.4),
                &[
                    (0.0, palette.horizon(), 0.0),
                    (1.0, palette.horizon(), 0.22 * (1.1 - row)),
                ],
            );
        }
    }
}
