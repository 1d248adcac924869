//! A film to look at before anything is approved: small, quick, without a mark on it. It is no version
//! of anything and costs nothing.

use super::reel::Reel;
use super::{Crew, Desk};
use crate::cut::encode::Job;
use crate::cut::film::{Cut, Request};
use crate::film::format::Format;
use crate::media::cancel::Cancel;
use crate::media::encode::{Codec, VideoSettings};
use crate::store::disk;
use anyhow::Result;

/// The shorter side of a preview, in pixels.
const SIDE: u32 = 540;

/// A format's preview: as large as it must be to be judged.
fn reduced(format: Format) -> Format {
    let side = format.width.min(format.height);
    if side <= SIDE {
        return format;
    }
    let even = |n: u32| (f64::from(n) * f64::from(SIDE) / f64::from(side) / 2.0).round() as u32 * 2;
    Format {
        width: even(format.width),
        height: even(format.height),
    }
}

/// Cuts a preview of what there is into `render/preview.mp4`, or `preview.<format>.mp4`.
pub fn make(
    desk: &Desk<'_>,
    crew: &Crew,
    format: Option<Format>,
    workers: usize,
    cancel: &Cancel,
    progress: &(dyn Fn(u64, u64, &str) + Sync),
) -> Result<Cut> {
    let run = desk.run;
    let sheet = &run.film.sheet;
    let reel = Reel::draft(desk)?;
    let shape = format.unwrap_or_else(|| sheet.master());
    let small = reduced(shape);
    let timeline = reel.timeline(desk, small)?;
    let settings = VideoSettings {
        codec: Codec::H264,
        preset: "ultrafast",
        crf: 26,
        width: small.width,
        height: small.height,
        rate: sheet.fps,
    };
    let name = match shape == sheet.master() {
        true => "preview.mp4".to_owned(),
        false => format!("preview.{}.mp4", shape.name()),
    };
    let (cache, logs) = (run.layout.previews(), run.layout.logs());
    let folder = run.layout.staging();
    for place in [&cache, &logs, &folder] {
        disk::make_folder(place)?;
    }
    let request = Request {
        job: Job {
            root: run.layout.root(),
            ffmpeg: &crew.tools.ffmpeg,
            cache: &cache,
            logs: &logs,
            timeline: &timeline,
            assets: &reel.assets,
            dressing: &reel.dressing,
            settings: &settings,
            workers,
            fresh: false,
            cancel,
        },
        fresh_sound: false,
        tools: &crew.tools,
        audio: &reel.audio,
        files: &reel.files,
        title: &sheet.title,
        language: &sheet.language,
        subtitles: None,
        folder: &folder,
        name: &name,
    };
    let total = timeline.total.0 as u64;
    let mut cut = request.cut(&|done, what| progress(done, total, what))?;
    let file = run.layout.at(&format!("render/{name}"));
    disk::move_into(&cut.file, &file)?;
    cut.file = file;
    Ok(cut)
}
