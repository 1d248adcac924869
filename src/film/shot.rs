//! The words of the set: how much of a person the frame holds, how the camera moves, how one shot
//! becomes the next. Each has one canonical name and the names people type.

use super::time::{Frames, Rate};
use super::words::contains_words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $canon:literal $(| $alias:literal)*),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        pub enum $name { $($variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $canon),+ }
            }

            /// Every accepted spelling, lower case, with the canonical one first.
            pub fn spellings(self) -> &'static [&'static str] {
                match self { $($name::$variant => &[$canon $(, $alias)*]),+ }
            }

            pub fn parse(text: &str) -> Option<$name> {
                let text = fold(text);
                $name::ALL.iter().copied().find(|v| v.spellings().iter().any(|s| fold(s) == text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                $name::parse(&text).ok_or_else(|| {
                    let known: Vec<_> = $name::ALL.iter().map(|v| v.name()).collect();
                    format!("`{text}` is not known here; use {}", known.join(", "))
                })
            }
        }

        impl From<$name> for String {
            fn from(v: $name) -> String { v.name().to_owned() }
        }
    };
}

/// Lower case, with dashes, underscores and runs of space as one space, and "shot" left out.
fn fold(text: &str) -> String {
    let text = text
        .to_lowercase()
        .replace(['-', '_', '–', '—', '’', '\''], " ");
    let words: Vec<&str> = text.split_whitespace().filter(|w| *w != "shot").collect();
    words.join(" ")
}

vocabulary! {
    /// How much of a person the frame holds.
    Size {
        Ews = "EWS" | "extreme wide" | "extreme long" | "establishing" | "els" | "very wide",
        Ws = "WS" | "wide" | "long" | "full set" | "ls" | "master",
        Fs = "FS" | "full" | "full length",
        Mws = "MWS" | "medium wide" | "medium long" | "cowboy" | "american" | "mls",
        Ms = "MS" | "medium" | "mid" | "waist" | "mid shot" | "medium shot",
        Mcu = "MCU" | "medium close up" | "medium close" | "bust",
        Cu = "CU" | "close up" | "close" | "closeup" | "reaction",
        Bcu = "BCU" | "big close up" | "big closeup",
        Ecu = "ECU" | "extreme close up" | "extreme closeup" | "xcu" | "macro",
        Insert = "INSERT" | "cutaway" | "detail" | "insert on",
    }
}

vocabulary! {
    /// What kind of view it is, besides its size.
    View {
        TwoShot = "2S" | "two" | "two shot" | "2 shot",
        ThreeShot = "3S" | "three" | "three shot" | "3 shot",
        Ots = "OTS" | "over the shoulder" | "over shoulder",
        Pov = "POV" | "point of view" | "subjective",
        Aerial = "AERIAL" | "drone" | "from the air",
        Top = "TOP" | "overhead" | "bird's eye" | "birds eye" | "bird's eye view" | "top down",
    }
}

vocabulary! {
    /// Where the camera stands.
    Angle {
        Eye = "eye" | "eye level",
        High = "high" | "high angle",
        Low = "low" | "low angle",
        Worm = "worm" | "worm's eye" | "worms eye" | "worm's eye view",
        Dutch = "dutch" | "dutch angle" | "canted" | "tilted",
    }
}

vocabulary! {
    /// How the camera moves during a shot.
    Move {
        Static = "static" | "locked" | "locked off" | "hold" | "hold still" | "holds still" | "stands still" | "tripod" | "still" | "none" | "fixed",
        PanLeft = "pan-left" | "swish left" | "whip left" | "pans left",
        PanRight = "pan-right" | "pan" | "swish" | "whip pan" | "swish pan" | "whip right" | "pans right",
        TiltUp = "tilt-up" | "tilt" | "tilts up",
        TiltDown = "tilt-down" | "tilts down",
        PushIn = "push-in" | "push" | "dolly in" | "dolly" | "move in" | "track in" | "creep" | "creep in" | "slow push" | "pushes in",
        PullOut = "pull-out" | "pull" | "dolly out" | "pull back" | "move out" | "track out" | "pulls out" | "pulls back" | "push out",
        TruckLeft = "truck-left" | "track left" | "crab left" | "lateral left" | "dolly left",
        TruckRight = "truck-right" | "truck" | "track" | "track right" | "crab" | "crab right" | "lateral" | "dolly right" | "tracking",
        BoomUp = "boom-up" | "crane up" | "crane" | "pedestal up" | "jib up" | "jib" | "boom" | "rise",
        BoomDown = "boom-down" | "crane down" | "pedestal down" | "jib down" | "lower",
        ZoomIn = "zoom-in" | "zoom" | "zooms in",
        ZoomOut = "zoom-out" | "zooms out",
        Arc = "arc" | "orbit" | "circle",
        RollLeft = "roll-left" | "roll counterclockwise" | "rolls left" | "canted roll",
        RollRight = "roll-right" | "roll" | "roll clockwise" | "rolls right" | "dutch roll" | "rolls",
        Handheld = "handheld" | "hand held" | "shaky" | "shaky cam",
        Follow = "follow" | "following" | "tracking with" | "steadicam",
    }
}

vocabulary! {
    /// How a shot becomes the next one.
    TransitionKind {
        Cut = "cut" | "smash cut" | "match cut" | "jump cut" | "cut to" | "hard cut" | "smash cut to" | "l cut" | "j cut",
        Dissolve = "dissolve" | "cross fade" | "crossfade" | "mix" | "cross dissolve" | "dissolve to" | "fade to" | "lap dissolve",
        FadeBlack = "fade-black" | "fade to black" | "fade out" | "dip" | "dip to black" | "fade in" | "fade" | "cut to black",
        FadeWhite = "fade-white" | "fade to white" | "white out" | "dip to white",
        Wipe = "wipe" | "wipe to" | "iris",
    }
}

/// A transition out of a shot; its time comes out of both shots and adds none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    pub kind: TransitionKind,
    /// Length in seconds, centred on the cut; a cut has none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seconds: f64,
}

fn is_zero(seconds: &f64) -> bool {
    *seconds == 0.0
}

impl Transition {
    pub const CUT: Transition = Transition {
        kind: TransitionKind::Cut,
        seconds: 0.0,
    };

    pub fn is_cut(&self) -> bool {
        self.kind == TransitionKind::Cut
    }

    /// How far it reaches to each side of its cut: half its length, rounded up.
    pub fn reach(&self, rate: Rate) -> Frames {
        if self.is_cut() {
            return Frames(0);
        }
        Frames((rate.frames(self.seconds).0 + 1) / 2)
    }

    /// Reads `DISSOLVE TO:`, `fade to black - 1.5s`; unknown words are a cut.
    pub fn read(text: &str) -> Transition {
        let (words, seconds) = split_length(text);
        let words = words.trim().trim_end_matches([':', '.']);
        let kind = TransitionKind::parse(words)
            .or_else(|| {
                let low = fold(words);
                [
                    ("fade to white", TransitionKind::FadeWhite),
                    ("black", TransitionKind::FadeBlack),
                    ("fade", TransitionKind::FadeBlack),
                    ("dissolve", TransitionKind::Dissolve),
                    ("wipe", TransitionKind::Wipe),
                ]
                .into_iter()
                .find(|(word, _)| low.contains(word))
                .map(|(_, kind)| kind)
            })
            .unwrap_or(TransitionKind::Cut);
        let usual = match kind {
            TransitionKind::Cut => 0.0,
            TransitionKind::Dissolve => 0.7,
            TransitionKind::FadeBlack | TransitionKind::FadeWhite => 1.0,
            TransitionKind::Wipe => 0.6,
        };
        Transition {
            kind,
            seconds: if kind == TransitionKind::Cut {
                0.0
            } else {
                seconds.filter(|s| *s > 0.0 && *s <= 5.0).unwrap_or(usual)
            },
        }
    }
}

/// A camera direction as words: `slow push in` is a move and a pace.
pub fn read_move(text: &str) -> Option<Move> {
    let mut low = fold(text);
    for pace in [
        "slow ", "slowly ", "fast ", "quick ", "quickly ", "gentle ", "gently ", "very ", "the ",
        "camera ", "a ",
    ] {
        while let Some(rest) = low.strip_prefix(pace) {
            low = rest.to_owned();
        }
    }
    Move::parse(&low).or_else(|| {
        Move::ALL
            .iter()
            .flat_map(|m| m.spellings().iter().map(move |s| (fold(s), *m)))
            .filter(|(spelling, _)| contains_words(&low, spelling))
            .max_by_key(|(spelling, _)| spelling.len())
            .map(|(_, m)| m)
    })
}

/// What parts a direction from what it shows: `POV HELEN: a corridor`.
pub const POINTS: [char; 4] = [':', '-', '–', '—'];

/// What a person wrote after `SHOT 1:` or inside `[[shot: …]]`, understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Setup {
    pub size: Option<Size>,
    pub view: Option<View>,
    pub angle: Option<Angle>,
    pub movement: Option<Move>,
    pub seconds: Option<f64>,
    /// Words that are none of these, in order.
    pub rest: Vec<String>,
}

impl Setup {
    /// Reads `Wide shot - 5s`, `close up, 3s, dolly in`, `(0:05-0:10) MCU`.
    pub fn read(text: &str) -> Setup {
        let mut setup = Setup::default();
        let (words, seconds) = split_length(text);
        setup.seconds = seconds;
        for part in words
            .split([',', '|', '(', ')', '[', ']', ';', '/', '–', '—'])
            .flat_map(|p| p.split(" - "))
        {
            let part = part.trim().trim_matches(['-', '.', ':']).trim();
            if part.is_empty() {
                continue;
            }
            if setup.size.is_none() && Size::parse(part).is_some() {
                setup.size = Size::parse(part);
            } else if setup.view.is_none() && View::parse(part).is_some() {
                setup.view = View::parse(part);
            } else if setup.angle.is_none() && Angle::parse(part).is_some() {
                setup.angle = Angle::parse(part);
            } else if setup.movement.is_none() && Move::parse(part).is_some() {
                setup.movement = Move::parse(part);
            } else if !setup.words(part) {
                setup.rest.push(part.to_owned());
            }
        }
        setup
    }

    /// Finds vocabulary inside a longer phrase, `wide shot of the pier, low angle`.
    fn words(&mut self, part: &str) -> bool {
        let low = fold(part);
        let longest = |list: Vec<(usize, String)>| list.into_iter().max_by_key(|(_, s)| s.len());
        let mut found = false;
        macro_rules! find {
            ($field:ident, $type:ident) => {
                if self.$field.is_none() {
                    let hits = $type::ALL
                        .iter()
                        .enumerate()
                        .flat_map(|(i, v)| v.spellings().iter().map(move |s| (i, fold(s))))
                        .filter(|(_, s)| contains_words(&low, s))
                        .collect();
                    if let Some((i, _)) = longest(hits) {
                        self.$field = Some($type::ALL[i]);
                        found = true;
                    }
                }
            };
        }
        find!(size, Size);
        find!(view, View);
        find!(angle, Angle);
        if self.movement.is_none()
            && let Some(m) = read_move(part)
        {
            self.movement = Some(m);
            found = true;
        }
        found
    }

    pub fn is_empty(&self) -> bool {
        *self == Setup::default()
    }
}

/// Takes a length out of a line: `5s`, `7.5 seconds`, `1m10s`, `0:05`, `0:05-0:10`, `120 frames`
/// (at 24 frames a second). Returns the rest and the seconds.
pub fn split_length(text: &str) -> (String, Option<f64>) {
    let tokens: Vec<&str> = text
        .split_inclusive(|c: char| c.is_whitespace() || ",|()[];".contains(c))
        .collect();
    let bare = |t: &str| {
        t.trim_matches(|c: char| c.is_whitespace() || ",|()[];".contains(c))
            .to_lowercase()
    };
    for (i, token) in tokens.iter().enumerate() {
        let word = bare(token);
        let next = tokens.get(i + 1).map(|t| bare(t)).unwrap_or_default();
        let (seconds, used) = match read_length(&word) {
            Some(s) => (Some(s), 1),
            None => match (word.parse::<f64>(), next.trim_end_matches('.')) {
                (Ok(n), "s" | "sec" | "secs" | "second" | "seconds") => (Some(n), 2),
                (Ok(n), "m" | "min" | "minute" | "minutes") => (Some(n * 60.0), 2),
                (Ok(n), "frames" | "frame" | "f") => (Some(n / 24.0), 2),
                _ => (None, 0),
            },
        };
        if let Some(s) = seconds.filter(|s| *s > 0.0 && *s <= 3600.0) {
            let rest: String = tokens[..i]
                .iter()
                .chain(&tokens[(i + used).min(tokens.len())..])
                .copied()
                .collect();
            return (
                rest.trim()
                    .trim_end_matches(['-', '–', '—', '|', ','])
                    .trim()
                    .to_owned(),
                Some(s),
            );
        }
    }
    (text.trim().to_owned(), None)
}

fn read_length(word: &str) -> Option<f64> {
    if let Some((from, to)) = word.split_once(['-', '–'])
        && let (Some(a), Some(b)) = (clock(from), clock(to))
    {
        return (b > a).then_some(b - a);
    }
    if let Some(seconds) = clock(word) {
        return Some(seconds);
    }
    let mut total = 0.0;
    let mut number = String::new();
    let mut unit = String::new();
    let mut any = false;
    for c in word.chars().chain(std::iter::once('\0')) {
        if c.is_ascii_digit() || c == '.' {
            if !unit.is_empty() {
                total += amount(&number, &unit)?;
                any = true;
                number.clear();
                unit.clear();
            }
            number.push(c);
        } else if c == '\0' {
            if number.is_empty() || unit.is_empty() {
                return None;
            }
            total += amount(&number, &unit)?;
            any = true;
        } else if number.is_empty() {
            return None;
        } else {
            unit.push(c);
        }
    }
    any.then_some(total)
}

fn amount(number: &str, unit: &str) -> Option<f64> {
    let n: f64 = number.trim_end_matches('.').parse().ok()?;
    match unit.trim_end_matches('.') {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(n),
        "m" | "min" | "mins" => Some(n * 60.0),
        "frames" | "f" => Some(n / 24.0),
        _ => None,
    }
}

/// `0:05`, `01:10`, `00:00:05`.
fn clock(word: &str) -> Option<f64> {
    let parts: Vec<&str> = word.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let mut total = 0.0;
    for part in parts {
        total = total * 60.0 + part.parse::<u32>().ok().map(f64::from)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, size: Option<Size>, movement: Option<Move>, seconds: Option<f64>) {
        let setup = Setup::read(text);
        assert_eq!(
            (setup.size, setup.movement, setup.seconds),
            (size, movement, seconds),
            "{text}"
        );
    }

    #[test]
    fn setups_are_read() {
        check("Wide shot - 5s", Some(Size::Ws), None, Some(5.0));
        check(
            "Extreme wide shot – 6 sec",
            Some(Size::Ews),
            None,
            Some(6.0),
        );
        check(
            "close up, 3s, dolly in",
            Some(Size::Cu),
            Some(Move::PushIn),
            Some(3.0),
        );
        check("7.5 seconds | Medium shot", Some(Size::Ms), None, Some(7.5));
        check("Insert (0:05-0:10)", Some(Size::Insert), None, Some(5.0));
        check("1m10s", None, None, Some(70.0));
        check("MCU [120 frames]", Some(Size::Mcu), None, Some(5.0));
        check("Extreme close up", Some(Size::Ecu), None, None);
        check(
            "wide shot of the pier, slow pan left",
            Some(Size::Ws),
            Some(Move::PanLeft),
            None,
        );
    }

    #[test]
    fn moves_and_transitions() {
        assert_eq!(read_move("slow push in"), Some(Move::PushIn));
        assert_eq!(
            read_move("camera pans left across the room"),
            Some(Move::PanLeft)
        );
        assert_eq!(
            Transition::read("dissolve - 1s"),
            Transition {
                kind: TransitionKind::Dissolve,
                seconds: 1.0
            }
        );
        assert_eq!(
            Transition::read("FADE TO BLACK.").kind,
            TransitionKind::FadeBlack
        );
        assert!(Transition::read("SMASH CUT TO:").is_cut());
    }
}
