//! `status`: where a run stands, computed when it is asked for.

use super::{Desk, Outcome};
use crate::cli::RunName;
use crate::engine::survey::Survey;
use crate::film::stage::Stage;
use crate::plan::status::{Next, State, next};
use anyhow::Result;
use console::style;
use serde_json::{Value, json};

pub fn execute(desk: &Desk, args: RunName) -> Result<Outcome> {
    let studio = desk.studio(args.run.as_deref())?;
    let survey = Survey::take(&studio);
    let run = &studio.run;
    let status = survey.job(&studio);
    let waiting = survey
        .states
        .iter()
        .find(|s| matches!(s.state, State::Open | State::Rejected | State::Stale))
        .map(|s| s.stage);
    let film = run.layout.at("render/film.mp4");
    let film = film.is_file().then(|| film.display().to_string());
    let mut stages: Vec<Value> = Vec::new();
    let mut rows = Vec::new();
    for (state, facts) in survey.states.iter().zip(&survey.facts) {
        let stage = state.stage;
        let by = facts.decision.as_ref().map(|d| d.by.clone());
        let feedback = facts.decision.as_ref().and_then(|d| d.feedback.clone());
        let files: Vec<String> = run
            .names(stage)
            .into_iter()
            .filter(|n| run.files.contains_key(n))
            .collect();
        let mark = match state.state {
            State::Approved => style("✓").green(),
            State::Open => style("◆").magenta(),
            State::Rejected | State::Failed | State::Invalid | State::Conflict => style("✗").red(),
            State::Stale | State::Ready => style("○").yellow(),
            State::Running => style("●").cyan(),
            State::Blocked | State::Skipped => style("·").dim(),
        };
        rows.push(
            format!(
                "{mark} {:<11} {:<9} {:<4} {}",
                stage.name(),
                state.state.name(),
                facts.version.map(|v| format!("v{v}")).unwrap_or_default(),
                [
                    by.clone()
                        .map(|b| format!("by {}", crate::diagnostic::printable(&b))),
                    state
                        .reason
                        .as_ref()
                        .filter(|r| feedback.as_ref() != Some(*r))
                        .map(|r| crate::diagnostic::printable(r)),
                    feedback
                        .as_ref()
                        .map(|f| format!("“{}”", crate::diagnostic::printable(f)))
                ]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · ")
            )
            .trim_end()
            .to_owned(),
        );
        stages.push(json!({
            "stage": stage, "state": state.state, "version": facts.version, "by": by, "feedback": feedback,
            "files": files, "cost": "0.00", "stale_items": facts.todo, "reason": state.reason,
        }));
    }
    let id = run.id().to_owned();
    let hint = match next(&survey.states, &survey.facts, Stage::Render) {
        Next::Gate(stage) => {
            format!("next: greenlight gate show {id} {stage}, then gate approve or gate reject")
        }
        Next::Done => film.clone().unwrap_or_default(),
        Next::Invalid(stage) => format!("next: correct {}", stage.document().unwrap_or("the file")),
        Next::Conflict(stage) => {
            format!("next: greenlight resolve {id} {stage} --take mine|generated")
        }
        Next::Rejected(stage) => {
            format!("next: greenlight regenerate {id} {stage} --feedback \"…\"")
        }
        Next::Make(_) | Next::Failed(_) => format!("next: greenlight run {id}"),
    };
    let text = format!(
        "{} ({id})\n{} · {} · {} fps\n\n{}\n\n{hint}",
        style(crate::diagnostic::printable(&run.film.sheet.title)).bold(),
        status.name(),
        run.film
            .sheet
            .formats
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", "),
        run.film.sheet.fps,
        rows.join("\n")
    );
    let result = json!({
        "id": id, "title": run.film.sheet.title, "template": run.film.sheet.template, "status": status, "waiting_at": waiting,
        "film": film, "cost": "0.00", "stages": stages,
    });
    Ok(Outcome::data(result, text).of(id))
}
