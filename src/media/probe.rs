//! What is in a media file, as ffprobe says (or FFmpeg itself, where there is no ffprobe).

use super::tools::{self, Tools};
use anyhow::{Context, Result};
use std::path::Path;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Probe {
    pub seconds: f64,
    pub video: Vec<Video>,
    pub audio: Vec<Audio>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Video {
    pub width: u32,
    pub height: u32,
    pub frames: Option<i64>,
    pub seconds: f64,
    pub codec: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Audio {
    pub seconds: f64,
    pub channels: u32,
    pub rate: u32,
    pub codec: String,
}

/// Reads streams and lengths from the container, without decoding.
pub fn probe(tools: &Tools, path: &Path) -> Result<Probe> {
    let ffprobe = tools
        .ffprobe
        .as_ref()
        .context("ffprobe is not beside FFmpeg")?;
    let file = path.to_str().context("a path that is not UTF-8")?;
    let text = tools::answer(
        ffprobe,
        &[
            "-v",
            "error",
            "-show_streams",
            "-show_format",
            "-of",
            "json",
            file,
        ],
    )
    .with_context(|| format!("{} is not a media file", path.display()))?;
    let tree: serde_json::Value = serde_json::from_str(&text).context("ffprobe's answer")?;
    let number = |v: &serde_json::Value| {
        v.as_str()
            .and_then(|s| s.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    let mut probe = Probe {
        seconds: number(&tree["format"]["duration"]),
        ..Probe::default()
    };
    for stream in tree["streams"].as_array().into_iter().flatten() {
        let codec = stream["codec_name"].as_str().unwrap_or("").to_owned();
        match stream["codec_type"].as_str() {
            Some("video") => probe.video.push(Video {
                width: stream["width"].as_u64().unwrap_or(0) as u32,
                height: stream["height"].as_u64().unwrap_or(0) as u32,
                frames: stream["nb_frames"].as_str().and_then(|s| s.parse().ok()),
                seconds: number(&stream["duration"]),
                codec,
            }),
            Some("audio") => probe.audio.push(Audio {
                seconds: number(&stream["duration"]),
                channels: stream["channels"].as_u64().unwrap_or(0) as u32,
                rate: stream["sample_rate"]
                    .as_str()
                    .and_then(|s| s.parse().ok())
                    .unwrap_or(0),
                codec,
            }),
            _ => {}
        }
    }
    Ok(probe)
}
