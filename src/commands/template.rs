//! `template`: the kinds of film.

use super::Outcome;
use crate::animatic::book::pages;
use crate::cli::Template as Action;
use crate::diagnostic::{Exit, Failure, nearest};
use crate::providers::remote::Prompts;
use crate::template::Template;
use anyhow::Result;
use serde_json::json;

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

pub fn execute(action: Action) -> Result<Outcome> {
    match action {
        Action::List => {
            let mut lines = Vec::new();
            let mut list = Vec::new();
            for (name, text) in Template::built_in() {
                let about = text
                    .lines()
                    .find_map(|l| l.strip_prefix("about: "))
                    .unwrap_or("");
                lines.push(format!("{name:<10} {about}"));
                list.push(json!({"name": name, "about": about}));
            }
            Ok(Outcome::data(json!(list), lines.join("\n")))
        }
        Action::Show { name } if page(&name).is_some() => {
            let text = page(&name).unwrap_or_default();
            Ok(Outcome::data(json!({"name": name, "text": text}), text))
        }
        Action::Show { name } => match Template::built_in().find(|(n, _)| *n == name) {
            Some((name, text)) => {
                let example = if name == "story" {
                    "greenlight new --brief \"A ferryman waits for his last passenger.\""
                } else {
                    "greenlight new --script film.fountain"
                };
                Ok(Outcome::data(
                    json!({"name": name, "text": text, "example": example}),
                    format!("{text}\n# {example}"),
                ))
            }
            None => {
                let pages = all_pages().map(|(n, _)| n);
                let hint = nearest(&name, Template::built_in().map(|(n, _)| n).chain(pages))
                    .map_or("`greenlight template list` shows all".to_owned(), |n| {
                        format!("did you mean `{n}`?")
                    });
                Err(
                    Failure::new(Exit::NotFound, format!("there is no template `{name}`"))
                        .hint(hint)
                        .into(),
                )
            }
        },
    }
}
