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
    session.expect("outline: what now?").unwrap();
    session.send("\r").unwrap();
    session.expect("script: what now?").unwrap();
    session.send("\r").unwrap();
    session.expect("references: what now?").unwrap();
    session.send("\r").unwrap();
    session.expect("storyboard: what now?").unwrap();
    // Down to "ask for changes".
    session.send("\u{1b}[B\r").unwrap();
    session.expect("What should change?").unwrap();
    session.send("the park scene longer\r").unwrap();
    session.expect("version 2").unwrap();
    session.expect("storyboard: what now?").unwrap();
    // Up from the first is the last: stop here.
    session.send("\u{1b}[A\r").unwrap();
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
