//! A screenplay as its elements, the same whatever file form it came from.

use serde::Serialize;

/// A parsed screenplay. Serialised, it is the content an approval of the script stage signs.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Script {
    /// Keys as written, with their values in order.
    pub title_page: Vec<(String, Vec<String>)>,
    pub elements: Vec<Element>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Element {
    Heading {
        text: String,
        number: Option<String>,
        /// Begins with a dot: a place without INT or EXT, often a shot.
        forced: bool,
    },
    Action(String),
    /// A speaker as written, extensions and all, without `@` and `^`.
    Speaker {
        name: String,
        dual: bool,
    },
    /// With its brackets off.
    Parenthetical(String),
    Speech(String),
    Lyric(String),
    Transition(String),
    Centred(String),
    Section {
        level: usize,
        text: String,
    },
    Synopsis(String),
    PageBreak,
    /// The inside of a `[[shot: …]]` note.
    Shot(String),
}

/// Whether a line begins as a scene heading does.
pub fn is_heading(line: &str) -> bool {
    let line = line.trim_start();
    let upper: String = line.chars().take(10).collect::<String>().to_uppercase();
    for prefix in [
        "INT./EXT", "EXT./INT", "INT/EXT", "EXT/INT", "I./E", "E./I", "I/E", "E/I", "INT", "EXT",
        "EST",
    ] {
        if let Some(rest) = upper.strip_prefix(prefix)
            && rest.starts_with(['.', ' '])
        {
            return line.chars().skip(prefix.len()).any(char::is_alphanumeric);
        }
    }
    false
}

/// Whether a line is a heading by the dot before it.
pub fn is_forced_heading(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next() == Some('.') && chars.next().is_some_and(char::is_alphanumeric)
}

/// One scene: a heading and all up to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene<'a> {
    /// `None` before the first heading.
    pub heading: Option<&'a str>,
    pub forced: bool,
    pub elements: &'a [Element],
}

/// A speech: who says what, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speech {
    /// As written, with extensions.
    pub speaker: String,
    /// Each spoken part with the parenthetical before it.
    pub parts: Vec<(String, String)>,
}

impl Script {
    pub fn title(&self) -> Option<String> {
        self.value("title")
            .map(|t| plain(&t))
            .filter(|t| !t.trim().is_empty())
    }

    /// Returns a title page value with its lines joined.
    pub fn value(&self, key: &str) -> Option<String> {
        self.title_page
            .iter()
            .find(|(k, _)| k.trim().eq_ignore_ascii_case(key))
            .map(|(_, values)| values.join(" "))
    }

    /// Splits the script at its headings; what comes before the first is a scene without one, if it
    /// holds anything to see or hear.
    pub fn scenes(&self) -> Vec<Scene<'_>> {
        let mut starts: Vec<usize> = self
            .elements
            .iter()
            .enumerate()
            .filter(|(_, e)| matches!(e, Element::Heading { .. }))
            .map(|(i, _)| i)
            .collect();
        let mut scenes = Vec::new();
        let lead = &self.elements[..starts.first().copied().unwrap_or(self.elements.len())];
        if lead.iter().any(Element::is_content) {
            scenes.push(Scene {
                heading: None,
                forced: false,
                elements: lead,
            });
        }
        starts.push(self.elements.len());
        for pair in starts.windows(2) {
            if let Element::Heading { text, forced, .. } = &self.elements[pair[0]] {
                scenes.push(Scene {
                    heading: Some(text),
                    forced: *forced,
                    elements: &self.elements[pair[0] + 1..pair[1]],
                });
            }
        }
        scenes
    }

    /// All that is read: headings, action, speech and lyrics, a line each.
    pub fn told(&self) -> String {
        let words = self.elements.iter().filter_map(|element| match element {
            Element::Heading { text, .. } => Some(text),
            Element::Action(text) | Element::Speech(text) | Element::Lyric(text) => Some(text),
            _ => None,
        });
        words.map(|text| plain(text) + "\n").collect()
    }

    /// Every speech in order.
    pub fn speeches(&self) -> Vec<Speech> {
        speeches(&self.elements)
    }
}

impl Element {
    /// Whether it is seen or heard.
    pub fn is_content(&self) -> bool {
        !matches!(
            self,
            Element::Section { .. }
                | Element::Synopsis(_)
                | Element::PageBreak
                | Element::Transition(_)
        )
    }
}

/// Gathers the speeches among `elements`.
pub fn speeches(elements: &[Element]) -> Vec<Speech> {
    let mut out: Vec<Speech> = Vec::new();
    let mut open = false;
    let mut how: Vec<String> = Vec::new();
    for element in elements {
        match element {
            Element::Speaker { name, .. } => {
                out.push(Speech {
                    speaker: name.clone(),
                    parts: Vec::new(),
                });
                open = true;
                how.clear();
            }
            Element::Parenthetical(text) if open => how.push(text.clone()),
            Element::Speech(text) | Element::Lyric(text) if open => {
                if let Some(speech) = out.last_mut() {
                    speech.parts.push((how.join(", "), text.clone()));
                    how.clear();
                }
            }
            _ => open = false,
        }
    }
    out.retain(|s| !s.parts.is_empty());
    out
}

/// Who speaks, without extensions, in capitals: `MARTA` for `Marta (O.S.) (CONT'D)`.
pub fn identity(speaker: &str) -> String {
    let bare = speaker.split('(').next().unwrap_or(speaker);
    plain(bare)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_uppercase()
}

/// What stands in a speaker's brackets, in capitals without dots and apostrophes: `VO`, `OS`.
pub fn extensions(speaker: &str) -> Vec<String> {
    speaker
        .split('(')
        .skip(1)
        .map(|p| {
            p.split(')')
                .next()
                .unwrap_or(p)
                .to_uppercase()
                .replace(['.', '\'', '’'], "")
        })
        .collect()
}

/// Directions whose words stand on the picture.
pub const SUPERS: [&str; 4] = ["SUPER", "ON SCREEN", "TITLE CARD", "TEXT"];

/// The words of a direction, `SUPER: …`, by one of its names, however they are written.
pub fn direction<'a>(line: &'a str, names: &[&str]) -> Option<&'a str> {
    let (name, words) = line.split_once(':')?;
    names
        .iter()
        .any(|n| name.trim().eq_ignore_ascii_case(n))
        .then(|| words.trim())
}

/// The words of an action that are read on the screen: on the picture, a lower third, the card of a chapter.
pub fn shown(line: &str) -> Option<&str> {
    direction(line, &SUPERS).or_else(|| direction(line, &["LOWER THIRD", "CHAPTER"]))
}

/// Strips emphasis marks: what is left is what is spoken, drawn and measured.
pub fn plain(text: &str) -> String {
    text.split('\n')
        .map(plain_line)
        .collect::<Vec<_>>()
        .join("\n")
}

fn plain_line(line: &str) -> String {
    // Escaped marks are hidden behind private characters while pairs are looked for.
    const STAR: char = '\u{e0f0}';
    const RULE: char = '\u{e0f1}';
    let mut text = line
        .replace("\\*", &STAR.to_string())
        .replace("\\_", &RULE.to_string());
    for mark in ["***", "**", "*", "_"] {
        text = strip_pairs(&text, mark);
    }
    text.replace(STAR, "*").replace(RULE, "_")
}

fn strip_pairs(text: &str, mark: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find(mark) {
        let inner = &rest[open + mark.len()..];
        // An opening mark has no space inside it, a closing one none before it.
        let opens = inner.chars().next().is_some_and(|c| !c.is_whitespace());
        let close = opens
            .then(|| {
                inner
                    .match_indices(mark)
                    .find(|(at, _)| *at > 0 && !inner[..*at].ends_with(char::is_whitespace))
            })
            .flatten();
        match close {
            Some((at, _)) => {
                out.push_str(&rest[..open]);
                out.push_str(&inner[..at]);
                rest = &inner[at + mark.len()..];
            }
            None => {
                out.push_str(&rest[..open + mark.len()]);
                rest = inner;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emphasis_is_stripped_and_plain_stars_stay() {
        for (marked, bare) in [
            ("*i* **b** ***bi*** _u_", "i b bi u"),
            ("_*under and slant*_", "under and slant"),
            ("He dialed *69 and then *23", "He dialed *69 and then *23"),
            ("He dialed *69 and then 23*", "He dialed 69 and then 23"),
            (r"\*literal\*", "*literal*"),
        ] {
            assert_eq!(plain(marked), bare);
        }
    }

    #[test]
    fn speakers_are_one_person_whatever_the_extension() {
        assert_eq!(identity("Marta (O.S.) (CONT'D)"), "MARTA");
        assert_eq!(
            extensions("HANS (on the radio)(V.O.)"),
            ["ON THE RADIO", "VO"]
        );
    }
}
