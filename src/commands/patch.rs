//! `patch`: words, lengths and levels changed by a file, whole or not at all.

use super::{Desk, Outcome};
use crate::cli::{PatchAction, PatchApply, PatchCommand};
use crate::diagnostic::{Exit, Failure};
use crate::engine::patching::{self, Applied, Terms};
use crate::plan::patch::{self, Patch};
use crate::store::disk;
use anyhow::Result;
use serde_json::json;
use std::io::Read as _;
use std::path::Path;

/// A patch, and the JSON it was read from.
pub type Read = (Patch, serde_json::Value);

/// Reads a patch from a file or stdin.
pub fn read(file: &str) -> Result<Read> {
    let (bytes, name) = if file == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(patch::MOST_BYTES as u64 + 1)
            .read_to_end(&mut bytes)?;
        (bytes, "standard input")
    } else {
        if !Path::new(file).is_file() {
            return Err(Failure::new(Exit::NotFound, "there is no such patch file")
                .at(file, 0, 0)
                .hint("name a JSON file, or `-` for standard input")
                .into());
        }
        (disk::read(Path::new(file))?, file)
    };
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::new(Exit::Invalid, "a patch is UTF-8 JSON").at(name, 0, 0))?;
    parse(&text, name)
}

/// Reads a patch that was typed.
pub(super) fn parse(text: &str, name: &str) -> Result<Read> {
    let parsed = patch::parse(text, name)?;
    Ok((parsed, serde_json::from_str(text)?))
}

pub fn execute(desk: &Desk, command: PatchCommand) -> Result<Outcome> {
    match command.action {
        Some(PatchAction::Types) => {
            let text: Vec<String> = patch::TYPES
                .iter()
                .map(|(name, does, example)| format!("{name}: {does}\n  {example}"))
                .collect();
            let list: Vec<serde_json::Value> = patch::TYPES
                .iter()
                .map(|(name, does, example)| json!({"type": name, "does": does, "example": serde_json::from_str::<serde_json::Value>(example).unwrap_or_default()}))
                .collect();
            Ok(Outcome::data(json!(list), text.join("\n")))
        }
        Some(PatchAction::Apply(args)) => run(desk, args, false),
        Some(PatchAction::Check(args)) => run(desk, args, true),
        None => run(desk, command.apply, false),
    }
}

fn run(desk: &Desk, args: PatchApply, check: bool) -> Result<Outcome> {
    let Some((file, names)) = args.names.split_last() else {
        return Err(
            Failure::new(Exit::Usage, "name a patch file, or `-` for standard input")
                .hint("`greenlight patch types` shows what can be in it")
                .into(),
        );
    };
    let (patch, json) = read(file)?;
    let (name, stage) = desk.names(names)?;
    let mut studio = desk.studio(name)?;
    let terms = Terms {
        dry_run: args.dry_run || check,
        expect_result: args.expect_result,
        rebase: args.rebase,
    };
    let (applied, _) = patching::apply(&mut studio, stage, &patch, &json, &terms, None)?;
    let stage = applied.stage;
    for line in &applied.report {
        desk.printer.say(line);
    }
    let id = studio.run.id().to_owned();
    if applied.changed {
        desk.printer.say(&format!(
            "{stage} is patched; its gate is open again: greenlight gate approve {id} {stage} --run"
        ));
    }
    let price = studio.price_ahead().to_string();
    let text = if terms.dry_run {
        consequences(&applied, &price)
    } else {
        String::new()
    };
    Ok(Outcome::data(
        json!({
            "stage": stage, "type": patch.type_name(), "base": applied.base, "content_fp": applied.result,
            "version": applied.version, "report": applied.report, "diff": applied.diff, "dry_run": terms.dry_run,
            "reopens": applied.reopens, "stale": applied.stale, "price": price,
        }),
        text,
    )
    .changed(applied.changed)
    .of(id))
}

/// What a patch would do, for a person.
pub(super) fn consequences(applied: &Applied, price: &str) -> String {
    let mut text = applied.diff.clone();
    text.push_str(&format!("\nresult {}", applied.result));
    if let Some(base) = &applied.base {
        text.push_str(&format!("\nbase   {base}"));
    }
    let stages: Vec<&str> = applied.reopens.iter().map(|s| s.name()).collect();
    if !stages.is_empty() {
        text.push_str(&format!(
            "\ngates that open again, at least: {}",
            stages.join(", ")
        ));
    }
    for (stage, items) in &applied.stale {
        text.push_str(&format!(
            "\nmade again in {stage}, at least: {}",
            items.join(", ")
        ));
    }
    text.push_str(&format!("\nprice: {price}"));
    text
}
