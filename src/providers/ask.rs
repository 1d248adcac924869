//! What can be asked of a provider, in words of no protocol, and what comes back.

use crate::plan::fingerprint::Fingerprint;
use crate::plan::money::Money;
use crate::plan::price::Measure;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// A picture that is shown along, a PNG or JPEG file.
#[derive(Debug, Clone)]
pub struct Shown {
    pub name: String,
    pub bytes: Arc<Vec<u8>>,
}

type Listener = dyn Fn(&str) + Send + Sync;

/// Hears a text as it is being written; a piece may be heard again where an answer is asked for again.
#[derive(Clone, Default)]
pub struct Hear(pub Option<Arc<Listener>>);

impl std::fmt::Debug for Hear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "heard" } else { "unheard" })
    }
}

/// One request for one thing.
#[derive(Debug, Clone)]
pub enum Ask {
    Text {
        system: String,
        prompt: String,
        /// A name, and the JSON Schema the answer shall fit.
        schema: Option<(String, Value)>,
        most_tokens: u64,
        /// Who hears the answer as it comes.
        hear: Hear,
    },
    Picture {
        prompt: String,
        negative: String,
        width: u32,
        height: u32,
        seed: u64,
        /// A drawing whose composition it shall keep.
        guide: Option<Shown>,
        /// Who and what it shows, as designed.
        references: Vec<Shown>,
    },
    /// A part of a picture painted anew.
    Inpaint {
        prompt: String,
        negative: String,
        picture: Shown,
        /// White where it is to change, black elsewhere.
        mask: Shown,
        width: u32,
        height: u32,
        seed: u64,
    },
    Speech {
        text: String,
        voice: String,
        language: String,
        /// 1 is the voice's own pace.
        tempo: f64,
        /// The parenthetical.
        manner: String,
    },
    Clip {
        prompt: String,
        negative: String,
        picture: Shown,
        seconds: f64,
        width: u32,
        height: u32,
        seed: u64,
    },
    Music {
        prompt: String,
        seconds: f64,
        seed: u64,
    },
    /// Whether a text may be made a film of.
    Verdict { text: String },
}

impl Ask {
    pub fn role(&self) -> &'static str {
        match self {
            Ask::Text { .. } => "text",
            Ask::Picture { .. } => "image",
            Ask::Inpaint { .. } => "inpaint",
            Ask::Speech { .. } => "voice",
            Ask::Clip { .. } => "video",
            Ask::Music { .. } => "music",
            Ask::Verdict { .. } => "moderation",
        }
    }

    /// What is asked, pictures by their hashes: what is kept of it, and what it is known by.
    pub fn describe(&self) -> Value {
        let hash = |s: &Shown| json!({"name": s.name, "sha": Fingerprint::of_bytes(&s.bytes)});
        match self {
            Ask::Text {
                system,
                prompt,
                schema,
                most_tokens,
                ..
            } => {
                json!({"role": "text", "system": system, "prompt": prompt, "schema": schema.as_ref().map(|s| &s.0), "most_tokens": most_tokens})
            }
            Ask::Picture {
                prompt,
                negative,
                width,
                height,
                seed,
                guide,
                references,
            } => {
                json!({"role": "image", "prompt": prompt, "negative": negative, "width": width, "height": height, "seed": seed,
                    "guide": guide.as_ref().map(hash), "references": references.iter().map(hash).collect::<Vec<_>>()})
            }
            Ask::Inpaint {
                prompt,
                negative,
                picture,
                mask,
                width,
                height,
                seed,
            } => {
                json!({"role": "inpaint", "prompt": prompt, "negative": negative, "image": hash(picture), "mask": hash(mask),
                    "width": width, "height": height, "seed": seed})
            }
            Ask::Speech {
                text,
                voice,
                language,
                tempo,
                manner,
            } => {
                json!({"role": "voice", "text": text, "voice": voice, "language": language, "tempo": tempo, "manner": manner})
            }
            Ask::Clip {
                prompt,
                negative,
                picture,
                seconds,
                width,
                height,
                seed,
            } => {
                json!({"role": "video", "prompt": prompt, "negative": negative, "image": hash(picture), "seconds": seconds, "width": width, "height": height, "seed": seed})
            }
            Ask::Music {
                prompt,
                seconds,
                seed,
            } => json!({"role": "music", "prompt": prompt, "seconds": seconds, "seed": seed}),
            Ask::Verdict { text } => json!({"role": "moderation", "text": text}),
        }
    }

    /// How much it asks for; an answer in tokens is reckoned as long as it may be.
    pub fn measure(&self) -> Measure {
        let tokens = |text: &str| text.chars().count() as u64 / 4 + 1;
        match self {
            Ask::Text {
                system,
                prompt,
                most_tokens,
                ..
            } => Measure {
                input_tokens: tokens(system) + tokens(prompt),
                output_tokens: *most_tokens,
                ..Measure::default()
            },
            Ask::Picture { .. } | Ask::Inpaint { .. } => Measure {
                images: 1,
                ..Measure::default()
            },
            Ask::Speech { text, .. } => Measure {
                characters: text.chars().count() as u64,
                seconds: crate::film::lines::speech_seconds(text),
                ..Measure::default()
            },
            Ask::Clip { seconds, .. } | Ask::Music { seconds, .. } => Measure {
                seconds: *seconds,
                ..Measure::default()
            },
            Ask::Verdict { text } => Measure {
                input_tokens: tokens(text),
                ..Measure::default()
            },
        }
    }
}

/// A result, checked for being one.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// A picture, a sound or a clip file; text as UTF-8.
    pub bytes: Vec<u8>,
    /// What the provider says was used.
    pub used: Option<Measure>,
    /// What it says it took.
    pub cost: Option<Money>,
    /// Its answer without the bytes, for the record.
    pub answer: Value,
}

/// An answer: the result at once, or a job to be asked about.
#[derive(Debug)]
pub enum Answer {
    Done(Outcome),
    Job {
        /// Its name at the provider, or the address of what is done already.
        id: String,
        /// What the answer says was used, and what else it says.
        used: Option<Measure>,
        answer: Value,
    },
}

impl Answer {
    /// A job of which nothing is told but its name.
    pub fn job(id: String) -> Answer {
        Answer::Job {
            id,
            used: None,
            answer: Value::Null,
        }
    }
}

/// Where a job stands.
#[derive(Debug)]
pub enum Standing {
    /// At work, or in a state nobody told us of.
    Working(String),
    Done(Outcome),
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The request never left this machine.
    NotSent(String),
    /// It was turned away for now.
    Later {
        said: String,
        after: Option<Duration>,
    },
    /// It was turned away for good; nothing was made.
    Refused(String),
    /// It left, and nobody knows what became of it.
    Unknown(String),
    /// It was answered, and probably paid, by something that is no result.
    Broken {
        said: String,
        raw: Vec<u8>,
    },
    /// It was answered, and what it was asked for declined.
    Declined {
        said: String,
        used: Option<Measure>,
    },
    /// The job is over and failed; what it used all the same.
    Failed {
        said: String,
        used: Option<Measure>,
    },
    /// Nobody knows such a job any more.
    Lost(String),
    Stopped,
}

impl Fault {
    /// A job that failed, and used nothing that is told.
    pub fn failed(said: String) -> Fault {
        Fault::Failed { said, used: None }
    }

    pub fn said(&self) -> String {
        match self {
            Fault::NotSent(s) => format!("it could not be reached: {s}"),
            Fault::Later { said, .. } => format!("it asked to wait: {said}"),
            Fault::Refused(s) => format!("refused: {s}"),
            Fault::Unknown(s) => format!("the request left and no result came: {s}"),
            Fault::Broken { said, .. } => format!("the answer is no result: {said}"),
            Fault::Declined { said, .. } => format!("refused: {said}"),
            Fault::Failed { said, .. } => format!("the job failed: {said}"),
            Fault::Lost(s) => format!("the job is gone: {s}"),
            Fault::Stopped => "stopped".to_owned(),
        }
    }
}

/// Whoever sees to it that a request is paid once: asks, waits, keeps the result.
pub trait Tasks: Send + Sync {
    /// Returns the result of what `provider` was asked, from the record where it was asked before.
    ///
    /// # Errors
    /// Why there is none; the task is then among the dead letters, in doubt, or was never sent.
    fn result(&self, provider: &str, ask: &Ask) -> anyhow::Result<Outcome>;
}
