//! `schema`: the JSON Schema of every file and of what `--json` prints, from the types themselves.

use super::Outcome;
use crate::diagnostic::{Exit, Failure, nearest};
use crate::engine::digest::Digest;
use crate::film::assets::Assets;
use crate::film::audio::Audio;
use crate::film::brand::Brand;
use crate::film::outline::Outline;
use crate::film::references::References;
use crate::film::sheet::RunSheet;
use crate::film::storyboard::Storyboard;
use crate::plan::gate::Decision;
use crate::store::format::{GateFile, Take, Version};
use crate::template::Template;
use anyhow::Result;
use schemars::{JsonSchema, Schema, schema_for};
use serde_json::{Value, json};

/// What `--json` prints for every command but `run`, which prints events.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is of use")]
struct Output {
    /// 1
    schema: u32,
    /// Null where the command line was not understood.
    command: Option<String>,
    /// Whether it exits with 0.
    ok: bool,
    /// Whether anything was changed.
    changed: bool,
    run: Option<String>,
    /// Depends on the command.
    result: Value,
    warnings: Vec<String>,
    error: Option<Error>,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is of use")]
struct Error {
    exit: u8,
    problems: Vec<ProblemOut>,
}

/// One thing that is wrong.
#[derive(JsonSchema)]
#[schemars(rename = "Problem")]
#[expect(dead_code, reason = "only its schema is of use")]
struct ProblemOut {
    message: String,
    /// `file:line:column`
    at: Option<String>,
    /// What to type next.
    hint: Option<String>,
}

/// A line of `run --json`. Other members depend on the event.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is of use")]
struct Event {
    event: EventName,
    /// Counts this stream's events.
    seq: u64,
    /// The journal line it comes after.
    journal: u64,
    /// RFC 3339, UTC.
    at: String,
    run: String,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is of use")]
enum EventName {
    #[schemars(rename = "run.started")]
    RunStarted,
    #[schemars(rename = "stage.started")]
    StageStarted,
    #[schemars(rename = "item.started")]
    ItemStarted,
    #[schemars(rename = "item.done")]
    ItemDone,
    #[schemars(rename = "item.failed")]
    ItemFailed,
    #[schemars(rename = "stage.completed")]
    StageCompleted,
    #[schemars(rename = "gate.opened")]
    GateOpened,
    #[schemars(rename = "gate.decided")]
    GateDecided,
    #[schemars(rename = "render.planned")]
    RenderPlanned,
    #[schemars(rename = "progress")]
    Progress,
    #[schemars(rename = "warning")]
    Warning,
    #[schemars(rename = "error")]
    Error,
    #[schemars(rename = "summary")]
    Summary,
}

type Maker = fn() -> Schema;

const SCHEMAS: [(&str, &str, Maker); 16] = [
    ("run", "run.yaml", || schema_for!(RunSheet)),
    ("outline", "outline.yaml", || schema_for!(Outline)),
    ("references", "references.yaml", || schema_for!(References)),
    ("storyboard", "storyboard.yaml", || schema_for!(Storyboard)),
    ("assets", "assets.yaml", || schema_for!(Assets)),
    ("audio", "audio.yaml", || schema_for!(Audio)),
    ("template", "templates/<name>.yaml", || {
        schema_for!(Template)
    }),
    ("brand", "brand/brand.yaml", || schema_for!(Brand)),
    ("gate", "gates/<stage>.json", || schema_for!(GateFile)),
    ("version", "versions/<stage>/<n>.yaml", || {
        schema_for!(Version)
    }),
    ("decision", "a decision in journal.jsonl", || {
        schema_for!(Decision)
    }),
    ("take", "a take in journal.jsonl", || schema_for!(Take)),
    ("patch", "a patch", crate::plan::patch::schema),
    ("status", "`result` of status --json", || {
        schema_for!(Digest)
    }),
    ("output", "what --json prints", || schema_for!(Output)),
    ("event", "a line of run --json", || schema_for!(Event)),
];

pub fn execute(name: Option<&str>) -> Result<Outcome> {
    let Some(name) = name else {
        let text: Vec<String> = SCHEMAS
            .iter()
            .map(|(name, of, _)| format!("{name:<12}{of}"))
            .collect();
        let list: Vec<Value> = SCHEMAS
            .iter()
            .map(|(name, of, _)| json!({"name": name, "of": of}))
            .collect();
        return Ok(Outcome::data(json!(list), text.join("\n")));
    };
    let names = || SCHEMAS.iter().map(|s| s.0);
    let Some((_, _, make)) = SCHEMAS.iter().find(|s| s.0 == name) else {
        let failure = Failure::new(Exit::NotFound, format!("there is no schema `{name}`"));
        return Err(match nearest(name, names()) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint(format!(
                "schemas are {}",
                names().collect::<Vec<_>>().join(", ")
            )),
        }
        .into());
    };
    let schema = make().to_value();
    let text = serde_json::to_string_pretty(&schema)?;
    Ok(Outcome::data(schema, text))
}
