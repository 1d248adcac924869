//! The artist: cut paper, ink and light. A scene goes in, layers and a panel come out, the same
//! bytes for the same words and seed.

mod paint;
mod palette;
mod people;
mod places;
mod props;

use super::dice::Dice;
use super::reading::{Figure, Scene};
use crate::film::format::{Format, Orientation};
use crate::film::references::{Person, PlaceSheet};
use crate::film::shot::{Angle, Size, View};
use crate::film::storyboard::{Score, Subject};
use anyhow::{Context, Result};
use paint::{P, Rgb, Sheet, ellipse, rect, smooth};
use palette::Palette;
use people::Standing;
use places::{Layers, Set};
use tiny_skia::{Pixmap, PixmapPaint, Transform};

/// A layer's name, how much of the camera's move it shows, and how far it reaches past the frame.
pub const PLANES: [(&str, f64, f64); 6] = [
    ("sky", 0.05, 0.04),
    ("far", 0.2, 0.06),
    ("middle", 0.45, 0.10),
    ("near", 0.75, 0.14),
    ("people", 1.0, 0.16),
    ("foreground", 1.5, 0.24),
];

/// The seed of a set: the same place looks the same in every shot and every film.
pub fn place_seed(place: &str) -> u64 {
    u64::from_le_bytes(
        blake3::hash(place.as_bytes()).as_bytes()[..8]
            .try_into()
            .unwrap_or([0; 8]),
    ) >> 16
}

/// What the artist hands in.
pub struct Drawing {
    /// PNG files with transparency, back to front, named as in [`PLANES`]; empty ones are left out.
    pub layers: Vec<(&'static str, Vec<u8>)>,
    /// The flat panel as a PNG file.
    pub panel: Vec<u8>,
    pub subject: Subject,
    pub score: Score,
}

/// Head height as a part of the picture's height, and where crown or feet stand.
fn framing(size: Size) -> (f32, Stand, f32, f32) {
    // (u, where, how much nearer the place is seen, blur of the place)
    match size {
        Size::Ews => (0.026, Stand::Feet(0.775), 1.0, 0.0),
        Size::Ws => (0.078, Stand::Feet(0.90), 1.0, 0.0),
        Size::Fs => (0.108, Stand::Feet(0.93), 1.15, 0.0),
        Size::Mws => (0.165, Stand::Crown(0.10), 1.35, 0.0),
        Size::Ms => (0.235, Stand::Crown(0.10), 1.65, 2.0),
        Size::Mcu => (0.34, Stand::Crown(0.09), 2.1, 6.0),
        Size::Cu => (0.47, Stand::Crown(0.17), 2.6, 11.0),
        Size::Bcu => (0.86, Stand::Crown(-0.08), 3.2, 16.0),
        Size::Ecu => (1.6, Stand::Crown(-0.42), 3.4, 18.0),
        Size::Insert => (0.5, Stand::Crown(0.2), 2.8, 12.0),
    }
}

#[derive(Clone, Copy)]
enum Stand {
    Feet(f32),
    Crown(f32),
}

/// Draws a scene. `place_seed` keeps a set the same from shot to shot, `seed` varies the take.
pub fn draw(scene: &Scene, format: Format, place_seed: u64, seed: u64) -> Result<Drawing> {
    let mut dice = Dice::new(seed, "composition");
    let palette = palette::choose(
        &scene.place,
        scene.interior,
        &scene.time,
        &scene.weather,
        &scene.mood,
        &scene.look,
    );
    let sheet = |bleed: f64| {
        Sheet::new(format.width, format.height, bleed as f32)
            .context("the picture is too large to draw")
    };
    let mut l = Layers {
        sky: sheet(PLANES[0].2)?,
        far: sheet(PLANES[1].2)?,
        middle: sheet(PLANES[2].2)?,
        near: sheet(PLANES[3].2)?,
        people: sheet(PLANES[4].2)?,
        fore: sheet(PLANES[5].2)?,
    };
    let w = l.sky.w;
    let light: P = if Dice::new(place_seed, "light").chance(0.5) {
        (-0.64, -0.77)
    } else {
        (0.64, -0.77)
    };
    let (mut u, stand, near_by, blur) = framing(scene.size);
    // Another take stands a little elsewhere; the sizes of the trade stay.
    u *= dice.range(0.97, 1.03);
    let near_by = near_by * dice.range(1.0, 1.06);
    let horizon = match (scene.view, scene.angle) {
        (Some(View::Top), _) => 120.0,
        (Some(View::Aerial), _) => 260.0,
        (_, Angle::High) => 430.0,
        (_, Angle::Low) => 760.0,
        (_, Angle::Worm) => 820.0,
        _ => 640.0,
    };
    let set = Set {
        w,
        palette: &palette,
        seed: place_seed,
        time: &scene.time,
        weather: &scene.weather,
        interior: scene.interior,
        light,
        horizon,
    };
    let wide = format.orientation() == Orientation::Wide;
    let insert = scene.size == Size::Insert || (scene.size == Size::Ecu && scene.people.is_empty());
    let from = (
        w * (if wide { 0.58 } else { 0.5 } + dice.range(-0.05, 0.05)),
        560.0,
    );
    let to = (w * 0.5, 520.0);
    for sheet in [&mut l.sky, &mut l.far, &mut l.middle, &mut l.near] {
        if near_by > 1.0 {
            sheet.zoom(near_by, from, to);
        }
    }
    places::draw(&scene.place, &mut l, &set);
    for sheet in [&mut l.sky, &mut l.far, &mut l.middle, &mut l.near] {
        sheet.unzoom();
        if blur > 0.0 {
            sheet.blur(blur);
        }
    }
    let close = matches!(
        scene.size,
        Size::Ms | Size::Mcu | Size::Cu | Size::Bcu | Size::Ecu | Size::Insert
    );
    if close {
        let kept_weather = matches!(scene.weather.as_str(), "rain" | "snow") && !scene.interior;
        if !kept_weather {
            l.fore.pix.fill(tiny_skia::Color::TRANSPARENT);
        }
        bokeh(&mut l.middle, &palette, &mut dice, blur);
    }
    let mut subject = Subject { x: 0.58, y: 0.45 };
    if insert {
        subject = insert_shot(&mut l, &palette, light, scene, w, &mut dice);
    } else if scene.view != Some(View::Pov) {
        match scene.angle {
            Angle::Low | Angle::Worm => u *= 1.06,
            Angle::High => u *= 0.92,
            _ => {}
        }
        if matches!(scene.view, Some(View::Top | View::Aerial)) {
            u *= 0.6;
        }
        if let Some(at) = company(&mut l, &palette, light, scene, w, u, stand, wide, &mut dice) {
            subject = at;
        } else if let Some(prop) = &scene.prop {
            let size = 1000.0
                * match scene.size {
                    Size::Ews => 0.11,
                    Size::Ws | Size::Fs => 0.16,
                    Size::Mws | Size::Ms => 0.3,
                    _ => 0.46,
                };
            let at = (
                w * if wide { 0.44 } else { 0.5 },
                if close { 600.0 } else { 800.0 },
            );
            l.people.fill_alpha(
                &ellipse((at.0, at.1 + size * 0.46), size * 0.6, size * 0.09),
                palette.shadow.mix(palette.ink, 0.5),
                0.4,
            );
            props::draw(&mut l.people, &palette, light, prop, at, size);
            subject = Subject {
                x: f64::from(at.0 / w),
                y: f64::from(at.1 / 1000.0),
            };
        }
    } else {
        for (x, dir) in [(0.24, 1.0f32), (0.76, -1.0)] {
            let hand = smooth(
                &[
                    (w * x - 90.0, 1180.0),
                    (w * x - 40.0 * dir, 880.0),
                    (w * x + 20.0 * dir, 790.0),
                    (w * x + 70.0 * dir, 820.0),
                    (w * x + 60.0, 960.0),
                    (w * x + 110.0, 1180.0),
                ],
                6,
            );
            l.fore.fill(
                &hand,
                Rgb::hex("c68a62").times(palette.shadow, if palette.dark { 0.65 } else { 0.3 }),
            );
            l.fore.ink(&hand, 8.0, light, palette.ink);
        }
    }
    finish(l, &palette, subject)
}

/// People in their places; returns where the eye should rest.
#[expect(
    clippy::too_many_arguments,
    reason = "one composition, read as a whole"
)]
fn company(
    l: &mut Layers,
    palette: &Palette,
    light: P,
    scene: &Scene,
    w: f32,
    u: f32,
    stand: Stand,
    wide: bool,
    dice: &mut Dice,
) -> Option<Subject> {
    let head = u * 1000.0;
    if scene.crowd && !matches!(scene.size, Size::Cu | Size::Bcu | Size::Ecu) {
        crowd(l, palette, light, w, head, dice);
    }
    let people: Vec<&Figure> = scene.people.iter().take(3).collect();
    let lead = people.first()?;
    let at = |x: f32, figure: &Figure| -> (P, bool) {
        let seated = people::posed(&figure.pose).seated;
        match stand {
            Stand::Feet(y) if seated => ((w * x, y * 1000.0 - head * 1.9), false),
            Stand::Feet(y) => ((w * x, y * 1000.0), false),
            Stand::Crown(y) => {
                let stoop = match figure.pose.as_str() {
                    "slump" | "kneel" => 0.5,
                    "read" | "type" => 0.2,
                    _ => 0.0,
                };
                (
                    (
                        w * x,
                        y * 1000.0 + head * (3.34 * figure.look.height as f32 - stoop),
                    ),
                    true,
                )
            }
        }
    };
    let place =
        |l: &mut Layers, figure: &Figure, x: f32, right: bool, grow: f32| -> people::Drawn {
            let (position, hangs) = at(x, figure);
            let seated = people::posed(&figure.pose).seated;
            if !hangs && figure.pose != "lie" {
                l.people.fill_alpha(
                    &ellipse(
                        (
                            position.0,
                            if seated {
                                position.1 + head * 1.9
                            } else {
                                position.1
                            },
                        ),
                        head * 1.3,
                        head * 0.22,
                    ),
                    palette.shadow.mix(palette.ink, 0.6),
                    0.42,
                );
                if seated && matches!(figure.pose.as_str(), "sit" | "read" | "type" | "slump") {
                    let seat = rect(
                        position.0 - head * 0.8,
                        position.1 + head * 0.2,
                        head * 1.5,
                        head * 0.3,
                    );
                    l.people.fill(&seat, palette.near.mix(palette.ink, 0.3));
                    for x in [-0.7, 0.5] {
                        l.people.fill(
                            &rect(
                                position.0 + head * x,
                                position.1 + head * 0.4,
                                head * 0.14,
                                head * 1.5,
                            ),
                            palette.near.mix(palette.ink, 0.5),
                        );
                    }
                    l.people.fill(
                        &rect(
                            position.0 - head * 0.85 * if right { 1.0 } else { -1.0 },
                            position.1 - head * 1.2,
                            head * 0.16,
                            head * 1.5,
                        ),
                        palette.near.mix(palette.ink, 0.4),
                    );
                }
            }
            people::draw(
                &mut l.people,
                palette,
                light,
                &Standing {
                    look: &figure.look,
                    pose: &figure.pose,
                    expression: &figure.expression,
                    at: position,
                    u: head * grow,
                    right,
                    back: false,
                    speaking: figure.speaking,
                    hangs,
                },
            )
        };
    let ots = scene.view == Some(View::Ots) && people.len() > 1;
    let (right, left) = if wide { (0.38, 0.62) } else { (0.46, 0.54) };
    let sway = dice.range(-0.025, 0.025);
    // Alone in the picture one may look either way; in company the sides are kept.
    let faces_right = if people.len() == 1 {
        dice.chance(0.6)
    } else {
        lead.right
    };
    let tight = matches!(scene.size, Size::Cu | Size::Bcu | Size::Ecu);
    let drawn = if ots {
        let drawn = place(l, lead, if wide { 0.64 } else { 0.6 }, false, 0.9);
        let near = people[1];
        people::draw(
            &mut l.fore,
            &shaded(palette),
            light,
            &Standing {
                look: &near.look,
                pose: "stand",
                expression: "neutral",
                at: (
                    w * if wide { 0.12 } else { -0.04 },
                    1000.0 * 0.28 + 500.0 * 3.3,
                ),
                u: 480.0,
                right: true,
                back: true,
                speaking: false,
                hangs: true,
            },
        );
        drawn
    } else if people.len() > 1 && !tight {
        let gap = match (wide, people.len()) {
            (true, 2) => [0.32, 0.68, 0.5],
            (true, _) => [0.26, 0.74, 0.5],
            (false, _) => [0.28, 0.72, 0.5],
        };
        if people.len() > 2 {
            place(l, people[2], gap[2], true, 0.9);
        }
        place(l, people[1], gap[1], false, 1.0);
        place(l, lead, gap[0], true, 1.0)
    } else {
        let x = if faces_right { right } else { left } + sway;
        let x = if tight { 0.5 + (x - 0.5) * 0.7 } else { x };
        place(l, lead, x, faces_right, 1.0)
    };
    if let Some(prop) = &scene.prop
        && !matches!(scene.size, Size::Ews | Size::Cu | Size::Bcu | Size::Ecu)
        && matches!(
            prop.as_str(),
            "letter"
                | "key"
                | "phone"
                | "book"
                | "cup"
                | "bottle"
                | "lamp"
                | "umbrella"
                | "flower"
                | "box"
                | "bread"
                | "gun"
                | "photo"
                | "guitar"
        )
    {
        let size = match prop.as_str() {
            "umbrella" => head * 2.6,
            "box" | "guitar" => head * 1.5,
            "key" | "phone" => head * 0.6,
            _ => head * 0.8,
        };
        let at = if prop == "umbrella" {
            (drawn.head.0 + head * 0.3, drawn.head.1 - head * 0.6)
        } else {
            drawn.near_hand
        };
        props::draw(&mut l.people, palette, light, prop, at, size);
    } else if let Some(prop) = &scene.prop
        && matches!(
            prop.as_str(),
            "dog" | "cat" | "car" | "boat" | "clock" | "screen" | "bird"
        )
        && matches!(scene.size, Size::Ws | Size::Fs | Size::Mws | Size::Ms)
    {
        let (size, at) = match prop.as_str() {
            "dog" | "cat" => (head * 2.0, (w * 0.66, 900.0 - head * 0.9)),
            "car" => (head * 4.2, (w * 0.74, 860.0)),
            "bird" => (160.0, (w * 0.7, 260.0)),
            _ => (head * 2.2, (w * 0.74, 700.0)),
        };
        props::draw(&mut l.near, palette, light, prop, at, size);
    }
    Some(Subject {
        x: f64::from((drawn.head.0 / w).clamp(0.1, 0.9)),
        y: f64::from((drawn.head.1 / 1000.0).clamp(0.1, 0.8)),
    })
}

/// The palette of what stands close to the camera, out of the light.
fn shaded(palette: &Palette) -> Palette {
    let mut p = palette.clone();
    p.dark = true;
    p.light = p.light.mix(p.ink, 0.45);
    p
}

fn crowd(l: &mut Layers, palette: &Palette, light: P, w: f32, head: f32, dice: &mut Dice) {
    for (row, y) in [(0.5f32, 720.0f32), (0.68, 760.0), (0.9, 815.0)] {
        let u = head.clamp(24.0, 90.0) * row * 0.62;
        let mut x = -20.0;
        let mut i = 0;
        while x < w + 20.0 {
            let look = super::casting::look(
                &format!("passer-by {i} {y}"),
                if dice.chance(0.5) { "a woman" } else { "a man" },
                dice.next() % 50,
            );
            let pose = *dice.pick(&["stand", "walk", "talk", "stand", "crossed", "phone"]);
            let mut pale = palette.clone();
            pale.light = pale.light.mix(pale.horizon(), 0.3);
            people::draw(
                &mut l.near,
                &pale,
                light,
                &Standing {
                    look: &look,
                    pose,
                    expression: "neutral",
                    at: (x, y + dice.range(-6.0, 6.0)),
                    u: u * dice.range(0.92, 1.08),
                    right: dice.chance(0.5),
                    back: false,
                    speaking: false,
                    hangs: false,
                },
            );
            x += u * dice.range(1.7, 3.4);
            i += 1;
        }
        let (x0, _, x1, _) = l.near.bounds();
        l.near.gradient(
            &rect(x0, y - u * 8.0, x1 - x0, u * 8.4),
            (0.0, y - u * 8.0),
            (0.0, y + u * 0.4),
            &[
                (0.0, palette.horizon(), 0.0),
                (1.0, palette.horizon(), 0.22 * (1.1 - row)),
            ],
        );
    }
}

/// Light out of focus, behind what is near.
fn bokeh(sheet: &mut Sheet, palette: &Palette, dice: &mut Dice, blur: f32) {
    if blur < 5.0 {
        return;
    }
    for _ in 0..9 {
        let at = (sheet.w * dice.unit(), dice.range(40.0, 560.0));
        let r = dice.range(20.0, 58.0);
        sheet.fill_alpha(
            &ellipse(at, r, r),
            palette.light,
            if palette.dark { 0.2 } else { 0.1 },
        );
    }
}

fn insert_shot(
    l: &mut Layers,
    palette: &Palette,
    light: P,
    scene: &Scene,
    w: f32,
    dice: &mut Dice,
) -> Subject {
    let (x0, _, x1, y1) = l.near.bounds();
    let top = palette.near.mix(
        Rgb::hex("7a5238").times(palette.shadow, if palette.dark { 0.5 } else { 0.1 }),
        0.5,
    );
    l.near.gradient(
        &rect(x0, 520.0, x1 - x0, y1 - 520.0),
        (0.0, 520.0),
        (0.0, y1),
        &[
            (0.0, top.mix(palette.light, 0.15), 1.0),
            (1.0, top.mix(palette.ink, 0.4), 1.0),
        ],
    );
    for i in 0..7 {
        let y = 560.0 + i as f32 * 80.0;
        l.near.stroke(
            &[(x0, y + 20.0), (w * 0.5, y), (x1, y + 12.0)],
            3.0,
            palette.ink,
            0.18,
        );
    }
    let at = (w * 0.5, 560.0);
    l.near
        .glow_oval((at.0, 760.0), 520.0, 0.45, palette.light, 0.7);
    let size = if w < 800.0 { 420.0 } else { 520.0 };
    l.people.fill_alpha(
        &ellipse(
            (at.0 - light.0 * 60.0, at.1 + size * 0.42),
            size * 0.55,
            size * 0.1,
        ),
        palette.ink,
        0.35,
    );
    let prop = scene.prop.as_deref().unwrap_or("thing");
    props::draw(&mut l.people, palette, light, prop, at, size * 0.98);
    if let Some(figure) = scene.people.first() {
        let skin =
            Rgb::hex(&figure.look.skin).times(palette.shadow, if palette.dark { 0.5 } else { 0.1 });
        let sleeve = Rgb::hex(&figure.look.top_color)
            .times(palette.shadow, if palette.dark { 0.5 } else { 0.15 });
        let side = if dice.chance(0.5) { -1.0f32 } else { 1.0 };
        for s in [side, -side] {
            let x = |d: f32| at.0 + s * d;
            let arm = smooth(
                &[
                    (x(760.0), 1180.0),
                    (x(430.0), 890.0),
                    (x(360.0), 960.0),
                    (x(540.0), 1240.0),
                ],
                5,
            );
            l.people.fill(&arm, sleeve);
            l.people.shade(&arm, light, 40.0, palette.shadow, 0.55);
            let hand = smooth(
                &[
                    (x(430.0), 890.0),
                    (x(330.0), 800.0),
                    (x(250.0), 740.0),
                    (x(205.0), 735.0),
                    (x(200.0), 770.0),
                    (x(260.0), 820.0),
                    (x(230.0), 850.0),
                    (x(280.0), 900.0),
                    (x(360.0), 960.0),
                ],
                6,
            );
            l.people.fill(&hand, skin);
            l.people.shade(&hand, light, 22.0, palette.shadow, 0.5);
            l.people.ink(&hand, 7.0, light, palette.ink);
        }
    }
    Subject { x: 0.5, y: 0.56 }
}

/// The frame itself, cut out of a layer that reaches beyond it.
fn framed(sheet: &Sheet) -> (i32, i32) {
    let px = (sheet.pix.width() as f32 / (1.0 + 2.0 * sheet.bleed)).round();
    let py = (sheet.pix.height() as f32 / (1.0 + 2.0 * sheet.bleed)).round();
    (
        ((sheet.pix.width() as f32 - px) / 2.0).round() as i32,
        ((sheet.pix.height() as f32 - py) / 2.0).round() as i32,
    )
}

fn finish(mut l: Layers, palette: &Palette, subject: Subject) -> Result<Drawing> {
    let (x, y) = framed(&l.sky);
    let (w, h) = (
        l.sky.pix.width() - 2 * x as u32,
        l.sky.pix.height() - 2 * y as u32,
    );
    // People are cut out of their background by the light behind them.
    outline_light(&mut l.people, palette);
    let mut panel = Pixmap::new(w, h).context("the picture is too large to draw")?;
    let sheets = [&l.sky, &l.far, &l.middle, &l.near, &l.people, &l.fore];
    for sheet in sheets {
        let (x, y) = framed(sheet);
        panel.draw_pixmap(
            -x,
            -y,
            sheet.pix.as_ref(),
            &PixmapPaint::default(),
            Transform::identity(),
            None,
        );
    }
    let mut layers = Vec::new();
    for ((name, _, _), sheet) in PLANES.into_iter().zip(sheets) {
        if sheet.pix.data().chunks_exact(4).any(|p| p[3] > 0) {
            layers.push((name, png(&sheet.pix)?));
        }
    }
    let tidy = |v: f64| (v * 1000.0).round() / 1000.0;
    Ok(Drawing {
        layers,
        score: score(&panel),
        panel: png(&panel)?,
        subject: Subject {
            x: tidy(subject.x),
            y: tidy(subject.y),
        },
    })
}

/// A thin rim on the side away from the light, from the layer's own alpha.
fn outline_light(sheet: &mut Sheet, palette: &Palette) {
    let (w, h) = (sheet.pix.width() as usize, sheet.pix.height() as usize);
    let shift = (h / 360).max(1);
    let alpha: Vec<u8> = sheet.pix.data().chunks_exact(4).map(|p| p[3]).collect();
    let color = [palette.light.0, palette.light.1, palette.light.2];
    let data = sheet.pix.data_mut();
    for y in shift..h {
        for x in 0..w {
            let at = y * w + x;
            let a = alpha[at];
            if a > 200 && alpha[at - shift * w] < 60 {
                let p = &mut data[at * 4..at * 4 + 3];
                for (c, light) in p.iter_mut().zip(color) {
                    *c = (f32::from(*c) * 0.45 + light * 255.0 * 0.55).min(f32::from(a)) as u8;
                }
            }
        }
    }
}

fn png(pix: &Pixmap) -> Result<Vec<u8>> {
    let mut straight = Vec::with_capacity(pix.data().len());
    for p in pix.pixels() {
        let c = p.demultiply();
        straight.extend([c.red(), c.green(), c.blue(), c.alpha()]);
    }
    encode(&straight, pix.width(), pix.height())
}

fn encode(rgba: &[u8], width: u32, height: u32) -> Result<Vec<u8>> {
    use image::ImageEncoder;
    use image::codecs::png::{CompressionType, FilterType, PngEncoder};
    let mut out = Vec::new();
    PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Up)
        .write_image(rgba, width, height, image::ExtendedColorType::Rgba8)
        .context("cannot write a PNG")?;
    Ok(out)
}

/// Measures a picture: does it show edges, is it neither black nor white, has it tones.
fn score(panel: &Pixmap) -> Score {
    let (w, h) = (panel.width() as usize, panel.height() as usize);
    let step = (h / 270).max(1);
    let luma = |x: usize, y: usize| {
        let p = &panel.data()[(y * w + x) * 4..];
        0.2126 * f32::from(p[0]) + 0.7152 * f32::from(p[1]) + 0.0722 * f32::from(p[2])
    };
    measure(w, h, step, luma)
}

/// Measures any picture by its brightness.
pub fn measure(w: usize, h: usize, step: usize, luma: impl Fn(usize, usize) -> f32) -> Score {
    let (mut n, mut sum, mut squares, mut edges) = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
    for y in (0..h.saturating_sub(step)).step_by(step) {
        for x in (0..w.saturating_sub(step)).step_by(step) {
            let v = luma(x, y);
            n += 1.0;
            sum += v;
            squares += v * v;
            edges += (luma(x + step, y) - v)
                .abs()
                .max((luma(x, y + step) - v).abs());
        }
    }
    let n = n.max(1.0);
    let mean = sum / n;
    let deviation = (squares / n - mean * mean).max(0.0).sqrt();
    let percent = |v: f32| v.clamp(0.0, 100.0).round() as u32;
    let sharpness = percent(edges / n * 9.0);
    let exposure = percent(100.0 - (mean - 118.0).abs().max(38.0) * 1.25 + 47.5);
    let contrast = percent(deviation * 2.2);
    let mut weak = Vec::new();
    if sharpness < 25 {
        weak.push("few edges");
    }
    if exposure < 35 {
        weak.push(if mean < 118.0 {
            "very dark"
        } else {
            "very bright"
        });
    }
    if contrast < 35 {
        weak.push("little contrast");
    }
    Score {
        total: (sharpness.min(100) + exposure + 2 * contrast) / 4,
        sharpness,
        exposure,
        contrast,
        note: weak.join(", "),
    }
}

/// A sheet that shows a person whole, and near with two faces.
pub fn person_sheet(person: &Person, mood: &str, look: &str) -> Result<Vec<u8>> {
    let mut sheet = Sheet::new(960, 540, 0.0).context("a sheet")?;
    let mut palette = palette::choose("office", true, "day", "", mood, look);
    palette.dark = false;
    let w = sheet.w;
    sheet.wash(&[Rgb::hex("e9ddc6"), Rgb::hex("d8c8ac")], 0.0, 1000.0);
    sheet.glow((w * 0.3, 420.0), 620.0, Rgb(1.0, 0.98, 0.9), 0.6);
    let light = (-0.64, -0.77);
    sheet.fill_alpha(&ellipse((w * 0.2, 940.0), 150.0, 22.0), palette.shadow, 0.5);
    let mut figure = |at: P, u: f32, right: bool, expression: &str, hangs: bool| {
        people::draw(
            &mut sheet,
            &palette,
            light,
            &Standing {
                look: &person.look,
                pose: "stand",
                expression,
                at,
                u,
                right,
                back: false,
                speaking: false,
                hangs,
            },
        );
    };
    let h = person.look.height as f32;
    figure((w * 0.2, 940.0), 112.0, true, "neutral", false);
    figure(
        (w * 0.52, 250.0 + 260.0 * 3.34 * h),
        260.0,
        true,
        "neutral",
        true,
    );
    figure(
        (w * 0.83, 250.0 + 260.0 * 3.34 * h),
        260.0,
        false,
        "happy",
        true,
    );
    for (i, c) in [
        &person.look.skin,
        &person.look.hair_color,
        &person.look.top_color,
        &person.look.bottom_color,
        &person.look.accent,
    ]
    .into_iter()
    .enumerate()
    {
        sheet.fill(&rect(40.0 + i as f32 * 56.0, 40.0, 44.0, 44.0), Rgb::hex(c));
    }
    png(&sheet.pix)
}

/// A sheet that shows a place empty, by its own light.
pub fn place_sheet(
    place: &PlaceSheet,
    time: &str,
    mood: &str,
    look: &str,
    place_seed: u64,
) -> Result<Vec<u8>> {
    let scene = Scene {
        place: place.kind.clone(),
        interior: place.interior,
        time: time.to_owned(),
        weather: String::new(),
        mood: mood.to_owned(),
        look: look.to_owned(),
        people: Vec::new(),
        crowd: false,
        prop: None,
        size: Size::Ews,
        view: None,
        angle: Angle::Eye,
    };
    Ok(draw(
        &scene,
        Format {
            width: 960,
            height: 540,
        },
        place_seed,
        1,
    )?
    .panel)
}

#[cfg(test)]
mod tests;
