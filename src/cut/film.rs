//! One film: its segments, its sound, joined and checked.

use super::checks::{self, Report};
use super::encode::{self, Encoded, Job, Progress};
use super::join::{self, Wrapping};
use super::segments::{self, Segment};
use super::sound::{self, Loudness, Sound};
use crate::diagnostic::{Exit, Failure};
use crate::film::assets::Asset;
use crate::film::audio::Audio;
use crate::film::time::Frames;
use crate::media::encode::{Codec, VideoSettings};
use crate::media::tools::{self, Tools};
use crate::media::{ffmpeg, probe};
use crate::plan::fingerprint::Fingerprint;
use crate::plan::projection::Files;
use crate::store::disk;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is cut, and where to.
pub struct Request<'a> {
    pub job: Job<'a>,
    /// Mixes again, whatever is there.
    pub fresh_sound: bool,
    pub tools: &'a Tools,
    pub audio: &'a Audio,
    /// Hashes of everything that is shown or heard.
    pub files: &'a Files,
    pub title: &'a str,
    pub language: &'a str,
    /// SRT to be embedded.
    pub subtitles: Option<&'a Path>,
    pub folder: &'a Path,
    /// The finished file's name in that folder; its suffix is the codec's.
    pub name: &'a str,
}

/// A finished film.
pub struct Cut {
    pub file: PathBuf,
    pub report: Report,
    /// What it was made from and how, for `manifest.json`.
    pub manifest: Value,
    pub sound: Sound,
}

/// What a film will cost in work and space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlay {
    pub frames: Frames,
    pub bytes: u64,
}

impl Request<'_> {
    fn divide(&self) -> Vec<Segment> {
        let job = &self.job;
        segments::divide(
            job.timeline,
            job.assets,
            self.files,
            job.dressing,
            job.settings,
        )
    }

    /// The hash of everything the finished file holds.
    pub fn key(&self) -> Fingerprint {
        let job = &self.job;
        let segments: Vec<Fingerprint> = self.divide().into_iter().map(|s| s.key).collect();
        let chapters: Vec<_> = (job.timeline.chapters.iter())
            .map(|c| (&c.title, c.start, c.end))
            .collect();
        let subtitles = self.subtitles.and_then(|p| std::fs::read(p).ok());
        Fingerprint::of(&(
            (segments, sound::key(job, self.audio, self.files), chapters),
            (self.title, self.language, subtitles, self.name),
            tools::abilities(job.ffmpeg).version,
        ))
    }

    /// What would be encoded, and about how much disk the film and its new segments take.
    pub fn outlay(&self) -> Outlay {
        let frames = match self.job.fresh {
            true => self.job.timeline.total,
            false => encode::to_encode(self.job.cache, &self.divide(), self.job.settings),
        };
        let all = self.job.timeline.total.0 + frames.0;
        Outlay {
            frames,
            bytes: (all.max(0) as f64 * bytes_a_frame(self.job.settings)) as u64
                + (self.job.timeline.seconds() * 400_000.0) as u64,
        }
    }

    /// Cuts the film.
    pub fn cut(&self, progress: Progress<'_>) -> Result<Cut> {
        let job = &self.job;
        let (need, free) = (self.outlay().bytes, disk::free_space(job.cache));
        if let Some(free) = free
            && free < need
        {
            return Err(Failure::new(
                Exit::Disk,
                format!(
                    "the film needs about {}, {} are free",
                    size(need),
                    size(free)
                ),
            )
            .hint("`greenlight clean` shows what may go")
            .into());
        }
        let parts = self.divide();
        // The sound is made beside the pictures.
        let (pictures, sound) = std::thread::scope(|scope| {
            let sound = scope.spawn(|| sound::make(job, self.audio, self.files, self.fresh_sound));
            let pictures = encode::encode(job, &parts, progress);
            let sound = sound.join();
            (pictures, sound)
        });
        let encoded = pictures?;
        let sound = sound.unwrap_or_else(|_| Err(anyhow::anyhow!("the mix broke")))?;
        job.cancel.check()?;
        let wrapping = Wrapping {
            title: self.title,
            language: self.language,
            sound: Some(&sound.file),
            subtitles: self.subtitles,
        };
        join::join(job, &encoded, self.folder, self.name, &wrapping)?;
        let file = self.folder.join(self.name);
        let probed = match &self.tools.ffprobe {
            Some(_) => Some(probe::probe(self.tools, &file)?),
            None => None,
        };
        let report = checks::judge(
            job.timeline,
            job.assets,
            probed.as_ref(),
            &parts,
            &encoded,
            sound.loudness,
            &self.audio.mix,
        );
        Ok(Cut {
            manifest: self.manifest(&parts, &encoded, &sound),
            file,
            report,
            sound,
        })
    }

    fn manifest(&self, parts: &[Segment], encoded: &[Encoded], sound: &Sound) -> Value {
        let job = &self.job;
        let inputs: BTreeMap<&str, Option<&Fingerprint>> = job
            .assets
            .shots
            .iter()
            .flat_map(Asset::files)
            .chain(self.audio.cues.iter().filter_map(|c| c.file.as_ref()))
            .map(|f| (f.as_str(), self.files.get(f)))
            .collect();
        let segments = parts.iter().zip(encoded).map(|(p, e)| {
            json!({
                "start": p.start.0,
                "frames": p.length.0,
                "shows": p.shows,
                "key": p.key,
                "raw_frames": e.facts.frames,
                // A segment encoded alone differs in bytes from one of a whole pass, not in frames.
                "encoded_with": e.facts.pass,
            })
        });
        json!({
            "file": self.name,
            "key": self.key(),
            "settings": job.settings,
            "arguments": job.settings.arguments(0),
            "ffmpeg": tools::abilities(job.ffmpeg).version,
            "frames": job.timeline.total.0,
            "sound": {"key": sound.key, "loudness": sound.loudness, "gain_db": sound.gain_db},
            "inputs": inputs,
            "segments": segments.collect::<Vec<_>>(),
        })
    }

    /// Composes every frame again and compares it with what the manifest of the film says; decodes
    /// the film to its end and measures its sound again. Returns what does not hold.
    pub fn verify(&self, manifest: &Value, progress: Progress<'_>) -> Result<Vec<String>> {
        let mut faults = Vec::new();
        let parts = self.divide();
        let known = manifest["segments"].as_array().cloned().unwrap_or_default();
        if known.len() != parts.len()
            || known
                .iter()
                .zip(&parts)
                .any(|(k, p)| k["key"] != json!(p.key))
        {
            faults.push(format!(
                "{} is not cut from what the run holds now",
                self.name
            ));
            return Ok(faults);
        }
        for (part, facts) in parts
            .iter()
            .zip(encode::compose_again(&self.job, &parts, progress)?)
        {
            let known = known.iter().find(|k| k["start"] == json!(part.start.0));
            if known.is_none_or(|k| k["raw_frames"] != json!(facts.frames)) {
                faults.push(format!(
                    "the frames from {} on ({}) are composed differently now",
                    self.job.timeline.rate.timecode(part.start),
                    part.shows
                ));
            }
        }
        let file = self.folder.join(self.name);
        match decoded_frames(self.job.ffmpeg, &file) {
            Ok(frames) if frames != self.job.timeline.total.0 => faults.push(format!(
                "{frames} frames can be decoded instead of {}",
                self.job.timeline.total.0
            )),
            Ok(_) => {}
            Err(e) => faults.push(format!("{} cannot be decoded: {e:#}", self.name)),
        }
        let now: Loudness = match sound::measure(&self.job, &file) {
            Ok(now) => now,
            Err(e) => {
                faults.push(format!(
                    "the sound of {} cannot be decoded: {e:#}",
                    self.name
                ));
                return Ok(faults);
            }
        };
        let limits = &self.audio.mix;
        if (now.integrated_lufs - limits.target_lufs).abs() > 1.0 {
            faults.push(format!(
                "{:.1} LUFS instead of {:.1}",
                now.integrated_lufs, limits.target_lufs
            ));
        }
        if now.true_peak_db > limits.true_peak_db {
            faults.push(format!(
                "a true peak of {:.1} dB, above {:.1}",
                now.true_peak_db, limits.true_peak_db
            ));
        }
        Ok(faults)
    }
}

/// Decodes all pictures of a file; any error of the decoder is one here.
fn decoded_frames(ffmpeg_path: &Path, file: &Path) -> Result<i64> {
    let folder = file.parent().context("a folder")?;
    let name = file
        .file_name()
        .and_then(|n| n.to_str())
        .context("a name")?;
    let out = ffmpeg::output(
        ffmpeg_path,
        folder,
        &[
            "-xerror",
            "-i",
            name,
            "-map",
            "0:v:0",
            "-f",
            "null",
            "-progress",
            "pipe:1",
            "-",
        ],
    )?;
    let text = String::from_utf8_lossy(&out);
    text.lines()
        .rev()
        .find_map(|l| l.strip_prefix("frame=")?.trim().parse().ok())
        .context("FFmpeg counted no frames")
}

/// A careful guess: few films are so restless.
fn bytes_a_frame(settings: &VideoSettings) -> f64 {
    let pixels = f64::from(settings.width) * f64::from(settings.height);
    pixels
        * match settings.codec {
            Codec::H264 => 0.020,
            Codec::H265 => 0.014,
            Codec::ProRes => 0.45,
        }
}

/// Bytes as people say them.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{:.0} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.0} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}
