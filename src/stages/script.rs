//! Script: the screenplay. One handed in stays as it is, byte for byte, unless its outline was cut.

use super::outline::source_script;
use super::{Artifact, Desk};
use crate::animatic::writer;
use crate::diagnostic::{Exit, Failure};
use crate::film::sheet::SourceForm;
use crate::plan::feedback::{Change, Target};
use crate::screenplay::fountain;
use crate::store::run::Source;
use anyhow::Result;
use std::collections::BTreeMap;

pub fn assemble(desk: &Desk<'_>) -> Result<Artifact> {
    let run = desk.run;
    let mut notes = Vec::new();
    let text = if desk.instructions.is_empty() {
        let (script, done) = source_script(desk)?;
        if !done.is_empty() {
            notes.push(format!(
                "rewritten for the ear: {}; `greenlight diff {} script source` shows it",
                done.join(", "),
                run.id()
            ));
        }
        let arranged = run.film.outline.as_ref().and_then(|o| {
            // Beats of a brief are named by the template; the script's are told by their order.
            if run.film.sheet.source.form == SourceForm::Brief {
                None
            } else {
                writer::arrange(&script, o)
            }
        });
        match arranged {
            Some(cut) => {
                notes.push(
                    "scenes follow the outline: its order, what it leaves out and what it adds"
                        .to_owned(),
                );
                fountain::write(&cut)
            }
            None if run.film.sheet.source.form == SourceForm::Fountain => run.film.source.clone(),
            None => fountain::write(&script),
        }
    } else {
        let Some(current) = &run.film.script else {
            return Err(Failure::new(Exit::Impossible, "there is no script yet").into());
        };
        let mut out = current.clone();
        for instruction in desk.instructions {
            match (&instruction.change, &instruction.target) {
                (Change::Drop, Target::Beat(id)) => {
                    let found = writer::beats(current);
                    if found.len() > 1
                        && let Some(beat) = found.iter().find(|b| b.id == *id)
                    {
                        let start = current.elements.as_ptr_range().start;
                        let offset = (beat.elements.as_ptr() as usize - start as usize)
                            / size_of::<crate::film::script::Element>();
                        out.elements.drain(offset..offset + beat.elements.len());
                        notes.push(format!("“{}”: the scene is taken out", instruction.said));
                    }
                }
                _ => {
                    return Err(Failure::new(Exit::Missing, format!("`{}`: words are a person's or a text provider's to change, the arranging writer does not", instruction.said))
                        .hint("set a provider for the role `text` in conf/providers.yaml, or change the script yourself: `greenlight edit RUN script`")
                        .into());
                }
            }
        }
        fountain::write(&out)
    };
    Ok(Artifact {
        files: BTreeMap::from([(
            "script.fountain".to_owned(),
            Source::Bytes(text.into_bytes()),
        )]),
        notes,
        made: None,
    })
}
