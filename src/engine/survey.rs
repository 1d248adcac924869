//! Looks at a run and gathers the facts that `plan` decides by.

use super::studio::Studio;
use crate::film::stage::Stage;
use crate::plan::gate;
use crate::plan::projection::Files;
use crate::plan::status::{self, Facts, JobStatus, StageState};
use crate::stages;

pub struct Survey {
    pub facts: Vec<Facts>,
    pub states: Vec<StageState>,
    pub alive: bool,
}

impl Survey {
    pub fn take(studio: &Studio) -> Survey {
        let alive = studio.run.alive();
        let making = if alive {
            std::fs::read_to_string(studio.run.layout.now_making()).ok()
        } else {
            None
        };
        let way = studio.run.film.sheet.way();
        // What the film's kind does not have comes last, as left out: who asks is answered.
        let rest = Stage::ALL.into_iter().filter(|s| !way.has(*s));
        let facts: Vec<Facts> = (way.stages().iter().copied().chain(rest))
            .map(|stage| facts(studio, stage, making.as_deref()))
            .collect();
        Survey {
            states: status::states(&facts),
            facts,
            alive,
        }
    }

    pub fn job(&self, studio: &Studio) -> JobStatus {
        status::job(
            &self.states,
            &self.facts,
            self.alive,
            studio.run.ledger.cancelled,
        )
    }

    pub fn of(&self, stage: Stage) -> (&StageState, &Facts) {
        let at = self.facts.iter().position(|f| f.stage == stage);
        let at = at.unwrap_or_default();
        (&self.states[at], &self.facts[at])
    }
}

fn facts(studio: &Studio, stage: Stage, making: Option<&str>) -> Facts {
    let run = &studio.run;
    let version = run.ledger.version(stage);
    let content = run.content(stage);
    let (inputs, parts) = run
        .reads(stage)
        .map_or((None, Files::new()), |i| (Some(i.hash), i.parts));
    // What was placed before its stage ran is taken as made from what is there.
    let made_from = match version {
        Some(_) => run
            .ledger
            .made_from(stage)
            .cloned()
            .or_else(|| inputs.clone()),
        None => None,
    };
    let decision = match (&content, &made_from) {
        (Some(content), Some(inputs)) => run
            .ledger
            .decision(&gate::subject(&run.ledger.lineage, stage, content, inputs))
            .map(|(_, d)| d.clone()),
        _ => None,
    };
    let changed = version.map_or_else(Vec::new, |v| {
        let gone = v.read.keys().filter(|name| !parts.contains_key(*name));
        let other = parts
            .iter()
            .filter(|(name, hash)| v.read.get(*name).is_some_and(|then| then != *hash))
            .map(|(name, _)| name);
        gone.chain(other).cloned().collect()
    });
    let skipped = studio.skipped(stage);
    let looked = !skipped && version.is_some() && !run.invalid.contains_key(&stage);
    let (todo, outdated) = if looked {
        stages::due(stage, &studio.desk(&[])).unwrap_or_default()
    } else {
        Default::default()
    };
    Facts {
        stage,
        after: run.film.sheet.way().upstream(stage),
        skipped,
        policy: studio.policy(stage),
        invalid: run.invalid.get(&stage).map(ToString::to_string),
        version: version.filter(|_| content.is_some()).map(|v| v.version),
        made_from,
        inputs,
        changed,
        decision,
        unanswered: run.ledger.unanswered(stage).is_some(),
        todo,
        failed: run
            .ledger
            .failures
            .get(&stage)
            .and_then(|f| f.last())
            .map(|(item, why)| format!("{item}: {why}")),
        held_by: run.ledger.held.get(&stage).map(|h| h.by.clone()),
        outdated,
        conflict: version.is_some_and(|v| !v.placed),
        running: making == Some(stage.name()),
    }
}
