//! FFmpeg as a child: its arguments are ours, its log goes to a file, its reason to the person.

use super::cancel::Cancel;
use crate::diagnostic::Stopped;
use crate::film::time::Rate;
use anyhow::{Context, Result, bail};
use ffmpeg_sidecar::child::FfmpegChild;
use ffmpeg_sidecar::command::FfmpegCommand;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ChildStdin;
use std::thread::JoinHandle;

/// A command that works inside `folder` and is nobody's terminal.
fn command(ffmpeg: &Path, folder: &Path) -> FfmpegCommand {
    let mut command = FfmpegCommand::new_with_path(ffmpeg);
    command.args(["-hide_banner", "-nostdin", "-nostats", "-y"]);
    let inner = command.as_inner_mut();
    inner.current_dir(folder);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        // Ctrl-C is ours to hear; the child is stopped by us, in good order.
        inner.process_group(0);
    }
    command
}

/// A child that is killed when nobody waits for it any more.
struct Guard {
    child: FfmpegChild,
    log: Option<JoinHandle<String>>,
    done: bool,
}

impl Guard {
    fn start(mut command: FfmpegCommand) -> Result<Guard> {
        let mut child = command.spawn().context("cannot start FFmpeg")?;
        let log = child.take_stderr().map(|mut pipe| {
            std::thread::spawn(move || {
                let mut text = String::new();
                let mut buffer = [0u8; 4096];
                while let Ok(n) = pipe.read(&mut buffer) {
                    if n == 0 {
                        break;
                    }
                    text.push_str(&String::from_utf8_lossy(&buffer[..n]));
                    // A log can grow with the film; the end of it holds the reason.
                    if text.len() > 200_000 {
                        let cut = (text.len() - 100_000..text.len())
                            .find(|i| text.is_char_boundary(*i))
                            .unwrap_or(0);
                        text.drain(..cut);
                    }
                }
                text
            })
        });
        Ok(Guard {
            child,
            log,
            done: false,
        })
    }

    fn finish(mut self, log_file: Option<&Path>) -> Result<String> {
        let status = self.child.wait().context("FFmpeg vanished")?;
        self.done = true;
        let log = self
            .log
            .take()
            .and_then(|h| h.join().ok())
            .unwrap_or_default();
        if let Some(path) = log_file {
            crate::store::disk::write_scratch(path, log.as_bytes())?;
        }
        if status.success() {
            return Ok(log);
        }
        bail!("FFmpeg failed: {}", reason(&log))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.done {
            // Already on the way out: a child that cannot be killed has ended by itself.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// The line of a log that says why.
fn reason(log: &str) -> String {
    let lines: Vec<&str> = log
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    let tagged = lines
        .iter()
        .rev()
        .find(|l| l.contains("[error]") || l.contains("[fatal]"));
    tagged
        .or(lines.last())
        .map_or("no reason given".to_owned(), |l| {
            crate::diagnostic::printable(l)
        })
}

/// Runs FFmpeg to its end.
pub fn run(ffmpeg: &Path, folder: &Path, args: &[&str], log_file: Option<&Path>) -> Result<String> {
    let mut command = command(ffmpeg, folder);
    command.args(args);
    let mut guard = Guard::start(command)?;
    drop(guard.child.take_stdout());
    guard.finish(log_file)
}

/// Runs FFmpeg and returns what it writes to its standard output.
pub fn output(ffmpeg: &Path, folder: &Path, args: &[&str]) -> Result<Vec<u8>> {
    let mut command = command(ffmpeg, folder);
    command.args(args);
    let mut guard = Guard::start(command)?;
    let mut bytes = Vec::new();
    if let Some(mut out) = guard.child.take_stdout() {
        out.read_to_end(&mut bytes)
            .context("cannot read from FFmpeg")?;
    }
    guard.finish(None)?;
    Ok(bytes)
}

/// How pictures are encoded; part of every segment's key.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct VideoSettings {
    pub codec: &'static str,
    pub preset: &'static str,
    pub crf: u32,
    pub width: u32,
    pub height: u32,
    pub rate: Rate,
}

/// Takes raw yuv420p frames and makes one closed stretch of video.
pub struct Encoder {
    guard: Guard,
    stdin: Option<ChildStdin>,
    cancel: Cancel,
}

impl Encoder {
    /// Starts encoding into `file`, a plain name inside `folder`.
    pub fn start(
        ffmpeg: &Path,
        folder: &Path,
        file: &str,
        settings: &VideoSettings,
        threads: usize,
        cancel: Cancel,
    ) -> Result<Encoder> {
        let mut command = command(ffmpeg, folder);
        let size = format!("{}x{}", settings.width, settings.height);
        let rate = settings.rate.to_string();
        let gop = (settings.rate.fps() * 2.0).round().to_string();
        let timescale = timescale(settings.rate).to_string();
        let crf = settings.crf.to_string();
        let threads = threads.to_string();
        command.args([
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-color_range",
            "tv",
            "-s",
            &size,
            "-r",
            &rate,
            "-i",
            "pipe:0",
        ]);
        command.args([
            "-an",
            "-c:v",
            settings.codec,
            "-preset",
            settings.preset,
            "-crf",
            &crf,
            "-profile:v",
            "high",
            "-g",
            &gop,
        ]);
        command.args([
            "-pix_fmt",
            "yuv420p",
            "-color_primaries",
            "bt709",
            "-color_trc",
            "bt709",
            "-colorspace",
            "bt709",
            "-color_range",
            "tv",
        ]);
        command.args([
            "-flags",
            "+cgop",
            "-threads",
            &threads,
            "-video_track_timescale",
            &timescale,
            "-fflags",
            "+bitexact",
            "-flags:v",
            "+bitexact+cgop",
            "-f",
            "mp4",
            file,
        ]);
        let mut guard = Guard::start(command)?;
        drop(guard.child.take_stdout());
        let stdin = guard.child.take_stdin();
        Ok(Encoder {
            guard,
            stdin,
            cancel,
        })
    }

    /// Hands over one frame.
    pub fn frame(&mut self, bytes: &[u8]) -> Result<()> {
        self.cancel.check()?;
        let stdin = self.stdin.as_mut().context("the encoder was finished")?;
        match stdin.write_all(bytes) {
            Ok(()) => Ok(()),
            Err(_) if self.cancel.is_stopped() => Err(Stopped.into()),
            Err(_) => bail!("FFmpeg stopped taking frames"),
        }
    }

    pub fn finish(mut self, log_file: Option<&Path>) -> Result<()> {
        drop(self.stdin.take());
        self.guard.finish(log_file)?;
        Ok(())
    }
}

/// Ticks a second in which every frame of a rate is a whole number.
pub fn timescale(rate: Rate) -> u32 {
    if rate.den == 1 {
        rate.num * 1000
    } else {
        rate.num
    }
}

/// Decodes any sound to stereo f32 at 48 kHz, interleaved.
pub fn decode_audio(ffmpeg: &Path, folder: &Path, file: &str, channels: u32) -> Result<Vec<f32>> {
    let channels = channels.to_string();
    let bytes = output(
        ffmpeg,
        folder,
        &[
            "-protocol_whitelist",
            "file,pipe,fd",
            "-i",
            file,
            "-vn",
            "-ac",
            &channels,
            "-ar",
            "48000",
            "-f",
            "f32le",
            "pipe:1",
        ],
    )?;
    Ok(bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|b| f32::from_le_bytes(*b))
        .collect())
}

/// Reads the frames of a clip one after the other, scaled and cropped to fill a size.
pub struct Decoder {
    guard: Guard,
    size: usize,
}

impl Decoder {
    pub fn start(
        ffmpeg: &Path,
        folder: &Path,
        file: &str,
        width: u32,
        height: u32,
        rate: Rate,
    ) -> Result<Decoder> {
        let mut command = command(ffmpeg, folder);
        let filter = format!(
            "fps={rate},scale={width}:{height}:force_original_aspect_ratio=increase:flags=bicubic,crop={width}:{height},setsar=1,format=rgb24"
        );
        command.args([
            "-protocol_whitelist",
            "file,pipe,fd",
            "-i",
            file,
            "-an",
            "-vf",
            &filter,
            "-f",
            "rawvideo",
            "pipe:1",
        ]);
        let guard = Guard::start(command)?;
        Ok(Decoder {
            guard,
            size: width as usize * height as usize * 3,
        })
    }

    /// The next frame as RGB, or `None` at the end.
    pub fn next(&mut self, frame: &mut Vec<u8>) -> Result<bool> {
        let Some(out) = self.guard.child.as_inner_mut().stdout.as_mut() else {
            return Ok(false);
        };
        frame.resize(self.size, 0);
        let mut at = 0;
        while at < self.size {
            let n = out
                .read(&mut frame[at..])
                .context("cannot read from FFmpeg")?;
            if n == 0 {
                return Ok(false);
            }
            at += n;
        }
        Ok(true)
    }
}
