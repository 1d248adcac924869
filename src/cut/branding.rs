//! A brand kit as it is cut into a film: its pictures as bitmaps, its colours, its fonts.

use super::canvas::Bitmap;
use crate::diagnostic::{Exit, Failure};
use crate::film::brand::{Brand, Corner, Watermark, colour};
use crate::film::format::Format;
use crate::plan::fingerprint::Fingerprint;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// A kit, where its files lie, and what tells it apart.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Branding {
    pub brand: Brand,
    /// Changes with every file of the kit.
    pub key: Fingerprint,
    #[serde(skip)]
    pub folder: PathBuf,
}

/// The picture above the words of the end card that came with the film itself.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Emblem {
    /// Changes with the file.
    pub key: Fingerprint,
    #[serde(skip)]
    pub path: PathBuf,
}

/// What is usual where a kit says nothing.
const CARD: [u8; 3] = [15, 20, 40];
const TITLE: [u8; 3] = [250, 238, 214];
const TEXT: [u8; 3] = [226, 214, 192];
const ACCENT: [u8; 3] = [236, 196, 120];

/// The colours of cards and lower thirds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inks {
    pub(super) card: [u8; 3],
    pub(super) title: [u8; 3],
    pub(super) text: [u8; 3],
    pub(super) accent: [u8; 3],
}

pub(super) fn inks(branding: Option<&Branding>) -> Inks {
    let colours = branding.map(|b| &b.brand.colours);
    let ink = |said: Option<&String>, usual| said.and_then(|c| colour(c)).unwrap_or(usual);
    Inks {
        card: ink(colours.and_then(|c| c.card.as_ref()), CARD),
        title: ink(colours.and_then(|c| c.title.as_ref()), TITLE),
        text: ink(colours.and_then(|c| c.text.as_ref()), TEXT),
        accent: ink(colours.and_then(|c| c.accent.as_ref()), ACCENT),
    }
}

impl Branding {
    /// The fonts of large and of small words.
    pub(super) fn fonts(&self) -> [Option<Vec<u8>>; 2] {
        let fonts = &self.brand.fonts;
        [&fonts.title, &fonts.text].map(|file| {
            let path = self.folder.join(file.as_ref()?);
            // What is gone meanwhile is set in the house's own.
            std::fs::read(path).ok()
        })
    }

    /// The logo, as high as it may be and no wider than that.
    pub(super) fn logo(&self, height: u32, width: u32) -> Result<Option<Bitmap>> {
        let Some(file) = &self.brand.logo else {
            return Ok(None);
        };
        fitted(&self.folder.join(file), height, width, 1.0).map(Some)
    }

    /// The watermark, and where its upper left corner lies.
    pub(super) fn watermark(&self, format: Format) -> Result<Option<(Bitmap, i64, i64)>> {
        let Some(mark) = &self.brand.watermark else {
            return Ok(None);
        };
        let (w, h) = (format.width, format.height);
        let height = (f64::from(w.min(h)) * mark.size).round().max(2.0) as u32;
        let file = self.folder.join(&mark.file);
        let bitmap = fitted(&file, height, w * 4 / 10, mark.opacity)?;
        let (x, y) = place(mark, format, &bitmap);
        Ok(Some((bitmap, x, y)))
    }
}

impl Emblem {
    /// The picture, as high as it may be and no wider than that.
    pub(super) fn logo(&self, height: u32, width: u32) -> Result<Bitmap> {
        fitted(&self.path, height, width, 1.0)
    }
}

/// A picture as large as it may be.
fn fitted(path: &Path, height: u32, width: u32, opacity: f64) -> Result<Bitmap> {
    let bytes = crate::store::disk::read(path)?;
    let broken = |_| {
        Failure::new(Exit::Invalid, "this is no picture")
            .at(path.display().to_string(), 0, 0)
            .hint("put a PNG or JPEG there")
    };
    let picture = image::load_from_memory(&bytes)
        .map_err(broken)?
        .resize(
            width.max(1),
            height.max(1),
            image::imageops::FilterType::CatmullRom,
        )
        .into_rgba8();
    let mut out = Bitmap::new(picture.width(), picture.height());
    for (pixel, to) in picture.pixels().zip(&mut out.pixels) {
        let [r, g, b, a] = pixel.0;
        let a = (f64::from(a) * opacity.clamp(0.0, 1.0)).round() as u32;
        let part = |c: u8| (u32::from(c) * a + 127) / 255;
        *to = part(r) | part(g) << 8 | part(b) << 16 | a << 24;
    }
    Ok(out)
}

fn place(mark: &Watermark, format: Format, bitmap: &Bitmap) -> (i64, i64) {
    let (w, h) = (i64::from(format.width), i64::from(format.height));
    let (mine, high) = (i64::from(bitmap.width), i64::from(bitmap.height));
    // Inside the part of the picture that every screen shows.
    let gap = w.min(h) * 5 / 100;
    let x = match mark.corner {
        Corner::TopLeft | Corner::BottomLeft => gap,
        Corner::TopRight | Corner::BottomRight => w - gap - mine,
    };
    let y = match mark.corner {
        Corner::TopLeft | Corner::TopRight => gap,
        Corner::BottomLeft | Corner::BottomRight => h - gap - high,
    };
    (x & !1, y & !1)
}
