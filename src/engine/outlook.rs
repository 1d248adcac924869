//! What a run would make next, why, and at what price; and why a file is as it is.

use super::gatekeeper;
use super::studio::Studio;
use super::survey::Survey;
use crate::film::stage::Stage;
use crate::plan::gate::Verdict;
use crate::plan::money::Money;
use crate::plan::projection::FILM;
use crate::plan::status::State;
use crate::stages::{self, Wanted};
use crate::store::disk;
use crate::store::format::{Take, VersionKind};
use crate::store::layout::Layout;
use anyhow::Result;
use serde::Serialize;
use serde_json::Value;

/// A stage that would be made.
#[derive(Debug, Serialize)]
pub struct Coming {
    pub stage: Stage,
    pub state: State,
    pub why: String,
    pub items: Vec<ComingItem>,
    /// What becomes of it at its gate: `opens`, `policy`, or the seconds of its timer.
    pub gate: String,
    pub price: String,
}

#[derive(Debug, Serialize)]
pub struct ComingItem {
    pub item: String,
    pub label: String,
    pub why: String,
    /// The names of what changed since the last take, where that is the reason.
    pub changed: Vec<String>,
    pub provider: String,
    pub price: String,
}

/// Lists what `run` would make, in order. Stages behind one that must be made are named, and their
/// items are only known once that is there.
pub fn coming(studio: &Studio) -> Vec<Coming> {
    let survey = Survey::take(studio);
    let way = studio.run.film.sheet.way();
    let mut out: Vec<Coming> = Vec::new();
    for (state, facts) in survey.states.iter().zip(&survey.facts) {
        let stage = state.stage;
        let said = studio.run.ledger.unanswered(stage);
        let behind = out.iter().any(|c| way.leads(c.stage, stage));
        let why = match (state.state, &said) {
            (State::Approved | State::Skipped, None) if !behind => continue,
            (State::Open, None) if !behind => "it waits for a decision first".to_owned(),
            (State::Invalid | State::Conflict, _) => {
                format!("it is {} and must be put right first", state.state.name())
            }
            (State::Rejected, None) => "it is rejected: ask for it again".to_owned(),
            (_, Some(text)) => format!("after “{text}”"),
            (State::Stale, _) if !facts.changed.is_empty() => {
                format!("changed: {}", facts.changed.join(", "))
            }
            (State::Failed, _) => state.reason.clone().unwrap_or_default(),
            _ if facts.version.is_none() => "not made yet".to_owned(),
            _ if !facts.todo.is_empty() => "not whole".to_owned(),
            _ if behind => "if what it reads comes out otherwise".to_owned(),
            _ => "what it is made from changed".to_owned(),
        };
        let items = match (behind, state.state) {
            (true, _) | (_, State::Blocked | State::Open | State::Invalid) => Vec::new(),
            _ => items(studio, stage),
        };
        let policy = studio.policy(stage);
        out.push(Coming {
            stage,
            state: state.state,
            why,
            items,
            gate: match (
                gatekeeper::waits_here(studio, stage),
                policy
                    .timer()
                    .filter(|_| !gatekeeper::waits_for_a_person(studio, stage)),
            ) {
                (false, _) => "approved by policy".to_owned(),
                (true, None) => "waits for a decision".to_owned(),
                (true, Some(s)) => format!("waits for a decision, at most {s} s"),
            },
            price: studio
                .price_to_make(
                    stage,
                    &stages::todo(stage, &studio.desk(&[])).unwrap_or_default(),
                )
                .to_string(),
        });
    }
    out
}

fn items(studio: &Studio, stage: Stage) -> Vec<ComingItem> {
    let desk = studio.desk(&[]);
    stages::todo(stage, &desk)
        .unwrap_or_default()
        .into_iter()
        .map(|wanted| {
            let changed = last_take(studio, stage, &wanted)
                .and_then(|take| read_from(studio, take))
                .map(|then| differing(&then, &wanted.from))
                .unwrap_or_default();
            let missing = wanted
                .file
                .as_ref()
                .is_some_and(|f| !studio.run.files.contains_key(f));
            let again = changed.iter().any(|c| c == "asked");
            let price = studio.price_to_make(stage, std::slice::from_ref(&wanted));
            // It waits for the others of its stage.
            let made = price == Money::ZERO && studio.price_of(&wanted) > Money::ZERO;
            ComingItem {
                why: match (missing, changed.is_empty(), again) {
                    _ if made => "made, and not kept yet".to_owned(),
                    (_, false, true) => "asked for again".to_owned(),
                    (_, false, false) => format!("changed: {}", changed.join(", ")),
                    (true, ..) => "not there".to_owned(),
                    _ => "made from something else".to_owned(),
                },
                provider: studio.maker_of(stage, &wanted).to_owned(),
                price: price.to_string(),
                item: wanted.item,
                label: wanted.label,
                changed,
            }
        })
        .collect()
}

fn last_take<'a>(studio: &'a Studio, stage: Stage, wanted: &Wanted) -> Option<&'a Take> {
    let takes = studio.run.ledger.takes.get(&(stage, wanted.item.clone()))?;
    takes.last()
}

/// What a take was made from, as it was kept beside it.
fn read_from(studio: &Studio, take: &Take) -> Option<Value> {
    let relative = Layout::take(take.stage, &take.item, take.take, "from.json");
    let bytes = disk::read(&studio.run.layout.at(&relative)).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Names of what differs between two descriptions of what something is made from.
fn differing(then: &Value, now: &Value) -> Vec<String> {
    let (Some(then), Some(now)) = (then.as_object(), now.as_object()) else {
        return Vec::new();
    };
    let mut names: Vec<&String> = then.keys().collect();
    names.extend(now.keys().filter(|k| !then.contains_key(*k)));
    names
        .into_iter()
        .filter(|k| then.get(*k) != now.get(*k))
        .cloned()
        .collect()
}

/// Everything that explains a file.
#[derive(Debug, Serialize)]
pub struct Explained {
    pub file: String,
    pub stage: Stage,
    pub item: Option<String>,
    /// Who made these very bytes: the studio, or somebody by name.
    pub made_by: String,
    pub kind: Option<VersionKind>,
    /// The version these bytes came with, and when.
    pub version: Option<u32>,
    pub at: Option<String>,
    pub feedback: Option<String>,
    pub patch: Option<Value>,
    pub take: Option<u32>,
    pub provider: Option<String>,
    /// What it was made from: prompt, size, seed and so on.
    pub made_from: Option<Value>,
    /// Which of those are different now.
    pub changed_since: Vec<String>,
    pub price: String,
    /// The stage's decision on what lies there now.
    pub approval: Option<Value>,
    /// Changes by hand: version, by whom, when.
    pub edits: Vec<Value>,
    pub depends_on: Vec<String>,
    pub needed_by: Vec<String>,
    /// Which words of a shot made what of its picture, where the house drew it.
    pub understood: Vec<Value>,
    /// Words of it that the house did not understand.
    pub not_understood: Vec<String>,
}

/// Explains a file of the run, named by its path in the run folder.
pub fn explain(studio: &Studio, file: &str) -> Result<Option<Explained>> {
    let run = &studio.run;
    let owner = Stage::ALL.into_iter().find(|stage| {
        stage.document() == Some(file)
            || stage
                .folder()
                .is_some_and(|folder| file.starts_with(&format!("{folder}/")))
    });
    let (Some(stage), true) = (owner, run.layout.at(file).is_file()) else {
        return Ok(None);
    };
    let hash = disk::hash_file(&run.layout.at(file))?;
    let desk = studio.desk(&[]);
    let wanted = stages::wanted(stage, &desk)
        .unwrap_or_default()
        .into_iter()
        .find(|w| w.file.as_deref() == Some(file));
    let item = match (&wanted, stage) {
        (Some(w), _) => Some(w.item.clone()),
        // What the camera films belongs to its shot.
        (None, Stage::Assets) => file
            .strip_prefix("assets/")
            .and_then(|f| f.split('.').next())
            .map(str::to_owned),
        _ => None,
    };
    let source = if stage == Stage::Assets {
        Stage::Storyboard
    } else {
        stage
    };
    let take = item.as_ref().and_then(|item| {
        let takes = run.ledger.takes.get(&(source, item.clone()))?;
        takes
            .iter()
            .rev()
            .find(|t| t.files.values().any(|h| *h == hash))
    });
    let versions = run.ledger.versions.get(&stage).into_iter().flatten();
    let holding: Vec<_> = versions
        .filter(|(_, _, v)| v.files.get(file) == Some(&hash))
        .collect();
    let came = holding.first();
    let by_hand = came.is_some_and(|(_, _, v)| v.kind == VersionKind::Edited) && take.is_none();
    let made_from = take.and_then(|t| read_from(studio, t));
    let changed_since = match (&made_from, &wanted) {
        (Some(then), Some(w)) => differing(then, &w.from),
        _ => Vec::new(),
    };
    let subject = run.subject(stage);
    let approval = subject.and_then(|(subject, _)| {
        let (at, d) = run.ledger.decision(&subject)?;
        Some(serde_json::json!({
            "decision": d.decision, "by": d.by, "at": at, "note": d.note, "pinned": d.pinned,
            "auto_approved": d.auto_approved, "grant": d.grant,
            "approved": d.decision == Verdict::Approve,
        }))
    });
    let edits = run
        .ledger
        .versions
        .get(&stage)
        .into_iter()
        .flatten()
        .filter(|(_, _, v)| v.kind == VersionKind::Edited && v.notes.iter().any(|n| n == file))
        .map(|(_, at, v)| serde_json::json!({"version": v.version, "by": v.by, "at": at}))
        .collect();
    let drawn_here = matches!(stage, Stage::Storyboard | Stage::Assets)
        && studio.provider_of(stage) == "animatic";
    let (understood, not_understood) = item
        .as_deref()
        .filter(|_| drawn_here)
        .and_then(|shot| stages::storyboard::readings(&studio.run.film, shot))
        .unwrap_or_default();
    Ok(Some(Explained {
        understood,
        not_understood,
        file: file.to_owned(),
        stage,
        made_by: match (by_hand, take, came) {
            (true, _, Some((_, _, v))) => v.by.clone(),
            (_, Some(t), _) => t.provider.clone(),
            (_, None, Some((_, _, v))) if v.by != "system" => v.by.clone(),
            (_, None, Some(_)) => studio.provider_of(stage).to_owned(),
            (_, None, None) => "somebody, just now".to_owned(),
        },
        kind: came.map(|(_, _, v)| v.kind),
        version: came.map(|(_, _, v)| v.version),
        at: came.map(|(_, at, _)| at.to_string()),
        feedback: came.and_then(|(_, _, v)| v.feedback.clone()),
        patch: came.and_then(|(_, _, v)| v.patch.clone()),
        take: take.map(|t| t.take),
        provider: take.map(|t| t.provider.clone()),
        made_from,
        changed_since,
        price: came.map_or_else(|| "0.00".to_owned(), |(_, _, v)| v.cost.clone()),
        approval,
        edits,
        depends_on: depends_on(studio, stage, item.as_deref()),
        needed_by: needed_by(studio, stage, item.as_deref(), file),
        item,
    }))
}

fn depends_on(studio: &Studio, stage: Stage, item: Option<&str>) -> Vec<String> {
    let film = &studio.run.film;
    let mut out: Vec<String> = Vec::new();
    match (stage, item) {
        (Stage::Outline, _) => out.push(film.sheet.source.file.clone()),
        (Stage::Assets, Some(shot)) => {
            out.push("storyboard.yaml".to_owned());
            out.push(format!("storyboard/{shot}.png"));
        }
        (Stage::References | Stage::Storyboard | Stage::Audio, Some(_)) => {
            out.extend(stage.document().map(str::to_owned));
            if stage != Stage::References {
                out.push("references.yaml".to_owned());
            }
        }
        _ => out.extend(
            stage
                .upstream()
                .iter()
                .filter_map(|s| s.document())
                .map(str::to_owned),
        ),
    }
    if stage == Stage::Outline || stage == Stage::References {
        out.push("run.yaml".to_owned());
    }
    out
}

fn needed_by(studio: &Studio, stage: Stage, item: Option<&str>, file: &str) -> Vec<String> {
    let run = &studio.run;
    let mut out: Vec<String> = Vec::new();
    match (stage, item) {
        (Stage::Storyboard, Some(shot)) => {
            let own = format!("assets/{shot}.");
            out.extend(run.files.keys().filter(|n| n.starts_with(&own)).cloned());
            out.push(FILM.to_owned());
        }
        (Stage::References, Some(id)) => {
            if let Some(board) = &run.film.storyboard {
                for (_, shot) in board.shots() {
                    let cast = shot.cast.iter().any(|c| c.as_str() == id);
                    let here = shot.place.as_ref().is_some_and(|p| p.as_str() == id);
                    if cast || here {
                        out.push(format!("storyboard/{}.png", shot.name()));
                    }
                }
            }
        }
        (Stage::Assets | Stage::Audio, Some(_)) => out.push(FILM.to_owned()),
        (Stage::Render, _) => {}
        _ => {
            let way = run.film.sheet.way();
            for later in Stage::ALL.into_iter().filter(|s| way.leads(stage, *s)) {
                out.extend(later.document().map(str::to_owned));
            }
            if Some(file) == stage.document() {
                out.extend(
                    run.names(stage)
                        .into_iter()
                        .filter(|n| n != file && stage != Stage::Assets),
                );
            }
            out.push(FILM.to_owned());
        }
    }
    out.retain(|name| run.layout.at(name).exists());
    out.dedup();
    out
}
