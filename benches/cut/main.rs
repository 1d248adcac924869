//! The cut against the clock: `cargo bench --bench cut`. Everything is timed side by side in one run, as
//! whole processes of the release build, on the same photographic stills, voice, music and captions.
//!
//! `KIT=720` (or any height) takes another size, `SHOTS=60` another length, `STILLS=FOLDER` real photographs
//! (at least 12 JPEG files) instead of made ones, `PEERS=1` adds the ways others do it, with the commands
//! of `peers`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement says what it measured, and writes what it measures with"
)]

use greenlight::cut::compose::Composer;
use greenlight::cut::frame::Frame;
use greenlight::film::format::Format;
use greenlight::film::time::Frames;
use greenlight::media::encode::{Codec, VideoSettings};
use greenlight::media::tools;
use greenlight::stages::Desk;
use greenlight::stages::reel::Reel;
use greenlight::store::run::Run;
use greenlight::template::Template;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

mod peers;

const BINARY: &str = env!("CARGO_BIN_EXE_greenlight");

fn number(name: &str, usual: u32) -> u32 {
    std::env::var(name)
        .ok()
        .and_then(|v| v.parse().ok())
        .unwrap_or(usual)
}

fn main() {
    let shots = number("SHOTS", 12);
    let height = number("KIT", 1080);
    let format = Format {
        width: height * 16 / 9 / 2 * 2,
        height,
    };
    let stills = std::env::var_os("STILLS").map(PathBuf::from);
    let made_of = if stills.is_some() { "photos" } else { "made" };
    let place = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("target/bench/cut-{shots}-{height}-{made_of}"));
    let stills = Stills(stills);
    let root = kit(&place, shots, format, &stills);
    let ffmpeg = tools::ffmpeg().unwrap();
    println!("{shots} shots of 5 s at {height}p30, photographic stills, voice, music, captions");
    println!("FFmpeg {}\n", tools::abilities(&ffmpeg).version);

    let frames = place.join("frames.yuv");
    let (seconds, count) = compose(&root, &ffmpeg, format, &frames);
    println!(
        "{:<46}{:>8.2} ms a frame, loading included",
        "frames alone, one thread, without encoder",
        seconds * 1000.0 / count as f64
    );

    let settings = VideoSettings {
        codec: Codec::H264,
        preset: "veryfast",
        crf: 20,
        width: format.width,
        height: format.height,
        rate: greenlight::film::time::Rate::DEFAULT,
    };
    let rounds = number("ROUNDS", 3) as usize;
    let (mut full, mut bare, mut peak) = (Vec::new(), Vec::new(), 0);
    for _ in 0..rounds {
        full.push(timed(|| peak = peak.max(render(&place, &["--fresh"]))));
        bare.push(timed(|| {
            let done = Command::new(&ffmpeg)
                .args(["-v", "error", "-nostdin", "-y"])
                .args(settings.arguments(0))
                .arg(place.join("bare.mp4"))
                .stdin(std::fs::File::open(&frames).unwrap())
                .status()
                .unwrap();
            assert!(done.success());
        }));
    }
    let (full, bare) = (median(full), median(bare));
    println!(
        "{:<46}{full:>8.2} s",
        "full render, with sound, checks, film"
    );
    println!(
        "{:<46}{bare:>8.2} s",
        "FFmpeg alone on the same finished frames"
    );
    println!("{:<46}{:>8.2} (limit 1.10)", "  ratio", full / bare);
    println!(
        "{:<46}{:>8} MB",
        "  memory at its highest, without FFmpeg",
        peak / 1024
    );

    let none = median(
        (0..3)
            .map(|_| {
                timed(|| {
                    render(&place, &[]);
                })
            })
            .collect(),
    );
    println!("{:<46}{none:>8.2} s (limit 1)", "nothing changed");

    let mut changes = Vec::new();
    for round in 0..rounds {
        // A still in the place of one shot's that was never seen before.
        let seed = std::process::id() % 10_000 + 100 * round as u32 + 50;
        stills
            .changed(seed)
            .save_with_format(changed_shot(&root), image::ImageFormat::Jpeg)
            .unwrap();
        changes.push(timed(|| run(&place, &["run", "kit", "--yes", "-q"])));
    }
    let change = median(changes);
    let limit = if shots >= 60 { 5.0 } else { 15.0 };
    println!(
        "{:<46}{change:>8.2} s, {:.1} % of the full render (limit {limit} %)",
        "one shot changed: taken in, cut, checked",
        change / full * 100.0
    );

    let preview = median(
        (0..rounds)
            .map(|_| {
                let _ = std::fs::remove_dir_all(root.join(".studio/previews"));
                timed(|| {
                    render(&place, &["--preview"]);
                })
            })
            .collect(),
    );
    println!(
        "{:<46}{preview:>8.2} s, {:.1} x real time (limit 8)",
        "preview at 540p, from nothing",
        count as f64 / 30.0 / preview
    );
    if number("PEERS", 0) > 0 {
        peers::measure(&place, &ffmpeg, shots, format, full);
    }
    std::fs::remove_file(&frames).unwrap();
}

fn timed(what: impl FnOnce()) -> f64 {
    let started = Instant::now();
    what();
    started.elapsed().as_secs_f64()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn run(workspace: &Path, args: &[&str]) {
    let out = Command::new(BINARY)
        .args(args)
        .current_dir(workspace)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let code = out.status.code();
    assert!(
        matches!(code, Some(0 | 3)),
        "{args:?}: {code:?} {}",
        String::from_utf8_lossy(&out.stderr)
    );
}

/// Renders, and returns the most memory the program itself held, in kB, where the system tells.
fn render(workspace: &Path, args: &[&str]) -> u64 {
    let mut child = Command::new(BINARY)
        .args(["render", "kit", "-q"])
        .args(args)
        .current_dir(workspace)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Ok(text) = std::fs::read_to_string(&status)
            && let Some(line) = text.lines().find(|l| l.starts_with("VmHWM"))
        {
            let digits: String = line.chars().filter(char::is_ascii_digit).collect();
            peak = peak.max(digits.parse().unwrap_or(0));
        }
        if let Some(done) = child.try_wait().unwrap() {
            assert!(done.success(), "render {args:?}");
            return peak;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// Composes the whole film into a file of raw frames; returns how long composing took.
fn compose(root: &Path, ffmpeg: &Path, format: Format, out: &Path) -> (f64, i64) {
    let run = Run::load(root).unwrap();
    let template = Template::load(&run.film.sheet.template, root).unwrap();
    let desk = Desk {
        run: &run,
        template: &template,
        instructions: &[],
        overrule: &[],
        said: None,
        writes: false,
        films: false,
        answers: false,
    };
    let reel = Reel::finished(&desk).unwrap();
    let timeline = reel.timeline(&desk, format).unwrap();
    let mut composer = Composer::new(root, ffmpeg, &timeline, &reel.assets, &reel.dressing);
    composer.until(timeline.total);
    let mut file = std::fs::File::create(out).unwrap();
    let mut frame = Frame::new(format.width, format.height);
    let mut spent = 0.0;
    for i in 0..timeline.total.0 {
        spent += timed(|| composer.frame(Frames(i), &mut frame).unwrap());
        file.write_all(&frame.bytes).unwrap();
    }
    (spent, timeline.total.0)
}

fn still(place: &Path, n: u32) -> PathBuf {
    place.join(format!("stills/{n:02}.jpg"))
}

fn changed_shot(root: &Path) -> PathBuf {
    root.join("assets/s01_030.png")
}

/// A run whose panels are photographs, approved up to its render.
fn kit(place: &Path, shots: u32, format: Format, stills: &Stills) -> PathBuf {
    let root = place.join("runs/kit");
    if root.join("render/film.mp4").is_file() {
        return root;
    }
    let _ = std::fs::remove_dir_all(place);
    std::fs::create_dir_all(place.join("stills")).unwrap();
    std::fs::create_dir_all(place.join("runs")).unwrap();
    for n in 0..12.min(shots) {
        stills
            .picture(n)
            .save_with_format(still(place, n), image::ImageFormat::Jpeg)
            .unwrap();
    }
    let moves = [
        "slow push in",
        "pull out",
        "pan right",
        "tilt up",
        "truck left",
        "static",
    ];
    let mut text = format!(
        "TITLE: Kit\nFORMAT: {}x{}, 30 fps\n\nSCENE 1: EXT. FIELD - DAY\n",
        format.width, format.height
    );
    for n in 0..shots {
        text.push_str(&format!(
            "SHOT {}: Wide shot - 5s\nThe field, seen for the {n}. time.\nCAMERA: {}\n",
            n + 1,
            moves[n as usize % moves.len()]
        ));
        if n % 2 == 0 {
            text.push_str("NARRATOR: Nothing moves here but the light on the grass.\n");
        }
    }
    std::fs::write(place.join("kit.txt"), text).unwrap();
    run(place, &["new", "--script", "kit.txt", "--id", "kit"]);
    run(
        place,
        &["run", "kit", "--yes", "--until", "storyboard", "-q"],
    );
    for n in 0..shots {
        let panel = root.join(format!("storyboard/s01_{:03}.png", (n + 1) * 10));
        std::fs::copy(still(place, n % 12), panel).unwrap();
    }
    run(place, &["run", "kit", "--yes", "-q"]);
    root
}

/// Where the pictures come from: a folder of photographs, or rules.
struct Stills(Option<PathBuf>);

impl Stills {
    fn picture(&self, n: u32) -> image::RgbImage {
        let Some(folder) = &self.0 else {
            return photograph(n);
        };
        let mut files: Vec<PathBuf> = (std::fs::read_dir(folder).unwrap())
            .map(|entry| entry.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "jpg"))
            .collect();
        files.sort();
        let picture = image::open(&files[n as usize]).unwrap();
        picture
            .resize_to_fill(2400, 1350, image::imageops::FilterType::Lanczos3)
            .into_rgb8()
    }

    /// One that was never seen before.
    fn changed(&self, seed: u32) -> image::RgbImage {
        if self.0.is_none() {
            return photograph(seed);
        }
        let mut picture = self.picture(2);
        picture.put_pixel(
            0,
            0,
            image::Rgb(seed.to_le_bytes()[..3].try_into().unwrap()),
        );
        picture
    }
}

/// Fractal noise with edges and grain, made by rule. Its amplitude falls with the frequency as that of
/// photographs does (1/f: half for each octave), so that it is as hard to encode as they are.
fn photograph(n: u32) -> image::RgbImage {
    let hash = |x: i32, y: i32, s: u32| {
        let mut h = (x as u32).wrapping_mul(0x9e37_79b1)
            ^ (y as u32).wrapping_mul(0x85eb_ca77)
            ^ s.wrapping_mul(0xc2b2_ae3d);
        h ^= h >> 15;
        h = h.wrapping_mul(0x2c1b_3c6d);
        h ^= h >> 13;
        (h & 0xffff) as f32 / 65535.0
    };
    let smooth = |x: f32, y: f32, s: u32| {
        let (ix, iy) = (x.floor(), y.floor());
        let ease = |t: f32| t * t * (3.0 - 2.0 * t);
        let (fx, fy) = (ease(x - ix), ease(y - iy));
        let at = |dx: i32, dy: i32| hash(ix as i32 + dx, iy as i32 + dy, s);
        let top = at(0, 0) * (1.0 - fx) + at(1, 0) * fx;
        let bottom = at(0, 1) * (1.0 - fx) + at(1, 1) * fx;
        top * (1.0 - fy) + bottom * fy
    };
    let fractal = |x: f32, y: f32, s: u32| {
        let (mut sum, mut size, mut weight) = (0.0, 480.0, 0.5);
        for octave in 0..9 {
            sum += weight * (smooth(x / size, y / size, s + octave) - 0.5);
            size /= 2.0;
            weight *= 0.5;
        }
        sum
    };
    image::RgbImage::from_fn(2400, 1350, |x, y| {
        let (fx, fy) = (x as f32, y as f32);
        let base = fractal(fx, fy, n * 31);
        let ridge = f32::from(fractal(fx * 0.7, fy * 0.7, n * 31 + 100) > 0.05);
        let grain = hash(x as i32, y as i32, n + 7) - 0.5;
        let tone = |c: u32| {
            let tint = fractal(fx * 0.5, fy * 0.5, n * 31 + 200 + c) * 0.4;
            ((0.45 + base * 0.8 + ridge * 0.18 + tint + grain * 0.03) * 255.0).clamp(0.0, 255.0)
                as u8
        };
        image::Rgb([tone(0), tone(1), tone(2)])
    })
}
