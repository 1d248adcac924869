//! What is in media files, as samples and frames.

use super::ffmpeg::{Guard, command};
use crate::film::time::Rate;
use anyhow::{Context, Result};
use std::io::Read;
use std::path::Path;

/// One picture of a clip, `at` seconds into it, as a PNG file of this height.
pub fn picture(ffmpeg: &Path, folder: &Path, file: &str, at: f64, height: u32) -> Result<Vec<u8>> {
    let (at, scale) = (format!("{:.3}", at.max(0.0)), format!("scale=-2:{height}"));
    let from = [
        "-protocol_whitelist",
        "file,pipe,fd",
        "-ss",
        &at,
        "-i",
        file,
    ];
    let to = [
        "-frames:v",
        "1",
        "-vf",
        &scale,
        "-f",
        "image2pipe",
        "-c:v",
        "png",
        "pipe:1",
    ];
    super::ffmpeg::output(ffmpeg, folder, &[&from[..], &to[..]].concat())
}

/// A sound as it is decoded: f32 at 48 kHz, interleaved.
pub struct Samples {
    guard: Guard,
}

impl Samples {
    pub fn start(
        ffmpeg: &Path,
        folder: &Path,
        file: &str,
        from: f64,
        channels: u32,
    ) -> Result<Samples> {
        let mut command = command(ffmpeg, folder);
        let channels = channels.to_string();
        let from = format!("{:.6}", from.max(0.0));
        command.args([
            "-protocol_whitelist",
            "file,pipe,fd",
            "-ss",
            &from,
            "-i",
            file,
        ]);
        command.args([
            "-vn", "-ac", &channels, "-ar", "48000", "-f", "f32le", "pipe:1",
        ]);
        Ok(Samples {
            guard: Guard::start(command)?,
        })
    }

    /// Fills `out` as far as the sound reaches and returns how many samples those are.
    pub fn read(&mut self, out: &mut [f32]) -> Result<usize> {
        let Some(pipe) = self.guard.child.as_inner_mut().stdout.as_mut() else {
            return Ok(0);
        };
        let mut bytes = vec![0u8; out.len() * 4];
        let mut at = 0;
        while at < bytes.len() {
            match pipe
                .read(&mut bytes[at..])
                .context("cannot read from FFmpeg")?
            {
                0 => break,
                n => at += n,
            }
        }
        for (o, b) in out.iter_mut().zip(bytes[..at].as_chunks::<4>().0) {
            *o = f32::from_le_bytes(*b);
        }
        Ok(at / 4)
    }

    /// Asks FFmpeg whether all was well; nothing may be left to read.
    pub fn finish(mut self) -> Result<()> {
        drop(self.guard.child.take_stdout());
        self.guard.finish(None)?;
        Ok(())
    }
}

/// Decodes a whole sound; for short ones.
pub fn audio(ffmpeg: &Path, folder: &Path, file: &str, channels: u32) -> Result<Vec<f32>> {
    audio_up_to(ffmpeg, folder, file, channels, usize::MAX)
}

/// [`audio`], and no more than so many samples of it: a small file can hold days of silence.
pub fn audio_up_to(
    ffmpeg: &Path,
    folder: &Path,
    file: &str,
    channels: u32,
    most: usize,
) -> Result<Vec<f32>> {
    let mut sound = Samples::start(ffmpeg, folder, file, 0.0, channels)?;
    let mut all = Vec::new();
    let mut part = vec![0f32; 1 << 16];
    loop {
        let n = sound.read(&mut part)?;
        all.extend_from_slice(&part[..n]);
        if all.len() >= most {
            all.truncate(most);
            return Ok(all);
        }
        if n < part.len() {
            break;
        }
    }
    sound.finish()?;
    Ok(all)
}

/// Where a short sound comes from.
pub enum Source {
    /// A file in the folder.
    File(String),
    /// A filter that makes sound by itself, in FFmpeg's notation; never with a person's words in it.
    Filter(String),
}

/// Decodes short sounds: mono f32 at 48 kHz, as many as there are sources. FFmpeg takes longer to start than
/// to decode one, so it is given many at once; each is a thread and a file of its own in there, so not all.
pub fn sounds(ffmpeg: &Path, folder: &Path, sources: &[Source]) -> Result<Vec<Vec<f32>>> {
    const AT_ONCE: usize = 32;
    let mut all = Vec::new();
    for some in sources.chunks(AT_ONCE) {
        let mut args: Vec<String> = Vec::new();
        for source in some {
            let (how, what) = match source {
                Source::File(file) => (["-protocol_whitelist", "file,pipe,fd"], file),
                Source::Filter(filter) => (["-f", "lavfi"], filter),
            };
            args.extend(how.map(str::to_owned));
            args.extend(["-i".to_owned(), what.clone()]);
        }
        let name = |i: usize| format!("{i}.f32");
        for i in 0..some.len() {
            args.extend(["-map".to_owned(), i.to_string()]);
            args.extend(["-vn", "-ac", "1", "-ar", "48000", "-f", "f32le"].map(str::to_owned));
            args.push(name(i));
        }
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        super::ffmpeg::run(ffmpeg, folder, &args, None)?;
        for i in 0..some.len() {
            let bytes = std::fs::read(folder.join(name(i))).context("cannot read a sound")?;
            let (samples, _) = bytes.as_chunks::<4>();
            all.push(samples.iter().map(|b| f32::from_le_bytes(*b)).collect());
        }
    }
    Ok(all)
}

/// How a clip is made to fit a film: its size, rate and colour are the film's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conform {
    pub width: u32,
    pub height: u32,
    pub rate: Rate,
    /// Seconds into the clip at which it begins.
    pub from: f64,
    /// What stays in sight where the clip is cropped, as parts of its width and height.
    pub subject: (f64, f64),
}

/// Reads the frames of a clip one after the other as planar YUV 4:2:0, BT.709, studio range; scaled
/// and cropped to fill the frame, upright as its camera was held.
pub struct Decoder {
    guard: Guard,
    size: usize,
}

impl Decoder {
    pub fn start(ffmpeg: &Path, folder: &Path, file: &str, conform: Conform) -> Result<Decoder> {
        let Conform {
            width: w,
            height: h,
            rate,
            from,
            subject: (x, y),
        } = conform;
        let mut command = command(ffmpeg, folder);
        let filter = format!(
            "fps={rate},scale={w}:{h}:force_original_aspect_ratio=increase:flags=bicubic+accurate_rnd+full_chroma_int:out_color_matrix=bt709:out_range=tv,crop={w}:{h}:clip(iw*{x:.4}-ow/2\\,0\\,iw-ow):clip(ih*{y:.4}-oh/2\\,0\\,ih-oh),setsar=1,format=yuv420p"
        );
        let from = format!("{:.6}", from.max(0.0));
        command.args([
            "-protocol_whitelist",
            "file,pipe,fd",
            "-ss",
            &from,
            "-i",
            file,
            "-an",
            "-sn",
            "-vf",
            &filter,
            "-f",
            "rawvideo",
            "pipe:1",
        ]);
        let guard = Guard::start(command)?;
        Ok(Decoder {
            guard,
            size: w as usize * h as usize * 3 / 2,
        })
    }

    /// What FFmpeg's log says last; for a clip that gave no frames.
    pub fn reason(&mut self) -> String {
        self.guard.reason()
    }

    /// Reads the next frame; `false` at the end, with `frame` as it was.
    pub fn next(&mut self, frame: &mut Vec<u8>) -> Result<bool> {
        let Some(out) = self.guard.child.as_inner_mut().stdout.as_mut() else {
            return Ok(false);
        };
        let mut first = [0u8; 1];
        if out.read(&mut first).context("cannot read from FFmpeg")? == 0 {
            return Ok(false);
        }
        frame.resize(self.size, 0);
        frame[0] = first[0];
        out.read_exact(&mut frame[1..])
            .context("a clip ends within a frame")?;
        Ok(true)
    }
}
