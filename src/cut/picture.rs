//! A shot's footage, ready to be filmed: its layers in memory, or a clip that is decoded as it goes.

use super::canvas::Bitmap;
use super::frame::{BLACK, Frame};
use super::mount::mounted;
use super::plate::{Cover, Covers, Plate};
use super::sample::{Across, BLOCK, Bench, Down, Line, Phases, Source, Stretch, lay};
use super::turn::Turn;
use crate::film::assets::{Asset, Fit, Layer, Short};
use crate::film::camera::{self, Camera};
use crate::film::format::Format;
use crate::film::life::{self, Shows};
use crate::film::shot::Move;
use crate::film::storyboard::Subject;
use crate::film::time::{Frames, Rate};
use crate::media::decode::{Conform, Decoder};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Everything a shot's picture is made of; enough to load it on another thread.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) root: PathBuf,
    pub(super) ffmpeg: PathBuf,
    pub(super) asset: Asset,
    pub(super) format: Format,
    pub(super) rate: Rate,
    pub(super) length: Frames,
}

/// One flat picture at its depth.
struct Sheet {
    plate: Plate,
    cover: Option<Cover>,
    speed: f64,
    bleed: f64,
    /// What it does by itself.
    life: Life,
    /// Picture pixels a frame pixel, before any zoom.
    density: f64,
    /// What stands in the middle of the frame, in picture pixels.
    middle: (f64, f64),
    /// The frame's size.
    frame: (f64, f64),
    weights: Weights,
}

/// What a layer does while the camera holds.
#[derive(Clone, Copy)]
struct Life {
    falls: Option<[f64; 2]>,
    drifts: Option<[f64; 2]>,
    breathes: f64,
    shows: Option<Shows>,
    is_still: bool,
}

impl Life {
    const NONE: Life = Life {
        falls: None,
        drifts: None,
        breathes: 0.0,
        shows: None,
        is_still: true,
    };

    fn of(layer: &Layer) -> Life {
        Life {
            falls: layer.falls,
            drifts: layer.drifts,
            breathes: layer.breathes,
            shows: layer.shows,
            is_still: layer.is_still(),
        }
    }
}

/// A moment of a shot.
#[derive(Clone, Copy)]
struct Moment {
    camera: Camera,
    seconds: f64,
    /// How many times larger everything is shown than the camera asks, to be turned afterwards.
    spread: f64,
    /// Of the shot, for what happens by chance in it.
    seed: u64,
}

/// The tables of a view, for light and for colour.
#[derive(Default)]
struct Weights {
    phases: Phases,
    across: [Across; 2],
    down: [Down; 2],
}

/// Where a sheet's pixels come from for a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
struct View {
    x: Line,
    y: Line,
}

pub(super) struct Picture {
    sheets: Vec<Sheet>,
    clip: Option<Clip>,
    movement: Move,
    length: Frames,
    rate: Rate,
    seed: u64,
    /// Where a shot whose camera rolls is composed.
    turn: Option<Turn>,
    /// What does not move under a camera that holds or only turns.
    held: Option<Frame>,
    bench: Bench,
    plan: Vec<(usize, Stretch)>,
    /// The squares of each sheet under each column of tiles.
    columns: Vec<Vec<(usize, usize)>>,
    hidden: Vec<bool>,
}

/// Frames are planned in tiles, so many pixels wide and high.
const TILE: (usize, usize) = (2 * BLOCK, 16);

/// A picture this much larger or smaller than it is filmed is scaled once, when it is loaded.
const NEAR: f64 = 1.15;

impl Picture {
    pub(super) fn load(order: &Order) -> Result<Picture> {
        let (asset, format) = (&order.asset, order.format);
        let seconds = order.rate.seconds(order.length);
        let views: Vec<Camera> = (0..=32)
            .map(|i| camera::at(asset.movement, seconds * f64::from(i) / 32.0, seconds))
            .collect();
        let roll = views.iter().map(|c| c.roll.abs()).fold(0.0, f64::max);
        let turn = (roll > 0.0).then(|| Turn::new(format, roll));
        let spread = turn.as_ref().map_or(1.0, |t| t.spread);
        let nearest = spread * views.iter().map(|c| c.zoom).fold(1.0, f64::max);
        let mut sheets = Vec::new();
        for layer in &asset.layers {
            // A small picture shows grain as blocks.
            let grained = format.width.min(format.height) >= 540;
            let bitmap = read(&order.root.join(&layer.file), grained)?;
            let zoom = spread * (1.0 + (nearest / spread - 1.0) * layer.speed);
            let mut sheet = Sheet::new(
                &bitmap,
                format,
                layer.bleed,
                layer.speed,
                zoom,
                asset.subject,
            );
            sheet.life = Life::of(layer);
            sheets.push(sheet);
        }
        if let Some(still) = &asset.still {
            let mut bitmap = read(&order.root.join(still), false)?;
            if asset.fit == Fit::Whole {
                bitmap = mounted(&bitmap, format, nearest);
            }
            // A flat picture is shown whole, but for what the move needs at its sides.
            let bleed = views
                .iter()
                .map(|c| (c.x.abs().max(c.y.abs()) - room(c.zoom)) / 0.98)
                .fold(0.0, f64::max);
            sheets.push(Sheet::new(
                &bitmap,
                format,
                bleed,
                1.0,
                nearest,
                asset.subject,
            ));
        }
        let clip = match &asset.clip {
            Some(file) => Some(Clip::open(order, file)?),
            None => None,
        };
        Ok(Picture {
            sheets,
            clip,
            movement: asset.movement,
            length: order.length,
            rate: order.rate,
            seed: asset
                .id
                .as_str()
                .bytes()
                .fold(0xcbf2_9ce4_8422_2325, |h, b| {
                    (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
                }),
            turn,
            held: None,
            bench: Bench::default(),
            plan: Vec::new(),
            columns: Vec::new(),
            hidden: Vec::new(),
        })
    }

    /// Composes the frame `at` frames into the shot; handles reach outside it.
    pub(super) fn frame(&mut self, out: &mut Frame, at: Frames) -> Result<()> {
        if let Some(clip) = &mut self.clip {
            return clip.frame(out, at);
        }
        let seconds = self.rate.seconds(at);
        let moment = Moment {
            camera: camera::at(self.movement, seconds, self.rate.seconds(self.length)),
            seconds,
            spread: self.turn.as_ref().map_or(1.0, |t| t.spread),
            seed: self.seed,
        };
        match self.turn.take() {
            Some(mut turn) => {
                self.filmed(moment, &mut turn.canvas);
                turn.shoot(out, moment.camera.roll);
                self.turn = Some(turn);
            }
            None => self.filmed(moment, out),
        }
        Ok(())
    }

    /// Composes what the camera sees before it is turned.
    fn filmed(&mut self, moment: Moment, out: &mut Frame) {
        let holds = [Move::Static, Move::RollLeft, Move::RollRight];
        if !holds.contains(&self.movement) {
            self.ground(out);
            self.compose(moment, 0..self.sheets.len(), out);
            return;
        }
        // What stands still is composed once; what lives in front of it, for every frame.
        let first = self.sheets.iter().position(|s| !s.life.is_still);
        let still = first.unwrap_or(self.sheets.len());
        if let Some(held) = &self.held {
            out.bytes.copy_from_slice(&held.bytes);
        } else {
            self.ground(out);
            self.compose(moment, 0..still, out);
            self.held = Some(out.clone());
        }
        if still < self.sheets.len() {
            self.compose(moment, still..self.sheets.len(), out);
        }
    }

    /// Blackens a frame whose last sheet does not cover it.
    fn ground(&self, out: &mut Frame) {
        if self.sheets.first().is_none_or(|s| s.plate.alpha.is_some()) {
            out.fill(BLACK);
        }
    }

    /// Lays these sheets over what `out` shows.
    fn compose(&mut self, moment: Moment, which: std::ops::Range<usize>, out: &mut Frame) {
        let (w, h) = (out.width, out.height);
        let sheets = &mut self.sheets[which.clone()];
        let mut views = Vec::with_capacity(sheets.len());
        for sheet in sheets.iter_mut() {
            let view = sheet.view(moment, w as f64, h as f64);
            if let Some(view) = view {
                sheet.tabulate(view, w, h);
            }
            views.push(view);
        }
        let sheets = &self.sheets[which];
        let tiles = w.div_ceil(TILE.0);
        self.columns.resize(sheets.len(), Vec::new());
        for ((columns, sheet), view) in self.columns.iter_mut().zip(sheets).zip(&views) {
            columns.clear();
            let Some(view) = view else { continue };
            columns.extend((0..tiles).map(|tile| {
                let (a, b) = (tile * TILE.0, (tile + 1) * TILE.0);
                sheet.cover.as_ref().map_or((0, 1), |c| {
                    c.columns(view.x.place(a) - SEEN, view.x.place(b) + SEEN)
                })
            }));
        }
        for top in (0..h).step_by(TILE.1) {
            let bottom = (top + TILE.1).min(h);
            plan(
                sheets,
                &views,
                &self.columns,
                (top, bottom),
                &mut self.hidden,
                &mut self.plan,
            );
            for (s, stretch) in &self.plan {
                let sheet = &sheets[*s];
                let parts = [&sheet.plate.y, &sheet.plate.u, &sheet.plate.v];
                for (i, ((to, width), color)) in out.planes().into_iter().zip(parts).enumerate() {
                    let half = usize::from(i > 0);
                    let source = Source {
                        color,
                        alpha: sheet.plate.alpha.as_ref().map(|a| &a[half]),
                        down: &sheet.weights.down[half],
                        across: &sheet.weights.across[half],
                    };
                    // A tile is two blocks of light and one of colour.
                    let per_tile = 2 >> half;
                    let stretch = Stretch {
                        first: stretch.first * per_tile,
                        last: stretch.last * per_tile,
                        covers: stretch.covers,
                    };
                    let rows = (top >> half)..(bottom >> half);
                    lay(&source, stretch, rows, to, width, &mut self.bench);
                }
            }
        }
    }
}

/// Finds what of each sheet shows in the tiles from row `top` to `bottom`, from the back to the front;
/// what is hidden behind something in front is left out. Stretches count tiles.
fn plan(
    sheets: &[Sheet],
    views: &[Option<View>],
    columns: &[Vec<(usize, usize)>],
    rows: (usize, usize),
    hidden: &mut Vec<bool>,
    found: &mut Vec<(usize, Stretch)>,
) {
    found.clear();
    hidden.clear();
    // Front first: what it hides need not be looked at.
    for s in (0..sheets.len()).rev() {
        let sheet = &sheets[s];
        let Some(view) = views[s] else { continue };
        let start = found.len();
        let tiles = columns[s].len();
        hidden.resize(tiles, false);
        let lines = sheet
            .cover
            .as_ref()
            .map(|c| c.rows(view.y.place(rows.0) - SEEN, view.y.place(rows.1) + SEEN));
        for tile in (0..tiles).rev() {
            if hidden[tile] {
                continue;
            }
            let covers = match (&sheet.cover, lines) {
                (Some(cover), Some(lines)) => cover.between(columns[s][tile], lines),
                _ => Covers::All,
            };
            match covers {
                Covers::Nothing => continue,
                Covers::All => hidden[tile] = true,
                Covers::Some => {}
            }
            match found[start..].last_mut() {
                Some((_, stretch)) if stretch.first == tile + 1 && stretch.covers == covers => {
                    stretch.first = tile;
                }
                _ => found.push((
                    s,
                    Stretch {
                        first: tile,
                        last: tile + 1,
                        covers,
                    },
                )),
            }
        }
    }
    found.reverse();
}

/// How many pixels further than its own place a sample sees: of colour, whose pixels are twice as
/// large, three and a little more.
const SEEN: f64 = 8.0;

/// How far a zoomed picture may be shifted before its edge shows, as a part of the frame.
fn room(zoom: f64) -> f64 {
    0.5 * (1.0 - 1.0 / zoom)
}

impl Sheet {
    /// Makes a picture ready that covers the frame and its bleed, its subject in sight.
    fn new(
        bitmap: &Bitmap,
        format: Format,
        bleed: f64,
        speed: f64,
        nearest: f64,
        subject: Subject,
    ) -> Sheet {
        let (w, h) = (f64::from(format.width), f64::from(format.height));
        let paper = 1.0 + 2.0 * bleed;
        let natural =
            (f64::from(bitmap.width) / (w * paper)).min(f64::from(bitmap.height) / (h * paper));
        // What lies outside the paper is never filmed, however far it goes.
        let part = |have: u32, size: f64, at: f64| {
            let want = (size * paper * natural).min(f64::from(have));
            let middle = (f64::from(have) * at).clamp(want / 2.0, f64::from(have) - want / 2.0);
            let from = (middle - want / 2.0 - SEEN).floor().max(0.0);
            let until = (middle + want / 2.0 + SEEN).ceil().min(f64::from(have));
            (from as u32, (until - from) as u32, middle - from)
        };
        let (x, width, middle_x) = part(bitmap.width, w, subject.x);
        let (y, height, middle_y) = part(bitmap.height, h, subject.y);
        let mut plate = if (width, height) == (bitmap.width, bitmap.height) {
            Plate::of(bitmap)
        } else {
            Plate::of(&bitmap.part(x, y, width, height))
        };
        let mut density = natural;
        if !(1.0 / NEAR..=nearest * NEAR).contains(&natural) {
            // Finer than the camera ever comes near is filmed as near as it comes.
            density = nearest;
            plate = scaled(&plate, natural / density);
        }
        Sheet {
            middle: (
                middle_x * plate.y.width as f64 / f64::from(width),
                middle_y * plate.y.height as f64 / f64::from(height),
            ),
            cover: plate.alpha.as_ref().map(|[alpha, _]| Cover::of(alpha)),
            plate,
            speed,
            bleed,
            life: Life::NONE,
            density,
            frame: (w, h),
            weights: Weights::default(),
        }
    }

    /// `None` while it is not seen.
    fn view(&self, moment: Moment, w: f64, h: f64) -> Option<View> {
        let Moment {
            camera,
            seconds,
            spread,
            seed,
        } = moment;
        if self.life.shows.is_some_and(|s| !s.now(seconds, seed)) {
            return None;
        }
        if let Some(falls) = self.life.falls {
            // Two frames of paper show the same twice: one frame further is where it began.
            let step = self.density / spread;
            let line = |middle: f64, frame: f64, size: f64, speed: f64| {
                let fallen = (seconds * speed).rem_euclid(1.0);
                let middle = middle + (0.5 - fallen) * frame * self.density;
                Line {
                    from: middle - size / 2.0 * step + 0.5 * step - 0.5,
                    step,
                }
            };
            return Some(View {
                x: line(self.middle.0, self.frame.0, w, falls[0]),
                y: line(self.middle.1, self.frame.1, h, falls[1]),
            });
        }
        let speed = if camera.flat { 1.0 } else { self.speed };
        let zoom = 1.0 + (camera.zoom - 1.0) * speed;
        // Never past the paper's edge.
        let room = self.bleed * 0.98 + room(zoom);
        let step = self.density / (zoom * spread);
        let own = self.life.drifts.unwrap_or_default().map(|d| d * seconds);
        let breath = match self.life.breathes {
            0.0 => 0.0,
            part => part * life::breath(seconds, seed),
        };
        let line = |middle: f64, size: f64, shift: f64| Line {
            from: middle - (size / 2.0 + shift.clamp(-room, room) * size) * step + 0.5 * step - 0.5,
            step,
        };
        Some(View {
            x: line(self.middle.0, w, camera.x * speed + own[0]),
            y: line(self.middle.1, h, camera.y * speed + own[1] - breath),
        })
    }

    fn tabulate(&mut self, view: View, w: usize, h: usize) {
        let planes = [&self.plate.y, &self.plate.u];
        let Weights {
            phases,
            across,
            down,
        } = &mut self.weights;
        for (i, plane) in planes.into_iter().enumerate() {
            let (x, y) = if i == 0 {
                (view.x, view.y)
            } else {
                (view.x.halved(), view.y.halved())
            };
            across[i].set(phases, x, w >> i, plane.width);
            down[i].set(phases, y, h >> i, plane.height);
        }
    }
}

/// Scales a picture, `step` of its pixels to one.
fn scaled(plate: &Plate, step: f64) -> Plate {
    let size = |n: usize| ((n as f64 / step).round() as usize).max(2);
    let (w, h) = (size(plate.y.width), size(plate.y.height));
    let (mut bench, mut phases) = (Bench::default(), Phases::default());
    let mut resample = |from: &super::plate::Plane, half: usize| {
        let (w, h) = (w.div_ceil(1 + half), h.div_ceil(1 + half));
        let line = |n: usize, want: usize| {
            let step = n as f64 / want as f64;
            Line {
                from: 0.5 * step - 0.5,
                step,
            }
        };
        let (mut across, mut down) = (Across::default(), Down::default());
        across.set(&mut phases, line(from.width, w), w, from.width);
        down.set(&mut phases, line(from.height, h), h, from.height);
        let source = Source {
            color: from,
            alpha: None,
            down: &down,
            across: &across,
        };
        let all = Stretch {
            first: 0,
            last: w.div_ceil(BLOCK),
            covers: Covers::All,
        };
        let mut flat = vec![0; w * h];
        lay(&source, all, 0..h, &mut flat, w, &mut bench);
        let mut out = super::plate::Plane::new(w, h);
        for (y, row) in flat.chunks_exact(w).enumerate() {
            out.row_mut(y).copy_from_slice(row);
        }
        out
    };
    Plate {
        y: resample(&plate.y, 0),
        u: resample(&plate.u, 1),
        v: resample(&plate.v, 1),
        alpha: plate
            .alpha
            .as_ref()
            .map(|[full, half]| [resample(full, 0), resample(half, 1)]),
    }
}

struct Clip {
    conform: Conform,
    ffmpeg: PathBuf,
    root: PathBuf,
    file: String,
    short: Short,
    decoder: Decoder,
    frame: Vec<u8>,
    at: i64,
    ended: bool,
}

impl Clip {
    fn open(order: &Order, file: &str) -> Result<Clip> {
        let asset = &order.asset;
        let conform = Conform {
            width: order.format.width,
            height: order.format.height,
            rate: order.rate,
            from: asset.from,
            subject: (asset.subject.x, asset.subject.y),
        };
        Ok(Clip {
            decoder: Decoder::start(&order.ffmpeg, &order.root, file, conform)?,
            conform,
            ffmpeg: order.ffmpeg.clone(),
            root: order.root.clone(),
            file: file.to_owned(),
            short: asset.short,
            frame: Vec::new(),
            at: -1,
            ended: false,
        })
    }

    /// Trims what is longer than the shot; what is shorter holds its last frame, or begins again.
    fn frame(&mut self, out: &mut Frame, at: Frames) -> Result<()> {
        while !self.ended && self.at < at.0.max(0) {
            if self.decoder.next(&mut self.frame)? {
                self.at += 1;
            } else if self.short == Short::Loop && self.at >= 0 {
                self.decoder = Decoder::start(&self.ffmpeg, &self.root, &self.file, self.conform)?;
                if !self.decoder.next(&mut self.frame)? {
                    self.ended = true;
                }
                self.at += 1;
            } else {
                self.ended = true;
            }
        }
        if self.at < 0 {
            anyhow::bail!(
                "{} has no picture from {} s on: {}",
                self.file,
                self.conform.from,
                self.decoder.reason()
            );
        }
        out.bytes.copy_from_slice(&self.frame);
        Ok(())
    }
}

/// The paper's grain, the same at the same place of a layer: it moves with the paper.
fn grain(x: u32, y: u32) -> i32 {
    let mut h = x.wrapping_mul(0x9e37_79b1) ^ y.wrapping_mul(0x85eb_ca77);
    h ^= h >> 15;
    h = h.wrapping_mul(0x2c1b_3c6d);
    h ^= h >> 12;
    // Two scales: fine tooth and slow mottle.
    let fine = (h & 7) as i32 - 3;
    let cell = (x / 5).wrapping_mul(0x27d4_eb2f) ^ (y / 5).wrapping_mul(0x1656_67b1);
    let mottle = ((cell ^ cell >> 13).wrapping_mul(0x9e37_79b1) >> 29) as i32 - 3;
    fine + mottle
}

/// Reads a picture's file.
fn read(path: &Path, grained: bool) -> Result<Bitmap> {
    decoded(&crate::store::disk::read(path)?, grained).with_context(|| path.display().to_string())
}

/// A PNG or JPEG picture, the way up that it says.
pub(super) fn decoded(bytes: &[u8], grained: bool) -> Result<Bitmap> {
    use image::ImageDecoder;
    let unreadable = "it is not a PNG or JPEG picture";
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes))
        .with_guessed_format()
        .context(unreadable)?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(16_384);
    limits.max_image_height = Some(16_384);
    limits.max_alloc = Some(1 << 30);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().context(unreadable)?;
    // A photograph says which side was up.
    let turned = decoder
        .orientation()
        .unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = image::DynamicImage::from_decoder(decoder).context(unreadable)?;
    picture.apply_orientation(turned);
    let (w, h) = (picture.width(), picture.height());
    let mut bitmap = Bitmap::new(w, h);
    if let image::DynamicImage::ImageRgb8(opaque) = &picture
        && !grained
    {
        for (p, out) in opaque
            .as_raw()
            .as_chunks::<3>()
            .0
            .iter()
            .zip(&mut bitmap.pixels)
        {
            *out = u32::from_le_bytes([p[0], p[1], p[2], 255]);
        }
        return Ok(bitmap);
    }
    let picture = picture.into_rgba8();
    let rows = picture.as_raw().chunks_exact(w as usize * 4);
    for (y, (row, out)) in rows
        .zip(bitmap.pixels.chunks_exact_mut(w as usize))
        .enumerate()
    {
        for (x, ([r, g, b, a], out)) in row.as_chunks::<4>().0.iter().zip(out).enumerate() {
            if *a == 0 {
                continue;
            }
            let tone = 256
                + if grained {
                    2 * grain(x as u32, y as u32)
                } else {
                    0
                };
            let channel = |c: u8| {
                let c = (i32::from(c) * tone / 256).clamp(0, 255) as u32;
                (c * u32::from(*a) + 127) / 255
            };
            *out = channel(*r) | channel(*g) << 8 | channel(*b) << 16 | u32::from(*a) << 24;
        }
    }
    Ok(bitmap)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Films a soft white spot with a slow move and returns how far its centre strays from where the
    /// camera puts it, in pixels of the frame (root mean square).
    fn stray(movement: Move, at: (f64, f64)) -> f64 {
        let folder = tempfile::tempdir().unwrap();
        let (w, h) = (640u32, 360u32);
        let spot = |x: u32, y: u32| {
            let (dx, dy) = (f64::from(x) + 0.5 - at.0, f64::from(y) + 0.5 - at.1);
            (235.0 * (-(dx * dx + dy * dy) / (2.0 * 9.0)).exp()).round() as u8
        };
        image::GrayImage::from_fn(w, h, |x, y| image::Luma([spot(x, y)]))
            .save(folder.path().join("spot.png"))
            .unwrap();
        let rate = Rate::DEFAULT;
        let length = Frames(150);
        let asset: Asset = serde_json::from_value(serde_json::json!({
            "id": "s01_010", "move": movement, "still": "spot.png",
        }))
        .unwrap();
        let order = Order {
            root: folder.path().to_owned(),
            ffmpeg: PathBuf::new(),
            asset,
            format: Format {
                width: w,
                height: h,
            },
            rate,
            length,
        };
        let mut picture = Picture::load(&order).unwrap();
        let mut frame = Frame::new(w, h);
        let mut squares = Vec::new();
        for n in 0..length.0 {
            picture.frame(&mut frame, Frames(n)).unwrap();
            let camera = camera::at(movement, rate.seconds(Frames(n)), rate.seconds(length));
            let view = picture.sheets[0]
                .view(
                    Moment {
                        camera,
                        seconds: 0.0,
                        spread: 1.0,
                        seed: 0,
                    },
                    f64::from(w),
                    f64::from(h),
                )
                .unwrap();
            // The still is scaled when it is loaded; its centre with it.
            let scale = picture.sheets[0].plate.y.width as f64 / f64::from(w);
            let want = |line: Line, at: f64| (at * scale - 0.5 - line.from) / line.step;
            let (mut sum, mut x, mut y) = (0.0, 0.0, 0.0);
            for (i, v) in frame.luma().iter().enumerate() {
                let v = f64::from(*v) - 16.0;
                sum += v;
                x += v * (i % w as usize) as f64;
                y += v * (i / w as usize) as f64;
            }
            squares.push((x / sum - want(view.x, at.0)).powi(2));
            squares.push((y / sum - want(view.y, at.1)).powi(2));
        }
        (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
    }

    #[test]
    fn slow_moves_do_not_shake() {
        for movement in [Move::PushIn, Move::PullOut, Move::PanRight, Move::Handheld] {
            let stray = stray(movement, (250.3, 140.7));
            assert!(stray < 0.02, "{movement} strays {stray:.4} px");
        }
    }
}
