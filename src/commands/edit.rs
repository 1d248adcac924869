//! `edit`: a stage's file in the person's editor, checked when saved.

use super::{Desk, Outcome};
use crate::cli::StageName;
use crate::diagnostic::{Exit, Failure};
use crate::engine::intake;
use crate::engine::studio::Studio;
use crate::film::stage::Stage;
use crate::store::disk;
use crate::store::reading::parse;
use crate::ui::{editor, prompt};
use anyhow::Result;
use serde_json::json;

pub fn execute(desk: &Desk, args: StageName) -> Result<Outcome> {
    let (name, stage) = desk.run_and_stage(&args.names)?;
    let mut studio = desk.studio(name)?;
    let id = studio.run.id().to_owned();
    let changed = open(desk, &mut studio, stage)?;
    Ok(Outcome::data(json!({"stage": stage}), "")
        .changed(changed)
        .of(id))
}

/// Opens the editor; a broken file can be mended or thrown away, and is never lost.
pub fn open(desk: &Desk, studio: &mut Studio, stage: Stage) -> Result<bool> {
    let Some(name) = stage.document() else {
        return Err(Failure::new(Exit::Impossible, "the render stage has no file to edit").into());
    };
    let path = studio.run.layout.at(name);
    if !path.is_file() {
        return Err(
            Failure::new(Exit::Impossible, format!("{stage} has not been made yet")).into(),
        );
    }
    if !desk.interactive && !editor::is_chosen() {
        return Err(Failure::new(
            Exit::Usage,
            "there is no terminal to edit on, and no $EDITOR that needs none",
        )
        .hint(format!(
            "change {} with any program, then run again",
            path.display()
        ))
        .into());
    }
    intake::take_in(studio)?;
    let before = disk::read(&path)?;
    loop {
        editor::edit(&path)?;
        let bytes = disk::read(&path)?;
        if bytes == before {
            desk.printer.say("nothing changed");
            return Ok(false);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match parse(stage, &text) {
            Ok(_) => break,
            Err(failure) => {
                desk.printer.failure(&failure.clone().into());
                if !desk.interactive {
                    return Err(failure.into());
                }
                match prompt::choose(
                    "The file cannot be read as it is",
                    &["mend it", "throw my changes away", "leave it so"],
                )? {
                    Some(0) => {}
                    Some(1) => {
                        // The broken text is kept where versions lie, before it is replaced.
                        disk::write_atomic(
                            &studio
                                .run
                                .layout
                                .object(&crate::plan::fingerprint::Fingerprint::of_bytes(&bytes)),
                            &bytes,
                        )?;
                        disk::write_atomic(&path, &before)?;
                        return Ok(false);
                    }
                    _ => return Err(failure.into()),
                }
            }
        }
    }
    studio.run.look()?;
    intake::take_in(studio)?;
    Ok(true)
}
