//! Voice programs: text in by file or pipe, sound out, and never believed on their exit code alone.

use super::cancel::Cancel;
use super::decode::{self, Source};
use super::piper::Piper;
use super::process;
use super::tools::{Engine, Tools};
use anyhow::{Context, Result, ensure};
use std::path::Path;
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

/// Speaks the pieces of a line, each mono f32 at 48 kHz. Every one must hold something to say. FFmpeg starts
/// slowly, so however many they are it is started once.
pub fn speak(
    tools: &Tools,
    engine: &Engine,
    manner: &Manner,
    texts: &[&str],
    cancel: &Cancel,
) -> Result<Vec<Vec<f32>>> {
    let folder = tempfile::Builder::new()
        .prefix("greenlight-voice-")
        .tempdir()
        .context("cannot make a scratch folder")?;
    let mut sources = Vec::new();
    for (i, text) in texts.iter().enumerate() {
        cancel.check()?;
        sources.push(match engine {
            Engine::Flite => flite(folder.path(), manner, i, text)?,
            Engine::Espeak(program) => espeak(program, folder.path(), manner, i, text, cancel)?,
            Engine::Piper(piper) => read_out(piper, folder.path(), manner, i, text, cancel)?,
            Engine::Say(program) => say(program, folder.path(), manner, i, text, cancel)?,
        });
    }
    let all = decode::sounds(&tools.ffmpeg, folder.path(), &sources)?;
    for (samples, text) in all.iter().zip(texts) {
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count() as f64;
        let seconds = samples.len() as f64 / 48_000.0;
        let peak = samples.iter().fold(0f32, |m, s| m.max(s.abs()));
        ensure!(peak > 0.003, "{} made only silence", engine.name());
        ensure!(
            seconds > letters * 0.02 && seconds < letters * 0.6 + 3.0,
            "{} spoke {seconds:.1} s for {letters} letters",
            engine.name()
        );
    }
    Ok(all)
}

/// A filter of FFmpeg's, that speaks while it is decoded.
fn flite(folder: &Path, manner: &Manner, i: usize, text: &str) -> Result<Source> {
    ensure!(
        manner.voice.chars().all(|c| c.is_ascii_alphanumeric()),
        "a flite voice is a plain word"
    );
    let line = format!("{i}.txt");
    crate::store::disk::write_scratch(&folder.join(&line), text.as_bytes())?;
    Ok(Source::Filter(format!(
        "flite=textfile={line}:voice={}",
        manner.voice
    )))
}

fn espeak(
    program: &Path,
    folder: &Path,
    manner: &Manner,
    i: usize,
    text: &str,
    cancel: &Cancel,
) -> Result<Source> {
    ensure!(
        manner
            .voice
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-+_".contains(c)),
        "an espeak-ng voice is a plain word"
    );
    let sound = format!("{i}.wav");
    let mut command = quiet(program, folder);
    command
        .args(["-v", &manner.voice])
        .args(["-s", &manner.speed.clamp(80, 260).to_string()])
        .args(["-p", &manner.pitch.min(98).to_string()])
        .args(["-b", "1", "-w", &sound, "--stdin"]);
    let status = process::run(command, text.as_bytes(), cancel, None)?;
    ensure!(status.success(), "espeak-ng failed with {status}");
    made(folder, sound, "espeak-ng")
}

/// Piper reads its model for every piece: that is what it takes its time for.
fn read_out(
    piper: &Piper,
    folder: &Path,
    manner: &Manner,
    i: usize,
    text: &str,
    cancel: &Cancel,
) -> Result<Source> {
    let sound = format!("{i}.wav");
    let mut command = quiet(&piper.program, folder);
    command
        .arg("--model")
        .arg(&piper.model)
        .args(["--output_file", &sound, "--sentence_silence", "0"])
        .args(["--noise_scale", "0.667", "--noise_w", "0.8"])
        .args(["--length_scale", &format!("{:.3}", 1.0 / manner.tempo)])
        .args(["--speaker", &manner.voice]);
    let status = process::run(command, text.as_bytes(), cancel, None)?;
    ensure!(status.success(), "piper failed with {status}");
    made(folder, sound, "piper")
}

fn say(
    program: &Path,
    folder: &Path,
    manner: &Manner,
    i: usize,
    text: &str,
    cancel: &Cancel,
) -> Result<Source> {
    let (line, sound) = (format!("{i}.txt"), format!("{i}.wav"));
    crate::store::disk::write_scratch(&folder.join(&line), text.as_bytes())?;
    let mut command = quiet(program, folder);
    command.args(["-r", &manner.speed.to_string()]).args([
        "-o",
        &sound,
        "--data-format=LEI16@22050",
        "-f",
        &line,
    ]);
    let status = process::run(command, &[], cancel, None)?;
    ensure!(status.success(), "say failed with {status}");
    made(folder, sound, "say")
}

/// A program that works in the scratch folder and is not heard by the person.
fn quiet(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn made(folder: &Path, sound: String, engine: &str) -> Result<Source> {
    ensure!(folder.join(&sound).is_file(), "{engine} made no sound");
    Ok(Source::File(sound))
}
