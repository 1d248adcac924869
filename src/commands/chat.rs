//! `chat`: a stage talked into shape. On a terminal until somebody has had enough; off one a message in, an
//! answer out.

use super::{Desk, Outcome, hear_interrupts, run};
use crate::cli::Chat;
use crate::diagnostic::{Exit, Failure, printable};
use crate::engine::making::{self, Orders};
use crate::engine::patching::{self, Terms};
use crate::engine::studio::Studio;
use crate::engine::{intake, talk};
use crate::film::stage::Stage;
use crate::plan::patch::Patch;
use crate::providers::ask::Hear;
use crate::store::conversation::Conversation;
use crate::ui::progress::Display;
use crate::ui::prompt;
use anyhow::Result;
use serde_json::{Value, json};
use std::io::Read;
use std::sync::Arc;

pub(super) async fn execute(desk: &Desk, args: Chat) -> Result<Outcome> {
    let (names, message) = told_apart(desk, &args.words)?;
    let (name, stage) = desk.run_and_stage(&names)?;
    let mut studio = desk.studio(name)?;
    if stage.document().is_none() {
        return Err(Failure::new(
            Exit::Impossible,
            "a film is talked about at its other stages",
        )
        .hint("the storyboard and the audio make it")
        .into());
    }
    hear_interrupts(desk.interrupt.clone());
    intake::take_in(&mut studio)?;
    let id = studio.run.id().to_owned();
    if studio.run.text(stage).is_none() {
        let what = format!("{stage} is not made yet: there is nothing to talk about");
        return Err(Failure::new(Exit::Impossible, what)
            .hint(format!("greenlight run {id}"))
            .into());
    }
    if studio.remote("text").is_none() {
        run::ensure_programs(desk, false)?;
    }
    let display = Arc::new(Display::new(desk.printer.clone()));
    let shown = display.clone();
    studio.listen(Box::new(move |event, _| shown.event(event)));
    if let Some(message) = message {
        let _runner = studio.run.runner_lock()?;
        let said = turn(desk, &mut studio, stage, &message, &args).await;
        display.finish();
        return Ok(said?.outcome(stage).of(id));
    }
    if !desk.interactive {
        return Err(
            Failure::new(Exit::Usage, "say something: there is no terminal to ask at")
                .hint(format!(
                    "greenlight chat {id} {stage} \"shot 2 closer\" --apply"
                ))
                .into(),
        );
    }
    recall(desk, &studio, stage);
    let mut changed = false;
    loop {
        let message = prompt::line(&format!("{stage} (empty to leave)"))?;
        if message.trim().is_empty() {
            return Ok(Outcome::data(json!({"stage": stage}), "")
                .changed(changed)
                .of(id));
        }
        let runner = studio.run.runner_lock()?;
        let said = turn(desk, &mut studio, stage, &message, &args).await;
        drop(runner);
        match said {
            Ok(said) => changed |= said.version.is_some(),
            Err(e) if e.downcast_ref::<crate::diagnostic::Stopped>().is_some() => return Err(e),
            Err(e) => desk.printer.failure(&e),
        }
    }
}

/// A message at a gate that is asked about; whether anything changed.
pub(super) async fn at_gate(desk: &Desk, studio: &mut Studio, stage: Stage) -> Result<bool> {
    recall(desk, studio, stage);
    let message = prompt::line("Say (empty to go back)")?;
    if message.trim().is_empty() {
        return Ok(false);
    }
    let said = turn(desk, studio, stage, &message, &Chat::default()).await?;
    Ok(said.version.is_some())
}

/// RUN and STAGE, and the message after them: `-` reads it from standard input.
fn told_apart(desk: &Desk, words: &[String]) -> Result<(Vec<String>, Option<String>)> {
    let named = match words {
        [first, _, _, ..] if Stage::parse(first).is_none() => 2,
        [first, second, ..] if Stage::parse(first).is_none() && Stage::parse(second).is_some() => 2,
        [_, second, ..] if Stage::parse(second).is_some() => 2,
        _ => 1,
    };
    let (names, said) = words.split_at(named.min(words.len()));
    let message = match said {
        [] => None,
        [dash] if dash == "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            Some(text)
        }
        said => Some(said.join(" ")),
    };
    let message = message.map(|m| m.trim().to_owned());
    if message.as_ref().is_some_and(String::is_empty) {
        return Err(Failure::new(Exit::Usage, "the message is empty").into());
    }
    desk.names(names)?;
    Ok((names.to_vec(), message))
}

/// What came of a message.
struct Said {
    by: String,
    answer: String,
    patch: Option<Value>,
    diff: String,
    version: Option<u32>,
}

impl Said {
    fn outcome(self, stage: Stage) -> Outcome {
        let mut text = self.answer.clone();
        if self.version.is_none() && !self.diff.is_empty() {
            text.push_str(&format!("\n\n{}", self.diff.trim_end()));
        }
        Outcome::data(
            json!({
                "stage": stage, "by": self.by, "answer": self.answer, "patch": self.patch,
                "diff": self.diff, "version": self.version,
            }),
            text,
        )
        .changed(self.version.is_some())
    }
}

/// One message and its answer; a change that comes with it is applied on yes.
async fn turn(
    desk: &Desk,
    studio: &mut Studio,
    stage: Stage,
    message: &str,
    args: &Chat,
) -> Result<Said> {
    if stage == Stage::Own && studio.remote("own").is_some() {
        let id = &studio.run.film.sheet.id;
        return Err(Failure::new(
            Exit::Missing,
            "who answers the stage of its own is asked again as a whole, and not talked to",
        )
        .hint(format!("greenlight regenerate {id} own --feedback \"…\""))
        .into());
    }
    if studio.remote("text").is_none() {
        return by_rule(desk, studio, stage, message, args).await;
    }
    let shown = desk.interactive;
    let printer = desk.printer.clone();
    let hear = Hear(shown.then(|| {
        Arc::new(move |piece: &str| printer.piece(piece)) as Arc<dyn Fn(&str) + Send + Sync>
    }));
    let answered = talk::say(studio, stage, message, &args.item, hear).await?;
    if shown {
        desk.printer.piece("\n");
    }
    let mut said = Said {
        by: answered.by,
        answer: answered.answer,
        patch: None,
        diff: String::new(),
        version: None,
    };
    let Some((patch, json)) = answered.change else {
        return Ok(said);
    };
    let dry = Terms {
        dry_run: true,
        ..Terms::default()
    };
    let (would, _) = patching::apply(studio, Some(stage), &patch, &json, &dry, None)?;
    said.diff = would.diff;
    said.patch = Some(json.clone());
    if shown {
        desk.printer.always(&printable(&said.diff));
    }
    let yes = args.apply || (shown && prompt::confirm("apply this?")?);
    if yes {
        said.version = apply(studio, stage, &patch, &json)?;
        let note = match said.version {
            Some(version) => format!("{stage} version {version}; its gate is open"),
            None => "it says so already".to_owned(),
        };
        desk.printer.say(&note);
    } else if !shown {
        desk.printer.say("nothing is applied; add --apply");
    }
    Ok(said)
}

fn apply(studio: &mut Studio, stage: Stage, patch: &Patch, json: &Value) -> Result<Option<u32>> {
    let terms = Terms::default();
    let (applied, _) = patching::apply(studio, Some(stage), patch, json, &terms, None)?;
    if let Some(version) = applied.version {
        talk::applied(studio, stage, version)?;
    }
    Ok(applied.version)
}

/// The house follows its documented instructions; anything else it refuses by name.
async fn by_rule(
    desk: &Desk,
    studio: &mut Studio,
    stage: Stage,
    message: &str,
    args: &Chat,
) -> Result<Said> {
    let told = match args.item.as_slice() {
        [] => message.to_owned(),
        items => format!("{} {message}", items.join(" and ")),
    };
    let instructions = match making::understood(studio, stage, &told) {
        Ok(instructions) => instructions,
        Err(e) => {
            talk::by_rule(studio, stage, message, &args.item, &format!("{e:#}"), None)?;
            return Err(e);
        }
    };
    let said = making::meant(&instructions);
    let mut answer = format!("by rule: {said}");
    let mut diff = String::new();
    if !args.apply {
        diff = making::foreseen(studio, stage, &instructions);
        if desk.interactive {
            desk.printer.always(&printable(&diff));
        }
    }
    let yes = args.apply || (desk.interactive && prompt::confirm(&format!("{answer}; do it?"))?);
    let mut version = None;
    if yes {
        let orders = Orders {
            workers: studio.settings.workers(None),
            feedback: Some(told),
            ..Orders::default()
        };
        let made = making::regenerate(studio, stage, &[], None, &orders).await?;
        version = Some(made.version);
        if !made.notes.is_empty() {
            // What the stage notes besides, it has said itself.
            let mine = made.notes.iter().filter(|n| n.starts_with('“'));
            let mine = mine.cloned().collect::<Vec<_>>().join("; ");
            answer = if mine.is_empty() {
                format!("done: {said}")
            } else {
                mine
            };
        }
    } else if !desk.interactive {
        answer.push_str("; add --apply and it is done");
    }
    talk::by_rule(studio, stage, message, &args.item, &answer, version)?;
    Ok(Said {
        by: "animatic".to_owned(),
        answer,
        patch: None,
        diff,
        version,
    })
}

/// Shows the end of what was said before.
fn recall(desk: &Desk, studio: &Studio, stage: Stage) {
    let talk = Conversation::open(&studio.run.layout, stage);
    for said in talk.0.iter().rev().take(6).rev() {
        desk.printer.always(&format!(
            "{}: {}",
            printable(&said.by),
            printable(&said.text)
        ));
    }
    if talk.unanswered().is_some() {
        desk.printer
            .say("the last message has no answer; say it again and it is asked for, once");
    }
}
