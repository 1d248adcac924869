//! What the journal amounts to: versions, decisions, takes. Rebuilt by reading it from the start.

use super::format::{Entry, Op, Take, TaskNote, TaskState, Version};
use crate::film::stage::Stage;
use crate::film::time::Instant;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::gate::{Decision, Verdict};
use crate::plan::money::Money;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub struct Ledger {
    pub lineage: String,
    pub versions: BTreeMap<Stage, Vec<(u64, Instant, Version)>>,
    /// In order, with seq and time.
    pub decisions: Vec<(u64, Instant, Decision)>,
    /// What was taken back, by whom.
    pub revocations: Vec<(u64, Instant, Revocation)>,
    pub takes: BTreeMap<(Stage, String), Vec<Take>>,
    /// Which asking an item stands at: part of what its take is made from.
    salts: BTreeMap<(Stage, String), u64>,
    /// How often an item was asked for again, candidates counted.
    tries: BTreeMap<(Stage, String), u64>,
    /// Takes a person chose.
    pub picks: BTreeMap<(Stage, String), u32>,
    /// What items a person supplied, picked or kept would have been made from at that time.
    pub keys: BTreeMap<(Stage, String), Fingerprint>,
    /// Stages accepted as they are, with what they count as made from.
    kept: BTreeMap<Stage, Fingerprint>,
    pub held: BTreeMap<Stage, Hold>,
    /// Stages whose gate was held at some time.
    pub ever_held: BTreeSet<Stage>,
    /// Subjects whose approval was taken back.
    pub revoked: BTreeSet<Fingerprint>,
    /// Decisions that were taken back, by seq.
    void: BTreeSet<u64>,
    /// Who confirmed what a timer approved.
    pub confirmed: BTreeMap<Fingerprint, String>,
    /// Every opening of a gate, in order.
    pub openings: BTreeMap<Stage, Vec<Opening>>,
    pub failures: BTreeMap<Stage, Vec<(String, String)>>,
    pub cancelled: bool,
    /// What a person lets providers lack: role, provider, what.
    pub accepted: BTreeSet<(String, String, String)>,
    /// Requests to providers by id.
    pub tasks: BTreeMap<String, TaskRecord>,
    /// Every job that a provider named for one of them.
    pub jobs: BTreeSet<String>,
    /// What was paid for them, in order: what the workspace's month follows.
    pub bookings: Vec<Booking>,
    /// Seq of the last time somebody asked for something to be made again.
    pub last_asked: u64,
    /// What persons had sent once more, and at what price each.
    pub retries: Vec<(u64, Money)>,
    pub last_seq: u64,
    pub last_at: Option<Instant>,
    /// Seq of the last line that files must follow: versions put in place, gates projected.
    pub last_commit: u64,
    /// Stages whose gate file follows a line, with that line's seq.
    pub projected: BTreeMap<Stage, u64>,
    /// Feedback of a `regenerate` that no version has answered yet.
    pub wishes: BTreeMap<Stage, (u64, String)>,
}

/// A decision taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Revocation {
    pub stage: Stage,
    pub subject_fp: Fingerprint,
    pub by: String,
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    pub seq: u64,
    pub gate_id: String,
    pub subject_fp: Fingerprint,
    pub content_fp: Fingerprint,
    pub opened_at: Instant,
    pub after_s: Option<u64>,
}

impl Opening {
    /// When its timer may approve, if it has one.
    pub fn deadline(&self) -> Option<Instant> {
        self.after_s.map(|s| self.opened_at.plus_seconds(s))
    }
}

/// What is known of a request to a provider.
#[derive(Debug, Clone)]
pub struct TaskRecord {
    /// As it was last noted.
    pub note: TaskNote,
    pub at: Instant,
    /// How often it was about to be sent.
    pub attempts: u32,
    /// What all its attempts took.
    pub spent: Money,
    /// What the last of them took, as it was said last: what is found out replaces what was counted before.
    pub counted: Money,
}

impl TaskRecord {
    /// What it was reckoned at.
    pub fn price(&self) -> Money {
        Money::parse(&self.note.price).unwrap_or_default()
    }
}

/// Money that a line of the journal spends, or gives back.
#[derive(Debug, Clone, PartialEq)]
pub struct Booking {
    pub seq: u64,
    pub at: Instant,
    pub task: String,
    pub cost: Money,
    /// What was counted for safety, and is not any more.
    pub back: Money,
    /// When the task was booked before, if it was: what is given back is given back to that month.
    pub before: Option<Instant>,
}

/// A gate held open on purpose.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold {
    pub by: String,
    pub at: Instant,
    pub note: Option<String>,
}

impl Ledger {
    pub fn read(entries: &[Entry]) -> Ledger {
        let mut ledger = Ledger::default();
        for entry in entries {
            ledger.take_in(entry);
        }
        ledger
    }

    pub fn take_in(&mut self, entry: &Entry) {
        self.last_seq = entry.seq;
        self.last_at = Some(entry.at);
        match &entry.op {
            Op::Created { lineage, .. } => self.lineage = lineage.clone(),
            Op::Version(version) => {
                if version.placed {
                    // An approval may hold again with this content: its gate file follows too.
                    self.projects(version.stage, entry.seq);
                }
                for (item, key) in &version.keys {
                    self.keys.insert((version.stage, item.clone()), key.clone());
                }
                self.kept.remove(&version.stage);
                self.failures.remove(&version.stage);
                self.wishes.remove(&version.stage);
                self.versions.entry(version.stage).or_default().push((
                    entry.seq,
                    entry.at,
                    version.clone(),
                ));
            }
            Op::GateOpened {
                stage,
                gate_id,
                subject_fp,
                content_fp,
                after_s,
            } => {
                self.projects(*stage, entry.seq);
                self.openings.entry(*stage).or_default().push(Opening {
                    seq: entry.seq,
                    gate_id: gate_id.clone(),
                    subject_fp: subject_fp.clone(),
                    content_fp: content_fp.clone(),
                    opened_at: entry.at,
                    after_s: *after_s,
                });
            }
            Op::Decided(decision) => {
                self.projects(decision.stage, entry.seq);
                self.held.remove(&decision.stage);
                self.decisions.push((entry.seq, entry.at, decision.clone()));
            }
            Op::Held { stage, by, note } => {
                self.projects(*stage, entry.seq);
                let hold = Hold {
                    by: by.clone(),
                    at: entry.at,
                    note: note.clone(),
                };
                self.held.insert(*stage, hold);
                self.ever_held.insert(*stage);
            }
            Op::Released { stage, .. } => {
                self.projects(*stage, entry.seq);
                self.held.remove(stage);
            }
            Op::Revoked {
                stage,
                subject_fp,
                by,
                note,
            } => {
                self.revocations.push((
                    entry.seq,
                    entry.at,
                    Revocation {
                        stage: *stage,
                        subject_fp: subject_fp.clone(),
                        by: by.clone(),
                        note: note.clone(),
                    },
                ));
                self.projects(*stage, entry.seq);
                self.revoked.insert(subject_fp.clone());
                self.confirmed.remove(subject_fp);
                let taken_back = self
                    .decisions
                    .iter()
                    .filter(|(_, _, d)| d.subject_fp == *subject_fp)
                    .map(|(seq, _, _)| *seq);
                self.void.extend(taken_back);
            }
            Op::Kept {
                stage,
                inputs_fp,
                keys,
                ..
            } => {
                self.kept.insert(*stage, inputs_fp.clone());
                for (item, key) in keys {
                    self.keys.insert((*stage, item.clone()), key.clone());
                }
            }
            Op::Picked {
                stage, item, take, ..
            } => {
                self.picks.insert((*stage, item.clone()), *take);
            }
            Op::Confirmed { subject_fp, by, .. } => {
                self.confirmed.insert(subject_fp.clone(), by.clone());
            }
            Op::Take(take) => {
                self.takes
                    .entry((take.stage, take.item.clone()))
                    .or_default()
                    .push(take.clone());
            }
            Op::Regenerate {
                stage,
                items,
                feedback,
                takes,
                seed,
            } => {
                self.last_asked = entry.seq;
                for item in items {
                    let name = (*stage, item.clone());
                    let tries = self.tries.entry(name.clone()).or_default();
                    *tries += u64::from(takes.unwrap_or(1));
                    if takes.is_none() {
                        self.salts.insert(name.clone(), seed.unwrap_or(*tries));
                        self.picks.remove(&name);
                        self.keys.remove(&name);
                    }
                }
                if let Some(feedback) = feedback {
                    self.wishes.insert(*stage, (entry.seq, feedback.clone()));
                }
            }
            Op::Failed {
                stage,
                item,
                reason,
            } => {
                self.failures
                    .entry(*stage)
                    .or_default()
                    .push((item.clone(), reason.clone()));
            }
            Op::RunStarted { .. } => {
                self.failures.clear();
                self.cancelled = false;
            }
            Op::Task(note) => {
                let record = self
                    .tasks
                    .entry(note.id.clone())
                    .or_insert_with(|| TaskRecord {
                        note: note.clone(),
                        at: entry.at,
                        attempts: 0,
                        spent: Money::ZERO,
                        counted: Money::ZERO,
                    });
                // A person who has it sent once more grants what that takes.
                if note.state == TaskState::Retried && entry.actor != "system" {
                    let price = Money::parse(&note.price).unwrap_or_default();
                    self.retries.push((entry.seq, price));
                }
                if note.state == TaskState::Reserved {
                    record.attempts += 1;
                    record.counted = Money::ZERO;
                }
                let cost = note.cost.as_deref().and_then(|c| Money::parse(c).ok());
                // Of one attempt, what was said last holds: what a person found out, or a result that was there
                // all the time.
                let settled = matches!(
                    note.state,
                    TaskState::Retried | TaskState::Failed | TaskState::Completed
                );
                let mut back = Money::ZERO;
                if cost.is_some() || (settled && record.note.state == TaskState::InDoubt) {
                    back = std::mem::replace(&mut record.counted, cost.unwrap_or_default());
                    record.spent = record.spent.less(back) + record.counted;
                }
                let cost = cost.unwrap_or_default();
                if cost > Money::ZERO || back > Money::ZERO {
                    let before = (self.bookings.iter().rev()).find(|b| b.task == note.id);
                    let before =
                        before.map(|b| b.before.filter(|_| b.back > Money::ZERO).unwrap_or(b.at));
                    self.bookings.push(Booking {
                        seq: entry.seq,
                        at: entry.at,
                        task: note.id.clone(),
                        cost,
                        back,
                        before,
                    });
                }
                self.jobs.extend(note.job.clone());
                // Another attempt has another job; a result that nothing could be made of is not looked at again.
                let over =
                    note.state == TaskState::Reserved || record.note.state == TaskState::Completed;
                let job = record.note.job.take().filter(|_| !over);
                record.note = note.clone();
                record.note.job = record.note.job.take().or(job);
                if note.state == TaskState::Reserved {
                    record.at = entry.at;
                }
            }
            Op::Cancelled => self.cancelled = true,
            Op::Accepted {
                role,
                provider,
                lacks,
                ..
            } => {
                let lacks = lacks
                    .iter()
                    .map(|l| (role.clone(), provider.clone(), l.clone()));
                self.accepted.extend(lacks);
            }
            Op::Moderated { .. } | Op::RunEnded { .. } | Op::Other(_) => {}
        }
    }

    /// What is reckoned for requests that may have been sent and are not settled.
    pub fn under_way(&self) -> Money {
        let open = self.tasks.values().filter(|t| t.note.state.is_under_way());
        open.map(TaskRecord::price).sum()
    }

    /// What all requests to providers took up to a line of the journal, as it was said up to there.
    pub fn spent_until(&self, seq: u64) -> Money {
        let until = || self.bookings.iter().filter(|b| b.seq <= seq);
        let cost: Money = until().map(|b| b.cost).sum();
        cost.less(until().map(|b| b.back).sum())
    }

    /// What all requests to providers took so far, those in doubt counted.
    pub fn spent(&self) -> Money {
        self.tasks.values().map(|t| t.spent).sum()
    }

    fn projects(&mut self, stage: Stage, seq: u64) {
        self.last_commit = seq;
        self.projected.insert(stage, seq);
    }

    /// What a stage counts as made from: what its last version was, or what it was accepted for.
    pub fn made_from(&self, stage: Stage) -> Option<&Fingerprint> {
        self.kept
            .get(&stage)
            .or_else(|| self.version(stage)?.inputs_fp.as_ref())
    }

    pub fn version(&self, stage: Stage) -> Option<&Version> {
        self.versions.get(&stage)?.last().map(|(_, _, v)| v)
    }

    /// The last version whose files were put in place: what working files are compared with.
    pub fn placed(&self, stage: Stage) -> Option<&Version> {
        self.versions
            .get(&stage)?
            .iter()
            .rev()
            .map(|(_, _, v)| v)
            .find(|v| v.placed)
    }

    /// The last decision on a subject, unless it was taken back.
    pub fn decision(&self, subject: &Fingerprint) -> Option<(Instant, &Decision)> {
        self.decisions
            .iter()
            .rev()
            .find(|(_, _, d)| d.subject_fp == *subject)
            .filter(|(seq, _, _)| !self.void.contains(seq))
            .map(|(_, at, d)| (*at, d))
    }

    pub fn is_void(&self, seq: u64) -> bool {
        self.void.contains(&seq)
    }

    /// The content of the last version of a stage that a decision approved and nobody took back.
    pub fn last_approved(&self, stage: Stage) -> Option<&Version> {
        let versions = self.versions.get(&stage)?;
        let (_, _, decision) = self.decisions.iter().rev().find(|(seq, _, d)| {
            d.stage == stage && d.decision == Verdict::Approve && !self.is_void(*seq)
        })?;
        versions
            .iter()
            .rev()
            .map(|(_, _, v)| v)
            .find(|v| v.content_fp == decision.content_fp)
    }

    /// The feedback a stage's next version shall answer: that of the last rejection or wish, if
    /// nothing was made since.
    pub fn unanswered(&self, stage: Stage) -> Option<String> {
        if let Some((_, feedback)) = self.wishes.get(&stage) {
            return Some(feedback.clone());
        }
        let made = self
            .versions
            .get(&stage)
            .and_then(|v| v.last())
            .map_or(0, |(seq, _, _)| *seq);
        let (seq, _, last) = self
            .decisions
            .iter()
            .rev()
            .find(|(seq, _, d)| d.stage == stage && !self.is_void(*seq))?;
        (last.decision == Verdict::Reject && *seq > made)
            .then(|| last.feedback.clone())
            .flatten()
    }

    pub fn salt(&self, stage: Stage, item: &str) -> u64 {
        self.salts
            .get(&(stage, item.to_owned()))
            .copied()
            .unwrap_or(0)
    }

    /// How often an item was asked for again.
    pub fn tries(&self, stage: Stage, item: &str) -> u64 {
        self.tries
            .get(&(stage, item.to_owned()))
            .copied()
            .unwrap_or(0)
    }

    /// The take a person chose for an item.
    pub fn picked(&self, stage: Stage, item: &str) -> Option<&Take> {
        let name = (stage, item.to_owned());
        let number = self.picks.get(&name)?;
        self.takes.get(&name)?.iter().find(|t| t.take == *number)
    }

    /// The latest take of an item made from `key`.
    pub fn made(&self, stage: Stage, item: &str, key: &Fingerprint) -> Option<&Take> {
        self.takes
            .get(&(stage, item.to_owned()))?
            .iter()
            .rev()
            .find(|t| t.key == *key)
    }

    /// The take a working file's bytes come from.
    pub fn origin(
        &self,
        stage: Stage,
        item: &str,
        suffix: &str,
        hash: &Fingerprint,
    ) -> Option<&Take> {
        self.takes
            .get(&(stage, item.to_owned()))?
            .iter()
            .rev()
            .find(|t| t.files.get(suffix) == Some(hash))
    }

    pub fn next_take(&self, stage: Stage, item: &str) -> u32 {
        self.takes
            .get(&(stage, item.to_owned()))
            .and_then(|t| t.last())
            .map_or(1, |t| t.take + 1)
    }
}
