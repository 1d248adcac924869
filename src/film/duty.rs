//! Duties of a kind of film: what it must say, show and leave out, as its template lists them. Each is a rule
//! that can be measured, with the source it comes from; what is measured is in `plan::duties`.

use super::stage::Stage;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One duty of a template.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Its name, for whoever passes it over: `safety_spoken`.
    pub id: String,
    #[serde(with = "serde_yaml::with::singleton_map")]
    #[schemars(with = "Rule")]
    pub rule: Rule,
    /// Where it comes from: a law, a code, a house rule.
    pub source: String,
    /// Only where this field is given.
    #[serde(default)]
    pub when: Option<String>,
    /// Not where a field has one of these values: `{ kind: [reminder] }`.
    #[serde(default)]
    pub unless: std::collections::BTreeMap<String, Vec<String>>,
}

/// What can be measured. Fields are named by their ids, beats by theirs.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A field is given.
    Given { field: String },
    /// Every sentence of a field is spoken, word for word, and heard.
    Says { field: String },
    /// One of these texts stands on the screen: on a picture, a card or a lower third, word for word.
    Shows { text: String },
    /// Wherever `of` is first named, `with` is named in the same breath.
    FirstMention { of: String, with: String },
    /// These beats are there, in this order.
    Order { beats: Vec<String> },
    /// Every spoken sentence stands in one of these fields or documents.
    Traceable { fields: Vec<String> },
    /// Every figure that is spoken or shown stands in a field or document.
    Figures,
    /// A sentence with one of these words stands in a field or document.
    Claims { words: Vec<String> },
    /// None of these words is spoken or shown.
    Never { words: Vec<String> },
    /// Captions are part of the picture.
    BurnedCaptions,
    /// The first format is one of these: wide, vertical, square.
    Format { one_of: Vec<String> },
    /// The film lasts from `least` to `most` seconds.
    Lasts { least: f64, most: f64 },
    /// Somebody speaks, or words stand on the picture, within so many seconds of the first shot.
    Hook { within: f64 },
    /// The beats of risk last at least this part of the time the beats of benefit last.
    Balance {
        risk: Vec<String>,
        benefit: Vec<String>,
        least: f64,
    },
    /// The words of a field are spoken no faster than the rest (by more than a tenth), as loud (within one unit),
    /// on screen while they are spoken, over pictures that stand at least two seconds, with music that does not swell.
    MajorStatement { field: String },
    /// Words on screen are large enough and stand long enough to be read.
    Legible,
    /// A film to this audience is decided on by a person outside of these markets.
    Market {
        audience: String,
        value: String,
        market: String,
        only_in: Vec<String>,
    },
}

impl Rule {
    /// The stages at whose gates it is measured: as early as it can be, and on the finished film.
    pub fn stages(&self) -> &'static [Stage] {
        match self {
            Rule::Given { .. }
            | Rule::Says { .. }
            | Rule::Traceable { .. }
            | Rule::Figures
            | Rule::Claims { .. }
            | Rule::Never { .. }
            | Rule::FirstMention { .. }
            | Rule::Order { .. } => &[
                Stage::Script,
                Stage::Storyboard,
                Stage::Audio,
                Stage::Render,
            ],
            Rule::Shows { .. }
            | Rule::Market { .. }
            | Rule::Format { .. }
            | Rule::BurnedCaptions => &[Stage::Script, Stage::Storyboard, Stage::Render],
            Rule::Lasts { .. } | Rule::Hook { .. } | Rule::Balance { .. } => {
                &[Stage::Storyboard, Stage::Audio, Stage::Render]
            }
            Rule::MajorStatement { .. } | Rule::Legible => &[Stage::Audio, Stage::Render],
        }
    }

    /// What is wrong with it in itself.
    pub fn fault(&self) -> Option<String> {
        match self {
            Rule::Lasts { least, most } if least > most => {
                Some(format!("wants at least {least} and at most {most} seconds"))
            }
            Rule::Format { one_of }
                if one_of.is_empty()
                    || one_of
                        .iter()
                        .any(|f| !["wide", "vertical", "square"].contains(&f.as_str())) =>
            {
                Some("wants a format of wide, vertical, square".to_owned())
            }
            Rule::Never { words } | Rule::Claims { words } if words.is_empty() => {
                Some("names no words".to_owned())
            }
            _ => None,
        }
    }

    /// Fields it names.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Rule::Given { field } | Rule::Says { field } | Rule::MajorStatement { field } => {
                vec![field]
            }
            Rule::FirstMention { of, with } => vec![of, with],
            Rule::Traceable { fields } => fields.iter().map(String::as_str).collect(),
            Rule::Market {
                audience, market, ..
            } => vec![audience, market],
            _ => Vec::new(),
        }
    }

    /// Beats it names.
    pub fn beats(&self) -> Vec<&str> {
        match self {
            Rule::Order { beats } => beats.iter().map(String::as_str).collect(),
            Rule::Balance { risk, benefit, .. } => {
                risk.iter().chain(benefit).map(String::as_str).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// A duty that is not met.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Breach {
    /// The duty's id.
    pub duty: String,
    /// The file, line or shot it is about.
    pub at: String,
    pub what: String,
    pub source: String,
}

impl Breach {
    /// What somebody takes on themselves: this breach, wherever it stands, and no other of its duty.
    pub fn key(&self) -> String {
        format!("{}: {}", self.duty, self.what)
    }

    /// One line for a person.
    pub fn line(&self) -> String {
        let at = if self.at.is_empty() {
            String::new()
        } else {
            format!("{}: ", self.at)
        };
        format!("{at}{} [{}; {}]", self.what, self.duty, self.source)
    }
}
