//! Editors who change the run folder by hand.

use crate::studio::Studio;

/// A picture nobody here drew.
fn picture() -> Vec<u8> {
    let image = image::RgbImage::from_fn(64, 48, |x, y| {
        image::Rgb([(x * 4) as u8, (y * 5) as u8, 90])
    });
    let mut out = std::io::Cursor::new(Vec::new());
    image.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

/// A recording of so many seconds.
fn recording(seconds: f64) -> Vec<u8> {
    let samples: Vec<f32> = (0..(seconds * 48_000.0) as usize)
        .map(|i| (i as f32 * 0.05).sin() * 0.3)
        .collect();
    greenlight::stages::audio::wav(&samples, 1).unwrap()
}

#[test]
fn a_changed_line_remakes_only_what_depends_on_it() {
    let studio = Studio::two_rooms();
    studio.run(["run", "t", "--yes"]).exits(0);
    let panels = studio.files("runs/t/storyboard");
    let takes = studio.journal("t", "take").len();
    studio.change("runs/t/script.fountain", "Good morning.", "Hello, you.");
    studio
        .run(["run", "t", "--yes"])
        .exits(0)
        .says("script was edited by hand");
    assert!(studio.files("runs/t/storyboard") == panels);
    assert!(
        studio
            .read("runs/t/render/film.srt")
            .contains("Hello, you.")
    );
    let new: Vec<String> = studio.journal("t", "take")[takes..]
        .iter()
        .map(|t| {
            format!(
                "{}/{}",
                t["stage"].as_str().unwrap(),
                t["item"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(new, ["storyboard/v_s01_010_1", "audio/v_s01_010_1"]);
}

#[test]
fn own_pictures_and_recordings_are_taken_as_they_are() {
    let studio = Studio::two_rooms();
    studio.run(["run", "t", "--yes"]).exits(0);
    let (mine, voice) = (picture(), recording(4.0));
    studio.put("runs/t/storyboard/s01_020.png", &mine);
    studio.put("runs/t/audio/v_s01_010_1.wav", &voice);
    studio
        .run(["run", "t", "--yes"])
        .exits(0)
        .says("s01_020.png")
        .says("v_s01_010_1.wav");
    assert!(studio.bytes("runs/t/storyboard/s01_020.png") == mine);
    assert!(studio.bytes("runs/t/assets/s01_020.png") == mine);
    assert!(studio.bytes("runs/t/audio/v_s01_010_1.wav") == voice);
    let audio = studio.read("runs/t/audio.yaml");
    assert!(
        audio.contains("seconds: 4.0") && audio.contains("engine: yours"),
        "{audio}"
    );
    // 0.25 + 4 + 0.4 s in a shot of 2 s: the picture is held, the storyboard is not touched.
    assert!(audio.contains("s01_010: 32"), "{audio}");
    assert!(
        studio
            .read("runs/t/storyboard.yaml")
            .contains("seconds: 2.0")
    );
    assert_eq!(studio.frames("runs/t/render/film.mp4"), 132 + 32);
    // Another change of the script leaves them alone; only asking by name replaces one, and it is kept.
    studio.change(
        "runs/t/script.fountain",
        "Anna walks under the trees.",
        "Anna runs under the trees.",
    );
    studio.run(["run", "t", "--yes"]).exits(0);
    assert!(studio.bytes("runs/t/storyboard/s01_020.png") == mine);
    studio
        .run(["regenerate", "t", "storyboard", "--item", "s01_020"])
        .exits(0);
    assert!(studio.bytes("runs/t/storyboard/s01_020.png") != mine);
    let hash = greenlight::plan::fingerprint::Fingerprint::of_bytes(&mine);
    let kept = greenlight::store::layout::Layout::new(studio.path("runs/t")).object(&hash);
    assert!(std::fs::read(kept).unwrap() == mine);
}

#[test]
fn shots_are_inserted_deleted_and_reordered() {
    let studio = Studio::two_rooms();
    studio.run(["run", "t", "--yes"]).exits(0);
    let panels = studio.files("runs/t/storyboard");
    let text = studio.read("runs/t/storyboard.yaml");
    // The first two shots change places, and a new one without an id comes between them.
    let start = text.find("  - id: s01_010").unwrap();
    let middle = text.find("  - id: s01_020").unwrap();
    let end = text.find("- id: ext_park_night").unwrap();
    let new = "  - seconds: 1.0\n    size: CU\n    prompt: A clock on the wall.   # mine\n    place: office\n";
    let moved = format!(
        "{}{}\n{new}\n{}{}",
        &text[..start],
        text[middle..end].trim_end(),
        text[start..middle].trim_end(),
        format_args!("\n\n{}", &text[end..])
    );
    studio.put("runs/t/storyboard.yaml", &moved);
    studio.run(["run", "t", "--yes"]).exits(0);
    let board = studio.read("runs/t/storyboard.yaml");
    let at = |what: &str| {
        board
            .find(what)
            .unwrap_or_else(|| panic!("no {what} in\n{board}"))
    };
    assert!(
        at("id: s01_020") < at("A clock on the wall.")
            && at("A clock on the wall.") < at("id: s01_010")
    );
    let after = studio.files("runs/t/storyboard");
    assert_eq!(after.len(), panels.len() + 1);
    for (name, bytes) in &panels {
        assert!(
            after.iter().any(|(n, b)| n == name && b == bytes),
            "{name} was kept"
        );
    }
    assert_eq!(studio.frames("runs/t/render/film.mp4"), 132 + 12);
    // And one is deleted.
    let first = board.find("  - id: s01_020").unwrap();
    let second = board[first + 5..].find("  - id: ").unwrap() + first + 5;
    studio.put(
        "runs/t/storyboard.yaml",
        format!("{}{}", &board[..first], &board[second..]),
    );
    studio.run(["run", "t", "--yes"]).exits(0);
    assert_eq!(studio.frames("runs/t/render/film.mp4"), 132 + 12 - 18);
    assert!(!studio.path("runs/t/storyboard/s01_020.png").exists());
}

#[test]
fn a_broken_file_is_named_and_left_as_it_is() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "references"])
        .exits(3);
    studio.change("runs/t/storyboard.yaml", "seconds: 2.0", "seconds: [");
    let broken = studio.read("runs/t/storyboard.yaml");
    studio.run(["run", "t"]).exits(65).says("storyboard.yaml:9");
    studio.run(["gate", "approve", "t", "storyboard"]).exits(65);
    assert_eq!(studio.read("runs/t/storyboard.yaml"), broken);
    studio.put(
        "runs/t/storyboard.yaml",
        broken.replace("seconds: [", "secnds: 2.0"),
    );
    studio
        .run(["run", "t"])
        .exits(65)
        .says("did you mean `seconds`");
}

#[test]
fn a_moved_folder_is_the_same_film() {
    let studio = Studio::two_rooms();
    studio.run(["run", "t", "--yes"]).exits(0);
    let other = Studio::new();
    std::process::Command::new("cp")
        .arg("-r")
        .arg(studio.path("runs/t"))
        .arg(other.path("runs/t"))
        .status()
        .unwrap();
    assert_eq!(
        other.run(["status", "t", "--json"]).exits(0).json()["result"]["status"],
        "completed"
    );
    other.run(["run", "t"]).exits(0);
    other.run(["status"]).exits(0).says("run t");
}

#[test]
fn what_a_person_changed_outlives_what_is_made_anew() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "references"])
        .exits(3);
    studio
        .run([
            "gate",
            "reject",
            "t",
            "storyboard",
            "--feedback",
            "shot 1 longer",
        ])
        .exits(0);
    studio.run(["run", "t"]).exits(3);
    let text = studio.read("runs/t/storyboard.yaml");
    assert!(text.contains("seconds: 2.5"), "{text}");
    let at = text.find("  - id: s01_020").unwrap();
    let mine =
        "  - seconds: 1.0\n    size: CU\n    prompt: A clock on the wall.\n    place: office\n\n";
    studio.put(
        "runs/t/storyboard.yaml",
        format!(
            "# my board\n{}{mine}{}",
            &text[..at],
            text[at..].replace("A letter on the desk.", "A brass key on the desk.")
        ),
    );
    studio.run(["run", "t"]).exits(3);
    // The script changes twice after that, once in a shot's own line.
    for (old, new) in [("walks", "runs"), ("Good morning.", "Hello.")] {
        studio.change("runs/t/script.fountain", old, new);
        studio
            .run(["run", "t", "--yes-through", "references"])
            .exits(3);
    }
    let board = studio.read("runs/t/storyboard.yaml");
    for kept in [
        "A clock on the wall.",
        "A brass key on the desk.",
        "seconds: 2.5",
        "Anna runs",
        "text: Hello.",
    ] {
        assert!(board.contains(kept), "{kept} in\n{board}");
    }
}

#[test]
fn a_film_with_own_sound_can_change_its_length() {
    let studio = Studio::two_rooms();
    studio.run(["run", "t", "--yes"]).exits(0);
    studio.put("runs/t/audio/v_s01_010_1.wav", recording(1.0));
    studio.run(["run", "t", "--yes"]).exits(0);
    studio
        .run([
            "regenerate",
            "t",
            "storyboard",
            "--feedback",
            "scene 2 to 5 seconds",
        ])
        .exits(0);
    studio.run(["run", "t", "--yes"]).exits(0);
    assert_eq!(studio.frames("runs/t/render/film.mp4"), 132 + 24);
}

#[test]
fn a_file_that_is_no_picture_is_named() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "references"])
        .exits(3);
    studio.put("runs/t/storyboard/s01_010.png", "hi");
    studio
        .run(["run", "t", "--yes"])
        .exits(65)
        .says("storyboard/s01_010.png");
    std::fs::remove_file(studio.path("runs/t/storyboard/s01_010.png")).unwrap();
    studio.run(["run", "t", "--yes"]).exits(0);
    // A film of one's own is kept, and ours is cut in its place.
    studio.put("runs/t/render/film.mp4", "mine");
    studio.change("runs/t/run.yaml", "title: Two Rooms", "title: Three Rooms");
    studio.run(["run", "t", "--yes"]).exits(0);
    assert_eq!(studio.frames("runs/t/render/film.mp4"), 132);
}

#[cfg(unix)]
#[test]
fn links_that_leave_the_run_are_refused() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "references"])
        .exits(3);
    studio.put("mine.png", picture());
    let panel = studio.path("runs/t/storyboard/s01_010.png");
    std::fs::remove_file(&panel).unwrap();
    std::os::unix::fs::symlink(studio.path("mine.png"), &panel).unwrap();
    studio
        .run(["run", "t", "--yes"])
        .exits(65)
        .says("storyboard/s01_010.png");
}

#[test]
fn beats_may_have_the_same_heading() {
    let studio = Studio::new();
    studio.put(
        "d.fountain",
        "INT. ROOM - DAY\n\nA cat.\n\nINT. ROOM - DAY\n\nA dog.\n\nINT. ROOM - DAY\n",
    );
    studio
        .run([
            "new",
            "--script",
            "d.fountain",
            "--id",
            "t",
            "--format",
            "160x90",
            "--fps",
            "12",
        ])
        .exits(0);
    studio.run(["run", "t", "--yes"]).exits(0);
    let board = studio.read("runs/t/storyboard.yaml");
    for id in [
        "id: int_room_day\n",
        "id: int_room_day_2",
        "id: int_room_day_3",
    ] {
        assert!(board.contains(id), "{id} in\n{board}");
    }
}

#[test]
fn a_scene_written_anew_takes_its_old_shots_with_it() {
    let studio = Studio::at("done");
    studio.put(
        "long.json",
        r#"{"type":"duration_adjust","beat_adjustments":[{"beat_id":"ext_park_night","duration":5.0}]}"#,
    );
    studio.run(["patch", "t", "long.json"]).exits(0);
    studio.put(
        "new.json",
        r#"{"type":"section_replace","section":"EXT. PARK - NIGHT","text":"EXT. HARBOUR - DAWN\n\nBoats leave."}"#,
    );
    studio.run(["patch", "t", "new.json"]).exits(0);
    studio
        .run(["run", "t", "--yes"])
        .exits(0)
        .says("its text is gone from the script");
    let board = studio.read("runs/t/storyboard.yaml");
    assert!(
        board.contains("Boats leave") && !board.contains("trees"),
        "{board}"
    );
}

#[test]
fn a_new_take_in_place_of_a_picture_of_ones_own_is_measured_itself() {
    let studio = Studio::at("storyboard");
    let grey = image::RgbImage::from_pixel(160, 90, image::Rgb([120, 120, 120]));
    let path = studio.path("runs/t/storyboard/s01_020.png");
    grey.save(&path).unwrap();
    studio.run(["gate", "settle", "t"]).exits(0);
    let score = |studio: &Studio| {
        let board: serde_json::Value =
            serde_yaml::from_str(&studio.read("runs/t/storyboard.yaml")).unwrap();
        board["beats"][0]["shots"][1]["score"]["total"]
            .as_u64()
            .unwrap()
    };
    let flat = score(&studio);
    studio
        .run(["regenerate", "t", "storyboard", "--item", "s01_020"])
        .exits(0);
    assert!(score(&studio) > flat, "{flat}");
    studio.change("runs/t/references.yaml", "look: paper", "look: plaid");
    studio.run(["run", "t"]).exits(65).says("looks are paper");
}

#[test]
fn a_file_that_breaks_off_is_no_picture_and_no_sound() {
    let studio = Studio::two_rooms();
    studio.run(["run", "t", "--yes"]).exits(0);
    let whole = studio.bytes("runs/t/storyboard/s01_020.png");
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::load_from_memory(&whole)
        .unwrap()
        .to_rgb8()
        .write_to(&mut jpeg, image::ImageFormat::Jpeg)
        .unwrap();
    let jpeg = jpeg.into_inner();
    for half in [&whole[..whole.len() / 2], &jpeg[..jpeg.len() / 2]] {
        studio.put("runs/t/storyboard/s01_020.png", half);
        studio
            .run(["gate", "approve", "t", "storyboard"])
            .exits(65)
            .says("s01_020.png")
            .says("breaks off");
    }
    studio.put("runs/t/storyboard/s01_020.png", &jpeg);
    studio.run(["gate", "approve", "t", "storyboard"]).exits(0);
    let sound = recording(2.0);
    studio.put("runs/t/audio/v_s01_010_1.wav", &sound[..sound.len() / 2]);
    studio
        .run(["run", "t", "--yes"])
        .exits(65)
        .says("breaks off");
}

#[test]
fn a_sound_that_is_placed_where_no_film_is_is_refused() {
    let studio = Studio::two_rooms();
    studio.run(["run", "t", "--yes"]).exits(0);
    let before = studio.read("runs/t/audio.yaml");
    for (old, new, said) in [
        (
            "shot: s01_010",
            "shot: s09_990",
            "there is no shot `s09_990`",
        ),
        (
            "target_lufs: -14",
            "target_lufs: 14",
            "target_lufs lies between",
        ),
    ] {
        assert!(before.contains(old), "{before}");
        studio.put("runs/t/audio.yaml", before.replacen(old, new, 1));
        studio.run(["run", "t", "--yes"]).exits(65).says(said);
    }
    let at = before.find("  at: ").unwrap();
    let end = before[at..].find('\n').unwrap() + at;
    studio.put(
        "runs/t/audio.yaml",
        format!("{}  at: 900.0{}", &before[..at], &before[end..]),
    );
    studio
        .run(["run", "t", "--yes"])
        .exits(65)
        .says("into a film of");
    studio.put("runs/t/audio.yaml", &before);
    studio.run(["run", "t", "--yes"]).exits(0);
}

#[test]
fn a_run_is_called_as_its_folder_is() {
    let studio = Studio::at("done");
    greenlight::store::disk::move_into(&studio.path("runs/t"), &studio.path("runs/zed")).unwrap();
    let list = studio.run(["list", "--json"]).exits(0).json();
    assert_eq!(list["result"][0]["id"], "zed", "{list}");
    let status = studio.run(["status", "zed", "--json"]).exits(0).json();
    assert_eq!(status["run"], "zed", "{status}");
    studio.run(["run", "zed", "--yes"]).exits(0);
}
