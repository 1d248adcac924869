//! Who and where: the consistency context of every picture and voice.

use super::ids::RefId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `references.yaml`.
/// The looks a film can have.
pub const LOOKS: [&str; 4] = ["paper", "noir", "sepia", "bright"];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct References {
    pub schema: u32,
    pub style: Style,
    #[serde(default)]
    pub cast: Vec<Person>,
    #[serde(default)]
    pub places: Vec<PlaceSheet>,
    /// How words are spoken: `Exemplin: ex-em-plin`.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub say: std::collections::BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Style {
    /// `paper` (default), `noir`, `sepia` or `bright`.
    pub look: String,
    pub mood: String,
}

/// A member of the cast, the narrator among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub id: RefId,
    /// As the screenplay writes it: `MARTA`.
    pub name: String,
    #[serde(default)]
    pub description: String,
    pub look: Look,
    pub voice: Voice,
    /// Heard, never seen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub offscreen: bool,
}

/// What never changes about a person in any shot. Colours are `rrggbb`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Look {
    pub age: Age,
    pub sex: Sex,
    /// Body height against the usual, 0.9 to 1.1.
    pub height: f64,
    /// Width against the usual, 0.85 to 1.3.
    pub build: f64,
    pub skin: String,
    /// short, side, bob, long, bun, ponytail, curls, bald, cap, hat, beanie, helmet, hood.
    pub hair: String,
    pub hair_color: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beard: bool,
    /// Hair on the upper lip alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moustache: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub glasses: bool,
    /// jacket, parka, coat, labcoat, robe, sweater, shirt, tee, scrubs, dress, hoodie, uniform, jumpsuit, apron.
    pub top: String,
    pub top_color: String,
    pub bottom_color: String,
    pub accent: String,
    /// The drawing that stands for somebody who is not a person: `robot`, `dog`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn_as: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    Child,
    Young,
    Adult,
    Old,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Woman,
    Man,
}

/// Which voice speaks for a person; `part` is a row of the casting table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    pub part: String,
    /// Distinguishes people of one part, 0, 1, 2…
    #[serde(default)]
    pub variant: u32,
}

/// A place scenes are set in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceSheet {
    pub id: RefId,
    /// As headings write it: `LIGHTHOUSE STAIRS`.
    pub name: String,
    pub interior: bool,
    /// What the artist draws: office, cafe, street, sea… (README, "Places").
    pub kind: String,
    #[serde(default)]
    pub description: String,
}

impl References {
    pub fn person(&self, id: &RefId) -> Option<&Person> {
        self.cast.iter().find(|p| p.id == *id)
    }

    pub fn place(&self, id: &RefId) -> Option<&PlaceSheet> {
        self.places.iter().find(|p| p.id == *id)
    }
}
