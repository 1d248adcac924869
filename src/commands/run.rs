//! `run`: on to the next gate or the end; asks at gates on a terminal, exits 3 off one.

use super::{Desk, JsonStream, Outcome, hear_interrupts};
use crate::cli::{Resume, RunArgs, RunName};
use crate::diagnostic::{Exit, Failure};
use crate::engine::event::Event;
use crate::engine::gatekeeper::{self, Words};
use crate::engine::intake;
use crate::engine::making::{self, Orders};
use crate::engine::studio::Studio;
use crate::engine::survey::Survey;
use crate::film::stage::Stage;
use crate::media::install::{self, Program};
use crate::media::tools;
use crate::plan::gate::Verdict;
use crate::plan::status::{Next, next};
use crate::store::disk;
use crate::store::format::Op;
use crate::ui::progress::Display;
use crate::ui::prompt;
use anyhow::Result;
use serde_json::json;
use std::sync::Arc;

/// What a run is to do.
pub struct Going {
    pub until: Stage,
    pub yes_through: Option<Stage>,
    pub orders: Orders,
}

pub async fn execute(desk: &Desk, args: RunArgs) -> Result<Outcome> {
    let studio = desk.studio(args.run.as_deref())?;
    let workers = studio.settings.workers(args.jobs);
    let going = Going {
        until: args.until.unwrap_or(Stage::Render),
        yes_through: if args.yes {
            Some(Stage::Render)
        } else {
            args.yes_through
        },
        orders: Orders {
            workers,
            only: args.only,
            ..Orders::default()
        },
    };
    go(desk, studio, going).await
}

/// Takes a run as far as it goes, with progress and prompts.
pub async fn go(desk: &Desk, mut studio: Studio, going: Going) -> Result<Outcome> {
    ensure_programs(desk, going.yes_through.is_some())?;
    let _runner = studio.run.runner_lock()?;
    let id = studio.run.id().to_owned();
    let display = Arc::new(Display::new(desk.printer.clone()));
    let stream = desk
        .printer
        .json
        .then(|| Arc::new(JsonStream::new(desk.printer.clone(), &id)));
    let (shown, sent) = (display.clone(), stream.clone());
    studio.listen(Box::new(move |event| match &sent {
        Some(stream) => stream.send(event.json()),
        None => shown.event(&event),
    }));
    hear_interrupts(studio.cancel.clone());
    disk::remove(&studio.run.layout.cancel_request());
    let by = studio.by.clone();
    intake::take_in(&mut studio)?;
    studio.run.log(
        &by,
        Op::RunStarted {
            pid: std::process::id(),
        },
    )?;
    studio.tell(Event::RunStarted {
        title: studio.run.film.sheet.title.clone(),
    });
    let result = walk(desk, &mut studio, &going, &display).await;
    display.finish();
    prompt::restore_terminal();
    let exit = match &result {
        Ok(end) => end.exit,
        Err(e) if e.downcast_ref::<crate::diagnostic::Stopped>().is_some() => Exit::Interrupted,
        Err(e) => crate::diagnostic::exit_of(e),
    };
    // The end of a run is worth a line even where the run failed; that line failing is not news.
    let _ = studio.run.log(&by, Op::RunEnded { exit: exit as u8 });
    let end = result?;
    let film = studio.run.layout.at("render/film.mp4");
    let film = (end.exit == Exit::Done && film.is_file()).then_some(film);
    if let Some(stream) = &stream {
        stream.send(json!({"event": "summary", "schema": 1, "command": "run", "ok": end.exit == Exit::Done, "exit": end.exit as u8, "waiting_at": end.waiting, "film": film, "message": end.message}));
    } else if !end.message.is_empty() {
        desk.printer.say(&end.message);
    }
    let text = film
        .as_ref()
        .map(|f| f.display().to_string())
        .unwrap_or_default();
    let mut outcome = Outcome::data(json!({"waiting_at": end.waiting, "film": film}), text)
        .exit(end.exit)
        .changed(true)
        .of(id);
    outcome.printed = desk.printer.json;
    Ok(outcome)
}

/// Where a run came to rest.
struct End {
    exit: Exit,
    waiting: Option<Stage>,
    message: String,
}

async fn walk(desk: &Desk, studio: &mut Studio, going: &Going, display: &Display) -> Result<End> {
    let mut said_no = 0;
    let (mut made, mut again, mut was_unanswered) = (Vec::new(), 0, false);
    loop {
        if studio.cancel.is_stopped() {
            return Err(crate::diagnostic::Stopped.into());
        }
        // What was changed by hand meanwhile comes first.
        intake::take_in(studio)?;
        let survey = Survey::take(studio);
        let id = studio.run.id().to_owned();
        for state in &survey.states {
            if state.stage <= going.until {
                studio.run.check_gate_file(state.stage)?;
            }
        }
        match next(&survey.states, &survey.facts, going.until) {
            Next::Done => {
                let film = studio.run.layout.at("render/film.mp4");
                return Ok(End {
                    exit: Exit::Done,
                    waiting: None,
                    message: if going.until == Stage::Render {
                        format!("the film is done: {}", film.display())
                    } else {
                        format!("done up to {}", going.until)
                    },
                });
            }
            Next::Make(stage) => {
                said_no = if survey.of(stage).1.unanswered {
                    said_no + 1
                } else {
                    0
                };
                if said_no > 3 {
                    return Err(Failure::new(
                        Exit::Rejected,
                        format!("{stage} comes out the same after this feedback"),
                    )
                    .hint("say it otherwise, or change the file")
                    .into());
                }
                let version = making::make(studio, stage, &going.orders).await?;
                let same = (stage, version.content_fp, version.inputs_fp);
                if made.contains(&same) && survey.of(stage).1.unanswered == was_unanswered {
                    again += 1;
                }
                was_unanswered = survey.of(stage).1.unanswered;
                if again > 3 {
                    return Err(Failure::new(
                        Exit::Other,
                        format!("{stage} comes out the same again and again, and something of it is still missing"),
                    )
                    .hint(format!("`greenlight gate show {id} {stage}` tells what there is"))
                    .into());
                }
                made.push(same);
            }
            Next::Failed(stage) => {
                return Err(Failure::new(Exit::TaskFailed, format!("{stage} failed"))
                    .hint(format!("`greenlight log {id}` tells why"))
                    .into());
            }
            Next::Invalid(stage) => {
                let failure = studio.run.invalid.get(&stage).cloned();
                return Err(failure
                    .unwrap_or_else(|| {
                        Failure::new(Exit::Invalid, format!("{stage} cannot be read"))
                    })
                    .into());
            }
            Next::Conflict(stage) => {
                return Err(Failure::new(
                    Exit::Conflict,
                    format!("{stage} was edited while it was made; both are kept"),
                )
                .hint(format!(
                    "choose: `greenlight resolve {id} {stage} --take mine` or `--take generated`"
                ))
                .into());
            }
            Next::Rejected(stage) => {
                let why = survey.of(stage).0.reason.clone().unwrap_or_default();
                return Ok(End {
                    exit: Exit::Rejected,
                    waiting: Some(stage),
                    message: format!(
                        "{stage} is rejected: {why}\nchange it by hand, or ask for it again: greenlight regenerate {id} {stage} --feedback \"…\""
                    ),
                });
            }
            Next::Gate(stage) => {
                if let Some(end) = at_gate(desk, studio, going, display, stage)? {
                    return Ok(end);
                }
            }
        }
    }
}

/// Decides at an open gate as far as that is possible; where it is not, says where it waits.
fn at_gate(
    desk: &Desk,
    studio: &mut Studio,
    going: &Going,
    display: &Display,
    stage: Stage,
) -> Result<Option<End>> {
    gatekeeper::present(studio, stage)?;
    let now = gatekeeper::subject(studio, stage);
    if now
        .as_ref()
        .is_some_and(|n| studio.run.ledger.decision(&n.subject).is_some())
    {
        return Ok(None);
    }
    if going.yes_through.is_some_and(|through| stage <= through) {
        gatekeeper::decide(studio, stage, Verdict::Approve, "policy", &Words::default())?;
        return Ok(None);
    }
    if gatekeeper::settle_timer(studio, stage)? {
        return Ok(None);
    }
    let id = studio.run.id().to_owned();
    if desk.interactive {
        display.finish();
        return match super::gate::ask(desk, studio, stage)? {
            super::gate::Answer::Decided => Ok(None),
            super::gate::Answer::Stop => Ok(Some(End {
                exit: Exit::Waiting,
                waiting: Some(stage),
                message: format!("{stage} waits; `greenlight run {id}` comes back to it"),
            })),
        };
    }
    let deadline = studio.run.gate_file(stage).and_then(|g| g.deadline);
    let timer = deadline
        .map(|d| format!("; it approves itself at {d}"))
        .unwrap_or_default();
    Ok(Some(End {
        exit: Exit::Waiting,
        waiting: Some(stage),
        message: format!(
            "{stage} waits for a decision{timer}\nlook:    greenlight gate show {id} {stage}\napprove: greenlight gate approve {id} {stage} --run\nchange:  greenlight gate reject {id} {stage} --feedback \"…\""
        ),
    }))
}

/// FFmpeg, and a voice: found, or installed where that was allowed or is answered yes.
pub fn ensure_programs(desk: &Desk, allowed: bool) -> Result<()> {
    let printer = desk.printer.clone();
    let say = move |text: &str| printer.always(text);
    if tools::find("ffmpeg").is_none() {
        let wanted = allowed
            || (desk.interactive && prompt::confirm("FFmpeg is not on this machine. Install it?")?);
        if !wanted {
            tools::ffmpeg()?;
        }
        install::install(Program::Ffmpeg, &say)?;
    }
    let ffmpeg = tools::ffmpeg()?;
    if tools::voices(&ffmpeg).is_empty()
        && std::env::var_os("GREENLIGHT_ESPEAK_NG").is_none_or(|v| !v.is_empty())
    {
        let wanted = allowed
            || (desk.interactive
                && prompt::confirm("No voice is on this machine. Install espeak-ng?")?);
        if !wanted || install::install(Program::Espeak, &say).is_err() {
            desk.printer.warn("no voice on this machine: lines are captioned and silent (`greenlight doctor --fix` installs one)");
        }
    }
    Ok(())
}

pub fn cancel(desk: &Desk, args: RunName) -> Result<Outcome> {
    let mut studio = desk.studio(args.run.as_deref())?;
    let id = studio.run.id().to_owned();
    if studio.run.ledger.cancelled {
        return Ok(Outcome::data(json!({}), "").of(id));
    }
    let alive = studio.run.alive();
    if alive {
        disk::write_scratch(&studio.run.layout.cancel_request(), b"cancel")?;
    }
    let by = studio.by.clone();
    studio.run.log(&by, Op::Cancelled)?;
    desk.printer.say(if alive {
        "the run is stopping"
    } else {
        "cancelled; `greenlight resume` goes on"
    });
    Ok(Outcome::data(json!({"alive": alive}), "")
        .changed(true)
        .of(id))
}

pub async fn resume(desk: &Desk, args: Resume) -> Result<Outcome> {
    if let Some(file) = &args.patch {
        let studio = desk.studio(args.run.as_deref())?;
        let id = studio.run.id().to_owned();
        super::gate::decide_with_patch(
            desk,
            studio,
            None,
            Verdict::Reject,
            file,
            &Words::default(),
        )?;
        return resume_plain(desk, Some(id), args.yes).await;
    }
    resume_plain(desk, args.run, args.yes).await
}

async fn resume_plain(desk: &Desk, run: Option<String>, yes: bool) -> Result<Outcome> {
    execute(desk, RunArgs::plain(run, yes)).await
}
