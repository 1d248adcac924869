//! What a picture measures, whoever made it: sharpness, exposure, contrast, whether the eye finds its
//! subject, and whether its people have their own colours. Figures of 0 to 100; what is weak is named.

use crate::film::references::Look;
use crate::film::storyboard::{Score, Subject};
use crate::media::tools::Tools;
use crate::media::{decode, probe};
use anyhow::{Context, Result};
use image::RgbImage;
use std::path::Path;

/// Pictures are measured at this height, whatever they are.
const HEIGHT: u32 = 270;

/// Captions are easily read on a ground that deviates less than this.
const RESTLESS: f32 = 29.0;

/// Measures a picture file. `looks` are the people who should be seen near the subject, large enough to
/// be known; `remarks` are what its maker says of it.
pub(super) fn of(
    bytes: &[u8],
    subject: Subject,
    looks: &[Look],
    remarks: &[String],
) -> Result<Score> {
    let picture = image::load_from_memory(bytes).context("the picture cannot be read")?;
    let height = u64::from(picture.height().max(1));
    let width = (u64::from(picture.width()) * u64::from(HEIGHT) / height).clamp(16, 1200) as u32;
    Ok(measure(
        &picture.thumbnail_exact(width, HEIGHT).into_rgb8(),
        subject,
        looks,
        remarks,
    ))
}

/// Measures a clip by three of its pictures; `None` where it cannot be read.
pub(super) fn of_clip(
    folder: &Path,
    file: &str,
    subject: Subject,
    looks: &[Look],
) -> Option<Score> {
    let tools = Tools::find(&[]).ok()?;
    let seconds = probe::probe(&tools, &folder.join(file)).ok()?.seconds;
    let pictures: Vec<RgbImage> = [0.15, 0.5, 0.85]
        .into_iter()
        .filter_map(|part| {
            let png = decode::picture(&tools.ffmpeg, folder, file, seconds * part, HEIGHT).ok()?;
            Some(image::load_from_memory(&png).ok()?.into_rgb8())
        })
        .collect();
    let scores: Vec<Score> = pictures
        .iter()
        .map(|p| measure(p, subject, looks, &[]))
        .collect();
    // A clip is as good as its worst moment.
    let mut worst = scores.into_iter().min_by_key(|s| s.total)?;
    let (first, last) = (pictures.first()?, pictures.last()?);
    let apart = |a: &RgbImage, b: &RgbImage| {
        let sum: u64 = a
            .iter()
            .zip(b.iter())
            .map(|(a, b)| u64::from(a.abs_diff(*b)))
            .sum();
        sum as f64 / a.len().max(1) as f64
    };
    if first.dimensions() == last.dimensions() && apart(first, last) < 0.6 {
        let more = if worst.note.is_empty() { "" } else { "; " };
        worst.note.push_str(more);
        worst.note.push_str("nothing moves in it");
    }
    Some(worst)
}

/// A picture as sixteen by nine colours, to be told from its neighbours.
pub(super) fn glance(bytes: &[u8]) -> Option<String> {
    let picture = image::load_from_memory(bytes).ok()?;
    let small = picture.thumbnail_exact(16, 9).into_rgb8();
    Some(small.iter().map(|c| format!("{c:02x}")).collect())
}

/// Whether two glances show nearly the same: less than 8 of CIE 76 apart on the mean.
pub(super) fn alike(a: &str, b: &str) -> bool {
    let colors = |text: &str| -> Vec<[f32; 3]> {
        text.as_bytes()
            .as_chunks::<6>()
            .0
            .iter()
            .map(|hex| {
                let hex = std::str::from_utf8(hex).unwrap_or("000000");
                lab(std::array::from_fn(|i| {
                    let pair = hex.get(i * 2..i * 2 + 2).unwrap_or("0");
                    f32::from(u8::from_str_radix(pair, 16).unwrap_or(0)) / 255.0
                }))
            })
            .collect()
    };
    let (a, b) = (colors(a), colors(b));
    if a.is_empty() || a.len() != b.len() {
        return false;
    }
    let apart = |(a, b): (&[f32; 3], &[f32; 3])| {
        a.iter()
            .zip(b)
            .map(|(a, b)| (a - b).powi(2))
            .sum::<f32>()
            .sqrt()
    };
    a.iter().zip(&b).map(apart).sum::<f32>() / (a.len() as f32) < 8.0
}

/// How restless the ground is that captions lie on: the deviation of lightness, 0 to 50.
fn restless(picture: &RgbImage) -> f32 {
    let (w, h) = (picture.width(), picture.height());
    let lights: Vec<f32> = (h * 80 / 100..h * 95 / 100)
        .step_by(2)
        .flat_map(|y| (w / 10..w * 9 / 10).step_by(2).map(move |x| (x, y)))
        .map(|(x, y)| lab(picture.get_pixel(x, y).0.map(|c| f32::from(c) / 255.0))[0])
        .collect();
    let n = lights.len().max(1) as f32;
    let mean = lights.iter().sum::<f32>() / n;
    (lights.iter().map(|l| (l - mean).powi(2)).sum::<f32>() / n).sqrt()
}

/// Whether a picture should be made another way: its subject is lost, its people are not themselves, or
/// there is nothing to tell apart.
pub(super) fn is_weak(score: &Score) -> bool {
    let below = |value: Option<u32>, least: u32| value.is_some_and(|v| v < least);
    below(score.subject, 25)
        || below(score.likeness, 45)
        || score.contrast < 35
        || score.exposure < 35
}

fn measure(picture: &RgbImage, subject: Subject, looks: &[Look], remarks: &[String]) -> Score {
    let (w, h) = (picture.width() as usize, picture.height() as usize);
    let light: Vec<f32> = picture
        .pixels()
        .map(|p| {
            0.2126 * f32::from(p.0[0]) + 0.7152 * f32::from(p.0[1]) + 0.0722 * f32::from(p.0[2])
        })
        .collect();
    let edge = |x: usize, y: usize| {
        let v = light[y * w + x];
        let (a, b) = (light[y * w + x + 1], light[(y + 1) * w + x]);
        (a - v).abs().max((b - v).abs())
    };
    let edges = |xs: std::ops::Range<usize>, ys: std::ops::Range<usize>| {
        let n = (xs.len() * ys.len()).max(1) as f32;
        let sum: f32 = ys
            .flat_map(|y| xs.clone().map(move |x| (x, y)))
            .map(|(x, y)| edge(x, y))
            .sum();
        sum / n
    };
    let mean = light.iter().sum::<f32>() / light.len().max(1) as f32;
    let spread = light.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / light.len().max(1) as f32;
    let deviation = spread.sqrt();
    let overall = edges(0..w - 1, 0..h - 1);
    let percent = |v: f32| v.clamp(0.0, 100.0).round() as u32;
    let sharpness = percent(overall * 9.0);
    let exposure = percent(100.0 - (mean - 118.0).abs().max(38.0) * 1.25 + 47.5);
    let contrast = percent(deviation * 2.2);
    // About the subject there should be more to see than elsewhere.
    let span = |at: f64, size: usize, part: f64| {
        let reach = size as f64 * part;
        let middle = at * size as f64;
        let from = (middle - reach).clamp(0.0, (size - 2) as f64) as usize;
        let until = (middle + reach).clamp(from as f64 + 1.0, (size - 1) as f64) as usize;
        from..until
    };
    let about = edges(span(subject.x, w, 0.12), span(subject.y, h, 0.2));
    let found = percent(60.0 * about / overall.max(0.05));
    let likeness = likeness(picture, subject, looks);
    let mut weak: Vec<String> = Vec::new();
    let mut say = |bad: bool, what: &str| {
        if bad {
            weak.push(what.to_owned());
        }
    };
    say(sharpness < 10, "few edges");
    let exposed = if mean < 118.0 {
        "very dark"
    } else {
        "very bright"
    };
    say(exposure < 35, exposed);
    say(contrast < 35, "little contrast");
    say(found < 25, "the eye does not find its subject");
    say(
        likeness.is_some_and(|l| l < 45),
        "people are not in their colours",
    );
    if restless(picture) > RESTLESS {
        weak.push("restless where captions lie".to_owned());
    }
    weak.extend(remarks.iter().cloned());
    let mut parts = vec![sharpness.min(100), exposure, contrast, contrast, found];
    parts.extend(likeness);
    Score {
        total: parts.iter().sum::<u32>() / parts.len() as u32,
        sharpness,
        exposure,
        contrast,
        subject: Some(found),
        likeness,
        note: weak.join("; "),
    }
}

/// How near the colours about the subject come to those of the people who should be there: of hair, skin
/// and clothes the best match of each, lightness counting little, for light changes it.
fn likeness(picture: &RgbImage, subject: Subject, looks: &[Look]) -> Option<u32> {
    if looks.is_empty() {
        return None;
    }
    let (w, h) = (picture.width() as f64, picture.height() as f64);
    let xs = ((subject.x - 0.24) * w).max(0.0) as u32..((subject.x + 0.24) * w).min(w) as u32;
    let ys = ((subject.y - 0.3) * h).max(0.0) as u32..((subject.y + 0.55) * h).min(h) as u32;
    // The light of the scene, taken off all it falls on.
    let mut cast = [0f32; 3];
    for p in picture.pixels() {
        for (sum, c) in cast.iter_mut().zip(p.0) {
            *sum += f32::from(c);
        }
    }
    let grey = cast.iter().sum::<f32>() / 3.0;
    let cast = cast.map(|c| (grey / c.max(1.0)).sqrt());
    let seen: Vec<[f32; 3]> = ys
        .step_by(3)
        .flat_map(|y| xs.clone().step_by(3).map(move |x| (x, y)))
        .map(|(x, y)| {
            let p = picture.get_pixel(x, y).0;
            lab(std::array::from_fn(|i| {
                (f32::from(p[i]) / 255.0 * cast[i]).min(1.0)
            }))
        })
        .collect();
    let near = |hex: &str| {
        let rgb = std::array::from_fn(|i| {
            let pair = hex.get(i * 2..i * 2 + 2).unwrap_or("80");
            f32::from(u8::from_str_radix(pair, 16).unwrap_or(128)) / 255.0
        });
        let [l, a, b] = lab(rgb);
        seen.iter()
            .map(|s| (((s[0] - l) * 0.3).powi(2) + (s[1] - a).powi(2) + (s[2] - b).powi(2)).sqrt())
            .fold(100.0, f32::min)
    };
    let people: Vec<f32> = looks
        .iter()
        .map(|look| (near(&look.skin) + near(&look.hair_color) + near(&look.top_color)) / 3.0)
        .collect();
    let mean = people.iter().sum::<f32>() / people.len() as f32;
    Some((100.0 - mean * 4.0).clamp(0.0, 100.0).round() as u32)
}

/// sRGB, 0 to 1, as CIE L*a*b* (D65).
fn lab(rgb: [f32; 3]) -> [f32; 3] {
    let [r, g, b] = rgb.map(|c| {
        if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    });
    let f = |t: f32| {
        if t > 0.008_856 {
            t.cbrt()
        } else {
            7.787 * t + 16.0 / 116.0
        }
    };
    let x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.950_47);
    let y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    let z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.088_83);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn paper(color: [u8; 3]) -> RgbImage {
        RgbImage::from_pixel(480, 270, Rgb(color))
    }

    fn blot(picture: &mut RgbImage, at: (u32, u32), size: u32, color: [u8; 3]) {
        for y in at.1..at.1 + size {
            for x in at.0..at.0 + size {
                picture.put_pixel(x, y, Rgb(color));
            }
        }
    }

    #[test]
    fn weak_pictures_are_named() {
        let grey = measure(&paper([128; 3]), Subject::default(), &[], &[]);
        assert!(grey.note.contains("few edges") && grey.note.contains("little contrast"));
        let black = measure(&paper([2; 3]), Subject::default(), &[], &["torn".into()]);
        assert!(
            black.note.contains("very dark") && black.note.ends_with("torn"),
            "{black:?}"
        );
    }

    #[test]
    fn the_eye_finds_what_is_there() {
        let mut picture = paper([200, 190, 170]);
        for i in 0..12 {
            blot(
                &mut picture,
                (300 + i * 8, 100 + (i % 3) * 20),
                6,
                [20, 30, 60],
            );
        }
        let at = |x, y| {
            measure(&picture, Subject { x, y }, &[], &[])
                .subject
                .unwrap()
        };
        assert!(at(0.72, 0.42) > 60, "{}", at(0.72, 0.42));
        assert!(at(0.2, 0.7) < 20, "{}", at(0.2, 0.7));
    }

    #[test]
    fn people_are_known_by_their_colours() {
        let ada = crate::animatic::casting::look("ADA", "ADA, 30, red hair, green coat", 0);
        let bob = crate::animatic::casting::look("BOB", "BOB, 30, black hair, yellow jacket", 3);
        let mut picture = paper([180, 180, 178]);
        let rgb = |hex: &str| {
            std::array::from_fn(|i| u8::from_str_radix(&hex[i * 2..i * 2 + 2], 16).unwrap())
        };
        for (i, hex) in [&ada.hair_color, &ada.skin, &ada.top_color]
            .into_iter()
            .enumerate()
        {
            blot(&mut picture, (210, 60 + 50 * i as u32), 45, rgb(hex));
        }
        let like = |look: &Look| {
            likeness(
                &picture,
                Subject { x: 0.5, y: 0.4 },
                std::slice::from_ref(look),
            )
            .unwrap()
        };
        assert!(like(&ada) > 80, "{}", like(&ada));
        assert!(
            like(&ada) > like(&bob) + 15,
            "{} {}",
            like(&ada),
            like(&bob)
        );
    }
}
