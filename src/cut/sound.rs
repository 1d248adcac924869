//! The mix made ready for the film: one loudness, no peak above the ceiling, encoded, and measured as it
//! will be heard, after the encoder. Kept by what went into it, so that it is made once.

use super::encode::Job;
use super::mix::{self, Bus, Desk, RATE};
use crate::film::audio::{Audio, Mix};
use crate::media::decode::Samples;
use crate::media::encode::Codec;
use crate::media::ffmpeg;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::projection::Files;
use crate::store::disk;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// What a sound measures, decoded.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Loudness {
    pub integrated_lufs: f64,
    pub true_peak_db: f64,
}

/// The film's sound, encoded.
#[derive(Debug, Clone)]
pub struct Sound {
    /// Hash of all that is heard.
    pub key: Fingerprint,
    pub file: PathBuf,
    pub loudness: Loudness,
    /// Decibels by which the mix was raised as a whole.
    pub gain_db: f64,
}

/// Bumped whenever the same cues sound different.
const MIXER: u32 = 4;

#[derive(Serialize, Deserialize)]
struct Facts {
    loudness: Loudness,
    gain_db: f64,
}

/// The hash of all that is heard, and of how it is encoded.
pub(super) fn key(job: &Job<'_>, audio: &Audio, files: &Files) -> Fingerprint {
    let parts = mix::parts(job.timeline, audio, job.assets);
    let hashes: Vec<Option<&Fingerprint>> = parts.iter().map(|p| files.get(&p.file)).collect();
    let lossless = job.settings.codec == Codec::ProRes;
    Fingerprint::of(&(MIXER, &parts, &hashes, samples(job), &audio.mix, lossless))
}

/// Samples of the whole film.
fn samples(job: &Job<'_>) -> i64 {
    job.timeline.rate.sample(job.timeline.total, RATE).max(1)
}

/// Mixes and encodes the film's sound, unless that was done.
pub(super) fn make(job: &Job<'_>, audio: &Audio, files: &Files, fresh: bool) -> Result<Sound> {
    let parts = mix::parts(job.timeline, audio, job.assets);
    let total = samples(job);
    let key = key(job, audio, files);
    let suffix = if job.settings.codec == Codec::ProRes {
        "wav"
    } else {
        "m4a"
    };
    let file = job.cache.join(format!("{}.{suffix}", key.hex()));
    let facts = job.cache.join(format!("{}.json", key.hex()));
    if !fresh
        && file.is_file()
        && let Ok(bytes) = std::fs::read(&facts)
        && let Ok(known) = serde_json::from_slice::<Facts>(&bytes)
    {
        return Ok(Sound {
            key,
            file,
            loudness: known.loudness,
            gain_db: known.gain_db,
        });
    }
    disk::make_folder(job.cache)?;
    disk::remove_begun(job.cache, "mix-");
    let begun = disk::begun_name("mix-", key.hex())?;
    let raw = job.cache.join(format!("{begun}.f32"));
    let desk = Desk {
        root: job.root,
        ffmpeg: job.ffmpeg,
        parts: &parts,
        total,
        ducking_db: audio.mix.ducking_db,
    };
    let staged = job.cache.join(format!("{begun}.{suffix}"));
    let result = mixed(&desk, job, &audio.mix, &raw, &staged);
    disk::remove(&raw);
    let (loudness, gain_db) = result?;
    disk::move_into(&staged, &file)?;
    disk::write_scratch(&facts, &serde_json::to_vec(&Facts { loudness, gain_db })?)?;
    Ok(Sound {
        key,
        file,
        loudness,
        gain_db,
    })
}

/// How often a sound is encoded until what the encoder adds stays under its ceiling.
const MOST_ENCODINGS: u32 = 6;

/// Mixes into `raw`, then brings it to its loudness and under its ceiling and encodes that; what the
/// encoder adds is measured and taken off.
fn mixed(
    desk: &Desk<'_>,
    job: &Job<'_>,
    wanted: &Mix,
    raw: &Path,
    out: &Path,
) -> Result<(Loudness, f64)> {
    let mut writer = BufWriter::new(disk::create_scratch(raw)?);
    let mut meter = ebur128::EbuR128::new(2, RATE, ebur128::Mode::I)?;
    let mut sum = Vec::new();
    desk.play(|[voice, music, sounds]| {
        job.cancel.check()?;
        sum.clear();
        sum.extend(
            voice
                .iter()
                .zip(music)
                .zip(sounds)
                .map(|((v, m), s)| v + m + s),
        );
        meter.add_frames_f32(&sum)?;
        write_samples(&mut writer, &sum)
    })?;
    writer.flush()?;
    let plain = meter.loudness_global()?;
    let mut gain_db = if plain.is_finite() && plain > -69.0 {
        wanted.target_lufs - plain
    } else {
        0.0
    };
    // The encoder adds a decibel and a half of peak at times, and encoding twice costs more than the rest
    // of the mix.
    let mut ceiling_db = wanted.true_peak_db - 1.6;
    let limited = raw.with_extension("limited");
    let quiet = |lufs: f64| !lufs.is_finite() || lufs < -69.0;
    let mut encodings = 0;
    loop {
        // What the limiter takes is given back, twice at most.
        for tries in 0..3 {
            job.cancel.check()?;
            let lufs = limit(raw, gain_db, ceiling_db, &limited)?;
            let missing = wanted.target_lufs - lufs;
            if quiet(lufs) || missing.abs() < 0.2 || tries == 2 {
                break;
            }
            gain_db += missing;
        }
        encodings += 1;
        let made = to_file(job, &limited, out);
        disk::remove(&limited);
        made?;
        let loudness = measure(job, out)?;
        let over = loudness.true_peak_db - wanted.true_peak_db;
        if over <= 0.0 || encodings == MOST_ENCODINGS {
            return Ok((loudness, gain_db));
        }
        // What it adds is not the same each time: the more often it did, the more room it is given.
        ceiling_db -= over + 0.1 * f64::from(encodings);
    }
}

fn write_samples(to: &mut impl Write, samples: &[f32]) -> Result<()> {
    let mut bytes = Vec::with_capacity(samples.len() * 4);
    for s in samples {
        bytes.extend(s.to_le_bytes());
    }
    to.write_all(&bytes)?;
    Ok(())
}

/// Raises and limits the raw mix into another file, and returns how loud that is.
fn limit(raw: &Path, gain_db: f64, ceiling_db: f64, out: &Path) -> Result<f64> {
    let file =
        std::fs::File::open(raw).with_context(|| format!("cannot read {}", raw.display()))?;
    let mut reader = BufReader::with_capacity(1 << 18, file);
    let mut writer = BufWriter::with_capacity(1 << 18, disk::create_scratch(out)?);
    let mut meter = ebur128::EbuR128::new(2, RATE, ebur128::Mode::I)?;
    let gain = 10f32.powf(gain_db as f32 / 20.0);
    let mut limiter = Limiter::new(10f32.powf(ceiling_db as f32 / 20.0));
    let mut bytes = vec![0u8; RATE as usize * 8];
    let mut ready = Vec::new();
    loop {
        let n = fill(&mut reader, &mut bytes)?;
        ready.clear();
        for frame in bytes[..n].as_chunks::<8>().0 {
            let [a, b, c, d, e, f, g, h] = *frame;
            let left = f32::from_le_bytes([a, b, c, d]) * gain;
            let right = f32::from_le_bytes([e, f, g, h]) * gain;
            limiter.push([left, right], &mut ready);
        }
        if n < bytes.len() {
            limiter.finish(&mut ready);
        }
        meter.add_frames_f32(&ready)?;
        write_samples(&mut writer, &ready)?;
        if n < bytes.len() {
            break;
        }
    }
    writer.flush()?;
    Ok(meter.loudness_global()?)
}

fn fill(reader: &mut impl Read, bytes: &mut [u8]) -> Result<usize> {
    let mut at = 0;
    while at < bytes.len() {
        match reader.read(&mut bytes[at..])? {
            0 => break,
            n => at += n,
        }
    }
    Ok(at)
}

fn to_file(job: &Job<'_>, limited: &Path, out: &Path) -> Result<()> {
    let name = |p: &Path| p.file_name().and_then(|n| n.to_str()).map(str::to_owned);
    let (from, to) = (
        name(limited).context("a mix's name")?,
        name(out).context("a mix's name")?,
    );
    let mut args = vec!["-f", "f32le", "-ar", "48000", "-ac", "2", "-i", &from];
    if job.settings.codec == Codec::ProRes {
        args.extend(["-c:a", "pcm_s24le", "-f", "wav"]);
    } else {
        // At this rate the quick coder is as near to the mix as the slow one, in half the time.
        args.extend([
            "-c:a",
            "aac",
            "-aac_coder",
            "fast",
            "-b:a",
            "160k",
            "-f",
            "ipod",
        ]);
    }
    args.extend(["-flags:a", "+bitexact", "-fflags", "+bitexact", &to]);
    ffmpeg::run(
        job.ffmpeg,
        job.cache,
        &args,
        Some(&job.logs.join("mix.log")),
    )?;
    Ok(())
}

/// Measures an encoded sound by decoding it.
pub fn measure(job: &Job<'_>, file: &Path) -> Result<Loudness> {
    let name = file.to_str().context("a path that is not UTF-8")?;
    let mut sound = Samples::start(job.ffmpeg, job.cache, name, 0.0, 2)?;
    let mut meter = ebur128::EbuR128::new(2, RATE, ebur128::Mode::I | ebur128::Mode::TRUE_PEAK)?;
    let mut part = vec![0f32; RATE as usize * 2];
    loop {
        let n = sound.read(&mut part)?;
        meter.add_frames_f32(&part[..n / 2 * 2])?;
        if n < part.len() {
            break;
        }
    }
    sound.finish()?;
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

/// Writes voice, music and sounds apart, as they stand in the mix before its limiter; together they are
/// the film's sound.
pub fn stems(job: &Job<'_>, audio: &Audio, gain_db: f64, folder: &Path) -> Result<Vec<PathBuf>> {
    let parts = mix::parts(job.timeline, audio, job.assets);
    let desk = Desk {
        root: job.root,
        ffmpeg: job.ffmpeg,
        parts: &parts,
        total: samples(job),
        ducking_db: audio.mix.ducking_db,
    };
    disk::make_folder(folder)?;
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: RATE,
        bits_per_sample: 24,
        sample_format: hound::SampleFormat::Int,
    };
    let names = [Bus::Voice, Bus::Music, Bus::Sounds].map(|bus| {
        let name = match bus {
            Bus::Voice => "voice",
            Bus::Music => "music",
            Bus::Sounds => "sounds",
        };
        folder.join(format!("stem.{name}.wav"))
    });
    let mut writers = Vec::new();
    for name in &names {
        let writer = hound::WavWriter::create(name, spec)
            .with_context(|| format!("cannot write {}", name.display()))?;
        writers.push(writer);
    }
    let gain = 10f32.powf(gain_db as f32 / 20.0) * 8_388_607.0;
    desk.play(|buses| {
        job.cancel.check()?;
        for (writer, bus) in writers.iter_mut().zip(buses) {
            for s in bus {
                let v = (s * gain).round().clamp(-8_388_608.0, 8_388_607.0);
                writer.write_sample(v as i32)?;
            }
        }
        Ok(())
    })?;
    for writer in writers {
        writer.finalize()?;
    }
    Ok(names.to_vec())
}

/// Samples the limiter looks ahead: 2 ms.
const AHEAD: usize = 96;

/// Looks 2 ms ahead, goes down in time, comes back over 80 ms; peaks are judged between samples too.
struct Limiter {
    ceiling: f32,
    release: f32,
    /// The last four samples, for what lies between the middle two.
    near: VecDeque<[f32; 2]>,
    /// Samples that wait for what comes after them.
    waiting: VecDeque<[f32; 2]>,
    /// Gains ahead, each lower than those before it: when they fall due, and what they are.
    falling: VecDeque<(u64, f32)>,
    judged: u64,
    due: u64,
    held: f32,
    window: VecDeque<f32>,
    sum: f64,
}

impl Limiter {
    fn new(ceiling: f32) -> Limiter {
        Limiter {
            ceiling,
            release: (-1.0 / (0.080 * RATE as f32)).exp(),
            near: VecDeque::from([[0.0; 2]]),
            waiting: VecDeque::new(),
            falling: VecDeque::new(),
            judged: 0,
            due: 0,
            held: 1.0,
            window: std::iter::repeat_n(1.0, AHEAD).collect(),
            sum: AHEAD as f64,
        }
    }

    fn push(&mut self, sample: [f32; 2], ready: &mut Vec<f32>) {
        self.waiting.push_back(sample);
        self.near.push_back(sample);
        if self.near.len() < 4 {
            return;
        }
        // The second of the four: its neighbours on both sides are known.
        let mut peak = 0f32;
        for c in 0..2 {
            let [p, a, b, d] = [0, 1, 2, 3].map(|i| self.near[i][c]);
            peak = peak.max(a.abs());
            // Between two small samples nothing is large.
            if a.abs().max(b.abs()) < 0.5 * self.ceiling {
                continue;
            }
            for t in [0.25f32, 0.5, 0.75] {
                let v = a + 0.5
                    * t
                    * (b - p + t * (2.0 * p - 5.0 * a + 4.0 * b - d + t * (3.0 * (a - b) + d - p)));
                peak = peak.max(v.abs());
            }
        }
        self.near.pop_front();
        let needed = if peak > self.ceiling {
            self.ceiling / peak
        } else {
            1.0
        };
        while self.falling.back().is_some_and(|(_, g)| *g >= needed) {
            self.falling.pop_back();
        }
        self.falling.push_back((self.judged, needed));
        self.judged += 1;
        if self.judged > AHEAD as u64 {
            self.release_one(ready);
        }
    }

    /// Lets the oldest sample go, at the gain the next 2 ms allow.
    fn release_one(&mut self, ready: &mut Vec<f32>) {
        let Some(sample) = self.waiting.pop_front() else {
            return;
        };
        while self.falling.front().is_some_and(|(at, _)| *at < self.due) {
            self.falling.pop_front();
        }
        self.due += 1;
        let least = self.falling.front().map_or(1.0, |(_, g)| *g);
        // A mean over as long as it looks ahead, so that it arrives in time.
        self.held = (1.0 - (1.0 - self.held) * self.release).min(least);
        self.window.push_back(self.held);
        self.sum += f64::from(self.held) - f64::from(self.window.pop_front().unwrap_or(1.0));
        let gain = ((self.sum / AHEAD as f64) as f32).min(1.0);
        ready.extend(sample.map(|s| (s * gain).clamp(-self.ceiling, self.ceiling)));
    }

    fn finish(&mut self, ready: &mut Vec<f32>) {
        while !self.waiting.is_empty() {
            self.release_one(ready);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_passes_the_ceiling_and_nothing_is_lost() {
        let loud: Vec<[f32; 2]> = (0..48_000)
            .map(|i| {
                let v = (i as f32 * 0.1).sin() * if i % 20_000 < 4000 { 3.0 } else { 0.3 };
                [v, -v]
            })
            .collect();
        let mut limiter = Limiter::new(0.8);
        let mut out = Vec::new();
        for s in &loud {
            limiter.push(*s, &mut out);
        }
        limiter.finish(&mut out);
        assert_eq!(out.len(), loud.len() * 2);
        assert!(out.iter().all(|s| s.abs() <= 0.8));
        // What is quiet, and far from anything loud, stays as it was.
        let at = 39_850;
        assert!((out[at * 2] - loud[at][0]).abs() < 0.02);
    }
}
