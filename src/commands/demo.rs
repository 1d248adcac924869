//! `demo`: a film of about a minute from a bundled screenplay, on a machine with nothing on it.

use super::run::{self, Going};
use super::{Desk, Outcome};
use crate::cli::Demo;
use crate::diagnostic::{Exit, Failure};
use crate::engine::making::Orders;
use crate::film::format::Format;
use crate::film::sheet::{RunSheet, Source, SourceForm};
use crate::film::stage::Stage;
use crate::store::clock;
use crate::template::Template;
use anyhow::Result;
use std::collections::BTreeMap;

const SCREENPLAY: &str = include_str!("../../templates/demo.fountain");

pub async fn execute(desk: &Desk, args: Demo) -> Result<Outcome> {
    let template = Template::load("film", desk.workspace.root())?;
    let format = match &args.format {
        Some(text) => Format::parse(text).map_err(|e| Failure::new(Exit::Usage, e))?,
        None => template.format,
    };
    // A demonstration is asked for by name: what it needs, it installs, and says so.
    run::ensure_programs(desk, true)?;
    let title = crate::screenplay::fountain::parse(SCREENPLAY, "demo.fountain")
        .0
        .title()
        .unwrap_or_else(|| "Demo".to_owned());
    let id = desk.workspace.fresh_id(&title)?;
    let sheet = RunSheet {
        schema: crate::film::document::SCHEMA,
        id,
        title,
        template: "film".to_owned(),
        created_at: clock::now(),
        source: Source {
            file: "source/script.fountain".to_owned(),
            form: SourceForm::Fountain,
        },
        formats: vec![format],
        fps: template.fps,
        language: "en".to_owned(),
        captions: template.captions,
        fields: BTreeMap::new(),
        seconds: None,
        rewrite: false,
        voice: None,
        providers: BTreeMap::new(),
        budget: None,
        skip: Vec::new(),
        seed: 7,
    };
    let root = desk
        .workspace
        .create(&sheet, SCREENPLAY.as_bytes(), &desk.by(), Vec::new())?;
    let studio = desk.open(root)?;
    let workers = studio.settings.workers(None);
    let id = studio.run.id().to_owned();
    let going = Going {
        until: None,
        yes_through: if args.gates && !args.yes {
            None
        } else {
            Some(Stage::Render)
        },
        orders: Orders {
            workers,
            ..Orders::default()
        },
        ..Going::default()
    };
    let outcome = run::go(desk, studio, going).await?;
    if outcome.exit == Exit::Done {
        desk.printer.say(&format!(
            "\nwatch it, then try:\n  greenlight status {id}\n  greenlight edit {id} script            # change a line, then: greenlight run {id}\n  greenlight regenerate {id} storyboard --feedback \"the last scene slower\"\n  greenlight new --script YOUR.fountain  # or --brief \"an idea\""
        ));
    }
    Ok(outcome)
}
