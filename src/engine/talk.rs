//! A conversation about a stage: a message goes to whoever writes, an answer comes back, and with it, maybe,
//! a change. What was said is kept before it is answered, so that nothing is said twice; the same
//! question after a crash is the same task, and is not paid again.

use super::items::{open_queue, take_down};
use super::purse::close;
use super::queue::{ForItem, Word};
use super::studio::Studio;
use crate::diagnostic::{Exit, Failure, Stopped, Unusable, exit_of};
use crate::film::stage::Stage;
use crate::film::time::Instant;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::patch::{self, Patch};
use crate::providers::ask::Hear;
use crate::providers::roles::{Hand, Revised};
use crate::stages::revision;
use crate::store::conversation::{Conversation, Utterance};
use crate::store::format::TaskState;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::sync::Arc;

/// The task's name among the stage's.
pub(super) const ITEM: &str = "chat";

/// An answer.
pub struct Turn {
    pub by: String,
    pub answer: String,
    /// The change it comes with.
    pub change: Option<(Patch, Value)>,
}

/// Says something about a stage to whoever writes, and returns the answer; both are kept. A message that
/// stands unanswered already is not said again.
///
/// # Errors
/// Nobody writes (exit 69: the house follows only its documented instructions), nothing is there to be
/// talked about (7), the provider failed (10), the budget (9).
pub async fn say(
    studio: &mut Studio,
    stage: Stage,
    message: &str,
    items: &[String],
    hear: Hear,
) -> Result<Turn> {
    let Some((name, _)) = studio
        .remote("text")
        .map(|(n, p)| (n.to_owned(), p.clone()))
    else {
        return Err(
            Failure::new(Exit::Missing, "nobody writes here but the offline house")
                .hint("set a provider for the role `text` in conf/providers.yaml")
                .into(),
        );
    };
    studio.can_ask("text")?;
    if let Some(failure) = studio.run.invalid.get(&stage) {
        return Err(failure.clone().into());
    }
    let layout = studio.run.layout.clone();
    let mut talk = Conversation::open(&layout, stage);
    let before = match talk.unanswered() {
        Some(last) if last.text == message && last.items == items => {
            let said = talk.recent();
            said[..said.len().saturating_sub(1)].to_vec()
        }
        _ => {
            let before = talk.recent();
            talk.say(&layout, stage, utterance(&studio.by, message, items))?;
            before
        }
    };
    let about = match items {
        [] => message.to_owned(),
        items => format!("(about {}) {message}", items.join(", ")),
    };
    let revised = match ask(studio, stage, &name, &about, before, talk.0.len(), hear).await {
        Err(e) if e.is::<Unusable>() => {
            // Said again, it is asked again.
            let lost = Utterance {
                answers: true,
                ..utterance(&name, "(no answer that could be used)", &[])
            };
            talk.say(&layout, stage, lost)?;
            return Err(e);
        }
        revised => revised?,
    };
    let change = proposed(studio, stage, &revised)?;
    let answer = Utterance {
        answers: true,
        patch: change.as_ref().map(|(_, json)| json.clone()),
        ..utterance(&name, &revised.answer, &[])
    };
    talk.say(&layout, stage, answer)?;
    Ok(Turn {
        by: name,
        answer: revised.answer,
        change,
    })
}

fn utterance(by: &str, text: &str, items: &[String]) -> Utterance {
    Utterance {
        at: Instant::from_millis(0),
        by: by.to_owned(),
        answers: false,
        text: text.to_owned(),
        items: items.to_vec(),
        patch: None,
        version: None,
    }
}

/// Keeps what became of a change that was proposed.
pub fn applied(studio: &Studio, stage: Stage, version: u32) -> Result<()> {
    let layout = &studio.run.layout;
    let said = Utterance {
        version: Some(version),
        answers: true,
        ..utterance(&studio.by, "applied", &[])
    };
    Conversation::open(layout, stage).say(layout, stage, said)
}

/// Keeps what the house answered to a message by rule, or why it could not.
pub fn by_rule(
    studio: &Studio,
    stage: Stage,
    message: &str,
    items: &[String],
    answer: &str,
    version: Option<u32>,
) -> Result<()> {
    let layout = &studio.run.layout;
    let mut talk = Conversation::open(layout, stage);
    if talk.unanswered().is_none_or(|last| last.text != message) {
        talk.say(layout, stage, utterance(&studio.by, message, items))?;
    }
    let said = Utterance {
        answers: true,
        version,
        ..utterance("animatic", answer, &[])
    };
    talk.say(layout, stage, said)
}

/// Asks, and once more where an answer broke off in the middle.
async fn ask(
    studio: &mut Studio,
    stage: Stage,
    name: &str,
    message: &str,
    before: Vec<(String, String)>,
    turn: usize,
    hear: Hear,
) -> Result<Revised> {
    let crew = studio.crew()?;
    let writer = crew.roles.text.clone().context("nobody writes")?;
    let request = revision::talk(
        stage,
        &studio.run.film,
        studio.run.text(stage),
        message,
        before,
        hear,
    )
    .map_err(|e| Failure::new(Exit::Impossible, format!("{stage}: {e}")))?;
    let mut attempt = 1;
    loop {
        // What failed for good is asked for anew when it is said again; what is in doubt is not.
        let failed = (studio.run.ledger.tasks.values())
            .map(|t| &t.note)
            .filter(|n| n.stage == stage && n.item == ITEM && n.state == TaskState::Failed)
            .count();
        let (queue, mut heard) = open_queue(studio, Studio::ceiling_of_budgets)?;
        let hand = Hand {
            cancel: studio.cancel.clone(),
            tasks: Arc::new(ForItem::new(
                queue,
                stage,
                ITEM,
                Fingerprint::of(&(stage, turn, failed)),
                studio.cancel.clone(),
                0,
            )),
        };
        let (writer, request) = (writer.clone(), request.clone());
        let work = tokio::task::spawn_blocking(move || {
            let document = request.document.clone();
            let check = |after: &Value| revision::problems(stage, &document, after, false);
            writer.revise(&request, &hand, &check)
        });
        // Ends when the work lets go of the queue.
        while let Some(word) = heard.recv().await {
            let mut words: Vec<Word> = vec![word];
            while let Ok(word) = heard.try_recv() {
                words.push(word);
            }
            take_down(studio, words)?;
        }
        let answer = work
            .await
            .unwrap_or_else(|e| Err(anyhow::anyhow!("the work broke: {e}")));
        close(&studio.run)?;
        match answer {
            Err(e) if e.downcast_ref::<Stopped>().is_some() => return Err(e),
            // It may have been paid for in part, and stands in the record so; the person waits for
            // an answer.
            Err(e) if attempt < 3 && exit_of(&e) == Exit::TaskFailed && broke_off(&e) => {
                studio.warn(format!("{name}: the answer broke off; asked again"));
                attempt += 1;
            }
            answer => return answer,
        }
    }
}

/// Whether an answer ended in the middle: it came, and cannot be used. One that never came is in doubt, and
/// is a person's to settle.
fn broke_off(error: &anyhow::Error) -> bool {
    let text = format!("{error:#}");
    text.contains("broke off") && !text.contains("in doubt")
}

/// The change an answer comes with, as a patch of the stage as it stands.
fn proposed(studio: &Studio, stage: Stage, revised: &Revised) -> Result<Option<(Patch, Value)>> {
    let Some(text) = studio.run.text(stage) else {
        return Ok(None);
    };
    if revised.ops.as_array().is_none_or(Vec::is_empty) {
        return Ok(None);
    }
    let base = studio.run.content(stage);
    let json = match stage {
        Stage::Script => {
            let new = revised.document["fountain"].as_str().unwrap_or_default();
            json!({
                "type": "text_replace", "base": base,
                "replacements": [{"old": text, "new": new}],
            })
        }
        _ => json!({"type": "json_patch", "stage": stage, "base": base, "ops": revised.ops}),
    };
    let patch = patch::parse(&json.to_string(), "the answer")?;
    Ok(Some((patch, json)))
}
