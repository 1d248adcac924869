//! Completions, the manual page, the licences.

use super::Outcome;
use crate::cli::Cli;
use crate::diagnostic::{Exit, Failure};
use crate::media::reader;
use crate::screenplay::paper;
use anyhow::Result;
use clap::CommandFactory;
use serde_json::json;
use std::io::Read;

pub fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "greenlight", &mut out);
    let text = String::from_utf8_lossy(&out).into_owned();
    Outcome::data(json!(text), text)
}

pub fn man() -> Result<Outcome> {
    let mut out = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut out)?;
    for sub in Cli::command().get_subcommands() {
        if sub.get_name() != "help" {
            let title = format!("greenlight-{}", sub.get_name());
            clap_mangen::Man::new(sub.clone())
                .title(title)
                .render(&mut out)?;
        }
    }
    let text = String::from_utf8_lossy(&out).into_owned();
    Ok(Outcome::data(json!(text), text))
}

pub fn licenses() -> Outcome {
    let text = concat!(
        "greenlight: MIT OR Apache-2.0\n\n",
        include_str!("../../LICENSE-MIT"),
        "\nFonts in the binary: Noto Sans, Noto Serif Display, Noto Sans Arabic, Noto Sans Hebrew, (c) Google,\n\n",
        include_str!("../../templates/fonts/OFL.txt"),
        "\nCrates: under MIT, Apache-2.0, BSD, ISC, Zlib or Unicode terms; option-ext (through `directories`) under MPL-2.0,\nunmodified. `cargo metadata` lists each with its licence.\n"
    );
    Outcome::data(json!(text), text)
}

/// The words of a PDF on standard input, within the limits of a reader.
pub fn read_pdf() -> Result<Outcome> {
    reader::confine();
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(paper::MOST_BYTES)
        .read_to_end(&mut bytes)?;
    match paper::pdf(&bytes) {
        Some(text) => Ok(Outcome::data(serde_json::Value::Null, text)),
        None => Err(Failure::new(Exit::Invalid, "this PDF cannot be read").into()),
    }
}
