//! FFmpeg as a child: its arguments are ours, its log goes to a file, its reason to the person.

use anyhow::{Context, Result, bail};
use ffmpeg_sidecar::child::FfmpegChild;
use ffmpeg_sidecar::command::FfmpegCommand;
use std::io::Read;
use std::path::Path;
use std::thread::JoinHandle;

/// A command that works inside `folder` and is nobody's terminal.
pub(super) fn command(ffmpeg: &Path, folder: &Path) -> FfmpegCommand {
    let mut command = FfmpegCommand::new_with_path(ffmpeg);
    command.args(["-hide_banner", "-nostdin", "-nostats", "-y"]);
    let inner = command.as_inner_mut();
    inner.current_dir(folder);
    crate::secret::hide(inner);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        // Ctrl-C is ours to hear; the child is stopped by us, in good order.
        inner.process_group(0);
    }
    command
}

/// A child that is killed when nobody waits for it any more.
pub(super) struct Guard {
    pub(super) child: FfmpegChild,
    log: Option<JoinHandle<String>>,
    done: bool,
}

impl Guard {
    pub(super) fn start(mut command: FfmpegCommand) -> Result<Guard> {
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

    pub(super) fn finish(mut self, log_file: Option<&Path>) -> Result<String> {
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

impl Guard {
    /// Stops the child and returns what its log says went wrong.
    pub(super) fn reason(&mut self) -> String {
        // It has closed its input, so it is on its way out.
        let _ = self.child.wait();
        self.done = true;
        let log = self.log.take().and_then(|h| h.join().ok());
        reason(&log.unwrap_or_default())
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
