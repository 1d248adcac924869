//! What each stage asks of whom, and how the answers become its artifact.
//!
//! A stage names the items it [`wanted`]; the engine has those made that no take answers yet; then
//! the stage [`assemble`]s its artifact from takes and the working files. Nothing here writes.

pub mod assets;
pub mod audio;
pub mod duties;
pub mod inpaint;
pub mod outline;
pub mod own;
pub mod preview;
pub mod reel;
pub mod references;
pub mod render;
pub mod report;
pub mod revision;
mod score;
pub mod script;
pub mod storyboard;
pub mod translation;

use crate::diagnostic::Problem;
use crate::film::brand::Bumper;
use crate::film::document;
use crate::film::lines;
use crate::film::retouch::retouch;
use crate::film::stage::Stage;
use crate::film::time::tidy;
use crate::film::timeline::Cards;
use crate::media::tools::Tools;
use crate::plan::feedback::Instruction;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::merge;
use crate::plan::price::Measure;
use crate::plan::projection;
use crate::providers::roles::{Hand, Roles};
use crate::store::format::Take;
use crate::store::run::{Run, Source};
use crate::template::Template;
use anyhow::{Context, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// A whole stage that is asked for again is counted under this name.
pub const WHOLE: &str = "*";

/// What a stage works from.
pub struct Desk<'a> {
    pub run: &'a Run,
    pub template: &'a Template,
    /// What a person said, understood; empty for a plain making.
    pub instructions: &'a [Instruction],
    /// Items a person asked for by name: made again even where a person's own file stands.
    pub overrule: &'a [String],
    /// What a person said, in their own words, for a provider that writes.
    pub said: Option<&'a str>,
    /// Whether a provider writes the words.
    pub writes: bool,
    /// Whether a provider films the panels.
    pub films: bool,
    /// Whether a provider answers what the film's kind asks.
    pub answers: bool,
}

/// What makes things, where something must be made.
#[derive(Clone)]
pub struct Crew {
    pub roles: Roles,
    pub tools: Tools,
}

/// How long the cards of a film stand: an end card of several lines as long as it takes to be read.
pub fn cards(desk: &Desk<'_>) -> Cards {
    const LONGEST: f64 = 12.0;
    let cards = desk.template.cards;
    let text = desk.template.end_card(&desk.run.film.sheet);
    let end = match text.lines().count() {
        0 | 1 => cards.end,
        _ => cards.end.max(lines::reading_seconds(&text).min(LONGEST)),
    };
    let brand = desk.run.film.brand.as_ref();
    let seconds = |bumper: Option<&Bumper>| bumper.map_or(0.0, |b| b.seconds);
    Cards {
        title: cards.title,
        end: tidy(end),
        intro: seconds(brand.and_then(|b| b.intro.as_ref())),
        outro: seconds(brand.and_then(|b| b.outro.as_ref())),
    }
}

/// One thing to be made, by name and by what it is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    pub item: String,
    /// What it is made from, by name; its hash is the key.
    pub from: Value,
    pub key: Fingerprint,
    /// The working file it becomes, if it becomes one.
    pub file: Option<String>,
    pub label: String,
    /// What a provider would be asked for, and how much of it.
    pub bill: Option<(&'static str, Measure)>,
}

impl Wanted {
    /// The same, with what a provider would be asked for.
    pub fn billed(mut self, role: &'static str, measure: Measure) -> Wanted {
        self.bill = Some((role, measure));
        self
    }

    pub fn new(item: &str, from: Value, file: Option<String>, label: String) -> Wanted {
        Wanted {
            item: item.to_owned(),
            key: projection::key(&from),
            from,
            file,
            label,
            bill: None,
        }
    }
}

/// What came of it.
pub struct Made {
    pub files: Vec<(String, Vec<u8>)>,
    pub facts: Value,
    pub provider: String,
    pub warnings: Vec<String>,
}

pub type Work = Box<dyn FnOnce(&Hand) -> Result<Made> + Send>;

/// A stage's artifact, not yet kept.
pub struct Artifact {
    pub files: BTreeMap<String, Source>,
    pub notes: Vec<String>,
    /// The document as made, before a person's changes were laid over it, where it was made anew.
    pub made: Option<Vec<u8>>,
}

/// Names the items a stage needs now. Later items may appear when earlier ones are made.
pub fn wanted(stage: Stage, desk: &Desk<'_>) -> Result<Vec<Wanted>> {
    match stage {
        Stage::Render => Ok(Vec::new()),
        Stage::Outline => outline::wanted(desk),
        Stage::Assets => assets::asked(desk),
        Stage::Script => Ok(script::wanted(desk)),
        Stage::Own => own::wanted(desk),
        Stage::References => references::wanted(desk),
        Stage::Storyboard => storyboard::wanted(desk),
        Stage::Audio => audio::asked(desk),
    }
}

/// Returns the work that makes each of these items.
pub fn works(
    stage: Stage,
    desk: &Desk<'_>,
    crew: &Crew,
    items: Vec<Wanted>,
) -> Result<Vec<(Wanted, Work)>> {
    // What a whole stage is planned from is planned once.
    let board = match stage {
        Stage::Storyboard => Some(storyboard::plan(desk)?),
        _ => None,
    };
    let work = |item: &Wanted| match (stage, &board) {
        (_, _) if revision::is_words(item) => order(stage, desk)?
            .context("nobody asked for words")?
            .work(crew),
        (Stage::Script, _) => script::work(desk, crew),
        (Stage::Own, _) => own::work(desk, crew),
        (Stage::References, _) => references::work(desk, crew, item),
        (Stage::Storyboard, Some(board)) => storyboard::work(desk, crew, board, item),
        (Stage::Assets, _) => assets::work(desk, crew, item),
        (Stage::Audio, _) => audio::work(desk, crew, item),
        (other, _) => anyhow::bail!("the {other} stage has no item {}", item.item),
    };
    items
        .into_iter()
        .map(|item| {
            let work = work(&item)?;
            Ok((item, work))
        })
        .collect()
}

/// What a provider is to write of a stage now.
fn order(stage: Stage, desk: &Desk<'_>) -> Result<Option<revision::Order>> {
    match stage {
        Stage::Outline => outline::order(desk),
        Stage::References => references::order(desk),
        Stage::Storyboard => storyboard::order(desk),
        Stage::Assets => assets::order(desk),
        Stage::Audio => audio::order(desk),
        Stage::Script | Stage::Own | Stage::Render => Ok(None),
    }
}

/// Puts a stage's artifact together.
pub fn assemble(stage: Stage, desk: &Desk<'_>) -> Result<Artifact> {
    match stage {
        Stage::Outline => outline::assemble(desk),
        Stage::Script => script::assemble(desk),
        Stage::Own => own::assemble(desk),
        Stage::References => references::assemble(desk),
        Stage::Storyboard => storyboard::assemble(desk),
        Stage::Assets => assets::assemble(desk),
        Stage::Audio => audio::assemble(desk),
        Stage::Render => anyhow::bail!("a film is rendered, not assembled"),
    }
}

/// What a person may want to know of a stage beside what is wrong: lines of the script that are on no shot.
pub fn remarks(stage: Stage, desk: &Desk<'_>) -> Vec<String> {
    match stage {
        Stage::Storyboard => storyboard::strays(desk),
        _ => Vec::new(),
    }
}

/// What in a stage's document does not fit the documents before it, by line.
pub fn misfits(stage: Stage, desk: &Desk<'_>) -> Vec<Problem> {
    match stage {
        Stage::Audio => audio::misfits(desk),
        _ => Vec::new(),
    }
}

/// What a hand edit leaves open: missing ids, lengths of replaced sounds. `None` where nothing is.
pub fn settle(stage: Stage, desk: &Desk<'_>) -> Result<Option<String>> {
    match stage {
        Stage::Outline => outline::settle(desk),
        Stage::Storyboard => storyboard::settle(desk),
        Stage::Assets => assets::settle(desk),
        Stage::Audio => audio::settle(desk),
        _ => Ok(None),
    }
}

/// A stage's document as it would be made now, before anything it needs is: what instructions would change in it.
pub fn foreseen(stage: Stage, desk: &Desk<'_>) -> Result<Option<String>> {
    let source = match stage {
        Stage::References => references::foreseen(desk)?,
        Stage::Storyboard => written(desk.run, stage, &storyboard::plan(desk)?)?,
        Stage::Audio => audio::foreseen(desk)?,
        _ => match assemble(stage, desk)?
            .files
            .remove(stage.document().unwrap_or_default())
        {
            Some(source) => source,
            None => return Ok(None),
        },
    };
    Ok(match source {
        Source::Bytes(bytes) => String::from_utf8(bytes).ok(),
        Source::Copy(_) | Source::Move(_) => None,
    })
}

/// The items of a stage that must still be made: missing, or made from something else than now.
/// What a person put in a file's place is never among them.
pub fn todo(stage: Stage, desk: &Desk<'_>) -> Result<Vec<Wanted>> {
    let mut all = wanted(stage, desk)?;
    all.retain(|w| must_be_made(stage, desk, w));
    if stage == Stage::Assets {
        let made: Vec<Option<String>> = all.iter().map(|w| w.file.clone()).collect();
        all.extend(
            assets::missing(desk)
                .into_iter()
                .filter(|w| !made.contains(&w.file)),
        );
    }
    Ok(all)
}

fn must_be_made(stage: Stage, desk: &Desk<'_>, wanted: &Wanted) -> bool {
    let run = desk.run;
    let made = run.ledger.made(stage, &wanted.item, &wanted.key);
    match wanted.file.as_ref().map(|file| run.files.get(file)) {
        // Heard or measured only: it needs no file.
        None => made.is_none(),
        Some(None) => true,
        Some(Some(_)) if stays(desk, stage, wanted) => false,
        Some(Some(hash)) => made.is_none_or(|t| !t.files.values().any(|h| h == hash)),
    }
}

/// Names of items that must be made, and of those that stay although what they were made for
/// changed, because a person made or chose them.
pub fn due(stage: Stage, desk: &Desk<'_>) -> Result<(Vec<String>, Vec<String>)> {
    let (mut todo, mut outdated) = (Vec::new(), Vec::new());
    for w in wanted(stage, desk)? {
        let then = desk.run.ledger.keys.get(&(stage, w.item.clone()));
        if must_be_made(stage, desk, &w) {
            todo.push(w.item);
        } else if then.is_some_and(|key| *key != w.key) && stays(desk, stage, &w) {
            outdated.push(w.item);
        }
    }
    if stage == Stage::Assets {
        let missing = assets::missing(desk).into_iter().map(|w| w.item);
        todo.extend(missing);
        todo.dedup();
    }
    Ok((todo, outdated))
}

/// Whether the bytes of a working file came from the studio and not from a person.
pub fn is_ours(run: &Run, stage: Stage, item: &str, hash: &Fingerprint) -> bool {
    run.ledger
        .takes
        .get(&(stage, item.to_owned()))
        .is_some_and(|takes| takes.iter().any(|t| t.files.values().any(|h| h == hash)))
}

/// Whether an item's working file is left as it is: a person's own, one a person picked, or one
/// accepted for just what it would be made from now.
pub fn stays(desk: &Desk<'_>, stage: Stage, wanted: &Wanted) -> bool {
    let run = desk.run;
    if desk.overrule.contains(&wanted.item) {
        return false;
    }
    let Some(hash) = wanted.file.as_ref().and_then(|file| run.files.get(file)) else {
        return false;
    };
    let of = |take: &Take| take.files.values().any(|h| h == hash);
    is_persons(desk, stage, wanted)
        || run.ledger.picked(stage, &wanted.item).is_some_and(of)
        || run.ledger.keys.get(&(stage, wanted.item.clone())) == Some(&wanted.key)
}

/// The take an item's working file is, or will be once the stage is put together.
pub fn take_of<'a>(desk: &'a Desk<'_>, stage: Stage, wanted: &Wanted) -> Option<&'a Take> {
    let run = desk.run;
    let file = wanted.file.as_ref().and_then(|file| run.files.get(file));
    match file {
        Some(hash) if stays(desk, stage, wanted) => run
            .ledger
            .takes
            .get(&(stage, wanted.item.clone()))?
            .iter()
            .rev()
            .find(|t| t.files.values().any(|h| h == hash)),
        _ => run.ledger.made(stage, &wanted.item, &wanted.key),
    }
}

/// Whether an item's working file is a person's own.
pub fn is_persons(desk: &Desk<'_>, stage: Stage, wanted: &Wanted) -> bool {
    !desk.overrule.contains(&wanted.item)
        && wanted
            .file
            .as_ref()
            .and_then(|file| desk.run.files.get(file))
            .is_some_and(|hash| !is_ours(desk.run, stage, &wanted.item, hash))
}

/// The document as the studio last made it by itself: what a person's changes are measured by.
pub fn base<T: DeserializeOwned>(run: &Run, stage: Stage) -> Option<T> {
    document::read(&base_text(run, stage)?, stage.document()?).ok()
}

/// The same as it is written.
fn base_text(run: &Run, stage: Stage) -> Option<String> {
    let bytes = run.object(run.ledger.version(stage)?.made.as_ref()?).ok()?;
    String::from_utf8(bytes).ok()
}

/// A document as it is kept for the next merge.
pub fn pristine<T: Serialize>(made: &T) -> Result<Option<Vec<u8>>> {
    Ok(Some(document::write(made)?.into_bytes()))
}

/// Merges what was just made with what a person changed since the last time.
pub fn merged<T: Serialize + DeserializeOwned>(
    run: &Run,
    stage: Stage,
    mine: Option<&T>,
    theirs: &T,
) -> Result<T> {
    let Some(mine) = mine else {
        return Ok(serde_json::from_value(serde_json::to_value(theirs)?)?);
    };
    let base: Option<T> = base(run, stage);
    let base = match base {
        Some(b) => Some(serde_json::to_value(b)?),
        None => None,
    };
    let value = merge::three_way(
        base.as_ref(),
        &serde_json::to_value(mine)?,
        &serde_json::to_value(theirs)?,
    );
    serde_json::from_value(value).with_context(|| format!("merging {stage}"))
}

/// Whether what a stage is made from is what its last version was made from.
pub fn inputs_moved(run: &Run, stage: Stage) -> bool {
    match run.ledger.version(stage) {
        Some(_) => {
            let from = run.ledger.made_from(stage);
            from.is_some() && from != run.inputs(stage).as_ref()
        }
        None => true,
    }
}

/// Writes a document unless it already says the same, so that hand-written comments stay.
pub fn written<T: Serialize + DeserializeOwned + PartialEq>(
    run: &Run,
    stage: Stage,
    value: &T,
) -> Result<Source> {
    let name = stage.document().context("a stage with a document")?;
    let text = match run.text(stage).map(|text| document::read::<T>(text, name)) {
        Some(Ok(now)) => retold(run, stage, &now, value)?,
        _ => document::write(value)?,
    };
    Ok(Source::Bytes(text.into_bytes()))
}

/// The text of a stage's document, changed where `after` differs from `before`, which it says now;
/// comments, order and what was left out stay as they were written.
pub fn retold<T: Serialize + DeserializeOwned + PartialEq>(
    run: &Run,
    stage: Stage,
    before: &T,
    after: &T,
) -> Result<String> {
    let name = stage.document().context("a stage with a document")?;
    let text = run.text(stage).unwrap_or_default();
    if before == after {
        return Ok(text.to_owned());
    }
    let said: Option<Value> = serde_yaml::from_str(text).ok();
    let (before, wanted) = (serde_json::to_value(before)?, serde_json::to_value(after)?);
    let retold = said
        .map(|said| merge::three_way(Some(&before), &said, &wanted))
        .and_then(|said| retouch(text, &said))
        .filter(|t| document::read::<T>(t, name).is_ok_and(|now| now == *after));
    match retold {
        Some(text) => Ok(text),
        None => document::write(after),
    }
}

/// A source for a working file: the person's own where there is one, else the take made from `key`.
pub fn media(desk: &Desk<'_>, stage: Stage, wanted: &Wanted, suffix: &str) -> Result<Source> {
    let run = desk.run;
    let file = wanted.file.as_ref().context("an item with a file")?;
    if stays(desk, stage, wanted) {
        return Ok(Source::Copy(file.clone()));
    }
    let take = run
        .ledger
        .made(stage, &wanted.item, &wanted.key)
        .with_context(|| format!("{} was not made", wanted.item))?;
    Ok(Source::Copy(crate::store::layout::Layout::take(
        stage,
        &wanted.item,
        take.take,
        suffix,
    )))
}
