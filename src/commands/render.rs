//! `render`: the film again from what is approved; a preview of what there is; a look at what was made.

use super::{Desk, Outcome, hear_interrupts, run};
use crate::cli::Render;
use crate::cut::film::Cut;
use crate::diagnostic::{Exit, Failure};
use crate::engine::making::{self, Orders};
use crate::engine::studio::Studio;
use crate::engine::survey::Survey;
use crate::engine::{cutting, intake};
use crate::film::format::Format;
use crate::film::stage::Stage;
use crate::media::encode::Codec;
use crate::stages::render::Options;
use crate::store::disk;
use crate::ui::progress::Display;
use anyhow::Result;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub async fn execute(desk: &Desk, args: Render) -> Result<Outcome> {
    let mut studio = desk.studio(args.run.as_deref())?;
    run::ensure_programs(desk, false)?;
    let _runner = studio.run.runner_lock()?;
    hear_interrupts(studio.cancel.clone());
    let display = Arc::new(Display::new(desk.printer.clone()));
    let shown = display.clone();
    studio.listen(Box::new(move |event, _| shown.event(event)));
    intake::take_in(&mut studio)?;
    let orders = Orders {
        workers: studio.settings.workers(args.jobs),
        cut: Options {
            fresh: args.fresh,
            formats: args.format.clone(),
            codec: args.codec,
            stems: args.stems,
            textless: args.textless,
            workers: 0,
        },
        ..Orders::default()
    };
    if let Some(out) = &args.output {
        named_rightly(out, &asked_for(&args, &studio))?;
    }
    if args.preview {
        return preview(&mut studio, &args, &orders, &display);
    }
    approved(&studio)?;
    if args.verify {
        return verify(&mut studio, &orders, &display);
    }
    let version = |studio: &Studio| studio.run.ledger.placed(Stage::Render).map(|v| v.version);
    let before = version(&studio);
    display.begin(Stage::Render, 1);
    let result = making::make(&mut studio, Stage::Render, &orders).await;
    display.finish();
    result?;
    let film = studio
        .run
        .layout
        .at(&format!("render/{}", asked_for(&args, &studio)));
    let changed = version(&studio) != before || args.output.is_some();
    Ok(outcome(&studio, film, args.output.as_ref())?.changed(changed))
}

/// The film the command was about: in the codec or the shape that was named.
fn asked_for(args: &Render, studio: &Studio) -> String {
    let master = studio.run.film.sheet.master();
    match (args.codec, args.format.first()) {
        (codec, _) if codec != Codec::H264 => format!("film.{}.{}", codec.name(), codec.suffix()),
        (_, Some(format)) if *format != master => format!("film.{}.mp4", format.name()),
        _ if args.textless => "film.textless.mp4".to_owned(),
        _ => "film.mp4".to_owned(),
    }
}

/// Fails where a film would lie under the name of another kind of file (exit 2).
fn named_rightly(out: &Path, film: &str) -> Result<()> {
    let suffix = |path: &Path| path.extension().map(|e| e.to_ascii_lowercase());
    if suffix(out) == suffix(Path::new(film)) {
        return Ok(());
    }
    let kind = film.rsplit('.').next().unwrap_or("mp4");
    Err(Failure::new(
        Exit::Usage,
        format!(
            "{} is no name for this film, which is an .{kind}",
            out.display()
        ),
    )
    .hint("H.264 and H.265 come as .mp4, ProRes as .mov")
    .into())
}

fn outcome(studio: &Studio, film: PathBuf, output: Option<&PathBuf>) -> Result<Outcome> {
    let shown = match output {
        Some(out) => {
            disk::copy_atomic(&film, out)?;
            out.clone()
        }
        None => film.clone(),
    };
    Ok(Outcome::data(
        json!({"film": film, "output": output}),
        shown.display().to_string(),
    )
    .changed(true)
    .of(studio.run.id().to_owned()))
}

/// Fails while a stage before the render is not approved (exit 3).
fn approved(studio: &Studio) -> Result<()> {
    let survey = Survey::take(studio);
    let open = survey
        .states
        .iter()
        .take_while(|s| s.stage < Stage::Render)
        .find(|s| !s.state.passes());
    let Some(state) = open else { return Ok(()) };
    let id = studio.run.id();
    Err(Failure::new(
        Exit::Waiting,
        format!(
            "{} is {}: a film is cut from what is approved",
            state.stage,
            state.state.name()
        ),
    )
    .hint(format!(
        "`greenlight run {id}` goes on; `greenlight render {id} --preview` shows what there is"
    ))
    .into())
}

fn preview(
    studio: &mut Studio,
    args: &Render,
    orders: &Orders,
    display: &Display,
) -> Result<Outcome> {
    if studio.run.film.storyboard.is_none() {
        let id = studio.run.id();
        return Err(
            Failure::new(Exit::Impossible, "there is no storyboard to look at yet")
                .hint(format!(
                    "`greenlight run {id} --until storyboard` draws one"
                ))
                .into(),
        );
    }
    display.begin(Stage::Render, 1);
    let formats: Vec<Option<Format>> = match args.format.as_slice() {
        [] => vec![None],
        formats => formats.iter().map(|f| Some(*f)).collect(),
    };
    let cuts: Result<Vec<Cut>> = formats
        .into_iter()
        .map(|f| cutting::preview(studio, f, orders.workers))
        .collect();
    display.finish();
    let cuts = cuts?;
    for note in cuts
        .iter()
        .flat_map(|c| c.report.faults.iter().chain(&c.report.notes))
    {
        studio.warn(note.clone());
    }
    let Some(first) = cuts.first() else {
        return Err(anyhow::anyhow!("no preview was asked for"));
    };
    outcome(studio, first.file.clone(), args.output.as_ref())
}

fn verify(studio: &mut Studio, orders: &Orders, display: &Display) -> Result<Outcome> {
    let id = studio.run.id().to_owned();
    if !studio.run.layout.at("render/manifest.json").is_file() {
        return Err(
            Failure::new(Exit::Impossible, "there is no film to verify yet")
                .hint(format!("`greenlight run {id}` makes it"))
                .into(),
        );
    }
    display.begin(Stage::Render, 1);
    let found = cutting::verify(studio, orders);
    display.finish();
    let found = found?;
    let faults: Vec<String> = found
        .iter()
        .flat_map(|(name, faults)| faults.iter().map(move |f| format!("{name}: {f}")))
        .collect();
    if faults.is_empty() {
        let names: Vec<&String> = found.iter().map(|(n, _)| n).collect();
        let text = names
            .iter()
            .map(|n| format!("{n}: every frame is composed as it was, and decodes"))
            .collect::<Vec<_>>()
            .join("\n");
        return Ok(Outcome::data(json!({"verified": names}), text).of(id));
    }
    Err(Failure::new(Exit::ChecksFailed, faults.join("; "))
        .hint(format!("`greenlight render {id} --fresh` cuts it anew"))
        .into())
}
