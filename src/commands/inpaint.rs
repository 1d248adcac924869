//! `inpaint`: one region of a picture painted anew.

use super::{Desk, Outcome, hear_interrupts, run};
use crate::cli::Inpaint;
use crate::diagnostic::{Exit, Failure, Stopped};
use crate::engine::inpainting::{self, Region, Request};
use crate::engine::studio::Studio;
use crate::engine::takes;
use crate::film::stage::Stage;
use crate::store::workspace::letters;
use crate::store::{disk, format};
use crate::ui::browser;
use crate::ui::paint::{self, Brush, Reply, Wish};
use anyhow::{Context, Result};
use base64::Engine;
use serde_json::{Value, json};
use std::time::Duration;

pub(super) async fn execute(desk: &Desk, args: Inpaint) -> Result<Outcome> {
    let (name, image) = match args.names.as_slice() {
        [image] => (None, image.as_str()),
        [run, image, ..] => (Some(run.as_str()), image.as_str()),
        [] => return Err(Failure::new(Exit::Usage, "name a picture").into()),
    };
    let mut studio = desk.studio(name)?;
    let (stage, item) = inpainting::item_of(&studio, image)?;
    if args.paint {
        return on_a_page(desk, &mut studio, stage, &item, &args).await;
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

/// A picture while it is painted over on a page.
struct Easel<'a> {
    studio: &'a mut Studio,
    stage: Stage,
    item: String,
    /// As it was when the page was opened.
    original: Vec<u8>,
    prompt: String,
    negative: String,
    changed: Value,
}

/// Serves a page until it is done with, and does what it wishes.
async fn on_a_page(
    desk: &Desk,
    studio: &mut Studio,
    stage: Stage,
    item: &str,
    args: &Inpaint,
) -> Result<Outcome> {
    run::ensure_programs(desk, false)?;
    hear_interrupts(studio.cancel.clone());
    let folder = stage.folder().unwrap_or_default();
    let original = disk::read(&studio.run.layout.at(&format!("{folder}/{item}.png")))?;
    let id = studio.run.id().to_owned();
    let mut easel = Easel {
        studio,
        stage,
        item: item.to_owned(),
        original,
        prompt: args.prompt.clone().unwrap_or_default(),
        negative: args.negative.clone().unwrap_or_default(),
        changed: Value::Null,
    };
    let first = easel.placed();
    let mut page = paint::serve(&letters(24)?).await?;
    desk.printer.always(&format!("paint at {}", page.url));
    if desk.interactive && !browser::open(std::path::Path::new(&page.url)) {
        desk.printer.say("open it in a browser; Ctrl-C ends it");
    }
    loop {
        let asked = tokio::select! {
            asked = page.wishes.recv() => asked,
            () = tokio::time::sleep(Duration::from_millis(200)) => {
                if easel.studio.cancel.is_stopped() {
                    page.close().await;
                    return Err(Stopped.into());
                }
                continue;
            }
        };
        let Some((wish, answer)) = asked else { break };
        let done = matches!(wish, Wish::Done);
        let reply = match easel.granted(wish, first).await {
            Ok(reply) => reply,
            Err(e) => Reply::Refused(format!("{e:#}")),
        };
        // A page that went away asks again.
        let _ = answer.send(reply);
        if done {
            break;
        }
    }
    page.close().await;
    let now = easel.placed();
    let result = json!({"stage": stage, "item": item, "take": now, "first": first});
    Ok(Outcome::data(result, format!("take {now}"))
        .changed(now != first)
        .of(id))
}

impl Easel<'_> {
    fn takes(&self) -> Vec<format::Take> {
        let takes = self
            .studio
            .run
            .ledger
            .takes
            .get(&(self.stage, self.item.clone()));
        takes.cloned().unwrap_or_default()
    }

    /// The take that lies in place; 0 for a picture of a person's own.
    fn placed(&self) -> u32 {
        let takes = self.takes();
        let placed = takes.iter().rev().find(|t| takes::in_place(self.studio, t));
        placed.map_or(0, |t| t.take)
    }

    fn state(&self, first: u32) -> Result<Reply> {
        let (width, height) = image::load_from_memory(&self.original)
            .map(|p| (p.width(), p.height()))
            .context("a picture")?;
        let mut takes: Vec<u32> = self.takes().iter().map(|t| t.take).collect();
        if first == 0 {
            takes.insert(0, 0);
        }
        Ok(Reply::Said(json!({
            "title": format!("{} · {}", self.studio.run.film.sheet.title, self.item),
            "key": format!("{} {} {}", self.studio.run.id(), self.stage, self.item),
            "width": width, "height": height, "prompt": self.prompt, "negative": self.negative,
            "first": first, "take": self.placed(), "takes": takes, "changed": self.changed,
        })))
    }

    async fn granted(&mut self, wish: Wish, first: u32) -> Result<Reply> {
        match wish {
            Wish::State => self.state(first),
            Wish::Picture(0) => Ok(Reply::Picture(self.original.clone())),
            Wish::Picture(number) => {
                let takes = self.takes();
                let take = takes.iter().find(|t| t.take == number);
                let file = take
                    .and_then(takes::main_file)
                    .context("there is no such take")?
                    .1;
                let path = self.studio.run.layout.at(&file.display().to_string());
                Ok(Reply::Picture(disk::read(&path)?))
            }
            Wish::Paint(brush) => {
                self.paint(brush).await?;
                self.state(first)
            }
            Wish::Pick(number) => {
                let _runner = self.studio.run.runner_lock()?;
                takes::pick(self.studio, self.stage, &self.item, number)?;
                self.state(first)
            }
            Wish::Done => Ok(Reply::Said(json!({}))),
        }
    }

    async fn paint(&mut self, brush: Brush) -> Result<()> {
        let text = brush.mask.split_once("base64,").map_or("", |(_, t)| t);
        let marks = base64::engine::general_purpose::STANDARD
            .decode(text)
            .context("the mask is no PNG")?;
        self.prompt.clone_from(&brush.prompt);
        self.negative.clone_from(&brush.negative);
        let request = Request {
            region: Region::Marks(marks),
            prompt: brush.prompt,
            negative: brush.negative,
            grow: brush.grow.min(512).into(),
            feather: brush.feather.min(512).into(),
            seed: self.studio.run.film.sheet.seed,
        };
        let _runner = self.studio.run.runner_lock()?;
        let done = inpainting::inpaint(self.studio, self.stage, &self.item, &request).await?;
        self.changed = done.take.facts["inpaint"]["proof"]["changed_pixels"].clone();
        Ok(())
    }
}
