//! What differs between two states of a stage: words by line, fields by id, media by sight.

use super::studio::Studio;
use crate::cut::contact::{self, Cell, Shows};
use crate::diagnostic::{Exit, Failure};
use crate::film::stage::Stage;
use crate::plan::difference::{self, Change};
use crate::plan::fingerprint::Fingerprint;
use crate::store::disk;
use crate::store::format::Version;
use crate::store::run::Run;
use anyhow::Result;
use serde::Serialize;
use similar::TextDiff;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A state of a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    Version(u32),
    /// As the files lie there.
    Now,
    /// What was handed in.
    Source,
}

impl At {
    /// Reads `3`, `v3`, `now`, `source`.
    pub fn parse(text: &str) -> Result<At, Failure> {
        match text {
            "now" | "working" => Ok(At::Now),
            "source" => Ok(At::Source),
            other => other
                .trim_start_matches('v')
                .parse()
                .map(At::Version)
                .map_err(|_| {
                    Failure::new(Exit::Usage, format!("`{other}` names no state"))
                        .hint("give a version number, `now` or `source`")
                }),
        }
    }

    pub fn words(&self) -> String {
        match self {
            At::Version(n) => format!("version {n}"),
            At::Now => "now".to_owned(),
            At::Source => "source".to_owned(),
        }
    }
}

/// A media file that differs.
#[derive(Debug, Clone, Serialize)]
pub struct MediaChange {
    pub file: String,
    pub from: Option<Fingerprint>,
    pub to: Option<Fingerprint>,
}

#[derive(Debug, Default)]
pub struct Difference {
    /// A unified diff, for text.
    pub lines: String,
    /// For YAML.
    pub fields: Vec<Change>,
    pub media: Vec<MediaChange>,
}

impl Difference {
    pub fn is_none(&self) -> bool {
        self.lines.is_empty() && self.fields.is_empty() && self.media.is_empty()
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = self.lines.clone();
        for change in &self.fields {
            out.push_str(&crate::diagnostic::printable(&change.line()));
            out.push('\n');
        }
        for change in &self.media {
            let what = match (&change.from, &change.to) {
                (None, _) => "new",
                (_, None) => "gone",
                _ => "another",
            };
            out.push_str(&format!("{}: {what}\n", change.file));
        }
        out
    }
}

/// A stage's document and media at some time.
struct Side {
    text: String,
    media: BTreeMap<String, Fingerprint>,
}

fn side(run: &Run, stage: Stage, at: &At) -> Result<Side> {
    let media = |files: &BTreeMap<String, Fingerprint>| {
        files
            .iter()
            .filter(|(n, _)| Some(n.as_str()) != stage.document())
            .map(|(n, h)| (n.clone(), h.clone()))
            .collect()
    };
    match at {
        At::Now => Ok(Side {
            text: run.text(stage).unwrap_or_default().to_owned(),
            media: match stage {
                Stage::Render => films(run),
                _ => media(&run.working(stage)),
            },
        }),
        At::Source => {
            if stage != Stage::Script {
                return Err(Failure::new(
                    Exit::Impossible,
                    format!("{stage} was not handed in; only a script is compared with the source"),
                )
                .into());
            }
            Ok(Side {
                text: run.film.source.clone(),
                media: BTreeMap::new(),
            })
        }
        At::Version(number) => {
            let version = find(run, stage, *number)?;
            let text = match stage.document().and_then(|d| version.files.get(d)) {
                Some(hash) => String::from_utf8_lossy(&run.object(hash)?).into_owned(),
                None => String::new(),
            };
            Ok(Side {
                text,
                media: media(&version.files),
            })
        }
    }
}

/// What lies in `render/`: films are not looked at by every command, for they are large.
fn films(run: &Run) -> BTreeMap<String, Fingerprint> {
    let placed = run.ledger.placed(Stage::Render);
    (placed.iter().flat_map(|v| v.files.keys()))
        .filter_map(|name| Some((name.clone(), disk::hash_file(&run.layout.at(name)).ok()?)))
        .collect()
}

fn find(run: &Run, stage: Stage, number: u32) -> Result<&Version> {
    run.ledger
        .versions
        .get(&stage)
        .and_then(|all| all.iter().find(|(_, _, v)| v.version == number))
        .map(|(_, _, v)| v)
        .ok_or_else(|| {
            Failure::new(Exit::NotFound, format!("{stage} has no version {number}"))
                .hint(format!(
                    "`greenlight versions {} {stage}` lists them",
                    run.id()
                ))
                .into()
        })
}

/// Where a media file lies as it is in some state of a stage.
///
/// # Errors
/// There is no such state, or no such file in it (exit 8).
pub fn medium(run: &Run, stage: Stage, at: &At, file: &str) -> Result<PathBuf> {
    let side = side(run, stage, at)?;
    let hash = side.media.get(file).ok_or_else(|| {
        Failure::new(
            Exit::NotFound,
            format!("{} of {stage} has no `{file}`", at.words()),
        )
    })?;
    Ok(place(run, file, hash))
}

/// What lies in the run now need not lie among the objects.
fn place(run: &Run, file: &str, hash: &Fingerprint) -> PathBuf {
    if run.files.get(file) == Some(hash) {
        run.layout.at(file)
    } else {
        run.layout.object(hash)
    }
}

/// Compares two states of a stage.
pub fn between(run: &Run, stage: Stage, from: &At, to: &At) -> Result<Difference> {
    let (a, b) = (side(run, stage, from)?, side(run, stage, to)?);
    Ok(of(stage, &a, &b, &from.words(), &to.words()))
}

/// Compares a stage of two runs, as they lie there.
pub fn between_runs(a: &Run, b: &Run, stage: Stage) -> Result<Difference> {
    let (left, right) = (side(a, stage, &At::Now)?, side(b, stage, &At::Now)?);
    Ok(of(stage, &left, &right, a.id(), b.id()))
}

fn of(stage: Stage, a: &Side, b: &Side, from: &str, to: &str) -> Difference {
    let mut out = Difference::default();
    if a.text.is_empty() != b.text.is_empty() {
        let has = if a.text.is_empty() { to } else { from };
        out.lines = format!("only {has} has it\n");
        return out;
    }
    let value = |text: &str| serde_yaml::from_str::<serde_json::Value>(text).ok();
    match (stage.is_yaml(), value(&a.text), value(&b.text)) {
        (true, Some(x), Some(y)) => out.fields = difference::by_field(&x, &y),
        _ if a.text != b.text => {
            out.lines = TextDiff::from_lines(&a.text, &b.text)
                .unified_diff()
                .context_radius(3)
                .header(from, to)
                .to_string();
        }
        _ => {}
    }
    let mut names: Vec<&String> = a.media.keys().collect();
    names.extend(b.media.keys().filter(|n| !a.media.contains_key(*n)));
    for name in names {
        let (old, new) = (a.media.get(name), b.media.get(name));
        if old != new {
            out.media.push(MediaChange {
                file: name.clone(),
                from: old.cloned(),
                to: new.cloned(),
            });
        }
    }
    out
}

/// The most rows a picture of differences has.
const MOST_ROWS: usize = 24;

/// Draws media that differ, before on the left and after on the right; returns where the picture is.
pub fn picture(studio: &Studio, stage: Stage, media: &[MediaChange]) -> Result<Option<PathBuf>> {
    let run = &studio.run;
    let mut cells = Vec::new();
    for change in media.iter().take(MOST_ROWS) {
        for (hash, when) in [(&change.from, "before"), (&change.to, "after")] {
            let path = hash.as_ref().map(|h| place(run, &change.file, h));
            cells.push(Cell {
                label: format!("{} · {when}", change.file),
                shows: shows(path.as_deref(), &change.file),
            });
        }
    }
    keep_sheet(run, &format!("difference-{stage}.jpg"), &cells, 2)
}

/// What a file looks like on a contact sheet.
pub fn shows(path: Option<&Path>, name: &str) -> Shows {
    match path {
        Some(path) if name.ends_with(".png") || name.ends_with(".jpg") => {
            let readable = image::ImageReader::open(path)
                .and_then(image::ImageReader::with_guessed_format)
                .is_ok_and(|r| r.into_dimensions().is_ok());
            if readable {
                Shows::Picture(path.to_owned())
            } else {
                Shows::Nothing
            }
        }
        Some(path) if name.ends_with(".wav") => match hound::WavReader::open(path) {
            Ok(mut wav) => Shows::Sound(
                wav.samples::<i16>()
                    .filter_map(Result::ok)
                    .map(|s| f32::from(s) / 32768.0)
                    .collect(),
            ),
            Err(_) => Shows::Nothing,
        },
        _ => Shows::Nothing,
    }
}

/// Draws a contact sheet and keeps it with the run's bookkeeping.
pub fn keep_sheet(
    run: &Run,
    name: &str,
    cells: &[Cell],
    columns: usize,
) -> Result<Option<PathBuf>> {
    if cells.iter().all(|c| matches!(c.shows, Shows::Nothing)) {
        return Ok(None);
    }
    let path = run.layout.sheets().join(name);
    disk::write_scratch(&path, &contact::sheet(cells, columns, 420)?)?;
    Ok(Some(path))
}
