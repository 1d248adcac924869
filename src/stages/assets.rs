//! Assets: what the camera films. A drawn panel is filmed as its layers, anything else as it is.

use super::revision::Order;
use super::score;
use super::{Artifact, Crew, Desk, Made, Wanted, Work, is_ours, media, merged, pristine, written};
use crate::animatic::artist::{PLANES, Plane};
use crate::film::assets::{Asset, Assets, Fit, Layer, Short};
use crate::film::document::SCHEMA;
use crate::film::shot::Size;
use crate::film::stage::Stage;
use crate::film::storyboard::{Shot, Storyboard};
use crate::plan::feedback::Change;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::price::Measure;
use crate::plan::projection::{Files, panel_file};
use crate::providers::roles::ClipRequest;
use crate::store::format::Take;
use crate::store::layout::Layout;
use crate::store::run::Source;
use anyhow::{Context, Result};
use serde_json::json;
use std::collections::BTreeMap;

/// The endings of a picture that was handed in.
const WHOLE: [&str; 2] = ["png", "jpg"];

/// How far a breath lifts somebody, as a part of the frame's height.
const BREATH: f64 = 0.0014;

/// The take a shot's panel came from, if the panel is drawn and not a person's.
fn drawn<'a>(desk: &'a Desk<'_>, shot: &str) -> Option<&'a Take> {
    let hash = desk.run.files.get(&panel_file(shot))?;
    desk.run.ledger.origin(Stage::Storyboard, shot, "png", hash)
}

/// A picture that was handed in, as it lies with the take of its panel.
struct Whole<'a> {
    file: String,
    ending: &'static str,
    hash: &'a Fingerprint,
}

/// What the camera films of a panel that holds a picture as it was handed in.
fn handed_in<'a>(desk: &'a Desk<'_>, shot: &str) -> Option<Whole<'a>> {
    let take = drawn(desk, shot)?;
    WHOLE.into_iter().find_map(|ending| {
        let suffix = format!("whole.{ending}");
        Some(Whole {
            hash: take.files.get(&suffix)?,
            file: Layout::take(Stage::Storyboard, shot, take.take, &suffix),
            ending,
        })
    })
}

/// A shot's footage before anything was made of it.
fn bare(shot: &Shot) -> Option<Asset> {
    Some(Asset {
        id: shot.id.clone()?,
        movement: shot.movement,
        layers: Vec::new(),
        still: None,
        fit: Fit::Cover,
        clip: None,
        from: 0.0,
        short: Short::Hold,
        sound_db: None,
        subject: shot.subject,
        score: None,
    })
}

/// The clips a provider films, one for each panel: nothing where the house films.
pub fn wanted(desk: &Desk<'_>) -> Vec<Wanted> {
    let run = desk.run;
    let Some(board) = run.film.storyboard.as_ref().filter(|_| desk.films) else {
        return Vec::new();
    };
    board
        .shots()
        // A picture that was handed in is shown as it is: nobody may dream it further.
        .filter(|(_, shot)| shot.picture.is_none())
        .filter_map(|(_, shot)| {
            let panel = run.files.get(&panel_file(shot.name()))?;
            let from = json!({
                "film": shot.prompt,
                "panel": panel,
                "move": shot.movement,
                "seconds": shot.seconds,
                "format": run.film.sheet.master(),
                "asked": run.salt(Stage::Assets, shot.name()),
            });
            let file = format!("assets/{}.mp4", shot.name());
            let label = format!("clip {}", shot.name());
            let measure = Measure {
                seconds: shot.seconds,
                ..Measure::default()
            };
            Some(Wanted::new(shot.name(), from, Some(file), label).billed("video", measure))
        })
        .collect()
}

/// What a provider of words is to write: footage as a person asked for it.
pub(super) fn order(desk: &Desk<'_>) -> Result<Option<Order>> {
    match &desk.run.film.assets {
        Some(current) => Order::said(desk, Stage::Assets, current),
        None => Ok(None),
    }
}

/// Everything that is to be made: first the words, if anybody asked for others.
pub fn asked(desk: &Desk<'_>) -> Result<Vec<Wanted>> {
    if let Some(order) = order(desk)?
        && order.written::<Assets>(desk)?.is_none()
    {
        return Ok(vec![order.wanted()]);
    }
    Ok(wanted(desk))
}

pub fn work(desk: &Desk<'_>, crew: &Crew, wanted: &Wanted) -> Result<Work> {
    let run = desk.run;
    let board = run
        .film
        .storyboard
        .as_ref()
        .context("assets need a storyboard")?;
    let shot = board.shot(&wanted.item).context("a shot")?.clone();
    let video = crew.roles.video.clone().context("nobody films")?;
    let provider = crew.roles.name("video").to_owned();
    let looks = super::storyboard::looks(&shot, run.film.references.as_ref());
    let salt = run.salt(Stage::Assets, &wanted.item);
    let request = ClipRequest {
        panel: crate::store::disk::read(&run.layout.at(&panel_file(shot.name())))?,
        format: run.film.sheet.master(),
        seed: run.film.sheet.seed.wrapping_add(salt),
        shot,
    };
    Ok(Box::new(move |hand| {
        hand.cancel.check()?;
        let clip = video.film(&request, hand)?;
        let folder = tempfile::tempdir().context("cannot make a scratch folder")?;
        crate::store::disk::write_scratch(&folder.path().join("clip.mp4"), &clip)?;
        let score = score::of_clip(folder.path(), "clip.mp4", request.shot.subject, &looks)
            .context("the clip cannot be read")?;
        Ok(Made {
            files: vec![("mp4".to_owned(), clip)],
            facts: json!({"score": score}),
            provider,
            warnings: Vec::new(),
        })
    }))
}

fn designed(desk: &Desk<'_>, notes: &mut Vec<String>) -> Result<(Assets, Option<Vec<u8>>)> {
    let run = desk.run;
    if let Some(order) = order(desk)?
        && let Some(asked) = order.written(desk)?
    {
        return Ok((asked, None));
    }
    let board = run
        .film
        .storyboard
        .as_ref()
        .context("assets need a storyboard")?;
    let mut shots = Vec::new();
    let clips = wanted(desk);
    for (_, shot) in board.shots() {
        let Some(mut asset) = bare(shot) else {
            continue;
        };
        let clip = clips.iter().find(|w| w.item == shot.name());
        if let Some(clip) = clip
            && let Some(take) = super::take_of(desk, Stage::Assets, clip)
        {
            asset.clip.clone_from(&clip.file);
            asset.score = serde_json::from_value(take.facts["score"].clone()).ok();
            shots.push(asset);
            continue;
        }
        if let Some(take) = drawn(desk, shot.name()) {
            for plane in &PLANES {
                let name = plane.name;
                if take.files.contains_key(&format!("{name}.png")) {
                    let file = format!("assets/{}.{name}.png", shot.name());
                    asset.layers.push(layer(plane, shot, file));
                }
            }
        }
        if let Some(whole) = handed_in(desk, shot.name()) {
            asset.still = Some(format!("assets/{}.{}", shot.name(), whole.ending));
            asset.fit = Fit::Whole;
        } else if asset.layers.is_empty() {
            asset.still = Some(format!("assets/{}.png", shot.name()));
        }
        shots.push(asset);
    }
    let made = Assets {
        schema: SCHEMA,
        shots,
    };
    let mut out = merged(run, Stage::Assets, run.film.assets.as_ref(), &made)?;
    // A panel that became a person's is one flat picture now, whatever was filmed before.
    for asset in &mut out.shots {
        if let Some(new) = made.get(asset.id.as_str())
            && asset.clip.is_none()
            && (asset.layers.is_empty() != new.layers.is_empty() || asset.fit != new.fit)
        {
            asset.layers.clone_from(&new.layers);
            asset.still.clone_from(&new.still);
            asset.fit = new.fit;
        }
    }
    let wanted: Vec<&str> = made.shots.iter().map(|a| a.id.as_str()).collect();
    out.shots.retain(|a| wanted.contains(&a.id.as_str()));
    out.shots
        .sort_by_key(|a| wanted.iter().position(|w| *w == a.id.as_str()));
    filmed_as_asked(desk, board, &mut out, notes);
    Ok((out, pristine(&made)?))
}

/// Moves of the camera a person asked for.
fn filmed_as_asked(
    desk: &Desk<'_>,
    board: &Storyboard,
    assets: &mut Assets,
    notes: &mut Vec<String>,
) {
    for instruction in desk.instructions {
        let Change::Camera(movement) = instruction.change else {
            continue;
        };
        let about: Vec<&str> = board
            .shots()
            .filter(|(beat, shot)| instruction.target.means(beat, shot))
            .map(|(_, shot)| shot.name())
            .collect();
        let filmed = assets
            .shots
            .iter_mut()
            .filter(|a| about.contains(&a.id.as_str()));
        // A clip moves by itself.
        let mut n = 0;
        for asset in filmed.filter(|a| a.clip.is_none()) {
            asset.movement = movement;
            n += 1;
        }
        notes.push(format!(
            "“{}”: {} {movement}",
            instruction.said,
            super::storyboard::shots(n)
        ));
    }
}

fn layer(plane: &Plane, shot: &Shot, file: String) -> Layer {
    // Feet stay on the ground: who is seen with them holds still.
    let near = matches!(
        shot.size,
        Size::Ms | Size::Mcu | Size::Cu | Size::Bcu | Size::Ecu
    );
    Layer {
        file,
        speed: plane.speed,
        bleed: plane.bleed,
        falls: plane.falls,
        drifts: plane.drifts,
        breathes: if plane.breathes && near { BREATH } else { 0.0 },
        shows: plane.shows,
    }
}

/// A shot as it can be filmed from its panel alone: the drawn layers where they lie, or the panel.
/// Their hashes are added to `files`. `None` while there is no panel.
pub(super) fn sketch(desk: &Desk<'_>, shot: &Shot, files: &mut Files) -> Option<Asset> {
    let mut asset = bare(shot)?;
    if let Some(take) = drawn(desk, shot.name()) {
        for plane in &PLANES {
            let suffix = format!("{}.png", plane.name);
            if let Some(hash) = take.files.get(&suffix) {
                let file = Layout::take(Stage::Storyboard, shot.name(), take.take, &suffix);
                files.insert(file.clone(), hash.clone());
                asset.layers.push(layer(plane, shot, file));
            }
        }
    }
    if let Some(whole) = handed_in(desk, shot.name()) {
        files.insert(whole.file.clone(), whole.hash.clone());
        asset.still = Some(whole.file);
        asset.fit = Fit::Whole;
    } else if asset.layers.is_empty() {
        let panel = panel_file(shot.name());
        files.contains_key(&panel).then_some(())?;
        asset.still = Some(panel);
    }
    Some(asset)
}

/// Whether a working file is something the studio put there: a layer of a take, or a copy of a panel.
fn from_storyboard(desk: &Desk<'_>, shot: &str, hash: &Fingerprint) -> bool {
    is_ours(desk.run, Stage::Storyboard, shot, hash)
        || desk
            .run
            .ledger
            .versions
            .get(&Stage::Storyboard)
            .is_some_and(|versions| {
                versions
                    .iter()
                    .any(|(_, _, v)| v.files.get(&panel_file(shot)) == Some(hash))
            })
}

/// Measures clips and stills that are no panels of the storyboard, where they are new.
fn measured(desk: &Desk<'_>, assets: &mut Assets) {
    let run = desk.run;
    let before = run.ledger.placed(Stage::Assets);
    for asset in &mut assets.shots {
        let Some(file) = asset.clip.as_ref().or(asset.still.as_ref()) else {
            asset.score = None;
            continue;
        };
        let Some(hash) = run.files.get(file) else {
            continue;
        };
        let id = asset.id.as_str();
        if is_ours(run, Stage::Assets, id, hash) {
            continue;
        }
        if from_storyboard(desk, id, hash) {
            asset.score = None;
            continue;
        }
        let known = before.is_some_and(|v| v.files.get(file) == Some(hash));
        if known && asset.score.is_some() {
            continue;
        }
        let board = run.film.storyboard.as_ref();
        let shot = board.and_then(|b| b.shot(asset.id.as_str()));
        let looks = shot.map_or_else(Vec::new, |shot| {
            super::storyboard::looks(shot, run.film.references.as_ref())
        });
        asset.score = match &asset.clip {
            Some(clip) => score::of_clip(run.layout.root(), clip, asset.subject, &looks),
            None => crate::store::disk::read(&run.layout.at(file))
                .ok()
                .and_then(|bytes| score::of(&bytes, asset.subject, &looks, &[]).ok()),
        };
    }
}

/// Measures footage a person changed.
pub fn settle(desk: &Desk<'_>) -> Result<Option<String>> {
    let Some(current) = &desk.run.film.assets else {
        return Ok(None);
    };
    let mut assets = current.clone();
    measured(desk, &mut assets);
    match assets == *current {
        true => Ok(None),
        false => super::retold(desk.run, Stage::Assets, current, &assets).map(Some),
    }
}

pub fn assemble(desk: &Desk<'_>) -> Result<Artifact> {
    let run = desk.run;
    let mut notes = Vec::new();
    let (mut assets, made) = designed(desk, &mut notes)?;
    measured(desk, &mut assets);
    for asset in &assets.shots {
        if let Some(score) = asset.score.as_ref().filter(|s| !s.note.is_empty()) {
            notes.push(format!("{}: {}", asset.id, score.note));
        }
    }
    let mut files = BTreeMap::from([(
        "assets.yaml".to_owned(),
        written(run, Stage::Assets, &assets)?,
    )]);
    let clips = wanted(desk);
    for asset in &assets.shots {
        let shot = asset.id.as_str();
        for file in asset.files() {
            // A clip that was filmed for it, unless a person's lies there.
            let filmed = clips.iter().find(|w| w.file.as_ref() == Some(file));
            if let Some(clip) = filmed {
                files.insert(file.clone(), media(desk, Stage::Assets, clip, "mp4")?);
                continue;
            }
            let persons = run
                .files
                .get(file)
                .is_some_and(|h| !from_storyboard(desk, shot, h));
            if persons || asset.clip.as_ref() == Some(file) {
                files.insert(file.clone(), Source::Copy(file.clone()));
                continue;
            }
            let plane = PLANES
                .iter()
                .find(|plane| *file == format!("assets/{shot}.{}.png", plane.name));
            let from = match (plane, drawn(desk, shot)) {
                (Some(Plane { name, .. }), Some(take)) => {
                    Layout::take(Stage::Storyboard, shot, take.take, &format!("{name}.png"))
                }
                _ => match handed_in(desk, shot).filter(|_| asset.fit == Fit::Whole) {
                    Some(whole) => whole.file,
                    None => panel_file(shot),
                },
            };
            files.insert(file.clone(), Source::Copy(from));
        }
    }
    Ok(Artifact { files, notes, made })
}

/// Footage that assets.yaml names and the folder does not hold.
pub fn missing(desk: &Desk<'_>) -> Vec<Wanted> {
    let run = desk.run;
    let Some(assets) = &run.film.assets else {
        return Vec::new();
    };
    assets
        .shots
        .iter()
        .flat_map(|a| a.files().map(move |f| (a, f)))
        .filter(|(_, file)| !run.files.contains_key(*file))
        .map(|(asset, file)| {
            Wanted::new(
                asset.id.as_str(),
                serde_json::json!({"footage": file}),
                Some(file.clone()),
                format!("footage {file}"),
            )
        })
        .collect()
}
