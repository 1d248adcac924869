//! The artist: cut paper, ink and light. A scene goes in, layers and a panel come out, the same
//! bytes for the same words and seed.

mod at_work;
mod cab;
mod company;
mod crowd;
mod drawing;
mod near;
mod paint;
mod palette;
mod people;
mod places;
mod sheets;
mod support;
mod things;

use super::book::book;
use super::dice::Dice;
use super::reading::Scene;
use crate::film::format::{Format, Orientation};
use crate::film::life::Shows;
use crate::film::shot::{Angle, Size, View};
use crate::film::storyboard::Subject;
use anyhow::{Context, Result};
use company::{Company, Stand};
pub(super) use drawing::{Drawings, read as read_drawings};
use image::RgbImage;
use paint::{P, Rgb, Sheet, ellipse};
use palette::Palette;
pub(super) use places::sets::{Sets, read as read_sets};
use places::{Layers, Set};
pub use sheets::{person_sheet, place_sheet};
use tiny_skia::{Pixmap, PixmapPaint, Transform};

/// A sheet of paper a picture is built of.
pub struct Plane {
    pub name: &'static str,
    /// How much of the camera's move it shows.
    pub speed: f64,
    /// How far it reaches past the frame, as a part of the frame.
    pub bleed: f64,
    /// How it falls for ever, in frame sizes a second.
    pub falls: Option<[f64; 2]>,
    /// How it drifts, in frame sizes a second.
    pub drifts: Option<[f64; 2]>,
    /// Whether it is of somebody who breathes.
    pub breathes: bool,
    pub shows: Option<Shows>,
}

const fn plane(name: &'static str, speed: f64, bleed: f64) -> Plane {
    Plane {
        name,
        speed,
        bleed,
        falls: None,
        drifts: None,
        breathes: false,
        shows: None,
    }
}

/// Weather is drawn once and falls for ever: what leaves the frame below comes in above.
const fn weather(name: &'static str, falls: [f64; 2]) -> Plane {
    Plane {
        name,
        falls: Some(falls),
        ..plane(name, 0.0, 0.5)
    }
}

/// All planes, back to front.
pub const PLANES: [Plane; 12] = [
    plane("sky", 0.05, 0.04),
    Plane {
        drifts: Some([0.003, 0.0]),
        ..plane("clouds", 0.06, 0.12)
    },
    plane("far", 0.2, 0.06),
    plane("middle", 0.45, 0.10),
    plane("near", 0.75, 0.14),
    Plane {
        breathes: true,
        ..plane("people", 1.0, 0.16)
    },
    // Eyelids, over the people.
    Plane {
        breathes: true,
        shows: Some(Shows::Blinks),
        ..plane("lids", 1.0, 0.16)
    },
    plane("foreground", 1.5, 0.24),
    // The light of a fire.
    Plane {
        shows: Some(Shows::Flickers),
        ..plane("flicker", 0.0, 0.02)
    },
    weather("rain", [-0.22, 1.5]),
    weather("storm", [-0.7, 1.9]),
    weather("snow", [0.03, 0.12]),
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
    /// What it could not show.
    pub remarks: Vec<String>,
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

/// The colours of a scene.
fn palette_of(scene: &Scene) -> Palette {
    let furnished = book().sets.get(&scene.place);
    let tones = furnished
        .map(|s| s.tones.as_str())
        .filter(|t| !t.is_empty());
    palette::choose(
        tones.unwrap_or(&scene.place),
        scene.interior,
        &scene.time,
        &scene.weather,
        &scene.mood,
        &scene.look,
        &scene.light,
    )
}

/// Where the light of a place comes from.
fn light_of(place_seed: u64) -> P {
    if Dice::new(place_seed, "light").chance(0.5) {
        (-0.64, -0.77)
    } else {
        (0.64, -0.77)
    }
}

/// A part of a picture: its upper left corner and its size, as parts of the whole.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Lays the first thing that a scene names over a picture, as large as a spot; `None` where it names none.
pub fn lay_thing(
    picture: &RgbImage,
    scene: &Scene,
    place_seed: u64,
    spot: Spot,
) -> Result<Option<RgbImage>> {
    let found = (scene.props.iter()).find_map(|p| Some((p, book().drawings.get(p)?)));
    let Some((name, thing)) = found else {
        return Ok(None);
    };
    let palette = palette::tinted(&palette_of(scene), scene.tints.get(name));
    let (width, height) = picture.dimensions();
    let mut sheet = Sheet::new(width, height, 0.0).context("the picture is too large")?;
    let (w, h) = (f64::from(sheet.w), 1000.0);
    let at = (
        ((spot.x + spot.width / 2.0) * w) as f32,
        ((spot.y + spot.height / 2.0) * h) as f32,
    );
    // A thing reaches half its size to each side.
    let size = (spot.width * w).min(spot.height * h) as f32 * 0.94;
    thing.draw(&mut sheet, &palette, light_of(place_seed), at, size, false);
    let mut out = picture.clone();
    for (below, over) in out.pixels_mut().zip(sheet.pix.pixels()) {
        let keep = 255 - u32::from(over.alpha());
        let above = [over.red(), over.green(), over.blue()];
        for (b, a) in below.0.iter_mut().zip(above) {
            *b = (u32::from(*b) * keep / 255 + u32::from(a)).min(255) as u8;
        }
    }
    Ok(Some(out))
}

/// Draws a scene. `place_seed` keeps a set the same from shot to shot, `seed` varies the take.
pub fn draw(scene: &Scene, format: Format, place_seed: u64, seed: u64) -> Result<Drawing> {
    let mut dice = Dice::new(seed, "composition");
    let palette = palette_of(scene);
    let aboard = cab::in_a_cab(scene);
    // A car has no room to stand farther off.
    let nearer = Scene {
        size: Size::Ms,
        ..scene.clone()
    };
    let wider = matches!(scene.size, Size::Ews | Size::Ws | Size::Fs | Size::Mws);
    let scene = if aboard && wider { &nearer } else { scene };
    let sheet = |name: &str| {
        let plane = PLANES.iter().find(|p| p.name == name);
        let bleed = plane.map_or(0.0, |p| p.bleed as f32);
        Sheet::new(format.width, format.height, bleed).context("the picture is too large to draw")
    };
    let mut l = Layers {
        sky: sheet("sky")?,
        clouds: sheet("clouds")?,
        far: sheet("far")?,
        middle: sheet("middle")?,
        near: sheet("near")?,
        people: sheet("people")?,
        lids: sheet("lids")?,
        fore: sheet("foreground")?,
    };
    let w = l.sky.w;
    let light = light_of(place_seed);
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
    // Half of all places are built the other way round.
    let turned = Dice::new(place_seed, "side").chance(0.5);
    let in_use = support::in_use(scene);
    let set = Set {
        w,
        palette: &palette,
        seed: place_seed,
        time: &scene.time,
        weather: &scene.weather,
        interior: scene.interior,
        deserted: scene.deserted,
        outlook: &scene.outlook,
        in_use: &in_use,
        aboard,
        light: if turned { (-light.0, light.1) } else { light },
        horizon,
    };
    let wide = format.orientation() == Orientation::Wide;
    // What is near, is not drawn and has nobody beside it is suggested by its shape in the light.
    let hinted = matches!(scene.size, Size::Cu | Size::Bcu)
        && scene.props.is_empty()
        && !scene.unknown.is_empty();
    let insert = scene.size == Size::Insert
        || (scene.people.is_empty() && (scene.size == Size::Ecu || hinted));
    let from = (
        w * (if wide { 0.58 } else { 0.5 } + dice.range(-0.05, 0.05)),
        560.0,
    );
    let to = (w * 0.5, 520.0);
    for sheet in l.place() {
        if near_by > 1.0 {
            sheet.zoom(near_by, from, to);
        }
    }
    places::draw(&scene.place, &mut l, &set);
    if turned {
        l.place().into_iter().for_each(Sheet::mirror);
        l.fore.mirror();
    }
    for sheet in l.place() {
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
        l.fore.pix.fill(tiny_skia::Color::TRANSPARENT);
        bokeh(&mut l.middle, &palette, &mut dice, blur);
    }
    let mut subject = Subject { x: 0.58, y: 0.45 };
    if insert {
        subject = near::insert_shot(&mut l, &palette, light, scene, w, &mut dice);
    } else {
        match scene.angle {
            Angle::Low | Angle::Worm => u *= 1.06,
            Angle::High => u *= 0.92,
            _ => {}
        }
        if matches!(scene.view, Some(View::Top | View::Aerial)) {
            u *= 0.6;
        }
        let company = Company {
            scene,
            palette: &palette,
            light,
            w,
            head: u * 1000.0,
            stand,
            wide,
            turned,
        };
        if let Some(at) = company.draw(&mut l, &mut dice) {
            subject = at;
        }
    }
    let mut over: Vec<(&'static str, Sheet)> = Vec::new();
    if fire(scene) {
        let mut glow = sheet("flicker")?;
        glow.glow(
            (w * subject.x as f32, 980.0),
            760.0,
            Rgb::hex("ffb060"),
            0.13,
        );
        over.push(("flicker", glow));
    }
    over.extend(places::falling(&set, format)?);
    // What one looks up at narrows upwards, what one looks down on towards the ground.
    let lean = match scene.angle {
        _ if insert => 0.0,
        Angle::Low => 0.13,
        Angle::Worm => 0.2,
        Angle::High => -0.15,
        _ => 0.0,
    };
    if lean != 0.0 {
        l.far.converge(1.0 - 0.4 * lean, 1.0 + 0.4 * lean, true);
        for sheet in [&mut l.middle, &mut l.near] {
            sheet.converge(1.0 - lean, 1.0 + lean, true);
        }
        for sheet in [&mut l.people, &mut l.lids, &mut l.fore] {
            sheet.converge(1.0 - lean, 1.0 + lean, false);
        }
    }
    // People are cut out of their background by the light behind them.
    outline_light(&mut l.people, &palette);
    let exposed = exposure(&scene.light);
    if exposed != 1.0 {
        l.all().into_iter().for_each(|sheet| sheet.expose(exposed));
    }
    let mut drawing = finish(l, format, &over, subject)?;
    if !scene.unknown.is_empty() {
        drawing.remarks = vec![format!("not drawn: {}", scene.unknown.join(", "))];
    }
    Ok(drawing)
}

/// What all colours are multiplied by in a light that the words name.
fn exposure(light: &str) -> f32 {
    match light {
        "almost_dark" => 0.46,
        "dim" => 0.68,
        "bright" => 1.16,
        "glaring" => 1.34,
        _ => 1.0,
    }
}

/// Whether something burns there.
fn fire(scene: &Scene) -> bool {
    const BURNING: [&str; 5] = ["fireplace", "campfire", "candle", "lantern", "torch"];
    let set = book().sets.get(&scene.place);
    let here =
        |thing: &str| scene.props.iter().any(|p| p == thing) || set.is_some_and(|s| s.holds(thing));
    BURNING.into_iter().any(here)
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

/// The palette of what stands close to the camera, out of the light.
fn shaded(palette: &Palette) -> Palette {
    let mut p = palette.clone();
    p.dark = true;
    p.light = p.light.mix(p.ink, 0.45);
    p
}

fn finish(
    l: Layers,
    format: Format,
    over: &[(&'static str, Sheet)],
    subject: Subject,
) -> Result<Drawing> {
    let (w, h) = (format.width, format.height);
    let mut panel = Pixmap::new(w, h).context("the picture is too large to draw")?;
    let mut sheets: Vec<(&'static str, &Sheet)> = vec![
        ("sky", &l.sky),
        ("clouds", &l.clouds),
        ("far", &l.far),
        ("middle", &l.middle),
        ("near", &l.near),
        ("people", &l.people),
        ("lids", &l.lids),
        ("foreground", &l.fore),
    ];
    sheets.extend(over.iter().map(|(name, sheet)| (*name, sheet)));
    for (name, sheet) in &sheets {
        // What is seen now and then is not on the panel.
        if PLANES.iter().any(|p| p.name == *name && p.shows.is_some()) {
            continue;
        }
        // The frame itself, cut out of a sheet that reaches beyond it.
        let x = (sheet.pix.width() - w) as i32 / 2;
        let y = (sheet.pix.height() - h) as i32 / 2;
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
    for (name, sheet) in sheets {
        if sheet.pix.data().chunks_exact(4).any(|p| p[3] > 0) {
            layers.push((name, png(&sheet.pix)?));
        }
    }
    let tidy = |v: f64| (v * 1000.0).round() / 1000.0;
    Ok(Drawing {
        layers,
        remarks: Vec::new(),
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
            let a = f32::from(alpha[at]);
            // As much light as the edge is an edge: no teeth.
            let edge = (a - f32::from(alpha[at - shift * w])) / 255.0;
            if edge > 0.02 {
                let p = &mut data[at * 4..at * 4 + 3];
                let k = 0.55 * edge;
                for (c, light) in p.iter_mut().zip(color) {
                    *c = (f32::from(*c) * (1.0 - k) + light * a * k) as u8;
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

#[cfg(test)]
mod tests;
