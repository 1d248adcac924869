//! What people changed in the folder since the last command: recorded, named, never lost.

use super::event::Event;
use super::studio::Studio;
use crate::film::stage::Stage;
use crate::stages;
use crate::store::format::VersionKind;
use crate::store::run::{Draft, Source};
use anyhow::Result;
use std::collections::BTreeMap;

/// Takes in hand edits of every stage; returns those that were changed.
pub fn take_in(studio: &mut Studio) -> Result<Vec<Stage>> {
    studio.run.recover()?;
    if studio.run.torn {
        studio.run.torn = false;
        studio.warn("the journal's last line was torn by a crash and is dropped");
    }
    let mut changed = Vec::new();
    for stage in Stage::ALL {
        if stage == Stage::Render
            || studio.run.invalid.contains_key(&stage)
            || !studio.run.edited(stage)
        {
            continue;
        }
        let missing_only = only_missing(studio, stage);
        if missing_only {
            // A file that is gone is made again; nothing of a person's is in it.
            continue;
        }
        let crew = studio.crew().ok();
        let text = stages::settle(stage, &studio.desk(&[]), crew.as_ref())?;
        let mut files: BTreeMap<String, Source> = BTreeMap::new();
        for name in studio.run.working(stage).into_keys() {
            files.insert(name.clone(), Source::Copy(name));
        }
        if let (Some(name), Some(text)) = (stage.document(), text) {
            // The hand-written bytes are kept too, before what is written back replaces them.
            let before = studio.run.layout.at(name);
            let bytes = crate::store::disk::read(&before)?;
            crate::store::disk::write_atomic(
                &studio
                    .run
                    .layout
                    .object(&crate::plan::fingerprint::Fingerprint::of_bytes(&bytes)),
                &bytes,
            )?;
            crate::store::disk::write_atomic(&before, text.as_bytes())?;
            studio.run.look()?;
            files.insert(name.to_owned(), Source::Bytes(text.into_bytes()));
            for media in studio.run.working(stage).into_keys().filter(|n| n != name) {
                files.insert(media.clone(), Source::Copy(media));
            }
        }
        let inputs = match studio.run.ledger.version(stage) {
            Some(v) => v.inputs_fp.clone(),
            None => studio.run.inputs(stage),
        };
        let names = edited_names(studio, stage);
        let version = studio.run.commit(Draft {
            stage,
            kind: VersionKind::Edited,
            files,
            inputs_fp: inputs,
            by: studio.by.clone(),
            feedback: None,
            patch: None,
            request_id: None,
            notes: names.clone(),
            base: None,
        })?;
        changed.push(stage);
        studio.tell(Event::Warning {
            message: format!(
                "{stage} was edited by hand ({}): kept as version {}",
                names.join(", "),
                version.version
            ),
        });
    }
    Ok(changed)
}

/// Which working files differ from the last version.
fn edited_names(studio: &Studio, stage: Stage) -> Vec<String> {
    let before = studio.run.ledger.placed(stage);
    studio
        .run
        .working(stage)
        .into_iter()
        .filter(|(n, h)| before.is_none_or(|v| v.files.get(n) != Some(h)))
        .map(|(n, _)| n)
        .collect()
}

fn only_missing(studio: &Studio, stage: Stage) -> bool {
    studio.run.ledger.placed(stage).is_some() && edited_names(studio, stage).is_empty()
}
