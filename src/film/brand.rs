//! A brand kit: what every film of a workspace carries. It lies in `brand/` of the workspace, and of each run that was
//! started with it.

use super::document;
use crate::diagnostic::{Exit, Failure, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The ids of the footage before and after the film.
pub const INTRO: &str = "brand_intro";
pub const OUTRO: &str = "brand_outro";

/// `brand/brand.yaml`. Files are named as they lie beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    pub schema: u32,
    #[serde(default)]
    pub name: String,
    /// A picture on the end card, above its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watermark: Option<Watermark>,
    #[serde(default)]
    pub colours: Colours,
    #[serde(default)]
    pub fonts: Fonts,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intro: Option<Bumper>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outro: Option<Bumper>,
}

/// A picture in a corner of every shot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watermark {
    pub file: String,
    #[serde(default)]
    pub corner: Corner,
    /// 0 to 1.
    #[serde(default = "half")]
    pub opacity: f64,
    /// Its height, as a part of the film's shorter side.
    #[serde(default = "small")]
    pub size: f64,
}

fn half() -> f64 {
    0.6
}

fn small() -> f64 {
    0.08
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Corner {
    TopLeft,
    #[default]
    TopRight,
    BottomLeft,
    BottomRight,
}

/// Colours as `rrggbb`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Colours {
    /// Behind the words of cards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<String>,
    /// Large words of cards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Small words of cards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The bar and the second line of a lower third.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
}

/// Font files (TTF, OTF).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fonts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A picture or clip before or after the film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bumper {
    pub file: String,
    pub seconds: f64,
    /// Whether a clip is heard.
    #[serde(default)]
    pub sound: bool,
}

impl Bumper {
    pub fn is_clip(&self) -> bool {
        self.file.to_lowercase().ends_with(".mp4")
    }
}

/// A colour as `rrggbb`.
pub fn colour(text: &str) -> Option<[u8; 3]> {
    let hex = text.trim_start_matches('#');
    let number = u32::from_str_radix(hex, 16).ok()?;
    (hex.len() == 6).then_some([(number >> 16) as u8, (number >> 8) as u8, number as u8])
}

impl Brand {
    /// Reads a kit and checks it.
    ///
    /// # Errors
    /// All that is wrong with it (exit 65), but files that are missing.
    pub fn read(bytes: &[u8], name: &str) -> Result<Brand, Failure> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Failure::new(Exit::Invalid, "the file is not UTF-8").at(name, 0, 0))?;
        let kit: Brand = document::read(text, name)?;
        let problem = |(about, why): (String, String)| {
            Problem::new(why).at(name, document::line_of(text, &about), 0)
        };
        let problems: Vec<Problem> = kit.faults().into_iter().map(problem).collect();
        if problems.is_empty() {
            Ok(kit)
        } else {
            Err(Failure::of(Exit::Invalid, problems))
        }
    }

    /// The files it names, and what ends each may have.
    pub fn files(&self) -> Vec<(&str, &'static [&'static str])> {
        const PICTURE: &[&str] = &["png", "jpg", "jpeg"];
        const FOOTAGE: &[&str] = &["png", "jpg", "jpeg", "mp4"];
        const FONT: &[&str] = &["ttf", "otf"];
        let pictures = [self.logo.as_ref(), self.watermark.as_ref().map(|w| &w.file)];
        let footage = [self.intro.as_ref(), self.outro.as_ref()];
        let fonts = [self.fonts.title.as_ref(), self.fonts.text.as_ref()];
        let pictures = pictures.into_iter().flatten().map(|f| (f, PICTURE));
        let footage = footage.into_iter().flatten().map(|b| (&b.file, FOOTAGE));
        let fonts = fonts.into_iter().flatten().map(|f| (f, FONT));
        pictures
            .chain(footage)
            .chain(fonts)
            .map(|(file, ends)| (file.as_str(), ends))
            .collect()
    }

    /// What is wrong with it, beyond files that are missing: words of its line, and what.
    fn faults(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for (file, ends) in self.files() {
            let plain = !file.is_empty() && !file.starts_with('.') && !file.contains(['/', '\\']);
            let end = file.rsplit_once('.').map(|(_, e)| e.to_lowercase());
            if !plain {
                let why = format!("`{file}` must be the name of a file beside brand.yaml");
                out.push((file.to_owned(), why));
            } else if !end.is_some_and(|e| ends.contains(&e.as_str())) {
                let why = format!("`{file}` must end in {}", ends.join(", "));
                out.push((file.to_owned(), why));
            }
        }
        let colours = &self.colours;
        for (name, value) in [
            ("card", &colours.card),
            ("title", &colours.title),
            ("text", &colours.text),
            ("accent", &colours.accent),
        ] {
            if let Some(value) = value.as_ref().filter(|v| colour(v).is_none()) {
                let why = format!("the colour `{name}` is written as rrggbb, not `{value}`");
                out.push((value.clone(), why));
            }
        }
        if let Some(mark) = &self.watermark {
            if !(0.0..=1.0).contains(&mark.opacity) {
                let why = format!("an opacity lies between 0 and 1, not {}", mark.opacity);
                out.push(("opacity".to_owned(), why));
            }
            if !(0.01..=0.5).contains(&mark.size) {
                let why = format!(
                    "a watermark's size lies between 0.01 and 0.5, not {}",
                    mark.size
                );
                out.push(("size".to_owned(), why));
            }
        }
        for bumper in [&self.intro, &self.outro].into_iter().flatten() {
            if !(0.2..=60.0).contains(&bumper.seconds) {
                let why = format!(
                    "`{}` stands 0.2 to 60 seconds, not {}",
                    bumper.file, bumper.seconds
                );
                out.push((bumper.file.clone(), why));
            }
        }
        out
    }
}
