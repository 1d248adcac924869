//! Runs a helper program to its end, unless the work is stopped or it takes too long: then it is
//! asked to stop, and five seconds later made to.

use super::cancel::Cancel;
use crate::diagnostic::Stopped;
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long a child may take to stop after it was asked.
const GRACE: Duration = Duration::from_secs(5);

/// Feeds a program its input and waits for its end.
pub fn run(
    mut command: Command,
    input: &[u8],
    cancel: &Cancel,
    limit: Option<Duration>,
) -> Result<ExitStatus> {
    crate::secret::hide(&mut command);
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    let pipe = child.stdin.take();
    let input = input.to_vec();
    // A program that reads nothing must not hold us up: its input is fed beside.
    let feeder = std::thread::spawn(move || {
        if let Some(mut pipe) = pipe {
            let _ = pipe.write_all(&input);
        }
    });
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child
            .try_wait()
            .with_context(|| format!("{name} vanished"))?
        {
            break status;
        }
        if cancel.is_stopped() {
            stop(&mut child);
            return Err(Stopped.into());
        }
        if limit.is_some_and(|limit| started.elapsed() > limit) {
            stop(&mut child);
            bail!(
                "{name} took longer than {:.0} s",
                limit.unwrap_or_default().as_secs_f64()
            );
        }
        std::thread::sleep(Duration::from_millis(4));
    };
    // It has ended, so its pipe is closed and the feeder too.
    let _ = feeder.join();
    Ok(status)
}

/// Asks a child to stop, and makes it.
fn stop(child: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process};
        if let Some(pid) = Pid::from_raw(child.id() as i32) {
            // Gone already is just as well.
            let _ = kill_process(pid, Signal::INT);
        }
        let asked = Instant::now();
        while asked.elapsed() < GRACE {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}
