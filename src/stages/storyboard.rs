//! Storyboard: beats into shots, timed with a scratch voice, a drawn panel each. It owns the
//! seconds of the film.

use super::revision::Order;
use super::score;
use super::{
    Artifact, Crew, Desk, Made, Wanted, Work, base, inputs_moved, is_ours, media, pristine, written,
};
use crate::animatic::artist;
use crate::animatic::reading;
use crate::animatic::voice::levelled;
use crate::animatic::writer::{self, Material};
use crate::cut::mount;
use crate::diagnostic::{Exit, Failure};
use crate::film::artifacts::Artifacts;
use crate::film::document::SCHEMA;
use crate::film::duty::{Duty, Rule};
use crate::film::ids::{BeatId, CueId, ShotId, distinct, slug};
use crate::film::lines;
use crate::film::references::{Look, References};
use crate::film::script::Element;
use crate::film::sheet::SourceForm;
use crate::film::shot::Size;
use crate::film::stage::Stage;
use crate::film::storyboard::{BoardBeat, Score, Shot, Storyboard, Subject};
use crate::film::time::tidy;
use crate::film::wording;
use crate::plan::feedback::{Change, Target};
use crate::plan::patch::scale;
use crate::plan::price::Measure;
use crate::plan::projection::{self, line_from, panel_file, panel_from};
use crate::providers::ask::Shown;
use crate::providers::roles::{Hand, Image, LineRequest, Panel, PanelRequest, Voice};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The board before its panels are measured: as it stands, or broken down from the script.
fn planned(desk: &Desk<'_>, notes: &mut Vec<String>) -> Result<(Storyboard, Option<Vec<u8>>)> {
    let run = desk.run;
    let current = run.film.storyboard.as_ref();
    if let Some(current) = current
        && !desk.instructions.is_empty()
    {
        return Ok((changed(current, desk, notes), None));
    }
    let order = order(desk)?;
    let asked: Option<Storyboard> = match &order {
        Some(order) => order.written(desk)?,
        None => None,
    };
    if let Some(current) = current
        && (desk.said.is_some() || !inputs_moved(run, Stage::Storyboard))
    {
        let mut board = current.clone();
        if let Some(asked) = asked {
            board = as_asked(asked, current);
        }
        name_all(&mut board, None);
        if desk.said.is_some() {
            for shot in board.beats.iter_mut().flat_map(|b| &mut b.shots) {
                lengthen(shot, desk, notes);
            }
        }
        return Ok((board, None));
    }
    let mut made = match asked {
        Some(asked) => asked,
        None => broken_down(desk)?,
    };
    name_all(&mut made, None);
    for beat in &mut made.beats {
        for shot in &mut beat.shots {
            lengthen(shot, desk, notes);
        }
    }
    let mut mine = current.cloned();
    if let Some(mine) = &mut mine {
        name_all(mine, None);
        unmeasured(mine);
    }
    let mut base: Option<Storyboard> = base(run, Stage::Storyboard);
    if let Some(base) = &mut base {
        unmeasured(base);
    }
    match mine {
        None => {
            let pure = pristine(&made)?;
            Ok((made, pure))
        }
        Some(mine) => {
            let pure = pristine(&made)?;
            let base = match base {
                Some(b) => Some(serde_json::to_value(b)?),
                None => None,
            };
            let value = crate::plan::merge::three_way(
                base.as_ref(),
                &serde_json::to_value(&mine)?,
                &serde_json::to_value(&made)?,
            );
            let mut merged = serde_json::from_value(value)?;
            if let Some(base) = base.map(serde_json::from_value).transpose()? {
                drop_orphans(&mut merged, &made, &base, notes);
            }
            Ok((merged, pure))
        }
    }
}

/// The script broken down into shots by the house, before anything of it is timed or drawn.
fn broken_down(desk: &Desk<'_>) -> Result<Storyboard> {
    let film = &desk.run.film;
    let outline = (film.outline.as_ref()).context("the storyboard needs an outline")?;
    let script = (film.script.as_ref()).context("the storyboard needs a script")?;
    let mut made = Storyboard {
        schema: SCHEMA,
        beats: writer::breakdown(&Material {
            script,
            outline,
            references: film.references.as_ref(),
            lies_there: &|file| desk.run.files.contains_key(file),
            pace: desk.template.words_per_minute,
        }),
    };
    to_outline(&mut made, desk);
    keep_ids(&mut made, film.storyboard.as_ref());
    Ok(made)
}

/// What a provider of words is to write: what a person asked for, or shots thought through, where nobody
/// listed them.
pub(super) fn order(desk: &Desk<'_>) -> Result<Option<Order>> {
    let run = desk.run;
    match &run.film.storyboard {
        Some(current) if desk.said.is_some() => {
            let mut current = current.clone();
            unmeasured(&mut current);
            Order::said(desk, Stage::Storyboard, &current)
        }
        Some(_) if !inputs_moved(run, Stage::Storyboard) => Ok(None),
        _ if !desk.writes || run.film.sheet.source.form == SourceForm::ShotList => Ok(None),
        _ if run.film.script.is_none() || run.film.outline.is_none() => Ok(None),
        _ => Order::plan(desk, Stage::Storyboard, &broken_down(desk)?),
    }
}

/// A board as somebody wrote it who does not know what panels measure.
fn as_asked(mut asked: Storyboard, current: &Storyboard) -> Storyboard {
    for shot in asked.beats.iter_mut().flat_map(|b| &mut b.shots) {
        if let Some(known) = current.shot(shot.name()).filter(|_| shot.id.is_some()) {
            shot.score.clone_from(&known.score);
            shot.subject = known.subject;
        }
    }
    asked
}

/// Takes out shots whose text is gone from the script, unless a person wrote something of their own
/// into them: a length, a size or a move was said of that text.
fn drop_orphans(
    board: &mut Storyboard,
    made: &Storyboard,
    base: &Storyboard,
    notes: &mut Vec<String>,
) {
    let own = |shot: &Shot| {
        let written = |s: &Shot| (s.prompt.clone(), s.lines.clone(), s.on_screen.clone());
        base.shot(shot.name())
            .is_none_or(|then| written(then) != written(shot))
    };
    for beat in &mut board.beats {
        beat.shots.retain(|shot| {
            let orphan = made.shot(shot.name()).is_none() && !own(shot);
            if orphan {
                notes.push(format!(
                    "{}: taken out, its text is gone from the script",
                    shot.name()
                ));
            }
            !orphan
        });
    }
    board.beats.retain(|beat| !beat.shots.is_empty());
}

/// Takes off what is measured, so that it is neither a person's change nor anybody's.
fn unmeasured(board: &mut Storyboard) {
    for shot in board.beats.iter_mut().flat_map(|b| &mut b.shots) {
        shot.score = None;
        shot.subject = Subject::default();
    }
}

/// Scales beats whose length the outline sets otherwise than their words would.
fn to_outline(board: &mut Storyboard, desk: &Desk<'_>) {
    let run = desk.run;
    let Some(outline) = &run.film.outline else {
        return;
    };
    let rate = run.film.sheet.fps;
    for beat in &mut board.beats {
        // By id; a brief's beats, which their template names, by title.
        let Some(planned) = outline
            .beats
            .iter()
            .find(|b| b.id == beat.id)
            .or_else(|| outline.beats.iter().find(|b| b.title == beat.heading))
        else {
            continue;
        };
        let sum: f64 = beat.shots.iter().map(|s| s.seconds).sum();
        if (planned.seconds - sum).abs() > 0.05 && sum > 0.0 {
            let frames: Vec<_> = beat.shots.iter().map(|s| rate.frames(s.seconds)).collect();
            for (shot, f) in beat
                .shots
                .iter_mut()
                .zip(scale(&frames, rate.frames(planned.seconds)))
            {
                shot.seconds = tidy(rate.seconds(f));
            }
        }
        if beat.id != planned.id {
            beat.id.clone_from(&planned.id);
        }
    }
}

/// Gives shots the ids they had: by their source text, then by order in their beat; never one that
/// was used for something else.
fn keep_ids(made: &mut Storyboard, current: Option<&Storyboard>) {
    let Some(current) = current else { return };
    let mut used: BTreeSet<String> = BTreeSet::new();
    let old: Vec<(&BoardBeat, &Shot)> = current.shots().filter(|(_, s)| s.id.is_some()).collect();
    let mut ids: Vec<Option<ShotId>> = Vec::new();
    for (_, shot) in made.shots() {
        let found = old.iter().find(|(_, o)| {
            !shot.source.is_empty() && o.source == shot.source && !used.contains(o.name())
        });
        used.extend(found.map(|(_, o)| o.name().to_owned()));
        ids.push(found.and_then(|(_, o)| o.id.clone()));
    }
    let mut i = 0;
    for beat in &made.beats {
        for _ in &beat.shots {
            if ids[i].is_none() {
                let found = old.iter().find(|(b, o)| {
                    b.id == beat.id && !o.source.is_empty() && !used.contains(o.name())
                });
                used.extend(found.map(|(_, o)| o.name().to_owned()));
                ids[i] = found.and_then(|(_, o)| o.id.clone());
            }
            i += 1;
        }
    }
    let mut taken: BTreeSet<String> = old.iter().map(|(_, o)| o.name().to_owned()).collect();
    let mut k = 0;
    for beat in &mut made.beats {
        for shot in &mut beat.shots {
            let id = match &ids[k] {
                Some(id) => Some(id.clone()),
                None => {
                    let fresh = distinct(shot.name(), |id| taken.contains(id));
                    ShotId::new(fresh).ok()
                }
            };
            taken.extend(id.as_ref().map(ToString::to_string));
            shot.id = id;
            name_lines(shot, true);
            k += 1;
        }
    }
}

fn name_lines(shot: &mut Shot, anew: bool) {
    let name = shot.name().to_owned();
    for (k, line) in shot.lines.iter_mut().enumerate() {
        if anew || line.id.is_none() {
            line.id = CueId::new(format!("v_{name}_{}", k + 1)).ok();
        }
    }
}

/// Writes back the ids a person left out: between its neighbours, `s01_015` after `s01_010`.
fn name_all(board: &mut Storyboard, ever: Option<&BTreeSet<String>>) {
    let mut taken: BTreeSet<String> = board.shots().map(|(_, s)| s.name().to_owned()).collect();
    if let Some(ever) = ever {
        taken.extend(ever.iter().cloned());
    }
    let mut beats: BTreeSet<String> = board
        .beats
        .iter()
        .filter_map(|b| b.id.as_ref().map(ToString::to_string))
        .collect();
    for (at, beat) in board.beats.iter_mut().enumerate() {
        if beat.id.is_none() {
            let id = distinct(&slug(&beat.heading, '_', 48), |id| beats.contains(id));
            beats.insert(id.clone());
            beat.id = BeatId::new(id).ok();
        }
        let number = |s: &Shot| {
            s.name()
                .rsplit_once('_')
                .and_then(|(_, n)| n.parse::<u32>().ok())
        };
        let scene = beat
            .shots
            .iter()
            .find_map(|s| {
                s.name()
                    .split_once('_')
                    .map(|(p, _)| p.to_owned())
                    .filter(|p| p.starts_with('s'))
            })
            .unwrap_or_else(|| format!("s{:02}", at + 1));
        for i in 0..beat.shots.len() {
            if beat.shots[i].id.is_none() {
                let before = beat.shots[..i].iter().rev().find_map(number).unwrap_or(0);
                let after = beat.shots[i + 1..]
                    .iter()
                    .find_map(number)
                    .unwrap_or(before + 20);
                let middle = if after > before + 1 {
                    before + (after - before) / 2
                } else {
                    before + 10
                };
                let id = (0..=9999u32)
                    .map(|d| format!("{scene}_{:03}", if d == 0 { middle } else { before + d }))
                    .find(|id| !taken.contains(id))
                    .unwrap_or_default();
                taken.insert(id.clone());
                beat.shots[i].id = ShotId::new(id).ok();
            }
            name_lines(&mut beat.shots[i], false);
        }
    }
}

/// Words on a picture come a little after it and go a little before it, together so many seconds.
const AROUND_WORDS: f64 = 0.45;

/// A shot lasts at least as long as its lines take, as the scratch voice spoke them.
fn lengthen(shot: &mut Shot, desk: &Desk<'_>, notes: &mut Vec<String>) {
    let run = desk.run;
    let spoken: Option<Vec<(&str, f64)>> = shot
        .lines
        .iter()
        .map(|line| {
            let id = line.id.as_ref()?;
            let from = line_from(&run.film, run.film.references.as_ref(), line, 0);
            let key = projection::key(&from);
            let take = run.ledger.made(Stage::Storyboard, id.as_str(), &key)?;
            Some((line.text.as_str(), take.facts["seconds"].as_f64()?))
        })
        .collect();
    let Some(spoken) = spoken else { return };
    let said = lines::exchange_seconds(spoken);
    // Where words on the picture must be read, it stands as long as that takes.
    let must = |d: &Duty| matches!(d.rule, Rule::Legible);
    let read = (shot.on_screen.as_ref())
        .filter(|_| desk.template.duties.iter().any(must))
        .map_or(0.0, |text| lines::reading_seconds(text) + AROUND_WORDS);
    let need = said.max(read);
    let rate = run.film.sheet.fps;
    if rate.frames_up(need) > rate.frames(shot.seconds) {
        let longer = tidy(rate.seconds(rate.frames_up(need)));
        notes.push(format!(
            "{}: {} s → {longer} s, its {} that long",
            shot.name(),
            tidy(shot.seconds),
            if read > said {
                "words must stand"
            } else {
                "lines take"
            }
        ));
        shot.seconds = longer;
    }
}

fn changed(current: &Storyboard, desk: &Desk<'_>, notes: &mut Vec<String>) -> Storyboard {
    let mut out = current.clone();
    let rate = desk.run.film.sheet.fps;
    for instruction in desk.instructions {
        let said = &instruction.said;
        // A picture that was handed in stays as it is: the file is what changes it.
        let of_the_picture = matches!(
            instruction.change,
            Change::Closer | Change::Wider | Change::Light(_) | Change::Scale { .. }
        );
        let about = |beat: &BoardBeat, shot: &Shot| {
            let kept = of_the_picture && shot.picture.is_some();
            instruction.target.means(beat, shot) && !kept
        };
        let each = |out: &mut Storyboard, change: &dyn Fn(&mut Shot)| {
            let mut n = 0;
            for beat in &mut out.beats {
                let outside = beat.clone();
                for shot in &mut beat.shots {
                    if about(&outside, shot) {
                        change(shot);
                        n += 1;
                    }
                }
            }
            n
        };
        match &instruction.change {
            Change::Length(factor) => {
                let n = each(&mut out, &|s| {
                    s.seconds = tidy(rate.seconds(rate.frames((s.seconds * factor).max(0.5))))
                });
                notes.push(format!("“{said}”: {} × {factor}", shots(n)));
            }
            Change::Seconds(_) | Change::More(_) => {
                let sum: f64 = out
                    .shots()
                    .filter(|(b, s)| about(b, s))
                    .map(|(_, s)| s.seconds)
                    .sum();
                let seconds = instruction.change.seconds_of(sum).unwrap_or(sum);
                let factor = seconds / sum.max(0.1);
                each(&mut out, &|s| {
                    s.seconds = tidy(rate.seconds(rate.frames((s.seconds * factor).max(0.2))))
                });
                notes.push(format!("“{said}”: {sum:.1} s → {seconds} s"));
            }
            Change::Closer | Change::Wider => {
                let closer = instruction.change == Change::Closer;
                let n = each(&mut out, &|s| s.size = next_size(s.size, closer));
                notes.push(format!(
                    "“{said}”: {} a size {}",
                    shots(n),
                    if closer { "closer" } else { "wider" }
                ));
            }
            Change::Camera(movement) => {
                let n = each(&mut out, &|s| s.movement = *movement);
                notes.push(format!("“{said}”: {} {movement}", shots(n)));
            }
            Change::Light(steps) => {
                let n = reworded(&mut out, &about, &|words| wording::relit(words, *steps));
                let how = if *steps < 0 { "darker" } else { "brighter" };
                notes.push(format!("“{said}”: {} {how}", shots(n)));
            }
            Change::Scale { thing, grows } => {
                let n = reworded(&mut out, &about, &|words| {
                    wording::resized(words, thing, *grows)
                });
                let how = if *grows { "larger" } else { "smaller" };
                notes.push(format!("“{said}”: {thing} {how} in {}", shots(n)));
            }
            Change::Mood(mood) => {
                for beat in &mut out.beats {
                    let outside = beat.clone();
                    if outside.shots.iter().any(|s| about(&outside, s)) {
                        beat.mood = Some(mood.clone());
                    }
                }
                notes.push(format!("“{said}”: mood {mood}"));
            }
            Change::FewerShots => {
                let n = join_shots(&mut out);
                notes.push(format!("“{said}”: {} joined with the one before", shots(n)));
            }
            Change::MoreShots => {
                let n = part_shots(&mut out, rate);
                notes.push(format!("“{said}”: {} parted in two, being long", shots(n)));
            }
            Change::Drop => {
                let total = out.shots().count();
                let gone: BTreeSet<String> = out
                    .shots()
                    .filter(|(b, s)| about(b, s))
                    .map(|(_, s)| s.name().to_owned())
                    .collect();
                if !gone.is_empty() && gone.len() < total && instruction.target != Target::All {
                    for beat in &mut out.beats {
                        beat.shots.retain(|s| !gone.contains(s.name()));
                    }
                    out.beats.retain(|b| !b.shots.is_empty());
                    notes.push(format!("“{said}”: {} taken out", shots(gone.len())));
                }
            }
            _ => {}
        }
    }
    name_all(&mut out, None);
    for shot in out.beats.iter_mut().flat_map(|b| &mut b.shots) {
        lengthen(shot, desk, notes);
    }
    out
}

/// So many shots, in words.
pub(super) fn shots(n: usize) -> String {
    match n {
        1 => "1 shot".to_owned(),
        n => format!("{n} shots"),
    }
}

/// Says what shots show anew where it can be said so; how many there are.
fn reworded(
    board: &mut Storyboard,
    about: &dyn Fn(&BoardBeat, &Shot) -> bool,
    anew: &dyn Fn(&str) -> Option<String>,
) -> usize {
    let mut n = 0;
    for beat in &mut board.beats {
        let outside = beat.clone();
        for shot in beat.shots.iter_mut().filter(|s| about(&outside, s)) {
            if let Some(words) = anew(&shot.prompt) {
                shot.prompt = words;
                n += 1;
            }
        }
    }
    n
}

fn next_size(size: Size, closer: bool) -> Size {
    const ORDER: [Size; 9] = [
        Size::Ews,
        Size::Ws,
        Size::Fs,
        Size::Mws,
        Size::Ms,
        Size::Mcu,
        Size::Cu,
        Size::Bcu,
        Size::Ecu,
    ];
    let at = ORDER.iter().position(|s| *s == size);
    match (at, closer) {
        (Some(i), true) => ORDER[(i + 1).min(ORDER.len() - 1)],
        (Some(i), false) => ORDER[i.saturating_sub(1)],
        (None, _) => size,
    }
}

/// Joins every silent shot with the one before it in its beat.
fn join_shots(board: &mut Storyboard) -> usize {
    let mut n = 0;
    for beat in &mut board.beats {
        let mut i = 1;
        while i < beat.shots.len() {
            if beat.shots[i].lines.is_empty() && beat.shots.len() > 1 {
                let gone = beat.shots.remove(i);
                let before = &mut beat.shots[i - 1];
                before.seconds = tidy(before.seconds + gone.seconds);
                before.prompt = format!("{} {}", before.prompt, gone.prompt);
                before.transition = gone.transition;
                n += 1;
                i += 1;
            } else {
                i += 1;
            }
        }
    }
    n
}

/// Parts shots of more than five seconds; the second half is a size closer.
fn part_shots(board: &mut Storyboard, rate: crate::film::time::Rate) -> usize {
    let mut n = 0;
    for beat in &mut board.beats {
        let mut i = 0;
        while i < beat.shots.len() {
            if beat.shots[i].seconds > 5.0 && beat.shots[i].lines.len() < 2 {
                let whole = rate.frames(beat.shots[i].seconds);
                let half = scale(&[whole, whole], whole);
                let mut second = beat.shots[i].clone();
                second.id = None;
                second.source = String::new();
                second.lines.clear();
                second.on_screen = None;
                second.lower_third = None;
                second.size = next_size(second.size, true);
                second.seconds = tidy(rate.seconds(half[1]));
                beat.shots[i].seconds = tidy(rate.seconds(half[0]));
                beat.shots[i].transition = crate::film::shot::Transition::CUT;
                beat.shots.insert(i + 1, second);
                n += 1;
                i += 1;
            }
            i += 1;
        }
    }
    n
}

pub fn wanted(desk: &Desk<'_>) -> Result<Vec<Wanted>> {
    let run = desk.run;
    if let Some(order) = order(desk)?
        && order.written::<Storyboard>(desk)?.is_none()
    {
        // Panels follow from the words.
        return Ok(vec![order.wanted()]);
    }
    let references = run.film.references.as_ref();
    let board = planned(desk, &mut Vec::new())?.0;
    let mut out = Vec::new();
    for (beat, shot) in board.shots() {
        for line in &shot.lines {
            if let Some(id) = &line.id {
                out.push(Wanted::new(
                    id.as_str(),
                    line_from(&run.film, references, line, 0),
                    None,
                    format!("timing {id}"),
                ));
            }
        }
        let id = shot.name().to_owned();
        let salt = run.salt(Stage::Storyboard, &id);
        let panel = Wanted::new(
            &id,
            panel_from(
                &run.film,
                references,
                beat,
                shot,
                &time_before(&board, beat),
                salt,
                &run.files,
            ),
            Some(panel_file(&id)),
            format!("panel {id}"),
        );
        let measure = Measure {
            images: 1,
            ..Measure::default()
        };
        // What was handed in costs nothing.
        out.push(match &shot.picture {
            Some(_) => panel,
            None => panel.billed("image", measure),
        });
    }
    Ok(out)
}

/// How the house reads the words of a shot: what it made of which, and what it did not understand.
pub fn readings(film: &Artifacts, shot: &str) -> Option<(Vec<Value>, Vec<String>)> {
    let board = film.storyboard.as_ref()?;
    let (beat, shot) = board.shots().find(|(_, s)| s.name() == shot)?;
    let around = reading::Around {
        references: film.references.as_ref(),
        mood: "",
        look: "",
        context: &words_of(beat),
        time: &time_before(board, beat),
    };
    let (scene, made) = reading::read_closely(beat, shot, &around);
    // From as near as a face one sees a face.
    let near = matches!(shot.size, Size::Cu | Size::Bcu | Size::Ecu) && !scene.people.is_empty();
    let deeds = reading::unread_deeds(shot, film.references.as_ref());
    let understood = made
        .into_iter()
        .map(
            |u| match near && (u.what.starts_with("thing ") || u.what.starts_with("pose ")) {
                true => json!({"what": format!("{}, out of frame", u.what), "word": u.word}),
                false => json!({"what": u.what, "word": u.word}),
            },
        )
        .chain(
            deeds
                .iter()
                .map(|word| json!({"what": "not read", "word": word})),
        );
    Some((understood.collect(), scene.unknown))
}

/// What all shots of a beat say.
pub fn words_of(beat: &BoardBeat) -> String {
    let prompts: Vec<&str> = beat.shots.iter().map(|s| s.prompt.as_str()).collect();
    prompts.join(" ")
}

/// The time of day a beat's heading leaves to the scenes before it: `CONTINUOUS`, `LATER`. Empty where it
/// names its own.
pub fn time_before(board: &Storyboard, beat: &BoardBeat) -> String {
    if reading::named_time(&beat.heading).is_some() {
        return String::new();
    }
    let at = board.beats.iter().position(|b| std::ptr::eq(b, beat));
    board.beats[..at.unwrap_or(0)]
        .iter()
        .rev()
        .find_map(|b| reading::named_time(&b.heading))
        .unwrap_or_default()
}

/// The board as it shall be, before its panels are measured.
pub fn plan(desk: &Desk<'_>) -> Result<Storyboard> {
    Ok(planned(desk, &mut Vec::new())?.0)
}

pub fn work(desk: &Desk<'_>, crew: &Crew, board: &Storyboard, wanted: &Wanted) -> Result<Work> {
    let run = desk.run;
    let references = run.film.references.clone();
    if wanted.file.is_none() {
        let line = board
            .shots()
            .flat_map(|(_, s)| &s.lines)
            .find(|l| l.id.as_ref().is_some_and(|i| i.as_str() == wanted.item))
            .context("a line")?;
        // Timed with what is local and free, whoever speaks in the end.
        let scratch = ("animatic".to_owned(), crew.roles.scratch.clone());
        return speak(desk, scratch, line.clone());
    }
    let mut request = panel_request(desk, board, &wanted.item)?;
    let shot = request.shot.clone();
    if let Some(picture) = &shot.picture {
        return hang(desk, &wanted.item, picture);
    }
    // The sheets of who is in it: the very bytes that were approved.
    let provider = crew.roles.name("image").to_owned();
    let mut shown = Vec::new();
    if provider != "animatic" {
        for id in shot.cast.iter().chain(&shot.place) {
            let person = references.as_ref().and_then(|r| r.person(id));
            if person.is_some_and(|p| p.offscreen) {
                continue;
            }
            let path = run.layout.at(&projection::sheet_file(id.as_str()));
            let bytes = crate::store::disk::read(&path).map_err(|_| {
                Failure::new(
                    Exit::Impossible,
                    format!(
                        "{}: `{id}` has no reference sheet; nothing was paid",
                        wanted.item
                    ),
                )
                .hint(format!(
                    "`greenlight regenerate {} references` makes them",
                    run.id()
                ))
            })?;
            shown.push(Shown {
                name: id.to_string(),
                bytes: Arc::new(bytes),
            });
        }
    }
    request.shown = shown;
    let looks = looks(&shot, references.as_ref());
    let image = crew.roles.image.clone();
    Ok(Box::new(move |hand| {
        hand.cancel.check()?;
        let (mut panel, mut score) = composed(image.as_ref(), &request, &looks, hand)?;
        // What the house draws badly it draws again, another way; a picture that costs is never
        // asked for twice.
        let tries = if provider == "animatic" { 4 } else { 1 };
        for again in 1..tries {
            if !score::is_weak(&score) {
                break;
            }
            hand.cancel.check()?;
            let mut other = request.clone();
            other.seed = request.seed.wrapping_add(7919 * again);
            let (next, measured) = composed(image.as_ref(), &other, &looks, hand)?;
            if measured.total > score.total {
                (panel, score) = (next, measured);
            }
        }
        let glance = score::glance(&panel.picture);
        let mut files = vec![("png".to_owned(), panel.picture)];
        files.extend(
            panel
                .layers
                .into_iter()
                .map(|(name, bytes)| (format!("{name}.png"), bytes)),
        );
        Ok(Made {
            files,
            facts: json!({"subject": panel.subject, "score": score, "glance": glance}),
            provider,
            warnings: Vec::new(),
        })
    }))
}

/// Hangs a picture that was handed in where a panel would be drawn.
fn hang(desk: &Desk<'_>, item: &str, picture: &str) -> Result<Work> {
    let path = desk.run.layout.at(picture);
    let broken = format!("{item} shows {picture}, and it is no PNG or JPEG picture");
    let place = path.display().to_string();
    if !desk.run.files.contains_key(picture) {
        return Err(Failure::new(
            Exit::Invalid,
            format!("{item} shows {picture}, and no such file is there"),
        )
        .at(place, 0, 0)
        .hint("put it there, or take its line `PICTURE:` out of the script (`picture:` out of storyboard.yaml)")
        .into());
    }
    let format = desk.run.film.sheet.master();
    let ending = picture.rsplit('.').next().unwrap_or("png").to_owned();
    Ok(Box::new(move |hand| {
        hand.cancel.check()?;
        // Read once: an editor may put another file there at any time.
        let picture = crate::store::disk::read(&path)?;
        let panel = mount::panel(&picture, format).map_err(|_| {
            Failure::new(Exit::Invalid, broken.clone())
                .at(place.clone(), 0, 0)
                .hint("put a picture there again")
        })?;
        let subject = Subject { x: 0.5, y: 0.5 };
        let score = score::of(&panel, subject, &[], &[])?;
        let glance = score::glance(&panel);
        // The camera films the picture itself, in the shape of each format.
        let whole = format!("whole.{ending}");
        Ok(Made {
            files: vec![("png".to_owned(), panel), (whole, picture)],
            facts: json!({"subject": subject, "score": score, "glance": glance}),
            provider: "handed in".to_owned(),
            warnings: Vec::new(),
        })
    }))
}

/// What a shot's panel is drawn from; nothing is shown along yet.
pub(super) fn panel_request(
    desk: &Desk<'_>,
    board: &Storyboard,
    item: &str,
) -> Result<PanelRequest> {
    let run = desk.run;
    let references = run.film.references.clone();
    let (beat, shot) = (board.shots())
        .find(|(_, s)| s.name() == item)
        .context("a shot")?;
    let salt = run.salt(Stage::Storyboard, item);
    let place = (shot.place.as_ref()).map_or_else(|| beat.heading.clone(), ToString::to_string);
    let style = references.as_ref().map(|r| r.style.clone());
    let mut own = beat.clone();
    own.shots.clear();
    Ok(PanelRequest {
        context: words_of(beat),
        time: time_before(board, beat),
        shot: shot.clone(),
        beat: own,
        mood: (style.as_ref()).map_or_else(|| desk.template.mood.clone(), |s| s.mood.clone()),
        look: style.map_or_else(|| desk.template.look.clone(), |s| s.look),
        format: run.film.sheet.master(),
        place_seed: artist::place_seed(&place),
        seed: artist::place_seed(&format!("{}/{item}/{salt}", run.film.sheet.seed)),
        references,
        shown: Vec::new(),
    })
}

/// Speaks a line, for timing or for good.
pub fn speak(
    desk: &Desk<'_>,
    voice: (String, Arc<dyn Voice>),
    line: crate::film::storyboard::Line,
) -> Result<Work> {
    let references = desk.run.film.references.as_ref();
    let cast = references
        .and_then(|r| r.person(&line.speaker))
        .map(|p| p.voice.clone());
    let request = LineRequest {
        part: cast
            .as_ref()
            .map_or("narrator".to_owned(), |v| v.part.clone()),
        variant: cast.map_or(0, |v| v.variant),
        language: desk.run.film.sheet.language.clone(),
        say: references.map(|r| r.say.clone()).unwrap_or_default(),
        line,
    };
    let (provider, speaker) = voice;
    Ok(Box::new(move |hand| {
        hand.cancel.check()?;
        let mut recording = speaker.speak(&request, hand)?;
        if provider != "animatic" {
            recording.samples = levelled(recording.samples);
        }
        let seconds = recording.samples.len() as f64 / 48_000.0;
        Ok(Made {
            files: vec![("wav".to_owned(), super::audio::wav(&recording.samples, 1)?)],
            facts: json!({"seconds": tidy(seconds), "engine": recording.engine, "words_per_minute": recording.words_per_minute}),
            provider,
            warnings: recording.warnings,
        })
    }))
}

/// Fills in what the panels measure.
fn measured(board: &mut Storyboard, desk: &Desk<'_>, concerns: &dyn Fn(&str) -> bool) {
    let run = desk.run;
    let references = run.film.references.clone();
    let times: Vec<String> = board.beats.iter().map(|b| time_before(board, b)).collect();
    for (beat, time) in board.beats.iter_mut().zip(&times) {
        let outside = BoardBeat {
            shots: Vec::new(),
            ..beat.clone()
        };
        for shot in &mut beat.shots {
            let file = panel_file(shot.name());
            if !concerns(&file) {
                continue;
            }
            let theirs = run
                .files
                .get(&file)
                .is_some_and(|h| !is_ours(run, Stage::Storyboard, shot.name(), h))
                && !desk.overrule.iter().any(|o| o == shot.name());
            if theirs {
                shot.score = score_of(&run.layout.at(&file), shot, references.as_ref());
                continue;
            }
            let salt = run.salt(Stage::Storyboard, shot.name());
            let from = panel_from(
                &run.film,
                references.as_ref(),
                &outside,
                shot,
                time,
                salt,
                &run.files,
            );
            let wanted = Wanted::new(shot.name(), from, Some(file), String::new());
            if let Some(take) = super::take_of(desk, Stage::Storyboard, &wanted) {
                let read = |name: &str| -> Value { take.facts[name].clone() };
                shot.subject = serde_json::from_value(read("subject")).unwrap_or_default();
                shot.score = serde_json::from_value(read("score")).ok();
            }
        }
    }
}

fn composed(
    image: &dyn Image,
    request: &PanelRequest,
    looks: &[Look],
    hand: &Hand,
) -> Result<(Panel, Score)> {
    let panel = image.panel(request, hand)?;
    let score = score::of(&panel.picture, panel.subject, looks, &panel.remarks)?;
    Ok((panel, score))
}

/// Cuts between panels that look nearly the same: the eye takes them for a jump.
fn jumps(board: &Storyboard, desk: &Desk<'_>) -> Result<Vec<String>> {
    let mut out = Vec::new();
    let mut before: Option<(String, String)> = None;
    for w in wanted(desk)? {
        let Some(file) = &w.file else { continue };
        let Some((_, shot)) = board.shots().find(|(_, s)| s.name() == w.item) else {
            continue;
        };
        let take = super::take_of(desk, Stage::Storyboard, &w);
        let ours = take.and_then(|t| t.facts["glance"].as_str().map(str::to_owned));
        let theirs = desk
            .run
            .files
            .get(file)
            .is_some_and(|h| !is_ours(desk.run, Stage::Storyboard, &w.item, h));
        let glance = match theirs {
            true => crate::store::disk::read(&desk.run.layout.at(file))
                .ok()
                .and_then(|bytes| score::glance(&bytes)),
            false => ours,
        };
        if let (Some((id, last)), Some(now)) = (&before, &glance)
            && score::alike(last, now)
        {
            out.push(format!(
                "{}: looks much like {id}, the shot before it",
                shot.name()
            ));
        }
        // A dissolve between two is meant.
        before = glance
            .filter(|_| shot.transition.is_cut())
            .map(|g| (shot.name().to_owned(), g));
    }
    Ok(out)
}

/// The people of a shot who are seen near enough to be known.
pub(super) fn looks(shot: &Shot, references: Option<&References>) -> Vec<Look> {
    if matches!(
        shot.size,
        Size::Ews | Size::Ws | Size::Bcu | Size::Ecu | Size::Insert
    ) {
        return Vec::new();
    }
    let Some(references) = references else {
        return Vec::new();
    };
    let lead = shot.cast.iter().filter_map(|id| references.person(id));
    lead.filter(|p| !p.offscreen && p.look.drawn_as.is_none())
        .map(|p| match shot.wears.get(&p.id) {
            Some(worn) => crate::animatic::casting::dressed(&p.look, worn),
            None => p.look.clone(),
        })
        .take(1)
        .collect()
}

/// Measures a picture a person put there; `None` where it cannot be read.
fn score_of(path: &std::path::Path, shot: &Shot, references: Option<&References>) -> Option<Score> {
    let bytes = crate::store::disk::read(path).ok()?;
    score::of(&bytes, shot.subject, &looks(shot, references), &[]).ok()
}

pub fn assemble(desk: &Desk<'_>) -> Result<Artifact> {
    let mut notes = Vec::new();
    let (mut board, made) = planned(desk, &mut notes)?;
    // A subject stays with its panel; new panels, and those of a board made anew, are measured.
    let anew = made.is_some();
    measured(&mut board, desk, &|file| {
        let shot = file
            .trim_start_matches("storyboard/")
            .trim_end_matches(".png");
        anew || !desk.run.files.get(file).is_some_and(|h| {
            desk.run
                .ledger
                .placed(Stage::Storyboard)
                .is_some_and(|v| v.files.get(file) == Some(h))
        }) || desk.overrule.iter().any(|o| o == shot)
            || super::todo(Stage::Storyboard, desk).is_ok_and(|t| t.iter().any(|w| w.item == shot))
    });
    let mut files = BTreeMap::from([(
        "storyboard.yaml".to_owned(),
        written(desk.run, Stage::Storyboard, &board)?,
    )]);
    for w in wanted(desk)? {
        if let Some(file) = &w.file {
            files.insert(file.clone(), media(desk, Stage::Storyboard, &w, "png")?);
        }
    }
    for (_, shot) in board.shots() {
        if let Some(score) = shot.score.as_ref().filter(|s| !s.note.is_empty()) {
            notes.push(format!("{}: {}", shot.name(), score.note));
        }
    }
    notes.extend(jumps(&board, desk)?);
    Ok(Artifact { files, notes, made })
}

/// Where the board says other words than the script, or leaves some out: a person may want it so, and should know.
pub(super) fn strays(desk: &Desk<'_>) -> Vec<String> {
    let film = &desk.run.film;
    let (Some(script), Some(board)) = (&film.script, &film.storyboard) else {
        return Vec::new();
    };
    // What is translated is said in other words.
    if film.sheet.translated_from.is_some() || inputs_moved(desk.run, Stage::Storyboard) {
        return Vec::new();
    }
    let plain = |text: &str| {
        let words: Vec<String> = crate::film::script::plain(text)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect();
        words.join(" ")
    };
    let quoted = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.len() {
            n if n > 9 => format!("“{} …”", words[..8].join(" ")),
            _ => format!("“{}”", words.join(" ")),
        }
    };
    let written: Vec<&String> = (script.elements.iter())
        .filter_map(|element| match element {
            Element::Speech(text) | Element::Lyric(text) => Some(text),
            _ => None,
        })
        .collect();
    let spoken: Vec<&crate::film::storyboard::Line> =
        board.shots().flat_map(|(_, s)| &s.lines).collect();
    let all_spoken = spoken.iter().map(|l| plain(&l.text)).collect::<Vec<_>>();
    let all_written = written.iter().map(|t| plain(t)).collect::<Vec<_>>();
    let missing = (written.iter().zip(&all_written))
        .filter(|(_, p)| !p.is_empty() && !all_spoken.contains(p))
        .map(|(text, _)| format!("on no shot, though the script says it: {}", quoted(text)));
    let other = (spoken.iter().zip(&all_spoken))
        .filter(|(_, p)| !p.is_empty() && !all_written.contains(p))
        .map(|(line, _)| {
            let id = line
                .id
                .as_ref()
                .map_or_else(String::new, ToString::to_string);
            format!("{id} says what the script does not: {}", quoted(&line.text))
        });
    missing.chain(other).collect()
}

/// Gives hand-inserted shots their ids and measures replaced panels.
pub fn settle(desk: &Desk<'_>) -> Result<Option<String>> {
    let run = desk.run;
    let Some(current) = &run.film.storyboard else {
        return Ok(None);
    };
    let ever: BTreeSet<String> = run
        .ledger
        .takes
        .keys()
        .filter(|(stage, _)| *stage == Stage::Storyboard)
        .map(|(_, item)| item.clone())
        .collect();
    let mut board = current.clone();
    name_all(&mut board, Some(&ever));
    // Only what was replaced is measured; a subject a person set stays.
    let before = run.ledger.placed(Stage::Storyboard);
    measured(&mut board, desk, &|file| {
        before.and_then(|v| v.files.get(file)) != run.files.get(file)
    });
    if board == *current {
        Ok(None)
    } else {
        super::retold(run, Stage::Storyboard, current, &board).map(Some)
    }
}
