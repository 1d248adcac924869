//! Opens gates and writes decisions: the one place that does.

use super::event::Event;
use super::studio::Studio;
use crate::diagnostic::{Exit, Failure};
use crate::film::stage::Stage;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::gate::{self, Decision, Ruling, Standing, Verdict, Wish};
use crate::store::clock;
use crate::store::format::Op;
use crate::store::workspace::letters;
use anyhow::Result;

/// What stands at a stage's gate.
pub struct Subject {
    pub subject: Fingerprint,
    pub content: Fingerprint,
}

/// The subject of a stage as it lies there now, if it holds anything.
pub fn subject(studio: &Studio, stage: Stage) -> Option<Subject> {
    let run = &studio.run;
    let version = run.ledger.version(stage)?;
    let content = run.content(stage)?;
    let inputs = version.inputs_fp.clone().or_else(|| run.inputs(stage))?;
    Some(Subject {
        subject: gate::subject(&run.ledger.lineage, stage, &content, &inputs),
        content,
    })
}

/// Opens a stage's gate for its content, unless it is open for just that already; where no gate is
/// wanted, approves by policy.
pub fn present(studio: &mut Studio, stage: Stage) -> Result<()> {
    let Some(now) = subject(studio, stage) else {
        return Ok(());
    };
    let run = &studio.run;
    if run.ledger.decision(&now.subject).is_some() {
        return Ok(());
    }
    if run
        .ledger
        .openings
        .get(&stage)
        .is_some_and(|o| o.subject_fp == now.subject)
    {
        return run.project_gate(stage);
    }
    let policy = studio.settings.policy(stage);
    let gate_id = format!("g-{}", letters(6)?);
    studio.run.log(
        "system",
        Op::GateOpened {
            stage,
            gate_id: gate_id.clone(),
            subject_fp: now.subject.clone(),
            content_fp: now.content.clone(),
            after_s: policy.timer(),
        },
    )?;
    if policy.opens() {
        studio.run.project_gate(stage)?;
        let deadline = studio
            .run
            .gate_file(stage)
            .and_then(|g| g.deadline)
            .map(|d| d.to_string());
        studio.tell(Event::GateOpened {
            stage,
            gate_id,
            deadline,
        });
        return Ok(());
    }
    write(
        studio,
        Decision {
            stage,
            gate_id,
            subject_fp: now.subject,
            content_fp: now.content,
            decision: Verdict::Approve,
            by: "policy".to_owned(),
            note: Some("this gate is not required".to_owned()),
            feedback: None,
            patch: None,
            pinned: true,
            auto_approved: false,
        },
    )
}

fn write(studio: &mut Studio, decision: Decision) -> Result<()> {
    let (stage, by) = (decision.stage, decision.by.clone());
    let word = match decision.decision {
        Verdict::Approve => "approve",
        Verdict::Reject => "reject",
    };
    studio.run.log(&by, Op::Decided(decision))?;
    studio.run.project_gate(stage)?;
    studio.tell(Event::GateDecided {
        stage,
        decision: word.to_owned(),
        by,
    });
    Ok(())
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
    /// Decided at a prompt that showed the content.
    pub interactive: bool,
}

/// Records a person's decision; returns whether anything changed.
pub fn decide(
    studio: &mut Studio,
    stage: Stage,
    verdict: Verdict,
    by: &str,
    words: &Words,
) -> Result<bool> {
    if by != "policy" {
        gate::check_name(by)?;
    }
    if let Some(failure) = studio.run.invalid.get(&stage) {
        return Err(failure.clone().into());
    }
    let Some(now) = subject(studio, stage) else {
        return Err(
            Failure::new(Exit::Impossible, format!("{stage} has not been made yet"))
                .hint(format!(
                    "`greenlight run {}` goes on to the next gate",
                    studio.run.id()
                ))
                .into(),
        );
    };
    let last = studio.run.ledger.decision(&now.subject).cloned();
    let opening = studio
        .run
        .ledger
        .openings
        .get(&stage)
        .filter(|o| o.subject_fp == now.subject)
        .map(|o| o.gate_id.clone());
    let ruling = gate::rule(
        &Standing {
            stage,
            subject: &now.subject,
            content: &now.content,
            gate_id: opening.as_deref(),
            last: last.as_ref(),
        },
        &Wish {
            verdict,
            fingerprint: words.fingerprint.as_deref(),
            gate_id: words.gate_id.as_deref(),
            override_it: words.override_it,
            has_reason: words.note.is_some() || words.feedback.is_some() || words.patch.is_some(),
            interactive: words.interactive,
        },
    )?;
    match ruling {
        Ruling::AlreadySo => Ok(false),
        Ruling::Confirm => {
            studio.run.log(
                by,
                Op::Confirmed {
                    stage,
                    subject_fp: now.subject,
                    by: by.to_owned(),
                },
            )?;
            Ok(true)
        }
        Ruling::Record => {
            let gate_id = match opening {
                Some(id) => id,
                None => {
                    let id = format!("g-{}", letters(6)?);
                    studio.run.log(
                        "system",
                        Op::GateOpened {
                            stage,
                            gate_id: id.clone(),
                            subject_fp: now.subject.clone(),
                            content_fp: now.content.clone(),
                            after_s: None,
                        },
                    )?;
                    id
                }
            };
            write(
                studio,
                Decision {
                    stage,
                    gate_id,
                    subject_fp: now.subject,
                    content_fp: now.content,
                    decision: verdict,
                    by: by.to_owned(),
                    note: words.note.clone(),
                    feedback: words.feedback.clone(),
                    patch: words.patch.clone(),
                    pinned: words.interactive
                        || words.fingerprint.is_some()
                        || words.gate_id.is_some(),
                    auto_approved: false,
                },
            )?;
            Ok(true)
        }
    }
}

/// Lets an overdue timer approve, if its guards hold; returns whether it did.
pub fn settle_timer(studio: &mut Studio, stage: Stage) -> Result<bool> {
    let policy = studio.settings.policy(stage);
    let Some(opening) = studio.run.ledger.openings.get(&stage).cloned() else {
        return Ok(false);
    };
    let Some(now) = subject(studio, stage) else {
        return Ok(false);
    };
    // A changed configuration can only delay or cancel a timer that runs.
    let Some(after) = policy.timer().zip(opening.after_s).map(|(a, b)| a.max(b)) else {
        return Ok(false);
    };
    let policy = gate::Policy {
        auto_approve_after_s: Some(after),
        ..policy
    };
    let last = studio.run.ledger.last_at.unwrap_or(opening.opened_at);
    if gate::timer_may(
        policy,
        opening.opened_at,
        clock::now(),
        last,
        opening.subject_fp == now.subject,
    )
    .is_err()
    {
        return Ok(false);
    }
    write(
        studio,
        Decision {
            stage,
            gate_id: opening.gate_id,
            subject_fp: now.subject,
            content_fp: now.content,
            decision: Verdict::Approve,
            by: "timer".to_owned(),
            note: None,
            feedback: None,
            patch: None,
            pinned: true,
            auto_approved: true,
        },
    )?;
    Ok(true)
}
