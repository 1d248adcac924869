//! The queue's one rule: a request is paid once. It is reserved in the journal before it leaves, its job
//! is in the journal before anything is done with it, its result is on disk before it is used; whatever
//! dies in between goes on from there.

use super::purse::{Ceiling, Purse, Reserved, Settling};
use super::results::{checked, cost_of, kept};
use super::studio::budget_of;
use crate::config::{Provider, Settings};
use crate::diagnostic::{Exit, Failure, Stopped};
use crate::film::stage::Stage;
use crate::media::cancel::Cancel;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::money::Money;
use crate::plan::price::Measure;
use crate::providers::ask::{Answer, Ask, Fault, Outcome, Standing, Tasks};
use crate::providers::slots::{Slot, Slots};
use crate::providers::wire::Wire;
use crate::secret::Secret;
use crate::store::disk;
use crate::store::format::{TaskNote, TaskState};
use crate::store::layout::Layout;
use crate::store::ledger::TaskRecord;
use crate::store::run::Run;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

/// What the queue tells whoever keeps the journal.
pub(super) enum Word {
    /// To be in the journal, synced, before the answer.
    Note(Box<TaskNote>, Option<oneshot::Sender<()>>, Option<Settling>),
    Warning(String),
    /// Most of what may be spent is spent.
    Nearly(String),
}

/// What all tasks of a making share.
pub struct Queue {
    settings: Settings,
    workspace: PathBuf,
    layout: Layout,
    attempts: u32,
    known: BTreeMap<String, TaskRecord>,
    words: mpsc::UnboundedSender<Word>,
    purse: Arc<Purse>,
    /// Jobs that belong to a task: none of them is another's.
    held: Mutex<BTreeSet<String>>,
    slots: Slots,
    /// Who waits for a place at each provider, by their turn.
    lines: Mutex<BTreeMap<String, BTreeSet<usize>>>,
    /// Somebody left a line.
    moved: Notify,
    /// Places at this machine's own cores for what is done with a result. One core is left to those who ask: many
    /// answers that come at once keep nobody from being asked next.
    bench: Arc<Semaphore>,
}

impl Queue {
    pub(super) fn new(
        settings: &Settings,
        workspace: PathBuf,
        run: &Run,
        ceiling: Ceiling,
        words: mpsc::UnboundedSender<Word>,
    ) -> Result<Queue> {
        let known = run.ledger.tasks.clone();
        Ok(Queue {
            attempts: settings.operator.limits.attempts.max(1),
            settings: settings.clone(),
            workspace,
            layout: run.layout.clone(),
            words,
            purse: Purse::open(
                &run.layout,
                &run.ledger,
                ceiling,
                &settings.operator.budget,
                budget_of(run, settings),
            )?,
            held: Mutex::new(run.ledger.jobs.clone()),
            known,
            slots: Slots::new(),
            lines: Mutex::default(),
            moved: Notify::new(),
            bench: Arc::new(Semaphore::new(
                settings.workers(None).saturating_sub(1).max(1),
            )),
        })
    }

    fn lines(&self) -> MutexGuard<'_, BTreeMap<String, BTreeSet<usize>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn warn(&self, text: String) {
        // Nobody listening any more is no reason to stop.
        let _ = self.words.send(Word::Warning(text));
    }
}

/// The queue as one item sees it.
pub(super) struct ForItem {
    queue: Arc<Queue>,
    stage: Stage,
    item: String,
    key: Fingerprint,
    cancel: Cancel,
    /// Which of those who ask goes first; none has another's.
    turn: usize,
    runtime: tokio::runtime::Handle,
    /// Its place at the bench, from a result until it is done with it.
    at_bench: Mutex<Option<OwnedSemaphorePermit>>,
}

impl ForItem {
    pub(super) fn new(
        queue: Arc<Queue>,
        stage: Stage,
        item: &str,
        key: Fingerprint,
        cancel: Cancel,
        turn: usize,
    ) -> ForItem {
        ForItem {
            turn,
            queue,
            stage,
            item: item.to_owned(),
            key,
            cancel,
            runtime: tokio::runtime::Handle::current(),
            at_bench: Mutex::new(None),
        }
    }
}

impl Tasks for ForItem {
    fn result(&self, provider: &str, ask: &Ask) -> Result<Outcome> {
        let sit = |place| *self.at_bench.lock().unwrap_or_else(PoisonError::into_inner) = place;
        // Who asks again leaves it meanwhile.
        sit(None);
        self.runtime.block_on(async {
            let outcome = self.resolve(provider, ask).await?;
            sit(self.queue.bench.clone().acquire_owned().await.ok());
            Ok(outcome)
        })
    }
}

/// How often in a row a job's answer may be of no use before it is given up: it is paid already.
const USELESS: u32 = 3;

/// One request on its way.
#[derive(Clone, Copy)]
struct Sent<'a> {
    provider: &'a Provider,
    wire: &'a Wire,
    ask: &'a Ask,
    id: &'a str,
    price: Money,
}

impl ForItem {
    async fn resolve(&self, name: &str, ask: &Ask) -> Result<Outcome> {
        let queue = &self.queue;
        let provider = queue
            .settings
            .providers
            .providers
            .get(name)
            .with_context(|| format!("there is no provider `{name}`"))?;
        let id = self.id(name, ask);
        let folder = queue.layout.task(&id);
        let record = queue.known.get(&id);
        let wire = Wire::new(name, provider, &queue.workspace);
        let price = provider.reckon(ask.role(), &ask.measure());
        let sent = Sent {
            provider,
            wire: &wire,
            ask,
            id: &id,
            price: price.clone().unwrap_or_default(),
        };
        // Reserved when it began; given back when it is settled.
        let mut reserved = record
            .filter(|r| r.note.state.is_under_way())
            .map(|r| queue.purse.take_over(r.price()));
        if let Some(kept) = kept(&folder)
            && !record.is_some_and(|r| matches!(r.note.state, TaskState::Retried))
        {
            if record.is_none_or(|r| r.note.state != TaskState::Completed) {
                self.note(sent, TaskState::Completed, reserved, |n| {
                    n.cost = Some(cost_of(&folder).unwrap_or_else(|| n.price.clone()));
                })
                .await?;
            }
            return Ok(kept);
        }
        // One in doubt that is worked on after all.
        let mut found_again = None;
        if let Some(record) = record {
            match record.note.state {
                TaskState::Failed => return Err(dead(&record.note, &queue.layout.id())),
                TaskState::InDoubt => {
                    // What its list did not have yet it may have now.
                    let job = match record.note.job.clone() {
                        None if provider.kind == "replicate" => {
                            self.found(sent).await.ok().flatten()
                        }
                        job => job,
                    };
                    match (self.there_by_now(sent, job.as_deref()).await?, job) {
                        (Some(Standing::Done(outcome)), job) => {
                            return self.accept(sent, outcome, job, None).await;
                        }
                        // It is counted already.
                        (Some(Standing::Working(_)), Some(job)) => found_again = Some(job),
                        _ => return Err(doubtful(&record.note, &queue.layout.id())),
                    }
                }
                _ => {}
            }
        }
        let price = price.map_err(|why| {
            Failure::new(Exit::Invalid, format!("providers.{name}: {why}")).at(
                "conf/providers.yaml",
                0,
                0,
            )
        })?;
        // A job that was under way when we died is looked after, never sent again.
        let under_way = record.map(|r| (&r.note.state, r.note.job.clone()));
        let mut job = match under_way {
            _ if found_again.is_some() => found_again,
            Some((TaskState::Submitted, Some(job))) => Some(job),
            // It may have been done before it was taken back.
            Some((TaskState::Cancelled, Some(job))) => {
                let job = self.still_there(sent, job).await?;
                reserved = job
                    .as_ref()
                    .map(|_| queue.purse.take_in(sent.price))
                    .transpose()?;
                job
            }
            Some((TaskState::Reserved, _)) if !provider.is_free() => {
                match self.found(sent).await? {
                    Some(job) => {
                        self.note(sent, TaskState::Submitted, None, |n| {
                            n.job = Some(job.clone())
                        })
                        .await?;
                        Some(job)
                    }
                    None => {
                        let asked = matches!(provider.kind.as_str(), "replicate" | "comfyui");
                        let reason = match asked {
                            true => {
                                "it was about to be sent when the program ended, and the provider knows of no such job"
                            }
                            false => {
                                "it was about to be sent when the program ended, and the provider lists no requests: nobody can ask it"
                            }
                        };
                        let note = self
                            .note(sent, TaskState::InDoubt, reserved, |n| {
                                n.reason = Some(reason.to_owned());
                                n.cost = Some(n.price.clone());
                            })
                            .await?;
                        return Err(doubtful(&note, &queue.layout.id()));
                    }
                }
            }
            Some((TaskState::Reserved, _)) if provider.kind == "comfyui" => {
                self.found(sent).await?
            }
            // What was given up for it did not come may have come meanwhile: it is paid.
            Some((TaskState::Retried, job)) => match self.there_by_now(sent, job.as_deref()).await?
            {
                Some(Standing::Done(outcome)) => {
                    return self.accept(sent, outcome, job, None).await;
                }
                Some(Standing::Working(_)) => {
                    reserved = Some(queue.purse.take_in(sent.price)?);
                    job
                }
                None => None,
            },
            _ => None,
        };
        for attempt in 1.. {
            let (slot, job) = match job.take() {
                Some(job) => (self.slot(name, provider).await?, job),
                None => {
                    reserved.take().into_iter().for_each(Reserved::give_back);
                    let (slot, mut paid) = self.turn(name, provider, price).await?;
                    disk::write_scratch(
                        &folder.join("request.json"),
                        serde_json::to_string_pretty(
                            &json!({"provider": name, "kind": provider.kind, "ask": ask.describe()}),
                        )?
                        .as_bytes(),
                    )?;
                    // What an earlier asking was told.
                    disk::remove(&folder.join("answer.json"));
                    paid.commit();
                    self.note(sent, TaskState::Reserved, None, |n| {
                        n.price = price.to_string()
                    })
                    .await?;
                    let job = match self.submit(sent).await {
                        Ok(Answer::Done(outcome)) => {
                            // The provider is done: the next may be asked while this is kept.
                            drop(slot);
                            return match checked(ask, outcome) {
                                Ok(outcome) => self.accept(sent, outcome, None, Some(paid)).await,
                                Err(fault) => {
                                    Err(self.give_up(sent, None, fault, Some(paid)).await?)
                                }
                            };
                        }
                        Ok(Answer::Job { id, used, answer }) => {
                            self.hold(&id);
                            if used.is_some() || !answer.is_null() {
                                self.keep_answer(sent, used, &answer)?;
                            }
                            id
                        }
                        Err(fault) => match self.named_all_the_same(sent, fault).await? {
                            Ok(job) => job,
                            Err(fault) => {
                                return Err(self.give_up(sent, None, fault, Some(paid)).await?);
                            }
                        },
                    };
                    self.note(sent, TaskState::Submitted, None, |n| {
                        n.price = price.to_string();
                        n.job = Some(job.clone());
                    })
                    .await?;
                    reserved = Some(paid);
                    (slot, job)
                }
            };
            let looked = self.look_after(sent, &job).await?;
            drop(slot);
            match looked {
                Looked::Done(outcome) => {
                    return self.accept(sent, outcome, Some(job), reserved).await;
                }
                // It goes on there, and is paid.
                Looked::Left => return Err(Stopped.into()),
                Looked::TakenBack(cost) => {
                    let back = |n: &mut TaskNote| {
                        n.job = Some(job);
                        n.cost = cost.map(|c| c.to_string());
                    };
                    self.note(sent, TaskState::Cancelled, reserved, back)
                        .await?;
                    return Err(Stopped.into());
                }
                // Nothing is paid for it, and nobody knows it any more.
                Looked::Over(Fault::Lost(why))
                    if provider.is_free() && attempt < queue.attempts =>
                {
                    queue.warn(format!(
                        "{}: the job is gone ({why}); sent again",
                        self.item
                    ));
                }
                Looked::Over(fault) => {
                    return Err(self.give_up(sent, Some(job), fault, reserved).await?);
                }
            }
        }
        Err(Stopped.into())
    }

    /// The job of a request whose answer was damaged or did not come, where its provider lists what it was asked; else
    /// what it is then: where there may be a job, nobody knows what became of it.
    async fn named_all_the_same(
        &self,
        sent: Sent<'_>,
        fault: Fault,
    ) -> Result<Result<String, Fault>> {
        let damaged = matches!(fault, Fault::Broken { .. } | Fault::Unknown(_));
        if !damaged || sent.provider.kind != "replicate" || sent.provider.is_free() {
            return Ok(Err(fault));
        }
        // Where the list cannot be had either, it is in doubt.
        if let Ok(Some(job)) = self.found(sent).await {
            return Ok(Ok(job));
        }
        Ok(Err(match fault {
            Fault::Broken { said, raw } => {
                self.keep_raw(sent, &raw)?;
                Fault::Unknown(said)
            }
            fault => fault,
        }))
    }

    /// A job that was taken back, if it is there all the same.
    async fn still_there(&self, sent: Sent<'_>, job: String) -> Result<Option<String>> {
        let mut looks = 0;
        let mut lost = 0;
        loop {
            let said = match sent.wire.look(&job, sent.ask, &self.cancel).await {
                // Who takes a job back may need a moment for it.
                Ok(Standing::Working(said)) => said,
                Ok(Standing::Done(_)) => return Ok(Some(job)),
                Err(Fault::Failed { used, .. }) => {
                    let counted =
                        (self.queue.known.get(sent.id)).is_some_and(|r| r.counted > Money::ZERO);
                    let cost = used.and_then(|u| self.took(sent, &u));
                    if let (Some(cost), false) = (cost, counted) {
                        self.note(sent, TaskState::Cancelled, None, |n| {
                            n.job = Some(job);
                            n.cost = Some(cost.to_string());
                        })
                        .await?;
                    }
                    return Ok(None);
                }
                Err(Fault::Stopped) => return Err(Stopped.into()),
                Err(fault) => {
                    lost += u32::from(matches!(fault, Fault::Lost(_)));
                    // Once may be a hiccup.
                    if lost >= USELESS {
                        return Ok(None);
                    }
                    self.clean(sent.provider, &fault.said())
                }
            };
            looks += 1;
            if looks > 30 {
                let what = format!(
                    "{}: it was taken back, and {} does not say that it is: {said}",
                    self.item, sent.wire.name
                );
                return Err(Failure::new(Exit::TaskFailed, what)
                    .hint(format!(
                        "`greenlight run {}` asks again",
                        self.queue.layout.id()
                    ))
                    .into());
            }
            if !self.rest(Duration::from_secs(1)).await {
                return Err(Stopped.into());
            }
        }
    }

    /// How the job of a request that was given up stands, where its name is known: some looks, which cost nothing. What
    /// was refused as a result then is none now either.
    async fn there_by_now(&self, sent: Sent<'_>, job: Option<&str>) -> Result<Option<Standing>> {
        let Some(job) = job else {
            return Ok(None);
        };
        // One may fail for another reason than the job's.
        for pause in [500, 1000, 1500, 0] {
            match sent.wire.look(job, sent.ask, &self.cancel).await {
                Ok(Standing::Done(outcome)) => {
                    return Ok(checked(sent.ask, outcome).ok().map(Standing::Done));
                }
                Ok(working) => return Ok(Some(working)),
                Err(Fault::Stopped) => return Err(Stopped.into()),
                Err(Fault::Failed { .. }) => return Ok(None),
                Err(_) if pause == 0 => break,
                Err(_) => {}
            }
            if !self.rest(Duration::from_millis(pause)).await {
                return Err(Stopped.into());
            }
        }
        Ok(None)
    }

    /// A text of a provider's without its key.
    fn clean(&self, provider: &Provider, text: &str) -> String {
        let Some(key) = provider.api_key_env.as_deref().and_then(Secret::from_env) else {
            return text.to_owned();
        };
        // What no terminal shows could stand within it.
        let hidden = |c: &char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
        match text.contains(|c: char| hidden(&c)) {
            true => key.scrub(&text.chars().filter(|c| !hidden(c)).collect::<String>()),
            false => key.scrub(text),
        }
    }

    /// A result without the key: a picture may carry it in what is written beside its pixels.
    fn clean_bytes(&self, provider: &Provider, bytes: Vec<u8>) -> Vec<u8> {
        let key = provider.api_key_env.as_deref().and_then(Secret::from_env);
        let Some(key) = key.filter(|key| key.is_in(&bytes)) else {
            return bytes;
        };
        let pixels = image::load_from_memory(&bytes).ok().and_then(|picture| {
            let mut out = std::io::Cursor::new(Vec::new());
            picture.write_to(&mut out, image::ImageFormat::Png).ok()?;
            Some(out.into_inner())
        });
        pixels.unwrap_or_else(|| key.mask(bytes))
    }

    /// Keeps what an answer says, and what it takes by that; returns what it takes.
    fn keep_answer(&self, sent: Sent<'_>, used: Option<Measure>, answer: &Value) -> Result<Money> {
        let tariff = sent.provider.tariff(sent.ask.role());
        let cost = used.and_then(|used| Some(tariff.ok()?.price(&used)));
        let cost = cost.unwrap_or(sent.price);
        let text =
            serde_json::to_string_pretty(&json!({"cost": cost.to_string(), "answer": answer}))?;
        let text = self.clean(sent.provider, &text);
        let folder = self.queue.layout.task(sent.id);
        disk::write_scratch(&folder.join("answer.json"), text.as_bytes())?;
        Ok(cost)
    }

    /// A job of this task whose name was lost. What belongs to another task is none; where the provider does not
    /// say, the next run asks again.
    async fn found(&self, sent: Sent<'_>) -> Result<Option<String>> {
        let request = self.queue.layout.task(sent.id).join("request.json");
        let Ok(from) = std::fs::metadata(request).and_then(|m| m.modified()) else {
            return Ok(None);
        };
        // It may have been sent several times, each after a wait.
        let most = Duration::from_secs(240) * self.queue.attempts;
        let to = from.checked_add(most).unwrap_or_else(SystemTime::now);
        match sent.wire.find(sent.ask, sent.id, (from, to)).await {
            // By a name of ours it is ours.
            Ok(jobs) => Ok((jobs.into_iter()).find(|job| {
                sent.provider.kind == "comfyui" || (!self.is_of_another_run(job) && self.hold(job))
            })),
            Err(fault) => {
                let what = format!(
                    "{} may have been sent to {}, which cannot be asked: {}",
                    self.item,
                    sent.wire.name,
                    self.clean(sent.provider, &fault.said())
                );
                Err(Failure::new(Exit::TaskFailed, what)
                    .hint(format!(
                        "`greenlight run {}` asks again; nothing is sent before it is known",
                        self.queue.layout.id()
                    ))
                    .into())
            }
        }
    }

    /// Whether the journal of another run of the workspace knows a job: two runs of one script ask the same.
    fn is_of_another_run(&self, job: &str) -> bool {
        let layout = &self.queue.layout;
        let runs = std::fs::read_dir(layout.runs());
        let others = runs
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path());
        others
            .filter(|root| root != layout.root())
            .filter_map(|root| std::fs::read(Layout::new(&root).journal()).ok())
            .any(|text| String::from_utf8_lossy(&text).contains(&format!("\"{job}\"")))
    }

    /// Makes a job this task's; false where it is another's already.
    fn hold(&self, job: &str) -> bool {
        let held = &self.queue.held;
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(job.to_owned())
    }

    /// A task is known by what it is asked, of whom, for what; asked again on purpose, it is another.
    fn id(&self, name: &str, ask: &Ask) -> String {
        let provider = self.queue.settings.providers.providers.get(name);
        let model = provider.and_then(|p| p.models.get(ask.role()));
        let all = json!([self.stage, self.item, self.key, name, model, ask.describe()]);
        format!(
            "t-{}",
            &blake3::hash(all.to_string().as_bytes()).to_hex()[..12]
        )
    }

    /// Has the journal know how a task stands. What it cost is settled: out of what was reserved for it, until the
    /// month has it.
    async fn note(
        &self,
        sent: Sent<'_>,
        state: TaskState,
        mut reserved: Option<Reserved>,
        more: impl FnOnce(&mut TaskNote),
    ) -> Result<TaskNote> {
        let record = self.queue.known.get(sent.id);
        let mut note = TaskNote {
            id: sent.id.to_owned(),
            stage: self.stage,
            item: self.item.clone(),
            role: sent.ask.role().to_owned(),
            provider: sent.wire.name.clone(),
            state,
            price: record.map_or_else(|| Money::ZERO.to_string(), |r| r.note.price.clone()),
            job: None,
            cost: None,
            reason: None,
        };
        more(&mut note);
        let cost = note.cost.as_deref().map(Money::parse);
        let cost = cost.and_then(Result::ok).unwrap_or_default();
        // What came late is counted already.
        let counted = record.filter(|_| reserved.is_none());
        let counted = counted.map_or(Money::ZERO, |r| r.counted);
        let settling = (cost > Money::ZERO).then(|| {
            let (settling, nearly) = self.queue.purse.settle(reserved.take(), cost, counted);
            if let Some(nearly) = nearly {
                // Nobody listening any more is no reason to stop.
                let _ = self.queue.words.send(Word::Nearly(nearly));
            }
            settling
        });
        let (done, heard) = oneshot::channel();
        // A result is on disk already: its line may come a moment later.
        if state == TaskState::Completed {
            let word = Word::Note(Box::new(note.clone()), None, settling);
            if self.queue.words.send(word).is_err() {
                return Err(Stopped.into());
            }
            reserved.into_iter().for_each(Reserved::give_back);
            return Ok(note);
        }
        let word = Word::Note(Box::new(note.clone()), Some(done), settling);
        if self.queue.words.send(word).is_err() || heard.await.is_err() {
            // Without the journal nothing may leave.
            return Err(Stopped.into());
        }
        // Nothing is paid for it.
        reserved.into_iter().for_each(Reserved::give_back);
        Ok(note)
    }

    /// A place at the provider, and the price reserved; where what others here have reserved would be too much beside
    /// it, once that is settled: it may take less than it was reckoned at.
    async fn turn(
        &self,
        name: &str,
        provider: &Provider,
        price: Money,
    ) -> Result<(Slot, Reserved)> {
        loop {
            let slot = self.slot(name, provider).await?;
            let why = match self.queue.purse.reserve(&self.item, price) {
                Ok(reserved) => return Ok((slot, reserved)),
                Err(why) => why,
            };
            // Who has money may be waiting for this place.
            drop(slot);
            if !self.queue.purse.may_come_free() {
                return Err(why);
            }
            if !self.rest(Duration::from_millis(200)).await {
                return Err(Stopped.into());
            }
        }
    }

    /// Waits for a place at the provider, here and among all runs of this machine.
    async fn slot(&self, name: &str, provider: &Provider) -> Result<Slot> {
        let most = provider
            .limit("concurrency")
            .unwrap_or(if provider.is_local() { 1 } else { 4 });
        // Whose turn is earlier goes first, whoever came first.
        let turn = Turn::wait(&self.queue, name, self.turn);
        loop {
            if self.cancel.is_stopped() {
                return Err(Stopped.into());
            }
            if !turn.is_next() {
                // Another may leave the line between the look and the wait.
                let moved = self.queue.moved.notified();
                let _ = tokio::time::timeout(Duration::from_millis(8), moved).await;
                continue;
            }
            let free = self
                .queue
                .slots
                .take(name, most as usize, provider.limit("per_minute"))?;
            match free {
                Ok(slot) => return Ok(slot),
                Err(wait) => tokio::time::sleep(wait).await,
            }
        }
    }

    /// Sends a request, and again where it was not taken.
    async fn submit(&self, sent: Sent<'_>) -> Result<Answer, Fault> {
        let Sent {
            provider,
            wire,
            ask,
            id,
            ..
        } = sent;
        let folder = self.queue.layout.task(id);
        let mut pause = Duration::from_millis(500);
        let mut attempt = 1;
        loop {
            let fault = match wire.submit(ask, id, &folder, &self.cancel).await {
                Ok(answer) => return Ok(answer),
                Err(fault) => fault,
            };
            let again = match &fault {
                Fault::NotSent(_) | Fault::Later { .. } => true,
                Fault::Unknown(_) => provider.is_free(),
                _ => false,
            };
            if !again || attempt >= self.queue.attempts {
                return Err(fault);
            }
            let wait = match &fault {
                Fault::Later {
                    after: Some(after), ..
                } => *after,
                // Not all at once.
                _ => pause.mul_f64(0.75 + 0.5 * f64::from(id.bytes().last().unwrap_or(0)) / 255.0),
            };
            if wait > Duration::from_secs(120) {
                return Err(Fault::Refused(format!(
                    "{}; it asks to wait {} s",
                    fault.said(),
                    wait.as_secs()
                )));
            }
            self.queue.warn(format!(
                "{}: {}; again in {:.1} s ({attempt} of {})",
                self.item,
                self.clean(provider, &fault.said()),
                wait.as_secs_f64(),
                self.queue.attempts
            ));
            if !self.rest(wait).await {
                // It was turned away and never sent again: nothing is in doubt.
                let back = self.note(sent, TaskState::Retried, None, |_| {});
                return Err(back.await.map_or(Fault::Stopped, |_| Fault::Stopped));
            }
            pause = (pause * 2).min(Duration::from_secs(8));
            attempt += 1;
        }
    }

    /// Sleeps; false where the work was stopped meanwhile.
    async fn rest(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        while Instant::now() < until {
            if self.cancel.is_stopped() {
                return false;
            }
            let left = until.saturating_duration_since(Instant::now());
            tokio::time::sleep(left.min(Duration::from_millis(50))).await;
        }
        !self.cancel.is_stopped()
    }

    /// Asks after a job until it is over. A question that fails is not a job that fails.
    async fn look_after(&self, sent: Sent<'_>, job: &str) -> Result<Looked> {
        let Sent {
            provider,
            wire,
            ask,
            ..
        } = sent;
        // It may have to wait in a line, and its model to be loaded.
        let deadline = Instant::now() + wire.patience(ask) + Duration::from_secs(600);
        let most = Duration::from_secs(if matches!(ask, Ask::Clip { .. }) {
            15
        } else {
            10
        });
        let local = provider.is_local();
        let mut pause = Duration::from_millis(if local { 100 } else { 1000 });
        // Whoever is being set up anew answers nonsense for a while.
        let long_enough = Duration::from_secs(if local { 2 } else { 60 });
        let mut worried = String::new();
        // Answers that were no use, one after the other, and since when: a page of a proxy, a file cut short.
        let mut useless = (0, Instant::now());
        loop {
            let standing = match wire.look(job, ask, &self.cancel).await {
                Ok(Standing::Done(outcome)) => checked(ask, outcome).map(Standing::Done),
                other => other,
            };
            match standing {
                Ok(Standing::Done(outcome)) => return Ok(Looked::Done(outcome)),
                Ok(Standing::Working(_)) => useless.0 = 0,
                Err(Fault::Stopped) => return self.withdraw(sent, job).await,
                Err(fault @ Fault::Failed { .. }) => return Ok(Looked::Over(fault)),
                Err(fault) => {
                    if matches!(fault, Fault::Lost(_) | Fault::Broken { .. }) {
                        if useless.0 == 0 {
                            useless.1 = Instant::now();
                        }
                        useless.0 += 1;
                        if useless.0 >= USELESS && useless.1.elapsed() >= long_enough {
                            return Ok(Looked::Over(fault));
                        }
                    }
                    let said = self.clean(provider, &fault.said());
                    if said != worried {
                        self.queue
                            .warn(format!("{}: asking after it: {said}", self.item));
                        worried = said;
                    }
                }
            }
            if Instant::now() > deadline {
                wire.cancel(job).await;
                // It may have been done in this very moment.
                if let Ok(Standing::Done(outcome)) = wire.look(job, ask, &self.cancel).await
                    && let Ok(outcome) = checked(ask, outcome)
                {
                    return Ok(Looked::Done(outcome));
                }
                return Ok(Looked::Over(Fault::Lost(
                    "it took longer than it may".to_owned(),
                )));
            }
            if !self.rest(pause).await {
                return self.withdraw(sent, job).await;
            }
            pause = pause.mul_f64(1.5).min(most);
        }
    }

    /// Stopped on purpose: `cancel` takes the job back at the provider; anything else lets it go on, and
    /// the next `run` fetches what was paid.
    async fn withdraw(&self, sent: Sent<'_>, job: &str) -> Result<Looked> {
        let elsewhere = self.cancel.why() == Some(crate::media::cancel::Why::Elsewhere);
        // What was not taken back goes on as well.
        if !elsewhere || !sent.wire.cancel(job).await {
            return Ok(Looked::Left);
        }
        // It may have been done already, or have taken something until now.
        for _ in 0..5 {
            match sent.wire.look(job, sent.ask, &Cancel::default()).await {
                Ok(Standing::Done(_)) => return Ok(Looked::Left),
                Err(Fault::Failed { used, .. }) => {
                    return Ok(Looked::TakenBack(used.and_then(|u| self.took(sent, &u))));
                }
                Ok(Standing::Working(_)) => tokio::time::sleep(Duration::from_millis(300)).await,
                Err(_) => break,
            }
        }
        Ok(Looked::TakenBack(None))
    }

    /// What a provider is paid for what it says it used.
    fn took(&self, sent: Sent<'_>, used: &Measure) -> Option<Money> {
        let tariff = sent.provider.tariff(sent.ask.role()).ok()?;
        (!sent.provider.is_free()).then(|| tariff.price(used))
    }

    /// Keeps a result that was checked, and settles what it took.
    async fn accept(
        &self,
        sent: Sent<'_>,
        outcome: Outcome,
        job: Option<String>,
        reserved: Option<Reserved>,
    ) -> Result<Outcome> {
        let folder = self.queue.layout.task(sent.id);
        let mut outcome = outcome;
        // Words go on into documents.
        if let (Ask::Text { .. }, Ok(text)) = (sent.ask, std::str::from_utf8(&outcome.bytes)) {
            outcome.bytes = self.clean(sent.provider, text).into_bytes();
        }
        outcome.bytes = self.clean_bytes(sent.provider, outcome.bytes);
        // What the answer said when it named the job, where it says nothing more now.
        let told = cost_of(&folder).and_then(|c| Money::parse(&c).ok());
        let nothing = outcome.used.is_none() && outcome.answer.is_null();
        // A thousand times what it was reckoned at is a mistake of the server's, and no bill.
        let absurd = |cost: &Money| sent.price > Money::ZERO && *cost > sent.price.times(1000.0);
        if let Some(cost) = outcome.cost.take_if(|cost| absurd(cost)) {
            self.queue.warn(format!(
                "{}: {} says that it took {cost}; {}, as reckoned, is booked",
                self.item, sent.wire.name, sent.price
            ));
        }
        let cost = match (outcome.cost, told) {
            (None, Some(told)) if nothing => told,
            (Some(cost), _) => {
                let answer = json!({"cost": cost.to_string(), "answer": outcome.answer});
                let text = self.clean(sent.provider, &serde_json::to_string_pretty(&answer)?);
                disk::write_scratch(&folder.join("answer.json"), text.as_bytes())?;
                cost
            }
            (None, _) => self.keep_answer(sent, outcome.used, &outcome.answer)?,
        };
        disk::write_atomic(&folder.join("result"), &outcome.bytes)?;
        self.note(sent, TaskState::Completed, reserved, |n| {
            n.price = sent.price.to_string();
            n.cost = Some(cost.to_string());
            n.job = job;
        })
        .await?;
        Ok(outcome)
    }

    /// Keeps an answer as it came, without the key.
    fn keep_raw(&self, sent: Sent<'_>, raw: &[u8]) -> Result<()> {
        if raw.is_empty() {
            return Ok(());
        }
        let raw = match std::str::from_utf8(raw) {
            Ok(text) => self.clean(sent.provider, text).into_bytes(),
            // Bytes of no text may hold it all the same.
            Err(_) => {
                let text = String::from_utf8_lossy(raw);
                let cleaned = self.clean(sent.provider, &text);
                if cleaned == text {
                    raw.to_vec()
                } else {
                    cleaned.into_bytes()
                }
            }
        };
        let folder = self.queue.layout.task(sent.id);
        disk::write_scratch(&folder.join("raw"), &raw)
    }

    /// Puts a task among the dead letters, or in doubt where it may have been paid.
    async fn give_up(
        &self,
        sent: Sent<'_>,
        job: Option<String>,
        fault: Fault,
        reserved: Option<Reserved>,
    ) -> Result<anyhow::Error> {
        let Sent {
            provider, price, ..
        } = sent;
        // It may have left.
        if fault == Fault::Stopped {
            return Ok(Stopped.into());
        }
        if let Fault::Broken { raw, .. } = &fault {
            self.keep_raw(sent, raw)?;
        }
        let took = |used: Measure| self.took(sent, &used);
        let cost = match &fault {
            _ if provider.is_free() => None,
            // What was answered was paid, whatever it is worth; what is in doubt counts as spent.
            Fault::Broken { .. } | Fault::Unknown(_) | Fault::Lost(_) => Some(price),
            Fault::Declined { used, .. } => used.and_then(took).or(Some(price)),
            Fault::Failed { used, .. } => used.and_then(took),
            _ => None,
        };
        let reason: String = self
            .clean(provider, &fault.said())
            .chars()
            .take(400)
            .collect();
        let unknown = matches!(fault, Fault::Unknown(_) | Fault::Lost(_)) && !provider.is_free();
        let state = match unknown {
            true => TaskState::InDoubt,
            false => TaskState::Failed,
        };
        let note = self
            .note(sent, state, reserved, |n| {
                n.price = price.to_string();
                n.job = job;
                n.reason = Some(reason);
                n.cost = cost.map(|c| c.to_string());
            })
            .await?;
        Ok(match unknown {
            true => doubtful(&note, &self.queue.layout.id()),
            false => dead(&note, &self.queue.layout.id()),
        })
    }
}

/// A place in the line for a provider; dropped, it is left.
struct Turn<'a> {
    queue: &'a Queue,
    name: &'a str,
    number: usize,
}

impl<'a> Turn<'a> {
    fn wait(queue: &'a Queue, name: &'a str, number: usize) -> Turn<'a> {
        queue
            .lines()
            .entry(name.to_owned())
            .or_default()
            .insert(number);
        Turn {
            queue,
            name,
            number,
        }
    }

    fn is_next(&self) -> bool {
        let lines = self.queue.lines();
        lines.get(self.name).and_then(BTreeSet::first) == Some(&self.number)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(line) = self.queue.lines().get_mut(self.name) {
            line.remove(&self.number);
        }
        self.queue.moved.notify_waiters();
    }
}

/// How a job ended.
enum Looked {
    Done(Outcome),
    Over(Fault),
    /// Nobody looks any more; it goes on.
    Left,
    /// The provider took it back; what it took until then.
    TakenBack(Option<Money>),
}

fn dead(note: &TaskNote, run: &str) -> anyhow::Error {
    Failure::new(
        Exit::TaskFailed,
        format!(
            "{} at {}: {}",
            note.item,
            note.provider,
            note.reason.as_deref().unwrap_or("failed")
        ),
    )
    .hint(format!(
        "it is task {}: `greenlight task retry {run} {}` sends it once more",
        note.id, note.id
    ))
    .into()
}

fn doubtful(note: &TaskNote, run: &str) -> anyhow::Error {
    Failure::new(
        Exit::TaskFailed,
        format!(
            "{} at {} is in doubt: {}; it counts as spent and is not sent again by itself",
            note.item,
            note.provider,
            note.reason.as_deref().unwrap_or("no answer came")
        ),
    )
    .hint(match note.job.is_some() {
        true => format!(
            "`greenlight run {run}` looks for its result again; if it never comes, `greenlight task resolve {run} {} --spent` or `--unspent`",
            note.id
        ),
        false => format!(
            "look at your account there, then `greenlight task resolve {run} {} --spent` or `--unspent`",
            note.id
        ),
    })
    .into()
}
