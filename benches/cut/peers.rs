//! The same film by other ways: the same stills, zooms, captions, voices and music, and the same settings
//! of the encoder. Each is a whole process; what is not on this machine is said and left out.

use super::{still, timed};
use greenlight::film::format::Format;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const CAPTION: &str = "Nothing moves here but the light on the grass.";

/// How the encoder is asked in every peer that lets one ask.
const CODEC: [&str; 8] = [
    "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "60",
];

struct Kit<'a> {
    place: &'a Path,
    shots: u32,
    format: Format,
}

impl Kit<'_> {
    fn audio(&self, name: &str) -> PathBuf {
        self.place.join("runs/kit/audio").join(name)
    }

    /// The shots that have a line, and its file.
    fn voices(&self) -> impl Iterator<Item = (u32, PathBuf)> {
        (0..self.shots)
            .map(|n| (n, self.audio(&format!("v_s01_{:03}_1.wav", (n + 1) * 10))))
            .filter(|(_, file)| file.is_file())
    }
}

/// A line in a shot begins this many milliseconds after it.
const VOICE_MS: u32 = 2900;

pub(crate) fn measure(place: &Path, ffmpeg: &Path, shots: u32, format: Format, ours: f64) {
    let kit = Kit {
        place,
        shots,
        format,
    };
    let say = |name: &str, mut program: Command, missing: &str| {
        let mut done = false;
        let seconds = timed(|| {
            done = program
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|s| s.success());
        });
        match done {
            true => println!("{name:<46}{seconds:>8.2} s, {:.1} x ours", seconds / ours),
            false => println!("{name:<46}{:>8} ({missing})", "failed"),
        }
    };
    say("a plain zoompan graph", zoompan(&kit, ffmpeg, 0), "FFmpeg");
    say(
        "a zoompan graph on stills scaled to 8000",
        zoompan(&kit, ffmpeg, 8000),
        "FFmpeg",
    );
    say("MoviePy", moviepy(&kit), "pip install moviepy");
    say("editly", editly(&kit), "npm install -g editly; xvfb-run");
    say("MLT", melt(&kit), "Debian: melt");
}

/// One FFmpeg graph: zooms, captions burned, voices in their places, music under them, the loudness of the
/// same standard. `wide`: the stills are first scaled to this many pixels, against the shaking (0: not).
fn zoompan(kit: &Kit, ffmpeg: &Path, wide: u32) -> Command {
    let Kit {
        place,
        shots,
        format,
    } = *kit;
    let size = format!("{}x{}", format.width, format.height);
    let mut args: Vec<String> = ["-v", "error", "-nostdin", "-y"].map(String::from).to_vec();
    let mut graph = String::new();
    for n in 0..shots {
        args.extend(["-i".to_owned(), still(place, n % 12).display().to_string()]);
        let scale = match wide {
            0 => String::new(),
            wide => format!("scale={wide}:-2,"),
        };
        graph.push_str(&format!(
            "[{n}]{scale}zoompan=z='1+0.12*on/150':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d=150:s={size}:fps=30,setsar=1,format=yuv420p[v{n}];"
        ));
    }
    for n in 0..shots {
        graph.push_str(&format!("[v{n}]"));
    }
    graph.push_str(&format!("concat=n={shots}:v=1:a=0,subtitles=film.srt[v];"));
    let input = |file: PathBuf, args: &mut Vec<String>| {
        args.extend(["-i".to_owned(), file.display().to_string()]);
    };
    input(kit.audio("m_01.wav"), &mut args);
    input(kit.audio("a_01.wav"), &mut args);
    let (music, air) = (shots, shots + 1);
    let mut voices = String::new();
    let mut count = 0;
    for (n, file) in kit.voices() {
        input(file, &mut args);
        let (stream, at) = (shots + 2 + count, n * 5000 + VOICE_MS);
        graph.push_str(&format!("[{stream}]adelay={at}:all=1[w{n}];"));
        voices.push_str(&format!("[w{n}]"));
        count += 1;
    }
    graph.push_str(&format!(
        "{voices}amix=inputs={count}:normalize=0,aformat=channel_layouts=stereo,asplit[voice][key];\
         [{music}][key]sidechaincompress=threshold=0.03:ratio=6:attack=120:release=600[under];\
         [voice][under][{air}]amix=inputs=3:normalize=0,loudnorm=I=-14:TP=-1:LRA=11,aresample=48000[a]"
    ));
    args.extend(["-filter_complex", &graph, "-map", "[v]", "-map", "[a]"].map(String::from));
    args.extend(CODEC.map(String::from));
    args.extend(["-c:a", "aac", "-b:a", "160k", "-shortest"].map(String::from));
    args.push(place.join("zoompan.mp4").display().to_string());
    let mut program = Command::new(ffmpeg);
    program
        .args(args)
        .current_dir(place.join("runs/kit/render"));
    program
}

/// The zooms in MoviePy 2, pictures alone: it has no ducking and no loudness.
fn moviepy(kit: &Kit) -> Command {
    let script = kit.place.join("peer.py");
    std::fs::write(&script, MOVIEPY).unwrap();
    let mut program = Command::new("python3");
    program
        .arg(&script)
        .arg(kit.place.join("moviepy.mp4"))
        .arg(kit.format.width.to_string())
        .arg(kit.format.height.to_string())
        .args((0..kit.shots).map(|n| still(kit.place, n % 12)));
    program
}

const MOVIEPY: &str = r"
import sys
from moviepy import CompositeVideoClip, ImageClip, concatenate_videoclips
out, w, h = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
clips = []
for still in sys.argv[4:]:
    clip = ImageClip(still).with_duration(5).resized(width=w)
    zoomed = clip.resized(lambda t: 1 + 0.12 * t / 5).with_position('center')
    clips.append(CompositeVideoClip([zoomed], size=(w, h)).with_duration(5))
film = concatenate_videoclips(clips)
film.write_videofile(out, fps=30, codec='libx264', preset='veryfast', ffmpeg_params=['-crf', '20'], audio=False, logger=None)
";

/// editly draws in a browser's way and needs a display, which `xvfb-run` stands in for.
fn editly(kit: &Kit) -> Command {
    let clips: Vec<_> = (0..kit.shots)
        .map(|n| {
            let mut layers = vec![serde_json::json!({
                "type": "image", "path": still(kit.place, n % 12),
                "zoomDirection": "in", "zoomAmount": 0.12,
            })];
            if n % 2 == 0 {
                layers.push(serde_json::json!({ "type": "subtitle", "text": CAPTION }));
            }
            serde_json::json!({ "duration": 5, "layers": layers })
        })
        .collect();
    let voices: Vec<_> = kit
        .voices()
        .map(|(n, file)| {
            let start = f64::from(n * 5000 + VOICE_MS) / 1000.0;
            serde_json::json!({ "path": file, "start": start, "mixVolume": 1 })
        })
        .collect();
    let order = serde_json::json!({
        "outPath": kit.place.join("editly.mp4"),
        "width": kit.format.width, "height": kit.format.height, "fps": 30,
        "defaults": { "transition": null },
        "customOutputArgs": CODEC,
        "audioFilePath": kit.audio("m_01.wav"),
        "backgroundAudioVolume": 0.3,
        "audioTracks": voices,
        "clips": clips,
    });
    let file = kit.place.join("editly.json5");
    std::fs::write(&file, order.to_string()).unwrap();
    let mut program = Command::new("xvfb-run");
    program.args(["-a", "editly"]).arg(file);
    program
}

/// MLT: zooms by its affine filter, the caption by its text filter, voices and music on tracks of their own.
fn melt(kit: &Kit) -> Command {
    let mut program = Command::new("melt");
    program.env("QT_QPA_PLATFORM", "offscreen");
    program.args([
        "-profile".to_owned(),
        format!("atsc_{}p_30", kit.format.height),
    ]);
    for n in 0..kit.shots {
        program.arg(still(kit.place, n % 12)).args([
            "out=149",
            "-attach",
            "affine",
            "transition.rect=0=0%/0%:100%x100%;149=-6%/-6%:112%x112%",
        ]);
        if n % 2 == 0 {
            program.args(["-attach", "dynamictext"]).arg(CAPTION);
            program.args(["valign=bottom", "halign=center", "size=54"]);
        }
    }
    program.arg("-audio-track");
    let mut frame = 0;
    for (n, file) in kit.voices() {
        let at = n * 150 + VOICE_MS * 30 / 1000;
        program.arg("-blank").arg((at - frame - 1).to_string());
        program.arg(file).arg("out=59");
        frame = at + 60;
    }
    program.arg("-audio-track").arg(kit.audio("m_01.wav"));
    program.arg(format!("out={}", kit.shots * 150 - 1));
    program.args(["-transition", "mix", "a_track=0", "b_track=1", "sum=1"]);
    program.args(["-transition", "mix", "a_track=0", "b_track=2", "sum=1"]);
    let mut to = std::ffi::OsString::from("avformat:");
    to.push(kit.place.join("melt.mp4"));
    program.arg("-consumer").arg(to);
    program.args(["vcodec=libx264", "preset=veryfast", "crf=20", "g=60"]);
    program.args(["acodec=aac", "ab=160k", "real_time=-2"]);
    program
}
