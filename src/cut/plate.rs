//! A picture ready to be filmed: in planes of YUV 4:2:0, premultiplied where it is see-through.

use super::canvas::Bitmap;

/// Room at both ends of a row, so that a block of samples may be read past the picture's edge; what
/// is read there has no weight.
pub(super) const LEFT: usize = 16;
const RIGHT: usize = 64;

#[derive(Clone)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) stride: usize,
    pub(super) data: Vec<u8>,
}

impl Plane {
    pub(super) fn new(width: usize, height: usize) -> Plane {
        let stride = LEFT + width + RIGHT;
        Plane {
            width,
            height,
            stride,
            data: vec![0; stride * height],
        }
    }

    pub(super) fn row(&self, y: usize) -> &[u8] {
        &self.data[y * self.stride + LEFT..][..self.width]
    }

    pub(super) fn row_mut(&mut self, y: usize) -> &mut [u8] {
        &mut self.data[y * self.stride + LEFT..][..self.width]
    }
}

pub(super) struct Plate {
    pub(super) y: Plane,
    pub(super) u: Plane,
    pub(super) v: Plane,
    /// How much each pixel covers, for light and for colour; `None` where all do wholly.
    pub(super) alpha: Option<[Plane; 2]>,
}

/// What a stretch of a picture hides of what is below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Covers {
    Nothing,
    Some,
    All,
}

/// The side of the squares coverage is known for.
pub(super) const CELL: usize = 16;

/// Coverage by squares, so that empty paper and what is hidden cost nothing: how many squares above
/// and left of each corner show anything, and how many hide less than all.
pub(super) struct Cover {
    columns: usize,
    rows: usize,
    sums: Vec<[u32; 2]>,
}

impl Cover {
    pub(super) fn of(alpha: &Plane) -> Cover {
        let (columns, rows) = (alpha.width.div_ceil(CELL), alpha.height.div_ceil(CELL));
        let mut least = vec![255u8; columns * rows];
        let mut most = vec![0u8; columns * rows];
        for y in 0..alpha.height {
            for (c, cell) in alpha.row(y).chunks(CELL).enumerate() {
                let at = (y / CELL) * columns + c;
                least[at] = cell.iter().copied().fold(least[at], u8::min);
                most[at] = cell.iter().copied().fold(most[at], u8::max);
            }
        }
        let wide = columns + 1;
        let mut sums = vec![[0u32; 2]; wide * (rows + 1)];
        for y in 0..rows {
            let mut row = [0u32; 2];
            for x in 0..columns {
                let at = y * columns + x;
                row[0] += u32::from(most[at] > 0);
                row[1] += u32::from(least[at] < 255);
                let above = sums[y * wide + x + 1];
                sums[(y + 1) * wide + x + 1] = [above[0] + row[0], above[1] + row[1]];
            }
        }
        Cover {
            columns,
            rows,
            sums,
        }
    }

    /// The squares that hold the picture's columns from `a` to `b`.
    pub(super) fn columns(&self, a: f64, b: f64) -> (usize, usize) {
        squares(a, b, self.columns)
    }

    pub(super) fn rows(&self, a: f64, b: f64) -> (usize, usize) {
        squares(a, b, self.rows)
    }

    /// What these squares hide.
    pub(super) fn between(&self, (x0, x1): (usize, usize), (y0, y1): (usize, usize)) -> Covers {
        let at = |x: usize, y: usize| self.sums[y * (self.columns + 1) + x];
        let corners = [at(x1, y1), at(x0, y1), at(x1, y0), at(x0, y0)];
        let count = |i: usize| corners[0][i] + corners[3][i] - corners[1][i] - corners[2][i];
        match (count(0), count(1)) {
            (0, _) => Covers::Nothing,
            (_, 0) => Covers::All,
            _ => Covers::Some,
        }
    }
}

fn squares(a: f64, b: f64, count: usize) -> (usize, usize) {
    let cell = |v: f64| ((v.max(0.0) / CELL as f64) as usize).min(count - 1);
    (cell(a), cell(b) + 1)
}

/// A colour in BT.709, studio range.
pub(super) fn yuv([r, g, b]: [u8; 3]) -> [u8; 3] {
    let rgb = [i32::from(r), i32::from(g), i32::from(b)];
    [
        light(rgb, 255),
        blue(rgb.map(|c| c * 4), 4 * 255),
        red(rgb.map(|c| c * 4), 4 * 255),
    ]
}

// Offsets are premultiplied like the rest: 16 and 128 of a wholly covering pixel.

#[inline(always)]
fn light([r, g, b]: [i32; 3], a: i32) -> u8 {
    ((11966 * r + 40254 * g + 4064 * b + 4112 * a + 32768 + 16) >> 16) as u8
}

/// Of the sums of four pixels.
#[inline(always)]
fn blue([r, g, b]: [i32; 3], a: i32) -> u8 {
    ((-6596 * r - 22189 * g + 28784 * b + 32896 * a + 131_072 + 512) >> 18).clamp(0, 255) as u8
}

#[inline(always)]
fn red([r, g, b]: [i32; 3], a: i32) -> u8 {
    ((28784 * r - 26145 * g - 2639 * b + 32896 * a + 131_072 + 512) >> 18).clamp(0, 255) as u8
}

#[inline(always)]
fn channels(p: u32) -> ([i32; 3], i32) {
    let part = |shift: u32| (p >> shift & 255) as i32;
    ([part(0), part(8), part(16)], part(24))
}

impl Plate {
    /// Turns premultiplied pixels into planes. Colour stands in the middle of its four pixels.
    pub(super) fn of(bitmap: &Bitmap) -> Plate {
        let (w, h) = (bitmap.width as usize, bitmap.height as usize);
        let (hw, hh) = (w.div_ceil(2), h.div_ceil(2));
        let mut plate = Plate {
            y: Plane::new(w, h),
            u: Plane::new(hw, hh),
            v: Plane::new(hw, hh),
            alpha: None,
        };
        if bitmap.pixels.iter().any(|p| *p >> 24 != 255) {
            plate.alpha = Some([Plane::new(w, h), Plane::new(hw, hh)]);
        }
        pulp::Arch::new().dispatch(|| convert(bitmap, &mut plate));
        plate
    }
}

#[inline(always)]
fn convert(bitmap: &Bitmap, plate: &mut Plate) {
    let (w, h) = (bitmap.width as usize, bitmap.height as usize);
    for y in 0..h {
        let row = &bitmap.pixels[y * w..][..w];
        for (o, p) in plate.y.row_mut(y).iter_mut().zip(row) {
            let (rgb, a) = channels(*p);
            *o = light(rgb, a);
        }
        if let Some([alpha, _]) = &mut plate.alpha {
            for (o, p) in alpha.row_mut(y).iter_mut().zip(row) {
                *o = (*p >> 24) as u8;
            }
        }
    }
    for y in 0..h.div_ceil(2) {
        let above = &bitmap.pixels[2 * y * w..][..w];
        let below = &bitmap.pixels[(2 * y + 1).min(h - 1) * w..][..w];
        let (us, vs) = (plate.u.row_mut(y), plate.v.row_mut(y));
        let mut alphas = plate.alpha.as_mut().map(|[_, half]| half.row_mut(y));
        for (x, (u, v)) in us.iter_mut().zip(vs.iter_mut()).enumerate() {
            let (l, r) = (2 * x, (2 * x + 1).min(w - 1));
            let mut rgb = [0i32; 3];
            let mut a = 0;
            for p in [above[l], above[r], below[l], below[r]] {
                let (c, pa) = channels(p);
                a += pa;
                rgb.iter_mut().zip(c).for_each(|(s, c)| *s += c);
            }
            *u = blue(rgb, a);
            *v = red(rgb, a);
            if let Some(alphas) = &mut alphas {
                alphas[x] = ((a + 2) >> 2) as u8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_and_black_are_in_studio_range() {
        assert_eq!(yuv([255, 255, 255]), [235, 128, 128]);
        assert_eq!(yuv([0, 0, 0]), [16, 128, 128]);
        let mut white = Bitmap::new(5, 3);
        white.fill([255, 255, 255]);
        let plate = Plate::of(&white);
        assert!(plate.alpha.is_none());
        assert!(plate.y.row(2).iter().all(|v| *v == 235));
        assert!(
            plate
                .u
                .row(1)
                .iter()
                .chain(plate.v.row(0))
                .all(|v| *v == 128)
        );
    }

    #[test]
    fn clear_pixels_add_nothing() {
        let plate = Plate::of(&Bitmap::new(4, 4));
        assert!(plate.y.row(0).iter().chain(plate.u.row(0)).all(|v| *v == 0));
        assert!(plate.alpha.is_some());
    }
}
