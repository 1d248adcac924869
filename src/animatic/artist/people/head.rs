//! The head: its outline, hair, beard, and what is on it.

use super::super::paint::{P, Rgb, ellipse, smooth};
use super::super::palette::Palette;
use super::behind::from_behind;
use super::face::{closed, features};
use super::skull::{Build, Skull};
use super::{Brush, Lid, Standing, lit};
use crate::film::references::Look;

const HEAD_TQ: [P; 24] = [
    (0., 0.),
    (0.14, 0.015),
    (0.26, 0.07),
    (0.345, 0.18),
    (0.375, 0.29),
    (0.372, 0.37),
    (0.335, 0.45),
    (0.365, 0.56),
    (0.352, 0.66),
    (0.315, 0.78),
    (0.255, 0.91),
    (0.19, 0.985),
    (0.1, 1.),
    (0.02, 0.985),
    (-0.09, 0.93),
    (-0.2, 0.84),
    (-0.27, 0.74),
    (-0.31, 0.62),
    (-0.34, 0.52),
    (-0.4, 0.4),
    (-0.42, 0.28),
    (-0.38, 0.15),
    (-0.28, 0.05),
    (-0.14, 0.008),
];
const HAIR_SHORT: [P; 16] = [
    (0.36, 0.25),
    (0.38, 0.12),
    (0.22, -0.05),
    (-0.05, -0.08),
    (-0.32, 0.),
    (-0.46, 0.2),
    (-0.45, 0.45),
    (-0.36, 0.62),
    (-0.29, 0.6),
    (-0.27, 0.46),
    (-0.2, 0.42),
    (-0.19, 0.27),
    (-0.06, 0.15),
    (0.06, 0.17),
    (0.2, 0.12),
    (0.31, 0.18),
];
const BOB_BACK: [P; 9] = [
    (-0.13, -0.06),
    (0.27, 0.02),
    (0.42, 0.4),
    (0.4, 0.85),
    (0.1, 0.98),
    (-0.3, 1.02),
    (-0.56, 0.94),
    (-0.55, 0.5),
    (-0.46, 0.12),
];
const BOB_FRONT: [P; 16] = [
    (0.04, 0.02),
    (0.26, 0.14),
    (0.375, 0.4),
    (0.4, 0.72),
    (0.46, 0.5),
    (0.42, 0.15),
    (0.24, -0.06),
    (-0.06, -0.1),
    (-0.36, 0.),
    (-0.52, 0.3),
    (-0.56, 0.94),
    (-0.3, 1.),
    (-0.22, 0.7),
    (-0.2, 0.42),
    (-0.1, 0.2),
    (0.0, 0.1),
];
/// It falls behind the neck and over both shoulders; the throat is free.
const LONG_BACK: [P; 16] = [
    (-0.13, -0.07),
    (0.27, 0.02),
    (0.42, 0.4),
    (0.43, 0.95),
    (0.42, 1.36),
    (0.31, 1.42),
    (0.25, 1.06),
    (0.16, 0.9),
    (-0.06, 0.94),
    (-0.13, 1.14),
    (-0.16, 1.52),
    (-0.34, 1.64),
    (-0.56, 1.56),
    (-0.62, 1.0),
    (-0.56, 0.5),
    (-0.46, 0.12),
];
const FACE_SHADOW: [P; 10] = [
    (-0.5, -0.1),
    (-0.16, -0.02),
    (-0.12, 0.25),
    (-0.16, 0.42),
    (-0.1, 0.56),
    (-0.17, 0.7),
    (-0.06, 0.86),
    (0.1, 0.96),
    (0.2, 1.1),
    (-0.6, 1.2),
];

/// The colour of what is on a head.
pub(super) fn worn(look: &Look, palette: &Palette) -> Rgb {
    match look.hair.as_str() {
        "hood" => lit(&look.top_color, palette),
        "hat" if look.accent == "c94f45" => lit(&look.bottom_color, palette).mix(palette.ink, 0.2),
        _ => lit(&look.accent, palette),
    }
}

pub(super) fn head(
    b: &mut Brush<'_>,
    look: &Look,
    chin: P,
    tilt: f32,
    dir: f32,
    skin: Rgb,
    who: &Standing<'_>,
) -> Vec<Lid> {
    let u = b.u;
    let mut lids = Vec::new();
    let angle = (dir * tilt * 0.6).to_radians();
    let skull = Skull {
        build: Build::of(look),
        chin,
        u,
        dir,
        sin: angle.sin(),
        cos: angle.cos(),
    };
    let hair = lit(&look.hair_color, b.palette);
    let style = look.hair.as_str();
    // What hangs behind the face.
    match style {
        _ if who.back => {}
        "bob" => b.form(
            &smooth(&skull.all(&BOB_BACK), 5),
            hair.times(b.palette.shadow, 0.3),
            0.1,
            true,
        ),
        "long" => b.form(
            &smooth(&skull.all(&LONG_BACK), 5),
            hair.times(b.palette.shadow, 0.3),
            0.1,
            true,
        ),
        "ponytail" => {
            let tail = smooth(
                &skull.all(&[
                    (-0.36, 0.12),
                    (-0.62, 0.1),
                    (-0.82, 0.4),
                    (-0.78, 0.85),
                    (-0.66, 1.0),
                    (-0.66, 0.6),
                    (-0.56, 0.36),
                    (-0.4, 0.3),
                ]),
                5,
            );
            b.form(&tail, hair, 0.08, true);
        }
        "bun" => b.form(
            &smooth(
                &skull.all(&[
                    (-0.24, 0.06),
                    (-0.16, -0.12),
                    (-0.34, -0.24),
                    (-0.56, -0.12),
                    (-0.5, 0.14),
                ]),
                6,
            ),
            hair,
            0.07,
            true,
        ),
        "hood" => b.form(
            &smooth(
                &skull.all(&[
                    (0.2, -0.14),
                    (0.46, 0.1),
                    (0.4, 0.5),
                    (0.3, 1.1),
                    (-0.4, 1.15),
                    (-0.62, 0.6),
                    (-0.5, 0.05),
                    (-0.2, -0.18),
                ]),
                5,
            ),
            lit(&look.top_color, b.palette).times(b.palette.shadow, 0.4),
            0.1,
            true,
        ),
        _ => {}
    }
    let outline = smooth(&skull.all(&HEAD_TQ), 3);
    if who.back {
        from_behind(b, look, &skull, skin, hair);
        return lids;
    }
    // The ear, on the near side.
    let ear = smooth(
        &skull.all(&[
            (-0.28, 0.42),
            (-0.2, 0.44),
            (-0.2, 0.56),
            (-0.25, 0.64),
            (-0.3, 0.6),
            (-0.32, 0.5),
        ]),
        4,
    );
    b.sheet.fill(&outline, skin);
    let lit_side = b.light.0 * dir > 0.0;
    if u >= 17.0 {
        // One polygon of shadow from temple over cheek to jaw.
        let shadow: Vec<P> = if lit_side {
            FACE_SHADOW.to_vec()
        } else {
            FACE_SHADOW
                .iter()
                .map(|p| (0.12 - p.0 * 0.9, p.1))
                .collect()
        };
        clip_multiply(b, &outline, &skull.all(&shadow), 0.42);
    }
    if u >= 10.0 {
        b.sheet.ink(
            &outline,
            (0.035 * u).clamp(1.3, 6.0),
            b.light,
            b.palette.ink,
        );
    }
    if u >= 14.0 {
        b.sheet.fill(&ear, skin.times(b.palette.shadow, 0.2));
        if u > 34.0 {
            b.sheet.stroke(
                &skull.all(&[(-0.29, 0.46), (-0.23, 0.5), (-0.26, 0.6)]),
                0.02 * u,
                b.palette.ink,
                0.6,
            );
        }
        features(b, &skull, look, skin, hair, who);
        lids = closed(b, &skull, skin, who);
    }
    if look.moustache {
        let lip = smooth(
            &skull.all(&[
                (0.03, 0.745),
                (0.12, 0.705),
                (0.2, 0.7),
                (0.27, 0.705),
                (0.34, 0.75),
                (0.33, 0.78),
                (0.2, 0.75),
                (0.05, 0.785),
            ]),
            4,
        );
        b.form(&lip, hair, 0.04, false);
    }
    if look.beard {
        let beard = smooth(
            &skull.all(&[
                (-0.26, 0.6),
                (-0.12, 0.66),
                (0.02, 0.71),
                (0.16, 0.7),
                (0.3, 0.72),
                (0.33, 0.8),
                (0.26, 0.94),
                (0.14, 1.06),
                (-0.02, 1.03),
                (-0.16, 0.9),
                (-0.25, 0.76),
            ]),
            4,
        );
        b.form(&beard, hair, 0.06, false);
        if u > 26.0 {
            b.sheet.stroke(
                &skull.all(&[(0.08, 0.795), (0.2, 0.785), (0.29, 0.795)]),
                0.03 * u,
                skin.times(b.palette.shadow, 0.6),
                0.9,
            );
        }
    }
    match style {
        "bald" => {}
        "bob" | "long" => b.form(
            &smooth(
                &skull.all(&BOB_FRONT.map(|(x, y)| {
                    if style == "long" && y > 0.9 {
                        (x, y + 0.35)
                    } else {
                        (x, y)
                    }
                })),
                4,
            ),
            hair,
            0.08,
            true,
        ),
        "curls" => {
            for (x, y, r) in [
                (-0.36, 0.42, 0.15),
                (-0.4, 0.2, 0.19),
                (-0.26, 0.0, 0.2),
                (-0.02, -0.06, 0.2),
                (0.2, 0.0, 0.17),
                (0.32, 0.14, 0.12),
            ] {
                let c = skull.at((x, y));
                b.form(&ellipse(c, r * u, r * u), hair, 0.05, false);
            }
        }
        "hat" | "cap" | "beanie" | "helmet" => {
            b.form(&smooth(&skull.all(&HAIR_SHORT), 4), hair, 0.07, false);
            let crown = if style == "hat" {
                vec![
                    (-0.4, 0.14),
                    (-0.34, -0.24),
                    (-0.1, -0.32),
                    (0.14, -0.3),
                    (0.3, -0.2),
                    (0.36, 0.12),
                ]
            } else if style == "helmet" {
                vec![
                    (-0.5, 0.34),
                    (-0.52, 0.02),
                    (-0.34, -0.2),
                    (-0.02, -0.28),
                    (0.28, -0.18),
                    (0.45, 0.04),
                    (0.44, 0.18),
                    (0.1, 0.2),
                    (-0.2, 0.26),
                ]
            } else {
                vec![
                    (-0.43, 0.2),
                    (-0.42, -0.04),
                    (-0.2, -0.18),
                    (0.1, -0.18),
                    (0.32, -0.04),
                    (0.39, 0.17),
                ]
            };
            let color = worn(look, b.palette);
            b.form(&smooth(&skull.all(&crown), 4), color, 0.09, true);
            match style {
                "helmet" => {
                    // A ridge along the crown, and the strap under the chin.
                    b.sheet.stroke(
                        &skull.all(&[(-0.46, 0.12), (-0.3, -0.1), (0.0, -0.19), (0.3, -0.08)]),
                        0.03 * u,
                        color.times(b.palette.shadow, 0.5),
                        0.9,
                    );
                    b.sheet.stroke(
                        &skull.all(&[(-0.2, 0.26), (-0.1, 0.66), (0.12, 0.98), (0.26, 0.92)]),
                        0.035 * u,
                        b.palette.ink,
                        0.85,
                    );
                }
                "hat" => b.form(
                    &smooth(
                        &skull.all(&[
                            (-0.7, 0.16),
                            (-0.3, 0.08),
                            (0.3, 0.06),
                            (0.66, 0.16),
                            (0.3, 0.2),
                            (-0.3, 0.22),
                        ]),
                        5,
                    ),
                    color,
                    0.05,
                    true,
                ),
                "cap" => b.form(
                    &smooth(
                        &skull.all(&[(0.2, 0.13), (0.6, 0.16), (0.66, 0.22), (0.3, 0.24)]),
                        5,
                    ),
                    color.times(b.palette.shadow, 0.4),
                    0.04,
                    true,
                ),
                _ => b.form(
                    &smooth(
                        &skull.all(&[(-0.45, 0.24), (-0.42, 0.1), (0.38, 0.07), (0.41, 0.2)]),
                        5,
                    ),
                    color.times(b.palette.shadow, 0.25),
                    0.04,
                    true,
                ),
            }
        }
        _ => b.form(&smooth(&skull.all(&HAIR_SHORT), 4), hair, 0.09, true),
    }
    if u > 30.0
        && !matches!(
            style,
            "bald" | "cap" | "hat" | "beanie" | "helmet" | "curls"
        )
    {
        for k in 0..3 {
            let x = -0.3 + k as f32 * 0.16;
            b.sheet.stroke(
                &skull.all(&[(x, 0.3), (x + 0.04, 0.1), (x + 0.16, -0.01)]),
                0.018 * u,
                hair.mix(b.palette.light, 0.35),
                0.6,
            );
        }
    }
    // The light behind cuts the head out of any background.
    b.sheet.rim(
        &outline,
        (b.light.0, b.light.1 * 0.6),
        (0.022 * u).max(1.2),
        b.palette.light,
        0.55,
    );
    lids
}

/// Multiplies a shape where it lies on another.
fn clip_multiply(b: &mut Brush<'_>, clip: &[P], shape: &[P], alpha: f32) {
    // Both are nearly convex here: cutting the shape's points to the clip is enough.
    let inside = |p: P| {
        let mut odd = false;
        let n = clip.len();
        for i in 0..n {
            let (a, c) = (clip[i], clip[(i + n - 1) % n]);
            if (a.1 > p.1) != (c.1 > p.1) && p.0 < (c.0 - a.0) * (p.1 - a.1) / (c.1 - a.1) + a.0 {
                odd = !odd;
            }
        }
        odd
    };
    let center = clip.iter().fold((0.0, 0.0), |s, p| {
        (s.0 + p.0 / clip.len() as f32, s.1 + p.1 / clip.len() as f32)
    });
    let fine = smooth(shape, 6);
    let cut: Vec<P> = fine
        .iter()
        .map(|p| {
            let mut q = *p;
            for _ in 0..40 {
                if inside(q) {
                    break;
                }
                q = (q.0 + (center.0 - q.0) * 0.06, q.1 + (center.1 - q.1) * 0.06);
            }
            q
        })
        .collect();
    b.sheet.multiply(&cut, b.palette.shadow, alpha);
}
