//! Pages, in a real browser: painting, deciding, reading without a studio.

use crate::chromium::Browser;
use crate::studio::Studio;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

/// A command that serves a page, and where.
pub(crate) fn served<const N: usize>(studio: &Studio, args: [&str; N]) -> (Child, String) {
    let mut child = studio
        .command(args)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut talk = BufReader::new(child.stderr.take().unwrap());
    let url = loop {
        let mut line = String::new();
        assert!(talk.read_line(&mut line).unwrap() > 0, "no page came");
        if let Some((_, url)) = line.trim().split_once(" at http://") {
            break format!("http://{url}");
        }
    };
    std::thread::spawn(move || std::io::copy(&mut talk, &mut std::io::sink()));
    (child, url)
}

#[track_caller]
fn nothing_wrong(browser: &mut Browser) {
    for (dark, width) in [(false, 1280), (true, 1280), (false, 390)] {
        browser.dark(dark);
        browser.size(width, 900);
        assert_eq!(
            browser.too_faint(),
            Vec::<String>::new(),
            "dark {dark}, {width} wide"
        );
        let wide = browser.eval("document.documentElement.scrollWidth");
        assert!(
            wide.as_u64().unwrap() <= u64::from(width),
            "{wide} of {width}"
        );
    }
    browser.size(1280, 900);
    assert_eq!(browser.errors, Vec::<String>::new());
}

/// The page has come to rest where a stage waits, or none.
#[track_caller]
pub(crate) fn at(page: &mut Browser, stage: &str) {
    page.until(&format!(
        "document.body.dataset.idle && document.querySelector('#gate').dataset.stage === {stage}"
    ));
}

#[test]
fn a_person_reviews_picks_says_and_approves_on_a_page() {
    let studio = Studio::at("storyboard");
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
    let (mut child, url) = served(&studio, ["review", "t", "--serve", "--as", "mia"]);
    let Some(mut page) = Browser::open(&url, 1280, 900) else {
        child.kill().unwrap();
        child.wait().unwrap();
        return;
    };
    at(&mut page, "'storyboard'");
    nothing_wrong(&mut page);
    // Two takes, one over the other, and one picked.
    page.click(".takes summary");
    page.click(".ab-open");
    page.until("document.querySelector('#ab').open");
    page.until("document.querySelector('#ab-left').naturalWidth > 0");
    let seq = page.eval("document.body.dataset.seq");
    page.click("#ab-picks [data-pick]");
    page.until(&format!("document.body.dataset.seq !== {seq}"));
    assert_eq!(studio.journal("t", "picked").len(), 1);
    page.until("document.body.dataset.idle");
    // What cannot be followed is said, and stays to be said otherwise.
    page.fill("#words", "make it sing");
    page.click("[data-act=change]");
    page.until("document.querySelector('#said').textContent.length > 3");
    assert_eq!(
        page.eval("document.querySelector('#words').value"),
        "make it sing"
    );
    // The browser notes the refusal; the page has no fault of its own.
    assert!(page.errors.drain(..).all(|e| e.contains("422")));
    page.eval("document.querySelector('#words').select()");
    page.fill("#words", "shot 1 longer");
    page.click("[data-act=change]");
    at(&mut page, "undefined");
    page.click("[data-act=go]");
    at(&mut page, "\'storyboard\'");
    // The board before and now: what reads and what looks different, and the first put back.
    page.eval("document.querySelector('#versions-of').value = 'storyboard 1'");
    page.click("#compare-versions");
    page.until("document.querySelector('#versions-told').textContent.includes('seconds')");
    page.click("#versions-pictures .ab-open");
    page.until("document.querySelector('#ab').open");
    page.until("document.querySelector('#ab-left').naturalWidth > 0 && document.querySelector('#ab-right').naturalWidth > 0");
    let sides = "[...document.querySelectorAll('#versions-pictures img')].map((i) => i.alt)";
    assert_eq!(
        page.eval(sides),
        serde_json::json!([
            "version 1 of storyboard/s01_010.png",
            "now of storyboard/s01_010.png"
        ])
    );
    page.click("#ab-close");
    nothing_wrong(&mut page);
    let seq = page.eval("document.body.dataset.seq");
    page.click("#restore-version");
    page.until(&format!("document.body.dataset.seq !== {seq}"));
    at(&mut page, "\'storyboard\'");
    let versions = studio.journal("t", "version");
    let kept: Vec<&serde_json::Value> = versions
        .iter()
        .filter(|v| v["stage"] == "storyboard")
        .collect();
    assert_eq!(kept[0]["content_fp"], kept[kept.len() - 1]["content_fp"]);
    // A patch is tried, and nothing comes of it until it is applied.
    page.click("#gate > details:nth-of-type(2) summary");
    let patch = r#"{"type":"merge_patch","stage":"storyboard","merge":{"schema":1}}"#;
    page.fill("#patch", patch);
    page.click("[data-act=check]");
    page.until("document.querySelector('#told').textContent.includes('result b3:')");
    // Somebody else decides: the page notices.
    studio
        .run(["gate", "approve", "t", "storyboard", "--as", "ines"])
        .exits(0);
    // What is being written is not taken away: the page says so, and waits.
    page.until("!document.querySelector('#fresh').hidden");
    assert_eq!(page.eval("document.querySelector('#patch').value"), patch);
    page.click("#fresh");
    at(&mut page, "undefined");
    page.click("[data-act=go]");
    at(&mut page, "\'assets\'");
    page.click("[data-act=onward]");
    at(&mut page, "\'audio\'");
    page.click("[data-act=approve]");
    at(&mut page, "undefined");
    nothing_wrong(&mut page);
    page.click("[data-act=done]");
    assert!(child.wait().unwrap().success());
    let decided: Vec<(String, String, String)> = studio
        .journal("t", "decided")
        .iter()
        .map(|d| {
            let word = |name: &str| d[name].as_str().unwrap_or_default().to_owned();
            (word("stage"), word("decision"), word("by"))
        })
        .collect();
    let told: Vec<&str> = decided
        .iter()
        .rev()
        .take(4)
        .map(|(_, _, by)| by.as_str())
        .collect();
    assert_eq!(told, ["mia", "mia", "ines", "mia"], "{decided:?}");
}

#[test]
fn a_mask_is_painted_on_the_page_of_a_review_and_applied() {
    let studio = Studio::at("storyboard");
    let (mut child, url) = served(&studio, ["review", "t", "--serve"]);
    let paint = format!("{url}paint/storyboard/s01_010/");
    let Some(mut page) = Browser::open(&paint, 1200, 900) else {
        child.kill().unwrap();
        child.wait().unwrap();
        return;
    };
    page.until("document.body.dataset.ready === 'yes'");
    nothing_wrong(&mut page);
    page.size(1200, 900);
    let [left, top, width, height] = page.place("#mask");
    let stroke: Vec<(f64, f64)> = (0..8)
        .map(|i| {
            let i = f64::from(i);
            (
                left + width * (0.2 + i * 0.02),
                top + height * (0.3 + i * 0.03),
            )
        })
        .collect();
    page.drag(&stroke);
    let before = image::open(studio.path("runs/t/storyboard/s01_010.png"))
        .unwrap()
        .into_rgb8();
    page.click("#apply");
    page.until("document.querySelector('#said').textContent.startsWith('Take 2')");
    let after = image::open(studio.path("runs/t/storyboard/s01_010.png"))
        .unwrap()
        .into_rgb8();
    assert_ne!(before, after);
    let (w, h) = before.dimensions();
    for (x, y, pixel) in before.enumerate_pixels() {
        if x > w / 2 || y > h * 3 / 4 {
            assert_eq!(pixel, after.get_pixel(x, y));
        }
    }
    page.click("#done");
    page.until("document.body.textContent.startsWith('Done')");
    assert_eq!(page.errors, Vec::<String>::new());
    // The page of the run is there still, and shows both takes.
    page.go(&url);
    page.until("document.querySelectorAll('img[data-take]').length === 2");
    page.click("[data-act=done]");
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_page_is_read_from_disk_without_a_studio() {
    let studio = Studio::at("storyboard");
    let said = studio.run(["review", "t", "--json"]).exits(0).json();
    let path = said["result"]["page"].as_str().unwrap().to_owned();
    let Some(mut page) = Browser::open(&format!("file://{path}"), 1280, 900) else {
        return;
    };
    assert!(
        page.eval("document.querySelectorAll('.shot img').length")
            .as_u64()
            .unwrap()
            >= 3
    );
    // Every picture is in the page, and says what it shows.
    page.until("[...document.querySelectorAll('.shot img')].every((i) => i.src.startsWith('data:') && i.alt)");
    assert_eq!(
        page.eval("document.querySelector('#gate')"),
        serde_json::Value::Null
    );
    nothing_wrong(&mut page);
}
