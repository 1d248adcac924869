//! What was asked: the job sheet of a run.

use super::format::Format;
use super::ids::RunId;
use super::stage::Stage;
use super::time::{Instant, Rate};
use super::way::Way;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `run.yaml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunSheet {
    pub schema: u32,
    pub id: RunId,
    pub title: String,
    pub template: String,
    pub created_at: Instant,
    pub source: Source,
    /// The first is the master; the others re-frame it.
    pub formats: Vec<Format>,
    pub fps: Rate,
    /// BCP 47, `en`, `de`, `pt-BR`.
    pub language: String,
    /// The language of the film this one is a translation of: its words are put into `language`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translated_from: Option<String>,
    pub captions: Captions,
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Wanted length of the whole film; none keeps the lengths the text needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// Whether prose is rewritten for the ear before it is told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rewrite: bool,
    /// The narrator's voice, by casting part: `narrator`, `woman`, `old_man`…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
    /// Provider of a role, where it differs from the configuration.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub providers: BTreeMap<String, String>,
    /// Decimal, in the currency of the configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<Stage>,
    /// The stages in the order of the film's kind, where that is not the usual one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<Stage>,
    pub seed: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Relative to the run folder.
    pub file: String,
    pub form: SourceForm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceForm {
    Fountain,
    ShotList,
    Prose,
    Brief,
    /// The fields of the sheet, by the scenes of the template; the file holds the text of the documents among them.
    Fields,
}

impl SourceForm {
    pub fn words(self) -> &'static str {
        match self {
            SourceForm::Fountain => "a Fountain screenplay",
            SourceForm::ShotList => "a shot list",
            SourceForm::Prose => "free prose",
            SourceForm::Brief => "a brief",
            SourceForm::Fields => "the template's fields",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Captions {
    Burned,
    Soft,
    Sidecar,
    Off,
}

impl Captions {
    pub fn parse(text: &str) -> Option<Captions> {
        match text {
            "burned" => Some(Captions::Burned),
            "soft" => Some(Captions::Soft),
            "sidecar" => Some(Captions::Sidecar),
            "off" => Some(Captions::Off),
            _ => None,
        }
    }
}

impl RunSheet {
    /// The stages this film goes through. An order that cannot be, in a sheet that was changed by hand, is the usual
    /// one: [`validate`](super::validate) says so.
    pub fn way(&self) -> Way {
        let own = self.order.contains(&Stage::Own);
        Way::new(&self.order, own).unwrap_or_default()
    }

    /// Whether the film goes without a stage.
    pub fn leaves_out(&self, stage: Stage) -> bool {
        self.skip.contains(&stage) || !self.way().has(stage)
    }

    /// The format the panels are composed for.
    pub fn master(&self) -> Format {
        self.formats.first().copied().unwrap_or(Format::WIDE)
    }
}
