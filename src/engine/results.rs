//! Results of providers: whether one is what was asked for, and what is on disk of it.

use crate::providers::ask::{Ask, Fault, Outcome};
use crate::store::disk;
use serde_json::Value;
use std::path::Path;

/// What a result that is on disk took.
pub(super) fn cost_of(folder: &Path) -> Option<String> {
    let text = disk::read(&folder.join("answer.json")).ok()?;
    let answer: Value = serde_json::from_slice(&text).ok()?;
    answer["cost"].as_str().map(str::to_owned)
}

/// A result that is on disk already.
pub(super) fn kept(folder: &Path) -> Option<Outcome> {
    let bytes = disk::read(&folder.join("result")).ok()?;
    let answer: Value = disk::read(&folder.join("answer.json"))
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    Some(Outcome {
        bytes,
        answer: answer["answer"].clone(),
        ..Outcome::default()
    })
}

/// More than any picture of a film has; a small file can claim to be far larger.
const MOST_PIXELS: u64 = 64_000_000;

/// How many pixels a picture says it has.
fn pixels(bytes: &[u8]) -> Option<u64> {
    let reader = image::ImageReader::new(std::io::Cursor::new(bytes));
    let (w, h) = reader.with_guessed_format().ok()?.into_dimensions().ok()?;
    Some(u64::from(w) * u64::from(h))
}

/// A result that is what was asked for.
pub(super) fn checked(ask: &Ask, outcome: Outcome) -> Result<Outcome, Fault> {
    match sound(ask, &outcome.bytes) {
        Ok(()) => Ok(outcome),
        Err(said) => Err(Fault::Broken {
            said,
            raw: outcome.bytes,
        }),
    }
}

/// Whether a file is what was asked for, by its first bytes; labels lie.
fn sound(ask: &Ask, bytes: &[u8]) -> Result<(), String> {
    let begins = |marks: &[&[u8]]| marks.iter().any(|m| bytes.starts_with(m));
    let inside = |at: usize, mark: &[u8]| bytes.get(at..at + mark.len()) == Some(mark);
    match ask {
        Ask::Text { .. } | Ask::Verdict { .. } => match std::str::from_utf8(bytes) {
            Ok(text) if !text.trim().is_empty() => Ok(()),
            Ok(_) => Err("nothing was said".to_owned()),
            Err(_) => Err("it is no text".to_owned()),
        },
        Ask::Picture { .. } | Ask::Inpaint { .. } => match pixels(bytes) {
            Some(n) if n > MOST_PIXELS => {
                Err(format!("a picture of {} million pixels", n / 1_000_000))
            }
            _ => match image::load_from_memory(bytes) {
                Ok(p)
                    if p.width().min(p.height()) >= 16
                        && p.width().max(p.height()) <= 8 * p.width().min(p.height()) =>
                {
                    Ok(())
                }
                Ok(p) => Err(format!("a picture of {}x{}", p.width(), p.height())),
                Err(e) => Err(format!("it is no picture: {e}")),
            },
        },
        Ask::Speech { .. } | Ask::Music { .. } => {
            let mp3 =
                bytes.first() == Some(&0xff) && bytes.get(1).is_some_and(|b| b & 0xe0 == 0xe0);
            match mp3 || begins(&[b"RIFF", b"ID3", b"OggS", b"fLaC"]) || inside(4, b"ftyp") {
                true => Ok(()),
                false => Err("it is no sound".to_owned()),
            }
        }
        Ask::Clip { .. } => {
            match inside(4, b"ftyp") || begins(&[&[0x1a, 0x45, 0xdf, 0xa3], b"GIF8", b"RIFF"]) {
                true => Ok(()),
                false => Err("it is no clip".to_owned()),
            }
        }
    }
}
