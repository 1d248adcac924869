//! The fields of a new film: given by flags or a file, asked for on a terminal, checked all at once.

use super::Desk;
use crate::cli::New;
use crate::diagnostic::{Exit, Failure, Problem};
use crate::film::handed;
use crate::media::reader;
use crate::screenplay::{self, paper};
use crate::store::disk;
use crate::template::field::{Field, Kind, faults};
use crate::template::{Takes, Template};
use crate::ui::prompt;
use anyhow::Result;
use serde_yaml::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What was given for a template's fields.
#[derive(Default)]
pub(super) struct Given {
    pub(super) fields: BTreeMap<String, String>,
    /// The text of all documents, each under its name.
    pub(super) told: String,
    /// Files that are kept in the run, as they were handed in.
    pub(super) files: Vec<(String, Vec<u8>)>,
}

/// A file of fields: a mapping of names to texts, numbers or lists, as YAML or JSON.
fn read_file(path: &str) -> Result<(BTreeMap<String, String>, PathBuf)> {
    let meta = std::fs::metadata(path).map_err(|e| {
        Failure::new(Exit::NotFound, format!("cannot read the fields: {e}"))
            .at(path, 0, 0)
            .hint("name a YAML or JSON file; `greenlight template show NAME` has an example")
    })?;
    let wrong = |why: String| {
        Failure::new(Exit::Invalid, why)
            .at(path, 0, 0)
            .hint("write a line for each field: `name: value`")
    };
    if !meta.is_file() || meta.len() > screenplay::MOST_BYTES as u64 {
        return Err(wrong("this is no file of fields".to_owned()).into());
    }
    let text = screenplay::decode(&disk::read(Path::new(path))?, path)?;
    let tree: Value = crate::film::document::read(&text, path)?;
    let Value::Mapping(map) = tree else {
        return Err(wrong("this is no mapping of fields".to_owned()).into());
    };
    let mut fields = BTreeMap::new();
    let mut problems = Vec::new();
    for (key, value) in map {
        let name = match key.as_str() {
            // It says which edition of a form a document has, and is no field.
            Some("schema") => continue,
            Some(name) => name.to_owned(),
            None => {
                problems.push(Problem::new("a field's name is a word").at(path, 0, 0));
                continue;
            }
        };
        let one = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(yes) => Some(yes.to_string()),
            _ => None,
        };
        let said = match &value {
            Value::Null => continue,
            Value::Sequence(list) => {
                let lines: Option<Vec<String>> = list.iter().map(one).collect();
                lines.map(|l| l.join("\n"))
            }
            other => one(other),
        };
        match said {
            Some(said) => {
                fields.insert(name, said);
            }
            None => problems.push(
                Problem::new(format!("`{name}` is no text, number or list of them")).at(
                    path,
                    crate::film::document::line_of(&text, &name),
                    0,
                ),
            ),
        }
    }
    if !problems.is_empty() {
        return Err(Failure::of(Exit::Invalid, problems).into());
    }
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    Ok((fields, folder.to_owned()))
}

/// Gathers what was given, asks for what is missing where somebody can be asked, and checks it.
///
/// # Errors
/// Everything that is wrong, at once (exit 2, or 65 where a file is at fault).
pub(super) fn gather(
    desk: &Desk,
    args: &New,
    template: &Template,
    set: &BTreeMap<String, String>,
    has_text: bool,
) -> Result<Given> {
    let (mut fields, folder) = match &args.fields {
        Some(path) => read_file(path)?,
        None => (BTreeMap::new(), PathBuf::new()),
    };
    let in_file: Vec<String> = fields.keys().cloned().collect();
    fields.extend(set.iter().map(|(k, v)| (k.clone(), v.clone())));
    // A kind without fields of its own takes what it is given, for prompts to use.
    if template.fields.is_empty() {
        return Ok(Given {
            fields,
            ..Given::default()
        });
    }
    // A text that is handed in needs no field.
    let mut wanted = template.fields.clone();
    if has_text && let Some(name) = &template.text_field {
        wanted
            .entry(name.clone())
            .and_modify(|f| f.required = false);
    }
    let nothing = !has_text && !made_of_fields(template);
    if let Some(name) = template.text_field.as_ref().filter(|_| nothing) {
        wanted.entry(name.clone()).and_modify(|f| f.required = true);
    }
    if desk.interactive && !args.yes {
        ask(desk, &wanted, &mut fields)?;
    }
    let mut problems = faults(&wanted, &fields);
    let mut given = Given::default();
    for (name, field) in &wanted {
        let (Some(value), true) = (
            fields.get(name),
            matches!(field.kind, Kind::Picture | Kind::Documents),
        ) else {
            continue;
        };
        // A path in a file is meant from where the file lies.
        let from = if in_file.contains(name) && !set.contains_key(name) {
            folder.as_path()
        } else {
            Path::new("")
        };
        let mut kept = Vec::new();
        for line in value.lines().map(str::trim).filter(|l| !l.is_empty()) {
            match take(&from.join(line), field.kind, &mut given) {
                Ok(file) => kept.push(file),
                Err(failure) => problems.extend(failure.problems.into_iter().map(|mut p| {
                    p.message = format!("`{name}`: {}", p.message);
                    p
                })),
            }
        }
        fields.insert(name.clone(), kept.join("\n"));
    }
    if !problems.is_empty() {
        let exit = if args.fields.is_some() {
            Exit::Invalid
        } else {
            Exit::Usage
        };
        return Err(Failure::of(exit, problems).into());
    }
    given.fields = (fields.into_iter())
        .map(|(name, value)| (name, value.trim().to_owned()))
        .collect();
    Ok(given)
}

/// Reads a file a field names, and keeps it; its name in `source/`.
fn take(path: &Path, kind: Kind, given: &mut Given) -> Result<String, Failure> {
    let shown = path.display().to_string();
    let wrong = |why: String| Failure::new(Exit::Invalid, why).at(shown.clone(), 0, 0);
    let meta = std::fs::metadata(path).map_err(|e| wrong(format!("cannot be read: {e}")))?;
    if !meta.is_file() {
        return Err(wrong("this is no file".to_owned()));
    }
    if meta.len() > paper::MOST_BYTES {
        let most = paper::MOST_BYTES >> 20;
        return Err(wrong(format!("it is larger than {most} MiB")));
    }
    let bytes = disk::read(path).map_err(|e| wrong(format!("{e:#}")))?;
    let end = path.extension().and_then(|e| e.to_str()).unwrap_or("");
    let called = path.file_name().and_then(|s| s.to_str()).unwrap_or("file");
    let name = |end: &str| {
        let first = handed::file_name(called, end);
        let stem = first.strip_suffix(&format!(".{end}")).unwrap_or(&first);
        let taken = |n: &String| {
            let there = format!("{}/{n}", handed::FOLDER);
            given.files.iter().any(|(file, _)| *file == there)
        };
        (2..)
            .map(|n| format!("{stem}_{n}.{end}"))
            .find(|n| !taken(n))
            .filter(|_| taken(&first))
            .unwrap_or(first.clone())
    };
    if kind == Kind::Picture {
        let format = image::guess_format(&bytes)
            .ok()
            .filter(|f| matches!(f, image::ImageFormat::Png | image::ImageFormat::Jpeg));
        let Some(format) = format.filter(|_| image::load_from_memory(&bytes).is_ok()) else {
            return Err(wrong("this is no PNG or JPEG picture".to_owned()));
        };
        let file = name(if format == image::ImageFormat::Png {
            "png"
        } else {
            "jpg"
        });
        let file = format!("source/{file}");
        given.files.push((file.clone(), bytes));
        return Ok(file);
    }
    let text = paper::text(&shown, &bytes, &reader::pdf)?;
    let file = name(&end.to_lowercase());
    if given.told.len() + text.len() > screenplay::MOST_BYTES {
        let most = screenplay::MOST_BYTES >> 20;
        return Err(wrong(format!(
            "the documents hold more than {most} MiB of text"
        )));
    }
    given.told.push_str(text.trim());
    given.told.push_str("\n\n");
    let file = format!("source/{file}");
    given.files.push((file.clone(), bytes));
    Ok(file)
}

/// Takes the pictures that a script shows from beside it. All that cannot be taken is said at once.
pub(super) fn pictures(
    script: &str,
    text: &str,
    named: &[String],
    given: &mut Given,
) -> Result<(), Failure> {
    let folder = Path::new(script).parent().unwrap_or(Path::new(""));
    let names: std::collections::BTreeSet<&String> = named.iter().collect();
    let mut problems = Vec::new();
    for name in names {
        let line = text.lines().position(|l| handed::shown(l) == Some(name));
        let mut wrong = |why: String, hint: &str| {
            let line = line.map_or(0, |at| at + 1);
            problems.push(Problem::new(why).at(script, line, 0).hint(hint));
        };
        let inside = |c: std::path::Component<'_>| {
            matches!(
                c,
                std::path::Component::Normal(_) | std::path::Component::CurDir
            )
        };
        if !Path::new(name).components().all(inside) {
            wrong(
                format!("`{name}` lies outside the script's folder"),
                "put the picture beside the script",
            );
            continue;
        }
        match take(&folder.join(name), Kind::Picture, given) {
            Err(failure) => {
                for problem in failure.problems {
                    wrong(
                        format!("the picture `{name}`: {}", problem.message),
                        "put it beside the script, or take the line `PICTURE:` out",
                    );
                }
            }
            Ok(kept) => {
                let means = handed::file_of(name, |f| given.files.iter().any(|(n, _)| n == f));
                let bytes = |file: &str| {
                    let found = given.files.iter().find(|(n, _)| n == file);
                    found.map(|(_, bytes)| bytes)
                };
                // The same picture as a field is the same file.
                if kept != means && bytes(&kept) == bytes(&means) {
                    given.files.retain(|(file, _)| *file != kept);
                } else if kept != means {
                    wrong(
                        format!("`{name}` has the name of another picture"),
                        "give each picture a name of its own",
                    );
                }
            }
        }
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(Failure::of(Exit::Invalid, problems)),
    }
}

/// Asks for every field that is required and missing, and for those that were given wrong.
fn ask(
    desk: &Desk,
    wanted: &BTreeMap<String, Field>,
    fields: &mut BTreeMap<String, String>,
) -> Result<()> {
    for (name, field) in wanted {
        let said = fields.get(name);
        let fault = said.and_then(|v| field.fault(v));
        if (said.is_some() && fault.is_none()) || (said.is_none() && !field.required) {
            continue;
        }
        desk.printer.always(&field.explained(name));
        if let Some(fault) = fault {
            desk.printer.warn(&format!("`{name}` {fault}"));
        }
        loop {
            let answer = if field.kind == Kind::Choice {
                let chosen = prompt::choose(name, &field.of)?;
                chosen.map_or(String::new(), |i| field.of[i].clone())
            } else {
                prompt::line(name)?
            };
            // Several entries on one line stand between semicolons.
            let answer = match field.kind {
                Kind::Lines | Kind::Documents => {
                    let parts: Vec<&str> = answer.split(';').map(str::trim).collect();
                    parts.join("\n")
                }
                _ => answer,
            };
            match field.fault(&answer) {
                None => {
                    fields.insert(name.clone(), answer);
                    break;
                }
                Some(fault) => desk.printer.warn(&format!("`{name}` {fault}")),
            }
        }
    }
    Ok(())
}

/// What is told of a film that is made of its fields, for whoever checks it before it is made.
pub(super) fn all_words(given: &Given) -> String {
    let fields = given.fields.iter().map(|(k, v)| format!("{k}: {v}"));
    let lines: Vec<String> = fields.collect();
    format!("{}\n{}", lines.join("\n"), given.told)
}

/// Whether a kind of film is made of its fields where no text is handed in.
pub(super) fn made_of_fields(template: &Template) -> bool {
    matches!(template.takes, Takes::Fields | Takes::Documents)
}

/// A fault of the choices of a film beside those of its fields.
pub(super) fn together(first: Result<Given>, second: Vec<Problem>) -> Result<Given> {
    if second.is_empty() {
        return first;
    }
    match first {
        Ok(_) => Err(Failure::of(Exit::Usage, second).into()),
        Err(e) => match e.downcast::<Failure>() {
            Ok(mut failure) => {
                failure.problems.extend(second);
                Err(failure.into())
            }
            Err(e) => Err(e),
        },
    }
}
