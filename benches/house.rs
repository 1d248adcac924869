//! The figures of README, side by side in one run: `cargo bench`.
//!
//! Commands are timed as whole processes of the release build, over a film of a thousand shots and a
//! workspace of ten thousand runs, both made here once and kept under `target/`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement says what it measured"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_greenlight");

fn main() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    let film = thousand_shots(&place.join("film"));
    let many = ten_thousand_runs(&place.join("many"));
    println!("\n{:<52} {:>9} {:>9}   limit", "", "median", "worst");
    let row = |what: &str, limit: &str, times: Vec<Duration>| {
        let mut times = times;
        times.sort();
        let ms = |d: Duration| format!("{:.1} ms", d.as_secs_f64() * 1000.0);
        let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
        println!("{what:<52} {:>9} {:>9}   {limit}", ms(median), ms(worst));
    };
    row(
        "the program itself, doing nothing (--version)",
        "",
        timed(30, || run(&film, &["--version"], 0)),
    );
    row(
        "status of 1,000 shots, nothing changed",
        "20 ms",
        timed(30, || run(&film, &["status", "big", "-q"], 0)),
    );
    row(
        "run with nothing to do, 1,000 shots",
        "100 ms",
        timed(30, || run(&film, &["run", "big", "-q"], 0)),
    );
    row(
        "the first status after a change, 1,000 shots",
        "",
        timed(5, || {
            touch(&film.join("runs/big/gates/render.json"));
            run(&film, &["status", "big", "-q"], 0);
        }),
    );
    row(
        "hold and release of a gate, 1,000 shots: two commits",
        "100 ms",
        timed(10, || {
            run(&film, &["gate", "hold", "big", "audio", "-q"], 0);
            run(&film, &["gate", "release", "big", "audio", "-q"], 0);
        }),
    );
    row(
        "list of 10,000 runs",
        "500 ms",
        timed(10, || run(&many, &["list", "-q"], 0)),
    );
    row(
        "list of 10,000 runs, without its index",
        "",
        timed(2, || {
            let _ = std::fs::remove_file(many.join("runs/.index"));
            run(&many, &["list", "-q"], 0);
        }),
    );
    let small = small_run(&place.join("small"));
    row(
        "approve and revoke of a script: two decisions",
        "100 ms",
        timed(20, || {
            run(&small, &["gate", "approve", "t", "script", "-q"], 0);
            run(&small, &["gate", "revoke", "t", "script", "-q"], 0);
        }),
    );
}

fn timed(count: usize, mut what: impl FnMut()) -> Vec<Duration> {
    // Once to warm up.
    what();
    (0..count)
        .map(|_| {
            let started = Instant::now();
            what();
            started.elapsed()
        })
        .collect()
}

fn run(workspace: &Path, args: &[&str], code: i32) {
    let out = Command::new(BINARY)
        .args(args)
        .current_dir(workspace)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(out.code(), Some(code), "{args:?}");
}

fn write(path: &Path, text: &str) {
    greenlight::store::disk::write_scratch(path, text.as_bytes()).unwrap();
}

fn touch(path: &Path) {
    let text = std::fs::read_to_string(path).unwrap();
    write(path, &text);
}

fn thousand_shots(workspace: &Path) -> PathBuf {
    if workspace.join("runs/big/render/film.mp4").is_file() {
        return workspace.to_owned();
    }
    println!("making a film of 1,000 shots, once; some minutes");
    let mut text = String::from("TITLE: Thousand\nFORMAT: 160x90, 12 fps\n\n");
    for scene in 1..=100 {
        let place = ["OFFICE", "KITCHEN", "STREET", "PARK", "HARBOUR"][scene % 5];
        text.push_str(&format!("SCENE {scene}: INT. {place} {scene} - DAY\n"));
        for shot in 1..=10 {
            let thing = ["lamp", "letter", "dog", "door", "boat"][shot % 5];
            text.push_str(&format!(
                "SHOT {shot}: Medium shot - 1s\nAnna looks at the {thing} number {shot}.\n"
            ));
        }
        text.push('\n');
    }
    write(&workspace.join("big.txt"), &text);
    std::fs::create_dir_all(workspace.join("runs")).unwrap();
    run(workspace, &["new", "--script", "big.txt", "--id", "big"], 0);
    run(workspace, &["run", "big", "--yes", "-q"], 0);
    workspace.to_owned()
}

const TWO: &str = "TITLE: Two\nFORMAT: 160x90, 12 fps\n\nSCENE 1: INT. OFFICE - DAY\nSHOT 1: Wide shot - 2s\nAnna works at a desk.\n";

fn small_run(workspace: &Path) -> PathBuf {
    if !workspace.join("runs/t/script.fountain").is_file() {
        write(&workspace.join("two.txt"), TWO);
        std::fs::create_dir_all(workspace.join("runs")).unwrap();
        run(workspace, &["new", "--script", "two.txt", "--id", "t"], 0);
        run(workspace, &["run", "t", "--yes-through", "outline"], 3);
    }
    workspace.to_owned()
}

/// One run in twenty waits at its storyboard, the others are new.
fn ten_thousand_runs(workspace: &Path) -> PathBuf {
    let runs = workspace.join("runs");
    if runs.join("r09999/run.yaml").is_file() {
        return workspace.to_owned();
    }
    println!("making 10,000 runs, once");
    write(&workspace.join("two.txt"), TWO);
    std::fs::create_dir_all(&runs).unwrap();
    run(
        workspace,
        &["new", "--script", "two.txt", "--id", "fresh"],
        0,
    );
    run(workspace, &["new", "--script", "two.txt", "--id", "mid"], 0);
    run(workspace, &["run", "mid", "--yes-through", "references"], 3);
    for i in 0..10_000 {
        let from = if i % 20 == 0 { "mid" } else { "fresh" };
        let to = runs.join(format!("r{i:05}"));
        copy(&runs.join(from), &to);
        let sheet = std::fs::read_to_string(to.join("run.yaml")).unwrap();
        let named = sheet.replace(&format!("id: {from}\n"), &format!("id: r{i:05}\n"));
        write(&to.join("run.yaml"), &named);
    }
    workspace.to_owned()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
