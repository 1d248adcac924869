//! What happens while a run works, for whoever watches.

use crate::film::stage::Stage;
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    RunStarted {
        title: String,
    },
    StageStarted {
        stage: Stage,
        items: usize,
    },
    ItemStarted {
        stage: Stage,
        item: String,
        label: String,
    },
    ItemDone {
        stage: Stage,
        item: String,
    },
    ItemFailed {
        stage: Stage,
        item: String,
        reason: String,
    },
    StageCompleted {
        stage: Stage,
        version: u32,
        files: Vec<String>,
        notes: Vec<String>,
    },
    GateOpened {
        stage: Stage,
        gate_id: String,
        deadline: Option<String>,
        files: Vec<String>,
    },
    GateDecided {
        stage: Stage,
        decision: String,
        by: String,
    },
    Progress {
        stage: Stage,
        done: u64,
        total: u64,
        /// The shot that is being cut.
        doing: String,
    },
    /// What a cut will take, before it begins.
    RenderPlanned {
        frames: u64,
        encode: u64,
        bytes: u64,
        free: Option<u64>,
        words: String,
    },
    Warning {
        message: String,
    },
    /// Most of what may be spent is spent.
    BudgetWarning {
        message: String,
    },
}

impl Event {
    /// The event's name and fields, as `run --json` prints them.
    pub fn json(&self) -> Value {
        match self {
            Event::RunStarted { title } => json!({"event": "run.started", "title": title}),
            Event::StageStarted { stage, items } => {
                json!({"event": "stage.started", "stage": stage, "items": items})
            }
            Event::ItemStarted { stage, item, label } => {
                json!({"event": "item.started", "stage": stage, "item": item, "label": label})
            }
            Event::ItemDone { stage, item } => {
                json!({"event": "item.done", "stage": stage, "item": item})
            }
            Event::ItemFailed {
                stage,
                item,
                reason,
            } => json!({"event": "item.failed", "stage": stage, "item": item, "reason": reason}),
            Event::StageCompleted {
                stage,
                version,
                files,
                notes,
            } => {
                json!({"event": "stage.completed", "stage": stage, "version": version, "files": files, "notes": notes})
            }
            Event::GateOpened {
                stage,
                gate_id,
                deadline,
                files,
            } => {
                json!({"event": "gate.opened", "stage": stage, "gate_id": gate_id, "deadline": deadline, "files": files})
            }
            Event::GateDecided {
                stage,
                decision,
                by,
            } => json!({"event": "gate.decided", "stage": stage, "decision": decision, "by": by}),
            Event::Progress {
                stage,
                done,
                total,
                doing,
            } => {
                json!({"event": "progress", "stage": stage, "done": done, "total": total, "doing": doing})
            }
            Event::RenderPlanned {
                frames,
                encode,
                bytes,
                free,
                ..
            } => {
                json!({"event": "render.planned", "frames": frames, "encode": encode, "bytes": bytes, "free": free})
            }
            Event::Warning { message } => json!({"event": "warning", "message": message}),
            Event::BudgetWarning { message } => {
                json!({"event": "budget.warning", "message": message})
            }
        }
    }
}
