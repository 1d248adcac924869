//! Files follow the journal: versions are put in place, and what a crash left half way is finished.

use super::format::{SCHEMA, Version, VersionFile};
use super::run::Run;
use super::{clock, disk};
use crate::film::stage::Stage;
use crate::plan::fingerprint::Fingerprint;
use anyhow::Result;
use std::collections::BTreeMap;

impl Run {
    /// Takes away what a command that died left half way. Bytes that lie nowhere else are kept first:
    /// they may be what somebody saved in that very moment.
    pub(super) fn sweep(&self) -> Result<()> {
        let folders = Stage::ALL.into_iter().filter_map(Stage::folder);
        for folder in folders
            .map(|f| self.layout.at(f))
            .chain([self.layout.root().to_owned()])
        {
            let Ok(entries) = std::fs::read_dir(&folder) else {
                continue;
            };
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = entry.path();
                if !name.starts_with(disk::SCRATCH) || !path.is_file() {
                    continue;
                }
                let hash = disk::hash_file(&path)?;
                if !self.layout.object(&hash).exists() {
                    disk::copy_atomic(&path, &self.layout.object(&hash))?;
                }
                disk::remove(&path);
            }
        }
        Ok(())
    }

    /// The journal line up to which files have followed.
    pub(super) fn marker(&self) -> u64 {
        std::fs::read_to_string(self.layout.placed())
            .ok()
            .and_then(|t| t.trim().parse().ok())
            .unwrap_or(0)
    }

    pub(super) fn roll_forward(&mut self) -> Result<()> {
        let marker = self.marker();
        if marker >= self.ledger.last_commit {
            return Ok(());
        }
        let mut pending: Vec<(u64, Version)> = self
            .ledger
            .versions
            .values()
            .flatten()
            .filter(|(seq, _, v)| *seq > marker && v.placed)
            .map(|(seq, _, v)| (*seq, v.clone()))
            .collect();
        pending.sort_by_key(|p| p.0);
        for (_, version) in &pending {
            self.put_in_place(version)?;
            self.describe(version)?;
        }
        let gates: Vec<Stage> = self
            .ledger
            .projected
            .iter()
            .filter(|(_, seq)| **seq > marker)
            .map(|(stage, _)| *stage)
            .collect();
        if !pending.is_empty() {
            self.look()?;
        }
        for stage in gates {
            self.project_gate(stage)?;
        }
        self.mark_placed()
    }

    /// Writes `versions/<stage>/<n>.yaml`, for people.
    pub(super) fn describe(&self, version: &Version) -> Result<()> {
        let at = self
            .ledger
            .versions
            .get(&version.stage)
            .and_then(|all| all.iter().find(|(_, _, v)| v.version == version.version))
            .map_or_else(clock::now, |(_, at, _)| *at);
        let text = serde_yaml::to_string(&VersionFile {
            schema: SCHEMA,
            at,
            version,
        })?;
        disk::write_atomic(
            &self.layout.version(version.stage, version.version),
            text.as_bytes(),
        )
    }

    fn mark_placed(&self) -> Result<()> {
        disk::write_scratch(
            &self.layout.placed(),
            self.ledger.last_commit.to_string().as_bytes(),
        )
    }

    /// Writes a version's files over those of its parent; what a person changed meanwhile stays.
    fn put_in_place(&mut self, version: &Version) -> Result<()> {
        let before: BTreeMap<String, Vec<Fingerprint>> = {
            let mut map: BTreeMap<String, Vec<Fingerprint>> = BTreeMap::new();
            for (_, _, v) in self
                .ledger
                .versions
                .get(&version.stage)
                .into_iter()
                .flatten()
            {
                for (n, h) in &v.files {
                    map.entry(n.clone()).or_default().push(h.clone());
                }
            }
            map
        };
        for (name, hash) in &version.files {
            let path = self.layout.at(name);
            // Bytes that lie among the objects may be replaced; others are a person's, just saved.
            let stored = |found: &Fingerprint| {
                self.layout.object(found).exists()
                    || before.get(name).is_some_and(|known| known.contains(found))
            };
            let current = if path.is_file() {
                Some(disk::hash_file(&path)?)
            } else {
                None
            };
            if current.as_ref() == Some(hash) {
                continue;
            }
            let foreign = current.as_ref().filter(|found| !stored(found));
            if let Some(found) = foreign {
                // What tells of a film tells of this one: a page that `review` wrote is not a person's.
                let ours = matches!(name.as_str(), "render/report.html" | "render/manifest.json");
                if !version.transient.contains(name) && !ours {
                    continue;
                }
                // A film of a person's own in the place of ours: kept, then ours is put there.
                disk::copy_atomic(&path, &self.layout.object(found))?;
            }
            if version.transient.contains(name) {
                let staged = self.layout.staging().join(hash.hex());
                if staged.exists() {
                    disk::move_into(&staged, &path)?;
                }
                continue;
            }
            let object = self.layout.object(hash);
            if let Some(displaced) = disk::exchange(&object, &path)? {
                let found = disk::hash_file(&displaced)?;
                // Saved by somebody between the look and the exchange: theirs goes back.
                if !stored(&found) {
                    disk::copy_atomic(&displaced, &self.layout.object(&found))?;
                    disk::move_into(&displaced, &path)?;
                } else {
                    disk::remove(&displaced);
                }
            }
        }
        let last = self
            .ledger
            .placed(version.stage)
            .is_some_and(|v| v.version == version.version);
        if last && let Some(folder) = version.stage.folder() {
            for (name, hashes) in &before {
                let path = self.layout.at(name);
                if name.starts_with(folder)
                    && !version.files.contains_key(name)
                    && path.exists()
                    && hashes.contains(&disk::hash_file(&path)?)
                {
                    disk::remove(&path);
                }
            }
        }
        Ok(())
    }

    /// Whether files must still follow the journal.
    pub fn is_behind(&self) -> bool {
        self.marker() < self.ledger.last_commit
    }
}
