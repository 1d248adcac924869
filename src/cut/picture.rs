//! A shot's footage, ready to be filmed: its layers in memory, or a clip that is decoded as it goes.

use super::canvas::{Bitmap, View};
use crate::film::assets::Asset;
use crate::film::camera;
use crate::film::format::Format;
use crate::film::storyboard::Subject;
use crate::film::time::{Frames, Rate};
use crate::media::ffmpeg::Decoder;
use anyhow::{Context, Result};
use std::path::Path;

struct Plane {
    bitmap: Bitmap,
    extents: Vec<(u32, u32)>,
    speed: f64,
    bleed: f64,
}

pub(super) struct Picture {
    planes: Vec<Plane>,
    clip: Option<Clip>,
    movement: crate::film::shot::Move,
    /// The last frame composed, for pictures that do not move.
    held: Option<(Vec<View>, Bitmap)>,
}

struct Clip {
    decoder: Decoder,
    frame: Vec<u8>,
    at: i64,
    ended: bool,
}

/// How far a flat picture is drawn larger than the frame, so that the camera can move over it.
const STILL_BLEED: f64 = 0.06;

impl Picture {
    pub(super) fn load(
        root: &Path,
        ffmpeg: &Path,
        asset: &Asset,
        format: Format,
        rate: Rate,
    ) -> Result<Picture> {
        let mut planes = Vec::new();
        for layer in &asset.layers {
            // A small picture shows grain as blocks.
            let bitmap = read(
                &root.join(&layer.file),
                format.width.min(format.height) >= 540,
            )?;
            let bitmap = fit(bitmap, format, layer.bleed, asset.subject);
            planes.push(Plane {
                extents: bitmap.extents(),
                bitmap,
                speed: layer.speed,
                bleed: layer.bleed,
            });
        }
        if let Some(still) = &asset.still {
            let bitmap = fit(
                read(&root.join(still), false)?,
                format,
                STILL_BLEED,
                asset.subject,
            );
            planes.push(Plane {
                extents: bitmap.extents(),
                bitmap,
                speed: 1.0,
                bleed: STILL_BLEED,
            });
        }
        let clip = match &asset.clip {
            Some(file) => Some(Clip {
                decoder: Decoder::start(ffmpeg, root, file, format.width, format.height, rate)?,
                frame: Vec::new(),
                at: -1,
                ended: false,
            }),
            None => None,
        };
        Ok(Picture {
            planes,
            clip,
            movement: asset.movement,
            held: None,
        })
    }

    /// Composes the frame `at` frames into a shot of `length` frames; handles reach outside it.
    pub(super) fn frame(
        &mut self,
        out: &mut Bitmap,
        at: Frames,
        length: Frames,
        rate: Rate,
    ) -> Result<()> {
        if let Some(clip) = &mut self.clip {
            return clip.frame(out, at);
        }
        let seconds = rate.seconds(at);
        let camera = camera::at(self.movement, seconds, rate.seconds(length));
        let (w, h) = (f64::from(out.width), f64::from(out.height));
        let views: Vec<View> = self
            .planes
            .iter()
            .map(|plane| {
                let speed = if camera.flat { 1.0 } else { plane.speed };
                let zoom = 1.0 + (camera.zoom - 1.0) * speed;
                // Never past the paper's edge.
                let room_x = plane.bleed * 0.98 + 0.5 * (1.0 - 1.0 / zoom);
                let (dx, dy) = (
                    (camera.x * speed).clamp(-room_x, room_x),
                    (camera.y * speed).clamp(-room_x, room_x),
                );
                let (sw, sh) = (
                    f64::from(plane.bitmap.width),
                    f64::from(plane.bitmap.height),
                );
                View {
                    x: sw / 2.0 - w / 2.0 / zoom - dx * w / zoom + 0.5 / zoom - 0.5,
                    y: sh / 2.0 - h / 2.0 / zoom - dy * h / zoom + 0.5 / zoom - 0.5,
                    step: 1.0 / zoom,
                }
            })
            .collect();
        if let Some((same, frame)) = &self.held
            && *same == views
        {
            out.pixels.copy_from_slice(&frame.pixels);
            return Ok(());
        }
        out.fill([0, 0, 0]);
        for (plane, view) in self.planes.iter().zip(&views) {
            out.lay(&plane.bitmap, &plane.extents, *view);
        }
        if self.movement == crate::film::shot::Move::Static {
            self.held = Some((views, out.clone()));
        }
        Ok(())
    }
}

impl Clip {
    /// Trims what is longer than the shot and holds the last frame of what is shorter.
    fn frame(&mut self, out: &mut Bitmap, at: Frames) -> Result<()> {
        while !self.ended && self.at < at.0.max(0) {
            let mut next = Vec::new();
            if self.decoder.next(&mut next)? {
                self.frame = next;
                self.at += 1;
            } else {
                self.ended = true;
            }
        }
        if self.frame.is_empty() {
            out.fill([0, 0, 0]);
            return Ok(());
        }
        for (p, rgb) in out.pixels.iter_mut().zip(self.frame.as_chunks::<3>().0) {
            *p = u32::from(rgb[0]) | u32::from(rgb[1]) << 8 | u32::from(rgb[2]) << 16 | 0xff00_0000;
        }
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

fn read(path: &Path, grained: bool) -> Result<Bitmap> {
    let bytes = crate::store::disk::read(path)?;
    let mut reader = image::ImageReader::new(std::io::Cursor::new(&bytes))
        .with_guessed_format()
        .with_context(|| format!("cannot read {}", path.display()))?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(16_384);
    limits.max_image_height = Some(16_384);
    limits.max_alloc = Some(1 << 30);
    reader.limits(limits);
    let picture = reader
        .decode()
        .with_context(|| format!("{} is not a PNG or JPEG picture", path.display()))?
        .into_rgba8();
    let mut bitmap = Bitmap::new(picture.width(), picture.height());
    let w = picture.width();
    for (i, (p, out)) in picture.pixels().zip(&mut bitmap.pixels).enumerate() {
        let [r, g, b, a] = p.0;
        let g_ = if grained && a > 0 {
            grain(i as u32 % w, i as u32 / w)
        } else {
            0
        };
        let channel = |c: u8| {
            let c = (i32::from(c) * (256 + g_ * 2) / 256).clamp(0, 255) as u32;
            (c * u32::from(a) + 127) / 255
        };
        *out = channel(r) | channel(g) << 8 | channel(b) << 16 | u32::from(a) << 24;
    }
    Ok(bitmap)
}

/// Scales a picture so that it covers the frame and its bleed, keeping the subject in sight.
fn fit(bitmap: Bitmap, format: Format, bleed: f64, subject: Subject) -> Bitmap {
    let (want_w, want_h) = (
        (f64::from(format.width) * (1.0 + 2.0 * bleed)).round() as u32,
        (f64::from(format.height) * (1.0 + 2.0 * bleed)).round() as u32,
    );
    if (bitmap.width, bitmap.height) == (want_w, want_h) {
        return bitmap;
    }
    let scale = (f64::from(want_w) / f64::from(bitmap.width))
        .max(f64::from(want_h) / f64::from(bitmap.height));
    let (sw, sh) = (
        (f64::from(bitmap.width) * scale).round().max(1.0) as u32,
        (f64::from(bitmap.height) * scale).round().max(1.0) as u32,
    );
    let raw: Vec<u8> = bitmap.pixels.iter().flat_map(|p| p.to_le_bytes()).collect();
    let Some(picture) = image::RgbaImage::from_raw(bitmap.width, bitmap.height, raw) else {
        return bitmap;
    };
    let filter = if scale < 1.0 {
        image::imageops::FilterType::Lanczos3
    } else {
        image::imageops::FilterType::CatmullRom
    };
    let scaled = image::imageops::resize(&picture, sw, sh, filter);
    let place = |have: u32, want: u32, at: f64| {
        (f64::from(have) * at - f64::from(want) / 2.0)
            .clamp(0.0, f64::from(have.saturating_sub(want))) as u32
    };
    let (x, y) = (place(sw, want_w, subject.x), place(sh, want_h, subject.y));
    let mut out = Bitmap::new(want_w, want_h);
    for oy in 0..want_h {
        for ox in 0..want_w {
            let p = scaled
                .get_pixel((x + ox).min(sw - 1), (y + oy).min(sh - 1))
                .0;
            out.pixels[(oy * want_w + ox) as usize] = u32::from_le_bytes(p);
        }
    }
    out
}
