//! One region of a picture changed: the result is another take of its item, picked at once, and like everything
//! a person chose never made again unasked.

use super::gatekeeper;
use super::intake;
use super::items::{open_queue, take_down};
use super::making;
use super::purse::close;
use super::queue::ForItem;
use super::studio::Studio;
use super::takes;
use crate::diagnostic::{Exit, Failure};
use crate::film::mask::{Mask, Shape};
use crate::film::stage::Stage;
use crate::providers::roles::{Hand, PaintRequest};
use crate::stages;
use crate::stages::inpaint::{self, Order};
use crate::store::disk;
use crate::store::format::{Take, Version};
use crate::store::run::write_take;
use anyhow::{Context, Result};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;

/// Which part of a picture.
#[derive(Debug, Clone)]
pub enum Region {
    /// A picture file: white, or clear, is to change.
    File(PathBuf),
    /// The bytes of such a file.
    Marks(Vec<u8>),
    Box(String),
    Ellipse(String),
    Polygon(String),
    /// Somebody or something on a drawn panel.
    Object(String),
}

#[derive(Debug, Clone)]
pub struct Request {
    pub region: Region,
    pub prompt: String,
    pub negative: String,
    /// Pixels the region is made larger by.
    pub grow: usize,
    /// Pixels over which its edge is soft, inwards.
    pub feather: usize,
    pub seed: u64,
}

/// What came of it.
pub struct Done {
    pub take: Take,
    pub version: Option<Version>,
}

/// The stage and item of a picture of the run: `storyboard/s01_010.png`.
///
/// # Errors
/// It is no picture that can be painted over (exit 8).
pub fn item_of(studio: &Studio, image: &str) -> Result<(Stage, String)> {
    let inside = (studio.run.layout.root().to_str())
        .and_then(|root| image.strip_prefix(root))
        .unwrap_or(image)
        .trim_start_matches(['/', '.']);
    let stem = inside.strip_suffix(".png").unwrap_or(inside);
    let found = [Stage::Storyboard, Stage::References, Stage::Assets]
        .into_iter()
        .find_map(|stage| {
            let item = stem
                .strip_prefix(stage.folder()?)
                .and_then(|r| r.strip_prefix('/'));
            Some((stage, item.unwrap_or(stem).to_owned())).filter(|(_, item)| {
                making::has_item(studio, stage, item) && stage != Stage::Assets
                    || takes::still(studio, stage, item).is_some()
            })
        });
    found.ok_or_else(|| {
        let pictures = [Stage::Storyboard, Stage::References, Stage::Assets].into_iter();
        let known: Vec<String> = pictures
            .flat_map(|s| studio.run.names(s))
            .filter(|n| n.ends_with(".png"))
            .collect();
        let failure = Failure::new(Exit::NotFound, format!("the run has no picture `{image}`"));
        match crate::diagnostic::nearest(inside, known.iter().map(String::as_str)) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => {
                failure.hint("name a panel, a sheet or a still: storyboard/s01_010.png, references/anna.png, assets/s01_010.png")
            }
        }
        .into()
    })
}

/// Paints over a picture.
pub async fn inpaint(
    studio: &mut Studio,
    stage: Stage,
    item: &str,
    request: &Request,
) -> Result<Done> {
    intake::take_in(studio)?;
    gatekeeper::no_conflict(studio, stage)?;
    if studio.remote("inpaint").is_some() {
        studio.can_ask("inpaint")?;
    }
    let wanted = takes::still(studio, stage, item)
        .or(stages::wanted(stage, &studio.desk(&[]))?
            .into_iter()
            .find(|w| w.item == item && stage != Stage::Assets))
        .ok_or_else(|| {
            Failure::new(
                Exit::Impossible,
                format!("{stage} is to be made anew first"),
            )
            .hint(format!("greenlight run {}", studio.run.id()))
        })?;
    let file = wanted.file.clone().context("an item with a picture")?;
    let bytes = disk::read(&studio.run.layout.at(&file))?;
    let picture = image::load_from_memory(&bytes)
        .map_err(|e| Failure::new(Exit::Invalid, format!("it is no picture: {e}")).at(&file, 0, 0))?
        .into_rgb8();
    let crew = studio.crew()?;
    let (queue, mut heard) = open_queue(studio, Studio::ceiling_of_budgets)?;
    let hand = Hand {
        cancel: studio.cancel.clone(),
        tasks: Arc::new(ForItem::new(
            queue,
            stage,
            item,
            wanted.key.clone(),
            studio.cancel.clone(),
            0,
        )),
    };
    let size = picture.dimensions();
    let mut without = None;
    let mut mask = match &request.region {
        Region::Object(name) if stage == Stage::Storyboard => {
            let drawn = studio.run.files.get(&file).is_some_and(|hash| {
                let takes = studio.run.ledger.takes.get(&(stage, item.to_owned()));
                let made = takes.and_then(|t| t.iter().find(|t| t.files.get("png") == Some(hash)));
                made.is_some_and(|t| t.provider == "animatic")
            });
            if !drawn {
                let what =
                    format!("{file} is not as the house drew it: it cannot tell `{name}` apart");
                return Err(Failure::new(Exit::Impossible, what)
                    .hint("mark the region: --box, --ellipse, --polygon or --mask")
                    .into());
            }
            let found = inpaint::object(&studio.desk(&[]), &crew, item, name, &hand)?;
            without = found.1.filter(|p| p.dimensions() == size);
            found.0
        }
        Region::Object(_) => {
            return Err(
                Failure::new(Exit::Impossible, "only panels know what is on them")
                    .hint("mark the region: --box, --ellipse, --polygon or --mask")
                    .into(),
            );
        }
        marked => drawn(marked, size)?,
    };
    if (mask.width, mask.height) != (size.0 as usize, size.1 as usize) {
        let what = format!(
            "{file} is {}x{}, and would be drawn {}x{} now",
            size.0, size.1, mask.width, mask.height
        );
        return Err(Failure::new(Exit::Impossible, what)
            .hint("mark the region: --box, --ellipse, --polygon or --mask")
            .into());
    }
    // A thing goes whole, its outline too: what the soft edge takes inwards is given outwards first.
    let whole = match request.region {
        Region::Object(_) => request.feather + 1,
        _ => 0,
    };
    mask.grow(request.grow + whole);
    mask.feather(request.feather);
    if mask.count() == 0 {
        return Err(
            Failure::new(Exit::Usage, "the region holds no pixel of the picture")
                .hint(format!("the picture is {}x{}", size.0, size.1))
                .into(),
        );
    }
    let order = Order {
        stage,
        item: item.to_owned(),
        ask: PaintRequest {
            picture,
            mask,
            prompt: request.prompt.clone(),
            negative: request.negative.clone(),
            seed: request.seed,
        },
        without,
    };
    // A provider is waited for beside its words being written down.
    let work = match crew.roles.painter.clone() {
        None => {
            let desk = studio.desk(&[]);
            tokio::task::block_in_place(|| inpaint::paint(&desk, &crew, &order, &hand))
        }
        Some(painter) => {
            let ask = order.ask.clone();
            let asked = tokio::task::spawn_blocking(move || painter.paint(&ask, &hand));
            while let Some(word) = heard.recv().await {
                take_down(studio, vec![word])?;
            }
            let new = asked
                .await
                .unwrap_or_else(|e| Err(anyhow::anyhow!("the work broke: {e}")));
            close(&studio.run)?;
            let new = new?;
            let name = crew.roles.name("inpaint").to_owned();
            inpaint::laid_over(&order, &new, name)
        }
    };
    let painted = work?;
    let mut png = std::io::Cursor::new(Vec::new());
    painted
        .picture
        .write_to(&mut png, image::ImageFormat::Png)?;
    let facts = json!({
        "inpaint": {
            "prompt": request.prompt, "negative": request.negative, "from": studio.run.files.get(&file),
            "grow": request.grow, "feather": request.feather, "proof": painted.proof,
        },
    });
    let mut take = Take {
        stage,
        item: item.to_owned(),
        take: studio.run.ledger.next_take(stage, item),
        key: wanted.key.clone(),
        provider: painted.by,
        files: std::collections::BTreeMap::new(),
        salt: studio.run.salt(stage, item),
        facts: inpaint::measured(&studio.desk(&[]), &order, png.get_ref(), facts)?,
    };
    let made = vec![
        ("png".to_owned(), png.into_inner()),
        ("mask.png".to_owned(), inpaint::picture_of(&order.ask.mask)?),
    ];
    take.files = write_take(&studio.run.layout, &take, &wanted.from, made)?;
    studio.run.record_takes(vec![take.clone()])?;
    // What somebody put there meanwhile was not what was painted over.
    let now = disk::read(&studio.run.layout.at(&file)).ok();
    if now.is_none_or(|now| now != bytes) {
        let (id, number) = (studio.run.id().to_owned(), take.take);
        studio.warn(format!("{file} was changed while it was painted over, and stays as it is; what was painted is kept: greenlight take pick {id} {stage} {item} {number}"));
        return Ok(Done {
            take,
            version: None,
        });
    }
    let version = takes::pick(studio, stage, item, take.take)?;
    Ok(Done { take, version })
}

fn drawn(region: &Region, size: (u32, u32)) -> Result<Mask> {
    let (w, h) = (size.0 as usize, size.1 as usize);
    let wrong = |why: String| Failure::new(Exit::Usage, why);
    Ok(match region {
        Region::Box(text) => {
            let [x, y, bw, bh] = Shape::rectangle(text, size).map_err(wrong)?;
            Mask::of(&Shape::Box { x, y, w: bw, h: bh }, w, h)
        }
        Region::Ellipse(text) => {
            let [x, y, bw, bh] = Shape::rectangle(text, size).map_err(wrong)?;
            Mask::of(&Shape::Ellipse { x, y, w: bw, h: bh }, w, h)
        }
        Region::Polygon(text) => Mask::of(&Shape::polygon(text, size).map_err(wrong)?, w, h),
        Region::File(path) => marked(&disk::read(path)?, &path.display().to_string(), size)?,
        Region::Marks(bytes) => marked(bytes, "the mask", size)?,
        Region::Object(_) => Mask::none(w, h),
    })
}

/// A mask picture: where it has clear parts these are meant, else its white ones.
fn marked(bytes: &[u8], name: &str, size: (u32, u32)) -> Result<Mask> {
    let marks = image::load_from_memory(bytes).map_err(|e| {
        Failure::new(Exit::Invalid, format!("it is no picture: {e}")).at(name, 0, 0)
    })?;
    let clear = marks.color().has_alpha() && marks.to_rgba8().pixels().any(|p| p.0[3] < 255);
    let marks = marks
        .resize_exact(size.0, size.1, image::imageops::FilterType::Triangle)
        .into_rgba8();
    let mut mask = Mask::none(size.0 as usize, size.1 as usize);
    for (pixel, amount) in marks.pixels().zip(&mut mask.amount) {
        let [r, g, b, a] = pixel.0.map(u32::from);
        let light = (r * 299 + g * 587 + b * 114) / 1000;
        let marked = if clear { 255 - a } else { light };
        *amount = if marked >= 128 { 255 } else { 0 };
    }
    Ok(mask)
}
