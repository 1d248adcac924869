//! A workspace of its own for every test, and the binary to work in it.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, OnceLock};
use tempfile::TempDir;

pub(crate) struct Studio {
    folder: TempDir,
}

/// What a command said and did.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Said {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.out, self.err
        );
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(self.out.trim())
            .unwrap_or_else(|e| panic!("{e}: {:?}\n{}", self.out, self.err))
    }

    #[track_caller]
    pub(crate) fn says(self, part: &str) -> Said {
        assert!(
            self.err.contains(part) || self.out.contains(part),
            "no {part:?} in\n{}\n{}",
            self.out,
            self.err
        );
        self
    }
}

const BINARY: &str = env!("CARGO_BIN_EXE_greenlight");

/// FFmpeg and a voice are installed by the program itself, where they are missing.
fn machine() {
    static READY: OnceLock<()> = OnceLock::new();
    READY.get_or_init(|| {
        let out = Command::new(BINARY)
            .args(["doctor", "--fix"])
            .output()
            .unwrap();
        assert!(
            out.status.success(),
            "{}{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        );
    });
}

pub(crate) const TWO_ROOMS: &str = "TITLE: Two Rooms\nFORMAT: 160x90, 12 fps\n\nSCENE 1: INT. OFFICE - DAY\nSHOT 1: Wide shot - 2s\nAnna works at a desk.\nANNA: Good morning.\nSHOT 2: Insert - 1.5s\nA letter on the desk.\n\nSCENE 2: EXT. PARK - NIGHT\nSHOT 1: Medium shot - 3s\nAnna walks under the trees.\nCAMERA: pan right\n";

impl Studio {
    pub(crate) fn new() -> Studio {
        machine();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("runs")).unwrap();
        Studio { folder }
    }

    /// A workspace with the run `t` made from a small shot list.
    pub(crate) fn two_rooms() -> Studio {
        let studio = Studio::new();
        studio.put("two.txt", TWO_ROOMS);
        studio
            .run(["new", "--script", "two.txt", "--id", "t", "--seed", "5"])
            .exits(0);
        studio
    }

    /// The same run where it waits at a stage's gate, everything before it approved. Made once, then
    /// copied: a copy of a run folder is the same film with the same approvals.
    pub(crate) fn at(stage: &'static str) -> Studio {
        static MADE: Mutex<BTreeMap<&'static str, TempDir>> = Mutex::new(BTreeMap::new());
        const STAGES: [&str; 7] = [
            "outline",
            "script",
            "references",
            "storyboard",
            "assets",
            "audio",
            "done",
        ];
        let mut made = MADE
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let at = STAGES.iter().position(|s| *s == stage).unwrap();
        if !made.contains_key(stage) {
            let studio = Studio::two_rooms();
            match at {
                0 => studio.run(["run", "t"]).exits(3),
                6 => studio.run(["run", "t", "--yes"]).exits(0),
                _ => studio
                    .run(["run", "t", "--yes-through", STAGES[at - 1]])
                    .exits(3),
            };
            made.insert(stage, studio.folder);
        }
        let folder = tempfile::tempdir().unwrap();
        copy(made[stage].path(), folder.path());
        Studio { folder }
    }

    /// Another workspace just like this one.
    pub(crate) fn copied(&self) -> Studio {
        let folder = tempfile::tempdir().unwrap();
        copy(self.folder.path(), folder.path());
        Studio { folder }
    }

    /// What `status` says of a stage.
    pub(crate) fn state(&self, stage: &str) -> String {
        let status = self.run(["status", "t", "--json"]).exits(0).json();
        let stages = status["result"]["stages"].as_array().unwrap();
        let found = stages.iter().find(|s| s["stage"] == stage).unwrap();
        found["state"].as_str().unwrap().to_owned()
    }

    /// A gate's file.
    pub(crate) fn gate(&self, stage: &str) -> Value {
        serde_json::from_str(&self.read(&format!("runs/t/gates/{stage}.json"))).unwrap()
    }

    /// The binary with another clock.
    pub(crate) fn run_at<const N: usize>(&self, now: &str, args: [&str; N]) -> Said {
        said(
            self.command(args)
                .env("GREENLIGHT_NOW", now)
                .output()
                .unwrap(),
        )
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    pub(crate) fn put(&self, relative: &str, text: impl AsRef<[u8]>) {
        let path = self.path(relative);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        greenlight::store::disk::write_scratch(&path, text.as_ref()).unwrap();
    }

    #[track_caller]
    pub(crate) fn read(&self, relative: &str) -> String {
        String::from_utf8(self.bytes(relative)).unwrap()
    }

    #[track_caller]
    pub(crate) fn bytes(&self, relative: &str) -> Vec<u8> {
        std::fs::read(self.path(relative)).unwrap_or_else(|e| panic!("{relative}: {e}"))
    }

    /// Replaces text in a file, which must hold it.
    #[track_caller]
    pub(crate) fn change(&self, relative: &str, old: &str, new: &str) {
        let text = self.read(relative);
        assert!(text.contains(old), "{relative} holds no {old:?}:\n{text}");
        self.put(relative, text.replacen(old, new, 1));
    }

    /// The binary off a terminal.
    pub(crate) fn command<const N: usize>(&self, args: [&str; N]) -> Command {
        let mut command = self.command_at_terminal(args);
        command.stdin(std::process::Stdio::null());
        command
    }

    pub(crate) fn command_at_terminal<const N: usize>(&self, args: [&str; N]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .args(args)
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("USER", "tester")
            .env("NO_COLOR", "1")
            .env_remove("GREENLIGHT_AS")
            .env_remove("GREENLIGHT_WORKSPACE");
        command
    }

    pub(crate) fn run<const N: usize>(&self, args: [&str; N]) -> Said {
        said(self.command(args).output().unwrap())
    }

    /// The journal's lines of one kind.
    pub(crate) fn journal(&self, run: &str, op: &str) -> Vec<Value> {
        self.read(&format!("runs/{run}/journal.jsonl"))
            .lines()
            .map(|l| serde_json::from_str::<Value>(l).unwrap())
            .filter(|v| v["op"] == op)
            .collect()
    }

    /// Name and content of every file in a folder of a run.
    pub(crate) fn files(&self, relative: &str) -> Vec<(String, Vec<u8>)> {
        let mut out: Vec<(String, Vec<u8>)> = std::fs::read_dir(self.path(relative))
            .unwrap()
            .map(|e| e.unwrap().path())
            .map(|p| {
                (
                    p.file_name().unwrap().to_string_lossy().into_owned(),
                    std::fs::read(&p).unwrap(),
                )
            })
            .collect();
        out.sort();
        out
    }

    /// The content of every file below a folder.
    #[cfg(unix)]
    pub(crate) fn files_below(&self, relative: &str) -> Vec<Vec<u8>> {
        let mut out = Vec::new();
        let mut folders = vec![self.path(relative)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    out.push(std::fs::read(path).unwrap());
                }
            }
        }
        out
    }

    /// Hashes of the raw frames of every segment, as the manifest keeps them.
    pub(crate) fn raw_frames(&self, run: &str) -> Vec<String> {
        let manifest: Value =
            serde_json::from_str(&self.read(&format!("runs/{run}/render/manifest.json"))).unwrap();
        manifest["films"][0]["segments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s["raw_frames"].as_str().unwrap().to_owned())
            .collect()
    }

    /// A pixel of a film, some seconds into it.
    pub(crate) fn pixel(&self, film: &str, seconds: f64, (x, y): (u32, u32)) -> [u8; 3] {
        let out = self.path("frame.png");
        let status = Command::new("ffmpeg")
            .args(["-v", "error", "-y", "-ss", &seconds.to_string(), "-i"])
            .arg(self.path(film))
            .args(["-frames:v", "1"])
            .arg(&out)
            .status()
            .unwrap();
        assert!(status.success());
        image::open(out).unwrap().into_rgb8().get_pixel(x, y).0
    }

    /// Frames of the finished film, counted by decoding it.
    pub(crate) fn frames(&self, film: &str) -> i64 {
        let out = Command::new("ffprobe")
            .args([
                "-v",
                "error",
                "-count_frames",
                "-select_streams",
                "v:0",
                "-show_entries",
                "stream=nb_read_frames",
                "-of",
                "csv=p=0",
            ])
            .arg(self.path(film))
            .output()
            .unwrap();
        String::from_utf8_lossy(&out.stdout)
            .trim()
            .trim_end_matches(',')
            .parse()
            .unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp")
        .arg("-a")
        .arg(from.join("."))
        .arg(to)
        .status()
        .unwrap();
    assert!(status.success());
}

pub(crate) fn said(output: Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// What ffprobe says of a file.
pub(crate) fn probe(path: &Path) -> Value {
    let out = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-show_streams",
            "-show_format",
            "-of",
            "json",
        ])
        .arg(path)
        .output()
        .unwrap();
    serde_json::from_slice(&out.stdout).unwrap()
}

/// FFmpeg's own words about a film seen through a filter.
pub(crate) fn watched(path: &Path, filter: &[&str]) -> String {
    let out = Command::new("ffmpeg")
        .args(["-nostdin", "-hide_banner", "-i"])
        .arg(path)
        .args(filter)
        .args(["-f", "null", "-"])
        .output()
        .unwrap();
    String::from_utf8_lossy(&out.stderr).into_owned()
}
