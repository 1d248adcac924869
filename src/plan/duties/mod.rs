//! Whether a film does what its kind must: its duties measured on the script, on the board and on the timeline. Every
//! breach says where, and which rule it breaks.

mod telling;
mod timing;

use crate::film::artifacts::Artifacts;
use crate::film::duty::{Breach, Duty, Rule};
use crate::film::format::Orientation;
use crate::film::numerals;
use crate::film::script::{self, Element};
use crate::film::sheet::Captions;
use crate::film::stage::Stage;
use crate::film::timeline::Timeline;
use std::collections::{BTreeMap, BTreeSet};
use telling::{figures, is_sentence, is_told, paragraphs, parts, short, stands_in, units, words};

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
                    let word = list.iter().find(|w| is_told(&words(w), &said))?;
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
        // Words tell numbers too, where their language is understood.
        let english = self.film.sheet.language.starts_with("en");
        let all = |text: &str| {
            let mut found = figures(text);
            if english {
                found.extend(numerals::heard(text));
            }
            found
        };
        let mut known: BTreeSet<String> = all(self.figures).into_iter().collect();
        known.extend(all(self.documents));
        known.extend(self.own.iter().flat_map(|s| all(s)));
        self.spoken(stage)
            .into_iter()
            .chain(
                self.shown(stage)
                    .into_iter()
                    .filter(|t| !t.at.ends_with(" card")),
            )
            .flat_map(|told| {
                all(&told.text)
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
                let word = list.iter().find(|w| is_told(&words(w), &said))?;
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
}

fn place(stage: Stage) -> String {
    match stage {
        Stage::Script => "script.fountain",
        Stage::Storyboard => "storyboard.yaml",
        _ => "the film",
    }
    .to_owned()
}
