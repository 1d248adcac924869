//! Which programs this machine has, found by running them.

use super::piper::Piper;
use crate::diagnostic::{Exit, Failure};
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The programs a film is made with.
#[derive(Debug, Clone)]
pub struct Tools {
    pub ffmpeg: PathBuf,
    pub ffprobe: Option<PathBuf>,
    pub voices: Vec<Engine>,
}

/// A program that speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Engine {
    /// With a model a person configured.
    Piper(Piper),
    /// macOS's own.
    Say(PathBuf),
    /// FFmpeg's, English only.
    Flite,
    Espeak(PathBuf),
}

impl Engine {
    pub fn name(&self) -> &'static str {
        match self {
            Engine::Piper(_) => "piper",
            Engine::Say(_) => "say",
            Engine::Flite => "flite",
            Engine::Espeak(_) => "espeak-ng",
        }
    }

    pub fn speaks(&self, language: &str) -> bool {
        match self {
            Engine::Flite => language.starts_with("en"),
            Engine::Piper(piper) => language
                .split(['-', '_'])
                .next()
                .is_some_and(|l| l.eq_ignore_ascii_case(&piper.language)),
            _ => true,
        }
    }
}

/// Runs a program for its output; `None` if it cannot be run or fails.
pub(super) fn answer(program: &Path, args: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null());
    crate::secret::hide(&mut command);
    let out = command.output().ok()?;
    out.status
        .success()
        .then(|| String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Finds a program: what the environment names, on PATH, in the user's data folder.
pub fn find(name: &str) -> Option<PathBuf> {
    let variable = format!("GREENLIGHT_{}", name.to_uppercase().replace('-', "_"));
    if let Some(named) = std::env::var_os(variable) {
        // An empty name says: there is none.
        return (!named.is_empty())
            .then(|| PathBuf::from(named))
            .filter(|p| p.is_file());
    }
    let file = if cfg!(windows) {
        format!("{name}.exe")
    } else {
        name.to_owned()
    };
    std::env::var_os("PATH")
        .iter()
        .flat_map(std::env::split_paths)
        .chain(crate::config::data_folder().map(|d| d.join("ffmpeg")))
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}

/// Finds FFmpeg, or says how to get it (exit 69).
pub fn ffmpeg() -> Result<PathBuf> {
    find("ffmpeg").ok_or_else(|| {
        Failure::new(Exit::Missing, "FFmpeg is not on this machine")
            .hint("`greenlight doctor --fix` installs it")
            .into()
    })
}

/// What FFmpeg can do that builds differ in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Abilities {
    pub version: String,
    pub flite: bool,
    pub x264: bool,
    pub x265: bool,
    pub prores: bool,
    pub aac: bool,
}

/// What is known of an FFmpeg, as long as its file stays the same.
#[derive(Serialize, Deserialize)]
struct Known {
    path: PathBuf,
    bytes: u64,
    changed: Option<std::time::SystemTime>,
    abilities: Abilities,
}

/// Asks FFmpeg once, and again when another file stands in its place: three questions take it a third
/// of a second.
pub fn abilities(ffmpeg: &Path) -> Abilities {
    static KNOWN: OnceLock<(PathBuf, Abilities)> = OnceLock::new();
    let ask = || {
        let facts = std::fs::metadata(ffmpeg).ok();
        let (bytes, changed) = facts.map_or((0, None), |m| (m.len(), m.modified().ok()));
        let note = crate::config::cache_folder().map(|d| d.join("ffmpeg.json"));
        let known = note
            .as_ref()
            .and_then(|n| std::fs::read(n).ok())
            .and_then(|text| serde_json::from_slice::<Known>(&text).ok());
        if let Some(k) = known
            && (k.path.as_path(), k.bytes, k.changed) == (ffmpeg, bytes, changed)
        {
            return k.abilities;
        }
        let known = Known {
            path: ffmpeg.to_owned(),
            bytes,
            changed,
            abilities: asked(ffmpeg),
        };
        if let (Some(note), Ok(text)) = (note, serde_json::to_vec(&known)) {
            // Without a place for notes it is asked again next time.
            let _ = crate::store::disk::write_scratch(&note, &text);
        }
        known.abilities
    };
    match KNOWN.get() {
        Some((path, known)) if path == ffmpeg => known.clone(),
        Some(_) => ask(),
        None => KNOWN.get_or_init(|| (ffmpeg.to_owned(), ask())).1.clone(),
    }
}

fn asked(ffmpeg: &Path) -> Abilities {
    let version = answer(ffmpeg, &["-hide_banner", "-version"])
        .and_then(|t| t.lines().next().map(str::to_owned))
        .unwrap_or_default();
    let filters = answer(ffmpeg, &["-hide_banner", "-filters"]).unwrap_or_default();
    let encoders = answer(ffmpeg, &["-hide_banner", "-encoders"]).unwrap_or_default();
    Abilities {
        version: version.split_whitespace().nth(2).unwrap_or("").to_owned(),
        flite: filters
            .lines()
            .any(|l| l.split_whitespace().nth(1) == Some("flite")),
        x264: encoders.contains(" libx264 "),
        x265: encoders.contains(" libx265 "),
        prores: encoders.contains(" prores_ks "),
        aac: encoders.contains(" aac "),
    }
}

/// Returns the voice programs for a language, best first: `say`, flite for English, espeak-ng.
pub fn voices(ffmpeg: &Path) -> Vec<Engine> {
    let mut out = Vec::new();
    if cfg!(target_os = "macos")
        && let Some(path) = find("say")
    {
        out.push(Engine::Say(path));
    }
    if std::env::var_os("GREENLIGHT_FLITE").is_none_or(|v| !v.is_empty()) && abilities(ffmpeg).flite
    {
        out.push(Engine::Flite);
    }
    if let Some(path) = find("espeak-ng") {
        out.push(Engine::Espeak(path));
    }
    out
}

impl Tools {
    /// Finds everything (exit 69 without FFmpeg, or with a model of a voice that cannot be used).
    /// `models` are the voices a person configured, best first.
    pub fn find(models: &[PathBuf]) -> Result<Tools> {
        let ffmpeg = ffmpeg()?;
        let mut voices = models
            .iter()
            .map(|model| Piper::open(model).map(Engine::Piper))
            .collect::<Result<Vec<_>, Failure>>()?;
        voices.extend(self::voices(&ffmpeg));
        Ok(Tools {
            ffprobe: find("ffprobe"),
            voices,
            ffmpeg,
        })
    }
}
