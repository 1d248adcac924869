//! Segments encoded where they are missing: what lies together is one pass of the encoder, cut into
//! files as it runs; what lies apart is encoded side by side. A pass that is killed leaves the segments
//! it finished.

use super::compose::{Composer, Dressing};
use super::frame::Frame;
use super::segments::Segment;
use crate::film::assets::Assets;
use crate::film::time::Frames;
use crate::film::timeline::Timeline;
use crate::media::cancel::Cancel;
use crate::media::encode::{Encoder, VideoSettings};
use crate::plan::fingerprint::Fingerprint;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use twox_hash::xxhash3_128;

/// What a render works with.
pub struct Job<'a> {
    pub root: &'a Path,
    pub ffmpeg: &'a Path,
    pub cache: &'a Path,
    pub logs: &'a Path,
    pub timeline: &'a Timeline,
    pub assets: &'a Assets,
    pub dressing: &'a Dressing,
    pub settings: &'a VideoSettings,
    pub workers: usize,
    pub fresh: bool,
    pub cancel: &'a Cancel,
}

/// What was made of a segment.
#[derive(Debug, Clone)]
pub struct Encoded {
    pub file: PathBuf,
    pub length: Frames,
    pub facts: Facts,
}

/// What was seen while a segment was composed; kept beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Hash of its composed frames (BLAKE3 of the frames' XXH3).
    pub frames: Fingerprint,
    /// Frames that are black.
    pub black: u32,
    /// The longest stretch of frames that are all the same.
    pub still: u32,
    /// Segments of the encoder pass that made it.
    pub pass: u32,
    /// Characters no font has; they were left out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub missing: String,
    /// Of its file, in bytes: one that somebody wrote into is encoded anew.
    #[serde(default)]
    pub size: u64,
}

/// Looks at composed frames as they pass.
#[derive(Default)]
struct Watch {
    hashes: blake3::Hasher,
    last: Option<u128>,
    run: u32,
    still: u32,
    black: u32,
    missing: String,
}

impl Watch {
    /// Sees a frame as it is composed.
    fn see(&mut self, frame: &Frame) {
        // Every sixteenth row tells.
        let rows = frame.luma().chunks_exact(frame.width).step_by(16);
        let count = frame.height.div_ceil(16) * frame.width;
        let sum: u64 = rows
            .map(|row| row.iter().map(|v| u32::from(*v)).sum::<u32>())
            .map(u64::from)
            .sum();
        self.black += u32::from(sum < 20 * count as u64);
    }

    /// Hears the hash of the next frame.
    fn hear(&mut self, hash: u128) {
        self.run = if self.last == Some(hash) {
            self.run + 1
        } else {
            1
        };
        self.still = self.still.max(self.run);
        self.last = Some(hash);
        self.hashes.update(&hash.to_le_bytes());
    }

    fn facts(&self, pass: usize) -> Facts {
        Facts {
            frames: Fingerprint::of_hash(self.hashes.finalize()),
            black: self.black,
            still: self.still,
            pass: pass as u32,
            missing: self.missing.clone(),
            size: 0,
        }
    }
}

/// Hears how many frames there are so far, and what is being encoded.
pub type Progress<'a> = &'a (dyn Fn(u64, &str) + Sync);

/// Encodes what is missing and returns all segments in order.
pub fn encode(job: &Job<'_>, segments: &[Segment], progress: Progress<'_>) -> Result<Vec<Encoded>> {
    crate::store::disk::make_folder(job.cache)?;
    crate::store::disk::remove_begun(job.cache, "pass-");
    let known = |s| whole(job.cache, s, job.settings).filter(|_| !job.fresh);
    let mut all: Vec<Option<Encoded>> = segments.iter().map(known).collect();
    let passes = passes(&all);
    let present: u64 = all.iter().flatten().map(|e| e.length.0 as u64).sum();
    let done = AtomicU64::new(present);
    progress(present, "");
    let side_by_side = job.workers.clamp(1, passes.len().max(1));
    // One pass alone gets all cores.
    let threads = usize::from(side_by_side > 1);
    let next = AtomicUsize::new(0);
    type Share = Vec<(usize, Encoded)>;
    let results: Vec<Result<Share>> = std::thread::scope(|scope| {
        let work = || {
            let mut mine = Vec::new();
            while let Some(pass) = passes.get(next.fetch_add(1, Ordering::SeqCst)) {
                job.cancel.check()?;
                let step = |what: &str| progress(done.fetch_add(1, Ordering::SeqCst) + 1, what);
                let encoded = encode_pass(job, &segments[pass.clone()], threads, &step)?;
                mine.extend(pass.clone().zip(encoded));
            }
            Ok(mine)
        };
        let handles: Vec<_> = (0..side_by_side).map(|_| scope.spawn(work)).collect();
        handles
            .into_iter()
            .map(|h| {
                h.join()
                    .unwrap_or_else(|_| Err(anyhow::anyhow!("a render thread broke")))
            })
            .collect()
    });
    for result in results {
        for (i, encoded) in result? {
            all[i] = Some(encoded);
        }
    }
    let all: Option<Vec<Encoded>> = all.into_iter().collect();
    all.context("a segment was not encoded")
}

/// What would have to be encoded: frames that no segment in the cache has.
pub fn to_encode(cache: &Path, segments: &[Segment], settings: &VideoSettings) -> Frames {
    let missing = segments
        .iter()
        .filter(|s| whole(cache, s, settings).is_none());
    Frames(missing.map(|s| s.length.0).sum())
}

fn file(cache: &Path, segment: &Segment, settings: &VideoSettings) -> PathBuf {
    cache.join(format!("{}.{}", segment.key.hex(), settings.codec.suffix()))
}

fn facts_file(cache: &Path, segment: &Segment) -> PathBuf {
    cache.join(format!("{}.json", segment.key.hex()))
}

/// The segment as the cache has it, unless somebody wrote into it.
fn whole(cache: &Path, segment: &Segment, settings: &VideoSettings) -> Option<Encoded> {
    let file = file(cache, segment, settings);
    let size = std::fs::metadata(&file).ok().filter(|m| m.is_file())?.len();
    let bytes = std::fs::read(facts_file(cache, segment)).ok()?;
    let facts: Facts = serde_json::from_slice(&bytes).ok()?;
    (facts.size == 0 || facts.size == size).then_some(Encoded {
        file,
        length: segment.length,
        facts,
    })
}

/// Neighbours that are missing are encoded in one go.
fn passes(known: &[Option<Encoded>]) -> Vec<std::ops::Range<usize>> {
    let mut out: Vec<std::ops::Range<usize>> = Vec::new();
    for (i, _) in known.iter().enumerate().filter(|(_, k)| k.is_none()) {
        match out.last_mut() {
            Some(last) if last.end == i => last.end = i + 1,
            _ => out.push(i..i + 1),
        }
    }
    out
}

fn encode_pass(
    job: &Job<'_>,
    segments: &[Segment],
    threads: usize,
    step: &dyn Fn(&str),
) -> Result<Vec<Encoded>> {
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else {
        return Ok(Vec::new());
    };
    let name = crate::store::disk::begun_name("pass-", first.key.hex())?;
    let borders: Vec<i64> = segments[1..]
        .iter()
        .map(|s| (s.start - first.start).0)
        .collect();
    let mut composer = Composer::new(job.root, job.ffmpeg, job.timeline, job.assets, job.dressing);
    composer.until(last.start + last.length);
    let mut encoder = Encoder::start(
        job.ffmpeg,
        job.cache,
        &name,
        job.settings,
        &borders,
        threads,
        job.cancel.clone(),
    )?;
    let mut watches: Vec<Watch> = Vec::new();
    let mut out: Vec<Encoded> = Vec::new();
    let (width, height) = (job.settings.width, job.settings.height);
    let mut frame = Frame::new(width, height);
    for segment in segments {
        let mut watch = Watch::default();
        for i in 0..segment.length.0 {
            frame.bytes = encoder.buffer();
            frame.bytes.resize(frame.width * frame.height * 3 / 2, 0);
            composer.frame(segment.start + Frames(i), &mut frame)?;
            watch.see(&frame);
            encoder.frame(std::mem::take(&mut frame.bytes))?;
            step(&segment.shows);
        }
        watch.missing = composer.take_missing();
        watches.push(watch);
        // What FFmpeg has finished is kept at once, so that a killed pass was not for nothing.
        for _ in 0..encoder.whole() {
            let i = out.len();
            let hash = || encoder.hash();
            out.push(keep(job, segments, &name, i, &mut watches[i], &hash)?);
        }
    }
    let log = format!("pass-{}.log", &first.key.hex()[..16]);
    let written = encoder.finish(Some(&job.logs.join(log)))?;
    for (i, watch) in watches.iter_mut().enumerate().skip(out.len()) {
        out.push(keep(job, segments, &name, i, watch, &|| written.hash())?);
    }
    Ok(out)
}

/// Puts the `i`-th file of a pass in its place, with what was seen of it.
fn keep(
    job: &Job<'_>,
    segments: &[Segment],
    name: &str,
    i: usize,
    watch: &mut Watch,
    hash: &dyn Fn() -> Result<u128>,
) -> Result<Encoded> {
    let segment = &segments[i];
    for _ in 0..segment.length.0 {
        watch.hear(hash()?);
    }
    let mut facts = watch.facts(segments.len());
    let suffix = job.settings.codec.suffix();
    let file = file(job.cache, segment, job.settings);
    crate::store::disk::move_into(&job.cache.join(format!("{name}.{i:05}.{suffix}")), &file)?;
    facts.size = std::fs::metadata(&file).map_or(0, |m| m.len());
    crate::store::disk::write_scratch(
        &facts_file(job.cache, segment),
        &serde_json::to_vec(&facts)?,
    )?;
    Ok(Encoded {
        file,
        length: segment.length,
        facts,
    })
}

/// Composes all segments without encoding them, several at once, and tells what was seen.
pub(super) fn compose_again(
    job: &Job<'_>,
    segments: &[Segment],
    progress: Progress<'_>,
) -> Result<Vec<Facts>> {
    let (next, done) = (AtomicUsize::new(0), AtomicU64::new(0));
    let threads = job.workers.clamp(1, segments.len().max(1));
    // Neighbours share pictures: each thread takes a stretch of them.
    let each = segments.len().div_ceil(threads * 4).max(1);
    let chunks: Vec<&[Segment]> = segments.chunks(each).collect();
    type Share = Vec<(usize, Vec<Facts>)>;
    let results: Vec<Result<Share>> = std::thread::scope(|scope| {
        let work = || {
            let mut mine = Vec::new();
            loop {
                let i = next.fetch_add(1, Ordering::SeqCst);
                let Some(chunk) = chunks.get(i) else {
                    return Ok(mine);
                };
                let mut composer =
                    Composer::new(job.root, job.ffmpeg, job.timeline, job.assets, job.dressing);
                if let Some(last) = chunk.last() {
                    composer.until(last.start + last.length);
                }
                let mut frame = Frame::new(job.settings.width, job.settings.height);
                let mut facts = Vec::new();
                for segment in *chunk {
                    let mut watch = Watch::default();
                    for n in 0..segment.length.0 {
                        job.cancel.check()?;
                        composer.frame(segment.start + Frames(n), &mut frame)?;
                        watch.see(&frame);
                        watch.hear(xxhash3_128::Hasher::oneshot(&frame.bytes));
                        progress(done.fetch_add(1, Ordering::SeqCst) + 1, &segment.shows);
                    }
                    facts.push(watch.facts(0));
                }
                mine.push((i, facts));
            }
        };
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles
            .into_iter()
            .map(|h| {
                h.join()
                    .unwrap_or_else(|_| Err(anyhow::anyhow!("a composing thread broke")))
            })
            .collect()
    });
    let mut all: Share = Vec::new();
    for result in results {
        all.extend(result?);
    }
    all.sort_by_key(|(i, _)| *i);
    Ok(all.into_iter().flat_map(|(_, facts)| facts).collect())
}
