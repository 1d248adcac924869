//! What is booked, granted and left over, whatever providers answer and whenever somebody dies.

use crate::peer::{Peer, Says, drawn};
use crate::providers::{KEY, begun, cost, hire, month, tasks, with_key};
use crate::studio::{Studio, said};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Waits until a peer has heard so many requests.
fn until(peer: &Peer, path: &str, count: usize) {
    let began = Instant::now();
    while peer.heard(path).len() < count {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it was never asked"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Two more takes of a panel that is there.
const TWO_TAKES: [&str; 7] = [
    "regenerate",
    "t",
    "storyboard",
    "--item",
    "s01_020",
    "--takes",
    "2",
];

/// A run with a storyboard that a peer drew.
fn boarded(peer: &Peer) -> Studio {
    let studio = Studio::two_rooms();
    hire(&studio, peer, "openai", &["image"], "");
    with_key(&studio, ["run", "t", "--until", "storyboard", "--yes"]).exits(0);
    studio
}

#[test]
fn takes_that_were_broken_off_are_in_doubt_and_counted() {
    let waits = Arc::new(AtomicBool::new(false));
    let peer = {
        let waits = waits.clone();
        Peer::start(move |request, _| {
            while waits.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(20));
            }
            drawn(request)
        })
    };
    let studio = boarded(&peer);
    let before = peer.heard("images").len();
    waits.store(true, Ordering::SeqCst);
    let mut child = begun(&studio, TWO_TAKES);
    until(&peer, "images", before + 1);
    child.kill().unwrap();
    child.wait().unwrap();
    waits.store(false, Ordering::SeqCst);
    assert_eq!(cost(&studio)["under_way"], "0.02", "nobody knows yet");
    with_key(&studio, ["run", "t", "--until", "storyboard", "--yes"]).exits(0);
    assert_eq!(tasks(&studio, "in_doubt").len(), 1);
    let books = cost(&studio);
    assert_eq!(books["spent"], "0.14", "six, and the one in doubt");
    assert_eq!(books["under_way"], "0.00");
    assert_eq!(
        peer.heard("images").len(),
        before + 1,
        "nothing was sent again"
    );
}

#[test]
fn tokens_that_nobody_tells_are_booked_as_they_were_reckoned() {
    let studio = Studio::two_rooms();
    let told = AtomicUsize::new(0);
    let peer = Peer::start(move |request, _| match drawn(request) {
        Says::Reply(code, kind, bytes) => {
            let usage = ["{}", "{\"output_tokens\": 1000000000000000}", "null"];
            let usage = usage[told.fetch_add(1, Ordering::SeqCst) % 3];
            let text = String::from_utf8(bytes).unwrap();
            let text = text.replace("\"usage\":{}", &format!("\"usage\":{usage}"));
            Says::Reply(code, kind, text.into_bytes())
        }
        other => other,
    });
    hire(
        &studio,
        &peer,
        "openai",
        &["image"],
        "prices: { image: { per_1k_output: 0.01 } }",
    );
    with_key(&studio, ["run", "t", "--until", "storyboard", "--yes"]).exits(0);
    for task in tasks(&studio, "completed") {
        assert_eq!(task["cost"], task["price"], "{task}");
        assert_ne!(task["cost"], "0.00", "{task}");
    }
    assert_eq!(tasks(&studio, "completed").len(), 6);
}

#[test]
fn an_empty_price_list_is_no_price() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| drawn(request));
    hire(
        &studio,
        &peer,
        "openai",
        &["image"],
        "prices: { image: {} }",
    );
    let refused = with_key(&studio, ["config", "check"]).exits(65);
    assert!(refused.err.contains("is empty"), "{}", refused.err);
    with_key(&studio, ["run", "t", "--yes"]).exits(65);
    assert!(peer.heard("images").is_empty());
}

#[test]
fn whoever_has_a_task_sent_once_more_grants_what_it_takes() {
    let studio = Studio::two_rooms();
    let page = AtomicBool::new(true);
    let peer = Peer::start(move |request, before| {
        // One panel is a web page, once.
        if before >= 4 && page.swap(false, Ordering::SeqCst) {
            return Says::Reply(200, "text/html", b"<html>login</html>".to_vec());
        }
        drawn(request)
    });
    hire(&studio, &peer, "openai", &["image"], "");
    with_key(&studio, ["run", "t", "--until", "storyboard", "--yes"]).exits(10);
    let failed = tasks(&studio, "failed");
    let [failed] = failed.as_slice() else {
        panic!("{failed:?}");
    };
    let left = cost(&studio);
    assert_eq!(
        left["ahead"], "0.02",
        "what was made takes nothing more: {left}"
    );
    // One may be tried out again as well.
    let id = failed["id"].as_str().unwrap();
    with_key(&studio, ["task", "retry", "t", id]).exits(0);
    with_key(&studio, ["run", "t", "--until", "storyboard", "--yes"]).exits(0);
    let books = cost(&studio);
    assert_eq!(books["spent"], "0.14", "six, and one for nothing");
    let wasted: Vec<&str> = (books["by"].as_array().unwrap().iter())
        .map(|by| by["wasted"].as_str().unwrap())
        .collect();
    assert!(wasted.contains(&"0.02"), "{books}");
}

#[test]
fn other_takes_than_the_one_in_the_film_are_wasted() {
    // No two are the same.
    let peer = Peer::start(|request, _| drawn(request));
    let studio = boarded(&peer);
    with_key(&studio, TWO_TAKES).exits(0);
    with_key(&studio, ["take", "pick", "t", "storyboard", "s01_020", "2"]).exits(0);
    let books = cost(&studio);
    let board = books["by"].as_array().unwrap().iter();
    let board = board
        .clone()
        .find(|by| by["stage"] == "storyboard")
        .unwrap();
    assert_eq!(
        (&board["cost"], &board["wasted"]),
        (&"0.10".into(), &"0.04".into())
    );
}

#[test]
fn who_is_to_be_first_at_a_provider_is() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| {
        std::thread::sleep(Duration::from_millis(60));
        drawn(request)
    });
    hire(&studio, &peer, "openai", &["image"], "");
    let conf = studio.read("conf/providers.yaml");
    studio.put(
        "conf/providers.yaml",
        conf.replace("concurrency: 8", "concurrency: 1"),
    );
    with_key(&studio, ["run", "t", "--until", "references", "--yes"]).exits(0);
    let before = peer.heard("images").len();
    with_key(
        &studio,
        [
            "run",
            "t",
            "--until",
            "storyboard",
            "--yes",
            "--first",
            "s02_010",
        ],
    )
    .exits(0);
    let asked: Vec<String> = (peer.heard("images")[before..].iter())
        .map(|r| String::from_utf8_lossy(&r.body).into_owned())
        .collect();
    // Whoever came before the line was there may be asked before.
    let walks = asked
        .iter()
        .position(|body| body.contains("walks under the trees"));
    assert!(
        walks.is_some_and(|at| at <= 1),
        "{walks:?} of {}",
        asked.len()
    );
}

#[test]
fn a_workspace_has_rules_of_its_own() {
    let studio = Studio::new();
    let new = |id: &str, more: &[&str]| {
        let brief = "A man flies a red\nkite over the hills.";
        let mut command = studio.command(["new", "--brief", brief, "--id", id]);
        said(command.args(more).output().unwrap())
    };
    new("t", &[]).exits(0);
    studio.put(
        "templates/moderation.yaml",
        "refuse:\n  - reason: kites are dangerous\n    words: [red kite]\n",
    );
    let refused = new("u", &[]).exits(13);
    assert!(
        refused.err.contains("kites are dangerous") && refused.err.contains(":1"),
        "{}",
        refused.err
    );
    studio.put(
        "conf/operator.yaml",
        "moderation: { allow_override: true }\n",
    );
    new("u", &["--override-moderation", " ", "--as", "ines"]).exits(2);
    new("u", &["--override-moderation", "a toy", "--as", "ines"]).exits(0);
    studio.put("templates/moderation.yaml", "refuse: no\n");
    new("v", &[]).exits(65);
    studio.put("templates/moderation.yaml", [0xff, 0xfe]);
    new("v", &[]).exits(65);
}

#[test]
fn a_verdict_counts_for_the_month_whatever_comes_of_it() {
    let studio = Studio::new();
    // Fair, flagged, turned away, lost.
    let peer = Peer::start(|_, before| {
        let says = |flagged: &str| {
            let text = format!("{{\"results\":[{{\"flagged\":{flagged},\"categories\":{{}}}}]}}");
            Says::Reply(200, "application/json", text.into_bytes())
        };
        match before {
            0 => says("false"),
            1 => says("true"),
            2 => Says::Reply(401, "application/json", b"{}".to_vec()),
            _ => Says::Nothing,
        }
    });
    hire(
        &studio,
        &peer,
        "openai",
        &["moderation"],
        "prices: { moderation: { per_call: 0.25 } }",
    );
    let new = |id: &str| {
        let brief = ["new", "--brief", "A kite over the hills.", "--id", id];
        said(studio.command(brief).env("PEER_KEY", KEY).output().unwrap())
    };
    for (id, code, spent) in [
        ("t", 0, 0.25),
        ("u", 13, 0.5),
        ("v", 69, 0.5),
        ("w", 69, 0.75),
    ] {
        new(id).exits(code);
        let booked = month(&studio);
        assert!((booked - spent).abs() < 1e-9, "{booked} after {code}");
    }
    studio.put("conf/operator.yaml", "budget: { per_month: 0.9 }\n");
    let dear = new("x").exits(9);
    assert!(dear.err.contains("0.75 of this month"), "{}", dear.err);
    assert_eq!(peer.heard("moderations").len(), 4, "nobody was asked");
}
