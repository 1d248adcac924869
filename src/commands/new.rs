//! `new`: a run from what a person hands in, checked whole before anything is made.

use super::{Desk, Outcome, choices, moderation, run};
use crate::cli::{New, RunArgs};
use crate::diagnostic::{Exit, Failure, Problem};
use crate::engine::intake;
use crate::film::ids::{RunId, slug};
use crate::film::sheet::{RunSheet, Source, SourceForm};
use crate::screenplay;
use crate::store::format::Op;
use crate::store::{clock, disk};
use crate::template::Template;
use anyhow::Result;
use clap::CommandFactory;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// A text that was handed in.
pub(super) struct Handed {
    bytes: Vec<u8>,
    pub(super) text: String,
    /// For messages.
    pub(super) name: String,
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

pub(super) async fn execute(desk: &Desk, args: New) -> Result<Outcome> {
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
    /// What was said of it before it was made.
    moderated: Vec<Op>,
}

/// Checks what was handed in and what was chosen.
pub(super) fn plan(desk: &Desk, args: &New) -> Result<Planned> {
    let handed = hand_in(args)?;
    let settings = desk.settings()?;
    let moderated = moderation::pass(desk, args, &settings, &handed)?;
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
        moderated,
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
    let moderated = planned.moderated.clone();
    let folder = (desk.workspace).create(sheet, &planned.bytes, &desk.by(), moderated)?;
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
