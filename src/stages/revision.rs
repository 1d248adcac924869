//! A stage's document as a provider of words writes it: planned over the house's own draft, or changed as
//! a person asked. The answer is a take like any other, kept by what it was made from; the stage then
//! works with it as if the house had thought of it. Approved words pass by id: nobody retypes a line.

use super::{Crew, Desk, Made, WHOLE, Wanted, Work};
use crate::film::artifacts::Artifacts;
use crate::film::document;
use crate::film::outline::Outline;
use crate::film::references::References;
use crate::film::stage::Stage;
use crate::film::storyboard::Storyboard;
use crate::film::{assets::Assets, audio::Audio, validate};
use crate::plan::price::Measure;
use crate::providers::ask::Hear;
use crate::providers::author::{REPAIRS, most_tokens};
use crate::providers::roles::{Revised, Revision};
use crate::screenplay::fountain;
use crate::store::layout::Layout;
use anyhow::{Context, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The document as something that is made; no person, place, shot or cue has a name with a dash.
const ITEM: &str = "the-words";

/// What a provider is asked to write.
#[derive(Debug, Clone)]
pub(super) struct Order {
    stage: Stage,
    revision: Revision,
    asked: u64,
}

impl Order {
    /// What a person said of a document that is there; nothing where nobody said anything a provider
    /// should hear.
    pub(super) fn said<T: Serialize>(
        desk: &Desk<'_>,
        stage: Stage,
        current: &T,
    ) -> Result<Option<Order>> {
        match desk.said.filter(|_| desk.writes) {
            Some(said) => Order::new(desk, stage, current, None, said).map(Some),
            None => Ok(None),
        }
    }

    /// The house's own draft, to be thought through by whoever writes, if anybody does.
    pub(super) fn plan<T: Serialize>(
        desk: &Desk<'_>,
        stage: Stage,
        draft: &T,
    ) -> Result<Option<Order>> {
        let plan = match stage {
            Stage::Outline => "plan_outline",
            Stage::References => "plan_references",
            Stage::Storyboard => "plan_storyboard",
            _ => return Ok(None),
        };
        match desk.writes {
            true => Order::new(desk, stage, draft, Some(plan), "").map(Some),
            false => Ok(None),
        }
    }

    fn new<T: Serialize>(
        desk: &Desk<'_>,
        stage: Stage,
        document: &T,
        plan: Option<&'static str>,
        said: &str,
    ) -> Result<Order> {
        let film = &desk.run.film;
        Ok(Order {
            stage,
            revision: Revision {
                document: serde_json::to_value(document)?,
                schema: schema(stage),
                plan,
                said: said.to_owned(),
                talk: Vec::new(),
                about: about(stage, film),
                language: film.sheet.language.clone(),
                hear: Hear::default(),
            },
            asked: desk.run.salt(stage, WHOLE),
        })
    }

    pub(super) fn wanted(&self) -> Wanted {
        let r = &self.revision;
        let from = json!({
            "document": r.document, "plan": r.plan, "said": r.said, "about": r.about,
            "language": r.language, "asked": self.asked,
        });
        let (document, about) = (r.document.to_string(), r.about.len() as u64);
        let schema = r.schema.to_string().len() as u64;
        // As much as it can take: an answer that cannot be used is asked for again.
        let tries = REPAIRS + 1;
        let measure = Measure {
            input_tokens: tries * ((document.len() as u64 + about + schema) / 3 + 600),
            output_tokens: tries * most_tokens(&document),
            ..Measure::default()
        };
        let label = format!("the words of the {}", self.stage);
        Wanted::new(ITEM, from, None, label).billed("text", measure)
    }

    /// What was written, if it was.
    pub(super) fn written<T: DeserializeOwned>(&self, desk: &Desk<'_>) -> Result<Option<T>> {
        let wanted = self.wanted();
        let Some(take) = desk.run.ledger.made(self.stage, ITEM, &wanted.key) else {
            return Ok(None);
        };
        let file = Layout::take(self.stage, ITEM, take.take, "json");
        let bytes = crate::store::disk::read(&desk.run.layout.at(&file))?;
        let document = serde_json::from_slice(&bytes).with_context(|| file)?;
        Ok(Some(document))
    }

    pub(super) fn work(self, crew: &Crew) -> Result<Work> {
        let writer = crew.roles.text.clone().context("nobody writes")?;
        let provider = crew.roles.name("text").to_owned();
        Ok(Box::new(move |hand| {
            let before = self.revision.document.clone();
            let planned = self.revision.plan.is_some();
            let check = |after: &Value| problems(self.stage, &before, after, planned);
            let Revised {
                answer, document, ..
            } = writer.revise(&self.revision, hand, &check)?;
            Ok(Made {
                files: vec![("json".to_owned(), serde_json::to_vec_pretty(&document)?)],
                facts: json!({"answer": answer}),
                provider,
                warnings: Vec::new(),
            })
        }))
    }
}

/// Whether an item is a document's words.
pub(super) fn is_words(wanted: &Wanted) -> bool {
    wanted.item == ITEM
}

/// A conversation about a stage's document, which reads `text`: what a provider is asked with a message.
///
/// # Errors
/// The stage has no document yet, or none that is talked about.
pub fn talk(
    stage: Stage,
    film: &Artifacts,
    text: Option<&str>,
    said: &str,
    before: Vec<(String, String)>,
    hear: Hear,
) -> Result<Revision> {
    let document = match stage {
        Stage::Outline => film.outline.as_ref().map(serde_json::to_value),
        Stage::References => film.references.as_ref().map(serde_json::to_value),
        Stage::Storyboard => film.storyboard.as_ref().map(serde_json::to_value),
        Stage::Assets => film.assets.as_ref().map(serde_json::to_value),
        Stage::Audio => film.audio.as_ref().map(serde_json::to_value),
        // As it was written: notes and spacing are a person's too.
        Stage::Script => text.map(|text| Ok(json!({"fountain": text}))),
        Stage::Own => text.map(|text| Ok(json!({"text": text}))),
        Stage::Render => None,
    };
    Ok(Revision {
        document: document.context("there is nothing to talk about yet")??,
        schema: schema(stage),
        plan: None,
        said: said.to_owned(),
        talk: before,
        about: about(stage, film),
        language: film.sheet.language.clone(),
        hear,
    })
}

fn schema(stage: Stage) -> Value {
    match stage {
        Stage::Outline => schemars::schema_for!(Outline).to_value(),
        Stage::References => schemars::schema_for!(References).to_value(),
        Stage::Storyboard => schemars::schema_for!(Storyboard).to_value(),
        Stage::Assets => schemars::schema_for!(Assets).to_value(),
        Stage::Audio => schemars::schema_for!(Audio).to_value(),
        Stage::Script => {
            json!({"type": "object", "properties": {"fountain": {"type": "string", "description": "a screenplay in Fountain"}}})
        }
        Stage::Own => {
            json!({"type": "object", "properties": {"text": {"type": "string", "description": "Markdown"}}})
        }
        Stage::Render => Value::Null,
    }
}

/// What the document is made from, as much as a model has room for.
fn about(stage: Stage, film: &Artifacts) -> String {
    const MOST: usize = 24_000;
    let text = match stage {
        Stage::Outline | Stage::Script => film.source.clone(),
        Stage::Own | Stage::References | Stage::Storyboard => {
            (film.script.as_ref()).map_or_else(String::new, fountain::write)
        }
        _ => String::new(),
    };
    match text.char_indices().nth(MOST) {
        Some((at, _)) => text[..at].to_owned(),
        None => text,
    }
}

/// What is wrong with a document that became of another: what does not fit its form, and words that were
/// approved and are not the same any more.
pub fn problems(stage: Stage, before: &Value, after: &Value, planned: bool) -> Vec<String> {
    match stage {
        Stage::Own => match after["text"].as_str().map(str::trim) {
            None | Some("") => vec!["it has no `text`".to_owned()],
            Some(_) => Vec::new(),
        },
        Stage::Outline => fits(after, validate::outline, |_: &Outline| Vec::new()),
        Stage::References => fits(after, validate::references, |now: &References| {
            let names = |r: &References| -> Vec<String> {
                let cast = r.cast.iter().map(|p| format!("{} {:?}", p.id, p.voice));
                cast.chain(r.places.iter().map(|p| p.id.to_string()))
                    .collect()
            };
            let then: Option<References> = serde_json::from_value(before.clone()).ok();
            match then.filter(|then| planned && names(then) != names(now)) {
                Some(_) => {
                    vec![
                        "who and what is in it, their ids and their voices stay as they are"
                            .to_owned(),
                    ]
                }
                None => Vec::new(),
            }
        }),
        Stage::Storyboard => fits(after, validate::storyboard, |now: &Storyboard| {
            let lines = |b: &Storyboard| -> Vec<String> {
                let lines = b.shots().flat_map(|(_, s)| &s.lines);
                lines
                    .map(|l| {
                        let id = l.id.as_ref().map_or("", |id| id.as_str());
                        format!("{id} {}: {}", l.speaker, l.text)
                    })
                    .collect()
            };
            let then: Option<Storyboard> = serde_json::from_value(before.clone()).ok();
            let kept = |l: &String, then: &Storyboard| lines(then).contains(l);
            match then {
                Some(then) if planned && lines(&then) != lines(now) => vec![
                    "every line stays, word for word, in its order; only the shot it lies in may change"
                        .to_owned(),
                ],
                Some(then) => (lines(now).iter().filter(|l| !kept(l, &then)))
                    .map(|l| format!("`{l}` is no line of the script; words are changed there"))
                    .collect(),
                None => Vec::new(),
            }
        }),
        Stage::Assets => fits(after, validate::assets, |_: &Assets| Vec::new()),
        Stage::Audio => fits(after, validate::audio, |_: &Audio| Vec::new()),
        Stage::Script => match after["fountain"].as_str() {
            Some(text) => super::script::problems(text),
            None => vec!["the screenplay is gone".to_owned()],
        },
        Stage::Render => Vec::new(),
    }
}

fn fits<T: Serialize + DeserializeOwned>(
    value: &Value,
    valid: fn(&T, &str) -> Vec<crate::diagnostic::Problem>,
    rules: impl FnOnce(&T) -> Vec<String>,
) -> Vec<String> {
    let typed: T = match serde_json::from_value(value.clone()) {
        Ok(typed) => typed,
        Err(e) => return vec![e.to_string()],
    };
    let text = document::write(&typed).unwrap_or_default();
    let mut out: Vec<String> = valid(&typed, &text)
        .into_iter()
        .map(|p| p.message)
        .collect();
    out.extend(rules(&typed));
    out
}
