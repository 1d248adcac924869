//! References: who and where, designed once, with a drawn sheet each.

use super::revision::Order;
use super::{
    Artifact, Crew, Desk, Made, Wanted, Work, inputs_moved, media, merged, pristine, written,
};
use crate::animatic::{casting, reading};
use crate::film::cast;
use crate::film::document::SCHEMA;
use crate::film::heading;
use crate::film::ids::RefId;
use crate::film::references::{Look, Person, PlaceSheet, References, Style, Voice};
use crate::film::stage::Stage;
use crate::plan::feedback::{Change, Target};
use crate::plan::price::Measure;
use crate::plan::projection::{sheet_file, sheet_from};
use crate::store::run::Source;
use anyhow::{Context, Result};
use serde_json::json;
use std::collections::BTreeMap;

/// The references as they shall be: as they stand, or designed from the script.
fn designed(desk: &Desk<'_>, notes: &mut Vec<String>) -> Result<(References, Option<Vec<u8>>)> {
    let run = desk.run;
    let current = run.film.references.as_ref();
    if let Some(current) = current
        && !desk.instructions.is_empty()
    {
        let mut out = current.clone();
        for instruction in desk.instructions {
            match (&instruction.change, &instruction.target) {
                (Change::Mood(mood), _) => {
                    out.style.mood.clone_from(mood);
                    notes.push(format!("“{}”: mood {mood}", instruction.said));
                }
                (Change::Look(look), _) => {
                    out.style.look.clone_from(look);
                    notes.push(format!("“{}”: look {look}", instruction.said));
                }
                (Change::Drop, Target::Person(id)) => {
                    out.cast.retain(|p| p.id.as_str() != id);
                    notes.push(format!("“{}”: taken out of the cast", instruction.said));
                }
                _ => {}
            }
        }
        return Ok((out, None));
    }
    let order = order(desk)?;
    let asked: Option<References> = match &order {
        Some(order) => order.written(desk)?,
        None => None,
    };
    if let Some(current) = current
        && (desk.said.is_some() || !inputs_moved(run, Stage::References))
    {
        return Ok((asked.unwrap_or_else(|| current.clone()), None));
    }
    let made = match asked {
        Some(asked) => asked,
        None => from_script(desk)?,
    };
    let pure = pristine(&made)?;
    Ok((merged(run, Stage::References, current, &made)?, pure))
}

/// What a provider of words is to write: what a person asked for, or who and where, thought through.
pub(super) fn order(desk: &Desk<'_>) -> Result<Option<Order>> {
    let run = desk.run;
    match &run.film.references {
        Some(current) if desk.said.is_some() => Order::said(desk, Stage::References, current),
        Some(_) if !inputs_moved(run, Stage::References) => Ok(None),
        _ if !desk.writes || run.film.script.is_none() => Ok(None),
        _ => Order::plan(desk, Stage::References, &from_script(desk)?),
    }
}

/// Who and where, as the house casts them from the script.
fn from_script(desk: &Desk<'_>) -> Result<References> {
    let run = desk.run;
    let script = run
        .film
        .script
        .as_ref()
        .context("references need a script")?;
    let mood = run
        .film
        .outline
        .as_ref()
        .map_or_else(|| desk.template.mood.clone(), |o| o.mood.clone());
    let members = cast::cast(script);
    let words: Vec<(String, String)> = (members.iter())
        .map(|m| (m.full.clone(), m.told()))
        .collect();
    let mut looks: Vec<Look> = (words.iter().enumerate())
        .map(|(i, (name, said))| casting::look(name, said, i as u64))
        .collect();
    casting::apart(&mut looks, &words);
    let kin: Vec<Option<usize>> = (members.iter())
        .map(|m| members.iter().position(|o| m.kin.as_ref() == Some(&o.name)))
        .collect();
    casting::akin(&mut looks, &words, &kin);
    let mut people: Vec<Person> = Vec::new();
    for (member, look) in members.into_iter().zip(looks) {
        let taken: Vec<Voice> = people.iter().map(|p| p.voice.clone()).collect();
        people.push(Person {
            id: RefId::new(member.id.clone()).map_err(anyhow::Error::msg)?,
            voice: casting::voice(&member, &look, &taken, run.film.sheet.voice.as_deref()),
            offscreen: member.offscreen,
            description: member.intro,
            name: member.name,
            look,
        });
    }
    let mut places: Vec<PlaceSheet> = Vec::new();
    let sites = heading::sites(script);
    let kinds = reading::kinds_of_sites(&sites, &script.told());
    for (site, kind) in sites.into_iter().zip(kinds) {
        let taken = |id: &str| people.iter().any(|p| p.id.as_str() == id);
        let id = crate::film::ids::distinct(&site.id, taken);
        places.push(PlaceSheet {
            id: RefId::new(id).map_err(anyhow::Error::msg)?,
            kind,
            name: site.name,
            interior: site.interior,
            description: site.description,
        });
    }
    Ok(References {
        schema: SCHEMA,
        style: Style {
            look: desk.template.look.clone(),
            mood,
        },
        cast: people,
        places,
        say: BTreeMap::new(),
    })
}

pub fn wanted(desk: &Desk<'_>) -> Result<Vec<Wanted>> {
    let run = desk.run;
    if let Some(order) = order(desk)?
        && order.written::<References>(desk)?.is_none()
    {
        // What is to be shown follows from the words.
        return Ok(vec![order.wanted()]);
    }
    let references = designed(desk, &mut Vec::new())?.0;
    let style = json!(references.style);
    let seed = run.film.sheet.seed;
    let item = |id: &str, of: serde_json::Value, label: String| {
        let salt = run.salt(Stage::References, id);
        let from = sheet_from(&of, &style, seed, salt);
        let measure = Measure {
            images: 1,
            ..Measure::default()
        };
        Wanted::new(id, from, Some(sheet_file(id)), label).billed("image", measure)
    };
    Ok(references
        .cast
        .iter()
        .filter(|p| !p.offscreen)
        .map(|p| {
            item(
                p.id.as_str(),
                json!([p.name, p.look]),
                format!("the sheet of {}", p.name),
            )
        })
        .chain(references.places.iter().map(|p| {
            item(
                p.id.as_str(),
                json!([p.name, p.interior, p.kind]),
                format!("the sheet of {}", p.name),
            )
        }))
        .collect())
}

pub fn work(desk: &Desk<'_>, crew: &Crew, wanted: &Wanted) -> Result<Work> {
    let references = designed(desk, &mut Vec::new())?.0;
    let image = crew.roles.image.clone();
    let provider = crew.roles.name("image").to_owned();
    let style = references.style.clone();
    let person = references
        .cast
        .iter()
        .find(|p| p.id.as_str() == wanted.item)
        .cloned();
    let place = references
        .places
        .iter()
        .find(|p| p.id.as_str() == wanted.item)
        .cloned();
    let time = desk
        .run
        .film
        .script
        .as_ref()
        .and_then(|s| {
            s.scenes()
                .iter()
                .filter_map(|s| s.heading)
                .find(|h| place.as_ref().is_some_and(|p| h.contains(&p.name)))
                .map(|h| reading::time_of_day(h, ""))
        })
        .unwrap_or_else(|| "day".to_owned());
    Ok(Box::new(move |hand| {
        let bytes = match (&person, &place) {
            (Some(p), _) => image.person(p, &style.mood, &style.look, hand)?,
            (_, Some(p)) => image.place(p, &time, &style.mood, &style.look, hand)?,
            _ => anyhow::bail!("nobody of that name"),
        };
        Ok(Made {
            files: vec![("png".to_owned(), bytes)],
            facts: serde_json::Value::Null,
            provider,
            warnings: Vec::new(),
        })
    }))
}

/// The document as it would be made.
pub(super) fn foreseen(desk: &Desk<'_>) -> Result<Source> {
    written(
        desk.run,
        Stage::References,
        &designed(desk, &mut Vec::new())?.0,
    )
}

pub fn assemble(desk: &Desk<'_>) -> Result<Artifact> {
    let mut notes = Vec::new();
    let (references, made) = designed(desk, &mut notes)?;
    let mut files = BTreeMap::from([(
        "references.yaml".to_owned(),
        written(desk.run, Stage::References, &references)?,
    )]);
    for w in wanted(desk)? {
        if let Some(file) = &w.file {
            files.insert(file.clone(), media(desk, Stage::References, &w, "png")?);
        }
    }
    Ok(Artifact { files, notes, made })
}
