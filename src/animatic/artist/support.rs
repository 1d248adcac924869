//! What carries people: seats, beds, mounts, cars, ladders, and somebody's arms.

use super::super::book::book;
use super::super::reading::{Figure, Scene};
use super::at_work::worked_at;
use super::company::{Company, Stand};
use super::drawing::Drawing;
use super::paint::{P, Rgb, ellipse, rect, smooth};
use super::people;
use super::places::Layers;
use crate::film::shot::Size;

/// What is driven from within: who does is not seen.
const CLOSED: [&str; 9] = [
    "taxi",
    "police car",
    "ambulance",
    "pickup",
    "truck",
    "bus",
    "train",
    "helicopter",
    "plane",
];

/// What somebody who drives is in or on, as it is seen from outside.
pub(super) enum Vehicle {
    /// Whoever is in it is seen: a car, if nothing else is said.
    Open(&'static Drawing),
    Closed(&'static str, &'static Drawing),
    Tractor,
}

/// What people sit on, and how high its seat is: parts of its size, down from its middle.
const SEATS: [(&str, f32); 12] = [
    ("bed", -0.02),
    ("bunk", -0.02),
    ("bench", 0.16),
    ("sofa", 0.1),
    ("armchair", 0.1),
    ("stool", -0.3),
    ("swing", 0.16),
    ("rock", -0.16),
    ("stump", -0.12),
    ("log", 0.2),
    ("wheelchair", 0.04),
    ("bathtub", 0.1),
];

/// A thing to sit on, and how high its seat is.
type Seat = (&'static str, f32, &'static Drawing);

/// What somebody sits on or in, where the words give it to them.
pub(super) fn seat_of(figure: &Figure) -> Option<Seat> {
    let sits = people::sits(&figure.pose);
    let has = |name: &str| sits && figure.holds.iter().any(|h| h == name);
    let (name, height) = SEATS.into_iter().find(|(name, _)| has(name))?;
    Some((name, height, book().drawings.get(name)?))
}

/// Whether one sits on a thing of this name.
pub(super) fn is_a_seat(name: &str) -> bool {
    SEATS.iter().any(|(seat, _)| *seat == name)
}

/// The furniture that is drawn with whoever uses it, and so not with the room.
pub(super) fn in_use(scene: &Scene) -> Vec<&str> {
    let lie = scene
        .people
        .iter()
        .any(|p| matches!(p.pose.as_str(), "lie" | "abed"));
    let beds = ["bed", "bunk"].into_iter().filter(|_| lie);
    let before = scene.people.iter().filter_map(|p| p.behind.as_deref());
    let sofa = (scene.people.iter())
        .any(|p| p.pose == "lie" && p.holds.iter().any(|h| h == "sofa"))
        .then_some("sofa");
    let seats = scene
        .people
        .iter()
        .filter_map(seat_of)
        .map(|(name, ..)| name);
    let worked = worked_at(scene).map(|(name, _)| name);
    (seats.chain(beds).chain(sofa).chain(before).chain(worked)).collect()
}

/// Whether somebody is behind a thing, with which it is drawn.
pub(super) fn is_before(scene: &Scene, name: &str) -> bool {
    let behind = |p: &Figure| p.behind.as_deref() == Some(name);
    scene.people.iter().take(3).any(behind)
}

/// Whether somebody can sit on a thing and ride.
pub(super) fn is_mount(name: &str) -> bool {
    matches!(name, "horse" | "bicycle" | "motorbike" | "cow" | "dragon")
}

impl Company<'_> {
    /// Somebody in the water: along it from afar, up to the chest from near.
    pub(super) fn swimming(
        &self,
        l: &mut Layers,
        figure: &Figure,
        (x, y): P,
        u: f32,
        (right, hangs): (bool, bool),
    ) -> people::Drawn {
        let p = self.palette;
        let water = Rgb::hex("4f9ab8").times(p.shadow, if p.dark { 0.6 } else { 0.15 });
        if hangs {
            let drawn = self.person(l, (figure, "tread"), (x, y + 0.6 * u), u, (right, hangs));
            let line = drawn.head.1 + 1.75 * u;
            let (x0, _, x1, y1) = l.people.bounds();
            l.people.fill(&rect(x0, line, x1 - x0, y1 - line), water);
            self.ripples(l, (drawn.head.0, line), u);
            return drawn;
        }
        // Off the bank on which others stand.
        let y = y - 0.2 * u;
        let drawn = self.person(l, (figure, "swim"), (x, y), u, (right, hangs));
        l.people
            .fill(&ellipse((x, y + 0.6 * u), 4.4 * u, 0.55 * u), water);
        self.ripples(l, (x, y + 0.1 * u), u);
        drawn
    }

    /// Rings on the water round somebody.
    fn ripples(&self, l: &mut Layers, (x, y): P, u: f32) {
        for (n, half) in [1.9f32, 2.6, 3.4].into_iter().enumerate() {
            let (n, half) = (n as f32, half * u);
            let at = y + 0.26 * n * u;
            let ring = [(x - half, at + 0.1 * u), (x, at), (x + half, at + 0.1 * u)];
            l.people
                .stroke(&ring, 0.05 * u, self.palette.light, 0.6 - 0.15 * n);
        }
    }

    /// What somebody can ride on, of the things the words name.
    pub(super) fn mount(&self) -> Option<(&str, &Drawing)> {
        let found = self.scene.props.iter().find(|p| is_mount(p))?;
        Some((found, book().drawings.get(found)?))
    }

    pub(super) fn rider(
        &self,
        l: &mut Layers,
        figure: &Figure,
        (name, mount): (&str, &Drawing),
        x: f32,
        u: f32,
        right: bool,
    ) -> people::Drawn {
        let size = mount.heads * u;
        let dir = if right { 1.0 } else { -1.0 };
        // In the saddle: behind the middle, on the back.
        let (back, up) = match name {
            "bicycle" => (-0.12, -0.25),
            "motorbike" => (-0.16, -0.1),
            "tractor" => (-0.12, -0.12),
            _ => (-0.06, -0.17),
        };
        let at = match self.stand {
            Stand::Feet(y) => {
                let ground = (self.w * x, y * 1000.0);
                self.cast_shadow(l, ground, size * 0.5, size * 0.05);
                (ground.0, ground.1 - size * 0.5)
            }
            // From near it is the rider's head that has its place.
            Stand::Crown(y) => {
                let (aside, reach) = people::reach(&figure.look, "ride", u, right);
                let pelvis = (self.w * x - aside, y * 1000.0 + reach);
                (pelvis.0 - dir * back * size, pelvis.1 - up * size)
            }
        };
        mount.draw(
            &mut l.people,
            &self.tinted(name),
            self.light,
            at,
            size,
            !right,
        );
        let saddle = (at.0 + dir * back * size, at.1 + up * size);
        self.person(l, (figure, "ride"), saddle, u, (right, false))
    }

    /// Somebody with somebody else in their arms.
    pub(super) fn in_arms(
        &self,
        l: &mut Layers,
        carrier: &Figure,
        carried: &Figure,
        right: bool,
    ) -> Vec<people::Drawn> {
        let dir = if right { 1.0 } else { -1.0 };
        let mut carrier = carrier.clone();
        "carry".clone_into(&mut carrier.pose);
        let u = self.head;
        let x = if self.wide { 0.5 - dir * 0.04 } else { 0.5 };
        let bearer = self.place(l, &carrier, x, right, 1.0);
        // Across the arms, the head on the farther side.
        let at = (bearer.head.0 + dir * 0.6 * u, bearer.head.1 + 2.3 * u);
        let borne = self.person(l, (carried, "lie"), at, u * 0.84, (!right, true));
        vec![bearer, borne]
    }

    /// A bench or sofa that two sit on.
    pub(super) fn shared_seat(&self) -> Option<Seat> {
        let sit = |f: &&Figure| people::sits(&f.pose);
        let sitters = self.scene.people.iter().filter(sit);
        let seats = sitters.clone().find_map(|f| seat_of(f));
        seats.filter(|(name, ..)| sitters.count() > 1 && matches!(*name, "bench" | "sofa" | "log"))
    }

    /// What one sits on where nothing is named: under the sky not on a chair of a room.
    pub(super) fn usual_seat(&self) -> Option<Seat> {
        let name = match self.scene.place.as_str() {
            "bus" | "train" | "subway" | "airliner" if self.scene.interior => "bench",
            _ if self.scene.interior => return None,
            "forest" | "jungle" | "camp" | "field" | "farm" | "orchard" | "river" => "stump",
            "mountain" | "beach" | "desert" | "sea" | "cave" | "moon" | "mars" | "arctic" => "rock",
            "bus" | "train" | "subway" | "airliner" => "bench",
            "park" | "garden" | "street" | "station" | "bus_stop" | "suburb" => "bench",
            _ => return None,
        };
        let (name, height) = SEATS.into_iter().find(|(seat, _)| *seat == name)?;
        Some((name, height, book().drawings.get(name)?))
    }

    /// Draws a seat under a pelvis.
    pub(super) fn seat_beneath(
        &self,
        l: &mut Layers,
        (name, height, thing): Seat,
        pelvis: P,
        u: f32,
        right: bool,
    ) {
        let size = thing.heads * u * 0.92;
        let at = (pelvis.0, pelvis.1 + 0.3 * u - height * size);
        let palette = self.tinted(name);
        thing.draw(&mut l.people, &palette, self.light, at, size, !right);
    }

    /// Whether a ladder is there, and somebody on it.
    pub(super) fn climbs_a_ladder(&self) -> bool {
        let far = matches!(self.stand, Stand::Feet(_));
        far && self.scene.props.iter().any(|p| p == "ladder")
            && self.scene.people.iter().any(|p| p.pose == "climb")
    }

    /// Who drives, where others may sit in the same car.
    pub(super) fn at_the_wheel<'b>(&self, people: &[&'b Figure]) -> Option<&'b Figure> {
        match self.vehicle()? {
            Vehicle::Tractor => None,
            _ => people.iter().find(|p| p.pose == "drive").copied(),
        }
    }

    /// What is driven here, seen from outside.
    pub(super) fn vehicle(&self) -> Option<Vehicle> {
        let said = |name: &str| self.scene.props.iter().any(|p| p == name);
        if self.scene.interior || said("boat") || said("ship") || said("rowboat") {
            return None;
        }
        if said("tractor") {
            return Some(Vehicle::Tractor);
        }
        let closed = CLOSED.into_iter().find(|name| said(name));
        match closed {
            Some(name) => Some(Vehicle::Closed(name, book().drawings.get(name)?)),
            None => Some(Vehicle::Open(book().drawings.get("convertible")?)),
        }
    }

    /// Whether a thing is what somebody drives: it is drawn with them.
    pub(super) fn is_driven(&self, name: &str) -> bool {
        let drives = self.scene.people.iter().any(|p| p.pose == "drive");
        drives
            && match self.vehicle() {
                Some(Vehicle::Tractor) => name == "tractor",
                Some(Vehicle::Closed(closed, _)) => name == closed,
                Some(Vehicle::Open(_)) => matches!(name, "car" | "convertible"),
                None => false,
            }
    }

    /// Somebody who drives; `None` where nothing to drive is seen.
    pub(super) fn driving(
        &self,
        l: &mut Layers,
        figure: &Figure,
        x: f32,
        u: f32,
        right: bool,
    ) -> Option<people::Drawn> {
        match (self.vehicle()?, self.stand) {
            (Vehicle::Open(car), _) => Some(self.driver(l, figure, car, x, u, right)),
            (Vehicle::Closed(_, thing), Stand::Feet(_)) => Some(self.being(l, thing, x, u, right)),
            (Vehicle::Closed(..), Stand::Crown(_)) => None,
            (Vehicle::Tractor, _) => {
                let tractor = ("tractor", book().drawings.get("tractor")?);
                Some(self.rider(l, figure, tractor, x, u, right))
            }
        }
    }

    /// Somebody at the wheel of an open car: what is below the door is not seen.
    pub(super) fn driver(
        &self,
        l: &mut Layers,
        figure: &Figure,
        car: &Drawing,
        x: f32,
        u: f32,
        right: bool,
    ) -> people::Drawn {
        let (size, dir) = (car.heads * u, if right { 1.0 } else { -1.0 });
        // Where one sits in it, from its middle.
        let seat = (-dir * 0.14 * size, 0.12 * size);
        let at = match self.stand {
            Stand::Feet(y) => {
                self.cast_shadow(l, (self.w * x, y * 1000.0), size * 0.9, size * 0.04);
                (self.w * x, y * 1000.0 - size * 0.5)
            }
            // From near it is the driver's head that has its place.
            Stand::Crown(y) => {
                let (aside, up) = people::reach(&figure.look, "wheel", u, right);
                (self.w * x - aside - seat.0, y * 1000.0 + up - seat.1)
            }
        };
        // Who sits beside is seen past the driver.
        let beside = (self.scene.people.iter()).filter(|p| !std::ptr::eq(*p, figure));
        let aboard = beside.take(1).map(|p| (p, "sit", 0.95));
        let mut drawn = Vec::new();
        for (who, pose, ahead) in aboard.chain([(figure, "wheel", 0.0)]) {
            let at = (at.0 + seat.0 + dir * ahead * u, at.1 + seat.1);
            let u = if ahead > 0.0 { u * 0.96 } else { u };
            drawn.push(self.person(l, (who, pose), at, u, (right, false)));
        }
        let tint = (["convertible", "car"].iter()).find_map(|name| self.scene.tints.get(*name));
        let palette = super::palette::tinted(self.palette, tint);
        car.draw(&mut l.people, &palette, self.light, at, size, !right);
        drawn.pop().unwrap_or_else(|| self.nobody(x))
    }

    /// How high somebody who lies lies, in heads: on a bed where there is one.
    pub(super) fn bedding(&self) -> f32 {
        let set = book().sets.get(&self.scene.place);
        let bed = set.is_some_and(|s| s.holds("bed") || s.holds("bunk"))
            || self.scene.props.iter().any(|p| p == "bed" || p == "bunk");
        match (bed, self.lies_on_a_sofa()) {
            (_, true) => 2.2,
            (true, _) => 2.9,
            _ => 0.7,
        }
    }

    /// Somebody in a wheelchair, and who pushes them from behind; `None` where nobody does.
    fn pushed<'b>(&self, one: &'b Figure, other: &'b Figure) -> Option<(&'b Figure, &'b Figure)> {
        let chair = self.scene.props.iter().any(|p| p == "wheelchair");
        match (one.pose.as_str(), other.pose.as_str()) {
            ("push", _) if chair => Some((one, other)),
            (_, "push") if chair => Some((other, one)),
            _ => None,
        }
    }

    pub(super) fn wheeled(
        &self,
        l: &mut Layers,
        one: &Figure,
        other: &Figure,
    ) -> Option<Vec<people::Drawn>> {
        let (pusher, sitter) = self.pushed(one, other)?;
        let mut sitter = sitter.clone();
        "sit".clone_into(&mut sitter.pose);
        sitter.holds.push("wheelchair".to_owned());
        let mut pusher = pusher.clone();
        "reach".clone_into(&mut pusher.pose);
        pusher.holds.clear();
        let apart = 2.3 * self.head / self.w;
        let behind = self.place(l, &pusher, 0.55 - apart, true, 1.0);
        let seated = self.place(l, &sitter, 0.55 + apart * 0.25, true, 1.0);
        Some(vec![seated, behind])
    }

    /// Those who go up or down stairs, each on a step of their own; `None` where nobody does, or they are too near
    /// for that.
    pub(super) fn on_stairs(
        &self,
        l: &mut Layers,
        people: &[&Figure],
    ) -> Option<Vec<people::Drawn>> {
        let far = self.scene.size == Size::Ws && self.wide;
        let goes = |f: &Figure| {
            matches!(
                f.pose.as_str(),
                "sit" | "floor" | "stand" | "climb" | "walk" | "run" | "carry" | "push" | "reach"
            )
        };
        if self.scene.place != "stairs" || !far || !people.iter().any(|p| goes(p)) {
            return None;
        }
        // The stairs rise by so much for every step; nobody's head may leave the frame.
        let u = self.head.min(64.0);
        let mut drawn = Vec::new();
        for (i, figure) in people.iter().enumerate().take(3).rev() {
            // The floor hides the lowest two.
            let step = 3.0 + (1.0 - i as f32) * 1.2;
            let x = 0.1 + 0.075 * (step + 0.5);
            let y = 760.0 - step.floor() * 62.0;
            let x = if self.turned { 1.0 - x } else { x };
            let pose = match figure.pose.as_str() {
                "climb" | "walk" | "reach" | "push" => "walk",
                "floor" => "sit",
                other => other,
            };
            // Who sits on a step has their feet two steps lower.
            let y = if people::sits(pose) { y - 0.3 * u } else { y };
            let at = (self.w * x, y);
            self.cast_shadow(l, at, u * 1.1, u * 0.18);
            drawn.push(self.person(l, (figure, pose), at, u, (!self.turned, false)));
        }
        drawn.reverse();
        Some(drawn)
    }

    /// Whether somebody lies on a sofa.
    pub(super) fn lies_on_a_sofa(&self) -> bool {
        let on = |f: &Figure| f.pose == "lie" && f.holds.iter().any(|h| h == "sofa");
        self.scene.people.iter().any(on)
    }

    /// A bed or a sofa on the ground, under somebody whose head is at its head.
    pub(super) fn bed(&self, l: &mut Layers, x: f32, ground: f32, u: f32, right: bool) {
        let what = if self.lies_on_a_sofa() { "sofa" } else { "bed" };
        let Some(bed) = book().drawings.get(what) else {
            return;
        };
        let size = u * bed.heads;
        let at = (x + if right { -0.6 } else { 0.6 } * u, ground - size * 0.5);
        bed.draw(&mut l.people, self.palette, self.light, at, size, right);
    }

    /// A blanket over the legs of somebody who sits up in bed.
    pub(super) fn blanket(&self, l: &mut Layers, pelvis: P, u: f32, right: bool) {
        let p = self.palette;
        let dir = if right { 1.0 } else { -1.0 };
        let at = |x: f32, y: f32| (pelvis.0 + dir * x * u, pelvis.1 + y * u);
        let shape = smooth(
            &[
                at(-0.35, -0.5),
                at(0.9, -0.55),
                at(2.4, -0.5),
                at(4.3, -0.45),
                at(4.5, 0.7),
                at(2.0, 0.8),
                at(-0.4, 0.75),
            ],
            5,
        );
        let color = p.light.mix(p.horizon(), 0.35).times(p.shadow, 0.12);
        l.people.fill(&shape, color);
        l.people.shade(&shape, self.light, 0.3 * u, p.shadow, 0.45);
        l.people
            .ink(&shape, (0.03 * u).clamp(1.5, 6.0), self.light, p.ink);
    }

    /// What somebody lies on, seen from near: a mattress, or the ground.
    pub(super) fn bed_beneath(&self, l: &mut Layers, pelvis: P, u: f32) {
        let p = self.palette;
        let (x0, _, x1, _) = l.people.bounds();
        let top = pelvis.1 + 0.45 * u;
        if self.bedding() > 1.0 {
            let pillow = ellipse((self.w * 0.3, top - 0.1 * u), 1.3 * u, 0.55 * u);
            l.people.fill(&pillow, p.light.mix(p.horizon(), 0.2));
        }
        let sheet = if self.bedding() > 1.0 {
            p.light.mix(p.horizon(), 0.35)
        } else if self.scene.weather == "snow" || self.scene.place == "arctic" {
            Rgb::hex("e6edf4").mix(p.horizon(), 0.18)
        } else {
            p.near.mix(p.ink, 0.25)
        };
        l.people
            .fill(&rect(x0, top, x1 - x0, 1400.0), sheet.times(p.shadow, 0.25));
    }

    pub(super) fn chair(&self, l: &mut Layers, at: P, head: f32, right: bool) {
        let p = self.palette;
        let seat = rect(at.0 - head * 0.8, at.1 + head * 0.2, head * 1.5, head * 0.3);
        l.people.fill(&seat, p.near.mix(p.ink, 0.3));
        for x in [-0.7, 0.5] {
            let leg = rect(at.0 + head * x, at.1 + head * 0.4, head * 0.14, head * 1.5);
            l.people.fill(&leg, p.near.mix(p.ink, 0.5));
        }
        let side = if right { 1.0 } else { -1.0 };
        let back = rect(
            at.0 - head * 0.85 * side,
            at.1 - head * 1.2,
            head * 0.16,
            head * 1.5,
        );
        l.people.fill(&back, p.near.mix(p.ink, 0.4));
    }
}
