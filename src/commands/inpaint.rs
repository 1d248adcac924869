//! `inpaint`: one region of a picture painted anew.

use super::{Desk, Outcome, hear_interrupts, run};
use crate::cli::Inpaint;
use crate::diagnostic::{Exit, Failure};
use crate::engine::inpainting::{self, Region, Request};
use crate::engine::takes;
use anyhow::Result;
use serde_json::json;

pub(super) async fn execute(desk: &Desk, args: Inpaint) -> Result<Outcome> {
    let (name, image) = match args.names.as_slice() {
        [image] => (None, image.as_str()),
        [run, image, ..] => (Some(run.as_str()), image.as_str()),
        [] => return Err(Failure::new(Exit::Usage, "name a picture").into()),
    };
    let mut studio = desk.studio(name)?;
    let (stage, item) = inpainting::item_of(&studio, image)?;
    let marked = [
        args.mask.clone().map(Region::File),
        args.rectangle.clone().map(Region::Box),
        args.ellipse.clone().map(Region::Ellipse),
        args.polygon.clone().map(Region::Polygon),
        args.object.clone().map(Region::Object),
    ];
    let Some(region) = marked.into_iter().flatten().next() else {
        return Err(Failure::new(Exit::Usage, "say which region")
            .hint("--mask FILE, --box x,y,w,h, --ellipse x,y,w,h, --polygon \"x,y x,y x,y\" or --object NAME")
            .into());
    };
    run::ensure_programs(desk, false)?;
    let _runner = studio.run.runner_lock()?;
    hear_interrupts(studio.cancel.clone());
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
    desk.printer.say(&format!(
        "{item} is take {} now, by {}: {} of {} pixels of the region changed, outside of it not one",
        done.take.take, done.take.provider, proof["changed_pixels"], proof["mask_pixels"]
    ));
    desk.printer.say(&format!(
        "the gate of {stage} is open: greenlight gate approve {id} {stage} --run"
    ));
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
