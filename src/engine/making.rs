//! Makes a stage: its items ([`super::items`]), then its artifact as one version. Stopped at any moment, it goes on from what was kept.

use super::event::Event;
use super::studio::Studio;
use super::survey::Survey;
use super::{cutting, gatekeeper, intake, items};
use crate::diagnostic::{Exit, Failure};
use crate::film::document;
use crate::film::retouch::retouch;
use crate::film::stage::Stage;
use crate::film::storyboard::BoardBeat;
use crate::plan::feedback::{self, Instruction, Lost};
use crate::plan::status::State;
use crate::stages::{self, WHOLE, render};
use crate::store::disk;
use crate::store::format::{Op, Take, Version, VersionKind};
use crate::store::run::{Draft, Source};
use anyhow::{Context, Result};
use similar::TextDiff;

/// What a making may be told.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    pub workers: usize,
    /// Make only these items, if any are named.
    pub only: Vec<String>,
    /// Nothing but those, even where the rest is not there yet.
    pub strictly: bool,
    /// Made before the others, in this order.
    pub first: Vec<String>,
    /// Whether a person says yes to providers that cannot do all that is asked.
    pub accept_degraded: bool,
    /// What a person said about the stage.
    pub feedback: Option<String>,
    /// How the film is cut, and what besides it.
    pub cut: render::Options,
}

/// Makes a stage and presents it at its gate.
pub async fn make(studio: &mut Studio, stage: Stage, orders: &Orders) -> Result<Version> {
    disk::write_scratch(&studio.run.layout.now_making(), stage.name().as_bytes())?;
    let result = make_inner(studio, stage, orders).await;
    disk::remove(&studio.run.layout.now_making());
    // What was said is answered, or still stands in the journal.
    studio.said = None;
    let version = result?;
    if version.placed {
        gatekeeper::present(studio, stage)?;
    }
    Ok(version)
}

async fn make_inner(studio: &mut Studio, stage: Stage, orders: &Orders) -> Result<Version> {
    let crew = studio.crew()?;
    let said = orders
        .feedback
        .clone()
        .or_else(|| studio.run.ledger.unanswered(stage));
    let instructions = match &said {
        Some(text) => heard(studio, stage, text)?,
        None => Some(Vec::new()),
    };
    studio.said = said.clone().filter(|_| instructions.is_none());
    let instructions = instructions.unwrap_or_default();
    let base = studio.run.working(stage);
    let before = studio.run.reads(stage);
    let items = stages::todo(stage, &studio.desk(&instructions)).map_or(0, |t| t.len());
    studio.tell(Event::StageStarted { stage, items });
    let (artifact, faults) = if stage == Stage::Render {
        cutting::film(studio, &crew, orders)?
    } else {
        items::items_of(studio, stage, &crew, &instructions, orders).await?;
        // Put together from what lay there when it began; what somebody wrote meanwhile is theirs.
        let desk = studio.desk(&instructions);
        (stages::assemble(stage, &desk)?, Vec::new())
    };
    let files: Vec<String> = artifact.files.keys().cloned().collect();
    let notes = artifact.notes.clone();
    let made_from = before.as_ref().map(|i| &i.hash);
    let as_it_was = match (stage, &said) {
        // A film cut again that comes out as it lies there is no version of its own.
        (Stage::Render, None) => {
            studio.run.look()?;
            let last = studio.run.ledger.placed(stage).cloned();
            last.filter(|last| last.notes == artifact.notes)
                .filter(|_| studio.run.is_as(stage, made_from, &artifact.files))
        }
        _ => None,
    };
    let version = match as_it_was {
        Some(last) => {
            artifact.files.values().for_each(Source::let_go);
            last
        }
        None => {
            let draft = Draft {
                inputs_fp: made_from.cloned(),
                feedback: said,
                notes: artifact.notes,
                made: artifact.made,
                read: before.map(|i| i.parts).unwrap_or_default(),
                base: Some(base),
                ..Draft::new(stage, VersionKind::Generated, "system", artifact.files)
            };
            gatekeeper::keep(studio, draft, None)?
        }
    };
    studio.tell(Event::StageCompleted {
        stage,
        version: version.version,
        files,
        notes,
    });
    if !version.placed {
        studio.warn(format!("{stage} was edited while it was made; what was made is version {}, your files are as you left them", version.version));
    }
    if !faults.is_empty() {
        return Err(Failure::new(
            Exit::ChecksFailed,
            format!("the film failed its checks: {}", faults.join("; ")),
        )
        .hint(format!(
            "the film is kept: {}",
            studio.run.layout.at("render/film.mp4").display()
        ))
        .into());
    }
    Ok(version)
}

/// What a person said, as instructions where rules cover it: they are exact and free. `None` where a
/// provider that writes is to be told in the person's own words.
///
/// # Errors
/// Neither can follow it.
pub fn heard(studio: &Studio, stage: Stage, text: &str) -> Result<Option<Vec<Instruction>>> {
    let role = if stage == Stage::Own { "own" } else { "text" };
    let writes = studio.remote(role).is_some() && stage != Stage::Render;
    if writes && matches!(stage, Stage::Script | Stage::Own) {
        return Ok(None);
    }
    match understood(studio, stage, text) {
        Ok(instructions) => Ok(Some(instructions)),
        Err(_) if writes => Ok(None),
        Err(e) => Err(e),
    }
}

/// What instructions were understood as: `“closer” (s01_020: a size closer)`.
pub fn meant(instructions: &[Instruction]) -> String {
    let each = instructions.iter().map(|i| format!("“{}” ({i})", i.said));
    each.collect::<Vec<_>>().join(", ")
}

/// Reads feedback by the documented instructions; what they do not cover is refused by name of the
/// role that could follow it.
pub fn understood(studio: &Studio, stage: Stage, text: &str) -> Result<Vec<Instruction>> {
    let film = &studio.run.film;
    let mut names = feedback::Names::default();
    if let Some(outline) = &film.outline {
        for beat in &outline.beats {
            let parts = crate::film::heading::heading_parts(&beat.title);
            let words = [parts.place, beat.title.clone()]
                .into_iter()
                .filter(|w| !w.trim().is_empty())
                .collect();
            names.beats.push((
                beat.id
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                words,
            ));
        }
    }
    if let Some(board) = &film.storyboard {
        names.shots = board.shots().map(|(_, s)| s.name().to_owned()).collect();
        let beat = |b: &BoardBeat| b.id.as_ref().map_or_else(String::new, ToString::to_string);
        names.shows = (board.shots())
            .map(|(b, s)| (beat(b), s.prompt.clone()))
            .collect();
    }
    if let Some(references) = &film.references {
        names.people = references
            .cast
            .iter()
            .map(|p| (p.id.to_string(), p.name.clone()))
            .collect();
    }
    let refuse = |parts: &[Lost]| {
        let role = match stage {
            Stage::References | Stage::Storyboard => "text` and `image",
            Stage::Assets => "video",
            Stage::Audio => "voice` and `music",
            Stage::Own => "own",
            _ => "text",
        };
        let part = |lost: &Lost| {
            let said = crate::diagnostic::printable(&lost.said);
            match lost.why.as_str() {
                "" => format!("“{said}”"),
                why => format!("“{said}” ({why})"),
            }
        };
        let parts: Vec<String> = parts.iter().map(part).collect();
        let what = format!("the offline house cannot follow: {}", parts.join(", "));
        Failure::new(Exit::Missing, what)
            .hint(format!(
            "{}; a provider for `{role}` could follow more, or change the file yourself",
            match stage {
                Stage::Outline => "here it follows: shorter, longer, N seconds, N % or N seconds more or less, a mood, drop a beat",
                Stage::Script => "here it follows: drop a scene",
                Stage::References => "here it follows: a mood, a look, drop a person",
                Stage::Storyboard => "here it follows: shorter, longer, slower, faster, N seconds, more or fewer shots, closer, wider, a move of the camera, a shot darker or brighter, a thing in it bigger or smaller, a mood, drop",
                Stage::Audio => "here it follows: music or voices louder or quieter, a mood",
                Stage::Own => "here it follows nothing by rule",
                Stage::Assets => "here it follows: a move of the camera",
                Stage::Render => "say it at the storyboard or audio stage",
            }
        ))
    };
    let instructions = feedback::read(text, &names).map_err(|lost| refuse(&lost))?;
    let lost: Vec<Lost> = instructions
        .iter()
        .filter(|i| !follows(stage, i))
        .map(|i| Lost {
            said: i.said.clone(),
            why: "not at this stage".to_owned(),
        })
        .collect();
    if lost.is_empty() {
        Ok(instructions)
    } else {
        Err(refuse(&lost).into())
    }
}

/// What instructions would change in a stage's document, line by line; empty where that shows only when it is made.
pub fn foreseen(studio: &Studio, stage: Stage, instructions: &[Instruction]) -> String {
    let text = stages::foreseen(stage, &studio.desk(instructions));
    let (Ok(Some(after)), Some(before)) = (text, studio.run.text(stage)) else {
        return String::new();
    };
    TextDiff::from_lines(before, &after)
        .unified_diff()
        .context_radius(2)
        .to_string()
}

/// Which instructions a stage can follow by rule.
fn follows(stage: Stage, instruction: &Instruction) -> bool {
    use feedback::{Change, Target};
    match (stage, &instruction.change) {
        (
            Stage::Outline,
            Change::Length(_) | Change::Seconds(_) | Change::More(_) | Change::Mood(_),
        ) => true,
        (Stage::Outline | Stage::Script, Change::Drop) => {
            matches!(instruction.target, Target::Beat(_))
        }
        (Stage::References, Change::Mood(_) | Change::Look(_)) => true,
        (Stage::References, Change::Drop) => matches!(instruction.target, Target::Person(_)),
        (Stage::Storyboard, Change::Drop) => instruction.target != Target::All,
        (Stage::Storyboard, c) => {
            !matches!(c, Change::Look(_) | Change::Music(_) | Change::Voices(_))
        }
        (Stage::Assets, Change::Camera(_)) => true,
        // Its music is one piece, whatever scene was spoken of.
        (Stage::Audio, Change::Music(_) | Change::Mood(_)) => instruction.target == Target::All,
        (Stage::Audio, Change::Voices(_)) => !matches!(instruction.target, Target::Beat(_)),
        _ => false,
    }
}

/// Makes single items of a stage that is not made, to be looked at before the rest is paid. They
/// are takes like any other: the stage itself begins with them.
///
/// # Errors
/// No stage that is ready has such items (exit 8).
pub async fn try_out(studio: &mut Studio, orders: &Orders) -> Result<Vec<Take>> {
    intake::take_in(studio)?;
    let survey = Survey::take(studio);
    // What failed may be tried again as well.
    let ready = (survey.states.iter()).find(|s| matches!(s.state, State::Ready | State::Failed));
    let known = match ready {
        Some(state) => stages::wanted(state.stage, &studio.desk(&[]))?,
        None => Vec::new(),
    };
    let named = |item: &String| known.iter().any(|w| w.item == *item);
    let (Some(stage), None) = (
        ready.map(|s| s.stage),
        orders.only.iter().find(|item| !named(item)),
    ) else {
        let items: Vec<&str> = known.iter().map(|w| w.item.as_str()).collect();
        let what = format!(
            "nothing that could be made now is called {}",
            orders.only.join(", ")
        );
        return Err(Failure::new(Exit::NotFound, what)
            .hint(match items.is_empty() {
                true => "decide what is open first: `greenlight status` shows it".to_owned(),
                false => format!("there are {}", items.join(", ")),
            })
            .into());
    };
    let crew = studio.crew()?;
    items::items_of(studio, stage, &crew, &[], orders).await?;
    let ledger = &studio.run.ledger;
    let last = |item: &String| ledger.takes.get(&(stage, item.clone()))?.last().cloned();
    Ok(orders.only.iter().filter_map(last).collect())
}

/// The items of a stage that get another take: those named, or all (exit 8 for unknown ones).
pub(super) fn items_to_repeat(
    studio: &Studio,
    stage: Stage,
    items: &[String],
) -> Result<Vec<String>> {
    let id = studio.run.id();
    if studio.run.ledger.version(stage).is_none() && studio.run.ledger.failures.is_empty() {
        return Err(
            Failure::new(Exit::Impossible, format!("{stage} has not been made yet"))
                .hint(format!("`greenlight run {id}` goes on to it"))
                .into(),
        );
    }
    let known: Vec<String> = stages::wanted(stage, &studio.desk(&[]))?
        .into_iter()
        .filter(|w| w.file.is_some())
        .map(|w| w.item)
        .collect();
    for item in items {
        if !known.contains(item) {
            let hint = match crate::diagnostic::nearest(item, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => format!("{stage} is made as a whole"),
                None => format!("items of {stage}: {}", known.join(", ")),
            };
            return Err(
                Failure::new(Exit::NotFound, format!("{stage} has no item `{item}`"))
                    .hint(hint)
                    .into(),
            );
        }
    }
    Ok(if items.is_empty() {
        known
    } else {
        items.to_vec()
    })
}

/// Whether a stage has an item of that name.
pub fn has_item(studio: &Studio, stage: Stage, item: &str) -> bool {
    stages::wanted(stage, &studio.desk(&[]))
        .is_ok_and(|all| all.iter().any(|w| w.item == item && w.file.is_some()))
}

/// Refuses to make an item again more often than the operator allows (exit 7).
pub(super) fn within_limits(
    studio: &Studio,
    stage: Stage,
    items: &[String],
    more: u64,
) -> Result<()> {
    let most = studio.settings.operator.limits.max_regenerations;
    let over = items
        .iter()
        .find(|i| studio.run.ledger.tries(stage, i) + more > most);
    match over {
        Some(item) => Err(Failure::new(
            Exit::Impossible,
            format!(
                "`{item}` was made again {} times; at most {most} are allowed",
                studio.run.ledger.tries(stage, item)
            ),
        )
        .hint("raise limits.max_regenerations in conf/operator.yaml")
        .into()),
        None => Ok(()),
    }
}

/// Takes a stage that was left out into the film after all: `run.yaml` is changed where it says so,
/// and its comments stay.
fn take_up(studio: &mut Studio, stage: Stage) -> Result<()> {
    let path = studio.run.layout.sheet();
    let text = String::from_utf8_lossy(&disk::read(&path)?).into_owned();
    let sheet = &mut studio.run.film.sheet;
    sheet.skip.retain(|s| *s != stage);
    let mut said: serde_json::Value = serde_yaml::from_str(&text).context("run.yaml")?;
    if let Some(fields) = said.as_object_mut() {
        if sheet.skip.is_empty() {
            fields.remove("skip");
        } else {
            fields.insert("skip".to_owned(), serde_json::to_value(&sheet.skip)?);
        }
    }
    let text = match retouch(&text, &said) {
        Some(text) => text,
        None => document::write(sheet)?,
    };
    disk::write_atomic(&path, text.as_bytes())
}

/// Makes something again because a person asked: new takes for what is named, or for all of it.
pub async fn regenerate(
    studio: &mut Studio,
    stage: Stage,
    items: &[String],
    seed: Option<u64>,
    orders: &Orders,
) -> Result<Version> {
    intake::take_in(studio)?;
    gatekeeper::no_conflict(studio, stage)?;
    if stage == Stage::Own && studio.run.film.sheet.leaves_out(stage) {
        let kind = &studio.run.film.sheet.template;
        return Err(Failure::new(
            Exit::Impossible,
            format!("the kind `{kind}` has no stage of its own"),
        )
        .into());
    }
    if studio.skipped(stage) {
        take_up(studio, stage)?;
        return make(studio, stage, orders).await;
    }
    let known = items_to_repeat(studio, stage, items)?;
    // What is said of some items is of those.
    let about = |text: &String| match items {
        [] => text.clone(),
        items => format!("{} {text}", items.join(" and ")),
    };
    let orders = &Orders {
        feedback: orders.feedback.as_ref().map(about),
        ..orders.clone()
    };
    if let Some(text) = &orders.feedback {
        heard(studio, stage, text)?;
    }
    let mut again: Vec<String> = match (items.is_empty(), orders.feedback.is_some()) {
        (false, _) => items.to_vec(),
        // Feedback changes what it changes; without any, everything gets another take.
        (true, true) => Vec::new(),
        (true, false) => known,
    };
    if items.is_empty() {
        again.push(WHOLE.to_owned());
    }
    within_limits(studio, stage, &again, 1)?;
    let by = studio.by.clone();
    studio.run.log(
        &by,
        vec![Op::Regenerate {
            stage,
            items: again,
            feedback: orders.feedback.clone(),
            takes: None,
            seed,
        }],
    )?;
    studio.overrule = items.to_vec();
    let result = make(studio, stage, orders).await;
    studio.overrule.clear();
    result
}
