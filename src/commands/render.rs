//! `render`: the film again from what is approved.

use super::{Desk, Outcome, hear_interrupts, run};
use crate::cli::Render;
use crate::diagnostic::{Exit, Failure};
use crate::engine::intake;
use crate::engine::making::{self, Orders};
use crate::engine::survey::Survey;
use crate::film::stage::Stage;
use crate::store::disk;
use crate::ui::progress::Display;
use anyhow::Result;
use serde_json::json;
use std::sync::Arc;

pub async fn execute(desk: &Desk, args: Render) -> Result<Outcome> {
    let mut studio = desk.studio(args.run.as_deref())?;
    run::ensure_programs(desk, false)?;
    let _runner = studio.run.runner_lock()?;
    hear_interrupts(studio.cancel.clone());
    let display = Arc::new(Display::new(desk.printer.clone()));
    let shown = display.clone();
    studio.listen(Box::new(move |event, _| shown.event(event)));
    intake::take_in(&mut studio)?;
    let survey = Survey::take(&studio);
    if let Some(state) = survey
        .states
        .iter()
        .take_while(|s| s.stage < Stage::Render)
        .find(|s| !s.state.passes())
    {
        let id = studio.run.id();
        return Err(Failure::new(
            Exit::Waiting,
            format!(
                "{} is {}: a film is cut from what is approved",
                state.stage,
                state.state.name()
            ),
        )
        .hint(format!("`greenlight run {id}` goes on"))
        .into());
    }
    let orders = Orders {
        workers: studio.settings.workers(args.jobs),
        fresh: args.fresh,
        ..Orders::default()
    };
    let result = making::make(&mut studio, Stage::Render, &orders).await;
    display.finish();
    result?;
    let film = studio.run.layout.at("render/film.mp4");
    let shown = match &args.output {
        Some(out) => {
            disk::copy_atomic(&film, out)?;
            out.clone()
        }
        None => film.clone(),
    };
    let id = studio.run.id().to_owned();
    Ok(Outcome::data(
        json!({"film": film, "output": args.output}),
        shown.display().to_string(),
    )
    .changed(true)
    .of(id))
}
