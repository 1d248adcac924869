//! Applies patches: checked, worked out, the result checked, then kept as one version, or nothing.

use super::duties;
use super::gatekeeper::{self, Words};
use super::intake;
use super::studio::Studio;
use super::survey::Survey;
use crate::diagnostic::{Exit, Failure};
use crate::film::stage::Stage;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::gate::{self, Standing, Verdict};
use crate::plan::patch::{self, Patch};
use crate::plan::projection;
use crate::plan::status::State;
use crate::store::format::VersionKind;
use crate::store::run::{Draft, Source};
use anyhow::{Context, Result};
use similar::TextDiff;
use std::collections::BTreeMap;

/// What a patch is held to.
#[derive(Debug, Default)]
pub struct Terms {
    pub dry_run: bool,
    pub expect_result: Option<String>,
    pub rebase: bool,
}

/// What a patch did, or would do.
pub struct Applied {
    pub stage: Stage,
    pub report: Vec<String>,
    pub diff: String,
    pub base: Option<Fingerprint>,
    pub result: Fingerprint,
    pub version: Option<u32>,
    pub changed: bool,
    /// Stages whose approval no longer holds.
    pub reopens: Vec<Stage>,
    /// Items that must be made again, by stage.
    pub stale: BTreeMap<Stage, Vec<String>>,
}

/// Applies a patch to a stage. With words, what comes of it is approved in the same commit; whether
/// that approval is news is returned too.
pub fn apply(
    studio: &mut Studio,
    stage: Option<Stage>,
    patch: &Patch,
    json: &serde_json::Value,
    terms: &Terms,
    approval: Option<&Words>,
) -> Result<(Applied, bool)> {
    // A dry run only looks; everything else is checked and written under one lock.
    let _held = if terms.dry_run {
        None
    } else {
        let held = studio.run.hold()?;
        intake::take_in(studio)?;
        Some(held)
    };
    let stage = stage.unwrap_or_else(|| patch.target(studio.run.film.storyboard.is_some()));
    let by = studio.by.clone();
    if approval.is_some() {
        gate::check_name(&by)?;
    }
    gatekeeper::no_conflict(studio, stage)?;
    if let Some(failure) = studio.run.invalid.get(&stage) {
        return Err(failure.clone().into());
    }
    if let Some(words) = approval {
        still_the_same(studio, stage, words)?;
    }
    if let Some(applied) = already(studio, stage, patch, json)? {
        let decided = match approval {
            Some(words) => decide(studio, stage, &by, words)?,
            None => false,
        };
        return Ok((applied, decided));
    }
    let (mut applied, text) = work_out(studio, stage, patch, terms)?;
    if approval.is_some() && !terms.dry_run {
        gatekeeper::approvable(studio, stage)?;
    }
    if terms.dry_run || !applied.changed {
        let nothing_new = !applied.changed;
        applied.changed = false;
        let decided = match approval {
            Some(words) if nothing_new && !terms.dry_run => decide(studio, stage, &by, words)?,
            _ => false,
        };
        return Ok((applied, decided));
    }
    let name = stage.document().context("a stage with a document")?;
    // What would be approved is measured before anything is written.
    let approval = match approval {
        Some(words) => {
            let film = studio.run.film_with(stage, &text)?;
            let script = match stage {
                Stage::Script => text.as_str(),
                _ => studio.run.text(Stage::Script).unwrap_or_default(),
            };
            let duties = duties::passed(studio, stage, words, Some((&film, script)))?;
            Some(Words {
                duties,
                ..words.clone()
            })
        }
        None => None,
    };
    let mut draft = Draft {
        patch: Some(json.clone()),
        request_id: patch.request_id.clone(),
        notes: applied.report.clone(),
        ..studio.run.draft(stage, VersionKind::Patched, &by)
    };
    let source = Source::Bytes(text.into_bytes());
    draft.files.insert(name.to_owned(), source);
    let kept = gatekeeper::keep(
        studio,
        draft,
        approval.as_ref().map(|words| (by.as_str(), words)),
    )?;
    applied.version = Some(kept.version);
    let due = Survey::take(studio).of(stage).1.todo.clone();
    if !due.is_empty() && approval.is_some() {
        studio.warn(format!(
            "{} must be made again; what comes of it will be asked about",
            due.join(", ")
        ));
    }
    Ok((applied, approval.is_some()))
}

/// A pinned approval pins what the patch is applied to.
fn still_the_same(studio: &Studio, stage: Stage, words: &Words) -> Result<(), Failure> {
    let Some((subject, content)) = studio.run.subject(stage) else {
        return Ok(());
    };
    let openings = studio.run.ledger.openings.get(&stage);
    let opening = openings.and_then(|o| o.last());
    let standing = Standing {
        run: studio.run.id(),
        stage,
        subject: &subject,
        content: &content,
        gate_id: opening.map(|o| o.gate_id.as_str()),
        last: None,
        confirmed: false,
    };
    gate::pinned(
        &standing,
        words.fingerprint.as_deref(),
        words.gate_id.as_deref(),
    )
}

fn decide(studio: &mut Studio, stage: Stage, by: &str, words: &Words) -> Result<bool> {
    gatekeeper::decide(
        studio,
        stage,
        Verdict::Approve,
        by,
        // It is about what came of the patch, not about what the patch was made for.
        &Words {
            fingerprint: None,
            gate_id: None,
            ..words.clone()
        },
    )
}

/// A request that was applied before.
fn already(
    studio: &Studio,
    stage: Stage,
    patch: &Patch,
    json: &serde_json::Value,
) -> Result<Option<Applied>> {
    let Some(id) = &patch.request_id else {
        return Ok(None);
    };
    let mut all = studio.run.ledger.versions.values().flatten();
    let Some((_, _, version)) = all.find(|(_, _, v)| v.request_id.as_ref() == Some(id)) else {
        return Ok(None);
    };
    if version.stage != stage || version.patch.as_ref() != Some(json) {
        return Err(Failure::new(
            Exit::Conflict,
            format!(
                "request `{id}` was another patch: {} version {}",
                version.stage, version.version
            ),
        )
        .hint("give every patch a request_id of its own")
        .into());
    }
    Ok(Some(Applied {
        stage,
        report: vec![format!(
            "request `{id}` was applied before, as version {}",
            version.version
        )],
        diff: String::new(),
        base: None,
        result: version.content_fp.clone(),
        version: Some(version.version),
        changed: false,
        reopens: Vec::new(),
        stale: BTreeMap::new(),
    }))
}

fn work_out(
    studio: &mut Studio,
    stage: Stage,
    patch: &Patch,
    terms: &Terms,
) -> Result<(Applied, String)> {
    let name = stage
        .document()
        .ok_or_else(|| Failure::new(Exit::Conflict, "the render stage cannot be patched"))?;
    let text = studio.run.text(stage).map(str::to_owned).ok_or_else(|| {
        Failure::new(Exit::Impossible, format!("{stage} has not been made yet")).hint(format!(
            "`greenlight run {}` goes on to it",
            studio.run.id()
        ))
    })?;
    let base = studio.run.content(stage);
    if let (Some(wanted), Some(now)) = (&patch.base, &base)
        && !now.matches(wanted)
        && !terms.rebase
    {
        return Err(Failure::new(
            Exit::Conflict,
            format!(
                "{stage} is not what the patch was made for: it is {} now",
                now.short()
            ),
        )
        .hint("look at it again, or add --rebase")
        .into());
    }
    let outcome = patch::apply(patch, stage, &text, studio.run.film.sheet.fps)?;
    let film = studio.run.film_with(stage, &outcome.text).map_err(|e| {
        // What the patch makes of the file is the patch's fault, not the file's.
        let why = e.downcast_ref::<Failure>().map(|f| f.problems.clone());
        match why {
            Some(problems) => Failure::of(Exit::Conflict, problems)
                .hint("the file as it lies there is good; correct the patch"),
            None => Failure::new(Exit::Conflict, e.to_string()),
        }
    })?;
    let result =
        projection::content(stage, &film, &studio.run.files).context("a stage without content")?;
    if let Some(expected) = &terms.expect_result
        && !result.matches(expected)
    {
        return Err(Failure::new(
            Exit::Changed,
            format!("the result is {}, not `{expected}`", result.short()),
        )
        .hint("`--dry-run` shows what comes out now")
        .into());
    }
    let diff = TextDiff::from_lines(&text, &outcome.text)
        .unified_diff()
        .context_radius(2)
        .header(name, name)
        .to_string();
    let changed = base.as_ref() != Some(&result);
    let (mut reopens, mut stale) = (Vec::new(), BTreeMap::new());
    if terms.dry_run && changed {
        let before = Survey::take(studio);
        let was = std::mem::replace(&mut studio.run.film, film);
        let after = Survey::take(studio);
        studio.run.film = was;
        for (old, new) in before.states.iter().zip(&after.states) {
            if old.state == State::Approved && new.state != State::Approved {
                reopens.push(new.stage);
            }
            let (_, then) = before.of(new.stage);
            let (_, now) = after.of(new.stage);
            let fresh: Vec<String> = now
                .todo
                .iter()
                .filter(|item| !then.todo.contains(item))
                .cloned()
                .collect();
            if !fresh.is_empty() {
                stale.insert(new.stage, fresh);
            }
        }
    }
    let applied = Applied {
        stage,
        report: outcome.report,
        diff,
        base,
        result,
        version: None,
        changed,
        reopens,
        stale,
    };
    Ok((applied, outcome.text))
}
