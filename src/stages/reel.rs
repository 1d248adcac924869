//! What a film is cut from: its footage, its sound, the words on it. Of what is approved, or, for a
//! preview, of whatever there is so far.

use super::{Desk, assets, audio};
use crate::cut::branding::{Branding, Emblem};
use crate::cut::compose::Dressing;
use crate::film::assets::{Asset, Assets, Fit, Short};
use crate::film::audio::Audio;
use crate::film::brand::{INTRO, OUTRO};
use crate::film::format::Format;
use crate::film::ids::ShotId;
use crate::film::sheet::Captions;
use crate::film::shot::Move;
use crate::film::storyboard::Subject;
use crate::film::timeline::Timeline;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::projection::Files;
use anyhow::{Context, Result};

/// Footage and sound as they lie in the run folder, with their hashes.
pub struct Reel {
    pub assets: Assets,
    pub audio: Audio,
    pub files: Files,
    pub dressing: Dressing,
}

impl Reel {
    /// The film as its documents say. Fails if a shot has no footage.
    pub fn finished(desk: &Desk<'_>) -> Result<Reel> {
        let film = &desk.run.film;
        let assets = film.assets.clone().context("a film needs its footage")?;
        let board = film
            .storyboard
            .as_ref()
            .context("a film needs a storyboard")?;
        let missing = crate::film::timeline::missing_footage(board, &assets);
        if !missing.is_empty() {
            anyhow::bail!("assets.yaml has no footage for {}", missing.join(", "));
        }
        Ok(Reel {
            assets: branded(desk, assets),
            audio: film.audio.clone().context("a film needs its sound")?,
            files: desk.run.files.clone(),
            dressing: dressing(desk),
        })
    }

    /// The film as far as it is: panels where there is no footage yet, the scratch voice where there is
    /// no sound.
    pub fn draft(desk: &Desk<'_>) -> Result<Reel> {
        let film = &desk.run.film;
        let board = film
            .storyboard
            .as_ref()
            .context("there is no storyboard to look at yet")?;
        let mut files = desk.run.files.clone();
        let mut shots: Vec<Asset> = Vec::new();
        for (_, shot) in board.shots() {
            let made = film.assets.as_ref().and_then(|a| a.get(shot.name()));
            let there = |a: &&Asset| a.files().all(|f| desk.run.files.contains_key(f));
            match made.filter(there) {
                Some(asset) => shots.push(asset.clone()),
                None => shots.extend(assets::sketch(desk, shot, &mut files)),
            }
        }
        let audio = match &film.audio {
            Some(audio) => audio.clone(),
            None => audio::scratch(desk, &mut files)?,
        };
        let assets = Assets {
            schema: crate::film::document::SCHEMA,
            shots,
        };
        Ok(Reel {
            assets: branded(desk, assets),
            audio,
            files,
            dressing: dressing(desk),
        })
    }

    /// The film on its clock.
    pub fn timeline(&self, desk: &Desk<'_>, format: Format) -> Result<Timeline> {
        let film = &desk.run.film;
        let board = film
            .storyboard
            .as_ref()
            .context("a film needs a storyboard")?;
        Ok(Timeline::lay(
            board,
            &self.audio,
            format,
            film.sheet.fps,
            super::cards(desk),
        ))
    }
}

/// The same footage with the brand's before and after it.
fn branded(desk: &Desk<'_>, mut assets: Assets) -> Assets {
    let Some(kit) = &desk.run.film.brand else {
        return assets;
    };
    for (id, bumper) in [(INTRO, &kit.intro), (OUTRO, &kit.outro)] {
        let (Some(bumper), Ok(id)) = (bumper, ShotId::new(id)) else {
            continue;
        };
        let file = format!("brand/{}", bumper.file);
        let (clip, still) = match bumper.is_clip() {
            true => (Some(file), None),
            false => (None, Some(file)),
        };
        assets.shots.push(Asset {
            id,
            movement: Move::Static,
            layers: Vec::new(),
            still,
            // Of a mark nothing may be cut off, in whatever format.
            fit: Fit::Whole,
            sound_db: (bumper.sound && clip.is_some()).then_some(0.0),
            clip,
            from: 0.0,
            short: Short::Hold,
            subject: Subject::default(),
            score: None,
        });
    }
    assets
}

/// The kit as it is cut into the film; its files are told apart by what they hold.
fn branding(desk: &Desk<'_>) -> Option<Branding> {
    let brand = desk.run.film.brand.clone()?;
    let files: Vec<_> = brand
        .files()
        .iter()
        .map(|(file, _)| desk.run.files.get(&format!("brand/{file}")))
        .collect();
    Some(Branding {
        key: Fingerprint::of(&(&brand, files)),
        folder: desk.run.layout.at("brand"),
        brand,
    })
}

/// The picture of the end card that came with the film.
fn emblem(desk: &Desk<'_>) -> Option<Emblem> {
    let file = desk.template.end_logo(&desk.run.film.sheet)?;
    Some(Emblem {
        key: desk.run.files.get(file)?.clone(),
        path: desk.run.layout.at(file),
    })
}

fn dressing(desk: &Desk<'_>) -> Dressing {
    let film = &desk.run.film;
    let author = film
        .script
        .as_ref()
        .and_then(|s| s.value("author").or_else(|| s.value("authors")));
    Dressing {
        title: film.sheet.title.clone(),
        byline: author
            .map(|a| format!("by {}", crate::film::script::plain(&a)))
            .unwrap_or_default(),
        end: desk.template.end_card(&desk.run.film.sheet),
        burn: film.sheet.captions == Captions::Burned,
        words: true,
        brand: branding(desk),
        emblem: emblem(desk),
    }
}
