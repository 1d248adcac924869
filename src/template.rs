//! Kinds of film: what a template fixes about pace, look, shape and sound.

use crate::diagnostic::{Exit, Failure, nearest};
use crate::film::document;
use crate::film::format::Format;
use crate::film::sheet::Captions;
use crate::film::time::Rate;
use anyhow::Result;
use serde::Deserialize;
use std::path::Path;

const BUILT_IN: [(&str, &str); 2] = [
    ("film", include_str!("../templates/film.yaml")),
    ("story", include_str!("../templates/story.yaml")),
];

/// `templates/<name>.yaml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    pub schema: u32,
    pub name: String,
    pub about: String,
    pub format: Format,
    pub fps: Rate,
    pub captions: Captions,
    /// Pace of the narration.
    pub words_per_minute: f64,
    /// Whether prose that is handed in is rewritten for the ear.
    #[serde(default)]
    pub rewrite: bool,
    pub mood: String,
    pub look: String,
    pub cards: Cards,
    pub end_card: String,
    /// The dramatic shape of a film made from an idea.
    #[serde(default)]
    pub beats: Vec<ShapeBeat>,
}

/// Seconds of title and end card.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cards {
    pub title: f64,
    pub end: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShapeBeat {
    pub id: String,
    pub title: String,
    /// Its part of the whole, 0 to 1.
    pub share: f64,
}

impl Template {
    /// Loads a template of the workspace, else of the user, else a built-in one.
    pub fn load(name: &str, workspace: &Path) -> Result<Template> {
        let places = [Some(workspace.to_owned()), crate::config::user_folder()];
        for place in places.into_iter().flatten() {
            let path = place.join("templates").join(format!("{name}.yaml"));
            if crate::film::ids::RefId::new(name).is_ok() && path.is_file() {
                let text = String::from_utf8_lossy(&crate::store::disk::read(&path)?).into_owned();
                return Ok(document::read(&text, &path.display().to_string())?);
            }
        }
        match BUILT_IN.iter().find(|(n, _)| *n == name) {
            Some((_, text)) => Ok(document::read(text, &format!("templates/{name}.yaml"))?),
            None => {
                let hint = match nearest(name, BUILT_IN.iter().map(|(n, _)| *n)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "built-in templates are {}",
                        BUILT_IN.map(|(n, _)| n).join(", ")
                    ),
                };
                Err(
                    Failure::new(Exit::NotFound, format!("there is no template `{name}`"))
                        .hint(hint)
                        .into(),
                )
            }
        }
    }

    pub fn built_in() -> impl Iterator<Item = (&'static str, &'static str)> {
        BUILT_IN.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_template_loads() {
        for (name, _) in BUILT_IN {
            let template = Template::load(name, Path::new("/nowhere")).unwrap();
            assert_eq!(template.name, name);
            let shares: f64 = template.beats.iter().map(|b| b.share).sum();
            assert!(template.beats.is_empty() || (shares - 1.0).abs() < 1e-9);
        }
    }
}
