//! What was said about a stage, in `chat/<stage>.jsonl`: a line each, only ever added to.

use super::layout::Layout;
use super::{clock, disk};
use crate::film::stage::Stage;
use crate::film::time::Instant;
use anyhow::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Utterance {
    pub at: Instant,
    /// A person's name, or the provider's that answered.
    pub by: String,
    pub answers: bool,
    pub text: String,
    /// What it was about, where somebody said so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// The change that was proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<Value>,
    /// The version it became, where it was applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

/// A conversation as it stands.
#[derive(Debug, Default)]
pub struct Conversation(pub Vec<Utterance>);

impl Conversation {
    /// Reads what was said; a last line that was torn by a crash was never said.
    pub fn open(layout: &Layout, stage: Stage) -> Conversation {
        let text = std::fs::read_to_string(layout.chat(stage)).unwrap_or_default();
        let lines = text.lines().filter_map(|l| serde_json::from_str(l).ok());
        Conversation(lines.collect())
    }

    /// The last message, if nobody answered it.
    pub fn unanswered(&self) -> Option<&Utterance> {
        self.0.last().filter(|u| !u.answers)
    }

    /// Says something, for good.
    pub fn say(&mut self, layout: &Layout, stage: Stage, mut said: Utterance) -> Result<()> {
        said.at = clock::now();
        let path = layout.chat(stage);
        if let Some(folder) = path.parent() {
            disk::make_folder(folder)?;
        }
        let before = std::fs::read(&path).unwrap_or_default();
        // What was torn is ended, so that it spoils no line after it.
        let torn = before.last().is_some_and(|b| *b != b'\n');
        let line = format!(
            "{}{}\n",
            if torn { "\n" } else { "" },
            serde_json::to_string(&said)?
        );
        disk::append(&path, line.as_bytes())?;
        self.0.push(said);
        Ok(())
    }

    /// The last of it, as much as a model has room for, oldest first: who, and what.
    pub fn recent(&self) -> Vec<(String, String)> {
        const MOST: usize = 8000;
        let mut room = MOST;
        let mut out: Vec<(String, String)> = Vec::new();
        for said in self.0.iter().rev().take(24) {
            room = match room.checked_sub(said.text.len()) {
                Some(room) => room,
                None => break,
            };
            let done = match said.version {
                Some(version) => format!(" (applied as version {version})"),
                None => String::new(),
            };
            out.push((said.by.clone(), format!("{}{done}", said.text)));
        }
        out.reverse();
        out
    }
}
