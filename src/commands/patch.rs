//! `patch`: words, lengths and levels changed by a file, whole or not at all.

use super::{Desk, Outcome};
use crate::cli::{PatchAction, PatchApply, PatchCommand};
use crate::diagnostic::{Exit, Failure};
use crate::engine::studio::Studio;
use crate::engine::{gatekeeper, intake};
use crate::film::stage::Stage;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::patch::{self, Patch};
use crate::plan::projection;
use crate::store::disk;
use crate::store::format::VersionKind;
use crate::store::run::{Draft, Source, parse};
use anyhow::{Context, Result};
use serde_json::json;
use similar::TextDiff;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

/// A patch, and the JSON it was read from.
pub type Read = (Patch, serde_json::Value);

/// Reads a patch from a file or stdin.
pub fn read(file: &str) -> Result<Read> {
    let (bytes, name) = if file == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(patch::MOST_BYTES as u64 + 1)
            .read_to_end(&mut bytes)?;
        (bytes, "standard input")
    } else {
        if !Path::new(file).is_file() {
            return Err(Failure::new(Exit::NotFound, "there is no such patch file")
                .at(file, 0, 0)
                .hint("name a JSON file, or `-` for standard input")
                .into());
        }
        (disk::read(Path::new(file))?, file)
    };
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::new(Exit::Invalid, "a patch is UTF-8 JSON").at(name, 0, 0))?;
    let parsed = patch::parse(&text, name)?;
    Ok((parsed, serde_json::from_str(&text)?))
}

/// What a patch is held to.
#[derive(Debug, Default)]
pub struct Terms {
    pub dry_run: bool,
    pub expect_result: Option<String>,
    pub rebase: bool,
}

pub struct Applied {
    pub stage: Stage,
    pub report: Vec<String>,
    pub diff: String,
    pub base: Option<Fingerprint>,
    pub result: Fingerprint,
    pub changed: bool,
}

/// Applies a patch to a stage: validated, computed, the result checked, then kept as one version.
pub fn apply(studio: &mut Studio, stage: Stage, read: &Read, terms: &Terms) -> Result<Applied> {
    let (patch, json) = read;
    if let Some(failure) = studio.run.invalid.get(&stage) {
        return Err(failure.clone().into());
    }
    if let Some(id) = &patch.request_id
        && let Some((_, _, version)) = studio
            .run
            .ledger
            .versions
            .get(&stage)
            .into_iter()
            .flatten()
            .find(|(_, _, v)| v.request_id.as_ref() == Some(id))
    {
        return Ok(Applied {
            stage,
            report: vec![format!(
                "request `{id}` was applied before, as version {}",
                version.version
            )],
            diff: String::new(),
            base: None,
            result: version.content_fp.clone(),
            changed: false,
        });
    }
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
    parse(stage, &outcome.text)?;
    let result = content_after(studio, stage, &outcome.text)?;
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
    if terms.dry_run || !changed {
        return Ok(Applied {
            stage,
            report: outcome.report,
            diff,
            base,
            result,
            changed: false,
        });
    }
    let mut files: BTreeMap<String, Source> = studio
        .run
        .working(stage)
        .into_keys()
        .map(|n| (n.clone(), Source::Copy(n)))
        .collect();
    files.insert(name.to_owned(), Source::Bytes(outcome.text.into_bytes()));
    let inputs = studio
        .run
        .ledger
        .version(stage)
        .and_then(|v| v.inputs_fp.clone())
        .or_else(|| studio.run.inputs(stage));
    studio.run.commit(Draft {
        stage,
        kind: VersionKind::Patched,
        files,
        inputs_fp: inputs,
        by: studio.by.clone(),
        feedback: None,
        patch: Some(json.clone()),
        request_id: patch.request_id.clone(),
        notes: outcome.report.clone(),
        made: None,
        base: None,
    })?;
    gatekeeper::present(studio, stage)?;
    Ok(Applied {
        stage,
        report: outcome.report,
        diff,
        base,
        result,
        changed: true,
    })
}

fn content_after(studio: &Studio, stage: Stage, text: &str) -> Result<Fingerprint> {
    let film = studio.run.film_with(stage, text)?;
    projection::content(stage, &film, &studio.run.files).context("a stage without content")
}

pub fn execute(desk: &Desk, command: PatchCommand) -> Result<Outcome> {
    match command.action {
        Some(PatchAction::Types) => {
            let text: Vec<String> = patch::TYPES
                .iter()
                .map(|(name, does, example)| format!("{name}: {does}\n  {example}"))
                .collect();
            let list: Vec<serde_json::Value> = patch::TYPES
                .iter()
                .map(|(name, does, example)| json!({"type": name, "does": does, "example": serde_json::from_str::<serde_json::Value>(example).unwrap_or_default()}))
                .collect();
            Ok(Outcome::data(json!(list), text.join("\n")))
        }
        Some(PatchAction::Apply(args)) => run(desk, args, false),
        Some(PatchAction::Check(args)) => run(desk, args, true),
        None => run(desk, command.apply, false),
    }
}

fn run(desk: &Desk, args: PatchApply, check: bool) -> Result<Outcome> {
    let Some((file, names)) = args.names.split_last() else {
        return Err(
            Failure::new(Exit::Usage, "name a patch file, or `-` for standard input")
                .hint("`greenlight patch types` shows what can be in it")
                .into(),
        );
    };
    let patch = read(file)?;
    let (name, stage) = desk.names(names)?;
    let mut studio = desk.studio(name)?;
    if !check && !args.dry_run {
        intake::take_in(&mut studio)?;
    }
    let stage = stage.unwrap_or_else(|| patch.0.target(studio.run.film.storyboard.is_some()));
    let terms = Terms {
        dry_run: args.dry_run || check,
        expect_result: args.expect_result,
        rebase: args.rebase,
    };
    let applied = apply(&mut studio, stage, &patch, &terms)?;
    for line in &applied.report {
        desk.printer.say(line);
    }
    let id = studio.run.id().to_owned();
    if applied.changed {
        desk.printer.say(&format!(
            "{stage} is patched; its gate is open again: greenlight gate approve {id} {stage} --run"
        ));
    }
    let text = if terms.dry_run {
        applied.diff.clone()
    } else {
        String::new()
    };
    Ok(Outcome::data(
        json!({"stage": applied.stage, "type": patch.0.type_name(), "base": applied.base, "content_fp": applied.result, "report": applied.report, "diff": applied.diff, "dry_run": terms.dry_run}),
        text,
    )
    .changed(applied.changed)
    .of(id))
}
