//! The cut: what is encoded when, in which shapes, and how what was made is checked.

use crate::studio::{Studio, probe, watched};
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;
use std::time::SystemTime;

/// Segments of pictures and when they were written.
fn segments(studio: &Studio) -> BTreeMap<String, SystemTime> {
    std::fs::read_dir(studio.path("runs/t/.studio/segments"))
        .unwrap()
        .map(|e| e.unwrap())
        .filter(|e| e.file_name().to_string_lossy().ends_with(".mp4"))
        .map(|e| {
            let name = e.file_name().to_string_lossy().into_owned();
            (name, e.metadata().unwrap().modified().unwrap())
        })
        .collect()
}

fn manifest(studio: &Studio) -> Value {
    serde_json::from_str(&studio.read("runs/t/render/manifest.json")).unwrap()
}

/// Presentation times of a film's pictures, in its own ticks, in order.
fn times(studio: &Studio, film: &str) -> Vec<i64> {
    let out = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v:0"])
        .args(["-show_entries", "packet=pts", "-of", "csv=p=0"])
        .arg(studio.path(film))
        .output()
        .unwrap();
    let mut times: Vec<i64> = String::from_utf8_lossy(&out.stdout)
        .lines()
        .filter_map(|l| l.trim_end_matches(',').parse().ok())
        .collect();
    times.sort_unstable();
    times
}

fn picture(tone: [u8; 3]) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(320, 180, |x, y| {
        image::Rgb(tone.map(|c| c.wrapping_add((x / 16 * 7 + y / 9 * 3) as u8 % 64)))
    })
    .write_to(&mut out, image::ImageFormat::Png)
    .unwrap();
    out.into_inner()
}

#[test]
fn one_changed_shot_encodes_itself_and_the_transitions_it_touches() {
    let studio = Studio::at("done");
    let (before, frames) = (segments(&studio), studio.raw_frames("t"));
    studio.put("runs/t/assets/s01_020.png", picture([90, 120, 60]));
    let text = studio.read("runs/t/assets.yaml");
    let start = text.find("- id: s01_020").unwrap();
    let end = text[start + 1..].find("- id:").unwrap() + start + 1;
    studio.put(
        "runs/t/assets.yaml",
        format!(
            "{}- id: s01_020\n  move: static\n  still: assets/s01_020.png\n{}",
            &text[..start],
            &text[end..]
        ),
    );
    studio.run(["run", "t", "--yes"]).exits(0);
    let (after, now) = (segments(&studio), studio.raw_frames("t"));
    let made: Vec<&String> = after.keys().filter(|k| !before.contains_key(*k)).collect();
    assert_eq!(made.len(), 1, "{made:?}");
    assert!(before.iter().all(|(k, t)| after.get(k) == Some(t)));
    assert_eq!(frames.iter().zip(&now).filter(|(a, b)| a != b).count(), 1);
    // Joined without a gap, an overlap, or anything a decoder would complain of.
    let steps: Vec<i64> = times(&studio, "runs/t/render/film.mp4")
        .windows(2)
        .map(|w| w[1] - w[0])
        .collect();
    assert_eq!(steps.len(), 131);
    assert!(steps.iter().all(|s| *s == steps[0]), "{steps:?}");
    let film = studio.path("runs/t/render/film.mp4");
    let out = Command::new("ffmpeg")
        .args(["-v", "warning", "-nostdin", "-xerror", "-i"])
        .arg(&film)
        .args(["-f", "null", "-"])
        .output()
        .unwrap();
    assert!(
        out.status.success() && out.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    // Cut anew it has other bytes, perhaps, and the same frames.
    studio.run(["render", "t", "--fresh"]).exits(0);
    assert_eq!(studio.raw_frames("t"), now);
}

#[test]
fn a_level_encodes_no_picture_and_nothing_at_all_is_done_twice() {
    let studio = Studio::at("done");
    let film = studio.bytes("runs/t/render/film.mp4");
    // Cut again as it lies there, the film is no new version.
    let versions = || {
        studio
            .run(["versions", "t", "render", "--json"])
            .exits(0)
            .out
            .matches("\"version\"")
            .count()
    };
    let one = versions();
    studio.run(["render", "t"]).exits(0);
    assert!(studio.bytes("runs/t/render/film.mp4") == film);
    assert_eq!(versions(), one);
    studio.run(["render", "t", "--fresh"]).exits(0);
    let fresh = versions();
    studio.run(["render", "t", "--fresh"]).exits(0);
    assert_eq!(versions(), fresh);
    let (before, film) = (segments(&studio), studio.bytes("runs/t/render/film.mp4"));
    studio.put("quiet.json", "{\"type\":\"level_adjust\",\"cue\":\"m_01\",\"level_change_db\":-6,\"reason\":\"quieter\"}");
    studio
        .run(["patch", "apply", "t", "audio", "quiet.json"])
        .exits(0);
    studio.run(["run", "t", "--yes"]).exits(0);
    assert!(studio.bytes("runs/t/render/film.mp4") != film);
    assert_eq!(segments(&studio), before);
}

#[test]
fn a_preview_shows_the_storyboard_before_anything_is_approved() {
    let studio = Studio::at("storyboard");
    let journal = studio.read("runs/t/journal.jsonl");
    let said = studio.run(["render", "t", "--preview"]).exits(0);
    assert!(said.out.trim().ends_with("render/preview.mp4"));
    assert_eq!(studio.frames("runs/t/render/preview.mp4"), 132);
    // The scratch voice is heard.
    let film = studio.path("runs/t/render/preview.mp4");
    let seen = watched(&film, &["-af", "volumedetect"]);
    assert!(seen.contains("max_volume: -"), "{seen}");
    assert_eq!(studio.read("runs/t/journal.jsonl"), journal);
    assert_eq!(studio.state("storyboard"), "open");
    studio.run(["render", "t"]).exits(3).says("--preview");
    let early = Studio::at("script");
    early
        .run(["render", "t", "--preview"])
        .exits(7)
        .says("storyboard");
}

#[test]
fn films_come_in_other_shapes_codecs_and_parts() {
    let studio = Studio::at("done");
    let master = studio.bytes("runs/t/render/film.mp4");
    studio
        .run([
            "render",
            "t",
            "--format",
            "90x160",
            "--codec",
            "prores",
            "--stems",
            "--textless",
            "-o",
            "out.mov",
        ])
        .exits(0);
    assert!(studio.bytes("runs/t/render/film.mp4") == master);
    let of = |name: &str| probe(&studio.path(&format!("runs/t/render/{name}")))["streams"].clone();
    let tall = of("film.90x160.mp4");
    assert_eq!(
        (tall[0]["width"].as_i64(), tall[0]["height"].as_i64()),
        (Some(90), Some(160))
    );
    let suite = probe(&studio.path("out.mov"))["streams"].clone();
    assert_eq!(suite[0]["codec_name"], "prores");
    assert_eq!(suite[0]["nb_frames"], "132");
    assert_eq!(suite[1]["codec_name"], "pcm_s24le");
    assert_eq!(of("film.textless.mov")[0]["nb_frames"], "132");
    // The stems add up to the film's sound, but for what the limiter takes.
    let mut sum: Vec<f64> = Vec::new();
    for stem in ["voice", "music", "sounds"] {
        let path = studio.path(&format!("runs/t/render/stem.{stem}.wav"));
        let mut wav = hound::WavReader::open(path).unwrap();
        let samples: Vec<f64> = wav
            .samples::<i32>()
            .map(|s| f64::from(s.unwrap()) / 8_388_608.0)
            .collect();
        sum.resize(samples.len(), 0.0);
        sum.iter_mut().zip(&samples).for_each(|(a, b)| *a += b);
    }
    assert_eq!(sum.len(), 11 * 48_000 * 2);
    let mix = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-i"])
        .arg(studio.path("out.mov"))
        .args(["-f", "f32le", "-"])
        .output()
        .unwrap()
        .stdout;
    let mix: Vec<f64> = mix
        .as_chunks::<4>()
        .0
        .iter()
        .map(|b| f64::from(f32::from_le_bytes(*b)))
        .collect();
    let near = sum
        .iter()
        .zip(&mix)
        .filter(|(a, b)| (*a - *b).abs() < 0.01)
        .count();
    assert!(near * 10 > sum.len() * 8, "{near} of {}", sum.len());
    studio.run(["render", "t", "--codec", "h265"]).exits(0);
    let small = of("film.h265.mp4");
    assert_eq!(small[0]["codec_name"], "hevc");
    assert_eq!(small[0]["codec_tag_string"], "hvc1");
    assert_eq!(studio.frames("runs/t/render/film.h265.mp4"), 132);
    studio.run(["render", "t", "--codec", "vp9"]).exits(2);
}

#[test]
fn verify_finds_what_was_tampered_with() {
    let studio = Studio::at("done");
    studio
        .run(["render", "t", "--verify"])
        .exits(0)
        .says("decodes");
    // A film that breaks off.
    let film = studio.bytes("runs/t/render/film.mp4");
    let mut broken = film.clone();
    let middle = broken.len() / 2;
    broken[middle..middle + 4000].fill(0);
    studio.put("runs/t/render/film.mp4", broken);
    studio
        .run(["render", "t", "--verify"])
        .exits(14)
        .says("decoded");
    // Another picture than the film was cut from.
    let studio = Studio::at("done");
    let text = studio.read("runs/t/render/manifest.json");
    let first = studio.raw_frames("t")[0].clone();
    let other = format!("b3:{}", "0".repeat(64));
    studio.put("runs/t/render/manifest.json", text.replace(&first, &other));
    studio
        .run(["render", "t", "--verify"])
        .exits(14)
        .says("composed differently");
}

#[test]
fn a_clip_is_conformed_trimmed_held_or_looped() {
    let studio = Studio::at("assets");
    // Half a second of moving picture, taller than wide, at another rate.
    let clip = studio.path("runs/t/assets/mine.mp4");
    let made = Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-nostdin",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=s=120x200:r=25:d=0.5",
        ])
        .args([
            "-f",
            "lavfi",
            "-i",
            "sine=f=880:d=0.5",
            "-pix_fmt",
            "yuv420p",
        ])
        .arg(&clip)
        .status()
        .unwrap();
    assert!(made.success());
    let text = studio.read("runs/t/assets.yaml");
    let start = text.find("- id: s02_010").unwrap();
    let with = |how: &str| {
        studio.put(
            "runs/t/assets.yaml",
            format!(
                "{}- id: s02_010\n  move: static\n  clip: assets/mine.mp4\n{how}",
                &text[..start]
            ),
        );
        studio.run(["run", "t", "--yes"]).exits(0);
        let of_shot: Vec<Value> = manifest(&studio)["films"][0]["segments"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|s| s["shows"] == "s02_010")
            .map(|s| s["raw_frames"].clone())
            .collect();
        (of_shot, studio.bytes("runs/t/render/film.mp4"))
    };
    let (held, silent) = with("");
    let (looped, _) = with("  short: loop\n");
    let (later, _) = with("  from: 0.2\n");
    assert_ne!(held, looped);
    assert_ne!(looped, later);
    assert_ne!(held, later);
    let before = segments(&studio);
    let (_, heard) = with("  from: 0.2\n  sound_db: -6\n");
    assert!(silent != heard);
    assert_eq!(segments(&studio), before);
    studio.put(
        "runs/t/assets.yaml",
        format!(
            "{}- id: s02_010\n  move: static\n  clip: assets/mine.mp4\n  from: -3\n",
            &text[..start]
        ),
    );
    studio
        .run(["run", "t", "--yes"])
        .exits(65)
        .says("`from` is seconds");
}

#[test]
fn a_picture_of_any_shape_is_filmed_and_a_broken_sound_is_no_silence() {
    let studio = Studio::at("done");
    let thin = |w: u32, h: u32| {
        let mut out = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_fn(w, h, |x, _| image::Rgb([x as u8, 90, 120]))
            .write_to(&mut out, image::ImageFormat::Png)
            .unwrap();
        out.into_inner()
    };
    for (w, h) in [(16_000, 2), (2, 9_000), (1, 1)] {
        studio.put("runs/t/storyboard/s01_020.png", thin(w, h));
        studio.run(["run", "t", "--yes"]).exits(0);
    }
    assert_eq!(studio.frames("runs/t/render/film.mp4"), 132);
    studio.put("runs/t/audio/m_01.wav", "no sound at all");
    let said = studio.run(["run", "t", "--yes"]);
    assert_ne!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("m_01"), "{}", said.err);
}

#[test]
fn a_letter_no_font_has_is_named_and_the_film_kept() {
    let studio = Studio::new();
    let text = crate::studio::TWO_ROOMS.replace("Good morning.", "Good \u{e123} morning.");
    studio.put("two.txt", text);
    studio
        .run(["new", "--script", "two.txt", "--id", "t"])
        .exits(0);
    studio.run(["run", "t", "--yes"]).exits(14).says("U+E123");
    // From the cache it is no better.
    studio.run(["render", "t"]).exits(14).says("U+E123");
    assert!(studio.path("runs/t/render/film.mp4").is_file());
    studio.change("runs/t/run.yaml", "captions: burned", "captions: soft");
    studio.run(["render", "t"]).exits(0);
    assert!(studio.read("runs/t/render/film.srt").contains('\u{e123}'));
}

#[test]
fn a_killed_pass_leaves_the_segments_it_finished() {
    let studio = Studio::at("done");
    let all = studio.raw_frames("t");
    greenlight::store::disk::remove_tree(&studio.path("runs/t/.studio/segments"));
    std::fs::remove_file(studio.path("runs/t/render/film.mp4")).unwrap();
    let mut child = studio.command(["run", "t", "--yes"]).spawn().unwrap();
    let folder = studio.path("runs/t/.studio/segments");
    let finished = || {
        std::fs::read_dir(&folder).map_or(0, |d| {
            d.flatten()
                .filter(|e| e.file_name().to_string_lossy().len() == 64 + 4)
                .count()
        })
    };
    while finished() == 0 && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    // It may have been quicker than the signal: then all is there.
    let _ = child.kill();
    child.wait().unwrap();
    assert!(finished() > 0);
    studio.run(["run", "t", "--yes"]).exits(0);
    assert_eq!(studio.raw_frames("t"), all);
}

#[test]
fn clean_names_what_it_would_take_and_takes_only_that() {
    let studio = Studio::at("done");
    studio.run(["render", "t", "--preview"]).exits(0);
    let before = segments(&studio);
    studio
        .run(["clean", "t"])
        .exits(0)
        .says("previews")
        .says("would go");
    assert!(
        studio
            .path("runs/t/.studio/previews")
            .read_dir()
            .unwrap()
            .count()
            > 0
    );
    let said = studio
        .run(["clean", "t", "--yes", "--json"])
        .exits(0)
        .json();
    assert!(said["result"]["removed_bytes"].as_u64().unwrap() > 0);
    assert_eq!(
        studio
            .path("runs/t/.studio/previews")
            .read_dir()
            .unwrap()
            .count(),
        0
    );
    assert_eq!(segments(&studio), before);
    let frames = studio.raw_frames("t");
    studio.run(["clean", "t", "--yes", "--segments"]).exits(0);
    assert!(segments(&studio).is_empty());
    studio.run(["clean", "t", "--older-than", "soon"]).exits(2);
    studio.put("runs/t/assets/s01_020.png", picture([9, 9, 9]));
    studio.run(["render", "t", "--fresh"]).exits(0);
    assert_eq!(studio.raw_frames("t"), frames);
}

#[test]
fn captions_come_in_three_files_that_strict_readers_take() {
    let studio = Studio::at("done");
    let (srt, vtt, ass) = (
        studio.read("runs/t/render/film.srt"),
        studio.read("runs/t/render/film.vtt"),
        studio.read("runs/t/render/film.ass"),
    );
    assert!(srt.starts_with("1\n00:00:02,750 --> ") && srt.contains("Good morning."));
    assert!(vtt.starts_with("WEBVTT\n\n00:00:02.750 --> "));
    assert!(
        ass.contains("\nDialogue: 0,0:00:02.75,") && ass.contains(",Default,,0,0,0,,Good morning.")
    );
    // FFmpeg reads it, and finds the line.
    let out = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-i"])
        .arg(studio.path("runs/t/render/film.ass"))
        .args(["-f", "srt", "-"])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&out.stdout).contains("Good morning."));
    assert!(out.stderr.is_empty());
}

#[test]
fn what_was_exported_beside_the_film_stays_as_long_as_it_is_of_that_film() {
    let studio = Studio::at("done");
    studio
        .run(["render", "t", "--format", "vertical", "--stems"])
        .exits(0);
    studio.run(["render", "t", "--textless"]).exits(0);
    studio.run(["render", "t"]).exits(0);
    let there = |name: &str| studio.path(&format!("runs/t/render/{name}")).is_file();
    let exports = ["film.vertical.mp4", "film.textless.mp4", "stem.voice.wav"];
    for name in exports {
        assert!(there(name), "{name}");
    }
    // Of another film they are not, and that is said.
    studio.change("runs/t/storyboard.yaml", "seconds: ", "seconds: 1");
    let said = studio.run(["run", "t", "--yes"]).exits(0);
    for name in exports {
        assert!(!there(name), "{name}");
    }
    let warned = format!(
        "{}{}",
        said.err,
        studio.run(["gate", "show", "t", "render"]).out
    );
    assert!(
        warned.contains("film.vertical.mp4 was of the film before"),
        "{warned}"
    );
    assert!(warned.contains("the stems were"), "{warned}");
}

#[test]
fn the_report_is_of_the_film_that_lies_there() {
    let studio = Studio::at("done");
    studio.run(["review", "t"]).exits(0);
    let page = studio.read("runs/t/render/report.html");
    studio.change("runs/t/script.fountain", "Good morning.", "Good Zanzibar.");
    studio.run(["run", "t", "--yes"]).exits(0);
    let after = studio.read("runs/t/render/report.html");
    assert!(!page.contains("Zanzibar") && after.contains("Zanzibar"));
    // A person's own captions are kept, and named.
    let own = studio
        .read("runs/t/render/film.srt")
        .replace("00:00", "00:01");
    studio.put("runs/t/render/film.srt", &own);
    studio.run(["render", "t", "--fresh"]).exits(0);
    assert_eq!(studio.read("runs/t/render/film.srt"), own);
    let shown = studio.run(["gate", "show", "t", "render"]).exits(0).out;
    assert!(shown.contains("film.srt is yours"), "{shown}");
    assert!(!shown.contains(": gone"), "{shown}");
}
