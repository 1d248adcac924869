//! Walls, windows, floors and stairs: what a room is before anything stands in it.

use super::super::super::dice::Dice;
use super::super::paint::{P, Rgb, ellipse, rect};
use super::sets::Windows;
use super::{Layers, Set, full};

/// Boards to a vanishing point.
pub(super) fn floor(l: &mut Layers, set: &Set<'_>, y: f32) {
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
pub(super) fn light_patches(l: &mut Layers, set: &Set<'_>, at: &[f32], y: f32) {
    let p = set.palette;
    let dx = -set.light.0.signum() * 170.0;
    // At night no sun throws any, and a lamp is in the room.
    if set.night() {
        return;
    }
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

/// Where windows stand along a wall: their left edges, how wide and high they are, and their top.
struct Row {
    left: Vec<f32>,
    size: (f32, f32),
    top: f32,
}

fn row(set: &Set<'_>, (count, shape): (usize, Windows)) -> Row {
    let w = set.w.min(1700.0);
    let (width, height, top) = match shape {
        Windows::Square | Windows::Sky => (w * 0.15, 400.0, 120.0),
        Windows::Tall => (w * 0.11, 540.0, 70.0),
        Windows::Arch => (w * 0.1, 470.0, 90.0),
        Windows::Band => (w * 0.17, 210.0, 150.0),
        Windows::Round => (w * 0.075, 190.0, 190.0),
        Windows::Bars => (w * 0.1, 170.0, 110.0),
    };
    let narrow = set.w < 800.0;
    let count = if narrow { count.min(2) } else { count };
    let gap = w * if narrow { 0.08 } else { 0.055 };
    let all = count as f32 * width + (count as f32 - 1.0) * gap;
    // They fill the wall where there are many, and leave its darker side free where there are few.
    let free = (set.w - all).max(0.0);
    let start = if count > 2 || narrow {
        free * 0.5
    } else if set.light.0 < 0.0 {
        free * 0.14
    } else {
        free * 0.6
    };
    Row {
        left: (0..count)
            .map(|i| start + i as f32 * (width + gap))
            .collect(),
        size: (width, height),
        top,
    }
}

/// The place on a wall nearest to `x` where something so wide hangs beside the windows, if there is one.
pub(super) fn beside_windows(
    set: &Set<'_>,
    opening: (usize, Windows),
    x: f32,
    wide: f32,
) -> Option<f32> {
    const AIR: f32 = 14.0;
    let row = row(set, opening);
    let half = wide / 2.0 + AIR;
    let fits = |x: f32| {
        let clear = |left: &f32| x + half <= *left || x - half >= left + row.size.0;
        x - half >= 0.0 && x + half <= set.w && row.left.iter().all(clear)
    };
    let beside = (row.left.iter()).flat_map(|left| [left - half, left + row.size.0 + half]);
    std::iter::once(x)
        .chain(beside)
        .filter(|x| fits(*x))
        .min_by(|a, b| (a - x).abs().total_cmp(&(b - x).abs()))
}

/// Windows along a wall.
fn windows(l: &mut Layers, set: &Set<'_>, opening: (usize, Windows)) {
    if opening.0 == 0 {
        return;
    }
    if opening.1 == Windows::Sky {
        return lookout(l, set);
    }
    let row = row(set, opening);
    for x in row.left {
        window(l, set, opening.1, (x, row.top), row.size);
    }
}

/// The pane of a cockpit: nothing but sky.
fn lookout(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let w = set.w;
    let pane = [
        (w * 0.1, 90.0),
        (w * 0.9, 90.0),
        (w * 0.99, 520.0),
        (w * 0.84, 610.0),
        (w * 0.16, 610.0),
        (w * 0.01, 520.0),
    ];
    l.middle.gradient(
        &pane,
        (0.0, 90.0),
        (0.0, 610.0),
        &[(0.0, p.sky[0], 1.0), (1.0, p.sky[1], 1.0)],
    );
    let mut dice = set.dice("stars");
    for _ in 0..90 {
        let at = (w * dice.range(0.1, 0.9), dice.range(100.0, 590.0));
        let r = dice.range(0.8, 2.6);
        l.middle
            .fill_alpha(&ellipse(at, r, r), p.light, dice.range(0.3, 1.0));
    }
    let frame = p.near.mix(p.ink, 0.3);
    let mut around = pane.to_vec();
    around.push(pane[0]);
    l.middle.stroke(&around, 26.0, frame, 1.0);
    for x in [0.36, 0.64] {
        let post = [(w * x, 90.0), (w * (0.5 + (x - 0.5) * 1.5), 610.0)];
        l.middle.stroke(&post, 18.0, frame, 1.0);
    }
}

/// A window with what is behind it, and its shaft.
pub(super) fn window(l: &mut Layers, set: &Set<'_>, shape: Windows, (x, y): P, (w, h): P) {
    let p = set.palette;
    let glass = match set.time {
        "night" | "blue" => Rgb::hex("2f4a78").mix(p.sky[1], 0.4),
        "dusk" => Rgb::hex("b9808c"),
        "dawn" => Rgb::hex("a9a4c0"),
        _ => Rgb::hex("f3ead4").mix(p.light, 0.35),
    };
    let low = match set.time {
        "dusk" => Rgb::hex("f2a066"),
        "dawn" => Rgb::hex("f4c9a0"),
        _ => glass.mix(p.light, 0.4),
    };
    let pane = match shape {
        Windows::Round => ellipse((x + w / 2.0, y + h / 2.0), w / 2.0, h / 2.0),
        Windows::Arch => {
            let mut arch = vec![(x, y + h), (x, y + w / 2.0)];
            arch.extend((1..12).map(|i| {
                let a = i as f32 / 12.0 * std::f32::consts::PI;
                (
                    x + w / 2.0 - w / 2.0 * a.cos(),
                    y + w / 2.0 - w * 0.62 * a.sin(),
                )
            }));
            arch.extend([(x + w, y + w / 2.0), (x + w, y + h)]);
            arch
        }
        _ => rect(x, y, w, h),
    };
    l.middle.gradient(
        &pane,
        (0.0, y),
        (0.0, y + h),
        &[(0.0, glass, 1.0), (1.0, low, 1.0)],
    );
    let plain = matches!(shape, Windows::Round | Windows::Arch | Windows::Bars);
    let mut dice = set.dice(&format!("window{x}"));
    if !plain {
        outlook(l, set, glass, (x, y), (w, h), &mut dice);
    } else if shape == Windows::Arch {
        // Panes of coloured glass.
        for i in 0..6 {
            let row = y + h * (0.3 + 0.115 * i as f32);
            let color = *dice.pick(&[p.accent, p.far, p.light, p.mid]);
            let inset = w * 0.12;
            l.middle.fill_alpha(
                &rect(x + inset, row, w - 2.0 * inset, h * 0.09),
                color.mix(glass, 0.35),
                0.7,
            );
        }
    }
    if matches!(set.weather, "rain" | "storm" | "snow") && shape != Windows::Arch {
        // What falls outside runs down the pane, or past it.
        l.middle.fill_alpha(
            &pane,
            Rgb::hex("7c8894"),
            if set.night() { 0.1 } else { 0.3 },
        );
        for _ in 0..((w * h / 2200.0) as usize).min(40) {
            let at = (
                x + w * dice.range(0.06, 0.94),
                y + h * dice.range(0.04, 0.84),
            );
            if set.weather == "snow" {
                l.middle
                    .fill_alpha(&ellipse(at, 3.2, 3.2), Rgb(1.0, 1.0, 1.0), 0.8);
            } else {
                let to = (at.0 - 4.0, at.1 + h * dice.range(0.05, 0.12));
                l.middle.stroke(&[at, to], 2.4, p.light, 0.5);
            }
        }
    }
    let frame = p.near.mix(p.mid, 0.25);
    let mut around = pane.clone();
    around.push(pane[0]);
    l.middle.stroke(&around, 13.0, frame, 1.0);
    match shape {
        Windows::Bars => {
            for i in 1..5 {
                let bx = x + w * i as f32 / 5.0;
                l.middle.stroke(&[(bx, y), (bx, y + h)], 9.0, p.ink, 1.0);
            }
        }
        Windows::Round => {}
        Windows::Arch => {
            l.middle
                .stroke(&[(x + w / 2.0, y), (x + w / 2.0, y + h)], 7.0, frame, 1.0)
        }
        _ => {
            for b in [
                rect(x + w / 2.0 - 4.0, y, 8.0, h),
                rect(x, y + h * 0.42, w, 7.0),
            ] {
                l.middle.fill(&b, frame);
            }
        }
    }
    if !matches!(shape, Windows::Round) {
        let sill = rect(x - 22.0, y + h - 4.0, w + 44.0, 20.0);
        l.middle.fill(&sill, p.mid.mix(p.light, 0.35));
        l.middle.shade(&sill, (0.0, -1.0), 9.0, p.shadow, 0.5);
    }
    let dx = -set.light.0.signum() * 240.0;
    let a = if set.night() { 0.08 } else { 0.2 };
    l.middle.gradient(
        &[(x, y), (x + w, y), (x + w + dx, 730.0), (x + dx, 730.0)],
        (x, y),
        (x + dx, 740.0),
        &[(0.0, p.light, a), (1.0, p.light, 0.0)],
    );
}

/// What is seen through a pane: water, mountains, trees, or the houses of a town.
fn outlook(l: &mut Layers, set: &Set<'_>, glass: Rgb, (x, y): P, (w, h): P, dice: &mut Dice) {
    let p = set.palette;
    let far = p.far.mix(glass, 0.45);
    match set.outlook {
        "sea" | "harbour" | "underwater" | "river" => {
            let line = y + h * 0.58;
            let water = Rgb::hex("3f7a92").mix(glass, 0.3);
            l.middle
                .fill_alpha(&rect(x, line, w, y + h - line), water, 0.9);
            for _ in 0..5 {
                let at = (
                    x + w * dice.range(0.05, 0.7),
                    line + (y + h - line) * dice.unit(),
                );
                let wave = [at, (at.0 + w * 0.22, at.1)];
                l.middle.stroke(&wave, 3.0, glass, 0.6);
            }
        }
        "space" => {
            for _ in 0..24 {
                let at = (x + w * dice.unit(), y + h * dice.unit());
                l.middle.fill_alpha(&ellipse(at, 1.8, 1.8), p.light, 0.9);
            }
        }
        "mountain" | "ice" | "desert" | "road" | "plain" => {
            let low = matches!(set.outlook, "desert" | "road" | "plain");
            let tall = if low { 0.2 } else { 0.62 };
            let top = |part: f32| y + h * (1.0 - tall * part);
            let ridge = [
                (x, top(dice.range(0.3, 0.6))),
                (x + w * dice.range(0.2, 0.35), top(dice.range(0.8, 1.0))),
                (x + w * dice.range(0.45, 0.55), top(dice.range(0.4, 0.6))),
                (x + w * dice.range(0.65, 0.8), top(dice.range(0.7, 0.95))),
                (x + w, top(dice.range(0.3, 0.6))),
                (x + w, y + h),
                (x, y + h),
            ];
            let color = if set.outlook == "ice" {
                Rgb::hex("dfe8ee")
            } else {
                far
            };
            l.middle.fill_alpha(&ridge, color.mix(glass, 0.2), 0.95);
        }
        "forest" | "park" | "field" | "pitch" => {
            let leaf = Rgb::hex("5f7f5a").mix(glass, if set.night() { 0.55 } else { 0.25 });
            l.middle
                .fill_alpha(&rect(x, y + h * 0.8, w, h * 0.2), leaf, 0.9);
            let count = if set.outlook == "field" { 2 } else { 5 };
            for _ in 0..count {
                let r = w * dice.range(0.1, 0.16);
                let at = (
                    x + r + (w - 2.0 * r) * dice.unit(),
                    y + h - r * dice.range(1.0, 2.0),
                );
                l.middle
                    .fill_alpha(&ellipse(at, r, r), leaf.mix(p.near, 0.15), 0.9);
            }
        }
        _ => {
            for _ in 0..4 {
                let bw = w * dice.range(0.16, 0.3);
                let bx = x + (w - bw) * dice.unit();
                let bh = h * dice.range(0.2, 0.5);
                l.middle.fill_alpha(&rect(bx, y + h - bh, bw, bh), far, 0.9);
            }
            if set.night() {
                for _ in 0..10 {
                    let at = (x + w * dice.unit(), y + h * dice.range(0.4, 1.0));
                    l.middle
                        .fill_alpha(&rect(at.0, at.1, 5.0, 7.0), p.light, 0.8);
                }
            }
        }
    }
}

/// Walls, windows, floor and the light that falls in.
pub(super) fn walls(l: &mut Layers, set: &Set<'_>, opening: (usize, Windows)) {
    wall(l, set);
    windows(l, set, opening);
    footing(l, set, WALL_FOOT);
    if opening.0 > 0 && opening.1 != Windows::Sky {
        let patches: &[f32] = if set.w > 800.0 {
            &[0.3, 0.46, 0.62]
        } else {
            &[0.5]
        };
        light_patches(l, set, patches, WALL_FOOT);
    } else {
        // Without a window the light comes from above.
        l.near.glow_oval(
            (set.w * 0.5, 860.0),
            set.w * 0.42,
            0.3,
            set.palette.light,
            0.4,
        );
        l.middle.glow_oval(
            (set.w * 0.5, 40.0),
            set.w * 0.5,
            0.5,
            set.palette.light,
            0.3,
        );
    }
}

/// Where walls meet the floor.
const WALL_FOOT: f32 = 715.0;

fn wall(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    let (x0, y0, x1, _) = full(&l.sky);
    l.sky.fill(&rect(x0, y0, x1 - x0, 1400.0), p.horizon());
    let (x0, y0, x1, y1) = full(&l.middle);
    let tones = &p.sky;
    l.middle.gradient(
        &rect(x0, y0, x1 - x0, y1 - y0),
        (0.0, y0),
        (0.0, WALL_FOOT),
        &[
            (0.0, tones[0].mix(p.ink, 0.18), 1.0),
            (0.12, tones[0], 1.0),
            (1.0, tones.get(1).copied().unwrap_or(p.far), 1.0),
        ],
    );
}

/// The skirting, and the floor from there.
fn footing(l: &mut Layers, set: &Set<'_>, floor_from: f32) {
    let (x0, _, x1, y1) = full(&l.middle);
    let skirting = set.palette.near.mix(set.palette.mid, 0.3);
    l.middle.fill(
        &rect(x0, WALL_FOOT - 22.0, x1 - x0, y1 - WALL_FOOT + 22.0),
        skirting,
    );
    floor(l, set, floor_from);
}

/// A flight of stairs, or the room of a lighthouse's lamp.
pub(super) fn stairs(l: &mut Layers, set: &Set<'_>, lamp_room: bool) {
    wall(l, set);
    let p = set.palette;
    let (x0, _, x1, _) = full(&l.middle);
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
        window(
            l,
            set,
            Windows::Square,
            (set.w * 0.08, 150.0),
            (130.0, 250.0),
        );
        l.middle.stroke(
            &[(set.w * 0.06, 560.0), (set.w * 0.96, -60.0)],
            16.0,
            p.near,
            1.0,
        );
    }
    footing(l, set, if lamp_room { WALL_FOOT } else { 800.0 });
}
