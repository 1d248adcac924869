//! What went wrong, where, and what to type next: the one error a person ever reads.
//!
//! A [`Failure`] carries the exit code of the command and all problems found at once. Everything
//! else in the program is `anyhow` with context; [`exit_of`] finds the failure inside.

use std::fmt;

/// The documented exit codes (README, "Exit codes"); the same with and without `--json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    Done = 0,
    Other = 1,
    Usage = 2,
    Waiting = 3,
    Rejected = 4,
    Changed = 5,
    Conflict = 6,
    Impossible = 7,
    NotFound = 8,
    Budget = 9,
    TaskFailed = 10,
    Locked = 11,
    Newer = 12,
    Refused = 13,
    ChecksFailed = 14,
    Invalid = 65,
    Missing = 69,
    Disk = 74,
    HungUp = 129,
    Interrupted = 130,
    Terminated = 143,
}

impl Exit {
    /// The one exit code of several outcomes: the first that holds of 74, 65, 12, 11, 13, 9, 10, 14,
    /// 6, 4, 3, and 0; one that is not among them stands before 14.
    pub fn first(all: &[Exit]) -> Exit {
        const ORDER: [Exit; 10] = [
            Exit::Disk,
            Exit::Invalid,
            Exit::Newer,
            Exit::Locked,
            Exit::Refused,
            Exit::Budget,
            Exit::TaskFailed,
            Exit::ChecksFailed,
            Exit::Conflict,
            Exit::Rejected,
        ];
        let rank = |exit: &Exit| match exit {
            Exit::Done => 99,
            Exit::Waiting => 98,
            other => match ORDER.iter().position(|o| o == other) {
                Some(at) if at < 7 => at,
                Some(at) => at + 1,
                None => 7,
            },
        };
        all.iter().copied().min_by_key(rank).unwrap_or(Exit::Done)
    }
}

/// A place in a text file; line and column count from one, zero means "not known".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    pub line: usize,
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        Ok(())
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub message: String,
    pub place: Option<Place>,
    pub hint: Option<String>,
}

impl Problem {
    pub fn new(message: impl Into<String>) -> Self {
        Problem {
            message: message.into(),
            place: None,
            hint: None,
        }
    }

    pub fn at(mut self, file: impl Into<String>, line: usize, column: usize) -> Self {
        self.place = Some(Place {
            file: file.into(),
            line,
            column,
        });
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A command that cannot go on: an exit code and every problem that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub exit: Exit,
    pub problems: Vec<Problem>,
}

impl Failure {
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Failure {
            exit,
            problems: vec![Problem::new(message)],
        }
    }

    pub fn of(exit: Exit, problems: Vec<Problem>) -> Self {
        Failure { exit, problems }
    }

    /// Sets the hint of the last problem.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Some(last) = self.problems.last_mut() {
            last.hint = Some(hint.into());
        }
        self
    }

    pub fn at(mut self, file: impl Into<String>, line: usize, column: usize) -> Self {
        if let Some(last) = self.problems.last_mut() {
            last.place = Some(Place {
                file: file.into(),
                line,
                column,
            });
        }
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            if i > 0 {
                f.write_str("; ")?;
            }
            if let Some(place) = &problem.place {
                write!(f, "{place}: ")?;
            }
            f.write_str(&problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

/// The work was stopped from outside; nothing is wrong.
#[derive(Debug, thiserror::Error)]
#[error("stopped")]
pub struct Stopped;

/// Whoever was asked answered, and none of it could be used: nothing is in doubt, and it may be asked again.
#[derive(Debug, thiserror::Error)]
#[error("its answers cannot be used")]
pub struct Unusable;

/// Returns the exit code an error stands for: that of the [`Failure`] inside, 74 for a full or
/// failing disk, else 1.
pub fn exit_of(error: &anyhow::Error) -> Exit {
    if let Some(failure) = error.chain().find_map(|e| e.downcast_ref::<Failure>()) {
        return failure.exit;
    }
    if error
        .chain()
        .any(|e| e.downcast_ref::<std::io::Error>().is_some())
    {
        return Exit::Disk;
    }
    Exit::Other
}

/// Removes everything that could steer a terminal from text that people or models wrote.
pub fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| {
            (!c.is_control() || *c == '\n' || *c == '\t')
                && !matches!(*c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
        })
        .collect()
}

/// Returns the known name nearest to `typed`, if one is near enough to be meant.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    known
        .into_iter()
        .map(|name| {
            let low = name.to_lowercase();
            // `max_workers` is `workers` with something before it.
            let part =
                low.len() > 3 && typed.contains(&low) || typed.len() > 3 && low.contains(&typed);
            (if part { 1 } else { distance(&typed, &low) }, name)
        })
        .filter(|(d, name)| *d <= 1 + name.len().max(typed.len()) / 4)
        .min_by_key(|(d, _)| *d)
        .map(|(_, name)| name)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_names_are_found_and_far_ones_are_not() {
        assert_eq!(
            nearest("storybord", ["outline", "storyboard"]),
            Some("storyboard")
        );
        assert_eq!(nearest("banana", ["outline", "storyboard"]), None);
    }

    #[test]
    fn text_cannot_steer_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\u{202e}c\n"), "a[2Jbc\n");
    }
}
