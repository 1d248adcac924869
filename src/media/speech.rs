//! Voice programs: text in by file or pipe, sound out, and never believed on their exit code alone.

use super::cancel::Cancel;
use super::process;
use super::tools::{Engine, Tools};
use super::{decode, ffmpeg};
use anyhow::{Context, Result, bail, ensure};
use std::process::{Command, Stdio};

/// How one engine shall speak.
#[derive(Debug, Clone, PartialEq)]
pub struct Manner {
    /// `rms`, `slt`, `awb` for flite; `en-us+f2` for espeak-ng; a name for `say`; a speaker's number
    /// for piper.
    pub voice: String,
    /// Words a minute, where the engine takes it.
    pub speed: u32,
    /// 0 to 99, where the engine takes it.
    pub pitch: u32,
    /// How much faster than by itself, where the engine takes that.
    pub tempo: f64,
}

/// Speaks one sentence: mono f32 at 48 kHz. The text must hold something to say.
pub fn speak(
    tools: &Tools,
    engine: &Engine,
    manner: &Manner,
    text: &str,
    cancel: &Cancel,
) -> Result<Vec<f32>> {
    let folder = tempfile::Builder::new()
        .prefix("greenlight-voice-")
        .tempdir()
        .context("cannot make a scratch folder")?;
    let line = folder.path().join("line.txt");
    crate::store::disk::write_scratch(&line, text.as_bytes())?;
    match engine {
        Engine::Flite => {
            ensure!(
                manner.voice.chars().all(|c| c.is_ascii_alphanumeric()),
                "a flite voice is a plain word"
            );
            let source = format!("flite=textfile=line.txt:voice={}", manner.voice);
            ffmpeg::run(
                &tools.ffmpeg,
                folder.path(),
                &[
                    "-f",
                    "lavfi",
                    "-i",
                    &source,
                    "-ac",
                    "1",
                    "-c:a",
                    "pcm_s16le",
                    "out.wav",
                ],
                None,
            )?;
        }
        Engine::Espeak(program) => {
            ensure!(
                manner
                    .voice
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-+_".contains(c)),
                "an espeak-ng voice is a plain word"
            );
            let mut command = Command::new(program);
            command
                .args([
                    "-v",
                    &manner.voice,
                    "-s",
                    &manner.speed.clamp(80, 260).to_string(),
                    "-p",
                    &manner.pitch.min(98).to_string(),
                    "-b",
                    "1",
                    "-w",
                    "out.wav",
                    "--stdin",
                ])
                .current_dir(folder.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let status = process::run(command, text.as_bytes(), cancel, None)?;
            ensure!(status.success(), "espeak-ng failed with {status}");
        }
        Engine::Piper(piper) => {
            let mut command = Command::new(&piper.program);
            command
                .arg("--model")
                .arg(&piper.model)
                .args(["--output_file", "out.wav", "--sentence_silence", "0"])
                .args(["--noise_scale", "0.667", "--noise_w", "0.8"])
                .args(["--length_scale", &format!("{:.3}", 1.0 / manner.tempo)])
                .args(["--speaker", &manner.voice])
                .current_dir(folder.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let status = process::run(command, text.as_bytes(), cancel, None)?;
            ensure!(status.success(), "piper failed with {status}");
        }
        Engine::Say(program) => {
            let mut command = Command::new(program);
            command
                .args([
                    "-r",
                    &manner.speed.to_string(),
                    "-o",
                    "out.wav",
                    "--data-format=LEI16@22050",
                    "-f",
                    "line.txt",
                ])
                .current_dir(folder.path());
            let status = process::run(command, &[], cancel, None)?;
            ensure!(status.success(), "say failed with {status}");
        }
    }
    if !folder.path().join("out.wav").is_file() {
        bail!("{} made no sound", engine.name());
    }
    let samples = decode::audio(&tools.ffmpeg, folder.path(), "out.wav", 1)?;
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count() as f64;
    let seconds = samples.len() as f64 / 48_000.0;
    let peak = samples.iter().fold(0f32, |m, s| m.max(s.abs()));
    ensure!(peak > 0.003, "{} made only silence", engine.name());
    ensure!(
        seconds > letters * 0.02 && seconds < letters * 0.6 + 3.0,
        "{} spoke {seconds:.1} s for {letters} letters",
        engine.name()
    );
    Ok(samples)
}
