//! The shape of the picture: wide, vertical, square or any even size.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Format {
    pub width: u32,
    pub height: u32,
}

/// How a picture is composed: a wide one is not a cropped vertical one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orientation {
    Wide,
    Square,
    Vertical,
}

impl Format {
    pub const WIDE: Format = Format {
        width: 1920,
        height: 1080,
    };
    pub const VERTICAL: Format = Format {
        width: 1080,
        height: 1920,
    };
    pub const SQUARE: Format = Format {
        width: 1080,
        height: 1080,
    };

    pub fn parse(text: &str) -> Result<Format, String> {
        let text = text.trim().to_lowercase();
        match text.as_str() {
            "wide" | "16:9" | "landscape" => return Ok(Format::WIDE),
            "vertical" | "9:16" | "portrait" => return Ok(Format::VERTICAL),
            "square" | "1:1" => return Ok(Format::SQUARE),
            _ => {}
        }
        let wrong = || {
            format!(
                "`{text}` is not a format; use wide, vertical, square or a size such as 1280x720"
            )
        };
        let (width, height) = text.split_once(['x', '×']).ok_or_else(wrong)?;
        let format = Format {
            width: width.trim().parse().map_err(|_| wrong())?,
            height: height.trim().parse().map_err(|_| wrong())?,
        };
        if !format.width.is_multiple_of(2) || !format.height.is_multiple_of(2) {
            return Err(format!("`{text}`: both sides of a picture must be even"));
        }
        if !(64..=7680).contains(&format.width) || !(64..=7680).contains(&format.height) {
            return Err(format!("`{text}`: each side lies between 64 and 7680"));
        }
        Ok(format)
    }

    pub fn orientation(self) -> Orientation {
        let ratio = f64::from(self.width) / f64::from(self.height);
        if ratio > 1.15 {
            Orientation::Wide
        } else if ratio < 0.87 {
            Orientation::Vertical
        } else {
            Orientation::Square
        }
    }

    /// The name a person would type, also used in file names: `wide` or `1280x720`.
    pub fn name(self) -> String {
        match self {
            Format::WIDE => "wide".to_owned(),
            Format::VERTICAL => "vertical".to_owned(),
            Format::SQUARE => "square".to_owned(),
            Format { width, height } => format!("{width}x{height}"),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl TryFrom<String> for Format {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Format::parse(&text)
    }
}

impl From<Format> for String {
    fn from(format: Format) -> String {
        format.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_named_or_sized() {
        assert_eq!(Format::parse("1920x1080"), Ok(Format::WIDE));
        assert_eq!(Format::parse("9:16"), Ok(Format::VERTICAL));
        assert!(Format::parse("1281x720").is_err());
        assert!(Format::parse("8x8").is_err());
        assert_eq!(Format::parse("640x360").unwrap().name(), "640x360");
    }
}
