//! What people hand in by mistake: told what, where and what to type; nothing is created.

use crate::studio::Studio;

#[test]
fn bad_input_creates_nothing() {
    let studio = Studio::new();
    studio.put("empty.txt", "  \n");
    studio.put("binary.txt", b"ab\0cd");
    studio.put("latin.txt", b"first\nCaf\xe9");
    studio.put("film.pdf", b"%PDF-1.7 ...");
    studio.put(
        "long.txt",
        vec![b'a'; greenlight::screenplay::MOST_BYTES + 1],
    );
    for (file, code, words) in [
        ("empty.txt", 65, "no text"),
        ("binary.txt", 65, "binary.txt:1:3"),
        ("latin.txt", 65, "latin.txt:2:4"),
        ("film.pdf", 65, "PDF"),
        ("long.txt", 65, "split"),
        ("none.txt", 8, "none.txt"),
    ] {
        studio
            .run(["new", "--script", file])
            .exits(code)
            .says(words)
            .says("hint:");
    }
    studio
        .run(["new", "--brief", "x", "--format", "widee", "--fps", "7"])
        .exits(2)
        .says("widee")
        .says("`7`");
    studio
        .run(["new", "--brief", "x", "--id", "storyboard"])
        .exits(2);
    studio.run(["new", "--brief", "x", "--id", "../x"]).exits(2);
    studio
        .run(["new", "--brief", "x", "--template", "flim"])
        .exits(8)
        .says("did you mean `film`");
    studio.run(["new"]).exits(2);
    assert_eq!(std::fs::read_dir(studio.path("runs")).unwrap().count(), 0);
    studio.run(["status"]).exits(8).says("greenlight new");
}

#[test]
fn ids_are_found_by_prefix() {
    let studio = Studio::new();
    for id in ["lighthouse-a", "lighthouse-b", "pier"] {
        studio
            .run(["new", "--brief", "A boat.", "--id", id])
            .exits(0);
    }
    studio.run(["status", "pi"]).exits(0);
    studio.run(["status", "lighthouse"]).exits(8).says("2 runs");
    studio
        .run(["status", "peir"])
        .exits(8)
        .says("did you mean `pier`");
    studio
        .run(["new", "--brief", "A boat.", "--id", "pier"])
        .exits(6);
    let list = studio.run(["list", "--json"]).exits(0).json();
    assert_eq!(list["result"].as_array().unwrap().len(), 3);
}

#[test]
fn names_cannot_leave_the_run_folder() {
    let studio = Studio::two_rooms();
    studio.run(["run", "t", "--yes"]).exits(0);
    studio.change(
        "runs/t/audio.yaml",
        "file: audio/m_01.wav",
        "file: ../../secret.wav",
    );
    studio
        .run(["run", "t"])
        .exits(65)
        .says("inside the run folder");
}

#[test]
fn a_title_cannot_steer_a_terminal_or_a_filter() {
    let studio = Studio::new();
    studio.put("t.txt", "A 'boat': [drawtext=text=x], -vf null; crosses \u{1b}[2J the bay. 100% %{pts} \\ $(touch hacked)");
    studio
        .run([
            "new",
            "--script",
            "t.txt",
            "It's \u{1b}]0;x\u{7} a: [test]; \\ 100%",
            "--id",
            "t",
            "--format",
            "160x90",
            "--fps",
            "12",
        ])
        .exits(0);
    let said = studio.run(["run", "t", "--yes"]).exits(0);
    assert!(!said.err.contains('\u{1b}'), "{:?}", said.err);
    assert!(!studio.path("hacked").exists());
    let status = studio.run(["status", "t"]).exits(0);
    assert!(!status.out.contains('\u{1b}'), "{:?}", status.out);
}

#[cfg(unix)]
#[test]
fn links_that_leave_the_run_are_refused_and_not_read() {
    use std::os::unix::fs::symlink;
    let base = Studio::at("storyboard");
    base.put(
        "outside.yaml",
        "secret: words that are none of our business\n",
    );
    let replaced = |name: &str| {
        let studio = base.copied();
        let path = studio.path(&format!("runs/t/{name}"));
        greenlight::store::disk::move_into(&path, &studio.path("moved")).unwrap();
        symlink(
            if name.contains('.') {
                studio.path("outside.yaml")
            } else {
                studio.path("moved")
            },
            path,
        )
        .unwrap();
        studio
    };
    let studio = replaced("storyboard.yaml");
    assert_eq!(studio.state("storyboard"), "invalid");
    let said = studio.run(["run", "t", "--yes"]).exits(65);
    assert!(!said.err.contains("business"), "{}", said.err);
    studio.run(["gate", "approve", "t", "storyboard"]).exits(65);
    for folder in ["storyboard", "gates", "versions", "takes", "journal.jsonl"] {
        let studio = replaced(folder);
        studio.run(["run", "t", "--yes"]).exits(65).says("link");
    }
}

#[test]
fn a_folder_in_a_files_place_is_named() {
    let studio = Studio::at("storyboard");
    std::fs::remove_file(studio.path("runs/t/storyboard.yaml")).unwrap();
    std::fs::create_dir(studio.path("runs/t/storyboard.yaml")).unwrap();
    assert_eq!(studio.state("storyboard"), "invalid");
    studio.run(["run", "t"]).exits(65).says("storyboard.yaml");
    studio
        .run(["restore", "t", "storyboard", "1"])
        .exits(65)
        .says("move it away");
    studio.run(["gate", "revoke", "t", "script"]).exits(0);
    std::fs::remove_dir(studio.path("runs/t/storyboard.yaml")).unwrap();
    // A document that is gone comes back with what a person wrote in it.
    studio
        .run(["gate", "settle", "t"])
        .exits(0)
        .says("put back");
    assert!(studio.path("runs/t/storyboard.yaml").is_file());
}

#[test]
fn what_is_not_understood_is_said_in_json_too() {
    let studio = Studio::at("storyboard");
    for args in [&["status", "--bogus"][..], &["frobnicate"], &["new"]] {
        let mut command = studio.command(["--json"]);
        let said = crate::studio::said(command.args(args).output().unwrap()).exits(2);
        assert_eq!(said.json()["error"]["exit"], 2);
    }
    studio.run(["--help"]).exits(0).says("film studio");
    let mut command = studio.command(["edit", "t", "storyboard", "--json"]);
    let said = crate::studio::said(
        command
            .env_remove("EDITOR")
            .env_remove("VISUAL")
            .output()
            .unwrap(),
    );
    assert_eq!(said.exits(2).json()["error"]["exit"], 2);
    let mut command = studio.command(["edit", "t", "storyboard"]);
    command.env("EDITOR", "sed -i 's/seconds: 2[.]0/seconds: 2.5/'");
    crate::studio::said(command.output().unwrap()).exits(0);
    assert!(
        studio
            .read("runs/t/storyboard.yaml")
            .contains("seconds: 2.5")
    );
    for name in ["policy", " timer", "Policy ", "ti\u{200b}mer"] {
        studio
            .run(["gate", "approve", "t", "storyboard", "--as", name])
            .exits(2);
    }
}

#[test]
fn a_request_is_one_patch_only() {
    let studio = Studio::at("script");
    let patch = |old: &str, new: &str| {
        format!(
            r#"{{"type":"text_replace","request_id":"r1","replacements":[{{"old":"{old}","new":"{new}"}}]}}"#
        )
    };
    studio.put("a.json", patch("Good morning.", "Good evening."));
    studio.put(
        "b.json",
        patch("A letter on the desk.", "A key on the desk."),
    );
    studio.run(["patch", "t", "a.json"]).exits(0);
    studio
        .run(["patch", "t", "a.json"])
        .exits(0)
        .says("applied before");
    studio.run(["patch", "t", "b.json"]).exits(6).says("r1");
    studio.put(
        "c.json",
        r#"{"type":"text_replace","request_id":"","replacements":[{"old":"a","new":"b"}]}"#,
    );
    studio.run(["patch", "t", "c.json"]).exits(65);
    studio.put(
        "d.json",
        r#"{"type":"text_replace","base":"zzz","replacements":[{"old":"a","new":"b"}]}"#,
    );
    studio.run(["patch", "t", "d.json"]).exits(65);
}
