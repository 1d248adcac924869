//! People: seven and a half heads tall, simple, never cute; the same in every shot.
//!
//! Lengths are in heads (`u` units each). A figure is posed by angles, in degrees from straight
//! down, positive towards the side it faces; the spine from straight up.

mod behind;
mod face;
mod head;
mod pose;
mod skull;

use super::paint::{P, Rgb, Sheet, ellipse, limb, rect, smooth};
use super::palette::Palette;
use crate::film::references::{Age, Look, Sex};
use head::head;
use pose::face;
pub(super) use pose::{posed, sits};

/// Where and how large somebody stands.
pub(super) struct Standing<'a> {
    pub(super) look: &'a Look,
    pub(super) pose: &'a str,
    pub(super) expression: &'a str,
    /// The pelvis for a seated or cut figure, the ground between the feet for a standing one.
    pub(super) at: P,
    /// The height of a head, in units.
    pub(super) u: f32,
    pub(super) right: bool,
    /// Seen from behind, as a near shoulder is.
    pub(super) back: bool,
    pub(super) speaking: bool,
    pub(super) hangs: bool,
}

/// A closed eye: its lid, its lashes, its colours and the width of its line.
#[derive(Debug, Clone)]
pub(super) struct Lid {
    shape: Vec<P>,
    line: Vec<P>,
    skin: Rgb,
    ink: Rgb,
    width: f32,
}

impl Lid {
    pub(super) fn draw(&self, sheet: &mut Sheet) {
        sheet.fill(&self.shape, self.skin);
        sheet.stroke(&self.line, self.width, self.ink, 0.95);
    }
}

/// Where the figure came to be.
#[derive(Debug, Clone, Default)]
pub(super) struct Drawn {
    /// Empty where the eyes are too small to be seen closing, or closed.
    pub(super) lids: Vec<Lid>,
    pub(super) head: P,
    pub(super) near_hand: P,
    pub(super) far_hand: P,
}

struct Brush<'a> {
    sheet: &'a mut Sheet,
    palette: &'a Palette,
    /// Towards the light.
    light: P,
    u: f32,
}

impl Brush<'_> {
    fn form(&mut self, points: &[P], color: Rgb, depth: f32, inked: bool) {
        self.sheet.fill(points, color);
        self.sheet.shade(
            points,
            self.light,
            depth * self.u,
            self.palette.shadow,
            0.55,
        );
        if inked && self.u >= 10.0 {
            self.sheet.ink(
                points,
                (0.04 * self.u).clamp(1.5, 7.0),
                self.light,
                self.palette.ink,
            );
        }
    }
}

fn turn(from: P, length: f32, degrees: f32, dir: f32) -> P {
    let a = degrees.to_radians();
    (from.0 + dir * length * a.sin(), from.1 + length * a.cos())
}

fn rise(from: P, length: f32, degrees: f32, dir: f32) -> P {
    let a = degrees.to_radians();
    (from.0 + dir * length * a.sin(), from.1 - length * a.cos())
}

/// How long a neck is, in heads.
const NECK: f32 = 0.13;

/// Colours under the scene's light.
fn lit(hex: &str, palette: &Palette) -> Rgb {
    let c = Rgb::hex(hex);
    if palette.dark {
        c.times(palette.light.mix(palette.shadow, 0.45), 0.62)
    } else {
        c.times(palette.light, 0.25)
    }
}

/// The colour of a face under the scene's light: it stays one of a living person in the bluest night.
fn lit_skin(hex: &str, palette: &Palette) -> Rgb {
    let c = Rgb::hex(hex);
    if palette.dark {
        c.times(
            palette
                .light
                .mix(palette.shadow, 0.35)
                .mix(Rgb::hex("c89a80"), 0.45),
            0.6,
        )
    } else {
        c.times(palette.light, 0.25)
    }
}

/// How far from the pelvis the head comes to be: sideways, and up to the crown.
pub(super) fn reach(look: &Look, pose: &str, u: f32, right: bool) -> P {
    let pose = posed(pose);
    let old = look.age == Age::Old;
    let child = look.age == Age::Child;
    let trunk = if child { 0.82 } else { 1.0 } * look.height as f32 * u;
    let lean = pose.lean + if old { 5.0 } else { 0.0 };
    let bend = pose.bend + if old { 7.0 } else { 0.0 };
    let dir = if right { 1.0 } else { -1.0 };
    let waist = rise((0.0, 0.0), 0.75 * trunk, lean, dir);
    let chest = rise(waist, 0.75 * trunk, lean + bend * 0.5, dir);
    let neck = rise(chest, 0.62 * trunk, lean + bend, dir);
    let chin = rise(neck, NECK * u, lean + bend + pose.neck, dir);
    let crown = rise(chin, u, (lean + bend + pose.neck) * 0.6, dir);
    ((chin.0 + crown.0) / 2.0, -crown.1)
}

/// How tall somebody stands, crown to sole.
pub(super) fn height(look: &Look, u: f32) -> f32 {
    let child = look.age == Age::Child;
    let trunk = if child { 0.82 } else { 1.0 };
    let legs = if child { 0.68 } else { 1.0 };
    let bones = 2.12 * trunk + 3.65 * legs;
    (bones * look.height as f32 + 1.4) * u
}

/// Draws a forearm whose hand holds on to something: the rim of a wheel.
pub(super) fn grip(
    sheet: &mut Sheet,
    palette: &Palette,
    light: P,
    look: &Look,
    (elbow, fist): (P, P),
    u: f32,
) {
    let mut b = Brush {
        sheet,
        palette,
        light,
        u,
    };
    let bare = matches!(look.top.as_str(), "tee" | "dress" | "scrubs");
    let skin = lit_skin(&look.skin, palette);
    let sleeve = if bare {
        skin
    } else {
        lit(&look.top_color, palette)
    };
    let arm = limb(&[elbow, fist], &[0.27 * u, 0.15 * u]);
    b.form(&arm, sleeve, 0.12, true);
    b.form(&ellipse(fist, 0.19 * u, 0.16 * u), skin, 0.06, true);
}

/// Draws one person.
pub(super) fn draw(sheet: &mut Sheet, palette: &Palette, light: P, who: &Standing<'_>) -> Drawn {
    let pose = posed(who.pose);
    let dir = if who.right { 1.0 } else { -1.0 };
    let u = who.u;
    let look = who.look;
    let child = look.age == Age::Child;
    let old = look.age == Age::Old;
    let legs = if child { 0.68 } else { 1.0 } * look.height as f32;
    let trunk = if child { 0.82 } else { 1.0 } * look.height as f32;
    let broad = look.build as f32 * 0.82 * if child { 0.68 } else { 1.0 };
    let woman = look.sex == Sex::Woman;
    let (thigh, shin) = (1.9 * u * legs, 1.75 * u * legs);
    let leg_of = |hip: P, angles: [f32; 2]| {
        let knee = turn(hip, thigh, angles[0], dir);
        let ankle = turn(knee, shin, angles[0] - angles[1], dir);
        (knee, ankle)
    };
    // Stand the lower foot on the ground; seated figures hang from the pelvis.
    let mut pelvis = who.at;
    if !pose.seated && !who.hangs {
        let lowest = [pose.leg, pose.far_leg]
            .map(|l| leg_of((0.0, 0.0), l).1.1)
            .into_iter()
            .fold(0.0, f32::max);
        pelvis.1 = who.at.1 - lowest - 0.2 * u;
    }
    let lean = pose.lean + if old { 5.0 } else { 0.0 };
    let bend = pose.bend + if old { 7.0 } else { 0.0 };
    let waist = rise(pelvis, 0.75 * u * trunk, lean, dir);
    let chest = rise(waist, 0.75 * u * trunk, lean + bend * 0.5, dir);
    let neck = rise(chest, 0.62 * u * trunk, lean + bend, dir);
    let chin = rise(neck, NECK * u, lean + bend + pose.neck, dir);
    let half = |man: f32, woman_half: f32| if woman { woman_half } else { man } * broad * u;
    let shoulder_half = half(0.92, 0.80);
    let arm_of = |shoulder: P, angles: [f32; 2]| {
        let elbow = turn(shoulder, 1.32 * u * trunk, angles[0], dir);
        let wrist = turn(elbow, 1.1 * u * trunk, angles[0] + angles[1], dir);
        (elbow, wrist)
    };
    let down = (neck.0 - (neck.0 - chest.0) * 0.25, neck.1 + 0.2 * u);
    let near_shoulder = (down.0 - dir * shoulder_half * 0.72, down.1 + 0.17 * u);
    let far_shoulder = (down.0 + dir * shoulder_half * 0.72, down.1 + 0.12 * u);
    let hips = half(0.42, 0.44);
    let near_hip = (pelvis.0 - dir * hips * 0.45, pelvis.1);
    let far_hip = (pelvis.0 + dir * hips * 0.45, pelvis.1);

    let skin = lit_skin(&look.skin, palette);
    let top = lit(&look.top_color, palette);
    let bottom = lit(&look.bottom_color, palette);
    let dress = look.top == "dress";
    let leg_color = if dress {
        skin.mix(palette.ink, 0.25)
    } else if look.top == "robe" {
        top.times(palette.shadow, 0.3)
    } else {
        bottom
    };
    let mut b = Brush {
        sheet,
        palette,
        light,
        u,
    };
    let sleeve = match look.top.as_str() {
        "tee" | "dress" | "scrubs" => [0.22, 0.17, 0.11],
        "coat" | "labcoat" | "parka" => [0.30, 0.27, 0.22],
        "robe" => [0.30, 0.30, 0.30],
        _ => [0.27, 0.23, 0.175],
    };
    let leg_radii = if dress {
        [0.30, 0.22, 0.13]
    } else {
        [0.37, 0.28, 0.22]
    };
    let draw_arm = |b: &mut Brush<'_>, shoulder: P, angles: [f32; 2], color: Rgb, far: bool| -> P {
        let (elbow, wrist) = arm_of(shoulder, angles);
        let color = if far {
            color.times(palette.shadow, 0.45)
        } else {
            color
        };
        let bare = matches!(look.top.as_str(), "tee" | "dress" | "scrubs");
        let points = limb(&[shoulder, elbow, wrist], &sleeve.map(|r| r * u));
        let hand_dir = (wrist.0 - elbow.0, wrist.1 - elbow.1);
        let len = (hand_dir.0.powi(2) + hand_dir.1.powi(2)).sqrt().max(1e-3);
        let (hx, hy) = (hand_dir.0 / len, hand_dir.1 / len);
        let palm = (wrist.0 + hx * 0.24 * u, wrist.1 + hy * 0.24 * u);
        let tip = (wrist.0 + hx * 0.5 * u, wrist.1 + hy * 0.5 * u);
        let skin = if far {
            skin.times(palette.shadow, 0.35)
        } else {
            skin
        };
        let hand = limb(&[wrist, palm, tip], &[0.11 * u, 0.15 * u, 0.08 * u]);
        b.form(&hand, skin, 0.08, true);
        let thumb = limb(
            &[
                (wrist.0 + hx * 0.12 * u, wrist.1 + hy * 0.12 * u),
                (
                    wrist.0 + hx * 0.28 * u + hy * 0.14 * u * dir,
                    wrist.1 + hy * 0.28 * u - hx * 0.14 * u * dir,
                ),
            ],
            &[0.07 * u, 0.05 * u],
        );
        b.sheet.fill(&thumb, skin);
        if bare {
            b.form(&points, skin, 0.1, true);
            let half_elbow = ((shoulder.0 + elbow.0) / 2.0, (shoulder.1 + elbow.1) / 2.0);
            b.form(
                &limb(&[shoulder, half_elbow], &[0.29 * u, 0.25 * u]),
                color,
                0.15,
                false,
            );
        } else {
            b.form(&points, color, 0.16, far || u > 12.0);
        }
        tip
    };
    let draw_leg = |b: &mut Brush<'_>, hip: P, angles: [f32; 2], far: bool| {
        let (knee, ankle) = leg_of(hip, angles);
        let color = if far {
            leg_color.times(palette.shadow, 0.45)
        } else {
            leg_color
        };
        let toe = (ankle.0 + dir * 0.55 * u, ankle.1 + 0.16 * u);
        let shoe = smooth(
            &[
                (ankle.0 - dir * 0.22 * u, ankle.1 - 0.05 * u),
                (ankle.0 + dir * 0.15 * u, ankle.1 - 0.10 * u),
                (toe.0 - dir * 0.12 * u, ankle.1 + 0.05 * u),
                toe,
                (ankle.0 - dir * 0.24 * u, ankle.1 + 0.2 * u),
            ],
            4,
        );
        b.form(&shoe, palette.ink.mix(bottom, 0.35), 0.05, false);
        b.form(
            &limb(
                &[hip, knee, ankle],
                &leg_radii.map(|r| r * u * look.build as f32),
            ),
            color,
            0.17,
            true,
        );
    };
    // Of a near shoulder no arm is seen.
    let shoulder = who.pose == "shoulder";
    let far_hand = if shoulder {
        far_shoulder
    } else {
        draw_arm(&mut b, far_shoulder, pose.far_arm, top, true)
    };
    draw_leg(&mut b, far_hip, pose.far_leg, true);
    let pelvis_shape = smooth(
        &[
            (pelvis.0 - hips, pelvis.1 - 0.35 * u),
            (pelvis.0 + hips, pelvis.1 - 0.35 * u),
            (pelvis.0 + hips * 0.9, pelvis.1 + 0.3 * u),
            (pelvis.0 - hips * 0.9, pelvis.1 + 0.3 * u),
        ],
        5,
    );
    b.sheet.fill(&pelvis_shape, leg_color);
    draw_leg(&mut b, near_hip, pose.leg, false);

    // Torso, with its hem: jackets end under the pelvis, coats and dresses follow the thighs.
    let hem = match look.top.as_str() {
        "coat" | "labcoat" if !pose.seated => 1.6,
        "dress" if !pose.seated => 1.9,
        "robe" if !pose.seated => 3.2,
        "jacket" | "hoodie" | "uniform" | "sweater" | "apron" | "parka" | "scrubs" | "robe" => 0.42,
        _ => 0.22,
    } * u
        * legs.min(1.0);
    let flare = match hem {
        h if h > 2.0 * u => 1.4,
        h if h > u => 1.25,
        _ => 1.0,
    };
    let along = |p: P, side: f32, out: f32| (p.0 + side * out, p.1);
    let swing = if hem > u {
        (pose.leg[0] + pose.far_leg[0]) * 0.004 * u * dir
    } else {
        0.0
    };
    let torso = smooth(
        &[
            along((neck.0, neck.1 + 0.02 * u), -1.0, 0.22 * u),
            (down.0 - shoulder_half * 0.55, down.1 - 0.08 * u),
            (down.0 - shoulder_half * 0.93, down.1 + 0.10 * u),
            along(chest, -1.0, half(0.78, 0.68)),
            along(waist, -1.0, half(0.62, 0.50)),
            (pelvis.0 - half(0.58, 0.60), pelvis.1 + 0.05 * u),
            (pelvis.0 - half(0.62, 0.64) * flare + swing, pelvis.1 + hem),
            (pelvis.0 + half(0.62, 0.64) * flare + swing, pelvis.1 + hem),
            (pelvis.0 + half(0.58, 0.60), pelvis.1 + 0.05 * u),
            along(waist, 1.0, half(0.62, 0.50)),
            along(chest, 1.0, half(0.78, 0.68)),
            (down.0 + shoulder_half * 0.93, down.1 + 0.10 * u),
            (down.0 + shoulder_half * 0.55, down.1 - 0.08 * u),
            along((neck.0, neck.1 + 0.02 * u), 1.0, 0.22 * u),
        ],
        6,
    );
    b.form(&torso, top, 0.26, true);

    // Neck, then what the clothes show at the throat.
    let head_center = rise(chin, 0.45 * u, lean + bend + pose.neck, dir);
    let slim = match (child, woman) {
        (true, _) => 0.8,
        (_, true) => 0.86,
        _ => 1.0,
    };
    if dress && pose.seated {
        // A skirt lies over the thighs, and falls from the knees.
        let (near_knee, _) = leg_of(near_hip, pose.leg);
        let (far_knee, _) = leg_of(far_hip, pose.far_leg);
        let low = |k: P| (k.0 + dir * 0.12 * u, k.1 + 0.55 * u);
        let skirt = smooth(
            &[
                (pelvis.0 - dir * half(0.6, 0.62), pelvis.1 - 0.3 * u),
                (pelvis.0 + dir * half(0.5, 0.5), pelvis.1 - 0.42 * u),
                (far_knee.0 + dir * 0.1 * u, far_knee.1 - 0.34 * u),
                low(far_knee),
                low(near_knee),
                (near_knee.0 - dir * 0.3 * u, near_knee.1 + 0.5 * u),
                (pelvis.0 - dir * half(0.66, 0.68), pelvis.1 + 0.36 * u),
            ],
            5,
        );
        b.form(&skirt, top, 0.2, true);
    }
    let neck_shape = limb(
        &[
            (neck.0, neck.1 + 0.12 * u),
            (chin.0 - dir * 0.05 * u, chin.1 - 0.18 * u),
        ],
        &[0.24 * u * slim, 0.22 * u * slim],
    );
    b.sheet.fill(&neck_shape, skin);
    b.sheet.multiply(
        &limb(
            &[
                (chin.0 - dir * 0.02 * u, chin.1 - 0.05 * u),
                (chin.0 - dir * 0.04 * u, chin.1 + 0.1 * u),
            ],
            &[0.2 * u, 0.16 * u],
        ),
        palette.shadow,
        0.5,
    );
    if !who.back && u > 14.0 {
        throat(&mut b, look, neck, chest, dir, top, skin);
    }
    let tilt = lean + bend + pose.neck + pose.head + face(who.expression)[10];
    let lids = head(&mut b, look, chin, tilt, dir, skin, who);
    let near_hand = if !shoulder {
        draw_arm(&mut b, near_shoulder, pose.arm, top, false)
    } else {
        far_hand
    };
    if look.top == "robe" && !who.back && u > 14.0 {
        // A cord around the waist, its end hanging down.
        let cord = lit("d8c9a0", palette);
        let y = waist.1 + 0.2 * u;
        let knot = (waist.0 + dir * 0.2 * u, y);
        b.sheet.stroke(
            &[
                (waist.0 - half(0.58, 0.5), y),
                knot,
                (waist.0 + half(0.58, 0.5), y),
            ],
            0.07 * u,
            cord,
            0.95,
        );
        b.sheet.stroke(
            &[knot, (knot.0 + dir * 0.06 * u, y + 0.8 * u)],
            0.06 * u,
            cord,
            0.95,
        );
    }
    if look.top == "apron" && !who.back && u > 14.0 {
        let front = smooth(
            &[
                (chest.0 - 0.3 * u + dir * 0.1 * u, chest.1),
                (chest.0 + 0.35 * u + dir * 0.1 * u, chest.1),
                (pelvis.0 + 0.5 * u, pelvis.1 + 0.4 * u),
                (pelvis.0 - 0.42 * u, pelvis.1 + 0.4 * u),
            ],
            4,
        );
        b.form(&front, lit("e6dcc8", palette), 0.1, false);
    }
    // The hand that is stretched out is the one that does something.
    let outer = pose.far_arm[0] > 60.0
        || matches!(
            who.pose.strip_prefix("sit_").unwrap_or(who.pose),
            "reach" | "point" | "read" | "type" | "sit" | "wave" | "push"
        );
    let (near_hand, far_hand) = if outer {
        (far_hand, near_hand)
    } else {
        (near_hand, far_hand)
    };
    Drawn {
        lids,
        head: head_center,
        near_hand,
        far_hand,
    }
}

fn throat(b: &mut Brush<'_>, look: &Look, neck: P, chest: P, dir: f32, top: Rgb, skin: Rgb) {
    let u = b.u;
    let v = |depth: f32, width: f32| {
        vec![
            (neck.0 - width * u + dir * 0.03 * u, neck.1 + 0.02 * u),
            (neck.0 + dir * 0.16 * u, neck.1 + depth * u),
            (neck.0 + width * u + dir * 0.08 * u, neck.1 + 0.02 * u),
        ]
    };
    match look.top.as_str() {
        "jacket" | "coat" | "labcoat" | "uniform" => {
            let shirt = if look.top == "coat" {
                lit(&look.accent, b.palette)
            } else {
                lit("ece6da", b.palette)
            };
            b.sheet.fill(&v(0.85, 0.24), shirt);
            if look.top == "jacket" && look.sex == Sex::Man {
                let tie = vec![
                    (neck.0 + dir * 0.06 * u, neck.1 + 0.1 * u),
                    (neck.0 + dir * 0.2 * u, neck.1 + 0.1 * u),
                    (neck.0 + dir * 0.17 * u, neck.1 + 0.8 * u),
                ];
                b.sheet.fill(
                    &tie,
                    lit(&look.accent, b.palette).times(b.palette.shadow, 0.3),
                );
            }
            let dark = top.times(b.palette.shadow, 0.4);
            for side in [-1.0f32, 1.0] {
                let lapel = vec![
                    (neck.0 + side * 0.22 * u + dir * 0.05 * u, neck.1 - 0.02 * u),
                    (neck.0 + side * 0.42 * u + dir * 0.05 * u, neck.1 + 0.28 * u),
                    (neck.0 + dir * 0.17 * u, neck.1 + 0.9 * u),
                ];
                b.sheet.fill(
                    &lapel,
                    if side * dir > 0.0 {
                        dark
                    } else {
                        top.mix(b.palette.light, 0.08)
                    },
                );
                b.sheet.stroke(&lapel, 0.025 * u, b.palette.ink, 0.7);
            }
            b.sheet.stroke(
                &[
                    (neck.0 + dir * 0.17 * u, neck.1 + 0.9 * u),
                    (chest.0 + dir * 0.12 * u, chest.1 + 1.3 * u),
                ],
                0.03 * u,
                b.palette.ink,
                0.6,
            );
        }
        "parka" | "jumpsuit" => {
            // A collar that stands, and a zip.
            for side in [-1.0f32, 1.0] {
                let collar = vec![
                    (neck.0 + side * 0.26 * u, neck.1 - 0.16 * u),
                    (neck.0 + side * 0.34 * u, neck.1 + 0.16 * u),
                    (neck.0 + dir * 0.12 * u, neck.1 + 0.3 * u),
                    (neck.0 + dir * 0.08 * u, neck.1 + 0.04 * u),
                ];
                b.form(&collar, top.times(b.palette.shadow, 0.2), 0.05, true);
            }
            b.sheet.stroke(
                &[
                    (neck.0 + dir * 0.12 * u, neck.1 + 0.26 * u),
                    (chest.0 + dir * 0.12 * u, chest.1 + 1.3 * u),
                ],
                0.035 * u,
                b.palette.ink,
                0.75,
            );
            if look.top == "jumpsuit" {
                let patch = rect(
                    chest.0 - dir * 0.34 * u - 0.11 * u,
                    chest.1 - 0.1 * u,
                    0.22 * u,
                    0.14 * u,
                );
                b.sheet.fill(&patch, lit(&look.accent, b.palette));
            }
        }
        "scrubs" => {
            b.sheet.fill(&v(0.5, 0.24), skin);
            b.sheet.stroke(
                &v(0.5, 0.24),
                0.035 * u,
                top.times(b.palette.shadow, 0.5),
                0.9,
            );
        }
        "shirt" | "apron" => {
            b.sheet.fill(&v(0.3, 0.2), skin);
            for side in [-1.0f32, 1.0] {
                let collar = vec![
                    (neck.0 + side * 0.2 * u, neck.1 - 0.06 * u),
                    (neck.0 + side * 0.34 * u, neck.1 + 0.2 * u),
                    (neck.0 + dir * 0.12 * u, neck.1 + 0.26 * u),
                ];
                b.form(&collar, top.mix(b.palette.light, 0.12), 0.04, false);
            }
            b.sheet.stroke(
                &[
                    (neck.0 + dir * 0.13 * u, neck.1 + 0.28 * u),
                    (chest.0 + dir * 0.12 * u, chest.1 + 1.2 * u),
                ],
                0.03 * u,
                b.palette.ink,
                0.5,
            );
        }
        "hoodie" | "robe" => {
            let ring = smooth(
                &[
                    (neck.0 - 0.45 * u, neck.1 + 0.05 * u),
                    (neck.0, neck.1 - 0.18 * u),
                    (neck.0 + 0.45 * u, neck.1 + 0.05 * u),
                    (neck.0 + dir * 0.1 * u, neck.1 + 0.32 * u),
                ],
                6,
            );
            b.form(&ring, top.times(b.palette.shadow, 0.25), 0.08, true);
            b.sheet.fill(
                &ellipse(
                    (neck.0 + dir * 0.04 * u, neck.1 - 0.02 * u),
                    0.21 * u,
                    0.13 * u,
                ),
                skin,
            );
        }
        _ => {
            let line = smooth(
                &[
                    (neck.0 - 0.22 * u, neck.1 - 0.02 * u),
                    (neck.0 + dir * 0.1 * u, neck.1 + 0.16 * u),
                    (neck.0 + 0.24 * u, neck.1 - 0.02 * u),
                ],
                6,
            );
            b.sheet.fill(&line, skin);
        }
    }
}
