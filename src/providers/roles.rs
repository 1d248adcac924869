//! What a stage may ask for.

use super::ask::{Hear, Shown, Tasks};
use crate::film::format::Format;
use crate::film::mask::Mask;
use crate::film::references::{Person, PlaceSheet, References};
use crate::film::storyboard::{BoardBeat, Line, Shot, Subject};
use crate::media::cancel::Cancel;
use anyhow::Result;
use image::RgbImage;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What somebody at work has at hand.
#[derive(Clone)]
pub struct Hand {
    pub cancel: Cancel,
    /// Through whom providers are asked.
    pub tasks: Arc<dyn Tasks>,
}

/// A picture of a shot.
pub trait Image: Send + Sync {
    fn panel(&self, request: &PanelRequest, hand: &Hand) -> Result<Panel>;
    /// A sheet that shows a person, as PNG.
    fn person(&self, person: &Person, mood: &str, look: &str, hand: &Hand) -> Result<Vec<u8>>;
    /// A sheet that shows a place, as PNG.
    fn place(
        &self,
        place: &PlaceSheet,
        time: &str,
        mood: &str,
        look: &str,
        hand: &Hand,
    ) -> Result<Vec<u8>>;
}

/// Words. The offline house arranges by rule and is none of these.
pub trait Text: Send + Sync {
    /// A screenplay in Fountain. `check` names what is wrong with one, for whoever wrote it.
    fn script(
        &self,
        request: &TextRequest,
        hand: &Hand,
        check: &dyn Fn(&str) -> Vec<String>,
    ) -> Result<String>;

    /// Lines in another language, as many and in their order.
    fn translate(&self, request: &Translation, hand: &Hand) -> Result<Vec<String>>;

    /// An answer to what a kind of film asks, in Markdown.
    fn inquire(&self, request: &Inquiry, hand: &Hand) -> Result<String>;

    /// A document as it is asked to be. `check` names what is wrong with one.
    fn revise(
        &self,
        request: &Revision,
        hand: &Hand,
        check: &dyn Fn(&Value) -> Vec<String>,
    ) -> Result<Revised>;
}

/// Lines that shall be said in another language.
#[derive(Debug, Clone)]
pub struct Translation {
    pub title: String,
    pub from: String,
    pub to: String,
    pub lines: Vec<String>,
}

/// A question about a film, and all that was decided of it so far.
#[derive(Debug, Clone)]
pub struct Inquiry {
    pub title: String,
    pub question: String,
    /// Name and text.
    pub documents: Vec<(String, String)>,
    /// The answer that is to be changed, if there is one.
    pub before: Option<String>,
    /// What a person said of it.
    pub feedback: Option<String>,
    pub language: String,
}

/// A document, and what shall become of it.
#[derive(Debug, Clone)]
pub struct Revision {
    pub document: Value,
    /// JSON Schema of the document.
    pub schema: Value,
    /// The prompt that says what is planned, for a document nobody asked anything of yet.
    pub plan: Option<&'static str>,
    /// What a person asks.
    pub said: String,
    /// What was said before, oldest first: who, and what.
    pub talk: Vec<(String, String)>,
    /// What the document is made from.
    pub about: String,
    pub language: String,
    pub hear: Hear,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Revised {
    /// What is said to the person.
    pub answer: String,
    /// The changes, as RFC 6902 has them.
    pub ops: Value,
    pub document: Value,
}

#[derive(Debug, Clone)]
pub struct TextRequest {
    pub source: String,
    /// What kind of film it is to be, and for whom.
    pub guidance: String,
    /// The screenplay that is to be changed, if there is one.
    pub current: Option<String>,
    /// What a person said.
    pub feedback: Option<String>,
    pub title: String,
    pub language: String,
    pub mood: String,
    /// The approved beats, which the screenplay follows; empty where the words are somebody's already.
    pub outline: String,
    pub seconds: f64,
    /// Words a minute.
    pub pace: f64,
}

/// A moving picture of a panel. The offline house films its layers and is none of these.
pub trait Video: Send + Sync {
    /// A clip file.
    fn film(&self, request: &ClipRequest, hand: &Hand) -> Result<Vec<u8>>;
}

#[derive(Debug, Clone)]
pub struct ClipRequest {
    pub shot: Shot,
    /// The approved panel, a picture file.
    pub panel: Vec<u8>,
    pub format: Format,
    pub seed: u64,
}

/// A part of a picture painted anew. The offline house does it by its own pencil and is none of these.
pub trait Painter: Send + Sync {
    /// The whole picture, of the same size; only what the mask marks is used of it.
    fn paint(&self, request: &PaintRequest, hand: &Hand) -> Result<RgbImage>;
}

#[derive(Debug, Clone)]
pub struct PaintRequest {
    pub picture: RgbImage,
    pub mask: Mask,
    pub prompt: String,
    pub negative: String,
    pub seed: u64,
}

/// A spoken line.
pub trait Voice: Send + Sync {
    /// Stops early where the work is cancelled.
    fn speak(&self, request: &LineRequest, hand: &Hand) -> Result<Recording>;
}

/// Music and the sound of places.
pub trait Music: Send + Sync {
    fn score(&self, request: &ScoreRequest, hand: &Hand) -> Result<Vec<f32>>;
    /// A bed for stretches of places, over the whole film.
    fn ambience(&self, request: &AmbienceRequest) -> Result<Vec<f32>>;

    /// One sound, stereo, interleaved, 48 kHz.
    fn effect(&self, request: &EffectRequest) -> Result<Vec<f32>>;
}

/// Who fills which role in a run.
#[derive(Clone)]
pub struct Roles {
    pub image: Arc<dyn Image>,
    /// The house's own pencil, whoever draws: local, free, and asks nobody.
    pub pencil: Arc<dyn Image>,
    pub voice: Arc<dyn Voice>,
    /// The voice that lines are timed with: local and free, whoever speaks them in the end.
    pub scratch: Arc<dyn Voice>,
    /// Whoever writes, if it is not the house.
    pub text: Option<Arc<dyn Text>>,
    /// Whoever answers what a kind of film asks, if it is not a person.
    pub own: Option<Arc<dyn Text>>,
    /// Whoever paints over, if it is not the house.
    pub painter: Option<Arc<dyn Painter>>,
    /// Whoever films, if it is not the house.
    pub video: Option<Arc<dyn Video>>,
    pub music: Arc<dyn Music>,
    /// The provider's name by role, for the record.
    pub names: BTreeMap<String, String>,
}

impl Roles {
    pub fn name(&self, role: &str) -> &str {
        self.names.get(role).map_or("animatic", String::as_str)
    }
}

#[derive(Debug, Clone)]
pub struct PanelRequest {
    pub beat: BoardBeat,
    pub shot: Shot,
    pub references: Option<References>,
    pub mood: String,
    pub look: String,
    pub format: Format,
    /// The same for the same place in one film.
    pub place_seed: u64,
    pub seed: u64,
    /// Words of the beat's other shots: its weather, say.
    pub context: String,
    /// The time of day of the scene before, which goes on where the heading names none.
    pub time: String,
    /// The sheets of who and what is in it.
    pub shown: Vec<Shown>,
}

pub struct Panel {
    pub picture: Vec<u8>,
    /// PNG layers back to front: name, bytes.
    pub layers: Vec<(String, Vec<u8>)>,
    pub subject: Subject,
    /// What its maker has to say of it: things it could not show.
    pub remarks: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct LineRequest {
    pub line: Line,
    pub part: String,
    pub variant: u32,
    pub language: String,
    pub say: BTreeMap<String, String>,
}

pub struct Recording {
    /// Mono, 48 kHz.
    pub samples: Vec<f32>,
    pub engine: String,
    pub words_per_minute: u32,
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct ScoreRequest {
    pub mood: String,
    /// (role in the drama, seconds)
    pub sections: Vec<(SectionRole, f64)>,
    pub samples: usize,
    pub seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionRole {
    Opening,
    Body,
    Turn,
    Climax,
    Ending,
}

#[derive(Debug, Clone)]
pub struct AmbienceRequest {
    /// (place kind, interior, night, weather words, samples)
    pub stretches: Vec<Stretch>,
    pub seed: u64,
}

/// A sound at a moment: what the words ask for.
#[derive(Debug, Clone)]
pub struct EffectRequest {
    /// `foghorn`, `phone`: a kind of the lexicon's.
    pub kind: String,
    pub words: String,
    pub seed: u64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Stretch {
    pub place: String,
    pub interior: bool,
    pub night: bool,
    pub weather: String,
    pub samples: usize,
}
