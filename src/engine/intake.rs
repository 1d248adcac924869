//! What people changed in the folder since the last command: recorded, named, never lost.

use super::event::Event;
use super::gatekeeper;
use super::studio::Studio;
use crate::diagnostic::{Exit, Failure, Problem};
use crate::film::stage::Stage;
use crate::plan::fingerprint::Fingerprint;
use crate::stages;
use crate::store::disk;
use crate::store::format::{Version, VersionKind};
use crate::store::run::Source;
use anyhow::Result;
use std::io::Cursor;

/// Takes in hand edits of every stage; returns those that were changed. A stage in conflict waits
/// for `resolve`, whatever is written meanwhile.
pub fn take_in(studio: &mut Studio) -> Result<Vec<Stage>> {
    let _held = studio.run.hold()?;
    studio.run.look()?;
    let mut changed = Vec::new();
    for stage in Stage::ALL {
        if stage == Stage::Render
            || studio.run.invalid.contains_key(&stage)
            || studio.run.ledger.version(stage).is_some_and(|v| !v.placed)
            || !studio.run.edited(stage)
        {
            continue;
        }
        if put_back_missing(studio, stage)? {
            continue;
        }
        let names = edited_names(studio, stage);
        let mut unreadable: Vec<Problem> =
            names.iter().filter_map(|n| unreadable(studio, n)).collect();
        unreadable.extend(stages::misfits(stage, &studio.desk(&[])));
        if !unreadable.is_empty() {
            studio
                .run
                .invalid
                .insert(stage, Failure::of(Exit::Invalid, unreadable));
            continue;
        }
        let missing_only = only_missing(studio, stage);
        if missing_only {
            // A file that is gone is made again; nothing of a person's is in it.
            continue;
        }
        // Ids a person left out are written back, and lengths of new sounds.
        let settled = stages::settle(stage, &studio.desk(&[]))?;
        let version = keep(studio, stage, names.clone(), settled)?;
        changed.push(stage);
        studio.tell(Event::Warning {
            message: format!(
                "{stage} was edited by hand ({}): kept as version {}",
                names.join(", "),
                version.version
            ),
        });
    }
    Ok(changed)
}

/// A document that is gone comes back as it was last: what a person wrote is in it. Returns whether
/// one did.
fn put_back_missing(studio: &mut Studio, stage: Stage) -> Result<bool> {
    let Some(name) = stage.document() else {
        return Ok(false);
    };
    let placed = studio.run.ledger.placed(stage);
    let hash = placed.and_then(|v| v.files.get(name)).cloned();
    let (Some(hash), None) = (hash, studio.run.files.get(name)) else {
        return Ok(false);
    };
    let layout = &studio.run.layout;
    disk::copy_atomic(&layout.object(&hash), &layout.at(name))?;
    studio.warn(format!("{name} was gone and is put back as it was"));
    studio.run.look()?;
    Ok(true)
}

/// Keeps the working files of a stage as they are as a version.
fn keep(
    studio: &mut Studio,
    stage: Stage,
    notes: Vec<String>,
    settled: Option<String>,
) -> Result<Version> {
    let mut draft = studio.run.draft(stage, VersionKind::Edited, &studio.user);
    if let (Some(name), Some(text)) = (stage.document(), settled) {
        // As it was written lies among the objects before it is replaced.
        let bytes = disk::read(&studio.run.layout.at(name))?;
        let hash = Fingerprint::of_bytes(&bytes);
        disk::write_atomic(&studio.run.layout.object(&hash), &bytes)?;
        let source = Source::Bytes(text.into_bytes());
        draft.files.insert(name.to_owned(), source);
    }
    // What the studio would make these items from now: should that change, they are out of date.
    draft.keys = stages::wanted(stage, &studio.desk(&[]))
        .unwrap_or_default()
        .into_iter()
        .filter(|w| w.file.as_ref().is_some_and(|f| notes.contains(f)))
        .map(|w| (w.item, w.key))
        .collect();
    draft.notes = notes;
    gatekeeper::keep(studio, draft, None)
}

/// Whether a JPEG has its end: what is missing would be filled with grey. Other kinds are not decoded without it. Its
/// segments are walked, for a thumbnail within, or what a telephone hangs on behind, has ends of its own.
fn is_whole(bytes: &[u8]) -> bool {
    if !bytes.starts_with(&[0xff, 0xd8]) {
        return true;
    }
    let mut at = 2;
    while let Some([0xff, mark]) = bytes.get(at..at + 2) {
        match mark {
            0xd9 => return true,
            0xff => at += 1,
            0x01 | 0xd0..=0xd7 => at += 2,
            mark => {
                let Some([high, low]) = bytes.get(at + 2..at + 4) else {
                    return false;
                };
                at += 2 + usize::from(*high) * 256 + usize::from(*low);
                // Behind the head of a scan come its bytes, up to the next mark that is none of theirs.
                if *mark == 0xda {
                    let next = bytes.get(at..).unwrap_or_default().windows(2);
                    let next = next
                        .into_iter()
                        .position(|w| w[0] == 0xff && !matches!(w[1], 0x00 | 0xff | 0xd0..=0xd7));
                    let Some(next) = next else { return false };
                    at += next;
                }
            }
        }
    }
    false
}

/// What is wrong with a picture or sound somebody put there, if it is none.
fn unreadable(studio: &Studio, name: &str) -> Option<Problem> {
    let path = studio.run.layout.at(name);
    let problem = |what: &str| {
        Some(
            Problem::new(format!("this is not {what}"))
                .at(name, 0, 0)
                .hint("put another file there, or delete it and it is made again"),
        )
    };
    if name.ends_with(".png") || name.ends_with(".jpg") {
        let Ok(bytes) = disk::read(&path) else {
            return problem("a PNG or JPEG picture");
        };
        let reader = || image::ImageReader::new(Cursor::new(&bytes)).with_guessed_format();
        if !reader().is_ok_and(|r| r.into_dimensions().is_ok()) {
            return problem("a PNG or JPEG picture");
        }
        let decoded = reader().is_ok_and(|r| r.decode().is_ok());
        return match decoded && is_whole(&bytes) {
            true => None,
            false => problem("a whole picture: it breaks off"),
        };
    }
    let sound = name
        .ends_with(".wav")
        .then(|| hound::WavReader::open(&path));
    if let Some(Ok(sound)) = &sound {
        let needs = u64::from(sound.len()) * u64::from(sound.spec().bits_per_sample / 8);
        let has = std::fs::metadata(&path).map_or(0, |m| m.len());
        return match needs <= has {
            true => None,
            false => problem("a whole sound: it breaks off"),
        };
    }
    if matches!(sound, Some(Err(_))) {
        let ffmpeg = crate::media::tools::ffmpeg().ok()?;
        let sound = crate::media::decode::audio(&ffmpeg, studio.run.layout.root(), name, 1);
        return if sound.is_ok_and(|s| !s.is_empty()) {
            None
        } else {
            problem("a sound")
        };
    }
    None
}

/// Which working files differ from the last version.
fn edited_names(studio: &Studio, stage: Stage) -> Vec<String> {
    let before = studio.run.ledger.placed(stage);
    studio
        .run
        .working(stage)
        .into_iter()
        .filter(|(n, h)| before.is_none_or(|v| v.files.get(n) != Some(h)))
        .map(|(n, _)| n)
        .collect()
}

fn only_missing(studio: &Studio, stage: Stage) -> bool {
    studio.run.ledger.placed(stage).is_some() && edited_names(studio, stage).is_empty()
}
