//! The sound of the film: voices in front, music that steps back for them, one loudness, no peak
//! above the ceiling. Sample-exact on the frame clock.

use crate::film::audio::{Audio, CueKind};
use crate::film::timeline::Timeline;
use crate::media::ffmpeg;
use anyhow::{Context, Result};
use std::path::Path;

const RATE: u32 = 48_000;

/// What the finished mix measures.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Loudness {
    pub integrated_lufs: f64,
    pub true_peak_db: f64,
}

/// Mixes the film's sound into a WAV file and measures it.
pub fn mix(
    root: &Path,
    ffmpeg_path: &Path,
    timeline: &Timeline,
    audio: &Audio,
    out: &Path,
) -> Result<Loudness> {
    let total = timeline.rate.sample(timeline.total, RATE).max(0) as usize;
    let mut voice = vec![0f32; total * 2];
    let mut music = vec![0f32; total * 2];
    let mut beds = vec![0f32; total * 2];
    let mut windows: Vec<(usize, usize)> = Vec::new();
    for placed in &timeline.cues {
        let Some(file) = &placed.file else { continue };
        let samples = ffmpeg::decode_audio(ffmpeg_path, root, file, 2)
            .with_context(|| format!("cue {}", placed.cue))?;
        let start = timeline.rate.sample(placed.start, RATE);
        let gain = 10f32.powf(placed.level_db as f32 / 20.0);
        let bus = match placed.kind {
            CueKind::Voice => &mut voice,
            CueKind::Music => &mut music,
            CueKind::Sound => &mut beds,
        };
        // Voices sit in the middle and carry the mix.
        let gain = gain
            * match placed.kind {
                CueKind::Voice => 1.30,
                CueKind::Music => 0.9,
                CueKind::Sound => 1.0,
            };
        let skip = (-start).max(0) as usize * 2;
        let at = start.max(0) as usize * 2;
        for (o, s) in bus.iter_mut().skip(at).zip(samples.iter().skip(skip)) {
            *o += s * gain;
        }
        if placed.kind == CueKind::Voice {
            windows.push((
                start.max(0) as usize,
                (start.max(0) as usize + samples.len() / 2).min(total),
            ));
        }
    }
    let duck = ducking(&windows, total);
    let depth = audio.mix.ducking_db as f32;
    let mut sum = voice;
    for i in 0..total {
        let w = duck[i / STEP];
        let m = 10f32.powf(-depth * w / 20.0);
        let b = 10f32.powf(-5.0 * w / 20.0);
        for c in 0..2 {
            sum[i * 2 + c] += music[i * 2 + c] * m + beds[i * 2 + c] * b;
        }
    }
    let ceiling = 10f32.powf((audio.mix.true_peak_db as f32 - 0.5) / 20.0);
    edges(&mut sum, total);
    // Measure, one static gain, limit, measure again; what the limiter took is added, twice at most.
    let mut gained = sum.clone();
    let mut gain_db = 0.0;
    for _ in 0..3 {
        let now = measure(&gained)?.integrated_lufs;
        if !now.is_finite() || now < -69.0 {
            break;
        }
        let missing = audio.mix.target_lufs - now;
        if missing.abs() < 0.1 {
            break;
        }
        gain_db += missing;
        let g = 10f32.powf(gain_db as f32 / 20.0);
        gained = sum.iter().map(|s| s * g).collect();
        limit(&mut gained, ceiling);
    }
    limit(&mut gained, ceiling);
    let loudness = measure(&gained)?;
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    if let Some(folder) = out.parent() {
        crate::store::disk::make_folder(folder)?;
    }
    let mut writer = hound::WavWriter::create(out, spec)
        .with_context(|| format!("cannot write {}", out.display()))?;
    for s in &gained {
        writer.write_sample((s * 32767.0).round().clamp(-32768.0, 32767.0) as i16)?;
    }
    writer.finalize()?;
    Ok(loudness)
}

/// The resolution of the ducking curve, in samples.
const STEP: usize = 48;

/// How far others step back for the voice, 0 to 1: down over 220 ms before the word, held 250 ms,
/// up over 650 ms; gaps under 1.3 s are joined, so that nothing pumps.
fn ducking(windows: &[(usize, usize)], total: usize) -> Vec<f32> {
    let seconds = |s: f64| (s * f64::from(RATE)) as usize;
    let mut sorted = windows.to_vec();
    sorted.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for w in sorted {
        match joined.last_mut() {
            Some(last) if w.0 < last.1 + seconds(1.3) => last.1 = last.1.max(w.1),
            _ => joined.push(w),
        }
    }
    let mut curve = vec![0f32; total / STEP + 1];
    let cosine = |t: f32| 0.5 - 0.5 * (std::f32::consts::PI * t.clamp(0.0, 1.0)).cos();
    for (start, end) in joined {
        let (from, hold, to) = (
            start.saturating_sub(seconds(0.22)),
            end + seconds(0.25),
            end + seconds(0.90),
        );
        for (i, c) in curve
            .iter_mut()
            .enumerate()
            .take(to / STEP + 1)
            .skip(from / STEP)
        {
            let at = i * STEP;
            let w = if at < start {
                cosine((at - from.min(at)) as f32 / (start - from).max(1) as f32)
            } else if at <= hold {
                1.0
            } else {
                cosine((to.saturating_sub(at)) as f32 / (to - hold) as f32)
            };
            *c = c.max(w);
        }
    }
    curve
}

/// A short fade at both ends, whatever was mixed.
fn edges(samples: &mut [f32], total: usize) {
    let n = (RATE as usize / 50).min(total);
    for i in 0..n {
        let g = i as f32 / n as f32;
        for c in 0..2 {
            samples[i * 2 + c] *= g;
            samples[(total - 1 - i) * 2 + c] *= g;
        }
    }
}

fn measure(samples: &[f32]) -> Result<Loudness> {
    let mut meter = ebur128::EbuR128::new(2, RATE, ebur128::Mode::I | ebur128::Mode::TRUE_PEAK)?;
    meter.add_frames_f32(samples)?;
    let peak = meter.true_peak(0)?.max(meter.true_peak(1)?);
    Ok(Loudness {
        integrated_lufs: meter.loudness_global()?,
        true_peak_db: if peak > 0.0 {
            20.0 * peak.log10()
        } else {
            -120.0
        },
    })
}

/// Looks 2 ms ahead, goes down in time, comes back over 80 ms; peaks are judged between samples too.
fn limit(samples: &mut [f32], ceiling: f32) {
    const AHEAD: usize = 96;
    let n = samples.len() / 2;
    if n == 0 {
        return;
    }
    let mut needed = vec![1f32; n];
    for (i, need) in needed.iter_mut().enumerate() {
        let mut peak = 0f32;
        for c in 0..2 {
            let get = |k: isize| {
                samples
                    .get(((i as isize + k).clamp(0, n as isize - 1) as usize) * 2 + c)
                    .copied()
                    .unwrap_or(0.0)
            };
            let (a, b, d, e) = (get(-1), get(0), get(1), get(2));
            peak = peak.max(b.abs());
            // Cubic in between, at quarters.
            for t in [0.25f32, 0.5, 0.75] {
                let v = b + 0.5
                    * t
                    * (d - a + t * (2.0 * a - 5.0 * b + 4.0 * d - e + t * (3.0 * (b - d) + e - a)));
                peak = peak.max(v.abs());
            }
        }
        if peak > ceiling {
            *need = ceiling / peak;
        }
    }
    // The least gain of the next 2 ms, then a mean over as long, so that it arrives in time.
    let mut least = vec![1f32; n];
    let mut queue: std::collections::VecDeque<usize> = std::collections::VecDeque::new();
    for i in 0..n + AHEAD {
        if i < n {
            while queue.back().is_some_and(|b| needed[*b] >= needed[i]) {
                queue.pop_back();
            }
            queue.push_back(i);
        }
        if i >= AHEAD {
            let at = i - AHEAD;
            while queue.front().is_some_and(|f| *f < at) {
                queue.pop_front();
            }
            least[at] = queue.front().map_or(1.0, |f| needed[*f]);
        }
    }
    let release = (-1.0 / (0.080 * RATE as f32)).exp();
    let mut held = 1f32;
    let mut window: std::collections::VecDeque<f32> = std::iter::repeat_n(1.0, AHEAD).collect();
    let mut sum = AHEAD as f64;
    for i in 0..n {
        held = if least[i] < held {
            least[i]
        } else {
            1.0 - (1.0 - held) * release
        };
        held = held.min(least[i]);
        window.push_back(held);
        sum += f64::from(held) - f64::from(window.pop_front().unwrap_or(1.0));
        let g = (sum / AHEAD as f64) as f32;
        for c in 0..2 {
            samples[i * 2 + c] = (samples[i * 2 + c] * g.min(1.0)).clamp(-ceiling, ceiling);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_under_1_3_s_are_joined() {
        let s = |t: f64| (t * 48_000.0) as usize;
        let curve = ducking(&[(s(2.0), s(3.0)), (s(3.9), s(5.0))], s(8.0));
        let at = |t: f64| curve[s(t) / STEP];
        assert_eq!(at(1.78), 0.0);
        assert_eq!(at(3.5), 1.0);
        assert!((at(5.6) - 0.44).abs() < 0.1);
        assert!(at(5.95) < 0.01);
    }

    #[test]
    fn nothing_passes_the_ceiling() {
        let mut loud: Vec<f32> = (0..96_000)
            .map(|i| ((i / 2) as f32 * 0.1).sin() * if i % 9000 < 4000 { 3.0 } else { 0.3 })
            .collect();
        limit(&mut loud, 0.8);
        assert!(loud.iter().all(|s| s.abs() <= 0.8));
    }
}
