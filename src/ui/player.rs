//! A sound, played by whatever plays sounds on this machine.

use std::path::Path;
use std::process::{Command, Stdio};

/// Players, best first, with what makes them play and leave.
const PLAYERS: [(&str, &[&str]); 5] = [
    ("ffplay", &["-nodisp", "-autoexit", "-loglevel", "quiet"]),
    ("afplay", &[]),
    ("paplay", &[]),
    ("pw-play", &[]),
    ("aplay", &["-q"]),
];

/// Plays a file to its end; whether any program could.
pub fn play(path: &Path) -> bool {
    PLAYERS.iter().any(|(program, args)| {
        let mut command = Command::new(program);
        crate::secret::hide(&mut command);
        command
            .args(*args)
            .arg(path)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok_and(|s| s.success())
    })
}
