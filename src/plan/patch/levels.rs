//! Levels of cues and of the whole film.

use super::{Outcome, retouched, tree, unfit, unknown, with_numbers};
use crate::diagnostic::{Exit, Failure};
use crate::film::audio::{Audio, CueKind, LEVEL_LIMIT_DB};
use crate::film::time::tidy;

pub(super) fn level(
    change: f64,
    cue: Option<&str>,
    mut audio: Audio,
    text: &str,
) -> Result<Outcome, Failure> {
    let known: Vec<String> = audio.cues.iter().map(|c| c.id.to_string()).collect();
    let mut report = Vec::new();
    let mut edits = Vec::new();
    let bounded = |what: &str, now: f64, limit: f64| -> Result<f64, Failure> {
        let sum = now + change;
        if sum.abs() > limit {
            Err(unfit(format!(
                "{what} would stand at {sum:+.1} dB; the limit is ±{limit:.0} dB"
            )))
        } else {
            Ok(tidy(sum))
        }
    };
    match cue {
        Some(name) => {
            let kind = match name {
                "music" => Some(CueKind::Music),
                "voice" | "voices" => Some(CueKind::Voice),
                "sound" | "sounds" => Some(CueKind::Sound),
                _ => None,
            };
            let mut any = false;
            for c in &mut audio.cues {
                if c.id.as_str() == name || Some(c.kind) == kind {
                    let new = bounded(c.id.as_str(), c.level_db, LEVEL_LIMIT_DB)?;
                    report.push(format!("{}: {:+.1} dB → {new:+.1} dB", c.id, c.level_db));
                    c.level_db = new;
                    edits.push((c.id.to_string(), new));
                    any = true;
                }
            }
            if !any {
                return Err(Failure::of(
                    Exit::Conflict,
                    vec![unknown("cue", name, &known)],
                ));
            }
            Ok(Outcome {
                text: with_numbers(text, &audio, "level_db", &edits, &mut report)?,
                report,
            })
        }
        None => {
            let new = tidy(audio.mix.target_lufs + change);
            if !(-40.0..=-6.0).contains(&new) {
                return Err(unfit(format!(
                    "the film would stand at {new} LUFS; it must lie between -40 and -6"
                )));
            }
            report.push(format!(
                "the whole film: {} LUFS → {new} LUFS",
                audio.mix.target_lufs
            ));
            audio.mix.target_lufs = new;
            let said = tree(text).map(|mut tree| {
                tree["mix"]["target_lufs"] = new.into();
                tree
            });
            Ok(Outcome {
                text: retouched(text, said, &audio, &mut report)?,
                report,
            })
        }
    }
}
