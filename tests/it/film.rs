//! The finished film, watched.

use crate::studio::{Studio, probe, watched};
use serde_json::Value;

fn streams(film: &Value, kind: &str) -> Vec<Value> {
    film["streams"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|s| s["codec_type"] == kind)
        .cloned()
        .collect()
}

fn number(v: &Value) -> f64 {
    v.as_str().unwrap().parse().unwrap()
}

#[test]
fn a_shot_list_becomes_the_film_it_asks_for() {
    let studio = Studio::two_rooms();
    studio.run(["run", "t", "--yes"]).exits(0).says("film.mp4");
    let path = studio.path("runs/t/render/film.mp4");
    let film = probe(&path);
    let (video, audio) = (streams(&film, "video"), streams(&film, "audio"));
    assert_eq!((video.len(), audio.len()), (1, 1));
    // 2.5 s of title, 6.5 s of shots as stated, 2 s of end card, at 12 frames a second.
    assert_eq!(studio.frames("runs/t/render/film.mp4"), 132);
    assert!((number(&video[0]["duration"]) - 11.0).abs() < 1.0 / 12.0);
    assert!((number(&audio[0]["duration"]) - 11.0).abs() < 1.0 / 12.0);
    for (key, value) in [
        ("codec_name", "h264"),
        ("pix_fmt", "yuv420p"),
        ("color_space", "bt709"),
        ("color_range", "tv"),
        ("profile", "High"),
    ] {
        assert_eq!(video[0][key], value, "{key}");
    }
    assert_eq!(
        (
            audio[0]["codec_name"].as_str(),
            audio[0]["sample_rate"].as_str()
        ),
        (Some("aac"), Some("48000"))
    );
    let seen = watched(
        &path,
        &[
            "-vf",
            "blackdetect=d=1.5:pix_th=0.06",
            "-af",
            "silencedetect=n=-60dB:d=1.5,ebur128=peak=true",
        ],
    );
    assert!(!seen.contains("black_start"), "{seen}");
    assert!(!seen.contains("silence_start"), "{seen}");
    let loud: f64 = seen
        .rsplit("I:")
        .next()
        .unwrap()
        .split("LUFS")
        .next()
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    assert!((loud + 14.0).abs() < 1.0, "{loud} LUFS");
    // The line is captioned inside its shot, which begins at 2.5 s and ends at 4.5 s.
    let srt = studio.read("runs/t/render/film.srt");
    assert!(srt.contains("Good morning."), "{srt}");
    let times: Vec<f64> = srt
        .lines()
        .find(|l| l.contains("-->"))
        .unwrap()
        .split(" --> ")
        .map(clock)
        .collect();
    assert!(
        times[0] >= 2.5 && times[1] <= 4.51 && times[0] < times[1],
        "{times:?}"
    );
    assert!(
        studio
            .read("runs/t/render/film.vtt")
            .starts_with("WEBVTT\n\n")
    );
    assert!(
        studio
            .bytes("runs/t/render/poster.jpg")
            .starts_with(&[0xff, 0xd8])
    );
    let board = studio.read("runs/t/storyboard.yaml");
    for exact in [
        "size: WS",
        "seconds: 2.0",
        "size: INSERT",
        "seconds: 1.5",
        "size: MS",
        "seconds: 3.0",
        "move: pan-right",
    ] {
        assert!(board.contains(exact), "{exact} in\n{board}");
    }
}

fn clock(text: &str) -> f64 {
    let parts: Vec<f64> = text
        .trim()
        .replace(',', ".")
        .split(':')
        .map(|p| p.parse().unwrap())
        .collect();
    parts[0] * 3600.0 + parts[1] * 60.0 + parts[2]
}

#[test]
fn every_form_and_format_makes_a_film() {
    for (name, text, extra, size) in [
        (
            "prose.txt",
            "A boat crosses the bay at dawn.",
            ["--format", "96x160"],
            (96, 160),
        ),
        (
            "film.fountain",
            "Title: Short\n\nINT. KITCHEN - DAY\n\nBERT bakes bread.\n\nBERT\nIt rises!\n",
            ["--format", "128x128"],
            (128, 128),
        ),
    ] {
        let studio = Studio::new();
        studio.put(name, text);
        studio
            .run([
                "new", "--script", name, "--id", "t", "--fps", "23.976", extra[0], extra[1],
            ])
            .exits(0);
        studio.run(["run", "t", "--yes"]).exits(0);
        let film = probe(&studio.path("runs/t/render/film.mp4"));
        let video = &streams(&film, "video")[0];
        assert_eq!(
            (video["width"].as_u64(), video["height"].as_u64()),
            (Some(size.0), Some(size.1))
        );
        assert_eq!(video["r_frame_rate"], "24000/1001");
    }
    let studio = Studio::new();
    studio
        .run([
            "new",
            "Robot",
            "--brief",
            "A robot waters a flower. It blooms.",
            "--id",
            "t",
            "--format",
            "160x90",
            "--fps",
            "12",
        ])
        .exits(0);
    studio.run(["run", "t", "--yes"]).exits(0);
    let script = studio.read("runs/t/script.fountain");
    assert!(
        script.contains("A robot waters a flower.") && script.contains("It blooms."),
        "{script}"
    );
}

#[test]
fn the_plainest_prose_is_one_beat_and_one_shot() {
    let studio = Studio::new();
    studio.put("one.txt", "A boat crosses the bay at dawn.");
    studio
        .run([
            "new", "--script", "one.txt", "--id", "t", "--format", "160x90",
        ])
        .exits(0);
    studio
        .run(["run", "t", "--yes-through", "script", "--until", "script"])
        .exits(0);
    assert_eq!(
        studio.read("runs/t/outline.yaml").matches("- id:").count(),
        1
    );
    studio
        .run(["run", "t", "--until", "storyboard", "--yes"])
        .exits(0);
    assert_eq!(
        studio
            .read("runs/t/storyboard.yaml")
            .matches("id: s0")
            .count(),
        1
    );
}

#[test]
fn the_same_seed_makes_the_same_film() {
    let (a, b) = (Studio::two_rooms(), Studio::two_rooms());
    for studio in [&a, &b] {
        studio.run(["run", "t", "--yes"]).exits(0);
    }
    assert!(a.files("runs/t/storyboard") == b.files("runs/t/storyboard"));
    assert!(a.files("runs/t/audio") == b.files("runs/t/audio"));
    assert!(a.bytes("runs/t/render/film.mp4") == b.bytes("runs/t/render/film.mp4"));
}

#[test]
fn captions_can_be_soft_sidecar_or_off() {
    let studio = Studio::new();
    studio.put("two.txt", crate::studio::TWO_ROOMS);
    for (how, subtitles, sidecar) in [("soft", 1, true), ("sidecar", 0, true), ("off", 0, false)] {
        studio
            .run(["new", "--script", "two.txt", "--id", how, "--captions", how])
            .exits(0);
        studio.run(["run", how, "--yes"]).exits(0);
        let film = probe(&studio.path(&format!("runs/{how}/render/film.mp4")));
        assert_eq!(streams(&film, "subtitle").len(), subtitles, "{how}");
        assert_eq!(
            studio.path(&format!("runs/{how}/render/film.srt")).exists(),
            sidecar,
            "{how}"
        );
    }
}
