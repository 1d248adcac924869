//! People: seven and a half heads tall, simple, never cute; the same in every shot.
//!
//! Lengths are in heads (`u` units each). A figure is posed by angles, in degrees from straight
//! down, positive towards the side it faces; the spine from straight up.

use super::paint::{P, Rgb, Sheet, ellipse, limb, smooth};
use super::palette::Palette;
use crate::film::references::{Age, Look, Sex};

/// lean, bend, neck, head, near arm, far arm, near leg, far leg.
pub(super) struct Pose {
    pub(super) lean: f32,
    pub(super) bend: f32,
    pub(super) neck: f32,
    pub(super) head: f32,
    pub(super) arm: [f32; 2],
    pub(super) far_arm: [f32; 2],
    pub(super) leg: [f32; 2],
    pub(super) far_leg: [f32; 2],
    pub(super) seated: bool,
}

const fn pose(
    body: [f32; 4],
    arm: [f32; 2],
    far_arm: [f32; 2],
    leg: [f32; 2],
    far_leg: [f32; 2],
    seated: bool,
) -> Pose {
    Pose {
        lean: body[0],
        bend: body[1],
        neck: body[2],
        head: body[3],
        arm,
        far_arm,
        leg,
        far_leg,
        seated,
    }
}

pub(super) fn posed(name: &str) -> Pose {
    match name {
        "walk" => pose(
            [4., 2., 4., 0.],
            [28., 22.],
            [-26., 16.],
            [-24., 16.],
            [27., 4.],
            false,
        ),
        "run" => pose(
            [15., 5., 2., -6.],
            [48., 85.],
            [-48., 75.],
            [-30., 70.],
            [58., 62.],
            false,
        ),
        "sit" => pose(
            [-4., 6., 4., 2.],
            [18., 48.],
            [24., 44.],
            [84., 82.],
            [90., 96.],
            true,
        ),
        "type" => pose(
            [6., 8., 8., 8.],
            [26., 66.],
            [36., 58.],
            [82., 86.],
            [88., 70.],
            true,
        ),
        "read" => pose(
            [-6., 10., 12., 18.],
            [20., 96.],
            [30., 88.],
            [84., 80.],
            [92., 98.],
            true,
        ),
        "slump" => pose(
            [16., 30., 26., 30.],
            [28., 140.],
            [36., 134.],
            [80., 78.],
            [88., 92.],
            true,
        ),
        "phone" => pose(
            [-2., 3., 3., 8.],
            [66., 132.],
            [8., 14.],
            [-5., 0.],
            [9., 4.],
            false,
        ),
        "point" => pose(
            [5., 0., 2., -2.],
            [-14., 20.],
            [86., 4.],
            [-14., 2.],
            [16., 6.],
            false,
        ),
        "reach" => pose(
            [13., 4., 2., 0.],
            [50., 26.],
            [74., 10.],
            [-20., 4.],
            [24., 18.],
            false,
        ),
        "carry" => pose(
            [-6., 2., 3., 2.],
            [14., 74.],
            [22., 66.],
            [-8., 4.],
            [10., 8.],
            false,
        ),
        "crossed" => pose(
            [-3., 2., 2., 0.],
            [10., 88.],
            [8., 96.],
            [-7., 0.],
            [9., 2.],
            false,
        ),
        "hips" => pose(
            [-3., -2., 2., -3.],
            [-52., 82.],
            [48., -78.],
            [-12., 0.],
            [13., 2.],
            false,
        ),
        "cheer" => pose(
            [-5., -8., -6., -12.],
            [-150., -14.],
            [152., 14.],
            [-12., 2.],
            [15., 4.],
            false,
        ),
        "kneel" => pose(
            [8., 6., 8., 12.],
            [24., 40.],
            [40., 36.],
            [-4., 86.],
            [88., 92.],
            true,
        ),
        "talk" => pose(
            [2., 3., 4., 0.],
            [12., 62.],
            [30., 58.],
            [-6., 0.],
            [9., 3.],
            false,
        ),
        "lie" => pose(
            [-86., 4., 0., 2.],
            [68., 20.],
            [76., 14.],
            [86., 4.],
            [96., 24.],
            true,
        ),
        _ => pose(
            [0., 2., 4., 0.],
            [-8., 14.],
            [6., 16.],
            [-4., 0.],
            [7., 3.],
            false,
        ),
    }
}

/// brow in, brow out, knit, lid, low lid, mouth, open, width, gaze x, gaze y, tilt.
fn face(name: &str) -> [f32; 11] {
    match name {
        "happy" => [
            0.25, 0.35, 0.0, 0.62, 0.45, 0.95, 0.45, 1.25, 0.25, 0.0, -3.0,
        ],
        "sad" => [
            0.95, -0.55, 0.45, 0.55, 0.10, -0.42, 0.0, 0.90, 0.1, 0.55, 7.0,
        ],
        "angry" => [
            -0.95, 0.45, 1.0, 0.62, 0.40, -0.50, 0.0, 0.95, 0.35, 0.0, 4.0,
        ],
        "afraid" => [
            1.0, 0.10, 0.70, 1.20, -0.10, -0.45, 0.35, 1.05, 0.6, 0.0, -3.0,
        ],
        "surprised" => [1.1, 1.1, 0.0, 1.25, -0.15, 0.0, 0.85, 0.62, 0.25, 0.0, -4.0],
        "thoughtful" => [
            0.25, 0.55, 0.15, 0.70, 0.05, 0.12, 0.0, 0.72, 0.75, -0.8, -6.0,
        ],
        _ => [0.0, 0.0, 0.0, 0.80, 0.0, 0.05, 0.0, 1.0, 0.25, 0.0, 0.0],
    }
}

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

/// Where the figure came to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawn {
    pub(super) head: P,
    pub(super) near_hand: P,
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

/// Colours under the scene's light.
fn lit(hex: &str, palette: &Palette) -> Rgb {
    let c = Rgb::hex(hex);
    if palette.dark {
        c.times(palette.light.mix(palette.shadow, 0.45), 0.62)
    } else {
        c.times(palette.light, 0.25)
    }
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
    let broad = look.build as f32 * 0.82 * if child { 0.8 } else { 1.0 };
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
    let chin = rise(neck, 0.20 * u, lean + bend + pose.neck, dir);
    let half = |man: f32, woman_half: f32| if woman { woman_half } else { man } * broad * u;
    let shoulder_half = half(0.92, 0.80);
    let arm_of = |shoulder: P, angles: [f32; 2]| {
        let elbow = turn(shoulder, 1.32 * u * trunk, angles[0], dir);
        let wrist = turn(elbow, 1.1 * u * trunk, angles[0] + angles[1], dir);
        (elbow, wrist)
    };
    let down = (neck.0 - (neck.0 - chest.0) * 0.25, neck.1 + 0.2 * u);
    let near_shoulder = (down.0 - dir * shoulder_half * 0.72, down.1 + 0.05 * u);
    let far_shoulder = (down.0 + dir * shoulder_half * 0.72, down.1);
    let hips = half(0.42, 0.44);
    let near_hip = (pelvis.0 - dir * hips * 0.45, pelvis.1);
    let far_hip = (pelvis.0 + dir * hips * 0.45, pelvis.1);

    let skin = lit(&look.skin, palette);
    let top = lit(&look.top_color, palette);
    let bottom = lit(&look.bottom_color, palette);
    let dress = look.top == "dress";
    let leg_color = if dress {
        skin.mix(palette.ink, 0.25)
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
        "tee" | "dress" => [0.22, 0.17, 0.11],
        "coat" | "labcoat" => [0.30, 0.27, 0.22],
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
        let bare = matches!(look.top.as_str(), "tee" | "dress");
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
    let far_hand = if who.back {
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
        "jacket" | "hoodie" | "uniform" | "sweater" | "apron" => 0.42,
        _ => 0.22,
    } * u
        * legs.min(1.0);
    let flare = if hem > u { 1.25 } else { 1.0 };
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
    let neck_shape = limb(
        &[
            (neck.0, neck.1 + 0.12 * u),
            (chin.0 - dir * 0.05 * u, chin.1 - 0.18 * u),
        ],
        &[0.20 * u, 0.19 * u],
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
    head(&mut b, look, chin, tilt, dir, skin, who);
    let near_hand = if pose.arm[0].abs() > 100.0 || !who.back {
        draw_arm(&mut b, near_shoulder, pose.arm, top, false)
    } else {
        far_hand
    };
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
    Drawn {
        head: head_center,
        near_hand: if pose.far_arm[0] > 60.0
            || matches!(who.pose, "reach" | "point" | "read" | "type" | "sit")
        {
            far_hand
        } else {
            near_hand
        },
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
        "hoodie" => {
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
const LONG_BACK: [P; 10] = [
    (-0.13, -0.07),
    (0.27, 0.02),
    (0.42, 0.4),
    (0.4, 1.0),
    (0.34, 1.5),
    (-0.1, 1.62),
    (-0.55, 1.55),
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
struct Skull {
    chin: P,
    u: f32,
    dir: f32,
    sin: f32,
    cos: f32,
}

impl Skull {
    fn at(&self, p: P) -> P {
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

fn head(
    b: &mut Brush<'_>,
    look: &Look,
    chin: P,
    tilt: f32,
    dir: f32,
    skin: Rgb,
    who: &Standing<'_>,
) {
    let u = b.u;
    let angle = (dir * tilt * 0.6).to_radians();
    let skull = Skull {
        chin,
        u,
        dir,
        sin: angle.sin(),
        cos: angle.cos(),
    };
    let hair = lit(&look.hair_color, b.palette);
    let accent = lit(&look.accent, b.palette);
    let style = look.hair.as_str();
    // What hangs behind the face.
    match style {
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
        b.form(&outline, hair, 0.12, true);
        b.sheet.rim(
            &outline,
            (-b.light.0, b.light.1),
            0.03 * u,
            b.palette.light,
            0.5,
        );
        return;
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
        "hat" | "cap" | "beanie" => {
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
            let color = if style == "hat" {
                lit(&look.bottom_color, b.palette).mix(b.palette.ink, 0.2)
            } else {
                accent
            };
            b.form(&smooth(&skull.all(&crown), 4), color, 0.09, true);
            match style {
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
    if u > 30.0 && !matches!(style, "bald" | "cap" | "hat" | "beanie" | "curls") {
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

fn features(
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
    let brow_color = if look.age == Age::Old {
        hair.mix(ink, 0.45)
    } else {
        hair.mix(ink, 0.55)
    };
    // Near eye and far eye, in three-quarter view.
    for (x, width, side) in [(-0.02f32, 0.085f32, -1.0f32), (0.25, 0.065, 1.0)] {
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
                &ellipse(iris, 0.045 * u, 0.05 * u * f[3].min(1.0)),
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
            0.05 * u,
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
            ink,
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
