//! Goes back: to any version, to the one before, or to one side of a conflict. Nothing is deleted;
//! going back is a new version.

use super::gatekeeper;
use super::intake;
use super::studio::Studio;
use crate::diagnostic::{Exit, Failure};
use crate::film::document;
use crate::film::stage::Stage;
use crate::plan::merge;
use crate::store::disk;
use crate::store::format::{Version, VersionKind};
use crate::store::layout::Layout;
use crate::store::reading::parse;
use crate::store::run::{Draft, Source};
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;

/// Which side of a conflict goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Generated,
    Mine,
    Merge,
}

/// A version's files, from among the objects.
fn objects(version: &Version) -> BTreeMap<String, Source> {
    let relative = |hash| Layout::new("").object(hash).display().to_string();
    version
        .files
        .iter()
        .map(|(n, h)| (n.clone(), Source::Copy(relative(h))))
        .collect()
}

fn versions(studio: &Studio, stage: Stage) -> Vec<Version> {
    studio
        .run
        .ledger
        .versions
        .get(&stage)
        .into_iter()
        .flatten()
        .map(|(_, _, v)| v.clone())
        .collect()
}

/// Keeps the bytes of working files that cannot be read, before something else takes their place.
fn save_broken(studio: &Studio, stage: Stage) -> Result<()> {
    if let Some(name) = stage.document()
        && studio.run.invalid.contains_key(&stage)
        && let Ok(bytes) = disk::read(&studio.run.layout.at(name))
    {
        let hash = crate::plan::fingerprint::Fingerprint::of_bytes(&bytes);
        disk::write_atomic(&studio.run.layout.object(&hash), &bytes)?;
        studio.warn(format!(
            "{name} could not be read; its bytes are kept as {}",
            Layout::new("").object(&hash).display()
        ));
    }
    Ok(())
}

/// Puts a version's content back, as a new version.
fn put_back(studio: &mut Studio, version: &Version, note: String) -> Result<Version> {
    let stage = version.stage;
    if !version.transient.is_empty() {
        return Err(Failure::new(
            Exit::Impossible,
            "a film is not kept by version; it is cut again from what is approved",
        )
        .hint(format!("`greenlight render {}`", studio.run.id()))
        .into());
    }
    let draft = Draft {
        inputs_fp: version.inputs_fp.clone(),
        read: version.read.clone(),
        notes: vec![note],
        ..Draft::new(
            stage,
            VersionKind::Restored,
            &studio.by.clone(),
            objects(version),
        )
    };
    save_broken(studio, stage)?;
    let kept = gatekeeper::keep(studio, draft, None)?;
    gatekeeper::present(studio, stage)?;
    Ok(kept)
}

/// Puts version `number` of a stage back.
pub fn restore(studio: &mut Studio, stage: Stage, number: u32) -> Result<Version> {
    let _held = studio.run.hold()?;
    intake::take_in(studio)?;
    gatekeeper::no_conflict(studio, stage)?;
    let all = versions(studio, stage);
    let Some(version) = all.iter().find(|v| v.version == number) else {
        return Err(
            Failure::new(Exit::NotFound, format!("{stage} has no version {number}"))
                .hint(format!(
                    "`greenlight versions {} {stage}` lists them",
                    studio.run.id()
                ))
                .into(),
        );
    };
    put_back(studio, version, format!("version {number} again"))
}

/// Takes back the last change of a stage's content; done twice, it is as before. Without a stage,
/// the last change of any.
pub fn undo(studio: &mut Studio, stage: Option<Stage>) -> Result<(Version, u32)> {
    let _held = studio.run.hold()?;
    intake::take_in(studio)?;
    let id = studio.run.id().to_owned();
    let stage = match stage.or_else(|| last_changed(studio)) {
        Some(stage) => stage,
        None => {
            return Err(
                Failure::new(Exit::Impossible, "there is no change to take back")
                    .hint(format!("`greenlight log {id}` shows what happened"))
                    .into(),
            );
        }
    };
    gatekeeper::no_conflict(studio, stage)?;
    let all = versions(studio, stage);
    let broken = studio.run.invalid.contains_key(&stage);
    let target = if broken {
        all.iter().rev().find(|v| v.placed)
    } else {
        change_before(all.iter())
    };
    let Some(target) = target.cloned() else {
        return Err(Failure::new(
            Exit::Impossible,
            format!("{stage} has no earlier content to go back to"),
        )
        .hint(format!("`greenlight versions {id} {stage}` lists them"))
        .into());
    };
    let number = target.version;
    let kept = put_back(studio, &target, format!("undone: version {number} again"))?;
    Ok((kept, number))
}

/// The stage somebody changed last. One whose file is broken comes first; what the studio made by
/// itself because of a change elsewhere is no change of anybody's.
fn last_changed(studio: &Studio) -> Option<Stage> {
    let broken = studio.run.invalid.keys().next().copied();
    broken.or_else(|| {
        let versions = &studio.run.ledger.versions;
        versions
            .iter()
            .filter(|(stage, all)| {
                **stage != Stage::Render && change_before(all.iter().map(|v| &v.2)).is_some()
            })
            .filter_map(|(stage, all)| {
                let asked = |v: &Version| v.kind != VersionKind::Generated || v.feedback.is_some();
                let (seq, _, _) = all.iter().rev().find(|(_, _, v)| asked(v))?;
                Some((*seq, *stage))
            })
            .max()
            .map(|(_, stage)| stage)
    })
}

/// The last version whose content is another than the newest's.
fn change_before<'a>(all: impl DoubleEndedIterator<Item = &'a Version>) -> Option<&'a Version> {
    let mut back = all.rev().filter(|v| v.placed);
    let last = back.next()?;
    back.find(|v| v.content_fp != last.content_fp)
}

/// Settles a stage that was edited while it was made. The person's side is kept as a version first,
/// whichever goes on.
pub fn resolve(studio: &mut Studio, stage: Stage, side: Side) -> Result<Version> {
    let _held = studio.run.hold()?;
    studio.run.look()?;
    let id = studio.run.id().to_owned();
    let made = studio
        .run
        .ledger
        .version(stage)
        .filter(|v| !v.placed)
        .cloned();
    let Some(made) = made else {
        return Err(
            Failure::new(Exit::Impossible, format!("{stage} is in no conflict"))
                .hint(format!("`greenlight status {id}` shows where it stands"))
                .into(),
        );
    };
    if let Some(failure) = studio.run.invalid.get(&stage)
        && side != Side::Generated
    {
        return Err(failure.clone().into());
    }
    let by = studio.by.clone();
    let draft = |kind, files| Draft {
        inputs_fp: made.inputs_fp.clone(),
        read: made.read.clone(),
        ..Draft::new(stage, kind, &by, files)
    };
    let mine = studio.run.copies(stage);
    let merged = match side {
        Side::Merge => Some(merged_text(studio, stage, &made)?),
        _ => None,
    };
    save_broken(studio, stage)?;
    let mut kept = if mine.is_empty() {
        made.clone()
    } else {
        gatekeeper::keep(studio, draft(VersionKind::Edited, mine), None)?
    };
    match (side, merged) {
        (Side::Mine, _) => {}
        (_, Some(text)) => {
            // Media a person has stay theirs; what they lack comes from what was made.
            let mut files = objects(&made);
            files.extend(studio.run.copies(stage));
            let name = stage.document().context("a stage with a document")?;
            files.insert(name.to_owned(), Source::Bytes(text.into_bytes()));
            kept = gatekeeper::keep(studio, draft(VersionKind::Merged, files), None)?;
        }
        _ => {
            kept = gatekeeper::keep(studio, draft(VersionKind::Merged, objects(&made)), None)?;
        }
    }
    gatekeeper::present(studio, stage)?;
    Ok(kept)
}

/// Both sides in one document: by id and field for YAML, by line for text.
fn merged_text(studio: &Studio, stage: Stage, made: &Version) -> Result<String> {
    let Some(name) = stage.document() else {
        return Err(Failure::new(Exit::Impossible, "a film cannot be merged")
            .hint("take `mine` or `generated`")
            .into());
    };
    let text = |version: &Version| -> Option<String> {
        let hash = version.files.get(name)?;
        String::from_utf8(studio.run.object(hash).ok()?).ok()
    };
    let theirs = text(made).context("what was made has no document")?;
    let mine = studio.run.text(stage).context("no document to merge")?;
    let base = studio
        .run
        .ledger
        .placed(stage)
        .and_then(text)
        .unwrap_or_default();
    if !stage.is_yaml() {
        let merged = diffy::merge(&base, mine, &theirs).map_err(|conflicted| {
            let line = conflicted.lines().position(|l| l.starts_with("<<<<<<<"));
            Failure::new(Exit::Conflict, "both changed the same lines")
                .at(name, line.map_or(0, |l| l + 1), 0)
                .hint("take `mine` or `generated`, and write the rest in by hand")
        })?;
        parse(stage, &merged)?;
        return Ok(merged);
    }
    let value = |text: &str| serde_yaml::from_str::<Value>(text);
    let base = value(&base).ok().filter(|v| !v.is_null());
    let merged = merge::three_way(base.as_ref(), &value(mine)?, &value(&theirs)?);
    let text = match crate::film::retouch::retouch(mine, &merged) {
        Some(text) => text,
        None => document::write(&merged)?,
    };
    parse(stage, &text)?;
    Ok(text)
}
