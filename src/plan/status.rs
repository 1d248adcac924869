//! What state every stage is in, and what comes next. Computed from facts; stored nowhere.

use super::fingerprint::Fingerprint;
use super::gate::{Decision, Policy, Verdict};
use crate::film::stage::Stage;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All that is known about a stage.
#[derive(Debug, Clone)]
pub struct Facts {
    pub stage: Stage,
    /// The stages it waits for in this film.
    pub after: Vec<Stage>,
    pub skipped: bool,
    pub policy: Policy,
    /// Why the working files cannot be read.
    pub invalid: Option<String>,
    /// The last version's number.
    pub version: Option<u32>,
    /// What that version was made from.
    pub made_from: Option<Fingerprint>,
    /// What it would be made from now; `None` while an upstream stage has nothing.
    pub inputs: Option<Fingerprint>,
    /// The names of what it was made from that changed since.
    pub changed: Vec<String>,
    /// Who holds the gate, if it is held.
    pub held_by: Option<String>,
    /// Items a person made or chose, whose own inputs changed since: left as they are.
    pub outdated: Vec<String>,
    /// The last decision on the content as it stands.
    pub decision: Option<Decision>,
    /// A rejection whose feedback or patch no version has answered yet.
    pub unanswered: bool,
    /// Items that are missing or whose own inputs changed.
    pub todo: Vec<String>,
    pub failed: Option<String>,
    pub conflict: bool,
    pub running: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Blocked,
    Ready,
    Running,
    Open,
    Approved,
    Rejected,
    Stale,
    Invalid,
    Conflict,
    Failed,
    Skipped,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            State::Blocked => "blocked",
            State::Ready => "ready",
            State::Running => "running",
            State::Open => "open",
            State::Approved => "approved",
            State::Rejected => "rejected",
            State::Stale => "stale",
            State::Invalid => "invalid",
            State::Conflict => "conflict",
            State::Failed => "failed",
            State::Skipped => "skipped",
        }
    }

    /// Whether what comes after may go on.
    pub fn passes(self) -> bool {
        matches!(self, State::Approved | State::Skipped)
    }
}

/// A stage's state, and why it is so where that is not plain.
#[derive(Debug, Clone)]
pub struct StageState {
    pub stage: Stage,
    pub state: State,
    pub reason: Option<String>,
}

/// Returns the state of every stage, in the order of the facts: nothing stands before what it waits for.
pub fn states(facts: &[Facts]) -> Vec<StageState> {
    let mut out: Vec<StageState> = Vec::with_capacity(facts.len());
    for fact in facts {
        let upstream_passes = fact.after.iter().all(|up| {
            out.iter()
                .find(|s| s.stage == *up)
                .is_none_or(|s| s.state.passes())
        });
        let (state, reason) = state(fact, upstream_passes);
        out.push(StageState {
            stage: fact.stage,
            state,
            reason,
        });
    }
    out
}

fn state(fact: &Facts, upstream_passes: bool) -> (State, Option<String>) {
    if fact.skipped {
        return (State::Skipped, None);
    }
    if let Some(why) = &fact.invalid {
        return (State::Invalid, Some(why.clone()));
    }
    if fact.conflict {
        return (
            State::Conflict,
            Some("the files were edited while it was made".to_owned()),
        );
    }
    if fact.running {
        return (State::Running, None);
    }
    if let Some(why) = &fact.failed {
        return (State::Failed, Some(why.clone()));
    }
    if fact.version.is_none() {
        return if upstream_passes {
            (State::Ready, None)
        } else {
            (State::Blocked, None)
        };
    }
    if fact.inputs.is_some() && fact.made_from != fact.inputs {
        return (
            State::Stale,
            Some(if fact.changed.is_empty() {
                format!("what {} is made from changed", fact.stage)
            } else {
                format!("changed since it was made: {}", fact.changed.join(", "))
            }),
        );
    }
    match &fact.decision {
        Some(d) if d.decision == Verdict::Reject => {
            (State::Rejected, d.feedback.clone().or(d.note.clone()))
        }
        _ if !fact.todo.is_empty() => (
            State::Ready,
            Some(format!("to make: {}", fact.todo.join(", "))),
        ),
        Some(_) => (State::Approved, None),
        None => (
            State::Open,
            fact.held_by.as_ref().map(|by| format!("held by {by}")),
        ),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    Pending,
    Validating,
    Queued,
    Processing,
    NeedsApproval,
    Composing,
    Completed,
    Failed,
    Cancelled,
}

impl JobStatus {
    pub fn name(self) -> &'static str {
        match self {
            JobStatus::Pending => "pending",
            JobStatus::Validating => "validating",
            JobStatus::Queued => "queued",
            JobStatus::Processing => "processing",
            JobStatus::NeedsApproval => "needs_approval",
            JobStatus::Composing => "composing",
            JobStatus::Completed => "completed",
            JobStatus::Failed => "failed",
            JobStatus::Cancelled => "cancelled",
        }
    }
}

/// What a run is doing as a whole.
pub fn job(states: &[StageState], facts: &[Facts], alive: bool, cancelled: bool) -> JobStatus {
    let render_running = facts.iter().any(|f| f.stage == Stage::Render && f.running);
    if alive {
        return if render_running {
            JobStatus::Composing
        } else {
            JobStatus::Processing
        };
    }
    if states.iter().all(|s| s.state.passes()) {
        return JobStatus::Completed;
    }
    if cancelled {
        return JobStatus::Cancelled;
    }
    match next(states, facts, Stage::Render) {
        Next::Gate(_) | Next::Rejected(_) => JobStatus::NeedsApproval,
        Next::Failed(_) => JobStatus::Failed,
        Next::Invalid(_) | Next::Conflict(_) => JobStatus::NeedsApproval,
        Next::Done => JobStatus::Completed,
        Next::Make(_) if facts.iter().all(|f| f.version.is_none()) => JobStatus::Pending,
        Next::Make(_) => JobStatus::Queued,
    }
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    Make(Stage),
    /// Waits for a decision.
    Gate(Stage),
    /// Rejected without anything to go by.
    Rejected(Stage),
    Invalid(Stage),
    Conflict(Stage),
    Failed(Stage),
    Done,
}

/// Returns what `run` does next, up to and including `until`. The one question that `run`, resume
/// and the plan all ask.
pub fn next(states: &[StageState], facts: &[Facts], until: Stage) -> Next {
    for (s, fact) in states.iter().zip(facts) {
        match s.state {
            State::Approved | State::Skipped if s.stage == until => break,
            State::Approved | State::Skipped => {}
            State::Ready | State::Stale | State::Running | State::Blocked => {
                return Next::Make(s.stage);
            }
            State::Open => return Next::Gate(s.stage),
            State::Rejected if fact.unanswered => return Next::Make(s.stage),
            State::Rejected => return Next::Rejected(s.stage),
            State::Invalid => return Next::Invalid(s.stage),
            State::Conflict => return Next::Conflict(s.stage),
            State::Failed => return Next::Make(s.stage),
        }
    }
    Next::Done
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::film::way::Way;

    fn facts() -> Vec<Facts> {
        let way = Way::default();
        way.stages()
            .iter()
            .map(|&stage| Facts {
                stage,
                after: way.upstream(stage),
                skipped: false,
                policy: Policy {
                    required: true,
                    auto_approve: false,
                    auto_approve_after_s: None,
                },
                invalid: None,
                version: None,
                made_from: None,
                inputs: None,
                changed: Vec::new(),
                held_by: None,
                outdated: Vec::new(),
                decision: None,
                unanswered: false,
                todo: Vec::new(),
                failed: None,
                conflict: false,
                running: false,
            })
            .collect()
    }

    #[test]
    fn a_new_run_makes_its_outline_first() {
        let f = facts();
        let s = states(&f);
        assert_eq!(s[0].state, State::Ready);
        assert!(s[1..].iter().all(|s| s.state == State::Blocked));
        assert_eq!(next(&s, &f, Stage::Render), Next::Make(Stage::Outline));
        assert_eq!(job(&s, &f, false, false), JobStatus::Pending);
    }

    #[test]
    fn changed_inputs_void_an_approval() {
        let mut f = facts();
        f[0].version = Some(1);
        f[0].made_from = Some(Fingerprint::of(&1));
        f[0].inputs = Some(Fingerprint::of(&2));
        assert_eq!(states(&f)[0].state, State::Stale);
        f[0].inputs = f[0].made_from.clone();
        assert_eq!(states(&f)[0].state, State::Open);
    }
}
