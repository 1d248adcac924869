//! Killed at any moment, a run goes on; nothing is made twice and the film is the same.

use crate::studio::Studio;
use std::collections::BTreeSet;
use std::time::Duration;

#[test]
fn killed_runs_go_on_where_they_were() {
    let whole = Studio::two_rooms();
    whole.run(["run", "t", "--yes"]).exits(0);
    let studio = Studio::two_rooms();
    // Ever later moments, so that every stage is hit somewhere.
    for i in 0..20u64 {
        let mut child = studio
            .command(["run", "t", "--yes", "-q"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(15 + i * 23));
        let _ = child.kill();
        child.wait().unwrap();
    }
    studio.run(["run", "t", "--yes"]).exits(0);
    let mut made = BTreeSet::new();
    for take in studio.journal("t", "take") {
        let name = format!("{} {} {}", take["stage"], take["item"], take["key"]);
        assert!(made.insert(name.clone()), "made twice: {name}");
    }
    for folder in ["references", "storyboard", "assets", "audio"] {
        assert!(
            whole.files(&format!("runs/t/{folder}")) == studio.files(&format!("runs/t/{folder}")),
            "{folder}"
        );
    }
    assert_eq!(whole.raw_frames("t"), studio.raw_frames("t"));
}

#[test]
fn a_torn_journal_line_is_dropped_and_said() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "outline"])
        .exits(3);
    let journal = studio.bytes("runs/t/journal.jsonl");
    studio.put("runs/t/journal.jsonl", &journal[..journal.len() - 20]);
    studio
        .run(["run", "t", "--yes-through", "outline"])
        .exits(3)
        .says("torn");
    let mut damaged = journal.clone();
    damaged[40] ^= 1;
    studio.put("runs/t/journal.jsonl", damaged);
    studio.run(["run", "t"]).exits(74).says("journal.jsonl:1");
}

#[test]
fn one_run_at_a_time_and_decisions_beside_it() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "references"])
        .exits(3);
    let lock = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(studio.path("runs/t/.studio/runner.lock"))
        .unwrap();
    lock.lock().unwrap();
    studio.run(["run", "t"]).exits(11);
    assert_eq!(
        studio.run(["status", "t", "--json"]).exits(0).json()["result"]["status"],
        "processing"
    );
    studio.run(["gate", "approve", "t", "storyboard"]).exits(0);
}

#[cfg(unix)]
#[test]
fn an_interrupt_stops_in_good_order() {
    let studio = Studio::two_rooms();
    let mut child = studio.command(["run", "t", "--yes", "-q"]).spawn().unwrap();
    // Interrupted as soon as the first item is kept.
    while studio.journal("t", "take").is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    let code = child.wait().unwrap().code();
    assert!(code == Some(130) || code == Some(0), "{code:?}");
    studio.run(["run", "t", "--yes"]).exits(0);
}
