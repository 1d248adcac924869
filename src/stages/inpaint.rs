//! One region of a picture painted anew, and proof that nothing else changed: outside of the mask every
//! pixel is the one it was.

use super::score;
use super::storyboard::{self, panel_request};
use super::{Crew, Desk};
use crate::animatic::artist::Spot;
use crate::animatic::{fill, house};
use crate::diagnostic::{Exit, Failure, nearest};
use crate::film::mask::Mask;
use crate::film::references::Look;
use crate::film::stage::Stage;
use crate::plan::fingerprint::Fingerprint;
use crate::providers::roles::{Hand, PaintRequest, PanelRequest};
use anyhow::{Context, Result};
use image::imageops::FilterType;
use image::{Rgb, RgbImage};
use serde_json::{Value, json};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Order {
    pub stage: Stage,
    pub item: String,
    pub ask: PaintRequest,
    /// The picture without what the mask marks, where the house knows how that looks.
    pub without: Option<RgbImage>,
}

/// A picture that was painted over, and what proves it.
pub struct Painted {
    pub picture: RgbImage,
    pub proof: Value,
    /// Who painted: a provider, `animatic redraw` or `animatic fill`.
    pub by: String,
}

/// How a wish for nothing to be there begins; an empty glass is something.
const AWAY: [&str; 6] = [
    "remove",
    "erase",
    "delete",
    "take away",
    "clean up",
    "nothing",
];

/// Words that want what is there away as well.
const INSTEAD: [&str; 3] = ["instead", "replace", "in place of"];

/// Where a mask lies, as parts of its picture.
fn spot_of(mask: &Mask) -> Option<Spot> {
    let [left, top, right, bottom] = mask.bounds()?.map(|side| side as f64);
    let (w, h) = (mask.width as f64, mask.height as f64);
    Some(Spot {
        x: left / w,
        y: top / h,
        width: (right - left) / w,
        height: (bottom - top) / h,
    })
}

/// Paints by the house's own pencil.
pub fn paint(desk: &Desk<'_>, crew: &Crew, order: &Order, hand: &Hand) -> Result<Painted> {
    let (new, by) = by_hand(desk, crew, order, hand)?;
    let painted = laid_over(order, &new, by)?;
    if painted.proof["changed_pixels"] == 0 {
        return Err(nothing_new(&order.ask.prompt).into());
    }
    Ok(painted)
}

/// Lays what somebody painted over what was, as far as the mask goes.
pub fn laid_over(order: &Order, new: &RgbImage, by: String) -> Result<Painted> {
    let (picture, proof) = composed(&order.ask.picture, new, &order.ask.mask)?;
    Ok(Painted { picture, proof, by })
}

/// A mask as a picture: white changed.
pub fn picture_of(mask: &Mask) -> Result<Vec<u8>> {
    let (w, h) = (mask.width as u32, mask.height as u32);
    let grey = image::GrayImage::from_raw(w, h, mask.amount.clone()).context("a mask")?;
    let mut png = std::io::Cursor::new(Vec::new());
    grey.write_to(&mut png, image::ImageFormat::Png)?;
    Ok(png.into_inner())
}

/// What a panel that was painted over measures, beside what was done to it.
pub fn measured(desk: &Desk<'_>, order: &Order, png: &[u8], facts: Value) -> Result<Value> {
    let mut facts = facts;
    let board = desk.run.film.storyboard.as_ref();
    if let Some(shot) = board.and_then(|b| b.shot(&order.item))
        && order.stage == Stage::Storyboard
    {
        let looks = storyboard::looks(shot, desk.run.film.references.as_ref());
        facts["subject"] = json!(shot.subject);
        facts["score"] = json!(score::of(png, shot.subject, &looks, &[])?);
        facts["glance"] = json!(score::glance(png));
    }
    Ok(facts)
}

/// The house takes things away by what is around them, draws a thing the words name into the region, and
/// draws a panel of its own again by other words.
fn by_hand(desk: &Desk<'_>, crew: &Crew, order: &Order, hand: &Hand) -> Result<(RgbImage, String)> {
    let Order { ask, .. } = order;
    let low = ask.prompt.trim().to_lowercase();
    let away = low.is_empty() || AWAY.iter().any(|w| low.starts_with(w));
    if let Some(without) = order.without.clone().filter(|_| away) {
        return Ok((without, "animatic redraw".to_owned()));
    }
    if away {
        let filled = fill::fill(&ask.picture, &ask.mask, ask.seed);
        return Ok((filled, "animatic fill".to_owned()));
    }
    let board = storyboard::plan(desk)?;
    let Ok(mut request) = panel_request(desk, &board, &order.item) else {
        return Err(only_panels().into());
    };
    // A thing is drawn where it is wanted, over what is there or in its stead.
    let instead = INSTEAD.iter().any(|w| low.contains(w));
    let below = match (&order.without, instead) {
        (Some(without), _) => without.clone(),
        (None, true) => fill::fill(&ask.picture, &ask.mask, ask.seed),
        (None, false) => ask.picture.clone(),
    };
    if let Some(spot) = spot_of(&ask.mask)
        && let Some(with) = house::drawn_into(&below, &request, &low, spot)?
    {
        return Ok((with, "animatic redraw".to_owned()));
    }
    if order.stage != Stage::Storyboard {
        return Err(only_panels().into());
    }
    let size = ask.picture.dimensions();
    let draw = |request: &PanelRequest| -> Result<RgbImage> {
        let drawn = crew.roles.pencil.panel(request, hand)?;
        let drawn = image::load_from_memory(&drawn.picture)?.into_rgb8();
        Ok(match drawn.dimensions() == size {
            true => drawn,
            false => image::imageops::resize(&drawn, size.0, size.1, FilterType::Lanczos3),
        })
    };
    let plain = draw(&request)?;
    // What is asked for matters more than what was said before.
    request.shot.prompt = format!(
        "{}. {}",
        ask.prompt.trim_end_matches('.'),
        request.shot.prompt
    );
    let drawn = draw(&request)?;
    let mut inside = (plain.pixels().zip(drawn.pixels())).zip(&ask.mask.amount);
    if !inside.any(|((before, now), amount)| *amount > 0 && before != now) {
        return Err(nothing_new(&ask.prompt).into());
    }
    Ok((drawn, "animatic redraw".to_owned()))
}

/// The words wish for something the house draws no otherwise.
fn nothing_new(prompt: &str) -> Failure {
    let said = crate::diagnostic::printable(prompt);
    Failure::new(
        Exit::Missing,
        format!("the house painted the region again and it came out as it was: “{said}” is nothing it draws there"),
    )
    .hint("name a thing (`a red kite`), say \"remove it\", or give the role `inpaint` to a provider")
}

fn only_panels() -> Failure {
    Failure::new(
        Exit::Missing,
        "the offline house draws again only what is on the storyboard; elsewhere it can take things away, or draw one into a shot",
    )
    .hint("--prompt \"remove it\", or give the role `inpaint` to a provider")
}

/// Lays what is new over what was, as far as the mask goes.
fn composed(before: &RgbImage, new: &RgbImage, mask: &Mask) -> Result<(RgbImage, Value)> {
    anyhow::ensure!(
        before.dimensions() == new.dimensions() && before.len() == 3 * mask.amount.len(),
        "the painted picture has another size"
    );
    let mut after = before.clone();
    for ((out, new), amount) in after.pixels_mut().zip(new.pixels()).zip(&mask.amount) {
        let a = u32::from(*amount);
        let mix = |o: u8, n: u8| ((u32::from(o) * (255 - a) + u32::from(n) * a + 127) / 255) as u8;
        *out = Rgb([0, 1, 2].map(|k| mix(out.0[k], new.0[k])));
    }
    let outside = |picture: &RgbImage| {
        let mut bytes = Vec::new();
        for (pixel, amount) in picture.pixels().zip(&mask.amount) {
            if *amount == 0 {
                bytes.extend(pixel.0);
            }
        }
        Fingerprint::of_bytes(&bytes)
    };
    let (then, now) = (outside(before), outside(&after));
    anyhow::ensure!(then == now, "something outside of the mask changed");
    let changed = (before.pixels().zip(after.pixels()))
        .filter(|(a, b)| a != b)
        .count();
    Ok((
        after,
        json!({
            "mask_pixels": mask.count(), "changed_pixels": changed, "bounds": mask.bounds(),
            "outside_before": then, "outside_after": now,
        }),
    ))
}

/// The region of somebody or something on a drawn panel: the house draws it once more with that other, and
/// looks where the two differ. Of a thing it returns the panel without it, too.
///
/// # Errors
/// It is not on the picture (exit 8), or the picture is not the house's.
pub fn object(
    desk: &Desk<'_>,
    crew: &Crew,
    item: &str,
    name: &str,
    hand: &Hand,
) -> Result<(Mask, Option<RgbImage>)> {
    let board = storyboard::plan(desk)?;
    let request = panel_request(desk, &board, item)?;
    let mut other = request.clone();
    let low = name.to_lowercase();
    let cast: Vec<(String, String)> = (request.references.iter().flat_map(|r| &r.cast))
        .filter(|p| request.shot.cast.contains(&p.id))
        .map(|p| (p.id.to_string(), p.name.to_lowercase()))
        .collect();
    let words = storyboard::readings(&desk.run.film, item).map_or_else(Vec::new, |(made, _)| made);
    let thing = |what: &Value| -> Option<(String, String)> {
        let kind = what["what"].as_str()?.strip_prefix("thing ")?.to_owned();
        Some((kind, what["word"].as_str()?.to_owned()))
    };
    let things: Vec<(String, String)> = words.iter().filter_map(thing).collect();
    let somebody = cast.iter().any(|(id, n)| *id == low || *n == low);
    if let Some((id, _)) = cast.iter().find(|(id, n)| *id == low || *n == low) {
        let people = other.references.iter_mut().flat_map(|r| &mut r.cast);
        for person in people.filter(|p| p.id.as_str() == id.as_str()) {
            // Nothing of them keeps its colour.
            person.look = Look {
                skin: "ff00ff".to_owned(),
                hair_color: "00ff00".to_owned(),
                top_color: "ff0000".to_owned(),
                bottom_color: "0000ff".to_owned(),
                accent: "ffff00".to_owned(),
                ..person.look.clone()
            };
        }
    } else if let Some((_, word)) = things.iter().find(|(k, w)| *k == low || *w == low) {
        other.shot.prompt = without(&request.shot.prompt, word);
    } else {
        let known: Vec<&str> = (cast.iter().map(|(id, _)| id.as_str()))
            .chain(things.iter().map(|(k, _)| k.as_str()))
            .collect();
        return Err(
            Failure::new(Exit::NotFound, format!("{item} shows no `{name}`"))
                .hint(match nearest(&low, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it shows {}", known.join(", ")),
                })
                .into(),
        );
    }
    let draw = |request| -> Result<RgbImage> {
        let drawn = crew.roles.pencil.panel(request, hand)?;
        Ok(image::load_from_memory(&drawn.picture)
            .context("a panel")?
            .into_rgb8())
    };
    let (one, two) = (draw(&request)?, draw(&other)?);
    let mut mask = Mask::none(one.width() as usize, one.height() as usize);
    for ((a, b), amount) in one.pixels().zip(two.pixels()).zip(&mut mask.amount) {
        let far: i32 = (0..3)
            .map(|k| (i32::from(a.0[k]) - i32::from(b.0[k])).abs())
            .sum();
        *amount = if far > 24 { 255 } else { 0 };
    }
    if mask.count() == 0 {
        return Err(
            Failure::new(Exit::NotFound, format!("`{name}` cannot be seen on {item}"))
                .hint("mark the region: --box, --ellipse, --polygon or --mask")
                .into(),
        );
    }
    // Its edge is soft, and its shadow near.
    mask.grow((mask.height / 180).max(2));
    Ok((mask, Some(two).filter(|_| !somebody)))
}

/// Words without one of them.
fn without(text: &str, word: &str) -> String {
    let low = text.to_lowercase();
    let at = low.find(word).filter(|_| low.len() == text.len());
    let around = at.and_then(|at| Some((text.get(..at)?, text.get(at + word.len()..)?)));
    around.map_or_else(
        || text.to_owned(),
        |(before, after)| format!("{before} {after}"),
    )
}
