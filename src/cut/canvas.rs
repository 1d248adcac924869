//! Frames in memory: packed premultiplied pixels, sampled below the pixel, and their way to YUV.

/// Packed `0xAABBGGRR`, premultiplied.
#[derive(Clone)]
pub struct Bitmap {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u32>,
}

/// Mixes two packed pixels, `t` of 256 parts of the second.
#[inline(always)]
fn lerp(a: u32, b: u32, t: u32) -> u32 {
    const LOW: u32 = 0x00ff_00ff;
    let s = 256 - t;
    let rb = ((a & LOW) * s + (b & LOW) * t) >> 8 & LOW;
    let ga = (((a >> 8) & LOW) * s + ((b >> 8) & LOW) * t) & !LOW;
    rb | ga
}

/// Lays a premultiplied pixel over another.
#[inline(always)]
fn over(below: u32, above: u32) -> u32 {
    const LOW: u32 = 0x00ff_00ff;
    let a = above >> 24;
    if a == 255 {
        return above;
    }
    let keep = 256 - a - (a >> 7);
    let rb = ((below & LOW) * keep) >> 8 & LOW;
    let ga = (((below >> 8) & LOW) * keep) & !LOW;
    // Rounding may carry a channel one past full: saturate by parts.
    let sum_rb = (above & LOW) + rb;
    let sum_ga = ((above >> 8) & LOW) + (ga >> 8);
    let clamp = |v: u32| v | ((v >> 8 & 0x0001_0001) * 0xff);
    (clamp(sum_rb) & LOW) | ((clamp(sum_ga) & LOW) << 8)
}

/// Where a layer's pixels come from for a frame: `source = origin + frame / zoom`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    pub x: f64,
    pub y: f64,
    /// Source pixels a frame pixel.
    pub step: f64,
}

impl Bitmap {
    pub fn new(width: u32, height: u32) -> Bitmap {
        Bitmap {
            width,
            height,
            pixels: vec![0; width as usize * height as usize],
        }
    }

    pub fn fill(&mut self, color: [u8; 3]) {
        self.pixels.fill(
            u32::from(color[0])
                | u32::from(color[1]) << 8
                | u32::from(color[2]) << 16
                | 0xff00_0000,
        );
    }

    /// For each row the first and last pixel that shows, so that empty paper costs nothing.
    pub fn extents(&self) -> Vec<(u32, u32)> {
        self.pixels
            .chunks_exact(self.width as usize)
            .map(|row| {
                match (
                    row.iter().position(|p| *p >> 24 != 0),
                    row.iter().rposition(|p| *p >> 24 != 0),
                ) {
                    (Some(a), Some(b)) => (a as u32, b as u32 + 1),
                    _ => (0, 0),
                }
            })
            .collect()
    }

    /// Lays another picture over this one, sampled between its pixels.
    pub fn lay(&mut self, source: &Bitmap, extents: &[(u32, u32)], view: View) {
        const ONE: f64 = 65536.0;
        let (sw, sh) = (i64::from(source.width), i64::from(source.height));
        let step = (view.step * ONE).round() as i64;
        let x0 = (view.x * ONE).round() as i64;
        for y in 0..self.height as usize {
            let sy = view.y + y as f64 * view.step;
            let top = sy.floor();
            let wy = ((sy - top) * 256.0) as u32;
            let ra = (top as i64).clamp(0, sh - 1) as usize;
            let rb = (top as i64 + 1).clamp(0, sh - 1) as usize;
            let (ea, eb) = (extents[ra], extents[rb]);
            let (from, to) = match (ea.1 > ea.0, eb.1 > eb.0) {
                (false, false) => continue,
                (true, false) => ea,
                (false, true) => eb,
                (true, true) => (ea.0.min(eb.0), ea.1.max(eb.1)),
            };
            // The frame's pixels that can see from..to of the source.
            let first =
                (((i64::from(from) - 1) * 65536 - x0).div_euclid(step.max(1))).max(0) as usize;
            let last = (((i64::from(to) + 1) * 65536 - x0).div_euclid(step.max(1)) + 1)
                .clamp(0, i64::from(self.width)) as usize;
            if first >= last {
                continue;
            }
            let a = &source.pixels[ra * sw as usize..(ra + 1) * sw as usize];
            let b = &source.pixels[rb * sw as usize..(rb + 1) * sw as usize];
            let row = &mut self.pixels[y * self.width as usize..(y + 1) * self.width as usize];
            let mut sx = x0 + first as i64 * step;
            for p in &mut row[first..last] {
                let i = (sx >> 16).clamp(0, sw - 1) as usize;
                let j = ((sx >> 16) + 1).clamp(0, sw - 1) as usize;
                let wx = ((sx >> 8) & 255) as u32;
                let color = lerp(lerp(a[i], a[j], wx), lerp(b[i], b[j], wx), wy);
                if color >> 24 != 0 {
                    *p = over(*p, color);
                }
                sx += step;
            }
        }
    }

    /// Lays a bitmap at whole pixels, `alpha` of 256 parts.
    pub fn stamp(&mut self, source: &Bitmap, x: i64, y: i64, alpha: u32) {
        for sy in 0..i64::from(source.height) {
            let ty = y + sy;
            if !(0..i64::from(self.height)).contains(&ty) {
                continue;
            }
            for sx in 0..i64::from(source.width) {
                let tx = x + sx;
                if !(0..i64::from(self.width)).contains(&tx) {
                    continue;
                }
                let color = source.pixels[(sy * i64::from(source.width) + sx) as usize];
                if color >> 24 != 0 {
                    let color = if alpha < 256 {
                        lerp(0, color, alpha)
                    } else {
                        color
                    };
                    let p = &mut self.pixels[(ty * i64::from(self.width) + tx) as usize];
                    *p = over(*p, color);
                }
            }
        }
    }

    /// Mixes in another frame of the same size.
    pub fn mix(&mut self, other: &Bitmap, t: u32) {
        for (a, b) in self.pixels.iter_mut().zip(&other.pixels) {
            *a = lerp(*a, *b, t);
        }
    }

    /// Takes the other frame's left part, with a soft edge.
    pub fn wipe(&mut self, other: &Bitmap, t: f64) {
        let w = self.width as usize;
        let edge = w as f64 * 0.06;
        let front = t * (w as f64 + edge);
        for (row, from) in self
            .pixels
            .chunks_exact_mut(w)
            .zip(other.pixels.chunks_exact(w))
        {
            for (x, (a, b)) in row.iter_mut().zip(from).enumerate() {
                let k = ((front - x as f64) / edge * 256.0).clamp(0.0, 256.0) as u32;
                *a = lerp(*a, *b, k);
            }
        }
    }

    /// Fades towards a colour.
    pub fn fade(&mut self, color: u32, t: u32) {
        for p in &mut self.pixels {
            *p = lerp(*p, color, t);
        }
    }

    /// Darkens and softens: what stands behind a title.
    pub fn backdrop(&mut self) {
        let (w, h) = (self.width as usize, self.height as usize);
        let r = (h / 60).max(2);
        let mut other = self.pixels.clone();
        for _ in 0..2 {
            blur_rows(&self.pixels, &mut other, w, r);
            transposed_blur(&other, &mut self.pixels, w, h, r);
        }
        self.fade(0xff28_140f, 148);
    }

    /// Writes the frame as planar YUV 4:2:0, BT.709, studio range.
    pub fn to_yuv(&self, out: &mut Vec<u8>) {
        let (w, h) = (self.width as usize, self.height as usize);
        out.resize(w * h * 3 / 2, 0);
        let (luma, chroma) = out.split_at_mut(w * h);
        let (us, vs) = chroma.split_at_mut(w * h / 4);
        for y2 in 0..h / 2 {
            let (ra, rb) = (
                &self.pixels[y2 * 2 * w..(y2 * 2 + 1) * w],
                &self.pixels[(y2 * 2 + 1) * w..(y2 * 2 + 2) * w],
            );
            let (la, lb) = luma[y2 * 2 * w..(y2 * 2 + 2) * w].split_at_mut(w);
            for (out, row) in [(la, ra), (lb, rb)] {
                for (o, p) in out.iter_mut().zip(row) {
                    let (r, g, b) = (
                        (p & 255) as i32,
                        (p >> 8 & 255) as i32,
                        (p >> 16 & 255) as i32,
                    );
                    *o = ((11966 * r + 40254 * g + 4064 * b + 32768 + (16 << 16)) >> 16) as u8;
                }
            }
            let (ou, ov) = (
                &mut us[y2 * w / 2..(y2 + 1) * w / 2],
                &mut vs[y2 * w / 2..(y2 + 1) * w / 2],
            );
            for x2 in 0..w / 2 {
                let mut s = [0i32; 3];
                for p in [ra[x2 * 2], ra[x2 * 2 + 1], rb[x2 * 2], rb[x2 * 2 + 1]] {
                    s[0] += (p & 255) as i32;
                    s[1] += (p >> 8 & 255) as i32;
                    s[2] += (p >> 16 & 255) as i32;
                }
                let [r, g, b] = s;
                ou[x2] = ((-6596 * r - 22189 * g + 28784 * b + 131_072 + (128 << 18)) >> 18) as u8;
                ov[x2] = ((28784 * r - 26145 * g - 2639 * b + 131_072 + (128 << 18)) >> 18) as u8;
            }
        }
    }

    /// As opaque RGB, for a JPEG or a measurement.
    pub fn rgb(&self) -> Vec<u8> {
        self.pixels
            .iter()
            .flat_map(|p| [*p as u8, (p >> 8) as u8, (p >> 16) as u8])
            .collect()
    }
}

fn blur_rows(from: &[u32], to: &mut [u32], w: usize, r: usize) {
    let n = (2 * r + 1) as u32;
    for (a, b) in from.chunks_exact(w).zip(to.chunks_exact_mut(w)) {
        for shift in [0, 8, 16] {
            let at = |x: isize| (a[x.clamp(0, w as isize - 1) as usize] >> shift) & 255;
            let mut sum: u32 = (-(r as isize)..=r as isize).map(at).sum();
            for (x, out) in b.iter_mut().enumerate() {
                *out = (*out & !(255 << shift)) | ((sum / n) << shift);
                sum = sum + at(x as isize + r as isize + 1) - at(x as isize - r as isize);
            }
        }
        b.iter_mut().for_each(|p| *p |= 0xff00_0000);
    }
}

fn transposed_blur(from: &[u32], to: &mut [u32], w: usize, h: usize, r: usize) {
    let mut column = vec![0u32; h];
    let mut out = vec![0u32; h];
    for x in 0..w {
        for y in 0..h {
            column[y] = from[y * w + x];
        }
        blur_rows(&column, &mut out, h, r);
        for y in 0..h {
            to[y * w + x] = out[y];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opaque_stays_opaque_and_clear_changes_nothing() {
        for below in [0xff00_0000u32, 0xffff_ffff, 0xff12_3456] {
            assert_eq!(over(below, 0), below);
            assert_eq!(over(below, 0xff0a_0b0c), 0xff0a_0b0c);
            for a in 0..=255u32 {
                let p = a << 24 | a << 16 | a << 8 | a;
                assert!(over(below, p) >> 24 >= 254, "{a}");
            }
        }
    }

    #[test]
    fn white_and_black_are_in_studio_range() {
        let mut yuv = Vec::new();
        let mut b = Bitmap::new(4, 4);
        b.fill([255, 255, 255]);
        b.to_yuv(&mut yuv);
        assert_eq!((yuv[0], yuv[16], yuv[20]), (235, 128, 128));
        b.fill([0, 0, 0]);
        b.to_yuv(&mut yuv);
        assert_eq!((yuv[0], yuv[16], yuv[20]), (16, 128, 128));
    }
}
