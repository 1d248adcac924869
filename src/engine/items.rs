//! Items made side by side, each kept the moment it is done; who asks a provider is heard, and what it
//! says is written down before anything else happens.

use super::event::Event;
use super::fitness;
use super::making::Orders;
use super::purse::{Ceiling, book, close};
use super::queue::{ForItem, Queue, Word};
use super::results::cost_of;
use super::studio::Studio;
use crate::diagnostic::{Exit, Failure, Stopped, exit_of};
use crate::film::stage::Stage;
use crate::media::cancel::Why;
use crate::plan::feedback::Instruction;
use crate::plan::money::Money;
use crate::providers::roles::Hand;
use crate::stages::{self, Crew, WHOLE, Wanted};
use crate::store::disk;
use crate::store::format::{Op, Take, TaskNote, TaskState};
use crate::store::run::write_take;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

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
        let asked: BTreeSet<&'static str> = items
            .iter()
            .filter_map(|w| Some(w.bill.as_ref()?.0))
            .collect();
        for role in asked {
            studio.can_ask(role)?;
            fitness::judge(studio, role, orders.accept_degraded)?;
        }
        // What a person wants first, and what they asked for by name, before the rest.
        items.sort_by_key(|w| {
            let first = orders.first.iter().position(|f| *f == w.item);
            let named = studio.overrule.contains(&w.item) || orders.only.contains(&w.item);
            (first.unwrap_or(usize::MAX), !named)
        });
        let desk = studio.desk(instructions);
        let queue = stages::works(stage, &desk, crew, items)?;
        if queue.is_empty() {
            if orders.only.is_empty() && !orders.strictly {
                left_behind(studio, stage, |note| {
                    note.item != super::talk::ITEM && note.role != "inpaint"
                })?;
            }
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
        let (tasks, mut heard) = open_queue(studio, Studio::ceiling)?;
        let mut jobs: JoinSet<(Wanted, Result<Done>)> = JoinSet::new();
        let (started, mut starts) = mpsc::unbounded_channel::<Wanted>();
        for (turn, (wanted, work)) in queue.into_iter().enumerate() {
            let slots = slots.clone();
            let cancel = studio.cancel.clone();
            let hand = Hand {
                cancel: cancel.clone(),
                tasks: Arc::new(ForItem::new(
                    tasks.clone(),
                    stage,
                    &wanted.item,
                    wanted.key.clone(),
                    cancel.clone(),
                    turn,
                )),
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
        let mut invalid = true;
        let mut full = false;
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
                    if let Err(e) = take_down(studio, words) {
                        drop(heard);
                        return Err(wind_down(studio, jobs, e).await);
                    }
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
                        if let Err(e) = studio.run.record_takes(takes) {
                            drop(heard);
                            return Err(wind_down(studio, jobs, e).await);
                        }
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
                            invalid &= exit_of(&e) == Exit::Invalid;
                            full |= is_full(&e);
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
        close(&studio.run)?;
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
                // Nobody failed where the disk or the files are what is wrong.
                if full {
                    Exit::Disk
                } else if invalid {
                    Exit::Invalid
                } else {
                    Exit::TaskFailed
                },
                format!("{stage}: {}", failures.join("; ")),
            )
            .hint(hint.unwrap_or(again))
            .into());
        }
    }
    Ok(())
}

/// Whether something failed because there is no more room.
fn is_full(error: &anyhow::Error) -> bool {
    let full = |e: &std::io::Error| e.kind() == std::io::ErrorKind::StorageFull;
    (error.chain()).any(|e| e.downcast_ref::<std::io::Error>().is_some_and(full))
        || format!("{error:#}").contains("No space left on device")
}

/// Nobody works on for a run that cannot be written any more: who is at work stops before that is said.
async fn wind_down(
    studio: &Studio,
    mut jobs: JoinSet<(Wanted, Result<Done>)>,
    why: anyhow::Error,
) -> anyhow::Error {
    studio.cancel.stop(Why::Timeout);
    while jobs.join_next().await.is_some() {}
    why
}

/// An item that was made, its files in their place.
struct Done {
    take: Take,
    warnings: Vec<String>,
}

/// So many items may wait for providers at once; each provider has its own limit besides.
const AT_ONCE: usize = 64;

/// A queue for what a run asks of providers, and what it has to say. What somebody who died had no time to book is
/// booked before, so that what may be spent is known.
pub(super) fn open_queue(
    studio: &Studio,
    ceiling: impl FnOnce(&Studio) -> Ceiling,
) -> Result<(Arc<Queue>, mpsc::UnboundedReceiver<Word>)> {
    book(Vec::new(), &studio.run, 0)?;
    let (words, heard) = mpsc::unbounded_channel();
    let queue = Queue::new(
        &studio.settings,
        studio.workspace.clone(),
        &studio.run,
        ceiling(studio),
        words,
    )?;
    Ok((Arc::new(queue), heard))
}

/// Writes down what the queue said, and lets go on who waited for that.
pub(super) fn take_down(studio: &mut Studio, words: Vec<Word>) -> Result<()> {
    let mut ops = Vec::new();
    let mut waiting = Vec::new();
    // Claimed until it is among what the month has spent.
    let mut settled = Vec::new();
    for word in words {
        match word {
            Word::Warning(text) => studio.warn(text),
            Word::Nearly(message) => studio.tell(Event::BudgetWarning { message }),
            Word::Note(note, heard, settling) => {
                settled.extend(settling);
                ops.push(Op::Task(*note));
                waiting.extend(heard);
            }
        }
    }
    let before = studio.run.ledger.last_seq;
    if !ops.is_empty() {
        studio.run.log("system", ops)?;
    }
    book(settled, &studio.run, before)?;
    for heard in waiting {
        // Who stopped waiting was stopped.
        let _ = heard.send(());
    }
    Ok(())
}

/// [`left_behind`], for all that a run has come to rest with: takes, questions and retouchings that were asked for
/// and broken off as well, which no making of a stage comes back to.
pub fn all_left_behind(studio: &mut Studio) -> Result<()> {
    let stages: BTreeSet<Stage> = (studio.run.ledger.tasks.values())
        .filter(|t| t.note.state.is_under_way())
        .map(|t| t.note.stage)
        .collect();
    for stage in stages {
        // What is still to be made asks after its own.
        let Ok(todo) = stages::todo(stage, &studio.desk(&[])) else {
            continue;
        };
        left_behind(studio, stage, |note| {
            let apart = note.item == super::talk::ITEM || note.role == "inpaint";
            apart || todo.iter().all(|w| w.item != note.item)
        })?;
    }
    Ok(())
}

/// What was sent for a stage and is asked for no more: it may have been paid, and nobody will ever fetch it.
fn left_behind(
    studio: &mut Studio,
    stage: Stage,
    is_over: impl Fn(&TaskNote) -> bool,
) -> Result<()> {
    let ops: Vec<Op> = (studio.run.ledger.tasks.values())
        .filter(|t| t.note.stage == stage && t.note.state.is_under_way())
        .filter(|t| is_over(&t.note))
        .filter(|t| t.price() > Money::ZERO)
        .map(|t| {
            let folder = studio.run.layout.task(&t.note.id);
            // Its result came, and only its line was lost.
            if let (true, Some(cost)) = (folder.join("result").is_file(), cost_of(&folder)) {
                return Op::Task(TaskNote {
                    state: TaskState::Completed,
                    cost: Some(cost),
                    reason: None,
                    ..t.note.clone()
                });
            }
            Op::Task(TaskNote {
                state: TaskState::InDoubt,
                cost: Some(t.note.price.clone()),
                reason: Some("it was sent, and what it was for has changed since".to_owned()),
                ..t.note.clone()
            })
        })
        .collect();
    if ops.is_empty() {
        return Ok(());
    }
    let doubtful = |op: &&Op| matches!(op, Op::Task(note) if note.state == TaskState::InDoubt);
    match ops.iter().filter(doubtful).count() {
        0 => {}
        n => studio.warn(format!(
            "{stage}: {n} requests were sent and are wanted no more; `greenlight tasks {} --status in_doubt` lists them",
            studio.run.id()
        )),
    }
    let before = studio.run.ledger.last_seq;
    studio.run.log("system", ops)?;
    book(Vec::new(), &studio.run, before)?;
    close(&studio.run)
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
