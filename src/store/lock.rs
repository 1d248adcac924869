//! Two kernel locks a run: one for the milliseconds of a commit, one for a whole `run`. A dead
//! process holds nothing.

use crate::diagnostic::{Exit, Failure};
use anyhow::{Context, Result};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// A held lock; dropped, it is free.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Waits up to `patience` for a lock, then says who holds it (exit 11).
pub fn acquire(path: &Path, patience: Duration, what: &str) -> Result<Lock> {
    if let Some(folder) = path.parent() {
        super::disk::make_folder(folder)?;
    }
    let started = Instant::now();
    loop {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {
                // Who holds it is for messages only; failing to say so harms nothing.
                let _ = file
                    .set_len(0)
                    .and_then(|()| file.rewind())
                    .and_then(|()| write!(file, "process {}", std::process::id()));
                return Ok(Lock { _file: file });
            }
            Err(TryLockError::WouldBlock) if started.elapsed() < patience => {
                std::thread::sleep(Duration::from_millis(10))
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                return Err(Failure::new(
                    Exit::Locked,
                    format!(
                        "{what} is held by {}",
                        if holder.is_empty() {
                            "another process"
                        } else {
                            &holder
                        }
                    ),
                )
                .hint("wait for it, or stop it with `greenlight cancel`")
                .into());
            }
            Err(TryLockError::Error(e)) => {
                return Err(e).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
    }
}

/// Whether somebody holds a lock just now.
pub fn is_held(path: &Path) -> bool {
    match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
        Err(_) => false,
    }
}
