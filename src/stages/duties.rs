//! The duties of a film's kind, measured on what lies there.

use super::Desk;
use super::reel::Reel;
use crate::film::artifacts::Artifacts;
use crate::film::audio::Audio;
use crate::film::duty::{Breach, Rule};
use crate::film::sheet::SourceForm;
use crate::film::stage::Stage;
use crate::plan::duties::{self, Measured};
use crate::screenplay::fountain;
use crate::store::run::Run;
use crate::template;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Whether anything is measured at a stage's gate.
pub fn bind(desk: &Desk<'_>, stage: Stage) -> bool {
    let mut duties = desk.template.duties.iter();
    duties.any(|d| d.rule.stages().contains(&stage))
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
    let (film, script) = film.unwrap_or((&run.film, script));
    let reel = match stage {
        Stage::Storyboard | Stage::Audio | Stage::Render => Reel::draft(desk).ok(),
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
    let end_card = desk.template.end_card(sheet);
    let passed = passed_over(run);
    let found = duties::breaches(
        &desk.template.duties,
        stage,
        &Measured {
            film,
            script,
            fields: &fields,
            documents,
            own: &own,
            end_card: &end_card,
            pace: desk.template.words_per_minute,
            timeline: timeline.as_ref(),
            loudness: &loudness,
        },
    );
    found
        .into_iter()
        .filter(|b| !passed.contains(&b.duty))
        .collect()
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
    let elements = scenes.flat_map(|s| fountain::parse(s, "the template").0.elements);
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
