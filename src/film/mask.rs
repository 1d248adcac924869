//! Which part of a picture is to change, and by how much: 0 stays to the byte, 255 is wholly new.

/// A shape on a picture, in its pixels.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    Box {
        x: f64,
        y: f64,
        w: f64,
        h: f64,
    },
    /// Within a box of the same numbers.
    Ellipse {
        x: f64,
        y: f64,
        w: f64,
        h: f64,
    },
    Polygon(Vec<(f64, f64)>),
}

impl Shape {
    /// Reads `x,y,w,h`; all four parts of 1 (`0.5,0,0.5,1`) are parts of the picture.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn rectangle(text: &str, size: (u32, u32)) -> Result<[f64; 4], String> {
        let [x, y, w, h] = <[f64; 4]>::try_from(numbers(text)?)
            .map_err(|n| format!("`{text}` is {} numbers, not x,y,w,h", n.len()))?;
        let parts = text.contains('.') && [x, y, w, h].iter().all(|v| (0.0..=1.0).contains(v));
        let (sx, sy) = match parts {
            true => (f64::from(size.0), f64::from(size.1)),
            false => (1.0, 1.0),
        };
        if w <= 0.0 || h <= 0.0 {
            return Err(format!("`{text}` has no width or no height"));
        }
        Ok([x * sx, y * sy, w * sx, h * sy])
    }

    /// Reads `x,y x,y x,y …`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn polygon(text: &str, size: (u32, u32)) -> Result<Shape, String> {
        let corners: Vec<(f64, f64)> = text
            .split([' ', ';'])
            .filter(|p| !p.is_empty())
            .map(|p| match numbers(p)?.as_slice() {
                [x, y] => Ok((*x, *y)),
                _ => Err(format!("`{p}` is no corner x,y")),
            })
            .collect::<Result<_, _>>()?;
        if corners.len() < 3 {
            return Err("a polygon has three corners at least: x,y x,y x,y".to_owned());
        }
        let unit = |v: &f64| (0.0..=1.0).contains(v);
        let parts = text.contains('.') && corners.iter().all(|(x, y)| unit(x) && unit(y));
        let (sx, sy) = match parts {
            true => (f64::from(size.0), f64::from(size.1)),
            false => (1.0, 1.0),
        };
        Ok(Shape::Polygon(
            corners.into_iter().map(|(x, y)| (x * sx, y * sy)).collect(),
        ))
    }

    fn holds(&self, px: f64, py: f64) -> bool {
        match self {
            Shape::Box { x, y, w, h } => (*x..x + w).contains(&px) && (*y..y + h).contains(&py),
            Shape::Ellipse { x, y, w, h } => {
                let (dx, dy) = ((px - x) / w * 2.0 - 1.0, (py - y) / h * 2.0 - 1.0);
                dx * dx + dy * dy <= 1.0
            }
            Shape::Polygon(corners) => {
                let mut inside = false;
                let mut last = corners[corners.len() - 1];
                for &(x, y) in corners {
                    let crosses = (y > py) != (last.1 > py);
                    if crosses && px < (last.0 - x) * (py - y) / (last.1 - y) + x {
                        inside = !inside;
                    }
                    last = (x, y);
                }
                inside
            }
        }
    }
}

fn numbers(text: &str) -> Result<Vec<f64>, String> {
    text.split(',')
        .map(|n| {
            let n = n.trim();
            let v: Option<f64> = n.parse().ok().filter(|v: &f64| v.is_finite());
            v.ok_or_else(|| format!("`{n}` is no number"))
        })
        .collect()
}

#[derive(Debug, Clone, PartialEq)]
pub struct Mask {
    pub width: usize,
    pub height: usize,
    pub amount: Vec<u8>,
}

impl Mask {
    pub fn none(width: usize, height: usize) -> Mask {
        Mask {
            width,
            height,
            amount: vec![0; width * height],
        }
    }

    pub fn of(shape: &Shape, width: usize, height: usize) -> Mask {
        let mut mask = Mask::none(width, height);
        for (i, a) in mask.amount.iter_mut().enumerate() {
            let (x, y) = ((i % width) as f64 + 0.5, (i / width) as f64 + 0.5);
            *a = if shape.holds(x, y) { 255 } else { 0 };
        }
        mask
    }

    /// Pixels that change.
    pub fn count(&self) -> usize {
        self.amount.iter().filter(|a| **a > 0).count()
    }

    /// The smallest box that holds it: left, top, right, bottom, the last two outside.
    pub fn bounds(&self) -> Option<[usize; 4]> {
        let mut out: Option<[usize; 4]> = None;
        for (i, _) in self.amount.iter().enumerate().filter(|(_, a)| **a > 0) {
            let (x, y) = (i % self.width, i / self.width);
            let b = out.get_or_insert([x, y, x + 1, y + 1]);
            *b = [b[0].min(x), b[1].min(y), b[2].max(x + 1), b[3].max(y + 1)];
        }
        out
    }

    /// Makes it larger by so many pixels on every side.
    pub fn grow(&mut self, by: usize) {
        if by == 0 {
            return;
        }
        for _ in 0..2 {
            let far = by;
            self.along(|line, out| {
                for i in 0..line.len() {
                    let near = &line[i.saturating_sub(far)..(i + far + 1).min(line.len())];
                    out[i] = near.iter().copied().max().unwrap_or(0);
                }
            });
        }
    }

    /// Softens it inwards over so many pixels: what was outside stays outside.
    pub fn feather(&mut self, by: usize) {
        if by == 0 {
            return;
        }
        // How far each pixel is from the outside, by two passes over rows and columns.
        let far = |at: usize, w: &Mask| if w.amount[at] == 0 { 0 } else { u32::MAX / 4 };
        let (w, h) = (self.width, self.height);
        let mut distance: Vec<u32> = (0..w * h).map(|i| far(i, self)).collect();
        let least = |distance: &mut Vec<u32>, at: usize, others: [Option<(usize, u32)>; 4]| {
            for (other, step) in others.into_iter().flatten() {
                distance[at] = distance[at].min(distance[other] + step);
            }
        };
        for y in 0..h {
            for x in 0..w {
                let at = y * w + x;
                least(
                    &mut distance,
                    at,
                    [
                        (x > 0).then(|| (at - 1, 5)),
                        (y > 0).then(|| (at - w, 5)),
                        (x > 0 && y > 0).then(|| (at - w - 1, 7)),
                        (y > 0 && x + 1 < w).then(|| (at - w + 1, 7)),
                    ],
                );
            }
        }
        for y in (0..h).rev() {
            for x in (0..w).rev() {
                let at = y * w + x;
                least(
                    &mut distance,
                    at,
                    [
                        (x + 1 < w).then(|| (at + 1, 5)),
                        (y + 1 < h).then(|| (at + w, 5)),
                        (x + 1 < w && y + 1 < h).then(|| (at + w + 1, 7)),
                        (y + 1 < h && x > 0).then(|| (at + w - 1, 7)),
                    ],
                );
            }
        }
        let reach = 5.0 * (by as f64 + 1.0);
        for (a, d) in self.amount.iter_mut().zip(&distance) {
            let part = (f64::from(*d) / reach).min(1.0);
            let soft = part * part * (3.0 - 2.0 * part);
            *a = (f64::from(*a) * soft).round() as u8;
        }
    }

    /// Works on all rows, then turns itself by a quarter: twice is rows and columns.
    fn along(&mut self, work: impl Fn(&[u8], &mut [u8])) {
        let mut out = vec![0; self.amount.len()];
        for (line, out) in
            (self.amount.chunks_exact(self.width)).zip(out.chunks_exact_mut(self.width))
        {
            work(line, out);
        }
        let (w, h) = (self.width, self.height);
        for x in 0..w {
            for y in 0..h {
                self.amount[x * h + y] = out[y * w + x];
            }
        }
        (self.width, self.height) = (h, w);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shapes_are_read_in_pixels_and_in_parts() {
        assert_eq!(
            Shape::rectangle("10,20,30,40", (100, 100)).unwrap(),
            [10.0, 20.0, 30.0, 40.0]
        );
        assert_eq!(
            Shape::rectangle("0.5,0,0.5,1", (100, 80)).unwrap(),
            [50.0, 0.0, 50.0, 80.0]
        );
        for wrong in ["", "1,2,3", "1,2,3,x", "1,2,0,5", "1,2,nan,4"] {
            assert!(Shape::rectangle(wrong, (9, 9)).is_err(), "{wrong}");
        }
        assert!(Shape::polygon("1,1 5,1", (9, 9)).is_err());
        let triangle = Shape::polygon("0,0 8,0 0,8", (9, 9)).unwrap();
        assert_eq!(Mask::of(&triangle, 8, 8).count(), 36 - 8);
    }

    proptest! {
        #[test]
        fn growing_only_adds_and_feathering_only_takes(
            x in 0.0..40.0f64, y in 0.0..30.0f64, w in 1.0..30.0f64, h in 1.0..30.0f64, by in 0usize..9,
        ) {
            let plain = Mask::of(&Shape::Box { x, y, w, h }, 48, 36);
            let mut grown = plain.clone();
            grown.grow(by);
            prop_assert_eq!((grown.width, grown.height), (48, 36));
            prop_assert!(plain.amount.iter().zip(&grown.amount).all(|(a, b)| b >= a));
            let mut soft = grown.clone();
            soft.feather(by);
            prop_assert!(grown.amount.iter().zip(&soft.amount).all(|(a, b)| b <= a));
        }
    }
}
