//! `gates/<stage>.json`: the journal's word on a gate, projected for people and scripts, and read with
//! suspicion.

use super::disk;
use super::format::{GateFile, GateState, SCHEMA};
use super::ledger::Opening;
use super::run::Run;
use crate::diagnostic::{Exit, Failure};
use crate::film::stage::Stage;
use crate::film::time::Instant;
use crate::plan::gate::{Decision, Verdict};
use anyhow::Result;

impl Run {
    /// Writes `gates/<stage>.json` from the journal.
    pub fn project_gate(&self, stage: Stage) -> Result<()> {
        match self.gate_file(stage) {
            Some(file) => {
                let text = serde_json::to_string_pretty(&file)? + "\n";
                disk::write_atomic(&self.layout.gate(stage), text.as_bytes())
            }
            None => Ok(()),
        }
    }

    /// What `gates/<stage>.json` must say: the decision on what lies there, else the last opening.
    pub fn gate_file(&self, stage: Stage) -> Option<GateFile> {
        let opening = self.ledger.openings.get(&stage)?.last()?;
        let subject = self.subject(stage).map(|s| s.0);
        let decided = self.ledger.decisions.iter().rev().find(|(seq, _, d)| {
            d.stage == stage
                && !self.ledger.is_void(*seq)
                && (Some(&d.subject_fp) == subject.as_ref() || d.gate_id == opening.gate_id)
        });
        // An opening after the decision is about other content, unless that content is back.
        let decided = decided
            .filter(|(seq, _, d)| Some(&d.subject_fp) == subject.as_ref() || *seq > opening.seq);
        let opening = match decided {
            Some((_, _, d)) => self
                .ledger
                .openings
                .get(&stage)?
                .iter()
                .rev()
                .find(|o| o.gate_id == d.gate_id)?,
            None => opening,
        };
        let held = self.ledger.held.contains_key(&stage);
        Some(projected(stage, opening, decided, held))
    }

    /// Whether a gate's file says what it must, or is not there.
    pub fn gate_file_is_current(&self, stage: Stage) -> bool {
        match std::fs::read(self.layout.gate(stage)) {
            Ok(bytes) => serde_json::from_slice::<GateFile>(&bytes).ok() == self.gate_file(stage),
            Err(_) => true,
        }
    }

    /// Refuses a gate file that the journal does not know: it grants nothing (exit 65).
    pub fn check_gate_file(&self, stage: Stage) -> Result<()> {
        let path = self.layout.gate(stage);
        let Ok(bytes) = std::fs::read(&path) else {
            return Ok(());
        };
        let name = format!("gates/{stage}.json");
        let refuse = |why: &str| {
            Failure::new(Exit::Invalid, format!("{why}; it grants nothing"))
                .at(name.clone(), 0, 0)
                .hint(format!(
                    "decide with `greenlight gate approve {} {stage}`, or delete the file",
                    self.id()
                ))
        };
        let found: GateFile = serde_json::from_slice(&bytes)
            .map_err(|e| refuse(&format!("this is no gate file of this studio ({e})")))?;
        if self.gate_file(stage).as_ref() == Some(&found) {
            return Ok(());
        }
        // Every projection that was true once: a copy from then, or a crash before the next.
        let openings = self.ledger.openings.get(&stage).into_iter().flatten();
        let was_true = openings.into_iter().any(|opening| {
            let decisions = self
                .ledger
                .decisions
                .iter()
                .filter(|(_, _, d)| d.gate_id == opening.gate_id)
                .map(Some);
            std::iter::once(None).chain(decisions).any(|decided| {
                [false, self.ledger.ever_held.contains(&stage)]
                    .into_iter()
                    .any(|held| projected(stage, opening, decided, held) == found)
            })
        });
        if was_true {
            return self.project_gate(stage);
        }
        Err(refuse("the journal knows of no such decision").into())
    }
}

/// A gate file, from what the journal says.
fn projected(
    stage: Stage,
    opening: &Opening,
    decided: Option<&(u64, Instant, Decision)>,
    held: bool,
) -> GateFile {
    let decision = decided.map(|d| &d.2);
    GateFile {
        schema: SCHEMA,
        stage,
        gate_id: opening.gate_id.clone(),
        state: match decision.map(|d| d.decision) {
            None => GateState::Open,
            Some(Verdict::Approve) => GateState::Approved,
            Some(Verdict::Reject) => GateState::Rejected,
        },
        subject_fp: decision.map_or_else(|| opening.subject_fp.clone(), |d| d.subject_fp.clone()),
        content_fp: decision.map_or_else(|| opening.content_fp.clone(), |d| d.content_fp.clone()),
        opened_at: opening.opened_at,
        deadline: opening.deadline(),
        held,
        decision: decision.map(|d| d.decision),
        by: decision.map(|d| d.by.clone()),
        decided_at: decided.map(|d| d.1),
        note: decision.and_then(|d| d.note.clone()),
        feedback: decision.and_then(|d| d.feedback.clone()),
        patch: decision.and_then(|d| d.patch.clone()),
        auto_approved: decision.is_some_and(|d| d.auto_approved),
    }
}
