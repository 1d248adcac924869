//! `resolve`: a stage was edited while it was made; which of the two goes on.

use super::{Desk, Outcome};
use crate::cli::{Resolve, Side};
use crate::diagnostic::{Exit, Failure};
use crate::engine::gatekeeper;
use crate::store::format::VersionKind;
use crate::store::layout::Layout;
use crate::store::run::{Draft, Source};
use anyhow::Result;
use serde_json::json;
use std::collections::BTreeMap;

pub fn execute(desk: &Desk, args: Resolve) -> Result<Outcome> {
    let (name, stage) = desk.run_and_stage(&args.names)?;
    let mut studio = desk.studio(name)?;
    studio.run.recover()?;
    let id = studio.run.id().to_owned();
    let Some(version) = studio
        .run
        .ledger
        .version(stage)
        .filter(|v| !v.placed)
        .cloned()
    else {
        return Err(Failure::new(Exit::Impossible, format!("{stage} is in no conflict")).into());
    };
    // Mine is kept as a version first, whichever goes on.
    let mine: BTreeMap<String, Source> = studio
        .run
        .working(stage)
        .into_keys()
        .map(|n| (n.clone(), Source::Copy(n)))
        .collect();
    let draft = |kind, files| Draft {
        stage,
        kind,
        files,
        inputs_fp: version.inputs_fp.clone(),
        by: desk.by(),
        feedback: None,
        patch: None,
        request_id: None,
        notes: Vec::new(),
        made: None,
        base: None,
    };
    let mut kept = studio.run.commit(draft(VersionKind::Edited, mine))?;
    if args.take == Side::Generated {
        let theirs = version
            .files
            .iter()
            .map(|(n, h)| {
                (
                    n.clone(),
                    Source::Copy(Layout::new("").object(h).display().to_string()),
                )
            })
            .collect();
        kept = studio.run.commit(draft(VersionKind::Merged, theirs))?;
    }
    gatekeeper::present(&mut studio, stage)?;
    desk.printer
        .say(&format!("{stage} goes on with version {}", kept.version));
    Ok(
        Outcome::data(json!({"stage": stage, "version": kept.version}), "")
            .changed(true)
            .of(id),
    )
}
