//! `runs/.index`: a row for every run, checked by how the run looks from outside. It can always be
//! worked out again.

use super::disk;
use super::glance;
use super::layout::Layout;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Row<T> {
    glance: String,
    what: T,
}

/// Rows by the name of the run's folder.
pub struct Index<T> {
    path: PathBuf,
    rows: BTreeMap<String, Row<T>>,
    changed: bool,
}

/// What became of a look at one run.
pub enum Seen<T> {
    Known(T),
    /// Must be worked out; give it back under this glance.
    New(glance::Glance),
}

impl<T: Clone + Serialize + DeserializeOwned> Index<T> {
    pub fn open(runs: &Path) -> Index<T> {
        let path = runs.join(".index");
        let rows = std::fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Index {
            path,
            rows,
            changed: false,
        }
    }

    /// Finds a run's row, if the run still looks the same.
    pub fn seen(&self, root: &Path, also: &str) -> Seen<T> {
        let glance = glance::brief(&Layout::new(root), also);
        match self.rows.get(&name(root)) {
            Some(row) if row.glance == glance.name() => Seen::Known(row.what.clone()),
            _ => Seen::New(glance),
        }
    }

    pub fn keep(&mut self, root: &Path, glance: &glance::Glance, what: T) {
        if glance.is_settled() {
            let row = Row {
                glance: glance.name().to_owned(),
                what,
            };
            self.rows.insert(name(root), row);
            self.changed = true;
        }
    }

    /// Forgets runs that are gone and writes what changed. Failing to keep it harms nothing.
    pub fn close(mut self, there: &[PathBuf]) {
        let names: std::collections::BTreeSet<String> = there.iter().map(|p| name(p)).collect();
        let before = self.rows.len();
        self.rows.retain(|n, _| names.contains(n));
        if (self.changed || self.rows.len() != before)
            && let Ok(bytes) = serde_json::to_vec(&self.rows)
        {
            let _ = disk::write_scratch(&self.path, &bytes);
        }
    }
}

fn name(root: &Path) -> String {
    root.file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
}
