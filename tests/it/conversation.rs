//! A film of ten shots talked into shape from the first line to the cut: rounds of talk at every stage, takes
//! compared, one region painted over by flag and one on a page, one approval on a page. Then the journal tells it all.

use crate::chromium::Browser;
use crate::pages::{at, served};
use crate::studio::Studio;
use serde_json::Value;

const PIER: &str = "Title: The Lamp\nAuthor: A. Tester\n\nINT. NET LOFT - MORNING\n\n[[shot: wide shot, 1s]]\nMARA, 34, red coat, mends a net by the window.\n\n[[shot: medium shot, 1s]]\nMara looks up.\n\n[[shot: close up, 1s]]\nA lamp stands on the table.\n\nEXT. HARBOUR - DAY\n\n[[shot: wide shot, 1s]]\nBoats lie in the harbour in the rain.\n\n[[shot: medium shot, 1s]]\nMara walks along the pier.\n\nNARRATOR (V.O.)\nNobody carried it.\n\n[[shot: medium close-up, 1s]]\nTOM, 60, grey beard, yellow coat, waves.\n\n[[shot: medium shot, 1s]]\nA dog barks at the sea.\n\nEXT. LIGHTHOUSE - NIGHT\n\n[[shot: wide shot, 1s]]\nThe lighthouse stands above the sea.\n\n[[shot: medium shot, 1s]]\nMara lifts her hand.\n\n[[shot: wide shot, 1s]]\nA boat comes in.\n";

/// One round of talk: what is said is done, and lies in the talk of its stage.
#[track_caller]
fn say(studio: &Studio, stage: &str, words: &str) {
    let before = studio.journal("t", "version").len();
    studio
        .run(["chat", "t", stage, words, "--apply", "--as", "mia"])
        .exits(0);
    let after = studio.journal("t", "version").len();
    assert_eq!(after, before + 1, "{stage}: {words}");
    let talk = studio.read(&format!("runs/t/chat/{stage}.jsonl"));
    assert!(talk.contains(words), "{stage}: {words}");
}

#[track_caller]
fn approve(studio: &Studio, stage: &str, next: &str) {
    studio
        .run(["gate", "approve", "t", stage, "--as", "mia"])
        .exits(0);
    let until = studio.run(["run", "t", "--until", next]);
    assert!([0, 3].contains(&until.code), "{next}: {}", until.err);
}

fn picture(studio: &Studio, file: &str) -> image::RgbImage {
    image::open(studio.path(file)).unwrap().into_rgb8()
}

/// Pixels of a panel that are others now, outside and inside of the mask its take was painted by.
fn differ(studio: &Studio, shot: &str, before: &image::RgbImage) -> (usize, usize) {
    let after = picture(studio, &format!("runs/t/storyboard/{shot}.png"));
    let mask = studio.path(&format!("runs/t/takes/storyboard/{shot}/2.mask.png"));
    let mask = image::open(mask).unwrap().into_luma8();
    let changed = before
        .enumerate_pixels()
        .filter(|(x, y, p)| *p != after.get_pixel(*x, *y));
    let (inside, outside): (Vec<_>, Vec<_>) =
        changed.partition(|(x, y, _)| mask.get_pixel(*x, *y).0[0] > 0);
    (outside.len(), inside.len())
}

#[test]
fn a_film_of_ten_shots_is_talked_into_shape_and_its_journal_tells_how() {
    let studio = Studio::new();
    studio.put("pier.fountain", PIER);
    studio
        .run([
            "new",
            "--script",
            "pier.fountain",
            "--id",
            "t",
            "--format",
            "160x90",
            "--fps",
            "12",
        ])
        .exits(0);
    studio.run(["run", "t", "--until", "outline"]).exits(3);
    say(&studio, "outline", "make the second scene longer");
    say(&studio, "outline", "the net loft scene 4 seconds");
    say(&studio, "outline", "a tense mood");
    approve(&studio, "outline", "script");
    say(&studio, "script", "drop the net loft scene");
    studio.run(["restore", "t", "script", "1"]).exits(0);
    say(&studio, "script", "drop the second scene");
    studio.run(["restore", "t", "script", "1"]).exits(0);
    say(&studio, "script", "drop the last scene");
    studio.run(["restore", "t", "script", "1"]).exits(0);
    approve(&studio, "script", "references");
    say(&studio, "references", "a noir look");
    say(&studio, "references", "warmer");
    say(&studio, "references", "bright look");
    approve(&studio, "references", "storyboard");
    say(
        &studio,
        "storyboard",
        "shots 3 and 5 darker, and the dog in 7 bigger",
    );
    say(&studio, "storyboard", "shot 8 closer, shot 2 wider");
    say(&studio, "storyboard", "the last shot 2 seconds longer");
    // Two takes, looked at side by side, and the first one picked again.
    let panel = |shot: &str| format!("runs/t/storyboard/{shot}.png");
    let first = studio.bytes(&panel("s01_010"));
    studio
        .run([
            "regenerate",
            "t",
            "storyboard",
            "--item",
            "s01_010",
            "--takes",
            "2",
        ])
        .exits(0);
    let looked = studio
        .run(["take", "list", "t", "storyboard", "s01_010"])
        .exits(0);
    assert!(
        looked.out.contains('1') && looked.out.contains('3'),
        "{}",
        looked.out
    );
    studio
        .run([
            "take",
            "pick",
            "t",
            "storyboard",
            "s01_010",
            "1",
            "--as",
            "mia",
        ])
        .exits(0);
    assert_eq!(studio.bytes(&panel("s01_010")), first);
    // A region painted over by flag: not a pixel around it is another.
    let before = picture(&studio, &panel("s02_010"));
    studio
        .run([
            "inpaint",
            "t",
            "storyboard/s02_010.png",
            "--box",
            "0.1,0.1,0.3,0.4",
            "--prompt",
            "a red balloon",
            "--feather",
            "0",
            "--as",
            "mia",
        ])
        .exits(0);
    let (outside, inside) = differ(&studio, "s02_010", &before);
    assert_eq!(outside, 0);
    assert!(inside > 100, "{inside}");
    // Another one on the page, and there the approval, too.
    let (mut child, url) = served(&studio, ["review", "t", "--serve", "--as", "ines"]);
    let browser = Browser::open(&format!("{url}paint/storyboard/s02_030/"), 1200, 900);
    let Some(mut page) = browser else {
        child.kill().unwrap();
        child.wait().unwrap();
        return;
    };
    page.until("document.body.dataset.ready === 'yes'");
    let [left, top, width, height] = page.place("#mask");
    let stroke = [0.2, 0.24, 0.28, 0.32].map(|f| (left + width * f, top + height * f));
    let before = picture(&studio, &panel("s02_030"));
    page.drag(&stroke);
    page.fill("#prompt", "remove it");
    page.click("#apply");
    page.until("document.querySelector('#said').textContent.startsWith('Take 2')");
    let (outside, inside) = differ(&studio, "s02_030", &before);
    assert_eq!(outside, 0);
    assert!(inside > 20, "{inside}");
    page.click("#done");
    page.until("document.body.textContent.startsWith('Done')");
    page.go(&url);
    at(&mut page, "'storyboard'");
    page.click("[data-act=approve]");
    at(&mut page, "undefined");
    page.click("[data-act=done]");
    assert!(child.wait().unwrap().success());
    assert_eq!(page.errors, Vec::<String>::new());
    studio.run(["run", "t", "--until", "assets"]).exits(3);
    say(&studio, "assets", "shot 1 should hold still");
    say(&studio, "assets", "shot 4 pans left");
    say(&studio, "assets", "shot 10: push in");
    approve(&studio, "assets", "audio");
    say(&studio, "audio", "music much louder");
    say(&studio, "audio", "the narrator a bit louder");
    say(&studio, "audio", "sadder");
    approve(&studio, "audio", "render");
    studio
        .run(["gate", "approve", "t", "render", "--as", "mia"])
        .exits(0);
    // What was painted over is what the film shows.
    let board: Value = serde_yaml::from_str(&studio.read("runs/t/storyboard.yaml")).unwrap();
    let shots: Vec<(String, f64)> = board["beats"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|b| b["shots"].as_array().unwrap().clone())
        .map(|s| {
            (
                s["id"].as_str().unwrap().to_owned(),
                s["seconds"].as_f64().unwrap(),
            )
        })
        .collect();
    assert_eq!(shots.len(), 10);
    let starts = |id: &str| -> f64 {
        let before = shots.iter().take_while(|(name, _)| name != id);
        before.map(|(_, seconds)| seconds).sum()
    };
    let film = "runs/t/render/film.mp4";
    let title = studio.frames(film) as f64 / 12.0 - shots.iter().map(|(_, s)| s).sum::<f64>();
    let [r, g, b] = studio.pixel(film, title.min(2.5) + starts("s02_010") + 0.5, (40, 25));
    let panel_at = picture(&studio, &panel("s02_010")).get_pixel(40, 25).0;
    let near = |a: u8, b: u8| a.abs_diff(b) < 60;
    assert!(
        near(r, panel_at[0]) && near(g, panel_at[1]) && near(b, panel_at[2]),
        "{r} {g} {b} beside {panel_at:?}"
    );
    // The journal tells the whole story: who said and decided what, in order.
    let log = studio.run(["log", "t"]).exits(0);
    for part in [
        "make the second scene longer",
        "a noir look",
        "the dog in 7 bigger",
        "s01_010",
        "s02_010",
        "s02_030",
        "mia",
        "ines",
        "the narrator a bit louder",
    ] {
        assert!(log.out.contains(part), "{part}: {}", log.out);
    }
    let decided = studio.journal("t", "decided");
    let by = |stage: &str| -> Vec<String> {
        let mine = decided
            .iter()
            .filter(|d| d["stage"] == stage && d["decision"] == "approve");
        mine.map(|d| d["by"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(by("storyboard"), ["ines"], "{decided:?}");
    assert_eq!(by("audio"), ["mia"], "{decided:?}");
}
