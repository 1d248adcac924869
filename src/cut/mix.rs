//! The sound of the film: voices in front, music that steps back for them. Sample-exact on the frame
//! clock, and a second at a time, so that a long film needs no more memory than a short one.

use crate::film::assets::Assets;
use crate::film::audio::{Audio, CueKind};
use crate::film::time::Frames;
use crate::film::timeline::{Footage, Timeline};
use crate::media::decode::Samples;
use anyhow::{Context, Result};
use std::path::Path;

pub(super) const RATE: u32 = 48_000;

/// What sounds together is mixed, and handed out, as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bus {
    Voice,
    Music,
    Sounds,
}

/// One sound at its place.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file: String,
    pub(super) bus: u8,
    /// The sample of the film at which it begins; before the film's first, its head is cut off.
    pub(super) start: i64,
    /// Samples it lasts at most.
    pub(super) most: Option<i64>,
    /// Seconds into the file at which it begins.
    pub(super) from: f64,
    pub(super) gain: f32,
    /// Its known length in samples: what others step back for.
    pub(super) known: i64,
}

/// Lists what is heard, in order of time.
pub(super) fn parts(timeline: &Timeline, audio: &Audio, assets: &Assets) -> Vec<Part> {
    let linear = |db: f64| 10f32.powf(db as f32 / 20.0);
    let sample = |f: Frames| timeline.rate.sample(f, RATE);
    let mut out = Vec::new();
    for placed in &timeline.cues {
        let Some(file) = &placed.file else { continue };
        let seconds = audio.cue(&placed.cue).map_or(0.0, |c| c.seconds);
        // Voices sit in the middle and carry the mix.
        let (bus, weight) = match placed.kind {
            CueKind::Voice => (Bus::Voice, 1.30),
            CueKind::Music => (Bus::Music, 0.9),
            CueKind::Sound => (Bus::Sounds, 1.0),
        };
        out.push(Part {
            name: placed.cue.clone(),
            file: file.clone(),
            bus: bus as u8,
            start: sample(placed.start),
            most: None,
            from: 0.0,
            gain: linear(placed.level_db) * weight,
            known: (seconds * f64::from(RATE)) as i64,
        });
    }
    for span in &timeline.spans {
        let Footage::Shot(id) = &span.what else {
            continue;
        };
        if let Some(asset) = assets.get(id)
            && let (Some(clip), Some(db)) = (&asset.clip, asset.sound_db)
        {
            let length = sample(span.start + span.length) - sample(span.start);
            out.push(Part {
                name: id.clone(),
                file: clip.clone(),
                bus: Bus::Sounds as u8,
                start: sample(span.start),
                most: Some(length),
                from: asset.from,
                gain: linear(db),
                known: length,
            });
        }
    }
    out.sort_by_key(|p| p.start);
    out
}

/// How the mix is put together.
pub(super) struct Desk<'a> {
    pub(super) root: &'a Path,
    pub(super) ffmpeg: &'a Path,
    pub(super) parts: &'a [Part],
    /// Samples of the film.
    pub(super) total: i64,
    pub(super) ducking_db: f64,
}

impl Desk<'_> {
    /// Plays the film's sound, a second at a time: each bus as it stands in the mix, interleaved
    /// stereo, in the order of [`Bus`].
    pub(super) fn play(&self, mut hear: impl FnMut([&[f32]; 3]) -> Result<()>) -> Result<()> {
        let voices: Vec<(usize, usize)> = self
            .parts
            .iter()
            .filter(|p| p.bus == Bus::Voice as u8)
            .map(|p| {
                let end = (p.start + p.known).clamp(0, self.total);
                (p.start.max(0) as usize, end as usize)
            })
            .collect();
        let duck = ducking(&voices, self.total as usize);
        let mut waiting = self.parts.iter().peekable();
        let mut playing: Vec<Playing<'_>> = Vec::new();
        let mut buses: [Vec<f32>; 3] = Default::default();
        let mut lowered = (0.0, 1.0, 1.0);
        let mut from = 0;
        while from < self.total {
            let until = (from + i64::from(RATE)).min(self.total);
            let count = (until - from) as usize;
            for bus in &mut buses {
                bus.clear();
                bus.resize(count * 2, 0.0);
            }
            while let Some(part) = waiting.next_if(|p| p.start < until) {
                playing.push(Playing::start(self, part)?);
            }
            for sound in &mut playing {
                let to = &mut buses[usize::from(sound.part.bus)];
                sound.add(to, from)?;
            }
            playing.retain(|p| !p.ended);
            for i in 0..count {
                let at = from as usize + i;
                let back = duck[at / STEP];
                let edge = edge(at, self.total as usize);
                // The curve stands still for many samples.
                if back != lowered.0 {
                    let down = |db: f32| 10f32.powf(-db * back / 20.0);
                    lowered = (back, down(self.ducking_db as f32), down(5.0));
                }
                let gains = [edge, edge * lowered.1, edge * lowered.2];
                for (bus, gain) in buses.iter_mut().zip(gains) {
                    bus[2 * i] *= gain;
                    bus[2 * i + 1] *= gain;
                }
            }
            hear([&buses[0], &buses[1], &buses[2]])?;
            from = until;
        }
        Ok(())
    }
}

/// A sound while it is heard.
struct Playing<'a> {
    part: &'a Part,
    reader: Reader,
    /// Samples of it that were read.
    read: i64,
    ended: bool,
    buffer: Vec<f32>,
}

enum Reader {
    /// What the studio makes: read as it is.
    Wav(hound::WavReader<std::io::BufReader<std::fs::File>>),
    Any(Samples),
    /// Read to its end, and found whole.
    Done,
}

impl<'a> Playing<'a> {
    fn start(desk: &Desk<'_>, part: &'a Part) -> Result<Playing<'a>> {
        let plain = hound::WavReader::open(desk.root.join(&part.file))
            .ok()
            .filter(|w| {
                let spec = w.spec();
                spec.sample_rate == RATE
                    && spec.bits_per_sample == 16
                    && spec.channels <= 2
                    && part.from == 0.0
            });
        let reader = match plain {
            Some(wav) => Reader::Wav(wav),
            None => Reader::Any(
                Samples::start(desk.ffmpeg, desk.root, &part.file, part.from, 2)
                    .with_context(|| format!("cue {}", part.name))?,
            ),
        };
        Ok(Playing {
            part,
            reader,
            read: 0,
            ended: false,
            buffer: Vec::new(),
        })
    }

    /// Adds what is heard of it from the film's sample `from` on.
    fn add(&mut self, to: &mut [f32], from: i64) -> Result<()> {
        // Its head may lie before the film.
        let skip = (from - self.part.start - self.read).max(0);
        self.take(skip as usize)?;
        let at = (self.part.start + self.read - from).max(0) as usize;
        let room = to.len() / 2 - at.min(to.len() / 2);
        let before = self.read;
        let got = self.take(room)?;
        for (i, (o, s)) in to[2 * at..]
            .as_chunks_mut::<2>()
            .0
            .iter_mut()
            .zip(self.buffer.as_chunks::<2>().0)
            .take(got)
            .enumerate()
        {
            let gain = self.part.gain * self.soft(before + i as i64);
            o[0] += s[0] * gain;
            o[1] += s[1] * gain;
        }
        Ok(())
    }

    /// Nothing begins or is cut off with a click: 4 ms at both ends.
    fn soft(&self, i: i64) -> f32 {
        const RAMP: i64 = RATE as i64 / 250;
        let end = self.part.most.unwrap_or(i64::MAX / 2) - i;
        i.min(end).clamp(0, RAMP) as f32 / RAMP as f32
    }

    /// Reads so many samples into the buffer and returns how many there were.
    fn take(&mut self, count: usize) -> Result<usize> {
        let left = self
            .part
            .most
            .map_or(usize::MAX, |m| (m - self.read).max(0) as usize);
        let wanted = count.min(left);
        self.buffer.clear();
        if wanted == 0 {
            self.ended |= left == 0;
            return Ok(0);
        }
        let got = match &mut self.reader {
            Reader::Wav(wav) => {
                let channels = usize::from(wav.spec().channels);
                for sample in wav.samples::<i16>().take(wanted * channels) {
                    let v = f32::from(sample.with_context(|| format!("cue {}", self.part.name))?)
                        / 32768.0;
                    self.buffer.push(v);
                    if channels == 1 {
                        self.buffer.push(v);
                    }
                }
                self.buffer.len() / 2
            }
            Reader::Any(sound) => {
                self.buffer.resize(wanted * 2, 0.0);
                sound.read(&mut self.buffer)? / 2
            }
            Reader::Done => 0,
        };
        self.read += got as i64;
        if got < wanted {
            self.ended = true;
            // A sound that breaks off is an error, not a silence.
            if let Reader::Any(sound) = std::mem::replace(&mut self.reader, Reader::Done) {
                sound
                    .finish()
                    .with_context(|| format!("cue {}: {}", self.part.name, self.part.file))?;
            }
        }
        Ok(got)
    }
}

/// A short fade at both ends of the film, whatever is mixed.
fn edge(at: usize, total: usize) -> f32 {
    let ramp = (RATE as usize / 50).min(total).max(1);
    (at.min(total - 1 - at) as f32 / ramp as f32).min(1.0)
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
}
