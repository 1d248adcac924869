//! A dozen instruments and a hall, in plain arithmetic. No gain changes within a sample: every note
//! rises and falls.

use super::super::dice::Dice;
use super::super::voice::{Biquad, RATE};
use super::score::{Instrument, Note};
use std::sync::OnceLock;

pub(super) struct Stereo {
    pub(super) left: Vec<f32>,
    pub(super) right: Vec<f32>,
}

impl Stereo {
    pub(super) fn new(samples: usize) -> Stereo {
        Stereo {
            left: vec![0.0; samples],
            right: vec![0.0; samples],
        }
    }

    pub(super) fn add(&mut self, other: &Stereo, gain: f32) {
        for (a, b) in self.left.iter_mut().zip(&other.left) {
            *a += b * gain;
        }
        for (a, b) in self.right.iter_mut().zip(&other.right) {
            *a += b * gain;
        }
    }

    pub(super) fn interleaved(&self) -> Vec<f32> {
        self.left
            .iter()
            .zip(&self.right)
            .flat_map(|(l, r)| [*l, *r])
            .collect()
    }
}

const TABLE: usize = 2048;

/// A period of falling harmonics, dark above its cut-off, with scattered phases.
fn table(slope: f32, cut: f32, seed: u64) -> Vec<f32> {
    let mut dice = Dice::new(seed, "table");
    let mut out = vec![0f32; TABLE];
    for k in 1..=40 {
        let level = (k as f32).powf(-slope) / (1.0 + (k as f32 * 220.0 / cut).powi(4)).sqrt();
        let phase = dice.range(0.0, std::f32::consts::TAU);
        for (i, s) in out.iter_mut().enumerate() {
            *s +=
                level * (std::f32::consts::TAU * k as f32 * i as f32 / TABLE as f32 + phase).sin();
        }
    }
    let rms = (out.iter().map(|s| s * s).sum::<f32>() / TABLE as f32)
        .sqrt()
        .max(1e-6);
    out.iter_mut().for_each(|s| *s /= rms);
    out
}

fn tables() -> &'static [Vec<f32>; 3] {
    static TABLES: OnceLock<[Vec<f32>; 3]> = OnceLock::new();
    TABLES.get_or_init(|| {
        [
            table(1.1, 900.0, 1),
            table(1.0, 2200.0, 2),
            table(1.0, 1100.0, 3),
        ]
    })
}

fn read(table: &[f32], phase: f64) -> f32 {
    let x = phase * TABLE as f64;
    let i = x as usize;
    let t = (x - i as f64) as f32;
    let (a, b) = (table[i % TABLE], table[(i + 1) % TABLE]);
    a + (b - a) * t
}

fn ramp(t: f64, length: f64) -> f32 {
    if t >= length {
        1.0
    } else {
        (0.5 - 0.5 * (std::f64::consts::PI * (t / length).max(0.0)).cos()) as f32
    }
}

pub(super) fn play(note: &Note, dry: &mut Stereo, sent: &mut Stereo, seed: u64) {
    let rate = f64::from(RATE);
    let hz = 440.0 * 2f64.powf((note.midi - 69.0) / 12.0);
    let start = (note.at * rate).round() as usize;
    let (gain, send, tail) = match note.instrument {
        Instrument::Pad => (0.085, 0.35, 0.9),
        Instrument::Strings => (0.065, 0.5, 0.7),
        Instrument::Piano => (0.10, 0.4, 0.18),
        Instrument::Pluck => (0.13, 0.3, 0.12),
        Instrument::Bass => (0.10, 0.05, 0.12),
        Instrument::Mallet => (0.13, 0.4, 0.8),
        Instrument::Bell => (0.07, 0.7, 1.6),
        Instrument::Pulse => (0.07, 0.2, 0.09),
        Instrument::Kick => (0.16, 0.08, 0.1),
        Instrument::Boom => (0.19, 0.35, 0.2),
        Instrument::Shaker => (0.12, 0.15, 0.02),
        Instrument::Tick => (0.10, 0.3, 0.02),
    };
    let total = note.seconds + tail;
    let n = ((total * rate) as usize).min(dry.left.len().saturating_sub(start));
    if n == 0 {
        return;
    }
    let wave = sound(note, hz, n, total, tail, seed);
    let angle = (f64::from(note.pan) + 1.0) * std::f64::consts::FRAC_PI_4;
    let (l, r) = (angle.cos() as f32, angle.sin() as f32);
    let gain = gain as f32 * note.velocity * 1.41;
    for (i, (a, b)) in wave.into_iter().enumerate() {
        let (a, b) = (a * gain * l, b * gain * r);
        dry.left[start + i] += a;
        dry.right[start + i] += b;
        sent.left[start + i] += a * send as f32;
        sent.right[start + i] += b * send as f32;
    }
}

/// One note as stereo samples.
fn sound(note: &Note, hz: f64, n: usize, total: f64, tail: f64, seed: u64) -> Vec<(f32, f32)> {
    let rate = f64::from(RATE);
    let held = |t: f64, rise: f64| ramp(t, rise) * ramp(total - t, tail.max(0.02));
    let partials = |list: &[(f64, f64, f64)], rise: f64| -> Vec<(f32, f32)> {
        // (ratio, level, T60): each turns and decays by one multiplication a sample.
        let mut states: Vec<(f64, f64, f64, f64)> = list
            .iter()
            .filter(|(ratio, _, _)| hz * ratio < 12_000.0)
            .map(|(ratio, level, t60)| {
                let w = std::f64::consts::TAU * hz * ratio / rate;
                let decay = 0.001f64.powf(1.0 / (t60 * rate));
                (0.0, *level, w.cos() * decay, w.sin() * decay)
            })
            .collect();
        (0..n)
            .map(|i| {
                let mut sum = 0.0;
                for s in &mut states {
                    let (re, im) = (s.1 * s.2 - s.0 * s.3, s.1 * s.3 + s.0 * s.2);
                    s.0 = im;
                    s.1 = re;
                    sum += im;
                }
                let v = sum as f32 * held(i as f64 / rate, rise);
                (v, v)
            })
            .collect()
    };
    match note.instrument {
        Instrument::Pad | Instrument::Strings | Instrument::Pulse => {
            let (which, rise, copies): (usize, f64, &[f64]) = match note.instrument {
                Instrument::Pad => (0, 0.6, &[-6.0, 0.0, 5.0]),
                Instrument::Strings => (1, 0.45, &[-9.0, -4.0, 3.0, 8.0]),
                _ => (2, 0.006, &[-3.0, 3.0]),
            };
            let table = &tables()[which];
            let mut phases: Vec<f64> = (0..copies.len()).map(|i| (i as f64 * 0.37) % 1.0).collect();
            let scale = 1.0 / (copies.len() as f32).sqrt();
            let vibrato = note.instrument == Instrument::Strings;
            (0..n)
                .map(|i| {
                    let t = i as f64 / rate;
                    let bend = if vibrato {
                        6.0 * f64::from(ramp(t, 0.9)) * (std::f64::consts::TAU * 5.0 * t).sin()
                    } else {
                        0.0
                    };
                    let (mut l, mut r) = (0.0f32, 0.0f32);
                    for (k, cents) in copies.iter().enumerate() {
                        let f = hz * (1.0 + (cents + bend) * 0.000_577_8);
                        phases[k] = (phases[k] + f / rate) % 1.0;
                        let v = read(table, phases[k]);
                        let side = if copies.len() > 1 {
                            k as f32 / (copies.len() - 1) as f32
                        } else {
                            0.5
                        };
                        l += v * (1.2 - side * 0.8);
                        r += v * (0.4 + side * 0.8);
                    }
                    let e = held(t, rise.min(total * 0.4)) * scale;
                    (l * e, r * e)
                })
                .collect()
        }
        Instrument::Piano => {
            let b = 0.0004 * 2f64.powf((note.midi - 60.0) / 14.0);
            let list: Vec<(f64, f64, f64)> = (1..=10)
                .map(|k| {
                    let k = f64::from(k);
                    let level = ((k * std::f64::consts::PI / 7.3).sin().abs() / k)
                        * (-k * hz / (900.0 + 1900.0 * f64::from(note.velocity))).exp();
                    let t60 =
                        6.5 * 2f64.powf(-(note.midi - 48.0) / 15.0) / (1.0 + 0.28 * (k - 1.0));
                    (k * (1.0 + b * k * k).sqrt(), level * 1.6, t60.max(0.2))
                })
                .collect();
            partials(&list, 0.005)
        }
        Instrument::Bass => partials(
            &[
                (1.0, 1.0, 6.0),
                (2.0, 0.42, 3.0),
                (3.0, 0.16, 1.8),
                (4.0, 0.05, 1.0),
            ],
            0.018,
        ),
        Instrument::Mallet => {
            let s = 2f64.powf(-(note.midi - 60.0) / 20.0);
            partials(
                &[
                    (1.0, 1.0, 1.1 * s),
                    (3.93, 0.22, 0.32 * s),
                    (9.2, 0.07, 0.12 * s),
                ],
                0.002,
            )
        }
        Instrument::Bell => partials(
            &[
                (1.0, 1.0, 3.2),
                (2.002, 0.25, 2.2),
                (2.76, 0.22, 1.6),
                (5.4, 0.08, 0.7),
            ],
            0.003,
        ),
        Instrument::Pluck => {
            let delay = rate / hz - 0.5;
            let whole = (delay - 0.2).floor().max(2.0) as usize;
            let part = delay - whole as f64;
            let allpass = ((1.0 - part) / (1.0 + part)) as f32;
            let mut dice = Dice::new(seed ^ (note.at * 1000.0) as u64, "pluck");
            let mut line: Vec<f32> = Vec::with_capacity(whole);
            let mut low = 0.0f32;
            for _ in 0..whole {
                let k = 0.35 + 0.3 * note.velocity;
                low += k * (dice.range(-1.0, 1.0) - low);
                line.push(low);
            }
            let mean = line.iter().sum::<f32>() / whole as f32;
            line.iter_mut().for_each(|s| *s -= mean);
            let t60 = 2.2 * 2f64.powf(-(note.midi - 60.0) / 18.0);
            let loss = 10f64.powf(-3.0 / (hz * t60)) as f32;
            let (mut x1, mut y1, mut previous) = (0.0f32, 0.0f32, 0.0f32);
            let mut at = 0;
            (0..n)
                .map(|i| {
                    let out = line[at];
                    let averaged = 0.5 * (out + previous) * loss;
                    previous = out;
                    let y = allpass * averaged + x1 - allpass * y1 + 1e-20;
                    x1 = averaged;
                    y1 = y;
                    line[at] = y;
                    at = (at + 1) % whole;
                    let v = out * held(i as f64 / rate, 0.002);
                    (v, v)
                })
                .collect()
        }
        Instrument::Kick | Instrument::Boom => {
            let (high, low, fall, decay) = if note.instrument == Instrument::Kick {
                (105.0, 47.0, 0.028, 0.13)
            } else {
                (78.0, 43.0, 0.09, 0.6)
            };
            let mut phase = 0.0f64;
            (0..n)
                .map(|i| {
                    let t = i as f64 / rate;
                    phase += (low + (high - low) * (-t / fall).exp()) / rate;
                    let v = ((std::f64::consts::TAU * phase).sin() * 1.3 * (-t / decay).exp())
                        .tanh() as f32
                        * held(t, 0.002);
                    (v, v)
                })
                .collect()
        }
        Instrument::Shaker | Instrument::Tick => {
            let mut dice = Dice::new(seed ^ (note.at * 1000.0) as u64, "noise");
            let (mut band, decay, rise) = if note.instrument == Instrument::Shaker {
                (Biquad::band_pass(6500.0, 1.0), 0.032, 0.009)
            } else {
                (Biquad::band_pass(2800.0, 1.4), 0.009, 0.001)
            };
            (0..n)
                .map(|i| {
                    let t = i as f64 / rate;
                    let v = band.step(dice.range(-1.0, 1.0))
                        * (-t / decay).exp() as f32
                        * held(t, rise)
                        * 2.0;
                    (v, v)
                })
                .collect()
        }
    }
}

/// A hall: diffusion, eight delay lines that feed each other, darker as they fade.
pub(super) struct Hall {
    lines: Vec<Vec<f32>>,
    at: Vec<usize>,
    damped: [f32; 8],
}

const DELAYS: [usize; 8] = [1433, 1601, 1867, 2053, 2251, 2399, 2617, 2797];

impl Hall {
    pub(super) fn new() -> Hall {
        Hall {
            lines: DELAYS.iter().map(|d| vec![0.0; *d]).collect(),
            at: vec![0; 8],
            damped: [0.0; 8],
        }
    }

    pub(super) fn run(mut self, sent: &mut Stereo) {
        for side in [&mut sent.left, &mut sent.right] {
            Biquad::high_pass(180.0, 0.707).run(side);
        }
        let gains: Vec<f32> = DELAYS
            .iter()
            .map(|d| 10f32.powf(-3.0 * *d as f32 / (RATE as f32 * 2.4)))
            .collect();
        for i in 0..sent.left.len() {
            let mut v = [0f32; 8];
            for (k, gain) in gains.iter().enumerate() {
                let out = self.lines[k][self.at[k]];
                self.damped[k] += 0.62 * (out * gain - self.damped[k]) + 1e-20;
            }
            v.copy_from_slice(&self.damped);
            let (l, r) = (v[0] - v[2] + v[4] - v[6], v[1] - v[3] + v[5] - v[7]);
            // Hadamard: every line feeds every other, and none gains.
            for span in [1, 2, 4] {
                for base in (0..8).step_by(span * 2) {
                    for j in base..base + span {
                        let (a, b) = (v[j], v[j + span]);
                        v[j] = a + b;
                        v[j + span] = a - b;
                    }
                }
            }
            for (k, x) in v.iter().enumerate() {
                let input = if k % 2 == 0 {
                    sent.left[i]
                } else {
                    sent.right[i]
                };
                let at = self.at[k];
                self.lines[k][at] = x * 0.353_553_4 + input * 0.5;
                self.at[k] = (at + 1) % DELAYS[k];
            }
            sent.left[i] = l * 0.5;
            sent.right[i] = r * 0.5;
        }
        for side in [&mut sent.left, &mut sent.right] {
            Biquad::low_pass(7000.0, 0.707).run(side);
        }
    }
}
