//! People and things in a picture: who stands where, what is held, what stands beside them.

use super::super::book::book;
use super::super::dice::Dice;
use super::super::reading::{Figure, Scene};
use super::at_work::worked_at;
use super::cab::in_a_cab;
use super::drawing::Drawing;
use super::paint::{P, ellipse};
use super::palette::Palette;
use super::people::{self, Standing};
use super::places::Layers;
use super::shaded;
use super::support::seat_of;
use crate::film::shot::{Size, View};
use crate::film::storyboard::Subject;

/// Where a figure is held: by its feet on the ground, or by its crown below the frame's edge. Parts of
/// the picture's height.
#[derive(Clone, Copy)]
pub(super) enum Stand {
    Feet(f32),
    Crown(f32),
}

/// What a composition is made with.
pub(super) struct Company<'a> {
    pub(super) scene: &'a Scene,
    pub(super) palette: &'a Palette,
    /// Towards the light.
    pub(super) light: P,
    /// The picture's width in thousandths of its height.
    pub(super) w: f32,
    /// The height of a head, in the same units.
    pub(super) head: f32,
    pub(super) stand: Stand,
    pub(super) wide: bool,
    /// The place is built the other way round.
    pub(super) turned: bool,
}

impl Company<'_> {
    /// Draws people and things; returns where the eye should rest, unless there is nothing.
    pub(super) fn draw(&self, l: &mut Layers, dice: &mut Dice) -> Option<Subject> {
        let scene = self.scene;
        let tight = matches!(scene.size, Size::Cu | Size::Bcu | Size::Ecu);
        if let Some(crowd) = scene.crowd.as_ref().filter(|_| !tight) {
            self.crowd(l, crowd, dice);
        }
        if scene.people.is_empty() {
            return self.things_alone(l);
        }
        // Past one shoulder the thing itself is looked at.
        let past = scene.view == Some(View::Ots) && scene.people.len() == 1;
        if !tight && !past && scene.size != Size::Mcu {
            self.things_beside(l);
        }
        let drawn = self.people(l, tight, dice);
        let lead = drawn.first()?;
        for lid in drawn.iter().flat_map(|d| &d.lids) {
            lid.draw(&mut l.lids);
        }
        if !matches!(scene.size, Size::Ews) && !tight && !past {
            self.things_held(l, &drawn);
        }
        Some(Subject {
            x: f64::from((lead.head.0 / self.w).clamp(0.1, 0.9)),
            y: f64::from((lead.head.1 / 1000.0).clamp(0.1, 0.8)),
        })
    }

    fn people(&self, l: &mut Layers, tight: bool, dice: &mut Dice) -> Vec<people::Drawn> {
        let scene = self.scene;
        let people: Vec<&Figure> = scene.people.iter().take(3).collect();
        let lead = people[0];
        if !tight && in_a_cab(scene) {
            return self.aboard(l, &people);
        }
        if scene.view == Some(View::Ots)
            && let [alone] = people.as_slice()
            && let Some(thing) = (scene.props.iter()).find_map(|p| book().drawings.get(p))
        {
            return vec![self.over_shoulder_at(l, alone, thing)];
        }
        let ots = scene.view == Some(View::Ots) && people.len() > 1;
        let (right, left) = if self.wide {
            (0.38, 0.62)
        } else {
            (0.46, 0.54)
        };
        let sway = dice.range(-0.025, 0.025);
        // Alone in the picture one may look either way; in company the sides are kept.
        let worked = worked_at(scene);
        let faces_right = if people.len() == 1 {
            dice.chance(0.6) || worked.is_some()
        } else {
            lead.right
        };
        if ots {
            // Arms round somebody are not seen past them.
            let mut lead = lead.clone();
            if lead.pose == "embrace" {
                "stand".clone_into(&mut lead.pose);
            }
            let drawn = self.place(l, &lead, if self.wide { 0.64 } else { 0.66 }, false, 0.9);
            self.shoulder(l, people[1]);
            return vec![drawn];
        }
        if !tight && let Some(driver) = self.at_the_wheel(&people) {
            // The others sit in the same car.
            let x = if self.wide { 0.46 } else { 0.5 };
            return vec![self.place(l, driver, x, faces_right, 1.0)];
        }
        if let [one, other] = people.as_slice()
            && one.carried != other.carried
            && !tight
        {
            let (carrier, carried) = if one.carried {
                (*other, *one)
            } else {
                (*one, *other)
            };
            return self.in_arms(l, carrier, carried, faces_right);
        }
        if let Some(climbers) = self.on_stairs(l, &people) {
            return climbers;
        }
        if let [one, other] = people.as_slice()
            && !tight
            && let Some(drawn) = self.wheeled(l, one, other)
        {
            return drawn;
        }
        if people.len() > 1 && !tight {
            let near = matches!(scene.size, Size::Ms | Size::Mcu);
            let places = match (self.wide, people.len()) {
                (true, 2) if near => [0.29, 0.71, 0.5],
                (true, 2) => [0.32, 0.68, 0.5],
                (true, _) => [0.24, 0.76, 0.5],
                (false, _) if near => [0.26, 0.74, 0.5],
                (false, _) => [0.28, 0.72, 0.5],
            };
            // Who embraces stands breast to breast.
            let close = 0.62 * self.head / self.w;
            let embraced = people.iter().take(2).any(|p| p.pose == "embrace");
            let dancing = people.iter().take(2).all(|p| p.pose == "dance") && people.len() == 2;
            let embraced = embraced || dancing;
            let waltz: Vec<Figure> = people
                .iter()
                .map(|p| Figure {
                    pose: "waltz".to_owned(),
                    ..(*p).clone()
                })
                .collect();
            let people: Vec<&Figure> = match dancing {
                true => waltz.iter().collect(),
                false => people.clone(),
            };
            let lead = people[0];
            let places = match (embraced, self.shared_barrier()) {
                (true, _) if dancing => [0.5 - 1.5 * close, 0.5 + 1.5 * close, places[2]],
                (true, _) => [0.5 - close, 0.5 + close, places[2]],
                // Who shares a bench sits beside the other.
                _ if self.shared_seat().is_some() => {
                    let apart = if people.len() > 2 { 1.9 } else { 1.15 } * self.head / self.w;
                    [0.5 - apart, 0.5 + apart, 0.5]
                }
                // Who sits at one table sits at its ends.
                (_, Some(table)) => {
                    let half = (0.4 * table.heads * self.head / self.w).min(0.5 - places[0]);
                    [0.5 - half, 0.5 + half, places[2]]
                }
                _ => places,
            };
            // Two faces share the width of one.
            let small = match (scene.size, self.wide) {
                (Size::Mcu, true) => 0.8,
                // A narrow picture has room for less of each.
                (Size::Mcu, false) => 0.5 * self.w / 562.0,
                (Size::Ms, false) => 0.58 * self.w / 562.0,
                (Size::Mws, false) => 0.75,
                (Size::Ws | Size::Fs, false) if people.len() > 2 => 0.8,
                _ => 1.0,
            };
            if let Some(seat) = self.shared_seat() {
                let u = self.head * small;
                let (pelvis, _) = self.position(lead, "sit", places[0], u, true);
                let middle = (self.w * (places[0] + places[1]) / 2.0, pelvis.1);
                self.seat_beneath(l, seat, middle, u * 1.12, true);
            }
            let third = people
                .get(2)
                .map(|third| self.place(l, third, places[2], true, 0.9 * small));
            // Who runs, walks or climbs together goes one way.
            let goes =
                |f: &Figure| matches!(f.pose.as_str(), "run" | "walk" | "climb" | "ride" | "push");
            let together = goes(lead) && goes(people[1]);
            // What somebody stands behind covers them, and nobody else; who lies is behind whoever is with them.
            let (first, second) = if lead.behind.is_some() || lead.pose == "lie" {
                let first = self.place(l, lead, places[0], true, small);
                (first, self.place(l, people[1], places[1], together, small))
            } else {
                let second = self.place(l, people[1], places[1], together, small);
                (self.place(l, lead, places[0], true, small), second)
            };
            if let Some(barrier) = self.shared_barrier() {
                let u = self.head * small;
                let between = |a: f32, b: f32| (a + b) / 2.0;
                let head = (
                    between(first.head.0, second.head.0),
                    between(first.head.1, second.head.1),
                );
                let seated = people::posed(self.seen_pose(&lead.pose)).seated;
                self.before(l, barrier, head, (u, seated), 0.0);
            }
            return [first, second].into_iter().chain(third).collect();
        }
        let x = match worked {
            Some((_, thing)) => self.at_work(thing).0,
            None if faces_right => right + sway,
            None => left + sway,
        };
        let x = if tight { 0.5 + (x - 0.5) * 0.7 } else { x };
        vec![self.place(l, lead, x, faces_right, 1.0)]
    }

    /// Somebody near, from behind: what is seen is seen past them.
    fn shoulder(&self, l: &mut Layers, near: &Figure) {
        if near.look.drawn_as.is_some() {
            return;
        }
        let (x, u) = if self.wide {
            (0.12, 480.0)
        } else {
            (-0.02, 330.0)
        };
        let (_, up) = people::reach(&near.look, "stand", u, true);
        people::draw(
            &mut l.fore,
            &shaded(self.palette),
            self.light,
            &Standing {
                look: &near.look,
                pose: "shoulder",
                expression: "neutral",
                at: (self.w * x, 300.0 + up),
                u,
                right: true,
                back: true,
                speaking: false,
                hangs: true,
            },
        );
    }

    /// A thing, seen past the shoulder of whoever looks at it.
    fn over_shoulder_at(&self, l: &mut Layers, near: &Figure, thing: &Drawing) -> people::Drawn {
        let size = (thing.heads * 230.0).clamp(260.0, 560.0);
        let at = (self.w * 0.64, 560.0);
        thing.draw(&mut l.people, self.palette, self.light, at, size, false);
        self.shoulder(l, near);
        let eye = (at.0, at.1 - size * 0.2);
        people::Drawn {
            head: eye,
            near_hand: at,
            far_hand: at,
            ..people::Drawn::default()
        }
    }

    /// Whether all of it is under water.
    fn is_below(&self) -> bool {
        matches!(
            self.scene.place.as_str(),
            "deep_sea" | "pool_below" | "underwater"
        )
    }

    /// What somebody can be seen doing from as near as this.
    pub(super) fn seen_pose<'b>(&self, pose: &'b str) -> &'b str {
        let tight = matches!(self.scene.size, Size::Cu | Size::Bcu | Size::Ecu);
        let near = tight || matches!(self.scene.size, Size::Mcu | Size::Ms);
        match pose {
            // It is the face that counts, and no hand covers it.
            "slump" if tight => "slump",
            _ if tight => "stand",
            "lie" if self.scene.size == Size::Mcu => "stand",
            "waltz" if near => "embrace",
            "backseat" => "sit",
            "climb" | "push" if near => "reach",
            "dance" | "fall" if near => "talk",
            "throw" | "dive" if near => "point",
            "swim" if near && self.is_below() => "point",
            "crouch" | "kneel" | "crawl" if near => "lean",
            "kick" if near => "talk",
            other => other,
        }
    }

    /// Where a figure's pelvis or feet come to be, and whether it hangs from its crown.
    pub(super) fn position(
        &self,
        figure: &Figure,
        pose: &str,
        x: f32,
        u: f32,
        right: bool,
    ) -> (P, bool) {
        let seated = people::posed(pose).seated;
        let x = self.w * x;
        match self.stand {
            Stand::Feet(y) if pose == "lie" => ((x, y * 1000.0 - u * self.bedding()), false),
            Stand::Feet(y) if pose == "floor" => ((x, y * 1000.0 - u * 0.5), false),
            Stand::Feet(y) if pose == "abed" => ((x, y * 1000.0 - u * 2.9), false),
            Stand::Feet(y) if seated => ((x, y * 1000.0 - u * 1.9), false),
            Stand::Feet(y) => ((x, y * 1000.0), false),
            Stand::Crown(_) if pose == "lie" => {
                // From near it is the head that is looked at.
                let (aside, _) = people::reach(&figure.look, pose, u, right);
                let head = if right { 0.3 } else { 0.7 } * self.w;
                ((head - aside, 640.0), true)
            }
            Stand::Crown(y) => {
                // Hung by the head, so that it stands where the frame wants it; beside others a child's
                // is lower, for they share the floor.
                let (aside, up) = people::reach(&figure.look, pose, u, right);
                let lower = match self.scene.people.len() {
                    0 | 1 => 0.0,
                    _ => (7.17 * u - people::height(&figure.look, u)).clamp(0.0, 360.0),
                };
                ((x - aside, y * 1000.0 + lower + up), true)
            }
        }
    }

    pub(super) fn place(
        &self,
        l: &mut Layers,
        figure: &Figure,
        x: f32,
        right: bool,
        grow: f32,
    ) -> people::Drawn {
        let mut u = self.head * grow;
        if figure.pose == "lie" && !self.wide && matches!(self.stand, Stand::Feet(_)) {
            // Whoever lies is as long as they are tall.
            u = u.min(self.w / 7.4);
        }
        if let Some(thing) = figure
            .look
            .drawn_as
            .as_ref()
            .and_then(|t| book().drawings.get(t))
        {
            return self.being(l, thing, x, u, right);
        }
        let mut pose = self.seen_pose(&figure.pose);
        // Beside others from near an arm that takes nothing only reaches into them.
        let among = self.scene.people.len() > 1
            && matches!(self.scene.size, Size::Ms | Size::Mcu | Size::Mws);
        if among && pose == "talk" && x > 0.5 && !figure.speaking {
            // Two who both reach out reach into each other: who listens keeps still.
            pose = "stand";
        }
        if among {
            let empty = figure.holds.is_empty() || self.scene.people.len() > 2;
            pose = match pose {
                "reach" if empty => "talk",
                "sit_reach" if empty => "sit",
                // Between two there is room for what one hands the other.
                "reach" | "sit_reach"
                    if self.wide
                        && self.scene.people.len() == 2
                        && self.scene.size != Size::Mcu =>
                {
                    pose
                }
                // What they have is held before them.
                "reach" => "carry",
                "sit_reach" => "sit_carry",
                other => other,
            };
        }
        if pose == "drive" {
            if let Some(drawn) = self.driving(l, figure, x, u, right) {
                return drawn;
            }
            // From near one sees no more of a lorry than who is in it.
            pose = if self.scene.interior { "drive" } else { "talk" };
        }
        if pose == "ride" {
            if let Some(mount) = self.mount() {
                return self.rider(l, figure, mount, x, u, right);
            }
            pose = "walk";
        }
        let (position, hangs) = self.position(figure, pose, x, u, right);
        if pose == "swim" && !self.is_below() {
            return self.swimming(l, figure, position, u, (right, hangs));
        }
        if pose == "climb"
            && !hangs
            && let Some(ladder) = book()
                .drawings
                .get("ladder")
                .filter(|_| self.climbs_a_ladder())
        {
            let side = if right { 1.0 } else { -1.0 };
            let at = (position.0 + side * 0.95 * u, position.1 - 4.2 * u);
            ladder.draw(&mut l.people, self.palette, self.light, at, 9.4 * u, false);
        }
        let seated = people::posed(pose).seated;
        let shared = self.shared_seat().filter(|_| seated);
        let usual = self.usual_seat().filter(|_| people::sits(pose));
        let seat = seat_of(figure)
            .or(usual)
            .filter(|_| seated && shared.is_none());
        if let Some(seat) = seat.filter(|(name, ..)| *name != "bathtub") {
            self.seat_beneath(l, seat, position, u, right);
        }
        if hangs && pose == "lie" {
            self.bed_beneath(l, position, u);
        }
        let on_a_chair = people::sits(pose) && seated;
        if hangs && on_a_chair && seat.is_none() && shared.is_none() {
            self.chair(l, position, u, right);
        }
        if !hangs {
            let Stand::Feet(ground) = self.stand else {
                return self.nobody(x);
            };
            let ground = ground * 1000.0;
            let reach = if pose == "lie" { 3.4 } else { 1.3 };
            self.cast_shadow(l, (position.0, ground), u * reach, u * 0.22);
            if pose == "lie" && self.bedding() > 1.0 {
                self.bed(l, position.0, ground, u, right);
            } else if pose == "abed" {
                self.bed(
                    l,
                    position.0 + if right { 1.2 } else { -1.2 } * u,
                    ground,
                    u,
                    right,
                );
            } else if (people::sits(pose) || pose == "drive")
                && seated
                && seat.is_none()
                && shared.is_none()
            {
                self.chair(l, position, u, right);
            }
        }
        let drawn = self.person(l, (figure, pose), position, u, (right, hangs));
        if pose == "abed" {
            self.blanket(l, position, u, right);
        }
        // In a tub one sits behind its side.
        if let Some(seat) = seat.filter(|(name, ..)| *name == "bathtub") {
            self.seat_beneath(l, seat, position, u, right);
        }
        if let Some(barrier) = self.barrier_of(figure)
            && self.shared_barrier().is_none()
        {
            let aside = if x < 0.5 { -0.12 } else { 0.12 };
            self.before(l, barrier, drawn.head, (u, seated), aside);
        }
        drawn
    }

    /// Draws somebody in a pose: its pelvis or feet at a place, or hung there from its crown.
    pub(super) fn person(
        &self,
        l: &mut Layers,
        (figure, pose): (&Figure, &str),
        at: P,
        u: f32,
        (right, hangs): (bool, bool),
    ) -> people::Drawn {
        // Which way legs go is not seen from behind.
        let upright =
            !people::posed(pose).seated && !matches!(pose, "lie" | "kneel" | "crawl" | "fall");
        let pose = if figure.back && upright { "away" } else { pose };
        let who = Standing {
            look: &figure.look,
            pose,
            expression: &figure.expression,
            at,
            u,
            right,
            back: figure.back,
            speaking: figure.speaking,
            hangs,
        };
        people::draw(&mut l.people, self.palette, self.light, &who)
    }

    /// What somebody sits or stands behind, unless only a face is seen.
    fn barrier_of(&self, figure: &Figure) -> Option<&'static Drawing> {
        let tight = matches!(self.scene.size, Size::Cu | Size::Bcu | Size::Ecu);
        let barrier = figure.behind.as_ref().filter(|_| !tight)?;
        book().drawings.get(barrier)
    }

    /// What the first two are behind together.
    fn shared_barrier(&self) -> Option<&'static Drawing> {
        match self.scene.people.as_slice() {
            // Past one's shoulder it is the other's alone.
            _ if self.scene.view == Some(View::Ots) => None,
            [one, other, ..] if one.behind == other.behind => self.barrier_of(one),
            _ => None,
        }
    }

    /// Draws what is before somebody whose head is so high, as high as the waist of one who stands; it goes on
    /// towards one side, by so many parts of its size.
    fn before(
        &self,
        l: &mut Layers,
        thing: &Drawing,
        head: P,
        (u, seated): (f32, bool),
        aside: f32,
    ) {
        let size = thing.heads * 0.86 * u;
        let floor = head.1 + 7.1 * u - if seated { 1.7 * u } else { 0.0 };
        let at = (head.0 + aside * size, floor - size * 0.5);
        thing.draw(
            &mut l.people,
            self.palette,
            self.light,
            at,
            size,
            aside > 0.0,
        );
    }

    pub(super) fn nobody(&self, x: f32) -> people::Drawn {
        let at = (self.w * x, 450.0);
        people::Drawn {
            head: at,
            near_hand: at,
            far_hand: at,
            ..people::Drawn::default()
        }
    }

    /// Somebody who is not a person: whole from afar, its upper half from near.
    pub(super) fn being(
        &self,
        l: &mut Layers,
        thing: &Drawing,
        x: f32,
        u: f32,
        right: bool,
    ) -> people::Drawn {
        let real = thing.heads * u;
        let (size, y) = match self.stand {
            Stand::Feet(y) => (real.clamp(60.0, 860.0), y * 1000.0),
            // What is small stands on the ground still, looked down at.
            Stand::Crown(_) if thing.heads < 4.5 => {
                let size = (real * 1.1).clamp(420.0, 700.0);
                (size, 990.0)
            }
            Stand::Crown(y) => {
                let size = real.clamp(420.0, 5200.0);
                // Its face, where a face would be.
                (size, y * 1000.0 + u * 0.5 + size * 0.84)
            }
        };
        let at = (self.w * x, y - size * 0.5);
        if matches!(self.stand, Stand::Feet(_)) {
            self.cast_shadow(l, (at.0, y), size * 0.42, size * 0.05);
        }
        thing.draw(&mut l.people, self.palette, self.light, at, size, !right);
        let head = (at.0, at.1 - size * 0.3);
        people::Drawn {
            head,
            near_hand: (at.0, at.1 + size * 0.1),
            far_hand: (at.0, at.1 + size * 0.1),
            ..people::Drawn::default()
        }
    }

    /// What joins somebody to the ground.
    pub(super) fn cast_shadow(&self, l: &mut Layers, at: P, rx: f32, ry: f32) {
        let color = self.palette.shadow.mix(self.palette.ink, 0.6);
        l.people.fill_alpha(&ellipse(at, rx, ry), color, 0.42);
    }
}
