//! Bytes to disk so that a crash leaves the old or the new, never half.
//!
//! Every write, sync and rename is a numbered step. `GREENLIGHT_FAULT` makes one of them fail, for
//! tests: `crash:7` dies before the seventh, `torn:7` in the middle of it where it writes, `full:7`
//! finds the disk full from there on.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the one place that writes files; everybody else comes here"
)]

use crate::diagnostic::{Exit, Failure};
use crate::plan::fingerprint::Fingerprint;
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the names of half-written files begin with.
pub const SCRATCH: &str = ".tmp-";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    Crash,
    Torn,
    Full,
}

fn fault() -> Option<(Fault, u64)> {
    static ASKED: OnceLock<Option<(Fault, u64)>> = OnceLock::new();
    *ASKED.get_or_init(|| {
        let text = std::env::var("GREENLIGHT_FAULT").ok()?;
        let (kind, step) = text.split_once(':')?;
        let kind = match kind {
            "crash" => Fault::Crash,
            "torn" => Fault::Torn,
            "full" => Fault::Full,
            _ => return None,
        };
        Some((kind, step.parse().ok()?))
    })
}

/// Counts a step; where a test asked for it, dies or fails here.
fn step() -> io::Result<()> {
    static STEPS: AtomicU64 = AtomicU64::new(0);
    let Some((kind, at)) = fault() else {
        return Ok(());
    };
    let now = STEPS.fetch_add(1, Ordering::SeqCst) + 1;
    match kind {
        Fault::Crash if now == at => std::process::abort(),
        Fault::Full if now >= at => Err(io::Error::from(io::ErrorKind::StorageFull)),
        Fault::Torn if now == at => Err(io::Error::other("torn")),
        _ => Ok(()),
    }
}

/// Writes all bytes, or, where a test asked for it, half of them and dies.
fn write_all(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    match step() {
        Err(e) if fault().is_some_and(|f| f.0 == Fault::Torn) => {
            file.write_all(&bytes[..bytes.len() / 2])?;
            file.sync_all()?;
            drop(e);
            std::process::abort()
        }
        other => other?,
    }
    file.write_all(bytes)
}

/// Writes beside, syncs, renames, syncs the folder.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    no_folder(path)?;
    place(path, |file| write_all(file, bytes))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Copies a file so that `to` is whole or not there.
pub fn copy_atomic(from: &Path, to: &Path) -> Result<()> {
    no_folder(to)?;
    place(to, |file| {
        step()?;
        io::copy(&mut File::open(from)?, file)?;
        Ok(())
    })
    .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

/// A folder where a file belongs is never written over.
fn no_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Err(
            Failure::new(Exit::Invalid, "a folder lies where a file belongs")
                .at(path.display().to_string(), 0, 0)
                .hint("move it away")
                .into(),
        );
    }
    Ok(())
}

fn place(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut temp = tempfile::Builder::new();
    temp.prefix(SCRATCH);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).map_or(0o644, |m| m.permissions().mode() & 0o777);
        temp.permissions(fs::Permissions::from_mode(mode));
    }
    let mut temp = temp.tempfile_in(folder)?;
    fill(temp.as_file_mut())?;
    step()?;
    temp.as_file().sync_all()?;
    step()?;
    temp.persist(path).map_err(|e| e.error)?;
    step()?;
    sync_folder(folder);
    Ok(())
}

/// Moves a finished file into place.
pub fn move_into(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        make_folder(folder)?;
    }
    step().with_context(|| format!("cannot move {}", from.display()))?;
    if fs::rename(from, to).is_err() {
        copy_atomic(from, to)?;
        remove(from);
    }
    if let Some(folder) = to.parent() {
        sync_folder(folder);
    }
    Ok(())
}

/// Gives a file that never changes a second name; where that cannot be, a copy.
pub fn share(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        make_folder(folder)?;
    }
    if to.exists() || fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    copy_atomic(from, to)
}

/// Appends whole lines and syncs. If that fails, what was written is taken back: nothing is claimed
/// that is not safely there.
pub fn append(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    let before = file
        .metadata()
        .with_context(|| format!("cannot read {}", path.display()))?
        .len();
    let written = write_all(&mut file, bytes)
        .and_then(|()| step())
        .and_then(|()| file.sync_data());
    if written.is_err() {
        let _ = file.set_len(before).and_then(|()| file.sync_data());
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// Puts a copy of `from` at `to` in exchange for what lies there; returns where the displaced file
/// lies now, if there was one. Nothing that somebody wrote in the last moment is overwritten.
pub fn exchange(from: &Path, to: &Path) -> Result<Option<PathBuf>> {
    no_folder(to)?;
    let folder = to.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let temp = folder.join(format!("{SCRATCH}{}-{name}", std::process::id()));
    let copied = (|| {
        let mut file = File::create(&temp)?;
        step()?;
        io::copy(&mut File::open(from)?, &mut file)?;
        step()?;
        file.sync_all()?;
        // Modes a person set on their file stay.
        if let Ok(meta) = fs::metadata(to) {
            fs::set_permissions(&temp, meta.permissions())?;
        }
        step()
    })();
    if let Err(e) = copied {
        remove(&temp);
        return Err(e).with_context(|| format!("cannot write {}", temp.display()));
    }
    let displaced = swap(&temp, to).with_context(|| format!("cannot write {}", to.display()))?;
    step().with_context(|| format!("cannot write {}", to.display()))?;
    sync_folder(folder);
    Ok(displaced)
}

/// Exchanges two names in one step, where the system can; `temp` then is what was displaced.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn swap(temp: &Path, to: &Path) -> io::Result<Option<PathBuf>> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, temp, CWD, to, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(Some(temp.to_owned())),
        Err(rustix::io::Errno::NOENT) => fs::rename(temp, to).map(|()| None),
        // A file system without exchange.
        Err(_) => set_aside(temp, to),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn swap(temp: &Path, to: &Path) -> io::Result<Option<PathBuf>> {
    set_aside(temp, to)
}

/// The next best thing: the old file aside, the new one in its place.
fn set_aside(temp: &Path, to: &Path) -> io::Result<Option<PathBuf>> {
    let aside = temp.with_extension("old");
    let displaced = match fs::rename(to, &aside) {
        Ok(()) => Some(aside),
        Err(e) if e.kind() == io::ErrorKind::NotFound => None,
        Err(e) => return Err(e),
    };
    fs::rename(temp, to)?;
    Ok(displaced)
}

/// Cuts a file to its first `length` bytes.
pub fn truncate(path: &Path, length: u64) -> Result<()> {
    let file = fs::OpenOptions::new()
        .write(true)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    step()
        .and_then(|()| file.set_len(length))
        .and_then(|()| file.sync_data())
        .with_context(|| format!("cannot write {}", path.display()))
}

pub fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("cannot make the folder {}", path.display()))
}

/// Removes a file that can be made again; that it is gone already is fine.
pub fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Removes a folder of bookkeeping that can be rebuilt.
pub fn remove_tree(path: &Path) {
    let _ = fs::remove_dir_all(path);
}

/// Empties (and makes) a scratch folder.
pub fn fresh_folder(path: &Path) -> Result<()> {
    remove_tree(path);
    make_folder(path)
}

/// Opens a file that can be made again, to be written in pieces.
pub fn create_scratch(path: &Path) -> Result<File> {
    step()
        .and_then(|()| File::create(path))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Writes bookkeeping that may be lost: no sync.
pub fn write_scratch(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    step()
        .and_then(|()| fs::write(path, bytes))
        .with_context(|| format!("cannot write {}", path.display()))
}

fn sync_folder(folder: &Path) {
    // Some file systems cannot sync a folder; the rename itself is then as safe as they make it.
    if let Ok(handle) = File::open(folder) {
        let _ = handle.sync_all();
    }
}

/// A name for what is being made, that begins so and is nobody else's: the FFmpeg of a program that was killed goes on
/// writing for a while, and may not write into what is made in its place.
///
/// # Errors
/// No random numbers.
pub fn begun_name(prefix: &str, key: &str) -> Result<String> {
    let mut bytes = [0u8; 4];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("no random numbers: {e}"))?;
    let own = u32::from_le_bytes(bytes);
    Ok(format!(
        "{prefix}{}-{own:08x}",
        key.get(..16).unwrap_or(key)
    ))
}

/// Removes files of a folder whose names begin so: what a process that died was making.
pub fn remove_begun(folder: &Path, prefix: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            remove(&entry.path());
        }
    }
}

/// Bytes that may still be written where `path` is, if the system tells.
pub fn free_space(path: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let place = path.ancestors().find(|p| p.exists())?;
        let facts = rustix::fs::statvfs(place).ok()?;
        Some(facts.f_bavail.saturating_mul(facts.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

pub fn hash_file(path: &Path) -> Result<Fingerprint> {
    let mut file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = file
            .read(&mut buffer)
            .with_context(|| format!("cannot read {}", path.display()))?;
        if n == 0 {
            break;
        }
        hasher.update(&buffer[..n]);
    }
    Ok(Fingerprint::of_hash(hasher.finalize()))
}

pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
