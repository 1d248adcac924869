//! What is heard, placed in time.

use super::ids::{CueId, ShotId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `audio.yaml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Audio {
    pub schema: u32,
    pub mix: Mix,
    pub cues: Vec<Cue>,
    /// Frames a picture is held longer than the storyboard says, because its final voice is longer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hold_frames: BTreeMap<String, i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mix {
    pub target_lufs: f64,
    pub true_peak_db: f64,
    /// How far music goes down under a voice.
    pub ducking_db: f64,
}

impl Default for Mix {
    fn default() -> Self {
        Mix {
            target_lufs: -14.0,
            true_peak_db: -1.0,
            ducking_db: 10.0,
        }
    }
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CueKind {
    Voice,
    Music,
    Sound,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cue {
    pub id: CueId,
    pub kind: CueKind,
    /// The shot it belongs to; without one `at` counts from the film's first frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shot: Option<ShotId>,
    /// Seconds after the first frame of the shot (or film).
    pub at: f64,
    /// Measured length of the file.
    pub seconds: f64,
    /// Silence for a cue whose file is gone or could not be made: the text is still captioned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    #[serde(default)]
    pub level_db: f64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub speaker: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What made it: `flite rms`, `espeak-ng en-us+f2`, `composer hopeful`, `yours`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub engine: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words_per_minute: Option<u32>,
}

/// The most a level may be moved either way, all adjustments added up.
pub const LEVEL_LIMIT_DB: f64 = 40.0;

impl Audio {
    pub fn cue(&self, id: &str) -> Option<&Cue> {
        self.cues.iter().find(|c| c.id.as_str() == id)
    }

    pub fn voices(&self) -> impl Iterator<Item = &Cue> {
        self.cues.iter().filter(|c| c.kind == CueKind::Voice)
    }
}
