//! `template`: the kinds of film, explained, checked and copied to be changed.

use super::{Desk, Outcome};
use crate::animatic::book::pages;
use crate::cli::Template as Action;
use crate::diagnostic::{Exit, Failure, nearest};
use crate::providers::remote::Prompts;
use crate::store::disk;
use crate::template::{self, EXAMPLE_DOCUMENT, Takes, Template};
use anyhow::Result;
use serde_json::json;
use std::path::Path;

/// What the house knows, and what providers are asked.
fn all_pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    let prompts = ("prompts", Prompts::built_in());
    pages().into_iter().chain(std::iter::once(prompts))
}

/// One of them.
fn page(name: &str) -> Option<&'static str> {
    let found = all_pages().find(|(n, _)| *n == name);
    found.map(|(_, text)| text)
}

pub fn execute(desk: &Desk, action: Action) -> Result<Outcome> {
    let workspace = desk.workspace.root();
    match action {
        Action::List => {
            let mut lines = Vec::new();
            let mut list = Vec::new();
            for name in Template::names(workspace) {
                match Template::load(&name, workspace) {
                    Ok(template) => {
                        lines.push(format!("{name:<17} {}", template.about));
                        list.push(json!({"name": name, "about": template.about}));
                    }
                    Err(e) => desk.printer.warn(&format!("{e:#}")),
                }
            }
            Ok(Outcome::data(json!(list), lines.join("\n")))
        }
        Action::Show { name } if page(&name).is_some() => {
            let text = page(&name).unwrap_or_default();
            Ok(Outcome::data(json!({"name": name, "text": text}), text))
        }
        Action::Show { name } => show(workspace, &name),
        Action::Check { file } => {
            let path = Path::new(&file);
            if !path.is_file() {
                return Err(Failure::new(Exit::NotFound, "there is no such file")
                    .at(file, 0, 0)
                    .hint("`greenlight template eject NAME` writes one to begin with")
                    .into());
            }
            let text = crate::screenplay::decode(&disk::read(path)?, &file)?;
            let read = template::read(&text, &file, workspace)?;
            desk.printer.say(&format!(
                "{} is right: {} fields, {} beats, {} duties",
                read.name,
                read.fields.len(),
                read.beats.len(),
                read.duties.len()
            ));
            Ok(Outcome::data(json!({"name": read.name, "file": file}), ""))
        }
        Action::Eject { name, output } => {
            let text = match page(&name) {
                Some(text) => text.to_owned(),
                None => {
                    Template::text(&name, workspace)
                        .map_err(|e| known(e, &name))?
                        .0
                }
            };
            let path = output.unwrap_or_else(|| workspace.join(format!("templates/{name}.yaml")));
            if path.exists() {
                return Err(Failure::new(
                    Exit::Conflict,
                    format!("{} is there already", path.display()),
                )
                .hint("choose another file with -o")
                .into());
            }
            if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
                disk::make_folder(folder)?;
            }
            disk::write_atomic(&path, text.as_bytes())?;
            desk.printer
                .say("a template here is taken before the built-in one of its name; give it another `name` to keep both");
            let shown = path.display().to_string();
            Ok(Outcome::data(json!({"file": path}), shown).changed(true))
        }
    }
}

/// An unknown name may be meant for a page.
fn known(error: anyhow::Error, name: &str) -> anyhow::Error {
    match nearest(name, all_pages().map(|(n, _)| n)) {
        Some(near) => Failure::new(Exit::NotFound, format!("there is no template `{name}`"))
            .hint(format!("did you mean `{near}`?"))
            .into(),
        None => error,
    }
}

fn show(workspace: &Path, name: &str) -> Result<Outcome> {
    let read = Template::load(name, workspace).map_err(|e| known(e, name))?;
    let (text, file) = Template::text(name, workspace)?;
    let mut out = format!("{name}: {}\n", read.about);
    out.push_str(match read.takes {
        Takes::Script => "made of a screenplay, a shot list or prose\n",
        Takes::Brief => "made of an idea\n",
        Takes::Fields => "made of its fields\n",
        Takes::Documents => "made of the sentences of documents\n",
    });
    out.push_str(&format!(
        "{} · {} fps · {} words a minute · mood {} · look {}\n",
        read.format, read.fps, read.words_per_minute, read.mood, read.look
    ));
    if !read.fields.is_empty() {
        out.push_str("\nfields\n");
        let (must, may): (Vec<_>, Vec<_>) = read.fields.iter().partition(|(_, f)| f.required);
        for (name, field) in must.into_iter().chain(may) {
            out.push_str(&field.explained(name));
            out.push('\n');
        }
    }
    if !read.beats.is_empty() {
        out.push_str("\nshape\n");
        for beat in &read.beats {
            out.push_str(&format!("  {}: {}\n", beat.id, beat.title));
        }
    }
    if !read.duties.is_empty() {
        out.push_str("\nduties\n");
        for duty in &read.duties {
            out.push_str(&format!("  {}: {}\n", duty.id, duty.source));
        }
    }
    let command = command(&read);
    out.push_str(&format!("\n{command}\n"));
    if let Some(example) = Template::example(name).filter(|_| name != "film") {
        out.push_str(&format!("\n# fields.yaml\n{}", example.trim_end()));
    }
    Ok(Outcome::data(
        json!({
            "name": name, "about": read.about, "file": file, "text": text, "example": command,
            "fields": Template::example(name).filter(|_| name != "film"),
            "document": (name == "compliance_video").then_some(EXAMPLE_DOCUMENT.1),
        }),
        out,
    ))
}

/// What to type for a film of this kind.
fn command(template: &Template) -> String {
    let name = &template.name;
    match template.takes {
        Takes::Script if template.text_field.is_none() || name == "film" => {
            "greenlight new --script film.fountain".to_owned()
        }
        Takes::Brief => format!(
            "greenlight new --template {name} --brief \"A ferryman waits for his last passenger.\""
        ),
        _ => format!("greenlight new --template {name} --fields fields.yaml"),
    }
}
