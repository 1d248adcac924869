//! `status`: where a run stands, computed when it is asked for.

use super::{Desk, Outcome};
use crate::cli::RunName;
use crate::diagnostic::printable;
use crate::engine::digest::{Digest, StageDigest};
use crate::plan::status::JobStatus;
use crate::plan::status::{Next, State};
use anyhow::Result;
use console::style;
use serde_json::json;

pub fn execute(desk: &Desk, args: RunName) -> Result<Outcome> {
    let root = desk.root(args.run.as_deref())?;
    let settings = desk.settings()?;
    let digest = Digest::of(&root, desk.workspace.root(), &settings, &desk.by())?;
    if digest.torn {
        desk.printer
            .warn("the journal's last line was torn by a crash; the next command drops it");
    }
    let film = digest.film.as_ref().map(|f| root.join(f));
    let rows: Vec<String> = digest.stages.iter().map(row).collect();
    let id = &digest.id;
    let hint = match digest.next {
        Next::Gate(stage) => {
            format!("next: greenlight gate show {id} {stage}, then gate approve or gate reject")
        }
        Next::Done => film
            .as_ref()
            .map(|f| f.display().to_string())
            .unwrap_or_default(),
        Next::Invalid(stage) => format!("next: correct {}", stage.document().unwrap_or("the file")),
        Next::Conflict(stage) => {
            format!("next: greenlight resolve {id} {stage} --take mine|generated|merge")
        }
        Next::Rejected(stage) => {
            format!("next: greenlight regenerate {id} {stage} --feedback \"…\"")
        }
        Next::Make(_) | Next::Failed(_) if digest.status == JobStatus::Processing => {
            "somebody works on it".to_owned()
        }
        Next::Make(_) | Next::Failed(_) => format!("next: greenlight run {id}"),
    };
    let formats: Vec<String> = digest.formats.iter().map(ToString::to_string).collect();
    let text = format!(
        "{} ({id})\n{} · {} · {} fps\n\n{}\n\n{hint}",
        style(printable(&digest.title)).bold(),
        digest.status.name(),
        formats.join(", "),
        digest.fps,
        rows.join("\n")
    );
    let mut result = json!(digest);
    result["film"] = json!(film);
    Ok(Outcome::data(result, text).of(id.clone()))
}

fn row(stage: &StageDigest) -> String {
    let mark = match stage.state {
        State::Approved => style("✓").green(),
        State::Open => style("◆").magenta(),
        State::Rejected | State::Failed | State::Invalid | State::Conflict => style("✗").red(),
        State::Stale | State::Ready => style("○").yellow(),
        State::Running => style("●").cyan(),
        State::Blocked | State::Skipped => style("·").dim(),
    };
    let version = stage.version.map(|v| format!("v{v}")).unwrap_or_default();
    let said: Vec<String> = [
        stage.by.as_ref().map(|by| format!("by {by}")),
        stage
            .reason
            .clone()
            .filter(|r| stage.feedback.as_ref() != Some(r)),
        stage.feedback.as_ref().map(|f| format!("“{f}”")),
        (!stage.outdated.is_empty()).then(|| {
            format!(
                "left as you chose, out of date: {}",
                stage.outdated.join(", ")
            )
        }),
    ]
    .into_iter()
    .flatten()
    .map(|text| printable(&text))
    .collect();
    format!(
        "{mark} {:<11} {:<9} {version:<4} {}",
        stage.stage.name(),
        stage.state.name(),
        said.join(" · ")
    )
    .trim_end()
    .to_owned()
}
