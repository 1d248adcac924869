//! Every name and path inside a run folder is built here and nowhere else.

use crate::film::stage::Stage;
use crate::plan::fingerprint::Fingerprint;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    pub fn new(root: impl Into<PathBuf>) -> Layout {
        Layout { root: root.into() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside the run, from one that is relative to it.
    pub fn at(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub fn sheet(&self) -> PathBuf {
        self.root.join("run.yaml")
    }

    pub fn journal(&self) -> PathBuf {
        self.root.join("journal.jsonl")
    }

    pub fn gate(&self, stage: Stage) -> PathBuf {
        self.root.join("gates").join(format!("{stage}.json"))
    }

    pub fn version(&self, stage: Stage, number: u32) -> PathBuf {
        self.root
            .join("versions")
            .join(stage.name())
            .join(format!("{number}.yaml"))
    }

    /// Where the bytes of a version's file lie, once and for ever.
    pub fn object(&self, hash: &Fingerprint) -> PathBuf {
        let hex = hash.hex();
        self.root
            .join("versions")
            .join("objects")
            .join(&hex[..2])
            .join(&hex[2..])
    }

    /// A candidate's file, relative to the run: `takes/storyboard/s01_010/1.sky.png`.
    pub fn take(stage: Stage, item: &str, number: u32, suffix: &str) -> String {
        format!("takes/{stage}/{item}/{number}.{suffix}")
    }

    /// The run's name: its folder's.
    pub fn id(&self) -> String {
        let name = self.root.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// The folder this run lies in beside the others of its workspace.
    pub fn runs(&self) -> PathBuf {
        self.root.parent().map(Path::to_owned).unwrap_or_default()
    }

    /// What was said about a stage.
    pub fn chat(&self, stage: Stage) -> PathBuf {
        self.root.join(format!("chat/{stage}.jsonl"))
    }

    pub fn task(&self, id: &str) -> PathBuf {
        self.root.join("tasks").join(id)
    }

    pub fn studio(&self) -> PathBuf {
        self.root.join(".studio")
    }

    pub fn staging(&self) -> PathBuf {
        self.studio().join("staging")
    }

    pub fn segments(&self) -> PathBuf {
        self.studio().join("segments")
    }

    /// Segments of previews.
    pub fn previews(&self) -> PathBuf {
        self.studio().join("previews")
    }

    /// What was worked out at the last look.
    pub fn seen(&self) -> PathBuf {
        self.studio().join("seen.json")
    }

    pub fn hashes(&self) -> PathBuf {
        self.studio().join("hashes.json")
    }

    /// The journal line up to which working files have been put in place.
    pub fn placed(&self) -> PathBuf {
        self.studio().join("placed")
    }

    pub fn state_lock(&self) -> PathBuf {
        self.studio().join("state.lock")
    }

    pub fn runner_lock(&self) -> PathBuf {
        self.studio().join("runner.lock")
    }

    /// What a living `run` is making.
    pub fn now_making(&self) -> PathBuf {
        self.studio().join("now")
    }

    pub fn cancel_request(&self) -> PathBuf {
        self.studio().join("cancel")
    }

    /// Pictures drawn to compare things.
    pub fn sheets(&self) -> PathBuf {
        self.studio().join("sheets")
    }

    pub fn logs(&self) -> PathBuf {
        self.studio().join("logs")
    }
}

/// Files editors leave behind; they are nobody's content.
pub fn is_leftover(name: &str) -> bool {
    name.starts_with(".#")
        || name.starts_with(".~lock")
        || name.ends_with('~')
        || name.ends_with(".swp")
        || name == "4913"
        || name == ".DS_Store"
}
