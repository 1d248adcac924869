//! `versions` and `restore`: what a stage once was.

use super::{Desk, Outcome};
use crate::cli::{Restore, StageName};
use crate::diagnostic::{Exit, Failure};
use crate::engine::{gatekeeper, intake};
use crate::store::format::VersionKind;
use crate::store::layout::Layout;
use crate::store::run::{Draft, Source};
use crate::ui::printer;
use anyhow::Result;
use serde_json::json;
use std::collections::BTreeMap;

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
    let number: u32 = number
        .parse()
        .map_err(|_| Failure::new(Exit::Usage, format!("`{number}` is not a version number")))?;
    let (name, stage) = desk.run_and_stage(names)?;
    let mut studio = desk.studio(name)?;
    intake::take_in(&mut studio)?;
    let id = studio.run.id().to_owned();
    let found = studio
        .run
        .ledger
        .versions
        .get(&stage)
        .and_then(|v| v.iter().find(|(_, _, v)| v.version == number))
        .map(|(_, _, v)| v.clone());
    let Some(version) = found else {
        return Err(
            Failure::new(Exit::NotFound, format!("{stage} has no version {number}"))
                .hint(format!("`greenlight versions {id} {stage}` lists them"))
                .into(),
        );
    };
    if !version.transient.is_empty() {
        return Err(Failure::new(
            Exit::Impossible,
            "a film is not kept by version; it is cut again from what is approved",
        )
        .hint(format!("`greenlight render {id}`"))
        .into());
    }
    let relative = |hash| Layout::new("").object(hash).display().to_string();
    let files: BTreeMap<String, Source> = version
        .files
        .iter()
        .map(|(n, h)| (n.clone(), Source::Copy(relative(h))))
        .collect();
    let kept = studio.run.commit(Draft {
        stage,
        kind: VersionKind::Restored,
        files,
        inputs_fp: version.inputs_fp.clone(),
        by: desk.by(),
        feedback: None,
        patch: None,
        request_id: None,
        notes: vec![format!("version {number} again")],
        made: None,
        base: None,
    })?;
    gatekeeper::present(&mut studio, stage)?;
    desk.printer.say(&format!(
        "{stage} is as in version {number} again (kept as version {})",
        kept.version
    ));
    Ok(Outcome::data(
        json!({"stage": stage, "version": kept.version, "restored": number}),
        "",
    )
    .changed(true)
    .of(id))
}
