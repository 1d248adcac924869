//! Questions at a terminal. Whoever asks has checked that there is one.

use anyhow::{Context, Result};
use console::{Term, style};
use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal;
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, FuzzySelect, Input};
use std::time::Duration;

/// Whether a person can be asked.
pub fn possible() -> bool {
    use std::io::IsTerminal;
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Shows the cursor again, whatever a broken prompt left behind.
pub fn restore_terminal() {
    let term = Term::stderr();
    if term.is_term() {
        // A terminal that is gone needs no cursor and no mode.
        let _ = terminal::disable_raw_mode();
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

/// What came of a question that one key answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    Key(char),
    /// Escape.
    Left,
    /// What was asked is settled elsewhere.
    Withdrawn,
}

/// The keys of a terminal as they are pressed, for as long as this lives.
struct Raw;

impl Raw {
    fn new() -> Result<Raw> {
        terminal::enable_raw_mode().context("cannot ask")?;
        Ok(Raw)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // A terminal that is gone needs no mode.
        let _ = terminal::disable_raw_mode();
    }
}

/// Whether something is pressed within a time.
///
/// # Errors
/// The terminal is gone: it asks nobody, and a reader of its keys would never come back.
fn pressed_within(time: Duration) -> Result<bool> {
    #[cfg(unix)]
    {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let stdin = std::io::stdin();
        let look = |time: Duration| -> PollFlags {
            let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
            let time = Timespec {
                tv_sec: time.as_secs() as i64,
                tv_nsec: i64::from(time.subsec_nanos()),
            };
            // A signal ends the wait early, and is looked at by whoever waits.
            let _ = poll(&mut fds, Some(&time));
            fds[0].revents()
        };
        let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
        if look(Duration::ZERO).intersects(gone) {
            return Err(crate::diagnostic::Stopped.into());
        }
        // Several keys may have come with one reading.
        if event::poll(Duration::ZERO).context("cannot ask")? {
            return Ok(true);
        }
        if look(time).intersects(gone) {
            return Err(crate::diagnostic::Stopped.into());
        }
        event::poll(Duration::ZERO).context("cannot ask")
    }
    #[cfg(not(unix))]
    event::poll(time).context("cannot ask")
}

/// What may happen while a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meanwhile {
    Nothing,
    /// It was decided, or changed, elsewhere.
    Settled,
    /// The work was told to stop.
    Stopped,
}

/// Keys must have been still for so long before one counts.
const QUIET: Duration = Duration::from_millis(150);
/// Two keys within this were not pressed one after the other.
const PASTE: Duration = Duration::from_millis(25);

/// Asks for one key of several. `settled` is looked at meanwhile and may withdraw the question.
pub fn key(
    question: &str,
    options: &[(char, &str)],
    mut settled: impl FnMut() -> Meanwhile,
) -> Result<Pressed> {
    let term = Term::stderr();
    // A key that is held down, or was typed before this is shown, answers nothing.
    let still = Raw::new()?;
    while pressed_within(QUIET)? {
        event::read().context("cannot ask")?;
        if settled() == Meanwhile::Stopped {
            return Err(crate::diagnostic::Stopped.into());
        }
    }
    drop(still);
    let width = usize::from(term.size().1).max(40);
    let mut line = String::new();
    let mut lines = Vec::new();
    for (key, does) in options {
        let columns = console::measure_text_width(&line) + does.chars().count() + 5;
        if columns > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(&format!(
            "{} {does}   ",
            style(key).for_stderr().bold().magenta()
        ));
    }
    lines.push(line);
    for line in &lines {
        term.write_line(line.trim_end())?;
    }
    term.write_str(&format!("{} ", style(question).for_stderr().bold()))?;
    let said = |word: &str| term.write_line(word);
    let raw = Raw::new()?;
    loop {
        match settled() {
            Meanwhile::Nothing => {}
            Meanwhile::Settled => {
                drop(raw);
                said("settled elsewhere")?;
                return Ok(Pressed::Withdrawn);
            }
            Meanwhile::Stopped => {
                drop(raw);
                said("")?;
                return Err(crate::diagnostic::Stopped.into());
            }
        }
        if !pressed_within(Duration::from_millis(250))? {
            continue;
        }
        let Event::Key(pressed) = event::read().context("cannot ask")? else {
            continue;
        };
        if pressed.kind != KeyEventKind::Press {
            continue;
        }
        let held = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SUPER;
        let plain = !pressed.modifiers.intersects(held);
        match pressed.code {
            KeyCode::Char('c' | 'd') if pressed.modifiers.contains(KeyModifiers::CONTROL) => {
                drop(raw);
                said("")?;
                return Err(crate::diagnostic::Stopped.into());
            }
            KeyCode::Esc => {
                drop(raw);
                said("")?;
                return Ok(Pressed::Left);
            }
            KeyCode::Char(c) if plain => {
                let c = c.to_ascii_lowercase();
                if let Some((key, does)) = options.iter().find(|(key, _)| *key == c) {
                    // What follows at once was pasted, not pressed.
                    if pressed_within(PASTE)? {
                        while pressed_within(QUIET)? {
                            event::read().context("cannot ask")?;
                        }
                        continue;
                    }
                    drop(raw);
                    said(does)?;
                    return Ok(Pressed::Key(*key));
                }
            }
            _ => {}
        }
    }
}

/// Asks for one of several, by arrow keys or by typing a part of it; `None` for escape.
pub fn choose<T: std::fmt::Display>(question: &str, options: &[T]) -> Result<Option<usize>> {
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
