//! A face that is readable at its size, and its eyes when they blink.

use super::super::paint::{P, Rgb, ellipse, smooth};
use super::pose::face;
use super::skull::{Build, Skull};
use super::{Brush, Lid, Standing};
use crate::film::references::{Age, Look};

pub(super) fn features(
    b: &mut Brush<'_>,
    skull: &Skull,
    look: &Look,
    skin: Rgb,
    hair: Rgb,
    who: &Standing<'_>,
) {
    let u = b.u;
    let f = face(who.expression);
    let ink = b.palette.ink;
    let build = skull.build;
    let eye = build.eye();
    let brow = if build == Build::Man { 0.05 } else { 0.033 };
    let brow_color = if look.age == Age::Old {
        hair.mix(ink, 0.45)
    } else {
        hair.mix(ink, 0.55)
    };
    // Near eye and far eye, in three-quarter view.
    for (x, width, side) in [
        (-0.02f32, 0.085f32 * eye, -1.0f32),
        (0.25, 0.065 * eye, 1.0),
    ] {
        let (top, low) = (0.475 - 0.052 * f[3], 0.475 + 0.03 - 0.02 * f[4]);
        let lid = [
            (x - width, 0.485),
            (x - width * 0.3, top),
            (x + width * 0.5, top + 0.004),
            (x + width, 0.48),
        ];
        if f[3] < 0.2 {
            // Closed.
            let line = [
                (x - width, 0.487),
                (x - width * 0.3, 0.507),
                (x + width * 0.4, 0.507),
                (x + width, 0.484),
            ];
            b.sheet.stroke(&skull.all(&line), 0.032 * u, ink, 0.95);
            continue;
        }
        if u >= 34.0 {
            let white = smooth(
                &skull.all(&[
                    (x - width, 0.485),
                    (x - width * 0.3, top),
                    (x + width * 0.5, top + 0.004),
                    (x + width, 0.48),
                    (x + width * 0.3, low),
                    (x - width * 0.5, low),
                ]),
                5,
            );
            b.sheet
                .fill(&white, Rgb::hex("efe6d6").times(b.palette.shadow, 0.25));
            let iris = skull.at((x + width * 0.35 * f[8], 0.475 + 0.018 * f[9]));
            b.sheet.fill(
                &ellipse(iris, 0.045 * eye * u, 0.05 * eye * u * f[3].min(1.0)),
                ink.mix(Rgb::hex("5a4632"), 0.45),
            );
            b.sheet.fill(&ellipse(iris, 0.022 * u, 0.025 * u), ink);
            if u > 60.0 {
                b.sheet.fill(
                    &ellipse(
                        (
                            iris.0 + b.light.0 * 0.018 * u,
                            iris.1 + b.light.1 * 0.018 * u,
                        ),
                        0.010 * u,
                        0.010 * u,
                    ),
                    Rgb(1.0, 1.0, 0.96),
                );
            }
        } else {
            let dot = skull.at((x, 0.475));
            b.sheet.fill(&ellipse(dot, 0.035 * u, 0.045 * u), ink);
        }
        b.sheet.stroke(&skull.all(&lid), 0.035 * u, ink, 0.95);
        if who.expression == "crying" {
            tear(b, skull, (x - 0.2 * width, low));
        }
        if u > 50.0 {
            b.sheet.stroke(
                &skull.all(&[
                    (x - width * 0.6, low + 0.006),
                    (x + width * 0.7, low + 0.004),
                ]),
                0.012 * u,
                ink,
                0.45,
            );
        }
        let (inner, outer) = if side < 0.0 {
            (x + width * 1.0, x - width * 1.2)
        } else {
            (x - width * 1.0, x + width * 1.15)
        };
        let y = |raise: f32| 0.375 - 0.045 * raise;
        let knit = -(f[2] * 0.02 * side);
        b.sheet.stroke(
            &skull.all(&[
                (outer, y(f[1]) + 0.012),
                ((inner + outer) / 2.0, y((f[0] + f[1]) / 2.0) - 0.012),
                (inner - knit, y(f[0])),
            ]),
            brow * u,
            brow_color,
            0.95,
        );
    }
    if look.glasses && u >= 22.0 {
        for (x, r) in [(-0.02f32, 0.12f32), (0.25, 0.1)] {
            let ring: Vec<P> = ellipse((0.0, 0.0), 1.0, 1.0)
                .iter()
                .map(|p| skull.at((x + p.0 * r, 0.485 + p.1 * 0.1)))
                .collect();
            b.sheet.stroke(
                &ring
                    .iter()
                    .copied()
                    .chain(std::iter::once(ring[0]))
                    .collect::<Vec<_>>(),
                0.025 * u,
                ink,
                0.85,
            );
        }
        b.sheet.stroke(
            &skull.all(&[(-0.14, 0.47), (-0.3, 0.46)]),
            0.025 * u,
            ink,
            0.8,
        );
    }
    if u >= 26.0 {
        b.sheet.stroke(
            &skull.all(&[(0.19, 0.44), (0.24, 0.56), (0.255, 0.63), (0.19, 0.655)]),
            0.026 * u,
            skin.times(b.palette.shadow, 0.9).mix(ink, 0.35),
            0.85,
        );
    }
    let (mx, my) = (0.19, 0.79);
    let width = 0.105 * f[7];
    let curve = 0.042 * f[5];
    let open = f[6].max(if who.speaking { 0.35 } else { 0.0 });
    if open > 0.05 && u >= 18.0 {
        let mouth = smooth(
            &skull.all(&[
                (mx - width, my - curve),
                (mx, my + curve * 0.2 - 0.01),
                (mx + width, my - curve),
                (mx + width * 0.5, my + 0.11 * open + curve * 0.4),
                (mx - width * 0.5, my + 0.11 * open + curve * 0.4),
            ]),
            5,
        );
        b.sheet.fill(&mouth, ink.mix(Rgb::hex("7a2f35"), 0.5));
        if f[5] > 0.5 && u > 34.0 {
            let teeth = smooth(
                &skull.all(&[
                    (mx - width * 0.75, my - curve * 0.6),
                    (mx, my + curve * 0.25),
                    (mx + width * 0.75, my - curve * 0.6),
                    (mx, my + 0.035),
                ]),
                4,
            );
            b.sheet.fill(&teeth, Rgb::hex("f3ede2"));
        }
    } else {
        b.sheet.stroke(
            &skull.all(&[
                (mx - width, my - curve),
                (mx, my + curve * 0.35),
                (mx + width, my - curve),
            ]),
            0.032 * u,
            match build {
                Build::Woman => ink.mix(Rgb::hex("a8434a"), 0.6),
                _ => ink,
            },
            0.9,
        );
        if u > 50.0 {
            b.sheet.stroke(
                &skull.all(&[
                    (mx - width * 0.5, my + 0.045),
                    (mx + width * 0.4, my + 0.042),
                ]),
                0.022 * u,
                skin.times(b.palette.shadow, 0.8),
                0.7,
            );
        }
    }
    if look.age == Age::Old && u > 30.0 {
        for line in [
            [(-0.14, 0.53), (-0.1, 0.57), (0.0, 0.58)],
            [(0.05, 0.66), (0.03, 0.72), (0.06, 0.8)],
        ] {
            b.sheet.stroke(
                &skull.all(&line),
                0.016 * u,
                skin.times(b.palette.shadow, 0.8),
                0.6,
            );
        }
    }
    if who.expression == "happy" && u > 24.0 {
        b.sheet
            .glow(skull.at((-0.05, 0.64)), 0.14 * u, Rgb::hex("d9705a"), 0.25);
    }
}

/// A tear on its way down from an eye, and where it ran.
fn tear(b: &mut Brush<'_>, skull: &Skull, (x, y): P) {
    let water = Rgb::hex("cfe6f2").times(b.palette.shadow, 0.1);
    let run = skull.all(&[(x, y + 0.01), (x - 0.012, y + 0.09), (x - 0.016, y + 0.17)]);
    b.sheet.stroke(&run, 0.03 * b.u, water, 0.8);
    let drop = skull.at((x - 0.018, y + 0.19));
    let drop = ellipse(drop, 0.026 * b.u, 0.042 * b.u);
    b.sheet.fill(&drop, water);
    b.sheet.ink(&drop, 0.01 * b.u, b.light, b.palette.ink);
}

/// The eyes as they are when they blink, where they are open and large enough to be seen.
pub(super) fn closed(b: &Brush<'_>, skull: &Skull, skin: Rgb, who: &Standing<'_>) -> Vec<Lid> {
    if b.u < 60.0 || face(who.expression)[3] < 0.5 {
        return Vec::new();
    }
    let eye = skull.build.eye();
    [(-0.02f32, 0.085f32 * eye), (0.25, 0.065 * eye)]
        .into_iter()
        .map(|(x, width)| {
            // The colour of the cheek below, in the light it is in.
            let skin = b.sheet.color_at(skull.at((x, 0.575))).unwrap_or(skin);
            let at = |p: P| skull.at((x + p.0 * width, p.1));
            Lid {
                shape: ellipse((0.0, 0.0), 1.0, 1.0)
                    .iter()
                    .map(|p| at((p.0 * 1.25, 0.475 + p.1 * 0.062)))
                    .collect(),
                line: [(-1.05, 0.487), (-0.35, 0.507), (0.4, 0.507), (1.05, 0.484)]
                    .map(at)
                    .to_vec(),
                skin: skin.times(b.palette.shadow, 0.1),
                ink: b.palette.ink,
                width: 0.03 * b.u,
            }
        })
        .collect()
}
