//! What a workspace has spent, month by month: a line for each settled request, only ever added to. A line has the
//! key of the journal line it follows, so that none is missing and none stands twice.

use super::layout::Layout;
use super::ledger::{Booking, Ledger};
use super::lock::{self, Lock};
use super::{clock, disk, journal};
use crate::film::time::Instant;
use crate::plan::money::Money;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

fn folder(runs: &Path) -> PathBuf {
    runs.join(".spending")
}

/// The file of the month that a moment lies in.
fn file(runs: &Path, at: Instant) -> PathBuf {
    let month: String = at.to_string().chars().take(7).collect();
    folder(runs).join(format!("{month}.jsonl"))
}

/// Lets the months follow a run's journal, from the line after `since` on: what stands there already is not
/// booked again, however often this is done and wherever it was cut off.
///
/// # Errors
/// A month that cannot be read or written.
pub fn follow(runs: &Path, run: &str, ledger: &Ledger, since: u64) -> Result<()> {
    if ledger.bookings.iter().all(|b| b.seq <= since) {
        return Ok(());
    }
    let _alone = alone(runs)?;
    book(runs, run, ledger, since)
}

/// The same, where nobody else writes meanwhile.
fn book(runs: &Path, run: &str, ledger: &Ledger, since: u64) -> Result<()> {
    let mut months: BTreeMap<PathBuf, Vec<&Booking>> = BTreeMap::new();
    for booking in ledger.bookings.iter().filter(|b| b.seq > since) {
        // What is given back, and what it was in truth, belongs to the month it was counted in.
        let given_back = booking.back > Money::ZERO;
        let at = booking.before.filter(|_| given_back).unwrap_or(booking.at);
        months.entry(file(runs, at)).or_default().push(booking);
    }
    for (path, bookings) in months {
        let text = month(&path)?;
        let mut known: BTreeSet<String> = BTreeSet::new();
        // Lines of older versions have no key.
        let mut nameless: Vec<[String; 4]> = Vec::new();
        for line in lines(&text) {
            let part = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            match line["key"].as_str() {
                Some(key) => {
                    known.insert(key.to_owned());
                }
                None => nameless.push(["run", "task", "cost", "back"].map(part)),
            }
        }
        let mut more = String::new();
        for b in bookings {
            // A copy of a run has its bookings, and from then on others of its own.
            let key = format!("{}:{}:{}:{}", ledger.lineage, b.seq, b.task, b.at);
            let (cost, back) = (b.cost.to_string(), b.back.to_string());
            let old = [run.to_owned(), b.task.clone(), cost.clone(), back.clone()];
            if known.contains(&key) {
                continue;
            }
            if let Some(at) = nameless.iter().position(|n| *n == old) {
                nameless.swap_remove(at);
                continue;
            }
            let line = json!({"at": b.at, "run": run, "task": b.task, "cost": cost, "back": back, "key": key});
            more.push_str(&format!("{line}\n"));
        }
        if !more.is_empty() {
            append(&path, &text, more)?;
        }
    }
    Ok(())
}

/// Adds lines to a month that has this text.
fn append(path: &Path, text: &str, mut more: String) -> Result<()> {
    // Half a line of somebody who died takes no other with it.
    if !text.is_empty() && !text.ends_with('\n') {
        more.insert(0, '\n');
    }
    if let Some(folder) = path.parent() {
        disk::make_folder(folder)?;
    }
    disk::append(path, more.as_bytes())
}

/// What is spent where no run is that could book it: a verdict on what may become one. It stands in the month before
/// anything is asked, and is given back where nothing was paid; whoever dies in between has spent it.
pub struct Ahead {
    runs: PathBuf,
    task: String,
    amount: Money,
    at: Instant,
}

impl Ahead {
    /// Books an amount, if the month holds it beside what is spent and what runs claim. `Ok(Err(…))` says how much
    /// these are.
    ///
    /// # Errors
    /// A month that cannot be read or written.
    pub fn book(
        runs: &Path,
        task: &str,
        amount: Money,
        month: Money,
    ) -> Result<std::result::Result<Ahead, Money>> {
        disk::make_folder(&claims(runs))?;
        let _alone = alone(runs)?;
        let taken = this_month(runs)? + claimed_by_others(runs, None, month)?;
        if taken + amount > month {
            return Ok(Err(taken));
        }
        let ahead = Ahead {
            runs: runs.to_owned(),
            task: task.to_owned(),
            amount,
            at: clock::now(),
        };
        ahead.line(amount, Money::ZERO)?;
        Ok(Ok(ahead))
    }

    /// Nothing was paid.
    ///
    /// # Errors
    /// A month that cannot be read or written.
    pub fn give_back(self) -> Result<()> {
        let _alone = alone(&self.runs)?;
        self.line(Money::ZERO, self.amount)
    }

    fn line(&self, cost: Money, back: Money) -> Result<()> {
        let (at, task) = (self.at, &self.task);
        let key = format!("{task}:{at}:{cost}");
        let line = json!({"at": at, "run": "", "task": task, "cost": cost.to_string(), "back": back.to_string(), "key": key});
        let path = file(&self.runs, at);
        append(&path, &month(&path)?, format!("{line}\n"))
    }
}

/// A month's lines; there are none where there is no file.
fn month(path: &Path) -> Result<String> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(e) => Err(e)
            .with_context(|| format!("cannot read {}, what was spent this month", path.display())),
    }
}

fn lines(text: &str) -> impl Iterator<Item = Value> {
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
}

/// What was spent this month.
///
/// # Errors
/// A file that cannot be read: nothing is spent on what is not known.
pub fn this_month(runs: &Path) -> Result<Money> {
    let text = month(&file(runs, clock::now()))?;
    let (mut spent, mut back) = (Money::ZERO, Money::ZERO);
    for line in lines(&text) {
        let amount =
            |name: &str| Money::parse(line[name].as_str().unwrap_or("")).unwrap_or_default();
        spent = spent + amount("cost");
        back = back + amount("back");
    }
    Ok(spent.less(back))
}

/// Whose money it is: a run by what it is, whatever its folder is called now.
#[derive(Debug, Clone)]
pub struct Holder {
    pub runs: PathBuf,
    pub run: String,
    pub lineage: String,
}

impl Holder {
    pub fn of(layout: &Layout, ledger: &Ledger) -> Holder {
        Holder {
            runs: layout.runs(),
            run: layout.id(),
            lineage: ledger.lineage.clone(),
        }
    }

    fn claim(&self) -> PathBuf {
        claims(&self.runs).join(&self.run)
    }

    /// Claims of this run beside its first.
    fn beside(&self) -> impl Iterator<Item = PathBuf> {
        (1..8).map(|n| claims(&self.runs).join(format!("{}#{n}", self.run)))
    }
}

/// What a run is about to spend, where other processes see it: an amount beside a file that is locked as long as
/// somebody works on it. What is left of it stays claimed when nobody does, until its run goes on or is gone: it may
/// have been sent.
#[derive(Debug)]
pub struct Claim {
    holder: Holder,
    path: PathBuf,
    /// What was written last.
    claimed: Cell<Money>,
    _alive: File,
}

impl Claim {
    /// # Errors
    /// A folder that cannot be written.
    pub fn open(holder: &Holder) -> Result<Claim> {
        disk::make_folder(&claims(&holder.runs))?;
        // Nobody may take the file for a dead one's before it is locked.
        let _alone = alone(&holder.runs)?;
        take_over(holder);
        // Two that ask for one run, as a talk beside a making, have a claim each.
        for (number, path) in std::iter::once(holder.claim())
            .chain(holder.beside())
            .enumerate()
        {
            let alive = opened(&path)?;
            match alive.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(e)) => return Err(e).context("cannot lock a claim"),
            }
            if number == 0 {
                // What a dead talk claimed beside is in the run's journal, and so in this claim.
                for beside in holder.beside() {
                    if File::open(&beside).is_ok_and(|file| file.try_lock().is_ok()) {
                        disk::remove(&beside);
                        disk::remove(&amount_of(&beside));
                    }
                }
            }
            let claimed = Cell::new(claimed_at(&path, Money::ZERO));
            return Ok(Claim {
                holder: holder.clone(),
                path,
                claimed,
                _alive: alive,
            });
        }
        bail!(
            "too many commands ask providers for `{}` at once",
            holder.run
        )
    }

    /// Claims so much in all, if the month holds it beside what is spent and what others claim.
    /// `Ok(Err(…))` says how much these are.
    ///
    /// # Errors
    /// A folder that cannot be read or written.
    pub fn claim(&self, amount: Money, month: Money) -> Result<std::result::Result<(), Money>> {
        let _alone = alone(&self.holder.runs)?;
        let others = claimed_by_others(&self.holder.runs, Some(&self.path), month)?;
        let taken = this_month(&self.holder.runs)? + others;
        if taken + amount > month {
            return Ok(Err(taken));
        }
        self.write(amount)?;
        Ok(Ok(()))
    }

    /// Claims so much from now on, whatever the month holds: less than before, or what is under way already.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn set(&self, amount: Money) -> Result<()> {
        let _alone = alone(&self.holder.runs)?;
        self.write(amount)
    }

    /// [`follow`], and claims what is left from then on: nobody sees an amount in both, or in neither.
    ///
    /// # Errors
    /// A month or a folder that cannot be written.
    pub fn book(&self, ledger: &Ledger, since: u64, left: Money) -> Result<()> {
        let _alone = alone(&self.holder.runs)?;
        book(&self.holder.runs, &self.holder.run, ledger, since)?;
        self.write(left)
    }

    /// Nobody reads it half written: this is done alone.
    fn write(&self, amount: Money) -> Result<()> {
        let text = format!("{amount} {}", self.holder.lineage);
        disk::write_scratch(&amount_of(&self.path), text.as_bytes())?;
        self.claimed.set(amount);
        Ok(())
    }
}

/// What is claimed beside a claim of one's own; one whose amount cannot be read claims the whole month.
fn claimed_by_others(runs: &Path, own: Option<&Path>, month: Money) -> Result<Money> {
    let mut claimed = Money::ZERO;
    for entry in std::fs::read_dir(claims(runs))?.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if Some(path.as_path()) == own || name.ends_with(AMOUNT) {
            continue;
        }
        let run = name.split('#').next().unwrap_or_default();
        let dead = File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
        if dead && !is_there(runs, run, &lineage_of(&path)) {
            disk::remove(&path);
            disk::remove(&amount_of(&path));
            continue;
        }
        claimed = claimed + claimed_at(&path, month);
    }
    Ok(claimed)
}

const AMOUNT: &str = ".amount";

fn claims(runs: &Path) -> PathBuf {
    folder(runs).join("claims")
}

fn amount_of(claim: &Path) -> PathBuf {
    let mut name = claim.as_os_str().to_owned();
    name.push(AMOUNT);
    PathBuf::from(name)
}

/// What stands beside a claim; where it cannot be read, so much.
fn claimed_at(claim: &Path, unread: Money) -> Money {
    match std::fs::read_to_string(amount_of(claim)) {
        Ok(text) => Money::parse(text.split(' ').next().unwrap_or("").trim()).unwrap_or(unread),
        // Opened, and nothing claimed yet.
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Money::ZERO,
        Err(_) => unread,
    }
}

/// Which run a claim is of, whatever its folder is called now; empty where that was not written.
fn lineage_of(claim: &Path) -> String {
    let text = std::fs::read_to_string(amount_of(claim)).unwrap_or_default();
    text.split_once(' ')
        .map_or_else(String::new, |(_, lineage)| lineage.trim().to_owned())
}

/// Whether a run is there still, by the name it had or, where its folder was renamed, by another.
fn is_there(runs: &Path, run: &str, lineage: &str) -> bool {
    if runs.join(run).is_dir() {
        return true;
    }
    let is_it = |root: &Path| {
        let of = journal::lineage(&Layout::new(root).journal());
        !lineage.is_empty() && of.is_some_and(|l| l == lineage)
    };
    let all = std::fs::read_dir(runs).into_iter().flatten().flatten();
    all.into_iter().any(|entry| is_it(&entry.path()))
}

/// What a run claimed under a name its folder has no longer is in its journal, and so in the claim it has now. A copy
/// has the lineage too: while the folder of that name is there, the claim is its.
fn take_over(holder: &Holder) {
    let all = std::fs::read_dir(claims(&holder.runs));
    for entry in all.into_iter().flatten().flatten() {
        let (path, name) = (
            entry.path(),
            entry.file_name().to_string_lossy().into_owned(),
        );
        let run = name.split('#').next().unwrap_or_default();
        let theirs = name.ends_with(AMOUNT) || run == holder.run || holder.runs.join(run).is_dir();
        if theirs || lineage_of(&path) != holder.lineage {
            continue;
        }
        if File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            disk::remove(&path);
            disk::remove(&amount_of(&path));
        }
    }
}

/// What a run claims that nobody works on from now on: what its journal has under way.
///
/// # Errors
/// A folder that cannot be written.
pub fn release(holder: &Holder, left: Money) -> Result<()> {
    // One of a talk may have outlived the making's.
    let none = std::iter::once(holder.claim())
        .chain(holder.beside())
        .all(|claim| !claim.exists());
    if left == Money::ZERO && none {
        if claims(&holder.runs).is_dir() {
            let _alone = alone(&holder.runs)?;
            take_over(holder);
        }
        return Ok(());
    }
    let claim = Claim::open(holder)?;
    match claim.path == holder.claim() {
        true => claim.set(left),
        // Somebody works on it again.
        false => Ok(()),
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.claimed.get() > Money::ZERO {
            return;
        }
        // Another process could lock a file that nobody finds any more.
        let _alone = alone(&self.holder.runs);
        disk::remove(&amount_of(&self.path));
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
fn alone(runs: &Path) -> Result<Lock> {
    let path = folder(runs).join("claims.lock");
    lock::acquire(&path, Duration::from_secs(10), "what was spent")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn booking(seq: u64, at: &str, cost: &str, back: &str, before: Option<&str>) -> Booking {
        let moment = |text: &str| Instant::try_from(text.to_owned()).unwrap();
        Booking {
            seq,
            at: moment(at),
            task: "t-1".to_owned(),
            cost: Money::parse(cost).unwrap(),
            back: Money::parse(back).unwrap(),
            before: before.map(moment),
        }
    }

    fn ledger(bookings: Vec<Booking>) -> Ledger {
        let mut ledger = Ledger::default();
        ledger.lineage = "l".to_owned();
        ledger.bookings = bookings;
        ledger
    }

    #[test]
    fn months_follow_the_journal_once_wherever_it_was_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let runs = folder.path();
        let path = |month: &str| super::folder(runs).join(format!("{month}.jsonl"));
        let text = |month: &str| std::fs::read_to_string(path(month)).unwrap_or_default();
        let mut ledger = ledger(vec![booking(3, "2026-10-31T23:59:00Z", "0.30", "0", None)]);
        follow(runs, "film", &ledger, 0).unwrap();
        follow(runs, "film", &ledger, 0).unwrap();
        assert_eq!(text("2026-10").lines().count(), 1);
        // Given back in the month after: to the month it was counted in.
        ledger.bookings.push(booking(
            7,
            "2026-11-02T08:00:00Z",
            "0.10",
            "0.30",
            Some("2026-10-31T23:59:00Z"),
        ));
        // Somebody died in the middle of a line.
        disk::append(&path("2026-10"), b"{\"at\":\"2026-1").unwrap();
        follow(runs, "film", &ledger, 3).unwrap();
        follow(runs, "film", &ledger, 0).unwrap();
        let sum: f64 = lines(&text("2026-10"))
            .map(|l| {
                let amount = |name: &str| l[name].as_str().unwrap().parse::<f64>().unwrap();
                amount("cost") - amount("back")
            })
            .sum();
        assert!((sum - 0.10).abs() < 1e-9, "{}", text("2026-10"));
        assert_eq!(text("2026-11"), "");
    }

    #[test]
    fn lines_of_older_versions_are_not_booked_again() {
        let folder = tempfile::tempdir().unwrap();
        let runs = folder.path();
        let ledger = ledger(vec![
            booking(3, "2026-10-01T10:00:00Z", "0.30", "0", None),
            booking(5, "2026-10-01T11:00:00Z", "0.30", "0", None),
        ]);
        let path = super::folder(runs).join("2026-10.jsonl");
        disk::make_folder(path.parent().unwrap()).unwrap();
        let old = json!({"at": "2026-10-01T10:00:00Z", "run": "film", "task": "t-1", "cost": "0.30", "back": "0.00"});
        disk::append(&path, format!("{old}\n").as_bytes()).unwrap();
        follow(runs, "film", &ledger, 0).unwrap();
        follow(runs, "film", &ledger, 0).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        // One of the two was there.
        assert_eq!(text.lines().count(), 3 - 1, "{text}");
    }

    #[test]
    fn a_month_that_cannot_be_read_is_not_free() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), clock::now());
        assert_eq!(this_month(folder.path()).unwrap(), Money::ZERO);
        std::fs::create_dir_all(&path).unwrap();
        assert!(this_month(folder.path()).is_err());
    }
}
