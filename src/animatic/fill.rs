//! What would be there if something were not: a hole in a picture filled with what is around it, patch by
//! patch, from coarse to fine. Every pixel of the hole comes to know a place outside whose surroundings
//! look like its own; places are tried at random, and neighbours pass theirs on.

use super::dice::Dice;
use crate::film::mask::Mask;
use image::{Rgb, RgbImage, imageops};

/// Half a patch.
const HALF: i32 = 3;
/// Rounds at each size.
const ROUNDS: usize = 5;
/// Pixels of a hole that are worked out one by one; of larger ones every second, fourth, …
const MOST: usize = 60_000;

/// Fills what the mask marks. A mask that leaves nothing outside fills nothing.
pub fn fill(picture: &RgbImage, mask: &Mask, seed: u64) -> RgbImage {
    let hole = |m: &[bool]| m.iter().filter(|h| **h).count();
    let full: Vec<bool> = mask.amount.iter().map(|a| *a > 0).collect();
    if hole(&full) == 0 || hole(&full) == full.len() {
        return picture.clone();
    }
    // Sizes from the finest that is worked out to where the hole is a few pixels wide.
    let mut sizes = vec![(picture.clone(), full.clone())];
    let mut finest = 0;
    loop {
        let (last, marked) = &sizes[sizes.len() - 1];
        if last.width().min(last.height()) < 48 {
            break;
        }
        if hole(marked) > MOST {
            finest = sizes.len();
        }
        sizes.push(halved(last, marked));
    }
    let mut dice = Dice::new(seed, "fill");
    let mut field: Option<(Field, u32)> = None;
    for at in (finest.min(sizes.len() - 1)..sizes.len()).rev() {
        let (picture, marked) = &sizes[at];
        let mut canvas = Canvas {
            picture: picture.clone(),
            hole: marked.clone(),
        };
        let mut now = match &field {
            Some((coarse, _)) => canvas.finer(coarse, &mut dice),
            None => {
                canvas.guess();
                canvas.random(&mut dice)
            }
        };
        for round in 0..ROUNDS {
            canvas.improve(&mut now, round % 2 == 1, &mut dice);
            canvas.paint(&now);
        }
        field = Some((now, picture.width()));
        sizes[at].0 = canvas.picture;
    }
    let Some((field, width)) = field else {
        return picture.clone();
    };
    // The finest places, followed at the picture's own size.
    let mut out = picture.clone();
    if width == picture.width() {
        return sizes[0].0.clone();
    }
    let step = f64::from(picture.width()) / f64::from(width);
    let (w, h) = (picture.width() as i32, picture.height() as i32);
    for (i, _) in full.iter().enumerate().filter(|(_, h)| **h) {
        let (x, y) = (i as i32 % w, i as i32 / w);
        let (cx, cy) = ((f64::from(x) / step) as i32, (f64::from(y) / step) as i32);
        let Some(place) = field.at(cx, cy) else {
            continue;
        };
        let shift = |to: i32, from: i32| (f64::from(to - from) * step).round() as i32;
        let (sx, sy) = (x + shift(place.0, cx), y + shift(place.1, cy));
        let (sx, sy) = (sx.clamp(0, w - 1), sy.clamp(0, h - 1));
        if !full[(sy * w + sx) as usize] {
            out.put_pixel(x as u32, y as u32, *picture.get_pixel(sx as u32, sy as u32));
        } else {
            // Beside the seam the coarse picture has to do.
            let (picture, _) = &sizes[finest.min(sizes.len() - 1)];
            let near = |v: i32, most: u32| (v.max(0) as u32).min(most - 1);
            let (cx, cy) = (near(cx, picture.width()), near(cy, picture.height()));
            out.put_pixel(x as u32, y as u32, *picture.get_pixel(cx, cy));
        }
    }
    out
}

/// The picture and its hole at half the size; what is partly hole is hole.
fn halved(picture: &RgbImage, hole: &[bool]) -> (RgbImage, Vec<bool>) {
    let (w, h) = (picture.width().div_ceil(2), picture.height().div_ceil(2));
    let small = imageops::resize(picture, w, h, imageops::FilterType::Triangle);
    let mut marked = vec![false; (w * h) as usize];
    for (i, _) in hole.iter().enumerate().filter(|(_, h)| **h) {
        let (x, y) = (i as u32 % picture.width(), i as u32 / picture.width());
        marked[((y / 2) * w + x / 2) as usize] = true;
    }
    (small, marked)
}

/// For each pixel of the hole a place outside.
struct Field {
    width: i32,
    places: Vec<Option<(i32, i32)>>,
}

impl Field {
    fn at(&self, x: i32, y: i32) -> Option<(i32, i32)> {
        let inside = (0..self.width).contains(&x) && y >= 0;
        *self
            .places
            .get(inside.then_some((y * self.width + x) as usize)?)?
    }
}

struct Canvas {
    picture: RgbImage,
    hole: Vec<bool>,
}

impl Canvas {
    fn size(&self) -> (i32, i32) {
        (self.picture.width() as i32, self.picture.height() as i32)
    }

    fn is_hole(&self, x: i32, y: i32) -> bool {
        self.hole[(y * self.size().0 + x) as usize]
    }

    /// Whether a patch about a place lies in the picture and outside of the hole.
    fn is_source(&self, x: i32, y: i32) -> bool {
        let (w, h) = self.size();
        (HALF..w - HALF).contains(&x)
            && (HALF..h - HALF).contains(&y)
            && [
                (-HALF, -HALF),
                (HALF, -HALF),
                (-HALF, HALF),
                (HALF, HALF),
                (0, 0),
            ]
            .iter()
            .all(|(dx, dy)| !self.is_hole(x + dx, y + dy))
    }

    /// A first guess: colours run in from the rim.
    fn guess(&mut self) {
        let (w, h) = self.size();
        let mut open = self.hole.clone();
        while open.iter().any(|o| *o) {
            let mut filled = Vec::new();
            for (i, _) in open.iter().enumerate().filter(|(_, o)| **o) {
                let (x, y) = (i as i32 % w, i as i32 / w);
                let (mut sum, mut n) = ([0u32; 3], 0);
                for (dx, dy) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
                    let (x, y) = (x + dx, y + dy);
                    if (0..w).contains(&x) && (0..h).contains(&y) && !open[(y * w + x) as usize] {
                        let Rgb(c) = *self.picture.get_pixel(x as u32, y as u32);
                        (0..3).for_each(|k| sum[k] += u32::from(c[k]));
                        n += 1;
                    }
                }
                if n > 0 {
                    filled.push((i, sum.map(|s| (s / n) as u8)));
                }
            }
            if filled.is_empty() {
                return;
            }
            for (i, c) in filled {
                open[i] = false;
                self.picture
                    .put_pixel(i as u32 % w as u32, i as u32 / w as u32, Rgb(c));
            }
        }
    }

    fn anywhere(&self, dice: &mut Dice) -> Option<(i32, i32)> {
        let (w, h) = self.size();
        for _ in 0..400 {
            let (x, y) = (
                (dice.next() % w as u64) as i32,
                (dice.next() % h as u64) as i32,
            );
            if self.is_source(x, y) {
                return Some((x, y));
            }
        }
        None
    }

    fn random(&self, dice: &mut Dice) -> Field {
        let places = (self.hole.iter())
            .map(|hole| if *hole { self.anywhere(dice) } else { None })
            .collect();
        Field {
            width: self.size().0,
            places,
        }
    }

    /// A coarser field's places at this size.
    fn finer(&mut self, coarse: &Field, dice: &mut Dice) -> Field {
        let (w, _) = self.size();
        let mut places = vec![None; self.hole.len()];
        for (i, place) in places.iter_mut().enumerate() {
            if !self.hole[i] {
                continue;
            }
            let (x, y) = (i as i32 % w, i as i32 / w);
            let found = coarse
                .at(x / 2, y / 2)
                .map(|(sx, sy)| (2 * sx + x % 2, 2 * sy + y % 2));
            *place = found
                .filter(|(x, y)| self.is_source(*x, *y))
                .or_else(|| self.anywhere(dice));
        }
        let field = Field { width: w, places };
        for (i, place) in field.places.iter().enumerate() {
            if let Some((sx, sy)) = place {
                let c = *self.picture.get_pixel(*sx as u32, *sy as u32);
                self.picture
                    .put_pixel(i as u32 % w as u32, i as u32 / w as u32, c);
            }
        }
        field
    }

    /// How unlike two patches are; gives up above `most`.
    fn unlike(&self, (ax, ay): (i32, i32), (bx, by): (i32, i32), most: u64) -> u64 {
        let (w, h) = self.size();
        let mut sum = 0;
        for dy in -HALF..=HALF {
            for dx in -HALF..=HALF {
                let (x, y) = ((ax + dx).clamp(0, w - 1), (ay + dy).clamp(0, h - 1));
                let Rgb(a) = *self.picture.get_pixel(x as u32, y as u32);
                let Rgb(b) = *self.picture.get_pixel((bx + dx) as u32, (by + dy) as u32);
                let d: i64 = (0..3)
                    .map(|k| (i64::from(a[k]) - i64::from(b[k])).pow(2))
                    .sum();
                // What is known tells more than what is guessed.
                sum += d as u64 * if self.is_hole(x, y) { 1 } else { 4 };
            }
            if sum > most {
                return u64::MAX;
            }
        }
        sum
    }

    /// Lets each pixel try its neighbours' places and some at random, ever nearer to its own.
    fn improve(&self, field: &mut Field, backwards: bool, dice: &mut Dice) {
        let (w, h) = self.size();
        let marked: Vec<usize> = (0..self.hole.len()).filter(|i| self.hole[*i]).collect();
        let order: Box<dyn Iterator<Item = &usize>> = match backwards {
            true => Box::new(marked.iter().rev()),
            false => Box::new(marked.iter()),
        };
        let step = if backwards { 1 } else { -1 };
        for i in order {
            let (x, y) = (*i as i32 % w, *i as i32 / w);
            let Some(mut best) = field.places[*i] else {
                continue;
            };
            let mut least = self.unlike((x, y), best, u64::MAX);
            let mut attempt = |place: (i32, i32)| {
                if self.is_source(place.0, place.1) {
                    let d = self.unlike((x, y), place, least);
                    if d < least {
                        (least, best) = (d, place);
                    }
                }
            };
            for (dx, dy) in [(step, 0), (0, step)] {
                if let Some((sx, sy)) = field.at(x + dx, y + dy) {
                    attempt((sx - dx, sy - dy));
                }
            }
            let (mut reach, from) = (w.max(h) / 2, field.places[*i].unwrap_or_default());
            while reach >= 1 {
                let span = 2 * reach as u64 + 1;
                let off = |dice: &mut Dice| (dice.next() % span) as i32 - reach;
                attempt((from.0 + off(dice), from.1 + off(dice)));
                reach /= 3;
            }
            field.places[*i] = Some(best);
        }
    }

    /// Colours the hole: each pixel by what the patches that reach it would have there.
    fn paint(&mut self, field: &Field) {
        let (w, h) = self.size();
        let mut colors: Vec<(usize, Rgb<u8>)> = Vec::new();
        for (i, _) in self.hole.iter().enumerate().filter(|(_, h)| **h) {
            let (x, y) = (i as i32 % w, i as i32 / w);
            let (mut sum, mut n) = ([0u32; 3], 0);
            for dy in -1..=1 {
                for dx in -1..=1 {
                    let Some((sx, sy)) = field.at(x + dx, y + dy) else {
                        continue;
                    };
                    let (sx, sy) = ((sx - dx).clamp(0, w - 1), (sy - dy).clamp(0, h - 1));
                    let Rgb(c) = *self.picture.get_pixel(sx as u32, sy as u32);
                    let weight = if (dx, dy) == (0, 0) { 4 } else { 1 };
                    (0..3).for_each(|k| sum[k] += weight * u32::from(c[k]));
                    n += weight;
                }
            }
            if n > 0 {
                colors.push((i, Rgb(sum.map(|s| (s / n) as u8))));
            }
        }
        for (i, c) in colors {
            self.picture
                .put_pixel(i as u32 % w as u32, i as u32 / w as u32, c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::film::mask::Shape;

    #[test]
    fn a_hole_in_stripes_becomes_stripes() {
        let striped = RgbImage::from_fn(120, 90, |x, y| match (x / 6 + y / 50) % 2 {
            0 => Rgb([220, 90, 40]),
            _ => Rgb([30, 60, 90]),
        });
        let mask = Mask::of(
            &Shape::Ellipse {
                x: 40.0,
                y: 15.0,
                w: 36.0,
                h: 24.0,
            },
            120,
            90,
        );
        let mut broken = striped.clone();
        for (i, _) in mask.amount.iter().enumerate().filter(|(_, a)| **a > 0) {
            broken.put_pixel(i as u32 % 120, i as u32 / 120, Rgb([255, 255, 255]));
        }
        let filled = fill(&broken, &mask, 3);
        let mut wrong = 0;
        for ((got, want), a) in filled.pixels().zip(striped.pixels()).zip(&mask.amount) {
            let far: i32 = (0..3)
                .map(|k| (i32::from(got.0[k]) - i32::from(want.0[k])).abs())
                .sum();
            match a {
                0 => assert_eq!(got, want),
                _ => wrong += usize::from(far > 120),
            }
        }
        assert!(wrong * 10 < mask.count(), "{wrong} of {}", mask.count());
        assert_eq!(
            filled,
            fill(&broken, &mask, 3),
            "the same seed, the same picture"
        );
    }
}
