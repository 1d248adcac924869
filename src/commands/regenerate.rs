//! `regenerate`: a stage or items of it again, with what was said.

use super::{Desk, Outcome, hear_interrupts, run};
use crate::cli::Regenerate;
use crate::engine::making::{self, Orders};
use crate::ui::progress::Display;
use anyhow::Result;
use serde_json::json;
use std::sync::Arc;

pub async fn execute(desk: &Desk, args: Regenerate) -> Result<Outcome> {
    let (name, stage) = desk.run_and_stage(&args.names)?;
    let mut studio = desk.studio(name)?;
    run::ensure_programs(desk, false)?;
    let _runner = studio.run.runner_lock()?;
    hear_interrupts(studio.cancel.clone());
    let display = Arc::new(Display::new(desk.printer.clone()));
    let shown = display.clone();
    studio.listen(Box::new(move |event| shown.event(&event)));
    let orders = Orders {
        workers: studio.settings.workers(args.jobs),
        feedback: args.feedback,
        ..Orders::default()
    };
    let before = studio.run.content(stage);
    let result = making::regenerate(&mut studio, stage, &args.item, &orders).await;
    display.finish();
    let version = result?;
    let same = before.as_ref() == Some(&version.content_fp);
    if same {
        desk.printer.say(&format!("{stage} came out the same"));
    }
    let id = studio.run.id().to_owned();
    Ok(Outcome::data(json!({"stage": stage, "version": version.version, "notes": version.notes, "content_fp": version.content_fp}), "").changed(!same).of(id))
}
