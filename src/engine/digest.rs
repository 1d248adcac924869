//! Where a run stands, in short: worked out once, and again only when something about the run looks
//! different.

use super::studio::Studio;
use super::survey::Survey;
use crate::config::Settings;
use crate::film::format::Format;
use crate::film::stage::Stage;
use crate::film::time::{Instant, Rate};
use crate::plan::status::{JobStatus, Next, State, next};
use crate::store::layout::Layout;
use crate::store::{glance, lock};
use anyhow::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Digest {
    pub id: String,
    pub title: String,
    pub template: String,
    pub created_at: Instant,
    pub formats: Vec<Format>,
    pub fps: Rate,
    pub status: JobStatus,
    pub waiting_at: Option<Stage>,
    pub next: Next,
    pub stages: Vec<StageDigest>,
    pub cost: String,
    /// The finished film, relative to the run.
    pub film: Option<String>,
    /// The journal's last line was torn by a crash.
    pub torn: bool,
    /// The journal's last line.
    pub journal: u64,
    /// Nothing is left to do and nothing unseen was changed by hand.
    pub at_rest: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct StageDigest {
    pub stage: Stage,
    pub state: State,
    pub reason: Option<String>,
    pub version: Option<u32>,
    pub by: Option<String>,
    pub feedback: Option<String>,
    pub files: Vec<String>,
    pub cost: String,
    pub stale_items: Vec<String>,
    /// A person's items, made for something else than what is there now.
    pub outdated: Vec<String>,
    pub held_by: Option<String>,
}

impl Digest {
    /// Looks at a run, as shortly as possible.
    pub fn of(root: &Path, workspace: &Path, settings: &Settings, by: &str) -> Result<Digest> {
        let layout = Layout::new(root);
        // While somebody makes something, what stands changes without a trace in the files.
        let alive = lock::is_held(&layout.runner_lock());
        let glance = glance::whole(&layout, &settings.fingerprint());
        if !alive && let Some(digest) = glance.recall(&layout) {
            return Ok(digest);
        }
        let studio = Studio::open(root, workspace, settings.clone(), by)?;
        let digest = Digest::work_out(&studio);
        if !alive {
            glance.keep(&layout, &digest);
        }
        Ok(digest)
    }

    /// Looks once more at a run that has come to rest, so that whoever looks next need not.
    pub fn remember(studio: &Studio, workspace: &Path) {
        // What was written in this very moment would not be remembered.
        std::thread::sleep(glance::GRAIN);
        // It is for speed alone.
        let root = studio.run.layout.root();
        let _ = Digest::of(root, workspace, &studio.settings, &studio.by);
    }

    pub fn work_out(studio: &Studio) -> Digest {
        let survey = Survey::take(studio);
        let run = &studio.run;
        let sheet = &run.film.sheet;
        let next = next(&survey.states, &survey.facts, Stage::Render);
        let unseen = run.edited_any();
        let gates_true = Stage::ALL.into_iter().all(|s| run.gate_file_is_current(s));
        let stages = survey
            .states
            .iter()
            .zip(&survey.facts)
            .filter(|(state, _)| sheet.way().has(state.stage))
            .map(|(state, facts)| {
                let stage = state.stage;
                let versions = run.ledger.versions.get(&stage).into_iter().flatten();
                let cost = versions
                    .filter_map(|(_, _, v)| crate::plan::money::Money::parse(&v.cost).ok())
                    .sum::<crate::plan::money::Money>();
                StageDigest {
                    stage,
                    state: state.state,
                    reason: state.reason.clone(),
                    version: facts.version,
                    by: facts.decision.as_ref().map(|d| d.by.clone()),
                    feedback: facts.decision.as_ref().and_then(|d| d.feedback.clone()),
                    files: run
                        .names(stage)
                        .into_iter()
                        .filter(|n| run.files.contains_key(n))
                        .collect(),
                    cost: cost.to_string(),
                    stale_items: facts.todo.clone(),
                    outdated: facts.outdated.clone(),
                    held_by: facts.held_by.clone(),
                }
            })
            .collect();
        Digest {
            id: run.id().to_owned(),
            title: sheet.title.clone(),
            template: sheet.template.clone(),
            created_at: sheet.created_at,
            formats: sheet.formats.clone(),
            fps: sheet.fps,
            status: survey.job(studio),
            waiting_at: survey
                .states
                .iter()
                .find(|s| matches!(s.state, State::Open | State::Rejected | State::Stale))
                .map(|s| s.stage),
            // What was sent and never came back is looked for first.
            at_rest: next == Next::Done
                && run.ledger.under_way() == crate::plan::money::Money::ZERO
                && !unseen
                && gates_true
                && !run.torn
                && !run.ledger.cancelled
                && !run.is_behind(),
            next,
            stages,
            torn: run.torn,
            journal: run.ledger.last_seq,
            cost: studio.price_spent().to_string(),
            film: run
                .files
                .contains_key(crate::plan::projection::FILM)
                .then(|| crate::plan::projection::FILM.to_owned()),
        }
    }
}
