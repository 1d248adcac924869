//! What the flags of `new` choose, checked all at once.

use crate::cli::New;
use crate::config::{Settings, check_role};
use crate::diagnostic::{Exit, Failure, Problem};
use crate::film::format::Format;
use crate::film::sheet::{Captions, RunSheet};
use crate::film::time::Rate;
use crate::plan::money::Money;
use std::collections::BTreeMap;

/// The parts a narrator can be cast as.
const VOICES: [&str; 8] = [
    "narrator",
    "woman",
    "young_woman",
    "old_woman",
    "man",
    "young_man",
    "old_man",
    "child",
];

/// The fields among the flags; what is none is named by [`read`].
pub(super) fn pairs(set: &[String]) -> BTreeMap<String, String> {
    let pairs = set.iter().filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(k, v)| (k.trim().to_owned(), v.to_owned()))
        .filter(|(k, _)| !k.is_empty())
        .collect()
}

/// What was said; what was not is left to the header, the template or the run it starts from.
#[derive(Default)]
pub(super) struct Choices {
    pub(super) formats: Vec<Format>,
    pub(super) fps: Option<Rate>,
    pub(super) captions: Option<Captions>,
    providers: BTreeMap<String, String>,
}

/// Reads the flags (exit 2 with everything that is wrong).
pub(super) fn read(args: &New, settings: &Settings) -> Result<Choices, Failure> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut said: Vec<String> = Vec::new();
    let mut wrong = |message: String| said.push(message);
    let mut formats: Vec<Format> = Vec::new();
    for text in &args.format {
        match Format::parse(text) {
            Ok(f) if formats.contains(&f) => {}
            Ok(f) => formats.push(f),
            Err(e) => wrong(e),
        }
    }
    let fps = args
        .fps
        .as_ref()
        .and_then(|text| Rate::parse(text).map_err(&mut wrong).ok());
    let captions = args.captions.as_ref().and_then(|text| {
        let captions = Captions::parse(text);
        if captions.is_none() {
            wrong(format!(
                "`{text}` is not a way to show captions; use burned, soft, sidecar or off"
            ));
        }
        captions
    });
    for stage in &args.skip {
        if !stage.optional() {
            wrong(format!("the {stage} stage cannot be left out"));
        }
    }
    if let Some(s) = args.seconds
        && !(1.0..=36_000.0).contains(&s)
    {
        wrong(format!("--seconds lies between 1 and 36000, not {s}"));
    }
    if let Some(b) = args.budget
        && !(b.is_finite() && b >= 0.0)
    {
        wrong("--budget is an amount from 0".to_owned());
    }
    if let Some(language) = &args.language
        && (!crate::film::language::is_one(language)
            || language.len() > 16
            || !language
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-'))
    {
        wrong(format!(
            "`{language}` is not a language such as en, de or pt-BR"
        ));
    }
    if let Some(voice) = &args.voice
        && !VOICES.contains(&voice.as_str())
    {
        wrong(format!(
            "`{voice}` is not a voice; use {}",
            VOICES.join(", ")
        ));
    }
    for pair in &args.set {
        if pair
            .split_once('=')
            .is_none_or(|(k, _)| k.trim().is_empty())
        {
            wrong(format!("--set takes FIELD=VALUE, not `{pair}`"));
        }
    }
    let mut providers = BTreeMap::new();
    for pair in &args.provider {
        let Some((role, name)) = pair.split_once('=') else {
            wrong(format!("--provider takes ROLE=NAME, not `{pair}`"));
            continue;
        };
        match check_role(&settings.providers, role, name) {
            Ok(()) => {
                providers.insert(role.to_owned(), name.to_owned());
            }
            Err(failure) => problems.extend(failure.problems),
        }
    }
    problems.extend(said.into_iter().map(Problem::new));
    if problems.is_empty() {
        Ok(Choices {
            formats,
            fps,
            captions,
            providers,
        })
    } else {
        Err(Failure::of(Exit::Usage, problems))
    }
}

impl Choices {
    /// Lays what was said over a sheet.
    pub(super) fn over(self, args: &New, sheet: &mut RunSheet) {
        if !self.formats.is_empty() {
            sheet.formats = self.formats;
        }
        if let Some(fps) = self.fps {
            sheet.fps = fps;
        }
        if let Some(captions) = self.captions {
            sheet.captions = captions;
        }
        sheet.providers.extend(self.providers);
        if let Some(language) = &args.language {
            sheet.language.clone_from(language);
        }
        if args.seconds.is_some() {
            sheet.seconds = args.seconds;
        }
        if args.rewrite || args.no_rewrite {
            sheet.rewrite = args.rewrite;
        }
        if args.voice.is_some() {
            sheet.voice.clone_from(&args.voice);
        }
        if let Some(budget) = args.budget {
            sheet.budget = Some(Money::from_float(budget).to_string());
        }
        if let Some(seed) = args.seed {
            sheet.seed = seed;
        }
        for stage in &args.skip {
            if !sheet.skip.contains(stage) {
                sheet.skip.push(*stage);
            }
        }
    }
}
