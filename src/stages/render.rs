//! Render: the film from what is approved, and what goes with it.

use super::reel::Reel;
use super::report::{self, Detail, Told};
use super::{Artifact, Crew, Desk};
use crate::cut::checks::Report;
use crate::cut::compose::{self, Dressing};
use crate::cut::encode::{Job, Progress};
use crate::cut::film::{Outlay, Request};
use crate::cut::sound;
use crate::diagnostic::{Exit, Failure};
use crate::exchange::subtitles;
use crate::film::duty::Breach;
use crate::film::format::Format;
use crate::film::sheet::Captions;
use crate::film::stage::Stage;
use crate::film::time::Frames;
use crate::film::timeline::Timeline;
use crate::media::cancel::Cancel;
use crate::media::encode::{Codec, VideoSettings};
use crate::media::tools;
use crate::plan::fingerprint::Fingerprint;
use crate::store::disk;
use crate::store::run::Source;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const POSTER: &str = "render/poster.jpg";

/// Adds what a report says to the notes of the version.
fn note(notes: &mut Vec<String>, name: &str, report: &Report) {
    for note in &report.notes {
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
    notes.extend(report.faults.iter().map(|f| format!("FAULT {name}: {f}")));
}

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
    /// Besides those of the run.
    pub formats: Vec<Format>,
    /// The master in another codec too.
    pub codec: Codec,
    /// The master without any letters too.
    pub textless: bool,
    /// Voice, music and sounds apart.
    pub stems: bool,
}

/// One file to be cut.
#[derive(Debug, Clone)]
struct Delivery {
    name: String,
    settings: VideoSettings,
    textless: bool,
}

pub(super) fn settings(codec: Codec, format: Format, desk: &Desk<'_>) -> VideoSettings {
    let (preset, crf) = match codec {
        Codec::H264 => ("veryfast", 20),
        Codec::H265 => ("veryfast", 23),
        Codec::ProRes => ("", 0),
    };
    VideoSettings {
        codec,
        preset,
        crf,
        width: format.width,
        height: format.height,
        rate: desk.run.film.sheet.fps,
    }
}

fn deliveries(desk: &Desk<'_>, options: &Options) -> Vec<Delivery> {
    let sheet = &desk.run.film.sheet;
    let master = sheet.master();
    let mut formats = sheet.formats.clone();
    formats.extend(
        options
            .formats
            .iter()
            .filter(|f| !sheet.formats.contains(f)),
    );
    formats.dedup();
    let mut out: Vec<Delivery> = formats
        .into_iter()
        .map(|format| Delivery {
            name: if format == master {
                "film.mp4".to_owned()
            } else {
                format!("film.{}.mp4", format.name())
            },
            settings: settings(Codec::H264, format, desk),
            textless: false,
        })
        .collect();
    if options.codec != Codec::H264 {
        out.push(Delivery {
            name: format!("film.{}.{}", options.codec.name(), options.codec.suffix()),
            settings: settings(options.codec, master, desk),
            textless: false,
        });
    }
    if options.textless {
        out.push(Delivery {
            name: format!("film.textless.{}", options.codec.suffix()),
            settings: settings(options.codec, master, desk),
            textless: true,
        });
    }
    out
}

/// Everything a render works with, laid out.
pub struct Bench<'a> {
    desk: &'a Desk<'a>,
    crew: &'a Crew,
    options: &'a Options,
    cancel: &'a Cancel,
    reel: Reel,
    textless: Dressing,
    cache: PathBuf,
    logs: PathBuf,
    staging: PathBuf,
    /// The master's captions, where they are embedded.
    subtitles: Option<PathBuf>,
    deliveries: Vec<(Delivery, Timeline)>,
}

impl<'a> Bench<'a> {
    pub fn new(
        desk: &'a Desk<'a>,
        crew: &'a Crew,
        options: &'a Options,
        cancel: &'a Cancel,
    ) -> Result<Bench<'a>> {
        let run = desk.run;
        let able = tools::abilities(&crew.tools.ffmpeg);
        let has = match options.codec {
            Codec::H264 => able.x264,
            Codec::H265 => able.x265,
            Codec::ProRes => able.prores,
        };
        if !has {
            let text = format!("this FFmpeg has no encoder {}", options.codec.encoder());
            return Err(Failure::new(Exit::Missing, text)
                .hint("`greenlight doctor` tells what it has; another build may have more")
                .into());
        }
        let reel = Reel::finished(desk)?;
        let textless = Dressing {
            words: false,
            burn: false,
            ..reel.dressing.clone()
        };
        let mut timelines = Vec::new();
        for delivery in deliveries(desk, options) {
            let VideoSettings { width, height, .. } = delivery.settings;
            let timeline = reel.timeline(desk, Format { width, height })?;
            timelines.push((delivery, timeline));
        }
        Ok(Bench {
            desk,
            crew,
            options,
            cancel,
            reel,
            textless,
            cache: run.layout.segments(),
            logs: run.layout.logs(),
            staging: run.layout.staging(),
            subtitles: None,
            deliveries: timelines,
        })
    }

    fn request<'b>(
        &'b self,
        (delivery, timeline): &'b (Delivery, Timeline),
        folder: &'b Path,
        fresh_sound: bool,
    ) -> Request<'b> {
        let sheet = &self.desk.run.film.sheet;
        let dressing = if delivery.textless {
            &self.textless
        } else {
            &self.reel.dressing
        };
        Request {
            job: Job {
                root: self.desk.run.layout.root(),
                ffmpeg: &self.crew.tools.ffmpeg,
                cache: &self.cache,
                logs: &self.logs,
                timeline,
                assets: &self.reel.assets,
                dressing,
                settings: &delivery.settings,
                workers: self.options.workers.max(1),
                fresh: self.options.fresh,
                cancel: self.cancel,
            },
            fresh_sound: fresh_sound && self.options.fresh,
            tools: &self.crew.tools,
            audio: &self.reel.audio,
            files: &self.reel.files,
            title: &sheet.title,
            language: &sheet.language,
            subtitles: self.subtitles.as_deref().filter(|_| !delivery.textless),
            folder,
            name: &delivery.name,
        }
    }

    /// What all films together will cost.
    pub fn outlay(&self) -> Outlay {
        let none = Outlay {
            frames: Frames(0),
            bytes: 0,
        };
        self.deliveries
            .iter()
            .map(|d| self.request(d, &self.staging, false).outlay())
            .fold(none, |a, b| Outlay {
                frames: a.frames + b.frames,
                bytes: a.bytes + b.bytes,
            })
    }

    /// Frames of all films, encoded or not.
    pub fn frames(&self) -> u64 {
        self.deliveries.iter().map(|(_, t)| t.total.0 as u64).sum()
    }

    /// Cuts all films. `progress` hears frames done, of [`Bench::frames`].
    pub fn cut(mut self, progress: Progress<'_>) -> Result<Film> {
        let (desk, run) = (self.desk, self.desk.run);
        let sheet = &run.film.sheet;
        disk::make_folder(&self.staging)?;
        disk::make_folder(&self.logs)?;
        let mut files: BTreeMap<String, Source> = BTreeMap::new();
        if let Some((_, master)) = self.deliveries.first()
            && sheet.captions != Captions::Off
        {
            let captions = &master.captions;
            let srt = subtitles::srt(captions, sheet.fps);
            if sheet.captions == Captions::Soft && !captions.is_empty() {
                let file = self.staging.join("captions.srt");
                disk::write_scratch(&file, srt.as_bytes())?;
                self.subtitles = Some(file);
            }
            let vtt = subtitles::vtt(captions, sheet.fps);
            let ass = subtitles::ass(captions, sheet.fps, master.format);
            for (kind, text) in [("srt", srt), ("vtt", vtt), ("ass", ass)] {
                files.insert(
                    format!("render/film.{kind}"),
                    Source::Bytes(text.into_bytes()),
                );
            }
        }
        let last = self.last_manifest();
        let mut reports = Vec::new();
        let mut notes = Vec::new();
        let mut manifest = Vec::new();
        let mut before = 0;
        let mut gain_db = 0.0;
        for (i, delivery) in self.deliveries.iter().enumerate() {
            self.cancel.check()?;
            let request = self.request(delivery, &self.staging, i == 0);
            if let Some((cut, report)) = self.lies_there(&request, &last) {
                before += delivery.1.total.0 as u64;
                progress(before, "");
                let name = &delivery.0.name;
                if i == 0 {
                    gain_db = cut["sound"]["gain_db"].as_f64().unwrap_or(0.0);
                    files.insert(POSTER.to_owned(), Source::Copy(POSTER.to_owned()));
                }
                let file = format!("render/{name}");
                files.insert(file.clone(), Source::Copy(file));
                note(&mut notes, name, &report);
                manifest.push(cut);
                reports.push((name.clone(), report));
                continue;
            }
            // The poster is drawn beside the work.
            let (cut, poster) = std::thread::scope(|scope| {
                let poster = (i == 0).then(|| scope.spawn(|| self.poster(&delivery.1)));
                let cut = request.cut(&|done, what| progress(before + done, what));
                (cut, poster.map(|p| p.join()))
            });
            let cut = cut?;
            before += delivery.1.total.0 as u64;
            let name = &delivery.0.name;
            note(&mut notes, name, &cut.report);
            manifest.push(cut.manifest);
            reports.push((name.clone(), cut.report));
            if let Some(poster) = poster {
                gain_db = cut.sound.gain_db;
                let poster =
                    poster.unwrap_or_else(|_| Err(anyhow::anyhow!("the poster's thread broke")))?;
                files.insert(POSTER.to_owned(), Source::Bytes(poster));
            }
            files.insert(format!("render/{name}"), Source::Move(cut.file));
        }
        self.keep_others(&last, &mut files, &mut manifest, &mut reports, &mut notes);
        if let (true, Some(master)) = (self.options.stems, self.deliveries.first()) {
            let job = self.request(master, &self.staging, false).job;
            for stem in sound::stems(&job, &self.reel.audio, gain_db, &self.staging)? {
                let name = stem
                    .file_name()
                    .and_then(|n| n.to_str())
                    .context("a stem")?;
                files.insert(format!("render/{name}"), Source::Move(stem.clone()));
            }
        }
        for name in ["film.srt", "film.vtt", "film.ass", "poster.jpg"] {
            let file = format!("render/{name}");
            let bytes = match files.get(&file) {
                Some(Source::Bytes(bytes)) => Fingerprint::of_bytes(bytes),
                _ => continue,
            };
            if let Some(theirs) = self.not_ours(&file).filter(|h| *h != bytes) {
                notes.push(format!(
                    "{file} is yours and was kept ({}); delete it to have it made anew",
                    theirs.short()
                ));
            }
        }
        // What the kind of film must do is measured on the finished film once more.
        let unmet = super::duties::breaches(desk, Stage::Render, None);
        if let Some((name, report)) = reports.first_mut() {
            let lines: Vec<String> = unmet.iter().map(Breach::line).collect();
            notes.extend(lines.iter().map(|line| format!("FAULT {name}: {line}")));
            report.faults.extend(lines);
        }
        let judged: Vec<Value> = reports
            .iter()
            .map(|(n, r)| json!({"file": n, "report": r}))
            .collect();
        let told = Told {
            checks: &judged,
            ..Told::default()
        };
        let page = report::page(desk, &told, Detail::Quick);
        let text = serde_json::to_string_pretty(
            &json!({"schema": 1, "films": manifest, "reports": &judged}),
        )?;
        files.insert(
            "render/manifest.json".to_owned(),
            Source::Bytes(text.into_bytes()),
        );
        files.insert(
            "render/report.html".to_owned(),
            Source::Bytes(page.into_bytes()),
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

    /// Keeps what earlier commands exported beside the film, where it is of this film still; says what is not.
    fn keep_others(
        &self,
        last: &Value,
        files: &mut BTreeMap<String, Source>,
        manifest: &mut Vec<Value>,
        reports: &mut Vec<(String, Report)>,
        notes: &mut Vec<String>,
    ) {
        let run = self.desk.run;
        let Some(version) = run.ledger.placed(Stage::Render) else {
            return;
        };
        let there = |file: &str| {
            let kept = version.files.get(file)?;
            disk::hash_file(&run.layout.at(file))
                .ok()
                .filter(|h| h == kept)
        };
        for known in last["films"].as_array().into_iter().flatten() {
            let name = known["file"].as_str().unwrap_or_default();
            let file = format!("render/{name}");
            if files.contains_key(&file) || there(&file).is_none() {
                continue;
            }
            let delivery = self.exported(name, known);
            let fits = delivery.as_ref().is_some_and(|d| {
                let request = self.request(d, &self.staging, false);
                known["key"] == json!(request.key())
            });
            let report = last["reports"].as_array().and_then(|all| {
                let named = all.iter().find(|r| r["file"] == json!(name))?;
                serde_json::from_value::<Report>(named["report"].clone()).ok()
            });
            match report.filter(|_| fits) {
                Some(report) => {
                    files.insert(file.clone(), Source::Copy(file));
                    manifest.push(known.clone());
                    reports.push((name.to_owned(), report));
                }
                None => notes.push(format!(
                    "{file} was of the film before and is gone; `greenlight render` with the options of then makes it anew"
                )),
            }
        }
        // Stems have no entry of their own: they are of the film's sound.
        let sound = |films: &[Value]| {
            let master = films.iter().find(|f| f["file"] == json!("film.mp4"));
            master.map(|f| f["sound"]["key"].clone())
        };
        let same =
            sound(manifest) == sound(last["films"].as_array().map_or(&[][..], Vec::as_slice));
        let stems: Vec<&String> = (version.files.keys())
            .filter(|f| f.starts_with("render/stem"))
            .filter(|f| there(f).is_some())
            .collect();
        if self.options.stems || stems.is_empty() {
            return;
        }
        if same {
            for file in stems {
                files.insert(file.clone(), Source::Copy(file.clone()));
            }
        } else {
            notes.push(
                "the stems were of the film before and are gone; `greenlight render --stems` makes them anew".to_owned(),
            );
        }
    }

    /// The delivery that an entry of the manifest is of, as it would be cut now.
    fn exported(&self, name: &str, known: &Value) -> Option<(Delivery, Timeline)> {
        let codec = match known["settings"]["codec"].as_str()? {
            "h265" => Codec::H265,
            "prores" => Codec::ProRes,
            _ => Codec::H264,
        };
        let side = |of: &str| {
            known["settings"][of]
                .as_u64()
                .and_then(|v| u32::try_from(v).ok())
        };
        let format = Format {
            width: side("width")?,
            height: side("height")?,
        };
        let delivery = Delivery {
            name: name.to_owned(),
            settings: settings(codec, format, self.desk),
            textless: name.starts_with("film.textless."),
        };
        let timeline = self.reel.timeline(self.desk, format).ok()?;
        Some((delivery, timeline))
    }

    /// The fingerprint of a file in `render/` that no version has: a person's.
    fn not_ours(&self, file: &str) -> Option<Fingerprint> {
        let run = self.desk.run;
        let hash = disk::hash_file(&run.layout.at(file)).ok()?;
        let all = run
            .ledger
            .versions
            .get(&Stage::Render)
            .into_iter()
            .flatten();
        let ours = all
            .into_iter()
            .any(|(_, _, v)| v.files.get(file) == Some(&hash));
        (!ours).then_some(hash)
    }

    /// What the films in `render/` were made from, as their manifest says.
    fn last_manifest(&self) -> Value {
        let bytes = std::fs::read(self.desk.run.layout.at("render/manifest.json"));
        serde_json::from_slice(&bytes.unwrap_or_default()).unwrap_or_default()
    }

    /// The manifest's entry and the report of a film that lies in `render/` as it would be cut now.
    fn lies_there(&self, request: &Request<'_>, last: &Value) -> Option<(Value, Report)> {
        if self.options.fresh {
            return None;
        }
        let run = self.desk.run;
        let named = |v: &&Value| v["file"] == json!(request.name);
        let known = last["films"].as_array()?.iter().find(named)?;
        let report = last["reports"].as_array()?.iter().find(named)?;
        let file = format!("render/{}", request.name);
        let version = run.ledger.placed(Stage::Render)?;
        let kept = version.files.get(&file)?;
        let there = match run.files.get(&file) {
            Some(hash) => hash == kept,
            None => disk::hash_file(&run.layout.at(&file)).is_ok_and(|h| h == *kept),
        };
        let whole = there && run.layout.at(POSTER).is_file();
        (whole && known["key"] == json!(request.key())).then(|| {
            Some((
                known.clone(),
                serde_json::from_value(report["report"].clone()).ok()?,
            ))
        })?
    }

    /// Compares the films in `render/` with what they should be. Returns what does not hold, by film.
    pub fn verify(&self, progress: Progress<'_>) -> Result<Vec<(String, Vec<String>)>> {
        let run = self.desk.run;
        let folder = run.layout.at("render");
        let bytes = disk::read(&folder.join("manifest.json"))?;
        let manifest: Value =
            serde_json::from_slice(&bytes).context("render/manifest.json is not readable")?;
        let mut out = Vec::new();
        let mut before = 0;
        for delivery in &self.deliveries {
            let name = &delivery.0.name;
            let known = manifest["films"].as_array().into_iter().flatten();
            let faults = match known.into_iter().find(|f| f["file"] == json!(name)) {
                Some(known) => self
                    .request(delivery, &folder, false)
                    .verify(known, &|done, what| progress(before + done, what))?,
                None => vec![format!("{name} is not in the manifest")],
            };
            before += delivery.1.total.0 as u64;
            out.push((name.clone(), faults));
        }
        Ok(out)
    }

    /// The best-scored panel's moment, as a JPEG.
    fn poster(&self, timeline: &Timeline) -> Result<Vec<u8>> {
        let run = self.desk.run;
        let board = run.film.storyboard.as_ref().context("a storyboard")?;
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
            ..self.reel.dressing.clone()
        };
        let mut composer = compose::Composer::new(
            run.layout.root(),
            &self.crew.tools.ffmpeg,
            timeline,
            &self.reel.assets,
            &plain,
        );
        composer.still(at)
    }
}
