//! `resolve`: a stage was edited while it was made; which of the two goes on, or both.

use super::{Desk, Outcome};
use crate::cli::{Resolve, Side};
use crate::engine::history;
use anyhow::Result;
use serde_json::json;

pub fn execute(desk: &Desk, args: Resolve) -> Result<Outcome> {
    let (name, stage) = desk.run_and_stage(&args.names)?;
    let mut studio = desk.studio(name)?;
    let side = match args.take {
        Side::Generated => history::Side::Generated,
        Side::Mine => history::Side::Mine,
        Side::Merge => history::Side::Merge,
    };
    let kept = history::resolve(&mut studio, stage, side)?;
    let id = studio.run.id().to_owned();
    desk.printer
        .say(&format!("{stage} goes on with version {}", kept.version));
    Ok(
        Outcome::data(json!({"stage": stage, "version": kept.version}), "")
            .changed(true)
            .of(id),
    )
}
