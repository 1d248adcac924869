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
