//! `new`: a run from what a person hands in, checked whole before anything is made.

use super::fields::{self, Given};
use super::{Desk, Outcome, choices, moderation, run};
use crate::cli::{New, RunArgs};
use crate::diagnostic::{Exit, Failure, Problem};
use crate::engine::intake;
use crate::film::brand::Brand;
use crate::film::ids::{RunId, slug};
use crate::film::sheet::{RunSheet, Source, SourceForm};
use crate::screenplay;
use crate::store::format::Op;
use crate::store::run::Run;
use crate::store::{clock, disk};
use crate::template::{self, Takes, Template, field};
use crate::ui::prompt;
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
        (None, None) => return Err(nothing().into()),
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
    /// Files that lie beside the source, as they were handed in.
    files: Vec<(String, Vec<u8>)>,
    warnings: Vec<Problem>,
    /// What was said of it before it was made.
    moderated: Vec<Op>,
}

/// What the film is made of, as far as it was understood.
struct Material {
    handed: Handed,
    form: SourceForm,
    title: Option<String>,
    header: Vec<(String, String)>,
    warnings: Vec<Problem>,
}

/// The kind of film that was asked for, or that goes with what was handed in.
fn kind(desk: &Desk, args: &New) -> Result<String> {
    match (&args.template, &args.script, &args.brief) {
        (Some(name), ..) => Ok(name.clone()),
        (None, Some(_), _) => Ok("film".to_owned()),
        (None, None, Some(_)) => Ok("story".to_owned()),
        (None, None, None) if desk.interactive && !args.yes => {
            let names = Template::names(desk.workspace.root());
            let about = |n: &String| {
                let read = Template::load(n, desk.workspace.root());
                read.map_or(n.clone(), |t| format!("{n}: {}", t.about))
            };
            let lines: Vec<String> = names.iter().map(about).collect();
            let chosen = prompt::choose("Which kind of film?", &lines)?;
            let chosen = chosen.ok_or_else(nothing)?;
            Ok(names[chosen].clone())
        }
        (None, None, None) => Err(nothing().into()),
    }
}

fn nothing() -> Failure {
    Failure::new(Exit::Usage, "nothing was handed in")
        .hint("give --script FILE, --brief TEXT, --template NAME with --fields FILE, or --from RUN for a variant")
}

/// Understands what was handed in, or gathered from fields.
fn material(
    args: &New,
    template: &Template,
    given: &mut Given,
    handed: Option<Handed>,
) -> Result<Material> {
    let handed = match handed {
        Some(handed) => handed,
        None => {
            let field = template.text_field.as_ref();
            match field.and_then(|name| Some((name, given.fields.remove(name)?))) {
                Some((name, text)) => Handed {
                    bytes: text.clone().into_bytes(),
                    text,
                    name: format!("the field `{name}`"),
                    brief: template.takes == Takes::Brief,
                },
                None if fields::made_of_fields(template) => {
                    let told = given.told.clone();
                    return Ok(Material {
                        title: None,
                        handed: Handed {
                            bytes: told.clone().into_bytes(),
                            text: told,
                            name: args.fields.clone().unwrap_or_else(|| "--set".to_owned()),
                            brief: false,
                        },
                        form: SourceForm::Fields,
                        header: Vec::new(),
                        warnings: Vec::new(),
                    });
                }
                None => return Err(nothing().into()),
            }
        }
    };
    if handed.brief {
        return Ok(Material {
            form: SourceForm::Brief,
            title: crate::animatic::writer::read_brief(&handed.text).title,
            header: Vec::new(),
            warnings: Vec::new(),
            handed,
        });
    }
    if template.prose {
        return Ok(Material {
            form: SourceForm::Prose,
            title: None,
            header: Vec::new(),
            warnings: Vec::new(),
            handed,
        });
    }
    let reading = screenplay::read(&handed.text, &handed.name)?;
    let shown = crate::film::handed::named(&reading.script);
    fields::pictures(&handed.name, &handed.text, &shown, given)?;
    Ok(Material {
        form: reading.form,
        title: reading.script.title(),
        header: reading.header,
        warnings: reading.warnings,
        handed,
    })
}

/// Checks what was handed in and what was chosen.
pub(super) fn plan(desk: &Desk, args: &New) -> Result<Planned> {
    let settings = desk.settings()?;
    let has_text = args.script.is_some() || args.brief.is_some();
    let handed = has_text.then(|| hand_in(args)).transpose()?;
    let template_name = kind(desk, args)?;
    let template = Template::load(&template_name, desk.workspace.root())?;
    if args.brief.is_some() && fields::made_of_fields(&template) {
        return Err(Failure::new(
            Exit::Usage,
            format!("a {template_name} is made of its fields, or of a --script of your own"),
        )
        .hint(format!(
            "`greenlight template show {template_name}` lists them"
        ))
        .into());
    }
    let set = choices::pairs(&args.set);
    let gathered = fields::gather(desk, args, &template, &set, has_text);
    let (choices, wrong) = match choices::read(args, &settings) {
        Ok(choices) => (Some(choices), Vec::new()),
        Err(failure) => (None, failure.problems),
    };
    let mut given = fields::together(gathered, wrong)?;
    let choices = choices.unwrap_or_default();
    let Material {
        handed,
        form,
        title,
        header,
        warnings,
    } = material(args, &template, &mut given, handed)?;
    let weighed = Handed {
        bytes: Vec::new(),
        text: format!("{}\n{}", handed.text, fields::all_words(&given)),
        name: handed.name.clone(),
        brief: handed.brief,
    };
    let moderated = moderation::pass(desk, args, &settings, &weighed)?;
    let rewritten = matches!(
        form,
        SourceForm::Prose | SourceForm::Brief | SourceForm::Fields
    );
    if args.rewrite && !rewritten {
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
    let titled =
        (template.title.as_ref()).and_then(|t| template::fill(t, &template.filled(&given.fields)));
    let title = args
        .title
        .clone()
        .or(titled)
        .or(title)
        .map(|t| one_line(&t))
        .filter(|t| !t.is_empty())
        .unwrap_or_else(|| title_from(&handed));
    let extension = match form {
        SourceForm::Fountain => "script.fountain",
        SourceForm::ShotList => "shots.txt",
        SourceForm::Prose => "prose.txt",
        SourceForm::Brief => "brief.txt",
        SourceForm::Fields => "documents.txt",
    };
    let seed = {
        let words = fields::all_words(&given);
        let hash =
            blake3::hash(format!("{}{}{words}", slug(&title, '-', 60), handed.text).as_bytes());
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
        language: template.language.clone().unwrap_or_else(|| "en".to_owned()),
        translated_from: None,
        captions: template.captions,
        fields: given.fields,
        seconds: template.seconds,
        rewrite: template.rewrite && rewritten,
        voice: template.voice.clone(),
        providers: BTreeMap::new(),
        budget: None,
        skip: template.skip.clone(),
        order: template.way_asked(),
        seed,
    };
    choices.over(args, &mut sheet);
    let mut files = given.files;
    if !args.no_brand {
        files.extend(kit(desk)?);
    }
    Ok(Planned {
        sheet,
        bytes: handed.bytes,
        files,
        warnings,
        moderated,
    })
}

/// The brand kit of the workspace, for the run to carry.
fn kit(desk: &Desk) -> Result<Vec<(String, Vec<u8>)>> {
    let folder = desk.workspace.root().join("brand");
    let path = folder.join("brand.yaml");
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let text = disk::read(&path)?;
    let brand = Brand::read(&text, &path.display().to_string())?;
    let mut files = vec![("brand/brand.yaml".to_owned(), text)];
    let mut problems = Vec::new();
    for (file, _) in brand.files() {
        let name = format!("brand/{file}");
        match std::fs::read(folder.join(file)) {
            Ok(_) if files.iter().any(|(n, _)| *n == name) => {}
            Ok(bytes)
                if !name.ends_with(".mp4")
                    && !name.to_lowercase().ends_with("tf")
                    && image::load_from_memory(&bytes).is_err() =>
            {
                problems.push(
                    Problem::new(format!("{name} is no picture that can be read")).at(
                        path.display().to_string(),
                        0,
                        0,
                    ),
                );
            }
            Ok(bytes) => files.push((name, bytes)),
            Err(e) => problems.push(
                Problem::new(format!("cannot read {name}: {e}"))
                    .at(path.display().to_string(), 0, 0)
                    .hint("put it beside brand.yaml, or leave the kit out with --no-brand"),
            ),
        }
    }
    match problems.is_empty() {
        true => Ok(files),
        false => Err(Failure::of(Exit::Invalid, problems).into()),
    }
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
    let folder = (desk.workspace).create(
        sheet,
        (&planned.bytes, &planned.files),
        &desk.by(),
        moderated,
    )?;
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

/// A variant of another run, checked and not yet made: its takes and stages, its own lineage.
pub(super) struct Branch {
    sheet: RunSheet,
    of: Run,
}

/// Makes the variant that was planned.
pub(super) fn branch(desk: &Desk, planned: &Branch) -> Result<Outcome> {
    let sheet = &planned.sheet;
    let folder = desk.workspace.branch(&planned.of, sheet, &desk.by())?;
    Ok(made(sheet, &folder))
}

fn variant(desk: &Desk, args: &New, from: &str) -> Result<Outcome> {
    let planned = plan_branch(desk, args, from)?;
    let outcome = branch(desk, &planned)?;
    desk.printer.about(planned.sheet.id.as_str());
    desk.printer.say(&format!(
        "a variant of {}; nothing of it is approved yet",
        planned.of.id()
    ));
    Ok(outcome)
}

/// Understands what a variant is to be.
///
/// # Errors
/// There is no such run (exit 8), something of it is wrong (65), or of what was asked (2).
pub(super) fn plan_branch(desk: &Desk, args: &New, from: &str) -> Result<Branch> {
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
        sheet.template.clone_from(template);
    }
    let template = Template::load(&sheet.template, desk.workspace.root())?;
    if args.template.is_some() {
        sheet.order = template.way_asked();
    }
    let set = choices::pairs(&args.set);
    let file = |name: &&String| {
        let kind = template.fields.get(*name).map(|f| f.kind);
        matches!(kind, Some(field::Kind::Picture | field::Kind::Documents))
    };
    if let Some(name) = set.keys().find(file) {
        return Err(Failure::new(
            Exit::Usage,
            format!("`{name}` is handed in with a new run: a variant has the files of the run it starts from"),
        )
        .hint("greenlight new --template NAME --fields FILE")
        .into());
    }
    let mut all = sheet.fields.clone();
    all.extend(set.into_iter().map(|(k, v)| (k, v.trim().to_owned())));
    let wrong: Vec<Problem> = field::faults(&template.fields, &all)
        .into_iter()
        .filter(|p| !p.message.contains("is missing"))
        .collect();
    if !wrong.is_empty() && !template.fields.is_empty() {
        return Err(Failure::of(Exit::Usage, wrong).into());
    }
    sheet.fields = all;
    sheet.id = id(desk, args, &sheet.title)?;
    sheet.created_at = clock::now();
    let spoken = sheet.language.clone();
    choices.over(args, &mut sheet);
    // British English is no translation from English.
    let tongue = |l: &str| l.split('-').next().unwrap_or_default().to_lowercase();
    if tongue(&sheet.language) != tongue(&spoken) {
        sheet.translated_from = Some(spoken);
    }
    Ok(Branch {
        sheet,
        of: studio.run,
    })
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
