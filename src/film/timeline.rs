//! The film on its clock: which picture, voice, text and card stands at which frame.
//!
//! Durations run from cut to cut and are whole frames. A transition is centred on its cut, adds no
//! time and takes its handles from both sides. Title and end cards are extra time and no beats.

use super::assets::Assets;
use super::audio::{Audio, CueKind};
use super::brand;
use super::caption::{self, Caption, Spoken};
use super::format::Format;
use super::script;
use super::shot::{Transition, TransitionKind};
use super::storyboard::Storyboard;
use super::time::{Frames, Rate};

/// Seconds that the card of a chapter stands.
pub const CHAPTER: f64 = 2.2;

/// The film begins out of black and ends in it, for half a second.
pub const FADE_EDGE: f64 = 0.5;

#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    pub rate: Rate,
    pub format: Format,
    pub spans: Vec<Span>,
    pub captions: Vec<Caption>,
    pub supers: Vec<Caption>,
    /// A name, and what it is said to be.
    pub lower_thirds: Vec<Caption>,
    pub cues: Vec<Placed>,
    pub chapters: Vec<Chapter>,
    pub total: Frames,
}

/// A stretch of picture from cut to cut.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    pub what: Footage,
    pub start: Frames,
    pub length: Frames,
    /// Into the next span.
    pub transition: Transition,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Footage {
    Title,
    /// The card of a chapter, with its words.
    Chapter(String),
    Shot(String),
    End,
}

impl Footage {
    /// The shot's id, or which card it is.
    pub fn name(&self) -> &str {
        match self {
            Footage::Title => "title",
            Footage::Chapter(_) => "chapter",
            Footage::Shot(id) => id,
            Footage::End => "end",
        }
    }
}

/// A sound at its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    pub cue: String,
    pub start: Frames,
    pub kind: CueKind,
    pub file: Option<String>,
    pub level_db: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Chapter {
    pub title: String,
    pub start: Frames,
    pub end: Frames,
}

/// Lengths of the cards, in seconds; zero leaves one out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cards {
    pub title: f64,
    pub end: f64,
    /// Of the brand's footage before and after the film.
    pub intro: f64,
    pub outro: f64,
}

impl Timeline {
    /// Lays out the film. A shot that `audio` holds longer is longer here too.
    pub fn lay(
        board: &Storyboard,
        audio: &Audio,
        format: Format,
        rate: Rate,
        cards: Cards,
    ) -> Timeline {
        let mut spans = Vec::new();
        let mut chapters = Vec::new();
        let mut at = Frames(0);
        let mut push =
            |spans: &mut Vec<Span>, what: Footage, length: Frames, transition: Transition| {
                spans.push(Span {
                    what,
                    start: at,
                    length,
                    transition,
                });
                at += length;
            };
        let dip = Transition {
            kind: TransitionKind::FadeBlack,
            seconds: 0.6,
        };
        if cards.intro > 0.0 {
            let footage = Footage::Shot(brand::INTRO.to_owned());
            push(&mut spans, footage, rate.frames(cards.intro), dip.clone());
        }
        if cards.title > 0.0 {
            // Two cards do not lie over each other.
            let card_next = board.beats.first().is_some_and(|b| b.chapter.is_some());
            let fade = Transition {
                kind: match card_next {
                    true => TransitionKind::FadeBlack,
                    false => TransitionKind::Dissolve,
                },
                seconds: 0.6,
            };
            push(&mut spans, Footage::Title, rate.frames(cards.title), fade);
        }
        for (number, beat) in board.beats.iter().enumerate() {
            let first = spans.len();
            if let Some(words) = &beat.chapter {
                let fade = Transition {
                    kind: TransitionKind::Dissolve,
                    seconds: 0.5,
                };
                if let Some(last) = spans.last_mut()
                    && last.transition.is_cut()
                    && number > 0
                {
                    last.transition = fade.clone();
                }
                let card = Footage::Chapter(words.clone());
                push(&mut spans, card, rate.frames(CHAPTER), fade);
            }
            for shot in &beat.shots {
                let held = audio
                    .hold_frames
                    .get(shot.name())
                    .copied()
                    .unwrap_or(0)
                    .max(0);
                let length = Frames(rate.frames(shot.seconds).0.max(1) + held);
                push(
                    &mut spans,
                    Footage::Shot(shot.name().to_owned()),
                    length,
                    shot.transition.clone(),
                );
            }
            if let (Some(a), Some(b)) = (spans.get(first), spans.last())
                && first < spans.len()
            {
                chapters.push(Chapter {
                    title: beat.heading.clone(),
                    start: a.start,
                    end: b.start + b.length,
                });
            }
        }
        if cards.end > 0.0 {
            if let Some(last) = spans.last_mut()
                && last.transition.is_cut()
                && !matches!(last.what, Footage::Title)
            {
                last.transition = Transition {
                    kind: TransitionKind::FadeBlack,
                    seconds: 0.8,
                };
            }
            push(
                &mut spans,
                Footage::End,
                rate.frames(cards.end),
                Transition::CUT,
            );
        }
        if cards.outro > 0.0 {
            if let Some(last) = spans.last_mut() {
                last.transition = dip;
            }
            let footage = Footage::Shot(brand::OUTRO.to_owned());
            let length = rate.frames(cards.outro);
            push(&mut spans, footage, length, Transition::CUT);
        }
        let led_in = cards.title > 0.0 || cards.intro > 0.0;
        if let (Some(first), true) = (chapters.first_mut(), led_in) {
            first.start = Frames(0);
        }
        if let Some(last) = chapters.last_mut() {
            last.end = at;
        }
        let mut timeline = Timeline {
            rate,
            format,
            spans,
            captions: Vec::new(),
            supers: Vec::new(),
            lower_thirds: Vec::new(),
            cues: Vec::new(),
            chapters,
            total: at,
        };
        timeline.fit_transitions();
        timeline.place(board, audio);
        timeline
    }

    /// A transition takes at most half of the shorter neighbour, so that two never overlap.
    fn fit_transitions(&mut self) {
        let lengths: Vec<f64> = self
            .spans
            .iter()
            .map(|s| self.rate.seconds(s.length))
            .collect();
        for (i, span) in self.spans.iter_mut().enumerate() {
            match lengths.get(i + 1) {
                Some(next) => {
                    span.transition.seconds = span
                        .transition
                        .seconds
                        .min(lengths[i] * 0.8)
                        .min(next * 0.8)
                }
                None => span.transition = Transition::CUT,
            }
        }
    }

    fn place(&mut self, board: &Storyboard, audio: &Audio) {
        let mut spoken: Vec<Spoken> = Vec::new();
        for cue in &audio.cues {
            let span = cue.shot.as_ref().and_then(|id| self.span(id.as_str()));
            // A cue of a shot that is no longer there is silent.
            if cue.shot.is_some() && span.is_none() {
                continue;
            }
            let base = span.map_or(Frames(0), |s| s.start);
            let start = base + self.rate.frames(cue.at);
            if cue.kind == CueKind::Voice
                && let Some(span) = span
                && !cue.text.is_empty()
            {
                let end = start + self.rate.frames_up(cue.seconds.max(0.2));
                spoken.push(Spoken {
                    text: script::plain(&cue.text),
                    start,
                    end: Frames(end.0.min((span.start + span.length).0).max(start.0 + 1)),
                    shot: (span.start, span.start + span.length),
                });
            }
            self.cues.push(Placed {
                cue: cue.id.to_string(),
                start,
                kind: cue.kind,
                file: cue.file.clone(),
                level_db: cue.level_db,
            });
        }
        spoken.sort_by_key(|s| s.start);
        self.captions = caption::lay(&spoken, self.format, self.rate);
        for (_, shot) in board.shots() {
            let span = self.span(shot.name()).map(|s| (s.start, s.length));
            if let (Some(text), Some((start, length))) = (&shot.lower_third, span) {
                let inset = self.rate.frames(0.4).min(Frames(length.0 / 6));
                let most = self.rate.frames(5.0);
                let (name, role) = text.split_once(',').unwrap_or((text, ""));
                let lines = [name, role].map(|t| t.trim().to_owned());
                let lines: Vec<String> = lines.into_iter().filter(|t| !t.is_empty()).collect();
                // Nothing but a comma says nothing.
                if lines.is_empty() {
                    continue;
                }
                self.lower_thirds.push(Caption {
                    start: start + inset,
                    end: (start + length - inset).min(start + inset + most),
                    lines,
                });
            }
        }
        let width = caption::characters_a_line(self.format);
        for (_, shot) in board.shots() {
            if let (Some(text), Some(span)) = (&shot.on_screen, self.span(shot.name())) {
                let inset = self.rate.frames(0.2).min(Frames(span.length.0 / 4));
                self.supers.push(Caption {
                    start: span.start + inset,
                    end: span.start + span.length - inset,
                    lines: wrap(text, width),
                });
            }
        }
    }

    /// The shot whose picture a card lies on: the one after it, before the end card the last.
    pub fn behind(&self, card: usize) -> Option<usize> {
        let is_shot = |i: &usize| matches!(self.spans[*i].what, Footage::Shot(_));
        match self.spans.get(card)?.what {
            Footage::End => (0..card).rev().find(is_shot),
            _ => (card + 1..self.spans.len()).find(is_shot),
        }
    }

    pub fn span(&self, shot: &str) -> Option<&Span> {
        self.spans
            .iter()
            .find(|s| matches!(&s.what, Footage::Shot(id) if id == shot))
    }

    pub fn seconds(&self) -> f64 {
        self.rate.seconds(self.total)
    }

    /// Where somebody speaks, in seconds: what music ducks under.
    pub fn voice_windows(&self, lengths: impl Fn(&str) -> f64) -> Vec<(f64, f64)> {
        self.cues
            .iter()
            .filter(|c| c.kind == CueKind::Voice && c.file.is_some())
            .map(|c| {
                let start = self.rate.seconds(c.start);
                (start, start + lengths(&c.cue))
            })
            .collect()
    }
}

/// Breaks a text into as many lines as it needs.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() == 2 {
        caption::balance(&lines.join(" "), width)
    } else {
        lines
    }
}

/// Whether every shot of the storyboard has footage.
pub fn missing_footage(board: &Storyboard, assets: &Assets) -> Vec<String> {
    board
        .shots()
        .map(|(_, s)| s.name().to_owned())
        .filter(|id| assets.get(id).is_none())
        .collect()
}
