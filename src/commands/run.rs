//! `run`: on to the next gate or the end; asks at gates on a terminal, exits 3 off one.

use super::ask::{self, Answer};
use super::{Desk, JsonStream, Outcome, hear_interrupts};
use crate::cli::{Resume, RunArgs, RunName};
use crate::diagnostic::{Exit, Failure, Stopped};
use crate::engine::digest::Digest;
use crate::engine::duties;
use crate::engine::event::Event;
use crate::engine::gatekeeper::{self, Settled, Words};
use crate::engine::intake;
use crate::engine::items;
use crate::engine::making::{self, Orders};
use crate::engine::studio::Studio;
use crate::engine::survey::Survey;
use crate::engine::takes;
use crate::film::stage::Stage;
use crate::media::cancel::Why;
use crate::media::install::{self, Program};
use crate::media::tools;
use crate::plan::gate::Verdict;
use crate::plan::status::{Next, next};
use crate::stages;
use crate::store::format::Op;
use crate::store::{clock, disk};
use crate::ui::progress::Display;
use crate::ui::prompt;
use anyhow::Result;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a run is to do.
#[derive(Default)]
pub struct Going {
    pub until: Option<Stage>,
    pub yes_through: Option<Stage>,
    /// How long to wait at a gate for what happens elsewhere.
    pub wait: Option<Duration>,
    /// Items to be made again first.
    pub refresh: Vec<String>,
    pub orders: Orders,
    /// Nobody watches: no progress, no prompts, no stream.
    pub quiet: bool,
}

/// Reads `90`, `90s`, `30m`, `2h`, `1d`; nothing is for as long as it takes.
pub(super) fn duration(text: &str) -> Result<Duration, Failure> {
    if text.is_empty() {
        return Ok(Duration::MAX);
    }
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => f64::NAN,
    };
    let seconds = digits.parse::<f64>().unwrap_or(f64::NAN) * unit;
    Duration::try_from_secs_f64(seconds).map_err(|_| {
        Failure::new(Exit::Usage, format!("`{text}` is no length of time"))
            .hint("write it as 90s, 30m or 2h")
    })
}

fn going(studio: &Studio, args: &RunArgs) -> Result<Going> {
    let way = studio.run.film.sheet.way();
    let named = args.until.iter().chain(&args.yes_through);
    if let Some(stage) = named.into_iter().find(|s| !way.has(**s)) {
        let what = format!("this kind of film has no stage `{stage}`");
        return Err(Failure::new(Exit::Impossible, what).into());
    }
    Ok(Going {
        until: args.until,
        yes_through: if args.yes {
            Some(Stage::Render)
        } else {
            args.yes_through
        },
        wait: args.wait.as_deref().map(duration).transpose()?,
        refresh: args.refresh.clone(),
        orders: Orders {
            workers: studio.settings.workers(args.jobs),
            only: args.only.clone(),
            first: args.first.clone(),
            accept_degraded: args.accept_degraded,
            ..Orders::default()
        },
        quiet: false,
    })
}

pub async fn execute(desk: &Desk, args: RunArgs) -> Result<Outcome> {
    let root = desk.root(args.run.as_deref())?;
    if let Some(done) = nothing_to_do(desk, &root, &args)? {
        return Ok(done);
    }
    let mut studio = desk.open(root)?;
    let going = going(&studio, &args)?;
    known(&studio, &args.first)?;
    if args.prompts_only {
        return prompts(desk, &mut studio);
    }
    if !args.only.is_empty() && not_yet_made(&studio, &args.only) {
        return try_out(desk, studio, going).await;
    }
    go(desk, studio, going).await
}

/// Refuses to put first what is nowhere, once the film's items are known (exit 8).
fn known(studio: &Studio, items: &[String]) -> Result<()> {
    let nowhere = |item: &&String| {
        !Stage::ALL
            .into_iter()
            .any(|stage| making::has_item(studio, stage, item))
    };
    match items.iter().find(nowhere) {
        Some(item) if studio.run.film.storyboard.is_some() => Err(Failure::new(
            Exit::NotFound,
            format!("no stage has an item `{item}`"),
        )
        .hint("items are shots, cues, people and places, by id")
        .into()),
        _ => Ok(()),
    }
}

/// Whether items are named that no stage has made so far.
fn not_yet_made(studio: &Studio, items: &[String]) -> bool {
    let made = |stage: Stage| studio.run.ledger.version(stage).is_some();
    !items.iter().any(|item| {
        Stage::ALL
            .into_iter()
            .any(|stage| made(stage) && making::has_item(studio, stage, item))
    })
}

/// Makes single items before the rest: a hero frame to look at.
async fn try_out(desk: &Desk, mut studio: Studio, going: Going) -> Result<Outcome> {
    ensure_programs(desk, going.yes_through.is_some())?;
    let _runner = studio.run.runner_lock()?;
    let display = Arc::new(Display::new(desk.printer.clone()));
    let shown = display.clone();
    studio.listen(Box::new(move |event, _| shown.event(event)));
    hear_interrupts(studio.cancel.clone());
    let orders = Orders {
        strictly: true,
        ..going.orders
    };
    let takes = making::try_out(&mut studio, &orders).await?;
    let id = studio.run.id().to_owned();
    let files: Vec<String> = takes
        .iter()
        .filter_map(|t| Some(studio.run.layout.at(takes::main_file(t)?.1.to_str()?)))
        .map(|p| p.display().to_string())
        .collect();
    desk.printer.say(&format!(
        "the rest is not made yet: `greenlight run {id}` makes it, these among it"
    ));
    Ok(Outcome::data(json!({"made": files}), files.join("\n"))
        .changed(true)
        .of(id))
}

/// Writes the storyboard without its pictures, to be read and changed before they are paid.
fn prompts(desk: &Desk, studio: &mut Studio) -> Result<Outcome> {
    let _runner = studio.run.runner_lock()?;
    intake::take_in(studio)?;
    let id = studio.run.id().to_owned();
    let path = studio.run.layout.at("storyboard.yaml");
    if studio.run.film.storyboard.is_none() {
        let ready = studio.run.film.references.is_some();
        if !ready {
            return Err(Failure::new(
                Exit::Impossible,
                "the prompts come from the script and the references, which are not there yet",
            )
            .hint(format!(
                "`greenlight run {id} --yes-through references`, then this again"
            ))
            .into());
        }
        let board = stages::storyboard::plan(&studio.desk(&[]))?;
        disk::write_atomic(&path, crate::film::document::write(&board)?.as_bytes())?;
    }
    desk.printer.say(&format!(
        "change what is to be seen in `prompt`, then `greenlight run {id}`"
    ));
    let text = path.display().to_string();
    Ok(Outcome::data(json!({"file": path}), text)
        .changed(true)
        .of(id))
}

/// A finished film nobody touched is left in peace: it is looked at, and nothing is written.
fn at_rest(desk: &Desk, root: &Path, args: &RunArgs) -> Result<Option<(Digest, PathBuf)>> {
    if !args.refresh.is_empty() || !args.only.is_empty() {
        return Ok(None);
    }
    let settings = desk.settings()?;
    // Whatever is wrong with it is said on the long way.
    let Ok(digest) = Digest::of(root, desk.workspace.root(), &settings, &desk.by()) else {
        return Ok(None);
    };
    let film = digest.film.as_ref().map(|f| root.join(f));
    Ok(film.filter(|_| digest.at_rest).map(|film| (digest, film)))
}

fn nothing_to_do(desk: &Desk, root: &Path, args: &RunArgs) -> Result<Option<Outcome>> {
    let Some((digest, film)) = at_rest(desk, root, args)? else {
        return Ok(None);
    };
    desk.printer.about(&digest.id);
    let message = format!("the film is done: {}", film.display());
    if desk.printer.json {
        let stream = JsonStream::new(desk.printer.clone(), &digest.id);
        let line = digest.journal;
        let title = digest.title.clone();
        stream.send(Event::RunStarted { title }.json(), line);
        stream.send(
            json!({
                "event": "summary", "schema": 1, "command": "run", "ok": true, "exit": 0,
                "waiting_at": null, "film": film, "message": message, "changed": false,
                "result": {"waiting_at": null, "film": film}, "warnings": desk.printer.warnings(), "error": null,
            }),
            line,
        );
    } else {
        desk.printer.say(&message);
    }
    let mut outcome = Outcome::data(
        json!({"waiting_at": null, "film": film}),
        film.display().to_string(),
    )
    .of(digest.id);
    outcome.printed = desk.printer.json;
    Ok(Some(outcome))
}

/// The same with nobody watching: several may run at once.
pub async fn quietly(desk: &Desk, args: RunArgs) -> Result<Outcome> {
    let root = desk.workspace.resolve(args.run.as_deref())?;
    if let Some((digest, film)) = at_rest(desk, &root, &args)? {
        let result = json!({"waiting_at": null, "film": film});
        return Ok(Outcome::data(result, "").of(digest.id));
    }
    let studio = desk.open(root)?;
    let going = Going {
        quiet: true,
        ..going(&studio, &args)?
    };
    go(desk, studio, going).await
}

/// Takes a run as far as it goes, with progress and prompts.
pub async fn go(desk: &Desk, mut studio: Studio, going: Going) -> Result<Outcome> {
    ensure_programs(desk, going.yes_through.is_some())?;
    let mut runner = Some(studio.run.runner_lock()?);
    let id = studio.run.id().to_owned();
    let display = Arc::new(Display::new(desk.printer.clone()));
    let stream = (desk.printer.json && !going.quiet)
        .then(|| Arc::new(JsonStream::new(desk.printer.clone(), &id)));
    let (shown, sent) = (display.clone(), stream.clone());
    if !going.quiet {
        studio.listen(Box::new(move |event, line| match &sent {
            Some(stream) => stream.send(event.json(), line),
            None => shown.event(event),
        }));
    }
    if !going.quiet {
        hear_interrupts(studio.cancel.clone());
    }
    disk::remove(&studio.run.layout.cancel_request());
    let by = studio.by.clone();
    let started = async {
        intake::take_in(&mut studio)?;
        studio.begin()?;
        studio.tell(Event::RunStarted {
            title: studio.run.film.sheet.title.clone(),
        });
        anyhow::Ok(())
    };
    let mut result = started.await.map(|()| None);
    for item in &going.refresh {
        if result.is_ok() {
            result = refresh(&mut studio, item, &going.orders)
                .await
                .map(|()| None);
        }
    }
    let since = Instant::now();
    while let Ok(None) = result {
        result = walk(desk, &mut studio, &going, &display).await.map(Some);
        let waits = matches!(&result, Ok(Some(end)) if end.exit == Exit::Waiting);
        if let (true, Some(patience)) = (waits, going.wait) {
            // Others may work on the run while this one only waits.
            drop(runner.take());
            let news = wait_for_news(&mut studio, patience.saturating_sub(since.elapsed())).await;
            match news {
                Ok(true) => {
                    runner = Some(studio.run.runner_lock()?);
                    result = Ok(None);
                }
                Ok(false) => {}
                Err(e) => result = Err(e),
            }
        }
    }
    // What was broken off elsewhere, and is asked for no more, is in doubt from now on.
    if let (Ok(_), Some(_)) = (&result, &runner)
        && let Err(e) = items::all_left_behind(&mut studio)
    {
        result = Err(e);
    }
    display.finish();
    if !going.quiet {
        prompt::restore_terminal();
    }
    let result = result.map(|end| end.unwrap_or_default()).map_err(|e| {
        if e.downcast_ref::<Stopped>().is_none() {
            return e;
        }
        let why = studio.cancel.why().unwrap_or(Why::Interrupt);
        let said = if why == Why::Elsewhere {
            "cancelled from elsewhere"
        } else {
            "stopped"
        };
        Failure::new(why.exit(), said)
            .hint(format!("`greenlight run {id}` goes on from here"))
            .into()
    });
    let exit = match &result {
        Ok(end) => end.exit,
        Err(e) => crate::diagnostic::exit_of(e),
    };
    // The end of a run is worth a line even where the run failed; that line failing is not news.
    let _ = studio.run.log(&by, vec![Op::RunEnded { exit: exit as u8 }]);
    drop(runner);
    if exit == Exit::Done {
        Digest::remember(&studio, desk.workspace.root());
    }
    let film = studio.run.layout.at("render/film.mp4");
    let film = (exit == Exit::Done && film.is_file()).then_some(film);
    let line = studio.run.ledger.last_seq;
    let (waiting, message) = match &result {
        Ok(end) => (end.waiting, end.message.clone()),
        Err(e) => (None, format!("{e:#}")),
    };
    studio.tell_ended(exit, film.as_deref(), &message);
    if let Some(stream) = &stream {
        let problems = result.as_ref().err().map(super::problems);
        if let Some(problems) = &problems {
            stream.send(
                json!({"event": "error", "exit": exit as u8, "problems": problems}),
                line,
            );
        }
        stream.send(
            json!({
                "event": "summary", "schema": 1, "command": "run", "ok": exit == Exit::Done, "exit": exit as u8,
                "waiting_at": waiting, "film": film, "message": message, "changed": true,
                "result": {"waiting_at": waiting, "film": film}, "warnings": desk.printer.warnings(),
                "error": problems.map(|p| json!({"exit": exit as u8, "problems": p})),
            }),
            line,
        );
        let mut outcome = Outcome::data(Value::Null, "").exit(exit).of(id);
        outcome.printed = true;
        return Ok(outcome);
    }
    let end = result?;
    if !going.quiet && !end.message.is_empty() {
        desk.printer.say(&end.message);
    }
    let text = film
        .as_ref()
        .map(|f| f.display().to_string())
        .unwrap_or_default();
    Ok(Outcome::data(
        json!({"waiting_at": end.waiting, "film": film, "message": end.message}),
        text,
    )
    .exit(end.exit)
    .changed(true)
    .of(id))
}

/// Makes an item again on purpose, whatever stage it belongs to.
async fn refresh(studio: &mut Studio, item: &str, orders: &Orders) -> Result<()> {
    let stage = Stage::ALL
        .into_iter()
        .find(|stage| making::has_item(studio, *stage, item))
        .ok_or_else(|| {
            Failure::new(Exit::NotFound, format!("no stage has an item `{item}`"))
                .hint("items are shots, cues, people and places, by id")
        })?;
    let items = [item.to_owned()];
    making::regenerate(studio, stage, &items, None, orders).await?;
    Ok(())
}

/// Waits at a gate, holding no lock, until the journal grows, a file is saved or a timer is due.
/// Returns false when patience ends first.
async fn wait_for_news(studio: &mut Studio, patience: Duration) -> Result<bool> {
    let started = Instant::now();
    let seen = traces(studio);
    let due = Stage::ALL
        .into_iter()
        .filter_map(|s| studio.run.gate_file(s))
        .filter(|g| g.decision.is_none() && !g.held)
        .filter_map(|g| g.deadline)
        .min();
    loop {
        items::cancelled_elsewhere(studio);
        studio.cancel.check()?;
        let now = clock::now();
        if traces(studio) != seen || due.is_some_and(|due| now >= due) {
            return Ok(true);
        }
        if started.elapsed() >= patience {
            return Ok(false);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Sizes and times of what people change.
pub(super) fn traces(studio: &Studio) -> Vec<Option<(u64, std::time::SystemTime)>> {
    let layout = &studio.run.layout;
    let documents = Stage::ALL.into_iter().filter_map(Stage::document);
    std::iter::once(layout.journal())
        .chain(documents.map(|name| layout.at(name)))
        .map(|path| {
            let meta = std::fs::metadata(path).ok()?;
            Some((meta.len(), meta.modified().ok()?))
        })
        .collect()
}

/// Where a run came to rest.
struct End {
    exit: Exit,
    waiting: Option<Stage>,
    message: String,
}

impl Default for End {
    fn default() -> End {
        End {
            exit: Exit::Done,
            waiting: None,
            message: String::new(),
        }
    }
}

async fn walk(desk: &Desk, studio: &mut Studio, going: &Going, display: &Display) -> Result<End> {
    let until = going.until.unwrap_or(Stage::Render);
    let mut said_no = 0;
    let (mut made, mut again, mut was_unanswered) = (Vec::new(), 0, false);
    loop {
        items::cancelled_elsewhere(studio);
        studio.cancel.check()?;
        // What was changed by hand meanwhile comes first.
        intake::take_in(studio)?;
        let survey = Survey::take(studio);
        let way = studio.run.film.sheet.way();
        let id = studio.run.id().to_owned();
        for state in &survey.states {
            if way.is_up_to(state.stage, until) {
                studio.run.check_gate_file(state.stage)?;
            }
        }
        match next(&survey.states, &survey.facts, until) {
            Next::Done => {
                for facts in &survey.facts {
                    if !facts.outdated.is_empty() {
                        studio.warn(format!(
                            "{}: left as you chose, though what it was made for changed: {}",
                            facts.stage,
                            facts.outdated.join(", ")
                        ));
                    }
                }
                let film = studio.run.layout.at("render/film.mp4");
                return Ok(End {
                    exit: Exit::Done,
                    waiting: None,
                    message: if until == Stage::Render {
                        format!("the film is done: {}", film.display())
                    } else {
                        format!("done up to {until}")
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
                    "choose: `greenlight resolve {id} {stage} --take mine|generated|merge`"
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
                if let Some(end) = at_gate(desk, studio, going, display, stage).await? {
                    return Ok(end);
                }
            }
        }
    }
}

/// Decides at an open gate as far as that is possible; where it is not, says where it waits.
async fn at_gate(
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
    let held_by = studio.run.ledger.held.get(&stage).map(|h| h.by.clone());
    let revoked = now
        .as_ref()
        .is_some_and(|n| studio.run.ledger.revoked.contains(&n.subject));
    let unmet = duties::breaches(studio, stage);
    if held_by.is_none()
        && !revoked
        && unmet.is_empty()
        && going
            .yes_through
            .is_some_and(|through| studio.run.film.sheet.way().is_up_to(stage, through))
    {
        let words = Words {
            policy: true,
            ..Words::default()
        };
        gatekeeper::decide(studio, stage, Verdict::Approve, "policy", &words)?;
        return Ok(None);
    }
    let why = match gatekeeper::settle(studio, stage)? {
        Settled::Approved => return Ok(None),
        Settled::Waits(why) => why,
    };
    let id = studio.run.id().to_owned();
    if desk.interactive && !going.quiet && going.wait.is_none() {
        display.finish();
        return match ask::ask(desk, studio, stage).await? {
            Answer::Decided => Ok(None),
            Answer::Stop => Ok(Some(End {
                exit: Exit::Waiting,
                waiting: Some(stage),
                message: format!("{stage} waits; `greenlight run {id}` comes back to it"),
            })),
        };
    }
    if !going.quiet {
        for breach in &unmet {
            desk.printer.warn(&breach.line());
        }
    }
    let deadline = studio.run.gate_file(stage).and_then(|g| g.deadline);
    let timer = match (held_by, deadline) {
        (None, _) if revoked => format!("; {why}"),
        (Some(by), _) => format!("; it is held by {by}"),
        (None, Some(_)) => format!("; {why}"),
        (None, None) => String::new(),
    };
    // What is not met is mended, or taken on with a reason.
    let over = match unmet.is_empty() {
        true => "",
        false => " --override --note \"why\"",
    };
    Ok(Some(End {
        exit: Exit::Waiting,
        waiting: Some(stage),
        message: format!(
            "{stage} waits for a decision{timer}\nlook:    greenlight gate show {id} {stage}\napprove: greenlight gate approve {id} {stage}{over} --run\nchange:  greenlight gate reject {id} {stage} --feedback \"…\""
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
    let settings = desk.settings()?;
    let root = studio.run.layout.root();
    let at_rest = Digest::of(root, desk.workspace.root(), &settings, &desk.by())
        .is_ok_and(|digest| digest.at_rest);
    if at_rest {
        return Err(
            Failure::new(Exit::Impossible, "the film is done; nothing is at work")
                .hint(format!("`greenlight status {id}` shows where it stands"))
                .into(),
        );
    }
    if studio.run.ledger.cancelled {
        return Ok(Outcome::data(json!({}), "").of(id));
    }
    let alive = studio.run.alive();
    // One that waits at a gate holds no lock and hears of it all the same.
    disk::write_scratch(&studio.run.layout.cancel_request(), b"cancel")?;
    let by = studio.by.clone();
    studio.run.log(&by, vec![Op::Cancelled])?;
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
        let mut studio = desk.studio(args.run.as_deref())?;
        let id = studio.run.id().to_owned();
        super::gate::decide_with_patch(
            desk,
            &mut studio,
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
