//! Segments, sound and what goes round them, joined into a film without touching a frame.

use super::encode::{Encoded, Job};
use crate::film::time::Frames;
use crate::media::encode::{Codec, timescale};
use crate::media::ffmpeg;
use anyhow::{Context, Result};
use std::path::Path;

/// Refuses every decoder, in a list of segments.
const NO_DECODER: &str = "option codec_whitelist none";

/// What goes round the picture in the finished file.
pub(super) struct Wrapping<'a> {
    pub(super) title: &'a str,
    pub(super) language: &'a str,
    /// Encoded sound, as the container takes it.
    pub(super) sound: Option<&'a Path>,
    /// SRT, embedded as soft subtitles.
    pub(super) subtitles: Option<&'a Path>,
}

/// Joins a film as `name` in `folder`.
pub(super) fn join(
    job: &Job<'_>,
    segments: &[Encoded],
    folder: &Path,
    name: &str,
    wrapping: &Wrapping<'_>,
) -> Result<()> {
    crate::store::disk::make_folder(folder)?;
    // A file of its own: whoever was killed may be writing into the one that lies there.
    crate::store::disk::remove(&folder.join(name));
    let rate = job.timeline.rate;
    let mut list = String::from("ffconcat version 1.0\n");
    let mut border = Frames(0);
    for segment in segments {
        let plain = segment
            .file
            .file_name()
            .and_then(|n| n.to_str())
            .context("a segment's name")?;
        // Lengths from the frame clock, so that rounding never adds up.
        let micros = |f: Frames| (rate.seconds(f) * 1e6).round() as i64;
        let length = micros(border + segment.length) - micros(border);
        border += segment.length;
        list.push_str(&format!(
            "file '{plain}'\nduration {}.{:06}\n",
            length / 1_000_000,
            length % 1_000_000
        ));
    }
    let list_file = job.cache.join(format!("{name}.ffconcat"));
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
    let meta_file = folder.join(format!("{name}.chapters.txt"));
    crate::store::disk::write_scratch(&meta_file, meta.as_bytes())?;
    let ticks = timescale(rate).to_string();
    let language = format!("language={}", three_letters(wrapping.language));
    let mut inputs = vec![meta_file.as_path()];
    inputs.extend(wrapping.sound);
    inputs.extend(wrapping.subtitles);
    let mut args = vec!["-f", "concat", "-safe", "0", "-i", plain(&list_file)?];
    for input in inputs {
        args.extend(["-i", plain(input)?]);
    }
    args.extend(["-map", "0:v:0"]);
    if wrapping.sound.is_some() {
        args.extend([
            "-map",
            "2:a:0",
            "-c:a",
            "copy",
            "-metadata:s:a:0",
            &language,
        ]);
    }
    if wrapping.subtitles.is_some() {
        let map = if wrapping.sound.is_some() {
            "3:s:0"
        } else {
            "2:s:0"
        };
        args.extend([
            "-map",
            map,
            "-c:s",
            "mov_text",
            "-metadata:s:s:0",
            &language,
        ]);
    }
    args.extend(["-map_metadata", "1", "-map_chapters", "1", "-c:v", "copy"]);
    if job.settings.codec == Codec::H265 {
        args.extend(["-tag:v", "hvc1"]);
    }
    args.extend(["-video_track_timescale", &ticks, "-movflags", "+faststart"]);
    args.extend([
        "-fflags",
        "+bitexact",
        "-f",
        job.settings.codec.suffix(),
        name,
    ]);
    let log_file = job.logs.join(format!("join-{name}.log"));
    // FFmpeg would decode a picture of every segment to learn what it need not know for a copy, at 25 ms
    // each. It can be told that it may not; FFmpeg before 5.0 cannot.
    let unread = list.replace("\nduration", &format!("\n{NO_DECODER}\nduration"));
    crate::store::disk::write_scratch(&list_file, unread.as_bytes())?;
    if ffmpeg::run(job.ffmpeg, folder, &args, Some(&log_file)).is_err() {
        crate::store::disk::write_scratch(&list_file, list.as_bytes())?;
        ffmpeg::run(job.ffmpeg, folder, &args, Some(&log_file))?;
    }
    crate::store::disk::remove(&meta_file);
    crate::store::disk::remove(&list_file);
    Ok(())
}

fn plain(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is not UTF-8")
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
