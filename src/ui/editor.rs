//! The person's own editor and pager, on the file itself.

use crate::diagnostic::{Exit, Failure};
use anyhow::{Context, Result};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Whether a person named the editor themselves.
pub fn is_chosen() -> bool {
    ["VISUAL", "EDITOR"]
        .iter()
        .any(|v| std::env::var(v).is_ok_and(|w| !w.trim().is_empty()))
}

/// Opens a file in `$VISUAL` or `$EDITOR` and waits.
pub fn edit(path: &Path) -> Result<()> {
    let words = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|v| std::env::var(v).ok().filter(|w| !w.trim().is_empty()))
        .unwrap_or_else(|| {
            if cfg!(windows) {
                "notepad".to_owned()
            } else {
                "vi".to_owned()
            }
        });
    let parts =
        shell_words::split(&words).with_context(|| format!("cannot read $EDITOR: {words}"))?;
    let (program, args) = parts.split_first().context("$EDITOR is empty")?;
    let mut command = Command::new(program);
    crate::secret::hide(&mut command);
    let status = command.args(args).arg(path).status().map_err(|e| {
        Failure::new(
            Exit::Missing,
            format!("the editor `{program}` cannot be started: {e}"),
        )
        .hint("set $EDITOR, or edit the file with any program and run again")
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(Exit::Other, format!("the editor ended with {status}")).into())
    }
}

/// Shows a long text in `$PAGER`, or says it was not possible.
pub fn page(text: &str) -> bool {
    let words = std::env::var("PAGER")
        .ok()
        .filter(|w| !w.trim().is_empty())
        .unwrap_or_else(|| "less -FRX".to_owned());
    let Ok(parts) = shell_words::split(&words) else {
        return false;
    };
    let Some((program, args)) = parts.split_first() else {
        return false;
    };
    let mut command = Command::new(program);
    crate::secret::hide(&mut command);
    let Ok(mut child) = command.args(args).stdin(Stdio::piped()).spawn() else {
        return false;
    };
    if let Some(mut pipe) = child.stdin.take() {
        // Left early with `q`: what was not read was not wanted.
        let _ = pipe.write_all(crate::diagnostic::printable(text).as_bytes());
    }
    child.wait().is_ok_and(|s| s.success())
}
