//! What somebody has a hand on: it stands before them, as large as life.

use super::super::book::book;
use super::super::reading::Scene;
use super::company::{Company, Stand};
use super::drawing::{Drawing, Stands};
use super::places::Layers;
use super::support::is_a_seat;
use crate::film::shot::Size;

/// What the first of those who are there has a hand on: a fridge that is opened, a door that is knocked at. It stands
/// before them, as large as they are.
pub(super) fn worked_at(scene: &Scene) -> Option<(&str, &'static Drawing)> {
    const HANDS_ON: [&str; 8] = [
        "reach", "push", "lean", "kick", "crouch", "kneel", "point", "work",
    ];
    const ELSEWHERE: [&str; 5] = ["table", "desk", "counter", "stairs", "boots"];
    let lead = scene.people.first()?;
    let near = !matches!(
        scene.size,
        Size::Mcu | Size::Cu | Size::Bcu | Size::Ecu | Size::Insert | Size::Ews
    );
    if !near || lead.look.drawn_as.is_some() || !HANDS_ON.contains(&lead.pose.as_str()) {
        return None;
    }
    let worked = |name: &&String| {
        let name = name.as_str();
        let hung = scene.hung.iter().any(|h| h == name);
        !is_a_seat(name)
            && !hung
            && !ELSEWHERE.contains(&name)
            && lead.behind.as_deref() != Some(name)
            && scene.counts.get(name).is_none_or(|n| *n < 2)
    };
    (lead.holds.iter().filter(worked)).find_map(|name| {
        let thing = book().drawings.get(name)?;
        let large = matches!(thing.stands, Stands::Floor | Stands::Wall);
        (large && (1.5..14.0).contains(&thing.heads)).then_some((name.as_str(), thing))
    })
}

impl Company<'_> {
    /// Where whoever works at a thing stands, and where that does; parts of the picture's width.
    pub(super) fn at_work(&self, thing: &Drawing) -> (f32, f32) {
        let person = if self.wide { 0.36 } else { 0.3 };
        let (size, _) = self.life_size(thing);
        let reach = 1.5 * self.head + thing.half_width() * size;
        let most = if self.wide { 0.86 } else { 0.82 };
        let at = if self.scene.people.len() > 1 {
            0.5
        } else {
            (person + reach / self.w).min(most)
        };
        (person, at)
    }

    /// How large a thing is beside those who are there, and where it stands on their floor.
    fn life_size(&self, thing: &Drawing) -> (f32, f32) {
        let floor = match self.stand {
            Stand::Feet(y) => y * 1000.0 - 14.0,
            Stand::Crown(y) => y * 1000.0 + 7.17 * self.head,
        };
        ((thing.heads * self.head).clamp(60.0, 1900.0), floor)
    }

    /// What somebody has a hand on stands before them.
    pub(super) fn before_hands(&self, l: &mut Layers, name: &str, thing: &Drawing) {
        let (_, x) = self.at_work(thing);
        let (size, floor) = self.life_size(thing);
        let size = size * self.scaled(name).min(1.3);
        let y = match thing.stands {
            // At the height of a hand.
            Stands::Wall => floor - 5.4 * self.head,
            _ => floor - size * 0.5,
        };
        let at = (self.w * x, y);
        thing.draw(&mut l.near, &self.tinted(name), self.light, at, size, false);
    }
}
