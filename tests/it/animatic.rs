//! The offline house: what it reads, draws and plays, through the program.

use crate::studio::{Studio, probe, watched};
use serde_json::Value;

const NEW: [&str; 11] = [
    "new",
    "--script",
    "a.fountain",
    "--id",
    "t",
    "--seed",
    "5",
    "--format",
    "160x90",
    "--fps",
    "12",
];

/// A workspace with a run of one scene, its storyboard made.
fn board(heading: &str, action: &str) -> Studio {
    let studio = Studio::new();
    studio.put("a.fountain", format!("Title: A\n\n{heading}\n\n{action}\n"));
    studio.run(NEW).exits(0);
    studio
        .run(["run", "t", "--yes", "--until", "storyboard"])
        .exits(0);
    studio
}

fn yaml(studio: &Studio, file: &str) -> Value {
    serde_yaml::from_str(&studio.read(&format!("runs/t/{file}"))).unwrap()
}

fn why(studio: &Studio, shot: &str) -> Value {
    let said = studio
        .run(["why", "t", &format!("storyboard/{shot}.png"), "--json"])
        .exits(0);
    said.json()["result"].clone()
}

fn made(explained: &Value, what: &str) -> Option<String> {
    let list = explained["understood"].as_array().unwrap();
    let found = list.iter().find(|u| u["what"] == what)?;
    Some(found["word"].as_str().unwrap().to_owned())
}

#[test]
fn why_says_which_words_made_the_picture_and_which_nothing() {
    let studio = board(
        "INT. POLICE STATION - NIGHT",
        "ANNA, 30, red hair, sprints past the desk with a newspaper and a zorblax.",
    );
    let explained = why(&studio, "s01_010");
    for (what, word) in [
        ("place police", "police station"),
        ("pose run", "sprints"),
        ("thing newspaper", "newspaper"),
    ] {
        assert_eq!(made(&explained, what).as_deref(), Some(word), "{explained}");
    }
    assert_eq!(explained["not_understood"][0], "zorblax");
    let note = &yaml(&studio, "storyboard.yaml")["beats"][0]["shots"][0]["score"]["note"];
    assert!(note.as_str().unwrap().contains("zorblax"), "{note}");
    studio
        .run(["why", "t", "storyboard/s01_010.png"])
        .exits(0)
        .says("pose run from “sprints”")
        .says("not drawn");
}

#[test]
fn a_workspace_teaches_the_house_words_things_and_places() {
    let script = ("INT. ZEPPELIN - DAY", "A zorblax stands there.");
    let plain = board(script.0, script.1);
    let studio = Studio::new();
    studio.put(
        "templates/drawings.yaml",
        "zorblax: |\n  floor 5\n  red disc 0 0 .4\n",
    );
    studio.put(
        "templates/lexicon.yaml",
        "places: {airship: [zeppelin]}\nprops: {zorblax: [zorblax]}\n",
    );
    studio.put(
        "templates/sets.yaml",
        "airship: {ground: room, windows: [3, round], things: [zorblax near .3 860 200]}\n",
    );
    studio.put(
        "a.fountain",
        format!("Title: A\n\n{}\n\n{}\n", script.0, script.1),
    );
    studio.run(NEW).exits(0);
    studio
        .run(["run", "t", "--yes", "--until", "storyboard"])
        .exits(0);
    let explained = why(&studio, "s01_010");
    assert_eq!(
        made(&explained, "place airship").as_deref(),
        Some("zeppelin")
    );
    assert_eq!(
        made(&explained, "thing zorblax").as_deref(),
        Some("zorblax")
    );
    let panel = |s: &Studio| std::fs::read(s.path("runs/t/storyboard/s01_010.png")).unwrap();
    assert_ne!(panel(&plain), panel(&studio));

    // A page that cannot be read is refused before anything happens, by its name and its line.
    studio.put(
        "templates/drawings.yaml",
        "zorblax: |\n  floor 5\n  puce disc 0 0 .4\n",
    );
    studio
        .run(["status", "t"])
        .exits(65)
        .says("templates/drawings.yaml")
        .says("`puce` is not a colour");
    studio.put(
        "templates/drawings.yaml",
        "zorblax: |\n  floor 5\n  red disc 0 0 .4\n",
    );
    studio.put(
        "templates/sets.yaml",
        "airship: {ground: room, things: [grommet near .3 860 200]}\n",
    );
    studio
        .run(["status", "t"])
        .exits(65)
        .says("nobody has drawn `grommet`");
}

#[test]
fn a_page_that_is_wrong_is_said_and_the_built_in_one_can_still_be_read() {
    let studio = Studio::two_rooms();
    let broken = [
        ("drawings", &b"\xff\xfe"[..], "cannot be read"),
        ("lexicon", b"poses: {run: ['']}", "an empty word"),
        ("sets", b"hut: {ground: rom}", "`rom` is no ground"),
        (
            "sets",
            b"hut: {ground: room, inside: hovel}",
            "no set `hovel`",
        ),
    ];
    for (page, bytes, said) in broken {
        let name = format!("templates/{page}.yaml");
        studio.put(&name, bytes);
        studio.run(["status", "t"]).exits(65).says(&name).says(said);
        studio.run(["template", "show", page]).exits(0);
        std::fs::remove_file(studio.path(&name)).unwrap();
    }
    studio.run(["status", "t"]).exits(0);
}

#[test]
fn a_scene_that_goes_on_is_drawn_again_when_the_time_before_it_changes() {
    let studio = board(
        "INT. OFFICE - DAY",
        "Anna waits.\n\nEXT. PARK - CONTINUOUS\n\nAnna walks.\n\nEXT. STREET - DAY\n\nAnna runs.",
    );
    let panel =
        |shot: &str| std::fs::read(studio.path(&format!("runs/t/storyboard/{shot}.png"))).unwrap();
    let before = ["s01_010", "s02_010", "s03_010"].map(panel);
    let text = studio.read("runs/t/storyboard.yaml");
    studio.put(
        "runs/t/storyboard.yaml",
        text.replace("INT. OFFICE - DAY", "INT. OFFICE - NIGHT"),
    );
    studio
        .run(["run", "t", "--yes", "--until", "storyboard"])
        .exits(0);
    let after = ["s01_010", "s02_010", "s03_010"].map(panel);
    let moved = [0, 1, 2].map(|i| before[i] != after[i]);
    assert_eq!(moved, [true, true, false]);
}

#[test]
fn people_look_as_they_are_described_and_robots_are_robots() {
    let studio = board(
        "INT. LAB - DAY",
        "VICTOR, 60, bald, white suit, points at her. BOLT, a rusty robot, waves.\n\nVICTOR\nStop.\n\nBOLT\nNo.",
    );
    let references = yaml(&studio, "references.yaml");
    let cast = references["cast"].as_array().unwrap();
    let look = |name: &str| {
        let found = cast.iter().find(|p| p["name"] == name);
        found.unwrap()["look"].clone()
    };
    let victor = look("VICTOR");
    assert_eq!(
        (&victor["sex"], &victor["hair"]),
        (&"man".into(), &"bald".into())
    );
    assert_eq!(victor["top_color"], "ece8de");
    assert_eq!(look("BOLT")["drawn_as"], "robot");
}

#[test]
fn one_person_by_two_names_is_one_person() {
    let studio = board(
        "INT. LAB - DAY",
        "DR. AMARA DIALLO, 47, black curls, white lab coat, bends over a microscope. CALEB ROURKE (45) waits.\n\nAMARA\nLook.\n\nCALEB\nWhere?",
    );
    let references = yaml(&studio, "references.yaml");
    let cast = references["cast"].as_array().unwrap();
    let names: Vec<&str> = cast.iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["AMARA", "CALEB"], "{cast:?}");
    assert_eq!(cast[0]["look"]["top"], "labcoat");
    assert_eq!(cast[0]["look"]["sex"], "woman");
}

#[test]
fn close_on_a_thing_shows_the_thing() {
    let studio = board(
        "INT. OFFICE - DAY",
        "Anna waits.\n\nCLOSE ON the key in her hand.\n\nCLOSE ON Anna's face.",
    );
    let shots = yaml(&studio, "storyboard.yaml")["beats"][0]["shots"].clone();
    let size = |i: usize| shots[i]["size"].as_str().unwrap().to_owned();
    assert_eq!((size(1).as_str(), size(2).as_str()), ("INSERT", "CU"));
}

#[test]
fn sounds_are_made_where_the_words_ask_for_them() {
    let studio = board(
        "EXT. HARBOUR - DAWN",
        "SOUND: foghorn\n\nA boat lies at the pier.",
    );
    studio.run(["run", "t", "--yes"]).exits(0);
    let audio = yaml(&studio, "audio.yaml");
    let cues = audio["cues"].as_array().unwrap();
    let cue = cues
        .iter()
        .find(|c| c["engine"] == "effect foghorn")
        .unwrap();
    assert_eq!(cue["kind"], "sound");
    let file = studio.path(&format!("runs/t/{}", cue["file"].as_str().unwrap()));
    let loud = watched(&file, &["-af", "volumedetect"]);
    assert!(
        loud.contains("max_volume: -") && !loud.contains("max_volume: -9"),
        "{loud}"
    );
}

#[test]
fn rain_falls_and_still_air_does_not_move() {
    let frozen = |action: &str| {
        let studio = Studio::new();
        let script = format!(
            "TITLE: R\nFORMAT: 160x90, 12 fps\n\nSCENE 1: EXT. STREET - NIGHT\nSHOT 1: Wide shot - 5s\n{action}\nCAMERA: static\n"
        );
        studio.put("r.txt", &script);
        studio
            .run(["new", "--script", "r.txt", "--id", "t", "--seed", "5"])
            .exits(0);
        studio.run(["run", "t", "--yes"]).exits(0);
        let film = studio.path("runs/t/render/film.mp4");
        watched(
            &film,
            &[
                "-ss",
                "3.5",
                "-t",
                "3",
                "-vf",
                "freezedetect=n=0.00005:d=0.6",
            ],
        )
        .contains("freeze_start")
    };
    assert!(frozen("The street is empty."));
    assert!(!frozen("Rain. The street is empty."));
}

#[test]
fn prose_is_rewritten_for_the_ear_unless_told_not_to() {
    let text = "# Why salt\n\nIt is important to note that salt does not melt ice by magic (see Figure 2). \
        Salt keeps the water from freezing, and the roads stay open for the people who have to drive to work in the morning.\n\n\
        Why do we not use sand? Sand does nothing but give the tyres some grip.";
    let studio = Studio::new();
    studio.put("salt.txt", text);
    let make = |id: &str, extra: [&str; 2]| {
        let [flag, value] = extra;
        studio
            .run(["new", "--script", "salt.txt", "--id", id, flag, value])
            .exits(0);
        studio
            .run(["run", id, "--yes", "--until", "script"])
            .exits(0);
        studio.read(&format!("runs/{id}/script.fountain"))
    };
    let script = make("ear", ["--fps", "12"]);
    assert!(!script.contains("Figure"), "{script}");
    assert!(!script.contains("It is important"), "{script}");
    assert!(
        script.contains("Salt keeps the water from freezing. The roads"),
        "{script}"
    );
    let spoken = script.split("NARRATOR (V.O.)\n").nth(1).unwrap();
    assert!(
        spoken.starts_with("Why don't we use sand?") || spoken.starts_with("Why do we not"),
        "{script}"
    );
    studio
        .run(["diff", "ear", "script", "source"])
        .exits(0)
        .says("Figure 2");
    let script = make("word", ["--no-rewrite", "--quiet"]);
    assert!(
        script.contains(
            "It is important to note that salt does not melt ice by magic (see Figure 2)."
        ),
        "{script}"
    );
    let script = make("short", ["--seconds", "12"]);
    assert!(script.split_whitespace().count() < 90, "{script}");
    let title = studio.run(["status", "ear", "--json"]).exits(0);
    assert_eq!(title.json()["result"]["title"], "Why salt");
    // A screenplay's words are not the house's to change.
    studio.put("a.fountain", "INT. ROOM - DAY\n\nA man waits.\n");
    studio
        .run(["new", "--script", "a.fountain", "--rewrite"])
        .exits(69);
}

#[test]
fn chapters_and_lower_thirds_stand_in_the_film() {
    let studio = Studio::new();
    studio.put(
        "a.fountain",
        "Title: A\n\nINT. KITCHEN - DAY\n\nCHAPTER: One\n\nLOWER THIRD: Ada Brook, ferry pilot\n\nMEDIUM SHOT of ADA, 30, waiting.\n",
    );
    studio.run(NEW).exits(0);
    studio.run(["run", "t", "--yes"]).exits(0);
    let board = yaml(&studio, "storyboard.yaml");
    let beat = &board["beats"][0];
    assert_eq!(beat["chapter"], "One");
    assert_eq!(beat["shots"][0]["size"], "MS");
    assert_eq!(beat["shots"][0]["lower_third"], "Ada Brook, ferry pilot");
    let seconds = beat["shots"][0]["seconds"].as_f64().unwrap();
    let film = probe(&studio.path("runs/t/render/film.mp4"));
    let shown = film["streams"][0]["nb_frames"]
        .as_str()
        .unwrap()
        .parse::<i64>()
        .unwrap();
    // Title, chapter, shot, end.
    let frames = ((2.5 + 2.2 + 2.0) * 12.0 + seconds * 12.0) as i64;
    assert!((shown - frames).abs() <= 2, "{shown} {frames}");
    // Other words, and none at all but a comma.
    let text = studio.read("runs/t/storyboard.yaml");
    studio.put(
        "runs/t/storyboard.yaml",
        text.replace("Ada Brook, ferry pilot", "' , '"),
    );
    studio.run(["run", "t", "--yes"]).exits(0);
    studio.put(
        "runs/t/storyboard.yaml",
        text.replace("ferry pilot", "pilot"),
    );
    studio.run(["run", "t", "--yes"]).exits(0);
    let manifest: Value =
        serde_json::from_str(&studio.read("runs/t/render/manifest.json")).unwrap();
    assert!(manifest.to_string().contains("segments"), "{manifest}");
}

#[test]
fn a_clip_of_a_person_is_measured() {
    let studio = board("EXT. FIELD - DAY", "ANNA, 30, walks.");
    studio
        .run(["run", "t", "--yes", "--until", "assets"])
        .exits(0);
    let status = std::process::Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-y",
            "-f",
            "lavfi",
            "-i",
            "color=black:s=160x90:d=2:r=12",
        ])
        .args(["-c:v", "libx264", "-pix_fmt", "yuv420p"])
        .arg(studio.path("runs/t/assets/mine.mp4"))
        .status();
    assert!(status.unwrap().success());
    let text = studio.read("runs/t/assets.yaml");
    let at = text.find("  layers:").unwrap();
    let end = text[at..].find("  subject:").unwrap() + at;
    let mine = format!("{}  clip: assets/mine.mp4\n{}", &text[..at], &text[end..]);
    studio.put("runs/t/assets.yaml", mine);
    studio.run(["run", "t", "--until", "assets"]);
    let score = yaml(&studio, "assets.yaml")["shots"][0]["score"].clone();
    let note = score["note"].as_str().unwrap();
    assert!(
        note.contains("very dark") && note.contains("nothing moves"),
        "{score}"
    );
}

#[test]
fn a_direction_alone_on_its_line_is_of_what_comes_after_it() {
    let studio = board(
        "INT. KITCHEN - DAY",
        "EDDIE (40, beard) and NORA (30, red dress) sit at the table.\n\nOVER NORA'S SHOULDER\n\nEddie laughs.\n\nINSERT - A LETTER ON THE TABLE\n\nThe ink is still wet.\n\nNORA'S POV\n\nEddie waves.\n\nShe hands him the cup.",
    );
    let board = yaml(&studio, "storyboard.yaml");
    let shots: Vec<&Value> = (board["beats"].as_array().unwrap().iter())
        .flat_map(|b| b["shots"].as_array().unwrap())
        .collect();
    let told: Vec<(String, Option<&str>, Vec<&str>)> = shots
        .iter()
        .map(|shot| {
            let cast = shot["cast"].as_array();
            (
                shot["prompt"].as_str().unwrap().replace('\n', " "),
                shot["view"].as_str(),
                (cast.into_iter().flatten())
                    .map(|c| c.as_str().unwrap())
                    .collect(),
            )
        })
        .collect();
    let (_, view, cast) = &told[1];
    assert_eq!(
        (*view, cast.as_slice()),
        (Some("OTS"), ["eddie", "nora"].as_slice()),
        "{told:?}"
    );
    assert!(told[2].0.ends_with("The ink is still wet."), "{told:?}");
    let (_, view, cast) = &told[3];
    assert_eq!(
        (*view, cast.as_slice()),
        (Some("POV"), ["eddie"].as_slice()),
        "{told:?}"
    );
    let (_, _, cast) = &told[4];
    assert_eq!(cast.len(), 2, "she and him: {told:?}");
    // One who sits at a table goes on sitting there.
    assert_eq!(shots[1]["postures"]["eddie"], "at_table", "{board}");
}
