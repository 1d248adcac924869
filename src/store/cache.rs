//! What a run keeps only to be quick, and what it would cost to make it again. Nothing here was paid for
//! or made by a person.

use super::disk;
use super::layout::Layout;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// One kind of cached files.
#[derive(Debug, Clone)]
pub struct Cache {
    pub name: &'static str,
    /// What it costs to have it again.
    pub again: &'static str,
    /// Whether the present film is cut from it.
    pub in_use: bool,
    pub files: Vec<PathBuf>,
    pub bytes: u64,
}

/// Lists the caches of a run, with files that nobody touched for `older` or longer.
pub fn list(layout: &Layout, older: Duration) -> Vec<Cache> {
    let used = used_segments(layout);
    let (now, old): (Vec<PathBuf>, Vec<PathBuf>) =
        files(&layout.segments(), older).into_iter().partition(|f| {
            f.file_stem()
                .is_some_and(|s| used.contains(&*s.to_string_lossy()))
        });
    let cache = |name, again, in_use, files: Vec<PathBuf>| Cache {
        name,
        again,
        in_use,
        bytes: files
            .iter()
            .filter_map(|f| f.metadata().ok())
            .map(|m| m.len())
            .sum(),
        files,
    };
    vec![
        cache(
            "old segments",
            "nothing: no film is cut from them now",
            false,
            old,
        ),
        cache("segments", "encoding the whole film again", true, now),
        cache(
            "previews",
            "encoding a preview again",
            false,
            files(&layout.previews(), older),
        ),
        cache(
            "contact sheets",
            "drawing them again",
            false,
            files(&layout.sheets(), older),
        ),
        cache(
            "logs",
            "nothing, but they tell why something failed",
            false,
            files(&layout.logs(), older),
        ),
        cache(
            "staging",
            "nothing: left by something that was stopped",
            false,
            files(&layout.staging(), older),
        ),
    ]
}

/// Removes a cache's files.
pub fn remove(cache: &Cache) {
    for file in &cache.files {
        disk::remove(file);
    }
}

fn files(folder: &Path, older: Duration) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let now = SystemTime::now();
    let mut out: Vec<PathBuf> = entries
        .flatten()
        .filter(|e| {
            e.metadata().is_ok_and(|m| {
                let age = m.modified().ok().and_then(|at| now.duration_since(at).ok());
                m.is_file() && age.unwrap_or_default() >= older
            })
        })
        .map(|e| e.path())
        .collect();
    out.sort();
    out
}

/// The names of what the film in `render/` was joined from.
fn used_segments(layout: &Layout) -> BTreeSet<String> {
    let manifest = std::fs::read(layout.at("render/manifest.json")).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap_or_default();
    let films = manifest["films"].as_array().into_iter().flatten();
    films
        .flat_map(|film| {
            let segments = film["segments"].as_array().into_iter().flatten();
            segments.map(|s| &s["key"]).chain([&film["sound"]["key"]])
        })
        .filter_map(|key| key.as_str()?.rsplit(':').next().map(str::to_owned))
        .collect()
}
