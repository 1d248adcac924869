//! A picture that was handed in, shown whole: laid on a ground that its own colours give, in the middle of
//! a frame of another shape.

use super::canvas::Bitmap;
use super::picture;
use crate::film::format::Format;
use anyhow::{Context, Result};
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage, SubImage};

/// The part of the frame that a picture with a plain border takes at most, across and down.
const SPAN: [f64; 2] = [0.86, 0.78];

/// A picture that loses no more than this part of itself by filling the frame fills it.
const LITTLE: f64 = 0.1;

/// How the room above and below it is shared: less above, so that captions find theirs below.
const ABOVE: f64 = 0.36;

/// A border that strays no further than this from its mean colour, in steps of 255, is plain.
const PLAIN: f64 = 10.0;

/// The long side of what is blurred for a ground.
const BLURRED: u32 = 64;

/// How bright a blurred ground is beside the picture, so that the picture stands out from it.
const DIMMED: f64 = 0.5;

/// What shows through where a picture is transparent: nearly white, as a page.
const PAGE: u32 = 250;

/// How a picture that was handed in, a PNG or JPEG, looks in a frame of this format, as a PNG.
pub fn panel(handed: &[u8], format: Format) -> Result<Vec<u8>> {
    let picture = mount(&on_page(&picture::decoded(handed, false)?), format, 1.0);
    let mut out = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut out);
    picture
        .write_with_encoder(encoder)
        .context("cannot write a PNG")?;
    Ok(out)
}

/// The same for the camera, `scale` times as large as the frame.
pub(super) fn mounted(bitmap: &Bitmap, format: Format, scale: f64) -> Bitmap {
    let picture = mount(&on_page(bitmap), format, scale);
    let mut out = Bitmap::new(picture.width(), picture.height());
    for (to, Rgb([r, g, b])) in out.pixels.iter_mut().zip(picture.pixels()) {
        *to = u32::from_le_bytes([*r, *g, *b, 255]);
    }
    out
}

/// Lays a picture on its ground. A plain border, such as a pack on white has, goes on to the frame's
/// edge; else the picture reaches from edge to edge one way, and lies behind itself, blurred and dimmed.
fn mount(picture: &RgbImage, format: Format, scale: f64) -> RgbImage {
    let size = |side: u32| ((f64::from(side) * scale).round() as u32).max(2);
    let (w, h) = (size(format.width), size(format.height));
    let (have_w, have_h) = (f64::from(picture.width()), f64::from(picture.height()));
    let (by_width, by_height) = (f64::from(w) / have_w, f64::from(h) / have_h);
    if by_width.min(by_height) >= by_width.max(by_height) * (1.0 - LITTLE) {
        return imageops::resize(&*seen(picture, w, h), w, h, FilterType::CatmullRom);
    }
    let (mut out, [across, down]) = match plain_border(picture) {
        Some(colour) => (RgbImage::from_pixel(w, h, colour), SPAN),
        None => (blurred(picture, w, h), [1.0, 1.0]),
    };
    let fit = (by_width * across).min(by_height * down);
    let side = |have: f64, most: u32| ((have * fit).round() as u32).clamp(1, most);
    let (mine, high) = (side(have_w, w), side(have_h, h));
    let fitted = imageops::resize(picture, mine, high, FilterType::CatmullRom);
    let (x, y) = ((w - mine) / 2, (f64::from(h - high) * ABOVE) as u32);
    imageops::replace(&mut out, &fitted, i64::from(x), i64::from(y));
    out
}

fn on_page(bitmap: &Bitmap) -> RgbImage {
    RgbImage::from_fn(bitmap.width, bitmap.height, |x, y| {
        let [r, g, b, a] = bitmap.pixels[(y * bitmap.width + x) as usize].to_le_bytes();
        // Premultiplied: what does not cover lets the page through.
        let page = (255 - u32::from(a)) * PAGE / 255;
        Rgb([r, g, b].map(|c| (u32::from(c) + page).min(255) as u8))
    })
}

/// The colour of a picture's border, if it is all of one.
fn plain_border(picture: &RgbImage) -> Option<Rgb<u8>> {
    let (w, h) = picture.dimensions();
    let across = (0..w).flat_map(|x| [(x, 0), (x, h - 1)]);
    let down = (0..h).flat_map(|y| [(0, y), (w - 1, y)]);
    let border: Vec<[u8; 3]> = across
        .chain(down)
        .map(|(x, y)| picture.get_pixel(x, y).0)
        .collect();
    let count = border.len() as f64;
    let mean = [0, 1, 2].map(|c| border.iter().map(|p| f64::from(p[c])).sum::<f64>() / count);
    let strays = |p: &[u8; 3]| {
        let far = (0..3).map(|c| (f64::from(p[c]) - mean[c]).abs());
        far.fold(0.0, f64::max)
    };
    // A speck on the border does not make it less plain.
    let far = border.iter().filter(|p| strays(p) > PLAIN).count();
    ((far as f64) < count * 0.02).then(|| Rgb(mean.map(|c| c.round() as u8)))
}

/// What a frame of this shape sees of a picture that fills it.
fn seen(picture: &RgbImage, w: u32, h: u32) -> SubImage<&RgbImage> {
    let (have_w, have_h) = (f64::from(picture.width()), f64::from(picture.height()));
    let shape = f64::from(w) / f64::from(h);
    let (part_w, part_h) = match have_w / have_h > shape {
        true => (have_h * shape, have_h),
        false => (have_w, have_w / shape),
    };
    imageops::crop_imm(
        picture,
        ((have_w - part_w) / 2.0) as u32,
        ((have_h - part_h) / 2.0) as u32,
        (part_w as u32).max(1),
        (part_h as u32).max(1),
    )
}

/// The picture out of focus, filling the frame.
fn blurred(picture: &RgbImage, w: u32, h: u32) -> RgbImage {
    let seen = seen(picture, w, h);
    let less = f64::from(BLURRED) / f64::from(w.max(h));
    let small = |side: u32| ((f64::from(side) * less).round() as u32).max(1);
    let small = imageops::resize(&*seen, small(w), small(h), FilterType::Triangle);
    let mut soft = imageops::blur(&small, 3.0);
    for pixel in soft.pixels_mut() {
        pixel.0 = pixel.0.map(|c| (f64::from(c) * DIMMED) as u8);
    }
    imageops::resize(&soft, w, h, FilterType::CatmullRom)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: Format = Format::WIDE;

    #[test]
    fn a_pack_on_white_stands_on_white_and_is_seen_whole() {
        let pack = RgbImage::from_fn(300, 600, |x, y| {
            let inside = (20..280).contains(&x) && (20..580).contains(&y);
            Rgb(if inside {
                [200, 30, 30]
            } else {
                [255, 255, 255]
            })
        });
        let out = mount(&pack, WIDE, 0.25);
        assert_eq!((out.width(), out.height()), (480, 270));
        assert_eq!(out.get_pixel(2, 2).0, [255, 255, 255]);
        assert_eq!(out.get_pixel(240, 135).0, [200, 30, 30]);
        // The pack's own upper and lower edge are inside the frame.
        let red = |y: u32| out.get_pixel(240, y).0[1] < 100;
        let rows: Vec<u32> = (0..270).filter(|y| red(*y)).collect();
        assert!(rows[0] > 20 && rows[rows.len() - 1] < 250, "{rows:?}");
    }

    #[test]
    fn a_photograph_lies_on_itself_out_of_focus() {
        let photo = RgbImage::from_fn(200, 400, |x, y| Rgb([x as u8, (y / 2) as u8, 120]));
        let out = mount(&photo, WIDE, 0.25);
        let (edge, middle) = (out.get_pixel(3, 135).0, out.get_pixel(240, 135).0);
        assert!(edge[2] < 80, "the ground is dimmed: {edge:?}");
        assert!((110..=130).contains(&middle[2]), "{middle:?}");
    }
}
