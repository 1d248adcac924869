//! `tasks`, `task` and `cost`: what was asked of providers, what became of it, what it took.

use super::{Desk, Outcome};
use crate::cli::{RunName, Task, Tasks};
use crate::diagnostic::{Exit, Failure, printable};
use crate::engine::studio::Studio;
use crate::plan::money::Money;
use crate::store::format::{Op, TaskNote, TaskState};
use crate::store::ledger::{Ledger, TaskRecord};
use crate::store::{disk, spending};
use crate::ui::printer;
use anyhow::Result;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn value(record: &TaskRecord) -> Value {
    let note = &record.note;
    json!({
        "id": note.id, "stage": note.stage, "item": note.item, "role": note.role, "provider": note.provider,
        "status": note.state.name(), "attempts": record.attempts, "price": note.price, "cost": record.spent.to_string(),
        "job": note.job, "reason": note.reason, "at": record.at, "folder": format!("tasks/{}", note.id),
    })
}

pub fn list(desk: &Desk, args: Tasks) -> Result<Outcome> {
    let studio = desk.studio(args.run.as_deref())?;
    const KNOWN: [&str; 6] = [
        "running",
        "completed",
        "failed",
        "in_doubt",
        "cancelled",
        "pending",
    ];
    if let Some(status) = &args.status
        && !KNOWN.contains(&status.as_str())
    {
        return Err(
            Failure::new(Exit::Usage, format!("`{status}` is no status of a task"))
                .hint(format!("tasks are {}", KNOWN.join(", ")))
                .into(),
        );
    }
    let mut records: Vec<&TaskRecord> = studio
        .run
        .ledger
        .tasks
        .values()
        .filter(|r| {
            args.status
                .as_ref()
                .is_none_or(|s| r.note.state.name() == s)
        })
        .collect();
    records.sort_by_key(|r| r.at);
    let rows: Vec<Vec<String>> = records
        .iter()
        .map(|r| {
            let n = &r.note;
            vec![
                n.id.clone(),
                n.stage.to_string(),
                n.item.clone(),
                n.provider.clone(),
                n.state.name().to_owned(),
                r.attempts.to_string(),
                r.spent.to_string(),
                printable(n.reason.as_deref().unwrap_or_default()),
            ]
        })
        .collect();
    let text = match rows.is_empty() {
        true => {
            desk.printer.say("no provider was asked for anything");
            String::new()
        }
        false => printer::table(
            &[
                "task", "stage", "item", "provider", "status", "tries", "cost", "reason",
            ],
            &rows,
        ),
    };
    let values: Vec<Value> = records.into_iter().map(value).collect();
    Ok(Outcome::data(json!(values), text).of(studio.run.id()))
}

/// Finds a task by its id or the beginning of it.
fn find(studio: &Studio, id: &str) -> Result<TaskNote> {
    let tasks = &studio.run.ledger.tasks;
    let mut found = tasks.values().filter(|r| r.note.id.starts_with(id));
    match (tasks.get(id), found.next(), found.next()) {
        (Some(record), ..) | (None, Some(record), None) => Ok(record.note.clone()),
        (None, Some(_), Some(_)) => Err(Failure::new(
            Exit::Usage,
            format!("`{id}` begins several tasks"),
        )
        .hint("name it whole")
        .into()),
        (None, None, _) => Err(
            Failure::new(Exit::NotFound, format!("there is no task `{id}`"))
                .hint(format!("`greenlight tasks {}` lists them", studio.run.id()))
                .into(),
        ),
    }
}

pub fn change(desk: &Desk, task: Task) -> Result<Outcome> {
    let names = match &task {
        Task::Retry { names } | Task::Resolve { names, .. } => names,
    };
    if let [.., more] = names.as_slice()
        && names.len() > 2
    {
        let said = format!("`{more}` is one word too many");
        return Err(Failure::new(Exit::Usage, said)
            .hint("an amount stands behind an equals sign: `--spent=0.04`")
            .into());
    }
    let (run, id) = split(names);
    let mut studio = desk.studio(run)?;
    // What somebody who died had no time to book.
    spending::follow(
        &studio.run.layout.runs(),
        studio.run.id(),
        &studio.run.ledger,
        0,
    )?;
    let note = find(&studio, id)?;
    let by = studio.by.clone();
    let refuse = |what: &str, hint: String| -> Result<Outcome> {
        let said = format!("task {} is {}: {what}", note.id, note.state.name());
        Err(Failure::new(Exit::Impossible, said).hint(hint).into())
    };
    let run_id = studio.run.id().to_owned();
    let next = match task {
        Task::Retry { .. } => {
            match note.state {
                TaskState::Failed | TaskState::Cancelled => {}
                // Its result came, and nothing could be made of it.
                TaskState::Completed
                    if !studio
                        .run
                        .ledger
                        .takes
                        .contains_key(&(note.stage, note.item.clone())) => {}
                TaskState::InDoubt => {
                    return refuse(
                        "say first what became of it",
                        format!(
                            "`greenlight task resolve {run_id} {} --spent` or `--unspent`",
                            note.id
                        ),
                    );
                }
                _ => {
                    return refuse(
                        "there is nothing to send again",
                        format!("`greenlight tasks {run_id} --status failed` lists what can be"),
                    );
                }
            }
            disk::remove(&studio.run.layout.task(&note.id).join("result"));
            TaskNote {
                state: TaskState::Retried,
                job: None,
                cost: None,
                reason: None,
                ..note.clone()
            }
        }
        Task::Resolve { spent, unspent, .. } => {
            // What nobody asks after any more may be settled as well.
            let idle = note.state.is_under_way() && !studio.run.alive();
            if note.state != TaskState::InDoubt && !idle {
                return refuse(
                    "nothing is in doubt",
                    format!("`greenlight tasks {run_id} --status in_doubt` lists what is"),
                );
            }
            let amount = match (&spent, unspent) {
                (Some(text), _) if text.is_empty() => Money::parse(&note.price).unwrap_or_default(),
                (Some(text), _) => Money::parse(text).map_err(|e| Failure::new(Exit::Usage, e))?,
                (None, true) => Money::ZERO,
                (None, false) => {
                    return Err(
                        Failure::new(Exit::Usage, "say --spent [AMOUNT] or --unspent").into(),
                    );
                }
            };
            TaskNote {
                // Not sent again by itself either: a person says so with `retry`.
                state: TaskState::Failed,
                cost: Some(amount.to_string()),
                reason: Some(format!("resolved by {by}: {amount} spent")),
                ..note.clone()
            }
        }
    };
    let before = studio.run.ledger.last_seq;
    studio.run.log(&by, vec![Op::Task(next)])?;
    // The month follows the journal: what was cut off between the two is booked by the next run.
    let runs = studio.run.layout.runs();
    spending::follow(&runs, &run_id, &studio.run.ledger, before)?;
    if !studio.run.alive() {
        let holder = spending::Holder::of(&studio.run.layout, &studio.run.ledger);
        spending::release(&holder, studio.run.ledger.under_way())?;
    }
    let record = studio.run.ledger.tasks.get(&note.id).map(value);
    desk.printer
        .say(&format!("`greenlight run {run_id}` goes on"));
    Ok(Outcome::data(json!(record), "").changed(true).of(run_id))
}

/// RUN and the task; the run may be left out.
fn split(names: &[String]) -> (Option<&str>, &str) {
    match names {
        [run, id, ..] => (Some(run), id),
        [id] => (None, id),
        [] => (None, ""),
    }
}

/// Whether what a task brought is in the film: not where it failed, is in doubt, or another take was made or picked
/// since.
fn is_used(ledger: &Ledger, record: &TaskRecord) -> bool {
    let note = &record.note;
    let name = (note.stage, note.item.clone());
    let takes = ledger.takes.get(&name).map_or(&[][..], Vec::as_slice);
    let picked = ledger.picks.get(&name);
    let current = match picked {
        Some(number) => takes.iter().find(|t| t.take == *number),
        None => takes.last(),
    };
    let Some(current) = current.filter(|t| t.provider == note.provider) else {
        return false;
    };
    if note.state != TaskState::Completed {
        return false;
    }
    // Where each take took one request, the n-th brought the n-th.
    let of_the_same = |r: &&TaskRecord| {
        let other = &r.note;
        other.state == TaskState::Completed
            && (other.stage, &other.item, &other.role, &other.provider)
                == (note.stage, &note.item, &note.role, &note.provider)
    };
    let mut requests: Vec<&TaskRecord> = ledger.tasks.values().filter(of_the_same).collect();
    requests.sort_by_key(|r| r.at);
    let theirs: Vec<u32> = (takes.iter())
        .filter(|t| t.provider == note.provider)
        .map(|t| t.take)
        .collect();
    if requests.len() != theirs.len() {
        return true;
    }
    let at = requests.iter().position(|r| r.note.id == note.id);
    at.is_some_and(|at| theirs[at] == current.take)
}

pub fn cost(desk: &Desk, args: RunName) -> Result<Outcome> {
    let studio = desk.studio(args.run.as_deref())?;
    let ledger = &studio.run.ledger;
    let mut groups: BTreeMap<(String, String), (Money, u32, Money)> = BTreeMap::new();
    for record in ledger.tasks.values() {
        let note = &record.note;
        let wasted = match is_used(ledger, record) {
            // Earlier attempts of it came to nothing.
            true => record.spent.less(record.counted),
            false => record.spent,
        };
        let group = groups
            .entry((note.stage.to_string(), note.provider.clone()))
            .or_default();
        group.0 = group.0 + record.spent;
        group.1 += 1;
        group.2 = group.2 + wasted;
    }
    let spent = studio.price_spent();
    let ahead = studio.price_ahead();
    let currency = &studio.settings.operator.budget.currency;
    let rows: Vec<Vec<String>> = groups
        .iter()
        .map(|((stage, provider), (cost, n, wasted))| {
            vec![
                stage.clone(),
                provider.clone(),
                n.to_string(),
                cost.to_string(),
                wasted.to_string(),
            ]
        })
        .collect();
    let table = match rows.is_empty() {
        true => String::new(),
        false => format!(
            "{}\n\n",
            printer::table(&["stage", "provider", "tasks", "cost", "wasted"], &rows)
        ),
    };
    let ceiling = studio.ceiling();
    // Of what was sent and has no answer yet nobody knows whether it is paid.
    let under_way = ledger.under_way();
    let sent = match under_way == Money::ZERO {
        true => String::new(),
        false => format!("; under way, and perhaps paid: {under_way} {currency}"),
    };
    let text = format!(
        "{table}spent: {spent} {currency}{sent}; still to come: {ahead} {currency}; {} {currency} allowed by {}",
        ceiling.amount, ceiling.said_by
    );
    let by: Vec<Value> = groups
        .iter()
        .map(|((stage, provider), (cost, n, wasted))| {
            json!({"stage": stage, "provider": provider, "tasks": n, "cost": cost.to_string(), "wasted": wasted.to_string()})
        })
        .collect();
    let tasks: Vec<Value> = ledger.tasks.values().map(value).collect();
    let result = json!({
        "spent": spent.to_string(), "under_way": under_way.to_string(), "ahead": ahead.to_string(), "currency": currency, "allowed": ceiling.amount.to_string(),
        "allowed_by": ceiling.said_by, "by": by, "tasks": tasks,
    });
    Ok(Outcome::data(result, text).of(studio.run.id()))
}
