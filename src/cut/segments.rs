//! The film in pieces: each keyed by all that goes into its pixels and encoding, encoded where it is
//! missing, joined by stream copy.

use super::canvas::Bitmap;
use super::compose::{COMPOSER, Composer, Dressing};
use crate::film::assets::Assets;
use crate::film::time::Frames;
use crate::film::timeline::{Footage, Timeline};
use crate::media::cancel::Cancel;
use crate::media::ffmpeg::{self, Encoder, VideoSettings};
use crate::plan::fingerprint::Fingerprint;
use crate::plan::projection::Files;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A stretch of frames whose pixels depend on few things.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    pub start: Frames,
    pub length: Frames,
    pub key: Fingerprint,
}

/// What was made of a segment.
#[derive(Debug, Clone)]
pub struct Encoded {
    pub file: PathBuf,
    pub made: bool,
    /// Hash of its raw frames, and the brightest and darkest mean of a frame.
    pub frames: Fingerprint,
    pub black: u32,
}

/// Parts the timeline at its cuts, and around its transitions.
pub fn divide(
    timeline: &Timeline,
    assets: &Assets,
    files: &Files,
    dressing: &Dressing,
    settings: &VideoSettings,
) -> Vec<Segment> {
    let mut borders: Vec<i64> = vec![0, timeline.total.0];
    for span in &timeline.spans {
        let cut = (span.start + span.length).0;
        if span.transition.is_cut() {
            borders.push(cut);
        } else {
            let half = (timeline.rate.frames(span.transition.seconds).0 + 1) / 2;
            borders.push(cut - half);
            borders.push(cut + half);
        }
    }
    borders.retain(|b| (0..=timeline.total.0).contains(b));
    borders.sort_unstable();
    borders.dedup();
    borders
        .windows(2)
        .map(|pair| {
            let (start, length) = (Frames(pair[0]), Frames(pair[1] - pair[0]));
            Segment {
                start,
                length,
                key: key(timeline, assets, files, dressing, settings, start, length),
            }
        })
        .collect()
}

fn key(
    timeline: &Timeline,
    assets: &Assets,
    files: &Files,
    dressing: &Dressing,
    settings: &VideoSettings,
    start: Frames,
    length: Frames,
) -> Fingerprint {
    let end = start + length;
    let rate = timeline.rate;
    let touching = |a: Frames, b: Frames| a < end && b > start;
    let mut spans: Vec<Value> = Vec::new();
    let pixels = |i: usize| -> Value {
        let span = &timeline.spans[i];
        match &span.what {
            Footage::Shot(id) => {
                let asset = assets.get(id);
                let hashes: Vec<Option<&Fingerprint>> = asset
                    .iter()
                    .flat_map(|a| {
                        a.layers
                            .iter()
                            .map(|l| &l.file)
                            .chain(&a.still)
                            .chain(&a.clip)
                    })
                    .map(|f| files.get(f))
                    .collect();
                json!([asset, hashes, span.start.0 - start.0, span.length])
            }
            Footage::Title => json!([
                "title",
                dressing.title,
                dressing.byline,
                span.start.0 - start.0
            ]),
            Footage::End => json!(["end", dressing.end, span.start.0 - start.0]),
        }
    };
    for (i, span) in timeline.spans.iter().enumerate() {
        let half = Frames((rate.frames(span.transition.seconds).0 + 1) / 2);
        let lead = i.checked_sub(1).map_or(Frames(0), |p| {
            Frames((rate.frames(timeline.spans[p].transition.seconds).0 + 1) / 2)
        });
        let reach = |f: Frames, on: bool| if on { f } else { Frames(0) };
        if touching(
            span.start - reach(lead, i > 0),
            span.start + span.length + reach(half, !span.transition.is_cut()),
        ) {
            let near_end = touching(
                span.start + span.length - half,
                span.start + span.length + half,
            );
            spans.push(json!([
                pixels(i),
                if near_end {
                    json!(span.transition)
                } else {
                    Value::Null
                }
            ]));
            // A card is made of its neighbour's picture.
            match span.what {
                Footage::Title if i + 1 < timeline.spans.len() => spans.push(pixels(i + 1)),
                Footage::End if i > 0 => spans.push(pixels(i - 1)),
                _ => {}
            }
        }
    }
    let text = |list: &[crate::film::caption::Caption]| -> Vec<Value> {
        list.iter()
            .filter(|c| touching(c.start, c.end))
            .map(|c| json!([c.start.0 - start.0, c.end.0 - start.0, c.lines]))
            .collect()
    };
    let edge = rate.frames(crate::film::timeline::FADE_EDGE).0;
    Fingerprint::of(&json!([
        COMPOSER,
        settings,
        length,
        spans,
        text(&timeline.supers),
        if dressing.burn {
            text(&timeline.captions)
        } else {
            Vec::new()
        },
        if start.0 < edge { Some(start) } else { None },
        if timeline.total.0 - end.0 < edge {
            Some(timeline.total - start)
        } else {
            None
        },
    ]))
}

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

/// Encodes what is missing, several segments at once, and returns all in order, with the characters
/// no font had. `progress` hears the frames done so far.
pub fn encode(
    job: &Job<'_>,
    segments: &[Segment],
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(Vec<Encoded>, Vec<char>)> {
    crate::store::disk::make_folder(job.cache)?;
    let next = AtomicUsize::new(0);
    let done = std::sync::atomic::AtomicU64::new(0);
    // A thread composes at about the rate at which one encodes.
    let threads = job.workers.clamp(1, segments.len().max(1));
    // Each thread's segments by their place, and the characters it could not draw.
    type Share = (Vec<(usize, Encoded)>, Vec<char>);
    let results: Vec<Result<Share>> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut mine = Vec::new();
                    let mut missing = Vec::new();
                    loop {
                        let i = next.fetch_add(1, Ordering::SeqCst);
                        let Some(segment) = segments.get(i) else {
                            break;
                        };
                        job.cancel.check()?;
                        let (encoded, lacking) = one(job, segment, &done, progress)?;
                        missing.extend(lacking);
                        mine.push((i, encoded));
                    }
                    Ok((mine, missing))
                })
            })
            .collect();
        handles
            .into_iter()
            .map(|h| {
                h.join()
                    .unwrap_or_else(|_| Err(anyhow::anyhow!("a render thread broke")))
            })
            .collect()
    });
    let mut all: Vec<(usize, Encoded)> = Vec::new();
    let mut missing = Vec::new();
    let mut first_error = None;
    for result in results {
        match result {
            Ok((mine, lacking)) => {
                all.extend(mine);
                missing.extend(lacking);
            }
            Err(e) => first_error = first_error.or(Some(e)),
        }
    }
    if let Some(error) = first_error {
        return Err(error);
    }
    all.sort_by_key(|(i, _)| *i);
    missing.sort_unstable();
    missing.dedup();
    Ok((all.into_iter().map(|(_, e)| e).collect(), missing))
}

fn one(
    job: &Job<'_>,
    segment: &Segment,
    done: &std::sync::atomic::AtomicU64,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(Encoded, Vec<char>)> {
    let name = format!("{}.mp4", segment.key.hex());
    let file = job.cache.join(&name);
    let facts = job.cache.join(format!("{}.json", segment.key.hex()));
    if !job.fresh
        && file.is_file()
        && let Ok(bytes) = std::fs::read(&facts)
        && let Ok(known) = serde_json::from_slice::<Value>(&bytes)
        && let Some(frames) = known["frames"]
            .as_str()
            .and_then(|f| Fingerprint::try_from(f.to_owned()).ok())
    {
        progress(
            done.fetch_add(segment.length.0 as u64, Ordering::SeqCst) + segment.length.0 as u64,
        );
        let black = known["black"].as_u64().unwrap_or(0) as u32;
        return Ok((
            Encoded {
                file,
                made: false,
                frames,
                black,
            },
            Vec::new(),
        ));
    }
    let staging = format!("{}.part.mp4", segment.key.hex());
    let mut composer = Composer::new(job.root, job.ffmpeg, job.timeline, job.assets, job.dressing);
    let mut encoder = Encoder::start(
        job.ffmpeg,
        job.cache,
        &staging,
        job.settings,
        1,
        job.cancel.clone(),
    )?;
    let mut frame = Bitmap::new(job.settings.width, job.settings.height);
    let mut yuv = Vec::new();
    let mut hasher = blake3::Hasher::new();
    let mut black = 0;
    for i in 0..segment.length.0 {
        composer.frame(segment.start + Frames(i), &mut frame)?;
        frame.to_yuv(&mut yuv);
        hasher.update(&yuv);
        let luma = &yuv[..frame.pixels.len()];
        let mean = luma.iter().step_by(97).map(|v| u32::from(*v)).sum::<u32>()
            / (luma.len() as u32).div_ceil(97).max(1);
        black += u32::from(mean < 20);
        encoder.frame(&yuv)?;
        progress(done.fetch_add(1, Ordering::SeqCst) + 1);
    }
    encoder.finish(Some(
        &job.logs
            .join(format!("segment-{}.log", &segment.key.hex()[..12])),
    ))?;
    crate::store::disk::move_into(&job.cache.join(&staging), &file)?;
    let frames = Fingerprint::of_hash(hasher.finalize());
    crate::store::disk::write_scratch(
        &facts,
        json!({"frames": frames, "black": black})
            .to_string()
            .as_bytes(),
    )?;
    Ok((
        Encoded {
            file,
            made: true,
            frames,
            black,
        },
        composer.missing().to_vec(),
    ))
}

/// What goes round the picture in the finished file.
pub struct Wrapping<'a> {
    pub title: &'a str,
    pub language: &'a str,
    /// SRT, embedded as soft subtitles.
    pub subtitles: Option<&'a Path>,
}

/// Joins segments and sound into a film, without touching a frame.
pub fn join(
    job: &Job<'_>,
    parts: &[Segment],
    segments: &[Encoded],
    sound: &Path,
    folder: &Path,
    name: &str,
    wrapping: &Wrapping<'_>,
) -> Result<()> {
    crate::store::disk::make_folder(folder)?;
    let mut text = String::from("ffconcat version 1.0\n");
    let mut border = Frames(0);
    for (segment, part) in segments.iter().zip(parts) {
        let plain = segment
            .file
            .file_name()
            .and_then(|n| n.to_str())
            .context("a segment's name")?;
        // Lengths from the frame clock, so that rounding never adds up.
        let micros = |f: Frames| (job.timeline.rate.seconds(f) * 1e6).round() as i64;
        let length = micros(border + part.length) - micros(border);
        border += part.length;
        text.push_str(&format!(
            "file '{plain}'\nduration {}.{:06}\n",
            length / 1_000_000,
            length % 1_000_000
        ));
    }
    let list_file = job.cache.join("join.ffconcat");
    crate::store::disk::write_scratch(&list_file, text.as_bytes())?;
    let rate = job.timeline.rate;
    let mut meta = String::from(";FFMETADATA1\n");
    meta.push_str(&format!("title={}\n", escaped(wrapping.title)));
    for chapter in &job.timeline.chapters {
        meta.push_str(&format!(
            "[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle={}\n",
            (rate.seconds(chapter.start) * 1000.0).round() as i64,
            (rate.seconds(chapter.end) * 1000.0).round() as i64,
            escaped(&chapter.title)
        ));
    }
    let meta_file = folder.join("chapters.txt");
    crate::store::disk::write_scratch(&meta_file, meta.as_bytes())?;
    let timescale = ffmpeg::timescale(rate).to_string();
    let list_name = list_file.to_str().context("a path that is not UTF-8")?;
    let meta_name = meta_file.to_str().context("a path that is not UTF-8")?;
    let sound = sound.to_str().context("a path that is not UTF-8")?;
    let language = format!("language={}", three_letters(wrapping.language));
    let mut args = vec![
        "-f", "concat", "-safe", "0", "-i", list_name, "-i", sound, "-i", meta_name,
    ];
    let subtitles = match wrapping.subtitles {
        Some(path) => Some(path.to_str().context("a path that is not UTF-8")?),
        None => None,
    };
    if let Some(path) = subtitles {
        args.extend(["-i", path]);
    }
    args.extend(["-map", "0:v:0", "-map", "1:a:0"]);
    if subtitles.is_some() {
        args.extend([
            "-map",
            "3:s:0",
            "-c:s",
            "mov_text",
            "-metadata:s:s:0",
            &language,
        ]);
    }
    args.extend([
        "-map_metadata",
        "2",
        "-map_chapters",
        "2",
        "-c:v",
        "copy",
        "-c:a",
        "aac",
        "-b:a",
        "160k",
        "-ar",
        "48000",
    ]);
    args.extend([
        "-metadata:s:a:0",
        &language,
        "-video_track_timescale",
        &timescale,
        "-movflags",
        "+faststart",
        "-fflags",
        "+bitexact",
        "-flags:a",
        "+bitexact",
        "-f",
        "mp4",
        name,
    ]);
    ffmpeg::run(
        job.ffmpeg,
        folder,
        &args,
        Some(&job.logs.join(format!("join-{name}.log"))),
    )?;
    crate::store::disk::remove(&meta_file);
    Ok(())
}

/// Escapes what means something in FFmpeg's metadata files.
fn escaped(text: &str) -> String {
    text.chars()
        .flat_map(|c| match c {
            '=' | ';' | '#' | '\\' => vec!['\\', c],
            '\n' | '\r' => vec![' '],
            c if c.is_control() => Vec::new(),
            c => vec![c],
        })
        .collect()
}

/// ISO 639-2, as MP4 wants it.
fn three_letters(language: &str) -> &'static str {
    match language.split(['-', '_']).next().unwrap_or("") {
        "en" => "eng",
        "de" => "deu",
        "fr" => "fra",
        "es" => "spa",
        "it" => "ita",
        "pt" => "por",
        "nl" => "nld",
        "pl" => "pol",
        "ru" => "rus",
        "ja" => "jpn",
        "zh" => "zho",
        "ar" => "ara",
        "he" => "heb",
        _ => "und",
    }
}
