//! Hills, woods, fields and parks.

use super::super::super::dice::Dice;
use super::super::paint::{P, Rgb, Sheet, blob, limb, rect, ridge, smooth, wander};
use super::sky::mist;
use super::town::street_lamp;
use super::{Layers, Set, full};

pub(super) fn hills(l: &mut Layers, set: &Set<'_>) {
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

pub(super) fn ground(l: &mut Layers, set: &Set<'_>, color: Rgb) {
    let (x0, _, x1, y1) = full(&l.near);
    let y = set.horizon + 8.0;
    // Where it snows the ground is white.
    let white = Rgb::hex("eef2f5").times(
        set.palette.shadow,
        if set.palette.dark { 0.5 } else { 0.06 },
    );
    let color = color.mix(white, if set.weather == "snow" { 0.8 } else { 0.0 });
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

/// Ice and snow as far as one sees, with cracks that run towards the horizon.
pub(super) fn ice(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let white = Rgb::hex("f2f7fa").times(p.shadow, if p.dark { 0.55 } else { 0.04 });
    let blue = Rgb::hex("9fc3d6").times(p.shadow, if p.dark { 0.6 } else { 0.1 });
    let mut dice = set.dice("ice");
    let (x0, _, x1, _) = full(&l.far);
    for (high, air) in [(150.0, 0.55), (80.0, 0.25)] {
        let shape = ridge(
            x0,
            x1,
            set.horizon + 10.0,
            high,
            190.0,
            dice.range(0.0, 50.0),
            set.horizon + 40.0,
        );
        l.far.fill(&shape, set.air(blue, air));
        l.far.rim(&shape, (0.0, -1.0), 16.0, white, 0.9);
    }
    ground(l, set, white);
    for _ in 0..5 {
        let mut at = (set.w * dice.unit(), set.horizon + dice.range(60.0, 160.0));
        let mut crack = vec![at];
        for step in 0..6 {
            at.0 += dice.range(-60.0, 60.0) * (1.0 + step as f32 * 0.4);
            at.1 += dice.range(20.0, 60.0) * (1.0 + step as f32 * 0.3);
            crack.push(at);
        }
        l.near.stroke(&crack, 5.0, blue, 0.8);
    }
}

pub(super) fn rocks(l: &mut Layers, set: &Set<'_>) {
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

pub(super) fn reeds(l: &mut Layers, set: &Set<'_>) {
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
pub(super) fn tree(sheet: &mut Sheet, set: &Set<'_>, foot: P, height: f32, dice: &mut Dice) {
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
        let line = limb(
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

pub(super) fn pine(sheet: &mut Sheet, foot: P, height: f32, color: Rgb) {
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

pub(super) fn forest(l: &mut Layers, set: &Set<'_>) {
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
    // Two trunks that lean in, bark and a broken branch: a frame, not a bar.
    for (side, edge) in [(1.0f32, x0), (-1.0, x1)] {
        let inner = if side > 0.0 {
            set.w * dice.range(0.02, 0.045)
        } else {
            set.w * dice.range(0.955, 0.98)
        };
        let color = p.near.mix(p.ink, 0.6);
        let mut trunk = vec![(edge, y0)];
        let mut y = y0;
        while y <= y1 {
            let flare = ((y - 700.0) / 300.0).max(0.0).powi(2) * 26.0;
            let bark = 7.0 * wander(side * 5.0, y / 46.0);
            trunk.push((inner + side * (bark + flare - (y - y0) * 0.02), y));
            y += 18.0;
        }
        trunk.push((edge, y1));
        l.fore.fill(&trunk, color);
        l.fore.rim(&trunk, set.light, 5.0, p.light, 0.3);
        let at = (inner, dice.range(150.0, 330.0));
        let branch = limb(
            &[
                at,
                (at.0 + side * 70.0, at.1 - 34.0),
                (at.0 + side * 128.0, at.1 - 30.0),
            ],
            &[13.0, 7.0, 2.0],
        );
        l.fore.fill(&branch, color);
    }
}

pub(super) fn mountains(l: &mut Layers, set: &Set<'_>) {
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

/// A way up between the stones.
pub(super) fn path(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let h = set.horizon + 10.0;
    let worn = p.near.mix(
        Rgb::hex("b8a27e").times(p.shadow, if p.dark { 0.6 } else { 0.15 }),
        0.55,
    );
    let way = smooth(
        &[
            (set.w * 0.70, h),
            (set.w * 0.72, h),
            (set.w * 0.66, h + 50.0),
            (set.w * 0.52, h + 110.0),
            (set.w * 0.66, h + 220.0),
            (set.w * 0.92, 1200.0),
            (set.w * 0.14, 1200.0),
            (set.w * 0.44, h + 220.0),
            (set.w * 0.44, h + 110.0),
            (set.w * 0.63, h + 46.0),
        ],
        8,
    );
    l.near.fill(&way, worn);
    l.near.shade(&way, (0.0, -1.0), 16.0, p.shadow, 0.25);
}

/// Grass to the horizon, and nothing on it.
pub(super) fn plain(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let (x0, _, x1, y1) = full(&l.far);
    let mut dice = set.dice("plain");
    l.far.fill(
        &ridge(
            x0,
            x1,
            set.horizon + 12.0,
            46.0,
            520.0,
            dice.range(0.0, 60.0),
            y1,
        ),
        set.air(p.far, 0.55),
    );
    ground(
        l,
        set,
        p.mid.mix(
            Rgb::hex("c9a94e").times(p.shadow, if p.dark { 0.65 } else { 0.1 }),
            0.5,
        ),
    );
    let (x0, _, x1, _) = full(&l.near);
    let blade = p.near.mix(Rgb::hex("8a7430"), 0.4);
    for _ in 0..210 {
        let t = dice.unit().powf(1.5);
        let y = set.horizon + 18.0 + t * 520.0;
        let x = dice.range(x0, x1);
        let tall = 4.0 + 40.0 * t;
        for lean in [-0.35f32, 0.05, 0.4] {
            l.near.stroke(
                &[(x, y), (x + lean * tall, y - tall)],
                1.0 + 2.4 * t,
                blade,
                0.5,
            );
        }
    }
}

pub(super) fn field(l: &mut Layers, set: &Set<'_>) {
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

pub(super) fn dunes(l: &mut Layers, set: &Set<'_>) {
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

pub(super) fn park(l: &mut Layers, set: &Set<'_>) {
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

/// Rock on all sides: a cave seen from within, light at its mouth.
pub(super) fn cavern(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let rock = p.near.mix(p.ink, 0.45);
    if set.interior {
        // Deep inside there is no world behind.
        for sheet in [&mut l.sky, &mut l.far, &mut l.middle] {
            let (x0, y0, x1, y1) = full(sheet);
            sheet.gradient(
                &rect(x0, y0, x1 - x0, y1 - y0),
                (0.0, 100.0),
                (0.0, 760.0),
                &[
                    (0.0, rock.mix(p.ink, 0.3), 1.0),
                    (1.0, rock.mix(p.mid, 0.55), 1.0),
                ],
            );
        }
        l.middle.glow((set.w * 0.56, 520.0), 420.0, p.light, 0.35);
    }
    for (sheet, depth, tone, seed) in [
        (&mut l.middle, 0.2f32, 0.25f32, 3.0f32),
        (&mut l.near, 0.09, 0.0, 11.0),
    ] {
        let (x0, y0, x1, y1) = full(sheet);
        let color = rock.mix(p.mid, tone);
        for side in [0, 1] {
            let edge = |y: f32| {
                let reach = set.w * depth * (1.0 + 0.5 * wander(seed + side as f32, y / 160.0));
                if side == 0 { reach } else { set.w - reach }
            };
            let outer = if side == 0 { x0 } else { x1 };
            let mut wall = vec![(outer, y0)];
            let steps = ((y1 - y0) / 24.0) as usize;
            wall.extend((0..=steps).map(|i| {
                let y = y0 + i as f32 * 24.0;
                (edge(y), y)
            }));
            wall.push((outer, y1));
            sheet.fill(&wall, color);
            sheet.rim(&wall, set.light, 6.0, p.light, 0.35);
        }
        // Drops of stone from the roof.
        let mut roof = vec![(x0, y0)];
        let mut x = x0;
        while x <= x1 {
            let drop = wander(seed + 7.0, x / 70.0).max(0.0).powi(2) * 190.0;
            roof.push((
                x,
                150.0 * (0.4 + depth * 2.4) + 40.0 * wander(seed, x / 120.0) + drop,
            ));
            x += 14.0;
        }
        roof.push((x1, y0));
        sheet.fill(&roof, color.mix(p.ink, 0.15));
    }
}

/// A pitch between stands full of people.
pub(super) fn pitch(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let h = set.horizon;
    let (x0, _, x1, _) = full(&l.middle);
    let mut dice = set.dice("stands");
    for tier in 0..6 {
        let y = h - 150.0 + tier as f32 * 27.0;
        let row = rect(x0, y, x1 - x0, 27.0);
        l.middle.fill(&row, p.near.mix(p.mid, 0.12 * tier as f32));
        let mut x = x0;
        while x < x1 {
            let color = *dice.pick(&[p.accent, p.far, p.light, p.mid, p.near]);
            let at = (x, y + 16.0 + dice.range(-3.0, 3.0));
            // Empty seats are all alike.
            let (color, size) = match set.deserted {
                true => (p.mid, (7.5, 5.0)),
                false => (color, (6.5, 8.0)),
            };
            l.middle.fill_alpha(
                &super::super::paint::ellipse(at, size.0, size.1),
                color,
                0.8,
            );
            x += dice.range(13.0, 20.0);
        }
    }
    l.middle
        .fill(&rect(x0, h - 178.0, x1 - x0, 28.0), p.near.mix(p.ink, 0.3));
    l.middle.fill(
        &rect(x0, h + 8.0, x1 - x0, 26.0),
        p.accent.times(p.shadow, 0.3),
    );
    let grass = Rgb::hex("5f8f4a").times(p.shadow, if p.dark { 0.55 } else { 0.1 });
    ground(l, set, grass);
    let (x0, _, x1, y1) = full(&l.near);
    let from = h + 34.0;
    let vanish = (set.w * 0.5, from - 260.0);
    let lane = |x: f32, y: f32| vanish.0 + (x - vanish.0) * (y - vanish.1) / (1000.0 - vanish.1);
    l.near.fill(&rect(x0, from, x1 - x0, y1 - from), grass);
    for i in -8..8 {
        if i % 2 == 0 {
            let (a, b) = (
                set.w * 0.5 + i as f32 * 210.0,
                set.w * 0.5 + (i + 1) as f32 * 210.0,
            );
            l.near.fill_alpha(
                &[
                    (lane(a, from), from),
                    (lane(b, from), from),
                    (lane(b, y1), y1),
                    (lane(a, y1), y1),
                ],
                p.light,
                0.09,
            );
        }
    }
    for y in [from + 60.0, from + 190.0] {
        l.near.stroke(&[(x0, y), (x1, y)], 5.0, p.light, 0.75);
    }
    l.near.stroke(
        &[
            (set.w * 0.24, from + 60.0),
            (set.w * 0.16, from + 190.0),
            (set.w * 0.84, from + 190.0),
            (set.w * 0.76, from + 60.0),
        ],
        5.0,
        p.light,
        0.75,
    );
}
