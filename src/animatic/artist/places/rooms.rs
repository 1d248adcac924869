//! Rooms and what stands in them; the stage and the graphic card.

use super::super::super::dice::Dice;
use super::super::paint::{P, Rgb, Sheet, ellipse, rect, ridge, smooth};
use super::sets::Windows;
use super::walls::{floor, stairs, walls};
use super::{Layers, Set, full, thing};

/// A room of the house's own making.
pub(super) fn room(l: &mut Layers, set: &Set<'_>, kind: &str) {
    let mut dice = set.dice(kind);
    let wide = set.w > 800.0;
    match kind {
        "stairs" | "lighthouse" => stairs(l, set, kind == "lighthouse"),
        "cafe" | "shop" => walls(l, set, (if wide { 3 } else { 1 }, Windows::Square)),
        "office" => walls(l, set, (if wide { 3 } else { 1 }, Windows::Square)),
        _ => walls(l, set, (if wide { 2 } else { 1 }, Windows::Square)),
    }
    furniture(l, set, kind, &mut dice);
    plant_or_frame(l, set, kind, &mut dice);
}

/// A shelf's boards: where, how many, and whether glass stands on them or books.
pub(super) struct Boards {
    x: f32,
    y: f32,
    w: f32,
    rows: usize,
    glass: bool,
}

pub(super) fn shelf(sheet: &mut Sheet, set: &Set<'_>, boards: Boards, dice: &mut Dice) {
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

pub(super) fn desk(sheet: &mut Sheet, set: &Set<'_>, x: f32, top: f32, w: f32, h: f32) {
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

pub(super) fn furniture(l: &mut Layers, set: &Set<'_>, kind: &str, dice: &mut Dice) {
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
            thing(&mut l.middle, set, "clock", (w * 0.7, 150.0), 90.0);
            desk(&mut l.near, set, w * 0.62, 700.0, w * 0.34, 200.0);
            thing(&mut l.near, set, "screen", (w * 0.79, 630.0), 170.0);
            thing(&mut l.near, set, "lamp", (w * 0.92, 645.0), 110.0);
        }
        "living" => {
            if !set.in_use.contains(&"sofa") {
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
            thing(&mut l.near, set, "table", (w * 0.27, 800.0), 300.0);
            thing(&mut l.near, set, "bread", (w * 0.23, 682.0), 90.0);
            thing(&mut l.near, set, "cup", (w * 0.32, 690.0), 56.0);
        }
        "bedroom" if set.in_use.contains(&"bed") => {}
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
                thing(&mut l.near, set, "cup", (w * 0.5 + x, 776.0), 56.0);
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
                &super::super::paint::limb(
                    &[(m + 30.0, 775.0), (m + 50.0, 700.0), (m + 10.0, 650.0)],
                    &[14.0, 14.0, 14.0],
                ),
                p.ink,
            );
            l.near.fill(
                &super::super::paint::limb(&[(m + 26.0, 630.0), (m - 24.0, 730.0)], &[20.0, 15.0]),
                p.far,
            );
        }
        "classroom" => {
            // On the side the windows leave free.
            let (x, wide) = if w < 800.0 {
                (w * 0.61, w * 0.36)
            } else if set.light.0 < 0.0 {
                (w * 0.56, w * 0.38)
            } else {
                (w * 0.02, w * 0.34)
            };
            l.middle.fill(&rect(x, 150.0, wide, 300.0), wood);
            l.middle.fill(
                &rect(x + 14.0, 164.0, wide - 28.0, 272.0),
                Rgb::hex("2f4a44"),
            );
            for i in 0..5 {
                let end = 0.42 + 0.1 * (i % 3) as f32;
                l.middle.stroke(
                    &[
                        (x + wide * 0.1, 210.0 + i as f32 * 42.0),
                        (x + wide * end, 206.0 + i as f32 * 42.0),
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
            thing(&mut l.near, set, "box", (w * 0.86, 680.0), 100.0);
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
            thing(&mut l.near, set, "box", (w * 0.12, 820.0), 170.0);
        }
        _ => {}
    }
}

pub(super) fn pendant(sheet: &mut Sheet, set: &Set<'_>, at: P) {
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

pub(super) fn standing_lamp(sheet: &mut Sheet, set: &Set<'_>, foot: P) {
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

pub(super) fn plant_or_frame(l: &mut Layers, set: &Set<'_>, kind: &str, dice: &mut Dice) {
    let p = set.palette;
    let color = p.ink.mix(p.near, 0.3);
    let (_, _, _, y1) = full(&l.fore);
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
        // Elsewhere the room itself is the frame.
        _ => {}
    }
}

pub(super) fn stage(l: &mut Layers, set: &Set<'_>) {
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

pub(super) fn graphic(l: &mut Layers, set: &Set<'_>) {
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
