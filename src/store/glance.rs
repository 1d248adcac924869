//! What a run looks like from outside: sizes, times and inodes of everything its state follows from.
//! As long as a glance is the same, what was worked out at the last look still holds.

use super::disk;
use super::layout::{Layout, is_leftover};
use crate::film::stage::Stage;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// A file written so shortly ago may change again under the same times.
pub const GRAIN: Duration = Duration::from_millis(50);

pub struct Glance {
    hash: String,
    /// False while something was written a moment ago: then nothing is concluded from it.
    settled: bool,
}

#[derive(Serialize, Deserialize)]
struct Kept<T> {
    glance: String,
    what: T,
}

struct Looker {
    hasher: blake3::Hasher,
    youngest: Option<SystemTime>,
}

impl Looker {
    fn look(&mut self, name: &str, path: &Path) {
        self.hasher.update(name.as_bytes());
        let Ok(meta) = std::fs::metadata(path) else {
            self.hasher.update(b"\0");
            return;
        };
        let (size, modified, changed, inode) = super::run::stamp(&meta);
        self.hasher.update(&size.to_le_bytes());
        self.hasher.update(&modified.to_le_bytes());
        self.hasher.update(&changed.to_le_bytes());
        self.hasher.update(&inode.to_le_bytes());
        self.youngest = self.youngest.max(meta.modified().ok());
    }

    fn end(self) -> Glance {
        let settled = self
            .youngest
            .is_none_or(|at| at.elapsed().is_ok_and(|age| age >= GRAIN));
        Glance {
            hash: self.hasher.finalize().to_hex()[..32].to_owned(),
            settled,
        }
    }
}

/// Documents, journal and sheet; media folders by their own times only. Enough for a list.
fn outline(layout: &Layout, also: &str) -> Looker {
    let mut looker = Looker {
        hasher: blake3::Hasher::new(),
        youngest: None,
    };
    looker.hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    looker.hasher.update(also.as_bytes());
    looker.look("journal", &layout.journal());
    looker.look("sheet", &layout.sheet());
    for stage in Stage::ALL {
        for name in stage.document().into_iter().chain(stage.folder()) {
            looker.look(name, &layout.at(name));
        }
    }
    looker
}

/// A glance that sees documents but not into media folders.
pub fn brief(layout: &Layout, also: &str) -> Glance {
    outline(layout, also).end()
}

/// A glance that sees every file.
pub fn whole(layout: &Layout, also: &str) -> Glance {
    let mut looker = outline(layout, also);
    let folders = Stage::ALL
        .into_iter()
        .filter_map(Stage::folder)
        .chain(["source", "brand", "gates"]);
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(layout.at(folder)) else {
            continue;
        };
        let mut names: Vec<String> = entries
            .flatten()
            .map(|e| e.file_name().to_string_lossy().into_owned())
            .filter(|n| !is_leftover(n) && !n.starts_with(disk::SCRATCH))
            .collect();
        names.sort();
        for name in names {
            let name = format!("{folder}/{name}");
            looker.look(&name, &layout.at(&name));
        }
    }
    looker.end()
}

impl Glance {
    pub fn name(&self) -> &str {
        &self.hash
    }

    pub fn is_settled(&self) -> bool {
        self.settled
    }

    /// What was kept at the last look, if the run still looks the same.
    pub fn recall<T: DeserializeOwned>(&self, layout: &Layout) -> Option<T> {
        let bytes = std::fs::read(layout.seen()).ok()?;
        let kept: Kept<T> = serde_json::from_slice(&bytes).ok()?;
        (kept.glance == self.hash).then_some(kept.what)
    }

    /// Keeps what was worked out. It can be worked out again, so that failing to keep it harms
    /// nothing.
    pub fn keep<T: Serialize>(&self, layout: &Layout, what: &T) {
        if !self.settled {
            return;
        }
        let kept = Kept {
            glance: self.hash.clone(),
            what,
        };
        if let Ok(bytes) = serde_json::to_vec(&kept) {
            let _ = disk::write_scratch(&layout.seen(), &bytes);
        }
    }
}
