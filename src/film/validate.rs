//! What a document must hold beyond its form: all problems of a file at once, each with its line.

use super::audio::{Audio, LEVEL_LIMIT_DB};
use super::document::line_of;
use super::handed;
use super::outline::Outline;
use super::references::{LOOKS, References};
use super::storyboard::Storyboard;
use crate::diagnostic::{Problem, nearest};
use std::collections::BTreeSet;

fn seconds(problems: &mut Vec<Problem>, text: &str, file: &str, what: &str, value: f64) {
    if !value.is_finite() || value <= 0.0 || value > 3600.0 {
        problems.push(
            Problem::new(format!(
                "{what}: seconds must lie above 0 and up to 3600, not {value}"
            ))
            .at(
                file,
                line_of(text, what).max(line_of(text, &format!("{value}"))),
                0,
            )
            .hint("correct the number; nothing was changed"),
        );
    }
}

/// Checks references.yaml: the look is one that can be drawn.
pub fn references(references: &References, text: &str) -> Vec<Problem> {
    let look = references.style.look.as_str();
    if LOOKS.contains(&look) {
        return Vec::new();
    }
    let problem = Problem::new(format!("`{look}` is not a look")).at(
        "references.yaml",
        line_of(text, "look:"),
        0,
    );
    vec![match nearest(look, LOOKS) {
        Some(near) => problem.hint(format!(
            "did you mean `{near}`? Looks are {}",
            LOOKS.join(", ")
        )),
        None => problem.hint(format!("looks are {}", LOOKS.join(", "))),
    }]
}

fn once<'a>(
    problems: &mut Vec<Problem>,
    text: &str,
    file: &str,
    kind: &str,
    ids: impl Iterator<Item = &'a str>,
) {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            let line = text
                .lines()
                .enumerate()
                .filter(|(_, l)| l.trim_start_matches([' ', '-']).trim_end() == format!("id: {id}"))
                .nth(1)
                .map_or(0, |(i, _)| i + 1);
            problems.push(
                Problem::new(format!("{kind} `{id}` stands twice"))
                    .at(file, line, 0)
                    .hint("leave the id of the new one out, and one is given to it"),
            );
        }
    }
}

pub fn outline(outline: &Outline, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let file = "outline.yaml";
    if outline.beats.is_empty() {
        problems.push(Problem::new("an outline needs at least one beat").at(
            file,
            line_of(text, "beats"),
            0,
        ));
    }
    for beat in &outline.beats {
        let name = beat.id.as_ref().map_or(beat.title.as_str(), |i| i.as_str());
        seconds(&mut problems, text, file, name, beat.seconds);
    }
    once(
        &mut problems,
        text,
        file,
        "beat",
        outline
            .beats
            .iter()
            .filter_map(|b| b.id.as_ref().map(|i| i.as_str())),
    );
    problems
}

pub fn storyboard(board: &Storyboard, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let file = "storyboard.yaml";
    if board.shots().next().is_none() {
        problems.push(Problem::new("a storyboard needs at least one shot").at(
            file,
            line_of(text, "beats"),
            0,
        ));
    }
    for (_, shot) in board.shots() {
        let name = if shot.id.is_some() {
            shot.name()
        } else {
            shot.prompt.lines().next().unwrap_or("a shot")
        };
        seconds(&mut problems, text, file, name, shot.seconds);
        if let Some(picture) = shot.picture.as_ref().filter(|p| !handed::is_picture(p)) {
            problems.push(
                Problem::new(format!("{name}: `{picture}` is no picture of the run"))
                    .at(file, line_of(text, picture), 0)
                    .hint("put it into source/ under a name of small letters, digits and _, ending in .png or .jpg"),
            );
        }
        if !(0.0..=1.0).contains(&shot.subject.x) || !(0.0..=1.0).contains(&shot.subject.y) {
            problems.push(
                Problem::new(format!(
                    "{name}: a subject lies between 0 and 1 of the picture"
                ))
                .at(file, line_of(text, name), 0),
            );
        }
    }
    once(
        &mut problems,
        text,
        file,
        "shot",
        board
            .shots()
            .filter(|(_, s)| s.id.is_some())
            .map(|(_, s)| s.name()),
    );
    once(
        &mut problems,
        text,
        file,
        "beat",
        board
            .beats
            .iter()
            .filter_map(|b| b.id.as_ref().map(|i| i.as_str())),
    );
    once(
        &mut problems,
        text,
        file,
        "line",
        board
            .shots()
            .flat_map(|(_, s)| &s.lines)
            .filter_map(|l| l.id.as_ref().map(|i| i.as_str())),
    );
    problems
}

pub fn audio(audio: &Audio, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let file = "audio.yaml";
    let mix = [
        ("target_lufs", audio.mix.target_lufs, -40.0, -6.0),
        ("true_peak_db", audio.mix.true_peak_db, -20.0, 0.0),
        ("ducking_db", audio.mix.ducking_db, 0.0, 40.0),
    ];
    for (name, value, low, high) in mix {
        if !(low..=high).contains(&value) {
            problems.push(
                Problem::new(format!("{name} lies between {low} and {high}, not {value}")).at(
                    file,
                    line_of(text, name),
                    0,
                ),
            );
        }
    }
    for cue in &audio.cues {
        if !(-600.0..=86_400.0).contains(&cue.at) {
            problems.push(
                Problem::new(format!("{}: `at` is out of reach", cue.id)).at(
                    file,
                    line_of(text, cue.id.as_str()),
                    0,
                ),
            );
        }
        if cue.level_db.abs() > LEVEL_LIMIT_DB {
            problems.push(
                Problem::new(format!("{}: level_db lies between -40 and 40", cue.id)).at(
                    file,
                    line_of(text, cue.id.as_str()),
                    0,
                ),
            );
        }
        if cue.file.as_ref().is_some_and(|f| !inside(f)) {
            problems.push(
                Problem::new(format!(
                    "{}: the file must lie inside the run folder",
                    cue.id
                ))
                .at(file, line_of(text, cue.id.as_str()), 0),
            );
        }
    }
    once(
        &mut problems,
        text,
        file,
        "cue",
        audio.cues.iter().map(|c| c.id.as_str()),
    );
    problems
}

pub fn assets(assets: &super::assets::Assets, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let file = "assets.yaml";
    for asset in &assets.shots {
        let kinds = usize::from(!asset.layers.is_empty())
            + usize::from(asset.still.is_some())
            + usize::from(asset.clip.is_some());
        if kinds != 1 {
            problems.push(
                Problem::new(format!(
                    "{}: give exactly one of `layers`, `still` and `clip`",
                    asset.id
                ))
                .at(file, line_of(text, asset.id.as_str()), 0),
            );
        }
        let mut refuse = |what: String| {
            let line = line_of(text, asset.id.as_str());
            problems.push(Problem::new(format!("{}: {what}", asset.id)).at(file, line, 0));
        };
        if !(0.0..=86_400.0).contains(&asset.from) {
            refuse(format!(
                "`from` is seconds into the clip, not {}",
                asset.from
            ));
        }
        if let Some(db) = asset.sound_db.filter(|db| db.abs() > LEVEL_LIMIT_DB) {
            refuse(format!(
                "`sound_db` lies within {LEVEL_LIMIT_DB} dB, not {db}"
            ));
        }
        if asset.clip.is_none() && (asset.from != 0.0 || asset.sound_db.is_some()) {
            refuse("`from` and `sound_db` are of clips".to_owned());
        }
        for name in asset.files() {
            if !inside(name) {
                problems.push(
                    Problem::new(format!(
                        "{}: `{name}` must lie inside the run folder",
                        asset.id
                    ))
                    .at(file, line_of(text, asset.id.as_str()), 0),
                );
            }
        }
    }
    once(
        &mut problems,
        text,
        file,
        "shot",
        assets.shots.iter().map(|a| a.id.as_str()),
    );
    problems
}

/// A relative path of plain names that cannot leave the run folder.
fn inside(path: &str) -> bool {
    !path.is_empty()
        && path.split('/').all(|part| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && !part.starts_with('-')
                && part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        })
}
