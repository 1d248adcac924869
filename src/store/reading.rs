//! Reads a stage's document, and checks it.

use super::disk;
use super::run::stamp;
use crate::diagnostic::{Exit, Failure};
use crate::film::artifacts::Artifacts;
use crate::film::stage::Stage;
use crate::film::{document, validate};
use anyhow::{Context, Result};
use std::path::Path;
use std::time::Duration;

/// A parsed document of any stage.
pub enum Parsed {
    Outline(crate::film::outline::Outline),
    Script(crate::film::script::Script),
    Own(String),
    References(crate::film::references::References),
    Storyboard(crate::film::storyboard::Storyboard),
    Assets(crate::film::assets::Assets),
    Audio(crate::film::audio::Audio),
}

/// Reads a stage's document and checks it.
pub fn parse(stage: Stage, text: &str) -> Result<Parsed, Failure> {
    let file = stage.document().unwrap_or("render");
    let (parsed, problems) = match stage {
        Stage::Outline => {
            let d = document::read(text, file)?;
            let p = validate::outline(&d, text);
            (Parsed::Outline(d), p)
        }
        Stage::Script => {
            if let Some(at) = text.bytes().position(|b| b == 0) {
                return Err(
                    Failure::new(Exit::Invalid, "the script holds a zero byte").at(
                        file,
                        text[..at].lines().count(),
                        0,
                    ),
                );
            }
            if !text.chars().any(char::is_alphanumeric) {
                return Err(Failure::new(Exit::Invalid, "the script is empty")
                    .at(file, 1, 0)
                    .hint("`greenlight restore RUN script N` puts a version back"));
            }
            (
                Parsed::Script(crate::screenplay::fountain::parse(text, file).0),
                Vec::new(),
            )
        }
        Stage::Own => {
            if !text.chars().any(char::is_alphanumeric) {
                return Err(Failure::new(Exit::Invalid, "there is not a word in it")
                    .at(file, 1, 0)
                    .hint("`greenlight restore RUN own N` puts a version back"));
            }
            (Parsed::Own(text.to_owned()), Vec::new())
        }
        Stage::References => {
            let d = document::read(text, file)?;
            let p = validate::references(&d, text);
            (Parsed::References(d), p)
        }
        Stage::Storyboard => {
            let d = document::read(text, file)?;
            let p = validate::storyboard(&d, text);
            (Parsed::Storyboard(d), p)
        }
        Stage::Assets => {
            let d = document::read(text, file)?;
            let p = validate::assets(&d, text);
            (Parsed::Assets(d), p)
        }
        Stage::Audio => {
            let d = document::read(text, file)?;
            let p = validate::audio(&d, text);
            (Parsed::Audio(d), p)
        }
        Stage::Render => {
            return Err(Failure::new(
                Exit::Impossible,
                "the render stage has no document",
            ));
        }
    };
    if problems.is_empty() {
        Ok(parsed)
    } else {
        Err(Failure::of(Exit::Invalid, problems))
    }
}

pub(super) fn install(film: &mut Artifacts, stage: Stage, parsed: Option<Parsed>) {
    match stage {
        Stage::Outline => film.outline = None,
        Stage::Script => film.script = None,
        Stage::Own => film.own = None,
        Stage::References => film.references = None,
        Stage::Storyboard => film.storyboard = None,
        Stage::Assets => film.assets = None,
        Stage::Audio => film.audio = None,
        Stage::Render => {}
    }
    match parsed {
        Some(Parsed::Outline(d)) => film.outline = Some(d),
        Some(Parsed::Script(d)) => film.script = Some(d),
        Some(Parsed::Own(d)) => film.own = Some(d),
        Some(Parsed::References(d)) => film.references = Some(d),
        Some(Parsed::Storyboard(d)) => film.storyboard = Some(d),
        Some(Parsed::Assets(d)) => film.assets = Some(d),
        Some(Parsed::Audio(d)) => film.audio = Some(d),
        None => {}
    }
}

/// Reads a file that an editor may be writing: if it is empty or moves, waits a little.
pub(super) fn settled_read(path: &Path) -> Result<Option<Vec<u8>>> {
    for attempt in 0..20 {
        let before = match std::fs::metadata(path) {
            Ok(meta) => stamp(&meta),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e).with_context(|| format!("cannot read {}", path.display())),
        };
        let bytes = disk::read(path)?;
        // Only a file that was touched just now can be half written.
        let recent = std::fs::metadata(path)
            .and_then(|m| m.modified())
            .is_ok_and(|t| t.elapsed().is_ok_and(|e| e < Duration::from_secs(2)));
        let still = std::fs::metadata(path).is_ok_and(|m| stamp(&m) == before);
        if (still && (!bytes.is_empty() || !recent)) || attempt == 19 {
            return Ok(Some(bytes));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(None)
}
