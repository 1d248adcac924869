//! What the journal amounts to: versions, decisions, takes. Rebuilt by reading it from the start.

use super::format::{Entry, Op, Take, Version};
use crate::film::stage::Stage;
use crate::film::time::Instant;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::gate::{Decision, Verdict};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub struct Ledger {
    pub lineage: String,
    pub versions: BTreeMap<Stage, Vec<(u64, Instant, Version)>>,
    /// In order, with seq and time.
    pub decisions: Vec<(u64, Instant, Decision)>,
    pub takes: BTreeMap<(Stage, String), Vec<Take>>,
    /// How often an item was asked for again: part of what its next take is made from.
    pub salts: BTreeMap<(Stage, String), u64>,
    pub openings: BTreeMap<Stage, Opening>,
    pub failures: BTreeMap<Stage, Vec<(String, String)>>,
    pub cancelled: bool,
    pub last_seq: u64,
    pub last_at: Option<Instant>,
    /// Seq of the last commit whose files must be in place.
    pub last_commit: u64,
    /// Feedback of a `regenerate` that no version has answered yet.
    pub wishes: BTreeMap<Stage, (u64, String)>,
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
                    self.last_commit = entry.seq;
                }
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
                self.openings.insert(
                    *stage,
                    Opening {
                        seq: entry.seq,
                        gate_id: gate_id.clone(),
                        subject_fp: subject_fp.clone(),
                        content_fp: content_fp.clone(),
                        opened_at: entry.at,
                        after_s: *after_s,
                    },
                );
            }
            Op::Decided(decision) => self.decisions.push((entry.seq, entry.at, decision.clone())),
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
            } => {
                for item in items {
                    *self.salts.entry((*stage, item.clone())).or_default() += 1;
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
            Op::Cancelled => self.cancelled = true,
            Op::Confirmed { .. } | Op::RunEnded { .. } | Op::Other(_) => {}
        }
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

    /// The last decision on a subject.
    pub fn decision(&self, subject: &Fingerprint) -> Option<&Decision> {
        self.decisions
            .iter()
            .rev()
            .map(|(_, _, d)| d)
            .find(|d| d.subject_fp == *subject)
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
            .find(|(_, _, d)| d.stage == stage)?;
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
