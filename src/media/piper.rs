//! Piper, a voice program that speaks with a model file: which model, which languages, which speakers.

use crate::diagnostic::{Exit, Failure};
use std::path::{Path, PathBuf};

/// A model that can be spoken with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piper {
    /// The program and what comes before its own flags.
    pub program: PathBuf,
    pub model: PathBuf,
    /// Of the model, as `en` or `de`.
    pub language: String,
    pub speakers: u32,
}

impl Piper {
    /// Opens a model with the description that lies beside it.
    ///
    /// # Errors
    /// A model without its files, or no program to speak with it (exit 69).
    pub fn open(model: &Path) -> Result<Piper, Failure> {
        let missing = |what: String, hint: &str| Failure::new(Exit::Missing, what).hint(hint);
        let mut name = model.as_os_str().to_owned();
        name.push(".json");
        let beside = PathBuf::from(name);
        let text = std::fs::read(&beside).map_err(|e| {
            missing(
                format!("{}: {e}", beside.display()),
                "a piper voice is two files, NAME.onnx and NAME.onnx.json",
            )
        })?;
        if !model.is_file() {
            return Err(missing(
                format!("there is no voice {}", model.display()),
                "`providers: { animatic: { models: { voice: FILE.onnx } } }` in conf/providers.yaml names it",
            ));
        }
        let about: serde_json::Value = serde_json::from_slice(&text).map_err(|e| {
            missing(
                format!("{}: {e}", beside.display()),
                "fetch the voice again; its description is no JSON",
            )
        })?;
        let language = about["language"]["family"]
            .as_str()
            .or_else(|| about["language"]["code"].as_str())
            .or_else(|| about["espeak"]["voice"].as_str())
            .unwrap_or("en");
        let language = language.split(['-', '_']).next().unwrap_or("en");
        let program = super::tools::find("piper").ok_or_else(|| {
            missing(
                "piper is not on this machine".to_owned(),
                "install it (`pip install piper-tts`), or name it in GREENLIGHT_PIPER",
            )
        })?;
        Ok(Piper {
            program,
            model: model.to_owned(),
            language: language.to_lowercase(),
            speakers: about["num_speakers"].as_u64().unwrap_or(1).max(1) as u32,
        })
    }
}
