//! Outline: beats with ids and seconds, from the screenplay or the idea.

use super::{Artifact, Desk, merged, pristine, written};
use crate::animatic::writer;
use crate::film::ids::{BeatId, distinct, slug};
use crate::film::outline::{Beat, Outline};
use crate::film::script::Script;
use crate::film::sheet::SourceForm;
use crate::film::stage::Stage;
use crate::film::time::tidy;
use crate::plan::feedback::{Change, Target};
use crate::screenplay;
use anyhow::Result;
use std::collections::BTreeMap;

/// The script as handed in, or as it can be arranged from prose or a brief.
pub fn source_script(desk: &Desk<'_>) -> Result<Script> {
    let sheet = &desk.run.film.sheet;
    let file = &sheet.source.file;
    if sheet.source.form == SourceForm::Brief {
        let brief = writer::read_brief(&desk.run.film.source);
        let shape: Vec<(String, String, f64)> = desk
            .template
            .beats
            .iter()
            .map(|b| (b.id.clone(), b.title.clone(), b.share))
            .collect();
        let shape = if shape.is_empty() {
            vec![("story_beat".to_owned(), "THE STORY".to_owned(), 1.0)]
        } else {
            shape
        };
        return Ok(writer::script_from_brief(&brief, &shape, &sheet.title));
    }
    Ok(screenplay::read(&desk.run.film.source, file)?.script)
}

pub fn assemble(desk: &Desk<'_>) -> Result<Artifact> {
    let run = desk.run;
    let sheet = &run.film.sheet;
    let mut notes = Vec::new();
    let current = run.film.outline.as_ref();
    let mut pure = None;
    let outline = match (desk.instructions.is_empty(), current) {
        (false, Some(current)) => changed(current, desk, &mut notes),
        _ => {
            let script = source_script(desk)?;
            let mood = writer::mood_of(&run.film.source, &desk.template.mood);
            let mut made =
                writer::outline(&script, &sheet.title, &mood, desk.template.words_per_minute);
            name_by_template(&mut made, desk);
            let wanted = sheet.seconds.or_else(|| {
                (sheet.source.form == SourceForm::Brief)
                    .then(|| writer::read_brief(&run.film.source).seconds)
                    .flatten()
            });
            if let Some(whole) = wanted {
                // The cards are part of the film that was asked for.
                let seconds =
                    (whole - desk.template.cards.title - desk.template.cards.end).max(1.0);
                let sum: f64 = made.beats.iter().map(|b| b.seconds).sum();
                if sum < seconds {
                    made.beats
                        .iter_mut()
                        .for_each(|b| b.seconds = tidy(b.seconds * seconds / sum));
                } else {
                    notes.push(format!("the words take about {sum:.0} s, longer than the {seconds:.0} s asked for; nothing was left out"));
                }
            }
            pure = pristine(&made)?;
            merged(run, Stage::Outline, current, &made)?
        }
    };
    Ok(Artifact {
        files: BTreeMap::from([(
            "outline.yaml".to_owned(),
            written(run, Stage::Outline, &outline)?,
        )]),
        notes,
        made: pure,
    })
}

/// A brief's beats carry the ids their template gives them.
fn name_by_template(outline: &mut Outline, desk: &Desk<'_>) {
    for shape in &desk.template.beats {
        if let Some(beat) = outline
            .beats
            .iter_mut()
            .find(|b| b.title.eq_ignore_ascii_case(&shape.title))
            && let Ok(id) = BeatId::new(shape.id.clone())
        {
            beat.id = Some(id);
        }
    }
}

fn changed(current: &Outline, desk: &Desk<'_>, notes: &mut Vec<String>) -> Outline {
    let mut out = current.clone();
    for instruction in desk.instructions {
        let about = |b: &Beat| match &instruction.target {
            Target::Beat(id) => b.id.as_ref().is_some_and(|i| i.as_str() == id),
            _ => true,
        };
        match &instruction.change {
            Change::Length(factor) => {
                out.beats
                    .iter_mut()
                    .filter(|b| about(b))
                    .for_each(|b| b.seconds = tidy((b.seconds * factor).max(1.0)));
                notes.push(format!("“{}”: lengths × {factor}", instruction.said));
            }
            Change::Seconds(seconds) => {
                let sum: f64 = out
                    .beats
                    .iter()
                    .filter(|b| about(b))
                    .map(|b| b.seconds)
                    .sum();
                out.beats
                    .iter_mut()
                    .filter(|b| about(b))
                    .for_each(|b| b.seconds = tidy((b.seconds * seconds / sum.max(0.1)).max(0.5)));
                notes.push(format!("“{}”: {sum:.1} s → {seconds} s", instruction.said));
            }
            Change::Mood(mood) => {
                match &instruction.target {
                    Target::Beat(_) => out
                        .beats
                        .iter_mut()
                        .filter(|b| about(b))
                        .for_each(|b| b.mood = Some(mood.clone())),
                    _ => out.mood.clone_from(mood),
                }
                notes.push(format!("“{}”: mood {mood}", instruction.said));
            }
            Change::Drop
                if matches!(instruction.target, Target::Beat(_)) && out.beats.len() > 1 =>
            {
                out.beats.retain(|b| !about(b));
                notes.push(format!("“{}”: the beat is taken out", instruction.said));
            }
            Change::Drop => notes.push(format!(
                "“{}”: not done, a film needs one beat at least",
                instruction.said
            )),
            _ => {}
        }
    }
    out
}

/// Gives hand-inserted beats their ids.
pub fn settle(desk: &Desk<'_>) -> Result<Option<String>> {
    let Some(outline) = &desk.run.film.outline else {
        return Ok(None);
    };
    if outline.beats.iter().all(|b| b.id.is_some()) {
        return Ok(None);
    }
    let mut out = outline.clone();
    for i in 0..out.beats.len() {
        if out.beats[i].id.is_none() {
            let taken: Vec<String> = out
                .beats
                .iter()
                .filter_map(|b| b.id.as_ref().map(ToString::to_string))
                .collect();
            let id = distinct(&slug(&out.beats[i].title, '_', 48), |id| {
                taken.iter().any(|t| t == id)
            });
            out.beats[i].id = BeatId::new(id).ok();
        }
    }
    super::retold(desk.run, Stage::Outline, outline, &out).map(Some)
}
