//! Places at a provider that all runs of this machine share: a lock file each, and a list of when it
//! was last asked. What a dead process held is free.

use crate::store::disk;
use anyhow::Result;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Who holds which places in this process.
type Held = Arc<Mutex<BTreeMap<String, Vec<bool>>>>;

pub struct Slots {
    folder: PathBuf,
    held: Held,
}

/// A place; dropped, it is free.
pub struct Slot {
    _lock: Option<File>,
    held: Held,
    name: String,
    number: usize,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = held
            .get_mut(&self.name)
            .and_then(|h| h.get_mut(self.number))
        {
            *place = false;
        }
    }
}

/// How soon a place may be free again: only who is next in line looks.
const SOON: Duration = Duration::from_millis(2);

impl Slots {
    pub fn new() -> Slots {
        let folder = crate::config::cache_folder().unwrap_or_else(std::env::temp_dir);
        Slots {
            folder: folder.join("slots"),
            held: Held::default(),
        }
    }

    /// Takes a place of `most`, if one is free and no more than `per_minute` were taken in the last
    /// minute; else says how long to wait.
    pub fn take(
        &self,
        name: &str,
        most: usize,
        per_minute: Option<u64>,
    ) -> Result<Result<Slot, Duration>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let places = held.entry(name.to_owned()).or_default();
        places.resize(most.max(places.len()), false);
        let plain: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        for (number, taken) in places.iter_mut().enumerate().take(most) {
            if *taken {
                continue;
            }
            let Some(lock) = self.lock(&format!("{plain}-{number}.lock"))? else {
                continue;
            };
            if let Some(most) = per_minute
                && let Some(wait) = self.pace(&plain, most)?
            {
                return Ok(Err(wait));
            }
            *taken = true;
            return Ok(Ok(Slot {
                _lock: Some(lock),
                held: self.held.clone(),
                name: name.to_owned(),
                number,
            }));
        }
        Ok(Err(SOON))
    }

    fn lock(&self, file: &str) -> Result<Option<File>> {
        disk::make_folder(&self.folder)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.folder.join(file))?;
        Ok(file.try_lock().is_ok().then_some(file))
    }

    /// Notes an asking, unless there were too many in the last minute: then how long to wait.
    fn pace(&self, name: &str, most: u64) -> Result<Option<Duration>> {
        let Some(_guard) = self.lock(&format!("{name}.rate.lock"))? else {
            return Ok(Some(SOON));
        };
        let path = self.folder.join(format!("{name}.rate"));
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis() as u64;
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let mut times: Vec<u64> = text
            .lines()
            .filter_map(|l| l.parse().ok())
            .filter(|t| *t + 60_000 > now && *t <= now)
            .collect();
        if times.len() as u64 >= most {
            let first = times.iter().min().copied().unwrap_or(now);
            return Ok(Some(Duration::from_millis(
                (first + 60_000).saturating_sub(now).clamp(8, 500),
            )));
        }
        times.push(now);
        let lines: Vec<String> = times.iter().map(u64::to_string).collect();
        disk::write_scratch(&path, lines.join("\n").as_bytes())?;
        Ok(None)
    }
}

impl Default for Slots {
    fn default() -> Self {
        Self::new()
    }
}
