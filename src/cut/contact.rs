//! Contact sheets: pictures and sounds side by side with their names, to be compared at a glance.

use super::canvas::Bitmap;
use super::text::{Face, Lettering};
use anyhow::{Context, Result};
use std::path::PathBuf;

/// One place on a sheet; without a picture it stays empty.
pub struct Cell {
    pub label: String,
    pub shows: Shows,
}

pub enum Shows {
    Picture(PathBuf),
    /// Samples of a sound, drawn as its wave.
    Sound(Vec<f32>),
    Nothing,
}

const PAPER: [u8; 3] = [24, 24, 28];
const EMPTY: [u8; 3] = [40, 40, 46];
const INK: [u8; 3] = [236, 236, 232];
const GAP: u32 = 12;
const WORDS: u32 = 34;

/// Lays cells out in rows of `columns`, each picture `width` pixels wide, and returns a JPEG.
pub fn sheet(cells: &[Cell], columns: usize, width: u32) -> Result<Vec<u8>> {
    let columns = columns.clamp(1, 12) as u32;
    let mut pictures = Vec::new();
    for cell in cells {
        pictures.push(match &cell.shows {
            Shows::Picture(path) => fitted(path, width)?,
            Shows::Sound(samples) => wave(samples, width, width * 9 / 32),
            Shows::Nothing => {
                let mut none = Bitmap::new(width, width * 9 / 16);
                none.fill(EMPTY);
                none
            }
        });
    }
    let height = pictures.iter().map(|p| p.height).max().unwrap_or(1);
    let rows = (cells.len() as u32).div_ceil(columns).max(1);
    let mut page = Bitmap::new(
        GAP + columns * (width + GAP),
        GAP + rows * (height + WORDS + GAP),
    );
    page.fill(PAPER);
    let mut lettering = Lettering::new();
    for (i, (cell, picture)) in cells.iter().zip(&pictures).enumerate() {
        let (column, row) = (i as u32 % columns, i as u32 / columns);
        let x = i64::from(GAP + column * (width + GAP));
        let y = i64::from(GAP + row * (height + WORDS + GAP));
        page.stamp(picture, x, y);
        let label = lettering.draw(
            std::slice::from_ref(&cell.label),
            18.0,
            Face::Caption,
            INK,
            false,
            width,
        )?;
        let middle = x + (i64::from(width) - i64::from(label.width)) / 2;
        page.stamp(&label, middle, y + i64::from(picture.height));
    }
    let mut out = std::io::Cursor::new(Vec::new());
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 88)
        .encode(
            &page.rgb(),
            page.width,
            page.height,
            image::ExtendedColorType::Rgb8,
        )
        .context("cannot write the contact sheet")?;
    Ok(out.into_inner())
}

/// A name on a dark strip just as large as it needs, as a PNG: to be laid on a picture.
pub fn label(text: &str) -> Result<Vec<u8>> {
    let words = Lettering::new().draw(
        std::slice::from_ref(&text.to_owned()),
        20.0,
        Face::Caption,
        INK,
        false,
        600,
    )?;
    let mut strip = Bitmap::new(words.width + 2 * GAP, words.height + GAP);
    strip.fill(PAPER);
    strip.stamp(&words, i64::from(GAP), i64::from(GAP / 2));
    let mut out = Vec::new();
    image::ImageEncoder::write_image(
        image::codecs::png::PngEncoder::new(&mut out),
        &strip.rgb(),
        strip.width,
        strip.height,
        image::ExtendedColorType::Rgb8,
    )
    .context("cannot write a PNG")?;
    Ok(out)
}

fn fitted(path: &std::path::Path, width: u32) -> Result<Bitmap> {
    // Objects have no suffix: the bytes say what they are.
    let picture = image::ImageReader::open(path)
        .and_then(image::ImageReader::with_guessed_format)
        .with_context(|| format!("cannot read {}", path.display()))?
        .decode()
        .with_context(|| format!("cannot read {}", path.display()))?
        .into_rgb8();
    let height = (width * picture.height() / picture.width().max(1)).clamp(1, width * 2);
    let small = image::imageops::resize(
        &picture,
        width,
        height,
        image::imageops::FilterType::Triangle,
    );
    let mut out = Bitmap::new(small.width(), small.height());
    for (to, from) in out.pixels.iter_mut().zip(small.pixels()) {
        let [r, g, b] = from.0.map(u32::from);
        *to = r | g << 8 | b << 16 | 0xff00_0000;
    }
    Ok(out)
}

/// A sound as its wave: the loudest sample of each column.
fn wave(samples: &[f32], width: u32, height: u32) -> Bitmap {
    let mut out = Bitmap::new(width, height);
    out.fill(EMPTY);
    let mut bar = Bitmap::new(1, 1);
    bar.fill(INK);
    let each = (samples.len() / width as usize).max(1);
    for x in 0..width {
        let from = (x as usize * each).min(samples.len());
        let to = (from + each).min(samples.len());
        let peak = samples[from..to].iter().fold(0f32, |m, s| m.max(s.abs()));
        let tall = ((height as f32 / 2.0) * peak.min(1.0)) as i64;
        let middle = i64::from(height) / 2;
        for y in middle - tall..=middle + tall {
            out.stamp(&bar, i64::from(x), y);
        }
    }
    out
}
