//! Whether a film does what its kind must: its duties measured on the script, on the board and on the timeline. Every
//! breach says where, and which rule it breaks.

use crate::film::artifacts::Artifacts;
use crate::film::audio::CueKind;
use crate::film::brand::INTRO;
use crate::film::caption::{caption_size, super_size};
use crate::film::duty::{Breach, Duty, Rule};
use crate::film::format::Orientation;
use crate::film::lines::reading_seconds;
use crate::film::script::{self, Element};
use crate::film::sheet::Captions;
use crate::film::stage::Stage;
use crate::film::timeline::{Footage, Timeline};
use std::collections::{BTreeMap, BTreeSet};

/// What the duties of a film are measured on.
pub struct Measured<'a> {
    pub film: &'a Artifacts,
    /// The script's text, for the lines of what is wrong.
    pub script: &'a str,
    /// The fields, with those that stand where nothing was said.
    pub fields: &'a BTreeMap<String, String>,
    /// The text of the documents that were handed in.
    pub documents: &'a str,
    /// Sentences the template itself says.
    pub own: &'a [String],
    /// What the cards say, where they stand.
    pub end_card: &'a str,
    pub title: Option<&'a str>,
    /// The text of fields that figures may come from.
    pub figures: &'a str,
    /// Words a minute of the narration.
    pub pace: f64,
    /// The film in time, where it stands so far.
    pub timeline: Option<&'a Timeline>,
    /// How loud each voice cue is, in LUFS, its level counted.
    pub loudness: &'a BTreeMap<String, f64>,
}

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

/// Every duty that is not met, as far as it can be measured at a stage.
pub fn breaches(duties: &[Duty], stage: Stage, on: &Measured<'_>) -> Vec<Breach> {
    let mut out = Vec::new();
    for duty in duties {
        let given = |name: &String| on.fields.get(name).is_some_and(|v| !v.trim().is_empty());
        let excused = duty.unless.iter().any(|(field, values)| {
            on.fields
                .get(field)
                .is_some_and(|v| values.iter().any(|w| w == v))
        });
        if excused || !duty.when.iter().all(given) || !duty.rule.stages().contains(&stage) {
            continue;
        }
        for (at, what) in on.broken(&duty.rule, stage) {
            out.push(Breach {
                duty: duty.id.clone(),
                at,
                what,
                source: duty.source.clone(),
            });
        }
    }
    out
}

/// A sentence or line that is heard or seen, and where.
struct Told {
    text: String,
    at: String,
}

/// Where something is wrong, and what.
type Fault = (String, String);

/// Words without their marks, in lower case: what counts where words must be the same.
fn words(text: &str) -> Vec<String> {
    script::plain(text)
        .split(|c: char| !(c.is_alphanumeric() || c == '%'))
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Whether the words of `part` stand in `whole` one after the other.
fn stands_in(part: &[String], whole: &[String]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|w| w == part)
}

/// The finest parts of a text that stand for themselves: what lies between stops, each as its words. Abbreviations are
/// cut through, on both sides of every comparison alike.
fn units(text: &str) -> Vec<Vec<String>> {
    parts(text).iter().map(|p| words(p)).collect()
}

fn parts(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if let Some(open) = out.last_mut() {
            open.push(c);
        }
        let next_is_space = chars.peek().is_none_or(|n| n.is_whitespace());
        if matches!(c, '.' | '!' | '?' | '…' | '。') && next_is_space {
            out.push(String::new());
        }
    }
    out.retain(|p| !words(p).is_empty());
    out.iter().map(|p| p.trim().to_owned()).collect()
}

/// The paragraphs of a text, each on one line.
fn paragraphs(text: &str) -> Vec<String> {
    let blocks = text.split("\n\n");
    blocks
        .map(|b| b.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|b| !b.is_empty())
        .collect()
}

/// Whether a text ends as a sentence does.
fn is_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', ')', '»'])
        .ends_with(['.', '!', '?', '…', '。'])
}

/// The figures of a text: digits with the letters that belong to them.
fn figures(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | ',' | '/')))
        .map(|w| w.trim_matches(|c: char| matches!(c, '.' | ',' | '/')))
        .filter(|w| w.chars().any(|c| c.is_ascii_digit()))
        .map(str::to_lowercase)
        .collect()
}

impl Measured<'_> {
    /// What is spoken, part by part: on the finished sound by its cues.
    fn spoken(&self, stage: Stage) -> Vec<Told> {
        let mut out = Vec::new();
        let mut push = |text: &str, at: &str| {
            out.extend(parts(text).into_iter().map(|text| Told {
                text,
                at: at.to_owned(),
            }));
        };
        let on_sound = matches!(stage, Stage::Audio | Stage::Render);
        let on_board = on_sound || stage == Stage::Storyboard;
        if let (Some(audio), true) = (&self.film.audio, on_sound) {
            for cue in audio.voices() {
                push(&cue.text, cue.id.as_str());
            }
        } else if let (Some(board), true) = (&self.film.storyboard, on_board) {
            for (_, shot) in board.shots() {
                for line in &shot.lines {
                    push(&line.text, shot.name());
                }
            }
        } else {
            for element in self.film.script.iter().flat_map(|s| &s.elements) {
                if let Element::Speech(text) | Element::Lyric(text) = element {
                    push(text, &self.line(text));
                }
            }
        }
        out
    }

    /// What stands on the screen besides captions.
    fn shown(&self, stage: Stage) -> Vec<Told> {
        let mut out: Vec<Told> = self
            .end_card
            .lines()
            .map(|text| Told {
                text: text.to_owned(),
                at: "end card".to_owned(),
            })
            .collect();
        out.extend(self.title.map(|title| Told {
            text: title.to_owned(),
            at: "title card".to_owned(),
        }));
        match (&self.film.storyboard, stage) {
            (Some(board), Stage::Storyboard | Stage::Audio | Stage::Render) => {
                for beat in &board.beats {
                    out.extend(beat.chapter.iter().map(|text| Told {
                        text: text.clone(),
                        at: "storyboard.yaml".to_owned(),
                    }));
                }
                for (_, shot) in board.shots() {
                    let texts = [shot.on_screen.as_ref(), shot.lower_third.as_ref()];
                    out.extend(texts.into_iter().flatten().map(|text| Told {
                        text: text.clone(),
                        at: shot.name().to_owned(),
                    }));
                }
            }
            _ => {
                let elements = self.film.script.iter().flat_map(|s| &s.elements);
                out.extend(elements.filter_map(|e| {
                    let (Element::Action(text) | Element::Centred(text)) = e else {
                        return None;
                    };
                    script::shown(text).map(|words| Told {
                        text: words.to_owned(),
                        at: self.line(text),
                    })
                }));
            }
        }
        out
    }

    /// The line of the script a text begins on.
    fn line(&self, text: &str) -> String {
        let first = text.lines().next().unwrap_or_default();
        let at = self.script.lines().position(|l| l.contains(first));
        at.map_or("script.fountain".to_owned(), |i| {
            format!("script.fountain:{}", i + 1)
        })
    }

    /// What was given, part by part.
    fn known(&self) -> Vec<Vec<String>> {
        let fields = self.fields.values().map(|v| v.replace('\n', "\n\n"));
        let given = fields.flat_map(|v| paragraphs(&v));
        given
            .chain(paragraphs(self.documents))
            .flat_map(|p| units(&p))
            .collect()
    }

    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn broken(&self, rule: &Rule, stage: Stage) -> Vec<Fault> {
        match rule {
            Rule::Given { field } if words(self.field(field)).is_empty() => {
                vec![("run.yaml".to_owned(), format!("`{field}` is not given"))]
            }
            Rule::Given { .. } => Vec::new(),
            Rule::Says { field } => self.says(field, stage),
            Rule::Shows { text } => self.shows(text, stage),
            Rule::FirstMention { of, with } => self.first_mention(of, with, stage),
            Rule::Order { beats } => self.order(beats, stage),
            Rule::Traceable { fields } => self.traceable(fields, stage),
            Rule::Figures => self.figures(stage),
            Rule::Claims { words } => self.claims(words, stage),
            Rule::Never { words: list } => self
                .spoken(stage)
                .into_iter()
                .chain(self.shown(stage))
                .filter_map(|told| {
                    let said = words(&told.text);
                    let word = list.iter().find(|w| stands_in(&words(w), &said))?;
                    Some((told.at, format!("“{word}” may not be said or shown")))
                })
                .collect(),
            Rule::BurnedCaptions => match self.film.sheet.captions {
                Captions::Burned => Vec::new(),
                _ => vec![(
                    "run.yaml".to_owned(),
                    "captions must be part of the picture: `captions: burned`".to_owned(),
                )],
            },
            Rule::Format { one_of } => {
                let shape = match self.film.sheet.master().orientation() {
                    Orientation::Wide => "wide",
                    Orientation::Vertical => "vertical",
                    Orientation::Square => "square",
                };
                if one_of.iter().any(|f| f == shape) {
                    Vec::new()
                } else {
                    vec![(
                        "run.yaml".to_owned(),
                        format!("the film is {shape}; it must be {}", one_of.join(" or ")),
                    )]
                }
            }
            Rule::Lasts { least, most } => {
                let seconds = match self.timeline {
                    Some(timeline) => timeline.seconds(),
                    None => self
                        .film
                        .storyboard
                        .as_ref()
                        .map_or(*least, |b| b.seconds()),
                };
                if seconds < least - 0.05 || seconds > most + 0.05 {
                    vec![(
                        String::new(),
                        format!(
                            "the film lasts {seconds:.1} s; {least:.0} to {most:.0} s are wanted"
                        ),
                    )]
                } else {
                    Vec::new()
                }
            }
            Rule::Hook { within } => self.hook(*within),
            Rule::Balance {
                risk,
                benefit,
                least,
            } => self.balance(risk, benefit, *least),
            Rule::MajorStatement { field } => self.major_statement(field),
            Rule::Legible => self.legible(),
            Rule::Market {
                audience,
                value,
                market,
                only_in,
            } => {
                let market = self.field(market).to_uppercase();
                if self.field(audience) != value || only_in.contains(&market) {
                    return Vec::new();
                }
                let place = if market.is_empty() {
                    "no market is named".to_owned()
                } else {
                    format!("the market is {market}")
                };
                vec![(
                    "run.yaml".to_owned(),
                    format!("the audience is {value} and {place}; that is for a person to decide"),
                )]
            }
        }
    }

    fn says(&self, field: &str, stage: Stage) -> Vec<Fault> {
        // On the finished sound a line that is silent is not spoken.
        let silent: Vec<&str> = match (&self.film.audio, stage) {
            (Some(audio), Stage::Audio | Stage::Render) => audio
                .voices()
                .filter(|c| c.file.is_none())
                .map(|c| c.text.as_str())
                .collect(),
            _ => Vec::new(),
        };
        let heard: Vec<Vec<String>> = self
            .spoken(stage)
            .iter()
            .filter(|t| !silent.iter().any(|s| s.contains(&t.text)))
            .map(|t| words(&t.text))
            .collect();
        // A sentence is one; what is none may stand within another.
        let said = |part: &str| {
            let wanted = words(part);
            match is_sentence(part) {
                true => heard.contains(&wanted),
                false => heard.iter().any(|h| stands_in(&wanted, h)),
            }
        };
        let lines = paragraphs(&self.field(field).replace('\n', "\n\n"));
        lines
            .iter()
            .flat_map(|line| parts(line))
            .filter(|part| !said(part))
            .map(|s| {
                (
                    place(stage),
                    format!("`{field}` is not spoken word for word: “{}”", short(&s)),
                )
            })
            .collect()
    }

    fn shows(&self, text: &str, stage: Stage) -> Vec<Fault> {
        // Fields stand on one line each, as cards and directions put them.
        let mut wanted = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let value: Vec<&str> = self.field(name).split_whitespace().collect();
            wanted.push_str(before);
            wanted.push_str(&value.join(" "));
            rest = after;
        }
        wanted.push_str(rest);
        let line = words(&wanted);
        let shown = self.shown(stage);
        if shown.iter().any(|t| stands_in(&line, &words(&t.text))) {
            return Vec::new();
        }
        let what = format!("nowhere on the screen stands “{}”", short(&wanted));
        vec![(place(stage), what)]
    }

    fn first_mention(&self, of: &str, with: &str, stage: Stage) -> Vec<Fault> {
        let (name, other) = (words(self.field(of)), words(self.field(with)));
        for told in [
            self.spoken(stage),
            self.shown(stage)
                .into_iter()
                .filter(|t| t.at != "title card")
                .collect(),
        ] {
            // The sentence and the one after it are one breath.
            let first = told.iter().position(|t| stands_in(&name, &words(&t.text)));
            let Some(at) = first else { continue };
            let breath: Vec<String> = told[at..]
                .iter()
                .take(2)
                .flat_map(|t| words(&t.text))
                .collect();
            if !stands_in(&other, &breath) {
                return vec![(
                    told[at].at.clone(),
                    format!(
                        "“{}” is named first without “{}”",
                        self.field(of),
                        self.field(with)
                    ),
                )];
            }
        }
        Vec::new()
    }

    fn order(&self, beats: &[String], stage: Stage) -> Vec<Fault> {
        let there: Vec<String> = match (&self.film.storyboard, stage) {
            (Some(board), Stage::Storyboard | Stage::Audio | Stage::Render) => board
                .beats
                .iter()
                .filter_map(|b| b.id.as_ref())
                .map(ToString::to_string)
                .collect(),
            _ => (self.film.outline.iter().flat_map(|o| &o.beats))
                .filter_map(|b| b.id.as_ref())
                .map(ToString::to_string)
                .collect(),
        };
        let mut from = 0;
        let mut out = Vec::new();
        for beat in beats {
            match there.iter().position(|b| b == beat) {
                None => out.push((
                    "outline.yaml".to_owned(),
                    format!("the beat `{beat}` is missing"),
                )),
                Some(at) if at < from => {
                    out.push((
                        "outline.yaml".to_owned(),
                        format!("the beat `{beat}` comes too early"),
                    ));
                }
                Some(at) => from = at,
            }
        }
        out
    }

    fn traceable(&self, fields: &[String], stage: Stage) -> Vec<Fault> {
        let named = fields.iter().flat_map(|f| paragraphs(self.field(f)));
        let documents = paragraphs(self.documents);
        let mut sources: Vec<Vec<String>> =
            named.chain(documents).flat_map(|p| units(&p)).collect();
        sources.extend(self.own.iter().flat_map(|s| units(s)));
        self.spoken(stage)
            .into_iter()
            .filter(|told| !sources.contains(&words(&told.text)))
            .map(|told| {
                (
                    told.at,
                    format!("stands in no source: “{}”", short(&told.text)),
                )
            })
            .collect()
    }

    fn figures(&self, stage: Stage) -> Vec<Fault> {
        let mut known: BTreeSet<String> = figures(self.figures).into_iter().collect();
        known.extend(figures(self.documents));
        known.extend(self.own.iter().flat_map(|s| figures(s)));
        self.spoken(stage)
            .into_iter()
            .chain(
                self.shown(stage)
                    .into_iter()
                    .filter(|t| !t.at.ends_with(" card")),
            )
            .flat_map(|told| {
                figures(&told.text)
                    .into_iter()
                    .map(move |f| (told.at.clone(), f))
            })
            .filter(|(_, figure)| !known.contains(figure))
            .map(|(at, figure)| {
                (
                    at,
                    format!("the figure {figure} stands in no field and no document"),
                )
            })
            .collect()
    }

    fn claims(&self, list: &[String], stage: Stage) -> Vec<Fault> {
        let known = self.known();
        self.spoken(stage)
            .into_iter()
            .chain(self.shown(stage))
            .filter_map(|told| {
                let said = words(&told.text);
                let word = list.iter().find(|w| stands_in(&words(w), &said))?;
                let given = known.contains(&said);
                (!given).then(|| {
                    (
                        told.at,
                        format!(
                            "“{word}” is a claim that stands in no field: “{}”",
                            short(&told.text)
                        ),
                    )
                })
            })
            .collect()
    }

    fn hook(&self, within: f64) -> Vec<Fault> {
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

    fn balance(&self, risk: &[String], benefit: &[String], least: f64) -> Vec<Fault> {
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

    fn major_statement(&self, field: &str) -> Vec<Fault> {
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

    fn legible(&self) -> Vec<Fault> {
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

fn place(stage: Stage) -> String {
    match stage {
        Stage::Script => "script.fountain",
        Stage::Storyboard => "storyboard.yaml",
        _ => "the film",
    }
    .to_owned()
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.chars().count() > 80 {
        true => format!("{}…", line.chars().take(79).collect::<String>()),
        false => line,
    }
}
