//! What the camera films.

use super::ids::ShotId;
use super::life::Shows;
use super::shot::Move;
use super::storyboard::{Score, Subject};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `assets.yaml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assets {
    pub schema: u32,
    pub shots: Vec<Asset>,
}

/// One shot's footage: exactly one of `layers`, `still` and `clip`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    pub id: ShotId,
    #[serde(rename = "move")]
    pub movement: Move,
    /// Back to front.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<Layer>,
    /// A flat picture, relative to the run folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub still: Option<String>,
    /// How a still of another shape than the frame is shown.
    #[serde(default, skip_serializing_if = "Fit::is_cover")]
    pub fit: Fit,
    /// A moving picture, relative to the run folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip: Option<String>,
    /// Seconds into the clip at which it begins.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub from: f64,
    /// What a clip does that is shorter than its shot.
    #[serde(default, skip_serializing_if = "Short::is_hold")]
    pub short: Short,
    /// The clip's own sound, in decibels; without it the clip is silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sound_db: Option<f64>,
    #[serde(default)]
    pub subject: Subject,
    /// What a still or a clip measures that is not the storyboard's panel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

/// How a still of another shape than the frame is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// It fills the frame; what is too much is cut off around its subject.
    #[default]
    Cover,
    /// All of it is seen, on a ground of its own colours.
    Whole,
}

impl Fit {
    fn is_cover(&self) -> bool {
        *self == Fit::Cover
    }
}

/// What a clip does that is shorter than its shot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Short {
    /// Its last frame stands.
    #[default]
    Hold,
    /// It begins again.
    Loop,
}

impl Short {
    fn is_hold(&self) -> bool {
        *self == Short::Hold
    }
}

/// A picture with transparency, drawn larger than the frame by its bleed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    pub file: String,
    /// How much of the camera's move it shows: 0.05 for the sky, 1 for people.
    pub speed: f64,
    /// The part of each side that lies outside the frame, as a fraction of that side.
    pub bleed: f64,
    /// How it moves by itself, in frame sizes a second, right and down: rain, snow. It repeats every
    /// frame size, so its bleed is a half.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub falls: Option<[f64; 2]>,
    /// How it drifts, in frame sizes a second, as far as its bleed goes: clouds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drifts: Option<[f64; 2]>,
    /// How far it rises and sinks as somebody breathes, as a part of the frame's height.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub breathes: f64,
    /// When it is seen, if not always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows: Option<Shows>,
}

impl Layer {
    /// Whether it looks the same at any moment while the camera holds.
    pub fn is_still(&self) -> bool {
        self.falls.is_none()
            && self.drifts.is_none()
            && self.breathes == 0.0
            && self.shows.is_none()
    }
}

impl Asset {
    /// The media files it names, relative to the run folder.
    pub fn files(&self) -> impl Iterator<Item = &String> {
        let layers = self.layers.iter().map(|l| &l.file);
        layers.chain(&self.still).chain(&self.clip)
    }
}

impl Assets {
    pub fn get(&self, id: &str) -> Option<&Asset> {
        self.shots.iter().find(|a| a.id.as_str() == id)
    }
}
