//! Script: the screenplay. One handed in stays as it is, byte for byte, unless its outline was cut.

use super::outline::{beat_names, source_script};
use super::{Artifact, Crew, Desk, Made, WHOLE, Wanted, Work, translation};
use crate::animatic::writer;
use crate::diagnostic::{Exit, Failure};
use crate::film::sheet::SourceForm;
use crate::film::stage::Stage;
use crate::plan::feedback::{Change, Target};
use crate::plan::price::Measure;
use crate::providers::author;
use crate::providers::roles::TextRequest;
use crate::screenplay::fountain;
use crate::store::layout::Layout;
use crate::store::run::Source;
use anyhow::{Context, Result};
use serde_json::json;
use std::collections::BTreeMap;

/// The name of the screenplay as something a provider writes.
const WRITTEN: &str = "script";

/// What a provider would write, and from what: nothing where the words are the person's own and nobody
/// asked for others.
pub fn wanted(desk: &Desk<'_>) -> Vec<Wanted> {
    let run = desk.run;
    let sheet = &run.film.sheet;
    if sheet.translated_from.is_some() && desk.said.is_none() {
        return translation::wanted(desk).into_iter().collect();
    }
    let own = matches!(
        sheet.source.form,
        SourceForm::Fountain | SourceForm::ShotList
    );
    if !desk.writes || (desk.said.is_none() && (own || !sheet.rewrite)) {
        return Vec::new();
    }
    let current = desk.said.and(run.film.script.as_ref()).map(fountain::write);
    let from = json!({
        "source": current.as_ref().map_or(run.film.source.as_str(), String::as_str),
        "feedback": desk.said,
        "seconds": sheet.seconds,
        "language": sheet.language,
        "outline": told(desk),
        "asked": run.salt(Stage::Script, WHOLE),
    });
    // As much as it can take: an answer that cannot be used is asked for again, twice.
    let source = run.film.source.len() as u64;
    let measure = Measure {
        input_tokens: 3 * (source / 2 + 1000),
        output_tokens: 3 * author::most_tokens(&run.film.source),
        ..Measure::default()
    };
    let item = Wanted::new(WRITTEN, from, None, "the screenplay".to_owned());
    vec![item.billed("text", measure)]
}

/// The beats in words, for whoever writes the screenplay anew.
fn told(desk: &Desk<'_>) -> String {
    let beats = (desk.run.film.outline.iter()).flat_map(|o| &o.beats);
    let told = beats.map(|b| format!("{} ({:.0} s): {}", b.title, b.seconds, b.summary));
    match desk.said {
        Some(_) => String::new(),
        None => told.collect::<Vec<_>>().join("\n"),
    }
}

/// What the template tells whoever writes, and for whom the film is.
fn guidance(desk: &Desk<'_>) -> String {
    let told = desk.template.prompts.get(&Stage::Script);
    let fields = desk.template.filled(&desk.run.film.sheet.fields);
    let audience = fields.get("audience").or(fields.get("target_audience"));
    let audience = audience.map(|a| format!("For: {a}."));
    let parts: Vec<String> = told.cloned().into_iter().chain(audience).collect();
    parts.join(" ")
}

pub fn work(desk: &Desk<'_>, crew: &Crew) -> Result<Work> {
    if desk.run.film.sheet.translated_from.is_some() && desk.said.is_none() {
        return translation::work(desk, crew);
    }
    let run = desk.run;
    let sheet = &run.film.sheet;
    let outline = run.film.outline.as_ref();
    let planned: f64 = outline.map_or(60.0, |o| o.beats.iter().map(|b| b.seconds).sum());
    // What is made of fields is handed to the writer as the house composed it.
    let source = match sheet.source.form {
        SourceForm::Fields => fountain::write(&source_script(desk)?.0),
        _ => run.film.source.clone(),
    };
    let request = TextRequest {
        source,
        guidance: guidance(desk),
        current: desk.said.and(run.film.script.as_ref()).map(fountain::write),
        feedback: desk.said.map(str::to_owned),
        title: sheet.title.clone(),
        language: sheet.language.clone(),
        mood: outline.map_or_else(|| desk.template.mood.clone(), |o| o.mood.clone()),
        outline: told(desk),
        seconds: sheet.seconds.unwrap_or(planned),
        pace: desk.template.words_per_minute,
    };
    let writer = crew.roles.text.clone().context("nobody writes")?;
    let provider = crew.roles.name("text").to_owned();
    Ok(Box::new(move |hand| {
        let text = writer.script(&request, hand, &problems)?;
        Ok(Made {
            files: vec![("fountain".to_owned(), text.into_bytes())],
            facts: serde_json::Value::Null,
            provider,
            warnings: Vec::new(),
        })
    }))
}

/// What is wrong with a screenplay somebody else wrote.
pub(super) fn problems(text: &str) -> Vec<String> {
    let (script, warnings) = fountain::parse(text, "the screenplay");
    let mut out: Vec<String> = warnings.into_iter().map(|w| w.message).collect();
    if !script.elements.iter().any(|e| e.is_content()) {
        out.push("nothing in it can be seen or heard".to_owned());
    }
    if script.scenes().iter().all(|s| s.heading.is_none()) {
        out.push("it has no scene heading, such as INT. KITCHEN - DAY".to_owned());
    }
    out
}

pub fn assemble(desk: &Desk<'_>) -> Result<Artifact> {
    let run = desk.run;
    let mut notes = Vec::new();
    let take = wanted(desk)
        .first()
        .and_then(|w| run.ledger.made(Stage::Script, &w.item, &w.key));
    if let Some(take) = take {
        notes.push(format!(
            "written by {}; `greenlight diff {} script source` shows what became of the words",
            take.provider,
            run.id()
        ));
        let file = Layout::take(Stage::Script, &take.item, take.take, "fountain");
        return Ok(Artifact {
            files: BTreeMap::from([("script.fountain".to_owned(), Source::Copy(file))]),
            notes,
            made: None,
        });
    }
    let text = if let (Some(from), Some(text), true) = (
        &run.film.sheet.translated_from,
        run.text(Stage::Script),
        desk.instructions.is_empty(),
    ) {
        notes.push(format!(
            "its words are in {from}, as they were: put them into {} by hand (`greenlight edit {} script`), or set a provider for the role `text`",
            run.film.sheet.language,
            run.id()
        ));
        text.to_owned()
    } else if desk.instructions.is_empty() {
        let (script, done) = source_script(desk)?;
        if !done.is_empty() {
            notes.push(format!(
                "rewritten for the ear: {}; `greenlight diff {} script source` shows it",
                done.join(", "),
                run.id()
            ));
        }
        let named = beat_names(desk, &script);
        let arranged = run
            .film
            .outline
            .as_ref()
            .and_then(|o| writer::arrange(&script, &named, o));
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
                        .hint(format!("set a provider for the role `text` in conf/providers.yaml, or change the script yourself: `greenlight edit {} script`", desk.run.id()))
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
