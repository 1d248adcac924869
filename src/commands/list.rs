//! `list`: all runs of the workspace, newest first.

use super::{Desk, Outcome};
use crate::cli::List;
use crate::engine::survey::Survey;
use crate::ui::printer;
use anyhow::Result;
use serde_json::{Value, json};

pub fn execute(desk: &Desk, args: List) -> Result<Outcome> {
    let mut rows = Vec::new();
    let mut list: Vec<Value> = Vec::new();
    let mut warnings = Vec::new();
    for root in desk.workspace.list()? {
        match desk.open(root.clone()) {
            Ok(studio) => {
                let survey = Survey::take(&studio);
                let status = survey.job(&studio).name();
                if args.status.as_ref().is_some_and(|s| s != status) {
                    continue;
                }
                let sheet = &studio.run.film.sheet;
                rows.push(vec![
                    sheet.id.to_string(),
                    status.to_owned(),
                    sheet.title.clone(),
                    sheet.created_at.date(),
                ]);
                list.push(json!({"id": sheet.id, "title": sheet.title, "status": status, "created_at": sheet.created_at, "template": sheet.template}));
            }
            Err(e) => warnings.push(format!("{}: {e:#}", root.display())),
        }
    }
    let text = if rows.is_empty() {
        String::new()
    } else {
        printer::table(&["run", "status", "title", "made"], &rows)
    };
    if rows.is_empty() {
        desk.printer
            .say("no runs here; start one with `greenlight new`, or watch `greenlight demo`");
    }
    let mut outcome = Outcome::data(json!(list), text);
    outcome.warnings = warnings;
    Ok(outcome)
}
