//! The fields of a template: what a person is asked for, and whether what they say fits.

use crate::diagnostic::{Problem, nearest};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One line.
    Line,
    /// One or more paragraphs.
    Text,
    /// A list, an entry a line.
    Lines,
    Number,
    /// `2026-11-26`.
    Date,
    /// One of `of`.
    Choice,
    /// A PNG or JPEG file.
    Picture,
    /// Files, a line each: text, Markdown, PDF or DOCX.
    Documents,
}

impl Kind {
    pub fn words(self) -> &'static str {
        match self {
            Kind::Line => "one line",
            Kind::Text => "a text",
            Kind::Lines => "a list, an entry a line",
            Kind::Number => "a number",
            Kind::Date => "a day, as 2026-11-26",
            Kind::Choice => "one of several",
            Kind::Picture => "a picture file (PNG, JPEG)",
            Kind::Documents => "document files (text, Markdown, PDF, DOCX), a line each",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    #[serde(rename = "type")]
    pub kind: Kind,
    #[serde(default)]
    pub required: bool,
    /// What it is, for whoever is asked.
    pub about: String,
    #[serde(default)]
    pub example: String,
    /// What it is where nothing is said.
    #[serde(default)]
    pub default: Option<String>,
    /// Characters, or the number itself.
    #[serde(default)]
    pub least: Option<f64>,
    #[serde(default)]
    pub most: Option<f64>,
    /// What a choice chooses from.
    #[serde(default, alias = "one_of")]
    pub of: Vec<String>,
}

/// Characters of a field that says nothing about its length.
const MOST_LINE: f64 = 300.0;
const MOST_TEXT: f64 = 20_000.0;

impl Field {
    /// What is wrong with a value, in words that follow the field's name.
    pub fn fault(&self, value: &str) -> Option<String> {
        let text = value.trim();
        if text.is_empty() {
            return Some("is empty".to_owned());
        }
        if text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t')
        {
            return Some("holds a control character".to_owned());
        }
        let least = self.least.unwrap_or(0.0);
        match self.kind {
            Kind::Number => {
                let Ok(number) = text.parse::<f64>() else {
                    return Some(format!("is a number, not `{}`", short(text)));
                };
                let most = self.most.unwrap_or(1e12);
                if !(least..=most).contains(&number) {
                    return Some(format!("lies between {least} and {most}, not {number}"));
                }
            }
            Kind::Date => {
                if text.parse::<jiff::civil::Date>().is_err() {
                    return Some(format!(
                        "is a day such as 2026-11-26, not `{}`",
                        short(text)
                    ));
                }
            }
            Kind::Choice => {
                if !self.of.iter().any(|o| o == text) {
                    let near = nearest(text, self.of.iter().map(String::as_str));
                    let near = near.map_or(String::new(), |n| format!("; did you mean `{n}`?"));
                    return Some(format!(
                        "is one of {}, not `{}`{near}",
                        self.of.join(", "),
                        short(text)
                    ));
                }
            }
            Kind::Line | Kind::Text | Kind::Lines if !text.chars().any(char::is_alphanumeric) => {
                return Some("holds no words".to_owned());
            }
            Kind::Line if text.lines().count() > 1 => {
                return Some("is one line".to_owned());
            }
            Kind::Line | Kind::Text | Kind::Lines => {
                let usual = if self.kind == Kind::Line {
                    MOST_LINE
                } else {
                    MOST_TEXT
                };
                let most = self.most.unwrap_or(usual);
                let length = text.chars().count();
                if length as f64 > most || (length as f64) < least {
                    return Some(format!(
                        "has {length} characters; {} to {most} are wanted",
                        least.max(1.0)
                    ));
                }
            }
            Kind::Picture | Kind::Documents => {}
        }
        None
    }

    /// A line that explains it.
    pub fn explained(&self, name: &str) -> String {
        let must = if self.required {
            "required"
        } else {
            "optional"
        };
        let limits = match (self.kind, self.least, self.most) {
            (Kind::Choice, ..) => format!(": {}", self.of.join(", ")),
            (_, None, None) => String::new(),
            (Kind::Number, least, most) => format!(
                ", {} to {}",
                least.unwrap_or(0.0),
                most.map_or("any".to_owned(), |m| m.to_string())
            ),
            (_, least, most) => format!(
                ", {} to {} characters",
                least.unwrap_or(1.0),
                most.map_or("any number of".to_owned(), |m| m.to_string())
            ),
        };
        let default = (self.default.as_ref()).map_or(String::new(), |d| format!("; else {d}"));
        let example = match self.example.trim() {
            "" => String::new(),
            example => format!("\n      e.g. {}", short(example)),
        };
        format!(
            "  {name} ({must}; {}{limits}{default})\n      {}{example}",
            self.kind.words(),
            self.about
        )
    }
}

/// What a person said, checked against the fields of a template: every fault at once.
pub fn faults(fields: &BTreeMap<String, Field>, said: &BTreeMap<String, String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, value) in said {
        match fields.get(name) {
            None => {
                let problem = Problem::new(format!("the template has no field `{name}`"));
                let near = nearest(name, fields.keys().map(String::as_str));
                problems.push(match near {
                    Some(near) => problem.hint(format!("did you mean `{near}`?")),
                    None => problem.hint("`greenlight template show NAME` lists its fields"),
                });
            }
            Some(field) => {
                if let Some(fault) = field.fault(value) {
                    problems.push(Problem::new(format!("`{name}` {fault}")));
                }
            }
        }
    }
    for (name, field) in fields {
        if field.required && !said.contains_key(name) {
            let example = match field.example.trim() {
                "" => field.about.clone(),
                example => format!("--set {name}=\"{}\"", short(example)),
            };
            problems
                .push(Problem::new(format!("`{name}` is missing: {}", field.about)).hint(example));
        }
    }
    problems
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 90 {
        format!("{}…", line.chars().take(89).collect::<String>())
    } else {
        line
    }
}
