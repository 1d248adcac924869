//! What a kind of film adds to the usual stages: its question, put with all that was decided before to whoever fills
//! the role `own` (a model, or any program), else left to a person to answer.

use super::{Artifact, Crew, Desk, Made, WHOLE, Wanted, Work, base_text};
use crate::film::stage::Stage;
use crate::plan::price::Measure;
use crate::providers::author;
use crate::providers::roles::Inquiry;
use crate::store::layout::Layout;
use crate::store::run::Source;
use crate::template::{Own, fill};
use anyhow::{Context, Result};
use serde_json::json;
use std::collections::BTreeMap;

/// The name of the answer as something a provider writes.
const ITEM: &str = "answer";
pub const FILE: &str = "own.md";

fn asked<'a>(desk: &'a Desk<'_>) -> Result<&'a Own> {
    let template = desk.template;
    template.own.as_ref().with_context(|| {
        format!(
            "the template `{}` has no stage of its own any more: put `own:` back, or `skip: [own]` into run.yaml",
            template.name
        )
    })
}

/// The question with the film's fields in their places; a line that names one nobody gave is left out.
fn question(desk: &Desk<'_>, own: &Own) -> String {
    let all = desk.template.filled(&desk.run.film.sheet.fields);
    let lines = own.prompt.lines().filter_map(|line| fill(line, &all));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// What is put there for a person to answer.
fn placed(desk: &Desk<'_>, own: &Own) -> String {
    format!("# {}\n\n{}\n", own.title, question(desk, own))
}

/// Whether nobody has answered yet: what lies there is the question, however it is laid out, or its title.
pub fn unanswered(desk: &Desk<'_>) -> bool {
    let text = desk.run.text(Stage::Own).unwrap_or_default();
    let says = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let same = |own: &Own| {
        text.split_whitespace()
            .eq(placed(desk, own).split_whitespace())
    };
    asked(desk).is_ok_and(same) || !text.lines().any(says)
}

/// The documents that were decided before, by name.
fn documents(desk: &Desk<'_>) -> Vec<(String, String)> {
    let sheet = &desk.run.film.sheet;
    let before = sheet.way().upstream(Stage::Own).into_iter();
    let kept = before.filter(|s| !sheet.leaves_out(*s));
    kept.filter_map(|stage| {
        let name = stage.document()?;
        Some((name.to_owned(), desk.run.text(stage)?.to_owned()))
    })
    .collect()
}

/// The answer, where a provider gives it.
pub fn wanted(desk: &Desk<'_>) -> Result<Vec<Wanted>> {
    if !desk.answers || desk.run.film.sheet.leaves_out(Stage::Own) {
        return Ok(Vec::new());
    }
    let question = question(desk, asked(desk)?);
    let documents = documents(desk);
    let length: usize = documents.iter().map(|(_, text)| text.len()).sum();
    let from = json!({
        "question": question,
        "documents": documents,
        "feedback": desk.said,
        "before": desk.said.and(desk.run.text(Stage::Own)),
        "language": desk.run.film.sheet.language,
        "asked": desk.run.salt(Stage::Own, WHOLE),
    });
    let tries = author::REPAIRS + 1;
    let measure = Measure {
        input_tokens: tries * ((length + question.len()) as u64 / 3 + 600),
        output_tokens: tries * author::most_tokens(&question),
        ..Measure::default()
    };
    let label = desk.template.own.as_ref().map_or("", |own| &own.title);
    let item = Wanted::new(ITEM, from, None, label.to_owned());
    Ok(vec![item.billed("own", measure)])
}

pub fn work(desk: &Desk<'_>, crew: &Crew) -> Result<Work> {
    let own = asked(desk)?;
    let inquiry = Inquiry {
        title: own.title.clone(),
        question: question(desk, own),
        documents: documents(desk),
        before: desk.said.and(desk.run.text(Stage::Own)).map(str::to_owned),
        feedback: desk.said.map(str::to_owned),
        language: desk.run.film.sheet.language.clone(),
    };
    let writer = crew.roles.own.clone().context("nobody answers")?;
    let provider = crew.roles.name("own").to_owned();
    Ok(Box::new(move |hand| {
        let text = writer.inquire(&inquiry, hand)?;
        Ok(Made {
            files: vec![("md".to_owned(), text.into_bytes())],
            facts: serde_json::Value::Null,
            provider,
            warnings: Vec::new(),
        })
    }))
}

pub fn assemble(desk: &Desk<'_>) -> Result<Artifact> {
    let run = desk.run;
    let mut notes = Vec::new();
    let take = wanted(desk)?
        .first()
        .and_then(|w| run.ledger.made(Stage::Own, &w.item, &w.key));
    let mine = run.text(Stage::Own);
    let (text, made) = match (take, mine) {
        (Some(take), mine) => {
            notes.push(format!("answered by {}", take.provider));
            let file = Layout::take(Stage::Own, &take.item, take.take, "md");
            let new = String::from_utf8(crate::store::disk::read(&run.layout.at(&file))?)
                .with_context(|| file)?;
            let before = base_text(run, Stage::Own);
            let text = match (mine, before) {
                (Some(mine), Some(before)) if mine != before => {
                    diffy::merge(&before, mine, &new).unwrap_or_else(|_| {
                        notes.push(format!(
                            "your words stand, where the new answer has others: takes/own/{}/{} has it",
                            take.item, take.take
                        ));
                        mine.to_owned()
                    })
                }
                _ => new.clone(),
            };
            (text, Some(new.into_bytes()))
        }
        (None, Some(mine)) => {
            notes.push("what stands before it changed: does this still hold?".to_owned());
            (mine.to_owned(), None)
        }
        (None, None) => {
            let own = asked(desk)?;
            notes.push(
                "nobody fills the role `own`: write the answer below the question, then approve it"
                    .to_owned(),
            );
            (placed(desk, own), None)
        }
    };
    Ok(Artifact {
        files: BTreeMap::from([(FILE.to_owned(), Source::Bytes(text.into_bytes()))]),
        notes,
        made,
    })
}
