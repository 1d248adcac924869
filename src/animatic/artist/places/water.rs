//! Sea, shore, harbour, river, and the lighthouse.

use super::super::paint::{P, Rgb, ellipse, rect, ridge, smooth};
use super::nature::{ground, tree};
use super::town::house;
use super::{Layers, Set, full, thing};

pub(super) fn sea(l: &mut Layers, set: &Set<'_>) {
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

/// Firm ground to stand on, with surf along its edge.
pub(super) fn shore(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let (x0, _, x1, y1) = full(&l.near);
    let edge = |x: f32| {
        set.horizon
            + 100.0
            + 26.0 * super::super::paint::wander(4.0, x / 150.0)
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
                    q.1 + dy + 4.0 * super::super::paint::wander(9.0 + dy, q.0 / 40.0),
                )
            })
            .collect();
        l.near.stroke(&surf, width, p.light, alpha);
    }
}

pub(super) fn island(l: &mut Layers, set: &Set<'_>) {
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

pub(super) fn boat(l: &mut Layers, set: &Set<'_>) {
    let mut dice = set.dice("boat");
    let at = (set.w * dice.range(0.55, 0.78), set.horizon + 40.0);
    thing(&mut l.middle, set, "boat", at, 90.0);
}

pub(super) fn lighthouse(l: &mut Layers, set: &Set<'_>) {
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

pub(super) fn harbour(l: &mut Layers, set: &Set<'_>) {
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
        thing(&mut l.middle, set, "boat", at, 95.0 + i as f32 * 14.0);
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

pub(super) fn river(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    ground(l, set, p.mid.mix(p.near, 0.45));
    let h = set.horizon + 20.0;
    // It comes from afar, and passes before whoever stands on the near bank.
    let below = |part: f32| h + (1000.0 - h).max(120.0) * part;
    let shape = smooth(
        &[
            (set.w * 0.60, h),
            (set.w * 0.66, h),
            (set.w * 0.63, h + 50.0),
            (set.w * 0.80, below(0.16)),
            (set.w * 1.16, below(0.2)),
            (set.w * 1.16, below(0.42)),
            (set.w * 0.62, below(0.46)),
            (set.w * 0.2, below(0.44)),
            (set.w * -0.16, below(0.46)),
            (set.w * -0.16, below(0.26)),
            (set.w * 0.26, below(0.2)),
            (set.w * 0.56, below(0.1)),
        ],
        8,
    );
    // Water is the sky again, and bluer.
    let blue = Rgb::hex("5f93b4").times(p.shadow, if p.dark { 0.6 } else { 0.1 });
    l.near.fill(&shape, p.sky[0].mix(blue, 0.55));
    l.near.shade(&shape, (0.0, -1.0), 18.0, p.shadow, 0.35);
    let mut dice = set.dice("river");
    for _ in 0..26 {
        let t = dice.unit();
        let y = below(0.14) + t * (below(0.42) - below(0.14));
        l.near.fill_alpha(
            &ellipse(
                (set.w * (0.56 + dice.range(-0.6, 0.6) * t.max(0.1)), y),
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

/// Below the surface: light falls from above, and it grows darker towards the ground.
pub(super) fn underwater(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let mut dice = set.dice("underwater");
    let lit: Vec<Rgb> = p.sky.iter().rev().copied().collect();
    l.sky.wash(&lit, 0.0, 1000.0);
    // Shafts of light, broader as they sink.
    for i in 0..5 {
        let x = set.w * (0.12 + 0.18 * i as f32) + dice.range(-50.0, 50.0);
        let lean = dice.range(60.0, 150.0);
        let (top, low) = (dice.range(24.0, 50.0), dice.range(70.0, 140.0));
        let shaft = [
            (x - top, -80.0),
            (x + top, -80.0),
            (x + lean + low, 760.0),
            (x + lean - low, 760.0),
        ];
        l.clouds.gradient(
            &shaft,
            (0.0, 0.0),
            (0.0, 760.0),
            &[(0.0, p.light, 0.3), (1.0, p.light, 0.0)],
        );
    }
    for (sheet, base, high, color) in [
        (&mut l.far, 720.0, 170.0, p.far.mix(p.horizon(), 0.35)),
        (&mut l.middle, 790.0, 110.0, p.mid),
        (&mut l.near, 850.0, 50.0, p.near.mix(p.mid, 0.45)),
    ] {
        let (x0, _, x1, y1) = sheet.bounds();
        let seed = dice.range(0.0, 40.0);
        sheet.fill(&ridge(x0, x1, base, high, 300.0, seed, y1), color);
    }
    for _ in 0..26 {
        let at = (dice.range(0.0, set.w), dice.range(80.0, 800.0));
        let r = dice.range(3.0, 11.0);
        l.near.fill_alpha(&ellipse(at, r, r), p.light, 0.22);
    }
}

/// The deck of a bridge with those on it: a railing behind them, cables above, and the water below.
pub(super) fn bridge(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let h = set.horizon;
    let (x0, _, x1, y1) = full(&l.near);
    // The far bank.
    let (f0, _, f1, _) = full(&l.middle);
    l.middle.fill(
        &ridge(f0, f1, h + 14.0, 60.0, 260.0, 7.0, h + 34.0),
        set.air(p.far.mix(p.mid, 0.5), 0.35),
    );
    let edge = h + 150.0;
    let road = p.near.mix(p.ink, 0.25).mix(p.horizon(), 0.12);
    l.near.gradient(
        &rect(x0, edge, x1 - x0, y1 - edge),
        (0.0, edge),
        (0.0, y1),
        &[
            (0.0, road.mix(p.horizon(), 0.2), 1.0),
            (1.0, road.mix(p.ink, 0.25), 1.0),
        ],
    );
    // A kerb, and a line along the lane.
    l.near
        .fill(&rect(x0, edge, x1 - x0, 16.0), p.mid.mix(p.light, 0.35));
    l.near
        .fill(&rect(x0, edge + 16.0, x1 - x0, 7.0), p.ink.mix(p.near, 0.4));
    let mut x = x0;
    while x < x1 {
        l.near
            .fill_alpha(&rect(x, 900.0, 150.0, 15.0), p.light, 0.6);
        x += 290.0;
    }
    let steel = p.accent.mix(p.ink, 0.45);
    // The railing.
    for (y, thick) in [(edge - 104.0, 13.0), (edge - 12.0, 9.0)] {
        l.middle.fill(&rect(x0, y, x1 - x0, thick), steel);
    }
    let mut x = x0;
    while x < x1 {
        l.middle.fill(&rect(x, edge - 100.0, 6.0, 104.0), steel);
        x += 30.0;
    }
    // Two cables that hang from a tower beside the frame, and what hangs from them.
    let sag = |t: f32| 70.0 + (edge - 300.0) * (1.0 - (2.0 * t - 1.0).powi(2));
    let cable: Vec<P> = (0..=24)
        .map(|i| {
            let t = i as f32 / 24.0;
            (x0 + (x1 - x0) * t, sag(t))
        })
        .collect();
    for at in &cable {
        l.middle
            .stroke(&[*at, (at.0, edge - 100.0)], 4.0, steel, 0.8);
    }
    l.middle.stroke(&cable, 17.0, steel, 1.0);
}

/// A bridge from side to side.
pub(super) fn span(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let (x0, _, x1, _) = full(&l.middle);
    let stone = p.mid.mix(p.far, 0.35);
    let count = 5;
    let step = (x1 - x0) / count as f32;
    for i in 0..=count {
        let x = x0 + i as f32 * step;
        let pier = rect(x - 26.0, 600.0, 52.0, 190.0);
        l.middle.fill(&pier, stone);
        l.middle.shade(&pier, set.light, 18.0, p.shadow, 0.5);
    }
    for i in 0..count {
        let (a, b) = (
            x0 + i as f32 * step + 26.0,
            x0 + (i as f32 + 1.0) * step - 26.0,
        );
        let mut fill = vec![(a, 590.0), (b, 590.0), (b, 700.0)];
        fill.extend((1..12).map(|k| {
            let t = std::f32::consts::PI * k as f32 / 12.0;
            (
                (a + b) / 2.0 + (b - a) / 2.0 * t.cos(),
                700.0 - 78.0 * t.sin(),
            )
        }));
        fill.push((a, 700.0));
        l.middle.fill(&fill, stone.times(p.shadow, 0.15));
    }
    let deck = rect(x0, 560.0, x1 - x0, 44.0);
    l.middle.fill(&deck, stone.mix(p.light, 0.2));
    l.middle.shade(&deck, (0.0, -1.0), 22.0, p.shadow, 0.5);
    let mut x = x0;
    while x < x1 {
        l.middle.fill(&rect(x, 508.0, 7.0, 56.0), p.near);
        x += 34.0;
    }
    l.middle.fill(&rect(x0, 502.0, x1 - x0, 10.0), p.near);
}
