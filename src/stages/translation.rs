//! A film in another language: the words of its screenplay, line by line; scenes, action and pictures stay.

use super::{Crew, Desk, Made, Wanted, Work};
use crate::animatic::writer::kind::unmarked;
use crate::film::script::{self, Element, Script};
use crate::film::stage::Stage;
use crate::plan::price::Measure;
use crate::providers::author;
use crate::providers::roles::Translation;
use crate::screenplay::fountain;
use anyhow::{Context, Result};
use serde_json::json;

/// Its name as something a provider writes.
const ITEM: &str = "translation";

/// The screenplay that is translated: the one the run was started with.
pub(super) fn source(desk: &Desk<'_>) -> Option<Script> {
    desk.run.film.sheet.translated_from.as_ref()?;
    let versions = desk.run.ledger.versions.get(&Stage::Script)?;
    let (_, _, first) = versions.first()?;
    let bytes = desk.run.object(first.files.get("script.fountain")?).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Some(fountain::parse(&text, "script.fountain").0)
}

/// The words of an element that are heard or read, and what stands before them.
fn words(element: &Element) -> Option<(&str, &str)> {
    match element {
        Element::Speech(text) | Element::Lyric(text) => Some(("", text)),
        Element::Action(text) => {
            script::shown(text)?;
            Some(text.split_at(text.find(':')? + 1))
        }
        _ => None,
    }
}

fn lines(from: &Script) -> Vec<String> {
    let all = from.elements.iter().filter_map(words);
    all.map(|(_, text)| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect()
}

/// How many lines of a screenplay are as they were: those of more than a few words, which names and figures rarely
/// are.
pub(super) fn untouched(from: &Script, now: &Script) -> usize {
    let long = |text: &String| text.split_whitespace().count() > 2;
    let before: Vec<String> = lines(from).into_iter().filter(long).collect();
    lines(now).iter().filter(|l| before.contains(l)).count()
}

/// The same screenplay with other words, one for each of its own.
fn put(from: &Script, new: &[String]) -> Script {
    let mut out = from.clone();
    let mut new = new.iter();
    for element in &mut out.elements {
        let Some((before, text)) = words(element) else {
            continue;
        };
        if text.trim().is_empty() {
            continue;
        }
        let Some(line) = new.next().map(|l| unmarked(l)) else {
            break;
        };
        *element = match element {
            Element::Lyric(_) => Element::Lyric(line),
            Element::Action(_) => Element::Action(format!("{before} {line}")),
            _ => Element::Speech(line),
        };
    }
    out
}

/// What a provider is to translate, where one writes.
pub(super) fn wanted(desk: &Desk<'_>) -> Option<Wanted> {
    let sheet = &desk.run.film.sheet;
    let script = source(desk).filter(|_| desk.writes)?;
    let lines = lines(&script);
    let length = lines.iter().map(String::len).sum::<usize>() as u64;
    let from = json!({
        "translate": lines, "from": sheet.translated_from, "to": sheet.language,
        "asked": desk.run.salt(Stage::Script, super::WHOLE),
    });
    let measure = Measure {
        input_tokens: 3 * (length / 2 + 1000),
        output_tokens: 3 * author::most_tokens(&lines.concat()),
        ..Measure::default()
    };
    let item = Wanted::new(ITEM, from, None, "the words in another language".to_owned());
    Some(item.billed("text", measure))
}

pub(super) fn work(desk: &Desk<'_>, crew: &Crew) -> Result<Work> {
    let sheet = &desk.run.film.sheet;
    let script = source(desk).context("a screenplay to translate")?;
    let request = Translation {
        title: sheet.title.clone(),
        from: sheet.translated_from.clone().unwrap_or_default(),
        to: sheet.language.clone(),
        lines: lines(&script),
    };
    let writer = crew.roles.text.clone().context("nobody writes")?;
    let provider = crew.roles.name("text").to_owned();
    Ok(Box::new(move |hand| {
        let lines = writer.translate(&request, hand)?;
        let text = fountain::write(&put(&script, &lines));
        Ok(Made {
            files: vec![("fountain".to_owned(), text.into_bytes())],
            facts: serde_json::Value::Null,
            provider,
            warnings: Vec::new(),
        })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_change_and_nothing_else_does() {
        let text = "Title: X\n\nINT. ROOM - DAY\n\nA lamp.\n\nSUPER: Hello\n\nANNA\n(whispering)\nIt is dark.\n\nBO\nYes.\n";
        let (script, _) = fountain::parse(text, "x");
        assert_eq!(lines(&script), ["Hello", "It is dark.", "Yes."]);
        let new = ["Hallo", "Es ist dunkel.", "Ja."].map(str::to_owned);
        let written = fountain::write(&put(&script, &new));
        let back = written
            .replace("Hallo", "Hello")
            .replace("Es ist dunkel.", "It is dark.")
            .replace("Ja.", "Yes.");
        assert_eq!(back.trim(), text.trim());
    }
}
