//! Two films played side by side, to be chosen between.

use super::ffmpeg;
use super::probe::probe;
use super::tools::Tools;
use crate::diagnostic::{Exit, Failure};
use anyhow::{Context, Result};
use std::path::Path;

/// Each is as high as that, in pixels.
const HEIGHT: u32 = 540;

/// Lays two films beside each other, as long as the longer one; the left one is heard. What is there already is
/// left alone.
///
/// # Errors
/// There is a file of that name (exit 6), or FFmpeg cannot read one of them.
pub fn lay(tools: &Tools, left: &Path, right: &Path, out: &Path) -> Result<f64> {
    if out.exists() {
        return Err(Failure::new(
            Exit::Conflict,
            format!("{} is there already", out.display()),
        )
        .hint("choose another file")
        .into());
    }
    let (a, b) = (probe(tools, left)?.seconds, probe(tools, right)?.seconds);
    let longest = a.max(b);
    let side = |n: usize, seconds: f64| {
        format!(
            "[{n}:v]fps=30,scale=-2:{HEIGHT},setsar=1,tpad=stop_mode=clone:stop_duration={:.3}[v{n}]",
            (longest - seconds).max(0.0) + 0.1
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
    let (left, right, out) = (
        name(&std::path::absolute(left)?)?,
        name(&std::path::absolute(right)?)?,
        name(&std::path::absolute(out)?)?,
    );
    let length = format!("{longest:.3}");
    let args = [
        "-i",
        &left,
        "-i",
        &right,
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
