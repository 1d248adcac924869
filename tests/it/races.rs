//! Two at once: exactly one wins, and the journal stays whole.

use crate::studio::{Said, Studio, said};
use std::process::{Child, Stdio};

fn start<const N: usize>(studio: &Studio, args: [&str; N]) -> Child {
    studio
        .command(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn end(child: Child) -> Said {
    said(child.wait_with_output().unwrap())
}

#[track_caller]
fn journal_is_whole(studio: &Studio) {
    let text = studio.read("runs/t/journal.jsonl");
    for (i, line) in text.lines().enumerate() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(entry["seq"], i as u64 + 1);
    }
}

/// How often each pair meets: a thousand times when asked for.
fn rounds() -> usize {
    std::env::var("ROUNDS").map_or(25, |r| r.parse().unwrap())
}

#[test]
fn of_two_opposite_decisions_one_is_made() {
    let studio = Studio::at("script");
    for round in 0..rounds() {
        let a = start(&studio, ["gate", "approve", "t", "script", "--as", "ines"]);
        let b = start(
            &studio,
            [
                "gate", "reject", "t", "script", "--note", "no", "--as", "tom",
            ],
        );
        let codes = (end(a).code, end(b).code);
        assert!(codes == (0, 6) || codes == (6, 0), "{round}: {codes:?}");
        let wanted = if codes.0 == 0 { "approved" } else { "rejected" };
        assert_eq!(studio.state("script"), wanted);
        assert_eq!(studio.gate("script")["state"], wanted);
        studio.run(["gate", "revoke", "t", "script"]).exits(0);
        assert_eq!(
            studio
                .journal("t", "decided")
                .iter()
                .filter(|d| d["stage"] == "script")
                .count(),
            round + 1
        );
    }
    journal_is_whole(&studio);
}

#[test]
fn of_two_patches_on_the_same_base_one_is_applied() {
    let studio = Studio::at("script");
    for round in 0..rounds() {
        let shown = studio.run(["gate", "show", "t", "script", "--json"]).json();
        let base = shown["result"]["content_fp"].as_str().unwrap().to_owned();
        for name in ["a", "b"] {
            studio.put(
                &format!("{name}.json"),
                format!(r#"{{"type":"text_replace","base":"{base}","replacements":[{{"old":"at a desk","new":"at a desk {name}{round}"}}]}}"#),
            );
        }
        let a = start(&studio, ["patch", "t", "a.json"]);
        let b = start(&studio, ["patch", "t", "b.json"]);
        let codes = (end(a).code, end(b).code);
        assert!(codes == (0, 6) || codes == (6, 0), "{round}: {codes:?}");
        studio.run(["undo", "t", "script"]).exits(0);
    }
    journal_is_whole(&studio);
}

#[test]
fn a_save_in_the_middle_of_a_patch_is_never_lost() {
    let studio = Studio::at("script");
    studio.put(
        "p.json",
        r#"{"type":"text_replace","replacements":[{"old":"Good morning.","new":"Good evening."}]}"#,
    );
    let original = studio.read("runs/t/script.fountain");
    for round in 0..rounds() {
        let mine = original.replace("at a desk", &format!("at desk number {round}"));
        let patch = start(&studio, ["patch", "t", "p.json"]);
        // Editors write beside and rename, whenever they please.
        studio.put("runs/t/.#script.fountain", &mine);
        std::thread::sleep(std::time::Duration::from_micros(400 * round as u64 % 9000));
        greenlight::store::disk::move_into(
            &studio.path("runs/t/.#script.fountain"),
            &studio.path("runs/t/script.fountain"),
        )
        .unwrap();
        let code = end(patch).code;
        assert!(code == 0, "{round}: {code}");
        studio.run(["gate", "settle", "t"]).exits(0);
        // Whichever came first, what was saved is there: in place or among the versions.
        let kept = studio
            .journal("t", "version")
            .iter()
            .filter(|v| v["stage"] == "script")
            .any(|v| {
                let hash = v["files"]["script.fountain"].as_str().unwrap()[3..].to_owned();
                let object = format!("runs/t/versions/objects/{}/{}", &hash[..2], &hash[2..]);
                studio
                    .read(&object)
                    .contains(&format!("at desk number {round}"))
            });
        assert!(kept, "{round}");
        studio.put("runs/t/script.fountain", &original);
        studio.run(["gate", "settle", "t"]).exits(0);
    }
    journal_is_whole(&studio);
}
