//! A picture while it is painted over on a page.

use crate::engine::inpainting::{self, Region, Request};
use crate::engine::studio::Studio;
use crate::engine::takes;
use crate::film::stage::Stage;
use crate::store::lock::Lock;
use crate::store::{disk, format};
use crate::ui::loopback::Reply;
use crate::ui::paint::{Brush, Wish};
use anyhow::{Context, Result};
use base64::Engine;
use serde_json::{Value, json};

/// One picture, from the page being opened until it is done.
pub(super) struct Easel {
    stage: Stage,
    item: String,
    /// As it was when the page was opened.
    original: Vec<u8>,
    /// The take that was in place then; 0 for a picture of a person's own.
    pub(super) first: u32,
    prompt: String,
    negative: String,
    changed: Value,
    /// Whoever opened the page works on the run already.
    pub(super) working: bool,
}

impl Easel {
    /// # Errors
    /// The picture cannot be read.
    pub(super) fn new(
        studio: &Studio,
        stage: Stage,
        item: &str,
        (prompt, negative): (Option<String>, Option<String>),
    ) -> Result<Easel> {
        let folder = stage.folder().unwrap_or_default();
        let original = disk::read(&studio.run.layout.at(&format!("{folder}/{item}.png")))?;
        let mut easel = Easel {
            stage,
            item: item.to_owned(),
            original,
            first: 0,
            prompt: prompt.unwrap_or_default(),
            negative: negative.unwrap_or_default(),
            changed: Value::Null,
            working: false,
        };
        easel.first = easel.placed(studio);
        Ok(easel)
    }

    fn lock(&self, studio: &Studio) -> Result<Option<Lock>> {
        match self.working {
            true => Ok(None),
            false => studio.run.runner_lock().map(Some),
        }
    }

    fn takes(&self, studio: &Studio) -> Vec<format::Take> {
        let takes = studio
            .run
            .ledger
            .takes
            .get(&(self.stage, self.item.clone()));
        takes.cloned().unwrap_or_default()
    }

    /// The take that lies in place; 0 for a picture of a person's own.
    pub(super) fn placed(&self, studio: &Studio) -> u32 {
        let takes = self.takes(studio);
        let placed = takes.iter().rev().find(|t| takes::in_place(studio, t));
        placed.map_or(0, |t| t.take)
    }

    fn state(&self, studio: &Studio) -> Result<Reply> {
        let (width, height) = image::load_from_memory(&self.original)
            .map(|p| (p.width(), p.height()))
            .context("a picture")?;
        let mut takes: Vec<u32> = self.takes(studio).iter().map(|t| t.take).collect();
        if self.first == 0 {
            takes.insert(0, 0);
        }
        Ok(Reply::Said(json!({
            "title": format!("{} · {}", studio.run.film.sheet.title, self.item),
            "key": format!("{} {} {}", studio.run.id(), self.stage, self.item),
            "width": width, "height": height, "prompt": self.prompt, "negative": self.negative,
            "first": self.first, "take": self.placed(studio), "takes": takes, "changed": self.changed,
        })))
    }

    /// Does what the page wishes.
    pub(super) async fn granted(&mut self, studio: &mut Studio, wish: Wish) -> Result<Reply> {
        match wish {
            Wish::State => self.state(studio),
            Wish::Picture(0) => Ok(Reply::Picture(self.original.clone())),
            Wish::Picture(number) => {
                let takes = self.takes(studio);
                let take = takes.iter().find(|t| t.take == number);
                let file = take
                    .and_then(takes::main_file)
                    .context("there is no such take")?
                    .1;
                let path = studio.run.layout.at(&file.display().to_string());
                Ok(Reply::Picture(disk::read(&path)?))
            }
            Wish::Paint(brush) => {
                self.paint(studio, brush).await?;
                self.state(studio)
            }
            Wish::Pick(number) => {
                let _runner = self.lock(studio)?;
                takes::pick(studio, self.stage, &self.item, number)?;
                self.state(studio)
            }
            Wish::Done => Ok(Reply::Said(json!({}))),
        }
    }

    async fn paint(&mut self, studio: &mut Studio, brush: Brush) -> Result<()> {
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
            seed: studio.run.film.sheet.seed,
        };
        let _runner = self.lock(studio)?;
        let done = inpainting::inpaint(studio, self.stage, &self.item, &request).await?;
        self.changed = done.take.facts["inpaint"]["proof"]["changed_pixels"].clone();
        Ok(())
    }
}
