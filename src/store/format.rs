//! What lies on disk, one struct a kind of file.
//!
//! The journal is one JSON object a line:
//!
//! ```json
//! {"seq":7,"at":"2026-11-20T10:00:00.000Z","actor":"ines","op":"decided","stage":"script","gate_id":"g-7k2f", … ,"digest":"0f3a…"}
//! ```

use crate::film::stage::Stage;
use crate::film::time::Instant;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::gate::{Decision, Verdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The journal's and the versions' schema.
///
/// 1: the first.
pub const SCHEMA: u32 = 1;

/// A journal line.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub seq: u64,
    pub at: Instant,
    /// Who caused it: a person's name, `system`, `timer`.
    pub actor: String,
    pub op: Op,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    Created {
        schema: u32,
        /// 128 random bits: approvals belong to it, and never to a variant started from it.
        lineage: String,
        title: String,
    },
    /// Somebody judged what was handed in.
    Moderated {
        /// The provider: `animatic` is the rule file.
        by: String,
        /// Why it may not be made, where it may not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refused: Option<String>,
        /// Who took it on themselves all the same, and why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overridden_by: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// A stage's whole artifact as it now is. This line is the commit.
    Version(Version),
    GateOpened {
        stage: Stage,
        gate_id: String,
        subject_fp: Fingerprint,
        content_fp: Fingerprint,
        #[serde(default)]
        after_s: Option<u64>,
    },
    Decided(Decision),
    /// A person confirms what a timer approved.
    Confirmed {
        stage: Stage,
        subject_fp: Fingerprint,
        by: String,
    },
    /// No timer and no `--yes` may pass this gate until it is released or decided.
    Held {
        stage: Stage,
        by: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    Released {
        stage: Stage,
        by: String,
    },
    /// A decision is taken back; its subject is never approved by a timer again.
    Revoked {
        stage: Stage,
        subject_fp: Fingerprint,
        by: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// A stale stage is accepted as it is: it counts as made from what is there now.
    Kept {
        stage: Stage,
        inputs_fp: Fingerprint,
        keys: BTreeMap<String, Fingerprint>,
        by: String,
    },
    /// A person chose a take of an item.
    Picked {
        stage: Stage,
        item: String,
        take: u32,
        by: String,
    },
    /// A candidate for one item was made.
    Take(Take),
    /// Somebody asked for items to be made again.
    Regenerate {
        stage: Stage,
        items: Vec<String>,
        #[serde(default)]
        feedback: Option<String>,
        /// So many candidates each, to be picked from; what stands stays until then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        takes: Option<u32>,
        /// The asking a person named, instead of the next.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seed: Option<u64>,
    },
    Failed {
        stage: Stage,
        item: String,
        reason: String,
    },
    /// What became of a request to a provider.
    Task(TaskNote),
    /// A person lets a provider fill a role although it cannot do all that is asked.
    Accepted {
        role: String,
        provider: String,
        lacks: Vec<String>,
        by: String,
    },
    RunStarted {
        pid: u32,
    },
    RunEnded {
        exit: u8,
    },
    Cancelled,
    /// A line this version does not know; it is kept as it is.
    #[serde(skip)]
    Other(serde_json::Value),
}

/// A request to a provider at one point of its life. Amounts are decimals in the currency of the
/// configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TaskNote {
    pub id: String,
    pub stage: Stage,
    pub item: String,
    pub role: String,
    pub provider: String,
    pub state: TaskState,
    /// What it was reckoned at.
    pub price: String,
    /// The provider's name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// What it took, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// About to leave.
    Reserved,
    /// The provider has named its job.
    Submitted,
    Completed,
    /// A dead letter.
    Failed,
    /// It left, and nobody knows what became of it: it counts as spent.
    InDoubt,
    Cancelled,
    /// A person sends it once more.
    Retried,
}

impl TaskState {
    /// The word for people and scripts.
    pub fn name(self) -> &'static str {
        match self {
            TaskState::Reserved | TaskState::Submitted => "running",
            TaskState::Completed => "completed",
            TaskState::Failed => "failed",
            TaskState::InDoubt => "in_doubt",
            TaskState::Cancelled => "cancelled",
            TaskState::Retried => "pending",
        }
    }

    /// Whether it may have been sent, and is not settled.
    pub fn is_under_way(self) -> bool {
        matches!(self, TaskState::Reserved | TaskState::Submitted)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Version {
    pub stage: Stage,
    pub version: u32,
    pub kind: VersionKind,
    #[serde(default)]
    pub parent: Option<u32>,
    pub by: String,
    pub content_fp: Fingerprint,
    /// What it was made from; unknown for an artifact a person placed before its stage ran.
    #[serde(default)]
    pub inputs_fp: Option<Fingerprint>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// How feedback was followed, what a person should know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Decimal, in the currency of the configuration.
    pub cost: String,
    pub files: BTreeMap<String, Fingerprint>,
    /// What `inputs_fp` covers, by name: tells later which of it changed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub read: BTreeMap<String, Fingerprint>,
    /// Items a person supplied, and what the studio would have made them from at that time.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, Fingerprint>,
    /// Files of `files` whose bytes are not kept because they can be made again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transient: Vec<String>,
    /// The document as the studio alone would have made it, before a person's changes were laid over
    /// it: what the next merge measures those changes by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Fingerprint>,
    /// False where the working files had been edited meanwhile and were left alone.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub placed: bool,
}

fn yes() -> bool {
    true
}

fn is_true(b: &bool) -> bool {
    *b
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VersionKind {
    Generated,
    Patched,
    Edited,
    Merged,
    Restored,
}

impl VersionKind {
    pub fn name(self) -> &'static str {
        match self {
            VersionKind::Generated => "generated",
            VersionKind::Patched => "patched",
            VersionKind::Edited => "edited",
            VersionKind::Merged => "merged",
            VersionKind::Restored => "restored",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Take {
    pub stage: Stage,
    pub item: String,
    pub take: u32,
    /// What it was made from.
    pub key: Fingerprint,
    pub provider: String,
    /// By suffix: `png`, `sky.png`, `wav`.
    pub files: BTreeMap<String, Fingerprint>,
    /// How often the item had been asked for before: part of the key.
    #[serde(default)]
    pub salt: u64,
    /// What was measured: seconds, subject, score.
    #[serde(default)]
    pub facts: serde_json::Value,
}

/// `versions/<stage>/<n>.yaml`, the same as the journal says, to be read by people.
#[derive(Debug, Serialize)]
pub struct VersionFile<'a> {
    pub schema: u32,
    pub at: Instant,
    #[serde(flatten)]
    pub version: &'a Version,
}

/// `gates/<stage>.json`: the open gate or the last decision, a projection of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateFile {
    pub schema: u32,
    pub stage: Stage,
    pub gate_id: String,
    pub state: GateState,
    pub subject_fp: Fingerprint,
    pub content_fp: Fingerprint,
    pub opened_at: Instant,
    pub deadline: Option<Instant>,
    pub held: bool,
    pub decision: Option<Verdict>,
    pub by: Option<String>,
    pub decided_at: Option<Instant>,
    pub note: Option<String>,
    pub feedback: Option<String>,
    pub patch: Option<serde_json::Value>,
    pub auto_approved: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateState {
    Open,
    Approved,
    Rejected,
}
