//! Takes: candidates made side by side, compared on a sheet, one of them picked.

use super::differences::{keep_sheet, shows};
use super::gatekeeper;
use super::intake;
use super::items::items_of;
use super::making::{self, Orders};
use super::studio::Studio;
use crate::cut::contact::Cell;
use crate::diagnostic::{Exit, Failure};
use crate::film::stage::Stage;
use crate::stages::{self, Wanted};
use crate::store::format::{Op, Take, Version, VersionKind};
use crate::store::layout::Layout;
use crate::store::run::{Draft, Source};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The file of a take that is looked at or heard.
pub fn main_file(take: &Take) -> Option<(&str, PathBuf)> {
    let suffix = ["png", "wav", "mp4", "jpg"]
        .into_iter()
        .find(|s| take.files.contains_key(*s))?;
    let path = Layout::take(take.stage, &take.item, take.take, suffix);
    Some((suffix, PathBuf::from(path)))
}

/// Whether a take is what lies in its item's place now.
pub fn in_place(studio: &Studio, take: &Take) -> bool {
    let Some((suffix, _)) = main_file(take) else {
        return false;
    };
    let folder = take.stage.folder().unwrap_or_default();
    studio
        .run
        .files
        .get(&format!("{folder}/{}.{suffix}", take.item))
        == take.files.get(suffix)
}

/// A flat picture the camera films, as an item that takes can be had of.
pub(super) fn still(studio: &Studio, stage: Stage, item: &str) -> Option<Wanted> {
    let asset = (studio.run.film.assets.as_ref())
        .filter(|_| stage == Stage::Assets)?
        .get(item)?;
    let file = format!("assets/{item}.png");
    let hash = studio.run.files.get(&file)?;
    (asset.still.as_ref() == Some(&file)).then(|| {
        let from = serde_json::json!({"still": hash});
        Wanted::new(item, from, Some(file), format!("still {item}"))
    })
}

/// Makes `count` candidates of each item. What stands in their place stays until one is picked.
pub async fn candidates(
    studio: &mut Studio,
    stage: Stage,
    items: &[String],
    count: u32,
    orders: &Orders,
) -> Result<Vec<Take>> {
    intake::take_in(studio)?;
    let items = making::items_to_repeat(studio, stage, items)?;
    making::within_limits(studio, stage, &items, u64::from(count))?;
    let before: BTreeMap<String, u64> = items
        .iter()
        .map(|i| (i.clone(), studio.run.ledger.tries(stage, i)))
        .collect();
    let next: BTreeMap<String, u32> = items
        .iter()
        .map(|i| (i.clone(), studio.run.ledger.next_take(stage, i)))
        .collect();
    let by = studio.by.clone();
    let crew = studio.crew()?;
    studio.run.log(
        &by,
        vec![Op::Regenerate {
            stage,
            items: items.clone(),
            feedback: None,
            takes: Some(count),
            seed: None,
        }],
    )?;
    studio.overrule.clone_from(&items);
    let only = Orders {
        only: items.clone(),
        ..orders.clone()
    };
    let mut result = Ok(());
    for k in 1..=u64::from(count) {
        let salts = before.iter().map(|(i, n)| (i.clone(), n + k)).collect();
        studio.run.trial = Some((stage, salts));
        result = items_of(studio, stage, &crew, &[], &only).await;
        if result.is_err() {
            break;
        }
    }
    studio.run.trial = None;
    studio.overrule.clear();
    result?;
    Ok(items
        .iter()
        .filter_map(|i| studio.run.ledger.takes.get(&(stage, i.clone())))
        .flatten()
        .filter(|t| next.get(&t.item).is_some_and(|n| t.take >= *n))
        .cloned()
        .collect())
}

fn find(studio: &Studio, stage: Stage, item: &str, number: u32) -> Result<Take> {
    let id = studio.run.id();
    let takes = studio.run.ledger.takes.get(&(stage, item.to_owned()));
    let Some(takes) = takes else {
        let known: Vec<&str> = studio
            .run
            .ledger
            .takes
            .keys()
            .filter(|(s, _)| *s == stage)
            .map(|(_, i)| i.as_str())
            .collect();
        let failure = Failure::new(Exit::NotFound, format!("{stage} has no item `{item}`"));
        return Err(match crate::diagnostic::nearest(item, known) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint(format!("`greenlight take list {id} {stage}` lists them")),
        }
        .into());
    };
    takes
        .iter()
        .find(|t| t.take == number)
        .cloned()
        .ok_or_else(|| {
            Failure::new(Exit::NotFound, format!("{item} has no take {number}"))
                .hint(format!("it has {}", takes.len()))
                .into()
        })
}

/// Puts a take in its item's place, as a new version.
pub fn pick(studio: &mut Studio, stage: Stage, item: &str, number: u32) -> Result<Option<Version>> {
    let _held = studio.run.hold()?;
    intake::take_in(studio)?;
    gatekeeper::no_conflict(studio, stage)?;
    let take = find(studio, stage, item, number)?;
    let Some((suffix, from)) = main_file(&take) else {
        return Err(Failure::new(
            Exit::Impossible,
            format!("`{item}` is no picture or sound to be put in place"),
        )
        .into());
    };
    if !studio.run.take_is_whole(&take) {
        return Err(Failure::new(
            Exit::Disk,
            format!("take {number} of {item} is damaged or gone"),
        )
        .hint(format!(
            "`greenlight regenerate {} {stage} --item {item}` makes another",
            studio.run.id()
        ))
        .into());
    }
    if in_place(studio, &take)
        && studio.run.ledger.picked(stage, item).map(|t| t.take) == Some(number)
    {
        return Ok(None);
    }
    let folder = stage.folder().unwrap_or_default();
    let file = format!("{folder}/{item}.{suffix}");
    let wanted = stages::wanted(stage, &studio.desk(&[]))?
        .into_iter()
        .find(|w| w.item == item && w.file.as_ref() == Some(&file));
    // What is filmed is a still of nobody's making: it is put there and nothing is worked out anew.
    let (wanted, flat) = match wanted {
        Some(wanted) => (Some(wanted), false),
        None => (still(studio, stage, item), true),
    };
    let Some(wanted) = wanted else {
        return Err(Failure::new(
            Exit::Impossible,
            format!("`{item}` is not in the {stage} any more"),
        )
        .into());
    };
    // The document measures what is picked: worked out as if it lay there already.
    let up_to_date = !flat && !stages::inputs_moved(&studio.run, stage);
    let hash = take.files.get(suffix).cloned();
    studio.run.files.extend(hash.map(|h| (file.clone(), h)));
    studio
        .run
        .ledger
        .picks
        .insert((stage, item.to_owned()), number);
    let assembled = if up_to_date {
        Some(stages::assemble(stage, &studio.desk(&[])))
    } else {
        None
    };
    let by = studio.by.clone();
    let mut draft = Draft {
        keys: BTreeMap::from([(item.to_owned(), wanted.key)]),
        notes: vec![format!("take {number} of {item} picked")],
        ..studio.run.draft(stage, VersionKind::Restored, &by)
    };
    if let Some(artifact) = assembled {
        draft.files = artifact?.files;
    }
    let source = Source::Copy(from.display().to_string());
    draft.files.insert(file, source);
    let picked = Op::Picked {
        stage,
        item: item.to_owned(),
        take: number,
        by,
    };
    let version = gatekeeper::keep_with(studio, draft, None, vec![picked])?;
    Ok(Some(version))
}

/// The most takes on one sheet.
const MOST: usize = 48;

/// Draws takes side by side; returns where the picture is.
pub fn sheet(studio: &Studio, stage: Stage, takes: &[Take]) -> Result<Option<PathBuf>> {
    let cells: Vec<Cell> = takes
        .iter()
        .filter_map(|t| Some((t, main_file(t)?)))
        .take(MOST)
        .map(|(t, (_, relative))| {
            let name = relative.display().to_string();
            let mark = if in_place(studio, t) {
                " (in place)"
            } else {
                ""
            };
            Cell {
                label: format!("{} · take {}{mark}", t.item, t.take),
                shows: shows(Some(&studio.run.layout.at(&name)), &name),
            }
        })
        .collect();
    let columns = match cells.len() {
        0..=4 => cells.len().max(1),
        n if n <= 9 => 3,
        _ => 4,
    };
    keep_sheet(&studio.run, &format!("takes-{stage}.jpg"), &cells, columns)
}
