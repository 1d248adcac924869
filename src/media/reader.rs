//! A document read by a process of its own: one that breaks its reader, takes all memory or never ends is one that
//! cannot be read, and nothing else.

use super::cancel::Cancel;
use super::process;
use std::io::{Read, Seek};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How long reading may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Memory of the reader, in bytes.
const MOST_MEMORY: u64 = 2 << 30;
/// Text that is taken from it, in bytes.
const MOST_TEXT: u64 = 16 << 20;

/// The words of a PDF; nothing where it cannot be read.
pub fn pdf(bytes: &[u8]) -> Option<String> {
    let mut told = tempfile::tempfile().ok()?;
    let mut command = Command::new(std::env::current_exe().ok()?);
    command
        .arg("read-pdf")
        .stdout(told.try_clone().ok()?)
        .stderr(Stdio::null());
    let status = process::run(command, bytes, &Cancel::default(), Some(PATIENCE)).ok()?;
    told.rewind().ok()?;
    let mut text = String::new();
    let read = told.take(MOST_TEXT + 1).read_to_string(&mut text).ok()?;
    (status.success() && read as u64 <= MOST_TEXT).then_some(text)
}

/// Keeps this process within what reading a document may take.
pub fn confine() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let most = |bytes: u64| Rlimit {
            current: Some(bytes),
            maximum: Some(bytes),
        };
        // Where it cannot be set, time is the only limit.
        let _ = setrlimit(Resource::As, most(MOST_MEMORY));
        let _ = setrlimit(Resource::Fsize, most(2 * MOST_TEXT));
    }
}
