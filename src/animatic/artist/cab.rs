//! Those who sit in a car, seen through its windscreen.

use super::super::reading::{Figure, Scene};
use super::company::{Company, Stand};
use super::paint::{P, rect, smooth};
use super::people;
use super::places::Layers;
use crate::film::shot::{Size, View};

/// Whether those who are there sit in a car, and are seen through its windscreen.
pub(super) fn in_a_cab(scene: &Scene) -> bool {
    let whole = scene.people.iter().all(|p| p.look.drawn_as.is_none());
    let out = scene.view == Some(View::Pov);
    scene.place == "vehicle"
        && scene.interior
        && whole
        && !scene.people.is_empty()
        && !out
        && scene.size != Size::Insert
}

/// Where the board before the seats of a car begins, in thousandths of the picture's height.
const BOARD: f32 = 790.0;

impl Company<'_> {
    /// Who is in a car, seen through its windscreen: seats behind them, the wheel and the board before them.
    pub(super) fn aboard(&self, l: &mut Layers, people: &[&Figure]) -> Vec<people::Drawn> {
        // In a narrow picture two share the width of one, and sit lower: the board hides what legs do.
        let alone = people.len() == 1;
        let u = self.head
            * match (self.wide, alone) {
                (true, _) => 0.86,
                (false, true) => (0.86 * self.w / 562.0).min(0.86),
                (false, false) => (0.56 * self.w / 562.0).min(0.74),
            };
        let drop = (BOARD - 100.0 - 3.4 * u).max(0.0);
        let in_back = |p: &&Figure| p.pose == "backseat";
        if people.iter().any(in_back) {
            return self.back_seats(l, people, (u, drop));
        }
        let drives = people.iter().position(|p| p.pose == "drive");
        let at_wheel = drives.unwrap_or(0);
        let (wheel, beside) = match (self.wide, alone, drives) {
            (true, ..) => (0.66, 0.34),
            (false, true, Some(_)) => (0.54, -0.3),
            (false, true, None) => (1.3, 0.46),
            (false, false, _) => (0.73, 0.27),
        };
        let spots: Vec<f32> = (0..people.len())
            .map(|i| match i {
                // Who does not drive sits beside whoever does.
                _ if people.len() == 1 && drives.is_none() => beside,
                i if i == at_wheel => wheel,
                i if i == usize::from(at_wheel == 0) => beside,
                _ => 0.5,
            })
            .collect();
        let mut drawn: Vec<Option<people::Drawn>> = vec![None; people.len()];
        let mut sit = |l: &mut Layers, i: usize, grow: f32| {
            let (figure, u) = (people[i], u * grow);
            let right = spots[i] < 0.5;
            // What legs do is below the board.
            let pose = match self.seen_pose(&figure.pose) {
                upper @ ("talk" | "point" | "wave" | "drink" | "phone" | "crossed") => upper,
                _ => "stand",
            };
            let (at, hangs) = self.position(figure, pose, spots[i], u, right);
            let at = (at.0, at.1 + drop);
            drawn[i] = Some(self.person(l, (figure, pose), at, u, (right, hangs)));
        };
        // Who sits in the back is seen between the seats.
        if people.len() > 2 {
            (2..people.len()).for_each(|i| sit(l, i, 0.8));
        }
        for x in [wheel, beside] {
            self.car_seat(l, (self.w * x, drop), u);
        }
        (0..people.len().min(2)).for_each(|i| sit(l, i, 1.0));
        self.windscreen(
            l,
            people.get(at_wheel).copied().filter(|_| drives.is_some()),
            wheel,
            (u, drop),
        );
        drawn.into_iter().flatten().collect()
    }

    /// Who sits in the back is seen between the seats; who drives, before them.
    fn back_seats(
        &self,
        l: &mut Layers,
        people: &[&Figure],
        (u, drop): (f32, f32),
    ) -> Vec<people::Drawn> {
        let driver = people.iter().find(|p| p.pose == "drive");
        let behind: Vec<&&Figure> = people
            .iter()
            .filter(|p| p.pose != "drive")
            .take(2)
            .collect();
        let wheel = if self.wide { 0.72 } else { 0.78 };
        let mut drawn = Vec::new();
        let sit = |l: &mut Layers, figure: &Figure, x: f32, grow: f32| {
            let u = u * grow;
            let pose = match self.seen_pose(&figure.pose) {
                upper @ ("talk" | "point" | "wave" | "drink" | "phone" | "crossed") => upper,
                _ => "stand",
            };
            let (at, hangs) = self.position(figure, pose, x, u, x < 0.5);
            self.person(l, (figure, pose), (at.0, at.1 + drop), u, (x < 0.5, hangs))
        };
        let spots: &[f32] = match (behind.len(), driver.is_some()) {
            (1, true) => &[0.36],
            (1, false) => &[0.5],
            (_, true) => &[0.24, 0.5],
            _ => &[0.36, 0.64],
        };
        for (figure, x) in behind.iter().zip(spots) {
            drawn.push(sit(l, figure, *x, 0.86));
        }
        if let Some(driver) = driver {
            self.car_seat(l, (self.w * wheel, drop), u);
            drawn.push(sit(l, driver, wheel, 1.0));
        }
        self.windscreen(l, driver.copied(), wheel, (u, drop));
        drawn
    }

    fn car_seat(&self, l: &mut Layers, (x, drop): P, u: f32) {
        let p = self.palette;
        let color = p.near.mix(p.ink, 0.45);
        let crown = match self.stand {
            Stand::Crown(y) | Stand::Feet(y) => y * 1000.0 + drop,
        };
        let pad = |half: f32, top: f32, bottom: f32| {
            let (r, y0, y1) = (0.16 * u, crown + top * u, crown + bottom * u);
            let (x0, x1) = (x - half * u, x + half * u);
            smooth(
                &[
                    (x0, y0 + r),
                    (x0 + r, y0),
                    (x1 - r, y0),
                    (x1, y0 + r),
                    (x1, y1),
                    (x0, y1),
                ],
                4,
            )
        };
        for (half, top, bottom) in [(0.5, 0.22, 0.92), (1.1, 0.98, 4.6)] {
            let shape = pad(half, top, bottom);
            l.people.fill(&shape, color);
            l.people.shade(&shape, self.light, 0.16 * u, p.shadow, 0.5);
        }
    }

    /// What is between the camera and who sits in a car: glass, pillars and roof, the wheel, and the board.
    fn windscreen(
        &self,
        l: &mut Layers,
        driver: Option<&Figure>,
        wheel: f32,
        (u, drop): (f32, f32),
    ) {
        let p = self.palette;
        let (x0, y0, x1, y1) = l.fore.bounds();
        let (body, board) = (p.ink.mix(p.near, 0.25), p.ink.mix(p.near, 0.4));
        let glass = [
            (self.w * 0.2, 0.0),
            (self.w * 0.34, 0.0),
            (self.w * 0.16, 900.0),
            (self.w * 0.02, 900.0),
        ];
        l.fore
            .fill_alpha(&glass, p.light, if p.dark { 0.05 } else { 0.1 });
        let (top, rim) = (BOARD, (self.w * wheel, BOARD + 0.54 * u));
        let wheel_at = |turned: f32| {
            let a = turned.to_radians();
            (rim.0 + 1.12 * u * a.sin(), rim.1 - 1.06 * u * a.cos())
        };
        let round: Vec<P> = (-18..=18).map(|i| wheel_at(i as f32 * 10.0)).collect();
        l.fore.stroke(&round, 0.13 * u, p.ink, 1.0);
        for spoke in [-78.0, 78.0] {
            l.fore.stroke(&[rim, wheel_at(spoke)], 0.16 * u, p.ink, 1.0);
        }
        if let Some(figure) = driver {
            for side in [-1.0f32, 1.0] {
                let fist = wheel_at(46.0 * side);
                let elbow = (fist.0 + side * 0.5 * u, top + 0.9 * u);
                people::grip(&mut l.fore, p, self.light, &figure.look, (elbow, fist), u);
            }
        }
        let dash = smooth(
            &[
                (x0, top + 40.0),
                (self.w * 0.25, top + 6.0),
                (rim.0 - 1.5 * u, top + 6.0),
                (rim.0 - 0.9 * u, top - 26.0),
                (rim.0 + 0.9 * u, top - 26.0),
                (rim.0 + 1.5 * u, top + 12.0),
                (x1, top + 46.0),
                (x1, y1),
                (x0, y1),
            ],
            5,
        );
        l.fore.fill(&dash, board);
        l.fore.shade(&dash, self.light, 60.0, p.ink, 0.5);
        l.fore.stroke(
            &[
                (x0, top + 44.0),
                (self.w * 0.25, top + 10.0),
                (rim.0 - 1.5 * u, top + 10.0),
            ],
            5.0,
            p.light,
            0.35,
        );
        let roof = 46.0 + 0.5 * drop;
        l.fore.fill(&rect(x0, y0, x1 - x0, roof - y0), body);
        for (edge, inward) in [(x0, self.w * 0.045), (x1, self.w * 0.955)] {
            let low = edge + (inward - edge) * 0.35;
            l.fore.fill(
                &[
                    (edge, y0),
                    (inward, y0),
                    (inward, roof),
                    (low, top + 60.0),
                    (edge, y1),
                ],
                body,
            );
        }
        // It would hang before a face that is alone in the middle.
        if !self.wide && self.scene.people.len() == 1 {
            return;
        }
        let mirror = smooth(
            &[
                (self.w * 0.5 - 96.0, roof + 20.0),
                (self.w * 0.5 + 96.0, roof + 20.0),
                (self.w * 0.5 + 88.0, roof + 66.0),
                (self.w * 0.5 - 88.0, roof + 66.0),
            ],
            4,
        );
        l.fore.fill(&mirror, p.ink);
        l.fore.stroke(
            &[(self.w * 0.5, roof - 6.0), (self.w * 0.5, roof + 24.0)],
            12.0,
            p.ink,
            1.0,
        );
    }
}
