//! The duties of a film's kind, measured on what lies there.

use super::reel::Reel;
use super::{Desk, own, translation};
use crate::animatic::writer::kind;
use crate::film::artifacts::Artifacts;
use crate::film::audio::Audio;
use crate::film::duty::{Breach, Rule};
use crate::film::sheet::SourceForm;
use crate::film::stage::Stage;
use crate::plan::duties::{self, Measured};
use crate::store::run::Run;
use crate::template;
use crate::template::field::{self, Kind};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Whether anything is measured at a stage's gate.
pub fn bind(desk: &Desk<'_>, stage: Stage) -> bool {
    let sheet = &desk.run.film.sheet;
    let mut duties = desk.template.duties.iter();
    let by_nature = matches!(stage, Stage::Script | Stage::Render)
        && (has_fields(desk) || sheet.translated_from.is_some());
    by_nature || stage == Stage::Own || duties.any(|d| d.rule.stages().contains(&stage))
}

/// Whether the film has fields, or should have.
fn has_fields(desk: &Desk<'_>) -> bool {
    let text = desk.template.text_field.as_ref();
    let mut fields = desk.template.fields.iter();
    let wanted = fields.any(|(name, f)| f.required && Some(name) != text);
    wanted || (!desk.run.film.sheet.fields.is_empty() && !desk.template.fields.is_empty())
}

/// What every kind owes: fields that fit, words in the language they are said to be in.
fn by_nature(desk: &Desk<'_>, film: &Artifacts) -> Vec<Breach> {
    let run = desk.run;
    let sheet = &run.film.sheet;
    let mut out = Vec::new();
    let mut breach = |duty: &str, at: &str, what: String, source: &str| {
        out.push(Breach {
            duty: duty.to_owned(),
            at: at.to_owned(),
            what,
            source: source.to_owned(),
        });
    };
    if has_fields(desk) {
        let mut fields = desk.template.fields.clone();
        // A text that was handed in stands in no field.
        if let Some(text) = &desk.template.text_field
            && let Some(field) = fields.get_mut(text)
        {
            field.required = false;
        }
        for problem in field::faults(&fields, &sheet.fields) {
            breach("fields_fit", "run.yaml", problem.message, "the template");
        }
    }
    if let (Some(from), Some(source), Some(now)) = (
        &sheet.translated_from,
        translation::source(desk),
        film.script.as_ref(),
    ) {
        let same = translation::untouched(&source, now);
        if same > 0 {
            let what = format!("{same} lines are still in {from}");
            breach("translated", "script.fountain", what, "run.yaml: language");
        }
    }
    out
}

/// The duties a film does not meet at a stage, without those that somebody took on themselves for what lies there.
/// With `film`, the documents are those, not the working files'.
pub fn breaches(desk: &Desk<'_>, stage: Stage, film: Option<(&Artifacts, &str)>) -> Vec<Breach> {
    if !bind(desk, stage) {
        return Vec::new();
    }
    let run = desk.run;
    let sheet = &run.film.sheet;
    let fields = desk.template.filled(&sheet.fields);
    // Words that only lay out or steer the film are nothing that is claimed.
    let own = own_sentences(desk, &fields);
    let script = run.text(Stage::Script).unwrap_or_default();
    let on_disk = film.is_none();
    let (film, script) = film.unwrap_or((&run.film, script));
    let reel = match stage {
        // Documents that lie nowhere yet are in no reel: their lengths are the board's.
        Stage::Storyboard | Stage::Audio | Stage::Render if on_disk => Reel::draft(desk).ok(),
        _ => None,
    };
    let timeline = (reel.as_ref()).and_then(|r| r.timeline(desk, sheet.master()).ok());
    let weighed = desk
        .template
        .duties
        .iter()
        .any(|d| matches!(d.rule, Rule::MajorStatement { .. }));
    let loudness = match (&reel, weighed && stage >= Stage::Audio) {
        (Some(reel), true) => loudness(run.layout.root(), &reel.audio),
        _ => BTreeMap::new(),
    };
    let documents = match sheet.source.form {
        SourceForm::Fields => run.film.source.as_str(),
        _ => "",
    };
    let cards = super::cards(desk);
    let end_card = match cards.end > 0.0 {
        true => desk.template.end_card(sheet),
        false => String::new(),
    };
    let figures = stated(desk, &fields);
    let passed = passed_over(run);
    let mut found = match stage {
        Stage::Script | Stage::Render => by_nature(desk, film),
        Stage::Own if own::unanswered(desk) => vec![Breach {
            duty: "answered".to_owned(),
            at: own::FILE.to_owned(),
            what: "the question has no answer yet".to_owned(),
            source: "the template: own".to_owned(),
        }],
        _ => Vec::new(),
    };
    found.extend(duties::breaches(
        &desk.template.duties,
        stage,
        &Measured {
            film,
            script,
            fields: &fields,
            documents,
            own: &own,
            end_card: &end_card,
            title: (cards.title > 0.0).then_some(sheet.title.as_str()),
            figures: &figures,
            pace: desk.template.words_per_minute,
            timeline: timeline.as_ref(),
            loudness: &loudness,
        },
    ));
    found
        .into_iter()
        .filter(|b| !passed.contains(&b.key()))
        .collect()
}

/// The words of fields that state something: days, choices and names of files do not.
fn stated(desk: &Desk<'_>, fields: &BTreeMap<String, String>) -> String {
    let states = |name: &String| {
        let kind = desk.template.fields.get(name).map(|f| f.kind);
        !matches!(
            kind,
            Some(Kind::Date | Kind::Choice | Kind::Picture | Kind::Documents)
        )
    };
    let words = fields.iter().filter(|(name, _)| states(name));
    words
        .map(|(_, v)| v.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Duties somebody took on themselves at a gate whose approval still stands.
fn passed_over(run: &Run) -> BTreeSet<String> {
    let subjects = Stage::ALL.into_iter().filter_map(|s| run.subject(s));
    let decided = subjects.filter_map(|(subject, _)| run.ledger.decision(&subject));
    decided.flat_map(|(_, d)| d.duties.clone()).collect()
}

/// What the template's own scenes say, with this film's fields in their places.
fn own_sentences(desk: &Desk<'_>, fields: &BTreeMap<String, String>) -> Vec<String> {
    let scenes = desk.template.beats.iter().map(|b| b.script.as_str());
    let elements = scenes.flat_map(kind::elements);
    elements
        .filter_map(|e| match e {
            crate::film::script::Element::Speech(text) => template::fill(&text, fields),
            crate::film::script::Element::Action(text) => template::fill(&text, fields),
            _ => None,
        })
        .collect()
}

/// How loud each voice is, its level counted, in LUFS; what cannot be measured is left out.
fn loudness(root: &Path, audio: &Audio) -> BTreeMap<String, f64> {
    let measured = audio.voices().filter_map(|cue| {
        let path = root.join(cue.file.as_ref()?);
        let mut wav = hound::WavReader::open(path).ok()?;
        let spec = wav.spec();
        let samples: Vec<f32> = wav
            .samples::<i16>()
            .map(|s| s.map(|s| f32::from(s) / 32768.0))
            .collect::<Result<_, _>>()
            .ok()?;
        let mode = ebur128::Mode::I;
        let mut meter =
            ebur128::EbuR128::new(u32::from(spec.channels), spec.sample_rate, mode).ok()?;
        meter.add_frames_f32(&samples).ok()?;
        let loud = meter.loudness_global().ok().filter(|l| l.is_finite())?;
        Some((cue.id.to_string(), loud + cue.level_db))
    });
    measured.collect()
}
