//! Audio: a voice for every line, music for the whole film, the sound of its places, levels.

use super::revision::Order;
use super::{Artifact, Crew, Desk, Made, Wanted, Work, is_ours, media, merged, pristine, written};
use crate::animatic::composer::effects;
use crate::animatic::reading;
use crate::diagnostic::{Problem, nearest};
use crate::film::audio::{Audio, Cue, CueKind, Mix};
use crate::film::document::SCHEMA;
use crate::film::format::Format;
use crate::film::ids::CueId;
use crate::film::lines;
use crate::film::stage::Stage;
use crate::film::storyboard::{Line, Shot, Storyboard};
use crate::film::time::{Frames, tidy};
use crate::film::timeline::Timeline;
use crate::media::decode;
use crate::plan::feedback::{Change, Target};
use crate::plan::price::Measure;
use crate::plan::projection::Files;
use crate::plan::projection::line_from;
use crate::providers::roles::{AmbienceRequest, EffectRequest, ScoreRequest, SectionRole, Stretch};
use crate::store::layout::Layout;
use crate::store::run::Source;
use anyhow::{Context, Result};
use serde_json::json;
use std::collections::BTreeMap;

const RATE: u32 = 48_000;

/// Encodes samples as a 16-bit WAV file.
pub fn wav(samples: &[f32], channels: u16) -> Result<Vec<u8>> {
    let spec = hound::WavSpec {
        channels,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec)?;
    for s in samples {
        writer.write_sample((s * 32767.0).round().clamp(-32768.0, 32767.0) as i16)?;
    }
    writer.finalize()?;
    Ok(bytes.into_inner())
}

fn board<'a>(desk: &'a Desk<'_>) -> Result<&'a Storyboard> {
    desk.run
        .film
        .storyboard
        .as_ref()
        .context("audio needs a storyboard")
}

fn line_wanted(desk: &Desk<'_>, line: &Line) -> Option<Wanted> {
    let run = desk.run;
    let id = line.id.as_ref()?.to_string();
    let salt = run.salt(Stage::Audio, &id);
    let measure = Measure {
        characters: line.text.chars().count() as u64,
        seconds: lines::speech_seconds(&line.text),
        ..Measure::default()
    };
    let wanted = Wanted::new(
        &id,
        line_from(&run.film, run.film.references.as_ref(), line, salt),
        Some(format!("audio/{id}.wav")),
        format!("voice {id}"),
    );
    Some(wanted.billed("voice", measure))
}

/// The measured length of a line: of a person's recording, else of its take.
fn line_seconds(desk: &Desk<'_>, wanted: &Wanted) -> Option<f64> {
    let run = desk.run;
    let file = wanted.file.as_ref()?;
    if let Some(hash) = run.files.get(file)
        && !is_ours(run, Stage::Audio, &wanted.item, hash)
    {
        if let Ok(wav) = hound::WavReader::open(run.layout.at(file)) {
            return Some(f64::from(wav.duration()) / f64::from(wav.spec().sample_rate.max(1)));
        }
        // Another kind of sound under that name: FFmpeg knows most.
        let ffmpeg = crate::media::tools::ffmpeg().ok()?;
        let samples = decode::audio(&ffmpeg, run.layout.root(), file, 1).ok()?;
        return Some(samples.len() as f64 / f64::from(RATE));
    }
    super::take_of(desk, Stage::Audio, wanted)?.facts["seconds"].as_f64()
}

/// Frames a shot is held longer than the storyboard says, by shot.
type Holds = BTreeMap<String, i64>;

/// Places every line and tells how long pictures must be held for them. `None` while a line is not
/// spoken yet.
fn placed(desk: &Desk<'_>) -> Result<Option<(Vec<Cue>, Holds)>> {
    let run = desk.run;
    let rate = run.film.sheet.fps;
    let mut cues = Vec::new();
    let mut holds = BTreeMap::new();
    for (_, shot) in board(desk)?.shots() {
        let mut at = lines::LEAD_IN;
        let mut spoken = Vec::new();
        for line in &shot.lines {
            let Some(wanted) = line_wanted(desk, line) else {
                continue;
            };
            let Some(seconds) = line_seconds(desk, &wanted) else {
                return Ok(None);
            };
            let take = super::take_of(desk, Stage::Audio, &wanted);
            let persons = run
                .files
                .get(wanted.file.as_deref().unwrap_or(""))
                .is_some_and(|h| !is_ours(run, Stage::Audio, &wanted.item, h));
            cues.push(Cue {
                id: line.id.clone().context("a line's id")?,
                kind: CueKind::Voice,
                shot: shot.id.clone(),
                at: tidy(at),
                seconds: tidy(seconds),
                file: wanted.file.clone(),
                level_db: 0.0,
                speaker: line.speaker.to_string(),
                text: line.text.clone(),
                engine: if persons {
                    "yours".to_owned()
                } else {
                    take.and_then(|t| t.facts["engine"].as_str())
                        .unwrap_or("")
                        .to_owned()
                },
                words_per_minute: take
                    .filter(|_| !persons)
                    .and_then(|t| t.facts["words_per_minute"].as_u64())
                    .map(|n| n as u32),
            });
            at += seconds + lines::pause_after(&line.text);
            spoken.push((line.text.as_str(), seconds));
        }
        let need = rate.frames_up(lines::exchange_seconds(spoken));
        let have = rate.frames(shot.seconds);
        if need > have {
            holds.insert(shot.name().to_owned(), (need - have).0);
        }
    }
    Ok(Some((cues, holds)))
}

/// The film's sound before its stage: every line as the scratch voice spoke it, placed in its shot.
/// Hashes of the recordings are added to `files`.
pub(super) fn scratch(desk: &Desk<'_>, files: &mut Files) -> Result<Audio> {
    let run = desk.run;
    let mut cues = Vec::new();
    for (_, shot) in board(desk)?.shots() {
        let mut at = lines::LEAD_IN;
        for line in &shot.lines {
            let Some(id) = line.id.clone() else { continue };
            let from = line_from(&run.film, run.film.references.as_ref(), line, 0);
            let key = crate::plan::projection::key(&from);
            let take = run.ledger.made(Stage::Storyboard, id.as_str(), &key);
            let Some(take) = take else { continue };
            let seconds = take.facts["seconds"].as_f64().unwrap_or(0.0);
            let file = Layout::take(Stage::Storyboard, id.as_str(), take.take, "wav");
            if let Some(hash) = take.files.get("wav") {
                files.insert(file.clone(), hash.clone());
            }
            cues.push(Cue {
                id,
                kind: CueKind::Voice,
                shot: shot.id.clone(),
                at: tidy(at),
                seconds: tidy(seconds),
                file: Some(file),
                level_db: 0.0,
                speaker: line.speaker.to_string(),
                text: line.text.clone(),
                engine: String::new(),
                words_per_minute: None,
            });
            at += seconds + lines::pause_after(&line.text);
        }
    }
    Ok(Audio {
        schema: SCHEMA,
        mix: Mix::default(),
        cues,
        hold_frames: BTreeMap::new(),
    })
}

/// The length of the film in frames and samples, with what is held.
fn length(desk: &Desk<'_>, holds: &Holds) -> Result<(Frames, usize)> {
    let sheet = &desk.run.film.sheet;
    let silent = Audio {
        schema: SCHEMA,
        mix: Mix::default(),
        cues: Vec::new(),
        hold_frames: holds.clone(),
    };
    let timeline = Timeline::lay(
        board(desk)?,
        &silent,
        Format::WIDE,
        sheet.fps,
        super::cards(desk),
    );
    Ok((
        timeline.total,
        sheet.fps.sample(timeline.total, RATE).max(0) as usize,
    ))
}

fn mood(desk: &Desk<'_>) -> String {
    for instruction in desk.instructions {
        if let Change::Mood(mood) = &instruction.change {
            return mood.clone();
        }
    }
    desk.run
        .film
        .audio
        .as_ref()
        .and_then(|a| a.cues.iter().find(|c| c.kind == CueKind::Music))
        .filter(|_| !super::inputs_moved(desk.run, Stage::Audio))
        .and_then(|c| c.engine.strip_prefix("composer ").map(str::to_owned))
        .or_else(|| desk.run.film.outline.as_ref().map(|o| o.mood.clone()))
        .unwrap_or_else(|| desk.template.mood.clone())
}

/// The film's beats as parts of a drama: first opening, last ending, a turn at about 60 %.
fn sections(desk: &Desk<'_>, holds: &Holds) -> Result<Vec<(SectionRole, f64)>> {
    let sheet = &desk.run.film.sheet;
    let mut seconds: Vec<f64> = board(desk)?
        .beats
        .iter()
        .map(|b| {
            let frames: i64 = b
                .shots
                .iter()
                .map(|s| {
                    sheet.fps.frames(s.seconds).0.max(1) + holds.get(s.name()).copied().unwrap_or(0)
                })
                .sum();
            sheet.fps.seconds(Frames(frames))
        })
        .filter(|s| *s > 0.0)
        .collect();
    let c = super::cards(desk);
    if let Some(first) = seconds.first_mut() {
        *first += c.title;
    }
    if let Some(last) = seconds.last_mut() {
        *last += c.end;
    }
    // Parts too short for a phrase join the one before.
    let mut parts: Vec<f64> = Vec::new();
    for s in seconds {
        match parts.last_mut() {
            Some(last) if s < 5.0 || *last < 5.0 => *last += s,
            _ => parts.push(s),
        }
    }
    let n = parts.len();
    let total: f64 = parts.iter().sum();
    if n == 1 {
        return Ok(if total < 16.0 {
            vec![(SectionRole::Ending, total)]
        } else {
            vec![
                (SectionRole::Opening, total * 0.25),
                (SectionRole::Body, total * 0.45),
                (SectionRole::Ending, total * 0.3),
            ]
        });
    }
    let turn = (1..n.saturating_sub(1)).min_by_key(|i| {
        let start: f64 = parts[..*i].iter().sum();
        ((start / total - 0.6).abs() * 1000.0) as i64
    });
    let mut out = Vec::new();
    for (i, s) in parts.iter().enumerate() {
        let role = if i == 0 {
            SectionRole::Opening
        } else if i + 1 == n {
            SectionRole::Ending
        } else if n > 3 && Some(i) == turn {
            SectionRole::Turn
        } else if n > 3 && turn.is_some_and(|t| i == t + 1) {
            SectionRole::Climax
        } else {
            SectionRole::Body
        };
        out.push((role, *s));
    }
    Ok(out)
}

fn stretches(desk: &Desk<'_>, holds: &Holds) -> Result<Vec<Stretch>> {
    let run = desk.run;
    let sheet = &run.film.sheet;
    let references = run.film.references.as_ref();
    let silent = Audio {
        schema: SCHEMA,
        mix: Mix::default(),
        cues: Vec::new(),
        hold_frames: holds.clone(),
    };
    let board = board(desk)?;
    let timeline = Timeline::lay(board, &silent, Format::WIDE, sheet.fps, super::cards(desk));
    let mut out: Vec<Stretch> = Vec::new();
    for (beat, shot) in board.shots() {
        let Some(span) = timeline.span(shot.name()) else {
            continue;
        };
        let place = shot.place.as_ref().and_then(|id| references?.place(id));
        let start = if out.is_empty() {
            0
        } else {
            sheet.fps.sample(span.start, RATE)
        };
        let end = sheet.fps.sample(span.start + span.length, RATE);
        let stretch = Stretch {
            place: place.map_or_else(
                || reading::place_kind(&beat.heading, false),
                |p| p.kind.clone(),
            ),
            interior: place.is_some_and(|p| p.interior),
            night: matches!(
                reading::time_of_day(&beat.heading, "").as_str(),
                "night" | "blue"
            ),
            weather: crate::animatic::lexicon::find(
                &crate::animatic::lexicon::lexicon().weather,
                &format!("{} {}", beat.heading, shot.prompt).to_lowercase(),
            )
            .map_or("", |(k, _)| k)
            .to_owned(),
            samples: (end - start).max(0) as usize,
        };
        match out.last_mut() {
            Some(last)
                if (&last.place, last.interior, last.night)
                    == (&stretch.place, stretch.interior, stretch.night) =>
            {
                last.samples += stretch.samples
            }
            _ => out.push(stretch),
        }
    }
    let total = sheet.fps.sample(timeline.total, RATE).max(0) as usize;
    let have: usize = out.iter().map(|s| s.samples).sum();
    if let Some(last) = out.last_mut() {
        last.samples += total.saturating_sub(have);
    }
    Ok(out)
}

fn music_wanted(desk: &Desk<'_>, holds: &Holds) -> Result<[Wanted; 2]> {
    let run = desk.run;
    let (total, samples) = length(desk, holds)?;
    let item = |id: &str, from: serde_json::Value, label: &str| {
        Wanted::new(id, from, Some(format!("audio/{id}.wav")), label.to_owned())
    };
    let salt = |id: &str| run.salt(Stage::Audio, id);
    let frames: Vec<(SectionRole, i64)> = sections(desk, holds)?
        .into_iter()
        .map(|(r, s)| (r, (s * 1000.0).round() as i64))
        .collect();
    Ok([
        item(
            "m_01",
            json!({
                "music": mood(desk),
                "sections": frames,
                "frames": total,
                "samples": samples,
                "seed": run.film.sheet.seed,
                "asked": salt("m_01"),
            }),
            "music",
        )
        .billed(
            "music",
            Measure {
                seconds: samples as f64 / f64::from(RATE),
                ..Measure::default()
            },
        ),
        item(
            "a_01",
            json!({
                "places": stretches(desk, holds)?,
                "seed": run.film.sheet.seed,
                "asked": salt("a_01"),
            }),
            "the sound of the places",
        ),
    ])
}

/// A sound that a shot's words ask for, and what makes it.
fn effects_wanted<'a>(desk: &'a Desk<'_>) -> Result<Vec<(&'a Shot, &'static str, Wanted)>> {
    let run = desk.run;
    let found = board(desk)?.shots().filter_map(|(_, shot)| {
        let (kind, _) = effects::kind(shot.sound.as_deref()?)?;
        let id = effect_id(shot);
        let from = json!({
            "effect": kind,
            "seed": run.film.sheet.seed,
            "asked": run.salt(Stage::Audio, &id),
        });
        let file = Some(format!("audio/{id}.wav"));
        let wanted = Wanted::new(&id, from, file, format!("{kind} in {}", shot.name()));
        Some((shot, kind, wanted))
    });
    Ok(found.collect())
}

fn effect_id(shot: &Shot) -> String {
    format!("e_{}", shot.name())
}

pub fn wanted(desk: &Desk<'_>) -> Result<Vec<Wanted>> {
    let mut out: Vec<Wanted> = board(desk)?
        .shots()
        .flat_map(|(_, s)| &s.lines)
        .filter_map(|l| line_wanted(desk, l))
        .collect();
    out.extend(effects_wanted(desk)?.into_iter().map(|(_, _, w)| w));
    if let Some((_, holds)) = placed(desk)? {
        out.extend(music_wanted(desk, &holds)?);
    }
    Ok(out)
}

/// What a provider of words is to write: cues and levels as a person asked for them.
pub(super) fn order(desk: &Desk<'_>) -> Result<Option<Order>> {
    match &desk.run.film.audio {
        Some(current) => Order::said(desk, Stage::Audio, current),
        None => Ok(None),
    }
}

/// Everything that is to be made: first the words, if anybody asked for others.
pub fn asked(desk: &Desk<'_>) -> Result<Vec<Wanted>> {
    if let Some(order) = order(desk)?
        && order.written::<Audio>(desk)?.is_none()
    {
        return Ok(vec![order.wanted()]);
    }
    wanted(desk)
}

pub fn work(desk: &Desk<'_>, crew: &Crew, wanted: &Wanted) -> Result<Work> {
    let run = desk.run;
    if wanted.item == "m_01" || wanted.item == "a_01" {
        let holds = placed(desk)?.map_or_else(
            || {
                run.film
                    .audio
                    .as_ref()
                    .map(|a| a.hold_frames.clone())
                    .unwrap_or_default()
            },
            |p| p.1,
        );
        let provider = crew.roles.name("music").to_owned();
        let music = crew.roles.music.clone();
        let seed = run
            .film
            .sheet
            .seed
            .wrapping_add(run.salt(Stage::Audio, &wanted.item));
        let (_, samples) = length(desk, &holds)?;
        let facts = json!({"seconds": samples as f64 / f64::from(RATE), "engine": if wanted.item == "m_01" { format!("composer {}", mood(desk)) } else { "places".to_owned() }});
        let done = move |sound: Vec<f32>| -> Result<Made> {
            Ok(Made {
                files: vec![("wav".to_owned(), wav(&sound, 2)?)],
                facts,
                provider,
                warnings: Vec::new(),
            })
        };
        if wanted.item == "a_01" {
            let request = AmbienceRequest {
                stretches: stretches(desk, &holds)?,
                seed,
            };
            return Ok(Box::new(move |_| done(music.ambience(&request)?)));
        }
        let request = ScoreRequest {
            mood: mood(desk),
            sections: sections(desk, &holds)?,
            samples,
            seed,
        };
        return Ok(Box::new(move |hand| done(music.score(&request, hand)?)));
    }
    if let Some((shot, kind, _)) = effects_wanted(desk)?
        .into_iter()
        .find(|(_, _, w)| w.item == wanted.item)
    {
        let request = EffectRequest {
            kind: kind.to_owned(),
            words: shot.sound.clone().unwrap_or_default(),
            seed: run
                .film
                .sheet
                .seed
                .wrapping_add(run.salt(Stage::Audio, &wanted.item)),
        };
        let (music, provider) = (
            crew.roles.music.clone(),
            crew.roles.name("music").to_owned(),
        );
        return Ok(Box::new(move |_| {
            let sound = music.effect(&request)?;
            let seconds = (sound.len() / 2) as f64 / f64::from(RATE);
            Ok(Made {
                files: vec![("wav".to_owned(), wav(&sound, 2)?)],
                facts: json!({"seconds": seconds, "engine": format!("effect {kind}")}),
                provider,
                warnings: Vec::new(),
            })
        }));
    }
    let line = board(desk)?
        .shots()
        .flat_map(|(_, s)| &s.lines)
        .find(|l| l.id.as_ref().is_some_and(|i| i.as_str() == wanted.item))
        .context("a line")?;
    // The scratch voice spoke the same words the same way: its recording is the line.
    let provider = crew.roles.name("voice").to_owned();
    if provider == "animatic"
        && let Some(take) = run
            .ledger
            .made(Stage::Storyboard, &wanted.item, &wanted.key)
        && run.take_is_whole(take)
    {
        let path = run.layout.at(&Layout::take(
            Stage::Storyboard,
            &wanted.item,
            take.take,
            "wav",
        ));
        let (facts, provider) = (take.facts.clone(), take.provider.clone());
        return Ok(Box::new(move |_| {
            Ok(Made {
                files: vec![("wav".to_owned(), crate::store::disk::read(&path)?)],
                facts,
                provider,
                warnings: Vec::new(),
            })
        }));
    }
    super::storyboard::speak(desk, (provider, crew.roles.voice.clone()), line.clone())
}

fn composed(desk: &Desk<'_>, notes: &mut Vec<String>) -> Result<(Audio, Option<Vec<u8>>)> {
    let run = desk.run;
    if let Some(order) = order(desk)?
        && let Some(asked) = order.written(desk)?
    {
        return Ok((asked, None));
    }
    let (mut cues, holds) = placed(desk)?.context("a line was not spoken")?;
    let (_, samples) = length(desk, &holds)?;
    let seconds = tidy(samples as f64 / f64::from(RATE));
    for (id, kind, level, wanted) in [
        ("m_01", CueKind::Music, 0.0, 0),
        ("a_01", CueKind::Sound, 0.0, 1),
    ] {
        let w = &music_wanted(desk, &holds)?[wanted];
        let engine = run
            .ledger
            .made(Stage::Audio, id, &w.key)
            .and_then(|t| t.facts["engine"].as_str().map(str::to_owned));
        let persons = run
            .files
            .get(w.file.as_deref().unwrap_or(""))
            .is_some_and(|h| !is_ours(run, Stage::Audio, id, h));
        cues.push(Cue {
            id: CueId::new(id).map_err(anyhow::Error::msg)?,
            kind,
            shot: None,
            at: 0.0,
            seconds,
            file: w.file.clone(),
            level_db: level,
            speaker: String::new(),
            text: String::new(),
            engine: if persons {
                "yours".to_owned()
            } else {
                engine.unwrap_or_default()
            },
            words_per_minute: None,
        });
    }
    for (shot, kind, w) in effects_wanted(desk)? {
        let persons = run
            .files
            .get(w.file.as_deref().unwrap_or(""))
            .is_some_and(|h| !is_ours(run, Stage::Audio, &w.item, h));
        cues.push(Cue {
            id: CueId::new(w.item.clone()).map_err(anyhow::Error::msg)?,
            kind: CueKind::Sound,
            shot: shot.id.clone(),
            at: 0.1,
            seconds: line_seconds(desk, &w).unwrap_or_else(|| effects::seconds(kind)),
            file: w.file.clone(),
            level_db: 0.0,
            speaker: String::new(),
            text: String::new(),
            engine: if persons {
                "yours".to_owned()
            } else {
                format!("effect {kind}")
            },
            words_per_minute: None,
        });
    }
    // What nobody can make is said, and left to a recording.
    for (_, shot) in board(desk)?.shots() {
        if let Some(words) = &shot.sound
            && effects::kind(words).is_none()
        {
            notes.push(format!(
                "{}: the house has no sound for “{words}”; a file of yours at audio/{}.wav would be heard with a cue in audio.yaml",
                shot.name(),
                effect_id(shot)
            ));
        }
    }
    for (shot, frames) in &holds {
        notes.push(format!(
            "{shot}: the picture is held {frames} frames longer for its voice"
        ));
    }
    let silent = cues.iter().filter(|c| c.engine == "silence").count();
    if silent > 0 {
        notes.push(format!("{silent} lines are silent: this machine has no voice for them (`greenlight doctor --fix`)"));
    }
    if cues
        .iter()
        .any(|c| c.engine.starts_with("flite") || c.engine.starts_with("espeak"))
    {
        notes.push(
            "voices: this machine's own; a piper model or a provider would sound more natural"
                .to_owned(),
        );
    }
    let made = Audio {
        schema: SCHEMA,
        mix: Mix::default(),
        cues,
        hold_frames: holds.clone(),
    };
    let mut out = merged(run, Stage::Audio, run.film.audio.as_ref(), &made)?;
    out.hold_frames = holds;
    for instruction in desk.instructions {
        let (kind, db) = match &instruction.change {
            Change::Music(db) => (CueKind::Music, *db),
            Change::Voices(db) => (CueKind::Voice, *db),
            _ => continue,
        };
        let mut n = 0;
        for cue in out.cues.iter_mut().filter(|c| c.kind == kind) {
            let about = match &instruction.target {
                Target::Person(id) => cue.speaker == *id,
                Target::Shot(id) => cue.shot.as_ref().is_some_and(|s| s.as_str() == id),
                _ => true,
            };
            if about {
                cue.level_db = tidy((cue.level_db + db).clamp(-40.0, 40.0));
                n += 1;
            }
        }
        notes.push(format!("“{}”: {n} cues {db:+.1} dB", instruction.said));
    }
    Ok((out, pristine(&made)?))
}

/// The document as it would be made.
pub(super) fn foreseen(desk: &Desk<'_>) -> Result<Source> {
    written(desk.run, Stage::Audio, &composed(desk, &mut Vec::new())?.0)
}

pub fn assemble(desk: &Desk<'_>) -> Result<Artifact> {
    let mut notes = Vec::new();
    let (audio, made) = composed(desk, &mut notes)?;
    let mut files = BTreeMap::from([(
        "audio.yaml".to_owned(),
        written(desk.run, Stage::Audio, &audio)?,
    )]);
    let mut all: Vec<Wanted> = board(desk)?
        .shots()
        .flat_map(|(_, s)| &s.lines)
        .filter_map(|l| line_wanted(desk, l))
        .collect();
    all.extend(effects_wanted(desk)?.into_iter().map(|(_, _, w)| w));
    all.extend(music_wanted(desk, &audio.hold_frames)?);
    for w in all {
        if let Some(file) = &w.file {
            files.insert(file.clone(), media(desk, Stage::Audio, &w, "wav")?);
        }
    }
    for cue in &audio.cues {
        // A cue of a person's own with a file of their own.
        if let Some(file) = &cue.file
            && !files.contains_key(file)
            && desk.run.files.contains_key(file)
        {
            files.insert(file.clone(), Source::Copy(file.clone()));
        }
    }
    Ok(Artifact { files, notes, made })
}

/// Cues that a person placed where there is no film, by line.
pub(super) fn misfits(desk: &Desk<'_>) -> Vec<Problem> {
    let run = desk.run;
    let (Some(audio), Some(board)) = (&run.film.audio, &run.film.storyboard) else {
        return Vec::new();
    };
    // What a changed storyboard left behind is put right by the stage itself.
    if super::inputs_moved(run, Stage::Audio) {
        return Vec::new();
    }
    let text = run.text(Stage::Audio).unwrap_or_default();
    let line = |cue: &Cue| crate::film::document::line_of(text, cue.id.as_str());
    let shots: Vec<&str> = board.shots().map(|(_, s)| s.name()).collect();
    let timeline = Timeline::lay(
        board,
        audio,
        Format::WIDE,
        run.film.sheet.fps,
        super::cards(desk),
    );
    let mut out = Vec::new();
    for cue in &audio.cues {
        let mut wrong = |what: String, hint: String| {
            out.push(
                Problem::new(format!("{}: {what}", cue.id))
                    .at("audio.yaml", line(cue), 0)
                    .hint(hint),
            );
        };
        let start = match &cue.shot {
            None => 0.0,
            Some(shot) => match timeline.span(shot.as_str()) {
                Some(span) => run.film.sheet.fps.seconds(span.start),
                None => {
                    let near = nearest(shot.as_str(), shots.iter().copied());
                    wrong(
                        format!("there is no shot `{shot}`"),
                        near.map_or_else(
                            || format!("shots are {}", shots.join(", ")),
                            |n| format!("did you mean `{n}`?"),
                        ),
                    );
                    continue;
                }
            },
        };
        let length = timeline.seconds();
        let at = start + cue.at;
        if at < -0.001 || at >= length {
            wrong(
                format!("it would begin {at:.2} s into a film of {length:.2} s"),
                "`at` counts seconds from the first frame of its shot, or of the film where it has none".to_owned(),
            );
        }
        let known = run
            .film
            .references
            .iter()
            .flat_map(|r| &r.cast)
            .any(|p| p.id.as_str() == cue.speaker);
        if cue.kind == CueKind::Voice
            && !cue.speaker.is_empty()
            && cue.speaker != "narrator"
            && run.film.references.is_some()
            && !known
        {
            wrong(
                format!("nobody is called `{}`", cue.speaker),
                "a speaker is the id of somebody in references.yaml".to_owned(),
            );
        }
    }
    out
}

/// Measures recordings a person put there, and places what follows them.
pub fn settle(desk: &Desk<'_>) -> Result<Option<String>> {
    let run = desk.run;
    let Some(current) = &run.film.audio else {
        return Ok(None);
    };
    if super::inputs_moved(run, Stage::Audio) {
        return Ok(None);
    }
    let Some((cues, holds)) = placed(desk)? else {
        return Ok(None);
    };
    let mut out = current.clone();
    out.hold_frames = holds;
    for cue in &mut out.cues {
        if let Some(measured) = cues.iter().find(|c| c.id == cue.id)
            && (cue.seconds - measured.seconds).abs() > 0.0005
        {
            cue.seconds = measured.seconds;
            cue.engine.clone_from(&measured.engine);
            cue.words_per_minute = measured.words_per_minute;
        }
    }
    // Lines behind a longer one move back, unless a person placed them.
    let made: Option<Audio> = super::base(run, Stage::Audio);
    for cue in &mut out.cues {
        let untouched = made
            .as_ref()
            .and_then(|m| m.cue(cue.id.as_str()))
            .is_none_or(|b| b.at == cue.at);
        if let Some(measured) = cues.iter().find(|c| c.id == cue.id)
            && untouched
        {
            cue.at = measured.at;
        }
    }
    if out == *current {
        Ok(None)
    } else {
        super::retold(run, Stage::Audio, current, &out).map(Some)
    }
}
