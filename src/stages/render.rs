//! Render: the film from what is approved, and what goes with it.

use super::{Artifact, Crew, Desk};
use crate::cut::checks::{self, Report};
use crate::cut::compose::Dressing;
use crate::cut::segments::{self, Job, Wrapping};
use crate::cut::{compose, mix};
use crate::exchange::subtitles;
use crate::film::format::Format;
use crate::film::sheet::Captions;
use crate::film::time::Frames;
use crate::film::timeline::{Cards, Timeline};
use crate::media::cancel::Cancel;
use crate::media::ffmpeg::VideoSettings;
use crate::media::{probe, tools};
use crate::store::disk;
use crate::store::run::Source;
use anyhow::{Context, Result};
use serde_json::json;
use std::collections::BTreeMap;

/// A film, and what it measures.
pub struct Film {
    pub artifact: Artifact,
    pub reports: Vec<(String, Report)>,
}

/// What a render may be told.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub fresh: bool,
    pub workers: usize,
    /// Instead of those of the run.
    pub formats: Vec<Format>,
}

/// Lays the timeline of a run's film.
pub fn timeline(desk: &Desk<'_>, format: Format) -> Result<Timeline> {
    let film = &desk.run.film;
    let board = film
        .storyboard
        .as_ref()
        .context("a film needs a storyboard")?;
    let audio = film.audio.as_ref().context("a film needs its sound")?;
    let cards = Cards {
        title: desk.template.cards.title,
        end: desk.template.cards.end,
    };
    Ok(Timeline::lay(board, audio, format, film.sheet.fps, cards))
}

/// Cuts the film in every format. `progress` hears frames done and frames in all.
pub fn make(
    desk: &Desk<'_>,
    crew: &Crew,
    options: &Options,
    cancel: &Cancel,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Film> {
    let run = desk.run;
    let sheet = &run.film.sheet;
    let assets = run
        .film
        .assets
        .as_ref()
        .context("a film needs its footage")?;
    let audio = run.film.audio.as_ref().context("a film needs its sound")?;
    let formats = if options.formats.is_empty() {
        sheet.formats.clone()
    } else {
        options.formats.clone()
    };
    let dressing = Dressing {
        title: sheet.title.clone(),
        byline: run
            .film
            .script
            .as_ref()
            .and_then(|s| s.value("author").or_else(|| s.value("authors")))
            .map(|a| format!("by {}", crate::film::script::plain(&a)))
            .unwrap_or_default(),
        end: desk.template.end_card.clone(),
        burn: sheet.captions == Captions::Burned,
    };
    let staging = run.layout.staging();
    disk::make_folder(&staging)?;
    let logs = run.layout.logs();
    let mut files: BTreeMap<String, Source> = BTreeMap::new();
    let mut reports = Vec::new();
    let mut notes = Vec::new();
    let mut manifest = Vec::new();
    let mut loudness = None;
    let sound = staging.join("mix.wav");
    let totals: Vec<u64> = formats
        .iter()
        .map(|f| timeline(desk, *f).map(|t| t.total.0 as u64))
        .collect::<Result<_>>()?;
    let all: u64 = totals.iter().sum();
    let mut before = 0;
    for (i, format) in formats.iter().enumerate() {
        let timeline = timeline(desk, *format)?;
        let missing = crate::film::timeline::missing_footage(
            run.film.storyboard.as_ref().context("a storyboard")?,
            assets,
        );
        if !missing.is_empty() {
            anyhow::bail!("assets.yaml has no footage for {}", missing.join(", "));
        }
        let settings = VideoSettings {
            codec: "libx264",
            preset: "veryfast",
            crf: 20,
            width: format.width,
            height: format.height,
            rate: sheet.fps,
        };
        if loudness.is_none() {
            loudness = Some(mix::mix(
                run.layout.root(),
                &crew.tools.ffmpeg,
                &timeline,
                audio,
                &sound,
            )?);
        }
        cancel.check()?;
        let parts = segments::divide(&timeline, assets, &run.files, &dressing, &settings);
        let job = Job {
            root: run.layout.root(),
            ffmpeg: &crew.tools.ffmpeg,
            cache: &run.layout.segments(),
            logs: &logs,
            timeline: &timeline,
            assets,
            dressing: &dressing,
            settings: &settings,
            workers: options.workers.max(1),
            fresh: options.fresh,
            cancel,
        };
        let (encoded, lacking) =
            segments::encode(&job, &parts, &|done| progress(before + done, all))?;
        before += timeline.total.0 as u64;
        let name = if i == 0 {
            "film.mp4".to_owned()
        } else {
            format!("film.{}.mp4", format.name())
        };
        let srt = subtitles::srt(&timeline.captions, sheet.fps);
        let srt_file = staging.join("captions.srt");
        disk::write_scratch(&srt_file, srt.as_bytes())?;
        let wrapping = Wrapping {
            title: &sheet.title,
            language: &sheet.language,
            subtitles: (sheet.captions == Captions::Soft && !timeline.captions.is_empty())
                .then_some(srt_file.as_path()),
        };
        segments::join(&job, &parts, &encoded, &sound, &staging, &name, &wrapping)?;
        let finished = staging.join(&name);
        let probed = match &crew.tools.ffprobe {
            Some(_) => Some(probe::probe(&crew.tools, &finished)?),
            None => None,
        };
        let level = loudness.context("a mix")?;
        let report = checks::judge(
            &timeline,
            probed.as_ref(),
            &encoded,
            level,
            &audio.mix,
            &lacking,
        );
        notes.extend(report.notes.iter().cloned());
        notes.extend(report.faults.iter().map(|f| format!("FAULT {name}: {f}")));
        manifest.push(json!({
            "file": name,
            "settings": settings,
            "ffmpeg": tools::abilities(&crew.tools.ffmpeg).version,
            "frames": timeline.total.0,
            "segments": parts.iter().zip(&encoded).map(|(p, e)| json!({"start": p.start.0, "frames": p.length.0, "key": p.key, "raw_frames": e.frames})).collect::<Vec<_>>(),
        }));
        if i == 0 && sheet.captions != Captions::Off {
            files.insert(
                "render/film.srt".to_owned(),
                Source::Bytes(srt.into_bytes()),
            );
            files.insert(
                "render/film.vtt".to_owned(),
                Source::Bytes(subtitles::vtt(&timeline.captions, sheet.fps).into_bytes()),
            );
        }
        if i == 0 {
            files.insert(
                "render/poster.jpg".to_owned(),
                Source::Bytes(poster(desk, crew, &timeline, &dressing)?),
            );
        }
        files.insert(format!("render/{name}"), Source::Move(finished));
        reports.push((name, report));
    }
    disk::remove(&sound);
    let text = serde_json::to_string_pretty(
        &json!({"schema": 1, "films": manifest, "reports": reports.iter().map(|(n, r)| json!({"file": n, "report": r})).collect::<Vec<_>>()}),
    )?;
    files.insert(
        "render/manifest.json".to_owned(),
        Source::Bytes(text.into_bytes()),
    );
    files.insert(
        "render/report.html".to_owned(),
        Source::Bytes(report_page(desk, &reports).into_bytes()),
    );
    Ok(Film {
        artifact: Artifact {
            files,
            notes,
            made: None,
        },
        reports,
    })
}

/// The best-scored panel's moment, as a JPEG.
fn poster(
    desk: &Desk<'_>,
    crew: &Crew,
    timeline: &Timeline,
    dressing: &Dressing,
) -> Result<Vec<u8>> {
    let run = desk.run;
    let board = run.film.storyboard.as_ref().context("a storyboard")?;
    let assets = run.film.assets.as_ref().context("assets")?;
    let best = board
        .shots()
        .max_by_key(|(_, s)| s.score.as_ref().map_or(0, |s| s.total))
        .map(|(_, s)| s.name().to_owned())
        .unwrap_or_default();
    let at = timeline
        .span(&best)
        .map_or(Frames(timeline.total.0 / 3), |s| {
            s.start + Frames(s.length.0 / 2)
        });
    let plain = Dressing {
        burn: false,
        ..dressing.clone()
    };
    let mut composer = compose::Composer::new(
        run.layout.root(),
        &crew.tools.ffmpeg,
        timeline,
        assets,
        &plain,
    );
    composer.still(at)
}

/// One page that tells what was made and what it measures.
fn report_page(desk: &Desk<'_>, reports: &[(String, Report)]) -> String {
    let run = desk.run;
    let esc = |t: &str| {
        t.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
    };
    let mut page = String::from(
        "<!doctype html><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem;background:#14121c;color:#eee6d8}img,video{max-width:100%;border-radius:6px}.shots{display:grid;grid-template-columns:repeat(auto-fill,minmax(16rem,1fr));gap:1rem}.bad{color:#ff9a7a}small{color:#b5ab9a}</style>",
    );
    page.push_str(&format!(
        "<title>{0}</title><h1>{0}</h1><video controls src=film.mp4 poster=poster.jpg></video>",
        esc(&run.film.sheet.title)
    ));
    for (name, report) in reports {
        page.push_str(&format!(
            "<h2>{}</h2><p>{:.2} s · {} frames · {:.1} LUFS · {:.1} dBTP</p>",
            esc(name),
            report.seconds,
            report.frames,
            report.loudness.integrated_lufs,
            report.loudness.true_peak_db
        ));
        for fault in &report.faults {
            page.push_str(&format!("<p class=bad>{}</p>", esc(fault)));
        }
        for note in &report.notes {
            page.push_str(&format!("<p><small>{}</small></p>", esc(note)));
        }
    }
    if let Some(board) = &run.film.storyboard {
        for beat in &board.beats {
            page.push_str(&format!("<h3>{}</h3><div class=shots>", esc(&beat.heading)));
            for shot in &beat.shots {
                page.push_str(&format!(
                    "<div><img loading=lazy src=\"../storyboard/{0}.png\" alt=\"\"><br><b>{0}</b> {1} · {2} · {3} s<br><small>{4}</small></div>",
                    esc(shot.name()),
                    shot.size,
                    shot.movement,
                    shot.seconds,
                    esc(&shot.prompt)
                ));
            }
            page.push_str("</div>");
        }
    }
    page
}
