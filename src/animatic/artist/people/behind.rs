//! A head over whose shoulder one looks.

use super::super::paint::{P, Rgb, ellipse, smooth};
use super::skull::Skull;
use super::{Brush, head::worn, lit};
use crate::film::references::Look;

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

/// A head from behind: its ears, what hair leaves of the neck, and what is on it.
pub(super) fn from_behind(b: &mut Brush<'_>, look: &Look, skull: &Skull, skin: Rgb, hair: Rgb) {
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
