//! Duties at gates: what is not met stops an approval, unless a person takes it on themselves, by name and with a
//! reason.

use super::gatekeeper::Words;
use super::studio::Studio;
use crate::diagnostic::{Exit, Failure, Problem};
use crate::film::artifacts::Artifacts;
use crate::film::duty::Breach;
use crate::film::stage::Stage;
use crate::stages::duties;

/// The duties a stage does not meet as it lies there.
pub fn breaches(studio: &Studio, stage: Stage) -> Vec<Breach> {
    duties::breaches(&studio.desk(&[]), stage, None)
}

/// Whether a stage's gate waits for its duties to be measured.
pub(super) fn bind(studio: &Studio, stage: Stage) -> bool {
    duties::bind(&studio.desk(&[]), stage)
}

/// The breaches an approval passes over, where it may. `film` is what would be approved, where that is not what
/// lies there.
///
/// # Errors
/// Some are not met, and nobody takes that on themselves (exit 7).
pub(super) fn passed(
    studio: &Studio,
    stage: Stage,
    words: &Words,
    film: Option<(&Artifacts, &str)>,
) -> Result<Vec<String>, Failure> {
    let found = duties::breaches(&studio.desk(&[]), stage, film);
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let reason = words.note.as_ref().is_some_and(|n| !n.trim().is_empty());
    if words.pass_duties && reason && !words.policy {
        let mut taken_on: Vec<String> = found.iter().map(Breach::key).collect();
        taken_on.dedup();
        return Ok(taken_on);
    }
    if words.pass_duties && !reason {
        return Err(Failure::new(
            Exit::Usage,
            "an approval over duties that are not met needs a reason",
        )
        .hint("add --note \"why\""));
    }
    let id = studio.run.id();
    let last = found.len() - 1;
    let problems = found.iter().enumerate().map(|(i, breach)| {
        let problem = Problem::new(breach.line());
        if i < last {
            return problem;
        }
        problem.hint(format!(
            "mend it (`greenlight edit {id} {stage}`, or the fields in run.yaml), or take it on yourself: `greenlight gate approve {id} {stage} --override --note \"why\"`"
        ))
    });
    Err(Failure::of(Exit::Impossible, problems.collect()))
}
