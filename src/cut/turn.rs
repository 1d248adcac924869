//! A camera that rolls: a picture composed with room at its sides is turned about its middle by three
//! shears, each a row or a column moved by a part of a pixel, so that a turn is as sharp and as quick as
//! any other move.

use super::frame::Frame;
use super::lanes::{self, LANES, Lanes, Work};
use super::sample::{ONE, Phases};
use crate::film::format::Format;

/// Pixels at each side of the canvas that only the shears' taps see.
const SPARE: f64 = 6.0;

pub(super) struct Turn {
    /// What is composed before it is turned; its middle is the frame's.
    pub(super) canvas: Frame,
    /// How many times the picture is enlarged, so that its corners stay outside the frame.
    pub(super) spread: f64,
    sheared: [Vec<u8>; 2],
    phases: Phases,
}

impl Turn {
    /// Makes room for turns of up to `most` radians to either side.
    pub(super) fn new(format: Format, most: f64) -> Turn {
        let (w, h) = (f64::from(format.width), f64::from(format.height));
        let (sin, cos) = most.abs().sin_cos();
        // Wider by a multiple of four, so that the middles of the planes of colour agree too.
        let room = |side: u32, need: f64| {
            let more = (need + 2.0 * SPARE - f64::from(side)).max(0.0);
            side + 4 * (more / 4.0).ceil() as u32
        };
        let canvas = Frame::new(
            room(format.width, w * cos + h * sin),
            room(format.height, h * cos + w * sin),
        );
        let mut phases = Phases::default();
        phases.set(1.0);
        Turn {
            spread: (canvas.width as f64 / w).max(canvas.height as f64 / h),
            canvas,
            sheared: Default::default(),
            phases,
        }
    }

    /// Turns the canvas clockwise by `angle` radians into the frame.
    pub(super) fn shoot(&mut self, out: &mut Frame, angle: f64) {
        let (across, down) = ((angle / 2.0).tan(), -angle.sin());
        let Turn {
            canvas,
            sheared: [once, twice],
            phases,
            ..
        } = self;
        for ((from, width), (to, to_width)) in canvas.planes().into_iter().zip(out.planes()) {
            once.resize(from.len(), 0);
            twice.resize(from.len(), 0);
            let plane = |bytes| Plane { bytes, width };
            lanes::run(Rows {
                from: plane(&*from),
                to: &mut *once,
                width,
                shear: across,
                phases,
            });
            lanes::run(Columns {
                from: plane(&*once),
                to: &mut *twice,
                shear: down,
                phases,
            });
            lanes::run(Rows {
                from: plane(&*twice),
                to,
                width: to_width,
                shear: across,
                phases,
            });
        }
    }
}

#[derive(Clone, Copy)]
struct Plane<'a> {
    bytes: &'a [u8],
    width: usize,
}

impl Plane<'_> {
    fn height(self) -> usize {
        self.bytes.len() / self.width
    }
}

/// Each row is moved sideways by `shear` times its distance from the middle; the middles of both planes
/// stand at one place.
struct Rows<'a> {
    from: Plane<'a>,
    to: &'a mut [u8],
    width: usize,
    shear: f64,
    phases: &'a Phases,
}

impl Work for Rows<'_> {
    #[inline(always)]
    fn with<L: Lanes>(self, lanes: L) {
        let (from, width) = (self.from, self.width);
        let height = self.to.len() / width;
        let (left, top) = ((from.width - width) / 2, (from.height() - height) / 2);
        // Rows with their last pixels repeated at both ends, as far as any is moved.
        let reach = (self.shear.abs() * height as f64 / 2.0).ceil() as usize + 8;
        let mut line = vec![0u8; from.width + 2 * reach + LANES];
        for (y, to) in self.to.chunks_exact_mut(width).enumerate() {
            let row = &from.bytes[(y + top) * from.width..][..from.width];
            line[..reach].fill(row[0]);
            line[reach..reach + from.width].copy_from_slice(row);
            line[reach + from.width..].fill(row[from.width - 1]);
            let middle = y as f64 + 0.5 - height as f64 / 2.0;
            let (first, weights) = self.phases.near(self.shear * middle);
            let start = (left + reach) as i64 + i64::from(first);
            let line = &line[start.max(0) as usize..];
            let block = |x: usize, to: &mut [u8; LANES]| {
                let mut sum = lanes.all(0);
                for (n, w) in weights.iter().enumerate() {
                    if let Some(v) = line.get(x + n..).and_then(|l| l.first_chunk()) {
                        sum = lanes.add(sum, lanes.scaled(lanes.bytes(v), lanes.all(*w)));
                    }
                }
                // A sum carries six bits more than a byte, and is packed from five.
                lanes.pack(lanes.scaled(sum, lanes.all(ONE)), to);
            };
            let (blocks, rest) = to.as_chunks_mut::<LANES>();
            let whole = blocks.len();
            for (i, to) in blocks.iter_mut().enumerate() {
                block(i * LANES, to);
            }
            let mut last = [0; LANES];
            block(whole * LANES, &mut last);
            rest.copy_from_slice(&last[..rest.len()]);
        }
    }
}

/// Each column is moved down by `shear` times its distance from the middle. Columns go sixteen at a time:
/// they look at places a pixel apart at most, so together they take a tap or two more than one does.
struct Columns<'a> {
    from: Plane<'a>,
    to: &'a mut [u8],
    shear: f64,
    phases: &'a Phases,
}

impl Work for Columns<'_> {
    #[inline(always)]
    fn with<L: Lanes>(self, lanes: L) {
        let (from, width, height) = (self.from, self.from.width, self.from.height());
        let mut weights: Vec<[i16; LANES]> = Vec::new();
        let mut x = 0;
        while x + 1 < width {
            // The last block begins early enough to be whole.
            x = x.min(width.saturating_sub(LANES));
            let places = || {
                (0..LANES).map(|lane| {
                    let middle = (x + lane) as f64 + 0.5 - width as f64 / 2.0;
                    self.phases.near(self.shear * middle)
                })
            };
            let low = places().map(|(first, _)| first).min().unwrap_or(0);
            let high = (places().map(|(first, w)| first + w.len() as i32))
                .max()
                .unwrap_or(0);
            weights.clear();
            weights.resize((high - low) as usize, [0; LANES]);
            for (lane, (first, taps)) in places().enumerate() {
                for (n, w) in taps.iter().enumerate() {
                    weights[(first - low) as usize + n][lane] = *w;
                }
            }
            for y in 0..height {
                let mut sum = lanes.all(0);
                for (n, w) in weights.iter().enumerate() {
                    let row = (y as i64 + i64::from(low) + n as i64).clamp(0, height as i64 - 1);
                    let at = row as usize * width + x;
                    if let Some(v) = from.bytes.get(at..).and_then(|l| l.first_chunk()) {
                        sum = lanes.add(sum, lanes.scaled(lanes.bytes(v), lanes.load(w)));
                    }
                }
                if let Some(to) =
                    (self.to.get_mut(y * width + x..)).and_then(|l| l.first_chunk_mut())
                {
                    lanes.pack(lanes.scaled(sum, lanes.all(ONE)), to);
                }
            }
            x += LANES;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Turns a soft spot slowly and returns how far its centre strays from where it belongs, in pixels
    /// (root mean square).
    fn stray(at: (f64, f64), from: f64, to: f64) -> f64 {
        let format = Format {
            width: 320,
            height: 180,
        };
        let mut turn = Turn::new(format, 0.06);
        let mut frame = Frame::new(320, 180);
        let (w, h) = (turn.canvas.width, turn.canvas.height);
        for (i, v) in turn.canvas.bytes[..w * h].iter_mut().enumerate() {
            let (x, y) = ((i % w) as f64 + 0.5, (i / w) as f64 + 0.5);
            let (dx, dy) = (x - w as f64 / 2.0 - at.0, y - h as f64 / 2.0 - at.1);
            *v = (16.0 + 219.0 * (-(dx * dx + dy * dy) / 18.0f64).exp()).round() as u8;
        }
        let mut squares = Vec::new();
        for n in 0..=100 {
            let angle = from + (to - from) * f64::from(n) / 100.0;
            turn.shoot(&mut frame, angle);
            let (mut sum, mut x, mut y) = (0.0, 0.0, 0.0);
            for (i, v) in frame.luma().iter().enumerate() {
                let v = f64::from(*v) - 16.0;
                sum += v;
                x += v * ((i % 320) as f64 + 0.5 - 160.0);
                y += v * ((i / 320) as f64 + 0.5 - 90.0);
            }
            let (sin, cos) = angle.sin_cos();
            let want = (at.0 * cos - at.1 * sin, at.0 * sin + at.1 * cos);
            squares.push((x / sum - want.0).powi(2));
            squares.push((y / sum - want.1).powi(2));
        }
        (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
    }

    #[test]
    fn a_slow_roll_does_not_shake() {
        for (at, from, to) in [
            ((60.3, -40.7), 0.0, 0.06),
            ((-120.2, 50.4), -0.06, 0.0),
            ((0.0, 0.0), -0.03, 0.03),
        ] {
            let stray = stray(at, from, to);
            assert!(stray < 0.02, "{at:?} strays {stray:.4} px");
        }
    }
}
