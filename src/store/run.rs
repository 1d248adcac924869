//! One run folder: read whole, changed only by journal lines.
//!
//! A commit is: lock, refresh, recover, objects synced, **its journal lines synced in one go**,
//! working files put in place, gates projected, marker moved. Whatever a crash interrupts after the
//! lines is rolled forward by the next command; whatever it interrupts before never happened.

use super::format::{Entry, Op, Take, Version, VersionKind};
use super::layout::{Layout, is_leftover};
use super::ledger::Ledger;
use super::lock::{self, Lock};
use super::reading::{Parsed, install, parse, settled_read};
use super::{clock, disk, journal};
use crate::diagnostic::{Exit, Failure, Problem};
use crate::film::artifacts::Artifacts;
use crate::film::brand::Brand;
use crate::film::document;
use crate::film::handed;
use crate::film::ids::RunId;
use crate::film::sheet::RunSheet;
use crate::film::stage::Stage;
use crate::film::way::Way;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::gate;
use crate::plan::projection::{self, Files};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// How long a command waits for another's commit, unless it is told otherwise.
pub const PATIENCE: Duration = Duration::from_secs(10);

pub struct Run {
    pub layout: Layout,
    pub ledger: Ledger,
    pub film: Artifacts,
    /// Hashes of the documents and media as they lie there now.
    pub files: Files,
    pub texts: BTreeMap<Stage, String>,
    pub invalid: BTreeMap<Stage, Failure>,
    pub torn: bool,
    /// How long to wait for another's commit.
    pub patience: Duration,
    /// Items being tried at another asking than they stand at: candidates.
    pub trial: Option<(Stage, BTreeMap<String, u64>)>,
    /// The state lock, while somebody here holds it.
    held: Weak<Lock>,
    /// What was handed in is gone from `source/`.
    sourceless: bool,
    journal_length: u64,
    hashes: HashCache,
}

/// A new version to be kept.
pub struct Draft {
    pub stage: Stage,
    pub kind: VersionKind,
    pub files: BTreeMap<String, Source>,
    pub inputs_fp: Option<Fingerprint>,
    pub by: String,
    pub feedback: Option<String>,
    pub patch: Option<serde_json::Value>,
    pub request_id: Option<String>,
    pub notes: Vec<String>,
    /// See [`Version::read`] and [`Version::keys`].
    pub read: BTreeMap<String, Fingerprint>,
    pub keys: BTreeMap<String, Fingerprint>,
    /// The document as it was made, before a person's changes were laid over it; `None` keeps that
    /// of the version before.
    pub made: Option<Vec<u8>>,
    /// The working files as they were when the work began; if they differ now, the version is kept
    /// and they are left alone. `None` does not look.
    pub base: Option<Files>,
}

impl Draft {
    /// A version with nothing said about it.
    pub fn new(
        stage: Stage,
        kind: VersionKind,
        by: &str,
        files: BTreeMap<String, Source>,
    ) -> Draft {
        Draft {
            stage,
            kind,
            files,
            inputs_fp: None,
            by: by.to_owned(),
            feedback: None,
            patch: None,
            request_id: None,
            notes: Vec::new(),
            read: BTreeMap::new(),
            keys: BTreeMap::new(),
            made: None,
            base: None,
        }
    }
}

pub enum Source {
    Bytes(Vec<u8>),
    /// A file of the run, by its relative path; often the working file itself.
    Copy(String),
    /// A finished file that is moved into place and whose bytes are not kept.
    Move(PathBuf),
}

impl Source {
    fn hash(&self, layout: &Layout) -> Option<Fingerprint> {
        match self {
            Source::Bytes(bytes) => Some(Fingerprint::of_bytes(bytes)),
            Source::Copy(from) => disk::hash_file(&layout.at(from)).ok(),
            Source::Move(from) => disk::hash_file(from).ok(),
        }
    }

    /// Removes what was made to be moved and will not be.
    pub fn let_go(&self) {
        if let Source::Move(from) = self {
            disk::remove(from);
        }
    }
}

#[derive(Default, Serialize, Deserialize)]
struct HashCache {
    #[serde(default)]
    known: BTreeMap<String, Known>,
    #[serde(skip)]
    changed: bool,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Known {
    size: u64,
    modified: i64,
    changed: i64,
    inode: u64,
    hash: Fingerprint,
}

impl Run {
    /// Reads a run folder. Broken documents are noted, not fatal.
    pub fn load(root: &Path) -> Result<Run> {
        let layout = Layout::new(root);
        no_links_out(&layout)?;
        let sheet_text = String::from_utf8_lossy(&disk::read(&layout.sheet())?).into_owned();
        let sheet: RunSheet = document::read(&sheet_text, "run.yaml")?;
        if sheet.formats.is_empty() {
            return Err(Failure::new(Exit::Invalid, "`formats` names no format")
                .at("run.yaml", document::line_of(&sheet_text, "formats"), 0)
                .into());
        }
        let own = sheet.order.contains(&Stage::Own);
        if let Some(Err(why)) = (!sheet.order.is_empty()).then(|| Way::new(&sheet.order, own)) {
            return Err(Failure::new(Exit::Invalid, format!("`order`: {why}"))
                .at("run.yaml", document::line_of(&sheet_text, "order"), 0)
                .into());
        }
        let source = disk::read(&layout.at(&sheet.source.file)).ok();
        let read = journal::read(&layout.journal())?;
        let ledger = Ledger::read(&read.entries);
        let hashes = std::fs::read(layout.hashes())
            .ok()
            .and_then(|b| serde_json::from_slice(&b).ok())
            .unwrap_or_default();
        let mut sheet = sheet;
        // A run that was copied or renamed is called as its folder is.
        if let Ok(id) = RunId::new(layout.id()) {
            sheet.id = id;
        }
        let mut seen = Vec::new();
        sheet.formats.retain(|f| {
            let new = !seen.contains(f);
            seen.push(*f);
            new
        });
        let mut run = Run {
            film: Artifacts::empty(
                sheet,
                String::from_utf8_lossy(source.as_deref().unwrap_or_default())
                    .trim_start_matches('\u{feff}')
                    .to_owned(),
            ),
            layout,
            ledger,
            files: Files::new(),
            texts: BTreeMap::new(),
            invalid: BTreeMap::new(),
            sourceless: source.is_none(),
            torn: read.torn,
            patience: PATIENCE,
            trial: None,
            held: Weak::new(),
            journal_length: read.sound,
            hashes,
        };
        run.look()?;
        Ok(run)
    }

    /// Reads the working files anew.
    pub fn look(&mut self) -> Result<()> {
        let mut seen = std::mem::take(&mut self.texts);
        let broken = std::mem::take(&mut self.invalid);
        self.files.clear();
        for stage in Stage::ALL {
            if let Some(name) = stage.document() {
                if let Err(failure) = self.is_own(name) {
                    self.set_document(stage, None);
                    self.invalid.insert(stage, failure);
                    continue;
                }
                let bytes = settled_read(&self.layout.at(name))?;
                // The same text says the same.
                if let Some(text) = seen.remove(&stage)
                    && bytes.as_deref() == Some(text.as_bytes())
                    && !broken.contains_key(&stage)
                {
                    self.files
                        .insert(name.to_owned(), Fingerprint::of_bytes(text.as_bytes()));
                    self.texts.insert(stage, text);
                    if let Some(folder) = stage.folder() {
                        self.hash_folder(folder)?;
                    }
                    continue;
                }
                self.set_document(stage, None);
                if let Some(bytes) = bytes {
                    match String::from_utf8(bytes) {
                        Ok(text) => {
                            self.files
                                .insert(name.to_owned(), Fingerprint::of_bytes(text.as_bytes()));
                            match parse(stage, &text) {
                                Ok(parsed) => self.set_document(stage, Some(parsed)),
                                Err(failure) => {
                                    self.invalid.insert(stage, failure);
                                }
                            }
                            self.texts.insert(stage, text);
                        }
                        Err(_) => {
                            self.invalid.insert(
                                stage,
                                Failure::new(Exit::Invalid, "the file is not UTF-8").at(name, 0, 0),
                            );
                        }
                    }
                }
            }
            if let Some(folder) = stage.folder() {
                self.hash_folder(folder)?;
            }
        }
        self.hash_folder("brand")?;
        self.hash_folder(handed::FOLDER)?;
        self.read_brand();
        if self.sourceless {
            let file = self.film.sheet.source.file.clone();
            self.invalid.entry(Stage::Outline).or_insert(
                Failure::new(Exit::Invalid, "what was handed in is no longer there")
                    .at(file, 0, 0)
                    .hint("put the file back"),
            );
        }
        if self.hashes.changed {
            self.hashes.changed = false;
            // Bookkeeping: if it cannot be kept, files are hashed again next time.
            if let Ok(bytes) = serde_json::to_vec(&self.hashes) {
                let _ = disk::write_scratch(&self.layout.hashes(), &bytes);
            }
        }
        Ok(())
    }

    /// Forgets what is known of a stage's media, so that the next look hashes them in full: an
    /// approval signs bytes, not times.
    pub fn distrust(&mut self, stage: Stage) {
        if let Some(folder) = stage.folder() {
            let prefix = format!("{folder}/");
            self.hashes
                .known
                .retain(|name, _| !name.starts_with(&prefix));
        }
    }

    /// Refuses what leads out of the run folder, or is a folder where a file belongs.
    fn is_own(&self, relative: &str) -> Result<(), Failure> {
        let path = self.layout.at(relative);
        let Ok(meta) = std::fs::symlink_metadata(&path) else {
            return Ok(());
        };
        let refuse = |what: &str, hint: &str| {
            Err(Failure::new(Exit::Invalid, what)
                .at(relative, 0, 0)
                .hint(hint))
        };
        if meta.is_dir() {
            return refuse("a folder lies where a file belongs", "move it away");
        }
        if !meta.is_symlink() {
            return Ok(());
        }
        let target = std::fs::canonicalize(&path).ok();
        let root = std::fs::canonicalize(self.layout.root()).ok();
        match (target, root) {
            (Some(t), Some(r)) if t.starts_with(&r) && t.is_file() => Ok(()),
            _ => refuse(
                "a link that leaves the run folder, or leads nowhere",
                "put the file itself there",
            ),
        }
    }

    /// The brand kit the run carries; one that is wrong stops the film from being cut.
    fn read_brand(&mut self) {
        self.film.brand = None;
        let read = match std::fs::read(self.layout.at("brand/brand.yaml")) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return,
            Err(e) => Err(
                Failure::new(Exit::Invalid, format!("cannot be read: {e}")).at(
                    "brand/brand.yaml",
                    0,
                    0,
                ),
            ),
            Ok(bytes) => Brand::read(&bytes, "brand/brand.yaml"),
        };
        match read {
            Ok(kit) => {
                let gone: Vec<Problem> = kit
                    .files()
                    .into_iter()
                    .filter(|(file, _)| !self.files.contains_key(&format!("brand/{file}")))
                    .map(|(file, _)| {
                        Problem::new(format!("there is no brand/{file}")).at(
                            "brand/brand.yaml",
                            0,
                            0,
                        )
                    })
                    .collect();
                if !gone.is_empty() {
                    let failure = Failure::of(Exit::Invalid, gone);
                    self.invalid.entry(Stage::Render).or_insert(failure);
                }
                // What else lies there is in no film.
                let named: Vec<String> = (kit.files().into_iter())
                    .map(|(file, _)| format!("brand/{file}"))
                    .collect();
                self.files
                    .retain(|name, _| !name.starts_with("brand/") || named.contains(name));
                self.film.brand = Some(kit);
            }
            Err(failure) => {
                // Sound lies under its footage, too: nothing is made until it is known how long that is.
                self.invalid.entry(Stage::Audio).or_insert(failure.clone());
                self.invalid.entry(Stage::Render).or_insert(failure);
            }
        }
    }

    fn hash_folder(&mut self, folder: &str) -> Result<()> {
        let path = self.layout.at(folder);
        let Ok(entries) = std::fs::read_dir(&path) else {
            return Ok(());
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read {}", path.display()))?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let kind = entry
                .file_type()
                .with_context(|| format!("cannot read {}", path.display()))?;
            let relative = format!("{folder}/{name}");
            // Of what was handed in, pictures alone are files of the film; the source is read as text.
            if folder == handed::FOLDER && !handed::is_picture(&relative) {
                continue;
            }
            let media = [".png", ".wav", ".jpg", ".mp4"];
            if is_leftover(&name)
                || name.starts_with(disk::SCRATCH)
                || (kind.is_dir() && !media.iter().any(|m| name.ends_with(m)))
            {
                continue;
            }
            self.is_own(&relative)?;
            let hash = self.hash(&relative)?;
            self.files.insert(relative, hash);
        }
        Ok(())
    }

    /// Hashes a file unless size, times and inode say that it is the one hashed before.
    fn hash(&mut self, relative: &str) -> Result<Fingerprint> {
        let path = self.layout.at(relative);
        let meta =
            std::fs::metadata(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let stamp = stamp(&meta);
        if let Some(known) = self.hashes.known.get(relative)
            && (known.size, known.modified, known.changed, known.inode) == stamp
        {
            return Ok(known.hash.clone());
        }
        let hash = disk::hash_file(&path)?;
        // A file written within the clock's grain may change again under the same times.
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |d| d.as_nanos() as i64);
        if now - stamp.1.max(stamp.2) > 50_000_000 {
            self.hashes.known.insert(
                relative.to_owned(),
                Known {
                    size: stamp.0,
                    modified: stamp.1,
                    changed: stamp.2,
                    inode: stamp.3,
                    hash: hash.clone(),
                },
            );
            self.hashes.changed = true;
        }
        Ok(hash)
    }

    fn set_document(&mut self, stage: Stage, parsed: Option<Parsed>) {
        install(&mut self.film, stage, parsed);
    }

    /// The text of a stage's document, as it lies there.
    pub fn text(&self, stage: Stage) -> Option<&str> {
        self.texts.get(&stage).map(String::as_str)
    }

    /// Which asking an item stands at, or is tried at just now.
    pub fn salt(&self, stage: Stage, item: &str) -> u64 {
        match &self.trial {
            Some((of, salts)) if *of == stage => salts.get(item).copied(),
            _ => None,
        }
        .unwrap_or_else(|| self.ledger.salt(stage, item))
    }

    pub fn id(&self) -> &str {
        self.film.sheet.id.as_str()
    }

    /// The names of a stage's files: document first, then media.
    pub fn names(&self, stage: Stage) -> Vec<String> {
        stage
            .document()
            .map(str::to_owned)
            .into_iter()
            .chain(projection::media(stage, &self.film))
            .collect()
    }

    /// A stage's working files with their hashes.
    pub fn working(&self, stage: Stage) -> Files {
        self.names(stage)
            .into_iter()
            .filter_map(|n| self.files.get(&n).map(|h| (n, h.clone())))
            .collect()
    }

    /// A stage's working files, to be kept as they lie there.
    pub fn copies(&self, stage: Stage) -> BTreeMap<String, Source> {
        self.working(stage)
            .into_keys()
            .map(|n| (n.clone(), Source::Copy(n)))
            .collect()
    }

    /// A version of the working files as they lie there, made from what the stage counts as made
    /// from; before its first version, from what is there now.
    pub fn draft(&self, stage: Stage, kind: VersionKind, by: &str) -> Draft {
        let (inputs_fp, read) = match self.ledger.version(stage) {
            Some(v) => (self.ledger.made_from(stage).cloned(), v.read.clone()),
            None => self
                .reads(stage)
                .map_or((None, Files::new()), |i| (Some(i.hash), i.parts)),
        };
        Draft {
            inputs_fp,
            read,
            ..Draft::new(stage, kind, by, self.copies(stage))
        }
    }

    /// Whether working files differ from the last version put in place.
    pub fn edited(&self, stage: Stage) -> bool {
        let now = self.working(stage);
        match self.ledger.placed(stage) {
            Some(version) => {
                let document = stage.document();
                now.iter().any(|(n, h)| version.files.get(n) != Some(h))
                    || document
                        .is_some_and(|d| version.files.contains_key(d) && !now.contains_key(d))
            }
            None => stage.document().is_some_and(|d| self.files.contains_key(d)),
        }
    }

    /// Whether somebody changed files of any stage since.
    pub fn edited_any(&self) -> bool {
        Stage::ALL
            .into_iter()
            .any(|s| s != Stage::Render && self.edited(s))
    }

    pub fn content(&self, stage: Stage) -> Option<Fingerprint> {
        projection::content(stage, &self.film, &self.files)
    }

    /// What a stage would be made from now.
    pub fn reads(&self, stage: Stage) -> Option<projection::Inputs> {
        projection::inputs(stage, &self.film, &self.files)
    }

    pub fn inputs(&self, stage: Stage) -> Option<Fingerprint> {
        self.reads(stage).map(|i| i.hash)
    }

    // ----- writing -------------------------------------------------------------------------

    /// Takes the state lock, and what other processes wrote since; free again when the last holder
    /// of what is returned drops it. Whoever checks before writing holds it over both.
    pub fn hold(&mut self) -> Result<Arc<Lock>> {
        if let Some(held) = self.held.upgrade() {
            return Ok(held);
        }
        let lock = Arc::new(lock::acquire(
            &self.layout.state_lock(),
            self.patience,
            "the run's state",
        )?);
        self.held = Arc::downgrade(&lock);
        self.refresh()?;
        if self.marker() < self.ledger.last_commit {
            self.sweep()?;
        }
        self.roll_forward()?;
        Ok(lock)
    }

    /// The lock of a whole `run`; only one at a time.
    pub fn runner_lock(&self) -> Result<Lock> {
        lock::acquire(
            &self.layout.runner_lock(),
            Duration::from_millis(500),
            "the run",
        )
    }

    pub fn alive(&self) -> bool {
        lock::is_held(&self.layout.runner_lock())
    }

    /// Takes in what other processes wrote since.
    fn refresh(&mut self) -> Result<()> {
        let path = self.layout.journal();
        let length = std::fs::metadata(&path)
            .with_context(|| format!("cannot read {}", path.display()))?
            .len();
        if length != self.journal_length {
            let read = journal::read(&path)?;
            if read.torn {
                self.torn = true;
                disk::truncate(&path, read.sound)?;
            }
            self.journal_length = read.sound;
            self.ledger = Ledger::read(&read.entries);
        }
        Ok(())
    }

    /// Puts files of committed versions in place that a crash left behind.
    pub fn recover(&mut self) -> Result<()> {
        let _held = self.hold()?;
        self.look()
    }

    /// Appends journal lines that count together.
    pub fn log(&mut self, actor: &str, ops: Vec<Op>) -> Result<()> {
        let _held = self.hold()?;
        self.append(actor, ops)?;
        self.follow()
    }

    fn append(&mut self, actor: &str, ops: Vec<Op>) -> Result<()> {
        let at = clock::now();
        let entries: Vec<Entry> = ops
            .into_iter()
            .enumerate()
            .map(|(i, op)| Entry {
                seq: self.ledger.last_seq + 1 + i as u64,
                at,
                actor: match &op {
                    Op::GateOpened { .. } => "system".to_owned(),
                    Op::Decided(d) => d.by.clone(),
                    _ => actor.to_owned(),
                },
                op,
            })
            .collect();
        let path = self.layout.journal();
        journal::append(&path, &entries)?;
        self.journal_length = std::fs::metadata(&path).map_or(0, |m| m.len());
        for entry in &entries {
            self.ledger.take_in(entry);
        }
        Ok(())
    }

    /// Lets the files follow the journal.
    fn follow(&mut self) -> Result<()> {
        self.roll_forward()
    }

    fn keep(&self, bytes: &[u8]) -> Result<Fingerprint> {
        let hash = Fingerprint::of_bytes(bytes);
        let path = self.layout.object(&hash);
        if !path.exists() {
            disk::write_atomic(&path, bytes)?;
        }
        Ok(hash)
    }

    /// Records a take whose files are in its place ([`write_take`]).
    pub fn record_takes(&mut self, takes: Vec<Take>) -> Result<()> {
        let _held = self.hold()?;
        self.append("system", takes.into_iter().map(Op::Take).collect())
    }

    /// Whether all files of a take are there and whole.
    pub fn take_is_whole(&self, take: &Take) -> bool {
        take.files.iter().all(|(suffix, hash)| {
            let path = self
                .layout
                .at(&Layout::take(take.stage, &take.item, take.take, suffix));
            disk::hash_file(&path).is_ok_and(|found| found == *hash)
        })
    }

    /// Whether a stage lies there as these files would make it, to the byte, made from the same. A report lists the
    /// versions there are, and tells of none.
    pub fn is_as(
        &self,
        stage: Stage,
        inputs: Option<&Fingerprint>,
        files: &BTreeMap<String, Source>,
    ) -> bool {
        let Some(last) = self.ledger.placed(stage) else {
            return false;
        };
        let same = |(name, source): (&String, &Source)| {
            let hash = source.hash(&self.layout);
            hash.is_some()
                && hash.as_ref() == last.files.get(name)
                && hash.as_ref() == self.files.get(name)
        };
        last.inputs_fp.as_ref() == inputs
            && last.files.len() == files.len()
            && (files.iter())
                .filter(|(name, _)| name.as_str() != "render/report.html")
                .all(same)
    }

    /// Keeps a new version of a stage, and with it in one commit what `with` says follows from it;
    /// then puts its files in place. Returns what was recorded.
    pub fn commit(
        &mut self,
        draft: Draft,
        with: impl FnOnce(&Ledger, &Version) -> Result<Vec<Op>>,
    ) -> Result<Version> {
        let _held = self.hold()?;
        // Nothing is recorded that could not be put in place.
        for name in draft.files.keys() {
            self.is_own(name)?;
        }
        let stage = draft.stage;
        let placed = match &draft.base {
            Some(base) => {
                self.look()?;
                self.working(stage) == *base
            }
            None => true,
        };
        let mut files = BTreeMap::new();
        let mut transient = Vec::new();
        for (name, source) in draft.files {
            let hash = match source {
                Source::Bytes(bytes) => self.keep(&bytes)?,
                Source::Copy(from) => {
                    let path = self.layout.at(&from);
                    let hash = disk::hash_file(&path)?;
                    let object = self.layout.object(&hash);
                    if !object.exists() {
                        disk::copy_atomic(&path, &object)?;
                    }
                    hash
                }
                Source::Move(from) => {
                    let hash = disk::hash_file(&from)?;
                    let staged = self.layout.staging().join(hash.hex());
                    if from != staged {
                        disk::move_into(&from, &staged)?;
                    }
                    transient.push(name.clone());
                    hash
                }
            };
            files.insert(name, hash);
        }
        let content_fp = self.content_of(stage, &files)?;
        let parent = self.ledger.version(stage).map(|v| v.version);
        let made = match draft.made {
            Some(bytes) => Some(self.keep(&bytes)?),
            None => self.ledger.version(stage).and_then(|v| v.made.clone()),
        };
        let version = Version {
            stage,
            version: parent.unwrap_or(0) + 1,
            kind: draft.kind,
            parent,
            by: draft.by.clone(),
            content_fp,
            inputs_fp: draft.inputs_fp,
            feedback: draft.feedback,
            patch: draft.patch,
            request_id: draft.request_id,
            notes: draft.notes,
            cost: "0.00".to_owned(),
            files,
            transient,
            made,
            read: draft.read,
            keys: draft.keys,
            placed,
        };
        let mut ops = vec![Op::Version(version.clone())];
        ops.extend(with(&self.ledger, &version)?);
        self.append(&draft.by, ops)?;
        self.follow()?;
        if !placed {
            self.describe(&version)?;
        }
        Ok(version)
    }

    /// The film with another text for a stage's document.
    pub fn film_with(&self, stage: Stage, text: &str) -> Result<Artifacts> {
        let mut film = self.film.clone();
        install(&mut film, stage, Some(parse(stage, text)?));
        Ok(film)
    }

    /// What a stage's content would be with these files.
    fn content_of(&self, stage: Stage, files: &Files) -> Result<Fingerprint> {
        let film = match stage.document() {
            Some(name) => {
                let hash = files
                    .get(name)
                    .with_context(|| format!("a version of {stage} without {name}"))?;
                let text = String::from_utf8(disk::read(&self.layout.object(hash))?)
                    .context("a document that is not UTF-8")?;
                self.film_with(stage, &text)?
            }
            None => self.film.clone(),
        };
        projection::content(stage, &film, files)
            .with_context(|| format!("a version of {stage} without content"))
    }

    /// What a stage's approval would sign as it lies there now, with its content alone.
    pub fn subject(&self, stage: Stage) -> Option<(Fingerprint, Fingerprint)> {
        self.ledger.version(stage)?;
        let content = self.content(stage)?;
        let inputs = self
            .ledger
            .made_from(stage)
            .cloned()
            .or_else(|| self.inputs(stage))?;
        let subject = gate::subject(&self.ledger.lineage, stage, &content, &inputs);
        Some((subject, content))
    }

    /// The bytes a version holds for a file.
    pub fn object(&self, hash: &Fingerprint) -> Result<Vec<u8>> {
        disk::read(&self.layout.object(hash))
    }
}

/// Refuses a run whose own folders or books are links to somewhere else: what is written there must
/// lie in the run.
fn no_links_out(layout: &Layout) -> Result<(), Failure> {
    let own = Stage::ALL.into_iter().filter_map(Stage::folder);
    for name in own.chain([
        "gates",
        "versions",
        "takes",
        "source",
        "brand",
        ".studio",
        "journal.jsonl",
        "run.yaml",
    ]) {
        let path = layout.at(name);
        if std::fs::symlink_metadata(&path).is_ok_and(|m| m.is_symlink()) {
            return Err(
                Failure::new(Exit::Invalid, "a link in the place of the run's own")
                    .at(path.display().to_string(), 0, 0)
                    .hint("put the folder or file itself there"),
            );
        }
    }
    Ok(())
}

/// What the journal of a run amounts to, without looking at its files.
pub fn ledger_of(root: &Path) -> Result<Ledger> {
    let read = journal::read(&Layout::new(root).journal())?;
    Ok(Ledger::read(&read.entries))
}

#[cfg(unix)]
pub(super) fn stamp(meta: &std::fs::Metadata) -> (u64, i64, i64, u64) {
    use std::os::unix::fs::MetadataExt;
    (
        meta.len(),
        meta.mtime() * 1_000_000_000 + meta.mtime_nsec(),
        meta.ctime() * 1_000_000_000 + meta.ctime_nsec(),
        meta.ino(),
    )
}

#[cfg(not(unix))]
pub(super) fn stamp(meta: &std::fs::Metadata) -> (u64, i64, i64, u64) {
    let modified = meta
        .modified()
        .ok()
        .and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |d| d.as_nanos() as i64);
    (meta.len(), modified, 0, 0)
}

/// Writes a take's files where they belong, synced, and returns their hashes. Until the take is recorded
/// they are nobody's, and may be written over.
pub fn write_take(
    layout: &Layout,
    take: &Take,
    from: &serde_json::Value,
    made: Vec<(String, Vec<u8>)>,
) -> Result<BTreeMap<String, Fingerprint>> {
    let path = |suffix: &str| {
        let relative = Layout::take(take.stage, &take.item, take.take, suffix);
        layout.at(&relative)
    };
    let mut files = BTreeMap::new();
    for (suffix, bytes) in made {
        disk::write_atomic(&path(&suffix), &bytes)?;
        files.insert(suffix, Fingerprint::of_bytes(&bytes));
    }
    disk::write_scratch(&path("from.json"), from.to_string().as_bytes())?;
    Ok(files)
}
