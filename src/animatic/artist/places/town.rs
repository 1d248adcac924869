//! Houses, streets, roads, halls and what drives between them.

use super::super::super::dice::Dice;
use super::super::paint::{P, Rgb, Sheet, ellipse, rect, smooth};
use super::nature::{ground, hills, reeds};
use super::sky::{mist, sky};
use super::walls::{floor, light_patches};
use super::{Layers, Set, full, thing};

pub(super) fn house(
    sheet: &mut Sheet,
    set: &Set<'_>,
    x: f32,
    top: f32,
    w: f32,
    h: f32,
    dice: &mut Dice,
) {
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

pub(super) fn street_lamp(sheet: &mut Sheet, set: &Set<'_>, foot: P, height: f32) {
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

pub(super) fn towers(l: &mut Layers, set: &Set<'_>) {
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

pub(super) fn windows(
    sheet: &mut Sheet,
    set: &Set<'_>,
    x: f32,
    y: f32,
    w: f32,
    h: f32,
    dice: &mut Dice,
) {
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

pub(super) fn parapet(l: &mut Layers, set: &Set<'_>) {
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

pub(super) fn road(l: &mut Layers, set: &Set<'_>) {
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
        thing(&mut l.near, set, "car", (set.w * 0.34, h + 190.0), 150.0);
    }
    reeds(l, set);
}

pub(super) fn street(l: &mut Layers, set: &Set<'_>) {
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
        thing(&mut l.near, set, "car", (set.w * 0.74, h + 130.0), 105.0);
    }
}

pub(super) fn hall(l: &mut Layers, set: &Set<'_>) {
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
    thing(&mut l.middle, set, "clock", (set.w * 0.5, 70.0), 110.0);
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

pub(super) fn vehicle(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    sky(l, set);
    // What is around is what the film shows outside.
    let town = match set.outlook {
        "street" | "skyline" => true,
        "" => set.seed.is_multiple_of(2),
        _ => false,
    };
    if town {
        towers(l, set);
    } else {
        hills(l, set);
    }
    let (x0, y0, x1, y1) = full(&l.near);
    let frame = p.ink.mix(p.near, 0.35);
    if set.aboard {
        // The way back: a window behind, one at each side, and the bench.
        let lining = frame.mix(p.mid, 0.25);
        l.near.fill(&rect(x0, y0, x1 - x0, 330.0 - y0), lining);
        for x in [0.36, 0.8] {
            let post = [
                (set.w * x - 20.0, 300.0),
                (set.w * x + 20.0, 300.0),
                (set.w * x + 34.0, 640.0),
                (set.w * x - 34.0, 640.0),
            ];
            l.near.fill(&post, lining);
        }
        l.near.fill(&rect(x0, 620.0, x1 - x0, y1 - 620.0), frame);
        return;
    }
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
