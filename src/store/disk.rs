//! Bytes to disk so that a crash leaves the old or the new, never half.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the one place that writes files; everybody else comes here"
)]

use crate::plan::fingerprint::Fingerprint;
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

/// Writes beside, syncs, renames, syncs the folder.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    place(path, |file| file.write_all(bytes))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Copies a file so that `to` is whole or not there.
pub fn copy_atomic(from: &Path, to: &Path) -> Result<()> {
    place(to, |file| {
        io::copy(&mut File::open(from)?, file)?;
        Ok(())
    })
    .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

fn place(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut temp = tempfile::Builder::new();
    temp.prefix(".tmp-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).map_or(0o644, |m| m.permissions().mode() & 0o777);
        temp.permissions(fs::Permissions::from_mode(mode));
    }
    let mut temp = temp.tempfile_in(folder)?;
    fill(temp.as_file_mut())?;
    temp.as_file().sync_all()?;
    temp.persist(path).map_err(|e| e.error)?;
    sync_folder(folder);
    Ok(())
}

/// Moves a finished file into place.
pub fn move_into(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        make_folder(folder)?;
    }
    if fs::rename(from, to).is_err() {
        copy_atomic(from, to)?;
        remove(from);
    }
    if let Some(folder) = to.parent() {
        sync_folder(folder);
    }
    Ok(())
}

/// Appends whole lines and syncs.
pub fn append(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    file.write_all(bytes)
        .and_then(|()| file.sync_data())
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Cuts a file to its first `length` bytes.
pub fn truncate(path: &Path, length: u64) -> Result<()> {
    let file = fs::OpenOptions::new()
        .write(true)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    file.set_len(length)
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

/// Writes bookkeeping that may be lost: no sync.
pub fn write_scratch(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn sync_folder(folder: &Path) {
    // Some file systems cannot sync a folder; the rename itself is then as safe as they make it.
    if let Ok(handle) = File::open(folder) {
        let _ = handle.sync_all();
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
