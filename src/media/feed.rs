//! Frames into a program's pipe. Where the system can, the pipe is lent the frame's own memory instead of
//! a copy of it, which saves a third of what handing over costs.

use std::io::{self, Write};
use std::process::ChildStdin;

/// Bytes a pipe is asked to hold: a frame is fifty times as large as it usually is.
const PIPE: usize = 1 << 20;

/// The writing end of a pipe that takes frames.
pub(super) struct Feed {
    to: ChildStdin,
    /// Bytes the pipe holds, where it may be lent memory.
    lends: Option<usize>,
    /// The last frame: the reader may still be reading it.
    lent: Option<Vec<u8>>,
}

impl Feed {
    pub(super) fn new(to: ChildStdin) -> Feed {
        let lends = widened(&to);
        Feed {
            to,
            lends,
            lent: None,
        }
    }

    /// Hands a frame over, `look`ing at it piece by piece on the way, and returns the one before, which the
    /// reader has taken whole by then.
    ///
    /// # Errors
    /// Those of writing to a pipe; most likely the reader hung up.
    pub(super) fn frame(
        &mut self,
        frame: Vec<u8>,
        mut look: impl FnMut(&[u8]),
    ) -> io::Result<Option<Vec<u8>>> {
        // What is in the pipe once a whole frame went in after another is of the later one alone, if the
        // pipe does not hold more than that.
        let mut lends = self.lends.is_some_and(|holds| holds <= frame.len());
        // Pieces stay near the processor between the look and the handing over.
        for piece in frame.chunks(1 << 18) {
            look(piece);
            let mut left = piece;
            while lends && !left.is_empty() {
                match lend(&self.to, left) {
                    Ok(taken) => left = &left[taken..],
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Err(e),
                    // Not every system that has the call lets everybody use it.
                    Err(_) => {
                        lends = false;
                        self.lends = None;
                    }
                }
            }
            self.to.write_all(left)?;
        }
        Ok(self.lent.replace(frame))
    }

    /// Closes the pipe. What is returned must live until the reader has ended.
    pub(super) fn close(self) -> Option<Vec<u8>> {
        self.lent
    }
}

#[cfg(target_os = "linux")]
fn widened(pipe: &ChildStdin) -> Option<usize> {
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, PIPE);
    rustix::pipe::fcntl_getpipe_size(pipe).ok()
}

#[cfg(not(target_os = "linux"))]
fn widened(_: &ChildStdin) -> Option<usize> {
    None
}

/// Lends a pipe some memory and returns how much of it there was room for.
#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "the reader sees what is written into lent memory before it has read it: `Feed` keeps a frame until then"
)]
fn lend(pipe: &ChildStdin, bytes: &[u8]) -> io::Result<usize> {
    use rustix::pipe::{IoSliceRaw, SpliceFlags, vmsplice};
    let parts = [IoSliceRaw::from_slice(bytes)];
    Ok(unsafe { vmsplice(pipe, &parts, SpliceFlags::empty()) }?)
}

#[cfg(not(target_os = "linux"))]
fn lend(_: &ChildStdin, _: &[u8]) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::process::{Command, Stdio};

    /// Hands frames of `size` bytes, each filled anew as soon as it comes back, to a program that returns
    /// them.
    fn returned(size: usize, lends: bool) -> Vec<u8> {
        let mut child = Command::new("cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = child.stdout.take().unwrap();
        let reader = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            out.read_to_end(&mut bytes).map(|_| bytes)
        });
        let mut feed = Feed::new(child.stdin.take().unwrap());
        if !lends {
            feed.lends = None;
        }
        let mut spare: Vec<Vec<u8>> = Vec::new();
        for n in 0..20u8 {
            let mut frame = spare.pop().unwrap_or_else(|| vec![0; size]);
            frame.fill(n);
            let mut seen = 0;
            spare.extend(feed.frame(frame, |piece| seen += piece.len()).unwrap());
            assert_eq!(seen, size);
        }
        let lent = feed.close();
        assert!(child.wait().unwrap().success());
        drop(lent);
        reader.join().unwrap().unwrap()
    }

    #[test]
    fn what_is_handed_over_arrives_however_large_a_frame_is() {
        for (size, lends) in [(3 << 20, true), (3 << 20, false), (70_001, true)] {
            let all = returned(size, lends);
            assert_eq!(all.len(), 20 * size);
            for (n, frame) in all.chunks(size).enumerate() {
                assert!(
                    frame.iter().all(|v| usize::from(*v) == n),
                    "frame {n} of {size}"
                );
            }
        }
    }
}
