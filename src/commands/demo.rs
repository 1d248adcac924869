//! `demo`: a film of about a minute from a bundled example, on a machine with nothing on it.

use super::run::{self, Going};
use super::{Desk, Outcome, new};
use crate::cli::{Demo, New};
use crate::diagnostic::{Exit, Failure};
use crate::engine::making::Orders;
use crate::film::stage::Stage;
use crate::store::disk;
use crate::template::{EXAMPLE_DOCUMENT, Template};
use anyhow::Result;
use std::path::Path;

/// The seed of every demonstration: the same film on every machine.
const SEED: u64 = 7;

/// The run a demonstration makes, from the example of its kind.
fn plan(desk: &Desk, args: &Demo, scratch: &Path) -> Result<new::Planned> {
    let kind = args.template.as_str();
    let Some(example) = Template::example(kind) else {
        let known = Template::load(kind, desk.workspace.root()).map(|_| ());
        known?;
        return Err(Failure::new(
            Exit::Usage,
            format!("`{kind}` is a template of your own, without an example"),
        )
        .hint(format!("greenlight new --template {kind} --fields FILE"))
        .into());
    };
    let file = scratch.join(if kind == "film" {
        "demo.fountain"
    } else {
        "fields.yaml"
    });
    disk::write_scratch(&file, example.as_bytes())?;
    let (name, text) = EXAMPLE_DOCUMENT;
    disk::write_scratch(&scratch.join(name), text.as_bytes())?;
    let file = Some(file.display().to_string());
    let (script, fields) = if kind == "film" {
        (file, None)
    } else {
        (None, file)
    };
    let wish = New {
        template: Some(kind.to_owned()),
        script,
        fields,
        format: args.format.iter().cloned().collect(),
        seed: Some(SEED),
        yes: true,
        ..New::default()
    };
    new::plan(desk, &wish)
}

pub async fn execute(desk: &Desk, args: Demo) -> Result<Outcome> {
    let scratch = tempfile::tempdir()?;
    let planned = plan(desk, &args, scratch.path())?;
    // A demonstration is asked for by name: what it needs, it installs, and says so.
    run::ensure_programs(desk, true)?;
    let made = new::put_up(desk, &planned)?;
    let studio = desk.studio(made.run.as_deref())?;
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
