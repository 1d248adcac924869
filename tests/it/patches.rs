//! Patches: whole or not at all, and only what depends on them is made again.

use crate::studio::Studio;

#[test]
fn a_longer_beat_changes_exactly_that_beat() {
    let studio = Studio::two_rooms();
    studio.run(["run", "t", "--yes"]).exits(0);
    let panels = studio.files("runs/t/storyboard");
    studio.put("p.json", r#"{"type":"duration_adjust","beat_adjustments":[{"beat_id":"ext_park_night","duration":5.0,"expect":3.0}]}"#);
    let dry = studio
        .run(["patch", "t", "p.json", "--dry-run", "--json"])
        .exits(0)
        .json();
    assert_eq!(
        (dry["changed"].as_bool(), dry["result"]["stage"].as_str()),
        (Some(false), Some("storyboard"))
    );
    assert!(
        dry["result"]["diff"]
            .as_str()
            .unwrap()
            .contains("+    seconds: 5.0")
    );
    let result = dry["result"]["content_fp"].as_str().unwrap().to_owned();
    studio
        .run(["patch", "t", "p.json", "--expect-result", "b3:000000000000"])
        .exits(5);
    let done = studio
        .run(["patch", "t", "p.json", "--expect-result", &result, "--json"])
        .exits(0)
        .json();
    assert_eq!(done["changed"], true);
    studio.run(["run", "t"]).exits(3);
    studio.run(["run", "t", "--yes"]).exits(0);
    assert_eq!(studio.frames("runs/t/render/film.mp4"), 132 + 24);
    assert!(studio.files("runs/t/storyboard") == panels);
    // `expect` no longer holds.
    studio.run(["patch", "t", "p.json"]).exits(6);
}

#[test]
fn words_and_levels_are_patched() {
    let studio = Studio::two_rooms();
    studio.run(["run", "t", "--yes"]).exits(0);
    studio.put("w.json", r#"{"type":"text_replace","replacements":[{"old":"Good morning.","new":"Good night."}],"request_id":"r1"}"#);
    studio.run(["patch", "t", "w.json"]).exits(0);
    studio.run(["patch", "t", "w.json"]).exits(0).says("before");
    studio.put(
        "l.json",
        r#"{"type":"level_adjust","level_change_db":-6.0,"cue":"m_01"}"#,
    );
    let video = studio.raw_frames("t");
    studio.run(["run", "t", "--yes"]).exits(0);
    assert!(
        studio
            .read("runs/t/render/film.srt")
            .contains("Good night.")
    );
    assert_ne!(
        video,
        studio.raw_frames("t"),
        "burned captions are part of the picture"
    );
    let (video, film) = (
        studio.raw_frames("t"),
        studio.bytes("runs/t/render/film.mp4"),
    );
    studio
        .run(["gate", "approve", "t", "audio", "--patch", "l.json"])
        .exits(0);
    assert!(studio.read("runs/t/audio.yaml").contains("level_db: -6.0"));
    studio.run(["run", "t"]).exits(0);
    assert_eq!(video, studio.raw_frames("t"), "a level changes no picture");
    assert!(
        film != studio.bytes("runs/t/render/film.mp4"),
        "and it is heard"
    );
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "references"])
        .exits(3);
    let before = studio.read("runs/t/journal.jsonl");
    for (patch, code, words) in [
        ("{", 65, "patch"),
        (
            r#"{"type":"text_replce"}"#,
            65,
            "did you mean `text_replace`",
        ),
        (
            r#"{"type":"text_replace","replacements":[{"old":"Good evening.","new":"x"}]}"#,
            6,
            "Good morning.",
        ),
        (
            r#"{"type":"text_replace","replacements":[{"old":"Anna","new":"x"}]}"#,
            6,
            "times",
        ),
        (
            r#"{"type":"duration_adjust","beat_adjustments":[{"beat_id":"int_office_day","duration":4},{"beat_id":"nowhere","duration":4}]}"#,
            6,
            "nowhere",
        ),
        (
            r#"{"type":"level_adjust","level_change_db":3}"#,
            7,
            "not been made",
        ),
    ] {
        studio.put("p.json", patch);
        studio.run(["patch", "t", "p.json"]).exits(code).says(words);
    }
    assert_eq!(studio.read("runs/t/journal.jsonl"), before);
    studio.run(["patch", "t", "none.json"]).exits(8);
    for (name, _, example) in greenlight::plan::patch::TYPES {
        assert!(studio.run(["patch", "types"]).exits(0).out.contains(name));
        greenlight::plan::patch::parse(example, "").unwrap();
    }
}

#[test]
fn a_board_that_says_other_words_than_the_script_is_told_of() {
    let studio = Studio::at("storyboard");
    let shown = studio
        .run(["gate", "show", "t", "storyboard", "--json"])
        .exits(0)
        .json();
    assert_eq!(shown["result"]["remarks"], serde_json::json!([]), "{shown}");
    studio.change("runs/t/storyboard.yaml", "Good morning.", "Good riddance.");
    studio
        .run(["gate", "show", "t", "storyboard"])
        .exits(0)
        .says("on no shot, though the script says it: “Good morning.”")
        .says("says what the script does not: “Good riddance.”");
}
