//! `inpaint`: one region of a picture painted anew.

use super::easel::Easel;
use super::{Desk, Outcome, hear_interrupts, run};
use crate::cli::Inpaint;
use crate::diagnostic::{Exit, Failure};
use crate::engine::inpainting::{self, Region, Request};
use crate::engine::studio::Studio;
use crate::engine::takes;
use crate::store::workspace::letters;
use crate::ui::browser;
use crate::ui::loopback::{self, Reply};
use crate::ui::paint::{self, Wish};
use anyhow::Result;
use serde_json::json;
use std::path::Path;

pub(super) async fn execute(desk: &Desk, args: Inpaint) -> Result<Outcome> {
    let (name, image) = match args.names.as_slice() {
        [image] => (None, image.as_str()),
        [run, image, ..] => (Some(run.as_str()), image.as_str()),
        [] => return Err(Failure::new(Exit::Usage, "name a picture").into()),
    };
    let mut studio = desk.studio(name)?;
    let (stage, item) = inpainting::item_of(&studio, image)?;
    if args.paint {
        run::ensure_programs(desk, false)?;
        hear_interrupts(desk.interrupt.clone());
        let words = (args.prompt.clone(), args.negative.clone());
        let easel = Easel::new(&studio, stage, &item, words)?;
        let (first, now) = on_a_page(desk, &mut studio, easel).await?;
        let result = json!({"stage": stage, "item": item, "take": now, "first": first});
        return Ok(Outcome::data(result, format!("take {now}"))
            .changed(now != first)
            .of(studio.run.id()));
    }
    let marked = [
        args.mask.clone().map(Region::File),
        args.rectangle.clone().map(Region::Box),
        args.ellipse.clone().map(Region::Ellipse),
        args.polygon.clone().map(Region::Polygon),
        args.object.clone().map(Region::Object),
    ];
    let Some(region) = marked.into_iter().flatten().next() else {
        return Err(Failure::new(Exit::Usage, "say which region")
            .hint("--mask FILE, --box x,y,w,h, --ellipse x,y,w,h, --polygon \"x,y x,y x,y\", --object NAME or --paint")
            .into());
    };
    run::ensure_programs(desk, false)?;
    let _runner = studio.run.runner_lock()?;
    hear_interrupts(desk.interrupt.clone());
    let request = Request {
        region,
        prompt: args.prompt.clone().unwrap_or_default(),
        negative: args.negative.clone().unwrap_or_default(),
        grow: args.grow.into(),
        feather: args.feather.into(),
        seed: args.seed.unwrap_or(studio.run.film.sheet.seed),
    };
    let done = inpainting::inpaint(&mut studio, stage, &item, &request).await?;
    let id = studio.run.id().to_owned();
    let path =
        takes::main_file(&done.take).map(|(_, p)| studio.run.layout.at(&p.display().to_string()));
    let proof = done.take.facts["inpaint"]["proof"].clone();
    let by = &done.take.provider;
    let number = done.take.take;
    let what = format!(
        "{} of {} pixels of the region changed, outside of it not one",
        proof["changed_pixels"], proof["mask_pixels"]
    );
    // Where somebody put another picture there meanwhile, theirs stays.
    let (is, next) = match done.version {
        Some(_) => (
            format!("is take {number} now"),
            format!("the gate of {stage} is open: greenlight gate approve {id} {stage} --run"),
        ),
        None => (
            format!("stays as it is, take {number} is kept"),
            format!("to have it: greenlight take pick {id} {stage} {item} {number}"),
        ),
    };
    desk.printer.say(&format!("{item} {is}, by {by}: {what}"));
    desk.printer.say(&next);
    let text = path
        .as_ref()
        .map(|p| p.display().to_string())
        .unwrap_or_default();
    let result = json!({
        "stage": stage, "item": item, "take": done.take.take, "by": done.take.provider, "proof": proof,
        "version": done.version.map(|v| v.version), "picture": path,
    });
    Ok(Outcome::data(result, text).changed(true).of(id))
}

/// Paints over a picture on a page until that is done with; the takes before and after.
pub(super) async fn on_a_page(
    desk: &Desk,
    studio: &mut Studio,
    mut easel: Easel,
) -> Result<(u32, u32)> {
    let mut page = loopback::serve(&letters(24)?, paint::pages(|_, wish| wish)).await?;
    desk.printer.always(&format!("paint at {}", page.url));
    if desk.interactive && !browser::open(Path::new(&page.url)) {
        desk.printer.say("open it in a browser; Ctrl-C ends it");
    }
    loop {
        let (wish, answer) = match page.next(|| studio.cancel.is_stopped()).await {
            Ok(Some(asked)) => asked,
            Ok(None) => break,
            Err(stopped) => {
                page.close().await;
                return Err(stopped);
            }
        };
        let done = matches!(wish, Wish::Done);
        let reply = easel.granted(studio, wish).await;
        // A page that went away asks again.
        let _ = answer.send(reply.unwrap_or_else(|e| Reply::Refused(format!("{e:#}"))));
        if done {
            break;
        }
    }
    page.close().await;
    Ok((easel.first, easel.placed(studio)))
}
