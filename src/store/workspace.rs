//! The folder that holds `runs/`: finding it, finding a run in it, and making a new one.

use super::format::{Entry, Op, SCHEMA, Version, VersionKind};
use super::layout::Layout;
use super::run::Run;
use super::{clock, disk, journal};
use crate::diagnostic::{Exit, Failure, nearest};
use crate::film::document;
use crate::film::ids::{RunId, slug};
use crate::film::sheet::RunSheet;
use crate::film::stage::Stage;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// What was named, else the nearest folder upwards with `runs/`, else the current one.
    pub fn find(named: Option<&Path>) -> Result<Workspace> {
        if let Some(root) = named {
            return Ok(Workspace {
                // Programs that are run elsewhere are given paths of it.
                root: std::path::absolute(root)
                    .with_context(|| format!("cannot tell where {} is", root.display()))?,
            });
        }
        let here = std::env::current_dir().context("cannot tell the current folder")?;
        let root = here
            .ancestors()
            .find(|p| p.join("runs").is_dir())
            .unwrap_or(&here)
            .to_owned();
        Ok(Workspace { root })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn runs(&self) -> PathBuf {
        self.root.join("runs")
    }

    /// Run folders, newest first.
    pub fn list(&self) -> Result<Vec<PathBuf>> {
        let folder = self.runs();
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(e).with_context(|| format!("cannot read {}", folder.display())),
        };
        let mut out: Vec<(std::time::SystemTime, PathBuf)> = Vec::new();
        for entry in entries {
            let path = entry
                .with_context(|| format!("cannot read {}", folder.display()))?
                .path();
            let hidden = path
                .file_name()
                .is_none_or(|n| n.to_string_lossy().starts_with('.'));
            if hidden || !path.join("run.yaml").is_file() {
                continue;
            }
            // The journal's first line never changes; its creation orders the runs.
            let born = created_at(&path).unwrap_or(std::time::UNIX_EPOCH);
            out.push((born, path));
        }
        out.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| b.1.cmp(&a.1)));
        Ok(out.into_iter().map(|(_, p)| p).collect())
    }

    /// Finds a run by id, unique prefix or path; without a name, the newest.
    pub fn resolve(&self, name: Option<&str>) -> Result<PathBuf> {
        let Some(name) = name else {
            return self.list()?.into_iter().next().ok_or_else(|| {
                Failure::new(
                    Exit::NotFound,
                    format!("there is no run in {}", self.runs().display()),
                )
                .hint("start one: `greenlight new --brief \"…\"`, or watch `greenlight demo`")
                .into()
            });
        };
        let plain = RunId::new(name).is_ok();
        if plain && self.runs().join(name).join("run.yaml").is_file() {
            return Ok(self.runs().join(name));
        }
        let path = Path::new(name);
        if !plain && path.join("run.yaml").is_file() {
            return Ok(path.to_owned());
        }
        let all = self.list()?;
        let names: Vec<String> = all
            .iter()
            .filter_map(|p| p.file_name().map(|n| n.to_string_lossy().into_owned()))
            .collect();
        let hits: Vec<usize> = names
            .iter()
            .enumerate()
            .filter(|(_, n)| n.starts_with(name))
            .map(|(i, _)| i)
            .collect();
        match hits.as_slice() {
            [one] => Ok(all[*one].clone()),
            [] => {
                let hint = match nearest(name, names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`? `greenlight list` shows all"),
                    None => "`greenlight list` shows all runs".to_owned(),
                };
                Err(
                    Failure::new(Exit::NotFound, format!("there is no run `{name}`"))
                        .hint(hint)
                        .into(),
                )
            }
            many => {
                let shown: Vec<&str> = many.iter().take(5).map(|i| names[*i].as_str()).collect();
                Err(Failure::new(
                    Exit::NotFound,
                    format!("`{name}` names {} runs: {}", many.len(), shown.join(", ")),
                )
                .hint("type more of the id")
                .into())
            }
        }
    }

    /// Checks an id a person chose.
    pub fn check_id(&self, id: &str, commands: &[String]) -> Result<RunId> {
        let parsed = RunId::new(id).map_err(|e| Failure::new(Exit::Usage, e))?;
        if Stage::parse(id).is_some() || commands.iter().any(|c| c == id) {
            return Err(Failure::new(
                Exit::Usage,
                format!("`{id}` is the name of a stage or command, so it cannot be an id"),
            )
            .hint("choose another --id")
            .into());
        }
        if self.runs().join(id).exists() {
            return Err(
                Failure::new(Exit::Conflict, format!("there is a run `{id}` already"))
                    .hint("choose another --id, or leave it out")
                    .into(),
            );
        }
        Ok(parsed)
    }

    /// Makes an id of date, title and four letters.
    pub fn fresh_id(&self, title: &str) -> Result<RunId> {
        let date = clock::now().date();
        loop {
            let id = format!("{date}-{}-{}", slug(title, '-', 32), letters(4)?);
            if !self.runs().join(&id).exists() {
                return RunId::new(id).map_err(anyhow::Error::msg);
            }
        }
    }

    /// Makes a run folder, whole or not at all, with what lies beside its source; its journal begins with what was said of it before.
    pub fn create(
        &self,
        sheet: &RunSheet,
        (source, beside): (&[u8], &[(String, Vec<u8>)]),
        by: &str,
        said: Vec<Op>,
    ) -> Result<PathBuf> {
        let layout = self.stage(sheet, source)?;
        for (name, bytes) in beside {
            disk::write_atomic(&layout.at(name), bytes)?;
        }
        let mut entries = vec![created(sheet, by)?];
        for op in said {
            entries.push(Entry {
                seq: entries.len() as u64 + 1,
                op,
                ..entries[0].clone()
            });
        }
        journal::append(&layout.journal(), &entries)?;
        self.put_up(sheet, &layout)
    }

    /// Starts a variant of a run: its takes and its stages as they are, in a run with a lineage of its
    /// own, so that no approval comes with them. Bytes that never change are shared.
    pub fn branch(&self, from: &Run, sheet: &RunSheet, by: &str) -> Result<PathBuf> {
        let source = disk::read(&from.layout.at(&from.film.sheet.source.file))?;
        let layout = self.stage(sheet, &source)?;
        for folder in ["source", "brand"] {
            let files = std::fs::read_dir(from.layout.at(folder));
            for file in files.into_iter().flatten().flatten() {
                let name = format!("{folder}/{}", file.file_name().to_string_lossy());
                // What leads elsewhere is not of the run.
                let own = file.file_type().is_ok_and(|t| t.is_file());
                if own && name != sheet.source.file {
                    disk::copy_atomic(&file.path(), &layout.at(&name))?;
                }
            }
        }
        let mut entries = vec![created(sheet, by)?];
        let add = |entries: &mut Vec<Entry>, at, actor: &str, op| {
            entries.push(Entry {
                seq: entries.len() as u64 + 1,
                at,
                actor: actor.to_owned(),
                op,
            });
        };
        let earlier = journal::read(&from.layout.journal())?.entries;
        for entry in earlier {
            match entry.op {
                Op::Take(take) => {
                    for suffix in take.files.keys().map(String::as_str).chain(["from.json"]) {
                        let file = Layout::take(take.stage, &take.item, take.take, suffix);
                        if from.layout.at(&file).exists() {
                            disk::share(&from.layout.at(&file), &layout.at(&file))?;
                        }
                    }
                    add(&mut entries, entry.at, &entry.actor, Op::Take(take));
                }
                op @ (Op::Regenerate { .. } | Op::Picked { .. }) => {
                    add(&mut entries, entry.at, &entry.actor, op);
                }
                _ => {}
            }
        }
        let now = clock::now();
        for stage in Stage::ALL {
            let Some(version) = from.ledger.placed(stage) else {
                continue;
            };
            if stage == Stage::Render {
                continue;
            }
            for (name, hash) in &version.files {
                disk::share(&from.layout.object(hash), &layout.object(hash))?;
                disk::copy_atomic(&from.layout.object(hash), &layout.at(name))?;
            }
            if let Some(made) = &version.made {
                disk::share(&from.layout.object(made), &layout.object(made))?;
            }
            let version = Version {
                version: 1,
                kind: VersionKind::Restored,
                parent: None,
                by: by.to_owned(),
                notes: vec![format!("version {} of {}", version.version, from.id())],
                cost: "0.00".to_owned(),
                inputs_fp: from.ledger.made_from(stage).cloned(),
                request_id: None,
                ..version.clone()
            };
            add(&mut entries, now, by, Op::Version(version));
        }
        journal::append(&layout.journal(), &entries)?;
        let last = entries.len().to_string();
        disk::write_scratch(&layout.placed(), last.as_bytes())?;
        self.put_up(sheet, &layout)
    }

    /// Lays a new run's sheet and source down where nobody looks yet.
    fn stage(&self, sheet: &RunSheet, source: &[u8]) -> Result<Layout> {
        let staging = self.runs().join(format!(".new-{}", sheet.id));
        disk::fresh_folder(&staging)?;
        let layout = Layout::new(&staging);
        let text = format!(
            "# What was asked. Edit me; `greenlight status` shows what that changes.\n{}",
            document::write(sheet)?
        );
        disk::write_atomic(&layout.at(&sheet.source.file), source)?;
        disk::write_atomic(&layout.sheet(), text.as_bytes())?;
        Ok(layout)
    }

    /// Gives a new run its name: from now on it is there.
    fn put_up(&self, sheet: &RunSheet, layout: &Layout) -> Result<PathBuf> {
        let folder = self.runs().join(sheet.id.as_str());
        let staging = layout.root();
        if folder.exists() {
            disk::remove_tree(staging);
            return Err(Failure::new(
                Exit::Conflict,
                format!("there is a run `{}` already", sheet.id),
            )
            .hint("choose another --id")
            .into());
        }
        disk::move_into(staging, &folder)?;
        Ok(folder)
    }
}

/// A run's first line.
fn created(sheet: &RunSheet, by: &str) -> Result<Entry> {
    Ok(Entry {
        seq: 1,
        at: clock::now(),
        actor: by.to_owned(),
        op: Op::Created {
            schema: SCHEMA,
            lineage: lineage(sheet.id.as_str())?,
            title: sheet.title.clone(),
        },
    })
}

fn created_at(root: &Path) -> Option<std::time::SystemTime> {
    let meta = std::fs::metadata(root.join("run.yaml")).ok()?;
    meta.created().or_else(|_| meta.modified()).ok()
}

/// 128 random bits, or what a test says.
fn lineage(run: &str) -> Result<String> {
    if let Ok(seed) = std::env::var("GREENLIGHT_SEED") {
        return Ok(blake3::hash(format!("{seed}/{run}").as_bytes()).to_hex()[..32].to_owned());
    }
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("no random numbers: {e}"))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

/// Random lower-case letters and digits that are not mistaken for one another.
pub fn letters(count: usize) -> Result<String> {
    const ALPHABET: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
    let mut bytes = vec![0u8; count];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("no random numbers: {e}"))?;
    Ok(bytes
        .iter()
        .map(|b| ALPHABET[*b as usize % ALPHABET.len()] as char)
        .collect())
}
