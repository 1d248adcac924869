//! Opens gates and writes decisions: the one place that does. Everything here checks and writes
//! under the state lock, so that two who decide at once do not both succeed.

use super::duties;
use super::event::Event;
use super::intake;
use super::studio::Studio;
use super::survey::Survey;
use crate::diagnostic::{Exit, Failure};
use crate::film::stage::Stage;
use crate::film::time::Instant;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::gate::{self, Decision, Policy, Ruling, Standing, Timer, Verdict, Wish};
use crate::plan::status::State;
use crate::stages;
use crate::store::clock;
use crate::store::format::{Op, Version, VersionKind};
use crate::store::ledger::Ledger;
use crate::store::run::Draft;
use crate::store::workspace::letters;
use anyhow::Result;
use std::collections::BTreeMap;

/// What stands at a stage's gate.
#[derive(Clone)]
pub struct Subject {
    pub subject: Fingerprint,
    pub content: Fingerprint,
}

/// The subject of a stage as it lies there now, if it holds anything.
pub fn subject(studio: &Studio, stage: Stage) -> Option<Subject> {
    let (subject, content) = studio.run.subject(stage)?;
    Some(Subject { subject, content })
}

/// What comes with a decision.
#[derive(Debug, Default, Clone)]
pub struct Words {
    pub note: Option<String>,
    pub feedback: Option<String>,
    pub patch: Option<serde_json::Value>,
    pub fingerprint: Option<String>,
    pub gate_id: Option<String>,
    pub override_it: bool,
    /// Accept a stale stage as it is.
    pub keep: bool,
    pub rating: Option<u8>,
    /// Decided at a prompt that showed the content.
    pub interactive: bool,
    /// Decided by `--yes`, in nobody's name.
    pub policy: bool,
    /// Whether duties that are not met are passed over, with the note as the reason.
    pub pass_duties: bool,
    /// Those that are.
    pub duties: Vec<String>,
}

fn opened(stage: Stage, now: &Subject, after_s: Option<u64>) -> Result<(String, Op)> {
    let gate_id = format!("g-{}", letters(6)?);
    let op = Op::GateOpened {
        stage,
        gate_id: gate_id.clone(),
        subject_fp: now.subject.clone(),
        content_fp: now.content.clone(),
        after_s,
    };
    Ok((gate_id, op))
}

/// Writes a decision down; nobody else does.
fn decided(
    stage: Stage,
    gate_id: String,
    now: &Subject,
    verdict: Verdict,
    by: &str,
    words: &Words,
) -> Decision {
    Decision {
        stage,
        gate_id,
        subject_fp: now.subject.clone(),
        content_fp: now.content.clone(),
        decision: verdict,
        by: by.to_owned(),
        note: words.note.clone(),
        feedback: words.feedback.clone(),
        patch: words.patch.clone(),
        pinned: words.interactive || words.fingerprint.is_some() || words.gate_id.is_some(),
        grant: None,
        auto_approved: false,
        effective_at: None,
        rating: words.rating,
        duties: match verdict {
            Verdict::Approve => words.duties.clone(),
            Verdict::Reject => Vec::new(),
        },
    }
}

/// What must be recorded for content that has no decision yet: a gate opened for it, and, where no
/// gate is wanted, its approval by policy.
///
/// Where duties bind, a gate that is not required opens all the same: [`present`] measures them and closes it.
fn opening(
    ledger: &Ledger,
    policy: Policy,
    bound: bool,
    stage: Stage,
    now: &Subject,
) -> Result<Vec<Op>> {
    let known = ledger.decision(&now.subject).is_some()
        || ledger
            .openings
            .get(&stage)
            .and_then(|o| o.last())
            .is_some_and(|o| o.subject_fp == now.subject);
    if known {
        return Ok(Vec::new());
    }
    let (gate_id, open) = opened(stage, now, policy.timer())?;
    let mut ops = vec![open];
    if !bound && !waits(ledger, policy, stage, now) {
        ops.push(unasked(stage, gate_id, now));
    }
    Ok(ops)
}

/// Whether a gate waits for somebody or something.
fn waits(ledger: &Ledger, policy: Policy, stage: Stage, now: &Subject) -> bool {
    policy.opens() || ledger.held.contains_key(&stage) || ledger.revoked.contains(&now.subject)
}

/// Whether the gate of a stage waits for somebody or something, as it is now.
pub(super) fn waits_here(studio: &Studio, stage: Stage) -> bool {
    let (ledger, policy) = (&studio.run.ledger, studio.policy(stage));
    match subject(studio, stage) {
        Some(now) => waits(ledger, policy, stage, &now),
        None => policy.opens() || ledger.held.contains_key(&stage),
    }
}

/// Whether no timer may pass a gate as it is now: it is held, or its approval was taken back.
pub(super) fn waits_for_a_person(studio: &Studio, stage: Stage) -> bool {
    let ledger = &studio.run.ledger;
    let revoked = subject(studio, stage).is_some_and(|now| ledger.revoked.contains(&now.subject));
    revoked || ledger.held.contains_key(&stage)
}

/// The approval of a gate nobody is asked at.
fn unasked(stage: Stage, gate_id: String, now: &Subject) -> Op {
    let words = Words {
        note: Some("this gate is not required".to_owned()),
        ..Words::default()
    };
    Op::Decided(Decision {
        pinned: true,
        ..decided(stage, gate_id, now, Verdict::Approve, "policy", &words)
    })
}

/// Records what must be, and says so.
fn record(studio: &mut Studio, actor: &str, ops: Vec<Op>) -> Result<()> {
    if ops.is_empty() {
        return Ok(());
    }
    let events = events(studio, &ops);
    studio.run.log(actor, ops)?;
    for event in events {
        studio.tell(event);
    }
    Ok(())
}

fn events(studio: &Studio, ops: &[Op]) -> Vec<Event> {
    let decided_at_once = |stage: Stage| {
        ops.iter()
            .any(|o| matches!(o, Op::Decided(d) if d.stage == stage))
    };
    ops.iter()
        .filter_map(|op| match op {
            Op::GateOpened {
                stage,
                gate_id,
                after_s,
                ..
            } if !decided_at_once(*stage) => Some(Event::GateOpened {
                stage: *stage,
                gate_id: gate_id.clone(),
                deadline: after_s.map(|s| clock::now().plus_seconds(s).to_string()),
                files: studio.run.names(*stage),
            }),
            Op::Decided(d) => Some(Event::GateDecided {
                stage: d.stage,
                decision: d.decision.name().to_owned(),
                by: d.by.clone(),
            }),
            _ => None,
        })
        .collect()
}

/// Opens a stage's gate for its content, unless it is open for just that already; where no gate is
/// wanted, approves by policy.
pub fn present(studio: &mut Studio, stage: Stage) -> Result<()> {
    let _held = studio.run.hold()?;
    let Some(now) = subject(studio, stage) else {
        return Ok(());
    };
    let policy = studio.policy(stage);
    let bound = duties::bind(studio, stage);
    let ledger = &studio.run.ledger;
    let mut ops = opening(ledger, policy, bound, stage, &now)?;
    // What is bound by duties and asks nobody is approved once they are met.
    let undecided = bound && ledger.decision(&now.subject).is_none();
    if undecided
        && !waits(ledger, policy, stage, &now)
        && duties::breaches(studio, stage).is_empty()
    {
        let opened = ops.iter().find_map(|op| match op {
            Op::GateOpened { gate_id, .. } => Some(gate_id.clone()),
            _ => None,
        });
        let open = ledger.openings.get(&stage).and_then(|o| o.last());
        if let Some(gate_id) = opened.or_else(|| open.map(|o| o.gate_id.clone())) {
            ops.push(unasked(stage, gate_id, &now));
        }
    }
    if ops.is_empty() {
        // An approval that holds again must be read in the gate file too.
        return studio.run.project_gate(stage);
    }
    record(studio, "system", ops)
}

/// Keeps a version and opens its gate in one commit; with an approval, approves it there and then.
pub fn keep(
    studio: &mut Studio,
    draft: Draft,
    approval: Option<(&str, &Words)>,
) -> Result<Version> {
    keep_with(studio, draft, approval, Vec::new())
}

/// The same, with something else that happens in the same commit.
pub fn keep_with(
    studio: &mut Studio,
    draft: Draft,
    approval: Option<(&str, &Words)>,
    also: Vec<Op>,
) -> Result<Version> {
    let stage = draft.stage;
    let policy = studio.policy(stage);
    let bound = duties::bind(studio, stage);
    let made_now = studio.run.inputs(stage);
    let mut said = Vec::new();
    let version = studio.run.commit(draft, |ledger, version| {
        let inputs = version.inputs_fp.clone().or(made_now);
        let Some(inputs) = inputs.filter(|_| version.placed) else {
            return Ok(also);
        };
        let now = Subject {
            subject: gate::subject(&ledger.lineage, stage, &version.content_fp, &inputs),
            content: version.content_fp.clone(),
        };
        let ops = match approval {
            Some((by, words)) => {
                if let Some((at, last)) = ledger.decision(&now.subject)
                    && last.decision == Verdict::Reject
                    && !words.override_it
                {
                    return Err(Failure::new(
                        Exit::Conflict,
                        format!("just this {stage} was rejected by {} at {at}", last.by),
                    )
                    .hint("add --override to decide otherwise")
                    .into());
                }
                let (gate_id, open) = opened(stage, &now, policy.timer())?;
                let decision = decided(stage, gate_id, &now, Verdict::Approve, by, words);
                vec![open, Op::Decided(decision)]
            }
            None => opening(ledger, policy, bound, stage, &now)?,
        };
        said.clone_from(&ops);
        Ok(also.into_iter().chain(ops).collect())
    })?;
    for event in events(studio, &said) {
        studio.tell(event);
    }
    Ok(version)
}

/// Records a person's decision; returns whether anything changed.
pub fn decide(
    studio: &mut Studio,
    stage: Stage,
    verdict: Verdict,
    by: &str,
    words: &Words,
) -> Result<bool> {
    if !words.policy {
        gate::check_name(by)?;
    }
    if words.rating.is_some() && stage != Stage::Render {
        return Err(Failure::new(Exit::Usage, "--rating is for the render stage").into());
    }
    let _held = studio.run.hold()?;
    studio.run.distrust(stage);
    intake::take_in(studio)?;
    if let Some(failure) = studio.run.invalid.get(&stage) {
        return Err(failure.clone().into());
    }
    let id = studio.run.id().to_owned();
    let Some(now) = subject(studio, stage) else {
        return Err(
            Failure::new(Exit::Impossible, format!("{stage} has not been made yet"))
                .hint(format!("`greenlight run {id}` goes on to the next gate"))
                .into(),
        );
    };
    let survey = Survey::take(studio);
    let (state, facts) = survey.of(stage);
    let (ops, subject) = match (state.state, words.keep) {
        (State::Stale, true) => keep_as_is(studio, stage, by, &now)?,
        _ => (Vec::new(), now.clone()),
    };
    let ledger = &studio.run.ledger;
    let opening = ledger
        .openings
        .get(&stage)
        .and_then(|o| o.last())
        .filter(|o| o.subject_fp == now.subject)
        .map(|o| o.gate_id.clone());
    let standing = Standing {
        run: &id,
        stage,
        subject: &subject.subject,
        content: &subject.content,
        gate_id: opening.as_deref(),
        last: ledger.decision(&subject.subject),
        confirmed: ledger.confirmed.contains_key(&subject.subject),
    };
    let wish = Wish {
        verdict,
        override_it: words.override_it,
        note: words.note.as_deref(),
        feedback: words.feedback.as_deref(),
        has_patch: words.patch.is_some(),
        rating: words.rating,
        interactive: words.interactive,
    };
    gate::pinned(
        &standing,
        words.fingerprint.as_deref(),
        words.gate_id.as_deref(),
    )?;
    decidable(&id, state.state, facts, verdict, words)?;
    if words.policy && ledger.revoked.contains(&subject.subject) {
        return Err(Failure::new(
            Exit::Impossible,
            format!("the approval of {stage} was revoked; a person must decide"),
        )
        .hint(format!("`greenlight gate approve {id} {stage}`"))
        .into());
    }
    if words.policy
        && let Some(hold) = ledger.held.get(&stage)
    {
        return Err(
            Failure::new(Exit::Impossible, format!("{stage} is held by {}", hold.by))
                .hint(format!("`greenlight gate release {id} {stage}`"))
                .into(),
        );
    }
    let ruling = gate::rule(&standing, &wish)?;
    let words = &match (verdict, &ruling) {
        (Verdict::Approve, Ruling::Record) => Words {
            duties: duties::passed(studio, stage, words, None)?,
            ..words.clone()
        },
        // What was taken on stays so, when more is granted.
        (Verdict::Approve, Ruling::AlreadySo) => Words {
            duties: standing.last.map_or(Vec::new(), |(_, d)| d.duties.clone()),
            ..words.clone()
        },
        _ => words.clone(),
    };
    let mut ops = ops;
    match ruling {
        // What comes next takes more than was granted: approving again grants it.
        Ruling::AlreadySo
            if verdict == Verdict::Approve
                && !words.policy
                && studio.remote_somewhere()
                && studio.price_spent() + studio.price_ahead() > studio.ceiling().amount =>
        {
            let gate_id = match opening {
                Some(id) => id,
                None => return Ok(false),
            };
            let decision = decided(stage, gate_id, &subject, verdict, by, words);
            ops.push(Op::Decided(Decision {
                grant: Some(studio.price_ahead().to_string()),
                ..decision
            }));
        }
        Ruling::AlreadySo => return Ok(false),
        Ruling::Confirm => ops.push(Op::Confirmed {
            stage,
            subject_fp: subject.subject,
            by: by.to_owned(),
        }),
        Ruling::Record => {
            let gate_id = match opening.filter(|_| ops.is_empty()) {
                Some(id) => id,
                None => {
                    let (gate_id, open) = opened(stage, &subject, None)?;
                    ops.push(open);
                    gate_id
                }
            };
            let decision = decided(stage, gate_id, &subject, verdict, by, words);
            ops.push(Op::Decided(Decision {
                grant: (verdict == Verdict::Approve).then(|| studio.price_ahead().to_string()),
                ..decision
            }));
        }
    }
    record(studio, by, ops)?;
    Ok(true)
}

/// What makes a stale stage count as made from what is there now.
fn keep_as_is(
    studio: &Studio,
    stage: Stage,
    by: &str,
    now: &Subject,
) -> Result<(Vec<Op>, Subject)> {
    let inputs = studio.run.inputs(stage).ok_or_else(|| {
        Failure::new(
            Exit::Impossible,
            format!("what {stage} is made from is missing"),
        )
    })?;
    let keys: BTreeMap<String, Fingerprint> = stages::wanted(stage, &studio.desk(&[]))
        .unwrap_or_default()
        .into_iter()
        .map(|w| (w.item, w.key))
        .collect();
    let subject = Subject {
        subject: gate::subject(&studio.run.ledger.lineage, stage, &now.content, &inputs),
        content: now.content.clone(),
    };
    let op = Op::Kept {
        stage,
        inputs_fp: inputs,
        keys,
        by: by.to_owned(),
    };
    Ok((vec![op], subject))
}

/// Refuses to change a stage whose two sides must be settled first: one of them lies nowhere else
/// yet (exit 6).
pub fn no_conflict(studio: &Studio, stage: Stage) -> Result<(), Failure> {
    let in_conflict = studio.run.ledger.version(stage).is_some_and(|v| !v.placed);
    if in_conflict {
        return Err(conflict(studio.run.id(), stage));
    }
    Ok(())
}

fn conflict(id: &str, stage: Stage) -> Failure {
    Failure::new(
        Exit::Conflict,
        format!("{stage} was edited while it was made; both are kept"),
    )
    .hint(format!(
        "choose: `greenlight resolve {id} {stage} --take mine|generated|merge`"
    ))
}

/// Refuses to approve a stage, patched or not, in a state that allows no approval.
pub fn approvable(studio: &Studio, stage: Stage) -> Result<(), Failure> {
    let survey = Survey::take(studio);
    let (state, facts) = survey.of(stage);
    let plain = Words::default();
    decidable(
        studio.run.id(),
        state.state,
        facts,
        Verdict::Approve,
        &plain,
    )
}

/// Refuses decisions that a stage's state does not allow.
fn decidable(
    id: &str,
    state: State,
    facts: &crate::plan::status::Facts,
    verdict: Verdict,
    words: &Words,
) -> Result<(), Failure> {
    let stage = facts.stage;
    let no =
        |exit: Exit, message: String, hint: String| Err(Failure::new(exit, message).hint(hint));
    match (state, verdict) {
        (State::Conflict, _) => Err(conflict(id, stage)),
        (State::Running, _) => no(
            Exit::Impossible,
            format!("{stage} is just being made"),
            "decide when it is there".to_owned(),
        ),
        (State::Skipped, _) => no(
            Exit::Impossible,
            format!("{stage} is left out of this film"),
            format!("`greenlight run {id}` goes on"),
        ),
        (State::Stale, Verdict::Approve) if !words.keep => no(
            Exit::Impossible,
            format!("{stage} is stale: what it was made from changed"),
            format!("`greenlight run {id}` brings it up to date; --keep approves it as it is"),
        ),
        (State::Ready, Verdict::Approve) => no(
            Exit::Impossible,
            format!(
                "{stage} is not whole yet: {} must be made",
                facts.todo.join(", ")
            ),
            format!("`greenlight run {id}` makes it"),
        ),
        (State::Failed, Verdict::Approve) => no(
            Exit::Impossible,
            format!("{stage} failed"),
            format!("`greenlight run {id}` tries again"),
        ),
        _ => Ok(()),
    }
}

/// Holds a gate: no timer and no `--yes` passes it.
pub fn hold(studio: &mut Studio, stage: Stage, by: &str, note: Option<String>) -> Result<bool> {
    gate::check_name(by)?;
    let _held = studio.run.hold()?;
    if studio.run.ledger.held.contains_key(&stage) {
        return Ok(false);
    }
    if studio.skipped(stage) {
        return Err(Failure::new(
            Exit::Impossible,
            format!("{stage} is left out of this film"),
        )
        .into());
    }
    let op = Op::Held {
        stage,
        by: by.to_owned(),
        note,
    };
    record(studio, by, vec![op])?;
    Ok(true)
}

pub fn release(studio: &mut Studio, stage: Stage, by: &str) -> Result<bool> {
    gate::check_name(by)?;
    let _held = studio.run.hold()?;
    if !studio.run.ledger.held.contains_key(&stage) {
        return Ok(false);
    }
    let op = Op::Released {
        stage,
        by: by.to_owned(),
    };
    record(studio, by, vec![op])?;
    Ok(true)
}

/// Takes the decision on what lies there back.
pub fn revoke(studio: &mut Studio, stage: Stage, by: &str, words: &Words) -> Result<bool> {
    gate::check_name(by)?;
    let _held = studio.run.hold()?;
    intake::take_in(studio)?;
    let id = studio.run.id().to_owned();
    let Some(now) = subject(studio, stage) else {
        return Err(
            Failure::new(Exit::Impossible, format!("{stage} has not been made yet"))
                .hint(format!("`greenlight run {id}` goes on to the next gate"))
                .into(),
        );
    };
    let ledger = &studio.run.ledger;
    let standing = Standing {
        run: &id,
        stage,
        subject: &now.subject,
        content: &now.content,
        gate_id: None,
        last: None,
        confirmed: false,
    };
    gate::pinned(&standing, words.fingerprint.as_deref(), None)?;
    if ledger.decision(&now.subject).is_none() {
        if ledger.revoked.contains(&now.subject) {
            return Ok(false);
        }
        return Err(Failure::new(
            Exit::Impossible,
            format!("{stage} has no decision to take back"),
        )
        .hint(format!(
            "`greenlight gate show {id} {stage}` shows where it stands"
        ))
        .into());
    }
    // The gate opens again, for a person: no timer is armed.
    let (_, open) = opened(stage, &now, None)?;
    let op = Op::Revoked {
        stage,
        subject_fp: now.subject.clone(),
        by: by.to_owned(),
        note: words.note.clone(),
    };
    record(studio, by, vec![op, open])?;
    Ok(true)
}

/// What became of a timer.
pub enum Settled {
    Approved,
    /// Why not.
    Waits(String),
}

/// Lets an overdue timer approve, if its guards hold.
pub fn settle(studio: &mut Studio, stage: Stage) -> Result<Settled> {
    let _held = studio.run.hold()?;
    let waits = |why: &str| Ok(Settled::Waits(why.to_owned()));
    let survey = Survey::take(studio);
    let state = survey.of(stage).0.state;
    if state != State::Open {
        return waits(&format!("it is {}", state.name()));
    }
    let ledger = &studio.run.ledger;
    let opening = ledger.openings.get(&stage).and_then(|o| o.last()).cloned();
    let (Some(opening), Some(now)) = (opening, subject(studio, stage)) else {
        return waits("its gate was not opened yet");
    };
    let broken = survey
        .states
        .iter()
        .find(|s| matches!(s.state, State::Invalid | State::Conflict))
        .map(|s| s.stage);
    let may = gate::timer_may(&Timer {
        policy: studio.policy(stage),
        after_s: opening.after_s,
        opened_at: opening.opened_at,
        now: clock::now(),
        last_event: ledger.last_at.unwrap_or(opening.opened_at),
        same_subject: opening.subject_fp == now.subject,
        held_by: ledger.held.get(&stage).map(|h| h.by.as_str()),
        revoked: ledger.revoked.contains(&now.subject),
        broken,
        affordable: studio.price_ahead() <= studio.budget(),
        saved_at: saved_at(studio, stage).max(edited_at(studio, stage)),
    });
    let deadline = match may {
        Ok(deadline) => deadline,
        Err(why) => return waits(&why),
    };
    let unmet = duties::breaches(studio, stage).len();
    if unmet > 0 {
        return waits(&format!("{unmet} duties are not met; a person must decide"));
    }
    let decision = Decision {
        pinned: true,
        auto_approved: true,
        effective_at: Some(deadline),
        grant: Some(studio.price_ahead().to_string()),
        ..decided(
            stage,
            opening.gate_id,
            &now,
            Verdict::Approve,
            "timer",
            &Words::default(),
        )
    };
    record(studio, "timer", vec![Op::Decided(decision)])?;
    Ok(Settled::Approved)
}

/// When an edit by hand was last taken in: whoever made it may be at it still.
fn edited_at(studio: &Studio, stage: Stage) -> Option<Instant> {
    let all = studio.run.ledger.versions.get(&stage)?;
    let edited = all
        .iter()
        .rev()
        .find(|(_, _, v)| v.kind == VersionKind::Edited);
    edited.map(|(_, at, _)| *at)
}

/// When a file of a stage was last saved by somebody: later than anything the studio put there.
fn saved_at(studio: &Studio, stage: Stage) -> Option<Instant> {
    let run = &studio.run;
    let written = |path| std::fs::metadata(path).ok()?.modified().ok();
    let ours = written(run.layout.placed());
    run.names(stage)
        .iter()
        .filter_map(|name| written(run.layout.at(name)))
        .max()
        .filter(|at| ours.is_none_or(|ours| *at > ours))
        .and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok())
        .map(|d| Instant::from_millis(d.as_millis() as i64))
}
