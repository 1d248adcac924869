//! `take`: the candidates of an item, compared and picked.

use super::{Desk, Outcome};
use crate::cli::{Take, TakeName, TakePick};
use crate::diagnostic::{Exit, Failure};
use crate::engine::studio::Studio;
use crate::engine::takes;
use crate::film::stage::Stage;
use crate::store::format;
use crate::ui::{pictures, printer};
use anyhow::Result;
use serde_json::json;

pub fn execute(desk: &Desk, take: Take) -> Result<Outcome> {
    match take {
        Take::List(args) => list(desk, args),
        Take::Show(args) => show(desk, args),
        Take::Pick(args) => pick(desk, args),
    }
}

/// RUN and STAGE at the front, ITEM and N at the back; the run may be left out.
struct Named<'a> {
    run: Option<&'a str>,
    stage: Stage,
    item: Option<&'a str>,
    number: Option<u32>,
}

fn named(names: &[String]) -> Result<Named<'_>> {
    let at = match names {
        [first, ..] if Stage::parse(first).is_some() => 0,
        [_, second, ..] if Stage::parse(second).is_some() => 1,
        _ => {
            let stages = Stage::ALL.map(Stage::name).join(", ");
            return Err(Failure::new(Exit::Usage, "name a stage")
                .hint(format!(
                    "as in `take list RUN storyboard`; stages are {stages}"
                ))
                .into());
        }
    };
    let stage = names[at]
        .parse::<Stage>()
        .map_err(|e| Failure::new(Exit::NotFound, e))?;
    let number =
        match names.get(at + 2) {
            Some(text) => Some(text.parse().map_err(|_| {
                Failure::new(Exit::Usage, format!("`{text}` is not a take's number"))
            })?),
            None => None,
        };
    Ok(Named {
        run: (at == 1).then(|| names[0].as_str()),
        stage,
        item: names.get(at + 1).map(String::as_str),
        number,
    })
}

/// The takes of a stage that can be looked at or heard, of one item or of all.
fn all(studio: &Studio, stage: Stage, item: Option<&str>) -> Result<Vec<format::Take>> {
    let found: Vec<format::Take> = studio
        .run
        .ledger
        .takes
        .iter()
        .filter(|((s, i), _)| *s == stage && item.is_none_or(|wanted| wanted == i))
        .flat_map(|(_, takes)| takes.clone())
        .filter(|t| stage != Stage::Storyboard || t.files.contains_key("png"))
        .collect();
    if let (Some(item), true) = (item, found.is_empty()) {
        return Err(
            Failure::new(Exit::NotFound, format!("{stage} has no item `{item}`"))
                .hint(format!(
                    "`greenlight take list {} {stage}` lists them",
                    studio.run.id()
                ))
                .into(),
        );
    }
    Ok(found)
}

fn facts(studio: &Studio, take: &format::Take) -> serde_json::Value {
    let file = takes::main_file(take).map(|(_, path)| path);
    json!({
        "item": take.item, "take": take.take, "provider": take.provider, "file": file, "key": take.key,
        "facts": take.facts, "in_place": takes::in_place(studio, take),
        "picked": studio.run.ledger.picked(take.stage, &take.item).map(|t| t.take) == Some(take.take),
    })
}

fn list(desk: &Desk, args: TakeName) -> Result<Outcome> {
    let named = named(&args.names)?;
    let studio = desk.studio(named.run)?;
    let found = all(&studio, named.stage, named.item)?;
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|t| {
            let picked = studio.run.ledger.picked(t.stage, &t.item).map(|p| p.take);
            let state = match (takes::in_place(&studio, t), picked == Some(t.take)) {
                (true, true) => "in place, picked",
                (true, false) => "in place",
                _ => "",
            };
            let measured = t.facts["score"]["total"]
                .as_f64()
                .map(|s| format!("score {s}"))
                .or_else(|| t.facts["seconds"].as_f64().map(|s| format!("{s:.2} s")));
            vec![
                t.item.clone(),
                t.take.to_string(),
                t.provider.clone(),
                measured.unwrap_or_default(),
                state.to_owned(),
                takes::main_file(t).map_or(String::new(), |(_, p)| p.display().to_string()),
            ]
        })
        .collect();
    let list: Vec<_> = found.iter().map(|t| facts(&studio, t)).collect();
    let table = printer::table(
        &["item", "take", "made by", "measured", "state", "file"],
        &rows,
    );
    Ok(Outcome::data(json!(list), table).of(studio.run.id()))
}

fn show(desk: &Desk, args: TakeName) -> Result<Outcome> {
    let named = named(&args.names)?;
    let studio = desk.studio(named.run)?;
    let mut found = all(&studio, named.stage, named.item)?;
    if let Some(number) = named.number {
        found.retain(|t| t.take == number);
        if found.is_empty() {
            let item = named.item.unwrap_or_default();
            return Err(
                Failure::new(Exit::NotFound, format!("{item} has no take {number}")).into(),
            );
        }
    }
    let sheet = takes::sheet(&studio, named.stage, &found)?;
    if let Some(path) = &sheet
        && let Some(picture) = pictures::shown(path, 100)
    {
        desk.printer.picture(&picture);
    }
    let list: Vec<_> = found.iter().map(|t| facts(&studio, t)).collect();
    let text = match &sheet {
        Some(path) => path.display().to_string(),
        None => {
            desk.printer.say("there is nothing to look at");
            String::new()
        }
    };
    Ok(Outcome::data(json!({"sheet": sheet, "takes": list}), text).of(studio.run.id()))
}

fn pick(desk: &Desk, args: TakePick) -> Result<Outcome> {
    let named = named(&args.names)?;
    let (Some(item), Some(number)) = (named.item, named.number) else {
        return Err(
            Failure::new(Exit::Usage, "name an item and the number of a take")
                .hint("as in `take pick RUN storyboard s01_020 2`")
                .into(),
        );
    };
    let mut studio = desk.studio(named.run)?;
    let version = takes::pick(&mut studio, named.stage, item, number)?;
    let id = studio.run.id().to_owned();
    desk.printer.say(&match &version {
        Some(v) => format!(
            "take {number} of {item} is in place ({} version {}); its gate is open",
            named.stage, v.version
        ),
        None => format!("take {number} of {item} was picked already"),
    });
    Ok(Outcome::data(
        json!({"stage": named.stage, "item": item, "take": number, "version": version.as_ref().map(|v| v.version)}),
        "",
    )
    .changed(version.is_some())
    .of(id))
}
