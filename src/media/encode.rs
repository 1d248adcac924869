//! Raw frames to video: one pass of the encoder, cut into files where it is told to.

use super::cancel::Cancel;
use super::feed::Feed;
use super::ffmpeg::{Guard, command};
use crate::diagnostic::Stopped;
use crate::film::time::Rate;
use anyhow::{Context, Result, bail};
use serde::Serialize;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use twox_hash::xxhash3_128;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Codec {
    /// Plays everywhere.
    #[default]
    H264,
    /// Half the size, on newer players.
    H265,
    /// For editing suites: ProRes 422 HQ in a .mov, with uncompressed sound.
    ProRes,
}

impl std::str::FromStr for Codec {
    type Err = String;
    fn from_str(text: &str) -> Result<Codec, String> {
        match text.to_lowercase().as_str() {
            "h264" | "h.264" | "avc" => Ok(Codec::H264),
            "h265" | "h.265" | "hevc" => Ok(Codec::H265),
            "prores" => Ok(Codec::ProRes),
            _ => Err(format!("`{text}` is not a codec; use h264, h265 or prores")),
        }
    }
}

impl Codec {
    /// The container's suffix.
    pub fn suffix(self) -> &'static str {
        match self {
            Codec::H264 | Codec::H265 => "mp4",
            Codec::ProRes => "mov",
        }
    }

    /// FFmpeg's name of the encoder.
    pub fn encoder(self) -> &'static str {
        match self {
            Codec::H264 => "libx264",
            Codec::H265 => "libx265",
            Codec::ProRes => "prores_ks",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Codec::H264 => "h264",
            Codec::H265 => "h265",
            Codec::ProRes => "prores",
        }
    }
}

/// How pictures are encoded; part of every segment's key.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VideoSettings {
    pub codec: Codec,
    pub preset: &'static str,
    pub crf: u32,
    pub width: u32,
    pub height: u32,
    pub rate: Rate,
}

impl VideoSettings {
    /// What FFmpeg is told about the picture, as it comes and as it shall be.
    pub fn arguments(&self, threads: usize) -> Vec<String> {
        let rate = self.rate.to_string();
        let gop = (self.rate.fps() * 2.0).round();
        let size = format!("{}x{}", self.width, self.height);
        let crf = self.crf.to_string();
        let gop = gop.to_string();
        let colors = [
            "-color_primaries",
            "bt709",
            "-color_trc",
            "bt709",
            "-colorspace",
            "bt709",
            "-color_range",
            "tv",
            "-chroma_sample_location",
            "center",
        ];
        let mut out: Vec<&str> = vec!["-f", "rawvideo", "-pix_fmt", "yuv420p"];
        out.extend(["-s", &size, "-r", &rate]);
        out.extend(colors);
        out.extend(["-i", "pipe:0", "-an", "-c:v", self.codec.encoder()]);
        let quality = [
            "-preset",
            self.preset,
            "-crf",
            &crf,
            "-g",
            &gop,
            "-forced-idr",
            "1",
        ];
        match self.codec {
            Codec::H264 => {
                out.extend(quality);
                out.extend(["-profile:v", "high", "-pix_fmt", "yuv420p"]);
            }
            Codec::H265 => {
                out.extend(quality);
                out.extend(["-x265-params", "log-level=error:open-gop=0"]);
                out.extend(["-tag:v", "hvc1", "-pix_fmt", "yuv420p"]);
            }
            Codec::ProRes => {
                out.extend([
                    "-profile:v",
                    "3",
                    "-vendor",
                    "apl0",
                    "-pix_fmt",
                    "yuv422p10le",
                ]);
            }
        }
        out.extend(colors);
        let threads = threads.to_string();
        if threads != "0" {
            out.extend(["-threads", &threads]);
        }
        out.extend(["-flags:v", "+bitexact+cgop", "-fflags", "+bitexact"]);
        out.into_iter().map(str::to_owned).collect()
    }
}

/// Ticks a second in which every frame of a rate is a whole number.
pub fn timescale(rate: Rate) -> u32 {
    if rate.den == 1 {
        rate.num * 1000
    } else {
        rate.num
    }
}

/// Takes raw frames and makes closed stretches of video of them, one file each.
pub struct Encoder {
    guard: Guard,
    /// Frames on their way to FFmpeg, written by a thread of its own.
    feed: Option<SyncSender<Vec<u8>>>,
    used: Receiver<Vec<u8>>,
    writer: JoinHandle<Option<Vec<u8>>>,
    /// Hashes of the frames as they were written (XXH3, 128 bits: told apart, not guarded).
    hashes: Receiver<u128>,
    finished: Receiver<()>,
    buffers: usize,
    cancel: Cancel,
}

/// Frames that may lie between the composer and FFmpeg.
const AHEAD: usize = 3;

impl Encoder {
    /// Starts encoding into `<name>.00000.mp4`, `<name>.00001.mp4` … in `folder`; a file begins at
    /// each of `borders`, frames of this pass in rising order, with a key frame.
    pub fn start(
        ffmpeg: &Path,
        folder: &Path,
        name: &str,
        settings: &VideoSettings,
        borders: &[i64],
        threads: usize,
        cancel: Cancel,
    ) -> Result<Encoder> {
        let mut command = command(ffmpeg, folder);
        command.args(settings.arguments(threads));
        let timescale = timescale(settings.rate).to_string();
        let suffix = settings.codec.suffix();
        if borders.is_empty() {
            let file = format!("{name}.00000.{suffix}");
            command.args(["-video_track_timescale", &timescale, "-f", suffix, &file]);
        } else {
            // A quarter of a frame early: FFmpeg rounds to the nearest.
            let times: Vec<String> = borders
                .iter()
                .map(|b| format!("{:.6}", (*b as f64 - 0.25) / settings.rate.fps()))
                .collect();
            let frames: Vec<String> = borders.iter().map(i64::to_string).collect();
            let options = format!("video_track_timescale={timescale}");
            let files = format!("{name}.%05d.{suffix}");
            command.args(["-force_key_frames", &times.join(",")]);
            command.args(["-f", "segment", "-segment_format", suffix]);
            command.args(["-segment_format_options", &options]);
            command.args(["-segment_frames", &frames.join(",")]);
            command.args(["-reset_timestamps", "1"]);
            command.args([
                "-segment_list",
                "pipe:1",
                "-segment_list_type",
                "flat",
                &files,
            ]);
        }
        let mut guard = Guard::start(command)?;
        let (done, finished) = channel();
        if let Some(list) = guard.child.take_stdout() {
            std::thread::spawn(move || {
                for line in BufReader::new(list).lines() {
                    if line.is_err() || done.send(()).is_err() {
                        break;
                    }
                }
            });
        }
        let stdin = guard.child.take_stdin().context("FFmpeg takes no frames")?;
        let (feed, frames) = sync_channel::<Vec<u8>>(AHEAD - 1);
        let (back, used) = channel();
        let (told, hashes) = channel();
        let pipe = Feed::new(stdin);
        let writer = std::thread::spawn(move || write(pipe, &frames, &back, &told));
        Ok(Encoder {
            guard,
            feed: Some(feed),
            used,
            writer,
            hashes,
            finished,
            buffers: 0,
            cancel,
        })
    }

    /// Returns a buffer for the next frame: one that was written, once there are enough.
    pub fn buffer(&mut self) -> Vec<u8> {
        // The last that was written is kept until the next is.
        if self.buffers < AHEAD + 2 {
            self.buffers += 1;
            return Vec::new();
        }
        self.used.recv().unwrap_or_default()
    }

    /// Hands over one frame.
    pub fn frame(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.cancel.check()?;
        let feed = self.feed.as_ref().context("the encoder was finished")?;
        match feed.send(bytes) {
            Ok(()) => Ok(()),
            Err(_) if self.cancel.is_stopped() => Err(Stopped.into()),
            Err(_) => self.refused(),
        }
    }

    /// FFmpeg takes no more frames: its log says why.
    fn refused(&mut self) -> Result<()> {
        self.feed = None;
        let reason = self.guard.reason();
        bail!("FFmpeg stopped taking frames: {reason}")
    }

    /// Returns the hash of the next frame that was written, in order.
    pub fn hash(&self) -> Result<u128> {
        self.hashes.recv().context("a frame was not written")
    }

    /// How many more files are whole than when this was last asked. A single file is whole at the end.
    pub fn whole(&self) -> usize {
        self.finished.try_iter().count()
    }

    /// Waits until everything is encoded; what was written can still be asked for.
    pub fn finish(self, log_file: Option<&Path>) -> Result<Written> {
        drop(self.feed);
        let Ok(lent) = self.writer.join() else {
            bail!("the thread that fed FFmpeg broke");
        };
        self.guard.finish(log_file)?;
        drop(lent);
        Ok(Written(self.hashes))
    }
}

/// The frames of an encoder that is done.
pub struct Written(Receiver<u128>);

impl Written {
    /// Returns the hash of the next frame that was written, in order.
    pub fn hash(&self) -> Result<u128> {
        self.0.recv().context("a frame was not written")
    }
}

/// Ends when the frames end or FFmpeg hangs up; the exit status tells which was meant. Returns what must
/// live until FFmpeg has ended.
fn write(
    mut feed: Feed,
    frames: &Receiver<Vec<u8>>,
    back: &Sender<Vec<u8>>,
    told: &Sender<u128>,
) -> Option<Vec<u8>> {
    for frame in frames {
        let mut hasher = xxhash3_128::Hasher::new();
        match feed.frame(frame, |piece| hasher.write(piece)) {
            Ok(before) => {
                let _ = told.send(hasher.finish_128());
                let _ = before.map(|b| back.send(b));
            }
            Err(_) => break,
        }
    }
    feed.close()
}
