//! The stages, their order and the names people call them by: seven that every film has, and one that a kind of film
//! may add.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Outline,
    Script,
    /// What a template adds: a question to a provider or a program, with a gate. A film has none unless its kind says so.
    Own,
    References,
    Storyboard,
    Assets,
    Audio,
    Render,
}

impl Stage {
    pub const ALL: [Stage; 8] = [
        Stage::Outline,
        Stage::Script,
        Stage::Own,
        Stage::References,
        Stage::Storyboard,
        Stage::Assets,
        Stage::Audio,
        Stage::Render,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Stage::Outline => "outline",
            Stage::Script => "script",
            Stage::Own => "own",
            Stage::References => "references",
            Stage::Storyboard => "storyboard",
            Stage::Assets => "assets",
            Stage::Audio => "audio",
            Stage::Render => "render",
        }
    }

    /// The name in words people also use for it.
    fn aliases(self) -> &'static [&'static str] {
        match self {
            Stage::Outline => &["scenes", "story"],
            Stage::Script => &["screenplay", "script_rewrite"],
            Stage::Own => &["own_stage"],
            Stage::References => &["reference_images"],
            Stage::Storyboard => &["visuals"],
            Stage::Assets => &["animations", "video_generation"],
            Stage::Audio => &["tts", "voice_and_music"],
            Stage::Render => &["composition"],
        }
    }

    /// Every word that names a stage; none of them may be a run id.
    pub fn words() -> impl Iterator<Item = &'static str> {
        Stage::ALL
            .into_iter()
            .flat_map(|s| std::iter::once(s.name()).chain(s.aliases().iter().copied()))
    }

    pub fn parse(text: &str) -> Option<Stage> {
        let text = text.trim().to_lowercase().replace(['-', ' '], "_");
        Stage::ALL
            .into_iter()
            .find(|s| s.name() == text || s.aliases().contains(&text.as_str()))
    }

    /// The stages whose artifacts this one reads, whatever the kind of film. What stands before a template's own
    /// stage, and waits for it, is a matter of the film's [`Way`](super::way::Way).
    pub fn upstream(self) -> &'static [Stage] {
        match self {
            Stage::Outline | Stage::Own => &[],
            Stage::Script => &[Stage::Outline],
            Stage::References => &[Stage::Script],
            Stage::Storyboard => &[Stage::Outline, Stage::Script, Stage::References],
            Stage::Assets => &[Stage::References, Stage::Storyboard],
            Stage::Audio => &[Stage::References, Stage::Storyboard],
            Stage::Render => &[Stage::Storyboard, Stage::Assets, Stage::Audio],
        }
    }

    /// Whether a template may leave it out.
    pub fn optional(self) -> bool {
        matches!(self, Stage::References | Stage::Own)
    }

    /// The file a person edits, relative to the run folder; the render stage has none.
    pub fn document(self) -> Option<&'static str> {
        match self {
            Stage::Outline => Some("outline.yaml"),
            Stage::Script => Some("script.fountain"),
            Stage::Own => Some("own.md"),
            Stage::References => Some("references.yaml"),
            Stage::Storyboard => Some("storyboard.yaml"),
            Stage::Assets => Some("assets.yaml"),
            Stage::Audio => Some("audio.yaml"),
            Stage::Render => None,
        }
    }

    /// Whether the stage's file is YAML.
    pub fn is_yaml(self) -> bool {
        self.document().is_some_and(|name| name.ends_with(".yaml"))
    }

    /// The folder of the stage's media, relative to the run folder.
    pub fn folder(self) -> Option<&'static str> {
        match self {
            Stage::Outline | Stage::Script | Stage::Own => None,
            other => Some(other.name()),
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Stage {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Stage::parse(text).ok_or_else(|| {
            let known: Vec<_> = Stage::ALL.iter().map(|s| s.name()).collect();
            match crate::diagnostic::nearest(text, known.iter().copied()) {
                Some(near) => format!("`{text}` is not a stage; did you mean `{near}`?"),
                None => format!(
                    "`{text}` is not a stage; the stages are {}",
                    known.join(", ")
                ),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_name_stages() {
        for (word, stage) in [
            ("scenes", Stage::Outline),
            ("story", Stage::Outline),
            ("visuals", Stage::Storyboard),
            ("animations", Stage::Assets),
            ("TTS", Stage::Audio),
            ("composition", Stage::Render),
        ] {
            assert_eq!(Stage::parse(word), Some(stage), "{word}");
        }
        assert_eq!(Stage::parse("catering"), None);
    }
}
