//! Music for mood, tempo and length, with sections that fall on the film's beats and an ending on
//! its last frame. One file for the whole film: no loops, no joins. The same seed, the same bytes.

pub mod effects;
mod instruments;
pub mod places;
mod score;

use super::voice::{Biquad, RATE};
use instruments::{Hall, Stereo};
pub use score::{Role, Section};

/// Music as stereo, interleaved, 48 kHz.
pub fn compose(mood: &str, sections: &[Section], samples: usize, seed: u64) -> Vec<f32> {
    let notes = score::write(mood, sections, seed);
    let mut dry = Stereo::new(samples);
    let mut sent = Stereo::new(samples);
    for note in &notes {
        instruments::play(note, &mut dry, &mut sent, seed);
    }
    Hall::new().run(&mut sent);
    dry.add(&sent, 1.0);
    finish(&mut dry);
    dry.interleaved()
}

/// The bus: rumble out, mud down, air up, a gentle hand on the level, and an end in silence.
fn finish(mix: &mut Stereo) {
    for side in [&mut mix.left, &mut mix.right] {
        Biquad::high_pass(32.0, 0.707).run(side);
        Biquad::peak(320.0, 0.8, -2.0).run(side);
        Biquad::peak(2400.0, 0.7, -1.5).run(side);
        Biquad::high_shelf(5500.0, 4.0).run(side);
    }
    let n = mix.left.len();
    let rise = (RATE as usize * 30 / 1000).min(n);
    let fall = ((n as f64 * 0.15) as usize).min(RATE as usize * 22 / 10);
    let power: f32 = mix
        .left
        .iter()
        .chain(&mix.right)
        .map(|s| s * s)
        .sum::<f32>()
        / (2 * n.max(1)) as f32;
    let gain = if power > 0.0 { 0.1 / power.sqrt() } else { 0.0 };
    for side in [&mut mix.left, &mut mix.right] {
        for (i, s) in side.iter_mut().enumerate() {
            let mut g = gain;
            if i < rise {
                g *= i as f32 / rise as f32;
            }
            if n - i <= fall {
                let t = (n - 1 - i) as f32 / fall as f32;
                g *= (0.5 - 0.5 * (std::f32::consts::PI * t).cos()).powf(1.5);
            }
            *s = (*s * g * 1.1).tanh() / 1.1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film() -> Vec<Section> {
        vec![
            Section {
                role: Role::Opening,
                seconds: 6.0,
            },
            Section {
                role: Role::Body,
                seconds: 9.0,
            },
            Section {
                role: Role::Turn,
                seconds: 6.0,
            },
            Section {
                role: Role::Ending,
                seconds: 7.0,
            },
        ]
    }

    #[test]
    fn music_is_exact_repeatable_and_ends() {
        let n = 28 * RATE as usize;
        let a = compose("hopeful", &film(), n, 7);
        assert_eq!(a.len(), 2 * n);
        assert_eq!(a, compose("hopeful", &film(), n, 7));
        assert_ne!(a, compose("hopeful", &film(), n, 8));
        let tail = &a[a.len() - 4800..];
        assert!(
            tail.iter().all(|s| s.abs() < 0.002),
            "it must end in silence"
        );
        assert!(a.iter().all(|s| s.is_finite() && s.abs() <= 1.0));
    }

    #[test]
    fn every_mood_sounds_in_every_section() {
        for mood in crate::plan::feedback::moods() {
            let n = 28 * RATE as usize;
            let music = compose(mood, &film(), n, 3);
            for (i, second) in music.chunks(2 * RATE as usize).take(26).enumerate() {
                let power = second.iter().map(|s| s * s).sum::<f32>() / second.len() as f32;
                assert!(power.sqrt() > 0.003, "{mood}: silence at second {i}");
            }
        }
    }
}
