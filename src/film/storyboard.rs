//! Beats broken into shots.

use super::ids::{BeatId, CueId, RefId, ShotId};
use super::shot::{Angle, Move, Size, Transition, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `storyboard.yaml`: it owns the seconds of the film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Storyboard {
    pub schema: u32,
    pub beats: Vec<BoardBeat>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoardBeat {
    /// Written back when a person leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<BeatId>,
    pub heading: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mood: Option<String>,
    /// Words on a card before the beat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapter: Option<String>,
    pub shots: Vec<Shot>,
}

/// How somebody is left by the shots before, until they do something else with their legs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Posture {
    Lie,
    Sit,
    AtTable,
    AtDesk,
    Drive,
    OnFloor,
    InBed,
    BackSeat,
}

/// A camera set-up with a length, cut to cut.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shot {
    /// Written back when a person leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ShotId>,
    pub seconds: f64,
    pub size: Size,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<View>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub angle: Option<Angle>,
    #[serde(rename = "move", default = "hold")]
    pub movement: Move,
    /// What is seen, in words.
    pub prompt: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<RefId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cast: Vec<RefId>,
    /// Who of the cast was left lying, sitting or driving by the shots before, and is so still unless the words say
    /// otherwise.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub postures: BTreeMap<RefId, Posture>,
    /// Who of the cast is dressed otherwise than on their sheet, and how: `gray hoodie`, `no jacket`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub wears: BTreeMap<RefId, String>,
    /// Colours that things were said to have before, and have still: `car: black`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub colors: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    /// A picture that was handed in, `source/pack.png`: it is shown whole, and nothing is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Words shown on the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_screen: Option<String>,
    /// Who or what is seen, on a strip in the lower third: `Ada Brook, ferry pilot`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower_third: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sound: Option<String>,
    /// How this shot becomes the next.
    #[serde(default = "cut", skip_serializing_if = "Transition::is_cut")]
    pub transition: Transition,
    /// Where the eye should rest, as fractions of the picture from its top left.
    #[serde(default)]
    pub subject: Subject,
    /// What the panel measures, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// Names the text of the screenplay this shot came from, to find it again.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

fn hold() -> Move {
    Move::Static
}

fn cut() -> Transition {
    Transition::CUT
}

/// A line of dialogue or narration spoken during a shot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Written back when a person leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<CueId>,
    pub speaker: RefId,
    pub text: String,
    /// The parenthetical: `out of breath`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub delivery: String,
    #[serde(default, skip_serializing_if = "Heard::is_on_screen")]
    pub heard: Heard,
}

/// Where a voice comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    #[default]
    OnScreen,
    VoiceOver,
    OffScreen,
    Filtered,
}

impl Heard {
    pub fn is_on_screen(&self) -> bool {
        *self == Heard::OnScreen
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    pub x: f64,
    pub y: f64,
}

impl Default for Subject {
    fn default() -> Self {
        Subject { x: 0.5, y: 0.45 }
    }
}

/// Measured on the panel, never guessed; `note` names what is weak.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Score {
    pub total: u32,
    pub sharpness: u32,
    pub exposure: u32,
    pub contrast: u32,
    /// Whether there is something to see where its subject is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<u32>,
    /// How near people come to the colours of their reference sheets, where they are near enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likeness: Option<u32>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Shot {
    /// The id, or the empty text while a hand-inserted shot waits for one.
    pub fn name(&self) -> &str {
        self.id.as_ref().map_or("", ShotId::as_str)
    }
}

impl Storyboard {
    pub fn shots(&self) -> impl Iterator<Item = (&BoardBeat, &Shot)> {
        self.beats
            .iter()
            .flat_map(|b| b.shots.iter().map(move |s| (b, s)))
    }

    pub fn shot(&self, id: &str) -> Option<&Shot> {
        self.shots().map(|(_, s)| s).find(|s| s.name() == id)
    }

    pub fn seconds(&self) -> f64 {
        self.shots().map(|(_, s)| s.seconds).sum()
    }
}
