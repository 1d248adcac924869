//! Spot sounds: what a `SOUND:` line, or a verb that cannot be silent, asks for.

use super::super::book::book;
use super::super::dice::Dice;
use super::super::lexicon;
use super::super::voice::{Biquad, RATE};

/// Returns the kind of sound that words ask for, and the word that does.
pub fn kind(words: &str) -> Option<(&'static str, &'static str)> {
    lexicon::first(&book().words.sounds, &words.to_lowercase())
}

/// How long a kind of sound lasts, in seconds.
pub fn seconds(kind: &str) -> f64 {
    match kind {
        "foghorn" | "siren" | "applause" | "engine" => 3.2,
        "thunder" | "explosion" | "phone" | "alarm" | "footsteps" | "clock" | "heartbeat" => 3.0,
        "bell" | "whoosh" | "steam" | "birds" => 2.4,
        "crash" | "splash" | "typing" | "glass" => 1.6,
        _ => 1.2,
    }
}

/// A part of a sound that begins at a time, as a function of the time since then.
struct Score {
    out: Vec<f32>,
    dice: Dice,
}

impl Score {
    fn add(&mut self, at: f64, length: f64, mut voice: impl FnMut(f64, &mut Dice) -> f32) {
        let from = (at * f64::from(RATE)) as usize;
        let n = (length * f64::from(RATE)) as usize;
        let end = (from + n).min(self.out.len());
        for i in from..end {
            let t = (i - from) as f64 / f64::from(RATE);
            // No sound begins or ends with a click.
            let edge = (t / 0.002).min((length - t) / 0.01).clamp(0.0, 1.0) as f32;
            self.out[i] += voice(t, &mut self.dice) * edge;
        }
    }

    /// Filtered noise under an envelope.
    fn noise(&mut self, at: f64, length: f64, mut filter: Biquad, level: impl Fn(f64) -> f64) {
        self.add(at, length, |t, dice| {
            filter.step(dice.range(-1.0, 1.0)) * level(t) as f32
        });
    }

    /// A sine that glides, under an envelope.
    fn tone(&mut self, at: f64, length: f64, hz: impl Fn(f64) -> f64, level: impl Fn(f64) -> f64) {
        let mut phase = 0.0f64;
        self.add(at, length, |t, _| {
            phase += hz(t) / f64::from(RATE);
            ((phase * std::f64::consts::TAU).sin() * level(t)) as f32
        });
    }
}

fn falling(tau: f64) -> impl Fn(f64) -> f64 {
    move |t| (-t / tau).exp()
}

/// Renders a sound of a kind, in stereo, interleaved; the same seed gives the same bytes.
pub fn render(kind: &str, seed: u64) -> Vec<f32> {
    let length = seconds(kind);
    let mut s = Score {
        out: vec![0.0; (length * f64::from(RATE)) as usize],
        dice: Dice::new(seed, kind),
    };
    let swell = |length: f64| move |t: f64| (t / 0.3).min((length - t) / 0.8).clamp(0.0, 1.0);
    match kind {
        "foghorn" => {
            for k in 1..12 {
                for base in [82.0, 123.0] {
                    let level = swell(length);
                    s.tone(
                        0.0,
                        length,
                        move |_| base * f64::from(k),
                        move |t| level(t) / f64::from(k * k),
                    );
                }
            }
        }
        "thunder" => {
            for (at, strength) in [(0.0, 1.0), (0.35, 0.7), (0.9, 0.5), (1.5, 0.3)] {
                let fall = falling(0.6);
                s.noise(at, 2.0, Biquad::low_pass(200.0, 0.7), move |t| {
                    strength * 3.0 * fall(t) * (t / 0.03).min(1.0)
                });
            }
        }
        "explosion" => {
            s.noise(0.0, length, Biquad::low_pass(420.0, 0.7), |t| {
                3.0 * (-t / 0.7).exp()
            });
            s.tone(0.0, length, |t| 62.0 - 8.0 * t, falling(0.5));
        }
        "gunshot" => {
            s.noise(0.0, 0.5, Biquad::high_pass(900.0, 0.7), |t| {
                2.0 * (-t / 0.02).exp()
            });
            s.noise(0.0, length, Biquad::low_pass(700.0, 0.7), |t| {
                2.0 * (-t / 0.16).exp()
            });
        }
        "door" => {
            s.noise(0.0, 0.5, Biquad::band_pass(1400.0, 6.0), |t| {
                0.8 * (t / 0.5) * (6.0 * t).sin().abs()
            });
            s.tone(0.55, 0.4, |_| 78.0, falling(0.07));
            s.noise(0.55, 0.2, Biquad::low_pass(1800.0, 0.7), falling(0.02));
        }
        "knock" => {
            for at in [0.0, 0.24, 0.48] {
                s.tone(at, 0.2, |_| 190.0, falling(0.03));
                s.noise(at, 0.1, Biquad::band_pass(1100.0, 1.5), falling(0.012));
            }
        }
        "phone" => {
            for ring in [0.0, 1.6] {
                for hz in [440.0, 480.0] {
                    s.tone(
                        ring,
                        1.1,
                        move |_| hz,
                        |t| 0.5 * (0.5 + 0.5 * (std::f64::consts::TAU * 20.0 * t).sin()),
                    );
                }
            }
        }
        "bell" => {
            for (k, level, tau) in [
                (1.0, 1.0, 1.2),
                (2.0, 0.4, 0.8),
                (2.76, 0.35, 0.6),
                (5.4, 0.15, 0.3),
            ] {
                let fall = falling(tau);
                s.tone(0.0, length, move |_| 620.0 * k, move |t| level * fall(t));
            }
        }
        "alarm" => {
            for i in 0..6 {
                s.tone(0.5 * f64::from(i), 0.24, |_| 880.0, |_| 0.6);
            }
        }
        "siren" => s.tone(
            0.0,
            length,
            |t| 720.0 + 260.0 * (t * 4.0).sin(),
            swell(length),
        ),
        "footsteps" => {
            for i in 0..5 {
                let at = 0.1 + 0.55 * f64::from(i);
                s.tone(at, 0.15, |_| 95.0, falling(0.035));
                s.noise(at, 0.16, Biquad::band_pass(700.0, 0.8), falling(0.03));
            }
        }
        "heartbeat" => {
            for i in 0..3 {
                for (at, level) in [(0.0, 1.0), (0.28, 0.7)] {
                    let fall = falling(0.07);
                    s.tone(
                        f64::from(i) + at,
                        0.3,
                        |t| 58.0 - 40.0 * t,
                        move |t| level * fall(t),
                    );
                }
            }
        }
        "clock" => {
            for i in 0..6 {
                let hz = if i % 2 == 0 { 2600.0 } else { 2100.0 };
                s.noise(
                    0.5 * f64::from(i),
                    0.06,
                    Biquad::band_pass(hz, 6.0),
                    falling(0.008),
                );
            }
        }
        "engine" => {
            for k in 1..7 {
                let level = swell(length);
                s.tone(
                    0.0,
                    length,
                    move |t| (44.0 + 9.0 * (t * 1.3).min(2.0)) * f64::from(k),
                    move |t| level(t) / f64::from(k),
                );
            }
            let level = swell(length);
            s.noise(0.0, length, Biquad::low_pass(300.0, 0.7), move |t| {
                0.8 * level(t)
            });
        }
        "glass" => {
            s.noise(0.0, 0.3, Biquad::high_pass(3000.0, 0.7), falling(0.05));
            for _ in 0..14 {
                let (at, hz) = (
                    f64::from(s.dice.range(0.0, 0.5)),
                    f64::from(s.dice.range(2400.0, 6400.0)),
                );
                let fall = falling(0.06);
                s.tone(at, 0.4, move |_| hz, move |t| 0.3 * fall(t));
            }
        }
        "crash" => {
            s.noise(0.0, length, Biquad::band_pass(900.0, 0.5), |t| {
                2.0 * (-t / 0.25).exp()
            });
            for _ in 0..6 {
                let hz = f64::from(s.dice.range(180.0, 1400.0));
                let fall = falling(0.3);
                s.tone(0.0, length, move |_| hz, move |t| 0.25 * fall(t));
            }
        }
        "splash" => {
            s.noise(0.0, length, Biquad::band_pass(1800.0, 0.6), |t| {
                (t / 0.05).min(1.0) * (-t / 0.35).exp()
            });
        }
        "applause" => {
            for _ in 0..260 {
                let at = f64::from(s.dice.range(0.0, 3.0));
                let hz = f64::from(s.dice.range(900.0, 2400.0));
                s.noise(at, 0.05, Biquad::band_pass(hz, 1.2), falling(0.012));
            }
        }
        "typing" => {
            for i in 0..11 {
                let at = 0.13 * f64::from(i) + f64::from(s.dice.range(0.0, 0.05));
                s.noise(at, 0.05, Biquad::band_pass(2300.0, 1.6), falling(0.008));
            }
        }
        "bark" => {
            for at in [0.0, 0.42] {
                for k in 1..6 {
                    s.tone(
                        at,
                        0.22,
                        move |t| (420.0 - 700.0 * t) * f64::from(k),
                        move |t| (t / 0.02).min(1.0) * (-t / 0.08).exp() / f64::from(k),
                    );
                }
                s.noise(at, 0.2, Biquad::band_pass(900.0, 1.0), falling(0.06));
            }
        }
        "birds" => {
            for i in 0..9 {
                let at = 0.25 * f64::from(i) + f64::from(s.dice.range(0.0, 0.12));
                let base = f64::from(s.dice.range(2600.0, 4200.0));
                s.tone(
                    at,
                    0.09,
                    move |t| base + 6000.0 * t,
                    |t| 0.5 * (t / 0.01).min(1.0),
                );
            }
        }
        "whistle" => s.tone(
            0.0,
            length,
            |t| 2300.0 + 60.0 * (t * 60.0).sin(),
            swell(length),
        ),
        "steam" => {
            let level = swell(length);
            s.noise(0.0, length, Biquad::high_pass(2600.0, 0.7), level);
        }
        _ => {
            s.noise(0.0, length, Biquad::band_pass(600.0, 0.7), move |t| {
                (std::f64::consts::PI * t / length).sin().powi(2)
            });
        }
    }
    leveled(&s.out)
}

/// At −24 dB while it sounds, and never above −6.
fn leveled(mono: &[f32]) -> Vec<f32> {
    let loud = mono.iter().fold(0f32, |a, s| a.max(s.abs())).max(1e-9);
    let heard: Vec<f32> = mono
        .iter()
        .copied()
        .filter(|s| s.abs() > loud * 0.03)
        .collect();
    let rms = (heard.iter().map(|s| s * s).sum::<f32>() / heard.len().max(1) as f32).sqrt();
    let gain = (0.063 / rms.max(1e-9)).min(0.5 / loud);
    mono.iter().flat_map(|s| [s * gain, s * gain]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sound_is_heard_and_none_clips_or_clicks() {
        for (name, _) in book().words.sounds.iter() {
            let sound = render(name, 7);
            let peak = sound.iter().fold(0f32, |a, s| a.max(s.abs()));
            assert!((0.03..=0.51).contains(&peak), "{name}: {peak}");
            assert!(
                sound[0].abs() < 0.02 && sound[sound.len() - 1].abs() < 0.02,
                "{name}"
            );
            assert_eq!(sound, render(name, 7), "{name}");
        }
        assert_eq!(kind("The TELEPHONE RINGS.").map(|k| k.0), Some("phone"));
        assert_eq!(kind("Thunder rolls.").map(|k| k.0), Some("thunder"));
        assert_eq!(kind("She looks at her ring."), None);
    }
}
