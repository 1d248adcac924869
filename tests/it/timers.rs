//! Timers without a daemon: a deadline is a permission, and every guard says why it refuses.

use crate::studio::Studio;
use serde_json::Value;

const OPENED: &str = "2099-01-01T10:00:00Z";

/// A run whose storyboard opened at [`OPENED`] under this policy.
fn opened(policy: &str) -> Studio {
    let studio = Studio::at("storyboard");
    studio.put(
        "conf/operator.yaml",
        format!("gates: {{ storyboard: {policy} }}\n"),
    );
    // A gate opens with the timer of that moment: other content opens it anew.
    studio.change("runs/t/storyboard.yaml", "seconds: 2.0", "seconds: 2.25");
    studio
        .run_at(OPENED, ["gate", "settle", "t", "storyboard"])
        .exits(0);
    studio
}

const HALF_AN_HOUR: &str = "{ required: true, auto_approve: true, auto_approve_after_s: 1800 }";

fn settled(studio: &Studio, now: &str) -> Value {
    let said = studio
        .run_at(now, ["gate", "settle", "t", "storyboard", "--json"])
        .exits(0);
    said.json()["result"][0].clone()
}

#[track_caller]
fn waits(studio: &Studio, now: &str, because: &str) {
    let said = settled(studio, now);
    assert_eq!(said["settled"], false);
    let reason = said["reason"].as_str().unwrap();
    assert!(reason.contains(because), "{reason}");
}

#[test]
fn eight_policies_as_they_are_documented() {
    for (required, auto, after, after_an_hour) in [
        (true, false, "null", "open"),
        (true, true, "null", "open"),
        (true, true, "1800", "approved timer"),
        (true, false, "1800", "open"),
        (false, false, "null", "approved policy"),
        (false, true, "null", "approved policy"),
        (false, true, "1800", "approved timer"),
        (false, false, "1800", "approved policy"),
    ] {
        let policy = format!(
            "{{ required: {required}, auto_approve: {auto}, auto_approve_after_s: {after} }}"
        );
        let studio = opened(&policy);
        studio
            .run_at("2099-01-01T11:00:00Z", ["gate", "settle", "t"])
            .exits(0);
        let gate = studio.gate("storyboard");
        let by = gate["by"].as_str().unwrap_or_default();
        let is = format!("{} {by}", gate["state"].as_str().unwrap());
        assert_eq!(is.trim(), after_an_hour, "{policy}");
        if !auto && after != "null" {
            studio
                .run(["status", "t"])
                .exits(0)
                .says("does nothing while auto_approve is false");
        }
    }
}

#[test]
fn a_deadline_is_a_permission() {
    let studio = opened(HALF_AN_HOUR);
    assert_eq!(
        studio.gate("storyboard")["deadline"],
        "2099-01-01T10:30:00.000Z"
    );
    waits(
        &studio,
        "2099-01-01T10:29:59Z",
        "the timer approves at 2099-01-01T10:30:00",
    );
    // Looking decides nothing.
    studio
        .run_at("2099-01-01T12:00:00Z", ["status", "t"])
        .exits(0);
    studio
        .run_at("2099-01-01T12:00:00Z", ["gate", "show", "t"])
        .exits(0);
    assert_eq!(studio.gate("storyboard")["state"], "open");
    // A person who comes an hour late still wins.
    let late = studio.copied();
    late.run_at(
        "2099-01-01T12:00:00Z",
        ["gate", "reject", "t", "storyboard", "--note", "no"],
    )
    .exits(0);
    waits(&late, "2099-01-01T12:00:01Z", "rejected");
    assert_eq!(settled(&studio, "2099-01-01T12:00:00Z")["settled"], true);
    let decision = studio.journal("t", "decided").pop().unwrap();
    assert_eq!(decision["by"], "timer");
    assert_eq!(decision["auto_approved"], true);
    assert_eq!(decision["effective_at"], "2099-01-01T10:30:00.000Z");
    assert_eq!(studio.gate("storyboard")["auto_approved"], true);
    // A person may confirm it, once; or say otherwise on purpose.
    let now = "2099-01-01T12:01:00Z";
    let confirm = [
        "gate",
        "approve",
        "t",
        "storyboard",
        "--as",
        "ines",
        "--json",
    ];
    assert_eq!(studio.run_at(now, confirm).exits(0).json()["changed"], true);
    assert_eq!(
        studio.run_at(now, confirm).exits(0).json()["changed"],
        false
    );
    assert_eq!(studio.journal("t", "confirmed")[0]["by"], "ines");
    studio
        .run_at(now, ["gate", "reject", "t", "storyboard", "--note", "no"])
        .exits(6)
        .says("approved by timer");
}

#[test]
fn every_guard_says_why() {
    let late = "2099-01-01T12:00:00Z";
    let studio = opened(HALF_AN_HOUR);
    waits(
        &studio.copied(),
        "2098-01-01T00:00:00Z",
        "the clock stands before",
    );
    let held = studio.copied();
    held.run_at(OPENED, ["gate", "hold", "t", "storyboard", "--as", "ines"])
        .exits(0);
    waits(&held, late, "held by ines");
    held.run_at(OPENED, ["gate", "release", "t", "storyboard"])
        .exits(0);
    assert_eq!(settled(&held, late)["settled"], true);
    // What was revoked is never approved by a timer again.
    held.run_at(late, ["gate", "revoke", "t", "storyboard"])
        .exits(0);
    waits(&held, "2099-01-02T12:00:00Z", "revoked");
    held.run_at("2099-01-02T12:00:00Z", ["run", "t", "--yes"])
        .exits(3)
        .says("revoked");
    let other = studio.copied();
    other.put("runs/t/outline.yaml", "beats: [");
    waits(&other, late, "outline is invalid");
    // A changed configuration can only delay or cancel.
    let sooner = studio.copied();
    sooner.put(
        "conf/operator.yaml",
        "gates: { storyboard: { required: true, auto_approve: true, auto_approve_after_s: 60 } }\n",
    );
    waits(&sooner, "2099-01-01T10:10:00Z", "2099-01-01T10:30:00");
    let later = studio.copied();
    later.put(
        "conf/operator.yaml",
        "gates: { storyboard: { required: true, auto_approve: true, auto_approve_after_s: 7200 } }\n",
    );
    waits(&later, "2099-01-01T11:00:00Z", "2099-01-01T12:00:00");
    later.put(
        "conf/operator.yaml",
        "gates: { storyboard: { required: true, auto_approve: false, auto_approve_after_s: 60 } }\n",
    );
    waits(&later, late, "no timer");
    // Other content gets its full time.
    studio.change("runs/t/storyboard.yaml", "seconds: 2.25", "seconds: 2.5");
    waits(&studio, late, "2099-01-01T12:30:00");
}

#[test]
fn a_hand_save_keeps_the_timer_off_for_a_minute() {
    let studio = Studio::at("storyboard");
    studio.put(
        "conf/operator.yaml",
        "gates: { storyboard: { required: true, auto_approve: true, auto_approve_after_s: 0 } }\n",
    );
    // Content taken in opens a gate whose timer is due at once; what the studio itself writes is no
    // hand save.
    studio.change("runs/t/storyboard.yaml", "seconds: 2.0", "seconds: 2.25");
    let other = studio.copied();
    let settle = ["gate", "settle", "t", "storyboard", "--json"];
    let said = studio.run(settle).exits(0).json();
    let reason = said["result"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("saved by hand"), "{said}");
    let said = studio
        .run_at("2099-01-01T10:00:00Z", settle)
        .exits(0)
        .json();
    assert_eq!(said["result"][0]["settled"], true, "{said}");
    // A save that changes nothing yet says that somebody is at it.
    other.run(["gate", "hold", "t", "storyboard"]).exits(0);
    other.run(["undo", "t", "storyboard"]).exits(0);
    other.run(["gate", "release", "t", "storyboard"]).exits(0);
    let text = other.read("runs/t/storyboard.yaml");
    let written = |name: &str| {
        let meta = std::fs::metadata(other.path(&format!("runs/t/{name}"))).unwrap();
        meta.modified().unwrap()
    };
    // The clock of a file system moves in steps.
    while written("storyboard.yaml") <= written(".studio/placed") {
        other.put("runs/t/storyboard.yaml", &text);
    }
    let said = other.run(settle).exits(0).json();
    let reason = said["result"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("saved by hand"), "{said}");
}

#[test]
fn overdue_timers_do_not_cascade() {
    let studio = Studio::two_rooms();
    let timed = "{ required: true, auto_approve: true, auto_approve_after_s: 600 }";
    studio.put(
        "conf/operator.yaml",
        format!("gates: {{ outline: {timed}, script: {timed} }}\n"),
    );
    studio.run_at(OPENED, ["run", "t"]).exits(3);
    let late = "2099-01-05T00:00:00Z";
    studio
        .run_at(late, ["gate", "settle", "--all", "--run"])
        .exits(3);
    assert_eq!(studio.gate("outline")["by"], "timer");
    assert_eq!(studio.gate("script")["state"], "open");
    assert_eq!(
        studio.gate("script")["deadline"],
        "2099-01-05T00:10:00.000Z"
    );
}

#[test]
fn a_waiting_run_hears_of_decisions_made_elsewhere() {
    let studio = Studio::at("storyboard");
    let before = studio.journal("t", "run_started").len();
    let mut waiting = studio
        .command(["run", "t", "--wait=60s", "--until", "assets", "-q"])
        .spawn()
        .unwrap();
    // It holds no lock while it waits: another run, and a decision, go on beside it.
    let runs = before + 1;
    while studio.journal("t", "run_started").len() < runs {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    studio.run(["gate", "approve", "t", "storyboard"]).exits(0);
    while !studio.path("runs/t/gates/assets.json").exists() {
        assert!(waiting.try_wait().unwrap().is_none(), "it gave up");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    studio.run(["gate", "approve", "t", "assets"]).exits(0);
    assert_eq!(waiting.wait().unwrap().code(), Some(0));
    // Patience ends.
    studio.run(["run", "t", "--wait=0s"]).exits(3);
    studio.run(["run", "t", "--wait=soon"]).exits(2);
}

#[test]
fn negative_and_wordy_times_are_no_configuration() {
    let studio = Studio::at("storyboard");
    for bad in ["-1", "soon", "1.5"] {
        studio.put(
            "conf/operator.yaml",
            format!("gates: {{ script: {{ required: true, auto_approve: true, auto_approve_after_s: {bad} }} }}\n"),
        );
        studio.run(["run", "t"]).exits(65).says("operator.yaml");
    }
}
