//! Makes a stage: its items side by side, each kept the moment it is done, then its artifact as one
//! version. Stopped at any moment, it goes on from what was kept.

use super::event::Event;
use super::queue::{ForItem, Queue, Word};
use super::studio::Studio;
use super::survey::Survey;
use super::{cutting, gatekeeper, intake};
use crate::diagnostic::Stopped;
use crate::diagnostic::{Exit, Failure, exit_of};
use crate::film::document;
use crate::film::retouch::retouch;
use crate::film::stage::Stage;
use crate::media::cancel::Why;
use crate::plan::feedback::{self, Instruction};
use crate::plan::money::Money;
use crate::plan::status::State;
use crate::providers::roles::Hand;
use crate::stages::{self, Crew, Wanted, render};
use crate::store::disk;
use crate::store::format::{Op, Take, Version, VersionKind};
use crate::store::run::{Draft, write_take};
use crate::store::spending;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

/// What a making may be told.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    pub workers: usize,
    /// Make only these items, if any are named.
    pub only: Vec<String>,
    /// Nothing but those, even where the rest is not there yet.
    pub strictly: bool,
    /// What a person said about the stage.
    pub feedback: Option<String>,
    /// How the film is cut, and what besides it.
    pub cut: render::Options,
}

/// Makes a stage and presents it at its gate.
pub async fn make(studio: &mut Studio, stage: Stage, orders: &Orders) -> Result<Version> {
    disk::write_scratch(&studio.run.layout.now_making(), stage.name().as_bytes())?;
    let result = make_inner(studio, stage, orders).await;
    disk::remove(&studio.run.layout.now_making());
    let version = result?;
    if version.placed {
        gatekeeper::present(studio, stage)?;
    }
    Ok(version)
}

async fn make_inner(studio: &mut Studio, stage: Stage, orders: &Orders) -> Result<Version> {
    let crew = studio.crew()?;
    let said = orders
        .feedback
        .clone()
        .or_else(|| studio.run.ledger.unanswered(stage));
    // A provider that writes is told in the person's own words.
    let told = stage == Stage::Script && studio.remote("text").is_some();
    studio.said = said.clone().filter(|_| told);
    let instructions = match &said {
        Some(text) if !told => understood(studio, stage, text)?,
        _ => Vec::new(),
    };
    let base = studio.run.working(stage);
    let before = studio.run.reads(stage);
    let items = stages::todo(stage, &studio.desk(&instructions)).map_or(0, |t| t.len());
    studio.tell(Event::StageStarted { stage, items });
    let (artifact, faults) = if stage == Stage::Render {
        cutting::film(studio, &crew, orders)?
    } else {
        items_of(studio, stage, &crew, &instructions, orders).await?;
        // Put together from what lay there when it began; what somebody wrote meanwhile is theirs.
        let desk = studio.desk(&instructions);
        (stages::assemble(stage, &desk)?, Vec::new())
    };
    let files: Vec<String> = artifact.files.keys().cloned().collect();
    let notes = artifact.notes.clone();
    let draft = Draft {
        inputs_fp: before.as_ref().map(|i| i.hash.clone()),
        feedback: said,
        notes: artifact.notes,
        made: artifact.made,
        read: before.map(|i| i.parts).unwrap_or_default(),
        base: Some(base),
        ..Draft::new(stage, VersionKind::Generated, "system", artifact.files)
    };
    studio.said = None;
    let version = gatekeeper::keep(studio, draft, None)?;
    studio.tell(Event::StageCompleted {
        stage,
        version: version.version,
        files,
        notes,
    });
    if !version.placed {
        studio.warn(format!("{stage} was edited while it was made; what was made is version {}, your files are as you left them", version.version));
    }
    if !faults.is_empty() {
        return Err(Failure::new(
            Exit::ChecksFailed,
            format!("the film failed its checks: {}", faults.join("; ")),
        )
        .hint(format!(
            "the film is kept: {}",
            studio.run.layout.at("render/film.mp4").display()
        ))
        .into());
    }
    Ok(version)
}

/// Reads feedback by the documented instructions; what they do not cover is refused by name of the
/// role that could follow it.
pub fn understood(studio: &Studio, stage: Stage, text: &str) -> Result<Vec<Instruction>> {
    let film = &studio.run.film;
    let mut names = feedback::Names::default();
    if let Some(outline) = &film.outline {
        for beat in &outline.beats {
            let parts = crate::film::cast::heading_parts(&beat.title);
            let words = [parts.place, beat.title.clone()]
                .into_iter()
                .filter(|w| !w.trim().is_empty())
                .collect();
            names.beats.push((
                beat.id
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                words,
            ));
        }
    }
    if let Some(board) = &film.storyboard {
        names.shots = board.shots().map(|(_, s)| s.name().to_owned()).collect();
    }
    if let Some(references) = &film.references {
        names.people = references
            .cast
            .iter()
            .map(|p| (p.id.to_string(), p.name.clone()))
            .collect();
    }
    let refuse = |parts: &[String]| {
        let role = match stage {
            Stage::References | Stage::Storyboard => "text` and `image",
            Stage::Assets => "video",
            Stage::Audio => "voice` and `music",
            _ => "text",
        };
        Failure::new(Exit::Missing, format!("the offline house cannot follow: {}", parts.iter().map(|p| format!("“{}”", crate::diagnostic::printable(p))).collect::<Vec<_>>().join(", ")))
            .hint(format!(
            "{}; a provider for `{role}` could follow more, or change the file yourself",
            match stage {
                Stage::Outline => "here it follows: shorter, longer, N seconds, a mood, drop a beat",
                Stage::Script => "here it follows: drop a scene",
                Stage::References => "here it follows: a mood, a look, drop a person",
                Stage::Storyboard => "here it follows: shorter, longer, slower, faster, N seconds, more or fewer shots, closer, wider, a mood, drop",
                Stage::Audio => "here it follows: music or voices louder or quieter, a mood",
                Stage::Assets | Stage::Render => "say it at the storyboard or audio stage",
            }
        ))
    };
    let instructions = feedback::read(text, &names).map_err(|lost| refuse(&lost))?;
    let lost: Vec<String> = instructions
        .iter()
        .filter(|i| !follows(stage, i))
        .map(|i| i.said.clone())
        .collect();
    if lost.is_empty() {
        Ok(instructions)
    } else {
        Err(refuse(&lost).into())
    }
}

/// Which instructions a stage can follow by rule.
fn follows(stage: Stage, instruction: &Instruction) -> bool {
    use feedback::{Change, Target};
    match (stage, &instruction.change) {
        (Stage::Outline, Change::Length(_) | Change::Seconds(_) | Change::Mood(_)) => true,
        (Stage::Outline | Stage::Script, Change::Drop) => {
            matches!(instruction.target, Target::Beat(_))
        }
        (Stage::References, Change::Mood(_) | Change::Look(_)) => true,
        (Stage::References, Change::Drop) => matches!(instruction.target, Target::Person(_)),
        (Stage::Storyboard, Change::Drop) => instruction.target != Target::All,
        (Stage::Storyboard, c) => {
            !matches!(c, Change::Look(_) | Change::Music(_) | Change::Voices(_))
        }
        (Stage::Audio, Change::Music(_) | Change::Voices(_) | Change::Mood(_)) => true,
        _ => false,
    }
}

/// Makes single items of a stage that was not made yet, to be looked at before the rest is paid. They
/// are takes like any other: the stage itself begins with them.
///
/// # Errors
/// No stage that is ready has such items (exit 8).
pub async fn try_out(studio: &mut Studio, orders: &Orders) -> Result<Vec<Take>> {
    intake::take_in(studio)?;
    let survey = Survey::take(studio);
    let ready = survey.states.iter().find(|s| s.state == State::Ready);
    let known = match ready {
        Some(state) => stages::wanted(state.stage, &studio.desk(&[]))?,
        None => Vec::new(),
    };
    let named = |item: &String| known.iter().any(|w| w.item == *item);
    let (Some(stage), None) = (
        ready.map(|s| s.stage),
        orders.only.iter().find(|item| !named(item)),
    ) else {
        let items: Vec<&str> = known.iter().map(|w| w.item.as_str()).collect();
        let what = format!(
            "nothing that could be made now is called {}",
            orders.only.join(", ")
        );
        return Err(Failure::new(Exit::NotFound, what)
            .hint(match items.is_empty() {
                true => "decide what is open first: `greenlight status` shows it".to_owned(),
                false => format!("there are {}", items.join(", ")),
            })
            .into());
    };
    let crew = studio.crew()?;
    items_of(studio, stage, &crew, &[], orders).await?;
    let ledger = &studio.run.ledger;
    let last = |item: &String| ledger.takes.get(&(stage, item.clone()))?.last().cloned();
    Ok(orders.only.iter().filter_map(last).collect())
}

/// Makes what is wanted and not there, several at once, until nothing more is wanted.
pub(super) async fn items_of(
    studio: &mut Studio,
    stage: Stage,
    crew: &Crew,
    instructions: &[Instruction],
    orders: &Orders,
) -> Result<()> {
    let mut made_any = true;
    let mut done = 0u64;
    while made_any {
        made_any = false;
        let desk = studio.desk(instructions);
        let mut items: Vec<Wanted> = Vec::new();
        for wanted in stages::wanted(stage, &desk)? {
            if !orders.only.is_empty()
                && !orders.only.contains(&wanted.item)
                && (orders.strictly
                    || studio
                        .run
                        .ledger
                        .takes
                        .contains_key(&(stage, wanted.item.clone())))
            {
                continue;
            }
            if stages::stays(&desk, stage, &wanted) {
                continue;
            }
            let have = studio.run.ledger.made(stage, &wanted.item, &wanted.key);
            if have.is_some_and(|take| studio.run.take_is_whole(take)) {
                continue;
            }
            items.push(wanted);
        }
        // Only who is to be asked must be there: a film that is made needs no key to be cut again.
        let asked: BTreeSet<&str> = items
            .iter()
            .filter_map(|w| Some(w.bill.as_ref()?.0))
            .collect();
        for role in asked {
            studio.can_ask(role)?;
        }
        let queue = stages::works(stage, &desk, crew, items)?;
        if queue.is_empty() {
            break;
        }
        let total = done + queue.len() as u64;
        let remote = queue.iter().any(|(w, _)| {
            w.bill
                .as_ref()
                .is_some_and(|(role, _)| studio.remote(role).is_some())
        });
        // Whoever waits for a provider needs no core of this machine.
        let at_once = if remote {
            AT_ONCE
        } else {
            orders.workers.max(1)
        };
        let slots = Arc::new(Semaphore::new(at_once));
        let (words, mut heard) = mpsc::unbounded_channel::<Word>();
        let tasks = Arc::new(Queue::new(
            &studio.settings,
            studio.workspace.clone(),
            studio.run.layout.clone(),
            studio.run.ledger.tasks.clone(),
            studio.run.ledger.spent(),
            studio.ceiling(),
            words,
        ));
        let mut jobs: JoinSet<(Wanted, Result<Done>)> = JoinSet::new();
        let (started, mut starts) = mpsc::unbounded_channel::<Wanted>();
        for (wanted, work) in queue {
            let slots = slots.clone();
            let cancel = studio.cancel.clone();
            let hand = Hand {
                cancel: cancel.clone(),
                tasks: Arc::new(ForItem {
                    queue: tasks.clone(),
                    stage,
                    item: wanted.item.clone(),
                    key: wanted.key.clone(),
                    cancel: cancel.clone(),
                    runtime: tokio::runtime::Handle::current(),
                }),
            };
            let started = started.clone();
            let layout = studio.run.layout.clone();
            let draft = Take {
                stage,
                item: wanted.item.clone(),
                take: studio.run.ledger.next_take(stage, &wanted.item),
                key: wanted.key.clone(),
                provider: String::new(),
                files: BTreeMap::new(),
                salt: studio.run.salt(stage, &wanted.item),
                facts: serde_json::Value::Null,
            };
            let from = wanted.from.clone();
            jobs.spawn(async move {
                let Ok(_slot) = slots.acquire_owned().await else {
                    return (wanted, Err(Stopped.into()));
                };
                if cancel.is_stopped() {
                    return (wanted, Err(Stopped.into()));
                }
                // Nobody listening any more is no reason to stop.
                let _ = started.send(wanted.clone());
                let result = tokio::task::spawn_blocking(move || {
                    let made = work(&hand)?;
                    let mut take = draft;
                    // Many are written at once; only the journal is written by one.
                    take.files = write_take(&layout, &take, &from, made.files)?;
                    take.provider = made.provider;
                    take.facts = made.facts;
                    Ok(Done {
                        take,
                        warnings: made.warnings,
                    })
                })
                .await
                .unwrap_or_else(|e| Err(anyhow::anyhow!("the work broke: {e}")));
                (wanted, result)
            });
        }
        drop(started);
        drop(tasks);
        let mut unaffordable = None;
        let mut tick = tokio::time::interval(Duration::from_millis(200));
        let mut progressed = Instant::now();
        let patience = studio.settings.timeout(stage);
        let mut stopped = false;
        let mut failures = Vec::new();
        let mut hint: Option<String> = None;
        loop {
            tokio::select! {
                Some(word) = heard.recv() => {
                    progressed = Instant::now();
                    // What came meanwhile is synced in one go.
                    let mut words = vec![word];
                    while let Ok(word) = heard.try_recv() {
                        words.push(word);
                    }
                    take_down(studio, words)?;
                }
                Some(wanted) = starts.recv() => studio.tell(Event::ItemStarted { stage, item: wanted.item, label: wanted.label }),
                joined = jobs.join_next() => {
                    let Some(joined) = joined else { break };
                    // What is done at the same time is recorded in one go.
                    let mut ended = vec![joined.context("a worker")?];
                    while let Some(joined) = jobs.try_join_next() {
                        ended.push(joined.context("a worker")?);
                    }
                    progressed = Instant::now();
                    let takes: Vec<Take> = ended
                        .iter()
                        .filter_map(|(_, result)| result.as_ref().ok().map(|d| d.take.clone()))
                        .collect();
                    if !takes.is_empty() {
                        studio.run.record_takes(takes)?;
                        made_any = true;
                    }
                    for (wanted, result) in ended {
                    match result {
                        Ok(made) => {
                            for warning in &made.warnings {
                                studio.warn(format!("{}: {warning}", wanted.item));
                            }
                            done += 1;
                            studio.tell(Event::ItemDone { stage, item: wanted.item });
                            studio.tell(Event::Progress { stage, done, total, doing: String::new() });
                        }
                        Err(e) if e.downcast_ref::<Stopped>().is_some() => stopped = true,
                        Err(e) if exit_of(&e) == Exit::Budget => {
                            unaffordable.get_or_insert(e);
                        }
                        Err(e) => {
                            let reason = format!("{e:#}");
                            studio.run.log("system", vec![Op::Failed { stage, item: wanted.item.clone(), reason: reason.clone() }])?;
                            studio.tell(Event::ItemFailed { stage, item: wanted.item.clone(), reason: reason.clone() });
                            hint = hint.or_else(|| {
                                let failure = e.downcast_ref::<Failure>()?;
                                failure.problems.iter().find_map(|p| p.hint.clone())
                            });
                            failures.push(format!("{}: {reason}", wanted.item));
                        }
                    }
                    }
                }
                _ = tick.tick() => {
                    cancelled_elsewhere(studio);
                    if progressed.elapsed() > patience {
                        studio.cancel.stop(Why::Timeout);
                    }
                }
            }
        }
        // What was said last, when nobody was waiting any more.
        let mut last = Vec::new();
        while let Ok(word) = heard.try_recv() {
            last.push(word);
        }
        take_down(studio, last)?;
        if studio.cancel.why() == Some(Why::Timeout) {
            return Err(timed_out(studio, stage)?);
        }
        if stopped || studio.cancel.is_stopped() {
            return Err(Stopped.into());
        }
        if let Some(e) = unaffordable {
            return Err(e);
        }
        if !failures.is_empty() {
            let again = format!(
                "`greenlight run {}` tries again; what was made is kept",
                studio.run.id()
            );
            return Err(Failure::new(
                Exit::TaskFailed,
                format!("{stage}: {}", failures.join("; ")),
            )
            .hint(hint.map_or(again, |h| {
                h.replace(" RUN ", &format!(" {} ", studio.run.id()))
            }))
            .into());
        }
    }
    Ok(())
}

/// An item that was made, its files in their place.
struct Done {
    take: Take,
    warnings: Vec<String>,
}

/// So many items may wait for providers at once; each provider has its own limit besides.
const AT_ONCE: usize = 64;

/// Writes down what the queue said, and lets go on who waited for that.
fn take_down(studio: &mut Studio, words: Vec<Word>) -> Result<()> {
    let mut ops = Vec::new();
    let mut waiting = Vec::new();
    let mut spent = Vec::new();
    for word in words {
        match word {
            Word::Warning(text) => studio.warn(text),
            Word::Note(note, heard) => {
                if let Some(cost) = note.cost.as_deref().and_then(|c| Money::parse(c).ok())
                    && cost > Money::ZERO
                {
                    spent.push((note.id.clone(), cost));
                }
                ops.push(Op::Task(*note));
                waiting.extend(heard);
            }
        }
    }
    if !ops.is_empty() {
        studio.run.log("system", ops)?;
    }
    let runs = studio
        .run
        .layout
        .root()
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default();
    for (task, cost) in spent {
        spending::note(&runs, studio.run.id(), &task, cost, Money::ZERO)?;
    }
    for heard in waiting {
        // Who stopped waiting was stopped.
        let _ = heard.send(());
    }
    Ok(())
}

/// `cancel` from another shell leaves a note.
pub fn cancelled_elsewhere(studio: &Studio) {
    let note = studio.run.layout.cancel_request();
    if note.exists() {
        disk::remove(&note);
        studio.cancel.stop(Why::Elsewhere);
    }
}

/// A stage that stood still for too long has failed; what was made of it is kept.
pub(super) fn timed_out(studio: &mut Studio, stage: Stage) -> Result<anyhow::Error> {
    let seconds = studio.settings.timeout(stage).as_secs();
    let reason = format!("no progress for {seconds} s");
    let failed = Op::Failed {
        stage,
        item: WHOLE.to_owned(),
        reason: reason.clone(),
    };
    studio.run.log("system", vec![failed])?;
    Ok(Failure::new(Exit::TaskFailed, format!("{stage}: {reason}"))
        .hint(format!(
            "`greenlight run {}` goes on from what was made; limits.stage_timeout_s sets the time",
            studio.run.id()
        ))
        .into())
}

/// The items of a stage that get another take: those named, or all (exit 8 for unknown ones).
pub(super) fn items_to_repeat(
    studio: &Studio,
    stage: Stage,
    items: &[String],
) -> Result<Vec<String>> {
    let id = studio.run.id();
    if studio.run.ledger.version(stage).is_none() && studio.run.ledger.failures.is_empty() {
        return Err(
            Failure::new(Exit::Impossible, format!("{stage} has not been made yet"))
                .hint(format!("`greenlight run {id}` goes on to it"))
                .into(),
        );
    }
    let known: Vec<String> = stages::wanted(stage, &studio.desk(&[]))?
        .into_iter()
        .filter(|w| w.file.is_some())
        .map(|w| w.item)
        .collect();
    for item in items {
        if !known.contains(item) {
            let hint = match crate::diagnostic::nearest(item, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => format!("{stage} is made as a whole"),
                None => format!("items of {stage}: {}", known.join(", ")),
            };
            return Err(
                Failure::new(Exit::NotFound, format!("{stage} has no item `{item}`"))
                    .hint(hint)
                    .into(),
            );
        }
    }
    Ok(if items.is_empty() {
        known
    } else {
        items.to_vec()
    })
}

/// Whether a stage has an item of that name.
pub fn has_item(studio: &Studio, stage: Stage, item: &str) -> bool {
    stages::wanted(stage, &studio.desk(&[]))
        .is_ok_and(|all| all.iter().any(|w| w.item == item && w.file.is_some()))
}

/// Refuses to make an item again more often than the operator allows (exit 7).
pub(super) fn within_limits(
    studio: &Studio,
    stage: Stage,
    items: &[String],
    more: u64,
) -> Result<()> {
    let most = studio.settings.operator.limits.max_regenerations;
    let over = items
        .iter()
        .find(|i| studio.run.ledger.tries(stage, i) + more > most);
    match over {
        Some(item) => Err(Failure::new(
            Exit::Impossible,
            format!(
                "`{item}` was made again {} times; at most {most} are allowed",
                studio.run.ledger.tries(stage, item)
            ),
        )
        .hint("raise limits.max_regenerations in conf/operator.yaml")
        .into()),
        None => Ok(()),
    }
}

/// Takes a stage that was left out into the film after all: `run.yaml` is changed where it says so,
/// and its comments stay.
fn take_up(studio: &mut Studio, stage: Stage) -> Result<()> {
    let path = studio.run.layout.sheet();
    let text = String::from_utf8_lossy(&disk::read(&path)?).into_owned();
    let sheet = &mut studio.run.film.sheet;
    sheet.skip.retain(|s| *s != stage);
    let mut said: serde_json::Value = serde_yaml::from_str(&text).context("run.yaml")?;
    if let Some(fields) = said.as_object_mut() {
        if sheet.skip.is_empty() {
            fields.remove("skip");
        } else {
            fields.insert("skip".to_owned(), serde_json::to_value(&sheet.skip)?);
        }
    }
    let text = match retouch(&text, &said) {
        Some(text) => text,
        None => document::write(sheet)?,
    };
    disk::write_atomic(&path, text.as_bytes())
}

/// The name a stage as a whole is counted by, where it is asked for again.
pub const WHOLE: &str = "*";

/// Makes something again because a person asked: new takes for what is named, or for all of it.
pub async fn regenerate(
    studio: &mut Studio,
    stage: Stage,
    items: &[String],
    seed: Option<u64>,
    orders: &Orders,
) -> Result<Version> {
    intake::take_in(studio)?;
    gatekeeper::no_conflict(studio, stage)?;
    if studio.skipped(stage) {
        take_up(studio, stage)?;
        return make(studio, stage, orders).await;
    }
    let known = items_to_repeat(studio, stage, items)?;
    let told = stage == Stage::Script && studio.remote("text").is_some();
    if let Some(text) = &orders.feedback
        && !told
    {
        understood(studio, stage, text)?;
    }
    let mut again: Vec<String> = match (items.is_empty(), orders.feedback.is_some()) {
        (false, _) => items.to_vec(),
        // Feedback changes what it changes; without any, everything gets another take.
        (true, true) => Vec::new(),
        (true, false) => known,
    };
    if items.is_empty() {
        again.push(WHOLE.to_owned());
    }
    within_limits(studio, stage, &again, 1)?;
    let by = studio.by.clone();
    studio.run.log(
        &by,
        vec![Op::Regenerate {
            stage,
            items: again,
            feedback: orders.feedback.clone(),
            takes: None,
            seed,
        }],
    )?;
    studio.overrule = items.to_vec();
    let result = make(studio, stage, orders).await;
    studio.overrule.clear();
    result
}
