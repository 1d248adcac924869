//! What a workspace has spent, month by month: a line for each settled request, only ever added to.

use super::{clock, disk};
use crate::plan::money::Money;
use anyhow::Result;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn file(runs: &Path) -> PathBuf {
    let month: String = clock::now().to_string().chars().take(7).collect();
    runs.join(".spending").join(format!("{month}.jsonl"))
}

/// Notes what a task of a run took, and what of it was counted before and is not so.
pub fn note(runs: &Path, run: &str, task: &str, cost: Money, back: Money) -> Result<()> {
    let path = file(runs);
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
