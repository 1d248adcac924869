//! `new`: a run from what a person hands in, checked whole before anything is made.

use super::{Desk, Outcome, run};
use crate::cli::{New, RunArgs};
use crate::diagnostic::{Exit, Failure, Problem};
use crate::film::format::Format;
use crate::film::ids::slug;
use crate::film::sheet::{Captions, RunSheet, Source, SourceForm};
use crate::film::time::Rate;
use crate::screenplay;
use crate::store::{clock, disk};
use crate::template::Template;
use anyhow::Result;
use clap::CommandFactory;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// The parts a narrator can be cast as.
const VOICES: [&str; 8] = [
    "narrator",
    "woman",
    "young_woman",
    "old_woman",
    "man",
    "young_man",
    "old_man",
    "child",
];

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
            return Err(
                Failure::new(Exit::Usage, "hand in a --script FILE or a --brief TEXT").into(),
            );
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
    let handed = hand_in(&args)?;
    let settings = desk.settings()?;
    moderate(&handed)?;
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
    let (header_format, header_rate) = screenplay::header_format(&header);
    let mut problems: Vec<Problem> = Vec::new();
    let mut wrong = |message: String| problems.push(Problem::new(message));
    let mut formats: Vec<Format> = Vec::new();
    for text in &args.format {
        match Format::parse(text) {
            Ok(f) if formats.contains(&f) => {}
            Ok(f) => formats.push(f),
            Err(e) => wrong(e),
        }
    }
    if formats.is_empty() {
        formats.push(header_format.unwrap_or(template.format));
    }
    let fps = match &args.fps {
        Some(text) => Rate::parse(text).unwrap_or_else(|e| {
            wrong(e);
            Rate::DEFAULT
        }),
        None => header_rate.unwrap_or(template.fps),
    };
    let captions = match &args.captions {
        Some(text) => Captions::parse(text).unwrap_or_else(|| {
            wrong(format!(
                "`{text}` is not a way to show captions; use burned, soft, sidecar or off"
            ));
            template.captions
        }),
        None => template.captions,
    };
    for stage in &args.skip {
        if !stage.optional() {
            wrong(format!("the {stage} stage cannot be left out"));
        }
    }
    if let Some(s) = args.seconds
        && !(1.0..=36_000.0).contains(&s)
    {
        wrong(format!("--seconds lies between 1 and 36000, not {s}"));
    }
    if let Some(b) = args.budget
        && !(b.is_finite() && b >= 0.0)
    {
        wrong("--budget is an amount from 0".to_owned());
    }
    let language_ok = !args.language.is_empty()
        && args.language.len() <= 16
        && args
            .language
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !language_ok {
        wrong(format!(
            "`{}` is not a language such as en, de or pt-BR",
            args.language
        ));
    }
    if let Some(voice) = &args.voice
        && !VOICES.contains(&voice.as_str())
    {
        wrong(format!(
            "`{voice}` is not a voice; use {}",
            VOICES.join(", ")
        ));
    }
    let mut fields = BTreeMap::new();
    for pair in &args.set {
        match pair.split_once('=') {
            Some((k, v)) if !k.trim().is_empty() => {
                fields.insert(k.trim().to_owned(), v.to_owned());
            }
            _ => wrong(format!("--set takes FIELD=VALUE, not `{pair}`")),
        }
    }
    let mut providers = BTreeMap::new();
    for pair in &args.provider {
        match pair.split_once('=') {
            Some((role, name))
                if crate::config::ROLES.contains(&role)
                    && settings.providers.providers.contains_key(name) =>
            {
                providers.insert(role.to_owned(), name.to_owned());
            }
            _ => wrong(format!(
                "--provider takes ROLE=NAME of conf/providers.yaml, not `{pair}`"
            )),
        }
    }
    if !problems.is_empty() {
        return Err(Failure::of(Exit::Usage, problems).into());
    }
    let title = args
        .title
        .clone()
        .or(title)
        .map(|t| {
            crate::diagnostic::printable(&t)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        })
        .filter(|t| !t.is_empty())
        .unwrap_or_else(|| title_from(&handed));
    let commands: Vec<String> = crate::cli::Cli::command()
        .get_subcommands()
        .map(|c| c.get_name().to_owned())
        .collect();
    let id = match &args.id {
        Some(id) => desk.workspace.check_id(id, &commands)?,
        None => desk.workspace.fresh_id(&title)?,
    };
    let extension = match form {
        SourceForm::Fountain => "script.fountain",
        SourceForm::ShotList => "shots.txt",
        SourceForm::Prose => "prose.txt",
        SourceForm::Brief => "brief.txt",
    };
    let seed = args.seed.unwrap_or_else(|| {
        let hash = blake3::hash(format!("{}{}", slug(&title, '-', 60), handed.text).as_bytes());
        u64::from(u32::from_le_bytes(
            hash.as_bytes()[..4].try_into().unwrap_or([1; 4]),
        ))
    });
    let sheet = RunSheet {
        schema: crate::film::document::SCHEMA,
        id: id.clone(),
        title: title.clone(),
        template: template_name,
        created_at: clock::now(),
        source: Source {
            file: format!("source/{extension}"),
            form,
        },
        formats,
        fps,
        language: args.language.clone(),
        captions,
        fields,
        seconds: args.seconds,
        voice: args.voice.clone(),
        providers,
        budget: args.budget.map(|b| format!("{b:.2}")),
        skip: args.skip.clone(),
        seed,
    };
    let folder = desk.workspace.create(&sheet, &handed.bytes, &desk.by())?;
    desk.printer.say(&format!(
        "read as {}; {} in {}",
        form.words(),
        sheet.title,
        folder.display()
    ));
    for w in warnings.iter().take(10) {
        desk.printer.warn(&format!(
            "{}{}",
            w.place
                .as_ref()
                .map(|p| format!("{p}: "))
                .unwrap_or_default(),
            w.message
        ));
    }
    if warnings.len() > 10 {
        desk.printer
            .warn(&format!("and {} more like these", warnings.len() - 10));
    }
    if args.run {
        return run::execute(desk, RunArgs::plain(Some(id.to_string()), args.yes)).await;
    }
    desk.printer.say(&format!("next: greenlight run {id}"));
    Ok(Outcome::data(json!({"id": id, "folder": folder, "form": form, "title": title, "formats": sheet.formats, "fps": sheet.fps}), id.to_string())
        .changed(true)
        .of(id.to_string()))
}

/// A title from the file's name, or from the first words.
fn title_from(handed: &Handed) -> String {
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
