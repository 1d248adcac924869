//! Pictures sampled between their pixels: one separable six-tap kernel, stretched where the picture
//! shrinks, in whole numbers throughout, so that every machine composes the same frame.
//!
//! Rows are combined first, then columns. Columns are worked on in blocks of sixteen: their places in
//! the source drift by a pixel or two, so a block takes a few more taps than one pixel needs, and all
//! its reads are in a row. Weights are 1/16384; between the passes a sample carries six more bits, after
//! them five.

use super::lanes::{self, Lanes, Work};
use super::plate::{Covers, LEFT, Plane};

/// Pixels a block.
pub(super) const BLOCK: usize = 16;
/// A weight of one.
pub(super) const ONE: i16 = 1 << 14;

/// Half the kernel's width, in pixels of the coarser side.
const REACH: f64 = 3.0;
/// Places between two pixels that are told apart: 1/256 of a pixel moves nothing anybody sees.
const PHASES: usize = 256;

/// Lanczos with three lobes.
fn kernel(x: f64) -> f64 {
    let sinc = |x: f64| if x == 0.0 { 1.0 } else { x.sin() / x };
    let x = x * std::f64::consts::PI;
    if x.abs() >= REACH * std::f64::consts::PI {
        return 0.0;
    }
    sinc(x) * sinc(x / REACH)
}

/// The kernel's weights for each place between two pixels, adding up to one.
#[derive(Default)]
pub(super) struct Phases {
    wide: f64,
    /// Taps before the pixel at or before the place.
    before: i32,
    taps: usize,
    weights: Vec<i16>,
    /// Where each place's weights begin and end: those at its ends may be nothing.
    spans: Vec<(u16, u16)>,
}

impl Phases {
    /// Tabulates for a kernel `wide` times as wide as a source pixel asks for.
    pub(super) fn set(&mut self, wide: f64) {
        if self.wide == wide {
            return;
        }
        self.wide = wide;
        self.before = (REACH * wide).ceil() as i32;
        self.taps = 2 * self.before as usize + 1;
        self.weights.clear();
        self.spans.clear();
        let mut exact = vec![0f64; self.taps];
        for phase in 0..PHASES {
            let at = phase as f64 / PHASES as f64;
            for (i, w) in exact.iter_mut().enumerate() {
                *w = kernel((i as f64 - f64::from(self.before) - at) / wide);
            }
            let sum: f64 = exact.iter().sum();
            // Lanczos pulls a place towards the nearer pixel, by some hundredths of a pixel, and a slow
            // move would show it: the two middle taps take that back.
            let pull: f64 = (exact.iter().enumerate())
                .map(|(i, w)| w * (i as f64 - f64::from(self.before) - at))
                .sum();
            let middle = self.before as usize;
            exact[middle] += pull;
            exact[middle + 1] -= pull;
            let start = self.weights.len();
            let mut left = i32::from(ONE);
            let mut heaviest = start;
            for w in &exact {
                let w = (w / sum * f64::from(ONE)).round() as i32;
                left -= w;
                self.weights.push(w as i16);
                if self.weights[heaviest] < w as i16 {
                    heaviest = self.weights.len() - 1;
                }
            }
            // What rounding left goes to the heaviest.
            self.weights[heaviest] += left as i16;
            let weighs = |w: &i16| *w != 0;
            let first = self.weights[start..].iter().position(weighs).unwrap_or(0);
            let last = self.weights[start..].iter().rposition(weighs).unwrap_or(0);
            self.spans.push((first as u16, last as u16 + 1));
        }
    }

    /// [`Phases::at`] for a place in pixels.
    pub(super) fn near(&self, place: f64) -> (i32, &[i16]) {
        self.at(fixed(place))
    }

    /// The first source pixel that weighs anything at a place, and the weights from there on.
    #[inline(always)]
    fn at(&self, place: Place) -> (i32, &[i16]) {
        let steps = (place.0 + (1 << 23)) >> 24;
        let phase = steps.rem_euclid(PHASES as i64) as usize;
        let (first, last) = self.spans[phase];
        let weights = &self.weights[phase * self.taps..][usize::from(first)..usize::from(last)];
        let pixel = steps.div_euclid(PHASES as i64) as i32;
        (pixel - self.before + i32::from(first), weights)
    }
}

/// A place in the source, in 2^-32 pixels: whole numbers add up without error.
#[derive(Clone, Copy)]
struct Place(i64);

fn fixed(pixels: f64) -> Place {
    Place((pixels * 4_294_967_296.0).round() as i64)
}

/// Where a line of samples comes from: sample `i` looks at `from + i * step` in the source's pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub(super) from: f64,
    pub(super) step: f64,
}

impl Line {
    /// The same line for planes of half the size, whose samples stand between two.
    pub(super) fn halved(self) -> Line {
        Line {
            from: self.from / 2.0 - 0.25 + 0.25 * self.step,
            step: self.step,
        }
    }

    /// Samples' places from `i` on.
    fn places(self, i: usize) -> impl Iterator<Item = Place> {
        let (Place(from), Place(step)) = (fixed(self.from), fixed(self.step));
        (i as i64..).map(move |i| Place(from + i * step))
    }

    /// The source pixel sample `i` looks at.
    pub(super) fn place(self, i: usize) -> f64 {
        self.from + i as f64 * self.step
    }
}

/// Weights of a row of samples, by blocks.
#[derive(Default)]
pub(super) struct Across {
    line: Option<(Line, usize)>,
    /// The source pixel the first tap of each block's first sample reads; its n-th sample's reads n
    /// further.
    from: Vec<i32>,
    /// Taps of a block, the same for all; those it does not need weigh nothing.
    taps: usize,
    weights: Blocks,
}

impl Across {
    /// Tabulates a line of `count` samples over `length` source pixels. Light and colour, across and down
    /// share their phases: where the picture shrinks, making them takes longer than using them.
    pub(super) fn set(&mut self, phases: &mut Phases, line: Line, count: usize, length: usize) {
        if self.line == Some((line, count)) {
            return;
        }
        self.line = Some((line, count));
        phases.set(line.step.max(1.0));
        self.from.clear();
        self.taps = 1;
        let end = length as i32 - 1;
        // Past the edge, the picture's last pixel goes on.
        for start in (0..count).step_by(BLOCK) {
            let mut from = i32::MAX;
            let mut until = i32::MIN;
            for (lane, place) in (0..BLOCK).zip(line.places(start)) {
                let (first, weights) = phases.at(place);
                let last = (first + weights.len() as i32 - 1).clamp(0, end);
                from = from.min(first.clamp(0, end) - lane as i32);
                until = until.max(last - lane as i32);
            }
            self.from.push(from);
            self.taps = self.taps.max((until - from + 1) as usize);
        }
        let weights = self.weights.room(self.from.len() * self.taps);
        weights.fill([0; BLOCK]);
        let blocks = weights.chunks_exact_mut(self.taps);
        for ((i, from), taps) in self.from.iter().enumerate().zip(blocks) {
            for (lane, place) in (0..BLOCK).zip(line.places(i * BLOCK)) {
                let (first, weights) = phases.at(place);
                for (k, w) in (first..).zip(weights) {
                    let tap = (k.clamp(0, end) - lane as i32 - from) as usize;
                    let to = &mut taps[tap][lane];
                    *to = to.saturating_add(*w);
                }
            }
        }
    }
}

/// Weights of a column of samples.
#[derive(Default)]
pub(super) struct Down {
    line: Option<(Line, usize)>,
    /// Where each sample's taps begin; one more than there are samples.
    starts: Vec<u32>,
    /// Source rows and their weights.
    taps: Vec<(u32, i16)>,
}

impl Down {
    pub(super) fn set(&mut self, phases: &mut Phases, line: Line, count: usize, length: usize) {
        if self.line == Some((line, count)) {
            return;
        }
        self.line = Some((line, count));
        phases.set(line.step.max(1.0));
        self.starts.clear();
        self.taps.clear();
        let end = length as i32 - 1;
        for place in line.places(0).take(count) {
            self.starts.push(self.taps.len() as u32);
            let (first, weights) = phases.at(place);
            let edge = self.taps.len();
            for (k, w) in (first..).zip(weights) {
                let k = k.clamp(0, end) as u32;
                match self.taps[edge..].last_mut() {
                    Some(last) if last.0 == k => last.1 = last.1.saturating_add(*w),
                    _ => self.taps.push((k, *w)),
                }
            }
        }
        self.starts.push(self.taps.len() as u32);
    }

    #[inline(always)]
    fn of(&self, y: usize) -> &[(u32, i16)] {
        &self.taps[self.starts[y] as usize..self.starts[y + 1] as usize]
    }
}

/// Blocks one after the other, none across two lines of the processor's cache: those are read in twice
/// the time.
#[derive(Default)]
struct Blocks {
    numbers: Vec<i16>,
}

impl Blocks {
    /// Bytes of a line of the cache, which is two blocks.
    const LINE: usize = 64;

    /// Numbers before the first that begins a line.
    fn start(&self) -> usize {
        let offset = self.numbers.as_ptr().align_offset(Blocks::LINE);
        // Where the language will not tell, any place is right.
        offset.min(2 * BLOCK)
    }

    /// At least `count` blocks, with whatever is in them.
    fn room(&mut self, count: usize) -> &mut [[i16; BLOCK]] {
        let needed = (count + 2) * BLOCK;
        if self.numbers.len() < needed {
            self.numbers.resize(needed, 0);
        }
        let start = self.start();
        &mut self.numbers[start..].as_chunks_mut().0[..count]
    }

    fn all(&self) -> &[[i16; BLOCK]] {
        let start = self.start().min(self.numbers.len());
        self.numbers[start..].as_chunks().0
    }
}

/// Working space of one thread.
#[derive(Default)]
pub(super) struct Bench {
    columns: [Blocks; 2],
    color: [Blocks; 2],
    alpha: [Blocks; 2],
}

/// Two rows to be sampled: which plane, by which weights, which blocks of it.
#[derive(Clone, Copy)]
struct Rows<'a> {
    plane: &'a Plane,
    rows: [&'a [(u32, i16)]; 2],
    /// Of these blocks.
    from: &'a [i32],
    weights: &'a [[i16; BLOCK]],
    taps: usize,
}

impl Rows<'_> {
    /// Samples into `out`, 32 parts a step. `columns` is scratch.
    #[inline(always)]
    fn sample<L: Lanes>(self, lanes: L, columns: &mut [Blocks; 2], out: &mut [Blocks; 2]) {
        // Blocks look ever further to the right.
        let (Some(low), Some(high)) = (self.from.first(), self.from.last()) else {
            return;
        };
        let (low, high) = (*low, *high + (self.taps + BLOCK) as i32);
        let strips = ((high - low) as usize).div_ceil(BLOCK);
        let start = (low + LEFT as i32) as usize;
        let down = columns.each_mut().map(|c| c.room(strips));
        for (rows, to) in self.rows.into_iter().zip(down) {
            // As many taps as there are known beforehand make code without a loop.
            match rows.len() {
                1 => self.combine::<L, 1>(lanes, rows, start, to),
                5 => self.combine::<L, 5>(lanes, rows, start, to),
                6 => self.combine::<L, 6>(lanes, rows, start, to),
                7 => self.combine::<L, 7>(lanes, rows, start, to),
                8 => self.combine::<L, 8>(lanes, rows, start, to),
                _ => self.combine_any(lanes, rows, start, to),
            }
        }
        let flat = columns.each_ref().map(|c| c.all().as_flattened());
        let out = out.each_mut().map(|o| o.room(self.from.len()));
        match self.taps {
            1 => self.across::<L, 1>(lanes, low, flat, out),
            6 => self.across::<L, 6>(lanes, low, flat, out),
            7 => self.across::<L, 7>(lanes, low, flat, out),
            8 => self.across::<L, 8>(lanes, low, flat, out),
            9 => self.across::<L, 9>(lanes, low, flat, out),
            10 => self.across::<L, 10>(lanes, low, flat, out),
            _ => self.across_any(lanes, low, flat, out),
        }
    }

    /// A source row, from where the blocks begin to look. What lies past the plane's end has no weight.
    #[inline(always)]
    fn line(&self, k: u32, start: usize) -> &[[u8; BLOCK]] {
        let at = k as usize * self.plane.stride + start;
        self.plane.data.get(at..).unwrap_or(&[]).as_chunks().0
    }

    #[inline(always)]
    fn combine<L: Lanes, const N: usize>(
        self,
        lanes: L,
        rows: &[(u32, i16)],
        start: usize,
        columns: &mut [[i16; BLOCK]],
    ) {
        let Ok(taps) = <&[(u32, i16); N]>::try_from(rows) else {
            return;
        };
        let mut lines: [&[[u8; BLOCK]]; N] = [&[]; N];
        let mut weights = [lanes.all(0); N];
        let mut whole = columns.len();
        for n in 0..N {
            lines[n] = self.line(taps[n].0, start);
            weights[n] = lanes.all(taps[n].1);
            whole = whole.min(lines[n].len());
        }
        for line in &mut lines {
            *line = &line[..whole];
        }
        for (s, to) in columns[..whole].iter_mut().enumerate() {
            let mut sum = lanes.all(0);
            for n in 0..N {
                sum = lanes.add(sum, lanes.scaled(lanes.bytes(&lines[n][s]), weights[n]));
            }
            lanes.store(sum, to);
        }
    }

    #[inline(always)]
    fn combine_any<L: Lanes>(
        self,
        lanes: L,
        rows: &[(u32, i16)],
        start: usize,
        columns: &mut [[i16; BLOCK]],
    ) {
        for (s, to) in columns.iter_mut().enumerate() {
            let mut sum = lanes.all(0);
            for (k, w) in rows {
                if let Some(from) = self.line(*k, start).get(s) {
                    sum = lanes.add(sum, lanes.scaled(lanes.bytes(from), lanes.all(*w)));
                }
            }
            lanes.store(sum, to);
        }
    }

    /// Both rows at once: they have the same weights.
    #[inline(always)]
    fn across<L: Lanes, const N: usize>(
        self,
        lanes: L,
        low: i32,
        columns: [&[i16]; 2],
        [above, below]: [&mut [[i16; BLOCK]]; 2],
    ) {
        let weights = self.weights.as_chunks::<N>().0;
        let to = above.iter_mut().zip(below);
        for ((from, weights), (above, below)) in self.from.iter().zip(weights).zip(to) {
            let columns = columns.map(|c| &c[(from - low) as usize..][..N + BLOCK]);
            let mut sums = [lanes.all(0); 2];
            for n in 0..N {
                let weights = lanes.load(&weights[n]);
                for (sum, columns) in sums.iter_mut().zip(columns) {
                    if let Some(v) = columns[n..].first_chunk() {
                        *sum = lanes.add(*sum, lanes.scaled(lanes.load(v), weights));
                    }
                }
            }
            lanes.store(sums[0], above);
            lanes.store(sums[1], below);
        }
    }

    #[inline(always)]
    fn across_any<L: Lanes>(
        self,
        lanes: L,
        low: i32,
        columns: [&[i16]; 2],
        out: [&mut [[i16; BLOCK]]; 2],
    ) {
        for (columns, out) in columns.into_iter().zip(out) {
            let weights = self.weights.chunks_exact(self.taps);
            for ((from, weights), to) in self.from.iter().zip(weights).zip(out) {
                let columns = &columns[(from - low) as usize..];
                let mut sum = lanes.all(0);
                for (n, w) in weights.iter().enumerate() {
                    if let Some(v) = columns[n..].first_chunk() {
                        sum = lanes.add(sum, lanes.scaled(lanes.load(v), lanes.load(w)));
                    }
                }
                lanes.store(sum, to);
            }
        }
    }
}

/// The samples of a row, as they are or over what is below.
#[derive(Clone, Copy)]
struct Ink<'a> {
    color: &'a [[i16; BLOCK]],
    alpha: Option<&'a [[i16; BLOCK]]>,
}

impl Ink<'_> {
    #[inline(always)]
    fn block<L: Lanes>(self, lanes: L, i: usize, to: &mut [u8; BLOCK]) {
        const FULL: i16 = 255 << 5;
        let color = lanes.load(&self.color[i]);
        let Some(alpha) = self.alpha else {
            return lanes.pack(color, to);
        };
        let a = lanes.within(lanes.load(&alpha[i]), 0, FULL);
        let left = lanes.sub(lanes.all(FULL), a);
        // Of 255 * 32 parts to nearly 32768 of them.
        let keep = lanes.add(lanes.left::<2>(left), lanes.right::<6>(left));
        let below = lanes.right::<2>(lanes.bytes(to));
        lanes.pack(lanes.add(color, lanes.scaled(below, keep)), to);
    }

    /// Writes whole blocks where there is room for them and the rest by the sample.
    #[inline(always)]
    fn write<L: Lanes>(self, lanes: L, blocks: usize, to: &mut [u8]) {
        let (whole, rest) = to.as_chunks_mut::<BLOCK>();
        let count = whole.len();
        for (i, to) in whole.iter_mut().enumerate().take(blocks) {
            self.block(lanes, i, to);
        }
        if !rest.is_empty() && blocks > count {
            let mut last = [0; BLOCK];
            last[..rest.len()].copy_from_slice(rest);
            self.block(lanes, count, &mut last);
            rest.copy_from_slice(&last[..rest.len()]);
        }
    }
}

/// A stretch of blocks of one picture, and how it covers them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) covers: Covers,
}

/// A plane, its weights, and how much of it covers.
pub(super) struct Source<'a> {
    pub(super) color: &'a Plane,
    pub(super) alpha: Option<&'a Plane>,
    pub(super) down: &'a Down,
    pub(super) across: &'a Across,
}

/// Lays a stretch of a picture's plane on rows `rows` of a frame's plane, `width` wide.
pub(super) fn lay(
    source: &Source<'_>,
    stretch: Stretch,
    rows: std::ops::Range<usize>,
    to: &mut [u8],
    width: usize,
    bench: &mut Bench,
) {
    lanes::run(Lay {
        source,
        stretch,
        rows,
        to,
        width,
        bench,
    });
}

struct Lay<'a> {
    source: &'a Source<'a>,
    stretch: Stretch,
    rows: std::ops::Range<usize>,
    to: &'a mut [u8],
    width: usize,
    bench: &'a mut Bench,
}

impl Work for Lay<'_> {
    #[inline(always)]
    fn with<L: Lanes>(self, lanes: L) {
        let (source, stretch, width) = (self.source, self.stretch, self.width);
        let from = stretch.first * BLOCK;
        let until = (stretch.last * BLOCK).min(width);
        let across = source.across;
        let blocks = stretch.first..stretch.last.min(across.from.len());
        let alpha = source.alpha.filter(|_| stretch.covers == Covers::Some);
        let Bench {
            columns,
            color,
            alpha: covering,
        } = self.bench;
        // Two rows at a time; an odd last one goes with itself.
        let last = self.rows.end.saturating_sub(1);
        for y in self.rows.step_by(2) {
            let both = [y, (y + 1).min(last)];
            let rows = Rows {
                plane: source.color,
                rows: both.map(|y| source.down.of(y)),
                from: &across.from[blocks.clone()],
                weights: &across.weights.all()
                    [blocks.start * across.taps..blocks.end * across.taps],
                taps: across.taps,
            };
            rows.sample(lanes, columns, color);
            if let Some(plane) = alpha {
                Rows { plane, ..rows }.sample(lanes, columns, covering);
            }
            for (n, y) in (y..=both[1]).enumerate() {
                let to = &mut self.to[y * width + from..y * width + until];
                let ink = Ink {
                    color: color[n].all(),
                    alpha: alpha.map(|_| covering[n].all()),
                };
                ink.write(lanes, blocks.len(), to);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sampled(plane: &Plane, x: Line, y: Line, width: usize, height: usize) -> Vec<u8> {
        let (mut across, mut down) = (Across::default(), Down::default());
        let mut phases = Phases::default();
        across.set(&mut phases, x, width, plane.width);
        down.set(&mut phases, y, height, plane.height);
        let source = Source {
            color: plane,
            alpha: None,
            down: &down,
            across: &across,
        };
        let all = Stretch {
            first: 0,
            last: width.div_ceil(BLOCK),
            covers: Covers::All,
        };
        let mut out = vec![0; width * height];
        lay(
            &source,
            all,
            0..height,
            &mut out,
            width,
            &mut Bench::default(),
        );
        out
    }

    fn plane(width: usize, height: usize, f: impl Fn(usize, usize) -> u8) -> Plane {
        let mut plane = Plane::new(width, height);
        for y in 0..height {
            for (x, v) in plane.row_mut(y).iter_mut().enumerate() {
                *v = f(x, y);
            }
        }
        plane
    }

    /// The same kernel, in plain floating-point arithmetic, one pixel at a time.
    fn reference(plane: &Plane, x: Line, y: Line, i: usize, j: usize) -> f64 {
        let kernel = |t: f64| {
            let sinc = |v: f64| if v == 0.0 { 1.0 } else { v.sin() / v };
            let t = t * std::f64::consts::PI;
            sinc(t) * sinc(t / REACH)
        };
        let taps = |line: Line, n: usize, length: usize| {
            let at = line.from + n as f64 * line.step;
            let wide = line.step.max(1.0);
            let reach = (at - REACH * wide).ceil() as i64..=(at + REACH * wide).floor() as i64;
            let mut list: Vec<(i64, f64)> = reach
                .map(|k| (k, kernel(((k as f64 - at) / wide).clamp(-REACH, REACH))))
                .collect();
            let sum: f64 = list.iter().map(|t| t.1).sum();
            // Its centre of weight stands at the place.
            let pull: f64 = list.iter().map(|(k, w)| w * (*k as f64 - at)).sum();
            for (k, w) in &mut list {
                *w += match *k - at.floor() as i64 {
                    0 => pull,
                    1 => -pull,
                    _ => 0.0,
                };
            }
            list.into_iter()
                .map(move |(k, w)| (k.clamp(0, length as i64 - 1) as usize, w / sum))
                .collect::<Vec<_>>()
        };
        let mut out = 0.0;
        for (sy, wy) in taps(y, j, plane.height) {
            for (sx, wx) in taps(x, i, plane.width) {
                out += wy * wx * f64::from(plane.row(sy)[sx]);
            }
        }
        out.clamp(0.0, 255.0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn samples_are_those_of_exact_arithmetic(
            fx in -9.0..9.0f64, fy in -9.0..9.0f64, sx in 0.3..2.6f64, sy in 0.3..2.6f64, seed in any::<u32>(),
        ) {
            let p = plane(61, 47, |x, y| {
                let mut h = (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77) ^ seed;
                h ^= h >> 15;
                (h.wrapping_mul(0x2c1b_3c6d) >> 24) as u8
            });
            let (x, y) = (Line { from: fx, step: sx }, Line { from: fy, step: sy });
            let got = sampled(&p, x, y, 37, 21);
            for (n, v) in got.iter().enumerate() {
                let want = reference(&p, x, y, n % 37, n / 37);
                prop_assert!((f64::from(*v) - want).abs() <= 1.6, "{v} for {want} at {n}");
            }
        }

        #[test]
        fn flat_stays_flat(from in -5.0..5.0f64, step in 0.2..4.0f64, v in 0u8..=255) {
            let p = plane(40, 40, |_, _| v);
            let line = Line { from, step };
            prop_assert!(sampled(&p, line, line, 33, 9).iter().all(|g| *g == v));
        }
    }

    #[test]
    fn flat_stays_flat_where_many_taps_add_up() {
        let line = Line {
            from: 0.0,
            step: 3.6738481393051354,
        };
        let p = plane(40, 40, |_, _| 35);
        assert!(sampled(&p, line, line, 33, 9).iter().all(|g| *g == 35));
    }

    #[test]
    fn whole_pixels_are_copied() {
        let p = plane(64, 32, |x, y| (x * 3 + y * 5) as u8);
        let got = sampled(
            &p,
            Line {
                from: 5.0,
                step: 1.0,
            },
            Line {
                from: 3.0,
                step: 1.0,
            },
            32,
            16,
        );
        for y in 0..16 {
            assert_eq!(got[y * 32..][..32], p.row(y + 3)[5..37]);
        }
    }
}
