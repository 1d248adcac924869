//! Who sounds how, what is said to the engine, and one line mastered so that all lie at one level.

use super::spoken::{Piece, speakable};
use crate::film::storyboard::{Heard, Line};
use crate::media::cancel::Cancel;
use crate::media::speech::{self, Manner};
use crate::media::tools::{Engine, Tools};
use anyhow::Result;
use std::collections::BTreeMap;

pub const RATE: u32 = 48_000;

/// A line as it was spoken.
#[derive(Debug, Clone)]
pub struct Spoken {
    /// Mono, 48 kHz.
    pub samples: Vec<f32>,
    /// `flite rms`, `espeak-ng en-us+f2`, `silence`.
    pub engine: String,
    pub words_per_minute: u32,
    pub warnings: Vec<String>,
}

impl Spoken {
    pub fn seconds(&self) -> f64 {
        self.samples.len() as f64 / f64::from(RATE)
    }
}

/// How a part is played by an engine: voice, rate shift, tempo, speed, pitch.
struct Part {
    voice: String,
    shift: f64,
    tempo: f64,
    speed: u32,
    pitch: u32,
}

/// Casts a part. Flite knows three voices for English; the rest is shifting them, within what is
/// still understood.
fn part(engine: &Engine, part: &str, variant: u32, language: &str) -> Part {
    let p = |voice: &str, shift: f64, tempo: f64, speed: u32, pitch: u32| Part {
        voice: voice.to_owned(),
        shift,
        tempo,
        speed,
        pitch,
    };
    match engine {
        Engine::Flite => match (part, variant % 3) {
            ("woman", 0) => p("slt", 0.97, 1.0, 0, 0),
            ("woman", _) => p("slt", 0.91, 0.96, 0, 0),
            ("young_woman" | "child", _) => p("slt", 1.06, 0.92, 0, 0),
            ("old_woman", _) => p("slt", 0.88, 0.90, 0, 0),
            ("man", 0) => p("awb", 1.0, 0.95, 0, 0),
            ("man", 1) => p("rms", 1.12, 1.05, 0, 0),
            ("man", _) => p("rms", 0.93, 0.92, 0, 0),
            ("young_man", _) => p("rms", 1.12, 1.05, 0, 0),
            ("old_man", _) => p("rms", 0.90, 0.90, 0, 0),
            _ => p("rms", 1.0, 0.90, 0, 0),
        },
        // A model of one speaker plays all parts, a little higher or lower.
        Engine::Piper(piper) if piper.speakers < 3 => {
            let (shift, tempo) = match (part, variant % 3) {
                ("woman", 0) => (1.06, 1.0),
                ("woman", _) => (1.02, 0.97),
                ("young_woman", _) => (1.10, 1.02),
                ("child", _) => (1.16, 1.02),
                ("old_woman", _) => (0.98, 0.92),
                ("man", 0) => (0.95, 1.0),
                ("man", _) => (0.91, 1.0),
                ("young_man", _) => (0.98, 1.05),
                ("old_man", _) => (0.88, 0.92),
                _ => (1.0, 0.91),
            };
            p("0", shift, tempo, 0, 0)
        }
        Engine::Piper(piper) => {
            let seed = blake3::hash(format!("{part} {variant}").as_bytes());
            let speaker = u32::from(seed.as_bytes()[0]) % piper.speakers;
            let tempo = if part == "narrator" { 0.91 } else { 0.95 };
            p(&speaker.to_string(), 1.0, tempo, 0, 0)
        }
        _ => {
            let lang = match language.to_lowercase().as_str() {
                "en" | "en-us" => "en-us".to_owned(),
                other => other.split(['-', '_']).next().unwrap_or("en").to_owned(),
            };
            let (variety, speed, pitch) = match (part, variant % 3) {
                ("woman", 0) => ("+f2", 150, 50),
                ("woman", _) => ("+f3", 150, 40),
                ("young_woman", _) => ("+f5", 150, 50),
                ("old_woman", _) => ("+f2", 145, 30),
                ("child", _) => ("+f5", 150, 75),
                ("man", 0) => ("+m3", 150, 50),
                ("man", 1) => ("+m1", 150, 45),
                ("man", _) => ("+m2", 145, 40),
                ("young_man", _) => ("+m4", 155, 60),
                ("old_man", _) => ("+m3", 140, 25),
                _ => ("", 140, 50),
            };
            p(&format!("{lang}{variety}"), 1.0, 1.0, speed, pitch)
        }
    }
}

/// What a parenthetical does to a line.
#[derive(Clone, Copy, Default)]
struct Delivery {
    /// Against the part's own.
    tempo: f64,
    level_db: f32,
    whispered: bool,
    shouted: bool,
}

fn delivery(how: &str) -> Delivery {
    let low = how.to_lowercase();
    let any = |words: &[&str]| words.iter().any(|w| low.contains(w));
    let plain = |tempo, level_db| Delivery {
        tempo,
        level_db,
        ..Delivery::default()
    };
    if any(&[
        "whisper",
        "softly",
        "under her breath",
        "under his breath",
        "quiet",
        "hushed",
    ]) {
        Delivery {
            whispered: true,
            ..plain(0.92, -5.0)
        }
    } else if any(&["shout", "yell", "calling", "scream", "bellow"]) {
        Delivery {
            shouted: true,
            ..plain(1.03, 3.0)
        }
    } else if any(&["slow", "tired", "sad", "breath", "weary", "sleepy"]) {
        plain(0.92, -1.0)
    } else if any(&["quick", "excited", "fast", "hurried", "panick"]) {
        plain(1.10, 1.0)
    } else {
        plain(1.0, 0.0)
    }
}

/// Breath in the place of chest: less below, more above, and noise that follows the voice.
fn whispered(samples: &mut [f32]) {
    Biquad::low_shelf(250.0, -6.0).run(samples);
    Biquad::high_shelf(4000.0, 4.0).run(samples);
    let mut air = Biquad::band_pass(3000.0, 0.6);
    let mut dice = super::dice::Dice::new(samples.len() as u64, "breath");
    let mut level = 0f32;
    for s in samples {
        level += (s.abs() - level) * 0.004;
        *s = *s * 0.8 + air.step(dice.range(-1.0, 1.0)) * level * 0.9;
    }
}

/// A raised voice: edge where the ear is keenest, and a room that answers.
fn shouted(samples: &mut Vec<f32>) {
    Biquad::peak(2800.0, 0.9, 4.0).run(samples);
    let dry = samples.clone();
    samples.extend(std::iter::repeat_n(0.0, RATE as usize / 4));
    for (delay, gain) in [
        (0.021, 0.16f32),
        (0.037, 0.12),
        (0.061, 0.09),
        (0.097, 0.05),
    ] {
        let at = (delay * f64::from(RATE)) as usize;
        for (i, s) in dry.iter().enumerate() {
            samples[i + at] += s * gain;
        }
    }
}

/// Somebody who is not in the picture: from the next room.
fn from_aside(samples: &mut [f32]) {
    Biquad::low_pass(4200.0, 0.707).run(samples);
    for s in samples {
        *s *= 0.71;
    }
}

/// Speaks a line with the best engine that can, else keeps its time in silence, and says so.
pub fn speak(
    tools: &Tools,
    line: &Line,
    voice_part: &str,
    variant: u32,
    language: &str,
    say: &BTreeMap<String, String>,
    cancel: &Cancel,
) -> Result<Spoken> {
    let pieces = speakable(&crate::film::script::plain(&line.text), say, language);
    let words = line.text.split_whitespace().count();
    let how = delivery(&line.delivery);
    let mut warnings = Vec::new();
    for engine in tools.voices.iter().filter(|e| e.speaks(language)) {
        // A child is beyond flite's reach; espeak-ng, where it is there, is the better one.
        if *engine == Engine::Flite
            && voice_part == "child"
            && tools.voices.iter().any(|e| matches!(e, Engine::Espeak(_)))
        {
            continue;
        }
        let cast = part(engine, voice_part, variant, language);
        let performed = perform(tools, engine, &cast, &pieces, how.tempo, cancel);
        cancel.check()?;
        match performed {
            Ok(raw) => {
                let mut samples = master(
                    raw,
                    cast.voice == "slt" || cast.voice == "rms" || cast.voice == "awb",
                    how.level_db,
                );
                if how.whispered {
                    whispered(&mut samples);
                }
                if how.shouted {
                    shouted(&mut samples);
                }
                if line.heard == Heard::OffScreen {
                    from_aside(&mut samples);
                }
                if line.heard == Heard::Filtered {
                    samples = through_a_telephone(samples);
                }
                let minutes = samples.len() as f64 / f64::from(RATE) / 60.0;
                return Ok(Spoken {
                    engine: format!("{} {}", engine.name(), cast.voice),
                    words_per_minute: if minutes > 0.0 {
                        (words as f64 / minutes).round() as u32
                    } else {
                        0
                    },
                    samples,
                    warnings,
                });
            }
            Err(why) => warnings.push(format!("{}: {why:#}", engine.name())),
        }
    }
    let seconds = crate::film::lines::speech_seconds(&line.text);
    if tools.voices.is_empty() {
        warnings.push("this machine has no voice; the line is captioned and silent (`greenlight doctor --fix` installs one)".to_owned());
    }
    Ok(Spoken {
        samples: vec![0.0; (seconds * f64::from(RATE)) as usize],
        engine: "silence".to_owned(),
        words_per_minute: 0,
        warnings,
    })
}

fn perform(
    tools: &Tools,
    engine: &Engine,
    cast: &Part,
    pieces: &[Piece],
    tempo: f64,
    cancel: &Cancel,
) -> Result<Vec<f32>> {
    let manner = Manner {
        voice: cast.voice.clone(),
        speed: (f64::from(cast.speed) * tempo) as u32,
        pitch: cast.pitch,
        tempo: cast.tempo * tempo,
    };
    let mut out: Vec<f32> = Vec::new();
    let stretch = if *engine == Engine::Flite {
        cast.tempo * tempo
    } else {
        1.0
    };
    let texts: Vec<&str> = pieces.iter().map(|(text, _)| text.as_str()).collect();
    let spoken = speech::speak(tools, engine, &manner, &texts, cancel)?;
    for (i, (samples, (_, pause))) in spoken.into_iter().zip(pieces).enumerate() {
        let mut samples = trimmed(samples);
        if cast.shift != 1.0 {
            samples = resampled(&samples, cast.shift);
        }
        let stretch = stretch / if cast.shift != 1.0 { cast.shift } else { 1.0 };
        if (stretch - 1.0).abs() > 0.01 {
            samples = stretched(&samples, stretch);
        }
        out.extend(samples);
        if i + 1 < pieces.len() {
            out.extend(std::iter::repeat_n(0.0, (pause * f64::from(RATE)) as usize));
        }
    }
    Ok(out)
}

/// Cuts silence before and after, leaving a breath, with short fades.
fn trimmed(samples: Vec<f32>) -> Vec<f32> {
    let peak = samples.iter().fold(0f32, |m, s| m.max(s.abs()));
    let floor = peak * 0.0056;
    let (Some(first), Some(last)) = (
        samples.iter().position(|s| s.abs() > floor),
        samples.iter().rposition(|s| s.abs() > floor),
    ) else {
        return samples;
    };
    let from = first.saturating_sub(960);
    let to = (last + 3840).min(samples.len());
    let mut out = samples[from..to].to_vec();
    let n = out.len();
    for (i, s) in out.iter_mut().take(240).enumerate() {
        *s *= i as f32 / 240.0;
    }
    for i in 0..1440.min(n) {
        out[n - 1 - i] *= i as f32 / 1440.0;
    }
    out
}

/// Plays faster or slower, voice and all.
fn resampled(samples: &[f32], ratio: f64) -> Vec<f32> {
    let n = (samples.len() as f64 / ratio) as usize;
    (0..n)
        .map(|i| {
            let at = i as f64 * ratio;
            let k = at as usize;
            let t = (at - k as f64) as f32;
            let get = |j: usize| samples.get(j).copied().unwrap_or(0.0);
            let (a, b, c, d) = (get(k.saturating_sub(1)), get(k), get(k + 1), get(k + 2));
            b + 0.5
                * t
                * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
        })
        .collect()
}

/// Changes tempo and keeps pitch: windows of 30 ms laid where they fit best (WSOLA).
fn stretched(samples: &[f32], tempo: f64) -> Vec<f32> {
    const WINDOW: usize = 1440;
    const HOP: usize = WINDOW / 2;
    const SEARCH: isize = 480;
    if samples.len() < WINDOW * 3 {
        return samples.to_vec();
    }
    let total = (samples.len() as f64 / tempo) as usize;
    let mut out = vec![0f32; total + WINDOW];
    let shape: Vec<f32> = (0..WINDOW)
        .map(|i| 0.5 - 0.5 * (std::f32::consts::TAU * i as f32 / WINDOW as f32).cos())
        .collect();
    let mut previous: isize = 0;
    let mut at = 0usize;
    while at < total {
        let ideal = (at as f64 * tempo) as isize;
        let follow = previous + HOP as isize;
        let mut best = (f32::MIN, ideal);
        let mut d = -SEARCH;
        while d <= SEARCH {
            let candidate = ideal + d;
            if candidate >= 0
                && (candidate as usize) + WINDOW < samples.len()
                && follow >= 0
                && (follow as usize) + HOP < samples.len()
            {
                let (a, b) = (&samples[candidate as usize..], &samples[follow as usize..]);
                let fit: f32 = (0..HOP).step_by(6).map(|i| a[i] * b[i]).sum();
                if fit > best.0 {
                    best = (fit, candidate);
                }
            }
            d += 8;
        }
        let from = best.1.clamp(0, samples.len() as isize - 1) as usize;
        for i in 0..WINDOW {
            if let Some(s) = samples.get(from + i) {
                out[at + i] += s * shape[i];
            }
        }
        previous = from as isize;
        at += HOP;
    }
    out.truncate(total);
    out
}

/// A second-order filter (RBJ cookbook).
#[derive(Clone, Copy)]
pub struct Biquad {
    b: [f32; 3],
    a: [f32; 2],
    z: [f32; 2],
}

impl Biquad {
    fn new(b: [f64; 3], a: [f64; 3]) -> Biquad {
        Biquad {
            b: b.map(|v| (v / a[0]) as f32),
            a: [(a[1] / a[0]) as f32, (a[2] / a[0]) as f32],
            z: [0.0; 2],
        }
    }

    fn angles(hz: f64, q: f64) -> (f64, f64) {
        let w = std::f64::consts::TAU * hz / f64::from(RATE);
        (w.cos(), w.sin() / (2.0 * q))
    }

    pub fn high_pass(hz: f64, q: f64) -> Biquad {
        let (c, al) = Biquad::angles(hz, q);
        Biquad::new(
            [(1.0 + c) / 2.0, -(1.0 + c), (1.0 + c) / 2.0],
            [1.0 + al, -2.0 * c, 1.0 - al],
        )
    }

    pub fn low_pass(hz: f64, q: f64) -> Biquad {
        let (c, al) = Biquad::angles(hz, q);
        Biquad::new(
            [(1.0 - c) / 2.0, 1.0 - c, (1.0 - c) / 2.0],
            [1.0 + al, -2.0 * c, 1.0 - al],
        )
    }

    pub fn band_pass(hz: f64, q: f64) -> Biquad {
        let (c, al) = Biquad::angles(hz, q);
        Biquad::new([al, 0.0, -al], [1.0 + al, -2.0 * c, 1.0 - al])
    }

    pub fn peak(hz: f64, q: f64, db: f64) -> Biquad {
        let (c, al) = Biquad::angles(hz, q);
        let g = 10f64.powf(db / 40.0);
        Biquad::new(
            [1.0 + al * g, -2.0 * c, 1.0 - al * g],
            [1.0 + al / g, -2.0 * c, 1.0 - al / g],
        )
    }

    pub fn high_shelf(hz: f64, db: f64) -> Biquad {
        let g = 10f64.powf(db / 40.0);
        let (c, al) = Biquad::angles(hz, std::f64::consts::FRAC_1_SQRT_2);
        let s = 2.0 * g.sqrt() * al;
        Biquad::new(
            [
                g * ((g + 1.0) + (g - 1.0) * c + s),
                -2.0 * g * ((g - 1.0) + (g + 1.0) * c),
                g * ((g + 1.0) + (g - 1.0) * c - s),
            ],
            [
                (g + 1.0) - (g - 1.0) * c + s,
                2.0 * ((g - 1.0) - (g + 1.0) * c),
                (g + 1.0) - (g - 1.0) * c - s,
            ],
        )
    }

    pub fn low_shelf(hz: f64, db: f64) -> Biquad {
        let g = 10f64.powf(db / 40.0);
        let (c, al) = Biquad::angles(hz, std::f64::consts::FRAC_1_SQRT_2);
        let s = 2.0 * g.sqrt() * al;
        Biquad::new(
            [
                g * ((g + 1.0) - (g - 1.0) * c + s),
                2.0 * g * ((g - 1.0) - (g + 1.0) * c),
                g * ((g + 1.0) - (g - 1.0) * c - s),
            ],
            [
                (g + 1.0) + (g - 1.0) * c + s,
                -2.0 * ((g - 1.0) + (g + 1.0) * c),
                (g + 1.0) + (g - 1.0) * c - s,
            ],
        )
    }

    #[inline]
    pub fn step(&mut self, x: f32) -> f32 {
        let y = self.b[0] * x + self.z[0];
        self.z[0] = self.b[1] * x - self.a[0] * y + self.z[1] + 1e-20;
        self.z[1] = self.b[2] * x - self.a[1] * y;
        y
    }

    pub fn run(mut self, samples: &mut [f32]) {
        for s in samples {
            *s = self.step(*s);
        }
    }
}

/// A line that somebody else spoke, brought to the level of all lines.
pub fn levelled(samples: Vec<f32>) -> Vec<f32> {
    master(trimmed(samples), false, 0.0)
}

/// High-pass, tilt of the engine's dark voices corrected, compressed, and set to one level.
fn master(mut samples: Vec<f32>, dark: bool, level_db: f32) -> Vec<f32> {
    Biquad::high_pass(80.0, 0.707).run(&mut samples);
    if dark {
        Biquad::peak(280.0, 0.9, -4.0).run(&mut samples);
        Biquad::peak(3000.0, 0.7, 7.0).run(&mut samples);
        Biquad::high_shelf(5000.0, 6.0).run(&mut samples);
    }
    set_level(&mut samples, -16.0);
    compress(&mut samples, 0.1, 2.5, 8.0, 120.0);
    set_level(&mut samples, -20.0);
    let gain = 10f32.powf(level_db / 20.0);
    for s in &mut samples {
        // A soft ceiling at -3 dBFS.
        let v = *s * gain;
        *s = if v.abs() > 0.6 {
            v.signum() * (0.6 + 0.11 * ((v.abs() - 0.6) / 0.11).tanh())
        } else {
            v
        };
    }
    samples
}

/// Loudness of the parts that speak: the mean of the 20 ms frames within 30 dB of the loudest.
fn active_db(samples: &[f32]) -> f32 {
    let powers: Vec<f32> = samples
        .chunks(960)
        .map(|c| c.iter().map(|s| s * s).sum::<f32>() / c.len() as f32)
        .collect();
    let loudest = powers.iter().fold(0f32, |m, p| m.max(*p));
    let active: Vec<f32> = powers
        .into_iter()
        .filter(|p| *p > loudest / 1000.0)
        .collect();
    if active.is_empty() || loudest <= 0.0 {
        return -100.0;
    }
    10.0 * (active.iter().sum::<f32>() / active.len() as f32).log10()
}

fn set_level(samples: &mut [f32], target_db: f32) {
    let now = active_db(samples);
    if now > -90.0 {
        let gain = 10f32.powf((target_db - now) / 20.0);
        for s in samples {
            *s *= gain;
        }
    }
}

fn compress(samples: &mut [f32], threshold: f32, ratio: f32, attack_ms: f32, release_ms: f32) {
    let coefficient = |ms: f32| (-1.0 / (ms * 0.001 * RATE as f32)).exp();
    let (attack, release) = (coefficient(attack_ms), coefficient(release_ms));
    let mut envelope = 0f32;
    for s in samples {
        let x = s.abs();
        let k = if x > envelope { attack } else { release };
        envelope = k * envelope + (1.0 - k) * x;
        if envelope > threshold {
            *s *= (envelope / threshold).powf(1.0 / ratio - 1.0);
        }
    }
}

fn through_a_telephone(mut samples: Vec<f32>) -> Vec<f32> {
    Biquad::high_pass(350.0, 0.707).run(&mut samples);
    Biquad::low_pass(3200.0, 0.707).run(&mut samples);
    for s in &mut samples {
        *s = (*s * 2.0).tanh() * 0.6;
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tempo_keeps_pitch_and_changes_length() {
        let tone: Vec<f32> = (0..48_000).map(|i| (i as f32 * 0.02).sin()).collect();
        let slow = stretched(&tone, 0.8);
        assert!((slow.len() as f64 / 60_000.0 - 1.0).abs() < 0.01);
        let crossings = |s: &[f32]| {
            s.windows(2).filter(|w| w[0] <= 0.0 && w[1] > 0.0).count() as f64 / s.len() as f64
        };
        assert!((crossings(&slow[4800..50_000]) / crossings(&tone) - 1.0).abs() < 0.03);
    }
}
