//! Going back and comparing: nothing is ever lost on the way.

use crate::studio::Studio;

#[test]
fn undo_takes_back_and_undo_again_brings_it_back() {
    let studio = Studio::at("script");
    let first = studio.read("runs/t/script.fountain");
    studio.change("runs/t/script.fountain", "Good morning.", "Good evening.");
    let second = studio.read("runs/t/script.fountain");
    // The hand edit nobody has seen is recorded first.
    studio.run(["undo", "t"]).exits(0).says("edited by hand");
    assert_eq!(studio.read("runs/t/script.fountain"), first);
    studio.run(["undo", "t", "script"]).exits(0);
    assert_eq!(studio.read("runs/t/script.fountain"), second);
    // What a run made because of it is nobody's change: undo finds the person's.
    studio.run(["gate", "approve", "t", "script"]).exits(0);
    studio
        .run(["run", "t", "--yes-through", "references"])
        .exits(3);
    studio
        .run(["undo", "t"])
        .exits(0)
        .says("script is as in version");
    studio.run(["undo", "t"]).exits(0);
    studio.put("runs/t/references.yaml", "cast: [");
    studio.run(["undo", "t"]).exits(0).says("references");
    studio.run(["undo", "t", "outline"]).exits(7);
    studio.run(["undo", "t", "assets"]).exits(7);
    let kinds: Vec<String> = studio
        .journal("t", "version")
        .iter()
        .filter(|v| v["stage"] == "script")
        .map(|v| v["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        kinds,
        [
            "generated",
            "edited",
            "restored",
            "restored",
            "restored",
            "restored"
        ]
    );
}

#[test]
fn broken_bytes_are_kept_before_they_are_replaced() {
    let studio = Studio::at("storyboard");
    let good = studio.read("runs/t/storyboard.yaml");
    studio.put("runs/t/storyboard.yaml", "beats: [ my precious words");
    studio.run(["run", "t"]).exits(65);
    studio.run(["gate", "approve", "t", "storyboard"]).exits(65);
    assert_eq!(studio.state("storyboard"), "invalid");
    assert_eq!(
        studio.read("runs/t/storyboard.yaml"),
        "beats: [ my precious words"
    );
    let said = studio.run(["undo", "t", "storyboard"]).exits(0);
    assert_eq!(studio.read("runs/t/storyboard.yaml"), good);
    let kept = said.err.split("versions/objects/").nth(1).unwrap();
    let path = kept.split_whitespace().next().unwrap();
    assert_eq!(
        studio.read(&format!("runs/t/versions/objects/{path}")),
        "beats: [ my precious words"
    );
}

#[test]
fn comments_survive_whatever_the_tool_writes() {
    let studio = Studio::at("storyboard");
    studio.change(
        "runs/t/storyboard.yaml",
        "seconds: 2.0",
        "seconds: 2.0   # as long as she speaks",
    );
    let board = studio.read("runs/t/storyboard.yaml");
    let with_shot = board.replacen(
        "  - id: s02_010",
        "  # a new one\n  - size: CU\n    seconds: 1.0\n    prompt: The moon.\n  - id: s02_010",
        1,
    );
    assert_ne!(board, with_shot);
    studio.put("runs/t/storyboard.yaml", &with_shot);
    studio.run(["gate", "settle", "t"]).exits(0);
    let settled = studio.read("runs/t/storyboard.yaml");
    assert!(
        settled.contains("# as long as she speaks") && settled.contains("# a new one"),
        "{settled}"
    );
    assert!(settled.contains("s02_005"), "{settled}");
    studio.put(
        "p.json",
        r#"{"type":"duration_adjust","beat_adjustments":[{"shot_id":"s01_020","duration":3}]}"#,
    );
    studio.run(["patch", "t", "storyboard", "p.json"]).exits(0);
    studio.put("q.json", r#"{"type":"json_patch","stage":"storyboard","ops":[{"op":"add","path":"/beats/0/mood","value":"tense"}]}"#);
    studio.run(["patch", "t", "q.json"]).exits(0);
    studio.run(["run", "t"]).exits(3);
    let text = studio.read("runs/t/storyboard.yaml");
    assert!(
        text.contains("# as long as she speaks") && text.contains("# a new one"),
        "{text}"
    );
    assert!(
        text.contains("mood: tense") && text.contains("seconds: 3.0"),
        "{text}"
    );
}

#[test]
fn differences_are_told_by_line_by_field_and_by_sight() {
    let studio = Studio::at("storyboard");
    studio.change("runs/t/script.fountain", "Good morning.", "Good evening.");
    studio
        .run(["diff", "t", "script"])
        .exits(0)
        .says("+Good evening.");
    studio
        .run(["diff", "t", "script", "source"])
        .exits(0)
        .says("+Good evening.");
    studio.run(["diff", "t", "outline", "source"]).exits(7);
    studio.run(["diff", "t", "script", "1", "9"]).exits(8);
    studio.run(["diff", "t", "script", "soon"]).exits(2);
    studio.run(["gate", "approve", "t", "storyboard"]).exits(7);
    studio.run(["undo", "t", "script"]).exits(0);
    studio.run(["gate", "approve", "t", "storyboard"]).exits(0);
    studio.change("runs/t/storyboard.yaml", "seconds: 2.0", "seconds: 2.5");
    studio
        .run(["regenerate", "t", "storyboard", "--item", "s02_010"])
        .exits(0);
    let diff = studio
        .run(["diff", "t", "storyboard", "--json"])
        .exits(0)
        .json();
    let fields = diff["result"]["fields"].to_string();
    assert!(
        fields.contains("beats.int_office_day.shots.s01_010.seconds"),
        "{fields}"
    );
    assert_eq!(diff["result"]["media"][0]["file"], "storyboard/s02_010.png");
    let picture = diff["result"]["picture"].as_str().unwrap();
    let picture = image::open(picture).unwrap();
    assert!(picture.width() > 800);
    // The gate shows the same, against what was approved.
    let shown = studio
        .run(["gate", "show", "t", "storyboard", "--json"])
        .exits(0)
        .json();
    assert_eq!(shown["result"]["since_approved"]["against"], 1);
    assert!(
        shown["result"]["since_approved"]["fields"]
            .to_string()
            .contains("s01_010.seconds")
    );
}

/// Edits a file in the middle of its making, by a voice that does so.
#[cfg(unix)]
fn edited_while_made(edit: &str) -> Studio {
    use std::os::unix::fs::PermissionsExt;
    let studio = Studio::at("storyboard");
    studio.put(
        "voice",
        format!("#!/bin/sh\n{edit}\nexec espeak-ng \"$@\"\n"),
    );
    let voice = studio.path("voice");
    std::fs::set_permissions(&voice, std::fs::Permissions::from_mode(0o755)).unwrap();
    studio.change(
        "runs/t/script.fountain",
        "Good morning.",
        "Good evening, all of you.",
    );
    let mut command = studio.command(["run", "t", "--yes-through", "references"]);
    command
        .env("GREENLIGHT_ESPEAK_NG", &voice)
        .env("GREENLIGHT_FLITE", "")
        .env("FOLDER", studio.path("runs/t"));
    let said = crate::studio::said(command.output().unwrap());
    assert_eq!(said.code, 6, "{}", said.err);
    studio
}

#[cfg(unix)]
#[test]
fn an_edit_in_the_middle_is_a_conflict_with_three_ways_out() {
    let studio = edited_while_made(
        "sed -i 's/Insert/insert/; s/seconds: 1.5/seconds: 1.75 # mine/' \"$FOLDER/storyboard.yaml\"",
    );
    assert_eq!(studio.state("storyboard"), "conflict");
    assert!(studio.read("runs/t/storyboard.yaml").contains("# mine"));
    assert!(
        studio
            .read("runs/t/storyboard.yaml")
            .contains("Good morning.")
    );
    studio.run(["gate", "approve", "t", "storyboard"]).exits(6);
    studio.run(["run", "t", "--yes"]).exits(6);
    // Until it is settled, nothing else touches it.
    studio.put(
        "p.json",
        r#"{"type":"duration_adjust","beat_adjustments":[{"shot_id":"s01_020","duration":3}]}"#,
    );
    studio
        .run(["patch", "t", "storyboard", "p.json"])
        .exits(6)
        .says("resolve");
    studio.run(["undo", "t", "storyboard"]).exits(6);
    studio.run(["restore", "t", "storyboard", "1"]).exits(6);
    studio.run(["regenerate", "t", "storyboard"]).exits(6);
    studio
        .run(["take", "pick", "t", "storyboard", "s01_010", "1"])
        .exits(6);
    assert!(studio.read("runs/t/storyboard.yaml").contains("# mine"));
    let mine = studio.copied();
    mine.run(["resolve", "t", "storyboard", "--take", "mine"])
        .exits(0);
    assert!(
        mine.read("runs/t/storyboard.yaml")
            .contains("Good morning.")
    );
    let theirs = studio.copied();
    theirs
        .run(["resolve", "t", "storyboard", "--take", "generated"])
        .exits(0);
    assert!(
        theirs
            .read("runs/t/storyboard.yaml")
            .contains("Good evening")
    );
    assert!(!theirs.read("runs/t/storyboard.yaml").contains("1.75"));
    let both = studio.copied();
    both.run(["resolve", "t", "storyboard", "--take", "merge"])
        .exits(0);
    let text = both.read("runs/t/storyboard.yaml");
    assert!(
        text.contains("Good evening") && text.contains("1.75 # mine"),
        "{text}"
    );
    for studio in [mine, theirs, both] {
        // Whichever goes on, both sides are among the versions.
        assert_eq!(studio.state("storyboard"), "open");
        let texts: String = studio
            .files_below("runs/t/versions/objects")
            .into_iter()
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect();
        assert!(texts.contains("1.75 # mine") && texts.contains("Good evening"));
        studio
            .run(["resolve", "t", "storyboard", "--take", "mine"])
            .exits(7);
    }
}
