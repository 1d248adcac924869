//! `diff` and `compare`: two states of a stage, and two runs, side by side.

use super::{Desk, Outcome};
use crate::cli::{Compare, Diff};
use crate::cut::contact::{self, Cell, Shows};
use crate::diagnostic::{Exit, Failure, printable};
use crate::engine::differences::{self, At, shows};
use crate::engine::studio::Studio;
use crate::engine::survey::Survey;
use crate::film::stage::Stage;
use crate::film::time::spoken;
use crate::media::beside::{self, Side};
use crate::media::tools::Tools;
use crate::plan::projection::panel_file;
use crate::store::disk;
use crate::ui::printer;
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// `diff RUN STAGE [A] [B]`: without A, since the last approval, else since the version before.
pub fn diff(desk: &Desk, args: Diff) -> Result<Outcome> {
    let at = match args.names.as_slice() {
        [first, ..] if Stage::parse(first).is_some() => 0,
        [_, second, ..] if Stage::parse(second).is_some() => 1,
        _ => {
            return Err(Failure::new(Exit::Usage, "name a stage")
                .hint("as in `diff RUN storyboard 1 2`")
                .into());
        }
    };
    let stage = args.names[at]
        .parse::<Stage>()
        .map_err(|e| Failure::new(Exit::NotFound, e))?;
    let studio = desk.studio((at == 1).then(|| args.names[0].as_str()))?;
    let states: Vec<At> = args.names[at + 1..]
        .iter()
        .map(|text| At::parse(text))
        .collect::<Result<_, _>>()?;
    let (from, to) = match states.as_slice() {
        [] => (default_base(&studio, stage)?, At::Now),
        [one @ At::Source] => (one.clone(), At::Now),
        [one] => (one.clone(), At::Now),
        [a, At::Source] => (At::Source, a.clone()),
        [a, b, ..] => (a.clone(), b.clone()),
    };
    let difference = differences::between(&studio.run, stage, &from, &to)?;
    let picture = differences::picture(&studio, stage, &difference.media)?;
    let mut text = printable(&difference.text());
    if let Some(picture) = &picture {
        text.push_str(&format!("side by side: {}\n", picture.display()));
    }
    if difference.is_none() {
        desk.printer.say(&format!(
            "{stage}: {} and {} are the same",
            from.words(),
            to.words()
        ));
    }
    Ok(Outcome::data(
        json!({
            "stage": stage, "from": from.words(), "to": to.words(), "same": difference.is_none(),
            "lines": difference.lines, "fields": difference.fields, "media": difference.media, "picture": picture,
        }),
        text,
    )
    .of(studio.run.id()))
}

fn default_base(studio: &Studio, stage: Stage) -> Result<At> {
    let ledger = &studio.run.ledger;
    if let Some(approved) = ledger.last_approved(stage)
        && studio.run.content(stage).as_ref() != Some(&approved.content_fp)
    {
        return Ok(At::Version(approved.version));
    }
    let Some(last) = ledger.version(stage) else {
        return Err(
            Failure::new(Exit::Impossible, format!("{stage} has not been made yet")).into(),
        );
    };
    let edited = studio.run.edited(stage);
    Ok(At::Version(if edited || last.version == 1 {
        last.version
    } else {
        last.version - 1
    }))
}

/// What is worth comparing of a run at a glance.
fn facts(studio: &Studio) -> Vec<(&'static str, String)> {
    let survey = Survey::take(studio);
    let film = &studio.run.film;
    let sheet = &film.sheet;
    let board = film.storyboard.as_ref();
    vec![
        ("title", printable(&sheet.title)),
        ("template", sheet.template.clone()),
        (
            "formats",
            sheet
                .formats
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        ),
        ("frames a second", sheet.fps.to_string()),
        ("language", sheet.language.clone()),
        ("seed", sheet.seed.to_string()),
        ("status", survey.job(studio).name().to_owned()),
        (
            "beats",
            film.outline
                .as_ref()
                .map_or(String::new(), |o| o.beats.len().to_string()),
        ),
        (
            "shots",
            board.map_or(String::new(), |b| b.shots().count().to_string()),
        ),
        (
            "length",
            board.map_or(String::new(), |b| spoken(b.seconds())),
        ),
        (
            "versions",
            studio
                .run
                .ledger
                .versions
                .values()
                .map(Vec::len)
                .sum::<usize>()
                .to_string(),
        ),
        ("cost", studio.price_spent().to_string()),
    ]
}

/// `compare A B`: two runs side by side.
pub fn compare(desk: &Desk, args: Compare) -> Result<Outcome> {
    let a = desk.open(desk.workspace.resolve(Some(&args.a))?)?;
    let b = desk.open(desk.workspace.resolve(Some(&args.b))?)?;
    let rows: Vec<Vec<String>> = facts(&a)
        .into_iter()
        .zip(facts(&b))
        .map(|((name, x), (_, y))| {
            let mark = if x == y { "" } else { "≠" };
            vec![name.to_owned(), x, mark.to_owned(), y]
        })
        .collect();
    let mut text = printer::table(&["", a.run.id(), "", b.run.id()], &rows);
    let mut stages = serde_json::Map::new();
    for stage in Stage::ALL {
        let difference = differences::between_runs(&a.run, &b.run, stage)?;
        if difference.is_none() {
            continue;
        }
        let media = difference.media.len();
        text.push_str(&format!(
            "\n\n{stage}: {} fields, {} lines, {media} files differ\n",
            difference.fields.len(),
            difference
                .lines
                .lines()
                .filter(|l| l.starts_with(['+', '-'])
                    && !l.starts_with("+++")
                    && !l.starts_with("---"))
                .count(),
        ));
        for change in difference.fields.iter().take(12) {
            text.push_str(&format!("  {}\n", printable(&change.line())));
        }
        stages.insert(
            stage.to_string(),
            json!({"lines": difference.lines, "fields": difference.fields, "media": difference.media}),
        );
    }
    let picture = panels(&a, &b)?;
    if let Some(path) = &picture {
        text.push_str(&format!("\npanels side by side: {}", path.display()));
    }
    if let Some(out) = &args.film {
        side_by_side(&a, &b, out)?;
        text.push_str(&format!("\nfilms side by side: {}", out.display()));
    }
    let table: Vec<Value> = rows
        .iter()
        .map(|r| json!({"what": r[0], "a": r[1], "b": r[3]}))
        .collect();
    Ok(Outcome::data(
        json!({"a": a.run.id(), "b": b.run.id(), "facts": table, "stages": stages, "picture": picture, "film": args.film}),
        text,
    ))
}

/// Both films in one picture.
fn side_by_side(a: &Studio, b: &Studio, out: &std::path::Path) -> Result<()> {
    let film = |studio: &Studio| {
        let path = studio.run.layout.at("render/film.mp4");
        if path.is_file() {
            return Ok(path);
        }
        let id = studio.run.id();
        Err(
            Failure::new(Exit::Impossible, format!("the film of {id} is not cut yet"))
                .hint(format!("greenlight run {id}")),
        )
    };
    let labels = tempfile::tempdir().context("cannot make a scratch folder")?;
    let label = |studio: &Studio, file: &str| -> Result<std::path::PathBuf> {
        let path = labels.path().join(file);
        disk::write_scratch(&path, &contact::label(studio.run.id())?)?;
        Ok(path)
    };
    let (film_a, film_b) = (film(a)?, film(b)?);
    let (name_a, name_b) = (label(a, "a.png")?, label(b, "b.png")?);
    let sides = [(&film_a, &name_a), (&film_b, &name_b)];
    let sides = sides.map(|(film, label)| Side { film, label });
    beside::lay(&Tools::find(&[])?, sides, out)?;
    Ok(())
}

/// The panels of two runs, shot by shot.
fn panels(a: &Studio, b: &Studio) -> Result<Option<std::path::PathBuf>> {
    let names = |s: &Studio| -> Vec<String> {
        s.run
            .film
            .storyboard
            .iter()
            .flat_map(|board| board.shots().map(|(_, shot)| shot.name().to_owned()))
            .collect()
    };
    let mut shots = names(a);
    shots.extend(names(b).into_iter().filter(|n| !names(a).contains(n)));
    let mut cells = Vec::new();
    for shot in shots.iter().take(24) {
        for studio in [a, b] {
            let file = panel_file(shot);
            let there = studio.run.files.contains_key(&file);
            let path = studio.run.layout.at(&file);
            cells.push(Cell {
                label: format!("{} · {shot}", studio.run.id()),
                shows: if there {
                    shows(Some(&path), &file)
                } else {
                    Shows::Nothing
                },
            });
        }
    }
    differences::keep_sheet(&a.run, "compare.jpg", &cells, 2)
}
