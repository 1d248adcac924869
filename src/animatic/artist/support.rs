//! What carries people: seats, beds, mounts, cars, ladders, and somebody's arms.

use super::super::book::book;
use super::super::reading::{Figure, Scene};
use super::company::{Company, Stand};
use super::drawing::Drawing;
use super::paint::{P, Rgb, ellipse, rect};
use super::people::{self, Standing};
use super::places::Layers;

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
const SEATS: [(&str, f32); 10] = [
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
    let sits = matches!(figure.pose.as_str(), "sit" | "read" | "type" | "slump");
    let has = |name: &str| sits && figure.holds.iter().any(|h| h == name);
    let (name, height) = SEATS.into_iter().find(|(name, _)| has(name))?;
    Some((name, height, book().drawings.get(name)?))
}

/// The furniture that is drawn with whoever uses it, and so not with the room.
pub(super) fn in_use(scene: &Scene) -> Vec<&'static str> {
    let lie = scene.people.iter().any(|p| p.pose == "lie");
    let beds = ["bed", "bunk"].into_iter().filter(|_| lie);
    let seats = scene
        .people
        .iter()
        .filter_map(seat_of)
        .map(|(name, ..)| name);
    seats.chain(beds).collect()
}

/// Whether somebody can sit on a thing and ride.
pub(super) fn is_mount(name: &str) -> bool {
    matches!(name, "horse" | "bicycle" | "motorbike" | "cow" | "dragon")
}

impl Company<'_> {
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
        people::draw(
            &mut l.people,
            self.palette,
            self.light,
            &Standing {
                look: &figure.look,
                pose: "ride",
                expression: &figure.expression,
                at: (at.0 + dir * back * size, at.1 + up * size),
                u,
                right,
                back: false,
                speaking: figure.speaking,
                hangs: false,
            },
        )
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
        let borne = people::draw(
            &mut l.people,
            self.palette,
            self.light,
            &Standing {
                look: &carried.look,
                pose: "lie",
                expression: &carried.expression,
                // Across the arms, the head on the farther side.
                at: (bearer.head.0 + dir * 0.6 * u, bearer.head.1 + 2.3 * u),
                u: u * 0.84,
                right: !right,
                back: false,
                speaking: carried.speaking,
                hangs: true,
            },
        );
        vec![bearer, borne]
    }

    /// A bench or sofa that two sit on.
    pub(super) fn shared_seat(&self) -> Option<Seat> {
        let sit = |f: &&Figure| matches!(f.pose.as_str(), "sit" | "read" | "type" | "slump");
        let sitters = self.scene.people.iter().filter(sit);
        let seats = sitters.clone().find_map(|f| seat_of(f));
        seats.filter(|(name, ..)| sitters.count() > 1 && matches!(*name, "bench" | "sofa" | "log"))
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
        let aboard = beside.take(1).map(|p| (p, "sit", 0.62));
        let mut drawn = Vec::new();
        for (who, pose, ahead) in aboard.chain([(figure, "wheel", 0.0)]) {
            drawn.push(people::draw(
                &mut l.people,
                self.palette,
                self.light,
                &Standing {
                    look: &who.look,
                    pose,
                    expression: &who.expression,
                    at: (at.0 + seat.0 + dir * ahead * u, at.1 + seat.1),
                    u: if ahead > 0.0 { u * 0.96 } else { u },
                    right,
                    back: false,
                    speaking: who.speaking,
                    hangs: false,
                },
            ));
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
        if bed { 2.9 } else { 0.7 }
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
