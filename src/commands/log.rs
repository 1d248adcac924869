//! `log`: the journal, as it is or as it grows.

use super::{Desk, Outcome};
use crate::cli::Log;
use crate::diagnostic::printable;
use crate::store::format::{Entry, Op, VersionKind};
use crate::store::journal;
use anyhow::Result;
use serde_json::{Value, json};
use std::time::Duration;

fn line(entry: &Entry) -> String {
    let what = match &entry.op {
        Op::Created { title, .. } => format!("created: {title}"),
        Op::Version(v) => format!(
            "{} version {} ({}){}",
            v.stage,
            v.version,
            // What was put back is said, where it is one thing.
            match v.notes.first().filter(|n| n.starts_with("take ")) {
                Some(picked) if v.kind == VersionKind::Restored => picked,
                _ => v.kind.name(),
            },
            v.feedback
                .as_ref()
                .map(|f| format!(" after “{f}”"))
                .unwrap_or_default()
        ),
        Op::GateOpened { stage, gate_id, .. } => format!("{stage} gate {gate_id} opened"),
        Op::Decided(d) => format!(
            "{} {:?} by {}{}",
            d.stage,
            d.decision,
            d.by,
            d.feedback
                .as_ref()
                .or(d.note.as_ref())
                .map(|f| format!(": {f}"))
                .unwrap_or_default()
        )
        .replace("Approve", "approved")
        .replace("Reject", "rejected"),
        Op::Confirmed { stage, by, .. } => format!("{stage} confirmed by {by}"),
        Op::Held { stage, by, note } => format!(
            "{stage} held by {by}{}",
            note.as_ref().map_or(String::new(), |n| format!(": {n}"))
        ),
        Op::Released { stage, by } => format!("{stage} released by {by}"),
        Op::Revoked {
            stage, by, note, ..
        } => format!(
            "{stage} decision taken back by {by}{}",
            note.as_ref().map_or(String::new(), |n| format!(": {n}"))
        ),
        Op::Kept { stage, by, .. } => format!("{stage} accepted as it is by {by}"),
        Op::Picked {
            stage,
            item,
            take,
            by,
        } => format!("{stage} {item} take {take} picked by {by}"),
        Op::Take(t) => {
            let painted = t.facts["inpaint"]["prompt"].as_str();
            let painted = painted.map_or(String::new(), |p| format!(", painted over: “{p}”"));
            format!("{} {} take {}{painted}", t.stage, t.item, t.take)
        }
        Op::Regenerate {
            stage,
            items,
            feedback,
            takes,
            ..
        } => format!(
            "{stage} asked for again{}: {}{}",
            takes.map_or(String::new(), |n| format!(" ({n} takes each)")),
            items.join(", "),
            feedback
                .as_ref()
                .map(|f| format!(" “{f}”"))
                .unwrap_or_default()
        ),
        Op::Failed {
            stage,
            item,
            reason,
        } => format!("{stage} {item} failed: {reason}"),
        Op::Task(t) => {
            let more = [&t.job, &t.cost, &t.reason].into_iter().flatten();
            let more: Vec<&str> = more.map(String::as_str).collect();
            format!(
                "{} {} at {} {} {}",
                t.id,
                t.item,
                t.provider,
                t.state.name(),
                more.join(" ")
            )
        }
        Op::RunStarted { pid } => format!("run started (process {pid})"),
        Op::RunEnded { exit } => format!("run ended with {exit}"),
        Op::Accepted {
            provider,
            lacks,
            by,
            ..
        } => format!("{by} accepts of {provider}: {}", lacks.join("; ")),
        Op::Moderated {
            by,
            refused,
            overridden_by,
            ..
        } => match (refused, overridden_by) {
            (Some(why), Some(who)) => format!("{by}: {why}; overridden by {who}"),
            (Some(why), None) => format!("{by}: {why}"),
            (None, _) => format!("{by} has nothing against it"),
        },
        Op::Cancelled => "cancelled".to_owned(),
        Op::Other(v) => v.to_string(),
    };
    printable(&format!(
        "{:>4}  {}  {:<8} {what}",
        entry.seq, entry.at, entry.actor
    ))
}

fn value(entry: &Entry) -> Value {
    let mut v = match &entry.op {
        Op::Other(v) => v.clone(),
        op => serde_json::to_value(op).unwrap_or_default(),
    };
    v["seq"] = entry.seq.into();
    v["at"] = entry.at.to_string().into();
    v["actor"] = entry.actor.clone().into();
    v
}

pub fn execute(desk: &Desk, args: Log) -> Result<Outcome> {
    let root = desk.workspace.resolve(args.run.as_deref())?;
    let path = crate::store::layout::Layout::new(&root).journal();
    let mut since = args.since.unwrap_or(0);
    let id = root
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let read = |since: u64| -> Result<Vec<Entry>> {
        Ok(journal::read(&path)?
            .entries
            .into_iter()
            .filter(|e| e.seq > since)
            .collect())
    };
    if !args.follow {
        let entries = read(since)?;
        let text: Vec<String> = entries.iter().map(line).collect();
        return Ok(Outcome::data(
            json!(entries.iter().map(value).collect::<Vec<_>>()),
            text.join("\n"),
        )
        .of(id));
    }
    let mut length = u64::MAX;
    loop {
        let now = std::fs::metadata(&path).map_or(0, |m| m.len());
        if now != length {
            length = now;
            for entry in read(since)? {
                since = entry.seq;
                desk.printer.data(&if desk.printer.json {
                    value(&entry).to_string()
                } else {
                    line(&entry)
                });
            }
        }
        std::thread::sleep(Duration::from_millis(250));
    }
}
