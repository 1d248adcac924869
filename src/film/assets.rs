//! What the camera films.

use super::ids::ShotId;
use super::shot::Move;
use super::storyboard::Subject;
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
    /// A moving picture, relative to the run folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip: Option<String>,
    #[serde(default)]
    pub subject: Subject,
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
}

impl Assets {
    pub fn get(&self, id: &str) -> Option<&Asset> {
        self.shots.iter().find(|a| a.id.as_str() == id)
    }
}
