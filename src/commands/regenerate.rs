//! `regenerate`: a stage or items of it again, with what was said, or as several takes side by side.

use super::{Desk, Outcome, hear_interrupts, run};
use crate::cli::Regenerate;
use crate::diagnostic::{Exit, Failure};
use crate::engine::making::{self, Orders};
use crate::engine::studio::Studio;
use crate::engine::takes;
use crate::film::stage::Stage;
use crate::ui::progress::Display;
use anyhow::Result;
use serde_json::json;
use std::sync::Arc;

pub async fn execute(desk: &Desk, args: Regenerate) -> Result<Outcome> {
    let (name, stage) = desk.run_and_stage(&args.names)?;
    let mut studio = desk.studio(name)?;
    for pair in &args.provider {
        let Some((role, name)) = pair.split_once('=') else {
            return Err(Failure::new(
                Exit::Usage,
                format!("--provider takes ROLE=NAME, not `{pair}`"),
            )
            .into());
        };
        crate::config::check_role(&studio.settings.providers, role, name)?;
        let providers = &mut studio.run.film.sheet.providers;
        providers.insert(role.to_owned(), name.to_owned());
    }
    run::ensure_programs(desk, false)?;
    let _runner = studio.run.runner_lock()?;
    hear_interrupts(desk.interrupt.clone());
    let display = Arc::new(Display::new(desk.printer.clone()));
    let shown = display.clone();
    studio.listen(Box::new(move |event, _| shown.event(event)));
    let orders = Orders {
        workers: studio.settings.workers(args.jobs),
        feedback: args.feedback.clone(),
        ..Orders::default()
    };
    let result = match args.takes {
        Some(count) => candidates(desk, &mut studio, stage, &args.item, count, &orders).await,
        None => again(desk, &mut studio, stage, &args, &orders).await,
    };
    display.finish();
    result
}

async fn again(
    desk: &Desk,
    studio: &mut Studio,
    stage: Stage,
    args: &Regenerate,
    orders: &Orders,
) -> Result<Outcome> {
    let before = studio.run.content(stage);
    let version = making::regenerate(studio, stage, &args.item, args.seed, orders).await?;
    let same = before.as_ref() == Some(&version.content_fp);
    if same {
        desk.printer.say(&format!("{stage} came out the same"));
    }
    let id = studio.run.id().to_owned();
    let result = json!({
        "stage": stage, "version": version.version, "notes": version.notes,
        "content_fp": version.content_fp, "placed": version.placed,
    });
    Ok(Outcome::data(result, "").changed(!same).of(id))
}

async fn candidates(
    desk: &Desk,
    studio: &mut Studio,
    stage: Stage,
    items: &[String],
    count: u32,
    orders: &Orders,
) -> Result<Outcome> {
    let made = takes::candidates(studio, stage, items, count, orders).await?;
    let id = studio.run.id().to_owned();
    if made.is_empty() {
        return Err(Failure::new(
            Exit::Impossible,
            format!("{stage} has no items that could have several takes"),
        )
        .hint(format!(
            "`greenlight regenerate {id} {stage} --feedback \"…\"` makes it again as a whole"
        ))
        .into());
    }
    // What stands there now is compared with them.
    let mut shown = Vec::new();
    for take in &made {
        let all = studio.run.ledger.takes.get(&(stage, take.item.clone()));
        let now = all.and_then(|all| all.iter().find(|t| takes::in_place(studio, t)));
        if let Some(now) = now.filter(|n| !shown.contains(*n)) {
            shown.push(now.clone());
        }
        shown.push(take.clone());
    }
    let sheet = takes::sheet(studio, stage, &shown)?;
    let same = made
        .iter()
        .all(|t| made[0].item == t.item && t.files == made[0].files);
    if made.len() > 1 && same {
        desk.printer
            .warn("the takes are the same: what they are made from leaves no choice");
    }
    desk.printer.say(&format!(
        "{} takes; pick one: greenlight take pick {id} {stage} ITEM N",
        made.len()
    ));
    let list: Vec<_> = made
        .iter()
        .map(|t| json!({"item": t.item, "take": t.take, "facts": t.facts}))
        .collect();
    let text = sheet
        .as_ref()
        .map(|p| p.display().to_string())
        .unwrap_or_default();
    Ok(
        Outcome::data(json!({"stage": stage, "takes": list, "sheet": sheet}), text)
            .changed(true)
            .of(id),
    )
}
