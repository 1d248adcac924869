//! A person at the prompt.

use crate::studio::Studio;
use expectrl::{Expect, Session};
use std::time::Duration;

#[cfg(unix)]
#[test]
fn a_person_approves_asks_for_changes_and_stops() {
    let studio = Studio::two_rooms();
    let mut command = studio.command_at_terminal(["run", "t"]);
    command
        .env("TERM", "xterm")
        .env("PAGER", "cat")
        .env_remove("NO_COLOR");
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(60)));
    for stage in ["outline", "script", "references"] {
        session.expect(format!("{stage}: what now?")).unwrap();
        session.send("a").unwrap();
    }
    session.expect("storyboard: what now?").unwrap();
    // A key that means nothing does nothing; what going on costs is one key away.
    session.send("\rzm").unwrap();
    session.expect("price: 0.00 USD").unwrap();
    session.expect("storyboard: what now?").unwrap();
    session.send("c").unwrap();
    session.expect("What should change?").unwrap();
    session.send("the park scene longer\r").unwrap();
    session.expect("version 2").unwrap();
    session.expect("storyboard: what now?").unwrap();
    session.send("s").unwrap();
    session.expect("comes back to it").unwrap();
    session.expect(expectrl::Eof).unwrap();
    drop(session);
    let decided = studio.journal("t", "decided");
    assert_eq!(decided.len(), 4);
    assert!(
        decided[..3]
            .iter()
            .all(|d| d["by"] == "tester" && d["pinned"] == true)
    );
    assert_eq!(decided[3]["feedback"], "the park scene longer");
    assert!(
        studio
            .read("runs/t/storyboard.yaml")
            .contains("seconds: 3.75")
    );
}

#[cfg(unix)]
#[test]
fn what_is_decided_in_another_shell_withdraws_the_question_and_takes_are_picked_by_key() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "references"])
        .exits(3);
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
    let mut command = studio.command_at_terminal(["run", "t"]);
    command.env("TERM", "xterm").env_remove("NO_COLOR");
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(60)));
    session.expect("storyboard: what now?").unwrap();
    session.send("k").unwrap();
    session.expect("Of which?").unwrap();
    session.send("\r").unwrap();
    session.expect("Pick").unwrap();
    session.send("\u{1b}[B\r").unwrap();
    session.expect("storyboard: what now?").unwrap();
    assert_eq!(studio.journal("t", "picked").len(), 1);
    studio
        .run(["gate", "approve", "t", "storyboard", "--as", "ines"])
        .exits(0);
    session.expect("settled elsewhere").unwrap();
    session.expect("assets: what now?").unwrap();
    session.send("s").unwrap();
    session.expect(expectrl::Eof).unwrap();
}

#[cfg(unix)]
#[test]
fn a_held_key_approves_one_gate_and_pictures_come_as_the_terminal_wants_them() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "outline"])
        .exits(3);
    let mut command = studio.command_at_terminal(["run", "t"]);
    command
        .env("TERM", "xterm-kitty")
        .env("PAGER", "cat")
        .env_remove("TMUX")
        .env_remove("NO_COLOR");
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(60)));
    session.expect("script: what now?").unwrap();
    // Pasted words are no keys, nor is a control key its letter.
    session.send("alpha\u{1}").unwrap();
    // What follows too closely is taken for more of it.
    session.set_expect_timeout(Some(Duration::from_secs(1)));
    let left = (0..30).any(|_| session.send("s").is_err() || session.expect(expectrl::Eof).is_ok());
    assert!(left);
    assert!(
        studio
            .journal("t", "decided")
            .iter()
            .all(|d| d["stage"] != "script")
    );
    studio
        .run(["run", "t", "--yes-through", "references"])
        .exits(3);
    let mut command = studio.command_at_terminal(["run", "t"]);
    command
        .env("TERM", "xterm-kitty")
        .env_remove("TMUX")
        .env_remove("NO_COLOR");
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(60)));
    session.expect("storyboard: what now?").unwrap();
    session.send("l").unwrap();
    session.expect("Which?").unwrap();
    session.send("\r").unwrap();
    session.expect("\u{1b}_Ga=T,f=100").unwrap();
    session.expect("storyboard: what now?").unwrap();
    session.send("s").unwrap();
    session.expect(expectrl::Eof).unwrap();
}

#[cfg(unix)]
#[test]
fn a_person_is_asked_for_the_fields_that_are_missing_until_they_fit() {
    let studio = Studio::new();
    let mut command = studio.command_at_terminal([
        "new",
        "--template",
        "social_media",
        "--set",
        "hook=Look!",
        "--id",
        "t",
    ]);
    command.env("TERM", "xterm").env_remove("NO_COLOR");
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(60)));
    session.expect("points (required").unwrap();
    session.send("\r").unwrap();
    session.expect("is empty").unwrap();
    session.send("One thing.; Another thing.\r").unwrap();
    session.expect("topic (required").unwrap();
    session.send("A bicycle lasts.\r").unwrap();
    session.expect(expectrl::Eof).unwrap();
    drop(session);
    let sheet = studio.read("runs/t/run.yaml");
    assert!(
        sheet.contains("One thing.\n") && sheet.contains("Another thing."),
        "{sheet}"
    );
    assert!(sheet.contains("topic: A bicycle lasts."), "{sheet}");
}
