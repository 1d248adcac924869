//! One display for the whole run: the stage, its items, how long it will take. On a terminal only.

use crate::engine::event::Event;
use crate::film::stage::Stage;
use console::style;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Mutex;

/// Shows events as bars on a terminal and as plain lines elsewhere.
pub struct Display {
    bar: Mutex<Option<ProgressBar>>,
    interactive: bool,
    quiet: bool,
    printer: std::sync::Arc<super::printer::Printer>,
}

impl Display {
    pub fn new(printer: std::sync::Arc<super::printer::Printer>) -> Display {
        Display {
            bar: Mutex::new(None),
            interactive: console::user_attended_stderr() && !printer.quiet,
            quiet: printer.quiet,
            printer,
        }
    }

    fn with_bar(&self, f: impl FnOnce(&mut Option<ProgressBar>)) {
        if let Ok(mut bar) = self.bar.lock() {
            f(&mut bar);
        }
    }

    fn line(&self, text: &str) {
        self.with_bar(|bar| match bar {
            Some(bar) => bar.suspend(|| self.printer.always(text)),
            None => self.printer.always(text),
        });
    }

    pub fn begin(&self, stage: Stage, items: usize) {
        if !self.interactive {
            return;
        }
        let bar =
            ProgressBar::with_draw_target(Some(items.max(1) as u64), ProgressDrawTarget::stderr());
        let template = if stage == Stage::Render {
            "{spinner:.cyan} {prefix:<11} {wide_bar:.cyan/blue} {pos}/{len} frames · {per_sec} · {eta} left · {msg}"
        } else {
            "{spinner:.cyan} {prefix:<11} {wide_bar:.cyan/blue} {pos}/{len} {msg}"
        };
        if let Ok(look) = ProgressStyle::with_template(template) {
            bar.set_style(
                look.tick_strings(&["·", "•", "●", "•", "✓"])
                    .progress_chars("━╸ "),
            );
        }
        bar.set_prefix(stage.name());
        bar.enable_steady_tick(std::time::Duration::from_millis(120));
        self.with_bar(|b| *b = Some(bar));
    }

    pub fn finish(&self) {
        self.with_bar(|b| {
            if let Some(bar) = b.take() {
                bar.finish_and_clear();
            }
        });
    }

    pub fn event(&self, event: &Event) {
        match event {
            Event::Warning { message } | Event::BudgetWarning { message } => self.line(&format!(
                "{} {message}",
                style("note:").yellow().for_stderr()
            )),
            Event::ItemFailed { item, reason, .. } => self.line(&format!(
                "{} {item}: {reason}",
                style("failed:").red().for_stderr()
            )),
            _ if self.quiet => {}
            Event::RunStarted { title } => {
                self.line(&format!("{}", style(title).bold().for_stderr()))
            }
            Event::StageStarted { stage, items } => self.begin(*stage, *items),
            Event::ItemStarted { label, .. } => self.with_bar(|b| {
                if let Some(bar) = b {
                    bar.set_message(label.clone());
                }
            }),
            Event::ItemDone { .. } => {}
            Event::Progress {
                done, total, doing, ..
            } => self.with_bar(|b| {
                if let Some(bar) = b {
                    bar.set_length(*total);
                    bar.set_position(*done);
                    if !doing.is_empty() {
                        bar.set_message(doing.clone());
                    }
                }
            }),
            Event::RenderPlanned { words, .. } => {
                self.line(&format!("  {}", style(words).dim().for_stderr()));
            }
            Event::StageCompleted {
                stage,
                version,
                notes,
                ..
            } => {
                self.finish();
                self.line(&format!(
                    "{} {:<11} version {version}",
                    style("✓").green().for_stderr(),
                    stage.name()
                ));
                for note in notes.iter().take(8) {
                    self.line(&format!("  {}", style(note).dim().for_stderr()));
                }
                if notes.len() > 8 {
                    self.line(&format!("  … and {} more notes", notes.len() - 8));
                }
            }
            Event::GateOpened {
                stage, deadline, ..
            } => {
                let timer = deadline
                    .as_ref()
                    .map(|d| format!(" (approves itself at {d})"))
                    .unwrap_or_default();
                self.line(&format!(
                    "{} {stage} waits for a decision{timer}",
                    style("◆").magenta().for_stderr()
                ));
            }
            Event::GateDecided {
                stage,
                decision,
                by,
            } => self.line(&format!(
                "{} {stage}: {decision} by {by}",
                style("◆").magenta().for_stderr()
            )),
        }
    }
}
