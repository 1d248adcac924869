//! One clock: whole frames of a rational rate, and instants in UTC.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Frames a second as a ratio, such as 24000/1001.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Rate {
    pub num: u32,
    pub den: u32,
}

impl Rate {
    pub const DEFAULT: Rate = Rate { num: 30, den: 1 };

    pub fn parse(text: &str) -> Result<Rate, String> {
        let wrong = || {
            format!(
                "`{text}` is not a frame rate; use 24, 25, 30, 50, 60, 23.976, 29.97, 59.94 or a ratio such as 24000/1001"
            )
        };
        let text = text.trim();
        let rate = if let Some((num, den)) = text.split_once('/') {
            Rate {
                num: num.trim().parse().map_err(|_| wrong())?,
                den: den.trim().parse().map_err(|_| wrong())?,
            }
        } else {
            let fps: f64 = text.parse().map_err(|_| wrong())?;
            match (fps * 1000.0).round() as i64 {
                23976 | 23980 => Rate {
                    num: 24000,
                    den: 1001,
                },
                29970 => Rate {
                    num: 30000,
                    den: 1001,
                },
                59940 => Rate {
                    num: 60000,
                    den: 1001,
                },
                n if n % 1000 == 0 && n > 0 => Rate {
                    num: (n / 1000) as u32,
                    den: 1,
                },
                _ => return Err(wrong()),
            }
        };
        if rate.den == 0 || rate.num == 0 || rate.fps() < 8.0 || rate.fps() > 120.0 {
            return Err(wrong());
        }
        Ok(rate)
    }

    pub fn fps(self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }

    /// Rounds to the nearest whole frame.
    pub fn frames(self, seconds: f64) -> Frames {
        Frames((seconds * self.fps()).round() as i64)
    }

    pub fn frames_up(self, seconds: f64) -> Frames {
        Frames((seconds * self.fps() - 1e-6).ceil() as i64)
    }

    pub fn seconds(self, frames: Frames) -> f64 {
        frames.0 as f64 * f64::from(self.den) / f64::from(self.num)
    }

    /// The audio sample a frame begins at; 1601.6 samples a frame is nobody's fault.
    pub fn sample(self, frames: Frames, sample_rate: u32) -> i64 {
        let exact = i128::from(frames.0) * i128::from(sample_rate) * i128::from(self.den) * 2
            + i128::from(self.num);
        exact.div_euclid(i128::from(self.num) * 2) as i64
    }

    /// The rounded rate that timecode counts in.
    pub fn timecode_base(self) -> i64 {
        self.fps().round() as i64
    }

    /// Non-drop timecode `HH:MM:SS:FF`.
    pub fn timecode(self, frames: Frames) -> String {
        let base = self.timecode_base();
        let (seconds, rest) = (frames.0.div_euclid(base), frames.0.rem_euclid(base));
        format!(
            "{:02}:{:02}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60,
            rest
        )
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.den == 1 {
            write!(f, "{}", self.num)
        } else {
            write!(f, "{}/{}", self.num, self.den)
        }
    }
}

impl TryFrom<String> for Rate {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Rate::parse(&text)
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> String {
        rate.to_string()
    }
}

/// A count of whole frames.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
pub struct Frames(pub i64);

impl std::ops::Add for Frames {
    type Output = Frames;
    fn add(self, other: Frames) -> Frames {
        Frames(self.0 + other.0)
    }
}

impl std::ops::Sub for Frames {
    type Output = Frames;
    fn sub(self, other: Frames) -> Frames {
        Frames(self.0 - other.0)
    }
}

impl std::ops::AddAssign for Frames {
    fn add_assign(&mut self, other: Frames) {
        self.0 += other.0;
    }
}

impl std::iter::Sum for Frames {
    fn sum<I: Iterator<Item = Frames>>(all: I) -> Frames {
        Frames(all.map(|f| f.0).sum())
    }
}

/// An instant in UTC, written RFC 3339 with milliseconds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct Instant(jiff::Timestamp);

impl Instant {
    pub fn parse(text: &str) -> Result<Instant, String> {
        text.parse()
            .map(Instant)
            .map_err(|_| format!("`{text}` is not a time such as 2026-11-20T10:00:00Z"))
    }

    /// Returns the instant so many milliseconds after 1970.
    pub fn from_millis(millis: i64) -> Instant {
        Instant(jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
    }

    pub fn plus_seconds(self, seconds: u64) -> Instant {
        Instant(
            jiff::Timestamp::from_millisecond(
                self.0
                    .as_millisecond()
                    .saturating_add(seconds.min(4_000_000_000) as i64 * 1000),
            )
            .unwrap_or(self.0),
        )
    }

    pub fn seconds_since(self, earlier: Instant) -> f64 {
        (self.0.as_millisecond() - earlier.0.as_millisecond()) as f64 / 1000.0
    }

    /// The date alone, `2026-11-20`.
    pub fn date(self) -> String {
        self.to_string().chars().take(10).collect()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

impl TryFrom<String> for Instant {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Instant::parse(&text)
    }
}

impl From<Instant> for String {
    fn from(at: Instant) -> String {
        at.to_string()
    }
}

/// Seconds for people: `9.5 s`, `2 min 05 s`.
pub fn spoken(seconds: f64) -> String {
    if seconds < 100.0 {
        let text = format!("{seconds:.1}");
        format!("{} s", text.strip_suffix(".0").unwrap_or(&text))
    } else {
        let whole = seconds.round() as i64;
        if whole >= 3600 {
            format!("{} h {:02} min", whole / 3600, whole / 60 % 60)
        } else {
            format!("{} min {:02} s", whole / 60, whole % 60)
        }
    }
}

/// Rounds seconds to milliseconds, as the files people edit hold them.
pub fn tidy(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_lies_on_the_frame_clock() {
        let ntsc = Rate::parse("29.97").unwrap();
        assert_eq!(ntsc.sample(Frames(1), 48000), 1602);
        assert_eq!(ntsc.sample(Frames(5), 48000), 8008);
        assert_eq!(
            Rate::parse("23.976").unwrap().sample(Frames(1), 48000),
            2002
        );
    }

    #[test]
    fn rates_are_read_and_written() {
        for text in ["24", "25", "30", "50", "60", "24000/1001"] {
            assert_eq!(Rate::parse(text).unwrap().to_string(), text);
        }
        for text in ["0", "-1", "x", "30/0", "1000", "NaN"] {
            assert!(Rate::parse(text).is_err(), "{text}");
        }
    }
}
