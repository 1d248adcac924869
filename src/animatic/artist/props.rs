//! Things: a silhouette plus one telling detail.

use super::paint::{P, Rgb, Sheet, ellipse, limb, smooth};
use super::palette::Palette;

/// Draws a prop about `at`, `size` units tall; small things are held, large ones stand on `at`.
pub(super) fn draw(sheet: &mut Sheet, palette: &Palette, light: P, name: &str, at: P, size: f32) {
    let s = size;
    let p = |x: f32, y: f32| (at.0 + x * s, at.1 + y * s);
    let all = |list: &[P]| list.iter().map(|q| p(q.0, q.1)).collect::<Vec<_>>();
    let ink = palette.ink;
    let paper = Rgb::hex("efe3c8").times(palette.shadow, if palette.dark { 0.25 } else { 0.05 });
    let accent = palette.accent;
    let dark = palette.near.mix(ink, 0.4);
    let form = |sheet: &mut Sheet, points: &[P], color: Rgb| {
        sheet.fill(points, color);
        sheet.shade(points, light, 0.08 * s, palette.shadow, 0.5);
        sheet.ink(points, (0.03 * s).clamp(1.2, 6.0), light, ink);
    };
    match name {
        "letter" | "photo" => {
            form(
                sheet,
                &all(&[(-0.42, -0.28), (0.36, -0.36), (0.44, 0.24), (-0.34, 0.34)]),
                paper,
            );
            if name == "photo" {
                form(
                    sheet,
                    &all(&[(-0.32, -0.2), (0.28, -0.26), (0.34, 0.12), (-0.26, 0.2)]),
                    palette.mid,
                );
                form(
                    sheet,
                    &ellipse(p(0.0, -0.06), 0.09 * s, 0.11 * s),
                    palette.light,
                );
            } else {
                sheet.stroke(
                    &all(&[(-0.4, 0.02), (0.4, -0.06)]),
                    0.015 * s,
                    palette.shadow,
                    0.5,
                );
                for i in 0..5 {
                    let y = -0.2 + i as f32 * 0.1;
                    sheet.stroke(
                        &all(&[
                            (-0.3, y + 0.02),
                            (0.0, y - 0.01),
                            (0.26 - (i % 2) as f32 * 0.12, y - 0.03),
                        ]),
                        0.018 * s,
                        ink,
                        0.65,
                    );
                }
            }
        }
        "key" => {
            let ring: Vec<P> = ellipse(p(-0.3, 0.0), 0.17 * s, 0.17 * s);
            form(sheet, &ring, accent.mix(palette.light, 0.3));
            form(sheet, &ellipse(p(-0.3, 0.0), 0.08 * s, 0.08 * s), dark);
            form(
                sheet,
                &all(&[
                    (-0.14, -0.04),
                    (0.46, -0.04),
                    (0.46, 0.16),
                    (0.38, 0.16),
                    (0.38, 0.06),
                    (0.3, 0.06),
                    (0.3, 0.14),
                    (0.22, 0.14),
                    (0.22, 0.05),
                    (-0.14, 0.05),
                ]),
                accent.mix(palette.light, 0.3),
            );
        }
        "phone" => {
            form(
                sheet,
                &smooth(
                    &all(&[(-0.2, -0.42), (0.2, -0.42), (0.22, 0.42), (-0.22, 0.42)]),
                    4,
                ),
                ink.mix(palette.mid, 0.2),
            );
            sheet.fill(
                &all(&[(-0.15, -0.33), (0.15, -0.33), (0.16, 0.3), (-0.16, 0.3)]),
                Rgb::hex("bfe0ea"),
            );
            sheet.glow(p(0.0, 0.0), 0.6 * s, Rgb::hex("bfe0ea"), 0.3);
        }
        "book" => {
            form(
                sheet,
                &all(&[
                    (-0.48, -0.2),
                    (0.0, -0.1),
                    (0.48, -0.22),
                    (0.48, 0.2),
                    (0.0, 0.32),
                    (-0.48, 0.22),
                ]),
                accent,
            );
            form(
                sheet,
                &all(&[(-0.44, -0.24), (0.0, -0.14), (0.0, 0.26), (-0.44, 0.16)]),
                paper,
            );
            form(
                sheet,
                &all(&[(0.44, -0.26), (0.0, -0.14), (0.0, 0.26), (0.44, 0.14)]),
                paper,
            );
            for i in 0..4 {
                let y = -0.12 + i as f32 * 0.08;
                sheet.stroke(
                    &all(&[(-0.36, y - 0.02), (-0.08, y + 0.04)]),
                    0.014 * s,
                    ink,
                    0.5,
                );
                sheet.stroke(
                    &all(&[(0.08, y + 0.04), (0.36, y - 0.03)]),
                    0.014 * s,
                    ink,
                    0.5,
                );
            }
        }
        "cup" => {
            let handle = limb(
                &all(&[(0.26, -0.12), (0.44, -0.08), (0.4, 0.14), (0.22, 0.2)]),
                &[0.04 * s, 0.04 * s, 0.04 * s, 0.04 * s],
            );
            form(sheet, &handle, paper);
            form(
                sheet,
                &all(&[(-0.3, -0.2), (0.3, -0.2), (0.22, 0.34), (-0.22, 0.34)]),
                paper,
            );
            form(
                sheet,
                &ellipse(p(0.0, -0.2), 0.3 * s, 0.08 * s),
                Rgb::hex("5a3a28"),
            );
            for x in [-0.1, 0.1] {
                sheet.stroke(
                    &all(&[
                        (x, -0.3),
                        (x + 0.06, -0.42),
                        (x - 0.05, -0.54),
                        (x + 0.03, -0.68),
                    ]),
                    0.04 * s,
                    palette.light,
                    0.35,
                );
            }
        }
        "bottle" => {
            form(
                sheet,
                &smooth(
                    &all(&[
                        (-0.08, -0.5),
                        (0.08, -0.5),
                        (0.09, -0.22),
                        (0.2, -0.06),
                        (0.2, 0.46),
                        (-0.2, 0.46),
                        (-0.2, -0.06),
                        (-0.09, -0.22),
                    ]),
                    3,
                ),
                accent.times(palette.shadow, 0.3),
            );
            form(
                sheet,
                &all(&[(-0.19, 0.06), (0.19, 0.06), (0.19, 0.32), (-0.19, 0.32)]),
                paper,
            );
            sheet.stroke(&all(&[(-0.12, 0.16), (0.12, 0.16)]), 0.03 * s, ink, 0.6);
        }
        "lamp" => {
            sheet.glow(p(0.0, -0.1), 1.6 * s, palette.light, 0.55);
            form(
                sheet,
                &all(&[(-0.04, 0.2), (0.04, 0.2), (0.05, 0.5), (-0.05, 0.5)]),
                dark,
            );
            form(
                sheet,
                &all(&[(-0.18, -0.35), (0.18, -0.35), (0.24, 0.2), (-0.24, 0.2)]),
                palette.light.mix(accent, 0.15),
            );
            form(
                sheet,
                &all(&[(-0.24, -0.35), (0.0, -0.52), (0.24, -0.35)]),
                dark,
            );
        }
        "umbrella" => {
            sheet.stroke(
                &all(&[(0.0, -0.45), (0.0, 0.45), (0.08, 0.52), (0.14, 0.44)]),
                0.035 * s,
                ink,
                1.0,
            );
            form(
                sheet,
                &all(&[
                    (-0.6, 0.0),
                    (-0.5, -0.26),
                    (-0.25, -0.44),
                    (0.0, -0.5),
                    (0.25, -0.44),
                    (0.5, -0.26),
                    (0.6, 0.0),
                    (0.4, -0.06),
                    (0.2, 0.0),
                    (0.0, -0.06),
                    (-0.2, 0.0),
                    (-0.4, -0.06),
                ]),
                accent,
            );
        }
        "flower" => {
            sheet.stroke(
                &all(&[(0.0, 0.5), (0.02, 0.1), (0.0, -0.2)]),
                0.04 * s,
                Rgb::hex("4f6f45"),
                1.0,
            );
            for i in 0..6 {
                let a = i as f32 / 6.0 * std::f32::consts::TAU;
                form(
                    sheet,
                    &ellipse(
                        p(0.16 * a.cos(), -0.25 + 0.16 * a.sin()),
                        0.11 * s,
                        0.11 * s,
                    ),
                    accent,
                );
            }
            form(
                sheet,
                &ellipse(p(0.0, -0.25), 0.08 * s, 0.08 * s),
                palette.light,
            );
        }
        "box" => {
            form(
                sheet,
                &all(&[(-0.42, -0.2), (0.42, -0.2), (0.42, 0.4), (-0.42, 0.4)]),
                Rgb::hex("a8794f").times(palette.shadow, if palette.dark { 0.5 } else { 0.1 }),
            );
            form(
                sheet,
                &all(&[(-0.42, -0.2), (-0.28, -0.36), (0.54, -0.36), (0.42, -0.2)]),
                Rgb::hex("c79a68").times(palette.shadow, if palette.dark { 0.4 } else { 0.0 }),
            );
            form(
                sheet,
                &all(&[(-0.06, -0.2), (0.06, -0.2), (0.06, 0.4), (-0.06, 0.4)]),
                accent,
            );
        }
        "clock" => {
            form(sheet, &ellipse(at, 0.42 * s, 0.42 * s), dark);
            form(sheet, &ellipse(at, 0.35 * s, 0.35 * s), paper);
            sheet.stroke(&all(&[(0.0, 0.0), (0.0, -0.26)]), 0.04 * s, ink, 1.0);
            sheet.stroke(&all(&[(0.0, 0.0), (0.18, 0.08)]), 0.045 * s, ink, 1.0);
        }
        "bread" => {
            let loaf = smooth(
                &all(&[
                    (-0.5, 0.18),
                    (-0.48, -0.08),
                    (-0.25, -0.24),
                    (0.1, -0.26),
                    (0.42, -0.12),
                    (0.5, 0.16),
                    (0.2, 0.26),
                    (-0.2, 0.27),
                ]),
                5,
            );
            form(
                sheet,
                &loaf,
                Rgb::hex("c98a4a").times(palette.shadow, if palette.dark { 0.35 } else { 0.05 }),
            );
            for x in [-0.28, -0.05, 0.18] {
                sheet.stroke(
                    &all(&[(x, -0.14), (x + 0.12, 0.0)]),
                    0.05 * s,
                    Rgb::hex("f0d6a0"),
                    0.9,
                );
            }
        }
        "gun" => {
            form(
                sheet,
                &all(&[
                    (-0.44, -0.18),
                    (0.46, -0.18),
                    (0.46, -0.02),
                    (-0.04, -0.02),
                    (-0.12, 0.3),
                    (-0.34, 0.3),
                    (-0.26, -0.02),
                    (-0.44, -0.04),
                ]),
                ink.mix(palette.mid, 0.25),
            );
            sheet.stroke(
                &all(&[(-0.02, 0.0), (0.04, 0.12), (-0.08, 0.14)]),
                0.03 * s,
                ink,
                1.0,
            );
        }
        "boat" => {
            form(
                sheet,
                &all(&[(-0.6, 0.1), (0.66, 0.1), (0.46, 0.36), (-0.44, 0.36)]),
                accent.times(palette.shadow, 0.3),
            );
            form(
                sheet,
                &all(&[(-0.2, -0.1), (0.16, -0.1), (0.16, 0.1), (-0.2, 0.1)]),
                paper,
            );
            sheet.stroke(&all(&[(0.2, 0.1), (0.22, -0.6)]), 0.035 * s, ink, 1.0);
            form(
                sheet,
                &all(&[(0.25, -0.55), (0.6, 0.02), (0.25, 0.02)]),
                paper,
            );
        }
        "car" => {
            form(
                sheet,
                &smooth(
                    &all(&[
                        (-0.95, 0.12),
                        (-0.9, -0.08),
                        (-0.5, -0.14),
                        (-0.28, -0.42),
                        (0.3, -0.42),
                        (0.56, -0.14),
                        (0.92, -0.06),
                        (0.98, 0.14),
                        (0.6, 0.2),
                        (-0.6, 0.2),
                    ]),
                    4,
                ),
                accent,
            );
            form(
                sheet,
                &smooth(
                    &all(&[(-0.4, -0.14), (-0.24, -0.35), (0.0, -0.35), (0.0, -0.14)]),
                    2,
                ),
                palette.horizon(),
            );
            form(
                sheet,
                &smooth(
                    &all(&[(0.06, -0.14), (0.06, -0.35), (0.26, -0.35), (0.44, -0.14)]),
                    2,
                ),
                palette.horizon(),
            );
            for x in [-0.55, 0.58] {
                form(sheet, &ellipse(p(x, 0.2), 0.18 * s, 0.18 * s), ink);
                form(sheet, &ellipse(p(x, 0.2), 0.08 * s, 0.08 * s), palette.far);
            }
            sheet.glow(p(0.96, 0.0), 0.3 * s, palette.light, 0.8);
        }
        "dog" | "cat" => {
            let coat = if name == "dog" {
                Rgb::hex("8a5a3a")
            } else {
                Rgb::hex("4f4a52")
            }
            .times(palette.shadow, if palette.dark { 0.5 } else { 0.1 });
            sheet.stroke(
                &all(&[(-0.4, 0.0), (-0.62, -0.16), (-0.6, -0.42)]),
                0.08 * s,
                coat,
                1.0,
            );
            for x in [-0.34, -0.22, 0.18, 0.3] {
                form(
                    sheet,
                    &all(&[
                        (x - 0.05, 0.0),
                        (x + 0.05, 0.0),
                        (x + 0.06, 0.46),
                        (x - 0.05, 0.46),
                    ]),
                    coat,
                );
            }
            form(
                sheet,
                &smooth(
                    &all(&[
                        (-0.44, 0.08),
                        (-0.36, -0.16),
                        (0.2, -0.2),
                        (0.4, -0.06),
                        (0.34, 0.14),
                        (-0.2, 0.18),
                    ]),
                    5,
                ),
                coat,
            );
            form(
                sheet,
                &smooth(
                    &all(&[
                        (0.26, -0.2),
                        (0.32, -0.42),
                        (0.52, -0.46),
                        (0.62, -0.34),
                        (0.8, -0.28),
                        (0.78, -0.16),
                        (0.5, -0.08),
                    ]),
                    5,
                ),
                coat,
            );
            let ear = if name == "dog" {
                all(&[(0.36, -0.42), (0.28, -0.2), (0.4, -0.14), (0.46, -0.38)])
            } else {
                all(&[(0.34, -0.4), (0.36, -0.62), (0.48, -0.44)])
            };
            form(sheet, &ear, coat.times(palette.shadow, 0.5));
            form(sheet, &ellipse(p(0.54, -0.34), 0.025 * s, 0.03 * s), ink);
        }
        "bird" => {
            for (x, y) in [(-0.2, 0.0), (0.3, -0.25), (0.1, 0.3)] {
                sheet.stroke(
                    &all(&[
                        (x - 0.2, y - 0.08),
                        (x - 0.06, y - 0.12),
                        (x, y),
                        (x + 0.06, y - 0.12),
                        (x + 0.2, y - 0.08),
                    ]),
                    0.05 * s,
                    ink,
                    0.9,
                );
            }
        }
        "guitar" => {
            form(
                sheet,
                &limb(&all(&[(0.0, 0.1), (0.5, -0.5)]), &[0.05 * s, 0.04 * s]),
                dark,
            );
            form(
                sheet,
                &smooth(
                    &all(&[
                        (0.1, 0.06),
                        (0.1, 0.24),
                        (-0.06, 0.28),
                        (-0.1, 0.46),
                        (-0.4, 0.46),
                        (-0.42, 0.16),
                        (-0.26, 0.1),
                        (-0.24, -0.06),
                        (-0.04, -0.08),
                    ]),
                    5,
                ),
                accent,
            );
            form(sheet, &ellipse(p(-0.12, 0.14), 0.08 * s, 0.08 * s), ink);
        }
        "screen" => {
            form(
                sheet,
                &all(&[(-0.5, -0.38), (0.5, -0.38), (0.5, 0.26), (-0.5, 0.26)]),
                ink.mix(palette.mid, 0.15),
            );
            sheet.fill(
                &all(&[(-0.45, -0.33), (0.45, -0.33), (0.45, 0.21), (-0.45, 0.21)]),
                Rgb::hex("9cc8d8"),
            );
            sheet.glow(p(0.0, -0.05), 1.1 * s, Rgb::hex("bfe0ea"), 0.3);
            for i in 0..4 {
                sheet.stroke(
                    &all(&[
                        (-0.36, -0.22 + i as f32 * 0.1),
                        (0.1 + (i % 3) as f32 * 0.1, -0.22 + i as f32 * 0.1),
                    ]),
                    0.03 * s,
                    palette.near,
                    0.6,
                );
            }
            sheet.fill(
                &all(&[(-0.1, 0.26), (0.1, 0.26), (0.16, 0.42), (-0.16, 0.42)]),
                dark,
            );
        }
        _ => {
            // A covered shape: something is there, and the light says so.
            let cloth = smooth(
                &all(&[
                    (-0.4, 0.4),
                    (-0.34, -0.1),
                    (-0.1, -0.34),
                    (0.16, -0.3),
                    (0.34, -0.06),
                    (0.42, 0.4),
                ]),
                5,
            );
            form(sheet, &cloth, paper.times(palette.shadow, 0.2));
            sheet.stroke(
                &all(&[(-0.1, -0.3), (-0.2, 0.1), (-0.16, 0.38)]),
                0.02 * s,
                palette.shadow,
                0.6,
            );
        }
    }
}
