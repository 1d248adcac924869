//! Outline: beats with ids and seconds, from the screenplay or the idea.

use super::revision::Order;
use super::{Artifact, Desk, Wanted, merged, pristine, written};
use crate::animatic::writer;
use crate::animatic::writer::ear::{self, Told};
use crate::animatic::writer::kind::{self, Scene};
use crate::film::ids::{BeatId, distinct, slug};
use crate::film::outline::{Beat, Outline};
use crate::film::script::Script;
use crate::film::sheet::SourceForm;
use crate::film::stage::Stage;
use crate::film::time::tidy;
use crate::plan::feedback::{self, Change, Target};
use crate::screenplay;
use crate::template::{self, Takes};
use anyhow::Result;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The script as handed in, or as it can be arranged from prose or a brief; and what was done to its
/// words, where the sheet lets us rewrite them.
pub fn source_script(desk: &Desk<'_>) -> Result<(Script, Vec<String>)> {
    let film = &desk.run.film;
    let sheet = &film.sheet;
    let words = match sheet.source.form {
        SourceForm::Brief => Told {
            paragraphs: vec![writer::read_brief(&film.source).told],
            notes: Vec::new(),
        },
        SourceForm::Prose if sheet.rewrite => ear::rewrite(&film.source, &sheet.language),
        SourceForm::Prose => return Ok((screenplay::prose::arrange(&film.source), Vec::new())),
        SourceForm::Fields => return Ok((composed(desk), Vec::new())),
        _ => {
            let reading = screenplay::read(&film.source, &sheet.source.file)?;
            return Ok((reading.script, Vec::new()));
        }
    };
    let arranged = |told: &Told| arranged(desk, told);
    let Some(wanted) = wanted_seconds(desk).filter(|_| sheet.rewrite) else {
        return Ok((arranged(&words), words.notes));
    };
    // As many words as the film has time for, by the writer's own reckoning.
    let pace = desk.template.words_per_minute;
    let takes = |script: &Script| -> f64 {
        let outline = writer::outline(script, "", "", pace);
        outline.beats.iter().map(|b| b.seconds).sum()
    };
    let mut told = words.clone();
    let mut script = arranged(&told);
    let mut budget = words.words() as f64;
    for _ in 0..12 {
        let seconds = takes(&script);
        if seconds <= wanted * 1.02 {
            break;
        }
        budget *= (wanted / seconds).clamp(0.5, 0.97);
        told = ear::trim(&words, budget as usize, &sheet.language);
        script = arranged(&told);
    }
    Ok((script, told.notes))
}

/// A film of its template's fields, by the scenes of its beats. A scene that tells the documents comes once for each
/// section of them.
fn composed(desk: &Desk<'_>) -> Script {
    let film = &desk.run.film;
    let fields = desk.template.filled(&film.sheet.fields);
    let sections = match desk.template.takes {
        Takes::Documents => {
            // The pauses between sentences take their time too.
            let seconds = wanted_seconds(desk).unwrap_or(36_000.0) * 0.8;
            let words = (seconds * desk.template.words_per_minute / 60.0) as usize;
            let about = fields.get("prompt").map_or("", String::as_str);
            kind::choose(&film.source, about, words)
        }
        _ => Vec::new(),
    };
    let mut scenes: Vec<Scene<'_>> = Vec::new();
    for beat in &desk.template.beats {
        let scene = |fields| Scene {
            heading: &beat.title,
            script: &beat.script,
            fields,
        };
        if !beat.script.contains("{documents}") {
            scenes.push(scene(Cow::Borrowed(&fields)));
            continue;
        }
        for section in &sections {
            let mut told = fields.clone();
            told.insert("section".to_owned(), section.heading.clone());
            told.insert("documents".to_owned(), section.sentences.join(" "));
            scenes.push(scene(Cow::Owned(told)));
        }
    }
    kind::compose(&film.sheet.title, &scenes, template::fill)
}

/// The seconds the beats have, if a length was asked for: the cards are part of the film.
fn wanted_seconds(desk: &Desk<'_>) -> Option<f64> {
    let film = &desk.run.film;
    let whole = film.sheet.seconds.or_else(|| {
        (film.sheet.source.form == SourceForm::Brief)
            .then(|| writer::read_brief(&film.source).seconds)
            .flatten()
    })?;
    let cards = super::cards(desk);
    Some((whole - cards.title - cards.end - cards.intro - cards.outro).max(1.0))
}

/// Told words as a script: a scene for each paragraph, or the template's shape for a brief.
fn arranged(desk: &Desk<'_>, told: &Told) -> Script {
    let sheet = &desk.run.film.sheet;
    if sheet.source.form == SourceForm::Brief {
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
        return writer::script_from_brief(&told.paragraphs.concat(), &shape, &sheet.title);
    }
    screenplay::prose::told_in(told.paragraphs.iter().cloned())
}

/// The outline as the house reads it from what was handed in.
fn read(desk: &Desk<'_>, notes: &mut Vec<String>) -> Result<Outline> {
    let run = desk.run;
    let (script, _) = source_script(desk)?;
    let mood = match run
        .film
        .sheet
        .fields
        .get("tone")
        .and_then(|t| feedback::mood_of(t))
    {
        Some(tone) => tone.to_owned(),
        None if run.film.sheet.source.form == SourceForm::Fields => {
            let all = desk.template.filled(&run.film.sheet.fields);
            let tone = all.get("tone").and_then(|t| feedback::mood_of(t));
            tone.map_or_else(|| desk.template.mood.clone(), str::to_owned)
        }
        None => writer::mood_of(&run.film.source, &desk.template.mood),
    };
    let pace = desk.template.words_per_minute;
    let mut made = writer::outline(&script, &run.film.sheet.title, &mood, pace);
    name_by_template(&mut made, desk);
    if let Some(seconds) = wanted_seconds(desk) {
        let sum: f64 = made.beats.iter().map(|b| b.seconds).sum();
        // Words of fields and documents take the time they take; what tells a text is given all of its time.
        let fixed = run.film.sheet.source.form == SourceForm::Fields;
        if sum < seconds && !fixed {
            made.beats
                .iter_mut()
                .for_each(|b| b.seconds = tidy(b.seconds * seconds / sum));
        } else if sum > seconds * 1.02 {
            notes.push(format!("the words take about {sum:.0} s, longer than the {seconds:.0} s asked for; no more of them can be left out"));
        }
    }
    Ok(made)
}

/// What a provider of words is to write: what a person asked for, or, where the words are not a person's
/// own, the plan of the film.
pub(super) fn order(desk: &Desk<'_>) -> Result<Option<Order>> {
    let film = &desk.run.film;
    if let Some(current) = &film.outline
        && desk.said.is_some()
    {
        return Order::said(desk, Stage::Outline, current);
    }
    let open = match film.sheet.source.form {
        SourceForm::Brief => true,
        SourceForm::Prose | SourceForm::Fields => film.sheet.rewrite,
        SourceForm::Fountain | SourceForm::ShotList => false,
    };
    match open && desk.writes {
        true => Order::plan(desk, Stage::Outline, &read(desk, &mut Vec::new())?),
        false => Ok(None),
    }
}

pub fn wanted(desk: &Desk<'_>) -> Result<Vec<Wanted>> {
    Ok(order(desk)?.iter().map(Order::wanted).collect())
}

pub fn assemble(desk: &Desk<'_>) -> Result<Artifact> {
    let run = desk.run;
    let mut notes = Vec::new();
    let current = run.film.outline.as_ref();
    let mut pure = None;
    let planned: Option<Outline> = match order(desk)? {
        Some(order) => order.written(desk)?,
        None => None,
    };
    let outline = match (desk.instructions.is_empty(), current, planned) {
        (false, Some(current), _) => changed(current, desk, &mut notes),
        (_, Some(_), Some(mut asked)) if desk.said.is_some() => {
            name_all(&mut asked);
            asked
        }
        (_, _, planned) => {
            let mut made = match planned {
                Some(planned) => planned,
                None => read(desk, &mut notes)?,
            };
            name_all(&mut made);
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

/// The ids of a script's beats, in order, as its outline names them.
pub(super) fn beat_names(desk: &Desk<'_>, script: &Script) -> Vec<String> {
    let mut made = writer::outline(script, "", "", desk.template.words_per_minute);
    name_by_template(&mut made, desk);
    name_all(&mut made);
    let ids = made.beats.into_iter().filter_map(|b| b.id);
    ids.map(|id| id.to_string()).collect()
}

/// A brief's beats carry the ids their template gives them.
fn name_by_template(outline: &mut Outline, desk: &Desk<'_>) {
    let fields = desk.template.filled(&desk.run.film.sheet.fields);
    let mut named: Vec<usize> = Vec::new();
    for shape in &desk.template.beats {
        let title = template::fill(&shape.title, &fields).unwrap_or_default();
        let mut beats = outline.beats.iter_mut().enumerate();
        // Two scenes may have one heading: each is named once, in order.
        let found = beats.find(|(i, b)| b.title.eq_ignore_ascii_case(&title) && !named.contains(i));
        if let Some((i, beat)) = found
            && let Ok(id) = BeatId::new(shape.id.clone())
        {
            named.push(i);
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
            Change::Seconds(_) | Change::More(_) => {
                let sum: f64 = out
                    .beats
                    .iter()
                    .filter(|b| about(b))
                    .map(|b| b.seconds)
                    .sum();
                let seconds = instruction.change.seconds_of(sum).unwrap_or(sum);
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
    name_all(&mut out);
    super::retold(desk.run, Stage::Outline, outline, &out).map(Some)
}

fn name_all(outline: &mut Outline) {
    for i in 0..outline.beats.len() {
        if outline.beats[i].id.is_none() {
            let ids = outline.beats.iter().filter_map(|b| b.id.as_ref());
            let taken: Vec<String> = ids.map(ToString::to_string).collect();
            let id = distinct(&slug(&outline.beats[i].title, '_', 48), |id| {
                taken.iter().any(|t| t == id)
            });
            outline.beats[i].id = BeatId::new(id).ok();
        }
    }
}
