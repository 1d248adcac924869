//! Gates: stops, decisions, and what they sign.

use crate::studio::Studio;

#[test]
fn off_a_terminal_a_run_stops_at_every_gate() {
    let studio = Studio::two_rooms();
    let mut stops = Vec::new();
    loop {
        let said = studio.run(["run", "t", "--json"]);
        let last: serde_json::Value =
            serde_json::from_str(said.out.lines().last().unwrap()).unwrap();
        assert_eq!(last["event"], "summary");
        if said.code != 3 {
            assert_eq!(said.code, 0, "{}", said.err);
            break;
        }
        let stage = last["waiting_at"].as_str().unwrap().to_owned();
        let status = studio.run(["status", "t", "--json"]).exits(0).json();
        assert_eq!(status["result"]["status"], "needs_approval");
        assert_eq!(status["result"]["waiting_at"], stage);
        let gate: serde_json::Value =
            serde_json::from_str(&studio.read(&format!("runs/t/gates/{stage}.json"))).unwrap();
        assert_eq!(gate["state"], "open");
        studio
            .run([
                "gate", "approve", "t", &stage, "--as", "ines", "--note", "fine",
            ])
            .exits(0);
        let gate: serde_json::Value =
            serde_json::from_str(&studio.read(&format!("runs/t/gates/{stage}.json"))).unwrap();
        assert_eq!(
            (gate["state"].as_str(), gate["by"].as_str()),
            (Some("approved"), Some("ines"))
        );
        stops.push(stage);
    }
    assert_eq!(
        stops,
        [
            "outline",
            "script",
            "references",
            "storyboard",
            "assets",
            "audio"
        ]
    );
    let decisions = studio
        .run(["gate", "decisions", "t", "--json"])
        .exits(0)
        .json();
    assert_eq!(decisions["result"].as_array().unwrap().len(), 7);
    assert_eq!(
        studio.run(["status", "t", "--json"]).json()["result"]["status"],
        "completed"
    );
    // Nothing is left to do.
    let versions = studio.journal("t", "version").len();
    studio.run(["run", "t"]).exits(0);
    assert_eq!(studio.journal("t", "version").len(), versions);
}

#[test]
fn an_approval_signs_exact_content() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "outline"])
        .exits(3);
    let shown = studio
        .run(["gate", "show", "t", "script", "--json"])
        .exits(0)
        .json();
    let fingerprint = shown["result"]["content_fp"].as_str().unwrap().to_owned();
    studio.change("runs/t/script.fountain", "Good morning.", "Good evening.");
    studio
        .run([
            "gate",
            "approve",
            "t",
            "script",
            "--fingerprint",
            &fingerprint,
        ])
        .exits(5);
    studio.run(["gate", "approve", "t", "script"]).exits(0);
    studio
        .run(["gate", "approve", "t", "script"])
        .exits(0)
        .says("already");
    // Spacing is not content; a word is.
    let text = studio.read("runs/t/script.fountain");
    studio.put("runs/t/script.fountain", text.replace('\n', "\r\n"));
    assert_eq!(
        studio.run(["status", "t", "--json"]).json()["result"]["stages"][1]["state"],
        "approved"
    );
    studio.change("runs/t/script.fountain", "Good evening.", "Good night.");
    assert_eq!(
        studio.run(["status", "t", "--json"]).json()["result"]["stages"][1]["state"],
        "open"
    );
    // What comes back was approved before.
    studio.change("runs/t/script.fountain", "Good night.", "Good evening.");
    assert_eq!(
        studio.run(["status", "t", "--json"]).json()["result"]["stages"][1]["state"],
        "approved"
    );
    studio.run(["gate", "reject", "t", "script"]).exits(2);
    studio
        .run(["gate", "reject", "t", "script", "--note", "no"])
        .exits(6);
    studio
        .run([
            "gate",
            "reject",
            "t",
            "script",
            "--note",
            "no",
            "--override",
        ])
        .exits(0);
    studio.run(["run", "t"]).exits(4);
}

#[test]
fn a_hand_written_approval_grants_nothing() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "outline"])
        .exits(3);
    studio.change(
        "runs/t/gates/script.json",
        "\"state\": \"open\"",
        "\"state\": \"approved\"",
    );
    studio.run(["run", "t"]).exits(65).says("gates/script.json");
    studio.run(["gate", "approve", "t", "script"]).exits(0);
    studio.run(["run", "t"]).exits(3);
}

#[test]
fn feedback_is_followed_or_refused_by_name() {
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
            "the park scene longer",
        ])
        .exits(0);
    studio.run(["run", "t"]).exits(3);
    let board = studio.read("runs/t/storyboard.yaml");
    assert!(
        board.contains("seconds: 3.75") && board.contains("seconds: 2.0"),
        "{board}"
    );
    let versions = studio.run(["versions", "t", "storyboard", "--json"]).json();
    assert_eq!(
        versions["result"][1]["version"]["feedback"],
        "the park scene longer"
    );
    studio
        .run([
            "regenerate",
            "t",
            "storyboard",
            "--feedback",
            "give Anna a reason to stay",
        ])
        .exits(69)
        .says("image");
    studio
        .run(["regenerate", "t", "script", "--feedback", "funnier"])
        .exits(69)
        .says("text");
    // Another take of one panel really differs, and the others are left alone.
    let before = studio.files("runs/t/storyboard");
    studio
        .run(["regenerate", "t", "storyboard", "--item", "s02_010"])
        .exits(0);
    let after = studio.files("runs/t/storyboard");
    let changed: Vec<&str> = before
        .iter()
        .zip(&after)
        .filter(|(a, b)| a.1 != b.1)
        .map(|(a, _)| a.0.as_str())
        .collect();
    assert_eq!(changed, ["s02_010.png"]);
    studio
        .run(["regenerate", "t", "storyboard", "--item", "s02_01"])
        .exits(8)
        .says("did you mean `s02_010`");
}

#[test]
fn a_timer_approves_only_when_it_is_due() {
    let studio = Studio::two_rooms();
    let at = |now: &str| {
        let mut command = studio.command(["run", "t", "-q"]);
        crate::studio::said(command.env("GREENLIGHT_NOW", now).output().unwrap()).code
    };
    assert_eq!(at("2099-01-01T10:00:00Z"), 3);
    assert_eq!(at("2099-01-01T10:29:00Z"), 3);
    assert_eq!(studio.journal("t", "decided").len(), 0);
    assert_eq!(at("2099-01-01T10:31:00Z"), 3);
    let decided = studio.journal("t", "decided");
    assert_eq!(
        (
            decided[0]["stage"].as_str(),
            decided[0]["by"].as_str(),
            decided[0]["auto_approved"].as_bool()
        ),
        (Some("outline"), Some("timer"), Some(true))
    );
}

#[test]
fn an_earlier_version_comes_back() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "outline"])
        .exits(3);
    let before = studio.read("runs/t/script.fountain");
    studio.change("runs/t/script.fountain", "Good morning.", "Good evening.");
    studio.run(["restore", "t", "script", "1"]).exits(0);
    assert_eq!(studio.read("runs/t/script.fountain"), before);
    assert_eq!(
        studio.journal("t", "version").len(),
        4,
        "outline, script, the hand edit, and the restored"
    );
    studio.run(["restore", "t", "script", "9"]).exits(8);
}
