//! Duties that are measured on the film in time: the hook, fair balance, the major statement, what can be read.

use super::telling::{paragraphs, short, units};
use super::{Fault, Measured};
use crate::film::audio::CueKind;
use crate::film::brand::INTRO;
use crate::film::caption::{caption_size, super_size};
use crate::film::lines::reading_seconds;
use crate::film::sheet::Captions;
use crate::film::timeline::Footage;

/// How much faster than the rest the major statement may be spoken.
const RUSH: f64 = 1.10;
/// How much quieter, in loudness units.
const QUIET: f64 = 1.0;
/// How long a picture stands at least while it is spoken, in seconds.
const CALM: f64 = 2.0;
/// The least height of capitals, in lines of 1080.
const LEAST_HEIGHT: f64 = 30.0;
/// Capitals are this part of a letter's size.
const CAPITALS: f64 = 0.714;

impl Measured<'_> {
    pub(super) fn hook(&self, within: f64) -> Vec<Fault> {
        let Some(timeline) = self.timeline else {
            return Vec::new();
        };
        let first = timeline
            .spans
            .iter()
            .find(|s| matches!(&s.what, Footage::Shot(id) if id != INTRO));
        let start = first.map_or(0.0, |s| timeline.rate.seconds(s.start));
        let voice = timeline
            .cues
            .iter()
            .filter(|c| c.kind == CueKind::Voice)
            .map(|c| c.start);
        let words = timeline.supers.iter().map(|c| c.start);
        let earliest = voice
            .chain(words)
            .min()
            .map(|f| timeline.rate.seconds(f) - start);
        match earliest {
            Some(at) if at <= within => Vec::new(),
            Some(at) => vec![(
                String::new(),
                format!("the first word comes after {at:.1} s; within {within} s is wanted"),
            )],
            None => vec![(
                String::new(),
                "nobody says anything and no words are shown".to_owned(),
            )],
        }
    }

    /// Seconds that the shots of beats last.
    fn lasts(&self, beats: &[String]) -> f64 {
        let board = self.film.storyboard.iter().flat_map(|b| &b.beats);
        let mine = board.filter(|b| {
            b.id.as_ref()
                .is_some_and(|id| beats.iter().any(|x| x == id.as_str()))
        });
        mine.flat_map(|b| &b.shots).map(|s| s.seconds).sum()
    }

    pub(super) fn balance(&self, risk: &[String], benefit: &[String], least: f64) -> Vec<Fault> {
        let (r, b) = (self.lasts(risk), self.lasts(benefit));
        if b <= 0.0 || r >= b * least - 0.01 {
            return Vec::new();
        }
        vec![(
            "storyboard.yaml".to_owned(),
            format!(
                "risks last {r:.1} s beside {b:.1} s of benefit; at least {:.1} s are wanted",
                b * least
            ),
        )]
    }

    pub(super) fn major_statement(&self, field: &str) -> Vec<Fault> {
        let (Some(timeline), Some(audio), Some(board)) =
            (self.timeline, &self.film.audio, &self.film.storyboard)
        else {
            return Vec::new();
        };
        let mut out = Vec::new();
        let statement: Vec<Vec<String>> = paragraphs(self.field(field))
            .iter()
            .flat_map(|p| units(p))
            .collect();
        let rate = &timeline.rate;
        let is_it = |text: &str| {
            let said = units(text);
            !said.is_empty() && said.iter().all(|s| statement.contains(s))
        };
        let voices: Vec<_> = timeline
            .cues
            .iter()
            .filter(|c| c.kind == CueKind::Voice)
            .filter_map(|placed| Some((placed, audio.cue(&placed.cue)?)))
            .collect();
        let (mine, rest): (Vec<_>, Vec<_>) =
            voices.into_iter().partition(|(_, cue)| is_it(&cue.text));
        let pace = |list: &[(&crate::film::timeline::Placed, &crate::film::audio::Cue)]| {
            let count: f64 = list.iter().map(|(_, c)| effort(&c.text)).sum();
            let seconds: f64 = list.iter().map(|(_, c)| c.seconds).sum();
            (seconds > 0.0).then(|| count / seconds * 60.0)
        };
        if let (Some(a), Some(b)) = (pace(&mine), pace(&rest))
            && a > b.max(self.pace) * RUSH
        {
            out.push((
                mine[0].1.id.to_string(),
                format!("`{field}` is spoken at {a:.0} words a minute, the rest at {b:.0}"),
            ));
        }
        let loud = |list: &[(&crate::film::timeline::Placed, &crate::film::audio::Cue)]| {
            let all: Vec<f64> = list
                .iter()
                .filter_map(|(_, c)| self.loudness.get(c.id.as_str()).copied())
                .collect();
            (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64)
        };
        if let (Some(a), Some(b)) = (loud(&mine), loud(&rest))
            && a < b - QUIET - 0.05
        {
            out.push((
                mine[0].1.id.to_string(),
                format!("`{field}` is {:.1} LU quieter than the rest", b - a),
            ));
        }
        if self.film.sheet.captions != Captions::Burned {
            out.push(("run.yaml".to_owned(), format!("the words of `{field}` must stand on the screen while they are spoken: `captions: burned`")));
        }
        for (placed, cue) in &mine {
            if cue.file.is_none() {
                out.push((cue.id.to_string(), format!("`{field}` is silent")));
            }
            let (from, to) = (placed.start, placed.start + rate.frames(cue.seconds));
            let read: Vec<_> = timeline
                .captions
                .iter()
                .filter(|c| c.start < to && c.end > from)
                .collect();
            let late = read
                .first()
                .is_none_or(|c| c.start > from + rate.frames(0.25));
            let early = read.last().is_none_or(|c| c.end + rate.frames(0.25) < to);
            if late || early {
                out.push((
                    cue.id.to_string(),
                    format!("the words of `{field}` do not stand as long as they are spoken"),
                ));
            }
            for span in timeline
                .spans
                .iter()
                .filter(|s| s.start < to && s.start + s.length > from)
            {
                let seconds = rate.seconds(span.length);
                if seconds < CALM {
                    out.push((
                        span.what.name().to_owned(),
                        format!(
                            "the picture changes after {seconds:.1} s while `{field}` is spoken"
                        ),
                    ));
                }
            }
            let swells = audio
                .cues
                .iter()
                .any(|m| m.kind == CueKind::Music && m.level_db > 3.0);
            if swells {
                out.push((
                    cue.id.to_string(),
                    format!("the music is raised over `{field}`"),
                ));
            }
        }
        if mine.is_empty() && !board.beats.is_empty() {
            out.push((
                String::new(),
                format!("`{field}` is not spoken in the film"),
            ));
        }
        out
    }

    pub(super) fn legible(&self) -> Vec<Fault> {
        let Some(timeline) = self.timeline else {
            return Vec::new();
        };
        let mut out = Vec::new();
        let rate = &timeline.rate;
        for super_ in timeline.supers.iter().chain(&timeline.lower_thirds) {
            let text = super_.lines.join(" ");
            let stands = rate.seconds(super_.end - super_.start);
            let needs = reading_seconds(&text);
            if stands + 0.05 < needs {
                out.push((
                    format!("at {:.1} s", rate.seconds(super_.start)),
                    format!(
                        "“{}” stands {stands:.1} s; {needs:.1} s are needed to read it",
                        short(&text)
                    ),
                ));
            }
        }
        if let Some(end) = timeline.spans.iter().find(|s| s.what == Footage::End) {
            let stands = rate.seconds(end.length);
            let needs = match self.end_card.lines().count() {
                0 | 1 => 0.0,
                _ => reading_seconds(self.end_card).min(12.0),
            };
            if stands + 0.05 < needs {
                out.push((
                    "end card".to_owned(),
                    format!(
                        "the end card stands {stands:.1} s; {needs:.1} s are needed to read it"
                    ),
                ));
            }
        }
        for (what, size) in [
            ("captions", caption_size(timeline.format)),
            ("words on the picture", super_size(timeline.format)),
        ] {
            let lines = size * 1080.0 * CAPITALS;
            if lines + 0.5 < LEAST_HEIGHT {
                out.push((
                    String::new(),
                    format!(
                        "{what} are {lines:.0} lines of 1080 high; {LEAST_HEIGHT:.0} are wanted"
                    ),
                ));
            }
        }
        out
    }
}

/// How much there is to speak, in words of five letters: a digit takes as long as a word.
fn effort(text: &str) -> f64 {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(|c| c.is_ascii_digit()).count();
    letters as f64 / 5.0 + digits as f64
}
