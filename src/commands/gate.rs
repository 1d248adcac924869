//! `gate`: look, decide, hold, take back, settle timers, list what was decided.

use super::summary::summary;
use super::{Desk, Outcome, run};
use crate::cli::{Decide, Decisions, Gate, GateName, Hold, RunArgs, Settle};
use crate::diagnostic::{Exit, Failure, printable};
use crate::engine::differences::{self, At, Difference};
use crate::engine::duties;
use crate::engine::gatekeeper::{self, Settled, Words};
use crate::engine::patching::{self, Terms};
use crate::engine::studio::Studio;
use crate::engine::survey::Survey;
use crate::engine::{intake, making};
use crate::film::stage::Stage;
use crate::film::time::Instant;
use crate::plan::gate::Verdict;
use crate::plan::status::State;
use crate::stages;
use crate::ui::{printer, prompt};
use anyhow::Result;
use serde_json::{Value, json};

pub async fn execute(desk: &Desk, gate: Gate) -> Result<Outcome> {
    match gate {
        Gate::Show(args) => show(desk, args),
        Gate::Approve(args) => decide(desk, args, Verdict::Approve).await,
        Gate::Reject(args) => decide(desk, args, Verdict::Reject).await,
        Gate::Hold(args) => hold(desk, args),
        Gate::Release(args) => release(desk, args),
        Gate::Revoke(args) => revoke(desk, args),
        Gate::Settle(args) => settle(desk, args).await,
        Gate::Decisions(args) => decisions(desk, args),
    }
}

/// The stage that waits for a decision, or the last one that could be decided on.
fn waiting(studio: &Studio) -> Result<Stage> {
    let survey = Survey::take(studio);
    let by_state = |wanted: &[State]| {
        survey
            .states
            .iter()
            .find(|s| wanted.contains(&s.state))
            .map(|s| s.stage)
    };
    by_state(&[State::Open])
        .or_else(|| {
            by_state(&[
                State::Rejected,
                State::Stale,
                State::Conflict,
                State::Invalid,
            ])
        })
        .or_else(|| {
            survey
                .states
                .iter()
                .rev()
                .find(|s| s.state == State::Approved)
                .map(|s| s.stage)
        })
        .ok_or_else(|| {
            Failure::new(Exit::Impossible, "nothing waits for a decision")
                .hint(format!("`greenlight run {}` goes on", studio.run.id()))
                .into()
        })
}

/// What a stage became since it was last approved, and against which version.
pub fn since_approved(studio: &Studio, stage: Stage) -> Result<Option<(u32, Difference)>> {
    let Some(approved) = studio.run.ledger.last_approved(stage) else {
        return Ok(None);
    };
    let number = approved.version;
    let difference = differences::between(&studio.run, stage, &At::Version(number), &At::Now)?;
    Ok(Some((number, difference)).filter(|(_, d)| !d.is_none()))
}

fn show(desk: &Desk, args: GateName) -> Result<Outcome> {
    let (name, stage) = desk.names(&args.names)?;
    let studio = desk.studio(name)?;
    let stage = match stage {
        Some(stage) => stage,
        None => waiting(&studio)?,
    };
    let survey = Survey::take(&studio);
    let (state, facts) = survey.of(stage);
    let now = gatekeeper::subject(&studio, stage);
    let file = studio.run.gate_file(stage);
    let files: Vec<String> = studio.run.names(stage);
    let version = studio.run.ledger.version(stage);
    let since = since_approved(&studio, stage)?;
    let mut text = format!("{stage}: {}", state.state.name());
    if let Some(reason) = &state.reason {
        text.push_str(&format!(" ({})", printable(reason)));
    }
    text.push('\n');
    if let Some(v) = version {
        text.push_str(&format!(
            "version {} ({}, by {})",
            v.version,
            v.kind.name(),
            printable(&v.by)
        ));
        if let Some(n) = &now {
            text.push_str(&format!(", fingerprint {}", n.content.short()));
        }
        text.push('\n');
        for note in &v.notes {
            text.push_str(&format!("note: {}\n", printable(note)));
        }
    }
    if let Some(hold) = studio.run.ledger.held.get(&stage) {
        let note = hold
            .note
            .as_ref()
            .map_or(String::new(), |n| format!(": {n}"));
        text.push_str(&printable(&format!(
            "held by {} since {}{note}\n",
            hold.by, hold.at
        )));
    }
    if let Some(deadline) = file.as_ref().and_then(|g| g.deadline)
        && state.state == State::Open
        && facts.held_by.is_none()
    {
        text.push_str(&format!("approves itself at {deadline}\n"));
    }
    if !facts.outdated.is_empty() {
        text.push_str(&format!(
            "left as you chose, though what it was made for changed: {}\n",
            facts.outdated.join(", ")
        ));
    }
    let remarks = stages::remarks(stage, &studio.desk(&[]));
    for remark in &remarks {
        text.push_str(&format!("note: {}\n", printable(remark)));
    }
    let unmet = duties::breaches(&studio, stage);
    for breach in &unmet {
        text.push_str(&format!("duty not met: {}\n", printable(&breach.line())));
    }
    text.push('\n');
    text.push_str(&summary(&studio, stage));
    if let Some((number, difference)) = &since {
        text.push_str(&format!(
            "\n\nsince version {number}, which was approved:\n{}",
            printable(&difference.text())
        ));
    }
    let difference = since.map(|(number, d)| {
        json!({"against": number, "lines": d.lines, "fields": d.fields, "media": d.media})
    });
    Ok(Outcome::data(
        json!({
            "stage": stage, "state": state.state, "reason": state.reason,
            "content_fp": now.as_ref().map(|n| &n.content), "subject_fp": now.as_ref().map(|n| &n.subject),
            "gate": file, "gate_id": file.as_ref().map(|g| &g.gate_id), "version": version.map(|v| v.version),
            "notes": version.map(|v| &v.notes), "remarks": remarks, "files": files, "held_by": facts.held_by,
            "outdated": facts.outdated, "stale_items": facts.todo, "since_approved": difference,
            "price": studio.price_ahead().to_string(), "duties": unmet,
        }),
        text,
    )
    .of(studio.run.id()))
}

async fn decide(desk: &Desk, args: Decide, verdict: Verdict) -> Result<Outcome> {
    let (name, stage) = desk.names(&args.names)?;
    let mut studio = desk.studio(name)?;
    let id = studio.run.id().to_owned();
    if verdict == Verdict::Approve && args.feedback.is_some() {
        return Err(Failure::new(
            Exit::Usage,
            "an approval comes without feedback: what is approved is what there is",
        )
        .hint("`gate reject --feedback TEXT` asks for a change; `--note TEXT` says something for the record")
        .into());
    }
    let mut words = Words {
        note: args.note.clone(),
        feedback: args.feedback.clone(),
        fingerprint: args.fingerprint.clone(),
        gate_id: args.gate_id.clone(),
        override_it: args.override_it,
        pass_duties: args.override_it,
        keep: args.keep,
        rating: args.rating,
        ..Words::default()
    };
    let (stage, changed) = if let Some(file) = &args.patch {
        decide_with_patch(desk, &mut studio, stage, verdict, file, &words)?
    } else {
        let stage = match stage {
            Some(stage) => stage,
            None => {
                intake::take_in(&mut studio)?;
                waiting(&studio)?
            }
        };
        if verdict == Verdict::Reject
            && desk.interactive
            && words.note.is_none()
            && words.feedback.is_none()
        {
            let said = prompt::line("What should change? (empty: nothing, only stop)")?;
            words.feedback = Some(said).filter(|s| !s.trim().is_empty());
            words.interactive = true;
        }
        let by = desk.by();
        // What nobody could follow is not recorded as asked for.
        let mut meant = None;
        if let Some(feedback) = &words.feedback
            && verdict == Verdict::Reject
        {
            meant = making::heard(&studio, stage, feedback)?.map(|said| making::meant(&said));
        }
        let changed = gatekeeper::decide(&mut studio, stage, verdict, &by, &words)?;
        if let Some(meant) = meant {
            desk.printer.say(&format!("understood: {meant}"));
        }
        (stage, changed)
    };
    let word = if args.patch.is_some() {
        Verdict::Approve.done()
    } else {
        verdict.done()
    };
    if changed {
        desk.printer
            .say(&format!("{stage} is {word} by {}", desk.by()));
    } else {
        desk.printer.say(&format!("{stage} was {word} already"));
    }
    if args.run {
        return run::execute(desk, RunArgs::plain(Some(id), false)).await;
    }
    let file = studio.run.gate_file(stage);
    Ok(Outcome::data(
        json!({
            "stage": stage, "decision": word, "gate": file,
            "subject_fp": file.as_ref().map(|g| &g.subject_fp), "content_fp": file.as_ref().map(|g| &g.content_fp),
        }),
        "",
    )
    .changed(changed)
    .of(id))
}

/// Applies a patch and approves what comes of it, in one commit.
pub fn decide_with_patch(
    desk: &Desk,
    studio: &mut Studio,
    stage: Option<Stage>,
    verdict: Verdict,
    file: &str,
    words: &Words,
) -> Result<(Stage, bool)> {
    let (patch, json) = super::patch::read(file)?;
    // What was pinned is what the patch is applied to.
    let terms = Terms::default();
    let words = Words {
        patch: Some(json.clone()),
        note: words
            .note
            .clone()
            .or_else(|| (verdict == Verdict::Reject).then(|| "patched".to_owned())),
        ..words.clone()
    };
    let (applied, decided) = patching::apply(studio, stage, &patch, &json, &terms, Some(&words))?;
    for line in &applied.report {
        desk.printer.say(line);
    }
    Ok((applied.stage, applied.changed || decided))
}

/// The stage a hold, release or revocation is about.
fn named(desk: &Desk, args: &Hold) -> Result<(Studio, Stage)> {
    let (name, stage) = desk.names(&args.names)?;
    let studio = desk.studio(name)?;
    let stage = match stage {
        Some(stage) => stage,
        None => waiting(&studio)?,
    };
    Ok((studio, stage))
}

fn hold(desk: &Desk, args: Hold) -> Result<Outcome> {
    let (mut studio, stage) = named(desk, &args)?;
    let changed = gatekeeper::hold(&mut studio, stage, &desk.by(), args.note)?;
    desk.printer.say(&if changed {
        format!("{stage} is held: no timer and no --yes passes it")
    } else {
        format!("{stage} was held already")
    });
    Ok(Outcome::data(json!({"stage": stage, "held": true}), "")
        .changed(changed)
        .of(studio.run.id()))
}

fn release(desk: &Desk, args: Hold) -> Result<Outcome> {
    let (mut studio, stage) = named(desk, &args)?;
    let changed = gatekeeper::release(&mut studio, stage, &desk.by())?;
    desk.printer.say(&if changed {
        format!("{stage} is released")
    } else {
        format!("{stage} was not held")
    });
    Ok(Outcome::data(json!({"stage": stage, "held": false}), "")
        .changed(changed)
        .of(studio.run.id()))
}

fn revoke(desk: &Desk, args: Hold) -> Result<Outcome> {
    let (mut studio, stage) = named(desk, &args)?;
    let words = Words {
        note: args.note,
        fingerprint: args.fingerprint,
        ..Words::default()
    };
    let changed = gatekeeper::revoke(&mut studio, stage, &desk.by(), &words)?;
    desk.printer.say(&if changed {
        format!("the decision on {stage} is taken back; it waits for a person")
    } else {
        format!("the decision on {stage} was taken back already")
    });
    Ok(Outcome::data(json!({"stage": stage}), "")
        .changed(changed)
        .of(studio.run.id()))
}

/// Lets overdue timers approve, of one run or of all; with --run, those runs go on.
async fn settle(desk: &Desk, args: Settle) -> Result<Outcome> {
    let (name, only) = desk.names(&args.names)?;
    let roots = if args.all {
        desk.workspace.list()?
    } else {
        vec![desk.workspace.resolve(name)?]
    };
    let mut list: Vec<Value> = Vec::new();
    let mut rows = Vec::new();
    let mut exits = Vec::new();
    let mut changed = false;
    for root in roots {
        let shown = root.display().to_string();
        let settled = settle_one(desk, &root, only);
        let (id, gates) = match settled {
            Ok(found) => found,
            Err(e) if args.all => {
                exits.push(crate::diagnostic::exit_of(&e));
                desk.printer.warn(&format!("{shown}: {e:#}"));
                list.push(json!({"run": root.file_name().map(|n| n.to_string_lossy()), "error": format!("{e:#}")}));
                continue;
            }
            Err(e) => return Err(e),
        };
        let mut went = None;
        let any = gates.iter().any(|(_, why)| why.is_none());
        changed |= any;
        if args.run && any {
            let args = RunArgs::plain(Some(id.clone()), false);
            let result = run::quietly(desk, args).await;
            let exit = result
                .as_ref()
                .map_or_else(crate::diagnostic::exit_of, |o| o.exit);
            if let Err(e) = &result {
                desk.printer.warn(&format!("{id}: {e:#}"));
            }
            exits.push(exit);
            went = Some(exit as u8);
        }
        for (stage, why) in gates {
            rows.push(vec![
                id.clone(),
                stage.to_string(),
                if why.is_none() { "approved" } else { "waits" }.to_owned(),
                why.clone().unwrap_or_default(),
            ]);
            list.push(json!({
                "run": id, "stage": stage, "settled": why.is_none(), "reason": why, "exit": went,
            }));
        }
    }
    let text = if rows.is_empty() {
        String::new()
    } else {
        printer::table(&["run", "gate", "now", "why"], &rows)
    };
    Ok(Outcome::data(json!(list), text)
        .changed(changed)
        .exit(Exit::first(&exits)))
}

/// The open gates of a run, each with why its timer did not approve it.
type Gates = Vec<(Stage, Option<String>)>;

fn settle_one(desk: &Desk, root: &std::path::Path, only: Option<Stage>) -> Result<(String, Gates)> {
    let mut studio = desk.open(root.to_owned())?;
    let id = studio.run.id().to_owned();
    let _held = studio.run.hold()?;
    intake::take_in(&mut studio)?;
    let open: Vec<Stage> = Survey::take(&studio)
        .states
        .iter()
        .filter(|s| s.state == State::Open && only.is_none_or(|o| o == s.stage))
        .map(|s| s.stage)
        .collect();
    let mut gates = Vec::new();
    for stage in open {
        studio.run.check_gate_file(stage)?;
        let why = match gatekeeper::settle(&mut studio, stage)? {
            Settled::Approved => None,
            Settled::Waits(why) => Some(why),
        };
        gates.push((stage, why));
    }
    if let Some(stage) = only
        && gates.is_empty()
    {
        let state = Survey::take(&studio).of(stage).0.state.name();
        gates.push((stage, Some(format!("it is {state}"))));
    }
    Ok((id, gates))
}

fn decisions(desk: &Desk, args: Decisions) -> Result<Outcome> {
    let since = match &args.since {
        Some(text) => Some(
            Instant::parse(text)
                .or_else(|_| Instant::parse(&format!("{text}T00:00:00Z")))
                .map_err(|_| {
                    Failure::new(Exit::Usage, format!("`{text}` is not a day or time"))
                        .hint("write it as 2026-11-20 or 2026-11-20T10:00:00Z")
                })?,
        ),
        None => None,
    };
    let roots = if args.all {
        desk.workspace.list()?
    } else {
        vec![desk.workspace.resolve(args.run.as_deref())?]
    };
    let mut found: Vec<(Instant, u64, Vec<String>, Value)> = Vec::new();
    let mut warnings = Vec::new();
    for root in &roots {
        let id = root
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let ledger = match crate::store::run::ledger_of(root) {
            Ok(ledger) => ledger,
            Err(e) if args.all => {
                warnings.push(format!("{id}: {e:#}"));
                continue;
            }
            Err(e) => return Err(e),
        };
        for (seq, at, taken) in &ledger.revocations {
            let wanted = args.stage.is_none_or(|s| s == taken.stage)
                && args.by.as_ref().is_none_or(|by| *by == taken.by)
                && since.is_none_or(|since| *at >= since);
            if !wanted {
                continue;
            }
            let mut row = vec![
                seq.to_string(),
                at.to_string(),
                taken.stage.to_string(),
                "revoke".to_owned(),
                printable(&taken.by),
                printable(taken.note.as_deref().unwrap_or_default()),
            ];
            if args.all {
                row.insert(0, id.clone());
            }
            let value = json!({
                "run": id, "seq": seq, "at": at.to_string(), "stage": taken.stage, "decision": "revoke",
                "by": taken.by, "note": taken.note, "subject_fp": taken.subject_fp,
            });
            found.push((*at, *seq, row, value));
        }
        for (seq, at, d) in &ledger.decisions {
            let wanted = args.stage.is_none_or(|s| s == d.stage)
                && args.by.as_ref().is_none_or(|by| *by == d.by)
                && since.is_none_or(|since| *at >= since);
            if !wanted {
                continue;
            }
            let void = ledger.is_void(*seq);
            let mut said = d.feedback.clone().or(d.note.clone()).unwrap_or_default();
            for duty in &d.duties {
                said.push_str(&format!(" [not met: {duty}]"));
            }
            let mut row = vec![
                seq.to_string(),
                at.to_string(),
                d.stage.to_string(),
                format!(
                    "{}{}",
                    d.decision.name(),
                    if void { " (revoked)" } else { "" }
                ),
                printable(&d.by),
                printable(&said),
            ];
            if args.all {
                row.insert(0, id.clone());
            }
            let mut value = serde_json::to_value(d).unwrap_or_default();
            value["run"] = id.clone().into();
            value["seq"] = (*seq).into();
            value["at"] = at.to_string().into();
            value["revoked"] = void.into();
            value["confirmed_by"] = json!(ledger.confirmed.get(&d.subject_fp));
            found.push((*at, *seq, row, value));
        }
    }
    // Of one run in the journal's order, of several by time.
    if args.all {
        found.sort_by_key(|f| f.0);
    } else {
        found.sort_by_key(|f| f.1);
    }
    let rows: Vec<Vec<String>> = found.iter().map(|f| f.2.clone()).collect();
    let list: Vec<Value> = found.into_iter().map(|f| f.3).collect();
    let mut header = vec!["seq", "at", "stage", "decision", "by", "said"];
    if args.all {
        header.insert(0, "run");
    }
    let mut outcome = Outcome::data(json!(list), printer::table(&header, &rows));
    outcome.warnings = warnings;
    if let (false, [root]) = (args.all, roots.as_slice()) {
        outcome.run = root.file_name().map(|n| n.to_string_lossy().into_owned());
    }
    Ok(outcome)
}
