//! Two films played side by side, to be chosen between.

use super::ffmpeg;
use super::probe::probe;
use super::tools::Tools;
use crate::diagnostic::{Exit, Failure};
use anyhow::{Context, Result};
use std::path::Path;

/// Each is as high as that, in pixels.
const HEIGHT: u32 = 540;

/// A film, and the picture with its name that is laid on it.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub film: &'a Path,
    pub label: &'a Path,
}

/// Lays two films beside each other, as long as the longer one; the left one is heard. What is there already is
/// left alone.
///
/// # Errors
/// There is a file of that name (exit 6), or FFmpeg cannot read one of them.
pub fn lay(tools: &Tools, sides: [Side<'_>; 2], out: &Path) -> Result<f64> {
    if out.exists() {
        return Err(Failure::new(
            Exit::Conflict,
            format!("{} is there already", out.display()),
        )
        .hint("choose another file")
        .into());
    }
    let [left, right] = sides;
    let (a, b) = (
        probe(tools, left.film)?.seconds,
        probe(tools, right.film)?.seconds,
    );
    let longest = a.max(b);
    let side = |n: usize, seconds: f64| {
        format!(
            "[{n}:v]fps=30,scale=-2:{HEIGHT},setsar=1,tpad=stop_mode=clone:stop_duration={:.3}[f{n}];[f{n}][{}:v]overlay=14:14[v{n}]",
            (longest - seconds).max(0.0) + 0.1,
            n + 2
        )
    };
    let filter = format!(
        "{};{};[v0][v1]hstack=inputs=2[v];[0:a]apad[a]",
        side(0, a),
        side(1, b)
    );
    let name = |path: &Path| {
        path.to_str()
            .map(str::to_owned)
            .context("a path that is not UTF-8")
    };
    let absolute = |path: &Path| name(&std::path::absolute(path)?);
    let inputs = [left.film, right.film, left.label, right.label].map(absolute);
    let [left, right, first, second] = inputs;
    let (left, right, first, second) = (left?, right?, first?, second?);
    let out = absolute(out)?;
    let length = format!("{longest:.3}");
    let args = [
        "-i",
        &left,
        "-i",
        &right,
        "-i",
        &first,
        "-i",
        &second,
        "-filter_complex",
        &filter,
        "-map",
        "[v]",
        "-map",
        "[a]",
        "-t",
        &length,
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "21",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-b:a",
        "160k",
        &out,
    ];
    let cut = ffmpeg::run(&tools.ffmpeg, &std::env::temp_dir(), &args, None);
    if cut.is_err() {
        // What came of it is in nobody's way when it is tried again.
        let _ = std::fs::remove_file(&out);
    }
    cut?;
    Ok(longest)
}
