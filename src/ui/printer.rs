//! What is printed, and where.
use crate::diagnostic::{Failure, printable};
use console::style;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Debug)]
pub struct Printer {
    pub json: bool,
    pub quiet: bool,
    pub verbose: bool,
    /// stdout was closed early, as by `| head`: nobody listens, the work goes on.
    closed: AtomicBool,
    /// stdout could not be written, by a full disk: what was asked for is not where it should be.
    lost: AtomicBool,
    /// What was warned of, for `--json`.
    warned: Mutex<Vec<String>>,
    /// The run it is about, once that is known.
    run: Mutex<Option<String>>,
}

impl Printer {
    pub fn new(json: bool, quiet: bool, verbose: bool) -> Printer {
        Printer {
            json,
            quiet,
            verbose,
            closed: AtomicBool::new(false),
            lost: AtomicBool::new(false),
            warned: Mutex::default(),
            run: Mutex::default(),
        }
    }

    /// Names the run a command is about, for its JSON.
    pub fn about(&self, run: &str) {
        if let Ok(mut about) = self.run.lock() {
            *about = Some(run.to_owned());
        }
    }

    pub fn run(&self) -> Option<String> {
        self.run.lock().ok()?.clone()
    }

    pub fn warnings(&self) -> Vec<String> {
        self.warned.lock().map(|w| w.clone()).unwrap_or_default()
    }

    /// Data.
    pub fn data(&self, text: &str) {
        if self.closed.load(Ordering::Relaxed) || text.is_empty() {
            return;
        }
        let mut out = std::io::stdout().lock();
        let end = if text.ends_with('\n') { "" } else { "\n" };
        if let Err(e) = write!(out, "{text}{end}").and_then(|()| out.flush()) {
            self.closed.store(true, Ordering::Relaxed);
            if e.kind() != std::io::ErrorKind::BrokenPipe {
                self.lost.store(true, Ordering::Relaxed);
                self.warn(&format!("cannot write to standard output: {e}"));
            }
        }
    }

    /// Whether data could not be written, and that was not because nobody listens.
    pub fn has_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Talk.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            self.always(text);
        }
    }

    /// A picture as a terminal is told to show it: our own bytes, made of a file that was decoded, so nothing is
    /// taken out of them.
    pub fn picture(&self, told: &str) {
        let mut out = std::io::stderr().lock();
        // A terminal that is gone shows nothing.
        let _ = out.write_all(told.as_bytes());
        let _ = out.flush();
    }

    /// Talk that even the quiet hear.
    pub fn always(&self, text: &str) {
        // A closed stderr leaves nobody to tell.
        let _ = writeln!(std::io::stderr().lock(), "{}", printable_lines(text));
    }

    /// A piece of talk as it comes, on the line where the last one ended.
    pub fn piece(&self, text: &str) {
        let mut stderr = std::io::stderr().lock();
        // A closed stderr leaves nobody to tell.
        let _ = write!(stderr, "{}", printable(text)).and_then(|()| stderr.flush());
    }

    pub fn warn(&self, text: &str) {
        if let Ok(mut warned) = self.warned.lock() {
            warned.push(text.to_owned());
        }
        self.always(&format!(
            "{} {text}",
            style("warning:").yellow().bold().for_stderr()
        ));
    }

    /// A failure: what, where, what to type next; every problem on its own.
    pub fn failure(&self, error: &anyhow::Error) {
        match error.chain().find_map(|e| e.downcast_ref::<Failure>()) {
            Some(failure) => {
                for problem in &failure.problems {
                    self.always(&format!(
                        "{} {}",
                        style("error:").red().bold().for_stderr(),
                        problem.message
                    ));
                    if let Some(place) = &problem.place {
                        self.always(&format!("  --> {place}"));
                    }
                    if let Some(hint) = &problem.hint {
                        self.always(&format!("{} {hint}", style("hint:").cyan().for_stderr()));
                    }
                }
            }
            None => self.always(&format!(
                "{} {error:#}",
                style("error:").red().bold().for_stderr()
            )),
        }
    }
}

/// Keeps our own colours (escape, `[`) and drops what user text could steer the terminal with.
fn printable_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out.push_str(&printable(&rest[..at]));
        let tail = &rest[at..];
        // Only colour codes, as `console` writes them, pass.
        let code = tail.strip_prefix("\u{1b}[").and_then(|t| {
            t.find('m')
                .filter(|end| t[..*end].chars().all(|c| c.is_ascii_digit() || c == ';'))
        });
        match code {
            Some(end) => {
                out.push_str(&tail[..end + 3]);
                rest = &tail[end + 3..];
            }
            None => rest = &tail[1..],
        }
    }
    out.push_str(&printable(rest));
    out
}

/// A table without rules, its columns aligned; user text made harmless.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(header.iter().map(|h| h.to_uppercase()));
    for row in rows {
        table.add_row(row.iter().map(|c| printable(c).replace('\n', " ")));
    }
    let text = table.to_string();
    text.lines()
        .map(|l| l.trim_end().strip_prefix(' ').unwrap_or(l.trim_end()))
        .collect::<Vec<_>>()
        .join("\n")
}
