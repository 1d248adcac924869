//! Questions at a terminal. Whoever asks has checked that there is one.

use anyhow::Result;
use console::Term;
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, FuzzySelect, Input};

/// Whether a person can be asked.
pub fn possible() -> bool {
    use std::io::IsTerminal;
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Shows the cursor again, whatever a broken prompt left behind.
pub fn restore_terminal() {
    let term = Term::stderr();
    if term.is_term() {
        // A terminal that is gone needs no cursor.
        let _ = term.show_cursor();
    }
}

/// Ctrl-C at a question stops the work, as it does anywhere else.
fn answered<T>(answer: dialoguer::Result<T>) -> Result<T> {
    answer.map_err(|e| {
        let dialoguer::Error::IO(e) = e;
        if e.kind() == std::io::ErrorKind::Interrupted {
            restore_terminal();
            crate::diagnostic::Stopped.into()
        } else {
            anyhow::Error::from(e).context("cannot ask")
        }
    })
}

/// Asks for one of several, by arrow keys or by typing a part of it; `None` for escape.
pub fn choose(question: &str, options: &[&str]) -> Result<Option<usize>> {
    answered(
        FuzzySelect::with_theme(&ColorfulTheme::default())
            .with_prompt(question)
            .items(options)
            .default(0)
            .interact_on_opt(&Term::stderr()),
    )
}

/// Asks for one of many, found by typing.
pub fn search(question: &str, options: &[String]) -> Result<Option<usize>> {
    answered(
        FuzzySelect::with_theme(&ColorfulTheme::default())
            .with_prompt(question)
            .items(options)
            .default(0)
            .interact_on_opt(&Term::stderr()),
    )
}

pub fn line(question: &str) -> Result<String> {
    answered(
        Input::<String>::with_theme(&ColorfulTheme::default())
            .with_prompt(question)
            .allow_empty(true)
            .interact_text_on(&Term::stderr()),
    )
}

pub fn confirm(question: &str) -> Result<bool> {
    Ok(answered(
        Confirm::with_theme(&ColorfulTheme::default())
            .with_prompt(question)
            .default(true)
            .interact_on_opt(&Term::stderr()),
    )?
    .unwrap_or(false))
}
