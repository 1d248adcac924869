//! What happens, in beats.

use super::ids::BeatId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The moods a film can have, by the names the composer knows.
pub const MOODS: [&str; 14] = [
    "calm",
    "warm",
    "hopeful",
    "playful",
    "wonder",
    "tender",
    "melancholy",
    "mysterious",
    "tense",
    "dark",
    "epic",
    "urgent",
    "confident",
    "neutral",
];

/// `outline.yaml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    pub schema: u32,
    pub title: String,
    #[serde(default)]
    pub logline: String,
    /// The film's mood, by the names the composer knows (README, "Moods").
    pub mood: String,
    pub beats: Vec<Beat>,
}

/// One unit of the story; it becomes one scene.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Beat {
    /// Written back when a person leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<BeatId>,
    /// The heading, `INT. OFFICE - DAY`.
    pub title: String,
    #[serde(default)]
    pub summary: String,
    /// Wanted length; the storyboard scales its shots to it.
    pub seconds: f64,
    /// Where this beat's mood differs from the film's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mood: Option<String>,
}
