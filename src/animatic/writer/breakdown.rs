//! The breakdown: a script's beats into shots, with sizes and moves by the rules of the trade.

use super::seen::{
    company, embraces, how_many, may_be_meant, meant, of_a_stranger, over_shoulder, pronoun, viewer,
};
use super::{beats, capital};
use crate::animatic::book::book;
use crate::animatic::lexicon::{self, lexicon};
use crate::animatic::reading;
use crate::film::cast::{self, heading_parts};
use crate::film::handed;
use crate::film::ids::{BeatId, RefId, ShotId, slug};
use crate::film::lines;
use crate::film::outline::Outline;
use crate::film::references::References;
use crate::film::script::{self, Element, Script};
use crate::film::shot::{Angle, Move, Setup, Size, Transition, TransitionKind, View};
use crate::film::storyboard::{BoardBeat, Heard, Line, Shot, Subject};
use crate::film::time::tidy;
use crate::screenplay::prose;
use std::collections::BTreeSet;

/// A shot before it has an id, references and a panel.
#[derive(Debug, Default, Clone)]
pub(super) struct Draft {
    setup: Setup,
    action: Vec<String>,
    lines: Vec<(String, String, String)>,
    /// The name of a picture that was handed in.
    picture: Option<String>,
    on_screen: Option<String>,
    lower_third: Option<String>,
    /// Words of a card before the scene.
    chapter: Option<String>,
    sound: Option<String>,
    transition: Option<Transition>,
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

    fn words(&self) -> String {
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
                                && !open.is_empty()
                                && (!open.lines.is_empty()
                                    || open.words().len() + line.len() > 130
                                    || turns_to_another(&open.words(), line)))
                        {
                            close(&mut open, &mut out);
                        }
                        if let Some(setup) = phrase {
                            open.setup = setup;
                            open.phrased = true;
                        }
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
    // `EDDIE'S POV - THROUGH A WINDOW`.
    let slug = line
        .split([':', '-', '–', '—', '.'])
        .next()
        .unwrap_or_default();
    if slug.trim_end().ends_with("'S POV") || slug.trim_end().ends_with("’S POV") {
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
    let at = capitals
        .iter()
        .position(|w| matches!(*w, "SHOT" | "ANGLE"))?;
    let setup = Setup::read(&capitals[..=at].join(" ").to_lowercase());
    let some = setup.size.is_some() || setup.view.is_some() || setup.angle.is_some();
    (setup.rest.is_empty() && (some || setup.movement.is_some())).then_some(setup)
}

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
    const NOBODY: [&str; 34] = [
        "A", "AN", "THE", "HE", "SHE", "IT", "THEY", "HIS", "HER", "THEIR", "ITS", "ON", "IN",
        "AT", "FROM", "WITH", "BEHIND", "BESIDE", "UNDER", "ABOVE", "BELOW", "THROUGH", "OUTSIDE",
        "INSIDE", "THEN", "THERE", "THIS", "AS", "WHEN", "WHILE", "AND", "BUT", "SUDDENLY",
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

/// What the storyboard is broken down from.
pub struct Material<'a> {
    pub script: &'a Script,
    pub outline: &'a Outline,
    pub references: Option<&'a References>,
    /// Whether a file lies in the run's folder: pictures that were handed in.
    pub lies_there: &'a dyn Fn(&str) -> bool,
    /// Words a minute of the narration.
    pub pace: f64,
}

/// Breaks a script down into beats and shots, with sizes and moves by the rules of the trade.
pub fn breakdown(m: &Material<'_>) -> Vec<BoardBeat> {
    let found = beats(m.script);
    let mut seen_places: Vec<RefId> = Vec::new();
    let mut out = Vec::new();
    // A missing transition is a cut; only told prose, which has no places to cut between, dissolves.
    let told = !m
        .script
        .elements
        .iter()
        .any(|e| matches!(e, Element::Heading { forced: false, .. }));
    let mut before: Vec<RefId> = Vec::new();
    for (number, text) in found.iter().enumerate() {
        let planned = m
            .outline
            .beats
            .iter()
            .find(|b| b.id.as_ref().is_some_and(|i| i.as_str() == text.id));
        let place = place_of(m.references, &text.title);
        let new_place = place.as_ref().is_none_or(|p| !seen_places.contains(p));
        seen_places.extend(place.clone());
        let drafts = drafts(text.elements);
        let mut shots: Vec<Shot> = Vec::new();
        let mut known: Vec<RefId> = Vec::new();
        let mut last_action = String::new();
        let count = drafts.len();
        for (i, draft) in drafts.iter().enumerate() {
            let words = draft.words();
            let picture = (draft.picture.as_ref()).map(|n| handed::file_of(n, m.lies_there));
            let mut company = company(m.references, &words, &known);
            let lines = spoken(m.references, draft, number + 1, i);
            for line in &lines {
                if line.heard == Heard::OnScreen && !company.contains(&line.speaker) {
                    company.insert(0, line.speaker.clone());
                }
            }
            let focus = close_on_thing(&words);
            // Whoever was last seen, here or in the scene before.
            let people = if known.is_empty() { &before } else { &known };
            meant(m.references, &words, people, &mut company);
            // One does not see oneself.
            if let Some(viewer) = viewer(m.references, &words) {
                company.retain(|c| *c != viewer);
            }
            let over = over_shoulder(m.references, &words, &known);
            if let Some(near) = &over {
                // The one who is seen comes first, the shoulder second.
                company.retain(|c| c != near);
                company.push(near.clone());
            }
            let about_them = pronoun(&words) && !of_a_stranger(&words);
            // It takes two to embrace: who is not named is whoever else is here.
            if let [alone] = company.as_slice()
                && embraces(&words)
            {
                let other = known.iter().rev().find(|k| *k != alone).cloned();
                company.extend(other);
            }
            if company.is_empty() && focus.is_none() && (about_them || !lines.is_empty()) {
                company.extend(
                    people
                        .iter()
                        .rev()
                        // Who is only heard is not seen: the listener is.
                        .filter(|id| lines.iter().all(|l| l.speaker != **id))
                        .filter(|id| may_be_meant(m.references, &words, id))
                        .take(how_many(&words))
                        .cloned(),
                );
            }
            if let Some(speaker) = lines
                .iter()
                .find(|l| l.heard == Heard::OnScreen)
                .map(|l| l.speaker.clone())
            {
                company.retain(|c| *c != speaker);
                company.insert(0, speaker);
            }
            for id in &company {
                known.retain(|k| k != id);
                known.push(id.clone());
            }
            // Whoever is in a picture that was handed in is there already.
            if picture.is_some() {
                company.clear();
            }
            let prompt = if !words.is_empty() {
                // What was shown from near is not what they do who speak next.
                if focus.is_none() {
                    last_action.clone_from(&words);
                }
                words.clone()
            } else if let Some(file) = &picture {
                let stem = file.rsplit(['/', '.']).nth(1).unwrap_or(file);
                format!("The picture {}.", stem.replace('_', " "))
            } else if let Some(first) = company.first() {
                format!("{} speaks. {}", name_of(m.references, first), last_action)
                    .trim()
                    .to_owned()
            } else if !last_action.is_empty() {
                last_action.clone()
            } else {
                text.title.clone()
            };
            let mut size = focus.map(|_| Size::Insert).or(draft.setup.size).or(draft
                .setup
                .view
                .map(|v| match v {
                    View::Aerial | View::Top => Size::Ews,
                    View::Ots | View::TwoShot => Size::Ms,
                    View::ThreeShot => Size::Mws,
                    View::Pov => Size::Ws,
                }));
            if picture.is_some() {
                size = size.or(Some(Size::Insert));
            }
            if size.is_none() && draft.setup.angle.is_some() {
                size = Some(Size::Fs);
            }
            let previous = shots.last();
            let size = size
                .unwrap_or_else(|| choose_size(draft, &words, i, new_place, &company, previous));
            let mut view = draft.setup.view.or(over
                .as_ref()
                .filter(|_| company.len() > 1)
                .map(|_| View::Ots));
            if view.is_none()
                && !lines.is_empty()
                && company.len() == 1
                && known.len() > 1
                && size == Size::Ms
                && i % 2 == 1
            {
                view = Some(View::Ots);
                let other = known.iter().rev().find(|k| **k != company[0]).cloned();
                company.extend(other);
            }
            let movement = draft
                .setup
                .movement
                .unwrap_or_else(|| choose_move(size, i, count, &words, previous));
            let last_of_all = number + 1 == found.len() && i + 1 == count;
            let transition = draft.transition.clone().unwrap_or_else(|| {
                if told && i + 1 == count && !last_of_all {
                    Transition {
                        kind: TransitionKind::Dissolve,
                        seconds: 0.7,
                    }
                } else {
                    Transition::CUT
                }
            });
            let source =
                blake3::hash(format!("{}|{}|{:?}", text.title, prompt, draft.lines).as_bytes())
                    .to_hex()[..12]
                    .to_owned();
            shots.push(Shot {
                id: ShotId::new(format!("s{:02}_{:03}", number + 1, (i + 1) * 10)).ok(),
                seconds: draft.seconds(m.pace),
                size,
                view,
                angle: draft.setup.angle.filter(|a| *a != Angle::Eye),
                movement,
                prompt,
                place: place.clone(),
                cast: company,
                postures: Default::default(),
                lines,
                picture,
                on_screen: draft.on_screen.clone(),
                lower_third: draft.lower_third.clone(),
                sound: draft.sound.clone().or_else(|| heard(&words)),
                transition,
                subject: Subject::default(),
                score: None,
                source,
            });
        }
        if !known.is_empty() {
            before = known;
        }
        reading::note_postures(&mut shots, m.references);
        out.push(BoardBeat {
            id: BeatId::new(text.id.clone()).ok(),
            heading: text.title.clone(),
            mood: planned.and_then(|b| b.mood.clone()),
            chapter: drafts.iter().find_map(|d| d.chapter.clone()),
            shots,
        });
    }
    out
}

fn place_of(references: Option<&References>, heading: &str) -> Option<RefId> {
    let parts = heading_parts(heading);
    let name = if parts.place.is_empty() {
        heading.to_owned()
    } else {
        parts.place
    };
    let places = &references?.places;
    places
        .iter()
        .find(|p| {
            p.name.eq_ignore_ascii_case(&name) && parts.interior.is_none_or(|i| i == p.interior)
        })
        .or_else(|| places.iter().find(|p| p.name.eq_ignore_ascii_case(&name)))
        .map(|p| p.id.clone())
}

fn name_of(references: Option<&References>, id: &RefId) -> String {
    references
        .and_then(|r| r.person(id))
        .map_or_else(|| id.to_string(), |p| capital(&p.name.to_lowercase()))
}

/// What is heard in an action that cannot be silent: `the phone rings`.
fn heard(words: &str) -> Option<String> {
    super::super::composer::effects::kind(words).map(|(_, word)| word.to_owned())
}

/// What a shot that is `CLOSE ON the keys` is about, if it is a thing.
fn close_on_thing(words: &str) -> Option<&'static str> {
    const BEGINS: [&str; 15] = [
        "close on",
        "close-up of",
        "close-up on",
        "close up of",
        "close up on",
        "closeup of",
        "close up",
        "close-up",
        "closeup",
        "tight on",
        "extreme close-up of",
        "extreme close up of",
        "detail of",
        "macro of",
        "insert",
    ];
    let low = words.to_lowercase();
    let rest = BEGINS.iter().find_map(|b| low.strip_prefix(b))?;
    let rest = rest.trim_start_matches([' ', '-', '–', '—', ':']);
    let first = rest.split(['.', '!', '?']).next().unwrap_or_default();
    let lexicon = lexicon();
    let hands = ["hand", "hands", "fingers"];
    let lead: String = first
        .split_whitespace()
        .take(4)
        .collect::<Vec<_>>()
        .join(" ");
    if hands
        .iter()
        .any(|w| crate::film::shot::contains_words(&lead, w))
    {
        // Whatever they hold is seen with them.
        let held = lexicon::things(lexicon, first).into_iter().next();
        return Some(held.map_or("resting hand", |hit| hit.kind));
    }
    let thing = lexicon::things(lexicon, first).into_iter().next()?;
    // Zadie's phone is a thing, Zadie with a phone or reading a letter is not; and so is nobody's face.
    // Her hand that steals a cake is seen with the cake.
    let before = &first[..thing.at];
    let has = |words: &[&str]| (words.iter()).any(|w| crate::film::shot::contains_words(before, w));
    let hand = has(&["hand", "hands", "finger", "fingers", "fist", "palm"]);
    let does = !hand && !lexicon::hits(&lexicon.poses, before).is_empty();
    let of_it = before.split_whitespace().count() <= 4 && !before.contains(" with ");
    let face = has(&["face", "eyes", "eye", "mouth", "smile"]);
    (of_it && !face && !does).then_some(thing.kind)
}

fn spoken(references: Option<&References>, draft: &Draft, scene: usize, shot: usize) -> Vec<Line> {
    draft
        .lines
        .iter()
        .enumerate()
        .map(|(k, (speaker, text, how))| {
            let name = script::identity(speaker);
            let person =
                references.and_then(|r| r.cast.iter().find(|p| p.name.eq_ignore_ascii_case(&name)));
            let extensions = script::extensions(speaker);
            let has = |what: &str| extensions.iter().any(|e| e.starts_with(what));
            let heard = if has("FILTER")
                || has("PHONE")
                || has("ON THE RADIO")
                || has("RADIO")
                || has("ON PHONE")
            {
                Heard::Filtered
            } else if has("VO") || cast::is_narrator(&name) {
                Heard::VoiceOver
            } else if has("OS") || has("OC") || has("OFF") {
                Heard::OffScreen
            } else {
                Heard::OnScreen
            };
            let id = person.map_or_else(
                || RefId::new(slug(&name, '_', 40)).ok(),
                |p| Some(p.id.clone()),
            );
            Line {
                id: crate::film::ids::CueId::new(format!(
                    "v_s{scene:02}_{:03}_{}",
                    (shot + 1) * 10,
                    k + 1
                ))
                .ok(),
                speaker: id.unwrap_or_else(narrator_id),
                text: text.clone(),
                delivery: how.clone(),
                heard,
            }
        })
        .collect()
}

fn narrator_id() -> RefId {
    // A constant that is an id by its letters.
    RefId::new("narrator").unwrap_or_else(|_| unreachable!("`narrator` is made of letters"))
}

/// Things smaller than this, in heads of a grown person, are looked at from near.
const NEAR: f32 = 2.6;

/// Sizes alternate; a new place opens wide; whoever speaks is near; hands and things are inserts.
/// Whether words tell of people who have no name: `two boys kick a ball`.
fn of_people(low: &str) -> bool {
    (lexicon().people.iter())
        .filter(|(kind, _)| kind == "anyone")
        .flat_map(|(_, nouns)| nouns)
        .any(|noun| {
            let whole = |w: &str| crate::film::shot::contains_words(low, w);
            whole(noun) || whole(&format!("{noun}s"))
        })
}

fn choose_size(
    draft: &Draft,
    words: &str,
    at: usize,
    new_place: bool,
    company: &[RefId],
    previous: Option<&Shot>,
) -> Size {
    let low = words.to_lowercase();
    if at == 0 && (new_place || draft.lines.is_empty()) {
        // A scene opens wide; a place seen before needs no more than its people.
        return if company.is_empty() && new_place {
            Size::Ews
        } else {
            Size::Ws
        };
    }
    // A ship, a horse or a taxi is looked at in its place, a key from near.
    let thing = (lexicon::things(lexicon(), &low).first())
        .and_then(|hit| book().drawings.get(hit.kind))
        .is_some_and(|drawing| drawing.heads < NEAR)
        && !of_people(&low);
    let mut size = if draft
        .lines
        .iter()
        .any(|l| !cast::is_narrator(&script::identity(&l.0)))
    {
        // Who does something while somebody speaks is seen doing it.
        match (words.is_empty(), company.len()) {
            (false, 2..) => [Size::Ms, Size::Mws][at % 2],
            (false, _) => [Size::Mcu, Size::Ms][at % 2],
            (true, _) => [Size::Mcu, Size::Ms, Size::Cu][at % 3],
        }
    } else if thing && company.is_empty() {
        Size::Insert
    } else if ["face", "eyes", "tear", "smile", "looks", "stares"]
        .iter()
        .any(|w| crate::film::shot::contains_words(&low, w))
        && !company.is_empty()
    {
        Size::Cu
    } else if company.len() > 1 {
        Size::Ms
    } else if company.is_empty() {
        [Size::Ws, Size::Ews][at % 2]
    } else {
        [Size::Fs, Size::Ms, Size::Mws, Size::Mcu][at % 4]
    };
    // What the whole body does is seen whole.
    const WHOLE: [&str; 9] = [
        "fall", "lie", "kneel", "crouch", "climb", "dance", "embrace", "fight", "run",
    ];
    let whole = !company.is_empty()
        && lexicon::hits(&lexicon().poses, &low)
            .iter()
            .any(|hit| WHOLE.contains(&hit.kind));
    if whole && matches!(size, Size::Ms | Size::Mcu | Size::Cu) {
        return match previous.map(|p| p.size) {
            Some(Size::Fs) => Size::Mws,
            _ if !draft.lines.is_empty() => Size::Mws,
            _ => Size::Fs,
        };
    }
    if previous.is_some_and(|p| p.size == size) {
        size = match size {
            Size::Ews => Size::Ws,
            Size::Ws => Size::Fs,
            Size::Fs => Size::Ms,
            Size::Mws => Size::Mcu,
            Size::Ms => Size::Mcu,
            Size::Mcu => Size::Ms,
            Size::Cu => Size::Mcu,
            Size::Bcu | Size::Ecu => Size::Cu,
            Size::Insert => Size::Ms,
        };
    }
    size
}

fn choose_move(size: Size, at: usize, count: usize, words: &str, previous: Option<&Shot>) -> Move {
    let low = words.to_lowercase();
    let moving = [
        "walk", "walks", "run", "runs", "crosses", "drives", "rides", "follows",
    ]
    .iter()
    .any(|w| crate::film::shot::contains_words(&low, w));
    let choice = match size {
        Size::Ews => {
            if at + 1 == count {
                Move::PullOut
            } else {
                Move::PushIn
            }
        }
        Size::Ws | Size::Fs if moving => Move::TruckRight,
        Size::Ws | Size::Fs => [Move::PanRight, Move::PushIn, Move::TruckLeft][at % 3],
        Size::Mws | Size::Ms => [Move::PushIn, Move::Static, Move::TruckRight][at % 3],
        Size::Mcu | Size::Cu => [Move::PushIn, Move::Static][at % 2],
        Size::Bcu | Size::Ecu | Size::Insert => Move::PushIn,
    };
    match previous {
        Some(p) if p.movement == choice && choice != Move::Static => Move::Static,
        _ => choice,
    }
}
