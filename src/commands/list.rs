//! `list`: all runs of the workspace, newest first.

use super::{Desk, Outcome};
use crate::cli::List;
use crate::config::Settings;
use crate::engine::digest::Digest;
use crate::engine::studio::Studio;
use crate::film::stage::Stage;
use crate::film::time::Instant;
use crate::plan::status::JobStatus;
use crate::store::format::Op;
use crate::store::index::{Index, Seen};
use crate::store::layout::Layout;
use crate::store::{journal, lock};
use crate::ui::printer;
use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::Path;

/// What a list says of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Row {
    id: String,
    title: String,
    status: JobStatus,
    waiting_at: Option<Stage>,
    created_at: Instant,
}

pub fn execute(desk: &Desk, args: List) -> Result<Outcome> {
    let settings = desk.settings()?;
    let surroundings = settings.fingerprint();
    let roots = desk.workspace.list()?;
    let mut index: Index<Row> = Index::open(&desk.workspace.runs());
    let mut warnings = Vec::new();
    let mut unreadable: Vec<String> = Vec::new();
    let mut found: Vec<Row> = Vec::with_capacity(roots.len());
    for root in &roots {
        let mut row = match index.seen(root, &surroundings) {
            Seen::Known(row) => row,
            Seen::New(glance) => match look(desk, root, &settings) {
                Ok(row) => {
                    index.keep(root, &glance, row.clone());
                    row
                }
                Err(e) => {
                    warnings.push(format!("{}: {e:#}", root.display()));
                    unreadable.push(name(root));
                    continue;
                }
            },
        };
        // Whether somebody works on it right now is written nowhere.
        let resting = matches!(row.status, JobStatus::Completed | JobStatus::Pending);
        if !resting && lock::is_held(&Layout::new(root).runner_lock()) {
            row.status = JobStatus::Processing;
        }
        found.push(row);
    }
    index.close(&roots);
    found.retain(|row| args.status.as_ref().is_none_or(|s| s == row.status.name()));
    let mut rows: Vec<Vec<String>> = found
        .iter()
        .map(|row| {
            vec![
                row.id.clone(),
                row.status.name().to_owned(),
                row.waiting_at.map_or(String::new(), |s| s.to_string()),
                row.title.clone(),
                row.created_at.date(),
            ]
        })
        .collect();
    let all = args.status.is_none() || args.status.as_deref() == Some(UNREADABLE);
    unreadable.retain(|_| all);
    for id in &unreadable {
        let empty = String::new;
        rows.push(vec![
            id.clone(),
            UNREADABLE.to_owned(),
            empty(),
            empty(),
            empty(),
        ]);
    }
    let text = if rows.is_empty() {
        desk.printer
            .say("no runs here; start one with `greenlight new`, or watch `greenlight demo`");
        String::new()
    } else if desk.printer.json {
        String::new()
    } else {
        printer::table(&["run", "status", "at", "title", "made"], &rows)
    };
    let mut list: Vec<Value> = found.iter().map(|row| json!(row)).collect();
    list.extend(
        unreadable
            .iter()
            .map(|id| json!({"id": id, "status": UNREADABLE})),
    );
    let mut outcome = Outcome::data(json!(list), text);
    outcome.warnings = warnings;
    Ok(outcome)
}

/// A run that cannot be opened is there all the same.
const UNREADABLE: &str = "unreadable";

fn name(root: &Path) -> String {
    root.file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Works a row out.
fn look(desk: &Desk, root: &Path, settings: &Settings) -> Result<Row> {
    if let Some(row) = untouched(root) {
        return Ok(row);
    }
    let studio = Studio::open(root, desk.workspace.root(), settings.clone(), &desk.by())?;
    let digest = Digest::work_out(&studio);
    Ok(Row {
        id: digest.id,
        title: digest.title,
        status: digest.status,
        waiting_at: digest.waiting_at,
        created_at: digest.created_at,
    })
}

/// A run in which nothing has happened yet is known by its first line.
fn untouched(root: &Path) -> Option<Row> {
    let layout = Layout::new(root);
    let documents = Stage::ALL.into_iter().filter_map(Stage::document);
    for name in documents {
        if layout.at(name).exists() {
            return None;
        }
    }
    let entries = journal::read(&layout.journal()).ok()?.entries;
    match entries.as_slice() {
        [only] => match &only.op {
            Op::Created { title, .. } => Some(Row {
                id: name(root),
                title: title.clone(),
                status: JobStatus::Pending,
                waiting_at: None,
                created_at: only.at,
            }),
            _ => None,
        },
        _ => None,
    }
}
