//! Assets: what the camera films. A drawn panel is filmed as its layers, anything else as it is.

use super::{Artifact, Desk, Wanted, is_ours, merged, pristine, written};
use crate::animatic::artist::{PLANES, Plane};
use crate::film::assets::{Asset, Assets, Layer, Short};
use crate::film::document::SCHEMA;
use crate::film::stage::Stage;
use crate::film::storyboard::Shot;
use crate::plan::feedback::Change;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::projection::{Files, panel_file};
use crate::store::format::Take;
use crate::store::layout::Layout;
use crate::store::run::Source;
use anyhow::{Context, Result};
use std::collections::BTreeMap;

/// The take a shot's panel came from, if the panel is drawn and not a person's.
fn drawn<'a>(desk: &'a Desk<'_>, shot: &str) -> Option<&'a Take> {
    let hash = desk.run.files.get(&panel_file(shot))?;
    desk.run.ledger.origin(Stage::Storyboard, shot, "png", hash)
}

/// A shot's footage before anything was made of it.
fn bare(shot: &Shot) -> Option<Asset> {
    Some(Asset {
        id: shot.id.clone()?,
        movement: shot.movement,
        layers: Vec::new(),
        still: None,
        clip: None,
        from: 0.0,
        short: Short::Hold,
        sound_db: None,
        subject: shot.subject,
    })
}

fn designed(desk: &Desk<'_>, notes: &mut Vec<String>) -> Result<(Assets, Option<Vec<u8>>)> {
    let run = desk.run;
    let board = run
        .film
        .storyboard
        .as_ref()
        .context("assets need a storyboard")?;
    let mut shots = Vec::new();
    for (_, shot) in board.shots() {
        let Some(mut asset) = bare(shot) else {
            continue;
        };
        if let Some(take) = drawn(desk, shot.name()) {
            for plane in &PLANES {
                let name = plane.name;
                if take.files.contains_key(&format!("{name}.png")) {
                    let file = format!("assets/{}.{name}.png", shot.name());
                    asset.layers.push(layer(plane, file));
                }
            }
        }
        if asset.layers.is_empty() {
            asset.still = Some(format!("assets/{}.png", shot.name()));
        }
        shots.push(asset);
    }
    let made = Assets {
        schema: SCHEMA,
        shots,
    };
    if let Some(i) = desk
        .instructions
        .iter()
        .find(|i| !matches!(i.change, Change::Drop))
    {
        notes.push(format!(
            "“{}”: footage follows the storyboard; ask for it there",
            i.said
        ));
    }
    let mut out = merged(run, Stage::Assets, run.film.assets.as_ref(), &made)?;
    // A panel that became a person's is one flat picture now, whatever was filmed before.
    for asset in &mut out.shots {
        if let Some(new) = made.get(asset.id.as_str())
            && asset.clip.is_none()
            && asset.layers.is_empty() != new.layers.is_empty()
        {
            asset.layers.clone_from(&new.layers);
            asset.still.clone_from(&new.still);
        }
    }
    let wanted: Vec<&str> = made.shots.iter().map(|a| a.id.as_str()).collect();
    out.shots.retain(|a| wanted.contains(&a.id.as_str()));
    out.shots
        .sort_by_key(|a| wanted.iter().position(|w| *w == a.id.as_str()));
    Ok((out, pristine(&made)?))
}

fn layer(plane: &Plane, file: String) -> Layer {
    Layer {
        file,
        speed: plane.speed,
        bleed: plane.bleed,
        falls: plane.falls,
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
                asset.layers.push(layer(plane, file));
            }
        }
    }
    if asset.layers.is_empty() {
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

pub fn assemble(desk: &Desk<'_>) -> Result<Artifact> {
    let run = desk.run;
    let mut notes = Vec::new();
    let (assets, made) = designed(desk, &mut notes)?;
    let mut files = BTreeMap::from([(
        "assets.yaml".to_owned(),
        written(run, Stage::Assets, &assets)?,
    )]);
    for asset in &assets.shots {
        let shot = asset.id.as_str();
        for file in asset.files() {
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
                _ => panel_file(shot),
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
