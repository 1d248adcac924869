//! A finished frame: planar YUV 4:2:0, BT.709, studio range, as the encoder takes it.

use super::plate::Plate;

/// A colour in planes, studio range.
pub(super) type Yuv = [u8; 3];
pub(super) const BLACK: Yuv = [16, 128, 128];
pub(super) const WHITE: Yuv = [235, 128, 128];

#[derive(Clone)]
pub struct Frame {
    pub width: usize,
    pub height: usize,
    /// Luma, then blue and red difference at half the width and height, without gaps.
    pub bytes: Vec<u8>,
}

impl Frame {
    /// A black frame; both sides are even.
    pub fn new(width: u32, height: u32) -> Frame {
        let (width, height) = (width as usize, height as usize);
        let mut frame = Frame {
            width,
            height,
            bytes: vec![0; width * height * 3 / 2],
        };
        frame.fill(BLACK);
        frame
    }

    pub fn luma(&self) -> &[u8] {
        &self.bytes[..self.width * self.height]
    }

    /// Luma, blue and red difference, each with its width.
    pub(super) fn planes(&mut self) -> [(&mut [u8], usize); 3] {
        let (width, area) = (self.width, self.width * self.height);
        let (luma, chroma) = self.bytes.split_at_mut(area);
        let (blue, red) = chroma.split_at_mut(area / 4);
        [(luma, width), (blue, width / 2), (red, width / 2)]
    }

    pub(super) fn fill(&mut self, color: Yuv) {
        for ((plane, _), c) in self.planes().into_iter().zip(color) {
            plane.fill(c);
        }
    }

    /// Mixes in another frame of the same size, `t` of 256 parts of it.
    pub(super) fn mix(&mut self, other: &Frame, t: u32) {
        let t = t as u16;
        for (a, b) in self.bytes.iter_mut().zip(&other.bytes) {
            *a = mixed(*a, *b, t);
        }
    }

    /// Goes towards a colour.
    pub(super) fn fade(&mut self, color: Yuv, t: u32) {
        for ((plane, _), c) in self.planes().into_iter().zip(color) {
            plane.iter_mut().for_each(|a| *a = mixed(*a, c, t as u16));
        }
    }

    /// Takes the other frame's left part, with a soft edge.
    pub(super) fn wipe(&mut self, other: &Frame, t: f64) {
        let area = self.width * self.height;
        let (luma, chroma) = other.bytes.split_at(area);
        let (blue, red) = chroma.split_at(area / 4);
        for ((to, w), from) in self.planes().into_iter().zip([luma, blue, red]) {
            let edge = w as f64 * 0.06;
            let front = t * (w as f64 + edge);
            let weights: Vec<u16> = (0..w)
                .map(|x| ((front - x as f64) / edge * 256.0).clamp(0.0, 256.0) as u16)
                .collect();
            for (to, from) in to.chunks_exact_mut(w).zip(from.chunks_exact(w)) {
                for ((a, b), k) in to.iter_mut().zip(from).zip(&weights) {
                    *a = mixed(*a, *b, *k);
                }
            }
        }
    }

    /// Darkens and softens: what stands behind a title.
    pub(super) fn backdrop(&mut self) {
        let r = (self.height / 60).max(2);
        for (i, (plane, w)) in self.planes().into_iter().enumerate() {
            let r = if i == 0 { r } else { (r / 2).max(1) };
            let mut other = plane.to_vec();
            for _ in 0..2 {
                blur_rows(plane, &mut other, w, r);
                blur_columns(&other, plane, w, r);
            }
        }
        self.fade(super::plate::yuv([15, 20, 40]), 148);
    }

    /// Lays a picture at whole pixels; `x` and `y` are even, so that colour stays with its light.
    pub(super) fn stamp(&mut self, plate: &Plate, x: i64, y: i64) {
        let alpha = plate.alpha.as_ref();
        let parts = [&plate.y, &plate.u, &plate.v];
        for (i, ((to, w), from)) in self.planes().into_iter().zip(parts).enumerate() {
            let half = i64::from(i > 0) + 1;
            let (x, y, h) = (x / half, y / half, (to.len() / w) as i64);
            // What stands outside the frame is not seen.
            let (left, right) = (x.max(0), (x + from.width as i64).min(w as i64));
            if right <= left {
                continue;
            }
            for row in y.max(0)..(y + from.height as i64).min(h) {
                let (sx, sy) = ((left - x) as usize, (row - y) as usize);
                let n = (right - left) as usize;
                let colors = &from.row(sy)[sx..sx + n];
                let at = row as usize * w + left as usize;
                let to = &mut to[at..at + n];
                match alpha {
                    None => to.copy_from_slice(colors),
                    Some(alpha) => {
                        let alphas = &alpha[usize::from(i > 0)].row(sy)[sx..sx + n];
                        for ((to, color), a) in to.iter_mut().zip(colors).zip(alphas) {
                            let keep = 256 - u16::from(*a) - u16::from(*a >> 7);
                            let below = (u16::from(*to) * keep + 128) >> 8;
                            *to = (u16::from(*color) + below).min(255) as u8;
                        }
                    }
                }
            }
        }
    }

    /// As opaque RGB, for a JPEG.
    pub(super) fn rgb(&self) -> Vec<u8> {
        let (w, area) = (self.width, self.width * self.height);
        let mut out = Vec::with_capacity(area * 3);
        for (i, y) in self.luma().iter().enumerate() {
            let at = area + (i / w / 2) * (w / 2) + (i % w) / 2;
            let y = 76309 * (i32::from(*y) - 16);
            let u = i32::from(self.bytes[at]) - 128;
            let v = i32::from(self.bytes[at + area / 4]) - 128;
            let full = |c: i32| ((c + 32768) >> 16).clamp(0, 255) as u8;
            out.extend([
                full(y + 117_489 * v),
                full(y - 13_975 * u - 34_925 * v),
                full(y + 138_438 * u),
            ]);
        }
        out
    }
}

#[inline(always)]
fn mixed(a: u8, b: u8, t: u16) -> u8 {
    ((u16::from(a) * (256 - t) + u16::from(b) * t + 127) >> 8) as u8
}

fn blur_rows(from: &[u8], to: &mut [u8], w: usize, r: usize) {
    let n = (2 * r + 1) as u32;
    for (a, b) in from.chunks_exact(w).zip(to.chunks_exact_mut(w)) {
        let at = |x: isize| u32::from(a[x.clamp(0, w as isize - 1) as usize]);
        let mut sum: u32 = (-(r as isize)..=r as isize).map(at).sum();
        for (x, out) in b.iter_mut().enumerate() {
            *out = (sum / n) as u8;
            sum = sum + at(x as isize + r as isize + 1) - at(x as isize - r as isize);
        }
    }
}

fn blur_columns(from: &[u8], to: &mut [u8], w: usize, r: usize) {
    let (h, n) = ((from.len() / w) as isize, (2 * r + 1) as u32);
    let row = |y: isize| &from[y.clamp(0, h - 1) as usize * w..][..w];
    let mut sums = vec![0u32; w];
    for y in -(r as isize)..=r as isize {
        sums.iter_mut()
            .zip(row(y))
            .for_each(|(s, v)| *s += u32::from(*v));
    }
    for y in 0..h {
        let out = &mut to[y as usize * w..][..w];
        let (next, last) = (row(y + r as isize + 1), row(y - r as isize));
        for (((out, s), a), b) in out.iter_mut().zip(&mut sums).zip(next).zip(last) {
            *out = (*s / n) as u8;
            *s = *s + u32::from(*a) - u32::from(*b);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixing_keeps_its_ends_and_flat_colours() {
        let mut a = Frame::new(8, 4);
        let mut b = Frame::new(8, 4);
        b.fill(WHITE);
        let white = b.clone();
        b.mix(&a, 0);
        assert_eq!(b.bytes, white.bytes);
        a.mix(&b, 256);
        assert_eq!(a.bytes, white.bytes);
        b.mix(&white, 100);
        assert_eq!(b.bytes, white.bytes);
        b.fade(BLACK, 256);
        assert_eq!(b.bytes, Frame::new(8, 4).bytes);
    }

    #[test]
    fn colours_come_back() {
        for color in [
            [255u8, 255, 255],
            [0, 0, 0],
            [200, 40, 60],
            [20, 180, 90],
            [128; 3],
        ] {
            let mut f = Frame::new(2, 2);
            f.fill(super::super::plate::yuv(color));
            for (a, b) in f.rgb().iter().zip(color) {
                assert!(a.abs_diff(b) <= 2, "{color:?} became {:?}", f.rgb());
            }
        }
    }
}
