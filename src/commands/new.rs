//! `new`: a run from what a person hands in, checked whole before anything is made.

use super::{Desk, Outcome, choices, run};
use crate::cli::{New, RunArgs};
use crate::config::Settings;
use crate::diagnostic::{Exit, Failure, Problem};
use crate::engine::intake;
use crate::film::ids::{RunId, slug};
use crate::film::sheet::{RunSheet, Source, SourceForm};
use crate::providers::ask::{Answer, Ask, Fault};
use crate::providers::wire::Wire;
use crate::screenplay;
use crate::store::{clock, disk};
use crate::template::Template;
use anyhow::Result;
use clap::CommandFactory;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// A text that was handed in.
struct Handed {
    bytes: Vec<u8>,
    text: String,
    /// For messages.
    name: String,
    brief: bool,
}

fn hand_in(args: &New) -> Result<Handed> {
    let stdin = |name: &str| -> Result<(Vec<u8>, String)> {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(screenplay::MOST_BYTES as u64 + 1)
            .read_to_end(&mut bytes)?;
        Ok((bytes, name.to_owned()))
    };
    let file = |path: &str| -> Result<(Vec<u8>, String)> {
        let meta = std::fs::metadata(path).map_err(|e| {
            Failure::new(Exit::NotFound, format!("cannot read the file: {e}"))
                .at(path, 0, 0)
                .hint("name a text file, or `-` for standard input")
        })?;
        if meta.is_dir() {
            return Err(Failure::new(Exit::Invalid, "this is a folder")
                .at(path, 0, 0)
                .hint("name a text file in it")
                .into());
        }
        if meta.len() > screenplay::MOST_BYTES as u64 {
            return Err(Failure::new(
                Exit::Invalid,
                format!(
                    "the text has {} bytes, more than the {} that fit",
                    meta.len(),
                    screenplay::MOST_BYTES
                ),
            )
            .at(path, 0, 0)
            .hint("split it into several films")
            .into());
        }
        Ok((disk::read(Path::new(path))?, path.to_owned()))
    };
    let ((bytes, name), brief) = match (&args.script, &args.brief) {
        (Some(s), _) if s == "-" => (stdin("standard input")?, false),
        (Some(s), _) => (file(s)?, false),
        (_, Some(b)) if b == "-" => (stdin("standard input")?, true),
        (_, Some(b)) => match b.strip_prefix('@') {
            Some(path) => (file(path)?, true),
            None => ((b.clone().into_bytes(), "--brief".to_owned()), true),
        },
        (None, None) => {
            return Err(Failure::new(Exit::Usage, "nothing was handed in")
                .hint("give --script FILE, --brief TEXT, or --from RUN for a variant")
                .into());
        }
    };
    let text = screenplay::decode(&bytes, &name)?;
    Ok(Handed {
        bytes,
        text,
        name,
        brief,
    })
}

pub async fn execute(desk: &Desk, args: New) -> Result<Outcome> {
    let made = match &args.from {
        Some(from) => variant(desk, &args, from)?,
        None => fresh(desk, &args)?,
    };
    if args.run {
        let id = made.run.clone();
        return run::execute(desk, RunArgs::plain(id, args.yes)).await;
    }
    let id = made.run.clone().unwrap_or_default();
    desk.printer.say(&format!("next: greenlight run {id}"));
    Ok(made)
}

/// All of a new run, checked and not yet made.
pub(super) struct Planned {
    sheet: RunSheet,
    bytes: Vec<u8>,
    warnings: Vec<Problem>,
}

/// Checks what was handed in and what was chosen.
pub(super) fn plan(desk: &Desk, args: &New) -> Result<Planned> {
    let handed = hand_in(args)?;
    let settings = desk.settings()?;
    moderate(&handed)?;
    ask_moderator(desk, args, &settings, &handed)?;
    let template_name = args
        .template
        .clone()
        .unwrap_or_else(|| if handed.brief { "story" } else { "film" }.to_owned());
    let template = Template::load(&template_name, desk.workspace.root())?;
    let (form, title, header, warnings) = if handed.brief {
        (
            SourceForm::Brief,
            crate::animatic::writer::read_brief(&handed.text).title,
            Vec::new(),
            Vec::new(),
        )
    } else {
        let reading = screenplay::read(&handed.text, &handed.name)?;
        (
            reading.form,
            reading.script.title(),
            reading.header,
            reading.warnings,
        )
    };
    if args.rewrite && !matches!(form, SourceForm::Prose | SourceForm::Brief) {
        return Err(Failure::new(
            Exit::Missing,
            format!(
                "{} keeps its words: the arranging writer rewrites prose only",
                form.words()
            ),
        )
        .at(handed.name.clone(), 0, 0)
        .hint("leave --rewrite out, or hand it in as prose")
        .into());
    }
    let (header_format, header_rate) = screenplay::header_format(&header);
    let choices = choices::read(args, &settings)?;
    let title = args
        .title
        .clone()
        .or(title)
        .map(|t| one_line(&t))
        .filter(|t| !t.is_empty())
        .unwrap_or_else(|| title_from(&handed));
    let extension = match form {
        SourceForm::Fountain => "script.fountain",
        SourceForm::ShotList => "shots.txt",
        SourceForm::Prose => "prose.txt",
        SourceForm::Brief => "brief.txt",
    };
    let seed = {
        let hash = blake3::hash(format!("{}{}", slug(&title, '-', 60), handed.text).as_bytes());
        u64::from(u32::from_le_bytes(
            hash.as_bytes()[..4].try_into().unwrap_or([1; 4]),
        ))
    };
    let mut sheet = RunSheet {
        schema: crate::film::document::SCHEMA,
        id: id(desk, args, &title)?,
        title,
        template: template_name,
        created_at: clock::now(),
        source: Source {
            file: format!("source/{extension}"),
            form,
        },
        formats: vec![header_format.unwrap_or(template.format)],
        fps: header_rate.unwrap_or(template.fps),
        language: "en".to_owned(),
        captions: template.captions,
        fields: BTreeMap::new(),
        seconds: None,
        rewrite: template.rewrite && matches!(form, SourceForm::Prose | SourceForm::Brief),
        voice: None,
        providers: BTreeMap::new(),
        budget: None,
        skip: Vec::new(),
        seed,
    };
    choices.over(args, &mut sheet);
    Ok(Planned {
        sheet,
        bytes: handed.bytes,
        warnings,
    })
}

fn one_line(text: &str) -> String {
    crate::diagnostic::printable(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn id(desk: &Desk, args: &New, title: &str) -> Result<RunId> {
    let commands: Vec<String> = crate::cli::Cli::command()
        .get_subcommands()
        .map(|c| c.get_name().to_owned())
        .collect();
    match &args.id {
        Some(id) => desk.workspace.check_id(id, &commands),
        None => desk.workspace.fresh_id(title),
    }
}

/// Makes the run that was planned.
pub(super) fn put_up(desk: &Desk, planned: &Planned) -> Result<Outcome> {
    let sheet = &planned.sheet;
    let folder = desk.workspace.create(sheet, &planned.bytes, &desk.by())?;
    Ok(made(sheet, &folder))
}

fn made(sheet: &RunSheet, folder: &Path) -> Outcome {
    Outcome::data(
        json!({
            "id": sheet.id, "folder": folder, "form": sheet.source.form, "title": sheet.title,
            "formats": sheet.formats, "fps": sheet.fps,
        }),
        sheet.id.to_string(),
    )
    .changed(true)
    .of(sheet.id.to_string())
}

fn fresh(desk: &Desk, args: &New) -> Result<Outcome> {
    let planned = plan(desk, args)?;
    let outcome = put_up(desk, &planned)?;
    let sheet = &planned.sheet;
    desk.printer.say(&format!(
        "read as {}; {} in {}",
        sheet.source.form.words(),
        sheet.title,
        desk.workspace.runs().join(sheet.id.as_str()).display()
    ));
    for w in planned.warnings.iter().take(10) {
        desk.printer.warn(&format!(
            "{}{}",
            w.place
                .as_ref()
                .map(|p| format!("{p}: "))
                .unwrap_or_default(),
            w.message
        ));
    }
    if planned.warnings.len() > 10 {
        let more = planned.warnings.len() - 10;
        desk.printer.warn(&format!("and {more} more like these"));
    }
    Ok(outcome)
}

/// A variant of another run: its takes and stages, its own lineage.
fn variant(desk: &Desk, args: &New, from: &str) -> Result<Outcome> {
    let mut studio = desk.open(desk.workspace.resolve(Some(from))?)?;
    intake::take_in(&mut studio)?;
    if let Some(failure) = studio.run.invalid.values().next() {
        return Err(failure.clone().into());
    }
    let choices = choices::read(args, &studio.settings)?;
    let mut sheet = studio.run.film.sheet.clone();
    if let Some(title) = &args.title {
        sheet.title = one_line(title);
    }
    if let Some(template) = &args.template {
        Template::load(template, desk.workspace.root())?;
        sheet.template.clone_from(template);
    }
    sheet.id = id(desk, args, &sheet.title)?;
    sheet.created_at = clock::now();
    choices.over(args, &mut sheet);
    let folder = desk.workspace.branch(&studio.run, &sheet, &desk.by())?;
    desk.printer.about(sheet.id.as_str());
    desk.printer.say(&format!(
        "a variant of {}; nothing of it is approved yet",
        studio.run.id()
    ));
    Ok(made(&sheet, &folder))
}

/// A title from the file's name, or from the first words.
fn title_from(handed: &Handed) -> String {
    // A Markdown text has its title on its first line.
    let first = handed.text.lines().find(|l| !l.trim().is_empty());
    if let Some(headline) = first.and_then(|l| l.trim().strip_prefix("# ")) {
        return one_line(headline);
    }
    let words: Vec<&str> = if handed.brief || handed.name == "standard input" {
        handed.text.split_whitespace().take(6).collect()
    } else {
        let stem = Path::new(&handed.name)
            .file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or("Untitled");
        let stem = stem.split('.').next().unwrap_or(stem);
        return stem
            .split(['-', '_', ' '])
            .filter(|w| !w.is_empty())
            .map(|w| {
                let mut c = w.chars();
                c.next()
                    .map_or(String::new(), |f| f.to_uppercase().chain(c).collect())
            })
            .collect::<Vec<_>>()
            .join(" ");
    };
    // A title does not end on a small word.
    let mut words = words;
    while words.len() > 2
        && words.last().is_some_and(|w| {
            [
                "a", "an", "the", "of", "in", "on", "to", "and", "with", "for", "his", "her", "is",
                "finds",
            ]
            .contains(&w.to_lowercase().as_str())
        })
    {
        words.pop();
    }
    let text = words.join(" ");
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    if text.is_empty() {
        "Untitled".to_owned()
    } else {
        text.to_owned()
    }
}

/// Refuses what the rule file refuses (exit 13), before anything is made.
fn moderate(handed: &Handed) -> Result<()> {
    let low = handed.text.to_lowercase();
    for rule in crate::animatic::moderation::rules() {
        if let Some(word) = rule
            .words
            .iter()
            .find(|w| crate::film::shot::contains_words(&low, w))
        {
            let line = low
                .lines()
                .position(|l| l.contains(word.as_str()))
                .map_or(0, |i| i + 1);
            return Err(
                Failure::new(Exit::Refused, format!("refused: {}", rule.reason))
                    .at(handed.name.clone(), line, 0)
                    .hint("the rules lie in templates/moderation.yaml")
                    .into(),
            );
        }
    }
    Ok(())
}

/// Asks the provider that moderates, if there is one. Where it cannot be asked nothing is made: a check
/// that was not done is no check that was passed.
fn ask_moderator(desk: &Desk, args: &New, settings: &Settings, handed: &Handed) -> Result<()> {
    let said = args
        .provider
        .iter()
        .find_map(|pair| pair.strip_prefix("moderation="));
    let name = said
        .or_else(|| {
            settings
                .providers
                .roles
                .get("moderation")
                .map(String::as_str)
        })
        .unwrap_or("animatic");
    let Some(provider) = settings.providers.providers.get(name) else {
        return Ok(());
    };
    if provider.kind == "animatic" {
        return Ok(());
    }
    if !Wire::fills(&provider.kind, "moderation") {
        return Err(Failure::new(
            Exit::Missing,
            format!("the role `moderation` is given to `{name}`, which cannot fill it"),
        )
        .at("conf/providers.yaml", 0, 0)
        .hint("give it to a provider of kind openai or command, or back to `animatic`")
        .into());
    }
    let wire = Wire::new(name, provider, desk.workspace.root());
    let ask = Ask::Verdict {
        text: handed.text.clone(),
    };
    let scratch = tempfile::tempdir()?;
    let mut tries = settings.operator.limits.attempts.max(1);
    let asked = async {
        loop {
            tries -= 1;
            let answer = wire
                .submit(&ask, "moderation", scratch.path(), &desk.interrupt)
                .await;
            match answer {
                Err(Fault::Later { after, .. }) if tries > 0 => {
                    let wait = after.unwrap_or(Duration::from_secs(1));
                    tokio::time::sleep(wait.min(Duration::from_secs(30))).await;
                }
                Err(Fault::NotSent(_)) if tries > 0 => {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
                Err(Fault::Unknown(_)) if tries > 0 && provider.is_free() => {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
                other => return other,
            }
        }
    };
    let answer = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(asked));
    let verdict = match answer {
        Ok(Answer::Done(outcome)) => {
            serde_json::from_slice::<Value>(&outcome.bytes).unwrap_or_default()
        }
        Ok(Answer::Job(_)) => Value::Null,
        Err(fault) => {
            return Err(Failure::new(
                Exit::Missing,
                format!(
                    "{name} could not be asked whether this may be made: {}",
                    fault.said()
                ),
            )
            .hint("try again, or give `moderation` to another provider in conf/providers.yaml")
            .into());
        }
    };
    match verdict["flagged"].as_bool() {
        Some(false) => Ok(()),
        Some(true) => {
            let why: Vec<&str> = verdict["categories"]
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(_, on)| on.as_bool() == Some(true))
                .map(|(name, _)| name.as_str())
                .collect();
            Err(Failure::new(
                Exit::Refused,
                format!("refused by {name}: {}", why.join(", ")),
            )
            .at(handed.name.clone(), 0, 0)
            .into())
        }
        None => Err(Failure::new(Exit::Missing, format!("{name} gave no verdict")).into()),
    }
}
