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

/// What a command leaves behind that must be wholly old or wholly new.
fn standing(studio: &Studio) -> String {
    let status = studio.run(["status", "t", "--json"]).exits(0).json();
    let stages: Vec<String> = status["result"]["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| format!("{} {} {} {}", s["stage"], s["state"], s["version"], s["by"]))
        .collect();
    let documents = ["outline.yaml", "script.fountain", "storyboard.yaml"];
    let texts: Vec<String> = documents
        .iter()
        .filter(|d| studio.path(&format!("runs/t/{d}")).exists())
        .map(|d| studio.read(&format!("runs/t/{d}")))
        .collect();
    format!("{}\n{}", stages.join("\n"), texts.join("\n"))
}

/// Lets a command die at every write, sync and rename it makes, and tear every write in two. What is
/// left is the old state or the new one; the command, given again, comes to the same end.
fn at_every_step<const N: usize>(base: &Studio, args: [&str; N]) {
    let whole = base.copied();
    let old = standing(&whole);
    whole.run(args).exits(0);
    let new = standing(&whole);
    assert_ne!(old, new);
    for kind in ["crash", "torn"] {
        let (mut died, mut unharmed) = (0, 0);
        for step in 1.. {
            let studio = base.copied();
            let mut command = studio.command(args);
            command.env("GREENLIGHT_FAULT", format!("{kind}:{step}"));
            let output = command.output().unwrap();
            if output.status.success() {
                // Bookkeeping may fail and harm nothing; several in a row are the end of all steps.
                assert_eq!(standing(&studio), new, "{kind}:{step}");
                unharmed += 1;
                if unharmed > 5 {
                    break;
                }
                continue;
            }
            unharmed = 0;
            let said = crate::studio::said(output);
            // A step that does not write fails where it cannot be torn.
            assert!(
                said.code == -1 || (kind == "torn" && said.code == 74),
                "{step}: {}",
                said.err
            );
            died += 1;
            // Whoever comes next rolls the commit forward, or finds nothing of it.
            studio.run(["gate", "settle", "t"]).exits(0);
            let now = standing(&studio);
            assert!(
                now == old || now == new,
                "{kind}:{step}\n{now}\nold\n{old}\nnew\n{new}"
            );
            studio.run(args).exits(0);
            assert_eq!(standing(&studio), new, "{kind}:{step}, given again");
            let decisions = studio.journal("t", "decided").len();
            assert_eq!(
                decisions,
                whole.journal("t", "decided").len(),
                "{kind}:{step}"
            );
        }
        assert!(died > 4, "{kind}: died only {died} times");
    }
}

#[test]
fn an_approval_is_there_or_not() {
    at_every_step(
        &Studio::at("storyboard"),
        ["gate", "approve", "t", "storyboard", "--as", "ines"],
    );
}

#[test]
fn a_patch_with_its_approval_is_there_or_not() {
    let studio = Studio::at("script");
    studio.put(
        "p.json",
        r#"{"type":"text_replace","request_id":"r1","replacements":[{"old":"Good morning.","new":"Good evening."}]}"#,
    );
    at_every_step(
        &studio,
        ["gate", "approve", "t", "script", "--patch", "p.json"],
    );
}

#[test]
fn a_hand_edit_and_its_approval_are_there_or_not() {
    let studio = Studio::at("storyboard");
    studio.change(
        "runs/t/storyboard.yaml",
        "seconds: 2.0",
        "seconds: 2.5 # mine",
    );
    let base = studio.copied();
    // The edit itself is the person's: only what the command adds may be missing.
    base.run(["gate", "settle", "t"]).exits(0);
    at_every_step(
        &base,
        ["gate", "approve", "t", "storyboard", "--as", "ines"],
    );
    for step in 1..30 {
        let studio = studio.copied();
        let mut command = studio.command(["gate", "settle", "t"]);
        command.env("GREENLIGHT_FAULT", format!("crash:{step}"));
        command.output().unwrap();
        studio.run(["gate", "settle", "t"]).exits(0);
        let text = studio.read("runs/t/storyboard.yaml");
        assert!(text.contains("seconds: 2.5 # mine"), "{step}\n{text}");
        assert_eq!(
            studio
                .journal("t", "version")
                .iter()
                .filter(|v| v["kind"] == "edited")
                .count(),
            1
        );
    }
}

#[test]
fn a_full_disk_claims_nothing() {
    let base = Studio::at("storyboard");
    let old = standing(&base);
    let args = ["gate", "approve", "t", "storyboard", "--as", "ines"];
    let mut refused = 0;
    for step in 1.. {
        let studio = base.copied();
        let mut command = studio.command(args);
        command.env("GREENLIGHT_FAULT", format!("full:{step}"));
        let said = crate::studio::said(command.output().unwrap());
        if said.code == 0 {
            break;
        }
        assert_eq!(said.code, 74, "{step}: {}", said.err);
        refused += 1;
        // Before its line is synced nothing happened; after it, the next command finishes it.
        if studio.journal("t", "decided").len() == base.journal("t", "decided").len() {
            assert_eq!(standing(&studio), old, "{step}");
        }
        studio.run(args).exits(0);
        assert_eq!(studio.state("storyboard"), "approved");
        assert_eq!(
            studio
                .journal("t", "decided")
                .iter()
                .filter(|d| d["stage"] == "storyboard")
                .count(),
            1
        );
    }
    assert!(refused > 4, "{refused}");
}

#[test]
fn a_damaged_journal_is_never_written_to() {
    let base = Studio::at("storyboard");
    base.run(["gate", "approve", "t", "storyboard", "--as", "ann"])
        .exits(0);
    let journal = base.read("runs/t/journal.jsonl");
    let lines: Vec<&str> = journal.lines().collect();
    let last = lines.len() - 1;
    let forged = journal.replace("\"by\":\"ann\"", "\"by\":\"bob\"");
    let without: String = lines
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != 5)
        .map(|(_, l)| format!("{l}\n"))
        .collect();
    let twice: String = lines
        .iter()
        .enumerate()
        .flat_map(|(i, l)| vec![format!("{l}\n"); if i == 5 { 2 } else { 1 }])
        .collect();
    for (damaged, line) in [(forged, last + 1), (without, 6), (twice, 7)] {
        let studio = base.copied();
        studio.put("runs/t/journal.jsonl", &damaged);
        let place = format!("journal.jsonl:{line}");
        studio.run(["status", "t"]).exits(74).says(&place);
        for args in [
            &["run", "t"][..],
            &["gate", "hold", "t", "script"],
            &["gate", "approve", "t", "storyboard"],
            &["undo", "t"],
        ] {
            let mut command = studio.command([]);
            crate::studio::said(command.args(args).output().unwrap()).exits(74);
        }
        assert_eq!(studio.read("runs/t/journal.jsonl"), damaged);
        studio.run(["list"]).exits(0).says("unreadable");
    }
}

#[test]
fn what_somebody_wrote_into_a_segment_is_encoded_anew() {
    let studio = Studio::at("done");
    let before = studio.raw_frames("t");
    // The FFmpeg of a run that was killed, say: it goes on writing for a while.
    let names = std::fs::read_dir(studio.path("runs/t/.studio/segments")).unwrap();
    let names: Vec<String> = names
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".mp4"))
        .collect();
    assert!(names.len() > 1, "{names:?}");
    for name in names {
        studio.put(&format!("runs/t/.studio/segments/{name}"), "half of a film");
    }
    // The film lies there still; another cut of it needs its segments.
    studio.run(["render", "t", "--textless"]).exits(0);
    studio.change("runs/t/script.fountain", "Good morning.", "Good day.");
    studio.run(["run", "t", "--yes"]).exits(0);
    assert_eq!(before.len(), studio.raw_frames("t").len());
    studio.run(["render", "t", "--verify"]).exits(0);
}
