//! The head: outline, hair, and a face that is readable at its size.

use super::super::paint::{P, Rgb, ellipse, smooth};
use super::super::palette::Palette;
use super::pose::face;
use super::{Brush, Lid, Standing, lit};
use crate::film::references::{Age, Look, Sex};

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

/// Places a point of the head: x towards the facing side, y down from the crown.
pub(super) struct Skull {
    build: Build,
    chin: P,
    u: f32,
    dir: f32,
    sin: f32,
    cos: f32,
}

/// How a face is built.
#[derive(Clone, Copy, PartialEq)]
enum Build {
    Man,
    /// Narrower below the cheeks.
    Woman,
    /// Round, much of it brow, and all in it low and small.
    Child,
}

impl Build {
    fn of(look: &Look) -> Build {
        match (look.age, look.sex) {
            (Age::Child, _) => Build::Child,
            (_, Sex::Woman) => Build::Woman,
            _ => Build::Man,
        }
    }

    /// How large eyes are, of a man's.
    fn eye(self) -> f32 {
        match self {
            Build::Man => 1.0,
            Build::Woman => 1.08,
            Build::Child => 1.2,
        }
    }

    /// Where a point of a man's face is in one of these.
    fn places(self, (x, y): P) -> P {
        let low = ((y - 0.5) / 0.5).clamp(0.0, 1.0);
        match self {
            Build::Man => (x, y),
            Build::Woman => (x - (x - 0.05) * 0.09 * low, y),
            Build::Child => {
                let cheek = (1.0 - (y - 0.66).abs() / 0.3).clamp(0.0, 1.0);
                let down = match y {
                    y if y < 0.0 => y,
                    y if y < 0.5 => y * 1.13,
                    y if y < 1.0 => 0.565 + (y - 0.5) * 0.8,
                    y => y - 0.035,
                };
                (x * (1.0 + 0.1 * cheek), down)
            }
        }
    }
}

impl Skull {
    fn at(&self, p: P) -> P {
        let p = self.build.places(p);
        let (x, y) = (self.dir * (p.0 - 0.1) * self.u, (p.1 - 1.0) * self.u);
        (
            self.chin.0 + x * self.cos - y * self.sin,
            self.chin.1 + x * self.sin + y * self.cos,
        )
    }

    fn all(&self, points: &[P]) -> Vec<P> {
        points.iter().map(|p| self.at(*p)).collect()
    }
}

const BACK: [P; 13] = [
    (0.0, 0.0),
    (0.2, 0.03),
    (0.34, 0.16),
    (0.39, 0.36),
    (0.36, 0.58),
    (0.29, 0.78),
    (0.2, 0.96),
    (-0.24, 0.96),
    (-0.33, 0.78),
    (-0.4, 0.58),
    (-0.43, 0.36),
    (-0.38, 0.16),
    (-0.24, 0.03),
];
/// Hair from behind, down to the nape.
const NAPE: [P; 13] = [
    (-0.02, -0.06),
    (0.22, -0.02),
    (0.38, 0.14),
    (0.42, 0.36),
    (0.385, 0.56),
    (0.27, 0.76),
    (0.14, 0.86),
    (-0.02, 0.81),
    (-0.18, 0.86),
    (-0.31, 0.76),
    (-0.425, 0.56),
    (-0.46, 0.36),
    (-0.42, 0.14),
];
/// The colour of what is on a head.
fn worn(look: &Look, palette: &Palette) -> Rgb {
    match look.hair.as_str() {
        "hood" => lit(&look.top_color, palette),
        "hat" if look.accent == "c94f45" => lit(&look.bottom_color, palette).mix(palette.ink, 0.2),
        _ => lit(&look.accent, palette),
    }
}

/// A head from behind: its ears, what hair leaves of the neck, and what is on it.
fn from_behind(b: &mut Brush<'_>, look: &Look, skull: &Skull, skin: Rgb, hair: Rgb) {
    let u = b.u;
    let style = look.hair.as_str();
    let head = smooth(&skull.all(&BACK), 4);
    b.form(&head, skin, 0.12, true);
    for x in [0.385, -0.425] {
        let ear = ellipse(skull.at((x, 0.5)), 0.055 * u, 0.105 * u);
        b.form(&ear, skin.times(b.palette.shadow, 0.2), 0.03, true);
    }
    let mut falls = NAPE;
    match style {
        // From the ears down: to the chin, or over the back.
        "bob" | "long" => {
            let (low, out) = if style == "bob" {
                (0.98, 0.06)
            } else {
                (1.62, 0.0)
            };
            for (x, y) in falls.iter_mut().filter(|(_, y)| *y > 0.5) {
                *x = (x.signum() * (x.abs() + out + 0.04)).clamp(-0.5, 0.46);
                *y = low - (0.86 - *y) * 0.6;
            }
        }
        "curls" => {
            for (x, y) in &mut falls {
                (*x, *y) = (*x * 1.22 + 0.01, (*y - 0.4) * 1.16 + 0.38);
            }
        }
        _ => {}
    }
    if !matches!(style, "bald" | "hood") {
        b.form(&smooth(&skull.all(&falls), 5), hair, 0.12, true);
    }
    match style {
        "ponytail" => {
            let tail = smooth(
                &skull.all(&[
                    (-0.14, 0.3),
                    (0.1, 0.3),
                    (0.15, 0.8),
                    (0.06, 1.3),
                    (-0.04, 1.42),
                    (-0.14, 1.26),
                    (-0.2, 0.8),
                ]),
                5,
            );
            b.form(&tail, hair, 0.08, true);
            let tie = skull.all(&[(-0.13, 0.36), (0.09, 0.36)]);
            let accent = lit(&look.accent, b.palette);
            b.sheet.stroke(&tie, 0.07 * u, accent, 1.0);
        }
        "bun" => {
            let bun = ellipse(skull.at((-0.02, 0.1)), 0.21 * u, 0.19 * u);
            b.form(&bun, hair, 0.07, true);
        }
        "hat" | "cap" | "beanie" | "helmet" | "hood" => {
            let low = match style {
                "hood" => 1.1,
                "helmet" => 0.7,
                _ => 0.3,
            };
            let cover = [
                (-0.5, low),
                (-0.52, 0.1),
                (-0.3, -0.2),
                (0.0, -0.27),
                (0.28, -0.18),
                (0.46, 0.1),
                (0.44, low),
            ];
            let color = worn(look, b.palette);
            b.form(&smooth(&skull.all(&cover), 5), color, 0.1, true);
            if style == "hat" {
                let brim = ellipse(skull.at((-0.02, low)), 0.74 * u, 0.1 * u);
                b.form(&brim, color, 0.04, true);
            }
        }
        _ => {}
    }
    b.sheet.rim(
        &head,
        (-b.light.0, b.light.1),
        0.03 * u,
        b.palette.light,
        0.5,
    );
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

/// The eyes as they are when they blink, where they are open and large enough to be seen.
fn closed(b: &Brush<'_>, skull: &Skull, skin: Rgb, who: &Standing<'_>) -> Vec<Lid> {
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

/// Multiplies a shape where it lies on another.
pub(super) fn clip_multiply(b: &mut Brush<'_>, clip: &[P], shape: &[P], alpha: f32) {
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
