//! Places: one signature readable as a silhouette, a few supporting shapes, one light, one dark
//! frame in front. The seed varies counts, widths and sides.

use super::super::dice::Dice;
use super::paint::{P, Rgb, Sheet, blob, ellipse, rect, ridge, smooth};
use super::palette::Palette;

/// The paper a place is built on, back to front.
pub(super) struct Layers {
    pub(super) sky: Sheet,
    pub(super) far: Sheet,
    pub(super) middle: Sheet,
    pub(super) near: Sheet,
    pub(super) people: Sheet,
    pub(super) fore: Sheet,
}

/// What a place is built from.
pub(super) struct Set<'a> {
    pub(super) w: f32,
    pub(super) palette: &'a Palette,
    pub(super) seed: u64,
    pub(super) time: &'a str,
    pub(super) weather: &'a str,
    pub(super) interior: bool,
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

/// Builds a place.
pub(super) fn draw(kind: &str, l: &mut Layers, set: &Set<'_>) {
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
        "river" => {
            sky(l, set);
            hills(l, set);
            river(l, set);
            reeds(l, set);
        }
        "forest" => {
            sky(l, set);
            forest(l, set);
        }
        "mountain" => {
            sky(l, set);
            mountains(l, set);
            ground(l, set, set.palette.near.mix(set.palette.mid, 0.4));
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

fn full(sheet: &Sheet) -> (f32, f32, f32, f32) {
    sheet.bounds()
}

fn sky(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    l.sky.wash(&p.sky, -40.0, set.horizon);
    let mut dice = set.dice("sky");
    let sun_x = if set.light.0 < 0.0 {
        set.w * dice.range(0.16, 0.32)
    } else {
        set.w * dice.range(0.68, 0.84)
    };
    match set.time {
        _ if matches!(set.weather, "rain" | "storm" | "fog" | "snow") => {}
        "night" | "blue" => {
            for _ in 0..110 {
                let at = (
                    dice.range(-40.0, set.w + 40.0),
                    dice.range(-30.0, set.horizon * 0.9),
                );
                let r = dice.range(0.7, 1.9);
                l.sky
                    .fill_alpha(&ellipse(at, r, r), p.light, dice.range(0.3, 0.9));
            }
            let moon = (sun_x, set.horizon * 0.3);
            l.sky.glow(moon, 190.0, p.light, 0.35);
            l.sky.fill(
                &ellipse(moon, 42.0, 42.0),
                p.light.mix(Rgb(1.0, 1.0, 1.0), 0.3),
            );
            l.sky.fill(
                &ellipse((moon.0 + 18.0, moon.1 - 8.0), 36.0, 36.0),
                p.top().mix(p.sky[1], 0.35),
            );
        }
        "dawn" | "dusk" => {
            let sun = (sun_x, set.horizon - 28.0);
            l.sky.glow(sun, 480.0, p.light, 0.55);
            l.sky.fill(
                &ellipse(sun, 52.0, 52.0),
                p.light.mix(Rgb(1.0, 1.0, 0.95), 0.6),
            );
        }
        _ => {
            let sun = (sun_x, set.horizon * 0.25);
            l.sky.glow(sun, 330.0, Rgb(1.0, 0.98, 0.9), 0.6);
            l.sky
                .fill_alpha(&ellipse(sun, 38.0, 38.0), Rgb(1.0, 0.99, 0.93), 0.9);
        }
    }
    // Thin lens-shaped bands, lit from below.
    let bands = if matches!(set.weather, "storm" | "rain") {
        14
    } else {
        8
    };
    for i in 0..bands {
        let y = set.horizon * dice.range(0.08, 0.88);
        let x = dice.range(-60.0, set.w);
        let length = dice.range(0.14, 0.42) * set.w.max(700.0);
        let thick = dice.range(5.0, 16.0) * if bands > 10 { 2.4 } else { 1.0 };
        let color = if set.night() || set.weather == "storm" {
            p.sky[1].mix(p.far, 0.5)
        } else {
            p.light.mix(p.horizon(), 0.3)
        };
        let lens: Vec<P> = (0..24)
            .map(|k| {
                let t = k as f32 / 12.0;
                let (u, side) = if t <= 1.0 {
                    (t, -0.35)
                } else {
                    (2.0 - t, 0.65)
                };
                (
                    x + length * u,
                    y + side * thick * (std::f32::consts::PI * u).sin().max(0.0).powf(0.6),
                )
            })
            .collect();
        l.sky
            .fill_alpha(&lens, color, if i % 3 == 0 { 0.55 } else { 0.35 });
    }
}

fn mist(sheet: &mut Sheet, set: &Set<'_>, top: f32, bottom: f32, alpha: f32) {
    let (x0, _, x1, _) = full(sheet);
    let c = set.palette.horizon();
    sheet.gradient(
        &rect(x0, top, x1 - x0, bottom - top),
        (0.0, top),
        (0.0, bottom),
        &[(0.0, c, 0.0), (1.0, c, alpha)],
    );
}

fn hills(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let mut dice = set.dice("hills");
    let (x0, _, x1, y1) = full(&l.far);
    let s = dice.range(0.0, 90.0);
    l.far.fill(
        &ridge(x0, x1, set.horizon + 10.0, 150.0, 330.0, s, y1),
        set.air(p.far, 0.5),
    );
    mist(&mut l.far, set, set.horizon - 60.0, set.horizon + 20.0, 0.5);
    let (x0, _, x1, y1) = full(&l.middle);
    l.middle.fill(
        &ridge(x0, x1, set.horizon + 40.0, 80.0, 210.0, s + 20.0, y1),
        set.air(p.mid, 0.28),
    );
}

fn ground(l: &mut Layers, set: &Set<'_>, color: Rgb) {
    let (x0, _, x1, y1) = full(&l.near);
    let y = set.horizon + 8.0;
    l.near.gradient(
        &rect(x0, y, x1 - x0, y1 - y),
        (0.0, y),
        (0.0, y1),
        &[
            (0.0, set.air(color, 0.25), 1.0),
            (0.5, color, 1.0),
            (1.0, color.mix(set.palette.ink, 0.3), 1.0),
        ],
    );
}

fn sea(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let h = set.horizon;
    let (x0, _, x1, y1) = full(&l.far);
    // By plain day the water is bluer than the land's own tones.
    let day = !p.dark && !matches!(set.time, "dawn" | "dusk");
    let deep = p
        .far
        .mix(p.mid, 0.55)
        .mix(Rgb::hex("3f86a0"), if day { 0.55 } else { 0.0 });
    l.far.gradient(
        &rect(x0, h, x1 - x0, y1 - h),
        (0.0, h),
        (0.0, y1),
        &[
            (0.0, p.horizon().mix(deep, 0.35), 1.0),
            (0.25, deep, 1.0),
            (1.0, p.mid.mix(p.near, 0.45), 1.0),
        ],
    );
    let mut dice = set.dice("waves");
    let sun_x = if set.light.0 < 0.0 {
        set.w * 0.24
    } else {
        set.w * 0.76
    };
    for i in 0..90 {
        let t = dice.unit().powf(1.4);
        let y = h + 4.0 + t * (1060.0 - h);
        let on_path = i % 3 == 0 && !matches!(set.weather, "storm" | "rain" | "fog");
        let x = if on_path {
            sun_x + dice.range(-1.0, 1.0) * (18.0 + t * 130.0)
        } else {
            dice.range(x0, x1)
        };
        let len = (8.0 + t * 70.0) * dice.range(0.6, 1.5);
        let thick = 0.8 + t * 5.0;
        let (color, alpha) = if on_path {
            (p.light, 0.75 - t * 0.3)
        } else if i % 2 == 0 {
            (p.near, 0.25)
        } else {
            (p.horizon(), 0.25)
        };
        l.far.fill_alpha(&ellipse((x, y), len, thick), color, alpha);
    }
}

fn rocks(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let mut dice = set.dice("rocks");
    for side in [0, 1] {
        if side == 1 && dice.chance(0.3) {
            continue;
        }
        let height = dice.range(120.0, 210.0);
        let (x0, _, x1, y1) = full(&l.fore);
        let width = set.w * dice.range(0.3, 0.42) - x0;
        let base = 1000.0;
        let mut shape: Vec<P> = Vec::new();
        for i in 0..=14 {
            let t = i as f32 / 14.0;
            let y = base - height * (1.0 - t).powf(1.3) + dice.range(-9.0, 9.0);
            shape.push((
                if side == 0 {
                    x0 + width * t
                } else {
                    x1 - width * t
                },
                y,
            ));
        }
        shape.push((if side == 0 { x0 + width } else { x1 - width }, y1));
        shape.push((if side == 0 { x0 } else { x1 }, y1));
        l.fore.fill(&shape, p.near.mix(p.ink, 0.55));
        l.fore.rim(&shape, set.light, 5.0, p.light, 0.45);
        for _ in 0..9 {
            let t = dice.range(0.1, 0.6);
            let x = if side == 0 {
                x0 + width * t
            } else {
                x1 - width * t
            };
            let y = base - height * (1.0 - t).powf(1.3) + 8.0;
            l.fore.stroke(
                &[
                    (x, y),
                    (x + dice.range(-12.0, 12.0), y - dice.range(30.0, 62.0)),
                ],
                4.0,
                p.near.mix(p.ink, 0.6),
                1.0,
            );
        }
    }
}

/// Firm ground to stand on, with surf along its edge.
fn shore(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let (x0, _, x1, y1) = full(&l.near);
    let edge = |x: f32| {
        set.horizon
            + 100.0
            + 26.0 * super::paint::wander(4.0, x / 150.0)
            + (x / set.w - 0.3).max(0.0) * 190.0
    };
    let mut line: Vec<P> = Vec::new();
    let mut x = x0;
    while x <= x1 {
        line.push((x, edge(x)));
        x += 10.0;
    }
    let mut shape = line.clone();
    shape.push((x1, y1));
    shape.push((x0, y1));
    let sand = p.mid.mix(p.near, 0.5).mix(
        Rgb::hex("c9b083").times(p.shadow, if p.dark { 0.7 } else { 0.1 }),
        0.4,
    );
    l.near.gradient(
        &shape,
        (0.0, set.horizon + 90.0),
        (0.0, 1050.0),
        &[(0.0, set.air(sand, 0.2), 1.0), (1.0, p.near, 1.0)],
    );
    for (dy, width, alpha) in [(0.0, 9.0, 0.75), (-13.0, 5.0, 0.4)] {
        let surf: Vec<P> = line
            .iter()
            .map(|q| {
                (
                    q.0,
                    q.1 + dy + 4.0 * super::paint::wander(9.0 + dy, q.0 / 40.0),
                )
            })
            .collect();
        l.near.stroke(&surf, width, p.light, alpha);
    }
}

fn island(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let mut dice = set.dice("island");
    let (x0, _, x1, _) = full(&l.far);
    let from = if dice.chance(0.5) { set.w * 0.5 } else { x0 };
    let to = if from > 0.0 { x1 } else { set.w * 0.55 };
    l.far.fill(
        &ridge(
            from,
            to,
            set.horizon + 2.0,
            90.0,
            260.0,
            dice.range(0.0, 50.0),
            set.horizon + 3.0,
        ),
        set.air(p.far, 0.45),
    );
}

fn boat(l: &mut Layers, set: &Set<'_>) {
    let mut dice = set.dice("boat");
    let at = (set.w * dice.range(0.55, 0.78), set.horizon + 40.0);
    super::props::draw(&mut l.middle, set.palette, set.light, "boat", at, 90.0);
}

fn lighthouse(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let h = set.horizon;
    let x = set.w * if set.w < 800.0 { 0.66 } else { 0.69 };
    let (dark, white) = (
        p.near.mix(p.mid, 0.35),
        Rgb::hex("efe6d8").times(p.shadow, if p.dark { 0.55 } else { 0.12 }),
    );
    // The rock it stands on.
    let mut dice = set.dice("rock");
    let mut rock: Vec<P> = Vec::new();
    for i in 0..=16 {
        let t = i as f32 / 16.0;
        let y = h + 120.0 - 110.0 * (std::f32::consts::PI * t).sin().max(0.0).powf(0.6)
            + dice.range(-8.0, 8.0);
        rock.push((x - 330.0 + 760.0 * t, y));
    }
    rock.push((x + 460.0, h + 230.0));
    rock.push((x - 300.0, h + 190.0));
    let rock = rock.iter().map(|q| (q.0, q.1 + 10.0)).collect::<Vec<_>>();
    l.middle.fill(&rock, dark);
    l.middle.shade(&rock, set.light, 34.0, p.shadow, 0.6);
    l.middle.rim(&rock, set.light, 5.0, p.light, 0.5);
    for i in 0..6 {
        l.middle.stroke(
            &[
                (
                    x - 330.0 + i as f32 * 130.0,
                    h + 196.0 + (i % 2) as f32 * 18.0,
                ),
                (x - 220.0 + i as f32 * 130.0, h + 204.0),
            ],
            9.0,
            p.light,
            0.7,
        );
    }
    // Beam both ways.
    let lamp = (x, h - 425.0);
    let beam = if p.dark || matches!(set.time, "dawn" | "dusk") {
        0.5
    } else {
        0.2
    };
    for (dx, spread) in [(-900.0f32, 70.0f32), (700.0, 60.0)] {
        l.middle.gradient(
            &[
                (lamp.0, lamp.1 - 8.0),
                (lamp.0 + dx, lamp.1 - spread),
                (lamp.0 + dx, lamp.1 + spread),
                (lamp.0, lamp.1 + 8.0),
            ],
            lamp,
            (lamp.0 + dx, lamp.1),
            &[(0.0, p.light, beam), (1.0, p.light, 0.0)],
        );
    }
    let tower = vec![
        (x - 42.0, h - 380.0),
        (x + 42.0, h - 380.0),
        (x + 66.0, h + 18.0),
        (x - 66.0, h + 18.0),
    ];
    l.middle.fill(&tower, white);
    for (a, b) in [(0.16, 0.36), (0.58, 0.8)] {
        let at = |t: f32| (42.0 + 24.0 * t, h - 380.0 + 398.0 * t);
        let ((ra, ya), (rb, yb)) = (at(a), at(b));
        l.middle.fill(
            &[(x - ra, ya), (x + ra, ya), (x + rb, yb), (x - rb, yb)],
            p.accent,
        );
    }
    l.middle.shade(&tower, set.light, 34.0, p.shadow, 0.6);
    l.middle.ink(&tower, 6.0, set.light, p.ink);
    for (i, y) in [-300.0, -190.0, -80.0].into_iter().enumerate() {
        l.middle.fill(
            &rect(x - 9.0, h + y, 18.0, 30.0),
            if i == 1 { p.light } else { p.ink },
        );
    }
    l.middle.fill(&rect(x - 62.0, h - 396.0, 124.0, 18.0), dark);
    l.middle
        .fill(&rect(x - 30.0, h - 450.0, 60.0, 56.0), p.light);
    for i in 0..4 {
        l.middle.fill(
            &rect(x - 30.0 + i as f32 * 19.0, h - 450.0, 3.0, 56.0),
            p.ink,
        );
    }
    l.middle.fill(
        &[(x - 40.0, h - 450.0), (x, h - 496.0), (x + 40.0, h - 450.0)],
        p.accent.times(p.shadow, 0.3),
    );
    l.middle.glow(lamp, 190.0, p.light, 0.75);
    // A cottage at its foot.
    let c = x + 190.0;
    l.middle.fill(
        &rect(c - 56.0, h - 70.0, 112.0, 92.0),
        white.times(p.shadow, 0.25),
    );
    l.middle.fill(
        &[
            (c - 70.0, h - 68.0),
            (c - 46.0, h - 124.0),
            (c + 46.0, h - 124.0),
            (c + 70.0, h - 68.0),
        ],
        p.accent.times(p.shadow, 0.5),
    );
    l.middle
        .fill(&rect(c - 18.0, h - 42.0, 30.0, 30.0), p.light);
    l.middle.glow((c - 3.0, h - 27.0), 60.0, p.light, 0.5);
}

fn harbour(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let h = set.horizon;
    let mut dice = set.dice("harbour");
    let (x0, _, x1, _) = full(&l.middle);
    let mut x = x0;
    while x < set.w * 0.55 {
        let w = dice.range(70.0, 120.0);
        let top = h - dice.range(70.0, 190.0);
        house(&mut l.middle, set, x, top, w, h + 14.0 - top, &mut dice);
        x += w + 4.0;
    }
    for i in 0..4 {
        let at = (
            set.w * 0.55 + i as f32 * 130.0 + dice.range(-20.0, 20.0),
            h + 40.0 + i as f32 * 14.0,
        );
        super::props::draw(
            &mut l.middle,
            p,
            set.light,
            "boat",
            at,
            95.0 + i as f32 * 14.0,
        );
    }
    let (_, _, _, y1) = full(&l.near);
    let planks = vec![
        (x0 - 60.0, 1060.0),
        (set.w * 0.1, h + 120.0),
        (set.w * 0.66, h + 120.0),
        (x1 + 60.0, 1000.0),
        (x1 + 60.0, y1),
        (x0 - 60.0, y1),
    ];
    l.near.fill(&planks, p.near.mix(Rgb::hex("7a5a44"), 0.35));
    for i in 0..14 {
        let t = i as f32 / 14.0;
        let y = h + 124.0 + (y1 - h - 124.0) * t * t;
        l.near.stroke(
            &[(x0 - 40.0, y + 30.0 * t), (x1 + 40.0, y)],
            2.0 + 4.0 * t,
            p.ink,
            0.35,
        );
    }
    for (x, y, s) in [
        (0.12, h + 120.0, 1.0),
        (0.66, h + 120.0, 1.0),
        (0.93, 900.0, 2.2),
    ] {
        let x = set.w * x;
        l.near.fill(
            &rect(x - 12.0 * s, y - 54.0 * s, 24.0 * s, 90.0 * s),
            p.ink.mix(p.mid, 0.25),
        );
        l.near.fill(
            &ellipse((x, y - 54.0 * s), 14.0 * s, 5.0 * s),
            p.light.mix(p.mid, 0.5),
        );
    }
}

fn house(sheet: &mut Sheet, set: &Set<'_>, x: f32, top: f32, w: f32, h: f32, dice: &mut Dice) {
    let p = set.palette;
    let wall = set.air(
        *dice.pick(&[
            p.mid,
            p.far,
            p.mid.mix(p.accent, 0.25),
            p.far.mix(p.near, 0.3),
        ]),
        0.12,
    );
    let shape = rect(x, top, w, h);
    sheet.fill(&shape, wall);
    sheet.shade(&shape, set.light, w * 0.18, p.shadow, 0.4);
    sheet.fill(
        &[
            (x - 5.0, top),
            (x + w * 0.5, top - w * 0.35),
            (x + w + 5.0, top),
        ],
        wall.times(p.shadow, 0.6),
    );
    let columns = (w / 34.0).floor().max(1.0) as usize;
    let rows = (h / 58.0).floor().max(1.0) as usize;
    for r in 0..rows {
        for c in 0..columns {
            let lit = set.night() && dice.chance(0.45) || dice.chance(0.12);
            let color = if lit { p.light } else { wall.mix(p.ink, 0.45) };
            let (wx, wy) = (
                x + w * (c as f32 + 0.5) / columns as f32 - 8.0,
                top + 16.0 + r as f32 * 58.0,
            );
            sheet.fill(&rect(wx, wy, 16.0, 26.0), color);
            if lit && set.night() {
                sheet.glow((wx + 8.0, wy + 13.0), 34.0, p.light, 0.35);
            }
        }
    }
}

fn river(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    ground(l, set, p.mid.mix(p.near, 0.45));
    let h = set.horizon + 20.0;
    let shape = smooth(
        &[
            (set.w * 0.55, h),
            (set.w * 0.62, h),
            (set.w * 0.5, h + 90.0),
            (set.w * 0.78, h + 220.0),
            (set.w * 1.0, 1200.0),
            (set.w * 0.05, 1200.0),
            (set.w * 0.3, h + 220.0),
            (set.w * 0.36, h + 90.0),
        ],
        8,
    );
    l.near.fill(&shape, p.horizon().mix(p.far, 0.45));
    l.near.shade(&shape, (0.0, -1.0), 18.0, p.shadow, 0.35);
    let mut dice = set.dice("river");
    for _ in 0..26 {
        let t = dice.unit();
        let y = h + 60.0 + t * 420.0;
        l.near.fill_alpha(
            &ellipse(
                (set.w * (0.5 + dice.range(-0.2, 0.2) * t.max(0.3)), y),
                20.0 + 60.0 * t,
                1.5 + 3.0 * t,
            ),
            p.light,
            0.4,
        );
    }
    for (x, s) in [(0.12, 1.0), (0.86, 1.2)] {
        tree(
            &mut l.middle,
            set,
            (set.w * x, set.horizon + 60.0),
            260.0 * s,
            &mut dice,
        );
    }
}

fn reeds(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let mut dice = set.dice("reeds");
    let (x0, _, x1, y1) = full(&l.fore);
    for i in 0..60 {
        let left = i % 2 == 0;
        let x = if left {
            dice.range(x0, set.w * 0.24)
        } else {
            dice.range(set.w * 0.8, x1)
        };
        let top = dice.range(760.0, 930.0);
        l.fore.stroke(
            &[
                (x, y1),
                (x + dice.range(-10.0, 10.0), (top + y1) / 2.0),
                (x + dice.range(-34.0, 34.0), top),
            ],
            9.0,
            p.near.mix(p.ink, 0.6),
            1.0,
        );
    }
}

/// A forked trunk and leaves drawn thrice: dark, middle, light.
fn tree(sheet: &mut Sheet, set: &Set<'_>, foot: P, height: f32, dice: &mut Dice) {
    let p = set.palette;
    let trunk = p.near.mix(Rgb::hex("4a3428"), 0.4);
    let fork = (
        foot.0 + dice.range(-0.05, 0.05) * height,
        foot.1 - height * 0.45,
    );
    for (to, w) in [
        ((fork.0 - height * 0.2, foot.1 - height * 0.72), 0.045),
        ((fork.0 + height * 0.18, foot.1 - height * 0.75), 0.04),
        ((fork.0, foot.1 - height * 0.82), 0.04),
    ] {
        let line = super::paint::limb(
            &[foot, fork, to],
            &[height * 0.045, height * w * 0.8, height * 0.012],
        );
        sheet.fill(&line, trunk);
        sheet.shade(&line, set.light, height * 0.02, p.shadow, 0.5);
    }
    let leaf = if set.weather == "snow" {
        p.far.mix(Rgb(1.0, 1.0, 1.0), 0.5)
    } else {
        p.mid
            .mix(Rgb::hex("6f8f4a"), if set.night() { 0.12 } else { 0.45 })
    };
    let mut blobs = Vec::new();
    for _ in 0..16 {
        let a = dice.range(0.0, std::f32::consts::TAU);
        let d = dice.unit().sqrt();
        let at = (
            fork.0 + a.cos() * d * height * 0.34,
            foot.1 - height * 0.72 + a.sin() * d * height * 0.22,
        );
        blobs.push((at, height * dice.range(0.10, 0.17), dice.range(0.0, 99.0)));
    }
    for (at, r, s) in &blobs {
        sheet.fill(
            &blob(
                (at.0 - set.light.0 * r * 0.3, at.1 + r * 0.35),
                *r,
                r * 0.85,
                0.22,
                *s,
            ),
            leaf.times(p.shadow, 0.75),
        );
    }
    for (at, r, s) in &blobs {
        sheet.fill(&blob(*at, r * 0.92, r * 0.78, 0.22, s + 3.0), leaf);
    }
    for (at, r, s) in &blobs {
        sheet.fill_alpha(
            &blob(
                (at.0 + set.light.0 * r * 0.4, at.1 + set.light.1 * r * 0.4),
                r * 0.45,
                r * 0.36,
                0.3,
                s + 7.0,
            ),
            leaf.mix(p.light, 0.45),
            0.8,
        );
    }
}

fn pine(sheet: &mut Sheet, foot: P, height: f32, color: Rgb) {
    let mut left = Vec::new();
    let mut right = Vec::new();
    for i in 0..9 {
        let t = i as f32 / 9.0;
        let y = foot.1 - height * (1.0 - t * 0.92);
        let w = height * 0.2 * (t + 0.1);
        left.push((foot.0 - w, y + height * 0.07));
        left.push((foot.0 - w * 0.45, y + height * 0.05));
        right.push((foot.0 + w, y + height * 0.07));
        right.push((foot.0 + w * 0.45, y + height * 0.05));
    }
    let mut shape = vec![(foot.0, foot.1 - height)];
    shape.extend(right);
    shape.push((foot.0 + height * 0.02, foot.1));
    shape.push((foot.0 - height * 0.02, foot.1));
    shape.extend(left.into_iter().rev());
    sheet.fill(&shape, color);
}

fn forest(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let mut dice = set.dice("forest");
    let h = set.horizon;
    let (x0, _, x1, y1) = full(&l.far);
    l.far.fill(
        &ridge(x0, x1, h + 10.0, 130.0, 280.0, 4.0, y1),
        set.air(p.far, 0.5),
    );
    for _ in 0..26 {
        let x = dice.range(x0, x1);
        pine(
            &mut l.far,
            (x, h + 20.0),
            dice.range(150.0, 260.0),
            set.air(p.mid, 0.55),
        );
    }
    mist(&mut l.far, set, h - 140.0, h + 30.0, 0.75);
    let (x0, _, x1, _) = full(&l.middle);
    for _ in 0..15 {
        let x = dice.range(x0, x1);
        if (x - set.w * 0.5).abs() > set.w * 0.1 {
            pine(
                &mut l.middle,
                (x, h + 70.0),
                dice.range(330.0, 520.0),
                set.air(p.mid.mix(p.near, 0.4), 0.22),
            );
        }
    }
    mist(&mut l.middle, set, h - 120.0, h + 80.0, 0.55);
    ground(l, set, p.near.mix(p.mid, 0.35));
    let trail = smooth(
        &[
            (set.w * 0.48, h + 20.0),
            (set.w * 0.53, h + 20.0),
            (set.w * 0.5, h + 130.0),
            (set.w * 0.72, 1250.0),
            (set.w * 0.22, 1250.0),
            (set.w * 0.42, h + 130.0),
        ],
        8,
    );
    l.near.fill(&trail, p.horizon().mix(p.mid, 0.55));
    for x in [0.05, 0.16, 0.86, 0.97] {
        pine(
            &mut l.near,
            (set.w * x, h + 200.0),
            dice.range(640.0, 860.0),
            p.near.mix(p.ink, 0.25),
        );
    }
    // Shafts of light between the trunks.
    if !set.night() {
        for i in 0..4 {
            let x = set.w * (0.2 + 0.18 * i as f32);
            l.middle.gradient(
                &[
                    (x, -60.0),
                    (x + 60.0, -60.0),
                    (x + 230.0, h + 90.0),
                    (x + 90.0, h + 90.0),
                ],
                (x, -60.0),
                (x + 150.0, h + 90.0),
                &[(0.0, p.light, 0.32), (1.0, p.light, 0.0)],
            );
        }
    }
    let (x0, y0, x1, y1) = full(&l.fore);
    for (a, b) in [(x0, set.w * 0.06), (set.w * 0.95, x1)] {
        l.fore
            .fill(&rect(a, y0, b - a - 20.0, y1 - y0), p.near.mix(p.ink, 0.6));
    }
}

fn mountains(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let mut dice = set.dice("mountains");
    let h = set.horizon;
    for (sheet, height, count, air) in [(&mut l.far, 470.0, 4, 0.5), (&mut l.middle, 260.0, 5, 0.2)]
    {
        let (x0, _, x1, y1) = sheet.bounds();
        for i in 0..count {
            let x = x0 + (x1 - x0) * (i as f32 + dice.range(0.2, 0.8)) / count as f32;
            let top = h - height * dice.range(0.6, 1.0);
            let half = height * dice.range(0.7, 1.0);
            let peak: Vec<P> = vec![
                (x - half, h + 60.0),
                (x - half * 0.45, top + (h - top) * 0.42),
                (x - half * 0.2, top + (h - top) * 0.3),
                (x, top),
                (x + half * 0.25, top + (h - top) * 0.35),
                (x + half * 0.5, top + (h - top) * 0.5),
                (x + half, h + 60.0),
                (x + half, y1),
                (x - half, y1),
            ];
            let color = p
                .far
                .mix(p.mid, if air > 0.3 { 0.4 } else { 1.0 })
                .mix(p.horizon(), air);
            sheet.fill(&peak, color);
            sheet.shade(&peak, set.light, half * 0.3, p.shadow, 0.45);
            if air > 0.3 || set.weather == "snow" {
                sheet.fill(
                    &[
                        (x, top),
                        (x + half * 0.14, top + (h - top) * 0.2),
                        (x + half * 0.03, top + (h - top) * 0.15),
                        (x - half * 0.06, top + (h - top) * 0.24),
                        (x - half * 0.12, top + (h - top) * 0.18),
                    ],
                    Rgb(0.97, 0.97, 0.98),
                );
            }
        }
        mist(sheet, set, h - 110.0, h + 60.0, 0.7);
    }
}

fn field(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    hills(l, set);
    ground(l, set, p.mid.mix(Rgb::hex("b59a4a"), 0.35));
    let h = set.horizon + 8.0;
    let vanish = (set.w * 0.62, h);
    for i in -14..=16 {
        let x = set.w * 0.5 + i as f32 * 120.0;
        l.near.stroke(
            &[(vanish.0 + i as f32 * 6.0, vanish.1), (x, 1180.0)],
            8.0,
            p.near,
            0.4,
        );
    }
    let mut dice = set.dice("fence");
    for i in 0..8 {
        let t = (i as f32 / 8.0).powf(1.6);
        let x = set.w * (0.6 - 0.66 * t);
        let size = 26.0 + 150.0 * t;
        let y = h + 20.0 + 200.0 * t;
        l.near.fill(
            &rect(x - 3.0 - 4.0 * t, y - size, 6.0 + 8.0 * t, size),
            p.near.mix(p.ink, 0.4),
        );
    }
    let barn = (set.w * 0.78, h + 10.0);
    l.middle.fill(
        &rect(barn.0 - 80.0, barn.1 - 90.0, 160.0, 100.0),
        p.accent.times(p.shadow, 0.35),
    );
    l.middle.fill(
        &[
            (barn.0 - 92.0, barn.1 - 88.0),
            (barn.0, barn.1 - 150.0),
            (barn.0 + 92.0, barn.1 - 88.0),
        ],
        p.near,
    );
    l.middle
        .fill(&rect(barn.0 - 22.0, barn.1 - 56.0, 44.0, 66.0), p.ink);
    tree(
        &mut l.middle,
        set,
        (set.w * 0.2, h + 30.0),
        250.0,
        &mut dice,
    );
    reeds(l, set);
}

fn dunes(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let mut dice = set.dice("dunes");
    for (k, base) in [set.horizon + 20.0, set.horizon + 120.0, 860.0]
        .into_iter()
        .enumerate()
    {
        let sheet = match k {
            0 => &mut l.far,
            1 => &mut l.middle,
            _ => &mut l.near,
        };
        let (x0, _, x1, y1) = sheet.bounds();
        let s = dice.range(0.0, 60.0);
        let shape = ridge(x0, x1, base, 130.0 + 40.0 * k as f32, 420.0, s, y1);
        let color = Rgb::hex("d9a869")
            .mix(p.mid, 0.35)
            .mix(p.horizon(), 0.45 - 0.2 * k as f32);
        sheet.fill(&shape, color);
        sheet.shade(&shape, set.light, 60.0, p.shadow, 0.4);
    }
}

fn park(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let mut dice = set.dice("park");
    let h = set.horizon;
    ground(
        l,
        set,
        p.mid
            .mix(Rgb::hex("7f9a54"), if set.night() { 0.1 } else { 0.45 }),
    );
    let path = smooth(
        &[
            (set.w * 0.61, h + 10.0),
            (set.w * 0.65, h + 10.0),
            (set.w * 0.6, h + 120.0),
            (set.w * 0.74, 1220.0),
            (set.w * 0.2, 1220.0),
            (set.w * 0.5, h + 120.0),
        ],
        8,
    );
    l.near.fill(
        &path,
        p.horizon()
            .mix(Rgb::hex("d9c49a"), 0.4)
            .times(p.shadow, if set.night() { 0.6 } else { 0.0 }),
    );
    for x in [0.4, 0.52, 0.76] {
        tree(
            &mut l.middle,
            set,
            (set.w * x, h + 24.0),
            dice.range(150.0, 220.0),
            &mut dice,
        );
    }
    let big = set.w * if dice.chance(0.5) { 0.14 } else { 0.9 };
    tree(&mut l.near, set, (big, h + 170.0), 640.0, &mut dice);
    // Long shadows lie across the grass.
    let dx = -set.light.0 * 420.0;
    l.near.multiply(
        &[
            (big - 26.0, h + 168.0),
            (big + 26.0, h + 168.0),
            (big + dx + 130.0, h + 330.0),
            (big + dx - 90.0, h + 330.0),
        ],
        p.shadow,
        0.35,
    );
    let bench = (set.w * 0.3, h + 130.0);
    l.near.fill(
        &rect(bench.0 - 80.0, bench.1 - 44.0, 160.0, 12.0),
        p.near.mix(p.ink, 0.3),
    );
    l.near
        .fill(&rect(bench.0 - 80.0, bench.1 - 14.0, 160.0, 12.0), p.near);
    for x in [-66.0, 60.0] {
        l.near
            .fill(&rect(bench.0 + x, bench.1 - 40.0, 8.0, 66.0), p.ink);
    }
    street_lamp(&mut l.near, set, (set.w * 0.83, h + 150.0), 330.0);
    let (x0, _, _, y1) = full(&l.fore);
    for i in 0..40 {
        let x = x0 + i as f32 * 12.0;
        if x < set.w * 0.26 {
            l.fore.fill(
                &blob(
                    (x, 1010.0 + dice.range(-30.0, 30.0)),
                    38.0,
                    30.0,
                    0.3,
                    i as f32,
                ),
                p.near.mix(p.ink, 0.5),
            );
        }
    }
    l.fore.fill(
        &rect(x0, 1020.0, set.w * 0.26 - x0, y1 - 1020.0),
        p.near.mix(p.ink, 0.5),
    );
}

fn street_lamp(sheet: &mut Sheet, set: &Set<'_>, foot: P, height: f32) {
    let p = set.palette;
    sheet.fill(&rect(foot.0 - 4.0, foot.1 - height, 8.0, height), p.ink);
    let lamp = (foot.0, foot.1 - height - 6.0);
    sheet.fill(
        &[
            (lamp.0 - 22.0, lamp.1 + 6.0),
            (lamp.0 - 12.0, lamp.1 - 26.0),
            (lamp.0 + 12.0, lamp.1 - 26.0),
            (lamp.0 + 22.0, lamp.1 + 6.0),
        ],
        if p.dark { p.light } else { p.horizon() },
    );
    if p.dark || set.time == "dusk" {
        sheet.gradient(
            &[
                (lamp.0 - 16.0, lamp.1),
                (lamp.0 + 16.0, lamp.1),
                (foot.0 + 120.0, foot.1),
                (foot.0 - 120.0, foot.1),
            ],
            lamp,
            foot,
            &[(0.0, p.light, 0.4), (1.0, p.light, 0.02)],
        );
        sheet.glow(lamp, 150.0, p.light, 0.7);
        sheet.glow_oval(foot, 170.0, 0.22, p.light, 0.5);
    }
}

fn towers(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let mut dice = set.dice("towers");
    for (k, (count, tall)) in [(18, 330.0), (11, 460.0)].into_iter().enumerate() {
        let sheet = if k == 0 { &mut l.far } else { &mut l.middle };
        let (x0, _, x1, y1) = sheet.bounds();
        let step = (x1 - x0) / count as f32;
        for i in 0..count {
            let w = step * dice.range(0.6, 1.05);
            let x = x0 + step * i as f32 + dice.range(-12.0, 12.0);
            let top = set.horizon + 60.0 - tall * dice.range(0.35, 1.0);
            let color = set.air(
                if k == 0 { p.far } else { p.mid },
                if k == 0 { 0.45 } else { 0.18 },
            );
            let shape = rect(x, top, w, y1 - top);
            sheet.fill(&shape, color);
            sheet.fill_alpha(
                &rect(
                    if set.light.0 < 0.0 { x + w * 0.66 } else { x },
                    top,
                    w * 0.34,
                    y1 - top,
                ),
                color.times(p.shadow, 0.6),
                0.8,
            );
            windows(sheet, set, x + 8.0, top + 16.0, w - 16.0, 420.0, &mut dice);
        }
        mist(sheet, set, set.horizon - 100.0, set.horizon + 140.0, 0.5);
    }
}

fn windows(sheet: &mut Sheet, set: &Set<'_>, x: f32, y: f32, w: f32, h: f32, dice: &mut Dice) {
    let p = set.palette;
    let columns = (w / 20.0).floor() as usize;
    for r in 0..(h / 26.0) as usize {
        for c in 0..columns {
            if dice.chance(if set.night() { 0.3 } else { 0.22 }) {
                let (color, alpha) = if set.night() {
                    (p.light, 0.9)
                } else {
                    (p.horizon(), 0.45)
                };
                sheet.fill_alpha(
                    &rect(
                        x + c as f32 * w / columns as f32,
                        y + r as f32 * 26.0,
                        9.0,
                        13.0,
                    ),
                    color,
                    alpha,
                );
            }
        }
    }
}

fn parapet(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let (x0, _, x1, y1) = full(&l.near);
    let y = 760.0;
    l.near
        .fill(&rect(x0, y, x1 - x0, y1 - y), p.near.mix(p.mid, 0.35));
    l.near
        .fill(&rect(x0, y - 26.0, x1 - x0, 34.0), p.mid.mix(p.near, 0.3));
    l.near
        .stroke(&[(x0, y - 24.0), (x1, y - 26.0)], 4.0, p.light, 0.7);
    let vent = set.w * 0.86;
    l.near.fill(
        &rect(vent - 70.0, y + 20.0, 140.0, 130.0),
        p.near.mix(p.ink, 0.3),
    );
    l.fore.fill(
        &rect(full(&l.fore).0, 930.0, set.w * 0.2, 400.0),
        p.ink.mix(p.near, 0.3),
    );
}

fn road(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    ground(l, set, p.mid.mix(p.near, 0.3));
    let h = set.horizon + 8.0;
    let v = set.w * 0.52;
    l.near.fill(
        &[
            (v - 8.0, h),
            (v + 8.0, h),
            (set.w * 1.0, 1250.0),
            (set.w * 0.02, 1250.0),
        ],
        p.near.mix(Rgb::hex("4a4a52"), 0.5),
    );
    for i in 0..9 {
        let t = (i as f32 / 9.0).powf(2.0);
        let t2 = ((i as f32 + 0.5) / 9.0).powf(2.0);
        let (ya, yb) = (h + (1250.0 - h) * t, h + (1250.0 - h) * t2);
        l.near.fill_alpha(
            &[
                (v - 1.0 - 9.0 * t, ya),
                (v + 1.0 + 9.0 * t, ya),
                (v + 1.0 + 9.0 * t2, yb),
                (v - 1.0 - 9.0 * t2, yb),
            ],
            p.light,
            0.85,
        );
    }
    for i in 0..7 {
        let t = (i as f32 / 6.0).powf(1.8);
        let x = v + 20.0 + set.w * 0.5 * t;
        let y = h + 10.0 + 150.0 * t;
        let size = 40.0 + 430.0 * t;
        l.near.fill(
            &rect(x - 2.0 - 6.0 * t, y - size, 4.0 + 12.0 * t, size),
            p.ink,
        );
        l.near.fill(
            &rect(
                x - 20.0 * (0.3 + t),
                y - size + 16.0 * t,
                40.0 * (0.3 + t),
                3.0 + 5.0 * t,
            ),
            p.ink,
        );
    }
    let mut dice = set.dice("road");
    if dice.chance(0.5) {
        super::props::draw(
            &mut l.near,
            p,
            set.light,
            "car",
            (set.w * 0.34, h + 190.0),
            150.0,
        );
    }
    reeds(l, set);
}

fn street(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let h = set.horizon;
    let mut dice = set.dice("street");
    let (x0, _, x1, _) = full(&l.far);
    for i in 0..12 {
        let x = x0 + (x1 - x0) * i as f32 / 12.0;
        let top = h - dice.range(120.0, 300.0);
        l.far.fill(
            &rect(x, top, (x1 - x0) / 12.0 + 4.0, h - top + 40.0),
            set.air(p.far, 0.5),
        );
    }
    mist(&mut l.far, set, h - 120.0, h + 30.0, 0.5);
    // Two wedges of houses to one point.
    let v = (set.w * 0.5, h - 20.0);
    let (mx0, _, mx1, my1) = full(&l.middle);
    for side in [-1.0f32, 1.0] {
        let edge = if side < 0.0 { mx0 } else { mx1 };
        let mut t0 = 0.0f32;
        let mut i = 0;
        while t0 < 0.86 && i < 9 {
            let t1 = (t0 + dice.range(0.14, 0.24) * (1.0 - t0)).min(0.88);
            let x = |t: f32| edge + (v.0 - edge) * t;
            let tall = dice.range(560.0, 860.0);
            let top = |t: f32| v.1 - tall * (1.0 - t);
            let foot = |t: f32| h + 26.0 + (my1 - h - 60.0) * 0.42 * (1.0 - t);
            let wall = set.air(
                *dice.pick(&[
                    p.mid,
                    p.far.mix(p.mid, 0.6),
                    p.mid.mix(p.accent, 0.22),
                    p.near.mix(p.mid, 0.6),
                ]),
                0.1 + 0.5 * t0,
            );
            let shape = vec![
                (x(t0), top(t0)),
                (x(t1), top(t1)),
                (x(t1), foot(t1)),
                (x(t0), foot(t0)),
            ];
            l.middle.fill(&shape, wall);
            if side * set.light.0 > 0.0 {
                l.middle.multiply(&shape, p.shadow, 0.45);
            }
            l.middle
                .stroke(&[(x(t0), top(t0)), (x(t1), top(t1))], 5.0, p.ink, 0.4);
            for r in 0..7 {
                for c in 0..3 {
                    let (ta, tb) = (
                        t0 + (t1 - t0) * (c as f32 + 0.25) / 3.0,
                        t0 + (t1 - t0) * (c as f32 + 0.7) / 3.0,
                    );
                    let y = |t: f32, f: f32| top(t) + (foot(t) - top(t)) * f;
                    let f = 0.06 + r as f32 * 0.115;
                    let lit = dice.chance(if p.dark { 0.4 } else { 0.1 });
                    let q = vec![
                        (x(ta), y(ta, f)),
                        (x(tb), y(tb, f)),
                        (x(tb), y(tb, f + 0.065)),
                        (x(ta), y(ta, f + 0.065)),
                    ];
                    l.middle
                        .fill(&q, if lit { p.light } else { wall.mix(p.ink, 0.42) });
                }
            }
            // A shop front with its awning.
            let q = |a: f32, b: f32, fa: f32, fb: f32| {
                let y = |t: f32, f: f32| top(t) + (foot(t) - top(t)) * f;
                vec![
                    (x(a), y(a, fa)),
                    (x(b), y(b, fa)),
                    (x(b), y(b, fb)),
                    (x(a), y(a, fb)),
                ]
            };
            let (a, b) = (t0 + (t1 - t0) * 0.12, t0 + (t1 - t0) * 0.88);
            l.middle.fill(
                &q(a, b, 0.885, 0.985),
                if p.dark {
                    p.light.mix(p.accent, 0.15)
                } else {
                    p.ink.mix(p.mid, 0.35)
                },
            );
            l.middle.fill(
                &q(a, b, 0.855, 0.895),
                if i % 2 == 0 {
                    p.accent
                } else {
                    p.far.mix(p.light, 0.4)
                },
            );
            t0 = t1;
            i += 1;
        }
    }
    mist(&mut l.middle, set, h - 160.0, h + 40.0, 0.25);
    let (nx0, _, nx1, ny1) = full(&l.near);
    let road = p.near.mix(Rgb::hex("3a3a46"), 0.4);
    l.near.gradient(
        &[
            (v.0 - 30.0, h + 24.0),
            (v.0 + 30.0, h + 24.0),
            (nx1 + 300.0, ny1),
            (nx0 - 300.0, ny1),
        ],
        (0.0, h),
        (0.0, 1000.0),
        &[(0.0, set.air(road, 0.4), 1.0), (1.0, road, 1.0)],
    );
    for side in [-1.0f32, 1.0] {
        let far = v.0 + side * 30.0;
        let edge = if side < 0.0 { nx0 - 300.0 } else { nx1 + 300.0 };
        let inner = v.0 + side * set.w * 0.42;
        l.near.fill(
            &[
                (far, h + 24.0),
                (v.0 + side * 60.0, h + 24.0),
                (edge, ny1 - 90.0),
                (edge, ny1),
                (inner + side * 160.0, ny1),
            ],
            set.air(p.mid, 0.1).mix(p.near, 0.3),
        );
    }
    let wet = matches!(set.weather, "rain" | "storm");
    if wet || set.night() {
        for _ in 0..60 {
            let t = dice.unit();
            let y = h + 50.0 + t * 420.0;
            let x = set.w * dice.range(0.1, 0.9);
            l.near.fill_alpha(
                &ellipse((x, y), 10.0 + 46.0 * t, 1.5 + 3.0 * t),
                if dice.chance(0.7) { p.light } else { p.accent },
                if wet { 0.4 } else { 0.12 },
            );
        }
    }
    street_lamp(&mut l.near, set, (set.w * 0.2, h + 190.0), 430.0);
    street_lamp(&mut l.middle, set, (set.w * 0.66, h + 70.0), 210.0);
    if dice.chance(0.6) {
        super::props::draw(
            &mut l.near,
            p,
            set.light,
            "car",
            (set.w * 0.74, h + 130.0),
            105.0,
        );
    }
    let (fx0, fy0, _, fy1) = full(&l.fore);
    l.fore.fill(
        &rect(fx0, fy0, set.w * 0.045 - fx0, fy1 - fy0),
        p.ink.mix(p.near, 0.25),
    );
}

fn hall(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    l.sky
        .wash(&[p.horizon(), p.light.mix(p.horizon(), 0.4)], 0.0, 700.0);
    let (x0, y0, x1, _) = full(&l.far);
    l.far
        .fill(&rect(x0, y0, x1 - x0, 720.0 - y0), p.mid.mix(p.far, 0.4));
    let arch = |x: f32, w: f32, top: f32, foot: f32| {
        let mut a = vec![(x - w, foot)];
        for i in 0..=20 {
            let t = std::f32::consts::PI * (1.0 - i as f32 / 20.0);
            a.push((x + w * t.cos(), top + w - w * t.sin()));
        }
        a.push((x + w, foot));
        a
    };
    let big = arch(set.w * 0.5, set.w.min(1200.0) * 0.2, 110.0, 640.0);
    l.far.fill(
        &big,
        p.horizon()
            .mix(Rgb(1.0, 1.0, 1.0), if p.dark { 0.0 } else { 0.4 }),
    );
    for i in -4..=4 {
        let x = set.w * 0.5 + i as f32 * set.w.min(1200.0) * 0.045;
        l.far.fill(&rect(x - 2.5, 110.0, 5.0, 530.0), p.near);
    }
    for y in [300.0, 440.0, 560.0] {
        l.far.fill(
            &rect(
                set.w * 0.5 - set.w.min(1200.0) * 0.2,
                y,
                set.w.min(1200.0) * 0.4,
                5.0,
            ),
            p.near,
        );
    }
    super::props::draw(
        &mut l.middle,
        p,
        set.light,
        "clock",
        (set.w * 0.5, 70.0),
        110.0,
    );
    let (mx0, my0, mx1, my1) = full(&l.middle);
    for (k, x) in [0.04, 0.2, 0.8, 0.96].into_iter().enumerate() {
        let w = if k == 0 || k == 3 { 62.0 } else { 38.0 };
        let pillar = rect(set.w * x - w, my0, w * 2.0, 730.0 - my0);
        l.middle.fill(&pillar, p.mid);
        l.middle.shade(&pillar, set.light, w * 0.7, p.shadow, 0.5);
    }
    l.middle
        .fill(&rect(mx0, my0, mx1 - mx0, 26.0 - my0), p.near);
    l.middle.fill(
        &rect(mx0, 690.0, mx1 - mx0, my1 - 690.0),
        p.near.mix(p.mid, 0.5),
    );
    floor(l, set, 700.0);
    light_patches(l, set, &[0.36, 0.5, 0.64], 700.0);
}

/// Boards to a vanishing point.
fn floor(l: &mut Layers, set: &Set<'_>, y: f32) {
    let p = set.palette;
    let (x0, _, x1, y1) = full(&l.near);
    let color = p.near.mix(p.mid, 0.35);
    l.near.gradient(
        &rect(x0, y, x1 - x0, y1 - y),
        (0.0, y),
        (0.0, y1),
        &[
            (0.0, color.mix(p.horizon(), 0.12), 1.0),
            (1.0, color.mix(p.ink, 0.25), 1.0),
        ],
    );
    let v = (set.w * 0.44, 310.0);
    for i in -16..=18 {
        let x = set.w * 0.5 + i as f32 * 95.0;
        let t = (y - v.1) / (1100.0 - v.1);
        l.near.stroke(
            &[
                (v.0 + (x * 1.6 - set.w * 0.3 - v.0) * t, y + 3.0),
                (x * 1.6 - set.w * 0.3, 1180.0),
            ],
            2.6,
            p.ink,
            0.25,
        );
    }
}

/// Window light thrown on the floor.
fn light_patches(l: &mut Layers, set: &Set<'_>, at: &[f32], y: f32) {
    let p = set.palette;
    let dx = -set.light.0.signum() * 170.0;
    let alpha = if p.dark { 0.16 } else { 0.42 };
    for x in at {
        let x = set.w * x;
        let w = set.w.min(1300.0) * 0.075;
        for k in 0..2 {
            let o = k as f32 * w;
            l.near.gradient(
                &[
                    (x - w + o + dx * 0.2, y + 24.0),
                    (x + o - 8.0 + dx * 0.2, y + 24.0),
                    (x + o + dx * 1.3 - 4.0, y + 230.0),
                    (x - w + o + dx * 1.3, y + 230.0),
                ],
                (0.0, y),
                (0.0, y + 260.0),
                &[(0.0, p.light, alpha), (1.0, p.light, alpha * 0.35)],
            );
        }
    }
}

/// A window with what is behind it, and its shaft.
fn window(l: &mut Layers, set: &Set<'_>, x: f32, y: f32, w: f32, h: f32) {
    let p = set.palette;
    let glass = if set.night() {
        Rgb::hex("2f4a78").mix(p.sky[1], 0.4)
    } else {
        Rgb::hex("f3ead4").mix(p.light, 0.35)
    };
    l.middle.gradient(
        &rect(x, y, w, h),
        (0.0, y),
        (0.0, y + h),
        &[(0.0, glass, 1.0), (1.0, glass.mix(p.light, 0.4), 1.0)],
    );
    let mut dice = set.dice(&format!("window{x}"));
    for _ in 0..4 {
        let bw = w * dice.range(0.16, 0.3);
        let bx = x + (w - bw) * dice.unit();
        let bh = h * dice.range(0.2, 0.5);
        l.middle
            .fill_alpha(&rect(bx, y + h - bh, bw, bh), p.far.mix(glass, 0.45), 0.9);
    }
    if set.night() {
        for _ in 0..10 {
            let at = (x + w * dice.unit(), y + h * dice.range(0.4, 1.0));
            l.middle
                .fill_alpha(&rect(at.0, at.1, 5.0, 7.0), p.light, 0.8);
        }
    }
    let frame = p.near.mix(p.mid, 0.25);
    for b in [
        rect(x - 10.0, y - 10.0, w + 20.0, 14.0),
        rect(x - 10.0, y, 12.0, h),
        rect(x + w - 2.0, y, 12.0, h),
        rect(x + w / 2.0 - 4.0, y, 8.0, h),
        rect(x, y + h * 0.42, w, 7.0),
    ] {
        l.middle.fill(&b, frame);
    }
    let sill = rect(x - 22.0, y + h - 4.0, w + 44.0, 20.0);
    l.middle.fill(&sill, p.mid.mix(p.light, 0.35));
    l.middle.shade(&sill, (0.0, -1.0), 9.0, p.shadow, 0.5);
    let dx = -set.light.0.signum() * 240.0;
    let a = if set.night() { 0.08 } else { 0.2 };
    l.middle.gradient(
        &[(x, y), (x + w, y), (x + w + dx, 730.0), (x + dx, 730.0)],
        (x, y),
        (x + dx, 740.0),
        &[(0.0, p.light, a), (1.0, p.light, 0.0)],
    );
}

fn room(l: &mut Layers, set: &Set<'_>, kind: &str) {
    let p = set.palette;
    let mut dice = set.dice(kind);
    let (x0, y0, x1, _) = full(&l.sky);
    l.sky.fill(&rect(x0, y0, x1 - x0, 1400.0), p.horizon());
    let (x0, y0, x1, y1) = full(&l.middle);
    let wall_foot = 715.0;
    let tones = &p.sky;
    l.middle.gradient(
        &rect(x0, y0, x1 - x0, y1 - y0),
        (0.0, y0),
        (0.0, wall_foot),
        &[
            (0.0, tones[0].mix(p.ink, 0.18), 1.0),
            (0.12, tones[0], 1.0),
            (1.0, tones.get(1).copied().unwrap_or(p.far), 1.0),
        ],
    );
    let wide = set.w > 800.0;
    // Far things of this kind of room stand against the wall.
    match kind {
        "stairs" | "lighthouse" => {
            let lamp_room = kind == "lighthouse";
            if lamp_room {
                l.middle.gradient(
                    &rect(x0, 120.0, x1 - x0, 460.0),
                    (0.0, 120.0),
                    (0.0, 580.0),
                    &[
                        (0.0, Rgb::hex("8fb0c6").times(p.light, 0.3), 1.0),
                        (1.0, p.horizon().mix(p.light, 0.4), 1.0),
                    ],
                );
                for i in 0..9 {
                    let x = x0 + (x1 - x0) * i as f32 / 8.0;
                    l.middle.fill(&rect(x - 7.0, 110.0, 14.0, 480.0), p.near);
                }
                let c = (set.w * 0.66, 420.0);
                l.middle.glow(c, 420.0, p.light, 0.8);
                for r in 0..7 {
                    let w = 120.0 - (r as f32 - 3.0).abs() * 18.0;
                    l.middle.fill(
                        &ellipse((c.0, c.1 - 120.0 + r as f32 * 40.0), w, 16.0),
                        p.light.mix(p.mid, 0.12 * (r % 2) as f32),
                    );
                }
                l.middle
                    .fill(&rect(c.0 - 60.0, 560.0, 120.0, 170.0), p.near);
            } else {
                for i in 0..12 {
                    let t = i as f32;
                    let step = rect(
                        set.w * 0.1 + t * set.w * 0.075,
                        760.0 - t * 62.0,
                        set.w * 0.95,
                        66.0,
                    );
                    l.middle.fill(&step, p.mid.mix(p.near, 0.1 + 0.05 * t));
                    l.middle.fill(
                        &rect(
                            set.w * 0.1 + t * set.w * 0.075,
                            760.0 - t * 62.0,
                            set.w * 0.95,
                            10.0,
                        ),
                        p.light.mix(p.mid, 0.55),
                    );
                }
                window(l, set, set.w * 0.08, 150.0, 130.0, 250.0);
                l.middle.stroke(
                    &[(set.w * 0.06, 560.0), (set.w * 0.96, -60.0)],
                    16.0,
                    p.near,
                    1.0,
                );
            }
        }
        "stage" => {}
        _ => {
            let count = if wide {
                if matches!(kind, "office" | "classroom") {
                    3
                } else {
                    2
                }
            } else {
                1
            };
            let big = matches!(kind, "cafe" | "shop");
            let ww = if big {
                set.w * 0.24
            } else {
                set.w.min(1700.0) * 0.15
            };
            let start = if set.light.0 < 0.0 { 0.08 } else { 0.36 };
            for i in 0..count {
                window(
                    l,
                    set,
                    set.w * start + i as f32 * (ww + set.w * 0.045),
                    120.0,
                    ww,
                    400.0,
                );
            }
        }
    }
    let skirting = p.near.mix(p.mid, 0.3);
    l.middle.fill(
        &rect(x0, wall_foot - 22.0, x1 - x0, y1 - wall_foot + 22.0),
        skirting,
    );
    if kind != "stairs" {
        floor(l, set, wall_foot);
        let patches: &[f32] = if wide { &[0.3, 0.46, 0.62] } else { &[0.5] };
        light_patches(l, set, patches, wall_foot);
    } else {
        floor(l, set, 800.0);
    }
    furniture(l, set, kind, &mut dice);
    plant_or_frame(l, set, kind, &mut dice);
}

/// A shelf's boards: where, how many, and whether glass stands on them or books.
struct Boards {
    x: f32,
    y: f32,
    w: f32,
    rows: usize,
    glass: bool,
}

fn shelf(sheet: &mut Sheet, set: &Set<'_>, boards: Boards, dice: &mut Dice) {
    let Boards {
        x,
        y,
        w,
        rows,
        glass,
    } = boards;
    let p = set.palette;
    for r in 0..rows {
        let y = y + r as f32 * 92.0;
        let mut bx = x + 8.0;
        while bx < x + w - 16.0 {
            let bw = dice.range(9.0, 22.0);
            let bh = dice.range(34.0, 68.0);
            let color = *dice.pick(&[
                p.accent,
                p.far,
                p.light.mix(p.mid, 0.3),
                p.near.mix(p.accent, 0.3),
                p.mid,
                Rgb::hex("c9a24a").times(p.shadow, 0.2),
            ]);
            if glass {
                let shape = smooth(
                    &[
                        (bx + bw * 0.3, y - bh),
                        (bx + bw * 0.7, y - bh),
                        (bx + bw * 0.7, y - bh * 0.6),
                        (bx + bw, y),
                        (bx, y),
                        (bx + bw * 0.3, y - bh * 0.6),
                    ],
                    3,
                );
                sheet.fill_alpha(&shape, color.mix(p.light, 0.4), 0.85);
            } else {
                let book = rect(bx, y - bh, bw, bh);
                sheet.fill(&book, color);
                sheet.shade(&book, set.light, bw * 0.3, p.shadow, 0.4);
            }
            bx += bw + if dice.chance(0.15) { 24.0 } else { 3.0 };
        }
        let board = rect(x, y, w, 11.0);
        sheet.fill(&board, p.near.mix(p.mid, 0.2));
        sheet.fill_alpha(&rect(x, y + 11.0, w, 16.0), p.shadow, 0.25);
    }
}

fn desk(sheet: &mut Sheet, set: &Set<'_>, x: f32, top: f32, w: f32, h: f32) {
    let p = set.palette;
    let wood = Rgb::hex("a8683f").times(p.shadow, if p.dark { 0.65 } else { 0.12 });
    sheet.fill_alpha(
        &ellipse((x + w / 2.0, top + h), w * 0.6, 26.0),
        p.shadow.mix(p.ink, 0.5),
        0.4,
    );
    let body = rect(x + w * 0.68, top + 14.0, w * 0.3, h - 14.0);
    sheet.fill(&body, wood.times(p.shadow, 0.35));
    for i in 0..3 {
        sheet.fill(
            &rect(
                x + w * 0.7,
                top + 26.0 + i as f32 * (h - 20.0) / 3.0,
                w * 0.26,
                (h - 44.0) / 3.0,
            ),
            wood.times(p.shadow, 0.2),
        );
    }
    sheet.fill(
        &rect(x + 14.0, top + 14.0, 16.0, h - 14.0),
        wood.times(p.shadow, 0.5),
    );
    let board = rect(x, top, w, 20.0);
    sheet.fill(&board, wood.mix(p.light, 0.2));
    sheet.ink(&board, 4.0, set.light, p.ink);
}

fn furniture(l: &mut Layers, set: &Set<'_>, kind: &str, dice: &mut Dice) {
    let p = set.palette;
    let w = set.w;
    let wood = Rgb::hex("8a5a3f").times(p.shadow, if p.dark { 0.6 } else { 0.15 });
    match kind {
        "office" => {
            shelf(
                &mut l.middle,
                set,
                Boards {
                    x: w * 0.78,
                    y: 190.0,
                    w: w * 0.18,
                    rows: 2,
                    glass: false,
                },
                dice,
            );
            super::props::draw(&mut l.middle, p, set.light, "clock", (w * 0.7, 150.0), 90.0);
            desk(&mut l.near, set, w * 0.62, 700.0, w * 0.34, 200.0);
            super::props::draw(
                &mut l.near,
                p,
                set.light,
                "screen",
                (w * 0.79, 630.0),
                170.0,
            );
            super::props::draw(&mut l.near, p, set.light, "lamp", (w * 0.92, 645.0), 110.0);
        }
        "living" => {
            let sofa = smooth(
                &[
                    (w * 0.56, 640.0),
                    (w * 0.92, 640.0),
                    (w * 0.95, 700.0),
                    (w * 0.95, 830.0),
                    (w * 0.52, 830.0),
                    (w * 0.52, 700.0),
                ],
                4,
            );
            l.near.fill(&sofa, p.accent.times(p.shadow, 0.45));
            l.near.shade(&sofa, set.light, 30.0, p.shadow, 0.5);
            for i in 0..3 {
                let c = smooth(
                    &[
                        (w * (0.56 + 0.12 * i as f32), 700.0),
                        (w * (0.665 + 0.12 * i as f32), 700.0),
                        (w * (0.665 + 0.12 * i as f32), 780.0),
                        (w * (0.56 + 0.12 * i as f32), 780.0),
                    ],
                    4,
                );
                l.near.fill(&c, p.accent.times(p.shadow, 0.25));
                l.near.ink(&c, 4.0, set.light, p.ink);
            }
            l.middle.fill(&rect(w * 0.68, 230.0, 190.0, 140.0), p.near);
            l.middle.fill(
                &rect(w * 0.68 + 12.0, 242.0, 166.0, 116.0),
                p.far.mix(p.light, 0.3),
            );
            l.middle.fill(
                &ridge(
                    w * 0.68 + 12.0,
                    w * 0.68 + 178.0,
                    350.0,
                    60.0,
                    60.0,
                    3.0,
                    358.0,
                ),
                p.mid,
            );
            standing_lamp(&mut l.near, set, (w * 0.47, 800.0));
            l.near
                .fill_alpha(&ellipse((w * 0.5, 930.0), w * 0.3, 46.0), p.accent, 0.35);
        }
        "kitchen" => {
            l.middle.fill(
                &rect(w * 0.0 - 200.0, 560.0, w + 500.0, 200.0),
                wood.mix(p.light, 0.15),
            );
            l.middle.fill(
                &rect(w * 0.0 - 200.0, 545.0, w + 500.0, 22.0),
                p.light.mix(p.mid, 0.3),
            );
            for i in 0..12 {
                l.middle.stroke(
                    &[
                        (w * 0.1 * i as f32 - 60.0, 570.0),
                        (w * 0.1 * i as f32 - 60.0, 720.0),
                    ],
                    4.0,
                    p.ink,
                    0.4,
                );
            }
            shelf(
                &mut l.middle,
                set,
                Boards {
                    x: w * 0.68,
                    y: 260.0,
                    w: w * 0.26,
                    rows: 2,
                    glass: true,
                },
                dice,
            );
            for i in 0..4 {
                let x = w * 0.7 + i as f32 * 60.0;
                l.middle.stroke(&[(x, 330.0), (x, 372.0)], 4.0, p.ink, 1.0);
                l.middle
                    .fill(&ellipse((x, 400.0), 26.0, 24.0), p.near.mix(p.accent, 0.25));
            }
            let oven = rect(w * 0.74, 580.0, 180.0, 150.0);
            l.middle.fill(&oven, p.ink.mix(p.mid, 0.3));
            l.middle.fill(
                &rect(w * 0.74 + 22.0, 616.0, 136.0, 80.0),
                p.light.mix(p.accent, 0.4),
            );
            l.middle.glow((w * 0.74 + 90.0, 656.0), 190.0, p.light, 0.5);
            let table = smooth(
                &[
                    (w * 0.14, 800.0),
                    (w * 0.6, 800.0),
                    (w * 0.66, 836.0),
                    (w * 0.08, 836.0),
                ],
                3,
            );
            l.near.fill(&table, wood.mix(p.light, 0.25));
            l.near.ink(&table, 5.0, set.light, p.ink);
            super::props::draw(&mut l.near, p, set.light, "bread", (w * 0.3, 780.0), 110.0);
        }
        "bedroom" => {
            let head = rect(w * 0.86, 470.0, 40.0, 360.0);
            l.near.fill(&head, wood);
            let bed = vec![
                (w * 0.34, 700.0),
                (w * 0.88, 660.0),
                (w * 0.88, 860.0),
                (w * 0.3, 860.0),
            ];
            l.near.fill(&bed, p.far.mix(p.light, 0.25));
            l.near.shade(&bed, set.light, 50.0, p.shadow, 0.5);
            l.near.ink(&bed, 5.0, set.light, p.ink);
            l.near.fill(
                &smooth(
                    &[
                        (w * 0.74, 620.0),
                        (w * 0.86, 610.0),
                        (w * 0.87, 680.0),
                        (w * 0.74, 690.0),
                    ],
                    5,
                ),
                Rgb::hex("efe6d8").times(p.shadow, 0.3),
            );
            l.near.multiply(
                &[
                    (w * 0.34, 790.0),
                    (w * 0.7, 750.0),
                    (w * 0.7, 860.0),
                    (w * 0.32, 860.0),
                ],
                p.shadow,
                0.4,
            );
            standing_lamp(&mut l.near, set, (w * 0.95, 800.0));
        }
        "cafe" => {
            for x in [0.3, 0.7] {
                pendant(&mut l.middle, set, (w * x, 150.0));
            }
            shelf(
                &mut l.middle,
                set,
                Boards {
                    x: w * 0.82,
                    y: 250.0,
                    w: w * 0.16,
                    rows: 2,
                    glass: true,
                },
                dice,
            );
            l.middle
                .fill(&rect(w * 0.02, 180.0, 150.0, 190.0), p.ink.mix(p.mid, 0.2));
            for i in 0..5 {
                l.middle.stroke(
                    &[
                        (w * 0.02 + 20.0, 216.0 + i as f32 * 30.0),
                        (
                            w * 0.02 + 90.0 + (i % 3) as f32 * 16.0,
                            214.0 + i as f32 * 30.0,
                        ),
                    ],
                    5.0,
                    p.light,
                    0.8,
                );
            }
            let table = ellipse((w * 0.5, 800.0), w.min(1500.0) * 0.17, 36.0);
            l.near
                .fill(&rect(w * 0.5 - 14.0, 800.0, 28.0, 150.0), p.ink);
            l.near.fill(&table, wood.mix(p.light, 0.3));
            l.near.ink(&table, 5.0, set.light, p.ink);
            for x in [-80.0, 80.0] {
                super::props::draw(&mut l.near, p, set.light, "cup", (w * 0.5 + x, 776.0), 56.0);
            }
        }
        "clinic" => {
            l.middle
                .fill(&rect(w * 0.7, 180.0, 170.0, 230.0), Rgb::hex("f2efe6"));
            for (i, s) in [44.0f32, 32.0, 24.0, 18.0].into_iter().enumerate() {
                for k in 0..=i {
                    l.middle.fill(
                        &rect(
                            w * 0.7 + 85.0 - (i as f32 + 1.0) * s * 0.7 + k as f32 * s * 1.4,
                            200.0 + i as f32 * 50.0,
                            s * 0.8,
                            s,
                        ),
                        p.ink,
                    );
                }
            }
            let bed = rect(w * 0.58, 690.0, w * 0.36, 44.0);
            l.near.fill(&bed, Rgb::hex("e9efe9").times(p.shadow, 0.12));
            l.near.shade(&bed, (0.0, -1.0), 16.0, p.shadow, 0.4);
            l.near.fill(
                &smooth(
                    &[
                        (w * 0.84, 650.0),
                        (w * 0.93, 650.0),
                        (w * 0.935, 700.0),
                        (w * 0.84, 700.0),
                    ],
                    4,
                ),
                Rgb(0.98, 0.98, 0.97),
            );
            for x in [0.6, 0.92] {
                l.near.fill(&rect(w * x, 734.0, 12.0, 130.0), p.near);
            }
            l.near.fill(&rect(w * 0.965, 300.0, 8.0, 560.0), p.near);
            l.near.fill(
                &smooth(
                    &[
                        (w * 0.94, 310.0),
                        (w * 0.99, 310.0),
                        (w * 0.99, 400.0),
                        (w * 0.94, 400.0),
                    ],
                    4,
                ),
                Rgb::hex("cfe6ea"),
            );
            l.middle.fill(
                &rect(w * 0.5, 600.0, w * 0.7, 12.0),
                p.accent.mix(p.far, 0.4),
            );
        }
        "laboratory" => {
            for x in [0.25, 0.65] {
                l.middle
                    .fill(&rect(w * x - 140.0, 40.0, 280.0, 18.0), p.light);
                l.middle.glow_oval((w * x, 50.0), 330.0, 0.5, p.light, 0.35);
            }
            shelf(
                &mut l.middle,
                set,
                Boards {
                    x: w * 0.66,
                    y: 240.0,
                    w: w * 0.3,
                    rows: 3,
                    glass: true,
                },
                dice,
            );
            let bench = rect(w * 0.0 - 200.0, 790.0, w + 500.0, 28.0);
            l.near
                .fill(&rect(w * 0.0 - 200.0, 818.0, w + 500.0, 500.0), p.near);
            l.near.fill(&bench, p.far.mix(p.light, 0.4));
            for (x, c) in [(0.12, p.accent), (0.2, p.horizon()), (0.86, p.accent)] {
                let x = w * x;
                let flask = smooth(
                    &[
                        (x - 12.0, 670.0),
                        (x + 12.0, 670.0),
                        (x + 12.0, 710.0),
                        (x + 46.0, 790.0),
                        (x - 46.0, 790.0),
                        (x - 12.0, 710.0),
                    ],
                    4,
                );
                l.near.fill_alpha(&flask, p.light, 0.35);
                l.near.fill_alpha(
                    &smooth(
                        &[
                            (x - 28.0, 745.0),
                            (x + 28.0, 745.0),
                            (x + 44.0, 788.0),
                            (x - 44.0, 788.0),
                        ],
                        3,
                    ),
                    c,
                    0.9,
                );
                l.near.ink(&flask, 4.0, set.light, p.light.mix(p.ink, 0.4));
            }
            let m = w * 0.72;
            l.near.fill(&rect(m - 60.0, 770.0, 120.0, 22.0), p.ink);
            l.near.fill(
                &super::paint::limb(
                    &[(m + 30.0, 775.0), (m + 50.0, 700.0), (m + 10.0, 650.0)],
                    &[14.0, 14.0, 14.0],
                ),
                p.ink,
            );
            l.near.fill(
                &super::paint::limb(&[(m + 26.0, 630.0), (m - 24.0, 730.0)], &[20.0, 15.0]),
                p.far,
            );
        }
        "classroom" => {
            l.middle.fill(&rect(w * 0.56, 150.0, w * 0.38, 300.0), wood);
            l.middle.fill(
                &rect(w * 0.56 + 14.0, 164.0, w * 0.38 - 28.0, 272.0),
                Rgb::hex("2f4a44"),
            );
            for i in 0..5 {
                l.middle.stroke(
                    &[
                        (w * 0.6, 210.0 + i as f32 * 42.0),
                        (w * (0.72 + 0.04 * (i % 3) as f32), 206.0 + i as f32 * 42.0),
                    ],
                    6.0,
                    p.light,
                    0.7,
                );
            }
            shelf(
                &mut l.middle,
                set,
                Boards {
                    x: w * 0.02,
                    y: 640.0,
                    w: w * 0.3,
                    rows: 1,
                    glass: false,
                },
                dice,
            );
            for i in 0..5 {
                let x = w * (0.04 + 0.2 * i as f32);
                desk(&mut l.near, set, x, 860.0, w * 0.15, 130.0);
            }
        }
        "shop" => {
            for r in 0..2 {
                shelf(
                    &mut l.middle,
                    set,
                    Boards {
                        x: w * 0.62,
                        y: 240.0 + r as f32 * 190.0,
                        w: w * 0.36,
                        rows: 2,
                        glass: r == 0,
                    },
                    dice,
                );
            }
            let counter = rect(w * 0.5, 740.0, w * 0.6, 190.0);
            l.near.fill(&counter, wood);
            l.near.fill(
                &rect(w * 0.48, 722.0, w * 0.64, 24.0),
                wood.mix(p.light, 0.3),
            );
            l.near.shade(&counter, set.light, 50.0, p.shadow, 0.4);
            super::props::draw(&mut l.near, p, set.light, "box", (w * 0.86, 680.0), 100.0);
        }
        "workshop" => {
            l.middle.fill(
                &rect(w * 0.56, 180.0, w * 0.4, 330.0),
                p.near.mix(wood, 0.4),
            );
            for i in 0..7 {
                let x = w * 0.6 + i as f32 * w * 0.05;
                l.middle.fill(
                    &rect(x, 220.0, 10.0, 90.0 + (i % 3) as f32 * 40.0),
                    p.far.mix(p.light, 0.2),
                );
                l.middle.fill(
                    &rect(x - 12.0, 220.0, 34.0, 22.0),
                    if i % 2 == 0 { p.accent } else { p.ink },
                );
            }
            desk(&mut l.near, set, w * 0.54, 680.0, w * 0.42, 210.0);
            pendant(&mut l.middle, set, (w * 0.72, 90.0));
            super::props::draw(&mut l.near, p, set.light, "box", (w * 0.12, 820.0), 170.0);
        }
        _ => {}
    }
}

fn pendant(sheet: &mut Sheet, set: &Set<'_>, at: P) {
    let p = set.palette;
    sheet.stroke(&[(at.0, -220.0), (at.0, at.1 - 50.0)], 5.0, p.ink, 1.0);
    sheet.gradient(
        &[
            (at.0 - 70.0, at.1),
            (at.0 + 70.0, at.1),
            (at.0 + 260.0, 720.0),
            (at.0 - 260.0, 720.0),
        ],
        at,
        (at.0, 720.0),
        &[(0.0, p.light, 0.34), (1.0, p.light, 0.0)],
    );
    sheet.fill(
        &[
            (at.0 - 22.0, at.1 - 54.0),
            (at.0 + 22.0, at.1 - 54.0),
            (at.0 + 72.0, at.1),
            (at.0 - 72.0, at.1),
        ],
        p.accent.times(p.shadow, 0.2),
    );
    sheet.fill(&ellipse(at, 64.0, 12.0), p.light);
    sheet.glow(at, 190.0, p.light, 0.5);
}

fn standing_lamp(sheet: &mut Sheet, set: &Set<'_>, foot: P) {
    let p = set.palette;
    sheet.fill(&rect(foot.0 - 5.0, foot.1 - 400.0, 10.0, 400.0), p.ink);
    sheet.fill(&ellipse(foot, 44.0, 10.0), p.ink);
    let top = foot.1 - 440.0;
    sheet.glow((foot.0, top), 330.0, p.light, 0.6);
    sheet.fill(
        &[
            (foot.0 - 34.0, top - 50.0),
            (foot.0 + 34.0, top - 50.0),
            (foot.0 + 66.0, top + 44.0),
            (foot.0 - 66.0, top + 44.0),
        ],
        p.light.mix(p.accent, 0.2),
    );
    sheet.glow_oval((foot.0, foot.1 + 20.0), 260.0, 0.22, p.light, 0.35);
}

fn plant_or_frame(l: &mut Layers, set: &Set<'_>, kind: &str, dice: &mut Dice) {
    let p = set.palette;
    let color = p.ink.mix(p.near, 0.3);
    let (x0, y0, x1, y1) = full(&l.fore);
    let left = set.light.0 > 0.0;
    match kind {
        "office" | "living" | "clinic" | "cafe" | "classroom" => {
            let x = if left { set.w * 0.04 } else { set.w * 0.96 };
            l.fore.fill(
                &[
                    (x - 76.0, 900.0),
                    (x + 76.0, 900.0),
                    (x + 56.0, y1),
                    (x - 56.0, y1),
                ],
                color,
            );
            for i in 0..9 {
                let a = (-80.0 + i as f32 * 20.0f32).to_radians();
                let len = dice.range(170.0, 260.0);
                let tip = (x + a.sin() * len, 880.0 - a.cos() * len * 0.95);
                let side = (a.cos() * 30.0, a.sin() * 30.0);
                let leaf = smooth(
                    &[
                        (x, 900.0),
                        ((x + tip.0) / 2.0 + side.0, (900.0 + tip.1) / 2.0 + side.1),
                        tip,
                        ((x + tip.0) / 2.0 - side.0, (900.0 + tip.1) / 2.0 - side.1),
                    ],
                    5,
                );
                l.fore.fill(&leaf, color.mix(Rgb::hex("2f4a3f"), 0.35));
                l.fore.rim(&leaf, set.light, 4.0, p.light, 0.4);
            }
        }
        _ => {
            let frame = if left {
                rect(x0, y0, set.w * 0.035 - x0, y1 - y0)
            } else {
                rect(set.w * 0.965, y0, x1 - set.w * 0.965, y1 - y0)
            };
            l.fore.fill(&frame, color);
        }
    }
}

fn vehicle(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    sky(l, set);
    if set.seed.is_multiple_of(2) {
        towers(l, set)
    } else {
        hills(l, set)
    }
    let (x0, y0, x1, y1) = full(&l.near);
    let frame = p.ink.mix(p.near, 0.35);
    // Pillars and roof as a frame, the world through glass.
    l.near.fill(&rect(x0, y0, x1 - x0, 90.0 - y0), frame);
    l.near.fill(
        &[
            (x0, y0),
            (set.w * 0.06, y0),
            (set.w * 0.02, 640.0),
            (x0, 700.0),
        ],
        frame,
    );
    l.near.fill(
        &[
            (x1, y0),
            (set.w * 0.94, y0),
            (set.w * 0.98, 640.0),
            (x1, 700.0),
        ],
        frame,
    );
    l.near
        .fill(&rect(set.w * 0.5 - 14.0, 80.0, 28.0, 560.0), frame);
    l.near.fill(
        &smooth(
            &[
                (x0, 640.0),
                (set.w * 0.3, 610.0),
                (set.w * 0.7, 620.0),
                (x1, 650.0),
                (x1, y1),
                (x0, y1),
            ],
            4,
        ),
        frame.mix(p.mid, 0.15),
    );
    l.near.stroke(
        &[(x0, 640.0), (set.w * 0.5, 614.0), (x1, 648.0)],
        6.0,
        p.light,
        0.4,
    );
    let wheel = ellipse((set.w * 0.24, 930.0), 190.0, 170.0);
    let line: Vec<P> = wheel
        .iter()
        .copied()
        .chain(std::iter::once(wheel[0]))
        .collect();
    l.fore.stroke(&line, 26.0, p.ink, 1.0);
    l.fore.stroke(
        &[(set.w * 0.24 - 180.0, 930.0), (set.w * 0.24 + 180.0, 930.0)],
        22.0,
        p.ink,
        1.0,
    );
}

fn space(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    l.sky.wash(&p.sky, 0.0, 1000.0);
    let mut dice = set.dice("stars");
    for _ in 0..240 {
        let r = dice.range(0.6, 2.4);
        let at = (dice.range(-60.0, set.w + 60.0), dice.range(-60.0, 1060.0));
        l.sky
            .fill_alpha(&ellipse(at, r, r), p.light, dice.range(0.3, 1.0));
    }
    l.sky.glow((set.w * 0.7, 280.0), 420.0, p.mid, 0.6);
    let planet = (set.w * 0.72, 430.0);
    let disc = ellipse(planet, 240.0, 240.0);
    l.far.fill(&disc, p.mid.mix(p.light, 0.3));
    for i in 0..5 {
        l.far.fill_alpha(
            &ellipse(
                (planet.0, planet.1 - 140.0 + i as f32 * 70.0),
                220.0 - (i as f32 - 2.0).abs() * 50.0,
                14.0,
            ),
            p.far,
            0.6,
        );
    }
    l.far.shade(&disc, set.light, 110.0, p.shadow, 0.85);
    l.far.rim(&disc, set.light, 6.0, p.light, 0.9);
    let (x0, _, x1, y1) = full(&l.near);
    l.near.fill(
        &ridge(x0, x1, 960.0, 110.0, 240.0, 6.0, y1),
        p.near.mix(p.mid, 0.3),
    );
}

fn cell(sheet: &mut Sheet, set: &Set<'_>, at: P, r: f32, color: Rgb) {
    let p = set.palette;
    let shape = ellipse(at, r, r * 0.62);
    sheet.fill(&shape, color);
    sheet.shade(&shape, set.light, r * 0.22, p.shadow, 0.6);
    sheet.fill_alpha(
        &ellipse((at.0, at.1 + r * 0.03), r * 0.5, r * 0.26),
        color.times(p.shadow, 0.55),
        0.9,
    );
    sheet.rim(&shape, set.light, r * 0.06, p.light, 0.7);
}

fn vessel(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    l.sky
        .fill(&rect(-500.0, -500.0, set.w + 1000.0, 2000.0), p.top());
    let c = (set.w * 0.62, 320.0);
    for i in 0..9 {
        let r = 1150.0 - i as f32 * 115.0;
        l.sky.fill(
            &blob(c, r, r * 0.8, 0.08, i as f32),
            p.sky[0].mix(p.horizon(), i as f32 / 9.0),
        );
    }
    l.sky.glow(c, 520.0, p.light, 0.9);
    let mut dice = set.dice("cells");
    for (sheet, count, lo, hi) in [
        (&mut l.far, 12, 22.0, 46.0),
        (&mut l.middle, 9, 60.0, 100.0),
        (&mut l.near, 4, 120.0, 170.0),
    ] {
        for _ in 0..count {
            let at = (dice.range(0.0, set.w), dice.range(60.0, 940.0));
            let r = dice.range(lo, hi);
            cell(
                sheet,
                set,
                at,
                r,
                p.mid.mix(p.horizon(), 0.5 - (r / 400.0).min(0.4)),
            );
        }
    }
    let (x0, _, x1, _) = full(&l.near);
    for (k, y) in [820.0f32, 870.0].into_iter().enumerate() {
        for i in 0..60 {
            let x = x0 + (x1 - x0) * i as f32 / 60.0;
            let y = y + 24.0 * (x / 170.0).sin();
            l.near.fill(
                &ellipse((x, y), 14.0, 14.0),
                p.horizon().mix(p.mid, 0.3 * k as f32),
            );
        }
    }
    for (i, x) in [0.3f32, 0.55, 0.8].into_iter().enumerate() {
        let at = (set.w * x, 800.0);
        let cup = [
            (-0.3, 0.08),
            (-0.48, -0.48),
            (-0.96, -0.92),
            (-1.0, -1.56),
            (-0.72, -1.64),
            (-0.56, -1.2),
            (-0.28, -0.92),
            (0.0, -0.84),
        ];
        let mut shape: Vec<P> = cup
            .iter()
            .map(|q| (at.0 + q.0 * 60.0, at.1 + q.1 * 60.0))
            .collect();
        shape.extend(
            cup.iter()
                .rev()
                .map(|q| (at.0 - q.0 * 60.0, at.1 + q.1 * 60.0)),
        );
        let shape = smooth(&shape, 3);
        l.near
            .fill(&rect(at.0 - 10.0, at.1, 20.0, 96.0), Rgb::hex("6a3f8a"));
        l.near
            .fill(&shape, Rgb::hex(if i == 1 { "d9a53a" } else { "7a4fa0" }));
        l.near.shade(&shape, set.light, 14.0, p.shadow, 0.5);
    }
    let drug = (set.w * 0.55, 640.0);
    l.near.glow(drug, 150.0, p.accent, 0.7);
    let hexagon: Vec<P> = (0..6)
        .map(|i| {
            (
                drug.0 + 44.0 * (i as f32 * 1.047).cos(),
                drug.1 + 44.0 * (i as f32 * 1.047).sin(),
            )
        })
        .collect();
    l.near.fill(&hexagon, p.accent);
    l.near.ink(&hexagon, 5.0, set.light, p.ink);
}

fn neurons(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    l.sky.wash(&p.sky, 0.0, 1000.0);
    let mut dice = set.dice("neurons");
    for (k, sheet) in [&mut l.far, &mut l.middle, &mut l.near]
        .into_iter()
        .enumerate()
    {
        for _ in 0..3 {
            let at = (set.w * dice.range(0.1, 0.9), dice.range(200.0, 800.0));
            let s = 50.0 + 60.0 * k as f32;
            let color = p.mid.mix(p.far, 0.6 - 0.3 * k as f32);
            for i in 0..7 {
                let a = i as f32 / 7.0 * std::f32::consts::TAU + dice.range(-0.3, 0.3);
                let mut line = vec![at];
                let mut q = at;
                for step in 0..5 {
                    q = (
                        q.0 + a.cos() * s * 0.9 + dice.range(-30.0, 30.0),
                        q.1 + a.sin() * s * 0.9 + dice.range(-30.0, 30.0),
                    );
                    line.push(q);
                    if step % 2 == 1 {
                        sheet.glow(q, s * 0.5, p.accent, 0.7);
                    }
                }
                sheet.fill(
                    &super::paint::limb(
                        &line,
                        &[s * 0.22, s * 0.14, s * 0.1, s * 0.07, s * 0.05, s * 0.03],
                    ),
                    color,
                );
            }
            sheet.fill(
                &blob(at, s * 0.6, s * 0.55, 0.3, s),
                color.mix(p.light, 0.2),
            );
            sheet.glow(at, s * 1.3, p.light, 0.5);
        }
    }
}

fn stage(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let (x0, y0, x1, _) = full(&l.sky);
    l.sky.fill(&rect(x0, y0, x1 - x0, 1500.0), p.near);
    let (x0, y0, x1, y1) = full(&l.middle);
    l.middle.gradient(
        &rect(x0, y0, x1 - x0, y1 - y0),
        (0.0, 0.0),
        (0.0, 720.0),
        &[(0.0, p.near, 1.0), (1.0, p.mid, 1.0)],
    );
    let red = Rgb::hex("8a2f35").times(p.shadow, 0.3);
    for side in [0, 1] {
        for i in 0..7 {
            let w = set.w * 0.035;
            let x = if side == 0 {
                x0 + i as f32 * w
            } else {
                x1 - (i as f32 + 1.0) * w
            };
            let fold = vec![(x, y0), (x + w, y0), (x + w, 730.0), (x, 730.0)];
            l.middle
                .fill(&fold, red.mix(p.ink, if i % 2 == 0 { 0.1 } else { 0.4 }));
        }
    }
    l.middle
        .fill(&rect(x0, y0, x1 - x0, 60.0 - y0), red.mix(p.ink, 0.3));
    floor(l, set, 720.0);
    let spot = (set.w * 0.5, -120.0);
    l.near
        .glow_oval((set.w * 0.5, 840.0), 330.0, 0.25, p.light, 0.8);
    l.middle.gradient(
        &[
            (spot.0 - 30.0, spot.1),
            (spot.0 + 30.0, spot.1),
            (set.w * 0.5 + 320.0, 850.0),
            (set.w * 0.5 - 320.0, 850.0),
        ],
        spot,
        (set.w * 0.5, 850.0),
        &[(0.0, p.light, 0.6), (1.0, p.light, 0.12)],
    );
    let (x0, _, x1, y1) = full(&l.fore);
    let mut x = x0;
    let mut dice = set.dice("audience");
    while x < x1 {
        let r = dice.range(34.0, 46.0);
        l.fore.fill(
            &ellipse((x, 985.0 + dice.range(-12.0, 12.0)), r, r * 1.1),
            p.ink,
        );
        l.fore
            .fill(&rect(x - r * 1.5, 1010.0, r * 3.0, y1 - 1010.0), p.ink);
        x += r * 2.6;
    }
}

fn graphic(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    l.sky
        .wash(&[p.near.mix(p.ink, 0.3), p.near, p.mid], 0.0, 1000.0);
    l.sky.glow((set.w * 0.5, 430.0), 620.0, p.light, 0.28);
    let mut dice = set.dice("graphic");
    for i in 0..5 {
        let x = set.w * (0.22 + 0.14 * i as f32);
        let h = 140.0 + 90.0 * dice.unit() + i as f32 * 52.0;
        let bar = rect(x - 40.0, 740.0 - h, 80.0, h);
        l.middle.fill(
            &bar,
            if i == 4 {
                p.accent
            } else {
                p.far.mix(p.mid, 0.4)
            },
        );
        l.middle.shade(&bar, set.light, 22.0, p.shadow, 0.5);
    }
    l.middle
        .fill(&rect(set.w * 0.14, 740.0, set.w * 0.72, 8.0), p.light);
}

fn weather(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    if set.interior || matches!(set.weather, "" | "wind") {
        return;
    }
    let mut dice = set.dice("weather");
    let (x0, y0, x1, y1) = full(&l.fore);
    match set.weather {
        "rain" | "storm" => {
            let slant = if set.weather == "storm" { 26.0 } else { 12.0 };
            for _ in 0..260 {
                let at = (dice.range(x0, x1), dice.range(y0, y1));
                let len = dice.range(40.0, 80.0);
                l.fore.stroke(
                    &[at, (at.0 - slant * len / 60.0, at.1 + len)],
                    2.6,
                    p.light,
                    dice.range(0.15, 0.42),
                );
            }
            if set.weather == "storm" {
                let mut q = (set.w * dice.range(0.3, 0.7), -20.0);
                let mut line = vec![q];
                while q.1 < set.horizon {
                    q = (q.0 + dice.range(-46.0, 46.0), q.1 + dice.range(30.0, 74.0));
                    line.push(q);
                }
                l.far.stroke(&line, 9.0, Rgb(1.0, 1.0, 0.94), 0.95);
            }
        }
        "snow" => {
            for i in 0..220 {
                let r = [2.0, 3.6, 6.0][i % 3];
                let at = (dice.range(x0, x1), dice.range(y0, y1));
                l.fore
                    .fill_alpha(&ellipse(at, r, r), Rgb(1.0, 1.0, 1.0), 0.8);
            }
        }
        "fog" => {
            for (sheet, alpha) in [
                (&mut l.far, 0.5),
                (&mut l.middle, 0.45),
                (&mut l.near, 0.25),
            ] {
                let (a, _, b, d) = sheet.bounds();
                let c = p.horizon();
                sheet.gradient(
                    &rect(a, set.horizon - 320.0, b - a, d),
                    (0.0, set.horizon - 320.0),
                    (0.0, set.horizon + 120.0),
                    &[(0.0, c, 0.0), (1.0, c, alpha)],
                );
            }
        }
        _ => {}
    }
}
