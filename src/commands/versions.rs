//! `versions`, `restore`, `undo`: what a stage once was.

use super::{Desk, Outcome};
use crate::cli::{GateName, Restore, StageName};
use crate::diagnostic::{Exit, Failure};
use crate::engine::history;
use crate::ui::printer;
use anyhow::Result;
use serde_json::json;

pub fn list(desk: &Desk, args: StageName) -> Result<Outcome> {
    let (name, stage) = desk.run_and_stage(&args.names)?;
    let studio = desk.studio(name)?;
    let all = studio
        .run
        .ledger
        .versions
        .get(&stage)
        .cloned()
        .unwrap_or_default();
    let now = studio.run.content(stage);
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|(_, at, v)| {
            vec![
                format!(
                    "{}{}",
                    v.version,
                    if now.as_ref() == Some(&v.content_fp) {
                        " *"
                    } else {
                        ""
                    }
                ),
                v.kind.name().to_owned(),
                v.by.clone(),
                at.to_string(),
                v.content_fp.short(),
                v.feedback.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let list: Vec<serde_json::Value> = all
        .iter()
        .map(|(_, at, v)| json!({"at": at, "version": v}))
        .collect();
    Ok(Outcome::data(
        json!(list),
        printer::table(
            &["version", "kind", "by", "at", "fingerprint", "feedback"],
            &rows,
        ),
    )
    .of(studio.run.id()))
}

pub fn restore(desk: &Desk, args: Restore) -> Result<Outcome> {
    let Some((number, names)) = args.names.split_last() else {
        return Err(Failure::new(Exit::Usage, "name a stage and a version").into());
    };
    let number: u32 = number.trim_start_matches('v').parse().map_err(|_| {
        Failure::new(Exit::Usage, format!("`{number}` is not a version number"))
            .hint("as in `restore RUN STAGE 2`; `greenlight versions RUN STAGE` lists them")
    })?;
    let (name, stage) = desk.run_and_stage(names)?;
    let mut studio = desk.studio(name)?;
    let id = studio.run.id().to_owned();
    let kept = history::restore(&mut studio, stage, number)?;
    desk.printer.say(&format!(
        "{stage} is as in version {number} again (kept as version {})",
        kept.version
    ));
    Ok(Outcome::data(
        json!({"stage": stage, "version": kept.version, "restored": number, "content_fp": kept.content_fp}),
        "",
    )
    .changed(true)
    .of(id))
}

pub fn undo(desk: &Desk, args: GateName) -> Result<Outcome> {
    let (name, stage) = desk.names(&args.names)?;
    let mut studio = desk.studio(name)?;
    let id = studio.run.id().to_owned();
    let (kept, number) = history::undo(&mut studio, stage)?;
    let stage = kept.stage;
    desk.printer.say(&format!(
        "{stage} is as in version {number} again (kept as version {}); undo once more is redo",
        kept.version
    ));
    Ok(Outcome::data(
        json!({"stage": stage, "version": kept.version, "restored": number, "content_fp": kept.content_fp}),
        "",
    )
    .changed(true)
    .of(id))
}
