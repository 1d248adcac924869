//! The shot list form: `SCENE 1: INT. OFFICE - DAY`, `SHOT 1: Wide shot - 5s`, description.

use crate::diagnostic::Problem;
use crate::film::script::{Element, Script};
use crate::film::shot::{Setup, read_move};
use crate::film::time::Rate;

pub struct ShotList {
    pub script: Script,
    pub warnings: Vec<Problem>,
    /// `KEY: value` lines before the first scene, keys in capitals.
    pub header: Vec<(String, String)>,
}

/// Whether a text has lines that open a shot, or scenes by number.
pub fn looks_like_one(text: &str) -> bool {
    let (mut scenes, mut shots) = (0, 0);
    for line in text.lines() {
        match opening(line) {
            Some((Opening::Shot, _)) => shots += 1,
            Some((Opening::Scene, _)) => scenes += 1,
            None => {}
        }
    }
    shots > 0 || scenes > 1
}

#[derive(Clone, Copy, PartialEq)]
enum Opening {
    Scene,
    Shot,
}

/// Reads `SCENE 1: …`, `Shot 1A. …`, `## Scene 1`, `**SHOT 2:** …`; returns what follows.
fn opening(line: &str) -> Option<(Opening, String)> {
    let bare = line
        .trim()
        .trim_start_matches(['#', '*', '_', '-', ' '])
        .trim_start();
    let word: String = bare.chars().take_while(|c| c.is_alphabetic()).collect();
    let kind = match word.to_uppercase().as_str() {
        "SCENE" => Opening::Scene,
        "SHOT" => Opening::Shot,
        _ => return None,
    };
    let rest = &bare[word.len()..];
    // What follows must be a number, a mark or nothing: "Shot in the dark" is description.
    let rest = rest.trim_start_matches([' ', '#']);
    let label: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric())
        .collect();
    let numbered = label.chars().next().is_some_and(|c| c.is_ascii_digit());
    let after = if numbered { &rest[label.len()..] } else { rest };
    let after = after.trim_start_matches(['*', '_', ' ']);
    let value = after.trim_start_matches([':', '.', '-', '–', '—', '|', ')', '*', ' ']);
    let marked = value.len() < after.len();
    if !(numbered && (marked || after.is_empty()) || (!numbered && rest.starts_with(':'))) {
        return None;
    }
    Some((
        kind,
        value.trim_end_matches(['*', '_', ' ']).trim().to_owned(),
    ))
}

/// Splits `KEY: value` where the key is short and in capitals.
fn key_value(line: &str) -> Option<(String, String)> {
    let line = line.trim().trim_start_matches(['*', '-', ' ']);
    let (key, value) = line.split_once(':')?;
    let key = key.trim_matches(['*', '_', ' ']);
    let value = value.trim_start_matches(['*', '_', ' ']).trim();
    let outside: String = key.split('(').next().unwrap_or(key).to_owned();
    let short = key.chars().count() <= 40 && key.split_whitespace().count() <= 5;
    let capitals =
        outside.chars().any(char::is_uppercase) && !outside.chars().any(char::is_lowercase);
    let known = DIRECTIONS
        .iter()
        .any(|(names, _)| names.contains(&key.to_uppercase().as_str()));
    (short && (capitals || known) && !value.is_empty()).then(|| (key.to_owned(), value.to_owned()))
}

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Camera,
    Lens,
    Sound,
    Music,
    Transition,
    OnScreen,
    LowerThird,
    Chapter,
    Picture,
    Narration,
    Length,
    Description,
}

const DIRECTIONS: [(&[&str], Direction); 12] = [
    (&["LOWER THIRD"], Direction::LowerThird),
    (&["CHAPTER"], Direction::Chapter),
    (&["PICTURE"], Direction::Picture),
    (&["CAMERA", "MOVE", "MOVEMENT"], Direction::Camera),
    (&["LENS"], Direction::Lens),
    (&["SOUND", "SFX", "SOUNDS"], Direction::Sound),
    (&["MUSIC"], Direction::Music),
    (&["TRANSITION"], Direction::Transition),
    (
        &[
            "ON SCREEN",
            "SUPER",
            "TEXT",
            "TITLE CARD",
            "ON-SCREEN",
            "CAPTION",
        ],
        Direction::OnScreen,
    ),
    (
        &[
            "NARRATOR",
            "NARRATION",
            "VO",
            "V.O.",
            "VOICE OVER",
            "VOICEOVER",
        ],
        Direction::Narration,
    ),
    (&["DURATION", "LENGTH", "TIME"], Direction::Length),
    (
        &["ACTION", "DESCRIPTION", "VISUAL", "VIDEO"],
        Direction::Description,
    ),
];

pub fn parse(text: &str, file: &str) -> ShotList {
    let text = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let mut list = ShotList {
        script: Script::default(),
        warnings: Vec::new(),
        header: Vec::new(),
    };
    let mut rate = Rate::DEFAULT;
    let mut started = false;
    let mut shot: Option<Shot> = None;
    for (at, line) in text.lines().enumerate() {
        let number = at + 1;
        if let Some((kind, value)) = opening(line) {
            if !started {
                rate = super::header_format(&list.header).1.unwrap_or(rate);
            }
            started = true;
            list.finish(shot.take());
            match kind {
                Opening::Scene => {
                    let text = if value.is_empty() {
                        format!("SCENE {}", list.scenes() + 1)
                    } else {
                        value
                    };
                    let forced = !crate::film::script::is_heading(&text);
                    list.script.elements.push(Element::Heading {
                        text,
                        number: None,
                        forced,
                    });
                }
                Opening::Shot => {
                    shot = Some(Shot {
                        setup: Setup::read(&in_seconds(&value, rate)),
                        ..Shot::default()
                    });
                }
            }
            continue;
        }
        if !started {
            match key_value(line) {
                Some((key, value)) => list.header.push((key.to_uppercase(), value)),
                None if line.trim().is_empty() => {}
                None => list.warnings.push(
                    Problem::new("text before the first scene is left out")
                        .at(file, number, 1)
                        .hint("write it as `KEY: value`, or below a `SCENE 1:` line"),
                ),
            }
            continue;
        }
        let open = shot.get_or_insert_with(Shot::default);
        if line.trim().is_empty() {
            open.paragraph();
            continue;
        }
        match key_value(line) {
            Some((key, value)) => {
                let upper = key.to_uppercase();
                match DIRECTIONS
                    .iter()
                    .find(|(names, _)| names.contains(&upper.as_str()))
                    .map(|(_, d)| *d)
                {
                    Some(Direction::Camera) => {
                        let read = Setup::read(&value);
                        open.setup.angle = open.setup.angle.or(read.angle);
                        match read_move(&value) {
                            Some(m) => open.setup.movement = Some(m),
                            None if read.angle.is_some() => {}
                            None => list.warnings.push(
                                Problem::new(format!("`{value}` is no camera move this studio knows; the camera stays still"))
                                    .at(file, number, 1)
                                    .hint("moves are: static, pan left, tilt up, push in, pull out, truck right, boom up, zoom in, roll left, handheld, follow"),
                            ),
                        }
                    }
                    Some(Direction::Lens) => open.setup.rest.push(value),
                    Some(Direction::Length) => {
                        open.setup.seconds =
                            crate::film::shot::split_length(&in_seconds(&value, rate))
                                .1
                                .or(open.setup.seconds)
                    }
                    Some(Direction::Transition) => open.transition = Some(value),
                    Some(Direction::OnScreen) => {
                        open.element(Element::Action(format!("SUPER: {value}")))
                    }
                    Some(Direction::LowerThird) => {
                        open.element(Element::Action(format!("LOWER THIRD: {value}")))
                    }
                    Some(Direction::Chapter) => {
                        open.element(Element::Action(format!("CHAPTER: {value}")))
                    }
                    Some(Direction::Picture) => {
                        open.element(Element::Action(format!("PICTURE: {value}")))
                    }
                    Some(Direction::Sound) => {
                        open.element(Element::Action(format!("SOUND: {value}")))
                    }
                    Some(Direction::Music) => {
                        open.element(Element::Action(format!("MUSIC: {value}")))
                    }
                    Some(Direction::Narration) => open.speech("NARRATOR (V.O.)", &value),
                    Some(Direction::Description) => open.text.push(value),
                    None => open.speech(&key, &value),
                }
            }
            None => open.text.push(line.trim().to_owned()),
        }
    }
    list.finish(shot.take());
    if let Some((_, title)) = list.header.iter().find(|(k, _)| k == "TITLE") {
        list.script
            .title_page
            .push(("Title".to_owned(), vec![title.clone()]));
    }
    list
}

/// Writes `120 frames` as seconds of the film's own rate.
fn in_seconds(text: &str, rate: Rate) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut out: Vec<String> = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let next = words
            .get(i + 1)
            .map(|w| w.to_lowercase())
            .unwrap_or_default();
        let number = words[i].trim_matches(['(', '[', ',']);
        match (
            number.parse::<u32>(),
            next.trim_matches([')', ']', ',', '.']),
        ) {
            (Ok(n), "frames" | "frame") => {
                out.push(format!(
                    "{}s",
                    crate::film::time::tidy(rate.seconds(crate::film::time::Frames(i64::from(n))))
                ));
                i += 2;
            }
            _ => {
                out.push(words[i].to_owned());
                i += 1;
            }
        }
    }
    out.join(" ")
}

#[derive(Default)]
struct Shot {
    setup: Setup,
    text: Vec<String>,
    elements: Vec<Element>,
    transition: Option<String>,
}

impl Shot {
    fn paragraph(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text).join("\n");
            self.elements.push(Element::Action(text));
        }
    }

    fn element(&mut self, element: Element) {
        self.paragraph();
        self.elements.push(element);
    }

    fn speech(&mut self, speaker: &str, words: &str) {
        self.element(Element::Speaker {
            name: speaker.to_owned(),
            dual: false,
        });
        let mut rest = words.trim();
        if let Some(inner) = rest.strip_prefix('(')
            && let Some((how, after)) = inner.split_once(')')
        {
            self.elements
                .push(Element::Parenthetical(how.trim().to_owned()));
            rest = after.trim();
        }
        self.elements.push(Element::Speech(rest.to_owned()));
    }
}

impl ShotList {
    fn scenes(&self) -> usize {
        self.script
            .elements
            .iter()
            .filter(|e| matches!(e, Element::Heading { .. }))
            .count()
    }

    fn finish(&mut self, shot: Option<Shot>) {
        let Some(mut shot) = shot else { return };
        shot.paragraph();
        if !shot.setup.is_empty() || !shot.elements.is_empty() {
            self.script
                .elements
                .push(Element::Shot(describe(&shot.setup)));
        }
        self.script.elements.extend(shot.elements);
        if let Some(transition) = shot.transition {
            self.script.elements.push(Element::Transition(transition));
        }
    }
}

/// Writes a set-up as the inside of a `[[shot: …]]` note, which [`Setup::read`] reads again.
pub fn describe(setup: &Setup) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(setup.size.map(|s| s.name().to_owned()));
    parts.extend(setup.view.map(|v| v.name().to_owned()));
    parts.extend(setup.angle.map(|a| format!("{} angle", a.name())));
    parts.extend(
        setup
            .seconds
            .map(|s| format!("{}s", crate::film::time::tidy(s))),
    );
    parts.extend(setup.movement.map(|m| m.name().to_owned()));
    parts.extend(setup.rest.iter().cloned());
    if parts.is_empty() {
        "any".to_owned()
    } else {
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::film::shot::{Angle, Move, Size};

    #[test]
    fn a_list_is_read_as_written() {
        let text = "TITLE: Low Water\nFORMAT: 1280x720, 25 fps\n\nSCENE 1: EXT. PIER - DAWN\nSHOT 1: Wide shot - 5s\nA pier.\nCAMERA: slow push in\nNARRATOR: It rains.\n\n**Shot 2A.** Low angle, 50 frames\nGRETA: (shouting) Hey!\nON SCREEN: \"1962\"\nTRANSITION: dissolve - 1s\n";
        assert!(looks_like_one(text));
        let list = parse(text, "list.txt");
        let setups: Vec<Setup> = list
            .script
            .elements
            .iter()
            .filter_map(|e| match e {
                Element::Shot(t) => Some(Setup::read(t)),
                _ => None,
            })
            .collect();
        assert_eq!(setups[0].size, Some(Size::Ws));
        assert_eq!(setups[0].movement, Some(Move::PushIn));
        assert_eq!(setups[0].seconds, Some(5.0));
        assert_eq!(setups[1].angle, Some(Angle::Low));
        assert_eq!(setups[1].seconds, Some(2.0));
        assert!(
            list.script
                .elements
                .contains(&Element::Action("SUPER: \"1962\"".into()))
        );
        assert!(
            list.script
                .elements
                .contains(&Element::Parenthetical("shouting".into()))
        );
        assert_eq!(list.warnings, []);
    }

    #[test]
    fn prose_about_shots_is_no_shot_list() {
        assert!(!looks_like_one(
            "Shot in the dark, he fell.\nScene of the crime."
        ));
    }
}
