//! What a workspace has spent, month by month: a line for each settled request, only ever added to.

use super::{clock, disk};
use crate::plan::money::Money;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

fn folder(runs: &Path) -> PathBuf {
    runs.join(".spending")
}

fn file(runs: &Path) -> PathBuf {
    let month: String = clock::now().to_string().chars().take(7).collect();
    folder(runs).join(format!("{month}.jsonl"))
}

/// The month in which a task of a run was counted last, if it was: what is given back is given back to it.
fn counted_in(runs: &Path, run: &str, task: &str) -> Option<PathBuf> {
    let of_it = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .any(|line| line["run"] == run && line["task"] == task)
    };
    let months = std::fs::read_dir(folder(runs)).ok()?.flatten();
    let mut months: Vec<PathBuf> = months
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "jsonl"))
        .collect();
    months.sort();
    months.into_iter().rev().find(of_it)
}

/// Notes what a task of a run took, and what of it was counted before and is not so.
pub fn note(runs: &Path, run: &str, task: &str, cost: Money, back: Money) -> Result<()> {
    let before = (back > Money::ZERO).then(|| counted_in(runs, run, task));
    let path = before.flatten().unwrap_or_else(|| file(runs));
    if let Some(folder) = path.parent() {
        disk::make_folder(folder)?;
    }
    let line = json!({"at": clock::now(), "run": run, "task": task, "cost": cost.to_string(), "back": back.to_string()});
    disk::append(&path, format!("{line}\n").as_bytes())
}

/// What was spent this month.
pub fn this_month(runs: &Path) -> Money {
    let text = std::fs::read_to_string(file(runs)).unwrap_or_default();
    let (mut spent, mut back) = (Money::ZERO, Money::ZERO);
    for line in text.lines() {
        let Ok(value) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let amount =
            |name: &str| Money::parse(value[name].as_str().unwrap_or("")).unwrap_or_default();
        spent = spent + amount("cost");
        back = back + amount("back");
    }
    spent.less(back)
}

/// What this process is about to spend, where other processes see it: an amount beside a file that is
/// locked as long as this lives. What a dead process claimed counts for nothing.
#[derive(Debug)]
pub struct Claim {
    runs: PathBuf,
    path: PathBuf,
    _alive: File,
}

impl Claim {
    /// # Errors
    /// A folder that cannot be written.
    pub fn open(runs: &Path) -> Result<Claim> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let claims = folder(runs).join("claims");
        disk::make_folder(&claims)?;
        // Nobody may take the file for a dead one's before it is locked.
        let _alone = alone(runs)?;
        let (path, alive) = loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let path = claims.join(format!("{}-{number}", std::process::id()));
            let file = opened(&path)?;
            match file.try_lock() {
                Ok(()) => break (path, file),
                // A process of another machine or container may have the same number.
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(e)) => return Err(e).context("cannot lock a claim"),
            }
        };
        let claim = Claim {
            runs: runs.to_owned(),
            path,
            _alive: alive,
        };
        // What a dead one claimed under this name.
        claim.write(Money::ZERO)?;
        Ok(claim)
    }

    /// Claims so much in all, if the month holds it beside what is spent and what others claim.
    /// `Ok(Err(…))` says how much these are.
    ///
    /// # Errors
    /// A folder that cannot be read or written.
    pub fn claim(&self, amount: Money, month: Money) -> Result<std::result::Result<(), Money>> {
        let _alone = alone(&self.runs)?;
        let taken = this_month(&self.runs) + self.others()?;
        if taken + amount > month {
            return Ok(Err(taken));
        }
        self.write(amount)?;
        Ok(Ok(()))
    }

    /// Claims so much from now on: never more than before.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn set(&self, amount: Money) -> Result<()> {
        let _alone = alone(&self.runs)?;
        self.write(amount)
    }

    /// Nobody reads it half written: this is done alone.
    fn write(&self, amount: Money) -> Result<()> {
        disk::write_scratch(&self.amount(), amount.to_string().as_bytes())
    }

    fn amount(&self) -> PathBuf {
        self.path.with_extension("amount")
    }

    fn others(&self) -> Result<Money> {
        let mut claimed = Money::ZERO;
        let claims = self.path.parent().unwrap_or(&self.path);
        for entry in std::fs::read_dir(claims)?.flatten() {
            let path = entry.path();
            if path == self.path || path.extension().is_some() {
                continue;
            }
            let amount = path.with_extension("amount");
            match File::open(&path).map(|file| file.try_lock()) {
                Ok(Err(TryLockError::WouldBlock)) => {
                    let text = std::fs::read_to_string(&amount).unwrap_or_default();
                    claimed = claimed + Money::parse(text.trim()).unwrap_or_default();
                }
                Ok(Ok(())) => {
                    disk::remove(&path);
                    disk::remove(&amount);
                }
                _ => {}
            }
        }
        Ok(claimed)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        disk::remove(&self.amount());
        disk::remove(&self.path);
    }
}

fn opened(path: &Path) -> Result<File> {
    let mut how = OpenOptions::new();
    how.create(true).truncate(false).read(true).write(true);
    how.open(path)
        .with_context(|| format!("cannot open {}", path.display()))
}

/// Held while claims are weighed against each other.
fn alone(runs: &Path) -> Result<File> {
    let lock = opened(&folder(runs).join("claims.lock"))?;
    lock.lock().context("cannot lock what was spent")?;
    Ok(lock)
}
