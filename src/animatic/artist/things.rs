//! Things in a picture: in a hand, beside people, or alone.

use super::super::book::book;
use super::super::reading::Figure;
use super::at_work::worked_at;
use super::company::{Company, Stand};
use super::drawing::{Drawing, Stands};
use super::paint::{P, Sheet, ellipse};
use super::palette::Palette;
use super::people;
use super::places::Layers;
use super::support::{is_before, is_mount, seat_of};
use crate::film::shot::Size;
use crate::film::storyboard::Subject;

/// What is held towards where one looks.
const AHEAD: [&str; 10] = [
    "torch",
    "gun",
    "rifle",
    "sword",
    "wand",
    "spear",
    "camera",
    "fishing_rod",
    "axe",
    "binoculars",
];

impl Company<'_> {
    /// Things small enough to be held, in the hands of those who come first.
    pub(super) fn things_held(&self, l: &mut Layers, drawn: &[people::Drawn]) {
        // Near hands first, then the other ones; whoever is said to have a thing holds it.
        let mut hands: Vec<(usize, P)> = (drawn.iter().enumerate())
            .map(|(i, who)| (i, who.near_hand))
            .chain(drawn.iter().enumerate().map(|(i, who)| (i, who.far_hand)))
            .collect();
        for name in self.scene.props.iter().take(4) {
            let Some(thing) = book().drawings.get(name).filter(|d| self.held(name, d)) else {
                continue;
            };
            if self.worn(name) {
                continue;
            }
            let has = |i: usize| {
                let figure = self.scene.people.get(i);
                figure.is_some_and(|f| f.holds.iter().any(|t| t == name))
            };
            // What somebody has whose hands are not seen is not seen either.
            let owner = (0..self.scene.people.len()).find(|i| has(*i));
            if owner.is_some_and(|i| i >= drawn.len()) {
                continue;
            }
            let free = hands.iter().position(|(i, _)| has(*i)).unwrap_or(0);
            if hands.is_empty() {
                break;
            }
            let (who, hand) = hands.remove(free);
            let who = &drawn[who];
            let usual = if name == "badge" { 0.6 } else { 1.0 };
            let size = self.head * thing.heads * usual * self.scaled(name);
            let at = match name.as_str() {
                // Against the breast.
                "baby" => ((who.head.0 + hand.0) / 2.0, who.head.1 + self.head * 1.75),
                "umbrella" => (who.head.0 + self.head * 0.3, who.head.1 - self.head * 0.6),
                "guitar" | "violin" => (
                    (who.head.0 + hand.0) / 2.0,
                    (who.head.1 + self.head * 2.4).max(hand.1 - self.head * 0.4),
                ),
                "suitcase" | "briefcase" | "bag" | "handbag" => (hand.0, hand.1 + size * 0.42),
                "headphones" => (who.head.0, who.head.1 - self.head * 0.12),
                "hat" | "crown" | "helmet" => (who.head.0, who.head.1 - self.head * 0.55),
                "badge" => (who.head.0 + self.head * 0.3, who.head.1 + self.head * 1.7),
                "scarf" | "stethoscope" | "necklace" => (who.head.0, who.head.1 + self.head * 0.95),
                "backpack" => (who.head.0 - self.head * 0.7, who.head.1 + self.head * 1.7),
                _ => hand,
            };
            let flipped = AHEAD.contains(&name.as_str()) && hand.0 < who.head.0;
            thing.draw(
                &mut l.people,
                &self.tinted(name),
                self.light,
                at,
                size,
                flipped,
            );
        }
    }

    /// Whether somebody wears a thing already, as their sheet has it.
    fn worn(&self, name: &str) -> bool {
        self.scene.people.iter().any(|p| match name {
            "hat" | "helmet" => matches!(
                p.look.hair.as_str(),
                "hat" | "cap" | "beanie" | "hood" | "helmet"
            ),
            "glasses" => p.look.glasses,
            _ => false,
        })
    }

    /// Whether the words hang a thing on the wall.
    fn hangs(&self, name: &str) -> bool {
        self.scene.hung.iter().any(|h| h == name)
    }

    /// Whether a thing is held when somebody is there to hold it.
    fn held(&self, name: &str, thing: &Drawing) -> bool {
        let carried = |p: &Figure| p.pose == "carry" && p.holds.iter().any(|h| h == name);
        let small = thing.stands == Stands::Hand
            || (thing.stands == Stands::Table && thing.heads <= 0.9)
            // What is carried is in arms: a box, a tray, a cake.
            || (!matches!(thing.stands, Stands::Wall | Stands::Water)
                && thing.heads <= 3.2
                && self.scene.people.iter().any(carried));
        small && !self.hangs(name)
    }

    /// How many times its usual size the words give a thing.
    pub(super) fn scaled(&self, name: &str) -> f32 {
        self.scene.scales.get(name).copied().unwrap_or(1.0)
    }

    /// Draws a thing as often as the words have it, beside and behind each other.
    fn draw_all(
        &self,
        sheet: &mut Sheet,
        name: &str,
        thing: &Drawing,
        at: P,
        size: f32,
        flipped: bool,
    ) {
        let palette = self.tinted(name);
        let many = self.scene.counts.get(name).copied().unwrap_or(1);
        for k in (1..many).rev() {
            // To either side in turn, a little farther away.
            let side = if k % 2 == 1 { 1.0 } else { -1.0 };
            let away = k.div_ceil(2) as f32;
            let smaller = size * (1.0 - 0.07 * away);
            let beside = (
                at.0 + side * 0.95 * size * away,
                at.1 - 0.04 * size * away + (size - smaller) * 0.5 - 0.03 * size,
            );
            thing.draw(
                sheet,
                &palette,
                self.light,
                beside,
                smaller,
                flipped != (k % 3 == 2),
            );
        }
        thing.draw(sheet, &palette, self.light, at, size, flipped);
    }

    /// The palette with the colour the words give a thing.
    pub(super) fn tinted(&self, name: &str) -> Palette {
        super::palette::tinted(self.palette, self.scene.tints.get(name))
    }

    /// Things that stand beside people: on the floor, on a table, on the wall, in the air.
    pub(super) fn things_beside(&self, l: &mut Layers) {
        let scene = self.scene;
        let set = book().sets.get(&scene.place);
        let mut slots: &[f32] = if scene.people.len() > 1 {
            &[0.5, 0.9, 0.1]
        } else if self.wide {
            &[0.76, 0.2, 0.92]
        } else {
            &[0.8, 0.2]
        };
        let worked = worked_at(scene);
        if let Some((name, thing)) = worked {
            self.before_hands(l, name, thing);
        }
        for name in &scene.props {
            let Some(thing) = book().drawings.get(name).filter(|d| !self.held(name, d)) else {
                continue;
            };
            if worked.is_some_and(|(w, _)| w == name) {
                continue;
            }
            // Shoes are on feet, where somebody has feet.
            if name == "boots" {
                continue;
            }
            let ridden = is_mount(name) && scene.people.iter().any(|p| p.pose == "ride")
                || self.is_driven(name);
            let sat_on = (scene.people.iter()).any(|f| seat_of(f).is_some_and(|(n, ..)| n == name));
            if sat_on || is_before(scene, name) {
                continue;
            }
            let climbed = name == "ladder" && self.climbs_a_ladder();
            if ridden || climbed || set.is_some_and(|s| s.holds(name)) {
                continue;
            }
            if thing.heads >= 14.0 && thing.stands == Stands::Floor {
                self.far_away(l, thing, self.scaled(name));
                continue;
            }
            let Some((slot, rest)) = slots.split_first() else {
                break;
            };
            slots = rest;
            let x = self.w * slot;
            let real = thing.heads * self.head;
            let grown = self.scaled(name);
            let ground = match self.stand {
                Stand::Feet(y) => y * 1000.0 - 14.0,
                Stand::Crown(_) => 1010.0,
            };
            let palette = &self.tinted(name);
            let stands = match self.hangs(name) {
                true => Stands::Wall,
                false => thing.stands,
            };
            match stands {
                // A door is in the wall.
                Stands::Floor if name == "door" && scene.interior => {
                    let at = (x, 712.0 - 470.0 * 0.5);
                    thing.draw(&mut l.middle, palette, self.light, at, 470.0, false);
                }
                Stands::Floor => {
                    let size = (real.clamp(90.0, 620.0) * grown).min(760.0);
                    l.near.fill_alpha(
                        &ellipse((x, ground - 2.0), size * 0.5, (size * 0.06).min(24.0)),
                        palette.shadow.mix(palette.ink, 0.5),
                        0.4,
                    );
                    let at = (x, ground - size * 0.5);
                    self.draw_all(&mut l.near, name, thing, at, size, *slot > 0.5);
                }
                // Nobody carries a table out of doors for it.
                Stands::Table | Stands::Hand if !scene.interior => {
                    let size = (real * 1.15).clamp(70.0, 240.0) * grown;
                    let at = (x, ground - size * 0.5);
                    thing.draw(&mut l.near, palette, self.light, at, size, false);
                }
                Stands::Table | Stands::Hand => {
                    let table = (self.head * 3.4).clamp(190.0, 520.0);
                    if let Some(drawing) = book().drawings.get("table") {
                        let at = (x, ground - table * 0.5);
                        drawing.draw(&mut l.near, palette, self.light, at, table, false);
                    }
                    let size = (real * 1.15).clamp(70.0, 260.0) * grown;
                    let at = (x, ground - table * 0.72 - size * 0.44);
                    thing.draw(&mut l.near, palette, self.light, at, size, false);
                }
                Stands::Wall => {
                    let size = (real.clamp(110.0, 300.0) * grown).min(520.0);
                    thing.draw(&mut l.middle, palette, self.light, (x, 300.0), size, false);
                }
                Stands::Air => {
                    let size = (real.clamp(90.0, 360.0) * grown).min(440.0);
                    self.draw_all(&mut l.near, name, thing, (x, 230.0), size, *slot > 0.5);
                }
                Stands::Water => {
                    let size = (real.clamp(120.0, 360.0) * grown).min(620.0);
                    let at = (x, 720.0 - size * 0.5);
                    thing.draw(&mut l.middle, palette, self.light, at, size, *slot > 0.5);
                }
            }
        }
    }

    /// What is as large as a house stands at the horizon.
    fn far_away(&self, l: &mut Layers, thing: &Drawing, grown: f32) {
        let size = ((thing.heads * 15.0).clamp(240.0, 440.0) * grown).min(600.0);
        let at = (self.w * 0.66, 690.0 - size * 0.5);
        thing.draw(&mut l.far, self.palette, self.light, at, size, false);
    }

    /// Things without people: the first is what the shot is about.
    pub(super) fn things_alone(&self, l: &mut Layers) -> Option<Subject> {
        let scene = self.scene;
        let set = book().sets.get(&scene.place);
        let far = matches!(scene.size, Size::Ews | Size::Ws | Size::Fs);
        let base = 1000.0
            * match scene.size {
                Size::Ews => 0.11,
                Size::Ws | Size::Fs => 0.17,
                Size::Mws | Size::Ms => 0.3,
                _ => 0.46,
            };
        let close = matches!(
            scene.size,
            Size::Ms | Size::Mcu | Size::Cu | Size::Bcu | Size::Ecu | Size::Insert
        );
        let mut subject = None;
        // What belongs on a table stands on the one that is there.
        let on_table = |d: &Drawing| matches!(d.stands, Stands::Table | Stands::Hand);
        let first = scene.props.iter().find_map(|p| book().drawings.get(p));
        let support = (scene.props.iter())
            .find(|p| SUPPORTS.contains(&p.as_str()))
            .filter(|_| close && first.is_some_and(on_table))
            .and_then(|p| Some((p, book().drawings.get(p)?)));
        let mut slots = [if self.wide { 0.44 } else { 0.5 }, 0.76, 0.16].into_iter();
        for name in &scene.props {
            // Small things are in the hands of those who are there.
            let small = |d: &&Drawing| matches!(d.stands, Stands::Hand | Stands::Table);
            if scene.crowd.is_some() && book().drawings.get(name).filter(small).is_some() {
                continue;
            }
            // What the place shows from afar anyway is not shown twice.
            if far && set.is_some_and(|s| s.holds(name)) {
                continue;
            }
            let Some(thing) = book().drawings.get(name).or(book().drawings.get("thing")) else {
                continue;
            };
            if far && thing.heads >= 14.0 && thing.stands == Stands::Floor {
                self.far_away(l, thing, self.scaled(name));
                subject = subject.or(Some(Subject { x: 0.66, y: 0.5 }));
                continue;
            }
            if support.is_some_and(|(p, _)| p == name) {
                continue;
            }
            let Some(slot) = slots.next() else { break };
            // Large things are larger, though not as much as they are.
            let size = base * (thing.heads / 2.0).powf(0.38).clamp(0.75, 2.1);
            let size = (size * self.scaled(name)).min(820.0);
            let y = match thing.stands {
                Stands::Air => 330.0,
                Stands::Wall => 380.0,
                Stands::Water => 740.0 - size * 0.4,
                _ if close => 620.0,
                _ => 880.0 - size * 0.5,
            };
            let mut at = (self.w * slot, y);
            // A lamp stands on no floor.
            if !close
                && !matches!(scene.place.as_str(), "body" | "neuron" | "space")
                && scene.interior
                && support.is_none()
                && on_table(thing)
                && !set.is_some_and(|s| s.holds("table"))
            {
                let wide = base * 1.7;
                if let Some(table) = book().drawings.get("table") {
                    let below = (at.0, 880.0 - wide * 0.5);
                    table.draw(&mut l.people, self.palette, self.light, below, wide, false);
                }
                at.1 = 880.0 - wide * 0.72 - size * 0.44;
            }
            if let Some((name, table)) = support.filter(|_| subject.is_none()) {
                // Its top is where the thing stands.
                let wide = (size * 2.6).max(900.0);
                let below = (at.0, at.1 + size * 0.46 + wide * 0.16);
                let palette = &self.tinted(name);
                table.draw(&mut l.near, palette, self.light, below, wide, false);
            }
            if !matches!(thing.stands, Stands::Air | Stands::Wall | Stands::Water) {
                l.people.fill_alpha(
                    &ellipse((at.0, at.1 + size * 0.48), size * 0.55, size * 0.07),
                    self.palette.shadow.mix(self.palette.ink, 0.5),
                    0.4,
                );
            }
            self.draw_all(&mut l.people, name, thing, at, size, false);
            subject = subject.or(Some(Subject {
                x: f64::from(at.0 / self.w),
                y: f64::from(at.1 / 1000.0),
            }));
        }
        subject
    }
}

/// What things stand on.
const SUPPORTS: [&str; 4] = ["table", "desk", "counter", "workbench"];
