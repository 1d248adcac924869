//! A document read by a process of its own: one that breaks its reader, takes all memory or never ends is one that
//! cannot be read, and nothing else.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long reading may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Memory of the reader, in bytes.
const MOST_MEMORY: u64 = 2 << 30;
/// Text that is taken from it, in bytes.
const MOST_TEXT: u64 = 16 << 20;

/// The words of a PDF; nothing where it cannot be read.
pub fn pdf(bytes: &[u8]) -> Option<String> {
    let mut command = Command::new(std::env::current_exe().ok()?);
    crate::secret::hide(&mut command);
    let mut child = command
        .arg("read-pdf")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let (input, output) = (child.stdin.take()?, child.stdout.take()?);
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || {
        let mut input = input;
        // One that ended early has read what it wanted.
        let _ = input.write_all(&bytes);
    });
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        let read = output.take(MOST_TEXT + 1).read_to_string(&mut text);
        read.ok().filter(|n| *n as u64 <= MOST_TEXT).map(|_| text)
    });
    let begun = Instant::now();
    let ended = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status.success(),
            Ok(None) if begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            _ => {
                // It may have ended by itself in between.
                let _ = child.kill();
                let _ = child.wait();
                break false;
            }
        }
    };
    writer.join().ok()?;
    let text = reader.join().ok()??;
    ended.then_some(text)
}

/// Keeps this process within what reading a document may take.
pub fn confine() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let limit = Rlimit {
            current: Some(MOST_MEMORY),
            maximum: Some(MOST_MEMORY),
        };
        // Where it cannot be set, time is the only limit.
        let _ = setrlimit(Resource::As, limit);
    }
}
