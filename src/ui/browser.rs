//! A page in the person's own browser.

use std::path::Path;
use std::process::{Command, Stdio};

/// Opens a file in `$BROWSER`, or in whatever the system opens pages with; whether that could be started.
pub fn open(path: &Path) -> bool {
    let chosen = std::env::var("BROWSER").ok().filter(|b| !b.is_empty());
    let usual: &[&str] = if cfg!(target_os = "macos") {
        &["open"]
    } else if cfg!(windows) {
        &["explorer"]
    } else {
        &["xdg-open", "gio", "x-www-browser"]
    };
    let programs = chosen
        .iter()
        .map(String::as_str)
        .chain(usual.iter().copied());
    programs.into_iter().any(|program| {
        let mut command = Command::new(program);
        if program == "gio" {
            command.arg("open");
        }
        crate::secret::hide(&mut command);
        command
            .arg(path)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .is_ok()
    })
}
