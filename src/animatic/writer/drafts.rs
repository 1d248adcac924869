//! The shots of a scene as they are written, before they have ids, people and sizes: one a direction in capitals, one
//! a piece of action, one a change of speaker.

use super::capital;
use super::seen::close_on_thing;
use crate::animatic::lexicon::{self, lexicon};
use crate::film::cast;
use crate::film::handed;
use crate::film::lines;
use crate::film::script::{self, Element};
use crate::film::shot::{Angle, Setup, Size, Transition, View};
use crate::film::time::tidy;
use crate::screenplay::prose;
use std::collections::BTreeSet;

/// A shot before it has an id, references and a panel.
#[derive(Debug, Default, Clone)]
pub(super) struct Draft {
    pub(super) setup: Setup,
    action: Vec<String>,
    pub(super) lines: Vec<(String, String, String)>,
    /// The name of a picture that was handed in.
    pub(super) picture: Option<String>,
    pub(super) on_screen: Option<String>,
    pub(super) lower_third: Option<String>,
    /// Words of a card before the scene.
    pub(super) chapter: Option<String>,
    pub(super) sound: Option<String>,
    pub(super) transition: Option<Transition>,
    /// Written as a shot by a person, so never merged.
    stated: bool,
    /// Begun by a phrase in capitals: what is told after it is seen in another shot.
    phrased: bool,
}

impl Draft {
    fn is_empty(&self) -> bool {
        self.action.is_empty()
            && self.lines.is_empty()
            && self.on_screen.is_none()
            && self.picture.is_none()
            && !self.stated
    }

    pub(super) fn words(&self) -> String {
        script::plain(&self.action.join(" "))
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// What was asked, else what the words take.
    pub(super) fn seconds(&self, pace: f64) -> f64 {
        if let Some(stated) = self.setup.seconds {
            return stated;
        }
        let speech = lines::exchange_seconds(self.lines.iter().map(|l| {
            (
                l.1.as_str(),
                lines::speech_seconds(&script::plain(&l.1)) * 150.0 / pace,
            )
        }));
        let action = self.words();
        let look = if action.is_empty() {
            0.0
        } else if speech > 0.0 {
            lines::SHORTEST
        } else {
            lines::action_seconds(&action)
        };
        let read = self
            .on_screen
            .as_ref()
            .map_or(0.0, |t| lines::reading_seconds(t));
        tidy(speech.max(look).max(read).max(lines::SHORTEST))
    }
}

/// Breaks a scene into shots: one a note or shot heading where they are written, else one a piece
/// of action and one a change of speaker.
pub(super) fn drafts(elements: &[Element]) -> Vec<Draft> {
    let stated = elements.iter().any(|e| matches!(e, Element::Shot(_)));
    let mut out: Vec<Draft> = Vec::new();
    let mut open = Draft::default();
    let mut speaker = String::new();
    let mut how = String::new();
    let close = |open: &mut Draft, out: &mut Vec<Draft>| {
        // A sound or a card said before anything is seen belongs to what comes.
        if !open.is_empty() {
            out.push(std::mem::take(open));
        }
    };
    let speakers: BTreeSet<String> = (elements.iter())
        .filter_map(|e| match e {
            Element::Speaker { name, .. } => Some(script::identity(name)),
            _ => None,
        })
        .collect();
    for (at, element) in elements.iter().enumerate() {
        match element {
            Element::Heading { text, .. } if at > 0 => {
                close(&mut open, &mut out);
                open.setup = Setup::read(text);
                open.action.push(capital(&text.to_lowercase()));
                open.stated = true;
            }
            Element::Heading { .. } => {}
            Element::Shot(note) => {
                close(&mut open, &mut out);
                open.setup = Setup::read(note);
                open.setup.rest.retain(|r| r != "any");
                open.stated = true;
            }
            Element::Action(text) => {
                // What stands on a line of its own is a picture of its own, unless it is a scrap.
                let mut begins = true;
                for part in parted(text) {
                    let plain = script::plain(&part);
                    let line = plain.trim();
                    if let Some(words) = script::direction(line, &script::SUPERS) {
                        open.on_screen = Some(words.trim_matches(['"', '“', '”']).to_owned());
                    } else if let Some(name) = handed::shown(&part) {
                        // It shows what was told just before, unless that has a picture or was spoken over.
                        if open.picture.is_some() || (!stated && !open.lines.is_empty()) {
                            close(&mut open, &mut out);
                        }
                        open.picture = Some(name.to_owned());
                    } else if let Some(words) = script::direction(line, &["LOWER THIRD"]) {
                        open.lower_third = Some(words.to_owned());
                    } else if let Some(words) = script::direction(line, &["CHAPTER"]) {
                        open.chapter = Some(words.to_owned());
                    } else if let Some(words) = script::direction(line, &["SOUND", "SFX"]) {
                        open.sound = Some(words.to_owned());
                    } else if script::direction(line, &["MUSIC"]).is_some() {
                    } else {
                        let phrase = shot_phrase(line);
                        // What an insert shows is told after it.
                        let told = phrase.is_none()
                            && open.phrased
                            && open.lines.is_empty()
                            && match (open.setup.size, open.action.as_slice()) {
                                (Some(Size::Insert), [_]) => tells_of_a_thing(line, &speakers),
                                // A direction that stands alone is of what comes after it.
                                (_, [slug]) => !slug.chars().any(char::is_lowercase),
                                _ => false,
                            };
                        if let (true, Some(slug)) = (told, open.action.first_mut())
                            && !slug.ends_with([':', '.', '!', '?'])
                        {
                            let insert = open.setup.size == Some(Size::Insert);
                            slug.push(if insert { '.' } else { ':' });
                        }
                        if phrase.is_some()
                            || (!stated && !told && (open.picture.is_some() || open.phrased))
                            || (!stated
                                && !told
                                && !open.is_empty()
                                && (!open.lines.is_empty()
                                    || (begins
                                        && open.words().len() >= SCRAP
                                        && line.len() >= SCRAP)
                                    || open.words().len() + line.len() > 130
                                    || turns_to_another(&open.words(), line)))
                        {
                            close(&mut open, &mut out);
                        }
                        // What is told of another time goes on being told of it.
                        let told_of = (phrase.is_some()).then(|| of_another_time(line)).flatten();
                        if let Some(setup) = phrase {
                            open.setup = setup;
                            open.phrased = true;
                        }
                        begins = false;
                        for piece in if stated {
                            vec![line.to_owned()]
                        } else {
                            pieces(line)
                        } {
                            if !stated
                                && !open.action.is_empty()
                                && (open.words().len() + piece.len() > 170
                                    || turns_to_another(&open.words(), &piece))
                            {
                                close(&mut open, &mut out);
                                if let Some(slug) = told_of {
                                    open.action.push(format!("{slug} -"));
                                }
                            }
                            open.action.push(piece);
                        }
                    }
                }
            }
            Element::Speaker { name, .. } => {
                let narrates = cast::is_narrator(&script::identity(name))
                    || script::extensions(name).iter().any(|e| e.starts_with("VO"));
                let changed = open
                    .lines
                    .last()
                    .is_some_and(|l| script::identity(&l.0) != script::identity(name));
                let long: f64 = open.lines.iter().map(|l| lines::speech_seconds(&l.1)).sum();
                // Who speaks after a `CLOSE ON` a thing is seen in a shot of their own.
                let over_a_thing = open.phrased
                    && open.lines.is_empty()
                    && close_on_thing(&open.words()).is_some();
                if !stated && !narrates && (changed || long > 7.0 || over_a_thing) {
                    close(&mut open, &mut out);
                }
                speaker = name.clone();
                how.clear();
            }
            Element::Parenthetical(text) => {
                how = if how.is_empty() {
                    text.clone()
                } else {
                    format!("{how}, {text}")
                }
            }
            Element::Speech(text) | Element::Lyric(text) => {
                let who = if speaker.is_empty() {
                    "NARRATOR (V.O.)".to_owned()
                } else {
                    speaker.clone()
                };
                if !stated
                    && !open.lines.is_empty()
                    && open
                        .lines
                        .iter()
                        .map(|l| lines::speech_seconds(&l.1))
                        .sum::<f64>()
                        + lines::speech_seconds(text)
                        > 12.0
                {
                    close(&mut open, &mut out);
                }
                open.lines
                    .push((who, text.clone(), std::mem::take(&mut how)));
            }
            Element::Centred(text) => {
                let words = script::plain(text);
                open.on_screen = Some(match open.on_screen.take() {
                    Some(before) => format!("{before} {words}"),
                    None => words,
                });
            }
            Element::Transition(text) => {
                let transition = Transition::read(text);
                open.transition = Some(transition.clone());
                if open.is_empty() {
                    open.transition = None;
                    if let Some(last) = out.last_mut() {
                        last.transition = Some(transition);
                    }
                } else {
                    close(&mut open, &mut out);
                }
            }
            Element::Section { .. } | Element::Synopsis(_) | Element::PageBreak => {}
        }
    }
    close(&mut open, &mut out);
    if out.is_empty() {
        out.push(Draft {
            stated: true,
            ..Draft::default()
        });
    }
    out
}

/// An action in parts: a line that shows a picture stands alone wherever it is written, in its own letters.
fn parted(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut alone = true;
    for line in text.lines() {
        let picture = handed::shown(line).is_some();
        match out.last_mut() {
            Some(last) if !alone && !picture => {
                last.push('\n');
                last.push_str(line);
            }
            _ => out.push(line.to_owned()),
        }
        alone = picture;
    }
    out
}

/// `CLOSE ON`, `ANGLE ON`, `INSERT`: a shot written in capitals at the head of an action.
fn shot_phrase(line: &str) -> Option<Setup> {
    const PHRASES: [(&str, Option<Size>, Option<View>); 11] = [
        ("TIGHT ON", Some(Size::Cu), None),
        ("CLOSER ON", Some(Size::Cu), None),
        ("MACRO", Some(Size::Insert), None),
        ("CLOSE ON", Some(Size::Cu), None),
        ("CLOSE UP", Some(Size::Cu), None),
        ("EXTREME CLOSE", Some(Size::Ecu), None),
        ("ANGLE ON", Some(Size::Ms), None),
        ("INSERT", Some(Size::Insert), None),
        ("WIDE ON", Some(Size::Ws), None),
        ("POV", None, Some(View::Pov)),
        ("AERIAL", Some(Size::Ews), Some(View::Aerial)),
    ];
    if let Some((_, size, view)) = PHRASES.iter().find(|(p, _, _)| line.starts_with(p)) {
        return Some(Setup {
            size: *size,
            view: *view,
            ..Setup::default()
        });
    }
    // `From above: the white clearing`.
    let low = line.to_lowercase();
    for (lead, view, angle) in [
        ("from above", Some(View::Top), None),
        ("seen from above", Some(View::Top), None),
        ("from below", None, Some(Angle::Low)),
        ("seen from below", None, Some(Angle::Low)),
    ] {
        if low
            .strip_prefix(lead)
            .is_some_and(|rest| rest.starts_with([':', ',']))
        {
            return Some(Setup {
                view,
                angle,
                size: view.is_none().then_some(Size::Fs),
                ..Setup::default()
            });
        }
    }
    // `EDDIE'S POV - THROUGH A WINDOW`.
    let slug = line
        .split([':', '-', '–', '—', '.'])
        .next()
        .unwrap_or_default();
    let slug = slug.trim_end().to_uppercase();
    if ["'S POV", "’S POV"].iter().any(|w| slug.ends_with(w))
        || ["HER POV", "HIS POV", "THEIR POV"].contains(&slug.as_str())
    {
        return Some(Setup {
            view: Some(View::Pov),
            ..Setup::default()
        });
    }
    if line.starts_with("OVER ") && line.contains("SHOULDER") {
        return Some(Setup {
            view: Some(View::Ots),
            ..Setup::default()
        });
    }
    // `MEDIUM SHOT of …`, `LOW ANGLE - `: the words of the trade, if the capitals hold nothing else.
    let capitals: Vec<&str> = line
        .split_whitespace()
        .take_while(|w| w.chars().all(|c| !c.is_lowercase()) && *w != "-")
        .map(|w| w.trim_end_matches([':', ',', '.']))
        .collect();
    // `REACTION - `, `ANIMATION: `, `TWO SHOT: `: another picture, whatever it is called.
    let slug = capitals.len() <= 4
        && capitals.iter().all(|w| w.chars().count() > 1)
        && KINDS_OF_SHOTS.contains(&capitals.first().copied().unwrap_or_default());
    let Some(at) = (capitals.iter()).position(|w| matches!(*w, "SHOT" | "ANGLE")) else {
        return slug.then(|| {
            let wide =
                capitals.first() == Some(&"WIDE") || capitals.first() == Some(&"ESTABLISHING");
            Setup {
                size: wide.then_some(Size::Ws),
                ..Setup::default()
            }
        });
    };
    let setup = Setup::read(&capitals[..=at].join(" ").to_lowercase());
    let some = setup.size.is_some() || setup.view.is_some() || setup.angle.is_some();
    (setup.rest.is_empty() && (some || setup.movement.is_some())).then_some(setup)
}

/// What a shot of its own may begin with in capitals.
const KINDS_OF_SHOTS: [&str; 16] = [
    "REACTION",
    "ANIMATION",
    "GRAPHIC",
    "CHART",
    "TITLE",
    "WIDE",
    "ESTABLISHING",
    "MEDIUM",
    "TRACKING",
    "FLASH",
    "DETAIL",
    "MONTAGE",
    "CUTAWAY",
    "MAP",
    "DIAGRAM",
    "ARCHIVE",
];

/// What a line says in capitals of another time or place that is seen: `ARCHIVE FOOTAGE`.
fn of_another_time(line: &str) -> Option<&str> {
    // The words in capitals it begins with.
    let capital = |w: &&str| w.chars().count() > 1 && !w.chars().any(char::is_lowercase);
    let last = line.split_whitespace().take_while(capital).last()?;
    let end = last.as_ptr() as usize - line.as_ptr() as usize + last.len();
    let slug = line[..end].trim_end_matches([':', ',', '.', '-']).trim();
    ["ARCHIVE", "ANIMATION", "FLASHBACK", "DREAM", "MEMORY"]
        .iter()
        .any(|w| slug.starts_with(w))
        .then_some(slug)
}

/// So many letters say too little for a picture.
const SCRAP: usize = 24;

/// Parts a long action at its sentences.
fn pieces(text: &str) -> Vec<String> {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short = joined.len() <= 150;
    let mut out: Vec<String> = Vec::new();
    for sentence in prose::sentences(&joined) {
        match out.last_mut() {
            Some(last)
                if (short || last.len() + sentence.len() < 130)
                    && !turns_to_another(last, &sentence) =>
            {
                last.push(' ');
                last.push_str(&sentence);
            }
            _ => out.push(sentence),
        }
    }
    out
}

/// Whether a line says more of what is seen in an insert: it is short, and about nobody.
fn tells_of_a_thing(line: &str, speakers: &BTreeSet<String>) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    let somebody = matches!(
        first.to_lowercase().as_str(),
        "he" | "she" | "they" | "back"
    );
    // `Amara watches`: somebody, who does something.
    let does = (line.split_whitespace().nth(1))
        .is_some_and(|w| w.ends_with('s') && w.chars().all(char::is_lowercase));
    let named = subject(line).is_some_and(|name| does || speakers.contains(&name));
    line.len() <= 80 && !somebody && !named
}

/// Whether a sentence is about somebody else, who does something, after one in which somebody did: that is another
/// picture.
fn turns_to_another(before: &str, next: &str) -> bool {
    let last = prose::sentences(before).pop().unwrap_or_default();
    match (subject(&last), subject(next)) {
        (Some(one), Some(other)) => one != other && acts(&last) && acts(next),
        _ => false,
    }
}

/// Whose name a sentence begins with, in capitals.
fn subject(sentence: &str) -> Option<String> {
    const NOBODY: [&str; 50] = [
        "RAIN",
        "SNOW",
        "WIND",
        "LIGHT",
        "SUN",
        "SUNLIGHT",
        "MOONLIGHT",
        "THUNDER",
        "LIGHTNING",
        "SMOKE",
        "STEAM",
        "DUST",
        "MUSIC",
        "SILENCE",
        "ROWS",
        "LEAVES",
        "A",
        "AN",
        "THE",
        "HE",
        "SHE",
        "IT",
        "THEY",
        "HIS",
        "HER",
        "THEIR",
        "ITS",
        "ON",
        "IN",
        "AT",
        "FROM",
        "WITH",
        "BEHIND",
        "BESIDE",
        "UNDER",
        "ABOVE",
        "BELOW",
        "THROUGH",
        "OUTSIDE",
        "INSIDE",
        "THEN",
        "THERE",
        "THIS",
        "AS",
        "WHEN",
        "WHILE",
        "AND",
        "BUT",
        "SUDDENLY",
        "FINALLY",
    ];
    let words = sentence.split_whitespace();
    let mut name = words
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|w| !w.is_empty());
    let first = name.next().filter(|w| w.starts_with(char::is_uppercase))?;
    let upper = first.to_uppercase();
    // `Dr. Okafor` is known by the name.
    let titled = matches!(
        upper.as_str(),
        "DR" | "MR" | "MRS" | "MS" | "OLD" | "YOUNG" | "BROTHER" | "SISTER"
    );
    let known = match titled {
        true => name.next()?.to_uppercase(),
        false => upper,
    };
    (!NOBODY.contains(&known.as_str())).then_some(known)
}

/// Whether a sentence tells of something done that is seen.
fn acts(sentence: &str) -> bool {
    let low = sentence.to_lowercase();
    lexicon::hits(&lexicon().poses, &low)
        .iter()
        .any(|hit| !matches!(hit.kind, "stand" | "talk" | "up"))
}
