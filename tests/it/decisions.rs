//! Who decided what, on which content: a case a rule.

use crate::studio::Studio;

#[test]
fn deciding_twice_changes_nothing_and_the_opposite_is_a_conflict() {
    let studio = Studio::at("storyboard");
    let first = studio
        .run([
            "gate",
            "approve",
            "t",
            "storyboard",
            "--as",
            "ines",
            "--json",
        ])
        .exits(0)
        .json();
    assert_eq!(first["changed"], true);
    let again = studio
        .run([
            "gate",
            "approve",
            "t",
            "storyboard",
            "--as",
            "tom",
            "--json",
        ])
        .exits(0)
        .json();
    assert_eq!(again["changed"], false);
    let said = studio
        .run([
            "gate",
            "reject",
            "t",
            "storyboard",
            "--note",
            "no",
            "--as",
            "tom",
        ])
        .exits(6)
        .says("approved by ines");
    assert!(said.err.contains("20"), "it names when: {}", said.err);
    studio
        .run([
            "gate",
            "reject",
            "t",
            "storyboard",
            "--note",
            "no",
            "--override",
        ])
        .exits(0);
    assert_eq!(studio.state("storyboard"), "rejected");
    // The same rejection is nothing new; another reason is.
    let same = studio
        .run([
            "gate",
            "reject",
            "t",
            "storyboard",
            "--note",
            "no",
            "--json",
        ])
        .exits(0)
        .json();
    assert_eq!(same["changed"], false);
    let more = studio
        .run([
            "gate",
            "reject",
            "t",
            "storyboard",
            "--note",
            "too dark",
            "--json",
        ])
        .exits(0)
        .json();
    assert_eq!(more["changed"], true);
    let decision = studio.journal("t", "decided").pop().unwrap();
    assert_eq!(decision["pinned"], false);
    assert_eq!(decision["by"], "tester");
}

#[test]
fn names_and_reasons_are_checked() {
    let studio = Studio::at("storyboard");
    for name in ["timer", "Policy", "system", "file", ""] {
        studio
            .run(["gate", "approve", "t", "storyboard", "--as", name])
            .exits(2);
    }
    studio.run(["gate", "reject", "t", "storyboard"]).exits(2);
    studio
        .run(["gate", "approve", "t", "storyboard", "--feedback", "x"])
        .exits(2);
    studio
        .run(["gate", "approve", "t", "storyboard", "--rating", "5"])
        .exits(2);
    studio.run(["gate", "approve", "t", "storybord"]).exits(8);
    studio
        .run(["gate", "approve", "nobody", "storyboard"])
        .exits(8);
    studio.run(["gate", "approve", "t", "assets"]).exits(7);
    assert_eq!(studio.state("storyboard"), "open");
}

#[test]
fn pins_hold_a_decision_to_what_was_seen() {
    let studio = Studio::at("storyboard");
    let shown = studio
        .run(["gate", "show", "t", "storyboard", "--json"])
        .exits(0)
        .json();
    let gate_id = shown["result"]["gate_id"].as_str().unwrap();
    let subject = shown["result"]["subject_fp"].as_str().unwrap();
    studio
        .run(["gate", "approve", "t", "storyboard", "--gate-id", "g-nope"])
        .exits(5);
    studio
        .run([
            "gate",
            "approve",
            "t",
            "storyboard",
            "--fingerprint",
            "b3:000000000000",
        ])
        .exits(5);
    studio.change("runs/t/storyboard.yaml", "seconds: 2.0", "seconds: 2.25");
    studio
        .run(["gate", "approve", "t", "storyboard", "--gate-id", gate_id])
        .exits(5);
    studio
        .run([
            "gate",
            "approve",
            "t",
            "storyboard",
            "--fingerprint",
            subject,
        ])
        .exits(5);
    studio.run(["undo", "t", "storyboard"]).exits(0);
    studio
        .run([
            "gate",
            "approve",
            "t",
            "storyboard",
            "--fingerprint",
            &subject[..16],
        ])
        .exits(0);
    assert_eq!(
        studio.journal("t", "decided").pop().unwrap()["pinned"],
        true
    );
}

#[test]
fn an_approval_comes_back_with_its_content_and_a_revoked_one_does_not() {
    let studio = Studio::at("storyboard");
    studio.run(["gate", "approve", "t", "storyboard"]).exits(0);
    studio.change("runs/t/storyboard.yaml", "seconds: 2.0", "seconds: 2.25");
    studio.run(["gate", "settle", "t"]).exits(0);
    assert_eq!(studio.state("storyboard"), "open");
    let open = studio.gate("storyboard");
    assert_eq!(open["state"], "open");
    studio.change("runs/t/storyboard.yaml", "seconds: 2.25", "seconds: 2.0");
    studio.run(["gate", "settle", "t"]).exits(0);
    assert_eq!(studio.state("storyboard"), "approved");
    assert_eq!(studio.gate("storyboard")["state"], "approved");
    assert_ne!(studio.gate("storyboard")["gate_id"], open["gate_id"]);
    studio
        .run(["gate", "revoke", "t", "storyboard", "--note", "wait"])
        .exits(0);
    assert_eq!(studio.state("storyboard"), "open");
    assert_eq!(studio.gate("storyboard")["state"], "open");
    let again = studio
        .run(["gate", "revoke", "t", "storyboard", "--json"])
        .exits(0);
    assert_eq!(again.json()["changed"], false);
    studio.run(["gate", "revoke", "t", "assets"]).exits(7);
    let list = studio
        .run(["gate", "decisions", "t", "--stage", "storyboard", "--json"])
        .exits(0)
        .json();
    assert_eq!(list["result"][0]["revoked"], true);
    studio.run(["gate", "approve", "t", "storyboard"]).exits(0);
    assert_eq!(studio.state("storyboard"), "approved");
}

#[test]
fn a_held_gate_is_passed_by_nobody_but_a_person() {
    let studio = Studio::at("storyboard");
    studio
        .run([
            "gate",
            "hold",
            "t",
            "storyboard",
            "--as",
            "ines",
            "--note",
            "ask tom",
        ])
        .exits(0);
    assert_eq!(studio.gate("storyboard")["held"], true);
    studio
        .run(["run", "t", "--yes"])
        .exits(3)
        .says("held by ines");
    assert_eq!(studio.state("storyboard"), "open");
    let again = studio
        .run(["gate", "hold", "t", "storyboard", "--json"])
        .exits(0);
    assert_eq!(again.json()["changed"], false);
    studio.run(["gate", "release", "t", "storyboard"]).exits(0);
    assert_eq!(studio.gate("storyboard")["held"], false);
    studio.run(["gate", "hold", "t", "storyboard"]).exits(0);
    studio.run(["gate", "approve", "t", "storyboard"]).exits(0);
    assert_eq!(studio.gate("storyboard")["held"], false);
}

#[test]
fn a_stale_stage_is_brought_up_to_date_or_kept() {
    let studio = Studio::at("done");
    studio.change(
        "runs/t/script.fountain",
        "walks under the trees",
        "runs under the trees",
    );
    studio.run(["gate", "approve", "t", "script"]).exits(0);
    assert_eq!(studio.state("storyboard"), "stale");
    let status = studio.run(["status", "t", "--json"]).json();
    let reason = status["result"]["stages"][3]["reason"].as_str().unwrap();
    assert!(reason.contains("script"), "{reason}");
    studio
        .run(["gate", "approve", "t", "storyboard"])
        .exits(7)
        .says("--keep");
    let panels = studio.files("runs/t/storyboard");
    studio
        .run(["gate", "approve", "t", "references", "--keep"])
        .exits(0);
    studio
        .run([
            "gate",
            "approve",
            "t",
            "storyboard",
            "--keep",
            "--as",
            "ines",
        ])
        .exits(0);
    assert_eq!(studio.state("storyboard"), "approved");
    studio.run(["run", "t", "--yes"]).exits(0);
    assert!(studio.files("runs/t/storyboard") == panels);
    // It was kept for that script only.
    studio.change(
        "runs/t/script.fountain",
        "runs under the trees",
        "sings under the trees",
    );
    studio.run(["gate", "approve", "t", "script"]).exits(0);
    assert_eq!(studio.state("storyboard"), "stale");
    studio.run(["run", "t", "--yes"]).exits(0);
    assert!(studio.files("runs/t/storyboard") != panels);
}

#[test]
fn what_comes_out_the_same_stales_nothing() {
    let studio = Studio::at("done");
    let versions = studio.journal("t", "version").len();
    studio
        .run(["regenerate", "t", "outline"])
        .exits(0)
        .says("the same");
    studio.run(["run", "t"]).exits(0);
    assert_eq!(studio.journal("t", "version").len(), versions + 1);
    // A length is no input of a panel: only what reads it is made again.
    let panels = studio.files("runs/t/storyboard");
    studio.put(
        "p.json",
        r#"{"type":"duration_adjust","beat_adjustments":[{"shot_id":"s01_020","duration":2.5}]}"#,
    );
    studio
        .run(["gate", "approve", "t", "--patch", "p.json", "--run"])
        .exits(3);
    assert!(studio.files("runs/t/storyboard") == panels);
    assert_eq!(studio.state("assets"), "approved");
    assert_eq!(studio.state("audio"), "open");
}

#[test]
fn a_patch_is_approved_in_the_commit_that_makes_it() {
    let studio = Studio::at("script");
    let before = studio
        .run(["gate", "show", "t", "script", "--json"])
        .exits(0)
        .json();
    let old = before["result"]["content_fp"].as_str().unwrap();
    studio.put(
        "p.json",
        r#"{"type":"text_replace","replacements":[{"old":"Good morning.","new":"Good evening."}]}"#,
    );
    studio
        .run([
            "gate",
            "reject",
            "t",
            "script",
            "--patch",
            "p.json",
            "--fingerprint",
            "b3:000000000000",
        ])
        .exits(5);
    let lines = studio.read("runs/t/journal.jsonl").lines().count();
    studio
        .run([
            "gate",
            "reject",
            "t",
            "script",
            "--patch",
            "p.json",
            "--fingerprint",
            old,
            "--as",
            "ines",
        ])
        .exits(0);
    let journal: Vec<serde_json::Value> = studio
        .read("runs/t/journal.jsonl")
        .lines()
        .skip(lines)
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let ops: Vec<&str> = journal.iter().map(|l| l["op"].as_str().unwrap()).collect();
    assert_eq!(ops, ["version", "gate_opened", "decided"]);
    assert_eq!(journal[0]["more"], true);
    assert!(journal[2].get("more").is_none());
    assert_eq!(journal[2]["decision"], "approve");
    assert_eq!(journal[2]["patch"]["type"], "text_replace");
    assert_eq!(studio.state("script"), "approved");
    // Once more: the words are not there any more.
    studio
        .run(["gate", "approve", "t", "script", "--patch", "p.json"])
        .exits(6);
    studio.put("q.json", r#"{"type":"text_replace","request_id":"q","replacements":[{"old":"Good evening.","new":"Hello."}]}"#);
    studio.run(["resume", "t", "--patch", "q.json"]).exits(3);
    let again = studio
        .run([
            "gate", "approve", "t", "script", "--patch", "q.json", "--json",
        ])
        .exits(0)
        .json();
    assert_eq!(again["changed"], false);
}

#[test]
fn a_patch_approves_nothing_that_could_not_be_approved() {
    let studio = Studio::at("done");
    studio.put(
        "p.json",
        r#"{"type":"duration_adjust","beat_adjustments":[{"shot_id":"s01_020","duration":3}]}"#,
    );
    let approve = ["gate", "approve", "t", "storyboard", "--patch", "p.json"];
    // Content that was rejected is not approved by the way.
    let rejected = studio.copied();
    rejected
        .run(["patch", "t", "storyboard", "p.json"])
        .exits(0);
    rejected
        .run(["gate", "reject", "t", "storyboard", "--note", "no"])
        .exits(0);
    rejected.run(["undo", "t", "storyboard"]).exits(0);
    rejected.run(approve).exits(6).says("rejected by tester");
    assert_eq!(rejected.state("storyboard"), "approved", "as it was before");
    // Neither is a stale stage.
    studio.change(
        "runs/t/script.fountain",
        "under the trees",
        "past the trees",
    );
    studio.run(["gate", "approve", "t", "script"]).exits(0);
    let versions = studio.journal("t", "version").len();
    studio.run(approve).exits(7).says("stale");
    assert_eq!(studio.journal("t", "version").len(), versions);
}

#[test]
fn a_plain_rejection_stops_the_run_and_deletes_nothing() {
    let studio = Studio::at("storyboard");
    let panels = studio.files("runs/t/storyboard");
    studio
        .run([
            "gate",
            "reject",
            "t",
            "storyboard",
            "--note",
            "not like this",
        ])
        .exits(0);
    studio.run(["run", "t", "--yes"]).exits(4);
    assert!(studio.files("runs/t/storyboard") == panels);
    studio
        .run(["regenerate", "t", "storyboard", "--item", "s01_020"])
        .exits(0);
    assert_eq!(studio.state("storyboard"), "open");
    // What was rejected stays rejected, should it come back.
    studio.run(["undo", "t", "storyboard"]).exits(0);
    assert_eq!(studio.state("storyboard"), "rejected");
    studio.run(["undo", "t", "storyboard"]).exits(0);
    assert_eq!(studio.state("storyboard"), "open");
}

#[test]
fn gate_files_are_read_and_never_believed() {
    let studio = Studio::at("storyboard");
    let old = studio.read("runs/t/gates/storyboard.json");
    studio.run(["gate", "approve", "t", "storyboard"]).exits(0);
    // An earlier projection that was true is written anew.
    studio.put("runs/t/gates/storyboard.json", &old);
    studio.run(["run", "t"]).exits(3);
    assert_eq!(studio.gate("storyboard")["state"], "approved");
    // Other spacing is the same content.
    let compact = studio.gate("storyboard").to_string();
    studio.put("runs/t/gates/storyboard.json", compact);
    studio.run(["run", "t"]).exits(3);
    for broken in ["{", "[]", &old.replace("\"open\"", "\"approved\"")] {
        studio.put("runs/t/gates/storyboard.json", broken);
        studio.run(["run", "t"]).exits(65);
    }
    std::fs::remove_file(studio.path("runs/t/gates/storyboard.json")).unwrap();
    studio.run(["run", "t"]).exits(3);
}

#[test]
fn a_copy_keeps_its_approvals_and_a_variant_does_not() {
    let studio = Studio::at("assets");
    greenlight::store::disk::move_into(&studio.path("runs/t"), &studio.path("runs/moved")).unwrap();
    let status = studio.run(["status", "moved", "--json"]).exits(0).json();
    assert_eq!(status["result"]["stages"][3]["state"], "approved");
    let made = studio
        .run(["new", "Another", "--from", "moved", "--id", "v", "--json"])
        .exits(0)
        .json();
    assert_eq!(made["run"], "v");
    let status = studio.run(["status", "v", "--json"]).exits(0).json();
    let states: Vec<&str> = status["result"]["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["state"].as_str().unwrap())
        .collect();
    assert!(!states.contains(&"approved"), "{states:?}");
    // Its pictures are there already: nothing is drawn again.
    let takes = studio.journal("v", "take").len();
    studio
        .run(["run", "v", "--yes-through", "storyboard"])
        .exits(3);
    assert_eq!(studio.journal("v", "take").len(), takes);
    assert!(studio.files("runs/v/storyboard") == studio.files("runs/moved/storyboard"));
    studio
        .run(["compare", "moved", "v"])
        .exits(0)
        .says("Another");
}

#[test]
fn decisions_are_found_over_all_runs() {
    let studio = Studio::at("storyboard");
    studio
        .run(["new", "Two", "--from", "t", "--id", "v"])
        .exits(0);
    studio.run(["run", "v"]).exits(3);
    studio
        .run(["gate", "approve", "v", "outline", "--as", "ines"])
        .exits(0);
    let all = studio
        .run(["gate", "decisions", "--all", "--json"])
        .exits(0)
        .json();
    let runs: Vec<&str> = all["result"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["run"].as_str().unwrap())
        .collect();
    assert!(runs.contains(&"t") && runs.contains(&"v"), "{runs:?}");
    let hers = studio
        .run(["gate", "decisions", "--all", "--by", "ines", "--json"])
        .exits(0)
        .json();
    assert_eq!(hers["result"].as_array().unwrap().len(), 1);
    let later = studio
        .run([
            "gate",
            "decisions",
            "--all",
            "--since",
            "2999-01-01",
            "--json",
        ])
        .exits(0)
        .json();
    assert_eq!(later["result"].as_array().unwrap().len(), 0);
    studio
        .run(["gate", "decisions", "--all", "--since", "yesterday"])
        .exits(2);
}

#[test]
fn the_film_is_rated() {
    let studio = Studio::at("done");
    studio
        .run([
            "gate", "approve", "t", "render", "--rating", "4", "--as", "ines",
        ])
        .exits(0);
    assert_eq!(studio.journal("t", "decided").pop().unwrap()["rating"], 4);
    studio
        .run(["gate", "approve", "t", "render", "--rating", "6"])
        .exits(2);
}

#[test]
fn a_stage_left_out_is_taken_up_when_asked_for() {
    let studio = Studio::new();
    studio.put("two.txt", crate::studio::TWO_ROOMS);
    studio
        .run([
            "new",
            "--script",
            "two.txt",
            "--id",
            "t",
            "--skip",
            "references",
        ])
        .exits(0);
    studio.run(["run", "t", "--yes-through", "script"]).exits(3);
    assert_eq!(studio.state("references"), "skipped");
    studio.run(["gate", "approve", "t", "references"]).exits(7);
    let sheet = studio.read("runs/t/run.yaml");
    studio.put("runs/t/run.yaml", sheet.replace("seed:", "# mine\nseed:"));
    studio.run(["regenerate", "t", "references"]).exits(0);
    assert_eq!(studio.state("references"), "open");
    let sheet = studio.read("runs/t/run.yaml");
    assert!(
        sheet.contains("# mine") && !sheet.contains("skip"),
        "{sheet}"
    );
}

#[test]
fn an_item_is_not_made_again_for_ever() {
    let studio = Studio::at("storyboard");
    studio.put("conf/operator.yaml", "limits: { max_regenerations: 2 }\n");
    for _ in 0..2 {
        studio
            .run(["regenerate", "t", "storyboard", "--item", "s01_020"])
            .exits(0);
    }
    studio
        .run(["regenerate", "t", "storyboard", "--item", "s01_020"])
        .exits(7)
        .says("max_regenerations");
    studio
        .run([
            "regenerate",
            "t",
            "storyboard",
            "--item",
            "s01_010",
            "--takes",
            "3",
        ])
        .exits(7);
    studio.run(["regenerate", "t", "audio"]).exits(7);
}

#[cfg(unix)]
#[test]
fn a_stage_that_stands_still_fails_and_goes_on_later() {
    use std::os::unix::fs::PermissionsExt;
    let studio = Studio::two_rooms();
    studio.put(
        "conf/operator.yaml",
        "limits: { stage_timeouts_s: { storyboard: 1 } }\n",
    );
    studio.put("voice", "#!/bin/sh\nexec sleep 60\n");
    let voice = studio.path("voice");
    std::fs::set_permissions(&voice, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = studio.command(["run", "t", "--yes"]);
    command
        .env("GREENLIGHT_ESPEAK_NG", &voice)
        .env("GREENLIGHT_FLITE", "");
    let said = crate::studio::said(command.output().unwrap());
    assert_eq!(said.code, 10, "{}", said.err);
    assert!(said.err.contains("no progress for 1 s"), "{}", said.err);
    assert_eq!(studio.state("storyboard"), "failed");
    let takes = studio.journal("t", "take").len();
    studio
        .run(["run", "t", "--yes-through", "references"])
        .exits(3);
    assert!(studio.journal("t", "take").len() > takes);
}

#[test]
fn what_was_taken_back_is_in_the_record() {
    let studio = Studio::at("done");
    studio
        .run([
            "gate",
            "revoke",
            "t",
            "storyboard",
            "--as",
            "bob",
            "--note",
            "too dark",
        ])
        .exits(0);
    let all = studio
        .run(["gate", "decisions", "t", "--json"])
        .exits(0)
        .json();
    let all = all["result"].as_array().unwrap();
    let taken = all.iter().find(|d| d["decision"] == "revoke").unwrap();
    assert_eq!(
        (&taken["by"], &taken["note"]),
        (&"bob".into(), &"too dark".into())
    );
    // What comes is told as it will be.
    let plan = studio.run(["plan", "t", "--json"]).exits(0).json();
    let board = plan["result"]["stages"].as_array().unwrap();
    let board = board.iter().find(|s| s["stage"] == "storyboard").unwrap();
    assert_eq!(board["gate"], "waits for a decision", "{plan}");
}

#[test]
fn feedback_that_nobody_can_follow_is_not_recorded() {
    let studio = Studio::at("storyboard");
    let before = studio.read("runs/t/journal.jsonl");
    studio
        .run([
            "gate",
            "reject",
            "t",
            "storyboard",
            "--feedback",
            "shot 99 longer",
        ])
        .exits(69);
    assert_eq!(studio.read("runs/t/journal.jsonl"), before);
    studio
        .run([
            "gate",
            "reject",
            "t",
            "storyboard",
            "--feedback",
            "shot 1 longer",
        ])
        .exits(0)
        .says("understood");
}

#[cfg(target_os = "linux")]
#[test]
fn data_that_cannot_be_written_is_no_success() {
    let studio = Studio::at("done");
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let status = studio.command(["log", "t"]).stdout(full).status().unwrap();
    assert_eq!(status.code(), Some(74));
}
